//! Sending: a stream over the pieces of an object, reading blocks as the client takes them.

use std::{collections::VecDeque, fs::File, io, os::unix::fs::FileExt as _, sync::Arc};

use bytes::Bytes;
use futures::{Stream, stream};
use tokio::task::spawn_blocking;

use super::Layout;
use crate::store::{Pins, plain::Placed};

/// How much is read at a time: the memory of a download.
const BLOCK: u64 = 512 * 1024;

/// Where the bytes of a piece are.
pub(crate) enum Source {
    /// In the row.
    Inline(Bytes),
    /// In the file of this name.
    File(String),
    /// In a plain file, which has to be opened before it is streamed.
    Plain(Placed),
    /// In a file that is open.
    Open(Arc<File>),
}

/// A run of bytes within one segment.
pub(crate) struct Piece {
    pub(crate) source: Source,
    /// Where in the source the run begins.
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

struct State {
    layout: Layout,
    pieces: VecDeque<Piece>,
    open: Option<Arc<File>>,
    /// Keeps the files on disk while their object may already be gone.
    _pins: Pins,
}

/// Streams `pieces` in order. Holds `pins` until it is done or dropped.
pub(crate) fn stream(
    layout: Layout,
    pieces: Vec<Piece>,
    pins: Pins,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    let state = State {
        layout,
        pieces: pieces.into(),
        open: None,
        _pins: pins,
    };
    stream::try_unfold(state, |mut state| async move {
        let block = state.next().await?;
        Ok(block.map(|block| (block, state)))
    })
}

impl State {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let Some(piece) = self.pieces.front_mut() else {
                return Ok(None);
            };
            if piece.length == 0 {
                self.pieces.pop_front();
                self.open = None;
                continue;
            }
            let name = match &mut piece.source {
                Source::Inline(bytes) => {
                    let bytes = cut(bytes, piece.offset, piece.length)?;
                    self.pieces.pop_front();
                    return Ok(Some(bytes));
                }
                Source::File(name) => name.clone(),
                Source::Open(file) => {
                    self.open = Some(Arc::clone(file));
                    String::new()
                }
                Source::Plain(_) => return Err(io::ErrorKind::NotFound.into()),
            };
            let (offset, length) = (piece.offset, piece.length.min(BLOCK));
            let (open, layout) = (self.open.clone(), self.layout.clone());
            let (file, block) = spawn_blocking(move || {
                read(&layout, &name, open, offset, length).inspect_err(|error| {
                    // The client only sees that the response breaks off.
                    tracing::error!(file = name, %error, "stored bytes cannot be read");
                })
            })
            .await??;
            piece.offset += length;
            piece.length -= length;
            self.open = Some(file);
            return Ok(Some(block));
        }
    }
}

fn cut(bytes: &Bytes, offset: u64, length: u64) -> io::Result<Bytes> {
    let range = usize::try_from(offset)
        .ok()
        .zip(usize::try_from(offset + length).ok())
        .filter(|&(_, end)| end <= bytes.len());
    match range {
        Some((start, end)) => Ok(bytes.slice(start..end)),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn read(
    layout: &Layout,
    name: &str,
    open: Option<Arc<File>>,
    offset: u64,
    length: u64,
) -> io::Result<(Arc<File>, Bytes)> {
    let file = match open {
        Some(file) => file,
        None => Arc::new(layout.open_blob(name)?),
    };
    let mut block = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    // A file shorter than its row says ends the response early: the client sees that it is short.
    file.read_exact_at(&mut block, offset)?;
    Ok((file, block.into()))
}
