//! The question before one version goes for good.

use leptos::{ev, prelude::*};

use super::{
    row::PlainFields,
    state::{Doomed, VersionsState},
};
use crate::{
    outcome::Outcome,
    pages::buckets::exactly,
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    words,
};

const FORM: &str = "delete_version";

#[component]
pub(super) fn DeleteDialog(state: VersionsState) -> impl IntoView {
    view! {
        <Modal
            handle=state.delete
            title=words::versions::delete_title()
            back=state.here()
            busy=state.busy
            testid="version-delete-dialog"
        >
            {state.doomed.get_untracked().map(|doomed| view! { <DeleteForm state doomed /> })}
        </Modal>
    }
}

#[component]
fn DeleteForm(state: VersionsState, doomed: Doomed) -> impl IntoView {
    let Doomed { key, version_id } = doomed;
    let typed = RwSignal::new(String::new());
    let phrase = words::versions::delete_phrase();
    let matches = Memo::new(move |_| typed.with(|typed| typed == phrase));
    let reason = Signal::derive(move || (!matches.get()).then(words::versions::type_first));
    let shown = visible_name(&key);
    let action = state.with(&[("ask", "delete"), ("key", &key), ("version", &version_id)]);
    let latest = state.rows.with_untracked(|rows| {
        let row = rows.iter().find(|row| row.key == key);
        let moment =
            row.and_then(|row| row.moments.iter().find(|one| one.version_id == version_id));
        moment.is_some_and(|moment| moment.is_latest)
    });
    let submit = {
        let (key, id) = (key.clone(), version_id.clone());
        let done = words::versions::deleted(&shown);
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            if matches.get_untracked() {
                state.delete.close();
                state.remove(key.clone(), vec![id.clone()], done.clone());
            }
        }
    };
    view! {
        <form method="post" action=action data-testid="form-delete-version" on:submit=submit>
            <PlainFields state op=FORM key version_id=version_id.clone() />
            <input type="hidden" name="expected" value=phrase />
            <div class="modal-body">
                <ErrorSummary problem=Signal::stored(Outcome::problem(FORM)) />
                <p>{words::versions::delete_means(&version_id, &shown)}</p>
                <p class="note">
                    <Icon name="alert" />
                    <span>
                        {if latest {
                            words::versions::delete_current()
                        } else {
                            words::versions::delete_old()
                        }}
                    </span>
                </p>
                <TextField
                    name="confirmation"
                    label=words::versions::type_to_confirm(phrase)
                    value=typed
                    testid="confirm-input"
                    autofocus=true
                    required=true
                    pattern=exactly(phrase)
                />
            </div>
            <SubmitBar
                handle=state.delete
                back=state.here()
                label=words::versions::delete_title()
                tone=Tone::Danger
                busy=state.busy
                reason
            />
        </form>
    }
}
