//! What an object is described with: changed as a whole, with nothing lost; and two versions side by side.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::service::expiry::sweep;

use crate::{
    app::{Actor, Answer, TestApp},
    moto::{self, Moto},
};

/// The habits of the store.
const PROFILES: [&[(&str, &str)]; 2] = [&[], &[("HAKO_LOCAL_PROFILE", "hcp")]];
const BUCKET: &str = "/api/v1/buckets/described";
const KEY: &str = "key=a%2Fb%20%C3%B6";

fn at(what: &str) -> String {
    format!("{BUCKET}/object{what}?{KEY}")
}

async fn store(actor: &Actor<'_>, bytes: &str, headers: &[(&str, &str)]) -> Value {
    let mut request = actor.request(Method::PUT, &at(""));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let sent = request.body(bytes.to_owned()).send().await.unwrap();
    Answer(sent).good().await
}

async fn keep_versions(actor: &Actor<'_>) {
    let request = actor.request(Method::PUT, &format!("{BUCKET}/versioning"));
    let request = request.json(&json!({"status": "Enabled"}));
    let _: Value = Answer(request.send().await.unwrap()).good().await;
}

async fn details(actor: &Actor<'_>) -> Value {
    actor.get(&at("/details")).await.good().await
}

async fn set(actor: &Actor<'_>, fingerprint: &Value, properties: &Value) -> Answer {
    let request = actor.request(Method::PUT, &at("/properties"));
    let body = json!({"fingerprint": fingerprint, "properties": properties});
    Answer(request.json(&body).send().await.unwrap())
}

/// Who may do what, whoever owns it.
async fn grants(actor: &Actor<'_>) -> Vec<(String, String)> {
    let list: Value = actor.get(&at("/acl")).await.good().await;
    let grants = list["Grants"].as_array().or(list["grants"].as_array());
    let mut grants: Vec<_> = grants
        .unwrap()
        .iter()
        .map(|grant| {
            let of = |value: &Value, name: &str| {
                let lower = value[name.to_lowercase()].clone();
                if lower.is_null() {
                    value[name].clone()
                } else {
                    lower
                }
            };
            let grantee = of(grant, "Grantee");
            let name = ["URI", "ID"].map(|name| of(&grantee, name));
            let name = name
                .iter()
                .find_map(Value::as_str)
                .unwrap_or("?")
                .to_owned();
            (
                name,
                of(grant, "Permission").as_str().unwrap_or("?").to_owned(),
            )
        })
        .collect();
    grants.sort();
    grants
}

fn wanted() -> Value {
    json!({
        "content_type": "text/x-report",
        "content_disposition": "inline",
        "content_language": "sv",
        "cache_control": "no-store",
        "metadata": {"Author": "Grace", "project-code": "A 7"},
    })
}

fn is_wanted(found: &Value) {
    assert_eq!(found["content_type"], "text/x-report");
    assert_eq!(found["content_disposition"], "inline");
    assert_eq!(found["content_language"], "sv");
    assert_eq!(found["cache_control"], "no-store");
    assert!(found.get("content_encoding").is_none());
    // Names come back as the store has them.
    assert_eq!(
        found["metadata"],
        json!({"author": "Grace", "project-code": "A 7"})
    );
}

