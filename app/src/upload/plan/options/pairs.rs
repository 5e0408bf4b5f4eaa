//! Rows of a name and a value each.

use leptos::prelude::*;
use model::attributes::AttributeField;

use super::{
    Faulty,
    typed::{TypedPair, row_id},
};
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    words::plan,
};

/// A row that is being typed.
#[derive(Clone, Copy)]
pub(super) struct Row {
    number: usize,
    name: RwSignal<String>,
    value: RwSignal<String>,
}

/// The rows of one field.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    field: AttributeField,
    list: RwSignal<Vec<Row>>,
    next: RwSignal<usize>,
}

impl Rows {
    pub(super) fn new(field: AttributeField, before: Vec<TypedPair>) -> Self {
        let next = before.iter().map(|pair| pair.row + 1).max();
        let rows = before.into_iter().map(|pair| Row {
            number: pair.row,
            name: RwSignal::new(pair.name),
            value: RwSignal::new(pair.value),
        });
        Self {
            field,
            list: RwSignal::new(rows.collect()),
            next: RwSignal::new(next.unwrap_or(0)),
        }
    }

    /// What stands in them.
    pub(super) fn typed(self) -> Vec<TypedPair> {
        self.list.with(|rows| {
            let typed = rows.iter().map(|row| TypedPair {
                row: row.number,
                name: row.name.get(),
                value: row.value.get(),
            });
            typed.collect()
        })
    }

    fn add(self) -> usize {
        let number = self.next.get_untracked();
        self.next.set(number + 1);
        let row = Row {
            number,
            name: RwSignal::new(String::new()),
            value: RwSignal::new(String::new()),
        };
        self.list.update(|rows| rows.push(row));
        number
    }

    fn remove(self, number: usize) {
        self.list
            .update(|rows| rows.retain(|row| row.number != number));
    }
}

/// The rows, and a button that adds one.
#[component]
pub(super) fn PairRows(
    rows: Rows,
    /// What stands above them.
    legend: &'static str,
    /// What one should know.
    #[prop(into)]
    help: Signal<String>,
    faulty: Faulty,
) -> impl IntoView {
    let id = rows.field.as_str();
    let add_word = match rows.field {
        AttributeField::Tags => plan::add_tag(),
        _ => plan::add_metadata(),
    };
    let add = format!("add-{id}");
    let adder = format!("#{add}");
    let remove = StoredValue::new(move |number: usize| {
        rows.remove(number);
        browser::focus(&adder);
    });
    let error = faulty.of(id.to_owned());
    view! {
        <fieldset class="field" aria-describedby=format!("help-{id}") data-testid=format!("plan-{id}")>
            <legend class="mb-1">{legend}</legend>
            <For each=move || rows.list.get() key=|row| row.number let:row>
                <PairRow
                    rows
                    row
                    faulty
                    on_remove=Callback::new(move |number| remove.with_value(|remove| remove(number)))
                />
            </For>
            <div>
                <Button
                    tone=Tone::Quiet
                    attr:id=add
                    attr:data-testid=format!("add-{id}")
                    press=move |_| {
                        let number = rows.add();
                        let field = row_id(rows.field, number);
                        request_animation_frame(move || browser::focus(&format!("#field-{field}")));
                    }
                >
                    <Icon name="plus" />
                    {add_word}
                </Button>
            </div>
            <p id=format!("help-{id}") class="help">{move || help.get()}</p>
            {move || error.get().map(|text| fault(&format!("error-{id}"), text))}
        </fieldset>
    }
}

/// What the parts of a row are called.
#[derive(Clone, Copy)]
struct Words {
    name: &'static str,
    value: &'static str,
    remove: &'static str,
    remove_named: fn(&str) -> String,
}

impl Words {
    fn of(field: AttributeField) -> Self {
        match field {
            AttributeField::Tags => Self {
                name: plan::name_of_tag(),
                value: plan::value_of_tag(),
                remove: plan::remove_tag(),
                remove_named: plan::remove_the_tag,
            },
            _ => Self {
                name: plan::name_of_metadata(),
                value: plan::value_of_metadata(),
                remove: plan::remove_metadata(),
                remove_named: plan::remove_the_metadata,
            },
        }
    }
}

#[component]
fn PairRow(rows: Rows, row: Row, faulty: Faulty, on_remove: Callback<usize>) -> impl IntoView {
    let words = Words::of(rows.field);
    let id = row_id(rows.field, row.number);
    let error = faulty.of(id.clone());
    let error_id = format!("error-{id}");
    let described = {
        let error_id = error_id.clone();
        move || error.get().map(|_| error_id.clone())
    };
    let field_id = StoredValue::new(id.clone());
    let leave = move |_| faulty.touch(&field_id.get_value());
    view! {
        <div class="pair" data-testid=format!("{}-row", rows.field.as_str())>
            <input
                id=format!("field-{id}")
                class="input"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=plan::name()
                aria-label=words.name
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described.clone()
                prop:value=move || row.name.get()
                on:input=move |event| row.name.set(event_target_value(&event))
            />
            <input
                id=format!("value-{id}")
                class="input"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=plan::value()
                aria-label=words.value
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                prop:value=move || row.value.get()
                on:input=move |event| row.value.set(event_target_value(&event))
                on:blur=leave
            />
            <Button
                tone=Tone::Quiet
                attr:title=words.remove
                press=move |_| on_remove.run(row.number)
            >
                <Icon name="trash" />
                <span class="sr-only">
                    {move || row.name.with(|name| (words.remove_named)(name))}
                </span>
            </Button>
            {move || error.get().map(|text| fault(&error_id, text))}
        </div>
    }
}

/// What is wrong, below its field.
pub(super) fn fault(id: &str, text: String) -> impl IntoView + use<> {
    view! {
        <p id=id.to_owned() class="error" data-testid=id.to_owned()>
            <Icon name="alert" />
            <span>{text}</span>
        </p>
    }
}
