use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::btree_map, prelude::*, sample::select, test_runner::TestRunner};

use super::{Case, World, rolled_up};
use crate::{
    profile::Profile,
    store::{
        buckets::Versioning,
        listing::{self, Entry, Query},
    },
};

/// What happened to a key before it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    Written,
    /// Written twice, both versions kept.
    Rewritten,
    /// Written, and hidden by a delete marker.
    Hidden,
}

/// Letters in which names are alike: one, two, three and four bytes long, the last of all among
/// them, and what delimiters are made of.
pub(super) const NAME: &str = "[ab/é日\u{10FFFF}-]{1,6}";

pub(super) fn delimiter() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "/",
        "/",
        "a",
        "é",
        "\u{10FFFF}",
        "-/",
        "/a",
        "aa",
        "//",
        "ab/",
        "not-there",
    ])
}

/// Keys, and queries whose prefix and marker are parts of keys, whole keys, or neither.
fn cases() -> impl Strategy<Value = (BTreeMap<String, Past>, Vec<Query>)> {
    let past = select(vec![
        Past::Written,
        Past::Written,
        Past::Rewritten,
        Past::Hidden,
    ]);
    btree_map(NAME, past, 0..24).prop_flat_map(|keys| {
        let names: Vec<String> = keys.keys().cloned().collect();
        (Just(keys), prop::collection::vec(query(names), 4))
    })
}

pub(super) fn query(names: Vec<String>) -> impl Strategy<Value = Query> {
    let name = |names: Vec<String>| {
        (
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
            0..4,
            "[ab/é-]{0,3}",
        )
            .prop_map(move |(which, cut, kind, other)| {
                let Some(key) = (!names.is_empty()).then(|| which.get(&names)) else {
                    return other;
                };
                let ends: Vec<usize> = key.char_indices().map(|(at, _)| at).collect();
                match kind {
                    0 => String::new(),
                    1 => other,
                    2 => key.clone(),
                    _ => key[..*cut.get(&ends)].to_owned(),
                }
            })
    };
    (name(names.clone()), delimiter(), name(names)).prop_map(|(prefix, delimiter, after)| Query {
        prefix,
        delimiter: delimiter.to_owned(),
        after,
        limit: usize::MAX,
    })
}

pub(super) fn tell(case: &Case<'_>, keys: &BTreeMap<String, Past>) {
    let habits = Profile::Standard.habits();
    for (key, past) in keys {
        let put = || {
            case.put(Versioning::Enabled, key, key.len(), &habits, 0)
                .unwrap()
        };
        put();
        match past {
            Past::Written => {}
            Past::Rewritten => {
                put();
            }
            Past::Hidden => {
                case.delete(Versioning::Enabled, key, &habits, 0).unwrap();
            }
        }
    }
}

/// What a listing must give: everything is looked at. True: a prefix.
fn model(keys: &BTreeMap<String, Past>, query: &Query) -> Vec<(String, bool)> {
    let mut entries = BTreeSet::new();
    for (key, past) in keys {
        if *past == Past::Hidden || !key.starts_with(&query.prefix) {
            continue;
        }
        let rolled = rolled_up(key, &query.prefix, &query.delimiter);
        let entry = rolled.unwrap_or(key);
        if query.after.is_empty() || entry > query.after.as_str() {
            entries.insert((entry.to_owned(), rolled.is_some()));
        }
    }
    entries.into_iter().collect()
}

/// A page: its entries, and whether there are more. Each key must come with its own size.
fn page(case: &Case<'_>, query: &Query, after: &str, limit: usize) -> (Vec<(String, bool)>, bool) {
    let query = Query {
        after: after.to_owned(),
        limit,
        ..query.clone()
    };
    let page = listing::list(&case.0, case.bucket().id, &query).unwrap();
    let entries = page.entries.into_iter().map(|entry| match entry {
        Entry::Object { key, size, .. } => {
            assert_eq!(size, key.len() as u64);
            (key, false)
        }
        Entry::Prefix(prefix) => (prefix, true),
    });
    (entries.collect(), page.truncated)
}

#[test]
fn a_listing_is_what_the_model_says_from_every_entry_on_and_in_pages_of_every_size() {
    let world = World::open();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
    runner
        .run(&cases(), |(keys, queries)| {
            let case = world.case();
            tell(&case, &keys);
            for query in &queries {
                let expected = model(&keys, query);
                let whole = page(&case, query, &query.after, usize::MAX);
                prop_assert_eq!(&whole, &(expected.clone(), false), "{:?}", query);
                for (at, (name, _)) in expected.iter().enumerate() {
                    let (rest, _) = page(&case, query, name, usize::MAX);
                    prop_assert_eq!(
                        &rest[..],
                        &expected[at + 1..],
                        "behind {} {:?}",
                        name,
                        query
                    );
                }
                for size in 1..=expected.len() + 1 {
                    let (mut listed, mut after) = (Vec::new(), query.after.clone());
                    loop {
                        let (mut entries, truncated) = page(&case, query, &after, size);
                        listed.append(&mut entries);
                        prop_assert_eq!(truncated, listed.len() < expected.len());
                        if !truncated {
                            break;
                        }
                        prop_assert_eq!(listed.len() % size, 0, "only the last may be short");
                        after.clone_from(&listed.last().unwrap().0);
                    }
                    prop_assert_eq!(&listed, &expected, "pages of {} {:?}", size, query);
                }
                prop_assert_eq!(page(&case, query, "", 0), (Vec::new(), false));
            }
            Ok(())
        })
        .unwrap();
}
