use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::{prelude::*, test_runner::TestRunner};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

use crate::{
    fixture::{Fixture, get, hex, put, secret},
    wire::{Answer, Draft, Signer},
};

const MINUTE: Duration = Duration::from_mins(1);

fn draft(store: &Fixture, method: Method, target: &str) -> Draft {
    Draft::new(method, &store.s3.to_string(), target)
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_signature_in_the_header_covers_method_path_query_headers_and_body() {
    let store = Fixture::start().await;
    store.bucket("signed").await;
    let signed = || {
        let draft = draft(&store, Method::PUT, "/signed/a?x-id=PutObject")
            .header("content-type", "text/plain")
            .header("x-amz-meta-a", "1")
            .body("hello");
        Signer::demo().sign(draft)
    };
    assert_eq!(signed().send(store.s3).await.status, 200);

    let mismatch = refused(403, "SignatureDoesNotMatch");
    let mut other_path = signed();
    other_path.target = other_path.target.replace("/a?", "/b?");
    let mut other_query = signed();
    other_query.target.push_str("&acl=");
    let mut other_method = signed();
    other_method.method = Method::DELETE;
    let other_host = Draft {
        host: format!("localhost:{}", store.s3.port()),
        ..signed()
    };
    let other_meta = signed().set("x-amz-meta-a", "2");
    let other_type = signed().set("content-type", "text/html");
    let other_hash = signed().set("x-amz-content-sha256", &hex(&Sha256::digest("other")));
    for changed in [
        other_path,
        other_query,
        other_method,
        other_host,
        other_meta,
        other_type,
        other_hash,
    ] {
        let told = format!("{changed:?}");
        assert_eq!(changed.send(store.s3).await.refusal(), mismatch, "{told}");
    }
    let other_body = signed().body("hellO").send(store.s3).await;
    assert_eq!(
        other_body.refusal(),
        refused(400, "XAmzContentSHA256Mismatch")
    );
    assert_eq!(get(&store.client(), "signed", "a").await, b"hello");
}

#[tokio::test]
async fn what_decides_must_be_signed() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    put(&client, "signed", "secret", "of somebody").await;
    let open = refused(403, "AccessDenied");

    let target = "/signed/mine";
    let presigned = Signer::demo().presign(draft(&store, Method::PUT, target), MINUTE);
    for (name, value) in [
        ("x-amz-copy-source", "/signed/secret"),
        ("x-amz-acl", "public-read"),
        ("x-hcp-retention", "-1"),
    ] {
        let added = presigned.clone().header(name, value);
        assert_eq!(added.send(store.s3).await.refusal(), open, "{name}");
    }
    // The name of the parameter that says what is signed may be written in another way.
    let mut disguised = presigned.clone().header("x-amz-acl", "public-read");
    disguised.target = disguised
        .target
        .replace("X-Amz-Signature=", "X%2DAmz-Signature=");
    assert_eq!(disguised.send(store.s3).await.refusal(), open);
    // Many clients send this one along without need.
    let harmless = presigned.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(harmless.send(store.s3).await.status, 200);

    let by_header = Signer::demo().sign(draft(&store, Method::PUT, target));
    let added = by_header.header("x-amz-copy-source", "/signed/secret");
    assert_eq!(added.send(store.s3).await.refusal(), open);

    let no_host = Signer::demo().sign(draft(&store, Method::GET, target));
    let authorization = no_host.get("authorization").replace("=host;", "=");
    let no_host = no_host.set("authorization", &authorization);
    assert_eq!(no_host.send(store.s3).await.refusal(), open);
}

#[tokio::test]
async fn a_clock_may_be_a_quarter_of_an_hour_off() {
    let store = Fixture::start().await;
    let now = SystemTime::now();
    let list = |at| Signer::demo().at(at).sign(draft(&store, Method::GET, "/"));
    let (near, far) = (Duration::from_mins(14), Duration::from_mins(16));
    for at in [now - near, now + near] {
        assert_eq!(list(at).send(store.s3).await.status, 200);
    }
    let skewed = refused(403, "RequestTimeTooSkewed");
    for at in [now - far, now + far] {
        assert_eq!(list(at).send(store.s3).await.refusal(), skewed);
    }
}

