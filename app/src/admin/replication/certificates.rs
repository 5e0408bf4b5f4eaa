//! `/system/replication/certificates`: the system's own, for others to trust, and those that it trusts.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::calls::{DeleteCertificate, ListCertificates, Nothing, UploadCertificate, Verbose},
};
use serde_json::{Map, Value as Json};

use super::super::{
    Page,
    deed::{Deed, Grave, fetched},
    left::left,
    put::{Put, PutForm},
    read_only,
    system::{at_ms, nodes_path},
    table::Cell,
    text,
};
use crate::{
    outcome::Outcome,
    ui::ErrorSummary,
    words::{admin, replication},
};

/// The name of the system's own.
const OWN: &str = "server";

/// Fewer days are said in amber; what has ended, in red.
const SOON: (i64, i64) = (60, 0);

/// The operation that fetches the system's own.
const FETCH: &str = "download_server_certificate";

/// The calls that the page is made from: the certificates, and the store's time.
pub fn calls() -> Vec<String> {
    let query = Verbose(true);
    vec![ListCertificates { query }.path(), nodes_path()]
}

/// A certificate that is put in.
fn put() -> Put {
    Put {
        op: "upload_certificate",
        path: UploadCertificate { query: Nothing }.path(),
        title: replication::trust_another_system(),
        help: replication::trusting_means(),
        file: replication::certificate_file(),
        text: Some(replication::certificate_text()),
        accept: ".pem,.crt,.cer,.txt",
        label: replication::upload_certificate(),
        done: replication::certificate_was_uploaded(),
        phrase: None,
    }
}

/// The page.
pub fn view(page: &Page, ask: &str) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let may = page.may.admin;
    let now_ms = at_ms(&page.map(1), "requestTime");
    let all = page.list(0);
    let all = all.iter().filter_map(Json::as_object);
    let (own, trusted): (Vec<_>, Vec<_>) = all.partition(|one| text(one, "id") == OWN);
    let own = own.first().map(|own| {
        view! {
            <p>
                <strong>
                    <bdi>{text(own, "subjectDN")}</bdi>
                </strong>
            </p>
            {holds(own, now_ms)}
        }
    });
    let empty = trusted.is_empty();
    let rows = trusted
        .into_iter()
        .map(|one| row(one, now_ms, may, ask))
        .collect_view();
    view! {
        {read_only(may, "administrator")}
        <section class="form-panel" data-testid="own-certificate">
            <h2>{replication::own_certificate()}</h2>
            <p class="help">{replication::own_certificate_means()}</p>
            {own}
            // What cannot be fetched is said by the page that comes in its place.
            <ErrorSummary problem=RwSignal::new(Outcome::problem(FETCH)) />
            {may
                .then(|| fetched(FETCH, replication::download_certificate(), ().into_any()))}
        </section>
        <section class="form-panel" data-testid="certificates">
            <h2>{replication::trusted_certificates()}</h2>
            {empty.then(|| view! { <p class="help">{replication::no_certificates()}</p> })}
            <ul class="members">{rows}</ul>
        </section>
        {may.then(|| view! { <PutForm put=put() /> })}
    }
    .into_any()
}

/// From when on and until when it holds, and how long that is.
fn holds(one: &Map<String, Json>, now_ms: Option<i64>) -> AnyView {
    let expires = text(one, "expiresOn");
    let left = left(&expires, now_ms).cell(SOON);
    view! {
        <p class="help certificate-times">
            <span>
                {replication::valid_from()} " " {Cell::At(text(one, "validOn")).view()}
            </span>
            <span>
                {replication::expires()} " " {Cell::At(expires).view()}
            </span>
            <span data-testid="certificate-left">{left.view()}</span>
        </p>
    }
    .into_any()
}

fn row(one: &Map<String, Json>, now_ms: Option<i64>, may: bool, ask: &str) -> AnyView {
    let (id, subject) = (text(one, "id"), text(one, "subjectDN"));
    let forget = may.then(|| {
        let certificate_id = id.clone();
        let query = Nothing;
        let path = DeleteCertificate {
            certificate_id,
            query,
        }
        .path();
        let at = [("certificate_id", id.as_str())];
        let method = http::Method::DELETE;
        let mut deed = Deed::new("delete", "delete_certificate", &at, method, path).said(
            replication::delete_certificate(),
            replication::act_on(replication::delete_certificate(), &subject),
            admin::was_deleted(&subject),
        );
        deed.ask = format!("delete-{id}");
        subject.clone_into(&mut deed.expected);
        let asked = ask == deed.ask;
        view! {
            <Grave deed asked>
                <p>{replication::deleting_certificate_means()}</p>
            </Grave>
        }
    });
    view! {
        <li data-testid="certificate" data-key=id.clone()>
            <div class="min-w-0">
                <strong>
                    <bdi>{subject.clone()}</bdi>
                </strong>
                {holds(one, now_ms)}
            </div>
            <div class="actions">{forget}</div>
        </li>
    }
    .into_any()
}
