//! Files of the management API: licences, certificates and keys that are put in; logs and reports that are
//! fetched. Both go through piece by piece.

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures::StreamExt as _;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyStream;
use secrecy::ExposeSecret as _;

use super::{Call, Client, Sent, perform::understood, version};
use crate::{Body, Error};

/// A file on its way here.
pub struct Fetched {
    /// What HCP says that it is.
    pub media_type: Option<String>,
    /// Its length in bytes, where HCP says it.
    pub length: Option<u64>,
    /// HCP's version.
    pub software_version: Option<String>,
    /// Its bytes.
    pub body: futures::stream::BoxStream<'static, Result<Bytes, Error>>,
}

impl Client<'_> {
    /// Fetches a file, which begins within the limit of a call and then may take its time.
    pub(crate) async fn fetch(&self, call: &Call, accept: &str) -> Result<Fetched, Error> {
        let resource = call.resource();
        let target = call.target();
        let body = call.body().map(|body| Sent {
            media_type: "application/json",
            body: SdkBody::from(body.to_string()),
        });
        let request = (call.method().clone(), target.expose_secret(), accept);
        let begun = self.respond(self.place(resource)?, request, body, resource);
        let limit = self.config.timeout;
        let response = tokio::time::timeout(limit, begun)
            .await
            .map_err(|_elapsed| Error::timed_out(resource.clone(), limit))?
            .map_err(|error| understood(error, call))?;
        let (parts, body) = response.into_parts();
        let header = |name| {
            let value = parts.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let about = resource.clone();
        let frames = BodyStream::new(body).filter_map(move |frame| {
            let about = about.clone();
            async move {
                match frame {
                    Ok(frame) => frame.into_data().ok().map(Ok),
                    Err(error) => Some(Err(Error::broken(about, error))),
                }
            }
        });
        Ok(Fetched {
            media_type: header(CONTENT_TYPE),
            length: header(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            software_version: version(&parts.headers),
            body: frames.boxed(),
        })
    }

    /// Puts a file in, and gives HCP's version. It is sent once, whatever comes of it.
    pub(crate) async fn put_file(
        &self,
        call: &Call,
        media_type: &str,
        file: Body,
    ) -> Result<Option<String>, Error> {
        let resource = call.resource();
        let target = call.target();
        let body = Sent {
            media_type,
            body: file.into_sdk(),
        };
        let request = (
            call.method().clone(),
            target.expose_secret(),
            "application/json",
        );
        let sent = self.respond(self.place(resource)?, request, Some(body), resource);
        // What was sent waits for nothing more than a status.
        sent.await
            .map(|answer| version(answer.headers()))
            .map_err(|error| understood(error, call))
    }
}
