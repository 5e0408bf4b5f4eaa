//! From a query's tree to a condition in SQL over the table `objects`, called `o`.
//!
//! Each condition is true or false, never NULL, so that it may be negated. Names and numbers of ours stand in
//! the text; whatever came from outside is a parameter.

use std::borrow::Cow;

use model::{
    Timestamp,
    query::{
        Clause, Criterion, End, Expression, Field, Pattern, Piece, Property, Range, Sign, Test,
    },
};
use rusqlite::{Connection, types::Value};

use super::{
    check::{Bound, Check},
    grants::Wanted,
    scope::Scope,
};
use crate::{mapi::error::Refusal, store::words};

/// One, and nought, for every object: a number alone would be the column to sort by.
const YES: &str = "(1 = 1)";
const NO: &str = "(1 = 0)";
/// When a version was changed last, in milliseconds: the expression of its index.
pub(super) const CHANGED: &str = "coalesce(o.changed_ms, o.modified_ms)";
/// The same in seconds.
const CHANGED_SECOND: &str = "(coalesce(o.changed_ms, o.modified_ms) / 1000)";
/// When it was stored, in seconds since 1970.
const STORED: &str = "(o.modified_ms / 1000)";
/// Seconds since 1970 until which it is kept, or what HCP says in place of that.
const RETENTION: &str = "coalesce(o.protection ->> '$.retention', 0)";
pub(super) const CLASS: &str = "coalesce(o.protection ->> '$.class', '')";
pub(super) const HELD: &str =
    "(o.protection IS NOT NULL AND (coalesce(o.protection ->> '$.hold', 0)
    OR coalesce(json_array_length(o.protection, '$.labels'), 0) > 0))";
const RETENTION_STRING: &str = "(CASE coalesce(o.protection ->> '$.retention', 0)
    WHEN 0 THEN 'Deletion Allowed' WHEN -1 THEN 'Deletion Prohibited' WHEN -2 THEN 'Initial Unspecified'
    ELSE strftime('%Y-%m-%dT%H:%M:%S+0000', o.protection ->> '$.retention', 'unixepoch') END)";
const PATH: &str = "('/' || CAST(o.key AS TEXT))";
pub(super) const OWNER: &str =
    "coalesce((SELECT 'USER,' || coalesce(tenants.name, '') || ',' || users.name
    FROM users LEFT JOIN tenants ON tenants.id = users.tenant_id WHERE users.id = o.owner_id), '')";
/// That of all bytes is known where they are one blob; that of none always is.
pub(super) const HASH: &str = "coalesce((SELECT 'SHA-256 ' || hex(blobs.sha256) FROM segments
    JOIN blobs ON blobs.id = segments.blob_id
    WHERE segments.object_id = o.id AND segments.size = o.size),
    (SELECT 'SHA-256 ' || hex(sha256) FROM plain WHERE object_id = o.id AND sha256 IS NOT NULL),
    CASE o.size WHEN 0 THEN
    'SHA-256 E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855' ELSE '' END)";
/// That of every hash which is known here.
const HASH_SCHEME: &str = "(CASE WHEN o.size = 0 OR EXISTS (SELECT 1 FROM segments
    WHERE segments.object_id = o.id AND segments.size = o.size)
    OR EXISTS (SELECT 1 FROM plain WHERE object_id = o.id AND sha256 IS NOT NULL) THEN 'SHA-256' ELSE '' END)";
const ANNOTATED: &str = "(o.metadata <> '{}'
    OR EXISTS (SELECT 1 FROM annotations WHERE annotations.object_id = o.id))";
pub(super) const ANNOTATIONS: &str = "(SELECT group_concat(name, ',') FROM
    (SELECT '.metapairs' AS name WHERE o.metadata <> '{}'
     UNION ALL SELECT name FROM annotations WHERE annotations.object_id = o.id ORDER BY 1))";

/// A wildcard that stands for more words than this is refused.
const MAX_WORDS: i64 = 1_000;

