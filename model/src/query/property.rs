//! The properties of objects that HCP knows (HCP's metadata query API, "Object properties").

use std::{fmt, str::FromStr};

/// How the values of a property are written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Characters.
    Text,
    /// A whole number.
    Number,
    /// Milliseconds since 1970, with or without a fraction: `1334244924615.00`.
    Milliseconds,
    /// `2024-06-01T10:00:00+0000`; also with a colon in the offset, with `Z`, and without an offset,
    /// which then is UTC.
    Time,
    /// `true`, `false`, `1`, `0`.
    Flag,
}

/// What a property is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Json {
    /// Text in quotes.
    String,
    /// A number; HCP sometimes writes it as text.
    Number,
    /// A boolean.
    Boolean,
    /// It is asked for and never answered.
    Absent,
}

/// What can be done with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of HCP's table, whose columns are yes or no"
)]
pub struct Facts {
    /// HCP's name.
    pub name: &'static str,
    /// How its values are written in a query.
    pub kind: Kind,
    /// What it is in an answer.
    pub json: Json,
    /// Whether a query may name it.
    pub queried: bool,
    /// Whether it may stand before a range.
    pub ranged: bool,
    /// Whether results are sorted by it.
    pub sorted: bool,
    /// Whether letters match in their own case alone.
    pub cased: bool,
    /// Whether its values may hold `?` and `*`.
    pub wildcards: bool,
}

const NO: bool = false;
const YES: bool = true;

macro_rules! properties {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $kind:ident, $json:ident,
        $queried:ident $ranged:ident $sorted:ident $cased:ident $wildcards:ident;)+) => {
        /// A property that every object of HCP has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Property {
            $($(#[$doc])+ $variant,)+
        }

        impl Property {
            /// All of them, as HCP orders them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What can be done with it.
            pub const fn facts(self) -> Facts {
                match self {
                    $(Self::$variant => Facts {
                        name: $name,
                        kind: Kind::$kind,
                        json: Json::$json,
                        queried: $queried,
                        ranged: $ranged,
                        sorted: $sorted,
                        cased: $cased,
                        wildcards: $wildcards,
                    },)+
                }
            }
        }
    };
}

