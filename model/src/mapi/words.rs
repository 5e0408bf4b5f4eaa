//! The words that HCP's properties are chosen from, and the lists made of them.

use super::value::{Choice, list, words};

words! {
    /// What an account may do with the objects of a namespace.
    Permission {
        /// List.
        Browse = "BROWSE",
        /// Read objects; with it comes `BROWSE`.
        Read = "READ",
        /// Write objects.
        Write = "WRITE",
        /// Delete objects.
        Delete = "DELETE",
        /// Delete objects with all their versions; with it comes `DELETE`.
        Purge = "PURGE",
        /// Search; with it come `READ` and `BROWSE`.
        Search = "SEARCH",
        /// Set holds, and delete under retention.
        Privileged = "PRIVILEGED",
        /// Read access control lists.
        ReadAcl = "READ_ACL",
        /// Write access control lists.
        WriteAcl = "WRITE_ACL",
        /// Give objects to another owner.
        Chown = "CHOWN",
    }
}

impl Permission {
    /// The permissions that a permission mask has.
    pub const OF_MASKS: [Self; 6] = [
        Self::Read,
        Self::Write,
        Self::Delete,
        Self::Purge,
        Self::Privileged,
        Self::Search,
    ];

    /// The permissions that everybody can have at least.
    pub const OF_MINIMUMS: [Self; 7] = [
        Self::Browse,
        Self::Read,
        Self::ReadAcl,
        Self::Write,
        Self::WriteAcl,
        Self::Delete,
        Self::Purge,
    ];

    /// The permission of a mask that lets it through: of what a mask does not name, reading governs browsing and
    /// reading lists of access, and writing governs the rest (HCP's manual, "Permission masks").
    #[must_use]
    pub const fn masked_by(self) -> Self {
        match self {
            Self::Browse | Self::ReadAcl => Self::Read,
            Self::WriteAcl | Self::Chown => Self::Write,
            named => named,
        }
    }

    /// What comes with it.
    pub const fn implies(self) -> &'static [Self] {
        match self {
            Self::Read => &[Self::Browse],
            Self::Search => &[Self::Read, Self::Browse],
            Self::Purge => &[Self::Delete],
            _ => &[],
        }
    }
}

words! {
    /// What can be ruled out in a whole tenant or namespace.
    MaskedPermission(case_sensitive) {
        /// Read objects and list them.
        Read = "READ",
        /// Write objects.
        Write = "WRITE",
        /// Delete objects.
        Delete = "DELETE",
        /// Delete objects with all their versions.
        Purge = "PURGE",
        /// Set holds, and delete under retention.
        Privileged = "PRIVILEGED",
        /// Search.
        Search = "SEARCH",
    }
}

words! {
    /// How the content of objects is hashed.
    HashScheme(case_sensitive) {
        /// MD5.
        Md5 = "MD5",
        /// SHA-1.
        Sha1 = "SHA-1",
        /// SHA-256.
        Sha256 = "SHA-256",
        /// SHA-384.
        Sha384 = "SHA-384",
        /// SHA-512.
        Sha512 = "SHA-512",
        /// RIPEMD-160.
        Ripemd160 = "RIPEMD-160",
    }
}

words! {
    /// What a namespace is optimised for.
    OptimizedFor {
        /// S3 and REST alone.
        Cloud = "CLOUD",
        /// File protocols as well.
        All = "ALL",
    }
}

words! {
    /// What new namespaces are optimised for.
    DefaultOptimizedFor {
        /// What the system takes.
        Default = "DEFAULT",
        /// S3 and REST alone.
        Cloud = "CLOUD",
        /// File protocols as well.
        All = "ALL",
    }
}

words! {
    /// How objects lie in directories.
    DirectoryUsage {
        /// Evenly.
        Balanced = "Balanced",
        /// Many in one.
        Unbalanced = "Unbalanced",
        /// What the system takes.
        Default = "Default",
    }
}

words! {
    /// Who looks after retention.
    RetentionType {
        /// HCP's own retention.
        Hcp = "HCP",
        /// S3 object lock.
        S3 = "S3",
    }
}

words! {
    /// Whether access control lists are there, and hold.
    AclsUsage {
        /// There are none.
        NotEnabled = "NOT_ENABLED",
        /// Some of HCP's examples have it for `ENFORCED`.
        Enabled = "ENABLED",
        /// They hold.
        Enforced = "ENFORCED",
        /// They are kept and do not hold.
        NotEnforced = "NOT_ENFORCED",
    }
}

