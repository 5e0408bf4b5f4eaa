//! Faults that are planted, and found: the simulation is as good as what it finds.

use super::{
    run,
    world::Invariant::{
        self, CompletedTwice, CompletedUnlisted, CompletedWrong, ExpiredUrl, FalselyDone,
        LeftBehind, SentAgain, TwoHands, Unfinished,
    },
};
use crate::upload::plant::{Plant, plant};

/// Plants a fault and says after how many uploads it is found.
fn finds(fault: Plant, expected: &[Invariant], within: u64) {
    // A panic of the machine would be found as one, and its words are not needed.
    std::panic::set_hook(Box::new(|_| {}));
    plant(Some(fault));
    let (all, failed) = run(within, 1);
    plant(None);
    let _ = std::panic::take_hook();
    let Some(violation) = all.violation else {
        panic!("{fault:?} is not found in {within} uploads");
    };
    println!(
        "{:<12} found after {:>6} uploads: {:?}, {}",
        format!("{fault:?}"),
        all.uploads,
        violation.invariant,
        violation.words
    );
    assert!(failed.is_some());
    assert!(
        expected.contains(&violation.invariant),
        "{fault:?} is found as {:?}: {}",
        violation.invariant,
        violation.words
    );
}

#[test]
fn a_list_that_nobody_compares_is_found() {
    finds(
        Plant::ListUnread,
        &[CompletedUnlisted, CompletedWrong],
        20_000,
    );
}

#[test]
fn a_size_that_nobody_compares_is_found() {
    finds(Plant::SizeUnread, &[FalselyDone], 20_000);
}

#[test]
fn an_error_taken_for_a_success_is_found() {
    // Whoever believes in the completion may also look for the object for ever.
    finds(
        Plant::ErrorUnread,
        &[FalselyDone, LeftBehind, Unfinished],
        20_000,
    );
}

#[test]
fn a_tag_of_another_part_is_found() {
    finds(Plant::OtherTag, &[CompletedUnlisted], 20_000);
}

#[test]
fn a_url_used_after_its_time_is_found() {
    finds(Plant::UrlReused, &[ExpiredUrl], 20_000);
}

#[test]
fn a_stored_part_sent_again_is_found() {
    finds(Plant::SentAgain, &[SentAgain], 20_000);
}

#[test]
fn an_ignored_lock_is_found() {
    finds(Plant::LockIgnored, &[TwoHands, CompletedTwice], 20_000);
}
