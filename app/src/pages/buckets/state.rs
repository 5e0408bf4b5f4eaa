//! What the page and its dialogs share.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    BucketName, Problem,
    reachable::{
        AskFacts, BucketFacts, Fact, FactList, ListReachable, Others, ReachableBucket,
        ReachableBuckets,
    },
    session::{Session, person},
};

use super::{
    look::{Column, Look, PAGE, Row},
    pins::Kept,
};
use crate::{
    api, browser,
    ui::{Messages, ModalHandle},
    urls,
};

/// About how many buckets one question is.
const BATCH: usize = 12;

/// Where this browser remembers its columns.
const COLUMNS: &str = "hako-buckets-columns";

/// What is known of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has not been told.
    NotYet,
    /// This.
    Told(BucketFacts),
}

/// What was told of a bucket, and what was asked for beside the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is known; what was asked for and is not there is unknown.
    pub facts: BucketFacts,
    pub(super) with: Vec<Fact>,
}

/// What the page and its dialogs share.
#[derive(Clone, Copy)]
pub struct BucketsState {
    /// The store's list.
    pub listed: RwSignal<Vec<ReachableBucket>>,
    /// How far it is known what others own.
    pub others: RwSignal<Others>,
    /// What is known of each, by name.
    pub facts: RwSignal<BTreeMap<String, Told>>,
    /// What is kept in this browser.
    pub kept: RwSignal<Kept>,
    /// The address, read.
    pub look: Memo<Look>,
    /// The columns that are seen.
    pub columns: Memo<Vec<Column>>,
    /// All rows there are.
    pub all: Memo<Vec<Row>>,
    /// Those that the filter lets pass, in their order.
    pub rows: Memo<Vec<Row>>,
    /// What is selected.
    pub selected: RwSignal<BTreeSet<String>>,
    /// Columns that this browser remembers.
    kept_columns: RwSignal<Option<Vec<Column>>>,
    /// What a dialog of deletion is about.
    pub doomed: RwSignal<Vec<String>>,
    /// The dialogs.
    pub create: ModalHandle,
    /// Deleting.
    pub delete: ModalHandle,
    /// Opening by name.
    pub open: ModalHandle,
    /// Messages.
    pub messages: Messages,
    /// Whose page it is.
    pub session: StoredValue<Session>,
    /// Whether facts are being asked for.
    asking: StoredValue<bool>,
    navigate: StoredValue<Navigate>,
}

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

impl BucketsState {
    /// The page of a session with its list.
    pub fn new(
        session: Session,
        list: ReachableBuckets,
        dialogs: [ModalHandle; 3],
        doomed: Vec<String>,
    ) -> Self {
        let query = urls::query();
        let look = Memo::new(move |_| query.with(Look::of));
        let kept_columns = RwSignal::new(None::<Vec<Column>>);
        let columns = Memo::new(move |_| {
            look.with(|look| look.columns.clone())
                .or_else(|| kept_columns.get())
                .unwrap_or_else(|| Column::USUAL.to_vec())
        });
        let listed = RwSignal::new(list.buckets);
        let facts = RwSignal::new(BTreeMap::new());
        let kept = RwSignal::new(Kept::default());
        let all = Memo::new(move |_| kept.with(|kept| listed.with(|listed| merged(listed, kept))));
        let rows = Memo::new(move |_| {
            all.with(|all| look.with(|look| facts.with(|facts| look.rows(all, facts))))
        });
        let [create, delete, open] = dialogs;
        Self {
            listed,
            others: RwSignal::new(list.others),
            facts,
            kept,
            look,
            columns,
            all,
            rows,
            selected: RwSignal::new(BTreeSet::new()),
            kept_columns,
            doomed: RwSignal::new(doomed),
            create,
            delete,
            open,
            messages: Messages::here(),
            session: StoredValue::new(session),
            asking: StoredValue::new(false),
            navigate: StoredValue::new(Arc::new(use_navigate())),
        }
    }

    /// Goes to another page.
    pub fn go(self, address: &str) {
        self.navigate
            .with_value(|navigate| navigate(address, NavigateOptions::default()));
    }

    /// Looks at the list in another way, in place of this one.
    pub fn look_as(self, look: &Look) {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        self.navigate
            .with_value(|navigate| navigate(&look.address(), options));
    }

