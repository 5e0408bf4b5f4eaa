//! Why a transfer stopped, and how a person is told.

use super::{ATTEMPTS, Failure, KeyFault, Kind, Origin, PlanError};
use crate::unit::{count, exact_bytes};

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

/// What a person is told about a transfer that stopped: why, what is unharmed, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Why, in words.
    pub why: String,
    /// What is unharmed.
    pub unharmed: String,
    /// What to do.
    pub remedy: String,
    /// The code behind it, for the details.
    pub code: Option<String>,
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

    fn kind(&self) -> Option<Kind> {
        self.failure.as_ref().map(Failure::kind)
    }

    /// Tells a person. `kept` is how many parts the store keeps for this upload.
    pub fn words(&self, bucket: &str, kept: u32) -> Words {
        let (why, remedy) = self.why_and_remedy(bucket);
        let unharmed = if kept > 0 {
            let (parts, verb) = if kept == 1 {
                ("part", "is")
            } else {
                ("parts", "are")
            };
            format!(
                "The {} {parts} already stored {verb} kept.",
                count(kept.into())
            )
        } else if matches!(self.why, Why::SizeDiffers { .. } | Why::Unconfirmed) {
            "The file on your device is unharmed.".to_owned()
        } else {
            "Nothing in the bucket was changed.".to_owned()
        };
        Words {
            why,
            unharmed,
            remedy,
            code: self.failure.as_ref().map(Failure::code),
        }
    }

    fn why_and_remedy(&self, bucket: &str) -> (String, String) {
        let retry = "Press Retry.";
        let (why, remedy) = match &self.why {
            Why::Key(fault) => (
                fault.to_string(),
                "Give it another key in its details, or rename the file and upload it again.",
            ),
            Why::KeyTaken => (
                "Another upload of this page goes to the same key.".to_owned(),
                "Give this one another key in its details; or wait until the other has ended, then press Retry to \
                 replace what it stored; or remove this one.",
            ),
            Why::Size(fault) => (fault.to_string(), "Split the file."),
            Why::TooLarge => (
                "An object holds at most 5 TB.".to_owned(),
                "Split the file.",
            ),
            Why::Exhausted => return self.exhausted(),
            Why::Refused => return self.refused(bucket),
            Why::PlanDiffers => (
                "Hako planned other parts than this page.".to_owned(),
                "Reload the page and upload the file again.",
            ),
            Why::PartsDiffer => (
                "The store does not list the parts as they were sent.".to_owned(),
                retry,
            ),
            Why::SizeDiffers { expected, found } => (
                format!(
                    "The stored object has {}, the file has {}. Somebody else may have written to the same key.",
                    exact_bytes(*found),
                    exact_bytes(*expected)
                ),
                "Look at the object, then press Retry to replace it.",
            ),
            Why::Unconfirmed => (
                "The store took the bytes, but does not show the object.".to_owned(),
                "Refresh the list. If the object is missing, press Retry.",
            ),
            Why::UploadLost => (
                "The store forgot the upload several times.".to_owned(),
                retry,
            ),
            Why::Gone => (
                "It was completed or given up elsewhere, so there is nothing to go on with."
                    .to_owned(),
                "Look at the bucket. If the object is missing, upload the file anew.",
            ),
            Why::Protected => (
                "The object that is there is under retention or hold, so it cannot be replaced."
                    .to_owned(),
                "Keep both, or wait until its retention is over.",
            ),
            Why::NoName => (
                "A thousand names like it are taken already.".to_owned(),
                "Rename the file and upload it again.",
            ),
        };
        (why, remedy.to_owned())
    }

    fn exhausted(&self) -> (String, String) {
        let who = match self.failure.as_ref().map(|f| &f.origin) {
            Some(Origin::Network) => "the store could not be reached",
            Some(Origin::Silence) => "nothing moved for 60 s",
            Some(Origin::Hako(_)) => "Hako could not do its part",
            _ => "the store failed",
        };
        let detail = self.detail();
        (
            format!("Tried {ATTEMPTS} times: {who}.{detail}"),
            "Check the connection and the store, then press Retry: it goes on where it stopped."
                .to_owned(),
        )
    }

    fn refused(&self, bucket: &str) -> (String, String) {
        let detail = self.detail();
        let (why, remedy) = match self.kind() {
            Some(Kind::OutOfSpace) => (
                format!("The bucket \"{bucket}\", or the store, has no room left.{detail}"),
                "Free space or ask for a larger quota, then press Retry.",
            ),
            Some(Kind::Denied | Kind::Expired) => (
                format!("The store did not allow to write to the bucket \"{bucket}\".{detail}"),
                "Ask for the right to write, then press Retry.",
            ),
            Some(Kind::Skew) => (
                format!("The store's clock and Hako's differ too much.{detail}"),
                "Ask the administrator to set the clocks, then press Retry.",
            ),
            Some(Kind::NoBucket) => (
                format!("The bucket \"{bucket}\" cannot be reached.{detail}"),
                "Look whether it still exists, then press Retry.",
            ),
            Some(Kind::Conflict) => (
                format!("The store does not let this key be overwritten now.{detail}"),
                "Delete or rename the existing object, then press Retry.",
            ),
            Some(Kind::Damaged) => (
                format!("The bytes did not arrive as they were sent.{detail}"),
                "Press Retry. If it comes back, the file or the line is damaged.",
            ),
            _ => (
                format!("The request was refused.{detail}"),
                "Press Retry; if it comes back, tell the administrator the code.",
            ),
        };
        (why, remedy.to_owned())
    }

    /// What the other side said, as a sentence after ours.
    fn detail(&self) -> String {
        match &self.failure {
            Some(failure) if !failure.detail.is_empty() => format!(" ({})", failure.detail),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_why_what_is_unharmed_and_what_to_do() {
        let fault = Fault::by(Why::Refused, Failure::store(507, ""));
        let words = fault.words("raw-scans", 3);
        assert_eq!(
            words.why,
            "The bucket \"raw-scans\", or the store, has no room left."
        );
        assert_eq!(words.unharmed, "The 3 parts already stored are kept.");
        assert!(words.remedy.contains("Retry"));
        assert_eq!(words.code.as_deref(), Some("status 507"));
        assert!(fault.is_out_of_space());

        let key = Fault::new(Why::Key(KeyFault::Nul));
        assert!(!key.can_retry());
        assert_eq!(
            key.words("b-1", 0).unharmed,
            "Nothing in the bucket was changed."
        );
    }
}
