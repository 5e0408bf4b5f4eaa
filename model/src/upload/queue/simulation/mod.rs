//! The whole queue against a Hako, a store, a network and people that do what they want.
//!
//! A world has one or two tabs, a few uploads and a seed. Everything in it follows from the seed:
//! what the store is like, what is lost before and after the other side has acted, who presses what,
//! when a page is loaded again. The store knows where its bytes come from, so that "done" is compared
//! with the file. When the faults are over, people do the obvious, and everything must get done.
//!
//! `HAKO_SIMULATE=<uploads>` runs more than usual, `HAKO_SIMULATE_FROM=<seed>` begins elsewhere. A seed
//! that fails is made smaller by leaving out troubles, and its events are printed.

mod bytes;
mod chance;
mod judge;
mod perform;
mod person;
mod plants;
mod serve;
mod store;
mod world;

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use self::{
    chance::{Scenario, Trouble},
    world::{Invariant, Violation, World},
};

/// Uploads of a usual run.
const UPLOADS: u64 = 100_000;
/// Lines of a trace that are printed.
const LINES: usize = 400;

/// What a usual run has to go through.
const MUST_HAPPEN: [&str; 22] = [
    "begun anew",
    "cancelled",
    "changed files",
    "completed elsewhere",
    "decisions taken",
    "ends of a session",
    "failures shown",
    "files given again",
    "flipped bits",
    "found complete",
    "objects cleared away",
    "objects copied aside",
    "offline",
    "other files found out",
    "parts left for later",
    "pauses",
    "records taken up",
    "reloads",
    "started again",
    "stored before the change",
    "uploads begun through Hako",
    "uploads taken over",
];

/// What came of one world, or of many.
#[derive(Default)]
struct Outcome {
    uploads: u64,
    events: u64,
    seen: BTreeMap<&'static str, u64>,
    violation: Option<Violation>,
    trace: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.uploads += other.uploads;
        self.events += other.events;
        for (what, count) in other.seen {
            *self.seen.entry(what).or_default() += count;
        }
        self.violation = other.violation;
        self.trace = other.trace;
    }
}

fn simulate(scenario: Scenario, traced: bool) -> Outcome {
    let mut world = World::new(scenario, traced);
    let ran = catch_unwind(AssertUnwindSafe(|| {
        world.begin();
        world.run();
        if world.violation.is_none() {
            world.end_well();
        }
    }));
    if let Err(panic) = ran {
        let words = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        world.violation = None;
        world.violate(Invariant::Panic, words.unwrap_or_default());
    }
    Outcome {
        uploads: u64::try_from(world.tasks.len()).unwrap_or(0),
        events: world.events,
        seen: world.seen,
        violation: world.violation,
        trace: world.trace.unwrap_or_default(),
    }
}

/// Leaves out what the failure does not need.
fn shrink(scenario: Scenario, invariant: Invariant) -> Scenario {
    let fails = |smaller: Scenario| {
        let violation = simulate(smaller, false).violation;
        violation.is_some_and(|violation| violation.invariant == invariant)
    };
    let mut smallest = scenario;
    for most in 1..4 {
        let smaller = Scenario { most, ..smallest };
        if fails(smaller) {
            smallest = smaller;
            break;
        }
    }
    for trouble in Trouble::ALL {
        let smaller = smallest.without(trouble);
        if fails(smaller) {
            smallest = smaller;
        }
    }
    smallest
}

/// Runs worlds until so many uploads were simulated, or something does not hold.
fn run(uploads: u64, from: u64) -> (Outcome, Option<Scenario>) {
    let mut all = Outcome::default();
    let mut seed = from;
    while all.uploads < uploads {
        let scenario = Scenario::new(seed);
        all.add(simulate(scenario, false));
        if all.violation.is_some() {
            return (all, Some(scenario));
        }
        seed += 1;
    }
    (all, None)
}

/// A number from the environment, for longer runs.
fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of the test, not configuration"
    )]
    let text = std::env::var(name).ok()?;
    text.parse().ok()
}

/// UPL-32
#[test]
fn whatever_happens_an_upload_ends_right_or_can_go_on() {
    let uploads = number("HAKO_SIMULATE").unwrap_or(UPLOADS);
    let from = number("HAKO_SIMULATE_FROM").unwrap_or(1);
    let begun = Instant::now();
    // A panic of the machine is a finding like others; its seed is told below.
    std::panic::set_hook(Box::new(|_| {}));
    let (all, failed) = run(uploads, from);
    let smallest = failed.map(|scenario| {
        let invariant = all.violation.as_ref().unwrap().invariant;
        shrink(scenario, invariant)
    });
    let _ = std::panic::take_hook();
    if let Some(scenario) = smallest {
        let outcome = simulate(scenario, true);
        let skipped = outcome.trace.len().saturating_sub(LINES);
        for line in outcome.trace.iter().skip(skipped) {
            println!("{line}");
        }
        let violation = outcome.violation.or(all.violation).unwrap();
        panic!(
            "after {} uploads {:?} does not hold: {}\n{scenario:?}",
            all.uploads, violation.invariant, violation.words
        );
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = all.uploads as f64 / seconds;
    println!(
        "{} uploads, {} events in {seconds:.1} s: {rate:.0} uploads a second",
        all.uploads, all.events
    );
    for (what, count) in &all.seen {
        println!("{count:>9} {what}");
    }
    if uploads >= UPLOADS {
        // A simulation in which these do not happen proves nothing about them.
        let missing: Vec<&&str> = MUST_HAPPEN
            .iter()
            .filter(|what| !all.seen.contains_key(**what))
            .collect();
        assert!(missing.is_empty(), "it never happens: {missing:?}");
    }
}
