//! Passwords, as they are stored.
//!
//! HCP's protocols need the MD5 of a password: it is the S3 secret key and half of the management
//! credential, and whoever has it can sign in ([`Secret`]). That a password was used before is told by
//! an Argon2id hash, which is of no use to whoever reads it. All hashes of an account have one salt, so
//! that a new password is hashed once, however many it is compared with.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, SaltString},
};
use subtle::ConstantTimeEq as _;

use crate::{Error, account::Secret};

/// A password, in the forms that are stored. Not `Debug`: it carries the secret.
#[derive(Clone)]
pub(crate) struct Password {
    pub(crate) secret: Secret,
    /// `None`: a password that nobody has.
    pub(crate) kept: Option<Kept>,
}

/// What is kept of a password to recognise it by.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) salt: String,
    pub(crate) hash: String,
}

impl Password {
    /// Hashes a password with the salt of its account, or with a new one. Takes tens of milliseconds and
    /// 19 MiB, off the threads that answer requests.
    pub(crate) async fn new(password: &str, salt: Option<String>) -> Result<Self, Error> {
        let secret = Secret::of_password(password);
        let password = password.to_owned();
        let kept = tokio::task::spawn_blocking(move || hash(&password, salt))
            .await
            .map_err(|_panicked_or_stopped| Error::Interrupted)??;
        Ok(Self {
            secret,
            kept: Some(kept),
        })
    }

    /// A password that nobody has: of an account that another system signs in.
    pub(crate) fn of_nobody() -> Self {
        Self {
            secret: Secret::stored(format!("{:032x}", rand::random::<u128>())),
            kept: None,
        }
    }

    /// Whether it is one of those that were kept.
    pub(crate) fn is_among(&self, hashes: &[String]) -> bool {
        self.kept.as_ref().is_some_and(|kept| {
            hashes
                .iter()
                .any(|hash| hash.as_bytes().ct_eq(kept.hash.as_bytes()).into())
        })
    }
}

fn hash(password: &str, salt: Option<String>) -> Result<Kept, Error> {
    const BROKEN: Error = Error::Damaged("the salt of an account cannot be read");
    let salt = match salt {
        Some(salt) => SaltString::from_b64(&salt),
        None => SaltString::encode_b64(&rand::random::<[u8; 16]>()),
    };
    let salt = salt.map_err(|_no_salt| BROKEN)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|_impossible| BROKEN)?;
    Ok(Kept {
        salt: salt.to_string(),
        hash: hash.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_by_its_hash_alone() {
        let first = Password::new("Start123!", None).await.unwrap();
        let kept = first.kept.clone().unwrap();
        assert!(kept.hash.starts_with("$argon2id$"));
        let salt = Some(kept.salt.clone());
        let again = Password::new("Start123!", salt.clone()).await.unwrap();
        let other = Password::new("Start123?", salt).await.unwrap();
        let elsewhere = Password::new("Start123!", None).await.unwrap();
        let kept = [kept.hash];
        assert!(again.is_among(&kept));
        assert!(!other.is_among(&kept));
        assert_ne!(elsewhere.kept.unwrap().hash, kept[0]);
        assert!(!Password::of_nobody().is_among(&kept));
        assert_eq!(Password::of_nobody().secret.expose().len(), 32);
    }
}
