//! Properties as a person edits them: each is a text, and only what differs is sent.
//!
//! A page writes the text that a property was loaded with beside the field that edits it (`was.name`
//! and `name`), so that a plain form says what changed as well as a script does. Names of nested
//! properties have dots in them; the items of a list stand on lines of their own.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{
    rules::RuleFault,
    value::{Kind, Property, Rule, Word as _, length},
    words::Permission,
};
use crate::mapi::Quota;

/// What stands before the name of a field whose value is the text that was loaded.
pub const BEFORE: &str = "was.";
/// What stands before the name of a namespace in a field of data access permissions.
pub const RIGHT: &str = "right.";
/// What stands before the name of a quota in the field of its unit.
pub const UNIT: &str = "unit.";

/// One edited property: its name, what it was and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its name, with dots.
    pub path: String,
    /// The text that was loaded.
    pub before: String,
    /// The text as it is now.
    pub now: String,
}

/// The property with a name that has dots in it; the index of a list's item is skipped.
pub fn find(properties: &'static [Property], path: &str) -> Option<&'static Property> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let property = properties.iter().find(|property| property.name == first)?;
    if rest.is_empty() {
        return Some(property);
    }
    match property.kind {
        Kind::Nested(inner) => find(inner, rest),
        Kind::List(_, Kind::Nested(inner)) => find(inner, rest.split_once('.')?.1),
        _ => None,
    }
}

