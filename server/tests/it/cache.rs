//! What management said is kept, for who was told it and until somebody changes it: in memory, and by
//! two servers that share a Redis.

use std::{
    cell::Cell,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::future::join_all;
use hcp::Credentials;
use model::{TenantName, Username};
use secrecy::SecretString;
use server::{
    cache::{Answer, Cache, Freshness, Lifetimes, Patience, Read, RedisAnswers},
    config::CacheConfig,
    db::RedisRevocations,
    session::{SecretKey, Tokens},
};
use time::OffsetDateTime;
use tokio::sync::{Notify, oneshot};

use crate::redis::Redis;

const NAMESPACES: &str = "/mapi/tenants/acme/namespaces";
const CONFIG: CacheConfig = CacheConfig {
    lifetimes: Lifetimes {
        statistics: Duration::from_mins(1),
        settings: Duration::from_mins(10),
        other: Duration::from_mins(5),
        objects: Duration::ZERO,
        operations: Duration::ZERO,
    },
};

/// Caches of two servers, which are one where there is no Redis.
struct Caches {
    here: Cache,
    there: Cache,
    ahead: Arc<AtomicI64>,
    redis: Option<Redis>,
}

impl Caches {
    async fn start(redis: Option<Redis>) -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        let here = server(redis.as_ref(), &ahead).await;
        let there = match &redis {
            Some(_) => server(redis.as_ref(), &ahead).await,
            None => here.clone(),
        };
        Self {
            here,
            there,
            ahead,
            redis,
        }
    }

    /// Both kinds, but Redis where there is none.
    async fn both() -> Vec<Self> {
        let mut all = vec![Self::start(None).await];
        if let Some(redis) = Redis::start().await {
            all.push(Self::start(Some(redis)).await);
        }
        all
    }
}

async fn server(redis: Option<&Redis>, ahead: &Arc<AtomicI64>) -> Cache {
    let shared = match redis {
        Some(redis) => {
            let connected = RedisRevocations::connect(&redis.url().into()).await;
            // Long enough for a busy machine, short enough not to be waited for.
            let patience = Patience {
                limit: Duration::from_millis(500),
                rest: Duration::from_millis(50),
            };
            let lifetimes = &CONFIG.lifetimes;
            let shared = RedisAnswers::new(&connected.unwrap(), &secret(), lifetimes, patience);
            Some(shared)
        }
        None => None,
    };
    let ahead = Arc::clone(ahead);
    let clock =
        move || OffsetDateTime::now_utc() + time::Duration::seconds(ahead.load(Ordering::SeqCst));
    Cache::new(&CONFIG, "hcp".to_owned(), shared, Arc::new(clock))
}

fn secret() -> SecretKey {
    SecretKey::new(SecretString::from("0123456789abcdef0123456789abcdef"))
}

fn owner(tenant: &str, user: &str, secret_of_user: &str) -> String {
    let credentials = Credentials::from_parts(
        Some(TenantName::parse(tenant).unwrap()),
        Username::parse(user).unwrap(),
        SecretString::from(secret_of_user),
    );
    Tokens::new(&secret(), Duration::from_mins(1)).owner(&credentials)
}

fn answer(text: &str) -> Answer {
    Answer {
        body: Bytes::from(format!("{{\"name\":[\"{text}\"]}}")),
        software_version: Some("9.7.1".to_owned()),
    }
}

fn read<'a>(owner: &'a str, path: &'a str) -> Read<'a> {
    Read {
        owner,
        path,
        query: &[],
        anew: false,
    }
}

/// Reads a path that HCP would answer with a text.
async fn ask(cache: &Cache, read: &Read<'_>, text: &str) -> (Answer, Freshness) {
    let fetch = || async { Ok::<_, ()>(answer(text)) };
    cache.read(read, fetch).await.unwrap()
}

