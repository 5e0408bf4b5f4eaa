//! The dock's words.

use model::{
    session::UploadRoute,
    upload::{FileFacts, Milestone, OtherFile, Remains, State, Tally},
};

use super::{
    Person,
    view::{RowView, Summary},
};
use crate::{
    unit::{self, count},
    words::uploads,
};

/// Why a file is not the one that an upload was begun with, going by its size.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser takes files")
)]
pub(super) fn other_file(other: OtherFile, file: &FileFacts, remains: &Remains) -> String {
    let name = file.name();
    match other {
        OtherFile::TooSmall => uploads::other_file_too_small(
            name,
            &unit::exact_bytes(file.size),
            &unit::exact_bytes(remains.bytes()),
        ),
        OtherFile::OtherSize => uploads::other_file_other_size(name),
    }
}

/// A state in words.
pub(super) fn state(view: &RowView) -> String {
    let word = match view.row.state {
        State::Waiting => uploads::state_waiting(),
        State::Uploading => uploads::state_uploading(),
        State::Retrying { .. } => match view.retry_in {
            Some(seconds) if seconds > 0 => {
                return uploads::state_retrying_in(&unit::duration(seconds));
            }
            _ => uploads::state_retrying(),
        },
        State::SignedOut => uploads::state_signed_out(),
        State::Completing => uploads::state_completing(),
        State::Done => uploads::state_done(),
        State::Failed => uploads::state_failed(),
        State::Changed => uploads::state_changed(),
        State::Cancelled => uploads::state_cancelled(),
        State::Paused => uploads::state_paused(),
        State::Offline => uploads::state_offline(),
        State::NeedsDecision => uploads::state_needs_decision(),
        State::FileNeeded => uploads::state_file_needed(),
    };
    word.to_owned()
}

fn files_of(tally: &Tally) -> String {
    let percent = tally.percent().to_string();
    uploads::files_of(&count(tally.done), tally.files, &percent)
}

/// The collapsed dock: `12 of 340 files · 34 % · 84 MB/s · about 12 min left`.
pub(super) fn summary(summary: &Summary) -> String {
    let tally = &summary.tally;
    if tally.active == 0 {
        let said = [
            (tally.done > 0).then(|| uploads::files_uploaded(tally.done)),
            (summary.file_needed > 0).then(|| uploads::can_go_on(summary.file_needed as u64)),
            (tally.paused > 0).then(|| uploads::files_paused(tally.paused)),
            (tally.attention > 0).then(|| uploads::need_attention(tally.attention)),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        return if said.is_empty() {
            uploads::none_running().to_owned()
        } else {
            said.join(" · ")
        };
    }
    let mut text = files_of(tally);
    if let Some(rate) = summary.rate {
        text.push_str(" · ");
        text.push_str(&unit::rate(rate));
    }
    if let Some(seconds) = summary.seconds_left {
        text.push_str(" · ");
        text.push_str(&unit::time_left(seconds));
    }
    if tally.attention > 0 {
        text.push_str(" · ");
        text.push_str(&uploads::need_attention(tally.attention));
    }
    text
}

/// The line of a batch: `12 of 340 files · 34 %`, or what came of it.
pub(super) fn batch(tally: &Tally) -> String {
    if tally.files > 0 && tally.done == tally.files {
        return uploads::files_stored(tally.done);
    }
    let mut text = files_of(tally);
    if tally.attention > 0 {
        text.push_str(" · ");
        text.push_str(&uploads::need_attention(tally.attention));
    }
    text
}

/// The end of the scale of many files: their bytes, or their number where all are empty.
pub(super) fn scale(tally: &Tally) -> u64 {
    if tally.bytes > 0 {
        tally.bytes
    } else {
        tally.files
    }
}

/// How much of many files is stored.
pub(super) fn stored_of(tally: &Tally) -> u64 {
    if tally.bytes > 0 {
        tally.bytes_stored
    } else {
        tally.done
    }
}

/// How much of many files is stored or on its way.
pub(super) fn sent_of(tally: &Tally) -> u64 {
    if tally.bytes > 0 {
        tally.bytes_sent
    } else {
        tally.done
    }
}

/// What is said aloud.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser announces")
)]
pub(super) fn announcement(milestone: Milestone, summary: &Summary) -> String {
    match milestone {
        Milestone::Began { files } => uploads::said_began(files),
        Milestone::Progress { percent } => {
            let tally = &summary.tally;
            let done = count(tally.done);
            let mut text = uploads::said_quarter(&percent.to_string(), &done, tally.files);
            if let Some(seconds) = summary.seconds_left {
                text.push_str(", ");
                text.push_str(&unit::time_left(seconds));
            }
            text
        }
        Milestone::Attention { files } => uploads::said_attention(files),
        Milestone::Ended { done, attention: 0 } => uploads::said_ended(done),
        Milestone::Ended { done, attention } => uploads::said_ended_with_attention(done, attention),
    }
}