/// The value below a name that has dots in it.
pub fn get<'a>(map: &'a Map<String, Json>, path: &str) -> Option<&'a Json> {
    let mut steps = path.split('.');
    let first = map.get(steps.next()?)?;
    steps.try_fold(first, |json, step| match json {
        Json::Object(map) => map.get(step),
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The items of a list with or without its wrapper.
pub fn items<'a>(wrapper: &str, json: &'a Json) -> &'a [Json] {
    match json {
        Json::Object(map) => map.get(wrapper).map_or(&[], |inner| items("", inner)),
        Json::Array(items) => items,
        Json::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// A value as a text.
pub fn to_text(kind: &Kind, json: Option<&Json>) -> String {
    let Some(json) = json else {
        return match kind {
            Kind::Flag => "false".to_owned(),
            _ => String::new(),
        };
    };
    match (kind, json) {
        (Kind::List(wrapper, of), json) => {
            let mut lines: Vec<String> = items(wrapper, json)
                .iter()
                .map(|item| to_text(of, Some(item)))
                .collect();
            if let Kind::Choice(words) = of {
                lines = in_order(words, &lines);
            }
            lines.join("\n")
        }
        (Kind::Flag, json) => {
            (json == &Json::Bool(true) || json.as_str() == Some("true") || json.as_i64() == Some(1))
                .to_string()
        }
        (_, Json::String(text)) => text.clone(),
        (_, Json::Null | Json::Object(_) | Json::Array(_)) => String::new(),
        (_, other) => other.to_string(),
    }
}

/// Words in the order of the list that they are from; others come after them.
pub fn in_order(words: &[&str], chosen: &[String]) -> Vec<String> {
    let known = words.iter().filter_map(|word| {
        chosen
            .iter()
            .find(|one| one.eq_ignore_ascii_case(word))
            .map(|_| (*word).to_owned())
    });
    let others = chosen
        .iter()
        .filter(|one| !words.iter().any(|word| word.eq_ignore_ascii_case(one)));
    known.chain(others.cloned()).collect()
}

/// Ticks one of `words` with all that comes with it; unticking takes away what it comes with.
pub fn toggled(words: &[&str], chosen: &[String], word: &str, on: bool) -> Vec<String> {
    let brings = |word: &str, other: &str| {
        let all = Permission::ALL.iter();
        let mut known = all.filter(|known| known.as_str() == word);
        let implied = known.next().map_or(&[][..], |known| known.implies());
        implied.iter().any(|implied| implied.as_str() == other)
    };
    let moves = |other: &str| {
        other == word
            || if on {
                brings(word, other)
            } else {
                brings(other, word)
            }
    };
    let mut chosen: Vec<String> = chosen.iter().filter(|one| !moves(one)).cloned().collect();
    if on {
        let new = words.iter().filter(|one| moves(one));
        chosen.extend(new.map(|&one| one.to_owned()));
    }
    in_order(words, &chosen)
}

/// The lines of a text that are not blank, without the blanks around them.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A text as a value. What cannot be read stays as it was typed: the rules say what is wrong with it.
pub fn from_text(kind: &Kind, text: &str) -> Json {
    match kind {
        Kind::Flag => Json::Bool(text == "true"),
        Kind::Number => text
            .trim()
            .parse::<i64>()
            .map_or_else(|_| Json::from(text), Json::from),
        Kind::Decimal => text
            .trim()
            .parse::<f64>()
            .map_or_else(|_| Json::from(text), Json::from),
        Kind::Quota => Json::from(
            text.parse::<Quota>()
                .map_or_else(|_| text.to_owned(), |quota| quota.to_string()),
        ),
        Kind::List(wrapper, of) => {
            let items = lines(text).map(|line| from_text(of, line)).collect();
            if wrapper.is_empty() {
                Json::Array(items)
            } else {
                Json::Object(Map::from_iter([(
                    (*wrapper).to_owned(),
                    Json::Array(items),
                )]))
            }
        }
        Kind::Text | Kind::Choice(_) => Json::from(text.replace("\r\n", "\n")),
        Kind::Nested(_) => Json::Null,
    }
}

/// What is wrong with a text.
pub fn fault(property: &Property, text: &str) -> Option<RuleFault> {
    one_fault(&property.kind, property.rule, text).err()
}

fn one_fault(kind: &Kind, rule: Rule, text: &str) -> Result<(), RuleFault> {
    match kind {
        Kind::Number => {
            let number = text.trim().parse::<i64>();
            match (number, rule) {
                (Err(_), Rule::Between(low, high)) => Err(RuleFault::NumberBetween(low, high)),
                (Err(_), _) => Err(RuleFault::Number),
                (Ok(number), Rule::Between(low, high)) if !(low..=high).contains(&number) => {
                    Err(RuleFault::Between(low, high))
                }
                (Ok(number), Rule::OneOf(numbers)) if !numbers.contains(&number) => {
                    Err(RuleFault::OneOf(numbers))
                }
                _ => Ok(()),
            }
        }
        Kind::Decimal => {
            let number = text.trim().parse::<f64>().ok();
            let number = number.filter(|number| number.is_finite());
            number.map(|_number| ()).ok_or(RuleFault::Decimal)
        }
        Kind::Text => match rule {
            Rule::Length(low, high) => length(text, low, high),
            Rule::Fits(fits) => fits(text),
            _ => Ok(()),
        },
        Kind::Quota => {
            let quota = text.parse::<Quota>().map_err(RuleFault::Quota)?;
            if quota.bytes() < crate::unit::GB {
                return Err(RuleFault::QuotaTooSmall);
            }
            Ok(())
        }
        Kind::List(_, of) => lines(text).try_for_each(|line| {
            one_fault(of, rule, line)
                .map_err(|fault| RuleFault::Line(line.to_owned(), Box::new(fault)))
        }),
        Kind::Flag | Kind::Choice(_) | Kind::Nested(_) => Ok(()),
    }
}

/// Texts that are lists with commas between them: a form may have a box to tick for each.
const LISTED: &[&str] = &["nodes"];

/// The edits of a form's fields: everything that has a companion with what it was.
pub fn edits(fields: &[(String, String)], properties: &'static [Property]) -> Vec<Edit> {
    let before = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(BEFORE)?, value)));
    before
        .map(|(path, before)| {
            let values = || {
                fields
                    .iter()
                    .filter(move |(name, _)| name == path)
                    .map(|(_, value)| value.as_str())
            };
            let kind = find(properties, path).map(|property| property.kind);
            let now = match kind {
                Some(Kind::Flag) => values().any(|value| value == "true").to_string(),
                Some(Kind::Quota) => quota(fields, path, values().next().unwrap_or_default()),
                Some(Kind::List(..)) => {
                    let all = values().collect::<Vec<_>>().join("\n");
                    lines(&all).collect::<Vec<_>>().join("\n")
                }
                _ if LISTED.contains(&path) => values().collect::<Vec<_>>().join(","),
                _ if path.starts_with(RIGHT) => values().collect::<Vec<_>>().join("\n"),
                _ => values().next().unwrap_or_default().replace("\r\n", "\n"),
            };
            Edit {
                path: path.to_owned(),
                before: before.replace("\r\n", "\n"),
                now,
            }
        })
        .collect()
}

/// A quota is typed as a number beside its unit.
fn quota(fields: &[(String, String)], path: &str, number: &str) -> String {
    let unit = fields
        .iter()
        .find(|(name, _)| name.strip_prefix(UNIT) == Some(path))
        .map_or("", |(_, unit)| unit);
    if number.trim().is_empty() {
        return String::new();
    }
    let text = format!("{} {unit}", number.trim());
    text.parse::<Quota>()
        .map_or(text, |quota| quota.to_string())
}

