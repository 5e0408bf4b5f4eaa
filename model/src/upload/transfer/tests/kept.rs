//! What survives interruptions: choices, files, uploads, timers.

use super::*;
use crate::upload::{Choice, Likeness};

fn record_of(bench: &Bench) -> Record {
    bench.journal.values().next().expect("a record").clone()
}

/// As after a reload.
fn reloaded(record: Record) -> Bench {
    let mut bench = Bench::new(300 * MB);
    let moment = bench.moment();
    bench
        .journal
        .insert(record.upload_id.clone(), record.clone());
    bench.transfer = Transfer::restored(record, settings(), moment).unwrap();
    let effects = bench.transfer.take_effects();
    bench.take_in(effects);
    bench
}

fn is_names(action: &Action) -> bool {
    matches!(action, Action::Names(_))
}

#[test]
fn what_is_to_be_kept_is_kept_after_a_failure_too() {
    let mut bench = at_completing();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::Conflict)));
    bench.event(Event::Decide(Choice::KeepBoth));
    let names = bench.take("names", is_names);
    bench.answer(&names, Err(hako(ErrorCode::TokenExpired)));
    assert_eq!(bench.state(), State::SignedOut);
    bench.event(Event::SignedIn);
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    // Neither cleared nor completed before the copy.
    let names = bench.take("names", is_names);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    bench.answer(&names, Ok(Reply::Objects(ObjectPage::default())));
    let copy = bench.take("copy", |action| matches!(action, Action::Copy(_)));
    bench.answer(&copy, Err(hako(ErrorCode::ObjectNotFound)));
    // It has gone by itself, so there is nothing to keep.
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    assert!(bench.has(|action| matches!(action, Action::Clear(_))));
}

#[test]
fn nothing_is_copied_to_a_name_that_may_be_taken() {
    let mut bench = at_completing();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::Conflict)));
    bench.event(Event::Decide(Choice::KeepBoth));
    let names = bench.take("names", is_names);
    // More names than one page tells: which are free is not known.
    let page = ObjectPage {
        is_truncated: true,
        ..ObjectPage::default()
    };
    bench.answer(&names, Ok(Reply::Objects(page)));
    assert!(!bench.has(|action| matches!(action, Action::Copy(_))));
    assert_eq!(bench.state(), State::Failed);
}

#[test]
fn an_upload_that_begins_too_late_is_given_up_after_a_reload_too() {
    let mut bench = Bench::new(300 * MB);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    bench.event(Event::Cancel);
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    let reply = bench.signed(request);
    bench.answer(&begin, Ok(reply));
    let mut bench = reloaded(record_of(&bench));
    assert_eq!(bench.state(), State::Cancelled);
    let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
    bench.answer(&abort, Ok(Reply::Aborted));
    assert!(bench.journal.is_empty());
}

#[test]
fn an_upload_that_cannot_go_on_is_remembered() {
    let mut bench = Bench::new(300 * MB);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    let Reply::Signed(mut signed) = bench.signed(request) else {
        unreachable!()
    };
    signed.total_parts = 6;
    bench.answer(&begin, Ok(Reply::Signed(signed)));
    assert_eq!(bench.why(), Why::PlanDiffers);
    assert_eq!(bench.journal.len(), 1);
}

fn begun() -> Bench {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    reloaded(record_of(&bench))
}

fn sum(number: u32) -> Reply {
    Reply::Checksum(PartChecksum::md5(u128::from(number).to_be_bytes()))
}

fn checksum(bench: &mut Bench) -> (Effect, u32) {
    let effect = bench.take("checksum", |action| {
        matches!(action, Action::Checksum { .. })
    });
    let Action::Checksum { range, .. } = &effect.action else {
        unreachable!()
    };
    let number = u32::try_from(range.start / (25 * MB)).unwrap() + 1;
    (effect, number)
}

#[test]
fn a_doubtful_file_is_compared_with_every_stored_part() {
    let mut bench = begun();
    let mut other = file(300 * MB);
    other.modified += 1;
    bench.event(Event::File(other.clone()));
    bench.list(vec![page(plan(300 * MB), 1..=9)]);
    // First, last, one between them: what is another file is found out at once.
    let mut compared = Vec::new();
    for _ in 0..8 {
        let (effect, number) = checksum(&mut bench);
        compared.push(number);
        bench.answer(&effect, Ok(sum(number)));
    }
    assert_eq!(compared[..3], [1, 9, 5]);
    let (effect, number) = checksum(&mut bench);
    bench.answer(&effect, Ok(sum(number + 100)));
    assert_eq!(bench.state(), State::Changed);
    assert_eq!(bench.transfer.note(), Some(Note::OtherFile));
    // The same one again is no better: what is known of the right one was not forgotten.
    bench.event(Event::File(other));
    bench.list(vec![page(plan(300 * MB), 1..=9)]);
    checksum(&mut bench);
    assert_eq!(
        bench.transfer.file().likeness(&file(300 * MB)),
        Likeness::Doubtful
    );
}

