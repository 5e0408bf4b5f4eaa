//! Looking into objects: what is told of them, how little of them is read, and that nothing of them can run.

use std::io::Write as _;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{Gate, demo as behind},
};

const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde,
];

fn at(rest: &str, key: &str, more: &str) -> String {
    let key = model::endpoint::encode(key);
    format!("/api/v1/buckets/datasets/{rest}?key={key}{more}")
}

fn bytes_of(key: &str) -> String {
    at("object/preview", key, "")
}

async fn put(demo: &Actor<'_>, key: &str, media_type: &str, body: impl Into<reqwest::Body>) {
    let stored = demo
        .request(Method::PUT, &at("object", key, ""))
        .header("content-type", media_type)
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(stored.status(), StatusCode::CREATED, "{key}");
}

async fn told(demo: &Actor<'_>, key: &str, more: &str) -> Value {
    demo.get(&at("object/preview/content", key, more))
        .await
        .good()
        .await
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Nothing of an answer can run, be taken for something else, or be embedded by others.
fn is_locked(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none';"),
        "{what}: {policy}"
    );
    assert!(!policy.contains("script-src"), "{what}: {policy}");
    for word in ["base-uri 'none'", "form-action 'none'", "frame-ancestors"] {
        assert!(policy.contains(word), "{what}: {policy}");
    }
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        "same-origin",
        "{what}"
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one case after the other")]
async fn nothing_that_was_stored_can_run() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let script = "<script>fetch('/api/v1/session')</script>";
    let html = format!("<!DOCTYPE html><html><body>{script}</body></html>");
    let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{script}</svg>");
    let pdf =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n";
    for (key, stored, body, media_type, inline) in [
        (
            "a.html",
            "text/html",
            html.as_bytes(),
            "text/plain; charset=UTF-8",
            true,
        ),
        (
            "b.png",
            "image/png",
            html.as_bytes(),
            "text/plain; charset=UTF-8",
            true,
        ),
        (
            "c.xhtml",
            "application/xhtml+xml",
            html.as_bytes(),
            "text/plain; charset=UTF-8",
            true,
        ),
        (
            "d.svg",
            "image/svg+xml",
            svg.as_bytes(),
            "image/svg+xml",
            false,
        ),
        (
            "e.md",
            "text/markdown",
            script.as_bytes(),
            "text/plain; charset=UTF-8",
            true,
        ),
        (
            "f.js",
            "text/javascript",
            b"alert(1)",
            "text/plain; charset=UTF-8",
            true,
        ),
        (
            "g",
            "text/html",
            b"\0\x01<html>",
            "application/octet-stream",
            false,
        ),
        (
            "h.pdf",
            "application/pdf",
            pdf.as_bytes(),
            "application/pdf",
            true,
        ),
        ("i.html", "text/html", PNG, "image/png", true),
        (
            "j.html",
            "text/html",
            b"",
            "text/plain; charset=UTF-8",
            true,
        ),
    ] {
        put(&demo, key, stored, body.to_vec()).await;
        for method in [Method::GET, Method::HEAD] {
            let answer = demo.request(method, &bytes_of(key)).send().await.unwrap();
            let answer = Answer(answer);
            assert_eq!(answer.status(), StatusCode::OK, "{key}");
            is_locked(&answer, key);
            assert_eq!(answer.header("content-type"), media_type, "{key}");
            let disposition = answer.header("content-disposition");
            assert_eq!(disposition == "inline", inline, "{key}: {disposition}");
            assert_eq!(
                disposition.starts_with("attachment; filename="),
                !inline,
                "{key}"
            );
            let policy = answer.header("content-security-policy");
            let framed = answer.header("x-frame-options");
            if media_type == "application/pdf" {
                assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
                assert_eq!(framed, "SAMEORIGIN");
            } else {
                assert!(policy.ends_with("sandbox"), "{key}: {policy}");
                assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
                assert_eq!(framed, "DENY");
            }
            assert_eq!(
                answer.header("content-length"),
                body.len().to_string(),
                "{key}"
            );
        }
    }
}

