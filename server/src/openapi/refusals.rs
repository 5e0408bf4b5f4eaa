//! The failures that operations have in common, derived from what they take and do.

use http::{Method, StatusCode as S};
use model::{mapi::calls, problem::Problem, workspace::Failure};
use utoipa::{
    ToSchema,
    openapi::{ContentBuilder, Ref, Response, ResponseBuilder, path::Operation},
};

use crate::service::reach;

/// The operations that ask the store though nobody is signed in yet.
const SIGN_IN: [&str; 2] = ["sign_in", "sign_in_console"];

/// The operations that change nothing, though they are posted.
const READING: [&str; 7] = [
    "presign",
    "presign_objects",
    "test_presigned",
    "test_connection",
    "reveal_secret",
    "query_objects",
    "query_operations",
];

/// Adds the failures that an operation does not name itself.
pub(super) fn add(method: Method, path: &str, operation: &mut Operation) {
    for (status, when) in statuses(&method, path, operation) {
        operation
            .responses
            .responses
            .entry(status.as_str().to_owned())
            .or_insert_with(|| response(&method, path, status, when).into());
    }
}

/// Whether a path is one of the second API, whose failures have a body of their own.
fn is_of_workspaces(path: &str) -> bool {
    path.starts_with("/{workspace}/")
}

/// The failures of the second API, which knows no 422.
fn of_workspaces(method: &Method, path: &str, operation: &Operation) -> Vec<(S, &'static str)> {
    let mut all = of_the_store(method, path, operation);
    all.extend([
        (
            S::BAD_REQUEST,
            "An argument cannot be, or the workspace is an address of Hako itself.",
        ),
        (
            S::UNAUTHORIZED,
            "No token, or it is wrong, over, or revoked.",
        ),
        (
            S::FORBIDDEN,
            "No right on the workspace, or a cookie came from another site.",
        ),
        (
            S::NOT_FOUND,
            "There is no such workspace, file, upload or function.",
        ),
        (
            S::MISDIRECTED_REQUEST,
            "The server does not answer to that host name.",
        ),
        (S::INTERNAL_SERVER_ERROR, "A defect of the server."),
    ]);
    if path.ends_with("/{path}") && (*method == Method::GET || *method == Method::HEAD) {
        all.extend([
            (S::PRECONDITION_FAILED, "A condition is not met."),
            (
                S::RANGE_NOT_SATISFIABLE,
                "The range lies outside of the file.",
            ),
        ]);
    }
    if let Some(body) = &operation.request_body {
        let when = "The body is larger than the route, or the store, takes.";
        all.push((S::PAYLOAD_TOO_LARGE, when));
        if body.content.contains_key("application/octet-stream") {
            all.push((S::PRECONDITION_FAILED, "Something has the path already."));
        } else {
            let when = "The body is of another type than the route takes.";
            all.push((S::UNSUPPORTED_MEDIA_TYPE, when));
        }
    }
    all
}

/// Whether a path is one of presigned requests, which are answered by the store or not passed on to it.
fn is_presigned(path: &str) -> bool {
    path.starts_with(reach::PASSED_ON)
}

/// The refusals of presigned requests: the store's own are told as they come, Hako's have its body.
const OF_PRESIGNED: [(S, &str); 7] = [
    (
        S::BAD_REQUEST,
        "The store does not take it (its body), or the request's body broke off.",
    ),
    (
        S::FORBIDDEN,
        "The request is not a presigned one (Hako's body), or the store refuses it: the signature is wrong or over, or the account lacks the right (the store's body).",
    ),
    (
        S::NOT_FOUND,
        "The store has no such bucket or object (its body).",
    ),
    (
        S::MISDIRECTED_REQUEST,
        "The server does not answer to that host name.",
    ),
    (
        S::INTERNAL_SERVER_ERROR,
        "A defect of the server or the store.",
    ),
    (
        S::SERVICE_UNAVAILABLE,
        "The store cannot be reached, or wants to be asked later.",
    ),
    (S::GATEWAY_TIMEOUT, "The store does not answer in time."),
];

