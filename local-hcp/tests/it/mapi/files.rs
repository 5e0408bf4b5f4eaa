//! Files of the system level: certificates that are trusted, packages of logs and health reports, and what is
//! refused because nothing here needs it.

use std::{io::Read as _, time::Duration};

use local_hcp::{Journal, Profile};
use reqwest::{Method, Response};
use serde_json::{Value as Json, json};
use zip::ZipArchive;

use super::{ROOT, Reply, Wire};
use crate::fixture::{access_key, hcp_document, secret};

const CERTIFICATES: &str = "/services/replication/certificates";
const PEM: &str = include_str!("../../../../model/fixtures/mapi/certificate.pem");

impl Wire {
    async fn raw(&self, method: Method, path: &str, media: &str, body: Option<String>) -> Response {
        let credentials = format!("HCP {}:{}", access_key(ROOT.0), secret(ROOT.1));
        let address = format!("http://{}/mapi{path}", self.address);
        let mut request = self
            .store
            .http
            .request(method, address)
            .header("host", "admin.localhost")
            .header("authorization", credentials);
        if !media.is_empty() {
            request = request.header("content-type", media);
        }
        request.body(body.unwrap_or_default()).send().await.unwrap()
    }

    async fn put_file(&self, path: &str, media: &str, text: &str) -> Reply {
        let sent = self.raw(Method::PUT, path, media, Some(text.to_owned()));
        let response = sent.await;
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    async fn json(&self, method: Method, path: &str, body: Option<Json>) -> Reply {
        let path = format!("/mapi{path}");
        self.call(method, "admin", &path, ROOT, body.as_ref()).await
    }

    async fn listed(&self) -> Vec<Json> {
        let list = self.json(Method::GET, CERTIFICATES, None).await.good();
        list.json()["certificate"].as_array().unwrap().clone()
    }

    /// Prepares a package and waits until it is ready.
    async fn prepare(&self, of: &str, body: Json) {
        let path = format!("{of}/prepare");
        self.json(Method::POST, &path, Some(body)).await.good();
        self.ready(of).await;
    }

    async fn ready(&self, of: &str) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let status = self.json(Method::GET, of, None).await.good().json();
            assert_eq!(status["error"], false);
            assert_eq!(status["started"], true);
            if status["readyForStreaming"] == true {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{status}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The files of a package, by name.
    async fn package(&self, of: &str, body: Json) -> Vec<(String, String)> {
        let path = format!("{of}/download");
        let sent = self.raw(
            Method::POST,
            &path,
            "application/json",
            Some(body.to_string()),
        );
        let response = sent.await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/zip");
        let name = response.headers()["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=HCP"), "{name}");
        unpacked(&response.bytes().await.unwrap())
    }
}

fn unpacked(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.push((entry.name().unwrap().into_owned(), text));
    }
    files
}

fn names(files: &[(String, String)]) -> Vec<&str> {
    files.iter().map(|(name, _text)| name.as_str()).collect()
}

fn text<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
    let found = files.iter().find(|(known, _text)| known == name);
    &found.unwrap().1
}

fn facts(files: &[(String, String)], name: &str) -> Json {
    serde_json::from_str(text(files, name)).unwrap()
}

