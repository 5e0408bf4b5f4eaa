//! How the list is looked at, as its address says: filter, order, columns, page.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::reachable::{BucketFacts, Fact, ReachableBucket};

use super::state::Told;
use crate::urls::{self, Query};

/// How many rows a page has.
pub const PAGE: usize = 50;

/// A column beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Used space, of how much.
    Used,
    /// Objects.
    Objects,
    /// Whether versions are kept.
    Versioning,
    /// When it was created.
    Created,
    /// The owner.
    Owner,
    /// Tags.
    Tags,
    /// The retention of objects that do not say otherwise.
    Retention,
    /// Whose CORS rules hold.
    Cors,
    /// Uploads that are not completed.
    Uploads,
}

impl Column {
    /// All, in their order.
    pub const ALL: [Self; 9] = [
        Self::Used,
        Self::Objects,
        Self::Versioning,
        Self::Created,
        Self::Owner,
        Self::Tags,
        Self::Retention,
        Self::Cors,
        Self::Uploads,
    ];

    /// Those that are seen unless somebody chooses.
    pub const USUAL: [Self; 4] = [Self::Used, Self::Objects, Self::Versioning, Self::Created];

    /// Its word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Objects => "objects",
            Self::Versioning => "versioning",
            Self::Created => "created",
            Self::Owner => "owner",
            Self::Tags => "tags",
            Self::Retention => "retention",
            Self::Cors => "cors",
            Self::Uploads => "uploads",
        }
    }

    /// The column of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }

    /// A list of columns; what is no column is left out.
    pub fn list(words: &str) -> Vec<Self> {
        let mut columns: Vec<_> = words.split(',').filter_map(Self::parse).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The words of a list; `none` for no column at all.
    pub fn words(columns: &[Self]) -> String {
        if columns.is_empty() {
            return "none".to_owned();
        }
        let words: Vec<_> = columns.iter().map(|column| column.as_str()).collect();
        words.join(",")
    }

    /// What has to be asked for by name.
    pub fn fact(self) -> Option<Fact> {
        match self {
            Self::Retention => Some(Fact::Retention),
            Self::Cors => Some(Fact::Cors),
            Self::Uploads => Some(Fact::Uploads),
            _ => None,
        }
    }

    /// Whether it has numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Objects | Self::Uploads)
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The bucket.
    pub bucket: ReachableBucket,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether the store names it; else it is kept in this browser alone.
    pub listed: bool,
}

/// The address of the list, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What the names, tags and owners hold.
    pub text: String,
    /// The column that it is sorted by; none: by name, with pinned buckets first.
    pub sort: Option<Column>,
    /// Whether the order is turned round.
    pub down: bool,
    /// The columns, where somebody chose.
    pub columns: Option<Vec<Column>>,
    /// The page, from 1.
    pub page: usize,
}

impl Look {
    /// Reads an address; what it does not know is left out.
    pub fn of(query: &Query) -> Self {
        let get = |name| query.get(name).unwrap_or_default();
        Self {
            text: get("q").to_owned(),
            sort: Column::parse(get("sort")),
            down: get("dir") == "desc",
            columns: query.get("cols").map(Column::list),
            page: get("page").parse().unwrap_or(1).max(1),
        }
    }

    /// Its address.
    pub fn address(&self) -> String {
        let columns = self.columns.as_deref().map(Column::words);
        let page = (self.page > 1).then(|| self.page.to_string());
        urls::with_query(
            urls::BUCKETS,
            &[
                ("q", &self.text),
                ("sort", self.sort.map(Column::as_str).unwrap_or_default()),
                ("dir", if self.down { "desc" } else { "" }),
                ("cols", columns.as_deref().unwrap_or_default()),
                ("page", page.as_deref().unwrap_or_default()),
            ],
        )
    }

    /// The same, sorted by a column, or the other way round where it is that already.
    pub fn sorted(&self, sort: Option<Column>) -> Self {
        Self {
            down: self.sort == sort && !self.down,
            sort,
            page: 1,
            ..self.clone()
        }
    }

    /// Whether the order or the filter looks into what is known of every row.
    pub fn needs_facts(&self) -> bool {
        self.sort.is_some() || !self.text.is_empty()
    }

    /// The rows that are seen, in their order.
    pub fn rows(&self, all: &[Row], facts: &BTreeMap<String, Told>) -> Vec<Row> {
        let words: Vec<String> = self
            .text
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let mut rows: Vec<Row> = all
            .iter()
            .filter(|row| {
                let text = searched(row, facts.get(&row.bucket.name).map(|told| &told.facts));
                words.iter().all(|word| text.contains(word))
            })
            .cloned()
            .collect();
        rows.sort_by(|one, other| {
            let order = match self.sort {
                None => one.bucket.name.cmp(&other.bucket.name),
                Some(column) => by(column, one, other, facts),
            };
            let order = if self.down { order.reverse() } else { order };
            // What is pinned stays on top of the usual order.
            let pinned = if self.sort.is_none() {
                other.pinned.cmp(&one.pinned)
            } else {
                Ordering::Equal
            };
            pinned
                .then(order)
                .then_with(|| one.bucket.name.cmp(&other.bucket.name))
        });
        rows
    }
}

