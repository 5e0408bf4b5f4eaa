//! Workspace files: the second API, over real HTTP.

use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestRunner},
};
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::{Actor, Answer, DEMO_SECRET_KEY, TestApp},
    redis::Redis,
};

const SETS: &str = "/datasets/files";
const SERVICE: &str = "/datasets/services/s3-storage";

/// Asserts the body of a failure, and gives its sentence.
async fn failed(answer: Answer, status: u16) -> String {
    let got = answer.status();
    assert_eq!(answer.header("content-type"), "application/json");
    let text = answer.text().await;
    assert_eq!(got.as_u16(), status, "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    let fields: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["detail", "success"], "{text}");
    assert_eq!(body["success"], false);
    let detail = body["detail"].as_str().unwrap().to_owned();
    assert!(!detail.is_empty());
    detail
}

async fn post(actor: &Actor<'_>, path: &str) -> Answer {
    let request = actor.request(Method::POST, path);
    Answer(request.send().await.unwrap())
}

async fn call(actor: &Actor<'_>, function: &str, arguments: Value) -> Answer {
    actor
        .post(&format!("{SERVICE}/{function}"), &arguments)
        .await
}

fn etag(answer: &Response) -> String {
    let value = answer.headers().get(header::ETAG).unwrap();
    value.to_str().unwrap().to_owned()
}

fn names(entries: &Value) -> Vec<&str> {
    let list = entries.as_array().unwrap().iter();
    list.map(|entry| entry["name"].as_str().unwrap()).collect()
}

/// A request as it is written, since clients resolve paths before they send them.
async fn raw(app: &TestApp, actor: &Actor<'_>, method: &str, path: &str) -> (u16, Value) {
    let port = app.running.console.port();
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let token = actor.bearer.as_ref().unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_file_is_stored_and_read() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = format!("{SETS}/in/%C3%BC%20%26%20+.csv");
    // Of no known length: the chunks are sent as they come.
    let pieces = futures::stream::iter(["01234", "56789"].map(Ok::<_, std::io::Error>));
    let stored = demo
        .put_bytes(&path, reqwest::Body::wrap_stream(pieces))
        .await;
    let tag = etag(&stored.0);
    assert_eq!(tag, "\"781e5e245d69b566979b86e28d23f2c7\"");
    let done: Value = stored.good().await;
    assert_eq!(done["success"], true);
    assert!(done["message"].is_string());

    let read = demo.get(&path).await;
    assert_eq!(read.header("content-type"), "text/csv");
    assert_eq!(read.header("content-length"), "10");
    assert_eq!(read.header("etag"), tag);
    let modified = read.header("last-modified").to_owned();
    assert!(read.header("content-disposition").starts_with("attachment"));
    assert_eq!(read.text().await, "0123456789");
    let looked = demo.head(&path).await;
    assert_eq!(
        (looked.status(), looked.header("etag")),
        (StatusCode::OK, &*tag)
    );
    let with = async |name: &str, value: &str| {
        let request = demo.request(Method::GET, &path).header(name, value);
        Answer(request.send().await.unwrap())
    };
    let part = with("range", "bytes=2-4").await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(part.text().await, "234");
    let same = with("if-none-match", &tag).await;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    let unchanged = with("if-modified-since", &modified).await;
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    let _ = failed(with("range", "bytes=10-").await, 416).await;
    // The type that comes is kept, whatever it is.
    let odd = demo.request(Method::PUT, &format!("{SETS}/in/b.json"));
    let odd = odd.header("content-type", "x-odd/thing; a=b").body("{}");
    assert_eq!(odd.send().await.unwrap().status(), StatusCode::OK);
    let read = demo.get(&format!("{SETS}/in/b.json")).await;
    assert_eq!(read.header("content-type"), "x-odd/thing; a=b");

    // It is the same object as elsewhere.
    let other = demo
        .get("/api/v1/buckets/datasets/object?key=in/%C3%BC%20%26%20%2B.csv")
        .await;
    assert_eq!(other.text().await, "0123456789");
}

#[tokio::test]
async fn a_folder_is_listed_packed_and_removed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = format!("{SETS}/in/%C3%BC%20%26%20+.csv");
    assert_eq!(
        demo.put_bytes(&path, "0123456789").await.status(),
        StatusCode::OK
    );
    for name in ["in/b.json", "in/deep/1", "in/deep/2", "in-between"] {
        let stored = demo.put_bytes(&format!("{SETS}/{name}"), "x").await;
        assert_eq!(stored.status(), StatusCode::OK);
    }
    let level: Value = demo.get(&format!("{SETS}/in/")).await.good().await;
    assert_eq!(
        (&level["success"], &level["type"]),
        (&json!(true), &json!("directory"))
    );
    assert_eq!(level["name"], "in");
    assert_eq!(names(&level["children"]), ["b.json", "deep", "ü & +.csv"]);
    let [file, folder] = [&level["children"][2], &level["children"][1]];
    assert_eq!((&file["type"], &file["size"]), (&json!("file"), &json!(10)));
    assert!(file["last_modified"].is_string());
    assert_eq!(
        (&folder["type"], &folder["size"]),
        (&json!("directory"), &Value::Null)
    );
    let part: Value = demo
        .get(&format!("{SETS}/in/?max_length=1&offset=1"))
        .await
        .good()
        .await;
    assert_eq!(names(&part["children"]), ["deep"]);
    for root in [SETS.to_owned(), format!("{SETS}/")] {
        let all: Value = demo.get(&root).await.good().await;
        assert!(names(&all["children"]).contains(&"in-between"));
        assert!(names(&all["children"]).contains(&"in"));
    }

    let zip = demo.get(&format!("{SETS}/download-zip?path=in/deep")).await;
    assert_eq!(zip.header("content-type"), "application/zip");
    assert!(zip.header("content-disposition").contains("deep.zip"));
    let bytes = std::io::Cursor::new(zip.bytes().await);
    let archive = zip::ZipArchive::new(bytes).unwrap();
    let mut inside: Vec<_> = archive.file_names().map(Result::unwrap).collect();
    inside.sort_unstable();
    assert_eq!(inside, ["1", "2"]);

    let gone: Value = demo.delete(&path).await.good().await;
    assert_eq!(gone["success"], true);
    let _ = failed(demo.delete(&path).await, 404).await;
    let gone: Value = demo.delete(&format!("{SETS}/in/")).await.good().await;
    assert_eq!(gone["success"], true);
    let _ = failed(demo.get(&format!("{SETS}/in/")).await, 404).await;
    let _ = failed(demo.delete(&format!("{SETS}/in/")).await, 404).await;
    assert_eq!(
        demo.head(&format!("{SETS}/in-between")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn listings_go_on_over_pages_of_the_store() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let puts = (0..1_050).map(|n| {
        let demo = &demo;
        async move {
            let path = format!("{SETS}/many/{n:04}");
            assert_eq!(demo.put_bytes(&path, "x").await.status(), StatusCode::OK);
        }
    });
    futures::stream::StreamExt::collect::<Vec<()>>(futures::stream::StreamExt::buffer_unordered(
        futures::stream::iter(puts),
        16,
    ))
    .await;
    let list = async |query: &str| -> Value {
        demo.get(&format!("{SETS}/many/{query}")).await.good().await
    };
    let usual = list("").await;
    assert_eq!(names(&usual["children"]).len(), 1_000);
    let all = list("?max_length=10000").await;
    assert_eq!(names(&all["children"]).len(), 1_050);
    let end = list("?offset=1040&max_length=100").await;
    assert_eq!(names(&end["children"])[0], "1040");
    assert_eq!(names(&end["children"]).len(), 10);
    let gone: Value = demo.delete(&format!("{SETS}/many/")).await.good().await;
    assert!(gone["message"].as_str().unwrap().contains("1050"), "{gone}");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_one_body() {
    let app = TestApp::new().await;
    let (demo, anonymous) = (app.demo().await, app.anonymous());
    let nobody = anonymous.get(&format!("{SETS}/a")).await;
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let _ = failed(nobody, 401).await;
    let wrong = anonymous.request(Method::GET, &format!("{SETS}/a"));
    let wrong = wrong.bearer_auth("nonsense").send().await.unwrap();
    let _ = failed(Answer(wrong), 401).await;
    for path in [
        "/no-such-bucket/files/a",
        "/no-such-bucket/files/",
        "/no-such-bucket/services/s3-storage",
        "/datasets/files/no-such-file",
        "/datasets/files/no-such-folder/",
        "/datasets/files/download-zip?path=no-such-folder",
        "/datasets/services/s3-storage/no_such_function",
    ] {
        let _ = failed(demo.get(path).await, 404).await;
    }
    for path in [
        "/datasets/files/?max_length=0",
        "/datasets/files/?max_length=10001",
        "/datasets/files/?max_length=many",
        "/datasets/files/?offset=-1",
        "/-wrong-/files/a",
    ] {
        let _ = failed(demo.get(path).await, 400).await;
    }
    for query in [
        "path=a&part_count=0",
        "path=a&part_count=10001",
        "path=a&part_count=1&expires_in=59",
        "path=a&part_count=1&expires_in=604801",
        "path=a&part_count=1&ttl=0",
        "path=a/&part_count=1",
        "path=../a&part_count=1",
        "part_count=1",
        "path=a&part_count=1&tll=60",
    ] {
        let path = format!("{SETS}/create-multipart-upload?{query}");
        let _ = failed(post(&demo, &path).await, 400).await;
    }
    let folder = demo.put_bytes(&format!("{SETS}/a/"), "x").await;
    let _ = failed(folder, 400).await;
    // A whole workspace does not go by a slash.
    let _ = failed(demo.delete(&format!("{SETS}/")).await, 400).await;
    let patch = demo.request(Method::PATCH, &format!("{SETS}/a"));
    let _ = failed(Answer(patch.send().await.unwrap()), 405).await;
    // Somebody who may sign in and has no right on the bucket.
    let reader = json!({
        "username": "reader", "fullName": "Reader", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Reader-of-1000",
    });
    let made = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let made = made.json(&reader).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    let reader = app.script("demo/reader", "Reader-of-1000").await;
    let _ = failed(reader.get(&format!("{SETS}/")).await, 403).await;
    let _ = failed(reader.put_bytes(&format!("{SETS}/x"), "x").await, 403).await;
    // What changes something by a cookie comes from the console's own pages.
    let browser = app.browser().await;
    let cookie = format!("hako_session={}", browser.cookie().unwrap());
    for (method, path) in [
        (Method::PUT, format!("{SETS}/x")),
        (Method::GET, format!("{SERVICE}/remove_file?path=x")),
    ] {
        let foreign = anonymous.request(method, &path);
        let foreign = foreign
            .header(header::COOKIE, &cookie)
            .header(header::ORIGIN, "https://other.example");
        let _ = failed(Answer(foreign.send().await.unwrap()), 403).await;
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told() {
    let store = TestApp::new().await;
    let front = store.before(&[]).await;
    let guest = front.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    let _: Value = guest.get(&format!("{SETS}/")).await.good().await;
    store.running.stop().await;
    let answer = guest.get(&format!("{SETS}/a")).await;
    assert!(!answer.header("retry-after").is_empty());
    let detail = failed(answer, 503).await;
    assert_eq!(detail, "The store does not answer.");
}

#[tokio::test]
async fn the_console_s_names_are_no_workspaces_and_its_pages_stay() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for name in ["buckets", "api", "pkg", "docs", "system", "public", "jobs"] {
        for path in [format!("/{name}/files/a"), format!("/{name}/files/")] {
            let detail = failed(demo.get(&path).await, 400).await;
            assert!(detail.contains(name), "{detail}");
        }
    }
    // Nor without a token, where a script asks. Browsers are shown pages.
    let stranger = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    for (method, path) in [
        (Method::GET, "/buckets/files/a"),
        (Method::PUT, "/overview/files/a"),
        (Method::DELETE, "/links/files/a"),
        (Method::POST, "/jobs/create-multipart-upload"),
        (Method::GET, "/system/services/s3-storage"),
    ] {
        let asked = || stranger.request(method.clone(), app.url(path));
        let _ = failed(Answer(asked().send().await.unwrap()), 401).await;
        for (name, value) in [
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Cookie", "other=1"),
        ] {
            let shown = asked().header(name, value).send().await.unwrap();
            let text = shown.text().await.unwrap();
            assert!(!text.contains("\"success\""), "{path} {name}: {text}");
        }
    }
    // Other addresses of the console are its own.
    let elsewhere = stranger.get(app.url("/overview/other")).send().await;
    let text = elsewhere.unwrap().text().await.unwrap();
    assert!(!text.contains("\"success\""), "{text}");
    // A bucket that is called `files` has its page, also where the address looks like one of a workspace.
    demo.bucket("files").await;
    let browser = app.browser().await;
    let page = browser.get("/buckets/files/versions").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.status(), StatusCode::OK);
    let root: Value = demo.get("/files/files/").await.good().await;
    assert_eq!(root["children"], json!([]));
}

/// Whatever is wrong, a script reads it from the same body.
#[tokio::test]
async fn a_wrong_host_and_an_unknown_service_are_failures_like_any_other() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for path in ["services/other", "services/other/call"] {
        let detail = failed(demo.get(&format!("/datasets/{path}")).await, 404).await;
        assert!(!detail.is_empty());
    }
    let client = reqwest::Client::new();
    let elsewhere = |path: &str| {
        client
            .get(app.url(path))
            .header("Host", "elsewhere.example")
    };
    for path in [
        "/datasets/files/a",
        "/datasets/files",
        "/datasets/services/s3-storage",
        "/public/services/s3-storage/list_files",
        "/datasets/create-multipart-upload",
    ] {
        let answer = Answer(elsewhere(path).send().await.unwrap());
        let detail = failed(answer, 421).await;
        assert!(!detail.is_empty(), "{path}");
    }
    // The other API has its own.
    let answer = Answer(elsewhere("/api/v1/buckets").send().await.unwrap());
    let _ = answer.problem(421, "invalid_host").await;
}

#[tokio::test]
async fn paths_are_refused_and_never_resolved() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for path in [
        "..", "../a", "a/../b", "%2e%2e/a", "a/%2E%2e", "a/.%2e/b", "./a", "a/%2e/b", "/a", "%2fa",
        "a//b", "a/%2F/b", "a%00b", "a/..", "a/../",
    ] {
        for method in ["GET", "HEAD", "DELETE", "PUT"] {
            let (status, body) = raw(&app, &demo, method, &format!("{SETS}/{path}")).await;
            assert_eq!(status, 400, "{method} {path}: {body}");
            assert!(method == "HEAD" || body["success"] == false, "{body}");
        }
        let plain = percent_encoding::percent_decode_str(path);
        let plain = plain.decode_utf8().unwrap();
        for function in ["put_file", "get_file"] {
            let answer = call(&demo, function, json!({"file_path": plain})).await;
            let _ = failed(answer, 400).await;
        }
        let _ = failed(
            call(&demo, "remove_file", json!({"path": plain})).await,
            400,
        )
        .await;
        let _ = failed(call(&demo, "list_files", json!({"path": plain})).await, 400).await;
    }
}

/// The AWS SDK takes a key of spaces for a missing one.
#[tokio::test]
async fn a_name_of_spaces_is_refused_with_its_reason() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for method in ["PUT", "GET", "DELETE"] {
        let (status, body) = raw(&app, &demo, method, &format!("{SETS}/%20%20")).await;
        assert_eq!(status, 400, "{method}: {body}");
        let said = body["detail"].as_str().unwrap();
        assert!(said.contains("nothing but spaces"), "{said}");
    }
    let (status, body) = raw(&app, &demo, "PUT", &format!("{SETS}/%20/a")).await;
    assert_eq!(status, 200, "{body}");
}

