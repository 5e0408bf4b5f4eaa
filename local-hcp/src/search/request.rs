//! What is asked: the body of a request (HCP's metadata query API, "Object query request" and "Operation query
//! request"). Numbers and booleans may be written as texts.

use model::{
    Timestamp,
    query::{self, Expression, Field, Property},
};
use serde_json::{Map, Value as Json};

use super::{
    objects::{Facet, ObjectQuery},
    operations::{Cursor, OperationQuery, Transaction},
    record::Wanted,
    scope::{Hidden, Scope},
};
use crate::{mapi::error::Refusal, profile::Habits};

/// How many results an answer has at most where a number is given.
const MAX_COUNT: i64 = 10_000;
/// How many results may be passed over.
const MAX_OFFSET: i64 = 100_000;
/// How many operations are told where no number is given.
const OPERATIONS: i64 = 10_000;
/// How many namespaces or folders may be named.
const MAX_NAMED: usize = 1_000;

/// Which of both is asked.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    Objects(Box<ObjectQuery>),
    /// It names namespaces, so it is read when it is known which there are.
    Operations(Map<String, Json>),
}

/// Reads a request.
///
/// # Errors
/// 400 with the reason.
pub(super) fn read(body: Json, habits: &Habits) -> Result<Asked, Refusal> {
    let Json::Object(mut body) = body else {
        return Err(Refusal::invalid("The request is not an object."));
    };
    let (object, operation) = (body.remove("object"), body.remove("operation"));
    if let Some(unknown) = body.keys().next() {
        return Err(unknown_entry(unknown));
    }
    match (object, operation) {
        (Some(_), Some(_)) => Err(Refusal::invalid(
            "A request asks for objects or for operations, not for both.",
        )),
        (Some(object), None) => {
            objects(entries(object, "object")?, habits).map(|query| Asked::Objects(Box::new(query)))
        }
        (None, Some(operation)) => Ok(Asked::Operations(entries(operation, "operation")?)),
        (None, None) => Ok(Asked::Operations(Map::new())),
    }
}

fn objects(mut given: Map<String, Json>, habits: &Habits) -> Result<ObjectQuery, Refusal> {
    let Some(Json::String(text)) = given.remove("query") else {
        return Err(Refusal::invalid("query: it is missing, or no text"));
    };
    let expression = query::parse(&text)
        .map_err(|fault| Refusal::invalid(format!("The query cannot be read: {fault}")))?;
    if !habits.extended_queries {
        only_hcp(&text, &expression)?;
    }
    let count = count(&mut given, 100)?;
    let offset = number(&mut given, "offset")?.unwrap_or(0);
    if !(0..=MAX_OFFSET).contains(&offset) {
        return Err(Refusal::invalid("offset: 0 to 100,000"));
    }
    let sort = match text_of(&mut given, "sort")? {
        None => Vec::new(),
        Some(sort) => order(&sort, habits)?,
    };
    let mut facets = Vec::new();
    for name in names(&mut given, "facets", habits)?.unwrap_or_default() {
        let facet = Facet::ALL
            .into_iter()
            .find(|facet| facet.name() == name)
            .ok_or_else(|| Refusal::invalid(format!("facets: nothing is counted by `{name}`")))?;
        facets.push(facet);
    }
    let wanted = wanted(&mut given, habits)?;
    let content_properties = boolean(&mut given, "contentProperties")?.unwrap_or(false);
    nothing_else(&given)?;
    Ok(ObjectQuery {
        text,
        expression,
        count,
        offset: usize::try_from(offset).unwrap_or(0),
        sort,
        facets,
        wanted,
        content_properties,
    })
}

/// Refuses what only our own language has. HCP would look for `AND` as for any other word, and find what
/// nobody asked for.
fn only_hcp(text: &str, expression: &Expression) -> Result<(), Refusal> {
    // Every other piece stands between quotation marks; an escaped one opens nothing.
    let unescaped = text.replace("\\\"", " ");
    let outside = unescaped.split('"').step_by(2);
    let word = outside
        .flat_map(|piece| piece.split(|c: char| c.is_whitespace() || "()".contains(c)))
        .find(|word| ["AND", "OR", "NOT", "&&", "||"].contains(word));
    if let Some(word) = word {
        return Err(Refusal::invalid(format!(
            "The query cannot be read: HCP's language has signs in place of `{word}`"
        )));
    }
    let foreign = match expression {
        Expression::Everything => None,
        Expression::Criterion(criterion) => match &criterion.field {
            Field::CustomMetadata(name) => Some(format!("customMetadata.{name}")),
            Field::ContentType => Some("contentType".to_owned()),
            Field::Text | Field::Property(_) | Field::Content(_) => None,
        },
        Expression::Group(clauses) => {
            return clauses
                .iter()
                .try_for_each(|clause| only_hcp("", &clause.expression));
        }
    };
    match foreign {
        None => Ok(()),
        Some(field) => Err(Refusal::invalid(format!(
            "The query cannot be read: objects have no property `{field}`"
        ))),
    }
}