#[tokio::test]
async fn what_was_read_is_kept_for_its_lifetime() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let first = ask(&caches.here, &list, "one").await;
        assert_eq!(first, (answer("one"), Freshness::Miss));
        caches.ahead.store(299, Ordering::SeqCst);
        for cache in [&caches.here, &caches.there, &caches.there] {
            let (kept, freshness) = ask(cache, &list, "two").await;
            assert_eq!(kept, answer("one"));
            assert!(
                matches!(freshness, Freshness::Hit(299 | 300)),
                "{freshness:?}"
            );
        }
        caches.ahead.store(301, Ordering::SeqCst);
        let next = ask(&caches.there, &list, "two").await;
        assert_eq!(next, (answer("two"), Freshness::Miss));
        let logs = read(&ann, "/mapi/logs");
        for text in ["one", "two"] {
            let never = ask(&caches.here, &logs, text).await;
            assert_eq!(never, (answer(text), Freshness::Unkept));
        }
    }
}

#[tokio::test]
async fn parameters_are_told_apart_whatever_their_order() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let pair = |name: &'static str, value: &str| (name, value.to_owned());
        let of = |query: &'static [(&'static str, &'static str)]| {
            query.iter().map(|(n, v)| pair(n, v)).collect::<Vec<_>>()
        };
        let with = async |query: Vec<(&str, String)>, text| {
            let read = Read {
                query: &query,
                ..read(&ann, NAMESPACES)
            };
            ask(&caches.here, &read, text).await.0
        };
        assert_eq!(
            with(of(&[("a", "1"), ("b", "2")]), "one").await,
            answer("one")
        );
        assert_eq!(
            with(of(&[("b", "2"), ("a", "1")]), "two").await,
            answer("one")
        );
        for other in [
            of(&[]),
            of(&[("a", "1")]),
            of(&[("a", "2"), ("b", "1")]),
            of(&[("a", "1b"), ("", "2")]),
        ] {
            assert_eq!(with(other, "other").await, answer("other"));
        }
    }
}

#[tokio::test]
async fn nobody_is_told_what_somebody_else_was_told() {
    for caches in Caches::both().await {
        let path = "/mapi/tenants/acme/namespaces/same-name";
        let asked = owner("acme", "ann", "s1");
        let _ = ask(&caches.here, &read(&asked, path), "for ann").await;
        for (tenant, user, secret) in [
            ("acme", "bob", "s1"),
            ("acme", "ann", "wrong"),
            ("other", "ann", "s1"),
            ("ac", "meann", "s1"),
        ] {
            for cache in [&caches.here, &caches.there] {
                let stranger = owner(tenant, user, secret);
                let refused = cache
                    .read(&read(&stranger, path), || async { Err::<Answer, _>("403") })
                    .await;
                assert_eq!(refused, Err("403"), "{tenant}/{user}");
            }
        }
        let again = owner("acme", "ann", "s1");
        let (kept, _) = ask(&caches.there, &read(&again, path), "anew").await;
        assert_eq!(kept, answer("for ann"));
    }
}

