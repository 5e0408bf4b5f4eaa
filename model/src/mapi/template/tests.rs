use serde_json::json;

use super::*;

fn template(json: Json) -> NamespaceTemplate {
    read(json).unwrap().remove(0)
}

fn archive() -> NamespaceTemplate {
    template(json!({
        "name": "archive", "hashScheme": "SHA-256", "hardQuota": "1 GB", "softQuota": 80,
        "tags": {"tag": ["b", "a"]}, "enterpriseMode": true, "owner": "ann", "ownerType": "LOCAL",
        "id": "never", "creationTime": "never",
        "versioning": {"enabled": true, "prune": true, "pruneDays": 7, "daysOnPrimary": 7},
        "complianceSettings": {"retentionDefault": "C+years", "shreddingDefault": true},
        "permissions": {"readAllowed": true},
        "protocols": {
            "http": {"hs3Enabled": true, "webdavBasicAuthUsername": "dav", "webdavBasicAuthPassword": "x"},
            "nfs": {"enabled": false, "ipSettings": {
                "allowAddresses": {"ipAddress": ["10.0.0.0/8"]}, "denyAddresses": {"ipAddress": []},
                "allowIfInBothLists": true,
            }},
        },
        "retentionClasses": [{"name": "years", "value": "A+1y", "description": "one"}],
        "indexing": {"fullIndexingEnabled": false},
        "cors": {"cors": "<CORSConfiguration/>"},
        "replicationCollision": {"action": "MOVE", "deleteEnabled": false, "deleteDays": 7},
    }))
}

fn of<'a>(all: &'a Difference, setting: &str) -> &'a Setting {
    all.settings.iter().find(|s| s.setting == setting).unwrap()
}

#[test]
fn a_template_comes_in_three_forms() {
    let one = json!({"name": "a"});
    for form in [
        one.clone(),
        json!([one]),
        json!({"version": "1.0", "namespaces": [one]}),
        json!({"namespaces": [one], "name": "a"}),
    ] {
        assert_eq!(read(form).unwrap(), [one.as_object().unwrap().clone()]);
    }
}

#[test]
fn what_is_no_template_is_refused_with_the_place() {
    let refused = |json| read(json).unwrap_err().to_string();
    assert_eq!(
        refused(json!({"version": "2.0", "namespaces": [{"name": "a"}]})),
        "the template is of version 2.0; known is 1.0"
    );
    let many: Vec<_> = (0..=MAX_NAMESPACES)
        .map(|n| json!({"name": n.to_string()}))
        .collect();
    assert_eq!(read(json!(many)), Err(Refusal::TooMany(501)));
    for (json, place) in [
        (json!("text"), "template"),
        (json!({"hello": 1}), "template"),
        (json!([]), "namespaces"),
        (json!({"namespaces": {}}), "namespaces"),
        (json!([{"name": "a"}, 7]), "namespaces.1"),
        (json!([{"name": "a"}, {"nam": "b"}]), "namespaces.1.name"),
        (json!({"name": "../b"}), "namespaces.0.name"),
        (
            json!({"name": "a", "permissions": 7}),
            "namespaces.0.permissions",
        ),
        (
            json!({"name": "a", "protocols": {"gopher": {}}}),
            "namespaces.0.protocols",
        ),
        (
            json!({"name": "a", "retentionClasses": [{"value": "0"}]}),
            "namespaces.0.retentionClasses",
        ),
        (
            json!({"name": "a", "retentionClasses": [{"name": "x"}, {"name": "X"}]}),
            "namespaces.0.retentionClasses",
        ),
    ] {
        let refusal = refused(json.clone());
        assert!(
            refusal.starts_with(&format!("{place}: ")),
            "{json}: {refusal}"
        );
    }
}

#[test]
fn exports_hold_nothing_secret_and_nothing_of_one_namespace_alone() {
    let told = json!({
        "id": "1", "name": "a", "dpl": "Dynamic", "description": "d", "owner": null,
        "webdavBasicAuthPassword": "hunter2", "clientSecret": "hunter2",
    });
    assert_eq!(
        clean(Part::Namespace, told).unwrap(),
        json!({"description": "d"})
    );
    let http = json!({"webdavBasicAuthUsername": "u", "webdavBasicAuthPassword": "hunter2"});
    let kept = json!({"webdavBasicAuthUsername": "u"});
    assert_eq!(clean(Part::Http, http).unwrap(), kept);
    assert_eq!(clean(Part::Nfs, json!({})), None);
}

