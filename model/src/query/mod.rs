//! Metadata queries: what is asked, in one language, and what is answered.
//!
//! HCP's metadata query API says how queries look and what they find; behaviour: "Metadata query".
//! Scripts write Lucene's words besides; both are read into one [`Expression`].

use crate::Timestamp;

mod answer;
mod builder;
mod calls;
mod fault;
mod lenient;
mod marks;
mod parse;
mod property;
mod request;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use answer::{
    Facet, FacetFrequency, Location, NumberOrText, ObjectQueryInfo, ObjectQueryResponse,
    OperationQueryInfo, OperationQueryResponse, QueryResult, QueryStatus,
};
pub use builder::{Block, Condition, Join, Line, MAX_BLOCKS, Operator};
pub use calls::{QueryObjects, QueryOperations};
pub use fault::Fault;
pub use marks::{Mark, Marked, Typing, names, typing};
pub use parse::{marked, parse};
pub use property::{Facts, Json, Kind, Property, UnknownProperty};
pub use request::{
    ChangeTimeRange, DEFAULT_COUNT, DirectoryList, FACETS, LastResult, MAX_COUNT, MAX_OFFSET,
    Names, NamespaceList, ObjectQuery, OperationQuery, OperationSystemMetadata, Sort, TRANSACTIONS,
    TransactionList, in_tenant,
};
pub use tree::{Clause, Criterion, End, Expression, Field, Pattern, Piece, Range, Sign, Test};
pub use write::Cannot;

/// How deep groups may stand in each other. Reading, writing and matching descend once per level.
pub const MAX_DEPTH: usize = 16;

/// How many conditions a query may hold, groups included: each is looked at for every object.
pub const MAX_CLAUSES: usize = 256;

/// How many bytes a request may have: more is refused by HCP.
pub const MAX_BYTES: usize = 8_192;

/// The time that a date in a query names; without an offset it is one of UTC.
///
/// `2024-06-01T10:00:00`, with or without a fraction; `+0000`, `+00:00`, `Z` or nothing behind it.
pub fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse_hcp(text).or_else(|| Timestamp::parse(&format!("{text}Z")))
}