/// A condition, and what its parameters are.
#[derive(Clone, Debug, Default)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Sql {
    fn of(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            text: text.into(),
            values: values.into_iter().collect(),
        }
    }

    fn constant(is_so: bool) -> Self {
        Self::of(if is_so { "1" } else { "0" }, [])
    }

    fn not(self) -> Self {
        Self {
            text: format!("NOT {}", self.text),
            values: self.values,
        }
    }

    fn join(conditions: Vec<Self>, word: &str) -> Self {
        let mut joined = Self::default();
        for condition in conditions {
            if !joined.text.is_empty() {
                joined.text.push_str(word);
            }
            joined.text.push_str(&condition.text);
            joined.values.extend(condition.values);
        }
        joined.text = format!("({})", joined.text);
        joined
    }

    fn all(mut conditions: Vec<Self>) -> Self {
        match conditions.pop() {
            None => Self::constant(true),
            Some(only) if conditions.is_empty() => only,
            Some(last) => {
                conditions.push(last);
                Self::join(conditions, " AND ")
            }
        }
    }

    fn any(mut conditions: Vec<Self>) -> Self {
        match conditions.pop() {
            None => Self::constant(false),
            Some(only) if conditions.is_empty() => only,
            Some(last) => {
                conditions.push(last);
                Self::join(conditions, " OR ")
            }
        }
    }
}

/// What finds the objects of a query.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) sql: Sql,
    /// Whether it holds only for objects that a word leads to: then those are looked at, and no others.
    pub(super) by_words: bool,
}

/// Makes a condition of a query.
///
/// # Errors
/// 400 for what is not searched here, and for wildcards that stand for too many words.
pub(super) fn of(
    connection: &Connection,
    scope: &Scope,
    expression: &Expression,
) -> Result<Condition, Refusal> {
    let writer = Writer { connection, scope };
    Ok(Condition {
        sql: writer.expression(expression)?,
        by_words: needs_words(expression),
    })
}

/// Whether something in a query that must hold is looked up by its words.
fn needs_words(expression: &Expression) -> bool {
    match expression {
        Expression::Everything => false,
        Expression::Criterion(criterion) => is_of_words(criterion),
        Expression::Group(clauses) => {
            let musts = || clauses.iter().filter(|clause| clause.sign == Sign::Must);
            let mut shoulds = clauses.iter().filter(|clause| clause.sign == Sign::Should);
            if musts().next().is_some() {
                musts().any(|clause| needs_words(&clause.expression))
            } else {
                let has_some = shoulds.clone().next().is_some();
                has_some && shoulds.all(|clause| needs_words(&clause.expression))
            }
        }
    }
}

fn is_of_words(criterion: &Criterion) -> bool {
    match (&criterion.field, &criterion.test) {
        (_, Test::Range(_)) => false,
        (Field::Text | Field::Property(Property::CustomMetadataContent), asked) => !is_any(asked),
        (
            Field::CustomMetadata(_) | Field::Property(Property::ObjectPath | Property::Utf8Name),
            asked,
        ) => !certain_words(asked).is_empty(),
        _ => false,
    }
}

/// `field:*`
fn is_any(asked: &Test) -> bool {
    match asked {
        Test::Term(Pattern(pieces)) => {
            !pieces.is_empty() && pieces.iter().all(|piece| *piece == Piece::Many)
        }
        Test::Phrase(_) => false,
        Test::Range(range) => range.from.is_none() && range.to.is_none(),
    }
}

/// Words that a text has wherever a test holds for it.
fn certain_words(asked: &Test) -> Vec<String> {
    match asked {
        Test::Phrase(text) => words::split(text),
        Test::Term(Pattern(pieces)) => {
            let mut found = Vec::new();
            for (index, piece) in pieces.iter().enumerate() {
                let Piece::Literal(text) = piece else {
                    continue;
                };
                let mut words = words::split(text);
                // What touches a wildcard may be a piece of a longer word.
                let touches =
                    |c: Option<char>| c.is_some_and(|c| !words::split(&c.to_string()).is_empty());
                if index + 1 < pieces.len() && touches(text.chars().next_back()) {
                    words.pop();
                }
                if index > 0 && touches(text.chars().next()) && !words.is_empty() {
                    words.remove(0);
                }
                found.extend(words);
            }
            found
        }
        Test::Range(_) => Vec::new(),
    }
}

