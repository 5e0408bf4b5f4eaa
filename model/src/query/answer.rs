//! What is answered (behaviour: "Metadata query"; HCP's metadata query API, "Response").

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient::answered;

/// A number, or a text where HCP has no number for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum NumberOrText {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl std::fmt::Display for NumberOrText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// The answer to an object query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObjectQueryResponse {
    /// The query, as the store understood it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<ObjectQueryInfo>,
    /// How many there are, and whether that is all.
    pub status: QueryStatus,
    /// The objects.
    #[serde(default)]
    pub result_set: Vec<QueryResult>,
    /// How often values occur.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<Vec<Facet>>,
    /// The tenant's content properties, where they were asked for; as HCP tells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Object>>))]
    pub content_properties: Option<Vec<Value>>,
}

/// A query, as the store understood it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectQueryInfo {
    /// Its text.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "answered::text"
    )]
    pub expression: Option<String>,
}

/// How many results there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct QueryStatus {
    /// How many objects there are, on all pages. Operation queries do not tell.
    #[serde(default, deserialize_with = "answered::number")]
    pub total_results: i64,
    /// How many results this answer has.
    #[serde(default, deserialize_with = "answered::number")]
    pub results: i64,
    /// `COMPLETE`: the last result is among these. `INCOMPLETE`: there are more.
    #[serde(default = "complete", deserialize_with = "answered::word")]
    pub code: String,
    /// What the store says besides.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "answered::text"
    )]
    pub message: Option<String>,
}

/// The word for an answer with the last result.
const COMPLETE: &str = "COMPLETE";

fn complete() -> String {
    COMPLETE.to_owned()
}

impl QueryStatus {
    /// Whether the last result is among these.
    pub fn is_complete(&self) -> bool {
        self.code == COMPLETE
    }
}

impl Default for QueryStatus {
    fn default() -> Self {
        Self {
            total_results: 0,
            results: 0,
            code: complete(),
            message: None,
        }
    }
}

/// How often the values of a property occur.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facet {
    /// The property.
    #[serde(alias = "property", deserialize_with = "answered::word")]
    pub name: String,
    /// Its values, the most frequent first.
    #[serde(default)]
    pub frequency: Vec<FacetFrequency>,
}

/// A value, and how often it occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetFrequency {
    /// The value.
    #[serde(deserialize_with = "answered::word")]
    pub value: String,
    /// How many objects have it.
    #[serde(deserialize_with = "answered::number")]
    pub count: i64,
}

/// The answer to an operation query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationQueryResponse {
    /// The time that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<OperationQueryInfo>,
    /// How many there are, and whether that is all.
    pub status: QueryStatus,
    /// The records, the oldest first.
    #[serde(default)]
    pub result_set: Vec<QueryResult>,
}

/// The time that an operation query looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationQueryInfo {
    /// From then on.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "answered::either"
    )]
    pub start: Option<NumberOrText>,
    /// Before then.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "answered::either"
    )]
    pub end: Option<NumberOrText>,
}

