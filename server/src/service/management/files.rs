//! Files of the management API: licences, certificates and keys that are put in, logs and reports that are fetched.
//! Nothing of them is held in memory as a whole.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, multipart::MultipartError},
    response::{IntoResponse as _, Response},
};
use futures::StreamExt as _;
use hcp::Call;
use http::{HeaderValue, StatusCode, header};
use model::{
    mapi::calls::{Answer, Operation},
    problem::FieldError,
};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

use super::{ARCHIVE, Incoming, Management, Names, name_software, status};
use crate::{
    Error,
    web::{disposition, extract},
};

/// The largest file that is put in, in bytes: certificates have kilobytes, key packages a few megabytes.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// What a form has around its file, in bytes.
const MAX_AROUND: usize = 64 * 1024;

/// How long a client may stand still in the middle of a form.
const IDLE_LIMIT: Duration = Duration::from_mins(1);

/// What HCP is told that the file is (HCP's management API, samples of its resources).
fn media_type(operation: &Operation) -> &'static str {
    match operation.id {
        "upload_license" => "text/html",
        "upload_certificate" => "text/plain",
        _ => "application/octet-stream",
    }
}

impl Management<'_> {
    /// Puts in the file of a form's field `file`.
    pub async fn put_file(
        &self,
        operation: &'static Operation,
        names: Names,
        request: Request,
    ) -> Result<Response, Error> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let headers = request.headers().clone();
        let incoming = Incoming::read(operation, names, &query, &headers, &Bytes::new())?;
        let call = incoming.call(operation)?;
        let Answer::Status(word, about) = operation.answers else {
            return Err(Error::internal("a file that is put in has a status"));
        };
        let file = self.spooled(request).await?;
        let credentials = &self.session.claims.credentials;
        let (store, kind) = (self.state.store(), media_type(operation));
        let put = store.put_file(credentials, &call, kind, file);
        let version = self.state.cache().change(call.path(), put).await?;
        let mut response = status(operation, word, about, &incoming);
        name_software(&mut response, version.as_deref());
        Ok(response)
    }

    /// The file of a form, put aside: HCP is told its length before it gets the first byte.
    async fn spooled(&self, mut request: Request) -> Result<hcp::Body, Error> {
        if !extract::media_type_is(request.headers(), |t| t == "multipart/form-data") {
            return Err(Error::UnsupportedMediaType {
                expected: "multipart/form-data with the field `file`",
            });
        }
        // The limit of other bodies is for those that are held in memory; this one is not.
        DefaultBodyLimit::max(MAX_FILE + MAX_AROUND).apply(&mut request);
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|e| Error::BrokenBody(e.into()))?;
        while let Some(mut field) = moving(form.next_field()).await?.map_err(broken)? {
            if field.name() != Some("file") {
                continue;
            }
            // Not the machine's folder for such files: that may be memory.
            let file = tempfile::tempfile_in(&self.state.config().data_dir);
            let mut file = tokio::fs::File::from_std(file.map_err(Error::internal)?);
            let mut length = 0;
            while let Some(piece) = moving(field.next()).await? {
                let piece = piece.map_err(broken)?;
                length += piece.len();
                if length > MAX_FILE {
                    return Err(Error::PayloadTooLarge { limit: MAX_FILE });
                }
                file.write_all(&piece).await.map_err(Error::internal)?;
            }
            if length == 0 {
                return Err(wrong("value_error", "The file is empty"));
            }
            file.flush().await.map_err(Error::internal)?;
            file.rewind().await.map_err(Error::internal)?;
            return Ok(hcp::Body::from_stream(
                length as u64,
                ReaderStream::new(file),
            ));
        }
        Err(wrong("missing", "Field required"))
    }

    /// Passes a file on as it comes. Who goes away takes HCP's side of it along.
    pub(super) async fn fetch(
        &self,
        call: &Call,
        media_type: &'static str,
        name: &str,
    ) -> Result<Response, Error> {
        let credentials = &self.session.claims.credentials;
        let accept = if media_type == ARCHIVE {
            "application/zip, application/octet-stream;q=0.9, */*;q=0.1"
        } else {
            "text/plain, */*;q=0.1"
        };
        let fetched = self.state.store().fetch(credentials, call, accept).await?;
        let mut response = Body::from_stream(fetched.body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(length) = fetched.length {
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        if let Ok(attachment) = HeaderValue::try_from(disposition::attachment(name)) {
            headers.insert(header::CONTENT_DISPOSITION, attachment);
        }
        name_software(&mut response, fetched.software_version.as_deref());
        Ok(response)
    }
}

/// Waits for a client that moves.
async fn moving<F: Future>(next: F) -> Result<F::Output, Error> {
    let next = tokio::time::timeout(IDLE_LIMIT, next).await;
    next.map_err(|elapsed| Error::BrokenBody(elapsed.into()))
}

fn broken(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::PayloadTooLarge { limit: MAX_FILE }
    } else {
        Error::BrokenBody(error.into())
    }
}

fn wrong(kind: &str, msg: &str) -> Error {
    Error::Validation(vec![FieldError {
        kind: kind.to_owned(),
        loc: vec!["body".to_owned(), "file".to_owned()],
        msg: msg.to_owned(),
    }])
}
