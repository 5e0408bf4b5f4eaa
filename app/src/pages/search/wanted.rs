//! What the address of the search asks for, and what becomes of it.

use model::{
    ErrorCode, Problem, TenantName, Timestamp,
    query::{
        Clause, Criterion, Expression, Fault, Field, MAX_OFFSET, Names, NamespaceList, ObjectQuery,
        ObjectQueryResponse, OperationQuery, OperationSystemMetadata, Property, QueryObjects,
        QueryOperations, QueryResult, Sign, Test, parse,
    },
};
use serde::{Deserialize, Serialize};

use super::{columns::Column, indexed};
use crate::{
    api,
    urls::{self, Query},
};

/// How many results a page has.
pub const PAGE: i64 = 100;

/// So many namespaces are asked about themselves.
pub const MOST_NAMED: usize = 5;

/// The properties whose values are counted.
const COUNTED: [Property; 4] = [
    Property::Namespace,
    Property::RetentionClass,
    Property::Hold,
    Property::Retention,
];

/// What is looked for, and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The query, as it was typed.
    pub query: String,
    /// The namespaces; none: all.
    pub namespaces: Vec<String>,
    /// By what results are sorted; else by rank.
    pub sort: Option<Column>,
    /// Whether the largest comes first.
    pub descending: bool,
    /// What is shown beside the name; none: the usual.
    pub columns: Option<Vec<Column>>,
    /// Whether values are counted.
    pub facets: bool,
    /// How many results are passed over.
    pub offset: i64,
    /// The slice that begins with this millisecond: objects that changed then or later, as many as the store goes
    /// through. `None`: all at once.
    pub since: Option<i64>,
}

impl Wanted {
    /// Reads the address. Of what it does not know nothing is asked.
    pub fn of(query: &Query) -> Self {
        let words = |text: &String| {
            let names = text.split([',', ' ']).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let mut namespaces: Vec<String> = Vec::new();
        for name in query.all("ns").iter().flat_map(words) {
            if !namespaces.contains(&name) {
                namespaces.push(name);
            }
        }
        let columns: Vec<Column> = query
            .all("cols")
            .iter()
            .flat_map(words)
            .filter_map(|word| Column::of(&word))
            .collect();
        let offset = query.get("offset").and_then(|text| text.parse().ok());
        Self {
            query: query.get("query").unwrap_or_default().trim().to_owned(),
            namespaces,
            sort: query.get("sort").and_then(Column::of).filter(|c| c.sorts()),
            descending: query.get("dir") == Some("desc"),
            columns: (!columns.is_empty()).then_some(columns),
            facets: query.get("facet") == Some("1"),
            offset: offset
                .filter(|n| (0..=MAX_OFFSET).contains(n))
                .unwrap_or_default(),
            since: query
                .get("since")
                .and_then(|text| text.parse().ok())
                .filter(|since| Timestamp::from_unix_millis(*since).is_some()),
        }
    }

    /// The columns, in their order.
    pub fn columns(&self) -> &[Column] {
        self.columns.as_deref().unwrap_or(&Column::USUAL)
    }

    /// Its address.
    pub fn address(&self) -> String {
        let columns: Vec<_> = self.columns.iter().flatten().map(|c| c.word()).collect();
        let (columns, offset) = (columns.join(","), self.offset.to_string());
        let since = self.since.map(|since| since.to_string());
        let mut parameters = vec![("query", self.query.as_str())];
        parameters.extend(self.namespaces.iter().map(|name| ("ns", name.as_str())));
        parameters.extend([
            ("sort", self.sort.map_or("", Column::word)),
            ("dir", if self.descending { "desc" } else { "" }),
            ("cols", &columns),
            ("facet", if self.facets { "1" } else { "" }),
            ("offset", if self.offset == 0 { "" } else { &offset }),
            ("since", since.as_deref().unwrap_or_default()),
        ]);
        urls::with_query(urls::SEARCH, &parameters)
    }

    /// The properties that are shown, by their names.
    pub fn properties(&self) -> Vec<String> {
        let shown = self.columns().iter().map(|column| column.property());
        std::iter::once(Property::Utf8Name)
            .chain(shown)
            .map(|property| property.name().to_owned())
            .collect()
    }

    /// The query with its namespaces. It is read first: what is typed stays one condition among them.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn whole(&self) -> Result<String, Fault> {
        Ok(self.expression()?.to_string())
    }

