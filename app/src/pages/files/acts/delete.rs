//! Deleting what is selected: files by their keys, folders with everything below them, by a job. What is
//! much, or a folder, the server counts first; where nothing brings it back, words are typed. Where the
//! bucket keeps versions, the message that tells of it takes it back.

use std::sync::Arc;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem, Timestamp,
    job::{CancelJob, GetJob, Job, JobFailure, JobPlan, JobWait, NewJob, StartJob, UndoJob},
    version::GetVersioning,
};

use super::{
    super::{grid::NAME, rows::Rows, state::FilesState, window::Window},
    Acts,
    plan::{Names, Plan},
};
use crate::{
    api, browser,
    layout::jobs::Jobs,
    pages::{
        buckets::exactly,
        jobs::{run::failures, words::phrase},
    },
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, Modal, Offer, SubmitBar, TextField, Tone},
    unit, urls,
    words::{acts, files},
};

/// How long an answer waits for a job to move on, in seconds.
const WAIT: JobWait = JobWait { wait: Some(2) };
/// Failures that are spelt out.
const LISTED: u32 = 20;

/// Deletes what is selected: a few files at once but for a moment, where nothing brings them back; else
/// after a question.
pub(super) fn ask(acts: Acts) {
    let state = acts.scene().state;
    let plan = Plan::new(state);
    if plan.is_counted() {
        state.delete.open();
        return;
    }
    spawn_local(async move {
        let keeps = keeps_versions(state).await;
        if state.is_gone() {
            return;
        }
        // Where it cannot be known, the question is asked.
        if keeps == Some(false) {
            state.select(|selection, _| selection.clear());
            acts.scene()
                .pending
                .begin(state.bucket.get_value(), plan.keys());
        } else {
            state.delete.open();
        }
    });
}

async fn keeps_versions(state: FilesState) -> Option<bool> {
    let bucket = state.bucket.get_value();
    let answer = api::call(GetVersioning { bucket }).await.ok()?;
    Some(answer.status.as_deref() == Some("Enabled"))
}

/// The dialog.
#[component]
pub(super) fn DeleteDialog(acts: Acts) -> impl IntoView {
    let state = acts.scene().state;
    // Decided when the dialog opens: what the list behind it does afterwards changes nothing.
    let title = RwSignal::new(String::new());
    Effect::new(move |_| {
        if state.delete.is_open() {
            title.set(Plan::new(state).title());
        }
    });
    view! {
        <Modal handle=state.delete title back=state.here() testid="delete-dialog">
            <Steps acts />
        </Modal>
    }
}

/// What the server counted.
#[derive(Clone, Debug, Default)]
struct Counted {
    found: JobPlan,
    /// The first of what would be refused.
    refused: Vec<JobFailure>,
}

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// The server counts.
    Counting,
    /// This would go.
    Asking(Option<Counted>),
    /// It is going: so many, of so many.
    Running(u64, Option<u64>),
    /// It is over, and something stayed.
    Stayed(Over),
}

/// What came of the jobs.
#[derive(Clone, Debug, Default)]
struct Over {
    done: u64,
    failed: u64,
    /// Jobs of which markers can be removed.
    undo: Vec<String>,
    /// Until when all of them can.
    undo_until: Option<Timestamp>,
    /// The job with failures.
    with_failures: Option<String>,
    failures: Vec<JobFailure>,
    error: Option<String>,
}

impl Over {
    fn add(&mut self, job: Job) {
        self.done += job.progress.done;
        self.failed += job.progress.failed;
        if let Some(until) = job.undo_until {
            self.undo.push(job.id.clone());
            self.undo_until = Some(self.undo_until.map_or(until, |earlier| earlier.min(until)));
        }
        if job.progress.failed > 0 {
            self.with_failures = Some(job.id);
        }
        self.error = self.error.take().or(job.error);
    }

    fn is_whole(&self) -> bool {
        self.failed == 0 && self.error.is_none()
    }
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    acts: Acts,
    plan: StoredValue<Plan>,
    /// Whether the bucket keeps versions.
    keeps: RwSignal<Option<bool>>,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    /// The job that runs.
    running: RwSignal<Option<String>>,
}

impl Dialog {
    /// Whether the dialog was closed meanwhile.
    fn is_closed(self) -> bool {
        self.step.is_disposed()
    }

