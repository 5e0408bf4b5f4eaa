//! What console security makes of those who sign in, by a clock that the test sets.

use local_hcp::Profile;
use model::mapi::Role;
use reqwest::Method;
use serde_json::json;

use super::{OPS, PASSWORD, ROOT, Who, Wire};
use crate::fixture::{hcp_document, refusal};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// An account that may read itself: it has a role, but not the security role.
const EVE: Who = ("eve", PASSWORD);
const WRONG: Who = ("eve", "wrong");

async fn with_eve(profile: Profile) -> Wire {
    let wire = Wire::with_acme(profile).await;
    wire.user("eve", &[Role::Monitor]).await;
    wire
}

async fn set(wire: &Wire, security: serde_json::Value) {
    wire.post("/consoleSecurity", OPS, &security).await.good();
}

async fn tries(wire: &Wire, who: Who) -> u16 {
    wire.get("/contactInfo", who).await.status
}

/// What S3 says to that account, with its right password.
async fn by_s3(wire: &Wire, who: Who) -> Result<(), (u16, String)> {
    let name = format!("acme/{}", who.0);
    let client = wire.store.client_of(&name, who.1, &wire.store.by_address());
    client
        .list_buckets()
        .send()
        .await
        .map(drop)
        .map_err(refusal)
}

fn denied() -> Result<(), (u16, String)> {
    Err((403, "AccessDenied".to_owned()))
}

#[tokio::test]
async fn failed_sign_ins_disable_an_account_everywhere_until_somebody_enables_it() {
    let wire = with_eve(Profile::Standard).await;
    for _attempt in 0..4 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    // A good one forgets them.
    assert_eq!(tries(&wire, EVE).await, 200);
    for _attempt in 0..4 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    assert_eq!(tries(&wire, EVE).await, 200);
    assert_eq!(by_s3(&wire, EVE).await, Ok(()));
    for _attempt in 0..5 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    // Now the right password is as good as a wrong one, and not told from it.
    let right = wire.get("/contactInfo", EVE).await;
    let wrong = wire.get("/contactInfo", WRONG).await;
    let nobody = wire.get("/contactInfo", ("nobody", "x")).await;
    assert_eq!((right.status, wrong.status, nobody.status), (403, 403, 403));
    assert_eq!(right.reason(), wrong.reason());
    assert_eq!(right.reason(), nobody.reason());
    assert_eq!(by_s3(&wire, EVE).await, denied());
    let shown = wire.get("/userAccounts/eve", OPS).await.good().json();
    assert_eq!(shown["enabled"], false);
    // Not even much later.
    wire.pass(30 * DAY);
    assert_eq!(tries(&wire, EVE).await, 403);
    wire.post("/userAccounts/eve", OPS, &json!({"enabled": true}))
        .await
        .good();
    assert_eq!(tries(&wire, EVE).await, 200);
    assert_eq!(by_s3(&wire, EVE).await, Ok(()));
}

#[tokio::test]
async fn the_tenant_says_how_many_failures_disable_an_account() {
    let wire = with_eve(Profile::Standard).await;
    set(&wire, json!({"disableAfterAttempts": 2})).await;
    assert_eq!(tries(&wire, WRONG).await, 403);
    assert_eq!(tries(&wire, EVE).await, 200);
    assert_eq!(tries(&wire, WRONG).await, 403);
    assert_eq!(tries(&wire, WRONG).await, 403);
    assert_eq!(tries(&wire, EVE).await, 403);
    wire.post("/userAccounts/eve", OPS, &json!({"enabled": true}))
        .await
        .good();
    set(&wire, json!({"disableAfterAttempts": 0})).await;
    for _attempt in 0..12 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    assert_eq!(tries(&wire, EVE).await, 200);
}

#[tokio::test]
async fn an_account_is_enabled_again_by_itself_where_that_is_set() {
    let wire = with_eve(Profile::Standard).await;
    let minutes = json!({"automaticUserAccountUnlockSetting": true,
        "automaticUserAccoutUnlockDuration": 10, "disableAfterAttempts": 3});
    set(&wire, minutes).await;
    for _attempt in 0..3 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    wire.pass(10 * MINUTE - 1);
    assert_eq!(tries(&wire, EVE).await, 403);
    wire.pass(1);
    // The count begins anew: one more failure is one.
    assert_eq!(tries(&wire, WRONG).await, 403);
    assert_eq!(tries(&wire, WRONG).await, 403);
    assert_eq!(tries(&wire, EVE).await, 200);
    for _attempt in 0..3 {
        assert_eq!(tries(&wire, WRONG).await, 403);
    }
    wire.pass(10 * MINUTE);
    assert_eq!(by_s3(&wire, EVE).await, Ok(()));
    assert_eq!(tries(&wire, EVE).await, 200);
}

