//! The file itself: a line `name:hash` per account, the hash as argon2 writes it (PHC string).

use std::{
    collections::BTreeMap,
    fs::{File, Permissions},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{SaltString, rand_core::OsRng},
};
use model::Username;
use tempfile::NamedTempFile;

/// The shortest password that an account may get, in characters.
pub(super) const PASSWORD_MIN: usize = 8;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// Reading or writing failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not an account.
    #[error("{}, line {line}: {what}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A password is too short to be hashed.
    #[error("a password has {PASSWORD_MIN} characters or more")]
    ShortPassword,
    /// Hashing failed.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// The accounts and their hashes.
pub type Accounts = BTreeMap<Username, String>;

/// Reads all accounts. A file that does not exist has none; `#` begins a comment.
///
/// # Errors
/// The file cannot be read, or a line is neither account nor comment.
pub(super) fn read(path: &Path) -> Result<Accounts, FileFault> {
    let text = text(path)?;
    let mut accounts = Accounts::new();
    for (line, entry) in text.lines().enumerate() {
        let fault = |what| FileFault::Line {
            path: path.to_owned(),
            line: line + 1,
            what,
        };
        let entry = entry.trim();
        if entry.is_empty() || entry.starts_with('#') {
            continue;
        }
        let (name, hash) = split(entry).ok_or_else(|| fault("is not of the form name:hash"))?;
        let name = Username::parse(name).map_err(|_invalid| fault("has no valid user name"))?;
        PasswordHash::new(hash).map_err(|_unreadable| fault("has no argon2 hash"))?;
        if accounts.insert(name, hash.to_owned()).is_some() {
            return Err(fault("names an account that stands there before"));
        }
    }
    Ok(accounts)
}

/// Adds an account, or gives it another password. Returns whether it was there.
///
/// # Errors
/// As [`read`]; or the password is too short.
pub(super) fn set(path: &Path, name: &Username, password: &str) -> Result<bool, FileFault> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(FileFault::ShortPassword);
    }
    let hash = hashed(password).map_err(FileFault::Hash)?;
    rewrite(path, name, Some(&format!("{name}:{hash}")))
}

/// Removes an account. Returns whether it was there.
///
/// # Errors
/// As [`read`].
pub(super) fn remove(path: &Path, name: &Username) -> Result<bool, FileFault> {
    rewrite(path, name, None)
}

/// The hash of a password. Takes as much as to compare one.
pub(super) fn hashed(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Whether a password belongs to a hash. Takes about 20 MiB and tens of milliseconds.
pub(super) fn matches(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// The name may contain colons, a hash does not.
fn split(entry: &str) -> Option<(&str, &str)> {
    let (name, hash) = entry.rsplit_once(':')?;
    hash.starts_with("$argon2").then_some((name, hash))
}

fn text(path: &Path) -> Result<String, FileFault> {
    match std::fs::read_to_string(path) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| io_fault(path, source)),
    }
}

/// Replaces the account's line, or adds one, or takes it away; all others stay as they are. Another
/// process that does the same waits.
fn rewrite(path: &Path, name: &Username, new: Option<&str>) -> Result<bool, FileFault> {
    let fault = |source| io_fault(path, source);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let lock = File::open(folder).map_err(fault)?;
    lock.lock().map_err(fault)?;
    // What cannot be read is not written over.
    read(path)?;
    let text = text(path)?;
    let is_own = |line: &&str| split(line.trim()).is_some_and(|(one, _)| one == name.as_str());
    let there = text.lines().any(|line| is_own(&line));
    let mut written = NamedTempFile::new_in(folder).map_err(fault)?;
    let kept = text.lines().filter(|line| !is_own(line));
    for line in kept.chain(new) {
        writeln!(written, "{line}").map_err(fault)?;
    }
    let file = written.as_file();
    file.set_permissions(Permissions::from_mode(0o600))
        .map_err(fault)?;
    file.sync_all().map_err(fault)?;
    written.persist(path).map_err(|e| fault(e.error))?;
    lock.sync_all().map_err(fault)?;
    Ok(there)
}

fn io_fault(path: &Path, source: io::Error) -> FileFault {
    FileFault::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Username {
        Username::parse(text).unwrap()
    }

    #[test]
    fn accounts_come_and_go_and_comments_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users");
        assert_eq!(read(&path).unwrap(), Accounts::new());
        assert!(!set(&path, &name("alice"), "correct horse").unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("# people\n\n{text}")).unwrap();
        assert!(!set(&path, &name("bob"), "battery staple").unwrap());
        assert!(set(&path, &name("alice"), "another one").unwrap());
        let accounts = read(&path).unwrap();
        assert_eq!(accounts.len(), 2);
        assert!(matches(&accounts[&name("alice")], "another one"));
        assert!(!matches(&accounts[&name("alice")], "correct horse"));
        assert!(remove(&path, &name("alice")).unwrap());
        assert!(!remove(&path, &name("alice")).unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# people\n\nbob:$argon2id$"), "{text}");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users");
        for (text, told) in [
            ("# people\nalice", "line 2: is not of the form name:hash"),
            ("alice:secret", "line 1: is not of the form name:hash"),
            ("alice:$argon2id$x", "line 1: has no argon2 hash"),
            (":$argon2id$x", "line 1: has no valid user name"),
        ] {
            std::fs::write(&path, text).unwrap();
            let fault = set(&path, &name("bob"), "long enough").unwrap_err();
            assert!(fault.to_string().ends_with(told), "{fault}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        let short = set(&path, &name("bob"), "seven77");
        assert!(matches!(short, Err(FileFault::ShortPassword)));
    }
}
