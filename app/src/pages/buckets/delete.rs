//! Deleting buckets with all that is in them: first the server counts, then the words, then a job.
//!
//! Without scripts one empty bucket is deleted by a plain form.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, Problem,
    job::{
        GetJob, Job, JobFailure, JobFailuresQuery, JobKind, JobPlan, JobWait, ListJobFailures,
        NewJob, StartJob,
    },
};

use super::state::BucketsState;
use crate::{
    api,
    outcome::Outcome,
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    unit, urls,
    words::buckets,
};

const FORM: &str = "delete_bucket";
/// How long an answer waits for a job to move on, in seconds.
const WAIT: u32 = 2;
/// How many reasons are shown; the job's page has them all.
const REASONS: usize = 5;

/// The dialog.
#[component]
pub fn DeleteDialog(state: BucketsState) -> impl IntoView {
    let busy = RwSignal::new(false);
    let title = Signal::derive(move || {
        buckets::delete_title(state.doomed.with(|doomed| doomed.len().max(1)) as u64)
    });
    view! {
        <Modal handle=state.delete title back=urls::BUCKETS busy testid="bucket-delete-dialog">
            <DeleteForm state busy />
        </Modal>
    }
}

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// The server counts.
    Counting,
    /// This would be deleted; some of it cannot be.
    Planned(JobPlan, Vec<JobFailure>),
    /// Some buckets are still there.
    Stayed(Box<Job>, Vec<JobFailure>),
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    state: BucketsState,
    names: StoredValue<Vec<String>>,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
}

impl Dialog {
    /// Starts a job and waits for its end.
    async fn run(self, plan: bool) -> Result<(Job, Vec<JobFailure>), Problem> {
        let order = NewJob {
            buckets: self.names.get_value(),
            plan,
            ..NewJob::new(JobKind::DeleteBuckets, "")
        };
        let wait = JobWait { wait: Some(WAIT) };
        let mut job = api::call(StartJob { order, wait }).await?;
        while !job.state.is_final() && !self.step.is_disposed() {
            job = api::call(GetJob { id: job.id, wait }).await?;
        }
        let failures = if job.failures_kept == 0 {
            Vec::new()
        } else {
            let list = ListJobFailures {
                id: job.id.clone(),
                page: JobFailuresQuery::default(),
            };
            api::call(list).await?.failures
        };
        Ok((job, failures))
    }

    /// Has the server count what would go.
    fn plan(self) {
        spawn_local(async move {
            let answer = self.run(true).await;
            if self.step.is_disposed() {
                return;
            }
            match answer {
                Ok((job, failures)) => match (job.found, job.error) {
                    (Some(found), None) => self.step.set(Step::Planned(found, failures)),
                    (_, error) => self.problem.set(Some(Problem::new(
                        ErrorCode::TaskFailed,
                        error.unwrap_or_else(|| buckets::not_counted().to_owned()),
                    ))),
                },
                Err(problem) => self.refused(problem),
            }
        });
    }

    fn refused(self, problem: Problem) {
        if api::needs_sign_in(&problem) {
            self.state.failed(&problem);
        }
        self.problem.set(Some(explain(problem)));
    }

    /// Deletes.
    fn go(self) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = self.run(false).await;
            let state = self.state;
            if state.listed.is_disposed() {
                return;
            }
            if !self.busy.is_disposed() {
                self.busy.set(false);
            }
            match answer {
                Ok((job, failures)) => {
                    let names = self.names.try_get_value().unwrap_or_default();
                    let stayed = |name: &String| failures.iter().any(|one| one.key == *name);
                    let gone: Vec<String> =
                        names.iter().filter(|name| !stayed(name)).cloned().collect();
                    self.over(&job, gone, failures);
                }
                Err(problem) if self.step.is_disposed() => state.failed(&problem),
                Err(problem) => self.refused(problem),
            }
        });
    }

    fn over(self, job: &Job, gone: Vec<String>, failures: Vec<JobFailure>) {
        let state = self.state;
        let ended = job.error.is_none() && job.progress.failed == 0;
        let focus = state.beside(&gone);
        state
            .selected
            .update(|selected| selected.retain(|name| !gone.contains(name)));
        if ended {
            state.keep(|kept| gone.iter().for_each(|name| kept.forget(name)));
            let told = match gone.as_slice() {
                [name] => buckets::deleted(name),
                many => buckets::deleted_many(many.len() as u64),
            };
            state.messages.success(told);
            if !self.step.is_disposed() {
                state.delete.close();
            }
            state.reload(focus);
        } else {
            state.reload("[data-testid=dialog] .modal-foot button".to_owned());
            if !self.step.is_disposed() {
                self.step.set(Step::Stayed(Box::new(job.clone()), failures));
            }
        }
    }
}

