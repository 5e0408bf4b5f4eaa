//! Whether an object is the file, although nobody said so.

use super::*;

/// The MD5s that the test gives the parts when they are read.
fn read(bench: &mut Bench, number: u32) {
    let proof = bench.take("checksum", |action| {
        matches!(
            action,
            Action::Checksum {
                algorithm: ChecksumAlgorithm::Md5,
                ..
            }
        )
    });
    let Action::Checksum { range, .. } = &proof.action else {
        unreachable!()
    };
    let planned = plan(300 * MB).range(PartNumber::new(number).unwrap());
    assert_eq!(Some(range.clone()), planned);
    let sum = PartChecksum::md5(u128::from(number).to_be_bytes());
    bench.answer(&proof, Ok(Reply::Checksum(sum)));
}

fn lost_to_another_machine() -> Bench {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Err(store(404, "NoSuchUpload")));
    bench
}

#[test]
fn an_upload_that_another_machine_completed_is_done_when_every_part_is_equal() {
    let mut bench = lost_to_another_machine();
    bench.confirm(Some(bench.object(300 * MB, &tag_of_all(12))));
    for number in 1..=12 {
        assert_eq!(bench.state(), State::Completing);
        read(&mut bench, number);
    }
    assert_eq!(bench.state(), State::Done);
    assert_eq!(bench.transfer.note(), Some(Note::FoundComplete));
    assert!(bench.journal.is_empty());
}

#[test]
fn one_part_that_differs_begins_anew() {
    let mut bench = lost_to_another_machine();
    bench.confirm(Some(bench.object(300 * MB, &tag_of_all(12))));
    for number in 1..=11 {
        read(&mut bench, number);
    }
    let last = bench.take("checksum", |action| {
        matches!(action, Action::Checksum { .. })
    });
    let other = PartChecksum::md5([1; 16]);
    bench.answer(&last, Ok(Reply::Checksum(other)));
    assert_eq!(bench.state(), State::Waiting);
    assert_eq!(bench.transfer.note(), Some(Note::BegunAnew));
}

#[test]
fn an_object_that_cannot_be_ours_is_not_compared() {
    for (size, tag) in [
        (300 * MB, format!("\"{:032x}-11\"", 5)),
        (300 * MB, format!("\"{:032x}\"", 5)),
        (300 * MB, "\"encrypted-12\"".to_owned()),
        (299 * MB, tag_of_all(12)),
    ] {
        let mut bench = lost_to_another_machine();
        bench.confirm(Some(bench.object(size, &tag)));
        assert_eq!(bench.state(), State::Waiting, "{tag}");
        assert_eq!(bench.transfer.note(), Some(Note::BegunAnew), "{tag}");
    }
}

#[test]
fn a_file_that_changed_proves_nothing() {
    let mut bench = lost_to_another_machine();
    bench.confirm(Some(bench.object(300 * MB, &tag_of_all(12))));
    read(&mut bench, 1);
    let next = bench.take("checksum", |action| {
        matches!(action, Action::Checksum { .. })
    });
    bench.answer(&next, Ok(Reply::Readable(false)));
    assert_eq!(bench.state(), State::Changed);
}

#[test]
fn our_own_object_is_not_in_our_way() {
    // The completion worked, its answer was lost, and the store looks at the key first.
    let mut bench = at_completing();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::StoreTimeout)));
    bench.wake();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::Conflict)));
    bench.confirm(Some(bench.object(300 * MB, &tag_of_all(12))));
    assert_eq!(bench.state(), State::Done);
    // The same bytes may have come another way: the parts are given up.
    let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
    bench.answer(&abort, Err(hako(ErrorCode::UploadNotFound)));
    assert!(bench.journal.is_empty());
}

#[test]
fn somebody_else_s_object_is_in_the_way() {
    let mut bench = at_completing();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::StoreTimeout)));
    bench.wake();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::Conflict)));
    bench.confirm(Some(bench.object(300 * MB, &format!("\"{:032x}-12\"", 5))));
    assert_eq!(bench.state(), State::NeedsDecision);
    assert!(bench.transfer.is_in_the_way());
}

#[test]
fn a_small_file_that_was_stored_is_not_in_its_own_way() {
    let mut bench = Bench::new(MB);
    bench.sign_whole();
    let put = bench.put();
    bench.answer(&put, Err(Failure::network()));
    bench.probe(true);
    bench.wake();
    bench.sign_whole();
    let put = bench.put();
    bench.answer(&put, Err(store(409, "Conflict")));
    bench.confirm(Some(bench.object(MB, &tag_of_part(7))));
    let proof = bench.take("checksum", |action| {
        matches!(action, Action::Checksum { .. })
    });
    let sum = PartChecksum::md5(7_u128.to_be_bytes());
    bench.answer(&proof, Ok(Reply::Checksum(sum)));
    assert_eq!(bench.state(), State::Done);
    assert_eq!(bench.transfer.note(), Some(Note::FoundComplete));
}
