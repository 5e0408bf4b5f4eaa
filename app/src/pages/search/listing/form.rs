//! What is looked for in a listing: a form that starts the job, with scripts and without.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    Problem, Timestamp,
    form::{JOB, SIZE_UNITS, searching},
    job::{JobWait, KeySearch, StartJob},
};

use super::address;
use crate::{
    api, browser,
    layout::jobs::use_jobs,
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, TextField, Tone},
    urls,
    words::search,
};

const FORM: &str = "start_search";

/// What stands in the form, by the names of its fields. None is called as what every element can be asked
/// (`contains`, `matches`): in a form, the field would take its place.
#[derive(Clone, Copy)]
struct Typed(StoredValue<Vec<(&'static str, RwSignal<String>)>>);

impl Typed {
    /// What was refused, as it was typed; else what was looked for last.
    fn new(bucket: String, sought: &KeySearch) -> Self {
        let (min, min_unit) = size_parts(sought.min_size);
        let (max, max_unit) = size_parts(sought.max_size);
        let known = [
            ("bucket", bucket),
            ("prefix", sought.prefix.clone()),
            ("name_contains", sought.name_contains.clone()),
            ("name_matches", sought.name_matches.clone()),
            ("match_case", sought.match_case.to_string()),
            ("min_size", min),
            ("min_unit", min_unit),
            ("max_size", max),
            ("max_unit", max_unit),
            ("changed_from", time_text(sought.changed_from)),
            ("changed_to", time_text(sought.changed_to)),
        ];
        let refused = Outcome::fields(FORM).is_some();
        let fields = known.into_iter().map(|(name, value)| {
            let value = if refused {
                Outcome::value(FORM, name)
            } else {
                value
            };
            (name, RwSignal::new(value))
        });
        Self(StoredValue::new(fields.collect()))
    }

    fn signal(self, name: &str) -> RwSignal<String> {
        let found = self.0.with_value(|fields| {
            let mut fields = fields.iter();
            fields.find(|(known, _)| *known == name).map(|one| one.1)
        });
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// As the form would send it.
    fn fields(self) -> Vec<(String, String)> {
        self.0.with_value(|fields| {
            let pair = |(name, value): &(&str, RwSignal<String>)| {
                ((*name).to_owned(), value.get_untracked())
            };
            fields.iter().map(pair).collect()
        })
    }
}

/// A size as one would type it: in the largest unit that leaves it whole.
pub(in super::super) fn size_parts(size: Option<u64>) -> (String, String) {
    let Some(size) = size else {
        return (String::new(), "MB".to_owned());
    };
    let fits = |(_, scale): &&(&str, u64)| *scale == 1 || (size > 0 && size.is_multiple_of(*scale));
    let (unit, scale) = SIZE_UNITS.iter().rev().find(fits).unwrap_or(&("B", 1));
    ((size / scale).to_string(), (*unit).to_owned())
}

/// A time as a field for date and time has it.
pub(in super::super) fn time_text(time: Option<Timestamp>) -> String {
    let text = time.map(|time| time.to_string()).unwrap_or_default();
    text.trim_end_matches('Z').to_owned()
}

/// The form.
#[component]
pub(super) fn Form(bucket: String, sought: KeySearch, names: Vec<String>) -> impl IntoView {
    let typed = Typed::new(bucket, &sought);
    let problem = RwSignal::new(Outcome::problem(FORM));
    let busy = RwSignal::new(false);
    let (news, navigate) = (use_jobs(), use_navigate());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let checked = searching(&typed.fields()).and_then(|order| order.check().map(|()| order));
        let order = match checked {
            Ok(order) => order,
            Err(faults) => return problem.set(Some(Problem::fields(faults))),
        };
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let wait = JobWait::default();
            let answer = api::call(StartJob { order, wait }).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(job) => {
                    news.tell_there(&job.id, true);
                    news.follow(&job);
                    navigate(&address(&job.id), NavigateOptions::default());
                }
                Err(refusal) => {
                    let _left = problem.try_set(Some(refusal));
                }
            }
        });
    };
    let next = urls::with_query(urls::SEARCH, &[]) + "?job=" + JOB;
    view! {
        <form
            method="post"
            action=urls::SEARCH
            class="search-form search-keys"
            role="search"
            novalidate
            data-testid="form-search-keys"
            on:submit=submit
        >
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="next" value=next />
            <ErrorSummary problem />
            {conditions(typed, problem, names)}
            {capitals(typed.signal("match_case"))}
            <div class="actions">
                <Button kind="submit" tone=Tone::Primary>
                    {search::start()}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

type Refusal = RwSignal<Option<Problem>>;

/// The fields, beside each other.
fn conditions(typed: Typed, problem: Refusal, names: Vec<String>) -> AnyView {
    let fault_of = move |name: &'static str| {
        Signal::derive(move || problem.with(|p| p.as_ref()?.field(name).map(str::to_owned)))
    };
    let text = move |name: &'static str, label: &'static str, help: &'static str| {
        view! {
            <TextField
                name
                label
                value=typed.signal(name)
                error=fault_of(name)
                help=Some(help.to_owned())
            />
        }
        .into_any()
    };
    let options = names
        .into_iter()
        .map(|name| view! { <option value=name></option> });
    view! {
            <div class="search-conditions">
                <TextField
                    name="bucket"
                    label=search::bucket()
                    value=typed.signal("bucket")
                    error=fault_of("bucket")
                    list="search-buckets"
                    required=true
                />
                <datalist id="search-buckets">{options.collect_view()}</datalist>
                {text("prefix", search::folder(), search::folder_help())}
                {text("name_contains", search::contains(), search::contains_help())}
                {text("name_matches", search::matches(), search::matches_help())}
                {size("min_size", "min_unit", search::min_size(), typed, problem)}
                {size("max_size", "max_unit", search::max_size(), typed, problem)}
                {time("changed_from", search::changed_from(), typed, problem)}
                {time("changed_to", search::changed_to(), typed, problem)}
            </div>
    }
    .into_any()
}