    fn refused(self, state: FilesState, problem: Problem) {
        if !state.is_gone() && api::needs_sign_in(&problem) {
            state.failed(&problem);
        }
        if self.is_closed() {
            state.messages.error(problem.sentence());
        }
        self.problem.try_set(Some(problem));
        self.busy.try_set(false);
    }

    /// Has the server count what would go.
    async fn count(self) {
        let state = self.acts.scene().state;
        let bucket = state.bucket.get_value();
        let orders = self.plan.with_value(|plan| plan.orders(&bucket));
        let mut counted = Counted::default();
        for order in orders {
            let order = NewJob {
                plan: true,
                ..order
            };
            let job = match self.run(order).await {
                Ok(Some(job)) => job,
                Ok(None) => return,
                Err(problem) => return self.refused(state, problem),
            };
            let Some(found) = job.found.filter(|_| job.error.is_none()) else {
                let why = job.error.unwrap_or_else(|| acts::not_counted().to_owned());
                return self.refused(state, Problem::new(model::ErrorCode::TaskFailed, why));
            };
            counted.found.objects += found.objects;
            counted.found.bytes += found.bytes;
            counted.found.refused += found.refused;
            counted.found.checked += found.checked;
            if found.refused > 0 && counted.refused.is_empty() {
                counted.refused = failures(job.id, LISTED).await;
            }
        }
        self.step.try_set(Step::Asking(Some(counted)));
    }

    /// Starts a job and waits for its end; `None` where nobody waits any more.
    async fn run(self, order: NewJob) -> Result<Option<Job>, Problem> {
        let (state, jobs) = (self.acts.scene().state, self.acts.scene().jobs);
        let is_plan = order.plan;
        let mut job = api::call(StartJob { order, wait: WAIT }).await?;
        if !job.state.is_final() && !is_plan {
            jobs.tell_there(&job.id, true);
            jobs.ask();
        }
        while !job.state.is_final() {
            if is_plan && self.is_closed() {
                // Nobody reads it; if it cannot be stopped, it ends by itself.
                let _ = api::call(CancelJob { id: job.id }).await;
                return Ok(None);
            }
            if state.is_gone() {
                // Now it is told by the header.
                jobs.tell_there(&job.id, false);
                return Ok(None);
            }
            if !is_plan {
                self.running.try_set(Some(job.id.clone()));
                self.step
                    .try_set(Step::Running(job.progress.done, job.progress.total));
            }
            let id = job.id;
            job = api::call(GetJob { id, wait: WAIT }).await?;
        }
        Ok(Some(job).filter(|_| !state.is_gone()))
    }

    /// Deletes.
    async fn go(self) {
        let state = self.acts.scene().state;
        let plan = self.plan.get_value();
        let focus = first_row(state, &plan);
        let mut over = Over::default();
        let mut failure = None;
        for order in plan.orders(&state.bucket.get_value()) {
            match self.run(order).await {
                Ok(Some(job)) => over.add(job),
                Ok(None) => return,
                Err(problem) => {
                    failure = Some(problem);
                    break;
                }
            }
        }
        if state.is_gone() {
            return;
        }
        if over.done > 0 {
            told(state, self.acts.scene().jobs, &over);
        }
        if let Some(problem) = failure {
            state.refresh(|| {});
            return self.refused(state, problem);
        }
        if over.is_whole() {
            if !self.is_closed() {
                state.delete.close();
            }
            let window = self.acts.scene().window;
            if plan.everything.is_some() {
                state.select(|selection, _| selection.clear());
            }
            state.refresh_without(plan.keys(), move || focus_near(state, window, focus));
            return;
        }
        state.refresh(|| {});
        if let Some(id) = over.with_failures.clone() {
            over.failures = failures(id, LISTED).await;
        }
        if self.step.try_set(Step::Stayed(over.clone())).is_some() && !state.is_gone() {
            state.messages.error(acts::stayed(over.failed));
        }
    }
}

/// Says what was deleted, with the way to have it back where there is one.
fn told(state: FilesState, jobs: Jobs, over: &Over) {
    let (messages, text) = (state.messages, files::deleted(over.done));
    if over.undo.is_empty() {
        return messages.success(text);
    }
    let undo = over.undo.clone();
    let offer = Offer {
        word: files::undo(),
        until: over.undo_until,
        run: Arc::new(move || spawn_local(bring_back(state, jobs, undo.clone()))),
    };
    messages.offer(text, offer);
}

