//! From objects to an archive, one entry after the other.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use hcp::ErrorKind;
use http::StatusCode;
use model::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{
    Item, Open,
    ahead::{Found, Gauge, ahead},
    compression,
    names::Names,
    source::{Opened, Read},
    writer::{Entry, Writer},
};
use crate::Error;

/// Bytes that are compressed, or sent, at a time.
const PIECE: usize = 256 * 1024;
/// How often reading an object is taken up again where the store broke off.
const RESUMPTIONS: usize = 3;

/// So many objects in a row that cannot be asked for end the archive.
const OUTAGES: usize = 16;

/// What becomes of an object.
#[derive(Debug)]
pub enum Event<'a> {
    /// It is in the archive, with so many bytes.
    Packed(u64),
    /// It could not be read.
    Failed {
        /// Its key.
        key: &'a str,
        /// Why.
        error: &'a Error,
    },
}

/// Hears what becomes of each object.
pub type Report = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// How the archive's last entry lists what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// By its key, with what is known of the failure.
    ByKey,
    /// By its name in the archive alone.
    ByName,
}

/// Whoever took the archive has gone.
struct Gone;

/// An archive under way.
struct Packer {
    open: Open,
    report: Report,
    names: Names,
    writer: Writer,
    out: Sender<Bytes>,
    /// What goes into the list of what is missing.
    missing: Vec<(String, String)>,
    listed: Missing,
    /// How many objects in a row failed because the store could not be asked.
    outages: usize,
}

/// Packs all objects. Those that cannot be read are listed in the archive's last entry; an object that
/// breaks off in its middle for good breaks the archive.
pub(super) async fn pack(
    items: Vec<Item>,
    open: Open,
    report: Report,
    listed: Missing,
    out: Sender<Bytes>,
) -> Result<(), Error> {
    let gauge = Gauge::default();
    let mut packer = Packer {
        names: Names::of(items.iter().map(Item::name)),
        open: Open::clone(&open),
        report,
        writer: Writer::new(),
        out,
        missing: Vec::new(),
        listed,
        outages: 0,
    };
    let mut objects = std::pin::pin!(ahead(items, open, gauge.clone()));
    while let Some((item, found)) = objects.next().await {
        if let Err(Gone) = packer.object(&item, found).await? {
            return Ok(());
        }
    }
    Box::pin(packer.end()).await?;
    tracing::debug!(zip.peak_bytes = gauge.peak(), "an archive was packed");
    Ok(())
}

impl Packer {
    async fn object(&mut self, item: &Item, found: Found) -> Result<Result<(), Gone>, Error> {
        match found {
            Found::Failed(error) if is_implied(item, &error) => {
                self.folder(item.name(), None).await
            }
            Found::Failed(error) => {
                self.fail(item, error)?;
                Ok(Ok(()))
            }
            Found::Whole(opened, held) => {
                if held.bytes.is_empty() && item.key.ends_with('/') {
                    return self.folder(item.name(), opened.modified).await;
                }
                self.begin(item, &opened, &held.bytes)?;
                let mut rest = held.bytes.clone();
                while !rest.is_empty() {
                    let piece = rest.split_to(rest.len().min(PIECE));
                    if let Err(Gone) = self.write(piece).await? {
                        return Ok(Err(Gone));
                    }
                }
                self.packed(opened.size).await
            }
            Found::Large => self.large(item).await,
        }
    }

