//! Calls of the management API: to which host, in which words, how often, and without a word of secrets.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::TryStreamExt as _;
use hcp::{Call, ErrorKind, Missing, Store};
use model::mapi::calls::{Operation, operations};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::script::{Asked, LIMIT, Script, chain, credentials};

const SECRET: &str = "Hunter2&co";

fn operation(id: &str) -> &'static Operation {
    operations().find(|one| one.id == id).unwrap()
}

fn call(id: &str, names: &[&str]) -> Call {
    Call::new(operation(id), names).unwrap()
}

fn answer(status: u16, message: &str, body: &'static str) -> Response {
    let mut response = Response::builder()
        .status(status)
        .header("x-hcp-softwareversion", "9.7.0.13");
    if !message.is_empty() {
        response = response.header("x-hcp-errormessage", message);
    }
    response.body(Body::from(body)).unwrap()
}

async fn always(status: u16, message: &'static str, body: &'static str) -> (Script, Store) {
    let script = Script::new(move |_, _| async move { answer(status, message, body) }).await;
    let store = script.store();
    (script, store)
}

#[tokio::test]
async fn the_level_of_the_session_decides_on_the_host() {
    let (script, store) = always(200, "", r#"{"name": "acme"}"#).await;
    let get = call("get_tenant", &["acme"]).with("verbose", "true");
    for tenant in [Some("other"), None] {
        let reply = store.perform(&credentials(&store, tenant), &get).await;
        let reply = reply.unwrap();
        assert_eq!(reply.body, json!({"name": "acme"}));
        assert_eq!(reply.software_version.as_deref(), Some("9.7.0.13"));
    }
    let asked = script.asked();
    assert_eq!(asked[0].header("host"), "other.hcp.example.com");
    assert_eq!(asked[1].header("host"), "admin.hcp.example.com");
    for one in asked {
        assert_eq!(one.target, "/mapi/tenants/acme?verbose=true");
        assert_eq!(one.header("accept"), "application/json");
        let proof = "HCP ZGVtbw==:891a54c4e2eab52d01c6fbf85a4c143e";
        assert_eq!(one.header("authorization"), proof);
        assert_eq!(one.header("content-type"), "", "there is no body");
    }
}

#[tokio::test]
async fn bodies_are_json_and_answers_may_be_empty() {
    let (script, store) = always(200, "", "").await;
    let body = json!({"name": "archive", "hardQuota": "10 GB"});
    let create = call("create_namespace", &["acme"]).with_body(body.as_object().unwrap().clone());
    let reply = store
        .perform(&credentials(&store, Some("acme")), &create)
        .await
        .unwrap();
    assert_eq!(reply.body, json!({}));
    let asked = &script.asked()[0];
    assert_eq!(asked.method, "PUT");
    assert_eq!(asked.header("content-type"), "application/json");
    let sent: serde_json::Value = serde_json::from_slice(asked.body.as_ref().unwrap()).unwrap();
    assert_eq!(sent, body);
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_an_empty_one() {
    let (_script, store) = always(200, "", "<html>a proxy</html>").await;
    let get = call("get_tenant", &["acme"]);
    let reply = store
        .perform(&credentials(&store, None), &get)
        .await
        .unwrap();
    assert_eq!(reply.body, json!({}));
}

#[tokio::test]
async fn refusals_are_told_apart_and_final() {
    let missing = |what| ErrorKind::NotFound { what };
    for (id, status, kind) in [
        ("get_tenant", 400, ErrorKind::InvalidArgument),
        ("get_tenant", 401, ErrorKind::Unauthenticated),
        ("get_tenant", 403, ErrorKind::Denied),
        ("get_tenant", 404, missing(Missing::Tenant)),
        ("head_tenant", 302, missing(Missing::Tenant)),
        ("get_tenant_cors", 404, missing(Missing::Setting)),
        ("get_tenant", 405, ErrorKind::NotSupported),
        ("modify_tenant", 409, ErrorKind::Conflict),
        ("set_tenant_cors", 409, ErrorKind::Exists),
        ("modify_tenant", 500, ErrorKind::StoreFailed),
        ("delete_tenant", 503, ErrorKind::Busy),
        ("get_tenant", 502, ErrorKind::StoreFailed),
    ] {
        let (script, store) = always(status, "HCP's own words", "<html>secret page</html>").await;
        let call = call(id, &["acme"]);
        let error = store
            .perform(&credentials(&store, None), &call)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{id} {status}");
        assert_eq!(error.store_message(), Some("HCP's own words"));
        assert!(!chain(&error).contains("secret page"));
        assert_eq!(script.asked().len(), 1, "{id} {status}");
    }
}

#[tokio::test]
async fn reads_are_tried_again_where_hcp_fails() {
    for (status, id, times) in [
        (500, "get_tenant", 3),
        (503, "head_tenant", 3),
        (503, "modify_tenant", 1),
    ] {
        let (script, store) = always(status, "", "").await;
        let call = call(id, &["acme"]);
        let error = store.perform(&credentials(&store, None), &call).await;
        assert!(error.is_err());
        assert_eq!(script.asked().len(), times, "{id} {status}");
    }
    let script = Script::new(|number, _: Asked| async move {
        if number < 3 {
            answer(503, "", "")
        } else {
            answer(200, "", "{}")
        }
    })
    .await;
    let store = script.store();
    let get = call("get_tenant", &["acme"]);
    store
        .perform(&credentials(&store, None), &get)
        .await
        .unwrap();
    assert_eq!(script.asked().len(), 3);
}

#[tokio::test]
async fn all_attempts_share_one_limit() {
    let script = Script::new(|_, _| async {
        std::future::pending::<()>().await;
        answer(200, "", "{}")
    })
    .await;
    let store = script.store();
    let get = call("get_tenant", &["acme"]);
    let error = store
        .perform(&credentials(&store, None), &get)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_store_without_management_says_so() {
    let (script, _) = always(200, "", "{}").await;
    let config = crate::script::config(
        &script.url,
        model::session::Backend::Minio,
        hcp::AuthType::Hcp,
    );
    let store = Store::new(config).unwrap();
    let get = call("get_tenant", &["acme"]);
    let error = store
        .perform(&credentials(&store, None), &get)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert!(script.asked().is_empty());
}

/// Everything that is traced by anyone, at every level.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<Vec<u8>>>);

impl io::Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Recorded {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Changes that carry a password, and how HCP answers them.
#[test]
fn passwords_are_in_no_trace_and_no_error() {
    let recorded = Recorded::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(recorded.clone())
        .finish();
    let mut shown = Vec::new();
    // One thread, so that whatever happens is recorded.
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            tracing::trace!("the recorder works");
            let script = Script::new(|number, asked: Asked| async move {
                let whole = format!("{} {:?}", asked.target, asked.body);
                assert!(whole.contains("Hunter2"), "{whole}");
                match number {
                    1 => answer(200, "", ""),
                    2 => answer(400, "the password Hunter2&co is too common", ""),
                    _ => answer(500, "", "").into_response(),
                }
            })
            .await;
            let store = script.store();
            let who = credentials(&store, None);
            let in_query = || {
                call("create_user", &["acme"])
                    .with_secret("password", SECRET.to_owned().into())
                    .with_body(serde_json::Map::new())
            };
            let body = json!({"newPassword": SECRET});
            let in_body = call("change_user_password", &["acme", "ops1"])
                .with_body(body.as_object().unwrap().clone());
            store.perform(&who, &in_query()).await.unwrap();
            for call in [in_query(), in_query(), in_body] {
                let error = store.perform(&who, &call).await.unwrap_err();
                shown.push(format!("{} {call:?}", chain(&error)));
            }
            assert_eq!(script.asked().len(), 4);
            // And where nobody answers.
            let gone = Script::always(200, "").await;
            let mut config = store.config().clone();
            if let Some(management) = &mut config.management {
                management.address = Some(([127, 0, 0, 1], 1).into());
            }
            drop(gone);
            let store = Store::new(config).unwrap();
            let error = store.perform(&who, &in_query()).await.unwrap_err();
            shown.push(chain(&error));
        });
    });
    let shown = shown.join("\n");
    assert!(shown.contains("the password … is too common"), "{shown}");
    let traced = String::from_utf8_lossy(&recorded.0.lock().unwrap()).into_owned();
    assert!(traced.contains("the recorder works"));
    for text in [shown, traced] {
        assert!(!text.contains("Hunter2"), "{text}");
        assert!(!text.contains("891a54c4e2eab52d01c6fbf85a4c143e"), "{text}");
    }
}

