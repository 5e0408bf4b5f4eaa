//! Which properties of a resource are set by whom, and shown to whom when: the columns W and V of HCP's
//! tables.

use model::mapi::{Kind, Property, Resource};
use serde_json::{Map, Value as Json};

use super::{
    access::{Standing, Who, anyone, nobody},
    error::Refusal,
};

/// One property of a resource.
pub(crate) struct Row {
    name: &'static str,
    create: Who,
    modify: Who,
    always: Who,
    verbose: Who,
}

/// A property: who may set it when the resource is made and later, who always sees it, and who with
/// `verbose=true`.
pub(crate) const fn row(
    name: &'static str,
    create: Who,
    modify: Who,
    always: Who,
    verbose: Who,
) -> Row {
    Row {
        name,
        create,
        modify,
        always,
        verbose,
    }
}

/// A property that whoever may change the resource may change, and that is always shown.
pub(crate) const fn plain(name: &'static str) -> Row {
    row(name, anyone, anyone, anyone, anyone)
}

/// A property that is shown with `verbose=true` alone, and never set.
pub(crate) const fn verbose_only(name: &'static str) -> Row {
    row(name, nobody, nobody, nobody, anyone)
}

/// What is done with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// PUT.
    Create,
    /// POST.
    Modify,
}

/// Reads a body: properties that the resource does not have are 400, those that this caller may not set
/// 403, and those that break their rule 400. Nothing is looked up, and no rule between properties.
pub(crate) fn read<T: Resource>(
    rows: &[Row],
    write: Write,
    standing: &Standing,
    mut properties: Map<String, Json>,
) -> Result<T, Refusal> {
    properties.retain(|_name, value| !value.is_null());
    for name in properties.keys() {
        let Some(row) = rows.iter().find(|row| row.name == name) else {
            return Err(Refusal::invalid(format!(
                "{name}: there is no such property."
            )));
        };
        let who = match write {
            Write::Create => row.create,
            Write::Modify => row.modify,
        };
        if !who(standing) {
            return Err(Refusal::forbidden(format!(
                "{name}: the property cannot be set here."
            )));
        }
    }
    let properties = flags(properties, T::PROPERTIES);
    let read = T::read_strictly(properties)
        .or_else(|faults| Refusal::of_faults(&faults).map(|()| T::default()))?;
    Refusal::of_faults(&unknown_inside(&read.to_map(), T::PROPERTIES))?;
    Refusal::of_faults(&read.check())?;
    Ok(read)
}

/// Any value of a boolean that HCP does not read as true is false.
fn flags(mut properties: Map<String, Json>, known: &[Property]) -> Map<String, Json> {
    for (name, value) in &mut properties {
        if let Some(property) = known.iter().find(|property| property.name == name) {
            flag(value, &property.kind);
        }
    }
    properties
}

fn flag(value: &mut Json, kind: &Kind) {
    match (kind, &mut *value) {
        (Kind::Flag, Json::String(text)) => {
            *value = Json::Bool(matches!(text.as_str(), "true" | "t" | "1"));
        }
        (Kind::Flag, Json::Number(number)) => *value = Json::Bool(number.as_i64() == Some(1)),
        (Kind::Nested(properties), Json::Object(map)) => {
            *map = flags(std::mem::take(map), properties);
        }
        (Kind::List(wrapper, of), Json::Object(map)) => match map.get_mut(*wrapper) {
            Some(items) => flag(items, &Kind::List("", of)),
            None => flag(value, of),
        },
        (Kind::List(_, of), Json::Array(items)) => items.iter_mut().for_each(|item| flag(item, of)),
        (Kind::List(_, of), _) => flag(value, of),
        _ => {}
    }
}

/// Properties of nested resources that there are not.
fn unknown_inside(map: &Map<String, Json>, known: &[Property]) -> Vec<model::mapi::Fault> {
    let mut faults = Vec::new();
    for property in known {
        if let Some(value) = map.get(property.name) {
            let found = unknown_in(value, &property.kind).into_iter();
            faults.extend(found.map(|fault| fault.within(property.name)));
        }
    }
    faults
}

fn unknown_in(value: &Json, kind: &Kind) -> Vec<model::mapi::Fault> {
    match (kind, value) {
        (Kind::Nested(properties), Json::Object(map)) => {
            let unknown = map
                .keys()
                .filter(|name| properties.iter().all(|p| p.name != *name));
            let mut faults: Vec<_> = unknown
                .map(|name| model::mapi::Fault::new(name, "there is no such property"))
                .collect();
            faults.extend(unknown_inside(map, properties));
            faults
        }
        (Kind::List(wrapper, of), Json::Object(map)) => map
            .get(*wrapper)
            .map_or_else(Vec::new, |items| unknown_in(items, &Kind::List("", of))),
        (Kind::List(_, of), Json::Array(items)) => {
            items.iter().flat_map(|item| unknown_in(item, of)).collect()
        }
        _ => Vec::new(),
    }
}

