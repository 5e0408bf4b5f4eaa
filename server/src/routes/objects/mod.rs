//! Objects: by key in the path (the contract's form) or in the query (`…/object?key=`, for any key).

mod annotations;
mod download;
mod expiry;
mod locking;
mod preview;
mod properties;
mod protection;
mod upload;

use axum::{
    Json, Router,
    extract::{FromRequest, Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use http::{HeaderValue, Method, StatusCode};
use model::{
    BucketName, Endpoint, ObjectKey, Problem,
    acl::{Acl, AclMutation, AclPolicy, GetObjectAcl},
    id::fits_listing,
    multipart::Status,
    object::{
        CopyObject, CopySource, CreateFolder, DeleteObject, DeleteObjects, Deletion,
        DeletionReport, GetDetails, ListObjects, ListObjectsQuery, NewFolder, ObjectDetails,
        ObjectMutation, ObjectPage,
    },
    problem::FieldError,
    route::{ObjectRoute, split_objects},
    tags::{GetTags, Tags},
};
use serde::Deserialize;

use self::upload::{upload_form, upload_raw};
pub(super) use self::{
    download::{download, head},
    upload::{content_length, no_length, options, raw, store_raw},
};
use super::{buckets::settings::bounded, presign::presign_many};
use crate::{
    Error, audit,
    openapi::params::{ByKey, InBucket, OfObject, OfVersion},
    service::{access, deletion, describing, ending, expiry as ends, protection as kept, reach},
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
        .route(GetTags::ROUTE, get(tags).put(set_tags).delete(delete_tags))
        .route(GetDetails::ROUTE, get(details))
        .merge(annotations::router())
        .merge(expiry::router())
        .merge(locking::router())
        .merge(preview::router())
        .merge(properties::router())
        .merge(protection::router())
}

/// What the document says of these routes; each stands there with the key in the path, and is added with
/// the key in the query.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(
        list_objects,
        download::download,
        download::head,
        upload::upload_form,
        upload::upload_raw,
        delete,
        copy,
        acl,
        set_acl,
        create_folder,
        delete_many,
        tags,
        set_tags,
        delete_tags,
        details,
        annotations::list,
        annotations::read,
        annotations::save,
        annotations::remove,
        expiry::read,
        expiry::set,
        expiry::clear,
        locking::read,
        locking::change,
        protection::read,
        protection::change,
        protection::delete,
        preview::bytes,
        preview::content,
        preview::archive,
        preview::entry,
        properties::set,
        properties::compare,
    ),
    components(schemas(model::preview::Form, model::preview::Delimiter))
)]
pub(super) struct Documented;

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
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ObjectQuery {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    version_id: Option<String>,
    #[serde(default)]
    response_content_disposition: Option<String>,
}

impl ObjectQuery {
    /// The `Content-Disposition` that the caller wants, instead of the key's file name.
    fn disposition(&self) -> Result<Option<HeaderValue>, Error> {
        let Some(text) = self.response_content_disposition.as_deref() else {
            return Ok(None);
        };
        let kind = text.split(';').next().unwrap_or_default().trim();
        HeaderValue::from_str(text)
            .ok()
            .filter(|_| {
                kind.eq_ignore_ascii_case("attachment") || kind.eq_ignore_ascii_case("inline")
            })
            .map(Some)
            .ok_or_else(|| {
                let msg = "`attachment` or `inline`, and what may follow it, in ASCII";
                let field = "response_content_disposition";
                Error::Validation(vec![FieldError::query(field, msg)])
            })
    }

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

#[utoipa::path(
    get,
    path = ListObjects::ROUTE,
    operation_id = "list_objects",
    tag = "Objects",
    summary = "List objects",
    description = "With `delimiter=/`, keys below a folder are grouped into `common_prefixes`.",
    params(InBucket, ListObjectsQuery),
    responses((status = 200, description = "One page.", body = ObjectPage)),
)]
async fn list_objects(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ListObjectsQuery>,
) -> Result<Json<ObjectPage>, Error> {
    bounded("max_keys", query.max_keys, 0)?;
    check_texts(&query)?;
    let bucket = extract::bucket(&bucket)?;
    let mut page = session.s3(&state)?.list_objects(&bucket, &query).await?;
    let objects = page.objects.iter();
    let objects = objects.map(|one| (one.key.as_str(), one.etag.as_deref(), one.last_modified));
    page.expires_at = ending::listed(&state, &session, &bucket, objects).await;
    Ok(Json(page))
}

