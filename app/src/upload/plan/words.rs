//! The words of the questions.

use model::{
    acl::CannedAcl,
    session::Existing,
    upload::{Decided, Finding, Policy, Remedy, Standing, Told},
    upload_target::Overwrites,
};

use crate::{unit, words::plan};

/// A canned list in words.
pub(super) fn canned(acl: CannedAcl) -> &'static str {
    match acl {
        CannedAcl::Private => plan::nobody_but_their_owner(),
        CannedAcl::BucketOwnerRead => plan::the_buckets_owner_may_read_them(),
        CannedAcl::BucketOwnerFullControl => plan::the_buckets_owner_may_do_everything(),
        CannedAcl::AuthenticatedRead => plan::whoever_signs_in_may_read_them(),
        CannedAcl::PublicRead => plan::everybody_may_read_them(),
        CannedAcl::PublicReadWrite => plan::everybody_may_read_and_change_them(),
    }
}

/// The value of `data-finding`.
pub(super) fn finding_id(finding: Finding) -> &'static str {
    match finding {
        Finding::Junk => "junk",
        Finding::Hidden => "hidden",
        Finding::Key => "key",
        Finding::SameKey => "same-key",
        Finding::Alike => "alike",
        Finding::Unreadable => "unreadable",
        Finding::Crowded => "crowded",
        Finding::Deep => "deep",
        Finding::NoRoom => "no-room",
        Finding::TooLarge => "too-large",
        Finding::Checksums => "checksums",
    }
}

/// A finding in a sentence.
pub(super) fn finding(told: &Told, missing: usize) -> String {
    let count = told.count as u64;
    match told.finding {
        Finding::Junk => plan::found_junk(count),
        Finding::Hidden => plan::found_hidden(count),
        Finding::Key => plan::found_key(count),
        Finding::SameKey => plan::found_same_key(count),
        Finding::Alike => plan::found_alike(count),
        Finding::Unreadable => plan::found_unreadable(count),
        Finding::Crowded => plan::found_crowded(count),
        Finding::Deep => plan::found_deep(count),
        Finding::NoRoom => plan::found_no_room(&unit::size(told.bytes)),
        Finding::TooLarge => plan::found_too_large(count),
        Finding::Checksums if missing == 0 => plan::found_checksums(count),
        Finding::Checksums => plan::found_checksums_missing(count, &unit::count(missing as u64)),
    }
}

/// A remedy in words, as a choice.
pub(super) fn remedy(finding: Finding, remedy: Remedy) -> &'static str {
    match (finding, remedy) {
        (Finding::Checksums, Remedy::Include) => plan::do_not_compare(),
        (Finding::NoRoom, Remedy::Include) => plan::try_all_the_same(),
        (Finding::Alike, Remedy::Include) => plan::upload_as_they(),
        (Finding::Crowded | Finding::Deep, Remedy::Include) => {
            plan::they_are_uploaded_all_the_same()
        }
        (Finding::Unreadable | Finding::TooLarge, Remedy::LeaveOut) => plan::they_are_left_out(),
        (_, Remedy::Include) => plan::upload(),
        (_, Remedy::LeaveOut) => plan::leave_out(),
        (Finding::Key, Remedy::Rename) => plan::upload_under_a_name(),
        (_, Remedy::Rename) => plan::upload_under_another_name(),
        (_, Remedy::LeaveOutLargest) => plan::leave_out_the_largest_until(),
        (_, Remedy::Verify) => plan::compare_what_is_uploaded(),
    }
}

/// The value of a policy in fields and test ids.
pub(super) fn policy_id(policy: Policy) -> &'static str {
    Existing::from(policy).as_str()
}

/// A policy in words.
pub(super) fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Skip => plan::skip(),
        Policy::Overwrite => plan::overwrite(),
        Policy::KeepBoth => plan::keep_both(),
        Policy::OnlyChanged => plan::only_what_changed(),
    }
}

