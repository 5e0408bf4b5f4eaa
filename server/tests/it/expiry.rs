//! Temporary files: what is removed at its end, what stays, and who removes it.

use hcp::{Body, Conditions, PutOptions};
use model::{BucketName, ObjectKey, attributes::Attributes};
use serde_json::{Value, json};
use server::{
    service::expiry::{self, sweep},
    session::Session,
};

use crate::{
    app::{Actor, TestApp},
    gate::{self, Gate, Pass},
    redis::Redis,
};

/// Somebody's temporary files in the bucket `datasets`, by direct calls: no route of this server leads there.
struct Files<'a> {
    app: &'a TestApp,
    session: Session,
    bucket: BucketName,
}

impl<'a> Files<'a> {
    fn of(app: &'a TestApp, actor: &Actor<'_>) -> Self {
        let state = app.running.state();
        let token = actor.bearer.as_deref().unwrap();
        let claims = state.tokens().open(token, state.now()).unwrap();
        Self {
            app,
            session: Session { claims },
            bucket: BucketName::parse("datasets").unwrap(),
        }
    }

    /// Writes at the store itself, as any tool does; the entity tag.
    async fn write(&self, key: &str, bytes: &'static str) -> String {
        let s3 = self.session.s3(self.app.running.state()).unwrap();
        let body = Body::from_bytes(bytes.as_bytes());
        let options = PutOptions::default();
        let key = named(key);
        let stored = s3.put_object(&self.bucket, &key, body, options);
        stored.await.unwrap().etag.unwrap()
    }

    async fn is_there(&self, key: &str) -> bool {
        let s3 = self.session.s3(self.app.running.state()).unwrap();
        let none = Conditions::default();
        s3.head_object(&self.bucket, &named(key), None, &none)
            .await
            .is_ok()
    }

    async fn set(&self, key: &str, ttl: u64, etag: &str) -> Option<i64> {
        let key = named(key);
        let state = self.app.running.state();
        let ends = expiry::set(state, &self.session, (&self.bucket, &key), ttl, etag).await;
        ends.unwrap().map(model::Timestamp::unix_seconds)
    }

    /// Sets an end for what is to come; what its URL has to bring.
    async fn come(&self, key: &str, ttl: u64) -> Option<String> {
        let key = named(key);
        let state = self.app.running.state();
        let coming = expiry::to_come(state, &self.session, (&self.bucket, &key), ttl).await;
        coming.unwrap().by
    }

    /// Writes as by the URL that brings this.
    async fn arrive(&self, key: &str, by: Option<&String>) {
        let s3 = self.session.s3(self.app.running.state()).unwrap();
        let body = Body::from_bytes(&b"came"[..]);
        let by = by.map(|by| ("hako-temporary".to_owned(), by.clone()));
        let options = PutOptions {
            attributes: Attributes {
                metadata: by.into_iter().collect(),
                ..Attributes::default()
            },
            ..PutOptions::default()
        };
        let key = named(key);
        let stored = s3.put_object(&self.bucket, &key, body, options);
        stored.await.unwrap();
    }

    async fn of_key(&self, key: &str) -> Option<i64> {
        let state = self.app.running.state();
        let ends = expiry::of(state, &self.session, &self.bucket, &named(key)).await;
        ends.unwrap().map(model::Timestamp::unix_seconds)
    }

    async fn sweep(&self) -> u64 {
        sweep(self.app.running.state()).await.unwrap()
    }
}

fn named(key: &str) -> ObjectKey {
    ObjectKey::parse(key).unwrap()
}

async fn details(actor: &Actor<'_>, key: &str) -> Value {
    let path = format!("/api/v1/buckets/datasets/object/details?key={key}");
    actor.get(&path).await.good().await
}

