//! Refused, cancelled, signed out; and up again.

use super::*;

#[test]
fn a_refusal_names_the_missing_right_and_leaves_the_parts() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    let put = bench.put();
    bench.answer(&put, Err(store(403, "AccessDenied")));
    assert_eq!(bench.state(), State::Failed);
    assert_eq!(bench.why(), Why::Refused);
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    assert_eq!(bench.transfer.fault().unwrap().kind(), Some(Kind::Denied));
}

#[test]
fn retry_after_a_failure_sends_only_what_the_store_lacks() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    for _ in 0..3 {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
    }
    let put = bench.put();
    bench.answer(&put, Err(store(507, "")));
    assert!(bench.transfer.fault().unwrap().is_out_of_space());
    bench.event(Event::Retry);
    // The store has part 7, whose answer was lost, and lost part 2.
    bench.list(vec![page(plan(300 * MB), [1, 3, 7].into_iter())]);
    let mut sent = Vec::new();
    loop {
        if bench.has(|action| matches!(action, Action::Sign(_))) {
            bench.sign();
        }
        if bench.puts() == 0 {
            break;
        }
        let put = bench.put();
        let Action::Put(request) = &put.action else {
            unreachable!()
        };
        sent.push(request.range.start / (25 * MB) + 1);
        bench.answer(&put, Ok(Reply::Stored));
        bench.slots();
    }
    sent.sort_unstable();
    assert_eq!(sent, [2, 4, 5, 6, 8, 9, 10, 11, 12]);
    assert_eq!(bench.state(), State::Completing);
}

#[test]
fn cancelling_stops_everything_and_aborts_until_the_store_agrees() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.event(Event::Cancel);
    assert_eq!(bench.state(), State::Cancelled);
    assert_eq!(bench.puts(), 0);
    assert_eq!(bench.transfer.slots(), 0);
    for _ in 0..2 {
        let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
        bench.answer(&abort, Err(hako(ErrorCode::StoreUnreachable)));
        assert!(bench.transfer.is_busy());
        bench.wake();
    }
    let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
    bench.answer(&abort, Err(hako(ErrorCode::UploadNotFound)));
    assert!(!bench.transfer.is_busy());
    assert_eq!(bench.transfer.note(), None);
}

#[test]
fn aborting_ends_after_eight_attempts_with_a_note() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.event(Event::Cancel);
    for attempt in 1..=8 {
        let abort = bench.take("abort", |action| matches!(action, Action::Abort(_)));
        bench.answer(&abort, Err(hako(ErrorCode::StoreUnreachable)));
        if attempt < 8 {
            bench.wake();
        }
    }
    assert!(!bench.transfer.is_busy());
    assert_eq!(bench.transfer.note(), Some(Note::PartsLeft));
}

#[test]
fn an_upload_that_begins_after_its_cancelling_is_aborted_too() {
    let mut bench = Bench::new(300 * MB);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    bench.event(Event::Cancel);
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    let reply = bench.signed(request);
    bench.answer(&begin, Ok(reply));
    assert_eq!(bench.state(), State::Cancelled);
    assert!(bench.has(|action| matches!(action, Action::Abort(_))));
    assert_eq!(bench.puts(), 0);
}

#[test]
fn what_is_being_put_together_cannot_be_cancelled() {
    let mut bench = at_completing();
    assert!(!bench.transfer.can_cancel());
    bench.event(Event::Cancel);
    assert_eq!(bench.state(), State::Completing);
}

#[test]
fn an_ended_session_waits_for_sign_in_and_keeps_what_was_sent() {
    let mut bench = Bench::new(200 * 25 * MB);
    bench.begin();
    while !bench.has(|action| matches!(action, Action::Sign(_))) {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
        bench.slots();
    }
    let sign = bench.take("sign", |action| matches!(action, Action::Sign(_)));
    bench.answer(&sign, Err(hako(ErrorCode::TokenExpired)));
    assert_eq!(bench.state(), State::SignedOut);
    // What runs goes on, nothing new begins.
    assert_eq!(bench.transfer.slots(), 6);
    let stored = bench.transfer.progress().parts.unwrap().0;
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    bench.slots();
    assert_eq!(bench.puts(), 5);
    assert_eq!(bench.transfer.progress().parts.unwrap().0, stored + 1);
    bench.event(Event::Retry);
    bench.list(vec![page(plan(200 * 25 * MB), 1..=stored + 1)]);
    assert_eq!(bench.state(), State::Uploading);
    assert_eq!(bench.puts(), 6);
}
