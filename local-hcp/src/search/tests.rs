//! Random queries over random objects, against a filter that looks at each object in the plainest way.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::response::IntoResponse as _;
use model::query::{
    Clause, Criterion, End, Expression, Field, Pattern, Piece, Property, Range, Sign, Test,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rusqlite::{Connection, params};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::{
    objects::{self, ObjectQuery},
    record::Wanted,
    scope::Scope,
};
use crate::{
    account::Account,
    files::{Layout, Limits},
    mapi::error::Refusal,
    profile::{Habits, Profile},
    store::{Store, accounts, open, words},
};

const HABITS: Habits = Profile::Standard.habits();

/// An object, as the plain filter sees it.
#[derive(Clone, Debug)]
struct Thing {
    bucket: &'static str,
    key: String,
    size: i64,
    stored_ms: i64,
    changed_ms: Option<i64>,
    content_type: Option<&'static str>,
    metadata: BTreeMap<String, String>,
    annotation: Option<&'static str>,
    hold: bool,
    retention: i64,
    class: Option<&'static str>,
}

const ANNOTATIONS: [&str; 3] = [
    "<record><doctor id=\"7\">Lee Kim</doctor><year>2024</year></record>",
    "{\"doctor\": \"Lee\", \"year\": 2023}",
    "<broken>",
];

fn things() -> impl Strategy<Value = Vec<Thing>> {
    let key = vec(
        select(vec![
            "scans", "2024", "page-1", "Page2b", "x", "größe", "a b",
        ]),
        1..4,
    );
    let pairs = vec(
        (
            select(vec!["department", "year", "Ort"]),
            select(vec!["Physics", "applied Physics", "2024", "7"]),
        ),
        0..3,
    );
    let thing = (
        (
            select(vec!["archive", "other", "dark"]),
            key,
            0..40_i64,
            1_000..9_000_i64,
        ),
        option::of(9_000..12_000_i64),
        option::of(select(vec!["image/tiff", "text/plain"])),
        pairs,
        option::of(select(ANNOTATIONS.to_vec())),
        (
            any::<bool>(),
            select(vec![0_i64, -1, -2, 500, 90_000]),
            option::of(select(vec!["Short", "long"])),
        ),
    );
    vec(thing, 0..25).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(
                |(
                    number,
                    (
                        (bucket, key, size, stored_ms),
                        changed_ms,
                        content_type,
                        pairs,
                        annotation,
                        (hold, retention, class),
                    ),
                )| {
                    Thing {
                        bucket,
                        // A key is there once; the number makes it so.
                        key: format!("{}.{number}", key.join("/")),
                        size,
                        stored_ms,
                        changed_ms,
                        content_type,
                        metadata: pairs
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value.to_owned()))
                            .collect(),
                        annotation,
                        hold,
                        retention,
                        class,
                    }
                },
            )
            .collect()
    })
}

fn pattern() -> impl Strategy<Value = Test> {
    let literal = select(vec![
        "scans",
        "sc",
        "page",
        "1",
        "2024",
        "20",
        "/",
        "Page2b",
        "gr",
        "Physics",
        "physics",
        "x",
        "b",
        "image/",
        "archive.demo",
        "-",
        "a",
        "/scans/",
        "e",
    ])
    .prop_map(|text| Piece::Literal(text.to_owned()));
    let piece = prop_oneof![4 => literal.clone(), 1 => Just(Piece::One), 1 => Just(Piece::Many)];
    // Beginnings and ends of words, which touch a wildcard.
    let begun = select(vec![
        "sc",
        "pag",
        "Pa",
        "x",
        "gr",
        "/sc",
        "/scans/20",
        "/page-",
        "Phy",
        "image/t",
        "20",
    ])
    .prop_map(|text| vec![Piece::Literal(text.to_owned()), Piece::Many]);
    let between = (
        select(vec!["s", "p", "/s", "/2", "x"]),
        select(vec!["ans/", "24", "ge-1", "e", "ße"]),
    )
        .prop_map(|(first, last)| {
            let literal = |text: &str| Piece::Literal(text.to_owned());
            vec![literal(first), Piece::Many, literal(last), Piece::Many]
        });
    let any = (literal, vec(piece, 0..4)).prop_map(|(first, rest)| {
        let mut pieces = vec![first];
        for piece in rest {
            match (pieces.last_mut(), piece) {
                (Some(Piece::Literal(so_far)), Piece::Literal(more)) => so_far.push_str(&more),
                (_, piece) => pieces.push(piece),
            }
        }
        pieces
    });
    prop_oneof![2 => any, 1 => begun, 1 => between].prop_map(|pieces| Test::Term(Pattern(pieces)))
}