/// What a form sends: the properties that changed. Of a nested property or of a list of them all is
/// sent that the form has, because a store replaces these as a whole.
pub fn changes(properties: &'static [Property], edits: &[Edit]) -> Map<String, Json> {
    let changed = |edit: &&Edit| edit.before != edit.now;
    let mut body = Map::new();
    let mut rows: BTreeMap<&str, BTreeMap<usize, Map<String, Json>>> = BTreeMap::new();
    let mut rights = Vec::new();
    for edit in edits {
        let (first, rest) = edit.path.split_once('.').unwrap_or((&edit.path, ""));
        if let Some(namespace) = edit.path.strip_prefix(RIGHT) {
            if changed(&edit) {
                rights.push(right(namespace, &edit.now));
            }
            continue;
        }
        let Some(property) = find(properties, &edit.path) else {
            continue;
        };
        let within = |other: &&Edit| other.path.split('.').next() == Some(first);
        let touched = if rest.is_empty() {
            changed(&edit)
        } else {
            edits.iter().filter(within).any(|edit| changed(&edit))
        };
        if !touched {
            continue;
        }
        let value = from_text(&property.kind, &edit.now);
        let is_list = matches!(
            find(properties, first).map(|property| property.kind),
            Some(Kind::List(..))
        );
        match rest.split_once('.') {
            _ if rest.is_empty() => {
                body.insert(first.to_owned(), value);
            }
            Some(_) if !is_list => put(&mut body, &edit.path, value),
            Some((index, name)) => {
                let row = rows.entry(first).or_default();
                let row = row.entry(index.parse().unwrap_or_default()).or_default();
                row.insert(name.to_owned(), value);
            }
            None => put(&mut body, &edit.path, value),
        }
    }
    for (name, rows) in rows {
        body.insert(name.to_owned(), list_of_rows(properties, name, rows));
    }
    if !rights.is_empty() {
        body.insert("namespacePermission".to_owned(), Json::Array(rights));
    }
    body
}

/// Puts a value below a name that has dots in it.
fn put(map: &mut Map<String, Json>, path: &str, value: Json) {
    let Some((first, rest)) = path.split_once('.') else {
        map.insert(path.to_owned(), value);
        return;
    };
    let inner = map.entry(first).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(inner) = inner {
        put(inner, rest, value);
    }
}

/// A list of resources without the rows whose first property is empty: that is how one is taken away.
fn list_of_rows(
    properties: &'static [Property],
    name: &str,
    rows: BTreeMap<usize, Map<String, Json>>,
) -> Json {
    let (wrapper, first) = match find(properties, name).map(|property| property.kind) {
        Some(Kind::List(wrapper, Kind::Nested(inner))) => {
            (wrapper, inner.first().map_or("", |property| property.name))
        }
        _ => ("", ""),
    };
    let filled = |row: &Map<String, Json>| row.get(first).and_then(Json::as_str) != Some("");
    let rows = rows.into_values().filter(filled).map(Json::Object);
    let rows = Json::Array(rows.collect());
    if wrapper.is_empty() {
        rows
    } else {
        Json::Object(Map::from_iter([(wrapper.to_owned(), rows)]))
    }
}

