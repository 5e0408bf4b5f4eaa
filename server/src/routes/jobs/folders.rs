//! What the folders of a measured bucket hold, level by level.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use model::{
    Endpoint as _, ErrorCode, Problem,
    job::{
        FolderPage, FolderUsage, JobFoldersQuery, JobState, ListJobFolders, MAX_RESULTS, Measured,
        Snapshot,
    },
};

use super::{LINES, MOST_LINES, bounded, owner};
use crate::{
    Error, db::tasks::TaskRecord, openapi::params::OfJob, session::Session, state::AppState,
    web::extract,
};

#[utoipa::path(
    get,
    path = ListJobFolders::ROUTE,
    operation_id = "list_job_folders",
    tag = "Jobs",
    summary = "Tell what the folders of a measured bucket hold",
    description = "The folders directly below `prefix`, each with all below it, and how much of that lies in the folder itself. The \
        largest come first; beside an earlier measurement (`with`) those that changed most, also those that are gone. A \
        measurement has 10,000 lines: where there are more folders, the deepest are told by those above them alone, and of too \
        many at the first level the smallest share a line whose `prefix` is null. What was left out so is never told as new or gone: \
        its `before` is null.",
    params(OfJob, JobFoldersQuery),
    responses(
        (status = 200, description = "One page.", body = FolderPage),
        (status = 404, description = "The caller has no such job.", body = Problem),
        (status = 409, description = "One of the jobs measures nothing, or has not come to its end, or they are of two buckets.", body = Problem),
    ),
)]
pub(super) async fn list_job_folders(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobFoldersQuery>,
) -> Result<Json<FolderPage>, Error> {
    let limit = bounded("limit", query.limit, LINES, 1..=MOST_LINES)?;
    let owner = owner(&state, &session);
    let now = Kept::read(&state, &owner, &id).await?;
    let earlier = match query.with.filter(|with| !with.is_empty()) {
        Some(with) => Some(Kept::read(&state, &owner, &with).await?),
        None => None,
    };
    if earlier
        .as_ref()
        .is_some_and(|one| one.record.bucket != now.record.bucket)
    {
        return Err(refused("These measurements are of two buckets."));
    }
    let (prefix, from) = (
        query.prefix.unwrap_or_default(),
        query.from.unwrap_or_default(),
    );
    let earlier = earlier.as_ref().map(Kept::snapshot);
    let page = now
        .snapshot()
        .page(&prefix, earlier.as_ref(), from, limit as usize);
    Ok(Json(page))
}

/// A measurement as it is kept.
struct Kept {
    record: TaskRecord,
    measured: Measured,
    lines: Vec<FolderUsage>,
}

impl Kept {
    async fn read(state: &AppState, owner: &str, id: &str) -> Result<Self, Error> {
        let record = state.tasks().job(owner, id).await?;
        let done = record.job_state() == JobState::Done;
        let measured = record.progress.measured.filter(|_| done);
        let why = "This job has measured nothing, or has not come to its end.";
        let measured = measured.ok_or_else(|| refused(why))?;
        let most = u32::try_from(MAX_RESULTS).unwrap_or(u32::MAX);
        let lines = state.tasks().folders(&record.id, 0, most).await?;
        Ok(Self {
            record,
            measured,
            lines,
        })
    }

    fn snapshot(&self) -> Snapshot<'_> {
        Snapshot {
            measured: &self.measured,
            lines: &self.lines,
        }
    }
}

fn refused(detail: &str) -> Error {
    Error::Refused {
        status: StatusCode::CONFLICT,
        code: ErrorCode::Conflict,
        detail: detail.to_owned(),
    }
}
