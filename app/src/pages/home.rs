//! `/`: leads to the first thing that a session is for.

use leptos::prelude::*;
use model::{
    reachable::ListReachable,
    session::{AS, Level, StartPage},
};

use crate::{
    api, drawn,
    layout::{PageTitle, use_session},
    ui::LinkButton,
    urls,
    words::general,
};

/// The bucket of somebody who reaches only one.
async fn only_bucket() -> Option<String> {
    let list = api::call(ListReachable).await.ok()?.buckets;
    match list.as_slice() {
        [only] => Some(urls::bucket(&only.name)),
        _ => None,
    }
}

/// Leads to where the preferences say, else to the buckets, or into the only one; at the system level, which has
/// none, to the tenants.
#[component]
pub fn HomePage() -> impl IntoView {
    let session = use_session();
    let wanted = drawn::preferences().start_page;
    let as_meant = urls::query();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let level = session.await.ok().map(|session| session.level);
                let (address, word) = match (level, wanted) {
                    (Some(Level::System), _) => (urls::TENANTS, general::tenants()),
                    (_, StartPage::Transfers) => (urls::TRANSFERS, general::transfers()),
                    (Some(Level::Tenant), StartPage::Namespaces) => {
                        (urls::NAMESPACES, general::namespaces())
                    }
                    _ => (urls::BUCKETS, general::buckets()),
                };
                let only = if address == urls::BUCKETS { only_bucket().await } else { None };
                let address = only.unwrap_or_else(|| address.to_owned());
                // Whose page it is stays in the address.
                let meant = as_meant
                    .with_untracked(|query| query.get(AS).and_then(|tenant| urls::within(&address, tenant)));
                crate::ui::redirect(meant.as_deref().unwrap_or(&address));
                view! {
                    <div class="page">
                        <PageTitle heading="Hako" title=general::start() />
                        <p>
                            <LinkButton href=address>{word}</LinkButton>
                        </p>
                    </div>
                }
            })}
        </Suspense>
    }
}
