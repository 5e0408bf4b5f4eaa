//! An upload that somebody began elsewhere, taken up from the store's list.

use super::*;
use crate::{
    multipart::OpenUpload,
    upload::{Phase, Remains},
};

fn remains(parts: impl Iterator<Item = u32>) -> Remains {
    let upload = OpenUpload {
        key: "in/scan.tif".to_owned(),
        upload_id: "u-1".to_owned(),
        initiated: None,
        storage_class: None,
        initiator: None,
        abort_date: None,
        checksum_algorithm: None,
    };
    let bucket = BucketName::parse("raw-scans").unwrap();
    let parts = page(plan(300 * MB), parts).parts;
    Remains::of(&bucket, &upload, &parts, None).unwrap()
}

/// A transfer that was given its file.
fn taken_up(parts: impl Iterator<Item = u32>, chosen: FileFacts) -> Bench {
    let mut bench = Bench::new(300 * MB);
    let record = remains(parts).record(&chosen, &settings()).unwrap();
    bench.transfer = Transfer::lent(record, settings(), bench.moment()).unwrap();
    assert!(bench.transfer.wants_file());
    bench.event(Event::File(chosen));
    bench
}

fn compare(bench: &mut Bench, numbers: usize, offset: u32) {
    for _ in 0..numbers {
        let effect = bench.take("checksum", |a| matches!(a, Action::Checksum { .. }));
        let Action::Checksum { range, .. } = &effect.action else {
            unreachable!()
        };
        let number = u32::try_from(range.start / (25 * MB)).unwrap() + 1 + offset;
        let sum = PartChecksum::md5(u128::from(number).to_be_bytes());
        bench.answer(&effect, Ok(Reply::Checksum(sum)));
    }
}

#[test]
fn only_what_is_missing_goes_after_every_stored_part_was_compared() {
    let mut bench = taken_up(1..=6, file(300 * MB));
    bench.list(vec![page(plan(300 * MB), 1..=6)]);
    compare(&mut bench, 5, 0);
    // As long as one is not compared nothing is sent, and nothing noted.
    assert_eq!(bench.puts(), 0);
    assert!(bench.journal.is_empty());
    compare(&mut bench, 1, 0);
    assert!(!bench.transfer.is_lent());
    let (_, record) = bench.journal.first_key_value().expect("a record");
    assert_eq!(record.phase, Phase::Sending);
    bench.list(vec![page(plan(300 * MB), 1..=6)]);
    assert_eq!(bench.sign(), [7, 8, 9, 10, 11, 12]);
    bench.store_all();
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    assert_eq!(bench.complete().len(), 12);
    let object = bench.object(300 * MB, &tag_of_all(12));
    bench.confirm(Some(object));
    assert_eq!(bench.state(), State::Done);
    assert!(bench.journal.is_empty());
}

#[test]
fn another_file_is_found_out_and_dropping_it_gives_nothing_up() {
    let mut bench = taken_up(1..=6, file(300 * MB));
    bench.list(vec![page(plan(300 * MB), 1..=6)]);
    compare(&mut bench, 1, 100);
    assert_eq!(bench.state(), State::Changed);
    assert_eq!(bench.transfer.note(), Some(Note::OtherFile));
    assert!(bench.transfer.is_lent());
    bench.event(Event::Cancel);
    assert_eq!(bench.state(), State::Cancelled);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    assert!(bench.journal.is_empty());
}

#[test]
fn parts_that_came_meanwhile_and_do_not_fit_are_not_sent_again() {
    let mut bench = taken_up(1..=6, file(300 * MB));
    // Cut otherwise than the file would be.
    let mut listed = page(plan(300 * MB), 1..=7);
    listed.parts[6].size = Some(5 * MB);
    bench.list(vec![listed]);
    assert_eq!(bench.state(), State::Changed);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    // Beyond the end of the file.
    let mut bench = taken_up(1..=6, file(170 * MB));
    bench.list(vec![page(plan(300 * MB), 1..=8)]);
    assert_eq!(bench.state(), State::Changed);
}

#[test]
fn what_is_gone_meanwhile_is_not_begun_anew_with_a_file_that_nobody_compared() {
    let mut bench = taken_up(1..=6, file(300 * MB));
    let list = bench.take("list", |action| matches!(action, Action::ListParts(_)));
    bench.answer(&list, Err(hako(ErrorCode::UploadNotFound)));
    assert_eq!(bench.why(), Why::Gone);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    assert!(!bench.transfer.can_retry());
}

#[test]
fn what_is_gone_after_that_is_not_begun_anew_without_its_options() {
    let mut bench = taken_up(1..=6, file(300 * MB));
    bench.list(vec![page(plan(300 * MB), 1..=6)]);
    compare(&mut bench, 6, 0);
    let (_, record) = bench.journal.first_key_value().expect("a record");
    assert!(record.adopted);
    bench.list(vec![page(plan(300 * MB), 1..=6)]);
    bench.sign();
    let put = bench.take("put", |action| matches!(action, Action::Put(_)));
    bench.answer(&put, Err(store(404, "NoSuchUpload")));
    bench.confirm(None);
    assert_eq!(bench.why(), Why::Gone);
    assert!(!bench.has(|action| matches!(action, Action::Begin(_))));
    assert!(bench.journal.is_empty());
}

#[test]
fn an_upload_without_parts_takes_any_file() {
    let mut bench = taken_up(0..0, file(300 * MB));
    bench.list(vec![page(plan(300 * MB), 0..0)]);
    assert_eq!(bench.journal.len(), 1);
    assert_eq!(bench.sign(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // From now on it is this page's, and dropping it gives it up.
    bench.event(Event::Cancel);
    assert!(bench.has(|action| matches!(action, Action::Abort(_))));
}

#[test]
fn something_in_the_way_is_not_replaced_unasked() {
    let mut bench = taken_up(1..=12, file(300 * MB));
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    compare(&mut bench, 12, 0);
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::Conflict)));
    assert_eq!(bench.state(), State::NeedsDecision);
}
