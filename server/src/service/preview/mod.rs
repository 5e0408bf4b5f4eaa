//! Looking into an object without downloading it: what it is, as far as its limit, and what lies in an archive.
//!
//! Nothing here trusts a name, a stored media type, or a number in a file: the content decides, and every read
//! has a limit.

mod archive;
mod content;
mod difference;
mod locked;
mod markdown;
mod origin;
mod sniff;
mod table;
mod text;
mod tree;

pub use self::{
    archive::{Unpacked, folder, unpack},
    content::content,
    difference::difference,
    locked::{describe, locked},
    origin::{Origin, SAMPLE},
    sniff::{Found, SVG, look},
};