/// `12 MB of 300 MB`, or the size alone where nothing is under way.
pub(super) fn amount(view: &RowView) -> String {
    let row = &view.row;
    let sent = row.progress.stored + row.progress.in_flight;
    match row.state {
        State::Done => unit::size(row.size),
        _ if sent == 0 => unit::size(row.size),
        _ => uploads::amount_of(&unit::size(sent), &unit::size(row.size)),
    }
}

/// `37 of 412 parts`.
pub(super) fn parts(view: &RowView) -> Option<String> {
    let (stored, all) = view.row.progress.parts?;
    Some(uploads::parts_of(&count(stored.into()), all.into()))
}

/// Whose something is: `alice at research`.
pub(super) fn person(username: &str, tenant: Option<&str>) -> String {
    match tenant.filter(|tenant| !tenant.is_empty()) {
        Some(tenant) => uploads::person_at(username, tenant),
        None => username.to_owned(),
    }
}

/// Whose uploads these are.
pub(super) fn owner(person: &Person) -> String {
    self::person(&person.username, Some(&person.tenant))
}

/// Which way bytes go: the value of `data-route`, and the words.
pub(super) fn route(route: UploadRoute) -> (&'static str, &'static str) {
    match route {
        UploadRoute::Direct => ("direct", uploads::route_direct()),
        UploadRoute::Hako => ("hako", uploads::route_hako()),
    }
}

/// Files that are on their way already.
#[cfg(feature = "hydrate")]
pub(super) fn same_again(number: usize) -> Option<String> {
    (number > 0).then(|| uploads::same_again(number as u64))
}

/// Files that another tab sends.
#[cfg(feature = "hydrate")]
pub(super) fn in_another_tab(number: usize) -> Option<String> {
    (number > 0).then(|| uploads::in_another_tab(number as u64))
}

/// Uploads that got their file back.
#[cfg(feature = "hydrate")]
pub(super) fn going_on(number: usize) -> Option<String> {
    (number > 0).then(|| uploads::going_on(number as u64))
}

/// Files that no upload waits for.
#[cfg(feature = "hydrate")]
pub(super) fn strangers(number: usize) -> Option<String> {
    (number > 0).then(|| uploads::strangers(number as u64))
}

#[cfg(test)]
mod tests {
    use model::upload::Tally;

    use super::*;

    fn running() -> Summary {
        Summary {
            tally: Tally {
                files: 340,
                done: 12,
                active: 328,
                attention: 0,
                bytes: 1_000,
                bytes_sent: 345,
                ..Tally::default()
            },
            rate: Some(88_289_280.0),
            seconds_left: Some(700),
            rows: 340,
            ..Summary::default()
        }
    }

    #[test]
    fn the_collapsed_dock_says_all_in_a_line() {
        assert_eq!(
            summary(&running()),
            "12 of 340 files · 34 % · 84.2 MB/s · about 12 min left"
        );
        let mut failing = running();
        failing.tally.attention = 2;
        failing.seconds_left = None;
        assert_eq!(
            summary(&failing),
            "12 of 340 files · 34 % · 84.2 MB/s · 2 need attention"
        );
    }

