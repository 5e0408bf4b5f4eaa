//! What the store tells of versions, put together by key and filtered, page by page.

use model::{
    BucketName, ErrorCode, Problem, Timestamp,
    filter::NameFilter,
    version::{GetVersioning, Histories, KeyHistory, KeyState, ListVersions, ListVersionsQuery},
};
use serde::{Deserialize, Serialize};

use crate::{
    api,
    urls::{self, Query},
    words::general,
};

/// Keys that a page shows.
pub(super) const ROWS: usize = 50;
/// Versions in one answer of the store.
const PAGE: u32 = 1_000;
/// Answers that one page looks through; what it does not find in them is on the next.
const PAGES: usize = 10;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Which keys are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Show {
    /// All.
    #[default]
    All,
    /// Those that are deleted.
    Deleted,
    /// Those with old versions.
    Old,
}

impl Show {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Deleted => "deleted",
            Self::Old => "old",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "deleted" => Self::Deleted,
            "old" => Self::Old,
            _ => Self::All,
        }
    }
}

/// Where one is: a folder, which of its keys, and where the page before ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The bucket as the address names it.
    pub bucket: String,
    /// The folder.
    pub prefix: String,
    /// Which keys.
    pub show: Show,
    /// Part of their names in any case, or a pattern.
    pub text: String,
    /// Only keys with a version that has been old for so many days.
    pub days: Option<u32>,
    /// The key at which the page before ended.
    pub after: Option<String>,
    /// Only the key that the prefix is, not those that begin with it.
    pub exact: bool,
}

impl Place {
    /// Reads the address.
    pub fn new(bucket: String, query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            bucket,
            prefix: text("prefix"),
            show: Show::parse(&text("show")),
            text: text("q"),
            days: text("days").trim().parse().ok(),
            after: query.get("after").map(str::to_owned),
            exact: false,
        }
    }

    /// The address, with more: where it goes on, or a question.
    pub fn address(&self, more: &[(&str, &str)]) -> String {
        let days = self.days.map(|days| days.to_string()).unwrap_or_default();
        let mut parameters = vec![
            ("prefix", self.prefix.as_str()),
            ("show", self.show.as_str()),
            ("q", self.text.as_str()),
            ("days", days.as_str()),
        ];
        if !more.iter().any(|(name, _)| *name == "after") {
            parameters.push(("after", self.after.as_deref().unwrap_or_default()));
        }
        parameters.extend(more);
        urls::versions(&self.bucket, &parameters)
    }

    /// Whether something is left out.
    pub fn is_filtered(&self) -> bool {
        self.show != Show::All || !self.text.is_empty() || self.days.is_some()
    }

    fn takes(&self, history: &KeyHistory, now: Timestamp) -> bool {
        if self.exact && history.key != self.prefix {
            return false;
        }
        let shown = match self.show {
            Show::All => true,
            Show::Deleted => history.state() != KeyState::Current,
            Show::Old => history.old().next().is_some(),
        };
        let name = history
            .key
            .strip_prefix(&self.prefix)
            .unwrap_or(&history.key);
        let name = name.strip_suffix('/').unwrap_or(name);
        let named = NameFilter::parse(&self.text).matches(name);
        shown && named && self.days.is_none_or(|days| has_old(history, days, now))
    }
}

/// Whether a key has an old version that is older than so many days.
fn has_old(history: &KeyHistory, days: u32, now: Timestamp) -> bool {
    let limit = now.unix_seconds() - i64::from(days) * DAY_SECONDS;
    history
        .old()
        .filter_map(|moment| moment.last_modified)
        .any(|time| time.unix_seconds() < limit)
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::pages) enum Keeping {
    /// Every write makes one.
    On,
    /// Those that are there stay, and no new ones are made.
    Suspended,
    /// It never did.
    Off,
    /// The account may not know.
    Unknown,
}

/// A page of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::pages) struct Listing {
    /// The bucket.
    pub bucket: BucketName,
    /// Whether it keeps versions.
    pub keeping: Keeping,
    /// The keys that are shown.
    pub rows: Vec<KeyHistory>,
    /// Keys that were looked at and are not shown.
    pub hidden: usize,
    /// The key behind which the next page begins.
    pub next: Option<String>,
}

/// The keys of a place; a name that no bucket can have is a bucket that is not there.
pub(super) async fn list_place(place: Place) -> Result<Listing, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket.clone()) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    let keeping = api::call(GetVersioning {
        bucket: bucket.clone(),
    });
    let (keeping, found) = futures::join!(keeping, find(&bucket, &place, now()));
    let found = found?;
    Ok(Listing {
        bucket,
        keeping: keeping.map_or(Keeping::Unknown, |versioning| {
            match versioning.status.as_deref() {
                Some("Enabled") => Keeping::On,
                Some("Suspended") => Keeping::Suspended,
                _ => Keeping::Off,
            }
        }),
        rows: found.rows,
        hidden: found.hidden,
        next: found.next,
    })
}

#[derive(Debug, Default)]
struct Found {
    rows: Vec<KeyHistory>,
    hidden: usize,
    next: Option<String>,
}

impl Found {
    /// Takes whole keys, in their order, until there are enough.
    fn take(&mut self, place: &Place, keys: Vec<KeyHistory>, now: Timestamp) {
        for history in keys {
            if self.rows.len() == ROWS {
                return;
            }
            self.next = Some(history.key.clone());
            if place.takes(&history, now) {
                self.rows.push(history);
            } else {
                self.hidden += 1;
            }
        }
    }
}

