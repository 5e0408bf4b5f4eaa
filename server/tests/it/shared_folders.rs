//! Hako links of folders, and what visitors are shown of files: what is there and below, and nothing else.

use std::io::{Cursor, Read as _};

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    links::{link, of_link, path_of, seen},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

async fn store(demo: &Actor<'_>, key: &str, bytes: impl Into<reqwest::Body>) {
    let key = model::endpoint::encode(key);
    let path = format!("/api/v1/buckets/datasets/object?key={key}");
    let stored = demo.request(Method::PUT, &path).body(bytes).send().await;
    assert!(stored.unwrap().status().is_success(), "{key}");
}

/// A folder with neighbours, and a link of it.
async fn shared(demo: &Actor<'_>, limits: Value) -> (String, Value) {
    for key in [
        "top/secret.txt",
        "top/give/a b.txt",
        "top/give/sub/d.txt",
        "top/give/sub/deep/é.txt",
        "top/give2/near.txt",
    ] {
        store(demo, key, format!("bytes of {key}")).await;
    }
    let mut body = json!({"kind": "folder", "bucket": "datasets", "prefix": "top/give/"});
    for (name, value) in limits.as_object().unwrap() {
        body[name] = value.clone();
    }
    link(demo, body).await
}

/// What a page links to, decoded as a browser does.
fn addresses(page: &str) -> Vec<String> {
    let pieces = page.split("href=\"").skip(1);
    let links = pieces.map(|piece| piece.split('"').next().unwrap().replace("&amp;", "&"));
    links.collect()
}

async fn unpacked(answer: Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        if entry.is_dir() {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        all.push((entry.name().unwrap().into_owned(), text));
    }
    all.sort();
    all
}

// LNK-1
#[tokio::test]
async fn a_visitor_walks_through_a_folder_and_takes_files_and_all_of_it() {
    for profile in ["standard", "hcp"] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
        let demo = app.demo().await;
        let (path, made) = shared(&demo, json!({})).await;
        assert_eq!(
            (&made["kind"], &made["target"]),
            (&json!("folder"), &json!("top/give/"))
        );
        let visitor = app.anonymous();
        let page = visitor.get(&path).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.header("cache-control"), "no-store");
        let text = page.text().await;
        assert!(text.contains("a b.txt") && text.contains("sub"), "{text}");
        // Neither what is beside it, nor where it lies.
        for hidden in [
            "secret", "near", "give2", "top", "datasets", "d.txt", "<script",
        ] {
            assert!(!text.contains(hidden), "{profile}: {hidden}: {text}");
        }
        let inner = format!("{path}?at=sub%2F");
        assert!(addresses(&text).contains(&inner), "{text}");
        let text = visitor.get(&inner).await.text().await;
        assert!(text.contains("d.txt") && text.contains("deep"), "{text}");
        assert!(!text.contains("a b.txt"), "{text}");
        // The sheet of a file, by its link.
        let deep = visitor.get(&format!("{path}?at=sub%2Fdeep%2F")).await;
        let deep = deep.text().await;
        let sheet = format!("{path}?file=sub%2Fdeep%2F%C3%A9.txt");
        assert!(addresses(&deep).contains(&sheet), "{deep}");
        let text = visitor.get(&sheet).await.text().await;
        assert!(text.contains("é.txt") && text.contains("33 B"), "{text}");
        assert_eq!(of_link(&demo, &made).await["uses"], 0, "to look is no use");

        let download = format!("{path}/download?file=sub%2Fdeep%2F%C3%A9.txt");
        assert!(addresses(&text).contains(&download), "{text}");
        let file = visitor.get(&download).await;
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A9.txt"
        );
        assert_eq!(file.text().await, "bytes of top/give/sub/deep/é.txt");
        let rest = visitor.request(Method::GET, &download);
        let rest = rest.header(header::RANGE, "bytes=9-11").send().await;
        assert_eq!(rest.unwrap().text().await.unwrap(), "top");
        assert_eq!(of_link(&demo, &made).await["uses"], 1);

        let archive = visitor.get(&format!("{path}/archive")).await;
        assert_eq!(
            archive.header("content-disposition"),
            "attachment; filename=\"give.zip\""
        );
        let names = |prefix: &'static str, names: &[&str]| -> Vec<(String, String)> {
            let of = names.iter();
            of.map(|name| ((*name).to_owned(), format!("bytes of {prefix}{name}")))
                .collect()
        };
        assert_eq!(
            unpacked(archive).await,
            names("top/give/", &["a b.txt", "sub/d.txt", "sub/deep/é.txt"])
        );
        let archive = visitor.get(&format!("{path}/archive?at=sub%2F")).await;
        assert_eq!(
            unpacked(archive).await,
            names("top/give/sub/", &["d.txt", "deep/é.txt"])
        );
        assert_eq!(of_link(&demo, &made).await["uses"], 3);
    }
}