/// What a filter looks into.
fn searched(row: &Row, facts: Option<&BucketFacts>) -> String {
    let mut text = row.bucket.name.to_lowercase();
    if let Some(facts) = facts {
        for more in facts.tags.iter().flatten().chain(&facts.owner) {
            text.push('\n');
            text.push_str(&more.to_lowercase());
        }
    }
    text
}

/// Orders two rows by a column; what is not known is least.
fn by(column: Column, one: &Row, other: &Row, facts: &BTreeMap<String, Told>) -> Ordering {
    let unknown = BucketFacts::default();
    let known = |row: &Row| {
        facts
            .get(&row.bucket.name)
            .map_or(&unknown, |told| &told.facts)
    };
    let (a, b) = (known(one), known(other));
    match column {
        Column::Used => a.used_bytes.cmp(&b.used_bytes),
        Column::Objects => a.objects.cmp(&b.objects),
        Column::Versioning => a
            .versioning
            .map(|state| state as u8)
            .cmp(&b.versioning.map(|state| state as u8)),
        Column::Created => {
            let created =
                |row: &Row, facts: &BucketFacts| row.bucket.creation_date.or(facts.created);
            created(one, a).cmp(&created(other, b))
        }
        Column::Owner => a.owner.cmp(&b.owner),
        Column::Tags => a.tags.cmp(&b.tags),
        Column::Retention => a.retention.cmp(&b.retention),
        Column::Cors => a
            .cors
            .map(|source| source as u8)
            .cmp(&b.cors.map(|source| source as u8)),
        Column::Uploads => a.uploads.cmp(&b.uploads),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, pinned: bool) -> Row {
        Row {
            bucket: ReachableBucket {
                name: name.to_owned(),
                creation_date: None,
                owned: true,
            },
            pinned,
            listed: true,
        }
    }

    fn facts() -> BTreeMap<String, Told> {
        let fact = |name: &str, used: Option<u64>, tag: &str| {
            let facts = BucketFacts {
                bucket: name.to_owned(),
                used_bytes: used,
                tags: Some(vec![tag.to_owned()]),
                ..BucketFacts::default()
            };
            let told = Told {
                facts,
                ..Told::default()
            };
            (name.to_owned(), told)
        };
        BTreeMap::from([
            fact("a", Some(900), "gold"),
            fact("b", Some(1_000), "Silver"),
        ])
    }

    fn names(address: &str) -> Vec<String> {
        let all = [row("c", false), row("b", true), row("a", false)];
        let rows = Look::of(&Query::parse(address)).rows(&all, &facts());
        rows.into_iter().map(|row| row.bucket.name).collect()
    }

    #[test]
    fn rows_are_filtered_and_sorted_by_the_address() {
        assert_eq!(names(""), ["b", "a", "c"]);
        assert_eq!(names("dir=desc"), ["b", "c", "a"]);
        assert_eq!(names("sort=used"), ["c", "a", "b"]);
        assert_eq!(names("sort=used&dir=desc"), ["b", "a", "c"]);
        assert_eq!(names("q=SILVER"), ["b"]);
        assert_eq!(names("q=gold+a"), ["a"]);
        assert_eq!(names("sort=weather&page=x"), ["b", "a", "c"]);
    }

    #[test]
    fn an_address_reads_back() {
        let look = Look {
            text: "a b".to_owned(),
            sort: Some(Column::Objects),
            down: true,
            columns: Some(vec![Column::Used, Column::Cors]),
            page: 3,
        };
        let address = look.address();
        let (_, query) = address.split_once('?').unwrap();
        assert_eq!(Look::of(&Query::parse(query)), look);
        assert_eq!(Look::of(&Query::parse("")).address(), urls::BUCKETS);
        assert_eq!(
            Look::of(&Query::parse("cols=none")).columns,
            Some(Vec::new())
        );
        for column in Column::ALL {
            assert_eq!(Column::parse(column.as_str()), Some(column));
        }
    }

    #[test]
    fn a_click_on_a_heading_sorts_and_then_turns_round() {
        let once = Look::default().sorted(Some(Column::Used));
        assert_eq!((once.sort, once.down), (Some(Column::Used), false));
        assert!(once.sorted(Some(Column::Used)).down);
        assert!(!once.sorted(None).down);
    }
}
