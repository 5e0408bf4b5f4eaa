//! One large object through the REST API, against the same straight from and to the S3 endpoint.

use std::{path::Path, time::Instant};

use anyhow::{Result, ensure};
use http::{Method, Request, Uri};

use super::{Bench, MB, large::settle, number};
use crate::{
    api::Api,
    body::{PIECE, Repeated},
    client::{Client, collect, drain},
    endpoint::Endpoint,
    report::{Line, Report, Rounds, Wanted},
};

const OBJECT: u64 = 1024 * PIECE;
const READ: &str = "read.bin";
const WRITTEN: &str = "written.bin";
const WANTED: Wanted = Wanted::AtLeast(0.8);
const AGAINST: &str = "straight, by a presigned URL";

pub(super) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.data()?;
    let (hako, s3) = bench.hako(data.path(), None).await?;
    let api = bench.our_api(&hako).await?;
    writing(bench, report, data.path(), &api, &s3).await?;
    reading(bench, report, &api, &s3).await?;
    hako.stop().await
}

async fn reading(bench: &Bench, report: &mut Report, api: &Api, s3: &Endpoint) -> Result<()> {
    let body = Repeated::new(bench.piece.clone(), OBJECT);
    s3.client.put(s3.object(&Method::PUT, READ)?, body).await?;
    let uri = s3.object(&Method::GET, READ)?;
    let [mut through, mut straight] = [const { Rounds::new() }; 2];
    for _ in 0..bench.rounds {
        through.push(read(&bench.client, api.get(READ)?).await?);
        straight.push(read(&bench.client, plain(Method::GET, &uri, Repeated::empty())?).await?);
    }
    report.add(
        Line::new("API: GET 1 GiB", "MB/s", &through)
            .against(AGAINST, &straight)
            .wanted(WANTED),
    );
    Ok(())
}

async fn writing(
    bench: &Bench,
    report: &mut Report,
    data: &Path,
    api: &Api,
    s3: &Endpoint,
) -> Result<()> {
    let body = || Repeated::new(bench.piece.clone(), OBJECT);
    let uri = s3.object(&Method::PUT, WRITTEN)?;
    let written = [WRITTEN.to_owned()];
    let [mut through, mut straight] = [const { Rounds::new() }; 2];
    for _ in 0..bench.rounds {
        settle(data, OBJECT).await?;
        through.push(write(&bench.client, api.put(WRITTEN, body())?).await?);
        s3.delete(&written).await?;
        settle(data, OBJECT).await?;
        straight.push(write(&bench.client, plain(Method::PUT, &uri, body())?).await?);
        s3.delete(&written).await?;
    }
    settle(data, OBJECT).await?;
    report.add(
        Line::new("API: PUT 1 GiB", "MB/s", &through)
            .against(AGAINST, &straight)
            .wanted(WANTED),
    );
    Ok(())
}

/// A request by a presigned URL.
fn plain(method: Method, uri: &Uri, body: Repeated) -> Result<Request<Repeated>> {
    let request = Request::builder().method(method).uri(uri.clone());
    Ok(request.body(body)?)
}

/// The rate of reading the object.
async fn read(client: &Client, request: Request<Repeated>) -> Result<f64> {
    let began = Instant::now();
    let length = drain(client.succeed(request).await?).await?;
    let took = began.elapsed();
    ensure!(length == OBJECT, "{length} bytes of {OBJECT} came back");
    Ok(number(OBJECT) / MB / took.as_secs_f64())
}

/// The rate of storing the object, until it is acknowledged.
async fn write(client: &Client, request: Request<Repeated>) -> Result<f64> {
    let began = Instant::now();
    collect(client.succeed(request).await?).await?;
    Ok(number(OBJECT) / MB / began.elapsed().as_secs_f64())
}
