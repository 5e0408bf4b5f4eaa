//! The form of every resource: fields from a table, and only what changed is sent.
//!
//! Without scripts it is a plain form, which says by hidden fields what each field was loaded with.

use std::collections::BTreeMap;

use http::Method;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{
    Problem,
    endpoint::encode,
    form::{AT, CONFIRMATION, EXPECTED, NAME, ONE_WAY},
    mapi::{
        Kind, Property,
        edit::{self, BEFORE, Edit, RIGHT},
    },
};
use serde_json::{Map, Value as Json};

use super::{
    field::{Matrix, control, shown},
    fields::PERMISSIONS,
    spec::{Field, Section, Widget, field, nothing},
};
use crate::{
    api, browser,
    layout::title::Settled,
    outcome::Outcome,
    ui::{Button, Icon, Messages, Tone},
    urls,
    words::admin,
};

/// Loads the page's data once more.
#[derive(Clone, Copy)]
pub struct Reload(pub Callback<()>);

/// What a form edits, and where it goes.
#[derive(Clone)]
pub struct Form {
    /// The operation's id, which is the plain form's `op`.
    pub op: &'static str,
    /// The names in the operation's path.
    pub at: Vec<(&'static str, String)>,
    /// The call's method.
    pub method: Method,
    /// The call's path.
    pub path: String,
    /// The properties of the resource.
    pub properties: &'static [Property],
    /// The fields.
    pub sections: &'static [Section],
    /// The resource as it was loaded; the defaults, where it is new.
    pub loaded: Map<String, Json>,
    /// What the page knows that fields depend on.
    pub facts: Map<String, Json>,
    /// What can be chosen in fields with options.
    pub options: Vec<(&'static str, Vec<String>)>,
    /// The namespaces of the matrix of rights, where there is one, with the rights.
    pub rights: Option<BTreeMap<String, String>>,
    /// The fields of a list's rows, where there is one: the property and the fields.
    pub rows: Option<(&'static str, &'static [Field])>,
    /// The tenant's rules for passwords.
    pub security: Map<String, Json>,
    /// Whether this session may change it; else it is text.
    pub editable: bool,
    /// Whether it makes something new.
    pub creates: bool,
    /// Where to go when it worked.
    pub next: String,
    /// What the button says.
    pub save: &'static str,
    /// What is said when it worked.
    pub done: String,
    /// What has to be typed before it is done; empty where nothing has to be.
    pub expected: String,
    /// Whether what it makes is shown on the same page.
    pub reloads: bool,
    /// Properties that something else on the page edits.
    pub more: Option<RwSignal<Map<String, Json>>>,
}

impl Form {
    /// A form that changes what `loaded` is.
    pub fn change(
        op: &'static str,
        at: &[(&'static str, &str)],
        path: String,
        properties: &'static [Property],
        sections: &'static [Section],
        loaded: Map<String, Json>,
    ) -> Self {
        Self {
            op,
            at: at.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
            method: Method::POST,
            path,
            properties,
            sections,
            loaded,
            facts: Map::new(),
            options: Vec::new(),
            rights: None,
            rows: None,
            security: Map::new(),
            editable: true,
            creates: false,
            next: urls::current().get_untracked(),
            save: admin::save(),
            done: admin::the_changes_were_saved().to_owned(),
            expected: String::new(),
            reloads: false,
            more: None,
        }
    }

    /// A form that makes something new.
    #[must_use]
    pub fn creating(mut self, save: &'static str, next: String, done: &str) -> Self {
        self.method = Method::PUT;
        self.creates = true;
        self.save = save;
        self.next = next;
        done.clone_into(&mut self.done);
        self
    }

    /// A form that takes something away, once its name was typed.
    #[must_use]
    pub fn deleting(mut self, save: &'static str, expected: &str, next: String) -> Self {
        self.method = Method::DELETE;
        self.creates = true;
        self.save = save;
        self.next = next;
        self.done = admin::was_deleted(expected);
        expected.clone_into(&mut self.expected);
        self
    }

    /// The same, for those who may.
    #[must_use]
    pub fn editable(mut self, may: bool) -> Self {
        self.editable = may;
        self
    }

    /// The same, with facts that fields depend on.
    #[must_use]
    pub fn facts(mut self, facts: &Map<String, Json>) -> Self {
        self.facts.extend(facts.clone());
        self
    }
}

/// A field with what it was and what it is.
#[derive(Clone)]
pub struct Item {
    /// HCP's name, with dots.
    pub path: String,
    /// Its row of the table.
    pub field: Field,
    /// What it is.
    pub kind: Kind,
    /// Its property; absent beside the resource.
    pub property: Option<&'static Property>,
    /// The id of its control.
    pub id: String,
    /// What it was.
    pub before: String,
    /// What it began with: what it was, or what a new one has.
    first: String,
    /// What it is.
    pub now: RwSignal<String>,
}

impl Item {
    fn changed(&self) -> bool {
        self.now.with(|now| *now != self.before)
    }

    /// What is wrong with it as it stands.
    fn fault(&self) -> Option<String> {
        let now = self.now.get();
        if now.is_empty() {
            return self
                .field
                .required
                .then(|| admin::is_required(self.field.label()));
        }
        if !self.changed() {
            return None;
        }
        let fault = edit::fault(self.property?, &now)?;
        let said = super::rules::sentence(self.field.label(), &fault);
        Some(if matches!(self.kind, Kind::Number) {
            format!("{said} {}", admin::you_entered(&now))
        } else {
            said
        })
    }
}

/// What the parts of a form share.
#[derive(Clone, Copy)]
pub struct State {
    pub form: StoredValue<Form>,
    items: StoredValue<Vec<Item>>,
    problem: RwSignal<Option<Problem>>,
    /// Whether somebody tried to send it: then all that is wrong is said.
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    confirmation: RwSignal<String>,
    settled: Option<Settled>,
}

impl State {
    fn new(form: Form) -> Self {
        let items = items(&form);
        let problem = Outcome::problem(form.op);
        Self {
            tried: RwSignal::new(problem.is_some()),
            problem: RwSignal::new(problem),
            confirmation: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            items: StoredValue::new(items),
            form: StoredValue::new(form),
            settled: use_context(),
        }
    }

    /// The field with this path.
    pub fn item(self, path: &str) -> Option<Item> {
        self.items
            .with_value(|items| items.iter().find(|item| item.path == path).cloned())
    }

    /// Whether somebody changed anything.
    fn is_touched(self) -> bool {
        let touched = |item: &Item| item.now.with(|now| *now != item.first);
        self.items.with_value(|items| items.iter().any(touched))
    }

    fn changed(self) -> Vec<Item> {
        self.items.with_value(|items| {
            items
                .iter()
                .filter(|item| item.changed())
                .cloned()
                .collect()
        })
    }

    /// Why a field cannot be changed now. What other fields say counts once scripts run: a plain form
    /// cannot follow them.
    pub fn blocked(self, item: &Item) -> Option<&'static str> {
        let needs = item.field.needs?;
        let met = if let Some(fact) = needs.path.strip_prefix('~') {
            self.form.with_value(|form| match form.facts.get(fact) {
                Some(Json::String(text)) => needs.met_by(text),
                Some(json) => needs.met_by(&json.to_string()),
                None => true,
            })
        } else if self.settled.is_some_and(|settled| settled.0.get()) {
            self.item(needs.path)
                .is_none_or(|other| needs.met_by(&other.now.get()))
        } else {
            true
        };
        (!met).then_some((needs.cause)())
    }

    /// Whether a fact, which nothing in the form changes, keeps a field from being changed.
    fn forbidden(self, item: &Item) -> bool {
        let of_fact = item
            .field
            .needs
            .is_some_and(|needs| needs.path.starts_with('~'));
        of_fact && untrack(|| self.blocked(item).is_some())
    }

    /// What is wrong with a field, in words.
    pub fn error(self, item: &Item) -> Option<String> {
        let stale = || self.tried.get();
        let own = item.fault().filter(|_| stale() || item.changed());
        // A required field that nobody touched is not wrong yet.
        own.filter(|_| stale() || !item.now.with(String::is_empty))
            .or_else(|| {
                let last = item.path.rsplit('.').next().unwrap_or_default();
                self.problem.with(|problem| {
                    let said = problem.as_ref()?.field(last)?;
                    Some(admin::server_says(item.field.label(), said))
                })
            })
    }

    fn body(self) -> Map<String, Json> {
        let items = self.items.get_value();
        let form = self.form.get_value();
        let edits: Vec<Edit> = items
            .iter()
            .filter(|item| !item.field.beside && !self.forbidden(item))
            .map(|item| Edit {
                path: item.path.clone(),
                before: item.before.clone(),
                now: item.now.get_untracked(),
            })
            .collect();
        let mut body = edit::changes(form.properties, &edits);
        for item in items.iter().filter(|item| item.field.beside) {
            let text = item.now.get_untracked();
            if text.is_empty() {
                continue;
            }
            let value = match item.field.widget {
                Widget::Checks(_) => Json::Bool(true),
                _ => Json::from(text),
            };
            body.insert(item.path.clone(), value);
        }
        if let Some(more) = form.more {
            body.extend(more.get_untracked());
        }
        body
    }
}

/// The fields of a form with their values: what was typed into a plain form that failed, else what
/// was loaded.
fn items(form: &Form) -> Vec<Item> {
    let typed = Outcome::fields(form.op).map(|fields| edit::edits(&fields, form.properties));
    let mut items: Vec<Item> = Vec::new();
    let mut add = |path: String, field: Field, before: String, begins: &str| {
        let property = edit::find(form.properties, &path).filter(|_| !field.beside);
        let kind = match field.widget {
            _ if path.starts_with(RIGHT) => Kind::List("", &Kind::Text),
            Widget::Checks(_) if field.beside => Kind::List("", &Kind::Text),
            _ => property.map_or(Kind::Text, |property| property.kind),
        };
        let again = typed
            .as_ref()
            .and_then(|edits| edits.iter().find(|edit| edit.path == path))
            .map(|edit| edit.now.clone());
        let first = if begins.is_empty() {
            before.clone()
        } else {
            begins.to_owned()
        };
        let now = again.unwrap_or_else(|| first.clone());
        // What was never set (a quota that a store does not ask for) need not be set to change the rest.
        let required = field.required
            && (form.creates || !before.is_empty() || field.widget == Widget::Password);
        let field = Field { required, ..field };
        items.push(Item {
            id: format!("field-{}-{}", form.op, path.replace(['.', ' '], "-")),
            path,
            field,
            kind,
            property,
            before,
            first,
            now: RwSignal::new(now),
        });
    };
    for field in form.sections.iter().flat_map(|section| section.fields) {
        let kind = edit::find(form.properties, field.path).map(|property| property.kind);
        let loaded = edit::get(&form.loaded, field.path);
        let unknown = form.creates && loaded.is_none() && !field.default.is_empty();
        let before = match kind {
            Some(kind) if !unknown && !field.beside => edit::to_text(&kind, loaded),
            _ => String::new(),
        };
        let begins = if unknown { field.default } else { "" };
        add(field.path.to_owned(), *field, before, begins);
    }
    for (namespace, rights) in form.rights.iter().flatten() {
        let column = field("", nothing, nothing).by(Widget::Checks(PERMISSIONS));
        add(format!("{RIGHT}{namespace}"), column, rights.clone(), "");
    }
    if let Some((list, fields)) = form.rows {
        let rows = match edit::find(form.properties, list).map(|property| property.kind) {
            Some(Kind::List(wrapper, _)) => form
                .loaded
                .get(list)
                .map(|json| edit::items(wrapper, json).to_vec())
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        // One row more than there are: it is filled to add one.
        for (index, row) in rows.iter().map(Some).chain([None]).enumerate() {
            for field in fields {
                let path = format!("{list}.{index}.{}", field.path);
                let kind = edit::find(form.properties, &path).map(|property| property.kind);
                let loaded = row.and_then(|row| row.get(field.path));
                let before = match (kind, row) {
                    (Some(kind), Some(_)) => edit::to_text(&kind, loaded),
                    _ => field.default.to_owned(),
                };
                add(path, *field, before, "");
            }
        }
    }
    items
}

/// The form, or the same as text for those who may not change it.
#[component]
pub fn ResourceForm(
    /// What it edits.
    form: Form,
    /// What stands above the button.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let editable = form.editable;
    let state = State::new(form);
    let content = state.form.with_value(|form| {
        form.sections
            .iter()
            .map(|section| section_view(state, section, editable))
            .collect_view()
    });
    if !editable {
        return view! { <div class="form-sections">{content}{extra(state, false)}</div> }
            .into_any();
    }
    let navigate = use_navigate();
    let messages = Messages::here();
    let reload = expect_context::<Reload>();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        let done = move |next: String| navigate(&next, leptos_router::NavigateOptions::default());
        send(state, messages, reload, done);
    };
    let dirty = Signal::derive(move || !state.busy.get() && state.is_touched());
    browser::guard_leaving(dirty);
    let hidden = state.form.with_value(|form| {
        let at = form.at.iter().map(|(name, value)| {
            view! { <input type="hidden" name=format!("{AT}{name}") value=value.clone() /> }
        });
        let one_way = form.sections.iter().flat_map(|section| section.fields);
        let one_way: Vec<_> = one_way
            .filter(|field| !field.one_way_means().is_empty() && !form.creates)
            .map(|field| field.path)
            .collect();
        view! {
            <input type="hidden" name="op" value=form.op />
            <crate::SessionField />
            <input type="hidden" name="next" value=form.next.clone() />
            <input type="hidden" name=ONE_WAY value=one_way.join(",") />
            {(!form.expected.is_empty())
                .then(|| view! { <input type="hidden" name=EXPECTED value=form.expected.clone() /> })}
            {at.collect_view()}
        }
    });
    let (name, action) = state
        .form
        .with_value(|form| (form.op, urls::current().get_untracked()));
    let reset = move |_: ev::Event| {
        for item in state.items.get_value() {
            item.now.set(item.before.clone());
        }
        state.confirmation.set(String::new());
        state.problem.set(None);
        state.tried.set(false);
    };
    view! {
        <form
            method="post"
            action=action
            novalidate
            class="form-sections"
            data-testid=format!("form-{name}")
            on:submit=submit
            on:reset=reset
        >
            {hidden}
            {move || summary(state)}
            {content}
            {extra(state, true)}
            {children.map(|children| children())}
            <SaveBar state />
        </form>
    }
    .into_any()
}

/// The matrix of rights or the rows of a list, where the form has them.
fn extra(state: State, editable: bool) -> AnyView {
    let (rights, rows) = state
        .form
        .with_value(|form| (form.rights.is_some(), form.rows.map(|(list, _)| list)));
    let items = state.items.get_value();
    if rights {
        let items = items
            .into_iter()
            .filter(|item| item.path.starts_with(RIGHT));
        return view! { <Matrix items=items.collect() editable /> }.into_any();
    }
    let Some(list) = rows else {
        return ().into_any();
    };
    let mut rows: BTreeMap<usize, Vec<Item>> = BTreeMap::new();
    for item in items {
        let index = item
            .path
            .strip_prefix(list)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.split('.').next())
            .and_then(|index| index.parse().ok());
        if let Some(index) = index {
            rows.entry(index).or_default().push(item);
        }
    }
    let newest = rows.len().saturating_sub(1);
    let rows = rows
        .into_iter()
        .filter(|(index, _)| editable || *index < newest);
    let rows = rows
        .map(|(index, items)| {
            let title = if index == newest && editable {
                admin::one_more().to_owned()
            } else {
                admin::recipient_number(&(index + 1).to_string())
            };
            let controls = items
                .into_iter()
                .map(|item| {
                    if editable {
                        control(state, item)
                    } else {
                        shown(state, &item)
                    }
                })
                .collect_view();
            view! {
                <fieldset class="form-row">
                    <legend>{title}</legend>
                    {controls}
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <section class="form-panel">
            <h2>{admin::recipients()}</h2>
            <p class="help">{admin::up_to_25_clear_an_address()}</p>
            {rows}
        </section>
    }
    .into_any()
}

fn section_view(state: State, section: &Section, editable: bool) -> AnyView {
    let items: Vec<Item> = section
        .fields
        .iter()
        .filter_map(|field| state.item(field.path))
        .collect();
    // What the store does not tell (for want of a right, or of the feature) is not shown as empty.
    let facts = items
        .iter()
        .filter(|item| !editable || matches!(item.field.widget, Widget::Shown | Widget::When))
        .filter(|item| state.is_known(item))
        .map(|item| shown(state, item))
        .collect::<Vec<_>>();
    let controls = items
        .iter()
        .filter(|item| editable && !matches!(item.field.widget, Widget::Shown | Widget::When))
        .map(|item| control(state, item.clone()))
        .collect::<Vec<_>>();
    if facts.is_empty() && controls.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="form-panel">
            {(!section.title().is_empty()).then(|| view! { <h2>{section.title()}</h2> })}
            {(!section.about().is_empty()).then(|| view! { <p class="help">{section.about()}</p> })}
            {controls}
            {(!facts.is_empty()).then(|| view! { <dl class="facts facts-wide">{facts}</dl> })}
        </section>
    }
    .into_any()
}

impl State {
    fn is_known(self, item: &Item) -> bool {
        self.form
            .with_value(|form| edit::get(&form.loaded, &item.path).is_some())
    }
}

/// What is wrong, as links to the fields; takes the focus when it appears.
fn summary(state: State) -> AnyView {
    let Some(problem) = state.problem.get() else {
        return ().into_any();
    };
    let fields = match &problem.detail {
        model::problem::Detail::Fields(fields) => fields.clone(),
        _ => Vec::new(),
    };
    let lines = fields
        .iter()
        .map(|fault| {
            let name = fault.field();
            let item = state.items.with_value(|items| {
                items
                    .iter()
                    .find(|item| item.path.rsplit('.').next() == Some(name))
                    .cloned()
            });
            match item {
                Some(item) => view! {
                    <li>
                        <a href=format!("#{}", item.id) rel="external">
                            {state
                                .error(&item)
                                .unwrap_or_else(|| admin::server_says(item.field.label(), &fault.msg))}
                        </a>
                    </li>
                }
                .into_any(),
                None if name == CONFIRMATION => view! {
                    <li>
                        <a href="#field-confirmation" rel="external">{fault.msg.clone()}</a>
                    </li>
                }
                .into_any(),
                None => view! { <li>{format!("{name}: {}", fault.msg)}</li> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <div
            class="alert alert-danger"
            role="alert"
            tabindex="-1"
            id="form-summary"
            data-testid="error-summary"
        >
            <Icon name="alert" />
            <div class="min-w-0">
                {if fields.is_empty() {
                    view! { <p>{problem.sentence()}</p> }.into_any()
                } else {
                    view! { <ul>{lines}</ul> }.into_any()
                }}
                {problem
                    .request_id
                    .map(|id| {
                        view! {
                            <p class="request-id">
                                {admin::request()} <code data-testid="request-id">{id}</code>
                            </p>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}

fn send(state: State, messages: Messages, reload: Reload, go: impl Fn(String) + 'static) {
    if state.busy.get_untracked() {
        return;
    }
    state.tried.set(true);
    let faulty = state.items.with_value(|items| {
        items
            .iter()
            .find(|item| untrack(|| item.fault().is_some() && state.blocked(item).is_none()))
            .map(|item| item.id.clone())
    });
    if let Some(id) = faulty {
        browser::focus(&format!("[id=\"{}\"]", id.replace(['"', '\\'], "")));
        return;
    }
    let body = state.body();
    let form = state.form.get_value();
    if body.is_empty() && !form.creates {
        return;
    }
    let (asks, _) = untrack(|| asks(state));
    if asks && untrack(|| !is_confirmed(state)) {
        browser::focus("#field-confirmation");
        return;
    }
    state.busy.set(true);
    spawn_local(async move {
        let body = (form.method != Method::DELETE).then_some(Json::Object(body));
        let answer = api::raw(form.method.clone(), form.path.clone(), body).await;
        match answer {
            Ok(_) => {
                messages.success(form.done.clone());
                if form.creates && !form.reloads {
                    let name = untrack(|| state.item("name")).map(|item| item.now.get_untracked());
                    go(form.next.replace(NAME, &encode(&name.unwrap_or_default())));
                } else {
                    reload.0.run(());
                }
            }
            Err(problem) if api::needs_sign_in(&problem) => {
                state.busy.set(false);
                browser::go(&urls::sign_in(&form.next));
            }
            Err(problem) => {
                state.busy.set(false);
                state.problem.set(Some(problem));
                request_animation_frame(|| browser::focus("#form-summary"));
            }
        }
    });
}

/// Whether something has to be confirmed, and what.
fn asks(state: State) -> (bool, Vec<Item>) {
    let form = state.form.get_value();
    let doors: Vec<Item> = state
        .changed()
        .into_iter()
        .filter(|item| !item.field.one_way_means().is_empty() && !form.creates)
        .collect();
    (!doors.is_empty() || !form.expected.is_empty(), doors)
}

fn is_confirmed(state: State) -> bool {
    let expected = state.form.with_value(|form| form.expected.clone());
    state.confirmation.with(|typed| {
        if expected.is_empty() {
            typed == "true"
        } else {
            *typed == expected
        }
    })
}

/// What changed in words, what has to be confirmed, and the two buttons.
#[component]
fn SaveBar(state: State) -> impl IntoView {
    let form = state.form.get_value();
    let expected = form.expected.clone();
    let deletes = !expected.is_empty();
    let creates = form.creates;
    let reason = Signal::derive(move || {
        if state.busy.get() {
            Some(admin::working())
        } else if !creates && state.changed().is_empty() {
            Some(admin::nothing_has_changed())
        } else if deletes && !is_confirmed(state) {
            Some(admin::type_the_name_first())
        } else if asks(state).0 && !is_confirmed(state) {
            Some(admin::confirm_what_cannot_be_undone_first())
        } else {
            None
        }
    });
    let changes = move || {
        (!creates).then(|| {
            let lines = state
                .changed()
                .iter()
                .map(|item| view! { <li>{super::field::change_in_words(item)}</li> })
                .collect_view();
            view! { <ul class="changes" data-testid="changes">{lines}</ul> }
        })
    };
    view! {
        {deletes.then(|| typed_confirmation(state, &expected))}
        {move || one_way_confirmation(state)}
        <div class="save-bar" data-testid="save-bar">
            {changes}
            <div class="save-buttons">
                {(!creates)
                    .then(|| {
                        view! {
                            <button type="reset" class="button button-plain" data-testid="reset">
                                {admin::reset()}
                            </button>
                        }
                    })}
                <Button
                    kind="submit"
                    tone=if deletes { Tone::Danger } else { Tone::Primary }
                    reason
                    attr:data-testid=if deletes { "confirm-submit" } else { "save" }
                >
                    {form.save}
                    <Show when=move || state.busy.get()>
                        <span class="sr-only">{admin::is_working()}</span>
                    </Show>
                </Button>
            </div>
        </div>
    }
}

fn typed_confirmation(state: State, expected: &str) -> AnyView {
    view! {
        <div class="field">
            <label for="field-confirmation">{admin::type_to_confirm(expected)}</label>
            <input
                id="field-confirmation"
                class="input"
                name=CONFIRMATION
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required
                pattern=crate::pages::buckets::exactly(expected)
                data-testid="confirm-input"
                prop:value=move || state.confirmation.get()
                on:input=move |event| state.confirmation.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn one_way_confirmation(state: State) -> AnyView {
    let (_, doors) = asks(state);
    if doors.is_empty() {
        return ().into_any();
    }
    let lines = doors
        .iter()
        .map(|item| view! { <li>{item.field.one_way_means()}</li> })
        .collect_view();
    view! {
        <div class="alert alert-warn" data-testid="one-way">
            <Icon name="lock" />
            <div>
                <ul>{lines}</ul>
                <label class="check-line">
                    <input
                        type="checkbox"
                        id="field-confirmation"
                        name=CONFIRMATION
                        value="true"
                        prop:checked=move || state.confirmation.with(|typed| typed == "true")
                        on:change=move |event| {
                            let ticked = event_target_checked(&event);
                            let text = if ticked { "true" } else { "" };
                            state.confirmation.set(text.to_owned());
                        }
                    />
                    {admin::do_it_this_cannot_be_undone()}
                </label>
            </div>
        </div>
    }
    .into_any()
}

/// The hidden companion of a field: what it was.
pub fn companion(item: &Item) -> impl IntoView + use<> {
    view! { <input type="hidden" name=format!("{BEFORE}{}", item.path) value=item.before.clone() /> }
}