/// A path as an address may have it: what must be encoded is, and of the rest whatever `also` says.
fn spelled(key: &str, also: u64) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte);
    let spell = |(at, byte): (usize, u8)| {
        if plain(byte) && also >> (at % 64) & 1 == 0 {
            char::from(byte).to_string()
        } else if at % 2 == 0 {
            format!("%{byte:02X}")
        } else {
            format!("%{byte:02x}")
        }
    };
    key.bytes().enumerate().map(spell).collect()
}

/// What every method and function says to a path that no object can have.
async fn is_refused(
    app: &TestApp,
    demo: &Actor<'_>,
    key: &str,
    at: &str,
) -> Result<(), TestCaseError> {
    for method in ["PUT", "GET", "DELETE", "HEAD"] {
        let (status, body) = raw(app, demo, method, at).await;
        // With a slash at its end a path is a folder's, which can be read and removed.
        let folder = key.ends_with('/') && !key.trim_end_matches('/').is_empty();
        let none = folder && method != "PUT" && status == 404;
        // Without any path it is the workspace, which can be listed.
        let whole = key.is_empty() && matches!(method, "GET" | "HEAD");
        prop_assert!(
            status == 400 || none || whole,
            "{method} {at}: {status} {body}"
        );
    }
    for (function, arguments) in [
        ("put_file", json!({"file_path": key})),
        ("get_file", json!({"file_path": [key]})),
        (
            "put_file_start_multipart",
            json!({"file_path": key, "part_count": 1}),
        ),
        (
            "generate_presigned_url",
            json!({"path": key, "client_method": "put_object"}),
        ),
    ] {
        let answer = call(demo, function, arguments).await;
        let status = answer.status();
        prop_assert_eq!(status, StatusCode::BAD_REQUEST, "{} {}", function, key);
    }
    // A folder's path has a slash at its end; without any it is the workspace. Both are refused or nothing.
    for function in ["remove_file", "delete_file", "delete_directory"] {
        let answer = call(demo, function, json!({"path": key})).await;
        if answer.status() != StatusCode::BAD_REQUEST {
            let done: Value = answer.good().await;
            prop_assert_eq!(&done["success"], false, "{} {}", function, key);
        }
    }
    Ok(())
}

