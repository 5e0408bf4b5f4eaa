//! HCP's own protocol for objects, as far as custom metadata, retention and holds go (HCP's manual, "Working with
//! annotations", "Modifying object metadata"): `http[s]://{namespace}.{tenant}.{domain}/rest/{path}`, beside S3 on the same hosts.
//!
//! `HEAD` tells of an object and names its annotations; `?type=custom-metadata&annotation=` stores, reads,
//! looks at and removes one; `POST` changes retention and holds; `DELETE` removes an object, with
//! `?privileged=true&reason=` also one under retention. All else below `/rest` is 501: objects are stored and read by S3.

mod answer;

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, IF_MATCH, IF_NONE_MATCH},
    },
    response::Response,
};
use model::{
    AnnotationName,
    annotation::MAX_BYTES,
    mapi::{HttpProtocol, Namespace},
};
use percent_encoding::percent_decode_str;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use self::answer::Refused;
use crate::{
    Config, Error,
    access::{Caller, Gateway, Origin, Permissions},
    account::hex,
    host::{Host, Scope},
    mapi::{Management, auth},
    protection::{Asked as Change, Reason},
    s3::remove_key,
    store::{
        annotations,
        blobs::to_i64,
        buckets::{self, Bucket},
        namespaces,
        objects::{self, Attributes, Object, Version},
        usage::Sums,
    },
};

/// The first word of the path.
const WORD: &str = "/rest";
/// The bytes of the largest form: a hundred labels of 64 characters, encoded.
const FORM_MAX: usize = 256 * 1024;
/// The annotation of those who name none.
const DEFAULT: &str = "default";

/// Whether a request speaks this protocol: it is for a namespace, and signs in as S3 never does. A key of S3
/// may begin with the same word.
pub(crate) fn is_for(host: &Host, request: &Request) -> bool {
    let below = request.uri().path().strip_prefix(WORD);
    let authorization = request.headers().get(AUTHORIZATION);
    let scheme = authorization.and_then(|value| value.as_bytes().split(|b| *b == b' ').next());
    host.bucket.is_some()
        && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && scheme.is_some_and(|scheme| scheme == b"HCP" || scheme == b"AD")
}

/// The protocol.
#[derive(Clone)]
pub(crate) struct Rest(Arc<Management>);

/// What a request names.
struct Target {
    namespace: String,
    key: String,
    version: Option<Version>,
}

/// What is asked for.
enum Asked {
    /// What describes an object.
    Object,
    /// One of its annotations.
    Annotation(AnnotationName),
    /// The object, to be deleted with a reason.
    Privileged(Reason),
}

impl Rest {
    pub(crate) fn new(store: &crate::store::Store, config: &Config) -> Self {
        Self(Arc::new(Management::new(store, config)))
    }

    pub(crate) async fn answer(&self, host: &Host, origin: Origin, request: Request) -> Response {
        match self.try_answer(host, origin, request).await {
            Ok(response) => response,
            Err(refused) => refused.respond(),
        }
    }

    async fn try_answer(
        &self,
        host: &Host,
        origin: Origin,
        request: Request,
    ) -> Result<Response, Refused> {
        let (parts, body) = request.into_parts();
        if !matches!(host.scope, Scope::Tenant(_)) {
            return Err(Refused::forbidden("The host names no tenant."));
        }
        let account = auth::sign_in_to_data(&self.0, &parts).await?;
        let caller = Caller::signed(Arc::new(account), None).over_http(Origin {
            gateway: Gateway::Rest,
            ..origin
        });
        let (target, asked) = read(host, &parts.uri)?;
        let now = self.0.clock.now_ms();
        self.0
            .store
            .compare_key(&caller, &target.namespace, &target.key, now)
            .await?;
        let method = &parts.method;
        match asked {
            Asked::Object if *method == Method::HEAD => self.describe(caller, target).await,
            Asked::Object if *method == Method::POST => {
                let form = to_bytes(body, FORM_MAX)
                    .await
                    .map_err(|_broken| Refused::too_large())?;
                self.keep(caller, target, form_of(&form)?).await
            }
            Asked::Object if *method == Method::DELETE => self.delete(caller, target, None).await,
            Asked::Privileged(reason) if *method == Method::DELETE => {
                self.delete(caller, target, Some(reason)).await
            }
            Asked::Annotation(name) if *method == Method::GET || *method == Method::HEAD => {
                self.show(caller, target, name, *method == Method::GET)
                    .await
            }
            Asked::Annotation(name) if *method == Method::PUT => {
                let conditions = self.conditions(&parts.headers)?;
                check_body(&parts.headers)?;
                let content = to_bytes(body, MAX_BYTES)
                    .await
                    .map_err(|_broken| Refused::too_large())?;
                self.put(caller, target, name, content.to_vec(), conditions)
                    .await
            }
            Asked::Annotation(name) if *method == Method::DELETE => {
                let conditions = self.conditions(&parts.headers)?;
                self.remove(caller, target, name, conditions).await
            }
            Asked::Object | Asked::Annotation(_) | Asked::Privileged(_) => {
                Err(Refused::not_offered())
            }
        }
    }

