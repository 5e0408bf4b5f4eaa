//! The annotations of an object: shown as they are stored, and saved one at a time.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    AnnotationName, ObjectKey, Problem,
    annotation::{Kind, Listed, Saved, address},
    multipart::Status,
};

use super::live::Desk;
use crate::{
    api,
    text::visible_name,
    ui::{Button, Icon, Modal, ModalHandle, SubmitBar, TextArea, TextField, Tone},
    unit,
    words::{drawer, general},
};

/// What is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edited {
    /// `None`: one that is to be made.
    name: Option<String>,
    text: String,
    /// By which it is told whether somebody else has saved meanwhile.
    etag: Option<String>,
}

/// Where an annotation is read.
fn link(desk: Desk, name: &str) -> Option<String> {
    let open = desk.open.get_untracked();
    let name = AnnotationName::parse(name).ok()?;
    let key = ObjectKey::parse(open.key).ok()?;
    let version = Some(open.version.as_str()).filter(|version| !version.is_empty());
    Some(address(
        &desk.state().bucket.get_value(),
        &key,
        version,
        &name,
    ))
}

/// What it is, in a word.
fn kind_of(one: &Listed) -> &'static str {
    let is = |kind: Kind| one.content_type.as_deref() == Some(kind.media_type());
    if is(Kind::Xml) {
        drawer::annotation_xml()
    } else if is(Kind::Json) {
        drawer::annotation_json()
    } else if is(Kind::Binary) {
        drawer::annotation_bytes()
    } else {
        drawer::annotation_text()
    }
}

#[component]
pub(super) fn AnnotationsPart(
    desk: Desk,
    found: Result<Vec<Listed>, Problem>,
    is_old: bool,
) -> impl IntoView {
    let editing = RwSignal::new(None::<Edited>);
    let (all, refused) = match found {
        Ok(all) => (all, None),
        Err(problem) => (Vec::new(), Some(problem.sentence())),
    };
    let known = refused.is_none();
    // HCP changes them of the newest version alone.
    let may_edit = known && !is_old;
    let all = StoredValue::new(all);
    let doomed = RwSignal::new(None::<Edited>);
    let removal = ModalHandle::new(false);
    let acts = Acts {
        editing,
        doomed,
        removal,
    };
    let add = move |_| {
        editing.set(Some(Edited {
            name: None,
            text: String::new(),
            etag: None,
        }));
    };
    let list = move || {
        let all = all.get_value();
        if all.is_empty() {
            return view! { <p class="muted">{drawer::no_annotations()}</p> }.into_any();
        }
        let rows = all.into_iter().map(|one| line(desk, one, may_edit, acts));
        view! { <div class="annotations">{rows.collect_view()}</div> }.into_any()
    };
    let taken = move || all.with_value(|all| all.iter().map(|one| one.name.clone()).collect());
    view! {
        <section
            class="drawer-section"
            aria-labelledby="drawer-annotations"
            data-testid="drawer-annotations"
        >
            <h3 id="drawer-annotations">{drawer::annotations()}</h3>
            {refused
                .map(|words| {
                    view! {
                        <p class="note">
                            <Icon name="alert" />
                            <span>{words}</span>
                        </p>
                    }
                })}
            {move || match editing.get() {
                Some(edited) => {
                    view! { <AnnotationForm desk edited taken=taken() editing /> }.into_any()
                }
                None => {
                    view! {
                        {known.then(list)}
                        {may_edit
                            .then(|| {
                                view! {
                                    <span class="needs-script">
                                        <Button attr:data-testid="annotation-add" press=add>
                                            <Icon name="plus" />
                                            {drawer::add_annotation()}
                                        </Button>
                                    </span>
                                }
                            })}
                    }
                    .into_any()
                }
            }}
            <Modal
                handle=removal
                title=drawer::remove_annotation()
                back=Signal::derive(move || desk.address(desk.open.get()))
                testid="annotation-remove-dialog"
            >
                {doomed.get_untracked().map(|doomed| view! { <Removal desk doomed removal /> })}
            </Modal>
        </section>
    }
    .into_any()
}

