//! Whose keys a command works by.

use std::os::unix::fs::PermissionsExt as _;

use super::{DEMO_ACCESS_KEY, Shell};
use crate::app::{DEMO_SECRET_KEY, TestApp};

#[tokio::test]
async fn a_profile_is_kept_for_its_owner_alone_and_its_secret_is_told_nowhere() {
    let app = TestApp::new().await;
    let shell = Shell::new();
    let added = shell.add(&app.origin(), DEMO_SECRET_KEY).await.good();
    let file = shell.path(".config/hako/profiles.toml");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains(DEMO_SECRET_KEY)
    );
    let listed = shell.hako(&["profile", "list"]).await.good();
    assert!(listed.out.starts_with("* demo  http://"), "{listed:?}");
    let values = shell.hako(&["profile", "list", "--json"]).await.good();
    assert_eq!(values.values()[0]["access_key"], DEMO_ACCESS_KEY);
    for said in [&added, &listed, &values] {
        assert!(!format!("{said:?}").contains(DEMO_SECRET_KEY));
    }

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = shell.hako(&["ls"]).await;
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("chmod 600"), "{refused:?}");
}

#[tokio::test]
async fn wrong_secrets_are_refused_by_their_own_exit_status_and_not_kept() {
    let app = TestApp::new().await;
    let shell = Shell::new();
    let refused = shell.add(&app.origin(), "0123456789abcdef").await;
    assert_eq!(refused.status, 3, "{refused:?}");
    assert!(!format!("{refused:?}").contains("0123456789abcdef"));
    assert!(
        !shell
            .path(".config/hako/profiles.toml")
            .try_exists()
            .unwrap()
    );

    // One that has become wrong since.
    shell.add(&app.origin(), DEMO_SECRET_KEY).await.good();
    let file = shell.path(".config/hako/profiles.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace(DEMO_SECRET_KEY, "no-more")).unwrap();
    let refused = shell.hako(&["ls"]).await;
    assert_eq!(refused.status, 3, "{refused:?}");
    assert!(!format!("{refused:?}").contains("no-more"));
}

#[tokio::test]
async fn a_password_is_exchanged_for_keys_and_a_token_is_taken_as_it_is() {
    let app = TestApp::new().await;
    let shell = Shell::new();
    let server = app.origin();
    let add = ["profile", "add", "one", "--server", &server];
    let by_name = [&add[..], &["--tenant", "demo", "--user", "demo"]].concat();
    shell.told(&by_name, "demo-demo\n").await.good();
    let file = shell.path(".config/hako/profiles.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(DEMO_SECRET_KEY) && !text.contains("demo-demo"));
    let listed = shell.hako(&["ls"]).await.good();
    assert!(listed.out.contains("documents"), "{listed:?}");

    let token = app.demo().await.bearer.clone().unwrap();
    let by_token = ["profile", "add", "two", "--server", &server, "--token"];
    let mut command = shell.command(&by_token);
    let added = command.env("HAKO_SECRET", &token).output().await.unwrap();
    assert!(added.status.success(), "{added:?}");
    shell.hako(&["ls", "--profile", "two"]).await.good();
    shell.hako(&["profile", "use", "two"]).await.good();
    shell.hako(&["profile", "remove", "one"]).await.good();
    shell.hako(&["ls"]).await.good();
    let listed = shell.hako(&["profile", "list"]).await.good();
    assert!(!listed.out.contains("one") && !listed.out.contains(&token));
    assert_eq!(shell.hako(&["profile", "use", "one"]).await.status, 2);
}

#[tokio::test]
async fn what_cannot_be_meant_is_said_before_anything_is_done() {
    let shell = Shell::new();
    let server = "http://127.0.0.1:9";
    for words in [
        &["ls"][..],
        &["ls", "--profile", "none"],
        &[
            "profile",
            "add",
            "x",
            "--server",
            "http://u:hunter2@h",
            "--user",
            "u",
        ],
        &["profile", "add", "x", "--server", server],
        &[
            "profile", "add", "x", "--server", server, "--user", "u", "--token",
        ],
        // No secret.
        &["profile", "add", "x", "--server", server, "--user", "u"],
        &["rm", "--recursive", "bucket"],
        &["share", "--expires", "8days", "bucket/key"],
        &["put", "none", "bucket", "more"],
    ] {
        let refused = shell.hako(words).await;
        assert_eq!(refused.status, 2, "{words:?}: {refused:?}");
        assert!(!refused.err.is_empty() && !refused.err.contains("panicked"));
    }
}
