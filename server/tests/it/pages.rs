//! Pages as a browser without scripts sees them.

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};

use crate::app::TestApp;

#[tokio::test]
async fn a_page_wants_a_session_and_comes_back_to_where_one_was() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    let answer = anonymous.get("/buckets/datasets?prefix=astronomy%2F").await;
    assert!(answer.status().is_redirection(), "{}", answer.status());
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("/sign-in?next="), "{location}");
    assert!(location.contains("datasets"), "{location}");
    let fields = [
        ("op", "sign_in"),
        ("tenant", "demo"),
        ("username", "demo"),
        ("password", "demo-demo"),
        ("next", "/buckets/datasets?prefix=astronomy%2F"),
    ];
    let answer = anonymous.form(&location, &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        answer.header("location"),
        "/buckets/datasets?prefix=astronomy%2F"
    );
    let page = anonymous.get("/buckets/datasets?prefix=astronomy%2F").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.contains("planets.csv"));
}

#[tokio::test]
async fn next_never_leads_elsewhere() {
    let app = TestApp::new().await;
    for next in [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
    ] {
        let fields = [
            ("op", "sign_in"),
            ("tenant", "demo"),
            ("username", "demo"),
            ("password", "demo-demo"),
            ("next", next),
        ];
        let answer = app.anonymous().form("/sign-in", &fields).await;
        assert_eq!(answer.header("location"), "/");
    }
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again_without_it() {
    let app = TestApp::new().await;
    let fields = [
        ("op", "sign_in"),
        ("tenant", "demo"),
        ("username", "alice"),
        ("password", "hunter2"),
    ];
    let answer = app.anonymous().form("/sign-in", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("set-cookie"), "");
    let text = answer.text().await;
    assert!(
        text.contains("signin-error") && text.contains("alice"),
        "{text}"
    );
    assert!(!text.contains("hunter2"));
}

#[tokio::test]
async fn the_page_s_html_carries_its_data_and_no_secret() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let page = browser.get("/buckets").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    let store = format!("http://127.0.0.1:{}", app.running.store.unwrap().s3.port());
    assert!(page.header("content-security-policy").contains(&store));
    let text = page.text().await;
    assert!(
        text.contains("datasets") && text.contains("documents"),
        "{text}"
    );
    assert!(!text.contains(&browser.cookie().unwrap()) && !text.contains("demo-demo"));
}

#[tokio::test]
async fn buckets_and_folders_are_made_by_plain_forms() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let answer = browser
        .form(
            "/buckets",
            &[("op", "create_bucket"), ("bucket", "by-form")],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let fields = [
        ("op", "create_folder"),
        ("bucket", "by-form"),
        ("prefix", ""),
        ("name", "sub"),
    ];
    let answer = browser.form("/buckets/by-form", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(
        browser
            .get("/buckets/by-form")
            .await
            .text()
            .await
            .contains("sub")
    );
    let answer = browser
        .form(
            "/buckets",
            &[("op", "create_bucket"), ("bucket", "Bad Name")],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.text().await.contains("Bad Name"));
    let answer = browser.form("/buckets", &[("op", "no_such_form")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let kept = browser.cookie().unwrap();
    let answer = browser.form("/sign-out", &[("op", "sign_out")]).await;
    assert_eq!(answer.header("location"), "/sign-in");
    assert!(browser.cookie().is_none());
    let request = app.anonymous().request(Method::GET, "/buckets");
    let answer = request
        .header("cookie", format!("hako_session={kept}"))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_redirection());
}

#[tokio::test]
async fn missing_things_are_404_and_unknown_paths_too() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let page = browser.get("/buckets/no-such-bucket").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.text().await.contains("state-not-found"));
    assert_eq!(
        browser.get("/no/such/page").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        browser.get("/pkg/no-such-file.js").await.status(),
        StatusCode::NOT_FOUND
    );
}

