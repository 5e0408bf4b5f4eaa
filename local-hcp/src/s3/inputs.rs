//! What clients write and we read ourselves: nothing of it makes a reader panic, and what is read is
//! what was written.

use axum::{body::Body, extract::Request};
use http::{HeaderMap, HeaderValue, header::RANGE};
use proptest::{collection::vec, option, prelude::*, string::string_regex};

use super::{
    acl::Wish,
    body::parse_md5,
    front,
    list::{read_token, token},
    parts::range,
    signature::{self, Query},
    tagging, versions,
};
use crate::{
    access::{Permissions, Right},
    host::{Host, Scope},
    protection::{Asked, Deletion, Protection},
    store::{
        buckets::{Bucket, Settings, Versioning},
        objects::Version,
        settings::Class,
    },
};

/// Any text, and text that looks like `like`.
fn text(like: &str) -> BoxedStrategy<String> {
    prop_oneof![any::<String>(), string_regex(like).unwrap()].boxed()
}

/// Any value that a header may have, and one that looks like `like`.
fn header(like: &str) -> BoxedStrategy<HeaderValue> {
    let bytes = vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..40);
    let like = string_regex(like).unwrap().prop_map(String::into_bytes);
    prop_oneof![bytes, like]
        .prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap())
        .boxed()
}

fn asked() -> impl Strategy<Value = HeaderMap> {
    let fields = (
        option::of(header(
            "-[0-3]|[ARN]([+-][0-9]{1,4}[yMwdhms]){1,7}|C\\+[A-Za-z]{1,4}|-?[0-9]{1,20}\
             |[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([+-][0-9]{4}|Z)",
        )),
        option::of(header("true|false")),
        option::of(header(
            r#"\[(\{"id":"[a-b]{0,2}","hold":(true|false)\},?){0,3}\]"#,
        )),
    );
    fields.prop_map(|(retention, hold, labels)| {
        let names = [
            "x-hcp-retention",
            "x-hcp-retentionhold",
            "x-hcp-labelretentionhold",
        ];
        let values = [retention, hold, labels];
        let given = names.into_iter().zip(values);
        given
            .filter_map(|(name, value)| Some((name.parse().ok()?, value?)))
            .collect()
    })
}

fn bucket(class: &str) -> Bucket {
    let class = Class {
        value: class.to_owned(),
        ..Class::default()
    };
    Bucket {
        id: 1,
        tenant_id: 1,
        guid: String::new(),
        name: "scans".to_owned(),
        owner_id: Some(1),
        created_ms: 0,
        versioning: Versioning::Enabled,
        tags: std::collections::BTreeMap::default(),
        acl: crate::access::Acl::default(),
        settings: Settings {
            retention_classes: [("A".to_owned(), class)].into(),
            ..Settings::default()
        },
        used: 0,
        mask: Permissions::MASK,
        granted: Permissions::ALL,
    }
}

