//! Large objects: 64 MiB each, 8 in flight.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use http::{Method, Uri};
use tokio::task::spawn_blocking;

use super::{Bench, MB, download, number, upload};
use crate::{
    body::PIECE,
    endpoint::Endpoint,
    plain::{program, server::Server},
    report::{Line, Report, Rounds, Wanted},
};

const OBJECT: u64 = 64 * PIECE;
const IN_FLIGHT: usize = 8;
/// How often each object is read per round: reading is quicker than writing.
const READS: usize = 4;
/// How long a store may take to remove deleted objects' files.
const PATIENCE: Duration = Duration::from_mins(1);

/// Storing, against a plain program, a plain server and the peer.
pub(super) async fn put(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let plain = bench.data()?;
    let server = Server::start(plain.path()).await?;
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let [mut by_us, mut by_program, mut by_server, mut by_peer] = [const { Rounds::new() }; 4];
    for round in 0..bench.rounds {
        let keys = keys(round);
        settle(data.path(), OBJECT).await?;
        by_us.push(store(bench, &ours, &keys).await?);
        settle(data.path(), OBJECT).await?;
        let (folder, names, piece) = (plain.path().to_owned(), keys.clone(), bench.piece.clone());
        let took =
            spawn_blocking(move || program::write(&folder, &names, &piece, OBJECT)).await??;
        by_program.push(rate(took, IN_FLIGHT));
        settle(plain.path(), OBJECT).await?;
        let uris = plain_uris(&server, keys.iter().map(String::as_str))?;
        by_server.push(send(bench, uris).await?);
        for key in &keys {
            fs::remove_file(plain.path().join(key))?;
        }
        settle(plain.path(), OBJECT).await?;
        if let Some(peer) = &bench.peer {
            by_peer.push(store(bench, peer, &keys).await?);
        }
    }
    hako.stop().await?;
    let line = || Line::new("PUT 64 MiB, 8 in flight", "MB/s", &by_us);
    report.add(
        line()
            .against("plain program, 8 threads", &by_program)
            .wanted(Wanted::AtLeast(0.7)),
    );
    report.add(line().against("plain hyper server", &by_server));
    if let Some(peer) = &bench.peer {
        report.add(line().against(&peer.name, &by_peer));
    }
    Ok(())
}

/// Reading, against a plain server on the very files of the store, and the peer.
pub(super) async fn get(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let keys = keys(0);
    send(bench, ours.objects(&Method::PUT, &keys)?).await?;
    let files = files_of(data.path(), OBJECT)?;
    ensure!(
        files.len() == keys.len(),
        "the store keeps {} objects in {} files of their size",
        keys.len(),
        files.len()
    );
    let server = Server::start(data.path()).await?;
    let names = files
        .iter()
        .filter_map(|file| file.strip_prefix(data.path()).ok()?.to_str());
    let from_server = plain_uris(&server, names)?;
    let from_us = ours.objects(&Method::GET, &keys)?;
    let from_peer = match &bench.peer {
        Some(peer) => {
            send(bench, peer.objects(&Method::PUT, &keys)?).await?;
            Some(peer.objects(&Method::GET, &keys)?)
        }
        None => None,
    };
    let [mut by_us, mut by_server, mut by_peer] = [const { Rounds::new() }; 3];
    for _ in 0..bench.rounds {
        by_us.push(fetch(bench, &from_us).await?);
        by_server.push(fetch(bench, &from_server).await?);
        if let Some(uris) = &from_peer {
            by_peer.push(fetch(bench, uris).await?);
        }
    }
    hako.stop().await?;
    let line = || Line::new("GET 64 MiB, 8 in flight", "MB/s", &by_us);
    report.add(
        line()
            .against("plain hyper server, same files", &by_server)
            .wanted(Wanted::AtLeast(0.7)),
    );
    if let Some(peer) = &bench.peer {
        peer.delete(&keys).await?;
        report.add(line().against(&peer.name, &by_peer));
    }
    Ok(())
}

fn keys(round: u32) -> Vec<String> {
    let name = |one| format!("round-{round}-object-{one}");
    (0..IN_FLIGHT).map(name).collect()
}

fn rate(took: Duration, objects: usize) -> f64 {
    number(OBJECT * objects as u64) / MB / took.as_secs_f64()
}

/// The rate of storing objects, which are then deleted.
async fn store(bench: &Bench, endpoint: &Endpoint, keys: &[String]) -> Result<f64> {
    let uris = endpoint.objects(&Method::PUT, keys)?;
    let rate = send(bench, uris).await?;
    endpoint.delete(keys).await?;
    Ok(rate)
}

/// The rate of storing objects.
async fn send(bench: &Bench, uris: Arc<[Uri]>) -> Result<f64> {
    let count = uris.len();
    let took = upload(&bench.client, uris, IN_FLIGHT, &bench.piece, OBJECT).await?;
    Ok(rate(took, count))
}

/// The rate of reading objects.
async fn fetch(bench: &Bench, uris: &Arc<[Uri]>) -> Result<f64> {
    let all = Arc::clone(uris);
    let took = download(&bench.client, all, IN_FLIGHT, READS, OBJECT).await?;
    Ok(rate(took, uris.len() * READS))
}

fn plain_uris<'n>(server: &Server, names: impl Iterator<Item = &'n str>) -> Result<Arc<[Uri]>> {
    names
        .map(|name| Ok(format!("{}/{name}", server.base).parse()?))
        .collect()
}

/// Waits until objects of this length that were deleted are gone from a folder, and their blocks
/// from the disk's journal: nobody's turn is to pay for the one before.
pub(super) async fn settle(folder: &Path, length: u64) -> Result<()> {
    let folder = folder.to_owned();
    spawn_blocking(move || {
        let began = Instant::now();
        while !files_of(&folder, length)?.is_empty() {
            ensure!(
                began.elapsed() < PATIENCE,
                "deleted objects keep their files"
            );
            thread::sleep(Duration::from_millis(20));
        }
        rustix::fs::sync();
        Ok(())
    })
    .await?
}

/// The files of exactly this length below a folder, however the store names them.
fn files_of(folder: &Path, length: u64) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = match entry.metadata() {
            // Deleted meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            kind => kind?,
        };
        if kind.is_dir() {
            found.extend(files_of(&entry.path(), length)?);
        } else if kind.len() == length {
            found.push(entry.path());
        }
    }
    Ok(found)
}
