//! The system level of management: actions that act only where they are asked for, and HCP's lists in the
//! contract's form.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer},
    fake_hcp::FakeHcp,
};

const LINK: &str = "/api/v1/mapi/services/replication/links/east-west";
const TOPOLOGY: &str = "/api/v1/mapi/services/erasureCoding/ecTopologies/ec-3";

async fn post(actor: &Actor<'_>, path: &str) -> Answer {
    Answer(actor.request(Method::POST, path).send().await.unwrap())
}

#[tokio::test]
async fn an_action_happens_only_where_it_is_true() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    hcp.asked();
    for (path, sent, body) in [
        (format!("{LINK}?suspend=false"), None, Value::Null),
        (
            format!("{LINK}?suspend=false&resume=true"),
            Some("resume"),
            Value::Null,
        ),
        (format!("{LINK}?suspend=true"), Some("suspend"), Value::Null),
        (
            format!("{LINK}?beginRecover=1"),
            Some("beginRecover"),
            Value::Null,
        ),
        (
            format!("{LINK}/content/tenants/acme?pause=true&resume=0"),
            Some("pause"),
            Value::Null,
        ),
        (format!("{TOPOLOGY}?retire=no"), None, json!({})),
        (format!("{TOPOLOGY}?retire=true"), Some("retire"), json!({})),
        (
            "/api/v1/mapi/services/replication?reestablishAllLinks=true".to_owned(),
            Some("reestablishAllLinks"),
            Value::Null,
        ),
    ] {
        let reply: Value = post(&admin, &path).await.good().await;
        assert_eq!(reply, json!({"status": "updated"}));
        let asked = &hcp.asked()[0];
        let names: Vec<_> = asked.query.keys().map(String::as_str).collect();
        assert_eq!(names, Vec::from_iter(sent), "{path}");
        assert!(asked.query.values().all(String::is_empty), "{path}");
        assert_eq!(asked.body, body, "{path}");
    }
    let reason = "/api/v1/mapi/services/replication?shutDownAllLinks=a%20move";
    let _: Value = post(&admin, reason).await.good().await;
    assert_eq!(hcp.asked()[0].query["shutDownAllLinks"], "a move");
    for path in [
        format!("{LINK}?suspend=true&resume=true"),
        format!("{LINK}?failOver=perhaps"),
        format!("{LINK}/content/tenants/acme?pause=true&resume=true"),
    ] {
        let _ = post(&admin, &path).await.problem(422, "validation").await;
    }
    assert!(hcp.asked().is_empty());
    let forced = format!("{TOPOLOGY}?force=true");
    let _: Value = admin.delete(&forced).await.good().await;
    assert_eq!(hcp.asked()[0].query["force"], "true");
    let _: Value = admin
        .delete(&format!("{TOPOLOGY}?force=false"))
        .await
        .good()
        .await;
    assert!(hcp.asked()[0].query.is_empty());
}

