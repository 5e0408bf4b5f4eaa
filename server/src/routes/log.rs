//! Hako's own log, for who reads along.

use axum::{Json, Router, extract::State, routing::get};
use model::{
    Endpoint,
    log::{LogPage, LogQuery, MOST_LINES, ReadLog},
};

use super::jobs::bounded;
use crate::{Error, service::log, session::Session, state::AppState, web::extract};

/// Lines in a page when nobody says.
const PAGE: u32 = 200;

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(read_log))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(ReadLog::ROUTE, get(read_log))
}

#[utoipa::path(
    get,
    path = ReadLog::ROUTE,
    operation_id = "read_log",
    tag = "Audit",
    summary = "Read what Hako itself logs",
    description = "The lines that this server wrote since it was started, the oldest first: the newest `limit` of them, or with \
        `after` those behind a page. The last 20,000 are kept, in memory. For accounts of the system that see how far its logs are \
        (`GET /mapi/logs`), on the embedded store; with another store the log is on the server's standard error alone. No line has a secret in it.",
    params(LogQuery),
    responses((status = 200, description = "Some lines.", body = LogPage)),
)]
async fn read_log(
    session: Session,
    State(state): State<AppState>,
    extract::Query(query): extract::Query<LogQuery>,
) -> Result<Json<LogPage>, Error> {
    let limit = bounded("limit", query.limit, PAGE, 1..=MOST_LINES)?;
    log::check_may_read(&state, &session).await?;
    Ok(Json(log::read(&state, &query, limit)))
}
