//! The settings of a namespace that govern its objects: the column `settings` of the table `buckets`.
//! What a bucket does not say is as it was when only S3 could make buckets.

use std::collections::BTreeMap;

use model::{
    mapi::{AclsUsage, CustomMetadataChanges, IpSettings, Quota},
    retention::Retention,
};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    access::{Caller, Gateway, Origin, Permissions},
};

/// The settings of a namespace, as far as they govern objects.
#[expect(clippy::struct_excessive_bools, reason = "HCP has a switch for each")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// `s3UnversionedOverwrite`.
    #[serde(rename = "s3UnversionedOverwrite")]
    pub(crate) unversioned_overwrite: bool,
    /// What an object gets that says nothing itself; HCP's grammar of retention values.
    pub(crate) retention_default: Option<String>,
    /// How long an object is kept at least, from when it was stored, that had no retention at first.
    pub(crate) minimum_retention_after_initial_unspecified: Option<String>,
    /// Whether retention gives way to privileged deletes; else the namespace is in compliance mode.
    pub(crate) enterprise_mode: bool,
    /// The retention classes by name.
    pub(crate) retention_classes: BTreeMap<String, Class>,
    /// What of the custom metadata may be changed under retention.
    pub(crate) custom_metadata_changes: CustomMetadataChanges,
    /// Whether deleted objects are overwritten. Kept and told; files are removed as any.
    pub(crate) shredding_default: bool,
    /// Whether objects are deleted by themselves when their retention has ended.
    pub(crate) disposition_enabled: bool,
    /// How much may be stored; `None`: as much as the disk takes.
    pub(crate) hard_quota: Option<Quota>,
    /// At how many hundredths of it one is told.
    pub(crate) soft_quota: i64,
    /// What anybody may do at all.
    pub(crate) permission_mask: Permissions,
    /// What everybody may do who signed in.
    pub(crate) auth_minimum_permissions: Permissions,
    /// What everybody may do.
    pub(crate) auth_and_anonymous_minimum_permissions: Permissions,
    /// Whether grants of objects are there, and hold; those of the bucket always do.
    pub(crate) acls_usage: AclsUsage,
    /// Who reaches it by HTTP.
    pub(crate) http: Switches,
    /// What becomes of versions; whether they are kept at all is a column of its own.
    pub(crate) versions: Versions,
    /// After how many days uploads in parts are dropped; 0: never.
    pub(crate) multipart_upload_auto_abort_days: i64,
}

/// A retention class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", from = "Written")]
pub(crate) struct Class {
    /// A special value, or an offset from when an object was stored.
    pub(crate) value: String,
    pub(crate) description: String,
    /// Whether its objects are deleted by themselves when their retention has ended.
    pub(crate) allow_disposition: bool,
}

/// A class as it was written, at first with its value alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Value(String),
    #[serde(rename_all = "camelCase")]
    Class {
        value: String,
        #[serde(default)]
        description: String,
        #[serde(default)]
        allow_disposition: bool,
    },
}

impl From<Written> for Class {
    fn from(written: Written) -> Self {
        match written {
            Written::Value(value) => Self {
                value,
                ..Self::default()
            },
            Written::Class {
                value,
                description,
                allow_disposition,
            } => Self {
                value,
                description,
                allow_disposition,
            },
        }
    }
}

/// The switches of HTTP that S3 heeds (`httpProtocol`).
#[expect(clippy::struct_excessive_bools, reason = "HCP has a switch for each")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Switches {
    pub(crate) hs3_enabled: bool,
    pub(crate) hs3_requires_authentication: bool,
    pub(crate) http_enabled: bool,
    pub(crate) https_enabled: bool,
    /// From which addresses; `None`: from all.
    pub(crate) ip_settings: Option<IpSettings>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            hs3_enabled: true,
            hs3_requires_authentication: false,
            http_enabled: true,
            https_enabled: true,
            ip_settings: None,
        }
    }
}

impl Switches {
    /// Says no to a request that came in a way which is switched off.
    fn admit(&self, caller: &Caller, origin: Origin) -> Result<(), Error> {
        let by_s3 = origin.gateway == Gateway::S3;
        if by_s3 && !self.hs3_enabled {
            return Err(Error::Denied("S3 is switched off for the bucket"));
        }
        let open = if origin.is_secure {
            self.https_enabled
        } else {
            self.http_enabled
        };
        if !open {
            return Err(Error::Denied(
                "the bucket is not open to HTTP, or to HTTPS, by which the request came",
            ));
        }
        if by_s3 && self.hs3_requires_authentication && caller.account().is_err() {
            return Err(Error::Denied("the request is not signed"));
        }
        let admitted = match (&self.ip_settings, origin.peer) {
            (None, _) => true,
            (Some(rule), Some(peer)) => rule.admits(peer),
            (Some(rule), None) => admits_all(rule),
        };
        if admitted {
            Ok(())
        } else {
            Err(Error::Denied(
                "the bucket is closed to the address from which the request came",
            ))
        }
    }
}

