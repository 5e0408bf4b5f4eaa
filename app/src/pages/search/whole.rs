//! What is done with all that a search finds, also what no page has shown: jobs on the query itself.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, Problem,
    job::{Job, JobFailure, JobKind, JobPlan, NewJob, QuerySelection, ReportFormat, report_path},
    retention::Retention,
};

use super::{Seat, commands::AsCommand, picked::Picked, wanted::Wanted};
use crate::{
    api, browser,
    layout::jobs::{Jobs, use_jobs},
    pages::{
        buckets::exactly,
        files::RetentionValue,
        jobs::{
            run,
            words::{numbers, phrase},
        },
    },
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, Modal, ModalHandle, SubmitBar, TextField, Tone},
    unit, urls,
    words::{acts, jobs, search},
};

/// Refusals that are spelt out.
const LISTED: u32 = 10;

/// The commands, and their dialog.
#[component]
pub(super) fn Whole(
    wanted: Wanted,
    /// Who asked.
    seat: Seat,
    /// What is ticked.
    picked: Picked,
) -> impl IntoView {
    let kind = RwSignal::new(JobKind::Export);
    let handle = ModalHandle::new(false);
    let here = wanted.address();
    let holds = seat.holds;
    let archive = picked.archive(seat.tenant.clone());
    let lines = view! { <AsCommand wanted=wanted.clone() seat /> };
    let wanted = StoredValue::new(wanted);
    let command = move |of: JobKind, word: &'static str, icon: &'static str| {
        let open = move |_| {
            kind.set(of);
            handle.open();
        };
        view! {
            <Button attr:data-testid=format!("cmd-{}", of.as_str()) press=Callback::new(open)>
                <Icon name=icon />
                {word}
            </Button>
        }
        .into_any()
    };
    let title = move || {
        match kind.get() {
            JobKind::Export => search::export(),
            JobKind::Hold => search::hold_all(),
            JobKind::Release => search::release_all(),
            JobKind::Retention => search::retention_all(),
            _ => search::delete_all(),
        }
        .trim_end_matches('…')
        .to_owned()
    };
    view! {
        <div class="actions needs-script" data-testid="search-commands">
            {archive}
            {command(JobKind::Export, search::export(), "download")}
            {holds
                .then(|| {
                    [
                        command(JobKind::Hold, search::hold_all(), "lock"),
                        command(JobKind::Release, search::release_all(), "undo"),
                        command(JobKind::Retention, search::retention_all(), "clock"),
                    ]
                })}
            {lines}
            {command(JobKind::Delete, search::delete_all(), "trash")}
        </div>
        <Modal handle title=Signal::derive(title) back=here testid="whole-result-dialog">
            <Steps kind=kind.get_untracked() wanted=wanted.get_value() handle />
        </Modal>
    }
    .into_any()
}

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// The retention is chosen.
    Choosing,
    /// The server counts.
    Counting,
    /// This would be done; so much of it would be refused, and why.
    Planned(JobPlan, Vec<JobFailure>),
    /// It is being done.
    Running(Box<Job>),
    /// It is over.
    Over(Box<Job>),
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    kind: JobKind,
    wanted: StoredValue<Wanted>,
    /// The retention that is chosen, as HCP writes it.
    retention: RwSignal<String>,
    handle: ModalHandle,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    jobs: Jobs,
}

impl Dialog {
    fn order(self) -> Option<NewJob> {
        let wanted = self.wanted.try_get_value()?;
        let properties = match self.kind {
            JobKind::Export => wanted.properties(),
            _ => Vec::new(),
        };
        let query = QuerySelection {
            query: wanted.whole().ok()?,
            properties,
        };
        Some(match self.kind {
            JobKind::Retention => {
                let value = self.retention.try_get_untracked()?;
                NewJob::retaining(query, value.trim())
            }
            kind => NewJob::on_query(kind, query),
        })
    }

    /// Has the server count, and say what would be refused.
    async fn plan(self) {
        let Some(order) = self.order() else {
            return;
        };
        let order = NewJob {
            plan: true,
            ..order
        };
        let answer = run::run(order, |_| !self.step.is_disposed()).await;
        match answer {
            Ok(job) => match (job.found, job.error) {
                (Some(found), None) => {
                    let refused = match found.refused {
                        0 => Vec::new(),
                        _ => run::failures(job.id, LISTED).await,
                    };
                    self.step.try_set(Step::Planned(found, refused));
                }
                (_, error) => self.refused(Problem::new(
                    ErrorCode::TaskFailed,
                    error.unwrap_or_else(|| acts::not_counted().to_owned()),
                )),
            },
            Err(problem) => self.refused(problem),
        }
    }

