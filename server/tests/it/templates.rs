//! Templates: settings of namespaces out of an HCP and into it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{app::Actor, contract::documented, keeping_hcp::KeepingHcp, openapi};

const NAMESPACES: &str = "/api/v1/mapi/tenants/acme/namespaces";

fn archive() -> Value {
    json!({
        "": {"description": "kept", "hardQuota": "1.00 GB", "tags": {"tag": ["a"]}, "owner": null},
        "versioningSettings": {"enabled": true},
        "complianceSettings": {"retentionDefault": "C+years"},
        "retentionClasses/years": {"name": "years", "value": "A+1y", "allowDisposition": false},
        "cors": {"cors": "<CORSConfiguration/>"},
        "protocols/nfs": {"ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0.0/8"]}}},
    })
}

async fn export(ann: &Actor<'_>, name: &str) -> Value {
    ann.get(&format!("{NAMESPACES}/{name}/export"))
        .await
        .good()
        .await
}

async fn import(ann: &Actor<'_>, body: &Value) -> Value {
    ann.post(&format!("{NAMESPACES}/import"), body)
        .await
        .good()
        .await
}

fn one<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["namespaces"].as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap()
}

fn changes(one: &Value, change: &str) -> Vec<String> {
    let settings = one["settings"].as_array().unwrap().iter();
    settings
        .filter(|s| s["change"] == change)
        .map(|s| s["setting"].as_str().unwrap().to_owned())
        .collect()
}

fn steps(one: &Value) -> Vec<String> {
    let steps = one["steps"].as_array().unwrap().iter();
    steps
        .map(|s| {
            format!(
                "{} {}",
                s["step"].as_str().unwrap(),
                s["result"].as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn an_export_is_what_hcp_says_without_what_is_one_namespaces_alone() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    hcp.put("plain", json!({}));
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let mut single = export(&ann, "archive").await;
    assert!(single["exportedAt"].as_str().unwrap().starts_with("20"));
    assert_eq!(single["version"], "1.0");
    assert_eq!(single["sourceTenant"], "acme");
    assert_eq!(single["warnings"], json!([]));
    let expected = json!({
        "name": "archive", "description": "kept", "hardQuota": "1.00 GB", "softQuota": 85,
        "hashScheme": "SHA-256", "aclsUsage": "NOT_ENABLED", "enterpriseMode": true,
        "searchEnabled": false, "tags": {"tag": ["a"]},
        "versioning": {"enabled": true, "prune": false, "keepDeletionRecords": true},
        "compliance": {"retentionDefault": "C+years", "shreddingDefault": false},
        "permissions": {"permission": ["READ", "WRITE"]},
        "protocols": {
            "http": {"hs3Enabled": false, "httpsEnabled": true, "webdavBasicAuthUsername": ""},
            "cifs": {"enabled": false},
            "nfs": {
                "enabled": false, "uid": 0, "gid": 0,
                "ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0.0/8"]}},
            },
            "smtp": {"enabled": false},
        },
        "retentionClasses": [{"name": "years", "value": "A+1y", "allowDisposition": false}],
        "indexing": {"fullIndexingEnabled": false},
        "cors": {"cors": "<CORSConfiguration/>"},
        "replicationCollision": {"action": "MOVE", "deleteEnabled": false},
    });
    assert_eq!(single["namespaces"], json!([expected]));
    assert_eq!(single["complianceSettings"], expected["compliance"]);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(single[name].take(), *value, "{name}");
    }
    let path = format!("{NAMESPACES}/export?names=plain,%20archive,,plain");
    let both: Value = ann.get(&path).await.good().await;
    let names: Vec<_> = both["namespaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| &n["name"])
        .collect();
    assert_eq!(names, ["plain", "archive"]);
    assert!(both["namespaces"][0].get("cors").is_none());
    assert!(both.get("name").is_none());
    assert!(!both.to_string().contains("hunter2"));
}