/// What is wrong with a field, below it.
fn fault(name: &'static str, problem: Refusal) -> AnyView {
    let text = move || problem.with(|p| p.as_ref()?.field(name).map(str::to_owned));
    let told = move || {
        text().map(|text| {
            view! {
                <p id=format!("error-{name}") class="error" data-testid=format!("error-{name}")>
                    <Icon name="alert" />
                    <span>{text}</span>
                </p>
            }
        })
    };
    told.into_any()
}

fn is_wrong(name: &'static str, problem: Refusal) -> bool {
    problem.with(|p| p.as_ref().is_some_and(|p| p.field(name).is_some()))
}

/// A number with its unit.
fn size(
    name: &'static str,
    unit: &'static str,
    label: &'static str,
    typed: Typed,
    problem: Refusal,
) -> AnyView {
    let (value, chosen) = (typed.signal(name), typed.signal(unit));
    let id = format!("field-{name}");
    if let Some(text) = browser::typed(&id) {
        value.set(text);
    }
    let options = SIZE_UNITS.map(|(word, _)| {
        let selected = chosen.get_untracked() == word;
        view! {
            <option value=word selected=selected>
                {word}
            </option>
        }
    });
    let wrong = move || is_wrong(name, problem);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="search-size">
                <input
                    id=id
                    name=name
                    class="input"
                    inputmode="decimal"
                    autocomplete="off"
                    value=value.get_untracked()
                    prop:value=move || value.get()
                    aria-invalid=move || wrong().then_some("true")
                    aria-describedby=move || wrong().then(|| format!("error-{name}"))
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <select
                    name=unit
                    class="input"
                    aria-label=search::unit(label)
                    on:change=move |event| chosen.set(event_target_value(&event))
                >
                    {options.collect_view()}
                </select>
            </div>
            {fault(name, problem)}
        </div>
    }
    .into_any()
}

/// A point in time.
fn time(name: &'static str, label: &'static str, typed: Typed, problem: Refusal) -> AnyView {
    let value = typed.signal(name);
    let id = format!("field-{name}");
    if let Some(text) = browser::typed(&id) {
        value.set(text);
    }
    let wrong = move || is_wrong(name, problem);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="datetime-local"
                step="1"
                name=name
                class="input"
                value=value.get_untracked()
                prop:value=move || value.get()
                aria-invalid=move || wrong().then_some("true")
                aria-describedby=move || wrong().then(|| format!("error-{name}"))
                on:input=move |event| value.set(event_target_value(&event))
            />
            {fault(name, problem)}
        </div>
    }
    .into_any()
}

/// Whether capitals matter.
fn capitals(value: RwSignal<String>) -> AnyView {
    let is_on = move || value.with(|text| text == "true");
    view! {
        <label class="search-column">
            <input
                type="checkbox"
                name="match_case"
                value="true"
                checked=untrack(is_on)
                prop:checked=is_on
                on:change=move |event| value.set(event_target_checked(&event).to_string())
            />
            {search::match_case()}
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_stands_in_the_largest_unit_that_leaves_it_whole() {
        for (size, number, unit) in [
            (None, "", "MB"),
            (Some(0), "0", "B"),
            (Some(1_000), "1000", "B"),
            (Some(1_536), "1536", "B"),
            (Some(2_048), "2", "KB"),
            (Some(3 << 40), "3", "TB"),
            (Some(u64::MAX), "18446744073709551615", "B"),
        ] {
            assert_eq!(size_parts(size), (number.to_owned(), unit.to_owned()));
            let order = searching(&[
                ("min_size".to_owned(), number.to_owned()),
                ("min_unit".to_owned(), unit.to_owned()),
            ]);
            // What the form shows is what it sends.
            assert_eq!(
                order.ok().and_then(|o| o.search).and_then(|s| s.min_size),
                size
            );
        }
    }

    #[test]
    fn a_time_is_read_back() {
        let time = Timestamp::from_unix_seconds(1_700_000_000);
        assert_eq!(Timestamp::parse_typed(&time_text(time)), time);
        assert_eq!(time_text(None), "");
    }
}
