//! What the parts of the page share: the rows, what is stored of each, and the dialogs.

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Problem, Timestamp, multipart::OpenUpload, session::Session, upload::Unfit,
};

use super::listing::{AT_ONCE, Listing, Parts, Place, list_place, parts_of};
use crate::{
    api, browser,
    ui::{Messages, ModalHandle},
    upload::{Noted, Uploads, use_noted, use_uploads},
    urls,
};

/// What is known of the parts of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Nobody has asked yet.
    Unasked,
    /// The store has told.
    Known {
        /// How many.
        parts: usize,
        /// How large together.
        bytes: u64,
        /// Whether they could be put together.
        is_whole: bool,
        /// Why no file could go on with them.
        unfit: Option<Unfit>,
        /// When the store gives the upload up by itself.
        abort_date: Option<Timestamp>,
    },
    /// The store does not let this account look.
    Refused,
    /// The question failed.
    Failed(String),
}

/// An upload and what is stored of it.
#[derive(Clone)]
pub struct Row {
    /// The upload.
    pub upload: OpenUpload,
    /// What is stored.
    pub stored: ArcRwSignal<Stored>,
}

impl Row {
    fn new(upload: OpenUpload) -> Self {
        Self {
            upload,
            stored: ArcRwSignal::new(Stored::Unasked),
        }
    }
}

/// The state of one page of uploads.
#[derive(Clone, Copy)]
pub struct UploadsPageState {
    /// The bucket.
    pub bucket: StoredValue<BucketName>,
    /// Where the page begins.
    pub place: StoredValue<Place>,
    /// The session that the page was drawn with.
    pub session: StoredValue<Session>,
    /// The uploads.
    pub rows: RwSignal<Vec<Row>>,
    /// Where the next page begins.
    pub next: RwSignal<Option<(String, String)>>,
    /// Whether the store gives uploads up by itself.
    pub expires: RwSignal<Option<bool>>,
    /// The upload that a dialog is about, or that waits for its file.
    pub chosen: RwSignal<Option<OpenUpload>>,
    /// The dialog for one.
    pub abort: ModalHandle,
    /// The dialog for all that are old.
    pub older: ModalHandle,
    /// The dialog for putting one together as it is.
    pub complete: ModalHandle,
    /// Messages.
    pub messages: Messages,
    /// The uploads of this tab.
    uploads: StoredValue<Uploads>,
    /// Which uploads this browser has notes of.
    pub noted: Noted,
}

impl UploadsPageState {
    /// Begins with what the server rendered.
    pub fn new(
        place: Place,
        session: Session,
        listing: Listing,
        chosen: Option<OpenUpload>,
        asked: &str,
    ) -> Self {
        let asks_abort = chosen.is_some() && asked == "abort";
        Self {
            bucket: StoredValue::new(listing.bucket),
            place: StoredValue::new(place),
            session: StoredValue::new(session),
            rows: RwSignal::new(listing.uploads.into_iter().map(Row::new).collect()),
            next: RwSignal::new(listing.next),
            expires: RwSignal::new(listing.expires),
            chosen: RwSignal::new(chosen),
            abort: ModalHandle::new(asks_abort),
            older: ModalHandle::new(false),
            complete: ModalHandle::new(false),
            messages: Messages::here(),
            uploads: StoredValue::new(use_uploads()),
            noted: use_noted(),
        }
    }

    /// The address of this page.
    pub fn here(self) -> String {
        self.place.with_value(|place| {
            let after = place.after.as_ref();
            let after = after.map(|(key, upload)| (key.as_str(), upload.as_str()));
            urls::uploads(&place.bucket, after)
        })
    }

    /// Whether the page was left while something was under way.
    pub fn is_gone(self) -> bool {
        self.rows.is_disposed()
    }

    /// Reads which uploads this browser has notes of.
    pub fn load_noted(self) {
        self.uploads.with_value(Uploads::load_noted);
    }

    /// Stops what this tab does for an upload.
    pub fn abandon(self, upload_id: &str) {
        self.uploads
            .try_with_value(|uploads| uploads.abandon(upload_id));
    }

    /// Goes on with an upload, with the file that was chosen for it.
    #[cfg(feature = "hydrate")]
    pub fn go_on(self, remains: model::upload::Remains, file: web_sys::File) {
        self.uploads
            .try_with_value(|uploads| uploads.go_on(remains, file));
    }

