//! What is asked: object queries and operation queries (behaviour: "Metadata query"; HCP's metadata query
//! API, "Object query request" and "Operation query request").

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::{Property, lenient, moment};
use crate::problem::FieldError;

/// How many results come where nobody says.
pub const DEFAULT_COUNT: i64 = 100;
/// The largest number of results of one request.
pub const MAX_COUNT: i64 = 10_000;
/// How many results can be passed over.
pub const MAX_OFFSET: i64 = 100_000;

/// The properties that HCP counts values of, beside the tenant's own.
pub const FACETS: [Property; 4] = [
    Property::Hold,
    Property::Namespace,
    Property::Retention,
    Property::RetentionClass,
];

/// What an operation query may ask for.
pub const TRANSACTIONS: [&str; 5] = ["create", "delete", "dispose", "prune", "purge"];

/// Names, read from a list or from a text with commas; written as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
#[serde(transparent)]
pub struct Names(pub Vec<String>);

impl Names {
    /// Reads a text with commas.
    pub fn split(text: &str) -> Self {
        let names = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }

    /// As HCP takes them: with commas.
    pub fn joined(&self) -> String {
        self.0.join(",")
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a list of names, or names with commas")]
        enum Either {
            List(Vec<String>),
            Text(String),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::List(names) => Self(names),
            Either::Text(text) => Self::split(&text),
        })
    }
}

/// Which objects are looked for, and what is told of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObjectQuery {
    /// The query: Lucene's words (`namespace:datasets AND size:[1048576 TO *]`) or HCP's signs.
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 8192,
            example = "namespace:datasets AND size:[1048576 TO *]"
        )
    )]
    pub query: String,
    /// How many results at most; -1: as many as there are, 0: only their number and the facets.
    #[serde(
        default = "default_count",
        deserialize_with = "lenient::required_integer"
    )]
    #[cfg_attr(feature = "openapi", schema(default = 100, minimum = -1, maximum = 10_000))]
    pub count: i64,
    /// How many results are passed over.
    #[serde(default, deserialize_with = "lenient::required_integer")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 0, minimum = 0, maximum = 100_000)
    )]
    pub offset: i64,
    /// The order: `-size` or `size+desc`, more of them with commas; else by rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Whether all properties are told.
    #[serde(default, deserialize_with = "lenient::required_flag")]
    pub verbose: bool,
    /// The properties that are told; then `verbose` counts for nothing. A list, or a text with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_properties: Option<Names>,
    /// The properties whose values are counted: `hold`, `namespace`, `retention`, `retentionClass`, and
    /// content properties. A list, or a text with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<Names>,
    /// Whether the tenant's content properties are told as well.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::flag"
    )]
    pub content_properties: Option<bool>,
}

fn default_count() -> i64 {
    DEFAULT_COUNT
}

