//! The one abstraction over a call: a request knows its method, its route, its body and its answer.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    acl, annotation, audit, auth, bucket, cors, credentials, job, link, log,
    mapi::{calls, template},
    multipart, object, presign, query as metadata, reachable, session, tags, task, upload_target,
    version,
};

/// A request of the API, called by browser, rendering, command line and tests alike.
pub trait Endpoint {
    /// The HTTP method.
    const METHOD: Method;
    /// The route as the router knows it, `{name}` for parameters.
    const ROUTE: &'static str;
    /// The JSON body; `()` where there is none.
    type Body: Serialize + Sync;
    /// The JSON answer.
    type Response: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Path and query, percent-encoded.
    fn path(&self) -> String;

    /// The body, if the request has one.
    fn body(&self) -> Option<&Self::Body> {
        None
    }
}

/// Every operation described by an [`Endpoint`], for tests that walk the whole API.
pub fn all() -> impl Iterator<Item = (Method, &'static str)> {
    let management = calls::operations().map(|one| (one.method.clone(), one.route));
    DATA.iter().cloned().chain(management)
}

/// Those that are not management.
const DATA: &[(Method, &str)] = &[
    (
        metadata::QueryObjects::METHOD,
        metadata::QueryObjects::ROUTE,
    ),
    (
        metadata::QueryOperations::METHOD,
        metadata::QueryOperations::ROUTE,
    ),
    (
        template::ExportNamespace::METHOD,
        template::ExportNamespace::ROUTE,
    ),
    (
        template::ExportNamespaces::METHOD,
        template::ExportNamespaces::ROUTE,
    ),
    (
        template::ImportNamespaces::METHOD,
        template::ImportNamespaces::ROUTE,
    ),
    (job::StartJob::METHOD, job::StartJob::ROUTE),
    (job::ListJobs::METHOD, job::ListJobs::ROUTE),
    (job::GetJob::METHOD, job::GetJob::ROUTE),
    (job::ListJobFailures::METHOD, job::ListJobFailures::ROUTE),
    (job::ListJobMarkers::METHOD, job::ListJobMarkers::ROUTE),
    (job::ListJobResults::METHOD, job::ListJobResults::ROUTE),
    (job::CancelJob::METHOD, job::CancelJob::ROUTE),
    (job::RetryJob::METHOD, job::RetryJob::ROUTE),
    (job::UndoJob::METHOD, job::UndoJob::ROUTE),
    (audit::ListAudit::METHOD, audit::ListAudit::ROUTE),
    (log::ReadLog::METHOD, log::ReadLog::ROUTE),
    (
        credentials::GetConnection::METHOD,
        credentials::GetConnection::ROUTE,
    ),
    (
        credentials::RevealSecret::METHOD,
        credentials::RevealSecret::ROUTE,
    ),
    (
        credentials::TestConnection::METHOD,
        credentials::TestConnection::ROUTE,
    ),
    (
        credentials::ListTemporaryKeys::METHOD,
        credentials::ListTemporaryKeys::ROUTE,
    ),
    (credentials::LendKey::METHOD, credentials::LendKey::ROUTE),
    (
        credentials::RevokeKey::METHOD,
        credentials::RevokeKey::ROUTE,
    ),
    (link::CreateLink::METHOD, link::CreateLink::ROUTE),
    (link::ListLinks::METHOD, link::ListLinks::ROUTE),
    (link::ChangeLink::METHOD, link::ChangeLink::ROUTE),
    (link::RevokeLink::METHOD, link::RevokeLink::ROUTE),
    (link::RestoreLink::METHOD, link::RestoreLink::ROUTE),
    (auth::SignInByKeys::METHOD, auth::SignInByKeys::ROUTE),
    (session::GetSession::METHOD, session::GetSession::ROUTE),
    (session::SignIn::METHOD, session::SignIn::ROUTE),
    (session::SignOut::METHOD, session::SignOut::ROUTE),
    (
        session::ChangeOwnPassword::METHOD,
        session::ChangeOwnPassword::ROUTE,
    ),
    (session::ListSessions::METHOD, session::ListSessions::ROUTE),
    (
        session::SwitchSession::METHOD,
        session::SwitchSession::ROUTE,
    ),
    (session::SignOutOne::METHOD, session::SignOutOne::ROUTE),
    (session::SignOutAll::METHOD, session::SignOutAll::ROUTE),
    (
        session::SetPreferences::METHOD,
        session::SetPreferences::ROUTE,
    ),
    (
        session::GetCapabilities::METHOD,
        session::GetCapabilities::ROUTE,
    ),
    (bucket::ListBuckets::METHOD, bucket::ListBuckets::ROUTE),
    (bucket::CreateBucket::METHOD, bucket::CreateBucket::ROUTE),
    (bucket::DeleteBucket::METHOD, bucket::DeleteBucket::ROUTE),
    (
        reachable::ListReachable::METHOD,
        reachable::ListReachable::ROUTE,
    ),
    (reachable::AskFacts::METHOD, reachable::AskFacts::ROUTE),
    (
        version::GetVersioning::METHOD,
        version::GetVersioning::ROUTE,
    ),
    (
        version::PutVersioning::METHOD,
        version::PutVersioning::ROUTE,
    ),
    (version::ListVersions::METHOD, version::ListVersions::ROUTE),
    (acl::GetBucketAcl::METHOD, acl::GetBucketAcl::ROUTE),
    (acl::PutBucketAcl::METHOD, acl::PutBucketAcl::ROUTE),
    (acl::GetObjectAcl::METHOD, acl::GetObjectAcl::ROUTE),
    (acl::PutObjectAcl::METHOD, acl::PutObjectAcl::ROUTE),
    (
        annotation::ListAnnotations::METHOD,
        annotation::ListAnnotations::ROUTE,
    ),
    (
        annotation::DeleteAnnotation::METHOD,
        annotation::DeleteAnnotation::ROUTE,
    ),
    (tags::GetTags::METHOD, tags::GetTags::ROUTE),
    (tags::PutTags::METHOD, tags::PutTags::ROUTE),
    (tags::DeleteTags::METHOD, tags::DeleteTags::ROUTE),
    (cors::GetCors::METHOD, cors::GetCors::ROUTE),
    (cors::PutCors::METHOD, cors::PutCors::ROUTE),
    (cors::DeleteCors::METHOD, cors::DeleteCors::ROUTE),
    (cors::AddCorsRule::METHOD, cors::AddCorsRule::ROUTE),
    (
        upload_target::GetUploadTarget::METHOD,
        upload_target::GetUploadTarget::ROUTE,
    ),
    (
        upload_target::DiagnoseUpload::METHOD,
        upload_target::DiagnoseUpload::ROUTE,
    ),
    (
        multipart::ListUploads::METHOD,
        multipart::ListUploads::ROUTE,
    ),
    (object::ListObjects::METHOD, object::ListObjects::ROUTE),
    (object::DeleteObject::METHOD, object::DeleteObject::ROUTE),
    (object::CopyObject::METHOD, object::CopyObject::ROUTE),
    (object::CreateFolder::METHOD, object::CreateFolder::ROUTE),
    (object::DeleteObjects::METHOD, object::DeleteObjects::ROUTE),
    (presign::Presign::METHOD, presign::Presign::ROUTE),
    (presign::PresignMany::METHOD, presign::PresignMany::ROUTE),
    (presign::TestUrl::METHOD, presign::TestUrl::ROUTE),
    (
        presign::GetCredentials::METHOD,
        presign::GetCredentials::ROUTE,
    ),
    (
        multipart::PresignUpload::METHOD,
        multipart::PresignUpload::ROUTE,
    ),
    (
        multipart::CreateUpload::METHOD,
        multipart::CreateUpload::ROUTE,
    ),
    (
        multipart::CompleteUpload::METHOD,
        multipart::CompleteUpload::ROUTE,
    ),
    (
        multipart::AbortUpload::METHOD,
        multipart::AbortUpload::ROUTE,
    ),
    (multipart::ListParts::METHOD, multipart::ListParts::ROUTE),
    (task::StartStats::METHOD, task::StartStats::ROUTE),
    (task::GetStats::METHOD, task::GetStats::ROUTE),
    (task::StartArchive::METHOD, task::StartArchive::ROUTE),
    (task::GetArchive::METHOD, task::GetArchive::ROUTE),
    (task::StartDeletion::METHOD, task::StartDeletion::ROUTE),
    (task::GetDeletion::METHOD, task::GetDeletion::ROUTE),
    (task::CancelDeletion::METHOD, task::CancelDeletion::ROUTE),
    (task::StartCopy::METHOD, task::StartCopy::ROUTE),
    (task::GetCopy::METHOD, task::GetCopy::ROUTE),
    (task::CancelCopy::METHOD, task::CancelCopy::ROUTE),
];

/// What stays as it is in a path segment: the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes one path segment (or a query value): everything but the unreserved characters.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Builds `?a=b&c=d` from the parameters that are present; empty when none is.
pub(crate) fn query(parameters: &[(&str, Option<String>)]) -> String {
    let mut out = String::new();
    for (name, value) in parameters {
        if let Some(value) = value {
            out.push(if out.is_empty() { '?' } else { '&' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encode(value));
        }
    }
    out
}

/// For fields that are left out of a document while they are false.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}
