//! What stands around every handler: request ids, host and origin checks, extractors, headers.

pub mod access_log;
pub mod csv;
pub mod disposition;
pub mod extract;
pub mod guard;
pub mod negotiation;
pub mod problems;
pub mod ranges;
pub mod request_id;
pub mod root;
pub mod security;
