//! `/buckets`: what the caller owns.

mod create;
mod delete;
pub(crate) use delete::exactly;
mod table;

use leptos::{prelude::*, task::spawn_local};
use model::{
    Problem,
    bucket::{Bucket, ListBuckets},
    session::Session,
};

use crate::{
    api,
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    ui::{Button, Failure, Icon, Messages, ModalHandle, Retry, Tone},
    urls,
};
use create::CreateDialog;
use delete::DeleteDialog;
use table::Table;

/// The page.
#[component]
pub fn BucketsPage() -> impl IntoView {
    let session = use_session();
    let buckets = Resource::new_blocking(|| (), |()| api::call(ListBuckets));
    let retry = Retry::new(move || buckets.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = match session.await {
                    Ok(session) => buckets.await.map(|list| (session, list)),
                    Err(problem) => Err(problem),
                };
                match answer {
                    Ok((session, list)) => {
                        retry.succeeded();
                        view! { <Buckets session buckets=list.buckets /> }.into_any()
                    }
                    Err(problem) => {
                        view! {
                            <div class="page">
                                <PageTitle heading="Buckets" title="Buckets" />
                                <Failure problem retry />
                            </div>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// What the page and its dialogs share.
#[derive(Clone, Copy)]
struct BucketsState {
    buckets: RwSignal<Vec<Bucket>>,
    /// The row that a dialog is about.
    doomed: RwSignal<String>,
    create: ModalHandle,
    delete: ModalHandle,
    messages: Messages,
}

impl BucketsState {
    /// Lists again, then puts the focus where the change was.
    fn reload(self, focus: String) {
        spawn_local(async move {
            match api::call(ListBuckets).await {
                Ok(list) => {
                    self.buckets.set(list.buckets);
                    request_animation_frame(move || crate::browser::focus(&focus));
                }
                Err(problem) => self.failed(&problem),
            }
        });
    }

    fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            crate::browser::go(&urls::sign_in(urls::BUCKETS));
        } else {
            self.messages.error(problem.sentence());
        }
    }
}

/// The selector of a bucket's row link.
fn row_link(name: &str) -> String {
    // Bucket names of any store have no quotes, but the list shows whatever a store says.
    format!("[data-bucket-link=\"{}\"]", name.replace(['"', '\\'], ""))
}

#[component]
fn Buckets(session: Session, buckets: Vec<Bucket>) -> impl IntoView {
    let query = urls::query().get_untracked();
    let asked = query.get("ask").unwrap_or_default().to_owned();
    let doomed = Some(Outcome::value("delete_bucket", "bucket"))
        .filter(|name| !name.is_empty())
        .or_else(|| query.get("bucket").map(str::to_owned))
        .unwrap_or_default();
    let state = BucketsState {
        buckets: RwSignal::new(buckets),
        create: ModalHandle::new(asked == "create" || Outcome::problem("create_bucket").is_some()),
        delete: ModalHandle::new(asked == "delete" && !doomed.is_empty()),
        doomed: RwSignal::new(doomed),
        messages: Messages::here(),
    };
    let rule = session.features.bucket_rule;
    view! {
        <div class="page">
            <div class="page-head">
                <PageTitle heading="Buckets" title="Buckets" />
                <div class="page-actions" data-testid="page-actions">
                    <CreateButton state />
                </div>
            </div>
            <Show
                when=move || !state.buckets.with(Vec::is_empty)
                fallback=move || view! { <Empty /> }
            >
                <Table state />
            </Show>
            <CreateDialog state rule />
            <DeleteDialog state />
        </div>
    }
}

/// A button that works as a form without scripts, and opens the dialog in place with them.
#[component]
fn CreateButton(state: BucketsState) -> impl IntoView {
    view! {
        <form
            method="get"
            action=urls::BUCKETS
            on:submit=move |event| {
                event.prevent_default();
                state.create.open();
            }
        >
            <input type="hidden" name="ask" value="create" />
            <Button kind="submit" tone=Tone::Primary attr:data-testid="bucket-create">
                <Icon name="plus" />
                "Create bucket"
            </Button>
        </form>
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="bucket" />
            <h2>"No buckets yet"</h2>
            <p>
                "A bucket holds your files and folders. Create one to begin, with the button above."
            </p>
        </section>
    }
}
