//! The system level: what is set is kept, links and topologies are told truthfully, and nothing is invented.

use local_hcp::Profile;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{ROOT, Reply, Wire};
use crate::fixture::hcp_document;

const LINKS: &str = "/services/replication/links";
const TOPOLOGIES: &str = "/services/erasureCoding/ecTopologies";

impl Wire {
    async fn of_system(&self, method: Method, path: &str, body: Option<&Json>) -> Reply {
        self.call(method, "admin", &format!("/mapi{path}"), ROOT, body)
            .await
    }

    async fn told(&self, path: &str) -> Json {
        self.of_system(Method::GET, path, None).await.good().json()
    }

    async fn set(&self, path: &str, body: &Json) -> Reply {
        self.of_system(Method::POST, path, Some(body)).await
    }

    async fn act(&self, path: &str) -> Reply {
        self.of_system(Method::POST, path, None).await
    }

    async fn join(&self, path: &str) -> Reply {
        self.of_system(Method::PUT, path, None).await
    }

    async fn leave(&self, path: &str) -> Reply {
        self.of_system(Method::DELETE, path, None).await
    }

    async fn link(&self, name: &str, kind: &str) {
        let link = json!({"name": name, "type": kind, "connection": {"remoteHost": "replication.admin.b.example.com"}});
        self.of_system(Method::PUT, LINKS, Some(&link)).await.good();
    }

    /// Lets `acme` have its namespaces replicated.
    async fn replicates(&self) {
        let body = json!({"replicationConfigurationEnabled": true});
        self.set("/tenants/acme", &body).await.good();
    }
}

#[tokio::test]
async fn what_is_set_of_the_system_is_told() {
    let wire = Wire::open(Profile::Hcp).await;
    assert_eq!(
        wire.told("/network").await,
        json!({"downstreamDNSMode": "BASIC"})
    );
    wire.set("/network", &json!({"downstreamDNSMode": "advanced"}))
        .await
        .good();
    assert_eq!(
        wire.told("/network").await,
        json!({"downstreamDNSMode": "ADVANCED"})
    );
    let bad = wire
        .set("/network", &json!({"downstreamDNSMode": "NONE"}))
        .await;
    bad.refused(400, "downstreamDNSMode");
    let service = wire.told("/services/replication").await;
    assert_eq!(service.get("status"), None);
    assert_eq!(service["verification"], "OFF");
    let whole = "/services/replication?verbose=true";
    assert_eq!(wire.told(whole).await["status"], "ENABLED");
    wire.set("/services/replication", &json!({"verification": "ONCE"}))
        .await
        .good();
    wire.act("/services/replication?shutDownAllLinks=a%20move")
        .await
        .good();
    let service = wire.told(whole).await;
    assert_eq!(service["status"], "SHUTDOWN");
    assert_eq!(service["verification"], "ONCE");
    wire.act("/services/replication?reestablishAllLinks=false")
        .await
        .good();
    assert_eq!(wire.told(whole).await["status"], "SHUTDOWN");
    wire.act("/services/replication?reestablishAllLinks")
        .await
        .good();
    assert_eq!(wire.told(whole).await["status"], "ENABLED");
    let long = format!(
        "/services/replication?shutDownAllLinks={}",
        "x".repeat(1_025)
    );
    wire.act(&long).await.refused(400, "1024");
    let network = json!({"network": "[hcp_backend]"});
    wire.set("/services/replication", &network)
        .await
        .refused(400, "network");
}

