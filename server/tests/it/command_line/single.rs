//! Single files.

use super::{Shell, keys, noise};
use crate::app::TestApp;

const PART_MB: &[(&str, &str)] = &[
    ("HAKO_UPLOAD_THRESHOLD_MB", "5"),
    ("HAKO_UPLOAD_PART_MB", "5"),
];

#[tokio::test]
async fn a_file_comes_back_as_it_went_under_any_key() {
    let app = TestApp::new().await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    shell.write("here.txt", "content of å");
    shell.write("empty", "");
    for key in ["a b/#?%&=+\"é😀.txt", "a/../b", "-rf", "it's $(x)"] {
        let place = format!("by-hako/{key}");
        let put = shell
            .hako(&["put", "--json", "here.txt", &place])
            .await
            .good();
        let sent = &put.values()[0];
        assert_eq!((&sent["key"], &sent["size"]), (&key.into(), &13.into()));
        let got = shell.hako(&["get", "--json", &place, "back"]).await.good();
        assert_eq!(got.values()[0]["checked"], "md5");
        assert_eq!(shell.read("back"), "content of å".as_bytes());
    }
    shell.hako(&["put", "empty", "by-hako/e/"]).await.good();
    shell.hako(&["get", "by-hako/e/empty", "none"]).await.good();
    assert_eq!(shell.read("none"), b"");

    let details = "/api/v1/buckets/by-hako/object/details?key=a%20b%2F%23%3F%25%26%3D%2B%22%C3%A9%F0%9F%98%80.txt";
    let details: serde_json::Value = app.demo().await.get(details).await.good().await;
    assert_eq!(details["content_type"], "text/plain");
    let missing = shell.hako(&["get", "by-hako/none", "not-there"]).await;
    assert_eq!(missing.status, 1, "{missing:?}");
    assert!(!shell.path("not-there").try_exists().unwrap());
    let missing = shell.hako(&["put", "not-there", "by-hako/none"]).await;
    assert_eq!(missing.status, 1, "{missing:?}");
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_comes_back() {
    let app = TestApp::with(PART_MB).await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    let content = noise(12 * 1024 * 1024 + 1);
    shell.write("large.bin", &content);
    let put = shell
        .hako(&["put", "--json", "large.bin", "by-hako/"])
        .await
        .good();
    let etag = put.values()[0]["etag"].as_str().unwrap().to_owned();
    assert!(etag.trim_matches('"').ends_with("-3"), "{etag}");
    shell
        .hako(&["get", "by-hako/large.bin", "back.bin"])
        .await
        .good();
    assert!(shell.read("back.bin") == content);
}

#[tokio::test]
async fn files_are_listed_shared_and_removed() {
    let app = TestApp::new().await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    shell.write("one", "1");
    for key in ["x/one", "x/deep/two", "x/\u{1b}[2J", "y"] {
        let place = format!("by-hako/{key}");
        shell.hako(&["put", "one", &place]).await.good();
    }
    let listed = shell.hako(&["ls", "by-hako/x/"]).await.good();
    let last = |line: &str| line.rsplit("  ").next().unwrap().to_owned();
    let told: Vec<_> = listed.out.lines().map(last).collect();
    assert_eq!(
        told,
        ["deep/", "\\u{1b}[2J", "one"],
        "nothing moves a terminal"
    );
    let values = shell
        .hako(&["ls", "-r", "--json", "by-hako/x/"])
        .await
        .good();
    let told: Vec<_> = values
        .values()
        .iter()
        .map(|one| one["key"].clone())
        .collect();
    assert_eq!(told, ["x/\u{1b}[2J", "x/deep/two", "x/one"]);

    let url = shell
        .hako(&["share", "--expires", "5m", "by-hako/x/one"])
        .await
        .good();
    let stranger = Shell::new();
    stranger.hako(&["get", url.out.trim(), "it"]).await.good();
    assert_eq!(stranger.read("it"), b"1");
    stranger.hako(&["get", url.out.trim()]).await.good();
    assert_eq!(stranger.read("one"), b"1");
    let forged = url.out.trim().replace("x/one", "y");
    let refused = stranger.hako(&["get", &forged]).await;
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(
        !refused.err.contains("Signature="),
        "an address is a secret"
    );
    assert_eq!(shell.hako(&["share", "by-hako/none"]).await.status, 1);

    shell
        .hako(&["rm", "--dry-run", "-r", "by-hako/x/"])
        .await
        .good();
    assert_eq!(keys(&app, "by-hako").await.len(), 4);
    let removed = shell
        .hako(&["rm", "by-hako/y", "by-hako/none"])
        .await
        .good();
    assert_eq!(removed.out, "deleted y\ndeleted none\n");
    shell.hako(&["rm", "-r", "by-hako/x"]).await.good();
    assert!(keys(&app, "by-hako").await.is_empty());
}
