//! What lies in a ZIP archive, read where it lies: its directory by ranges, and one entry by its own range.
//!
//! The directory is gone through and never held, so memory follows the answer and not the archive. An entry is
//! unpacked as it is sent; what is longer than the directory says, or has another checksum, breaks off.

use std::{
    collections::BTreeSet,
    io,
    sync::{Mutex, PoisonError},
};

use async_compression::tokio::bufread::DeflateDecoder;
use bytes::{Bytes, BytesMut};
use futures::{Stream, TryStreamExt as _, stream};
use http::StatusCode;
use model::{
    ErrorCode,
    preview::{Archive, Entry, EntryState, limit},
    problem::FieldError,
};
use rawzip::{CompressionMethod, ReaderAt, ZipFileHeaderRecord, ZipLocator};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    runtime::Handle,
    sync::Semaphore,
};
use tokio_util::io::StreamReader;

use super::origin::Origin;
use crate::Error;

/// Bytes that are fetched at a time, first and at most.
const FETCHED: (usize, usize) = (32 * 1024, 1024 * 1024);
/// The longest record of a directory: names, extra fields and comments have 16 bits each.
const RECORD: usize = 256 * 1024;
/// Directories that are read at once.
static AT_ONCE: Semaphore = Semaphore::const_new(4);
/// Bytes of an entry that are sent at a time.
const PIECE: usize = 64 * 1024;

/// A folder of an archive.
pub async fn folder(origin: Origin, folder: String) -> Result<Archive, Error> {
    let first = origin.first(4).await?;
    let (size, etag) = (first.size, first.head.etag);
    reading(origin, size, etag, move |ranges| list(ranges, size, folder)).await
}

/// An entry that is being unpacked.
pub struct Unpacked {
    /// Its name within the archive.
    pub name: String,
    /// Its bytes, as the directory tells them; more never come.
    pub size: u64,
    /// The entity tag of the archive.
    pub etag: Option<String>,
    body: std::pin::Pin<Box<dyn AsyncRead + Send>>,
    crc: u32,
}

/// Begins to unpack an entry, by its place in the directory.
pub async fn unpack(origin: Origin, entry: u64) -> Result<Unpacked, Error> {
    let first = origin.first(4).await?;
    let (size, etag) = (first.size, first.head.etag);
    let found = reading(origin.clone(), size, etag.clone(), move |ranges| {
        find(ranges, size, entry)
    });
    let found = found.await?;
    match found.state {
        EntryState::Readable => {}
        EntryState::Encrypted => {
            return Err(refused("The entry is encrypted. Download the archive."));
        }
        EntryState::Unsupported => {
            return Err(refused(format!(
                "The entry is packed by method {}, which is not known here. Download the archive.",
                found.method
            )));
        }
        EntryState::TooLarge => {
            return Err(refused(format!(
                "The entry has {} bytes; at most {} are unpacked here. Download the archive.",
                found.size,
                limit::ENTRY
            )));
        }
    }
    let packed: std::pin::Pin<Box<dyn AsyncRead + Send>> = if found.end > found.start {
        let stream = origin
            .open(found.start, found.end - found.start, etag.as_deref())
            .await?;
        if stream.content_range.is_none() {
            return Err(Error::internal("the store ignored a range"));
        }
        Box::pin(StreamReader::new(stream.body.map_err(io::Error::other)))
    } else {
        Box::pin(tokio::io::empty())
    };
    let body: std::pin::Pin<Box<dyn AsyncRead + Send>> = if found.deflated {
        Box::pin(DeflateDecoder::new(tokio::io::BufReader::new(packed)))
    } else {
        packed
    };
    Ok(Unpacked {
        name: found.name,
        size: found.size,
        etag,
        body,
        crc: found.crc,
    })
}