/// SYS-4: one node, and nothing beside it.
#[tokio::test]
async fn one_node_is_told_as_it_is_and_nothing_else() {
    let wire = Wire::open(Profile::Hcp).await;
    wire.pass(10);
    let report = wire.told("/nodes/statistics").await;
    let nodes = report["nodes"]["node"].as_array().unwrap();
    assert_eq!(nodes.len(), 1);
    let volume = &nodes[0]["volumes"]["volume"][0];
    assert!(volume["totalBytes"].as_i64().unwrap() >= volume["freeBytes"].as_i64().unwrap());
    assert!(volume["totalBytes"].as_i64().unwrap() > 0);
    assert!(
        nodes[0].get("backendIpAddress").is_none(),
        "there is no other node"
    );
    assert_eq!(report["requestTime"], json!(1_750_000_010_000_i64));
    assert_eq!(wire.told("/storage/licenses").await, json!({"license": []}));
    assert_eq!(
        wire.told("/supportaccesscredentials").await["type"],
        "Default"
    );
    let never = wire.told("/services/statistics").await;
    assert_eq!(never["services"]["service"][0]["startTime"], -1);
    assert_eq!(never["services"]["service"][0]["state"], "READY");
    wire.store
        .hcp
        .sweep(std::time::Duration::from_mins(1))
        .await
        .unwrap();
    let ran = wire.told("/services/statistics").await;
    assert_eq!(ran["services"]["service"][0]["startTime"], 1_750_000_010);
    assert_eq!(ran["services"]["service"][1]["name"], "GarbageCollection");
    assert_eq!(
        ran["nodes"]["node"][0]["nodeNumber"],
        nodes[0]["nodeNumber"]
    );
    let formatted = &ran["services"]["service"][0]["formattedStartTime"];
    assert_eq!(formatted, "6/15/2025 15:06:50 UTC");
}

#[tokio::test]
async fn a_link_is_made_changed_suspended_and_deleted_and_is_never_connected() {
    let wire = Wire::open(Profile::Hcp).await;
    let link = hcp_document("link-create");
    wire.of_system(Method::PUT, LINKS, Some(&link)).await.good();
    let again = wire
        .of_system(
            Method::PUT,
            LINKS,
            Some(&json!({
                "name": "EAST-west", "type": "OUTBOUND", "connection": {"remoteHost": "b"},
            })),
        )
        .await;
    again.refused(409, "EAST-west already exists");
    assert_eq!(wire.told(LINKS).await, json!({"name": ["east-west"]}));
    let one = format!("{LINKS}/East-West");
    let plain = wire.told(&one).await;
    assert_eq!(plain, link);
    let whole = wire.told(&format!("{one}?verbose=true")).await;
    assert_eq!(whole["status"], "BAD");
    assert_eq!(whole["statusMessage"], "Not connected");
    assert_eq!(whole["statistics"]["objectsReplicated"], 0);
    assert!(whole["statistics"].get("upToDateAsOfMillis").is_none());
    let change = json!({"description": "x", "connection": {"remotePort": 5749}});
    wire.set(&one, &change).await.good();
    let after = wire.told(&one).await;
    assert_eq!(after["connection"]["remotePort"], 5749);
    assert_eq!(
        after["connection"]["remoteHost"],
        link["connection"]["remoteHost"]
    );
    wire.act(&format!("{one}?suspend=false")).await.good();
    assert_eq!(
        wire.told(&format!("{one}?verbose=true")).await["suspended"],
        false
    );
    wire.act(&format!("{one}?suspend")).await.good();
    let suspended = wire.told(&format!("{one}?verbose=true")).await;
    assert_eq!(suspended["suspended"], true);
    assert_eq!(suspended["statusMessage"], "Suspended by user");
    wire.act(&format!("{one}?resume=")).await.good();
    assert_eq!(
        wire.told(&format!("{one}?verbose=true")).await["suspended"],
        false
    );
    for action in [
        "failOver",
        "failBack",
        "beginRecover",
        "completeRecovery",
        "restore",
    ] {
        wire.act(&format!("{one}?{action}"))
            .await
            .refused(409, "not connected");
    }
    wire.set(&one, &json!({"status": "GOOD"}))
        .await
        .refused(403, "status");
    wire.set(&one, &json!({"type": "INBOUND"}))
        .await
        .refused(400, "ACTIVE_ACTIVE");
    wire.leave(&one).await.good();
    wire.of_system(Method::GET, &one, None)
        .await
        .refused(404, "");
    wire.leave(&one).await.refused(404, "");
}

