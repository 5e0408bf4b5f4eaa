//! The archive's format, by a library that writes it without going back.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Bytes, BytesMut};
use model::Timestamp;
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::Error;

/// Entries of this size and more are announced as ZIP64: what deflating may add stays below 4 GiB.
const LARGE: u64 = u32::MAX as u64 - 64 * 1024 * 1024;
/// How hard text is pressed: a faster level costs the reader of a network little.
const LEVEL: i64 = 4;

/// What has been written and not been taken yet.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<BytesMut>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn take(&self) -> Bytes {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.split().freeze()
    }
}

/// An archive that is being written.
pub(super) struct Writer {
    /// Absent only while a thread that compresses has it.
    zip: Option<ZipWriter<StreamWriter<Sink>>>,
    sink: Sink,
    compressing: bool,
}

/// How an entry is written.
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) size: u64,
    pub(super) compress: bool,
    pub(super) modified: Option<Timestamp>,
}

impl Writer {
    pub(super) fn new() -> Self {
        let sink = Sink::default();
        Self {
            zip: Some(ZipWriter::new_stream(sink.clone())),
            sink,
            compressing: false,
        }
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<StreamWriter<Sink>>, Error> {
        self.zip
            .as_mut()
            .ok_or_else(|| Error::internal("the archive broke before"))
    }

    pub(super) fn folder(&mut self, name: &str, modified: Option<Timestamp>) -> Result<(), Error> {
        let options = SimpleFileOptions::default().last_modified_time(date(modified));
        self.zip()?
            .add_directory(name, options)
            .map_err(Error::internal)
    }

    /// Begins an entry; the one before it has ended.
    pub(super) fn begin(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let options = SimpleFileOptions::default()
            .last_modified_time(date(entry.modified))
            .large_file(entry.size >= LARGE);
        let options = if entry.compress {
            options
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(LEVEL))
        } else {
            options.compression_method(CompressionMethod::Stored)
        };
        self.compressing = entry.compress;
        self.zip()?
            .start_file(entry.name, options)
            .map_err(Error::internal)
    }

    /// Adds bytes to the entry. Compressing is done off the threads that serve requests.
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        if !self.compressing {
            return self.zip()?.write_all(&bytes).map_err(Error::internal);
        }
        let mut zip = self
            .zip
            .take()
            .ok_or_else(|| Error::internal("the archive broke before"))?;
        let work = tokio::task::spawn_blocking(move || zip.write_all(&bytes).map(|()| zip));
        let zip = work.await.map_err(Error::internal)?;
        self.zip = Some(zip.map_err(Error::internal)?);
        Ok(())
    }

    /// What can be sent.
    pub(super) fn take(&mut self) -> Bytes {
        self.sink.take()
    }

    /// Writes the archive's directory: the last bytes.
    pub(super) fn finish(mut self) -> Result<Bytes, Error> {
        let zip = self
            .zip
            .take()
            .ok_or_else(|| Error::internal("the archive broke before"))?;
        zip.finish().map_err(Error::internal)?;
        Ok(self.sink.take())
    }
}

/// A date as archives have it: from 1980 on, in steps of two seconds.
fn date(time: Option<Timestamp>) -> DateTime {
    let known = time.map(Timestamp::inner).and_then(|t| {
        let year = u16::try_from(t.year()).ok()?;
        DateTime::from_date_and_time(
            year,
            t.month().into(),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
        )
        .ok()
    });
    known.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four gibibytes and a bit would take minutes: what counts is that the entry is announced as one
    /// of ZIP64, and that its descriptor then has eight bytes for each size.
    #[tokio::test]
    async fn a_large_entry_is_announced_as_such_and_a_small_one_is_not() {
        for (size, compress) in [(1, false), (5 << 30, false), (5 << 30, true)] {
            let mut writer = Writer::new();
            let entry = Entry {
                name: "n",
                size,
                compress,
                modified: None,
            };
            writer.begin(&entry).unwrap();
            writer.write(Bytes::from_static(b"12345")).await.unwrap();
            let mut archive = writer.take().to_vec();
            archive.extend(writer.finish().unwrap());
            let large = size > 1;
            let version = u16::from_le_bytes([archive[4], archive[5]]);
            assert_eq!(version >= 45, large);
            // Sizes and checksum come after the bytes.
            assert_eq!(archive[6] & 0b1000, 0b1000);
            let extra = u16::from_le_bytes([archive[28], archive[29]]);
            assert_eq!(extra > 0, large);
            let descriptor = archive.windows(4).position(|w| w == b"PK\x07\x08").unwrap();
            let directory = archive.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
            assert_eq!(directory - descriptor, if large { 24 } else { 16 });
        }
    }
}
