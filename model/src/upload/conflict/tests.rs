use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::{
    BucketName,
    object::{ListObjects, Object},
    upload::Write,
    upload_target::Overwrites,
};

const NOW: i64 = 1_790_000_000_000;

fn facts(size: u64, modified: i64) -> FileFacts {
    FileFacts {
        relative_path: String::new(),
        size,
        modified,
        content_type: None,
    }
}

fn object(key: &str, size: u64, modified: i64) -> Object {
    Object {
        key: key.to_owned(),
        size,
        last_modified: Timestamp::from_unix_millis(modified),
        etag: None,
        storage_class: None,
        owner: None,
    }
}

fn page(objects: Vec<Object>, folders: &[&str]) -> ObjectPage {
    ObjectPage {
        objects,
        common_prefixes: folders.iter().map(|&folder| folder.to_owned()).collect(),
        ..ObjectPage::default()
    }
}

/// A batch in `in/` of files of 10 bytes that were changed at `NOW`.
fn batch(names: &[&str]) -> Conflicts {
    let mut conflicts = Conflicts::new("in/", 1024);
    for (index, name) in names.iter().enumerate() {
        conflicts.add(index, &format!("in/{name}"), &facts(10, NOW));
    }
    conflicts
}

/// Everything was looked at, and this is what is there.
fn met(names: &[&str], stored: Vec<Object>, folders: &[&str]) -> Conflicts {
    let mut conflicts = batch(names);
    conflicts.take(&page(stored, folders));
    for look in conflicts.looks() {
        conflicts.looked(&look);
    }
    conflicts
}

fn standings(conflicts: &Conflicts) -> Vec<(String, Standing)> {
    let clashes = conflicts.clashes();
    clashes.map(|clash| (clash.key, clash.standing)).collect()
}

fn one(standing: Standing) -> Conflicts {
    let stored = match standing {
        Standing::New | Standing::Unknown | Standing::Folder => vec![],
        Standing::SameSize => vec![object("in/a.txt", 10, NOW + 5_000)],
        Standing::Different | Standing::Protected => vec![object("in/a.txt", 11, NOW - 5_000)],
        Standing::NewerInBucket => vec![object("in/a.txt", 11, NOW + 5_000)],
    };
    let folders: &[&str] = if standing == Standing::Folder {
        &["in/a.txt/"]
    } else {
        &[]
    };
    let mut conflicts = match standing {
        Standing::Unknown => batch(&["a.txt"]),
        _ => met(&["a.txt"], stored, folders),
    };
    if standing == Standing::Protected {
        conflicts.protect("in/a.txt", None);
    }
    let found = conflicts.targets[0].standing();
    assert_eq!(found, standing);
    conflicts
}

fn ways(
    conflicts: &Conflicts,
    policy: Policy,
    overwrites: Option<Overwrites>,
) -> Vec<(String, Write)> {
    let decided = conflicts.decide(policy, &HashMap::new(), overwrites);
    decided
        .sent
        .into_iter()
        .map(|file| (file.key, file.write))
        .collect()
}

#[test]
fn files_are_told_from_what_is_stored_by_size_and_time() {
    let stored = vec![
        object("in/same", 10, NOW + 1_000),
        object("in/older", 10, NOW - 9_000),
        object("in/newer", 11, NOW + 1_000),
        object("in/other", 11, NOW - 1_000),
        object("in/elsewhere", 11, NOW - 1_000),
    ];
    let conflicts = met(
        &["same", "older", "newer", "other", "new", "folder"],
        stored,
        &["in/folder/"],
    );
    assert_eq!(
        standings(&conflicts),
        [
            ("in/same".to_owned(), Standing::SameSize),
            ("in/older".to_owned(), Standing::SameSize),
            ("in/newer".to_owned(), Standing::NewerInBucket),
            ("in/other".to_owned(), Standing::Different),
            ("in/folder".to_owned(), Standing::Folder),
        ]
    );
    let counts = conflicts.standings();
    assert_eq!((counts.new, counts.unknown, counts.clashes()), (1, 0, 5));
}

