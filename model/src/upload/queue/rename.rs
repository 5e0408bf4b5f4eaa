//! Another key for a file that has not begun.

use std::sync::Arc;

use super::{Lane, Order, Queue, TransferId, Work};
use crate::upload::{Event, Hold, KeyFault, Moment, State, Write, target_key};

/// Why a file keeps its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotRename {
    /// Its upload has begun, and an upload is bound to its key.
    #[error("The upload has begun under its present key.")]
    Begun,
    /// The store does not take the key.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Another upload of this page goes to the key.
    #[error("Another upload goes to this key.")]
    Taken,
}

impl Queue {
    /// Gives a file that has not begun another key: the whole of it, folders included. It is written
    /// there only if nothing has that key, whatever was decided about the former one.
    pub fn rename(
        &mut self,
        id: TransferId,
        key: &str,
        moment: Moment,
    ) -> Result<(), CannotRename> {
        let entry = self.entries.get(&id).ok_or(CannotRename::Begun)?;
        if !entry.work.can_rename() {
            return Err(CannotRename::Begun);
        }
        let key = target_key("", key, self.settings.max_key_bytes)?;
        let bucket = entry.bucket.clone();
        let place = (bucket.clone(), key.to_string());
        if self.by_key.get(&place).is_some_and(|holder| *holder != id) {
            return Err(CannotRename::Taken);
        }
        let paused = entry.work.state() == State::Paused;
        let order = Order {
            bucket,
            prefix: String::new(),
            file: entry.file.clone(),
            path: None,
            write: Write::Create,
            options: Arc::clone(&entry.options),
        };
        let mut work = self.begin(key, &order);
        if let (Work::Going(transfer), true) = (&mut work, paused) {
            let nothing = transfer.handle(Event::Hold(Hold::Paused), moment);
            debug_assert!(nothing.is_empty());
        }
        self.begin_batch();
        if let Some(entry) = self.entries.get_mut(&id) {
            let (bucket, key) = place;
            let former = (bucket, std::mem::replace(&mut entry.key, key));
            if std::mem::take(&mut entry.holds_key) {
                self.by_key.remove(&former);
            }
            self.small_ready.remove(&entry.rank);
            self.large_ready.remove(&entry.rank);
            entry.lane = Lane::of(order.file.size, &self.settings);
            entry.write = Write::Create;
            entry.work = work;
            entry.counted = true;
        }
        self.refresh(id);
        Ok(())
    }
}
