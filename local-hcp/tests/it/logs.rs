use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Once,
    time::Duration,
};

use aws_sdk_s3::presigning::PresigningConfig;
use tracing_subscriber::EnvFilter;

use crate::fixture::{Fixture, PASSWORD, access_key, put, secret};

thread_local! {
    /// What was logged on this thread since the recording began.
    static RECORDED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Recorder;

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        RECORDED.with_borrow_mut(|recorded| {
            if let Some(recorded) = recorded {
                recorded.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Has everything that the server's crates say written to the thread's record, if it keeps one.
/// For the whole process: whether an event is wanted at all is remembered across threads.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let filter = EnvFilter::new("off,local_hcp=trace,s3s=trace,axum=trace,tower_http=trace");
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(|| Recorder)
            .init();
    });
}

/// Records what is logged on this thread, until what is returned is asked for it.
pub(crate) fn captured() -> impl FnOnce() -> String {
    RECORDED.set(Some(Vec::new()));
    || String::from_utf8(RECORDED.take().unwrap()).unwrap()
}

#[tokio::test]
async fn no_credential_reaches_the_log_at_any_level() {
    RECORDED.set(Some(Vec::new()));
    let store = Fixture::start().await;
    let client = store.bucket("quiet").await;
    put(&client, "quiet", "a", "x").await;
    let minute = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let url = client
        .get_object()
        .bucket("quiet")
        .key("a")
        .presigned(minute)
        .await
        .unwrap();
    let signature = url.uri().split_once("X-Amz-Signature=").unwrap().1[..64].to_owned();
    for url in [url.uri().to_owned(), url.uri().replace("/a?", "/b?")] {
        let answer = store
            .http
            .get(url)
            .header("cookie", "session=of-the-console")
            .send()
            .await;
        answer.unwrap().bytes().await.unwrap();
    }
    let form = |policy: &str, signature: &str| {
        reqwest::multipart::Form::new()
            .text("key", "form")
            .text("AWSAccessKeyId", access_key("demo"))
            .text("policy", policy.to_owned())
            .text("signature", signature.to_owned())
            .text("file", "bytes of the form")
    };
    for signature in ["c2lnbmF0dXJlIG9mIGEgZm9ybQ==", "no base64"] {
        let form = form("cG9saWN5IG9mIGEgZm9ybQ==", signature);
        let posted = store.http.post(format!("{}/quiet", store.by_address()));
        let answer = posted.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
    let wrong = store.client_of("demo", "not-it", &store.by_address());
    wrong.list_buckets().send().await.unwrap_err();
    let credentials = format!("HCP {}:{}", access_key("demo"), secret(PASSWORD));
    let account = format!(
        "http://{}/mapi/tenants/demo/userAccounts/demo",
        store.management
    );
    store
        .http
        .get(account)
        .header("authorization", credentials)
        .send()
        .await
        .unwrap();

    let log = String::from_utf8(RECORDED.take().unwrap()).unwrap();
    assert!(log.contains("/quiet/a"), "requests are logged: {log}");
    for hidden in [
        &signature,
        &secret(PASSWORD),
        &access_key("demo"),
        PASSWORD,
        "X-Amz-",
        "AWS4-HMAC",
        "of-the-console",
        "c2lnbmF0dXJlIG9mIGEgZm9ybQ",
        "cG9saWN5IG9mIGEgZm9ybQ",
        "bytes of the form",
    ] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}