#[test]
fn after_another_file_was_sent_from_the_first_one_is_compared_too() {
    let mut bench = begun();
    let mut other = file(300 * MB);
    other.modified += 1;
    bench.event(Event::File(other));
    // Nothing is stored: any file will do.
    bench.list(vec![page(plan(300 * MB), 0..0)]);
    let mut bench = reloaded(record_of(&bench));
    bench.event(Event::File(file(300 * MB)));
    bench.list(vec![page(plan(300 * MB), 1..=2)]);
    let (effect, number) = checksum(&mut bench);
    bench.answer(&effect, Ok(sum(number + 100)));
    assert_eq!(bench.state(), State::Changed);
}

#[test]
fn offline_while_paused_does_not_stop_it_for_good() {
    let mut bench = Bench::new(200 * 25 * MB);
    bench.begin();
    while !bench.has(|action| matches!(action, Action::Sign(_))) {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
        bench.slots();
    }
    let sign = bench.take("sign", |action| matches!(action, Action::Sign(_)));
    bench.answer(&sign, Err(hako(ErrorCode::StoreBusy)));
    bench.event(Event::Hold(Hold::Paused));
    bench.event(Event::Hold(Hold::Offline));
    bench.event(Event::Lift(Hold::Offline));
    bench.event(Event::Lift(Hold::Paused));
    assert!(bench.has(|action| matches!(action, Action::Sign(_))));
}

#[test]
fn what_is_paused_holds_no_slot() {
    let mut bench = Bench::new(MB);
    bench.slots();
    let sign = bench.take("sign", |action| matches!(action, Action::SignWhole(_)));
    bench.answer(&sign, Err(hako(ErrorCode::StoreBusy)));
    bench.event(Event::Hold(Hold::Paused));
    bench.wake();
    assert_eq!(bench.state(), State::Paused);
    assert_eq!(bench.transfer.slots(), 0);
    bench.event(Event::Lift(Hold::Paused));
    assert!(bench.transfer.wants_slot());
}

#[test]
fn tags_that_are_no_md5s_send_nothing_again() {
    let md5 = Settings {
        checksum: Some(ChecksumAlgorithm::Md5),
        ..settings()
    };
    let mut bench = Bench::with(100 * MB, "in/scan.tif", md5);
    bench.slots();
    while bench.has(|action| matches!(action, Action::Checksum { .. })) {
        let (effect, number) = checksum(&mut bench);
        bench.answer(&effect, Ok(sum(number + 100)));
    }
    bench.begin();
    while bench.state() == State::Uploading {
        if bench.has(|action| matches!(action, Action::Sign(_))) {
            bench.sign();
        }
        bench.store_all();
    }
    // A store that encrypts has compared the MD5s, and names the parts otherwise.
    bench.list(vec![page(plan(100 * MB), 1..=4)]);
    assert_eq!(bench.state(), State::Completing);
    assert!(bench.has(|action| matches!(action, Action::Probe)));
}

#[test]
fn a_part_that_was_refused_is_not_trusted_from_an_attempt_before() {
    let md5 = Settings {
        checksum: Some(ChecksumAlgorithm::Md5),
        ..settings()
    };
    let mut bench = Bench::with(100 * MB, "in/scan.tif", md5);
    bench.slots();
    while bench.has(|action| matches!(action, Action::Checksum { .. })) {
        let (effect, number) = checksum(&mut bench);
        bench.answer(&effect, Ok(sum(number)));
    }
    bench.begin();
    bench.sign();
    let put = bench.put();
    // It is stored with damage, and nobody says so; then the store refuses it.
    bench.answer(&put, Err(Failure::network()));
    bench.probe(true);
    bench.wake();
    bench.sign();
    for _ in 0..3 {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
    }
    let put = bench.put();
    bench.answer(&put, Err(store(400, "IncompleteBody")));
    bench.event(Event::Retry);
    let mut listed = page(plan(100 * MB), 1..=4);
    listed.parts[0].etag = Some(tag_of_part(99));
    bench.list(vec![listed]);
    assert_eq!(bench.state(), State::Uploading);
    assert_eq!(bench.transfer.progress().parts, Some((3, 4)));
}

#[test]
fn what_is_begun_anew_with_another_file_says_so() {
    let mut bench = begun();
    let mut other = file(300 * MB);
    other.relative_path = "other.tif".to_owned();
    bench.event(Event::File(other));
    let list = bench.take("list", |action| matches!(action, Action::ListParts(_)));
    bench.answer(&list, Err(hako(ErrorCode::UploadNotFound)));
    bench.confirm(None);
    bench.begin();
    // The file that it was begun with is no better than any other now.
    let mut bench = reloaded(record_of(&bench));
    bench.event(Event::File(file(300 * MB)));
    bench.list(vec![page(plan(300 * MB), 1..=2)]);
    let (effect, number) = checksum(&mut bench);
    bench.answer(&effect, Ok(sum(number + 100)));
    assert_eq!(bench.state(), State::Changed);
}

