//! Metadata queries: `POST /query` on the hosts of the S3 endpoint (HCP's metadata query API).
//!
//! They are answered from the store's own tables, so that a write is visible to the next query. What a
//! query may cost is bounded: its size, its depth and the number of its conditions where it is read, the rows
//! of an answer, the time, and how many run at once.

mod check;
mod condition;
mod grants;
mod objects;
mod operations;
mod record;
mod request;
mod scope;
#[cfg(test)]
mod tests;
mod xml;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};
use rusqlite::{Connection, ErrorCode};
use serde_json::{Map, Value as Json, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use self::check::register;
use self::{request::Asked, scope::Scope};
use crate::{
    Config, Error,
    account::{Account, Tenant},
    mapi::{
        Management,
        auth::{self, SignedIn},
        error::Refusal,
        media::{self, Media},
        xml as documents,
    },
    store::Store,
};

/// How many rows an answer has at most, also where all are asked for.
const MAX_ROWS: usize = 100_000;
/// How long a query may take.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// How long a query waits for others.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many queries run at once: half of the connections are left to those who read objects.
const AT_ONCE: usize = 2;

/// Answers queries.
#[derive(Clone)]
pub(crate) struct Service {
    management: Management,
    turns: Arc<Semaphore>,
}

impl Service {
    pub(crate) fn new(store: &Store, config: &Config) -> Self {
        Self {
            management: Management::new(store, config),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Answers a query.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let mut response = self
            .answered(request)
            .await
            .unwrap_or_else(Refusal::into_response);
        let headers = response.headers_mut();
        headers.insert(
            header::EXPIRES,
            HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"),
        );
        response
    }

    async fn answered(&self, request: Request) -> Result<Response, Refusal> {
        let pretty = match request.uri().query() {
            None | Some("") => false,
            Some("prettyprint") => true,
            Some(_) => return Err(Refusal::invalid("The only parameter is `prettyprint`.")),
        };
        let (parts, body) = request.into_parts();
        let signed_in = auth::sign_in_to_search(&self.management, &parts).await?;
        let (reads, writes) = media_of(&parts.headers)?;
        let body = to_bytes(body, model::query::MAX_BYTES)
            .await
            .map_err(|_too_long_or_cut| Refusal::TooLarge("A request has 8 KB at most."))?;
        let asked = request::read(read(&body, reads)?, &self.management.habits)?;
        let answer = self.run(signed_in, asked).await?;
        written(answer, writes, pretty)
    }

    async fn run(&self, signed_in: SignedIn, asked: Asked) -> Result<Map<String, Json>, Refusal> {
        let turn = turn(&self.turns, PATIENCE).await?;
        let SignedIn {
            account, tenant, ..
        } = signed_in;
        let (management, account) = (self.management.clone(), Arc::new(account));
        self.management
            .store
            .read_within(TIME_LIMIT, move |connection| {
                let _turn = turn;
                let answer = run(connection, &management, &account, tenant.as_ref(), asked);
                Ok(in_time(answer))
            })
            .await?
    }
}

/// Waits until a query may run, but not for ever.
async fn turn(turns: &Arc<Semaphore>, patience: Duration) -> Result<OwnedSemaphorePermit, Refusal> {
    let turn = tokio::time::timeout(patience, Arc::clone(turns).acquire_owned())
        .await
        .map_err(|_elapsed| Refusal::Busy("Too many queries are running."))?;
    Ok(turn.map_err(|_closed| Error::Closed)?)
}

/// Whether a request on a host of S3 is a query: no operation of S3 posts to a bucket without saying more.
pub(crate) fn is_query(request: &Request) -> bool {
    let is_document = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| !kind.as_bytes().starts_with(b"multipart/"));
    request.method() == Method::POST
        && request.uri().path() == "/query"
        && request
            .uri()
            .query()
            .is_none_or(|query| query == "prettyprint" || query.is_empty())
        && is_document
}

fn run(
    connection: &Connection,
    management: &Management,
    account: &Arc<Account>,
    tenant: Option<&Tenant>,
    asked: Asked,
) -> Result<Map<String, Json>, Refusal> {
    let habits = &management.habits;
    let scope = Scope::of(connection, account, tenant, habits)?;
    let now_ms = management.clock.now_ms();
    match asked {
        Asked::Objects(query) => objects::run(
            connection,
            &scope,
            habits,
            &management.domain,
            now_ms,
            &query,
        ),
        Asked::Operations(given) => {
            let query = request::operations(given, &scope, habits, now_ms)?;
            let tells_user = habits.extended_queries;
            operations::run(connection, &scope, &management.domain, tells_user, &query)
        }
    }
}

/// Says of a query that took too long what can be done.
fn in_time<T>(outcome: Result<T, Refusal>) -> Result<T, Refusal> {
    match outcome {
        Err(Refusal::Failed(Error::Database(rusqlite::Error::SqliteFailure(failure, _))))
            if failure.code == ErrorCode::OperationInterrupted =>
        {
            Err(Refusal::invalid(format!(
                "The query takes longer than {} seconds: narrow it, or drop its order or facets.",
                TIME_LIMIT.as_secs()
            )))
        }
        outcome => outcome,
    }
}

/// How the body is written, and how the answer shall be.
fn media_of(headers: &HeaderMap) -> Result<(Media, Media), Refusal> {
    let reads = media::of_body(headers)?.ok_or(Refusal::UnsupportedMedia(
        "The request says no Content-Type.",
    ))?;
    if !headers.contains_key(header::ACCEPT) {
        return Err(Refusal::NotAcceptable("The request says no Accept."));
    }
    let writes = media::of_answer(headers, &[Media::Xml, Media::Json]).map_err(|_other| {
        Refusal::NotAcceptable("Answers are application/xml or application/json.")
    })?;
    Ok((reads, writes))
}

fn read(body: &[u8], media: Media) -> Result<Json, Refusal> {
    let text = std::str::from_utf8(body)
        .map_err(|_not_utf8| Refusal::invalid("The body is not UTF-8."))?;
    if media == Media::Json {
        return serde_json::from_str(text)
            .map_err(|fault| Refusal::invalid(format!("The body is not JSON: {fault}")));
    }
    let element = documents::parse(text)
        .map_err(|fault| Refusal::invalid(format!("The body is not XML: {fault}")))?;
    if element.name != "queryRequest" {
        return Err(Refusal::invalid(
            "The element of a request is `queryRequest`.",
        ));
    }
    Ok(match documents::plain(&element) {
        Json::String(_empty) => json!({}),
        other => other,
    })
}

fn written(answer: Map<String, Json>, media: Media, pretty: bool) -> Result<Response, Refusal> {
    let failed = |_unwritable| Refusal::Failed(Error::Damaged("an answer cannot be written"));
    let bytes = if media == Media::Json {
        let answer = json!({"queryResult": answer});
        let bytes = if pretty {
            serde_json::to_vec_pretty(&answer)
        } else {
            serde_json::to_vec(&answer)
        };
        bytes.map_err(|_unwritable| failed(()))?
    } else {
        xml::write(&answer).map_err(|_unwritable| failed(()))?
    };
    let mut response = Response::new(Body::from(bytes));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media.header());
    Ok(response)
}