/// The question before an annotation goes.
#[component]
fn Removal(desk: Desk, doomed: Edited, removal: ModalHandle) -> impl IntoView {
    let name = doomed.name.clone().unwrap_or_default();
    let means = drawer::remove_annotation_means(&visible_name(&name));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        removal.close();
        remove(desk, doomed.clone());
    };
    view! {
        <form on:submit=submit data-testid="form-remove-annotation">
            <div class="modal-body">
                <p>{means}</p>
            </div>
            <SubmitBar
                handle=removal
                back=Signal::derive(move || desk.address(desk.open.get()))
                label=drawer::remove_annotation()
                tone=Tone::Danger
            />
        </form>
    }
}

/// Removes it, if it is what was seen; then the object is looked at anew.
fn remove(desk: Desk, doomed: Edited) {
    let state = desk.state();
    let name = doomed.name.unwrap_or_default();
    let Some(path) = link(desk, &name) else {
        return;
    };
    let condition = doomed.etag.map(|etag| ("if-match", etag));
    spawn_local(async move {
        let answer = api::delete::<Status>(path, condition.into_iter().collect()).await;
        if state.is_gone() {
            return;
        }
        match answer {
            Ok(_) => state
                .messages
                .success(drawer::annotation_removed(&visible_name(&name))),
            Err(problem) => state.failed(&problem),
        }
        desk.refresh();
        request_animation_frame(|| crate::browser::focus("[data-testid=\"annotation-add\"]"));
    });
}

/// What can be done with those of the list.
#[derive(Clone, Copy)]
struct Acts {
    editing: RwSignal<Option<Edited>>,
    doomed: RwSignal<Option<Edited>>,
    removal: ModalHandle,
}

/// The text, or why it is not shown.
fn content_of(one: &Listed, name: &str) -> AnyView {
    match &one.text {
        Some(text) if text.is_empty() => {
            view! { <p class="muted">{drawer::annotation_empty()}</p> }.into_any()
        }
        Some(text) => {
            let label = name.to_owned();
            view! {
                <pre tabindex="0" role="group" aria-label=label data-testid="annotation-text">
                    {text.clone()}
                </pre>
            }
            .into_any()
        }
        None if one.content_type.is_some() => {
            view! { <p class="muted">{drawer::annotation_bytes()}</p> }.into_any()
        }
        None => view! { <p class="muted">{drawer::annotation_long()}</p> }.into_any(),
    }
}

/// What opens it as it is.
fn opener(desk: Desk, name: &str, shown: &str) -> Option<AnyView> {
    let address = link(desk, name)?;
    let title = drawer::open_annotation(shown);
    let words = title.clone();
    let view = view! {
        <a
            class="button button-quiet button-icon"
            href=address
            target="_blank"
            rel="external noopener"
            title=title
            data-testid="annotation-open"
        >
            <Icon name="file" />
            <span class="sr-only">{words}</span>
        </a>
    };
    Some(view.into_any())
}

fn line(desk: Desk, one: Listed, may_edit: bool, acts: Acts) -> AnyView {
    let Acts {
        editing,
        doomed,
        removal,
    } = acts;
    let name = visible_name(&one.name);
    let size = match one.content_type {
        Some(_) => drawer::annotation_size(kind_of(&one), &unit::size(one.size)),
        None => unit::size(one.size),
    };
    let content = content_of(&one, &name);
    let open = opener(desk, &one.name, &name);
    let edited = Edited {
        name: Some(one.name.clone()),
        text: one.text.clone().unwrap_or_default(),
        etag: one.etag.clone(),
    };
    let remove = may_edit.then(|| {
        let title = drawer::remove_annotation_title(&name);
        let words = title.clone();
        let edited = edited.clone();
        view! {
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=title
                data-testid="annotation-remove"
                on:click=move |_| {
                    doomed.set(Some(edited.clone()));
                    removal.open();
                }
            >
                <Icon name="trash" />
                <span class="sr-only">{words}</span>
            </button>
        }
    });
    let edit = (may_edit && one.text.is_some() && one.etag.is_some()).then(|| {
        let title = drawer::edit_annotation(&name);
        let words = title.clone();
        view! {
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=title
                data-testid="annotation-edit"
                on:click=move |_| editing.set(Some(edited.clone()))
            >
                <Icon name="edit" />
                <span class="sr-only">{words}</span>
            </button>
        }
    });
    view! {
        <div class="annotation" data-testid="annotation-row" data-name=one.name>
            <details>
                <summary>
                    <code>{name}</code>
                    <small>{size}</small>
                </summary>
                {content}
            </details>
            <span class="annotation-acts">{open} {edit} {remove}</span>
        </div>
    }
    .into_any()
}