#[tokio::test]
async fn a_change_drops_for_everybody_what_it_may_have_changed() {
    for caches in Caches::both().await {
        let (ann, bob) = (owner("acme", "ann", "s1"), owner("acme", "bob", "s2"));
        let docs = format!("{NAMESPACES}/docs");
        let statistics = "/mapi/tenants/acme/statistics";
        let untouched = "/mapi/tenants/acme/consoleSecurity";
        let all = [NAMESPACES, docs.as_str(), statistics, untouched];
        for path in all {
            for who in [&ann, &bob] {
                for cache in [&caches.here, &caches.there] {
                    let _ = ask(cache, &read(who, path), "old").await;
                }
            }
        }
        let failed: Result<(), &str> = caches.here.change(&docs, async { Err("502") }).await;
        assert_eq!(failed, Err("502"));
        for path in all {
            let expected = if path == untouched { "old" } else { "new" };
            for who in [&ann, &bob] {
                for cache in [&caches.there, &caches.here] {
                    let (kept, _) = ask(cache, &read(who, path), "new").await;
                    assert_eq!(kept, answer(expected), "{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_change_of_a_bucket_is_one_of_its_namespace() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let _ = ask(&caches.there, &read(&ann, NAMESPACES), "old").await;
        let bucket = model::BucketName::parse("docs").unwrap();
        let other = TenantName::parse("other").unwrap();
        for (tenant, expected) in [
            (None, "old"),
            (Some(&other), "old"),
            (Some(&TenantName::parse("acme").unwrap()), "new"),
        ] {
            caches.here.change_bucket(tenant, &bucket, async {}).await;
            let (kept, _) = ask(&caches.there, &read(&ann, NAMESPACES), "new").await;
            assert_eq!(kept, answer(expected), "{tenant:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_a_change_overtook_is_told_to_nobody_who_asks_later() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let (begun, finish) = (Notify::new(), Notify::new());
        let slow = caches.there.read(&list, || async {
            begun.notify_one();
            finish.notified().await;
            Ok::<_, ()>(answer("old"))
        });
        let rest = async {
            begun.notified().await;
            caches.here.change(NAMESPACES, async {}).await;
            // The slow one is still under way; who asks now does not wait for it.
            let during = ask(&caches.there, &list, "new").await;
            finish.notify_one();
            during
        };
        let (overtaken, during) = futures::join!(slow, rest);
        assert_eq!(overtaken.unwrap().0, answer("old"));
        assert_eq!(during, (answer("new"), Freshness::Miss));
        for cache in [&caches.here, &caches.there] {
            assert_eq!(ask(cache, &list, "newer").await.0, answer("new"));
        }
    }
}

#[tokio::test]
async fn who_asks_the_same_at_the_same_time_waits_for_one_answer() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let (fetched, finish) = (Cell::new(0), Notify::new());
        let fetch = || async {
            fetched.set(fetched.get() + 1);
            finish.notified().await;
            Ok::<_, ()>(answer("one"))
        };
        let reads = join_all((0..8).map(|_| caches.here.read(&list, fetch)));
        let release = async {
            while fetched.get() == 0 {
                tokio::task::yield_now().await;
            }
            finish.notify_one();
        };
        let (answers, ()) = futures::join!(reads, release);
        assert_eq!(fetched.get(), 1);
        assert!(
            answers
                .iter()
                .all(|a| a.as_ref().unwrap().0 == answer("one"))
        );
    }
}

#[tokio::test]
async fn a_failure_is_everybodys_own_and_is_not_kept() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let count = Cell::new(0);
        let fetch = || async {
            let own = count.get();
            count.set(own + 1);
            tokio::task::yield_now().await;
            Err::<Answer, _>(own)
        };
        let mut failures: Vec<i32> = join_all((0..4).map(|_| caches.here.read(&list, fetch)))
            .await
            .into_iter()
            .map(Result::unwrap_err)
            .collect();
        failures.sort_unstable();
        assert_eq!(failures, [0, 1, 2, 3]);
        let first = ask(&caches.here, &list, "good").await;
        assert_eq!(first, (answer("good"), Freshness::Miss));
        let html = Answer {
            body: Bytes::from_static(b"<html>busy</html>"),
            software_version: None,
        };
        let other = read(&ann, "/mapi/tenants");
        for _ in 0..2 {
            let fetch = || async { Ok::<_, ()>(html.clone()) };
            let told = caches.here.read(&other, fetch).await.unwrap();
            assert_eq!(told, (html.clone(), Freshness::Unkept));
        }
    }
}

#[tokio::test]
async fn a_change_whose_caller_went_away_drops_all_the_same() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let _ = ask(&caches.there, &list, "old").await;
        let (sent, arrived) = oneshot::channel();
        let here = caches.here.clone();
        let change = tokio::spawn(async move {
            here.change(NAMESPACES, async {
                sent.send(()).unwrap();
                std::future::pending::<()>().await;
            })
            .await;
        });
        arrived.await.unwrap();
        change.abort();
        while ask(&caches.there, &list, "new").await.0 == answer("old") {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn who_asks_anew_is_told_anew_and_so_is_everybody_then() {
    for caches in Caches::both().await {
        let ann = owner("acme", "ann", "s1");
        let list = read(&ann, NAMESPACES);
        let anew = Read {
            anew: true,
            ..list.clone()
        };
        let _ = ask(&caches.here, &list, "old").await;
        let fresh = ask(&caches.here, &anew, "new").await;
        assert_eq!(fresh, (answer("new"), Freshness::Miss));
        assert_eq!(ask(&caches.here, &list, "newer").await.0, answer("new"));
        // The other server has not seen it yet, and takes what is shared.
        assert_eq!(ask(&caches.there, &list, "newer").await.0, answer("new"));
    }
}

fn signal(redis: &Redis, name: &str) {
    let status = Command::new("kill")
        .args([name, &redis.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

#[tokio::test]
async fn a_redis_that_hangs_holds_up_nobody_and_learns_of_changes_later() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let caches = Caches::start(Some(redis)).await;
    let redis = caches.redis.as_ref().unwrap();
    let ann = owner("acme", "ann", "s1");
    let list = read(&ann, NAMESPACES);
    let _ = ask(&caches.here, &list, "old").await;
    let _ = ask(&caches.there, &list, "old").await;
    signal(redis, "-STOP");
    let start = Instant::now();
    let told = ask(&caches.here, &list, "new").await;
    assert_eq!(told, (answer("new"), Freshness::Unkept));
    caches.here.change(NAMESPACES, async {}).await;
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
    signal(redis, "-CONT");
    // What the other server keeps is of no use as soon as the change is known.
    while ask(&caches.there, &list, "new").await.0 == answer("old") {
        tokio::task::yield_now().await;
    }
    while !matches!(ask(&caches.here, &list, "new").await.1, Freshness::Hit(_)) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_in_redis_is_sealed_and_cannot_be_forged() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let caches = Caches::start(Some(redis)).await;
    let url = caches.redis.as_ref().unwrap().url();
    let ann = owner("acme", "ann", "s1");
    let paths = [
        "/mapi/tenants/acme/hidden-one",
        "/mapi/tenants/acme/hidden-two",
    ];
    for path in paths {
        let _ = ask(&caches.here, &read(&ann, path), "hidden-answer").await;
    }
    caches
        .here
        .change("/mapi/tenants/hidden-name", async {})
        .await;
    for path in paths {
        let _ = ask(&caches.here, &read(&ann, path), "hidden-answer").await;
    }
    let client = ::redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS")
        .arg("*")
        .query_async(&mut connection)
        .await
        .unwrap();
    let answers: Vec<&String> = keys
        .iter()
        .filter(|k| k.starts_with("hako:answer:"))
        .collect();
    assert_eq!(answers.len(), 4, "{keys:?}");
    let mut values = Vec::new();
    for key in &keys {
        let value: Vec<u8> = ::redis::cmd("GET")
            .arg(key)
            .query_async(&mut connection)
            .await
            .unwrap();
        let ttl: i64 = ::redis::cmd("TTL")
            .arg(key)
            .query_async(&mut connection)
            .await
            .unwrap();
        assert!(ttl > 0, "{key} stays for ever");
        let text = format!("{key} {}", String::from_utf8_lossy(&value));
        for secret in ["hidden", "acme", "9.7.1", &ann] {
            assert!(!text.contains(secret), "{secret} in {key}");
        }
        values.push((key, value));
    }
    // Each answer is put where the other belongs.
    let mut sealed: Vec<_> = values
        .iter()
        .filter(|(k, _)| k.starts_with("hako:answer:"))
        .collect();
    sealed.sort();
    for (at, (key, _)) in sealed.iter().enumerate() {
        let (_, value) = sealed[(at + 1) % sealed.len()];
        let () = ::redis::cmd("SET")
            .arg(key)
            .arg(value)
            .query_async(&mut connection)
            .await
            .unwrap();
    }
    for path in paths {
        let told = ask(&caches.there, &read(&ann, path), "genuine").await;
        assert_eq!(told, (answer("genuine"), Freshness::Miss));
    }
}
