//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measures the embedded store and the REST API against plain programs, the S3 endpoint and others
/// of their kind.
#[derive(Parser)]
#[command(name = "store-bench", version)]
pub(crate) struct Options {
    /// What to measure; nothing named: everything.
    measurements: Vec<Measurement>,
    /// The program to measure, a release build.
    #[arg(long, env = "HAKO_BIN", default_value = "target/release/hako")]
    pub(crate) hako: PathBuf,
    /// The settings of its console's site; no page is measured.
    #[arg(long, default_value = "Leptos.toml")]
    pub(crate) site_config: PathBuf,
    /// Where stores and files are made. It must be on the disk that is to be measured: a folder in
    /// memory has no disk to wait for.
    #[arg(long, default_value = "target/bench")]
    pub(crate) folder: PathBuf,
    /// Keep the store of `list`, and use one that an earlier run has kept.
    #[arg(long)]
    pub(crate) keep: bool,
    /// How many keys the large buckets of `list` and `search` hold, at least 10,000.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(10_000..))]
    pub(crate) keys: u64,
    /// How often each is measured; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Also write the figures, with those of each round, to this file.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// Another S3 store to compare with.
    #[arg(long, env)]
    pub(crate) peer_s3_url: Option<String>,
    /// Its access key.
    #[arg(long, env, default_value = "", hide_env_values = true)]
    pub(crate) peer_s3_access_key: String,
    /// Its secret key.
    #[arg(long, env, default_value = "", hide_env_values = true)]
    pub(crate) peer_s3_secret_key: String,
    /// Its region.
    #[arg(long, env, default_value = "us-east-1")]
    pub(crate) peer_s3_region: String,
    /// The bucket to use there; made if it is missing.
    #[arg(long, env, default_value = "hako-bench")]
    pub(crate) peer_s3_bucket: String,
    /// Another server with the same REST API, for `api` and `management` to compare with.
    #[arg(long, env)]
    pub(crate) peer_api_url: Option<String>,
    /// Who signs in there; a tenant stands before the name: `tenant/name`.
    #[arg(long, env, default_value = "", hide_env_values = true)]
    pub(crate) peer_api_username: String,
    /// The password.
    #[arg(long, env, default_value = "", hide_env_values = true)]
    pub(crate) peer_api_password: String,
    /// The bucket to use there; made if it is missing.
    #[arg(long, env, default_value = "hako-bench-api")]
    pub(crate) peer_api_bucket: String,
    /// What to call the other store or server in the table.
    #[arg(long, env, default_value = "peer")]
    pub(crate) peer_name: String,
    /// Be the plain HTTP server that a measurement compares with, on the files of this folder.
    #[arg(long, hide = true)]
    pub(crate) plain_server: Option<PathBuf>,
    /// Be the plain client that the browser is compared with: sends this file in the parts that standard
    /// input tells.
    #[arg(long, hide = true)]
    pub(crate) send_parts: Option<PathBuf>,
}

impl Options {
    /// What is to be measured, in order, each once.
    pub(crate) fn measurements(&self) -> Vec<Measurement> {
        let all = Measurement::value_variants();
        all.iter()
            .copied()
            .filter(|one| self.measurements.is_empty() || self.measurements.contains(one))
            .collect()
    }
}

/// Something to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// 64 MiB objects stored, 8 in flight.
    Put,
    /// The same read.
    Get,
    /// 4 KiB objects stored, 64 in flight.
    Small,
    /// Pages of 1,000 keys.
    List,
    /// Resident memory under 64 clients.
    Memory,
    /// The REST API: pages of 1,000 keys, sign-ins, presigned URLs.
    Api,
    /// 1 GiB read and stored through the REST API.
    Stream,
    /// A ZIP of 1,000 files of 1 MiB, by the REST API.
    Zip,
    /// The management API: 1,000 namespaces, 100 users in full, statistics.
    Management,
    /// Metadata queries over 10,000 objects and over as many as `list` has keys.
    Search,
}

impl Measurement {
    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Get => "get",
            Self::Small => "small",
            Self::List => "list",
            Self::Memory => "memory",
            Self::Api => "api",
            Self::Stream => "stream",
            Self::Zip => "zip",
            Self::Management => "management",
            Self::Search => "search",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(arguments: &[&str]) -> Vec<Measurement> {
        let program = std::iter::once(&"store-bench");
        Options::try_parse_from(program.chain(arguments))
            .unwrap()
            .measurements()
    }

    #[test]
    fn without_names_everything_is_measured() {
        assert_eq!(named(&[]), Measurement::value_variants());
    }

    #[test]
    fn what_is_named_is_measured_once_and_in_order() {
        let chosen = named(&["memory", "list", "memory", "--rounds", "1"]);
        assert_eq!(chosen, [Measurement::List, Measurement::Memory]);
    }

    #[test]
    fn every_measurement_answers_to_the_name_it_prints() {
        for one in Measurement::value_variants() {
            assert_eq!(named(&[one.name()]), [*one]);
        }
    }
}