/// Is what was put there under that very name, until it is removed? A name of nothing but spaces is refused.
async fn is_kept(
    app: &TestApp,
    demo: &Actor<'_>,
    key: &str,
    at: &str,
) -> Result<(), TestCaseError> {
    let (status, body) = raw(app, demo, "PUT", at).await;
    if key.trim().is_empty() {
        prop_assert_eq!(status, 400, "{:?}: {}", key, body);
        let said = body["detail"].as_str().unwrap_or_default();
        prop_assert!(said.contains("nothing but spaces"), "{}", said);
        return Ok(());
    }
    prop_assert_eq!(status, 200, "{:?}: {}", key, body);
    let encoded = percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC);
    let query = format!("/api/v1/buckets/datasets/object?key={encoded}");
    prop_assert_eq!(demo.head(&query).await.status(), StatusCode::OK);
    let (status, _) = raw(app, demo, "DELETE", at).await;
    prop_assert_eq!(status, 200);
    prop_assert_eq!(demo.head(&query).await.status(), StatusCode::NOT_FOUND);
    Ok(())
}

/// Whatever is put is what is read under the very same name, and nothing else; or it is refused, by every method and
/// function, and nothing has changed. However the path is spelled.
#[tokio::test(flavor = "multi_thread")]
async fn any_path_is_kept_as_it_is_or_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let handle = tokio::runtime::Handle::current();
    let segment = prop_oneof![
        4 => "[a-zå%+ &#?;=.]{1,6}",
        1 => Just(String::new()),
        1 => Just(".".to_owned()),
        1 => Just("..".to_owned()),
        1 => Just("\u{0}".to_owned()),
    ];
    let paths = (prop::collection::vec(segment, 1..4), any::<u64>());
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(60)
    };
    // Also of another bucket, which is where a path would lead that is resolved.
    let all = async || -> Vec<Value> {
        let mut found = Vec::new();
        for bucket in ["datasets", "documents"] {
            let query = format!("/api/v1/buckets/{bucket}/objects?limit=1000");
            let listed: Value = demo.get(&query).await.good().await;
            let objects = listed["objects"].as_array().unwrap();
            assert!(!objects.is_empty(), "{bucket}");
            found.extend(objects.clone());
        }
        found
    };
    let before = all().await;
    tokio::task::block_in_place(|| {
        TestRunner::new(config).run(&paths, |(segments, also)| {
            handle.block_on(async {
                let key = segments.join("/");
                let odd = |s: &String| s.is_empty() || s == "." || s == ".." || s.contains('\0');
                let spelled = spelled(&key, also);
                let at = format!("{SETS}/{spelled}");
                if segments.iter().any(odd) {
                    is_refused(&app, &demo, &key, &at).await
                } else {
                    is_kept(&app, &demo, &key, &at).await
                }
            })
        })
    })
    .unwrap();
    assert_eq!(all().await, before);
}

