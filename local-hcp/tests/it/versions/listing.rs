//! Listings of versions over the wire; what they hold is proved in the store, here is how it is told.

use aws_sdk_s3::{
    operation::list_object_versions::{
        ListObjectVersionsOutput, builders::ListObjectVersionsFluentBuilder,
    },
    types::{BucketVersioningStatus, Delete, EncodingType, ObjectIdentifier, ObjectVersion},
};

use super::{BUCKET, Kept, Line, Refused, line};

/// Versions and, behind them, delete markers.
pub(super) fn lines(answer: &ListObjectVersionsOutput) -> Vec<Line> {
    let versions = answer.versions().iter().map(|version| Line {
        key: version.key().unwrap().to_owned(),
        version: version.version_id().unwrap().to_owned(),
        latest: version.is_latest().unwrap(),
        marker: false,
    });
    let markers = answer.delete_markers().iter().map(|marker| Line {
        key: marker.key().unwrap().to_owned(),
        version: marker.version_id().unwrap().to_owned(),
        latest: marker.is_latest().unwrap(),
        marker: true,
    });
    versions.chain(markers).collect()
}

fn prefixes(answer: &ListObjectVersionsOutput) -> Vec<&str> {
    let prefixes = answer.common_prefixes().iter();
    prefixes.filter_map(|prefix| prefix.prefix()).collect()
}

fn list(kept: &Kept) -> ListObjectVersionsFluentBuilder {
    kept.client.list_object_versions().bucket(BUCKET)
}

/// Follows the markers to the end; each page apart.
async fn pages(
    kept: &Kept,
    size: i32,
    change: impl Fn(ListObjectVersionsFluentBuilder) -> ListObjectVersionsFluentBuilder,
) -> Vec<ListObjectVersionsOutput> {
    let (mut all, mut key, mut version) = (Vec::new(), None, None);
    loop {
        let page = change(list(kept))
            .max_keys(size)
            .set_key_marker(key)
            .set_version_id_marker(version)
            .send()
            .await
            .unwrap();
        key = page.next_key_marker().map(str::to_owned);
        version = page.next_version_id_marker().map(str::to_owned);
        let more = page.is_truncated().unwrap();
        assert_eq!(more, key.is_some(), "{page:?}");
        all.push(page);
        assert!(all.len() < 100, "the listing does not end");
        if !more {
            return all;
        }
    }
}

/// `a`: null, two numbers, a marker upon them; `b/c`, `b/d`: one version; `é x`: one, then null.
async fn filled() -> (Kept, Vec<Line>) {
    let kept = Kept::never().await;
    kept.try_put("a", "0").await;
    kept.set(BucketVersioningStatus::Enabled).await;
    let one = kept.put("a", "1").await;
    let two = kept.put("a", "2").await;
    let hidden = kept.hide("a").await;
    let c = kept.put("b/c", "c").await;
    let d = kept.put("b/d", "d").await;
    let number = kept.put("é x", "1").await;
    kept.set(BucketVersioningStatus::Suspended).await;
    kept.put("é x", "2").await;
    let lines = vec![
        line("a", &hidden, true, true),
        line("a", &two, false, false),
        line("a", &one, false, false),
        line("a", "null", false, false),
        line("b/c", &c, true, false),
        line("b/d", &d, true, false),
        line("é x", "null", true, false),
        line("é x", &number, false, false),
    ];
    (kept, lines)
}

#[tokio::test]
async fn pages_of_every_size_hold_each_version_once_in_order() {
    let (kept, expected) = filled().await;
    for size in 1_u8..=9 {
        let pages = pages(&kept, size.into(), |list| list).await;
        assert_eq!(pages.len(), expected.len().div_ceil(size.into()), "{size}");
        let mut listed = Vec::new();
        for page in &pages {
            let mut lines = lines(page);
            assert_eq!(page.max_keys(), Some(size.into()));
            // The marker `a` begins with is the only one: before the versions of its page.
            lines.sort_by_key(|line| !line.marker);
            listed.append(&mut lines);
        }
        assert_eq!(listed, expected, "{size}");
    }
}

#[tokio::test]
async fn a_listing_begins_behind_the_key_or_behind_its_version() {
    let (kept, expected) = filled().await;
    let behind = |key: &str, version: Option<&str>| {
        let list = list(&kept).key_marker(key);
        let list = list
            .set_version_id_marker(version.map(str::to_owned))
            .send();
        async { lines(&list.await.unwrap()) }
    };
    assert_eq!(behind("a", None).await, expected[4..]);
    for at in 0..expected.len() {
        let line = &expected[at];
        let found = behind(&line.key, Some(&line.version)).await;
        assert_eq!(found, expected[at + 1..], "{line:?}");
    }
    // Versions that the key does not have: those behind where they would be.
    assert_eq!(behind("a", Some("0")).await, expected[4..]);
    assert_eq!(behind("b/c", Some("null")).await, expected[5..]);
    // A key that is not there, or lies outside of the prefix.
    assert_eq!(
        behind("aa", Some(&expected[0].version)).await,
        expected[4..]
    );
    let outside = list(&kept).prefix("a").key_marker("b/c");
    let outside = outside.version_id_marker(&expected[5].version);
    assert_eq!(lines(&outside.send().await.unwrap()), []);
}

