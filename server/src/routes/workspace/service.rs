//! The service `s3-storage`: functions on the files of a workspace, called by name.

use std::sync::LazyLock;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use model::{
    BucketName, ErrorCode,
    credentials::ScopedCredential,
    workspace::{
        Done, Entry, FilePath, FinishUpload, FunctionFacts, GenerateCredential, GenerateUrl,
        GetFile, ListFiles, PutFile, RemoveFile, ServiceFacts, StartUpload, StartedUpload,
        StoredUpload, Stretch, Urls, snake,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::{
    OpenApi as _,
    openapi::{RefOr, Schema},
};

use super::workspace;
use crate::{
    Error, audit,
    openapi::params::InWorkspace,
    service::{
        scoped,
        workspace::{Workspace, argument, bucket_of_upload, path},
    },
    session::{Session, is_bearer},
    state::AppState,
    web::{
        extract,
        guard::{RequestHost, check_same_origin},
    },
};

/// What stands in place of a workspace where another decides.
pub(super) const PUBLIC: &str = "public";
/// The route of a call.
pub(crate) const CALL: &str = "/{workspace}/services/s3-storage/{function}";
/// When the older names were replaced.
const REPLACED: &str = "@1795392000";

/// What the document says of the functions.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    described,
    put_file,
    get_file,
    put_file_start_multipart,
    put_file_complete_multipart,
    remove_file,
    list_files,
    generate_credential,
    delete_file,
    delete_directory,
    generate_presigned_url,
))]
pub(in crate::routes) struct Documented;

/// A function of the service.
struct Function {
    name: &'static str,
    arguments: fn() -> RefOr<Schema>,
    successor: Option<&'static str>,
}

const fn current(name: &'static str, arguments: fn() -> RefOr<Schema>) -> Function {
    Function {
        name,
        arguments,
        successor: None,
    }
}

const fn older(
    name: &'static str,
    arguments: fn() -> RefOr<Schema>,
    successor: &'static str,
) -> Function {
    Function {
        name,
        arguments,
        successor: Some(successor),
    }
}

fn schema_of<T: utoipa::PartialSchema>() -> RefOr<Schema> {
    T::schema()
}

const FUNCTIONS: [Function; 10] = [
    current("put_file", schema_of::<PutFile>),
    current("get_file", schema_of::<GetFile>),
    current("put_file_start_multipart", schema_of::<StartUpload>),
    current("put_file_complete_multipart", schema_of::<FinishUpload>),
    current("remove_file", schema_of::<RemoveFile>),
    current("list_files", schema_of::<ListFiles>),
    current("generate_credential", schema_of::<GenerateCredential>),
    older("delete_file", schema_of::<RemoveFile>, "remove_file"),
    older("delete_directory", schema_of::<RemoveFile>, "remove_file"),
    older(
        "generate_presigned_url",
        schema_of::<GenerateUrl>,
        "get_file",
    ),
];

/// Functions that a page of another site may have a browser call, as they only read.
const READING: [&str; 2] = ["get_file", "list_files"];

/// Arguments that are text, whatever they look like in a query.
const TEXTS: [&str; 5] = [
    "file_path",
    "path",
    "upload_id",
    "client_method",
    "workspace",
];

/// The description, of which the sentences stand beside the functions.
static FACTS: LazyLock<ServiceFacts> = LazyLock::new(|| {
    let document = Documented::openapi();
    let about = |name: &str| {
        let item = document.paths.paths.get(&CALL.replace("{function}", name));
        let summary = item.and_then(|item| item.post.as_ref()?.summary.clone());
        summary.unwrap_or_default()
    };
    let functions = FUNCTIONS.iter().map(|function| FunctionFacts {
        name: function.name.to_owned(),
        description: about(function.name),
        parameters: serde_json::to_value((function.arguments)()).unwrap_or_default(),
        deprecated_by: function.successor.map(str::to_owned),
    });
    ServiceFacts {
        id: "s3-storage".to_owned(),
        name: "S3 Storage".to_owned(),
        description:
            "Files of a workspace: presigned URLs, uploads in parts, listing and removing."
                .to_owned(),
        functions: functions.collect(),
    }
});

#[utoipa::path(
    get,
    path = "/{workspace}/services/s3-storage",
    operation_id = "describe_workspace_service",
    tag = "Workspace files",
    summary = "Describe the service",
    description = "`public` in place of the workspace means the workspace named by the argument `workspace`, else the one of the upload that `upload_id` names, else by the token, else the caller's only bucket. Functions are called by `POST` with a JSON object of their arguments, or by `GET` with a query, in snake_case or camelCase.",
    params(InWorkspace),
    responses((status = 200, description = "The functions, with their arguments as JSON Schema.", body = ServiceFacts)),
)]
fn described() -> Json<&'static ServiceFacts> {
    Json(&FACTS)
}

