//! What visitors do with a link.

mod folder;
mod show;

use std::net::IpAddr;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hcp::{Conditions, ErrorKind, GetOptions, ObjectHead, PutOptions, S3, hex};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp, Username,
    audit::{Action, AuditRecord, AuditResult, AuditTarget},
    auth::Login,
    link::{LinkKind, LinkState, marked_name, visitor_name, within},
    mapi::Addresses,
    problem::FieldError,
};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

pub use self::{folder::Listing, show::Harmless};
use super::{TOKEN_BYTES, belongs, hash};
use crate::{
    Error,
    db::links::LinkRecord,
    service::{expiry, reach, stream},
    session::{Claims, Session, still_good},
    state::AppState,
    users,
    web::{
        disposition,
        ranges::{Wanted, http_date, wanted},
        request_id,
    },
};

/// For how long somebody who typed the password need not type it again, in seconds.
const PROVED: i64 = 3_600;
/// How many times the size of an object may be asked for in pieces once its download was counted: a download that
/// breaks off again and again is still one.
const AGAIN: u64 = 2;

/// Why a link opens nothing.
#[derive(Debug)]
pub enum Closed {
    /// It is wrong, over, revoked, used up, not for this address, or the store no longer lets its maker in. Visitors
    /// are told none of it.
    Refused,
    /// Something else is in the way, which may pass.
    Failed(Error),
}

impl From<Error> for Closed {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<hcp::Error> for Closed {
    fn from(error: hcp::Error) -> Self {
        match error.kind() {
            ErrorKind::Unauthenticated | ErrorKind::Denied | ErrorKind::NotFound { .. } => {
                Self::Refused
            }
            _ => Self::Failed(error.into()),
        }
    }
}

/// What the store refuses is refused; all else may pass.
fn of_store(error: Error) -> Closed {
    match error {
        Error::Store(refused) => refused.into(),
        other => other.into(),
    }
}

/// What came of a password.
pub enum Typed {
    /// It is right: what the browser keeps, and for how many seconds.
    Right(String, i64),
    /// It is wrong.
    Wrong,
}

/// A link that may be used, by somebody at an address.
pub struct Opened {
    record: LinkRecord,
    session: Session,
    bucket: BucketName,
    address: Option<IpAddr>,
}

/// Looks a link up. Whether it asks for a password is asked of what this gives.
pub async fn open(
    state: &AppState,
    token: &str,
    address: Option<IpAddr>,
) -> Result<Opened, Closed> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    if bytes.len() != TOKEN_BYTES {
        return Err(Closed::Refused);
    }
    let store = &state.links().store;
    let found = store.find_by_token(&hash(&bytes)).await?;
    let record = found.ok_or(Closed::Refused)?;
    let refuse = |why: &str| {
        let visit = Visit {
            record: &record,
            address,
            method: "GET",
        };
        visit.told(state, None, (AuditResult::Refused, 404), Some(why));
        Closed::Refused
    };
    match record.state(state.now()) {
        LinkState::Active => {}
        over => return Err(refuse(over.as_str())),
    }
    let from = Addresses(record.facts.addresses.clone());
    if !from.0.is_empty() && !address.is_some_and(|address| from.hold(address)) {
        return Err(refuse("address"));
    }
    let belongs = belongs(&record.id, &record.facts);
    let opened = state.tokens().open_link(&bytes, &belongs, &record.sealed);
    // The deployment has another secret since.
    let (credentials, of_file) = opened.ok_or_else(|| refuse("sealed"))?;
    let claims = Claims {
        id: record.id.clone(),
        expires_at: Timestamp::from_unix_seconds(record.ends_at).unwrap_or(state.now()),
        credentials,
        of_file,
        workspace: None,
    };
    let claims = match still_good(state, claims) {
        Ok(claims) => claims,
        Err(Error::InvalidToken | Error::TokenExpired) => return Err(refuse("credentials")),
        Err(failed) => return Err(failed.into()),
    };
    let Ok(bucket) = BucketName::parse(record.facts.bucket.as_str()) else {
        return Err(Closed::Refused);
    };
    Ok(Opened {
        session: Session { claims },
        bucket,
        address,
        record,
    })
}