#[test]
fn each_policy_does_what_its_table_says() {
    use Overwrites::{Refused, Replaced, Versioned};
    use Standing::{Different, Folder, New, NewerInBucket, Protected, SameSize, Unknown};
    let own = |write| vec![("in/a.txt".to_owned(), write)];
    let beside = vec![("in/a (2).txt".to_owned(), Write::Create)];
    for overwrites in [Some(Versioned), Some(Replaced), Some(Refused), None] {
        let over = match overwrites {
            Some(Refused) => Write::ClearFirst,
            _ => Write::Plain,
        };
        let way = |standing, policy| ways(&one(standing), policy, overwrites);
        for policy in Policy::ALL {
            assert_eq!(way(New, policy), own(Write::Create));
            assert_eq!(way(Unknown, policy), own(Write::Create));
        }
        for standing in [SameSize, Different, NewerInBucket, Protected, Folder] {
            assert_eq!(way(standing, Policy::Skip), []);
            assert_eq!(way(standing, Policy::KeepBoth), beside);
        }
        for standing in [SameSize, Different, NewerInBucket] {
            assert_eq!(way(standing, Policy::Overwrite), own(over));
        }
        for standing in [Different, NewerInBucket] {
            assert_eq!(way(standing, Policy::OnlyChanged), own(over));
        }
        assert_eq!(way(SameSize, Policy::OnlyChanged), []);
        for standing in [Protected, Folder] {
            assert_eq!(way(standing, Policy::Overwrite), []);
            assert_eq!(way(standing, Policy::OnlyChanged), []);
        }
    }
}

#[test]
fn a_file_that_was_changed_since_is_sent_though_its_size_is_the_same() {
    let changed = |stored| {
        let conflicts = met(&["a"], vec![object("in/a", 10, stored)], &[]);
        ways(&conflicts, Policy::OnlyChanged, None).len()
    };
    assert_eq!(changed(NOW - 1_000), 1);
    assert_eq!(changed(NOW), 0);
    let mut conflicts = batch(&["a"]);
    conflicts.targets[0].modified = NOW + 900;
    conflicts.take(&page(vec![object("in/a", 10, NOW)], &[]));
    assert_eq!(
        ways(&conflicts, Policy::OnlyChanged, None),
        [],
        "listings tell whole seconds"
    );
}

#[test]
fn some_files_can_be_decided_apart() {
    let stored = ["a", "b", "c"].map(|name| object(&format!("in/{name}"), 1, NOW));
    let conflicts = met(&["a", "b", "c", "d"], stored.to_vec(), &[]);
    let own = HashMap::from([(0, Policy::Overwrite), (1, Policy::KeepBoth)]);
    let decided = conflicts.decide(Policy::Skip, &own, Some(Overwrites::Versioned));
    let sent: Vec<_> = decided
        .sent
        .iter()
        .map(|file| (file.index, file.key.as_str()))
        .collect();
    assert_eq!(sent, [(0, "in/a"), (1, "in/b (2)"), (3, "in/d")]);
    assert_eq!(
        (
            decided.skipped,
            decided.versioned,
            decided.lost,
            decided.renamed
        ),
        (vec![2], 1, 0, 1)
    );
    assert_eq!(conflicts.decide(Policy::Overwrite, &own, None).lost, 2);
}

#[test]
fn both_are_kept_under_the_next_free_number() {
    let stored = vec![
        object("in/a.txt", 1, NOW),
        object("in/a (2).txt", 1, NOW),
        object("in/a (5).txt/below", 1, NOW),
    ];
    let conflicts = met(&["a.txt", "a (3).txt"], stored, &["in/a (4).txt/"]);
    assert_eq!(
        ways(&conflicts, Policy::KeepBoth, None)[0],
        ("in/a (6).txt".to_owned(), Write::Create)
    );
}

#[test]
fn a_folder_that_exists_asks_and_sends_nothing() {
    let mut conflicts = Conflicts::new("", 1024);
    for (index, key) in ["old/", "implied/", "new/"].into_iter().enumerate() {
        conflicts.add(index, key, &facts(0, NOW));
    }
    conflicts.take(&page(
        vec![object("old/", 0, NOW), object("implied/x", 1, NOW)],
        &[],
    ));
    assert_eq!(conflicts.standings().clashes(), 0);
    for policy in Policy::ALL {
        assert_eq!(
            ways(&conflicts, policy, None),
            [("new/".to_owned(), Write::Create)]
        );
    }
}

