//! Uploads: the plan of parts, shared by server and browser, and the machine that carries it out.
//!
//! The machine is plain Rust without clock, randomness, network or file: time and jitter come in with
//! every call as a [`Moment`], what is to be done comes out as [`Effect`]s, and what came of it goes in
//! as [`Event`]s. [`Queue`] owns all transfers of a page; a [`Transfer`] is one file on its way.

mod backoff;
mod conflict;
mod failure;
mod fault;
mod milestone;
mod naming;
mod options;
mod pattern;
mod plan;
#[cfg(test)]
mod plant;
mod queue;
mod rate;
mod record;
mod remains;
mod sums;
mod survey;
mod target;
mod transfer;
mod wire;

pub use backoff::{ATTEMPTS, delay_ms};
pub use conflict::{
    Clash, Conflicts, Decided, Deciding, Existing, Look, PROTECTION_HEADERS, Policy, Protection,
    Sending, Standing, Standings, protection,
};
pub use failure::{Failure, Kind, Origin};
pub use fault::{Fault, Why};
pub use milestone::{Milestone, Milestones};
pub use naming::numbered as numbered_name;
pub use options::{Options, TypeFault};
pub use pattern::{Day, Pattern, PatternFault};
pub use plan::{PartPlan, PlanError};
pub use queue::{
    Added, BatchId, BatchRow, CannotRename, Counts, Job, Line, Order, Place, Question, Queue, Row,
    Section, Sight, Tally, TransferId, Verdict,
};
pub use rate::{Rate, seconds_left};
pub use record::{Likeness, Phase, Record};
pub use remains::{OtherFile, Remains, Unfit};
pub use sums::{Sum, is_bagit_list, is_checksum_list, parse_checksum_list};
pub use survey::{
    Finding, Fold, Leaving, Limits, Remedies, Remedy, Resolved, Resolving, Survey, Told, Totals,
};
pub use target::{KeyFault, is_junk, target_key};
pub use transfer::{Note, Progress, Receipt, State, Transfer};
pub use wire::{
    Action, Answer, Choice, Destination, Effect, Event, FileFacts, Hold, Moment, Put, Reply,
    Settings, Ticket, Write,
};
