//! Queries for objects.

use model::query::{Expression, Property};
use rusqlite::{Connection, params_from_iter, types::Value};
use serde_json::{Map, Value as Json, json};

use super::{
    MAX_ROWS,
    condition::{self, CLASS, Condition, HELD},
    record::{Found, Place, Wanted},
    scope::Scope,
};
use crate::{Error, mapi::error::Refusal, profile::Habits};

/// How many values of a facet are told.
const FACET_VALUES: i64 = 100;

/// A query for objects.
#[derive(Clone, Debug)]
pub(super) struct ObjectQuery {
    /// As it was written.
    pub(super) text: String,
    pub(super) expression: Expression,
    /// How many are told; `None`: all.
    pub(super) count: Option<usize>,
    pub(super) offset: usize,
    /// By what, and whether the greatest comes first.
    pub(super) sort: Vec<(Property, bool)>,
    pub(super) facets: Vec<Facet>,
    pub(super) wanted: Wanted,
    pub(super) content_properties: bool,
}

/// What results are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet {
    Hold,
    Namespace,
    Retention,
    RetentionClass,
}

impl Facet {
    pub(super) const ALL: [Self; 4] = [
        Self::Hold,
        Self::Namespace,
        Self::Retention,
        Self::RetentionClass,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Namespace => "namespace",
            Self::Retention => "retention",
            Self::RetentionClass => "retentionClass",
        }
    }

    /// What the value is for an object. That retention has ended is a matter of the time `?1`, in seconds.
    fn expression(self) -> String {
        match self {
            Self::Hold => format!("CASE WHEN {HELD} THEN 'true' ELSE 'false' END"),
            Self::Namespace => "(SELECT buckets.name || '.' || tenants.name FROM buckets
                  JOIN tenants ON tenants.id = buckets.tenant_id WHERE buckets.id = o.bucket_id)"
                .to_owned(),
            Self::Retention => "CASE coalesce(o.protection ->> '$.retention', 0)
                WHEN -2 THEN 'initialUnspecified' WHEN -1 THEN 'neverDeletable'
                ELSE CASE WHEN coalesce(o.protection ->> '$.retention', 0) <= ?1
                     THEN 'expired' ELSE 'not expired' END END"
                .to_owned(),
            Self::RetentionClass => CLASS.to_owned(),
        }
    }
}

/// Answers a query: `queryResult` as JSON has it.
pub(super) fn run(
    connection: &Connection,
    scope: &Scope,
    habits: &Habits,
    domain: &str,
    now_ms: i64,
    query: &ObjectQuery,
) -> Result<Map<String, Json>, Refusal> {
    let found = condition::of(connection, scope, &query.expression)?;
    let selection = Selection::new(scope, habits, found);
    let total = selection.count(connection)?;
    let most = query.count.unwrap_or(MAX_ROWS).min(MAX_ROWS);
    let results = if most == 0 {
        Vec::new()
    } else {
        selection.page(connection, scope, query, most)?
    };
    let records: Vec<Json> = results
        .iter()
        .filter_map(|found| {
            let namespace = scope.by_id(found.bucket_id)?;
            let place = Place { namespace, domain };
            Some(Json::Object(found.record(&place, &query.wanted)))
        })
        .collect();
    let reached = query.offset.saturating_add(results.len());
    let is_complete = i64::try_from(reached).unwrap_or(i64::MAX) >= total;
    let mut answer = Map::new();
    answer.insert("query".to_owned(), json!({"expression": query.text}));
    let status = json!({
        "totalResults": total,
        "results": records.len(),
        "message": "",
        "code": if is_complete { "COMPLETE" } else { "INCOMPLETE" },
    });
    answer.insert("resultSet".to_owned(), Json::Array(records));
    answer.insert("status".to_owned(), status);
    if query.content_properties {
        // There are none: content classes are kept, and nothing is taken out of metadata by them.
        answer.insert(
            "contentProperties".to_owned(),
            json!({"contentProperty": []}),
        );
    }
    if !query.facets.is_empty() {
        let facets = query
            .facets
            .iter()
            .map(|facet| selection.facet(connection, *facet, now_ms))
            .collect::<Result<Vec<_>, _>>()?;
        answer.insert("facets".to_owned(), json!({"facet": facets}));
    }
    Ok(answer)
}