    /// HEAD of an object: what describes it, and which annotations it has.
    async fn describe(&self, caller: Caller, target: Target) -> Result<Response, Refused> {
        let habits = self.0.habits;
        let found = self.0.store.read(move |connection| {
            let (bucket, object) = open(connection, &caller, &target, Permissions::READ)?;
            let listed = annotations::list(connection, &object)?;
            let granted = object.granted(&bucket, &caller);
            Ok((bucket, object, granted, listed))
        });
        let (bucket, object, granted, listed) = found.await?;
        Ok(answer::of_object(
            &habits, &bucket, &object, granted, &listed,
        ))
    }

    /// POST: another retention, or other holds.
    async fn keep(
        &self,
        caller: Caller,
        target: Target,
        change: Change,
    ) -> Result<Response, Refused> {
        if target.version.is_some() {
            return Err(Refused::old_version());
        }
        let now_ms = self.0.clock.now_ms();
        let written = self.0.store.write(move |write| {
            let (bucket, object) = open(write.connection, &caller, &target, Permissions::WRITE)?;
            let granted = object.granted(&bucket, &caller);
            let present = &object.attributes.protection;
            let protection =
                change.applied(present, &bucket, granted, object.modified_ms, now_ms)?;
            let attributes = Attributes {
                protection,
                ..object.attributes.clone()
            };
            objects::set_attributes(write.connection, object.id, &attributes, now_ms)?;
            let sums = Sums {
                writes: 1,
                ..Sums::default()
            };
            write.tally(&bucket, sums);
            Ok(())
        });
        written.await?;
        Ok(answer::done())
    }

    /// DELETE of an object.
    async fn delete(
        &self,
        caller: Caller,
        target: Target,
        reason: Option<Reason>,
    ) -> Result<Response, Refused> {
        if target.version.is_some() {
            return Err(Refused::old_version());
        }
        let (now_ms, habits) = (self.0.clock.now_ms(), self.0.habits);
        let key = target.key.clone();
        let deleted = self.0.store.write(move |write| {
            let (bucket, _object) = open(write.connection, &caller, &target, Permissions::DELETE)?;
            bucket.granted.need(Permissions::DELETE)?;
            remove_key(
                write,
                &caller,
                &bucket,
                &target.key,
                reason.as_ref(),
                &habits,
                now_ms,
            )
        });
        deleted.await?.write(&key);
        Ok(answer::done())
    }

    /// GET and HEAD of an annotation.
    async fn show(
        &self,
        caller: Caller,
        target: Target,
        name: AnnotationName,
        whole: bool,
    ) -> Result<Response, Refused> {
        let charged = caller.charged();
        let wanted = name.clone();
        let found = self.0.store.read(move |connection| {
            let (_bucket, object) = open(connection, &caller, &target, Permissions::READ)?;
            let content = annotations::content(connection, &object, wanted.as_str())?;
            Ok((object, content))
        });
        let (object, content) = found.await?;
        let Some(content) = content else {
            return Ok(answer::nothing());
        };
        if whole && let Some(charged) = charged.get() {
            let sums = Sums {
                reads: 1,
                bytes_out: to_i64(content.len() as u64),
                ..Sums::default()
            };
            self.0.store.count_read(charged, sums);
        }
        Ok(answer::of_annotation(&object, content, whole))
    }