fn phrase() -> impl Strategy<Value = Test> {
    select(vec![
        "scans 2024",
        "Physics",
        "applied physics",
        "page",
        "/scans/2024.0",
        "2024",
        "image/tiff",
        "Lee",
        "7",
        "a b",
        "meta-department.Physics.meta-department",
        "doctor.id.7.Lee Kim.doctor",
        "",
        "--",
        "größe",
    ])
    .prop_map(|text| Test::Phrase(text.to_owned()))
}

fn range(values: Vec<&'static str>) -> impl Strategy<Value = Test> {
    let end = option::of(
        (select(values), any::<bool>()).prop_map(|(value, included)| End {
            value: value.to_owned(),
            included,
        }),
    );
    (end.clone(), end).prop_map(|(from, to)| Test::Range(Range { from, to }))
}

fn number(values: Vec<&'static str>) -> impl Strategy<Value = Test> {
    let one = select(values.clone())
        .prop_map(|value| Test::Term(Pattern(vec![Piece::Literal(value.to_owned())])));
    prop_oneof![one, range(values)]
}

fn one_of(values: Vec<&'static str>) -> impl Strategy<Value = Test> {
    select(values).prop_map(|value| Test::Phrase(value.to_owned()))
}

fn criterion() -> impl Strategy<Value = Expression> {
    let property = |property, asked: BoxedStrategy<Test>| {
        asked
            .prop_map(move |asked| (Field::Property(property), asked))
            .boxed()
    };
    let texts = || prop_oneof![pattern(), phrase()].boxed();
    prop_oneof![
        4 => texts().prop_map(|asked| (Field::Text, asked)),
        2 => property(Property::ObjectPath, texts()),
        2 => property(Property::Utf8Name, texts()),
        2 => property(Property::Size, number(vec!["0", "7", "20", "39"]).boxed()),
        1 => property(Property::ChangeTimeMilliseconds, number(vec!["2000", "9500.00", "11000.5"]).boxed()),
        1 => property(Property::IngestTime, number(vec!["2", "5"]).boxed()),
        1 => property(Property::Retention, number(vec!["0", "-1", "600"]).boxed()),
        1 => property(Property::RetentionClass, prop_oneof![one_of(vec!["Short", "long", ""]), range(vec!["L", "z"])].boxed()),
        1 => property(Property::Hold, one_of(vec!["true", "0"]).boxed()),
        1 => property(Property::CustomMetadata, one_of(vec!["1", "false"]).boxed()),
        1 => property(Property::Namespace, one_of(vec!["archive.demo", "OTHER.demo", "archive", "dark.demo"]).boxed()),
        2 => property(Property::CustomMetadataContent, texts()),
        3 => (select(vec!["department", "YEAR", "doctor", "id"]), prop_oneof![texts(), range(vec!["7", "2023", "Q"]).boxed()])
            .prop_map(|(name, asked)| (Field::CustomMetadata(name.to_owned()), asked)),
        1 => texts().prop_map(|asked| (Field::ContentType, asked)),
    ]
    .prop_map(|(field, asked)| Expression::Criterion(Criterion { field, test: asked }))
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![9 => criterion(), 1 => Just(Expression::Everything)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let sign = select(vec![Sign::Must, Sign::Should, Sign::Should, Sign::MustNot]);
        vec((sign, inner), 1..4).prop_map(|clauses| {
            let clauses = clauses
                .into_iter()
                .map(|(sign, expression)| Clause { sign, expression });
            Expression::Group(clauses.collect())
        })
    })
}