#[tokio::test]
async fn bytes_come_in_ranges_and_under_conditions() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    put(&demo, "text.log", "text/plain", "0123456789").await;
    let whole = demo.get(&bytes_of("text.log")).await;
    let etag = whole.header("etag").to_owned();
    let modified = whole.header("last-modified").to_owned();
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.text().await, "0123456789");
    let ask = async |headers: &[(&str, &str)]| {
        let mut request = demo.request(Method::GET, &bytes_of("text.log"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer(request.send().await.unwrap())
    };
    let part = ask(&[("range", "bytes=2-4")]).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    is_locked(&part, "a range");
    assert_eq!(part.text().await, "234");
    for held in [&etag, &modified] {
        let part = ask(&[("range", "bytes=8-"), ("if-range", held)]).await;
        assert_eq!(part.text().await, "89", "{held}");
    }
    for other in ["\"other\"", "W/\"x\"", "Sat, 01 Jan 2000 00:00:00 GMT"] {
        let all = ask(&[("range", "bytes=8-"), ("if-range", other)]).await;
        assert_eq!((all.status(), all.text().await.len()), (StatusCode::OK, 10));
    }
    let same = ask(&[("if-none-match", &etag)]).await;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    let changed = ask(&[("if-match", "\"other\"")]).await;
    assert_eq!(changed.status(), StatusCode::PRECONDITION_FAILED);
    let beyond = ask(&[("range", "bytes=20-")]).await;
    let _ = beyond.problem(416, "range_not_satisfiable").await;

    let _ = demo
        .get(&bytes_of("absent"))
        .await
        .problem(404, "object_not_found")
        .await;
    let _ = demo
        .get("/api/v1/buckets/datasets/object/preview")
        .await
        .problem(422, "validation")
        .await;
    let nobody = app.anonymous().get(&bytes_of("text.log")).await;
    let _ = nobody.problem(401, "not_authenticated").await;
}

#[tokio::test]
async fn texts_come_in_stretches() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let line = |at: usize| format!("line {at:>8} of a long log, with some words in it\n");
    // Of an odd number of bytes, without a last line's end.
    let long: String = (0..40_000).map(line).collect::<String>() + "last word";
    put(&demo, "long.log", "text/plain", long.clone()).await;
    let first = told(&demo, "long.log", "").await;
    assert_eq!(
        (&first["kind"], &first["size"]),
        (&json!("text"), &json!(long.len()))
    );
    let text = first["content"]["text"]["text"].as_str().unwrap();
    assert!(text.len() <= 512 * 1024 && text.ends_with('\n'));
    assert!(text.lines().count() >= 9_000);
    let next = first["content"]["text"]["next"].as_u64().unwrap();
    let second = told(&demo, "long.log", &format!("&form=text&start={next}")).await;
    let following = second["content"]["text"]["text"].as_str().unwrap();
    assert!(long.starts_with(&format!("{text}{following}")));
    let end = told(&demo, "long.log", "&form=text&end=true").await;
    let tail = end["content"]["text"]["text"].as_str().unwrap();
    assert!(long.ends_with(tail) && tail.starts_with("line "));
    assert!(long.len() % 2 == 1 && tail.ends_with("\nlast word"));
    assert_eq!(end["content"]["text"].get("next"), None);

    put(
        &demo,
        "old.txt",
        "text/plain",
        b"r\xe4ksm\xf6rg\xe5s".to_vec(),
    )
    .await;
    let old = told(&demo, "old.txt", "").await;
    assert_eq!(old["content"]["text"]["text"], "räksmörgås");
    assert_eq!(old["content"]["text"]["encoding"], "windows-1252");
    let cyrillic = told(&demo, "old.txt", "&encoding=windows-1251").await;
    assert_eq!(cyrillic["content"]["text"]["text"], "rдksmцrgеs");
    for wrong in [
        "&encoding=klingon",
        "&form=essay",
        "&start=-1",
        "&end=maybe",
        "&delimiter=x",
        "&pointer=a",
        "&entry=x",
    ] {
        let answer = demo
            .get(&at("object/preview/content", "old.txt", wrong))
            .await;
        let _ = answer.problem(422, "validation").await;
    }
    put(&demo, "empty.txt", "text/plain", "").await;
    let empty = told(&demo, "empty.txt", "").await;
    assert_eq!(empty["content"]["text"]["text"], "");
}

