use super::*;
use crate::{
    session::UploadRoute,
    unit::MB,
    upload::{Action, Failure, KeyFault, Reply, Why},
};

pub(super) fn settings() -> Settings {
    Settings {
        threshold: 100 * MB,
        part_size: 25 * MB,
        parallelism: 6,
        may_grow: true,
        url_lifetime: 3_600,
        route: UploadRoute::Direct,
        proxy: false,
        max_key_bytes: 1_024,
        checksum: None,
        conditional_writes: false,
    }
}

fn order(path: &str, size: u64) -> Order {
    Order {
        bucket: BucketName::parse("raw-scans").unwrap(),
        prefix: "in/".to_owned(),
        file: FileFacts {
            relative_path: path.to_owned(),
            size,
            modified: 7,
            content_type: None,
        },
        path: None,
        write: Write::Plain,
        options: Arc::default(),
    }
}

fn at() -> Moment {
    Moment {
        now: 1_000_000,
        jitter: 0.5,
    }
}

fn queued(queue: &mut Queue, path: &str, size: u64) -> TransferId {
    match queue.add(order(path, size)) {
        Added::Queued(id) => id,
        other => panic!("{other:?}"),
    }
}

/// A queue whose bytes go through Hako: nothing needs signing, so slots are easy to see.
fn through_hako(parallelism: usize) -> Queue {
    Queue::new(Settings {
        route: UploadRoute::Hako,
        parallelism,
        ..settings()
    })
}

fn begin_all(queue: &mut Queue, jobs: Vec<Job>) -> Vec<Job> {
    let mut open = Vec::new();
    let mut jobs: std::collections::VecDeque<Job> = jobs.into();
    while let Some(job) = jobs.pop_front() {
        if matches!(job.effect.action, Action::Create(_)) {
            let answer = Ok(Reply::Created(crate::multipart::Upload {
                bucket: "raw-scans".to_owned(),
                key: "x".to_owned(),
                upload_id: "u".to_owned(),
            }));
            let ticket = job.effect.ticket;
            jobs.extend(queue.handle(job.id, Event::Answer { ticket, answer }, at()));
        } else if !matches!(job.effect.action, Action::Remember(_)) {
            open.push(job);
        }
    }
    open
}

#[test]
fn small_files_are_not_starved_by_a_large_one() {
    let mut queue = through_hako(4);
    let large = queued(&mut queue, "large", 10_000 * MB);
    let first = queue.pump(at());
    let open = begin_all(&mut queue, first);
    assert_eq!(open.len(), 4, "{open:?}");
    assert!(open.iter().all(|job| job.id == large));
    for n in 0..10 {
        queued(&mut queue, &format!("small-{n}"), MB);
    }
    assert!(queue.pump(at()).is_empty());
    // As slots come free, two go to small files and the rest to the one that was dropped first.
    let mut ids = Vec::new();
    for job in &open {
        let event = Event::Answer {
            ticket: job.effect.ticket,
            answer: Ok(Reply::Stored),
        };
        ids.extend(
            queue
                .handle(job.id, event, at())
                .into_iter()
                .map(|job| job.id),
        );
    }
    let small = ids.iter().filter(|id| **id != large).count();
    assert_eq!((ids.len(), small), (4, 2));
}

#[test]
fn files_begin_in_the_order_dropped() {
    let mut queue = Queue::new(settings());
    let ids: Vec<_> = (0..20)
        .map(|n| queued(&mut queue, &n.to_string(), MB))
        .collect();
    let begun: Vec<_> = queue.pump(at()).into_iter().map(|job| job.id).collect();
    assert_eq!(begun, ids[..6]);
}

#[test]
fn through_hako_four_go_at_most() {
    let mut queue = through_hako(6);
    for n in 0..10 {
        queued(&mut queue, &n.to_string(), MB);
    }
    assert_eq!(queue.pump(at()).len(), 4);
}

