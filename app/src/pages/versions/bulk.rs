//! What is done to many keys at once, by a job: first a plan that the server counts, then the words.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem,
    job::{Job, JobKind, JobPlan, NewJob, Rule},
};

use super::{
    listing::{Place, Show as Which},
    state::VersionsState,
};
use crate::{
    api, browser,
    pages::{buckets::exactly, jobs::run},
    ui::{Button, ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    unit, words,
};

/// What the field for days says first.
const DAYS: &str = "30";

/// What a job works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The keys that are selected.
    Keys(Vec<String>),
    /// All that the folder and the name say, also what no page has shown.
    Rule(Rule),
    /// Nothing: other filters cannot be said to the server, so keys are to be selected.
    Nothing,
}

impl Scope {
    /// That of a page with these keys selected.
    pub fn of(place: &Place, selected: impl IntoIterator<Item = String>) -> Self {
        let keys: Vec<_> = selected.into_iter().collect();
        if !keys.is_empty() {
            return Self::Keys(keys);
        }
        if place.show != Which::All || place.days.is_some() {
            return Self::Nothing;
        }
        Self::Rule(Rule {
            prefix: place.prefix.clone(),
            filter: place.text.clone(),
            flat: true,
            all: place.prefix.is_empty() && place.text.is_empty(),
        })
    }

    fn order(self, kind: JobKind, bucket: String, days: Option<u32>, plan: bool) -> NewJob {
        let (keys, rule) = match self {
            Self::Keys(keys) => (keys, None),
            Self::Rule(rule) => (Vec::new(), Some(rule)),
            Self::Nothing => (Vec::new(), None),
        };
        NewJob {
            keys,
            rule,
            older_than_days: days,
            plan,
            ..NewJob::new(kind, bucket)
        }
    }
}

fn scope(state: VersionsState) -> Scope {
    let selected = state.selected.get();
    state.place.with_value(|place| Scope::of(place, selected))
}

/// The commands above the list.
#[component]
pub(super) fn Commands(state: VersionsState) -> impl IntoView {
    let reason = Signal::derive(move || {
        (scope(state) == Scope::Nothing).then(words::versions::select_first)
    });
    let command = move |kind: JobKind, word: &'static str, icon: &'static str| {
        let testid = format!("cmd-{}", kind.as_str());
        view! {
            <Button
                reason
                attr:data-testid=testid
                press=move |_| {
                    state.kind.set(kind);
                    state.bulk.open();
                }
            >
                <Icon name=icon />
                {word}
            </Button>
        }
        .into_any()
    };
    let what = move || match scope(state) {
        Scope::Keys(keys) => words::versions::selected(keys.len() as u64),
        Scope::Rule(rule) if rule.all => words::versions::on_bucket().to_owned(),
        Scope::Rule(_) => words::versions::on_rule().to_owned(),
        Scope::Nothing => words::versions::on_nothing().to_owned(),
    };
    view! {
        <div class="versions-commands needs-script" data-testid="bulk-bar">
            <span class="muted">{what}</span>
            {command(JobKind::Restore, words::versions::bulk_restore(), "undo")}
            {command(JobKind::PurgeOld, words::versions::bulk_old(), "trash")}
            {command(JobKind::Purge, words::versions::bulk_purge(), "trash")}
        </div>
    }
}

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// How many days?
    Asking,
    /// The server counts.
    Counting,
    /// This would be done.
    Planned(JobPlan, Option<u32>),
    /// It is being done.
    Running(Box<Job>),
    /// It is over, and something stayed.
    Stayed(Box<Job>),
}

/// The dialog.
#[component]
pub(super) fn BulkDialog(state: VersionsState) -> impl IntoView {
    let title = Signal::derive(move || {
        match state.kind.get() {
            JobKind::Restore => words::versions::bulk_restore(),
            JobKind::PurgeOld => words::versions::bulk_old(),
            _ => words::versions::bulk_purge(),
        }
        .to_owned()
    });
    view! {
        <Modal handle=state.bulk title back=state.here() testid="versions-bulk-dialog">
            <Steps state />
        </Modal>
    }
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    state: VersionsState,
    kind: JobKind,
    scope: StoredValue<Scope>,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
}

impl Dialog {
    fn is_gone(self) -> bool {
        self.step.is_disposed() || self.state.is_gone()
    }