impl ObjectQuery {
    /// A query with everything else as it is where nobody says.
    pub fn of(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            count: DEFAULT_COUNT,
            offset: 0,
            sort: None,
            verbose: false,
            object_properties: None,
            facets: None,
            content_properties: None,
        }
    }

    /// Everything that breaks a rule, the query itself apart.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Vec::new();
        if !(-1..=MAX_COUNT).contains(&self.count) {
            faults.push(count_fault());
        }
        if !(0..=MAX_OFFSET).contains(&self.offset) {
            let rule = format!("has to be 0 to {MAX_OFFSET}; beyond, narrow the query by time");
            faults.push(FieldError::body("offset", rule));
        }
        if let Err(rule) = self.order() {
            faults.push(FieldError::body("sort", rule));
        }
        if let Some(rule) = self.object_properties.as_ref().and_then(unknown) {
            faults.push(FieldError::body("objectProperties", rule));
        }
        let not_counted = |name: &&String| {
            Property::named_in_any_case(name)
                .is_some_and(|known| known.name() != name.as_str() || !FACETS.contains(&known))
        };
        if let Some(name) = self.facets.iter().flat_map(|f| &f.0).find(not_counted) {
            let facets = FACETS.map(Property::name).join(", ");
            let rule = format!("`{name}` is not counted; {facets} and content properties are");
            faults.push(FieldError::body("facets", rule));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// The order of the results, from the first to the last thing that decides.
    pub fn order(&self) -> Result<Vec<Sort>, String> {
        self.sort.as_deref().map_or(Ok(Vec::new()), Sort::read)
    }

    /// The request to HCP, with the query as it is put there. What is not allowed is left out;
    /// [`Self::check`] tells of it.
    pub fn to_hcp(&self, query: &str) -> Value {
        let mut object = Map::new();
        object.insert("query".to_owned(), query.into());
        object.insert("count".to_owned(), self.count.into());
        object.insert("offset".to_owned(), self.offset.into());
        object.insert("verbose".to_owned(), self.verbose.into());
        let order = self.order().unwrap_or_default();
        if !order.is_empty() {
            let each: Vec<_> = order.iter().map(Sort::to_hcp).collect();
            object.insert("sort".to_owned(), each.join(",").into());
        }
        for (name, names) in [
            ("objectProperties", &self.object_properties),
            ("facets", &self.facets),
        ] {
            if let Some(names) = names.as_ref().filter(|names| !names.0.is_empty()) {
                object.insert(name.to_owned(), names.joined().into());
            }
        }
        if let Some(wanted) = self.content_properties {
            object.insert("contentProperties".to_owned(), wanted.into());
        }
        json!({ "object": object })
    }
}

fn count_fault() -> FieldError {
    let rule = format!("has to be -1 (all) to {MAX_COUNT}");
    FieldError::body("count", rule)
}

/// Of names of properties that are to be told, what is wrong with the first that is none. Names that are
/// nothing like HCP's may be the tenant's own.
fn unknown(names: &Names) -> Option<String> {
    names.0.iter().find_map(|name| {
        if name.trim().is_empty() || name.contains(',') {
            return Some("names of properties are neither empty nor with commas".to_owned());
        }
        let known = Property::named_in_any_case(name)?;
        let right = known.name();
        (right != name).then(|| format!("there is no property `{name}`; `{right}` is meant"))
    })
}

/// One thing that decides the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The property: HCP's, or one of the tenant's own.
    pub property: String,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Sort {
    /// Reads `-size`, `size`, `size+desc`, `size desc`, and several of them with commas.
    pub fn read(text: &str) -> Result<Vec<Self>, String> {
        let each = text.split(',').map(str::trim);
        each.filter(|one| !one.is_empty()).map(Self::one).collect()
    }

    fn one(text: &str) -> Result<Self, String> {
        let (name, descending) = if let Some(name) = text.strip_prefix('-') {
            (name, true)
        } else if let Some((name, direction)) = text.rsplit_once(['+', ' ']) {
            match direction {
                "asc" => (name, false),
                "desc" => (name, true),
                // `+size`
                name if text.starts_with('+') => (name, false),
                other => return Err(format!("`{other}` is neither `asc` nor `desc`")),
            }
        } else {
            (text, false)
        };
        let name = name.trim();
        if name.is_empty() || name.contains(['+', '-', ' ', ':']) {
            return Err(format!("`{text}` is no property with `asc` or `desc`"));
        }
        if let Some(known) = Property::named_in_any_case(name) {
            let right = known.name();
            if right != name {
                return Err(format!("there is no property `{name}`; `{right}` is meant"));
            }
            if !known.facts().sorted {
                return Err(format!("results are not sorted by `{name}`"));
            }
        }
        Ok(Self {
            property: name.to_owned(),
            descending,
        })
    }

    /// As HCP writes it: `size+desc`.
    pub fn to_hcp(&self) -> String {
        let direction = if self.descending { "desc" } else { "asc" };
        format!("{}+{direction}", self.property)
    }
}

