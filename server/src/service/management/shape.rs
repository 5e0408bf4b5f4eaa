//! HCP's JSON in the form of the API: nothing is lost, nothing has to be as we think.
//!
//! Known properties that are absent are null. Lists are lists, however HCP wrote them; those of
//! addresses, of content properties and of names inside of a resource have no wrapper here. Booleans
//! and numbers that came as text are what they mean. What cannot be understood stays as it came.

use model::mapi::{Kind, Property, Value as _, calls::Shape};
use serde_json::{Map, Value};

/// The wrappers of HCP that the API does not have.
const FLAT: [&str; 7] = [
    "ipAddress",
    "contentProperty",
    "name",
    "node",
    "volume",
    "service",
    "replicationLink",
];

/// Whether a list has no wrapper in the API.
pub fn is_flat(wrapper: &str) -> bool {
    wrapper.is_empty() || FLAT.contains(&wrapper)
}

/// A resource.
pub(super) fn resource(shape: &Shape, json: Value) -> Value {
    // A report that is a list: its rows.
    if let ([only], Value::Array(_)) = (shape.properties, &json)
        && matches!(only.kind, Kind::List(..))
    {
        let rows = Map::from_iter([(only.name.to_owned(), json)]);
        return nested(shape.properties, Value::Object(rows));
    }
    nested(shape.properties, json)
}

/// The one of several resources that a name says; as HCP sent it where none does.
pub(super) fn one_of(shapes: &[Shape], name: &str, json: Value) -> Value {
    let shape = shapes.iter().find(|shape| {
        let element = shape.root.strip_suffix("Protocol");
        element.is_some_and(|element| element.eq_ignore_ascii_case(name))
    });
    match shape {
        Some(shape) => resource(shape, json),
        None => json,
    }
}

/// Names below a property; full resources where HCP sent those.
pub(super) fn names(below: &str, shape: Option<&Shape>, json: Value) -> Value {
    let items = items(below, json);
    match shape {
        Some(shape) if items.iter().any(Value::is_object) => resources(shape, items),
        _ => Value::Object(Map::from_iter([(below.to_owned(), Value::Array(items))])),
    }
}

/// Full resources.
pub(super) fn resources(shape: &Shape, items: Vec<Value>) -> Value {
    items
        .into_iter()
        .map(|item| resource(shape, item))
        .collect()
}

/// Resources below a property, however HCP wrote them; names alone are resources of which no more is known.
pub(super) fn listed(below: &str, shape: &Shape, json: Value) -> Value {
    let items = members(below, json).into_iter().map(|item| match item {
        Value::String(name) => Value::Object(Map::from_iter([("name".to_owned(), name.into())])),
        other => other,
    });
    let items = resources(shape, items.collect());
    Value::Object(Map::from_iter([(below.to_owned(), items)]))
}

/// The names of resources that HCP has below a property.
pub(super) fn candidates(below: &str, json: Value) -> Value {
    let items = members(below, json)
        .into_iter()
        .filter_map(|item| match item {
            Value::Object(mut object) => object.remove("name"),
            name => Some(name),
        });
    Value::Object(Map::from_iter([("name".to_owned(), items.collect())]))
}

/// Names as a property of a resource of which no more is known.
pub(super) fn of_members(property: &str, shape: &Shape, json: Value) -> Value {
    let names = Value::Array(items("name", json));
    let resource = Map::from_iter([(property.to_owned(), names)]);
    nested(shape.properties, Value::Object(resource))
}

/// The items of a list below a property or, where HCP has names alone, below `name`.
pub(super) fn members(below: &str, json: Value) -> Vec<Value> {
    match &json {
        Value::Object(object) if !object.contains_key(below) && object.contains_key("name") => {
            items("name", json)
        }
        _ => items(below, json),
    }
}

/// The items of a list: wrapped, bare, or one in its place.
pub(super) fn items(wrapper: &str, json: Value) -> Vec<Value> {
    let inner = match json {
        Value::Object(mut object) => match object.remove(wrapper) {
            Some(inner) => inner,
            None if object.is_empty() => Value::Null,
            None => Value::Object(object),
        },
        other => other,
    };
    match inner {
        Value::Null => Vec::new(),
        // An empty element of XML.
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::Array(items) => items,
        one => vec![one],
    }
}

fn nested(properties: &[Property], json: Value) -> Value {
    let Value::Object(mut sent) = json else {
        return json;
    };
    let mut shaped = Map::new();
    for property in properties {
        let json = sent.remove(property.name).unwrap_or(Value::Null);
        shaped.insert(property.name.to_owned(), value(&property.kind, json));
    }
    shaped.extend(sent);
    Value::Object(shaped)
}

fn value(kind: &Kind, json: Value) -> Value {
    if json.is_null() {
        return json;
    }
    match kind {
        Kind::Flag => bool::read(&json).map_or(json, Value::from),
        Kind::Number => i64::read(&json).map_or(json, Value::from),
        Kind::Decimal => f64::read(&json).map_or(json, Value::from),
        Kind::Text | Kind::Quota => String::read(&json).map_or(json, Value::from),
        Kind::Choice(words) => word(words, json),
        Kind::Nested(properties) => nested(properties, json),
        Kind::List(wrapper, of) => {
            let items = items(wrapper, json).into_iter();
            let list = items.map(|item| value(of, item)).collect();
            if is_flat(wrapper) {
                list
            } else {
                Value::Object(Map::from_iter([((*wrapper).to_owned(), list)]))
            }
        }
    }
}

