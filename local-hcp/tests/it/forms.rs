use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Method;
use serde_json::{Value, json};
use sha1::Sha1;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    fixture::{Fixture, ORIGIN, PASSWORD, access_key, get, md5_hex, noise, put, secret},
    wire::{Answer, Draft, Signer},
};

const BOUNDARY: &str = "----boundary";

/// A form: what is before the file, and the file.
#[derive(Clone)]
struct Form {
    fields: Vec<(String, String)>,
    file_name: String,
    file: Vec<u8>,
}

impl Form {
    /// With these fields and a policy for exactly them, in bucket `forms`, signed with version 4.
    fn signed(fields: &[(&str, &str)], file: impl Into<Vec<u8>>) -> Self {
        let mut conditions = vec![json!({"bucket": "forms"})];
        conditions.extend(fields.iter().map(|(name, value)| match *name {
            "key" => json!(["starts-with", "$key", value.split('$').next()]),
            name => json!({name: value}),
        }));
        Self::signed_with(fields, &conditions, file)
    }

    /// With a policy of these conditions, for ten minutes from now.
    fn signed_with(
        fields: &[(&str, &str)],
        conditions: &[Value],
        file: impl Into<Vec<u8>>,
    ) -> Self {
        let end = time::OffsetDateTime::now_utc() + time::Duration::minutes(10);
        Self::signed_until(end, fields, conditions, file)
    }

    fn signed_until(
        end: time::OffsetDateTime,
        fields: &[(&str, &str)],
        conditions: &[Value],
        file: impl Into<Vec<u8>>,
    ) -> Self {
        let signer = Signer::demo();
        let credential = format!("{}/{}", signer.key, signer.scope());
        let (algorithm, date) = ("AWS4-HMAC-SHA256", signer.stamp());
        let mut conditions = conditions.to_vec();
        conditions.extend([
            json!({"x-amz-credential": credential}),
            json!({"x-amz-algorithm": algorithm}),
            json!({"X-Amz-Date": date}),
        ]);
        let policy = policy(end, &conditions);
        let signature = signer.signature(&policy);
        Self::unsigned(fields, file)
            .field("X-Amz-Credential", &credential)
            .field("X-Amz-Algorithm", algorithm)
            .field("X-Amz-Date", &date)
            .field("Policy", &policy)
            .field("X-Amz-Signature", &signature)
    }

    /// Signed with version 2.
    fn signed_by_v2(fields: &[(&str, &str)], conditions: &[Value], file: &str) -> Self {
        let end = time::OffsetDateTime::now_utc() + time::Duration::minutes(10);
        let policy = policy(end, conditions);
        let mut mac = Hmac::<Sha1>::new_from_slice(secret(PASSWORD).as_bytes()).unwrap();
        mac.update(policy.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Self::unsigned(fields, file)
            .field("AWSAccessKeyId", &access_key("demo"))
            .field("policy", &policy)
            .field("signature", &signature)
    }

    fn unsigned(fields: &[(&str, &str)], file: impl Into<Vec<u8>>) -> Self {
        Self {
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            file_name: "photo.jpg".to_owned(),
            file: file.into(),
        }
    }

    fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn change(mut self, name: &str, value: &str) -> Self {
        let found = self.fields.iter_mut().find(|(one, _)| one == name);
        value.clone_into(&mut found.expect("a field of that name").1);
        self
    }

    fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n",
            self.file_name
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&self.file);
        body.extend_from_slice(
            format!(
                "\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\nGo\r\n\
                 --{BOUNDARY}--\r\n"
            )
            .as_bytes(),
        );
        body
    }

    fn draft(&self, store: &Fixture) -> Draft {
        Draft::new(Method::POST, &store.s3.to_string(), "/forms")
            .header(
                "content-type",
                &format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(self.body())
    }

    async fn post(&self, store: &Fixture) -> Answer {
        self.draft(store).send(store.s3).await
    }
}