#[tokio::test]
async fn an_end_that_is_told_comes_also_after_a_restart_and_is_in_the_audit() {
    let app = TestApp::new().await;
    let (ends, path);
    {
        let demo = app.demo().await;
        let files = Files::of(&app, &demo);
        let etag = files.write("kept/done.bin", "bytes").await;
        ends = files.set("kept/done.bin", 3_600, &etag).await.unwrap();
        let told = details(&demo, "kept/done.bin").await;
        let told = told["expires_at"].as_str().unwrap().to_owned();
        assert!(told.contains('T') && told.ends_with('Z'), "{told}");
        assert_eq!(files.sweep().await, 0);
        // A life that is none, or longer than any.
        for wrong in [0, u64::MAX] {
            let key = named("kept/done.bin");
            let of = (&files.bucket, &key);
            let state = app.running.state();
            assert!(
                expiry::to_come(state, &files.session, of, wrong)
                    .await
                    .is_err()
            );
        }
        path = app.data.path().to_owned();
    }
    let TestApp { running, data, .. } = app;
    running.stop().await;
    // The credentials are not readable where they are kept.
    let kept = std::fs::read(path.join("data/server.sqlite")).unwrap();
    let secret = crate::app::DEMO_SECRET_KEY.as_bytes();
    assert!(!kept.windows(secret.len()).any(|part| part == secret));

    let app = TestApp::start(data, &[]).await;
    let demo = app.demo().await;
    let files = Files::of(&app, &demo);
    assert_eq!(files.of_key("kept/done.bin").await, Some(ends));
    app.advance(3_590);
    assert_eq!(files.sweep().await, 0);
    assert!(files.is_there("kept/done.bin").await);
    app.advance(11);
    assert_eq!(files.sweep().await, 1);
    assert!(!files.is_there("kept/done.bin").await);
    assert_eq!(files.of_key("kept/done.bin").await, None);
    assert_eq!(files.sweep().await, 0);
    let page: Value = demo.get("/api/v1/audit").await.good().await;
    let found: Vec<_> = page["records"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|record| record["action"] == "object.expire")
        .collect();
    assert_eq!(found.len(), 1, "{page}");
    assert_eq!(found[0]["target"]["key"], "kept/done.bin");
    assert_eq!(found[0]["person"], "demo");
}

#[tokio::test]
async fn what_is_written_anew_without_an_end_stays() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let files = Files::of(&app, &demo);
    // The same bytes, by a tool: only the time tells them apart.
    let etag = files.write("tool.txt", "same").await;
    files.set("tool.txt", 100, &etag).await.unwrap();
    // Through Hako.
    let etag = files.write("hako.txt", "same").await;
    files.set("hako.txt", 100, &etag).await.unwrap();
    // A new end in place of the old one.
    let etag = files.write("longer.txt", "one").await;
    files.set("longer.txt", 100, &etag).await.unwrap();
    app.advance(5);
    assert_eq!(
        files.write("tool.txt", "same").await,
        etag_of(&files, "tool.txt").await
    );
    assert!(details(&demo, "tool.txt").await["expires_at"].is_null());
    let path = "/api/v1/buckets/datasets/object?key=hako.txt";
    assert!(demo.put_bytes(path, "same").await.status().is_success());
    assert_eq!(files.of_key("hako.txt").await, None);
    let etag = files.write("longer.txt", "two").await;
    files.set("longer.txt", 1_000, &etag).await.unwrap();
    // One that was overwritten before its end could be set.
    assert_eq!(files.set("tool.txt", 100, "\"other\"").await, None);
    assert_eq!(files.of_key("tool.txt").await, None);

    app.advance(200);
    assert_eq!(files.sweep().await, 0);
    for key in ["tool.txt", "hako.txt", "longer.txt"] {
        assert!(files.is_there(key).await, "{key}");
    }
    app.advance(900);
    assert_eq!(files.sweep().await, 1);
    assert!(!files.is_there("longer.txt").await);
    assert!(files.is_there("tool.txt").await);
}

async fn etag_of(files: &Files<'_>, key: &str) -> String {
    let s3 = files.session.s3(files.app.running.state()).unwrap();
    let none = Conditions::default();
    let key = named(key);
    let head = s3.head_object(&files.bucket, &key, None, &none);
    head.await.unwrap().etag.unwrap()
}

