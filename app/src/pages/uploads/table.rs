//! The table of unfinished uploads, and the ways to its other pages.

use leptos::prelude::*;

use super::{row::UploadRow, state::UploadsPageState};
use crate::{text::counted, ui::LinkButton, urls};

#[component]
pub fn Table(state: UploadsPageState) -> impl IntoView {
    let line = move || {
        let here = counted(state.rows.with(Vec::len), "unfinished upload");
        let is_first = state.place.with_value(|place| place.after.is_none());
        match (is_first, state.next.with(Option::is_some)) {
            (true, false) => here,
            (true, true) => format!("First {here} of more"),
            (false, true) => format!("{here} on this page, and more follow"),
            (false, false) => format!("{here} on this last page"),
        }
    };
    // HCP takes both when an upload is completed, by whoever completes it.
    let retention = state
        .session
        .with_value(|session| session.features.objects.retention);
    view! {
        <div class="table-frame" role="region" aria-label="Unfinished uploads" tabindex="0">
            <table class="table table-cards table-uploads" data-testid="table-uploads">
                <thead>
                    <tr>
                        <th scope="col">"Key"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Stored so far"</th>
                        <th scope="col">"Begun by"</th>
                        <th scope="col">"Aborts on"</th>
                        <th scope="col">"Where"</th>
                        <th scope="col">
                            <span class="sr-only">"Actions"</span>
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
                        "An upload that was begun elsewhere goes on without the retention or hold that was chosen for it there. Look at its object when it is stored."
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
        <nav class="actions" aria-label="Pages" data-testid="pager">
            {first.map(|href| view! { <LinkButton href>"First page"</LinkButton> })}
            {move || next().map(|href| view! { <LinkButton href>"Next page"</LinkButton> })}
        </nav>
    }
}
