//! Where something is decided: which way bytes go, streams into the store, bulk deletion, emptying buckets.

pub mod deletion;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod emptying;
pub mod reach;
pub mod stream;
