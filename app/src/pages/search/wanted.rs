//! What the address of the search asks for, and what becomes of it.

use model::{
    ErrorCode, Problem, TenantName,
    query::{
        Clause, Criterion, Expression, Fault, Field, MAX_OFFSET, Names, NamespaceList, ObjectQuery,
        ObjectQueryResponse, OperationQuery, OperationSystemMetadata, Property, QueryObjects,
        QueryOperations, Sign, Test, parse,
    },
};
use serde::{Deserialize, Serialize};

use super::columns::Column;
use crate::{
    api,
    urls::{self, Query},
};

/// How many results a page has.
pub const PAGE: i64 = 100;

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
        let mut parameters = vec![("query", self.query.as_str())];
        parameters.extend(self.namespaces.iter().map(|name| ("ns", name.as_str())));
        parameters.extend([
            ("sort", self.sort.map_or("", Column::word)),
            ("dir", if self.descending { "desc" } else { "" }),
            ("cols", &columns),
            ("facet", if self.facets { "1" } else { "" }),
            ("offset", if self.offset == 0 { "" } else { &offset }),
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
            0 => return Ok(query.to_string()),
            1 => names
                .pop()
                .map_or(Expression::Everything, |name| name.expression),
            _ => Expression::Group(names),
        };
        Ok(both(within, query).to_string())
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
        let first = self.at(0);
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
    Found(Box<ObjectQueryResponse>),
    /// Nothing was.
    Nothing,
    /// Nothing can be: no namespace is searched, or none by this account.
    NotIndexed,
    /// The account may not search.
    NoRight(String),
}

/// Asks.
pub async fn ask(tenant: Option<TenantName>, wanted: Wanted) -> Result<Outcome, Problem> {
    if wanted.query.is_empty() && wanted.namespaces.is_empty() {
        return Ok(Outcome::Idle);
    }
    let Some(tenant) = tenant else {
        return Ok(Outcome::NoRight(String::new()));
    };
    let text = match wanted.whole() {
        Ok(text) => text,
        Err(fault) => return Ok(Outcome::Broken(fault)),
    };
    let counted = || Names(COUNTED.map(|property| property.name().to_owned()).to_vec());
    let request = ObjectQuery {
        count: PAGE,
        offset: wanted.offset,
        sort: wanted.sort.map(|column| {
            let direction = if wanted.descending { "desc" } else { "asc" };
            format!("{}+{direction}", column.property())
        }),
        object_properties: Some(Names(wanted.properties())),
        facets: wanted.facets.then(counted),
        ..ObjectQuery::of(text)
    };
    let asked = QueryObjects {
        tenant: tenant.clone(),
        request,
    };
    match api::call(asked).await {
        Ok(answer) if answer.result_set.is_empty() && wanted.offset == 0 => {
            why_nothing(tenant, wanted.namespaces).await
        }
        Ok(answer) => Ok(Outcome::Found(Box::new(answer))),
        Err(problem) => match (problem.code, &problem.query) {
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

/// Why nothing was found. Objects of namespaces that one may not search are left out without a word, but of
/// operations in them nobody is told. Where not even everything is something, no namespace is searched.
async fn why_nothing(tenant: TenantName, namespaces: Vec<String>) -> Result<Outcome, Problem> {
    if !namespaces.is_empty() {
        let request = OperationQuery {
            count: 0,
            system_metadata: Some(OperationSystemMetadata {
                namespaces: Some(NamespaceList {
                    namespace: Some(namespaces),
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
    let request = ObjectQuery {
        count: 0,
        ..ObjectQuery::of("*:*")
    };
    let all = api::call(QueryObjects { tenant, request }).await?;
    Ok(if all.status.total_results == 0 {
        Outcome::NotIndexed
    } else {
        Outcome::Nothing
    })
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
