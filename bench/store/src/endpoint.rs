//! An S3 store and an account on it: presigned URLs, and the requests that measurements make.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, anyhow};
use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use bytes::Bytes;
use http::{Method, Request, Uri};

use crate::client::Client;

/// How long URLs are valid: longer than any run.
const LIFETIME: Duration = Duration::from_hours(24);

/// Who calls.
pub(crate) struct Account {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) region: String,
}

/// Makes presigned URLs (unsigned payload), in path style.
pub(crate) struct Signer {
    base: String,
    credentials: Credentials,
    region: String,
    now: SystemTime,
}

impl Signer {
    /// For the store at `base`, with URLs that are valid from `now` on.
    pub(crate) fn new(base: &str, account: Account, now: SystemTime) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            credentials: Credentials::from_keys(account.access_key, account.secret_key, None),
            region: account.region,
            now,
        }
    }

    /// Signs. `target` is a path with or without a query, both percent-encoded.
    pub(crate) fn sign(&self, method: &Method, target: &str) -> Result<Uri> {
        let url = format!("{}{target}", self.base);
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.expires_in = Some(LIFETIME);
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(self.now)
            .settings(settings)
            .build()?
            .into();
        let signable = SignableRequest::new(
            method.as_str(),
            url.as_str(),
            std::iter::empty(),
            SignableBody::UnsignedPayload,
        )?;
        let (instructions, _signature) = sign(signable, &parameters)?.into_parts();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(&url)
            .body(())?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request.into_parts().0.uri)
    }
}

/// A bucket on a store, and the client to reach it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// What the table calls it.
    pub(crate) name: String,
    pub(crate) client: Client,
    signer: Arc<Signer>,
    bucket: String,
}

impl Endpoint {
    pub(crate) fn new(
        name: &str,
        client: Client,
        base: &str,
        account: Account,
        now: SystemTime,
    ) -> Self {
        Self {
            name: name.to_owned(),
            client,
            signer: Arc::new(Signer::new(base, account, now)),
            bucket: String::new(),
        }
    }

    /// The same store, in this bucket; it is made if it is missing.
    pub(crate) async fn with_bucket(&self, bucket: &str) -> Result<Self> {
        let here = self.in_bucket(bucket);
        let made = match self.signer.sign(&Method::PUT, &format!("/{bucket}")) {
            Ok(uri) => self.client.ask(Method::PUT, uri).await,
            Err(error) => Err(error),
        };
        // A bucket that can be listed needs no making.
        match here.page("", false).await {
            Ok(_) => Ok(here),
            Err(error) => Err(made.err().unwrap_or(error).context(format!(
                "the bucket {bucket} of {} cannot be used",
                self.name
            ))),
        }
    }

    /// The same store, in a bucket that is there.
    pub(crate) fn in_bucket(&self, bucket: &str) -> Self {
        Self {
            bucket: bucket.to_owned(),
            ..self.clone()
        }
    }

    /// The store's base URL.
    pub(crate) fn base(&self) -> &str {
        &self.signer.base
    }

    /// The bucket.
    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The URL by which an object is stored, read or deleted. Keys here need no encoding.
    pub(crate) fn object(&self, method: &Method, key: &str) -> Result<Uri> {
        self.signer.sign(method, &format!("/{}/{key}", self.bucket))
    }

    /// Signs for many keys ahead, so that no signing falls into what is measured.
    pub(crate) fn objects(&self, method: &Method, keys: &[String]) -> Result<Arc<[Uri]>> {
        keys.iter().map(|key| self.object(method, key)).collect()
    }

    /// The URL by which the account's buckets are listed.
    pub(crate) fn buckets(&self) -> Result<Uri> {
        self.signer.sign(&Method::GET, "/")
    }

    /// Deletes objects.
    pub(crate) async fn delete(&self, keys: &[String]) -> Result<()> {
        for uri in self.objects(&Method::DELETE, keys)?.iter() {
            self.client.ask(Method::DELETE, uri.clone()).await?;
        }
        Ok(())
    }

    /// A page of at most 1,000 entries after a key, with `folders` rolled up at `/`: the document.
    pub(crate) async fn page(&self, after: &str, folders: bool) -> Result<Bytes> {
        self.client.text(self.listing(after, folders)?).await
    }

    /// The URL of such a page.
    pub(crate) fn listing(&self, after: &str, folders: bool) -> Result<Uri> {
        let mut target = format!("/{}?list-type=2&max-keys=1000", self.bucket);
        if !after.is_empty() {
            target += "&start-after=";
            target += &after.replace('/', "%2F");
        }
        if folders {
            target += "&delimiter=%2F";
        }
        self.signer
            .sign(&Method::GET, &target)
            .context("a listing cannot be signed")
    }

    /// Refuses a page in which a tag does not stand as often as expected: an empty answer is quick.
    pub(crate) fn check_page(&self, page: &[u8], tag: &str, expected: usize) -> Result<()> {
        let found = count(page, tag.as_bytes());
        if found == expected {
            Ok(())
        } else {
            Err(anyhow!(
                "a page of {} has {found} {tag}, not {expected}",
                self.name
            ))
        }
    }
}

/// How often `tag` stands in `text`.
fn count(text: &[u8], tag: &[u8]) -> usize {
    text.windows(tag.len())
        .filter(|window| *window == tag)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_comes_out() {
        let account = Account {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 15_849);
        let signer = Signer::new("https://examplebucket.s3.amazonaws.com/", account, now);
        let url = signer.sign(&Method::GET, "/test.txt").unwrap().to_string();
        let signature = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assert!(url.contains(signature), "{url}");
    }

    #[test]
    fn tags_are_counted() {
        let page = b"<Key>a</Key><Key>b</Key><Prefix>c/</Prefix>";
        assert_eq!(count(page, b"<Key>"), 2);
        assert_eq!(count(page, b"<Prefix>"), 1);
    }
}
