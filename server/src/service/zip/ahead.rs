//! Small objects are read a few at a time, so that many of them do not wait for the store one by one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, stream};
use tokio_util::task::AbortOnDropHandle;

use super::{
    Item, Open,
    source::{Opened, Read},
};
use crate::Error;

/// Objects looked at ahead of the one that is being packed.
pub(super) const OBJECTS: usize = 3;
/// The largest object that is held in memory.
pub(super) const SMALL: u64 = 2 * 1024 * 1024;

/// What was found when an object was looked at.
pub(super) enum Found {
    /// A small object, whole, with what is known of it beside its bytes.
    Whole(Opened, Held),
    /// One that is to be read when its turn comes.
    Large,
    /// One that cannot be read.
    Failed(Error),
}

/// Bytes in memory, counted.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    gauge: Gauge,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.gauge
            .now
            .fetch_sub(self.bytes.len() as u64, Ordering::Relaxed);
    }
}

/// How many bytes are held, and how many were at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    now: Arc<AtomicU64>,
    peak: Arc<AtomicU64>,
}

impl Gauge {
    fn hold(&self, bytes: Bytes) -> Held {
        let size = bytes.len() as u64;
        let now = self.now.fetch_add(size, Ordering::Relaxed) + size;
        self.peak.fetch_max(now, Ordering::Relaxed);
        Held {
            bytes,
            gauge: self.clone(),
        }
    }

    /// The most that was held at once.
    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

/// The objects in their order, the next ones being read already.
pub(super) fn ahead(
    items: Vec<Item>,
    open: Open,
    gauge: Gauge,
) -> impl Stream<Item = (Item, Found)> + Send {
    stream::iter(items)
        .map(move |item| {
            // A task of its own: it goes on while another object is being packed.
            let looking = look(item.clone(), Open::clone(&open), gauge.clone());
            let looking = AbortOnDropHandle::new(tokio::spawn(looking));
            async move {
                let found = looking
                    .await
                    .unwrap_or_else(|panic| Found::Failed(Error::internal(panic)));
                (item, found)
            }
        })
        .buffered(OBJECTS)
}

async fn look(item: Item, open: Open, gauge: Gauge) -> Found {
    if item.size.is_some_and(|size| size > SMALL) {
        return Found::Large;
    }
    let read = Read {
        key: item.key,
        ..Read::default()
    };
    match open(read).await {
        // Open ones would stand still for as long as the others take, and be cut off by the store.
        Ok(opened) if opened.size > SMALL => Found::Large,
        Ok(mut opened) => match whole(&mut opened).await {
            Ok(bytes) => Found::Whole(opened, gauge.hold(bytes)),
            Err(error) => Found::Failed(error),
        },
        Err(error) => Found::Failed(error),
    }
}

/// Exactly the announced bytes.
async fn whole(opened: &mut Opened) -> Result<Bytes, Error> {
    let size = usize::try_from(opened.size).map_err(Error::internal)?;
    let mut bytes = BytesMut::with_capacity(size);
    while let Some(piece) = opened.body.next().await {
        bytes.extend_from_slice(&piece?);
        if bytes.len() > size {
            return Err(Error::internal("the object has more bytes than announced"));
        }
    }
    if bytes.len() < size {
        return Err(Error::internal("the object ended before its announced end"));
    }
    Ok(bytes.freeze())
}