async fn send(method: Method, url: &str, body: impl Into<reqwest::Body>) -> Response {
    let client = reqwest::Client::new();
    let sent = client.request(method, url).body(body).send().await;
    sent.unwrap()
}

#[tokio::test]
async fn an_upload_is_completed_by_its_id_alone_by_its_owner_and_after_a_restart() {
    let mut app = TestApp::new().await;
    let demo = app.demo().await;
    let path = format!("{SETS}/create-multipart-upload?path=in/big%20one.bin&part_count=2");
    let begun: Value = post(&demo, &path).await.good().await;
    let id = begun["upload_id"].as_str().unwrap().to_owned();
    let parts = begun["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2);
    let first = vec![b'a'; 5 * 1024 * 1024];
    let mut tags = Vec::new();
    for (part, bytes) in parts.iter().zip([first, b"end".to_vec()]) {
        let sent = send(Method::PUT, part["url"].as_str().unwrap(), bytes).await;
        assert_eq!(sent.status(), StatusCode::OK);
        tags.push(etag(&sent));
    }
    // In no order, with quotes and without.
    let bare = tags[0].trim_matches('"');
    let body = json!({"upload_id": id, "parts": [
        {"part_number": 2, "etag": tags[1]}, {"part_number": 1, "etag": bare},
    ]});
    let done = format!("{SETS}/complete-multipart-upload");
    for (wrong, status) in [
        (json!({"upload_id": "nothing", "parts": body["parts"]}), 404),
        (json!({"upload_id": id, "parts": []}), 400),
        (
            json!({"upload_id": id, "parts": [{"part_number": 1, "etag": "no"}]}),
            400,
        ),
        (
            json!({"upload_id": id, "parts": [{"part_number": 0, "etag": "no"}]}),
            400,
        ),
        (json!({"parts": body["parts"]}), 400),
    ] {
        let _ = failed(demo.post(&done, &wrong).await, status).await;
    }
    let root = app.root().await;
    demo.bucket("elsewhere").await;
    let elsewhere = demo
        .post("/elsewhere/files/complete-multipart-upload", &body)
        .await;
    let _ = failed(elsewhere, 404).await;
    let _ = failed(root.post(&done, &body).await, 404).await;
    drop((root, demo));

    let TestApp { running, data, .. } = app;
    running.stop().await;
    app = TestApp::start(data, &[]).await;
    let demo = app.demo().await;
    // At its older address.
    let stored: Value = demo
        .post("/datasets/complete-multipart-upload", &body)
        .await
        .good()
        .await;
    assert_eq!(stored["success"], true);
    assert_eq!(stored["location"], "/datasets/files/in/big%20one.bin");
    let looked = demo.head(stored["location"].as_str().unwrap()).await;
    assert_eq!(looked.header("etag"), stored["etag"].as_str().unwrap());
    assert_eq!(looked.header("content-length"), "5242883");
    let _ = failed(demo.post(&done, &body).await, 404).await;
}

#[tokio::test]
async fn the_service_describes_its_functions() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for path in ["/public/services/s3-storage", SERVICE] {
        let facts: Value = demo.get(path).await.good().await;
        assert_eq!(facts["id"], "s3-storage");
        let functions = facts["functions"].as_array().unwrap();
        assert_eq!(functions.len(), 10);
        for function in functions {
            let name = function["name"].as_str().unwrap();
            assert!(!function["description"].as_str().unwrap().is_empty());
            assert_eq!(function["parameters"]["type"], "object", "{name}");
        }
        let put = &functions[0]["parameters"];
        assert_eq!(put["required"], json!(["file_path"]));
        assert_eq!(put["properties"]["expires_in"]["default"], 3_600);
        assert_eq!(functions[9]["deprecated_by"], "get_file");
    }
    let anonymous = app.anonymous();
    let _ = failed(anonymous.get(SERVICE).await, 401).await;
}