/// What a policy comes to in a bucket.
pub(super) fn consequence(policy: Policy, overwrites: Option<Overwrites>) -> &'static str {
    match (policy, overwrites) {
        (Policy::Skip, _) => plan::these_files_are_not_uploaded(),
        (Policy::KeepBoth, _) => plan::the_file_gets_the_next_free(),
        (Policy::Overwrite, Some(Overwrites::Versioned)) => plan::becomes_a_version(),
        (Policy::Overwrite, Some(Overwrites::Replaced)) => plan::object_is_lost(),
        (Policy::Overwrite, Some(Overwrites::Refused)) => plan::object_is_deleted(),
        (Policy::Overwrite, None) => plan::object_may_be_lost(),
        (Policy::OnlyChanged, _) => plan::unchanged_is_skipped(),
    }
}

/// How a file stands to the object that has its key.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::New => plan::new(),
        Standing::Unknown => plan::not_known(),
        Standing::SameSize => plan::same_size(),
        Standing::Different => plan::different(),
        Standing::NewerInBucket => plan::newer_in_the_bucket(),
        Standing::Protected => plan::protected(),
        Standing::Folder => plan::a_folder_has_this_name(),
    }
}

/// The button that begins: `Upload 5 files`, and what it takes.
pub(super) fn begin(sent: usize, lost: usize) -> String {
    match (sent, lost) {
        (0, _) => plan::begin_nothing().to_owned(),
        (sent, 0) => plan::begin(sent as u64),
        (sent, lost) => plan::begin_replacing(sent as u64, lost as u64),
    }
}

/// What was decided, in a sentence.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser decides")
)]
pub(super) fn outcome(decided: &Decided) -> String {
    let parts: [Counted; 4] = [
        (decided.skipped.len(), plan::so_many_skipped),
        (decided.versioned, plan::so_many_versioned),
        (decided.lost, plan::so_many_lost),
        (decided.renamed, plan::so_many_renamed),
    ];
    let parts = listed(&parts);
    let sent = decided.sent.len() as u64;
    if parts.is_empty() {
        plan::will_be_uploaded(sent)
    } else {
        plan::will_be_uploaded_and(sent, &parts)
    }
}

/// A number, and what says it with what it counts.
pub(super) type Counted = (usize, fn(&str) -> String);

/// What there is any of, each said with its number, in a row.
pub(super) fn listed(parts: &[Counted]) -> String {
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, say)| say(&unit::count(*number as u64)))
        .collect();
    parts.join(", ")
}

/// What is told about files that stay here without having been asked about.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser finds files")
)]
pub(super) fn stays(junk: usize, skipped: usize) -> Option<String> {
    let junk = (junk > 0).then(|| plan::junk_left_out(junk as u64));
    let skipped = (skipped > 0).then(|| plan::already_there(skipped as u64));
    let told: Vec<_> = [skipped, junk].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_and_remedy_has_words_of_its_own() {
        for finding in Finding::ALL {
            let told = |count| Told {
                finding,
                count,
                bytes: 5,
                examples: Vec::new(),
            };
            let (one, two) = (super::finding(&told(1), 0), super::finding(&told(2), 0));
            assert!(!one.contains("1 files"), "{one}");
            // What does not fit is told in bytes.
            assert_eq!(one == two, finding == Finding::NoRoom, "{one}");
            let mut words: Vec<_> = finding
                .remedies()
                .iter()
                .map(|r| remedy(finding, *r))
                .collect();
            words.dedup();
            assert_eq!(words.len(), finding.remedies().len(), "{finding:?}");
        }
    }

    #[test]
    fn the_button_says_what_it_takes() {
        assert_eq!(begin(0, 0), "Upload nothing");
        assert_eq!(begin(1, 0), "Upload 1 file");
        assert_eq!(begin(1_200, 3), "Upload 1,200 files, replace 3 objects");
    }

    #[test]
    fn the_outcome_is_one_sentence() {
        let mut decided = Decided::default();
        assert_eq!(outcome(&decided), "0 files will be uploaded.");
        decided.skipped = vec![1, 2];
        decided.renamed = 1;
        assert_eq!(
            outcome(&decided),
            "0 files will be uploaded: 2 not uploaded, 1 under another name."
        );
    }

    #[test]
    fn what_stays_is_said() {
        assert_eq!(stays(0, 0), None);
        assert!(stays(1, 0).unwrap().contains("1 file that the system"));
        let both = stays(2, 1).unwrap();
        assert!(
            both.starts_with("1 file was not uploaded, because the bucket has it already. 2 files")
        );
    }
}
