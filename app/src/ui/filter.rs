//! The fields of a form by which a page asks for other lines, in its address.

use leptos::prelude::*;

/// One of several words, or none of them, which reads as `any`.
pub fn choice(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    options: &[(&'static str, &'static str)],
    chosen: &str,
) -> AnyView {
    let options = options.iter().map(|(value, word)| {
        let selected = *value == chosen;
        view! {
            <option value=*value selected=selected>
                {*word}
            </option>
        }
    });
    let options = options.collect_view();
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name class="input">
                <option value="">{any}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A text.
pub fn text(name: &'static str, label: &'static str, value: &str) -> AnyView {
    let (id, value) = (format!("filter-{name}"), value.to_owned());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name class="input" value=value autocomplete="off" spellcheck="false" />
        </div>
    }
    .into_any()
}

/// A time, in UTC.
pub fn when(name: &'static str, label: &'static str, value: &str, testid: &'static str) -> AnyView {
    let (id, value) = (
        format!("filter-{name}"),
        value.trim_end_matches('Z').to_owned(),
    );
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="datetime-local"
                step="1"
                name=name
                class="input"
                value=value
                data-testid=testid
            />
        </div>
    }
    .into_any()
}
