use std::collections::HashSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::*;
use crate::upload::parse_checksum_list;

fn fold(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

fn limits() -> Limits {
    Limits::new(1024, None)
}

fn facts(path: &str, size: u64) -> FileFacts {
    FileFacts {
        relative_path: path.to_owned(),
        size,
        modified: 0,
        content_type: None,
    }
}

fn survey_of(prefix: &str, limits: Limits, files: &[(&str, u64)]) -> Survey {
    let mut survey = Survey::new(prefix, limits, fold);
    for (index, (path, size)) in files.iter().enumerate() {
        survey.add(index, &facts(path, *size));
    }
    survey
}

fn survey(paths: &[&str]) -> Survey {
    let files: Vec<_> = paths.iter().map(|path| (*path, 1)).collect();
    survey_of("in/", limits(), &files)
}

fn counts(survey: &Survey) -> Vec<(Finding, usize)> {
    let told = survey.findings().into_iter();
    told.map(|told| (told.finding, told.count)).collect()
}

fn keys(resolved: &Resolved) -> Vec<&str> {
    resolved.sent.iter().map(|file| file.key.as_str()).collect()
}

fn with(choices: &[(Finding, Remedy)]) -> Remedies {
    let mut remedies = Remedies::default();
    for (finding, remedy) in choices {
        remedies.choose(*finding, *remedy);
        assert_eq!(remedies.of(*finding), *remedy);
    }
    remedies
}

#[test]
fn findings_have_the_places_that_their_order_gives() {
    for (at, finding) in Finding::ALL.iter().enumerate() {
        assert_eq!(*finding as usize, at);
        assert!(!finding.remedies().is_empty());
    }
}

#[test]
fn ordinary_files_ask_nothing_and_keep_their_keys() {
    let survey = survey(&["a.txt", "folder/b.txt", "empty/"]);
    assert_eq!(survey.findings(), []);
    assert!(!survey.needs_panel());
    let resolved = survey.resolve(&Remedies::default());
    assert_eq!(
        keys(&resolved),
        ["in/a.txt", "in/folder/b.txt", "in/empty/"]
    );
    assert!(resolved.sent.iter().all(|file| !file.renamed));
    assert_eq!(resolved.bytes(), 3);
}

#[test]
fn litter_stays_and_hidden_files_go_unless_chosen_otherwise() {
    let survey = survey(&[".DS_Store", "d/._x", ".git/config", "x"]);
    assert_eq!(counts(&survey), [(Finding::Junk, 2), (Finding::Hidden, 1)]);
    assert!(!survey.needs_panel());
    assert_eq!(survey.totals().files, 2);
    let resolved = survey.resolve(&Remedies::default());
    assert_eq!(keys(&resolved), ["in/.git/config", "in/x"]);
    assert_eq!(resolved.left_out, [(0, Finding::Junk), (1, Finding::Junk)]);
    let other = with(&[
        (Finding::Junk, Remedy::Include),
        (Finding::Hidden, Remedy::LeaveOut),
    ]);
    assert_eq!(
        keys(&survey.resolve(&other)),
        ["in/.DS_Store", "in/d/._x", "in/x"]
    );
}

#[test]
fn keys_that_the_store_does_not_take_stay_or_are_mended() {
    let long = format!("d/{}.txt", "x".repeat(2_000));
    let survey = survey(&[&long, "a/.directory-metadata", "n\0l", "n_l", &long]);
    assert_eq!(counts(&survey), [(Finding::Hidden, 1), (Finding::Key, 4)]);
    assert!(survey.asks());
    assert_eq!(keys(&survey.resolve(&Remedies::default())), ["in/n_l"]);
    let renamed = survey.resolve(&with(&[(Finding::Key, Remedy::Rename)]));
    let cut = format!("in/d/{}.txt", "x".repeat(1024 - 9));
    let second = format!("in/d/{} (2).txt", "x".repeat(1024 - 13));
    assert_eq!(
        keys(&renamed),
        [
            &cut,
            "in/a/directory-metadata",
            "in/n_l (2)",
            "in/n_l",
            &second
        ]
    );
    assert!(renamed.left_out.is_empty());
}

#[test]
fn what_cannot_be_mended_stays() {
    let mut small = limits();
    small.max_key_bytes = 10;
    let survey = survey_of("folder-12/", small, &[("a", 1)]);
    let renamed = survey.resolve(&with(&[(Finding::Key, Remedy::Rename)]));
    assert_eq!(renamed.left_out, [(0, Finding::Key)]);
}

#[test]
fn twins_get_numbers_that_nobody_has() {
    let survey = survey(&["a.txt", "a.txt", "A.txt", "a (2).txt", "a.txt"]);
    assert_eq!(
        counts(&survey),
        [(Finding::SameKey, 2), (Finding::Alike, 1)]
    );
    assert!(survey.asks());
    assert_eq!(
        keys(&survey.resolve(&Remedies::default())),
        [
            "in/a.txt",
            "in/a (3).txt",
            "in/A (4).txt",
            "in/a (2).txt",
            "in/a (5).txt"
        ]
    );
    let left = with(&[
        (Finding::SameKey, Remedy::LeaveOut),
        (Finding::Alike, Remedy::LeaveOut),
    ]);
    let left = survey.resolve(&left);
    assert_eq!(keys(&left), ["in/a.txt", "in/a (2).txt"]);
    assert_eq!(
        left.left_out,
        [
            (1, Finding::SameKey),
            (2, Finding::Alike),
            (4, Finding::SameKey)
        ]
    );
    let kept = survey.resolve(&with(&[(Finding::Alike, Remedy::Include)]));
    assert!(keys(&kept).contains(&"in/A.txt"));
}

#[test]
fn unicode_forms_are_told_apart_from_each_other_and_not_from_others() {
    let composed = "caf\u{e9}.txt";
    let decomposed = "CAFE\u{301}.txt";
    let twins = survey(&[composed, decomposed, "cafe.txt", "\u{212a}.txt", "k.txt"]);
    assert_eq!(counts(&twins), [(Finding::Alike, 2)]);
    let survey = survey(&["é/a", "e\u{301}/b"]);
    assert_eq!(counts(&survey), [], "folders alone do not clash");
}

#[test]
fn crowds_depth_and_size_are_told() {
    let mut small = limits();
    small.max_entries = 2;
    small.max_depth = 2;
    small.max_size = 10;
    let files = [
        ("a/1", 1),
        ("a/2", 1),
        ("a/b/3", 1),
        ("c", 11),
        ("a/b/4", 1),
        ("x/y", 1),
    ];
    let survey = survey_of("", small, &files);
    let told = survey.findings();
    let crowded = told
        .iter()
        .find(|told| told.finding == Finding::Crowded)
        .unwrap();
    assert_eq!(
        (crowded.count, crowded.examples.as_slice()),
        (2, &["a".to_owned(), String::new()][..])
    );
    let survey = survey_of("p/", small, &files);
    assert_eq!(
        counts(&survey),
        [
            (Finding::Crowded, 2),
            (Finding::Deep, 2),
            (Finding::TooLarge, 1)
        ]
    );
    let resolved = survey.resolve(&Remedies::default());
    assert_eq!(resolved.left_out, [(3, Finding::TooLarge)]);
}

#[test]
fn the_largest_stay_until_the_rest_fits() {
    let mut full = limits();
    full.free = Some(10);
    let survey = survey_of(
        "",
        full,
        &[("a", 3), ("b", 9), ("c", 4), ("d", 2), (".DS_Store", 100)],
    );
    assert_eq!(counts(&survey), [(Finding::Junk, 1), (Finding::NoRoom, 4)]);
    assert_eq!(survey.resolve(&Remedies::default()).sent.len(), 4);
    let fits = survey.resolve(&with(&[(Finding::NoRoom, Remedy::LeaveOutLargest)]));
    assert_eq!(keys(&fits), ["a", "c", "d"]);
    assert_eq!(fits.left_out, [(1, Finding::NoRoom), (4, Finding::Junk)]);
    full.free = Some(18);
    assert!(!survey_of("", full, &[("a", 9), ("b", 9)]).needs_panel());
}

#[test]
fn large_batches_are_shown_without_asking() {
    let many: Vec<String> = (0..1_001).map(|n| format!("f{n}")).collect();
    let many: Vec<_> = many.iter().map(|path| (path.as_str(), 1)).collect();
    let large = survey_of("", limits(), &many);
    assert!(large.needs_panel() && !large.asks());
    assert!(!survey_of("", limits(), &many[..1_000]).needs_panel());
    assert!(!survey_of("", limits(), &[("a", 50 * GB)]).needs_panel());
    assert!(survey_of("", limits(), &[("a", 50 * GB), ("b", 1)]).needs_panel());
}

#[test]
fn a_list_of_checksums_names_what_is_to_be_compared() {
    let sum = "ab".repeat(32);
    let mut survey = survey(&["bag/data/x", "bag/manifest-sha256.txt", "data/x", "y"]);
    assert_eq!(survey.lists().collect::<Vec<_>>(), [1]);
    let sums = parse_checksum_list(&format!("{sum}  data/x\n{sum} data/gone\n"), true);
    survey.add_list("bag/manifest-sha256.txt", sums);
    assert_eq!(counts(&survey), [(Finding::Checksums, 1)]);
    assert_eq!(survey.missing(), 1);
    assert!(!survey.needs_panel());
    let sums = |resolved: &Resolved| -> Vec<usize> {
        let with_sum = resolved.sent.iter().filter(|file| file.sha256.is_some());
        with_sum.map(|file| file.index).collect()
    };
    let resolved = survey.resolve(&Remedies::default());
    assert_eq!(sums(&resolved), [0]);
    assert_eq!(resolved.sent[0].sha256.as_ref(), Some(&sum));
    let ignored = survey.resolve(&with(&[(Finding::Checksums, Remedy::Include)]));
    assert!(sums(&ignored).is_empty());
}

#[test]
fn what_cannot_be_read_is_counted_and_named() {
    let mut survey = survey(&["a"]);
    for n in 0..7 {
        survey.add_unreadable(&format!("secret/{n}"));
    }
    let told = survey.findings();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].count, told[0].examples.len()), (7, 5));
    assert!(survey.needs_panel());
}

