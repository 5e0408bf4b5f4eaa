//! Where something is decided: which way bytes go, streams into the store, bulk work, archives.

pub mod access;
pub mod annotations;
pub mod audit;
pub mod bulk_deletion;
pub mod copying;
pub mod cors;
pub mod counting;
pub mod deletion;
pub mod describing;
pub mod diagnosis;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod emptying;
pub mod ending;
pub mod expiry;
pub mod facts;
pub mod jobs;
mod known;
pub mod links;
pub mod locking;
pub mod log;
pub mod login_messages;
pub mod management;
pub mod multipart;
pub mod pages;
pub mod preview;
pub mod protection;
pub mod query;
pub mod reach;
pub mod rights;
pub mod scoped;
pub mod stream;
pub mod templates;
pub mod upload_target;
pub mod workspace;
pub mod zip;
