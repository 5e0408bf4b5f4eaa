//! Downloading one object: straight from the store where the browser reaches it, else through Hako.

use leptos::prelude::*;
use model::{ObjectKey, object::download_path, presign::PresignRequest, session::UploadRoute};

use super::{acts, listing::Entry, state::FilesState};
use crate::browser;

/// The address by which Hako itself streams the object; `None` for a key that cannot be asked for.
pub fn address(state: FilesState, entry: &Entry) -> Option<String> {
    let key = ObjectKey::parse(entry.key.clone()).ok()?;
    Some(
        state
            .bucket
            .with_value(|bucket| download_path(bucket, &key)),
    )
}

/// Whether the bytes can come straight from the store.
pub fn is_direct(state: FilesState) -> bool {
    state.session.with_value(|session| {
        session.features.presign && session.upload.route == UploadRoute::Direct
    })
}

/// Starts the download.
pub fn download(state: FilesState, entry: &Entry) {
    let Some(through_hako) = address(state, entry) else {
        return;
    };
    if !is_direct(state) {
        browser::go(&through_hako);
        return;
    }
    let request = PresignRequest {
        bucket: state.bucket.with_value(ToString::to_string),
        key: entry.key.clone(),
        attachment: true,
        ..PresignRequest::default()
    };
    acts::fetch(state, request);
}