fn policy(end: time::OffsetDateTime, conditions: &[Value]) -> String {
    let end = end.replace_millisecond(0).unwrap();
    let end = end
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let end = format!("{}.000Z", &end[..19]);
    STANDARD.encode(json!({"expiration": end, "conditions": conditions}).to_string())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_signed_form_stores_its_file_with_what_its_fields_say() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    let form = Form::signed(
        &[
            ("key", "uploads/${filename}"),
            ("Content-Type", "image/png"),
            ("Cache-Control", "no-store"),
            ("x-amz-meta-Tag", "blå; 1"),
            ("acl", "private"),
            ("x-ignore-me", "whatever"),
        ],
        "bytes",
    );
    let answer = form.post(&store).await;
    assert_eq!(answer.refusal(), refused(204, ""));
    let etag = format!("\"{}\"", md5_hex(b"bytes"));
    assert_eq!(answer.headers["etag"], etag);
    assert_eq!(answer.headers["location"], "/forms/uploads/photo.jpg");
    assert!(answer.body.is_empty());
    let head = client
        .head_object()
        .bucket("forms")
        .key("uploads/photo.jpg");
    let head = head.send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
    assert_eq!(head.cache_control(), Some("no-store"));
    let read = get(&client, "forms", "uploads/photo.jpg").await;
    assert_eq!(read, b"bytes");
    assert_eq!(head.metadata().unwrap().len(), 1);

    // Version 2, a path in the name of the file, the bucket in the host.
    let conditions = [
        json!({"bucket": "forms"}),
        json!(["starts-with", "$key", ""]),
    ];
    let mut form = Form::signed_by_v2(&[("key", "v2/${filename}")], &conditions, "old");
    form.file_name = r"C:\photos/of me/å 1.jpg".to_owned();
    assert_eq!(form.post(&store).await.status, 204);
    assert_eq!(get(&client, "forms", "v2/å 1.jpg").await, b"old");
    let mut in_host = form.draft(&store);
    in_host.host = "forms.demo.localhost".to_owned();
    in_host.target = "/".to_owned();
    assert_eq!(in_host.send(store.s3).await.status, 204);
}

#[tokio::test]
async fn the_form_says_how_it_is_answered() {
    let store = Fixture::start().await;
    store.bucket("forms").await;
    let post = async |more: &[(&str, &str)]| {
        let mut fields = vec![("key", "a b&c.txt")];
        fields.extend(more);
        Form::signed(&fields, "x").post(&store).await
    };
    for (status, expected) in [("200", 200), ("204", 204), ("404", 204), ("many", 204)] {
        let answer = post(&[("success_action_status", status)]).await;
        assert_eq!(answer.status, expected, "{status}");
        assert!(answer.body.is_empty());
    }
    let created = post(&[("success_action_status", "201")]).await;
    assert_eq!(created.status, 201);
    let document = String::from_utf8(created.body.to_vec()).unwrap();
    let etag = md5_hex(b"x");
    assert!(document.contains("<PostResponse>"), "{document}");
    assert!(document.contains("<Key>a b&amp;c.txt</Key>"), "{document}");
    assert!(
        document.contains("<Location>/forms/a%20b%26c.txt</Location>"),
        "{document}"
    );
    assert!(document.contains(&etag), "{document}");

    let next = "https://example.com/done?from=form";
    for field in ["success_action_redirect", "redirect"] {
        let answer = post(&[(field, next), ("success_action_status", "200")]).await;
        assert_eq!(answer.status, 303, "{field}");
        let location = answer.headers["location"].to_str().unwrap();
        let expected = format!("{next}&bucket=forms&key=a+b%26c.txt&etag=%22{etag}%22");
        assert_eq!(location, expected);
    }
    // What is no address counts as nothing.
    for nonsense in ["nowhere", "javascript:alert(1)"] {
        let answer = post(&[("success_action_redirect", nonsense)]).await;
        assert_eq!(answer.status, 204);
    }
}

#[tokio::test]
async fn what_the_policy_does_not_allow_is_refused() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    let good = || Form::signed(&[("key", "user/a"), ("Content-Type", "text/plain")], "x");
    assert_eq!(good().post(&store).await.status, 204);
    let denied = refused(403, "AccessDenied");
    for (form, why) in [
        (good().change("key", "other/a"), "another key"),
        (good().change("Content-Type", "text/html"), "another type"),
        (good().field("x-amz-meta-a", "1"), "a field too many"),
        (good().field("acl", "public-read"), "an acl too many"),
        (
            Form::signed_with(
                &[("key", "a")],
                &[json!({"bucket": "another"}), json!({"key": "a"})],
                "x",
            ),
            "another bucket",
        ),
        (
            Form::signed_with(&[("key", "a")], &[json!({"bucket": "forms"})], "x"),
            "a key that is not covered",
        ),
        (
            Form::signed_with(
                &[("key", "a")],
                &[json!({"key": "a"}), json!({"Content-Type": "text/plain"})],
                "x",
            ),
            "a field too few",
        ),
        (
            Form::signed_until(
                time::OffsetDateTime::now_utc() - time::Duration::seconds(2),
                &[("key", "a")],
                &[json!({"key": "a"})],
                "x",
            ),
            "too late",
        ),
    ] {
        assert_eq!(form.post(&store).await.refusal(), denied, "{why}");
    }
    let listed = client.list_objects_v2().bucket("forms").send().await;
    assert_eq!(listed.unwrap().key_count(), Some(1));
}

