//! Giving up all uploads of a bucket that are older than some days: counted first, then typed.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use leptos::{ev, prelude::*, task::spawn_local};
use model::{Problem, Timestamp, multipart::OpenUpload};

use super::{
    abort::abort,
    listing::{AT_ONCE, list_all, older, parts_of},
    state::UploadsPageState,
};
use crate::{
    api, browser,
    pages::buckets::exactly,
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    unit,
    words::unfinished,
};

/// Failures that are spelt out.
const LISTED: usize = 20;
/// What the field says first.
const DAYS: &str = "7";

/// What is to go.
#[derive(Clone, Debug, Default)]
struct Plan {
    uploads: Vec<OpenUpload>,
    /// Bytes of the uploads that could be looked into.
    bytes: u64,
    /// Uploads that the store does not let this account look into.
    unseen: usize,
    /// Ids of those that this browser has among its transfers.
    own: BTreeSet<String>,
}

impl Plan {
    /// What goes, with or without this browser's own.
    fn chosen(&self, with_own: bool) -> Vec<OpenUpload> {
        let goes = |upload: &&OpenUpload| with_own || !self.own.contains(&upload.upload_id);
        self.uploads.iter().filter(goes).cloned().collect()
    }

    fn number(&self, with_own: bool) -> usize {
        if with_own {
            self.uploads.len()
        } else {
            self.uploads.len() - self.own.len()
        }
    }

    /// What must be typed first.
    fn phrase(&self, with_own: bool) -> String {
        unfinished::phrase(self.number(with_own) as u64)
    }

    /// What was counted, in a sentence.
    fn words(&self, days: u32) -> String {
        unfinished::older_plan(
            self.uploads.len() as u64,
            days.into(),
            self.unseen as u64,
            &unit::size(self.bytes),
        )
    }
}

/// An upload that stayed, and why.
type Refused = (OpenUpload, String);

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    /// How many days?
    Asking,
    /// Counting: how many of how many were looked into.
    Counting(usize, usize),
    /// This will go.
    Planned(Plan, u32),
    /// Going: how many of how many.
    Going(usize, usize),
    /// These stayed, and so many are gone.
    Stayed(Vec<Refused>, usize),
}

/// The dialog.
#[component]
pub fn OlderDialog(state: UploadsPageState) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal handle=state.older title=unfinished::abort_old_uploads() back=state.here() busy testid="abort-older-dialog">
            <Steps state busy />
        </Modal>
    }
}

