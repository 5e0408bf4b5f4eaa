//! Form fields with their label, help and error, and the summary of what is wrong.

use leptos::{html, prelude::*};
use model::{Problem, problem::Detail};

use super::Icon;
use crate::{browser, words::general};

/// One line of text: the label above, the help below it, the error below the field and tied to it.
#[component]
pub fn TextField(
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
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The browser's completion token.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The input's test id; `field-{name}` unless given.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Whether the focus goes here when the form is shown.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it must be filled.
    #[prop(optional)]
    required: bool,
    /// What the whole text must match, checked by the browser where there are no scripts.
    #[prop(optional)]
    pattern: Option<String>,
    /// The id of the list of suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Called when the field is left.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
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
            <input
                id=id.clone()
                name=name
                type=kind
                class="input"
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                autofocus=autofocus
                required=required
                pattern=pattern
                list=list
                value=value.get_untracked()
                prop:value=move || value.get()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                data-testid=testid.map_or(id, str::to_owned)
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=move |_| {
                    if let Some(on_leave) = on_leave {
                        // The field may leave with its dialog.
                        let _gone = on_leave.try_run(());
                    }
                }
            />
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
}

/// What is wrong with a form as a whole; takes the focus when it appears.
///
/// Field errors are links to their fields; a sentence stands as it is, with the request id.
#[component]
pub fn ErrorSummary(
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
    /// The test id.
    #[prop(default = "error-summary")]
    testid: &'static str,
    /// Whether it takes the focus; a sign-in form gives it to the password instead.
    #[prop(default = true)]
    takes_focus: bool,
    /// What stands before the names in the ids of its fields.
    #[prop(optional)]
    within: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if takes_focus && problem.with(Option::is_some) {
            request_animation_frame(move || {
                if let Some(node) = node.get_untracked() {
                    let _ = node.focus();
                }
            });
        }
    });
    move || {
        problem.get().map(|problem| {
            view! {
                <div
                    node_ref=node
                    class="alert alert-danger"
                    role="alert"
                    tabindex="-1"
                    data-testid=testid
                >
                    <Icon name="alert" />
                    <div class="min-w-0">
                        {body(&problem, within)}
                        {problem
                            .request_id
                            .clone()
                            .filter(|_| matches!(problem.detail, Detail::Text(_)))
                            .map(|id| {
                                view! {
                                    <p class="request-id">
                                        {general::request_2()} <code data-testid="request-id">{id}</code>
                                    </p>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}

fn body(problem: &Problem, within: &str) -> AnyView {
    match &problem.detail {
        Detail::Text(text) => view! { <p>{text.clone()}</p> }.into_any(),
        Detail::Task(failure) => view! { <p>{failure.error.clone()}</p> }.into_any(),
        Detail::Fields(fields) => {
            let items = fields
                .iter()
                .map(|fault| {
                    let target = format!("#field-{within}{}", fault.field());
                    view! {
                        <li>
                            <a href=target rel="external">
                                {fault.msg.clone()}
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul>{items}</ul> }.into_any()
        }
    }
}
