use std::time::Instant;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use model::acl::CannedAcl;
use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-21 02:00:00 UTC);

fn presigner(base: &str, virtual_host: bool, key: &str, secret: &str) -> Presigner {
    let base = Url::parse(base).unwrap();
    let secret = SecretString::from(secret);
    Presigner::new(&base, virtual_host, key, &secret, "us-east-1", NOW.into()).unwrap()
}

fn demo() -> Presigner {
    let secret = "891a54c4e2eab52d01c6fbf85a4c143e";
    presigner("http://localhost:9000", false, "YWQ/bWlufg==", secret)
}

fn bucket() -> BucketName {
    BucketName::parse("finance").unwrap()
}

fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn the_published_example_comes_out() {
    let presigner = Presigner::new(
        &Url::parse("https://s3.amazonaws.com").unwrap(),
        true,
        "AKIAIOSFODNN7EXAMPLE",
        &SecretString::from("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        "us-east-1",
        datetime!(2013-05-24 00:00:00 UTC).into(),
    )
    .unwrap();
    let url = presigner.get_object(
        &BucketName::parse("examplebucket").unwrap(),
        &key("test.txt"),
        Duration::from_hours(24),
        None,
        None,
    );
    assert_eq!(
        url,
        "https://examplebucket.s3.amazonaws.com/test.txt\
         ?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

#[test]
fn the_steps_give_the_signature_that_hcp_documents() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let presigner = Presigner::new(
        &Url::parse("https://europe.hcp.example.com").unwrap(),
        false,
        "ZGVtbw==",
        &SecretString::from("891a54c4e2eab52d01c6fbf85a4c143e"),
        "us-east-1",
        datetime!(2017-03-23 14:27:05 UTC).into(),
    )
    .unwrap();
    let headers = format!(
        "host:europe.hcp.example.com\nx-amz-content-sha256:{empty}\nx-amz-date:20170323T142705Z\n"
    );
    let canonical = canonical_request(
        "GET",
        &presigner.place.path(&bucket(), key("q4.ppt").as_str()),
        "",
        &headers,
        "host;x-amz-content-sha256;x-amz-date",
        empty,
    );
    let signature = calculate_signature(
        presigner.signing_key.expose_secret(),
        presigner.string_to_sign(&canonical).as_bytes(),
    );
    assert_eq!(
        signature,
        "bfa2bbdabe2b6333c93f021ea4dd630335a62d98f07632befa98f97d44dceaaa"
    );
}

#[test]
fn an_access_key_with_slash_and_padding_is_encoded() {
    let url = demo().get_object(&bucket(), &key("a b"), HOUR, None, None);
    assert!(
        url.starts_with("http://localhost:9000/finance/a%20b?X-Amz-Algorithm="),
        "{url}"
    );
    assert!(
        url.contains("X-Amz-Credential=YWQ%2FbWlufg%3D%3D%2F20261121%2F"),
        "{url}"
    );
}

#[test]
fn whatever_a_url_fixes_changes_its_signature() {
    let signer = demo();
    let upload = UploadId::parse("94837746087105").unwrap();
    let other = UploadId::parse("94837746087106").unwrap();
    let (one, two) = (PartChecksum::crc32c(1), PartChecksum::crc32c(2));
    let held = Attributes {
        legal_hold: true,
        ..Attributes::default()
    };
    let typed = |content_type| Demands {
        content_type: Some(content_type),
        ..Demands::default()
    };
    let put = |demands| signer.put_object(&bucket(), &key("a"), HOUR, demands);
    let send = |upload: &UploadId, part, checksum: Option<&PartChecksum>| {
        let part = PartNumber::new(part).unwrap();
        signer.upload_part(&bucket(), &key("a"), upload, part, HOUR, checksum)
    };
    let signature = |url: String| url.rsplit('=').next().unwrap().to_owned();
    let day = Duration::from_hours(24);
    let all = [
        signer.get_object(&bucket(), &key("a"), HOUR, None, None),
        signer.get_object(&bucket(), &key("b"), HOUR, None, None),
        signer.get_object(&bucket(), &key("a"), day, None, None),
        signer.get_object(&bucket(), &key("a"), HOUR, Some("attachment"), None),
        signer.get_object(&bucket(), &key("a"), HOUR, None, Some("7")),
        put(Demands::default()),
        put(typed("text/plain")),
        put(typed("text/html")),
        put(Demands {
            if_none_match: true,
            ..typed("text/html")
        }),
        put(Demands {
            checksum: Some(&one),
            ..Demands::default()
        }),
        put(Demands {
            attributes: Some(&held),
            ..Demands::default()
        }),
        put(Demands {
            attributes: Some(&Attributes::default()),
            ..typed("text/css")
        }),
        send(&upload, 1, None),
        send(&upload, 2, None),
        send(&other, 1, None),
        send(&upload, 1, Some(&one)),
        send(&upload, 1, Some(&two)),
        send(&upload, 1, Some(&PartChecksum::md5([1; 16]))),
    ];
    let distinct: std::collections::BTreeSet<_> = all.into_iter().map(signature).collect();
    assert_eq!(distinct.len(), 18);
}

#[test]
fn ten_thousand_parts_are_signed_at_once() {
    let signer = demo();
    let upload = UploadId::parse("94837746087105").unwrap();
    let began = Instant::now();
    let urls: Vec<_> = (1..=PartNumber::MAX)
        .map(|n| {
            let part = PartNumber::new(n).unwrap();
            signer.upload_part(&bucket(), &key("big.bin"), &upload, part, HOUR, None)
        })
        .collect();
    let took = began.elapsed();
    assert_eq!(urls.len(), 10_000);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn an_address_behind_a_path_keeps_it() {
    let url = presigner("https://example.com/store/", false, "k", "s").get_object(
        &bucket(),
        &key("a"),
        HOUR,
        None,
        None,
    );
    assert!(
        url.starts_with("https://example.com/store/finance/a?"),
        "{url}"
    );
}

#[test]
fn nothing_secret_is_printed() {
    let shown = format!("{:?}", presigner("http://h", false, "AKIA", "wJalr"));
    assert!(
        !shown.contains("wJalr") && !shown.contains("AKIA"),
        "{shown}"
    );
}

/// The same request, signed by the SDK's own signer.
fn oracle(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    access_key: &str,
    secret: &str,
) -> String {
    let identity = Credentials::new(access_key, secret, None, None, "test").into();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(HOUR);
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.excluded_headers = None;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(NOW.into())
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let headers = headers.iter().copied();
    let request =
        SignableRequest::new(method, url, headers, SignableBody::UnsignedPayload).unwrap();
    let (_, signature) = sign(request, &params).unwrap().into_parts();
    signature
}

fn unsigned(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap();
    let own: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.starts_with("X-Amz-"))
        .collect();
    if own.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", own.join("&"))
    }
}

proptest! {
    #[test]
    fn odd_keys_are_signed_as_the_sdk_signs_them(
        name in "[^\0]{1,60}",
        access_key in "[A-Za-z0-9/+=]{1,30}",
        secret in "[ -~]{1,40}",
        disposition in proptest::option::of("[ -~é😀]{0,40}"),
        content_type in "[a-z]{1,9}/[a-z0-9.+-]{1,9}",
        sum in any::<u32>(),
        note in "[!-~]([ !-~]{0,12}[!-~])?",
        tag in "\\PC{1,12}",
    ) {
        let Ok(key) = ObjectKey::parse(name) else { return Ok(()) };
        let signer = presigner("http://localhost:9000", false, &access_key, &secret);
        let get = signer.get_object(&bucket(), &key, HOUR, disposition.as_deref(), Some("7"));
        let expected = oracle("GET", &unsigned(&get), &[], &access_key, &secret);
        prop_assert!(get.ends_with(&format!("X-Amz-Signature={expected}")), "{get}");
        let crc = PartChecksum::crc32c(sum);
        let mut demands = Demands {
            content_type: Some(content_type.as_str()),
            ..Demands::default()
        };
        let put = signer.put_object(&bucket(), &key, HOUR, demands);
        let headers = [("content-type", content_type.as_str())];
        let expected = oracle("PUT", &unsigned(&put), &headers, &access_key, &secret);
        prop_assert!(put.ends_with(&format!("X-Amz-Signature={expected}")), "{put}");
        let md5 = PartChecksum::md5([sum.to_be_bytes()[3]; 16]);
        let attributes = Attributes {
            metadata: [("Note".to_owned(), note)].into(),
            tags: [("t".to_owned(), tag)].into(),
            acl: Some(CannedAcl::PublicRead),
            retention: Some("A+7y".to_owned()),
            legal_hold: true,
        };
        demands.attributes = Some(&attributes);
        let put = signer.put_object(&bucket(), &key, HOUR, demands);
        let carried = attributes.headers();
        let carried = carried.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = headers.into_iter().chain(carried).collect();
        let expected = oracle("PUT", &unsigned(&put), &all, &access_key, &secret);
        prop_assert!(put.ends_with(&format!("X-Amz-Signature={expected}")), "{put}");
        demands.attributes = None;
        for checksum in [&crc, &md5] {
            demands.if_none_match = true;
            demands.checksum = Some(checksum);
            let put = signer.put_object(&bucket(), &key, HOUR, demands);
            let carried = checksum.header();
            let headers = [headers[0], ("if-none-match", "*"), carried];
            let expected = oracle("PUT", &unsigned(&put), &headers, &access_key, &secret);
            prop_assert!(put.ends_with(&format!("X-Amz-Signature={expected}")), "{put}");
        }
    }
}
