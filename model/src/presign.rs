//! Presigned URLs for one object.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Timestamp, endpoint::Endpoint};

/// The longest life of a presigned URL, in seconds: 7 days.
pub const MAX_EXPIRES_IN: u64 = 604_800;

/// `POST /presign`.
#[derive(Clone, Debug)]
pub struct Presign(pub PresignRequest);

/// The body of [`Presign`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresignRequest {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Seconds that the URL lives: 1 to 604,800; 3,600 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// `get_object` (when absent) or `put_object`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PresignMethod>,
    /// Makes a `get_object` URL answer with `Content-Disposition: attachment` and the key's name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub attachment: bool,
    /// Signs this `Content-Type` into a `put_object` URL, which must then be sent with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What a presigned URL may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresignMethod {
    /// Read the object.
    #[default]
    GetObject,
    /// Write the object.
    PutObject,
}

/// What [`Presign`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresignedUrl {
    /// The URL.
    pub url: String,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Seconds that it lives.
    pub expires_in: u64,
    /// What it may do.
    pub method: PresignMethod,
    /// The server's clock when it signed.
    pub server_time: Timestamp,
    /// When it ends, by the server's clock.
    pub expires_at: Timestamp,
}

impl Endpoint for Presign {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/presign";
    type Body = PresignRequest;
    type Response = PresignedUrl;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&PresignRequest> {
        Some(&self.0)
    }
}