#[tokio::test]
async fn each_kind_is_told_in_its_form() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    put(
        &demo,
        "a.json",
        "application/json",
        r#"{"b": [1, {"c": null}]}"#,
    )
    .await;
    let json = told(&demo, "a.json", "").await;
    assert_eq!(json["content"]["tree"]["object"]["told"][0]["name"], "b");
    let inner = told(&demo, "a.json", "&pointer=/b/1").await;
    assert_eq!(
        inner["content"]["tree"]["object"]["told"][0]["value"],
        "null"
    );
    let source = told(&demo, "a.json", "&form=text").await;
    assert_eq!(
        source["content"]["text"]["text"],
        r#"{"b": [1, {"c": null}]}"#
    );

    put(&demo, "broken.json", "application/json", "{").await;
    let broken = told(&demo, "broken.json", "").await;
    assert_eq!(broken["plainer"], "malformed");
    assert_eq!(broken["content"]["text"]["text"], "{");
    let large = format!("[{}1]", "1, ".repeat(2_000_000));
    put(&demo, "large.json", "application/json", large).await;
    let large = told(&demo, "large.json", "").await;
    assert_eq!(large["plainer"], "too_large");
    assert!(large["content"]["text"]["text"].as_str().unwrap().len() <= 512 * 1024);

    put(
        &demo,
        "a.ndjson",
        "application/x-ndjson",
        "{\"a\":1}\n[2]\n",
    )
    .await;
    let lines = told(&demo, "a.ndjson", "").await;
    assert_eq!(
        (&lines["kind"], &lines["content"]["tree"]["list"]["count"]),
        (&json!("json_lines"), &json!(2))
    );

    put(&demo, "a.csv", "text/csv", "name;size\nå;1,5\n").await;
    let table = told(&demo, "a.csv", "").await;
    assert_eq!(table["content"]["table"]["delimiter"], "semicolon");
    assert_eq!(table["content"]["table"]["header"], true);
    let table = told(&demo, "a.csv", "&delimiter=comma&header=false").await;
    assert_eq!(table["content"]["table"]["rows"][1], json!(["å;1", "5"]));

    put(
        &demo,
        "docs/a.md",
        "text/markdown",
        "# T\n<script>x</script>\n\n![p](p.png)\n",
    )
    .await;
    let markdown = told(&demo, "docs/a.md", "").await;
    let text = markdown["content"].to_string();
    assert!(!text.contains("script"), "{text}");
    assert!(text.contains(r#""target":{"key":"docs/p.png"}"#), "{text}");

    put(
        &demo,
        "a.bin",
        "application/x-thing",
        b"\0\x01\xff".to_vec(),
    )
    .await;
    let other = told(&demo, "a.bin", "").await;
    assert_eq!(
        (&other["kind"], other.get("content")),
        (&json!("other"), None)
    );
    let hex = told(&demo, "a.bin", "&form=hex").await;
    assert_eq!(hex["content"]["hex"], "0001ff");

    put(&demo, "a.txt", "text/plain", PNG.to_vec()).await;
    let lie = told(&demo, "a.txt", "").await;
    assert_eq!(lie["kind"], "image");
    assert_eq!(
        (&lie["promised"], &lie["content_type"]),
        (&json!("text/plain"), &json!("image/png"))
    );
}

#[tokio::test]
async fn a_version_of_an_object_is_looked_into() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let on = json!({"status": "Enabled"});
    let kept = demo.request(Method::PUT, "/api/v1/buckets/datasets/versioning");
    let kept = Answer(kept.json(&on).send().await.unwrap());
    assert!(kept.status().is_success());
    put(&demo, "v.txt", "text/plain", "old").await;
    let head = demo.head(&at("object", "v.txt", "")).await;
    let version = head.header("x-amz-version-id").to_owned();
    put(&demo, "v.txt", "text/plain", "new").await;
    let more = format!("&version_id={version}");
    assert_eq!(
        told(&demo, "v.txt", "").await["content"]["text"]["text"],
        "new"
    );
    assert_eq!(
        told(&demo, "v.txt", &more).await["content"]["text"]["text"],
        "old"
    );
    let bytes = demo.get(&at("object/preview", "v.txt", &more)).await;
    assert_eq!(bytes.text().await, "old");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one case after the other")]
async fn an_archive_is_listed_and_read_where_it_lies() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let mut noise = vec![0; 4_000_000];
    rand_fill(&mut noise);
    let html = b"<html><script>alert(1)</script></html>";
    let archive = packed(&[
        ("noise.bin", &noise),
        ("docs/läs mig.txt", "hej\n".repeat(50).as_bytes()),
        ("docs/page.html", html),
        ("docs/p.png", PNG),
    ]);
    let size = archive.len();
    put(&demo, "a.zip", "application/zip", archive).await;
    let kind = told(&demo, "a.zip", "").await;
    assert_eq!(
        (&kind["kind"], kind.get("content")),
        (&json!("archive"), None)
    );
    let root: Value = demo
        .get(&at("object/archive", "a.zip", ""))
        .await
        .good()
        .await;
    assert_eq!(root["folders"], json!(["docs"]));
    assert_eq!(root["files"][0]["name"], "noise.bin");
    assert_eq!(root["size"], size);
    assert!(root["read"].as_u64().unwrap() * 20 < size as u64, "{root}");
    let docs: Value = demo
        .get(&at("object/archive", "a.zip", "&folder=docs/"))
        .await
        .good()
        .await;
    let names: Vec<_> = docs["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["name"])
        .collect();
    assert_eq!(names, ["läs mig.txt", "page.html", "p.png"]);

    let text = told(&demo, "a.zip", "&entry=1").await;
    assert_eq!(
        (&text["kind"], &text["name"]),
        (&json!("text"), &json!("docs/läs mig.txt"))
    );
    assert_eq!(text["content"]["text"]["text"], "hej\n".repeat(50));

    let entry = |more: &str| at("object/archive/entry", "a.zip", more);
    let page = demo.get(&entry("&entry=2")).await;
    is_locked(&page, "an entry");
    assert_eq!(page.header("content-type"), "text/plain; charset=UTF-8");
    assert_eq!(page.bytes().await, html);
    let picture = demo.get(&entry("&entry=3")).await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("content-disposition"), "inline");
    let download = demo.get(&entry("&entry=1&download=true")).await;
    assert_eq!(download.header("content-type"), "application/octet-stream");
    assert!(
        download
            .header("content-disposition")
            .contains("filename*=UTF-8''l%C3%A4s%20mig.txt")
    );
    assert_eq!(download.header("content-length"), "200");
    let all = demo.get(&entry("&entry=0")).await;
    assert_eq!(all.bytes().await, noise);
    for (more, status) in [("&entry=9", 422), ("&entry=x", 422), ("", 422)] {
        let _ = demo
            .get(&entry(more))
            .await
            .problem(status, "validation")
            .await;
    }

    put(&demo, "no.zip", "application/zip", "no archive at all").await;
    let no = demo.get(&at("object/archive", "no.zip", "")).await;
    let detail = no.problem(422, "invalid_argument").await;
    assert!(
        detail.as_str().unwrap().contains("cannot be read"),
        "{detail}"
    );
    let _ = demo
        .get(&at("object/archive", "absent.zip", ""))
        .await
        .problem(404, "object_not_found")
        .await;
}

