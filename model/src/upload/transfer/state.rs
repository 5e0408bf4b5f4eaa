//! What a person sees of a transfer.

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
