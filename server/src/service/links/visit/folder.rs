//! What visitors see and take of a shared folder: what lies in it and below, and nothing else.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode};
use model::{
    ErrorCode, ObjectKey,
    audit::AuditResult,
    link::{FOLDER_PAGE, LinkKind, within},
    object::{ListObjectsQuery, Object},
    task::Selection,
};

use super::{Closed, Opened, of_store};
use crate::{service::zip, state::AppState};

/// One page of a folder. All names are without what leads to the folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// Its folders, without the slash at their end.
    pub folders: Vec<String>,
    /// Its files, each with its name as the key.
    pub files: Vec<Object>,
    /// Behind which name the next page begins; absent at the end.
    pub next: Option<String>,
}

impl Opened {
    /// What the keys begin with in a folder within the shared one, by its path: nothing, or with a slash at its end.
    fn folder(&self, state: &AppState, path: &str) -> Result<String, Closed> {
        let is_path = path.is_empty() || path.ends_with('/');
        if self.kind() != LinkKind::Folder || !is_path {
            return Err(Closed::Refused);
        }
        self.within(state, path)
    }

    /// A page of a folder, behind a name in it. Nothing is counted.
    pub async fn list(
        &self,
        state: &AppState,
        path: &str,
        after: Option<&str>,
    ) -> Result<Listing, Closed> {
        let prefix = self.folder(state, path)?;
        // The store keeps to the prefix, wherever this is.
        let behind = after.map(|after| {
            // All below a folder is behind it.
            let end = if after.ends_with('/') {
                "\u{10ffff}"
            } else {
                ""
            };
            format!("{prefix}{after}{end}")
        });
        let query = ListObjectsQuery {
            prefix: Some(prefix.clone()),
            delimiter: Some("/".to_owned()),
            max_keys: Some(FOLDER_PAGE),
            start_after: behind,
            ..ListObjectsQuery::default()
        };
        let page = self.s3(state)?.list_objects(&self.bucket, &query).await?;
        let is_empty = page.objects.is_empty() && page.common_prefixes.is_empty();
        if is_empty && after.is_none() && !path.is_empty() {
            return Err(Closed::Refused);
        }
        let name = |key: &str| key.strip_prefix(&prefix).map(str::to_owned);
        let keys = page.objects.iter().map(|object| object.key.as_str());
        let all = keys.chain(page.common_prefixes.iter().map(String::as_str));
        let next = all.max().filter(|_| page.is_truncated).and_then(name);
        // What no path leads to is not shown.
        let leads = |name: &String| !name.is_empty() && within("", name).is_some();
        let folders = page.common_prefixes.iter().filter_map(|key| name(key));
        let files = page.objects.into_iter().filter_map(|object| {
            // HCP makes an object of each folder.
            let name = name(&object.key).filter(|name| leads(name) && !name.ends_with('/'))?;
            Some(Object {
                key: name,
                ..object
            })
        });
        Ok(Listing {
            files: files.collect(),
            folders: folders
                .filter(leads)
                .map(|name| name.trim_end_matches('/').to_owned())
                .collect(),
            next: next.filter(|next| !next.is_empty()),
        })
    }

    /// A folder and all below as one archive, packed while it is sent. It is one use.
    pub async fn archive(
        &self,
        state: &AppState,
        path: &str,
        method: &Method,
    ) -> Result<Response, Closed> {
        let prefix = self.folder(state, path)?;
        let name = prefix.trim_end_matches('/').rsplit('/').next();
        let name = name.filter(|name| !name.is_empty()).unwrap_or("files");
        let out = zip::called(&format!("{name}.zip"));
        if method == Method::HEAD {
            return Ok((StatusCode::OK, out).into_response());
        }
        let s3 = self.s3(state)?;
        let selection = Selection {
            prefix: Some(prefix.clone()),
            base: Some(prefix.clone()),
            ..Selection::default()
        };
        let items = zip::select(&s3, &self.bucket, selection).await;
        let mut items = items.map_err(|error| match error.status() {
            // There is nothing in it.
            (_, ErrorCode::InvalidArgument) => Closed::Refused,
            _ => of_store(error),
        })?;
        items.retain(|item| {
            let rest = item.key.strip_prefix(&prefix);
            rest.is_some_and(|rest| within("", rest).is_some())
        });
        self.count_one(state).await?;
        let key = ObjectKey::parse(prefix).ok();
        let told = (AuditResult::Ok, 200);
        self.visit("GET").told(state, key.as_ref(), told, None);
        let open = zip::of_store(s3, self.bucket.clone());
        let pieces = zip::archive_for_visitors(items, open);
        Ok((out, Body::from_stream(pieces)).into_response())
    }
}
