//! The question before a deletion for browsers without scripts: a plain form that the page holds.

use leptos::prelude::*;

use super::{
    super::state::FilesState,
    plan::{Names, Plan},
};
use crate::{
    outcome::Outcome,
    pages::buckets::exactly,
    ui::{ErrorSummary, Icon, Modal, ModalHandle, SubmitBar, TextField, Tone},
    urls,
    words::acts,
};

const FORM: &str = "delete_objects";

/// The question as it stands in the page.
pub(super) fn question(state: FilesState) -> String {
    let plan = Plan::new(state);
    let title = plan.title();
    let handle = ModalHandle::new(true);
    view! {
        <Modal handle title back=state.here() testid="plain-dialog">
            <PlainForm state handle plan=plan.clone() />
        </Modal>
    }
    .to_html()
}

#[component]
fn PlainForm(state: FilesState, handle: ModalHandle, plan: Plan) -> impl IntoView {
    // Nothing is counted here: the words say what is ticked.
    let label = plan.title();
    let phrase = plan.is_counted().then(|| label.to_lowercase());
    let action = action(state, &plan);
    view! {
        <form method="post" action=action data-testid="form-delete">
            <PlainFields state plan=plan.clone() />
            <div class="modal-body">
                <ErrorSummary problem=RwSignal::new(Outcome::problem(FORM)) />
                <Names state plan />
                <p class="note">
                    <Icon name="alert" />
                    {acts::unknown_note()}
                </p>
                {phrase
                    .map(|phrase| {
                        view! {
                            <TextField
                                name="confirmation"
                                label=acts::type_to_confirm(&phrase)
                                value=RwSignal::new(String::new())
                                testid="confirm-input"
                                autofocus=true
                                required=true
                                pattern=exactly(&phrase)
                            />
                        }
                    })}
            </div>
            <SubmitBar handle back=state.here() label tone=Tone::Danger />
        </form>
    }
}

/// The address that asks this question again.
fn action(state: FilesState, plan: &Plan) -> String {
    let prefix = state.prefix.get_value();
    let mut parameters = vec![("prefix", prefix.as_str()), ("ask", "delete")];
    let all = plan.folders.iter().chain(&plan.files);
    parameters.extend(all.map(|entry| ("sel", entry.relative(&prefix))));
    let path = state
        .bucket
        .with_value(|bucket| urls::bucket(bucket.as_str()));
    urls::with_query(&path, &parameters)
}

/// The keys, or the one folder.
#[component]
fn PlainFields(state: FilesState, plan: Plan) -> impl IntoView {
    let keys = plan.files.iter().map(|file| file.key.clone());
    let folder = plan.folders.first().map(|folder| folder.key.clone());
    let several = plan.folders.len() > 1;
    view! {
        <input type="hidden" name="op" value=FORM />
        <crate::SessionField />
        <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
        <input type="hidden" name="next" value=state.here() />
        {keys.map(|key| view! { <input type="hidden" name="key" value=key /> }).collect_view()}
        {folder.map(|key| view! { <input type="hidden" name="prefix" value=key /> })}
        {several.then(|| view! { <p class="note modal-body">{acts::first_folder_only()}</p> })}
    }
}
