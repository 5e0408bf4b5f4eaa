//! Objects as plain files: other programs read them, and put others beside them.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{
        BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, MetadataDirective,
        VersioningConfiguration,
    },
};
use http::Method;
use local_hcp::{Config, Error, LocalHcp, check::ProblemKind};
use model::mapi::Role;
use proptest::{prelude::*, test_runner::TestRunner};
use tempfile::TempDir;

use crate::fixture::{
    self, Fixture, PASSWORD, get, md5_hex, noise, plain_files, put, refusal, tenant,
};
use crate::wire::{Answer, Draft, Signer};

fn plain(config: &mut Config) {
    config.files_dir = Some(plain_files(&config.data_dir));
}

/// A store with plain files, an empty bucket `box`, and the bucket's folder.
async fn start() -> (Fixture, Client, PathBuf) {
    let store = Fixture::open(Arc::new(TempDir::new().unwrap()), plain).await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    let client = store.bucket("box").await;
    let folder = plain_files(&store.data_dir()).join("demo/box");
    (store, client, folder)
}

/// Every file in a folder, by its path below it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

/// Keys and prefixes, page by page.
async fn list(client: &Client, prefix: &str, delimiter: &str, page: i32) -> Vec<String> {
    let (mut names, mut token) = (Vec::new(), None);
    loop {
        let answer = client
            .list_objects_v2()
            .bucket("box")
            .prefix(prefix)
            .set_delimiter((!delimiter.is_empty()).then(|| delimiter.to_owned()))
            .set_continuation_token(token)
            .max_keys(page)
            .send()
            .await
            .unwrap();
        let keys = answer.contents().iter().filter_map(|one| one.key());
        let prefixes = answer
            .common_prefixes()
            .iter()
            .filter_map(|one| one.prefix());
        let mut both: Vec<String> = keys.chain(prefixes).map(str::to_owned).collect();
        both.sort();
        names.extend(both);
        token = answer.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            return names;
        }
    }
}

/// Files move to their places before an answer.
fn nothing_waits(store: &Fixture) {
    assert_eq!(tree(&store.data_dir().join("blobs")), BTreeMap::new());
    assert_eq!(tree(&store.data_dir().join("tmp")), BTreeMap::new());
}

async fn usage(store: &Fixture) -> (u64, u64) {
    let usage = store
        .hcp
        .usage(&tenant("demo"), "box")
        .await
        .unwrap()
        .unwrap();
    (usage.objects, usage.bytes)
}

