//! Parameters and bodies that many operations share, as the document shows them.
#![expect(
    dead_code,
    reason = "only their descriptions are used; the handlers read what they need"
)]

use model::acl::CannedAcl;
use utoipa::{IntoParams, ToSchema};

/// A bucket in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct InBucket {
    /// The bucket's name.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    bucket: String,
}

/// The object of a presigned request in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct Presigned {
    /// The bucket's name.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    bucket: String,
    /// The object's key: the rest of the path, slashes included, as it was signed.
    #[param(min_length = 1, example = "readme.txt")]
    key: String,
}

/// What makes a request a presigned one. The URL is used as it was given, not put together.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Signature {
    /// How it is signed.
    #[param(rename = "X-Amz-Algorithm", example = "AWS4-HMAC-SHA256")]
    algorithm: String,
    /// By which key.
    #[param(rename = "X-Amz-Credential")]
    credential: String,
    /// When.
    #[param(rename = "X-Amz-Date")]
    date: String,
    /// For how many seconds.
    #[param(rename = "X-Amz-Expires")]
    expires: String,
    /// Which headers are signed too.
    #[param(rename = "X-Amz-SignedHeaders")]
    signed_headers: String,
    /// The signature.
    #[param(rename = "X-Amz-Signature")]
    signed: String,
    /// Whose store is meant, where each tenant has a host of its own. Not signed, and not sent on.
    #[param(rename = "hako-tenant", nullable = false)]
    tenant: Option<String>,
}

/// A workspace in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct InWorkspace {
    /// The bucket that is the workspace.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    workspace: String,
}

/// A file of a workspace in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfFile {
    /// The bucket that is the workspace.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    workspace: String,
    /// The path: the rest of the address, slashes included. Nothing in it is resolved.
    #[param(min_length = 1, max_length = 4095, example = "readme.txt")]
    path: String,
}

/// An object in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfObject {
    /// The bucket's name.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    bucket: String,
    /// The object's key: the rest of the path, slashes included.
    #[param(min_length = 1, max_length = 4095, example = "readme.txt")]
    key: String,
}

/// An object by its key in the query.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ByKey {
    /// The object's key.
    #[param(min_length = 1, max_length = 4095, example = "readme.txt")]
    key: String,
}

/// What an object is stored with, in headers.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct AttributeHeaders {
    /// Its tags, as pairs of a query: `project=a&year=2026`. For stores with `features.objects.tags`.
    #[param(rename = "x-amz-tagging", nullable = false)]
    tagging: Option<String>,
    /// A canned access control list. For stores with `features.objects.acl`.
    #[param(rename = "x-amz-acl", nullable = false)]
    acl: Option<CannedAcl>,
    /// How long it is kept, as HCP writes it: `A+7y`. For stores with `features.objects.retention`.
    #[param(rename = "x-hcp-retention", nullable = false)]
    retention: Option<String>,
    /// Whether it is on hold. For stores with `features.objects.retention`.
    #[param(rename = "x-hcp-retentionhold", nullable = false)]
    hold: Option<bool>,
}

/// A task in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfTask {
    /// The bucket's name.
    #[param(
        min_length = 3,
        max_length = 63,
        pattern = r"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$",
        example = "datasets"
    )]
    bucket: String,
    /// The task's id.
    #[param(
        pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        example = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d"
    )]
    task_id: String,
}

/// A job in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfJob {
    /// The job's id.
    #[param(
        pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        example = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d"
    )]
    job_id: String,
}

/// A link in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfLink {
    /// The link's id.
    #[param(
        pattern = "^[0-9a-f]{32}$",
        example = "5f0c3a526f5e4c0e9b6a0f8d4a1b2c3d"
    )]
    link_id: String,
}

/// A temporary key in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfKey {
    /// The access key.
    #[param(pattern = "^HAKO[0-9A-F]{16}$", example = "HAKO0123456789ABCDEF")]
    access_key_id: String,
}

/// An annotation in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfAnnotation {
    /// The annotation's name. Capitals count.
    #[param(
        min_length = 1,
        max_length = 32,
        pattern = r"^[._-]*[A-Za-z0-9][A-Za-z0-9._-]*$",
        example = ".metapairs"
    )]
    annotation: String,
}

/// A version of an object.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfVersion {
    /// A version of the object; the newest when absent.
    #[param(nullable = false)]
    version_id: Option<String>,
}

/// Bytes, as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct Bytes(Vec<u8>);

/// A form that carries a file.
#[derive(ToSchema)]
pub(crate) struct FileForm {
    /// The bytes. The part's own `Content-Type` becomes the object's.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
