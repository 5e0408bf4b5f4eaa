//! A walk as the engine takes it in: without litter, and with the files themselves.

use model::upload::FileFacts;
use web_sys::{DataTransfer, File, FileList};

use super::Walk;

/// A file that is to be sent.
pub(in crate::upload) struct TakenFile {
    /// What the planner wants to know.
    pub facts: FileFacts,
    /// The file itself.
    pub file: File,
}

/// A walk whose litter is left out.
pub(in crate::upload) struct Found {
    walk: Walk,
    /// Litter of operating systems that was left out.
    pub junk: usize,
    /// What could not be read.
    pub unreadable: usize,
}

impl Found {
    fn new(walk: Walk) -> Self {
        Self {
            walk,
            junk: 0,
            unreadable: 0,
        }
    }

    /// What a picker gave.
    pub(in crate::upload) fn picked(files: &FileList) -> Self {
        Self::new(Walk::picked(files))
    }

    /// What was dropped.
    pub(in crate::upload) fn dropped(data: &DataTransfer) -> Self {
        Self::new(Walk::dropped(data))
    }

    /// The next files; empty when all is found.
    pub(in crate::upload) async fn step(&mut self) -> Vec<TakenFile> {
        loop {
            let found = self.walk.step().await;
            let mut taken = Vec::with_capacity(found.len());
            let ended = found.is_empty();
            for file in found.into_iter().filter(|file| !file.is_junk) {
                match file.source.file().await {
                    Ok(bytes) => taken.push(TakenFile {
                        facts: file.facts,
                        file: bytes,
                    }),
                    Err(super::Unreadable) => self.unreadable += 1,
                }
            }
            if ended {
                self.junk = self.walk.told().junk;
                self.unreadable += self.walk.told().unreadable;
            }
            if ended || !taken.is_empty() {
                return taken;
            }
        }
    }
}