// LNK-1
#[expect(clippy::too_many_lines, reason = "one story, step by step")]
#[tokio::test]
async fn no_trick_leads_out_of_the_folder() {
    for profile in ["standard", "hcp"] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
        let demo = app.demo().await;
        let (path, made) = shared(&demo, json!({})).await;
        let visitor = app.anonymous();
        let wrong = visitor.get(&format!("/l/{}", "A".repeat(43))).await;
        let wrong = seen(wrong).await;
        let mut tricks = Vec::new();
        for to in [
            "../secret.txt",
            "..%2fsecret.txt",
            "%2e%2e%2fsecret.txt",
            "%252e%252e%252fsecret.txt",
            "%2e%2e/secret.txt",
            "sub/../../secret.txt",
            "./../secret.txt",
            "..%5csecret.txt",
            "..;/secret.txt",
            "/top/secret.txt",
            "%2ftop%2fsecret.txt",
            "top/secret.txt",
            "top/give/a b.txt",
            "../give2/near.txt",
            "2/near.txt",
            "a b.txt%00",
            "sub/",
            "sub",
            ".",
            "..",
        ] {
            for behind in ["", "/download", "/preview"] {
                tricks.push(format!("{path}{behind}?file={to}"));
            }
        }
        for to in [
            "../",
            "..%2f",
            "%252e%252e/",
            "sub/../../",
            "/",
            "//",
            "2/",
            "top/",
            "./",
            "a",
            "sub",
            "../give2/",
            "no/",
        ] {
            for behind in ["", "/archive"] {
                tricks.push(format!("{path}{behind}?at={to}"));
            }
        }
        tricks.push(format!("{path}/download"));
        tricks.push(format!("{path}/preview"));
        for trick in tricks {
            let answer = seen(visitor.get(&trick).await).await;
            assert_eq!(answer, wrong, "{profile}: {trick}");
        }
        // A place to go on from is none to see from.
        for after in ["../", "../../", "%00", "/", "zzz", "a b.txt"] {
            let text = visitor
                .get(&format!("{path}?after={after}"))
                .await
                .text()
                .await;
            assert!(!text.contains("secret") && !text.contains("near"), "{text}");
        }
        assert_eq!(of_link(&demo, &made).await["uses"], 0);
        let page: Value = demo.get("/api/v1/audit?limit=200").await.good().await;
        let records = page["records"].as_array().unwrap();
        let outside = records.iter().filter(|r| r["code"] == "outside").count();
        assert!(outside > 20, "{outside}");

        // What opens a file opens nothing else.
        let body = json!({"bucket": "datasets", "key": "top/give/a b.txt"});
        let (file, _) = link(&demo, body).await;
        for behind in ["?file=x", "?at=sub/"] {
            let text = visitor.get(&format!("{file}{behind}")).await.text().await;
            assert!(!text.contains("d.txt"), "{text}");
        }
        for behind in [
            "/archive",
            "/download?file=a%20b.txt",
            "/preview?file=a%20b.txt",
        ] {
            let answer = visitor.get(&format!("{file}{behind}")).await;
            assert_eq!(seen(answer).await, wrong, "{behind}");
        }
    }
}

