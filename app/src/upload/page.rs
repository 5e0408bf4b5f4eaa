//! `/transfers`: what is on its way, what waits for somebody, and what was stored from this browser.

use leptos::prelude::*;
use model::unit;

use super::{
    Uploads,
    notes::Notes,
    receipts,
    row::UploadRow,
    use_uploads,
    view::{RowHandle, Stored},
};
use crate::{
    browser,
    layout::PageTitle,
    text::{counted, visible_name},
    ui::{Button, Tone},
};

/// Which uploads are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    All,
    Active,
    Attention,
    Done,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "All", "transfers-all"),
        (Self::Active, "Active", "transfers-active"),
        (Self::Attention, "Attention", "transfers-attention"),
        (Self::Done, "Done", "transfers-done"),
    ];

    fn has(self, row: &RowHandle) -> bool {
        let state = row.view.with(|view| view.row.state);
        match self {
            Self::All => true,
            Self::Active => !state.is_at_rest(),
            Self::Attention => state.is_at_rest() && !state.is_final(),
            Self::Done => state.is_final(),
        }
    }
}

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
    let tab = RwSignal::new(Tab::All);
    let rows = uploads.state.rows;
    let shown = Memo::new(move |_| {
        let tab = tab.get();
        rows.with(|rows| {
            let fits = rows.iter().filter(|row| tab.has(row));
            fits.map(|row| row.id).collect::<Vec<_>>()
        })
    });
    let view_of =
        move |id| rows.with_untracked(|rows| rows.iter().find(|row| row.id == id).cloned());
    view! {
        <section class="list" aria-labelledby="transfers-now">
            <h2 id="transfers-now" class="section-title">
                "Uploads of this tab"
            </h2>
            <div class="tabs" role="group" aria-label="Show">
                {Tab::ALL
                    .into_iter()
                    .map(|(one, word, testid)| {
                        view! {
                            <Button
                                tone=Tone::Quiet
                                attr:aria-pressed=move || {
                                    if tab.get() == one { "true" } else { "false" }
                                }
                                attr:data-testid=testid
                                on:click=move |_| tab.set(one)
                            >
                                {word}
                            </Button>
                        }
                    })
                    .collect_view()}
            </div>
            <Notes uploads />
            <ul class="transfers" aria-label="Uploads" data-testid="transfers">
                <For each=move || shown.get() key=|id| *id let:id>
                    {view_of(id).map(|row| view! { <UploadRow uploads view=row.view /> })}
                </For>
            </ul>
            <Show when=move || shown.with(Vec::is_empty)>
                <p class="help" data-testid="state-empty">
                    "Nothing here. Drop files onto a bucket's list to upload them."
                </p>
            </Show>
        </section>
    }
}

/// What was stored from this browser, with receipts.
#[component]
fn History(uploads: Uploads) -> impl IntoView {
    let history = uploads.state.history;
    let any = Memo::new(move |_| history.with(|history| !history.is_empty()));
    let save = move |name: &'static str, kind: &'static str, write: fn(&[Stored]) -> String| {
        move |_| history.with_untracked(|history| browser::save(name, kind, &write(history)))
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
                    {move || counted(history.with(Vec::len), "object")}
                    ". A receipt lists key, size, entity tag, SHA-256 and time."
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
                            {move || {
                                history
                                    .with(|history| {
                                        history.iter().take(200).map(stored_row).collect_view()
                                    })
                            }}
                        </tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

fn stored_row(stored: &Stored) -> impl IntoView + use<> {
    let place = format!("{}/{}", stored.bucket, stored.key);
    let sum = stored.sha256.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <tr data-testid="row" data-key=stored.key.clone()>
            <td data-label="Object">
                <bdi class="break-all">{visible_name(&place)}</bdi>
            </td>
            <td data-label="Size" class="numeric" title=unit::exact_bytes(stored.size)>
                {unit::size(stored.size)}
            </td>
            <td data-label="SHA-256">
                <code class="break-all">{sum}</code>
            </td>
            <td data-label="Stored">{stored.time.clone().unwrap_or_default()}</td>
        </tr>
    }
}