impl Opened {
    /// What the link is for.
    pub fn kind(&self) -> LinkKind {
        self.record.facts.kind
    }

    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.session.claims.expires_at
    }

    /// What a visitor reads as its name: the object's, or the folder's.
    pub fn name(&self) -> &str {
        let target = self.record.facts.target.trim_end_matches('/');
        target.rsplit('/').next().unwrap_or_default()
    }

    fn s3(&self, state: &AppState) -> Result<S3, Closed> {
        Ok(self.session.s3(state)?)
    }

    /// The key of a file that is asked for: a download link's own, or one by its path within a shared folder.
    pub fn file(&self, state: &AppState, path: Option<&str>) -> Result<ObjectKey, Closed> {
        let target = &self.record.facts.target;
        let key = match (self.kind(), path) {
            (LinkKind::Download, None) => target.clone(),
            (LinkKind::Folder, Some(path)) if !path.is_empty() && !path.ends_with('/') => {
                self.within(state, path)?
            }
            _ => return Err(Closed::Refused),
        };
        ObjectKey::parse(key).map_err(|_no_key| Closed::Refused)
    }

    /// What a path within a shared folder means. That somebody wanted out is told.
    fn within(&self, state: &AppState, path: &str) -> Result<String, Closed> {
        within(&self.record.facts.target, path).ok_or_else(|| {
            let visit = self.visit("GET");
            visit.told(state, None, (AuditResult::Refused, 404), Some("outside"));
            Closed::Refused
        })
    }

    /// What proves that the password was typed. Another password makes it worthless.
    fn proof(&self, state: &AppState, until: i64) -> String {
        let hash = self.record.facts.password_hash.as_deref().unwrap_or("");
        let about = format!("{}\0{until}\0{hash}", self.record.id);
        format!("{until}.{}", state.tokens().link_proof(about.as_bytes()))
    }

    /// Whether whoever has this in the browser may go on.
    pub fn is_free(&self, state: &AppState, proof: Option<&str>) -> bool {
        use subtle::ConstantTimeEq as _;
        if self.record.facts.password_hash.is_none() {
            return true;
        }
        let until = proof.and_then(|proof| proof.split_once('.')?.0.parse::<i64>().ok());
        let (Some(proof), Some(until)) = (proof, until) else {
            return false;
        };
        until > state.now().unix_seconds()
            && bool::from(self.proof(state, until).as_bytes().ct_eq(proof.as_bytes()))
    }

    /// Compares a password.
    ///
    /// # Errors
    /// Too many were wrong.
    pub async fn try_password(&self, state: &AppState, typed: &str) -> Result<Typed, Error> {
        let until = state.now().unix_seconds().saturating_add(PROVED);
        let right = || Typed::Right(self.proof(state, until), PROVED);
        let Some(hash) = self.record.facts.password_hash.clone() else {
            return Ok(right());
        };
        // Counted as sign-ins are, apart from them.
        let login = Login {
            tenant: None,
            username: Username::parse(self.record.id.as_str()).map_err(Error::internal)?,
        };
        let throttle = &state.links().throttle;
        let seconds = throttle.wait(&login, self.address, state.now());
        if seconds > 0 {
            return Err(Error::TooManyAttempts { seconds });
        }
        if users::is_of(hash, typed.to_owned()).await? {
            throttle.succeeded(&login);
            return Ok(right());
        }
        throttle.failed(&login, self.address, state.now());
        let visit = self.visit("POST");
        visit.told(state, None, (AuditResult::Refused, 403), Some("password"));
        Ok(Typed::Wrong)
    }

    /// What is known of a file. Nothing is counted.
    pub async fn look(&self, state: &AppState, key: &ObjectKey) -> Result<ObjectHead, Closed> {
        let head = self
            .s3(state)?
            .head_object(&self.bucket, key, None, &Conditions::default())
            .await?;
        Ok(head)
    }

    /// Hands a file out. What begins at its first byte is a use. A piece from further on goes on with a download
    /// from the same address, as long as that was counted within the hour and no more than twice the object was asked
    /// for in pieces; any other piece is a use too.
    pub async fn download(
        &self,
        state: &AppState,
        key: &ObjectKey,
        method: &http::Method,
        headers: &HeaderMap,
    ) -> Result<Response, Closed> {
        let (s3, head) = (self.s3(state)?, self.look(state, key).await?);
        let given = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        // A range of what has changed meanwhile is no range.
        let same = given(header::IF_RANGE).is_none_or(|held| Some(held) == head.etag.as_deref());
        let range = given(header::RANGE).filter(|_| same);
        let part = match range.map(|range| wanted(range, head.size)) {
            None | Some(Wanted::Whole) => None,
            Some(Wanted::Part { first, last }) => Some((first, last)),
            Some(Wanted::Nothing) => {
                return Err(Closed::Failed(Error::Refused {
                    status: StatusCode::RANGE_NOT_SATISFIABLE,
                    code: ErrorCode::RangeNotSatisfiable,
                    detail: format!("The range lies outside of the {} bytes.", head.size),
                }));
            }
        };
        if method == http::Method::HEAD {
            let out = headers_of(&head, key, head.size);
            return Ok((StatusCode::OK, out).into_response());
        }
        let counted = self.count(state, key, part, head.size).await?;
        let options = GetOptions {
            range: part.map(|(first, last)| format!("bytes={first}-{last}")),
            if_match: head.etag.clone(),
            ..GetOptions::default()
        };
        let stream = match s3.get_object(&self.bucket, key, options).await {
            Ok(stream) => stream,
            Err(refused) => {
                if counted {
                    state.links().store.give_back(&self.record.id).await?;
                }
                return Err(refused.into());
            }
        };
        if counted {
            let told = (AuditResult::Ok, 200);
            self.visit("GET").told(state, Some(key), told, None);
        }
        let mut out = headers_of(&head, key, stream.head.size);
        let status = match stream.content_range.as_deref().map(HeaderValue::from_str) {
            Some(Ok(range)) => {
                out.insert(header::CONTENT_RANGE, range);
                StatusCode::PARTIAL_CONTENT
            }
            _ => StatusCode::OK,
        };
        Ok((status, out, Body::from_stream(stream.body)).into_response())
    }

    /// Counts a download, unless it goes on with one that was; whether it did.
    async fn count(
        &self,
        state: &AppState,
        key: &ObjectKey,
        part: Option<(u64, u64)>,
        size: u64,
    ) -> Result<bool, Closed> {
        let (links, id, now) = (&state.links().store, &self.record.id, state.now());
        let visitor = self.visitor(key);
        if let Some((first, last)) = part.filter(|(first, _)| *first > 0)
            && links.go_on(id, &visitor, last - first + 1, now).await?
        {
            return Ok(false);
        }
        self.count_one(state).await?;
        let bytes = size.saturating_mul(AGAIN);
        links.begin(id, &visitor, bytes, now).await?;
        Ok(true)
    }

    /// Whose downloads of a file go on with each other.
    fn visitor(&self, key: &ObjectKey) -> String {
        let who = self.address.map(|address| address.to_canonical());
        let who = format!("{}\0{key}", who.map(|a| a.to_string()).unwrap_or_default());
        hex(&Sha256::digest(who.as_bytes()))
    }

    async fn count_one(&self, state: &AppState) -> Result<(), Closed> {
        let links = &state.links().store;
        if links.count(&self.record.id, state.now()).await? {
            return Ok(());
        }
        // Somebody else was faster, or it was revoked meanwhile.
        let visit = self.visit("GET");
        visit.told(state, None, (AuditResult::Refused, 404), Some("used_up"));
        Err(Closed::Refused)
    }

    /// Stores a visitor's file in the folder, under its own name or, where that is taken or may be, under another. So
    /// nothing is overwritten, and nobody learns what is there.
    pub async fn store(
        &self,
        state: &AppState,
        given: &str,
        content_type: Option<String>,
        source: stream::Source,
    ) -> Result<(), Closed> {
        let Some(name) = visitor_name(given) else {
            let why = "This name cannot be stored.";
            return Err(Error::Validation(vec![FieldError::body("file", why)]).into());
        };
        let s3 = self.s3(state)?;
        let key = self.free_key(state, &s3, name).await?;
        self.count_one(state).await?;
        let options = PutOptions {
            content_type,
            only_if_new: reach::writes_conditionally(state.config()),
            ..PutOptions::default()
        };
        let stored = stream::store(&s3, &self.bucket, &key, source, None, options).await;
        let visit = self.visit("POST");
        match stored {
            Ok(_stored) => {
                expiry::cleared(state, &self.session, &self.bucket, &key).await;
                visit.told(state, Some(&key), (AuditResult::Ok, 200), None);
                Ok(())
            }
            Err(failed) => {
                state.links().store.give_back(&self.record.id).await?;
                let (status, code) = failed.status();
                let told = (AuditResult::Failed, status.as_u16());
                visit.told(state, Some(&key), told, Some(&code.as_str()));
                Err(of_store(failed))
            }
        }
    }

    /// A key in the folder that nothing has.
    async fn free_key(&self, state: &AppState, s3: &S3, name: &str) -> Result<ObjectKey, Closed> {
        let max = reach::max_key_bytes(state);
        let key = |name: &str| {
            crate::web::extract::key(&format!("{}{name}", self.record.facts.target), max)
        };
        // Where the store does not keep the condition, two who come at once would both see a free name.
        if reach::writes_conditionally(state.config()) {
            let own = key(name)?;
            let there = s3
                .head_object(&self.bucket, &own, None, &Conditions::default())
                .await;
            match there {
                Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => return Ok(own),
                Err(e) if e.kind() == ErrorKind::Unauthenticated => return Err(e.into()),
                _ => {}
            }
        }
        let mut mark = [0; 6];
        rand::rng().fill_bytes(&mut mark);
        Ok(key(&marked_name(name, &hex(&mark)))?)
    }

    fn visit(&self, method: &'static str) -> Visit<'_> {
        Visit {
            record: &self.record,
            address: self.address,
            method,
        }
    }
}

