//! Copies in the local HCP.

use std::collections::BTreeMap;

use hcp::{Body, GetOptions, ObjectCopy, PutOptions};
use model::{
    attributes::Attributes, multipart::ListUploadsQuery, object::ListObjectsQuery, unit::MB,
};

use super::{on_both, read};
use crate::script::{bucket, key};

#[tokio::test]
async fn a_copy_in_parts_is_like_one_in_one_call() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let bytes: Vec<u8> = (0..=250).cycle().take(2_500_000).collect();
        let options = PutOptions {
            content_type: Some("video/mp4".to_owned()),
            cache_control: Some("max-age=60".to_owned()),
            attributes: Attributes {
                metadata: BTreeMap::from([("colour".to_owned(), "blue".to_owned())]),
                ..Attributes::default()
            },
            ..PutOptions::default()
        };
        let (here, from) = (bucket(), key("from ü"));
        s3.put_object(&here, &from, Body::from_bytes(bytes.clone()), options)
            .await
            .unwrap();
        for (to, copy_size) in [("unknown", None), ("known", Some(2_500_000))] {
            let to = key(to);
            let mut copy = ObjectCopy::new(&here, &from, &here, &to).in_parts(MB, MB);
            if let Some(size) = copy_size {
                copy = copy.of_size(size);
            }
            let stored = s3.copy_object_as(&copy).await.unwrap();
            assert!(stored.etag.unwrap().ends_with("-3\""));
            assert!(read(&s3, &to, GetOptions::default()).await.unwrap() == bytes);
            let object = s3
                .get_object(&here, &to, GetOptions::default())
                .await
                .unwrap();
            assert_eq!(object.head.content_type.as_deref(), Some("video/mp4"));
            assert_eq!(object.head.cache_control.as_deref(), Some("max-age=60"));
            assert_eq!(object.head.metadata["colour"], "blue");
        }
        let small = key("small");
        let copy = ObjectCopy::new(&here, &from, &here, &small).in_parts(4 * MB, MB);
        let stored = s3.copy_object_as(&copy).await.unwrap();
        assert!(!stored.etag.unwrap().contains('-'));
        let open = s3.list_uploads(&here, &ListUploadsQuery::default()).await;
        assert!(open.unwrap().uploads.is_empty());
        let list = s3.list_objects(&here, &ListObjectsQuery::default()).await;
        assert_eq!(list.unwrap().objects.len(), 4);
    })
    .await;
}
