//! What keeps an object: retention and holds, told and changed, and a delete in spite of them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

/// The habits of the store.
const PROFILES: [&[(&str, &str)]; 2] = [&[], &[("HAKO_LOCAL_PROFILE", "hcp")]];
const SETS: &str = "/api/v1/buckets/datasets";
const NAMESPACE: &str = "/api/v1/mapi/tenants/demo/namespaces/datasets";
const YEAR: i64 = 31_556_952;

async fn stored(actor: &Actor<'_>, key: &str) {
    let path = format!("{SETS}/object?key={key}");
    let stored = actor.put_bytes(&path, "bytes").await;
    assert_eq!(stored.status(), StatusCode::CREATED);
}

async fn told(actor: &Actor<'_>, key: &str) -> Value {
    let path = format!("{SETS}/object/retention?key={key}");
    actor.get(&path).await.good().await
}

async fn set(actor: &Actor<'_>, key: &str, change: Value) -> Answer {
    let path = format!("{SETS}/object/retention?key={key}");
    let request = actor.request(Method::PUT, &path).json(&change);
    Answer(request.send().await.unwrap())
}

async fn delete(actor: &Actor<'_>, key: &str) -> Answer {
    actor.delete(&format!("{SETS}/object?key={key}")).await
}

async fn because(actor: &Actor<'_>, key: &str, reason: &str) -> Answer {
    let path = format!("{SETS}/object/privileged-delete?key={key}");
    actor.post(&path, &json!({"reason": reason})).await
}

async fn manage(actor: &Actor<'_>, method: Method, path: &str, body: Value) {
    let answer = Answer(
        actor
            .request(method, path)
            .json(&body)
            .send()
            .await
            .unwrap(),
    );
    assert!(answer.status().is_success(), "{}", answer.text().await);
}

fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

#[tokio::test]
async fn drw_7_a_retention_is_told_in_words_and_grows() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        stored(&demo, "k").await;
        let fresh = told(&demo, "k").await;
        assert_eq!(
            (&fresh["value"], &fresh["retained"]),
            (&json!(0), &json!(false))
        );
        assert_eq!(fresh["words"], "It can be deleted at any time.");
        assert_eq!(fresh["may"]["privileged_delete"]["because"], "not_retained");
        assert_ne!(fresh["may"]["retention"]["allowed"], "no");
        assert_eq!(fresh["labels"], json!([]));
        assert_eq!(fresh["classes"], json!([]));

        // An offset, from when it was stored.
        let kept: Value = set(&demo, "k", json!({"retention": "A+7y"}))
            .await
            .good()
            .await;
        let value = kept["value"].as_i64().unwrap();
        assert!((value - now() - 7 * YEAR).abs() < 3 * 86_400, "{kept}");
        let year = &kept["until"].as_str().unwrap()[..4];
        let words = kept["words"].as_str().unwrap();
        let date = words.strip_prefix("It can be deleted after ").unwrap();
        assert!(date.contains(year), "{words}");
        assert_eq!(kept["retained"], true);
        assert_ne!(kept["may"]["privileged_delete"]["allowed"], "no");
        assert_eq!(told(&demo, "k").await, kept);

        // Never shorter; longer is fine.
        let shorter = json!({"retention": "A+1y"});
        let refused = set(&demo, "k", shorter)
            .await
            .problem(409, "retention_shortened")
            .await;
        assert!(refused.as_str().unwrap().ends_with(date), "{refused}");
        let free = set(&demo, "k", json!({"retention": "0"})).await;
        let _ = free.problem(409, "retention_shortened").await;
        assert_eq!(told(&demo, "k").await["value"], value);
        let longer = json!({"retention": "R+1d"});
        let longer: Value = set(&demo, "k", longer).await.good().await;
        assert_eq!(longer["value"], value + 86_400);
    }
}

