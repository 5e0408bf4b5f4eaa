//! `/transfers`: what is on its way, what waits for somebody, and what was stored from this browser.

use leptos::prelude::*;

use super::{
    Uploads, Wish,
    list::{Sections, UploadList},
    notes::Notes,
    receipts, use_uploads,
    view::{Entry, Stored, Summing},
};
use crate::{browser, layout::PageTitle, text::visible_name, ui::Button, unit, words::uploads};

/// Entries of the history that are shown at a time.
pub(super) const HISTORY_STEP: usize = 200;

/// The page.
#[component]
pub fn TransfersPage() -> impl IntoView {
    let uploads = use_uploads();
    uploads.load_history();
    view! {
        <div class="page">
            <PageTitle heading=uploads::transfers() title=uploads::transfers() />
            <noscript>
                <p class="help">
                    {uploads::carried_by_scripts()}
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
                {uploads::uploads_of_this_tab()}
            </h2>
            <Sections uploads />
            <Notes uploads />
            <div class="transfers" data-testid="transfers">
                <UploadList
                    uploads
                    empty=uploads::nothing_here_drop()
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
                {uploads::stored_in_30_days()}
            </h2>
            <Show
                when=move || any.get()
                fallback=|| view! { <p class="help">{uploads::nothing_yet()}</p> }
            >
                <p class="help">
                    {move || uploads::receipt_lists(history.with(|history| history.count) as u64)}
                </p>
                <div class="flex flex-wrap gap-2">
                    <Button
                        attr:data-testid="receipt-csv"
                        press=save("receipt.csv", "text/csv", receipts::csv)
                    >
                        {uploads::receipt_as_csv()}
                    </Button>
                    <Button
                        attr:data-testid="receipt-json"
                        press=save("receipt.json", "application/json", receipts::json)
                    >
                        {uploads::receipt_as_json()}
                    </Button>
                    <Button
                        attr:data-testid="receipt-sums"
                        press=save("SHA256SUMS", "text/plain", receipts::sums)
                    >
                        {uploads::sums_file()}
                    </Button>
                </div>
                <div class="table-frame" tabindex="0" role="region" aria-label=uploads::stored_objects()>
                    <table class="table table-cards" data-testid="table-history">
                        <thead>
                            <tr>
                                <th scope="col">{uploads::object()}</th>
                                <th scope="col" class="numeric">{uploads::size()}</th>
                                <th scope="col">{uploads::sha_256()}</th>
                                <th scope="col">{uploads::state_done()}</th>
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
                        press=move |_| uploads.show_more_history()
                    >
                        {move || uploads::show_more(&unit::count(more.get() as u64))}
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
        (Summing::Reading, _) => uploads::being_computed().into_any(),
        (Summing::Askable, Some(id)) => {
            let of = uploads::of_sum(&place);
            view! {
                <span class="block">{uploads::not_computed()}</span>
                <Button
                    attr:data-testid="history-sum"
                    press=move |_| uploads.wish(Wish::Sum(id))
                >
                    {uploads::compute()}
                    <span class="sr-only">{of}</span>
                </Button>
            }
            .into_any()
        }
        (Summing::Askable | Summing::Lost, _) => uploads::sum_lost().into_any(),
    };
    view! {
        <tr data-testid="row" data-key=stored.key.clone()>
            <td data-label=uploads::object()>
                <bdi class="break-all">{place.clone()}</bdi>
            </td>
            <td data-label=uploads::size() class="numeric" title=unit::exact_bytes(stored.size)>
                {unit::size(stored.size)}
            </td>
            <td data-label=uploads::sha_256() data-testid="history-sha256">
                {sum}
            </td>
            <td data-label=uploads::state_done()>{stored.time.clone().unwrap_or_default()}</td>
        </tr>
    }
}
