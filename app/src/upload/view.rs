//! What the dock shows: plain values, compared before they are set, so that nothing is drawn twice.

use leptos::prelude::*;
use model::{
    BucketName,
    cors::CorsRule,
    upload::{FileFacts, Row, Tally, TransferId},
};
use serde::{Deserialize, Serialize};

/// One row, and the numbers that only time gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowView {
    /// The transfer.
    pub row: Row,
    /// Bytes per second, while bytes go.
    pub rate: Option<f64>,
    /// Seconds left, while the rate is steady.
    pub seconds_left: Option<u64>,
    /// Seconds until the next attempt.
    pub retry_in: Option<u64>,
    /// Whether the browser can open the file again by itself.
    pub has_handle: bool,
}

/// A row that stays while its content changes.
#[derive(Clone)]
pub(super) struct RowHandle {
    /// Which transfer.
    pub id: TransferId,
    /// What is shown of it.
    pub view: ArcRwSignal<RowView>,
}

/// The line at the top of the dock.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Summary {
    /// The sums.
    pub tally: Tally,
    /// Bytes per second.
    pub rate: Option<f64>,
    /// Seconds left, while the rate is steady.
    pub seconds_left: Option<u64>,
    /// Rows there are; more than are shown, perhaps.
    pub rows: usize,
    /// Rows that could be tried again.
    pub retriable: usize,
    /// Rows that could be cleared.
    pub finished: usize,
    /// Buckets without room.
    pub full: Vec<String>,
    /// Rows that are paused, and that could be.
    pub paused: usize,
    /// Rows that could be paused.
    pub pausable: usize,
    /// Rows that wait for their file.
    pub file_needed: usize,
    /// Whether something waits for somebody to sign in.
    pub signed_out: bool,
    /// Whether there is no network.
    pub is_offline: bool,
    /// Files found so far, while folders are looked through.
    pub walked: Option<usize>,
    /// Whether the person can be asked for notifications.
    pub can_notify: bool,
}

/// What one tab tells the others about an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct News {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The file.
    pub file: FileFacts,
    /// How far it is.
    pub percent: u64,
}

/// A bucket that does not let this page in, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    /// The bucket.
    pub bucket: BucketName,
    /// What keeps the page out, in words.
    pub why: &'static str,
    /// The rule that would let it in.
    pub rule: Option<CorsRule>,
    /// How many rules there are.
    pub existing: Option<u32>,
    /// Whether the caller may set rules.
    pub can_configure: bool,
    /// Where the page is from.
    pub origin: String,
}

/// An object that was stored from this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// The entity tag, with its quotes, where the account may look at the object.
    #[serde(default)]
    pub etag: Option<String>,
    /// SHA-256 of the whole file, in lower-case hexadecimal digits, once it is computed.
    #[serde(default)]
    pub sha256: Option<String>,
    /// When it was stored, RFC 3339, by the store's clock where it told.
    #[serde(default, rename = "stored_at")]
    pub time: Option<String>,
}

/// A thin bar. `<progress>`, because it needs no inline style.
#[component]
pub(super) fn Bar(
    /// The accessible name.
    label: String,
    /// The end of the scale.
    max: u64,
    /// How far it is.
    #[prop(into)]
    value: Signal<u64>,
    /// The test id.
    id: &'static str,
) -> impl IntoView {
    view! {
        <progress
            class="h-1.5 w-full appearance-none overflow-hidden rounded-full border-0 bg-(color:--sunken) [&::-moz-progress-bar]:bg-(color:--accent) [&::-webkit-progress-bar]:bg-(color:--sunken) [&::-webkit-progress-value]:bg-(color:--accent)"
            aria-label=label
            max=max.to_string()
            value=move || value.get().to_string()
            data-testid=id
        ></progress>
    }
}