/// Which records of operations are looked for, and what is told of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationQuery {
    /// How many records at most; -1: as many as there are, 0: only whether there is one.
    #[serde(
        default = "default_count",
        deserialize_with = "lenient::required_integer"
    )]
    #[cfg_attr(feature = "openapi", schema(default = 100, minimum = -1, maximum = 10_000))]
    pub count: i64,
    /// Whether all properties are told.
    #[serde(default, deserialize_with = "lenient::required_flag")]
    pub verbose: bool,
    /// The properties that are told; then `verbose` counts for nothing. A list, or a text with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_properties: Option<Names>,
    /// The last record of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_result: Option<LastResult>,
    /// What the records have to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_metadata: Option<OperationSystemMetadata>,
}

impl Default for OperationQuery {
    fn default() -> Self {
        Self {
            count: DEFAULT_COUNT,
            verbose: false,
            object_properties: None,
            last_result: None,
            system_metadata: None,
        }
    }
}

/// A record, by what tells it from all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LastResult {
    /// The object's address.
    pub url_name: String,
    /// When it changed.
    #[serde(deserialize_with = "lenient::required_text")]
    pub change_time_milliseconds: String,
    /// Its version.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::text"
    )]
    pub version: Option<String>,
}

/// What records of operations have to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationSystemMetadata {
    /// When the change was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_time: Option<ChangeTimeRange>,
    /// Below which folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directories: Option<DirectoryList>,
    /// Whether the objects are indexed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::flag"
    )]
    pub indexable: Option<bool>,
    /// In which namespaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespaces: Option<NamespaceList>,
    /// Whether replication brought two of a name together.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::flag"
    )]
    pub replication_collision: Option<bool>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transactions: Option<TransactionList>,
}

/// A stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeTimeRange {
    /// From then on: milliseconds since 1970, or a time such as `2026-01-31T12:00:00+0000`.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::text"
    )]
    pub start: Option<String>,
    /// Before then; one minute ago where nobody says.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::text"
    )]
    pub end: Option<String>,
}

/// Folders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryList {
    /// Their paths, with a slash before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<Vec<String>>,
}

/// Namespaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamespaceList {
    /// Their names, with or without the tenant's: `archive.acme`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Vec<String>>,
}

/// Kinds of operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransactionList {
    /// `create`, `delete`, `dispose`, `prune`, `purge`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Vec<String>>,
}

