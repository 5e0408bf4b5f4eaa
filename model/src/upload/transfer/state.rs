//! What a person sees of a transfer.

use super::{End, Fault, FileFacts, Hold, Step, Transfer};
use crate::{ObjectKey, PartChecksum, Timestamp, UploadId, session::UploadRoute};

/// What a person sees a transfer doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In the queue.
    Waiting,
    /// Bytes are on their way.
    Uploading,
    /// The last attempt failed; the next one comes by itself.
    Retrying {
        /// When, by the browser's clock.
        at: u64,
    },
    /// Waits for somebody to sign in; what was sent stays.
    SignedOut,
    /// All bytes are there; being checked and put together.
    Completing,
    /// The store has confirmed.
    Done,
    /// Will not go on by itself.
    Failed,
    /// The file is not the one that was chosen any more.
    Changed,
    /// The person did not want it any more.
    Cancelled,
    /// By the person; stored parts stay.
    Paused,
    /// No network; it goes on by itself.
    Offline,
    /// Something is in the way, or the bucket does not let the page in: somebody has to choose.
    NeedsDecision,
    /// After a reload: needs the file again.
    FileNeeded,
}

impl State {
    /// The word in `data-state`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Uploading => "uploading",
            Self::Retrying { .. } => "retrying",
            Self::SignedOut => "signed-out",
            Self::Completing => "completing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Paused => "paused",
            Self::Offline => "offline",
            Self::NeedsDecision => "needs-decision",
            Self::FileNeeded => "file-needed",
        }
    }

    /// Whether nothing goes on unless somebody does something.
    pub fn is_at_rest(self) -> bool {
        matches!(
            self,
            Self::SignedOut
                | Self::Done
                | Self::Failed
                | Self::Changed
                | Self::Cancelled
                | Self::NeedsDecision
                | Self::FileNeeded
        )
    }

    /// Whether it goes on without anybody.
    pub fn goes_on(self) -> bool {
        !self.is_at_rest() && self != Self::Paused
    }

    /// Whether nothing will come of it any more: nobody waits for it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

/// Something a person should know of a transfer beside its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The store had forgotten the upload: it began from the first byte again.
    BegunAnew,
    /// The answer to completing was lost, but the object is there.
    FoundComplete,
    /// The account may not look at the object, so its size was not compared.
    Unseen,
    /// The change of the file was noticed after the store had taken it.
    StoredBeforeChange,
    /// The store did not agree to give the parts up.
    PartsLeft,
    /// The file that was given is another one than the upload was begun with.
    OtherFile,
    /// The browser could not reach the store.
    ThroughHako,
}

/// What the store holds of a file that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The object's entity tag, with its quotes; none where the account may not look at it.
    pub etag: Option<String>,
    /// The version that it became, where the store told.
    pub version_id: Option<String>,
    /// When it was stored, by the store's clock.
    pub stored_at: Option<Timestamp>,
    /// The checksum that a file which went as a whole was sent with.
    pub checksum: Option<PartChecksum>,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that the store has.
    pub stored: u64,
    /// Bytes of running requests that have left the browser.
    pub in_flight: u64,
    /// Parts stored, and parts in all; `None` for a file that goes as a whole.
    pub parts: Option<(u32, u32)>,
}