#[tokio::test]
async fn an_object_is_described_anew_and_loses_nothing() {
    for profile in PROFILES {
        for versions in [false, true] {
            let app = TestApp::with(profile).await;
            let demo = app.demo().await;
            demo.bucket("described").await;
            if versions {
                keep_versions(&demo).await;
            }
            let tags = profile.is_empty().then_some(("x-amz-tagging", "kept=yes"));
            let headers = [
                ("content-type", "text/plain"),
                ("x-amz-meta-author", "Ada"),
                ("x-amz-meta-old", "1"),
                ("x-amz-acl", "public-read"),
            ];
            let headers: Vec<_> = headers.into_iter().chain(tags).collect();
            let _ = store(&demo, "bytes", &headers).await;
            let note = demo.request(Method::PUT, &at("/metadata/lab"));
            let note = note.json(&json!({"dose": 3})).send().await.unwrap();
            assert_eq!(note.status(), StatusCode::OK);
            let public = grants(&demo).await;
            assert!(public.len() > 1, "{public:?}");

            let before = details(&demo).await;
            let saved: Value = set(&demo, &before["fingerprint"], &wanted())
                .await
                .good()
                .await;
            assert_eq!(saved["status"], "updated");
            assert_eq!(saved["not_kept"], json!([]));
            let after = details(&demo).await;
            is_wanted(&after);
            assert_ne!(after["fingerprint"], before["fingerprint"]);
            assert_eq!(after["size"], before["size"]);
            assert_eq!(after["storage_class"], before["storage_class"]);
            assert_eq!(demo.get(&at("")).await.text().await, "bytes");
            assert_eq!(
                grants(&demo).await,
                public,
                "{profile:?}, versions: {versions}"
            );
            if tags.is_some() {
                let tags: Value = demo.get(&at("/tags")).await.good().await;
                assert_eq!(tags, json!({"tags": {"kept": "yes"}}));
            }
            let note = demo.get(&at("/metadata/lab")).await.text().await;
            assert_eq!(note, r#"{"dose":3}"#);

            // A new version where they are kept, with the old one behind it.
            let page: Value = demo.get(&format!("{BUCKET}/versions")).await.good().await;
            let all = page["versions"].as_array().unwrap().iter();
            // HCP makes the folder an object too.
            let all = all.filter(|one| one["key"] == "a/b ö").count();
            assert_eq!(all, if versions { 2 } else { 1 }, "{profile:?}");
            if versions {
                assert_eq!(saved["version_id"], after["version_id"]);
                assert_ne!(after["version_id"], before["version_id"]);
                let old = before["version_id"].as_str().unwrap();
                let old: Value = demo
                    .get(&format!("{}&version_id={old}", at("/details")))
                    .await
                    .good()
                    .await;
                assert_eq!(old["metadata"], json!({"author": "Ada", "old": "1"}));
                assert_eq!(old["fingerprint"], before["fingerprint"]);
            }
        }
    }
}

/// Sets an end, describes the object anew, and sees that it goes at its end and not before.
async fn keeps_its_end(app: &TestApp, actor: &Actor<'_>) {
    let end = actor.request(Method::PUT, &at("/expiry"));
    let end = end.json(&json!({"expires_in": 600})).send().await.unwrap();
    let end: Value = Answer(end).good().await;
    app.advance(5);
    for _ in 0..2 {
        let before = details(actor).await;
        let saved = set(actor, &before["fingerprint"], &wanted()).await;
        let saved: Value = saved.good().await;
        assert_eq!(saved["not_kept"], json!([]));
        let told: Value = actor.get(&at("/expiry")).await.good().await;
        assert_eq!(told["expires_at"], end["expires_at"]);
        assert_eq!(told["set_by"], end["set_by"]);
        let page: Value = actor.get(&format!("{BUCKET}/objects")).await.good().await;
        assert_eq!(page["expires_at"], json!({"a/b ö": end["expires_at"]}));
    }
    app.advance(590);
    assert_eq!(sweep(app.running.state()).await.unwrap(), 0);
    app.advance(10);
    assert_eq!(sweep(app.running.state()).await.unwrap(), 1);
    let gone = actor.head(&at("")).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_object_that_is_described_anew_keeps_its_end() {
    for profile in PROFILES {
        for versions in [false, true] {
            let app = TestApp::with(profile).await;
            let demo = app.demo().await;
            demo.bucket("described").await;
            if versions {
                keep_versions(&demo).await;
            }
            let _ = store(&demo, "bytes", &[]).await;
            keeps_its_end(&app, &demo).await;
        }
    }
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let own = app.script(moto::KEYS.0, moto::KEYS.1).await;
    own.bucket("described").await;
    let _ = store(&own, "bytes", &[]).await;
    keeps_its_end(&app, &own).await;
}

#[tokio::test]
async fn what_somebody_else_writes_meanwhile_gets_no_end_by_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("described").await;
    let _ = store(&demo, "bytes", &[]).await;
    let end = demo.request(Method::PUT, &at("/expiry"));
    let end = end.json(&json!({"expires_in": 60})).send().await.unwrap();
    let _: Value = Answer(end).good().await;
    app.advance(1);
    let _ = store(&demo, "other", &[]).await;
    // The end was that of the first bytes: what is described now has none.
    let before = details(&demo).await;
    let _: Value = set(&demo, &before["fingerprint"], &wanted())
        .await
        .good()
        .await;
    let told: Value = demo.get(&at("/expiry")).await.good().await;
    assert_eq!(told["expires_at"], Value::Null);
    app.advance(60);
    assert_eq!(sweep(app.running.state()).await.unwrap(), 0);
}

#[tokio::test]
async fn one_description_does_not_overwrite_another() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("described").await;
    let _ = store(&demo, "bytes", &[]).await;
    let first = details(&demo).await["fingerprint"].clone();
    let by = |author: &str| json!({"metadata": {"author": author}});
    let _: Value = set(&demo, &first, &by("Ada")).await.good().await;
    // The bytes, and so the entity tag, are the same.
    let _ = set(&demo, &first, &by("Grace"))
        .await
        .problem(412, "object_changed")
        .await;
    assert_eq!(details(&demo).await["metadata"]["author"], "Ada");

    // Of many at once one wins.
    let now = details(&demo).await["fingerprint"].clone();
    let names: Vec<_> = (0..6)
        .map(|number| by(&format!("number {number}")))
        .collect();
    let racing = names.iter().map(|properties| set(&demo, &now, properties));
    let answers = futures::future::join_all(racing).await;
    let of = |status: u16| answers.iter().filter(|one| one.status() == status).count();
    assert_eq!((of(200), of(412)), (1, 5));

    let now = details(&demo).await["fingerprint"].clone();
    let _ = store(&demo, "other bytes", &[]).await;
    let _ = set(&demo, &now, &by("Eve"))
        .await
        .problem(412, "object_changed")
        .await;
    let _ = set(&demo, &json!(""), &by("Eve"))
        .await
        .problem(412, "object_changed")
        .await;
    let _: Value = demo.delete(&at("")).await.good().await;
    let _ = set(&demo, &now, &by("Eve"))
        .await
        .problem(404, "object_not_found")
        .await;
}

