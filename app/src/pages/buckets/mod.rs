//! `/buckets`: what the caller can reach.

mod create;
mod delete;
mod look;
mod menu;
mod open;
mod pins;
mod state;
mod table;

pub(crate) use delete::exactly;

use leptos::prelude::*;
use model::{
    BucketName, ErrorCode, Problem,
    reachable::{ListReachable, Others, ReachableBuckets},
    session::Session,
};

use crate::{
    api,
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    ui::{Button, Failure, Icon, ModalHandle, Retry, Tone},
    urls,
    words::buckets,
};
use create::CreateDialog;
use delete::DeleteDialog;
use open::{OpenDialog, OpenForm};
use state::BucketsState;
use table::Table;

/// The page.
#[component]
pub fn BucketsPage() -> impl IntoView {
    let session = use_session();
    let buckets = Resource::new_blocking(|| (), |()| api::call(ListReachable));
    let opened = Resource::new_blocking(|| (), |()| opened(urls::query().get_untracked()));
    let retry = Retry::new(move || buckets.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = match session.await {
                    Ok(session) => buckets.await.map(|list| (session, list)),
                    Err(problem) => Err(problem),
                };
                let opened = opened.await;
                match answer {
                    Ok((session, list)) => {
                        retry.succeeded();
                        view! { <Buckets session list opened /> }.into_any()
                    }
                    Err(problem) => {
                        view! {
                            <div class="page">
                                <PageTitle heading=buckets::title() title=buckets::title() />
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

/// What became of a plain form that names a bucket to open: where to go, or why not.
type Opened = Option<Result<String, (String, Problem)>>;

async fn opened(query: urls::Query) -> Opened {
    let name = query.get("open")?.trim().to_owned();
    let Ok(bucket) = BucketName::parse(name.as_str()) else {
        let problem = Problem::new(ErrorCode::InvalidBucketName, buckets::open_bad());
        return Some(Err((name, problem)));
    };
    let folder = open::folder_of(query.get("folder").unwrap_or_default());
    let answer = api::call(open::look_into(&bucket, &folder)).await;
    Some(match answer {
        Ok(_) => Ok(urls::folder(&bucket, &folder)),
        Err(problem) => Err((name, problem)),
    })
}

#[component]
fn Buckets(session: Session, list: ReachableBuckets, opened: Opened) -> impl IntoView {
    let query = urls::query().get_untracked();
    let asked = query.get("ask").unwrap_or_default().to_owned();
    let doomed = Some(Outcome::value("delete_bucket", "bucket"))
        .filter(|name| !name.is_empty())
        .or_else(|| query.get("bucket").map(str::to_owned))
        .unwrap_or_default();
    let refused = match opened {
        Some(Ok(address)) => {
            crate::ui::redirect(&address);
            None
        }
        Some(Err(refused)) => Some(refused),
        None => None,
    };
    let rule = session.features.bucket_rule;
    let empty = list.buckets.is_empty();
    let dialogs = [
        ModalHandle::new(asked == "create" || Outcome::problem("create_bucket").is_some()),
        ModalHandle::new(asked == "delete" && !doomed.is_empty()),
        ModalHandle::new(asked == "open" || (refused.is_some() && !empty)),
    ];
    let doomed = if doomed.is_empty() {
        Vec::new()
    } else {
        vec![doomed]
    };
    let state = BucketsState::new(session, list, dialogs, doomed);
    Effect::new(move |_| state.live());
    let may_create = state.may_create();
    let nothing = move || state.all.with(Vec::is_empty);
    let scope = move || match state.others.get() {
        Others::Listed => None,
        Others::Unanswered => Some(buckets::scope_unanswered()),
        Others::Hidden | Others::Absent => Some(buckets::scope_owned()),
    };
    let dialog_refused = refused.clone();
    let refused = StoredValue::new(refused);
    view! {
        <div class="page">
            <div class="page-head">
                <PageTitle heading=buckets::title() title=buckets::title() />
                <div class="page-actions" data-testid="page-actions">
                    <Ask
                        dialog=state.open
                        ask="open"
                        tone=Tone::Plain
                        icon="search"
                        testid="bucket-open-by-name"
                        words=buckets::open_by_name()
                    />
                    {may_create
                        .then(|| {
                            view! {
                                <Ask
                                    dialog=state.create
                                    ask="create"
                                    tone=Tone::Primary
                                    icon="plus"
                                    testid="bucket-create"
                                    words=buckets::create()
                                />
                            }
                        })}
                </div>
            </div>
            <Show
                when=move || !nothing()
                fallback=move || {
                    view! { <Empty state may_create refused=refused.get_value() /> }
                }
            >
                <Table state />
                {move || scope().map(|line| view! { <p class="help" data-testid="bucket-scope">{line}</p> })}
            </Show>
            <CreateDialog state rule />
            <DeleteDialog state />
            <OpenDialog state refused=dialog_refused />
        </div>
    }
}

/// A button that works as a form without scripts, and opens the dialog in place with them.
#[component]
fn Ask(
    dialog: ModalHandle,
    ask: &'static str,
    tone: Tone,
    icon: &'static str,
    testid: &'static str,
    words: &'static str,
) -> impl IntoView {
    view! {
        <form
            method="get"
            action=urls::BUCKETS
            on:submit=move |event| {
                event.prevent_default();
                dialog.open();
            }
        >
            <input type="hidden" name="ask" value=ask />
            <Button kind="submit" tone attr:data-testid=testid>
                <Icon name=icon />
                {words}
            </Button>
        </form>
    }
}

#[component]
fn Empty(
    state: BucketsState,
    may_create: bool,
    refused: Option<(String, Problem)>,
) -> impl IntoView {
    if may_create {
        return view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="bucket" />
                <h2>{buckets::empty()}</h2>
                <p>{buckets::empty_means()}</p>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="bucket" />
            <h2>{buckets::own_none()}</h2>
            <p>{buckets::own_none_means()}</p>
            <OpenForm state refused dialog=None />
        </section>
    }
    .into_any()
}
