//! What an export wrote, as it is downloaded: the lines as they are, or put into a table.

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt as _, stream};
use http::StatusCode;
use model::{
    ErrorCode,
    job::{JobState, ReportFormat},
};
use serde_json::{Map, Value};
use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, BufReader, Lines},
};
use tokio_util::io::ReaderStream;

use super::told;
use crate::{Error, db::tasks::TaskRecord, state::AppState, tasks::Holds, web::csv::row};

/// The column and property that every line has.
const ADDRESS: &str = "urlName";
/// Lines that are put into a table at once.
const AT_ONCE: usize = 500;

/// The file of an export.
///
/// # Errors
/// 409 before its end, or where it did not come to one; 404 where the file is gone, or on another server.
pub(super) async fn open(state: &AppState, record: &TaskRecord) -> Result<File, Error> {
    if record.job_state() != JobState::Done {
        return Err(Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::Conflict,
            detail: "The export has not come to its end: there is nothing to download.".to_owned(),
        });
    }
    let gone = || Error::Refused {
        status: StatusCode::NOT_FOUND,
        code: ErrorCode::TaskNotFound,
        detail: "What was exported is no longer kept here: start the export again.".to_owned(),
    };
    let until = state.tasks().fetched_until(record).unwrap_or(i64::MAX);
    if until <= state.now().unix_millis() {
        return Err(gone());
    }
    let files = state.tasks().files();
    match files.open_file(&record.id, Holds::Results).await {
        Ok(file) => Ok(file),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(gone()),
        Err(e) => Err(Error::internal(e)),
    }
}

/// The answer's body.
pub(super) fn body(file: File, record: &TaskRecord, format: ReportFormat) -> Body {
    match format {
        ReportFormat::Jsonl => Body::from_stream(ReaderStream::new(file)),
        ReportFormat::Json => Body::from_stream(json(file, record)),
        ReportFormat::Csv => Body::from_stream(table(file, columns(record))),
    }
}

/// The properties that were asked for, behind the address.
fn columns(record: &TaskRecord) -> Vec<String> {
    let facts = record.job.as_ref();
    let query = facts
        .and_then(|facts| facts.source.as_ref())
        .and_then(|source| source.query.as_ref());
    let properties = query.map(|query| query.properties.clone());
    let asked = properties.unwrap_or_default().into_iter();
    std::iter::once(ADDRESS.to_owned())
        .chain(asked.filter(|name| name != ADDRESS))
        .collect()
}

/// The lines, some at a time.
fn chunks(file: File) -> impl Stream<Item = Result<Vec<String>, Error>> {
    let lines = BufReader::new(file).lines();
    stream::try_unfold(lines, |mut lines: Lines<BufReader<File>>| async move {
        let mut some = Vec::new();
        while some.len() < AT_ONCE {
            match lines.next_line().await.map_err(Error::internal)? {
                Some(line) => some.push(line),
                None => break,
            }
        }
        Ok((!some.is_empty()).then_some((some, lines)))
    })
}

/// A table with a column for each property.
fn table(file: File, columns: Vec<String>) -> impl Stream<Item = Result<Bytes, Error>> {
    let head = row(columns.iter().map(String::as_str));
    let rows = chunks(file).map(move |lines| {
        let mut out = Vec::new();
        for line in lines? {
            let line: Map<String, Value> = serde_json::from_str(&line).map_err(Error::internal)?;
            let cells: Vec<String> = columns.iter().map(|name| cell(line.get(name))).collect();
            out.extend(row(cells.iter().map(String::as_str))?);
        }
        Ok(out.into())
    });
    stream::iter([head]).chain(rows)
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The job with its results.
fn json(file: File, record: &TaskRecord) -> impl Stream<Item = Result<Bytes, Error>> + use<> {
    let job = serde_json::to_string(&told(record.clone())).map_err(Error::internal);
    // The list stands last in the same object.
    let head = job.map(|mut job| {
        job.pop();
        Bytes::from(format!("{job},\"results\":["))
    });
    let mut first = true;
    let lines = chunks(file).map(move |lines| {
        let lines = lines?.join(",");
        let before = if std::mem::take(&mut first) { "" } else { "," };
        Ok(format!("{before}{lines}").into())
    });
    stream::iter([head])
        .chain(lines)
        .chain(stream::iter([Ok(Bytes::from_static(b"]}\n"))]))
}
