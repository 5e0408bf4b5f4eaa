//! Taking everything out of a bucket, which stays: the server counts, the name is typed, a job does it.
//!
//! Without scripts nothing is counted before.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, ErrorCode, Problem,
    job::{Job, JobPlan, NewJob},
};

use super::super::form::Reload;
use crate::{
    api, browser,
    outcome::Outcome,
    pages::{buckets::exactly, jobs::run},
    ui::{Button, ErrorSummary, Icon, Messages, Modal, ModalHandle, SubmitBar, TextField, Tone},
    unit, urls,
    words::{self, buckets, general},
};

const FORM: &str = "empty_bucket";

/// The button and its dialog.
#[component]
pub(super) fn EmptyBucket(
    /// Which.
    bucket: BucketName,
    /// Whether the store knows versions, which go as well.
    versions: bool,
    /// Whether the address opens the dialog.
    asked: bool,
) -> impl IntoView {
    let handle = ModalHandle::new(asked || Outcome::problem(FORM).is_some());
    let here = urls::settings(bucket.as_str());
    let ask = urls::with_query(&here, &[("ask", "empty")]);
    let busy = RwSignal::new(false);
    let title = words::bucket::empty_title(bucket.as_str());
    let bucket = StoredValue::new(bucket);
    view! {
        <a
            href=ask
            data-stays=""
            class="button button-danger"
            data-testid="empty-bucket"
            on:click=move |event: ev::MouseEvent| {
                event.prevent_default();
                handle.open();
            }
        >
            <Icon name="trash" />
            {words::bucket::empty()}
        </a>
        <Modal handle title back=here busy testid="empty-dialog">
            <Ask bucket=bucket.get_value() versions handle busy />
        </Modal>
    }
}

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// The server counts.
    Counting,
    /// This would go.
    Planned(JobPlan),
    /// It is going.
    Running(Box<Job>),
    /// It is over, and something stayed.
    Stayed(Box<Job>),
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    bucket: StoredValue<BucketName>,
    versions: bool,
    handle: ModalHandle,
    busy: RwSignal<bool>,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
    messages: Messages,
    reload: Reload,
}

impl Dialog {
    /// Starts a job and waits for its end, or for the end of the dialog: the job goes on without it.
    async fn run(self, plan: bool) -> Result<Job, Problem> {
        let bucket = self.bucket.with_value(ToString::to_string);
        let order = NewJob {
            plan,
            ..NewJob::emptying(bucket, self.versions)
        };
        let stays = |job: &Job| {
            let stays = !self.step.is_disposed();
            if stays && !plan {
                self.step.set(Step::Running(Box::new(job.clone())));
            }
            stays
        };
        run::run(order, stays).await
    }

    fn plan(self) {
        spawn_local(async move {
            let answer = self.run(true).await;
            if self.step.is_disposed() {
                return;
            }
            match answer {
                Ok(job) => match (job.found, job.error) {
                    (Some(found), None) => self.step.set(Step::Planned(found)),
                    (_, error) => self.refused(Problem::new(
                        ErrorCode::TaskFailed,
                        error.unwrap_or_else(|| words::bucket::not_counted().to_owned()),
                    )),
                },
                Err(problem) => self.refused(problem),
            }
        });
    }

    fn refused(self, problem: Problem) {
        if api::needs_sign_in(&problem) {
            let here = self
                .bucket
                .with_value(|bucket| urls::settings(bucket.as_str()));
            browser::go(&urls::sign_in(&here));
        }
        self.problem.set(Some(problem));
    }

    fn go(self) {
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = self.run(false).await;
            if self.step.is_disposed() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(job) if job.progress.failed == 0 && job.error.is_none() => {
                    self.handle.close();
                    self.messages
                        .success(words::bucket::emptied(job.progress.done));
                    self.reload.0.run(());
                }
                Ok(job) => self.step.set(Step::Stayed(Box::new(job))),
                Err(problem) => self.refused(problem),
            }
        });
    }
}

