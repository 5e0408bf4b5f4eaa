//! The versions of one key, as another page shows them beside its own things.

use leptos::prelude::*;
use model::{BucketName, Problem, session::Session};

use super::{
    compare::{Compared, bar, compare, differences, pair},
    delete::DeleteDialog,
    listing::{Keeping, Listing, Place, list_place},
    row::{key_action, moments, numbers},
    state::{Home, VersionsState},
};
use crate::{text::visible_name, ui::Icon, urls::Query, words};

/// What takes the focus after something was done with a version.
const FOCUS: &str = "[data-testid=\"key-versions\"]";

fn place(bucket: &BucketName, key: &str) -> Place {
    Place {
        bucket: bucket.to_string(),
        prefix: key.to_owned(),
        exact: true,
        ..Place::default()
    }
}

/// All that is kept of a key.
pub(in crate::pages) async fn history_of(
    bucket: &BucketName,
    key: &str,
) -> Result<Listing, Problem> {
    list_place(place(bucket, key)).await
}

/// How two versions differ that an address names.
pub(in crate::pages) async fn compared_at(
    bucket: &BucketName,
    listing: &Listing,
    ids: &[String],
) -> Option<Compared> {
    let history = listing.rows.first()?;
    let (left, right) = pair(history, ids)?;
    compare(bucket.clone(), &history.key, left, right).await
}

/// The versions of a key, with what can be done with each.
#[component]
pub(in crate::pages) fn KeyVersions(
    /// The session of the page.
    session: Session,
    /// The key.
    key: String,
    /// What is kept of it.
    listing: Listing,
    /// How two of them differ, where the address asks for it.
    compared: Option<Compared>,
    /// The address of the page that shows this.
    address: String,
    /// Hears that something was done.
    changed: Callback<()>,
) -> impl IntoView {
    let place = place(&listing.bucket, &key);
    let state = VersionsState::new(place, session, listing, &Query::default()).at(Home {
        address,
        focus: FOCUS,
        changed,
    });
    state.compared.set(compared);
    let shown = visible_name(&key);
    let keeping = move || {
        let words = match state.keeping.get() {
            Keeping::On => return None,
            Keeping::Suspended => words::versions::is_suspended(),
            Keeping::Off => words::versions::is_off(),
            Keeping::Unknown => words::versions::is_unknown(),
        };
        Some(view! {
            <p class="note">
                <Icon name="info" />
                <span>{words}</span>
            </p>
        })
    };
    let rows = move || {
        let row = state.rows.with(|rows| rows.first().cloned());
        let Some(row) = row else {
            return view! { <p>{words::versions::nothing()}</p> }.into_any();
        };
        view! {
            <p class="version-numbers">{numbers(&row)}</p>
            {key_action(state, &row, &shown)}
            {bar(state, &row)}
            {move || differences(state)}
            {moments(state, &row)}
        }
        .into_any()
    };
    view! {
        <div
            class="key-versions"
            role="group"
            tabindex="-1"
            aria-label=words::versions::versions_of(&visible_name(&key))
            data-testid="key-versions"
        >
            {keeping}
            {rows}
        </div>
        <DeleteDialog state />
    }
    .into_any()
}
