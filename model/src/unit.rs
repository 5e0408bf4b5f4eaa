//! Units of size.

/// Bytes in one binary kilobyte, labelled `KB` because HCP's quotas count so.
pub const KB: u64 = 1 << 10;
/// Bytes in one `MB`.
pub const MB: u64 = 1 << 20;
/// Bytes in one `GB`.
pub const GB: u64 = 1 << 30;
/// Bytes in one `TB`.
pub const TB: u64 = 1 << 40;
