//! Compares what was uploaded with the list of checksums that came along.

use std::collections::HashMap;

use model::upload::TransferId;

use crate::{text::visible_name, unit, words::plan};

/// Files whose checksum is known beforehand, until they are stored and read.
#[derive(Debug, Default)]
pub(in crate::upload) struct Comparison {
    /// SHA-256 in lower-case hex.
    listed: HashMap<TransferId, String>,
    agreed: usize,
    unread: usize,
    differing: usize,
}

/// What a comparison has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::upload) enum Verdict {
    /// Good news.
    Agreed(String),
    /// A person must look.
    Differs(String),
}

impl Comparison {
    /// Expects a checksum.
    pub(in crate::upload) fn expect(&mut self, id: TransferId, sha256: String) {
        self.listed.insert(id, sha256);
    }

    /// Expects nothing any more: the transfer came to another end.
    pub(in crate::upload) fn forget(&mut self, id: TransferId) {
        self.listed.remove(&id);
    }

    /// A stored file was read, or could not be. With the last of them comes what all came to.
    pub(in crate::upload) fn read(
        &mut self,
        id: TransferId,
        key: &str,
        sha256: Option<&str>,
    ) -> Vec<Verdict> {
        let Some(listed) = self.listed.remove(&id) else {
            return Vec::new();
        };
        let mut verdicts = Vec::new();
        match sha256 {
            Some(sha256) if sha256 == listed => self.agreed += 1,
            Some(_) => {
                self.differing += 1;
                verdicts.push(Verdict::Differs(plan::does_not_agree(&visible_name(key))));
            }
            None => self.unread += 1,
        }
        if self.listed.is_empty() {
            verdicts.push(self.end());
        }
        verdicts
    }

    fn end(&mut self) -> Verdict {
        let Self {
            agreed,
            unread,
            differing,
            ..
        } = std::mem::take(self);
        let agreed = agreed as u64;
        match (unread, differing) {
            (0, 0) => Verdict::Agreed(plan::agree(agreed)),
            (0, differing) => Verdict::Agreed(plan::agree_not(agreed, differing as u64)),
            (unread, _) => {
                Verdict::Differs(plan::agree_unread(agreed, &unit::count(unread as u64)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{
        BucketName,
        session::UploadRoute,
        upload::{Added, FileFacts, Order, Queue, Settings, Write},
    };

    use super::*;

    fn ids(number: usize) -> Vec<TransferId> {
        let mut queue = Queue::new(Settings {
            threshold: 1_000,
            part_size: 1_000,
            parallelism: 1,
            may_grow: true,
            url_lifetime: 60,
            route: UploadRoute::Direct,
            max_key_bytes: 100,
            checksum: None,
            proxy: false,
            conditional_writes: false,
        });
        let mut add = |n: usize| {
            queue.add(Order {
                bucket: BucketName::parse("b-1").unwrap(),
                prefix: String::new(),
                file: FileFacts {
                    relative_path: format!("f{n}"),
                    size: 1,
                    modified: 0,
                    content_type: None,
                },
                path: None,
                write: Write::Plain,
                options: std::sync::Arc::default(),
            })
        };
        let added = (0..number).map(&mut add);
        added
            .map(|added| match added {
                Added::Queued(id) => id,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_file_that_differs_is_told_at_once_and_the_rest_at_the_end() {
        let ids = ids(4);
        let mut comparison = Comparison::default();
        for id in &ids[..3] {
            comparison.expect(*id, "aa".to_owned());
        }
        assert_eq!(comparison.read(ids[3], "unlisted", Some("bb")), []);
        assert_eq!(comparison.read(ids[0], "x", Some("aa")), []);
        let differs = comparison.read(ids[1], "in/y", Some("bb"));
        assert!(matches!(&differs[..], [Verdict::Differs(text)] if text.starts_with("in/y was")));
        let agreed = |text: &str| Verdict::Agreed(text.to_owned());
        assert_eq!(
            comparison.read(ids[2], "z", Some("aa")),
            [agreed(
                "2 uploaded files agree with the list of checksums. 1 does not."
            )]
        );
        comparison.expect(ids[0], "aa".to_owned());
        assert_eq!(
            comparison.read(ids[0], "x", Some("aa")),
            [agreed("1 uploaded file agrees with the list of checksums.")],
            "the next list is counted anew"
        );
        comparison.expect(ids[0], "aa".to_owned());
        let last = comparison.read(ids[0], "x", Some("bb"));
        assert_eq!(last.len(), 2, "the last one may differ");
    }

    #[test]
    fn a_file_that_never_came_is_waited_for_no_longer() {
        let ids = ids(2);
        let mut comparison = Comparison::default();
        comparison.expect(ids[0], "aa".to_owned());
        comparison.expect(ids[1], "aa".to_owned());
        comparison.forget(ids[0]);
        let read = comparison.read(ids[1], "x", Some("aa"));
        assert!(matches!(&read[..], [Verdict::Agreed(text)] if text.starts_with("1 ")));
    }

    #[test]
    fn a_file_that_cannot_be_read_again_is_no_good_news() {
        let ids = ids(1);
        let mut comparison = Comparison::default();
        comparison.expect(ids[0], "aa".to_owned());
        let read = comparison.read(ids[0], "x", None);
        assert!(matches!(read[..], [Verdict::Differs(_)]));
    }
}