fn is_sound(store: &Fixture) {
    let report = local_hcp::check::check(&store.data_dir(), true).unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[tokio::test]
async fn an_object_is_a_plain_file_with_its_bytes() {
    let (store, client, folder) = start().await;
    for (key, size) in [("a.txt", 3), ("deep/er/b å.bin", 700_000), ("empty", 0)] {
        let bytes = noise(size);
        put(&client, "box", key, bytes.clone()).await;
        assert_eq!(fs::read(folder.join(key)).unwrap(), bytes, "{key}");
        assert_eq!(get(&client, "box", key).await, bytes, "{key}");
        let head = client
            .head_object()
            .bucket("box")
            .key(key)
            .send()
            .await
            .unwrap();
        assert_eq!(head.e_tag().unwrap(), format!("\"{}\"", md5_hex(&bytes)));
    }
    // Nothing lies anywhere else.
    nothing_waits(&store);
    put(&client, "box", "a.txt", "new").await;
    assert_eq!(fs::read(folder.join("a.txt")).unwrap(), b"new");
    let ranged = client
        .get_object()
        .bucket("box")
        .key("deep/er/b å.bin")
        .range("bytes=699990-")
        .send();
    let ranged = ranged.await.unwrap().body.collect().await.unwrap().to_vec();
    assert_eq!(ranged, noise(700_000)[699_990..]);
    assert_eq!(list(&client, "", "/", 2).await, ["a.txt", "deep/", "empty"]);
    assert_eq!(usage(&store).await, (3, 700_003));
    is_sound(&store);
    // With the last file of a folder the folder goes; the bucket's stays.
    for key in ["a.txt", "deep/er/b å.bin", "empty"] {
        client
            .delete_object()
            .bucket("box")
            .key(key)
            .send()
            .await
            .unwrap();
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    client.delete_bucket().bucket("box").send().await.unwrap();
    assert!(!folder.try_exists().unwrap());
}

#[tokio::test]
async fn parts_and_copies_become_files_of_their_own() {
    let (store, client, folder) = start().await;
    let upload = client
        .create_multipart_upload()
        .bucket("box")
        .key("big/one.bin")
        .metadata("colour", "blue")
        .send()
        .await
        .unwrap();
    let id = upload.upload_id().unwrap();
    let (first, last) = (noise(1024 * 1024), noise(9_000));
    let mut parts = Vec::new();
    for (number, bytes) in [(1, &first), (2, &last)] {
        let part = client
            .upload_part()
            .bucket("box")
            .key("big/one.bin")
            .upload_id(id)
            .part_number(number)
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await
            .unwrap();
        let part = CompletedPart::builder()
            .part_number(number)
            .e_tag(part.e_tag().unwrap());
        parts.push(part.build());
    }
    let done = client
        .complete_multipart_upload()
        .bucket("box")
        .key("big/one.bin")
        .upload_id(id)
        .multipart_upload(
            CompletedMultipartUpload::builder()
                .set_parts(Some(parts))
                .build(),
        )
        .send()
        .await
        .unwrap();
    assert!(done.e_tag().unwrap().ends_with("-2\""));
    let whole = [first, last].concat();
    assert_eq!(fs::read(folder.join("big/one.bin")).unwrap(), whole);
    // The parts go after the answer.
    store.files_become(1).await;
    let copy = |key: &'static str| client.copy_object().bucket("box").key(key);
    copy("copy.bin")
        .copy_source("box/big/one.bin")
        .send()
        .await
        .unwrap();
    // A copy onto itself changes what describes it.
    copy("big/one.bin")
        .copy_source("box/big/one.bin")
        .metadata_directive(MetadataDirective::Replace)
        .metadata("colour", "red")
        .send()
        .await
        .unwrap();
    let colour = |head: aws_sdk_s3::operation::head_object::HeadObjectOutput| {
        head.metadata().unwrap()["colour"].clone()
    };
    let head = |key: &'static str| client.head_object().bucket("box").key(key).send();
    assert_eq!(colour(head("copy.bin").await.unwrap()), "blue");
    assert_eq!(colour(head("big/one.bin").await.unwrap()), "red");
    fs::write(folder.join("big/one.bin"), "changed").unwrap();
    assert!(get(&client, "box", "copy.bin").await == whole);
    assert_eq!(get(&client, "box", "big/one.bin").await, b"changed");
    is_sound(&store);
}

#[tokio::test]
async fn what_others_do_to_the_files_shows() {
    let (store, client, folder) = start().await;
    fs::create_dir_all(folder.join("by/hand/deep")).unwrap();
    fs::write(folder.join("top.txt"), "hello").unwrap();
    fs::write(folder.join("by/hand/deep/x.txt"), "xyz").unwrap();
    fs::create_dir(folder.join("nothing")).unwrap();
    // A key is found without a listing, and its ETag is no MD5.
    let head = client
        .head_object()
        .bucket("box")
        .key("top.txt")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_length(), Some(5));
    assert_eq!(head.content_type(), Some("text/plain"));
    assert!(head.e_tag().unwrap().ends_with("-1\""));
    assert_eq!(list(&client, "", "/", 1).await, ["by/", "top.txt"]);
    assert_eq!(list(&client, "by/h", "/", 9).await, ["by/hand/"]);
    assert_eq!(
        list(&client, "", "", 1).await,
        ["by/hand/deep/x.txt", "top.txt"]
    );
    assert_eq!(get(&client, "box", "by/hand/deep/x.txt").await, b"xyz");
    assert_eq!(usage(&store).await, (2, 8));
    let tagged = client.get_object_tagging().bucket("box").key("top.txt");
    assert!(tagged.send().await.unwrap().tag_set().is_empty());

    // Changed: in its size, or in its time alone.
    put(&client, "box", "made.txt", "one").await;
    fs::write(folder.join("made.txt"), "longer").unwrap();
    assert_eq!(get(&client, "box", "made.txt").await, b"longer");
    let file = fs::File::options()
        .write(true)
        .open(folder.join("top.txt"))
        .unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(1))
        .unwrap();
    let again = client
        .head_object()
        .bucket("box")
        .key("top.txt")
        .send()
        .await
        .unwrap();
    assert_ne!(again.e_tag(), head.e_tag());
    assert_eq!(usage(&store).await, (3, 14));

    // Gone: one by one, and with its folder.
    fs::remove_file(folder.join("made.txt")).unwrap();
    let gone = client
        .get_object()
        .bucket("box")
        .key("made.txt")
        .send()
        .await;
    assert_eq!(refusal(gone.unwrap_err()), (404, "NoSuchKey".to_owned()));
    fs::remove_dir_all(folder.join("by")).unwrap();
    assert_eq!(list(&client, "", "/", 9).await, ["top.txt"]);
    assert_eq!(usage(&store).await, (1, 5));
    // A file becomes a folder.
    fs::remove_file(folder.join("top.txt")).unwrap();
    fs::create_dir(folder.join("top.txt")).unwrap();
    fs::write(folder.join("top.txt/inner"), "i").unwrap();
    assert_eq!(list(&client, "", "", 9).await, ["top.txt/inner"]);
    is_sound(&store);

    // Not even an unlisted file goes with its bucket.
    fs::remove_dir_all(folder.join("top.txt")).unwrap();
    assert!(list(&client, "", "", 9).await.is_empty());
    fs::write(folder.join("late"), "kept").unwrap();
    let refused = client.delete_bucket().bucket("box").send().await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (409, "BucketNotEmpty".to_owned())
    );
    // Deleted by its key alone.
    client
        .delete_object()
        .bucket("box")
        .key("late")
        .send()
        .await
        .unwrap();
    assert!(!folder.join("late").try_exists().unwrap());
}

