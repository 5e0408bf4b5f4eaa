//! `/buckets/{b}/access`: who may do what in a bucket, by grants and by the rights of accounts.

mod grants;
mod rights;

pub(crate) use grants::{Effective, Granted, Grants, Place, granted};

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{BucketName, ErrorCode, Problem, session::Session};
use serde::{Deserialize, Serialize};

use self::rights::{Matrix, Rights, rights};
use crate::{
    layout::{Busy, PageTitle, use_session},
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    text::visible_name,
    ui::{Failure, Icon, Retry},
    urls,
    words::{access, general},
};

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Loaded {
    bucket: BucketName,
    /// The grants, or why they are not told.
    granted: Result<Granted, Problem>,
    /// Who has rights; `None` where that is not for this session.
    rights: Option<Rights>,
}

/// The page.
#[component]
pub fn AccessPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let bucket = Memo::new(move |_| {
        params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned())
    });
    let loaded = Resource::new_blocking(
        move || bucket.get(),
        move |bucket| async move { load(bucket, session.await?).await },
    );
    let retry = Retry::new(move || loaded.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(loaded) => {
                        retry.succeeded();
                        view! { <Access loaded /> }.into_any()
                    }
                    Err(problem) => {
                        let bucket = bucket.get_untracked();
                        view! { <AccessFailure problem bucket retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

async fn load(bucket: String, session: Session) -> Result<Loaded, Problem> {
    let Ok(bucket) = BucketName::parse(bucket) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    let place = Place {
        bucket: bucket.clone(),
        key: None,
        version_id: None,
    };
    let granted = granted(place, &session).await;
    let users = match &granted {
        Ok(granted) => granted.users.clone(),
        // Whoever has nothing to do with the objects may look after the accounts all the same.
        Err(problem) if problem.code == ErrorCode::AccessDenied => grants::users(&session).await,
        Err(problem) => return Err(problem.clone()),
    };
    let rights = rights(&session, &bucket, users.as_deref()).await;
    match granted {
        Err(problem) if rights.is_none() => Err(problem),
        granted => Ok(Loaded {
            bucket,
            granted,
            rights,
        }),
    }
}

#[component]
fn AccessFailure(problem: Problem, bucket: String, retry: Retry) -> impl IntoView {
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <BucketCrumbs bucket />
            <PageTitle heading=access::tab() title=access::title(&shown) />
            <Failure problem retry />
        </div>
    }
}

#[component]
fn Access(loaded: Loaded) -> impl IntoView {
    let bucket = loaded.bucket.to_string();
    let here = urls::access(&bucket);
    let whole = loaded.granted.as_ref().ok().cloned();
    let by_list = match loaded.granted {
        Ok(granted) => view! { <Grants granted back=here /> }.into_any(),
        Err(problem) => view! {
            <p class="note" data-testid="state-forbidden">
                <Icon name="lock" />
                <span>{problem.sentence()}</span>
            </p>
        }
        .into_any(),
    };
    let by_account = match loaded.rights {
        Some(rights) => view! { <Matrix rights /> }.into_any(),
        None => view! {
            <p class="note" data-testid="rights-hidden">
                <Icon name="lock" />
                <span>{access::rights_hidden()}</span>
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="page">
            <BucketCrumbs bucket=bucket.clone() />
            <div class="page-head">
                <PageTitle heading=access::tab() title=access::title(&bucket) />
            </div>
            <BucketTabs bucket here=Tab::Access />
            <section class="access-part" aria-labelledby="by-list">
                <h2 id="by-list" class="section-title">
                    {access::grants_by_list()}
                </h2>
                {by_list}
            </section>
            <section class="access-part" aria-labelledby="by-account" data-testid="access-rights">
                <h2 id="by-account" class="section-title">
                    {access::rights_by_account()}
                </h2>
                <p class="help">{access::rights_mean()}</p>
                {by_account}
            </section>
            {whole
                .filter(Granted::can_explain)
                .map(|granted| {
                    view! {
                        <section
                            class="access-part needs-script"
                            aria-labelledby="in-the-end"
                            data-testid="access-effective"
                        >
                            <h2 id="in-the-end" class="section-title">
                                {access::effective()}
                            </h2>
                            <Effective granted />
                        </section>
                    }
                })}
        </div>
    }
}
