//! The accounts of `HAKO_USERS_FILE`: people who work with the deployment's own keys, on a store whose
//! keys they do not have.
//!
//! The keys stay here. A session of such an account carries a fingerprint of its hash, and is worth
//! something as long as the file has that hash: a new password, or none, ends it.

mod command;
mod file;

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use hcp::{Credentials, Keys};
use model::Username;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

pub use command::{User, run};
pub use file::{Accounts, FileFault};

use crate::Error;

/// How many passwords are compared at once: each takes 20 MiB and a core.
const AT_ONCE: usize = 2;

/// The same for passwords that are not of the file.
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Hashes a password that is not of the file, off the threads that serve requests.
pub(crate) async fn hash(password: String) -> Result<String, Error> {
    let _turn = TURNS.acquire().await.map_err(Error::internal)?;
    let hashed = tokio::task::spawn_blocking(move || file::hashed(&password));
    let hashed = hashed.await.map_err(Error::internal)?;
    hashed.map_err(|e| Error::internal(e.to_string()))
}

/// Whether such a password belongs to a hash.
pub(crate) async fn is_of(hash: String, password: String) -> Result<bool, Error> {
    let _turn = TURNS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || file::matches(&hash, &password))
        .await
        .map_err(Error::internal)
}

/// The accounts, as the file has them at present.
#[derive(Clone)]
pub struct Users(Arc<Inner>);

struct Inner {
    path: PathBuf,
    keys: Keys,
    kept: Mutex<Option<Kept>>,
    comparing: Semaphore,
}

/// What was read, and the state of the file then.
struct Kept {
    /// When it was changed, and which file it was: each change by `hako user` makes a new one, however
    /// soon after the last.
    of: Option<(SystemTime, u64, u64)>,
    accounts: Arc<Accounts>,
}

/// What the file says of a name and a password.
pub enum Answer {
    /// It does not have the name.
    Unknown,
    /// It has, with another password.
    Refused,
    /// They belong together.
    Proved(Credentials),
}

impl Users {
    /// Reads the file. The keys are the deployment's.
    ///
    /// # Errors
    /// The file cannot be read, or a line is not an account.
    pub fn open(path: &Path, keys: Keys) -> Result<Self, FileFault> {
        let users = Self(Arc::new(Inner {
            path: path.to_owned(),
            keys,
            kept: Mutex::new(None),
            comparing: Semaphore::new(AT_ONCE),
        }));
        if users.accounts()?.is_empty() {
            tracing::warn!(file = %path.display(), "nobody has an account: `hako user add` makes one");
        }
        Ok(users)
    }

    /// Compares a name and a password.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn check(&self, name: &Username, password: &str) -> Result<Answer, Error> {
        let accounts = self.accounts().map_err(Error::internal)?;
        let Some(hash) = accounts.get(name).cloned() else {
            return Ok(Answer::Unknown);
        };
        let _turn = self.0.comparing.acquire().await.map_err(Error::internal)?;
        let (password, compared) = (SecretString::from(password), hash.clone());
        let right = tokio::task::spawn_blocking(move || {
            use secrecy::ExposeSecret as _;
            file::matches(&compared, password.expose_secret())
        });
        if right.await.map_err(Error::internal)? {
            Ok(Answer::Proved(self.lend(name, &hash)))
        } else {
            Ok(Answer::Refused)
        }
    }

    /// The credentials of a session that began with this proof; `None` where it no longer holds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn resume(&self, session: &Credentials) -> Result<Option<Credentials>, Error> {
        let accounts = self.accounts().map_err(Error::internal)?;
        let hash = accounts.get(&session.username);
        let lent = hash.map(|hash| self.lend(&session.username, hash));
        Ok(lent.filter(|lent| lent.digest() == session.digest()))
    }

    fn lend(&self, name: &Username, hash: &str) -> Credentials {
        Credentials::lent(name.clone(), fingerprint(hash), self.0.keys.clone())
    }

    /// The accounts; the file is read again when it has changed.
    fn accounts(&self) -> Result<Arc<Accounts>, FileFault> {
        let path = &self.0.path;
        let of = std::fs::metadata(path)
            .ok()
            .and_then(|file| Some((file.modified().ok()?, file.ino(), file.len())));
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.of == of) {
            return Ok(Arc::clone(&kept.accounts));
        }
        let accounts = Arc::new(file::read(path)?);
        *kept = Some(Kept {
            of,
            accounts: Arc::clone(&accounts),
        });
        Ok(accounts)
    }
}

/// Stands for a hash in sessions and says nothing of it.
fn fingerprint(hash: &str) -> SecretString {
    use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
    SecretString::from(STANDARD_NO_PAD.encode(Sha256::digest(hash)))
}