impl OperationQuery {
    /// Everything that breaks a rule.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Vec::new();
        if !(-1..=MAX_COUNT).contains(&self.count) {
            faults.push(count_fault());
        }
        if let Some(rule) = self.object_properties.as_ref().and_then(unknown) {
            faults.push(FieldError::body("objectProperties", rule));
        }
        let asked = self.system_metadata.as_ref();
        if let Some(time) = asked.and_then(|asked| asked.change_time.as_ref()) {
            for (name, value) in [("start", &time.start), ("end", &time.end)] {
                if value.as_deref().is_some_and(|value| !is_time(value)) {
                    let rule = "has to be milliseconds since 1970, or a time such as \
                                2026-01-31T12:00:00+0000";
                    faults.push(inside(&["changeTime", name], rule));
                }
            }
        }
        let directories = asked.and_then(|asked| asked.directories.as_ref()?.directory.as_ref());
        if directories
            .into_iter()
            .flatten()
            .any(|path| !path.starts_with('/'))
        {
            faults.push(inside(
                &["directories", "directory"],
                "paths begin with a slash",
            ));
        }
        let namespaces = asked.and_then(|asked| asked.namespaces.as_ref()?.namespace.as_ref());
        if namespaces
            .into_iter()
            .flatten()
            .any(|name| name.trim().is_empty())
        {
            faults.push(inside(&["namespaces", "namespace"], "names are not empty"));
        }
        let kinds = asked.and_then(|asked| asked.transactions.as_ref()?.transaction.as_ref());
        if kinds
            .into_iter()
            .flatten()
            .any(|kind| !TRANSACTIONS.contains(&kind.as_str()))
        {
            let rule = format!("has to be of {}", TRANSACTIONS.join(", "));
            faults.push(inside(&["transactions", "transaction"], &rule));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// The request to HCP: namespaces with their tenant, numbers as numbers.
    pub fn to_hcp(&self, tenant: &str) -> Value {
        let mut operation = Map::new();
        let mut put = |name: &str, value: Value| operation.insert(name.to_owned(), value);
        put("count", self.count.into());
        put("verbose", self.verbose.into());
        if let Some(names) = self.object_properties.as_ref().filter(|n| !n.0.is_empty()) {
            put("objectProperties", names.joined().into());
        }
        if let Some(last) = &self.last_result {
            let mut cursor = json!({
                "urlName": last.url_name,
                "changeTimeMilliseconds": last.change_time_milliseconds,
            });
            if let Some(version) = &last.version {
                cursor["version"] = number_or_text(version);
            }
            put("lastResult", cursor);
        }
        if let Some(asked) = &self.system_metadata {
            put("systemMetadata", asked.to_hcp(tenant));
        }
        json!({ "operation": operation })
    }
}

impl OperationSystemMetadata {
    fn to_hcp(&self, tenant: &str) -> Value {
        let mut out = Map::new();
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        if let Some(time) = &self.change_time {
            let mut range = Map::new();
            for (name, value) in [("start", &time.start), ("end", &time.end)] {
                if let Some(value) = value {
                    range.insert(name.to_owned(), number_or_text(value));
                }
            }
            put("changeTime", Value::Object(range));
        }
        if let Some(paths) = self.directories.as_ref().and_then(|d| d.directory.as_ref()) {
            put("directories", json!({ "directory": paths }));
        }
        if let Some(flag) = self.indexable {
            put("indexable", flag.into());
        }
        if let Some(names) = self.namespaces.as_ref().and_then(|n| n.namespace.as_ref()) {
            let names: Vec<_> = names.iter().map(|name| in_tenant(name, tenant)).collect();
            put("namespaces", json!({ "namespace": names }));
        }
        if let Some(flag) = self.replication_collision {
            put("replicationCollision", flag.into());
        }
        if let Some(kinds) = self
            .transactions
            .as_ref()
            .and_then(|t| t.transaction.as_ref())
        {
            put("transactions", json!({ "transaction": kinds }));
        }
        Value::Object(out)
    }
}

/// A namespace's name with its tenant's, as HCP knows it: names of namespaces have no point.
pub fn in_tenant(namespace: &str, tenant: &str) -> String {
    if namespace.is_empty() || namespace.contains('.') {
        namespace.to_owned()
    } else {
        format!("{namespace}.{tenant}")
    }
}

fn inside(path: &[&str], rule: &str) -> FieldError {
    let loc = ["body", "systemMetadata"].iter().chain(path);
    FieldError {
        kind: "value_error".to_owned(),
        loc: loc.map(|part| (*part).to_owned()).collect(),
        msg: rule.to_owned(),
    }
}

fn is_time(text: &str) -> bool {
    text.parse::<i64>().is_ok() || moment(text).is_some()
}

fn number_or_text(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_text| text.into(), Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: Value) -> ObjectQuery {
        serde_json::from_value(json).unwrap()
    }

    fn faults(json: Value) -> Vec<String> {
        let faults = object(json).check().unwrap_err();
        faults
            .iter()
            .map(|fault| fault.field().to_owned())
            .collect()
    }

    #[test]
    fn scripts_and_hcp_write_the_same_request_differently() {
        let theirs = object(json!({
            "query": "*:*", "count": 5, "sort": "-changeTimeMilliseconds",
            "objectProperties": ["size", "hash"], "facets": ["hold", "namespace"], "verbose": true
        }));
        let hcps = object(json!({
            "query": "*:*", "count": "5", "sort": "changeTimeMilliseconds+desc",
            "objectProperties": "size, hash", "facets": "hold,namespace", "verbose": "true"
        }));
        for query in [&theirs, &hcps] {
            assert_eq!(query.check(), Ok(()));
            assert_eq!(
                query.to_hcp("*:*"),
                json!({"object": {
                    "query": "*:*", "count": 5, "offset": 0, "verbose": true,
                    "sort": "changeTimeMilliseconds+desc", "objectProperties": "size,hash",
                    "facets": "hold,namespace"
                }})
            );
        }
    }

