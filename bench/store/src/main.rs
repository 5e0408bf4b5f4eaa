//! Measures the embedded store and the REST API: `hako serve` as a child process, driven over HTTP,
//! against plain programs on the same disk, its own S3 endpoint and, if they are named, another S3
//! store and another server with the same API.
//!
//! What is compared takes turns, round after round, so that the machine's mood hits both; medians
//! are compared. Nothing here passes or fails a build: times belong to the machine they were
//! measured on.

mod api;
mod body;
mod client;
mod counter;
mod crowd;
mod endpoint;
mod hako;
mod inside;
mod measure;
mod options;
mod parts;
mod plain;
mod report;
mod sdk;

use std::{fs, time::SystemTime};

use anyhow::{Context as _, Result, bail};
use clap::Parser as _;

use self::{
    api::Person,
    endpoint::{Account, Endpoint},
    measure::{Bench, PeerApi},
    options::Options,
    report::Report,
};

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(folder) = options.plain_server {
        return plain::server::run(&folder).await;
    }
    if let Some(file) = options.send_parts {
        return parts::send(&file).await;
    }
    let measurements = options.measurements();
    let now = SystemTime::now();
    let client = client::Client::new()?;
    let peer = match &options.peer_s3_url {
        Some(url) => {
            let account = Account {
                access_key: options.peer_s3_access_key.clone(),
                secret_key: options.peer_s3_secret_key.clone(),
                region: options.peer_s3_region.clone(),
            };
            let peer = Endpoint::new(&options.peer_name, client.clone(), url, account, now);
            Some(peer.with_bucket(&options.peer_s3_bucket).await?)
        }
        None => None,
    };
    let peer_api = options.peer_api_url.map(|url| PeerApi {
        name: options.peer_name,
        url,
        person: Person {
            username: options.peer_api_username,
            password: options.peer_api_password,
        },
        bucket: options.peer_api_bucket,
    });
    fs::create_dir_all(&options.folder)
        .with_context(|| format!("the folder {} cannot be made", options.folder.display()))?;
    let bench = Bench {
        hako: fs::canonicalize(&options.hako)
            .with_context(|| format!("there is no program {}", options.hako.display()))?,
        site: fs::canonicalize(&options.site_config)
            .with_context(|| format!("there is no {}", options.site_config.display()))?,
        folder: fs::canonicalize(&options.folder)?,
        keep: options.keep,
        keys: options.keys,
        rounds: options.rounds,
        client,
        peer,
        peer_api,
        now,
        piece: body::noise(),
    };
    let mut report = Report::new(&bench.folder);
    for measurement in measurements {
        report::progress(&format!("measuring {}", measurement.name()));
        tokio::select! {
            outcome = measurement.run(&bench, &mut report) => outcome
                .with_context(|| format!("measuring {}", measurement.name()))?,
            // Returning, not dying: processes are ended and folders removed on the way out.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    }
    report.print()?;
    if let Some(file) = options.json {
        fs::write(&file, report.json()?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}
