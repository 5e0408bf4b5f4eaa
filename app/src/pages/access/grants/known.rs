//! What is known of who may do what: the list, and what else lets strangers in.

use futures::join;
use http::Method;
use model::{
    BucketName, Endpoint as _, ObjectKey, Problem,
    acl::{Acl, AclPolicy, GetBucketAcl, GetObjectAcl, Public, PutBucketAcl, PutObjectAcl},
    bucket::Owner,
    mapi::{
        calls::{GetNamespace, ListUsers, ListUsersInFull, Verbose},
        edit,
    },
    session::Session,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::api;

/// What a list belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The bucket.
    pub bucket: BucketName,
    /// The object; the bucket itself without one.
    pub key: Option<ObjectKey>,
    /// A version of it.
    pub version_id: Option<String>,
}

impl Place {
    pub(super) async fn list(&self) -> Result<Acl, Problem> {
        let bucket = self.bucket.clone();
        match self.key.clone() {
            None => api::call(GetBucketAcl { bucket }).await,
            Some(key) => {
                let version_id = self.version_id.clone();
                api::call(GetObjectAcl {
                    bucket,
                    key,
                    version_id,
                })
                .await
            }
        }
    }

    pub(super) async fn set(&self, policy: AclPolicy) -> Result<(), Problem> {
        let bucket = self.bucket.clone();
        match self.key.clone() {
            None => api::call(PutBucketAcl { bucket, policy }).await.map(drop),
            Some(key) => {
                let version_id = self.version_id.clone();
                api::call(PutObjectAcl {
                    bucket,
                    key,
                    version_id,
                    policy,
                })
                .await
                .map(drop)
            }
        }
    }
}

/// A user of the tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct User {
    /// The user name.
    pub name: String,
    /// The id by which S3 knows the user, where it is told.
    pub id: String,
    /// The full name.
    pub full_name: String,
}

/// What is known of who may do what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Granted {
    /// Of what.
    pub place: Place,
    /// The list.
    pub acl: Acl,
    /// The users of the tenant, where the session may list them.
    pub users: Option<Vec<User>>,
    /// Who owns the bucket that an object is in.
    pub(super) bucket_owner: Option<Owner>,
    /// What strangers may do beside the list: by that of the bucket, and by what everybody may do in the namespace.
    pub(super) beside: Known,
    /// Whether lists of objects count; nothing where it is not known.
    pub(super) enforced: Option<bool>,
    pub(super) is_hcp: bool,
    /// The tenant whose administration the session may look at.
    pub(super) tenant: Option<String>,
}

/// What strangers may do by other ways than the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(super) struct Known {
    pub(super) read: bool,
    pub(super) write: bool,
    pub(super) list: bool,
    /// Whether all other ways are known.
    pub(super) whole: bool,
}

impl Known {
    pub(super) fn with(self, public: Public) -> Self {
        Self {
            read: self.read || public.read,
            write: self.write || public.write,
            list: self.list || public.list,
            ..self
        }
    }

    pub(super) fn public(self) -> Public {
        Public {
            read: self.read,
            write: self.write,
            list: self.list,
        }
    }
}

/// The words of a list of HCP, as it comes with or without its wrapper.
pub(in super::super) fn words(json: &Json, name: &str, wrapper: &str) -> Vec<String> {
    let found = json.get(name).map(|list| edit::items(wrapper, list));
    let words = found.unwrap_or_default().iter().filter_map(Json::as_str);
    words.map(str::to_owned).collect()
}

/// What the permissions that everybody has come to.
pub(super) fn minimum(permissions: &[String]) -> Public {
    let has = |any: &[&str]| permissions.iter().any(|one| any.contains(&one.as_str()));
    Public {
        read: has(&["BROWSE", "READ"]),
        write: has(&["WRITE", "DELETE", "PURGE"]),
        list: has(&["READ_ACL", "WRITE_ACL"]),
    }
}

/// The users of the tenant, where the session may list them.
pub(in super::super) async fn users(session: &Session) -> Option<Vec<User>> {
    let rights = &session.rights;
    let may = [rights.monitor, rights.admin, rights.security];
    let tenant_name = session
        .tenant
        .clone()
        .filter(|_| session.features.management && may.iter().any(|right| right.is_possible()))?;
    let all = ListUsersInFull(ListUsers {
        tenant_name,
        ..ListUsers::default()
    });
    let all = api::raw(Method::GET, all.path(), None).await.ok()?;
    let text = |user: &Json, name: &str| {
        let text = user.get(name).and_then(Json::as_str);
        text.unwrap_or_default().to_owned()
    };
    let users = edit::items("userAccount", &all).iter().map(|user| User {
        name: text(user, "username"),
        id: text(user, "userGUID"),
        full_name: text(user, "fullName"),
    });
    let mut users: Vec<_> = users.filter(|user| !user.name.is_empty()).collect();
    users.sort_by(|a, b| a.name.cmp(&b.name));
    Some(users)
}

/// The namespace behind a bucket, where the session may read it.
async fn namespace(session: &Session, bucket: &BucketName) -> Option<Json> {
    let rights = &session.rights;
    let may = [rights.monitor, rights.admin, rights.namespaces];
    let tenant_name = session
        .tenant
        .clone()
        .filter(|_| session.features.management && may.iter().any(|right| right.is_possible()))?;
    let asked = GetNamespace {
        tenant_name,
        ns_name: bucket.to_string(),
        query: Verbose(true),
    };
    api::raw(Method::GET, asked.path(), None).await.ok()
}

/// Asks who may do what.
///
/// # Errors
/// The list is not told.
pub(crate) async fn granted(place: Place, session: &Session) -> Result<Granted, Problem> {
    let is_hcp = session.backend.is_hcp();
    let of_bucket = async {
        place.key.as_ref()?;
        let bucket = place.bucket.clone();
        api::call(GetBucketAcl { bucket }).await.ok()
    };
    let (acl, of_bucket, users, namespace) = join!(
        place.list(),
        of_bucket,
        users(session),
        namespace(session, &place.bucket)
    );
    let mut beside = Known::default();
    if is_hcp {
        // What a bucket grants holds for all that lies in it; elsewhere only for the list of it.
        if let Some(acl) = &of_bucket {
            beside = beside.with(Public::of(&acl.grants));
        }
        if let Some(namespace) = &namespace {
            let name = "authAndAnonymousMinimumPermissions";
            beside = beside.with(minimum(&words(namespace, name, "permission")));
        }
    }
    beside.whole = !is_hcp || namespace.is_some() && (place.key.is_none() || of_bucket.is_some());
    let usage = namespace
        .as_ref()
        .and_then(|namespace| namespace.get("aclsUsage")?.as_str());
    let enforced = usage.map(|usage| matches!(usage, "ENFORCED" | "ENABLED"));
    Ok(Granted {
        acl: acl?,
        bucket_owner: of_bucket.and_then(|acl| acl.owner),
        place,
        users,
        beside,
        enforced,
        is_hcp,
        tenant: session.tenant.clone().filter(|_| {
            let may = [session.rights.monitor, session.rights.admin];
            session.features.management && may.iter().any(|right| right.is_possible())
        }),
    })
}
