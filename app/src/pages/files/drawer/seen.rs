//! What is asked of the store about one object, part by part.

use model::{
    BucketName, ErrorCode, ObjectKey, Problem, Timestamp,
    acl::GetObjectAcl,
    annotation::{ListAnnotations, Listed, METAPAIRS},
    expiry::{GetExpiry, ObjectExpiry},
    link::{LinkPage, LinkPageQuery, ListLinks},
    lock::{GetLock, ObjectLock},
    object::{GetDetails, ObjectDetails},
    preview::{GetArchive, GetPreview, Kind, Source, Wanted},
    protection::{GetProtection, ObjectProtection},
    session::Session,
    tags::{GetTags, Tags},
};
use serde::{Deserialize, Serialize};

use super::{
    super::look::{Open, Part},
    preview::Looked,
};
use crate::{
    api,
    pages::access::{Granted, Place, granted},
    pages::versions::{Compared, Listing, compared_at, history_of},
    words::drawer,
};

/// The links of one object that are shown.
const LINKS: u32 = 50;

/// What was found of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The key.
    pub key: String,
    /// The version; empty for the object as it is.
    pub version: String,
    /// What of it was asked for.
    pub what: What,
}

/// One part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum What {
    /// What it holds.
    Preview(Box<Looked>),
    /// What it is stored with.
    Details(Box<Details>),
    /// What is kept of it.
    Versions(Box<History>),
    /// Who may do what with it.
    Access(Box<Granted>),
    /// What keeps it.
    Retention(Box<Kept>),
    /// How it is given to others.
    Share(Box<Given>),
    /// The store did not tell.
    Failed(Part, Problem),
}

/// What keeps an object, and when it is removed: as far as the store and the server have either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What keeps it on an HCP.
    pub protection: Option<ObjectProtection>,
    /// What keeps it in another store.
    pub lock: Option<ObjectLock>,
    /// When it is removed: of the object as it is alone.
    pub expiry: Option<ObjectExpiry>,
}

/// The Hako links of an object that are there already, where the server keeps any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Given {
    /// The links, newest first, or why they are not told.
    pub links: Option<Result<LinkPage, Problem>>,
}

/// What is kept of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct History {
    /// The versions.
    pub listing: Listing,
    /// How two of them differ, where the address names two.
    pub compared: Option<Compared>,
}

/// What an object is stored with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Details {
    /// What the store tells with it.
    pub object: ObjectDetails,
    /// Whom it belongs to, where that may be known.
    pub owner: Option<String>,
    /// Its tags, where the store keeps any.
    pub tags: Option<Result<Tags, Problem>>,
    /// Its annotations but the metadata of S3, where the store keeps any.
    pub annotations: Option<Result<Vec<Listed>, Problem>>,
}

impl Seen {
    /// When the object is removed, as this part tells, or else as something else does.
    pub fn ends(&self, or_else: impl FnOnce() -> Option<Timestamp>) -> Option<Timestamp> {
        match &self.what {
            What::Details(details) => details.object.expires_at,
            What::Retention(kept) => kept.expiry.as_ref().map_or_else(or_else, |e| e.expires_at),
            What::Failed(_, problem) if problem.code == ErrorCode::ObjectNotFound => None,
            _ => or_else(),
        }
    }

    /// Whether it is what the address opens.
    pub fn is_of(&self, open: &Open) -> bool {
        let part = match &self.what {
            What::Preview(_) => Part::Preview,
            What::Details(_) => Part::Details,
            What::Versions(_) => Part::Versions,
            What::Access(_) => Part::Access,
            What::Retention(_) => Part::Retention,
            What::Share(_) => Part::Share,
            What::Failed(part, _) => *part,
        };
        let version = part == Part::Versions || self.version == open.version;
        self.key == open.key && part == open.part() && version
    }
}

/// Asks for the part of an object that the address opens; of its versions, two may be `compared`.
pub(super) async fn look(
    bucket: BucketName,
    open: Open,
    session: &Session,
    compared: Vec<String>,
) -> Seen {
    let part = open.part();
    let what = match part {
        Part::Preview => looked(bucket, &open)
            .await
            .map(|looked| What::Preview(Box::new(looked))),
        Part::Details => details(bucket, &open, session)
            .await
            .map(|details| What::Details(Box::new(details))),
        Part::Versions => history(&bucket, &open.key, &compared)
            .await
            .map(|history| What::Versions(Box::new(history))),
        Part::Access => listed(bucket, &open, session)
            .await
            .map(|granted| What::Access(Box::new(granted))),
        Part::Retention => kept(bucket, &open, session)
            .await
            .map(|kept| What::Retention(Box::new(kept))),
        Part::Share => given(bucket, &open, session)
            .await
            .map(|given| What::Share(Box::new(given))),
    };
    Seen {
        key: open.key,
        version: open.version,
        what: what.unwrap_or_else(|problem| What::Failed(part, problem)),
    }
}

async fn history(bucket: &BucketName, key: &str, compared: &[String]) -> Result<History, Problem> {
    let listing = history_of(bucket, key).await?;
    let compared = compared_at(bucket, &listing, compared).await;
    Ok(History { listing, compared })
}