/// Refuses what no listing can be asked for.
fn check_texts(query: &ListObjectsQuery) -> Result<(), Error> {
    let texts = [
        ("prefix", &query.prefix),
        ("delimiter", &query.delimiter),
        ("continuation_token", &query.continuation_token),
        ("start_after", &query.start_after),
    ];
    let broken = texts
        .into_iter()
        .filter(|(_, text)| !text.as_deref().is_none_or(fits_listing));
    let faults: Vec<_> = broken
        .map(|(name, _)| FieldError::query(name, "has a character that no key can have"))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Validation(faults))
    }
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
            object(&session, &state, &target, &query, request).await
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
            let urls = presign_many(&session, &state, &host, &bucket, &many).await?;
            Ok(Json(urls).into_response())
        }
        ObjectRoute::Task(route) => {
            super::tasks::serve(&session, &state, &bucket, route, request).await
        }
        ObjectRoute::Delete => {
            let extract::Json(deletion) = extract::Json::from_request(request, &state).await?;
            Ok(delete_many(&session, &state, &bucket, deletion)
                .await?
                .into_response())
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
    object(&session, &state, &target, &query, request).await
}

async fn object(
    session: &Session,
    state: &AppState,
    target: &Target,
    query: &ObjectQuery,
    request: Request,
) -> Result<Response, Error> {
    let version = query.version_id.as_deref();
    match *request.method() {
        Method::GET => download(session, state, target, query, request.headers()).await,
        Method::HEAD => head(session, state, target, version, request.headers()).await,
        Method::DELETE => Ok(delete(session, state, target, version)
            .await?
            .into_response()),
        Method::POST => upload_form(session, state, target, request).await,
        Method::PUT => upload_raw(session, state, target, request).await,
        _ => Err(Error::MethodNotAllowed),
    }
}

#[utoipa::path(
    delete,
    path = "/api/v1/buckets/{bucket}/objects/{key}",
    operation_id = "delete_object",
    tag = "Objects",
    summary = "Delete an object",
    description = "Where the bucket keeps versions, a delete marker hides the key; with `version_id`, that version goes for good.",
    params(OfObject, OfVersion),
    responses(
        (
            status = 200,
            description = "`deleted`, also where there was none.",
            body = ObjectMutation,
        ),
    ),
)]
async fn delete(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
) -> Result<Json<ObjectMutation>, Error> {
    let s3 = session.s3(state)?;
    let Target { bucket, key } = target;
    kept::delete(state, &s3, bucket, key, version).await?;
    Ok(Json(target.mutation("deleted")))
}

#[utoipa::path(
    post,
    path = DeleteObjects::ROUTE,
    operation_id = "delete_objects",
    tag = "Objects",
    summary = "Delete many objects",
    description = "The named keys, then everything that begins with `prefix`.",
    params(InBucket),
    request_body = Deletion,
    responses(
        (
            status = 200,
            description = "What is gone, and what is not: also when some keys failed.",
            body = DeletionReport,
        ),
    ),
)]
async fn delete_many(
    session: &Session,
    state: &AppState,
    bucket: &str,
    deletion: Deletion,
) -> Result<Json<DeletionReport>, Error> {
    let bucket = extract::bucket(bucket)?;
    let s3 = session.s3(state)?;
    let report = deletion::delete(&s3, &bucket, deletion, state.now()).await?;
    audit::note_failures(report.errors.len());
    Ok(Json(report))
}

#[utoipa::path(
    get,
    path = GetDetails::ROUTE,
    operation_id = "get_object_details",
    tag = "Objects",
    summary = "Tell what an object is",
    description = "What `HEAD` tells, and also what a download through Hako answers in its own way: disposition, caching, checksums.",
    params(
        InBucket,
        ByKey,
        OfVersion,
    ),
    responses((status = 200, description = "What the store tells of it.", body = ObjectDetails)),
)]
async fn details(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<ObjectDetails>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let s3 = session.s3(&state)?;
    let version = query.version_id.as_deref();
    let head = s3.describe_object(&bucket, &key, version).await?;
    let details = describing::details(&key, head);
    if version.is_some() {
        return Ok(Json(details));
    }
    Ok(Json(
        ends::told(&state, &session, (&bucket, &key), details).await,
    ))
}

