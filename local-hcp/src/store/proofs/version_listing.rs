use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};

use super::{
    Case, World,
    listing::{NAME, query},
    rolled_up,
};
use crate::{
    profile::Profile,
    store::{
        buckets::Versioning,
        listing::Query,
        objects::Version,
        version_listing::{self, Entry},
        versions::Named,
    },
};

/// One thing that is done to a key.
#[derive(Clone, Copy, Debug)]
enum Step {
    Put,
    /// A version that is called `null`.
    PutNull,
    Delete,
}

/// What a test compares of an entry: key, number, `null`, marker, newest; or a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Version(String, i64, bool, bool, bool),
    Prefix(String),
}

type Stacks = BTreeMap<String, Vec<(Named, bool)>>;

type Cases = (Vec<(String, Step)>, Vec<(Query, Option<Marker>)>);

/// Which version of the marker's key is named.
#[derive(Clone, Copy, Debug)]
enum Marker {
    Null,
    /// The number of one of the key's versions, and so much more.
    Near(prop::sample::Index, i64),
}

fn cases() -> impl Strategy<Value = Cases> {
    let step = select(vec![Step::Put, Step::Put, Step::PutNull, Step::Delete]);
    let marker = prop_oneof![
        Just(None),
        Just(Some(Marker::Null)),
        (any::<prop::sample::Index>(), -1_i64..=1)
            .prop_map(|(which, more)| Some(Marker::Near(which, more))),
    ];
    vec(NAME, 1..8)
        .prop_flat_map(move |names| vec((select(names), step.clone()), 0..24))
        .prop_flat_map(move |steps| {
            let names = steps.iter().map(|(name, _)| name.clone()).collect();
            (Just(steps), vec((query(names), marker.clone()), 6))
        })
}

/// Does it, and keeps what each key then has, the oldest version first.
fn tell(case: &Case<'_>, steps: &[(String, Step)]) -> Stacks {
    let habits = Profile::Standard.habits();
    let mut stacks = Stacks::new();
    for (key, step) in steps {
        let stack = stacks.entry(key.clone()).or_default();
        let version = match step {
            Step::Put => case.put(Versioning::Enabled, key, 1, &habits, 0).unwrap(),
            Step::PutNull => {
                stack.retain(|(version, _)| !version.is_null);
                case.put(Versioning::Suspended, key, 1, &habits, 0).unwrap()
            }
            Step::Delete => {
                let deleted = case.delete(Versioning::Enabled, key, &habits, 0).unwrap();
                deleted.version.unwrap()
            }
        };
        stack.push((version, matches!(step, Step::Delete)));
    }
    stacks
}

/// What a listing must give: everything is looked at.
fn model(stacks: &Stacks, query: &Query, after: Option<Version>, newest_first: bool) -> Vec<Told> {
    let from_beginning = query.after.is_empty();
    let mut told = Vec::new();
    for (key, stack) in stacks {
        if !key.starts_with(&query.prefix) {
            continue;
        }
        if let Some(prefix) = rolled_up(key, &query.prefix, &query.delimiter) {
            let entry = Told::Prefix(prefix.to_owned());
            if (from_beginning || prefix > query.after.as_str()) && told.last() != Some(&entry) {
                told.push(entry);
            }
            continue;
        }
        let number = match after {
            Some(Version::Number(number)) => Some(number),
            Some(Version::Null) => stack
                .iter()
                .find(|(version, _)| version.is_null)
                .map(|(version, _)| version.id),
            None => None,
        };
        let newest = stack.len() - 1;
        let mut versions: Vec<_> = stack.iter().enumerate().collect();
        if newest_first {
            versions.reverse();
        }
        for (at, (version, marker)) in versions {
            let behind = number.is_some_and(|number| {
                if newest_first {
                    version.id < number
                } else {
                    version.id > number
                }
            });
            if from_beginning || *key > query.after || (*key == query.after && behind) {
                told.push(Told::Version(
                    key.clone(),
                    version.id,
                    version.is_null,
                    *marker,
                    at == newest,
                ));
            }
        }
    }
    told
}

fn page(
    case: &Case<'_>,
    query: &Query,
    after: Option<Version>,
    newest_first: bool,
) -> (Vec<Told>, bool) {
    let bucket = case.bucket().id;
    let page = version_listing::list(&case.0, bucket, query, after, newest_first).unwrap();
    let told = page.entries.into_iter().map(|entry| match entry {
        Entry::Prefix(prefix) => Told::Prefix(prefix),
        Entry::Version(one) => {
            assert_eq!(one.size, u64::from(!one.is_marker));
            Told::Version(one.key, one.id, one.is_null, one.is_marker, one.is_latest)
        }
    });
    (told.collect(), page.truncated)
}

/// The markers with which a client asks for what comes behind an entry.
fn behind(entry: &Told) -> (String, Option<Version>) {
    match entry {
        Told::Version(key, id, ..) => (key.clone(), Some(Version::Number(*id))),
        Told::Prefix(prefix) => (prefix.clone(), None),
    }
}

fn check(
    case: &Case<'_>,
    stacks: &Stacks,
    query: &Query,
    marker: Option<Version>,
    newest_first: bool,
) -> Result<(), TestCaseError> {
    let expected = model(stacks, query, marker, newest_first);
    let whole = page(case, query, marker, newest_first);
    prop_assert_eq!(
        &whole,
        &(expected.clone(), false),
        "{:?} {:?}",
        query,
        marker
    );
    for (at, entry) in expected.iter().enumerate() {
        let (after, version) = behind(entry);
        let query = Query {
            after,
            ..query.clone()
        };
        let (rest, _) = page(case, &query, version, newest_first);
        prop_assert_eq!(
            &rest[..],
            &expected[at + 1..],
            "behind {:?} {:?}",
            entry,
            query
        );
        if matches!(entry, Told::Version(_, _, true, ..)) {
            let (rest, _) = page(case, &query, Some(Version::Null), newest_first);
            prop_assert_eq!(&rest[..], &expected[at + 1..], "behind `null` {:?}", query);
        }
    }
    for limit in 1..=expected.len() + 1 {
        let mut listed = Vec::new();
        let (mut after, mut version) = (query.after.clone(), marker);
        loop {
            let query = Query {
                after,
                limit,
                ..query.clone()
            };
            let (mut entries, truncated) = page(case, &query, version, newest_first);
            listed.append(&mut entries);
            prop_assert_eq!(truncated, listed.len() < expected.len());
            if !truncated {
                break;
            }
            prop_assert_eq!(listed.len() % limit, 0, "only the last may be short");
            (after, version) = behind(listed.last().unwrap());
        }
        prop_assert_eq!(&listed, &expected, "pages of {} {:?}", limit, query);
    }
    Ok(())
}

#[test]
fn a_listing_of_versions_is_what_the_model_says_from_every_entry_on_and_in_pages_of_every_size() {
    let world = World::open();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(60));
    runner
        .run(&cases(), |(steps, queries)| {
            let case = world.case();
            let stacks = tell(&case, &steps);
            for (query, marker) in &queries {
                let marker = match marker {
                    // The protocol refuses a version without a key.
                    _ if query.after.is_empty() => None,
                    None => None,
                    Some(Marker::Null) => Some(Version::Null),
                    Some(Marker::Near(which, more)) => {
                        let number = match stacks.get(&query.after) {
                            Some(stack) => which.get(stack).0.id,
                            None => 5,
                        };
                        Some(Version::Number(number + more))
                    }
                };
                check(&case, &stacks, query, marker, true)?;
                check(&case, &stacks, query, marker, false)?;
            }
            Ok(())
        })
        .unwrap();
}
