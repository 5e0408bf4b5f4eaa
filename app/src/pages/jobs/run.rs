//! Starting a job and staying with it.

use model::{
    Problem,
    job::{GetJob, Job, JobFailure, JobFailuresQuery, JobWait, ListJobFailures, NewJob, StartJob},
};

use crate::api;

/// How long an answer waits for a job to move on, in seconds.
const WAIT: JobWait = JobWait { wait: Some(2) };

/// Starts a job and looks at it until its end, or until `stays` says that nobody waits any more: the job goes on
/// without.
pub async fn run(order: NewJob, mut stays: impl FnMut(&Job) -> bool) -> Result<Job, Problem> {
    let mut job = api::call(StartJob { order, wait: WAIT }).await?;
    while !job.state.is_final() && stays(&job) {
        let id = job.id;
        job = api::call(GetJob { id, wait: WAIT }).await?;
    }
    Ok(job)
}

/// The first failures of a job, as far as they can be had.
pub async fn failures(id: String, most: u32) -> Vec<JobFailure> {
    let page = JobFailuresQuery {
        from: None,
        limit: Some(most),
    };
    let answer = api::call(ListJobFailures { id, page }).await;
    answer.map(|page| page.failures).unwrap_or_default()
}
