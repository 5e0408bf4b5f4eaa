use std::fs;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use s3s::StdError;
use tempfile::TempDir;

use super::*;

const BLOCK: usize = 1024 * 1024;

fn layout() -> (TempDir, Layout) {
    let folder = TempDir::new().unwrap();
    let layout = Layout::new(folder.path());
    for path in [layout.blobs(), layout.tmp()] {
        fs::create_dir(path).unwrap();
    }
    (folder, layout)
}

fn blocks(count: usize) -> Vec<Result<Bytes, StdError>> {
    (0..count)
        .map(|_| Ok(Bytes::from(vec![7; BLOCK])))
        .collect()
}

fn left(layout: &Layout) -> usize {
    fs::read_dir(layout.tmp()).unwrap().count() + fs::read_dir(layout.blobs()).unwrap().count()
}

#[tokio::test]
async fn a_disk_that_fills_while_receiving_keeps_nothing() {
    let (_folder, layout) = layout();
    let body = stream::iter(blocks(3));
    let refused = receive(&layout, u64::MAX, body, Digests::default()).await;
    assert!(matches!(refused, Err(Failure::Store(Error::OutOfSpace))));
    assert_eq!(left(&layout), 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_nothing() {
    let (_folder, layout) = layout();
    let broken = stream::iter([Err::<Bytes, StdError>("connection reset".into())]);
    let body = stream::iter(blocks(2)).chain(broken);
    let refused = receive(&layout, 0, body, Digests::default()).await;
    assert!(matches!(refused, Err(Failure::Body(_))));
    // The block that was being written when the body broke off may still be on its way.
    while left(&layout) != 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_file_without_its_row_goes_and_with_it_stays() {
    let (_folder, layout) = layout();
    let store = async || {
        let body = stream::iter(blocks(1));
        let Ok(received) = receive(&layout, 0, body, Digests::default()).await else {
            panic!("it was not stored");
        };
        match received.content {
            Content::File(staged) => staged,
            Content::Inline(_) => panic!("too large for a row"),
        }
    };
    let staged = store().await;
    let path = layout.blob(staged.name());
    assert!(path.try_exists().unwrap());
    drop(staged);
    assert!(!path.try_exists().unwrap());

    let staged = store().await;
    let path = layout.blob(staged.name());
    staged.keep();
    assert!(path.try_exists().unwrap());
}
