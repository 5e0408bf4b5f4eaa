use std::{cell::Cell, collections::BTreeSet};

use aws_sdk_s3::{Client, types::EncodingType};
use futures::future::join_all;
use proptest::{collection::btree_set, prelude::*, test_runner::TestRunner};
use tokio::runtime::Runtime;

use crate::fixture::{Fixture, put, refusal};

/// What a listing must give, in the plainest way: everything is looked at.
fn model(keys: &BTreeSet<String>, prefix: &str, delimiter: &str, after: &str) -> Vec<String> {
    let mut entries = BTreeSet::new();
    for key in keys.iter().filter(|key| key.starts_with(prefix)) {
        let rest = &key[prefix.len()..];
        let entry = match rest.find(delimiter) {
            Some(at) if !delimiter.is_empty() => &key[..prefix.len() + at + delimiter.len()],
            _ => key,
        };
        if entry > after {
            entries.insert(entry.to_owned());
        }
    }
    entries.into_iter().collect()
}

/// One page of version 2: its entries, sorted, and the token for the next.
async fn page(
    client: &Client,
    bucket: &str,
    query: &Query,
    token: Option<String>,
) -> (Vec<String>, Option<String>) {
    let answer = client
        .list_objects_v2()
        .bucket(bucket)
        .prefix(&query.prefix)
        .set_delimiter(Some(query.delimiter.clone()).filter(|text| !text.is_empty()))
        .set_start_after(Some(query.after.clone()).filter(|text| !text.is_empty()))
        .max_keys(query.size)
        .set_continuation_token(token)
        .send()
        .await
        .unwrap();
    let keys = answer.contents().iter().filter_map(|object| object.key());
    let prefixes = answer
        .common_prefixes()
        .iter()
        .filter_map(|prefix| prefix.prefix());
    let mut entries: Vec<_> = keys.chain(prefixes).map(str::to_owned).collect();
    entries.sort_unstable();
    assert_eq!(answer.key_count(), i32::try_from(entries.len()).ok());
    let next = answer.next_continuation_token().map(str::to_owned);
    assert_eq!(answer.is_truncated(), Some(next.is_some()));
    (entries, next)
}

/// The same by version 1, following the markers as a client has to.
async fn pages_v1(client: &Client, bucket: &str, query: &Query) -> Vec<String> {
    let (mut all, mut marker) = (Vec::new(), query.after.clone());
    loop {
        let answer = client
            .list_objects()
            .bucket(bucket)
            .prefix(&query.prefix)
            .set_delimiter(Some(query.delimiter.clone()).filter(|text| !text.is_empty()))
            .marker(&marker)
            .max_keys(query.size)
            .send()
            .await
            .unwrap();
        let keys = answer.contents().iter().filter_map(|object| object.key());
        let prefixes = answer
            .common_prefixes()
            .iter()
            .filter_map(|prefix| prefix.prefix());
        let mut entries: Vec<_> = keys.chain(prefixes).map(str::to_owned).collect();
        entries.sort_unstable();
        let last = entries.last().cloned();
        all.append(&mut entries);
        if answer.is_truncated() != Some(true) {
            return all;
        }
        marker = answer.next_marker().map(str::to_owned).or(last).unwrap();
    }
}

#[derive(Clone, Debug)]
struct Query {
    prefix: String,
    delimiter: String,
    after: String,
    size: i32,
}

fn query() -> impl Strategy<Value = Query> {
    ("[ab/å-]{0,3}", "|/|a|-/|/a", "[ab/å-]{0,4}", 1..6).prop_map(
        |(prefix, delimiter, after, size)| Query {
            prefix,
            delimiter,
            after,
            size,
        },
    )
}

#[test]
fn paging_yields_exactly_what_the_model_yields() {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(Fixture::start());
    let buckets = Cell::new(0);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let cases = (
        btree_set("[ab/å-]{1,6}", 0..24),
        prop::collection::vec(query(), 6),
    );
    runner
        .run(&cases, |(keys, queries)| {
            buckets.set(buckets.get() + 1);
            let name = format!("case-{}", buckets.get());
            runtime.block_on(async {
                let client = store.bucket(&name).await;
                join_all(keys.iter().map(|key| put(&client, &name, key, ""))).await;
                for query in queries {
                    let expected = model(&keys, &query.prefix, &query.delimiter, &query.after);
                    let (mut listed, mut token) = page(&client, &name, &query, None).await;
                    while let Some(next) = token {
                        let size = usize::try_from(query.size).unwrap();
                        prop_assert_eq!(listed.len() % size, 0, "full pages but the last");
                        let (mut entries, next) = page(&client, &name, &query, Some(next)).await;
                        prop_assert!(!entries.is_empty());
                        listed.append(&mut entries);
                        token = next;
                    }
                    prop_assert_eq!(&listed, &expected, "{:?}", query);
                    prop_assert_eq!(pages_v1(&client, &name, &query).await, expected);
                }
                Ok(())
            })
        })
        .unwrap();
}

#[tokio::test]
async fn page_sizes_have_edges() {
    let store = Fixture::start().await;
    let client = store.bucket("edges").await;
    put(&client, "edges", "a", "x").await;
    let list = |size| {
        client
            .list_objects_v2()
            .bucket("edges")
            .max_keys(size)
            .send()
    };
    let none = list(0).await.unwrap();
    assert_eq!(
        (none.key_count(), none.is_truncated()),
        (Some(0), Some(false))
    );
    let capped = list(5_000).await.unwrap();
    assert_eq!(capped.max_keys(), Some(1_000));
    assert_eq!(
        refusal(list(-1).await.unwrap_err()),
        (400, "InvalidArgument".to_owned())
    );
    let token = client
        .list_objects_v2()
        .bucket("edges")
        .continuation_token("???")
        .send()
        .await;
    assert_eq!(
        refusal(token.unwrap_err()),
        (400, "InvalidArgument".to_owned())
    );
}

#[tokio::test]
async fn names_can_be_asked_for_in_url_encoding() {
    let store = Fixture::start().await;
    let client = store.bucket("encoded").await;
    put(&client, "encoded", "a b/c+d%\u{1}", "x").await;
    let listed = client
        .list_objects_v2()
        .bucket("encoded")
        .encoding_type(EncodingType::Url)
        .prefix("a b/")
        .fetch_owner(true)
        .send()
        .await
        .unwrap();
    assert_eq!(listed.prefix(), Some("a%20b/"));
    let object = &listed.contents()[0];
    assert_eq!(object.key(), Some("a%20b/c%2Bd%25%01"));
    assert_eq!(object.owner().unwrap().display_name(), Some("demo"));
}
