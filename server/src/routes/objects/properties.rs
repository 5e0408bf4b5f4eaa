//! What an object is described with: `…/object/properties?key=` changes it, `…/object/versions/compare?key=` tells
//! how two versions differ.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, put},
};
use hcp::ErrorKind;
use http::StatusCode;
use model::{
    Endpoint as _, ErrorCode, Problem,
    object::ObjectDetails,
    properties::{NewProperties, PropertiesSaved, SetProperties},
    version::{CompareVersions, Comparison},
};
use serde::Deserialize;

use super::{ObjectQuery, Target, missing_query};
use crate::{
    Error,
    openapi::params::{ByKey, InBucket},
    service::{
        describing,
        preview::{self, Origin},
    },
    session::Session,
    state::AppState,
    web::extract,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(SetProperties::ROUTE, put(set))
        .route(CompareVersions::ROUTE, get(compare))
}

#[utoipa::path(
    put,
    path = SetProperties::ROUTE,
    operation_id = "set_object_properties",
    tag = "Objects",
    summary = "Describe an object anew",
    description = "Sets type, headers and metadata as a whole, by a copy of the object onto itself: a new version where the bucket keeps versions. Tags, annotations, access control list, storage class and locks stay, and so does the time when Hako removes it. `fingerprint` is that of the object's details. Two who save at once through this server never overwrite each other; of another client the store notices changed bytes alone.",
    params(InBucket, ByKey),
    request_body = NewProperties,
    responses(
        (status = 200, description = "`updated`.", body = PropertiesSaved),
        (status = 412, description = "The object has changed since.", body = Problem),
        (status = 413, description = "The object, or the request, is too large.", body = Problem),
    ),
)]
async fn set(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(wanted): extract::Json<NewProperties>,
) -> Result<Json<PropertiesSaved>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let saved = describing::describe(&state, &session, (&bucket, &key), wanted).await?;
    Ok(Json(saved))
}

/// Two versions of a key.
#[derive(Debug, Deserialize)]
struct Pair {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    left: Option<String>,
    #[serde(default)]
    right: Option<String>,
}

impl Pair {
    fn version(&self, name: &str) -> Result<&str, Error> {
        let version = match name {
            "left" => &self.left,
            _ => &self.right,
        };
        let version = version.as_deref().filter(|version| !version.is_empty());
        version.ok_or_else(|| missing_query(name))
    }
}

#[utoipa::path(
    get,
    path = CompareVersions::ROUTE,
    operation_id = "compare_object_versions",
    tag = "Objects",
    summary = "Compare two versions of an object",
    description = "What both are stored with, and, of texts of up to 1 MB each, the lines that differ with three around them, 2,000 at most.",
    params(
        InBucket,
        ByKey,
        ("left" = String, Query, description = "The one version, as a rule the older one."),
        ("right" = String, Query, description = "The other one."),
    ),
    responses(
        (status = 200, description = "Both, and how they differ.", body = Comparison),
        (status = 409, description = "One of them is a delete marker.", body = Problem),
    ),
)]
async fn compare(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(pair): extract::Query<Pair>,
) -> Result<Json<Comparison>, Error> {
    let key = pair.key.as_deref().ok_or_else(|| missing_query("key"))?;
    let Target { bucket, key } = Target::new(&state, &bucket, key)?;
    let s3 = session.s3(&state)?;
    let origin = |name| {
        let version = pair.version(name)?;
        Ok::<_, Error>(Origin {
            s3: s3.clone(),
            bucket: bucket.clone(),
            key: key.clone(),
            version: Some(version.to_owned()),
        })
    };
    let (left, right) = (origin("left")?, origin("right")?);
    let told = futures::try_join!(told(&left), told(&right))?;
    let content = Box::pin(preview::difference(&left, &right)).await?;
    Ok(Json(Comparison {
        left: told.0,
        right: told.1,
        content,
    }))
}

/// What the store tells of a version.
async fn told(origin: &Origin) -> Result<ObjectDetails, Error> {
    let version = origin.version.as_deref();
    let head = origin
        .s3
        .describe_object(&origin.bucket, &origin.key, version)
        .await;
    match head {
        Ok(head) => Ok(describing::details(&origin.key, head)),
        Err(error) if error.status() == Some(405) && error.kind() != ErrorKind::Denied => {
            Err(Error::Refused {
                status: StatusCode::CONFLICT,
                code: ErrorCode::DeleteMarker,
                detail: format!(
                    "{} is a delete marker: it has no content to compare.",
                    version.unwrap_or_default()
                ),
            })
        }
        Err(error) => Err(error.into()),
    }
}
