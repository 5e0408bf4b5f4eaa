//! Presigned URLs, used as a browser uses them, and forged.

use std::time::Duration;

use hcp::{Conditions, Demands, ErrorKind, GetOptions, PutOptions};
use model::{ChecksumAlgorithm, PartChecksum, PartNumber, multipart::CompletedPart};
use time::OffsetDateTime;

use super::{HOUR, call, exchange, on_both, presigner, put, put_with, read};
use crate::script::{bucket, key};

#[tokio::test]
async fn a_presigned_url_does_what_it_says_and_nothing_else() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let signer = presigner(&s3);
        for name in ["plain", "a b+c%2F#?&=\"'é😀", "x//y", "trailing/"] {
            let put = signer.put_object(&bucket(), &key(name), HOUR, Demands::default());
            let (status, text) = call("PUT", &put, "hello", None).await;
            assert_eq!(status, 200, "{name}: {text}");
            let get = signer.get_object(&bucket(), &key(name), HOUR, Some("attachment"), None);
            let (status, headers, text) = exchange("GET", &get, "", None).await;
            if local.has_folders && name.ends_with('/') {
                assert_eq!(status, 404, "{name}");
                continue;
            }
            assert_eq!((status, text.as_str()), (200, "hello"), "{name}");
            assert_eq!(headers["content-disposition"], "attachment");
        }
        let get = signer.get_object(&bucket(), &key("plain"), HOUR, Some("attachment"), None);
        for (from, to) in [
            ("/plain?", "/trailing/?"),
            ("/archive/", "/archive2/"),
            ("attachment", "inline"),
            ("X-Amz-Expires=3600", "X-Amz-Expires=3601"),
            ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=host&x=1"),
        ] {
            assert!(get.contains(from), "{from}");
            let (status, text) = call("GET", &get.replace(from, to), "", None).await;
            assert_eq!(status, 403, "{from}: {text}");
        }
        let (rest, last) = get.split_at(get.len() - 1);
        let forged = format!("{rest}{}", if last == "0" { "1" } else { "0" });
        assert_eq!(call("GET", &forged, "", None).await.0, 403);
        assert_eq!(call("PUT", &get, "changed", None).await.0, 403);
        assert_eq!(call("DELETE", &get, "", None).await.0, 403);
        let unsigned = get.split('?').next().unwrap();
        assert_eq!(call("GET", unsigned, "", None).await.0, 403);
        let text = read(&s3, &key("plain"), GetOptions::default())
            .await
            .unwrap();
        assert_eq!(text, "hello");
    })
    .await;
}

#[tokio::test]
async fn a_presigned_part_fixes_number_and_upload() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let upload = s3.create_upload(&bucket(), &key("a"), None).await.unwrap();
        let url = presigner(&s3).upload_part(
            &bucket(),
            &key("a"),
            &upload,
            PartNumber::new(1).unwrap(),
            HOUR,
            None,
        );
        let id = upload.as_str();
        for (from, to) in [
            ("partNumber=1", "partNumber=2".to_owned()),
            (id, format!("{id}0")),
            ("/archive/a?", "/archive/b?".to_owned()),
        ] {
            assert!(url.contains(from), "{from}");
            let (status, text) = call("PUT", &url.replace(from, &to), "x", None).await;
            assert_eq!(status, 403, "{from}: {text}");
        }
        let page = s3
            .list_parts(&bucket(), &key("a"), &upload, None, None)
            .await
            .unwrap();
        assert_eq!(page.parts, []);
        assert_eq!(call("PUT", &url, "x", None).await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn a_signed_content_type_must_come_with_the_request() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let demands = Demands {
            content_type: Some("text/plain"),
            ..Demands::default()
        };
        let url = presigner(&s3).put_object(&bucket(), &key("a"), HOUR, demands);
        assert_eq!(call("PUT", &url, "x", Some("text/html")).await.0, 403);
        assert_eq!(call("PUT", &url, "x", Some("text/plain")).await.0, 200);
        let conditions = Conditions::default();
        let head = s3
            .head_object(&bucket(), &key("a"), None, &conditions)
            .await
            .unwrap();
        assert_eq!(head.content_type.as_deref(), Some("text/plain"));
    })
    .await;
}

const GOOD: &str = "123456789";
/// One byte of it was damaged.
const BAD: &str = "123456788";