#[tokio::test]
async fn the_last_security_account_is_back_after_an_hour() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let wrong = ("ops1", "wrong");
    let locked = async || {
        for _attempt in 0..5 {
            assert_eq!(tries(&wire, wrong).await, 403);
        }
        wire.pass(HOUR - 1);
        assert_eq!(tries(&wire, OPS).await, 403);
        wire.pass(1);
        tries(&wire, OPS).await
    };
    assert_eq!(locked().await, 200);
    // Not while somebody else could help.
    wire.user("second", &[Role::Security]).await;
    assert_eq!(locked().await, 403);
    wire.post(
        "/userAccounts/ops1",
        ("second", PASSWORD),
        &json!({"enabled": true}),
    )
    .await
    .good();
    assert_eq!(tries(&wire, OPS).await, 200);
}

#[tokio::test]
async fn the_system_level_has_the_defaults() {
    let wire = Wire::open(Profile::Standard).await;
    let path = "/mapi/tenants";
    for _attempt in 0..5 {
        let answer = wire
            .call(Method::GET, "admin", path, ("root", "wrong"), None)
            .await;
        answer.refused(403, "not valid");
    }
    wire.call(Method::GET, "admin", path, ROOT, None)
        .await
        .refused(403, "not valid");
    wire.pass(HOUR);
    wire.call(Method::GET, "admin", path, ROOT, None)
        .await
        .good();
}

#[tokio::test]
async fn a_failed_sign_in_is_waited_out_where_that_is_set() {
    let wire = with_eve(Profile::Standard).await;
    let seconds = json!({"coolDownPeriodSettings": true, "coolDownPeriodDuration": 30});
    set(&wire, seconds).await;
    assert_eq!(tries(&wire, WRONG).await, 403);
    // Attempts meanwhile are not even looked at, and do not count.
    for _attempt in 0..9 {
        assert_eq!(tries(&wire, WRONG).await, 403);
        assert_eq!(tries(&wire, EVE).await, 403);
    }
    // Programs that sign what they send are not kept waiting by whoever guesses.
    assert_eq!(by_s3(&wire, EVE).await, Ok(()));
    wire.pass(29);
    assert_eq!(tries(&wire, EVE).await, 403);
    wire.pass(1);
    assert_eq!(tries(&wire, EVE).await, 200);
    assert_eq!(tries(&wire, EVE).await, 200);
}

#[tokio::test]
async fn an_account_that_nobody_uses_is_disabled() {
    let wire = with_eve(Profile::Standard).await;
    set(&wire, json!({"disableAfterInactiveDays": 10})).await;
    wire.pass(9 * DAY);
    assert_eq!(tries(&wire, EVE).await, 200);
    wire.pass(10 * DAY - 1);
    assert_eq!(tries(&wire, EVE).await, 200);
    wire.pass(10 * DAY);
    wire.get("/contactInfo", EVE).await.refused(403, "not used");
    assert_eq!(by_s3(&wire, EVE).await, denied());
    // The last who could let others in is not.
    let shown = wire.get("/userAccounts/eve", OPS).await.good().json();
    assert_eq!(shown["enabled"], false);
    wire.post("/userAccounts/eve", OPS, &json!({"enabled": true}))
        .await
        .good();
    assert_eq!(tries(&wire, EVE).await, 200);
}

