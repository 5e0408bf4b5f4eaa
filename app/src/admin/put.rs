//! A file that is put in: chosen, or pasted as text, looked at, and sent.
//!
//! Without scripts it is an ordinary form. What it has beside the file stands before the file, because the server reads
//! forms as they come.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::form::{FILE_TEXT, holds_a_key};

use super::deed::{Course, typed_line};
use crate::{
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, Modal, ModalHandle, SubmitBar, TextArea, Tone},
    unit, urls,
    words::{admin, system},
};

/// What is put in.
#[derive(Clone)]
#[cfg_attr(
    not(all(feature = "hydrate", not(feature = "ssr"))),
    expect(dead_code, reason = "what is sent by scripts is sent by a browser")
)]
pub struct Put {
    /// The operation's id, which is the plain form's `op`.
    pub op: &'static str,
    /// The call's path.
    pub path: String,
    /// What stands above.
    pub title: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// The label of the file.
    pub file: &'static str,
    /// The label of its text, where it may be pasted and is worth seeing.
    pub text: Option<&'static str>,
    /// What the browser offers first.
    pub accept: &'static str,
    /// Verb and object: what the button says.
    pub label: &'static str,
    /// What is said when it is there.
    pub done: &'static str,
    /// What has to be typed first.
    pub phrase: Option<&'static str>,
}

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chosen {
    name: String,
    size: u64,
    /// How it begins, where it is a text.
    text: String,
}

/// A form with what is in it.
#[derive(Clone, Copy)]
struct Desk {
    put: StoredValue<Put>,
    text: RwSignal<String>,
    chosen: RwSignal<Option<Chosen>>,
    typed: RwSignal<String>,
    course: Course,
}

impl Desk {
    fn new(put: Put, handle: Option<ModalHandle>) -> Self {
        Self {
            text: RwSignal::new(Outcome::value(put.op, FILE_TEXT)),
            chosen: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            course: Course::new(Outcome::problem(put.op), handle),
            put: StoredValue::new(put),
        }
    }

    /// Whether there is a private key in what would be sent.
    fn has_key(self) -> bool {
        let chosen =
            |chosen: &Option<Chosen>| chosen.as_ref().is_some_and(|one| holds_a_key(&one.text));
        self.text.with(|text| holds_a_key(text)) || self.chosen.with(chosen)
    }

    /// Why it cannot be sent.
    fn missing(self) -> Signal<Option<&'static str>> {
        Signal::derive(move || {
            let phrase = self.put.with_value(|put| put.phrase);
            if self.has_key() {
                Some(system::that_is_a_private_key())
            } else if phrase.is_some_and(|phrase| self.typed.with(|typed| typed != phrase)) {
                Some(admin::type_the_name_first())
            } else {
                None
            }
        })
    }
}

/// A form of the page.
#[component]
pub fn PutForm(
    /// What is put in.
    put: Put,
) -> impl IntoView {
    let here = urls::current().get_untracked();
    let (title, help, label, op) = (put.title, put.help, put.label, put.op);
    let desk = Desk::new(put, None);
    let missing = desk.missing();
    let reason = Signal::derive(move || {
        desk.course
            .busy
            .get()
            .then(admin::working)
            .or(missing.get())
    });
    let submit = submit(desk, here.split('?').next().unwrap_or_default());
    view! {
        <section class="form-panel put-panel">
            <h2>{title}</h2>
            <p class="help">{help}</p>
            <form
                method="post"
                enctype="multipart/form-data"
                action=here.clone()
                data-testid=format!("form-{op}")
                on:submit=submit
            >
                {fields(desk, here.clone())}
                <Button kind="submit" tone=Tone::Primary reason attr:data-testid="put">
                    <Icon name="upload" />
                    {label}
                </Button>
            </form>
        </section>
    }
}

/// A button, and the form in a dialog that wants some words typed.
#[component]
pub fn PutDialog(
    /// What is put in.
    put: Put,
    /// Whether the address opens the dialog.
    asked: bool,
) -> impl IntoView {
    let handle = ModalHandle::new(asked);
    let here = urls::current().get_untracked();
    let back = here.split('?').next().unwrap_or_default().to_owned();
    let ask = urls::with_query(&back, &[("ask", put.op)]);
    let (title, help, label, op) = (put.title, put.help, put.label, put.op);
    let desk = Desk::new(put, Some(handle));
    let busy = desk.course.busy;
    let (next, action) = (back.clone(), ask.clone());
    let leave = StoredValue::new(back.clone());
    view! {
        <a
            href=ask
            data-stays=""
            class="button button-plain"
            data-testid=format!("open-{op}")
            on:click=move |event: ev::MouseEvent| {
                event.prevent_default();
                desk.course.problem.set(None);
                handle.open();
            }
        >
            <Icon name="upload" />
            {label}
        </a>
        <Modal handle title=title.to_owned() back busy testid="put-dialog">
            <form
                method="post"
                enctype="multipart/form-data"
                action=action.clone()
                data-testid=format!("form-{op}")
                on:submit=submit(desk, &next)
            >
                <div class="modal-body">
                    <p>{help}</p>
                    {fields(desk, next.clone())}
                </div>
                <SubmitBar
                    handle
                    back=leave.get_value()
                    label=label.to_owned()
                    tone=Tone::Danger
                    busy
                    reason=desk.missing()
                />
            </form>
        </Modal>
    }
}

