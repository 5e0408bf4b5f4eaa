use rusqlite::{Connection, StatementStatus};

use super::World;
use crate::store::{
    listing::{self, Query},
    version_listing,
};

const FOLDERS: u32 = 200;

/// A bucket of 200 folders with so many keys each, each key with so many versions.
fn filled(keys: u32, versions: u32) -> World {
    let world = World::open();
    let all = world.connection.unchecked_transaction().unwrap();
    all.execute(
        "WITH RECURSIVE
             folder(f) AS (SELECT 0 UNION ALL SELECT f + 1 FROM folder WHERE f + 1 < ?1),
             name(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM name WHERE n + 1 < ?2),
             version(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM version WHERE v < ?3)
         INSERT INTO objects (bucket_id, key, is_current, is_null, owner_id, size, etag,
             modified_ms, headers, metadata)
         SELECT 1, CAST(format('folder-%04d/key-%06d', f, n) AS BLOB), v = ?3, 0, 1, 1, 'etag',
             0, '{}', '{}'
         FROM folder, name, version",
        [FOLDERS, keys, versions],
    )
    .unwrap();
    all.commit().unwrap();
    world
}

/// How many steps SQLite's machine has taken in a statement since it was asked last, and how many
/// times the statement was begun.
fn steps(connection: &Connection, sql: &str) -> (i32, i32) {
    // From the cache, so it is the statement that the listing used.
    let statement = connection.prepare_cached(sql).unwrap();
    assert_eq!(statement.reset_status(StatementStatus::FullscanStep), 0);
    assert_eq!(statement.reset_status(StatementStatus::Sort), 0);
    (
        statement.reset_status(StatementStatus::VmStep),
        statement.reset_status(StatementStatus::Run),
    )
}

fn folders(limit: usize) -> Query {
    Query {
        delimiter: "/".to_owned(),
        limit,
        ..Query::default()
    }
}

#[test]
fn a_listing_of_folders_leaps_over_what_is_in_them() {
    let cost = |keys, limit| {
        let world = filled(keys, 1);
        let page = listing::list(&world.connection, 1, &folders(limit)).unwrap();
        assert_eq!(page.entries.len(), limit.min(200));
        steps(&world.connection, listing::FROM)
    };
    let (few, begun) = cost(3, 1_000);
    assert_eq!(
        begun, 201,
        "once for each folder, and once to find no other"
    );
    let (many, _) = cost(300, 1_000);
    assert_eq!(many, few, "sixty thousand keys cost as much as six hundred");
    let (part, begun) = cost(300, 20);
    assert_eq!(begun, 21);
    assert!(part * 9 < many, "{part} for 20 folders, {many} for 200");
}

#[test]
fn a_listing_of_versions_by_folder_leaps_over_keys_and_versions() {
    let cost = |keys, versions| {
        let world = filled(keys, versions);
        let list = |newest_first| {
            version_listing::list(&world.connection, 1, &folders(1_000), None, newest_first)
        };
        assert_eq!(list(true).unwrap().entries.len(), 200);
        assert_eq!(list(false).unwrap().entries.len(), 200);
        let none = steps(&world.connection, version_listing::NEWEST_FIRST);
        assert_eq!(none, (0, 0));
        steps(&world.connection, version_listing::KEY_FROM)
    };
    let few = cost(3, 1);
    assert_eq!(few.1, 2 * 201);
    assert_eq!(cost(60, 5), few);
}

#[test]
fn a_page_reads_as_many_keys_as_it_shows_wherever_it_begins() {
    let world = filled(300, 1);
    let cost = |after: &str, limit| {
        let query = Query {
            after: after.to_owned(),
            limit,
            ..Query::default()
        };
        let page = listing::list(&world.connection, 1, &query).unwrap();
        assert_eq!((page.entries.len(), page.truncated), (limit, true));
        steps(&world.connection, listing::BEHIND).0
    };
    let early = cost("folder-0000/key-000000", 100);
    assert_eq!(cost("folder-0190/key-000000", 100), early);
    assert!(cost("folder-0000/key-000000", 10) * 5 < early);
}

#[test]
fn a_page_of_versions_reads_as_many_as_it_shows_wherever_it_begins() {
    let world = filled(60, 5);
    let cost = |after: &str| {
        let query = Query {
            after: after.to_owned(),
            limit: 100,
            ..Query::default()
        };
        let page = version_listing::list(&world.connection, 1, &query, None, true).unwrap();
        assert_eq!((page.entries.len(), page.truncated), (100, true));
        let keys = steps(&world.connection, version_listing::KEY_BEHIND);
        let versions = steps(&world.connection, version_listing::NEWEST_FIRST);
        (keys, versions)
    };
    let early = cost("folder-0000/key-000000");
    assert_eq!(early.0.1, 21, "twenty keys, and one more that is not shown");
    assert_eq!(cost("folder-0190/key-000000"), early);
}

#[test]
fn a_page_is_read_from_its_index_alone() {
    let world = World::open();
    let plan = |sql: &str| -> Vec<String> {
        let mut statement = world
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let names = ["?1", "?2", "?3"].map(|name| statement.parameter_index(name).unwrap());
        assert_eq!(names, [Some(1), Some(2), Some(3)]);
        let rows = statement.query_map((1, b"a", b"b"), |row| row.get(3));
        rows.unwrap().map(Result::unwrap).collect()
    };
    for sql in [listing::FROM, listing::BEHIND] {
        let [step] = plan(sql).try_into().unwrap();
        assert!(
            step.contains("USING COVERING INDEX objects_listed (bucket_id=?"),
            "{step}"
        );
    }
    for sql in [version_listing::KEY_FROM, version_listing::KEY_BEHIND] {
        let [step] = plan(sql).try_into().unwrap();
        assert!(
            step.contains("USING COVERING INDEX objects_versions (bucket_id=?"),
            "{step}"
        );
    }
}
