//! Metadata queries: a word, and the first 100 of what it finds in an order, out of few objects and out of many.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use http::{
    HeaderValue, Request,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST},
};
use serde_json::{Value, json};

use super::{Bench, milliseconds, number};
use crate::{
    body::Repeated,
    client::{Client, collect},
    hako::Hako,
    inside::{self, Inside},
    report::{Line, Report, Rounds, Wanted},
};

const FEW: u64 = 10_000;
const FEW_OBJECTS: &str = "few-objects";
const MANY_OBJECTS: &str = "many-objects";
/// How many objects of each bucket have the rare word, however many there are.
const RARE: usize = 500;
/// How many objects are put in flight to fill a store.
const FILLERS: usize = 256;
/// How often one round asks.
const TIMES: u64 = 20;

/// The nth key out of `count`: one in ten has a word more, and 500 of all another one.
fn key(n: usize, count: usize) -> String {
    let rare = if n.is_multiple_of(count / RARE) {
        "-rare"
    } else {
        ""
    };
    let common = if n % 10 == 1 { "-tenth" } else { "" };
    format!("folder-{:05}/object-{n}{rare}{common}.bin", n / 1_000)
}

/// HCP's own query API, spoken to directly.
struct Wire {
    client: Client,
    url: String,
    authorization: HeaderValue,
}

impl Wire {
    /// Asks for the first 100 by their size and then their time; says how long it took, in ms.
    async fn timed(&self, query: &str, expected: usize) -> Result<f64> {
        let body = json!({"object": {
            "query": query,
            "count": 100,
            "sort": "size+desc,changeTimeMilliseconds+desc",
            "objectProperties": "size,objectPath",
        }});
        let request = Request::post(&self.url)
            .header(HOST, format!("{}.localhost", inside::TENANT))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .body(Repeated::once(body.to_string()))?;
        let began = Instant::now();
        let answer = collect(self.client.succeed(request).await?).await?;
        let took = milliseconds(began);
        let answer: Value = serde_json::from_slice(&answer)?;
        let status = &answer["queryResult"]["status"];
        ensure!(
            status["totalResults"] == expected && status["results"] == 100,
            "{query}: {status}, not {expected}"
        );
        Ok(took)
    }

    /// The mean over a round.
    async fn round(&self, query: &str, expected: usize) -> Result<f64> {
        let mut took = 0.0;
        for _ in 0..TIMES {
            took += self.timed(query, expected).await?;
        }
        Ok(took / number(TIMES))
    }
}

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let many = usize::try_from(bench.keys)?;
    fill(bench, report, data.path()).await?;
    let hako = Hako::start(&bench.hako, &bench.site, data.path(), None).await?;
    let mut authorization = HeaderValue::try_from(inside::user_header())?;
    authorization.set_sensitive(true);
    let wire = Wire {
        client: bench.client.clone(),
        url: format!("{}/query", hako.s3),
        authorization,
    };
    let ask = |word: &str, bucket: &str| format!("+{word} +namespace:{bucket}.{}", inside::TENANT);
    let [mut rare_few, mut rare_many, mut common_few, mut common_many] =
        [const { Rounds::new() }; 4];
    for _ in 0..bench.rounds {
        rare_few.push(wire.round(&ask("rare", FEW_OBJECTS), RARE).await?);
        rare_many.push(wire.round(&ask("rare", MANY_OBJECTS), RARE).await?);
        let few = usize::try_from(FEW)?;
        common_few.push(wire.round(&ask("tenth", FEW_OBJECTS), few / 10).await?);
        common_many.push(wire.timed(&ask("tenth", MANY_OBJECTS), many / 10).await?);
    }
    hako.stop().await?;
    report.add(
        Line::new(
            format!("first 100 of {RARE} found by a word, sorted, out of {many} objects"),
            "ms",
            &rare_many,
        )
        .against("out of 10000 objects", &rare_few)
        .wanted(Wanted::Below(5.0)),
    );
    report.add(
        Line::new(
            format!("the same of a word in one of ten out of {many} objects"),
            "ms",
            &common_many,
        )
        .against("out of 10000 objects", &common_few),
    );
    Ok(())
}

async fn fill(bench: &Bench, report: &mut Report, data: &Path) -> Result<()> {
    let inside = Arc::new(Inside::open(data, bench.now).await?);
    for (bucket, count) in [(FEW_OBJECTS, FEW), (MANY_OBJECTS, bench.keys)] {
        inside.make_bucket(bucket).await?;
        let (byte, count) = (Bytes::from_static(b"x"), usize::try_from(count)?);
        let filled = inside
            .fill(bucket, count, FILLERS, byte, move |n| key(n, count))
            .await?;
        report.note(format!(
            "{bucket} was filled with {count} objects in {:.0} s",
            filled.took.as_secs_f64()
        ));
    }
    inside.close().await;
    Ok(())
}
