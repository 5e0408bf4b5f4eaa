//! Deleting an object though its retention keeps it: with a reason, and never in passing.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ObjectKey, Problem,
    protection::{Permit, PrivilegedDelete, PrivilegedReason, REASON_MAX},
};

use super::{super::live::Desk, note, why_not};
use crate::{
    api, browser,
    pages::buckets::exactly,
    text::visible_name,
    ui::{Button, ErrorSummary, Icon, Modal, ModalHandle, SubmitBar, TextArea, TextField, Tone},
    unit,
    words::{acts, kept},
};

#[component]
pub(super) fn Privileged(desk: Desk, permit: Permit) -> impl IntoView {
    let handle = ModalHandle::new(false);
    let busy = RwSignal::new(false);
    let key = untrack(|| desk.open.get()).key;
    let title = kept::privileged_title(&visible_name(&key));
    let back = Signal::derive(move || desk.address(desk.open.get()));
    let barred = why_not(permit);
    let open = barred.is_none().then(|| {
        view! {
            <div class="actions needs-script">
                <Button
                    tone=Tone::Danger
                    attr:data-testid="privileged-open"
                    press=move |_| handle.open()
                >
                    {kept::privileged_open()}
                </Button>
            </div>
            <Modal handle title back busy testid="privileged-dialog">
                <Question desk handle busy back />
            </Modal>
        }
    });
    view! {
        <section
            class="drawer-section"
            aria-labelledby="drawer-privileged"
            data-testid="drawer-privileged"
        >
            <h3 id="drawer-privileged">{kept::privileged()}</h3>
            <p class="help">{kept::privileged_help()}</p>
            {barred.map(note)}
            {open}
        </section>
    }
    .into_any()
}

#[component]
fn Question(
    desk: Desk,
    handle: ModalHandle,
    busy: RwSignal<bool>,
    back: Signal<String>,
) -> impl IntoView {
    let because = RwSignal::new(String::new());
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let phrase = acts::phrase_one();
    let long = Signal::derive(move || {
        let length = because.with(|text| text.chars().count());
        (length > REASON_MAX).then(|| kept::reason_long(&unit::count(length as u64)))
    });
    let reason = Signal::derive(move || {
        if because.with(|text| !PrivilegedReason::is_good(text)) {
            Some(kept::reason_first())
        } else {
            typed.with(|typed| typed != phrase).then(acts::type_first)
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_none() && !busy.get_untracked() {
            delete(desk, because.get_untracked(), handle, busy, problem);
        }
    };
    view! {
        <form data-testid="form-privileged" on:submit=submit>
            <div class="modal-body">
                <ErrorSummary problem />
                <p class="note">
                    <Icon name="alert" />
                    <span>{kept::privileged_note()}</span>
                </p>
                <TextArea
                    name="privileged-reason"
                    label=kept::reason().to_owned()
                    value=because
                    error=long
                    help=Some(kept::reason_help().to_owned())
                    autofocus=true
                />
                <TextField
                    name="confirmation"
                    label=acts::type_to_confirm(phrase)
                    value=typed
                    testid="confirm-input"
                    required=true
                    pattern=exactly(phrase)
                />
            </div>
            <SubmitBar
                handle
                back
                label=kept::privileged_delete()
                tone=Tone::Danger
                busy
                reason
            />
        </form>
    }
}

fn delete(
    desk: Desk,
    reason: String,
    handle: ModalHandle,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
) {
    let state = desk.state();
    let open = desk.open.get_untracked();
    let Ok(key) = ObjectKey::parse(open.key.clone()) else {
        return;
    };
    let request = PrivilegedDelete {
        bucket: state.bucket.get_value(),
        key,
        reason: PrivilegedReason { reason },
    };
    busy.set(true);
    problem.set(None);
    spawn_local(async move {
        let answer = api::call(request).await;
        let left = busy.try_set(false).is_some();
        match answer {
            Ok(_) => {
                state
                    .messages
                    .success(kept::privileged_done(&visible_name(&open.key)));
                if state.is_gone() {
                    return;
                }
                state.refresh_when_idle();
                if !left && desk.open.try_get_untracked() == Some(open) {
                    handle.close();
                    browser::click("[data-testid=\"drawer-close\"]");
                }
            }
            Err(failed) if left || api::needs_sign_in(&failed) => {
                if !state.is_gone() {
                    state.failed(&failed);
                }
            }
            Err(failed) => problem.set(Some(failed)),
        }
    });
}
