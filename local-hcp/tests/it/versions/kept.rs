//! A bucket, and what its answers say of versions.

use std::fmt::Debug;

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::ByteStream,
    types::{BucketVersioningStatus, VersioningConfiguration},
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::listing;
use crate::fixture::{Fixture, refusal, tenant};

pub(super) const BUCKET: &str = "kept";

/// A store with one bucket, in which versioning was never enabled.
pub(super) struct Kept {
    pub(super) store: Fixture,
    pub(super) client: Client,
}

/// What an answer says besides its status and code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) code: String,
    /// `x-amz-delete-marker`.
    pub(super) marker: bool,
    pub(super) version: Option<String>,
}

impl Refused {
    pub(super) fn of<E: ProvideErrorMetadata + Debug>(error: SdkError<E, HttpResponse>) -> Self {
        let headers = error.raw_response().expect("an answer").headers();
        let marker = headers.get("x-amz-delete-marker") == Some("true");
        let version = headers.get("x-amz-version-id").map(str::to_owned);
        let (status, code) = refusal(error);
        Self {
            status,
            code,
            marker,
            version,
        }
    }

    pub(super) fn plain(status: u16, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            marker: false,
            version: None,
        }
    }
}

/// One line of a listing of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) version: String,
    pub(super) latest: bool,
    pub(super) marker: bool,
}

pub(super) fn line(key: &str, version: &str, latest: bool, marker: bool) -> Line {
    Line {
        key: key.to_owned(),
        version: version.to_owned(),
        latest,
        marker,
    }
}

impl Kept {
    pub(super) async fn never() -> Self {
        let store = Fixture::start().await;
        let client = store.bucket(BUCKET).await;
        Self { store, client }
    }

    pub(super) async fn enabled() -> Self {
        let kept = Self::never().await;
        kept.set(BucketVersioningStatus::Enabled).await;
        kept
    }

    pub(super) async fn set(&self, status: BucketVersioningStatus) {
        let document = VersioningConfiguration::builder().status(status).build();
        self.client
            .put_bucket_versioning()
            .bucket(BUCKET)
            .versioning_configuration(document)
            .send()
            .await
            .unwrap();
    }

    pub(super) async fn status(&self) -> Option<BucketVersioningStatus> {
        let answer = self.client.get_bucket_versioning().bucket(BUCKET).send();
        answer.await.unwrap().status().cloned()
    }

    /// Writes and returns the version's name, if it was given one.
    pub(super) async fn try_put(&self, key: &str, body: impl Into<Vec<u8>>) -> Option<String> {
        let put = self.client.put_object().bucket(BUCKET).key(key);
        let put = put.body(ByteStream::from(body.into())).send().await;
        put.unwrap().version_id().map(str::to_owned)
    }

    pub(super) async fn put(&self, key: &str, body: impl Into<Vec<u8>>) -> String {
        self.try_put(key, body).await.expect("a version")
    }

    /// Reads, as GET and as HEAD; both must say the same. Bytes, and the version's name.
    pub(super) async fn get(
        &self,
        key: &str,
        version: Option<&str>,
    ) -> Result<(Vec<u8>, Option<String>), Refused> {
        let version = version.map(str::to_owned);
        let head = self.client.head_object().bucket(BUCKET).key(key);
        let head = head.set_version_id(version.clone()).send().await;
        let get = self.client.get_object().bucket(BUCKET).key(key);
        let get = match get.set_version_id(version).send().await {
            Ok(get) => get,
            Err(refused) => {
                let refused = Refused::of(refused);
                let head = Refused::of(head.unwrap_err());
                // HEAD has no body that could tell the code.
                let code = refused.code.clone();
                assert_eq!(Refused { code, ..head }, refused);
                return Err(refused);
            }
        };
        let head = head.unwrap();
        let version = get.version_id().map(str::to_owned);
        assert_eq!(head.version_id(), version.as_deref());
        assert_eq!((head.delete_marker(), get.delete_marker()), (None, None));
        let bytes = get.body.collect().await.unwrap().to_vec();
        assert_eq!(head.content_length(), i64::try_from(bytes.len()).ok());
        Ok((bytes, version))
    }

    /// Deletes; the answer's version, and whether that is a delete marker.
    pub(super) async fn delete(
        &self,
        key: &str,
        version: Option<&str>,
    ) -> Result<(Option<String>, bool), Refused> {
        let delete = self.client.delete_object().bucket(BUCKET).key(key);
        let delete = delete.set_version_id(version.map(str::to_owned)).send();
        let done = delete.await.map_err(Refused::of)?;
        let marker = done.delete_marker().unwrap_or(false);
        Ok((done.version_id().map(str::to_owned), marker))
    }

    /// Hides a key and returns the delete marker's name.
    pub(super) async fn hide(&self, key: &str) -> String {
        let (version, marker) = self.delete(key, None).await.unwrap();
        assert!(marker);
        version.expect("a version")
    }

    /// Every version in the order of the answer; versions and markers come apart.
    pub(super) async fn lines(&self) -> Vec<Line> {
        let answer = self.client.list_object_versions().bucket(BUCKET).send();
        listing::lines(&answer.await.unwrap())
    }

    /// Objects, versions, bytes.
    pub(super) async fn usage(&self) -> (u64, u64, u64) {
        let usage = self.store.hcp.usage(&tenant("demo"), BUCKET).await;
        let usage = usage.unwrap().unwrap();
        (usage.objects, usage.versions, usage.bytes)
    }
}