/// The plain filter. It shares nothing with what is tested but the tree.
mod plain {
    use super::*;

    pub(super) fn words(text: &str) -> Vec<String> {
        let class = |c: char| {
            if c.is_numeric() {
                1
            } else if c.is_alphabetic() {
                2
            } else {
                0
            }
        };
        let chars: Vec<char> = text.chars().collect();
        chars
            .chunk_by(|a, b| class(*a) == class(*b))
            .filter(|run| class(run[0]) != 0)
            .map(|run| run.iter().collect::<String>().to_lowercase())
            .collect()
    }

    fn like(pieces: &[Piece], text: &[char]) -> bool {
        match pieces.split_first() {
            None => text.is_empty(),
            Some((Piece::Many, rest)) => (0..=text.len()).any(|n| like(rest, &text[n..])),
            Some((Piece::One, rest)) => !text.is_empty() && like(rest, &text[1..]),
            Some((Piece::Literal(literal), rest)) => {
                let literal: Vec<char> = literal.chars().collect();
                text.strip_prefix(literal.as_slice())
                    .is_some_and(|text| like(rest, text))
            }
        }
    }

    fn fold(pieces: &[Piece], cased: bool) -> Vec<Piece> {
        let one = |piece: &Piece| match piece {
            Piece::Literal(text) if !cased => Piece::Literal(text.to_lowercase()),
            other => other.clone(),
        };
        pieces.iter().map(one).collect()
    }