    async fn put(
        &self,
        caller: Caller,
        target: Target,
        name: AnnotationName,
        content: Vec<u8>,
        conditions: Conditions,
    ) -> Result<Response, Refused> {
        if target.version.is_some() {
            return Err(Refused::old_version());
        }
        self.0.store.check_space(content.len() as u64)?;
        let (now_ms, drops_empty) = (self.0.clock.now_ms(), self.0.habits.metadata_as_xml);
        let etag = etag_of(&content);
        let size = content.len() as u64;
        let written = self.0.store.write(move |write| {
            let (bucket, object) = open(write.connection, &caller, &target, Permissions::WRITE)?;
            let present = annotations::content(write.connection, &object, name.as_str())?;
            conditions.check(present.as_deref())?;
            let protection = &object.attributes.protection;
            protection.forbid_annotating(&bucket.settings, present.is_none(), now_ms)?;
            if checks_xml(write.connection, &bucket)? {
                model::xml::check(&content)
                    .map_err(|malformed| Error::InvalidDocument(malformed.to_string()))?;
            }
            annotations::put(
                write,
                &bucket,
                &object,
                name.as_str(),
                &content,
                drops_empty,
                now_ms,
            )?;
            let sums = Sums {
                writes: 1,
                bytes_in: to_i64(size),
                ..Sums::default()
            };
            write.tally(&bucket, sums);
            Ok(())
        });
        written.await?;
        Ok(answer::created(&etag))
    }

    async fn remove(
        &self,
        caller: Caller,
        target: Target,
        name: AnnotationName,
        conditions: Conditions,
    ) -> Result<Response, Refused> {
        if target.version.is_some() {
            return Err(Refused::old_version());
        }
        let now_ms = self.0.clock.now_ms();
        let removed = self.0.store.write(move |write| {
            let (bucket, object) = open(write.connection, &caller, &target, Permissions::DELETE)?;
            let Some(present) = annotations::content(write.connection, &object, name.as_str())?
            else {
                conditions.check(None)?;
                return Ok(false);
            };
            conditions.check(Some(&present))?;
            let protection = &object.attributes.protection;
            protection.forbid_annotating(&bucket.settings, false, now_ms)?;
            let removed = annotations::remove(write, &bucket, &object, name.as_str(), now_ms)?;
            let sums = Sums {
                deletes: 1,
                ..Sums::default()
            };
            write.tally(&bucket, sums);
            Ok(removed)
        });
        Ok(if removed.await? {
            answer::done()
        } else {
            answer::nothing()
        })
    }

    /// The conditions of a change. HCP refuses them; with the habits of S3 they hold, so that one save does
    /// not overwrite another's.
    fn conditions(&self, headers: &HeaderMap) -> Result<Conditions, Refused> {
        let text = |name| {
            headers
                .get(name)
                .map(|value: &http::HeaderValue| value.to_str())
        };
        let (matches, none_match) = (text(IF_MATCH), text(IF_NONE_MATCH));
        if matches.is_none() && none_match.is_none() {
            return Ok(Conditions::default());
        }
        if !self.0.habits.conditional_writes {
            return Err(Refused::invalid(
                "Changes of annotations take no conditions.",
            ));
        }
        let only_new = match none_match {
            None => false,
            Some(Ok("*")) => true,
            Some(_) => return Err(Refused::invalid("If-None-Match is * here.")),
        };
        let etag = match matches {
            None => None,
            Some(Ok(etag)) => Some(etag.to_owned()),
            Some(Err(_)) => return Err(Refused::invalid("If-Match is an entity tag.")),
        };
        Ok(Conditions { etag, only_new })
    }
}

/// What a change depends on.
#[derive(Default)]
struct Conditions {
    etag: Option<String>,
    only_new: bool,
}

impl Conditions {
    fn check(&self, present: Option<&[u8]>) -> Result<(), Error> {
        let holds = match (&self.etag, present) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(etag), Some(present)) => etag == "*" || *etag == etag_of(present),
        };
        if holds && !(self.only_new && present.is_some()) {
            Ok(())
        } else {
            Err(Error::PreconditionFailed)
        }
    }
}

/// The entity tag of an annotation: its SHA-256, in quotes.
fn etag_of(content: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(content)))
}