macro_rules! result_of_query {
    ($($(#[$doc:meta])+ $name:ident: $type:ty, $reader:literal;)+) => {
        /// An object that was found, or a record of an operation. What was not asked for is absent.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct QueryResult {
            /// Its address in HCP's own REST API.
            #[serde(default, deserialize_with = "answered::word")]
            pub url_name: String,
            /// What happened: `CREATED`, `DELETED`, `DISPOSED`, `PRUNED`, `PURGED`, `NOT_FOUND`.
            #[serde(default, deserialize_with = "answered::word")]
            pub operation: String,
            $(
                $(#[$doc])+
                #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = $reader)]
                pub $name: Option<$type>,
            )+
            /// Content properties of the tenant, and what else the store tells.
            #[serde(flatten)]
            #[cfg_attr(feature = "openapi", schema(additional_properties, value_type = std::collections::BTreeMap<String, Value>))]
            pub other: Map<String, Value>,
        }
    };
}

result_of_query! {
    /// When it changed last: milliseconds since 1970, and two digits that tell changes of one millisecond apart.
    change_time_milliseconds: String, "answered::text";
    /// The same as a date.
    change_time_string: String, "answered::text";
    /// The id of its version.
    version: NumberOrText, "answered::either";
    /// Its namespace and tenant: `archive.acme`.
    namespace: String, "answered::text";
    /// The last piece of its path.
    utf8_name: String, "answered::text";
    /// Its path in the namespace.
    object_path: String, "answered::text";
    /// Its size in bytes.
    size: i64, "answered::integer";
    /// Its content type, where the store tells it.
    content_type: String, "answered::text";
    /// Whether it is on hold.
    hold: bool, "answered::flag";
    /// Whether it is overwritten when it is deleted.
    shred: bool, "answered::flag";
    /// How many copies its namespace keeps.
    dpl: i64, "answered::integer";
    /// When its retention ends, in seconds since 1970; 0, -1 and -2 are special.
    retention: NumberOrText, "answered::either";
    /// The same in words.
    retention_string: String, "answered::text";
    /// The name of its retention class.
    retention_class: String, "answered::text";
    /// How its hash is computed.
    hash_scheme: String, "answered::text";
    /// Its hash.
    hash: String, "answered::text";
    /// Whether it has custom metadata.
    custom_metadata: bool, "answered::flag";
    /// The names of its annotations.
    custom_metadata_annotation: String, "answered::text";
    /// Whether it has an access control list.
    acl: bool, "answered::flag";
    /// Whether it was replicated.
    replicated: bool, "answered::flag";
    /// Whether replication brought two of its name together.
    replication_collision: bool, "answered::flag";
    /// Whether its custom metadata is indexed.
    index: bool, "answered::flag";
    /// When it was stored, in seconds since 1970.
    ingest_time: i64, "answered::integer";
    /// The same in milliseconds.
    ingest_time_milliseconds: String, "answered::text";
    /// The same as a date.
    ingest_time_string: String, "answered::text";
    /// When its metadata changed last, in seconds since 1970.
    update_time: i64, "answered::integer";
    /// The same as a date.
    update_time_string: String, "answered::text";
    /// When it was read last, in seconds since 1970.
    access_time: i64, "answered::integer";
    /// The same as a date.
    access_time_string: String, "answered::text";
    /// The user that owns it, in POSIX.
    uid: i64, "answered::integer";
    /// The group that owns it, in POSIX.
    gid: i64, "answered::integer";
    /// Its POSIX mode.
    permissions: NumberOrText, "answered::either";
    /// Who owns it.
    owner: String, "answered::text";
    /// What it is.
    #[serde(rename = "type")]
    kind: String, "answered::text";
}

impl ObjectQueryResponse {
    /// Reads what HCP answers; `None` where that is nothing like an answer.
    pub fn from_hcp(answer: Value) -> Option<Self> {
        let mut answer = unwrapped(answer)?;
        if let Some(facets) = answer.get_mut("facets") {
            *facets = Value::Array(items(facets.take(), "facet"));
        }
        if let Some(properties) = answer.get_mut("contentProperties") {
            *properties = Value::Array(items(properties.take(), "contentProperty"));
        }
        serde_json::from_value(answer).ok()
    }
}

impl OperationQueryResponse {
    /// Reads what HCP answers; `None` where that is nothing like an answer.
    pub fn from_hcp(answer: Value) -> Option<Self> {
        serde_json::from_value(unwrapped(answer)?).ok()
    }
}

/// The answer without its wrapper, with a list of results, and without nulls.
fn unwrapped(answer: Value) -> Option<Value> {
    let Value::Object(mut answer) = answer else {
        return None;
    };
    if let Some(Value::Object(inner)) = answer.remove("queryResult") {
        answer = inner;
    }
    if !answer.get("status").is_some_and(Value::is_object) {
        return None;
    }
    answer.retain(|_, value| !value.is_null());
    if let Some(results) = answer.get_mut("resultSet") {
        let mut found = items(results.take(), "object");
        for result in &mut found {
            if let Value::Object(properties) = result {
                properties.retain(|_, value| !value.is_null());
            }
        }
        found.retain(Value::is_object);
        *results = Value::Array(found);
    }
    Some(Value::Object(answer))
}

/// A list with or without its wrapper; a single item counts as a list of one.
fn items(value: Value, wrapper: &str) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(mut object) if object.contains_key(wrapper) => {
            items(object.remove(wrapper).unwrap_or_default(), wrapper)
        }
        Value::Object(object) if object.is_empty() => Vec::new(),
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

impl QueryResult {
    /// The millisecond since 1970 in which it changed last, where that was asked for: `1314820800000.00`.
    pub fn changed_at(&self) -> Option<i64> {
        let text = self.change_time_milliseconds.as_deref()?;
        text.split('.').next()?.parse().ok()
    }

    /// The bucket, its tenant and the key behind the address in HCP's REST API:
    /// `https://{namespace}.{tenant}.{domain}/rest/{path}`.
    pub fn location(&self) -> Option<Location> {
        let (_scheme, rest) = self.url_name.split_once("://")?;
        let (host, path) = rest.split_once('/')?;
        let mut labels = host.split('.');
        let namespace = labels.next().filter(|label| !label.is_empty())?;
        let tenant = labels.next().filter(|label| !label.is_empty())?;
        let path = path.strip_prefix("rest/")?;
        let key = percent_encoding::percent_decode_str(path)
            .decode_utf8()
            .ok()?;
        (!key.is_empty()).then(|| Location {
            namespace: namespace.to_owned(),
            tenant: tenant.to_owned(),
            key: key.into_owned(),
        })
    }
}

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its namespace, which is its bucket.
    pub namespace: String,
    /// The namespace's tenant.
    pub tenant: String,
    /// Its key.
    pub key: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_hcp_answers_is_put_into_the_contracts_form() {
        let answer = ObjectQueryResponse::from_hcp(json!({"queryResult": {
            "query": {"expression": "+size:[1000 TO *]"},
            "resultSet": [{
                "version": 94_837_746_087_105_i64,
                "urlName": "https://archive.acme.hcp.example.com/rest/a/b%20c.bin",
                "operation": "CREATED", "changeTimeMilliseconds": "1717236000123.00",
                "size": "5242880", "retention": "0", "hold": "true", "acl": 0, "permissions": 555,
                "owner": null, "type": "object", "colour": "red"
            }],
            "status": {"totalResults": "1", "results": 1, "message": "", "code": "COMPLETE"},
            "facets": {"facet": [{
                "property": "namespace", "frequency": [{"value": "archive.acme", "count": "4"}]
            }]}
        }}))
        .unwrap();
        assert_eq!(
            serde_json::to_value(&answer).unwrap(),
            json!({
                "query": {"expression": "+size:[1000 TO *]"},
                "status": {"totalResults": 1, "results": 1, "code": "COMPLETE", "message": ""},
                "resultSet": [{
                    "urlName": "https://archive.acme.hcp.example.com/rest/a/b%20c.bin",
                    "operation": "CREATED", "changeTimeMilliseconds": "1717236000123.00",
                    "version": 94_837_746_087_105_i64, "size": 5_242_880, "retention": 0, "hold": true,
                    "acl": false, "permissions": 555, "type": "object", "colour": "red"
                }],
                "facets": [{"name": "namespace", "frequency": [{"value": "archive.acme", "count": 4}]}]
            })
        );
        let location = answer.result_set[0].location().unwrap();
        assert_eq!(
            (&*location.namespace, &*location.tenant, &*location.key),
            ("archive", "acme", "a/b c.bin")
        );
    }

    #[test]
    fn an_answer_is_understood_with_and_without_its_wrappers() {
        let bare = json!({"status": {"results": 0}});
        let wrapped = json!({"queryResult": {"status": {"results": 0}, "facets": null}});
        for answer in [bare, wrapped] {
            let read = ObjectQueryResponse::from_hcp(answer).unwrap();
            assert!(read.status.is_complete() && read.result_set.is_empty());
            assert_eq!(read.facets, None);
        }
        let single = json!({
            "status": {"code": "INCOMPLETE"}, "resultSet": {"object": {"urlName": "x"}},
            "query": {"start": 1, "end": "2024-01-01T00:00:00+0000"}
        });
        let read = OperationQueryResponse::from_hcp(single).unwrap();
        assert_eq!(read.result_set.len(), 1);
        assert!(!read.status.is_complete());
        for nothing in [json!({}), json!([]), json!(null), json!({"status": 1})] {
            assert_eq!(ObjectQueryResponse::from_hcp(nothing), None);
        }
    }

    #[test]
    fn what_makes_no_sense_in_a_result_loses_nothing_else() {
        let read = ObjectQueryResponse::from_hcp(json!({
            "status": {"totalResults": [], "code": null},
            "resultSet": [{"urlName": 5, "size": "many", "hold": {}, "dpl": 2}, 7],
        }))
        .unwrap();
        let [result] = read.result_set.as_slice() else {
            panic!("{read:?}")
        };
        assert_eq!(
            (result.size, result.hold, result.dpl),
            (None, None, Some(2))
        );
        assert_eq!(result.url_name, "5");
        assert_eq!(result.location(), None);
    }

    #[test]
    fn addresses_that_name_no_object_have_no_location() {
        for url in [
            "",
            "/a",
            "https://a/rest/b",
            "https://a.b.c/other/d",
            "https://a.b/rest/",
        ] {
            let result = QueryResult {
                url_name: url.to_owned(),
                ..QueryResult::default()
            };
            assert_eq!(result.location(), None, "{url}");
        }
    }
}
