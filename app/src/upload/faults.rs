//! How a person is told why a transfer stopped, and what else to know of it.

use model::upload::{
    ATTEMPTS, CannotRename, Fault, KeyFault, Kind, Note, Origin, PatternFault, PlanError, Why,
};

use crate::{unit, words::faults};

/// What a person is told about a transfer that stopped: why, what is unharmed, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Why, in words.
    pub why: String,
    /// What is unharmed.
    pub unharmed: String,
    /// What to do.
    pub remedy: &'static str,
    /// The code behind it, for the details.
    pub code: Option<String>,
}

/// Tells a person. `kept` is how many parts the store keeps for this upload.
pub(super) fn words(fault: &Fault, bucket: &str, kept: u32) -> Words {
    let (why, remedy) = why_and_remedy(fault, bucket);
    let unharmed = if kept > 0 {
        faults::parts_kept(kept.into())
    } else if matches!(fault.why, Why::SizeDiffers { .. } | Why::Unconfirmed) {
        faults::file_unharmed().to_owned()
    } else {
        faults::nothing_changed().to_owned()
    };
    Words {
        why,
        unharmed,
        remedy,
        code: fault.failure.as_ref().map(model::upload::Failure::code),
    }
}

fn why_and_remedy(fault: &Fault, bucket: &str) -> (String, &'static str) {
    let (why, remedy) = match &fault.why {
        Why::Key(fault) => return (key(*fault), faults::give_another_key()),
        Why::Size(fault) => return (size(*fault), faults::split_the_file()),
        Why::Exhausted => return exhausted(fault),
        Why::Refused => return refused(fault, bucket),
        Why::SizeDiffers { expected, found } => {
            let (found, expected) = (unit::exact_bytes(*found), unit::exact_bytes(*expected));
            return (
                faults::size_differs(&found, &expected),
                faults::look_then_replace(),
            );
        }
        Why::KeyTaken => (faults::key_taken(), faults::key_taken_remedy()),
        Why::TooLarge => (faults::too_large(), faults::split_the_file()),
        Why::PlanDiffers => (faults::plan_differs(), faults::reload_and_upload()),
        Why::PartsDiffer => (faults::parts_differ(), faults::press_retry()),
        Why::Unconfirmed => (faults::unconfirmed(), faults::refresh_then_retry()),
        Why::UploadLost => (faults::upload_lost(), faults::press_retry()),
        Why::Gone => (faults::gone(), faults::look_and_upload_anew()),
        Why::Protected => (faults::protected(), faults::keep_both_or_wait()),
        Why::NoName => (faults::no_name_left(), faults::rename_and_upload()),
    };
    (why.to_owned(), remedy)
}

fn exhausted(fault: &Fault) -> (String, &'static str) {
    let attempts = ATTEMPTS.to_string();
    let detail = detail(fault);
    let why = match fault.failure.as_ref().map(|failure| &failure.origin) {
        Some(Origin::Network) => faults::exhausted_network(&attempts, &detail),
        Some(Origin::Silence) => faults::exhausted_silence(&attempts, &detail),
        Some(Origin::Hako(_)) => faults::exhausted_hako(&attempts, &detail),
        _ => faults::exhausted_store(&attempts, &detail),
    };
    (why, faults::check_the_connection())
}

fn refused(fault: &Fault, bucket: &str) -> (String, &'static str) {
    let detail = detail(fault);
    match fault.kind() {
        Some(Kind::OutOfSpace) => (
            faults::out_of_space(bucket, &detail),
            faults::out_of_space_remedy(),
        ),
        Some(Kind::Denied | Kind::Expired) => {
            (faults::denied(bucket, &detail), faults::denied_remedy())
        }
        Some(Kind::Skew) => (faults::clocks_differ(&detail), faults::clocks_remedy()),
        Some(Kind::NoBucket) => (
            faults::no_bucket(bucket, &detail),
            faults::no_bucket_remedy(),
        ),
        Some(Kind::Conflict) => (faults::conflict(&detail), faults::conflict_remedy()),
        Some(Kind::Damaged) => (faults::damaged(&detail), faults::damaged_remedy()),
        _ => (faults::refused(&detail), faults::refused_remedy()),
    }
}

/// What the other side said, in brackets after ours.
fn detail(fault: &Fault) -> String {
    match &fault.failure {
        Some(failure) if !failure.detail.is_empty() => format!(" ({})", failure.detail),
        _ => String::new(),
    }
}

/// Why a file cannot have the key it would get.
pub(super) fn key(fault: KeyFault) -> String {
    match fault {
        KeyFault::Empty => faults::key_empty().to_owned(),
        KeyFault::TooLong { bytes, limit } => {
            faults::key_too_long(&unit::count(bytes as u64), &unit::count(limit as u64))
        }
        KeyFault::Nul => faults::key_nul().to_owned(),
        KeyFault::Reserved => faults::key_reserved().to_owned(),
    }
}

fn size(fault: PlanError) -> String {
    match fault {
        PlanError::EmptyFile => faults::size_empty().to_owned(),
        PlanError::PartSize => faults::size_of_parts().to_owned(),
        PlanError::TooManyParts(parts) => faults::size_too_many_parts(&unit::count(parts)),
    }
}

/// Why a file keeps its key.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser renames")
)]
pub(super) fn cannot_rename(fault: CannotRename) -> String {
    match fault {
        CannotRename::Begun => faults::begun_under_its_key().to_owned(),
        CannotRename::Key(fault) => key(fault),
        CannotRename::Taken => faults::key_of_another().to_owned(),
    }
}

/// Why a text is no pattern.
pub(super) fn pattern(fault: &PatternFault) -> String {
    match fault {
        PatternFault::Empty => faults::pattern_empty().to_owned(),
        PatternFault::Unknown(word) => faults::pattern_unknown(word),
        PatternFault::Brace => faults::pattern_brace().to_owned(),
        PatternFault::Folder => faults::pattern_folder().to_owned(),
    }
}

/// A note in words.
pub(super) fn note(note: Note) -> &'static str {
    match note {
        Note::BegunAnew => faults::note_begun_anew(),
        Note::FoundComplete => faults::note_found_complete(),
        Note::Unseen => faults::note_unseen(),
        Note::StoredBeforeChange => faults::note_stored_before_change(),
        Note::PartsLeft => faults::note_parts_left(),
        Note::OtherFile => faults::note_other_file(),
        Note::ThroughHako => faults::note_through_hako(),
    }
}

#[cfg(test)]
mod tests {
    use model::upload::Failure;

    use super::*;

    #[test]
    fn a_person_is_told_why_what_is_unharmed_and_what_to_do() {
        let fault = Fault::by(Why::Refused, Failure::store(507, ""));
        let told = words(&fault, "raw-scans", 3);
        assert_eq!(
            told.why,
            "The bucket \"raw-scans\", or the store, has no room left."
        );
        assert_eq!(told.unharmed, "The 3 parts already stored are kept.");
        assert!(told.remedy.contains("Retry"));
        assert_eq!(told.code.as_deref(), Some("status 507"));

        let fault = Fault::new(Why::Key(KeyFault::Nul));
        assert_eq!(
            words(&fault, "b-1", 0).unharmed,
            "Nothing in the bucket was changed."
        );
    }
}