/// Removes the delete markers that jobs made.
async fn bring_back(state: FilesState, jobs: Jobs, made_by: Vec<String>) {
    let messages = state.messages;
    messages.announce(acts::undoing());
    let mut over = Over::default();
    for id in made_by {
        let answer = match api::call(UndoJob { id }).await {
            Ok(job) => ended(jobs, job).await,
            Err(problem) => Err(problem),
        };
        match answer {
            Ok(job) => over.add(job),
            Err(problem) => {
                messages.error(problem.sentence());
                break;
            }
        }
    }
    if over.done > 0 {
        messages.success(acts::back(over.done));
    }
    if over.failed > 0 {
        messages.error(acts::not_back(over.failed));
    }
    if !state.is_gone() {
        state.refresh(|| {});
    }
}

async fn ended(jobs: Jobs, mut job: Job) -> Result<Job, Problem> {
    jobs.tell_there(&job.id, true);
    while !job.state.is_final() {
        let id = job.id;
        job = api::call(GetJob { id, wait: WAIT }).await?;
    }
    Ok(job)
}

#[component]
fn Steps(acts: Acts) -> impl IntoView {
    let plan = Plan::new(acts.scene().state);
    let counts = plan.is_counted();
    let dialog = Dialog {
        acts,
        plan: StoredValue::new(plan),
        keeps: RwSignal::new(None),
        step: RwSignal::new(if counts {
            Step::Counting
        } else {
            Step::Asking(None)
        }),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
        running: RwSignal::new(None),
    };
    spawn_local(async move {
        dialog
            .keeps
            .try_set(keeps_versions(acts.scene().state).await);
        if counts && !dialog.is_closed() {
            dialog.count().await;
        }
    });
    view! {
        <div class="modal-body" hidden=move || dialog.problem.with(Option::is_none)>
            <ErrorSummary problem=dialog.problem />
        </div>
        {move || match dialog.step.get() {
            Step::Counting => waits(dialog, acts::counting_plan().to_owned(), None),
            Step::Asking(counted) => view! { <Question dialog counted /> }.into_any(),
            Step::Running(done, total) => {
                waits(dialog, acts::deleting().to_owned(), total.map(|total| (done, total)))
            }
            Step::Stayed(over) => view! { <Stayed dialog over /> }.into_any(),
        }}
    }
}

fn waits(dialog: Dialog, text: String, share: Option<(u64, u64)>) -> AnyView {
    let label = text.clone();
    let messages = dialog.acts.scene().state.messages;
    let stop = move |_| {
        if let Some(id) = dialog.running.get_untracked() {
            spawn_local(async move {
                if let Err(problem) = api::call(CancelJob { id }).await {
                    messages.error(problem.sentence());
                }
            });
        }
    };
    view! {
        <div class="modal-body" aria-busy="true">
            <p data-testid="delete-progress">{text}</p>
            <progress
                class="mpu-progress"
                aria-label=label
                max=share.map(|(_, all)| all.max(1).to_string())
                value=share.map(|(done, _)| done.to_string())
            ></progress>
        </div>
        <div class="modal-foot">
            <Show when=move || dialog.running.with(Option::is_some)>
                <Button press=stop>{acts::stop()}</Button>
            </Show>
            <Button attr:autofocus=true press=move |_| dialog.acts.scene().state.delete.close()>
                {acts::close()}
            </Button>
        </div>
    }
    .into_any()
}