/// The checksums of [`GOOD`].
fn checksums() -> [PartChecksum; 2] {
    let md5 = 0x25f9_e794_323b_4538_85f5_181f_1b62_4d0b_u128;
    [
        PartChecksum::crc32c(0xe306_9283),
        PartChecksum::md5(md5.to_be_bytes()),
    ]
}

#[tokio::test]
async fn a_damaged_part_is_refused_by_its_signed_checksum() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        for checksum in checksums() {
            let (header, value) = checksum.header();
            let options = PutOptions {
                checksum_algorithm: Some(checksum.algorithm()),
                ..PutOptions::default()
            };
            let (bucket, key) = (bucket(), key(header));
            let upload = s3.create_upload_with(&bucket, &key, options);
            let upload = upload.await.unwrap();
            let part = PartNumber::new(1).unwrap();
            let url =
                presigner(&s3).upload_part(&bucket, &key, &upload, part, HOUR, Some(&checksum));
            let damaged = put_with(&url, BAD, &[(header, value)]).await;
            assert_eq!(damaged.0, 400, "{damaged:?}");
            assert!(damaged.1.contains("<Code>BadDigest</Code>"), "{damaged:?}");
            // The URL is good for no other checksum, and not without one.
            let other = PartChecksum::crc32c(1);
            let other = [
                ("x-amz-checksum-crc32c", other.value()),
                ("content-md5", ""),
            ];
            for headers in [&[][..], &other] {
                assert_eq!(put_with(&url, BAD, headers).await.0, 403, "{headers:?}");
            }
            let list = || async {
                let page = s3.list_parts(&bucket, &key, &upload, None, None);
                page.await.unwrap().parts
            };
            assert_eq!(list().await, []);
            assert_eq!(put_with(&url, GOOD, &[(header, value)]).await.0, 200);
            let parts = list().await;
            assert_eq!(parts.len(), 1);
            let kept =
                (checksum.algorithm() == ChecksumAlgorithm::Crc32c).then(|| value.to_owned());
            assert_eq!(parts[0].checksum_crc32c, kept);
            let mut named = CompletedPart {
                part_number: part,
                etag: parts[0].etag.clone().unwrap(),
                checksum_crc32c: Some(other[0].1.to_owned()),
            };
            // The store compares what is said of a part at the end, too.
            let complete = async |named: &CompletedPart| {
                let named = std::slice::from_ref(named);
                s3.complete_upload(&bucket, &key, &upload, named).await
            };
            if kept.is_some() {
                let refused = complete(&named).await.unwrap_err();
                assert_eq!(refused.kind(), ErrorKind::InvalidPart);
            }
            named.checksum_crc32c = kept;
            complete(&named).await.unwrap();
            let text = read(&s3, &key, GetOptions::default()).await;
            assert_eq!(text.unwrap(), GOOD);
        }
    })
    .await;
}

#[tokio::test]
async fn a_damaged_object_is_refused_by_its_signed_checksum() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        for checksum in checksums() {
            let demands = Demands {
                content_type: Some("text/plain"),
                checksum: Some(&checksum),
                ..Demands::default()
            };
            let (header, value) = checksum.header();
            let url = presigner(&s3).put_object(&bucket(), &key(header), HOUR, demands);
            let headers = [("content-type", "text/plain"), (header, value)];
            let damaged = put_with(&url, BAD, &headers).await;
            assert_eq!(damaged.0, 400, "{damaged:?}");
            assert!(damaged.1.contains("<Code>BadDigest</Code>"), "{damaged:?}");
            let nothing = read(&s3, &key(header), GetOptions::default()).await;
            assert!(nothing.is_err());
            assert_eq!(put_with(&url, GOOD, &headers[..1]).await.0, 403);
            assert_eq!(put_with(&url, GOOD, &headers).await.0, 200);
        }
    })
    .await;
}

#[tokio::test]
async fn a_presigned_url_ends() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        put(&s3, "a", "x").await;
        let before = OffsetDateTime::now_utc() - Duration::from_mins(10);
        let signer = s3.presigner(None, before).unwrap();
        let ended = signer.get_object(&bucket(), &key("a"), Duration::from_mins(9), None, None);
        assert_eq!(call("GET", &ended, "", None).await.0, 403);
        let lives = signer.get_object(&bucket(), &key("a"), Duration::from_mins(15), None, None);
        assert_eq!(call("GET", &lives, "", None).await.0, 200);
    })
    .await;
}
