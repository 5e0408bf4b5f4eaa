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
    let full = Limits {
        reserve: u64::MAX,
        ..Limits::default()
    };
    let refused = receive(&layout, full, body, Digests::default()).await;
    assert!(matches!(refused, Err(Failure::Store(Error::OutOfSpace))));
    assert_eq!(left(&layout), 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_nothing() {
    let (_folder, layout) = layout();
    let broken = stream::iter([Err::<Bytes, StdError>("connection reset".into())]);
    let body = stream::iter(blocks(2)).chain(broken);
    let refused = receive(&layout, Limits::default(), body, Digests::default()).await;
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
        let Ok(received) = receive(&layout, Limits::default(), body, Digests::default()).await
        else {
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

#[tokio::test]
async fn what_is_short_enough_becomes_no_file() {
    for (inline, size, files) in [(0, 0, 0), (0, 1, 1), (16, 16, 0), (16, 17, 1)] {
        let (_folder, layout) = layout();
        let body = stream::iter([Ok::<_, StdError>(Bytes::from(vec![7; size]))]);
        let limits = Limits {
            inline,
            ..Limits::default()
        };
        let received = receive(&layout, limits, body, Digests::default()).await;
        let Ok(received) = received else {
            panic!("{size} bytes were not stored");
        };
        assert_eq!(received.size, size as u64);
        let is_file = matches!(received.content, Content::File(_));
        assert_eq!(usize::from(is_file), files, "{size} of {inline}");
    }
}
