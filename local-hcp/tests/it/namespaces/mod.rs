//! Namespaces: managed on one port, used on the other.

mod chargeback;
mod life;
mod quota;
mod resources;
mod rights;
mod time;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use ::time::OffsetDateTime;
use aws_sdk_s3::Client;
use local_hcp::{Clock, Profile};
use model::mapi::Role;
use reqwest::Method;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::fixture::{Fixture, PASSWORD, access_key, secret, tenant, username};

/// What the management port answered.
struct Reply {
    status: u16,
    /// Why not.
    why: String,
    text: String,
}

impl Reply {
    fn json(&self) -> Json {
        assert_eq!(self.status, 200, "{}", self.why);
        serde_json::from_str(&self.text).unwrap()
    }

    fn done(&self) {
        assert_eq!((self.status, self.text.as_str()), (200, ""), "{}", self.why);
    }

    /// Refused with this status, for a reason that names something.
    fn refused(&self, status: u16, about: &str) {
        assert_eq!(self.status, status, "{}", self.why);
        assert!(
            self.why.contains(about),
            "{} is not about {about}",
            self.why
        );
    }
}

/// A store with the tenant `acme`, whose user `ops1` has every role, and a clock that the test moves.
struct World {
    store: Fixture,
    clock: Arc<AtomicI64>,
}

impl World {
    async fn open(profile: Profile) -> Self {
        // Signatures are checked by the machine's own clock.
        let clock = Arc::new(AtomicI64::new(OffsetDateTime::now_utc().unix_timestamp()));
        let hand = Arc::clone(&clock);
        let now =
            move || OffsetDateTime::from_unix_timestamp(hand.load(Ordering::Relaxed)).unwrap();
        let folder = Arc::new(TempDir::new().unwrap());
        let store = Fixture::open(folder, |config| {
            config.profile = profile;
            config.clock = Clock::new(now);
        })
        .await;
        store.tenant("acme").await;
        let world = Self { store, clock };
        world.user("ops1", &Role::OF_TENANTS, true).await;
        world
    }

    async fn user(&self, name: &str, roles: &[Role], manages: bool) {
        let made = self
            .store
            .hcp
            .create_user(&tenant("acme"), &username(name), PASSWORD, roles, manages)
            .await;
        assert!(made.unwrap());
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A request of a user for something below the namespaces of the tenant.
    async fn ask_as(
        &self,
        who: &str,
        method: Method,
        path: &str,
        body: Option<Json>,
        accept: &str,
    ) -> Reply {
        let path = format!("tenants/acme/{path}");
        let path = path.trim_end_matches('/');
        let url = format!("http://{}/mapi/{path}", self.store.management);
        let mut request = self
            .store
            .http
            .request(method, url)
            .header(
                "host",
                format!("acme.localhost:{}", self.store.management.port()),
            )
            .header("accept", accept)
            .header(
                "authorization",
                format!("HCP {}:{}", access_key(who), secret(PASSWORD)),
            );
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let why = answer.headers().get("x-hcp-errormessage");
        Reply {
            status: answer.status().as_u16(),
            why: why.map_or_else(String::new, |why| why.to_str().unwrap().to_owned()),
            text: answer.text().await.unwrap(),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Json>) -> Reply {
        self.ask_as("ops1", method, path, body, "application/json")
            .await
    }

    async fn get(&self, path: &str) -> Json {
        self.ask(Method::GET, path, None).await.json()
    }

    async fn put(&self, path: &str, body: Json) -> Reply {
        self.ask(Method::PUT, path, Some(body)).await
    }

    async fn post(&self, path: &str, body: Json) -> Reply {
        self.ask(Method::POST, path, Some(body)).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, None).await
    }

    /// Changes settings of the namespace `archive`.
    async fn set(&self, what: &str, body: Json) {
        let path = if what.is_empty() {
            "namespaces/archive".to_owned()
        } else {
            format!("namespaces/archive/{what}")
        };
        self.post(&path, body).await.done();
    }

    /// Gives a user permissions in the namespace `archive`.
    async fn grant(&self, user: &str, words: &[&str]) {
        let path = format!("userAccounts/{user}/dataAccessPermissions");
        let entry =
            serde_json::json!({"namespaceName": "archive", "permissions": {"permission": words}});
        let body = serde_json::json!({"namespacePermission": [entry]});
        self.post(&path, body).await.done();
    }

    fn client_of(&self, user: &str) -> Client {
        self.store
            .client_of(user, PASSWORD, &self.store.by_address())
    }

    /// The bucket `archive`, made by S3.
    async fn archive(&self) -> Client {
        let client = self.client_of("ops1");
        let made = client.create_bucket().bucket("archive").send().await;
        made.unwrap();
        client
    }

    async fn sweep(&self) -> usize {
        let years = std::time::Duration::from_hours(10 * 365 * 24);
        self.store.hcp.sweep(years).await.unwrap()
    }
}

fn denied() -> (u16, String) {
    (403, "AccessDenied".to_owned())
}