#[test]
fn a_key_that_cannot_be_is_refused_and_nothing_is_sent() {
    let mut queue = Queue::new(settings());
    let Added::Refused(id) = queue.add(order(&"x".repeat(1_022), MB)) else {
        panic!("taken")
    };
    assert!(queue.pump(at()).is_empty());
    let row = queue.row(id).unwrap();
    assert_eq!(row.state, State::Failed);
    assert!(!row.can_retry);
    let fault = KeyFault::TooLong {
        bytes: 1_025,
        limit: 1_024,
    };
    assert_eq!(row.fault.unwrap().why, Why::Key(fault));
    assert!(queue.handle(id, Event::Retry, at()).is_empty());
    queue.handle(id, Event::Cancel, at());
    assert_eq!(queue.state(id), Some(State::Cancelled));
    assert_eq!(queue.clear_finished(), [id]);
    assert_eq!(queue.row(id), None);
    assert_eq!(queue.tally(), Tally::default());
}

#[test]
fn the_same_file_to_the_same_key_is_one_upload() {
    let mut queue = Queue::new(settings());
    let id = queued(&mut queue, "a", MB);
    assert_eq!(queue.add(order("a", MB)), Added::UnderWay(id));
    assert_eq!(queue.ids().count(), 1);
}

#[test]
fn another_file_to_the_same_key_waits_for_a_person() {
    let mut queue = Queue::new(settings());
    let first = queued(&mut queue, "a", MB);
    let Added::Refused(second) = queue.add(order("a", 2 * MB)) else {
        panic!("taken")
    };
    assert_eq!(queue.pump(at()).len(), 1);
    assert!(queue.row(second).unwrap().can_retry);
    queue.handle(second, Event::Retry, at());
    assert_eq!(queue.state(second), Some(State::Failed));
    queue.handle(first, Event::Cancel, at());
    let jobs = queue.handle(second, Event::Retry, at());
    assert_eq!(queue.state(second), Some(State::Uploading));
    assert_eq!(jobs.len(), 1);
    // And the first, would it come back, finds the key taken.
    assert_eq!(queue.add(order("a", MB)).id(), None);
}

impl Added {
    fn id(self) -> Option<TransferId> {
        match self {
            Self::Queued(id) => Some(id),
            _ => None,
        }
    }
}

#[test]
fn a_failed_upload_cannot_come_back_while_its_key_is_taken() {
    let mut queue = Queue::new(settings());
    let first = queued(&mut queue, "a", MB);
    let jobs = queue.pump(at());
    let answer = Err(Failure::hako(&crate::Problem::new(
        crate::ErrorCode::AccessDenied,
        "no",
    )));
    let ticket = jobs[0].effect.ticket;
    queue.handle(first, Event::Answer { ticket, answer }, at());
    assert_eq!(queue.state(first), Some(State::Failed));
    let second = queued(&mut queue, "a", MB);
    queue.handle(first, Event::Retry, at());
    let row = queue.row(first).unwrap();
    assert_eq!(row.state, State::Failed);
    assert_eq!(row.fault.unwrap().why, Why::KeyTaken);
    queue.handle(second, Event::Cancel, at());
    let jobs = queue.handle(first, Event::Retry, at());
    assert_eq!(jobs.len(), 1);
    assert_eq!(queue.state(first), Some(State::Uploading));
}