// LNK-1
#[tokio::test]
async fn a_large_folder_comes_page_by_page_without_gap_or_repetition() {
    for profile in ["standard", "hcp"] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
        let demo = app.demo().await;
        for at in 0..130 {
            store(&demo, &format!("big/{at:03}.txt"), "x").await;
        }
        for at in [0, 40, 99, 100, 101, 129] {
            store(&demo, &format!("big/{at:03}f/1.txt"), "x").await;
            store(&demo, &format!("big/{at:03}f/2.txt"), "x").await;
        }
        let body = json!({"kind": "folder", "bucket": "datasets", "prefix": "big/"});
        let (path, _) = link(&demo, body).await;
        let visitor = app.anonymous();
        let (mut at, mut pages, mut names) = (path.clone(), 0, Vec::new());
        loop {
            let text = visitor.get(&at).await.text().await;
            pages += 1;
            let all = addresses(&text);
            for address in &all {
                let query = address.strip_prefix(&format!("{path}?"));
                let pairs = query.unwrap_or_default().split('&');
                let pairs: Vec<_> = pairs.filter_map(|pair| pair.split_once('=')).collect();
                if let [("file" | "at", name)] = pairs[..] {
                    names.push(name.to_owned());
                }
            }
            let next = all.iter().find(|address| address.contains("?after="));
            match next {
                Some(next) => at.clone_from(next),
                None => break,
            }
        }
        let mut expected: Vec<String> = (0..130).map(|at| format!("{at:03}.txt")).collect();
        expected.extend([0, 40, 99, 100, 101, 129].map(|at| format!("{at:03}f%2F")));
        expected.sort();
        names.sort();
        assert_eq!(names, expected, "{profile}");
        assert!((2..=3).contains(&pages), "{profile}: {pages}");
    }
}

// LNK-1
#[tokio::test]
async fn limits_of_a_folder_link_hold_for_each_request_and_each_use_is_in_the_audit() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, made) = shared(&demo, json!({"uses": 2, "expires_in": 600})).await;
    let visitor = app.anonymous();
    let wrong = seen(visitor.get(&format!("/l/{}", "A".repeat(43))).await).await;
    let file = format!("{path}/download?file=sub%2Fd.txt");
    let all = [
        path.clone(),
        format!("{path}?at=sub%2F"),
        format!("{path}?file=sub%2Fd.txt"),
        file.clone(),
        format!("{path}/archive"),
    ];
    assert_eq!(visitor.get(&file).await.status(), StatusCode::OK);
    // What is not sent is no use.
    let head = visitor.head(&format!("{path}/archive")).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(of_link(&demo, &made).await["uses"], 1);
    let archive = visitor.get(&format!("{path}/archive?at=sub%2F")).await;
    assert_eq!(unpacked(archive).await.len(), 2);
    for address in &all {
        assert_eq!(seen(visitor.get(address).await).await, wrong, "{address}");
    }
    let _: Value = demo
        .post(&path_of(&made), &json!({"uses": 9}))
        .await
        .good()
        .await;
    assert_eq!(visitor.get(&path).await.status(), StatusCode::OK);
    app.advance(601);
    for address in &all {
        assert_eq!(seen(visitor.get(address).await).await, wrong, "{address}");
    }
    let page: Value = demo.get("/api/v1/audit?limit=50").await.good().await;
    let records = page["records"].as_array().unwrap();
    let used: Vec<_> = records
        .iter()
        .filter(|r| r["action"] == "link.use" && r["result"] == "ok")
        .map(|r| r["target"]["key"].as_str().unwrap())
        .collect();
    assert_eq!(used, ["top/give/sub/", "top/give/sub/d.txt"]);

    let (path, _) = shared(&demo, json!({"addresses": ["192.0.2.0/24"]})).await;
    for behind in ["", "?at=sub%2F", "/download?file=a%20b.txt", "/archive"] {
        let answer = visitor.get(&format!("{path}{behind}")).await;
        assert_eq!(seen(answer).await, wrong, "{behind}");
    }
    let (path, made) = shared(&demo, json!({})).await;
    let _: Value = demo.delete(&path_of(&made)).await.good().await;
    for behind in [
        "",
        "?file=a%20b.txt",
        "/download?file=a%20b.txt",
        "/archive",
    ] {
        let answer = visitor.get(&format!("{path}{behind}")).await;
        assert_eq!(seen(answer).await, wrong, "{behind}");
    }
}