    /// Has the server count what would be done.
    fn plan(self, days: Option<u32>) {
        self.problem.set(None);
        self.step.set(Step::Counting);
        spawn_local(async move {
            let answer = self.run(days, true).await;
            if self.is_gone() {
                return;
            }
            match answer {
                Ok(job) => match (job.found, job.error) {
                    (Some(found), None) => self.step.set(Step::Planned(found, days)),
                    (_, error) => self.refused(Problem::new(
                        model::ErrorCode::TaskFailed,
                        error.unwrap_or_else(|| words::versions::not_counted().to_owned()),
                    )),
                },
                Err(problem) => self.refused(problem),
            }
        });
    }

    fn refused(self, problem: Problem) {
        if api::needs_sign_in(&problem) {
            self.state.failed(&problem);
        }
        self.problem.set(Some(problem));
    }

    /// Does it.
    fn go(self, days: Option<u32>) {
        self.problem.set(None);
        spawn_local(async move {
            let answer = self.run(days, false).await;
            if self.state.is_gone() {
                return;
            }
            self.state.refresh(Some("h1".to_owned()));
            if self.is_gone() {
                return;
            }
            match answer {
                Ok(job) if job.progress.failed == 0 && job.error.is_none() => {
                    self.state.bulk.close();
                    let done = words::versions::bulk_done(job.progress.done);
                    self.state.messages.success(done);
                }
                Ok(job) => self.step.set(Step::Stayed(Box::new(job))),
                Err(problem) => self.refused(problem),
            }
        });
    }

    /// Starts a job and waits for its end.
    async fn run(self, days: Option<u32>, plan: bool) -> Result<Job, Problem> {
        let bucket = self.state.bucket.with_value(ToString::to_string);
        let order = self.scope.get_value().order(self.kind, bucket, days, plan);
        let stays = |job: &Job| {
            let stays = !self.is_gone();
            if stays && !plan {
                self.step.set(Step::Running(Box::new(job.clone())));
            }
            stays
        };
        run::run(order, stays).await
    }
}

#[component]
fn Steps(state: VersionsState) -> impl IntoView {
    let kind = state.kind.get_untracked();
    let dialog = Dialog {
        state,
        kind,
        scope: StoredValue::new(untrack(|| scope(state))),
        step: RwSignal::new(Step::Asking),
        problem: RwSignal::new(None),
    };
    if kind != JobKind::PurgeOld {
        dialog.plan(None);
    }
    view! {
        <div class="modal-body" hidden=move || dialog.problem.with(Option::is_none)>
            <ErrorSummary problem=dialog.problem />
        </div>
        {move || match dialog.step.get() {
            Step::Asking => view! { <Ask dialog /> }.into_any(),
            Step::Counting => waiting(words::versions::counting(), None),
            Step::Planned(plan, days) => view! { <Confirm dialog plan days /> }.into_any(),
            Step::Running(job) => running(&job),
            Step::Stayed(job) => stayed(dialog, &job),
        }}
    }
}

