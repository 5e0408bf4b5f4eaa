//! Forms with files for browsers without scripts: those that are stored as objects, and the one that an administrator
//! puts in (a licence, a certificate, a key). Each is streamed into the API's own route, and never held.

use axum::{
    body::Body,
    extract::{
        DefaultBodyLimit, FromRequest as _, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures::SinkExt as _;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use model::{
    BucketName, ErrorCode, ObjectKey, Problem,
    form::{FILE_TEXT, FormRequest, SESSION, decode, holds_a_key, safe_path, takes_file},
    object::download_path,
    problem::FieldError,
    session::SESSION_HEADER,
};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::{
    Pages,
    forms::{problem_of, redirect, refused},
    passed_on,
};
use crate::{
    Error,
    service::reach::writes_conditionally,
    web::guard::{Connection, RequestHost},
};

/// The most bytes of all fields that are no files.
const TEXT_LIMIT: usize = 64 * 1024;

/// What is wrong, and the status that says so.
type Refusal = (Problem, StatusCode);

/// Stores the files of a form, one after the other; the first that is refused ends it.
pub(super) async fn submit(pages: &Pages, host: RequestHost, mut request: Request) -> Response {
    let connection = request.extensions().get::<Connection>().copied();
    // The limit is for bodies held in memory; files are not.
    DefaultBodyLimit::disable().apply(&mut request);
    let (parts, body) = request.into_parts();
    let form = Request::from_parts(parts.clone(), body);
    let mut form = match Multipart::from_request(form, &()).await {
        Ok(form) => form,
        Err(rejection) => return Error::BrokenBody(rejection.into()).into_response(),
    };
    let mut storing = Storing {
        pages,
        host: &host,
        connection,
        headers: passed_on(&parts.headers, &host),
        fields: Vec::new(),
    };
    match storing.all(&mut form).await {
        Ok(()) => {
            let next = safe_path(storing.field("next")).filter(|path| !path.is_empty());
            redirect(next.unwrap_or("/buckets"), &HeaderMap::new())
        }
        Err(refusal) => {
            let Storing {
                headers,
                mut fields,
                ..
            } = storing;
            // Somebody's own key, put in by mistake, goes into no page.
            fields.retain(|(name, text)| name != FILE_TEXT || !holds_a_key(text));
            refused(pages, parts, &host, headers, &fields, refusal).await
        }
    }
}

struct Storing<'a> {
    pages: &'a Pages,
    host: &'a RequestHost,
    connection: Option<Connection>,
    /// What every call carries.
    headers: HeaderMap,
    /// What stands before the files.
    fields: Vec<(String, String)>,
}

impl Storing<'_> {
    fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    async fn all(&mut self, form: &mut Multipart) -> Result<(), Refusal> {
        let mut any = false;
        let mut room = TEXT_LIMIT;
        let puts_in = |of: &Self| takes_file(of.field("op"));
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name != "file" {
                let value = text(field, &mut room).await?;
                if name == SESSION
                    && let Ok(mark) = HeaderValue::from_str(&value)
                {
                    self.headers.insert(SESSION_HEADER, mark);
                }
                self.fields.push((name, value));
                continue;
            }
            let file = field.file_name().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default().to_owned();
            // Where nothing was chosen, browsers send a file without a name.
            if file.is_empty() {
                continue;
            }
            if puts_in(self) {
                if !self.field(FILE_TEXT).trim().is_empty() {
                    return Err(wrong("file", "Choose a file or paste its text, not both."));
                }
                self.put_in(Some(field), "").await?;
            } else {
                self.one(&file, field).await?;
            }
            any = true;
        }
        if any {
            return Ok(());
        }
        if !puts_in(self) {
            return Err(wrong("file", "Choose at least one file."));
        }
        // As it was written: forms end lines in their own way.
        let text = self.field(FILE_TEXT).replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Err(wrong("file", "Choose a file, or paste its text."));
        }
        self.put_in(None, &text).await
    }

    /// Hands a file of an administrator's page on, or the text that stands for it, as the API takes files.
    async fn put_in(&self, field: Option<Field<'_>>, text: &str) -> Result<(), Refusal> {
        let FormRequest { method, path, .. } =
            decode(&self.fields).map_err(|wrong| (wrong, StatusCode::UNPROCESSABLE_ENTITY))?;
        let boundary = Uuid::new_v4().simple().to_string();
        let mut headers = self.headers.clone();
        let kind = format!("multipart/form-data; boundary={boundary}");
        if let Ok(kind) = HeaderValue::from_str(&kind) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        let before = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n{text}"
        );
        let after = format!("\r\n--{boundary}--\r\n");
        let around = (Bytes::from(before), Bytes::from(after));
        let answer = if let Some(field) = field {
            self.fed(method, &path, headers, field, around).await
        } else {
            let body = Body::from([around.0, around.1].concat());
            self.call(method, &path, headers, body).await
        };
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        Err((problem_of(answer).await, status))
    }

    /// Calls with a file of the form as the body, and what stands around it.
    async fn fed(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        mut field: Field<'_>,
        (before, after): (Bytes, Bytes),
    ) -> Response {
        // A form's field borrows the form, and a request wants a body of its own: a short channel joins them.
        let (mut feed, source) =
            futures::channel::mpsc::channel::<Result<Bytes, MultipartError>>(1);
        let pump = async move {
            if feed.send(Ok(before)).await.is_err() {
                return;
            }
            while let Some(chunk) = field.chunk().await.transpose() {
                let is_broken = chunk.is_err();
                if feed.send(chunk).await.is_err() || is_broken {
                    return;
                }
            }
            // Whoever took the body may have heard enough.
            let _ = feed.send(Ok(after)).await;
        };
        let called = self.call(method, path, headers, Body::from_stream(source));
        let ((), answer) = futures::join!(pump, called);
        answer
    }

    /// Stores one; unless it may replace, only where nothing has its name.
    async fn one(&self, file: &str, field: Field<'_>) -> Result<(), Refusal> {
        let bucket =
            BucketName::parse(self.field("bucket")).map_err(|e| wrong("bucket", &e.to_string()))?;
        let key = ObjectKey::parse(format!("{}{file}", self.field("prefix")))
            .map_err(|e| wrong("file", &format!("{file}: {e}")))?;
        let path = download_path(&bucket, &key);
        let mut headers = self.headers.clone();
        if let Some(kind) = field
            .content_type()
            .and_then(|kind| HeaderValue::from_str(kind).ok())
        {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        if self.field("replace") != "true" {
            let before = self.call(Method::HEAD, &path, self.headers.clone(), Body::empty());
            if before.await.status().is_success() {
                return Err(taken(file));
            }
            // Somebody else may store it meanwhile, which the store alone can tell.
            if writes_conditionally(self.pages.state.config()) {
                headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("*"));
            }
        }
        let nothing = (Bytes::new(), Bytes::new());
        let answer = self.fed(Method::PUT, &path, headers, field, nothing);
        let answer = answer.await;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        if status == StatusCode::PRECONDITION_FAILED {
            return Err(taken(file));
        }
        let problem = problem_of(answer).await;
        // Which of several it was.
        let said = match problem.code {
            ErrorCode::SessionMismatch => problem,
            code => Problem {
                request_id: problem.request_id.clone(),
                ..Problem::new(code, format!("{file}: {}", problem.sentence()))
            },
        };
        Err((said, status))
    }

    async fn call(&self, method: Method, path: &str, headers: HeaderMap, body: Body) -> Response {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.headers_mut() = headers;
        match path.parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(e) => return Error::internal(e).into_response(),
        }
        request.extensions_mut().insert(self.host.clone());
        if let Some(connection) = self.connection {
            request.extensions_mut().insert(connection);
        }
        match self.pages.api.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// A field that is no file. What is held of all fields together has a limit, whatever their number.
async fn text(mut field: Field<'_>, room: &mut usize) -> Result<String, Refusal> {
    let too_long = || wrong("file", "The fields of the form are too long.");
    let mut bytes = Vec::new();
    let name = field.name().map_or(0, str::len);
    // Also an empty field takes some.
    *room = room.checked_sub(name + 1).ok_or_else(too_long)?;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        *room = room.checked_sub(chunk.len()).ok_or_else(too_long)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn wrong(field: &str, why: &str) -> Refusal {
    let problem = Problem::fields(vec![FieldError::body(field, why)]);
    (problem, StatusCode::UNPROCESSABLE_ENTITY)
}

fn taken(file: &str) -> Refusal {
    let why = format!("{file}: A file of that name is here already. Tick the box to replace it.");
    let problem = Problem::new(ErrorCode::PreconditionFailed, why);
    (problem, StatusCode::CONFLICT)
}

fn broken(error: MultipartError) -> Refusal {
    let problem = Problem::new(ErrorCode::InvalidArgument, error.to_string());
    (problem, StatusCode::BAD_REQUEST)
}