#[tokio::test]
async fn what_no_store_keeps_is_refused_by_its_field() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("described").await;
    let _ = store(&demo, "bytes", &[("x-amz-meta-author", "Ada")]).await;
    let before = details(&demo).await;
    for (field, properties) in [
        ("content_type", json!({"content_type": "report"})),
        ("cache_control", json!({"cache_control": "a\nb"})),
        (
            "content_disposition",
            json!({"content_disposition": "x".repeat(2_000)}),
        ),
        ("metadata", json!({"metadata": {"a b": "1"}})),
        (
            "metadata",
            json!({"metadata": {"Author": "1", "author": "2"}}),
        ),
        ("metadata", json!({"metadata": {"author": "n\u{e4}"}})),
        (
            "metadata",
            json!({"metadata": {"author": "x".repeat(2_043)}}),
        ),
    ] {
        let refused = set(&demo, &before["fingerprint"], &properties).await;
        let detail = refused.problem(422, "validation").await;
        let loc = json!(["body", "properties", field]);
        assert_eq!(detail[0]["loc"], loc, "{properties}");
    }
    // Nothing of it was done; 2 KB is just enough.
    assert_eq!(details(&demo).await, before);
    let full = json!({"metadata": {"author": "x".repeat(2_042)}});
    let _: Value = set(&demo, &before["fingerprint"], &full).await.good().await;
}

#[tokio::test]
async fn what_retention_keeps_stays_described_as_it_is() {
    for versions in [false, true] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", "hcp")]).await;
        let demo = app.demo().await;
        demo.bucket("described").await;
        if versions {
            keep_versions(&demo).await;
        }
        let _ = store(
            &demo,
            "kept",
            &[("x-hcp-retention", "A+1d"), ("x-amz-meta-author", "Ada")],
        )
        .await;
        let before = details(&demo).await;
        let refused = set(&demo, &before["fingerprint"], &wanted()).await;
        let detail = refused.problem(403, "object_retained").await;
        assert!(
            detail.as_str().unwrap().contains("under retention until"),
            "{detail}"
        );
        assert_eq!(details(&demo).await, before);

        // A name comes back as XML has it; two that would be one are told.
        for (names, code) in [
            (["a!b", "a_b"], "validation"),
            (["a!b", "c"], "object_retained"),
        ] {
            let [one, other] = names;
            let both = json!({"metadata": {one: "1", other: "2"}});
            let refused = set(&demo, &before["fingerprint"], &both).await;
            let status = if code == "validation" { 422 } else { 403 };
            let _ = refused.problem(status, code).await;
        }

        // Afterwards it may be, and a new version is as free as the one before it.
        app.advance(2 * 24 * 60 * 60);
        let demo = app.demo().await;
        let _: Value = set(&demo, &before["fingerprint"], &wanted())
            .await
            .good()
            .await;
        is_wanted(&details(&demo).await);
        let _: Value = demo.delete(&at("")).await.good().await;
    }
}

