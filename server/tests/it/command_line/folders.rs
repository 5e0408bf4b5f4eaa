//! Whole folders.

use std::{
    os::unix::fs::symlink,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use super::{Said, Shell, keys, names};
use crate::app::TestApp;

/// How many files a run did what with.
fn sums(said: &Said) -> [u64; 3] {
    let values = said.values();
    let last = values.last().unwrap();
    ["uploaded", "same", "failed"].map(|name| last[name].as_u64().unwrap())
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
    let app = TestApp::new().await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    shell.write("data/one", "1");
    shell.write("data/deep/å two", "2");
    symlink("nowhere", shell.path("data/broken")).unwrap();
    // Longer than any key of this store.
    let folder = format!("data/{}", "x".repeat(250));
    let folder = [
        folder.as_str(),
        &"y".repeat(250),
        &"z".repeat(250),
        &"0".repeat(250),
    ]
    .join("/");
    shell.write(&format!("{folder}/{}", "1".repeat(100)), "3");

    let words = ["upload-all", "--json", "data", "by-hako/there"];
    let all = shell.hako(&words).await;
    assert_eq!((all.status, sums(&all)), (4, [2, 0, 1]), "{all:?}");
    assert!(all.err.contains("broken is left out"), "{all:?}");
    assert_eq!(
        keys(&app, "by-hako").await,
        ["there/deep/å two", "there/one"]
    );

    let followed = shell
        .hako(&[&words[..], &["--follow-links"]].concat())
        .await;
    assert_eq!((followed.status, sums(&followed)), (4, [0, 2, 2]));
    assert!(followed.err.contains("data/broken"), "{followed:?}");
}

#[tokio::test]
async fn only_what_differs_is_sent_and_only_what_is_asked_for_is_deleted() {
    let app = TestApp::new().await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    let long_ago = SystemTime::now() - Duration::from_hours(1);
    let age = |name: &str, at| {
        let file = std::fs::File::options().write(true).open(shell.path(name));
        file.unwrap().set_modified(at).unwrap();
    };
    for name in ["data/same", "data/changed", "data/touched"] {
        shell.write(name, "before");
        age(name, long_ago);
    }
    let sync = async |more: &[&str]| {
        let words = [&["sync", "--json", "data", "by-hako/data"][..], more].concat();
        shell.hako(&words).await.good()
    };
    let dry = sync(&["--dry-run"]).await;
    assert_eq!(dry.values()[0]["status"], "would_upload");
    assert!(keys(&app, "by-hako").await.is_empty());
    assert_eq!(sums(&sync(&[]).await), [3, 0, 0]);
    assert_eq!(sums(&sync(&[]).await), [0, 3, 0]);

    // Of the same size, and later: one with other bytes, one with the same.
    shell.write("data/changed", "behind");
    let later = SystemTime::now() + Duration::from_mins(1);
    age("data/changed", later);
    age("data/touched", later);
    let second = sync(&[]).await;
    assert_eq!(sums(&second), [1, 2, 0]);
    let sent = |value: &Value| value["status"] == "uploaded" && value["key"] == "data/changed";
    assert!(second.values().iter().any(sent), "{second:?}");

    std::fs::remove_file(shell.path("data/same")).unwrap();
    assert_eq!(sums(&sync(&[]).await), [0, 2, 0]);
    let dry = sync(&["--delete", "--dry-run"]).await;
    let would = |value: &Value| value["status"] == "would_delete" && value["key"] == "data/same";
    assert!(dry.values().iter().any(would), "{dry:?}");
    assert_eq!(keys(&app, "by-hako").await.len(), 3);
    sync(&["--delete"]).await;
    assert_eq!(
        keys(&app, "by-hako").await,
        ["data/changed", "data/touched"]
    );

    // What is left out, or cannot be looked at, is not gone.
    std::fs::remove_file(shell.path("data/touched")).unwrap();
    symlink("nowhere", shell.path("data/touched")).unwrap();
    sync(&["--delete"]).await;
    let words = ["sync", "data", "by-hako/data", "--delete", "--follow-links"];
    let unsure = shell.hako(&words).await;
    assert_eq!(unsure.status, 4);
    assert!(unsure.err.contains("nothing is deleted"), "{unsure:?}");
    std::fs::create_dir(shell.path("empty")).unwrap();
    let emptied = shell
        .hako(&["sync", "--delete", "empty", "by-hako/data"])
        .await;
    assert_eq!(emptied.status, 2, "{emptied:?}");
    assert_eq!(
        keys(&app, "by-hako").await,
        ["data/changed", "data/touched"]
    );
}

#[tokio::test]
async fn what_is_stored_byte_for_byte_is_not_sent_again() {
    let small_parts = [
        ("HAKO_UPLOAD_THRESHOLD_MB", "5"),
        ("HAKO_UPLOAD_PART_MB", "5"),
    ];
    let app = TestApp::with(&small_parts).await;
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    let mut content = super::noise(7 * 1024 * 1024);
    shell.write("data/large", &content);
    shell.write("data/small", "before");
    let words = ["upload-all", "--json", "data", "by-hako"];
    let all = async || sums(&shell.hako(&words).await.good());
    assert_eq!(all().await, [2, 0, 0]);
    assert_eq!(all().await, [0, 2, 0]);
    // Of the same size, and older than what is stored.
    content[6 * 1024 * 1024] ^= 1;
    shell.write("data/large", &content);
    shell.write("data/small", "behind");
    for name in ["data/large", "data/small"] {
        let file = std::fs::File::options()
            .write(true)
            .open(shell.path(name))
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    assert_eq!(all().await, [2, 0, 0]);
    shell.hako(&["get", "by-hako/", "back"]).await.good();
    assert!(shell.read("back/large") == content);
    assert_eq!(shell.read("back/small"), b"behind");
}

#[tokio::test]
async fn no_key_leads_out_of_the_folder() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("by-hako").await;
    for key in [
        "x/../evil",
        "x/../../evil",
        "x//tmp/evil",
        "x/a/../../evil",
        "x/./evil",
        "x/ok",
        "x/deep/ok",
        "x/..",
        "x/link/evil",
    ] {
        let key = key.replace('/', "%2F");
        let path = format!("/api/v1/buckets/by-hako/object?key={key}");
        let _ = demo.put_bytes(&path, "evil").await.good::<Value>().await;
    }
    let shell = Shell::signed_in(&app).await;
    std::fs::create_dir_all(shell.path("in/target")).unwrap();
    std::fs::create_dir(shell.path("elsewhere")).unwrap();
    symlink("../../elsewhere", shell.path("in/target/link")).unwrap();
    let got = shell
        .hako(&["get", "--json", "by-hako/x/", "in/target"])
        .await;
    assert_eq!(got.status, 4, "{got:?}");
    let failed = got
        .values()
        .iter()
        .filter(|one| one["status"] == "failed")
        .count();
    assert_eq!(failed, 7, "{got:?}");
    assert_eq!(names(&shell.path("in/target")), ["deep", "link", "ok"]);
    assert_eq!(names(&shell.path("in/target/deep")), ["ok"]);
    assert_eq!(names(&shell.path("in")), ["target"]);
    assert!(names(&shell.path("elsewhere")).is_empty());
    assert_eq!(names(shell.home.path()), [".config", "elsewhere", "in"]);
    // One alone has no name to be saved under either.
    assert_eq!(shell.hako(&["get", "by-hako/x/.."]).await.status, 2);
    // What is there already is not fetched again.
    let again = shell
        .hako(&["get", "--json", "by-hako/x/", "in/target"])
        .await;
    let same = again
        .values()
        .iter()
        .filter(|one| one["status"] == "same")
        .count();
    assert_eq!(same, 2, "{again:?}");
}
