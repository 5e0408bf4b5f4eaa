//! The REST API: what a page, a sign-in and presigned URLs cost, against the S3 endpoint of the same
//! program, its cheapest answer, and the SDK's own presigner.

use std::{future::Future, hint::black_box, sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use http::{Method, Uri};
use model::{multipart::UploadPlanRequest, unit};

use super::{Bench, milliseconds, number, upload};
use crate::{
    api::{Api, Signed},
    client::Client,
    crowd::crowd,
    endpoint::Endpoint,
    inside,
    report::{Line, Report, Rounds, Wanted},
    sdk::Presigner,
};

/// How many keys the page has, and the bucket.
const PAGE: usize = 1_000;
/// How many pages one round reads of each kind.
const PAGES: u64 = 20;
/// How often one round signs in.
const LOGINS: u64 = 20;
/// How many URLs one round signs, each by a request of its own, …
const PRESIGNS: usize = 2_000;
/// … so many in flight.
const IN_FLIGHT: usize = 8;
/// The most parts that an upload may have.
const PARTS: u32 = 10_000;
/// An object that is signed for and never stored.
const KEY: &str = "uploads/nothing.bin";

/// Who is compared.
struct Sides {
    ours: Arc<Api>,
    s3: Endpoint,
    peer: Option<Arc<Api>>,
}

/// The figures of one measurement.
struct Figures {
    ours: Rounds,
    limit: Rounds,
    peer: Rounds,
}

impl Sides {
    /// Measures in turns: ours, what limits it, the peer.
    async fn take_turns<O, L>(
        &self,
        bench: &Bench,
        of: impl Fn(Arc<Api>) -> O,
        limit: impl Fn() -> L,
    ) -> Result<Figures>
    where
        O: Future<Output = Result<f64>>,
        L: Future<Output = Result<f64>>,
    {
        let [mut by_us, mut by_limit, mut by_peer] = [const { Rounds::new() }; 3];
        for _ in 0..bench.rounds {
            by_us.push(of(Arc::clone(&self.ours)).await?);
            by_limit.push(limit().await?);
            if let Some(peer) = &self.peer {
                by_peer.push(of(Arc::clone(peer)).await?);
            }
        }
        Ok(Figures {
            ours: by_us,
            limit: by_limit,
            peer: by_peer,
        })
    }

    /// Tells the figures: against what limits ours, and against the peer.
    fn tell(&self, report: &mut Report, name: &str, unit: &'static str, limit: Limit, of: Figures) {
        let line = || Line::new(name, unit, &of.ours);
        let against = line().against(limit.name, &of.limit);
        report.add(match limit.wanted {
            Some(wanted) => against.wanted(wanted),
            None => against,
        });
        if let Some(peer) = &self.peer {
            report.add(line().against(&peer.name, &of.peer));
        }
    }
}

/// What ours is compared with, and what the ratio should be.
struct Limit {
    name: &'static str,
    wanted: Option<Wanted>,
}

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let (hako, s3) = bench.hako(data.path(), None).await?;
    let keys: Vec<_> = (0..PAGE).map(|n| format!("key-{n:04}")).collect();
    let uris = s3.objects(&Method::PUT, &keys)?;
    upload(&bench.client, uris, IN_FLIGHT, &bench.piece, 1).await?;
    let sides = Sides {
        ours: Arc::new(bench.our_api(&hako).await?),
        s3,
        peer: peer(bench, &keys).await?,
    };
    listing(bench, report, &sides).await?;
    login(bench, report, &sides).await?;
    presign(bench, report, &sides).await?;
    parts(bench, report, &sides).await?;
    hako.stop().await
}

/// The peer, with as many keys.
async fn peer(bench: &Bench, keys: &[String]) -> Result<Option<Arc<Api>>> {
    let Some(peer) = &bench.peer_api else {
        return Ok(None);
    };
    let (client, person) = (bench.client.clone(), peer.person.clone());
    let api = Api::sign_in(&peer.name, client, &peer.url, person, &peer.bucket).await?;
    api.fill(keys).await?;
    Ok(Some(Arc::new(api)))
}

/// The same page as JSON from the API and as XML from the store.
async fn listing(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let page = sides.s3.page("", false).await?;
    sides.s3.check_page(&page, "<Key>", PAGE)?;
    let uri = sides.s3.listing("", false)?;
    let limit = || documents(&bench.client, &uri, PAGES);
    let figures = sides.take_turns(bench, pages, limit).await?;
    let limit = Limit {
        name: "from the S3 port",
        wanted: None,
    };
    sides.tell(report, "API: page of 1000 keys", "ms", limit, figures);
    Ok(())
}

