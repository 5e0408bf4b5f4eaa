//! Putting an upload together out of what is stored, by somebody who knows how large it has to be.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, ObjectKey, Problem,
    multipart::{CompleteUpload, CompletedPart, Completion, OpenUpload},
};

use super::{
    listing::{Parts, parts_of, typed_bytes},
    state::UploadsPageState,
};
use crate::{
    api,
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    unit,
    words::unfinished,
};

/// The dialog.
#[component]
pub fn CompleteDialog(state: UploadsPageState) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal handle=state.complete title=unfinished::complete_upload() back=state.here() busy testid="complete-upload-dialog">
            {state
                .chosen
                .get_untracked()
                .map(|upload| view! { <CompleteForm state upload busy /> })}
        </Modal>
    }
}

#[component]
fn CompleteForm(
    state: UploadsPageState,
    upload: OpenUpload,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let refused = RwSignal::new(None::<String>);
    let target = StoredValue::new(upload.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        problem.set(None);
        let Some(stated) = typed.with_untracked(|typed| typed_bytes(typed)) else {
            refused.set(Some(unfinished::bytes_are_whole().to_owned()));
            crate::browser::focus("#field-bytes");
            return;
        };
        refused.set(None);
        busy.set(true);
        spawn_local(async move {
            let upload = target.get_value();
            let answer = complete(state, &upload, stated).await;
            if state.is_gone() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(()) => completed(state, &upload),
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) if refusal.code == ErrorCode::InvalidPart => {
                    refused.set(Some(refusal.sentence()));
                    crate::browser::focus("#field-bytes");
                }
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    view! {
        <form on:submit=submit data-testid="form-complete-upload">
            <div class="modal-body">
                <ErrorSummary problem />
                <p>
                    {unfinished::becomes_an_object(&visible_name(&upload.key))}
                </p>
                <TextField
                    name="bytes"
                    label=unfinished::exact_size_of_the_file()
                    value=typed
                    error=refused
                    autofocus=true
                    required=true
                />
                <p class="note">
                    <Icon name="info" />
                    {unfinished::another_sum()}
                </p>
            </div>
            <SubmitBar
                handle=state.complete
                back=state.here()
                label=unfinished::complete_upload()
                tone=Tone::Primary
                busy
            />
        </form>
    }
}

/// Why what is stored is not completed for somebody who states this size.
fn refusal(parts: &Parts, stated: u64) -> Option<String> {
    if !parts.is_whole() {
        return Some(unfinished::parts_missing_nothing_completed().to_owned());
    }
    let bytes = parts.bytes();
    (bytes != stated).then(|| {
        unfinished::other_size(
            parts.list.len() as u64,
            &unit::exact_bytes(bytes),
            &unit::exact_bytes(stated),
        )
    })
}

/// The parts as they are to be put together.
fn completion(upload: &OpenUpload, parts: Parts, if_none_match: bool) -> Completion {
    let parts = parts.list.into_iter().filter_map(|part| {
        Some(CompletedPart {
            part_number: part.part_number,
            etag: part.etag?,
            checksum_crc32c: part.checksum_crc32c,
        })
    });
    Completion {
        upload_id: upload.upload_id.clone(),
        parts: parts.collect(),
        if_none_match,
        retention: None,
        legal_hold: false,
    }
}

/// Looks once more at what is stored, and completes it if the size is right.
async fn complete(
    state: UploadsPageState,
    upload: &OpenUpload,
    stated: u64,
) -> Result<(), Problem> {
    let bucket = state.bucket.get_value();
    // What exists under the key is not replaced in passing, where the store can keep that.
    let conditional = state
        .session
        .with_value(|session| session.upload.conditional_writes);
    let parts = parts_of(&bucket, upload).await?;
    if let Some(reason) = refusal(&parts, stated) {
        return Err(Problem::new(ErrorCode::InvalidPart, reason));
    }
    let key = ObjectKey::parse(upload.key.clone())
        .map_err(|e| Problem::new(ErrorCode::UploadNotFound, e.to_string()))?;
    let body = completion(upload, parts, conditional);
    api::call(CompleteUpload { bucket, key, body }).await?;
    Ok(())
}

/// Says so, and moves the focus to what took the row's place.
fn completed(state: UploadsPageState, upload: &OpenUpload) {
    let focus = state.beside(&upload.upload_id);
    state.complete.close();
    let name = visible_name(&upload.key);
    state.messages.success(unfinished::was_completed(&name));
    state.refresh(Some(focus));
}

#[cfg(test)]
mod tests {
    use model::{PartNumber, multipart::Part};

    use super::*;

    fn parts(numbers: &[u32]) -> Parts {
        let part = |number: &u32| Part {
            part_number: PartNumber::new(*number).unwrap(),
            etag: Some(format!("\"{number}\"")),
            size: Some(1_000),
            last_modified: None,
            checksum_crc32c: Some("AAAAAA==".to_owned()),
        };
        Parts {
            list: numbers.iter().map(part).collect(),
            checksum: None,
            abort_date: None,
        }
    }

    #[test]
    fn only_the_stated_size_is_completed() {
        assert_eq!(refusal(&parts(&[1, 2]), 2_000), None);
        let words = refusal(&parts(&[1, 2]), 3_000).unwrap();
        assert!(
            words.contains("2,000 bytes") && words.contains("3,000 bytes"),
            "{words}"
        );
        assert!(refusal(&parts(&[1, 3]), 2_000).unwrap().contains("missing"));
        assert!(refusal(&parts(&[]), 0).is_some());
    }

    #[test]
    fn parts_are_completed_with_their_checksums() {
        let upload = OpenUpload {
            key: "k".to_owned(),
            upload_id: "7".to_owned(),
            initiated: None,
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        };
        let body = completion(&upload, parts(&[1, 2]), true);
        let numbers: Vec<u32> = body
            .parts
            .iter()
            .map(|part| part.part_number.get())
            .collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(body.parts[1].etag, "\"2\"");
        assert_eq!(body.parts[1].checksum_crc32c.as_deref(), Some("AAAAAA=="));
        assert!(body.if_none_match);
    }
}