impl Unpacked {
    /// Its bytes, piece by piece. It fails where they are not what the directory says.
    pub fn pieces(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
        let state = (self, 0_u64, crc32fast::Hasher::new());
        stream::try_unfold(state, |(mut entry, sent, mut sum)| async move {
            let mut piece = BytesMut::with_capacity(PIECE);
            while piece.len() < PIECE {
                // No more than what would be one too many.
                let room = (entry.size - sent - piece.len() as u64).saturating_add(1);
                let mut limited = (&mut entry.body).take(room);
                let read = limited.read_buf(&mut piece).await;
                let read = read.map_err(|broken| damaged(&broken.to_string()))?;
                if read == 0 {
                    break;
                }
                if sent + piece.len() as u64 > entry.size {
                    return Err(damaged("it is longer than the directory says"));
                }
            }
            if piece.is_empty() {
                if sent < entry.size {
                    return Err(damaged("it is shorter than the directory says"));
                }
                if sum.finalize() != entry.crc {
                    return Err(damaged("it has another checksum than the directory says"));
                }
                return Ok(None);
            }
            sum.update(&piece);
            let sent = sent + piece.len() as u64;
            Ok(Some((piece.freeze(), (entry, sent, sum))))
        })
    }

    /// Its bytes from a place on, at most so many.
    pub async fn stretch(self, start: u64, length: u64) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        let mut at = 0;
        let end = start.saturating_add(length);
        let mut pieces = std::pin::pin!(self.pieces());
        while at < end
            && let Some(piece) = pieces.try_next().await?
        {
            let within = |place: u64| {
                let place = place.saturating_sub(at).min(piece.len() as u64);
                usize::try_from(place).unwrap_or(usize::MAX)
            };
            all.extend_from_slice(&piece[within(start)..within(end)]);
            at += piece.len() as u64;
        }
        Ok(all.freeze())
    }
}

/// Runs what reads a directory where it may wait for ranges.
async fn reading<T: Send + 'static>(
    origin: Origin,
    size: u64,
    etag: Option<String>,
    work: impl FnOnce(Ranges) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let permit = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let handle = Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        let fetch = move |start: u64, length: u64| {
            handle.block_on(origin.read(start, length, etag.as_deref()))
        };
        let done = work(Ranges::new(Box::new(fetch), size));
        drop(permit);
        done
    });
    done.await.map_err(Error::internal)?
}

type Fetch = Box<dyn Fn(u64, u64) -> Result<Bytes, Error> + Send>;

/// An archive of which ranges are fetched.
struct Ranges {
    fetch: Fetch,
    size: u64,
    state: Mutex<Fetched>,
}

#[derive(Default)]
struct Fetched {
    /// What was fetched last, and where it lies.
    last: (u64, Bytes),
    /// The end of the archive.
    tail: (u64, Bytes),
    /// How much is fetched next.
    next: usize,
    /// All bytes.
    total: u64,
    /// Why nothing more comes.
    failure: Option<Error>,
}