#[tokio::test]
async fn a_bucket_whose_folder_is_missing_loses_nothing() {
    let (_store, client, folder) = start().await;
    put(&client, "box", "a", "bytes").await;
    let away = folder.with_file_name("away");
    fs::rename(&folder, &away).unwrap();
    let head = client.get_object().bucket("box").key("a").send().await;
    assert_eq!(
        refusal(head.unwrap_err()),
        (503, "ServiceUnavailable".to_owned())
    );
    let listed = client.list_objects_v2().bucket("box").send().await;
    assert_eq!(refusal(listed.unwrap_err()).0, 503);
    let refused = client.put_object().bucket("box").key("b").send().await;
    assert_eq!(refusal(refused.unwrap_err()).0, 503);
    fs::rename(&away, &folder).unwrap();
    let head = client
        .head_object()
        .bucket("box")
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!(head.e_tag().unwrap(), format!("\"{}\"", md5_hex(b"bytes")));
}

#[tokio::test]
async fn many_files_in_one_folder_are_listed_page_by_page() {
    let (store, client, folder) = start().await;
    fs::create_dir(folder.join("flat")).unwrap();
    for number in 0..2_500 {
        fs::write(folder.join(format!("flat/{number:05}")), "1").unwrap();
    }
    assert_eq!(list(&client, "", "/", 1_000).await, ["flat/"]);
    // One of them alone was needed for that.
    assert_eq!(usage(&store).await, (1, 1));
    let keys = list(&client, "flat/", "/", 1_000).await;
    assert_eq!(keys.len(), 2_500);
    assert!(keys.is_sorted());
    assert_eq!(usage(&store).await, (2_500, 2_500));
    // Every second one is taken away.
    for number in (0..2_500).step_by(2) {
        fs::remove_file(folder.join(format!("flat/{number:05}"))).unwrap();
    }
    assert_eq!(list(&client, "", "", 1_000).await.len(), 1_250);
    assert_eq!(usage(&store).await, (1_250, 1_250));
    is_sound(&store);
}

