//! Hako links: made, listed, limited and revoked by people; opened by visitors.
//!
//! A link works while its maker is away, so the maker's credentials are kept, sealed under a key that takes the
//! link's token to derive. The token is in the link's address alone; what is kept is its hash.

mod visit;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hcp::{Conditions, ErrorKind, Missing, hex};
use model::{
    BucketName, ErrorCode, TenantName, Timestamp,
    link::{DEFAULT_LIFE, Link, LinkChange, LinkKind, LinkState, NewLink, SHARED},
    object::ListObjectsQuery,
    problem::FieldError,
    session::Right,
};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

pub use visit::{Closed, Harmless, Listing, Opened, Typed, open};

use super::{reach, rights};
use crate::{
    Error,
    db::links::{Behind, Facts, LinkRecord, LinkStore, Maker, Wanted},
    session::{Session, Throttle},
    state::AppState,
    users,
    web::{extract, guard::RequestHost},
};

/// The bytes of a token.
const TOKEN_BYTES: usize = 32;

/// The links, and who tried wrong passwords at them.
pub struct Links {
    store: LinkStore,
    throttle: Throttle,
}

impl Links {
    /// On what is kept.
    pub fn new(store: LinkStore) -> Self {
        Self {
            store,
            throttle: Throttle::default(),
        }
    }
}

/// One person's links.
#[derive(Clone, Copy)]
pub struct Makers<'a> {
    /// The server.
    pub state: &'a AppState,
    /// Who asks.
    pub session: &'a Session,
}

/// What a token is looked up by.
fn hash(token: &[u8]) -> String {
    hex(&Sha256::digest(token))
}

/// What the credentials of a link are sealed for. Somebody who can write into what is kept cannot make a link open
/// anything else.
fn belongs(id: &str, facts: &Facts) -> Vec<u8> {
    let kind = facts.kind.as_str();
    // No part but the last may have the byte between them.
    format!("{id}\0{kind}\0{}\0{}", facts.bucket, facts.target).into_bytes()
}

fn nothing() -> Error {
    Error::Refused {
        status: http::StatusCode::NOT_FOUND,
        code: ErrorCode::LinkNotFound,
        detail: "There is no such link, or it is somebody else's.".to_owned(),
    }
}

