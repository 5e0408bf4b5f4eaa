//! Resident memory while many clients read and write, each as fast as it can.

use std::sync::Arc;

use anyhow::{Result, ensure};
use http::Method;

use super::{Bench, MB, download, number, upload};
use crate::{
    body::{PIECE, Repeated},
    report::{Line, Report, Rounds, Wanted},
};

const CLIENTS: usize = 64;
const READ: u64 = 1024 * PIECE;
const WRITTEN: u64 = 256 * PIECE;
const MOST_MB: f64 = 150.0;

/// Each kind has a process of its own, of which the kernel knows the most that was ever resident;
/// a second run would tell the same, so there is one.
pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let needed = READ + CLIENTS as u64 * WRITTEN;
    let disk = rustix::fs::statvfs(&bench.folder)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    ensure!(
        free > needed + 2 * READ,
        "{} lacks the {} GB that this writes",
        bench.folder.display(),
        needed / 1_000_000_000
    );
    reading(bench, report).await?;
    writing(bench, report).await
}

async fn reading(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let body = Repeated::new(bench.piece.clone(), READ);
    ours.client
        .put(ours.object(&Method::PUT, "large")?, body)
        .await?;
    hako.stop().await?;
    // A new process: what storing took is not to be counted.
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let uri = ours.object(&Method::GET, "large")?;
    let uris = Arc::from(vec![uri]);
    let took = download(&ours.client, uris, CLIENTS, CLIENTS, READ).await?;
    let peak: Rounds = (number(hako.peak_memory()?) / MB).into();
    hako.stop().await?;
    let rate: Rounds = (number(CLIENTS as u64 * READ) / MB / took.as_secs_f64()).into();
    report.add(
        Line::new("memory, 64 clients read 1 GiB each", "MB", &peak).wanted(Wanted::Below(MOST_MB)),
    );
    report.add(Line::new("  rate of all", "MB/s", &rate));
    Ok(())
}

async fn writing(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let (hako, ours) = bench.hako(data.path(), None).await?;
    let keys: Vec<_> = (0..CLIENTS).map(|one| format!("object-{one}")).collect();
    let uris = ours.objects(&Method::PUT, &keys)?;
    let took = upload(&ours.client, uris, CLIENTS, &bench.piece, WRITTEN).await?;
    let peak: Rounds = (number(hako.peak_memory()?) / MB).into();
    hako.stop().await?;
    let rate: Rounds = (number(CLIENTS as u64 * WRITTEN) / MB / took.as_secs_f64()).into();
    report.add(
        Line::new("memory, 64 clients write 256 MiB each", "MB", &peak)
            .wanted(Wanted::Below(MOST_MB)),
    );
    report.add(Line::new("  rate of all", "MB/s", &rate));
    Ok(())
}
