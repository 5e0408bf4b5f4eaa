//! User accounts: names, roles, passwords, and those without which nobody could manage them.

use local_hcp::Profile;
use model::mapi::Role;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{OPS, PASSWORD, ROOT, Wire};
use crate::fixture::{get, hcp_document, put, refusal};

fn reader(change: &Json) -> Json {
    let mut body = hcp_document("user-account-create");
    body.as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn what_a_new_account_lacks_or_has_too_much_is_refused() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/userAccounts?password=N3w-pw";
    for name in [
        "username",
        "fullName",
        "localAuthentication",
        "enabled",
        "forcePasswordChange",
    ] {
        let body = reader(&json!({name: null}));
        wire.put(path, OPS, &body).await.refused(400, name);
    }
    for (change, status, reason) in [
        (json!({"username": ""}), 400, "username"),
        (json!({"username": "[x"}), 400, "username"),
        (json!({"username": "x".repeat(65)}), 400, "username"),
        (json!({"username": "a/b"}), 400, "slash"),
        (json!({"fullName": "x".repeat(65)}), 400, "fullName"),
        (json!({"description": "x".repeat(1025)}), 400, "description"),
        (json!({"roles": {"role": ["SERVICE"]}}), 400, "SERVICE"),
        (json!({"roles": {"role": ["KING"]}}), 400, "roles"),
        (json!({"userGUID": "x"}), 403, "userGUID"),
        (json!({"userID": 7}), 403, "userID"),
        (json!({"email": "x"}), 400, "email"),
        (
            json!({"username": "OPS1"}),
            409,
            "ops1 already exists".split(' ').next_back().unwrap(),
        ),
    ] {
        wire.put(path, OPS, &reader(&change))
            .await
            .refused(status, reason);
    }
    wire.put("/userAccounts", OPS, &reader(&json!({})))
        .await
        .refused(400, "password");
    let list = wire.get("/userAccounts", OPS).await.good().json();
    assert_eq!(list, json!({"username": ["ops1"]}));
    // What HCP's text forbids and its example has is read and has no effect; bare lists are read, too.
    let lenient =
        reader(&json!({"allowNamespaceManagement": true, "roles": ["monitor"], "enabled": "t"}));
    wire.put(path, OPS, &lenient).await.good();
    let shown = wire.get("/userAccounts/READER2", OPS).await.good().json();
    assert_eq!(shown["username"], "reader2");
    assert_eq!(shown["allowNamespaceManagement"], false);
    assert_eq!(shown["roles"], json!({"role": ["MONITOR"]}));
    assert_eq!(shown["enabled"], true);
}

#[tokio::test]
async fn roles_decide_what_is_seen_and_changed_of_an_account() {
    let wire = Wire::with_acme(Profile::Standard).await;
    wire.user("admin1", &[Role::Administrator]).await;
    wire.user("guard", &[Role::Security]).await;
    wire.user("plain", &[]).await;
    let of_security = ["roles", "userGUID", "userID", "forcePasswordChange"];
    let names = |json: &Json| of_security.map(|name| json.get(name).is_some());
    for (who, all) in [("admin1", false), ("guard", true)] {
        let shown = wire
            .get("/userAccounts/ops1?verbose=true", (who, PASSWORD))
            .await
            .good()
            .json();
        assert_eq!(names(&shown), [all; 4], "{who}");
    }
    let template = wire
        .get("/userAccounts/ops1", ("guard", PASSWORD))
        .await
        .good()
        .json();
    assert_eq!(names(&template), [true, false, false, true]);
    // Nobody's role, but one's own account.
    wire.get("/userAccounts/ops1", ("plain", PASSWORD))
        .await
        .refused(403, "role");
    let own = wire
        .get("/userAccounts/plain?verbose=true", ("plain", PASSWORD))
        .await
        .good()
        .json();
    assert_eq!(names(&own), [false; 4]);

    let manages = json!({"allowNamespaceManagement": true});
    let described = json!({"description": "x"});
    let path = "/userAccounts/plain";
    wire.post(path, ("guard", PASSWORD), &manages)
        .await
        .refused(403, "allowNamespaceManagement");
    wire.post(path, ("admin1", PASSWORD), &described)
        .await
        .refused(403, "description");
    wire.post(path, ("admin1", PASSWORD), &manages).await.good();
    wire.post(path, ("guard", PASSWORD), &described)
        .await
        .good();
    let answer = wire
        .post(
            "/userAccounts/plain?password=N3w-pass",
            ("admin1", PASSWORD),
            &json!({}),
        )
        .await;
    answer.refused(403, "security role");
    wire.post(
        "/userAccounts/plain?password=N3w-pass",
        ("guard", PASSWORD),
        &json!({}),
    )
    .await
    .good();
    let shown = wire.get(path, ("plain", "N3w-pass")).await.good().json();
    assert_eq!(shown["allowNamespaceManagement"], true);
    assert_eq!(shown["description"], "x");
    // With the administrator role comes that property, and it can be taken away again.
    let roles = json!({"roles": {"role": ["ADMINISTRATOR"]}});
    wire.post(path, OPS, &json!({"allowNamespaceManagement": false}))
        .await
        .good();
    wire.post(path, OPS, &roles).await.good();
    let shown = wire.get(path, OPS).await.good().json();
    assert_eq!(shown["allowNamespaceManagement"], true);
}

