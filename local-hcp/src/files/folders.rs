//! The names in large folders, kept as long as the folders stay as they are: a listing comes page by page, and would
//! otherwise read the whole folder for each.

use std::{
    os::fd::OwnedFd,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustix::fs::{Stat, fstat};

/// A name in a folder; that of a folder has its slash.
pub(super) type Name = (String, bool);

/// How many names make a folder large.
const LARGE: usize = 2_000;
/// How many folders are kept.
const FOLDERS: usize = 8;
/// How many names are kept of all of them.
const NAMES: usize = 2_000_000;
/// How long a folder has been as it is before it is kept: what changes within the grain of its time would not show in
/// it, and some file systems count in pairs of seconds.
const SETTLED: Duration = Duration::from_secs(3);

/// Which folder, and since when it is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    device: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl State {
    pub(super) fn of(folder: &OwnedFd) -> std::io::Result<Self> {
        let stat: Stat = fstat(folder)?;
        let nanoseconds = |rest| i64::try_from(rest).unwrap_or(0);
        Ok(Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            modified: (stat.st_mtime, nanoseconds(stat.st_mtime_nsec)),
            changed: (stat.st_ctime, nanoseconds(stat.st_ctime_nsec)),
        })
    }

    /// Whether whatever changes from `now` on gives the folder another time.
    fn is_settled(&self, now: SystemTime) -> bool {
        let (seconds, _) = self.modified.max(self.changed);
        let Ok(seconds) = u64::try_from(seconds) else {
            return false;
        };
        let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        now.duration_since(changed).is_ok_and(|age| age >= SETTLED)
    }
}

/// A folder, and the names that were in it in that state.
type Known = (State, Arc<[Name]>);

/// What is kept, the last used last.
#[derive(Clone, Debug, Default)]
pub(super) struct Folders(Arc<Mutex<Vec<Known>>>);

impl Folders {
    /// The names of a folder that is still as it was.
    pub(super) fn find(&self, state: &State) -> Option<Arc<[Name]>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|(known, _)| known == state)?;
        let found = all.remove(at);
        let names = Arc::clone(&found.1);
        all.push(found);
        Some(names)
    }

    /// Keeps the names of a folder that was `state` before it was read, from `now` on.
    pub(super) fn keep(&self, state: State, now: SystemTime, names: &Arc<[Name]>) {
        if names.len() < LARGE || names.len() > NAMES || !state.is_settled(now) {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| (known.device, known.inode) != (state.device, state.inode));
        all.push((state, Arc::clone(names)));
        while all.len() > FOLDERS || all.iter().map(|(_, names)| names.len()).sum::<usize>() > NAMES
        {
            all.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(inode: u64, seconds: i64) -> State {
        State {
            device: 1,
            inode,
            modified: (seconds, 999_999_999),
            changed: (seconds, 0),
        }
    }

    fn names(count: usize) -> Arc<[Name]> {
        (0..count)
            .map(|number| (number.to_string(), false))
            .collect()
    }

    #[test]
    fn only_large_folders_that_have_settled_are_kept_and_only_as_they_were() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let folders = Folders::default();
        for (state, count, kept) in [
            (at(1, 997), LARGE, true),
            (at(2, 998), LARGE, false),
            (at(3, 1_002), LARGE, false),
            (at(4, 900), LARGE - 1, false),
        ] {
            folders.keep(state, now, &names(count));
            assert_eq!(folders.find(&state).is_some(), kept, "{state:?}");
        }
        assert!(folders.find(&at(1, 996)).is_none());
        // The same folder later is instead of what it was.
        folders.keep(at(1, 990), now, &names(LARGE + 1));
        assert!(folders.find(&at(1, 997)).is_none());
    }

    #[test]
    fn what_was_used_last_stays() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let folders = Folders::default();
        for inode in 0..FOLDERS as u64 {
            folders.keep(at(inode, 900), now, &names(LARGE));
        }
        assert!(folders.find(&at(0, 900)).is_some());
        folders.keep(at(100, 900), now, &names(LARGE));
        assert!(folders.find(&at(0, 900)).is_some());
        assert!(folders.find(&at(1, 900)).is_none());
    }
}
