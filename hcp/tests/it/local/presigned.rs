//! Presigned URLs, used as a browser uses them, and forged.

use std::time::Duration;

use hcp::{Conditions, GetOptions};
use model::PartNumber;
use time::OffsetDateTime;

use super::{HOUR, call, exchange, on_both, presigner, put, read};
use crate::script::{bucket, key};

#[tokio::test]
async fn a_presigned_url_does_what_it_says_and_nothing_else() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let signer = presigner(&s3);
        for name in ["plain", "a b+c%2F#?&=\"'é😀", "x//y", "trailing/"] {
            let put = signer.put_object(&bucket(), &key(name), HOUR, None);
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
        let url = presigner(&s3).put_object(&bucket(), &key("a"), HOUR, Some("text/plain"));
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
