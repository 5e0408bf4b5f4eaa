//! What a person sees of a transfer.

use super::{End, Fault, FileFacts, Step, Transfer};
use crate::session::UploadRoute;

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
        }
    }

    /// Whether nothing goes on unless somebody does something.
    pub fn is_at_rest(self) -> bool {
        matches!(
            self,
            Self::SignedOut | Self::Done | Self::Failed | Self::Changed | Self::Cancelled
        )
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
}

impl Note {
    /// The note in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::BegunAnew => {
                "The store had forgotten the upload, so it began again from the first byte."
            }
            Self::FoundComplete => {
                "The connection broke while the parts were put together; the object is there."
            }
            Self::Unseen => {
                "Your account may not read this bucket, so the object's size was not compared."
            }
            Self::StoredBeforeChange => {
                "The store had already taken it: look at the object before you rely on it."
            }
            Self::PartsLeft => {
                "The store could not be told to drop the parts already sent; it may keep them until it cleans up."
            }
        }
    }
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
            None => {}
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
            None => !matches!(self.step, Step::Completing | Step::Confirming),
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