impl Ranges {
    fn new(fetch: Fetch, size: u64) -> Self {
        Self {
            fetch,
            size,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, Fetched> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the reading failed: what the store said, or else what is wrong with the archive.
    fn failure(&self, broken: &rawzip::Error) -> Error {
        let failure = self.state().failure.take();
        failure.unwrap_or_else(|| unreadable(&broken.to_string()))
    }
}

impl ReaderAt for Ranges {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        if into.is_empty() || offset >= self.size {
            return Ok(0);
        }
        let mut state = self.state();
        let held = |(start, bytes): &(u64, Bytes)| {
            let from = usize::try_from(offset.checked_sub(*start)?).ok()?;
            bytes
                .get(from..)
                .filter(|rest| !rest.is_empty())
                .map(|rest| {
                    let length = rest.len().min(into.len());
                    (from, length)
                })
        };
        let copy = |bytes: &Bytes, (from, length): (usize, usize), into: &mut [u8]| {
            into[..length].copy_from_slice(&bytes[from..from + length]);
            length
        };
        if let Some(found) = held(&state.last) {
            return Ok(copy(&state.last.1, found, into));
        }
        if let Some(found) = held(&state.tail) {
            return Ok(copy(&state.tail.1, found, into));
        }
        // The end is asked for first, by few bytes; a directory is read on from its beginning.
        let is_tail = state.tail.1.is_empty();
        let first = FETCHED.0 as u64;
        let start = if is_tail {
            offset.min(self.size.saturating_sub(first))
        } else {
            offset
        };
        state.next = (state.next * 2).clamp(FETCHED.0, FETCHED.1);
        let length = if is_tail {
            self.size - start
        } else {
            state.next as u64
        };
        // Nobody asks for more than a directory, its end, and the head of one entry.
        let length = length.min(self.size - start).min(FETCHED.1 as u64);
        if state.total + length > limit::DIRECTORY + 2 * FETCHED.1 as u64 {
            state.failure = Some(too_large());
            return Err(io::Error::other("the directory is too large"));
        }
        match (self.fetch)(start, length) {
            Ok(bytes) => {
                state.total += bytes.len() as u64;
                if is_tail {
                    state.tail = (start, bytes);
                } else {
                    state.last = (start, bytes);
                }
            }
            Err(error) => {
                state.failure = Some(error);
                return Err(io::Error::other("the store failed"));
            }
        }
        let of = if is_tail { &state.tail } else { &state.last };
        match held(of) {
            Some(found) => Ok(copy(&of.1, found, into)),
            None => Ok(0),
        }
    }
}

fn locate(ranges: Ranges, size: u64) -> Result<rawzip::ZipArchive<Ranges>, Error> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new()
        .locate_in_reader(ranges, &mut buffer, size)
        .map_err(|(ranges, broken)| ranges.failure(&broken))?;
    let directory = archive
        .eocd_offset()
        .saturating_sub(archive.directory_offset());
    if directory > limit::DIRECTORY {
        return Err(too_large());
    }
    Ok(archive)
}

/// What is told of a record without trusting it.
struct Told {
    name: String,
    size: u64,
    packed: u64,
    state: EntryState,
}

fn told(record: &ZipFileHeaderRecord<'_>) -> Told {
    let size = record.uncompressed_size_hint();
    let packed = record.compressed_size_hint();
    let method = record.compression_method();
    let state = if record.flags().is_encrypted() {
        EntryState::Encrypted
    } else if method != CompressionMethod::STORE && method != CompressionMethod::DEFLATE {
        EntryState::Unsupported
    } else if size > limit::ENTRY {
        EntryState::TooLarge
    } else {
        EntryState::Readable
    };
    let is_utf8 = record.flags().bits() & (1 << 11) != 0;
    Told {
        name: name(record.file_path().as_ref(), is_utf8),
        size,
        packed,
        state,
    }
}

fn list(ranges: Ranges, size: u64, folder: String) -> Result<Archive, Error> {
    let archive = locate(ranges, size)?;
    let wanted: Vec<&str> = parts(&folder).collect();
    let mut folders = BTreeSet::new();
    let mut answer = Archive {
        folder: wanted.iter().flat_map(|part| [*part, "/"]).collect(),
        size,
        ..Archive::default()
    };
    let mut places = Vec::new();
    let mut buffer = vec![0; RECORD];
    let mut entries = archive.entries(&mut buffer);
    loop {
        let record = match entries.next_entry() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(broken) => return Err(archive.get_ref().failure(&broken)),
        };
        let place = answer.entries;
        answer.entries += 1;
        let told = told(&record);
        places.push((record.local_header_offset(), told.packed));
        let mut names = parts(&told.name);
        if !wanted.iter().all(|part| names.next() == Some(part)) {
            continue;
        }
        let Some(first) = names.next() else { continue };
        let is_folder = names.next().is_some() || record.is_dir() || told.name.ends_with('\\');
        let full = folders.len() + answer.files.len() >= limit::ENTRIES;
        if is_folder && folders.contains(first) {
            continue;
        }
        if full {
            answer.more += 1;
        } else if is_folder {
            folders.insert(first.to_owned());
        } else {
            answer.files.push(Entry {
                entry: place,
                name: first.to_owned(),
                size: told.size,
                packed: told.packed,
                state: told.state,
            });
        }
    }
    answer.folders = folders.into_iter().collect();
    answer.overlaps = overlap(places);
    answer.read = archive.get_ref().state().total;
    Ok(answer)
}

