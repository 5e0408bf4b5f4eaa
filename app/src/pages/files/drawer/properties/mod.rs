//! What an object is described with: its metadata and headers, changed as a whole by a copy onto itself.

mod clash;
mod draft;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, ObjectKey, Problem,
    attributes::{AttributeWhy, METADATA_MAX},
    object::{GetDetails, ObjectDetails},
    properties::{
        HEADER_MAX, NewProperties, PropertyFault, PropertyField, PropertyWhy, SetProperties,
        stored_name,
    },
};

use self::{
    clash::ClashTable,
    draft::{Draft, Line},
};
use super::{details::value_of, live::Desk};
use crate::{
    api,
    outcome::Outcome,
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, LinkButton, TextField, Tone},
    unit,
    words::{drawer, general, plan},
};

/// The form's `op`.
pub(super) const FORM: &str = "set_properties";

/// Why something cannot be saved.
fn words(why: &PropertyWhy) -> String {
    let number = |number: usize| unit::count(number as u64);
    match why {
        PropertyWhy::Type => drawer::type_wrong().to_owned(),
        PropertyWhy::Characters => drawer::header_characters().to_owned(),
        PropertyWhy::TooLong(length) => drawer::header_long(&number(HEADER_MAX), &number(*length)),
        PropertyWhy::Metadata(AttributeWhy::Name(name)) => plan::is_no_name(&visible_name(name)),
        PropertyWhy::Metadata(AttributeWhy::Twice(name)) => plan::twice_but_for_capitals(name),
        PropertyWhy::Metadata(AttributeWhy::Value(name)) => plan::value_not_in_ascii(name),
        PropertyWhy::Metadata(AttributeWhy::TooMuchMetadata(bytes)) => {
            plan::too_much_metadata(&number(*bytes), &number(METADATA_MAX))
        }
        PropertyWhy::Metadata(other) => other.to_string(),
    }
}

/// The word for a field.
fn label(field: PropertyField) -> &'static str {
    match field {
        PropertyField::ContentType => drawer::content_type(),
        PropertyField::ContentEncoding => drawer::encoding(),
        PropertyField::ContentDisposition => drawer::disposition(),
        PropertyField::ContentLanguage => drawer::language(),
        PropertyField::CacheControl => drawer::cache_control(),
        PropertyField::Metadata => drawer::metadata(),
    }
}

#[component]
pub(super) fn PropertiesPart(desk: Desk, object: ObjectDetails, is_old: bool) -> impl IntoView {
    let editing = RwSignal::new(desk.edits() && !is_old);
    let object = StoredValue::new(object);
    let href = move || format!("{}&edit=properties", desk.address(desk.open.get()));
    let edit = move |event: ev::MouseEvent| {
        event.prevent_default();
        editing.set(true);
        request_animation_frame(|| crate::browser::focus("#field-content_type"));
    };
    // Only the newest version is changed.
    let button = move || {
        (!is_old).then(|| {
            view! {
                <LinkButton
                    href=Signal::derive(href)
                    press=edit
                    attr:data-testid="properties-edit"
                    attr:data-noscroll=""
                >
                    <Icon name="edit" />
                    {drawer::edit_properties()}
                </LinkButton>
            }
        })
    };
    view! {
        <section class="drawer-section" aria-labelledby="drawer-metadata">
            <h3 id="drawer-metadata">{drawer::metadata()}</h3>
            <Show
                when=move || editing.get()
                fallback=move || {
                    view! {
                        {object.with_value(shown)}
                        {button()}
                    }
                }
            >
                // Without scripts the form does not take its place.
                {cfg!(feature = "ssr").then(|| object.with_value(shown))}
                <PropertiesForm desk object=object.get_value() editing />
            </Show>
        </section>
    }
    .into_any()
}

