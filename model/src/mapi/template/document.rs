//! Reading a template that somebody gives us.

use std::collections::BTreeSet;

use super::{
    Json, MAX_NAMESPACES, NamespaceTemplate, VERSION, namespace_name, retention_class_name,
};

/// Why a document is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is of a version that is not known.
    #[error("the template is of version {0}; known is {VERSION}")]
    Version(String),
    /// It has more namespaces than one import takes.
    #[error("the template has {0} namespaces; {MAX_NAMESPACES} are the most")]
    TooMany(usize),
    /// Something is not what it has to be: where, and what.
    #[error("{place}: {rule}")]
    Form {
        /// Where, such as `namespaces.3.name`.
        place: String,
        /// What it has to be.
        rule: String,
    },
}

impl Refusal {
    fn form(place: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Form {
            place: place.into(),
            rule: rule.into(),
        }
    }
}

/// The namespaces of a template in any of its forms: a bundle, a list, or one namespace.
///
/// # Errors
/// It is none of these, or of another version.
pub fn read(template: Json) -> Result<Vec<NamespaceTemplate>, Refusal> {
    let items = match template {
        Json::Array(items) => items,
        Json::Object(mut bundle) if bundle.contains_key("namespaces") => {
            check_version(bundle.get("version"))?;
            match bundle.remove("namespaces") {
                Some(Json::Array(items)) => items,
                _ => return Err(Refusal::form("namespaces", "has to be a list")),
            }
        }
        Json::Object(one) if one.contains_key("name") => vec![Json::Object(one)],
        _ => {
            let rule = "is no bundle, no list of namespaces and no namespace";
            return Err(Refusal::form("template", rule));
        }
    };
    if items.is_empty() {
        return Err(Refusal::form("namespaces", "there is none"));
    }
    if items.len() > MAX_NAMESPACES {
        return Err(Refusal::TooMany(items.len()));
    }
    let read = items.into_iter().enumerate();
    read.map(|(index, item)| read_one(index, item)).collect()
}

fn check_version(version: Option<&Json>) -> Result<(), Refusal> {
    match version {
        // Bundles of other tools say none.
        None | Some(Json::Null) => Ok(()),
        Some(Json::String(version)) if version == VERSION => Ok(()),
        Some(Json::String(version)) => {
            let told = version.chars().filter(|c| !c.is_control()).take(20);
            Err(Refusal::Version(told.collect()))
        }
        Some(_) => Err(Refusal::form("version", "has to be text")),
    }
}

fn read_one(index: usize, item: Json) -> Result<NamespaceTemplate, Refusal> {
    let place = |name: &str| format!("namespaces.{index}.{name}");
    let Json::Object(mut namespace) = item else {
        return Err(Refusal::form(
            format!("namespaces.{index}"),
            "has to be an object",
        ));
    };
    // HCP's own names of two parts, which other exports have.
    for (theirs, ours) in [
        ("complianceSettings", "compliance"),
        ("versioningSettings", "versioning"),
    ] {
        if let Some(part) = namespace.remove(theirs) {
            namespace.entry(ours).or_insert(part);
        }
    }
    let name = namespace.get("name").and_then(Json::as_str);
    let name = name.ok_or_else(|| Refusal::form(place("name"), "the name is required"))?;
    namespace_name(name).map_err(|rule| Refusal::form(place("name"), rule.to_string()))?;
    for part in [
        "versioning",
        "compliance",
        "permissions",
        "protocols",
        "indexing",
        "replicationCollision",
    ] {
        if namespace
            .get(part)
            .is_some_and(|p| !p.is_object() && !p.is_null())
        {
            return Err(Refusal::form(place(part), "has to be an object"));
        }
    }
    if let Some(Json::Object(protocols)) = namespace.get("protocols") {
        for (name, protocol) in protocols {
            let known = ["http", "cifs", "nfs", "smtp"].contains(&name.as_str());
            if !known || !(protocol.is_object() || protocol.is_null()) {
                let rule = "has to be the settings of http, cifs, nfs or smtp";
                return Err(Refusal::form(place("protocols"), rule));
            }
        }
    }
    check_classes(&namespace).map_err(|rule| Refusal::form(place("retentionClasses"), rule))?;
    Ok(namespace)
}

fn check_classes(namespace: &NamespaceTemplate) -> Result<(), String> {
    let classes = match namespace.get("retentionClasses") {
        None | Some(Json::Null) => return Ok(()),
        Some(Json::Array(classes)) => classes,
        Some(_) => return Err("has to be a list".to_owned()),
    };
    let mut names = BTreeSet::new();
    for class in classes {
        let name = class.get("name").and_then(Json::as_str);
        let name = name.ok_or("each has to have a name")?;
        retention_class_name(name).map_err(|rule| rule.to_string())?;
        // HCP does not tell names apart by case.
        if !names.insert(name.to_lowercase()) {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(())
}
