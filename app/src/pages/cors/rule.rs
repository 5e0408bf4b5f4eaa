//! The form of one rule, and the question before one goes.

use leptos::{ev, prelude::*};
use model::cors::{CorsChange, METHODS, RuleFault, RuleText};

use super::state::{CorsState, Editing, FORM, PlainFields};
use crate::{
    browser,
    outcome::Outcome,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, TextArea, TextField, Tone},
    words,
};

/// The dialog.
#[component]
pub(super) fn RuleDialog(state: CorsState) -> impl IntoView {
    let title = move || {
        state.editing.with(|editing| match editing.replaces {
            Some(at) => words::cors::edit_rule(&(at + 1).to_string()),
            None => words::cors::add_rule().to_owned(),
        })
    };
    view! {
        <Modal handle=state.rule title=Signal::derive(title) back=state.here() testid="cors-rule-dialog">
            <RuleForm state />
        </Modal>
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Fields {
    id: RwSignal<String>,
    origins: RwSignal<String>,
    methods: RwSignal<Vec<String>>,
    headers: RwSignal<String>,
    exposed: RwSignal<String>,
    max_age: RwSignal<String>,
}

impl Fields {
    fn new(text: RuleText) -> Self {
        Self {
            id: RwSignal::new(text.id),
            origins: RwSignal::new(text.origins),
            methods: RwSignal::new(text.methods),
            headers: RwSignal::new(text.headers),
            exposed: RwSignal::new(text.exposed),
            max_age: RwSignal::new(text.max_age),
        }
    }

    fn text(self) -> RuleText {
        RuleText {
            id: self.id.get(),
            origins: self.origins.get(),
            methods: self.methods.get(),
            headers: self.headers.get(),
            exposed: self.exposed.get(),
            max_age: self.max_age.get(),
        }
    }
}

#[component]
fn RuleForm(state: CorsState) -> impl IntoView {
    let Editing { replaces, at, text } = state.editing.get_untracked();
    let fields = Fields::new(text);
    let problem = RwSignal::new(Outcome::problem(FORM));
    let shown = RwSignal::new(problem.with_untracked(Option::is_some));
    let faults = Memo::new(move |_| match fields.text().rule() {
        Err(faults) if shown.get() => faults,
        _ => Vec::new(),
    });
    let tenants = untrack(|| state.hidden_by_first()).len();
    let with_tenant = RwSignal::new(true);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        shown.set(true);
        problem.set(None);
        match untrack(|| fields.text().rule()) {
            Ok(rule) => {
                let change = match replaces {
                    Some(at) => CorsChange::Replace { at, rule },
                    None => CorsChange::Add { at, rule },
                };
                if with_tenant.get_untracked() {
                    let before = untrack(|| state.hidden_by_first());
                    if let (false, Some(rules)) = (before.is_empty(), change.apply(&before)) {
                        state.set_rules(rules);
                        return state.rule.close();
                    }
                }
                state.change(&change);
                state.rule.close();
            }
            Err(faults) => {
                if let Some(first) = faults.first() {
                    browser::focus(&format!("#field-{}", first.field()));
                }
            }
        }
    };
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let of_field = |faults: &Vec<RuleFault>| {
                let mut faults = faults.iter();
                faults.find(|fault| fault.field() == name).map(told)
            };
            faults.with(of_field)
        })
    };
    let place = replaces.or(at).map(|at| at.to_string());
    let change = if replaces.is_some() { "replace" } else { "add" };
    let ask = if replaces.is_some() { "edit" } else { "add" };
    view! {
        <form
            method="post"
            action=state.asking(ask, replaces)
            novalidate
            data-testid="form-cors-rule"
            on:submit=submit
        >
            <PlainFields state change />
            {place.map(|at| view! { <input type="hidden" name="at" value=at /> })}
            <div class="modal-body">
                <ErrorSummary problem takes_focus=false />
                <TextArea
                    name="origins"
                    label=words::cors::origins()
                    help=Signal::stored(Some(words::cors::origins_help().to_owned()))
                    value=fields.origins
                    error=error("origins")
                    rows=2
                    autofocus=true
                />
                <Methods chosen=fields.methods error=error("methods") />
                <TextArea
                    name="allowed"
                    label=words::cors::allowed_headers()
                    help=Signal::stored(Some(words::cors::headers_help().to_owned()))
                    value=fields.headers
                    error=error("allowed")
                    rows=2
                />
                <TextArea
                    name="exposed"
                    label=words::cors::exposed_headers()
                    help=Signal::stored(Some(words::cors::exposed_help().to_owned()))
                    value=fields.exposed
                    error=error("exposed")
                    rows=2
                />
                <TextField
                    name="max_age"
                    label=words::cors::max_age_field()
                    value=fields.max_age
                    error=error("max_age")
                />
                <TextField
                    name="id"
                    label=words::cors::rule_name()
                    value=fields.id
                    error=error("id")
                />
                {(tenants > 0)
                    .then(|| {
                        view! {
                            <label class="check-line">
                                <input
                                    type="checkbox"
                                    name="with_tenant"
                                    value="true"
                                    checked=true
                                    data-testid="cors-with-tenant"
                                    on:change=move |event| with_tenant.set(event_target_checked(&event))
                                />
                                {words::cors::with_tenant(tenants as u64)}
                            </label>
                        }
                    })}
            </div>
            <SubmitBar
                handle=state.rule
                back=state.here()
                label=if replaces.is_some() {
                    words::cors::take_over()
                } else {
                    words::cors::add_rule()
                }
                tone=Tone::Primary
            />
        </form>
    }
}

