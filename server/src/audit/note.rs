//! What becomes known of a call while it is worked on: who it is, and what its body names.
//!
//! A note belongs to the task that works on the call, as the request's id does; outside of a recorded call
//! there is none, and noting does nothing.

use std::sync::{Arc, Mutex, PoisonError};

use model::{TenantName, auth::Login, session::Level};
use serde_json::{Map, Value};

use super::outline::{Outline, Said, short};
use crate::{service::reach, session::Claims, state::AppState};

tokio::task_local! {
    static CURRENT: Arc<Mutex<Note>>;
}

/// What is known by now.
#[derive(Default)]
pub(super) struct Note {
    pub(super) who: Option<Who>,
    pub(super) outline: Outline,
    pub(super) job: Option<String>,
    pub(super) failures: Option<u64>,
    pub(super) reason: Option<String>,
}

/// Who makes a call.
#[derive(Clone)]
pub(super) struct Who {
    pub(super) level: Level,
    pub(super) tenant: Option<String>,
    pub(super) person: String,
    /// Whether that is certain: a session, or a sign-in that succeeded.
    pub(super) proved: bool,
}

/// Works on a call, with its note.
pub(super) async fn within<F: Future>(note: Arc<Mutex<Note>>, work: F) -> F::Output {
    CURRENT.scope(note, work).await
}

fn with(change: impl FnOnce(&mut Note)) {
    // Nobody asked for a note.
    let _none = CURRENT.try_with(|note| {
        change(&mut note.lock().unwrap_or_else(PoisonError::into_inner));
    });
}

/// Notes whose session the call is made in. Somebody who signs in anew was somebody else before: the last counts.
pub fn note_session(state: &AppState, claims: &Claims) {
    with(|note| {
        let credentials = &claims.credentials;
        note.who = Some(Who {
            level: reach::level(state, claims),
            tenant: credentials.tenant.as_ref().map(TenantName::to_string),
            person: credentials.username.to_string(),
            proved: true,
        });
    });
}

/// Notes as whom somebody tries to sign in.
pub fn note_login(state: &AppState, login: &Login) {
    with(|note| {
        note.who = Some(Who {
            level: reach::level_of(state, login.tenant.as_ref()),
            tenant: login.tenant.as_ref().map(TenantName::to_string),
            person: login.username.to_string(),
            proved: false,
        });
    });
}

/// Notes what a JSON body names.
pub fn note_body(body: &[u8]) {
    with(|note| note.outline = Outline::of(body));
}

/// Notes what a body names that was read already.
pub fn note_properties(body: &Map<String, Value>) {
    with(|note| {
        for (name, value) in body {
            note.outline.name(name);
            let said = match value {
                Value::String(text) => Said::Text(short(text)),
                Value::Bool(flag) => Said::Flag(*flag),
                _ => Said::Other,
            };
            note.outline.value(name, said);
        }
    });
}

/// Notes which bucket the call is about, where its address does not tell.
pub fn note_bucket(bucket: &str) {
    with(|note| note.outline.value("bucket", Said::Text(short(bucket))));
}

/// Notes which object the call is about, where neither its address nor its body tells.
pub fn note_key(key: &str) {
    with(|note| note.outline.value("key", Said::Text(short(key))));
}

/// Notes which job the call started.
pub fn note_job(id: &str) {
    with(|note| note.job = Some(id.to_owned()));
}

/// Notes why it was asked for.
pub fn note_reason(reason: &str) {
    with(|note| note.reason = Some(reason.to_owned()));
}

/// Notes how many of several things could not be done, where the answer is a success all the same.
pub fn note_failures(count: usize) {
    with(|note| note.failures = Some(count as u64).filter(|count| *count > 0));
}
