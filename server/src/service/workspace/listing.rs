//! One level of a workspace.

use model::{
    object::ListObjectsQuery,
    workspace::{DEFAULT_LENGTH, Directory, Entry, EntryType, MAX_LENGTH, Stretch},
};

use super::{Workspace, nothing, within};
use crate::Error;

impl Workspace<'_> {
    /// The entries of a level, by name; whether there is anything at all below the prefix.
    ///
    /// # Errors
    /// 400 for a stretch that cannot be; the store's.
    pub async fn list(&self, prefix: &str, stretch: Stretch) -> Result<(Vec<Entry>, bool), Error> {
        let wanted = stretch.max_length.unwrap_or(DEFAULT_LENGTH);
        let wanted = within("max_length", wanted, 1..=MAX_LENGTH)?;
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let mut skip = stretch.offset.unwrap_or(0);
        let s3 = self.s3()?;
        let mut entries = Vec::new();
        let mut is_there = prefix.is_empty();
        let mut query = ListObjectsQuery {
            prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
            delimiter: Some("/".to_owned()),
            max_keys: Some(1_000),
            ..ListObjectsQuery::default()
        };
        loop {
            let page = s3.list_objects(&self.bucket, &query).await?;
            is_there |= !page.objects.is_empty() || !page.common_prefixes.is_empty();
            let name = |key: &str| key.strip_prefix(prefix).unwrap_or(key).to_owned();
            let files = page.objects.into_iter().map(|object| Entry {
                name: name(&object.key),
                kind: EntryType::File,
                size: Some(object.size),
                last_modified: object.last_modified,
            });
            let folders = page.common_prefixes.iter().map(|common| Entry {
                name: name(common),
                kind: EntryType::Directory,
                size: None,
                last_modified: None,
            });
            let mut both: Vec<_> = files
                .chain(folders)
                // The mark of the folder itself.
                .filter(|entry| !entry.name.is_empty())
                .collect();
            // As the store goes on from page to page: folders count with their slash.
            both.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            let left_out = usize::try_from(skip).unwrap_or(usize::MAX).min(both.len());
            skip -= left_out as u64;
            let room = wanted.saturating_sub(entries.len());
            entries.extend(both.into_iter().skip(left_out).take(room));
            let next = page.next_continuation_token;
            let goes_on = page.is_truncated && next.is_some() && entries.len() < wanted;
            // A store that does not advance would be asked for ever.
            if !goes_on || next == query.continuation_token {
                break;
            }
            query.continuation_token = next;
        }
        for entry in &mut entries {
            if entry.kind == EntryType::Directory {
                entry.name.truncate(entry.name.trim_end_matches('/').len());
            }
        }
        Ok((entries, is_there))
    }

    /// A level as an answer.
    ///
    /// # Errors
    /// 404 where nothing is below it; the workspace itself is always there.
    pub async fn directory(&self, prefix: &str, stretch: Stretch) -> Result<Directory, Error> {
        let (children, is_there) = self.list(prefix, stretch).await?;
        if !is_there {
            return Err(nothing(prefix));
        }
        let name = prefix.trim_end_matches('/').rsplit('/').next();
        Ok(Directory {
            success: true,
            kind: EntryType::Directory,
            name: name.unwrap_or_default().to_owned(),
            children,
        })
    }
}
