//! Reads a part of a file piece by piece.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamByobReader, ReadableStreamReadResult};

/// Bytes that are asked for at a time. Browsers hand out less.
const MEMORY: u32 = 1_048_576;
/// Bytes that are read at a time where the browser makes new memory for each piece.
const PIECE: f64 = 4_194_304.0;

/// A part of a file that is being read.
pub(crate) enum Reading {
    /// Into the same memory again and again: twice as fast, and nothing is left to be cleared away.
    Stream(ReadableStreamByobReader, Option<ArrayBuffer>),
    /// The rest of it, where the browser's streams take no memory.
    Pieces(Blob),
}

impl Reading {
    /// Begins to read.
    pub(crate) fn new(part: Blob) -> Self {
        match ReadableStreamByobReader::new(&part.stream()) {
            Ok(reader) => Self::Stream(reader, Some(ArrayBuffer::new(MEMORY))),
            Err(_not_of_bytes) => Self::Pieces(part),
        }
    }

    /// Puts the next bytes into `piece`, none at the end.
    pub(crate) async fn next(&mut self, piece: &mut Vec<u8>) -> Result<(), JsValue> {
        let bytes = match self {
            Self::Stream(reader, memory) => {
                let view = memory.take().unwrap_or_else(|| ArrayBuffer::new(MEMORY));
                let read = reader.read_with_array_buffer_view(&Uint8Array::new(&view));
                let read: ReadableStreamReadResult = JsFuture::from(read).await?.unchecked_into();
                let bytes: Uint8Array = read.get_value().dyn_into()?;
                *memory = Some(bytes.buffer());
                bytes
            }
            Self::Pieces(rest) => {
                let first = rest.slice_with_f64_and_f64(0.0, PIECE)?;
                let read = JsFuture::from(first.array_buffer()).await?;
                *rest = rest.slice_with_f64_and_f64(PIECE.min(rest.size()), rest.size())?;
                Uint8Array::new(&read)
            }
        };
        piece.resize(bytes.length() as usize, 0);
        bytes.copy_to(piece);
        Ok(())
    }

    /// Reads no further. Not for one that failed: it would be told again.
    pub(crate) fn stop(self) {
        if let Self::Stream(reader, _) = self {
            let _ = reader.cancel();
        }
    }
}