/// Reads a query for operations, of which the namespaces are looked up in a scope.
pub(super) fn operations(
    mut given: Map<String, Json>,
    scope: &Scope,
    habits: &Habits,
    now_ms: i64,
) -> Result<OperationQuery, Refusal> {
    let count = count(&mut given, OPERATIONS)?;
    let after = match given.remove("lastResult") {
        None => None,
        Some(last) => Some(cursor(entries(last, "lastResult")?)?),
    };
    let wanted = wanted(&mut given, habits)?;
    let mut metadata = match given.remove("systemMetadata") {
        None => Map::new(),
        Some(metadata) => entries(metadata, "systemMetadata")?,
    };
    nothing_else(&given)?;
    let (mut start_ms, mut end_ms) = (0, now_ms - habits.operations_lag_ms);
    if let Some(time) = metadata.remove("changeTime") {
        let mut time = entries(time, "changeTime")?;
        if let Some(start) = time.remove("start") {
            start_ms = moment(&start, "changeTime.start")?;
        }
        if let Some(end) = time.remove("end") {
            end_ms = moment(&end, "changeTime.end")?;
        }
        nothing_else(&time)?;
    }
    let mut directories = Vec::new();
    for directory in list(&mut metadata, "directories", "directory")?.unwrap_or_default() {
        let Some(folder) = directory.strip_prefix('/') else {
            return Err(Refusal::invalid(format!(
                "directories: `{directory}` does not begin with a slash"
            )));
        };
        let folder = folder.trim_end_matches('/');
        // The namespace itself: anywhere.
        if folder.is_empty() {
            directories.clear();
            break;
        }
        directories.push(format!("{folder}/"));
    }
    let named = list(&mut metadata, "namespaces", "namespace")?;
    let namespaces = named.map(|named| ids_of(&named, scope)).transpose()?;
    let indexable = boolean(&mut metadata, "indexable")?;
    let collides = boolean(&mut metadata, "replicationCollision")?;
    let mut transactions = Vec::new();
    for name in list(&mut metadata, "transactions", "transaction")?.unwrap_or_default() {
        let one = Transaction::named(&name).ok_or_else(|| {
            Refusal::invalid(format!(
                "transactions: `{name}` is none of create, delete, dispose, prune and purge"
            ))
        })?;
        transactions.push(one);
    }
    if transactions.is_empty() {
        transactions.extend(Transaction::USUAL);
    }
    nothing_else(&metadata)?;
    Ok(OperationQuery {
        count,
        after,
        wanted,
        start_ms,
        end_ms,
        directories,
        namespaces,
        transactions,
        is_empty: indexable == Some(false) || collides == Some(true),
    })
}

/// The namespaces that were named.
///
/// # Errors
/// 400 for one that is not there, 403 for one that may not be searched.
fn ids_of(named: &[String], scope: &Scope) -> Result<Vec<i64>, Refusal> {
    let mut ids = Vec::new();
    for name in named {
        match scope.hidden(name) {
            Some(Hidden::Absent) => {
                return Err(Refusal::invalid(format!(
                    "namespaces: there is no namespace `{name}`"
                )));
            }
            Some(Hidden::Forbidden) => {
                return Err(Refusal::forbidden(format!(
                    "namespaces: the account may not search `{name}`"
                )));
            }
            None => ids.extend(scope.named(name).map(|one| one.id)),
        }
    }
    Ok(ids)
}

fn cursor(mut last: Map<String, Json>) -> Result<Cursor, Refusal> {
    let bad = || {
        Refusal::invalid(
            "lastResult: urlName, changeTimeMilliseconds and version of the last record are needed",
        )
    };
    last.remove("urlName").ok_or_else(bad)?;
    let time = match last.remove("changeTimeMilliseconds").ok_or_else(bad)? {
        Json::String(text) => text,
        Json::Number(number) => number.to_string(),
        _ => return Err(bad()),
    };
    let (ms, suffix) = match time.split_once('.') {
        Some((ms, suffix)) => (ms, suffix),
        None => (time.as_str(), "0"),
    };
    let version = number(&mut last, "version")?.ok_or_else(bad)?;
    nothing_else(&last)?;
    Ok(Cursor {
        ms: ms.parse().map_err(|_not_a_number| bad())?,
        suffix: suffix.parse().map_err(|_not_a_number| bad())?,
        version,
    })
}

/// A time: milliseconds since 1970, or a date.
fn moment(value: &Json, name: &str) -> Result<i64, Refusal> {
    let found = match value {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text
            .trim()
            .parse()
            .ok()
            .or_else(|| query::moment(text).map(Timestamp::unix_millis)),
        _ => None,
    };
    found.ok_or_else(|| {
        Refusal::invalid(format!(
            "{name}: milliseconds since 1970, or a date as 2024-06-01T10:00:00+0000"
        ))
    })
}

