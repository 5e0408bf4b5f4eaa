//! The management of an HCP: what came in is checked, the call is made, and what HCP answers is put
//! into the API's form.

mod files;
mod full;
mod incoming;
mod listed;
mod passwords;
mod report;
mod shape;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use hcp::{Call, Reply};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::AGE};
use model::{
    ErrorCode,
    mapi::calls::{About, Answer, Operation},
};
use serde_json::{Map, Value};

pub use incoming::{Incoming, Names};
pub use shape::is_flat;

use crate::{Error, cache::Freshness, session::Session, state::AppState};

/// The header with HCP's version, as HCP calls it.
const SOFTWARE_VERSION: HeaderName = HeaderName::from_static("x-hcp-softwareversion");

/// What the contract calls archives of logs.
const ARCHIVE: &str = "application/octet-stream";

/// Whether an answer was kept.
const CACHE: HeaderName = HeaderName::from_static("x-hako-cache");

/// The names in a list that did not answer in full.
const PARTIAL: HeaderName = HeaderName::from_static("x-hako-partial");

/// The management API with one person's credentials.
#[derive(Clone, Copy)]
pub struct Management<'a> {
    state: &'a AppState,
    session: &'a Session,
    /// Whether what is kept does not do.
    anew: bool,
}

impl<'a> Management<'a> {
    /// Refused where the store has no management, and where the operator switched it off.
    pub fn new(state: &'a AppState, session: &'a Session) -> Result<Self, Error> {
        let config = state.config();
        if is_served(state) {
            return Ok(Self {
                state,
                session,
                anew: false,
            });
        }
        let detail = if config.backend.is_hcp() {
            "The management API is switched off (MAPI_ENABLED), or has no address.".to_owned()
        } else {
            let backend = config.backend.as_str();
            format!("'management' is not supported by the {backend} backend")
        };
        Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail,
        })
    }

    /// The same, for somebody to whom what is kept may not do.
    #[must_use]
    pub fn anew(self, anew: bool) -> Self {
        Self { anew, ..self }
    }

    /// Makes one call, or answers with what is kept. Everything that asks HCP's management goes through
    /// here.
    pub async fn perform(&self, call: &Call) -> Result<Reply, Error> {
        self.perform_or_find(call).await.map(|(reply, _)| reply)
    }

    /// As [`Self::perform`], with where the answer is from.
    pub async fn perform_or_find(&self, call: &Call) -> Result<(Reply, Freshness), Error> {
        let credentials = &self.session.claims.credentials;
        let owner = self.state.tokens().owner(credentials);
        let (cache, store) = (self.state.cache(), self.state.store());
        let performed = cache.perform(store, credentials, &owner, call, self.anew);
        Ok(performed.await?)
    }

    /// Keeps what a tenant says to people who sign in, whenever it is told or set.
    fn note_login_message(&self, operation: &Operation, incoming: &Incoming, answer: &Value) {
        let Some(tenant) = incoming.name("tenant_name") else {
            return;
        };
        let messages = self.state.login_messages();
        match operation.id {
            "get_console_security" => messages.note(tenant, answer),
            "modify_console_security" => {
                if let Some(message) = incoming.property("loginMessage") {
                    messages.note(tenant, &serde_json::json!({"loginMessage": message}));
                }
            }
            _ => {}
        }
    }

    /// Whether the session is one of the system.
    fn is_of_system(&self) -> bool {
        self.session.claims.credentials.tenant.is_none()
    }

    /// Answers a request.
    pub async fn answer(
        &self,
        operation: &'static Operation,
        incoming: Incoming,
        headers: &HeaderMap,
    ) -> Result<Response, Error> {
        match operation.id {
            "reset_passwords" => return self.reset_passwords(operation, &incoming).await,
            "set_system_user_password" | "modify_user" if incoming.is_password_alone() => {
                return self.set_password(operation, &incoming).await;
            }
            "get_license" => return self.license(&incoming).await,
            "get_certificate" => return self.certificate(&incoming).await,
            _ => {}
        }
        let call = incoming.call(operation)?;
        match operation.answers {
            Answer::Text(media_type, name) => return self.fetch(&call, media_type, name).await,
            Answer::Archive(name) => return self.fetch(&call, ARCHIVE, name).await,
            _ => {}
        }
        let (reply, freshness) = self.perform_or_find(&call).await?;
        self.note_login_message(operation, &incoming, &reply.body);
        let version = reply.software_version.clone();
        let mut response = match operation.answers {
            Answer::Nothing | Answer::Text(..) | Answer::Archive(_) => {
                StatusCode::OK.into_response()
            }
            Answer::Status(word, about) => status(operation, word, about, &incoming),
            Answer::One(shape) if report::is_wanted(&shape, headers) => {
                report::csv(&shape::resource(&shape, reply.body))?
            }
            Answer::One(shape) => {
                let mut body = shape::resource(&shape, reply.body);
                if operation.id == "get_tenant" {
                    name_version(&mut body, version.as_deref());
                }
                Json(body).into_response()
            }
            Answer::OneOf(shapes) => {
                let name = incoming.last_name();
                Json(shape::one_of(shapes, name, reply.body)).into_response()
            }
            Answer::Names(below, Some(shape)) if incoming.is_full() => {
                self.in_full(operation, &incoming, below, &shape, reply.body)
                    .await?
            }
            Answer::Names(below, shape) => {
                Json(shape::names(below, shape.as_ref(), reply.body)).into_response()
            }
            Answer::Listed(below, shape) => {
                Json(shape::listed(below, &shape, reply.body)).into_response()
            }
            Answer::Candidates(below, shape) if incoming.is_full() => {
                let items = shape::members(below, reply.body);
                Json(shape::resources(&shape, items)).into_response()
            }
            Answer::Candidates(below, _) => {
                Json(shape::candidates(below, reply.body)).into_response()
            }
            Answer::Members(property, shape) => {
                Json(shape::of_members(property, &shape, reply.body)).into_response()
            }
        };
        name_software(&mut response, version.as_deref());
        tell(freshness, response.headers_mut());
        Ok(response)
    }
}