/// The time of a page, in ms.
async fn pages(api: Arc<Api>) -> Result<f64> {
    let mut took = 0.0;
    for _ in 0..PAGES {
        let began = Instant::now();
        let page = api.page().await?;
        took += milliseconds(began);
        api.check_page(&page, PAGE)?;
    }
    Ok(took / number(PAGES))
}

/// Signing in, which asks the store once, against asking the store.
async fn login(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let uri = sides.s3.buckets()?;
    let limit = || documents(&bench.client, &uri, LOGINS);
    let figures = sides.take_turns(bench, logins, limit).await?;
    let limit = Limit {
        name: "GET / at the S3 port",
        wanted: None,
    };
    sides.tell(report, "API: sign-in", "ms", limit, figures);
    Ok(())
}

/// The time of a sign-in, in ms.
async fn logins(api: Arc<Api>) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..LOGINS {
        api.login().await?;
    }
    Ok(milliseconds(began) / number(LOGINS))
}

/// URLs by a request each, against requests that do nothing.
async fn presign(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let figures = sides
        .take_turns(bench, presigns, || probes(Arc::clone(&sides.ours)))
        .await?;
    let limit = Limit {
        name: "GET /liveness",
        wanted: None,
    };
    sides.tell(
        report,
        "API: presign, 8 in flight",
        "requests/s",
        limit,
        figures,
    );
    Ok(())
}

/// The rate of presigning.
async fn presigns(api: Arc<Api>) -> Result<f64> {
    let took = crowd(IN_FLIGHT, PRESIGNS, move |one| {
        let api = Arc::clone(&api);
        async move { api.presign(&format!("folder/{one}")).await }
    })
    .await?;
    Ok(number(PRESIGNS as u64) / took.as_secs_f64())
}

/// The rate of the server's cheapest answer.
async fn probes(api: Arc<Api>) -> Result<f64> {
    let took = crowd(IN_FLIGHT, PRESIGNS, move |_one| {
        let api = Arc::clone(&api);
        async move { api.liveness().await }
    })
    .await?;
    Ok(number(PRESIGNS as u64) / took.as_secs_f64())
}

/// All parts of an upload by one request, against the SDK's presigner in a loop.
async fn parts(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let base = sides.s3.base();
    let presigner = Presigner::new(base, inside::account(), sides.s3.bucket(), KEY)?;
    let figures = sides
        .take_turns(bench, signed_parts, || sdk_parts(&presigner))
        .await?;
    let limit = Limit {
        name: "AWS SDK's presigner, one by one",
        wanted: Some(Wanted::AtLeast(3.0)),
    };
    sides.tell(
        report,
        "API: 10000 parts in one call",
        "URLs/s",
        limit,
        figures,
    );
    Ok(())
}

/// The rate of signing all parts of an upload in one call, which also begins the upload.
async fn signed_parts(api: Arc<Api>) -> Result<f64> {
    let plan = UploadPlanRequest {
        file_size: u64::from(PARTS) * 5 * unit::MB,
        part_size: Some(5 * unit::MB),
        ..UploadPlanRequest::default()
    };
    let began = Instant::now();
    let answer = api.presign_parts(KEY, &plan).await?;
    let took = began.elapsed();
    let signed: Signed = serde_json::from_slice(&answer)?;
    let found = signed.parts();
    api.abort(KEY, signed.upload_id).await?;
    ensure!(
        found == usize::try_from(PARTS)?,
        "{} signs {found} parts of {PARTS}",
        api.name
    );
    Ok(f64::from(PARTS) / took.as_secs_f64())
}

/// The rate of the SDK's presigner.
async fn sdk_parts(presigner: &Presigner) -> Result<f64> {
    let began = Instant::now();
    for part in 1..=i32::try_from(PARTS)? {
        black_box(presigner.part(part).await?);
    }
    Ok(f64::from(PARTS) / began.elapsed().as_secs_f64())
}

/// The time of a document, in ms: the mean of so many.
async fn documents(client: &Client, uri: &Uri, times: u64) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..times {
        black_box(client.text(uri.clone()).await?);
    }
    Ok(milliseconds(began) / number(times))
}
