//! What is to become of objects that have the keys of a batch.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{
    Timestamp,
    upload::{Clash, Policy, Standings},
};

use super::{Met, Policies, live, question::Question, words};
use crate::{
    text::visible_name,
    ui::{Button, Modal, Moment, Tone},
    unit, urls,
    words::plan,
};

/// Rows that are drawn at a time.
const PAGE: usize = 100;

/// The dialog.
#[component]
pub(super) fn MeetingDialog(question: Question<Met, Policies>) -> impl IntoView {
    let title = move || {
        let clashes = question
            .about()
            .map(|met| met.conflicts.standings().clashes());
        let clashes = clashes.unwrap_or_default();
        plan::exist_already(clashes as u64)
    };
    let back = move || {
        let to = question.about().map(|met| met.to.clone());
        to.map(|to| urls::folder(&to.bucket, &to.prefix))
            .unwrap_or_default()
    };
    view! {
        <Modal
            handle=question.handle
            title=Signal::derive(title)
            back=Signal::derive(back)
            testid="conflict-dialog"
        >
            {move || question.about().map(|met| view! { <Meeting question met /> })}
        </Modal>
    }
}

/// What is chosen so far.
#[derive(Clone, Copy)]
struct Choices {
    all: RwSignal<Policy>,
    own: RwSignal<HashMap<usize, Policy>>,
    always: RwSignal<bool>,
}

#[component]
fn Meeting(question: Question<Met, Policies>, met: Arc<Met>) -> impl IntoView {
    let choices = Choices {
        all: RwSignal::new(met.before.unwrap_or(Policy::Skip)),
        own: RwSignal::new(HashMap::new()),
        always: RwSignal::new(false),
    };
    let decided = live::outcome(Arc::clone(&met), choices.all, choices.own);
    let start = move |_| {
        question.answer(Policies {
            all: choices.all.get_untracked(),
            own: choices.own.get_untracked(),
            always: choices.always.get_untracked(),
        });
    };
    let begin = move || {
        decided.with(|decided| match decided {
            Some(decided) => words::begin(decided.sent, decided.lost),
            None => plan::upload().to_owned(),
        })
    };
    // What is lost is named where it is pressed.
    let loses = Memo::new(move |_| {
        decided.with(|decided| decided.as_ref().is_some_and(|decided| decided.lost > 0))
    });
    view! {
        <div class="modal-body">
            <p>
                {plan::in_place(
                    &visible_name(&met.to.words()),
                    &counts(&met.conflicts.standings()),
                )}
            </p>
            <ForAll met=Arc::clone(&met) choices />
            <Clashes met=Arc::clone(&met) choices />
            <p aria-live="polite" data-testid="conflict-outcome">
                {move || decided.with(|decided| decided.as_ref().map(|decided| decided.words.clone()))}
            </p>
            <label class="check-line">
                <input
                    type="checkbox"
                    prop:checked=move || choices.always.get()
                    on:change=move |event| choices.always.set(event_target_checked(&event))
                />
                <span>
                    {plan::always_do_this()}
                </span>
            </label>
        </div>
        <div class="modal-foot">
            <Button press=move |_| question.handle.close()>{plan::cancel()}</Button>
            {move || {
                let tone = if loses.get() { Tone::Danger } else { Tone::Primary };
                view! {
                    <Button tone attr:data-testid="conflict-start" press=start>
                        {begin}
                    </Button>
                }
            }}
        </div>
    }
}

/// How many files stand how: `3 new, 2 of the same size`.
fn counts(standings: &Standings) -> String {
    words::listed(&[
        (standings.new, plan::standing_new),
        (standings.same_size, plan::standing_same_size),
        (standings.different, plan::standing_different),
        (standings.newer_in_bucket, plan::standing_newer),
        (standings.protected, plan::standing_protected),
        (standings.folder, plan::standing_folder),
        (standings.unknown, plan::standing_unknown),
    ])
}