impl Transfer {
    /// What a person sees it doing.
    pub fn state(&self) -> State {
        match &self.end {
            Some(End::Done) => return State::Done,
            Some(End::Failed(_)) => return State::Failed,
            Some(End::SignedOut) => return State::SignedOut,
            Some(End::Changed) => return State::Changed,
            Some(End::Cancelled) => return State::Cancelled,
            Some(End::FileNeeded) => return State::FileNeeded,
            Some(End::InTheWay(_)) => return State::NeedsDecision,
            None => {}
        }
        if self.holds.any() && !self.is_ending() {
            return if self.holds.has(Hold::Paused) {
                State::Paused
            } else if self.holds.has(Hold::Offline) {
                State::Offline
            } else {
                State::NeedsDecision
            };
        }
        if let Some(at) = self.pause {
            return State::Retrying { at };
        }
        match &self.step {
            Step::Idle => State::Waiting,
            Step::Sending => match self.parts.all_delayed_until() {
                Some(at) => State::Retrying { at },
                None => State::Uploading,
            },
            Step::Beginning => State::Uploading,
            Step::Listing(listing) if !listing.is_final() => State::Uploading,
            _ => State::Completing,
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let Some(plan) = self.plan else {
            let stored = self.is_stored_whole();
            return Progress {
                stored: if stored { self.file.size } else { 0 },
                in_flight: if stored { 0 } else { self.whole_loaded },
                parts: None,
            };
        };
        if matches!(self.end, Some(End::Done)) {
            return Progress {
                stored: self.file.size,
                in_flight: 0,
                parts: Some((plan.count(), plan.count())),
            };
        }
        Progress {
            stored: self.parts.stored_bytes(),
            in_flight: self.parts.loaded_bytes(),
            parts: Some((self.parts.stored(), plan.count())),
        }
    }

    /// Why it failed, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.end {
            Some(End::Failed(fault)) => Some(fault),
            _ => None,
        }
    }

    /// Something to know beside the state.
    pub fn note(&self) -> Option<Note> {
        self.note
    }

    /// Whether what runs can only be waited for.
    fn is_ending(&self) -> bool {
        matches!(self.step, Step::Completing | Step::Confirming) && !self.holds.parked
    }

    /// The key it goes to. Keeping both may give it another one.
    pub fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// What was stored, once it is done.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }

    /// Whether an object is in the way, about which somebody has to decide.
    pub fn is_in_the_way(&self) -> bool {
        matches!(self.end, Some(End::InTheWay(_)))
    }

    /// Whether nothing was asked for yet.
    pub fn is_untouched(&self) -> bool {
        matches!(self.step, Step::Idle) && self.end.is_none() && self.next_ticket == 0
    }

    /// The store's id of its upload, once one is begun and until it is over.
    pub fn upload_id(&self) -> Option<&UploadId> {
        self.upload_id.as_ref()
    }

    /// Whether somebody began it elsewhere, and its file has not been compared with what is stored.
    pub fn is_lent(&self) -> bool {
        self.lent
    }

    /// Whether it waits for a file.
    pub fn wants_file(&self) -> bool {
        matches!(self.end, Some(End::FileNeeded | End::Changed)) && self.upload_id.is_some()
    }

    /// Whether the file turned out to be another one than was begun, so that it can be uploaded from its first byte.
    /// Not what somebody began elsewhere: its metadata and other options are known to the store alone.
    pub fn can_start_again(&self) -> bool {
        let differs = match self.end {
            Some(End::Changed) => true,
            Some(End::FileNeeded) => self.note == Some(Note::OtherFile),
            _ => false,
        };
        differs && !self.adopted
    }

    /// Whether it failed in the middle, so that it can wait for its file as after a reload.
    pub fn can_save(&self) -> bool {
        matches!(self.end, Some(End::Failed(_))) && self.upload_id.is_some() && !self.lent
    }

    /// Whether it is, or can be, paused.
    pub fn can_pause(&self) -> bool {
        self.end.is_none() && !self.is_ending() && !self.holds.has(Hold::Paused)
    }

    /// Which way its bytes go.
    pub fn route(&self) -> UploadRoute {
        self.route
    }

    /// The file.
    pub fn file(&self) -> &FileFacts {
        &self.file
    }

    /// Whether cancelling still keeps the object from coming into being.
    pub fn can_cancel(&self) -> bool {
        match self.end {
            None => !self.is_ending(),
            Some(End::Done | End::Cancelled) => false,
            Some(_) => true,
        }
    }

    /// Whether [`Event::Retry`] would do something.
    pub fn can_retry(&self) -> bool {
        match &self.end {
            Some(End::Failed(fault)) => fault.can_retry(),
            Some(End::SignedOut) => true,
            Some(_) => false,
            None => matches!(self.state(), State::Retrying { .. }),
        }
    }
}