#[test]
fn a_hundred_thousand_files_are_no_trouble() {
    let mut survey = Survey::new("in/", limits(), fold);
    for n in 0..100_000 {
        survey.add(
            n,
            &facts(&format!("scans/batch-{}/page-{n:06}.tif", n / 1_000), 1),
        );
    }
    for n in 0..2_000 {
        survey.add(100_000 + n, &facts("twin.txt", 1));
    }
    let resolved = survey.resolve(&Remedies::default());
    assert_eq!(resolved.sent.len(), 102_000);
    assert_eq!(resolved.sent.last().unwrap().key, "in/twin (2000).txt");
}

fn paths() -> impl Strategy<Value = Vec<(String, u64)>> {
    let name = prop_oneof![
        "[aAbé]{1,2}",
        Just("e\u{301}".to_owned()),
        Just(".DS_Store".to_owned()),
        Just(".directory-metadata".to_owned()),
        Just("a (2)".to_owned()),
        Just("a\0".to_owned()),
        "x{8,14}(\\.t)?",
        any::<String>(),
    ];
    let path = proptest::collection::vec(name, 1..4).prop_map(|names| names.join("/"));
    proptest::collection::vec((path, 0_u64..20), 0..40)
}

fn remedies() -> impl Strategy<Value = Remedies> {
    proptest::collection::vec(0_usize..3, Finding::ALL.len()).prop_map(|picks| {
        let mut remedies = Remedies::default();
        for (finding, pick) in Finding::ALL.into_iter().zip(picks) {
            let choices = finding.remedies();
            remedies.choose(finding, choices[pick % choices.len()]);
        }
        remedies
    })
}