#[tokio::test]
async fn the_password_of_a_folder_link_stands_before_all_of_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, _) = shared(&demo, json!({"password": "correct horse"})).await;
    let visitor = app.anonymous();
    let behind = [
        "?at=sub%2F",
        "?file=a%20b.txt",
        "?file=a%20b.txt&show=1",
        "?at=no%2F",
        "/download?file=a%20b.txt",
        "/preview?file=a%20b.txt",
        "/archive",
    ];
    for behind in behind {
        let text = visitor.get(&format!("{path}{behind}")).await.text().await;
        assert!(text.contains("type=\"password\""), "{behind}: {text}");
        assert!(!text.contains("d.txt") && !text.contains("give"), "{text}");
    }
    let typed = visitor.form(&path, &[("password", "correct horse")]).await;
    let cookie = typed
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    for (behind, told) in [
        ("?at=sub%2F", "d.txt"),
        ("/download?file=a%20b.txt", "bytes of top/give/a b.txt"),
    ] {
        let request = visitor.request(Method::GET, &format!("{path}{behind}"));
        let answer = request.header(header::COOKIE, &cookie).send().await;
        let text = answer.unwrap().text().await.unwrap();
        assert!(text.contains(told), "{behind}: {text}");
    }
    // Clients without a browser say it at once.
    let archive = visitor
        .form(&format!("{path}/archive"), &[("password", "correct horse")])
        .await;
    assert_eq!(unpacked(archive).await.len(), 3);
}

#[expect(clippy::too_many_lines, reason = "one story, step by step")]
#[tokio::test]
async fn harmless_files_are_shown_and_nothing_of_them_can_run() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let evil = "<html><script>alert(1)</script></html>";
    store(&demo, "show/a.png", PNG).await;
    store(&demo, "show/lies.png", evil).await;
    store(&demo, "show/a.txt", "\nfirst <b>line</b> & more").await;
    store(&demo, "show/a.html", evil).await;
    store(
        &demo,
        "show/a.svg",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    .await;
    store(&demo, "show/a.pdf", "%PDF-1.4\n%\u{1}\u{2}").await;
    store(&demo, "show/a.bin", vec![0_u8, 1, 2, 3]).await;
    let body = json!({"kind": "folder", "bucket": "datasets", "prefix": "show/"});
    let (path, made) = link(&demo, body.clone()).await;
    let visitor = app.anonymous();
    let shown = async |name: &str| {
        let sheet = format!("{path}?file={name}&show=1");
        let bytes = format!("{path}/preview?file={name}");
        (
            visitor.get(&sheet).await.text().await,
            visitor.get(&bytes).await,
        )
    };

    let (sheet, bytes) = shown("a.png").await;
    assert!(
        sheet.contains(&format!("src=\"{path}/preview?file=a.png\"")),
        "{sheet}"
    );
    assert_eq!(bytes.header("content-type"), "image/png");
    assert_eq!(bytes.header("content-disposition"), "inline");
    assert_eq!(bytes.header("x-content-type-options"), "nosniff");
    let policy = bytes.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"),
        "{policy}"
    );
    assert_eq!(bytes.bytes().await, PNG);

    let (sheet, bytes) = shown("a.pdf").await;
    assert!(
        addresses(&sheet).contains(&format!("{path}/preview?file=a.pdf")),
        "{sheet}"
    );
    assert_eq!(bytes.header("content-type"), "application/pdf");
    let policy = bytes.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));

    // A text stands in the page, and nothing else of it.
    let (sheet, bytes) = shown("a.txt").await;
    assert!(
        sheet.contains("first &lt;b&gt;line&lt;/b&gt; &amp; more"),
        "{sheet}"
    );
    assert_eq!(bytes.status(), StatusCode::NOT_FOUND);
    for name in ["a.html", "lies.png"] {
        let (sheet, bytes) = shown(name).await;
        assert!(
            sheet.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{sheet}"
        );
        assert!(
            !sheet.contains("<script") && !sheet.contains("<img"),
            "{sheet}"
        );
        assert_eq!(bytes.status(), StatusCode::NOT_FOUND, "{name}");
    }
    for name in ["a.svg", "a.bin"] {
        let (sheet, bytes) = shown(name).await;
        assert!(
            !sheet.contains("/preview") && !sheet.contains("show=1") && !sheet.contains("<pre"),
            "{sheet}"
        );
        assert_eq!(bytes.status(), StatusCode::NOT_FOUND, "{name}");
    }
    // A look is a use: of the picture, the PDF, the three texts, once each within the hour.
    assert_eq!(of_link(&demo, &made).await["uses"], 5);
    let (_, bytes) = shown("a.png").await;
    assert_eq!(bytes.status(), StatusCode::OK);
    assert_eq!(of_link(&demo, &made).await["uses"], 5);

    // Where uses are few, nobody spends one by looking.
    let mut few = body;
    few["uses"] = json!(1);
    let (path, made) = link(&demo, few).await;
    let sheet = visitor.get(&format!("{path}?file=a.txt&show=1")).await;
    let sheet = sheet.text().await;
    assert!(
        sheet.contains("a.txt") && !sheet.contains("first"),
        "{sheet}"
    );
    let bytes = visitor.get(&format!("{path}/preview?file=a.png")).await;
    assert_eq!(bytes.status(), StatusCode::NOT_FOUND);
    assert_eq!(of_link(&demo, &made).await["uses"], 0);
    // A link of one file shows it too.
    let one = json!({"bucket": "datasets", "key": "show/a.png"});
    let (path, _) = link(&demo, one).await;
    let sheet = visitor.get(&path).await.text().await;
    assert!(
        addresses(&sheet).contains(&format!("{path}?show=1")),
        "{sheet}"
    );
    let bytes = visitor.get(&format!("{path}/preview")).await;
    assert_eq!(bytes.header("content-type"), "image/png");
}

