//! The file with the profiles, which nobody else may read.

use std::{
    collections::BTreeMap,
    env, fmt,
    fs::{self, DirBuilder},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::Error;

/// A text that is written nowhere but into the file and onto the wire.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A Hako, and an account there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// The console's address, without a slash at its end.
    pub(crate) server: String,
    /// The tenant, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// The access key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) access_key: Option<String>,
    /// The secret key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) secret_key: Option<Secret>,
    /// A token in place of keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Secret>,
    /// A file in PEM form with the authority of one's own that vouches for the certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
}

impl Profile {
    /// By what one signs in.
    pub(crate) fn account(&self) -> Result<Account, Error> {
        match (&self.token, &self.access_key, &self.secret_key) {
            (Some(token), _, _) => Ok(Account::Token(token.clone())),
            (None, Some(access_key), Some(secret_key)) => Ok(Account::Keys {
                tenant: self.tenant.clone(),
                access_key: access_key.clone(),
                secret_key: secret_key.clone(),
            }),
            _ => Err(Error::Usage(
                "the profile has neither keys nor a token: add it again".to_owned(),
            )),
        }
    }
}

/// By what one signs in.
#[derive(Clone, Debug)]
pub(crate) enum Account {
    /// A token, until it ends.
    Token(Secret),
    /// S3 keys.
    Keys {
        /// The tenant, where there is one.
        tenant: Option<String>,
        /// The access key.
        access_key: String,
        /// The secret key.
        secret_key: Secret,
    },
    /// Name and password, which no profile keeps.
    Password {
        /// The tenant, where there is one.
        tenant: Option<String>,
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Account {
    /// Whether one can sign in again when a session has ended.
    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self, Self::Token(_))
    }
}

/// All profiles of this person.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profiles {
    /// The one in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    /// They, by name.
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Where they are kept: `hako/profiles.toml` in the folder of configurations.
    fn path() -> Result<PathBuf, Error> {
        let folder = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|p| p.is_absolute())
        };
        let home = || folder("HOME").map(|home| home.join(".config"));
        let folder = folder("XDG_CONFIG_HOME").or_else(home);
        let folder = folder.ok_or_else(|| {
            Error::Usage("neither XDG_CONFIG_HOME nor HOME is set: where are profiles kept?".into())
        })?;
        Ok(folder.join("hako").join("profiles.toml"))
    }

    /// Reads them; none where there is no file yet.
    pub(crate) fn load() -> Result<Self, Error> {
        Self::read(&Self::path()?)
    }

    fn read(path: &Path) -> Result<Self, Error> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::local(path, &error)),
        };
        let mode = fs::metadata(path).map_err(|error| Error::local(path, &error))?;
        if mode.permissions().mode() & 0o077 != 0 {
            return Err(Error::Usage(format!(
                "others may read {0}, which holds secrets: chmod 600 {0}",
                path.display()
            )));
        }
        // The parser's own words show the line, and a secret may stand in it.
        toml::from_str(&text)
            .map_err(|_fault| Error::Usage(format!("{} is no list of profiles", path.display())))
    }

    /// Writes them, for their owner alone.
    pub(crate) fn save(&self) -> Result<(), Error> {
        self.write(&Self::path()?)
    }

    fn write(&self, path: &Path) -> Result<(), Error> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let text = toml::to_string(self).map_err(|error| Error::Local(error.to_string()))?;
        let kept = (|| {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
            // Temporary files are for their owner alone.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        })();
        kept.map_err(|error| Error::local(path, &error))
    }

    /// The named one, or the one in use.
    pub(crate) fn find(mut self, name: Option<&str>) -> Result<Profile, Error> {
        let name = name.or(self.current.as_deref()).ok_or_else(|| {
            Error::Usage("there is no profile yet: hako profile add NAME --server ADDRESS …".into())
        })?;
        let name = name.to_owned();
        self.profiles
            .remove(&name)
            .ok_or_else(|| Error::Usage(format!("there is no profile {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Profiles {
        let profile = Profile {
            server: "http://localhost:8000".to_owned(),
            tenant: Some("demo".to_owned()),
            access_key: Some("ZGVtbw==".to_owned()),
            secret_key: Some(Secret::new("a \"secret\"\\")),
            token: None,
            ca_file: None,
        };
        Profiles {
            current: Some("one".to_owned()),
            profiles: BTreeMap::from([("one".to_owned(), profile)]),
        }
    }

    #[test]
    fn profiles_are_kept_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hako/profiles.toml");
        assert_eq!(Profiles::read(&path).unwrap(), Profiles::default());
        some().write(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Profiles::read(&path).unwrap(), some());
        assert!(!format!("{:?}", some()).contains("a \"secret"));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Profiles::read(&path).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }

    #[test]
    fn a_broken_file_is_refused_without_what_stands_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        fs::write(&path, "[profiles.one]\nsecret_key = \"hidden").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let refused = Profiles::read(&path).unwrap_err().to_string();
        assert!(!refused.contains("hidden"), "{refused}");
    }

    #[test]
    fn the_one_in_use_is_taken_where_none_is_named() {
        assert!(some().find(None).is_ok() && some().find(Some("one")).is_ok());
        assert!(some().find(Some("two")).is_err());
        assert!(Profiles::default().find(None).is_err());
    }
}
