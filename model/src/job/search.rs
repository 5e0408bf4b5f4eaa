//! What a search over listings looks for: keys by what a listing tells of them, and nothing else.

use serde::{Deserialize, Serialize};

use super::MAX_RESULTS;
use crate::{ObjectKey, Timestamp, filter::Wildcards, problem::FieldError};

/// The longest text of a condition, in bytes.
const MAX_TEXT: usize = 1_024;

/// The conditions of a job `search`: a key is found when all of them hold. One that is absent or empty
/// holds for every key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeySearch {
    /// What keys begin with: a folder, with its last slash, or the beginning of a name.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 4_095))]
    pub prefix: String,
    /// A part of the key behind the prefix.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 1_024))]
    pub name_contains: String,
    /// A pattern for the whole of the key behind the prefix: `*` is any characters, slashes too, `?` is
    /// one.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 1_024))]
    pub name_matches: String,
    /// Whether `name_contains` and `name_matches` tell capitals from small letters.
    pub match_case: bool,
    /// The least size, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<u64>,
    /// The largest size, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u64>,
    /// Changed then or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_from: Option<Timestamp>,
    /// Changed before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_to: Option<Timestamp>,
    /// After how many results it stops, 1 to 10,000; 10,000 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000))]
    pub limit: Option<u64>,
}

impl KeySearch {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// Every condition that breaks a rule.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, why: &str| {
            faults.push(FieldError {
                loc: ["body", "search", field].map(str::to_owned).to_vec(),
                ..FieldError::body(field, why)
            });
        };
        if self.prefix.len() > ObjectKey::MAX_BYTES || self.prefix.contains('\0') {
            fault(
                "prefix",
                "a prefix has 4,095 bytes at most and no NUL character",
            );
        }
        for (field, text) in [
            ("name_contains", &self.name_contains),
            ("name_matches", &self.name_matches),
        ] {
            if text.len() > MAX_TEXT || text.contains('\0') {
                fault(field, "1,024 bytes at most, and no NUL character");
            }
        }
        if let (Some(min), Some(max)) = (self.min_size, self.max_size)
            && min > max
        {
            fault("max_size", "the largest size is below the least one");
        }
        if let (Some(from), Some(to)) = (self.changed_from, self.changed_to)
            && from >= to
        {
            fault("changed_to", "this is not behind the beginning");
        }
        if !(1..=MAX_RESULTS).contains(&self.most()) {
            fault("limit", "1 to 10,000 results");
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// How many results there may be.
    pub fn most(&self) -> u64 {
        self.limit.unwrap_or(MAX_RESULTS)
    }

    /// What has to be listed: keys that do not begin so cannot be found. Where letters count as they are, the
    /// beginning of the pattern narrows it.
    pub fn listed(&self) -> String {
        let mut listed = self.prefix.clone();
        if self.match_case {
            listed.extend(
                self.name_matches
                    .chars()
                    .take_while(|c| !matches!(c, '*' | '?')),
            );
        }
        listed
    }

    /// The conditions, ready to be asked for many keys.
    pub fn test(&self) -> KeyTest<'_> {
        let folded = |text: &str| {
            if self.match_case {
                text.to_owned()
            } else {
                text.to_lowercase()
            }
        };
        let text = |text: &String| Some(folded(text)).filter(|text| !text.is_empty());
        KeyTest {
            search: self,
            contains: text(&self.name_contains),
            matches: text(&self.name_matches).map(|pattern| Wildcards::new(&pattern)),
        }
    }
}

/// The conditions that are asked for many keys.
#[derive(Clone, Debug)]
pub struct KeyTest<'a> {
    search: &'a KeySearch,
    /// In small letters, unless they count as they are; the pattern too.
    contains: Option<String>,
    matches: Option<Wildcards>,
}

