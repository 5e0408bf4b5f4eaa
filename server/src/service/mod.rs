//! Where something is decided: which way bytes go, streams into the store, bulk deletion.

pub mod deletion;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod reach;
pub mod stream;