struct Writer<'a> {
    connection: &'a Connection,
    scope: &'a Scope,
}

impl Writer<'_> {
    fn expression(&self, expression: &Expression) -> Result<Sql, Refusal> {
        match expression {
            Expression::Everything => Ok(Sql::constant(true)),
            Expression::Criterion(criterion) => self.criterion(criterion),
            Expression::Group(clauses) => self.group(clauses),
        }
    }

    fn group(&self, clauses: &[Clause]) -> Result<Sql, Refusal> {
        let of_sign = |sign| {
            clauses
                .iter()
                .filter(move |clause| clause.sign == sign)
                .map(|clause| self.expression(&clause.expression))
                .collect::<Result<Vec<_>, _>>()
        };
        let (musts, shoulds, nots) = (
            of_sign(Sign::Must)?,
            of_sign(Sign::Should)?,
            of_sign(Sign::MustNot)?,
        );
        let mut all = musts;
        // Beside what must hold, the unsigned ones only raise the rank.
        if all.is_empty() && !shoulds.is_empty() {
            all.push(Sql::any(shoulds));
        }
        all.extend(nots.into_iter().map(Sql::not));
        Ok(Sql::all(all))
    }

    fn criterion(&self, criterion: &Criterion) -> Result<Sql, Refusal> {
        let asked = &criterion.test;
        match &criterion.field {
            Field::Text => self.words(None, asked),
            Field::Property(Property::CustomMetadataContent) => self.words(Some("custom"), asked),
            Field::Property(property) => self.property(*property, asked),
            Field::CustomMetadata(name) => Ok(Self::custom(name, asked)),
            Field::ContentType => {
                let check = check(asked, false, false);
                Ok(Sql::of(
                    "hako_admits(?, coalesce(o.headers ->> '$.content_type', ''))",
                    [check],
                ))
            }
            Field::Content(name) => Err(Refusal::invalid(format!(
                "`{name}` is no property of objects, and content properties are not searched here"
            ))),
        }
    }

    /// What holds words of the path or of custom metadata.
    fn words(&self, column: Option<&str>, asked: &Test) -> Result<Sql, Refusal> {
        if is_any(asked) {
            return Ok(match column {
                None => Sql::constant(true),
                Some(_custom) => Sql::of(ANNOTATED, []),
            });
        }
        let wanted = match asked {
            Test::Phrase(text) => {
                let words = words::split(text);
                if words.is_empty() {
                    None
                } else {
                    Some(format!("\"{}\"", words.join(" ")))
                }
            }
            Test::Term(pattern) => {
                let mut any = Vec::new();
                for word in word_patterns(pattern) {
                    any.extend(self.alternatives(&word)?);
                }
                (!any.is_empty()).then(|| any.join(" OR "))
            }
            Test::Range(_) => {
                return Err(Refusal::invalid("a range needs a property before it"));
            }
        };
        let Some(wanted) = wanted else {
            return Ok(Sql::constant(false));
        };
        let (custom, any) = (format!("custom : ({wanted})"), matching(wanted.clone()));
        let Some(searched) = self.scope.custom() else {
            return Ok(if column.is_some() {
                matching(custom)
            } else {
                any
            });
        };
        // Custom metadata is searched where the namespace says so.
        let custom = Sql::all(vec![
            matching(custom),
            Sql::of(ids("o.bucket_id", searched), []),
        ]);
        Ok(match column {
            Some(_custom) => custom,
            None => Sql::any(vec![matching(format!("path : ({wanted})")), custom]),
        })
    }

    /// The words that a pattern of one stands for, as the full-text index names them.
    fn alternatives(&self, word: &[Piece]) -> Result<Vec<String>, Refusal> {
        match word {
            [Piece::Literal(word)] => return Ok(vec![format!("\"{word}\"")]),
            [Piece::Literal(word), Piece::Many] => return Ok(vec![format!("\"{word}\" *")]),
            _ => {}
        }
        let start = match word.first() {
            Some(Piece::Literal(start)) => start.as_str(),
            _ => "",
        };
        let like = Check::like(&Pattern(word.to_vec()), true);
        let found = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT term FROM vocabulary
                 WHERE term >= ?1 AND term < ?1 || char(0x10ffff) AND hako_admits(?2, term) LIMIT ?3",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(
                        rusqlite::params![start, to_json(&like), MAX_WORDS + 1],
                        |row| row.get::<_, String>(0),
                    )?
                    .collect::<Result<Vec<_>, _>>()
            })
            .map_err(|error| Refusal::Failed(error.into()))?;
        if i64::try_from(found.len()).unwrap_or(i64::MAX) > MAX_WORDS {
            return Err(Refusal::invalid(format!(
                "a wildcard stands for more than {MAX_WORDS} words: give more of its letters"
            )));
        }
        Ok(found.iter().map(|word| format!("\"{word}\"")).collect())
    }

    /// `customMetadata.name`.
    fn custom(name: &str, asked: &Test) -> Sql {
        let check = check(asked, false, true);
        let name = Value::Text(name.to_owned());
        let exact = Sql::of(
            "(hako_pair(?, ?, o.metadata) OR EXISTS (SELECT 1 FROM annotations
              WHERE annotations.object_id = o.id AND hako_member(?, ?, annotations.content)))",
            [check.clone(), name.clone(), check, name],
        );
        narrowed("custom", asked, exact)
    }

    fn property(&self, property: Property, asked: &Test) -> Result<Sql, Refusal> {
        let facts = property.facts();
        let refused = || Refusal::invalid(format!("`{property}` cannot be searched"));
        if !facts.queried {
            return Err(refused());
        }
        if matches!(asked, Test::Range(_)) && !facts.ranged {
            return Err(Refusal::invalid(format!("`{property}` takes no range")));
        }
        match property {
            Property::CustomMetadataAnnotation => {
                let check = check(asked, facts.cased, false);
                return Ok(Sql::of(
                    "((o.metadata <> '{}' AND hako_admits(?, '.metapairs'))
                      OR EXISTS (SELECT 1 FROM annotations WHERE annotations.object_id = o.id
                                 AND hako_admits(?, annotations.name)))",
                    [check.clone(), check],
                ));
            }
            Property::Namespace => {
                let wanted = single(property, asked)?;
                let named = self.scope.named(&wanted).map(|one| one.id);
                return Ok(Sql::of(ids("o.bucket_id", named), []));
            }
            Property::Owner if matches!(single(property, asked).as_deref(), Ok("USER")) => {
                return Ok(Sql::of("o.owner_id = ?", [self.scope.user_id.into()]));
            }
            Property::AclGrant => {
                let wanted = Wanted::parse(self.connection, self.scope, &single(property, asked)?)?;
                let wanted = serde_json::to_string(&wanted).unwrap_or_default();
                return Ok(Sql::of(
                    "(o.acl IS NOT NULL AND hako_grants(?, o.acl))",
                    [Value::Text(wanted)],
                ));
            }
            _ => {}
        }
        match said(property, self.scope).ok_or_else(refused)? {
            Said::Number(sql) => number(&sql, property, asked),
            Said::Time(sql) => time(&sql, property, asked),
            Said::Flag(sql) => flag(&sql, property, asked),
            Said::Text(sql) => {
                let check = check(asked, facts.cased, false);
                let exact = Sql::of(format!("hako_admits(?, {sql})"), [check]);
                Ok(match property {
                    Property::ObjectPath | Property::Utf8Name => narrowed("path", asked, exact),
                    _ => exact,
                })
            }
        }
    }
}

