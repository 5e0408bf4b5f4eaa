//! What a folder holds.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::{Error, send::Source};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files, by their path below the folder, with slashes.
    pub(super) files: Vec<(String, Source)>,
    /// Links and what is neither file nor folder, in the same way.
    pub(super) left_out: Vec<String>,
    /// What could not be looked at, and why.
    pub(super) problems: Vec<(PathBuf, String)>,
}

/// Goes through a folder. What cannot be looked at is told, and the rest is found.
pub(super) fn walk(folder: &Path, follow_links: bool) -> Result<Found, Error> {
    let top = std::fs::metadata(folder).map_err(|error| Error::local(folder, &error))?;
    if !top.is_dir() {
        return Err(Error::Usage(format!("{} is no folder", folder.display())));
    }
    let mut found = Found::default();
    for entry in WalkDir::new(folder)
        .follow_links(follow_links)
        .sort_by_file_name()
    {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                found.problems.push((path, error.to_string()));
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() || entry.depth() == 0 {
            continue;
        }
        let path = entry.path();
        let Some(name) = name(folder, path) else {
            let why = format!("{}: its name is no text", path.display());
            found.problems.push((path.to_owned(), why));
            continue;
        };
        if !kind.is_file() {
            found.left_out.push(name);
            continue;
        }
        match Source::at(path) {
            Ok(source) => found.files.push((name, source)),
            Err(error) => found.problems.push((path.to_owned(), error.to_string())),
        }
    }
    Ok(found)
}

/// A path below a folder, with slashes.
fn name(folder: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(folder).ok()?;
    let names = rest.components().map(|one| one.as_os_str().to_str());
    names
        .collect::<Option<Vec<_>>>()
        .map(|names| names.join("/"))
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn files_are_found_and_links_are_left_out_unless_they_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/one"), "1").unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"\xff")), "2").unwrap();
        symlink("a", folder.path().join("link")).unwrap();
        let names = |found: &Found| {
            let names = found.files.iter().map(|(name, _source)| name.clone());
            names.collect::<Vec<_>>()
        };
        let found = walk(folder.path(), false).unwrap();
        assert_eq!(names(&found), ["a/b/one"]);
        assert_eq!(found.left_out, ["link"]);
        assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
        let found = walk(folder.path(), true).unwrap();
        assert_eq!(names(&found), ["a/b/one", "link/b/one"]);
        assert!(walk(&folder.path().join("none"), false).is_err());
    }
}
