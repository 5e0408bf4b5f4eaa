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
    job::{BucketUploads, FolderUsage, JobFailure, JobKind, JobResult, ReportFormat, ReportQuery},
};
use serde::Serialize;

use super::{MOST_LINES, exported, failures, kept, owner, told};
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
        would take for a formula begin with an apostrophe. As JSON: the job, with its `failures`. As JSON lines (`jsonl`): the \
        failures alone. Of a search, its results stand in the failures' place (`results`), those that are there by then; of a measurement, its `folders`, or of unfinished uploads its `buckets`; of an \
        export, all that the query found, once it is done and for `HAKO_TASK_EXPIRY`.",
    params(OfJob, ReportQuery),
    responses(
        (
            status = 200,
            description = "The report.",
            content(
                (String = "text/csv"),
                (Object = "application/json"),
                (String = "application/x-ndjson"),
            ),
        ),
        (status = 404, description = "The caller has no such job, or what an export wrote is no longer here.", body = Problem),
        (status = 409, description = "The export has not ended, or not well.", body = Problem),
    ),
)]
pub(super) async fn report_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<ReportQuery>,
) -> Result<Response, Error> {
    let record = state.tasks().job(&owner(&state, &session), &id).await?;
    let file = match record.job_kind() {
        JobKind::Export => Some(exported::open(&state, &record).await?),
        _ => None,
    };
    let media_type = match query.format {
        ReportFormat::Csv => "text/csv; charset=utf-8",
        ReportFormat::Json => "application/json",
        ReportFormat::Jsonl => "application/x-ndjson",
    };
    let extension = query.format.as_str();
    let name = format!("attachment; filename=\"job-{}.{extension}\"", record.id);
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = match file {
        Some(file) => exported::body(file, &record, query.format),
        None => Body::from_stream(pieces(state, record, query.format)),
    };
    Ok((headers, body).into_response())
}

/// What comes next.
enum Next {
    Head,
    Lines(u64),
    End,
    Nothing,
}

/// A report in pieces, of which each holds a page of failures or results.
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
                    let (count, bytes) = page(&state, &record, from, format).await?;
                    let next = if count < MOST_LINES as usize {
                        Next::End
                    } else {
                        Next::Lines(from + count as u64)
                    };
                    Some((bytes, next))
                }
                Next::End => Some((end(&record, format)?, Next::Nothing)),
                Next::Nothing => None,
            })
        }
    })
}

/// How many lines a page has, and the lines.
async fn page(
    state: &AppState,
    record: &TaskRecord,
    from: u64,
    format: ReportFormat,
) -> Result<(usize, Bytes), Error> {
    if is_search(record) {
        let tasks = state.tasks();
        let page = tasks.results(&record.id, from, MOST_LINES).await?;
        return Ok((page.len(), lines(&page, from == 0, format)?));
    }
    if is_measurement(record) {
        let page = state.tasks().folders(&record.id, from, MOST_LINES).await?;
        return Ok((page.len(), lines(&page, from == 0, format)?));
    }
    if lists_buckets(record) {
        let page = state.tasks().uploads(&record.id, from, MOST_LINES).await?;
        return Ok((page.len(), lines(&page, from == 0, format)?));
    }
    let page = failures(state, record, from, MOST_LINES).await?;
    Ok((page.len(), lines(&page, from == 0, format)?))
}

fn is_search(record: &TaskRecord) -> bool {
    record.job_kind() == JobKind::Search
}

fn is_measurement(record: &TaskRecord) -> bool {
    record.job_kind() == JobKind::Usage
}

/// Whether its lines are buckets with unfinished uploads.
fn lists_buckets(record: &TaskRecord) -> bool {
    let plan = record.job.as_ref().is_some_and(|facts| facts.plan);
    record.job_kind() == JobKind::Uploads || (record.job_kind().is_of_uploads() && plan)
}

/// Whether it works on what a query found or on all buckets, so that each line names its bucket.
fn is_on_query(record: &TaskRecord) -> bool {
    let source = record.job.as_ref().and_then(|facts| facts.source.as_ref());
    let in_buckets = record.job_kind().is_of_uploads();
    in_buckets || source.is_some_and(|source| source.query.is_some())
}

/// What a line of a report says.
trait Line: Serialize {
    /// The same as a row of CSV.
    fn row(&self) -> Result<Bytes, Error>;
}

