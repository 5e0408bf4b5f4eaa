//! Names of files on this machine for what has names in a store. Keys come from anybody: none leads out of the folder
//! that was named.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::Error;

/// A file of this name in a folder.
pub(super) fn named(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    match fault(name) {
        None => Ok(folder.join(name)),
        Some(why) => Err(Error::Usage(format!("{why}: say where it goes"))),
    }
}

/// The file below a folder for a key's rest; the folders in between are made.
pub(super) fn within(folder: &Path, rest: &str) -> Result<PathBuf, Error> {
    if let Some(why) = rest.split('/').find_map(fault) {
        return Err(Error::Local(format!("{why}, so it is not fetched")));
    }
    let mut path = folder.to_owned();
    let (folders, name) = rest.rsplit_once('/').unwrap_or(("", rest));
    for one in folders.split('/').filter(|one| !one.is_empty()) {
        path.push(one);
        make(&path).map_err(|error| Error::local(&path, &error))?;
    }
    path.push(name);
    Ok(path)
}

/// Makes a folder. A link in its place could lead anywhere.
fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let there = fs::symlink_metadata(folder)?;
            if there.is_dir() {
                Ok(())
            } else if there.is_symlink() {
                Err(io::Error::other("it is a link, which could lead anywhere"))
            } else {
                Err(error)
            }
        }
        Err(error) => Err(error),
    }
}

/// Why no file can be called so.
fn fault(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("its key has an empty name in it"),
        "." | ".." => Some("its key has a name of dots in it, which stands for another folder"),
        name if name.contains('\0') => Some("its key has the character 0 in it"),
        name if name.contains('/') => Some("its name has a slash in it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_that_lead_elsewhere_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        for hostile in [
            "../x",
            "a/../../x",
            "/etc/x",
            "a//b",
            "..",
            ".",
            "",
            "a/..",
            "a\0b",
            "a/./b",
        ] {
            assert!(within(folder.path(), hostile).is_err(), "{hostile:?}");
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            0,
            "nothing was made"
        );
        for name in ["...", "..a", "a b", "å\u{1b}", "-rf", "a\\..\\b"] {
            assert_eq!(
                within(folder.path(), name).unwrap(),
                folder.path().join(name)
            );
        }
    }

    #[test]
    fn a_link_in_the_way_is_not_followed() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("link")).unwrap();
        let refused = within(folder.path(), "link/deep/x").unwrap_err();
        assert!(refused.to_string().contains("link"), "{refused}");
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    proptest! {
        #[test]
        fn whatever_the_key_the_file_is_below_the_folder(key in "[a./\\\\\\x00-]{0,12}") {
            let folder = tempfile::tempdir().unwrap();
            if let Ok(path) = within(folder.path(), &key) {
                let rest = path.strip_prefix(folder.path()).unwrap();
                prop_assert!(rest.components().all(|one| matches!(one, Component::Normal(_))));
                prop_assert_eq!(rest.to_str().unwrap(), key);
            }
        }
    }
}
