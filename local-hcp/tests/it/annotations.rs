//! Custom metadata by HCP's own protocol, with the habits of S3 and with those of HCP.

use std::sync::Arc;

use aws_sdk_s3::{Client, primitives::ByteStream};
use http::Method;
use local_hcp::Profile;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    fixture::{Fixture, PASSWORD, access_key, put, refusal, secret, tenant},
    wire::{Answer, Draft},
};

const BUCKET: &str = "pictures";
const HOST: &str = "pictures.demo.localhost";

/// A store of a profile with a bucket and an object `a/ö`.
async fn store(profile: Profile) -> (Fixture, Client) {
    let folder = Arc::new(TempDir::new().unwrap());
    let store = Fixture::open(folder, |config| config.profile = profile).await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    let client = store.bucket(BUCKET).await;
    put(&client, BUCKET, "a/ö", "bytes").await;
    (store, client)
}

fn draft(method: Method, target: &str) -> Draft {
    let authorization = format!("HCP {}:{}", access_key("demo"), secret(PASSWORD));
    Draft::new(method, HOST, target).header("authorization", &authorization)
}

fn one(name: &str) -> String {
    format!("/rest/a/%C3%B6?type=custom-metadata&annotation={name}")
}

async fn set(store: &Fixture, name: &str, content: impl Into<Vec<u8>>) -> u16 {
    let answer = draft(Method::PUT, &one(name)).body(content).send(store.s3);
    answer.await.status.as_u16()
}

async fn read(store: &Fixture, name: &str) -> (u16, Vec<u8>) {
    let answer = draft(Method::GET, &one(name)).send(store.s3).await;
    (answer.status.as_u16(), answer.body.to_vec())
}

async fn remove(store: &Fixture, name: &str) -> u16 {
    let answer = draft(Method::DELETE, &one(name)).send(store.s3).await;
    answer.status.as_u16()
}

