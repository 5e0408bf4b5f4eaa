//! Why a query is refused, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is no query: at which character, what was expected there, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    /// How many characters stand before the place; the length of the text where it ended too early.
    pub position: usize,
    /// What could have stood there, in words; empty where nothing could.
    pub expected: Vec<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // People count from one.
        write!(f, "at character {}: {}", self.position + 1, self.message)?;
        if let Some((last, first)) = self.expected.split_last() {
            f.write_str("; expected ")?;
            if !first.is_empty() {
                write!(f, "{} or ", first.join(", "))?;
            }
            f.write_str(last)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
