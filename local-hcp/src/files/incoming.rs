//! Receiving: a stream of bytes becomes a hashed, synced file, or a few bytes in memory.

use std::path::PathBuf;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use md5::{Digest as _, Md5};
use s3s::{StdError, checksum::ChecksumHasher, dto::Checksum};
use sha2::Sha256;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::{Content, Layout, Limits, Staged, disk::NewFile};
use crate::Error;

/// How much is gathered before a blocking thread hashes and writes it. With the block that is being
/// written this bounds the memory of an upload; a thread is held only while there is work for it,
/// however slow the client.
const BLOCK: usize = 256 * 1024;

/// Bytes that are safely stored, though no row names them yet.
pub(crate) struct Received {
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) sha256: [u8; 32],
    /// The checksums that were asked for.
    pub(crate) checksum: Checksum,
    pub(crate) content: Content,
}

/// Why receiving failed.
pub(crate) enum Failure {
    /// The client's stream broke off or did not match its own signature.
    Body(StdError),
    /// Storing failed.
    Store(Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// Everything that is computed over the bytes on their way.
#[derive(Default)]
pub(crate) struct Digests {
    md5: Md5,
    sha256: Sha256,
    /// The client's own choice of checksums.
    extra: ChecksumHasher,
}

impl Digests {
    /// With checksums besides those that are always computed.
    pub(crate) fn with(extra: ChecksumHasher) -> Self {
        Self {
            extra,
            ..Self::default()
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.sha256.update(bytes);
        self.extra.update(bytes);
    }

    fn finish(self, size: u64, content: Content) -> Received {
        Received {
            size,
            md5: self.md5.finalize().into(),
            sha256: self.sha256.finalize().into(),
            checksum: self.extra.finalize(),
            content,
        }
    }
}

/// Stores a stream. When the future is dropped, or fails, nothing stays on disk.
pub(crate) async fn receive<S>(
    layout: &Layout,
    limits: Limits,
    mut body: S,
    mut digests: Digests,
) -> Result<Received, Failure>
where
    S: Stream<Item = Result<Bytes, StdError>> + Unpin,
{
    let (reserve, plain) = (limits.reserve, limits.plain);
    let mut block = Block::default();
    let mut begun: Option<JoinHandle<Result<Incoming, Error>>> = None;
    while let Some(bytes) = body.next().await {
        block.push(bytes.map_err(Failure::Body)?);
        if block.size < BLOCK {
            continue;
        }
        let full = std::mem::take(&mut block);
        // One block is written while the next one comes in.
        begun = Some(match begun.take() {
            None => {
                let layout = layout.clone();
                let digests = std::mem::take(&mut digests);
                spawn_blocking(move || {
                    Incoming::create(layout, reserve, digests)?.write(&full.pieces)
                })
            }
            Some(running) => {
                let incoming = running.await.map_err(interrupted)??;
                spawn_blocking(move || incoming.write(&full.pieces))
            }
        });
    }
    let Some(running) = begun else {
        if !plain && block.size as u64 <= limits.inline {
            let bytes = block.pieces.concat();
            digests.update(&bytes);
            let size = bytes.len() as u64;
            return Ok(digests.finish(size, Content::Inline(bytes)));
        }
        let layout = layout.clone();
        return Ok(spawn_blocking(move || {
            Incoming::create(layout, reserve, digests)?
                .write(&block.pieces)?
                .finish(plain)
        })
        .await
        .map_err(interrupted)??);
    };
    let incoming = running.await.map_err(interrupted)??;
    Ok(
        spawn_blocking(move || incoming.write(&block.pieces)?.finish(plain))
            .await
            .map_err(interrupted)??,
    )
}

fn interrupted(_panicked_or_stopped: tokio::task::JoinError) -> Error {
    Error::Interrupted
}

#[derive(Default)]
struct Block {
    pieces: Vec<Bytes>,
    size: usize,
}

impl Block {
    fn push(&mut self, bytes: Bytes) {
        self.size += bytes.len();
        self.pieces.push(bytes);
    }
}

/// A temporary file that is being written; dropping it removes the file.
struct Incoming {
    layout: Layout,
    reserve: u64,
    name: String,
    file: Box<dyn NewFile>,
    digests: Digests,
    size: u64,
    guard: Temporary,
}

struct Temporary {
    layout: Layout,
    path: PathBuf,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.layout.remove(&self.path);
    }
}

impl Incoming {
    fn create(layout: Layout, reserve: u64, digests: Digests) -> Result<Self, Error> {
        let name = Uuid::new_v4().simple().to_string();
        let path = layout.tmp().join(&name);
        let file = layout.disk().create(&path)?;
        let guard = Temporary {
            layout: layout.clone(),
            path,
        };
        Ok(Self {
            layout,
            reserve,
            name,
            file,
            digests,
            size: 0,
            guard,
        })
    }

    fn write(mut self, pieces: &[Bytes]) -> Result<Self, Error> {
        let size: usize = pieces.iter().map(Bytes::len).sum();
        self.layout.check_space(self.reserve, size as u64)?;
        for piece in pieces {
            self.digests.update(piece);
            self.file.write(piece)?;
        }
        self.size += size as u64;
        Ok(self)
    }

    fn finish(self, plain: bool) -> Result<Received, Error> {
        if plain {
            // The clock of file systems ticks slowly: two files of one moment would look alike.
            self.file.stamp()?;
        }
        self.file.sync()?;
        // Renamed away, the guard finds nothing to remove.
        let staged = Staged::place(&self.layout, self.name, &self.guard.path)?;
        Ok(self.digests.finish(self.size, Content::File(staged)))
    }
}