#[utoipa::path(
    get,
    path = GetTags::ROUTE,
    operation_id = "get_object_tags",
    tag = "Objects",
    summary = "Tell the tags of an object",
    params(
        InBucket,
        ByKey,
        OfVersion,
    ),
    responses((status = 200, description = "The tags; none where it has none.", body = Tags)),
)]
async fn tags(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<Tags>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let s3 = session.s3(&state)?;
    let version = query.version_id.as_deref();
    Ok(Json(s3.object_tags(&bucket, &key, version).await?))
}

#[utoipa::path(
    put,
    path = GetTags::ROUTE,
    operation_id = "set_object_tags",
    tag = "Objects",
    summary = "Set the tags of an object",
    params(
        InBucket,
        ByKey,
        OfVersion,
    ),
    request_body = Tags,
    responses((status = 200, description = "`updated`: these tags, and no others.", body = Status)),
)]
async fn set_tags(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(tags): extract::Json<Tags>,
) -> Result<Json<Status>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let s3 = session.s3(&state)?;
    let version = query.version_id.as_deref();
    s3.set_object_tags(&bucket, &key, version, &tags).await?;
    Ok(status("updated"))
}

#[utoipa::path(
    delete,
    path = GetTags::ROUTE,
    operation_id = "delete_object_tags",
    tag = "Objects",
    summary = "Remove the tags of an object",
    params(
        InBucket,
        ByKey,
        OfVersion,
    ),
    responses((status = 200, description = "`deleted`.", body = Status)),
)]
async fn delete_tags(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<Status>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let s3 = session.s3(&state)?;
    let version = query.version_id.as_deref();
    s3.delete_object_tags(&bucket, &key, version).await?;
    Ok(status("deleted"))
}

fn status(status: &str) -> Json<Status> {
    Json(Status {
        status: status.to_owned(),
    })
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

#[utoipa::path(
    get,
    path = "/api/v1/buckets/{bucket}/objects/{key}/acl",
    operation_id = "get_object_acl",
    tag = "Objects",
    summary = "Tell who may do what with an object",
    params(OfObject, OfVersion),
    responses((status = 200, description = "The access control list.", body = Acl)),
)]
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

#[utoipa::path(
    put,
    path = "/api/v1/buckets/{bucket}/objects/{key}/acl",
    operation_id = "set_object_acl",
    tag = "Objects",
    summary = "Set who may do what with an object",
    params(OfObject, OfVersion),
    request_body = AclPolicy,
    responses(
        (status = 200, description = "`updated`.", body = AclMutation),
        (status = 409, description = "There is another list by now than the one that was named. Nothing was set.", body = Problem),
    ),
)]
async fn set_acl(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    policy: &AclPolicy,
) -> Result<Json<AclMutation>, Error> {
    access::check(policy)?;
    let s3 = session.s3(state)?;
    let present = Box::pin(s3.object_acl(&target.bucket, &target.key, version));
    Box::pin(access::unchanged(policy, present)).await?;
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

#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/objects/{key}/copy",
    operation_id = "copy_object",
    tag = "Objects",
    summary = "Copy an object inside the store",
    description = "With `source_version_id`, that version; onto its own key it is restored.",
    params(OfObject),
    request_body = CopySource,
    responses((status = 200, description = "`copied`.", body = ObjectMutation)),
)]
async fn copy(
    session: &Session,
    state: &AppState,
    target: &Target,
    source: &CopySource,
) -> Result<Json<ObjectMutation>, Error> {
    let from = Target::new(state, &source.source_bucket, &source.source_key)?;
    let copy = hcp::ObjectCopy::new(&from.bucket, &from.key, &target.bucket, &target.key)
        .of_version(source.source_version_id.as_deref());
    let stored = session.s3(state)?.copy_object_as(&copy).await?;
    ends::cleared(state, session, &target.bucket, &target.key).await;
    let mut body = target.mutation("copied");
    body.etag = stored.etag;
    body.version_id = stored.version_id;
    Ok(Json(body))
}

#[utoipa::path(
    post,
    path = CreateFolder::ROUTE,
    operation_id = "create_folder",
    tag = "Objects",
    summary = "Make a folder",
    description = "An object without bytes whose key ends in `/`.",
    params(InBucket),
    request_body = NewFolder,
    responses((status = 201, description = "`created`.", body = ObjectMutation)),
)]
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