#[tokio::test]
async fn a_long_text_is_shown_by_its_beginning() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    store(&demo, "long.log", "a line of the log\n".repeat(60_000)).await;
    let (path, _) = link(&demo, json!({"bucket": "datasets", "key": "long.log"})).await;
    let sheet = app.anonymous().get(&format!("{path}?show=1")).await;
    let sheet = sheet.text().await;
    let lines = sheet.matches("a line of the log").count();
    assert!(
        (1..=model::preview::limit::TEXT_LINES).contains(&lines),
        "{lines}"
    );
    assert!(
        sheet.contains("This is the beginning"),
        "{}",
        &sheet[..2_000]
    );
}

#[tokio::test]
async fn what_a_folder_link_cannot_be_for_is_said() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let _ = shared(&demo, json!({})).await;
    for (limits, status, code) in [
        (json!({"prefix": "top"}), 422, "validation"),
        (json!({"key": "top/secret.txt"}), 422, "validation"),
        (json!({"prefix": "no/"}), 404, "object_not_found"),
        (
            json!({"prefix": "", "bucket": "not-there"}),
            404,
            "bucket_not_found",
        ),
    ] {
        let mut body = json!({"kind": "folder", "bucket": "datasets"});
        for (name, value) in limits.as_object().unwrap() {
            body[name] = value.clone();
        }
        let _ = demo
            .post("/api/v1/links", &body)
            .await
            .problem(status, code)
            .await;
    }
    // All of a bucket has no name that visitors are told.
    let all = json!({"kind": "folder", "bucket": "datasets", "prefix": ""});
    let (path, _) = link(&demo, all).await;
    let visitor = app.anonymous();
    let text = visitor.get(&path).await.text().await;
    assert!(
        text.contains("Shared folder") && !text.contains("datasets"),
        "{text}"
    );
    let head = visitor.head(&format!("{path}/archive")).await;
    assert_eq!(
        head.header("content-disposition"),
        "attachment; filename=\"files.zip\""
    );
}
