use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};

use super::{Case, OWNER, World};
use crate::{
    Error,
    profile::{Habits, Profile},
    protection::Deletion,
    store::{
        audit,
        buckets::{self, Usage, Versioning},
        listing::{self, Query},
        objects::{self, NewObject, Version},
        version_listing::{self, Entry},
        versions::{self, Deleted, Named},
    },
};

#[derive(Clone, Debug)]
enum Step {
    Put(&'static str, usize),
    /// From a version of the first key to the second.
    Copy(&'static str, Which, &'static str),
    Delete(&'static str),
    DeleteVersion(&'static str, Which),
    /// Enables or suspends versioning.
    Keep(bool),
}

/// How a version is named.
#[derive(Clone, Debug)]
enum Which {
    Null,
    /// One of those that are there.
    One(prop::sample::Index),
    Absent,
}

fn steps(keys: &[&'static str]) -> impl Strategy<Value = Vec<(Step, i64)>> {
    let key = select(keys.to_vec());
    let which = prop_oneof![
        1 => Just(Which::Null),
        3 => any::<prop::sample::Index>().prop_map(Which::One),
        1 => Just(Which::Absent),
    ];
    let step = prop_oneof![
        4 => (key.clone(), 0_usize..3).prop_map(|(key, size)| Step::Put(key, size)),
        1 => (key.clone(), which.clone(), key.clone())
            .prop_map(|(from, which, to)| Step::Copy(from, which, to)),
        3 => key.clone().prop_map(Step::Delete),
        3 => (key, which).prop_map(|(key, which)| Step::DeleteVersion(key, which)),
        1 => any::<bool>().prop_map(Step::Keep),
    ];
    // The clock may stand still or go back.
    vec((step, 0_i64..4), 0..30)
}

/// A version as the model keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    named: Named,
    is_marker: bool,
    size: u64,
}

/// S3's rules in the plainest way: a stack of versions for each key, the newest last.
struct Model {
    versioning: Versioning,
    stacks: BTreeMap<&'static str, Vec<Kept>>,
}

impl Model {
    fn stack(&mut self, key: &'static str) -> &mut Vec<Kept> {
        self.stacks.entry(key).or_default()
    }

    fn push(&mut self, key: &'static str, id: i64, is_marker: bool, size: u64) -> Named {
        let is_null = self.versioning != Versioning::Enabled;
        let stack = self.stack(key);
        if is_null {
            stack.retain(|kept| !kept.named.is_null);
        }
        let named = Named { id, is_null };
        stack.push(Kept {
            named,
            is_marker,
            size,
        });
        named
    }

    fn named(&mut self, key: &'static str, which: &Which) -> Version {
        let stack = self.stack(key);
        match which {
            Which::Null => Version::Null,
            Which::One(which) if !stack.is_empty() => {
                let named = which.get(stack).named;
                if named.is_null {
                    Version::Null
                } else {
                    Version::Number(named.id)
                }
            }
            Which::One(_) | Which::Absent => Version::Number(i64::MAX),
        }
    }

    fn find(&mut self, key: &'static str, version: Version) -> Option<usize> {
        self.stack(key).iter().position(|kept| match version {
            Version::Null => kept.named.is_null,
            Version::Number(id) => kept.named.id == id,
        })
    }

    fn usage(&self) -> Usage {
        let versions = || {
            self.stacks
                .values()
                .flatten()
                .filter(|kept| !kept.is_marker)
        };
        let shows = |stack: &&Vec<Kept>| stack.last().is_some_and(|newest| !newest.is_marker);
        Usage {
            objects: self.stacks.values().filter(shows).count() as u64,
            versions: versions().count() as u64,
            bytes: versions().map(|kept| kept.size).sum(),
        }
    }
}

/// Copies a version, as the copy of an object does.
fn copy(
    case: &Case<'_>,
    from: (&str, Version),
    to: &str,
    habits: &Habits,
    now_ms: i64,
) -> Result<Named, Error> {
    let bucket = case.bucket();
    case.write(|write| {
        let source = objects::find(write.connection, &bucket, from.0, Some(from.1))?;
        let new = NewObject {
            key: to,
            owner_id: OWNER,
            etag: &source.etag,
            modified_ms: now_ms,
            attributes: &source.attributes,
            checksums: &source.checksums,
            blobs: &objects::blobs_of(write.connection, source.id)?,
            plain: None,
            annotations_of: Some(source.id),
        };
        versions::put(write, &bucket, &new, habits)
    })
}

/// Does a step and demands the outcome that S3's rules give it.
fn follow(case: &Case<'_>, model: &mut Model, step: &Step, now_ms: i64) {
    let habits = Profile::Standard.habits();
    let versioning = model.versioning;
    match step {
        Step::Put(key, size) => {
            let put = case.put(versioning, key, *size, &habits, now_ms).unwrap();
            let named = model.push(key, put.id, false, *size as u64);
            assert_eq!(put, named);
        }
        Step::Copy(from, which, to) => {
            let version = model.named(from, which);
            let copied = copy(case, (from, version), to, &habits, now_ms);
            match model
                .find(from, version)
                .map(|at| model.stack(from)[at].clone())
            {
                None => assert!(matches!(copied, Err(Error::NoSuchVersion))),
                Some(kept) if kept.is_marker => {
                    assert!(matches!(copied, Err(Error::MarkerNamed)));
                }
                Some(kept) => {
                    let copied = copied.unwrap();
                    assert_eq!(copied, model.push(to, copied.id, false, kept.size));
                }
            }
        }
        Step::Delete(key) => {
            let deleted = case.delete(versioning, key, &habits, now_ms).unwrap();
            if versioning == Versioning::Never {
                model.stack(key).clear();
                assert_eq!(deleted, Deleted::default());
            } else {
                let id = deleted.version.unwrap().id;
                let version = Some(model.push(key, id, true, 0));
                let marker = true;
                assert_eq!(deleted, Deleted { version, marker });
            }
        }
        Step::DeleteVersion(key, which) => {
            let version = model.named(key, which);
            let bucket = case.bucket();
            let deleted = case
                .write(|write| {
                    let deletion = Deletion::plain(now_ms);
                    versions::delete_version(write, &bucket, key, version, deletion)
                })
                .unwrap();
            let expected = match model.find(key, version) {
                None => Deleted::default(),
                Some(at) => {
                    let kept = model.stack(key).remove(at);
                    Deleted {
                        version: Some(kept.named),
                        marker: kept.is_marker,
                    }
                }
            };
            assert_eq!(deleted, expected);
        }
        Step::Keep(enabled) => {
            let bucket = case.bucket();
            buckets::set_versioning(&case.0, bucket.id, *enabled).unwrap();
            model.versioning = if *enabled {
                Versioning::Enabled
            } else {
                Versioning::Suspended
            };
        }
    }
}

/// Compares everything that can be seen of the bucket.
fn compare(case: &Case<'_>, model: &Model) {
    let bucket = case.bucket();
    assert_eq!(bucket.versioning, model.versioning);
    let all = Query {
        limit: usize::MAX,
        ..Query::default()
    };
    let mut listed: BTreeMap<String, Vec<Kept>> = BTreeMap::new();
    let page = version_listing::list(&case.0, bucket.id, &all, None, false).unwrap();
    for entry in page.entries {
        let Entry::Version(one) = entry else {
            panic!("nothing was to be rolled up");
        };
        listed.entry(one.key).or_default().push(Kept {
            named: Named {
                id: one.id,
                is_null: one.is_null,
            },
            is_marker: one.is_marker,
            size: one.size,
        });
    }
    for (key, stack) in &model.stacks {
        let seen = listed.remove(*key).unwrap_or_default();
        assert_eq!(&seen, stack, "the versions of {key}");
        assert!(seen.is_sorted_by_key(|kept| kept.named.id), "{seen:?}");
        let newest = objects::newest(&case.0, bucket.id, key).unwrap();
        let newest = newest.as_ref().map(Named::from);
        assert_eq!(newest, stack.last().map(|kept| kept.named));
        let visible = stack.last().filter(|newest| !newest.is_marker);
        let current = objects::current(&case.0, bucket.id, key).unwrap();
        let current = current.map(|found| (Named::from(&found), found.size));
        assert_eq!(current, visible.map(|kept| (kept.named, kept.size)));
        let null = objects::version(&case.0, bucket.id, key, Version::Null).unwrap();
        let kept = stack.iter().find(|kept| kept.named.is_null);
        assert_eq!(null.map(|null| null.id), kept.map(|kept| kept.named.id));
    }
    assert!(listed.is_empty(), "nobody wrote {listed:?}");
    let page = listing::list(&case.0, bucket.id, &all).unwrap();
    let listed: Vec<_> = page.entries.iter().map(listing::Entry::name).collect();
    let shown: Vec<_> = model
        .stacks
        .iter()
        .filter(|(_, stack)| stack.last().is_some_and(|newest| !newest.is_marker))
        .map(|(key, _)| *key)
        .collect();
    assert_eq!(listed, shown);
    assert_eq!(case.usage(), model.usage());
    // Also the counters of quota and chargeback are what a recount gives.
    assert_eq!(
        audit::contradictions(&case.0).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn every_sequence_of_writes_and_deletes_leaves_what_the_rules_of_s3_say() {
    let world = World::open();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
    runner
        .run(&steps(&["a", "a/b", "å"]), |steps| {
            let case = world.case();
            let mut model = Model {
                versioning: Versioning::Never,
                stacks: BTreeMap::new(),
            };
            for (step, now_ms) in &steps {
                follow(&case, &mut model, step, *now_ms);
                compare(&case, &model);
                case.check_tables();
            }
            Ok(())
        })
        .unwrap();
}

/// With HCP's habits much is refused; what is not must leave the tables in order all the same.
#[test]
fn with_the_habits_of_hcp_every_step_is_refused_or_leaves_the_tables_in_order() {
    let world = World::open();
    let habits = Profile::Hcp.habits();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
    runner
        .run(&steps(&["a", "a/", "a/b", "a/b/c"]), |steps| {
            let case = world.case();
            for (step, now_ms) in &steps {
                let bucket = case.bucket();
                let number = |key: &str, which: &Which| {
                    let stack = stack(&case, key);
                    match which {
                        Which::One(which) if !stack.is_empty() => *which.get(&stack),
                        _ => i64::MAX,
                    }
                };
                let outcome = match step {
                    Step::Put(key, size) => case
                        .put(bucket.versioning, key, *size, &habits, *now_ms)
                        .map(|_| ()),
                    Step::Copy(from, which, to) => {
                        let version = Version::Number(number(from, which));
                        copy(&case, (from, version), to, &habits, *now_ms).map(|_| ())
                    }
                    Step::Delete(key) => case
                        .delete(bucket.versioning, key, &habits, *now_ms)
                        .map(|_| ()),
                    Step::DeleteVersion(key, which) => {
                        let version = Version::Number(number(key, which));
                        case.write(|write| {
                            let deletion = Deletion::plain(*now_ms);
                            versions::delete_version(write, &bucket, key, version, deletion)
                        })
                        .map(|_| ())
                    }
                    Step::Keep(enabled) => buckets::set_versioning(&case.0, bucket.id, *enabled),
                };
                let refused = matches!(
                    outcome,
                    Ok(())
                        | Err(Error::ObjectExists
                            | Error::FolderNotEmpty
                            | Error::NoSuchVersion
                            | Error::MarkerNamed)
                );
                prop_assert!(refused, "{:?} {:?}", step, outcome);
                case.check_tables();
            }
            Ok(())
        })
        .unwrap();
}

fn stack(case: &Case<'_>, key: &str) -> Vec<i64> {
    let mut statement = case
        .0
        .prepare("SELECT id FROM objects WHERE key = ?1 ORDER BY id")
        .unwrap();
    let ids = statement.query_map([key.as_bytes()], |row| row.get(0));
    ids.unwrap().map(Result::unwrap).collect()
}
