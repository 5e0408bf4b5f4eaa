//! The way over the network.

use std::cell::RefCell;

use gloo_net::http::{Headers, RequestBuilder};
use model::{
    Problem,
    session::{PERSON_HEADER, Session, person},
};
use send_wrapper::SendWrapper;

use super::{Incoming, Outgoing, no_answer, unreadable};

thread_local! {
    static PERSON: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Says whose page this is: changes that it asks for are then refused when somebody else has signed in.
pub(crate) fn speak_for(session: &Session) {
    let person = person(session.tenant.as_deref(), &session.username);
    PERSON.set(Some(person));
}

/// The header that says so, once it is known.
pub(crate) fn spoken_for() -> Option<(&'static str, String)> {
    PERSON.with_borrow(|person| Some((PERSON_HEADER, person.clone()?)))
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

async fn fetch(outgoing: Outgoing) -> Result<Incoming, Problem> {
    let headers = Headers::new();
    headers.set("accept", "application/json");
    if let Some((name, person)) = spoken_for() {
        headers.set(name, &person);
    }
    let builder = RequestBuilder::new(&outgoing.path).method(outgoing.method);
    let request = if let Some(body) = outgoing.body {
        headers.set("content-type", "application/json");
        let text = String::from_utf8(body).map_err(|_not_text| unreadable())?;
        builder.headers(headers).body(text)
    } else {
        builder.headers(headers).build()
    }
    .map_err(|_refused_by_the_browser| unreadable())?;
    let response = request.send().await.map_err(|_network| no_answer())?;
    let status = response.status();
    let body = response.binary().await.map_err(|_network| no_answer())?;
    Ok(Incoming { status, body })
}