#[tokio::test]
async fn an_export_hides_no_failure() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    let app = hcp.hako(&[("CACHE_DEFAULT_TTL", "0")]).await;
    let ann = app.script("acme/ann", "s1").await;
    let get = async |path: &str| {
        ann.get(&format!("{NAMESPACES}/{path}"))
            .await
            .status()
            .as_u16()
    };
    assert_eq!(get("nope/export").await, 404);
    assert_eq!(get("export?names=archive,nope").await, 404);
    assert_eq!(get("export").await, 422);
    assert_eq!(get("export?names=%20,").await, 422);
    assert_eq!(get("export?names=a%2Fb").await, 422);
    for (status, told) in [(403, 403), (401, 401), (502, 502), (500, 502)] {
        hcp.fail(Method::GET, "/namespaces/archive", status);
        assert_eq!(get("archive/export").await, told, "{status}");
        hcp.heal();
    }
    // A part that may not be seen is told of, one that is not set is none.
    hcp.fail(Method::GET, "/complianceSettings", 403);
    hcp.fail(Method::GET, "/protocols/smtp", 404);
    let told = export(&ann, "archive").await;
    assert_eq!(told["namespaces"][0].get("compliance"), None);
    assert_eq!(told["namespaces"][0]["protocols"].get("smtp"), None);
    assert_eq!(
        told["warnings"].as_array().unwrap().len(),
        1,
        "{}",
        told["warnings"]
    );
    assert_eq!(told["warnings"][0]["namespace"], "archive");
    assert_eq!(told["warnings"][0]["part"], "compliance");
    assert!(
        told["warnings"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("the fake refuses")
    );
    // Credentials that stopped being good are no matter of one part.
    hcp.fail(Method::GET, "/protocols/nfs", 401);
    let anew = ann.request(Method::GET, &format!("{NAMESPACES}/archive/export"));
    let anew = anew
        .header("cache-control", "no-cache")
        .send()
        .await
        .unwrap();
    assert_eq!(anew.status().as_u16(), 401);
}

#[tokio::test]
async fn many_namespaces_are_asked_for_six_calls_at_a_time() {
    let hcp = KeepingHcp::start().await;
    let names: Vec<String> = (0..12).map(|n| format!("n{n}")).collect();
    for name in &names {
        hcp.put(name, json!({}));
    }
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let path = format!("{NAMESPACES}/export?names={}", names.join(","));
    let told: Value = ann.get(&path).await.good().await;
    assert_eq!(told["namespaces"].as_array().unwrap().len(), 12);
    assert!(
        (2..=6).contains(&hcp.most_at_once()),
        "{}",
        hcp.most_at_once()
    );
}

