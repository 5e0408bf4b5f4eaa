//! From the last part to the confirmed object.

use super::*;

#[test]
fn a_changed_file_is_noticed_by_silence_and_nothing_is_completed() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Err(Failure::network()));
    bench.probe(false);
    assert_eq!(bench.state(), State::Changed);
    let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    bench.answer(&abort, Ok(Reply::Aborted));
    assert!(!bench.transfer.is_busy());
    assert!(!bench.transfer.can_retry());
}

#[test]
fn a_changed_file_is_noticed_after_the_last_part() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(false);
    assert_eq!(bench.state(), State::Changed);
    assert!(bench.has(|action| matches!(action, Action::Abort(_))));
    assert!(!bench.has(|action| matches!(action, Action::Complete(_))));
}

#[test]
fn a_small_file_that_changed_after_its_put_says_so() {
    let mut bench = Bench::new(MB);
    bench.sign_whole();
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    bench.probe(false);
    assert_eq!(bench.state(), State::Changed);
    assert_eq!(bench.transfer.note(), Some(Note::StoredBeforeChange));
}

#[test]
fn a_probe_that_fails_is_no_yes() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    let probe = bench.take("probe", |action| matches!(action, Action::Probe));
    bench.answer(&probe, Err(Failure::nonsense("x")));
    assert_eq!(bench.state(), State::Changed);
}

#[test]
fn an_upload_that_the_store_forgot_begins_anew_and_says_so() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    for _ in 0..3 {
        let put = bench.put();
        bench.answer(&put, Err(store(404, "NoSuchUpload")));
        assert_eq!(bench.puts(), 0, "what runs is of no use");
        bench.confirm(None);
        assert_eq!(bench.transfer.note(), Some(Note::BegunAnew));
        assert_eq!(bench.transfer.progress().stored, 0);
        bench.begin();
        assert_eq!(bench.puts(), 6);
    }
    let put = bench.put();
    bench.answer(&put, Err(store(404, "NoSuchUpload")));
    bench.confirm(None);
    assert_eq!(bench.why(), Why::UploadLost);
}

#[test]
fn missing_and_wrong_parts_are_sent_again_and_never_completed() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    let mut wrong = page(plan(300 * MB), 1..=11);
    wrong.parts[3].size = Some(1);
    wrong.parts[5].etag = None;
    bench.list(vec![wrong]);
    assert_eq!(bench.state(), State::Uploading);
    assert_eq!(bench.sign(), [4, 6, 12]);
    bench.store_all();
    for _ in 0..2 {
        bench.list(vec![page(plan(300 * MB), 1..=11)]);
        assert_eq!(bench.sign(), [12]);
        bench.store_all();
    }
    bench.list(vec![page(plan(300 * MB), 1..=11)]);
    assert_eq!(bench.why(), Why::PartsDiffer);
}

#[test]
fn a_part_beyond_the_plan_is_never_completed() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    bench.list(vec![page(plan(350 * MB), 1..=13)]);
    assert_eq!(bench.why(), Why::PartsDiffer);
}

#[test]
fn a_list_that_does_not_go_on_is_not_read_forever() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    let mut endless = page(plan(300 * MB), 1..=12);
    endless.is_truncated = true;
    bench.list(vec![endless.clone(), endless]);
    assert_eq!(bench.state(), State::Failed);
}

#[test]
fn a_completion_whose_answer_was_lost_is_found() {
    let mut bench = at_completing();
    lose_completion(&mut bench);
    // It may show up late.
    bench.confirm(None);
    bench.wake();
    bench.confirm(Some(bench.object(300 * MB, &tag_of_all(12))));
    assert_eq!(bench.state(), State::Done);
    assert_eq!(bench.transfer.note(), Some(Note::FoundComplete));
}

#[test]
fn another_object_is_not_taken_for_the_upload() {
    for case in [
        "other bytes",
        "a tag that tells nothing",
        "other size",
        "gone",
    ] {
        let mut bench = at_completing();
        lose_completion(&mut bench);
        let object = match case {
            // As young as the upload, as large, and in as many parts.
            "other bytes" => Some(bench.object(300 * MB, &format!("\"{:032x}-12\"", 7))),
            "a tag that tells nothing" => Some(bench.object(300 * MB, "\"x-12\"")),
            "other size" => Some(bench.object(1, &tag_of_all(12))),
            _ => None,
        };
        for _ in 0..3 {
            if object.is_none() {
                bench.confirm(None);
                bench.wake();
            }
        }
        bench.confirm(object);
        assert_eq!(bench.state(), State::Waiting, "{case}");
        assert_eq!(bench.transfer.note(), Some(Note::BegunAnew), "{case}");
        bench.begin();
        assert_eq!(bench.puts(), 6, "{case}");
    }
}

#[test]
fn an_object_of_another_size_is_a_failure_and_retry_sends_all_again() {
    let mut bench = at_completing();
    bench.complete();
    bench.confirm(Some(bench.object(5, "\"x-12\"")));
    assert_eq!(
        bench.why(),
        Why::SizeDiffers {
            expected: 300 * MB,
            found: 5
        }
    );
    bench.event(Event::Retry);
    bench.begin();
    assert_eq!(bench.puts(), 6);
}

#[test]
fn an_object_that_shows_up_late_is_waited_for() {
    let mut bench = Bench::new(MB);
    bench.sign_whole();
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    bench.probe(true);
    bench.confirm(None);
    bench.wake();
    bench.confirm(Some(bench.object(MB, "\"x\"")));
    assert_eq!(bench.state(), State::Done);

    let mut bench = at_completing();
    bench.complete();
    for _ in 0..7 {
        bench.confirm(None);
        bench.wake();
    }
    bench.confirm(None);
    assert_eq!(bench.why(), Why::Unconfirmed);
}

#[test]
fn without_the_right_to_look_it_is_done_with_a_note() {
    let mut bench = at_completing();
    bench.complete();
    let confirm = bench.take("confirm", |action| matches!(action, Action::Confirm(_)));
    bench.answer(&confirm, Err(hako(ErrorCode::AccessDenied)));
    assert_eq!(bench.state(), State::Done);
    assert_eq!(bench.transfer.note(), Some(Note::Unseen));
}