impl Line for JobFailure {
    fn row(&self) -> Result<Bytes, Error> {
        let version = self.version_id.as_deref().unwrap_or_default();
        let code = self.code.as_deref().unwrap_or_default();
        let line = [self.key.as_str(), version, code, &self.reason];
        row(self.bucket.as_deref().into_iter().chain(line))
    }
}

impl Line for JobResult {
    fn row(&self) -> Result<Bytes, Error> {
        let changed = self.last_modified.map(|time| time.to_string());
        let changed = changed.as_deref().unwrap_or_default();
        row([&self.key, &self.size.to_string(), changed])
    }
}

impl Line for BucketUploads {
    fn row(&self) -> Result<Bytes, Error> {
        let sums = &self.unfinished;
        let numbers = [sums.uploads, sums.bytes, sums.unseen].map(|number| number.to_string());
        let oldest = sums.oldest.map(|time| time.to_string()).unwrap_or_default();
        let numbers = numbers.iter().map(String::as_str);
        let name = std::iter::once(self.bucket.as_str());
        row(name.chain(numbers).chain([oldest.as_str()]))
    }
}

impl Line for FolderUsage {
    fn row(&self) -> Result<Bytes, Error> {
        let usage = &self.usage;
        let numbers = [
            usage.objects,
            usage.bytes,
            usage.old_versions,
            usage.old_bytes,
            usage.markers,
            usage.uploads,
            usage.upload_bytes,
        ];
        let numbers = numbers.map(|number| number.to_string());
        let name = self.prefix.as_deref().unwrap_or("(others)");
        row(std::iter::once(name).chain(numbers.iter().map(String::as_str)))
    }
}

fn head(record: &TaskRecord, format: ReportFormat) -> Result<Bytes, Error> {
    match format {
        ReportFormat::Csv if is_search(record) => row(["key", "size", "last_modified"]),
        ReportFormat::Csv if is_measurement(record) => row([
            "prefix",
            "objects",
            "bytes",
            "old_versions",
            "old_bytes",
            "markers",
            "uploads",
            "upload_bytes",
        ]),
        ReportFormat::Csv if lists_buckets(record) => {
            row(["bucket", "uploads", "bytes", "unseen", "oldest"])
        }
        ReportFormat::Csv => {
            let bucket = is_on_query(record).then_some("bucket");
            row(bucket
                .into_iter()
                .chain(["key", "version_id", "code", "reason"]))
        }
        ReportFormat::Jsonl => Ok(Bytes::new()),
        ReportFormat::Json => {
            let mut job = serde_json::to_string(&told(record.clone())).map_err(Error::internal)?;
            // The list stands last in the same object.
            job.pop();
            let name = match record.job_kind() {
                JobKind::Search => "results",
                JobKind::Usage => "folders",
                _ if lists_buckets(record) => "buckets",
                _ => "failures",
            };
            Ok(format!("{job},\"{name}\":[").into())
        }
    }
}

fn lines(page: &[impl Line], first: bool, format: ReportFormat) -> Result<Bytes, Error> {
    let mut out = Vec::new();
    for (at, line) in page.iter().enumerate() {
        if format == ReportFormat::Csv {
            out.extend(line.row()?);
            continue;
        }
        if format == ReportFormat::Json && (at > 0 || !first) {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, line).map_err(Error::internal)?;
        if format == ReportFormat::Jsonl {
            out.push(b'\n');
        }
    }
    Ok(out.into())
}

fn end(record: &TaskRecord, format: ReportFormat) -> Result<Bytes, Error> {
    match format {
        ReportFormat::Json => return Ok(Bytes::from_static(b"]}\n")),
        ReportFormat::Jsonl => return Ok(Bytes::new()),
        ReportFormat::Csv => {}
    }
    let left_out = record.progress.failed.saturating_sub(kept(record));
    if is_search(record) {
        return if record.progress.more {
            row(["", "", "and more: the search has stopped here"])
        } else {
            Ok(Bytes::new())
        };
    }
    match left_out {
        _ if is_measurement(record) || lists_buckets(record) => Ok(Bytes::new()),
        0 => Ok(Bytes::new()),
        more => row(["", "", "", &format!("and {more} more, which were not kept")]),
    }
}
