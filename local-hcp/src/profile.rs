//! The two ways in which the store behaves, and every difference between them.
//!
//! Nothing else asks which profile runs: code asks for the habit it has to follow.

/// Whose habits the store has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// S3 as S3 users know it.
    #[default]
    Standard,
    /// HCP to the letter, so that a client meets the appliance's real habits.
    Hcp,
}

/// One column of the table.
#[expect(clippy::struct_excessive_bools, reason = "it is a table of yes and no")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Habits {
    /// A key is overwritten although its bucket keeps no versions; else 409 `OperationAborted`,
    /// unless the namespace has `s3UnversionedOverwrite`.
    pub(crate) overwrites: bool,
    /// `If-Match` and `If-None-Match` hold for PUT, the former for DELETE too, and the latter for
    /// completions; else they are ignored.
    pub(crate) conditional_writes: bool,
    /// Deleting a key writes a delete marker whatever was there; else an absent or deleted key is
    /// left alone.
    pub(crate) marks_absent_keys: bool,
    /// Versions are listed with the newest of a key first; else with the oldest.
    pub(crate) newest_first: bool,
    /// The version written without versioning is called `null`; else it has a number as all have.
    pub(crate) null_version: bool,
    /// A copy whose source is named and a delete marker is 400 `InvalidRequest`; else 404, as if there
    /// were no such version.
    pub(crate) refuses_marker_as_source: bool,
    /// Objects have tags, buckets a location, GET and HEAD a `partNumber`; else 501.
    pub(crate) extensions: bool,
    /// `folder/` exists for every key below it and is listed; else keys with a slash at the end are
    /// keys as any other.
    pub(crate) folders: bool,
    /// Multi-delete and CORS documents must come with `Content-MD5`.
    pub(crate) demands_md5: bool,
    /// What is wrong with the parts of a completion is told under status 200.
    pub(crate) completion_errors_in_200: bool,
    /// Reads tell retention and holds also where there are none.
    pub(crate) tells_protection: bool,
    /// Names of user metadata are rewritten to what an XML element may be called, and empty values
    /// dropped.
    pub(crate) metadata_as_xml: bool,
    /// Parts and completions that carry user metadata are 400; else it is ignored there.
    pub(crate) refuses_metadata_of_parts: bool,
    /// Reads with opposite conditions are 400; else the first that decides does.
    pub(crate) refuses_opposite_conditions: bool,
    /// A completion must say that it is XML.
    pub(crate) demands_type_of_completion: bool,
    /// Who makes a namespace by management may use it by S3 at once, with all data access permissions, it is
    /// indexed, and deletes leave markers; else S3 is off, nobody has any, and deletes leave none.
    pub(crate) ready_namespaces: bool,
    /// Grants to everybody hold without a signature until S3 is told to require one; else new buckets
    /// require it.
    pub(crate) anonymous_by_grant: bool,
    /// A bucket made by S3 has no quota where its tenant has none and says nothing of new namespaces; else
    /// it has HCP's default.
    pub(crate) buckets_without_quota: bool,
    /// Buckets of others in which one has data access permissions are listed; else one's own alone.
    pub(crate) lists_granted_buckets: bool,
    /// HEAD of a management resource that is absent, or not for the caller to see, is 302; else 404 and
    /// 403.
    pub(crate) hides_absence: bool,
    /// After how many days a password has to be changed, and an account that nobody uses is disabled,
    /// unless its tenant says otherwise; 0: never. Programs that use S3 change no passwords.
    pub(crate) days_to_expiry: i64,
    /// The addresses of everybody: whom a tenant lets sign in that says nothing.
    pub(crate) everybody: &'static [&'static str],
    /// An account may see itself and change its own password whatever its roles; else the password
    /// alone, and only when it has to.
    pub(crate) serves_own_account: bool,
    /// Metadata queries are read in our own language too, namespaces may be named without their tenant, lists
    /// be arrays, and operations tell who did them; else HCP's language alone.
    pub(crate) extended_queries: bool,
    /// Custom metadata is searched whatever the namespace says.
    pub(crate) indexes_custom_metadata: bool,
    /// How long before a query for operations the time ends that it is about, where it says no end.
    pub(crate) operations_lag_ms: i64,
    /// The first user of a new tenant has the administrator role beside the security role.
    pub(crate) first_user_administers: bool,
}

impl Profile {
    pub(crate) const fn habits(self) -> Habits {
        match self {
            Self::Standard => Habits {
                overwrites: true,
                conditional_writes: true,
                marks_absent_keys: true,
                newest_first: true,
                null_version: true,
                refuses_marker_as_source: true,
                extensions: true,
                folders: false,
                demands_md5: false,
                completion_errors_in_200: false,
                tells_protection: false,
                metadata_as_xml: false,
                refuses_metadata_of_parts: false,
                refuses_opposite_conditions: false,
                demands_type_of_completion: false,
                ready_namespaces: true,
                anonymous_by_grant: true,
                buckets_without_quota: true,
                lists_granted_buckets: true,
                hides_absence: false,
                days_to_expiry: 0,
                everybody: &["0.0.0.0/0", "::0/0"],
                serves_own_account: true,
                extended_queries: true,
                indexes_custom_metadata: true,
                operations_lag_ms: 0,
                first_user_administers: true,
            },
            Self::Hcp => Habits {
                overwrites: false,
                conditional_writes: false,
                marks_absent_keys: false,
                newest_first: false,
                null_version: false,
                refuses_marker_as_source: false,
                extensions: false,
                folders: true,
                demands_md5: true,
                completion_errors_in_200: true,
                tells_protection: true,
                metadata_as_xml: true,
                refuses_metadata_of_parts: true,
                refuses_opposite_conditions: true,
                demands_type_of_completion: true,
                ready_namespaces: false,
                anonymous_by_grant: false,
                buckets_without_quota: false,
                lists_granted_buckets: false,
                hides_absence: true,
                days_to_expiry: 180,
                everybody: &["0.0.0.0/0"],
                serves_own_account: false,
                extended_queries: false,
                indexes_custom_metadata: false,
                operations_lag_ms: 60_000,
                first_user_administers: false,
            },
        }
    }
}
