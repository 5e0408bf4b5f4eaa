//! Listings: pages of 1,000 out of few keys and out of many, and folders over many.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::Result;
use bytes::Bytes;
use http::Method;

use super::{Bench, number, upload};
use crate::{
    endpoint::Endpoint,
    hako::Hako,
    inside::Inside,
    report::{Line, Report, Rounds, Wanted},
};

const FEW: u64 = 10_000;
const PAGE: u64 = 1_000;
/// How many pages one round reads of each kind, from places all over the keys.
const PAGES: u64 = 20;
const FEW_KEYS: &str = "few-keys";
const MANY_KEYS: &str = "many-keys";
/// How many objects are put in flight to fill a store.
const FILLERS: usize = 256;

/// The name of the nth key: folders of 1,000.
fn key(n: usize) -> String {
    format!("folder-{:05}/key-{:03}", n / 1_000, n % 1_000)
}

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let kept = bench.folder.join(format!("list-{}", bench.keys));
    let temporary = bench.data()?;
    let data: PathBuf = if bench.keep {
        kept
    } else {
        temporary.path().to_owned()
    };
    fill(bench, report, &data).await?;

    let hako = Hako::start(&bench.hako, &bench.site, &data, None).await?;
    let few = bench.ours(&hako).in_bucket(FEW_KEYS);
    let many = bench.ours(&hako).in_bucket(MANY_KEYS);
    let [mut of_few, mut of_many, mut of_folders, mut of_peer] = [const { Rounds::new() }; 4];
    if let Some(peer) = &bench.peer {
        fill_peer(bench, peer).await?;
    }
    let folders = usize::try_from(bench.keys.div_ceil(PAGE).min(PAGE))?;
    for _ in 0..bench.rounds {
        of_few.push(pages(&few, FEW).await?);
        of_many.push(pages(&many, bench.keys).await?);
        of_folders.push(folder_pages(&many, folders).await?);
        if let Some(peer) = &bench.peer {
            of_peer.push(pages(peer, FEW).await?);
        }
    }
    hako.stop().await?;
    let total = bench.keys;
    report.add(
        Line::new(format!("page of 1000 out of {total} keys"), "ms", &of_many)
            .against("out of 10000 keys", &of_few)
            .wanted(Wanted::AtMost(1.5)),
    );
    report.add(
        Line::new(
            format!("{folders} folders over {total} keys"),
            "ms",
            &of_folders,
        )
        .against("page of 1000 of the same keys", &of_many)
        .wanted(Wanted::Below(10.0)),
    );
    if let Some(peer) = &bench.peer {
        let line = Line::new("page of 1000 out of 10000 keys", "ms", &of_few);
        report.add(line.against(&peer.name, &of_peer));
    }
    Ok(())
}

/// Fills both buckets, unless an earlier run has.
async fn fill(bench: &Bench, report: &mut Report, data: &Path) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let inside = Arc::new(Inside::open(data, bench.now).await?);
    for (bucket, count) in [(FEW_KEYS, FEW), (MANY_KEYS, bench.keys)] {
        if inside.objects(bucket).await? == count {
            continue;
        }
        inside.make_bucket(bucket).await?;
        let byte = Bytes::from_static(b"x");
        let filled = inside
            .fill(bucket, usize::try_from(count)?, FILLERS, byte, key)
            .await?;
        report.note(format!(
            "{bucket} was filled with {count} keys in {:.0} s",
            filled.took.as_secs_f64()
        ));
    }
    inside.close().await;
    Ok(())
}

async fn fill_peer(bench: &Bench, peer: &Endpoint) -> Result<()> {
    let keys: Vec<_> = (0..usize::try_from(FEW)?).map(key).collect();
    let uris = peer.objects(&Method::PUT, &keys)?;
    upload(&peer.client, uris, 16, &bench.piece, 1).await?;
    Ok(())
}

/// The time of a page, in ms: the mean over places all over `keys` keys.
async fn pages(endpoint: &Endpoint, keys: u64) -> Result<f64> {
    let mut took = 0.0;
    for page in 0..PAGES {
        // Each place has a whole page behind it.
        let place = usize::try_from((keys - PAGE - 1) * page / (PAGES - 1))?;
        took += timed(endpoint, &key(place), false, "<Key>", 1_000).await?;
    }
    Ok(took / number(PAGES))
}

/// The time of a page of folders, in ms.
async fn folder_pages(endpoint: &Endpoint, folders: usize) -> Result<f64> {
    let mut took = 0.0;
    for _ in 0..PAGES {
        took += timed(endpoint, "", true, "<CommonPrefixes>", folders).await?;
    }
    Ok(took / number(PAGES))
}

async fn timed(
    endpoint: &Endpoint,
    after: &str,
    folders: bool,
    tag: &str,
    expected: usize,
) -> Result<f64> {
    let uri = endpoint.listing(after, folders)?;
    let began = Instant::now();
    let page = endpoint.client.text(uri).await?;
    let took = began.elapsed();
    endpoint.check_page(&page, tag, expected)?;
    Ok(took.as_secs_f64() * 1_000.0)
}
