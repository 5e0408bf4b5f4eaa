//! Other names for files whose own name is taken, too long, or refused by the store.

use std::collections::HashMap;

/// A key without the extension of its name, and the extension with its dot: `a/b.tar` and `.gz`. The
/// slash at the end of a folder's key counts as one.
fn split(key: &str) -> (&str, &str) {
    if let Some(folder) = key.strip_suffix('/') {
        return key.split_at(folder.len());
    }
    let name_at = key.rfind('/').map_or(0, |at| at + 1);
    match key.rfind('.') {
        // A leading dot hides a file and begins no extension.
        Some(dot) if dot > name_at => key.split_at(dot),
        _ => (key, ""),
    }
}

/// What all numbered names of a key begin with: `a/b (` for `a/b.txt`.
pub(super) fn numbered_prefix(key: &str) -> String {
    format!("{} (", split(key).0)
}

/// The name with a number: `a/b (2).txt`. A name that would be too long is cut before the number; `None`
/// where nothing would be left of it.
pub fn numbered(key: &str, number: u32, max_bytes: usize) -> Option<String> {
    let (stem, extension) = split(key);
    let tail = format!(" ({number}){extension}");
    Some(cut(stem, max_bytes.checked_sub(tail.len())?)?.to_owned() + &tail)
}

/// Gives free names. It remembers where it was, so that many files of one name cost no more than one.
#[derive(Debug, Default)]
pub(super) struct FreeNames {
    /// The next number of a name, by its parts before and after the number.
    next: HashMap<(String, String), u32>,
}

impl FreeNames {
    /// The first numbered name, from 2 on, that is not taken and was not given before.
    pub(super) fn beside(
        &mut self,
        key: &str,
        max_bytes: usize,
        mut taken: impl FnMut(&str) -> bool,
    ) -> Option<String> {
        let (stem, extension) = split(key);
        let place = (stem.to_owned(), extension.to_owned());
        let from = self.next.entry(place).or_insert(2);
        while *from < u32::MAX {
            let name = numbered(key, *from, max_bytes)?;
            *from += 1;
            if !taken(&name) {
                return Some(name);
            }
        }
        None
    }
}

/// The key cut to a length, at the end of its name and before its extension. `None` where the folders
/// alone are too long.
pub(super) fn shortened(key: &str, max_bytes: usize) -> Option<String> {
    if key.len() <= max_bytes {
        return Some(key.to_owned());
    }
    let (stem, extension) = split(key);
    // What is longer than this is a name with a dot in it rather than an extension.
    let extension = if extension.len() > 16 { "" } else { extension };
    let stem = cut(stem, max_bytes.checked_sub(extension.len())?)?;
    Some(format!("{stem}{extension}"))
}

/// Cuts the end of a name, between characters, and leaves something of it.
fn cut(stem: &str, max_bytes: usize) -> Option<&str> {
    let name_at = stem.rfind('/').map_or(0, |at| at + 1);
    let end = stem.floor_char_boundary(max_bytes);
    (end > name_at).then(|| stem.get(..end)).flatten()
}

/// The path without what no store takes: NUL, and the name that HCP keeps for itself.
pub(super) fn acceptable(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment == ".directory-metadata" {
            "directory-metadata".to_owned()
        } else {
            segment.replace('\0', "_")
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_number_stands_before_the_extension() {
        for (key, name) in [
            ("a/b.tar.gz", "a/b.tar (2).gz"),
            ("a.b/c", "a.b/c (2)"),
            (".profile", ".profile (2)"),
            ("a/.profile", "a/.profile (2)"),
            ("x.", "x (2)."),
            ("a/empty/", "a/empty (2)/"),
        ] {
            assert_eq!(numbered(key, 2, 1024).as_deref(), Some(name), "{key}");
            assert!(name.starts_with(&numbered_prefix(key)), "{key}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(numbered("a/éé.txt", 2, 13).as_deref(), Some("a/é (2).txt"));
        assert_eq!(numbered("a/é.txt", 2, 10), None);
        assert_eq!(shortened("a/bcdef.txt", 9).as_deref(), Some("a/bcd.txt"));
        assert_eq!(shortened("abc/d.txt", 8), None);
        assert_eq!(shortened("a/b", 3).as_deref(), Some("a/b"));
    }

    #[test]
    fn the_first_free_number_is_taken() {
        let taken = |name: &str| ["a (2).txt", "a (3).txt"].contains(&name);
        let mut names = FreeNames::default();
        let mut free = |key| names.beside(key, 1024, taken);
        assert_eq!(free("a.txt").as_deref(), Some("a (4).txt"));
        assert_eq!(free("a.txt").as_deref(), Some("a (5).txt"));
        assert_eq!(free("a.md").as_deref(), Some("a (2).md"));
    }

    #[test]
    fn names_that_no_store_takes_become_others() {
        assert_eq!(
            acceptable("x/.directory-metadata/a\0b"),
            "x/directory-metadata/a_b"
        );
    }

    proptest! {
        #[test]
        fn no_name_is_too_long(key in any::<String>(), number in 2_u32..200, limit in 0_usize..60) {
            for name in [numbered(&key, number, limit), shortened(&key, limit)].into_iter().flatten() {
                prop_assert!(name.len() <= limit);
                let folder = |key: &str| key.rfind('/').map_or(0, |at| at + 1);
                let at = folder(key.trim_end_matches('/')).min(name.len());
                prop_assert_eq!(key.get(..at), name.get(..at), "the folders stay");
            }
        }
    }
}