/// What a visitor tried, for the audit.
struct Visit<'a> {
    record: &'a LinkRecord,
    address: Option<IpAddr>,
    method: &'static str,
}

impl Visit<'_> {
    /// Records it, as done in the name of who made the link. What was refused may come from anybody, and is kept as
    /// what strangers do.
    fn told(
        &self,
        state: &AppState,
        key: Option<&ObjectKey>,
        (result, status): (AuditResult, u16),
        code: Option<&str>,
    ) {
        let LinkRecord { maker, facts, .. } = self.record;
        let key = key.map_or(facts.target.as_str(), ObjectKey::as_str);
        let record = AuditRecord {
            id: String::new(),
            time: state.audit().now(),
            request_id: request_id::current().unwrap_or_default(),
            level: Some(maker.level),
            tenant: maker.tenant.clone(),
            person: Some(maker.person.clone()),
            action: Action::LinkUse.as_str().to_owned(),
            target: AuditTarget {
                bucket: Some(facts.bucket.clone()),
                key: Some(key.to_owned()).filter(|key| !key.is_empty()),
                ..AuditTarget::default()
            },
            method: self.method.to_owned(),
            route: "/l/{token}".to_owned(),
            result,
            status,
            code: code.map(str::to_owned),
            address: self.address.map(|ip| ip.to_canonical().to_string()),
            duration_ms: 0,
            fields: Vec::new(),
            job: None,
            job_kind: None,
            failures: None,
            reason: None,
        };
        state.audit().take(record, result == AuditResult::Ok);
    }
}

/// What a visitor is told of an object: what it takes to save it, and nothing that its owner wrote beside it.
fn headers_of(head: &ObjectHead, key: &ObjectKey, length: u64) -> HeaderMap {
    let mut out = HeaderMap::new();
    let mut set = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|v| HeaderValue::from_str(&v).ok()) {
            out.insert(name, value);
        }
    };
    let content_type = head.content_type.clone();
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    set(header::CONTENT_LENGTH, Some(length.to_string()));
    set(header::CONTENT_TYPE, Some(content_type));
    set(header::CONTENT_ENCODING, head.content_encoding.clone());
    set(header::ETAG, head.etag.clone());
    let modified = head.last_modified.map(|time| http_date(time.inner()));
    set(header::LAST_MODIFIED, modified);
    set(header::ACCEPT_RANGES, Some("bytes".to_owned()));
    let name = disposition::attachment(key.file_name());
    set(header::CONTENT_DISPOSITION, Some(name));
    out
}