    fn expression(&self) -> Result<Expression, Fault> {
        let query = if self.query.is_empty() {
            Expression::Everything
        } else {
            parse(&self.query)?
        };
        let mut names: Vec<Clause> = self
            .namespaces
            .iter()
            .map(|name| Clause {
                sign: Sign::Should,
                expression: Expression::Criterion(Criterion {
                    field: Field::Property(Property::Namespace),
                    test: Test::Phrase(name.clone()),
                }),
            })
            .collect();
        let within = match names.len() {
            0 => return Ok(query),
            1 => names
                .pop()
                .map_or(Expression::Everything, |name| name.expression),
            _ => Expression::Group(names),
        };
        Ok(both(within, query))
    }

    /// What the store is asked about a slice of it, or about all.
    ///
    /// # Errors
    /// Where the query cannot be read.
    pub fn request(&self, slice: Option<Slice>) -> Result<ObjectQuery, Fault> {
        let counted = || Names(COUNTED.map(|property| property.name().to_owned()).to_vec());
        Ok(ObjectQuery {
            count: PAGE,
            offset: self.offset,
            sort: self.sort.map(|column| {
                let direction = if self.descending { "desc" } else { "asc" };
                format!("{}+{direction}", column.property())
            }),
            object_properties: Some(Names(self.properties())),
            facets: self.facets.then(counted),
            ..ObjectQuery::of(match slice {
                None => self.expression()?.to_string(),
                Some(slice) => slice.of(self.expression()?).to_string(),
            })
        })
    }

    /// Asks for the first object behind the slice that begins then.
    ///
    /// # Errors
    /// Where the query cannot be read.
    fn end_of_slice(&self, since: i64) -> Result<ObjectQuery, Fault> {
        let time = Property::ChangeTimeMilliseconds.name();
        let later = self.expression()?.changed_within(Some(since), None);
        Ok(ObjectQuery {
            count: 1,
            offset: MAX_OFFSET,
            sort: Some(format!("{time}+asc")),
            object_properties: Some(Names(vec![time.to_owned()])),
            ..ObjectQuery::of(later.to_string())
        })
    }

    /// A slice of it, from its first result on.
    pub fn slice(&self, since: i64) -> Self {
        Self {
            since: Some(since),
            offset: 0,
            ..self.clone()
        }
    }

    /// The same from another place on.
    pub fn at(&self, offset: i64) -> Self {
        Self {
            offset,
            ..self.clone()
        }
    }

    /// The same, sorted by this column; once more, the other way round.
    pub fn sorted(&self, column: Column) -> Self {
        Self {
            descending: self.sort == Some(column) && !self.descending,
            sort: Some(column),
            offset: 0,
            ..self.clone()
        }
    }

    /// The same with what a value of a facet adds; `None` where the query cannot say it.
    pub fn narrowed(&self, facet: &str, value: &str) -> Option<Self> {
        let first = Self {
            since: None,
            ..self.at(0)
        };
        let test = match Property::named(facet)? {
            Property::Namespace => {
                return Some(Self {
                    namespaces: vec![value.to_owned()],
                    ..first
                });
            }
            Property::Retention => {
                let end = match value {
                    "initialUnspecified" => "-2",
                    "neverDeletable" => "-1",
                    // Until when depends on the moment.
                    _ => return None,
                };
                format!("{facet}:{end}")
            }
            property => Criterion {
                field: Field::Property(property),
                test: Test::Phrase(value.to_owned()),
            }
            .to_string(),
        };
        let more = parse(&test).ok()?;
        let whole = match parse(&self.query) {
            Ok(Expression::Everything) | Err(_) => more,
            Ok(query) => both(more, query),
        };
        Some(Self {
            query: whole.to_string(),
            ..first
        })
    }
}

fn both(one: Expression, other: Expression) -> Expression {
    let must = |expression| Clause {
        sign: Sign::Must,
        expression,
    };
    Expression::Group(vec![must(one), must(other)])
}

/// Objects that changed in a time: no more than the store goes through, unless all changed in one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Its first millisecond.
    pub since: i64,
    /// Its last one; `None`: there is nothing behind it.
    pub until: Option<i64>,
}

impl Slice {
    /// The one that begins then, where the first object behind it changed at `behind`.
    fn beginning(since: i64, behind: Option<i64>) -> Self {
        // What changed in one moment is not taken apart.
        let until = behind.map(|behind| behind.saturating_sub(1).max(since));
        Self { since, until }
    }

    /// Where the next one begins.
    pub fn next(self) -> Option<i64> {
        self.until?.checked_add(1)
    }

