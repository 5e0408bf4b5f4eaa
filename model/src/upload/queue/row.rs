//! What a person sees of a transfer, and the sum of them all.

use super::{
    Entry, TransferId,
    lines::{Section, Standing},
};
use crate::{
    BucketName,
    session::UploadRoute,
    upload::{Fault, FileFacts, Note, Progress, State, Transfer, Why, record::name_of},
};

/// What stands behind a row.
pub(super) enum Work {
    /// A transfer.
    Going(Box<Transfer>),
    /// A transfer that may not go on because another one holds its key.
    Blocked(Box<Transfer>, Fault),
    /// Refused before it could become one.
    Refused(Fault),
    /// Refused, and taken note of.
    Dismissed,
}

impl From<Result<Transfer, Fault>> for Work {
    fn from(transfer: Result<Transfer, Fault>) -> Self {
        match transfer {
            Ok(transfer) => Self::Going(Box::new(transfer)),
            Err(fault) => Self::Refused(fault),
        }
    }
}

impl Work {
    pub(super) fn transfer(&self) -> Option<&Transfer> {
        match self {
            Self::Going(transfer) | Self::Blocked(transfer, _) => Some(transfer),
            Self::Refused(_) | Self::Dismissed => None,
        }
    }

    pub(super) fn state(&self) -> State {
        match self {
            Self::Going(transfer) => transfer.state(),
            Self::Blocked(..) | Self::Refused(_) => State::Failed,
            Self::Dismissed => State::Cancelled,
        }
    }

    pub(super) fn can_pause(&self) -> bool {
        matches!(self, Self::Going(transfer) if transfer.can_pause())
    }

    pub(super) fn slots(&self) -> usize {
        self.transfer().map_or(0, Transfer::slots)
    }

    pub(super) fn slots_through_hako(&self) -> usize {
        self.transfer().map_or(0, Transfer::slots_through_hako)
    }

    pub(super) fn wants_slot(&self) -> bool {
        matches!(self, Self::Going(transfer) if transfer.wants_slot())
    }

    pub(super) fn is_busy(&self) -> bool {
        self.transfer().is_some_and(Transfer::is_busy)
    }

    pub(super) fn route(&self) -> UploadRoute {
        self.transfer().map_or(UploadRoute::Direct, Transfer::route)
    }

    pub(super) fn can_retry(&self) -> bool {
        match self {
            Self::Going(transfer) | Self::Blocked(transfer, _) => transfer.can_retry(),
            Self::Refused(fault) => fault.can_retry(),
            Self::Dismissed => false,
        }
    }

    /// Whether nothing was begun under its key.
    pub(super) fn can_rename(&self) -> bool {
        match self {
            Self::Going(transfer) | Self::Blocked(transfer, _) => transfer.is_untouched(),
            Self::Refused(fault) => fault.is_of_key(),
            Self::Dismissed => false,
        }
    }

    pub(super) fn can_start_again(&self) -> bool {
        self.transfer().is_some_and(Transfer::can_start_again)
    }

    fn can_cancel(&self) -> bool {
        match self {
            Self::Going(transfer) | Self::Blocked(transfer, _) => transfer.can_cancel(),
            Self::Refused(_) => true,
            Self::Dismissed => false,
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Going(transfer) => transfer.fault(),
            Self::Blocked(_, fault) | Self::Refused(fault) => Some(fault),
            Self::Dismissed => None,
        }
    }

    pub(super) fn progress(&self) -> Progress {
        self.transfer()
            .map_or_else(Progress::default, Transfer::progress)
    }

    pub(super) fn stored_parts(&self) -> u32 {
        self.progress().parts.map_or(0, |(stored, _)| stored)
    }

    /// Another transfer holds the key.
    pub(super) fn block(&mut self) {
        let fault = Fault::new(Why::KeyTaken);
        *self = match std::mem::replace(self, Self::Dismissed) {
            Self::Going(transfer) | Self::Blocked(transfer, _) => Self::Blocked(transfer, fault),
            Self::Refused(_) => Self::Refused(fault),
            Self::Dismissed => Self::Dismissed,
        };
    }

    /// The key is free.
    pub(super) fn unblock(&mut self) {
        *self = match std::mem::replace(self, Self::Dismissed) {
            Self::Blocked(transfer, _) => Self::Going(transfer),
            other => other,
        };
    }
}

/// What a person sees of one transfer.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what can be done with it, each by itself"
)]
pub struct Row {
    /// Which.
    pub id: TransferId,
    /// The bucket.
    pub bucket: BucketName,
    /// The key, or what it would be.
    pub key: String,
    /// The name, without folders: of the object, or of the file where that is asked for.
    pub name: String,
    /// Bytes of the file.
    pub size: u64,
    /// What it does.
    pub state: State,
    /// How far it is.
    pub progress: Progress,
    /// Why it stopped.
    pub fault: Option<Fault>,
    /// How many parts the store keeps of it.
    pub kept: u32,
    /// Something to know.
    pub note: Option<Note>,
    /// Which way bytes go.
    pub route: UploadRoute,
    /// Whether it may be cancelled.
    pub can_cancel: bool,
    /// Whether it may be tried again, or now.
    pub can_retry: bool,
    /// Whether it may be paused.
    pub can_pause: bool,
    /// Whether it waits for its file to be given again.
    pub wants_file: bool,
    /// Whether the file turned out to be another one, and may be uploaded from its first byte.
    pub can_start_again: bool,
    /// Whether an object is in the way about which somebody has to decide.
    pub is_in_the_way: bool,
    /// Whether it may still get another key.
    pub can_rename: bool,
    /// Whether it may be left for later, with what is stored of it.
    pub can_save: bool,
}