/// A site of a few files instead of the built one.
async fn with_site(files: &[(&str, &str)]) -> (TestApp, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let file = data.path().join("site").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    let settings =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Leptos.toml")).unwrap();
    let file = data.path().join("Leptos.toml");
    std::fs::write(&file, settings.replace("target/site", "site")).unwrap();
    let file = file.display().to_string();
    let app = TestApp::with(&[("HAKO_SITE_CONFIG", &file)]).await;
    (app, data)
}

#[tokio::test]
async fn files_are_kept_by_the_browser_and_pages_are_not() {
    let (app, _data) = with_site(&[
        ("pkg/hako.abc.js", "// code"),
        ("worker/checksum.abc.wasm", "code"),
        ("icons.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ])
    .await;
    let anonymous = app.anonymous();
    let policy = |answer: crate::app::Answer| answer.header("cache-control").to_owned();
    for hashed in ["/pkg/hako.abc.js", "/worker/checksum.abc.wasm"] {
        assert_eq!(
            policy(anonymous.get(hashed).await),
            "public, max-age=31536000, immutable"
        );
    }
    assert_eq!(policy(anonymous.get("/icons.svg").await), "no-cache");
    assert_eq!(policy(anonymous.get("/sign-in").await), "no-store");
    assert_eq!(policy(anonymous.get("/pkg/none.js").await), "no-store");
    assert_eq!(policy(anonymous.get("/worker/none.js").await), "no-store");
}

#[tokio::test]
async fn the_page_names_the_worker_and_the_worker_may_run_its_code() {
    let (app, _data) = with_site(&[("worker/checksum.abc.js", "// code")]).await;
    let page = app.anonymous().get("/sign-in").await.text().await;
    assert!(
        page.contains(r#"<meta name="checksum-worker" content="/worker/checksum.abc.js""#),
        "{page}"
    );
    let script = app.anonymous().get("/worker/checksum.abc.js").await;
    assert_eq!(
        script.header("content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'"
    );
    let none = app.anonymous().get("/worker/none.js").await;
    assert!(
        !none
            .header("content-security-policy")
            .contains("connect-src 'self'; frame"),
        "a page that tells of a missing file is not a worker"
    );

    let (without, _data) = with_site(&[]).await;
    let page = without.anonymous().get("/sign-in").await.text().await;
    assert!(!page.contains("checksum-worker"), "{page}");
}

#[tokio::test]
async fn the_theme_is_in_the_first_byte() {
    let app = TestApp::new().await;
    let answer = app
        .anonymous()
        .form(
            "/sign-in",
            &[
                ("op", "set_preferences"),
                ("theme", "dark"),
                ("next", "/sign-in"),
            ],
        )
        .await;
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let request = app
        .anonymous()
        .request(Method::GET, "/sign-in")
        .header("cookie", cookie);
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.contains("data-theme=\"dark\""), "{text}");
}

/// Every page of a tenant's administration.
const OF_TENANT: &[&str] = &[
    "/namespaces",
    "/new/namespace",
    "/namespaces/datasets",
    "/namespaces/datasets/access",
    "/namespaces/datasets/protocols",
    "/namespaces/datasets/versioning",
    "/namespaces/datasets/compliance",
    "/namespaces/datasets/retention-classes",
    "/namespaces/datasets/statistics",
    "/namespaces/datasets/chargeback?g=day",
    "/namespaces/datasets/delete",
    "/people/users",
    "/new/user",
    "/people/users/demo",
    "/people/users/demo/rights",
    "/people/users/demo/password",
    "/people/users/demo/delete",
    "/people/groups",
    "/new/group",
    "/tenant/general",
    "/tenant/contact",
    "/tenant/namespace-defaults",
    "/tenant/permissions",
    "/tenant/console-security",
    "/tenant/email",
    "/tenant/search-security",
    "/tenant/service-plans",
    "/usage",
    "/audit",
];

#[tokio::test]
async fn every_page_of_administration_carries_its_data() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    for path in OF_TENANT {
        let page = browser.get(path).await;
        let status = page.status();
        let text = page.text().await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        for state in ["state-error", "state-forbidden", "state-not-found"] {
            assert!(!text.contains(state), "{path} shows {state}");
        }
        assert!(text.contains("data-testid=\"page-title\""), "{path}");
    }
}

#[tokio::test]
async fn a_place_that_is_none_is_not_found() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    for path in [
        "/namespaces/no-such",
        "/namespaces/datasets/no-such",
        "/people/users/no-such",
        "/tenant/no-such",
        "/new/planet",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn plain_forms_manage_a_namespace() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let form = [
        ("op", "create_namespace"),
        ("next", "/namespaces"),
        ("at.tenant_name", "demo"),
        ("was.name", ""),
        ("name", "plain"),
        ("was.hardQuota", "50.00 GB"),
        ("hardQuota", "2"),
        ("unit.hardQuota", "GB"),
    ];
    let answer = browser.form("/new/namespace", &form).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await
    );
    let list = browser.get("/namespaces").await.text().await;
    assert!(
        list.contains("data-key=\"plain\"") && list.contains("2 GB"),
        "{list}"
    );

    let change = |soft: &'static str| {
        [
            ("op", "modify_namespace"),
            ("next", "/namespaces/plain"),
            ("at.tenant_name", "demo"),
            ("at.ns_name", "plain"),
            ("was.description", ""),
            ("description", "made without scripts"),
            ("was.softQuota", "85"),
            ("softQuota", soft),
        ]
    };
    let answer = browser.form("/namespaces/plain", &change("300")).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await;
    assert!(
        page.contains("error-summary") && page.contains("made without scripts"),
        "{page}"
    );
    assert!(page.contains("error-softQuota"), "{page}");
    let answer = browser.form("/namespaces/plain", &change("60")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = browser.get("/namespaces/plain").await.text().await;
    assert!(
        page.contains("made without scripts") && page.contains("value=\"60\""),
        "{page}"
    );

    let deletion = |confirmation| {
        [
            ("op", "delete_namespace"),
            ("next", "/namespaces"),
            ("at.tenant_name", "demo"),
            ("at.ns_name", "plain"),
            ("expected", "plain"),
            ("confirmation", confirmation),
        ]
    };
    let answer = browser
        .form("/namespaces/plain/delete", &deletion("plane"))
        .await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser
        .form("/namespaces/plain/delete", &deletion("plain"))
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = browser.get("/namespaces/plain").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_stores_files_and_holds_little_of_what_is_no_file() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let file = || Part::bytes(vec![7; 3 << 20]).file_name("large.bin");
    let form = |form: Form| {
        let request = browser.request(Method::POST, "/buckets/documents");
        async { request.multipart(form).send().await.unwrap() }
    };
    let base = || {
        Form::new()
            .text("bucket", "documents")
            .text("prefix", "in/")
    };
    let stored = form(base().part("file", file())).await;
    assert_eq!(stored.status(), StatusCode::SEE_OTHER);
    let again = form(base().part("file", file())).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let replaced = form(base().text("replace", "true").part("file", file())).await;
    assert_eq!(replaced.status(), StatusCode::SEE_OTHER);
    let nothing = form(base()).await;
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);

    // One long field, many short ones, and many without anything.
    let long = base().text("next", "x".repeat(70_000));
    let many = (0..40).fold(base(), |form, at| {
        form.text(format!("f{at}"), "x".repeat(2_000))
    });
    let empty = (0..3_000).fold(base(), |form, at| {
        form.text(format!("{at:0>40}"), String::new())
    });
    for too_much in [long, many, empty] {
        let refused =
            form(too_much.part("file", Part::bytes(b"x".to_vec()).file_name("after"))).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.unwrap();
        assert!(page.contains("too long"), "{page}");
    }
    let after = browser
        .get("/api/v1/buckets/documents/object?key=in%2Fafter")
        .await;
    assert_eq!(after.status(), StatusCode::NOT_FOUND);
}