#[test]
fn a_full_bucket_stops_its_own_queue_until_retry() {
    let mut queue = Queue::new(settings());
    let ids: Vec<_> = (0..8)
        .map(|n| queued(&mut queue, &n.to_string(), MB))
        .collect();
    let mut other = order("x", MB);
    other.bucket = BucketName::parse("empty-one").unwrap();
    queue.add(other);
    let jobs = queue.pump(at());
    assert_eq!(jobs.len(), 6);
    let full = || {
        Err(Failure::hako(&crate::Problem::new(
            crate::ErrorCode::OutOfSpace,
            "full",
        )))
    };
    let mut next = Vec::new();
    for job in &jobs {
        let event = Event::Answer {
            ticket: job.effect.ticket,
            answer: full(),
        };
        next.extend(queue.handle(job.id, event, at()));
    }
    // Only the other bucket's file went on.
    assert_eq!(next.len(), 1);
    assert_eq!(queue.state(ids[7]), Some(State::Waiting));
    assert_eq!(queue.full_buckets().count(), 1);
    assert!(queue.would_interrupt());
    let jobs = queue.handle(ids[0], Event::Retry, at());
    assert_eq!(queue.full_buckets().count(), 0);
    assert_eq!(jobs.iter().filter(|job| job.id == ids[6]).count(), 1);
    assert_eq!(jobs.iter().filter(|job| job.id == ids[7]).count(), 1);
}

#[test]
fn the_tally_is_the_sum_and_begins_anew_with_the_next_batch() {
    let mut queue = through_hako(2);
    let a = queued(&mut queue, "a", MB);
    let b = queued(&mut queue, "b", 3 * MB);
    let jobs = queue.pump(at());
    let put = |id| jobs.iter().find(|job| job.id == id).unwrap().effect.ticket;
    queue.handle(
        b,
        Event::Progress {
            ticket: put(b),
            loaded: MB,
        },
        at(),
    );
    let tally = queue.tally();
    assert_eq!((tally.files, tally.active, tally.bytes), (2, 2, 4 * MB));
    assert_eq!((tally.bytes_sent, tally.percent()), (MB, 25));
    queue.handle(a, Event::Cancel, at());
    queue.handle(b, Event::Cancel, at());
    assert_eq!(queue.tally().files, 0);
    assert!(!queue.would_interrupt());
    queued(&mut queue, "c", MB);
    assert_eq!(queue.tally().files, 1);
    assert_eq!(queue.clear_finished(), [a, b]);
    assert_eq!(queue.tally().files, 1);
    assert_eq!(queue.ids().count(), 1);
}

#[test]
fn a_hundred_thousand_files_are_taken_quickly() {
    let mut queue = Queue::new(settings());
    for n in 0..100_000 {
        queued(&mut queue, &n.to_string(), MB);
    }
    assert_eq!(queue.pump(at()).len(), 6);
    assert_eq!(queue.tally().files, 100_000);
}

#[test]
fn whoever_waits_for_room_can_say_that_there_is_some() {
    let mut queue = Queue::new(Settings {
        parallelism: 1,
        ..settings()
    });
    let first = queued(&mut queue, "a", MB);
    let second = queued(&mut queue, "b", MB);
    let jobs = queue.pump(at());
    let full = crate::Problem::new(crate::ErrorCode::OutOfSpace, "full");
    let event = Event::Answer {
        ticket: jobs[0].effect.ticket,
        answer: Err(Failure::hako(&full)),
    };
    assert!(queue.handle(first, event, at()).is_empty());
    // The one that found no room is gone, so nobody could retry it.
    queue.handle(first, Event::Cancel, at());
    queue.clear_finished();
    assert!(queue.row(second).unwrap().can_retry);
    let jobs = queue.handle(second, Event::Retry, at());
    assert_eq!(jobs.len(), 1);
    assert_eq!(queue.full_buckets().count(), 0);
}

#[test]
fn what_runs_keeps_its_way_when_others_go_another() {
    let mut queue = through_hako(6);
    for n in 0..10 {
        queued(&mut queue, &n.to_string(), MB);
    }
    let running = queue.pump(at());
    assert_eq!(running.len(), 4);
    let bucket = BucketName::parse("raw-scans").unwrap();
    // There and back: the four still run through Hako.
    let direct = queue.send_by(&bucket, UploadRoute::Direct, at());
    assert_eq!(direct.len(), 2);
    assert!(queue.send_by(&bucket, UploadRoute::Hako, at()).is_empty());
    assert!(queue.hako_slots >= 4);
    for job in running {
        let ticket = job.effect.ticket;
        let answer = Err(Failure::store(403, ""));
        queue.handle(job.id, Event::Answer { ticket, answer }, at());
    }
    assert!(queue.hako_slots <= 4 && queue.small_slots <= 6);
}