#[tokio::test]
async fn signed_urls_store_and_read_by_either_spelling_and_way_of_calling() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let url: String = call(&demo, "put_file", json!({"file_path": "s/a.txt"}))
        .await
        .good()
        .await;
    let sent = send(Method::PUT, &url, "hello").await;
    assert_eq!(sent.status(), StatusCode::OK);
    let many = json!({"filePath": ["s/a.txt", "s/b.txt"], "useLocalUrl": true, "expiresIn": 60});
    let urls: Value = call(&demo, "getFile", many).await.good().await;
    let port = format!(":{}/", app.running.store.unwrap().s3.port());
    let read = send(Method::GET, urls["s/a.txt"].as_str().unwrap(), "").await;
    assert!(read.url().as_str().contains(&port), "{}", read.url());
    assert_eq!(read.text().await.unwrap(), "hello");
    let absent = send(Method::GET, urls["s/b.txt"].as_str().unwrap(), "").await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
    // Through Hako, and by a query.
    let answer = demo
        .get(&format!(
            "{SERVICE}/get_file?file_path=s/a.txt&use_proxy=true"
        ))
        .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let url: String = answer.good().await;
    assert!(url.starts_with(&app.url("/s3/datasets/s/a.txt?")), "{url}");
    assert_eq!(
        send(Method::GET, &url, "").await.text().await.unwrap(),
        "hello"
    );

    for wrong in [
        json!({}),
        json!({"file_path": 7}),
        json!({"file_path": []}),
        json!({"file_path": "a/"}),
        json!({"file_path": "a", "expires_in": 59}),
        json!({"file_path": "a", "expires_in": 604_801}),
        json!({"file_path": "a", "expires_in": "long"}),
        json!({"file_path": "a", "ttl": 0}),
        json!({"file_path": "a", "ttl": [60]}),
        json!({"file_path": ["a", "b"], "ttl": [60]}),
        json!({"file_path": ["a", "b"], "ttl": [60, 0]}),
        json!({"file_path": "a", "tll": 60}),
        json!({"file_path": "a", "workspace": "elsewhere"}),
        json!({"file_path": "a", "workspace": 7}),
    ] {
        let _ = failed(call(&demo, "put_file", wrong).await, 400).await;
    }
    let no_object = demo
        .post(&format!("{SERVICE}/put_file"), &json!(["a"]))
        .await;
    let _ = failed(no_object, 400).await;
    let no_json = demo.request(Method::POST, &format!("{SERVICE}/put_file"));
    let no_json = no_json
        .header("content-type", "application/json")
        .body("{")
        .send();
    let _ = failed(Answer(no_json.await.unwrap()), 400).await;
}