#[tokio::test]
async fn a_presigned_url_ends_and_lasts_a_week_at_most() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    put(&client, "signed", "a", "x").await;
    let url = |at, expires| {
        let draft = draft(&store, Method::GET, "/signed/a");
        Signer::demo().at(at).presign(draft, expires)
    };
    let now = SystemTime::now();
    let week = Duration::from_hours(7 * 24);
    assert_eq!(url(now, week).send(store.s3).await.status, 200);
    let too_long = url(now, week + Duration::from_secs(1));
    assert_eq!(
        too_long.send(store.s3).await.refusal(),
        refused(400, "AuthorizationQueryParametersError")
    );
    let over = url(now - 2 * MINUTE, MINUTE).send(store.s3).await;
    assert_eq!(over.refusal(), refused(403, "AccessDenied"));
    let early = url(now + 16 * MINUTE, MINUTE).send(store.s3).await;
    assert_eq!(early.refusal(), refused(403, "RequestTimeTooSkewed"));
}

/// A body in the frame of `aws-chunked`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Signed,
    SignedWithTrailer,
    UnsignedWithTrailer,
}

/// A PUT of two chunks and, for two of the frames, the checksum after them.
fn chunked(store: &Fixture, frame: Frame, chunks: [&[u8]; 2], crc32: &str) -> Draft {
    let payload = match frame {
        Frame::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        Frame::SignedWithTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        Frame::UnsignedWithTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    };
    let length: usize = chunks.iter().map(|chunk| chunk.len()).sum();
    let mut put = draft(store, Method::PUT, "/signed/chunked")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", &length.to_string());
    if frame != Frame::Signed {
        put = put.header("x-amz-trailer", "x-amz-checksum-crc32");
    }
    let signer = Signer::demo();
    let mut put = signer.sign_payload(put, payload);
    let mut last = put
        .get("authorization")
        .rsplit_once("Signature=")
        .unwrap()
        .1
        .to_owned();
    let mut next = |kind: &str, hashes: &str| {
        let (stamp, scope) = (signer.stamp(), signer.scope());
        let text = format!("AWS4-HMAC-SHA256-{kind}\n{stamp}\n{scope}\n{last}\n{hashes}");
        last = signer.signature(&text);
        last.clone()
    };
    let mut body = Vec::new();
    for chunk in [chunks[0], chunks[1], b""] {
        body.extend_from_slice(format!("{:x}", chunk.len()).as_bytes());
        if frame != Frame::UnsignedWithTrailer {
            let (nothing, hash) = (hex(&Sha256::digest("")), hex(&Sha256::digest(chunk)));
            let signature = next("PAYLOAD", &format!("{nothing}\n{hash}"));
            body.extend_from_slice(format!(";chunk-signature={signature}").as_bytes());
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(chunk);
        if !chunk.is_empty() {
            body.extend_from_slice(b"\r\n");
        }
    }
    if frame != Frame::Signed {
        let trailer = format!("x-amz-checksum-crc32:{crc32}");
        body.extend_from_slice(format!("{trailer}\r\n").as_bytes());
        if frame == Frame::SignedWithTrailer {
            let hash = hex(&Sha256::digest(format!("{trailer}\n")));
            let signature = next("TRAILER", &hash);
            body.extend_from_slice(format!("x-amz-trailer-signature:{signature}\r\n").as_bytes());
        }
    }
    body.extend_from_slice(b"\r\n");
    put.body = body;
    put
}

/// Of `123456789`, the check value of CRC-32.
const CRC32: &str = "y/Q5Jg==";

#[tokio::test]
async fn chunked_bodies_arrive_without_their_frame() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    for frame in [
        Frame::Signed,
        Frame::SignedWithTrailer,
        Frame::UnsignedWithTrailer,
    ] {
        let put = chunked(&store, frame, [b"1234", b"56789"], CRC32);
        let answer = put.send(store.s3).await;
        assert_eq!(answer.refusal(), refused(200, ""));
        assert_eq!(get(&client, "signed", "chunked").await, b"123456789");
        let head = client.head_object().bucket("signed").key("chunked");
        assert_eq!(head.send().await.unwrap().content_encoding(), None);
    }
}

fn position(body: &[u8], text: &str) -> usize {
    body.windows(text.len())
        .position(|window| window == text.as_bytes())
        .expect("the text in the body")
}

