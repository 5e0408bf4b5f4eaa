//! What the process logs, kept for the embedded store's packages of logs.

use std::io;

use local_hcp::Journal;
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, fmt, registry::LookupSpan};

/// Writes what is logged into the journal as well, a line of JSON each. What is said at lower levels than `info` is
/// for whoever debugs, and may be about what should not leave the machine.
pub fn layer<S>(journal: Journal) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(move || Lines(journal.clone()))
        .with_filter(LevelFilter::INFO)
}

/// An event is written at once, as one line.
struct Lines(Journal);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