#[tokio::test]
async fn the_service_lists_and_removes() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for name in ["d/a", "d/b/c", "d", "e"] {
        let stored = demo.put_bytes(&format!("{SETS}/x/{name}"), "x").await;
        assert_eq!(stored.status(), StatusCode::OK);
    }
    let list: Value = call(&demo, "list_files", json!({"path": "x/d"}))
        .await
        .good()
        .await;
    assert_eq!(names(&list), ["a", "b"]);
    assert_eq!(
        list[1],
        json!({"name": "b", "type": "directory", "size": null, "last_modified": null})
    );
    let part = json!({"path": "x/d/", "max_length": 1, "offset": 1});
    let list: Value = call(&demo, "listFiles", part).await.good().await;
    assert_eq!(names(&list), ["b"]);
    let list: Value = call(&demo, "list_files", json!({"path": "nothing"}))
        .await
        .good()
        .await;
    assert_eq!(list, json!([]));
    let _ = failed(
        call(&demo, "list_files", json!({"max_length": 0})).await,
        400,
    )
    .await;

    // What has files below it goes with them.
    let done: Value = call(&demo, "remove_file", json!({"path": "x/d"}))
        .await
        .good()
        .await;
    assert_eq!(done["success"], true);
    let list: Value = call(&demo, "list_files", json!({"path": "x"}))
        .await
        .good()
        .await;
    assert_eq!(names(&list), ["e"]);
    let done: Value = demo
        .get(&format!("{SERVICE}/remove_file?path=x/e"))
        .await
        .good()
        .await;
    assert_eq!(done["success"], true);
    let done: Value = call(&demo, "remove_file", json!({"path": "x/e"}))
        .await
        .good()
        .await;
    assert_eq!(done["success"], false);
    assert!(done["message"].is_string());
    let done: Value = call(&demo, "remove_file", json!({"path": "x/"}))
        .await
        .good()
        .await;
    assert_eq!(done["success"], false);
    let _ = failed(call(&demo, "remove_file", json!({"path": ""})).await, 400).await;
}

#[tokio::test]
async fn older_names_work_and_say_what_replaced_them() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let old = async |name: &str, arguments: Value| {
        let answer = call(&demo, name, arguments).await;
        let since = answer.header("deprecation").strip_prefix('@').unwrap();
        assert!(since.parse::<u64>().unwrap() > 1_700_000_000);
        let link = answer.header("link").to_owned();
        assert!(link.contains("rel=\"successor-version\""), "{link}");
        answer.good::<Value>().await
    };
    let url = |value: Value| value.as_str().unwrap().to_owned();
    let put = url(old(
        "generate_presigned_url",
        json!({"path": "o/a", "client_method": "put_object"}),
    )
    .await);
    assert_eq!(
        send(Method::PUT, &put, "old").await.status(),
        StatusCode::OK
    );
    for (function, short) in [
        (
            "generatePresignedUrl",
            json!({"path": "o/a", "expiration": 59}),
        ),
        ("get_file", json!({"file_path": "o/a", "expires_in": 59})),
    ] {
        let detail = failed(call(&demo, function, short).await, 400).await;
        assert!(detail.contains("60"), "{detail}");
    }
    let get = url(old(
        "generatePresignedUrl",
        json!({"path": "o/a", "expiration": 60}),
    )
    .await);
    assert_eq!(
        send(Method::GET, &get, "").await.text().await.unwrap(),
        "old"
    );
    let delete = json!({"path": "o/a", "client_method": "delete_object"});
    let delete = url(old("generate_presigned_url", delete).await);
    assert_eq!(
        send(Method::DELETE, &delete, "").await.status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        demo.head(&format!("{SETS}/o/a")).await.status(),
        StatusCode::NOT_FOUND
    );
    for path in ["o/b", "o/c/d"] {
        let stored = demo.put_bytes(&format!("{SETS}/{path}"), "x").await;
        assert_eq!(stored.status(), StatusCode::OK);
    }
    assert_eq!(
        old("delete_file", json!({"path": "o/b"})).await["success"],
        true
    );
    assert_eq!(
        old("delete_directory", json!({"path": "o/c"})).await["success"],
        true
    );
    // Also who calls one wrongly is told.
    let wrong = call(&demo, "delete_file", json!({})).await;
    assert!(wrong.header("deprecation").starts_with('@'));
    assert!(wrong.header("link").contains("remove_file"));
    let _ = failed(wrong, 400).await;
    let current = call(&demo, "remove_file", json!({"path": "o/"})).await;
    assert_eq!(current.header("deprecation"), "");
    let done: Value = current.good().await;
    assert_eq!(done["success"], false);
}