proptest! {

    #[test]
    fn a_version_has_one_name_alone(name in text("[+-]?[0-9]{1,20}|null|")) {
        match versions::parse(Some(&name)) {
            Ok(None) => prop_assert_eq!(name, ""),
            Ok(Some(Version::Null)) => prop_assert_eq!(name, "null"),
            Ok(Some(Version::Number(id))) => {
                prop_assert!(id >= 0);
                prop_assert_eq!(name, id.to_string());
            }
            Err(refusal) => prop_assert_eq!(refusal.code().as_str(), "InvalidArgument"),
        }
    }

    #[test]
    fn every_number_of_the_store_is_a_name(id in 0..=i64::MAX) {
        let read = versions::parse(Some(&id.to_string())).unwrap();
        prop_assert_eq!(read, Some(Version::Number(id)));
    }

    #[test]
    fn a_continuation_token_comes_back_as_what_it_stands_for(name in "(?s).{1,40}") {
        prop_assert_eq!(read_token(&token(&name)).unwrap(), name);
    }

    #[test]
    fn whatever_is_no_continuation_token_is_refused(text in text("[A-Za-z0-9_-]{0,20}")) {
        if let Ok(name) = read_token(&text) {
            prop_assert_eq!(token(&name), text);
            prop_assert!(!name.is_empty());
        }
    }

    #[test]
    fn a_range_of_a_copy_has_two_plain_numbers(text in text("bytes=[+-]?[0-9]{0,20}-[+-]?[0-9]{0,20}")) {
        if let Ok((begin, end)) = range(&text) {
            prop_assert!(begin < end);
            let plain = text.bytes().all(|byte| b"bytes=-0123456789".contains(&byte));
            prop_assert!(plain, "{}", text);
        }
    }

    #[test]
    fn tags_of_a_header_keep_their_bounds(text in text("([a-c]{0,3}=[%0-9a-zå+]{0,6}&?){0,12}")) {
        if let Ok(tags) = tagging::from_header(Some(&text)) {
            prop_assert!(tags.len() <= 10);
            for (key, value) in tags {
                prop_assert!((1..=128).contains(&key.chars().count()));
                prop_assert!(value.chars().count() <= 256 && !key.starts_with("aws:"));
            }
        }
    }

    #[test]
    fn headers_of_grants_are_read_or_refused(
        canned in option::of(text("private|public-read(-write)?|bucket-owner-(read|full-control)")),
        read in option::of(text("((id|uri|emailAddress) ?= ?\"?[a-z:/.]{0,6}\"?,? ?){0,120}")),
        write in option::of(text("uri=\"?http://acs.amazonaws.com/groups/global/AllUsers\"?")),
    ) {
        let grants = [(read.as_deref(), Right::Read), (write.as_deref(), Right::Write)];
        let said = canned.is_some() || read.is_some() || write.is_some();
        match Wish::of(canned.as_deref(), &grants) {
            Ok(Wish::None) => prop_assert!(!said),
            Ok(Wish::Canned(_)) => prop_assert!(read.is_none() && write.is_none()),
            Ok(Wish::Grants(grants)) => prop_assert!((1..=100).contains(&grants.len())),
            Err(_refused) => prop_assert!(said),
        }
    }

    #[test]
    fn headers_of_retention_are_read_or_refused(
        first in asked(),
        second in asked(),
        class in text("A\\+[0-9]{1,4}[yMd]|0|-[12]"),
        stored_ms in 0..=i64::MAX,
        now_ms in 0..=i64::MAX,
    ) {
        let bucket = bucket(&class);
        let (Ok(first), Ok(second)) = (Asked::of(&first), Asked::of(&second)) else {
            return Ok(());
        };
        let Ok(present) = first.of_new(&bucket, stored_ms) else {
            return Ok(());
        };
        let changed = second.applied(&present, &bucket, Permissions::ALL, stored_ms, now_ms);
        for protection in [Some(present), changed.ok()].into_iter().flatten() {
            let (mut headers, deletable) = (HeaderMap::new(), Protection::default());
            protection.write(&mut headers, Permissions::NONE);
            prop_assert_eq!(headers.len(), 3);
            let free = protection.forbid_deleting(Deletion::plain(now_ms)).is_ok();
            prop_assert!(free || protection != deletable);
            prop_assert_eq!(free, protection.forbid_replacing(now_ms).is_ok());
        }
    }

    #[test]
    fn an_md5_in_a_header_is_sixteen_bytes(text in text("[A-Za-z0-9+/]{20,24}={0,3}")) {
        if let Ok(md5) = parse_md5(&text) {
            use base64::Engine as _;
            prop_assert_eq!(base64::engine::general_purpose::STANDARD.encode(md5), text);
        }
    }

    #[test]
    fn a_host_is_the_systems_or_a_tenants_or_nobodys(
        host in text("\\[?([a-cA-C-]{0,3}\\.){0,4}(local|Local|admin.local)(\\.)?(:[0-9a]{0,6})?"),
        domain in prop_oneof![Just("local".to_owned()), any::<String>()],
    ) {
        let parsed = Host::parse(&host, &domain);
        if let Scope::Tenant(tenant) = &parsed.scope {
            prop_assert!(!tenant.is_empty() && !tenant.contains('.'), "{}", tenant);
            prop_assert_eq!(&tenant.to_ascii_lowercase(), tenant);
        } else {
            prop_assert_eq!(parsed.bucket, None);
        }
    }

    #[test]
    fn what_stands_in_front_takes_any_request(
        range in header("bytes ?= ?[0-9]{0,4}-[0-9]{0,4}(,[0-9]-)?"),
        authorization in header("AWS[0-9-]{0,4} [ -~]{0,20}range"),
        query in "[a-zA-Z0-9&=%;+-]{0,20}(X-Amz-SignedHeaders=host;range)?",
    ) {
        let mut request = Request::builder()
            .uri(format!("/bucket/key?{query}"))
            .header("range", &range)
            .header("authorization", authorization)
            .body(Body::empty())
            .unwrap();
        let query = Query::of(&request);
        let _either = signature::check_one(&request, &query);
        let _either = signature::check(&request, &query);
        front::forget_odd_range(&mut request);
        // What is left is what was sent.
        prop_assert!(request.headers().get(RANGE).is_none_or(|left| *left == range));
    }
}