    /// Whether a whole text meets a test.
    fn is(asked: &Test, text: &str, cased: bool, numbers: bool) -> bool {
        let folded = if cased {
            text.to_owned()
        } else {
            text.to_lowercase()
        };
        let chars: Vec<char> = folded.chars().collect();
        match asked {
            Test::Term(Pattern(pieces)) => like(&fold(pieces, cased), &chars),
            Test::Phrase(wanted) => like(&fold(&[Piece::Literal(wanted.clone())], cased), &chars),
            Test::Range(range) => {
                let less = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if numbers => a < b,
                    _ => a < b,
                };
                let above = range.from.as_ref().is_none_or(|end| {
                    less(&end.value, text) || end.included && !less(text, &end.value)
                });
                let below = range.to.as_ref().is_none_or(|end| {
                    less(text, &end.value) || end.included && !less(&end.value, text)
                });
                above && below
            }
        }
    }

    fn number(asked: &Test, value: i64) -> bool {
        // In tenths: no value has more digits behind its point.
        let value = value * 10;
        let read = |text: &str| {
            let (whole, tenths) = text.split_once('.').unwrap_or((text, "0"));
            whole.parse::<i64>().unwrap() * 10 + tenths[..1].parse::<i64>().unwrap()
        };
        match asked {
            Test::Term(Pattern(pieces)) => match pieces.as_slice() {
                [Piece::Literal(text)] => value == read(text),
                _ => panic!("a number has no wildcards"),
            },
            Test::Phrase(text) => value == read(text),
            Test::Range(range) => {
                range.from.as_ref().is_none_or(|end| {
                    value > read(&end.value) || end.included && value == read(&end.value)
                }) && range.to.as_ref().is_none_or(|end| {
                    value < read(&end.value) || end.included && value == read(&end.value)
                })
            }
        }
    }

    fn flag(asked: &Test, value: bool) -> bool {
        let Test::Phrase(text) = asked else {
            panic!("only phrases are made for flags");
        };
        (text == "true" || text == "1") == value
    }

    /// The runs of neighbouring words of an object: its path, and each piece of its custom metadata.
    fn runs(thing: &Thing, with_path: bool) -> Vec<Vec<String>> {
        let mut runs = Vec::new();
        if with_path {
            runs.push(words(&thing.key));
        }
        for (name, value) in &thing.metadata {
            runs.push(words(&format!("meta-{name} {value} meta-{name}")));
        }
        match thing.annotation {
            Some(text) if text == ANNOTATIONS[0] => {
                runs.push(words(
                    "record doctor id 7 Lee Kim doctor year 2024 year record",
                ));
            }
            Some(text) if text == ANNOTATIONS[1] => {
                runs.push(words("doctor Lee doctor year 2023 year"));
            }
            _ => {}
        }
        runs
    }

    /// Whether words of an object meet a test: a phrase its words side by side, a pattern one of its words.
    fn among(asked: &Test, runs: &[Vec<String>]) -> bool {
        match asked {
            Test::Phrase(text) => {
                let wanted = words(text);
                !wanted.is_empty()
                    && runs
                        .iter()
                        .any(|run| run.windows(wanted.len()).any(|some| some == wanted))
            }
            Test::Term(Pattern(pieces)) => {
                // The pattern of each word: between them stands what is no part of a word.
                let mut patterns: Vec<Vec<Piece>> = vec![Vec::new()];
                let mut before = None;
                for piece in pieces {
                    let Piece::Literal(text) = piece else {
                        patterns.last_mut().unwrap().push(piece.clone());
                        before = None;
                        continue;
                    };
                    for c in text.chars() {
                        if !c.is_alphanumeric() {
                            patterns.push(Vec::new());
                            before = None;
                            continue;
                        }
                        if before.is_some_and(|digit: bool| digit != c.is_numeric()) {
                            patterns.push(Vec::new());
                        }
                        before = Some(c.is_numeric());
                        patterns
                            .last_mut()
                            .unwrap()
                            .push(Piece::Literal(c.to_lowercase().collect()));
                    }
                }
                patterns.retain(|pattern| {
                    pattern
                        .iter()
                        .any(|piece| matches!(piece, Piece::Literal(_)))
                });
                let has = |pattern: &Vec<Piece>| {
                    runs.iter()
                        .flatten()
                        .any(|word| like(pattern, &word.chars().collect::<Vec<_>>()))
                };
                patterns.iter().any(has)
            }
            Test::Range(_) => false,
        }
    }

    fn custom(thing: &Thing, name: &str) -> Vec<String> {
        let name = name.to_lowercase();
        let mut found: Vec<String> = thing
            .metadata
            .iter()
            .filter(|(own, _)| own.to_lowercase() == name)
            .map(|(_, value)| value.clone())
            .collect();
        let of_annotation: &[(&str, &str)] = match thing.annotation {
            Some(text) if text == ANNOTATIONS[0] => {
                &[("doctor", "Lee Kim"), ("id", "7"), ("year", "2024")]
            }
            Some(text) if text == ANNOTATIONS[1] => &[("doctor", "Lee"), ("year", "2023")],
            _ => &[],
        };
        found.extend(
            of_annotation
                .iter()
                .filter(|(own, _)| *own == name)
                .map(|(_, value)| (*value).to_owned()),
        );
        found
    }

    fn criterion(criterion: &Criterion, thing: &Thing) -> bool {
        let asked = &criterion.test;
        let is_any = matches!(
            asked,
            Test::Range(Range {
                from: None,
                to: None
            })
        );
        match &criterion.field {
            Field::Text => among(asked, &runs(thing, true)),
            Field::ContentType => is(asked, thing.content_type.unwrap_or_default(), false, false),
            Field::CustomMetadata(name) => custom(thing, name)
                .iter()
                .any(|value| is(asked, value, false, true)),
            Field::Property(property) => match property {
                Property::ObjectPath => is(asked, &format!("/{}", thing.key), false, false),
                Property::Utf8Name => is(asked, thing.key.rsplit('/').next().unwrap(), true, false),
                Property::Size => number(asked, thing.size),
                Property::ChangeTimeMilliseconds => {
                    number(asked, thing.changed_ms.unwrap_or(thing.stored_ms))
                }
                Property::IngestTime => number(asked, thing.stored_ms / 1_000),
                Property::Retention => number(asked, thing.retention),
                Property::RetentionClass => is(asked, thing.class.unwrap_or_default(), true, false),
                Property::Hold => is_any || flag(asked, thing.hold),
                Property::CustomMetadata => {
                    is_any
                        || flag(
                            asked,
                            !thing.metadata.is_empty() || thing.annotation.is_some(),
                        )
                }
                Property::Namespace => {
                    let Test::Phrase(name) = asked else {
                        panic!("only phrases are made for namespaces")
                    };
                    let name = name.to_lowercase();
                    name == thing.bucket || name == format!("{}.demo", thing.bucket)
                }
                Property::CustomMetadataContent => among(asked, &runs(thing, false)),
                other => panic!("{other} is not made"),
            },
            Field::Content(_) => panic!("no content properties are made"),
        }
    }

    pub(super) fn matches(expression: &Expression, thing: &Thing) -> bool {
        match expression {
            Expression::Everything => true,
            Expression::Criterion(one) => criterion(one, thing),
            Expression::Group(clauses) => {
                let of = |sign| clauses.iter().filter(move |clause| clause.sign == sign);
                let holds = |clause: &Clause| matches(&clause.expression, thing);
                if of(Sign::MustNot).any(holds) {
                    return false;
                }
                if of(Sign::Must).next().is_some() {
                    return of(Sign::Must).all(holds);
                }
                of(Sign::Should).next().is_none() || of(Sign::Should).any(holds)
            }
        }
    }
}