#[tokio::test]
async fn the_service_uploads_in_parts_and_gives_keys() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let start = json!({"filePath": "p/one", "partCount": 1, "expiresIn": 60});
    let begun: Value = call(&demo, "putFileStartMultipart", start)
        .await
        .good()
        .await;
    let url = begun["parts"][0]["url"].as_str().unwrap();
    let sent = send(Method::PUT, url, "part").await;
    let parts = json!([{"partNumber": 1, "etag": etag(&sent)}]);
    let end = json!({"uploadId": begun["upload_id"], "parts": parts});
    let stored: Value = call(&demo, "put_file_complete_multipart", end)
        .await
        .good()
        .await;
    assert_eq!(
        (&stored["success"], &stored["location"]),
        (&json!(true), &json!("/datasets/files/p/one"))
    );
    let read = demo.get(&format!("{SETS}/p/one")).await;
    assert_eq!(read.text().await, "part");
    for wrong in [
        json!({"file_path": "a", "part_count": 0}),
        json!({"file_path": "a", "part_count": 10_001}),
        json!({"file_path": "a", "part_count": 1, "expires_in": 59}),
    ] {
        let _ = failed(call(&demo, "put_file_start_multipart", wrong).await, 400).await;
    }
    let keys: Value = call(&demo, "generate_credential", json!({}))
        .await
        .good()
        .await;
    assert_eq!(
        (&keys["bucket"], &keys["prefix"]),
        (&json!("datasets"), &json!(""))
    );
    for name in [
        "endpoint_url",
        "access_key_id",
        "secret_access_key",
        "region_name",
        "expires_at",
    ] {
        assert!(keys[name].is_string(), "{name}");
    }
}

