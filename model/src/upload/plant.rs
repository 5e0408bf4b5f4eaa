//! Faults that the simulation's own tests plant into the machine, to prove that it finds them. Compiled
//! for tests alone.

use std::cell::Cell;

use crate::{multipart::CompletedPart, object::Object};

/// A fault that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plant {
    /// The store's list of parts is believed, whatever it says.
    ListUnread,
    /// The object's size is not compared.
    SizeUnread,
    /// Hako takes the error that completing answered with status 200 for a success.
    ErrorUnread,
    /// Completing names the tag of another part.
    OtherTag,
    /// A URL is used as long as there is one.
    UrlReused,
    /// A part that was stored is sent again.
    SentAgain,
    /// A tab works on what belongs to another one.
    LockIgnored,
}

thread_local! {
    static PLANTED: Cell<Option<Plant>> = const { Cell::new(None) };
}

/// Plants a fault, or removes it.
pub(super) fn plant(fault: Option<Plant>) {
    PLANTED.set(fault);
}

/// Whether this fault is planted.
pub(super) fn is(fault: Plant) -> bool {
    PLANTED.get() == Some(fault)
}

/// Gives every part the tag of the next one, if that is planted.
pub(super) fn other_tag(mut parts: Vec<CompletedPart>) -> Vec<CompletedPart> {
    if is(Plant::OtherTag) && parts.len() > 1 {
        let first = parts[0].etag.clone();
        for at in 1..parts.len() {
            parts[at - 1].etag = parts[at].etag.clone();
        }
        parts.last_mut().unwrap().etag = first;
    }
    parts
}

/// Gives the object the size that is wanted, if that is planted.
pub(super) fn other_size(object: Option<Object>, size: u64) -> Option<Object> {
    let overlooked = is(Plant::SizeUnread);
    object.map(|object| Object {
        size: if overlooked { size } else { object.size },
        ..object
    })
}
