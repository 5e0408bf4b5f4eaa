//! Objects: by key in the path (the contract's form) or in the query (`…/object?key=`, for any key).

mod download;
mod upload;

use axum::{
    Json, Router,
    extract::{FromRequest, Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use http::{Method, StatusCode};
use model::{
    BucketName, Endpoint, ObjectKey,
    acl::{Acl, AclMutation, AclPolicy, GetObjectAcl},
    object::{
        CopyObject, CopySource, DeleteObject, ListObjects, ListObjectsQuery, NewFolder,
        ObjectMutation, ObjectPage,
    },
    problem::FieldError,
    route::{ObjectRoute, split_objects},
};
use serde::Deserialize;

pub(super) use self::upload::{content_length, content_type_of, raw};
use self::{
    download::{download, head},
    upload::{upload_form, upload_raw},
};
use super::{buckets::settings::bounded, presign::presign_many};
use crate::{
    Error,
    service::{deletion, reach},
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

pub(super) fn router() -> Router<AppState> {
    let keyed = get(by_query).delete(by_query).put(by_query).post(by_query);
    Router::new()
        .route(ListObjects::ROUTE, get(list_objects))
        .route("/api/v1/buckets/{bucket}/objects/{*rest}", any(by_path))
        .route(DeleteObject::ROUTE, keyed)
        .route(CopyObject::ROUTE, post(copy_by_query))
        .route(GetObjectAcl::ROUTE, get(acl_by_query).put(set_acl_by_query))
}

/// An object that a request means.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) bucket: BucketName,
    pub(super) key: ObjectKey,
}

impl Target {
    pub(super) fn new(state: &AppState, bucket: &str, key: &str) -> Result<Self, Error> {
        Ok(Self {
            bucket: extract::bucket(bucket)?,
            key: extract::key(key, reach::max_key_bytes(state))?,
        })
    }

    fn mutation(&self, status: &str) -> ObjectMutation {
        ObjectMutation {
            status: status.to_owned(),
            bucket: self.bucket.to_string(),
            key: self.key.to_string(),
            etag: None,
            size: None,
            version_id: None,
        }
    }
}

/// The parameters of one object's routes.
#[derive(Clone, Debug, Deserialize)]
struct ObjectQuery {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    version_id: Option<String>,
}

impl ObjectQuery {
    fn key(&self) -> Result<&str, Error> {
        self.key.as_deref().ok_or_else(|| missing_query("key"))
    }
}

pub(super) fn missing_query(name: &str) -> Error {
    Error::Validation(vec![FieldError {
        kind: "missing".to_owned(),
        loc: vec!["query".to_owned(), name.to_owned()],
        msg: "Field required".to_owned(),
    }])
}

async fn list_objects(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ListObjectsQuery>,
) -> Result<Json<ObjectPage>, Error> {
    bounded("max_keys", query.max_keys, 0)?;
    let bucket = extract::bucket(&bucket)?;
    Ok(Json(
        session.s3(&state)?.list_objects(&bucket, &query).await?,
    ))
}

/// `…/objects/{key}` and its suffixes.
async fn by_path(
    session: Session,
    State(state): State<AppState>,
    Path((bucket, rest)): Path<(String, String)>,
    extract::Query(query): extract::Query<ObjectQuery>,
    request: Request,
) -> Result<Response, Error> {
    match split_objects(request.method(), &rest) {
        ObjectRoute::Object(key) => {
            let target = Target::new(&state, &bucket, key)?;
            object(
                &session,
                &state,
                &target,
                query.version_id.as_deref(),
                request,
            )
            .await
        }
        ObjectRoute::Copy(key) => {
            let target = Target::new(&state, &bucket, key)?;
            let extract::Json(source) = extract::Json::from_request(request, &state).await?;
            Ok(copy(&session, &state, &target, &source)
                .await?
                .into_response())
        }
        ObjectRoute::Acl(key) => {
            let target = Target::new(&state, &bucket, key)?;
            let version = query.version_id.as_deref();
            if request.method() == Method::GET {
                return Ok(acl(&session, &state, &target, version)
                    .await?
                    .into_response());
            }
            let extract::Json(policy) = extract::Json::from_request(request, &state).await?;
            Ok(set_acl(&session, &state, &target, version, &policy)
                .await?
                .into_response())
        }
        ObjectRoute::Folder => {
            let extract::Json(folder) = extract::Json::from_request(request, &state).await?;
            Ok(create_folder(&session, &state, &bucket, &folder)
                .await?
                .into_response())
        }
        ObjectRoute::Presign => {
            let host = request.extensions().get::<RequestHost>().cloned();
            let host = host.ok_or_else(|| Error::internal("a request without its host"))?;
            let extract::Json(many) = extract::Json::from_request(request, &state).await?;
            let bucket = extract::bucket(&bucket)?;
            let urls = presign_many(&session, &state, &host, &bucket, &many)?;
            Ok(Json(urls).into_response())
        }
        ObjectRoute::Task(route) => {
            super::tasks::serve(&session, &state, &bucket, route, request).await
        }
        ObjectRoute::Delete => {
            let extract::Json(deletion) = extract::Json::from_request(request, &state).await?;
            let bucket = extract::bucket(&bucket)?;
            Ok(
                Json(deletion::delete(&session.s3(&state)?, &bucket, deletion).await?)
                    .into_response(),
            )
        }
    }
}

/// `…/object?key=`.
async fn by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    request: Request,
) -> Result<Response, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    object(
        &session,
        &state,
        &target,
        query.version_id.as_deref(),
        request,
    )
    .await
}

