//! Queries for operations: what was stored, and what is gone, in the order in which it happened.

use std::collections::VecDeque;

use rusqlite::{Connection, params_from_iter, types::Value};
use serde_json::{Map, Value as Json, json};

use super::{
    MAX_ROWS,
    condition::CHANGED,
    record::{Found, Gone, Place, Wanted},
    scope::{Scope, Visible},
};
use crate::{
    Error,
    mapi::error::Refusal,
    store::{listing::successor, removals::Removal},
};

/// How many rows are read at a time.
const CHUNK: usize = 500;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transaction {
    Create,
    Gone(Removal),
}

impl Transaction {
    /// What is meant where nothing is said.
    pub(super) const USUAL: [Self; 3] = [
        Self::Create,
        Self::Gone(Removal::Deleted),
        Self::Gone(Removal::Purged),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "create" => Self::Create,
            "delete" => Self::Gone(Removal::Deleted),
            "purge" => Self::Gone(Removal::Purged),
            "prune" => Self::Gone(Removal::Pruned),
            "dispose" => Self::Gone(Removal::Disposed),
            _ => return None,
        })
    }
}

/// A place in the order of operations: the time, the digits behind its point, the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cursor {
    pub(super) ms: i64,
    pub(super) suffix: i64,
    pub(super) version: i64,
}

/// A query for operations.
#[derive(Clone, Debug)]
pub(super) struct OperationQuery {
    /// How many are told; `None`: all.
    pub(super) count: Option<usize>,
    pub(super) after: Option<Cursor>,
    pub(super) wanted: Wanted,
    /// Milliseconds; the start is in the range, the end is not.
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    /// Folders without a slash in front and with one behind; none: all.
    pub(super) directories: Vec<String>,
    /// Ids of namespaces; `None`: all that are visible.
    pub(super) namespaces: Option<Vec<i64>>,
    pub(super) transactions: Vec<Transaction>,
    /// Whether nothing can meet what is asked: everything here is indexed, and nothing collides.
    pub(super) is_empty: bool,
}

/// Answers a query: `queryResult` as JSON has it.
pub(super) fn run(
    connection: &Connection,
    scope: &Scope,
    domain: &str,
    tells_user: bool,
    query: &OperationQuery,
) -> Result<Map<String, Json>, Refusal> {
    let most = query.count.unwrap_or(MAX_ROWS).min(MAX_ROWS);
    let visible: Vec<&Visible> = scope
        .all
        .iter()
        .filter(|one| {
            query
                .namespaces
                .as_ref()
                .is_none_or(|ids| ids.contains(&one.id))
        })
        .collect();
    let mut sources: Vec<Source<'_>> = Vec::new();
    if !query.is_empty {
        for namespace in visible {
            sources.extend(Source::of(namespace, query));
        }
    }
    let mut records = Vec::new();
    let mut code = "COMPLETE";
    while let Some((index, _place)) = next(connection, &mut sources, query)? {
        if records.len() == most {
            code = "INCOMPLETE";
            break;
        }
        let Some(source) = sources.get_mut(index) else {
            break;
        };
        let place = Place {
            namespace: source.namespace,
            domain,
        };
        match source.take() {
            Some(Event::Found(found)) => {
                records.push(Json::Object(found.record(&place, &query.wanted)));
            }
            Some(Event::Gone(gone)) => {
                records.push(Json::Object(gone.record(&place, &query.wanted, tells_user)));
            }
            None => break,
        }
    }
    let status = json!({"results": records.len(), "message": "", "code": code});
    Ok(Map::from_iter([
        (
            "query".to_owned(),
            json!({"start": query.start_ms, "end": query.end_ms}),
        ),
        ("resultSet".to_owned(), Json::Array(records)),
        ("status".to_owned(), status),
    ]))
}

/// The source whose next event comes first of all.
fn next(
    connection: &Connection,
    sources: &mut [Source<'_>],
    query: &OperationQuery,
) -> Result<Option<(usize, Cursor)>, Refusal> {
    let mut first: Option<(usize, Cursor)> = None;
    for (index, source) in sources.iter_mut().enumerate() {
        source.fill(connection, query)?;
        if let Some(place) = source.waiting.front().map(Event::place)
            && first.is_none_or(|(_, before)| place < before)
        {
            first = Some((index, place));
        }
    }
    Ok(first)
}

enum Event {
    Found(Box<Found>),
    Gone(Box<Gone>),
}

impl Event {
    fn place(&self) -> Cursor {
        match self {
            Self::Found(found) => Cursor {
                ms: found.changed_ms,
                suffix: 0,
                version: found.id,
            },
            Self::Gone(gone) => Cursor {
                ms: gone.at_ms,
                suffix: gone.kind,
                version: gone.version,
            },
        }
    }
}

/// The events of one table in one namespace, read in pieces.
struct Source<'a> {
    namespace: &'a Visible,
    /// The kinds of removals; none: what is there.
    removals: Vec<i64>,
    waiting: VecDeque<Event>,
    after: Option<Cursor>,
    is_at_end: bool,
}