/// A store with a tenant of three namespaces: two are searched, `dark` is not.
struct World {
    connection: Connection,
    scope: Scope,
    _folder: TempDir,
}

impl World {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let layout = Layout::new(folder.path());
        open::folders(&layout).unwrap();
        let connection = open::migrated(&layout).unwrap();
        connection
            .execute_batch(
                "INSERT INTO tenants (id, name, created_ms, guid) VALUES (1, 'demo', 0, 'g');
                 INSERT INTO users (id, tenant_id, name, secret, guid, created_ms, number)
                     VALUES (1, 1, 'demo', '0123456789abcdef0123456789abcdef', 'g', 0, 500);
                 INSERT INTO buckets (id, tenant_id, name, owner_id, created_ms, guid)
                     VALUES (1, 1, 'archive', 1, 0, 'a'), (2, 1, 'other', 1, 0, 'b'), (3, 1, 'dark', 1, 0, 'c');
                 INSERT INTO namespace_documents
                     SELECT id, 'namespace', '{\"searchEnabled\": true, \"indexingEnabled\": true}'
                     FROM buckets WHERE id < 3;",
            )
            .unwrap();
        let account: Account = accounts::tenant_user(&connection, "demo", "demo")
            .unwrap()
            .unwrap();
        let tenant = accounts::tenant(&connection, "demo").unwrap().unwrap();
        let scope = Scope::of(&connection, &account.into(), Some(&tenant), &HABITS).unwrap();
        assert_eq!(scope.all.len(), 2, "two namespaces are searched");
        Self {
            connection,
            scope,
            _folder: folder,
        }
    }

    fn fill(&self, things: &[Thing]) {
        for (number, thing) in things.iter().enumerate() {
            let id = 1_000 + i64::try_from(number).unwrap();
            let bucket = match thing.bucket {
                "archive" => 1,
                "other" => 2,
                _ => 3,
            };
            let protection = (thing.hold || thing.retention != 0 || thing.class.is_some()).then(|| {
                serde_json::json!({"retention": thing.retention, "hold": thing.hold, "class": thing.class}).to_string()
            });
            let headers = serde_json::json!({"content_type": thing.content_type}).to_string();
            self.connection
                .execute(
                    "INSERT INTO objects (id, bucket_id, key, is_current, is_null, owner_id, size, etag, modified_ms,
                         changed_ms, headers, metadata, protection)
                     VALUES (?1, ?2, ?3, 1, 1, 1, ?4, 'e', ?5, ?6, ?7, ?8, ?9)",
                    params![
                        id,
                        bucket,
                        thing.key.as_bytes(),
                        thing.size,
                        thing.stored_ms,
                        thing.changed_ms,
                        headers,
                        serde_json::to_string(&thing.metadata).unwrap(),
                        protection
                    ],
                )
                .unwrap();
            if let Some(annotation) = thing.annotation {
                self.connection
                    .execute(
                        "INSERT INTO annotations VALUES (?1, 'notes', ?2)",
                        params![id, annotation.as_bytes()],
                    )
                    .unwrap();
            }
        }
        words::rebuild(&self.connection).unwrap();
    }

    fn keys(&self, expression: &Expression) -> Vec<String> {
        let mut keys = self.sorted(expression, Vec::new());
        keys.sort();
        keys
    }

    /// The keys in the order of some properties, each with whether it descends.
    fn sorted(&self, expression: &Expression, sort: Vec<(Property, bool)>) -> Vec<String> {
        let query = ObjectQuery {
            text: String::new(),
            expression: expression.clone(),
            count: None,
            offset: 0,
            sort,
            facets: Vec::new(),
            wanted: Wanted::of(Some(vec![Property::ObjectPath]), false),
            content_properties: false,
        };
        let answer = objects::run(
            &self.connection,
            &self.scope,
            &HABITS,
            "localhost",
            0,
            &query,
        )
        .unwrap();
        let records = answer["resultSet"].as_array().unwrap();
        assert_eq!(answer["status"]["totalResults"], records.len());
        records
            .iter()
            .map(|record| record["objectPath"].as_str().unwrap()[1..].to_owned())
            .collect()
    }
}