/// The choice for all files.
#[component]
fn ForAll(met: Arc<Met>, choices: Choices) -> impl IntoView {
    let overwrites = met.overwrites;
    let choice = move |policy: Policy| {
        let id = words::policy_id(policy);
        view! {
            <label class="check-line">
                <input
                    type="radio"
                    name="conflict-choice"
                    value=id
                    autofocus=policy == choices.all.get_untracked()
                    prop:checked=move || choices.all.get() == policy
                    data-testid=format!("conflict-choice-{id}")
                    aria-describedby=format!("conflict-help-{id}")
                    on:change=move |_| choices.all.set(policy)
                />
                <span>
                    <span class="font-semibold">{words::policy(policy)}</span>
                    <span id=format!("conflict-help-{id}") class="block text-(color:--muted)">
                        {words::consequence(policy, overwrites)}
                    </span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="flex flex-col gap-1">
            <legend class="mb-1 font-semibold">{plan::what_to_do_with_them()}</legend>
            {Policy::ALL.map(choice).into_iter().collect_view()}
        </fieldset>
    }
}

/// The files, some at a time, each with its own choice.
#[component]
fn Clashes(met: Arc<Met>, choices: Choices) -> impl IntoView {
    let all: Arc<[Clash]> = met.conflicts.clashes().collect();
    let page = RwSignal::new(0_usize);
    let prefix = met.to.prefix.clone();
    let number = all.len();
    let pages = number.div_ceil(PAGE);
    let rows = move || {
        let rows = all.iter().skip(page.get() * PAGE).take(PAGE);
        let rows = rows.map(|clash| clash_row(clash, &prefix, choices));
        rows.collect_view()
    };
    let turn = move |label: &'static str, to: fn(usize) -> Option<usize>| {
        let target = move || to(page.get()).filter(|page| *page < pages);
        view! {
            <Button
                reason=Signal::derive(move || target().is_none().then_some(plan::there_are_no_more()))
                press=move |_| {
                    if let Some(target) = untrack(target) {
                        page.set(target);
                    }
                }
            >
                {label}
            </Button>
        }
    };
    let shown = move || {
        let from = page.get() * PAGE;
        let to = (from + PAGE).min(number);
        plan::from_to_of(
            &unit::count(from as u64 + 1),
            &unit::count(to as u64),
            &unit::count(number as u64),
        )
    };
    view! {
        <details>
            <summary class="min-h-6 cursor-pointer font-semibold">{plan::choose_for_each_file()}</summary>
            // Focusable, because it scrolls.
            <div
                class="table-frame mt-2 max-h-80 overflow-auto"
                role="region"
                aria-label=plan::files_that_exist_already()
                tabindex="0"
            >
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{plan::file()}</th>
                            <th scope="col">{plan::here()}</th>
                            <th scope="col">{plan::in_the_bucket()}</th>
                            <th scope="col">{plan::do_what()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(pages > 1)
                .then(|| {
                    view! {
                        <div class="mt-2 flex flex-wrap items-center gap-2">
                            {turn(plan::previous(), |page| page.checked_sub(1))}
                            {turn(plan::next(), |page| page.checked_add(1))}
                            <span aria-live="polite">{shown}</span>
                        </div>
                    }
                })}
        </details>
    }
}

fn size_and_time(size: u64, time: Option<Timestamp>) -> impl IntoView {
    view! {
        <span class="block whitespace-nowrap">{unit::size(size)}</span>
        {time
            .map(|time| {
                view! {
                    <span class="block whitespace-nowrap text-(color:--muted)">
                        <Moment time />
                    </span>
                }
            })}
    }
}

fn clash_row(clash: &Clash, prefix: &str, choices: Choices) -> impl IntoView + use<> {
    let index = clash.index;
    let standing = clash.standing;
    let name = visible_name(clash.key.strip_prefix(prefix).unwrap_or(&clash.key));
    let there = match clash.existing {
        Some(existing) => size_and_time(existing.size, existing.modified).into_any(),
        None => "–".into_any(),
    };
    let until = clash
        .protected
        .flatten()
        .map(|until| view! { {plan::until()} <Moment time=until /> });
    let chosen = move || {
        let own = choices.own.with(|own| own.get(&index).copied());
        let policy = own.unwrap_or_else(|| choices.all.get());
        if policy.suits(standing) {
            policy
        } else {
            Policy::Skip
        }
    };
    let options = Policy::ALL
        .into_iter()
        .filter(move |policy| policy.suits(standing));
    let options = options.map(|policy| {
        view! {
            <option
                value=words::policy_id(policy)
                prop:selected=move || chosen() == policy
            >
                {words::policy(policy)}
            </option>
        }
    });
    let choose = move |event| {
        let word = event_target_value(&event);
        let policy = Policy::ALL
            .into_iter()
            .find(|policy| words::policy_id(*policy) == word);
        if let Some(policy) = policy {
            choices.own.update(|own| {
                own.insert(index, policy);
            });
        }
    };
    view! {
        <tr data-testid="conflict-row" data-key=clash.key.clone()>
            <th scope="row" class="font-normal">
                <bdi class="break-all">{name.clone()}</bdi>
                <span class="block text-(color:--muted)">
                    {words::standing(standing)} {until}
                </span>
            </th>
            <td>{size_and_time(clash.size, Timestamp::from_unix_millis(clash.modified))}</td>
            <td>{there}</td>
            <td>
                <select class="input input-select" aria-label=plan::what_to_do_with_file(&name) on:change=choose>
                    {options.collect_view()}
                </select>
            </td>
        </tr>
    }
}