#[tokio::test]
async fn drw_7_a_date_a_class_and_never_are_said_and_refuse_a_delete() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        let class = json!({"name": "Legal", "value": "A+10y", "allowDisposition": false});
        let classes = format!("{NAMESPACE}/retentionClasses");
        manage(&demo, Method::PUT, &classes, class).await;
        for key in ["date", "class", "never", "later", "sp%C3%A4%C5%A5%2Fk"] {
            stored(&demo, key).await;
        }
        let to = async |key: &'static str, value: &str| -> Value {
            set(&demo, key, json!({"retention": value}))
                .await
                .good()
                .await
        };
        let kept = to("date", "2032-11-21T09:12:00+0000").await;
        assert_eq!(kept["until"], "2032-11-21T09:12:00Z");
        let said = "It can be deleted after 21 Nov 2032, 09:12:00 UTC.";
        assert_eq!(kept["words"], said);
        let kept = to("class", "C+legal").await;
        assert_eq!(kept["retention_class"], "Legal");
        let found = json!([{"name": "Legal", "value": "A+10y"}]);
        assert_eq!(kept["classes"], found);
        let refused = set(&demo, "class", json!({"retention": "A+90y"})).await;
        let _ = refused.problem(409, "retention_shortened").await;
        let kept = to("never", "-1").await;
        assert_eq!(kept["words"], "It can never be deleted.");
        assert_eq!(kept["until"], Value::Null);
        assert_eq!(kept["may"]["retention"]["because"], "never_ends");
        let refused = set(&demo, "never", json!({"retention": "A+1y"})).await;
        let _ = refused.problem(409, "retention_shortened").await;
        let kept = to("later", "-2").await;
        let said = "It cannot be deleted until its retention is set.";
        assert_eq!(kept["words"], said);
        let _ = to("sp%C3%A4%C5%A5%2Fk", "N+1d").await;

        // Deleting says until when, one by one and many at once.
        let refused = delete(&demo, "date").await;
        let refused = refused.problem(409, "object_retained").await;
        let said = "It is under retention until 21 Nov 2032, 09:12:00 UTC. Nothing was deleted.";
        assert!(refused.as_str().unwrap().ends_with(said), "{refused}");
        let many = json!({"keys": ["date", "never"]});
        let path = format!("{SETS}/objects/delete");
        let many: Value = demo.post(&path, &many).await.good().await;
        assert_eq!(many["errors"][0]["message"], said);
        let said = "It is kept without an end. Nothing was deleted.";
        assert_eq!(many["errors"][1]["message"], said);
    }
}

#[tokio::test]
async fn what_is_no_change_is_refused_field_by_field() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    stored(&demo, "k").await;
    for bad in [
        json!({}),
        json!({"retention": "soon"}),
        json!({"retention": "A+1y", "hold": true}),
        json!({"retention": "A+9999y"}),
        json!({"labels": [{"label": "x".repeat(65), "hold": true}]}),
    ] {
        let _ = set(&demo, "k", bad).await.problem(422, "validation").await;
    }
    let old = set(&demo, "k&version_id=1", json!({"hold": true})).await;
    let _ = old.problem(422, "validation").await;
    let refused = set(&demo, "k", json!({"retention": "C+None"})).await;
    let _ = refused.problem(404, "retention_class_not_found").await;
    let refused = set(&demo, "absent", json!({"hold": true})).await;
    let _ = refused.problem(404, "object_not_found").await;
}

#[tokio::test]
async fn drw_7_a_privileged_delete_wants_a_reason_the_right_and_enterprise_mode() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for key in ["a", "b", "c"] {
        stored(&demo, key).await;
        let _: Value = set(&demo, key, json!({"retention": "-1"}))
            .await
            .good()
            .await;
    }
    for bad in ["", "  ", &"x".repeat(1_025)] {
        let _ = because(&demo, "a", bad)
            .await
            .problem(422, "validation")
            .await;
    }
    let gone: Value = because(&demo, "a", "GDPR, article 17: Österberg & co")
        .await
        .good()
        .await;
    assert_eq!(gone["status"], "deleted");
    let _ = delete(&demo, "a").await.good::<Value>().await;
    let found = demo.get(&format!("{SETS}/object/retention?key=a")).await;
    let _ = found.problem(404, "object_not_found").await;
    let _ = because(&demo, "a", "again")
        .await
        .problem(404, "object_not_found")
        .await;

    // Somebody without the right, who is not told so beforehand.
    let people = "/api/v1/mapi/tenants/demo/userAccounts";
    let clerk = json!({
        "username": "clerk", "fullName": "Clerk", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Clerk-of-1000",
    });
    manage(&demo, Method::PUT, people, clerk).await;
    let rights = json!({"namespacePermission": [
        {"namespaceName": "datasets", "permissions": {"permission": ["READ", "WRITE", "DELETE"]}},
    ]});
    let access = format!("{people}/clerk/dataAccessPermissions");
    manage(&demo, Method::POST, &access, rights).await;
    let clerk = app.script("demo/clerk", "Clerk-of-1000").await;
    let kept = told(&clerk, "b").await;
    assert_eq!(kept["may"]["privileged_delete"]["allowed"], "unknown");
    let _ = because(&clerk, "b", "mine")
        .await
        .problem(403, "access_denied")
        .await;
    let _ = set(&clerk, "b", json!({"hold": true}))
        .await
        .problem(403, "access_denied")
        .await;

    // A hold is not lifted by a reason.
    let _: Value = set(&demo, "b", json!({"hold": true})).await.good().await;
    let held = because(&demo, "b", "GDPR").await;
    let _ = held.problem(409, "object_on_hold").await;

    manage(
        &demo,
        Method::POST,
        NAMESPACE,
        json!({"enterpriseMode": false}),
    )
    .await;
    let kept = told(&demo, "c").await;
    assert_eq!(
        kept["may"]["privileged_delete"]["because"],
        "compliance_mode"
    );
    let _ = because(&demo, "c", "GDPR")
        .await
        .problem(403, "access_denied")
        .await;
    assert_eq!(told(&demo, "c").await["value"], -1);
}