#[tokio::test]
async fn somebody_can_always_manage_accounts() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let path = "/userAccounts/ops1";
    let demoted = json!({"roles": {"role": ["ADMINISTRATOR"]}, "description": "x"});
    wire.post(path, OPS, &demoted)
        .await
        .refused(403, "last enabled account");
    let shown = wire.get(path, OPS).await.good().json();
    assert_eq!(shown["description"], "", "nothing of it is done");
    wire.post(path, OPS, &json!({"enabled": false}))
        .await
        .refused(403, "own account");
    wire.delete(path, OPS).await.refused(403, "own account");
    wire.user("guard", &[Role::Security]).await;
    let guard = ("guard", PASSWORD);
    wire.delete(path, guard).await.good();
    assert_eq!(wire.get("/contactInfo", OPS).await.status, 403);
    wire.user("other", &[Role::Security]).await;
    wire.post("/userAccounts/other", guard, &json!({"enabled": false}))
        .await
        .good();
    // The other is not enabled, so this is the last again: the system cannot delete it either.
    let roles = json!({"roles": {"role": []}});
    wire.post("/userAccounts/guard", guard, &roles)
        .await
        .refused(403, "last enabled account");
}

#[tokio::test]
async fn the_system_cannot_delete_the_last_security_account() {
    let wire = Wire::with_acme(Profile::Standard).await;
    wire.lets_system_in().await;
    let path = "/mapi/tenants/acme/userAccounts/ops1";
    let answer = wire.call(Method::DELETE, "admin", path, ROOT, None).await;
    answer.refused(403, "last enabled account");
    wire.user("guard", &[Role::Security]).await;
    wire.call(Method::DELETE, "admin", path, ROOT, None)
        .await
        .good();
    wire.call(Method::DELETE, "admin", path, ROOT, None)
        .await
        .refused(404, "");
}

#[tokio::test]
async fn what_an_account_stored_outlives_it() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let old = wire
        .store
        .client_of("acme/ops1", OPS.1, &wire.store.by_address());
    old.create_bucket().bucket("kept").send().await.unwrap();
    put(&old, "kept", "a", "x").await;
    wire.user("guard", &[Role::Security, Role::Administrator])
        .await;
    let guard = ("guard", PASSWORD);
    let guid = |json: &Json| json["userGUID"].as_str().unwrap().to_owned();
    let before = wire
        .get("/userAccounts/ops1?verbose=true", guard)
        .await
        .good()
        .json();
    wire.delete("/userAccounts/ops1", guard).await.good();
    wire.get("/userAccounts/ops1", guard).await.refused(404, "");
    assert_eq!(
        refusal(old.list_buckets().send().await.unwrap_err()),
        (403, "InvalidAccessKeyId".to_owned())
    );
    // The name is free, and whoever gets it is somebody else.
    let body = reader(&json!({"username": "ops1"}));
    wire.put("/userAccounts?password=S3cret-pw", guard, &body)
        .await
        .good();
    let after = wire
        .get("/userAccounts/ops1?verbose=true", guard)
        .await
        .good()
        .json();
    assert_ne!(guid(&before), guid(&after));
    assert!(after["userID"].as_i64() > before["userID"].as_i64());
    let read = old.get_object().bucket("kept").key("a").send().await;
    assert_eq!(refusal(read.unwrap_err()), (403, "AccessDenied".to_owned()));
}