fn shown(object: &ObjectDetails) -> AnyView {
    if object.metadata.is_empty() {
        return view! { <p class="muted">{drawer::no_metadata()}</p> }.into_any();
    }
    let rows = object.metadata.iter().map(|(name, value)| {
        view! {
            <tr data-testid="meta-row">
                <th scope="row">
                    <code>{visible_name(name)}</code>
                </th>
                <td>
                    <bdi>{value_of(value)}</bdi>
                </td>
            </tr>
        }
    });
    view! {
        <table class="drawer-pairs">
            <thead class="sr-only">
                <tr>
                    <th scope="col">{drawer::name()}</th>
                    <th scope="col">{drawer::value()}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// What a form is about, and how far it is.
#[derive(Clone, Copy)]
struct Form {
    desk: Desk,
    draft: Draft,
    /// What the form was loaded from.
    base: StoredValue<ObjectDetails>,
    /// What somebody else has made of it meanwhile.
    theirs: RwSignal<Option<ObjectDetails>>,
    problem: RwSignal<Option<Problem>>,
    /// Whether faults are told: from the first try on.
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    as_xml: bool,
}

impl Form {
    fn faults(self) -> Vec<PropertyFault> {
        match self.draft.properties() {
            Ok(properties) => properties.faults(self.as_xml),
            Err(why) => vec![PropertyFault {
                field: PropertyField::Metadata,
                why: why.into(),
            }],
        }
    }

    /// What is wrong with a field, once somebody tried to save.
    fn fault(self, field: PropertyField) -> Signal<Option<String>> {
        Signal::derive(move || {
            let faults = self.tried.get().then(|| self.faults())?;
            let fault = faults.into_iter().find(|fault| fault.field == field)?;
            Some(words(&fault.why))
        })
    }

    /// Whether something is typed that is saved nowhere. While it is on its way, it is not lost.
    fn is_unsaved(self) -> bool {
        let is_there = |object: &ObjectDetails| self.draft.is_of(&object.properties());
        let same = self.theirs.with(|theirs| match theirs {
            Some(theirs) => is_there(theirs),
            None => self.base.with_value(is_there),
        });
        !same && !self.busy.get()
    }

    /// By which the server tells whether this is still what is there.
    fn fingerprint(self) -> String {
        self.theirs.with(|theirs| match theirs {
            Some(theirs) => theirs.fingerprint.clone(),
            None => self.base.with_value(|base| base.fingerprint.clone()),
        })
    }

    fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.problem.set(None);
        self.tried.set(true);
        let faults = untrack(|| self.faults());
        if let Some(fault) = faults.first() {
            crate::browser::focus(&format!("#field-{}", fault.field.as_str()));
            return;
        }
        let open = self.desk.open.get_untracked();
        let typed = untrack(|| self.draft.properties());
        let (Ok(key), Ok(properties)) = (ObjectKey::parse(open.key), typed) else {
            return;
        };
        let bucket = self.desk.state().bucket.get_value();
        let again = GetDetails {
            bucket: bucket.clone(),
            key: key.clone(),
            version_id: None,
        };
        let request = SetProperties {
            bucket,
            key,
            body: NewProperties {
                fingerprint: untrack(|| self.fingerprint()),
                properties,
            },
        };
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::call(request).await;
            let changed = answer
                .as_ref()
                .is_err_and(|problem| problem.code == ErrorCode::ObjectChanged);
            let theirs = if changed {
                api::call(again).await.ok()
            } else {
                None
            };
            self.answered(answer.map(|saved| saved.not_kept), theirs);
        });
    }

    /// Then the object is looked at anew. What is not saved stays in the form.
    fn answered(self, answer: Result<Vec<String>, Problem>, theirs: Option<ObjectDetails>) {
        let state = self.desk.state();
        if self.busy.try_set(false).is_some() {
            // The form was left: what became of it is said all the same.
            if let (Err(problem), false) = (&answer, state.is_gone()) {
                state.failed(problem);
            }
            return;
        }
        match answer {
            Ok(not_kept) => {
                state.messages.success(drawer::properties_saved());
                for lost in not_kept {
                    state.messages.error(match lost.as_str() {
                        "expiry" => drawer::end_not_kept(),
                        _ => drawer::acl_not_kept(),
                    });
                }
                // Until the object is looked at anew, which replaces the form.
                self.busy.set(true);
                self.desk.refresh();
                state.refresh_when_idle();
            }
            Err(problem) if api::needs_sign_in(&problem) => state.failed(&problem),
            Err(problem) => {
                if let Some(theirs) = theirs {
                    // What was not touched here is theirs already.
                    let before = self.theirs.get_untracked();
                    let base = before.unwrap_or_else(|| self.base.get_value());
                    self.draft.follow(&base.properties(), &theirs.properties());
                    self.base.set_value(base);
                    self.theirs.set(Some(theirs));
                }
                self.problem.set(Some(problem));
            }
        }
    }
}