#[component]
fn DeleteForm(state: BucketsState, busy: RwSignal<bool>) -> impl IntoView {
    let names = state.doomed.get_untracked();
    let dialog = Dialog {
        state,
        names: StoredValue::new(names),
        step: RwSignal::new(Step::Counting),
        problem: RwSignal::new(Outcome::problem(FORM).map(explain)),
        busy,
    };
    // Where scripts run, the server counts first.
    Effect::new(move |_| dialog.plan());
    // What one types while the server counts stays.
    let is_over = Memo::new(move |_| dialog.step.with(|step| matches!(step, Step::Stayed(..))));
    view! {
        <div class="modal-body" hidden=move || dialog.problem.with(Option::is_none)>
            <ErrorSummary problem=dialog.problem />
        </div>
        {move || {
            if is_over.get() {
                dialog
                    .step
                    .with_untracked(|step| match step {
                        Step::Stayed(job, failures) => Some(stayed(dialog, job, failures)),
                        Step::Counting | Step::Planned(..) => None,
                    })
                    .into_any()
            } else {
                view! { <Confirm dialog /> }.into_any()
            }
        }}
    }
}

/// What is typed before it is done: the name, or how many there are.
fn phrase_of(names: &[String]) -> String {
    match names {
        [name] => name.clone(),
        many => buckets::delete_phrase(&many.len().to_string()),
    }
}

