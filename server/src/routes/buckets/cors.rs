//! A bucket's CORS rules beside the contract's: which hold, one change at a time, and why a page is kept out.

use axum::{
    Extension, Json, Router,
    extract::State,
    routing::{get, post},
};
use model::{
    Endpoint, Problem,
    cors::{
        ChangeCors, CheckCors, CheckCorsQuery, CorsCheck, CorsDocument, CorsEdit, CorsOverview,
        CorsQuestion, CorsReading, GetCorsOverview, METHODS, ReadCorsDocument,
    },
    problem::FieldError,
};

use super::{
    settings::Target,
    uploading::{headers, origin},
};
use crate::{
    Error,
    openapi::params::InBucket,
    service::diagnosis::Diagnosis,
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(overview, change, read_document, check))]
pub(in crate::routes) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(GetCorsOverview::ROUTE, get(overview))
        .route(ChangeCors::ROUTE, post(change))
        .route(ReadCorsDocument::ROUTE, post(read_document))
        .route(CheckCors::ROUTE, get(check))
}

#[utoipa::path(
    get,
    path = GetCorsOverview::ROUTE,
    operation_id = "get_bucket_cors_overview",
    tag = "Buckets",
    summary = "Tell which CORS rules hold for a bucket",
    description = "The bucket's own rules and those of its tenant, which hold where the bucket has none. No rules at all are no failure.",
    params(InBucket),
    responses((status = 200, description = "Both.", body = CorsOverview)),
)]
async fn overview(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<CorsOverview>, Error> {
    let diagnosis = Diagnosis {
        state: &state,
        session: &session,
        bucket: &bucket,
    };
    Ok(Json(Box::pin(diagnosis.overview()).await?))
}

#[utoipa::path(
    post,
    path = ChangeCors::ROUTE,
    operation_id = "change_bucket_cors",
    tag = "Buckets",
    summary = "Change the CORS rules of a bucket",
    description = "One change of rules that the caller has seen. With the last rule goes the document, and the tenant's rules hold again.",
    params(InBucket),
    request_body = CorsEdit,
    responses(
        (status = 200, description = "The rules as they are now.", body = CorsOverview),
        (status = 403, description = "The caller may not set them.", body = Problem),
        (status = 409, description = "The bucket has other rules by now. Nothing was changed.", body = Problem),
    ),
)]
async fn change(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Json(edit): extract::Json<CorsEdit>,
) -> Result<Json<CorsOverview>, Error> {
    let diagnosis = Diagnosis {
        state: &state,
        session: &session,
        bucket: &bucket,
    };
    Ok(Json(Box::pin(diagnosis.change(&edit)).await?))
}

#[utoipa::path(
    post,
    path = ReadCorsDocument::ROUTE,
    operation_id = "read_cors_document",
    tag = "Buckets",
    summary = "Read a CORS document in XML",
    description = "Its rules, or the place of the first thing that is wrong. Nothing is changed.",
    params(InBucket),
    request_body = CorsDocument,
    responses((status = 200, description = "What it says.", body = CorsReading)),
)]
async fn read_document(
    _session: Session,
    Target(_bucket): Target,
    extract::Json(document): extract::Json<CorsDocument>,
) -> Json<CorsReading> {
    let (cors_rules, fault) = match hcp::read_cors(&document.xml) {
        Ok(rules) => (rules, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    Json(CorsReading { cors_rules, fault })
}

#[utoipa::path(
    get,
    path = CheckCors::ROUTE,
    operation_id = "check_bucket_cors",
    tag = "Buckets",
    summary = "Find out whether a page may call a bucket",
    description = "What each rule says to a request of a page, which one decides, and what the store answers to a preflight. The probe is for the browser to send: it changes nothing.",
    params(InBucket, CheckCorsQuery),
    responses((status = 200, description = "What it comes to.", body = CorsCheck)),
)]
async fn check(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Target(bucket): Target,
    extract::Query(query): extract::Query<CheckCorsQuery>,
) -> Result<Json<CorsCheck>, Error> {
    let question = CorsQuestion::from(query);
    if !METHODS.contains(&question.method.as_str()) {
        let known = METHODS.join(", ");
        let fault = FieldError::query("method", format!("A method is one of {known}"));
        return Err(Error::Validation(vec![fault]));
    }
    let asked = CorsQuestion {
        origin: origin(&question.origin)?,
        method: question.method,
        headers: question.headers.map(|names| headers(&names)).transpose()?,
        reads: headers(&question.reads)?,
    };
    let diagnosis = Diagnosis {
        state: &state,
        session: &session,
        bucket: &bucket,
    };
    Ok(Json(Box::pin(diagnosis.check(&host, asked)).await?))
}
