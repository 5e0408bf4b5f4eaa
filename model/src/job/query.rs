//! What a metadata query finds, as the selection of a job.

use serde::{Deserialize, Serialize};

use crate::{
    problem::FieldError,
    query::{MAX_BYTES, Names, ObjectQuery, parse},
};

/// Bytes of a query's 8 KB that a job keeps for the time to which it narrows each page.
const NARROWING: usize = 512;
/// The most properties of an export.
const MAX_PROPERTIES: usize = 100;

/// All objects that a metadata query finds, on all its pages.
///
/// What is worked on are the objects that it finds when the job begins: one that changes while the job is
/// under way, and before the job comes to it, is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuerySelection {
    /// The query, in the words of object queries; every object is `*:*`.
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 7680,
            example = "namespace:datasets AND size:[1048576 TO *]"
        )
    )]
    pub query: String,
    /// The properties that a line of an export tells beside `urlName`; of `export` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub properties: Vec<String>,
}

impl QuerySelection {
    /// Whether it can be asked.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let fault = |field: &str, why: String| FieldError {
            loc: ["body", "query", field].map(str::to_owned).to_vec(),
            ..FieldError::body(field, why)
        };
        let mut faults = Vec::new();
        if self.query.trim().is_empty() {
            faults.push(fault("query", "every object is `*:*`".to_owned()));
        } else if self.query.len() > MAX_BYTES - NARROWING {
            let most = MAX_BYTES - NARROWING;
            faults.push(fault(
                "query",
                format!("a job's query has {most} bytes at most"),
            ));
        } else if let Err(wrong) = parse(&self.query) {
            faults.push(fault("query", wrong.to_string()));
        }
        if self.properties.len() > MAX_PROPERTIES {
            faults.push(fault("properties", "100 properties at most".to_owned()));
        }
        let asked = ObjectQuery {
            object_properties: Some(Names(self.properties.clone())),
            ..ObjectQuery::of("*:*")
        };
        for wrong in asked.check().err().unwrap_or_default() {
            faults.push(fault("properties", wrong.msg));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}
