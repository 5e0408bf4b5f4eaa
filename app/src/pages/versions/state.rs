//! What the parts of the page share: the keys, which are unfolded, which are selected.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, ObjectKey, Problem,
    job::JobKind,
    object::{CopyObject, CopySource, DeleteObject},
    session::Session,
    version::{KeyHistory, Moment},
};

use super::{
    compare::Compared,
    listing::{Keeping, Listing, Place, list_place},
};
use crate::{
    api, browser,
    ui::{Messages, ModalHandle},
    urls::{self, Query},
};

/// A version that a dialog is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doomed {
    /// The key.
    pub key: String,
    /// The version.
    pub version_id: String,
}

/// Where versions are shown beside something else.
#[derive(Clone)]
pub(super) struct Home {
    /// The address of that.
    pub address: String,
    /// What takes the focus after something was done.
    pub focus: &'static str,
    /// Hears that something was done.
    pub changed: Callback<()>,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct VersionsState {
    /// The bucket.
    pub bucket: StoredValue<BucketName>,
    /// The folder, the filters and the page.
    pub place: StoredValue<Place>,
    /// The session that the page was drawn with.
    pub session: StoredValue<Session>,
    /// Whether the bucket keeps versions.
    pub keeping: RwSignal<Keeping>,
    /// The keys.
    pub rows: RwSignal<Vec<KeyHistory>>,
    /// Keys that were looked at and are not shown.
    pub hidden: RwSignal<usize>,
    /// The key behind which the next page begins.
    pub next: RwSignal<Option<String>>,
    /// The keys that are unfolded.
    pub open: RwSignal<BTreeSet<String>>,
    /// The keys that are selected.
    pub selected: RwSignal<BTreeSet<String>>,
    /// The version that a dialog is about.
    pub doomed: RwSignal<Option<Doomed>>,
    /// The dialog for a version that goes.
    pub delete: ModalHandle,
    /// The dialog for the switch.
    pub switch: ModalHandle,
    /// The dialog for many keys.
    pub bulk: ModalHandle,
    /// What is done to them.
    pub kind: RwSignal<JobKind>,
    /// Whether something is under way.
    pub busy: RwSignal<bool>,
    /// Up to two versions that are to be compared.
    pub chosen: RwSignal<Vec<String>>,
    /// How they differ.
    pub compared: RwSignal<Option<Compared>>,
    /// Messages.
    pub messages: Messages,
    /// Where versions are shown, if not on their own page.
    home: StoredValue<Option<Home>>,
}

impl VersionsState {
    /// Begins with what the server rendered.
    pub fn new(place: Place, session: Session, listing: Listing, query: &Query) -> Self {
        let asked = query.get("ask").unwrap_or_default();
        let doomed = query.get("key").zip(query.get("version"));
        let doomed = doomed.map(|(key, version_id)| Doomed {
            key: key.to_owned(),
            version_id: version_id.to_owned(),
        });
        let asks_delete = asked == "delete" && doomed.is_some();
        Self {
            bucket: StoredValue::new(listing.bucket),
            place: StoredValue::new(place),
            session: StoredValue::new(session),
            keeping: RwSignal::new(listing.keeping),
            rows: RwSignal::new(listing.rows),
            hidden: RwSignal::new(listing.hidden),
            next: RwSignal::new(listing.next),
            open: RwSignal::new(query.all("open").into_iter().collect()),
            selected: RwSignal::new(BTreeSet::new()),
            doomed: RwSignal::new(doomed),
            delete: ModalHandle::new(asks_delete),
            switch: ModalHandle::new(asked == "versioning"),
            bulk: ModalHandle::new(false),
            kind: RwSignal::new(JobKind::Restore),
            busy: RwSignal::new(false),
            chosen: RwSignal::new(Vec::new()),
            compared: RwSignal::new(None),
            messages: Messages::here(),
            home: StoredValue::new(None),
        }
    }

    /// The same beside something else.
    pub fn at(self, home: Home) -> Self {
        self.home.set_value(Some(home));
        self
    }

    /// Whether versions are shown beside something else.
    pub fn is_beside(self) -> bool {
        self.home.with_value(Option::is_some)
    }

    /// The address of this page.
    pub fn here(self) -> String {
        self.place.with_value(|place| place.address(&[]))
    }

    /// The address of what is shown, on this page or elsewhere.
    pub fn shown_at(self) -> String {
        let home = self.home.with_value(|home| {
            let home = home.as_ref()?;
            Some(home.address.clone())
        });
        home.unwrap_or_else(|| self.here())
    }

    /// The address of this page with more.
    pub fn with(self, more: &[(&str, &str)]) -> String {
        self.place.with_value(|place| place.address(more))
    }

    /// Whether the page was left while something was under way.
    pub fn is_gone(self) -> bool {
        self.rows.is_disposed()
    }