// Columns: queried, ranged, sorted, cased, wildcards.
properties! {
    /// The object's address in HCP's own REST API.
    UrlName = "urlName", Text, String, NO NO NO YES NO;
    /// What happened: `CREATED`, `DELETED`, `DISPOSED`, `PRUNED`, `PURGED`, `NOT_FOUND`.
    Operation = "operation", Text, String, NO NO NO YES NO;
    /// When it changed last; two digits behind the point tell changes of one millisecond apart.
    ChangeTimeMilliseconds = "changeTimeMilliseconds", Milliseconds, String, YES YES YES NO NO;
    /// The id of its version.
    Version = "version", Number, Number, YES NO YES NO NO;
    /// When it was read last, in seconds since 1970.
    AccessTime = "accessTime", Number, Number, YES YES YES NO NO;
    /// The same as a date.
    AccessTimeString = "accessTimeString", Time, String, YES YES YES NO NO;
    /// Whether it has an access control list.
    Acl = "acl", Flag, Boolean, YES NO YES NO NO;
    /// What its access control list grants, and whom: `"rw,USER,acme,ops1"`.
    AclGrant = "aclGrant", Text, Absent, YES NO NO YES NO;
    /// When it changed last, as a date.
    ChangeTimeString = "changeTimeString", Time, String, YES YES YES NO NO;
    /// Whether it has custom metadata.
    CustomMetadata = "customMetadata", Flag, Boolean, YES NO YES NO NO;
    /// The names of its annotations, with commas.
    CustomMetadataAnnotation = "customMetadataAnnotation", Text, String, YES NO YES YES NO;
    /// Words of its custom metadata, and pieces of its XML: `"department.sales.department"`.
    CustomMetadataContent = "customMetadataContent", Text, Absent, YES NO NO NO YES;
    /// How many copies its namespace keeps.
    Dpl = "dpl", Number, Number, YES YES YES NO NO;
    /// The group that owns it, in POSIX.
    Gid = "gid", Number, Number, NO NO NO NO NO;
    /// Its hash: `SHA-256 9B6D…`.
    Hash = "hash", Text, String, YES YES YES YES YES;
    /// How its hash is computed.
    HashScheme = "hashScheme", Text, String, YES YES YES YES YES;
    /// Whether it is on hold.
    Hold = "hold", Flag, Boolean, YES NO YES NO NO;
    /// Whether its custom metadata is indexed.
    Index = "index", Flag, Boolean, YES NO YES NO NO;
    /// When it was stored, in seconds since 1970.
    IngestTime = "ingestTime", Number, Number, YES YES YES NO NO;
    /// The same as a date.
    IngestTimeString = "ingestTimeString", Time, String, YES YES YES NO NO;
    /// Its namespace and tenant: `archive.acme`.
    Namespace = "namespace", Text, String, YES NO YES NO NO;
    /// Its path in the namespace: `/folder/file`.
    ObjectPath = "objectPath", Text, String, YES NO YES NO YES;
    /// Who owns it: `USER,tenant,name`.
    Owner = "owner", Text, String, YES NO YES NO NO;
    /// Its POSIX mode, in octal.
    Permissions = "permissions", Text, String, NO NO NO NO NO;
    /// Whether it was replicated.
    Replicated = "replicated", Flag, Boolean, NO NO NO NO NO;
    /// Whether replication brought two of its name together.
    ReplicationCollision = "replicationCollision", Flag, Boolean, YES NO YES NO NO;
    /// When its retention ends, in seconds since 1970; 0, -1 and -2 are special.
    Retention = "retention", Number, Number, YES YES YES NO NO;
    /// The name of its retention class.
    RetentionClass = "retentionClass", Text, String, YES YES YES YES YES;
    /// Its retention in words: a date, `Deletion Allowed`, `Deletion Prohibited`,
    /// `Initial Unspecified`.
    RetentionString = "retentionString", Text, String, YES YES YES YES NO;
    /// Whether it is overwritten when it is deleted.
    Shred = "shred", Flag, Boolean, YES NO YES NO NO;
    /// Its size in bytes.
    Size = "size", Number, Number, YES YES YES NO NO;
    /// What it is; always `object`.
    Type = "type", Text, String, NO NO NO NO NO;
    /// The user that owns it, in POSIX.
    Uid = "uid", Number, Number, NO NO NO NO NO;
    /// When its metadata changed last, in seconds since 1970.
    UpdateTime = "updateTime", Number, Number, YES YES YES NO NO;
    /// The same as a date.
    UpdateTimeString = "updateTimeString", Time, String, YES YES YES NO NO;
    /// The last piece of its path.
    Utf8Name = "utf8Name", Text, String, YES YES YES YES YES;
}

impl Property {
    /// HCP's name.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The property of that name; names count with their case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|property| property.name() == name)
    }

    /// The property whose name differs by case alone.
    pub fn named_in_any_case(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|property| property.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Property {
    type Err = UnknownProperty;

    fn from_str(name: &str) -> Result<Self, UnknownProperty> {
        Self::named(name).ok_or(UnknownProperty)
    }
}

/// Objects have no property of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("objects have no property of that name")]
pub struct UnknownProperty;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_properties() {
        for property in Property::ALL {
            assert_eq!(property.name().parse(), Ok(*property));
            assert_eq!(
                Property::named_in_any_case(&property.name().to_uppercase()),
                Some(*property)
            );
        }
        assert_eq!("Size".parse::<Property>(), Err(UnknownProperty));
    }

    #[test]
    fn nothing_is_ranged_or_has_wildcards_that_cannot_be_asked_for() {
        for property in Property::ALL {
            let facts = property.facts();
            assert!(facts.queried || !facts.ranged && !facts.sorted && !facts.wildcards);
            assert!(facts.kind == Kind::Text || !facts.wildcards, "{property}");
        }
    }
}