#[tokio::test]
async fn tenants_and_links_go_by_a_link() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    wire.link("both", "ACTIVE_ACTIVE").await;
    wire.link("out", "OUTBOUND").await;
    wire.link("in", "INBOUND").await;
    let both = format!("{LINKS}/both");
    let acme = format!("{both}/content/tenants/acme");
    wire.set(
        "/tenants/acme",
        &json!({"replicationConfigurationEnabled": false}),
    )
    .await
    .good();
    wire.join(&acme).await.refused(403, "may not replicate");
    let candidates = format!("{both}/localCandidates/tenants");
    assert_eq!(wire.told(&candidates).await, json!({"name": []}));
    wire.replicates().await;
    assert_eq!(wire.told(&candidates).await, json!({"name": ["acme"]}));
    wire.join(&acme).await.good();
    wire.join(&acme).await.refused(409, "already");
    assert_eq!(wire.told(&candidates).await, json!({"name": []}));
    assert_eq!(wire.told(&acme).await["status"], "AUTO_PAUSED");
    wire.act(&format!("{acme}?pause")).await.good();
    assert_eq!(wire.told(&acme).await["status"], "PAUSED");
    wire.act(&format!("{acme}?resume=false")).await.good();
    assert_eq!(wire.told(&acme).await["status"], "PAUSED");
    wire.act(&format!("{acme}?resume")).await.good();
    let content = wire.told(&format!("{both}/content")).await;
    assert_eq!(content, json!({"tenants": {"name": ["acme"]}}));
    wire.join(&format!("{both}/content/tenants/absent"))
        .await
        .refused(404, "");
    wire.leave(&acme).await.good();
    wire.leave(&acme).await.refused(404, "");
    wire.join(&format!("{both}/content/defaultNamespaceDirectories/d"))
        .await
        .refused(403, "default tenant");
    wire.join(&format!("{both}/content/chainedLinks/in"))
        .await
        .refused(403, "inbound");
    let out = format!("{LINKS}/out");
    assert_eq!(
        wire.told(&format!("{out}/localCandidates/chainedLinks"))
            .await,
        json!({"name": ["in"]})
    );
    wire.join(&format!("{out}/content/chainedLinks/in"))
        .await
        .good();
    let content = wire.told(&format!("{out}/content")).await;
    assert_eq!(content["chainedLinks"], json!({"name": ["in"]}));
    assert_eq!(
        wire.told(&format!("{out}/localCandidates/chainedLinks"))
            .await,
        json!({"name": []})
    );
    assert_eq!(
        wire.told(&format!("{out}/remoteCandidates/tenants")).await,
        json!({"name": []})
    );
    wire.leave(&format!("{out}/content/chainedLinks/in"))
        .await
        .good();
    // With the tenant goes what was said of it.
    wire.join(&acme).await.good();
    wire.leave("/tenants/acme").await.good();
    assert_eq!(
        wire.told(&format!("{both}/content/tenants")).await,
        json!({"name": []})
    );
}

#[tokio::test]
async fn a_schedule_is_kept_by_side_and_never_all_off() {
    let wire = Wire::open(Profile::Hcp).await;
    wire.link("both", "ACTIVE_ACTIVE").await;
    wire.link("out", "OUTBOUND").await;
    let path = format!("{LINKS}/both/schedule");
    let open = wire.told(&path).await;
    assert_eq!(open["remote"]["scheduleOverride"], "NONE");
    let week = json!([{"time": "Mon:08", "performanceLevel": "LOW"}, {"time": "Mon:18", "performanceLevel": "HIGH"}]);
    wire.set(&path, &json!({"local": {"transition": week}}))
        .await
        .good();
    wire.set(&path, &json!({"local": {"scheduleOverride": "MEDIUM"}}))
        .await
        .good();
    let after = wire.told(&path).await;
    assert_eq!(
        after["local"],
        json!({"scheduleOverride": "MEDIUM", "transition": week})
    );
    assert_eq!(after["remote"], open["remote"]);
    for (week, reason) in [
        (
            json!([{"time": "Mon:08", "performanceLevel": "OFF"}]),
            "never send",
        ),
        (
            json!([{"time": "mon:08", "performanceLevel": "LOW"}]),
            "time",
        ),
        (json!([{"time": "Mon:08"}]), "performanceLevel"),
        (
            json!([{"time": "Mon:08", "performanceLevel": "LOW"}, {"time": "Mon:08", "performanceLevel": "HIGH"}]),
            "twice",
        ),
    ] {
        let refused = wire
            .set(&path, &json!({"local": {"transition": week}}))
            .await;
        refused.refused(400, reason);
    }
    let out = format!("{LINKS}/out/schedule");
    assert_eq!(wire.told(&out).await.get("remote"), None);
    let remote = json!({"remote": {"scheduleOverride": "LOW"}});
    wire.set(&out, &remote).await.refused(400, "outbound");
}

