//! Whether what must hold holds.

use super::{
    super::TransferId,
    bytes::are_all,
    world::{Invariant, World},
};
use crate::upload::{Note, State, Transfer};

impl World {
    /// After everything that a queue was told.
    pub(super) fn judge(&mut self, tab: usize) {
        let ids: Vec<TransferId> = self.tabs[tab].rows.keys().copied().collect();
        for id in ids {
            let Some(state) = self.tabs[tab].queue.state(id) else {
                self.tabs[tab].rows.remove(&id);
                continue;
            };
            let row = self.tabs[tab].rows.get_mut(&id).unwrap();
            let before = std::mem::replace(&mut row.state, state);
            if std::mem::discriminant(&before) != std::mem::discriminant(&state) {
                self.note(|world| {
                    format!(
                        "tab {tab} {} is {}",
                        world.name(tab, id),
                        world.explain(tab, id)
                    )
                });
                self.count(tab, id, state);
                if state == State::Done {
                    self.judge_done(tab, id);
                }
            }
            self.judge_motion(tab, id, state);
        }
        let tally = self.tabs[tab].queue.tally();
        if tally.bytes_sent > tally.bytes || tally.done > tally.files {
            self.violate(Invariant::Sums, format!("{tally:?}"));
        }
    }

    fn explain(&self, tab: usize, id: TransferId) -> String {
        let row = self.tabs[tab].queue.row(id);
        row.map_or_else(String::new, |row| {
            let why = row.fault;
            format!("{:?} {:?} {why:?}", row.state, row.note)
        })
    }

    fn count(&mut self, tab: usize, id: TransferId, state: State) {
        let what = match state {
            State::Retrying { .. } => "waits before the next attempt",
            State::SignedOut => "ends of a session",
            State::Done => "done",
            State::Failed => "failures shown",
            State::Changed => "changed files",
            State::Cancelled => "cancelled",
            State::Paused => "pauses",
            State::Offline => "offline",
            State::NeedsDecision => "decisions asked for",
            State::FileNeeded => "files asked for",
            _ => return,
        };
        self.see(what);
        let note = self.tabs[tab].queue.row(id).and_then(|row| row.note);
        match note {
            Some(Note::BegunAnew) => self.see("begun anew"),
            Some(Note::FoundComplete) => self.see("found complete"),
            Some(Note::OtherFile) => self.see("other files found out"),
            Some(Note::StoredBeforeChange) => self.see("stored before the change"),
            Some(Note::PartsLeft) => self.see("parts left for later"),
            _ => {}
        }
    }

    /// What is called done is there, byte for byte.
    fn judge_done(&mut self, tab: usize, id: TransferId) {
        let row = &self.tabs[tab].rows[&id];
        let (number, handle, begun_at) = (row.task, row.handle, row.begun_at);
        let Some(shown) = self.tabs[tab].queue.row(id) else {
            return;
        };
        let key = shown.key;
        // Nobody can see that the store kept less than it took: the account may not look, or others
        // have written since.
        let others = self.store.current.get(&key).map(|object| object.task);
        let hidden = shown.note == Some(Note::Unseen) || others != Some(Some(number));
        let unseen = hidden && self.tasks[number].cut;
        let (task, keeps) = (&self.tasks[number], self.tasks[number].keeps);
        let versions = self.store.versions.get(&key).map_or(&[][..], Vec::as_slice);
        let current = self.store.current.get(&key);
        // Others may have written since: then what counts is that it was there.
        let right = handle.is_some_and(|handle| {
            let since = versions.iter().filter(|object| object.at >= begun_at);
            since
                .chain(current)
                .any(|object| are_all(&object.pieces, handle.content, task.size))
        });
        if !right && !unseen {
            let words = format!(
                "task {number} at {key}: {:?}",
                current.map(|object| (&object.pieces, object.task))
            );
            self.violate(Invariant::FalselyDone, words);
        }
        let task = &self.tasks[number];
        let current = self.store.current.get(&key);
        let bare = current
            .filter(|object| object.task == Some(number) && object.at >= begun_at)
            .filter(|object| !task.is_dressed(&object.dress))
            .map(|object| format!("{key} has {:?}, not {:?}", object.dress, task.dress()));
        if let Some(words) = bare {
            self.violate(Invariant::Undressed, words);
        }
        if let Some(kept) = keeps {
            let is_there = self.store.current.values().any(|o| o.origin == kept);
            if !is_there {
                self.violate(Invariant::Overwritten, "what was to be kept is gone");
            }
        }
        self.tasks[number].done = true;
    }

    /// Something is under way, or somebody can get it going.
    fn judge_motion(&mut self, tab: usize, id: TransferId, state: State) {
        let waits = state.is_at_rest() || matches!(state, State::Paused | State::Offline);
        if waits {
            return;
        }
        let work = &self.tabs[tab].queue.entries[&id].work;
        let moves = work.is_busy() || work.transfer().is_some_and(Transfer::wants_slot);
        if !moves {
            let words = format!("nothing is under way, and it is {}", self.explain(tab, id));
            self.violate(Invariant::Stuck, words);
        }
    }

    /// Nothing runs any more: everything waits for somebody.
    pub(super) fn judge_rest(&mut self) {
        for tab in 0..self.tabs.len() {
            if let Some((place, open)) = self.tabs[tab].open.iter().next() {
                let words = format!("{place:?} was never answered: {open:?}");
                self.violate(Invariant::Effects, words);
            }
            let ids: Vec<TransferId> = self.tabs[tab].rows.keys().copied().collect();
            for id in ids {
                let state = self.tabs[tab].rows[&id].state;
                let full = self.tabs[tab].queue.full_buckets().next().is_some();
                let waits = state.is_at_rest()
                    || state == State::Paused
                    || (full && matches!(state, State::Waiting | State::Uploading));
                if !waits {
                    let queue = &self.tabs[tab].queue;
                    let slots = (queue.small_slots, queue.large_slots, queue.hako_slots);
                    let words = format!(
                        "it rests, and is {}; slots {slots:?} of {}",
                        self.explain(tab, id),
                        queue.pace.limit()
                    );
                    self.violate(Invariant::Stuck, words);
                }
            }
        }
    }
}
