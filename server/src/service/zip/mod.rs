//! Archives of many objects, packed while they are read: in constant memory, without a file.

mod ahead;
mod compression;
mod file;
mod names;
mod pack;
mod select;
mod source;
mod writer;

use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, stream};
use http::{HeaderMap, HeaderValue, header};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use self::pack::Missing;
pub use self::{
    file::to_file,
    pack::{Event, Report},
    select::select,
    source::{Open, of_store},
};
use crate::{Error, web::disposition};

/// Pieces of an archive that wait for a slow receiver.
const WAITING: usize = 2;

/// An object that is to go into an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its key.
    pub key: String,
    /// Its size, where a listing told it.
    pub size: Option<u64>,
    /// So many bytes of its key are left out of its name in the archive.
    pub base: usize,
}

impl Item {
    /// What its name in the archive is made of.
    fn name(&self) -> &str {
        self.key.get(self.base..).unwrap_or(&self.key)
    }
}

/// Packs objects into an archive that comes piece by piece, as fast as it is taken.
///
/// The stream fails where the archive cannot be completed, so that nobody takes a part for the whole.
/// Nothing goes on once the stream is dropped.
pub fn archive(
    items: Vec<Item>,
    open: Open,
    report: Report,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    packed(items, open, report, Missing::ByKey)
}

/// An archive for somebody who is not to know where in the bucket its objects are, or what the store says of them.
pub fn archive_for_visitors(
    items: Vec<Item>,
    open: Open,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    packed(items, open, unreported(), Missing::ByName)
}

fn packed(
    items: Vec<Item>,
    open: Open,
    report: Report,
    missing: Missing,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(WAITING);
    let packing = pack::pack(items, open, report, missing, sender);
    let packing = AbortOnDropHandle::new(tokio::spawn(packing));
    stream::unfold(Some((receiver, packing)), |state| async {
        let (mut receiver, packing) = state?;
        if let Some(piece) = receiver.recv().await {
            return Some((Ok(piece), Some((receiver, packing))));
        }
        // The pieces have ended: only the packer knows whether the archive has.
        match packing.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some((Err(error), None)),
            Err(panic) => Some((Err(Error::internal(panic)), None)),
        }
    })
}

/// A report to nobody.
pub fn unreported() -> Report {
    Arc::new(|_| {})
}

/// The headers of an archive with this name.
pub fn called(name: &str) -> HeaderMap {
    let mut out = HeaderMap::new();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(value) = HeaderValue::from_str(&disposition::attachment(name)) {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    out
}
