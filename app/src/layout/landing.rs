//! What is said on a page to which somebody came who wanted another.

use leptos::prelude::*;
use model::form::safe_path;

use super::{session::person, use_sessions};
use crate::{drawn, ui::Icon, urls, words};

/// After going on as another session that does not see the page: what was missing. The page is the nearest
/// above.
#[component]
pub(super) fn Landing() -> impl IntoView {
    let query = urls::query();
    let sessions = use_sessions();
    let missing = Memo::new(move |_| {
        query.with(|query| query.get("missing").and_then(safe_path).map(str::to_owned))
    });
    view! {
        <Suspense>
            {move || {
                let missing = missing.get();
                Suspend::new(async move {
                    let missing = missing?;
                    let list = sessions.await.ok()?.sessions;
                    let mark = drawn::mark()?;
                    let own = list.iter().find(|one| one.id == mark.own)?;
                    let line = words::session::not_seen(&person(own), &missing);
                    Some(
                        view! {
                            <div class="alert alert-info" role="status" data-testid="session-landing">
                                <Icon name="info" />
                                <p>{line}</p>
                            </div>
                        },
                    )
                })
            }}
        </Suspense>
    }
    .into_any()
}
