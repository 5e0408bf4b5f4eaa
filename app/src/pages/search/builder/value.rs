//! Where the values of a condition are typed: with units, as dates, or chosen among what is known.

use leptos::prelude::*;
use model::{
    Timestamp,
    form::{SIZE_UNITS, bytes_of},
    query::{Field, Operator, Property, moment},
};

use super::{
    super::listing::{size_parts, time_text},
    Builder,
    choice::Shape,
    known::Known,
    tree::Fields,
};
use crate::{browser, words::search};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The values that a condition needs, as its field and operator are now.
pub(super) fn values(builder: Builder, fields: &Fields, id: u32) -> AnyView {
    let shape = {
        let (field, operator, days) = (
            fields.field.clone(),
            fields.operator.clone(),
            fields.days.clone(),
        );
        Memo::new(move |_| {
            let operator = operator.get();
            let shape = field.with(|field| Shape::of(field, operator));
            (shape, operator, days.with(Option::is_some))
        })
    };
    let fields = fields.clone();
    (move || {
        let (shape, operator, is_days) = shape.get();
        let one = |end: &ArcRwSignal<String>, label, part| {
            let typed = Typed {
                builder,
                value: end.clone(),
                label,
                id: format!("condition-{id}-{part}"),
            };
            typed.field(shape, &fields)
        };
        match operator {
            Operator::Exists => ().into_any(),
            _ if is_days => days(builder, &fields, id),
            Operator::Between => view! {
                {one(&fields.value, search::from_value(), "value")}
                {one(&fields.until, search::to_value(), "until")}
            }
            .into_any(),
            _ => one(&fields.value, search::value(), "value"),
        }
    })
    .into_any()
}

/// A value while it is typed.
struct Typed {
    builder: Builder,
    /// As the language has it.
    value: ArcRwSignal<String>,
    label: &'static str,
    id: String,
}

impl Typed {
    fn field(self, shape: Shape, fields: &Fields) -> AnyView {
        match shape {
            Shape::Flag => self.flag(),
            Shape::Size => self.size(),
            Shape::Date => self.time(moment, Timestamp::hcp),
            Shape::Seconds => self.time(
                |value| value.parse().ok().and_then(Timestamp::from_unix_seconds),
                |time| time.unix_seconds().to_string(),
            ),
            Shape::Retention => self.retention(),
            Shape::Number => self.text("numeric", None),
            Shape::Text => {
                let known = fields.field.with_untracked(|field| match field {
                    Field::Property(Property::Namespace) => Some(Known::Namespaces),
                    Field::Property(Property::Owner) => Some(Known::Owners),
                    Field::Property(Property::RetentionClass) => Some(Known::Classes),
                    _ => None,
                });
                self.text("text", known)
            }
        }
    }