impl KeyTest<'_> {
    /// Whether a key of a listing is found.
    pub fn finds(&self, key: &str, size: u64, changed: Option<Timestamp>) -> bool {
        let search = self.search;
        let Some(name) = key.strip_prefix(search.prefix.as_str()) else {
            return false;
        };
        search.min_size.is_none_or(|min| size >= min)
            && search.max_size.is_none_or(|max| size <= max)
            // Of what a listing tells no time, none is known to fit.
            && search.changed_from.is_none_or(|from| changed.is_some_and(|at| at >= from))
            && search.changed_to.is_none_or(|to| changed.is_some_and(|at| at < to))
            && self.names(name)
    }

    fn names(&self, name: &str) -> bool {
        if self.contains.is_none() && self.matches.is_none() {
            return true;
        }
        let small;
        let name = if self.search.match_case {
            name
        } else {
            small = name.to_lowercase();
            small.as_str()
        };
        self.contains
            .as_ref()
            .is_none_or(|part| name.contains(part.as_str()))
            && self.matches.as_ref().is_none_or(|whole| whole.fit(name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(search: &KeySearch, key: &str) -> bool {
        search
            .test()
            .finds(key, 7, Timestamp::from_unix_seconds(100))
    }

    #[test]
    fn names_are_looked_at_behind_the_prefix_and_in_any_case() {
        let contains = |prefix: &str, text: &str| KeySearch {
            prefix: prefix.to_owned(),
            name_contains: text.to_owned(),
            ..KeySearch::default()
        };
        assert!(found(&contains("", "SCAN"), "a/my-Scan.tif"));
        assert!(found(&contains("a/", "/b"), "a/x/b"));
        assert!(!found(&contains("a/", "a/"), "a/x"));
        assert!(!found(&contains("a/", ""), "b/x"));
        assert!(found(&contains("a/", ""), "a/"));
        // Blanks count.
        assert!(!found(&contains("", " x"), "x"));
        let matches = |text: &str, match_case| KeySearch {
            prefix: "a/".to_owned(),
            name_matches: text.to_owned(),
            match_case,
            ..KeySearch::default()
        };
        assert!(found(&matches("*.TIF", false), "a/b/c.tif"));
        assert!(!found(&matches("*.TIF", true), "a/b/c.tif"));
        assert!(found(&matches("b/?.tif", true), "a/b/c.tif"));
        assert!(!found(&matches("?.tif", true), "a/b/c.tif"));
        assert!(!found(&matches("c.tif", true), "a/b/c.tif"));
        let both = KeySearch {
            name_contains: "x".to_owned(),
            ..matches("*.tif", false)
        };
        assert!(found(&both, "a/x.tif") && !found(&both, "a/y.tif") && !found(&both, "a/x.tiff"));
    }

    #[test]
    fn sizes_hold_with_both_ends_and_times_with_the_first() {
        let at = |seconds| Timestamp::from_unix_seconds(seconds);
        let search = KeySearch {
            min_size: Some(5),
            max_size: Some(9),
            changed_from: at(100),
            changed_to: at(200),
            ..KeySearch::default()
        };
        let test = search.test();
        for (size, seconds, finds) in [
            (5, 100, true),
            (9, 199, true),
            (4, 150, false),
            (10, 150, false),
            (7, 99, false),
            (7, 200, false),
        ] {
            assert_eq!(
                test.finds("x", size, at(seconds)),
                finds,
                "{size} {seconds}"
            );
        }
        assert!(!test.finds("x", 7, None));
        assert!(KeySearch::default().test().finds("x", 7, None));
    }

    #[test]
    fn a_pattern_narrows_the_listing_where_letters_count_as_they_are() {
        let listed = |matches: &str, match_case| {
            KeySearch {
                prefix: "a/".to_owned(),
                name_matches: matches.to_owned(),
                match_case,
                ..KeySearch::default()
            }
            .listed()
        };
        assert_eq!(listed("scan-*.tif", true), "a/scan-");
        assert_eq!(listed("scan-*.tif", false), "a/");
        assert_eq!(listed("?x", true), "a/");
        assert_eq!(listed("", true), "a/");
    }

    #[test]
    fn conditions_that_hold_for_nothing_are_refused_by_their_names() {
        let refused = |search: KeySearch| -> Vec<String> {
            let faults = search.check().err().unwrap_or_default();
            assert!(faults.iter().all(|fault| fault.loc.len() == 3));
            faults
                .iter()
                .map(|fault| fault.field().to_owned())
                .collect()
        };
        let at = |seconds| Timestamp::from_unix_seconds(seconds);
        assert_eq!(refused(KeySearch::default()), [""; 0]);
        let sizes = |min_size, max_size| KeySearch {
            min_size,
            max_size,
            ..KeySearch::default()
        };
        assert_eq!(refused(sizes(Some(5), Some(4))), ["max_size"]);
        assert_eq!(refused(sizes(Some(5), Some(5))), [""; 0]);
        let times = |changed_from, changed_to| KeySearch {
            changed_from,
            changed_to,
            ..KeySearch::default()
        };
        assert_eq!(refused(times(at(5), at(5))), ["changed_to"]);
        assert_eq!(refused(times(at(5), at(6))), [""; 0]);
        for (limit, good) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
            let search = KeySearch {
                limit: Some(limit),
                ..KeySearch::default()
            };
            assert_eq!(refused(search).is_empty(), good, "{limit}");
        }
        let long = KeySearch {
            prefix: "x".repeat(4_096),
            name_contains: "x".repeat(1_025),
            name_matches: "\0".to_owned(),
            ..KeySearch::default()
        };
        assert_eq!(refused(long), ["prefix", "name_contains", "name_matches"]);
    }

    proptest! {
        /// A narrower listing leaves out nothing that would be found.
        #[test]
        fn what_is_found_is_listed(
            key in "[ab/]{0,8}",
            prefix in "[ab/]{0,2}",
            matches in "[aAb/*?]{0,6}",
            match_case: bool,
        ) {
            let search = KeySearch { prefix, name_matches: matches, match_case, ..KeySearch::default() };
            if found(&search, &key) {
                prop_assert!(key.starts_with(&search.listed()));
            }
        }
    }
}
