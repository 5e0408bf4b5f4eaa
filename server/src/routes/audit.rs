//! The audit, as pages and as files.

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{Stream, stream};
use http::{HeaderMap, header};
use model::{
    Endpoint,
    audit::{AuditFormat, AuditPage, AuditQuery, AuditRecord, ListAudit},
    job::JobKind,
};

use crate::{
    Error,
    db::audit::{Filter, Stretch},
    service::audit,
    session::Session,
    state::AppState,
    web::{csv::row, extract, negotiation},
};

use super::jobs::bounded;

/// Records in a page when nobody says.
const PAGE: u32 = 50;
/// The most records in a page.
const LARGEST_PAGE: u32 = 200;
/// How many records of a file are read at once.
const CHUNK: usize = 500;

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list_audit))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(ListAudit::ROUTE, get(list_audit))
}

#[utoipa::path(
    get,
    path = ListAudit::ROUTE,
    operation_id = "list_audit",
    tag = "Audit",
    summary = "Tell who changed what through Hako",
    description = "Newest first. Administrators and security accounts see all of their tenant, those of the system all tenants, \
        everybody else what they did themselves. No record has a value that was set. As `text/csv` or `application/x-ndjson`, by \
        `format` or by `Accept`, it is everything that the filters leave; cells of CSV that a spreadsheet would take for a formula \
        begin with an apostrophe.",
    params(AuditQuery),
    responses(
        (
            status = 200,
            description = "One page, or everything as a file.",
            content(
                (AuditPage = "application/json"),
                (String = "text/csv"),
                (String = "application/x-ndjson"),
            ),
        ),
    ),
)]
async fn list_audit(
    session: Session,
    State(state): State<AppState>,
    headers: HeaderMap,
    extract::Query(query): extract::Query<AuditQuery>,
) -> Result<Response, Error> {
    let limit = bounded("limit", query.limit, PAGE, 1..=LARGEST_PAGE)?;
    let stretch = audit::stretch(&state, &query)?;
    let (scope, sight) = audit::sight(&state, &session).await;
    let filter = audit::filter(&query, sight);
    // What was answered before is there.
    state.audit().flush().await;
    if let Some(format) = query.format.or_else(|| negotiation::wants_audit(&headers)) {
        return Ok(file(&state, filter, format));
    }
    let found = state.audit().page(&filter, stretch, limit as usize).await?;
    let last = found.records.last().map(|record| record.id.clone());
    Ok(Json(AuditPage {
        scope,
        days: state.audit().days(),
        next: last.filter(|_| found.more && query.after.is_none()),
        records: found.records,
        newest: found.newest,
    })
    .into_response())
}

fn file(state: &AppState, filter: Filter, format: AuditFormat) -> Response {
    let (media_type, extension) = match format {
        AuditFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        AuditFormat::Jsonl => ("application/x-ndjson", "jsonl"),
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"audit.{extension}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = Body::from_stream(pieces(state.clone(), filter, format));
    (headers, body).into_response()
}

/// Everything that a filter leaves, in pieces, of which each holds some records.
fn pieces(
    state: AppState,
    filter: Filter,
    format: AuditFormat,
) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(Some(Stretch::Newest), move |next| {
        let (state, filter) = (state.clone(), filter.clone());
        async move {
            let Some(stretch) = next else { return Ok(None) };
            let first = stretch == Stretch::Newest;
            let found = state.audit().page(&filter, stretch, CHUNK).await?;
            let mut piece = Vec::new();
            if first && format == AuditFormat::Csv {
                piece.extend(row(HEAD)?);
            }
            for record in &found.records {
                match format {
                    AuditFormat::Csv => piece.extend(line(record)?),
                    AuditFormat::Jsonl => {
                        serde_json::to_writer(&mut piece, record).map_err(Error::internal)?;
                        piece.push(b'\n');
                    }
                }
            }
            let last = found.records.last().map(|record| record.id.clone());
            let next = last.filter(|_| found.more).map(Stretch::OlderThan);
            Ok(Some((Bytes::from(piece), next)))
        }
    })
}

const HEAD: [&str; 23] = [
    "id",
    "time",
    "request_id",
    "level",
    "tenant",
    "person",
    "action",
    "target",
    "target_tenant",
    "version",
    "more",
    "result",
    "status",
    "code",
    "address",
    "duration_ms",
    "method",
    "route",
    "fields",
    "job",
    "job_kind",
    "failures",
    "reason",
];

fn line(record: &AuditRecord) -> Result<Bytes, Error> {
    let level = record
        .level
        .map(|level| format!("{level:?}").to_lowercase());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let target = &record.target;
    let cells: [String; 23] = [
        record.id.clone(),
        record.time.to_string(),
        record.request_id.clone(),
        level.unwrap_or_default(),
        text(&record.tenant),
        text(&record.person),
        record.action.clone(),
        target.text(),
        text(&target.tenant),
        text(&target.version),
        target.more.map(|more| more.to_string()).unwrap_or_default(),
        record.result.as_str().to_owned(),
        record.status.to_string(),
        text(&record.code),
        text(&record.address),
        record.duration_ms.to_string(),
        record.method.clone(),
        record.route.clone(),
        record.fields.join(" "),
        text(&record.job),
        record
            .job_kind
            .map(JobKind::as_str)
            .unwrap_or_default()
            .to_owned(),
        record
            .failures
            .map(|count| count.to_string())
            .unwrap_or_default(),
        text(&record.reason),
    ];
    row(cells.each_ref().map(String::as_str))
}
