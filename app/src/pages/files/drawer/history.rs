//! The versions of the object that is shown.

use leptos::prelude::*;

use super::{live::Desk, seen::History};
use crate::pages::versions::KeyVersions;

#[component]
pub(super) fn VersionsPart(desk: Desk, key: String, history: History) -> impl IntoView {
    let History { listing, compared } = history;
    let state = desk.state();
    let address = untrack(|| desk.address(desk.open.get()));
    // What was restored or deleted may change its row.
    let changed = Callback::new(move |()| state.refresh_when_idle());
    let session = state.session.get_value();
    view! { <KeyVersions session key listing compared address changed /> }
}