#[tokio::test]
async fn lists_of_the_system_have_the_contract_s_form() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    let get = async |path: &str| -> Value {
        admin.get(&format!("/api/v1/mapi{path}")).await.good().await
    };
    let nodes = get("/nodes/statistics").await;
    assert_eq!(nodes["nodes"][0]["nodeNumber"], 101);
    assert_eq!(
        nodes["nodes"][0]["frontendIpAddresses"],
        json!(["192.0.2.11"])
    );
    assert_eq!(nodes["nodes"][0]["volumes"][0]["transferSpeed"], 2.4);
    let services = get("/services/statistics").await;
    assert_eq!(services["services"][0]["name"], "ContentVerification");
    assert_eq!(
        services["nodes"][0]["services"][0]["name"],
        "GarbageCollection"
    );
    let licenses = get("/storage/licenses").await;
    assert_eq!(licenses["license"][0]["uploadDate"], Value::Null);
    let license = get("/storage/licenses/300051").await;
    assert_eq!(license["feature"], "Premium");
    let other = admin.get("/api/v1/mapi/storage/licenses/300052").await;
    let _ = other.problem(404, "license_not_found").await;
    let support = get("/supportaccesscredentials").await;
    assert_eq!(support["applyTimeStamp"], 1_717_236_000);
    let tenants = get("/services/replication/links/east-west/content/tenants").await;
    let expected =
        json!({"tenants": ["acme"], "defaultNamespaceDirectories": null, "chainedLinks": null});
    assert_eq!(tenants, expected);
    let chained = get("/services/replication/links/east-west/localCandidates/chainedLinks").await;
    assert_eq!(chained["chainedLinks"], json!(["acme"]));
    let content = get("/services/replication/links/east-west/content").await;
    assert_eq!(content["defaultNamespaceDirectories"], json!([]));
    let schedule = get("/services/replication/links/east-west/schedule").await;
    assert_eq!(schedule["local"]["transition"][1]["time"], "Mon:08");
    let links = get("/services/replication/links?verbose=true").await;
    assert_eq!(links[0]["statistics"]["bytesPerSecond"], 0.0);
    let candidates = get("/services/erasureCoding/linkCandidates").await;
    assert_eq!(candidates, json!({"name": ["east-west"]}));
    let candidates = get("/services/erasureCoding/linkCandidates?verbose=true").await;
    assert_eq!(candidates[0]["state"], "HEALTHY");
    let tenants = get("/services/erasureCoding/ecTopologies/ec-3/tenants").await;
    let expected = json!({"tenantCandidate": [{"name": "acme", "uuid": null, "hcpSystems": null}]});
    assert_eq!(tenants, expected);
    let topology = get("/services/erasureCoding/ecTopologies/ec-3").await;
    assert_eq!(topology["hcpSystems"][2], "hcp3.example.com");
    assert_eq!(topology["replicationLinks"][0]["pausedTenantsCount"], 0);
}

#[tokio::test]
async fn what_is_not_known_of_a_link_passes_and_what_is_wrong_is_named() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    hcp.asked();
    let body = json!({"compression": "true", "priority": "fair", "newSetting": {"deep": [1]}, "description": null});
    let _: Value = admin.post(LINK, &body).await.good().await;
    let sent = json!({"compression": true, "priority": "FAIR", "newSetting": {"deep": [1]}});
    assert_eq!(hcp.asked()[0].body, sent);
    let bad = json!({"connection": {"remotePort": 70_000}, "type": "SIDEWAYS"});
    let faults = admin
        .post(LINK, &bad)
        .await
        .problem(422, "validation")
        .await;
    let places: Vec<_> = faults
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["loc"].clone())
        .collect();
    assert!(
        places.contains(&json!(["body", "connection", "remotePort"])),
        "{places:?}"
    );
    assert!(places.contains(&json!(["body", "type"])), "{places:?}");
    let link = json!({"name": "north", "type": "OUTBOUND", "connection": {"remotePort": 5748}});
    let request = admin
        .request(Method::PUT, "/api/v1/mapi/services/replication/links")
        .json(&link);
    let faults = Answer(request.send().await.unwrap())
        .problem(422, "validation")
        .await;
    assert_eq!(
        faults[0]["loc"],
        json!(["body", "connection", "remoteHost"])
    );
    assert!(hcp.asked().is_empty());
    let odd = json!({"name": "east-west", "type": "TRIANGULAR", "suspended": "maybe", "statistics": 7, "new": 1});
    hcp.say(
        "GET",
        "/services/replication/links/east-west",
        200,
        "",
        &odd.to_string(),
    );
    let link: Value = admin.get(LINK).await.good().await;
    assert_eq!(link["type"], "TRIANGULAR");
    assert_eq!(link["suspended"], "maybe");
    assert_eq!(link["new"], 1);
    assert_eq!(link["connection"], Value::Null);
}
