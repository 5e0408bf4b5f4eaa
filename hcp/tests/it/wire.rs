//! What exactly goes over the wire.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hcp::{Body, Conditions, ErrorKind, ObjectCopy, PutOptions};
use md5::{Digest as _, Md5};
use model::{UploadId, object::ListObjectsQuery};

use crate::script::{Asked, Script, bucket, key, refusal, reply};

const DELETED: &str = "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code>\
    <Message>held</Message></Error></DeleteResult>";

/// A store that insists on the header, as HCP does.
async fn demanding() -> Script {
    Script::new(|_, asked: Asked| async move {
        let body = asked.body.clone().unwrap_or_default();
        if asked.header("content-md5") == BASE64.encode(Md5::digest(&body)) {
            reply(200, DELETED)
        } else {
            reply(400, refusal("InvalidRequest"))
        }
    })
    .await
}

#[tokio::test]
async fn many_keys_go_with_the_md5_that_hcp_demands() {
    let script = demanding().await;
    let keys = ["a", "b", "c"].map(str::to_owned);
    let (deleted, errors) = script.s3().delete_objects(&bucket(), &keys).await.unwrap();
    assert_eq!(deleted, ["a"]);
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].key, "b");
    assert_eq!(errors[0].code.as_deref(), Some("AccessDenied"));
    assert_eq!(errors[1].key, "c", "the store said nothing of it");
    let asked = &script.asked()[0];
    let signed = asked.header("authorization");
    assert!(signed.contains("content-md5;"), "{signed}");
    let newer: Vec<_> = asked
        .headers
        .keys()
        .filter(|n| n.contains("checksum"))
        .collect();
    assert!(newer.is_empty(), "{newer:?}");
}

#[tokio::test]
async fn dots_in_a_key_reach_the_store_as_they_are() {
    let script = Script::always(204, "").await;
    let s3 = script.s3();
    for name in ["a/../b", "./a", "..", "a//b", "a b+c%2Fd?e#f", "å"] {
        s3.delete_object(&bucket(), &key(name), None).await.unwrap();
    }
    let targets: Vec<_> = script.asked().into_iter().map(|a| a.target).collect();
    let id = "?x-id=DeleteObject";
    let expected = [
        "a/../b",
        "./a",
        "..",
        "a//b",
        "a%20b%2Bc%252Fd%3Fe%23f",
        "%C3%A5",
    ]
    .map(|path| format!("/archive/{path}{id}"));
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn a_listing_asks_for_owners_and_leaves_out_what_is_empty() {
    let page = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
        <Name>archive</Name><Prefix>a/</Prefix><MaxKeys>2</MaxKeys><KeyCount>2</KeyCount>\
        <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <NextContinuationToken>t2</NextContinuationToken>\
        <Contents><Key>a/x+y%2B</Key><LastModified>2026-11-21T00:02:08.000Z</LastModified>\
        <ETag>&quot;e&quot;</ETag><Size>10</Size><StorageClass>STANDARD</StorageClass>\
        <Owner><ID>u1</ID></Owner></Contents>\
        <CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes></ListBucketResult>";
    let script = Script::always(200, page).await;
    let query = ListObjectsQuery {
        prefix: Some("a/".to_owned()),
        delimiter: Some(String::new()),
        max_keys: Some(2),
        ..ListObjectsQuery::default()
    };
    let page = script.s3().list_objects(&bucket(), &query).await.unwrap();
    assert_eq!(page.objects[0].key, "a/x y+");
    assert_eq!(page.objects[0].etag.as_deref(), Some("\"e\""));
    let stored = page.objects[0].last_modified.unwrap().to_string();
    assert_eq!(stored, "2026-11-21T00:02:08Z");
    let owner = page.objects[0].owner.as_ref().unwrap();
    assert_eq!(owner.id.as_deref(), Some("u1"));
    assert_eq!(page.common_prefixes, ["a/b/"]);
    assert!(page.is_truncated);
    assert_eq!(page.next_continuation_token.as_deref(), Some("t2"));
    let target = script.asked()[0].target.clone();
    assert!(target.contains("fetch-owner=true"), "{target}");
    assert!(target.contains("prefix=a%2F"), "{target}");
    assert!(!target.contains("delimiter"), "{target}");
}

#[tokio::test]
async fn a_copy_names_its_source_encoded_and_fails_by_its_destination() {
    let script = Script::new(|_, _| async { reply(200, refusal("InternalError")) }).await;
    let error = script
        .s3()
        .copy_object_as(&ObjectCopy::new(&bucket(), &key("a b/ü"), &bucket(), &key("c")).of_size(1))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StoreFailed);
    assert!(error.to_string().starts_with("object 'c': "));
    let source = script.asked()[0].header("x-amz-copy-source").to_owned();
    assert_eq!(source, "archive/a%20b/%C3%BC");
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_an_invalid_argument() {
    let script = Script::always(200, "").await;
    let options = PutOptions {
        content_type: Some("text/plain\r\nx-evil: 1".to_owned()),
        ..PutOptions::default()
    };
    let put = script
        .s3()
        .put_object(&bucket(), &key("a"), Body::empty(), options)
        .await;
    assert_eq!(put.unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn an_empty_object_has_length_zero() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(200, "");
        reply.headers_mut().insert("etag", "\"e\"".parse().unwrap());
        reply
    })
    .await;
    script
        .s3()
        .put_object(
            &bucket(),
            &key("folder/"),
            Body::empty(),
            PutOptions::default(),
        )
        .await
        .unwrap();
    let asked = &script.asked()[0];
    assert_eq!(asked.header("content-length"), "0");
    assert_eq!(asked.target, "/archive/folder/?x-id=PutObject");
}

