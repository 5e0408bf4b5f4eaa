//! One request: found, admitted, read and answered in the one way that all resources share.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
};

use axum::RequestExt as _;
use axum::{
    body::{Body, Bytes},
    extract::{RawPathParams, Request, rejection::RawPathParamsRejection},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::mapi::{Property, Resource};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use super::{
    Management,
    access::{Access, Standing},
    auth::{self, SignedIn},
    error::Refusal,
    media::{self, Media},
    query::Query,
    shape::{self, Row, Write},
    xml,
};
use crate::{
    Error,
    account::{Account, Tenant},
    audit::Action,
    profile::Habits,
    signin::Barrier,
    store::{
        self,
        records::{self, Change, Deed, NewRecord},
    },
};

/// What a path has as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The longest body: a CORS document of 2.5 MB, with every quotation mark escaped.
const MAX_BODY: usize = 6 * 1024 * 1024;

type Answering = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;
type Handler = Arc<dyn Fn(Call) -> Answering + Send + Sync>;

/// A resource, or a kind of resource: its path below `/mapi`, and for each of its verbs whom it admits
/// and what it does.
pub(crate) struct Endpoint {
    pub(super) path: &'static str,
    verbs: Vec<Verb>,
    offered: &'static [Media],
    takes_files: bool,
}

struct Verb {
    method: Method,
    access: Access,
    handler: Handler,
}

impl Endpoint {
    /// A resource without verbs yet. `{tenant}` and `{username}` in the path have a meaning for who is
    /// admitted; all names in braces are for [`Call::name`].
    pub(crate) fn at(path: &'static str) -> Self {
        Self {
            path,
            verbs: Vec::new(),
            offered: &[Media::Xml, Media::Json],
            takes_files: false,
        }
    }

    /// What is put there is a file as it is, of any media type.
    pub(crate) fn takes_files(mut self) -> Self {
        self.takes_files = true;
        self
    }

    /// In other media types than documents have.
    pub(crate) fn offers(mut self, offered: &'static [Media]) -> Self {
        self.offered = offered;
        self
    }

    /// Also as CSV.
    pub(crate) fn offers_csv(mut self) -> Self {
        self.offered = &[Media::Xml, Media::Json, Media::Csv];
        self
    }

    /// GET; and HEAD, unless it has roles of its own.
    pub(crate) fn get<F, A>(self, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verb(Method::GET, access, handler)
    }

    /// HEAD, where it admits others than GET does.
    pub(crate) fn head<F, A>(self, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verb(Method::HEAD, access, handler)
    }

    /// PUT: creates.
    pub(crate) fn put<F, A>(self, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verb(Method::PUT, access, handler)
    }

    /// POST: modifies, or performs an action.
    pub(crate) fn post<F, A>(self, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verb(Method::POST, access, handler)
    }

    /// DELETE.
    pub(crate) fn delete<F, A>(self, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verb(Method::DELETE, access, handler)
    }

    fn verb<F, A>(mut self, method: Method, access: Access, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.verbs.push(Verb {
            method,
            access,
            handler: Arc::new(move |call| Box::pin(handler(call))),
        });
        self
    }

    fn find(&self, method: &Method) -> Option<&Verb> {
        let exact = |wanted: &Method| self.verbs.iter().find(|verb| verb.method == *wanted);
        exact(method).or_else(|| (method == Method::HEAD).then(|| exact(&Method::GET))?)
    }

    /// Its verbs, as the header `Allow` has them.
    pub(super) fn allow(&self) -> Vec<&str> {
        let known = [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::POST,
            Method::DELETE,
        ];
        let mut names: Vec<_> = known
            .iter()
            .filter_map(|method| self.find(method).map(|_verb| method))
            .map(|method| match *method {
                Method::GET => "GET",
                Method::HEAD => "HEAD",
                Method::PUT => "PUT",
                Method::POST => "POST",
                _ => "DELETE",
            })
            .collect();
        names.push("OPTIONS");
        names
    }
}

/// A request that was admitted.
pub(crate) struct Call {
    pub(crate) management: Management,
    /// Whose credentials it has.
    pub(crate) account: Account,
    /// As what that account acts on this resource.
    pub(crate) standing: Standing,
    pub(crate) query: Query,
    /// What the answer is written in.
    pub(crate) media: Media,
    tenant: Option<Tenant>,
    names: HashMap<String, String>,
    write: Write,
    body: Bytes,
    body_media: Option<Media>,
    action: Action,
    /// The path below `/mapi`, as it was sent.
    path: String,
    /// What the body sets, once it was read.
    sent: OnceLock<Sent>,
}

/// What of a body the audit keeps.
#[derive(Clone, Debug, Default)]
struct Sent {
    /// The names of what is set.
    fields: Vec<String>,
    /// The name of what is made.
    name: Option<String>,
}

impl Sent {
    fn of(properties: &Map<String, Json>) -> Self {
        let mut fields = Vec::new();
        add_names(&mut fields, "", properties);
        let name = NAMING
            .iter()
            .find_map(|name| properties.get(*name)?.as_str());
        Self {
            fields,
            name: name.map(str::to_owned),
        }
    }
}

/// The properties that say what something is called.
const NAMING: [&str; 2] = ["name", "username"];

/// The parameters that set something.
const SETTING: [&str; 6] = [
    "username",
    "password",
    "forcePasswordChange",
    "initialSecurityGroup",
    "resetPasswords",
    "resetMQECheckpoint",
];

/// The names of properties, with a dot where one lies inside of another.
fn add_names(names: &mut Vec<String>, prefix: &str, properties: &Map<String, Json>) {
    for (name, value) in properties {
        let name = format!("{prefix}{name}");
        match value {
            Json::Object(inside) => add_names(names, &format!("{name}."), inside),
            _ => names.push(name),
        }
    }
}

impl Call {
    /// The tenant that the path names.
    pub(crate) fn tenant(&self) -> Result<&Tenant, Refusal> {
        self.tenant.as_ref().ok_or(Refusal::NotFound)
    }

    /// What stands in the path for a name in braces, decoded.
    pub(crate) fn name(&self, parameter: &str) -> &str {
        self.names.get(parameter).map_or("", String::as_str)
    }

    /// Whether `verbose=true` asks for everything.
    pub(crate) fn verbose(&self) -> bool {
        self.query.is_true("verbose")
    }

    /// What time it is, in milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.management.clock.now_ms()
    }

    /// The body as a resource; none at all is one without properties. See [`shape::read`].
    pub(crate) fn read<T: Resource>(&self, rows: &[Row]) -> Result<T, Refusal> {
        let properties = self.properties(T::ROOT, T::PROPERTIES)?;
        shape::read(rows, self.write, &self.standing, properties)
    }

    /// The properties in the body, as they came; `known` tells lists from texts in XML.
    pub(crate) fn properties(
        &self,
        root: &str,
        known: &[Property],
    ) -> Result<Map<String, Json>, Refusal> {
        let properties = self.parsed(root, known)?;
        self.sent.get_or_init(|| Sent::of(&properties));
        Ok(properties)
    }

    fn parsed(&self, root: &str, known: &[Property]) -> Result<Map<String, Json>, Refusal> {
        let Some(media) = self.body_media else {
            return Ok(Map::new());
        };
        if self.body.trim_ascii().is_empty() {
            return Ok(Map::new());
        }
        if media == Media::Json {
            return serde_json::from_slice(&self.body).map_err(|error| {
                Refusal::invalid(format!("The body is not a JSON object: {error}."))
            });
        }
        let text = std::str::from_utf8(&self.body)
            .map_err(|_not_utf8| Refusal::invalid("The body is not UTF-8."))?;
        let element = xml::parse(text.trim_start_matches('\u{feff}'))
            .map_err(|error| Refusal::invalid(format!("The body is not XML: {error}.")))?;
        let properties = xml::properties(&element, known);
        if !properties.is_empty() && element.name != root {
            return Err(Refusal::invalid(format!(
                "The element of the body is not {root}."
            )));
        }
        Ok(properties)
    }

    /// The file that was put, where the endpoint takes files.
    pub(crate) fn file(&self) -> &[u8] {
        &self.body
    }

    /// Whether there is a body at all.
    pub(crate) fn has_body(&self) -> bool {
        !self.body.trim_ascii().is_empty()
    }

    /// Makes the change that was asked for, and keeps a record of it in the same transaction: who, what,
    /// and the names of what was set. Nothing changes by management in another way.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut store::Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let record = self.record();
        let write = self.management.store.write(move |write| {
            let done = work(write)?;
            records::insert(write.connection, &record)?;
            Ok(done)
        });
        Ok(write.await?)
    }

    /// What the audit keeps of this change: no value of anything that was sent but the name of what is
    /// made, which is part of its path from then on.
    fn record(&self) -> NewRecord {
        let sent = self.sent.get().cloned().unwrap_or_default();
        let (mut path, mut fields) = (self.path.clone(), sent.fields);
        let parameters = SETTING.iter().filter(|name| self.query.has(name));
        fields.extend(parameters.map(|name| (*name).to_owned()));
        let made = sent.name.filter(|_name| self.action == Action::Create);
        if let Some(name) = &made {
            path.push('/');
            path.extend(utf8_percent_encode(name, UNRESERVED));
        }
        let makes_tenant = self.tenant.is_none() && self.path == "/tenants";
        let deed = Deed::Change(Change {
            action: self.action,
            path,
            fields,
        });
        let known = self.tenant.as_ref().map(|tenant| tenant.name.clone());
        NewRecord {
            tenant: known.or(made.filter(|_name| makes_tenant)),
            ..NewRecord::of(Some(&self.account), self.now_ms(), deed)
        }
    }

    /// What of a resource this caller sees, as an answer.
    pub(crate) fn show<T: Resource>(&self, rows: &[Row], resource: &T) -> Answer {
        let value = shape::show(rows, resource, &self.standing, self.verbose());
        Answer::Document(T::ROOT, value)
    }
}

