//! The way over the network.

use std::cell::{Cell, RefCell};

use gloo_net::http::{Headers, RequestBuilder};
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _};
use model::{
    Problem,
    session::{PERSON_HEADER, SESSION_HEADER, Session, person},
};
use send_wrapper::SendWrapper;

use super::{Incoming, Outgoing, no_answer, unreadable};
use crate::{browser::below, drawn, layout::Trouble};

thread_local! {
    static PERSON: RefCell<Option<String>> = const { RefCell::new(None) };
    static TROUBLE: Cell<Option<RwSignal<Option<Trouble>>>> = const { Cell::new(None) };
}

/// Tells from now on what has become of the session when a change is refused for its sake.
pub(crate) fn watch(trouble: RwSignal<Option<Trouble>>) {
    TROUBLE.set(Some(trouble));
}

/// Whether the page is asking for the password, or who it shall be, by itself.
pub(crate) fn is_helped() -> bool {
    let trouble = TROUBLE
        .get()
        .and_then(|trouble| trouble.try_get_untracked());
    trouble.flatten().is_some()
}

/// Tells it.
pub(super) fn tell(found: Trouble) {
    if let Some(trouble) = TROUBLE.get() {
        trouble.set(Some(found));
    }
}

/// Says whose page this is: changes that it asks for are then refused when somebody else has signed in.
pub(crate) fn speak_for(session: &Session) {
    let person = person(session.tenant.as_deref(), &session.username);
    PERSON.set(Some(person));
}

/// The headers that say so, once it is known, and with which session the page was drawn.
pub(crate) fn spoken_for() -> impl Iterator<Item = (&'static str, String)> {
    let person = PERSON.with_borrow(Clone::clone);
    let person = person.map(|person| (PERSON_HEADER, person));
    let mark = drawn::mark_text().map(|mark| (SESSION_HEADER, mark));
    person.into_iter().chain(mark)
}

/// Sends by `fetch`; the session's cookie goes along because the API is of the same origin.
///
/// JavaScript's promises belong to one thread, and so does everything in the browser: the wrapper
/// says so to the reactive system, which asks for `Send`.
pub(super) fn send(
    outgoing: Outgoing,
) -> impl Future<Output = Result<Incoming, Problem>> + Send + 'static {
    SendWrapper::new(fetch(outgoing))
}

/// The headers of every call.
fn headers() -> Headers {
    let headers = Headers::new();
    headers.set("accept", "application/json");
    for (name, value) in spoken_for() {
        headers.set(name, &value);
    }
    headers
}

async fn fetch(outgoing: Outgoing) -> Result<Incoming, Problem> {
    let headers = headers();
    let builder = RequestBuilder::new(&below(&outgoing.path)).method(outgoing.method);
    if outgoing.body.is_some() {
        headers.set("content-type", "application/json");
    }
    for (name, value) in outgoing.headers {
        headers.set(name, &value);
    }
    let builder = builder.headers(headers);
    let request = match outgoing.body {
        Some(body) => builder.body(body),
        None => builder.build(),
    }
    .map_err(|_refused_by_the_browser| unreadable())?;
    answered(request).await
}

/// Puts a file in, as the field `file` of a form.
pub(super) async fn put_file(path: &str, file: &web_sys::Blob) -> Result<Incoming, Problem> {
    let form = web_sys::FormData::new().map_err(|_never| unreadable())?;
    form.append_with_blob_and_filename("file", file, "file")
        .map_err(|_never| unreadable())?;
    let builder = RequestBuilder::new(&below(path)).method(http::Method::PUT);
    let request = builder.headers(headers()).body(form);
    answered(request.map_err(|_refused_by_the_browser| unreadable())?).await
}

async fn answered(request: gloo_net::http::Request) -> Result<Incoming, Problem> {
    let response = request.send().await.map_err(|_network| no_answer())?;
    let status = response.status();
    let body = response.text().await.map_err(|_network| no_answer())?;
    Ok(Incoming { status, body })
}
