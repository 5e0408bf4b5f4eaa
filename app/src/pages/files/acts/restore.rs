//! Bringing a deleted file back.

use leptos::{prelude::*, task::spawn_local};
use model::job::{GetJob, JobKind, JobWait, NewJob, StartJob};

use super::super::state::FilesState;
use crate::{api, words::files};

/// How long an answer waits for a job to move on, in seconds.
const WAIT: JobWait = JobWait { wait: Some(5) };

/// A name whose newest version is a delete marker.
pub struct Gone {
    /// Its key.
    pub key: String,
    /// What it is called in the list.
    pub shown: String,
    /// Whether it is being brought back.
    pub busy: RwSignal<bool>,
}

/// Removes the delete markers above its newest version.
pub(super) fn restore(state: FilesState, gone: Gone) {
    let Gone { key, shown, busy } = gone;
    let order = NewJob {
        keys: vec![key],
        ..NewJob::new(
            JobKind::Restore,
            state.bucket.with_value(ToString::to_string),
        )
    };
    spawn_local(async move {
        let mut answer = api::call(StartJob { order, wait: WAIT }).await;
        while let Ok(job) = &answer
            && !job.state.is_final()
        {
            let id = job.id.clone();
            answer = api::call(GetJob { id, wait: WAIT }).await;
        }
        if state.is_gone() {
            return;
        }
        busy.try_set(false);
        match answer {
            Ok(job) if job.progress.failed == 0 && job.error.is_none() => {
                state.messages.success(files::restored(&shown));
                state.refresh(|| crate::browser::focus(".files-body [tabindex=\"0\"]"));
            }
            Ok(job) => {
                let why = job.error.unwrap_or_else(|| files::not_restored(&shown));
                state.messages.error(why);
                state.refresh_when_idle();
            }
            Err(problem) => state.failed(&problem),
        }
    });
}
