//! What a command says: results on standard output, all else on standard error.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;

/// How often progress is drawn anew.
const OFTEN: Duration = Duration::from_millis(200);

/// How results are told.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub struct Telling {
    /// Tell results as JSON, one value per line.
    #[arg(long)]
    json: bool,
}

/// Where a command says what it did.
#[derive(Clone)]
pub(crate) struct Output {
    json: bool,
    progress: Option<Arc<Progress>>,
}

#[derive(Default)]
struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    drawn: Mutex<Option<Instant>>,
}

impl Output {
    pub(crate) fn new(telling: Telling) -> Self {
        Self {
            json: telling.json,
            progress: io::stderr().is_terminal().then(Arc::default),
        }
    }

    /// A result, in words or as JSON.
    pub(crate) fn line(&self, words: &str, value: &impl Serialize) {
        self.clear();
        let text = if self.json {
            serde_json::to_string(value).unwrap_or_default()
        } else {
            visible(words)
        };
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// A result that is told in words elsewhere: as JSON alone.
    pub(crate) fn value(&self, value: &impl Serialize) {
        if self.json {
            self.line("", value);
        }
    }

    /// Something beside the results.
    pub(crate) fn note(&self, words: &str) {
        self.clear();
        let _ = writeln!(io::stderr().lock(), "hako: {}", visible(words));
    }

    /// So many bytes more are to be moved.
    pub(crate) fn expect(&self, bytes: u64) {
        if let Some(progress) = &self.progress {
            progress.total.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// So many bytes more were moved.
    pub(crate) fn moved(&self, bytes: u64) {
        if let Some(progress) = &self.progress {
            progress.done.fetch_add(bytes, Ordering::Relaxed);
            progress.draw();
        }
    }

    /// Takes the line of progress away.
    pub(crate) fn clear(&self) {
        if let Some(progress) = &self.progress {
            let mut drawn = progress
                .drawn
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if drawn.take().is_some() {
                let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
            }
        }
    }
}

impl Progress {
    fn draw(&self) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.is_some_and(|at| at.elapsed() < OFTEN) {
            return;
        }
        *drawn = Some(Instant::now());
        let (done, total) = (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        );
        let _ = write!(
            io::stderr().lock(),
            "\r\u{1b}[K{} of {}",
            size(done),
            size(total.max(done))
        );
    }
}

/// Bytes, for people.
pub(crate) fn size(bytes: u64) -> String {
    let units = ["KB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let (mut whole, mut rest, mut at) = (bytes / 1024, bytes % 1024, 0);
    while whole >= 1024 {
        (whole, rest, at) = (whole / 1024, whole % 1024, at + 1);
    }
    format!("{whole}.{} {}", rest * 10 / 1024, units[at])
}

/// A text whose characters do nothing to a terminal: keys come from anybody.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_nothing_to_a_terminal() {
        assert_eq!(visible("å 😀 a\\b"), "å 😀 a\\b");
        assert_eq!(
            visible("a\u{1b}[2Jb\nc\u{202e}"),
            "a\\u{1b}[2Jb\\nc\\u{202e}"
        );
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, told) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KB"),
            (26_214_400, "25.0 MB"),
            (u64::MAX, "15.9 EB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }
}
