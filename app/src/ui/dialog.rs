//! Modal dialogs: the browser's own, so that focus, trap and `Esc` are the browser's too.
//!
//! The server renders a dialog open when the address asks for it; without scripts it is then an
//! ordinary form above the page, and its way out is a link.

use leptos::{ev, html, prelude::*};

use super::{Icon, Tone, button::Button, button::LinkButton};
use crate::{browser, words::general};

/// Opens and closes one dialog.
#[derive(Clone, Copy)]
pub struct ModalHandle {
    open: RwSignal<bool>,
    node: NodeRef<html::Dialog>,
}

impl ModalHandle {
    /// A dialog that is open from the start when the address asks for it.
    pub fn new(open: bool) -> Self {
        Self {
            open: RwSignal::new(open),
            node: NodeRef::new(),
        }
    }

    /// Opens it.
    pub fn open(self) {
        self.open.set(true);
    }

    /// Closes it; the focus goes back to what opened it.
    pub fn close(self) {
        browser::close(self.node);
    }

    /// Whether it is open.
    pub fn is_open(self) -> bool {
        self.open.get()
    }
}

/// A dialog. Its content exists only while it is open, so each opening begins afresh.
#[component]
pub fn Modal(
    /// Opens and closes it.
    handle: ModalHandle,
    /// Its title, and so its name.
    #[prop(into)]
    title: Signal<String>,
    /// The address of the page without the dialog: the way out where there are no scripts.
    #[prop(into)]
    back: Signal<String>,
    /// While something runs, `Esc` does not close it.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Its own test id, and what the id of its title is made of: one dialog may open above another.
    testid: &'static str,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Show when=move || handle.open.get()>
            <ModalBody handle title back busy testid>
                {children.with_value(|children| children())}
            </ModalBody>
        </Show>
    }
}

#[component]
fn ModalBody(
    handle: ModalHandle,
    title: Signal<String>,
    back: Signal<String>,
    busy: Signal<bool>,
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    Effect::new(move |_| browser::show_modal(handle.node));
    let title_id = format!("dialog-title-{testid}");
    let named_by = title_id.clone();
    let leave = move |event: ev::MouseEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            handle.close();
        }
    };
    view! {
        <dialog
            class="modal"
            open=true
            node_ref=handle.node
            aria-labelledby=named_by
            data-testid="dialog"
            on:close=move |_| handle.open.set(false)
            on:cancel=move |event: ev::Event| {
                if busy.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            <div data-testid=testid>
                <header class="modal-head">
                    <h2 id=title_id>{move || title.get()}</h2>
                    <a
                        href=move || back.get()
                        class="button button-quiet button-icon"
                        title=general::close()
                        data-stays=""
                        on:click=leave
                    >
                        <Icon name="close" />
                        <span class="sr-only">{general::close()}</span>
                    </a>
                </header>
                {children()}
            </div>
        </dialog>
    }
}

/// The last line of a dialog's form: the way out, and the button that does it.
#[component]
pub fn SubmitBar(
    /// The dialog.
    handle: ModalHandle,
    /// The way out without scripts.
    #[prop(into)]
    back: Signal<String>,
    /// Verb and object, never "OK".
    #[prop(into)]
    label: Signal<String>,
    /// The button's weight.
    #[prop(optional)]
    tone: Tone,
    /// Whether it runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be pressed.
    #[prop(optional, into)]
    reason: Signal<Option<&'static str>>,
) -> impl IntoView {
    let leave = move |event: ev::MouseEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            handle.close();
        }
    };
    let reason = Signal::derive(move || busy.get().then_some(general::working()).or(reason.get()));
    view! {
        <div class="modal-foot">
            <LinkButton href=back attr:data-stays="" press=leave>
                {general::cancel()}
            </LinkButton>
            <Button kind="submit" tone reason attr:data-testid="confirm-submit">
                {move || label.get()}
                <Show when=move || busy.get()>
                    <span class="sr-only">{general::is_working()}</span>
                </Show>
            </Button>
        </div>
    }
}