#[test]
fn a_query_finds_what_a_plain_filter_finds() {
    let world = World::open();
    let found = std::cell::Cell::new(0_usize);
    proptest!(ProptestConfig::with_cases(200), |(things in things(), expressions in vec(expression(), 8))| {
        // Undone when it is dropped.
        let _case = world.connection.unchecked_transaction().unwrap();
        world.fill(&things);
        for expression in expressions {
            let mut wanted: Vec<String> = things
                .iter()
                .filter(|thing| thing.bucket != "dark" && plain::matches(&expression, thing))
                .map(|thing| thing.key.clone())
                .collect();
            wanted.sort();
            found.set(found.get() + wanted.len());
            prop_assert_eq!(world.keys(&expression), wanted, "{:?}", expression);
        }
    });
    assert!(
        found.get() > 1_000,
        "queries that find nothing prove nothing"
    );
}

#[test]
fn words_lead_to_objects_and_not_the_other_way() {
    let world = World::open();
    let plan = |query: &str| {
        let expression = model::query::parse(query).unwrap();
        objects::plan(&world.connection, &world.scope, &HABITS, &expression)
    };
    for query in [
        "scans",
        "+scans +size:[1 TO *]",
        "+scans +namespace:archive.demo",
        "+scans +namespace:archive.demo +changeTimeMilliseconds:[1000 TO 2000] +version:7",
        "utf8Name:page-1.tif",
        "customMetadata.department:\"Physics\"",
    ] {
        let plan = plan(query);
        assert!(
            plan.contains("SEARCH o USING INTEGER PRIMARY KEY"),
            "{query}: {plan}"
        );
        assert!(plan.contains("VIRTUAL TABLE INDEX"), "{query}: {plan}");
    }
    let of_all = plan("size:[1 TO *]");
    assert!(of_all.contains("bucket_id=?"), "{of_all}");
}

