use std::io::Write as _;

use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

fn ranges(bytes: Vec<u8>) -> Ranges {
    let size = bytes.len() as u64;
    let bytes = Bytes::from(bytes);
    let fetch = move |start: u64, length: u64| {
        let end = (start + length).min(size);
        let place = |place: u64| usize::try_from(place).unwrap();
        Ok(bytes.slice(place(start.min(end))..place(end)))
    };
    Ranges::new(Box::new(fetch), size)
}

fn listed(bytes: &[u8], folder: &str) -> Result<Archive, Error> {
    list(
        ranges(bytes.to_vec()),
        bytes.len() as u64,
        folder.to_owned(),
    )
}

/// Unpacks an entry as it would be sent.
async fn read(bytes: &[u8], entry: u64) -> Result<Vec<u8>, Error> {
    let found =
        tokio::task::block_in_place(|| find(ranges(bytes.to_vec()), bytes.len() as u64, entry))?;
    let place = |place: u64| usize::try_from(place).unwrap();
    let packed = bytes[place(found.start)..place(found.end)].to_vec();
    let packed = io::Cursor::new(packed);
    let body: std::pin::Pin<Box<dyn AsyncRead + Send>> = if found.deflated {
        Box::pin(DeflateDecoder::new(packed))
    } else {
        Box::pin(packed)
    };
    let unpacked = Unpacked {
        name: found.name,
        size: found.size,
        etag: None,
        body,
        crc: found.crc,
    };
    let mut all = Vec::new();
    let mut pieces = std::pin::pin!(unpacked.pieces());
    while let Some(piece) = pieces.try_next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all)
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, content) in files {
        let method = if content.len() > 20 {
            zip::CompressionMethod::Deflated
        } else {
            zip::CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_and_files_are_told_and_read() {
    let long = b"again and again ".repeat(50);
    let archive = packed(&[("a.txt", b"one"), ("d/b.txt", &long), ("d/e/c.txt", b"")]);
    let root = listed(&archive, "").unwrap();
    assert_eq!((root.entries, root.folders), (3, vec!["d".to_owned()]));
    assert_eq!(root.files[0].name, "a.txt");
    assert!(!root.overlaps);
    let inner = listed(&archive, "d/").unwrap();
    assert_eq!(inner.folders, ["e"]);
    assert_eq!(
        (inner.files[0].entry, inner.files[0].size),
        (1, long.len() as u64)
    );
    assert!(inner.files[0].packed < inner.files[0].size);
    assert_eq!(read(&archive, 0).await.unwrap(), b"one");
    assert_eq!(read(&archive, 1).await.unwrap(), long);
    assert_eq!(read(&archive, 2).await.unwrap(), b"");
    assert!(read(&archive, 3).await.is_err());
}

#[test]
fn a_large_archive_is_listed_by_few_bytes() {
    let mut noise = vec![0; 3_000_000];
    rand::RngCore::fill_bytes(&mut rand::rng(), &mut noise);
    let archive = packed(&[("a", &noise), ("b", b"x")]);
    let told = listed(&archive, "").unwrap();
    assert_eq!(told.files.len(), 2);
    assert!(told.read * 50 < told.size, "{} of {}", told.read, told.size);
}

#[test]
fn names_that_hurt_stay_names() {
    let archive = packed(&[
        ("../../etc/passwd", b"a"),
        ("/abs", b"b"),
        ("w\\in.txt", b"c"),
        ("a//b", b"d"),
    ]);
    let root = listed(&archive, "").unwrap();
    assert_eq!(root.folders, ["..", "a", "w"]);
    assert_eq!(root.files[0].name, "abs");
    assert_eq!(listed(&archive, "../..").unwrap().folders, ["etc"]);
    assert_eq!(listed(&archive, "a").unwrap().files[0].name, "b");
    assert_eq!(name(b"\x81\xe1", false), "üß");
    assert_eq!(name("é".as_bytes(), false), "é");
    assert_eq!(PAGE_437.chars().count(), 128);
}

#[test]
fn many_entries_come_as_far_as_the_limit() {
    let names: Vec<String> = (0..limit::ENTRIES + 3).map(|at| format!("{at}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let told = listed(&packed(&files), "").unwrap();
    assert_eq!((told.files.len(), told.more), (limit::ENTRIES, 3));
}

/// Where the directory's record of the first entry is.
fn record(archive: &[u8]) -> usize {
    let at = archive.windows(4).position(|four| four == b"PK\x01\x02");
    at.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_unpacked_is_told_and_refused() {
    let archive = packed(&[("a", b"content")]);
    let at = record(&archive);
    let with = |place: usize, bytes: &[u8]| {
        let mut changed = archive.clone();
        changed[at + place..at + place + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let state = |archive: &[u8]| listed(archive, "").unwrap().files[0].state;
    assert_eq!(state(&with(8, &[1, 0])), EntryState::Encrypted);
    assert_eq!(state(&with(10, &[12, 0])), EntryState::Unsupported);
    // Sizes and checksums that lie.
    for (lie, why) in [
        (with(24, &3_u32.to_le_bytes()), "longer"),
        (with(24, &9_u32.to_le_bytes()), "shorter"),
        (with(16, &[0; 4]), "checksum"),
        (with(10, &[8, 0]), "damaged"),
        (with(42, &[1, 0, 0, 0]), "cannot be read"),
        (with(20, &[0xff, 0xff, 0, 0]), "outside"),
    ] {
        let failure = read(&lie, 0).await.unwrap_err().to_string();
        assert!(failure.contains(why), "{failure} – {why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_cut_where_it_says_that_it_ends() {
    let zeros = vec![0; 10_000_000];
    let mut archive = packed(&[("bomb", &zeros)]);
    let at = record(&archive) + 24;
    archive[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    let failure = read(&archive, 0).await.unwrap_err().to_string();
    assert!(failure.contains("longer"), "{failure}");
}

#[test]
fn entries_on_top_of_each_other_are_noticed() {
    let mut archive = packed(&[("a", &[7; 10]), ("b", &[8; 10])]);
    let second = record(&archive) + 46 + 1;
    archive[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(listed(&archive, "").unwrap().overlaps);
}

#[test]
fn a_directory_that_is_too_large_is_not_read() {
    let mut archive = vec![0; 40 * 1024 * 1024];
    let directory = 39_u32 * 1024 * 1024;
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0\xff\x7f\xff\x7f");
    archive.extend_from_slice(&directory.to_le_bytes());
    archive.extend_from_slice(&(1024_u32 * 1024).to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    let failure = listed(&archive, "").unwrap_err().to_string();
    assert!(failure.contains("more than 32 MB"), "{failure}");
}

#[test]
fn a_store_that_fails_is_what_is_told() {
    let fetch = |_, _| Err(Error::NotAuthenticated);
    let failure = list(Ranges::new(Box::new(fetch), 100), 100, String::new());
    assert!(matches!(failure, Err(Error::NotAuthenticated)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any archive in which some bytes are something else is told or refused, and never more than it says.
    #[test]
    fn broken_archives_are_told_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<proptest::sample::Index>(),
        cuts in any::<bool>(),
        at_end in any::<bool>(),
    ) {
        let mut archive = packed(&[("a.txt", b"one"), ("d/b", &[5; 300]), ("c", b"")]);
        let directory = record(&archive);
        for (place, byte) in changes {
            let place = if at_end {
                directory + place.index(archive.len() - directory)
            } else {
                place.index(archive.len())
            };
            archive[place] = byte;
        }
        if cuts {
            archive.truncate(cut.index(archive.len()));
        }
        if let Ok(told) = listed(&archive, "") {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
            for file in told.files {
                let bytes = runtime.block_on(runtime_read(archive.clone(), file.entry));
                if let Ok(bytes) = bytes {
                    prop_assert_eq!(bytes.len() as u64, file.size);
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_no_archive(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = listed(&bytes, "");
        let mut ended = bytes.clone();
        ended.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        ended.extend_from_slice(&bytes[..bytes.len().min(8)]);
        ended.extend_from_slice(&[0; 10]);
        let _ = listed(&ended, "");
    }
}

async fn runtime_read(archive: Vec<u8>, entry: u64) -> Result<Vec<u8>, Error> {
    let reading = tokio::spawn(async move { read(&archive, entry).await });
    reading.await.unwrap()
}