/// Replaces the first occurrence in a body, keeping the length.
fn change(mut draft: Draft, from: &str, to: &str) -> Draft {
    let at = position(&draft.body, from);
    draft.body[at..at + to.len()].copy_from_slice(to.as_bytes());
    draft
}

#[tokio::test]
async fn a_changed_chunk_or_trailer_is_noticed() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    let put = |frame| chunked(&store, frame, [b"1234", b"56789"], CRC32);
    let mismatch = refused(403, "SignatureDoesNotMatch");
    let digest = refused(400, "BadDigest");
    for (changed, expected) in [
        (change(put(Frame::Signed), "56789", "56780"), &mismatch),
        (
            change(put(Frame::SignedWithTrailer), "1234", "1235"),
            &mismatch,
        ),
        (
            change(put(Frame::SignedWithTrailer), CRC32, "AAAAAA=="),
            &mismatch,
        ),
        // Nobody has signed these, but the checksum says it.
        (
            change(put(Frame::UnsignedWithTrailer), "1234", "1235"),
            &digest,
        ),
        (
            change(put(Frame::UnsignedWithTrailer), CRC32, "AAAAAA=="),
            &digest,
        ),
        // Signed as it is, and wrong all the same.
        (
            chunked(&store, Frame::SignedWithTrailer, [b"1234", b"56780"], CRC32),
            &digest,
        ),
    ] {
        assert_eq!(changed.send(store.s3).await.refusal(), *expected);
    }
    // Cut where a chunk ends: what came is signed, only it is not everything.
    let incomplete = refused(400, "IncompleteBody");
    for frame in [
        Frame::Signed,
        Frame::SignedWithTrailer,
        Frame::UnsignedWithTrailer,
    ] {
        let mut short = put(frame);
        let end = position(&short.body, "1234") + "1234\r\n".len();
        short.body.truncate(end);
        assert_eq!(short.send(store.s3).await.refusal(), incomplete);
    }
    // More than was announced.
    let long = put(Frame::UnsignedWithTrailer).set("x-amz-decoded-content-length", "8");
    assert_eq!(
        long.send(store.s3).await.refusal(),
        mismatch,
        "it is signed"
    );
    // The announced checksum never comes.
    for frame in [Frame::SignedWithTrailer, Frame::UnsignedWithTrailer] {
        let mut bare = put(frame);
        let end = position(&bare.body, "x-amz-checksum-crc32");
        bare.body.truncate(end);
        bare.body.extend_from_slice(b"\r\n");
        assert_eq!(
            bare.send(store.s3).await.refusal(),
            refused(400, "MalformedTrailerError")
        );
    }
    let gone = client.head_object().bucket("signed").key("chunked");
    gone.send().await.unwrap_err();
}

// Version 2: the vectors of HCP's manual.

const MANUAL_DATE: &str = "Thu, 23 Mar 2017 14:27:05 +0000";

/// The user of the manual with the object of the manual, on the day of the manual.
async fn of_the_manual() -> Fixture {
    let folder = std::sync::Arc::new(tempfile::TempDir::new().unwrap());
    let store = Fixture::open(folder, |config| {
        config.clock = local_hcp::Clock::new(|| time::macros::datetime!(2017-03-23 14:30:00 UTC));
    })
    .await;
    store.tenant("europe").await;
    store.user("europe", "demo", "Start123!").await;
    let client = store.client_of("demo", "Start123!", &store.by_address());
    client
        .create_bucket()
        .bucket("finance")
        .send()
        .await
        .unwrap();
    put(&client, "finance", "q4.ppt", "slides").await;
    store
}

fn of_version_2(store: &Fixture, method: Method, target: &str, text: &str) -> Draft {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret("Start123!").as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    draft(store, method, target)
        .header("date", MANUAL_DATE)
        .header("authorization", &format!("AWS ZGVtbw==:{signature}"))
}