/// What is wrong, in the language of the page.
fn told(fault: &RuleFault) -> String {
    match fault {
        RuleFault::NoOrigin => words::cors::fault_no_origin().to_owned(),
        RuleFault::NoMethod => words::cors::fault_no_method().to_owned(),
        RuleFault::OriginWildcards(origin) => words::cors::fault_origin_wildcards(origin),
        RuleFault::NotAnOrigin(origin) => words::cors::fault_not_an_origin(origin),
        RuleFault::UnknownMethod(method) => words::cors::fault_unknown_method(method),
        RuleFault::HeaderWildcards(header) => words::cors::fault_header_wildcards(header),
        RuleFault::NotAHeader(header) => words::cors::fault_not_a_header(header),
        RuleFault::NotExposable(header) => words::cors::fault_not_exposable(header),
        RuleFault::LongId => words::cors::fault_long_id().to_owned(),
        RuleFault::IdCharacters => words::cors::fault_id_characters().to_owned(),
        RuleFault::Age => words::cors::fault_age().to_owned(),
    }
}

#[component]
fn Methods(chosen: RwSignal<Vec<String>>, error: Signal<Option<String>>) -> impl IntoView {
    let boxes = METHODS
        .into_iter()
        .map(|method| {
            let toggle = move |event: ev::Event| {
                let on = event_target_checked(&event);
                chosen.update(|chosen| {
                    chosen.retain(|one| one != method);
                    if on {
                        chosen.push(method.to_owned());
                    }
                    let place = |one: &String| METHODS.iter().position(|known| known == one);
                    chosen.sort_by_key(place);
                });
            };
            view! {
                <label class="check-line">
                    <input
                        type="checkbox"
                        name="methods"
                        value=method
                        checked=chosen.with_untracked(|chosen| chosen.iter().any(|one| one == method))
                        on:change=toggle
                    />
                    <span class="mono">{method}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="cors-methods"
            id="field-methods"
            tabindex="-1"
            aria-describedby=move || error.get().map(|_| "error-methods")
        >
            <legend>{words::cors::methods()}</legend>
            {boxes}
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p id="error-methods" class="error" data-testid="error-methods">
                                <Icon name="alert" />
                                <span>{text}</span>
                            </p>
                        }
                    })
            }}
        </fieldset>
    }
}

/// The question before a rule goes, for those without scripts: with them it goes here first, and is saved later.
#[component]
pub(super) fn RemoveDialog(state: CorsState) -> impl IntoView {
    let at = state.doomed.get_untracked();
    let number = (at + 1).to_string();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        state.change(&CorsChange::Remove { at });
        state.remove.close();
    };
    view! {
        <Modal
            handle=state.remove
            title=words::cors::remove_rule(&number)
            back=state.here()
            testid="cors-remove-dialog"
        >
            <form
                method="post"
                action=state.asking("remove", Some(at))
                data-testid="form-cors-remove"
                on:submit=submit
            >
                <PlainFields state change="remove" />
                <input type="hidden" name="at" value=at.to_string() />
                <div class="modal-body">
                    <ErrorSummary problem=Signal::stored(Outcome::problem(FORM)) />
                    {state.base().get(at).map(super::cards::facts)}
                </div>
                <SubmitBar
                    handle=state.remove
                    back=state.here()
                    label=words::cors::remove_rule(&(at + 1).to_string())
                    tone=Tone::Danger
                />
            </form>
        </Modal>
    }
}
