//! What an upload manager asks of a bucket before it sends bytes, and when the store does not let it.

use axum::{
    Extension, Json, Router,
    extract::State,
    routing::{get, post},
};
use http::HeaderName;
use model::{
    Endpoint, Problem,
    cors::{AddCorsRule, CorsAddition, CorsRule},
    problem::FieldError,
    upload_target::{
        Diagnose, DiagnoseUpload, GetUploadTarget, MAX_HEADERS, UploadDiagnosis, UploadTarget,
    },
};
use url::{Position, Url};

use super::settings::Target;
use crate::{
    Error,
    openapi::params::InBucket,
    service::{diagnosis::Diagnosis, upload_target},
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(target, diagnose, add_rule))]
pub(in crate::routes) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(GetUploadTarget::ROUTE, get(target))
        .route(DiagnoseUpload::ROUTE, post(diagnose))
        .route(AddCorsRule::ROUTE, post(add_rule))
}

#[utoipa::path(
    get,
    path = GetUploadTarget::ROUTE,
    operation_id = "get_upload_target",
    tag = "Buckets",
    summary = "Tell what an upload into a bucket meets",
    description = "Versions, what becomes of a key that exists, room, and for how long unfinished uploads are kept. What the caller may not know, or the store cannot say, is null.",
    params(InBucket),
    responses((status = 200, description = "What is known.", body = UploadTarget)),
)]
async fn target(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<UploadTarget>, Error> {
    let target = Box::pin(upload_target::of(&state, &session, &bucket));
    Ok(Json(target.await?))
}

#[utoipa::path(
    post,
    path = DiagnoseUpload::ROUTE,
    operation_id = "diagnose_upload",
    tag = "Buckets",
    summary = "Find out why a page cannot send bytes to the store",
    description = "The server asks the store as a browser on a page of `origin` would, and reads the CORS rules that hold for the bucket.",
    params(InBucket),
    request_body = Diagnose,
    responses((status = 200, description = "The first cause.", body = UploadDiagnosis)),
)]
async fn diagnose(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Target(bucket): Target,
    extract::Json(request): extract::Json<Diagnose>,
) -> Result<Json<UploadDiagnosis>, Error> {
    let page = Diagnose {
        origin: origin(&request.origin)?,
        headers: headers(&request.headers)?,
    };
    let diagnosis = Diagnosis {
        state: &state,
        session: &session,
        bucket: &bucket,
    };
    Ok(Json(Box::pin(diagnosis.find(&host, &page)).await?))
}

/// Names of headers, in lower case.
pub(super) fn headers(names: &[String]) -> Result<Vec<String>, Error> {
    let refused = |msg: String| Error::Validation(vec![FieldError::body("headers", msg)]);
    if names.len() > MAX_HEADERS {
        return Err(refused(format!("At most {MAX_HEADERS} headers are named")));
    }
    names
        .iter()
        .map(|name| {
            let name = HeaderName::try_from(name)
                .map_err(|_invalid| refused(format!("{name:?} is not the name of a header")))?;
            Ok(name.to_string())
        })
        .collect()
}

/// An origin as browsers write it: scheme, host, and a port that is not the scheme's own.
pub(super) fn origin(text: &str) -> Result<String, Error> {
    let refused = || {
        let msg = "an origin is http:// or https://, a host, and a port where it has one";
        Error::Validation(vec![FieldError::body("origin", msg)])
    };
    let url = Url::parse(text).map_err(|_not_a_url| refused())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url[Position::AfterPort..]
            .trim_start_matches('/')
            .is_empty()
        && url.username().is_empty()
        && url.password().is_none()
        && !text.contains('*')
        && url.host().is_some();
    if plain {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(refused())
    }
}

#[utoipa::path(
    post,
    path = AddCorsRule::ROUTE,
    operation_id = "add_bucket_cors_rule",
    tag = "Buckets",
    summary = "Add a CORS rule to a bucket",
    description = "All other rules stay, in their order; on HCP, those of the tenant too, which a document of the bucket would hide. Nothing changes where a rule that gives as much decides already.",
    params(InBucket),
    request_body = CorsRule,
    responses(
        (status = 200, description = "All rules as they are now.", body = CorsAddition),
        (status = 403, description = "The caller may not set them.", body = Problem),
    ),
)]
async fn add_rule(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Json(rule): extract::Json<CorsRule>,
) -> Result<Json<CorsAddition>, Error> {
    for (field, given) in [
        ("AllowedOrigins", &rule.allowed_origins),
        ("AllowedMethods", &rule.allowed_methods),
    ] {
        if given.as_ref().is_none_or(Vec::is_empty) {
            let msg = "A rule names at least one";
            return Err(Error::Validation(vec![FieldError::body(field, msg)]));
        }
    }
    let diagnosis = Diagnosis {
        state: &state,
        session: &session,
        bucket: &bucket,
    };
    Ok(Json(Box::pin(diagnosis.add(&rule)).await?))
}
