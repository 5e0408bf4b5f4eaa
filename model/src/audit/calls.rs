//! The request about the audit.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{AuditPage, AuditResult};
use crate::{
    Timestamp,
    endpoint::{Endpoint, query},
};

/// `GET /audit`: newest first.
#[derive(Clone, Debug, Default)]
pub struct ListAudit(pub AuditQuery);

/// The parameters of [`ListAudit`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AuditQuery {
    /// Only records of this time or later.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub from: Option<Timestamp>,
    /// Only records before this time.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub to: Option<Timestamp>,
    /// Only what this user did; capitals do not matter.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub person: Option<String>,
    /// Only one action, such as `object.delete`.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub action: Option<String>,
    /// Only where the target has this text in it; capitals do not matter.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub target: Option<String>,
    /// Only what ended so.
    #[cfg_attr(feature = "openapi", param(inline, nullable = false))]
    pub result: Option<AuditResult>,
    /// Only the affairs of one tenant, `~` for the system's own; for who sees more than one.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub tenant: Option<String>,
    /// Records in a page, 1 to 200; 50 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 200, nullable = false)
    )]
    pub limit: Option<u32>,
    /// Where the last page stopped (`next`).
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub cursor: Option<String>,
    /// Only what came after a page (`newest`): the oldest of it, so that nothing is missed by asking again.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub after: Option<String>,
    /// Everything that the filters leave, as a file: `csv`, or `jsonl` with a record in each line. As `Accept`
    /// says when absent.
    #[cfg_attr(feature = "openapi", param(inline, nullable = false))]
    pub format: Option<AuditFormat>,
}

/// How the whole set is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditFormat {
    /// A table.
    Csv,
    /// JSON, a record in each line.
    Jsonl,
}

impl AuditFormat {
    /// The word used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

impl AuditQuery {
    fn text(&self) -> String {
        query(&[
            ("from", self.from.map(|time| time.to_string())),
            ("to", self.to.map(|time| time.to_string())),
            ("person", self.person.clone()),
            ("action", self.action.clone()),
            ("target", self.target.clone()),
            ("result", self.result.map(|one| one.as_str().to_owned())),
            ("tenant", self.tenant.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("cursor", self.cursor.clone()),
            ("after", self.after.clone()),
            ("format", self.format.map(|one| one.as_str().to_owned())),
        ])
    }
}

impl Endpoint for ListAudit {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/audit";
    type Body = ();
    type Response = AuditPage;

    fn path(&self) -> String {
        format!("{}{}", Self::ROUTE, self.0.text())
    }
}

/// The address of everything that the filters leave: a plain link.
pub fn export_path(query: &AuditQuery, format: AuditFormat) -> String {
    let whole = AuditQuery {
        limit: None,
        cursor: None,
        after: None,
        format: Some(format),
        ..query.clone()
    };
    ListAudit(whole).path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_has_the_filters_and_no_page() {
        let query = AuditQuery {
            from: Timestamp::from_unix_seconds(0),
            target: Some("a b".to_owned()),
            result: Some(AuditResult::Refused),
            cursor: Some("7".to_owned()),
            limit: Some(5),
            ..AuditQuery::default()
        };
        assert_eq!(
            export_path(&query, AuditFormat::Csv),
            "/api/v1/audit?from=1970-01-01T00%3A00%3A00Z&target=a%20b&result=refused&format=csv"
        );
        assert_eq!(ListAudit::default().path(), "/api/v1/audit");
    }
}