/// Takes the address apart.
fn read(host: &Host, uri: &http::Uri) -> Result<(Target, Asked), Refused> {
    let path = uri.path().strip_prefix(WORD).unwrap_or_default();
    let path = path.strip_prefix('/').unwrap_or(path);
    let key = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_not_text| Refused::invalid("The path is not UTF-8."))?;
    if model::ObjectKey::parse(key.as_ref()).is_err() {
        return Err(Refused::not_offered());
    }
    let (mut version, mut kind, mut annotation) = (None, None, None);
    let (mut privileged, mut reason) = (false, None);
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "version" => version = Some(number(&value)?),
            "type" => kind = Some(value),
            "annotation" => annotation = Some(value),
            "privileged" => privileged = value.eq_ignore_ascii_case("true"),
            "reason" => reason = Some(value),
            _ => return Err(Refused::not_offered()),
        }
    }
    let asked = match kind.as_deref() {
        None if annotation.is_none() && privileged => {
            Asked::Privileged(Reason::read(reason.as_deref().unwrap_or_default())?)
        }
        None if annotation.is_none() => Asked::Object,
        Some("custom-metadata") => {
            let name = annotation.as_deref().unwrap_or(DEFAULT);
            let name = AnnotationName::parse(name);
            Asked::Annotation(name.map_err(|invalid| Refused::invalid(invalid.to_string()))?)
        }
        _ => return Err(Refused::not_offered()),
    };
    let target = Target {
        namespace: host.bucket.clone().unwrap_or_default(),
        key: key.into_owned(),
        version,
    };
    Ok((target, asked))
}

/// What a form asks for. HCP changes retention and holds in requests of their own.
fn form_of(form: &[u8]) -> Result<Change, Refused> {
    let (mut retention, mut hold, mut labels) = (None, None, None);
    for (name, value) in form_urlencoded::parse(form) {
        match name.as_ref() {
            "retention" => retention = Some(value),
            "hold" => hold = Some(value),
            "label_hold" => labels = Some(value),
            _ => return Err(Refused::not_offered()),
        }
    }
    if retention.is_some() && (hold.is_some() || labels.is_some()) {
        return Err(Refused::invalid(
            "Retention and holds are not changed by one request.",
        ));
    }
    let change = Change::read(retention.as_deref(), hold.as_deref(), labels.as_deref());
    let change = change
        .map_err(|invalid| Refused::invalid(invalid.message().unwrap_or_default().to_owned()))?;
    if change.is_nothing() {
        return Err(Refused::invalid("The form changes nothing."));
    }
    Ok(change)
}

/// A version by its name: a number, or `null` where S3 calls one so.
fn number(text: &str) -> Result<Version, Refused> {
    match text.parse::<i64>() {
        Ok(id) if id >= 0 => Ok(Version::Number(id)),
        _ if text == "null" => Ok(Version::Null),
        _ => Err(Refused::invalid("The version is no number.")),
    }
}

fn check_body(headers: &HeaderMap) -> Result<(), Refused> {
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(Refused::new(
            StatusCode::NOT_IMPLEMENTED,
            "Compressed bodies are not taken.",
        ));
    }
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    match length {
        Some(length) if length > MAX_BYTES => Err(Refused::too_large()),
        _ => Ok(()),
    }
}

/// The namespace and the version that a request names, for somebody who may do what is `needed`.
fn open(
    connection: &Connection,
    caller: &Caller,
    target: &Target,
    needed: Permissions,
) -> Result<(Bucket, Object), Error> {
    let bucket = match buckets::open(connection, caller, &target.namespace) {
        // As HCP has it.
        Err(Error::NoSuchBucket) => return Err(Error::Denied("the namespace does not exist")),
        other => other?,
    };
    let switches: Option<HttpProtocol> =
        namespaces::document(connection, bucket.id, namespaces::HTTP)?;
    if switches.is_some_and(|http| http.rest_enabled == Some(false)) {
        return Err(Error::Denied("REST is switched off for the namespace"));
    }
    let object = match objects::find(connection, &bucket, &target.key, target.version) {
        Err(Error::NoSuchKey | Error::NoSuchVersion | Error::MarkerNamed)
            if !bucket.granted.has(Permissions::BROWSE) =>
        {
            return Err(Error::Denied("the account lacks the permission"));
        }
        found => found?,
    };
    object.granted(&bucket, caller).need(needed)?;
    Ok((bucket, object))
}

/// Whether annotations of a namespace have to be XML.
fn checks_xml(connection: &Connection, bucket: &Bucket) -> Result<bool, Error> {
    let kept: Option<Namespace> =
        namespaces::document(connection, bucket.id, namespaces::NAMESPACE)?;
    Ok(kept.is_some_and(|kept| kept.custom_metadata_validation_enabled == Some(true)))
}
