//! Opening a bucket that no list names: by its name.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, ErrorCode, Problem,
    object::{ListObjects, ListObjectsQuery},
};

use super::state::BucketsState;
use crate::{
    api, browser,
    ui::{Button, ErrorSummary, LinkButton, Modal, ModalHandle, SubmitBar, TextField, Tone},
    urls,
    words::buckets,
};

/// Asks for the first entry of a folder, which tells whether it can be opened.
pub fn look_into(bucket: &BucketName, folder: &str) -> ListObjects {
    ListObjects {
        bucket: bucket.clone(),
        query: ListObjectsQuery {
            prefix: Some(folder.to_owned()),
            max_keys: Some(1),
            ..ListObjectsQuery::default()
        },
    }
}

/// A folder's name as it is typed, with the slash that it ends in and without the one that nobody means.
pub fn folder_of(typed: &str) -> String {
    let typed = typed.trim();
    if typed.is_empty() || typed.ends_with('/') {
        typed.to_owned()
    } else {
        format!("{typed}/")
    }
}

/// Says what helps.
pub fn explain(name: &str, problem: Problem) -> Problem {
    let told = match problem.code {
        ErrorCode::AccessDenied => buckets::open_denied(name),
        ErrorCode::BucketNotFound => buckets::open_absent(name),
        ErrorCode::InvalidBucketName => buckets::open_bad().to_owned(),
        _ => return problem,
    };
    Problem {
        request_id: problem.request_id.clone(),
        ..Problem::new(problem.code, told)
    }
}

/// The dialog.
#[component]
pub fn OpenDialog(state: BucketsState, refused: Option<(String, Problem)>) -> impl IntoView {
    let refused = StoredValue::new(refused);
    view! {
        <Modal handle=state.open title=buckets::open_title() back=urls::BUCKETS testid="bucket-open-dialog">
            <OpenForm state refused=refused.get_value() dialog=Some(state.open) />
        </Modal>
    }
}

/// What is typed and what became of it.
#[derive(Clone, Copy)]
struct Opening {
    state: BucketsState,
    name: RwSignal<String>,
    folder: RwSignal<String>,
    pin: RwSignal<bool>,
    busy: RwSignal<bool>,
    left: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// What was refused, while it may be opened all the same.
    anyway: RwSignal<Option<String>>,
}

impl Opening {
    fn keep(self, name: &str) {
        self.state.keep(|kept| {
            kept.opened(name);
            if self.pin.get_untracked() && !kept.is_pinned(name) {
                kept.toggle(name);
            }
        });
    }

    fn submit(self) {
        self.left.set(true);
        let typed = self.name.get_untracked();
        let Ok(bucket) = BucketName::parse(typed.trim()) else {
            return browser::focus("#field-open");
        };
        if self.busy.get_untracked() {
            return;
        }
        let folder = folder_of(&self.folder.get_untracked());
        self.busy.set(true);
        self.anyway.set(None);
        spawn_local(async move {
            let answer = api::call(look_into(&bucket, &folder)).await;
            if self.busy.is_disposed() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(_) => {
                    self.keep(bucket.as_str());
                    self.state.go(&urls::folder(&bucket, &folder));
                }
                Err(refusal) if api::needs_sign_in(&refusal) => self.state.failed(&refusal),
                Err(refusal) => {
                    if refusal.code == ErrorCode::AccessDenied {
                        self.anyway.set(Some(bucket.to_string()));
                    }
                    self.problem.set(Some(explain(bucket.as_str(), refusal)));
                }
            }
        });
    }
}

/// The form, in the dialog or in the page of who owns nothing.
#[component]
pub fn OpenForm(
    state: BucketsState,
    refused: Option<(String, Problem)>,
    dialog: Option<ModalHandle>,
) -> impl IntoView {
    let query = urls::query().get_untracked();
    let typed = |name| RwSignal::new(query.get(name).unwrap_or_default().to_owned());
    let opening = Opening {
        state,
        name: typed("open"),
        folder: typed("folder"),
        pin: RwSignal::new(true),
        busy: RwSignal::new(false),
        left: RwSignal::new(false),
        problem: RwSignal::new(refused.map(|(name, problem)| explain(&name, problem))),
        anyway: RwSignal::new(None),
    };
    let fields = fields(opening, dialog.is_some());
    let body = match dialog {
        Some(handle) => view! {
            <div class="modal-body">{fields}</div>
            <SubmitBar
                handle
                back=urls::BUCKETS
                label=buckets::open_go()
                tone=Tone::Primary
                busy=opening.busy
            />
        }
        .into_any(),
        None => view! {
            {fields}
            <p class="actions">
                <Button kind="submit" tone=Tone::Primary attr:data-testid="bucket-open-go">
                    {buckets::open_go()}
                </Button>
            </p>
        }
        .into_any(),
    };
    view! {
        <form
            method="get"
            action=urls::BUCKETS
            data-testid="form-open-bucket"
            novalidate
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                opening.submit();
            }
        >
            {body}
        </form>
    }
}

fn fields(opening: Opening, autofocus: bool) -> AnyView {
    let fault = move || {
        let bad = opening.left.get()
            && opening
                .name
                .with(|name| BucketName::parse(name.trim()).is_err());
        bad.then(|| buckets::open_bad().to_owned())
    };
    let anyway = move || {
        opening.anyway.get().map(|name| {
            view! {
                <p>
                    <LinkButton href=urls::bucket(&name)>{buckets::open_anyway(&name)}</LinkButton>
                </p>
            }
        })
    };
    view! {
        <ErrorSummary problem=opening.problem />
        {anyway}
        <TextField
            name="open"
            label=buckets::open_name()
            value=opening.name
            error=Signal::derive(fault)
            testid="bucket-open-name"
            autofocus
            required=true
        />
        <TextField
            name="folder"
            label=buckets::open_folder()
            help=Some(buckets::open_folder_help().to_owned())
            value=opening.folder
            testid="bucket-open-folder"
        />
        <label class="check-line needs-script">
            <input
                type="checkbox"
                data-testid="bucket-open-pin"
                prop:checked=move || opening.pin.get()
                on:change=move |event| opening.pin.set(event_target_checked(&event))
            />
            {buckets::open_pin()}
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_ends_in_a_slash() {
        assert_eq!(folder_of(""), "");
        assert_eq!(folder_of(" 2025/scans "), "2025/scans/");
        assert_eq!(folder_of("2025/"), "2025/");
    }
}