#[component]
fn AnnotationForm(
    desk: Desk,
    edited: Edited,
    taken: Vec<String>,
    editing: RwSignal<Option<Edited>>,
) -> impl IntoView {
    let is_new = edited.name.is_none();
    let name = RwSignal::new(edited.name.clone().unwrap_or_default());
    let text = RwSignal::new(edited.text.clone());
    let name_wrong = RwSignal::new(None::<String>);
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let shown = visible_name(&name.get_untracked());
    let first = if is_new {
        "#field-annotation-name"
    } else {
        "#field-annotation-content"
    };
    request_animation_frame(move || crate::browser::focus(first));
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = name.get_untracked();
        let Ok(parsed) = AnnotationName::parse(typed.as_str()) else {
            let words = drawer::annotation_name_wrong(&visible_name(&typed));
            name_wrong.set(Some(words));
            return;
        };
        if is_new && taken.contains(&typed) {
            name_wrong.set(Some(drawer::annotation_taken(&typed)));
            return;
        }
        name_wrong.set(None);
        let condition = match &edited.etag {
            Some(etag) => ("if-match", etag.clone()),
            None => ("if-none-match", "*".to_owned()),
        };
        put(
            desk,
            &parsed,
            text.get_untracked(),
            condition,
            (wrong, busy),
        );
    };
    let heading = if is_new {
        drawer::add_annotation().to_owned()
    } else {
        drawer::edit_annotation(&shown)
    };
    view! {
        <form class="tags-form" on:submit=save aria-label=heading data-testid="form-annotation">
            {is_new
                .then(|| {
                    view! {
                        <TextField
                            name="annotation-name"
                            label=drawer::annotation_name().to_owned()
                            value=name
                            error=name_wrong
                            help=Some(drawer::annotation_name_help().to_owned())
                        />
                    }
                })} {(!is_new).then(|| view! { <p><code>{shown.clone()}</code></p> })}
            <TextArea
                name="annotation-content"
                label=drawer::annotation_content().to_owned()
                value=text
                error=wrong
                help=Some(drawer::annotation_help().to_owned())
                rows=10
            />
            <div class="actions">
                <Button tone=Tone::Primary kind="submit" attr:data-testid="annotation-save">
                    {move || {
                        if busy.get() { general::working() } else { drawer::save_annotation() }
                    }}
                </Button>
                <Button press=move |_| editing.set(None)>{general::cancel()}</Button>
            </div>
        </form>
    }
}

/// Saves it; then the object is looked at anew. What is not saved stays in the form.
fn put(
    desk: Desk,
    name: &AnnotationName,
    text: String,
    condition: (&'static str, String),
    (wrong, busy): (RwSignal<Option<String>>, RwSignal<bool>),
) {
    let state = desk.state();
    let Some(path) = link(desk, name.as_str()) else {
        return;
    };
    // What is neither is refused as the JSON that it is not.
    let kind = match Kind::of(text.as_bytes()) {
        Kind::Xml => Kind::Xml,
        _ => Kind::Json,
    };
    let headers = vec![("content-type", kind.media_type().to_owned()), condition];
    let name = name.to_string();
    busy.set(true);
    spawn_local(async move {
        let answer = api::put::<Saved>(path, headers, text).await;
        if busy.try_set(false).is_some() {
            // The form was left: what became of it is said all the same.
            if let (Err(problem), false) = (&answer, state.is_gone()) {
                state.failed(problem);
            }
            return;
        }
        match answer {
            Ok(_) => {
                state.messages.success(drawer::annotation_saved(&name));
                desk.refresh();
            }
            Err(problem) if api::needs_sign_in(&problem) => state.failed(&problem),
            Err(problem) => wrong.set(Some(problem.sentence())),
        }
    });
}
