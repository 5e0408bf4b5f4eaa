//! The program itself: its exit statuses and what it prints.

use std::{net::TcpListener, process::Command};

fn hako(data: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hako"));
    command.env_clear().current_dir(data.path());
    command
}

#[test]
fn the_version_is_told() {
    let data = tempfile::tempdir().unwrap();
    let out = hako(&data).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8(out.stdout).unwrap().trim(),
        concat!("hako ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn the_configuration_is_shown_masked() {
    let data = tempfile::tempdir().unwrap();
    let secret = "hunter2hunter2hunter2hunter2hunter2";
    let out = hako(&data)
        .arg("config")
        .env("API_SECRET_KEY", secret)
        .output()
        .unwrap();
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(
        text.contains("STORAGE_BACKEND=embedded\n") && text.contains("API_SECRET_KEY=(set)\n"),
        "{text}"
    );
    assert!(!text.contains("hunter2"));
}

#[test]
fn an_invalid_configuration_lists_every_problem_and_exits_2() {
    let data = tempfile::tempdir().unwrap();
    let mut command = hako(&data);
    let command = command
        .arg("config")
        .env("STORAGE_BACKEND", "generic")
        .env("HAKO_ADDR", "x")
        .env("HAKO_TYPO", "1");
    let out = command.output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    let text = String::from_utf8(out.stderr).unwrap();
    for name in [
        "HAKO_ADDR",
        "HAKO_TYPO",
        "S3_ENDPOINT_URL",
        "API_SECRET_KEY",
    ] {
        assert!(text.contains(&format!("  {name}: ")), "{name} in {text}");
    }
}

#[test]
fn a_port_in_use_ends_with_the_port_and_the_variable() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let out = hako(&data)
        .env("HAKO_ADDR", address.to_string())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    let text = String::from_utf8(out.stderr).unwrap();
    assert!(
        text.contains("HAKO_ADDR") && text.contains(&format!("port {} is in use", address.port())),
        "{text}"
    );
}

#[test]
fn the_demo_is_refused_off_loopback() {
    let data = tempfile::tempdir().unwrap();
    let mut command = hako(&data);
    let command = command
        .args(["serve", "--demo"])
        .env("HAKO_ADDR", "127.0.0.1:0")
        .env("HAKO_S3_ADDR", "0.0.0.0:0")
        .env("HAKO_MAPI_ADDR", "127.0.0.1:0");
    let out = command.output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(
        String::from_utf8(out.stderr)
            .unwrap()
            .contains("must be on loopback")
    );
}

#[test]
fn the_store_is_checked_and_the_exit_status_tells() {
    let data = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str]| {
        let out = hako(&data)
            .args(["local", "check"])
            .args(arguments)
            .env("HAKO_DATA_DIR", "data")
            .output()
            .unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    assert_eq!(check(&[]).0, Some(2));

    let folder = data.path().join("data/store");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let local = local_hcp::LocalHcp::open(local_hcp::Config {
            data_dir: folder.clone(),
            s3_domain: "localhost".to_owned(),
            allowed_origin: std::sync::Arc::new(|_origin| false),
            reserve_bytes: 0,
            files_dir: None,
            inline_bytes: 16 * 1024,
            chargeback_days: 180,
            audit_days: 365,
            operation_days: 180,
            profile: local_hcp::Profile::Standard,
            clock: local_hcp::Clock::system(),
            journal: local_hcp::Journal::default(),
            settings: String::new(),
        });
        local.await.unwrap().close().await;
    });
    let (code, words) = check(&["--deep"]);
    assert_eq!(code, Some(0));
    assert!(words.contains("sound"), "{words}");

    std::fs::write(folder.join("tmp/left"), "x").unwrap();
    let (code, text) = check(&["--json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["problems"][0]["kind"], "orphan");
    assert_eq!(report["problems"][0]["file"], "tmp/left");

    let out = hako(&data)
        .args(["local", "repair"])
        .env("HAKO_DATA_DIR", "data")
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(check(&[]).0, Some(0));
}
