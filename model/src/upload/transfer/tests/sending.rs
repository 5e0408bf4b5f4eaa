//! Bytes on their way, and what stops them for a while.

use super::*;

#[test]
fn a_large_file_goes_in_parts_and_is_done_when_all_is_confirmed() {
    let mut bench = Bench::new(300 * MB);
    assert_eq!(bench.state(), State::Waiting);
    bench.begin();
    assert_eq!(bench.puts(), 6);
    assert_eq!(bench.state(), State::Uploading);
    let put = bench.put();
    let Action::Put(first) = &put.action else {
        unreachable!()
    };
    assert_eq!(first.range, 0..25 * MB);
    assert_eq!(first.content_type, None);
    assert!(matches!(&first.to, Destination::Store(url) if url.starts_with("http://store/1?")));
    bench.event(Event::Progress {
        ticket: put.ticket,
        loaded: 5 * MB,
    });
    assert_eq!(bench.transfer.progress().in_flight, 5 * MB);
    bench.answer(&put, Ok(Reply::Stored));
    assert_eq!(
        bench.transfer.progress(),
        Progress {
            stored: 25 * MB,
            in_flight: 0,
            parts: Some((1, 12))
        }
    );
    bench.slots();
    assert_eq!(bench.puts(), 6);
    bench.store_all();
    assert_eq!(bench.state(), State::Completing);
    let mut first = page(plan(300 * MB), 1..=7);
    first.is_truncated = true;
    bench.list(vec![first, page(plan(300 * MB), 8..=12)]);
    assert!(!bench.has(|action| matches!(action, Action::Complete(_))));
    bench.probe(true);
    assert_eq!(bench.complete(), (1..=12).collect::<Vec<_>>());
    assert_eq!(bench.state(), State::Completing);
    bench.confirm(Some(bench.object(300 * MB, "\"x-12\"")));
    assert_eq!(bench.state(), State::Done);
    assert!(!bench.transfer.is_busy());
    assert_eq!(bench.transfer.progress().stored, 300 * MB);
}

#[test]
fn a_small_file_is_one_put_with_its_signed_type() {
    for size in [0, 1, 100 * MB - 1] {
        let mut bench = Bench::new(size);
        bench.sign_whole();
        assert_eq!(bench.transfer.slots(), 1);
        let put = bench.put();
        let Action::Put(request) = &put.action else {
            unreachable!()
        };
        assert_eq!(request.range, 0..size);
        assert_eq!(request.content_type.as_deref(), Some("image/tiff"));
        bench.answer(&put, Ok(Reply::Stored));
        bench.probe(true);
        bench.confirm(Some(bench.object(size, "\"x\"")));
        assert_eq!(bench.state(), State::Done);
        assert_eq!(bench.transfer.slots(), 0);
    }
}

#[test]
fn urls_are_asked_for_in_batches_before_they_run_out() {
    let mut bench = Bench::new(200 * 25 * MB);
    bench.begin();
    let mut asked = vec![64];
    while bench.puts() > 0 {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
        bench.slots();
        if bench.has(|action| matches!(action, Action::Sign(_))) {
            assert!(bench.puts() > 0, "the line stood still");
            asked.push(bench.sign().len());
        }
    }
    assert_eq!(asked, [64, 64, 64, 8]);
    assert_eq!(bench.transfer.progress().parts, Some((200, 200)));
}

#[test]
fn an_url_without_enough_time_is_signed_again_before_use() {
    let mut bench = Bench::new(300 * MB);
    bench.lifetime = 100;
    bench.begin();
    // 100 s of life: the margin is half of it.
    bench.now += 51_000;
    let put = bench.put();
    bench.answer(&put, Ok(Reply::Stored));
    bench.slots();
    assert_eq!(bench.puts(), 5);
    assert_eq!(bench.sign(), (7..=12).collect::<Vec<_>>());
    assert_eq!(bench.puts(), 6);
    let fresh = |action: &Action| matches!(action, Action::Put(put) if put.to == Destination::Store("http://store/7?now=1051000".to_owned()));
    assert!(bench.has(fresh));
}

