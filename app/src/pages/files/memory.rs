//! How folders were left, so that Back and Forward find them as they were.
//!
//! Nothing of it outlives the page's load: what is to be kept longer stands in the address.

use super::look::Chosen;

/// How a folder was left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Left {
    /// The key of the first row in sight, and how far below the edge it began.
    pub first: Option<(String, f64)>,
    /// The key of the row with the list's tab stop, its column, and whether it had the focus.
    pub cursor: Option<(String, usize, bool)>,
    /// Names of what was selected.
    pub chosen: Chosen,
    /// The address of its entry in the history.
    pub address: Option<String>,
}

#[cfg(feature = "hydrate")]
mod here {
    use std::{cell::RefCell, collections::VecDeque};

    use leptos::{ev, prelude::*};

    use super::Left;

    /// Folders that are remembered.
    const FOLDERS: usize = 50;

    #[derive(Default)]
    struct Memory {
        listens: bool,
        /// Whether the page came here by Back or Forward.
        returned: bool,
        left: VecDeque<(String, Left)>,
        /// A row that is looked for in the folder that is opened next.
        aim: Option<(String, String)>,
    }

    thread_local! {
        static MEMORY: RefCell<Memory> = RefCell::default();
    }

    fn memory<T>(act: impl FnOnce(&mut Memory) -> T) -> T {
        MEMORY.with_borrow_mut(act)
    }

    /// Hears of Back and Forward, as long as the page lives.
    pub fn listen() {
        if memory(|memory| std::mem::replace(&mut memory.listens, true)) {
            return;
        }
        // Never taken back: the page of a folder may be come back to from any other.
        std::mem::forget(window_event_listener(ev::popstate, |_| {
            memory(|memory| memory.returned = true);
        }));
        std::mem::forget(window_event_listener(ev::click, |_| {
            memory(|memory| memory.returned = false);
        }));
    }

    /// Remembers how a folder was left.
    pub fn leave(folder: &str, left: Left) {
        memory(|memory| {
            memory.left.retain(|(other, _)| other != folder);
            memory.left.push_front((folder.to_owned(), left));
            memory.left.truncate(FOLDERS);
        });
    }

    /// How a folder is to be found: as it was left, where one came back; with a row in focus, where one
    /// came from there.
    pub fn arrive(folder: &str) -> Option<Left> {
        memory(|memory| {
            if let Some((to, key)) = memory.aim.take()
                && to == folder
            {
                return Some(Left {
                    cursor: Some((key, super::super::grid::NAME, true)),
                    ..Left::default()
                });
            }
            // It holds until something else is done: a page may be made more than once before it is seen.
            if !memory.returned {
                return None;
            }
            let found = memory.left.iter().find(|(other, _)| other == folder);
            found.map(|(_, left)| left.clone())
        })
    }

    /// Says which row is to have the focus in the folder that is opened next.
    pub fn aim(folder: &str, key: &str) {
        memory(|memory| {
            memory.returned = false;
            memory.aim = Some((folder.to_owned(), key.to_owned()));
        });
    }
}

#[cfg(feature = "hydrate")]
pub use here::{aim, arrive, leave, listen};
