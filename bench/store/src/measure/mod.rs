//! The measurements.

mod api;
mod large;
mod list;
mod management;
mod memory;
mod search;
mod small;
mod stream;
mod zip;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::Uri;
use tempfile::TempDir;

use crate::{
    api::{Api, Person},
    body::Repeated,
    client::Client,
    counter::Counter,
    crowd::crowd,
    endpoint::Endpoint,
    hako::Hako,
    inside::{self, Inside},
    options::Measurement,
    report::Report,
};

/// Bytes per megabyte, in the table as on a disk's label.
const MB: f64 = 1_000_000.0;

/// The bucket of everything but the listings.
const BUCKET: &str = "bench";

/// What all measurements work with.
pub(crate) struct Bench {
    pub(crate) hako: PathBuf,
    pub(crate) site: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) keep: bool,
    pub(crate) keys: u64,
    pub(crate) rounds: u32,
    pub(crate) client: Client,
    pub(crate) peer: Option<Endpoint>,
    pub(crate) peer_api: Option<PeerApi>,
    pub(crate) now: SystemTime,
    pub(crate) piece: Bytes,
}

/// Another server with the same REST API. Its token may not live as long as a run: `api` signs in.
pub(crate) struct PeerApi {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) person: Person,
    pub(crate) bucket: String,
}

impl Bench {
    /// A folder for a store, removed in the end.
    fn data(&self) -> Result<TempDir> {
        Ok(tempfile::tempdir_in(&self.folder)?)
    }

    /// Makes the account and the bucket, unless the store has them, and starts the program.
    async fn hako(&self, data: &Path, counter: Option<&Counter>) -> Result<(Hako, Endpoint)> {
        let inside = Inside::open(data, self.now).await?;
        inside.make_bucket(BUCKET).await?;
        inside.close().await;
        let hako = Hako::start(&self.hako, &self.site, data, counter).await?;
        let ours = self.ours(&hako).in_bucket(BUCKET);
        Ok((hako, ours))
    }

    fn ours(&self, hako: &Hako) -> Endpoint {
        let account = inside::account();
        Endpoint::new("hako", self.client.clone(), &hako.s3, account, self.now)
    }

    /// A session at the program's REST API.
    async fn our_api(&self, hako: &Hako) -> Result<Api> {
        let (client, person) = (self.client.clone(), inside::person());
        Api::sign_in("hako", client, &hako.console, person, BUCKET).await
    }
}

impl Measurement {
    /// Measures, and adds the figures to the report.
    pub(crate) async fn run(self, bench: &Bench, report: &mut Report) -> Result<()> {
        match self {
            Self::Put => large::put(bench, report).await,
            Self::Get => large::get(bench, report).await,
            Self::Small => small::run(bench, report).await,
            Self::List => list::run(bench, report).await,
            Self::Memory => memory::run(bench, report).await,
            Self::Api => api::run(bench, report).await,
            Self::Stream => stream::run(bench, report).await,
            Self::Zip => zip::run(bench, report).await,
            Self::Management => management::run(bench, report).await,
            Self::Search => search::run(bench, report).await,
        }
    }
}

/// Stores objects of `length` bytes, `width` in flight; says how long all took.
async fn upload(
    client: &Client,
    uris: Arc<[Uri]>,
    width: usize,
    piece: &Bytes,
    length: u64,
) -> Result<Duration> {
    let (client, piece, count) = (client.clone(), piece.clone(), uris.len());
    crowd(width, count, move |one| {
        let (client, piece, uri) = (client.clone(), piece.clone(), uris.get(one).cloned());
        async move {
            let uri = uri.context("an object without a URL")?;
            client.put(uri, Repeated::new(piece, length)).await
        }
    })
    .await
}

/// Reads objects of `length` bytes, `width` at a time, each `times` times; says how long all took.
async fn download(
    client: &Client,
    uris: Arc<[Uri]>,
    width: usize,
    times: usize,
    length: u64,
) -> Result<Duration> {
    let (client, count) = (client.clone(), uris.len() * times);
    crowd(width, count, move |one| {
        let (client, uri) = (client.clone(), uris.get(one % uris.len()).cloned());
        async move {
            let uri = uri.context("an object without a URL")?;
            let read = client.drain(uri).await?;
            ensure!(read == length, "{read} bytes of {length} came back");
            Ok(())
        }
    })
    .await
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count or a length, far below 2^53"
)]
fn number(count: u64) -> f64 {
    count as f64
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}