/// Whether some begin before others end.
fn overlap(mut places: Vec<(u64, u64)>) -> bool {
    places.sort_unstable();
    places
        .windows(2)
        .any(|pair| pair[0].0.saturating_add(pair[0].1) > pair[1].0)
}

/// An entry as it lies in the archive.
struct Place {
    name: String,
    size: u64,
    start: u64,
    end: u64,
    state: EntryState,
    method: u16,
    deflated: bool,
    crc: u32,
}

fn find(ranges: Ranges, size: u64, entry: u64) -> Result<Place, Error> {
    let archive = locate(ranges, size)?;
    let mut buffer = vec![0; RECORD];
    let mut entries = archive.entries(&mut buffer);
    let mut at = 0;
    loop {
        let record = match entries.next_entry() {
            Ok(Some(record)) => record,
            Ok(None) => {
                let gone = "the archive has no entry of this number";
                return Err(Error::Validation(vec![FieldError::query("entry", gone)]));
            }
            Err(broken) => return Err(archive.get_ref().failure(&broken)),
        };
        if at < entry {
            at += 1;
            continue;
        }
        let told = told(&record);
        if record.is_dir() {
            let folder = "this entry is a folder";
            return Err(Error::Validation(vec![FieldError::query("entry", folder)]));
        }
        let (crc, method) = (record.crc32(), record.compression_method());
        let mut place = Place {
            name: told.name,
            size: told.size,
            start: 0,
            end: 0,
            state: told.state,
            method: method.as_u16(),
            deflated: method == CompressionMethod::DEFLATE,
            crc,
        };
        if place.state == EntryState::Readable {
            let found = archive.get_entry(record.wayfinder());
            let found = found.map_err(|broken| archive.get_ref().failure(&broken))?;
            (place.start, place.end) = found.compressed_data_range();
            if place.end > size || place.start > place.end {
                return Err(damaged("it lies outside of the archive"));
            }
        }
        return Ok(place);
    }
}

/// The parts of a name: Windows divides by backslashes, and nothing is ever written by these names.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['/', '\\']).filter(|part| !part.is_empty())
}

/// The upper half of code page 437, in which names are written that do not say that they are UTF-8.
const PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

fn name(bytes: &[u8], is_utf8: bool) -> String {
    if is_utf8 {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    // Many write UTF-8 and do not say so.
    if let Ok(name) = std::str::from_utf8(bytes) {
        return name.to_owned();
    }
    let letter = |byte: &u8| match byte.checked_sub(0x80) {
        Some(high) => PAGE_437
            .chars()
            .nth(usize::from(high))
            .unwrap_or('\u{fffd}'),
        None => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

fn refused(detail: impl Into<String>) -> Error {
    Error::Refused {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code: ErrorCode::InvalidArgument,
        detail: detail.into(),
    }
}

fn unreadable(why: &str) -> Error {
    refused(format!(
        "The directory of the archive cannot be read: {why}."
    ))
}

fn damaged(why: &str) -> Error {
    refused(format!("The entry is damaged: {why}."))
}

fn too_large() -> Error {
    refused(format!(
        "The directory of the archive has more than {} MB. Download the archive.",
        limit::DIRECTORY / model::unit::MB
    ))
}

#[cfg(test)]
mod tests;
