//! A form field of several lines.

use leptos::prelude::*;

use super::Icon;
use crate::{browser, text::in_area};

/// Several lines of text: the label above, the help below them, the error below the field and tied to it.
#[component]
pub fn TextArea(
    /// The field's name in the form.
    name: &'static str,
    /// What stands before the name in its ids, where the same form may be on the page twice.
    #[prop(optional)]
    within: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What one should know before typing.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// How many lines are seen.
    #[prop(default = 3)]
    rows: u32,
    /// Whether the focus goes here when the form is shown.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let id = format!("field-{within}{name}");
    if let Some(typed) = browser::typed(&id) {
        value.set(typed);
    }
    let help_id = format!("help-{within}{name}");
    let error_id = format!("error-{within}{name}");
    let described = {
        let (help_id, error_id) = (help_id.clone(), error_id.clone());
        move || {
            let ids = [
                help.get().map(|_| help_id.as_str()),
                error.get().map(|_| error_id.as_str()),
            ];
            let ids = ids.into_iter().flatten().collect::<Vec<_>>().join(" ");
            (!ids.is_empty()).then_some(ids)
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <textarea
                id=id.clone()
                name=name
                class="input input-area mono"
                rows=rows.to_string()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                autofocus=autofocus
                prop:value=move || value.get()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                data-testid=id
                on:input=move |event| value.set(event_target_value(&event))
                inner_html=value.with_untracked(|value| in_area(value))
            ></textarea>
            {move || {
                help.get().map(|text| view! { <p id=help_id.clone() class="help">{text}</p> })
            }}
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p id=error_id.clone() class="error" data-testid=error_id.clone()>
                                <Icon name="alert" />
                                <span>{text}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
