//! Accounts, HCP's scheme for their keys, and which account an access key means on which host.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use model::mapi::Role;
use rusqlite::Connection;
use subtle::ConstantTimeEq as _;

use crate::{
    Error,
    host::Scope,
    signin::{Barrier, History},
    store::accounts,
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tenant {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// A user account. Not `Debug`: it carries the secret.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    /// `None`: of the system level.
    pub(crate) tenant: Option<Tenant>,
    pub(crate) username: String,
    pub(crate) full_name: String,
    pub(crate) description: String,
    pub(crate) secret: Secret,
    pub(crate) guid: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) enabled: bool,
    pub(crate) manages_namespaces: bool,
    /// HCP's `userID`.
    pub(crate) number: i64,
    /// Whether its password is known here; else RADIUS would know it.
    pub(crate) local: bool,
    /// Console security of its tenant, as far as it was set.
    pub(crate) console_security: Option<String>,
    pub(crate) history: History,
    /// What keeps it from being used, once that was looked at ([`crate::signin::barrier`]).
    pub(crate) barrier: Option<Barrier>,
}

impl Account {
    pub(crate) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// The lower-case hex MD5 of a password: S3 secret key and half of the management credential.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn of_password(password: &str) -> Self {
        Self(hex(&Md5::digest(password.as_bytes())))
    }

    pub(crate) fn stored(hex: String) -> Self {
        Self(hex)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time; HCP takes the hex in either case.
    pub(crate) fn matches(&self, given: &str) -> bool {
        self.0
            .as_bytes()
            .ct_eq(given.to_ascii_lowercase().as_bytes())
            .into()
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Checks that both forms of the user's access key can be used.
///
/// A signature names the key as `key/date/region/…`, and readers of it split at the first slash; a
/// slash in the user name would make `tenant/user` ambiguous.
pub(crate) fn check_username(tenant: &str, username: &str) -> Result<(), Error> {
    if username.contains('/') {
        return Err(Error::InvalidName(format!(
            "the user name `{username}` has a slash, which separates tenant and user in access keys"
        )));
    }
    for key in [username.to_owned(), format!("{tenant}/{username}")] {
        if STANDARD.encode(&key).contains('/') {
            return Err(Error::InvalidName(format!(
                "the user name `{username}` cannot be used: the base64 of `{key}` has a slash, \
                 which S3 clients and servers cannot take in an access key"
            )));
        }
    }
    Ok(())
}

/// What an access key leads to.
pub(crate) enum Found {
    /// This account; whether the signature is its own is still to be seen.
    Account(Box<Account>),
    /// No account.
    Nobody,
    /// Accounts of several tenants.
    Ambiguous,
    /// A key that names one tenant, on the host of another.
    OtherTenant,
}

/// Finds the account that `access_key` means on a host of `scope`.
pub(crate) fn resolve(
    connection: &Connection,
    scope: &Scope,
    access_key: &str,
) -> Result<Found, Error> {
    let Some(name) = decode(access_key) else {
        return Ok(Found::Nobody);
    };
    let qualified = name.split_once('/');
    let account = match (scope, qualified) {
        (Scope::System, None) => accounts::system_user(connection, &name)?,
        (Scope::System, Some(_)) => None,
        (Scope::Tenant(host), Some((tenant, _))) if !host.eq_ignore_ascii_case(tenant) => {
            return Ok(Found::OtherTenant);
        }
        (_, Some((tenant, user))) => accounts::tenant_user(connection, tenant, user)?,
        (Scope::Tenant(host), None) => accounts::tenant_user(connection, host, &name)?,
        (Scope::Any, None) => {
            let mut found = accounts::users_of_any_tenant(connection, &name)?;
            if found.len() > 1 {
                return Ok(Found::Ambiguous);
            }
            match found.pop() {
                Some(account) => Some(account),
                None => accounts::system_user(connection, &name)?,
            }
        }
    };
    Ok(account.map_or(Found::Nobody, |account| Found::Account(Box::new(account))))
}

/// The text behind a base64 user name.
pub(crate) fn decode(encoded: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_that_of_the_manual() {
        let secret = Secret::of_password("Start123!");
        assert_eq!(secret.expose(), "891a54c4e2eab52d01c6fbf85a4c143e");
        assert!(secret.matches("891A54C4E2EAB52D01C6FBF85A4C143E"));
        assert!(!secret.matches("891a54c4e2eab52d01c6fbf85a4c143f"));
        assert!(!secret.matches(""));
    }

    #[test]
    fn names_whose_keys_hold_a_slash_are_refused() {
        assert!(check_username("demo", "demo").is_ok());
        assert!(check_username("demo", "anna@example.com").is_ok());
        // `YWQ/bWlufg==`
        assert!(check_username("demo", "ad?min~").is_err());
        // Only with the tenant before it: `ZGVtby9hPw==` is fine, `ZGVtbzEvYT8=` too, but
        // `ZGVtbzEyL2E/` is not.
        assert!(check_username("demo", "a?").is_ok());
        assert!(check_username("demo12", "a?").is_err());
        assert!(check_username("demo", "a/b").is_err());
    }
}
