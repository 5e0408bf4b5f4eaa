//! An archive of many files, packed while it is sent: how soon it begins, what memory it takes.

use std::{
    future::Future,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use http::{Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::{
    pin, select,
    time::{MissedTickBehavior, interval},
};

use super::{BUCKET, Bench, MB, number};
use crate::{
    api::Api,
    body::PIECE,
    client::drain,
    hako::Hako,
    inside::Inside,
    report::{Line, Report, Rounds, Wanted},
};

const FILES: usize = 1_000;
const PREFIX: &str = "files/";
/// How many files are put in flight to fill the store.
const FILLERS: usize = 4;
/// How often resident memory is looked at.
const SAMPLE: Duration = Duration::from_millis(10);

/// One archive.
struct Archive {
    /// Until its first byte came, in ms.
    first_byte: f64,
    /// MB/s over all of it.
    rate: f64,
}

/// Each round has a process of its own: memory that an archive has taken is kept for the next.
pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    fill(bench, data.path()).await?;
    let [mut first_bytes, mut growth, mut rates] = [const { Rounds::new() }; 3];
    for _ in 0..bench.rounds {
        let hako = Hako::start(&bench.hako, &bench.site, data.path(), None).await?;
        let api = bench.our_api(&hako).await?;
        // What any answer takes is not the archive's.
        api.check_page(&api.page().await?, FILES)?;
        let before = hako.resident_memory()?;
        let (archive, most) = watched(&hako, archive(&api)).await?;
        hako.stop().await?;
        let Some(archive) = archive else {
            report.note("zip: not offered".to_owned());
            return Ok(());
        };
        first_bytes.push(archive.first_byte);
        growth.push(number(most.saturating_sub(before)) / MB);
        rates.push(archive.rate);
    }
    report.add(
        Line::new(
            "API: ZIP of 1000 files of 1 MiB, first byte",
            "ms",
            &first_bytes,
        )
        .wanted(Wanted::Below(100.0)),
    );
    report.add(Line::new("  growth of memory", "MB", &growth).wanted(Wanted::Below(32.0)));
    report.add(Line::new("  rate", "MB/s", &rates));
    Ok(())
}

/// Makes the files.
async fn fill(bench: &Bench, data: &Path) -> Result<()> {
    let inside = Arc::new(Inside::open(data, bench.now).await?);
    inside.make_bucket(BUCKET).await?;
    let key = |one| format!("{PREFIX}file-{one:04}.bin");
    inside
        .fill(BUCKET, FILES, FILLERS, bench.piece.clone(), key)
        .await?;
    inside.close().await;
    Ok(())
}

/// Reads an archive of all files; none where the server has no such route.
async fn archive(api: &Api) -> Result<Option<Archive>> {
    let request = api.archive(PREFIX)?;
    let began = Instant::now();
    let mut answer = api.client.exchange(request).await?;
    let status = answer.status();
    if not_offered(status) {
        return Ok(None);
    }
    ensure!(status.is_success(), "an archive is answered by {status}");
    let head = first_bytes(&mut answer).await?;
    let first_byte = began.elapsed();
    let length = head + drain(answer).await?;
    let took = began.elapsed();
    ensure!(
        length > FILES as u64 * PIECE,
        "an archive of {length} bytes does not hold all files"
    );
    Ok(Some(Archive {
        first_byte: first_byte.as_secs_f64() * 1_000.0,
        rate: number(length) / MB / took.as_secs_f64(),
    }))
}

/// Without the route, its path is an object's, and the request an upload of the wrong type.
fn not_offered(status: StatusCode) -> bool {
    [
        StatusCode::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    ]
    .contains(&status)
}

/// Waits for the first bytes, which must be those of a ZIP; says how many they are.
async fn first_bytes(answer: &mut Response<Incoming>) -> Result<u64> {
    loop {
        let frame = answer.frame().await.context("an archive is empty")?;
        let bytes = frame.context("an archive broke off")?.into_data();
        let bytes = bytes.unwrap_or_default();
        if !bytes.is_empty() {
            ensure!(bytes.starts_with(b"PK"), "an archive is no ZIP");
            return Ok(bytes.len() as u64);
        }
    }
}

/// Does something, and tells the most memory that the process had resident meanwhile, in bytes.
async fn watched<T>(hako: &Hako, work: impl Future<Output = Result<T>>) -> Result<(T, u64)> {
    let mut most = hako.resident_memory()?;
    let mut ticks = interval(SAMPLE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pin!(work);
    loop {
        select! {
            done = &mut work => return Ok((done?, most.max(hako.resident_memory()?))),
            _ = ticks.tick() => most = most.max(hako.resident_memory()?),
        }
    }
}