/// `prop+asc,prop+desc`; where our own language is spoken also `-prop`.
fn order(text: &str, habits: &Habits) -> Result<Vec<(Property, bool)>, Refusal> {
    let mut order = Vec::new();
    for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let (name, descends) = match one.rsplit_once(['+', ' ']) {
            Some((name, "asc")) => (name, false),
            Some((name, "desc")) => (name, true),
            Some(_) if !one.starts_with('+') => {
                return Err(Refusal::invalid(format!(
                    "sort: `{one}` ends neither in +asc nor in +desc"
                )));
            }
            _ => match one
                .strip_prefix('-')
                .filter(|_name| habits.extended_queries)
            {
                Some(name) => (name, true),
                None => (one, false),
            },
        };
        let property = Property::named(name)
            .filter(|property| property.facts().sorted)
            .ok_or_else(|| Refusal::invalid(format!("sort: nothing is sorted by `{name}`")))?;
        order.push((property, descends));
    }
    Ok(order)
}

fn wanted(given: &mut Map<String, Json>, habits: &Habits) -> Result<Wanted, Refusal> {
    let verbose = boolean(given, "verbose")?.unwrap_or(false);
    let Some(named) = names(given, "objectProperties", habits)? else {
        return Ok(Wanted::of(None, verbose));
    };
    let mut properties = Vec::new();
    for name in named {
        let property = Property::named(&name).ok_or_else(|| {
            Refusal::invalid(format!("objectProperties: objects have no `{name}`"))
        })?;
        properties.push(property);
    }
    Ok(Wanted::of(Some(properties), false))
}

/// A list with commas; where our own language is spoken also an array.
fn names(
    given: &mut Map<String, Json>,
    name: &str,
    habits: &Habits,
) -> Result<Option<Vec<String>>, Refusal> {
    let bad = || Refusal::invalid(format!("{name}: names with commas between them"));
    match given.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(
            text.split(',')
                .map(|one| one.trim().to_owned())
                .filter(|one| !one.is_empty())
                .collect(),
        )),
        Some(Json::Array(items)) if habits.extended_queries => items
            .into_iter()
            .map(|item| match item {
                Json::String(text) => Ok(text),
                _ => Err(bad()),
            })
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(bad()),
    }
}

/// A list inside of its wrapper: `{"directory": ["/a"]}`; one item may stand by itself.
fn list(
    given: &mut Map<String, Json>,
    name: &str,
    item: &str,
) -> Result<Option<Vec<String>>, Refusal> {
    let bad = || Refusal::invalid(format!("{name}: a list of `{item}`"));
    let Some(value) = given.remove(name) else {
        return Ok(None);
    };
    let mut wrapper = entries(value, name)?;
    let items = match wrapper.remove(item) {
        None => Vec::new(),
        Some(Json::Array(items)) => items,
        Some(single) => vec![single],
    };
    nothing_else(&wrapper)?;
    if items.len() > MAX_NAMED {
        return Err(Refusal::invalid(format!("{name}: more than {MAX_NAMED}")));
    }
    let texts = items.into_iter().map(|item| match item {
        Json::String(text) => Ok(text),
        _ => Err(bad()),
    });
    texts.collect::<Result<_, _>>().map(Some)
}

fn count(given: &mut Map<String, Json>, usual: i64) -> Result<Option<usize>, Refusal> {
    match number(given, "count")?.unwrap_or(usual) {
        -1 => Ok(None),
        count @ 0..=MAX_COUNT => Ok(usize::try_from(count).ok()),
        _ => Err(Refusal::invalid("count: -1 or 0 to 10,000")),
    }
}

fn number(given: &mut Map<String, Json>, name: &str) -> Result<Option<i64>, Refusal> {
    let found = match given.remove(name) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) => number.as_i64(),
        Some(Json::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    found
        .map(Some)
        .ok_or_else(|| Refusal::invalid(format!("{name}: it is no whole number")))
}

fn boolean(given: &mut Map<String, Json>, name: &str) -> Result<Option<bool>, Refusal> {
    let found = match given.remove(name) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Bool(is)) => Some(is),
        Some(Json::String(text)) => match text.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Some(_) => None,
    };
    found
        .map(Some)
        .ok_or_else(|| Refusal::invalid(format!("{name}: it is neither true nor false")))
}

fn text_of(given: &mut Map<String, Json>, name: &str) -> Result<Option<String>, Refusal> {
    match given.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(format!("{name}: it is no text"))),
    }
}

/// The entries of an object; of an empty element of XML, none.
fn entries(value: Json, name: &str) -> Result<Map<String, Json>, Refusal> {
    match value {
        Json::Object(entries) => Ok(entries),
        Json::Null => Ok(Map::new()),
        Json::String(text) if text.trim().is_empty() => Ok(Map::new()),
        _ => Err(Refusal::invalid(format!("{name}: it is not an object"))),
    }
}

fn nothing_else(given: &Map<String, Json>) -> Result<(), Refusal> {
    match given.keys().next() {
        None => Ok(()),
        Some(unknown) => Err(unknown_entry(unknown)),
    }
}

fn unknown_entry(name: &str) -> Refusal {
    Refusal::invalid(format!("There is no entry `{name}`."))
}