#[tokio::test]
async fn using_s3_is_using_the_account() {
    let wire = with_eve(Profile::Standard).await;
    set(&wire, json!({"disableAfterInactiveDays": 10})).await;
    let client = wire
        .store
        .client_of("acme/eve", PASSWORD, &wire.store.by_address());
    for _time in 0..3 {
        wire.pass(9 * DAY);
        let writes = wire.store.hcp.write_counts().writes;
        client.list_buckets().send().await.unwrap();
        // The note of it comes after the answer.
        while wire.store.hcp.write_counts().writes == writes {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(tries(&wire, EVE).await, 200);
}

#[tokio::test]
async fn passwords_expire_as_the_profile_and_the_tenant_say() {
    for (profile, after) in [(Profile::Hcp, 403), (Profile::Standard, 200)] {
        let wire = with_eve(profile).await;
        // Used now and then, so that only the password grows old.
        wire.pass(179 * DAY);
        assert_eq!(tries(&wire, EVE).await, 200);
        wire.pass(DAY);
        assert_eq!(tries(&wire, EVE).await, after, "{profile:?}");
        let path = "/userAccounts/eve/changePassword";
        wire.post(path, EVE, &json!({"newPassword": "An0ther-pw"}))
            .await
            .good();
        let eve = ("eve", "An0ther-pw");
        assert_eq!(tries(&wire, eve).await, 200);
    }
    let wire = with_eve(Profile::Standard).await;
    set(&wire, json!({"forcePasswordChangeDays": 30})).await;
    wire.pass(30 * DAY);
    wire.get("/contactInfo", EVE)
        .await
        .refused(403, "has to be changed");
    assert_eq!(by_s3(&wire, EVE).await, denied());
}

#[tokio::test]
async fn who_has_to_change_the_password_can_do_nothing_else() {
    for profile in [Profile::Standard, Profile::Hcp] {
        let wire = with_eve(profile).await;
        wire.post(
            "/userAccounts/eve",
            OPS,
            &json!({"forcePasswordChange": true}),
        )
        .await
        .good();
        for path in ["", "/contactInfo", "/userAccounts", "/userAccounts/eve"] {
            wire.get(path, EVE).await.refused(403, "has to be changed");
        }
        assert_eq!(by_s3(&wire, EVE).await, denied());
        let change = json!({"newPassword": "An0ther-pw"});
        let others = wire
            .post("/userAccounts/ops1/changePassword", EVE, &change)
            .await;
        others.refused(403, "has to be changed");
        let path = "/userAccounts/eve/changePassword";
        let same = json!({"newPassword": PASSWORD});
        wire.post(path, EVE, &same).await.refused(400, "present");
        wire.post(path, EVE, &change).await.good();
        let eve = ("eve", "An0ther-pw");
        assert_eq!(tries(&wire, eve).await, 200);
        assert_eq!(by_s3(&wire, eve).await, Ok(()));
        let shown = wire.get("/userAccounts/eve", OPS).await.good().json();
        assert_eq!(shown["forcePasswordChange"], false);
        // Whoever sets somebody else's password does not end that.
        wire.post(
            "/userAccounts/eve",
            OPS,
            &json!({"forcePasswordChange": true}),
        )
        .await
        .good();
        wire.post(path, OPS, &json!({"newPassword": "Th1rd-pw"}))
            .await
            .good();
        wire.get("/contactInfo", ("eve", "Th1rd-pw"))
            .await
            .refused(403, "has to be changed");
    }
}

#[tokio::test]
async fn one_signs_in_from_where_the_tenant_says() {
    let wire = with_eve(Profile::Standard).await;
    wire.lets_system_in().await;
    let addresses = |allow: &[&str], deny: &[&str]| {
        json!({"ipSettings": {"allowAddresses": {"ipAddress": allow},
            "denyAddresses": {"ipAddress": deny}}})
    };
    set(&wire, addresses(&["127.0.0.0/8"], &[])).await;
    assert_eq!(tries(&wire, EVE).await, 200);
    set(&wire, addresses(&["0.0.0.0/0"], &["10.0.0.0/8"])).await;
    assert_eq!(tries(&wire, EVE).await, 200);
    set(
        &wire,
        addresses(&["10.0.0.0/255.0.0.0", "192.0.2.1,192.0.2.2"], &[]),
    )
    .await;
    wire.get("/contactInfo", EVE)
        .await
        .refused(403, "from this address");
    // A wrong password learns nothing of addresses.
    wire.get("/contactInfo", WRONG)
        .await
        .refused(403, "not valid");
    // The protocols of namespaces have addresses of their own.
    assert_eq!(by_s3(&wire, EVE).await, Ok(()));
    // Who has shut everybody out is helped by the system, whom the tenant let in.
    let path = "/mapi/tenants/acme/consoleSecurity";
    let open = addresses(&["0.0.0.0/0"], &[]);
    wire.call(Method::POST, "admin", path, ROOT, Some(&open))
        .await
        .good();
    assert_eq!(tries(&wire, EVE).await, 200);
    // Of what is not sent, what was there stays.
    let part = json!({"ipSettings": {"denyAddresses": {"ipAddress": ["127.0.0.1"]}}});
    set(&wire, part).await;
    assert_eq!(tries(&wire, EVE).await, 403);
}

#[tokio::test]
async fn a_password_opens_what_the_path_and_the_host_say() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/mapi/tenants/acme/contactInfo";
    for (host, status) in [("acme", 200), ("", 200), ("admin", 403), ("other", 403)] {
        let answer = wire.call(Method::GET, host, path, OPS, None).await;
        assert_eq!(answer.status, status, "{host}");
    }
    for (host, path) in [
        ("acme", "/mapi/tenants/other"),
        ("acme", "/mapi/tenants"),
        ("", "/mapi/tenants"),
    ] {
        assert_eq!(
            wire.call(Method::GET, host, path, OPS, None).await.status,
            403,
            "{host} {path}"
        );
    }
    // Of two accounts with one name, the password says which; and a failure counts against both.
    wire.user("root", &[Role::Monitor]).await;
    let root_of_acme = ("root", PASSWORD);
    wire.call(Method::GET, "", path, root_of_acme, None)
        .await
        .good();
    wire.call(Method::GET, "", "/mapi/tenants/acme", ROOT, None)
        .await
        .good();
    for _attempt in 0..5 {
        let wrong = wire
            .call(Method::GET, "", path, ("root", "wrong"), None)
            .await;
        wrong.refused(403, "not valid");
    }
    wire.call(Method::GET, "", path, root_of_acme, None)
        .await
        .refused(403, "not valid");
    wire.call(Method::GET, "", "/mapi/tenants/acme", ROOT, None)
        .await
        .refused(403, "not valid");
}

#[tokio::test]
async fn a_disabled_account_is_told_so_when_it_has_proved_itself() {
    let wire = with_eve(Profile::Standard).await;
    wire.post("/userAccounts/eve", OPS, &json!({"enabled": false}))
        .await
        .good();
    wire.get("/contactInfo", EVE)
        .await
        .refused(403, "is disabled");
    wire.get("/contactInfo", WRONG)
        .await
        .refused(403, "not valid");
    assert_eq!(by_s3(&wire, EVE).await, denied());
}

#[tokio::test]
async fn an_account_of_another_system_cannot_sign_in_here() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let mut radius = hcp_document("user-account-create");
    radius["localAuthentication"] = json!(false);
    let with = wire
        .put("/userAccounts?password=N3w-pw", OPS, &radius)
        .await;
    with.refused(400, "localAuthentication");
    wire.put("/userAccounts", OPS, &radius).await.good();
    wire.get("/contactInfo", ("reader2", "N3w-pw"))
        .await
        .refused(403, "not valid");
    let path = "/userAccounts/reader2/changePassword";
    wire.post(path, OPS, &json!({"newPassword": "N3w-pw"}))
        .await
        .refused(403, "not kept here");
    let shown = wire
        .get("/userAccounts/reader2?verbose=true", OPS)
        .await
        .good()
        .json();
    assert_eq!(shown["localAuthentication"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_that_come_at_once_are_counted_one_by_one() {
    let wire = with_eve(Profile::Standard).await;
    let before = wire.store.hcp.write_counts().writes;
    let guesses = (0..40).map(|_guess| tries(&wire, WRONG));
    let answers = futures::future::join_all(guesses).await;
    assert!(answers.iter().all(|status| *status == 403));
    // Those after the fifth find the account closed: nothing of them is looked at, or written.
    assert_eq!(wire.store.hcp.write_counts().writes - before, 5);
    assert_eq!(tries(&wire, EVE).await, 403);
    // Nor is anything written about names that do not exist.
    assert_eq!(tries(&wire, ("nobody", "x")).await, 403);
    assert_eq!(wire.store.hcp.write_counts().writes - before, 5);
}

#[tokio::test]
async fn what_an_account_without_roles_may_do_for_itself_the_profile_says() {
    for (profile, status) in [(Profile::Standard, 200), (Profile::Hcp, 403)] {
        let wire = Wire::with_acme(profile).await;
        wire.user("plain", &[]).await;
        let plain = ("plain", PASSWORD);
        assert_eq!(wire.get("/userAccounts/plain", plain).await.status, status);
        assert_eq!(wire.get("/userAccounts/ops1", plain).await.status, 403);
        let change = json!({"newPassword": "An0ther-pw"});
        let own = wire
            .post("/userAccounts/plain/changePassword", plain, &change)
            .await;
        assert_eq!(own.status, status);
        let other = wire
            .post("/userAccounts/ops1/changePassword", plain, &change)
            .await;
        assert_eq!(other.status, 403);
    }
}

/// `AD user:password`, with which a store that has no directory lets nobody in, and counts nothing.
#[tokio::test]
async fn accounts_of_a_directory_are_unknown() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let most = json!({"disableAfterAttempts": 2});
    wire.post("/consoleSecurity", OPS, &most).await.good();
    for (host, path) in [
        ("acme", "/mapi/tenants/acme"),
        ("admin", "/mapi/tenants"),
        ("acme", "/mapi/nowhere"),
    ] {
        for method in [Method::GET, Method::HEAD, Method::POST] {
            for credentials in [
                "AD ops1:S3cret-pw",
                "AD ops1@corp.example:S3cret-pw",
                "AD x",
            ] {
                let url = format!("http://{}{path}", wire.address);
                let request = wire.store.http.request(method.clone(), url);
                let request = request.header("host", format!("{host}.localhost"));
                let answer = request.header("authorization", credentials).send().await;
                let answer = answer.unwrap();
                assert_eq!(answer.status(), 403, "{method} {path} {credentials}");
                let reason = answer.headers()["x-hcp-errormessage"].to_str().unwrap();
                assert!(reason.starts_with("No Active Directory"), "{reason}");
                assert!(!reason.contains("S3cret-pw"));
                assert!(answer.headers().get("www-authenticate").is_none());
                assert_eq!(answer.text().await.unwrap(), "");
            }
        }
    }
    wire.get("/contactInfo", OPS).await.good();
}
