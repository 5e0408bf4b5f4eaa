//! Multipart uploads to the local HCP.

use hcp::{Body, ErrorKind, GetOptions, Missing};
use model::{PartNumber, UploadId, multipart::CompletedPart};

use super::{HOUR, exchange, on_both, presigner, read};
use crate::script::{bucket, chain, key};

fn part(number: u32) -> PartNumber {
    PartNumber::new(number).unwrap()
}

fn completed(number: u32, etag: &str) -> CompletedPart {
    CompletedPart {
        part_number: part(number),
        etag: etag.to_owned(),
        checksum_crc32c: None,
    }
}

#[tokio::test]
async fn an_upload_in_parts_becomes_an_object() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let (bucket, key) = (bucket(), key("big file.bin"));
        let upload = s3
            .create_upload(&bucket, &key, Some("video/mp4"))
            .await
            .unwrap();
        let first = Body::from_bytes(vec![1; 5 * 1024 * 1024]);
        let first = s3
            .upload_part(&bucket, &key, &upload, part(1), first)
            .await
            .unwrap();
        let url = presigner(&s3).upload_part(&bucket, &key, &upload, part(2), HOUR, None);
        let (status, headers, text) = exchange("PUT", &url, "the end", None).await;
        assert_eq!(status, 200, "{text}");
        let second = headers["etag"].to_str().unwrap().to_owned();

        let page = s3
            .list_parts(&bucket, &key, &upload, Some(1), None)
            .await
            .unwrap();
        assert!(page.is_truncated);
        assert_eq!(page.parts[0].etag.as_ref(), Some(&first));
        let marker = page.next_part_number_marker;
        let page = s3
            .list_parts(&bucket, &key, &upload, None, marker)
            .await
            .unwrap();
        assert_eq!(page.parts.len(), 1);
        assert_eq!(page.parts[0].size, Some(7));

        let wrong = [completed(1, &first), completed(2, &first)];
        let error = s3
            .complete_upload(&bucket, &key, &upload, &wrong)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPart, "{}", chain(&error));
        let right = [completed(1, &first), completed(2, &second)];
        let stored = s3
            .complete_upload(&bucket, &key, &upload, &right)
            .await
            .unwrap();
        assert!(stored.etag.unwrap().ends_with("-2\""));
        let object = read(&s3, &key, GetOptions::default()).await.unwrap();
        assert_eq!(object.len(), 5 * 1024 * 1024 + 7);

        let gone = UploadId::parse("12345").unwrap();
        let missing = ErrorKind::NotFound {
            what: Missing::Upload,
        };
        let error = s3.abort_upload(&bucket, &key, &gone).await.unwrap_err();
        assert_eq!(error.kind(), missing);
        let upload = s3.create_upload(&bucket, &key, None).await.unwrap();
        s3.abort_upload(&bucket, &key, &upload).await.unwrap();
        let error = s3
            .list_parts(&bucket, &key, &upload, None, None)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), missing);
    })
    .await;
}
