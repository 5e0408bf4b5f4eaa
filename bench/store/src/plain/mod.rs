//! What the store is compared with: programs that do the same with the bytes, and nothing else.

pub(crate) mod program;
pub(crate) mod server;
