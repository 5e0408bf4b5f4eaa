//! Metadata queries: what is asked, in one language, and what is answered.
//!
//! HCP's metadata query API says how queries look and what they find; behaviour: "Metadata query".
//! Scripts write Lucene's words besides; both are read into one [`Expression`].

mod fault;
mod property;
mod tree;

pub use fault::Fault;
pub use property::{Facts, Json, Kind, Property, UnknownProperty};
pub use tree::{Clause, Criterion, End, Expression, Field, Pattern, Piece, Range, Sign, Test};

/// How deep groups may stand in each other. Reading, writing and matching descend once per level.
pub const MAX_DEPTH: usize = 16;

/// How many conditions a query may hold, groups included: each is looked at for every object.
pub const MAX_CLAUSES: usize = 256;

/// How many bytes a request may have: more is refused by HCP.
pub const MAX_BYTES: usize = 8_192;