#[tokio::test]
async fn public_is_the_workspace_that_is_named() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let list = "/public/services/s3-storage/list_files";
    let detail = failed(demo.post(list, &json!({})).await, 400).await;
    assert!(detail.contains("`workspace`"), "{detail}");
    let _ = failed(demo.get("/public/files/a").await, 400).await;
    demo.bucket("quiet").await;
    let none: Value = demo
        .post(list, &json!({"workspace": "quiet"}))
        .await
        .good()
        .await;
    assert_eq!(none, json!([]));
    let none: Value = demo
        .get(&format!("{list}?workspace=quiet"))
        .await
        .good()
        .await;
    assert_eq!(none, json!([]));
    let _ = failed(
        demo.get(&format!("{list}?workspace=no-such-bucket")).await,
        404,
    )
    .await;
    let _ = failed(demo.get(&format!("{list}?workspace=buckets")).await, 400).await;
    // By the token.
    let sign_in = async |workspace: &str| {
        let fields = [
            ("username", "demo/demo"),
            ("password", "demo-demo"),
            ("workspace", workspace),
        ];
        let request = app
            .anonymous()
            .request(Method::POST, "/api/v1/auth/token")
            .form(&fields);
        Answer(request.send().await.unwrap())
    };
    let token: Value = sign_in("quiet").await.good().await;
    let mut named = app.anonymous();
    named.bearer = Some(token["access_token"].as_str().unwrap().to_owned());
    let none: Value = named.get(list).await.good().await;
    assert_eq!(none, json!([]));
    let _ = sign_in("-").await.problem(422, "validation").await;
    // Who has none is asked to name one as well.
    let made = json!({
        "username": "single", "fullName": "Single", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Single-of-1000", "allowNamespaceManagement": true,
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    assert!(
        request
            .json(&made)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let single = app.script("demo/single", "Single-of-1000").await;
    let _ = failed(single.get(list).await, 400).await;
}

/// Sends bytes by a presigned URL; the entity tag, without quotes.
async fn stored(url: &Value, bytes: &'static str) -> String {
    let sent = send(Method::PUT, url.as_str().unwrap(), bytes).await;
    assert_eq!(sent.status(), StatusCode::OK);
    etag(&sent).trim_matches('"').to_owned()
}

/// What is in the folder of temporary files.
async fn left(actor: &Actor<'_>) -> Vec<String> {
    let listed: Value = actor.get(&format!("{SETS}/t/")).await.good().await;
    let names = names(&listed["children"]).into_iter();
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn files_end_when_their_time_is_over() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    // By URLs, with a life for each.
    let put = json!({"file_path": ["t/soon", "t/later", "t/ever", "t/anew"], "ttl": [100, 1_000, 1_000, 100]});
    let urls: Value = call(&demo, "put_file", put).await.good().await;
    for path in ["t/soon", "t/later", "t/anew"] {
        stored(&urls[path], "bytes").await;
    }
    let _: Value = demo
        .put_bytes(&format!("{SETS}/t/ever"), "bytes")
        .await
        .good()
        .await;
    // By parts, from the completion on.
    let path = format!("{SETS}/create-multipart-upload?path=t/parts&part_count=1&ttl=100");
    let begun: Value = post(&demo, &path).await.good().await;
    let tag = stored(&begun["parts"][0]["url"], "bytes").await;
    app.advance(90);
    let done = json!({"upload_id": begun["upload_id"], "parts": [{"part_number": 1, "etag": tag}]});
    let done = demo
        .post(&format!("{SETS}/complete-multipart-upload"), &done)
        .await;
    let _: Value = done.good().await;
    assert_eq!(
        server::service::expiry::sweep(app.running.state())
            .await
            .unwrap(),
        0
    );
    for (path, ends) in [
        ("soon", true),
        ("later", true),
        ("ever", false),
        ("parts", true),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let told = demo
                .request(method, &format!("{SETS}/t/{path}"))
                .send()
                .await
                .unwrap();
            assert_eq!(
                told.headers().contains_key("x-hako-expires"),
                ends,
                "{path}"
            );
        }
    }
    // Stored anew without a life, by a URL of the other API.
    let s3 = json!({"bucket": "datasets", "key": "t/anew", "method": "put_object"});
    let url: Value = demo.post("/api/v1/presign", &s3).await.good().await;
    stored(&url["url"], "other").await;

    app.advance(20);
    assert_eq!(
        server::service::expiry::sweep(app.running.state())
            .await
            .unwrap(),
        1
    );
    assert_eq!(left(&demo).await, ["anew", "ever", "later", "parts"]);
    app.advance(100);
    assert_eq!(
        server::service::expiry::sweep(app.running.state())
            .await
            .unwrap(),
        1
    );
    assert_eq!(left(&demo).await, ["anew", "ever", "later"]);
    app.advance(100_000);
    let demo = app.demo().await;
    assert_eq!(
        server::service::expiry::sweep(app.running.state())
            .await
            .unwrap(),
        1
    );
    let listed: Value = demo.get(&format!("{SETS}/t/")).await.good().await;
    assert_eq!(listed["children"].as_array().unwrap().len(), 2);
}

/// No call of this API lengthens an end or takes it back: only another file has another one.
#[tokio::test]
async fn another_url_changes_no_end_of_what_is_there() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let sweep = || async {
        let swept = server::service::expiry::sweep(app.running.state()).await;
        swept.unwrap()
    };
    let longer = |path: &str| json!({"file_path": path, "ttl": 10_000});
    let paths = ["t/a", "t/b", "t/c", "t/d", "t/e"];
    let put = json!({"file_path": paths, "ttl": [100, 100, 100, 100, 100]});
    let urls: Value = call(&demo, "put_file", put).await.good().await;
    for path in paths {
        stored(&urls[path], "bytes").await;
    }
    // Before a sweep has seen the files.
    let _: Value = call(&demo, "put_file", longer("t/a")).await.good().await;
    let _: Value = call(&demo, "put_file", json!({"file_path": "t/b"}))
        .await
        .good()
        .await;
    let put = json!({"path": "t/c", "client_method": "put_object"});
    let _: Value = call(&demo, "generate_presigned_url", put)
        .await
        .good()
        .await;
    assert_eq!(sweep().await, 0);
    // And after.
    let _: Value = call(&demo, "put_file", longer("t/d")).await.good().await;
    let url: Value = call(&demo, "put_file", longer("t/e")).await.good().await;
    assert_eq!(sweep().await, 0);
    // The second is used: another file, with its own end.
    stored(&url, "others").await;
    assert_eq!(sweep().await, 0);
    app.advance(150);
    assert_eq!(sweep().await, 4);
    assert_eq!(left(&demo).await, ["e"]);
    app.advance(10_000);
    assert_eq!(sweep().await, 1);
}

#[tokio::test]
async fn what_changes_something_is_in_the_audit() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let stored = demo.put_bytes(&format!("{SETS}/au/a"), "x").await;
    assert_eq!(stored.status(), StatusCode::OK);
    let _: Value = demo
        .get("/public/services/s3-storage/remove_file?workspace=datasets&path=au/a")
        .await
        .good()
        .await;
    let _: Value = demo
        .get(&format!("{SERVICE}/list_files"))
        .await
        .good()
        .await;
    let page: Value = demo.get("/api/v1/audit").await.good().await;
    let records = page["records"].as_array().unwrap();
    let told: Vec<_> = records
        .iter()
        .take(2)
        .map(|record| {
            let target = &record["target"];
            (
                record["action"].as_str().unwrap(),
                target["bucket"].as_str().unwrap(),
                target["key"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("object.delete", "datasets", "au/a"),
            ("object.store", "datasets", "au/a")
        ]
    );
}

#[tokio::test]
async fn an_upload_that_was_begun_at_one_server_is_completed_at_another() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let (store, url) = (TestApp::new().await, redis.url());
    let settings = [("REDIS_URL", url.as_str())];
    let one = store.before(&settings).await;
    let two = store.before(&settings).await;
    let here = one.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    let there = two.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    let path = format!("{SETS}/create-multipart-upload?path=a&part_count=1");
    let begun: Value = post(&here, &path).await.good().await;
    let sent = send(Method::PUT, begun["parts"][0]["url"].as_str().unwrap(), "x").await;
    let body = json!({
        "upload_id": begun["upload_id"], "parts": [{"part_number": 1, "etag": etag(&sent)}],
    });
    let done = format!("{SETS}/complete-multipart-upload");
    let stored: Value = there.post(&done, &body).await.good().await;
    assert_eq!(stored["success"], true);
    let _ = failed(here.post(&done, &body).await, 404).await;
}