    /// Reads what the browser keeps, and begins to ask for facts. To be called once the page lives.
    pub fn live(self) {
        self.kept.set(Kept::of(&self.person()));
        let columns = browser::remembered(COLUMNS).map(|words| Column::list(&words));
        if columns.is_some() {
            self.kept_columns.set(columns);
        }
        // Whatever is seen is asked about, and what is not seen is not.
        Effect::new(move |_| {
            self.rows.track();
            self.columns.track();
            self.look.track();
            self.ask();
        });
    }

    fn person(self) -> String {
        self.session
            .with_value(|session| person(session.tenant.as_deref(), &session.username))
    }

    /// Whether the account may make buckets, as far as is known.
    pub fn may_create(self) -> bool {
        self.session.with_value(|session| {
            !session.features.management || session.rights.namespaces.is_possible()
        })
    }

    /// Remembers columns in this browser.
    pub fn remember(columns: &[Column]) {
        browser::remember(COLUMNS, &Column::words(columns));
    }

    /// Changes what is kept in this browser.
    pub fn keep(self, change: impl FnOnce(&mut Kept)) {
        self.kept.update(change);
        self.kept.with_untracked(|kept| kept.keep(&self.person()));
    }

    /// The rows of the page that is seen, and its number.
    pub fn page(self) -> (Vec<Row>, usize) {
        self.rows.with(|rows| {
            let pages = rows.len().div_ceil(PAGE).max(1);
            let page = self.look.with(|look| look.page.min(pages));
            let seen = rows.iter().skip((page - 1) * PAGE).take(PAGE);
            (seen.cloned().collect(), page)
        })
    }

    /// What is known of a bucket.
    pub fn known(self, name: &str) -> Known {
        self.facts.with(|facts| {
            facts
                .get(name)
                .map_or(Known::NotYet, |told| Known::Told(told.facts.clone()))
        })
    }

    fn wanted(self) -> Vec<Fact> {
        self.columns
            .with_untracked(|columns| columns.iter().filter_map(|column| column.fact()).collect())
    }

    /// The first names of a list about which something that is seen is not known.
    fn unknown<'a>(self, names: impl Iterator<Item = &'a String>, with: &[Fact]) -> Vec<String> {
        self.facts.with_untracked(|facts| {
            names
                .filter(|name| facts.get(*name).is_none_or(|told| lacks(told, with)))
                .take(BATCH)
                .cloned()
                .collect()
        })
    }

    /// The names of which something has to be known: those in sight, then, where the order or the filter looks into
    /// what is known, all others.
    fn needed(self) -> Vec<String> {
        let name = |row: &Row| row.bucket.name.clone();
        let mut names: Vec<String> = self.page().0.iter().map(name).collect();
        if self.look.with(Look::needs_facts) {
            self.all.with(|all| names.extend(all.iter().map(name)));
        }
        names
    }

    /// Asks for what is needed and not known: one question after the other, from the top.
    fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            loop {
                if self.facts.is_disposed() {
                    return;
                }
                let with = self.wanted();
                let names = self.unknown(untrack(|| self.needed()).iter(), &with);
                if names.is_empty() || !self.told(names, with).await {
                    break;
                }
            }
            self.asking.try_set_value(false);
        });
    }

    /// Asks about some. What is not told is unknown from then on, and not asked for again before the list is. Says
    /// whether the page is still there.
    async fn told(self, buckets: Vec<String>, with: Vec<Fact>) -> bool {
        let asked = buckets.clone();
        // A name that no bucket has is not asked about: it would fail the others.
        let buckets: Vec<String> = buckets
            .into_iter()
            .filter(|name| BucketName::parse(name.as_str()).is_ok())
            .collect();
        let list = if buckets.is_empty() {
            FactList { facts: Vec::new() }
        } else {
            let with = with.clone();
            match api::call(AskFacts { buckets, with }).await {
                Ok(list) => list,
                Err(_not_told) => FactList { facts: Vec::new() },
            }
        };
        if self.facts.is_disposed() {
            return false;
        }
        self.facts.update(|facts| {
            for bucket in asked {
                let nothing = BucketFacts {
                    bucket: bucket.clone(),
                    ..facts.remove(&bucket).unwrap_or_default().facts
                };
                let with = with.clone();
                let told = Told {
                    facts: nothing,
                    with,
                };
                facts.insert(bucket, told);
            }
            for told in list.facts {
                let with = with.clone();
                facts.insert(told.bucket.clone(), Told { facts: told, with });
            }
        });
        true
    }

    /// Asks about all rows that the filter lets pass.
    pub async fn ask_all(self) {
        let names: Vec<String> = self
            .rows
            .with_untracked(|rows| rows.iter().map(|row| row.bucket.name.clone()).collect());
        let with = self.wanted();
        loop {
            let next = self.unknown(names.iter(), &with);
            if next.is_empty() || !self.told(next, with.clone()).await {
                return;
            }
        }
    }

    /// Lists again, then puts the focus where the change was.
    pub fn reload(self, focus: String) {
        spawn_local(async move {
            let answer = api::call(ListReachable).await;
            if self.listed.is_disposed() {
                return;
            }
            match answer {
                Ok(list) => {
                    self.others.set(list.others);
                    self.facts.set(BTreeMap::new());
                    self.listed.set(list.buckets);
                    request_animation_frame(move || browser::focus(&focus));
                }
                Err(problem) => self.failed(&problem),
            }
        });
    }

    /// Says that something failed.
    pub fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            browser::go(&urls::sign_in(urls::BUCKETS));
        } else {
            self.messages.error(problem.sentence());
        }
    }

    /// Where the focus goes when rows are gone: the next row, else the one before, else the heading.
    pub fn beside(self, gone: &[String]) -> String {
        self.rows.with_untracked(|rows| {
            let is_gone = |row: &Row| gone.contains(&row.bucket.name);
            let at = rows.iter().rposition(is_gone);
            let next = at.and_then(|at| {
                let after = rows.iter().skip(at).find(|row| !is_gone(row));
                after.or_else(|| rows.iter().take(at).rev().find(|row| !is_gone(row)))
            });
            next.map_or_else(|| "h1".to_owned(), |row| row_link(&row.bucket.name))
        })
    }
}