    /// What is typed, as it stands; with a list of what is known.
    fn text(self, mode: &'static str, known: Option<Known>) -> AnyView {
        let Self {
            builder,
            value,
            label,
            id,
        } = self;
        let shown = value.clone();
        let first = value.get_untracked();
        let list = known.map(|known| {
            let list_id = format!("{id}-list");
            (list_id.clone(), builder.known.list(known, list_id))
        });
        let (list_id, list) = list.unzip();
        view! {
            <input
                id=id
                class="input builder-value"
                inputmode=mode
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=label
                list=list_id
                value=first
                prop:value=move || shown.get()
                data-testid="condition-value"
                on:focus=move |_| {
                    if let Some(known) = known {
                        builder.known.ask(known);
                    }
                }
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    builder.write();
                }
            />
            {list}
        }
        .into_any()
    }

    /// One of a few words.
    fn choice(self, words: &[(&'static str, &'static str)]) -> AnyView {
        let Self {
            builder,
            value,
            label,
            id,
        } = self;
        let chosen = value.get_untracked();
        // What is none of them stays as it is until one is chosen.
        let other = (!words.iter().any(|(word, _)| *word == chosen)).then(|| {
            view! {
                <option value=chosen.clone() selected=true>
                    {chosen.clone()}
                </option>
            }
        });
        let options = words.iter().map(|(word, name)| {
            let selected = *word == chosen;
            view! {
                <option value=*word selected=selected>
                    {*name}
                </option>
            }
        });
        let options = options.collect_view();
        view! {
            <select
                id=id
                class="input input-select"
                aria-label=label
                data-testid="condition-value"
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    builder.write();
                }
            >
                {other}
                {options}
            </select>
        }
        .into_any()
    }

    fn flag(self) -> AnyView {
        self.choice(&[("true", search::yes()), ("false", search::no())])
    }

    fn retention(self) -> AnyView {
        self.choice(&[
            ("0", search::allowed()),
            ("-1", search::prohibited()),
            ("-2", search::unspecified()),
        ])
    }

    /// A number with its unit; the language has bytes.
    fn size(self) -> AnyView {
        let Self {
            builder,
            value,
            label,
            id,
        } = self;
        let (number, unit) = size_parts(value.get_untracked().parse().ok());
        let (number, unit) = (RwSignal::new(number), RwSignal::new(unit));
        let put = move || {
            let typed = number.get_untracked();
            let bytes = bytes_of(typed.trim(), &unit.get_untracked());
            // What is no size stays, to be told.
            value.set(bytes.map_or(typed, |bytes| bytes.to_string()));
            builder.write();
        };
        let put_number = put.clone();
        let options = SIZE_UNITS.map(|(word, _)| {
            let selected = unit.get_untracked() == word;
            view! {
                <option value=word selected=selected>
                    {word}
                </option>
            }
        });
        view! {
            <span class="search-size">
                <input
                    id=id
                    class="input input-short"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=label
                    prop:value=move || number.get()
                    data-testid="condition-value"
                    on:input=move |event| {
                        number.set(event_target_value(&event));
                        put_number();
                    }
                />
                <select
                    class="input"
                    aria-label=search::unit(label)
                    data-testid="condition-unit"
                    on:change=move |event| {
                        unit.set(event_target_value(&event));
                        put();
                    }
                >
                    {options.collect_view()}
                </select>
            </span>
        }
        .into_any()
    }

    /// A date with a time, of UTC.
    fn time(
        self,
        read: impl Fn(&str) -> Option<Timestamp> + Send + 'static,
        write: impl Fn(Timestamp) -> String + Send + 'static,
    ) -> AnyView {
        let Self {
            builder,
            value,
            label,
            id,
        } = self;
        let first = time_text(read(&value.get_untracked()));
        view! {
            <input
                id=id
                type="datetime-local"
                step="1"
                class="input input-select"
                aria-label=search::in_utc(label)
                prop:value=first
                data-testid="condition-value"
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    let time = Timestamp::parse_typed(&typed);
                    value.set(time.map(&write).unwrap_or_default());
                    builder.write();
                }
            />
        }
        .into_any()
    }
}

/// How many days back. The language has no such time: what is written is the date that it comes to now.
fn days(builder: Builder, fields: &Fields, id: u32) -> AnyView {
    let (days, shown) = (fields.days.clone(), fields.days.clone());
    let fields = fields.clone();
    view! {
        <input
            id=format!("condition-{id}-value")
            class="input input-short"
            inputmode="numeric"
            autocomplete="off"
            aria-label=search::days()
            prop:value=move || shown.get().unwrap_or_default()
            data-testid="condition-value"
            on:input=move |event| {
                let typed = event_target_value(&event);
                put_days(&fields, &typed);
                days.set(Some(typed));
                builder.write();
            }
        />
        <span class="help">{search::days()}</span>
    }
    .into_any()
}

/// Writes the time that so many days back come to.
pub(super) fn put_days(fields: &Fields, typed: &str) {
    let days = typed.trim().parse::<i64>().ok().filter(|days| *days >= 0);
    let time = browser::clock().zip(days).and_then(|((now, _), days)| {
        let back = days.checked_mul(DAY)?;
        Timestamp::from_unix_seconds(now.unix_seconds().checked_sub(back)?)
    });
    let shape = fields
        .field
        .with_untracked(|field| Shape::of(field, Operator::AtLeast));
    let text = time.map(|time| match shape {
        Shape::Seconds => time.unix_seconds().to_string(),
        _ => time.hcp(),
    });
    fields.value.set(text.unwrap_or_default());
}
