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