#[tokio::test]
async fn certificates_are_trusted_told_and_forgotten() {
    let wire = Wire::open(Profile::Hcp).await;
    assert_eq!(wire.listed().await, [Json::Null; 0]);
    wire.put_file(CERTIFICATES, "text/plain", PEM).await.good();
    let all = wire.listed().await;
    let [one] = &all[..] else { panic!("{all:?}") };
    assert_eq!(one["subjectDN"], "CN=*.hcp2.example.com,O=Example");
    assert_eq!(one["validOn"], "2024-01-01T00:00:00+0000");
    assert_eq!(one["expiresOn"], "2034-01-01T00:00:00+0000");
    let path = format!("{CERTIFICATES}/{}", one["id"].as_str().unwrap());
    let told = wire.raw(Method::GET, &path, "", None).await;
    assert_eq!(told.headers()["content-type"], "text/plain");
    assert_eq!(told.text().await.unwrap(), PEM);
    // However its lines end, it is the same.
    let again = PEM.replace('\n', "\r\n");
    let again = wire.put_file(CERTIFICATES, "text/plain", &again).await;
    again.refused(409, "already exists");
    wire.json(Method::DELETE, &path, None).await.good();
    assert_eq!(wire.listed().await, [Json::Null; 0]);
    let gone = wire.json(Method::DELETE, &path, None).await;
    gone.refused(404, "does not exist");
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_with_the_reason_and_not_repeated() {
    let wire = Wire::open(Profile::Standard).await;
    let key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    let other = "-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----\n";
    let damaged = "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n";
    let two = format!("{PEM}{PEM}");
    for (text, reason) in [
        ("not a certificate", "PEM form"),
        (key, "private key"),
        (other, "something else"),
        (damaged, "damaged"),
        (&two, "one certificate"),
        ("", "no file"),
    ] {
        let reply = wire.put_file(CERTIFICATES, "text/plain", text).await;
        assert!(!reply.reason().contains("c2VjcmV0"));
        reply.refused(400, reason);
    }
    let long = "x".repeat(6 * 1024 * 1024 + 1);
    let reply = wire.put_file(CERTIFICATES, "text/plain", &long).await;
    reply.refused(413, "6 MB");
    let bare = wire.put_file(CERTIFICATES, "", PEM).await;
    bare.refused(415, "Content-Type");
    assert_eq!(wire.listed().await, [Json::Null; 0]);
    let own = format!("{CERTIFICATES}/server");
    let own = wire.json(Method::GET, &own, None).await;
    own.refused(404, "does not speak TLS");
    let license = wire.put_file("/storage/licenses", "text/html", "KEY").await;
    license.refused(400, "needs a licence");
    let key = "/supportaccesscredentials";
    let key = wire.put_file(key, "application/octet-stream", "plk").await;
    key.refused(400, "maker's support");
}

#[tokio::test]
async fn logs_are_prepared_once_chosen_from_and_expire() {
    let journal = Journal::default();
    let wire = Wire::open_with(Profile::Hcp, |config| {
        config.journal = journal.clone();
        config.settings = "HAKO_ADDR=127.0.0.1:8000".to_owned();
    })
    .await;
    let idle = wire.json(Method::GET, "/logs", None).await.good().json();
    assert_eq!(idle, hcp_document("log-status"));
    let none = wire
        .json(Method::POST, "/logs/download", Some(json!({})))
        .await;
    none.refused(409, "prepared first");
    wire.json(
        Method::POST,
        "/logs?mark=case%207%20%22now%22",
        Some(json!({})),
    )
    .await
    .good();
    wire.json(
        Method::POST,
        "/network",
        Some(json!({"downstreamDNSMode": "ADVANCED"})),
    )
    .await
    .good();
    wire.store.hcp.sweep(Duration::from_hours(1)).await.unwrap();
    wire.prepare("/logs", json!({})).await;

    let all = wire.package("/logs", json!({})).await;
    let expected = [
        "package.json",
        "101/access/changes.jsonl",
        "101/access/requests.jsonl",
        "101/application/journal.jsonl",
        "101/service/upkeep.json",
        "101/system/version.json",
        "101/system/store-settings.json",
        "101/system/settings.txt",
        "101/system/node.json",
        "101/system/numbers.json",
        "101/system/integrity.json",
    ];
    assert_eq!(names(&all), expected);
    let mark = text(&all, "101/application/journal.jsonl");
    let mark: Json = serde_json::from_str(mark.lines().last().unwrap()).unwrap();
    assert_eq!(mark["message"], "case 7 \"now\"");
    let changes = text(&all, "101/access/changes.jsonl");
    assert!(
        changes.lines().any(|line| line.contains("/network")),
        "{changes}"
    );
    assert_eq!(
        facts(&all, "101/service/upkeep.json")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(facts(&all, "101/system/integrity.json")["sound"], true);
    assert_eq!(facts(&all, "101/system/numbers.json")["accounts"], 1);
    assert_eq!(
        text(&all, "101/system/settings.txt"),
        "HAKO_ADDR=127.0.0.1:8000\n"
    );

    chosen_from(&wire, &all).await;
    wire.pass(24 * 60 * 60);
    wire.store.hcp.sweep(Duration::from_hours(1)).await.unwrap();
    let folder = wire.store.data_dir().join("packages");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let idle = wire.json(Method::GET, "/logs", None).await.good().json();
    assert_eq!(idle, hcp_document("log-status"));
}

/// Parts of the logs that are ready, of which `all` is the whole.
async fn chosen_from(wire: &Wire, all: &[(String, String)]) {
    let expected = names(all);
    let some = wire
        .package(
            "/logs",
            json!({"nodes": "101", "content": "service, ACCESS"}),
        )
        .await;
    assert_eq!(
        names(&some),
        [expected[0], expected[1], expected[2], expected[4]]
    );
    assert_eq!(text(&some, expected[1]), text(all, expected[1]));
    let none = wire.package("/logs", json!({"nodes": ""})).await;
    assert_eq!(names(&none), ["package.json"]);
    for (body, reason) in [
        (json!({"nodes": "102"}), "only 101"),
        (json!({"snodes": "s3"}), "storage nodes"),
        (json!({"content": ""}), "content"),
        (json!({"kind": "ACCESS"}), "no such property"),
    ] {
        let reply = wire.json(Method::POST, "/logs/download", Some(body)).await;
        reply.refused(400, reason);
    }
}

#[tokio::test]
async fn a_package_holds_the_days_that_were_asked_for() {
    let journal = Journal::default();
    let wire = Wire::open_with(Profile::Hcp, |config| config.journal = journal.clone()).await;
    let mark = async |text: &str| {
        let path = format!("/logs?mark={text}");
        wire.json(Method::POST, &path, Some(json!({}))).await.good();
    };
    // 15 June 2025, in the afternoon; then the next day.
    mark("first").await;
    wire.pass(24 * 60 * 60);
    mark("second").await;
    let marks = async |days: Json| {
        wire.prepare("/logs", days).await;
        let files = wire
            .package("/logs", json!({"content": "APPLICATION"}))
            .await;
        let journal = text(&files, "101/application/journal.jsonl").to_owned();
        (journal.contains("first"), journal.contains("second"))
    };
    assert_eq!(marks(json!({})).await, (false, true));
    let both = json!({"startDate": "06/15/2025", "endDate": "06/16/2025"});
    assert_eq!(marks(both).await, (true, true));
    let yesterday = json!({"startDate": "06/15/2025", "endDate": "06/15/2025"});
    assert_eq!(marks(yesterday).await, (true, false));
    for (days, reason) in [
        (json!({"startDate": "06/17/2025"}), "not after endDate"),
        (json!({"startDate": "2025-06-17"}), "startDate"),
        (json!({"snodes": "s1"}), "storage nodes"),
    ] {
        let reply = wire.json(Method::POST, "/logs/prepare", Some(days)).await;
        reply.refused(400, reason);
    }
    let long = format!("/logs?mark={}", "x".repeat(1_025));
    let reply = wire.json(Method::POST, &long, Some(json!({}))).await;
    reply.refused(400, "1024");
}

#[tokio::test]
async fn a_health_report_has_the_facts_and_is_given_up_in_either_way() {
    let wire = Wire::open(Profile::Hcp).await;
    let report = "/healthCheckReport";
    wire.store.hcp.sweep(Duration::from_hours(1)).await.unwrap();
    wire.prepare(report, json!({"collectCurrent": true})).await;
    let status = wire.json(Method::GET, report, None).await.good().json();
    assert_eq!(status, hcp_document("health-status"));
    let files = wire
        .package(report, json!({"nodes": "101", "content": "ALL"}))
        .await;
    let space = facts(&files, "101/space.json");
    assert_eq!(space["takesWrites"], true);
    assert!(space["freeBytes"].as_u64().unwrap() > 0);
    assert_eq!(facts(&files, "101/database.json")["sound"], true);
    assert_eq!(facts(&files, "101/backlog.json")["openUploads"], 0);
    assert_eq!(
        facts(&files, "101/upkeep.json").as_array().unwrap().len(),
        1
    );
    let ahead = &facts(&files, "101/clock.json")["aheadSeconds"];
    assert!(
        ahead.as_i64().unwrap() < -1_000,
        "the test's clock is of 2025: {ahead}"
    );

    wire.prepare(
        report,
        json!({"collectCurrent": false, "exactTime": "12:00"}),
    )
    .await;
    let files = wire.package(report, json!({})).await;
    assert_eq!(
        names(&files),
        ["package.json", "101/upkeep.json", "101/trouble.jsonl"]
    );
    assert_eq!(
        facts(&files, "package.json")["until"],
        "2025-06-14T12:00:00+0000"
    );

    for cancel in ["/healthCheckReport?cancel", "/healthCheckReport/cancel"] {
        wire.prepare(report, json!({})).await;
        wire.json(
            Method::POST,
            &format!("{report}?cancel=false"),
            Some(json!({})),
        )
        .await
        .good();
        let status = wire.json(Method::GET, report, None).await.good().json();
        assert_eq!(status["readyForStreaming"], true);
        wire.json(Method::POST, cancel, Some(json!({})))
            .await
            .good();
        let status = wire.json(Method::GET, report, None).await.good().json();
        assert_eq!(status["started"], false, "{cancel}");
    }
    let folder = wire.store.data_dir().join("packages");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    // Logs are another matter.
    let logs = wire.json(Method::GET, "/logs", None).await.good().json();
    assert_eq!(logs["started"], false);
}

#[tokio::test]
async fn packages_do_not_outlive_the_program() {
    let wire = Wire::open(Profile::Hcp).await;
    wire.prepare("/logs", json!({})).await;
    let folder = wire.store.data_dir().join("packages");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::write(folder.join("left.part"), "x").unwrap();
    wire.store.reopened().await;
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}