#[tokio::test]
async fn a_dry_run_tells_all_and_changes_nothing() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let mut template = export(&ann, "archive").await;
    template["namespaces"][0]["softQuota"] = 70.into();
    hcp.asked();
    let told = import(
        &ann,
        &json!({
            "template": template, "dry_run": true, "rename": {"archive": "copy"},
        }),
    )
    .await;
    assert_eq!(
        (&told["dry_run"], &told["summary"]),
        (&json!(true), &json!({"created": 1}))
    );
    let copy = one(&told, "copy");
    assert_eq!(
        (&copy["source"], &copy["exists"]),
        (&json!("archive"), &json!(false))
    );
    assert!(changes(copy, "new").contains(&"softQuota".to_owned()));
    let planned = steps(copy);
    assert_eq!(planned[0], "create planned");
    assert!(
        planned.contains(&"retentionClasses planned".to_owned()),
        "{planned:?}"
    );

    let path = format!("{NAMESPACES}/import?dry_run=true&existing=update");
    let told: Value = ann.post(&path, &template).await.good().await;
    let same = one(&told, "archive");
    assert_eq!(
        (&same["outcome"], changes(same, "change")),
        (&json!("updated"), vec!["softQuota".to_owned()])
    );
    let softened = same["settings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["setting"] == "softQuota");
    let expected = json!({"part": "namespace", "setting": "softQuota", "change": "change", "old": 85, "new": 70});
    assert_eq!(softened, Some(&expected));
    assert_eq!(steps(same), ["namespace planned"]);
    assert_eq!(hcp.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_import_makes_namespaces_and_the_same_again_changes_nothing() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let mut template = export(&ann, "archive").await;
    // One that does not say whether there is S3 has it.
    template["namespaces"][0]["protocols"]["http"]
        .as_object_mut()
        .unwrap()
        .remove("hs3Enabled");
    template["namespaces"][0]["aclsUsage"] = "ENFORCED".into();
    let body = json!({"template": template, "rename": {"archive": "copy"}, "existing": "update"});
    hcp.asked();
    let told = import(&ann, &body).await;
    assert_eq!(told["summary"], json!({"created": 1}), "{told}");
    let expected = [
        "create done",
        "namespace done",
        "s3 done",
        "protocols.nfs done",
        "retentionClasses done",
        "compliance done",
        "cors done",
    ];
    assert_eq!(steps(one(&told, "copy")), expected);
    let expected = [
        "PUT /namespaces",
        "POST /namespaces/copy",
        "POST /namespaces/copy/protocols/http",
        "POST /namespaces/copy/protocols/nfs",
        "PUT /namespaces/copy/retentionClasses",
        "POST /namespaces/copy/complianceSettings",
        "PUT /namespaces/copy/cors",
    ];
    assert_eq!(hcp.changes(), expected);
    assert_eq!(hcp.part("copy", "")["hardQuota"], "1.00 GB");
    assert_eq!(hcp.part("copy", "")["aclsUsage"], "ENFORCED");
    assert_eq!(hcp.part("copy", "versioningSettings")["enabled"], true);
    assert_eq!(hcp.part("copy", "protocols/http")["hs3Enabled"], true);
    assert_eq!(hcp.part("copy", "cors")["cors"], "<CORSConfiguration/>");
    assert_eq!(hcp.part("copy", "retentionClasses/years")["value"], "A+1y");
    assert_eq!(
        hcp.part("copy", "protocols/http")["webdavBasicAuthPassword"],
        "hunter2"
    );

    let again = import(&ann, &body).await;
    assert_eq!(again["summary"], json!({"same": 1}), "{again}");
    let same = one(&again, "copy");
    assert_eq!(steps(same), Vec::<String>::new());
    assert_eq!(
        changes(same, "same").len(),
        same["settings"].as_array().unwrap().len()
    );
    assert_eq!(hcp.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn namespaces_that_are_there_are_left_alone_unless_asked_otherwise() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let template =
        json!([{"name": "archive", "softQuota": 70}, {"name": "fresh"}, {"name": "Fresh"}]);
    let with = |existing: &str| json!({"template": template, "existing": existing});
    let told = import(&ann, &template).await;
    assert_eq!(
        told["summary"],
        json!({"created": 1, "failed": 2}),
        "{told}"
    );
    assert!(
        one(&told, "archive")["reason"]
            .as_str()
            .unwrap()
            .contains("already")
    );
    assert!(
        one(&told, "Fresh")["reason"]
            .as_str()
            .unwrap()
            .contains("another namespace")
    );
    let told = import(&ann, &with("skip")).await;
    assert_eq!(
        told["summary"],
        json!({"skipped": 2, "failed": 1}),
        "{told}"
    );
    assert_eq!(hcp.part("archive", "")["softQuota"], 85);
    let told = import(&ann, &with("update")).await;
    assert_eq!(
        told["summary"],
        json!({"updated": 1, "same": 1, "failed": 1}),
        "{told}"
    );
    assert_eq!(hcp.part("archive", "")["softQuota"], 70);
}

#[tokio::test]
async fn a_step_that_fails_is_told_and_the_rest_goes_on() {
    let hcp = KeepingHcp::start().await;
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let template = json!([
        {"name": "one", "versioning": {"prune": true}, "cors": {"cors": "<x/>"}, "protocols": {"nfs": {"uid": 7}}},
        {"name": "two", "softQuota": 99},
        {"name": "three"},
    ]);
    hcp.fail(Method::POST, "/one/protocols/nfs", 403);
    hcp.fail(Method::POST, "/one/protocols/http", 400);
    let told = import(&ann, &template).await;
    assert_eq!(
        told["summary"],
        json!({"created": 1, "partial": 1, "failed": 1}),
        "{told}"
    );
    let expected = [
        "create done",
        "s3 skipped",
        "versioning done",
        "protocols.nfs failed",
        "cors done",
    ];
    assert_eq!(steps(one(&told, "one")), expected);
    assert!(
        one(&told, "one")["steps"][3]["reason"]
            .as_str()
            .unwrap()
            .contains("the fake refuses")
    );
    // One that would be made otherwise than it was meant is not made.
    let two = one(&told, "two");
    assert!(
        two["reason"].as_str().unwrap().starts_with("softQuota: "),
        "{two}"
    );
    assert_eq!(changes(two, "refused"), ["softQuota"]);
    assert_eq!(hcp.part("two", ""), Value::Null);
    assert_eq!(one(&told, "three")["outcome"], "created");

    hcp.fail(Method::PUT, "/namespaces", 403);
    let told = import(&ann, &json!({"name": "four"})).await;
    assert_eq!(
        (&told["summary"], steps(one(&told, "four"))),
        (&json!({"failed": 1}), vec!["create failed".to_owned()])
    );
    hcp.fail(Method::GET, "/namespaces/five", 401);
    let refused = ann
        .post(&format!("{NAMESPACES}/import"), &json!({"name": "five"}))
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_template_is_refused() {
    let hcp = KeepingHcp::start().await;
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let path = format!("{NAMESPACES}/import");
    let newer = json!({"version": "2.0", "namespaces": [{"name": "a"}]});
    let _ = ann
        .post(&path, &newer)
        .await
        .problem(400, "invalid_argument")
        .await;
    let many: Vec<_> = (0..501).map(|n| json!({"name": format!("n{n}")})).collect();
    let _ = ann
        .post(&path, &json!(many))
        .await
        .problem(413, "payload_too_large")
        .await;
    let large = json!({"name": "a", "description": "x".repeat(5 * 1024 * 1024)});
    let _ = ann
        .post(&path, &large)
        .await
        .problem(413, "payload_too_large")
        .await;
    for body in [
        json!({"hello": 1}),
        json!({"name": "a b/../c"}),
        json!({"template": {"name": "a"}, "existing": "destroy"}),
        json!({"template": {"name": "a"}, "drY_run": true}),
        json!({"template": {"name": "a"}, "rename": {"b": "c"}}),
        json!({"template": {"name": "a"}, "rename": {"a": "-"}}),
    ] {
        let _ = ann
            .post(&path, &body)
            .await
            .problem(422, "validation")
            .await;
    }
    assert_eq!(hcp.asked().len(), 0);
}

#[tokio::test]
async fn what_was_exported_is_kept_for_each_account_until_a_change() {
    let hcp = KeepingHcp::start().await;
    // A setting that was never made is asked for again.
    hcp.put("archive", archive());
    let app = hcp.hako(&[]).await;
    let (ann, bob) = (
        app.script("acme/ann", "s1").await,
        app.script("acme/bob", "s2").await,
    );
    let wrong = app.script("acme/ann", "wrong").await;
    let asked = async |actor: &Actor<'_>| {
        let _ = export(actor, "archive").await;
        hcp.asked().len()
    };
    let first = asked(&ann).await;
    assert!(first > 10, "{first}");
    assert_eq!(asked(&ann).await, 0);
    assert_eq!(asked(&bob).await, first);
    assert_eq!(asked(&wrong).await, first);
    let anew = ann.request(Method::GET, &format!("{NAMESPACES}/archive/export"));
    let anew = anew
        .header("cache-control", "no-cache")
        .send()
        .await
        .unwrap();
    assert_eq!((anew.status(), hcp.asked().len()), (StatusCode::OK, first));
    app.advance(1_000);
    assert_eq!(asked(&ann).await, first);
    // A change by S3 is one of the namespace.
    let set = ann.request(Method::PUT, "/api/v1/buckets/archive/versioning");
    let set = set
        .json(&json!({"status": "Enabled"}))
        .send()
        .await
        .unwrap();
    assert_eq!(set.status().as_u16(), 200);
    assert_eq!(asked(&bob).await, first);
    assert_eq!(asked(&ann).await, first);
    assert_eq!(asked(&bob).await, 0);
    let _ = import(
        &ann,
        &json!({
            "template": {"name": "archive", "softQuota": 70}, "existing": "update",
        }),
    )
    .await;
    hcp.asked();
    let told = export(&bob, "archive").await;
    assert_eq!(told["softQuota"], 70);
}

#[tokio::test]
async fn a_store_without_management_has_no_templates() {
    let hcp = KeepingHcp::start().await;
    let app = hcp.hako(&[("MAPI_ENABLED", "false")]).await;
    let ann = app.script("acme/ann", "s1").await;
    let path = format!("{NAMESPACES}/archive/export");
    let _ = ann.get(&path).await.problem(501, "not_supported").await;
    let path = format!("{NAMESPACES}/import");
    let _ = ann
        .post(&path, &json!({"name": "a"}))
        .await
        .problem(501, "not_supported")
        .await;
}

#[tokio::test]
async fn management_tells_where_its_answers_are_from() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", json!({}));
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let path = format!("{NAMESPACES}/archive");
    let first = ann.get(&path).await;
    assert_eq!(
        (first.header("x-hako-cache"), first.header("age")),
        ("miss", "")
    );
    app.advance(7);
    let kept = ann.get(&path).await;
    assert_eq!(kept.header("x-hako-cache"), "hit");
    assert!(
        ["7", "8"].contains(&kept.header("age")),
        "{}",
        kept.header("age")
    );
    let anew = ann
        .request(Method::GET, &path)
        .header("cache-control", "max-age=0, no-cache");
    let anew = anew.send().await.unwrap();
    assert_eq!(anew.headers()["x-hako-cache"], "miss");
    let changed = ann.post(&path, &json!({"description": "new"})).await;
    assert_eq!(changed.header("x-hako-cache"), "");
    let told: Value = ann.get(&path).await.good().await;
    assert_eq!(told["description"], "new");
}

#[tokio::test]
async fn a_report_is_as_documented() {
    let hcp = KeepingHcp::start().await;
    hcp.put("archive", archive());
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let document = openapi::document(&app).await;
    let place = (
        "POST".to_owned(),
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/import".to_owned(),
    );
    let operation = &openapi::operations(&document)[&place];
    // Values of every kind, and all parts.
    let template = json!([
        export(&ann, "archive").await["namespaces"][0],
        {"name": "odd", "softQuota": 200, "tags": {"tag": ["a"]}, "searchEnabled": true},
    ]);
    let body = json!({"template": template, "dry_run": true, "existing": "update"});
    for body in [
        body,
        json!({"template": template, "rename": {"archive": "copy"}}),
    ] {
        let answer = ann.post(&format!("{NAMESPACES}/import"), &body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        documented(&document, operation, &place.1, answer).await;
    }
}

/// Of several namespaces together, in a preview as when it is done.
#[tokio::test]
async fn what_the_tenant_has_not_is_refused_before_it_is_asked_for() {
    let hcp = KeepingHcp::start().await;
    hcp.show_tenant(json!({"name": "acme", "hardQuota": "100.00 GB"}));
    hcp.put("archive", json!({"": {"hardQuota": "2.00 GB"}}));
    hcp.put("big", json!({}));
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    // There are 52 GB given away.
    let template = json!([
        {"name": "one", "hardQuota": "40 GB", "servicePlan": "Default"},
        {"name": "two", "hardQuota": "20 GB"},
        {"name": "golden", "hardQuota": "5 GB", "servicePlan": "Gold"},
        {"name": "three", "hardQuota": "8 GB"},
        {"name": "big", "hardQuota": "70 GB", "softQuota": 60, "servicePlan": "Gold"},
        {"name": "archive", "hardQuota": "1 GB"},
    ]);
    for dry_run in [true, false] {
        hcp.changes();
        let body = json!({"template": template, "dry_run": dry_run, "existing": "update"});
        let told = import(&ann, &body).await;
        let summary = json!({"created": 2, "failed": 2, "partial": 1, "updated": 1});
        assert_eq!(told["summary"], summary, "{told}");
        let reason = |name: &str| one(&told, name)["reason"].as_str().unwrap_or_default();
        assert!(reason("two").contains("112.00 GB together"), "{told}");
        assert!(reason("two").contains("the tenant has 100.00 GB"), "{told}");
        assert!(
            reason("golden").starts_with("servicePlan: the tenant has no"),
            "{told}"
        );
        let refused = changes(one(&told, "big"), "refused");
        assert_eq!(refused, ["hardQuota", "servicePlan"]);
        assert_eq!(changes(one(&told, "big"), "change"), ["softQuota"]);
        assert_eq!(changes(one(&told, "archive"), "change"), ["hardQuota"]);
        assert_eq!(hcp.changes().is_empty(), dry_run);
    }
    assert_eq!(hcp.part("big", "")["softQuota"], 60);
    assert_eq!(hcp.part("big", "")["hardQuota"], "50.00 GB");
    assert!(hcp.part("two", "").is_null() && hcp.part("golden", "").is_null());
    assert_eq!(hcp.part("three", "")["hardQuota"], "8.00 GB");
}

/// Who may not see the tenant is told by HCP itself.
#[tokio::test]
async fn what_cannot_be_seen_is_not_judged() {
    let hcp = KeepingHcp::start().await;
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let template = json!([{"name": "one", "hardQuota": "900 TB", "servicePlan": "Gold"}]);
    hcp.fail(Method::GET, "/availableServicePlans", 500);
    let told = import(&ann, &template).await;
    assert_eq!(told["summary"], json!({"created": 1}), "{told}");
    // To be refused is to be told.
    hcp.heal();
    hcp.fail(Method::GET, "/availableServicePlans", 403);
    let template = json!([
        {"name": "two", "servicePlan": "Gold"},
        {"name": "three", "servicePlan": "Default"},
    ]);
    let told = import(&ann, &template).await;
    assert_eq!(
        told["summary"],
        json!({"created": 1, "failed": 1}),
        "{told}"
    );
    let reason = one(&told, "two")["reason"].as_str().unwrap();
    assert!(reason.contains("may not choose service plans"), "{reason}");
}

#[tokio::test]
async fn in_compliance_mode_a_class_does_not_shrink() {
    let hcp = KeepingHcp::start().await;
    let mut strict = archive();
    strict[""]["enterpriseMode"] = json!(false);
    strict["retentionClasses/days"] = json!({"name": "days", "value": "A+9d"});
    hcp.put("archive", strict);
    hcp.put("loose", archive());
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let classes = json!([
        {"name": "years", "value": "A+11M", "description": "shorter"},
        {"name": "days", "value": "A+10d"},
    ]);
    let template = json!([
        {"name": "archive", "retentionClasses": classes},
        {"name": "loose", "retentionClasses": classes},
    ]);
    let body = json!({"template": template, "dry_run": true, "existing": "update"});
    let told = import(&ann, &body).await;
    assert_eq!(changes(one(&told, "archive"), "refused"), ["value"]);
    let settings = one(&told, "archive")["settings"].as_array().unwrap();
    let refused = settings.iter().find(|s| s["change"] == "refused").unwrap();
    assert_eq!(refused["item"], "years");
    assert!(refused["reason"].as_str().unwrap().contains("only grows"));
    assert_eq!(one(&told, "archive")["outcome"], "partial");
    assert!(changes(one(&told, "loose"), "refused").is_empty(), "{told}");
}
