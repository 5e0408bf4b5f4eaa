//! A file as one request.

use http::{Request, header};
use model::{
    BucketName, ObjectKey,
    presign::{Presign, PresignMethod, PresignRequest},
};

use super::{Source, content_type};
use crate::{Error, client::Client, digest, send::parts::put};

pub(super) async fn send(
    client: &Client,
    source: &Source,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<(), Error> {
    let _slot = client.slots.acquire().await;
    let content_type = content_type(key);
    let checksum = match client.settings.checksum {
        Some(algorithm) => {
            let sum = digest::checksum(&source.path, 0..source.size, algorithm).await;
            Some(sum.map_err(|error| Error::local(&source.path, &error))?)
        }
        None => None,
    };
    let call = Presign(PresignRequest {
        bucket: bucket.to_string(),
        key: key.to_string(),
        method: Some(PresignMethod::PutObject),
        expires_in: Some(client.settings.url_lifetime),
        content_type: content_type.clone(),
        checksum,
        ..PresignRequest::default()
    });
    put(client, source, 0..source.size, async || {
        let signed = client.api.call(&call).await?;
        let mut request = Request::put(&signed.url);
        if let Some(content_type) = &content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        Ok(request)
    })
    .await
    .map(|_etag| ())
}
