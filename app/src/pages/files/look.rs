//! How a folder is looked at, as the address has it.
//!
//! The address is the state: what is shown can be reloaded, kept and sent. What the page does not
//! understand is left out, and told.

use model::{BucketName, session::NameOrder};
use serde::{Deserialize, Serialize};

use super::{
    filter::{Since, SizeRange},
    kind::Kind,
    order::{Column, Order},
};
use crate::{
    drawn,
    urls::{self, Query},
};

/// Names in the address at most.
const NAMES: usize = 50;
/// Characters that they take there at most, encoded.
const CHARACTERS: usize = 1_500;

/// A column beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extra {
    /// Bytes.
    Size,
    /// When it was stored.
    Modified,
    /// What the name ends like.
    Kind,
    /// The entity tag.
    Etag,
    /// Who owns it.
    Owner,
    /// The storage class.
    Class,
}

impl Extra {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 6] = [
        Self::Size,
        Self::Modified,
        Self::Kind,
        Self::Etag,
        Self::Owner,
        Self::Class,
    ];

    /// What is shown where nothing else is asked for.
    pub const USUAL: [Self; 2] = [Self::Size, Self::Modified];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Modified => "changed",
            Self::Kind => "kind",
            Self::Etag => "etag",
            Self::Owner => "owner",
            Self::Class => "class",
        }
    }

    /// Reads a list of columns; the name belongs to every list. `None` where a word is unknown.
    pub fn list(words: &str) -> Option<Vec<Self>> {
        let mut columns = Vec::new();
        for word in words.split(',').filter(|word| *word != "name") {
            let column = Self::ALL
                .into_iter()
                .find(|column| column.as_str() == word)?;
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns.sort_unstable();
        Some(columns)
    }

    /// The list as the address has it.
    pub fn words(columns: &[Self]) -> String {
        let words = columns.iter().map(|column| column.as_str());
        std::iter::once("name")
            .chain(words)
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// What of a folder is looked at, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The text that names are compared with.
    pub text: String,
    /// Column and direction.
    pub order: Order,
    /// The order of names, where an address names none.
    pub names: NameOrder,
    /// The kinds; none means all.
    pub kinds: Vec<Kind>,
    /// The sizes.
    pub size: Option<SizeRange>,
    /// When something was stored.
    pub since: Option<Since>,
    /// The columns, where the address names them.
    pub columns: Option<Vec<Extra>>,
    /// All keys below the folder instead of what is directly in it.
    pub flat: bool,
    /// Also what is deleted.
    pub deleted: bool,
    /// The key that is opened beside the list, its version and the part of it that is shown.
    pub open: Open,
}

/// What is opened beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The key.
    pub key: String,
    /// The version.
    pub version: String,
    /// The tab.
    pub tab: String,
}

/// The tab without a key: what is selected is summed up.
const SUMMARY: &str = "summary";

/// A part of what is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// What it holds.
    Preview,
    /// What it is stored with.
    Details,
    /// What is kept of it.
    Versions,
    /// Who may do what with it.
    Access,
    /// What keeps it.
    Retention,
    /// How it is given to others.
    Share,
}

impl Part {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 6] = [
        Self::Preview,
        Self::Details,
        Self::Versions,
        Self::Access,
        Self::Retention,
        Self::Share,
    ];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Details => "details",
            Self::Versions => "versions",
            Self::Access => "access",
            Self::Retention => "retention",
            Self::Share => "share",
        }
    }
}

impl Open {
    /// Opens an object, in the part that is open already.
    pub fn key(self, key: &str) -> Self {
        let tab = if self.tab == SUMMARY {
            String::new()
        } else {
            self.tab
        };
        Self {
            key: key.to_owned(),
            version: String::new(),
            tab,
        }
    }

    /// Sums up what is selected.
    pub fn summary() -> Self {
        Self {
            tab: SUMMARY.to_owned(),
            ..Self::default()
        }
    }

    /// Whether anything is opened.
    pub fn is_open(&self) -> bool {
        !self.key.is_empty() || self.tab == SUMMARY
    }

    /// The part that is shown.
    pub fn part(&self) -> Part {
        let mut parts = Part::ALL.into_iter();
        parts
            .find(|part| part.as_str() == self.tab)
            .unwrap_or(Part::Details)
    }

    fn is_tab(word: &str) -> bool {
        word == SUMMARY || Part::ALL.iter().any(|part| part.as_str() == word)
    }
}

/// What the address says is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Nothing.
    #[default]
    Nothing,
    /// Everything that the folder holds.
    Everything,
    /// Names within the folder.
    Names(Vec<String>),
}

