//! The store opened in this process: first accounts, millions of keys, and its own counters.

use std::{
    fmt::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, anyhow, ensure};
use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Uri};
use http_body_util::BodyExt as _;
use local_hcp::{Clock, Config, Counts, Journal, LocalHcp, Profile};
use md5::{Digest as _, Md5};
use model::{TenantName, Username, mapi::Role};
use tower::ServiceExt as _;

use crate::{
    api::Person,
    crowd::crowd,
    endpoint::{Account, Signer},
};

pub(crate) const TENANT: &str = "bench";
const USER: &str = "bench";
const MANAGER: &str = "manager";
const PASSWORD: &str = "bench-bench";
/// Requests without a connection still need a host.
const NOWHERE: &str = "http://127.0.0.1:1";

/// The keys of the account that every measured store has.
pub(crate) fn account() -> Account {
    Account {
        access_key: STANDARD.encode(format!("{TENANT}/{USER}")),
        // As on HCP, the secret is the MD5 of the password.
        secret_key: hex(&Md5::digest(PASSWORD)),
        region: "us-east-1".to_owned(),
    }
}

/// Somebody who manages the tenant, as people sign in.
pub(crate) fn manager() -> Person {
    Person {
        username: format!("{TENANT}/{MANAGER}"),
        password: PASSWORD.to_owned(),
    }
}

/// What the manager says to HCP's own management API.
pub(crate) fn manager_header() -> String {
    let secret = hex(&Md5::digest(PASSWORD));
    format!("HCP {}:{secret}", STANDARD.encode(MANAGER))
}

/// What the account of [`account`] says to HCP's own APIs.
pub(crate) fn user_header() -> String {
    let secret = hex(&Md5::digest(PASSWORD));
    format!("HCP {}:{secret}", STANDARD.encode(USER))
}

/// The same account as people sign in with it.
pub(crate) fn person() -> Person {
    Person {
        username: format!("{TENANT}/{USER}"),
        password: PASSWORD.to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The open store.
pub(crate) struct Inside {
    hcp: LocalHcp,
    router: Router,
    signer: Signer,
}

/// What a filling took.
pub(crate) struct Filled {
    pub(crate) took: Duration,
    pub(crate) counts: Counts,
}

impl Inside {
    /// Opens the store that `hako serve` has in this data folder, and makes the account.
    pub(crate) async fn open(data: &Path, now: SystemTime) -> Result<Self> {
        let hcp = LocalHcp::open(Config {
            data_dir: data.join("store"),
            s3_domain: "localhost".to_owned(),
            allowed_origin: Arc::new(|_origin| false),
            reserve_bytes: 0,
            files_dir: None,
            inline_bytes: 16 * 1024,
            chargeback_days: 180,
            audit_days: 365,
            operation_days: 180,
            profile: Profile::Standard,
            clock: Clock::system(),
            journal: Journal::default(),
            settings: String::new(),
        })
        .await?;
        let name = |error| anyhow!("{error}");
        let tenant = TenantName::parse(TENANT).map_err(name)?;
        let user = Username::parse(USER).map_err(|error| anyhow!("{error}"))?;
        hcp.create_tenant(&tenant).await?;
        hcp.create_user(&tenant, &user, PASSWORD, &[], true).await?;
        let manager = Username::parse(MANAGER).map_err(|error| anyhow!("{error}"))?;
        let roles = [Role::Administrator, Role::Monitor, Role::Security];
        hcp.create_user(&tenant, &manager, PASSWORD, &roles, true)
            .await?;
        Ok(Self {
            router: hcp.s3_router(),
            hcp,
            signer: Signer::new(NOWHERE, account(), now),
        })
    }

    /// Makes a bucket.
    pub(crate) async fn make_bucket(&self, bucket: &str) -> Result<()> {
        let uri = self.signer.sign(&Method::PUT, &format!("/{bucket}"))?;
        send(self.router.clone(), uri, Bytes::new()).await
    }

    /// How many objects a bucket holds; none if there is no such bucket.
    pub(crate) async fn objects(&self, bucket: &str) -> Result<u64> {
        let tenant = TenantName::parse(TENANT).map_err(|error| anyhow!("{error}"))?;
        let usage = self.hcp.usage(&tenant, bucket).await?;
        Ok(usage.map_or(0, |usage| usage.objects))
    }

    /// Stores `count` objects of the same bytes under the keys that `key` names, `width` in flight.
    pub(crate) async fn fill(
        self: &Arc<Self>,
        bucket: &'static str,
        count: usize,
        width: usize,
        bytes: Bytes,
        key: impl Fn(usize) -> String + Clone + Send + Sync + 'static,
    ) -> Result<Filled> {
        let before = self.hcp.write_counts();
        let inside = Arc::clone(self);
        let took = crowd(width, count, move |one| {
            let (inside, bytes) = (Arc::clone(&inside), bytes.clone());
            let target = format!("/{bucket}/{}", key(one));
            async move {
                let uri = inside.signer.sign(&Method::PUT, &target)?;
                send(inside.router.clone(), uri, bytes).await
            }
        })
        .await?;
        let after = self.hcp.write_counts();
        Ok(Filled {
            took,
            counts: Counts {
                writes: after.writes - before.writes,
                transactions: after.transactions - before.transactions,
            },
        })
    }

    /// Finishes what waits and lets go of the folder.
    pub(crate) async fn close(&self) {
        self.hcp.close().await;
    }
}

async fn send(router: Router, uri: Uri, bytes: Bytes) -> Result<()> {
    let host = uri.authority().context("a URL without a host")?.to_string();
    let path = uri.path().to_owned();
    let request = Request::builder()
        .method(Method::PUT)
        .uri(uri)
        .header(http::header::HOST, host)
        .header(http::header::CONTENT_LENGTH, bytes.len())
        .body(Body::from(bytes))?;
    let answer = router.oneshot(request).await?;
    let status = answer.status();
    let text = answer.into_body().collect().await?.to_bytes();
    ensure!(
        status.is_success(),
        "PUT {path}: {status} {}",
        String::from_utf8_lossy(&text)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn filling_stores_every_key_and_tells_the_writes() {
        let data = tempfile::tempdir().unwrap();
        let inside = Inside::open(data.path(), SystemTime::now()).await.unwrap();
        let inside = Arc::new(inside);
        assert_eq!(inside.objects("bench").await.unwrap(), 0);
        inside.make_bucket("bench").await.unwrap();
        let bytes = Bytes::from_static(b"x");
        let filled = inside
            .fill("bench", 20, 4, bytes, |one| format!("folder/{one}"))
            .await
            .unwrap();
        assert_eq!(filled.counts.writes, 20);
        assert!((1..=20).contains(&filled.counts.transactions));
        assert_eq!(inside.objects("bench").await.unwrap(), 20);
        inside.close().await;
    }
}
