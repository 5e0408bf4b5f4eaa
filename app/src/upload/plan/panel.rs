//! The plan of a batch: what goes where, what stands out, and what is done about it.

use std::sync::Arc;

use leptos::prelude::*;
use model::upload::{Finding, Remedies, Remedy, Survey, Told};

use super::{
    Before, Chosen, Found, live,
    options::{Draft, More},
    question::Question,
    words,
};
use crate::{
    text::visible_name,
    ui::{Button, Modal, Tone},
    unit, urls,
    words::plan,
};

/// The dialog.
#[component]
pub(super) fn PlanPanel(question: Question<Found, Chosen>) -> impl IntoView {
    let title = move || {
        let files = question.about().map(|found| found.survey.totals().files);
        plan::begin(files.unwrap_or_default() as u64)
    };
    let back = move || {
        let to = question.about().map(|found| found.to.clone());
        to.map(|to| urls::folder(&to.bucket, &to.prefix))
            .unwrap_or_default()
    };
    view! {
        <Modal
            handle=question.handle
            title=Signal::derive(title)
            back=Signal::derive(back)
            testid="plan-panel"
        >
            {move || question.about().map(|found| view! { <Plan question found /> })}
        </Modal>
    }
}

#[component]
fn Plan(question: Question<Found, Chosen>, found: Arc<Found>) -> impl IntoView {
    let Before {
        remedies,
        typed: before,
    } = found.before.clone().unwrap_or_default();
    let remedies = RwSignal::new(remedies);
    let quiet = RwSignal::new(false);
    let draft = Draft::new(found.offers, found.wanted, before);
    let (asks, wanted) = (found.survey.asks(), found.wanted);
    let paths = Memo::new(move |_| draft.paths());
    // Under other paths other files meet: what stands out is looked for again.
    let renamed: ArcSignal<Option<Arc<Survey>>> = {
        let found = Arc::clone(&found);
        let survey = ArcRwSignal::new(None);
        let shown = survey.clone();
        Effect::new(move |_| {
            let renamed = paths.with(|paths| paths.as_ref().map(|paths| found.renamed(paths)));
            survey.set(renamed.map(Arc::new));
        });
        shown.into()
    };
    let answer = move |options, again| {
        question.answer(Chosen {
            remedies: remedies.get_untracked(),
            options,
            paths: paths.get_untracked(),
            quiet: quiet.get_untracked(),
            again,
        });
    };
    let try_again = move |_| {
        let before = Before {
            remedies: remedies.get_untracked(),
            typed: draft.typed(),
        };
        answer(Arc::default(), Some(before));
    };
    let findings = {
        let (found, renamed) = (Arc::clone(&found), renamed.clone());
        move || {
            let renamed = renamed.get();
            let survey = renamed.as_deref().unwrap_or(&found.survey);
            let missing = survey.missing();
            let findings = survey.findings().into_iter();
            findings
                .map(|told| {
                    let again = found.again > 0 && told.finding == Finding::Unreadable;
                    let again = again.then(|| {
                        view! {
                            <Button attr:data-testid="plan-again" press=try_again>
                                {plan::try_again()}
                            </Button>
                        }
                    });
                    view! { <FindingChoice told missing remedies /> {again} }
                })
                .collect_view()
        }
    };
    let sums = live::totals(Arc::clone(&found), renamed, remedies);
    let start = move |_| {
        if let Some(options) = draft.options() {
            answer(options, None);
        }
    };
    let nothing = Signal::derive(move || {
        (sums.get().is_some_and(|(files, _)| files == 0))
            .then_some(plan::nothing_is_left_to_upload())
    });
    view! {
        <div class="modal-body">
            <Numbers found=Arc::clone(&found) sums />
            {findings}
            <More draft found />
            {(!asks && !wanted)
                .then(|| {
                    view! {
                        <label class="check-line">
                            <input
                                type="checkbox"
                                prop:checked=move || quiet.get()
                                on:change=move |event| quiet.set(event_target_checked(&event))
                            />
                            <span>{plan::begin_without_overview()}</span>
                        </label>
                    }
                })}
        </div>
        <div class="modal-foot">
            <Button press=move |_| question.handle.close()>{plan::cancel()}</Button>
            <Button
                tone=Tone::Primary
                reason=nothing
                attr:autofocus=true
                attr:data-testid="plan-start"
                press=start
            >
                {move || match sums.get() {
                    Some((files, _)) => words::begin(files, 0),
                    None => plan::upload().to_owned(),
                }}
            </Button>
        </div>
    }
}

