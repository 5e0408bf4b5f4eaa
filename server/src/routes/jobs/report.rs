//! Reports: what became of a job, to be kept.

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use http::header;
use model::{
    Problem,
    job::{JobFailure, ReportFormat, ReportQuery},
};

use super::{MOST_LINES, failures, kept, owner, told};
use crate::{
    Error,
    db::tasks::TaskRecord,
    openapi::params::OfJob,
    session::Session,
    state::AppState,
    web::{csv::row, extract},
};

#[utoipa::path(
    get,
    path = super::REPORT,
    operation_id = "report_job",
    tag = "Jobs",
    summary = "Download the report of a job",
    description = "As CSV: a line for each failure that was kept, and a last one for how many were not. Cells that a spreadsheet \
        would take for a formula begin with an apostrophe. As JSON: the job, with its `failures`.",
    params(OfJob, ReportQuery),
    responses(
        (
            status = 200,
            description = "The report.",
            content((String = "text/csv"), (Object = "application/json")),
        ),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
pub(super) async fn report_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<ReportQuery>,
) -> Result<Response, Error> {
    let record = state.tasks().job(&owner(&state, &session), &id).await?;
    let (media_type, extension) = match query.format {
        ReportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ReportFormat::Json => ("application/json", "json"),
    };
    let name = format!("attachment; filename=\"job-{}.{extension}\"", record.id);
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = Body::from_stream(pieces(state, record, query.format));
    Ok((headers, body).into_response())
}

/// What comes next.
enum Next {
    Head,
    Lines(u64),
    End,
    Nothing,
}

/// A report in pieces, of which each holds a page of failures.
fn pieces(
    state: AppState,
    record: TaskRecord,
    format: ReportFormat,
) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(Next::Head, move |next| {
        let (state, record) = (state.clone(), record.clone());
        async move {
            Ok(match next {
                Next::Head => Some((head(&record, format)?, Next::Lines(0))),
                Next::Lines(from) => {
                    let page = failures(&state, &record, from, MOST_LINES).await?;
                    let read = from + page.len() as u64;
                    let next = if page.len() < MOST_LINES as usize {
                        Next::End
                    } else {
                        Next::Lines(read)
                    };
                    Some((lines(&page, from == 0, format)?, next))
                }
                Next::End => Some((end(&record, format)?, Next::Nothing)),
                Next::Nothing => None,
            })
        }
    })
}

fn head(record: &TaskRecord, format: ReportFormat) -> Result<Bytes, Error> {
    if format == ReportFormat::Csv {
        return row(["key", "version_id", "code", "reason"]);
    }
    let mut job = serde_json::to_string(&told(record.clone())).map_err(Error::internal)?;
    // The failures stand last in the same object.
    job.pop();
    Ok((job + ",\"failures\":[").into())
}

fn lines(page: &[JobFailure], first: bool, format: ReportFormat) -> Result<Bytes, Error> {
    let mut out = Vec::new();
    for (at, failure) in page.iter().enumerate() {
        if format == ReportFormat::Csv {
            let version = failure.version_id.as_deref().unwrap_or_default();
            let code = failure.code.as_deref().unwrap_or_default();
            out.extend(row([&failure.key, version, code, &failure.reason])?);
            continue;
        }
        if at > 0 || !first {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, failure).map_err(Error::internal)?;
    }
    Ok(out.into())
}

fn end(record: &TaskRecord, format: ReportFormat) -> Result<Bytes, Error> {
    if format == ReportFormat::Json {
        return Ok(Bytes::from_static(b"]}\n"));
    }
    match record.progress.failed.saturating_sub(kept(record)) {
        0 => Ok(Bytes::new()),
        more => row(["", "", "", &format!("and {more} more, which were not kept")]),
    }
}