#[component]
fn Steps(state: UploadsPageState, busy: RwSignal<bool>) -> impl IntoView {
    let step = RwSignal::new(Step::Asking);
    let problem = RwSignal::new(None::<Problem>);
    let dialog = Dialog {
        state,
        busy,
        step,
        problem,
    };
    move || {
        match step.get() {
        Step::Asking => view! { <Ask dialog /> }.into_any(),
        Step::Counting(done, all) => view! { <Running words=unfinished::looked_into() line=unfinished::looked_into_of done all /> }.into_any(),
        Step::Planned(plan, days) => view! { <Confirm dialog plan days /> }.into_any(),
        Step::Going(done, all) => view! { <Running words=unfinished::aborted() line=unfinished::aborted_of done all /> }.into_any(),
        Step::Stayed(refused, gone) => view! { <Stayed dialog refused gone /> }.into_any(),
    }
    }
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Dialog {
    state: UploadsPageState,
    busy: RwSignal<bool>,
    step: RwSignal<Step>,
    problem: RwSignal<Option<Problem>>,
}

impl Dialog {
    fn is_gone(self) -> bool {
        self.step.is_disposed() || self.state.is_gone()
    }

    /// Counts over all pages of the list.
    fn count(self, days: u32, now: Timestamp) {
        self.busy.set(true);
        self.problem.set(None);
        self.step.set(Step::Counting(0, 0));
        spawn_local(async move {
            let planned = self.plan(days, now).await;
            if self.is_gone() {
                return;
            }
            self.busy.set(false);
            match planned {
                Ok(plan) => self.step.set(Step::Planned(plan, days)),
                Err(refusal) if api::needs_sign_in(&refusal) => self.state.failed(&refusal),
                Err(refusal) => {
                    self.problem.set(Some(refusal));
                    self.step.set(Step::Asking);
                }
            }
        });
    }

    async fn plan(self, days: u32, now: Timestamp) -> Result<Plan, Problem> {
        let bucket = self.state.bucket.get_value();
        let uploads = older(list_all(&bucket).await?, days, now);
        let all = uploads.len();
        let is_own = |upload: &&OpenUpload| self.state.noted.has_now(&upload.upload_id);
        let own = uploads.iter().filter(is_own);
        let mut plan = Plan {
            own: own.map(|upload| upload.upload_id.clone()).collect(),
            uploads,
            ..Plan::default()
        };
        let mut looked = futures::stream::iter(&plan.uploads)
            .map(|upload| parts_of(&bucket, upload))
            .buffer_unordered(AT_ONCE);
        let (mut done, mut bytes, mut unseen) = (0, 0, 0);
        while let Some(parts) = looked.next().await {
            match parts {
                Ok(parts) => bytes += parts.bytes(),
                Err(refusal) if api::needs_sign_in(&refusal) => return Err(refusal),
                Err(_unseen) => unseen += 1,
            }
            done += 1;
            if self.is_gone() {
                break;
            }
            self.step.set(Step::Counting(done, all));
        }
        drop(looked);
        (plan.bytes, plan.unseen) = (bytes, unseen);
        Ok(plan)
    }

    /// Gives them up, some at a time.
    fn abort(self, doomed: Vec<OpenUpload>) {
        self.busy.set(true);
        let all = doomed.len();
        self.step.set(Step::Going(0, all));
        spawn_local(async move {
            let state = self.state;
            let mut going = futures::stream::iter(doomed)
                .map(|upload| async move {
                    let answer = abort(state, &upload).await;
                    answer.map_err(|refusal| (upload, refusal.sentence()))
                })
                .buffer_unordered(AT_ONCE);
            let (mut done, mut refused) = (0, Vec::new());
            while let Some(answer) = going.next().await {
                done += 1;
                refused.extend(answer.err());
                if self.is_gone() {
                    return;
                }
                self.step.set(Step::Going(done, all));
            }
            self.busy.set(false);
            state.refresh(Some("h1".to_owned()));
            let gone = all - refused.len();
            if refused.is_empty() {
                state.older.close();
                state
                    .messages
                    .success(unfinished::number_aborted(gone as u64));
            } else {
                self.step.set(Step::Stayed(refused, gone));
            }
        });
    }
}

#[component]
fn Ask(dialog: Dialog) -> impl IntoView {
    let days = RwSignal::new(DAYS.to_owned());
    let left = RwSignal::new(false);
    let number = Memo::new(move |_| days.with(|days| days.trim().parse::<u32>().ok()));
    let error = Signal::derive(move || {
        let wrong = left.get() && number.get().is_none();
        wrong.then(|| unfinished::days_are_whole().to_owned())
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        left.set(true);
        if dialog.busy.get_untracked() {
            return;
        }
        let (Some(days), Some((now, _))) = (number.get_untracked(), browser::clock()) else {
            browser::focus("#field-days");
            return;
        };
        dialog.count(days, now);
    };
    view! {
        <form on:submit=submit data-testid="form-abort-older">
            <div class="modal-body">
                <ErrorSummary problem=dialog.problem />
                <TextField
                    name="days"
                    label=unfinished::begun_more_than_days_ago()
                    help=Signal::stored(Some(unfinished::older_help().to_owned()))
                    value=days
                    error
                    autofocus=true
                    on_leave=Callback::new(move |()| left.set(true))
                />
            </div>
            <SubmitBar
                handle=dialog.state.older
                back=dialog.state.here()
                label=unfinished::count_them()
                tone=Tone::Primary
                busy=dialog.busy
            />
        </form>
    }
}

#[component]
fn Running(
    words: &'static str,
    line: fn(&str, u64) -> String,
    done: usize,
    all: usize,
) -> impl IntoView {
    let line = if all == 0 {
        unfinished::reading_the_list().to_owned()
    } else {
        line(&unit::count(done as u64), all as u64)
    };
    view! {
        <div class="modal-body" aria-busy="true">
            <p data-testid="older-progress">{line}</p>
            <progress
                class="mpu-progress"
                aria-label=words
                max=all.max(1).to_string()
                value=done.to_string()
            ></progress>
        </div>
    }
}

#[component]
fn Confirm(dialog: Dialog, plan: Plan, days: u32) -> impl IntoView {
    let with_own = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let own = plan.own.len();
    let words = plan.words(days);
    let plan = StoredValue::new(plan);
    let phrase = Memo::new(move |_| plan.with_value(|plan| plan.phrase(with_own.get())));
    let number = Memo::new(move |_| plan.with_value(|plan| plan.number(with_own.get())));
    let reason = Signal::derive(move || {
        if number.get() == 0 {
            Some(unfinished::there_is_nothing_to_abort())
        } else {
            (typed.get() != phrase.get()).then_some(unfinished::type_the_words_above_first())
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if dialog.busy.get_untracked() || reason.get_untracked().is_some() {
            return;
        }
        dialog.abort(plan.with_value(|plan| plan.chosen(with_own.get_untracked())));
    };
    let label = move || unfinished::abort_number(number.get() as u64);
    view! {
        <form on:submit=submit data-testid="form-abort-older">
            <div class="modal-body">
                <p data-testid="older-plan">{words}</p>
                {(own > 0)
                    .then(|| {
                        view! {
                            <label class="check-line">
                                <input
                                    type="checkbox"
                                    data-testid="mpu-own"
                                    on:change=move |event| with_own.set(event_target_checked(&event))
                                />
                                {unfinished::also_own(own as u64)}
                            </label>
                        }
                    })}
                <p class="note">
                    <Icon name="alert" />
                    {unfinished::parts_are_dropped()}
                </p>
                <Show when=move || number.get().gt(&0)>
                    <TextField
                        name="confirmation"
                        label=Signal::derive(move || unfinished::type_to_confirm(&phrase.get()))
                        value=typed
                        testid="confirm-input"
                        autofocus=true
                        required=true
                        pattern=exactly(&phrase.get_untracked())
                    />
                </Show>
            </div>
            <SubmitBar
                handle=dialog.state.older
                back=dialog.state.here()
                label=Signal::derive(label)
                tone=Tone::Danger
                busy=dialog.busy
                reason
            />
        </form>
    }
}

#[component]
fn Stayed(dialog: Dialog, refused: Vec<Refused>, gone: usize) -> impl IntoView {
    let more = refused.len().saturating_sub(LISTED);
    let summary = unfinished::stayed(refused.len() as u64, &unit::count(gone as u64));
    let lines = refused
        .into_iter()
        .take(LISTED)
        .map(|(upload, reason)| {
            view! {
                <li>
                    <bdi class="mono">{visible_name(&upload.key)}</bdi>
                    {format!(" – {reason}")}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="modal-body">
            <div class="alert alert-danger" role="alert" data-testid="error-summary">
                <Icon name="alert" />
                <div class="min-w-0">
                    <p>{summary}</p>
                    <ul>
                        {lines} {(more > 0).then(|| view! { <li>{unfinished::and_more(&unit::count(more as u64))}</li> })}
                    </ul>
                </div>
            </div>
        </div>
        <div class="modal-foot">
            <Button attr:autofocus=true press=move |_| dialog.state.older.close()>
                {unfinished::close()}
            </Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(unseen: usize) -> Plan {
        let upload = |id: &str| OpenUpload {
            key: "k".to_owned(),
            upload_id: id.to_owned(),
            initiated: None,
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        };
        Plan {
            uploads: vec![upload("1"), upload("2"), upload("3")],
            bytes: 50 * 1024 * 1024,
            unseen,
            own: BTreeSet::from(["2".to_owned()]),
        }
    }

    #[test]
    fn what_this_browser_sends_goes_only_when_asked_for() {
        let ids = |with_own| {
            let chosen = plan(0).chosen(with_own);
            chosen
                .into_iter()
                .map(|upload| upload.upload_id)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(false), ["1", "3"]);
        assert_eq!(ids(true), ["1", "2", "3"]);
        assert_eq!(plan(0).phrase(false), "abort 2 uploads");
        assert_eq!(plan(0).phrase(true), "abort 3 uploads");
    }

    #[test]
    fn a_plan_says_what_it_does_not_know() {
        assert_eq!(
            plan(0).words(0),
            "3 uploads of this bucket, with 50 MB in parts."
        );
        assert_eq!(
            plan(2).words(7),
            "3 uploads begun more than 7 days ago, with at least 50 MB in parts: 2 of them cannot be looked into."
        );
    }
}
