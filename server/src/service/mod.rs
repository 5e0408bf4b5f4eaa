//! Where something is decided: which way bytes go, streams into the store, bulk deletion, archives.

pub mod deletion;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod emptying;
pub mod pages;
pub mod reach;
pub mod stream;
pub mod zip;
