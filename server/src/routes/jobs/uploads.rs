//! The uploads that are not completed, bucket by bucket.

use axum::{
    Json,
    extract::{Path, State},
};
use model::{
    Endpoint as _, Problem,
    job::{JobFailuresQuery, JobUploads, ListJobUploads},
};

use super::{LINES, MOST_LINES, bounded, owner};
use crate::{Error, openapi::params::OfJob, session::Session, state::AppState, web::extract};

#[utoipa::path(
    get,
    path = ListJobUploads::ROUTE,
    operation_id = "list_job_uploads",
    tag = "Jobs",
    summary = "Tell the unfinished uploads of a job, bucket by bucket",
    description = "Of a job of the kind `uploads`, or of a plan of `abort_uploads`, once it is done: the buckets that have any, those \
        with most bytes first, 10,000 at most. The sum over all is the job's `unfinished`. Of other jobs there are none.",
    params(OfJob, JobFailuresQuery),
    responses(
        (status = 200, description = "One page.", body = JobUploads),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
pub(super) async fn list_job_uploads(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobFailuresQuery>,
) -> Result<Json<JobUploads>, Error> {
    let limit = bounded("limit", query.limit, LINES, 1..=MOST_LINES)?;
    let from = query.from.unwrap_or_default();
    let record = state.tasks().job(&owner(&state, &session), &id).await?;
    if !record.job_kind().is_of_uploads() {
        return Ok(Json(JobUploads::default()));
    }
    let total = record.progress.results;
    let buckets = state.tasks().uploads(&record.id, from, limit).await?;
    let next = from.saturating_add(buckets.len() as u64);
    Ok(Json(JobUploads {
        next: Some(next).filter(|next| *next < total && !buckets.is_empty()),
        buckets,
        total,
    }))
}
