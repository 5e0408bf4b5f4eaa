//! From keys, which may hold anything, to names that every program can unpack where it was told to.

use std::collections::HashSet;

/// The list of what is missing, where that name is free.
const ERRORS: &str = "_errors.txt";

/// The names of an archive, each one once.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// Names of other entries' folders: no file may have them.
    folders: HashSet<String>,
}

impl Names {
    /// Knows all keys from the beginning, so that no file takes the name of a later one's folder.
    pub(super) fn of<'a>(keys: impl Iterator<Item = &'a str>) -> Self {
        let mut folders = HashSet::new();
        for key in keys {
            let name = safe(key);
            let inner = name.trim_end_matches('/');
            let parents = inner.match_indices('/').map(|(at, _)| &inner[..at]);
            for parent in parents {
                if !folders.contains(parent) {
                    folders.insert(parent.to_owned());
                }
            }
        }
        Self {
            taken: HashSet::new(),
            folders,
        }
    }

    /// The name of an object; one of a folder marker ends in a slash.
    pub(super) fn file(&mut self, key: &str) -> String {
        let name = safe(key);
        self.free(name.trim_end_matches('/'))
    }

    /// The name of a folder marker; `None` where the archive has it already.
    pub(super) fn folder(&mut self, key: &str) -> Option<String> {
        let name = format!("{}/", safe(key).trim_end_matches('/'));
        self.taken.insert(name.clone()).then_some(name)
    }

    /// The name of the list of what is missing.
    pub(super) fn errors(&mut self) -> String {
        self.free(ERRORS)
    }

    /// The name itself, or the first with a number that is free.
    fn free(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 1;
        while self.folders.contains(&candidate)
            || self.taken.contains(&format!("{candidate}/"))
            || !self.taken.insert(candidate.clone())
        {
            number += 1;
            candidate = numbered(name, number);
        }
        candidate
    }
}

/// `a/b.txt` with 2: `a/b (2).txt`.
fn numbered(name: &str, number: u32) -> String {
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file..].rfind('.').filter(|dot| *dot > 0) {
        Some(dot) => {
            let (stem, extension) = name.split_at(file + dot);
            format!("{stem} ({number}){extension}")
        }
        None => format!("{name} ({number})"),
    }
}

/// A relative path below the folder of extraction, on every system: no empty or dotted segments, no
/// backslashes (separators on Windows), no drive letters, no control characters. A last slash stays.
fn safe(key: &str) -> String {
    let mut segments: Vec<String> = key
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
        .map(segment)
        .collect();
    if let Some(first) = segments.first_mut()
        && first.as_bytes().get(1) == Some(&b':')
    {
        first.replace_range(1..2, "_");
    }
    if segments.is_empty() {
        segments.push("_".to_owned());
    }
    let mut name = segments.join("/");
    if key.ends_with('/') {
        name.push('/');
    }
    name
}

fn segment(text: &str) -> String {
    // Windows ignores dots and spaces at the end: `.. ` is `..` there.
    if text.trim_end_matches(['.', ' ']).is_empty() {
        return "_".repeat(text.len());
    }
    text.chars()
        .map(|c| if c == '\\' || c.is_control() { '_' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_below_the_folder_of_extraction() {
        for (key, name) in [
            ("a/b.txt", "a/b.txt"),
            ("Über/größe.txt", "Über/größe.txt"),
            ("../../etc/passwd", "__/__/etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("a//b/./c", "a/b/c"),
            ("..\\..\\x", ".._.._x"),
            ("C:/windows", "C_/windows"),
            ("C:\\windows", "C__windows"),
            ("a/.. /b", "a/___/b"),
            ("a\nb\0", "a_b_"),
            ("folder/", "folder/"),
            ("/", "_/"),
            (".", "_"),
        ] {
            assert_eq!(safe(key), name, "{key:?}");
        }
    }

    #[test]
    fn no_name_is_given_twice_and_no_file_stands_where_a_folder_is() {
        let keys = ["a", "a/b", "/a", "x.txt", "/x.txt", "./x.txt", "d/", "d//"];
        let mut names = Names::of(keys.iter().copied());
        assert_eq!(names.file("a"), "a (2)");
        assert_eq!(names.file("a/b"), "a/b");
        assert_eq!(names.file("/a"), "a (3)");
        assert_eq!(names.file("x.txt"), "x.txt");
        assert_eq!(names.file("/x.txt"), "x (2).txt");
        assert_eq!(names.file("./x.txt"), "x (3).txt");
        assert_eq!(names.folder("d/").as_deref(), Some("d/"));
        assert_eq!(names.folder("d//"), None);
        assert_eq!(names.file("d"), "d (2)");
        assert_eq!(names.errors(), "_errors.txt");
        assert_eq!(names.file("_errors.txt"), "_errors (2).txt");
        assert_eq!(numbered("a.b/.hidden", 2), "a.b/.hidden (2)");
    }

    proptest! {
        #[test]
        fn any_key_has_a_safe_name(key in ".{1,60}") {
            let name = safe(&key);
            prop_assert!(!name.starts_with('/') && !name.contains('\\') && !name.contains("//"));
            for part in name.trim_end_matches('/').split('/') {
                prop_assert!(!part.is_empty() && part != "." && part != "..");
            }
        }
    }
}
