//! The management API: lists and statistics, against the same straight from the management port of
//! the same program, and against another server with the same REST API.

use std::{future::Future, sync::Arc, time::Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::{
    HeaderValue, Request,
    header::{ACCEPT, AUTHORIZATION},
};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Bench, milliseconds, number};
use crate::{
    api::Api,
    body::Repeated,
    client::{Client, collect},
    crowd::crowd,
    inside::{self, Inside},
    report::{Line, Report, Rounds},
};

/// How many namespaces the tenant has.
const NAMESPACES: usize = 1_000;
/// How many users it has beside the first two.
const USERS: usize = 100;
/// How often one round asks for a list or for statistics.
const TIMES: u64 = 20;
/// How many accounts the server asks HCP for at once, when a list is asked for in full.
const IN_FLIGHT: usize = 6;

/// HCP's own management API, spoken to directly.
#[derive(Clone)]
struct Wire {
    client: Client,
    base: String,
    authorization: HeaderValue,
}

impl Wire {
    async fn get(&self, path: &str) -> Result<Bytes> {
        let request = Request::get(format!("{}/mapi{path}", self.base))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .body(Repeated::empty())?;
        collect(self.client.succeed(request).await?).await
    }
}

/// Who is compared.
struct Sides {
    ours: Arc<Api>,
    wire: Wire,
    peer: Option<(Arc<Api>, String)>,
}

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    Inside::open(data.path(), bench.now).await?.close().await;
    let hako = crate::hako::Hako::start(&bench.hako, &bench.site, data.path(), None).await?;
    let client = bench.client.clone();
    let ours = Api::sign_in(
        "hako",
        client.clone(),
        &hako.console,
        inside::manager(),
        inside::TENANT,
    )
    .await?;
    let mut authorization = HeaderValue::try_from(inside::manager_header())?;
    authorization.set_sensitive(true);
    let sides = Sides {
        ours: Arc::new(ours),
        wire: Wire {
            client,
            base: hako.management.clone(),
            authorization,
        },
        peer: peer(bench).await?,
    };
    fill(&sides.ours).await?;
    namespaces(bench, report, &sides).await?;
    users(bench, report, &sides).await?;
    statistics(bench, report, &sides).await?;
    hako.stop().await
}

/// The peer and its tenant, which is asked for what it has: nothing is made there.
async fn peer(bench: &Bench) -> Result<Option<(Arc<Api>, String)>> {
    let Some(peer) = &bench.peer_api else {
        return Ok(None);
    };
    let (tenant, _) = peer
        .person
        .username
        .split_once('/')
        .context("PEER_API_USERNAME names no tenant")?;
    let tenant = tenant.to_owned();
    let (client, person) = (bench.client.clone(), peer.person.clone());
    let api = Api::sign_in(&peer.name, client, &peer.url, person, &peer.bucket).await?;
    Ok(Some((Arc::new(api), tenant)))
}

fn base(tenant: &str) -> String {
    format!("/tenants/{tenant}")
}

/// Makes namespaces and users.
async fn fill(api: &Arc<Api>) -> Result<()> {
    // Who makes a namespace owns it, and may own a hundred where nothing is said.
    let enough = json!({"maxNamespacesPerUser": NAMESPACES});
    api.change(&base(inside::TENANT), &enough).await?;
    let made = Arc::clone(api);
    crowd(8, NAMESPACES, move |one| {
        let api = Arc::clone(&made);
        let body = json!({"name": format!("namespace-{one:04}"), "hardQuota": "1 GB"});
        async move {
            api.make(&format!("{}/namespaces", base(inside::TENANT)), &body)
                .await
        }
    })
    .await?;
    let made = Arc::clone(api);
    crowd(2, USERS, move |one| {
        let api = Arc::clone(&made);
        let name = format!("user-{one:03}");
        let body = json!({
            "username": name, "fullName": name, "localAuthentication": true, "enabled": true,
            "forcePasswordChange": false, "password": "Bench-2026-bench",
        });
        async move {
            api.make(&format!("{}/userAccounts", base(inside::TENANT)), &body)
                .await
        }
    })
    .await?;
    Ok(())
}