/// Names HCP's version in the headers.
fn name_software(response: &mut Response, version: Option<&str>) {
    if let Some(version) = version.and_then(|v| HeaderValue::from_str(v).ok()) {
        response.headers_mut().insert(SOFTWARE_VERSION, version);
    }
}

/// Tells whether an answer was kept, and for how long.
pub(super) fn tell(freshness: Freshness, headers: &mut HeaderMap) {
    let word = match freshness {
        Freshness::Hit(seconds) => {
            headers.insert(AGE, seconds.into());
            "hit"
        }
        Freshness::Miss => "miss",
        Freshness::Unkept => return,
    };
    headers.insert(CACHE, HeaderValue::from_static(word));
}

/// Whether the management API is there.
pub fn is_served(state: &AppState) -> bool {
    state.config().mapi_enabled && state.store().config().management.is_some()
}

/// What a change answers: HCP itself says nothing.
fn status(operation: &Operation, word: &str, about: About, incoming: &Incoming) -> Response {
    let mut body = Map::from_iter([("status".to_owned(), Value::from(word))]);
    let named = match about {
        About::Nothing => None,
        About::Body(property) => incoming
            .property(property)
            .map(|value| (property, value.clone())),
        About::Path(parameter, key) => incoming
            .name(parameter)
            .map(|name| (key, Value::from(name))),
    };
    if let Some((key, value)) = named {
        body.insert(key.to_owned(), value);
    }
    let code = if operation.method == Method::PUT {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    (code, Json(body)).into_response()
}

/// The contract has HCP's version in the tenant.
fn name_version(body: &mut Value, version: Option<&str>) {
    if let Value::Object(properties) = body {
        properties.insert("softwareVersion".to_owned(), version.into());
    }
}
