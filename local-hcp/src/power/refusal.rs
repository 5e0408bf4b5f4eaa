//! A disk that refuses: the client is told what it is, nothing half is kept, the rest is served.

use std::{io::ErrorKind, sync::Arc};

use aws_sdk_s3::{
    error::{ProvideErrorMetadata as _, SdkError},
    primitives::ByteStream,
};
use tempfile::TempDir;

use super::{
    client::client,
    disk::FrailDisk,
    script::{BUCKET, USER, content, open_store, read, template},
};
use crate::files::Layout;

#[tokio::test]
async fn a_disk_that_refuses_to_write_is_told_and_the_rest_is_served() {
    let folder = TempDir::new().unwrap();
    template(folder.path()).await;
    let disk = FrailDisk::new(folder.path(), usize::MAX, None);
    let layout = Layout::on(Arc::new(disk.clone()), folder.path());
    let hcp = open_store(layout).unwrap();
    let s3 = client(hcp.s3_router(), USER, USER);
    let put = async |key: &str, size| {
        let body = ByteStream::from(content(size));
        s3.put_object()
            .bucket(BUCKET)
            .key(key)
            .body(body)
            .send()
            .await
    };
    put("before", 20_000).await.unwrap();
    for (failure, status, words) in [
        (ErrorKind::ReadOnlyFilesystem, 503, "the store is read-only"),
        (ErrorKind::PermissionDenied, 503, "the store is read-only"),
        (ErrorKind::StorageFull, 507, "the store has no free space"),
        (ErrorKind::Other, 500, "internal error"),
    ] {
        disk.refuse(failure);
        for size in [20_000, 1_500_000] {
            let refused = put("meanwhile", size).await.unwrap_err();
            let SdkError::ServiceError(answer) = &refused else {
                panic!("{refused:?}");
            };
            assert_eq!(answer.raw().status().as_u16(), status);
            let message = refused.message().unwrap_or_default();
            assert!(message.contains(words), "{message}");
        }
        assert_eq!(read(&s3, "before").await, Ok(Some(content(20_000))));
        assert_eq!(read(&s3, "meanwhile").await, Ok(None));
        // Small objects need no file.
        put("small", 10).await.unwrap();
        disk.go_on(1_000);
    }
    put("after", 20_000).await.unwrap();
    assert_eq!(read(&s3, "after").await, Ok(Some(content(20_000))));
    assert_eq!(disk.stored(), 2);
}