impl Row {
    pub(super) fn of(id: TransferId, entry: &Entry) -> Self {
        let work = &entry.work;
        let wants_file = work.transfer().is_some_and(Transfer::wants_file);
        let name = if wants_file {
            entry.file.name()
        } else {
            name_of(&entry.key)
        };
        Self {
            id,
            bucket: entry.bucket.clone(),
            key: entry.key.clone(),
            name: name.to_owned(),
            size: entry.file.size,
            state: work.state(),
            progress: work.progress(),
            fault: work.fault().cloned(),
            kept: work.stored_parts(),
            note: work.transfer().and_then(Transfer::note),
            route: work.route(),
            can_cancel: work.can_cancel(),
            can_retry: work.can_retry(),
            can_pause: work.can_pause(),
            wants_file,
            can_start_again: work.can_start_again(),
            is_in_the_way: work.transfer().is_some_and(Transfer::is_in_the_way),
            can_rename: work.can_rename(),
            can_save: matches!(work, Work::Going(transfer) if transfer.can_save()),
        }
    }
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In sight.
    pub rows: usize,
    /// Going on, or paused.
    pub active: usize,
    /// Needing somebody.
    pub attention: usize,
    /// Stored or cancelled.
    pub finished: usize,
    /// Under way.
    pub running: usize,
    /// Waiting for their turn.
    pub waiting: usize,
    /// Paused, or waiting for their file.
    pub resumable: usize,
    /// At rest, and could be tried again.
    pub retriable: usize,
    /// Paused by the person.
    pub paused: usize,
    /// Could be paused.
    pub pausable: usize,
    /// Waiting for somebody to sign in.
    pub signed_out: usize,
    /// Waiting for their file.
    pub file_needed: usize,
}

impl Counts {
    pub(super) fn replace(&mut self, old: Standing, new: Standing) {
        let is = |standing: Standing, section| {
            standing.section == Some(section) || standing.within == Some(section)
        };
        let fields = [
            (&mut self.rows, old.section.is_some(), new.section.is_some()),
            (
                &mut self.active,
                is(old, Section::Active),
                is(new, Section::Active),
            ),
            (
                &mut self.attention,
                is(old, Section::Attention),
                is(new, Section::Attention),
            ),
            (
                &mut self.finished,
                is(old, Section::Done),
                is(new, Section::Done),
            ),
            (
                &mut self.running,
                is(old, Section::Running),
                is(new, Section::Running),
            ),
            (
                &mut self.waiting,
                is(old, Section::Waiting),
                is(new, Section::Waiting),
            ),
            (
                &mut self.resumable,
                is(old, Section::Resumable),
                is(new, Section::Resumable),
            ),
            (&mut self.retriable, old.retriable, new.retriable),
            (&mut self.paused, old.paused, new.paused),
            (&mut self.pausable, old.pausable, new.pausable),
            (&mut self.signed_out, old.signed_out, new.signed_out),
            (&mut self.file_needed, old.file_needed, new.file_needed),
        ];
        for (total, old, new) in fields {
            *total = (*total + usize::from(new)).saturating_sub(usize::from(old));
        }
    }
}

/// How far everything of the present batch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that are to be uploaded: all but cancelled and impossible ones.
    pub files: u64,
    /// Files that are stored.
    pub done: u64,
    /// Files that go on by themselves.
    pub active: u64,
    /// Files that somebody has paused.
    pub paused: u64,
    /// Files that need somebody.
    pub attention: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Bytes stored, or on their way.
    pub bytes_sent: u64,
    /// Bytes stored.
    pub bytes_stored: u64,
}

impl Tally {
    /// How much of it is there, rounded down, so that 100 means all. Empty files count by number.
    pub fn percent(&self) -> u64 {
        let (part, whole) = if self.bytes > 0 {
            (self.bytes_sent, self.bytes)
        } else {
            (self.done, self.files)
        };
        if whole == 0 {
            return 0;
        }
        let percent = u128::from(part) * 100 / u128::from(whole);
        u64::try_from(percent.min(100)).unwrap_or(100)
    }

    pub(super) fn replace(&mut self, old: &Share, new: &Share) {
        let fields = [
            (&mut self.files, old.files, new.files),
            (&mut self.done, old.done, new.done),
            (&mut self.active, old.active, new.active),
            (&mut self.paused, old.paused, new.paused),
            (&mut self.attention, old.attention, new.attention),
            (&mut self.bytes, old.bytes, new.bytes),
            (&mut self.bytes_sent, old.bytes_sent, new.bytes_sent),
            (&mut self.bytes_stored, old.bytes_stored, new.bytes_stored),
        ];
        for (total, old, new) in fields {
            *total = (*total + new).saturating_sub(old);
        }
    }
}

/// What one transfer adds to the tally.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Share {
    files: u64,
    done: u64,
    active: u64,
    paused: u64,
    attention: u64,
    bytes: u64,
    bytes_sent: u64,
    bytes_stored: u64,
}

impl Share {
    pub(super) fn of(work: &Work, file: &FileFacts) -> Self {
        let state = work.state();
        let attention = state.is_at_rest() && !state.is_final();
        if matches!(work, Work::Refused(_)) || matches!(state, State::Cancelled | State::Changed) {
            return Self {
                attention: u64::from(attention),
                ..Self::default()
            };
        }
        let progress = work.progress();
        Self {
            files: 1,
            done: u64::from(state == State::Done),
            active: u64::from(state.goes_on()),
            paused: u64::from(state == State::Paused),
            attention: u64::from(attention),
            bytes: file.size,
            bytes_sent: (progress.stored + progress.in_flight).min(file.size),
            bytes_stored: progress.stored.min(file.size),
        }
    }
}
