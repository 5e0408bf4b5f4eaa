use aws_sdk_s3::{
    Client,
    types::{Tag, Tagging, TaggingDirective},
};

use crate::fixture::{Fixture, put, refusal};

fn tagging(pairs: &[(&str, &str)]) -> Tagging {
    let tags = pairs
        .iter()
        .map(|(key, value)| Tag::builder().key(*key).value(*value).build().unwrap());
    Tagging::builder()
        .set_tag_set(Some(tags.collect()))
        .build()
        .unwrap()
}

async fn tags(client: &Client, key: &str) -> Vec<(String, String)> {
    let shown = client.get_object_tagging().bucket("tagged").key(key);
    let shown = shown.send().await.unwrap();
    let pair = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
    shown.tag_set().iter().map(pair).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn tags_come_with_the_object_or_later_and_go_again() {
    let store = Fixture::start().await;
    let client = store.bucket("tagged").await;
    client
        .put_object()
        .bucket("tagged")
        .key("a")
        .tagging("project=caf%C3%A9%20one&stage=raw")
        .send()
        .await
        .unwrap();
    let first = [("project", "café one"), ("stage", "raw")];
    assert_eq!(tags(&client, "a").await, pairs(&first));
    let read = client.get_object().bucket("tagged").key("a").send().await;
    assert_eq!(read.unwrap().tag_count(), Some(2));

    let set = client.put_object_tagging().bucket("tagged").key("a");
    set.tagging(tagging(&[("stage", "final")]))
        .send()
        .await
        .unwrap();
    assert_eq!(tags(&client, "a").await, pairs(&[("stage", "final")]));
    let gone = client.delete_object_tagging().bucket("tagged").key("a");
    gone.send().await.unwrap();
    assert_eq!(tags(&client, "a").await, []);
}

#[tokio::test]
async fn a_copy_keeps_the_tags_unless_it_brings_others() {
    let store = Fixture::start().await;
    let client = store.bucket("tagged").await;
    let stored = client.put_object().bucket("tagged").key("a");
    stored.tagging("a=1").send().await.unwrap();
    let copy = |key: &str| {
        let copy = client.copy_object().bucket("tagged").key(key);
        copy.copy_source("tagged/a")
    };
    copy("b").send().await.unwrap();
    assert_eq!(tags(&client, "b").await, pairs(&[("a", "1")]));
    let replaced = copy("c").tagging_directive(TaggingDirective::Replace);
    replaced.tagging("b=2").send().await.unwrap();
    assert_eq!(tags(&client, "c").await, pairs(&[("b", "2")]));
    // Onto itself, other tags are change enough.
    let replaced = copy("a").tagging_directive(TaggingDirective::Replace);
    replaced.tagging("c=3").send().await.unwrap();
    assert_eq!(tags(&client, "a").await, pairs(&[("c", "3")]));
}

#[tokio::test]
async fn tags_that_s3_does_not_take_are_refused() {
    let store = Fixture::start().await;
    let client = store.bucket("tagged").await;
    put(&client, "tagged", "a", "x").await;
    let long = "x".repeat(257);
    let eleven: Vec<String> = (0..11).map(|number| format!("k{number}")).collect();
    let eleven: Vec<(&str, &str)> = eleven.iter().map(|key| (key.as_str(), "v")).collect();
    let invalid = (400, "InvalidTag".to_owned());
    for bad in [
        &[("", "v")][..],
        &[("aws:x", "v")],
        &[("k", long.as_str())],
        &[("k", "1"), ("k", "2")],
        &[("k", "\u{1}")],
        &eleven,
    ] {
        let refused = client.put_object_tagging().bucket("tagged").key("a");
        let refused = refused.tagging(tagging(bad)).send().await;
        assert_eq!(refusal(refused.unwrap_err()), invalid, "{bad:?}");
    }
    let refused = client.put_object().bucket("tagged").key("b");
    let refused = refused.tagging("k=1&k=2").send().await;
    assert_eq!(refusal(refused.unwrap_err()), invalid);
    let absent = client.get_object_tagging().bucket("tagged").key("b");
    let absent = absent.send().await.unwrap_err();
    assert_eq!(refusal(absent), (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn buckets_have_tags_of_their_own() {
    let store = Fixture::start().await;
    let client = store.bucket("tagged").await;
    let show = || client.get_bucket_tagging().bucket("tagged").send();
    let none = (404, "NoSuchTagSet".to_owned());
    assert_eq!(refusal(show().await.unwrap_err()), none);
    let set = client.put_bucket_tagging().bucket("tagged");
    set.tagging(tagging(&[("cost", "42")]))
        .send()
        .await
        .unwrap();
    let shown = show().await.unwrap();
    let [tag] = shown.tag_set() else {
        panic!("{shown:?}")
    };
    assert_eq!((tag.key(), tag.value()), ("cost", "42"));
    let gone = client.delete_bucket_tagging().bucket("tagged");
    gone.send().await.unwrap();
    assert_eq!(refusal(show().await.unwrap_err()), none);
}