#[tokio::test]
async fn where_no_file_says_how_it_came_an_end_is_of_the_first_that_comes() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    let files = Files::of(&app, &demo);
    files.write("over.txt", "old").await;
    files.write("never.txt", "old").await;
    for key in [
        "new.txt",
        "over.txt",
        "never.txt",
        "twice.txt",
        "late.txt",
        "url.txt",
    ] {
        files.come(key, 600).await;
    }
    // Nothing has come: what stood there is not what ends.
    assert_eq!(files.sweep().await, 0);
    assert!(details(&demo, "over.txt").await["expires_at"].is_null());
    app.advance(60);
    for key in ["new.txt", "over.txt", "twice.txt"] {
        files.write(key, "came").await;
    }
    assert!(details(&demo, "over.txt").await["expires_at"].is_string());
    assert_eq!(files.sweep().await, 0);
    // Seen once, the end is of that writing alone.
    app.advance(60);
    files.write("twice.txt", "anew").await;
    // A URL without an end takes an end back whose file has not come, and no other.
    for key in ["url.txt", "new.txt"] {
        let body = json!({"bucket": "datasets", "key": key, "method": "put_object"});
        let _: Value = demo.post("/api/v1/presign", &body).await.good().await;
    }
    files.write("url.txt", "by the other").await;
    app.advance(500);
    assert_eq!(files.sweep().await, 2);
    for (key, there) in [
        ("new.txt", false),
        ("over.txt", false),
        ("never.txt", true),
        ("twice.txt", true),
        ("url.txt", true),
    ] {
        assert_eq!(files.is_there(key).await, there, "{key}");
    }
    // An upload that took until after the end is removed then; an hour later nothing is waited for any more.
    files.write("late.txt", "came late").await;
    app.advance(60);
    assert_eq!(files.sweep().await, 1);
    assert!(!files.is_there("late.txt").await);
    app.advance(3_600);
    assert_eq!(files.sweep().await, 0);
    assert_eq!(files.of_key("never.txt").await, None);
    files.write("never.txt", "much later").await;
    app.advance(4_000);
    assert_eq!(files.sweep().await, 0);
    assert!(files.is_there("never.txt").await);
}

#[tokio::test]
async fn an_end_is_of_what_comes_by_its_url_and_of_nothing_else() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let files = Files::of(&app, &demo);
    // Written by a tool where the URL was never used, over what came before a sweep has seen it, and after.
    files.come("never.txt", 100).await;
    files.write("never.txt", "a tool's").await;
    for key in ["over.txt", "seen.txt"] {
        let by = files.come(key, 100).await;
        files.arrive(key, by.as_ref()).await;
    }
    files.write("over.txt", "a tool's").await;
    for (key, ends) in [
        ("never.txt", false),
        ("over.txt", false),
        ("seen.txt", true),
    ] {
        let told = details(&demo, key).await;
        assert_eq!(told["expires_at"].is_string(), ends, "{key}: {told}");
    }
    // Other URLs for the same key change nothing: each file is known by its own.
    let by = files.come("known.txt", 100).await;
    let body = json!({"bucket": "datasets", "key": "known.txt", "method": "put_object"});
    let _: Value = demo.post("/api/v1/presign", &body).await.good().await;
    files.arrive("known.txt", by.as_ref()).await;
    assert_eq!(files.sweep().await, 0);
    files.write("seen.txt", "a tool's").await;
    app.advance(150);
    assert_eq!(files.sweep().await, 1);
    assert!(!files.is_there("known.txt").await);
    app.advance(5_000);
    assert_eq!(files.sweep().await, 0);
    for key in ["never.txt", "over.txt", "seen.txt"] {
        assert!(files.is_there(key).await, "{key}");
    }
}