    #[test]
    fn what_is_not_said_is_as_the_contract_has_it() {
        let bare = object(json!({"query": "a"}));
        assert_eq!(bare, ObjectQuery::of("a"));
        assert_eq!(bare.check(), Ok(()));
        let bare: OperationQuery = serde_json::from_value(json!({})).unwrap();
        assert_eq!(bare, OperationQuery::default());
        assert_eq!(
            bare.to_hcp("acme"),
            json!({"operation": {"count": 100, "verbose": false}})
        );
    }

    #[test]
    fn each_field_that_breaks_a_rule_is_named() {
        assert_eq!(faults(json!({"query": "a", "count": -2})), ["count"]);
        assert_eq!(faults(json!({"query": "a", "count": 10_001})), ["count"]);
        assert_eq!(faults(json!({"query": "a", "offset": -1})), ["offset"]);
        assert_eq!(faults(json!({"query": "a", "offset": 100_001})), ["offset"]);
        for sort in ["size+up", "urlName", "Size", "-", "a:b", "size+desc+asc"] {
            assert_eq!(
                faults(json!({"query": "a", "sort": sort})),
                ["sort"],
                "{sort}"
            );
        }
        let some = json!({"query": "a", "objectProperties": ["Size"], "facets": ["size"], "count": 99_999});
        assert_eq!(faults(some), ["count", "objectProperties", "facets"]);
        assert_eq!(
            object(json!({"query": "a", "facets": ["salary(0;9;+1)", "colour"]})).check(),
            Ok(())
        );
    }

    #[test]
    fn orders_are_read_in_every_spelling() {
        let read = |text| {
            let each = Sort::read(text).unwrap();
            each.iter().map(Sort::to_hcp).collect::<Vec<_>>().join(",")
        };
        assert_eq!(read("size"), "size+asc");
        assert_eq!(read("+size"), "size+asc");
        assert_eq!(read("-size, namespace"), "size+desc,namespace+asc");
        assert_eq!(read("size+asc,colour desc"), "size+asc,colour+desc");
        assert_eq!(read(""), "");
    }

    #[test]
    fn operations_are_asked_for_as_hcp_wants_it() {
        let query: OperationQuery = serde_json::from_value(json!({
            "count": -1,
            "lastResult": {
                "urlName": "https://a", "changeTimeMilliseconds": "1.00", "version": 94_837_746_087_105_i64
            },
            "systemMetadata": {
                "changeTime": {"start": 1_717_200_000_000_i64, "end": "2024-06-02T00:00:00+0000"},
                "directories": {"directory": ["/a"]},
                "namespaces": {"namespace": ["archive", "b.other"]},
                "indexable": "true",
                "transactions": {"transaction": ["create", "purge"]}
            }
        }))
        .unwrap();
        assert_eq!(query.check(), Ok(()));
        assert_eq!(
            query.to_hcp("acme"),
            json!({"operation": {
                "count": -1, "verbose": false,
                "lastResult": {
                    "urlName": "https://a", "changeTimeMilliseconds": "1.00",
                    "version": 94_837_746_087_105_i64
                },
                "systemMetadata": {
                    "changeTime": {"start": 1_717_200_000_000_i64, "end": "2024-06-02T00:00:00+0000"},
                    "directories": {"directory": ["/a"]},
                    "namespaces": {"namespace": ["archive.acme", "b.other"]},
                    "indexable": true,
                    "transactions": {"transaction": ["create", "purge"]}
                }
            }})
        );
        let broken: OperationQuery = serde_json::from_value(json!({
            "count": 20_000,
            "systemMetadata": {
                "changeTime": {"start": "yesterday"},
                "directories": {"directory": ["a"]},
                "namespaces": {"namespace": [" "]},
                "transactions": {"transaction": ["CREATE"]}
            }
        }))
        .unwrap();
        let faults = broken.check().unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.loc.join(".")).collect();
        assert_eq!(
            places,
            [
                "body.count",
                "body.systemMetadata.changeTime.start",
                "body.systemMetadata.directories.directory",
                "body.systemMetadata.namespaces.namespace",
                "body.systemMetadata.transactions.transaction",
            ]
        );
    }
}
