//! Metadata queries: objects by what they are, and what was done to them.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use http::HeaderMap;
use model::{
    Endpoint, Problem,
    query::{
        ObjectQuery, ObjectQueryResponse, OperationQuery, OperationQueryResponse, QueryObjects,
        QueryOperations,
    },
};
use serde::Deserialize;

use crate::{
    Error,
    service::query::Queries,
    session::Session,
    state::AppState,
    web::{extract, negotiation},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(query_objects, query_operations))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(QueryObjects::ROUTE, post(query_objects))
        .route(QueryOperations::ROUTE, post(query_operations))
}

/// A tenant in the path.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
struct OfTenant {
    /// The tenant's name.
    #[param(
        max_length = 63,
        pattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$",
        example = "acme"
    )]
    tenant_name: String,
}

#[utoipa::path(
    post,
    path = QueryObjects::ROUTE,
    operation_id = "query_objects",
    tag = "Metadata queries",
    summary = "Find objects by their metadata",
    description = "Finds current versions in namespaces that are searched and indexed and that the account may search. The query is in Lucene's words (`namespace:datasets AND size:[1048576 TO *]`) or HCP's signs; `docs/query.md` has the language. Pages go by `offset` while `status.code` is `INCOMPLETE`.",
    params(OfTenant),
    request_body = ObjectQuery,
    responses(
        (
            status = 200,
            description = "The objects.",
            body = ObjectQueryResponse,
            headers(
                ("X-Hako-Cache" = String, description = "`hit` or `miss`, where such answers are kept."),
            ),
        ),
        (
            status = 400,
            description = "The query cannot be read (`query` tells where, and what was expected), HCP cannot be asked for it, or HCP refuses it.",
            body = Problem,
        ),
        (status = 413, description = "The query is larger than HCP takes: 8 KB.", body = Problem),
    ),
)]
async fn query_objects(
    session: Session,
    State(state): State<AppState>,
    Path(of): Path<OfTenant>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<ObjectQuery>,
) -> Result<Response, Error> {
    let anew = negotiation::wants_anew(&headers);
    let queries = Queries::new(&state, &session, &of.tenant_name, anew)?;
    queries.objects(&request).await
}

#[utoipa::path(
    post,
    path = QueryOperations::ROUTE,
    operation_id = "query_operations",
    tag = "Metadata queries",
    summary = "Find what was done to objects",
    description = "Finds records of creations, deletions, purges and, where asked for, prunings and dispositions, the oldest first, also of objects that are gone. Until `status.code` is `COMPLETE`, the next page is asked for with the last record as `lastResult`.",
    params(OfTenant),
    request_body = OperationQuery,
    responses(
        (
            status = 200,
            description = "The records.",
            body = OperationQueryResponse,
            headers(
                ("X-Hako-Cache" = String, description = "`hit` or `miss`, where such answers are kept."),
            ),
        ),
        (status = 400, description = "HCP refuses the query, such as for a namespace that is not there.", body = Problem),
        (status = 413, description = "The query is larger than HCP takes: 8 KB.", body = Problem),
    ),
)]
async fn query_operations(
    session: Session,
    State(state): State<AppState>,
    Path(of): Path<OfTenant>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<OperationQuery>,
) -> Result<Response, Error> {
    let anew = negotiation::wants_anew(&headers);
    let queries = Queries::new(&state, &session, &of.tenant_name, anew)?;
    queries.operations(&request).await
}