/// What of a resource a caller sees.
pub(crate) fn show(
    rows: &[Row],
    resource: &impl Resource,
    standing: &Standing,
    verbose: bool,
) -> Json {
    let mut map = resource.to_map();
    map.retain(|name, _value| {
        rows.iter().any(|row| {
            row.name == name && ((row.always)(standing) || (verbose && (row.verbose)(standing)))
        })
    });
    Json::Object(map)
}

/// What a resource is after a change: what was sent takes the place of what was there, nested resources
/// and lists as a whole.
pub(crate) fn merged<T: Resource>(before: &T, change: &T) -> T {
    let mut map = before.to_map();
    map.extend(change.to_map());
    T::read_leniently(map)
}

#[cfg(test)]
mod tests {
    use model::mapi::{EmailNotification, UserAccount};
    use serde_json::json;

    use super::{
        super::access::{security, system},
        *,
    };

    const ROWS: &[Row] = &[
        plain("username"),
        row("enabled", anyone, system, anyone, anyone),
        row("roles", anyone, anyone, security, security),
        verbose_only("userGUID"),
    ];

    fn sent(write: Write, body: Json) -> Result<UserAccount, Refusal> {
        let Json::Object(map) = body else {
            unreachable!()
        };
        read(ROWS, write, &Standing::default(), map)
    }

    #[test]
    fn what_is_unknown_is_400_and_what_is_forbidden_403() {
        let fine = json!({"username": "a", "enabled": "t", "roles": ["monitor"]});
        let read = sent(Write::Create, fine).unwrap();
        assert_eq!(read.enabled, Some(true));
        assert_eq!(read.to_map()["roles"], json!({"role": ["MONITOR"]}));
        for (write, body, forbidden) in [
            (Write::Create, json!({"unknown": 1}), false),
            (Write::Create, json!({"fullName": "x"}), false),
            (Write::Create, json!({"userGUID": "x"}), true),
            (Write::Modify, json!({"enabled": true}), true),
            (Write::Create, json!({"roles": {"role": ["KING"]}}), false),
            (Write::Create, json!({"username": {"a": 1}}), false),
            (Write::Create, json!({"username": "[x"}), false),
        ] {
            match sent(write, body.clone()) {
                Err(Refusal::Forbidden(_)) if forbidden => {}
                Err(Refusal::Invalid(_)) if !forbidden => {}
                other => unreachable!("{body}: {other:?}"),
            }
        }
        assert_eq!(
            sent(Write::Modify, json!({"enabled": null})).unwrap(),
            UserAccount::default()
        );
    }

    #[test]
    fn every_word_but_three_is_false() {
        for (value, expected) in [
            (json!("true"), true),
            (json!("t"), true),
            (json!("1"), true),
            (json!(1), true),
            (json!(true), true),
            (json!("TRUE"), false),
            (json!("yes"), false),
            (json!(""), false),
            (json!(2), false),
            (json!(false), false),
        ] {
            let read = sent(Write::Create, json!({"enabled": value.clone()})).unwrap();
            assert_eq!(read.enabled, Some(expected), "{value}");
        }
    }

    #[test]
    fn properties_inside_of_others_are_known_as_well() {
        const MAIL: &[Row] = &[
            plain("enabled"),
            plain("emailTemplate"),
            plain("recipients"),
        ];
        let sent = |body: Json| {
            let Json::Object(map) = body else {
                unreachable!()
            };
            read::<EmailNotification>(MAIL, Write::Modify, &Standing::default(), map)
        };
        assert!(sent(json!({"emailTemplate": {"from": "a", "subject": "b"}})).is_ok());
        assert!(sent(json!({"emailTemplate": {"smtpServer": "a"}})).is_err());
        assert!(
            sent(json!({"recipients": {"recipient": [{"address": "a", "name": "b"}]}})).is_err()
        );
        assert!(sent(json!({"recipients": {"recipient": {"address": "a"}}})).is_ok());
    }

    #[test]
    fn what_is_shown_depends_on_who_asks_and_how() {
        let user = UserAccount {
            username: Some("a".to_owned()),
            user_guid: Some("g".to_owned()),
            roles: Some(vec![model::mapi::Role::Monitor.into()].into()),
            full_name: Some("not in the table".to_owned()),
            ..UserAccount::default()
        };
        let nobody = Standing::default();
        assert_eq!(show(ROWS, &user, &nobody, false), json!({"username": "a"}));
        assert_eq!(
            show(ROWS, &user, &nobody, true),
            json!({"username": "a", "userGUID": "g"})
        );
    }
}
