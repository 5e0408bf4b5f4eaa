//! The words of the questions.

use model::{
    acl::CannedAcl,
    unit,
    upload::{Decided, Finding, Policy, Remedy, Standing, Told},
    upload_target::Overwrites,
};

use crate::text::counted;

/// A canned list in words.
pub(super) fn canned(acl: CannedAcl) -> &'static str {
    match acl {
        CannedAcl::Private => "Nobody but their owner",
        CannedAcl::BucketOwnerRead => "The bucket's owner may read them",
        CannedAcl::BucketOwnerFullControl => "The bucket's owner may do everything",
        CannedAcl::AuthenticatedRead => "Whoever signs in may read them",
        CannedAcl::PublicRead => "Everybody may read them",
        CannedAcl::PublicReadWrite => "Everybody may read and change them",
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
    let files = counted(told.count, "file");
    let one = told.count == 1;
    match told.finding {
        Finding::Junk => format!("{files} that systems leave in folders, such as .DS_Store"),
        Finding::Hidden => counted(told.count, "hidden file"),
        Finding::Key => {
            let has = if one { "has a name" } else { "have names" };
            format!("{files} {has} that the store does not take: too long, or reserved")
        }
        Finding::SameKey => format!("{files} would get the name of another in the same folder"),
        Finding::Alike => {
            let differs = if one { "differs" } else { "differ" };
            format!("{files} {differs} from another only by capitals or by the form of a letter")
        }
        Finding::Unreadable => {
            let noun = if one {
                "file or folder"
            } else {
                "files or folders"
            };
            format!(
                "{} {noun} could not be read",
                unit::count(told.count as u64)
            )
        }
        Finding::Crowded => {
            format!(
                "{} with more than 100,000 entries: lists of it will be slow",
                counted(told.count, "folder")
            )
        }
        Finding::Deep => {
            let lies = if one { "lies" } else { "lie" };
            format!("{files} {lies} below more than 20 folders")
        }
        Finding::NoRoom => format!(
            "The files need {} more than the bucket has free. What is known of the free room may be an hour old.",
            unit::size(told.bytes)
        ),
        Finding::TooLarge => {
            let is = if one { "is" } else { "are" };
            format!("{files} {is} larger than 5 TB, more than one object can hold")
        }
        Finding::Checksums => {
            let missing = match missing {
                0 => String::new(),
                missing => format!(
                    ", and {} that did not come along",
                    unit::count(missing as u64)
                ),
            };
            format!("A list of checksums names {files}{missing}")
        }
    }
}

/// A remedy in words, as a choice.
pub(super) fn remedy(finding: Finding, remedy: Remedy) -> &'static str {
    match (finding, remedy) {
        (Finding::Checksums, Remedy::Include) => "Do not compare",
        (Finding::NoRoom, Remedy::Include) => "Try all the same",
        (Finding::Alike, Remedy::Include) => "Upload as they are",
        (Finding::Crowded | Finding::Deep, Remedy::Include) => "They are uploaded all the same.",
        (Finding::Unreadable | Finding::TooLarge, Remedy::LeaveOut) => "They are left out.",
        (_, Remedy::Include) => "Upload",
        (_, Remedy::LeaveOut) => "Leave out",
        (Finding::Key, Remedy::Rename) => "Upload under a name that the store takes",
        (_, Remedy::Rename) => "Upload under another name, with a number",
        (_, Remedy::LeaveOutLargest) => "Leave out the largest until the rest fits",
        (_, Remedy::Verify) => "Compare what is uploaded with the list",
    }
}

/// The value of a policy in test ids and in what the browser remembers.
pub(super) fn policy_id(policy: Policy) -> &'static str {
    match policy {
        Policy::Skip => "skip",
        Policy::Overwrite => "overwrite",
        Policy::KeepBoth => "rename",
        Policy::OnlyChanged => "changed",
    }
}

/// A policy in words.
pub(super) fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Skip => "Skip",
        Policy::Overwrite => "Overwrite",
        Policy::KeepBoth => "Keep both",
        Policy::OnlyChanged => "Only what changed",
    }
}

/// What a policy comes to in a bucket.
pub(super) fn consequence(policy: Policy, overwrites: Option<Overwrites>) -> &'static str {
    match (policy, overwrites) {
        (Policy::Skip, _) => "These files are not uploaded.",
        (Policy::KeepBoth, _) => "The file gets the next free name, such as name (2).",
        (Policy::Overwrite, Some(Overwrites::Versioned)) => {
            "The file becomes a new version; the old one is kept."
        }
        (Policy::Overwrite, Some(Overwrites::Replaced)) => {
            "The object is lost: the bucket keeps no versions."
        }
        (Policy::Overwrite, Some(Overwrites::Refused)) => {
            "The object is deleted when the whole file has arrived: the bucket keeps no versions, and lets \
             nothing be overwritten."
        }
        (Policy::Overwrite, None) => "The object is lost, unless the bucket keeps versions.",
        (Policy::OnlyChanged, _) => {
            "A file of the same size that was not changed since is skipped; others overwrite."
        }
    }
}

/// How a file stands to the object that has its key.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::New => "New",
        Standing::Unknown => "Not known",
        Standing::SameSize => "Same size",
        Standing::Different => "Different",
        Standing::NewerInBucket => "Newer in the bucket",
        Standing::Protected => "Protected",
        Standing::Folder => "A folder has this name",
    }
}

/// The button that begins: `Upload 5 files`, and what it takes.
pub(super) fn begin(sent: usize, lost: usize) -> String {
    match (sent, lost) {
        (0, _) => "Upload nothing".to_owned(),
        (sent, 0) => format!("Upload {}", counted(sent, "file")),
        (sent, lost) => format!(
            "Upload {}, replace {}",
            counted(sent, "file"),
            counted(lost, "object")
        ),
    }
}

/// What was decided, in a sentence.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser decides")
)]
pub(super) fn outcome(decided: &Decided) -> String {
    let parts = [
        (decided.skipped.len(), "not uploaded"),
        (decided.versioned, "as new versions"),
        (decided.lost, "in place of what is there"),
        (decided.renamed, "under another name"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, what)| format!("{} {what}", unit::count(number as u64)))
        .collect();
    let mut text = counted(decided.sent.len(), "file") + " will be uploaded";
    if !parts.is_empty() {
        text.push_str(": ");
        text.push_str(&parts.join(", "));
    }
    text + "."
}

/// What is told about files that stay here without having been asked about.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser finds files")
)]
pub(super) fn stays(junk: usize, skipped: usize) -> Option<String> {
    let was = |number: usize| if number == 1 { "was" } else { "were" };
    let junk = (junk > 0).then(|| {
        format!(
            "{} that the system keeps in folders (such as .DS_Store) {} left out.",
            counted(junk, "file"),
            was(junk)
        )
    });
    let skipped = (skipped > 0).then(|| {
        format!(
            "{} {} not uploaded, because the bucket has {} already.",
            counted(skipped, "file"),
            was(skipped),
            if skipped == 1 { "it" } else { "them" }
        )
    });
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
