//! Packages of logs and health reports: made ready in the background, one of each kind at a time, and kept for a
//! day.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use uuid::Uuid;

use crate::{Clock, Error};

/// How long a package is kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a package is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Logs,
    Health,
}

/// The packages of a store; clones share them.
#[derive(Clone)]
pub(crate) struct Packages(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    clock: Clock,
    slots: [Slot; 2],
}

#[derive(Default)]
struct Slot {
    state: Mutex<State>,
    streams: AtomicUsize,
}

#[derive(Default)]
enum State {
    #[default]
    Nothing,
    Preparing(Asked),
    Ready {
        file: PathBuf,
        made_ms: i64,
    },
    Failed,
}

/// Says to a preparation whether anybody still wants it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(Arc<AtomicBool>);

impl Asked {
    fn give_up(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// [`Error::Interrupted`]: nobody wants it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.load(Ordering::Relaxed) {
            Err(Error::Interrupted)
        } else {
            Ok(())
        }
    }
}

/// How far a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Nothing,
    Preparing,
    Ready,
    Failed,
}

/// That somebody is fetching a package, for as long as it lives.
pub(crate) struct Fetching {
    packages: Packages,
    kind: Kind,
}

impl Drop for Fetching {
    fn drop(&mut self) {
        let streams = &self.packages.slot(self.kind).streams;
        streams.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Packages {
    /// Those of the store in a folder; what an earlier run left of them is removed. Blocks.
    pub(crate) fn open(store: &Path, clock: Clock) -> Result<Self, Error> {
        let folder = store.join("packages");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(Arc::new(Inner {
            folder,
            clock,
            slots: <[Slot; 2]>::default(),
        })))
    }

    fn slot(&self, kind: Kind) -> &Slot {
        &self.0.slots[kind as usize]
    }

    /// The state, with what is too old forgotten.
    fn state(&self, kind: Kind) -> MutexGuard<'_, State> {
        let state = &self.slot(kind).state;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Ready { file, made_ms } = &*state
            && self.0.clock.now_ms() - made_ms >= KEPT_MS
        {
            remove(file);
            *state = State::Nothing;
        }
        state
    }

    /// Forgets what is too old.
    pub(crate) fn sweep(&self) {
        for kind in [Kind::Logs, Kind::Health] {
            drop(self.state(kind));
        }
    }

    pub(crate) fn stage(&self, kind: Kind) -> Stage {
        match *self.state(kind) {
            State::Nothing => Stage::Nothing,
            State::Preparing(_) => Stage::Preparing,
            State::Ready { .. } => Stage::Ready,
            State::Failed => Stage::Failed,
        }
    }

    /// When a package that is ready is removed, in milliseconds since 1970.
    pub(crate) fn expires_ms(&self, kind: Kind) -> Option<i64> {
        match *self.state(kind) {
            State::Ready { made_ms, .. } => Some(made_ms + KEPT_MS),
            _ => None,
        }
    }

    /// Whether somebody is fetching a package.
    pub(crate) fn is_streaming(&self, kind: Kind) -> bool {
        self.slot(kind).streams.load(Ordering::Relaxed) > 0
    }

    /// Begins to make a package, in the place of the one before; false: one is being made.
    pub(crate) fn prepare(
        &self,
        kind: Kind,
        make: impl FnOnce(File, &Asked) -> Result<(), Error> + Send + 'static,
    ) -> Result<bool, Error> {
        let asked = Asked::default();
        let file = self.0.folder.join(format!("{}.zip", Uuid::new_v4()));
        let mut state = self.state(kind);
        match &*state {
            State::Preparing(_) => return Ok(false),
            State::Ready { file, .. } => remove(file),
            State::Nothing | State::Failed => {}
        }
        let opened = private(&file)?;
        *state = State::Preparing(asked.clone());
        drop(state);
        let packages = self.clone();
        tokio::spawn(async move {
            let wanted = asked.clone();
            let work = tokio::task::spawn_blocking(move || make(opened, &wanted));
            let outcome = match work.await {
                Ok(outcome) => outcome,
                Err(_panicked_or_stopped) => Err(Error::Interrupted),
            };
            packages.settle(kind, &asked, file, outcome);
        });
        Ok(true)
    }

    fn settle(&self, kind: Kind, asked: &Asked, file: PathBuf, outcome: Result<(), Error>) {
        let mut state = self.state(kind);
        // What was given up may have been asked for anew meanwhile.
        let current = matches!(&*state, State::Preparing(now) if Arc::ptr_eq(&now.0, &asked.0));
        if !current {
            remove(&file);
            return;
        }
        *state = match outcome {
            Ok(()) => State::Ready {
                file,
                made_ms: self.0.clock.now_ms(),
            },
            Err(error) => {
                tracing::warn!(%error, "a package could not be made");
                remove(&file);
                State::Failed
            }
        };
    }

    /// Gives up what is being made, and removes what is ready.
    pub(crate) fn cancel(&self, kind: Kind) {
        let mut state = self.state(kind);
        match &*state {
            State::Preparing(asked) => asked.give_up(),
            State::Ready { file, .. } => remove(file),
            State::Nothing | State::Failed => {}
        }
        *state = State::Nothing;
    }

    /// Gives up what is being made, so that nobody waits for it at the end.
    pub(crate) fn close(&self) {
        for kind in [Kind::Logs, Kind::Health] {
            self.cancel(kind);
        }
    }

    /// Opens what is ready; it stays readable whatever becomes of it. `None`: nothing is.
    pub(crate) fn open_ready(&self, kind: Kind) -> Result<Option<(File, Fetching)>, Error> {
        let state = self.state(kind);
        let State::Ready { file, .. } = &*state else {
            return Ok(None);
        };
        let file = File::open(file)?;
        self.slot(kind).streams.fetch_add(1, Ordering::Relaxed);
        let fetching = Fetching {
            packages: self.clone(),
            kind,
        };
        Ok(Some((file, fetching)))
    }

    /// A file without a name, which goes when it is closed.
    pub(crate) fn scratch(&self) -> Result<File, Error> {
        let path = self.0.folder.join(format!("{}.part", Uuid::new_v4()));
        let file = private(&path)?;
        fs::remove_file(&path)?;
        Ok(file)
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true).mode(0o600);
    options.open(path)
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a package could not be removed");
    }
}
