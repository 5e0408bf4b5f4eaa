//! `/credentials`: what other tools need to reach the store, whether they get through, and keys lent for a while.

mod check;
mod secret;
mod snippets;
mod temporary;

use leptos::prelude::*;
use model::{
    ErrorCode, Problem,
    bucket::ListBuckets,
    credentials::{Connection, GetConnection},
    session::{Backend, Session},
};

use self::{
    check::Check,
    secret::{CopyText, Secret},
    snippets::Snippets,
    temporary::Temporary,
};
use crate::{
    api,
    layout::{PageTitle, use_session},
    ui::{Failure, Icon, Retry},
    urls,
    words::credentials,
};

/// What stands for a bucket where there is none yet.
const SOME_BUCKET: &str = "my-bucket";

/// The page.
#[component]
pub fn CredentialsPage() -> impl IntoView {
    let found = Resource::new_blocking(|| (), |()| load());
    let session = use_session();
    let retry = Retry::new(move || found.refetch());
    view! {
        <div class="page credentials">
            <PageTitle heading=credentials::credentials() title=credentials::credentials() />
            <p class="help">{credentials::means()}</p>
            <Transition>
                {move || Suspend::new(async move {
                    let session = session.await.ok();
                    match found.await {
                        Ok((connection, buckets)) => {
                            retry.succeeded();
                            view! { <Whole connection buckets session /> }.into_any()
                        }
                        Err(problem) => refused(problem, retry),
                    }
                })}
            </Transition>
        </div>
    }
}

/// How the store is reached, and the buckets to choose from, which are for convenience alone.
async fn load() -> Result<(Connection, Vec<String>), Problem> {
    let connection = api::call(GetConnection).await?;
    let buckets = api::call(ListBuckets).await;
    let names = buckets.map(|list| list.buckets.into_iter().map(|one| one.name).collect());
    Ok((connection, names.unwrap_or_default()))
}

/// Accounts that have no keys are told what to do instead.
fn refused(problem: Problem, retry: Retry) -> AnyView {
    let why = match problem.code {
        ErrorCode::NotSupported => credentials::no_keys_directory(),
        ErrorCode::AccessDenied => credentials::no_keys_deployment(),
        _ => return view! { <Failure problem retry /> }.into_any(),
    };
    view! {
        <section class="notice" data-testid="state-no-keys">
            <Icon name="lock" />
            <h2>{credentials::no_keys()}</h2>
            <p>{why}</p>
        </section>
    }
    .into_any()
}

#[component]
fn Whole(connection: Connection, buckets: Vec<String>, session: Option<Session>) -> impl IntoView {
    let wanted = urls::query().with_untracked(|query| query.get("bucket").map(str::to_owned));
    let bucket = RwSignal::new(wanted.or(buckets.first().cloned()).unwrap_or_default());
    let (lends, is_hcp) = session.map_or((false, false), |session| {
        (
            session.features.temporary_keys,
            session.backend == Backend::Hcp,
        )
    });
    let shared = StoredValue::new(connection.clone());
    view! {
        <noscript>
            <p class="note">{credentials::needs_script()}</p>
        </noscript>
        <Keys connection />
        <Check bucket buckets />
        <Snippets connection=shared bucket />
        {lends.then(|| view! { <Temporary bucket /> })}
        {is_hcp
            .then(|| {
                view! {
                    <section class="form-panel" aria-labelledby="credentials-temporary">
                        <h2 id="credentials-temporary">{credentials::temporary()}</h2>
                        <p class="help" data-testid="temp-key-why">
                            {credentials::temporary_hcp()}
                        </p>
                    </section>
                }
            })}
    }
    .into_any()
}

/// The caller's own keys.
#[component]
fn Keys(connection: Connection) -> impl IntoView {
    let Connection {
        endpoint_url,
        region,
        path_style,
        access_key_id,
        username,
        tenant,
        ..
    } = connection;
    let addressing = if path_style {
        credentials::addressing_path()
    } else {
        credentials::addressing_host()
    };
    let follows = username.is_some();
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <dt>{name}</dt>
                <dd>
                    <bdi>{value}</bdi>
                </dd>
            }
        })
    };
    view! {
        <section class="form-panel" aria-labelledby="credentials-keys">
            <h2 id="credentials-keys">{credentials::keys()}</h2>
            <dl class="facts facts-wide credentials-facts">
                <dt>{credentials::endpoint()}</dt>
                <dd>
                    <code data-testid="cred-endpoint">{endpoint_url.clone()}</code>
                    <CopyText text=endpoint_url name=credentials::copy_endpoint() />
                </dd>
                <dt>{credentials::region()}</dt>
                <dd>
                    <code>{region}</code>
                </dd>
                <dt>{credentials::addressing()}</dt>
                <dd>{addressing}</dd>
                <dt>{credentials::access_key()}</dt>
                <dd>
                    <code data-testid="cred-access-key">{access_key_id.clone()}</code>
                    <CopyText text=access_key_id name=credentials::copy_access_key() />
                </dd>
                <dt>{credentials::secret()}</dt>
                <dd>
                    <Secret />
                </dd>
                {fact(credentials::tenant(), tenant)}
                {fact(credentials::user(), username)}
            </dl>
            {follows.then(|| view! { <p class="help">{credentials::keys_follow()}</p> })}
        </section>
    }
    .into_any()
}