impl<'a> Source<'a> {
    fn of(namespace: &'a Visible, query: &OperationQuery) -> Vec<Self> {
        let removals: Vec<i64> = query
            .transactions
            .iter()
            .filter_map(|one| match one {
                Transaction::Create => None,
                Transaction::Gone(kind) => Some(kind.number()),
            })
            .collect();
        let source = |removals| Self {
            namespace,
            removals,
            waiting: VecDeque::new(),
            after: query.after,
            is_at_end: false,
        };
        let mut sources = Vec::new();
        if query.transactions.contains(&Transaction::Create) {
            sources.push(source(Vec::new()));
        }
        if !removals.is_empty() {
            sources.push(source(removals));
        }
        sources
    }

    fn take(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    fn fill(&mut self, connection: &Connection, query: &OperationQuery) -> Result<(), Refusal> {
        if !self.waiting.is_empty() || self.is_at_end {
            return Ok(());
        }
        let (sql, values) = if self.removals.is_empty() {
            self.found(query)
        } else {
            self.gone(query)
        };
        let mut statement = connection.prepare_cached(&sql).map_err(Error::from)?;
        let mut rows = statement
            .query(params_from_iter(values))
            .map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            self.waiting.push_back(if self.removals.is_empty() {
                Event::Found(Box::new(Found::read(row)?))
            } else {
                Event::Gone(Box::new(Gone::read(row)?))
            });
        }
        self.is_at_end = self.waiting.len() < CHUNK;
        if let Some(last) = self.waiting.back() {
            self.after = Some(last.place());
        }
        Ok(())
    }

    fn found(&self, query: &OperationQuery) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = vec![
            self.namespace.id.into(),
            query.start_ms.into(),
            query.end_ms.into(),
        ];
        // All of these have the suffix 0: behind a greater one of the same time none of them comes.
        let after = self.after.map_or_else(String::new, |after| {
            values.push(after.ms.into());
            if after.suffix == 0 {
                values.push(after.version.into());
                format!("AND ({CHANGED}, o.id) > (?, ?)")
            } else {
                format!("AND {CHANGED} > ?")
            }
        });
        let folders = in_folders("o.key", &query.directories, &mut values);
        let sql = format!(
            "SELECT {} FROM objects AS o WHERE o.is_marker = 0 AND o.bucket_id = ?
             AND {CHANGED} >= ? AND {CHANGED} < ? {after} {folders}
             ORDER BY {CHANGED}, o.id LIMIT {CHUNK}",
            query.wanted.columns()
        );
        (sql, values)
    }

    fn gone(&self, query: &OperationQuery) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = vec![
            self.namespace.id.into(),
            query.start_ms.into(),
            query.end_ms.into(),
        ];
        let after = self.after.map_or("", |after| {
            values.extend([after.ms.into(), after.suffix.into(), after.version.into()]);
            "AND (at_ms, kind, version) > (?, ?, ?)"
        });
        let kinds = super::condition::ids("kind", self.removals.iter().copied());
        let folders = in_folders("key", &query.directories, &mut values);
        let sql = format!(
            "SELECT {} FROM removals WHERE bucket_id = ? AND at_ms >= ? AND at_ms < ? {after}
             AND {kinds} {folders} ORDER BY at_ms, kind, version LIMIT {CHUNK}",
            Gone::COLUMNS
        );
        (sql, values)
    }
}

/// That a key lies in one of some folders; none: anywhere.
fn in_folders(key: &str, folders: &[String], values: &mut Vec<Value>) -> String {
    if folders.is_empty() {
        return String::new();
    }
    let any: Vec<String> = folders
        .iter()
        .map(|folder| {
            values.push(Value::Blob(folder.clone().into_bytes()));
            values.push(successor(folder.as_bytes()).map_or(Value::Null, Value::Blob));
            format!("({key} >= ? AND {key} < ?)")
        })
        .collect();
    format!("AND ({})", any.join(" OR "))
}
