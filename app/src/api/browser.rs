//! The way over the network.

use gloo_net::http::{Headers, RequestBuilder};
use model::Problem;
use send_wrapper::SendWrapper;

use super::{Incoming, Outgoing, no_answer, unreadable};

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