#[tokio::test]
async fn version_2_gives_the_signatures_of_the_manual() {
    let store = of_the_manual().await;
    let by_header = || {
        draft(&store, Method::GET, "/finance/q4.ppt")
            .header("date", MANUAL_DATE)
            .header("authorization", "AWS ZGVtbw==:6ICkvvuhOYr4mGq3/9387E5q+E0=")
    };
    let answer = by_header().send(store.s3).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, &b"slides"[..])
    );

    let query = "AWSAccessKeyId=ZGVtbw%3D%3D&Expires=1893456000\
                 &Signature=WtsNwyOsjvuM4SuBxKklzlU95X4%3D";
    let presigned = |path: &str| draft(&store, Method::GET, &format!("{path}?{query}"));
    let answer = presigned("/finance/q4.ppt").send(store.s3).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, &b"slides"[..])
    );

    let mismatch = refused(403, "SignatureDoesNotMatch");
    let mut other = by_header();
    other.target = "/finance/q5.ppt".to_owned();
    let later = by_header().set("date", "Thu, 23 Mar 2017 14:27:06 +0000");
    let acl = by_header().header("x-amz-acl", "private");
    let mut sub = by_header();
    sub.target.push_str("?acl");
    let mut longer = presigned("/finance/q4.ppt");
    longer.target = longer.target.replace("1893456000", "1893456001");
    for changed in [other, later, acl, sub, longer, presigned("/finance/q5.ppt")] {
        let told = format!("{changed:?}");
        assert_eq!(changed.send(store.s3).await.refusal(), mismatch, "{told}");
    }
}

#[tokio::test]
async fn version_2_by_header_is_fresh_and_covers_what_it_asks_for() {
    let store = of_the_manual().await;
    let skewed = refused(403, "RequestTimeTooSkewed");
    let old = "Thu, 23 Mar 2017 14:10:00 GMT";
    let text = format!("GET\n\n\n{old}\n/finance/q4.ppt");
    let stale = of_version_2(&store, Method::GET, "/finance/q4.ppt", &text).set("date", old);
    assert_eq!(stale.send(store.s3).await.refusal(), skewed);
    // `x-amz-date` is the one that counts, and the one that is signed.
    let text = format!("GET\n\n\n\nx-amz-date:{old}\n/finance/q4.ppt");
    let stale =
        of_version_2(&store, Method::GET, "/finance/q4.ppt", &text).header("x-amz-date", old);
    assert_eq!(stale.send(store.s3).await.refusal(), skewed);
    let text = "GET\n\n\n\n/finance/q4.ppt";
    let mut dateless = of_version_2(&store, Method::GET, "/finance/q4.ppt", text);
    dateless.headers.retain(|(name, _)| name != "date");
    assert_eq!(
        dateless.send(store.s3).await.refusal(),
        refused(403, "AccessDenied")
    );

    let text = format!("GET\n\n\n{MANUAL_DATE}\n/finance/q4.ppt");
    let (open, mismatch) = (
        refused(501, "NotImplemented"),
        refused(403, "SignatureDoesNotMatch"),
    );
    for (query, expected) in [
        ("attributes", &open),
        ("publicAccessBlock", &open),
        ("acl", &mismatch),
        ("acl&acl", &mismatch),
        ("%61cl", &mismatch),
        ("retention", &mismatch),
        ("legal-hold", &mismatch),
        ("response-content-type=text/html", &mismatch),
        ("versionId=1", &mismatch),
    ] {
        let target = format!("/finance/q4.ppt?{query}");
        let asked = of_version_2(&store, Method::GET, &target, &text);
        let told = asked.send(store.s3).await.refusal();
        assert_eq!(told, *expected, "{query}");
    }
    let asked = format!("{text}?response-content-type=text/a b");
    let target = "/finance/q4.ppt?response-content-type=text%2Fa+b&x=y";
    let asked = of_version_2(&store, Method::GET, target, &asked);
    assert_eq!(
        asked.send(store.s3).await.headers["content-type"],
        "text/a b"
    );
    // Parameters of listings are not covered, and need not be.
    for bucket in ["/finance", "/finance/"] {
        let text = format!("GET\n\n\n{MANUAL_DATE}\n{bucket}");
        let list = of_version_2(&store, Method::GET, "/finance?prefix=q", &text);
        let listed = list.send(store.s3).await;
        assert_eq!(listed.status, 200, "{bucket}");
        assert!(String::from_utf8_lossy(&listed.body).contains("q4.ppt"));
    }
}

