//! Objects in the local HCP.

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use hcp::{Body, Conditions, ErrorKind, GetOptions, Missing, PutOptions};
use model::{BucketName, object::ListObjectsQuery};

use super::{on_both, put, read};
use crate::script::{bucket, chain, key};

#[tokio::test]
async fn odd_keys_come_back_as_they_went() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let mut names = vec![
            "a b+c%2F#?&=\"'<>.txt",
            "dots/../up",
            "./here",
            "é/😀/ü",
            "control\u{1}\r\n\u{7f}",
            "two//slashes",
            "acl",
        ];
        if !local.has_folders {
            names.push("trailing/");
        }
        for name in &names {
            let body = Body::from_bytes((*name).to_owned());
            s3.put_object(&bucket(), &key(name), body, PutOptions::default())
                .await
                .unwrap_or_else(|e| panic!("{name:?}: {}", chain(&e)));
        }
        let query = ListObjectsQuery::default();
        let page = s3.list_objects(&bucket(), &query).await.unwrap();
        let (folders, mut listed): (Vec<_>, Vec<_>) = page
            .objects
            .iter()
            .map(|object| object.key.as_str())
            .partition(|key| local.has_folders && key.ends_with('/'));
        listed.sort_unstable();
        names.sort_unstable();
        assert_eq!(listed, names);
        for name in &names {
            let text = read(&s3, &key(name), GetOptions::default()).await.unwrap();
            assert_eq!(text, name.as_bytes());
            let conditions = Conditions::default();
            let head = s3
                .head_object(&bucket(), &key(name), None, &conditions)
                .await
                .unwrap();
            assert_eq!(head.size, name.len() as u64);
        }
        // Folders last, the deepest first: only what is empty goes.
        let keys = names.iter().chain(folders.iter().rev());
        let keys: Vec<_> = keys.map(|&name| name.to_owned()).collect();
        let (deleted, errors) = s3.delete_objects(&bucket(), &keys).await.unwrap();
        assert_eq!((deleted.len(), errors.len()), (keys.len(), 0), "{errors:?}");
        let page = s3
            .list_objects(&bucket(), &ListObjectsQuery::default())
            .await
            .unwrap();
        assert_eq!(page.objects, []);
    })
    .await;
}

#[tokio::test]
async fn a_listing_goes_by_pages_and_folders() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        for name in ["a/1", "a/2", "b", "c/1", "d"] {
            put(&s3, name, "x").await;
        }
        let mut query = ListObjectsQuery {
            delimiter: Some("/".to_owned()),
            max_keys: Some(2),
            ..ListObjectsQuery::default()
        };
        let (mut keys, mut folders, mut pages) = (Vec::new(), Vec::new(), 0);
        loop {
            let page = s3.list_objects(&bucket(), &query).await.unwrap();
            pages += 1;
            keys.extend(page.objects.into_iter().map(|o| o.key));
            folders.extend(page.common_prefixes);
            assert_eq!(page.is_truncated, page.next_continuation_token.is_some());
            query.continuation_token = page.next_continuation_token;
            if query.continuation_token.is_none() {
                break;
            }
        }
        assert_eq!(
            (keys, folders, pages),
            (
                vec!["b".into(), "d".into()],
                vec!["a/".into(), "c/".into()],
                2
            )
        );
    })
    .await;
}

#[tokio::test]
async fn parts_of_an_object_are_read_on_condition() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        put(&s3, "a", "0123456789").await;
        let ranged = |range: &str| GetOptions {
            range: Some(range.to_owned()),
            ..GetOptions::default()
        };
        let object = s3
            .get_object(&bucket(), &key("a"), ranged("bytes=2-4"))
            .await
            .unwrap();
        assert_eq!(object.content_range.as_deref(), Some("bytes 2-4/10"));
        assert_eq!(object.head.size, 3);
        let etag = object.head.etag.clone().unwrap();
        assert_eq!(
            read(&s3, &key("a"), ranged("bytes=-2")).await.unwrap(),
            "89"
        );
        let error = read(&s3, &key("a"), ranged("bytes=10-")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RangeNotSatisfiable);
        let unchanged = GetOptions {
            if_none_match: Some(etag),
            ..GetOptions::default()
        };
        let error = read(&s3, &key("a"), unchanged).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotModified, "{}", chain(&error));
        let other = Conditions {
            if_match: Some("\"other\"".to_owned()),
            ..Conditions::default()
        };
        let error = s3
            .head_object(&bucket(), &key("a"), None, &other)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
        let error = read(&s3, &key("b"), GetOptions::default())
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound {
                what: Missing::Object
            }
        );
    })
    .await;
}

#[tokio::test]
async fn a_long_stream_arrives_and_can_be_copied() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let piece = Bytes::from((0..=255).cycle().take(100_000).collect::<Vec<u8>>());
        let pieces: Vec<_> = (0..200)
            .map(|_| Ok::<_, std::io::Error>(piece.clone()))
            .collect();
        let body = Body::from_stream(20_000_000, stream::iter(pieces));
        let options = PutOptions {
            content_type: Some("video/mp4".to_owned()),
            ..PutOptions::default()
        };
        let stored = s3
            .put_object(&bucket(), &key("a b"), body, options)
            .await
            .unwrap();
        let copy = s3
            .copy_object(&bucket(), &key("a b"), &bucket(), &key("c/é"))
            .await
            .unwrap();
        assert_eq!(copy.etag, stored.etag);
        let mut object = s3
            .get_object(&bucket(), &key("c/é"), GetOptions::default())
            .await
            .unwrap();
        assert_eq!(object.head.content_type.as_deref(), Some("video/mp4"));
        let mut at = 0;
        while let Some(read) = object.body.next().await {
            for byte in read.unwrap() {
                assert_eq!(usize::from(byte), at % 100_000 % 256);
                at += 1;
            }
        }
        assert_eq!(at, 20_000_000);
        let nothing = s3
            .copy_object(&bucket(), &key("nothing"), &bucket(), &key("d"))
            .await;
        let error = nothing.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound {
                what: Missing::Object
            }
        );
    })
    .await;
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_a_stream_is_heard() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let nowhere = BucketName::parse("nowhere").unwrap();
        let piece = Bytes::from(vec![7; 1_000_000]);
        let pieces: Vec<_> = (0..20)
            .map(|_| Ok::<_, std::io::Error>(piece.clone()))
            .collect();
        let body = Body::from_stream(20_000_000, stream::iter(pieces));
        let put = s3
            .put_object(&nowhere, &key("a"), body, PutOptions::default())
            .await;
        let error = put.unwrap_err();
        let missing = ErrorKind::NotFound {
            what: Missing::Bucket,
        };
        assert_eq!(error.kind(), missing, "{}", chain(&error));
    })
    .await;
}

#[tokio::test]
async fn a_folder_is_made_and_found_and_deleted() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        put(&s3, "folder/", "").await;
        let conditions = Conditions::default();
        let head = s3
            .head_object(&bucket(), &key("folder/"), None, &conditions)
            .await;
        assert_eq!(head.unwrap().size, 0);
        let query = ListObjectsQuery {
            delimiter: Some("/".to_owned()),
            ..ListObjectsQuery::default()
        };
        let page = s3.list_objects(&bucket(), &query).await.unwrap();
        assert_eq!(page.common_prefixes, ["folder/"]);
        let gone = s3.delete_object(&bucket(), &key("folder/"), None).await;
        gone.unwrap();
        s3.delete_bucket(&bucket()).await.unwrap();
    })
    .await;
}