    /// Does it; who closes the dialog hears of its end from the header.
    async fn go(self) {
        let Some(order) = self.order() else {
            return;
        };
        let mut known = false;
        let stays = |job: &Job| {
            if !known {
                self.jobs.follow(job);
                known = true;
            }
            let running = Step::Running(Box::new(job.clone()));
            // `Some`: nobody is there to be told.
            self.step.try_set(running).is_none()
        };
        let answer = run::run(order, stays).await;
        match answer {
            Ok(job) => {
                if !known {
                    self.jobs.follow(&job);
                }
                self.step.try_set(Step::Over(Box::new(job)));
            }
            Err(problem) => self.refused(problem),
        }
    }

    fn refused(self, problem: Problem) {
        if api::needs_sign_in(&problem)
            && let Some(here) = self.wanted.try_with_value(Wanted::address)
        {
            browser::go(&urls::sign_in(&here));
        }
        self.problem.try_set(Some(problem));
        self.busy.try_set(false);
    }
}

#[component]
fn Steps(kind: JobKind, wanted: Wanted, handle: ModalHandle) -> impl IntoView {
    let dialog = Dialog {
        kind,
        wanted: StoredValue::new(wanted),
        retention: RwSignal::new(String::new()),
        handle,
        step: RwSignal::new(if kind == JobKind::Retention {
            Step::Choosing
        } else {
            Step::Counting
        }),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
        jobs: use_jobs(),
    };
    // Writing changes nothing: there is nothing to ask.
    if kind == JobKind::Export {
        spawn_local(dialog.go());
    } else if kind != JobKind::Retention {
        spawn_local(dialog.plan());
    }
    view! {
        <div class="modal-body" hidden=move || dialog.problem.with(Option::is_none)>
            <ErrorSummary problem=dialog.problem />
        </div>
        {move || match dialog.step.get() {
            Step::Choosing => view! { <Choosing dialog /> }.into_any(),
            Step::Counting => waits(dialog, None),
            Step::Running(job) => waits(dialog, Some(&job)),
            Step::Planned(plan, refused) => view! { <Question dialog plan refused /> }.into_any(),
            Step::Over(job) => over(dialog, &job),
        }}
    }
}

/// Which retention all that is found is given.
#[component]
fn Choosing(dialog: Dialog) -> impl IntoView {
    let reason = Signal::derive(move || {
        let typed = dialog.retention.read();
        let read = typed.trim().parse::<Retention>();
        read.is_err().then(search::no_retention)
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() {
            dialog.step.set(Step::Counting);
            spawn_local(dialog.plan());
        }
    };
    let here = dialog.wanted.with_value(Wanted::address);
    view! {
        <form class="kept-form" data-testid="form-retention" on:submit=submit>
            <div class="modal-body">
                <RetentionValue typed=dialog.retention />
            </div>
            <SubmitBar
                handle=dialog.handle
                back=here
                label=search::count_first().to_owned()
                tone=Tone::Primary
                busy=dialog.busy
                reason
            />
        </form>
    }
}

fn close(dialog: Dialog) -> AnyView {
    view! {
        <Button attr:autofocus=true press=move |_| dialog.handle.close()>
            {acts::close()}
        </Button>
    }
    .into_any()
}

fn waits(dialog: Dialog, job: Option<&Job>) -> AnyView {
    if dialog.problem.with(Option::is_some) {
        return view! { <div class="modal-foot">{close(dialog)}</div> }.into_any();
    }
    let text = job.map_or_else(|| acts::counting_plan().to_owned(), numbers);
    let percent = job.and_then(|job| job.progress.percent());
    let value = percent.map(|percent| percent.to_string());
    view! {
        <div class="modal-body" aria-busy="true">
            <p data-testid="bulk-progress">{text.clone()}</p>
            <progress class="mpu-progress" aria-label=text max="100" value=value></progress>
            {job.map(|_| view! { <p class="muted">{search::goes_on()}</p> })}
        </div>
        <div class="modal-foot">{close(dialog)}</div>
    }
    .into_any()
}

/// What a kind would do, what to know before, and what its button says.
fn asked(kind: JobKind, plan: &JobPlan) -> (String, &'static str, String) {
    let (objects, size) = (plan.objects, unit::size(plan.bytes));
    match kind {
        JobKind::Hold => (
            search::hold_plan(objects, &size),
            search::hold_note(),
            search::hold_objects(objects),
        ),
        JobKind::Release => (
            search::release_plan(objects),
            search::release_note(),
            search::release_objects(objects),
        ),
        JobKind::Retention => (
            search::retention_plan(objects, &size),
            search::retention_note(),
            search::retain_objects(objects.saturating_sub(plan.refused)),
        ),
        _ => (
            acts::plan(objects, &size),
            search::delete_note(),
            acts::delete_objects(objects),
        ),
    }
}

#[component]
fn Question(dialog: Dialog, plan: JobPlan, refused: Vec<JobFailure>) -> impl IntoView {
    let (objects, phrase) = (plan.objects, phrase(plan.objects));
    let deletes = dialog.kind == JobKind::Delete;
    let typed = RwSignal::new(String::new());
    let expected = phrase.clone();
    // What can be taken back is not asked for in words.
    let is_typed = Memo::new(move |_| !deletes || typed.with(|typed| *typed == expected));
    let reason = Signal::derive(move || match objects {
        0 if deletes => Some(acts::nothing_there()),
        0 => Some(search::hold_none()),
        _ => (!is_typed.get()).then(acts::type_first),
    });
    let (sentence, note, label) = asked(dialog.kind, &plan);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() && !dialog.busy.get_untracked() {
            dialog.busy.set(true);
            dialog.problem.set(None);
            spawn_local(dialog.go());
        }
    };
    let here = dialog.wanted.with_value(Wanted::address);
    let unseen = deletes && objects > plan.checked;
    view! {
        <form data-testid="form-bulk" on:submit=submit>
            <div class="modal-body">
                <p data-testid="bulk-plan">{sentence}</p>
                {(plan.refused > 0)
                    .then(|| {
                        view! {
                            <p>{acts::plan_refused(plan.refused)}</p>
                            {refusals(refused, plan.refused)}
                        }
                    })}
                {unseen.then(|| view! { <p class="muted">{acts::plan_checked(plan.checked)}</p> })}
                <p class="note">
                    <Icon name="alert" />
                    <span>{note}</span>
                </p>
                {deletes
                    .then(|| {
                        view! {
                            <TextField
                                name="confirmation"
                                label=acts::type_to_confirm(&phrase)
                                value=typed
                                testid="confirm-input"
                                autofocus=true
                                required=true
                                pattern=exactly(&phrase)
                            />
                        }
                    })}
            </div>
            <SubmitBar
                handle=dialog.handle
                back=here
                label
                tone=if deletes { Tone::Danger } else { Tone::Primary }
                busy=dialog.busy
                reason
            />
        </form>
    }
}