#[tokio::test]
async fn a_form_is_signed_by_somebody_who_may_write() {
    let store = Fixture::start().await;
    store.bucket("forms").await;
    let good = || Form::signed(&[("key", "a")], "x");
    let broad = policy(
        time::OffsetDateTime::now_utc() + time::Duration::minutes(10),
        &[json!(["starts-with", "$key", ""])],
    );
    let mismatch = refused(403, "SignatureDoesNotMatch");
    let nobody = format!("bm9ib2R5/{}", Signer::demo().scope());
    let old_scope = format!("{}/20200101/us-east-1/s3/aws4_request", access_key("demo"));
    for (form, expected) in [
        (good().change("Policy", &broad), &mismatch),
        (good().change("X-Amz-Signature", &"0".repeat(64)), &mismatch),
        (good().change("X-Amz-Credential", &old_scope), &mismatch),
        (
            good().change("X-Amz-Credential", &nobody),
            &refused(403, "InvalidAccessKeyId"),
        ),
        (
            good().change("X-Amz-Credential", "ZGVtbw=="),
            &refused(400, "InvalidArgument"),
        ),
        (
            good().change("X-Amz-Algorithm", "none"),
            &refused(400, "InvalidArgument"),
        ),
        // With both, version 2 counts.
        (
            good()
                .field("AWSAccessKeyId", &access_key("demo"))
                .field("Signature", "AAAA"),
            &mismatch,
        ),
        (
            Form::unsigned(&[("key", "a")], "x"),
            &refused(403, "AccessDenied"),
        ),
        (
            Form::unsigned(&[("key", "a"), ("policy", &broad)], "x"),
            &refused(400, "InvalidArgument"),
        ),
        (
            Form::unsigned(
                &[("key", "a"), ("AWSAccessKeyId", "x"), ("signature", "x")],
                "x",
            ),
            &refused(400, "InvalidArgument"),
        ),
    ] {
        assert_eq!(form.post(&store).await.refusal(), *expected);
    }
    // A good signature of somebody else, and of nobody in particular by the header.
    store.user("demo", "other", "other").await;
    let other = store.client_of("demo/other", "other", &store.by_address());
    other.create_bucket().bucket("others").send().await.unwrap();
    let mut to_others = Form::signed_with(
        &[("key", "a")],
        &[json!({"bucket": "others"}), json!({"key": "a"})],
        "x",
    )
    .draft(&store);
    to_others.target = "/others".to_owned();
    assert_eq!(
        to_others.send(store.s3).await.refusal(),
        refused(403, "AccessDenied")
    );
    let by_header = Form::unsigned(&[("key", "a")], "x").draft(&store);
    let by_header = Signer::demo().sign(by_header).send(store.s3).await;
    assert_eq!(by_header.refusal(), refused(403, "AccessDenied"));
}

#[tokio::test]
async fn fields_cannot_make_another_request_of_the_form() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    put(&client, "forms", "secret", "secret").await;
    let form = Form::signed(
        &[
            ("key", "a?acl"),
            ("x-amz-copy-source", "/forms/secret"),
            ("x-amz-decoded-content-length", "1"),
            ("authorization", "AWS x:y"),
            ("host", "other.localhost"),
        ],
        "mine",
    );
    assert_eq!(form.post(&store).await.refusal(), refused(204, ""));
    assert_eq!(get(&client, "forms", "a?acl").await, b"mine");
}

#[tokio::test]
async fn the_size_of_the_file_has_bounds() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    let conditions = |range: [u64; 2]| {
        [
            json!({"bucket": "forms"}),
            json!({"key": "a"}),
            json!(["content-length-range", range[0], range[1]]),
            json!(["content-length-range", 0, 3_000_000]),
        ]
    };
    let post = async |range, size| {
        let form = Form::signed_with(&[("key", "a")], &conditions(range), noise(size));
        form.post(&store).await.refusal()
    };
    assert_eq!(post([3, 5], 2).await, refused(400, "EntityTooSmall"));
    assert_eq!(post([3, 5], 6).await, refused(400, "EntityTooLarge"));
    // Larger than what is kept in memory, and than what a block on disk is.
    assert_eq!(
        post([0, 9_000_000], 3_000_001).await,
        refused(400, "EntityTooLarge")
    );
    client
        .head_object()
        .bucket("forms")
        .key("a")
        .send()
        .await
        .unwrap_err();
    store.files_become(0).await;
    assert_eq!(post([3, 5], 3).await, refused(204, ""));
    assert_eq!(post([3, 5], 5).await, refused(204, ""));
    assert_eq!(post([0, 9_000_000], 3_000_000).await, refused(204, ""));
    assert!(get(&client, "forms", "a").await == noise(3_000_000));
}