#[component]
fn PropertiesForm(desk: Desk, object: ObjectDetails, editing: RwSignal<bool>) -> impl IntoView {
    let state = desk.state();
    let offers = state.session.with_value(|session| session.features.objects);
    let before = Outcome::fields(FORM).filter(|_| desk.shows_outcome());
    let draft = match &before {
        Some(fields) => Draft::of_fields(fields),
        None => Draft::new(&object.properties()),
    };
    let makes_version = object.version_id.is_some();
    let form = Form {
        desk,
        draft,
        base: StoredValue::new(object),
        theirs: RwSignal::new(None),
        problem: RwSignal::new(before.and_then(|_| Outcome::problem(FORM))),
        tried: RwSignal::new(false),
        busy: RwSignal::new(false),
        as_xml: offers.metadata_as_xml,
    };
    crate::browser::guard_leaving(Signal::derive(move || form.is_unsaved()));
    let here = untrack(|| desk.address(desk.open.get()));
    let action = format!("{here}&edit=properties");
    let key = desk.open.with_untracked(|open| open.key.clone());
    let hidden = [
        ("op", FORM.to_owned()),
        ("bucket", state.bucket.with_value(ToString::to_string)),
        ("key", key),
        ("next", here.clone()),
    ];
    let hidden =
        hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    let fields = PropertyField::HEADERS.map(|field| header(form, field));
    let leave = move |event: ev::MouseEvent| {
        event.prevent_default();
        editing.set(false);
        request_animation_frame(|| crate::browser::focus("[data-testid=\"properties-edit\"]"));
    };
    view! {
        <form
            method="post"
            action=action
            class="tags-form"
            on:submit=submit
            aria-label=drawer::edit_properties()
            data-testid="form-properties"
        >
            {hidden.into_iter().collect_view()}
            <crate::SessionField />
            <input type="hidden" name="fingerprint" prop:value=move || form.fingerprint() value=untrack(|| form.fingerprint()) />
            <ErrorSummary problem=form.problem testid="error-properties" />
            {move || conflict(form)}
            {fields.into_iter().collect_view()}
            <Pairs form />
            <p class="note">
                <Icon name="info" />
                <span>
                    {drawer::copies_itself()} " "
                    {if makes_version {
                        drawer::makes_version()
                    } else {
                        drawer::makes_no_version()
                    }}
                </span>
            </p>
            <div class="actions">
                <Button tone=Tone::Primary kind="submit" attr:data-testid="properties-save">
                    {move || {
                        if form.busy.get() { general::working() } else { drawer::save_properties() }
                    }}
                </Button>
                <LinkButton href=here press=leave attr:data-noscroll="" attr:data-stays="">
                    {general::cancel()}
                </LinkButton>
            </div>
        </form>
    }
}

fn header(form: Form, field: PropertyField) -> AnyView {
    let help = (field == PropertyField::ContentType).then(|| drawer::type_help().to_owned());
    view! {
        <TextField
            name=field.as_str()
            label=label(field).to_owned()
            value=form.draft.header(field)
            error=form.fault(field)
            help=help
        />
    }
    .into_any()
}

