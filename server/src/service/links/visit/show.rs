//! What visitors are shown of a file before they take it: pictures, PDF and text, under the rules by which the
//! console shows files of strangers.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use hcp::GetOptions;
use http::{Method, StatusCode};
use model::{
    ObjectKey,
    audit::AuditResult,
    preview::{Content, Form, Kind, Text, Wanted},
};

use super::{AGAIN, Closed, Opened, of_store};
use crate::{
    service::preview::{self, Found, Origin, SVG},
    state::AppState,
};

/// What of a file may be shown to visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harmless {
    /// A picture, which the page shows.
    Picture,
    /// A PDF, which the browser shows by itself.
    Pdf,
    /// A text, which stands in the page.
    Text,
}

/// As what a content may be shown: nothing that is a document of its own, and nothing above the limit up to which
/// the console shows it without being asked.
fn harmless(found: &Found, size: u64) -> Option<Harmless> {
    let fits = found
        .kind
        .shown_by_browser()
        .is_none_or(|most| size <= most);
    match found.kind {
        Kind::Image if fits && found.media_type != SVG => Some(Harmless::Picture),
        Kind::Pdf if fits => Some(Harmless::Pdf),
        Kind::Text | Kind::Markdown | Kind::Json | Kind::JsonLines | Kind::Table => {
            Some(Harmless::Text)
        }
        _ => None,
    }
}

impl Opened {
    fn origin(&self, state: &AppState, key: &ObjectKey) -> Result<Origin, Closed> {
        Ok(Origin {
            s3: self.s3(state)?,
            bucket: self.bucket.clone(),
            key: key.clone(),
            version: None,
        })
    }

    /// Whether a file may be shown, and as what. Of a link with a number of uses nothing is: a look would be one of
    /// them. Nothing is counted.
    pub async fn showable(
        &self,
        state: &AppState,
        key: &ObjectKey,
    ) -> Result<Option<Harmless>, Closed> {
        if self.record.max_uses.is_some() {
            return Ok(None);
        }
        let origin = self.origin(state, key)?;
        let first = origin.first(preview::SAMPLE).await.map_err(of_store)?;
        let stored = first.head.content_type.as_deref();
        let found = preview::look(&first.bytes, key.as_str(), stored);
        Ok(harmless(&found, first.size))
    }

    /// The bytes of a picture or a PDF, for the browser to show.
    pub async fn show(
        &self,
        state: &AppState,
        key: &ObjectKey,
        method: &Method,
    ) -> Result<Response, Closed> {
        if self.record.max_uses.is_some() {
            return Err(Closed::Refused);
        }
        let origin = self.origin(state, key)?;
        let first = origin.first(preview::SAMPLE).await.map_err(of_store)?;
        let stored = first.head.content_type.as_deref();
        let found = preview::look(&first.bytes, key.as_str(), stored);
        let (Some(Harmless::Picture | Harmless::Pdf), Some(_)) =
            (harmless(&found, first.size), found.inline())
        else {
            return Err(Closed::Refused);
        };
        let mut out = preview::locked(&found, key.file_name(), false);
        if method == Method::HEAD {
            return Ok((StatusCode::OK, out).into_response());
        }
        let options = GetOptions {
            // The bytes must be those whose type was told.
            if_match: first.head.etag,
            ..GetOptions::default()
        };
        let stream = origin.s3.get_object(&self.bucket, key, options).await?;
        self.seen(state, key, first.size).await?;
        preview::describe(&mut out, &stream.head, None);
        Ok((StatusCode::OK, out, Body::from_stream(stream.body)).into_response())
    }

    /// The beginning of a text.
    pub async fn text(&self, state: &AppState, key: &ObjectKey) -> Result<Text, Closed> {
        let origin = self.origin(state, key)?;
        let wanted = Wanted {
            form: Some(Form::Text),
            ..Wanted::default()
        };
        let told = Box::pin(preview::content(origin, None, &wanted)).await;
        let told = told.map_err(of_store)?;
        let Some(Content::Text(text)) = told.content else {
            return Err(Closed::Refused);
        };
        self.seen(state, key, told.size).await?;
        Ok(text)
    }

    /// Counts a look as a use, unless one of the same file from the same address was within the hour.
    async fn seen(&self, state: &AppState, key: &ObjectKey, size: u64) -> Result<(), Closed> {
        let (links, id, now) = (&state.links().store, &self.record.id, state.now());
        let (visitor, bytes) = (self.visitor(key), size.max(1));
        if links.go_on(id, &visitor, bytes, now).await? {
            return Ok(());
        }
        self.count_one(state).await?;
        let again = bytes.saturating_mul(AGAIN);
        links.begin(id, &visitor, again, now).await?;
        let told = (AuditResult::Ok, 200);
        self.visit("GET").told(state, Some(key), told, None);
        Ok(())
    }
}