pub(super) async fn facts(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path(name): Path<String>,
) -> Result<Json<&'static ServiceFacts>, Error> {
    if name != PUBLIC {
        let workspace = workspace(&state, &session, &host, &name)?;
        workspace.s3()?.head_bucket(&workspace.bucket).await?;
    }
    Ok(described())
}

/// With the arguments in the query. A function that changes something is then guarded as if it was posted.
pub(super) async fn by_query(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path((name, function)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let function = known(&function)?;
    if !READING.contains(&function.name) && !is_bearer(&headers) {
        check_same_origin(&Method::POST, &headers, &host, state.hosts())?;
    }
    let arguments = of_query(query.as_deref().unwrap_or_default());
    audit::note_properties(&arguments);
    let call = Call {
        session,
        state,
        host,
    };
    call.answer(&name, function, arguments).await
}

/// With the arguments in a JSON object.
pub(super) async fn by_body(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path((name, function)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Error> {
    let function = known(&function)?;
    let body = body.map_err(extract::body_error)?;
    let given: Map<String, Value> = if body.is_empty() {
        Map::new()
    } else {
        extract::json_of(&headers, &body)?
    };
    let arguments = given.into_iter().map(|(name, value)| (snake(&name), value));
    let arguments = arguments.collect();
    audit::note_properties(&arguments);
    let call = Call {
        session,
        state,
        host,
    };
    call.answer(&name, function, arguments).await
}

fn known(name: &str) -> Result<&'static Function, Error> {
    let name = snake(name);
    FUNCTIONS
        .iter()
        .find(|function| function.name == name)
        .ok_or(Error::NotFound)
}

/// Arguments from a query: a name that is repeated is a list, and what is no text is read as JSON.
fn of_query(query: &str) -> Map<String, Value> {
    let mut arguments = Map::new();
    for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
        let name = snake(&name);
        let plain = || Value::String(text.clone().into_owned());
        let value = if TEXTS.contains(&name.as_str()) {
            plain()
        } else {
            serde_json::from_str(&text).unwrap_or_else(|_text| plain())
        };
        match arguments.get_mut(&name) {
            None => {
                arguments.insert(name, value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    arguments
}

/// The arguments of a function, each checked.
fn read<T: DeserializeOwned>(arguments: Map<String, Value>) -> Result<T, Error> {
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|fault| {
        let place = fault.path().to_string();
        let why = fault.into_inner().to_string();
        // What stands in quotes may be what was sent, which no error repeats.
        let why = match (why.split_once(": "), why.rsplit_once(", expected ")) {
            (Some((kind, _)), Some((_, expected))) => format!("{kind}: expected {expected}"),
            _ => why,
        };
        match place.as_str() {
            "." | "?" => Error::bad_request(ErrorCode::InvalidArgument, why),
            name => argument(name, why),
        }
    })
}

fn json(value: impl Serialize) -> Response {
    Json(value).into_response()
}

/// Who calls, and from where.
struct Call {
    session: Session,
    state: AppState,
    host: RequestHost,
}

impl Call {
    async fn answer(
        &self,
        name: &str,
        function: &'static Function,
        arguments: Map<String, Value>,
    ) -> Result<Response, Error> {
        let answered = self.called(name, function, arguments).await;
        let Some(successor) = function.successor else {
            return answered;
        };
        // Who calls an old name wrongly is told of the new one too.
        let mut response = answered.unwrap_or_else(IntoResponse::into_response);
        let headers = response.headers_mut();
        let since = HeaderValue::from_static(REPLACED);
        headers.insert(HeaderName::from_static("deprecation"), since);
        let place = CALL
            .replace("{workspace}", name)
            .replace("{function}", successor);
        let link = format!("<{place}>; rel=\"successor-version\"");
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.insert(header::LINK, link);
        }
        Ok(response)
    }

    async fn called(
        &self,
        name: &str,
        function: &'static Function,
        mut arguments: Map<String, Value>,
    ) -> Result<Response, Error> {
        let named = match arguments.remove("workspace") {
            None | Some(Value::Null) => None,
            Some(Value::String(named)) => Some(named),
            Some(_) => return Err(argument("workspace", "the name of a bucket")),
        };
        let workspace = if name == PUBLIC {
            let chosen = self.chosen(named, &arguments).await?;
            workspace(&self.state, &self.session, &self.host, &chosen)?
        } else {
            if named.is_some_and(|named| named != name) {
                return Err(argument("workspace", "the address names another"));
            }
            workspace(&self.state, &self.session, &self.host, name)?
        };
        audit::note_bucket(workspace.bucket.as_str());
        let mut response = Box::pin(run(&workspace, function.name, arguments)).await?;
        // Secrets and signatures are nothing for caches.
        let no_store = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, no_store);
        Ok(response)
    }

    /// The workspace that `public` stands for.
    async fn chosen(
        &self,
        named: Option<String>,
        arguments: &Map<String, Value>,
    ) -> Result<String, Error> {
        if let Some(named) = named {
            return Ok(named);
        }
        // The id of an upload says where it is, and is enough.
        if let Some(Value::String(id)) = arguments.get("upload_id")
            && let Some(bucket) = bucket_of_upload(&self.state, &self.session, id).await?
        {
            return Ok(bucket);
        }
        let of_token = self.session.claims.workspace.as_ref();
        if let Some(of_token) = of_token.map(BucketName::to_string) {
            return Ok(of_token);
        }
        let buckets = self.session.s3(&self.state)?.list_buckets().await?.buckets;
        match buckets.as_slice() {
            [only] => Ok(only.name.clone()),
            several => {
                let have = match several.len() {
                    0 => "you have no bucket".to_owned(),
                    count => format!("you have {count} buckets"),
                };
                let why = format!(
                    "{have}: name one by the argument `workspace`, by the form field `workspace` when you sign in, or in place of `public` in the address"
                );
                Err(argument("workspace", why))
            }
        }
    }
}

async fn run(
    workspace: &Workspace<'_>,
    function: &str,
    arguments: Map<String, Value>,
) -> Result<Response, Error> {
    Ok(match function {
        "put_file" => json(put_file(workspace, read(arguments)?).await?),
        "get_file" => json(get_file(workspace, read(arguments)?)?),
        "put_file_start_multipart" => {
            json(put_file_start_multipart(workspace, read(arguments)?).await?)
        }
        "put_file_complete_multipart" => {
            json(put_file_complete_multipart(workspace, read(arguments)?).await?)
        }
        "remove_file" => json(remove_file(workspace, read(arguments)?).await?),
        "list_files" => json(list_files(workspace, read(arguments)?).await?),
        "generate_credential" => json(generate_credential(workspace, read(arguments)?).await?),
        "delete_file" => json(delete_file(workspace, read(arguments)?).await?),
        "delete_directory" => json(delete_directory(workspace, read(arguments)?).await?),
        "generate_presigned_url" => {
            json(generate_presigned_url(workspace, read(arguments)?).await?)
        }
        _ => {
            return Err(Error::Refused {
                status: StatusCode::NOT_FOUND,
                code: ErrorCode::NotFound,
                detail: "The service has no such function.".to_owned(),
            });
        }
    })
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/put_file",
    operation_id = "workspace_put_file",
    tag = "Workspace files",
    summary = "Sign URLs for storing files",
    description = "One path gets a URL, a list of paths a map of path to URL.",
    params(InWorkspace),
    request_body = PutFile,
    responses((status = 200, description = "One URL, or one by path.", body = Urls)),
)]
async fn put_file(workspace: &Workspace<'_>, asked: PutFile) -> Result<Urls, Error> {
    workspace.put_urls(&asked).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/get_file",
    operation_id = "workspace_get_file",
    tag = "Workspace files",
    summary = "Sign URLs for reading files",
    description = "One path gets a URL, a list of paths a map of path to URL. Whether the files are there is not looked at.",
    params(InWorkspace),
    request_body = GetFile,
    responses((status = 200, description = "One URL, or one by path.", body = Urls)),
)]
fn get_file(workspace: &Workspace<'_>, asked: GetFile) -> Result<Urls, Error> {
    workspace.get_urls(&asked)
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/put_file_start_multipart",
    operation_id = "workspace_put_file_start_multipart",
    tag = "Workspace files",
    summary = "Begin an upload in parts",
    description = "The parts are put to the URLs of the answer.",
    params(InWorkspace),
    request_body = StartUpload,
    responses((status = 200, description = "The upload, with a URL for each part.", body = StartedUpload)),
)]
async fn put_file_start_multipart(
    workspace: &Workspace<'_>,
    asked: StartUpload,
) -> Result<StartedUpload, Error> {
    workspace.start_upload(&asked).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/put_file_complete_multipart",
    operation_id = "workspace_put_file_complete_multipart",
    tag = "Workspace files",
    summary = "Complete an upload",
    description = "The id alone says which file it is; only who began an upload completes it.",
    params(InWorkspace),
    request_body = FinishUpload,
    responses((status = 200, description = "The parts are one file.", body = StoredUpload)),
)]
async fn put_file_complete_multipart(
    workspace: &Workspace<'_>,
    asked: FinishUpload,
) -> Result<StoredUpload, Error> {
    workspace.finish_upload(&asked).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/remove_file",
    operation_id = "workspace_remove_file",
    tag = "Workspace files",
    summary = "Remove a file or a folder",
    description = "A path that ends with a slash, or has files below it, goes with all of them. That nothing was there is `success: false`.",
    params(InWorkspace),
    request_body = RemoveFile,
    responses((status = 200, description = "Whether something was removed.", body = Done)),
)]
async fn remove_file(workspace: &Workspace<'_>, asked: RemoveFile) -> Result<Done, Error> {
    workspace.remove(&asked.path).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/list_files",
    operation_id = "workspace_list_files",
    tag = "Workspace files",
    summary = "List one level",
    params(InWorkspace),
    request_body = ListFiles,
    responses((status = 200, description = "What is in the folder; nothing where nothing is.", body = Vec<Entry>)),
)]
async fn list_files(workspace: &Workspace<'_>, asked: ListFiles) -> Result<Vec<Entry>, Error> {
    let prefix = match path("path", &asked.path)? {
        FilePath::Folder(prefix) => prefix.to_owned(),
        file @ FilePath::File(_) => file.prefix(),
    };
    let stretch = Stretch {
        max_length: Some(asked.max_length),
        offset: Some(asked.offset),
    };
    let (entries, _) = workspace.list(&prefix, stretch).await?;
    Ok(entries)
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/generate_credential",
    operation_id = "workspace_generate_credential",
    tag = "Workspace files",
    summary = "Make keys for the workspace",
    description = "For 12 hours and this bucket alone, where the store has such keys; `scoped` says whether.",
    params(InWorkspace),
    request_body = GenerateCredential,
    responses((status = 200, description = "The keys.", body = ScopedCredential)),
)]
async fn generate_credential(
    workspace: &Workspace<'_>,
    asked: GenerateCredential,
) -> Result<ScopedCredential, Error> {
    let GenerateCredential {} = asked;
    let Workspace {
        state,
        session,
        host,
        bucket,
    } = workspace;
    scoped::generate(state, session, host, bucket).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/delete_file",
    operation_id = "workspace_delete_file",
    tag = "Workspace files",
    summary = "Remove a file or a folder",
    description = "The older name of `remove_file`.",
    params(InWorkspace),
    request_body = RemoveFile,
    responses((status = 200, description = "Whether something was removed.", body = Done, headers(
        ("Deprecation" = String, description = "Since when the name is an older one, as `@` and seconds since 1970."),
    ))),
)]
async fn delete_file(workspace: &Workspace<'_>, asked: RemoveFile) -> Result<Done, Error> {
    remove_file(workspace, asked).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/delete_directory",
    operation_id = "workspace_delete_directory",
    tag = "Workspace files",
    summary = "Remove a folder or a file",
    description = "An older name of `remove_file`.",
    params(InWorkspace),
    request_body = RemoveFile,
    responses((status = 200, description = "Whether something was removed.", body = Done, headers(
        ("Deprecation" = String, description = "Since when the name is an older one, as `@` and seconds since 1970."),
    ))),
)]
async fn delete_directory(workspace: &Workspace<'_>, asked: RemoveFile) -> Result<Done, Error> {
    remove_file(workspace, asked).await
}