fn asked(conflicts: &Conflicts) -> Vec<(String, bool)> {
    let bucket = BucketName::parse("b-1").unwrap();
    let first = |look: &Look| look.first(&bucket).query;
    let looks = conflicts.looks();
    let queries = looks.iter().map(first);
    queries
        .map(|query| (query.prefix.unwrap_or_default(), query.delimiter.is_some()))
        .collect()
}

#[test]
fn few_files_are_looked_at_alone_few_folders_each_and_more_as_a_whole() {
    let key = |name: &str| (format!("in/{name}"), true);
    assert_eq!(asked(&batch(&["a", "x/b"])), [key("a"), key("x/b")]);

    let many: Vec<String> = (0..11).map(|n| format!("f{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(asked(&batch(&many)), [key("")]);
    assert_eq!(asked(&Conflicts::new("", 9)), []);

    let deep: Vec<String> = (0..40).map(|n| format!("d/{}/f{n}", n % 10)).collect();
    let mut deep: Vec<&str> = deep.iter().map(String::as_str).collect();
    deep.push("top");
    assert_eq!(
        asked(&batch(&deep)),
        [key("top"), ("in/d/".to_owned(), false)]
    );

    let wide: Vec<String> = (0..20).map(|n| format!("d{n}/f")).collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    assert_eq!(asked(&batch(&wide)), [("in/".to_owned(), false)]);
}

/// Answers a listing as S3 does, three entries a page.
fn answer(store: &[Object], asked: &ListObjects) -> ObjectPage {
    let query = &asked.query;
    let prefix = query.prefix.clone().unwrap_or_default();
    let mut entries = BTreeMap::new();
    for object in store
        .iter()
        .filter(|object| object.key.starts_with(&prefix))
    {
        let below = &object.key[prefix.len()..];
        match below.find('/').filter(|_| query.delimiter.is_some()) {
            Some(at) => entries.insert(object.key[..=prefix.len() + at].to_owned(), None),
            None => entries.insert(object.key.clone(), Some(object.clone())),
        };
    }
    let after = query.continuation_token.clone().unwrap_or_default();
    let mut rest = entries.into_iter().filter(|(name, _)| *name > after);
    let mut page = ObjectPage::default();
    for (name, object) in rest.by_ref().take(3) {
        page.next_continuation_token = Some(name.clone());
        match object {
            Some(object) => page.objects.push(object),
            None => page.common_prefixes.push(name),
        }
    }
    page.is_truncated = rest.next().is_some();
    page
}

fn look_around(conflicts: &mut Conflicts, looks: Vec<Look>, store: &[Object]) -> usize {
    let bucket = BucketName::parse("b-1").unwrap();
    let mut requests = 0;
    for mut look in looks {
        let mut next = Some(look.first(&bucket));
        while let Some(asked) = next {
            requests += 1;
            let page = answer(store, &asked);
            conflicts.take(&page);
            if look.is_told(&page) {
                conflicts.looked(&look);
            }
            next = look.next(&asked, &page);
        }
    }
    requests
}

#[test]
fn a_folder_that_is_too_large_is_left_unknown() {
    let store: Vec<Object> = (0..1_000)
        .map(|n| object(&format!("in/f{n:03}"), 10, NOW))
        .collect();
    let names: Vec<String> = (0..11).map(|n| format!("f{:03}", n * 90)).collect();
    let mut conflicts = batch(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let looks = conflicts.looks();
    assert_eq!(look_around(&mut conflicts, looks, &store), 50);
    let standings = conflicts.standings();
    assert_eq!((standings.new, standings.unknown), (0, 9));
    assert_eq!(standings.clashes(), 2, "what was seen is known");
}

#[test]
fn names_are_looked_up_for_those_that_get_one() {
    let bucket = BucketName::parse("b-1").unwrap();
    let conflicts = met(&["a.txt", "b"], vec![object("in/a.txt", 1, NOW)], &[]);
    let own = HashMap::new();
    assert_eq!(conflicts.name_looks(Policy::Skip, &own), []);
    let looks = conflicts.name_looks(Policy::KeepBoth, &own);
    let prefixes: Vec<_> = looks
        .iter()
        .map(|look| look.first(&bucket).query.prefix)
        .collect();
    assert_eq!(prefixes, [Some("in/a (".to_owned())]);
    let alone = HashMap::from([(0, Policy::Overwrite)]);
    assert_eq!(conflicts.name_looks(Policy::KeepBoth, &alone), []);
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let path = prop_oneof![
        "[abc]{1,2}(\\.t)?",
        "[xyz]/[abc](\\.t)?",
        "[d-p]/[xy]/[abc]( \\([2-4]\\))?(\\.t)?",
        "[ab] \\([2-4]\\)(\\.t)?",
        "[ab]/",
    ];
    proptest::collection::hash_set(path, 0..40).prop_map(|names| names.into_iter().collect())
}

fn policy() -> impl Strategy<Value = Policy> {
    proptest::sample::select(Policy::ALL.to_vec())
}

proptest! {
    #[test]
    fn nothing_is_overwritten_unasked_and_no_key_is_given_twice(
        names in names(), stored in names(), policy in policy(), others in proptest::collection::vec((0_usize..40, policy()), 0..5)
    ) {
        let store: Vec<Object> = stored.iter().map(|name| object(&format!("in/{name}"), 1, NOW)).collect();
        let taken: HashSet<&str> = store.iter().map(|object| object.key.as_str()).collect();
        let mut conflicts = batch(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let looks = conflicts.looks();
        look_around(&mut conflicts, looks, &store);
        let own: HashMap<usize, Policy> = others.into_iter().collect();
        let looks = conflicts.name_looks(policy, &own);
        look_around(&mut conflicts, looks, &store);
        prop_assert_eq!(conflicts.standings().unknown, 0);

        let decided = conflicts.decide(policy, &own, Some(Overwrites::Refused));
        let mut keys = HashSet::new();
        for file in &decided.sent {
            prop_assert!(keys.insert(file.key.as_str()), "{} twice", file.key);
            prop_assert_eq!(file.write == Write::ClearFirst, taken.contains(file.key.as_str()));
            let chosen = own.get(&file.index).copied().unwrap_or(policy);
            if file.write == Write::ClearFirst {
                prop_assert!(matches!(chosen, Policy::Overwrite | Policy::OnlyChanged));
            }
        }
        let mut seen: Vec<usize> = decided.sent.iter().map(|file| file.index).collect();
        seen.extend(&decided.skipped);
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..names.len()).collect::<Vec<_>>());
    }
}

#[test]
fn a_hundred_thousand_files_are_decided_in_steps() {
    const FILES: usize = 100_000;
    let mut conflicts = Conflicts::new("in/", 1024);
    let mut stored = Vec::new();
    for index in 0..FILES {
        let key = format!("in/f{index}");
        conflicts.add(index, &key, &facts(10, NOW));
        stored.push(object(&key, 10, NOW));
    }
    conflicts.take(&page(stored, &[]));
    let own = HashMap::from([(3, Policy::Skip)]);
    let mut deciding = conflicts.deciding(Policy::KeepBoth, &own, None);
    let mut steps = 1;
    while !deciding.step(100) {
        steps += 1;
    }
    assert_eq!(steps, FILES / 100);
    let decided = deciding.decided();
    assert_eq!(
        (decided.renamed, &decided.skipped[..]),
        (FILES - 1, &[3][..])
    );
    assert_eq!(decided, conflicts.decide(Policy::KeepBoth, &own, None));
    // One listing tells all their names.
    assert_eq!(conflicts.looks().len(), 1);
    assert_eq!(conflicts.name_looks(Policy::KeepBoth, &own).len(), 1);
}

#[test]
fn what_is_in_the_way_is_asked_for_what_protects_it() {
    let stored = vec![object("in/a", 10, NOW), object("in/b", 20, NOW)];
    let mut conflicts = met(&["a", "b", "c", "e/"], stored, &["in/e/"]);
    let keys = conflicts.taken_keys(2).unwrap();
    assert_eq!(keys, ["in/a", "in/b"]);
    assert_eq!(conflicts.taken_keys(1), None, "too many");
    conflicts.protect("in/a", None);
    assert_eq!(conflicts.taken_keys(1).unwrap(), ["in/b"]);
    assert_eq!(conflicts.standings().protected, 1);
    let decided = conflicts.decide(Policy::Overwrite, &HashMap::new(), None);
    assert!(
        decided.skipped.contains(&0),
        "a protected object is not overwritten"
    );
    let both = conflicts.decide(Policy::KeepBoth, &HashMap::new(), None);
    assert!(both.sent.iter().any(|sent| sent.key == "in/a (2)"));
}
