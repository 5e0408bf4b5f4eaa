//! What jobs are called.

use catalogue::count;
use leptos::prelude::*;
use model::job::{Job, JobKind, JobState};

use crate::{
    text::visible_name,
    unit,
    words::{acts, jobs},
};

/// What a job does, and where.
pub fn title(job: &Job) -> String {
    let bucket = visible_name(job.bucket.as_deref().unwrap_or_default());
    let target = job.target.as_ref().map(|target| {
        let to = target.bucket.as_deref();
        let to = to.map_or_else(|| bucket.clone(), visible_name);
        match target.prefix.as_str() {
            "" => to,
            prefix => format!("{to}/{}", visible_name(prefix)),
        }
    });
    let target = target.unwrap_or_else(|| bucket.clone());
    match job.kind {
        JobKind::Delete if is_on_query(job) => jobs::delete_found().to_owned(),
        JobKind::Delete => jobs::delete(&bucket),
        JobKind::Copy => jobs::copy(&bucket, &target),
        JobKind::Move => jobs::r#move(&bucket, &target),
        JobKind::Restore => jobs::restore(&bucket),
        JobKind::Purge => jobs::purge(&bucket),
        JobKind::PurgeOld => jobs::purge_old(&bucket),
        JobKind::DeleteBuckets => jobs::delete_buckets(job.buckets.len() as u64),
        JobKind::Undo if bucket.is_empty() => jobs::kind_undo().to_owned(),
        JobKind::Undo => jobs::undo(&bucket),
        JobKind::Count => jobs::count(&bucket),
        JobKind::Archive => jobs::archive(&bucket),
        JobKind::Search => jobs::search(&bucket),
        JobKind::Export => jobs::export().to_owned(),
        JobKind::Hold => jobs::hold().to_owned(),
        JobKind::Release => jobs::release().to_owned(),
        JobKind::Retention => jobs::retention().to_owned(),
        JobKind::Usage => jobs::usage(&bucket),
        JobKind::Uploads => jobs::uploads().to_owned(),
        JobKind::AbortUploads => {
            let source = job.source.as_ref();
            let days = source.and_then(|source| source.older_than_days);
            jobs::abort_uploads(days.unwrap_or_default().into())
        }
    }
}

/// Whether a job works on what a query finds, in whichever buckets.
fn is_on_query(job: &Job) -> bool {
    let source = job.source.as_ref();
    source.is_some_and(|source| source.query.is_some())
}

/// The words that are typed before so many objects go.
pub fn phrase(objects: u64) -> String {
    match objects {
        1 => acts::phrase_one().to_owned(),
        _ => acts::phrase(&objects.to_string()),
    }
}

/// The word for a kind.
pub fn kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Delete => jobs::kind_delete(),
        JobKind::Copy => jobs::kind_copy(),
        JobKind::Move => jobs::kind_move(),
        JobKind::Restore => jobs::kind_restore(),
        JobKind::Purge => jobs::kind_purge(),
        JobKind::PurgeOld => jobs::kind_purge_old(),
        JobKind::DeleteBuckets => jobs::kind_delete_buckets(),
        JobKind::Undo => jobs::kind_undo(),
        JobKind::Count => jobs::kind_count(),
        JobKind::Archive => jobs::kind_archive(),
        JobKind::Search => jobs::kind_search(),
        JobKind::Export => jobs::kind_export(),
        JobKind::Hold => jobs::kind_hold(),
        JobKind::Release => jobs::kind_release(),
        JobKind::Retention => jobs::kind_retention(),
        JobKind::Usage => jobs::kind_usage(),
        JobKind::Uploads => jobs::kind_uploads(),
        JobKind::AbortUploads => jobs::kind_abort_uploads(),
    }
}

/// The word for a state.
pub fn state(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => jobs::state_waiting(),
        JobState::Running => jobs::state_running(),
        JobState::Cancelling => jobs::state_cancelling(),
        JobState::Done => jobs::state_done(),
        JobState::Failed => jobs::state_failed(),
        JobState::Cancelled => jobs::state_cancelled(),
    }
}

/// Whether a job can be asked to stop.
pub fn can_stop(job: &Job) -> bool {
    !job.state.is_final() && job.state != JobState::Cancelling
}

/// How far a job is, in numbers.
pub fn numbers(job: &Job) -> String {
    let progress = &job.progress;
    let over = progress.done + progress.failed + progress.skipped;
    match progress.total {
        _ if job.state == JobState::Waiting => jobs::waits().to_owned(),
        _ if job.kind == JobKind::Search => {
            let found = job.searched.unwrap_or_default().found;
            jobs::read_and_found(progress.done, &count(found))
        }
        _ if job.kind == JobKind::Usage => jobs::keys_read(progress.done),
        _ if job.kind == JobKind::Uploads => jobs::uploads_read(progress.done),
        Some(total) => jobs::done_of(&count(over), &count(total)),
        None if job.plan => {
            let found = job.found.clone().unwrap_or_default();
            let uploads = found.uploads;
            let found = found.objects.max(found.versions + found.markers);
            let found = found.max(uploads);
            jobs::done_so_far(&count(found))
        }
        None if over == 0 && !job.state.is_final() => jobs::counting().to_owned(),
        None => jobs::done_so_far(&count(over)),
    }
}

/// What is announced when a job has ended.
pub fn said(job: &Job) -> String {
    let title = title(job);
    match (job.state, job.progress.failed) {
        (JobState::Failed, _) => jobs::said_failed(&title),
        (_, 0) => jobs::said_done(&title),
        (_, failed) => jobs::said_failures(failed, &title),
    }
}

/// The bar, with its numbers beside it: a picture of the words, and nothing more to who cannot see it.
#[component]
pub fn Progress(job: Memo<Option<Job>>) -> impl IntoView {
    let percent = move || job.with(|job| job.as_ref().and_then(|job| job.progress.percent()));
    let is_final = move || job.with(|job| job.as_ref().is_some_and(|job| job.state.is_final()));
    let number = move |of: fn(&Job) -> u64| job.with(|job| job.as_ref().map_or(0, of));
    let failed = move || number(|job| job.progress.failed);
    let skipped = move || number(|job| job.progress.skipped);
    let bytes = move || number(|job| job.progress.bytes);
    view! {
        <div class="job-progress">
            {move || {
                let percent = percent().map(|percent| percent.to_string());
                (!is_final())
                    .then(|| view! { <progress max="100" value=percent aria-hidden="true"></progress> })
            }}
            <span class="job-numbers">
                <span>{move || job.with(|job| job.as_ref().map(numbers))}</span>
                {move || (bytes() > 0).then(|| view! { <span class="muted">{unit::size(bytes())}</span> })}
                {move || {
                    (failed() > 0)
                        .then(|| {
                            view! {
                                <span class="job-failed">{jobs::failed_number(failed())}</span>
                            }
                        })
                }}
                {move || {
                    (skipped() > 0)
                        .then(|| view! { <span class="muted">{jobs::skipped_number(skipped())}</span> })
                }}
            </span>
        </div>
    }
    .into_any()
}

/// The state as a chip.
#[component]
pub fn State(job: Memo<Option<Job>>) -> impl IntoView {
    let now = move || job.with(|job| job.as_ref().map(|job| job.state));
    view! {
        <span class="chip job-state" data-state=move || now().map(JobState::as_str)>
            {move || now().map(state)}
        </span>
    }
    .into_any()
}