/// Whether something is wanted that was not asked for.
fn lacks(told: &Told, with: &[Fact]) -> bool {
    with.iter().any(|fact| !told.with.contains(fact))
}

/// The store's list with what is kept in the browser.
fn merged(listed: &[ReachableBucket], kept: &Kept) -> Vec<Row> {
    let mut rows: Vec<Row> = listed
        .iter()
        .map(|bucket| Row {
            pinned: kept.is_pinned(&bucket.name),
            listed: true,
            bucket: bucket.clone(),
        })
        .collect();
    for name in kept.pinned.iter().chain(&kept.recent) {
        if !rows.iter().any(|row| row.bucket.name == *name) {
            rows.push(Row {
                pinned: kept.is_pinned(name),
                listed: false,
                bucket: ReachableBucket {
                    name: name.clone(),
                    creation_date: None,
                    owned: false,
                },
            });
        }
    }
    rows
}

/// The selector of a bucket's row link.
pub fn row_link(name: &str) -> String {
    // Bucket names of any store have no quotes, but the list shows whatever a store says.
    format!("[data-bucket-link=\"{}\"]", name.replace(['"', '\\'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_names_stand_in_the_list_once() {
        let listed = [ReachableBucket {
            name: "a".to_owned(),
            creation_date: None,
            owned: true,
        }];
        let kept = Kept {
            pinned: vec!["a".to_owned(), "p".to_owned()],
            recent: vec!["p".to_owned(), "r".to_owned()],
        };
        let rows = merged(&listed, &kept);
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.bucket.name.as_str(), row.pinned))
            .collect();
        assert_eq!(seen, [("a", true), ("p", true), ("r", false)]);
        assert!(rows[0].bucket.owned && !rows[1].bucket.owned);
    }

    #[test]
    fn what_was_asked_for_is_not_asked_for_again() {
        let mut told = Told::default();
        assert!(!lacks(&told, &[]));
        assert!(lacks(&told, &[Fact::Cors]));
        told.with = vec![Fact::Cors, Fact::Uploads];
        assert!(!lacks(&told, &[Fact::Cors]));
        assert!(lacks(&told, &Fact::ALL));
    }
}