fn refusals(refused: Vec<JobFailure>, all: u64) -> AnyView {
    let more = all.saturating_sub(refused.len() as u64);
    let lines = refused.into_iter().map(|failure| {
        let bucket = failure.bucket.unwrap_or_default();
        let name = visible_name(&format!("{bucket}/{}", failure.key));
        view! {
            <li>
                <bdi class="mono">{name}</bdi>
                {format!(" – {}", failure.reason)}
            </li>
        }
    });
    view! {
        <ul class="stayed">
            {lines.collect_view()}
            {(more > 0).then(|| view! { <li>{acts::and_more(more)}</li> })}
        </ul>
    }
    .into_any()
}

/// What came of it.
fn over(dialog: Dialog, job: &Job) -> AnyView {
    let bad = job.error.is_some() || job.progress.failed > 0;
    let done = match dialog.kind {
        JobKind::Export => search::exported(job.progress.done),
        JobKind::Hold => search::held(job.progress.done),
        JobKind::Release => search::released(job.progress.done),
        JobKind::Retention => search::retained(job.progress.done),
        _ => search::deleted(job.progress.done),
    };
    let failed = (job.progress.failed > 0).then(|| jobs::failed_number(job.progress.failed));
    let error = job.error.clone();
    let downloads = (dialog.kind == JobKind::Export && !bad).then(|| {
        let at = |format| report_path(&job.id, format);
        view! {
            <div class="actions">
                <a class="button button-plain" href=at(ReportFormat::Csv) download="" data-testid="export-csv">
                    <Icon name="download" />
                    {search::as_csv()}
                </a>
                <a class="button button-plain" href=at(ReportFormat::Jsonl) download="" data-testid="export-jsonl">
                    <Icon name="download" />
                    {search::as_lines()}
                </a>
            </div>
            <p class="muted">{search::kept_for_a_while()}</p>
        }
    });
    view! {
        <div class="modal-body">
            <p role="status" data-testid="bulk-over">
                {done}
            </p>
            {bad
                .then(|| {
                    view! {
                        <div class="alert alert-danger" role="alert">
                            <Icon name="alert" />
                            <div class="min-w-0">
                                {failed.map(|text| view! { <p>{text}</p> })}
                                {error.map(|text| view! { <p>{text}</p> })}
                            </div>
                        </div>
                    }
                })}
            {downloads}
            <p>
                <a href=urls::job(&job.id)>{search::to_job()}</a>
            </p>
        </div>
        <div class="modal-foot">{close(dialog)}</div>
    }
    .into_any()
}