/// What somebody else has changed: field by field, where scripts run.
fn conflict(form: Form) -> Option<AnyView> {
    let problem = form.problem.get()?;
    if problem.code != ErrorCode::ObjectChanged {
        return None;
    }
    let theirs = form.theirs.get();
    Some(match theirs {
        Some(theirs) => {
            let base = form.base.get_value();
            view! { <ClashTable draft=form.draft base theirs /> }.into_any()
        }
        None => view! { <p class="help">{drawer::save_again()}</p> }.into_any(),
    })
}

/// The metadata, line by line, and how much of it there may be.
#[component]
fn Pairs(form: Form) -> impl IntoView {
    let draft = form.draft;
    let bytes = move || draft.bytes();
    let is_full = move || bytes() > METADATA_MAX;
    let wrong = form.fault(PropertyField::Metadata);
    // Names that will not come back as they are typed.
    let changes = move || {
        let typed = draft.typed();
        let changed = typed.into_iter().filter_map(|(name, value)| {
            let (name, value) = (name.trim(), value.trim());
            if name.is_empty() {
                return None;
            }
            if form.as_xml && value.is_empty() {
                return Some(drawer::meta_dropped(&visible_name(name)));
            }
            let stored = stored_name(name, form.as_xml);
            (stored != name).then(|| drawer::meta_renamed(&visible_name(name), &stored))
        });
        changed
            .map(|words| view! { <li>{words}</li> })
            .collect_view()
    };
    let add = move |_| {
        let id = draft.add("", "");
        request_animation_frame(move || crate::browser::focus(&format!("#meta-name-{id}")));
    };
    view! {
        <fieldset class="meta-lines" id="field-metadata" tabindex="-1">
            <legend>{drawer::metadata()}</legend>
            <For each=move || draft.lines() key=|line| line.id let:line>
                <PairLine draft line />
            </For>
            {move || {
                wrong
                    .get()
                    .map(|words| {
                        view! {
                            <p class="error" role="alert" data-testid="error-metadata">
                                <Icon name="alert" />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
            <ul class="help" data-testid="meta-changes">{changes}</ul>
            <div class="meta-foot">
                <span class="needs-script">
                    <Button attr:data-testid="meta-add" press=add>
                        <Icon name="plus" />
                        {drawer::add_metadata()}
                    </Button>
                </span>
                <span class="help" class:is-over=is_full data-testid="meta-size">
                    {move || {
                        drawer::meta_size(
                            &unit::count(bytes() as u64),
                            &unit::count(METADATA_MAX as u64),
                        )
                    }}
                </span>
            </div>
            <noscript>
                <p class="help">{drawer::meta_without_script()}</p>
            </noscript>
        </fieldset>
    }
}

#[component]
fn PairLine(draft: Draft, line: Line) -> impl IntoView {
    let field =
        |what: &'static str, name: &'static str, label: &'static str, text: RwSignal<String>| {
            view! {
                <input
                    id=format!("meta-{what}-{}", line.id)
                    name=name
                    class="input"
                    aria-label=label
                    placeholder=label
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    value=text.get_untracked()
                    prop:value=move || text.get()
                    data-testid=format!("meta-{what}")
                    on:input=move |event| text.set(event_target_value(&event))
                />
            }
        };
    let remove = move |_| {
        draft.remove(line.id);
        crate::browser::focus("[data-testid=\"meta-add\"]");
    };
    view! {
        <div class="tags-line" data-testid="meta-row">
            {field("name", model::form::META_NAME, drawer::name(), line.name)}
            {field("value", model::form::META_VALUE, drawer::value(), line.value)}
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=drawer::remove_metadata()
                data-testid="meta-remove"
                on:click=remove
            >
                <Icon name="trash" />
                <span class="sr-only">{drawer::remove_metadata()}</span>
            </button>
        </div>
    }
}