#[component]
fn Question(dialog: Dialog, counted: Option<Counted>) -> impl IntoView {
    let state = dialog.acts.scene().state;
    let objects = counted.as_ref().map(|counted| counted.found.objects);
    let phrase = objects.filter(|objects| *objects > 0).map(phrase);
    let typed = RwSignal::new(String::new());
    let expected = phrase.clone();
    let is_typed = Memo::new(move |_| {
        let lost = dialog.keeps.get() != Some(true);
        lost && expected
            .as_ref()
            .is_some_and(|phrase| typed.with(|typed| typed != phrase))
    });
    let reason = Signal::derive(move || match objects {
        Some(0) => Some(acts::nothing_there()),
        _ => is_typed.get().then(acts::type_first),
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_some() || dialog.busy.get_untracked() {
            return;
        }
        dialog.busy.set(true);
        dialog.problem.set(None);
        spawn_local(dialog.go());
    };
    let label = match objects {
        Some(objects) => acts::delete_objects(objects),
        None => dialog.plan.with_value(Plan::title),
    };
    let note = move || match dialog.keeps.get() {
        Some(true) => acts::kept_note(),
        Some(false) => acts::lost_note(),
        None => acts::unknown_note(),
    };
    let field = move || {
        let phrase = phrase
            .clone()
            .filter(|_| dialog.keeps.get() != Some(true))?;
        Some(view! {
            <TextField
                name="confirmation"
                label=acts::type_to_confirm(&phrase)
                value=typed
                testid="confirm-input"
                autofocus=true
                required=true
                pattern=exactly(&phrase)
            />
        })
    };
    let folders = dialog.plan.with_value(|plan| !plan.folders.is_empty());
    view! {
        <form data-testid="form-delete" on:submit=submit>
            <div class="modal-body">
                <Names state plan=dialog.plan.get_value() />
                {counted.map(|counted| view! { <Numbers counted /> })}
                {folders.then(|| view! { <p>{acts::folder_note()}</p> })}
                <p class="note">
                    <Icon name="alert" />
                    {note}
                </p>
                {field}
            </div>
            <SubmitBar
                handle=state.delete
                back=state.here()
                label
                tone=Tone::Danger
                busy=dialog.busy
                reason
            />
        </form>
    }
}

#[component]
fn Numbers(counted: Counted) -> impl IntoView {
    let found = counted.found;
    let unseen = found.objects.saturating_sub(found.checked);
    view! {
        <p data-testid="delete-plan">{acts::plan(found.objects, &unit::size(found.bytes))}</p>
        {(found.refused > 0)
            .then(|| {
                view! {
                    <p data-testid="delete-refused">{acts::plan_refused(found.refused)}</p>
                    <Reasons failures=counted.refused all=found.refused />
                }
            })}
        {(unseen > 0).then(|| view! { <p class="muted">{acts::plan_checked(found.checked)}</p> })}
    }
}

#[component]
fn Reasons(failures: Vec<JobFailure>, all: u64) -> impl IntoView {
    let more = all.saturating_sub(failures.len() as u64);
    let lines = failures
        .into_iter()
        .map(|failure| {
            view! {
                <li>
                    <bdi class="mono">{visible_name(&failure.key)}</bdi>
                    {format!(" – {}", failure.reason)}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="stayed" data-testid="stayed">
            {lines} {(more > 0).then(|| view! { <li>{acts::and_more(more)}</li> })}
        </ul>
    }
}

/// What the store did not delete.
#[component]
fn Stayed(dialog: Dialog, over: Over) -> impl IntoView {
    let job = over.with_failures.clone();
    view! {
        <div class="modal-body">
            <div class="alert alert-danger" role="alert" data-testid="error-summary">
                <Icon name="alert" />
                <div class="min-w-0">
                    <p>{acts::stayed_summary(over.failed, &unit::count(over.done))}</p>
                    {over.error.map(|error| view! { <p>{error}</p> })}
                    <Reasons failures=over.failures all=over.failed />
                </div>
            </div>
        </div>
        <div class="modal-foot">
            {job.map(|id| view! { <a href=urls::job(&id)>{acts::job_page()}</a> })}
            <Button attr:autofocus=true press=move |_| dialog.acts.scene().state.delete.close()>
                {acts::close()}
            </Button>
        </div>
    }
}

/// Where the first deleted row stands.
fn first_row(state: FilesState, plan: &Plan) -> usize {
    let keys = plan.keys();
    state.rows.with_untracked(|rows| {
        let ids = rows.since(0).filter(|(_, entry)| keys.contains(&entry.key));
        ids.filter_map(|(id, _)| rows.place_of(id))
            .min()
            .unwrap_or_default()
    })
}

/// Moves the focus to the row that took the place, else the last one, else the heading.
fn focus_near(state: FilesState, window: Window, at: usize) {
    let row = state.rows.with_untracked(|rows: &Rows| {
        let last = rows.len().checked_sub(1)?;
        rows.at(at.min(last))
    });
    request_animation_frame(move || match row {
        Some(id) => window.focus(id, NAME),
        None => browser::focus("h1"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_the_servers_number_without_marks() {
        assert_eq!(phrase(1), "delete 1 object");
        assert_eq!(phrase(41_202), "delete 41202 objects");
    }
}
