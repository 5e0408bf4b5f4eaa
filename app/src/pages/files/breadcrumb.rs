//! The path to where one is.

use leptos::prelude::*;

use super::state::FilesState;
use crate::{text::visible_name, urls};

/// All buckets, the bucket, then each folder.
#[component]
pub fn Breadcrumb(state: FilesState) -> impl IntoView {
    let bucket = state.bucket.get_value();
    let levels = state.prefix.with_value(|prefix| urls::crumbs(prefix));
    let mut steps = vec![(bucket.to_string(), urls::folder(&bucket, ""))];
    steps.extend(levels.into_iter().map(|level| {
        (
            visible_name(&level.name),
            urls::folder(&bucket, &level.prefix),
        )
    }));
    let last = steps.len() - 1;
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(at, (name, href))| {
            view! {
                <li>
                    <a href=href aria-current=(at == last).then_some("page")>
                        <bdi>{name}</bdi>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb" data-testid="breadcrumb">
            <ol>
                <li>
                    <a href=urls::BUCKETS>"Buckets"</a>
                </li>
                {items}
            </ol>
        </nav>
    }
}