    #[test]
    fn at_the_end_it_says_what_came_of_it() {
        let ended = |done, attention| Summary {
            tally: Tally {
                files: done + attention,
                done,
                attention,
                ..Tally::default()
            },
            ..Summary::default()
        };
        assert_eq!(summary(&ended(1, 0)), "1 file uploaded");
        assert_eq!(
            summary(&ended(3, 1)),
            "3 files uploaded · 1 needs attention"
        );
        assert_eq!(summary(&ended(0, 2)), "2 need attention");
        assert_eq!(summary(&ended(0, 0)), "No uploads are running");
    }

    #[test]
    fn what_waits_for_its_file_or_is_paused_is_told_when_nothing_runs() {
        let mut waiting = Summary {
            file_needed: 3,
            rows: 3,
            ..Summary::default()
        };
        assert_eq!(summary(&waiting), "3 uploads can go on");
        waiting.tally.done = 1;
        waiting.tally.paused = 1;
        assert_eq!(
            summary(&waiting),
            "1 file uploaded · 3 uploads can go on · 1 file paused"
        );
    }

    #[test]
    fn people_are_told_with_their_tenant() {
        assert_eq!(person("alice", Some("research")), "alice at research");
        assert_eq!(person("admin", None), "admin");
        assert_eq!(person("key", Some("")), "key");
    }

    #[test]
    fn a_batch_says_how_far_it_is_and_what_came_of_it() {
        let mut tally = running().tally;
        assert_eq!(batch(&tally), "12 of 340 files · 34 %");
        tally.attention = 1;
        assert_eq!(batch(&tally), "12 of 340 files · 34 % · 1 needs attention");
        tally.done = tally.files;
        assert_eq!(batch(&tally), "340 files stored");
    }

    #[test]
    fn empty_files_are_counted_by_number() {
        let tally = Tally {
            files: 4,
            done: 1,
            ..Tally::default()
        };
        assert_eq!(
            (scale(&tally), stored_of(&tally), sent_of(&tally)),
            (4, 1, 1)
        );
    }

    #[test]
    fn a_file_of_another_size_is_told_why_it_is_not_the_one() {
        let file = FileFacts {
            relative_path: "a/scan.tif".to_owned(),
            size: 1_000,
            modified: 0,
            content_type: None,
        };
        let upload = model::multipart::OpenUpload {
            key: "k".to_owned(),
            upload_id: "7".to_owned(),
            initiated: None,
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        };
        let part = model::multipart::Part {
            part_number: model::PartNumber::new(2).unwrap(),
            etag: None,
            size: Some(6_000_000),
            last_modified: None,
            checksum_crc32c: None,
        };
        let bucket = model::BucketName::parse("raw-scans").unwrap();
        let remains = Remains::of(&bucket, &upload, &[part], None).unwrap();
        let told = other_file(OtherFile::TooSmall, &file, &remains);
        assert!(told.starts_with("scan.tif is not the file"), "{told}");
        assert!(
            told.contains("1,000 bytes") && told.contains("6,000,000 bytes"),
            "{told}"
        );
        let told = other_file(OtherFile::OtherSize, &file, &remains);
        assert!(told.ends_with("parts of other sizes."), "{told}");
    }

    #[test]
    fn announcements_are_whole_sentences_of_their_own() {
        let half = Milestone::Progress { percent: 50 };
        assert_eq!(
            announcement(half, &running()),
            "Upload 50 percent, 12 of 340 files, about 12 min left"
        );
        let attention = Milestone::Attention { files: 2 };
        assert_eq!(
            announcement(attention, &running()),
            "Upload: 2 need attention"
        );
        let ended = Milestone::Ended {
            done: 2,
            attention: 1,
        };
        assert_eq!(
            announcement(ended, &running()),
            "Upload ended, 2 files stored, 1 needs attention"
        );
    }
}