/// The object that an address names.
fn named(open: &Open) -> Result<(ObjectKey, Option<String>), Problem> {
    let key = ObjectKey::parse(open.key.clone())
        .map_err(|_no_key| Problem::new(ErrorCode::ObjectNotFound, drawer::no_such_object()))?;
    let version_id = Some(open.version.clone()).filter(|version| !version.is_empty());
    Ok((key, version_id))
}

/// What it holds; of an archive also what lies in it.
async fn looked(bucket: BucketName, open: &Open) -> Result<Looked, Problem> {
    let (key, version_id) = named(open)?;
    let source = Source {
        bucket,
        key,
        version_id,
        entry: None,
    };
    let preview = api::call(GetPreview {
        source: source.clone(),
        wanted: Wanted::default(),
    });
    let preview = preview.await?;
    let archive = if preview.kind == Kind::Archive {
        let folder = String::new();
        Some(api::call(GetArchive { source, folder }).await)
    } else {
        None
    };
    Ok(Looked { preview, archive })
}

/// Who may do what with it.
async fn listed(bucket: BucketName, open: &Open, session: &Session) -> Result<Granted, Problem> {
    let (key, version_id) = named(open)?;
    let place = Place {
        bucket,
        key: Some(key),
        version_id,
    };
    granted(place, session).await
}

/// What keeps it, and when it is removed.
async fn kept(bucket: BucketName, open: &Open, session: &Session) -> Result<Kept, Problem> {
    let features = &session.features;
    let (key, version_id) = named(open)?;
    let is_newest = version_id.is_none();
    let expiry = GetExpiry {
        bucket: bucket.clone(),
        key: key.clone(),
    };
    let lock = GetLock {
        bucket: bucket.clone(),
        key: key.clone(),
        version_id: version_id.clone(),
    };
    let protection = GetProtection {
        bucket,
        key,
        version_id,
    };
    let lock = async {
        if features.objects.lock {
            api::call(lock).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let protection = async {
        if features.objects.is_kept() {
            api::call(protection).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let expiry = async {
        if features.expiry && is_newest {
            api::call(expiry).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let (protection, lock, expiry) = futures::join!(protection, lock, expiry);
    Ok(Kept {
        protection: protection?,
        lock: lock?,
        expiry: expiry?,
    })
}

/// The links to it. That it is there is asked first: what is gone is not shared.
async fn given(bucket: BucketName, open: &Open, session: &Session) -> Result<Given, Problem> {
    let (key, _) = named(open)?;
    let links = ListLinks(LinkPageQuery {
        limit: Some(LINKS),
        bucket: Some(bucket.to_string()),
        target: Some(key.to_string()),
        ..LinkPageQuery::default()
    });
    let links = async {
        if session.features.links {
            Some(api::call(links).await)
        } else {
            None
        }
    };
    let object = async {
        if open.key.ends_with('/') {
            return Ok(());
        }
        let version_id = None;
        let details = GetDetails {
            bucket,
            key,
            version_id,
        };
        api::call(details).await.map(|_there| ())
    };
    let (links, object) = futures::join!(links, object);
    object?;
    Ok(Given { links })
}

async fn details(bucket: BucketName, open: &Open, session: &Session) -> Result<Details, Problem> {
    let offers = session.features.objects;
    let (key, version_id) = named(open)?;
    let object = GetDetails {
        bucket: bucket.clone(),
        key: key.clone(),
        version_id: version_id.clone(),
    };
    let acl = GetObjectAcl {
        bucket: bucket.clone(),
        key: key.clone(),
        version_id: version_id.clone(),
    };
    let tags = GetTags {
        bucket: bucket.clone(),
        key: key.clone(),
        version_id: version_id.clone(),
    };
    let annotations = ListAnnotations {
        bucket,
        key,
        version_id,
        content: true,
    };
    // Both are refused to who may read the object and no more: then the rest is shown without them.
    let owner = async {
        if !offers.acl {
            return None;
        }
        let owner = api::call(acl).await.ok()?.owner?;
        owner.display_name.or(owner.id)
    };
    let tags = async {
        if offers.tags {
            Some(api::call(tags).await)
        } else {
            None
        }
    };
    let annotations = async {
        if !offers.annotations {
            return None;
        }
        let mut all = api::call(annotations).await.map(|all| all.annotations);
        if let Ok(all) = &mut all {
            all.retain(|one| one.name != METAPAIRS);
        }
        Some(all)
    };
    let (object, owner, tags, annotations) =
        futures::join!(api::call(object), owner, tags, annotations);
    Ok(Details {
        object: object?,
        owner,
        tags,
        annotations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_shown_only_where_it_was_asked_for() {
        let open = |key: &str, version: &str, tab: &str| Open {
            key: key.to_owned(),
            version: version.to_owned(),
            tab: tab.to_owned(),
        };
        let seen = Seen {
            key: "a".to_owned(),
            version: "3".to_owned(),
            what: What::Failed(Part::Details, Problem::new(ErrorCode::AccessDenied, "")),
        };
        assert!(seen.is_of(&open("a", "3", "details")));
        assert!(seen.is_of(&open("a", "3", "nonsense")));
        assert!(!seen.is_of(&open("a", "", "")));
        assert!(!seen.is_of(&open("b", "3", "")));
        assert!(!seen.is_of(&open("a", "3", "versions")));
    }
}