#[tokio::test]
async fn a_deep_check_reads_plain_files_and_finds_bytes_that_changed_by_themselves() {
    let (store, client, folder) = start().await;
    for key in ["a/rotten", "a/changed", "gone", "whole", "folder/"] {
        let bytes = if key.ends_with('/') { "" } else { "good bytes" };
        put(&client, "box", key, bytes).await;
    }
    fs::write(folder.join("theirs"), "put here").unwrap();
    assert_eq!(list(&client, "", "", 100).await.len(), 6);
    // Other bytes under the same size and time are nobody's doing; all else may be somebody's.
    let rot = |bytes: &str| {
        let path = folder.join("a/rotten");
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(time).unwrap();
    };
    rot("rotten byt");
    fs::write(folder.join("a/changed"), "by hand").unwrap();
    fs::remove_file(folder.join("gone")).unwrap();
    let check = |deep| local_hcp::check::check(&store.data_dir(), deep).unwrap();
    assert!(check(false).is_sound());
    let report = check(true);
    let found: Vec<_> = report
        .problems
        .iter()
        .map(|problem| (problem.kind, problem.affects[0].key.as_str()))
        .collect();
    assert_eq!(found, [(ProblemKind::WrongContent, "a/rotten")]);
    assert_eq!(report.plain_files, 3);
    rot("good bytes");
    assert!(check(true).is_sound());
}

#[tokio::test]
async fn folders_are_folders() {
    let (store, client, folder) = start().await;
    put(&client, "box", "empty/", "").await;
    assert!(folder.join("empty").is_dir());
    store.files_become(0).await;
    assert_eq!(list(&client, "", "/", 9).await, ["empty/"]);
    assert_eq!(list(&client, "", "", 9).await, ["empty/"]);
    // What is put into it and goes leaves it as it was.
    put(&client, "box", "empty/x", "x").await;
    client
        .delete_object()
        .bucket("box")
        .key("empty/x")
        .send()
        .await
        .unwrap();
    assert!(folder.join("empty").is_dir());
    let refused = |key: &'static str, body: &'static [u8]| {
        let put = client.put_object().bucket("box").key(key);
        async move {
            refusal(
                put.body(ByteStream::from_static(body))
                    .send()
                    .await
                    .unwrap_err(),
            )
        }
    };
    assert_eq!(
        refused("full/", b"bytes").await,
        (400, "InvalidArgument".to_owned())
    );
    // A name is a file or a folder.
    let taken = (409, "ObjectParentIsNotADirectory".to_owned());
    put(&client, "box", "file", "f").await;
    assert_eq!(refused("file/below", b"b").await, taken);
    assert_eq!(refused("file/", b"").await, taken);
    assert_eq!(refused("empty", b"b").await, taken);
    assert_eq!(get(&client, "box", "file").await, b"f");
    client
        .delete_object()
        .bucket("box")
        .key("empty/")
        .send()
        .await
        .unwrap();
    assert!(!folder.join("empty").try_exists().unwrap());
    put(&client, "box", "empty", "a file now").await;
    // A folder without files is in nobody's way.
    fs::create_dir_all(folder.join("left/over")).unwrap();
    put(&client, "box", "left", "file").await;
    assert_eq!(list(&client, "", "", 9).await, ["empty", "file", "left"]);
    is_sound(&store);
}