/// Whether a rule admits whatever address there is.
fn admits_all(rule: &IpSettings) -> bool {
    let denies = rule
        .deny_addresses
        .as_ref()
        .is_some_and(|deny| !deny.0.is_empty());
    let allows_all = rule
        .allow_addresses
        .as_ref()
        .is_some_and(|allow| allow.0.iter().any(|entry| entry == "0.0.0.0/0"));
    !denies && (allows_all || rule.allow_if_in_both_lists == Some(true))
}

/// What becomes of versions (`versioningSettings`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Versions {
    /// Whether old versions are removed, and how many days after they have become old; 0: at once.
    pub(crate) prune: bool,
    pub(crate) prune_days: i64,
    pub(crate) keep_deletion_records: bool,
    /// Whether a delete leaves a marker, where versions are kept; else old versions alone.
    pub(crate) use_delete_markers: bool,
}

impl Default for Versions {
    fn default() -> Self {
        Self {
            prune: false,
            prune_days: 0,
            keep_deletion_records: true,
            use_delete_markers: true,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unversioned_overwrite: false,
            retention_default: None,
            minimum_retention_after_initial_unspecified: None,
            enterprise_mode: true,
            retention_classes: BTreeMap::new(),
            custom_metadata_changes: CustomMetadataChanges::Add,
            shredding_default: false,
            disposition_enabled: false,
            hard_quota: None,
            soft_quota: 85,
            permission_mask: Permissions::MASK,
            auth_minimum_permissions: Permissions::NONE,
            auth_and_anonymous_minimum_permissions: Permissions::NONE,
            acls_usage: AclsUsage::Enforced,
            http: Switches::default(),
            versions: Versions::default(),
            multipart_upload_auto_abort_days: 30,
        }
    }
}

impl Settings {
    /// Refuses retention values that could not be read later.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let classes = self.retention_classes.values().map(|class| &class.value);
        let minimum = &self.minimum_retention_after_initial_unspecified;
        for value in self.retention_default.iter().chain(minimum).chain(classes) {
            if value.parse::<Retention>().is_err() {
                return Err(Error::InvalidSetting(format!(
                    "`{value}` is not a retention value"
                )));
            }
        }
        Ok(())
    }

    /// The same, with those changed that a JSON object names.
    pub(crate) fn changed(&self, change: serde_json::Value) -> Result<Self, Error> {
        let serde_json::Value::Object(change) = change else {
            return Err(Error::InvalidSetting("settings are an object".to_owned()));
        };
        let mut all = serde_json::to_value(self)
            .map_err(|_impossible| Error::Damaged("settings cannot be written"))?;
        if let Some(all) = all.as_object_mut() {
            all.extend(change);
        }
        let changed: Self = serde_json::from_value(all)
            .map_err(|invalid| Error::InvalidSetting(invalid.to_string()))?;
        changed.check()?;
        Ok(changed)
    }

    /// Says no to a request that came in a way which is switched off.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<(), Error> {
        match caller.origin() {
            Some(origin) => self.http.admit(caller, origin),
            None => Ok(()),
        }
    }

    /// What a caller may do without being named anywhere.
    pub(crate) fn minimum(&self, caller: &Caller) -> Permissions {
        let everybody = self.auth_and_anonymous_minimum_permissions;
        if caller.account().is_ok() {
            everybody | self.auth_minimum_permissions
        } else {
            everybody
        }
    }

    /// The class of a name, whatever its case.
    pub(crate) fn class(&self, name: &str) -> Option<(&str, &Class)> {
        self.retention_classes
            .iter()
            .find(|(known, _class)| known.eq_ignore_ascii_case(name))
            .map(|(known, class)| (known.as_str(), class))
    }

    /// The bytes that may be stored.
    pub(crate) fn quota_bytes(&self) -> Option<u64> {
        self.hard_quota.map(Quota::bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_programs_wrote_is_still_read() {
        let old = r#"{"s3UnversionedOverwrite":true,"retentionDefault":"A+1d","enterpriseMode":true,
            "retentionClasses":{"tax":"A+7y"}}"#;
        let settings: Settings = serde_json::from_str(old).unwrap();
        assert!(settings.unversioned_overwrite);
        assert_eq!(settings.class("TAX").unwrap().1.value, "A+7y");
        assert_eq!(settings.permission_mask, Permissions::MASK);
        let written = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<Settings>(&written).unwrap(),
            settings
        );
    }
}