#[tokio::test]
async fn a_proxys_page_is_no_answer_of_a_store() {
    let script = Script::always(200, "<html><body>Please sign in</body></html>").await;
    let s3 = script.s3();
    let unexpected = |error: hcp::Error| assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
    unexpected(s3.list_buckets().await.unwrap_err());
    let query = ListObjectsQuery::default();
    unexpected(s3.list_objects(&bucket(), &query).await.unwrap_err());
    let options = PutOptions::default();
    let body = Body::from_bytes("x");
    unexpected(
        s3.put_object(&bucket(), &key("a"), body, options)
            .await
            .unwrap_err(),
    );
    let (here, from, to) = (bucket(), key("a"), key("b"));
    let copy = ObjectCopy::new(&here, &from, &here, &to).of_size(1);
    let copied = s3.copy_object_as(&copy).await;
    unexpected(copied.unwrap_err());
    let upload = UploadId::parse("7").unwrap();
    unexpected(
        s3.create_upload(&bucket(), &key("a"), None)
            .await
            .unwrap_err(),
    );
    unexpected(
        s3.complete_upload(&bucket(), &key("a"), &upload, &[])
            .await
            .unwrap_err(),
    );
    let parts = s3
        .list_parts(&bucket(), &key("a"), &upload, None, None)
        .await;
    unexpected(parts.unwrap_err());
    let keys = ["a".to_owned()];
    unexpected(s3.delete_objects(&bucket(), &keys).await.unwrap_err());
}

#[tokio::test]
async fn a_look_at_an_object_tells_what_protects_it() {
    let script = Script::new(|_, _| async {
        [
            ("X-HCP-Retention", "1893456000"),
            ("X-HCP-RetentionHold", "false"),
            ("X-HCP-Something", "else"),
        ]
    })
    .await;
    let conditions = Conditions::default();
    let s3 = script.s3();
    let look = s3
        .head_object(&bucket(), &key("a"), None, &conditions)
        .await;
    let told: Vec<_> = look.unwrap().protection.into_iter().collect();
    assert_eq!(
        told,
        [
            ("x-hcp-retention", "1893456000".to_owned()),
            ("x-hcp-retentionhold", "false".to_owned()),
        ]
    );
}
