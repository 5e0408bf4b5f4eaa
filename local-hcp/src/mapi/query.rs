//! The parameters of a management request (HCP's management API, "Query parameters").

use super::error::Refusal;

/// What follows the question mark. Names are case-sensitive; those that a resource does not know are
/// ignored, and of several with one name the first counts.
#[derive(Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(text: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(text.unwrap_or_default().as_bytes());
        Self(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// The value of a parameter; empty where it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(found, _value)| found == name)
            .map(|(_name, value)| value.as_str())
    }

    /// Whether a parameter without a value (`?prettyprint`, `?cancel`) is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A boolean: `true`, `t` and `1`, and everything else is false.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "t" | "1"))
    }

    /// A number, not below zero.
    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match text.trim().parse() {
            Ok(number) => Ok(Some(number)),
            Err(_no_number) => Err(Refusal::invalid(format!(
                "The parameter {name} has to be a whole number, not below zero."
            ))),
        }
    }

    /// A parameter that has to be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::invalid(format!("The required parameter {name} is missing.")))
    }

    /// One of a few words, whatever their case; the first where there is none.
    fn word(&self, name: &str, words: &[&'static str]) -> Result<&'static str, Refusal> {
        let given = self.get(name).or_else(|| words.first().copied());
        let same = |word: &&&str| given.is_some_and(|given| given.eq_ignore_ascii_case(word));
        words.iter().find(same).copied().ok_or_else(|| {
            let words = words.join(", ");
            Refusal::invalid(format!("The parameter {name} has to be one of {words}."))
        })
    }
}

/// One entry of a list that is paged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) hard_quota: u64,
    pub(crate) tags: Vec<String>,
}

impl Entry {
    /// An entry of a list that has no more than names.
    pub(crate) fn named(name: String) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }
}

/// The page of a list that was asked for: filtered, sorted (by name unless another order is asked for)
/// and cut.
///
/// `by_name` is what the list calls its names, `more` what else it can be sorted and filtered by:
/// `("hardQuota", "tag")` for tenants and namespaces.
pub(crate) fn page(
    query: &Query,
    by_name: &'static str,
    more: Option<(&'static str, &'static str)>,
    mut entries: Vec<Entry>,
) -> Result<Vec<String>, Refusal> {
    let sort_types = [by_name]
        .into_iter()
        .chain(more.map(|(sort, _filter)| sort));
    let filter_types = [by_name]
        .into_iter()
        .chain(more.map(|(_sort, filter)| filter));
    let sort = query.word("sortType", &sort_types.collect::<Vec<_>>())?;
    let order = query.word("sortOrder", &["ascending", "descending"])?;
    let filter = query.word("filterType", &filter_types.collect::<Vec<_>>())?;
    if let Some(prefix) = query.get("filterString") {
        if prefix.chars().count() > 64 || prefix.contains(',') {
            return Err(Refusal::invalid(
                "The parameter filterString has at most 64 characters and no comma.",
            ));
        }
        let prefix = prefix.to_lowercase();
        let fits = |text: &String| text.to_lowercase().starts_with(&prefix);
        entries.retain(|entry| {
            if filter == by_name {
                fits(&entry.name)
            } else {
                entry.tags.iter().any(fits)
            }
        });
    }
    entries.sort_by_cached_key(|entry| {
        let quota = if sort == by_name { 0 } else { entry.hard_quota };
        (quota, entry.name.to_lowercase(), entry.name.clone())
    });
    if order == "descending" {
        entries.reverse();
    }
    let offset = query.number("offset")?.unwrap_or(0);
    let count = query.number("count")?.unwrap_or(usize::MAX);
    Ok(entries
        .into_iter()
        .skip(offset)
        .take(count)
        .map(|entry| entry.name)
        .collect())
}

/// A list of names in their wrapper: `{"name": [...]}`.
pub(crate) fn wrapped(wrapper: &str, names: Vec<String>) -> serde_json::Value {
    serde_json::json!({ wrapper: names })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        [
            ("beta", 3, "gold"),
            ("Alpha", 2, "silver"),
            ("alpine", 2, "Golden"),
            ("gamma", 1, ""),
        ]
        .map(|(name, hard_quota, tag)| Entry {
            name: name.to_owned(),
            hard_quota,
            tags: vec![tag.to_owned()],
        })
        .to_vec()
    }

    fn asked(query: &str) -> Result<Vec<String>, Refusal> {
        let more = Some(("hardQuota", "tag"));
        page(&Query::parse(Some(query)), "name", more, entries())
    }

    #[test]
    fn lists_are_paged_sorted_and_filtered() {
        for (query, expected) in [
            ("", &["Alpha", "alpine", "beta", "gamma"][..]),
            ("offset=1&count=2", &["alpine", "beta"]),
            ("offset=3&count=9", &["gamma"]),
            ("offset=9", &[]),
            ("count=0", &[]),
            (
                "sortOrder=descending",
                &["gamma", "beta", "alpine", "Alpha"],
            ),
            ("sortType=hardQuota", &["gamma", "Alpha", "alpine", "beta"]),
            ("sortType=hardQuota&sortOrder=descending&count=1", &["beta"]),
            ("filterString=ALP", &["Alpha", "alpine"]),
            ("filterType=tag&filterString=gold", &["alpine", "beta"]),
            ("filterType=tag", &["Alpha", "alpine", "beta", "gamma"]),
            ("Offset=1&unknown=2", &["Alpha", "alpine", "beta", "gamma"]),
        ] {
            assert_eq!(asked(query).unwrap(), expected, "{query}");
        }
    }

    #[test]
    fn values_that_cannot_be_read_are_refused() {
        let long = format!("filterString={}", "x".repeat(65));
        for query in [
            "offset=-1",
            "count=many",
            "offset=",
            "sortType=size",
            "sortOrder=up",
            "filterType=username",
            "filterString=a%2Cb",
            &long,
        ] {
            assert!(matches!(asked(query), Err(Refusal::Invalid(_))), "{query}");
        }
    }

    #[test]
    fn booleans_are_read_as_hcp_reads_them() {
        let query = Query::parse(Some("a=true&b=t&c=1&d=TRUE&e=yes&f&g=false&prettyprint"));
        for (name, expected) in [
            ("a", true),
            ("b", true),
            ("c", true),
            ("d", false),
            ("e", false),
            ("f", false),
            ("g", false),
            ("h", false),
        ] {
            assert_eq!(query.is_true(name), expected, "{name}");
        }
        assert!(query.has("prettyprint") && !query.has("PrettyPrint"));
        assert_eq!(query.get("f"), Some(""));
    }
}