#[test]
fn a_new_namespace_is_made_first_and_then_set_up_in_order() {
    let archive = archive();
    let body = Json::Object(creation(&archive, "archive2"));
    let expected = json!({
        "name": "archive2", "hashScheme": "SHA-256", "hardQuota": "1.00 GB", "softQuota": 80,
        "tags": {"tag": ["b", "a"]}, "versioningSettings": {"enabled": true, "prune": true, "pruneDays": 7},
    });
    assert_eq!(body, expected);
    let all = difference(&archive, None);
    let parts: Vec<_> = all.writes.iter().map(|write| write.part).collect();
    let expected = [
        Part::Namespace,
        Part::Versioning,
        Part::Permissions,
        Part::Http,
        Part::Nfs,
        Part::RetentionClasses,
        // It names the class before.
        Part::Compliance,
        Part::Indexing,
        Part::Cors,
        Part::ReplicationCollision,
    ];
    assert_eq!(parts, expected);
    let body = |part| {
        all.writes
            .iter()
            .find(|w| w.part == part)
            .unwrap()
            .body
            .clone()
    };
    let sent = |part| Json::Object(body(part));
    assert_eq!(
        sent(Part::Versioning),
        json!({"enabled": true, "prune": true, "pruneDays": 7})
    );
    assert_eq!(sent(Part::Http), json!({"hs3Enabled": true}));
    let addresses = json!({"allowAddresses": {"ipAddress": ["10.0.0.0/8"]}});
    assert_eq!(
        sent(Part::Nfs),
        json!({"enabled": false, "ipSettings": addresses})
    );
    let class =
        json!({"name": "years", "value": "A+1y", "description": "one", "allowDisposition": false});
    assert_eq!(sent(Part::RetentionClasses), class);
    assert_eq!(
        sent(Part::ReplicationCollision),
        json!({"action": "MOVE", "deleteEnabled": false})
    );
    assert_eq!(of(&all, "webdavBasicAuthUsername").change, Change::Refused);
    assert!(
        !all.settings
            .iter()
            .any(|s| s.setting.contains("Password") || s.setting == "id")
    );
}

#[test]
fn what_is_the_same_in_other_words_is_not_written() {
    let mut there = archive();
    there.insert("hardQuota".to_owned(), "1.00 GB".into());
    there.insert("softQuota".to_owned(), "80".into());
    there.insert("tags".to_owned(), json!(["a", "b"]));
    there.insert("enterpriseMode".to_owned(), "true".into());
    there.insert(
        "retentionClasses".to_owned(),
        json!([
            {"name": "YEARS", "value": "A+1y", "description": "one", "allowDisposition": false},
            {"name": "other", "value": "0"},
        ]),
    );
    there.insert(
        "permissions".to_owned(),
        json!({"readAllowed": true, "purgeAllowed": false}),
    );
    // HCP leaves out what is empty.
    there.insert("indexing".to_owned(), json!({"contentClasses": null}));
    let all = difference(&archive(), Some(&there));
    assert_eq!(all.writes, []);
    let differing = all.settings.iter().filter(|s| s.change != Change::Same);
    assert_eq!(
        differing.map(|s| &s.setting).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn only_what_differs_is_written_and_what_cannot_be_is_said() {
    let mut there = archive();
    for (name, json) in [
        ("softQuota", json!(70)),
        ("hashScheme", json!("MD5")),
        ("enterpriseMode", json!(false)),
        ("owner", json!("bob")),
        (
            "versioning",
            json!({"enabled": true, "prune": true, "pruneDays": 8}),
        ),
        ("cors", json!(null)),
    ] {
        there.insert(name.to_owned(), json);
    }
    let all = difference(&archive(), Some(&there));
    let bodies: Vec<_> = all
        .writes
        .iter()
        .map(|w| (w.part, Json::Object(w.body.clone())))
        .collect();
    let expected = [
        (
            Part::Namespace,
            json!({"softQuota": 80, "owner": "ann", "ownerType": "LOCAL"}),
        ),
        (
            Part::Versioning,
            json!({"enabled": true, "prune": true, "pruneDays": 7}),
        ),
        (Part::Cors, json!({"cors": "<CORSConfiguration/>"})),
    ];
    assert_eq!(bodies, expected);
    let quota = of(&all, "softQuota");
    assert_eq!(
        (quota.change, &quota.old, &quota.new),
        (Change::Change, &Some(json!(70)), &json!(80))
    );
    for setting in ["hashScheme", "enterpriseMode"] {
        let refused = of(&all, setting);
        assert_eq!(refused.change, Change::Refused, "{setting}");
        assert!(refused.reason.is_some(), "{setting}");
    }
    assert_eq!(of(&all, "cors").change, Change::New);
}

#[test]
fn settings_that_break_rules_or_are_not_known_are_refused_alone() {
    let wanted = template(json!({
        "name": "a", "softQuota": 99, "hardQuota": "much", "fromTheFuture": 1, "searchEnabled": true,
        "retentionClasses": [{"name": "half", "value": "for ever"}],
    }));
    let all = difference(&wanted, None);
    for setting in ["softQuota", "hardQuota", "fromTheFuture", "value"] {
        assert_eq!(of(&all, setting).change, Change::Refused, "{setting}");
    }
    assert_eq!(all.writes.len(), 1);
    assert_eq!(
        Json::Object(all.writes[0].body.clone()),
        json!({"searchEnabled": true})
    );
    // One that is there already needs nothing.
    let there = template(json!({"name": "a", "fromTheFuture": 1}));
    let all = difference(&wanted, Some(&there));
    assert_eq!(of(&all, "fromTheFuture").change, Change::Same);
}

#[test]
fn requests_have_their_paths() {
    let one = ExportNamespace {
        tenant_name: "acme".to_owned(),
        ns_name: "a b".to_owned(),
    };
    assert_eq!(
        one.path(),
        "/api/v1/mapi/tenants/acme/namespaces/a%20b/export"
    );
    let some = ExportNamespaces {
        tenant_name: "acme".to_owned(),
        names: vec!["a".to_owned(), "b".to_owned()],
    };
    assert_eq!(
        some.path(),
        "/api/v1/mapi/tenants/acme/namespaces/export?names=a%2Cb"
    );
}
