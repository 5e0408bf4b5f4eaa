//! What goes wrong, and what it is called.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures::stream;
use hcp::{Body, Conditions, ErrorKind, GetOptions, Missing, PutOptions, S3, Store};
use model::{PartNumber, UploadId, multipart::CompletedPart, object::ListObjectsQuery};
use tokio::net::TcpListener;
use url::Url;

use crate::script::{
    LIMIT, NO_BUCKETS, Script, bucket, chain, config, credentials, key, refusal, reply,
};

/// A server that takes connections and breaks each as soon as something is said.
async fn breaking() -> (S3, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            socket.readable().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            socket.set_zero_linger().unwrap();
        }
    });
    let url = Url::parse(&format!("http://{address}")).unwrap();
    let hcp = model::session::Backend::Hcp;
    let mut config = config(&url, hcp, hcp::AuthType::Hcp);
    config.timeout = LIMIT * 20;
    let store = Store::new(config).unwrap();
    (store.s3(&credentials(&store, Some("acme"))).unwrap(), count)
}

#[tokio::test]
async fn a_reset_is_tried_again_where_the_request_can_be_repeated() {
    let (s3, count) = breaking().await;
    let error = s3.list_buckets().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{}", chain(&error));
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let (s3, count) = breaking().await;
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"hello"))]);
    let body = Body::from_stream(5, body);
    let put = s3
        .put_object(&bucket(), &key("a"), body, PutOptions::default())
        .await;
    assert_eq!(put.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_busy_store_is_asked_again() {
    let script = Script::new(|number, _| async move {
        match number {
            1 => reply(503, refusal("SlowDown")),
            _ => reply(200, NO_BUCKETS),
        }
    })
    .await;
    let mut config = script.store().config().clone();
    config.timeout = LIMIT * 20;
    let store = Store::new(config).unwrap();
    let s3 = store.s3(&credentials(&store, Some("acme"))).unwrap();
    let list = s3.list_buckets().await.unwrap();
    assert_eq!(list.owner.unwrap().id.as_deref(), Some("u1"));
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn a_store_that_says_nothing_times_out() {
    let script = Script::new(|_, _| std::future::pending::<String>()).await;
    let error = script.s3().list_buckets().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let store = script.store();
    let error = store.verify(&credentials(&store, None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn an_answer_without_sense_is_unexpected() {
    for body in [
        "<ListAllMyBucketsResult><Buckets",
        "not XML",
        "",
        "<html></html>",
    ] {
        let script = Script::always(200, body).await;
        let error = script.s3().list_buckets().await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Unexpected,
            "{body}: {}",
            chain(&error)
        );
    }
    let script = Script::always(200, "{\"username\": 7").await;
    let store = script.store();
    let error = store.verify(&credentials(&store, None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
}

#[tokio::test]
async fn a_failure_without_a_body_goes_by_its_status() {
    for (status, kind) in [
        (400, ErrorKind::InvalidArgument),
        (501, ErrorKind::NotSupported),
        (307, ErrorKind::Unexpected),
        (413, ErrorKind::TooLarge),
        (507, ErrorKind::OutOfSpace),
    ] {
        let script = Script::always(status, "<html>gateway</html>").await;
        let put = script
            .s3()
            .put_object(
                &bucket(),
                &key("a"),
                Body::from_bytes("x"),
                PutOptions::default(),
            )
            .await;
        let error = put.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}: {}", chain(&error));
        assert_eq!(error.status(), Some(status));
    }
}

#[tokio::test]
async fn heads_fail_by_status_alone() {
    let missing = |what| ErrorKind::NotFound { what };
    for (status, of_bucket, of_object) in [
        (404, missing(Missing::Bucket), missing(Missing::Object)),
        (403, ErrorKind::Denied, ErrorKind::Denied),
        (302, missing(Missing::Bucket), missing(Missing::Object)),
    ] {
        let s3 = Script::always(status, "").await.s3();
        let error = s3.head_bucket(&bucket()).await.unwrap_err();
        assert_eq!(error.kind(), of_bucket, "{status}");
        let conditions = Conditions::default();
        let error = s3
            .head_object(&bucket(), &key("a"), None, &conditions)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), of_object, "{status}");
    }
}

#[tokio::test]
async fn conditions_and_ranges_have_kinds_of_their_own() {
    for (status, kind) in [
        (304, ErrorKind::NotModified),
        (412, ErrorKind::PreconditionFailed),
        (416, ErrorKind::RangeNotSatisfiable),
    ] {
        let script = Script::always(status, "").await;
        let options = GetOptions {
            range: Some("bytes=5-".to_owned()),
            if_none_match: Some("\"e\"".to_owned()),
            if_modified_since: Some("Thu, 23 Mar 2017 14:27:05 GMT".to_owned()),
            ..GetOptions::default()
        };
        let error = script
            .s3()
            .get_object(&bucket(), &key("a"), options)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        let asked = &script.asked()[0];
        assert_eq!(asked.header("range"), "bytes=5-");
        assert_eq!(asked.header("if-none-match"), "\"e\"");
        assert_eq!(
            asked.header("if-modified-since"),
            "Thu, 23 Mar 2017 14:27:05 GMT"
        );
    }
}

#[tokio::test]
async fn a_200_with_an_error_inside_completes_nothing() {
    for (code, kind) in [
        ("EntityTooSmall", ErrorKind::EntityTooSmall),
        ("InvalidPart", ErrorKind::InvalidPart),
        ("InvalidPartOrder", ErrorKind::InvalidPart),
        ("PreconditionFailed", ErrorKind::PreconditionFailed),
    ] {
        let script = Script::new(move |_, _| async move { reply(200, refusal(code)) }).await;
        let parts = [CompletedPart {
            part_number: PartNumber::new(1).unwrap(),
            etag: "\"e\"".to_owned(),
            checksum_crc32c: None,
        }];
        let upload = UploadId::parse("94837746087105").unwrap();
        let error = script
            .s3()
            .complete_upload(&bucket(), &key("a"), &upload, &parts)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.store_request_id(), Some("r-17"));
        assert_eq!(
            error.to_string(),
            format!("object 'a': The store says {code}.")
        );
    }
}

#[tokio::test]
async fn a_missing_bucket_is_named_with_the_stores_own_words() {
    let body = "<Error><Code>NoSuchBucket</Code>\
                <Message>The specified bucket does not exist</Message></Error>";
    let s3 = Script::always(404, body).await.s3();
    let error = s3
        .list_objects(&bucket(), &ListObjectsQuery::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NotFound {
            what: Missing::Bucket
        }
    );
    assert_eq!(
        error.to_string(),
        "bucket 'archive': The specified bucket does not exist"
    );
}

#[tokio::test]
async fn credentials_that_stopped_working_end_the_session_on_any_call() {
    let script = Script::new(|_, _| async { reply(403, refusal("InvalidAccessKeyId")) }).await;
    let error = script.s3().delete_bucket(&bucket()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
}