#[tokio::test]
async fn files_are_put_once_with_their_length_and_their_type() {
    let (script, store) = always(500, "not now", "").await;
    let pieces = ["first ", "second"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
    let file = hcp::Body::from_stream(12, futures::stream::iter(pieces));
    let put = call("upload_certificate", &[]);
    let credentials = credentials(&store, None);
    let error = store.put_file(&credentials, &put, "text/plain", file).await;
    assert_eq!(error.unwrap_err().store_message(), Some("not now"));
    let [asked] = &script.asked()[..] else {
        panic!("a file was put more than once");
    };
    assert_eq!(asked.method, "PUT");
    assert_eq!(asked.target, "/mapi/services/replication/certificates");
    assert_eq!(asked.header("content-type"), "text/plain");
    assert_eq!(asked.header("content-length"), "12");
    assert_eq!(asked.body.as_deref(), Some(&b"first second"[..]));
}

#[tokio::test]
async fn files_may_take_longer_than_a_call_but_not_stand_still() {
    let script = Script::new(|number, _| async move {
        let pieces = futures::stream::unfold(0, move |sent| async move {
            // Longer than the limit of a call, piece by piece; the second one does not go on.
            let pause = if number == 1 { LIMIT / 2 } else { LIMIT * 20 };
            if sent > 0 {
                tokio::time::sleep(pause).await;
            }
            (sent < 4).then(|| (Ok::<_, io::Error>(Bytes::from("piece ")), sent + 1))
        });
        Response::new(Body::from_stream(pieces))
    })
    .await;
    let store = script.store();
    let credentials = credentials(&store, None);
    let get = call("download_logs", &[]).with_body(serde_json::Map::new());
    let fetch = async || {
        let fetched = store.fetch(&credentials, &get, "application/zip").await;
        fetched.unwrap().body.try_collect::<Vec<_>>().await
    };
    assert_eq!(fetch().await.unwrap().concat(), b"piece piece piece piece ");
    let broken = fetch().await;
    assert!(broken.is_err(), "{broken:?}");
    let asked = script.asked();
    assert_eq!(asked[0].header("accept"), "application/zip");
    assert_eq!(asked[0].body.as_deref(), Some(&b"{}"[..]));
    assert_eq!(asked.len(), 2, "what stood still is not asked for again");
}