/// Target, number, bytes, largest file.
#[component]
fn Numbers(found: Arc<Found>, sums: RwSignal<Option<(usize, u64)>>) -> impl IntoView {
    let largest = found.survey.totals().largest.clone();
    let free = found.survey.free();
    let line = |term: &'static str, value: AnyView| {
        view! {
            <div class="flex flex-wrap gap-x-3">
                <dt class="min-w-20 text-(color:--muted)">{term}</dt>
                <dd class="min-w-0 flex-1 break-words">{value}</dd>
            </div>
        }
    };
    let going = move || {
        let (files, bytes) = sums.get()?;
        Some(plan::files_and_bytes(files as u64, &unit::size(bytes)))
    };
    view! {
        <dl class="flex flex-col gap-1">
            {line(plan::to(), view! { <bdi>{visible_name(&found.to.words())}</bdi> }.into_any())}
            {line(plan::upload(), view! { <span aria-live="polite">{going}</span> }.into_any())}
            {largest
                .map(|(path, size)| {
                    let name = view! {
                        <bdi>{visible_name(&path)}</bdi>
                        {format!(", {}", unit::size(size))}
                    };
                    line(plan::largest(), name.into_any())
                })}
            {free.map(|free| line(plan::free(), unit::size(free).into_any()))}
        </dl>
    }
}

#[component]
fn FindingChoice(told: Told, missing: usize, remedies: RwSignal<Remedies>) -> impl IntoView {
    let finding = told.finding;
    let id = words::finding_id(finding);
    let more = told.count.saturating_sub(told.examples.len());
    let more = (more > 0 && finding != Finding::Checksums && !told.examples.is_empty())
        .then(|| view! { <li>{plan::and_more(&unit::count(more as u64))}</li> });
    let examples = told.examples.iter().map(|path| {
        view! {
            <li>
                <bdi class="break-all">{visible_name(path)}</bdi>
            </li>
        }
    });
    let examples = (!told.examples.is_empty())
        .then(|| view! { <ul class="names">{examples.collect_view()} {more}</ul> });
    let choices = match finding.remedies() {
        [only] => view! { <p>{words::remedy(finding, *only)}</p> }.into_any(),
        several => several
            .iter()
            .map(|remedy| view! { <RemedyChoice finding remedy=*remedy remedies /> })
            .collect_view()
            .into_any(),
    };
    view! {
        <fieldset
            class="flex flex-col gap-2 border-t border-(color:--line) pt-3"
            data-testid="plan-finding"
            data-finding=id
        >
            <legend class="float-left font-semibold">{words::finding(&told, missing)}</legend>
            {examples}
            <div class="flex flex-col gap-1">{choices}</div>
        </fieldset>
    }
}

#[component]
fn RemedyChoice(finding: Finding, remedy: Remedy, remedies: RwSignal<Remedies>) -> impl IntoView {
    view! {
        <label class="check-line">
            <input
                type="radio"
                name=format!("finding-{}", words::finding_id(finding))
                prop:checked=move || remedies.with(|remedies| remedies.of(finding) == remedy)
                on:change=move |_| remedies.update(|remedies| remedies.choose(finding, remedy))
            />
            <span>{words::remedy(finding, remedy)}</span>
        </label>
    }
}
