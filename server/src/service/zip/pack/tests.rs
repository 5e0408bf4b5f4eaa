use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::{Stream, stream};
use tokio::sync::mpsc;

use super::{
    super::{
        ahead::{OBJECTS, SMALL},
        archive, archive_for_visitors, unreported,
    },
    *,
};

/// Objects that hold so many equal bytes; the second number is where reading breaks off, if it does.
type Objects = HashMap<&'static str, (u64, Option<u64>)>;

fn bytes(from: u64, to: u64) -> impl Iterator<Item = Result<Bytes, Error>> {
    let piece = 64 * 1024;
    (from..to).step_by(piece).map(move |at| {
        let length = (to - at).min(piece as u64);
        Ok(Bytes::from(vec![b'x'; usize::try_from(length).unwrap()]))
    })
}

/// A store that counts the bytes it gave; what breaks off does so as often as it is asked.
fn store(objects: Objects, given: Arc<AtomicU64>) -> Open {
    Arc::new(move |read| {
        let found = objects.get(read.key.as_str()).copied();
        let given = Arc::clone(&given);
        Box::pin(async move {
            let Some((size, breaks_at)) = found else {
                return Err(Error::NotFound);
            };
            let to = breaks_at.unwrap_or(size).max(read.from);
            let broken = breaks_at.map(|_| Err(Error::internal("cut")));
            let body = stream::iter(bytes(read.from, to).chain(broken)).inspect(move |piece| {
                let length = piece.as_ref().map_or(0, |bytes| bytes.len() as u64);
                given.fetch_add(length, Ordering::SeqCst);
            });
            Ok(Opened {
                size: size - read.from,
                content_type: Some("image/png".to_owned()),
                content_encoding: None,
                etag: Some("\"e\"".to_owned()),
                modified: None,
                body: body.boxed(),
            })
        })
    })
}

fn items(keys: &[&'static str]) -> Vec<Item> {
    let item = |key: &&str| Item {
        key: (*key).to_owned(),
        size: None,
        base: 0,
    };
    keys.iter().map(item).collect()
}

async fn packed(objects: Objects, keys: &[&'static str]) -> Result<Vec<u8>, Error> {
    let open = store(objects, Arc::default());
    let mut pieces = std::pin::pin!(archive(items(keys), open, unreported()));
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece?);
    }
    Ok(all)
}

#[tokio::test]
async fn small_and_large_objects_come_in_their_order_and_what_is_missing_is_listed() {
    let objects = HashMap::from([
        ("a", (10, None)),
        ("large", (SMALL * 2, None)),
        ("broken", (10, Some(3))),
        ("folder/", (0, None)),
        ("empty", (0, None)),
    ]);
    let keys = ["a", "large", "no such", "broken", "folder/", "empty"];
    let archive = packed(objects, &keys).await.unwrap();
    let mut archive = ::zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names, ["a", "large", "folder/", "empty", "_errors.txt"]);
    assert_eq!(archive.by_name("large").unwrap().size(), SMALL * 2);
    let mut listed = String::new();
    archive
        .by_name("_errors.txt")
        .unwrap()
        .read_to_string(&mut listed)
        .unwrap();
    assert_eq!(
        listed,
        "no such\tNot Found\nbroken\tInternal server error\n"
    );
}

async fn listed(archive: impl Stream<Item = Result<Bytes, Error>>) -> (Vec<String>, String) {
    let mut pieces = std::pin::pin!(archive);
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    let mut archive = ::zip::ZipArchive::new(Cursor::new(all)).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    let names = names.collect();
    let mut list = String::new();
    if let Ok(mut entry) = archive.by_name("_errors.txt") {
        entry.read_to_string(&mut list).unwrap();
    }
    (names, list)
}

#[tokio::test]
async fn a_folder_that_is_listed_without_an_object_is_a_folder_of_the_archive() {
    let open = store(HashMap::from([("in/a", (10, None))]), Arc::default());
    let of = |key: &str, size| Item {
        key: key.to_owned(),
        size: Some(size),
        base: 0,
    };
    let items = vec![of("in/", 0), of("in/a", 10)];
    let (names, list) = listed(archive(items, open, unreported())).await;
    assert_eq!(names, ["in/", "in/a"]);
    assert_eq!(list, "");
}