#[tokio::test]
async fn a_plain_form_describes_an_object() {
    let app = TestApp::new().await;
    let demo = app.browser().await;
    demo.bucket("described").await;
    let _ = store(&demo, "bytes", &[("x-amz-meta-old", "1")]).await;
    let fingerprint = details(&demo).await["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned();
    let fields = [
        ("op", "set_properties"),
        ("bucket", "described"),
        ("key", "a/b ö"),
        ("fingerprint", &fingerprint),
        ("content_type", "text/x-report"),
        ("content_encoding", ""),
        ("content_disposition", "inline"),
        ("content_language", "sv"),
        ("cache_control", " no-store "),
        ("meta_name", "Author"),
        ("meta_value", "Grace"),
        ("meta_name", ""),
        ("meta_value", ""),
        ("meta_name", "project-code"),
        ("meta_value", "A 7"),
        ("next", "/buckets/described?prefix=a%2F"),
    ];
    let page = "/buckets/described?prefix=a%2F&o=a%2Fb%20%C3%B6&tab=details";
    let answer = demo.form(page, &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/buckets/described?prefix=a%2F");
    is_wanted(&details(&demo).await);
    // Once more is too late; what was typed stands in the page.
    let mut again = fields;
    again[10].1 = "Grace Hopper <b>";
    let answer = demo.form(page, &again).await;
    assert_eq!(answer.status(), StatusCode::PRECONDITION_FAILED);
    let html = answer.text().await;
    assert!(html.contains("Grace Hopper &lt;b"));
    is_wanted(&details(&demo).await);
}

#[tokio::test]
async fn two_versions_are_compared() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("described").await;
    keep_versions(&demo).await;
    let mut ids = Vec::new();
    let long = "x".repeat(1024 * 1024 + 1);
    for (bytes, author) in [
        ("one\ntwo\nthree\n", "Ada"),
        ("one\n<b>2</b>\nthree\nfour", "Grace"),
        ("\0\u{1}\u{2}binary", "Grace"),
        (long.as_str(), "Grace"),
        (long.as_str(), "Eve"),
    ] {
        let stored = store(&demo, bytes, &[("x-amz-meta-author", author)]).await;
        ids.push(stored["version_id"].as_str().unwrap().to_owned());
    }
    let compare = async |left: &str, right: &str| {
        let path = format!("{BUCKET}/object/versions/compare?{KEY}&left={left}&right={right}");
        demo.get(&path).await
    };
    let both: Value = compare(&ids[0], &ids[1]).await.good().await;
    assert_eq!(both["left"]["metadata"]["author"], "Ada");
    assert_eq!(both["right"]["metadata"]["author"], "Grace");
    assert_eq!(both["right"]["version_id"], ids[1].as_str());
    let content = &both["content"];
    assert_eq!(content["kind"], "lines");
    assert_eq!(
        (&content["added"], &content["removed"]),
        (&json!(2), &json!(1))
    );
    let lines = content["hunks"][0]["lines"].as_array().unwrap();
    let texts: Vec<_> = lines
        .iter()
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one", "two", "<b>2</b>", "three", "four"]);
    assert_eq!(
        lines[1],
        json!({"left": 2, "right": null, "text": "two", "end": "lf"})
    );
    assert_eq!(lines[4]["end"], "none");
    for (left, right, kind) in [
        (0, 0, "same"),
        (0, 2, "not_text"),
        (1, 3, "too_long"),
        (3, 4, "same"),
    ] {
        let both: Value = compare(&ids[left], &ids[right]).await.good().await;
        assert_eq!(both["content"]["kind"], kind, "{left} {right}");
    }
    // A marker has nothing to compare, and what is not there is said.
    let _: Value = demo.delete(&at("")).await.good().await;
    let page: Value = demo.get(&format!("{BUCKET}/versions")).await.good().await;
    let marker = page["delete_markers"][0]["version_id"].as_str().unwrap();
    let _ = compare(&ids[0], marker)
        .await
        .problem(409, "delete_marker")
        .await;
    let refused = compare(&ids[0], "94837746087999").await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    let _ = compare(&ids[0], "").await.problem(422, "validation").await;
}

#[tokio::test]
async fn a_foreign_store_describes_objects_anew_too() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let own = app.script(moto::KEYS.0, moto::KEYS.1).await;
    own.bucket("described").await;
    keep_versions(&own).await;
    let headers = [("x-amz-meta-author", "Ada"), ("x-amz-tagging", "kept=yes")];
    let _ = store(&own, "one\n", &headers).await;
    let before = details(&own).await;
    let saved: Value = set(&own, &before["fingerprint"], &wanted())
        .await
        .good()
        .await;
    assert_eq!(saved["not_kept"], json!([]));
    let after = details(&own).await;
    is_wanted(&after);
    let tags: Value = own.get(&at("/tags")).await.good().await;
    assert_eq!(tags, json!({"tags": {"kept": "yes"}}));
    let _ = set(&own, &before["fingerprint"], &wanted())
        .await
        .problem(412, "object_changed")
        .await;
    let version = |of: &Value| of["version_id"].as_str().unwrap().to_owned();
    let path = format!(
        "{BUCKET}/object/versions/compare?{KEY}&left={}&right={}",
        version(&before),
        version(&after)
    );
    let both: Value = own.get(&path).await.good().await;
    assert_eq!(both["content"], json!({"kind": "same"}));
    assert_eq!(both["left"]["metadata"]["author"], "Ada");
}
