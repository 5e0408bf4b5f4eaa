//! Why a transfer stopped.

use super::{Failure, KeyFault, Kind, PlanError};

/// Why a transfer will not go on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The reason.
    pub why: Why,
    /// The failure behind it, where a request failed.
    pub failure: Option<Failure>,
}

/// The reasons why a transfer stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The key it would get is none.
    Key(KeyFault),
    /// Another transfer of this page goes to the same key.
    KeyTaken,
    /// No plan of parts fits the file.
    Size(PlanError),
    /// Larger than an object can be.
    TooLarge,
    /// Tried often enough.
    Exhausted,
    /// A request was refused for good.
    Refused,
    /// The server planned other parts than the browser.
    PlanDiffers,
    /// The store's list of parts stays other than planned.
    PartsDiffer,
    /// The stored object has another size.
    SizeDiffers {
        /// Bytes of the file.
        expected: u64,
        /// Bytes of the object.
        found: u64,
    },
    /// The object does not show up.
    Unconfirmed,
    /// The store forgot the upload again and again.
    UploadLost,
    /// It was begun elsewhere, and the store does not know it any more.
    Gone,
    /// What is in the way is under retention or hold.
    Protected,
    /// No name beside the key is free.
    NoName,
}

impl Fault {
    /// A fault without a request behind it.
    pub fn new(why: Why) -> Self {
        Self { why, failure: None }
    }

    /// A fault that a failed request caused.
    pub fn by(why: Why, failure: Failure) -> Self {
        Self {
            why,
            failure: Some(failure),
        }
    }

    /// Whether trying again can help without another file or another name.
    pub fn can_retry(&self) -> bool {
        !matches!(
            self.why,
            Why::Key(_) | Why::Size(_) | Why::TooLarge | Why::Gone
        )
    }

    /// Whether another key would help.
    pub(super) fn is_of_key(&self) -> bool {
        matches!(self.why, Why::Key(_) | Why::KeyTaken)
    }

    /// Whether the store has no room.
    pub fn is_out_of_space(&self) -> bool {
        self.kind() == Some(Kind::OutOfSpace)
    }

    /// The kind of the failure behind it.
    pub fn kind(&self) -> Option<Kind> {
        self.failure.as_ref().map(Failure::kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_file_or_name_alone_would_mend_is_not_tried_again() {
        assert!(Fault::by(Why::Refused, Failure::store(507, "")).is_out_of_space());
        assert!(!Fault::new(Why::Key(KeyFault::Nul)).can_retry());
        assert!(Fault::new(Why::Exhausted).can_retry());
    }
}