#[tokio::test]
async fn the_file_goes_to_disk_while_it_is_still_coming_in() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    let form = Form::signed(&[("key", "a")], noise(6_000_000));
    let body = form.body();
    let (first, rest) = body.split_at(4_000_000);
    let mut stream = TcpStream::connect(store.s3).await.unwrap();
    let head = format!(
        "POST /forms HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n",
        store.s3,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    store.files_become(1).await;
    stream.write_all(rest).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(get(&client, "forms", "a").await == noise(6_000_000));
}

#[tokio::test]
async fn a_form_that_cannot_be_read_stores_nothing() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    let good = || Form::signed(&[("key", "a")], "file of the form");
    let malformed = refused(400, "MalformedPOSTRequest");
    let with_body = |change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let mut draft = good().draft(&store);
        draft.body = change(draft.body);
        draft
    };
    let cut_in_fields = with_body(&|mut body| {
        body.truncate(200);
        body
    });
    let no_file = with_body(&|body| {
        let text = String::from_utf8(body).unwrap();
        text.replace("name=\"file\"", "name=\"fife\"").into_bytes()
    });
    let cut_in_file = with_body(&|mut body| {
        let file = b"image/jpeg\r\n\r\nfile";
        let begin = body.windows(file.len()).position(|window| window == file);
        body.truncate(begin.unwrap() + file.len());
        body
    });
    let other_boundary = good()
        .draft(&store)
        .set("content-type", "multipart/form-data; boundary=other");
    let no_boundary = good()
        .draft(&store)
        .set("content-type", "Multipart/Form-Data");
    let mut to_object = good().draft(&store);
    to_object.target = "/forms/a".to_owned();
    let long = "x".repeat(1024 * 1024);
    for (draft, expected) in [
        (cut_in_fields, malformed.clone()),
        (no_file, refused(400, "InvalidArgument")),
        (cut_in_file, refused(400, "IncompleteBody")),
        (other_boundary, malformed.clone()),
        (no_boundary, malformed.clone()),
        (good().field("key", "b").draft(&store), malformed.clone()),
        (good().field("KEY", "b").draft(&store), malformed.clone()),
        (
            good().field("x-ignore-long", &long).draft(&store),
            malformed.clone(),
        ),
        (to_object, refused(405, "MethodNotAllowed")),
    ] {
        assert_eq!(draft.send(store.s3).await.refusal(), expected);
    }
    let listed = client.list_objects_v2().bucket("forms").send().await;
    assert_eq!(listed.unwrap().key_count(), Some(0));
    store.files_become(0).await;
}

#[tokio::test]
async fn fields_that_make_no_sense_are_refused() {
    let store = Fixture::start().await;
    let client = store.bucket("forms").await;
    for (draft, expected) in [
        (
            Form::signed(&[], "x").draft(&store),
            refused(400, "UserKeyMustBeSpecified"),
        ),
        (
            Form::signed(&[("key", "")], "x").draft(&store),
            refused(400, "UserKeyMustBeSpecified"),
        ),
        (
            Form::signed(&[("key", &"k".repeat(1_025))], "x").draft(&store),
            refused(400, "KeyTooLongError"),
        ),
        (
            Form::signed(&[("key", &"ö".repeat(60_000))], "x").draft(&store),
            refused(400, "KeyTooLongError"),
        ),
        (
            Form::signed(&[("key", "a"), ("x-amz-meta-a", "1\n2")], "x").draft(&store),
            refused(400, "InvalidArgument"),
        ),
        (
            Form::signed(&[("key", "a"), ("bucket", "other")], "x").draft(&store),
            refused(400, "InvalidArgument"),
        ),
        (
            Form::unsigned(&[("key", "a")], "x")
                .field("AWSAccessKeyId", &access_key("demo"))
                .field("Signature", "AAAA")
                .field("policy", "e30=")
                .draft(&store),
            refused(403, "SignatureDoesNotMatch"),
        ),
    ] {
        assert_eq!(draft.send(store.s3).await.refusal(), expected);
    }
    let listed = client.list_objects_v2().bucket("forms").send().await;
    assert_eq!(listed.unwrap().key_count(), Some(0));
    store.files_become(0).await;
}

#[tokio::test]
async fn a_page_of_the_console_may_post_a_form() {
    let store = Fixture::start().await;
    store.bucket("forms").await;
    let form = Form::signed(&[("key", "a")], "x");
    let answer = form.draft(&store).header("origin", ORIGIN);
    let answer = answer.send(store.s3).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers["access-control-allow-origin"], ORIGIN);
}