    /// Asks what is stored of the uploads of which that is not known, a few at a time.
    pub fn look_into_all(self) {
        let unasked = |row: &Row| {
            row.stored
                .with_untracked(|stored| *stored == Stored::Unasked)
        };
        let rows = self.rows.get_untracked();
        let rows: Vec<Row> = rows.into_iter().filter(unasked).collect();
        spawn_local(async move {
            futures::stream::iter(rows)
                .for_each_concurrent(AT_ONCE, |row| self.look_into(row))
                .await;
        });
    }

    async fn look_into(self, row: Row) {
        let Some(bucket) = self.bucket.try_get_value() else {
            return;
        };
        let answer = parts_of(&bucket, &row.upload).await;
        if self.is_gone() {
            return;
        }
        row.stored.set(match answer {
            Ok(parts) => known(&bucket, &row.upload, &parts),
            Err(problem) if problem.code == model::ErrorCode::AccessDenied => Stored::Refused,
            Err(problem) => Stored::Failed(problem.sentence()),
        });
    }

    /// Lists again, keeping what is known of uploads that stay; then moves the focus.
    pub fn refresh(self, focus: Option<String>) {
        let place = self.place.get_value();
        spawn_local(async move {
            let answer = list_place(place).await;
            if self.is_gone() {
                return;
            }
            match answer {
                Ok(listing) => self.take(listing),
                Err(problem) => self.failed(&problem),
            }
            if let Some(focus) = focus {
                request_animation_frame(move || browser::focus(&focus));
            }
        });
    }

    fn take(self, listing: Listing) {
        let before = self.rows.get_untracked();
        let rows = listing.uploads.into_iter().map(|upload| {
            let known = before.iter().find(|row| row.upload == upload);
            known.cloned().unwrap_or_else(|| Row::new(upload))
        });
        self.rows.set(rows.collect());
        self.next.set(listing.next);
        self.expires.set(listing.expires);
        self.load_noted();
        self.look_into_all();
    }

    /// Asks again of one upload, whose parts may have changed.
    pub fn look_again(self, upload_id: &str) {
        let row = self.rows.with_untracked(|rows| {
            let mut rows = rows.iter();
            rows.find(|row| row.upload.upload_id == upload_id).cloned()
        });
        if let Some(row) = row {
            spawn_local(self.look_into(row));
        }
    }

    /// The selector of what takes the focus when a row is gone: the next row, else the one before, else
    /// the heading.
    pub fn beside(self, upload_id: &str) -> String {
        self.rows.with_untracked(|rows| {
            let at = rows
                .iter()
                .position(|row| row.upload.upload_id == upload_id);
            at.and_then(|at| rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?)))
                .map_or_else(|| "h1".to_owned(), |row| row_link(&row.upload.upload_id))
        })
    }

    /// Says what went wrong; an ended session leads to sign-in and back.
    pub fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            browser::go(&urls::sign_in(&self.here()));
        } else {
            self.messages.error(problem.sentence());
        }
    }

    /// Why this account may not add parts to an upload, if it may not.
    pub fn is_somebody_else_s(self, upload: &OpenUpload) -> bool {
        self.session.with_value(|session| {
            let initiator = upload.initiator.as_ref();
            session.features.parts_by_initiator
                && initiator.is_some_and(|person| is_another(person, &session.username))
        })
    }
}

/// Whether a person is known, and not this user. HCP's names do not differ by capitals alone.
fn is_another(person: &model::bucket::Owner, username: &str) -> bool {
    let name = person.display_name.as_deref();
    name.is_some_and(|name| !name.is_empty() && !name.eq_ignore_ascii_case(username))
}

fn known(bucket: &BucketName, upload: &OpenUpload, parts: &Parts) -> Stored {
    Stored::Known {
        parts: parts.list.len(),
        bytes: parts.bytes(),
        is_whole: parts.is_whole(),
        unfit: parts.remains(bucket, upload).err(),
        abort_date: parts.abort_date,
    }
}

/// The selector of a row's link.
pub fn row_link(upload_id: &str) -> String {
    let id = upload_id.replace(['"', '\\'], "");
    format!("[data-upload-link=\"{id}\"]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_began_an_upload_is_told_by_the_name() {
        let person = |name: Option<&str>| model::bucket::Owner {
            display_name: name.map(str::to_owned),
            id: None,
        };
        assert!(is_another(&person(Some("bob")), "alice"));
        assert!(!is_another(&person(Some("Alice")), "alice"));
        // Where the store does not tell, it decides by itself.
        assert!(!is_another(&person(Some("")), "alice"));
        assert!(!is_another(&person(None), "alice"));
    }
}
