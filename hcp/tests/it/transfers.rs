//! Bodies on their way, both directions.

use axum::body::Body as Reply;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use hcp::{Body, ErrorKind, GetOptions, ObjectBody, PutOptions};
use http_body_util::BodyExt;
use model::{PartNumber, UploadId, attributes::Attributes};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    time::sleep,
};

use crate::script::{LIMIT, Script, bucket, chain, config, credentials, key, reply};

/// Pieces that come at a pace: slow, but never as slow as the limit.
fn paced(pieces: usize) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + Send {
    stream::iter(0..pieces).then(|_| async {
        sleep(LIMIT / 4).await;
        Ok(Bytes::from_static(b"0123456789"))
    })
}

async fn whole(body: ObjectBody) -> Result<Bytes, hcp::Error> {
    Ok(BodyExt::collect(body).await?.to_bytes())
}

#[tokio::test]
async fn a_slow_download_that_moves_is_not_cut() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(200, Reply::from_stream(paced(8)));
        reply.headers_mut().insert("content-length", 80.into());
        reply
    })
    .await;
    let s3 = script.s3();
    let object = s3
        .get_object(&bucket(), &key("a"), GetOptions::default())
        .await
        .unwrap();
    assert_eq!(object.head.size, 80);
    assert_eq!(whole(object.body).await.unwrap().len(), 80);
}

#[tokio::test]
async fn a_download_that_stands_still_fails() {
    let script = Script::new(|_, _| async {
        let pieces = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"0123456789"))]);
        reply(200, Reply::from_stream(pieces.chain(stream::pending())))
    })
    .await;
    let s3 = script.s3();
    let object = s3
        .get_object(&bucket(), &key("a"), GetOptions::default())
        .await
        .unwrap();
    let error = whole(object.body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{}", chain(&error));
}

#[tokio::test]
async fn half_an_object_is_not_an_object() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234";
        socket.write_all(answer).await.unwrap();
    });
    let url = format!("http://{address}").parse().unwrap();
    let config = config(&url, model::session::Backend::Hcp, hcp::AuthType::Hcp);
    let store = hcp::Store::new(config).unwrap();
    let s3 = store.s3(&credentials(&store, Some("acme"))).unwrap();
    let object = s3
        .get_object(&bucket(), &key("a"), GetOptions::default())
        .await
        .unwrap();
    assert_eq!(object.head.size, 10);
    let error = whole(object.body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{}", chain(&error));
}

#[tokio::test]
async fn a_slow_upload_that_moves_is_not_cut() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(200, "");
        reply.headers_mut().insert("etag", "\"e\"".parse().unwrap());
        reply
    })
    .await;
    let upload = UploadId::parse("94837746087105").unwrap();
    let etag = script
        .s3()
        .upload_part(
            &bucket(),
            &key("a b"),
            &upload,
            PartNumber::new(7).unwrap(),
            Body::from_stream(80, paced(8)),
        )
        .await
        .unwrap();
    assert_eq!(etag, "\"e\"");
    let asked = &script.asked()[0];
    assert_eq!(asked.body.as_ref().unwrap().len(), 80);
    assert_eq!(asked.header("content-length"), "80");
    assert_eq!(asked.header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
    assert_eq!(
        asked.target,
        "/archive/a%20b?x-id=UploadPart&partNumber=7&uploadId=94837746087105"
    );
}

#[tokio::test]
async fn an_upload_that_stands_still_fails() {
    let script = Script::always(200, "").await;
    let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"0123456789"))]);
    let body = Body::from_stream(20, first.chain(stream::pending()));
    let put = script
        .s3()
        .put_object(&bucket(), &key("a"), body, PutOptions::default())
        .await;
    assert_eq!(put.unwrap_err().kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_source_that_fails_stores_nothing() {
    let wrong = [
        vec![Ok(Bytes::from_static(b"01234")), Err("the disk is gone")],
        vec![Ok(Bytes::from_static(b"01234"))],
        vec![Ok(Bytes::from_static(b"01234567890"))],
    ];
    for pieces in wrong {
        let script = Script::always(200, "").await;
        let body = Body::from_stream(10, stream::iter(pieces));
        let put = script
            .s3()
            .put_object(&bucket(), &key("a"), body, PutOptions::default())
            .await;
        let error = put.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SourceFailed, "{}", chain(&error));
        let whole: Vec<_> = script.asked().into_iter().filter_map(|a| a.body).collect();
        assert!(whole.is_empty(), "{whole:?}");
    }
}

#[tokio::test]
async fn large_bodies_in_memory_are_signed_and_arrive() {
    let script = Script::new(|_, asked: crate::script::Asked| async move {
        let length = asked.body.as_ref().map_or(0, Bytes::len);
        let mut reply = reply(200, "");
        let etag = format!("\"{length}\"").parse().unwrap();
        reply.headers_mut().insert("etag", etag);
        reply.headers_mut().insert("x-amz-version-id", 88.into());
        reply
    })
    .await;
    let options = PutOptions {
        content_type: Some("text/plain".to_owned()),
        attributes: Attributes {
            metadata: [("city".to_owned(), "Oslo".to_owned())].into(),
            ..Attributes::default()
        },
        ..PutOptions::default()
    };
    let body = Body::from_bytes(vec![7; 3_000_001]);
    let stored = script
        .s3()
        .put_object(&bucket(), &key("a"), body, options)
        .await
        .unwrap();
    assert_eq!(stored.etag.as_deref(), Some("\"3000001\""));
    assert_eq!(stored.version_id.as_deref(), Some("88"));
    let asked = &script.asked()[0];
    assert_eq!(asked.header("x-amz-content-sha256").len(), 64);
    assert_eq!(asked.header("content-type"), "text/plain");
    assert_eq!(asked.header("x-amz-meta-city"), "Oslo");
    assert_eq!(asked.header("content-encoding"), "");
    assert!(asked.headers.keys().all(|name| !name.contains("checksum")));
}

#[tokio::test]
async fn an_object_can_be_read_as_a_stream() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(206, "56789");
        let range = "bytes 5-9/10".parse().unwrap();
        reply.headers_mut().insert("content-range", range);
        let stored = "Thu, 23 Mar 2017 14:27:05 GMT".parse().unwrap();
        reply.headers_mut().insert("last-modified", stored);
        reply
            .headers_mut()
            .insert("x-amz-meta-city", "Oslo".parse().unwrap());
        reply
    })
    .await;
    let s3 = script.s3();
    let mut object = s3
        .get_object(&bucket(), &key("a"), GetOptions::default())
        .await
        .unwrap();
    assert_eq!(object.content_range.as_deref(), Some("bytes 5-9/10"));
    assert_eq!(object.head.size, 5);
    assert_eq!(object.head.metadata["city"], "Oslo");
    let stored = object.head.last_modified.unwrap().to_string();
    assert_eq!(stored, "2017-03-23T14:27:05Z");
    let mut read = Vec::new();
    while let Some(piece) = object.body.next().await {
        read.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(read, b"56789");
}
