//! What the dock shows: plain values, compared before they are set, so that nothing is drawn twice.

use leptos::prelude::*;
use model::{
    BucketName,
    cors::CorsRule,
    upload::{BatchRow, FileFacts, Row, Tally},
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
    /// Whether the file that it turned out to be is at hand, to be uploaded from its first byte.
    pub has_other: bool,
}

/// The head of a batch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BatchView {
    /// The batch.
    pub row: BatchRow,
    /// What the history calls it, once something of it is stored.
    pub begun: Option<String>,
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
    /// Rows there are.
    pub rows: usize,
    /// Rows that go on, or are paused.
    pub active: usize,
    /// Rows that need somebody.
    pub attention: usize,
    /// Rows that are under way.
    pub running: usize,
    /// Rows that wait for their turn.
    pub waiting: usize,
    /// Rows that somebody has to go on with.
    pub resumable: usize,
    /// Rows of the section that are searched for, while there is a search.
    pub found: Option<usize>,
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
    /// The version that it became, where the store told.
    #[serde(default)]
    pub version_id: Option<String>,
    /// SHA-256 of the whole file, in lower-case hexadecimal digits, once it is computed.
    #[serde(default)]
    pub sha256: Option<String>,
    /// When the file was last changed, in milliseconds since 1970, as long as it has to be read for its
    /// checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
    /// When it was stored, RFC 3339, by the store's clock where it told.
    #[serde(default, rename = "stored_at")]
    pub time: Option<String>,
    /// What it was uploaded with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<StoredBatch>,
}

/// Files that were uploaded together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredBatch {
    /// What the history knows it by; in the order of time.
    pub id: String,
    /// The bucket and the folder.
    pub place: String,
}

/// A batch as the history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BatchOf {
    /// The batch.
    pub batch: StoredBatch,
    /// How many objects of it are noted.
    pub count: usize,
    /// When the first of them was stored.
    pub time: Option<String>,
}

/// Which entries of the history are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Part of a bucket's name or a key, in any case; empty is any.
    pub text: String,
    /// Only those of a batch.
    pub batch: Option<String>,
}

#[cfg(any(feature = "hydrate", test))]
impl Wanted {
    /// Whether an entry is one of them.
    pub(super) fn fits(&self, stored: &Stored) -> bool {
        let own = stored.batch.as_ref().map(|batch| batch.id.as_str());
        if self.batch.is_some() && self.batch.as_deref() != own {
            return false;
        }
        let text = self.text.trim().to_lowercase();
        text.is_empty()
            || format!("{}/{}", stored.bucket, stored.key)
                .to_lowercase()
                .contains(&text)
    }
}

/// The history, as far as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// How many entries are looked at.
    pub count: usize,
    /// How many there are, shown or not.
    pub all: usize,
    /// Some of them, the newest first.
    pub newest: Vec<Entry>,
    /// The newest batches of several files.
    pub batches: Vec<BatchOf>,
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What the journal knows it by, or the page where the journal does not.
    pub id: u64,
    /// The object.
    pub stored: Stored,
    /// Whether its checksum is known, or can be.
    pub sum: Summing,
}

/// What is known of the SHA-256 of an object that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser has a history")
)]
pub(super) enum Summing {
    /// It is known.
    Known,
    /// The file is being read, or waits for that.
    Reading,
    /// It is not known, and the file is at hand.
    Askable,
    /// It is not known, and the file is not at hand.
    Lost,
}

/// A thin bar in two parts: what the store has, and what is on its way to it. Drawn as lines of a picture,
/// which needs no inline style.
#[component]
pub(super) fn Bar(
    /// The accessible name.
    label: String,
    /// The end of the scale.
    #[prop(into)]
    max: Signal<u64>,
    /// How much is stored.
    #[prop(into)]
    stored: Signal<u64>,
    /// How much is stored or on its way.
    #[prop(into)]
    sent: Signal<u64>,
    /// The test id.
    id: &'static str,
) -> impl IntoView {
    let share = move |part: Signal<u64>| share(part.get(), max.get());
    view! {
        <div
            role="progressbar"
            class="bar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || (share(sent) / 10).to_string()
            data-testid=id
            data-stored=move || stored.get().to_string()
            data-sent=move || sent.get().to_string()
        >
            <svg aria-hidden="true" focusable="false" viewBox="0 0 1000 1" preserveAspectRatio="none">
                <rect class="bar-sent" height="1" width=move || share(sent).to_string()></rect>
                <rect class="bar-stored" height="1" width=move || share(stored).to_string()></rect>
            </svg>
        </div>
    }
}

/// A part of a whole, in thousandths. Nothing is a part of everything.
fn share(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        return 0;
    }
    let share = u128::from(part.min(whole)) * 1_000 / u128::from(whole);
    u64::try_from(share).unwrap_or(1_000)
}