#[test]
fn what_failed_in_the_middle_can_wait_for_its_file() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    assert!(!bench.transfer.can_save());
    bench.event(Event::SaveForLater);
    assert_eq!(bench.state(), State::Uploading);
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    let put = bench.put();
    bench.answer(&put, Err(store(403, "AccessDenied")));
    assert!(bench.transfer.can_save());
    let record = record_of(&bench);
    bench.event(Event::SaveForLater);
    assert_eq!(bench.state(), State::FileNeeded);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    // The note stays for the next visit, and the same file goes on here too.
    assert_eq!(record_of(&bench), record);
    bench.event(Event::File(file(300 * MB)));
    bench.list(vec![page(plan(300 * MB), 1..=1)]);
    assert_eq!(bench.state(), State::Uploading);
    // Without an upload at the store there is nothing to be saved.
    let mut small = Bench::new(MB);
    small.sign_whole();
    let put = small.put();
    small.answer(&put, Err(store(403, "AccessDenied")));
    assert_eq!(small.state(), State::Failed);
    assert!(!small.transfer.can_save());
}

#[test]
fn another_file_is_uploaded_from_the_start_once_somebody_says_so() {
    let mut bench = begun();
    assert!(!bench.transfer.can_start_again());
    let mut other = file(200 * MB);
    other.modified += 1;
    bench.event(Event::StartAgain(other.clone()));
    assert_eq!(bench.state(), State::FileNeeded, "nothing differs yet");
    // Another size is another file: it is not sent by itself.
    bench.event(Event::File(other.clone()));
    assert_eq!(bench.transfer.note(), Some(Note::OtherFile));
    assert!(bench.transfer.can_start_again());
    bench.event(Event::StartAgain(other.clone()));
    assert_eq!(bench.state(), State::Waiting);
    assert_eq!(bench.transfer.note(), None);
    assert_eq!(bench.transfer.file().size, 200 * MB);
    assert_eq!(bench.transfer.progress().parts, Some((0, 8)));
    // The old upload is given up, which is kept until the store has agreed.
    assert!(matches!(
        record_of(&bench).phase,
        crate::upload::Phase::Aborting
    ));
    let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
    bench.begin();
    bench.answer(&abort, Ok(Reply::Aborted));
    bench.store_all();
    bench.list(vec![page(plan(200 * MB), 1..=8)]);
    assert_eq!(bench.state(), State::Completing);
}

#[test]
fn what_differs_byte_by_byte_is_uploaded_from_the_start_too() {
    let mut bench = begun();
    let mut other = file(300 * MB);
    other.modified += 1;
    bench.event(Event::File(other.clone()));
    bench.list(vec![page(plan(300 * MB), 1..=2)]);
    let (effect, number) = checksum(&mut bench);
    bench.answer(&effect, Ok(sum(number + 100)));
    assert_eq!(bench.state(), State::Changed);
    bench.event(Event::StartAgain(other.clone()));
    bench.take("abort", |action| matches!(action, Action::Abort(_)));
    bench.begin();
    // What is noted now is of the file that is sent now: after a reload it is known again.
    assert_eq!(record_of(&bench).file.modified, other.modified);
    let mut bench = reloaded(record_of(&bench));
    bench.event(Event::File(other));
    bench.list(vec![page(plan(300 * MB), 1..=2)]);
    assert_eq!(bench.state(), State::Uploading);
    assert!(!bench.has(|action| matches!(action, Action::Checksum { .. })));
}

#[test]
fn what_changed_while_it_was_sent_starts_again_as_it_is_now() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Err(Failure::network()));
    bench.probe(false);
    assert_eq!(bench.state(), State::Changed);
    assert!(!bench.transfer.wants_file());
    assert!(bench.transfer.can_start_again());
    // It has shrunk: it goes as a whole now.
    bench.event(Event::StartAgain(file(MB)));
    assert_eq!(bench.state(), State::Waiting);
    assert_eq!(bench.transfer.progress().parts, None);
    bench.sign_whole();
    // While it is paused, or cancelled, it does not.
    bench.event(Event::Cancel);
    assert_eq!(bench.state(), State::Cancelled);
    bench.event(Event::StartAgain(file(MB)));
    assert_eq!(bench.state(), State::Cancelled);
}

#[test]
fn what_somebody_began_elsewhere_is_never_started_again() {
    let mut bench = begun();
    let mut record = record_of(&bench);
    record.adopted = true;
    bench = reloaded(record);
    bench.event(Event::File(file(200 * MB)));
    assert_eq!(bench.transfer.note(), Some(Note::OtherFile));
    assert!(!bench.transfer.can_start_again());
    bench.event(Event::StartAgain(file(200 * MB)));
    assert_eq!(bench.state(), State::FileNeeded);
    assert!(!bench.has(|action| matches!(action, Action::Abort(_))));
}

#[test]
fn a_file_that_is_too_large_now_leaves_what_is_stored() {
    let mut bench = begun();
    bench.event(Event::File(file(200 * MB)));
    bench.event(Event::StartAgain(file(6_000 * 1_000 * 1_000 * MB)));
    assert_eq!(bench.state(), State::Failed);
    assert!(!bench.has(|action| matches!(action, Action::Abort(_))));
}