#[tokio::test]
async fn a_removal_that_fails_is_tried_again_and_stops_no_other() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    let files = Files::of(&app, &demo);
    for key in ["a.txt", "b.txt", "c.txt"] {
        let etag = files.write(key, "bytes").await;
        files.set(key, 60, &etag).await.unwrap();
    }
    app.advance(61);
    gate.rule(|method, target| {
        if method == reqwest::Method::DELETE && target.contains("b.txt") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    assert_eq!(files.sweep().await, 2);
    assert!(files.is_there("b.txt").await);
    // Not before its pause is over, which grows.
    let tries = || gate.asked("DELETE /datasets/b.txt");
    let once = tries();
    assert!(once > 0);
    assert_eq!(files.sweep().await, 0);
    assert_eq!(tries(), once);
    app.advance(60);
    assert_eq!(files.sweep().await, 0);
    let twice = tries();
    assert!(twice > once);
    app.advance(60);
    assert_eq!(files.sweep().await, 0);
    assert_eq!(tries(), twice, "the second pause is longer");
    gate.rule(|_, _| Pass::Through);
    app.advance(60);
    assert_eq!(files.sweep().await, 1);
    assert!(!files.is_there("b.txt").await);
}

#[tokio::test]
async fn of_two_servers_one_removes_each() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let (one, two) = (gate.hako(&settings).await, gate.hako(&settings).await);
    let (at_one, at_two) = (gate::demo(&one).await, gate::demo(&two).await);
    let (here, there) = (Files::of(&one, &at_one), Files::of(&two, &at_two));
    let keys: Vec<_> = (0..20)
        .map(|number| format!("shared/{number}.txt"))
        .collect();
    for key in &keys {
        let etag = here.write(key, "bytes").await;
        here.set(key, 60, &etag).await.unwrap();
    }
    here.come("shared/to-come.txt", 60).await;
    assert!(there.of_key(&keys[0]).await.is_some());
    one.advance(61);
    two.advance(61);
    // The first is held in the middle of its turn: the other leaves it alone.
    gate.rule(|method, _| {
        if method == reqwest::Method::DELETE {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let both = async {
        gate.holds(1).await;
        assert_eq!(there.sweep().await, 0);
        gate.open();
    };
    let (removed, ()) = futures::join!(here.sweep(), both);
    assert_eq!(removed, 20);
    assert_eq!(gate.asked("DELETE /datasets/shared/"), 20, "each once");
    // The turn was given back, and what the one has set the other removes.
    there.write("shared/to-come.txt", "bytes").await;
    one.advance(60);
    two.advance(60);
    assert_eq!(there.sweep().await, 1);
    assert_eq!(here.sweep().await, 0);
    assert_eq!(gate.asked("DELETE /datasets/shared/"), 21);
}

/// What Redis says of the turn, in milliseconds: -2 where nobody has it, -1 where it would never end.
async fn left_of_turn(redis: &mut ::redis::aio::MultiplexedConnection) -> i64 {
    let mut ask = ::redis::cmd("PTTL");
    ask.arg(TURN).query_async(redis).await.unwrap()
}

const TURN: &str = "hako:expiries:turn";

#[tokio::test]
async fn a_server_that_dies_in_its_turn_does_not_stop_the_others() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let client = ::redis::Client::open(url.as_str()).unwrap();
    let mut redis_itself = client.get_multiplexed_async_connection().await.unwrap();
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let (one, two) = (gate.hako(&settings).await, gate.hako(&settings).await);
    let (at_one, at_two) = (gate::demo(&one).await, gate::demo(&two).await);
    let (here, there) = (Files::of(&one, &at_one), Files::of(&two, &at_two));
    for (key, ttl) in [("first.txt", 60), ("second.txt", 120)] {
        let etag = here.write(key, "bytes").await;
        here.set(key, ttl, &etag).await.unwrap();
    }
    one.advance(61);
    two.advance(61);
    gate.rule(|method, _| {
        if method == reqwest::Method::DELETE {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    // The first is gone in the middle of a removal: nobody gives its turn back.
    tokio::select! {
        removed = here.sweep() => panic!("it removed {removed} through a closed gate"),
        () = gate.holds(1) => {}
    }
    gate.rule(|_, _| Pass::Through);
    two.advance(60);
    assert_eq!(there.sweep().await, 0, "it is still the other's turn");
    assert!(there.is_there("second.txt").await);
    let left = left_of_turn(&mut redis_itself).await;
    assert!((1..=300_000).contains(&left), "{left}");
    // The turn ends by itself, five minutes later; here at once.
    let mut shorten = ::redis::cmd("PEXPIRE");
    let _: i64 = shorten
        .arg(TURN)
        .arg(1)
        .query_async(&mut redis_itself)
        .await
        .unwrap();
    while left_of_turn(&mut redis_itself).await != -2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(there.sweep().await, 1);
    assert!(!there.is_there("second.txt").await);
    // What it was about to remove is the others' as well, when it has had its time.
    assert!(there.is_there("first.txt").await);
    two.advance(600);
    assert_eq!(there.sweep().await, 1);
    assert!(!there.is_there("first.txt").await);
    assert_eq!(left_of_turn(&mut redis_itself).await, -2, "given back");
}

#[tokio::test]
async fn an_end_in_redis_outlives_the_server_and_its_folder() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let before = gate.hako(&settings).await;
    let ends = {
        let demo = gate::demo(&before).await;
        let files = Files::of(&before, &demo);
        let etag = files.write("kept.txt", "bytes").await;
        files.come("to-come.txt", 600).await;
        files.set("kept.txt", 600, &etag).await.unwrap()
    };
    before.running.stop().await;
    // With a folder of its own: whatever it knows is from Redis.
    let after = gate.hako(&settings).await;
    let demo = gate::demo(&after).await;
    let files = Files::of(&after, &demo);
    assert_eq!(files.of_key("kept.txt").await, Some(ends));
    assert!(details(&demo, "kept.txt").await["expires_at"].is_string());
    files.write("to-come.txt", "came").await;
    assert_eq!(files.sweep().await, 0);
    assert!(files.is_there("kept.txt").await);
    // Both servers' clocks are the system's but for this.
    after.advance(605);
    assert_eq!(files.sweep().await, 2);
    for key in ["kept.txt", "to-come.txt"] {
        assert!(!files.is_there(key).await, "{key}");
    }
    assert_eq!(files.of_key("kept.txt").await, None);
}