/// What HEAD tells of the object.
async fn told(store: &Fixture) -> Answer {
    draft(Method::HEAD, "/rest/a/%C3%B6").send(store.s3).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

async fn names(store: &Fixture) -> String {
    header(&told(store).await, "x-hcp-custommetadataannotations").to_owned()
}

/// Both profiles, one after the other.
const PROFILES: [Profile; 2] = [Profile::Standard, Profile::Hcp];

#[tokio::test]
async fn an_annotation_is_stored_read_replaced_and_removed() {
    for profile in PROFILES {
        let (store, _client) = store(profile).await;
        assert_eq!(read(&store, "lab").await, (204, vec![]));
        assert_eq!(remove(&store, "lab").await, 204);
        assert_eq!(
            header(&told(&store).await, "x-hcp-custom-metadata"),
            "false"
        );

        assert_eq!(set(&store, "lab", "<lab/>").await, 201);
        assert_eq!(set(&store, "Lab", [0_u8, 255]).await, 201);
        assert_eq!(set(&store, "empty", "").await, 201);
        assert_eq!(read(&store, "lab").await, (200, b"<lab/>".to_vec()));
        assert_eq!(read(&store, "Lab").await, (200, vec![0, 255]));
        assert_eq!(read(&store, "empty").await, (200, vec![]));
        assert_eq!(names(&store).await, "Lab;2, empty;0, lab;6");
        let told = told(&store).await;
        assert_eq!(told.status, 200);
        assert_eq!(header(&told, "x-hcp-type"), "object");
        assert_eq!(header(&told, "x-hcp-size"), "5");
        assert_eq!(header(&told, "x-hcp-custom-metadata"), "true");

        assert_eq!(set(&store, "lab", "{\"lab\": 1}").await, 201);
        let answer = draft(Method::HEAD, &one("lab")).send(store.s3).await;
        assert_eq!(answer.status, 200);
        assert_eq!(header(&answer, "x-hcp-type"), "annotation");
        assert_eq!(header(&answer, "x-hcp-size"), "10");
        assert_eq!(header(&answer, "content-type"), "application/json");
        let hash = "SHA-256 3F42CBD33E93DBEE0CF106652457BA9B16D16D44E0868557C764AFCC330C977F";
        assert_eq!(header(&answer, "x-hcp-hash"), hash);
        assert_eq!(remove(&store, "lab").await, 200);
        assert_eq!(read(&store, "lab").await.0, 204);
        assert_eq!(names(&store).await, "Lab;2, empty;0");
        // Who names none means one of that name.
        let target = "/rest/a/%C3%B6?type=custom-metadata";
        let answer = draft(Method::PUT, target).body("x").send(store.s3).await;
        assert_eq!(answer.status, 201);
        assert_eq!(read(&store, "default").await, (200, b"x".to_vec()));
        sound(store).await;
    }
}

/// The counters are what a full count gives.
async fn sound(store: Fixture) {
    let folder = store.data_dir();
    store.hcp.close().await;
    let report = tokio::task::spawn_blocking(move || local_hcp::check::check(&folder, true));
    let report = report.await.unwrap().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[tokio::test]
async fn the_metadata_of_s3_is_one_of_them() {
    for profile in PROFILES {
        let (store, client) = store(profile).await;
        let put = client.put_object().bucket(BUCKET).key("m");
        let put = put.metadata("city", "Zürich & more".replace('ü', "u"));
        put.body(ByteStream::from_static(b"x"))
            .send()
            .await
            .unwrap();
        let target = "/rest/m?type=custom-metadata&annotation=.metapairs";
        let answer = draft(Method::GET, target).send(store.s3).await;
        let document = "<metapairs version=\"600\"><meta-city><![CDATA[Zurich & more]]></meta-city></metapairs>";
        assert_eq!(answer.body, document);
        assert_eq!(header(&answer, "content-type"), "application/xml");

        let document = "<metapairs version=\"600\"><meta-town>Bern</meta-town></metapairs>";
        let answer = draft(Method::PUT, target)
            .body(document)
            .send(store.s3)
            .await;
        assert_eq!(answer.status, 201);
        let head = client
            .head_object()
            .bucket(BUCKET)
            .key("m")
            .send()
            .await
            .unwrap();
        let pairs: Vec<_> = head.metadata().unwrap().iter().collect();
        assert_eq!(pairs, [(&"town".to_owned(), &"Bern".to_owned())]);
        for bad in [
            "{}",
            "<pairs/>",
            "<metapairs><meta-a>\u{1}</meta-a></metapairs>",
        ] {
            let answer = draft(Method::PUT, target).body(bad).send(store.s3).await;
            assert_eq!(answer.status, 400, "{bad}");
            assert!(!header(&answer, "x-hcp-errormessage").is_empty());
        }
        let answer = draft(Method::DELETE, target).send(store.s3).await;
        assert_eq!(answer.status, 200);
        let head = client
            .head_object()
            .bucket(BUCKET)
            .key("m")
            .send()
            .await
            .unwrap();
        assert!(
            head.metadata()
                .is_none_or(std::collections::HashMap::is_empty)
        );
        let answer = draft(Method::DELETE, target).send(store.s3).await;
        assert_eq!(answer.status, 204);
        sound(store).await;
    }
}

#[tokio::test]
async fn annotations_have_bounds() {
    let (store, _client) = store(Profile::Hcp).await;
    for bad in ["", "..", "a%2Fb", "a%20b", "a,b", &"x".repeat(33)] {
        assert_eq!(set(&store, bad, "x").await, 400, "{bad}");
        assert_eq!(read(&store, bad).await.0, 400, "{bad}");
    }
    assert_eq!(set(&store, "big", vec![b'x'; 1_048_576]).await, 201);
    assert_eq!(set(&store, "bigger", vec![b'x'; 1_048_577]).await, 413);
    assert_eq!(read(&store, "bigger").await.0, 204);
    for number in 1..10 {
        assert_eq!(set(&store, &format!("n{number}"), "x").await, 201);
    }
    assert_eq!(set(&store, "eleventh", "x").await, 400);
    // Those that are there are replaced all the same.
    assert_eq!(set(&store, "n1", "y").await, 201);
    sound(store).await;
}

#[tokio::test]
async fn only_xml_is_taken_where_the_namespace_says_so() {
    for profile in PROFILES {
        let (store, _client) = store(profile).await;
        assert_eq!(set(&store, "early", "no XML").await, 201);
        let url = format!(
            "http://{}/mapi/tenants/demo/namespaces/{BUCKET}",
            store.management
        );
        let authorization = format!("HCP {}:{}", access_key("demo"), secret(PASSWORD));
        let answer = store.http.post(url).header("authorization", authorization);
        let answer = answer.json(&json!({"customMetadataValidationEnabled": true}));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.headers());
        assert_eq!(set(&store, "later", "no XML").await, 400);
        assert_eq!(set(&store, "later", "{}").await, 400);
        assert_eq!(set(&store, "later", "<a><b></a>").await, 400);
        assert_eq!(set(&store, "later", "<a><b/></a>").await, 201);
        assert_eq!(read(&store, "early").await.1, b"no XML");
    }
}

#[tokio::test]
async fn what_is_missing_or_not_offered_has_its_status() {
    for profile in PROFILES {
        let (store, client) = store(profile).await;
        let status = async |method: Method, host: &str, target: &str| {
            let mut draft = draft(method, target);
            draft.host = host.to_owned();
            draft.send(store.s3).await.status.as_u16()
        };
        let nothing = "/rest/nothing?type=custom-metadata&annotation=a";
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            assert_eq!(status(method, HOST, nothing).await, 404);
        }
        let absent = "absent.demo.localhost";
        assert_eq!(status(Method::GET, absent, &one("a")).await, 403);
        for (method, target) in [
            (Method::GET, "/rest/a/%C3%B6"),
            (Method::PUT, "/rest/new"),
            (Method::DELETE, "/rest/a/%C3%B6?purge=true"),
            (Method::GET, "/rest"),
            (Method::GET, "/rest/"),
            (
                Method::POST,
                "/rest/a/%C3%B6?type=custom-metadata&annotation=a",
            ),
            (Method::GET, "/rest/a/%C3%B6?type=acl"),
            (Method::GET, "/rest/a/%C3%B6?annotation=a"),
            (Method::HEAD, "/rest/a/%C3%B6?deleted=true"),
        ] {
            assert_eq!(
                status(method.clone(), HOST, target).await,
                501,
                "{method} {target}"
            );
        }
        assert_eq!(status(Method::HEAD, HOST, "/rest/%FF").await, 400);
        assert_eq!(
            status(Method::HEAD, HOST, "/rest/a/%C3%B6?version=x").await,
            400
        );
        assert_eq!(
            status(Method::HEAD, HOST, "/rest/a/%C3%B6?version=7").await,
            404
        );
        // A key of S3 that begins so is one of S3.
        let name = client
            .get_object()
            .bucket(BUCKET)
            .key("rest/a")
            .send()
            .await;
        assert_eq!(refusal(name.unwrap_err()), (404, "NoSuchKey".to_owned()));
    }
}