#[tokio::test]
async fn visitors_are_told_neither_keys_nor_reasons_of_what_is_missing() {
    let open = store(HashMap::from([("up/in/a", (10, None))]), Arc::default());
    let of = |key: &str| Item {
        key: key.to_owned(),
        size: Some(10),
        base: "up/in/".len(),
    };
    let items = vec![of("up/in/a"), of("up/in/gone")];
    let (names, list) = listed(archive_for_visitors(items, open)).await;
    assert_eq!(names, ["a", "_errors.txt"]);
    assert_eq!(list, "gone\tcannot be read\n");
}

#[tokio::test]
async fn a_large_object_that_breaks_off_for_good_breaks_the_archive() {
    let objects = HashMap::from([("large", (SMALL * 2, Some(SMALL)))]);
    assert!(packed(objects, &["large"]).await.is_err());
}

#[tokio::test]
async fn a_large_object_that_breaks_off_once_is_taken_up_again() {
    let whole = store(
        HashMap::from([("large", (SMALL * 2, None))]),
        Arc::default(),
    );
    let broken = store(
        HashMap::from([("large", (SMALL * 2, Some(SMALL)))]),
        Arc::default(),
    );
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let open: Open = Arc::new(move |read| {
        log.lock().unwrap().push((read.from, read.etag.clone()));
        if read.from == 0 {
            broken(read)
        } else {
            whole(read)
        }
    });
    let mut pieces = std::pin::pin!(archive(items(&["large"]), open, unreported()));
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    let mut archive = ::zip::ZipArchive::new(Cursor::new(all)).unwrap();
    let mut read = Vec::new();
    archive.by_index(0).unwrap().read_to_end(&mut read).unwrap();
    assert_eq!(read.len() as u64, SMALL * 2);
    // Once to look at it, once in its turn, and once for the rest of the same object.
    let rest = (SMALL, Some("\"e\"".to_owned()));
    assert_eq!(*asked.lock().unwrap(), [(0, None), (0, None), rest]);
}

/// Whoever takes nothing makes the packer stand still, with no more in memory than a few objects.
#[tokio::test]
async fn memory_is_bounded_by_the_number_of_objects_read_ahead() {
    let keys: Vec<&'static str> = (0..200)
        .map(|n| &*Box::leak(format!("{n:03}").into_boxed_str()))
        .collect();
    let objects: Objects = keys.iter().map(|key| (*key, (SMALL, None))).collect();
    let given = Arc::new(AtomicU64::new(0));
    let open = store(objects, Arc::clone(&given));
    let (sender, mut receiver) = mpsc::channel(1);
    let packing = tokio::spawn(pack(
        items(&keys),
        open,
        unreported(),
        Missing::ByKey,
        sender,
    ));
    let mut taken = 0;
    while let Some(piece) = receiver.recv().await {
        taken += piece.len() as u64;
        // What the store gave and nobody has taken is what there can be in memory: the objects ahead,
        // the one being packed, and the pieces on their way out.
        let in_flight = given.load(Ordering::SeqCst).saturating_sub(taken);
        assert!(
            in_flight <= SMALL * (OBJECTS as u64 + 1) + 4 * PIECE as u64,
            "{in_flight}"
        );
    }
    packing.await.unwrap().unwrap();
    assert!(taken > 200 * SMALL);
}

#[tokio::test]
async fn nothing_is_read_for_somebody_who_has_gone() {
    let keys: Vec<&'static str> = (0..200)
        .map(|n| &*Box::leak(format!("{n:03}").into_boxed_str()))
        .collect();
    let objects: Objects = keys.iter().map(|key| (*key, (SMALL, None))).collect();
    let given = Arc::new(AtomicU64::new(0));
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let open = store(objects, Arc::clone(&given));
    Box::pin(pack(
        items(&keys),
        open,
        unreported(),
        Missing::ByKey,
        sender,
    ))
    .await
    .unwrap();
    assert!(given.load(Ordering::SeqCst) <= SMALL * (OBJECTS as u64 + 1));
}
