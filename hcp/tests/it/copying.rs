//! Copies of objects that are too large for one call.

use axum::response::Response;
use hcp::{ErrorKind, ObjectCopy};
use model::unit::MB;

use crate::script::{Asked, Script, bucket, key, refusal, reply};

/// A store with one object of three mebibytes, whose parts cannot be copied.
fn broken(asked: &Asked) -> Response {
    let target = asked.target.as_str();
    match asked.method.as_str() {
        "HEAD" => Response::builder()
            .header("content-length", 3 * MB)
            .header("content-type", "text/x-log")
            .header("etag", "\"source\"")
            .header("x-amz-meta-colour", "blue")
            .body(axum::body::Body::empty())
            .unwrap(),
        "GET" if target.contains("tagging") => reply(
            200,
            "<Tagging><TagSet><Tag><Key>a b</Key><Value>c&amp;d</Value></Tag></TagSet></Tagging>",
        ),
        "POST" if target.contains("uploads") => reply(
            200,
            "<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>",
        ),
        "PUT" => reply(403, refusal("AccessDenied")),
        "DELETE" => reply(204, ""),
        _ => reply(500, ""),
    }
}

#[tokio::test]
async fn a_copy_in_parts_that_fails_leaves_no_upload() {
    let script = Script::new(|_, asked| async move { broken(&asked) }).await;
    let (here, from, to) = (bucket(), key("a b"), key("to"));
    let copy = ObjectCopy::new(&here, &from, &here, &to)
        .of_size(3 * MB)
        .in_parts(MB, MB);
    let error = script.s3().copy_object_as(&copy).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    let asked = script.asked();
    let begun = asked.iter().find(|a| a.method == "POST").unwrap();
    assert_eq!(begun.header("content-type"), "text/x-log");
    assert_eq!(begun.header("x-amz-meta-colour"), "blue");
    assert_eq!(begun.header("x-amz-tagging"), "a%20b=c%26d");
    let part = asked
        .iter()
        .find(|a| a.target.contains("partNumber=3"))
        .unwrap();
    assert_eq!(part.header("x-amz-copy-source"), "archive/a%20b");
    assert_eq!(
        part.header("x-amz-copy-source-range"),
        "bytes=2097152-3145727"
    );
    assert_eq!(part.header("x-amz-copy-source-if-match"), "\"source\"");
    let last = asked.last().unwrap();
    assert_eq!(last.method, "DELETE");
    assert!(last.target.contains("uploadId=u-1"), "{}", last.target);
}