#[tokio::test]
async fn whoever_lacks_a_right_is_refused() {
    let (store, _client) = store(Profile::Standard).await;
    assert_eq!(set(&store, "lab", "x").await, 201);
    store.user("demo", "other", PASSWORD).await;
    store.tenant("else").await;
    store.user("else", "stranger", PASSWORD).await;
    let by = async |name: &str, password: &str, method: Method| {
        let authorization = format!("HCP {}:{}", access_key(name), secret(password));
        let draft = Draft::new(method, HOST, &one("lab")).header("authorization", &authorization);
        draft.send(store.s3).await.status.as_u16()
    };
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        assert_eq!(by("other", PASSWORD, method.clone()).await, 403);
        assert_eq!(by("stranger", PASSWORD, method.clone()).await, 403);
        assert_eq!(by("nobody", PASSWORD, method.clone()).await, 403);
    }
    assert_eq!(by("demo", "wrong", Method::GET).await, 403);
    let ad = Draft::new(Method::GET, HOST, &one("lab")).header("authorization", "AD demo@x:y");
    assert_eq!(ad.send(store.s3).await.status, 403);
    assert_eq!(read(&store, "lab").await, (200, b"x".to_vec()));

    // The namespace's switch.
    let url = format!(
        "http://{}/mapi/tenants/demo/namespaces/{BUCKET}/protocols/http",
        store.management
    );
    let authorization = format!("HCP {}:{}", access_key("demo"), secret(PASSWORD));
    let switch = async |body: serde_json::Value| {
        let request = store
            .http
            .post(&url)
            .header("authorization", &authorization);
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    switch(json!({"restEnabled": false})).await;
    assert_eq!(read(&store, "lab").await.0, 403);
    // S3's is another.
    switch(json!({"restEnabled": true, "hs3Enabled": false})).await;
    assert_eq!(read(&store, "lab").await.0, 200);
    switch(json!({"httpEnabled": false})).await;
    assert_eq!(read(&store, "lab").await.0, 403);
}