/// The fields, and what was chosen.
fn fields(desk: Desk, next: String) -> AnyView {
    let Put {
        op,
        file,
        text,
        accept,
        phrase,
        ..
    } = desk.put.get_value();
    let phrase = phrase.map(|phrase| typed_line(phrase, desk.typed));
    let text = text.map(|label| {
        view! { <TextArea name=FILE_TEXT label value=desk.text rows=6 /> }
    });
    view! {
        <input type="hidden" name="op" value=op />
        <crate::SessionField />
        <input type="hidden" name="next" value=next />
        <ErrorSummary problem=desk.course.problem />
        {phrase}
        {text}
        <div class="field">
            <label for="field-file">{file}</label>
            <input
                type="file"
                name="file"
                id="field-file"
                class="input put-file"
                accept=accept
                data-testid="put-file"
                on:change=move |event| look(desk, &event)
            />
        </div>
        {move || desk.chosen.get().filter(|_| !desk.has_key()).map(preview)}
        {move || {
            desk.has_key()
                .then(|| {
                    view! {
                        <p class="alert alert-warn" role="alert" data-testid="private-key">
                            {system::that_is_a_private_key()}
                        </p>
                    }
                })
        }}
    }
    .into_any()
}

/// What would be sent.
fn preview(chosen: Chosen) -> AnyView {
    let Chosen { name, size, text } = chosen;
    let label = name.clone();
    let text = (!text.is_empty()).then(|| {
        view! {
            <pre tabindex="0" role="group" aria-label=label>
                {text}
            </pre>
        }
    });
    view! {
        <div class="put-preview" data-testid="put-preview">
            <p>
                <bdi>{name}</bdi>
                {format!(" – {}", unit::size(size))}
            </p>
            {text}
        </div>
    }
    .into_any()
}

/// Sends what is in the form, then shows the page of an address.
fn submit(desk: Desk, next: &str) -> impl Fn(ev::SubmitEvent) + 'static {
    let navigate = use_navigate();
    let next = next.to_owned();
    move |event: ev::SubmitEvent| {
        event.prevent_default();
        if desk.missing().get_untracked().is_some() {
            return;
        }
        let navigate = navigate.clone();
        send(desk, next.clone(), move |address| {
            navigate(address, NavigateOptions::default());
        });
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
use here::{look, send};

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod here {
    use leptos::{ev, prelude::*, task::spawn_local};
    use model::{Problem, problem::FieldError};
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Blob, File, HtmlInputElement};

    use super::{Chosen, Desk};
    use crate::{api, words::system};

    /// So much of a file is shown, in bytes: a certificate as a whole.
    const SHOWN: i32 = 4_096;

    fn chosen(input: &HtmlInputElement) -> Option<File> {
        input.files()?.get(0)
    }

    /// Looks at what was chosen.
    pub(super) fn look(desk: Desk, event: &ev::Event) {
        let Some(file) = chosen(&event_target::<HtmlInputElement>(event)) else {
            desk.chosen.set(None);
            return;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes of files are whole and not below zero"
        )]
        let size = file.size() as u64;
        let one = Chosen {
            name: file.name(),
            size,
            text: String::new(),
        };
        desk.chosen.set(Some(one.clone()));
        if desk.put.with_value(|put| put.text.is_none()) {
            return;
        }
        let Ok(start) = file.slice_with_i32_and_i32(0, SHOWN) else {
            return;
        };
        spawn_local(async move {
            let read = JsFuture::from(start.text()).await;
            let Some(text) = read.ok().and_then(|text| text.as_string()) else {
                return;
            };
            // Another may have been chosen meanwhile, or the page left.
            let _gone = desk.chosen.try_update(|now| {
                if now.as_ref() == Some(&one) {
                    *now = Some(Chosen { text, ..one });
                }
            });
        });
    }

    /// Sends the file, or the text that was pasted: exactly one of the two.
    pub(super) fn send(desk: Desk, next: String, go: impl Fn(&str) + 'static) {
        let input = document().get_element_by_id("field-file");
        let input = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(chosen);
        let text = desk.text.get_untracked();
        let put = desk.put.get_value();
        let pasted = put.text.is_some() && !text.trim().is_empty();
        let wrong = |why: &str| {
            let problem = Problem::fields(vec![FieldError::body("file", why)]);
            desk.course.problem.set(Some(problem));
        };
        let blob = match (file, pasted) {
            (Some(_), true) => return wrong(system::file_or_text_not_both()),
            (None, false) if put.text.is_some() => return wrong(system::choose_or_paste()),
            (None, false) => return wrong(system::choose_a_file()),
            (Some(file), false) => Ok(Blob::from(file)),
            (None, true) => Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())),
        };
        let Ok(blob) = blob else {
            return;
        };
        let call = async move { api::put_file(&put.path, &blob).await };
        desk.course.run(call, (put.done.to_owned(), next), go);
    }
}

/// Nothing is chosen while a page is rendered.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn look(_desk: Desk, _event: &ev::Event) {}

/// Nothing is sent while a page is rendered.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn send(_desk: Desk, _next: String, _go: impl Fn(&str) + 'static) {}