    fn of(self, query: Expression) -> Expression {
        query.changed_within(Some(self.since), self.until)
    }
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing was asked for.
    Idle,
    /// The query cannot be read: nothing was sent.
    Broken(Fault),
    /// The store does not take it, in its words.
    Refused(String),
    /// These were found.
    Found(Box<ObjectQueryResponse>, Option<Slice>),
    /// Nothing was.
    Nothing,
    /// Nothing can be: of these namespaces none is searched, or none by this account; empty: of all.
    NotIndexed(Vec<(String, Why)>),
    /// The account may not search.
    NoRight(String),
}

/// Why in a namespace not even everything is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It is not searched.
    Off,
    /// It is searched, and has no objects, or none that were indexed already.
    Empty,
    /// The one or the other: its settings are not for everybody.
    Unknown,
}

/// Asks.
pub async fn ask(tenant: Option<TenantName>, wanted: Wanted) -> Result<Outcome, Problem> {
    if wanted.query.is_empty() && wanted.namespaces.is_empty() {
        return Ok(Outcome::Idle);
    }
    let Some(tenant) = tenant else {
        return Ok(Outcome::NoRight(String::new()));
    };
    match found(&tenant, &wanted).await {
        Err(Asked::Unreadable(fault)) => Ok(Outcome::Broken(fault)),
        Ok((answer, slice)) => {
            let nothing = answer.result_set.is_empty() && wanted.offset == 0;
            if nothing && slice.is_none() {
                return why_nothing(tenant, wanted.namespaces).await;
            }
            Ok(Outcome::Found(Box::new(answer), slice))
        }
        Err(Asked::Failed(problem)) => match (problem.code, &problem.query) {
            (_, Some(fault)) => Ok(Outcome::Broken((**fault).clone())),
            (ErrorCode::AccessDenied, _) => Ok(Outcome::NoRight(problem.sentence())),
            (
                ErrorCode::InvalidQuery
                | ErrorCode::InvalidArgument
                | ErrorCode::PayloadTooLarge
                | ErrorCode::Validation
                | ErrorCode::NotSupported,
                _,
            ) => Ok(Outcome::Refused(problem.sentence())),
            _ => Err(problem),
        },
    }
}

/// Why no answer came.
enum Asked {
    Unreadable(Fault),
    Failed(Problem),
}

async fn found(
    tenant: &TenantName,
    wanted: &Wanted,
) -> Result<(ObjectQueryResponse, Option<Slice>), Asked> {
    let objects = async |request: ObjectQuery| {
        let tenant = tenant.clone();
        let asked = api::call(QueryObjects { tenant, request });
        asked.await.map_err(Asked::Failed)
    };
    let slice = match wanted.since {
        None => None,
        Some(since) => {
            let end = wanted.end_of_slice(since).map_err(Asked::Unreadable)?;
            let behind = objects(end).await?;
            let behind = behind.result_set.first().and_then(QueryResult::changed_at);
            Some(Slice::beginning(since, behind))
        }
    };
    let request = wanted.request(slice).map_err(Asked::Unreadable)?;
    Ok((objects(request).await?, slice))
}

/// Why nothing was found. Objects of namespaces that one may not search are left out without a word, but of
/// operations in them nobody is told. Where not even everything is something, no namespace is searched.
async fn why_nothing(tenant: TenantName, namespaces: Vec<String>) -> Result<Outcome, Problem> {
    if !namespaces.is_empty() {
        let request = OperationQuery {
            count: 0,
            system_metadata: Some(OperationSystemMetadata {
                namespaces: Some(NamespaceList {
                    namespace: Some(namespaces.clone()),
                }),
                ..OperationSystemMetadata::default()
            }),
            ..OperationQuery::default()
        };
        let asked = QueryOperations {
            tenant: tenant.clone(),
            request,
        };
        match api::call(asked).await {
            Err(problem) if problem.code == ErrorCode::AccessDenied => {
                return Ok(Outcome::NoRight(problem.sentence()));
            }
            Err(problem) if problem.code == ErrorCode::InvalidArgument => {
                return Ok(Outcome::Refused(problem.sentence()));
            }
            Err(problem) => return Err(problem),
            Ok(_) => {}
        }
    }
    // Of all first: where nothing is anywhere, the namespaces that were named are not to blame.
    let mut blamed = Vec::new();
    if is_empty(&tenant, Vec::new()).await? {
        return Ok(Outcome::NotIndexed(blamed));
    }
    for name in namespaces.into_iter().take(MOST_NAMED) {
        if is_empty(&tenant, vec![name.clone()]).await? {
            let why = match indexed::index_of(&tenant, &name).await {
                None => Why::Unknown,
                Some(index) if index.searched => Why::Empty,
                Some(_) => Why::Off,
            };
            blamed.push((name, why));
        }
    }
    Ok(if blamed.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::NotIndexed(blamed)
    })
}

