//! Bodies that carry a password. None of them shows it.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::mapi::{
    Resource as _, Tenant, UserAccount,
    password::MAX_LENGTH,
    resource::resource,
    value::{Fault, Kind, Rule, Value},
};

/// A password on its way into a body. It is not shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes a password.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Value for Password {
    const KIND: Kind = Kind::Text;

    fn read(json: &Json) -> Result<Self, String> {
        String::read(json).map(Self)
    }

    fn write(&self) -> Json {
        self.to_json()
    }

    fn faults(&self, rule: Rule) -> Vec<Fault> {
        self.0.faults(rule)
    }
}

/// A new tenant with its first account, or with a group of a directory in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// The name of its first account.
    pub username: Option<String>,
    /// The account's password.
    pub password: Option<Password>,
    /// Whether the password has to be changed before anything else.
    pub force_password_change: bool,
    /// A group of a directory: `group`, `group@domain` or a security identifier.
    pub initial_security_group: Option<String>,
}

impl Serialize for NewTenant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = self.tenant.to_map();
        let mut put = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                map.insert(name.to_owned(), value);
            }
        };
        put("username", self.username.clone().map(Json::from));
        put("password", self.password.as_ref().map(Password::to_json));
        put(
            "forcePasswordChange",
            self.force_password_change.then_some(Json::Bool(true)),
        );
        put(
            "initialSecurityGroup",
            self.initial_security_group.clone().map(Json::from),
        );
        map.serialize(serializer)
    }
}

/// A new user account with its password.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewUserAccount {
    /// The account.
    pub account: UserAccount,
    /// Its password.
    pub password: Password,
}

impl Serialize for NewUserAccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        with_password(&self.account, Some(&self.password)).serialize(serializer)
    }
}

/// A change of a user account, and perhaps of its password.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserAccountChange {
    /// What changes.
    pub account: UserAccount,
    /// The new password.
    pub password: Option<Password>,
}

impl Serialize for UserAccountChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        with_password(&self.account, self.password.as_ref()).serialize(serializer)
    }
}

impl Password {
    fn to_json(&self) -> Json {
        Json::from(self.expose())
    }
}

fn with_password(account: &UserAccount, password: Option<&Password>) -> Map<String, Json> {
    let mut map = account.to_map();
    if let Some(password) = password {
        map.insert("password".to_owned(), password.to_json());
    }
    map
}

/// A new password: for an account of the system, or for every local account of a tenant that has the
/// security role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPassword {
    /// The new password.
    pub password: Password,
}

resource! {
    /// A new password for one account.
    PasswordChange = "updatePasswordRequest" {
        /// The new password.
        new_password: Password = "newPassword" [Rule::Length(1, MAX_LENGTH)],
        /// The old one. HCP does not want to know it: it is taken and not sent on.
        old_password: Password = "oldPassword" [Rule::Length(0, MAX_LENGTH)],
    }
}