    /// Lists again; then moves the focus.
    pub fn refresh(self, focus: Option<String>) {
        let place = self.place.get_value();
        spawn_local(async move {
            let answer = list_place(place).await;
            if self.is_gone() {
                return;
            }
            match answer {
                Ok(listing) => {
                    self.keeping.set(listing.keeping);
                    self.hidden.set(listing.hidden);
                    self.next.set(listing.next);
                    let keys: BTreeSet<_> =
                        listing.rows.iter().map(|row| row.key.clone()).collect();
                    self.selected
                        .update(|selected| selected.retain(|key| keys.contains(key)));
                    self.rows.set(listing.rows);
                }
                Err(problem) => self.failed(&problem),
            }
            if let Some(focus) = focus {
                request_animation_frame(move || browser::focus(&focus));
            }
        });
    }

    /// Says what went wrong; an ended session leads to sign-in and back.
    pub fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            browser::go(&urls::sign_in(&self.shown_at()));
        } else {
            self.messages.error(problem.sentence());
        }
    }

    /// Copies a version on top, then says so.
    pub fn restore(self, key: String, version_id: String, done: String) {
        let Ok(parsed) = ObjectKey::parse(key.clone()) else {
            return;
        };
        let request = CopyObject {
            bucket: self.bucket.get_value(),
            key: parsed,
            source: CopySource {
                source_bucket: self.bucket.with_value(ToString::to_string),
                source_key: key.clone(),
                source_version_id: Some(version_id),
            },
        };
        self.act(
            key,
            done,
            async move { api::call(request).await.map(|_| ()) },
        );
    }

    /// Removes versions or markers of a key for good, one after the other, then says so.
    pub fn remove(self, key: String, ids: Vec<String>, done: String) {
        let Ok(parsed) = ObjectKey::parse(key.clone()) else {
            return;
        };
        let bucket = self.bucket.get_value();
        self.act(key, done, async move {
            for version_id in ids {
                let request = DeleteObject {
                    bucket: bucket.clone(),
                    key: parsed.clone(),
                    version_id: Some(version_id),
                };
                api::call(request).await?;
            }
            Ok(())
        });
    }

    fn act(
        self,
        key: String,
        done: String,
        acting: impl Future<Output = Result<(), Problem>> + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = acting.await;
            if self.is_gone() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(()) => {
                    self.messages.success(done);
                    let focus = self.home.with_value(|home| {
                        let home = home.as_ref()?;
                        home.changed.run(());
                        Some(home.focus.to_owned())
                    });
                    self.refresh(Some(focus.unwrap_or_else(|| row_summary(&key))));
                }
                Err(problem) => {
                    self.failed(&problem);
                    self.refresh(None);
                }
            }
        });
    }

    /// Takes a key in, or out.
    pub fn toggle(self, key: &str) {
        self.selected.update(|selected| {
            if !selected.remove(key) {
                selected.insert(key.to_owned());
            }
        });
    }

    /// All keys of the page, or none.
    pub fn select_all(self, all: bool) {
        let keys = |rows: &Vec<KeyHistory>| rows.iter().map(|row| row.key.clone()).collect();
        self.selected.set(if all {
            self.rows.with_untracked(keys)
        } else {
            BTreeSet::new()
        });
    }
}

/// The selector of what unfolds a key.
fn row_summary(key: &str) -> String {
    let key: String = key.chars().flat_map(char::escape_unicode).collect();
    let key = key.replace("\\u{", "\\").replace('}', " ");
    format!("[data-key=\"{key}\"] summary, h1")
}

/// Sums over the keys that are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Keys.
    pub keys: usize,
    /// Versions, those of today included.
    pub versions: usize,
    /// Delete markers.
    pub markers: usize,
    /// Versions that are not the object as it is.
    pub old: usize,
    /// Their bytes.
    pub old_bytes: u64,
}

impl Totals {
    /// Adds all up.
    pub fn of(rows: &[KeyHistory]) -> Self {
        rows.iter().fold(Self::default(), |sum, row| Self {
            keys: sum.keys + 1,
            versions: sum.versions + row.versions(),
            markers: sum.markers + row.moments.iter().filter(|one| is_marker(one)).count(),
            old: sum.old + row.old().count(),
            old_bytes: sum.old_bytes + row.old_bytes(),
        })
    }
}

fn is_marker(moment: &Moment) -> bool {
    moment.is_marker
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_key_can_be_found_by_a_selector() {
        assert_eq!(
            row_summary("a\"\\é"),
            "[data-key=\"\\61 \\22 \\5c \\e9 \"] summary, h1"
        );
    }

    #[test]
    fn totals_count_every_version_once() {
        let moment = |is_marker, is_latest, size| Moment {
            version_id: "1".to_owned(),
            is_latest,
            is_marker,
            last_modified: None,
            size,
        };
        let row = |moments| KeyHistory {
            key: "k".to_owned(),
            moments,
            is_whole: true,
        };
        let rows = [
            row(vec![moment(false, true, 5), moment(false, false, 3)]),
            row(vec![moment(true, true, 0), moment(false, false, 7)]),
        ];
        let expected = Totals {
            keys: 2,
            versions: 3,
            markers: 1,
            old: 2,
            old_bytes: 10,
        };
        assert_eq!(Totals::of(&rows), expected);
    }
}