/// Whether not even everything is something there.
async fn is_empty(tenant: &TenantName, namespaces: Vec<String>) -> Result<bool, Problem> {
    let everything = Wanted {
        namespaces,
        ..Wanted::default()
    };
    let Ok(text) = everything.whole() else {
        return Ok(false);
    };
    let request = ObjectQuery {
        count: 0,
        ..ObjectQuery::of(text)
    };
    let tenant = tenant.clone();
    let answer = api::call(QueryObjects { tenant, request }).await?;
    Ok(answer.status.total_results == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Wanted {
        Wanted::of(&Query::parse(text))
    }

    #[test]
    fn the_address_says_what_is_shown() {
        let text =
            "query=size%3A5&ns=a&ns=b%20c,a&sort=size&dir=desc&cols=size,hold&facet=1&offset=200";
        let wanted = of(text);
        assert_eq!(wanted.query, "size:5");
        assert_eq!(wanted.namespaces, ["a", "b", "c"]);
        assert_eq!(wanted.columns(), [Column::Size, Column::Hold]);
        assert_eq!((wanted.sort, wanted.offset), (Some(Column::Size), 200));
        let address = wanted.address();
        assert_eq!(of(address.split_once('?').unwrap().1), wanted);
        // What is not known is not asked for.
        let odd = of("query=a&sort=colour&cols=colour&offset=-1&dir=up");
        let plain = of("query=a");
        assert_eq!(odd, plain);
        assert_eq!(plain.address(), "/search?query=a");
    }

    #[test]
    fn what_is_typed_stays_inside_of_its_namespaces() {
        let sent = |text| of(text).whole();
        assert_eq!(
            sent("query=a%20b&ns=x").as_deref(),
            Ok(r#"+namespace:"x" +(a b)"#)
        );
        assert_eq!(
            sent("ns=x&ns=y").as_deref(),
            Ok(r#"+(namespace:"x" namespace:"y") +*:*"#)
        );
        assert_eq!(sent("query=a)%20OR%20(b&ns=x").unwrap_err().position, 1);
    }

    #[test]
    fn slices_go_through_what_the_store_passes_over() {
        let wanted = of("query=a&sort=size&offset=300&since=50");
        assert_eq!(of(wanted.address().split_once('?').unwrap().1), wanted);
        assert_eq!(of("query=a&since=x&offset=300"), of("query=a&offset=300"));
        let end = wanted.end_of_slice(50).unwrap();
        assert_eq!((end.offset, end.count), (MAX_OFFSET, 1));
        assert_eq!(end.query, "+changeTimeMilliseconds:[50.00 TO *] +a");
        assert_eq!(end.sort.as_deref(), Some("changeTimeMilliseconds+asc"));
        let slice = Slice::beginning(50, Some(80));
        let request = wanted.request(Some(slice)).unwrap();
        assert_eq!(request.query, "+changeTimeMilliseconds:[50.00 TO 79.99] +a");
        assert_eq!(request.sort.as_deref(), Some("size+asc"));
        assert_eq!(slice.next(), Some(80));
        assert_eq!(Slice::beginning(80, None).next(), None);
        // More of one moment than the store goes through: what is behind them is still reached.
        assert_eq!(Slice::beginning(80, Some(80)).next(), Some(81));
        // Another question begins with all again.
        assert_eq!(wanted.narrowed("hold", "true").unwrap().since, None);
    }

    #[test]
    fn a_value_of_a_facet_narrows() {
        let query = |facet, value| of("query=a%20b&offset=5").narrowed(facet, value);
        assert_eq!(query("hold", "true").unwrap().query, "+hold:true +(a b)");
        assert_eq!(
            query("retentionClass", "A B").unwrap().query,
            "+retentionClass:\"A B\" +(a b)"
        );
        assert_eq!(
            query("retention", "neverDeletable").unwrap().query,
            "+retention:-1 +(a b)"
        );
        assert_eq!(query("retention", "expired"), None);
        let narrowed = query("namespace", "a.acme").unwrap();
        assert_eq!((narrowed.namespaces.len(), narrowed.offset), (1, 0));
    }
}