proptest! {
    #[test]
    fn every_file_goes_or_stays_and_no_key_is_given_twice(
        files in paths(), remedies in remedies(), free in proptest::option::of(0_u64..200), limit in 4_usize..40
    ) {
        let mut limits = Limits::new(limit, free);
        limits.max_size = 18;
        limits.max_entries = 5;
        limits.max_depth = 1;
        let mut survey = Survey::new("p/", limits, fold);
        for (index, (path, size)) in files.iter().enumerate() {
            survey.add(index * 3, &facts(path, *size));
        }
        let resolved = survey.resolve(&remedies);
        let mut seen: Vec<usize> = resolved.sent.iter().map(|file| file.index).collect();
        prop_assert!(seen.is_sorted(), "the order of finding stays");
        seen.extend(resolved.left_out.iter().map(|(index, _)| *index));
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..files.len()).map(|at| at * 3).collect::<Vec<_>>());
        let told: HashSet<Finding> = survey.findings().iter().map(|told| told.finding).collect();
        for (index, finding) in &resolved.left_out {
            // Litter is told as such, whatever else it is.
            let junk = is_junk(facts(&files[index / 3].0, 0).name());
            prop_assert!(junk || told.contains(finding), "{finding:?} was told");
        }
        let mut keys = HashSet::new();
        let mut looks = HashSet::new();
        for file in &resolved.sent {
            prop_assert!(file.key.len() <= limit);
            prop_assert!(keys.insert(file.key.clone()), "{} twice", file.key);
            let path = file.key.strip_prefix("p/");
            let path = path.ok_or_else(|| TestCaseError::fail("it left its folder"))?;
            let key = target_key("p/", path, limit).map(|key| key.to_string());
            prop_assert_eq!(key, Ok(file.key.clone()));
            let own = files[file.index / 3].0.trim_start_matches('/');
            prop_assert_eq!(file.renamed, path != own);
            if remedies.of(Finding::Alike) != Remedy::Include && remedies.of(Finding::Key) == Remedy::LeaveOut {
                prop_assert!(looks.insert(fold(&file.key)), "{} looks like another", file.key);
            }
        }
        if let Some(free) = free.filter(|_| told.contains(&Finding::NoRoom))
            && remedies.of(Finding::NoRoom) == Remedy::LeaveOutLargest
        {
            prop_assert!(resolved.bytes() <= free);
        }
    }
}