#[tokio::test]
async fn failed_sign_ins_count_here_too() {
    let (store, _client) = store(Profile::Hcp).await;
    for _ in 0..12 {
        let authorization = format!("HCP {}:{}", access_key("demo"), secret("wrong"));
        let guess =
            Draft::new(Method::GET, HOST, &one("a")).header("authorization", &authorization);
        assert_eq!(guess.send(store.s3).await.status, 403);
    }
    let answer = draft(Method::GET, &one("a")).send(store.s3).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn under_retention_the_namespace_says_what_may_be_changed() {
    for profile in PROFILES {
        let (store, client) = store(profile).await;
        let keep = async |key: &'static str, name: &'static str, value: &'static str| {
            let put = client.put_object().bucket(BUCKET).key(key);
            let put = put.body(ByteStream::from_static(b"x")).customize();
            let put = put.mutate_request(move |request| {
                request.headers_mut().insert(name, value);
            });
            put.send().await.unwrap();
        };
        keep("kept", "x-hcp-retention", "A+1d").await;
        keep("held", "x-hcp-retentionhold", "true").await;
        keep(
            "case",
            "x-hcp-labelretentionhold",
            r#"[{"id":"case-7","hold":true}]"#,
        )
        .await;
        let send = async |method: Method, key: &str, name: &str| {
            let target = format!("/rest/{key}?type=custom-metadata&annotation={name}");
            let answer = draft(method, &target).body("<a/>").send(store.s3).await;
            answer.status.as_u16()
        };
        let allow = async |what: &str| {
            let settings = json!({"customMetadataChanges": what});
            let demo = tenant("demo");
            let changed = store.hcp.set_namespace_settings(&demo, BUCKET, settings);
            changed.await.unwrap();
        };
        // Adding is what a new namespace allows.
        for key in ["kept", "held"] {
            assert_eq!(send(Method::PUT, key, "a").await, 201);
            assert_eq!(send(Method::PUT, key, "a").await, 403);
            assert_eq!(send(Method::DELETE, key, "a").await, 403);
        }
        assert_eq!(send(Method::PUT, "case", "a").await, 403);
        allow("NONE").await;
        assert_eq!(send(Method::PUT, "kept", "b").await, 403);
        allow("ALL").await;
        for key in ["kept", "held"] {
            assert_eq!(send(Method::PUT, key, "a").await, 201);
            assert_eq!(send(Method::DELETE, key, "a").await, 200);
        }
        assert_eq!(send(Method::PUT, "case", "a").await, 403);
    }
}