#[tokio::test]
async fn a_topology_is_made_of_links_and_goes_once_it_is_retired() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for name in ["a", "b", "c"] {
        wire.link(name, "ACTIVE_ACTIVE").await;
    }
    wire.link("out", "OUTBOUND").await;
    let candidates = wire
        .told("/services/erasureCoding/linkCandidates?verbose=true")
        .await;
    let candidates = candidates["replicationLink"].as_array().unwrap();
    assert_eq!(candidates.len(), 3);
    assert_eq!(candidates[0]["state"], "UNKNOWN");
    let of = |links: &[&str]| {
        let links: Vec<_> = links.iter().map(|name| json!({"name": name})).collect();
        json!({"name": "ec-3", "type": "FULLY_CONNECTED", "replicationLinks": {"replicationLink": links}})
    };
    let put = async |body: &Json| wire.of_system(Method::PUT, TOPOLOGIES, Some(body)).await;
    put(&of(&["a", "b"])).await.refused(400, "replicationLinks");
    put(&of(&["a", "b", "x"])).await.refused(400, "no link x");
    put(&of(&["a", "b", "out"])).await.refused(400, "both ways");
    put(&of(&["a", "b", "B"])).await.refused(400, "twice");
    put(&of(&["a", "b", "c"])).await.good();
    put(&of(&["a", "b", "c"]))
        .await
        .refused(409, "already exists");
    let one = format!("{TOPOLOGIES}/ec-3");
    let whole = wire.told(&format!("{one}?verbose=true")).await;
    assert_eq!(whole["state"], "ACTIVE");
    assert_eq!(whole["protectionStatus"], "UNKNOWN");
    assert_eq!(whole["erasureCodedObjects"], 0);
    assert_eq!(whole["minimumObjectSize"], 4096);
    assert_eq!(whole["replicationLinks"]["replicationLink"][2]["name"], "c");
    wire.set(
        &one,
        &json!({"restorePeriod": 9, "minimumObjectSize": 8192}),
    )
    .await
    .refused(400, "minimumObjectSize");
    wire.set(&one, &json!({"restorePeriod": 9})).await.good();
    assert_eq!(wire.told(&one).await["restorePeriod"], 9);
    assert_eq!(
        wire.told(&format!("{one}/tenantCandidates")).await["tenantCandidate"][0]["name"],
        "acme"
    );
    let acme = format!("{one}/tenants/acme");
    wire.join(&acme).await.good();
    wire.join(&acme).await.refused(409, "already");
    assert_eq!(
        wire.told(&format!("{one}/tenants")).await,
        json!({"name": ["acme"]})
    );
    assert_eq!(
        wire.told(&format!("{one}/tenantCandidates")).await,
        json!({"tenantCandidate": []})
    );
    wire.leave(&format!("{LINKS}/a")).await.refused(403, "ec-3");
    wire.leave(&one).await.refused(403, "retired");
    wire.set(&format!("{one}?retire=false"), &json!({}))
        .await
        .good();
    assert_eq!(wire.told(&one).await["state"], "ACTIVE");
    wire.set(&format!("{one}?retire"), &json!({})).await.good();
    assert_eq!(wire.told(&one).await["state"], "RETIRED");
    wire.leave(&acme).await.good();
    wire.join(&acme).await.refused(409, "retired");
    wire.leave(&one).await.good();
    wire.leave(&format!("{LINKS}/a")).await.good();
    assert_eq!(wire.told(TOPOLOGIES).await, json!({"name": []}));
}