#[tokio::test]
async fn a_new_name_is_a_new_access_key() {
    let wire = Wire::with_acme(Profile::Standard).await;
    wire.user("eve", &[Role::Security]).await;
    wire.post("/userAccounts/eve", OPS, &json!({"username": "ops1"}))
        .await
        .refused(409, "exists");
    wire.post("/userAccounts/eve", OPS, &json!({"username": "Eva"}))
        .await
        .good();
    wire.get("/userAccounts", ("eva", PASSWORD)).await.good();
    wire.get("/userAccounts", ("eve", PASSWORD))
        .await
        .refused(403, "not valid");
    let client = wire
        .store
        .client_of("acme/eva", PASSWORD, &wire.store.by_address());
    client.list_buckets().send().await.unwrap();
}

#[tokio::test]
async fn passwords_keep_the_rules_of_the_tenant() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let rules = json!({"minimumPasswordLength": 8, "passwordCombination": true,
        "upperCaseLetterCount": 1, "lowerCaseLetterCount": 1, "numericCharacterCount": 2,
        "specialCharacterCount": 0, "passwordContainsUsername": false, "blockCommonPassword": true,
        "blockPasswordReUse": true, "passwordReuseDepth": 2});
    wire.post("/consoleSecurity", OPS, &rules).await.good();
    let set = async |password: &str| {
        let body = json!({"newPassword": password});
        wire.post("/userAccounts/eve/changePassword", OPS, &body)
            .await
    };
    let create = reader(&json!({"username": "eve"}));
    wire.put("/userAccounts?password=short1", OPS, &create)
        .await
        .refused(400, "8 to 64");
    wire.put("/userAccounts?password=First-pw-11", OPS, &create)
        .await
        .good();
    for (password, reason) in [
        ("Sh0rt11", "8 to 64"),
        ("long-enough-11", "upper-case"),
        ("Long-enough-1", "2 digits"),
        ("Steven-1122", "user name"),
        ("PassworD123", "common"),
        ("First-pw-11", "present"),
    ] {
        set(password).await.refused(400, reason);
    }
    set("Second-pw-22").await.good();
    set("First-pw-11").await.refused(400, "last 2");
    set("Third-pw-33").await.good();
    set("Second-pw-22").await.refused(400, "last 2");
    // The first is the third last.
    set("First-pw-11").await.good();
    wire.get("/contactInfo", ("eve", "First-pw-11"))
        .await
        .good();
    // The secret of S3 is the new one at once.
    let client = wire
        .store
        .client_of("acme/eve", "First-pw-11", &wire.store.by_address());
    client.list_buckets().send().await.unwrap();
    let body = json!({"oldPassword": "x", "newPassword": "Fourth-pw-44"});
    let path = "/userAccounts/eve/changePassword";
    wire.post(path, OPS, &body)
        .await
        .refused(400, "newPassword");
    wire.post(path, OPS, &json!({}))
        .await
        .refused(400, "newPassword");
}

#[tokio::test]
async fn the_system_resets_the_passwords_of_security_accounts() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    wire.user("guard", &[Role::Security]).await;
    wire.user("eve", &[Role::Monitor]).await;
    for _attempt in 0..5 {
        wire.get("/userAccounts", ("guard", "wrong"))
            .await
            .refused(403, "not valid");
    }
    let path = "/mapi/tenants/acme/userAccounts";
    let none = Some(json!({}));
    let answer = wire
        .call(Method::POST, "admin", path, ROOT, none.as_ref())
        .await;
    answer.refused(400, "resetPasswords");
    let short = format!("{path}?resetPasswords=a1");
    wire.call(Method::POST, "admin", &short, ROOT, none.as_ref())
        .await
        .refused(400, "password");
    let reset = format!("{path}?resetPasswords=N3w-pass%2B");
    wire.call(Method::POST, "acme", &reset, OPS, none.as_ref())
        .await
        .refused(403, "role");
    wire.call(Method::POST, "admin", &reset, ROOT, none.as_ref())
        .await
        .good();
    for name in ["ops1", "guard"] {
        wire.get("/userAccounts", (name, "N3w-pass+")).await.good();
    }
    wire.get("/userAccounts", ("eve", PASSWORD)).await.good();
}