#[component]
fn Confirm(dialog: Dialog) -> impl IntoView {
    let names = dialog.names.get_value();
    let many = names.len() > 1;
    let phrase = phrase_of(&names);
    let typed = RwSignal::new(String::new());
    let matches = {
        let phrase = phrase.clone();
        Memo::new(move |_| typed.with(|typed| *typed == phrase))
    };
    let reason = Signal::derive(move || {
        if dialog.step.with(|step| matches!(step, Step::Counting)) {
            Some(buckets::delete_wait())
        } else {
            (!matches.get()).then(buckets::delete_type_first)
        }
    });
    // A single bucket that the store would refuse to delete; of several, the others go.
    let is_kept = Memo::new(move |_| {
        !many
            && dialog
                .step
                .with(|step| matches!(step, Step::Planned(plan, _) if plan.refused > 0))
    });
    Effect::new(move |_| {
        if is_kept.get() {
            crate::browser::focus("[data-testid=dialog] .modal-foot button");
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() && !dialog.busy.get_untracked() {
            dialog.problem.set(None);
            dialog.go();
        }
    };
    let first = names.first().cloned().unwrap_or_default();
    let action = urls::with_query(urls::BUCKETS, &[("ask", "delete"), ("bucket", &first)]);
    let heading = match names.as_slice() {
        [name] => buckets::delete_gone(&visible_name(name)),
        many => buckets::delete_many_gone(many.len() as u64),
    };
    let counted = move || {
        dialog.step.with(|step| match step {
            Step::Planned(plan, kept) => planned(dialog, plan, kept, many),
            Step::Counting | Step::Stayed(..) => counting(),
        })
    };
    let list = many.then(|| {
        let names = names.iter().take(REASONS * 4);
        let items = names
            .map(|name| view! { <li class="mono"><bdi>{visible_name(name)}</bdi></li> })
            .collect_view();
        view! { <ul class="name-list">{items}</ul> }
    });
    let go = buckets::delete_go(names.len().max(1) as u64);
    view! {
        <form method="post" action=action data-testid="form-delete-bucket" on:submit=submit>
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="next" value=urls::BUCKETS />
            <input type="hidden" name="bucket" value=first.clone() />
            <div class="modal-body">
                <p>{heading}</p>
                {list}
                <noscript>
                    <p>{buckets::delete_plain()}</p>
                </noscript>
                {counted}
                {move || {
                    (!is_kept.get())
                        .then(|| {
                            view! {
                                <p class="note">
                                    <Icon name="info" />
                                    {buckets::delete_free()}
                                </p>
                                <TextField
                                    name="confirmation"
                                    label=buckets::delete_type(&phrase)
                                    value=typed
                                    testid="confirm-input"
                                    autofocus=true
                                    required=true
                                    pattern=exactly(&phrase)
                                />
                            }
                        })
                }}
            </div>
            {move || {
                if is_kept.get() {
                    return close_bar(dialog);
                }
                view! {
                    <SubmitBar
                        handle=dialog.state.delete
                        back=urls::BUCKETS
                        label=go.clone()
                        tone=Tone::Danger
                        busy=dialog.busy
                        reason
                    />
                }
                    .into_any()
            }}
        </form>
    }
}

/// Stands where the numbers will be.
fn counting() -> AnyView {
    view! {
        <p class="muted needs-script" role="status" data-testid="delete-counting">
            {buckets::delete_counting()}
        </p>
    }
    .into_any()
}

/// What a plan has found.
fn planned(dialog: Dialog, plan: &JobPlan, kept: &[JobFailure], many: bool) -> AnyView {
    let refused = plan.refused;
    view! {
        {content(dialog, plan, many)}
        {(refused > 0).then(|| reasons(buckets::delete_kept(refused), kept))}
    }
    .into_any()
}

/// What a plan has counted.
fn content(dialog: Dialog, plan: &JobPlan, many: bool) -> AnyView {
    // With a bucket go its settings, where there is an administration that has set them.
    let has_settings = dialog
        .state
        .session
        .with_value(|session| session.features.management);
    let mut lines = Vec::new();
    if plan.versions > 0 {
        lines.push(buckets::delete_versions(
            plan.versions,
            &unit::size(plan.bytes),
        ));
    }
    if plan.markers > 0 {
        lines.push(buckets::delete_markers(plan.markers));
    }
    if plan.uploads > 0 {
        lines.push(buckets::delete_uploads(plan.uploads));
    }
    if lines.is_empty() {
        let word = if many {
            buckets::delete_are_empty()
        } else {
            buckets::delete_is_empty()
        };
        return view! { <p data-testid="delete-plan">{word}</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <ul class="plan-list" data-testid="delete-plan">
            {lines}
        </ul>
        {has_settings
            .then(|| {
                view! {
                    <p class="note">
                        <Icon name="alert" />
                        <span>{buckets::delete_settings()}</span>
                    </p>
                }
            })}
    }
    .into_any()
}

/// The first reasons, with the words above them.
fn reasons(words: String, failures: &[JobFailure]) -> AnyView {
    let items = failures
        .iter()
        .take(REASONS)
        .map(|failure| {
            view! {
                <li>
                    <bdi class="mono">{visible_name(&failure.key)}</bdi>
                    ": "
                    {visible_name(&failure.reason)}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="alert alert-danger" role="alert" data-testid="delete-kept">
            <Icon name="alert" />
            <div class="min-w-0">
                <p>{words}</p>
                <ul>{items}</ul>
            </div>
        </div>
    }
    .into_any()
}

fn close_bar(dialog: Dialog) -> AnyView {
    view! {
        <div class="modal-foot">
            <Button attr:autofocus=true press=move |_| dialog.state.delete.close()>
                {buckets::close()}
            </Button>
        </div>
    }
    .into_any()
}

fn stayed(dialog: Dialog, job: &Job, failures: &[JobFailure]) -> AnyView {
    let error = job.error.clone();
    view! {
        <div class="modal-body">
            {(job.progress.done > 0).then(|| view! { <p>{buckets::deleted_many(job.progress.done)}</p> })}
            {reasons(buckets::delete_stayed(job.progress.failed), failures)}
            {error.map(|error| view! { <p>{error}</p> })}
            <p>
                <a href=urls::job(&job.id)>{crate::words::jobs::all_jobs()}</a>
            </p>
        </div>
        {close_bar(dialog)}
    }
    .into_any()
}

/// A pattern that only this text matches, for the browser's own check.
pub(crate) fn exactly(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\^$.*+?()[]{}|/".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Says what helps, where the store only says what is wrong.
fn explain(problem: Problem) -> Problem {
    if problem.code == ErrorCode::BucketNotEmpty {
        Problem {
            request_id: problem.request_id.clone(),
            ..Problem::new(problem.code, buckets::delete_not_empty())
        }
    } else {
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_text_alone() {
        assert_eq!(exactly("raw-scans"), "raw-scans");
        assert_eq!(exactly("a.b"), "a\\.b");
        assert_eq!(exactly("(1+1)"), "\\(1\\+1\\)");
    }

    #[test]
    fn a_full_bucket_says_what_to_do() {
        let told = explain(Problem::new(ErrorCode::BucketNotEmpty, "not empty"));
        assert!(told.sentence().contains("Delete its files"));
        let other = Problem::new(ErrorCode::AccessDenied, "no");
        assert_eq!(explain(other.clone()), other);
    }

    #[test]
    fn one_bucket_is_confirmed_by_its_name_and_several_by_their_number() {
        assert_eq!(phrase_of(&["scans".to_owned()]), "scans");
        let three = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(phrase_of(&three), "delete 3 buckets");
    }
}