/// Takes turns: ours past the cache, ours by the cache, the wire, the peer.
async fn compare<W>(
    bench: &Bench,
    report: &mut Report,
    sides: &Sides,
    name: &str,
    below: &str,
    wire: impl Fn() -> W,
) -> Result<()>
where
    W: Future<Output = Result<f64>>,
{
    let [mut fresh, mut kept, mut straight, mut theirs] = [const { Rounds::new() }; 4];
    let path = format!("{}{below}", base(inside::TENANT));
    for _ in 0..bench.rounds {
        fresh.push(documents(&sides.ours, &path, true).await?);
        kept.push(documents(&sides.ours, &path, false).await?);
        straight.push(wire().await?);
        if let Some((peer, tenant)) = &sides.peer {
            let path = format!("{}{below}", base(tenant));
            theirs.push(documents(peer, &path, true).await?);
        }
    }
    let line = |rounds: &Rounds, how: &str| Line::new(format!("{name}{how}"), "ms", rounds);
    report.add(line(&fresh, "").against("from the management port", &straight));
    report.add(line(&kept, ", cached").against("from the management port", &straight));
    if let Some((peer, _)) = &sides.peer {
        report.add(line(&fresh, "").against(&peer.name, &theirs));
        report.add(line(&kept, ", cached").against(&peer.name, &theirs));
    }
    Ok(())
}

async fn namespaces(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let below = "/namespaces";
    let path = format!("{}{below}", base(inside::TENANT));
    let answer = sides.ours.managed(&path, true).await?;
    let names = names_in(&answer)?;
    ensure!(names == NAMESPACES, "the list has {names} namespaces");
    let name = "management: list of 1000 namespaces";
    compare(bench, report, sides, name, below, || {
        straight(&sides.wire, &path)
    })
    .await
}

async fn users(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let below = "/userAccounts?verbose=true";
    let answer = sides
        .ours
        .managed(&format!("{}{below}", base(inside::TENANT)), true)
        .await?;
    let users: Vec<IgnoredAny> = serde_json::from_slice(&answer)?;
    ensure!(
        users.len() == USERS + 2,
        "the list has {} users",
        users.len()
    );
    let name = "management: 102 users in full";
    compare(bench, report, sides, name, below, || each(&sides.wire)).await
}

async fn statistics(bench: &Bench, report: &mut Report, sides: &Sides) -> Result<()> {
    let below = "/statistics";
    let path = format!("{}{below}", base(inside::TENANT));
    let name = "management: statistics of a tenant";
    compare(bench, report, sides, name, below, || {
        straight(&sides.wire, &path)
    })
    .await
}

/// As much of a list as is looked at.
fn names_in(answer: &[u8]) -> Result<usize> {
    #[derive(serde::Deserialize)]
    struct Names {
        name: Vec<IgnoredAny>,
    }
    Ok(serde_json::from_slice::<Names>(answer)?.name.len())
}

/// The time of a document of the API, in ms.
async fn documents(api: &Api, path: &str, fresh: bool) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..TIMES {
        api.managed(path, fresh).await?;
    }
    Ok(milliseconds(began) / number(TIMES))
}

/// The time of a document of the wire, in ms.
async fn straight(wire: &Wire, path: &str) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..TIMES {
        wire.get(path).await?;
    }
    Ok(milliseconds(began) / number(TIMES))
}

/// The time of a list of users and of each of them, in ms: HCP tells no list in full.
async fn each(wire: &Wire) -> Result<f64> {
    let began = Instant::now();
    let accounts = format!("{}/userAccounts", base(inside::TENANT));
    for _ in 0..TIMES {
        wire.get(&accounts).await?;
        let (wire, accounts) = (wire.clone(), accounts.clone());
        crowd(IN_FLIGHT, USERS + 2, move |one| {
            let wire = wire.clone();
            let name = match one {
                USERS => "bench".to_owned(),
                n if n > USERS => "manager".to_owned(),
                n => format!("user-{n:03}"),
            };
            let path = format!("{accounts}/{name}?verbose=true");
            async move { wire.get(&path).await.map(drop) }
        })
        .await?;
    }
    Ok(milliseconds(began) / number(TIMES))
}