/// How many steps of so many files it takes.
fn steps(mut resolving: Resolving<'_>, most: usize) -> (usize, Resolved) {
    let mut steps = 1;
    while !resolving.step(most) {
        steps += 1;
    }
    (steps, resolving.resolved())
}

#[test]
fn a_hundred_thousand_files_are_resolved_in_steps() {
    const FILES: usize = 100_000;
    let mut survey = Survey::new("in/", Limits::new(1024, Some(50_000)), fold);
    for index in 0..FILES {
        // Every second one has the key of the one before.
        survey.add(index, &facts(&format!("f{}", index / 2), 1));
    }
    let (all, resolved) = steps(survey.resolving(Remedies::default()), 100);
    assert!((FILES / 100..=FILES / 100 + 1).contains(&all), "{all}");
    assert_eq!(resolved, survey.resolve(&Remedies::default()));

    // Weighed, half of them taken out, named.
    let lightened = with(&[(Finding::NoRoom, Remedy::LeaveOutLargest)]);
    let (all, resolved) = steps(survey.resolving(lightened), 100);
    let work = FILES + FILES / 2 + FILES;
    assert!((work / 100..=work / 100 + 1).contains(&all), "{all}");
    assert_eq!(resolved.sent.len(), FILES / 2);
    assert_eq!(resolved, survey.resolve(&lightened));
}

proptest! {
    #[test]
    fn steps_of_any_length_come_to_the_same(
        names in proptest::collection::vec(("[aAb.]{1,2}", 0_u64..9), 0..20),
        free in 0_u64..60,
        most in 1_usize..7,
        largest: bool,
    ) {
        let mut survey = Survey::new("in/", Limits::new(1024, Some(free)), fold);
        for (index, (name, size)) in names.iter().enumerate() {
            survey.add(index, &facts(name, *size));
        }
        let mut remedies = Remedies::default();
        if largest {
            remedies.choose(Finding::NoRoom, Remedy::LeaveOutLargest);
        }
        let (_, resolved) = steps(survey.resolving(remedies), most);
        prop_assert_eq!(&resolved, &survey.resolve(&remedies));
        if largest {
            prop_assert!(resolved.bytes() <= free);
        }
    }
}
