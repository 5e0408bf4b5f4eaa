//! The holds of an object: the plain one, and those with labels.

use leptos::{ev, prelude::*};
use model::protection::{
    LABEL_MAX, LABELS_MAX, LabelChange, LabelFault, ObjectProtection, ProtectionChange, label_fault,
};

use super::{
    super::live::{Desk, is_alive},
    Going, change, note, why_not,
};
use crate::{
    text::visible_name,
    ui::{Button, Icon, TextField},
    unit,
    words::{general, kept},
};

/// Where the focus goes after a change.
const NEXT: &str = "[data-testid=\"drawer-holds\"]";

/// Why a label cannot be added.
fn fault_of(label: &str, present: &[String]) -> Option<String> {
    if present.iter().any(|one| one == label) {
        return Some(kept::label_there().to_owned());
    }
    Some(match label_fault(label)? {
        LabelFault::Empty => kept::label_empty().to_owned(),
        LabelFault::TooLong(length) => {
            let number = |number: usize| unit::count(number as u64);
            kept::label_long(&number(LABEL_MAX), &number(length))
        }
        LabelFault::Control => kept::label_control().to_owned(),
    })
}

fn of_label(label: &str, hold: bool) -> ProtectionChange {
    ProtectionChange {
        labels: Some(vec![LabelChange {
            label: label.to_owned(),
            hold,
        }]),
        ..ProtectionChange::default()
    }
}

#[component]
pub(super) fn Holds(desk: Desk, object: ObjectProtection) -> impl IntoView {
    let going = Going::new();
    let barred = why_not(object.may.hold);
    let held = object.hold;
    let press = move |_| {
        let wanted = ProtectionChange {
            hold: Some(!held),
            ..ProtectionChange::default()
        };
        let done = if held { kept::lifted() } else { kept::held() };
        change(desk, going, wanted, done.to_owned(), NEXT);
    };
    let busy = Signal::derive(move || going.busy.get().then(general::working));
    let plain = barred.is_none().then(|| {
        view! {
            <div class="actions needs-script">
                <Button reason=busy attr:data-testid="hold-switch" press>
                    {if held { kept::lift() } else { kept::hold() }}
                </Button>
            </div>
        }
    });
    let state = if held {
        kept::is_held()
    } else {
        kept::no_holds()
    };
    let alone = held || !object.labelled_hold;
    let labels = object.labels.clone();
    let may = barred.is_none() && is_alive();
    view! {
        <section
            class="drawer-section"
            tabindex="-1"
            aria-labelledby="drawer-holds"
            data-testid="drawer-holds"
        >
            <h3 id="drawer-holds">{kept::holds()}</h3>
            <p class="help">{kept::holds_help()}</p>
            {alone.then(|| view! { <p data-testid="hold-state">{state}</p> })}
            {plain}
            {match labels {
                None => note(kept::labels_hidden()),
                Some(labels) => view! { <Labels desk going labels may /> }.into_any(),
            }}
            {going.failure()}
            {barred.map(note)}
        </section>
    }
    .into_any()
}

#[component]
fn Labels(desk: Desk, going: Going, labels: Vec<String>, may: bool) -> impl IntoView {
    let count = labels.len();
    let rows = labels.iter().map(|label| row(desk, going, label, may));
    let rows = rows.collect_view();
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let full = (count >= LABELS_MAX).then(kept::labels_full);
    let reason = Signal::derive(move || going.busy.get().then(general::working).or(full));
    let present = StoredValue::new(labels);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_some() {
            return;
        }
        let label = typed.get_untracked().trim().to_owned();
        let fault = present.with_value(|present| fault_of(&label, present));
        if fault.is_none() {
            let done = kept::label_added(&visible_name(&label));
            change(
                desk,
                going,
                of_label(&label, true),
                done,
                "#field-hold-label",
            );
        }
        wrong.set(fault);
    };
    let numbers = kept::labels_count(&unit::count(count as u64), &unit::count(LABELS_MAX as u64));
    view! {
        <h4>{kept::labels()} " " <small class="muted" data-testid="hold-count">{numbers}</small></h4>
        {(count > 0).then(|| view! { <ul class="kept-labels">{rows}</ul> })}
        {may
            .then(|| {
                view! {
                    <form class="kept-form needs-script" on:submit=add data-testid="form-hold">
                        <TextField
                            name="hold-label"
                            label=kept::label().to_owned()
                            value=typed
                            error=wrong
                            help=Some(kept::label_help().to_owned())
                        />
                        <div class="actions">
                            <Button kind="submit" reason attr:data-testid="hold-add">
                                <Icon name="plus" />
                                {kept::label_add()}
                            </Button>
                        </div>
                    </form>
                }
            })}
    }
    .into_any()
}

fn row(desk: Desk, going: Going, label: &str, may: bool) -> AnyView {
    let shown = visible_name(label);
    let title = kept::label_remove(&shown);
    let words = title.clone();
    let label = label.to_owned();
    let name = label.clone();
    let lift = move |_| {
        let done = kept::label_removed(&visible_name(&label));
        change(desk, going, of_label(&label, false), done, NEXT);
    };
    view! {
        <li data-testid="hold-row" data-label=name>
            <Icon name="lock" />
            <bdi>{shown}</bdi>
            {may
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button button-quiet button-icon needs-script"
                            title=title
                            data-testid="hold-remove"
                            on:click=lift
                        >
                            <Icon name="trash" />
                            <span class="sr-only">{words}</span>
                        </button>
                    }
                })}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_new_and_has_bounds() {
        let there = ["case 7".to_owned()];
        assert_eq!(fault_of("case 8", &there), None);
        assert_eq!(
            fault_of("case 7", &there).unwrap(),
            "There is such a label."
        );
        assert_eq!(fault_of("", &there).unwrap(), "Give a label first.");
        let long = fault_of(&"x".repeat(65), &there).unwrap();
        assert_eq!(long, "A label has at most 64 characters; this one has 65.");
        assert!(fault_of("a\tb", &there).is_some());
    }
}