/// Bytes that no method packs any smaller.
fn rand_fill(bytes: &mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state.to_le_bytes()[3];
    }
}

/// An entry that is not what the directory says breaks off, so that nobody takes a part for the whole.
#[tokio::test]
async fn a_lie_in_an_archive_breaks_the_answer_off() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let mut archive = packed(&[("bomb", &vec![0; 5_000_000])]);
    let record = archive
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    archive[record + 24..record + 28].copy_from_slice(&100_000_u32.to_le_bytes());
    put(&demo, "bomb.zip", "application/zip", archive).await;
    let answer = demo
        .get(&at("object/archive/entry", "bomb.zip", "&entry=0"))
        .await;
    assert_eq!(answer.header("content-length"), "100000");
    assert!(answer.0.bytes().await.is_err());
}

/// DRW-1, DRW-10: what the store itself has to send is never more than is shown.
#[tokio::test]
async fn no_more_is_read_of_the_store_than_is_shown() {
    let embedded = TestApp::new().await;
    let gate = Gate::before(&embedded).await;
    let app = gate.hako(&[]).await;
    let demo = behind(&app).await;
    let mut noise = vec![0; 6_000_000];
    rand_fill(&mut noise);
    let archive = packed(&[("noise.bin", &noise), ("a.txt", &b"text ".repeat(100))]);
    let picture = [PNG, &noise].concat();
    put(&demo, "a.zip", "application/zip", archive).await;
    put(&demo, "a.png", "image/png", picture).await;
    put(
        &demo,
        "a.log",
        "text/plain",
        "a line of a log\n".repeat(400_000),
    )
    .await;
    gate.sent();

    let _: Value = demo
        .get(&at("object/archive", "a.zip", ""))
        .await
        .good()
        .await;
    let listed = gate.sent();
    let entry = demo
        .get(&at("object/archive/entry", "a.zip", "&entry=1"))
        .await;
    assert_eq!(entry.bytes().await.len(), 500);
    let read = gate.sent();
    assert!(listed > 0 && read > 0, "the gate counts");
    assert!((listed + read) * 20 < 6_000_000, "{listed} and {read}");

    assert_eq!(told(&demo, "a.png", "").await["kind"], "image");
    assert!(
        gate.sent() <= 4 * 1024,
        "a picture is known by its beginning"
    );
    let text = told(&demo, "a.log", "").await;
    assert!(text["content"]["text"]["next"].is_u64());
    assert!(gate.sent() <= 512 * 1024);
    let _ = told(&demo, "a.log", "&form=text&end=true").await;
    assert!(
        gate.sent() <= 2 * 512 * 1024 + 1,
        "the beginning tells what it is"
    );
    let range = demo.request(Method::GET, &bytes_of("a.png"));
    let range = Answer(
        range
            .header("range", "bytes=1000000-1000999")
            .send()
            .await
            .unwrap(),
    );
    assert_eq!(range.bytes().await.len(), 1_000);
    assert!(gate.sent() <= 4 * 1024 + 1_000);
}