#[tokio::test]
async fn a_presigned_url_of_version_2_ends_and_does_one_thing() {
    let store = of_the_manual().await;
    let presigned = |expires: i64| {
        let text = format!("GET\n\n\n{expires}\n/finance/q4.ppt");
        let by_header = of_version_2(&store, Method::GET, "/finance/q4.ppt", &text);
        let (_, signature) = by_header.get("authorization").split_once(':').unwrap();
        let signature: String = form_urlencoded::byte_serialize(signature.as_bytes()).collect();
        let query = format!("AWSAccessKeyId=ZGVtbw==&Expires={expires}&Signature={signature}");
        draft(&store, Method::GET, &format!("/finance/q4.ppt?{query}"))
    };
    // The clock of the manual.
    let now = time::macros::datetime!(2017-03-23 14:30:00 UTC).unix_timestamp();
    assert_eq!(presigned(now).send(store.s3).await.status, 200);
    let denied = refused(403, "AccessDenied");
    assert_eq!(presigned(now - 1).send(store.s3).await.refusal(), denied);
    let privileged = presigned(now).header("x-hcp-privileged", "because");
    assert_eq!(privileged.send(store.s3).await.refusal(), denied);
    let mismatch = refused(403, "SignatureDoesNotMatch");
    for more in ["&acl&acl", "&uploads", "&versionId=1"] {
        let mut other = presigned(now);
        other.target.push_str(more);
        assert_eq!(other.send(store.s3).await.refusal(), mismatch, "{more}");
    }
    let mut keyless = presigned(now);
    keyless.target = keyless.target.replace("AWSAccessKeyId=ZGVtbw==&", "");
    assert_eq!(keyless.send(store.s3).await.refusal(), denied);
}

#[tokio::test]
async fn a_request_is_signed_in_one_way() {
    let store = of_the_manual().await;
    let old = "AWSAccessKeyId=ZGVtbw%3D%3D&Expires=1893456000\
               &Signature=WtsNwyOsjvuM4SuBxKklzlU95X4%3D";
    let twice = refused(400, "InvalidArgument");
    let path = format!("/finance/q4.ppt?{old}");
    let plain = || draft(&store, Method::GET, &path);
    let by_header = Signer::demo().sign(plain());
    let by_query = Signer::demo().presign(plain(), MINUTE);
    let old_header = plain().header("authorization", "AWS ZGVtbw==:AAAA");
    for signed in [by_header, by_query, old_header] {
        assert_eq!(signed.send(store.s3).await.refusal(), twice);
    }
}

#[tokio::test]
async fn who_says_to_sign_nothing_is_nobody() {
    let store = of_the_manual().await;
    let anybody = draft(&store, Method::GET, "/finance/q4.ppt");
    let anybody = anybody.header("authorization", "AWS all_users:");
    assert_eq!(
        anybody.send(store.s3).await.refusal(),
        refused(403, "AccessDenied")
    );
    let nobody = draft(&store, Method::GET, "/finance/q4.ppt").header("date", MANUAL_DATE);
    let nobody = nobody.header("authorization", "AWS bm9ib2R5:AAAA");
    assert_eq!(
        nobody.send(store.s3).await.refusal(),
        refused(403, "InvalidAccessKeyId")
    );
}

#[tokio::test]
async fn version_2_knows_the_bucket_in_the_host() {
    let store = of_the_manual().await;
    let text = format!("GET\n\n\n{MANUAL_DATE}\n/finance/q4.ppt");
    let mut virtual_hosted = of_version_2(&store, Method::GET, "/q4.ppt", &text);
    virtual_hosted.host = "finance.europe.localhost".to_owned();
    let answer = virtual_hosted.send(store.s3).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, &b"slides"[..])
    );
}

// Odd keys.

/// What SigV4 leaves as it is in a path.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

fn odd_key() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "Z", "0", " ", "  ", "+", "%", "%41", "%2F", "%zz", "/", "//", ".", "..", "../", "./",
        "?", "#", "&", "=", ";", ":", "@", "*", "'", "\"", "<", "\\", "å", "a\u{30a}", "😀", "~",
        "!", "(", "|", "\u{7f}", "\t",
    ]);
    prop::collection::vec(piece, 1..12)
        .prop_map(|pieces| pieces.concat())
        // Path-style, these are the bucket itself.
        .prop_filter("a key", |key| !key.is_empty())
}