#[test]
fn a_new_small_file_overwrites_nothing_through_hako_either() {
    let mut queue = Queue::new(Settings {
        route: UploadRoute::Hako,
        conditional_writes: true,
        ..settings()
    });
    queue.add(Order {
        write: Write::Create,
        ..order("a", MB)
    });
    let jobs = queue.pump(at());
    let Action::Put(put) = &jobs[0].effect.action else {
        panic!("{jobs:?}")
    };
    assert_eq!(put.headers["If-None-Match"], "*");
}

#[test]
fn what_was_blocked_while_the_network_came_back_goes_on() {
    let mut queue = Queue::new(settings());
    let first = queued(&mut queue, "a", MB);
    let jobs = queue.pump(at());
    let denied = crate::Problem::new(crate::ErrorCode::AccessDenied, "no");
    let (ticket, answer) = (jobs[0].effect.ticket, Err(Failure::hako(&denied)));
    queue.handle(first, Event::Answer { ticket, answer }, at());
    let second = queued(&mut queue, "a", MB);
    queue.network(false, at());
    queue.handle(first, Event::Retry, at());
    queue.hako_answers(true, at());
    queue.handle(second, Event::Cancel, at());
    let jobs = queue.handle(first, Event::Retry, at());
    assert_eq!(queue.state(first), Some(State::Uploading));
    assert_eq!(jobs.len(), 1);
}

#[test]
fn a_file_that_waits_can_get_another_key() {
    let mut queue = Queue::new(Settings {
        parallelism: 1,
        ..settings()
    });
    let first = queued(&mut queue, "a", MB);
    let second = queued(&mut queue, "b", MB);
    queue.pump(at());
    assert_eq!(queue.rename(first, "in/z", at()), Err(CannotRename::Begun));
    assert_eq!(queue.rename(second, "in/a", at()), Err(CannotRename::Taken));
    let long = "x".repeat(1_025);
    let too_long = queue.rename(second, &long, at());
    assert!(matches!(
        too_long,
        Err(CannotRename::Key(KeyFault::TooLong { .. }))
    ));
    assert!(queue.row(second).unwrap().can_rename);
    queue.rename(second, "elsewhere/c", at()).unwrap();
    assert_eq!(queue.row(second).unwrap().key, "elsewhere/c");
    assert_eq!(queue.state(second), Some(State::Waiting));
    // Its former key is free, its new one is not.
    let former = queued(&mut queue, "b", 2 * MB);
    assert_eq!(
        queue.rename(former, "elsewhere/c", at()),
        Err(CannotRename::Taken)
    );
    assert_eq!(queue.tally().files, 3);
    // It goes next, and only where nothing is.
    let jobs = queue.handle(first, Event::Cancel, at());
    let jobs: Vec<_> = jobs.into_iter().filter(|job| job.id == second).collect();
    assert_eq!(jobs.len(), 1);
    assert!(matches!(
        &jobs[0].effect.action,
        Action::SignWhole(presign) if format!("{presign:?}").contains("elsewhere/c")
    ));
}

#[test]
fn a_file_that_was_refused_for_its_key_can_get_one() {
    let mut queue = Queue::new(settings());
    let Added::Refused(id) = queue.add(order(&"x".repeat(1_022), MB)) else {
        panic!("taken")
    };
    assert_eq!(queue.counts().attention, 1);
    queue.rename(id, "in/short", at()).unwrap();
    assert_eq!((queue.counts().attention, queue.counts().active), (0, 1));
    assert_eq!(queue.pump(at()).len(), 1);
    assert_eq!(queue.rename(id, "in/again", at()), Err(CannotRename::Begun));
}

