//! `/transfers`: what is on its way, what waits for somebody, and what was stored from this browser.

use leptos::prelude::*;
use model::unit;

use super::{
    Uploads, Wish,
    list::{Sections, UploadList},
    notes::Notes,
    receipts, use_uploads,
    view::{Entry, Stored, Summing},
};
use crate::{
    browser,
    layout::PageTitle,
    text::{counted, visible_name},
    ui::Button,
};

/// Entries of the history that are shown at a time.
pub(super) const HISTORY_STEP: usize = 200;

/// The page.
#[component]
pub fn TransfersPage() -> impl IntoView {
    let uploads = use_uploads();
    uploads.load_history();
    view! {
        <div class="page">
            <PageTitle heading="Transfers" title="Transfers" />
            <noscript>
                <p class="help">
                    "Uploads are carried by scripts. Without them, use the form of a bucket for small files, or the AWS command line for large ones."
                </p>
            </noscript>
            <Now uploads />
            <History uploads />
        </div>
    }
}

/// What this tab carries.
#[component]
fn Now(uploads: Uploads) -> impl IntoView {
    view! {
        <section class="list" aria-labelledby="transfers-now">
            <h2 id="transfers-now" class="section-title">
                "Uploads of this tab"
            </h2>
            <Sections uploads />
            <Notes uploads />
            <div class="transfers" data-testid="transfers">
                <UploadList
                    uploads
                    empty="Nothing here. Drop files onto a bucket's list to upload them."
                />
            </div>
        </section>
    }
}

/// What was stored from this browser, with receipts.
#[component]
fn History(uploads: Uploads) -> impl IntoView {
    let history = uploads.state.history;
    let any = Memo::new(move |_| history.with(|history| history.count > 0));
    let more = Memo::new(move |_| {
        history.with(|history| history.count.saturating_sub(history.newest.len()))
    });
    let save = move |name: &'static str, kind: &'static str, write: fn(&[Stored]) -> String| {
        move |_| {
            #[cfg(feature = "hydrate")]
            browser::save(name, kind, &write(&uploads.all_stored()));
            #[cfg(not(feature = "hydrate"))]
            browser::save(name, kind, &write(&[]));
        }
    };
    view! {
        <section class="list" aria-labelledby="transfers-stored">
            <h2 id="transfers-stored" class="section-title">
                "Stored from this browser in the last 30 days"
            </h2>
            <Show
                when=move || any.get()
                fallback=|| view! { <p class="help">"Nothing yet."</p> }
            >
                <p class="help">
                    {move || counted(history.with(|history| history.count), "object")}
                    ". A receipt lists key, size, entity tag, SHA-256 and time; a SHA-256 comes when the file has been read once more."
                </p>
                <div class="flex flex-wrap gap-2">
                    <Button
                        attr:data-testid="receipt-csv"
                        on:click=save("receipt.csv", "text/csv", receipts::csv)
                    >
                        "Receipt as CSV"
                    </Button>
                    <Button
                        attr:data-testid="receipt-json"
                        on:click=save("receipt.json", "application/json", receipts::json)
                    >
                        "Receipt as JSON"
                    </Button>
                    <Button
                        attr:data-testid="receipt-sums"
                        on:click=save("SHA256SUMS", "text/plain", receipts::sums)
                    >
                        "SHA256SUMS"
                    </Button>
                </div>
                <div class="table-frame" tabindex="0" role="region" aria-label="Stored objects">
                    <table class="table table-cards" data-testid="table-history">
                        <thead>
                            <tr>
                                <th scope="col">"Object"</th>
                                <th scope="col" class="numeric">"Size"</th>
                                <th scope="col">"SHA-256"</th>
                                <th scope="col">"Stored"</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=move || history.with(|history| history.newest.clone())
                                key=|entry| (entry.id, entry.sum, entry.stored.key.clone())
                                let:entry
                            >
                                <StoredRow uploads entry />
                            </For>
                        </tbody>
                    </table>
                </div>
                <Show when=move || more.get().gt(&0)>
                    <Button
                        attr:data-testid="history-more"
                        on:click=move |_| uploads.show_more_history()
                    >
                        {move || format!("Show more ({} older)", unit::count(more.get() as u64))}
                    </Button>
                </Show>
            </Show>
        </section>
    }
}

#[component]
fn StoredRow(uploads: Uploads, entry: Entry) -> impl IntoView {
    let Entry { id, stored, sum } = entry;
    let place = visible_name(&format!("{}/{}", stored.bucket, stored.key));
    let known = stored.sha256.clone().unwrap_or_default();
    let sum = match (sum, id) {
        (Summing::Known, _) => view! { <code class="break-all">{known}</code> }.into_any(),
        (Summing::Reading, _) => "Being computed".into_any(),
        (Summing::Askable, Some(id)) => {
            let of = format!(" the SHA-256 of {place}");
            view! {
                <span class="block">"Not computed"</span>
                <Button
                    attr:data-testid="history-sum"
                    on:click=move |_| uploads.wish(Wish::Sum(id))
                >
                    "Compute"
                    <span class="sr-only">{of}</span>
                </Button>
            }
            .into_any()
        }
        (Summing::Askable | Summing::Lost, _) => {
            "Not computed: the page was left before, and the file is not at hand".into_any()
        }
    };
    view! {
        <tr data-testid="row" data-key=stored.key.clone()>
            <td data-label="Object">
                <bdi class="break-all">{place.clone()}</bdi>
            </td>
            <td data-label="Size" class="numeric" title=unit::exact_bytes(stored.size)>
                {unit::size(stored.size)}
            </td>
            <td data-label="SHA-256" data-testid="history-sha256">
                {sum}
            </td>
            <td data-label="Stored">{stored.time.clone().unwrap_or_default()}</td>
        </tr>
    }
}
