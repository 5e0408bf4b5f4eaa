use std::collections::BTreeMap;

use model::annotation::METAPAIRS;
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};

use super::{Case, OWNER, World, received};
use crate::{
    Error,
    account::hex,
    profile::{Habits, Profile},
    store::{
        annotations, audit, blobs,
        buckets::{self, Bucket},
        objects::{self, Attributes, Checksums, NewObject},
        uploads::{self, Completion, NewUpload, Wanted},
        versions::{self, EMPTY_ETAG},
    },
};

/// Large enough for a part that is not the last.
const LARGE: usize = 1024 * 1024;

const KEYS: [&str; 2] = ["a", "b"];

#[derive(Clone, Debug)]
enum Step {
    Put(&'static str, usize, bool),
    Copy(&'static str, &'static str),
    Delete(&'static str),
    Begin(&'static str),
    Part(prop::sample::Index, u32, usize),
    /// With all of its parts, or with the last alone.
    Complete(prop::sample::Index, bool),
    Abort(prop::sample::Index),
    Expire(prop::sample::Index),
    Keep(bool),
    /// With an annotation of this name and size, or with metadata of S3.
    Annotate(&'static str, &'static str, usize),
    Strip(&'static str, &'static str),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = select(KEYS.to_vec());
    let name = select(vec![METAPAIRS, "one", "two"]);
    let one = any::<prop::sample::Index>;
    let size = prop_oneof![4 => 0_usize..9_000, 1 => Just(LARGE)];
    let step = prop_oneof![
        3 => (key.clone(), 0_usize..9_000, any::<bool>())
            .prop_map(|(key, size, described)| Step::Put(key, size, described)),
        1 => (key.clone(), key.clone()).prop_map(|(from, to)| Step::Copy(from, to)),
        2 => key.clone().prop_map(Step::Delete),
        2 => key.clone().prop_map(Step::Begin),
        3 => (key.clone(), name.clone(), 0_usize..3_000)
            .prop_map(|(key, name, size)| Step::Annotate(key, name, size)),
        1 => (key, name).prop_map(|(key, name)| Step::Strip(key, name)),
        4 => (one(), 1_u32..4, size).prop_map(|(one, number, size)| Step::Part(one, number, size)),
        2 => (one(), any::<bool>()).prop_map(|(one, all)| Step::Complete(one, all)),
        1 => one().prop_map(Step::Abort),
        1 => one().prop_map(Step::Expire),
        1 => any::<bool>().prop_map(Step::Keep),
    ];
    vec(step, 0..25)
}

fn put(
    case: &Case<'_>,
    bucket: &Bucket,
    key: &str,
    size: usize,
    described: bool,
    habits: &Habits,
) -> Result<(), Error> {
    let name = || ("größe".to_owned(), "\"ä\\\"".to_owned());
    let attributes = Attributes {
        metadata: described.then(name).into_iter().collect::<BTreeMap<_, _>>(),
        ..Attributes::default()
    };
    case.write(|write| {
        let blob = blobs::insert(write, received(size))?;
        let new = NewObject {
            key,
            owner_id: OWNER,
            etag: EMPTY_ETAG,
            modified_ms: 1,
            attributes: &attributes,
            checksums: &Checksums::default(),
            blobs: &[(blob, size as u64)],
            plain: None,
            annotations_of: None,
        };
        versions::put(write, bucket, &new, habits).map(|_named| ())
    })
}

fn copy(
    case: &Case<'_>,
    bucket: &Bucket,
    from: &str,
    to: &str,
    habits: &Habits,
) -> Result<(), Error> {
    case.write(|write| {
        let source = objects::find(write.connection, bucket, from, None)?;
        let new = NewObject {
            key: to,
            owner_id: OWNER,
            etag: &source.etag,
            modified_ms: 1,
            attributes: &source.attributes,
            checksums: &source.checksums,
            blobs: &objects::blobs_of(write.connection, source.id)?,
            plain: None,
            annotations_of: Some(source.id),
        };
        versions::put(write, bucket, &new, habits).map(|_named| ())
    })
}

fn complete(
    case: &Case<'_>,
    bucket: &Bucket,
    (key, id): (&str, i64),
    all: bool,
    habits: &Habits,
) -> Result<(), Error> {
    case.write(|write| {
        let upload = uploads::find(write.connection, bucket.id, key, id)?;
        let stored = uploads::parts(write.connection, id, 0, usize::MAX)?;
        let chosen = if all {
            0
        } else {
            stored.len().saturating_sub(1)
        };
        let wanted: Vec<_> = stored[chosen..]
            .iter()
            .map(|part| Wanted {
                number: part.number,
                etag: hex(&part.md5),
                checksums: Checksums::default(),
            })
            .collect();
        let completion = Completion {
            key,
            wanted: &wanted,
            given: &Checksums::default(),
            size: None,
            joined: None,
            now_ms: 1,
        };
        uploads::complete(write, bucket, &upload, completion, habits).map(|_completed| ())
    })
}

/// Does a step; `open` are the uploads that are open.
fn follow(case: &Case<'_>, step: &Step, open: &mut Vec<(&'static str, i64)>) -> Result<(), Error> {
    let habits = Profile::Standard.habits();
    let bucket = case.bucket();
    let pick = |one: &prop::sample::Index| (!open.is_empty()).then(|| one.index(open.len()));
    match step {
        Step::Put(key, size, described) => put(case, &bucket, key, *size, *described, &habits),
        Step::Copy(from, to) => copy(case, &bucket, from, to, &habits),
        Step::Delete(key) => case
            .delete(bucket.versioning, key, &habits, 1)
            .map(|_deleted| ()),
        Step::Begin(key) => {
            let new = NewUpload {
                key,
                initiator_id: OWNER,
                attributes: &Attributes::default(),
                checksum: None,
                now_ms: 1,
            };
            let id = case.write(|write| uploads::create(write, &bucket, &new))?;
            open.push((key, id));
            Ok(())
        }
        Step::Part(one, number, size) => {
            let Some((key, id)) = pick(one).map(|at| open[at]) else {
                return Ok(());
            };
            case.write(|write| {
                let upload = uploads::find(write.connection, bucket.id, key, id)?;
                let (part, none) = (received(*size), Checksums::default());
                uploads::put_part(write, &bucket, &upload, *number, &none, part, 1)
            })
        }
        Step::Complete(one, all) => {
            let Some(at) = pick(one) else { return Ok(()) };
            complete(case, &bucket, open[at], *all, &habits)?;
            open.remove(at);
            Ok(())
        }
        Step::Abort(one) => {
            let Some(at) = pick(one) else { return Ok(()) };
            let (_key, id) = open.remove(at);
            case.write(|write| uploads::abort(write, &bucket, id))
        }
        Step::Expire(one) => {
            let Some(at) = pick(one) else { return Ok(()) };
            let (_key, id) = open.remove(at);
            let expired = case.write(|write| uploads::expire(write, &bucket, id, 2))?;
            assert!(expired);
            Ok(())
        }
        Step::Annotate(key, name, size) => case.write(|write| {
            let object = objects::find(write.connection, &bucket, key, None)?;
            let content = if *name == METAPAIRS {
                b"<metapairs><meta-a>1</meta-a></metapairs>".to_vec()
            } else {
                vec![b'x'; *size]
            };
            annotations::put(write, &bucket, &object, name, &content, false, 2)
        }),
        Step::Strip(key, name) => case.write(|write| {
            let object = objects::find(write.connection, &bucket, key, None)?;
            let before = annotations::all(write.connection, object.id)?;
            let removed = annotations::remove(write, &bucket, &object, name, 2)?;
            let after = annotations::all(write.connection, object.id)?;
            assert_eq!(removed, before.iter().any(|(one, _)| one == name));
            assert!(after.iter().all(|(one, _)| one != name));
            Ok(())
        }),
        Step::Keep(enabled) => buckets::set_versioning(&case.0, bucket.id, *enabled),
    }
}

#[test]
fn the_counters_are_always_what_a_full_count_gives() {
    let world = World::open();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
    runner
        .run(&steps(), |steps| {
            let case = world.case();
            let mut open = Vec::new();
            for step in &steps {
                let outcome = follow(&case, step, &mut open);
                let fine = matches!(
                    outcome,
                    Ok(())
                        | Err(Error::NoSuchKey
                            | Error::MarkerNamed
                            | Error::InvalidPart(_)
                            | Error::PartTooSmall(_))
                );
                prop_assert!(fine, "{:?} {:?}", step, outcome);
                case.check_tables();
            }
            // Uploads that are left take up space, and nothing else does once they are dropped.
            for (_key, id) in open {
                let bucket = case.bucket();
                case.write(|write| uploads::abort(write, &bucket, id))
                    .unwrap();
            }
            let used = case.bucket().used;
            let versions: i64 = case
                .0
                .query_row(
                    "SELECT coalesce(sum((size + 4095) / 4096 * 4096), 0) FROM objects",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            prop_assert_eq!(used, blobs::to_u64(versions));
            prop_assert!(audit::contradictions(&case.0).unwrap().is_empty());
            Ok(())
        })
        .unwrap();
}