/// The casing of words varies between versions of HCP.
fn word(words: &[&str], json: Value) -> Value {
    let known = json
        .as_str()
        .and_then(|text| words.iter().find(|word| word.eq_ignore_ascii_case(text)));
    known.map_or(json.clone(), |word| Value::from(*word))
}

#[cfg(test)]
mod tests {
    use model::mapi::{
        ChargebackReport, ContentClass, HttpProtocol, Namespace, SearchSecurity, SmtpProtocol,
        UserAccount,
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_properties_are_null_and_unknown_ones_pass() {
        let sent = json!({"username": "ops1", "enabled": "t", "userID": "500", "new": {"a": [1]}});
        let shaped = resource(&Shape::of::<UserAccount>(), sent);
        assert_eq!(shaped["username"], "ops1");
        assert_eq!(shaped["enabled"], true);
        assert_eq!(shaped["userID"], 500);
        assert_eq!(shaped["new"], json!({"a": [1]}));
        let known: &Map<_, _> = shaped.as_object().unwrap();
        assert_eq!(known["roles"], Value::Null);
        assert!(known.contains_key("allowNamespaceManagement"));
    }

    #[test]
    fn lists_are_flat_where_the_contract_has_them_so() {
        let sent = json!({"ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0.1"]}, "denyAddresses": ""}});
        let shaped = resource(&Shape::of::<SearchSecurity>(), sent);
        let expected = json!({"ipSettings": {
            "allowAddresses": ["10.0.0.1"], "denyAddresses": [], "allowIfInBothLists": null,
        }});
        assert_eq!(shaped, expected);
        let sent = json!({
            "name": "c", "namespaces": {"name": ["a"]},
            "contentProperties": {"contentProperty": {"name": "n", "type": "string"}},
        });
        let shaped = resource(&Shape::of::<ContentClass>(), sent);
        let property = json!({
            "name": "n", "type": "STRING", "expression": null, "multivalued": null, "format": null,
        });
        let expected = json!({"name": "c", "namespaces": ["a"], "contentProperties": [property]});
        assert_eq!(shaped, expected);
        let sent = json!({"roles": ["MONITOR"]});
        let shaped = resource(&Shape::of::<UserAccount>(), sent);
        assert_eq!(shaped["roles"], json!({"role": ["MONITOR"]}));
    }

    #[test]
    fn nothing_that_hcp_sends_is_a_failure() {
        let shape = Shape::of::<Namespace>();
        let sent = json!({
            "directoryUsage": "UNBALANCED", "hashScheme": "SHA3-512", "softQuota": "much",
            "tags": {"tag": "gold"}, "versioningSettings": "none", "searchEnabled": {"odd": 1},
            "hardQuota": 7,
        });
        let shaped = resource(&shape, sent);
        assert_eq!(shaped["directoryUsage"], "Unbalanced");
        assert_eq!(shaped["hashScheme"], "SHA3-512");
        assert_eq!(shaped["softQuota"], "much");
        assert_eq!(shaped["tags"], json!({"tag": ["gold"]}));
        assert_eq!(shaped["versioningSettings"], "none");
        assert_eq!(shaped["searchEnabled"], json!({"odd": 1}));
        for odd in [json!("text"), json!(7), json!([1])] {
            assert_eq!(resource(&shape, odd.clone()), odd);
        }
    }

    #[test]
    fn names_come_in_any_form() {
        for sent in [
            json!({"name": ["a"]}),
            json!({"name": "a"}),
            json!(["a"]),
            json!("a"),
        ] {
            assert_eq!(names("name", None, sent), json!({"name": ["a"]}));
        }
        for sent in [json!({}), json!({"name": null}), json!({"name": ""})] {
            assert_eq!(names("name", None, sent), json!({"name": []}));
        }
        let full = names(
            "name",
            Some(&Shape::of::<Namespace>()),
            json!([{"name": "a"}]),
        );
        assert_eq!(full[0]["name"], "a");
        assert_eq!(full[0]["id"], Value::Null);
    }

    #[test]
    fn a_protocol_has_its_own_shape_and_a_new_one_none() {
        let shapes = [Shape::of::<HttpProtocol>(), Shape::of::<SmtpProtocol>()];
        let smtp = one_of(&shapes, "smtp", json!({"enabled": true}));
        assert!(smtp.get("emailFormat").is_some() && smtp.get("hs3Enabled").is_none());
        let new = json!({"enabled": true});
        assert_eq!(one_of(&shapes, "nvme", new.clone()), new);
    }

    #[test]
    fn a_report_may_be_a_list() {
        let shape = Shape::of::<ChargebackReport>();
        let report = resource(&shape, json!([{"reads": 1, "new": 2}]));
        assert_eq!(report["chargebackData"][0]["reads"], 1);
        assert_eq!(report["chargebackData"][0]["new"], 2);
        assert_eq!(report["chargebackData"][0]["writes"], Value::Null);
    }
}