#[test]
fn a_slow_part_widens_the_margin() {
    let link = |lifetime_s: i64| {
        let signed = Timestamp::from_unix_millis(EPOCH).unwrap();
        let over = Timestamp::from_unix_millis(EPOCH + lifetime_s * 1_000).unwrap();
        Link::new("x".to_owned(), 0, signed, over)
    };
    let at = |now| Moment { now, jitter: 0.0 };
    let hour = link(3_600).unwrap();
    assert!(hour.is_fresh(at(3_540_000), 0));
    assert!(!hour.is_fresh(at(3_540_001), 0));
    assert!(!hour.is_fresh(at(3_500_000), 60_000));
    assert!(hour.is_fresh(at(1_800_000), 3_000_000));
    assert!(!hour.is_over(at(3_599_999)));
    assert!(hour.is_over(at(3_600_000)));
    assert!(link(0).is_none());
    assert!(link(-5).is_none());
}

#[test]
fn a_failing_part_waits_longer_each_time_and_fails_at_the_eighth() {
    let mut bench = Bench::new(100 * MB);
    bench.begin();
    for _ in 0..3 {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
    }
    let mut waits = Vec::new();
    for attempt in 1..=8 {
        assert_eq!(bench.state(), State::Uploading, "attempt {attempt}");
        let put = bench.put();
        bench.answer(&put, Err(store(500, "InternalError")));
        if attempt < 8 {
            waits.push(bench.wake());
        }
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
    assert_eq!(bench.state(), State::Failed);
    assert_eq!(bench.why(), Why::Exhausted);
    assert_eq!(bench.transfer.slots(), 0);
}

#[test]
fn retry_after_is_obeyed_and_retrying_is_shown() {
    let mut bench = Bench::new(MB);
    bench.sign_whole();
    let put = bench.put();
    bench.answer(&put, Err(store(503, "SlowDown").after(Some(9_000))));
    assert_eq!(
        bench.state(),
        State::Retrying {
            at: bench.now + 9_000
        }
    );
    assert_eq!(bench.transfer.slots(), 0);
    assert_eq!(bench.wake(), 9_000);
    // The URL is good still: it is not signed again.
    assert_eq!(bench.puts(), 1);
}

#[test]
fn retry_now_does_not_wait_and_does_not_do_it_twice() {
    let mut bench = Bench::new(100 * MB);
    bench.begin();
    bench.store_all();
    let list = bench.take("list", |action| matches!(action, Action::ListParts(_)));
    bench.answer(&list, Err(hako(ErrorCode::StoreTimeout)));
    assert!(matches!(bench.state(), State::Retrying { .. }));
    let timer = bench.take("timer", |action| matches!(action, Action::Wake { .. }));
    bench.event(Event::Retry);
    bench.answer(&timer, Ok(Reply::Woke));
    assert_eq!(bench.open.len(), 1, "{:?}", bench.open);
    bench.list(vec![page(plan(100 * MB), 1..=4)]);
    bench.probe(true);
    assert_eq!(bench.complete(), [1, 2, 3, 4]);
}

#[test]
fn an_expired_url_is_signed_again_at_once_but_not_forever() {
    let mut bench = Bench::new(100 * MB);
    bench.begin();
    for _ in 0..3 {
        let put = bench.put();
        bench.answer(&put, Ok(Reply::Stored));
    }
    for _ in 0..3 {
        let put = bench.put();
        let mut expired = store(403, "AccessDenied");
        expired.detail = "Request has expired".to_owned();
        bench.answer(&put, Err(expired));
        bench.slots();
        assert_eq!(bench.sign(), [4]);
    }
    let put = bench.put();
    let mut expired = store(403, "AccessDenied");
    expired.detail = "Request has expired".to_owned();
    bench.answer(&put, Err(expired));
    assert!(bench.has(|action| matches!(action, Action::Wake { .. })));
}

#[test]
fn silence_after_the_url_s_time_means_expired() {
    let mut bench = Bench::new(MB);
    bench.lifetime = 60;
    bench.sign_whole();
    bench.now += 61_000;
    let put = bench.put();
    bench.answer(&put, Err(Failure::network()));
    bench.probe(true);
    // No timer: it is signed and sent at once.
    bench.sign_whole();
    assert_eq!(bench.puts(), 1);
}
