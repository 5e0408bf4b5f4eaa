//! Icons from the local sprite.

use leptos::prelude::*;

/// One icon of `public/icons.svg`. Decorative: a word always stands beside it.
#[component]
pub fn Icon(
    /// The symbol's id in the sprite.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false" viewBox="0 0 20 20">
            <use_ href=format!("/icons.svg#{name}")></use_>
        </svg>
    }
}