#[tokio::test]
async fn links_lead_nowhere() {
    let (store, client, folder) = start().await;
    let outside = store.data_dir().with_file_name("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "secret").unwrap();
    symlink(&outside, folder.join("out")).unwrap();
    symlink(outside.join("secret"), folder.join("link")).unwrap();
    symlink("real", folder.join("inside")).unwrap();
    fs::write(folder.join("real"), "real").unwrap();
    assert_eq!(list(&client, "", "", 9).await, ["real"]);
    assert_eq!(list(&client, "", "/", 9).await, ["real"]);
    for key in ["out/secret", "link", "inside"] {
        let read = client.get_object().bucket("box").key(key).send().await;
        assert_eq!(refusal(read.unwrap_err()).0, 404, "{key}");
        client
            .delete_object()
            .bucket("box")
            .key(key)
            .send()
            .await
            .unwrap();
        let put = client.put_object().bucket("box").key(key).send().await;
        assert_eq!(refusal(put.unwrap_err()).0, 409, "{key}");
    }
    let put = client
        .put_object()
        .bucket("box")
        .key("out/new")
        .send()
        .await;
    assert_eq!(refusal(put.unwrap_err()).0, 409);
    assert_eq!(
        tree(&outside),
        BTreeMap::from([("secret".to_owned(), b"secret".to_vec())])
    );
    // A folder that becomes a link takes its objects with it.
    self::put(&client, "box", "was/here", "x").await;
    fs::rename(folder.join("was"), outside.join("was")).unwrap();
    symlink(outside.join("was"), folder.join("was")).unwrap();
    let read = client
        .get_object()
        .bucket("box")
        .key("was/here")
        .send()
        .await;
    assert_eq!(refusal(read.unwrap_err()).0, 404);
    client
        .delete_object()
        .bucket("box")
        .key("was/here")
        .send()
        .await
        .unwrap();
    assert!(outside.join("was/here").try_exists().unwrap());
}

/// Keys that no file can have, and what they are answered with.
fn hostile() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        "[a-z]{1,5}",
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just(String::new()),
        "[a-z]{0,3}\u{0}[a-z]{0,3}",
        "[a-zå]{256,300}",
    ];
    proptest::collection::vec(name, 1..5)
        .prop_map(|names| names.join("/"))
        .prop_filter("a key", |key| {
            let names = key.strip_suffix('/').unwrap_or(key);
            let fits =
                |name: &str| !name.is_empty() && name != "." && name != ".." && name.len() < 256;
            let good = names.split('/').all(fits) && !key.contains('\0');
            !key.is_empty() && key.len() <= 1_024 && !good
        })
}

/// The key in a request's path, with its dots and slashes as they are.
fn target(key: &str) -> String {
    key.bytes().fold("/box/".to_owned(), |mut target, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/') {
            target.push(char::from(byte));
        } else {
            target.extend(["%".to_owned(), fixture::hex(&[byte]).to_ascii_uppercase()]);
        }
        target
    })
}

#[test]
fn hostile_names_are_refused_and_leave_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (store, client, _folder) = runtime.block_on(start());
    let root = store.data_dir().parent().unwrap().to_owned();
    runtime.block_on(put(&client, "box", "good", "good"));
    let mut files = tree(&root);
    files.retain(|name, _| !name.contains("metadata.sqlite"));
    TestRunner::new(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
    .run(&hostile(), |key| {
        runtime.block_on(async {
            let target = target(&key);
            {
                let send = |method: Method, query: &str, copied: bool| {
                    let target = format!("{target}{query}");
                    let mut draft = Draft::new(method, &store.s3.to_string(), &target);
                    if copied {
                        draft = draft.header("x-amz-copy-source", "box/good");
                    }
                    Signer::demo().sign(draft).send(store.s3)
                };
                let refused = |answer: Answer| {
                    let (status, code) = answer.refusal();
                    let known = ["InvalidArgument", "KeyTooLongError"];
                    assert!(
                        status == 400 && known.contains(&code.as_str()),
                        "{target}: {status} {code}"
                    );
                };
                refused(send(Method::PUT, "", false).await);
                refused(send(Method::PUT, "", true).await);
                refused(send(Method::POST, "?uploads=", false).await);
                let read = send(Method::GET, "", false).await;
                assert_eq!(read.refusal(), (404, "NoSuchKey".to_owned()), "{target}");
                // There is nothing that it could delete.
                assert_eq!(
                    send(Method::DELETE, "", false).await.status,
                    204,
                    "{target}"
                );
            }
        });
        Ok(())
    })
    .unwrap();
    let mut after = tree(&root);
    after.retain(|name, _| !name.contains("metadata.sqlite"));
    assert_eq!(after, files);
}