/// The statuses, and when they come; of two sentences about one, the first counts.
fn statuses(method: &Method, path: &str, operation: &Operation) -> Vec<(S, &'static str)> {
    if is_of_workspaces(path) {
        return of_workspaces(method, path, operation);
    }
    if is_presigned(path) {
        return OF_PRESIGNED.to_vec();
    }
    if !path.starts_with("/api/") {
        return Vec::new();
    }
    let mut all = of_the_store(method, path, operation);
    all.extend([
        (
            S::MISDIRECTED_REQUEST,
            "The server does not answer to that host name.",
        ),
        (S::INTERNAL_SERVER_ERROR, "A defect of the server."),
    ]);
    if super::is_secured(operation) {
        all.extend([
            (
                S::UNAUTHORIZED,
                "No token, or it is wrong, over, or revoked.",
            ),
            (
                S::FORBIDDEN,
                "The store refuses it to this account, or a cookie came from another site.",
            ),
            (
                S::SERVICE_UNAVAILABLE,
                "Sessions cannot be checked at the moment.",
            ),
        ]);
    }
    if path.starts_with(calls::BASE) {
        all.extend([
            (S::BAD_REQUEST, "HCP refuses an argument."),
            (
                S::NOT_FOUND,
                "What the path names is not there, or not for this account.",
            ),
            (S::METHOD_NOT_ALLOWED, "HCP does not know the method there."),
            (S::URI_TOO_LONG, "The names are longer than HCP takes."),
            (
                S::UNSUPPORTED_MEDIA_TYPE,
                "HCP, or the route, does not take the media type.",
            ),
        ]);
    }
    if path.contains("{bucket}") {
        all.extend([
            (S::BAD_REQUEST, "A name or an argument cannot be."),
            (
                S::NOT_FOUND,
                "There is no such bucket, object, version or upload.",
            ),
        ]);
    }
    all.extend(of_what_is_sent(operation));
    all
}

/// The failures of bodies and parameters.
fn of_what_is_sent(operation: &Operation) -> Vec<(S, &'static str)> {
    let fields = (
        S::UNPROCESSABLE_ENTITY,
        "Fields break rules: `detail` is a list.",
    );
    let Some(body) = &operation.request_body else {
        let takes_any = operation.parameters.iter().flatten().next().is_some();
        return Vec::from_iter(takes_any.then_some(fields));
    };
    let mut all = vec![
        fields,
        (
            S::BAD_REQUEST,
            "A name or an argument cannot be, or the body broke off.",
        ),
        (
            S::PAYLOAD_TOO_LARGE,
            "The body is larger than the route takes.",
        ),
    ];
    if !body.content.contains_key("application/octet-stream") {
        let when = "The body is of another type than the route takes.";
        all.push((S::UNSUPPORTED_MEDIA_TYPE, when));
    }
    all
}

/// The failures of the store behind the operation, where there is one.
fn of_the_store(method: &Method, path: &str, operation: &Operation) -> Vec<(S, &'static str)> {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let data = super::is_secured(operation) && !path.starts_with("/api/v1/session");
    if !data && !SIGN_IN.contains(&id) {
        return Vec::new();
    }
    let mut all = vec![
        (S::NOT_IMPLEMENTED, "The store behind Hako cannot do that."),
        (S::BAD_GATEWAY, "The store failed."),
        (
            S::SERVICE_UNAVAILABLE,
            "The store does not answer: `Retry-After` says when to try again.",
        ),
        (S::GATEWAY_TIMEOUT, "The store did not answer in time."),
    ];
    if data && !method.is_safe() && !READING.contains(&id) {
        all.extend([
            (S::CONFLICT, "The present state forbids it."),
            (S::INSUFFICIENT_STORAGE, "The store is full."),
        ]);
    }
    all
}

/// Every failure of an API has one body; to HEAD nothing has one.
fn response(method: &Method, path: &str, status: S, when: &str) -> Response {
    let response = ResponseBuilder::new().description(when);
    if *method == Method::HEAD {
        return response.build();
    }
    // A host that is not the server's is refused before anybody looks at the path.
    let name = if is_of_workspaces(path) && status != S::MISDIRECTED_REQUEST {
        Failure::name()
    } else {
        Problem::name()
    };
    let schema = Ref::from_schema_name(name);
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = response.content("application/json", content);
    if is_presigned(path) && status != S::MISDIRECTED_REQUEST {
        let xml = ContentBuilder::new().build();
        return response.content("application/xml", xml).build();
    }
    response.build()
}