/// What a property of an object is, in SQL.
enum Said {
    Number(Cow<'static, str>),
    /// Seconds since 1970.
    Time(Cow<'static, str>),
    Flag(Cow<'static, str>),
    Text(Cow<'static, str>),
}

/// What an object says of a property; `None` where that is no single value, or nothing is known of it here.
fn said(property: Property, scope: &Scope) -> Option<Said> {
    let flag = |sql| Some(Said::Flag(Cow::Borrowed(sql)));
    let number = |sql| Some(Said::Number(Cow::Borrowed(sql)));
    let text = |sql| Some(Said::Text(Cow::Borrowed(sql)));
    let time = |sql| Some(Said::Time(Cow::Borrowed(sql)));
    match property {
        Property::Acl => flag("o.acl IS NOT NULL"),
        Property::CustomMetadata => flag(ANNOTATED),
        Property::Hold => flag(HELD),
        Property::Index => flag(YES),
        Property::ReplicationCollision => flag(NO),
        Property::Shred => Some(Said::Flag(Cow::Owned(ids(
            "o.bucket_id",
            scope.shredding(),
        )))),
        Property::AccessTime | Property::IngestTime => number(STORED),
        Property::ChangeTimeMilliseconds => number(CHANGED),
        Property::Dpl => number(YES),
        Property::Retention => number(RETENTION),
        Property::Size => number("o.size"),
        Property::UpdateTime => number(CHANGED_SECOND),
        Property::Version => number("o.id"),
        Property::CustomMetadataAnnotation => text(ANNOTATIONS),
        Property::Hash => text(HASH),
        Property::HashScheme => text(HASH_SCHEME),
        Property::ObjectPath => text(PATH),
        Property::Owner => text(OWNER),
        Property::RetentionClass => text(CLASS),
        Property::RetentionString => text(RETENTION_STRING),
        Property::Utf8Name => text("hako_name(o.key)"),
        Property::AccessTimeString | Property::IngestTimeString => time(STORED),
        Property::ChangeTimeString | Property::UpdateTimeString => time(CHANGED_SECOND),
        Property::AclGrant
        | Property::CustomMetadataContent
        | Property::Gid
        | Property::Namespace
        | Property::Operation
        | Property::Permissions
        | Property::Replicated
        | Property::Type
        | Property::Uid
        | Property::UrlName => None,
    }
}

/// By what results are sorted.
///
/// # Errors
/// 400 for what nothing is sorted by.
pub(super) fn sorted_by(property: Property, scope: &Scope) -> Result<Cow<'static, str>, Refusal> {
    match property {
        Property::Namespace => {
            return Ok(Cow::Borrowed(
                "(SELECT lower(buckets.name || '.' || tenants.name) FROM buckets
                  JOIN tenants ON tenants.id = buckets.tenant_id WHERE buckets.id = o.bucket_id)",
            ));
        }
        Property::ObjectPath => return Ok(Cow::Borrowed("lower(CAST(o.key AS TEXT))")),
        // Closer than the second that it says.
        Property::ChangeTimeString => return Ok(Cow::Borrowed(CHANGED)),
        _ => {}
    }
    match said(property, scope) {
        Some(Said::Flag(sql) | Said::Number(sql) | Said::Text(sql) | Said::Time(sql)) => Ok(sql),
        None => Err(Refusal::invalid(format!(
            "results cannot be sorted by `{property}`"
        ))),
    }
}

fn matching(wanted: String) -> Sql {
    Sql::of(
        "o.id IN (SELECT rowid FROM words WHERE words MATCH ?)",
        [Value::Text(wanted)],
    )
}

/// A condition on texts, looked at only where their words are.
fn narrowed(column: &str, asked: &Test, exact: Sql) -> Sql {
    let words = certain_words(asked);
    if words.is_empty() {
        return exact;
    }
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let wanted = format!("{column} : ({})", words.join(" AND "));
    Sql::all(vec![matching(wanted), exact])
}

/// The patterns of single words in a pattern: what is neither letter, digit nor wildcard stands between them,
/// and so does the place between a letter and a digit.
fn word_patterns(pattern: &Pattern) -> Vec<Vec<Piece>> {
    let mut all: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in &pattern.0 {
        match piece {
            Piece::One | Piece::Many => {
                if let Some(word) = all.last_mut() {
                    word.push(piece.clone());
                }
            }
            Piece::Literal(text) => {
                let mut before: Option<bool> = None;
                for c in text.chars() {
                    let is_digit = c.is_numeric();
                    let part = words::split(&c.to_string()).pop();
                    let Some(part) = part else {
                        all.push(Vec::new());
                        before = None;
                        continue;
                    };
                    if before.is_some_and(|digits| digits != is_digit) {
                        all.push(Vec::new());
                    }
                    before = Some(is_digit);
                    let Some(word) = all.last_mut() else {
                        continue;
                    };
                    match word.last_mut() {
                        Some(Piece::Literal(so_far)) => so_far.push_str(&part),
                        _ => word.push(Piece::Literal(part)),
                    }
                }
            }
        }
    }
    // A wildcard alone would stand for every word.
    all.retain(|word| word.iter().any(|piece| matches!(piece, Piece::Literal(_))));
    all
}

fn to_json(check: &Check) -> String {
    serde_json::to_string(check).unwrap_or_default()
}

/// The test of a text as a parameter.
fn check(asked: &Test, cased: bool, numbers: bool) -> Value {
    let check = match asked {
        Test::Term(pattern) => Check::like(pattern, cased),
        Test::Phrase(text) => Check::is(text, cased),
        Test::Range(Range { from, to }) => {
            let bound = |end: &Option<End>| {
                end.as_ref().map(|end| Bound {
                    value: end.value.clone(),
                    included: end.included,
                })
            };
            Check::Between {
                from: bound(from),
                to: bound(to),
                numbers,
            }
        }
    };
    Value::Text(to_json(&check))
}

/// The one value that a test asks for.
fn single(property: Property, asked: &Test) -> Result<String, Refusal> {
    match asked {
        Test::Phrase(text) => Ok(text.clone()),
        Test::Term(Pattern(pieces)) => match pieces.as_slice() {
            [] => Ok(String::new()),
            [Piece::Literal(text)] => Ok(text.clone()),
            _ => Err(Refusal::invalid(format!("`{property}` takes no wildcards"))),
        },
        Test::Range(_) => Err(Refusal::invalid(format!("`{property}` takes no range"))),
    }
}

/// A comparison with numbers; what the parser has let through can be read as one.
fn number(expression: &str, property: Property, asked: &Test) -> Result<Sql, Refusal> {
    compared(expression, asked, property, |text| {
        let text = text.trim();
        let whole = text.parse::<i64>().map(Value::Integer);
        whole.or_else(|_| text.parse::<f64>().map(Value::Real)).ok()
    })
}

/// A comparison of seconds with dates.
fn time(expression: &str, property: Property, asked: &Test) -> Result<Sql, Refusal> {
    compared(expression, asked, property, |text| {
        let time =
            Timestamp::parse_hcp(text).or_else(|| Timestamp::parse_hcp(&format!("{text}+0000")));
        time.map(|time| Value::Integer(time.unix_seconds()))
    })
}

fn compared(
    expression: &str,
    asked: &Test,
    property: Property,
    read: impl Fn(&str) -> Option<Value>,
) -> Result<Sql, Refusal> {
    let value = |text: &str| {
        read(text)
            .ok_or_else(|| Refusal::invalid(format!("`{property}` is not compared with `{text}`")))
    };
    let Test::Range(Range { from, to }) = asked else {
        if is_any(asked) {
            return Ok(Sql::constant(true));
        }
        let wanted = value(&single(property, asked)?)?;
        return Ok(Sql::of(format!("({expression} = ?)"), [wanted]));
    };
    let mut both = Vec::new();
    if let Some(from) = from {
        let sign = if from.included { ">=" } else { ">" };
        both.push(Sql::of(
            format!("({expression} {sign} ?)"),
            [value(&from.value)?],
        ));
    }
    if let Some(to) = to {
        let sign = if to.included { "<=" } else { "<" };
        both.push(Sql::of(
            format!("({expression} {sign} ?)"),
            [value(&to.value)?],
        ));
    }
    Ok(Sql::all(both))
}

fn flag(expression: &str, property: Property, asked: &Test) -> Result<Sql, Refusal> {
    if is_any(asked) {
        return Ok(Sql::constant(true));
    }
    let text = single(property, asked)?;
    let wanted = match text.to_ascii_lowercase().as_str() {
        "true" | "1" => true,
        "false" | "0" => false,
        _ => {
            return Err(Refusal::invalid(format!(
                "`{property}` is `true` or `false`, not `{text}`"
            )));
        }
    };
    let holds = Sql::of(format!("({expression})"), []);
    Ok(if wanted { holds } else { holds.not() })
}

/// Whether a number of ours is among others.
pub(super) fn ids(expression: &str, ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("{expression} IN ({})", ids.join(", "))
}
