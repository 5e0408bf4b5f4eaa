//! The buckets that the caller can reach, and what is known of each.

use axum::{Json, Router, extract::State, routing::get};
use model::{
    Endpoint, Problem,
    problem::FieldError,
    reachable::{AskFacts, Fact, FactList, FactsQuery, ListReachable, MAX_FACTS, ReachableBuckets},
};

use crate::{Error, service::facts, session::Session, state::AppState, web::extract};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(reachable, told))]
pub(in crate::routes) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListReachable::ROUTE, get(reachable))
        .route(AskFacts::ROUTE, get(told))
}

#[utoipa::path(
    get,
    path = ListReachable::ROUTE,
    operation_id = "list_reachable_buckets",
    tag = "Buckets",
    summary = "List the buckets that can be reached",
    description = "The caller's own, which S3 lists, and the other namespaces of the tenant, where the management API names them to the caller. Whether S3 is let into those is told by the facts.",
    responses((status = 200, description = "By name, all of them.", body = ReachableBuckets)),
)]
async fn reachable(
    session: Session,
    State(state): State<AppState>,
) -> Result<Json<ReachableBuckets>, Error> {
    Ok(Json(Box::pin(facts::reachable(&state, &session)).await?))
}

#[utoipa::path(
    get,
    path = AskFacts::ROUTE,
    operation_id = "get_bucket_facts",
    tag = "Buckets",
    summary = "Tell what is known of some buckets",
    description = "Use, quota, versions and more, for up to 24 buckets at once: at most six questions are put to the store at a time, and what it does not tell within 20 seconds is null.",
    params(FactsQuery),
    responses(
        (status = 200, description = "One entry for each name, in their order.", body = FactList),
        (status = 400, description = "A name that no bucket has.", body = Problem),
    ),
)]
async fn told(
    session: Session,
    State(state): State<AppState>,
    extract::Query(query): extract::Query<FactsQuery>,
) -> Result<Json<FactList>, Error> {
    let words = |list: &str| -> Vec<String> {
        let words = list.split(',').map(str::trim);
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let refused = |field: &str, msg: String| {
        Error::Validation(vec![FieldError {
            kind: "value_error".to_owned(),
            loc: vec!["query".to_owned(), field.to_owned()],
            msg,
        }])
    };
    let names = words(&query.buckets);
    if names.is_empty() || names.len() > MAX_FACTS {
        return Err(refused("buckets", format!("Name 1 to {MAX_FACTS} buckets")));
    }
    let buckets: Vec<_> = names
        .iter()
        .map(|name| extract::bucket(name))
        .collect::<Result<_, _>>()?;
    let with: Vec<Fact> = words(query.with.as_deref().unwrap_or_default())
        .iter()
        .map(|word| {
            Fact::parse(word).ok_or_else(|| {
                refused(
                    "with",
                    format!("{word:?} is not one of cors, uploads, retention"),
                )
            })
        })
        .collect::<Result<_, _>>()?;
    let facts = Box::pin(facts::of(&state, &session, &buckets, &with)).await?;
    Ok(Json(FactList { facts }))
}
