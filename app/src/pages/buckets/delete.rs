//! Deleting an empty bucket.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{BucketName, ErrorCode, Problem, bucket::DeleteBucket};

use super::{BucketsState, row_link};
use crate::{
    api,
    outcome::Outcome,
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    urls,
};

const FORM: &str = "delete_bucket";

/// The dialog: irreversible, so the name is typed.
#[component]
pub fn DeleteDialog(state: BucketsState) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal handle=state.delete title="Delete bucket" back=urls::BUCKETS busy>
            <DeleteForm state busy />
        </Modal>
    }
}

#[component]
fn DeleteForm(state: BucketsState, busy: RwSignal<bool>) -> impl IntoView {
    let name = state.doomed.get_untracked();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(Outcome::problem(FORM).map(explain));
    let matches = {
        let name = name.clone();
        Memo::new(move |_| typed.with(|typed| *typed == name))
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !matches.get_untracked() {
            return;
        }
        let Ok(bucket) = BucketName::parse(state.doomed.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let request = DeleteBucket {
                bucket: bucket.clone(),
            };
            let answer = api::call(request).await;
            busy.set(false);
            match answer {
                Ok(_) => deleted(state, bucket.as_str()),
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) => problem.set(Some(explain(refusal))),
            }
        });
    };
    let action = urls::with_query(urls::BUCKETS, &[("ask", "delete"), ("bucket", &name)]);
    view! {
        <form method="post" action=action data-testid="form-delete-bucket" on:submit=submit>
            <input type="hidden" name="op" value=FORM />
            <input type="hidden" name="next" value=urls::BUCKETS />
            <input type="hidden" name="bucket" value=name.clone() />
            <div class="modal-body">
                <ErrorSummary problem />
                <p>
                    "The bucket " <strong class="mono">
                        <bdi>{visible_name(&name)}</bdi>
                    </strong> " goes for good. Only an empty bucket can be deleted."
                </p>
                <p class="note">
                    <Icon name="info" />
                    "The name is free for others afterwards."
                </p>
                <TextField
                    name="confirmation"
                    label=format!("Type {name} to confirm")
                    value=typed
                    testid="confirm-input"
                    autofocus=true
                    required=true
                    pattern=exactly(&name)
                />
            </div>
            <SubmitBar
                handle=state.delete
                back=urls::BUCKETS
                label="Delete bucket"
                tone=Tone::Danger
                busy
                reason=Signal::derive(move || {
                    // Before the first keystroke that a script sees, the browser's own check decides.
                    (!matches.get()).then_some("Type the name first")
                })
            />
        </form>
    }
}

/// A pattern that only this text matches, for the browser's own check.
pub(crate) fn exactly(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\^$.*+?()[]{}|/".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Says what helps, where the store only says what is wrong.
fn explain(problem: Problem) -> Problem {
    if problem.code == ErrorCode::BucketNotEmpty {
        Problem {
            request_id: problem.request_id.clone(),
            ..Problem::new(
                problem.code,
                "The bucket is not empty. Delete its files and folders first; nothing was deleted.",
            )
        }
    } else {
        problem
    }
}

/// Says so, and moves the focus to the next row, else the one before, else the heading.
fn deleted(state: BucketsState, name: &str) {
    let focus = state.buckets.with_untracked(|buckets| {
        let at = buckets.iter().position(|bucket| bucket.name == name);
        at.and_then(|at| {
            buckets
                .get(at + 1)
                .or_else(|| buckets.get(at.checked_sub(1)?))
        })
        .map_or_else(|| "h1".to_owned(), |bucket| row_link(&bucket.name))
    });
    state.delete.close();
    state
        .messages
        .success(format!("Bucket {name} was deleted."));
    state.reload(focus);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_text_alone() {
        assert_eq!(exactly("raw-scans"), "raw-scans");
        assert_eq!(exactly("a.b"), "a\\.b");
        assert_eq!(exactly("(1+1)"), "\\(1\\+1\\)");
    }

    #[test]
    fn a_full_bucket_says_what_to_do() {
        let told = explain(Problem::new(ErrorCode::BucketNotEmpty, "not empty"));
        assert!(told.sentence().contains("Delete its files"));
        let other = Problem::new(ErrorCode::AccessDenied, "no");
        assert_eq!(explain(other.clone()), other);
    }
}