impl Makers<'_> {
    fn maker(&self) -> Maker {
        let credentials = &self.session.claims.credentials;
        Maker {
            level: reach::level(self.state, &self.session.claims),
            tenant: credentials.tenant.as_ref().map(TenantName::to_string),
            person: credentials.username.to_string(),
        }
    }

    fn store(&self) -> &LinkStore {
        &self.state.links().store
    }

    /// Makes a link; its address, and the link.
    pub async fn create(&self, host: &RequestHost, new: NewLink) -> Result<(String, Link), Error> {
        if !reach::has_links(self.state, &self.session.claims) {
            return Err(Error::Refused {
                status: http::StatusCode::FORBIDDEN,
                code: ErrorCode::TenantRequired,
                detail: "An account of the system level has no data to share.".to_owned(),
            });
        }
        let faults = new.faults();
        if !faults.is_empty() {
            return Err(Error::Validation(faults));
        }
        let (bucket, target) = self.target(&new).await?;
        let password_hash = match new.password {
            Some(password) => Some(users::hash(password).await?),
            None => None,
        };
        let facts = Facts {
            kind: new.kind,
            bucket: bucket.to_string(),
            target,
            addresses: new.addresses,
            password_hash,
        };
        let now = self.state.now();
        let mut token = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut token);
        let id = uuid::Uuid::new_v4().simple().to_string();
        let sealed = self.state.tokens().seal_link(
            &token,
            &belongs(&id, &facts),
            &self.session.claims.credentials,
        )?;
        let record = LinkRecord {
            token_hash: hash(&token),
            maker: self.maker(),
            created_ms: now.unix_millis(),
            ends_at: end(now, new.expires_in.unwrap_or(DEFAULT_LIFE)),
            max_uses: new.uses,
            uses: 0,
            last_used: None,
            revoked_at: None,
            sealed,
            facts,
            id,
        };
        self.store().insert(&record, now).await?;
        let url = address(self.state, host, &URL_SAFE_NO_PAD.encode(token));
        Ok((url, self.told(record)))
    }

    /// What a link is to open, once it is sure that it can be.
    async fn target(&self, new: &NewLink) -> Result<(BucketName, String), Error> {
        let wrong =
            |field: &str, why: &str| Err(Error::Validation(vec![FieldError::body(field, why)]));
        let bucket = extract::bucket(&new.bucket)?;
        let s3 = self.session.s3(self.state)?;
        let max = reach::max_key_bytes(self.state);
        match (new.kind, &new.key, &new.prefix) {
            (LinkKind::Download, Some(key), None) => {
                let key = extract::key(key, max)?;
                s3.head_object(&bucket, &key, None, &Conditions::default())
                    .await?;
                Ok((bucket, key.to_string()))
            }
            (LinkKind::Download, ..) => {
                wrong("key", "a download link opens one object, by its key")
            }
            (LinkKind::Folder, None, Some(prefix)) => {
                if !self.is_folder(prefix)? {
                    return wrong("prefix", "a folder ends in a slash");
                }
                let there = s3.list_objects(&bucket, &first_below(prefix)).await?;
                // Its visitors would be told that the link opens nothing.
                if there.objects.is_empty() && !prefix.is_empty() {
                    return Err(Error::Refused {
                        status: http::StatusCode::NOT_FOUND,
                        code: ErrorCode::ObjectNotFound,
                        detail: "There is nothing in this folder.".to_owned(),
                    });
                }
                Ok((bucket, prefix.clone()))
            }
            (LinkKind::Folder, ..) => wrong(
                "prefix",
                "a folder link opens one folder, by what its keys begin with",
            ),
            (LinkKind::Request, None, Some(prefix)) => {
                if !self.is_folder(prefix)? {
                    return wrong("prefix", "a folder ends in a slash");
                }
                // Whoever may only write cannot list, and makes a link all the same.
                match s3.list_objects(&bucket, &first_below("")).await {
                    Err(e)
                        if e.kind()
                            == (ErrorKind::NotFound {
                                what: Missing::Bucket,
                            }) =>
                    {
                        Err(e.into())
                    }
                    _ => Ok((bucket, prefix.clone())),
                }
            }
            (LinkKind::Request, ..) => wrong(
                "prefix",
                "a request link stores into one folder, by what its keys begin with",
            ),
        }
    }

    /// Whether a text is what the keys of a folder begin with: nothing is, for all of a bucket.
    fn is_folder(&self, prefix: &str) -> Result<bool, Error> {
        if !prefix.is_empty() {
            extract::key(prefix, reach::max_key_bytes(self.state))?;
        }
        Ok(prefix.is_empty() || prefix.ends_with('/'))
    }

    /// Whether the caller sees the links of everybody in the tenant.
    async fn oversees(&self) -> bool {
        let claims = &self.session.claims;
        claims.credentials.tenant.is_some()
            && rights::known(self.state, claims).await.rights.admin == Right::Yes
    }

    /// So many links, newest first, and whether those of others are among them.
    pub async fn page(
        &self,
        wanted: &Wanted,
        behind: Option<Behind>,
        limit: u32,
    ) -> Result<(Vec<Link>, Option<Behind>, bool), Error> {
        let all = self.oversees().await;
        let (maker, now) = (self.maker(), self.state.now());
        let mut records = self
            .store()
            .page(&maker, all, wanted, behind, limit.saturating_add(1), now)
            .await?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let last = records.last().filter(|_| more);
        let next = last.map(|record| (record.created_ms, record.id.clone()));
        let links = records.into_iter().map(|record| self.told(record));
        Ok((links.collect(), next, all))
    }

    /// A link that the caller made, or may see.
    async fn find(&self, id: &str, of_others: bool) -> Result<LinkRecord, Error> {
        let found = self.store().find(id).await?.ok_or_else(nothing)?;
        let maker = self.maker();
        let may = found.maker.is(&maker)
            || of_others && found.maker.is_beside(&maker) && self.oversees().await;
        if may { Ok(found) } else { Err(nothing()) }
    }

    async fn again(&self, id: &str) -> Result<Link, Error> {
        let found = self.store().find(id).await?.ok_or_else(nothing)?;
        Ok(self.told(found))
    }

    /// Gives a link other limits: its maker alone, in whose name it works.
    pub async fn change(&self, id: &str, change: LinkChange) -> Result<Link, Error> {
        let faults = change.faults();
        if !faults.is_empty() {
            return Err(Error::Validation(faults));
        }
        self.find(id, false).await?;
        let ends_at = change.expires_in.map(|life| end(self.state.now(), life));
        if self.store().change(id, ends_at, change.uses).await? {
            self.again(id).await
        } else {
            Err(conflict("A revoked link stays revoked. Make another."))
        }
    }

    /// Revokes a link, the caller's or, for administrators, anybody's of the tenant.
    pub async fn revoke(&self, id: &str) -> Result<Link, Error> {
        self.find(id, true).await?;
        self.store().revoke(id, self.state.now()).await?;
        self.again(id).await
    }

    /// Takes a revocation back.
    pub async fn restore(&self, id: &str) -> Result<Link, Error> {
        self.find(id, true).await?;
        if self.store().restore(id, self.state.now()).await? {
            self.again(id).await
        } else {
            Err(conflict(
                "The link was not revoked, or too long ago to take that back.",
            ))
        }
    }

    fn told(&self, record: LinkRecord) -> Link {
        let now = self.state.now();
        let at = |seconds: i64| Timestamp::from_unix_seconds(seconds).unwrap_or(now);
        let state: LinkState = record.state(now);
        Link {
            own: record.maker.is(&self.maker()),
            created_at: Timestamp::from_unix_millis(record.created_ms).unwrap_or(now),
            ends_at: at(record.ends_at),
            last_used_at: record.last_used.map(at),
            undo_until: record.undo_until(now).map(at),
            state,
            id: record.id,
            kind: record.facts.kind,
            bucket: record.facts.bucket,
            target: record.facts.target,
            made_by: record.maker.person,
            uses: record.uses,
            max_uses: record.max_uses,
            addresses: record.facts.addresses,
            password: record.facts.password_hash.is_some(),
        }
    }
}

/// What asks for the first key that begins so.
fn first_below(prefix: &str) -> ListObjectsQuery {
    ListObjectsQuery {
        prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
        max_keys: Some(1),
        ..ListObjectsQuery::default()
    }
}

fn end(now: Timestamp, life: u64) -> i64 {
    now.unix_seconds()
        .saturating_add(i64::try_from(life).unwrap_or(i64::MAX))
}

fn conflict(why: &str) -> Error {
    Error::Refused {
        status: http::StatusCode::CONFLICT,
        code: ErrorCode::Conflict,
        detail: why.to_owned(),
    }
}

/// The address of a link: below the console's public one, or the one by which it was called.
fn address(state: &AppState, host: &RequestHost, token: &str) -> String {
    format!("{}{SHARED}{token}", reach::own_base(state, host))
}