impl Chosen {
    /// Reads the names.
    pub fn parse(query: &Query) -> Self {
        let names = query.all("sel");
        match names.as_slice() {
            [] => Self::Nothing,
            [one] if one == "*" => Self::Everything,
            _ => Self::Names(names),
        }
    }

    /// What of a selection the address can hold.
    pub fn fitting(names: Vec<String>) -> Self {
        let characters: usize = names
            .iter()
            .map(|name| model::endpoint::encode(name).len())
            .sum();
        if names.is_empty() || names.len() > NAMES || characters > CHARACTERS {
            return Self::Nothing;
        }
        Self::Names(names)
    }
}

impl Look {
    /// Reads the address, with names in the order that this browser prefers. The second part names what was
    /// not understood.
    pub fn parse(query: &Query) -> (Self, Vec<&'static str>) {
        Self::preferring(drawn::preferences().name_order, query)
    }

    fn preferring(names: NameOrder, query: &Query) -> (Self, Vec<&'static str>) {
        let mut ignored = Vec::new();
        let mut read = |name: &'static str, take: &mut dyn FnMut(&str) -> bool| {
            if let Some(value) = query.get(name)
                && !take(value)
            {
                ignored.push(name);
            }
        };
        let mut look = Self {
            text: query.get("q").unwrap_or_default().to_owned(),
            order: Order {
                column: Column::of_names(names),
                descending: false,
            },
            names,
            open: Open {
                key: query.get("o").unwrap_or_default().to_owned(),
                version: query.get("v").unwrap_or_default().to_owned(),
                tab: String::new(),
            },
            ..Self::default()
        };
        read("sort", &mut |word| {
            Column::parse(word).is_some_and(|column| {
                look.order.column = column;
                true
            })
        });
        read("dir", &mut |word| {
            look.order.descending = word == "desc";
            matches!(word, "asc" | "desc")
        });
        read("view", &mut |word| {
            look.flat = word == "flat";
            matches!(word, "flat" | "folder")
        });
        read("deleted", &mut |word| {
            look.deleted = word == "1";
            matches!(word, "0" | "1")
        });
        read("type", &mut |words| {
            let kinds: Option<Vec<Kind>> = words.split(',').map(Kind::parse).collect();
            kinds.is_some_and(|mut kinds| {
                kinds.sort_unstable();
                kinds.dedup();
                look.kinds = kinds;
                true
            })
        });
        read("size", &mut |word| {
            look.size = SizeRange::parse(word);
            look.size.is_some()
        });
        read("since", &mut |word| {
            look.since = Since::parse(word);
            look.since.is_some()
        });
        read("tab", &mut |word| {
            let known = Open::is_tab(word);
            if known {
                word.clone_into(&mut look.open.tab);
            }
            known
        });
        read("cols", &mut |words| {
            look.columns = Extra::list(words);
            look.columns.is_some()
        });
        (look, ignored)
    }

    /// The address of a folder that is looked at like this.
    pub fn address(&self, bucket: &BucketName, prefix: &str, chosen: &Chosen) -> String {
        let order = self.order;
        // Who prefers another order than the store's gets addresses that say which one it is: to others they show
        // the same.
        let sort = if order.is_stores() && self.names == NameOrder::Store {
            ""
        } else {
            order.column.as_str()
        };
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.as_str()).collect();
        let kinds = kinds.join(",");
        let size = self.size.map(SizeRange::word).unwrap_or_default();
        let since = self.since.map(Since::word).unwrap_or_default();
        let columns = self
            .columns
            .as_deref()
            .map(Extra::words)
            .unwrap_or_default();
        let mut parameters = vec![
            ("prefix", prefix),
            ("view", if self.flat { "flat" } else { "" }),
            ("deleted", if self.deleted { "1" } else { "" }),
            ("q", &self.text),
            ("type", &kinds),
            ("size", &size),
            ("since", &since),
            ("sort", sort),
            ("dir", if order.descending { "desc" } else { "" }),
            ("cols", &columns),
            ("o", &self.open.key),
            ("v", &self.open.version),
            ("tab", &self.open.tab),
        ];
        match chosen {
            Chosen::Nothing => {}
            Chosen::Everything => parameters.push(("sel", "*")),
            Chosen::Names(names) => {
                parameters.extend(names.iter().map(|name| ("sel", name.as_str())));
            }
        }
        urls::with_query(&urls::bucket(bucket.as_str()), &parameters)
    }

    /// Whether anything but the text narrows the list.
    pub fn has_facets(&self) -> bool {
        !self.kinds.is_empty() || self.size.is_some() || self.since.is_some()
    }

    /// How another folder of the bucket is looked at: in the same order and columns, with what is deleted.
    pub fn elsewhere(&self) -> Self {
        Self {
            order: self.order,
            names: self.names,
            columns: self.columns.clone(),
            deleted: self.deleted,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> BucketName {
        BucketName::parse("raw-scans").unwrap()
    }

    #[test]
    fn an_address_is_read_back() {
        let address = "/buckets/raw-scans?prefix=a%20b%2F&view=flat&deleted=1&q=x%2A&type=folder,image\
            &size=1MB-&since=7d&sort=size&dir=desc&cols=name,size,etag&o=a%20b%2Fc&v=3&tab=versions\
            &sel=c&sel=d%2F";
        let query = Query::parse(address.split_once('?').unwrap().1);
        let (look, ignored) = Look::parse(&query);
        assert_eq!(ignored, Vec::<&str>::new());
        let chosen = Chosen::parse(&query);
        assert_eq!(
            look.address(&bucket(), "a b/", &chosen),
            address
                .replace("type=folder,image", "type=folder%2Cimage")
                .replace("cols=name,size,etag", "cols=name%2Csize%2Cetag")
        );
        assert_eq!(
            Look::default().address(&bucket(), "", &Chosen::Nothing),
            "/buckets/raw-scans"
        );
    }

    #[test]
    fn an_address_shows_the_same_to_who_prefers_another_order() {
        let read = |names, query: &str| Look::preferring(names, &Query::parse(query)).0;
        let natural = read(NameOrder::Natural, "");
        assert_eq!(natural.order.column, Column::Natural);
        for (query, column) in [("sort=name", Column::Name), ("sort=size", Column::Size)] {
            assert_eq!(read(NameOrder::Natural, query).order.column, column);
        }
        for names in [NameOrder::Natural, NameOrder::Store] {
            for column in Column::ALL {
                let order = Order {
                    column,
                    descending: false,
                };
                let look = Look {
                    order,
                    names,
                    ..Look::default()
                };
                let address = look.address(&bucket(), "", &Chosen::Nothing);
                let query = address.split_once('?').map_or("", |(_, query)| query);
                assert_eq!(read(names, query).order, order);
                if names == NameOrder::Natural {
                    assert_eq!(read(NameOrder::Store, query).order, order);
                }
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_named_and_left_out() {
        let query = Query::parse(
            "sort=colour&dir=up&view=tree&deleted=yes&type=image,nonsense&size=big&since=ever&cols=x&tab=y&z=1",
        );
        let (look, ignored) = Look::parse(&query);
        assert_eq!(look, Look::default());
        assert_eq!(
            ignored,
            [
                "sort", "dir", "view", "deleted", "type", "size", "since", "tab", "cols"
            ]
        );
    }

    #[test]
    fn what_is_opened_has_a_part() {
        let of = |query: &str| Look::parse(&Query::parse(query)).0.open;
        assert!(!of("tab=versions").is_open());
        assert_eq!(of("o=a&tab=versions").part(), Part::Versions);
        assert_eq!(of("o=a").part(), Part::Details);
        assert!(of("tab=summary&sel=a&sel=b").is_open());
        let next = of("o=a&v=3&tab=versions").key("b");
        assert_eq!(next, of("o=b&tab=versions"));
        assert_eq!(of("tab=summary").key("b"), of("o=b"));
        assert!(Open::summary().is_open());
    }

    #[test]
    fn long_selections_do_not_fit() {
        let names = |count: usize, length: usize| vec!["x".repeat(length); count];
        assert_eq!(Chosen::fitting(Vec::new()), Chosen::Nothing);
        assert!(matches!(Chosen::fitting(names(50, 30)), Chosen::Names(_)));
        assert_eq!(Chosen::fitting(names(51, 1)), Chosen::Nothing);
        assert_eq!(Chosen::fitting(names(50, 31)), Chosen::Nothing);
        assert_eq!(
            Chosen::fitting(vec!["å".repeat(251)]),
            Chosen::Nothing,
            "they count encoded"
        );
        assert_eq!(Chosen::parse(&Query::parse("sel=*")), Chosen::Everything);
    }

    #[test]
    fn columns_stand_in_one_order_once() {
        assert_eq!(
            Extra::list("kind,size,kind"),
            Some(vec![Extra::Size, Extra::Kind])
        );
        assert_eq!(Extra::list("name"), Some(Vec::new()));
        assert_eq!(Extra::list("size,colour"), None);
    }
}