async fn object(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    request: Request,
) -> Result<Response, Error> {
    match *request.method() {
        Method::GET => download(session, state, target, version, request.headers()).await,
        Method::HEAD => head(session, state, target, version, request.headers()).await,
        Method::DELETE => {
            session
                .s3(state)?
                .delete_object(&target.bucket, &target.key, version)
                .await?;
            Ok(Json(target.mutation("deleted")).into_response())
        }
        Method::POST => upload_form(session, state, target, request).await,
        Method::PUT => upload_raw(session, state, target, request).await,
        _ => Err(Error::MethodNotAllowed),
    }
}

async fn acl_by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<Acl>, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    acl(&session, &state, &target, query.version_id.as_deref()).await
}

async fn set_acl_by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(policy): extract::Json<AclPolicy>,
) -> Result<Json<AclMutation>, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    let version = query.version_id.as_deref();
    set_acl(&session, &state, &target, version, &policy).await
}

async fn acl(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
) -> Result<Json<Acl>, Error> {
    let s3 = session.s3(state)?;
    Ok(Json(
        s3.object_acl(&target.bucket, &target.key, version).await?,
    ))
}

async fn set_acl(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    policy: &AclPolicy,
) -> Result<Json<AclMutation>, Error> {
    let s3 = session.s3(state)?;
    s3.set_object_acl(&target.bucket, &target.key, version, policy)
        .await?;
    Ok(Json(AclMutation {
        status: "updated".to_owned(),
    }))
}

async fn copy_by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(source): extract::Json<CopySource>,
) -> Result<Json<ObjectMutation>, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    copy(&session, &state, &target, &source).await
}

async fn copy(
    session: &Session,
    state: &AppState,
    target: &Target,
    source: &CopySource,
) -> Result<Json<ObjectMutation>, Error> {
    let from = Target::new(state, &source.source_bucket, &source.source_key)?;
    let stored = session
        .s3(state)?
        .copy_object(&from.bucket, &from.key, &target.bucket, &target.key)
        .await?;
    let mut body = target.mutation("copied");
    body.etag = stored.etag;
    body.version_id = stored.version_id;
    Ok(Json(body))
}

async fn create_folder(
    session: &Session,
    state: &AppState,
    bucket: &str,
    folder: &NewFolder,
) -> Result<(StatusCode, Json<ObjectMutation>), Error> {
    let max = reach::max_key_bytes(state);
    let key = model::id::folder_key("", &folder.folder_name, max).map_err(|fault| {
        Error::Validation(vec![FieldError::body("folder_name", fault.to_string())])
    })?;
    let target = Target {
        bucket: extract::bucket(bucket)?,
        key,
    };
    let options = hcp::PutOptions::default();
    let empty = hcp::Body::empty();
    session
        .s3(state)?
        .put_object(&target.bucket, &target.key, empty, options)
        .await?;
    Ok((StatusCode::CREATED, Json(target.mutation("created"))))
}