#[test]
fn results_are_sorted_by_each_property_that_sorts() {
    let world = World::open();
    let thing = |key: &str, size, stored_ms| Thing {
        bucket: "archive",
        key: key.to_owned(),
        size,
        stored_ms,
        changed_ms: None,
        content_type: None,
        metadata: BTreeMap::new(),
        annotation: None,
        hold: false,
        retention: 0,
        class: None,
    };
    let held = Thing {
        hold: true,
        retention: -1,
        class: Some("seven-years"),
        annotation: Some("<a/>"),
        ..thing("B", 2, 3_000)
    };
    let in_other = Thing {
        bucket: "other",
        ..thing("c", 3, 1_000)
    };
    world.fill(&[thing("a", 5, 2_000), held, in_other]);
    for (property, ascending) in [
        (Property::Size, ["B", "c", "a"]),
        (Property::ObjectPath, ["a", "B", "c"]),
        (Property::IngestTime, ["c", "a", "B"]),
        (Property::ChangeTimeString, ["c", "a", "B"]),
        (Property::Version, ["a", "B", "c"]),
        // What is equal comes newest first.
        (Property::Hold, ["c", "a", "B"]),
        (Property::CustomMetadata, ["c", "a", "B"]),
        (Property::CustomMetadataAnnotation, ["c", "a", "B"]),
        (Property::RetentionClass, ["c", "a", "B"]),
        (Property::Retention, ["B", "c", "a"]),
        (Property::Namespace, ["B", "a", "c"]),
        (Property::Dpl, ["c", "B", "a"]),
        (Property::Index, ["c", "B", "a"]),
        (Property::ReplicationCollision, ["c", "B", "a"]),
    ] {
        let found = world.sorted(&Expression::Everything, vec![(property, false)]);
        assert_eq!(found, ascending, "{property}");
    }
    for property in Property::ALL
        .iter()
        .filter(|property| property.facts().sorted)
    {
        for descends in [false, true] {
            let found = world.sorted(&Expression::Everything, vec![(*property, descends)]);
            assert_eq!(found.len(), 3, "{property}");
        }
    }
}

#[tokio::test]
async fn a_query_waits_for_two_others_and_not_for_ever() {
    let turns = Arc::new(Semaphore::new(super::AT_ONCE));
    let turn = || super::turn(&turns, Duration::from_millis(5));
    let (first, second) = (turn().await, turn().await);
    assert!(first.is_ok() && second.is_ok());
    let refused = turn().await.unwrap_err().into_response();
    assert_eq!(refused.status(), 503);
    drop(first);
    assert!(turn().await.is_ok());
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_told_what_can_be_done() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let for_ever =
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let answer: Result<i64, Refusal> = store
        .read_within(Duration::from_millis(5), move |connection| {
            let found = connection.query_row(for_ever, [], |row| row.get(0));
            Ok(super::in_time(
                found.map_err(|cut| Refusal::Failed(cut.into())),
            ))
        })
        .await
        .unwrap();
    let refused = answer.unwrap_err().into_response();
    assert_eq!(refused.status(), 400);
    let reason = refused.headers()["x-hcp-errormessage"].to_str().unwrap();
    assert!(reason.contains("narrow it"), "{reason}");
}

#[test]
fn an_answer_has_its_rows_at_most_also_where_all_are_asked_for() {
    let world = World::open();
    world
        .connection
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ?1)
             INSERT INTO objects (id, bucket_id, key, is_current, is_null, owner_id, size, etag, modified_ms,
                 headers, metadata)
             SELECT i, 1, CAST(i AS BLOB), 1, 1, 1, 0, 'e', 0, '{}', '{}' FROM n",
            [i64::try_from(super::MAX_ROWS).unwrap()],
        )
        .unwrap();
    let query = ObjectQuery {
        text: String::new(),
        expression: Expression::Everything,
        count: None,
        offset: 0,
        sort: Vec::new(),
        facets: Vec::new(),
        wanted: Wanted::of(Some(vec![Property::Size]), false),
        content_properties: false,
    };
    let answer = objects::run(
        &world.connection,
        &world.scope,
        &HABITS,
        "localhost",
        0,
        &query,
    );
    let status = &answer.unwrap()["status"];
    assert_eq!(status["results"], super::MAX_ROWS);
    assert_eq!(status["totalResults"], super::MAX_ROWS + 1);
    assert_eq!(status["code"], "INCOMPLETE");
}
