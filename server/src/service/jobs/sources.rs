//! What a job on objects works on, page by page.

use super::{CHUNK, Of, Work};
use crate::{
    service::pages::Pages,
    tasks::{Ended, Handle},
};

/// The longest key behind which a listing is asked to go on without having listed it.
const LONGEST_SKIP: usize = 1_000;

/// An object that is to be worked on.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) key: String,
    /// Bytes, where it was listed.
    pub(super) size: Option<u64>,
}

/// Pages of objects: the named ones, then those below each folder, or those of the rule.
pub(super) struct Sources<'a> {
    work: &'a Work,
    handle: &'a Handle,
    /// How many keys, or failures of an earlier job, were given out.
    given: usize,
    /// How many folders were begun.
    begun: usize,
    pages: Option<Pages<'a>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(work: &'a Work, handle: &'a Handle) -> Self {
        Self {
            work,
            handle,
            given: 0,
            begun: 0,
            pages: None,
        }
    }

    /// The next page, never an empty one; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Item>>, Ended> {
        if let Of::FailuresOf(id) = &self.work.of {
            return self.failed(id).await;
        }
        if let Some(keys) = self.work.order.keys.chunks(CHUNK).nth(self.given) {
            self.given += 1;
            let named = keys.iter().map(|key| Item {
                key: key.clone(),
                size: None,
            });
            return Ok(Some(named.collect()));
        }
        loop {
            if self.pages.is_none() {
                let Some(prefix) = self.next_folder() else {
                    return Ok(None);
                };
                let (s3, bucket) = (&self.work.s3, &self.work.bucket);
                self.pages = Some(Pages::below(s3, bucket, prefix));
            }
            if let Some(items) = self.listed().await? {
                return Ok(Some(items));
            }
        }
    }

    /// The folders that were named, or the one of the rule.
    fn next_folder(&mut self) -> Option<&'a str> {
        let order = &self.work.order;
        let rule = order.rule.iter().map(|rule| rule.prefix.as_str());
        let mut folders = order.prefixes.iter().map(String::as_str).chain(rule);
        let next = folders.nth(self.begun);
        self.begun += 1;
        next
    }

    /// What the next page of the listing has of it; `None` where it has nothing, or was the last.
    async fn listed(&mut self) -> Result<Option<Vec<Item>>, Ended> {
        let Some(pages) = &mut self.pages else {
            return Ok(None);
        };
        let Some(page) = pages.next().await? else {
            self.pages = None;
            return Ok(None);
        };
        self.handle.step().await?;
        let test = self.work.order.rule.as_ref().map(|rule| rule.test());
        if let Some(test) = &test
            && let Some(last) = page.objects.last()
            && let Some(behind) = test.skip_behind(&last.key)
            && behind.len() <= LONGEST_SKIP
        {
            pages.skip_behind(behind);
        }
        let of_the_rule = |key: &str| test.as_ref().is_none_or(|test| test.matches(key));
        let items: Vec<Item> = page
            .objects
            .into_iter()
            .filter(|object| of_the_rule(&object.key))
            .map(|object| Item {
                key: object.key,
                size: Some(object.size),
            })
            .collect();
        Ok(Some(items).filter(|items| !items.is_empty()))
    }

    async fn failed(&mut self, id: &str) -> Result<Option<Vec<Item>>, Ended> {
        let (from, most) = (self.given as u64, u32::try_from(CHUNK).unwrap_or(u32::MAX));
        let failures = self.handle.tasks().failures(id, from, most).await?;
        self.given += failures.len();
        let items = failures.into_iter().map(|failure| Item {
            key: failure.key,
            size: None,
        });
        Ok(Some(items.collect::<Vec<_>>()).filter(|items| !items.is_empty()))
    }
}