#[tokio::test]
async fn a_page_may_have_no_keys_and_never_more_than_a_thousand() {
    let (kept, expected) = filled().await;
    let none = list(&kept).max_keys(0).send().await.unwrap();
    assert_eq!((none.is_truncated(), lines(&none)), (Some(false), vec![]));
    for (asked, given) in [(1_000, 1_000), (1_001, 1_000), (i32::MAX, 1_000)] {
        let all = list(&kept).max_keys(asked).send().await.unwrap();
        assert_eq!(all.max_keys(), Some(given));
        assert_eq!(lines(&all).len(), expected.len());
    }
    let negative = list(&kept).max_keys(-1).send().await.unwrap_err();
    assert_eq!(
        Refused::of(negative),
        Refused::plain(400, "InvalidArgument")
    );
}

#[tokio::test]
async fn of_more_than_a_thousand_the_rest_comes_with_the_next_page() {
    let kept = Kept::enabled().await;
    let key = |n: u32| format!("key-{n:04}");
    // Deleting what never was is the cheapest way to many entries.
    for keys in [0..1_000, 1_000..1_001] {
        let targets = keys.map(|n| ObjectIdentifier::builder().key(key(n)).build().unwrap());
        let delete = Delete::builder()
            .set_objects(Some(targets.collect()))
            .quiet(true);
        let answer = kept.client.delete_objects().bucket(BUCKET);
        let answer = answer.delete(delete.build().unwrap()).send().await.unwrap();
        assert!(answer.deleted().is_empty() && answer.errors().is_empty());
    }
    let pages = pages(&kept, 5_000, |list| list).await;
    let listed: Vec<Vec<Line>> = pages.iter().map(lines).collect();
    assert_eq!(listed.iter().map(Vec::len).collect::<Vec<_>>(), [1_000, 1]);
    assert_eq!(listed[1][0].key, key(1_000));
}

#[tokio::test]
async fn keys_with_a_delimiter_are_rolled_up_and_count_as_one() {
    let (kept, expected) = filled().await;
    let pages = pages(&kept, 1, |list| list.delimiter("/")).await;
    let rolled: Vec<_> = pages
        .iter()
        .filter(|page| !prefixes(page).is_empty())
        .collect();
    let [rolled] = rolled[..] else {
        panic!("one page has a prefix: {pages:?}");
    };
    assert_eq!((prefixes(rolled), lines(rolled)), (vec!["b/"], vec![]));
    assert_eq!(rolled.next_key_marker(), Some("b/"));
    assert_eq!(rolled.next_version_id_marker(), None);
    assert_eq!(pages.len(), expected.len() - 1);
    let below = list(&kept)
        .prefix("b/")
        .delimiter("/")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (prefixes(&below), lines(&below)),
        (vec![], expected[4..6].to_vec())
    );
    let hidden = list(&kept).prefix("a").send().await.unwrap();
    assert_eq!(lines(&hidden).len(), 4);
}

#[tokio::test]
async fn names_can_be_asked_for_in_url_encoding() {
    let (kept, _) = filled().await;
    let page = list(&kept)
        .encoding_type(EncodingType::Url)
        .prefix("é ")
        .key_marker("é")
        .delimiter("+")
        .max_keys(1)
        .send()
        .await
        .unwrap();
    assert_eq!(page.versions()[0].key(), Some("%C3%A9%20x"));
    assert_eq!(page.next_key_marker(), Some("%C3%A9%20x"));
    assert_eq!(page.prefix(), Some("%C3%A9%20"));
    assert_eq!(page.key_marker(), Some("%C3%A9"));
    assert_eq!(page.delimiter(), Some("%2B"));
    assert_eq!(page.encoding_type(), Some(&EncodingType::Url));
    let odd = list(&kept).encoding_type(EncodingType::from("base64"));
    let odd = Refused::of(odd.send().await.unwrap_err());
    assert_eq!(odd, Refused::plain(400, "InvalidArgument"));
}

#[tokio::test]
async fn a_version_as_marker_needs_its_key_and_a_name() {
    let (kept, expected) = filled().await;
    let invalid = Refused::plain(400, "InvalidArgument");
    let version = &expected[1].version;
    let alone = list(&kept).version_id_marker(version).send().await;
    assert_eq!(Refused::of(alone.unwrap_err()), invalid);
    let empty = list(&kept).key_marker("").version_id_marker(version);
    assert_eq!(Refused::of(empty.send().await.unwrap_err()), invalid);
    let odd = list(&kept).key_marker("a").version_id_marker("-1");
    assert_eq!(Refused::of(odd.send().await.unwrap_err()), invalid);
}

#[tokio::test]
async fn an_entry_tells_size_owner_and_etag_of_its_own_version() {
    let kept = Kept::enabled().await;
    kept.put("a", "one").await;
    kept.put("a", "three").await;
    kept.hide("a").await;
    let answer = list(&kept).send().await.unwrap();
    let sizes: Vec<_> = answer.versions().iter().map(ObjectVersion::size).collect();
    assert_eq!(sizes, [Some(5), Some(3)]);
    let [new, old] = answer.versions() else {
        panic!("two versions: {answer:?}");
    };
    assert_ne!(new.e_tag(), old.e_tag());
    assert_eq!(old.e_tag(), Some("\"f97c5d29941bfb1b2fdab0874906ab82\""));
    let [marker] = answer.delete_markers() else {
        panic!("one marker: {answer:?}");
    };
    for owner in [new.owner(), old.owner(), marker.owner()] {
        assert_eq!(owner.unwrap().display_name(), Some("demo"));
    }
    assert!(marker.last_modified() >= new.last_modified());
}