#[tokio::test]
async fn accounts_of_the_system_are_read_and_given_passwords() {
    let wire = Wire::open(Profile::Hcp).await;
    let all = "/mapi/userAccounts/root?verbose=true";
    let shown = wire
        .call(Method::GET, "admin", all, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(shown["userID"], 100);
    assert_eq!(shown.get("allowNamespaceManagement"), None);
    let path = "/mapi/userAccounts/root";
    let change = json!({"description": "x"});
    let answer = wire
        .call(Method::POST, "admin", path, ROOT, Some(&change))
        .await;
    answer.refused(403, "description");
    let empty = json!({});
    wire.call(Method::POST, "admin", path, ROOT, Some(&empty))
        .await
        .refused(400, "password");
    let with = format!("{path}?password=N3w-pass");
    wire.call(Method::POST, "admin", &with, ROOT, Some(&empty))
        .await
        .good();
    let root = ("root", "N3w-pass");
    let other = json!({"newPassword": "Oth3r-pass"});
    let path = format!("{path}/changePassword");
    wire.call(Method::POST, "admin", &path, root, Some(&other))
        .await
        .good();
    let list = wire.call(
        Method::GET,
        "admin",
        "/mapi/userAccounts",
        ("root", "Oth3r-pass"),
        None,
    );
    assert_eq!(list.await.good().json(), json!({"username": ["root"]}));
    for verb in [Method::PUT, Method::DELETE] {
        let answer = wire.call(
            verb,
            "admin",
            "/mapi/userAccounts",
            ("root", "Oth3r-pass"),
            None,
        );
        answer.await.refused(405, "method");
    }
}

#[tokio::test]
async fn without_a_directory_there_are_no_groups_and_the_reason_is_told() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    assert_eq!(
        wire.get("/groupAccounts", OPS).await.good().json(),
        json!({"groupname": []})
    );
    let group = hcp_document("group-account");
    let answer = wire.put("/groupAccounts", OPS, &group).await;
    answer.refused(403, "No Active Directory is configured");
    let path = "/groupAccounts/archivists@ad.example.com";
    wire.get(path, OPS).await.refused(404, "");
    wire.delete(path, OPS).await.refused(404, "");
    let system = wire
        .call(Method::GET, "admin", "/mapi/groupAccounts", ROOT, None)
        .await;
    assert_eq!(system.good().json(), json!({"groupname": []}));
}

#[tokio::test]
async fn accounts_are_listed_by_pages() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for name in ["Anna", "anton", "berta"] {
        wire.user(name, &[]).await;
    }
    for (query, names) in [
        ("", vec!["Anna", "anton", "berta", "ops1"]),
        ("?offset=1&count=2", vec!["anton", "berta"]),
        ("?sortOrder=descending&count=1", vec!["ops1"]),
        (
            "?sortType=username&filterType=username&filterString=AN&verbose=true",
            vec!["Anna", "anton"],
        ),
        ("?offset=4", vec![]),
    ] {
        let list = wire
            .get(&format!("/userAccounts{query}"), OPS)
            .await
            .good()
            .json();
        assert_eq!(list, json!({"username": names}), "{query}");
    }
    wire.get("/userAccounts?sortType=hardQuota", OPS)
        .await
        .refused(400, "sortType");
}

#[tokio::test]
async fn a_key_that_was_lent_ends_with_its_account() {
    let wire = Wire::with_acme(Profile::Standard).await;
    wire.user("eve", &[Role::Administrator]).await;
    let eve = wire
        .store
        .client_of("acme/eve", PASSWORD, &wire.store.by_address());
    // She may not make a bucket without the property that comes with the role by the wire.
    let manages = json!({"allowNamespaceManagement": true});
    wire.post("/userAccounts/eve", OPS, &manages).await.good();
    eve.create_bucket().bucket("hers").send().await.unwrap();
    put(&eve, "hers", "a", "x").await;
    let key = wire
        .store
        .hcp
        .lend_key(
            &crate::fixture::tenant("acme"),
            &crate::fixture::username("eve"),
            local_hcp::KeyRequest {
                bucket: "hers".to_owned(),
                prefix: String::new(),
                may_write: false,
                lifetime_s: 600,
            },
        )
        .await
        .unwrap();
    let lent = wire.store.client_with(&key.access_key, &key.secret_key);
    assert_eq!(get(&lent, "hers", "a").await, b"x");
    wire.post(
        "/userAccounts/eve",
        OPS,
        &json!({"forcePasswordChange": true}),
    )
    .await
    .good();
    let read = lent.get_object().bucket("hers").key("a").send().await;
    assert_eq!(refusal(read.unwrap_err()), (403, "AccessDenied".to_owned()));
    wire.delete("/userAccounts/eve", OPS).await.good();
    let read = lent.get_object().bucket("hers").key("a").send().await;
    assert_eq!(
        refusal(read.unwrap_err()),
        (403, "InvalidAccessKeyId".to_owned())
    );
}
