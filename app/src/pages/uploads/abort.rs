//! Giving one upload up.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, ErrorCode, ObjectKey, Problem,
    multipart::{Abort, AbortUpload, OpenUpload},
};

use super::state::UploadsPageState;
use crate::{
    api,
    outcome::Outcome,
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, Tone},
    urls,
    words::general,
    words::unfinished,
};

/// The form's name.
pub const FORM: &str = "abort_upload";

/// The dialog.
#[component]
pub fn AbortDialog(state: UploadsPageState) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal handle=state.abort title=unfinished::abort_upload() back=state.here() busy testid="abort-upload-dialog">
            {state.chosen.get_untracked().map(|upload| view! { <AbortForm state upload busy /> })}
        </Modal>
    }
}

#[component]
fn AbortForm(state: UploadsPageState, upload: OpenUpload, busy: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(Outcome::problem(FORM));
    let agreed = RwSignal::new(false);
    let is_here = {
        let id = upload.upload_id.clone();
        Memo::new(move |_| state.noted.has(&id) == Some(true))
    };
    let reason = Signal::derive(move || {
        (is_here.get() && !agreed.get()).then_some(unfinished::tick_the_box_above_first())
    });
    let doomed = StoredValue::new(upload.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || reason.get_untracked().is_some() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let upload = doomed.get_value();
            let answer = abort(state, &upload).await;
            if state.is_gone() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(()) => aborted(state, &upload),
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    let here = state.here();
    let action = asking(&here, &upload);
    view! {
        <form method="post" action=action data-testid="form-abort-upload" on:submit=submit>
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
            <input type="hidden" name="key" value=upload.key.clone() />
            <input type="hidden" name="upload_id" value=upload.upload_id.clone() />
            <input type="hidden" name="next" value=here.clone() />
            <div class="modal-body">
                <ErrorSummary problem />
                <p>
                    {unfinished::is_given_up(&visible_name(&upload.key))}
                </p>
                <p class="note">
                    <Icon name="info" />
                    {unfinished::whoever_began_it()}
                </p>
                <Show when=move || is_here.get()>
                    <label class="check-line">
                        <input
                            type="checkbox"
                            data-testid="mpu-own"
                            on:change=move |event| agreed.set(event_target_checked(&event))
                        />
                        {unfinished::this_browser_has_it()}
                    </label>
                </Show>
            </div>
            <SubmitBar
                handle=state.abort
                back=here
                label=unfinished::abort_upload()
                tone=Tone::Danger
                busy
                reason
            />
        </form>
    }
}

/// The address of the page with this question.
fn asking(here: &str, upload: &OpenUpload) -> String {
    let question = [
        ("ask", "abort"),
        ("key", upload.key.as_str()),
        ("upload", upload.upload_id.as_str()),
    ];
    let asked = urls::with_query("", &question);
    match here.split_once('?') {
        Some(_) => format!("{here}&{}", asked.trim_start_matches('?')),
        None => format!("{here}{asked}"),
    }
}

/// Has the store drop an upload. One that is gone already is what was wanted.
pub async fn abort(state: UploadsPageState, upload: &OpenUpload) -> Result<(), Problem> {
    let unreachable = |reason: String| Problem::new(ErrorCode::UploadNotFound, reason);
    let request = AbortUpload {
        bucket: bucket(state)?,
        key: ObjectKey::parse(upload.key.clone()).map_err(|e| unreachable(e.to_string()))?,
        body: Abort {
            upload_id: upload.upload_id.clone(),
        },
    };
    // What this page sends of it stops first, so that it is not begun anew.
    state.abandon(&upload.upload_id);
    match api::call(request).await {
        Err(problem) if problem.code != ErrorCode::UploadNotFound => Err(problem),
        _ => Ok(()),
    }
}

fn bucket(state: UploadsPageState) -> Result<BucketName, Problem> {
    let bucket = state.bucket.try_get_value();
    bucket.ok_or_else(|| Problem::new(ErrorCode::BucketNotFound, general::no_such_bucket()))
}

/// Says so, and moves the focus to what took the row's place.
fn aborted(state: UploadsPageState, upload: &OpenUpload) {
    let focus = state.beside(&upload.upload_id);
    state.abort.close();
    let name = visible_name(&upload.key);
    state.messages.success(unfinished::was_aborted(&name));
    state.refresh(Some(focus));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_has_an_address_on_every_page_of_the_list() {
        let upload = OpenUpload {
            key: "a&b".to_owned(),
            upload_id: "7".to_owned(),
            initiated: None,
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        };
        assert_eq!(
            asking("/buckets/b-1/uploads", &upload),
            "/buckets/b-1/uploads?ask=abort&key=a%26b&upload=7"
        );
        assert_eq!(
            asking("/buckets/b-1/uploads?key_marker=x", &upload),
            "/buckets/b-1/uploads?key_marker=x&ask=abort&key=a%26b&upload=7"
        );
    }
}
