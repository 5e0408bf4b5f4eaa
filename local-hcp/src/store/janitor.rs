//! Removes files that nothing refers to any more, but never under a reader's feet.
//!
//! A reader learns file names from the database and opens the files later, one after the other. So
//! it pins the names in the same step in which it reads them (the gate); the janitor gets a name
//! only after the commit that dropped its row, passes the gate once, and then knows: whoever could
//! still have read the name has pinned it. A pinned file goes when the last pin does.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc},
    thread::{self, JoinHandle},
};

use super::join;
use crate::{Error, files::Layout};

pub(super) struct Janitor {
    gate: RwLock<()>,
    table: Arc<Table>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Table {
    pins: Mutex<HashMap<String, Pin>>,
    /// To the thread that unlinks: freeing a large file can take the file system a while.
    bin: Mutex<Option<mpsc::Sender<String>>>,
}

struct Pin {
    readers: usize,
    doomed: bool,
}

impl Janitor {
    pub(super) fn start(layout: Layout) -> Result<Self, Error> {
        let (bin, received) = mpsc::channel::<String>();
        let thread = thread::Builder::new()
            .name("store-janitor".to_owned())
            .spawn(move || {
                for name in received {
                    layout.remove(&layout.blob(&name));
                }
            })?;
        Ok(Self {
            gate: RwLock::new(()),
            table: Arc::new(Table {
                pins: Mutex::new(HashMap::new()),
                bin: Mutex::new(Some(bin)),
            }),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Reads names and pins them in one step.
    pub(super) fn pin<T>(
        &self,
        read: impl FnOnce() -> Result<(T, Vec<String>), Error>,
    ) -> Result<(T, Pins), Error> {
        let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let (answer, names) = read()?;
        let mut pins = self.table.pins();
        for name in &names {
            pins.entry(name.clone())
                .or_insert(Pin {
                    readers: 0,
                    doomed: false,
                })
                .readers += 1;
        }
        drop(pins);
        Ok((
            answer,
            Pins {
                table: Arc::clone(&self.table),
                names,
            },
        ))
    }

    /// Removes files whose rows are gone, now or when their last reader is done.
    pub(super) fn remove(&self, names: Vec<String>) {
        if names.is_empty() {
            return;
        }
        drop(self.gate.write().unwrap_or_else(PoisonError::into_inner));
        let mut pins = self.table.pins();
        for name in names {
            match pins.get_mut(&name) {
                Some(pin) => pin.doomed = true,
                None => self.table.unlink(name),
            }
        }
    }

    /// Finishes the removals at hand and stops.
    pub(super) fn stop(&self) {
        self.table
            .bin
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        join(&self.thread, "janitor");
    }
}

impl Table {
    fn pins(&self) -> MutexGuard<'_, HashMap<String, Pin>> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unlink(&self, name: String) {
        let bin = self.bin.lock().unwrap_or_else(PoisonError::into_inner);
        // After the end the sweep of the next start does it.
        if let Some(bin) = bin.as_ref() {
            let _ = bin.send(name);
        }
    }
}

/// Files that stay on disk until this is dropped.
pub(crate) struct Pins {
    table: Arc<Table>,
    names: Vec<String>,
}

impl Drop for Pins {
    fn drop(&mut self) {
        let mut pins = self.table.pins();
        for name in self.names.drain(..) {
            let Some(pin) = pins.get_mut(&name) else {
                continue;
            };
            pin.readers -= 1;
            if pin.readers == 0 {
                let doomed = pin.doomed;
                pins.remove(&name);
                if doomed {
                    self.table.unlink(name);
                }
            }
        }
    }
}