#[test]
fn a_pause_outlasts_a_change_of_the_key() {
    let mut queue = Queue::new(settings());
    let id = queued(&mut queue, "a", MB);
    queue.handle(id, Event::Hold(crate::upload::Hold::Paused), at());
    queue.rename(id, "in/b", at()).unwrap();
    assert_eq!(queue.state(id), Some(State::Paused));
    assert!(queue.pump(at()).is_empty());
}

#[test]
fn only_what_waits_for_its_file_is_asked_whether_it_is_this_one() {
    let mut queue = Queue::new(settings());
    queued(&mut queue, "a", MB);
    assert!(!queue.awaits_files());
    let file = order("a", MB).file;
    assert_eq!(queue.waiting_for(&file, false), None);
}

#[test]
fn a_file_goes_to_another_path_and_is_known_by_its_own() {
    let mut queue = Queue::new(settings());
    let renamed = Order {
        path: Some("2026/b.txt".to_owned()),
        ..order("a/b.txt", MB)
    };
    let Added::Queued(id) = queue.add(renamed.clone()) else {
        panic!("not queued");
    };
    assert_eq!(queue.row(id).unwrap().key, "in/2026/b.txt");
    assert_eq!(queue.file(id).unwrap().relative_path, "a/b.txt");
    assert_eq!(queue.add(renamed), Added::UnderWay(id));
    // Its own path is free for another.
    assert!(matches!(queue.add(order("a/b.txt", MB)), Added::Queued(_)));
}

#[test]
fn the_headers_of_a_bucket_are_those_of_what_still_goes() {
    let mut queue = Queue::new(settings());
    let mut with = order("a", MB);
    Arc::make_mut(&mut with.options).attributes.legal_hold = true;
    let bucket = with.bucket.clone();
    let Added::Queued(id) = queue.add(with) else {
        panic!("not queued");
    };
    let sent: Vec<_> = queue.sent_headers(&bucket).into_iter().collect();
    assert_eq!(sent, ["x-hcp-retentionhold"]);
    let other = BucketName::parse("other").unwrap();
    assert!(queue.sent_headers(&other).is_empty());
    let _ = queue.handle(id, Event::Cancel, at());
    assert!(queue.sent_headers(&bucket).is_empty());
}

#[test]
fn what_was_begun_elsewhere_is_taken_up_once() {
    let mut queue = Queue::new(settings());
    let upload = UploadId::parse("u-1").unwrap();
    let record = |size| Record {
        bucket: BucketName::parse("raw-scans").unwrap(),
        key: ObjectKey::parse("in/scan.tif").unwrap(),
        upload_id: upload.clone(),
        file: order("scan.tif", size).file,
        part_size: 25 * MB,
        checksum: None,
        write: Write::Create,
        begun_at: None,
        phase: crate::upload::Phase::Sending,
        options: Options::default(),
        adopted: true,
    };
    let (first, jobs) = queue.adopt(record(300 * MB), at()).unwrap();
    assert!(jobs.is_empty());
    assert_eq!(queue.of_upload(&upload), Some(first));
    assert!(queue.is_lent(first) && queue.wants_file(first));
    // Another file may have been meant: it takes the place of the one before.
    let (second, _) = queue.adopt(record(200 * MB), at()).unwrap();
    assert_eq!(queue.row(first).map(|row| row.size), None);
    assert_eq!(queue.ids().collect::<Vec<_>>(), [second]);
    // What goes on is not disturbed, by this upload or another one of the same key.
    queue.handle(second, Event::File(order("scan.tif", 200 * MB).file), at());
    assert!(queue.adopt(record(200 * MB), at()).is_none());
    assert_eq!(queue.tally().files, 1);
    let taken = queue.add(order("scan.tif", 5));
    assert!(matches!(taken, Added::Refused(_)), "{taken:?}");
}
