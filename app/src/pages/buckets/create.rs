//! Creating a bucket.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, Problem,
    bucket::{CreateBucket, NewBucket},
    id::BucketRule,
};

use super::state::{BucketsState, row_link};
use crate::{
    api,
    outcome::Outcome,
    text::bucket_name_fault,
    ui::{ErrorSummary, Modal, SubmitBar, TextField, Tone},
    urls,
    words::buckets,
};

const FORM: &str = "create_bucket";

/// The dialog: the name's rules while typing, the rest by the store.
#[component]
pub fn CreateDialog(state: BucketsState, rule: BucketRule) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal
            handle=state.create
            title=buckets::create()
            back=urls::BUCKETS
            busy
            testid="bucket-create-dialog"
        >
            <CreateForm state rule busy />
        </Modal>
    }
}

fn help(rule: BucketRule) -> &'static str {
    match rule {
        BucketRule::Hcp => buckets::help_hcp(),
        BucketRule::S3 => buckets::help_s3(),
    }
}

#[component]
fn CreateForm(state: BucketsState, rule: BucketRule, busy: RwSignal<bool>) -> impl IntoView {
    let name = RwSignal::new(Outcome::value(FORM, "bucket"));
    let problem = RwSignal::new(Outcome::problem(FORM));
    let left = RwSignal::new(problem.with_untracked(Option::is_some));
    // What the store refused holds for the name that it refused, not for what is typed next.
    let refused = RwSignal::new(name.get_untracked());
    let store_says = move || {
        problem
            .get()
            .filter(|problem| is_about_the_name(problem) && name.get() == refused.get())
            .map(|problem| {
                let field = problem.field("bucket").map(str::to_owned);
                field.unwrap_or_else(|| problem.sentence())
            })
    };
    let elsewhere =
        Signal::derive(move || problem.get().filter(|problem| !is_about_the_name(problem)));
    let fault = move || {
        left.get()
            .then(|| name.with(|name| rule.check(name)).err())
            .flatten()
            .map(|fault| bucket_name_fault(fault).to_owned())
            .or_else(store_says)
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        left.set(true);
        if busy.get_untracked() {
            return;
        }
        let Ok(bucket) = name.with_untracked(|name| rule.check(name)) else {
            crate::browser::focus("#field-bucket");
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let request = NewBucket {
                bucket: bucket.to_string(),
            };
            let answer = api::call(CreateBucket(request)).await;
            busy.set(false);
            match answer {
                Ok(_) => created(state, bucket.as_str()),
                Err(refusal) => refuse(refusal, bucket.to_string(), problem, refused),
            }
        });
    };
    view! {
        <form
            method="post"
            action=urls::with_query(urls::BUCKETS, &[("ask", "create")])
            novalidate
            data-testid="form-bucket"
            on:submit=submit
        >
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="next" value=urls::BUCKETS />
            <div class="modal-body">
                <ErrorSummary problem=elsewhere takes_focus=false />
                <TextField
                    name="bucket"
                    label=buckets::name()
                    value=name
                    error=Signal::derive(fault)
                    help=Some(help(rule).to_owned())
                    testid="bucket-name"
                    autofocus=true
                    required=true
                    on_leave=Callback::new(move |()| {
                        if !name.with_untracked(String::is_empty) {
                            left.set(true);
                        }
                    })
                />
            </div>
            <SubmitBar
                handle=state.create
                back=urls::BUCKETS
                label=buckets::create()
                tone=Tone::Primary
                busy
            />
        </form>
    }
}

/// Whether the refusal belongs to the field, and not to the form as a whole.
fn is_about_the_name(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ErrorCode::BucketExists | ErrorCode::InvalidBucketName | ErrorCode::Validation
    )
}

fn created(state: BucketsState, name: &str) {
    state.create.close();
    state.messages.success(buckets::created(name));
    state.reload(row_link(name));
}

fn refuse(
    refusal: Problem,
    name: String,
    problem: RwSignal<Option<Problem>>,
    refused: RwSignal<String>,
) {
    if api::needs_sign_in(&refusal) {
        crate::browser::go(&urls::sign_in(urls::BUCKETS));
        return;
    }
    refused.set(name);
    problem.set(Some(refusal));
    crate::browser::focus("#field-bucket");
}