words! {
    /// What kind of account owns a namespace.
    OwnerType {
        /// One of the tenant.
        Local = "LOCAL",
        /// One of a directory.
        External = "EXTERNAL",
    }
}

words! {
    /// What may be changed in the custom metadata of an object under retention.
    CustomMetadataChanges {
        /// Added.
        Add = "ADD",
        /// Added, replaced and deleted.
        All = "ALL",
        /// Nothing.
        None = "NONE",
    }
}

words! {
    /// In which case CIFS keeps names.
    CaseForcing {
        /// Upper.
        Upper = "UPPER",
        /// Lower.
        Lower = "LOWER",
        /// As they come.
        Disabled = "DISABLED",
    }
}

words! {
    /// How SMTP keeps mail.
    EmailFormat {
        /// One file for each.
        Eml = ".eml",
        /// One file for many.
        Mbox = ".mbox",
    }
}

words! {
    /// What becomes of the losing object of a replication collision.
    CollisionAction {
        /// It is moved to `.lost+found`.
        Move = "MOVE",
        /// It is renamed.
        Rename = "RENAME",
    }
}

words! {
    /// How the users of a tenant sign in.
    AuthenticationType {
        /// With a password that HCP keeps.
        Local = "LOCAL",
        /// By RADIUS.
        Radius = "RADIUS",
        /// By a directory.
        External = "EXTERNAL",
    }
}

words! {
    /// Which events a recipient is told of.
    Importance {
        /// All.
        All = "ALL",
        /// Those that matter much.
        Major = "MAJOR",
    }
}

words! {
    /// From which severity on a recipient is told of events.
    Severity {
        /// All.
        Notice = "NOTICE",
        /// Warnings and errors.
        Warning = "WARNING",
        /// Errors.
        Error = "ERROR",
    }
}

words! {
    /// What a content property holds.
    ContentType {
        /// True or false.
        Boolean = "BOOLEAN",
        /// A date.
        Date = "DATE",
        /// A number.
        Float = "FLOAT",
        /// Text that is searched word by word.
        FullText = "FULLTEXT",
        /// A whole number.
        Integer = "INTEGER",
        /// Text that is searched as a whole.
        String = "STRING",
    }
}

words! {
    /// Of how much time a row of a chargeback report is.
    Granularity {
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
        /// All the time that was asked for.
        Total = "total",
    }
}

list! {
    /// Permissions: `{"permission": ["READ"]}`.
    Permissions of Choice<Permission> = "permission"
}

impl Permissions {
    /// Whether all are among some; words that we do not know are not.
    pub fn only_of(&self, some: &[Permission]) -> Result<(), String> {
        let outside = |choice: &&Choice<Permission>| {
            !choice.known().is_some_and(|known| some.contains(&known))
        };
        match self.0.iter().find(outside) {
            None => Ok(()),
            Some(word) => {
                let words: Vec<_> = some.iter().map(ToString::to_string).collect();
                Err(format!("{word} is not one of {}", words.join(", ")))
            }
        }
    }

    /// The permissions that we know, with all that comes with them, in HCP's order.
    pub fn with_implied(&self) -> Vec<Permission> {
        let given: Vec<_> = self.0.iter().filter_map(Choice::known).collect();
        let has = |wanted: &Permission| {
            given.contains(wanted) || given.iter().any(|one| one.implies().contains(wanted))
        };
        <Permission as super::value::Word>::ALL
            .iter()
            .copied()
            .filter(has)
            .collect()
    }
}

list! {
    /// What a mask leaves possible.
    MaskedPermissions of Choice<MaskedPermission>
}

list! {
    /// Roles: `{"role": ["MONITOR"]}`.
    Roles of Choice<super::Role> = "role"
}

impl Roles {
    /// The roles that we know.
    pub fn known(&self) -> impl Iterator<Item = super::Role> + '_ {
        self.0.iter().filter_map(Choice::known)
    }
}

list! {
    /// Tags: `{"tag": ["gold"]}`.
    Tags of String = "tag"
}

list! {
    /// How users sign in: `{"authenticationType": ["LOCAL"]}`.
    AuthenticationTypes of Choice<AuthenticationType> = "authenticationType"
}

list! {
    /// Names: `{"name": ["archive"]}`.
    Names of String = "name"
}

list! {
    /// The names of users: `{"username": ["ops1"]}`.
    Usernames of String = "username"
}

list! {
    /// The names of groups: `{"groupname": ["archivists@ad.example.com"]}`.
    Groupnames of String = "groupname"
}
