//! The failures that operations have in common, derived from what they take and do.

use http::{Method, StatusCode};
use model::problem::Problem;
use utoipa::{
    ToSchema,
    openapi::{ContentBuilder, Ref, ResponseBuilder, path::Operation},
};

/// What an operation is, as far as failing goes.
struct Traits {
    api: bool,
    secured: bool,
    named: bool,
    body: bool,
    parameters: bool,
    store: bool,
    changes: bool,
}

impl Traits {
    fn of(method: &Method, path: &str, operation: &Operation) -> Self {
        let secured = operation.security.iter().flatten().count() > 1;
        Self {
            api: path.starts_with("/api/"),
            secured,
            named: path.contains("{bucket}"),
            body: operation.request_body.is_some(),
            parameters: operation.parameters.as_ref().is_some_and(|p| !p.is_empty()),
            store: secured && !path.starts_with("/api/v1/session") || path.ends_with("/token"),
            changes: !method.is_safe(),
        }
    }

    /// The statuses, and when they come.
    fn statuses(&self) -> Vec<(StatusCode, &'static str)> {
        use StatusCode as S;
        [
            (
                self.api,
                S::MISDIRECTED_REQUEST,
                "The server does not answer to that host name.",
            ),
            (
                self.secured,
                S::UNAUTHORIZED,
                "No token, or it is wrong, over, or revoked.",
            ),
            (
                self.secured,
                S::FORBIDDEN,
                "The store refuses it to this account, or a cookie came from another site.",
            ),
            (
                self.named || self.body,
                S::BAD_REQUEST,
                "A name or an argument cannot be, or the body broke off.",
            ),
            (
                self.named,
                S::NOT_FOUND,
                "There is no such bucket, object, version or upload.",
            ),
            (
                self.named && self.changes || self.body && self.changes && self.secured,
                S::CONFLICT,
                "The present state forbids it.",
            ),
            (
                self.body,
                S::PAYLOAD_TOO_LARGE,
                "The body is larger than the route takes.",
            ),
            (
                self.body,
                S::UNSUPPORTED_MEDIA_TYPE,
                "The body is of another type than the route takes.",
            ),
            (
                self.body || self.parameters,
                S::UNPROCESSABLE_ENTITY,
                "Fields break rules: `detail` is a list.",
            ),
            (
                self.api,
                S::INTERNAL_SERVER_ERROR,
                "A defect of the server.",
            ),
            (
                self.store,
                S::NOT_IMPLEMENTED,
                "The store behind Hako cannot do that.",
            ),
            (self.store, S::BAD_GATEWAY, "The store failed."),
            (
                self.api,
                S::SERVICE_UNAVAILABLE,
                "The store does not answer, or asks for less.",
            ),
            (
                self.store,
                S::GATEWAY_TIMEOUT,
                "The store did not answer in time.",
            ),
            (
                self.store && self.changes,
                S::INSUFFICIENT_STORAGE,
                "The store is full.",
            ),
        ]
        .into_iter()
        .filter_map(|(applies, status, when)| applies.then_some((status, when)))
        .collect()
    }
}

/// Adds the failures that an operation does not name itself.
pub(super) fn add(method: Method, path: &str, operation: &mut Operation) {
    for (status, when) in Traits::of(&method, path, operation).statuses() {
        operation
            .responses
            .responses
            .entry(status.as_str().to_owned())
            .or_insert_with(|| response(&method, when).into());
    }
}

/// Every failure has one body; to HEAD nothing has one.
fn response(method: &Method, when: &str) -> utoipa::openapi::Response {
    let response = ResponseBuilder::new().description(when);
    if *method == Method::HEAD {
        return response.build();
    }
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    response.content("application/json", content).build()
}
