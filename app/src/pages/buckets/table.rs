//! The table of buckets.

use leptos::prelude::*;
use model::{bucket::Bucket, unit};

use super::BucketsState;
use crate::{
    text::visible_name,
    ui::{Icon, Moment},
    urls,
};

#[component]
pub fn Table(state: BucketsState) -> impl IntoView {
    let count = move || state.buckets.with(Vec::len);
    let line = move || {
        let number = count();
        let noun = if number == 1 { "bucket" } else { "buckets" };
        format!("{} {noun} that you own", unit::count(number as u64))
    };
    view! {
        <div class="table-frame" role="region" aria-label="Buckets" tabindex="0">
            <table class="table" data-testid="table-buckets">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col" class="narrow">
                            <span class="sr-only">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || state.buckets.get()
                        key=|bucket| (bucket.name.clone(), bucket.creation_date)
                        let:bucket
                    >
                        <Row state bucket />
                    </For>
                </tbody>
            </table>
        </div>
        <p class="status-line" data-testid="count-line">
            {line}
        </p>
    }
}

#[component]
fn Row(state: BucketsState, bucket: Bucket) -> impl IntoView {
    let shown = visible_name(&bucket.name);
    let link_name = bucket.name.replace(['"', '\\'], "");
    let name = StoredValue::new(bucket.name.clone());
    view! {
        <tr data-testid="row" data-key=bucket.name.clone()>
            <th scope="row">
                <a href=urls::bucket(&bucket.name) class="name-link" data-bucket-link=link_name>
                    <Icon name="bucket" />
                    <bdi>{shown.clone()}</bdi>
                </a>
            </th>
            <td data-label="Created">
                {match bucket.creation_date {
                    Some(time) => view! { <Moment time /> }.into_any(),
                    None => {
                        view! {
                            <span aria-hidden="true">"–"</span>
                            <span class="sr-only">"unknown"</span>
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="narrow">
                <form
                    method="get"
                    action=urls::BUCKETS
                    on:submit=move |event| {
                        event.prevent_default();
                        state.doomed.set(name.get_value());
                        state.delete.open();
                    }
                >
                    <input type="hidden" name="ask" value="delete" />
                    <input type="hidden" name="bucket" value=bucket.name.clone() />
                    <button
                        type="submit"
                        class="button button-quiet button-icon"
                        title="Delete"
                        aria-label=format!("Delete {shown}")
                        data-testid="bucket-delete"
                    >
                        <Icon name="trash" />
                    </button>
                </form>
            </td>
        </tr>
    }
}