#[utoipa::path(
    post,
    path = "/{workspace}/services/s3-storage/generate_presigned_url",
    operation_id = "workspace_generate_presigned_url",
    tag = "Workspace files",
    summary = "Sign a URL for one file",
    description = "Older than `get_file` and `put_file`.",
    params(InWorkspace),
    request_body = GenerateUrl,
    responses((status = 200, description = "The URL.", body = String, content_type = "application/json", headers(
        ("Deprecation" = String, description = "Since when the name is an older one, as `@` and seconds since 1970."),
    ))),
)]
async fn generate_presigned_url(
    workspace: &Workspace<'_>,
    asked: GenerateUrl,
) -> Result<String, Error> {
    workspace.any_url(&asked).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_says_what_a_body_would() {
        let arguments = of_query("filePath=1&useProxy=true&expires_in=60&ttl=null");
        let expected = json!({"file_path": "1", "use_proxy": true, "expires_in": 60, "ttl": null});
        assert_eq!(Value::Object(arguments), expected);
        let arguments = of_query("file_path=a&file_path=b&parts=%5B%7B%22part_number%22%3A1%7D%5D");
        let expected = json!({"file_path": ["a", "b"], "parts": [{"part_number": 1}]});
        assert_eq!(Value::Object(arguments), expected);
    }

    #[test]
    fn every_function_is_described_whole() {
        for function in &FACTS.functions {
            let name = &function.name;
            assert!(!function.description.is_empty(), "{name}");
            assert_eq!(function.parameters["type"], "object", "{name}");
            // Whoever reads it has nothing to follow references in.
            let text = function.parameters.to_string();
            assert!(!text.contains("$ref"), "{name}: {text}");
            assert!(known(name).is_ok());
        }
        assert!(known("generatePresignedUrl").is_ok() && known("nothing").is_err());
        assert_eq!(
            FACTS.functions[0].parameters["required"],
            json!(["file_path"])
        );
    }
}