/// Looks through the store's pages until there are enough keys, or enough was looked through.
async fn find(bucket: &BucketName, place: &Place, now: Timestamp) -> Result<Found, Problem> {
    let mut found = Found::default();
    let mut histories = Histories::default();
    let mut marker = (place.after.clone(), None);
    for asked in 1.. {
        let query = ListVersionsQuery {
            prefix: Some(place.prefix.clone()),
            delimiter: None,
            max_keys: Some(PAGE),
            key_marker: marker.0.clone(),
            version_id_marker: marker.1.clone(),
        };
        let request = ListVersions {
            bucket: bucket.clone(),
            query,
        };
        let page = api::call(request).await?;
        let next = (
            page.next_key_marker.clone(),
            page.next_version_id_marker.clone(),
        );
        let ended = !page.is_truncated;
        histories.add(page);
        let keys = histories.take();
        let last = keys.last().map(|history| history.key.clone());
        found.take(place, keys, now);
        // The key that is the prefix comes first, so what comes after it is of no use.
        let is_enough = place.exact && found.next.is_some();
        let is_full = found.rows.len() == ROWS || is_enough;
        if ended && (!is_full || found.next == last) {
            found.next = None;
            break;
        }
        if is_full {
            break;
        }
        if asked >= PAGES || next.0.is_none() || next == marker {
            // A key with more versions than that is shown as far as it is known.
            if found.next.is_none() {
                found.take(place, histories.cut_off().into_iter().collect(), now);
            }
            break;
        }
        marker = next;
    }
    Ok(found)
}

/// The time by which ages are told.
#[cfg(feature = "ssr")]
fn now() -> Timestamp {
    Timestamp::new(time::OffsetDateTime::now_utc())
}

/// The time by which ages are told.
#[cfg(not(feature = "ssr"))]
fn now() -> Timestamp {
    let clock = crate::browser::clock().map(|(now, _)| now);
    clock.unwrap_or_else(|| Timestamp::new(time::OffsetDateTime::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use model::version::Moment;

    use super::*;

    fn history(key: &str, moments: &[(bool, bool, i64)]) -> KeyHistory {
        let moments = moments.iter().map(|(is_marker, is_latest, days)| Moment {
            version_id: "1".to_owned(),
            is_latest: *is_latest,
            is_marker: *is_marker,
            last_modified: Timestamp::from_unix_seconds(100 * DAY_SECONDS - days * DAY_SECONDS),
            size: 1,
        });
        KeyHistory {
            key: key.to_owned(),
            moments: moments.collect(),
            is_whole: true,
        }
    }

    fn today() -> Timestamp {
        Timestamp::from_unix_seconds(100 * DAY_SECONDS).unwrap()
    }

    #[test]
    fn filters_are_of_the_address_and_add_up() {
        let current = history("a/Scan.tif", &[(false, true, 1)]);
        let replaced = history("a/b.tif", &[(false, true, 1), (false, false, 40)]);
        let deleted = history("a/c.tif", &[(true, true, 2), (false, false, 9)]);
        let of = |query: &str| {
            let place = Place::new("b-1".to_owned(), &Query::parse(query));
            [&current, &replaced, &deleted].map(|history| place.takes(history, today()))
        };
        assert_eq!(of(""), [true; 3]);
        assert_eq!(of("show=deleted"), [false, false, true]);
        assert_eq!(of("show=old"), [false, true, true]);
        assert_eq!(of("days=30"), [false, true, false]);
        assert_eq!(of("q=SCAN"), [true, false, false]);
        // The folder is no part of the name.
        assert_eq!(of("prefix=a%2F&q=a%2F"), [false; 3]);
        assert_eq!(of("show=old&days=8&q=c"), [false, false, true]);
        assert_eq!(of("show=everything&days=soon"), [true; 3]);
        let exact = Place {
            prefix: "a/b.tif".to_owned(),
            exact: true,
            ..Place::default()
        };
        let longer = history("a/b.tiff", &[(false, true, 1)]);
        assert!(exact.takes(&replaced, today()));
        assert!(!exact.takes(&longer, today()));
    }

    #[test]
    fn an_address_keeps_the_filters_and_leads_on() {
        let query = "prefix=a%2F&show=old&q=x%26y&days=3&after=a%2Fk";
        let place = Place::new("b-1".to_owned(), &Query::parse(query));
        assert!(place.is_filtered());
        let here = place.address(&[]);
        assert_eq!(here, format!("/buckets/b-1/versions?{query}"));
        assert_eq!(
            place.address(&[("after", "a/z")]),
            "/buckets/b-1/versions?prefix=a%2F&show=old&q=x%26y&days=3&after=a%2Fz"
        );
        assert_eq!(
            place.address(&[("after", "")]),
            "/buckets/b-1/versions?prefix=a%2F&show=old&q=x%26y&days=3"
        );
    }

    #[test]
    fn a_page_ends_behind_its_last_key() {
        let keys = |from: usize, to: usize| -> Vec<KeyHistory> {
            let keys = (from..to).map(|n| history(&format!("k{n:03}"), &[(false, true, 1)]));
            keys.collect()
        };
        let place = Place::default();
        let mut found = Found::default();
        found.take(&place, keys(0, 30), today());
        assert_eq!(found.next.as_deref(), Some("k029"));
        found.take(&place, keys(30, 90), today());
        assert_eq!(found.rows.len(), ROWS);
        assert_eq!(found.next.as_deref(), Some("k049"));
    }
}