#[tokio::test]
async fn versions_are_refused() {
    let (store, client, _folder) = start().await;
    for status in [
        BucketVersioningStatus::Enabled,
        BucketVersioningStatus::Suspended,
    ] {
        let refused = client
            .put_bucket_versioning()
            .bucket("box")
            .versioning_configuration(VersioningConfiguration::builder().status(status).build())
            .send()
            .await
            .unwrap_err();
        let message = format!("{:?}", refused.as_service_error());
        assert!(message.contains("HAKO_LOCAL_LAYOUT=files"), "{message}");
        assert_eq!(refusal(refused), (501, "NotImplemented".to_owned()));
    }
    let settings = client
        .get_bucket_versioning()
        .bucket("box")
        .send()
        .await
        .unwrap();
    assert_eq!(settings.status(), None);
    // By the management API: for a namespace that is there, and for a new one.
    store
        .hcp
        .create_user(
            &tenant("demo"),
            &fixture::username("chief"),
            PASSWORD,
            &[Role::Administrator],
            true,
        )
        .await
        .unwrap();
    let token = format!(
        "HCP {}:{}",
        fixture::access_key("chief"),
        fixture::secret(PASSWORD)
    );
    let base = format!(
        "http://demo.localhost:{}/mapi/tenants/demo/namespaces",
        store.management.port()
    );
    let client = reqwest::Client::builder()
        .no_proxy()
        .resolve("demo.localhost", store.management)
        .build()
        .unwrap();
    let send = |request: reqwest::RequestBuilder, body: &'static str| {
        let request = request
            .header("Authorization", &token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .body(body);
        async move {
            let answer = request.send().await.unwrap();
            let why = answer
                .headers()
                .get("x-hcp-errormessage")
                .map(|why| why.to_str().unwrap().to_owned());
            (answer.status().as_u16(), why.unwrap_or_default())
        }
    };
    let (status, why) = send(
        client.post(format!("{base}/box/versioningSettings")),
        r#"{"enabled": true, "prune": false}"#,
    )
    .await;
    assert_eq!(status, 403, "{why}");
    assert!(why.contains("HAKO_LOCAL_LAYOUT=files"), "{why}");
    let (status, why) = send(
        client.put(&base),
        r#"{"name": "other", "versioningSettings": {"enabled": true, "prune": false}}"#,
    )
    .await;
    assert_eq!(status, 403, "{why}");
    let (status, why) = send(client.put(&base), r#"{"name": "other"}"#).await;
    assert_eq!(status, 200, "{why}");
}

/// What a listing of these keys shows.
fn model(keys: &BTreeMap<String, Vec<u8>>, prefix: &str, delimiter: &str) -> Vec<String> {
    let mut names = Vec::new();
    for key in keys.keys() {
        let Some(rest) = key.strip_prefix(prefix) else {
            continue;
        };
        let rolled = (!delimiter.is_empty())
            .then(|| rest.find(delimiter))
            .flatten()
            .map(|at| &key[..prefix.len() + at + delimiter.len()]);
        let name = rolled.unwrap_or(key).to_owned();
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    names
}

#[test]
fn listings_are_of_the_files_that_are_there() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (store, client, folder) = runtime.block_on(start());
    let name = prop_oneof![
        Just("a"),
        Just("a-b"),
        Just("a b"),
        Just("å"),
        Just("b"),
        Just("a.")
    ];
    let path = proptest::collection::vec(name, 1..4).prop_map(|names| names.join("/"));
    let step = (path, any::<bool>());
    let question = (
        prop_oneof![
            Just(""),
            Just("a"),
            Just("a/"),
            Just("a-b/a"),
            Just("b/"),
            Just("z")
        ],
        prop_oneof![Just(""), Just("/"), Just("-"), Just("a")],
        1..5,
    );
    let cases = (
        proptest::collection::vec(step, 0..12),
        proptest::collection::vec(question, 1..4),
    );
    TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
    .run(&cases, |(steps, questions)| {
        for (path, stays) in steps {
            let path = folder.join(path);
            if !stays {
                let _ = if path.is_dir() {
                    fs::remove_dir_all(path)
                } else {
                    fs::remove_file(path)
                };
            } else if fs::create_dir_all(path.parent().unwrap()).is_ok() {
                let _ = fs::write(path, "bytes");
            }
        }
        let keys = tree(&folder);
        for (prefix, delimiter, page) in questions {
            let listed = runtime.block_on(list(&client, prefix, delimiter, page));
            prop_assert_eq!(listed, model(&keys, prefix, delimiter));
        }
        let all = runtime.block_on(list(&client, "", "", 1_000));
        prop_assert_eq!(all.len(), keys.len());
        let count = runtime.block_on(usage(&store)).0;
        prop_assert_eq!(count, keys.len() as u64);
        Ok(())
    })
    .unwrap();
}

async fn refusal_to_open(config: Config) -> String {
    let refused = LocalHcp::open(config).await.err().unwrap();
    assert!(matches!(refused, Error::OtherLayout { .. }), "{refused}");
    refused.to_string()
}

#[tokio::test]
async fn the_layout_of_a_store_never_changes() {
    let (store, client, folder) = start().await;
    put(&client, "box", "a", "a").await;
    store.hcp.close().await;
    let mut other = fixture::config(&store.data_dir());
    other.files_dir = None;
    let why = refusal_to_open(other).await;
    assert!(
        why.contains("HAKO_LOCAL_LAYOUT=files") && why.contains("rclone sync"),
        "{why}"
    );
    let mut same = fixture::config(&store.data_dir());
    plain(&mut same);
    LocalHcp::open(same).await.unwrap().close().await;
    assert_eq!(fs::read(folder.join("a")).unwrap(), b"a");

    let blobs = TempDir::new().unwrap();
    let mut config = fixture::config(&blobs.path().join("store"));
    config.files_dir = None;
    LocalHcp::open(config.clone()).await.unwrap().close().await;
    plain(&mut config);
    let why = refusal_to_open(config).await;
    assert!(why.contains("HAKO_LOCAL_LAYOUT=blobs"), "{why}");
}

#[tokio::test]
async fn what_a_crash_left_undone_the_next_start_does() {
    let (store, client, folder) = start().await;
    let crash = |store: Fixture, statement: String, between: Box<dyn FnOnce(&Path)>| async move {
        store.hcp.close().await;
        let path = store.data_dir().join("metadata.sqlite");
        {
            let database = rusqlite::Connection::open(path).unwrap();
            database.execute_batch(&statement).unwrap();
        }
        between(&store.data_dir());
        store.restart_with(plain).await
    };
    put(&client, "box", "deep/new", "new bytes").await;
    put(&client, "box", "old", "old bytes").await;
    // Committed, and not moved: the bytes wait under their generated name, the place has what was there.
    let place = folder.join("deep/new");
    let (key, moved) = (place.clone(), fs::read(&place).unwrap());
    store.hcp.close().await;
    let name: String = {
        let database =
            rusqlite::Connection::open(store.data_dir().join("metadata.sqlite")).unwrap();
        let sql = "SELECT plain.name FROM plain JOIN objects ON id = object_id WHERE key = x'646565702F6E6577'";
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let store = crash(
        store,
        // Deleted, and not removed.
        "INSERT INTO plain_removals SELECT 1, 'demo', 'box', key, plain.size, mtime_ns
             FROM plain JOIN objects ON id = object_id WHERE key = x'6F6C64';
         UPDATE buckets SET objects = 1, versions = 1, bytes = 9, capacity = 4096;
         DELETE FROM words_docsize WHERE 0;
         DELETE FROM objects WHERE key = x'6F6C64';"
            .to_owned(),
        Box::new(move |data| {
            let waits = data.join("blobs").join(&name[..2]).join(&name[2..4]);
            fs::create_dir_all(&waits).unwrap();
            fs::rename(&key, waits.join(&name)).unwrap();
            fs::remove_dir(key.parent().unwrap()).unwrap();
        }),
    )
    .await;
    let client = store.client();
    assert_eq!(fs::read(&place).unwrap(), moved);
    let head = client
        .head_object()
        .bucket("box")
        .key("deep/new")
        .send()
        .await
        .unwrap();
    assert_eq!(
        head.e_tag().unwrap(),
        format!("\"{}\"", md5_hex(b"new bytes"))
    );
    assert!(!folder.join("old").try_exists().unwrap());
    assert_eq!(list(&client, "", "", 9).await, ["deep/new"]);
    nothing_waits(&store);
}
