//! Names whose newest version is a delete marker, and the way to bring them back.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{acts, listing::Entry, look::Look, state::FilesState};
use crate::{
    text::visible_name,
    ui::{Icon, Moment},
    words::files,
};

/// The link that shows what is deleted, or hides it again; where the store keeps versions.
#[component]
pub(super) fn ShowDeleted(state: FilesState) -> impl IntoView {
    let keeps = state
        .session
        .with_value(|session| session.features.versioning);
    let shown = move || state.look.with(|look| look.deleted);
    keeps.then(|| {
        view! {
            <a
                href=move || {
                    let look = state.look.get();
                    let deleted = !look.deleted;
                    state.address(&Look { deleted, ..look })
                }
                class="choice"
                aria-current=move || shown().then_some("true")
                data-testid="show-deleted"
            >
                <Icon name="check" />
                {files::show_deleted()}
            </a>
        }
    })
}

/// When a name was deleted, by whom where the store tells, and what brings it back.
#[component]
pub(super) fn Deleted(state: FilesState, entry: Arc<Entry>) -> impl IntoView {
    let by = entry
        .owner
        .as_deref()
        .map(|owner| files::deleted_by(&visible_name(owner)));
    view! {
        <small class="deleted-at" data-testid="deleted-at">
            {files::deleted_at()}
            " "
            {entry.modified.map(|time| view! { <Moment time /> })}
            " "
            {by}
        </small>
        <Restore state entry />
    }
}

/// Brings a name back: the delete markers above its newest version go. Without scripts one of them does.
#[component]
fn Restore(state: FilesState, entry: Arc<Entry>) -> impl IntoView {
    let shown = state.prefix.with_value(|prefix| entry.name(prefix));
    let label = files::restore_name(&shown);
    let key = entry.key.clone();
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            busy.set(true);
            let (key, shown) = (key.clone(), shown.clone());
            acts::restore(state, acts::Gone { key, shown, busy });
        }
    };
    let hidden = [
        ("op", "delete_version".to_owned()),
        ("bucket", state.bucket.with_value(ToString::to_string)),
        ("key", entry.key.clone()),
        (
            "version_id",
            entry.marker.as_deref().unwrap_or_default().to_owned(),
        ),
        ("next", state.here()),
    ];
    let hidden =
        hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="post" action=state.here() class="row-restore" on:submit=submit>
            {hidden.into_iter().collect_view()}
            <crate::SessionField />
            <button
                type="submit"
                class="button button-quiet"
                aria-label=label
                aria-busy=move || busy.get().then_some("true")
                data-testid="row-restore"
            >
                <Icon name="undo" />
                <span class="word">{files::restore()}</span>
            </button>
        </form>
    }
}