#[tokio::test]
async fn annotations_belong_to_a_version_and_go_with_copies() {
    for profile in PROFILES {
        let (store, client) = store(profile).await;
        assert_eq!(set(&store, "lab", "one").await, 201);
        let version = async |enabled: bool| {
            use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
            let status = if enabled {
                BucketVersioningStatus::Enabled
            } else {
                BucketVersioningStatus::Suspended
            };
            let set = client.put_bucket_versioning().bucket(BUCKET);
            let configuration = VersioningConfiguration::builder().status(status).build();
            set.versioning_configuration(configuration)
                .send()
                .await
                .unwrap();
        };
        version(true).await;
        let first = told(&store).await;
        let first = header(&first, "x-hcp-versionid").to_owned();
        put(&client, BUCKET, "a/ö", "more").await;
        assert_eq!(read(&store, "lab").await.0, 204);
        let old = format!("{}&version={first}", one("lab"));
        let answer = draft(Method::GET, &old).send(store.s3).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body[..]),
            (200, &b"one"[..])
        );
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(draft(method, &old).send(store.s3).await.status, 400);
        }
        // A copy brings them along, also that by which an old version is restored.
        let copy = client.copy_object().bucket(BUCKET).key("copy");
        let source = format!("{BUCKET}/a/%C3%B6?versionId={first}");
        copy.copy_source(source).send().await.unwrap();
        let target = "/rest/copy?type=custom-metadata&annotation=lab";
        let answer = draft(Method::GET, target).send(store.s3).await;
        assert_eq!(answer.body, "one");

        // And so does one onto itself, which replaces the metadata of S3 alone.
        version(false).await;
        let copy = client.copy_object().bucket(BUCKET).key("copy");
        let copy = copy
            .copy_source(format!("{BUCKET}/copy"))
            .metadata("a", "b");
        let copy = copy.metadata_directive(aws_sdk_s3::types::MetadataDirective::Replace);
        copy.send().await.unwrap();
        let answer = draft(Method::HEAD, "/rest/copy").send(store.s3).await;
        assert_eq!(
            header(&answer, "x-hcp-custommetadataannotations"),
            ".metapairs;67, lab;3"
        );
        let gone = client
            .delete_object()
            .bucket(BUCKET)
            .key("a/ö")
            .send()
            .await;
        gone.unwrap();
        assert_eq!(read(&store, "lab").await.0, 404);
        sound(store).await;
    }
}

#[tokio::test]
async fn one_save_does_not_overwrite_another_with_the_habits_of_s3() {
    let (store, _client) = store(Profile::Standard).await;
    let save = async |condition: (&str, &str), body: &str| {
        let draft = draft(Method::PUT, &one("lab")).header(condition.0, condition.1);
        draft.body(body).send(store.s3).await
    };
    let answer = save(("if-none-match", "*"), "one").await;
    assert_eq!(answer.status, 201);
    let etag = header(&answer, "etag").to_owned();
    assert_eq!(save(("if-none-match", "*"), "two").await.status, 412);
    assert_eq!(save(("if-match", "\"other\""), "two").await.status, 412);
    assert_eq!(save(("if-match", &etag), "two").await.status, 201);
    assert_eq!(save(("if-match", &etag), "three").await.status, 412);
    assert_eq!(read(&store, "lab").await.1, b"two");
    let drop = draft(Method::DELETE, &one("lab")).header("if-match", &etag);
    assert_eq!(drop.send(store.s3).await.status, 412);
    let read = draft(Method::GET, &one("lab")).send(store.s3).await;
    let drop = draft(Method::DELETE, &one("lab")).header("if-match", header(&read, "etag"));
    assert_eq!(drop.send(store.s3).await.status, 200);
    let again = draft(Method::DELETE, &one("lab")).header("if-match", header(&read, "etag"));
    assert_eq!(again.send(store.s3).await.status, 412);
}

#[tokio::test]
async fn hcp_takes_no_conditions() {
    let (store, _client) = store(Profile::Hcp).await;
    let draft = draft(Method::PUT, &one("lab")).header("if-none-match", "*");
    assert_eq!(draft.send(store.s3).await.status, 400);
}

#[tokio::test]
async fn usage_tells_of_annotations() {
    let (store, _client) = store(Profile::Standard).await;
    assert_eq!(set(&store, "a", "123").await, 201);
    assert_eq!(set(&store, "b", "4567").await, 201);
    assert_eq!(set(&store, "b", "45").await, 201);
    let url = format!(
        "http://{}/mapi/tenants/demo/namespaces/{BUCKET}/statistics",
        store.management
    );
    let authorization = format!("HCP {}:{}", access_key("demo"), secret(PASSWORD));
    let answer = store.http.get(url).header("authorization", authorization);
    let answer = answer
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["customMetadataCount"], 2);
    assert_eq!(told["customMetadataSize"], 5);
}