/// How SQLite finds the objects of a query.
#[cfg(test)]
pub(super) fn plan(
    connection: &Connection,
    scope: &Scope,
    habits: &Habits,
    expression: &Expression,
) -> String {
    let found = condition::of(connection, scope, expression).unwrap();
    let selection = Selection::new(scope, habits, found);
    let sql = format!("EXPLAIN QUERY PLAN SELECT count(*) {}", selection.from);
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map(params_from_iter(&selection.values), |row| {
        row.get::<_, String>(3)
    });
    rows.unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The objects of a query, as SQL.
struct Selection {
    from: String,
    values: Vec<Value>,
}

impl Selection {
    fn new(scope: &Scope, habits: &Habits, condition: Condition) -> Self {
        // What leads to objects is the words, where there are any: an index, say that of the bucket, would lead
        // to many more. Without indexes SQLite still finds rows by their ids.
        let by = if condition.by_words {
            "NOT INDEXED"
        } else {
            ""
        };
        let visible = condition::ids("o.bucket_id", scope.indexed());
        // On HCP a folder is no object.
        let folders = if habits.folders {
            "AND substr(o.key, -1) <> x'2f'"
        } else {
            ""
        };
        Self {
            from: format!(
                "FROM objects AS o {by} WHERE o.is_current = 1 AND o.is_marker = 0 {folders}
                 AND {visible} AND {}",
                condition.sql.text
            ),
            values: condition.sql.values,
        }
    }

    fn count(&self, connection: &Connection) -> Result<i64, Refusal> {
        let sql = format!("SELECT count(*) {}", self.from);
        let count = connection
            .prepare(&sql)
            .and_then(|mut statement| {
                statement.query_row(params_from_iter(&self.values), |row| row.get(0))
            })
            .map_err(Error::from)?;
        Ok(count)
    }

    fn page(
        &self,
        connection: &Connection,
        scope: &Scope,
        query: &ObjectQuery,
        most: usize,
    ) -> Result<Vec<Found>, Refusal> {
        let mut order = Vec::new();
        for (property, descends) in &query.sort {
            let by = condition::sorted_by(*property, scope)?;
            order.push(format!("{by}{}", if *descends { " DESC" } else { "" }));
        }
        // Without a wish the newest first; and what is equal always in the same order.
        order.push("o.id DESC".to_owned());
        let sql = format!(
            "SELECT {} {} ORDER BY {} LIMIT {most} OFFSET {}",
            query.wanted.columns(),
            self.from,
            order.join(", "),
            query.offset
        );
        let mut statement = connection.prepare(&sql).map_err(Error::from)?;
        let rows = statement
            .query_and_then(params_from_iter(&self.values), Found::read)
            .map_err(Error::from)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn facet(&self, connection: &Connection, facet: Facet, now_ms: i64) -> Result<Json, Refusal> {
        let sql = format!(
            "WITH now(seconds) AS (VALUES (?)) SELECT {} AS value, count(*) {}
             GROUP BY value ORDER BY count(*) DESC, value LIMIT {FACET_VALUES}",
            facet
                .expression()
                .replace("?1", "(SELECT seconds FROM now)"),
            self.from
        );
        let values = std::iter::once(Value::Integer(now_ms / 1_000)).chain(self.values.clone());
        let mut statement = connection.prepare(&sql).map_err(Error::from)?;
        let rows = statement
            .query_map(params_from_iter(values), |row| {
                Ok(json!({"value": row.get::<_, String>(0)?, "count": row.get::<_, i64>(1)?}))
            })
            .map_err(Error::from)?;
        let frequency: Vec<Json> = rows.collect::<Result<_, _>>().map_err(Error::from)?;
        Ok(json!({"property": facet.name(), "frequency": frequency}))
    }
}
