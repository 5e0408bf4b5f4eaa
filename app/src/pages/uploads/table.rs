//! The table of unfinished uploads, and the ways to its other pages.

use leptos::prelude::*;

use super::{row::UploadRow, state::UploadsPageState};
use crate::{ui::LinkButton, urls, words::unfinished};

#[component]
pub fn Table(state: UploadsPageState) -> impl IntoView {
    let line = move || {
        let here = state.rows.with(Vec::len) as u64;
        let is_first = state.place.with_value(|place| place.after.is_none());
        match (is_first, state.next.with(Option::is_some)) {
            (true, false) => unfinished::unfinished_uploads_counted(here),
            (true, true) => unfinished::first_of_more(here),
            (false, true) => unfinished::more_follow(here),
            (false, false) => unfinished::on_last_page(here),
        }
    };
    // HCP takes both when an upload is completed, by whoever completes it.
    let retention = state
        .session
        .with_value(|session| session.features.objects.retention);
    view! {
        <div class="table-frame" role="region" aria-label=unfinished::unfinished_uploads() tabindex="0">
            <table class="table table-cards table-uploads" data-testid="table-uploads">
                <thead>
                    <tr>
                        <th scope="col">{unfinished::key()}</th>
                        <th scope="col">{unfinished::started()}</th>
                        <th scope="col">{unfinished::stored_so_far()}</th>
                        <th scope="col">{unfinished::begun_by()}</th>
                        <th scope="col">{unfinished::aborts_on()}</th>
                        <th scope="col">{unfinished::r#where()}</th>
                        <th scope="col">
                            <span class="sr-only">{unfinished::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || state.rows.get()
                        key=|row| row.upload.upload_id.clone()
                        let:row
                    >
                        <UploadRow state row />
                    </For>
                </tbody>
            </table>
        </div>
        <div class="uploads-foot">
            <p class="status-line" data-testid="count-line">
                {line}
            </p>
            <Pages state />
        </div>
        {retention
            .then(|| {
                view! {
                    <p class="text-sm text-(color:--muted)">
                        {unfinished::elsewhere_without_retention()}
                    </p>
                }
            })}
    }
}

/// The store's lists lead forwards only, so the way back is to the first page.
#[component]
fn Pages(state: UploadsPageState) -> impl IntoView {
    let bucket = state.place.with_value(|place| place.bucket.clone());
    let first = state.place.with_value(|place| place.after.is_some());
    let first = first.then(|| urls::uploads(&bucket, None));
    let next = move || {
        state
            .next
            .get()
            .map(|(key, upload)| urls::uploads(&bucket, Some((&key, &upload))))
    };
    view! {
        <nav class="actions" aria-label=unfinished::pages() data-testid="pager">
            {first.map(|href| view! { <LinkButton href>{unfinished::first_page()}</LinkButton> })}
            {move || next().map(|href| view! { <LinkButton href>{unfinished::next_page()}</LinkButton> })}
        </nav>
    }
}