#[component]
fn Ask(dialog: Dialog) -> impl IntoView {
    let days = RwSignal::new(DAYS.to_owned());
    let number = Memo::new(move |_| days.with(|days| days.trim().parse::<u32>().ok()));
    let left = RwSignal::new(false);
    let error = Signal::derive(move || {
        let wrong = left.get() && number.get().is_none();
        wrong.then(|| words::versions::days_are_numbers().to_owned())
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        left.set(true);
        match number.get_untracked() {
            Some(days) => dialog.plan(Some(days)),
            None => browser::focus("#field-older"),
        }
    };
    view! {
        <form on:submit=submit data-testid="form-older">
            <div class="modal-body">
                <TextField
                    name="older"
                    label=words::versions::older_than()
                    help=Some(words::versions::older_help().to_owned())
                    value=days
                    error
                    autofocus=true
                />
            </div>
            <SubmitBar
                handle=dialog.state.bulk
                back=dialog.state.here()
                label=words::versions::count_them()
                tone=Tone::Primary
            />
        </form>
    }
}

fn waiting(words: &'static str, share: Option<(u64, u64)>) -> AnyView {
    let (done, all) = share.unwrap_or_default();
    view! {
        <div class="modal-body" aria-busy="true">
            <p data-testid="bulk-progress">{words}</p>
            <progress
                class="mpu-progress"
                aria-label=words
                max=all.max(1).to_string()
                value=share.map(|_| done.to_string())
            ></progress>
        </div>
    }
    .into_any()
}

fn running(job: &Job) -> AnyView {
    let over = job.progress.done + job.progress.failed + job.progress.skipped;
    let share = job.progress.total.map(|total| (over, total));
    waiting(words::versions::running(), share)
}

/// What would be done, in a sentence.
fn counted(kind: JobKind, plan: &JobPlan) -> String {
    if kind == JobKind::Restore {
        return words::versions::plan_restore(plan.objects);
    }
    words::versions::plan_purge(
        &unit::count(plan.versions),
        &unit::count(plan.markers),
        &unit::size(plan.bytes),
    )
}

#[component]
fn Confirm(dialog: Dialog, plan: JobPlan, days: Option<u32>) -> impl IntoView {
    let is_restore = dialog.kind == JobKind::Restore;
    let number = if is_restore {
        plan.objects
    } else {
        plan.versions + plan.markers
    };
    let phrase = words::versions::purge_phrase(&number.to_string());
    let typed = RwSignal::new(String::new());
    let expected = phrase.clone();
    let unconfirmed = Memo::new(move |_| !is_restore && typed.with(|typed| *typed != expected));
    let reason = Signal::derive(move || {
        if number == 0 {
            Some(words::versions::nothing_to_do())
        } else {
            unconfirmed.get().then(words::versions::type_first)
        }
    });
    let started = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() && !started.get_untracked() {
            started.set(true);
            dialog.go(days);
        }
    };
    let label = if is_restore {
        words::versions::do_restore(number)
    } else {
        words::versions::do_purge(number)
    };
    let words = counted(dialog.kind, &plan);
    let whole = dialog.kind == JobKind::Purge;
    view! {
        <form on:submit=submit data-testid="form-bulk">
            <div class="modal-body">
                <p data-testid="bulk-plan">{words}</p>
                {(plan.refused > 0)
                    .then(|| view! { <p>{words::versions::plan_refused(plan.refused)}</p> })}
                {(!is_restore)
                    .then(|| {
                        let note = if whole {
                            words::versions::purge_means()
                        } else {
                            words::versions::old_means()
                        };
                        view! {
                            <p class="note">
                                <Icon name="alert" />
                                <span>{note}</span>
                            </p>
                        }
                    })}
                {(!is_restore && number > 0)
                    .then(|| {
                        view! {
                            <TextField
                                name="confirmation"
                                label=words::versions::type_to_confirm(&phrase)
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
                handle=dialog.state.bulk
                back=dialog.state.here()
                label
                tone=if is_restore { Tone::Primary } else { Tone::Danger }
                busy=started
                reason
            />
        </form>
    }
}

fn stayed(dialog: Dialog, job: &Job) -> AnyView {
    let line = words::versions::bulk_stayed(job.progress.failed, &unit::count(job.progress.done));
    let error = job.error.clone();
    view! {
        <div class="modal-body">
            <div class="alert alert-danger" role="alert" data-testid="error-summary">
                <Icon name="alert" />
                <div class="min-w-0">
                    <p>{line}</p>
                    {error.map(|error| view! { <p>{error}</p> })}
                </div>
            </div>
        </div>
        <div class="modal-foot">
            <Button attr:autofocus=true press=move |_| dialog.state.bulk.close()>
                {words::versions::close()}
            </Button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_works_on_what_is_selected_or_on_what_the_page_says() {
        let place = Place {
            prefix: "a/".to_owned(),
            text: "scan".to_owned(),
            ..Place::default()
        };
        let chosen = Scope::of(&place, ["k".to_owned()]);
        assert_eq!(chosen, Scope::Keys(vec!["k".to_owned()]));
        let order = chosen.order(JobKind::PurgeOld, "b-1".to_owned(), Some(3), true);
        assert_eq!((order.keys.len(), order.rule), (1, None));
        assert_eq!((order.older_than_days, order.plan), (Some(3), true));

        let Scope::Rule(rule) = Scope::of(&place, []) else {
            panic!()
        };
        assert_eq!((rule.prefix.as_str(), rule.filter.as_str()), ("a/", "scan"));
        assert!(rule.flat && !rule.all);
        let Scope::Rule(whole) = Scope::of(&Place::default(), []) else {
            panic!()
        };
        assert!(whole.all);
        // What the server cannot be told would be more than the page shows.
        for filtered in [
            Place {
                show: Which::Deleted,
                ..place.clone()
            },
            Place {
                days: Some(3),
                ..place
            },
        ] {
            assert_eq!(Scope::of(&filtered, []), Scope::Nothing);
        }
    }
}