#[test]
fn any_key_is_stored_and_found_under_its_own_name_by_any_signature() {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(async {
        let store = Fixture::start().await;
        store.bucket("pictures").await;
        store
    });
    let by_address = store.s3.to_string();
    let by_host = format!("pictures.demo.localhost:{}", store.s3.port());
    let in_tenant = format!("demo.localhost:{}", store.s3.port());
    let mut cases = TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let check = cases.run(&odd_key(), |key| {
        let encoded = utf8_percent_encode(&key, KEPT).to_string();
        let (path_style, virtual_hosted) = (format!("/pictures/{encoded}"), format!("/{encoded}"));
        let ways = [
            (&by_address, &path_style),
            (&in_tenant, &path_style),
            (&by_host, &virtual_hosted),
        ];
        let signer = Signer::demo();
        runtime.block_on(async {
            for (host, path) in ways {
                let body = format!("{key} by {host}");
                let put = signer.sign(Draft::new(Method::PUT, host, path).body(body.as_str()));
                let stored = put.send(store.s3).await;
                prop_assert_eq!(stored.refusal(), refused(200, ""), "PUT {}", path);
                for (host, path) in ways {
                    let get = Draft::new(Method::GET, host, path);
                    for get in [
                        signer.sign(get.clone()),
                        signer.presign(get.clone(), MINUTE),
                    ] {
                        let Answer {
                            status, body: read, ..
                        } = get.send(store.s3).await;
                        prop_assert_eq!(status, 200, "GET {}", path);
                        prop_assert_eq!(&*read, body.as_bytes());
                    }
                }
            }
            let list = Draft::new(Method::GET, &by_address, "/pictures?encoding-type=url");
            let listed = signer.sign(list).send(store.s3).await;
            let text = String::from_utf8_lossy(&listed.body).into_owned();
            prop_assert_eq!(text.matches("<Key>").count(), 1, "{}", text);
            let delete = Draft::new(Method::DELETE, &by_address, &path_style);
            prop_assert_eq!(signer.sign(delete).send(store.s3).await.status, 204);
            Ok(())
        })
    });
    check.unwrap();
}

#[tokio::test]
async fn no_region_matters() {
    let store = Fixture::start().await;
    store.bucket("signed").await;
    let mismatch = refused(403, "SignatureDoesNotMatch");
    for region in ["US", "eu_central", "us-west-2"] {
        let signer = || Signer::demo().in_region(region);
        let put = draft(
            &store,
            Method::PUT,
            "/signed/a%20b~%C3%A9%2B?x-id=PutObject",
        );
        let put = put.header("x-amz-meta-a", "1  2").body("hello");
        let put = signer().sign(put);
        assert_eq!(put.clone().send(store.s3).await.status, 200, "{region}");
        let other = put.clone().set("x-amz-meta-a", "2").send(store.s3).await;
        assert_eq!(other.refusal(), mismatch, "{region}");
        let other = put.body("hellO").send(store.s3).await;
        let hash = refused(400, "XAmzContentSHA256Mismatch");
        assert_eq!(other.refusal(), hash, "{region}");

        let target = "/signed/a%20b~%C3%A9%2B?response-content-type=a%2Fb";
        let get = signer().presign(draft(&store, Method::GET, target), MINUTE);
        let got = get.clone().send(store.s3).await;
        assert_eq!(got.status, 200, "{region}");
        let mut longer = get.clone();
        longer.target = longer.target.replace("Expires=60", "Expires=61");
        assert_eq!(longer.send(store.s3).await.refusal(), mismatch, "{region}");
        let early = SystemTime::now() - 2 * MINUTE;
        let ended = signer().at(early);
        let ended = ended.presign(draft(&store, Method::GET, target), MINUTE);
        let over = refused(403, "AccessDenied");
        assert_eq!(ended.send(store.s3).await.refusal(), over, "{region}");
    }
    let nobody = Signer {
        key: "nobody".to_owned(),
        ..Signer::demo().in_region("US")
    };
    let list = nobody.sign(draft(&store, Method::GET, "/"));
    let unknown = refused(403, "InvalidAccessKeyId");
    assert_eq!(list.send(store.s3).await.refusal(), unknown);
}