#[component]
fn Ask(
    bucket: BucketName,
    versions: bool,
    handle: ModalHandle,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let dialog = Dialog {
        bucket: StoredValue::new(bucket),
        versions,
        handle,
        busy,
        step: RwSignal::new(Step::Counting),
        problem: RwSignal::new(Outcome::problem(FORM)),
        messages: Messages::here(),
        reload: expect_context::<Reload>(),
    };
    // Where scripts run, the server counts first.
    Effect::new(move |_| dialog.plan());
    // What one types while the server counts stays.
    let is_over = Memo::new(move |_| dialog.step.with(|step| matches!(step, Step::Stayed(_))));
    view! {
        <div class="modal-body" hidden=move || dialog.problem.with(Option::is_none)>
            <ErrorSummary problem=dialog.problem />
        </div>
        {move || {
            if is_over.get() {
                dialog
                    .step
                    .with_untracked(|step| match step {
                        Step::Stayed(job) => stayed(dialog, job),
                        Step::Counting | Step::Planned(_) | Step::Running(_) => ().into_any(),
                    })
            } else {
                view! { <Confirm dialog /> }.into_any()
            }
        }}
    }
}

#[component]
fn Confirm(dialog: Dialog) -> impl IntoView {
    let name = dialog.bucket.with_value(ToString::to_string);
    let typed = RwSignal::new(String::new());
    let matches = {
        let name = name.clone();
        Memo::new(move |_| typed.with(|typed| *typed == name))
    };
    let reason = Signal::derive(move || {
        let waits = dialog.step.with(|step| match step {
            Step::Counting => Some(words::bucket::wait_for_count()),
            Step::Planned(plan) if plan.objects + plan.versions + plan.markers == 0 => {
                Some(words::bucket::is_empty())
            }
            _ => None,
        });
        waits.or_else(|| (!matches.get()).then(words::bucket::type_first))
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() && !dialog.busy.get_untracked() {
            dialog.go();
        }
    };
    let here = urls::settings(&name);
    let action = urls::with_query(&here, &[("ask", "empty")]);
    let uploads = urls::uploads(&name, None);
    let versions = if dialog.versions { "true" } else { "" };
    view! {
        <form method="post" action=action data-testid="form-empty" on:submit=submit>
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="bucket" value=name.clone() />
            <input type="hidden" name="versions" value=versions />
            <input type="hidden" name="next" value=urls::JOBS />
            <div class="modal-body">
                {move || dialog.step.with(counted)}
                <p class="note">
                    <Icon name="alert" />
                    <span>{words::bucket::nothing_brings_back()}</span>
                </p>
                <p class="help">
                    {words::bucket::uploads_stay()} " " <a href=uploads>{buckets::uploads_in_progress()}</a>
                </p>
                <TextField
                    name="confirmation"
                    label=words::bucket::type_to_confirm(&name)
                    value=typed
                    testid="confirm-input"
                    autofocus=true
                    required=true
                    pattern=exactly(&name)
                />
            </div>
            <SubmitBar
                handle=dialog.handle
                back=here
                label=words::bucket::empty_now().to_owned()
                tone=Tone::Danger
                busy=dialog.busy
                reason
            />
        </form>
    }
}

/// What would go, or how much of it is gone.
fn counted(step: &Step) -> AnyView {
    let line = match step {
        Step::Counting | Step::Stayed(_) => {
            return view! {
                <p class="muted needs-script" role="status">
                    {words::bucket::counting()}
                </p>
            }
            .into_any();
        }
        Step::Planned(plan) => {
            let versions = plan.versions.max(plan.objects);
            let found = words::bucket::plan(
                &unit::count(versions),
                &unit::count(plan.markers),
                &unit::size(plan.bytes),
            );
            let kept = (plan.refused > 0).then(
                || view! { <p data-testid="empty-kept">{words::bucket::kept(plan.refused)}</p> },
            );
            return view! {
                <p data-testid="empty-plan">{found}</p>
                {kept}
            }
            .into_any();
        }
        Step::Running(job) => words::bucket::running(&unit::count(job.progress.done)),
    };
    view! { <p role="status" data-testid="empty-progress">{line}</p> }.into_any()
}

/// What stayed, and where its reasons are.
fn stayed(dialog: Dialog, job: &Job) -> AnyView {
    let line = words::bucket::stayed(job.progress.failed, &unit::count(job.progress.done));
    let error = job.error.clone();
    let close = move |_| {
        dialog.handle.close();
        dialog.reload.0.run(());
    };
    view! {
        <div class="modal-body">
            <div class="alert alert-danger" role="alert" data-testid="empty-stayed">
                <Icon name="alert" />
                <div class="min-w-0">
                    <p>{line}</p>
                    {error.map(|error| view! { <p>{error}</p> })}
                    <p>
                        <a href=urls::job(&job.id)>{words::bucket::why()}</a>
                    </p>
                </div>
            </div>
        </div>
        <div class="modal-foot">
            <Button attr:autofocus=true press=close>
                {general::close()}
            </Button>
        </div>
    }
    .into_any()
}