/// What a resource answers.
pub(crate) enum Answer {
    /// Done; there is nothing to say.
    Empty,
    /// A document: the name of its XML element, which JSON does not have, and what is in it.
    Document(&'static str, Json),
    /// A text of another media type.
    Text(Media, String),
    /// A package of files, piece by piece.
    Package(Package),
}

/// A package on its way out.
pub(crate) struct Package {
    /// What it is called where it is saved.
    pub(crate) name: String,
    pub(crate) body: Body,
}

impl IntoResponse for Package {
    fn into_response(self) -> Response {
        let name = format!("attachment; filename={}", self.name);
        let headers = [
            (header::CONTENT_TYPE, "application/zip"),
            (header::CONTENT_DISPOSITION, &*name),
            (header::ACCEPT_RANGES, "none"),
        ];
        (headers, self.body).into_response()
    }
}

impl Answer {
    /// A list of names: `Answer::names("tenants", "name", names)`.
    pub(crate) fn names(root: &'static str, wrapper: &str, names: Vec<String>) -> Self {
        Self::Document(root, super::query::wrapped(wrapper, names))
    }

    fn write(self, media: Media, pretty: bool) -> Result<Response, Refusal> {
        let broken = |error: std::io::Error| Refusal::Failed(error.into());
        let (media, body) = match (self, media) {
            (Self::Empty, _) => return Ok(StatusCode::OK.into_response()),
            (Self::Package(package), _) => return Ok(package.into_response()),
            (Self::Text(media, text), _) => (media, text.into_bytes()),
            (Self::Document(_root, value), Media::Json) => {
                let text = if pretty {
                    serde_json::to_vec_pretty(&value)
                } else {
                    serde_json::to_vec(&value)
                };
                (media, text.map_err(|error| broken(error.into()))?)
            }
            (Self::Document(root, value), _) => (
                Media::Xml,
                xml::write(root, &value, pretty).map_err(broken)?,
            ),
        };
        Ok(([(header::CONTENT_TYPE, media.header())], body).into_response())
    }
}

/// Answers a request for a resource; `None`: for a path where there is none.
pub(super) async fn dispatch(
    management: Management,
    endpoint: Option<&Endpoint>,
    request: Request,
) -> Response {
    let is_head = request.method() == Method::HEAD;
    let hides = management.habits.hides_absence;
    match answer(management, endpoint, request).await {
        Ok(response) => response,
        // Absent, or not for this caller to see: HCP tells neither.
        Err(Failure::Below(Refusal::NotFound | Refusal::Forbidden(_))) if is_head && hides => {
            StatusCode::FOUND.into_response()
        }
        Err(Failure::Below(refusal) | Failure::SignIn(refusal)) => refusal.into_response(),
    }
}

/// At what a request failed.
enum Failure {
    SignIn(Refusal),
    Below(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Below(refusal)
    }
}

async fn answer(
    management: Management,
    endpoint: Option<&Endpoint>,
    mut request: Request,
) -> Result<Response, Failure> {
    let names = names(&mut request).await?;
    let (parts, body) = request.into_parts();
    let signed_in = auth::sign_in(&management, &parts)
        .await
        .map_err(Failure::SignIn)?;
    let endpoint = endpoint.ok_or(Refusal::NotFound)?;
    if parts.method == Method::OPTIONS {
        return Ok(super::options::describe(endpoint, parts.uri.path()));
    }
    let allow = || Refusal::NoSuchVerb(endpoint.allow().join(", "));
    let verb = endpoint.find(&parts.method).ok_or_else(allow)?;
    let standing = admit(&management.habits, &signed_in, verb.access, &names)?;
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let media = if reads {
        media::of_answer(&parts.headers, endpoint.offered)?
    } else {
        // Nothing is answered, so nobody is asked what they take.
        media::of_answer(&parts.headers, endpoint.offered).unwrap_or(Media::Xml)
    };
    let (body, body_media) = if reads {
        (Bytes::new(), None)
    } else if endpoint.takes_files {
        (file(&parts.headers, body).await?, None)
    } else {
        received(&parts.headers, body).await?
    };
    let query = Query::parse(parts.uri.query());
    let pretty = query.has("prettyprint");
    let SignedIn {
        account, tenant, ..
    } = signed_in;
    let call = Call {
        management,
        account,
        standing,
        query,
        media,
        tenant,
        names,
        write: if parts.method == Method::PUT {
            Write::Create
        } else {
            Write::Modify
        },
        body,
        body_media,
        action: match parts.method {
            Method::PUT => Action::Create,
            Method::DELETE => Action::Delete,
            _ => Action::Modify,
        },
        path: below(parts.uri.path()).to_owned(),
        sent: OnceLock::new(),
    };
    let who = (!reads).then(|| call.account.clone());
    let answer = (verb.handler)(call).await?;
    if let Some(account) = who {
        // The path alone: passwords are in the query.
        tracing::info!(
            http.method = %parts.method,
            http.path = parts.uri.path(),
            hcp.tenant = account.tenant.as_ref().map(|tenant| &tenant.name),
            hcp.user = account.username,
            "a management change was made"
        );
    }
    Ok(answer.write(media, pretty)?)
}

fn below(path: &str) -> &str {
    path.strip_prefix("/mapi").unwrap_or(path)
}

/// What the path has for the names in braces.
async fn names(request: &mut Request) -> Result<HashMap<String, String>, Refusal> {
    match request.extract_parts::<RawPathParams>().await {
        Ok(names) => Ok(names
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()),
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => {
            Err(Refusal::invalid("The path is not UTF-8."))
        }
        // A path where there is nothing.
        Err(_no_route) => Ok(HashMap::new()),
    }
}

/// As what the caller acts here, if the verb admits the caller at all.
fn admit(
    habits: &Habits,
    signed_in: &SignedIn,
    access: Access,
    names: &HashMap<String, String>,
) -> Result<Standing, Refusal> {
    let account = &signed_in.account;
    let own = account.tenant.is_some() == signed_in.path_tenant.is_some()
        && names
            .get("username")
            .is_some_and(|name| account.username.eq_ignore_ascii_case(name));
    if signed_in.must_change && !access.admits_forced(own) {
        return Err(Refusal::forbidden(Barrier::MustChange.reason()));
    }
    let acts_in_tenant = account.tenant.is_some() || signed_in.lets_system_in;
    let standing = Standing::new(account, acts_in_tenant);
    let own = own && (habits.serves_own_account || signed_in.must_change);
    if !access.admits(&standing, own) {
        return Err(Refusal::forbidden(
            "The account lacks the role that this needs.",
        ));
    }
    if signed_in.path_tenant.is_some() && signed_in.tenant.is_none() {
        return Err(Refusal::NotFound);
    }
    Ok(standing)
}

/// The body of a request and its media type, which it has to have.
async fn received(headers: &HeaderMap, body: Body) -> Result<(Bytes, Option<Media>), Refusal> {
    let body = axum::body::to_bytes(body, MAX_BODY)
        .await
        .map_err(|_too_long_or_broken| Refusal::invalid("The body is too long, or has no end."))?;
    let media = if body.is_empty() {
        None
    } else {
        let media = media::of_body(headers)?;
        Some(media.ok_or(Refusal::UnsupportedMedia(
            "A body needs a Content-Type: application/xml or application/json.",
        ))?)
    };
    Ok((body, media))
}

/// A file: of any media type, but of one.
async fn file(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let body = axum::body::to_bytes(body, MAX_BODY)
        .await
        .map_err(|_too_long_or_broken| {
            Refusal::TooLarge("The file has more than 6 MB, or has no end.")
        })?;
    if body.is_empty() {
        return Err(Refusal::invalid("There is no file in the body."));
    }
    if !headers.contains_key(header::CONTENT_TYPE) {
        return Err(Refusal::UnsupportedMedia("A file needs a Content-Type."));
    }
    Ok(body)
}
