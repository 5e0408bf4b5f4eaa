//! Small objects: 4 KiB each, 64 in flight.

use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use http::Method;

use super::{BUCKET, Bench, number, upload};
use crate::{
    counter::Counter,
    endpoint::Endpoint,
    inside::Inside,
    report::{Line, Report, Rounds, Wanted},
};

const OBJECT: u64 = 4 * 1024;
const IN_FLIGHT: usize = 64;
/// How many objects one round stores.
const OBJECTS: usize = 10_000;
/// As many on the peer, which may be a good deal slower.
const PEER_OBJECTS: usize = 2_000;

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    counted(bench, report).await?;
    in_process(bench, report).await?;

    let data = bench.data()?;
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let [mut by_us, mut by_peer] = [const { Rounds::new() }; 2];
    for round in 0..bench.rounds {
        by_us.push(store(bench, &ours, round, OBJECTS).await?);
        if let Some(peer) = &bench.peer {
            by_peer.push(store(bench, peer, round, PEER_OBJECTS).await?);
            peer.delete(&keys(round, PEER_OBJECTS)).await?;
        }
    }
    hako.stop().await?;
    let line = Line::new("PUT 4 KiB, 64 in flight", "objects/s", &by_us);
    report.add(match &bench.peer {
        Some(peer) => line.against(&peer.name, &by_peer),
        None => line,
    });
    Ok(())
}

/// How many objects are acknowledged per fsync, by the system calls of the program: from its start
/// to its end, opening and closing the store included.
async fn counted(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let Some(counter) = Counter::find(data.path().join("syncs")).await else {
        report.note("fsyncs were not counted: neither perf nor strace can be used".to_owned());
        return Ok(());
    };
    let (hako, ours) = bench.hako(data.path(), Some(&counter)).await?;
    let mut rates = Rounds::new();
    for round in 0..bench.rounds {
        rates.push(store(bench, &ours, round, OBJECTS).await?);
    }
    hako.stop().await?;
    let objects = u64::from(bench.rounds) * OBJECTS as u64;
    let per_sync: Rounds = (number(objects) / number(counter.count()?)).into();
    report.add(
        Line::new("PUT 4 KiB: acknowledged per fsync", "objects", &per_sync)
            .wanted(Wanted::AtLeast(20.0)),
    );
    let name = format!("  rate under {}, which counted", counter.name());
    report.add(Line::new(name, "objects/s", &rates));
    Ok(())
}

/// The same without a network: how many objects the store commits at once when the client costs
/// nothing.
async fn in_process(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let inside = Arc::new(Inside::open(data.path(), bench.now).await?);
    inside.make_bucket(BUCKET).await?;
    let bytes = Bytes::from(vec![7; usize::try_from(OBJECT)?]);
    let filled = inside
        .fill(BUCKET, OBJECTS, IN_FLIGHT, bytes, |one| format!("{one}"))
        .await?;
    inside.close().await;
    let counts = filled.counts;
    let per_transaction = number(counts.writes) / number(counts.transactions);
    report.add(Line::new(
        "PUT 4 KiB, in-process: per transaction",
        "objects",
        &per_transaction.into(),
    ));
    Ok(())
}

fn keys(round: u32, count: usize) -> Vec<String> {
    (0..count)
        .map(|one| format!("round-{round}/{one}"))
        .collect()
}

/// The rate of storing objects.
async fn store(bench: &Bench, endpoint: &Endpoint, round: u32, count: usize) -> Result<f64> {
    let uris = endpoint.objects(&Method::PUT, &keys(round, count))?;
    let took = upload(&endpoint.client, uris, IN_FLIGHT, &bench.piece, OBJECT).await?;
    Ok(number(count as u64) / took.as_secs_f64())
}