#[tokio::test]
async fn metadata_with_odd_names_and_values_reads_as_xml() {
    let (store, client) = store(Profile::Standard).await;
    let put = client.put_object().bucket(BUCKET).key("odd");
    let put = put.metadata("a!b~c", "]]> & <x> 'y'").metadata("e", "");
    put.body(ByteStream::from_static(b"x"))
        .send()
        .await
        .unwrap();
    let target = "/rest/odd?type=custom-metadata&annotation=.metapairs";
    let answer = draft(Method::GET, target).send(store.s3).await;
    model::xml::check(&answer.body).unwrap();
    // What was read is what may be written.
    let again = draft(Method::PUT, target).body(answer.body.to_vec());
    assert_eq!(again.send(store.s3).await.status, 201);
    let head = client
        .head_object()
        .bucket(BUCKET)
        .key("odd")
        .send()
        .await
        .unwrap();
    let pairs = head.metadata().unwrap();
    assert_eq!(pairs["a_b_c"], "]]> & <x> 'y'");
    assert_eq!(pairs["e"], "");
}

/// A form of HCP's own protocol.
async fn post(store: &Fixture, form: &str) -> Answer {
    let draft = draft(Method::POST, "/rest/a/%C3%B6").body(form);
    let draft = draft.header("content-type", "application/x-www-form-urlencoded");
    draft.send(store.s3).await
}

#[tokio::test]
async fn retention_and_holds_are_changed_in_place_and_told() {
    for profile in PROFILES {
        let (store, client) = store(profile).await;
        assert_eq!(set(&store, "lab", "<a/>").await, 201);
        assert_eq!(post(&store, "retention=A%2B7y").await.status, 200);
        let head = told(&store).await;
        let until: i64 = header(&head, "x-hcp-retention").parse().unwrap();
        let stored: i64 = header(&head, "x-hcp-ingesttime").parse().unwrap();
        assert!(until > stored + 7 * 365 * 86_400);
        assert_eq!(post(&store, "retention=0").await.status, 403);
        assert_eq!(post(&store, "retention=C%2BNone").await.status, 400);
        assert_eq!(post(&store, "hold=true").await.status, 200);
        let labels = "label_hold=%5B%7B%22id%22%3A%22case+7%22%2C%22hold%22%3Atrue%7D%5D";
        assert_eq!(post(&store, labels).await.status, 200);
        let head = told(&store).await;
        assert_eq!(header(&head, "x-hcp-retentionhold"), "true");
        assert_eq!(header(&head, "x-hcp-labelretentionhold"), "true");
        assert_eq!(
            header(&head, "x-hcp-labelretentionhold-labels"),
            r#"["case 7"]"#
        );
        // Bytes, metadata and annotations are as they were.
        assert_eq!(read(&store, "lab").await.1, b"<a/>");
        let object = client.get_object().bucket(BUCKET).key("a/ö").send().await;
        let bytes = object.unwrap().body.collect().await.unwrap().into_bytes();
        assert_eq!(&bytes[..], b"bytes");
        for bad in [
            "",
            "retention=soon",
            "retention=-1&hold=true",
            "label_hold=case",
        ] {
            assert_eq!(post(&store, bad).await.status, 400, "{bad}");
        }
        assert_eq!(post(&store, "shred=true").await.status, 501);

        // A reason overrides retention, and no hold.
        let gone = async |query: &str| {
            let target = format!("/rest/a/%C3%B6{query}");
            draft(Method::DELETE, &target).send(store.s3).await.status
        };
        let because = "?privileged=true&reason=GDPR%3A+%C3%B6";
        assert_eq!(gone(because).await, 403);
        assert_eq!(post(&store, "hold=false").await.status, 200);
        let labels = labels.replace("true", "false");
        assert_eq!(post(&store, &labels).await.status, 200);
        assert_eq!(gone("").await, 409);
        assert_eq!(gone("?privileged=true").await, 400);
        assert_eq!(gone("?purge=true").await, 501);
        assert_eq!(gone(because).await, 200);
        assert_eq!(told(&store).await.status, 404);
        let found = local_hcp::audit::audit(&store.data_dir(), Some("demo"), None).unwrap();
        assert_eq!(found.last().unwrap().reason.as_deref(), Some("GDPR: ö"));
    }
}