fn right(namespace: &str, permissions: &str) -> Json {
    let permissions: Vec<&str> = lines(permissions).collect();
    serde_json::json!({
        "namespaceName": namespace,
        "permissions": {"permission": permissions},
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mapi::{
        ConsoleSecurity, DataAccessPermissions, EmailNotification, Namespace, PermissionMask,
        Resource as _, UserAccount,
    };

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    fn sent(properties: &'static [Property], pairs: &[(&str, &str)]) -> Json {
        Json::Object(changes(properties, &edits(&fields(pairs), properties)))
    }

    #[test]
    fn only_what_changed_is_sent() {
        let form = [
            ("was.description", "old"),
            ("description", "new\r\nlines"),
            ("was.softQuota", "85"),
            ("softQuota", "85"),
            ("was.searchEnabled", "true"),
            ("was.appendEnabled", "false"),
            ("was.hardQuota", "50.00 GB"),
            ("hardQuota", "80"),
            ("unit.hardQuota", "GB"),
            ("was.tags", "gold\nsilver"),
            ("tags", " silver \r\n\r\nbronze"),
        ];
        assert_eq!(
            sent(Namespace::PROPERTIES, &form),
            json!({
                "description": "new\nlines",
                "searchEnabled": false,
                "hardQuota": "80.00 GB",
                "tags": {"tag": ["silver", "bronze"]},
            })
        );
    }

    #[test]
    fn the_same_quota_in_other_words_is_no_change() {
        let form = [
            ("was.hardQuota", "50.00 GB"),
            ("hardQuota", "50.0"),
            ("unit.hardQuota", "GB"),
        ];
        assert_eq!(sent(Namespace::PROPERTIES, &form), json!({}));
    }

    #[test]
    fn a_nested_property_is_sent_whole() {
        let form = [
            ("was.minimumPasswordLength", "6"),
            ("minimumPasswordLength", "6"),
            ("was.ipSettings.allowAddresses", "0.0.0.0/0"),
            ("ipSettings.allowAddresses", "0.0.0.0/0"),
            ("was.ipSettings.denyAddresses", ""),
            ("ipSettings.denyAddresses", "10.0.0.0/8"),
            ("was.ipSettings.allowIfInBothLists", "true"),
            ("ipSettings.allowIfInBothLists", "true"),
        ];
        assert_eq!(
            sent(ConsoleSecurity::PROPERTIES, &form),
            json!({"ipSettings": {
                "allowAddresses": {"ipAddress": ["0.0.0.0/0"]},
                "denyAddresses": {"ipAddress": ["10.0.0.0/8"]},
                "allowIfInBothLists": true,
            }})
        );
    }

    #[test]
    fn rows_are_replaced_together_and_emptied_ones_go() {
        let form = [
            ("was.recipients.0.address", "a@example.com"),
            ("recipients.0.address", ""),
            ("was.recipients.0.severity", "ERROR"),
            ("recipients.0.severity", "ERROR"),
            ("was.recipients.1.address", "b@example.com"),
            ("recipients.1.address", "b@example.com"),
        ];
        assert_eq!(
            sent(EmailNotification::PROPERTIES, &form),
            json!({"recipients": {"recipient": [{"address": "b@example.com"}]}})
        );
    }

    #[test]
    fn rights_are_sent_for_the_namespaces_that_changed() {
        let form = [
            ("was.right.archive", "BROWSE\nREAD"),
            ("right.archive", "BROWSE"),
            ("right.archive", "READ"),
            ("right.archive", "WRITE"),
            ("was.right.public", "READ"),
            ("right.public", "READ"),
            ("was.right.gone", "READ"),
        ];
        assert_eq!(
            sent(DataAccessPermissions::PROPERTIES, &form),
            json!({"namespacePermission": [
                {"namespaceName": "archive",
                 "permissions": {"permission": ["BROWSE", "READ", "WRITE"]}},
                {"namespaceName": "gone", "permissions": {"permission": []}},
            ]})
        );
    }

    #[test]
    fn chosen_words_come_in_one_order() {
        let roles = find(UserAccount::PROPERTIES, "roles").unwrap();
        let loaded = json!({"role": ["SECURITY", "MONITOR", "administrator"]});
        let text = to_text(&roles.kind, Some(&loaded));
        assert_eq!(text, "ADMINISTRATOR\nMONITOR\nSECURITY");
        let mask = find(PermissionMask::PROPERTIES, "permission").unwrap();
        assert_eq!(
            from_text(&mask.kind, "READ\nWRITE"),
            json!(["READ", "WRITE"])
        );
        assert_eq!(
            to_text(&mask.kind, Some(&json!(["WRITE", "READ"]))),
            "READ\nWRITE"
        );
    }

    #[test]
    fn faults_are_said_in_words() {
        let says = |path: &str, text: &str| {
            let fault = fault(find(Namespace::PROPERTIES, path).unwrap(), text);
            fault.map(|fault| fault.to_string())
        };
        assert_eq!(says("softQuota", "85"), None);
        assert_eq!(says("softQuota", "120").unwrap(), "has to be from 10 to 95");
        assert!(says("softQuota", "").unwrap().contains("10 to 95"));
        assert!(says("hardQuota", "many").is_some());
        assert!(says("hardQuota", "0.5 GB").is_some());
        assert!(says("tags", "gold\na,b").unwrap().starts_with("a,b: "));
        assert!(says("name", "-x").is_some());
    }

    #[test]
    fn values_survive_being_texts() {
        for (path, json) in [
            ("hardQuota", json!("50.00 GB")),
            ("softQuota", json!(85)),
            ("searchEnabled", json!(true)),
            ("tags", json!({"tag": ["a", "b c"]})),
            (
                "authMinimumPermissions",
                json!({"permission": ["BROWSE", "READ"]}),
            ),
            ("description", json!("two\nlines")),
        ] {
            let kind = find(Namespace::PROPERTIES, path).unwrap().kind;
            assert_eq!(
                from_text(&kind, &to_text(&kind, Some(&json))),
                json,
                "{path}"
            );
        }
    }
}
