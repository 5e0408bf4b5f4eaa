//! Around the API's routes: makes the record of a call when it is answered.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::StatusCode;
use model::{
    audit::{AuditRecord, AuditResult},
    job::JobKind,
};

use super::{
    note::{self, Note},
    outline::Said,
    table::{self, Call},
};
use crate::{
    error::Word,
    state::AppState,
    web::{guard::Connection, request_id},
};

/// The status in the record of a call whose client went away before the answer: there is no such status, and
/// servers write this one.
const CUT_OFF: u16 = 499;

/// Records the call, if it is one that changes something.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let call = matched.and_then(|matched| {
        let method = table::acts_as(request.method(), matched.as_str())?;
        table::find(method, matched.as_str(), request.uri())
    });
    let Some(call) = call else {
        return next.run(request).await;
    };
    let connection = request.extensions().get::<Connection>();
    let mut pending = Pending {
        state,
        call,
        method: request.method().to_string(),
        address: connection.map(|c| c.peer.ip().to_canonical().to_string()),
        request_id: request_id::current().unwrap_or_default(),
        started: Instant::now(),
        note: Arc::default(),
        over: false,
    };
    let response = note::within(Arc::clone(&pending.note), next.run(request)).await;
    let word = response.extensions().get::<Word>();
    let code = word.map(|Word(code)| code.as_str());
    pending.finish(response.status().as_u16(), code);
    response
}

/// A call that is worked on. It is recorded also where that ends without an answer: what was done by then
/// was done.
struct Pending {
    state: AppState,
    call: Call,
    method: String,
    address: Option<String>,
    request_id: String,
    started: Instant,
    note: Arc<Mutex<Note>>,
    over: bool,
}

impl Pending {
    fn finish(&mut self, status: u16, code: Option<String>) {
        self.over = true;
        let note = mem::take(&mut *self.note.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(action) = self.call.action(&note.outline.said) else {
            return;
        };
        let mut target = self.call.target(action, &note.outline.said);
        let who = note.who;
        let own = who.as_ref().and_then(|who| who.tenant.clone());
        let tenant = own.or_else(|| target.tenant.clone());
        if target.tenant == tenant && !self.call.is_about_tenant() {
            // It stands beside.
            target.tenant = None;
        }
        let result = match StatusCode::from_u16(status) {
            _ if note.failures.is_some() => AuditResult::Failed,
            Ok(status) if status.is_client_error() && status.as_u16() != CUT_OFF => {
                AuditResult::Refused
            }
            Ok(status) if status.is_success() || status.is_redirection() => AuditResult::Ok,
            _ => AuditResult::Failed,
        };
        let kind = note
            .outline
            .said
            .iter()
            .find_map(|(name, said)| match said {
                Said::Text(text) if name == "kind" && note.job.is_some() => job_kind(text),
                _ => None,
            });
        let audit = self.state.audit();
        let proved = who.as_ref().is_some_and(|who| who.proved);
        let record = AuditRecord {
            id: String::new(),
            time: audit.now(),
            request_id: mem::take(&mut self.request_id),
            level: who.as_ref().map(|who| who.level),
            tenant,
            person: who.map(|who| who.person),
            action: action.as_str().to_owned(),
            target,
            method: mem::take(&mut self.method),
            route: self.call.route.to_owned(),
            result,
            status,
            code,
            address: self.address.take(),
            duration_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            fields: if self.call.has_fields(action) {
                let acts = self.call.acts.iter().map(|act| (*act).to_owned());
                acts.chain(note.outline.names).collect()
            } else {
                Vec::new()
            },
            reason: self.call.reason().or(note.reason),
            job: note.job.or_else(|| self.call.job()),
            job_kind: kind,
            failures: note.failures,
        };
        audit.take(record, proved);
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.over {
            let (status, code) = if std::thread::panicking() {
                (StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "internal_error")
            } else {
                (CUT_OFF, "cut_off")
            };
            self.finish(status, Some(code.to_owned()));
        }
    }
}

fn job_kind(word: &str) -> Option<JobKind> {
    JobKind::ALL.into_iter().find(|kind| kind.as_str() == word)
}