    /// An object that is too large for memory: it goes through piece by piece.
    async fn large(&mut self, item: &Item) -> Result<Result<(), Gone>, Error> {
        let read = Read {
            key: item.key.clone(),
            ..Read::default()
        };
        let opened = (self.open)(read).await;
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.fail(item, error)?;
                return Ok(Ok(()));
            }
        };
        // Nothing of it is in the archive before its first bytes are here.
        let first = match opened.body.next().await.transpose() {
            Ok(first) => first.unwrap_or_default(),
            Err(error) => {
                self.fail(item, error)?;
                return Ok(Ok(()));
            }
        };
        self.begin(item, &opened, &first)?;
        let size = opened.size;
        let mut reader = Reader {
            open: Open::clone(&self.open),
            key: item.key.clone(),
            size,
            read: 0,
            resumptions: 0,
            opened,
        };
        let mut piece = Some(reader.count(first)?);
        while let Some(bytes) = piece {
            if let Err(Gone) = self.write(bytes).await? {
                return Ok(Err(Gone));
            }
            piece = reader.next().await?;
        }
        self.packed(size).await
    }

    /// Begins an entry; `first` are the bytes that come first.
    fn begin(&mut self, item: &Item, opened: &Opened, first: &[u8]) -> Result<(), Error> {
        let name = self.names.file(item.name());
        self.writer.begin(&Entry {
            name: &name,
            size: opened.size,
            compress: compression::pays(&item.key, opened, first),
            modified: opened.modified,
        })
    }

    async fn folder(
        &mut self,
        name: &str,
        modified: Option<Timestamp>,
    ) -> Result<Result<(), Gone>, Error> {
        if let Some(name) = self.names.folder(name) {
            self.writer.folder(&name, modified)?;
        }
        self.packed(0).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<Result<(), Gone>, Error> {
        self.writer.write(bytes).await?;
        Ok(self.send().await)
    }

    async fn packed(&mut self, bytes: u64) -> Result<Result<(), Gone>, Error> {
        self.outages = 0;
        (self.report)(Event::Packed(bytes));
        Ok(self.send().await)
    }

    /// Sends what there is; waits where whoever takes it is slower.
    async fn send(&mut self) -> Result<(), Gone> {
        let bytes = self.writer.take();
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.send(bytes).await.map_err(|_closed| Gone)
    }

    /// Notes an object that cannot be read.
    ///
    /// # Errors
    /// The same error, where it is not the object's: a store that has gone would be asked for each of
    /// the others too.
    fn fail(&mut self, item: &Item, error: Error) -> Result<(), Error> {
        self.outages = if is_outage(&error) {
            self.outages + 1
        } else {
            0
        };
        if self.outages > OUTAGES {
            return Err(error);
        }
        (self.report)(Event::Failed {
            key: &item.key,
            error: &error,
        });
        self.missing.push(match self.listed {
            Missing::ByKey => (item.key.clone(), error.problem().sentence()),
            Missing::ByName => (item.name().to_owned(), "cannot be read".to_owned()),
        });
        Ok(())
    }

    /// The list of what is missing, and the archive's directory.
    async fn end(mut self) -> Result<(), Error> {
        if !self.missing.is_empty() {
            let name = self.names.errors();
            self.writer.begin(&Entry {
                name: &name,
                size: 0,
                compress: true,
                modified: None,
            })?;
            for (key, sentence) in std::mem::take(&mut self.missing) {
                let line = format!("{}\t{}\n", one_line(&key), one_line(&sentence));
                if let Err(Gone) = self.write(line.into()).await? {
                    return Ok(());
                }
            }
        }
        let rest = self.writer.finish()?;
        // Nobody is there to hear of it where this fails.
        let _ = self.out.send(rest).await;
        Ok(())
    }
}

/// A large object that is being read, across breaks of the store.
struct Reader {
    open: Open,
    key: String,
    size: u64,
    read: u64,
    resumptions: usize,
    opened: Opened,
}

impl Reader {
    fn count(&mut self, bytes: Bytes) -> Result<Bytes, Error> {
        self.read += bytes.len() as u64;
        if self.read > self.size {
            return Err(Error::internal("the object has more bytes than announced"));
        }
        Ok(bytes)
    }

    /// The next bytes; `None` when all have come.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let broken = match self.opened.body.next().await {
                Some(Ok(bytes)) => return self.count(bytes).map(Some),
                None if self.read == self.size => return Ok(None),
                None => Error::internal("the object ended before its announced end"),
                Some(Err(error)) => error,
            };
            self.resume(broken).await?;
        }
    }

    /// Goes on where the store broke off, if the object is still the same.
    async fn resume(&mut self, broken: Error) -> Result<(), Error> {
        let Some(etag) = self.opened.etag.clone() else {
            return Err(broken);
        };
        if self.resumptions == RESUMPTIONS {
            return Err(broken);
        }
        self.resumptions += 1;
        tracing::warn!(error = %crate::error::chain(&broken), zip.offset = self.read, "an object broke off and is taken up again");
        let read = Read {
            key: self.key.clone(),
            from: self.read,
            etag: Some(etag),
        };
        self.opened = (self.open)(read).await?;
        Ok(())
    }
}

/// Whether what cannot be read is a folder that HCP lists because there are keys below it, and has no object for.
fn is_implied(item: &Item, error: &Error) -> bool {
    item.size == Some(0) && item.key.ends_with('/') && error.status().0 == StatusCode::NOT_FOUND
}

/// Whether an error is of the store as a whole, or of the session.
fn is_outage(error: &Error) -> bool {
    matches!(error, Error::Store(e) if matches!(
        e.kind(),
        ErrorKind::Unreachable | ErrorKind::TimedOut | ErrorKind::Unauthenticated
    ))
}

/// A text without line breaks and other control characters.
fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|c| -> Box<dyn Iterator<Item = char>> {
            if c.is_control() {
                Box::new(c.escape_default())
            } else {
                Box::new(std::iter::once(c))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