#[tokio::test]
async fn drw_8_labels_hold_an_object_one_by_one_and_refuse_a_delete_by_name() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        stored(&demo, "k").await;
        let change = json!({"labels": [
            {"label": "case 7", "hold": true}, {"label": "utredning-ö", "hold": true},
        ]});
        let held: Value = set(&demo, "k", change).await.good().await;
        assert_eq!(held["labels"], json!(["case 7", "utredning-ö"]));
        assert_eq!(
            (&held["labelled_hold"], &held["hold"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(held["may"]["retention"]["because"], "on_hold");
        let refused = set(&demo, "k", json!({"retention": "A+1y"})).await;
        let _ = refused.problem(409, "object_on_hold").await;
        let lifted = json!({"labels": [{"label": "case 7", "hold": false}]});
        let held: Value = set(&demo, "k", lifted).await.good().await;
        assert_eq!(held["labels"], json!(["utredning-ö"]));
        let refused = delete(&demo, "k")
            .await
            .problem(403, "object_on_hold")
            .await;
        let said = "It is on hold: utredning-ö. Nothing was deleted.";
        assert!(refused.as_str().unwrap().ends_with(said), "{refused}");
        let many: Value = demo
            .post(&format!("{SETS}/objects/delete"), &json!({"keys": ["k"]}))
            .await
            .good()
            .await;
        assert_eq!(many["errors"][0]["message"], said);
    }
}

#[tokio::test]
async fn drw_8_an_object_has_a_hundred_labels_at_most_and_a_plain_hold_beside_them() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        stored(&demo, "k").await;
        // A hundred, and no more.
        let many: Vec<_> = (0..100)
            .map(|n| json!({"label": format!("n{n}"), "hold": true}))
            .collect();
        let held: Value = set(&demo, "k", json!({"labels": many})).await.good().await;
        assert_eq!(held["labels"].as_array().unwrap().len(), 100);
        let one = json!({"labels": [{"label": "over", "hold": true}]});
        let _ = set(&demo, "k", one).await.problem(422, "validation").await;

        // The plain hold is another one.
        let all: Vec<_> = held["labels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|label| json!({"label": label, "hold": false}))
            .collect();
        let _: Value = set(&demo, "k", json!({"hold": true})).await.good().await;
        let held: Value = set(&demo, "k", json!({"labels": all})).await.good().await;
        assert_eq!(
            (&held["labelled_hold"], &held["hold"]),
            (&json!(false), &json!(true))
        );
        let refused = delete(&demo, "k")
            .await
            .problem(403, "object_on_hold")
            .await;
        assert!(
            refused.as_str().unwrap().contains("It is on hold."),
            "{refused}"
        );
        let _: Value = set(&demo, "k", json!({"hold": false})).await.good().await;
        let _: Value = delete(&demo, "k").await.good().await;
    }
}

#[tokio::test]
async fn a_job_says_of_what_it_could_not_delete_what_keeps_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    stored(&demo, "in%2Fk").await;
    let date = json!({"retention": "2032-11-21T09:12:00+0000"});
    let _: Value = set(&demo, "in%2Fk", date).await.good().await;
    let order = json!({"kind": "delete", "bucket": "datasets", "prefixes": ["in/"]});
    let job: Value = demo.post("/api/v1/jobs", &order).await.good().await;
    let path = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    let ended: Value = demo.get(&format!("{path}?wait=20")).await.good().await;
    assert_eq!(ended["progress"]["failed"], 1, "{ended}");
    let failed: Value = demo.get(&format!("{path}/failures")).await.good().await;
    assert!(
        failed
            .to_string()
            .contains("under retention until 21 Nov 2032"),
        "{failed}"
    );
}
