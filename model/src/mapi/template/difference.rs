//! A template held against what is there: what is new, changes, is the same or cannot be, and what has
//! to be written for it.

use serde::{Deserialize, Serialize};

use super::{Json, Map, NamespaceTemplate, OWN, Part, PermissionMask, Shape, is_secret};
use crate::{
    mapi::{HttpProtocol, Resource as _},
    retention::Retention,
};

/// What becomes of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Change {
    /// It is not there yet.
    New,
    /// It is otherwise.
    Change,
    /// It is as the template says.
    Same,
    /// It cannot be as the template says.
    Refused,
}

/// A setting of a template, held against what is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// The part that it is in.
    pub part: Part,
    /// Which of several, such as a retention class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// HCP's name of it.
    pub setting: String,
    /// What becomes of it.
    pub change: Change,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<serde_json::Value>))]
    pub old: Option<Json>,
    /// What the template says.
    #[cfg_attr(feature = "openapi", schema(value_type = serde_json::Value))]
    pub new: Json,
    /// Why it cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What has to be written to one of HCP's resources.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The part.
    pub part: Part,
    /// Which of several.
    pub item: Option<String>,
    /// Whether the item has to be made first.
    pub creates: bool,
    /// The properties.
    pub body: Map<String, Json>,
}

/// Everything that a template says of one namespace, held against what is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Each setting.
    pub settings: Vec<Setting>,
    /// What has to be written, in order.
    pub writes: Vec<Write>,
}

/// The old names of two properties, and two of no effect.
const ALIASES: [&str; 4] = [
    "pruneOnPrimary",
    "daysOnPrimary",
    "pruneOnReplica",
    "daysOnReplica",
];

/// What of a namespace is said where it is made: what cannot be said later, and what a quota or a plan
/// may depend on.
const CREATED: [&str; 9] = [
    "description",
    "hardQuota",
    "softQuota",
    "hashScheme",
    "searchEnabled",
    "tags",
    "retentionType",
    "optimizedFor",
    "directoryUsage",
];

/// Parts whose properties hang together, and are written together.
const WHOLE: [Part; 2] = [Part::Versioning, Part::ReplicationCollision];

/// The body that makes a namespace of a name.
pub fn creation(wanted: &NamespaceTemplate, name: &str) -> Map<String, Json> {
    let (settings, _) = compare(Part::Namespace, &own(wanted), None);
    let said = settings
        .into_iter()
        .filter(|s| s.change == Change::New && CREATED.contains(&s.setting.as_str()));
    let mut body: Map<_, _> = said.map(|s| (s.setting, s.new)).collect();
    body.insert("name".to_owned(), name.into());
    let versioning = Part::Versioning.of(wanted);
    if let Some(Json::Bool(enabled)) = versioning.and_then(|v| v.get("enabled")) {
        let mut settings = Map::from_iter([("enabled".to_owned(), Json::Bool(*enabled))]);
        let said = |name: &str| versioning.and_then(|v| v.get(name)).cloned();
        // HCP wants to be told of pruning with versions, and of the days with pruning.
        if *enabled {
            let prune = said("prune").unwrap_or(Json::Bool(false));
            if prune == Json::Bool(true) {
                let days = said("pruneDays").unwrap_or_else(|| 0.into());
                settings.insert("pruneDays".to_owned(), days);
            }
            settings.insert("prune".to_owned(), prune);
        }
        body.insert("versioningSettings".to_owned(), settings.into());
    }
    body
}

/// Holds a template's namespace against one that is there, or against none.
pub fn difference(wanted: &NamespaceTemplate, present: Option<&NamespaceTemplate>) -> Difference {
    let mut all = Difference::default();
    let there = present.map(own);
    all.add(Part::Namespace, &own(wanted), there.as_ref());
    for part in Part::SINGLE {
        if part == Part::Indexing {
            all.add_classes(wanted, present);
        }
        let properties = |namespace| part.of(namespace).map(|json| properties(part, json));
        if let Some(wanted) = properties(wanted) {
            all.add(part, &wanted, present.and_then(properties).as_ref());
        }
    }
    all.put_compliance_behind_its_class();
    all
}

impl Difference {
    fn add(&mut self, part: Part, wanted: &Map<String, Json>, present: Option<&Map<String, Json>>) {
        let (settings, body) = compare(part, wanted, present);
        self.settings.extend(settings);
        if !body.is_empty() {
            self.writes.push(Write {
                part,
                item: None,
                creates: false,
                body,
            });
        }
    }

    fn add_classes(&mut self, wanted: &NamespaceTemplate, present: Option<&NamespaceTemplate>) {
        let part = Part::RetentionClasses;
        let there = present.map(classes).unwrap_or_default();
        // The mode is written before the classes.
        let is_strict = present
            .into_iter()
            .chain([wanted])
            .any(is_in_compliance_mode);
        for (name, mut class) in classes(wanted) {
            let is_it = |(other, _): &&(String, Map<_, _>)| other.eq_ignore_ascii_case(&name);
            let old = there.iter().find(is_it).map(|(_, class)| class);
            // HCP demands it of periods, and has none of it otherwise.
            let is_period = class
                .get("value")
                .and_then(Json::as_str)
                .is_some_and(|value| value.starts_with(['A', 'R']));
            if is_period && old.is_none() {
                class.entry("allowDisposition").or_insert(Json::Bool(false));
            } else if !is_period {
                class.remove("allowDisposition");
            }
            let (mut settings, mut body) = compare(part, &class, old);
            if is_strict {
                refuse_shorter(&mut settings, &mut body);
            }
            let is_valid = settings.iter().all(|s| s.change != Change::Refused);
            self.settings
                .extend(settings.into_iter().map(|setting| Setting {
                    item: Some(name.clone()),
                    ..setting
                }));
            let creates = old.is_none();
            if creates {
                body.insert("name".to_owned(), name.as_str().into());
            }
            // Half a retention class is none.
            if (creates && is_valid) || (!creates && !body.is_empty()) {
                self.writes.push(Write {
                    part,
                    item: Some(name),
                    creates,
                    body,
                });
            }
        }
    }

    /// A default retention can be a class, which has to be there first.
    fn put_compliance_behind_its_class(&mut self) {
        let place = |writes: &[Write], part| writes.iter().rposition(|w| w.part == part);
        let Some(from) = place(&self.writes, Part::Compliance) else {
            return;
        };
        let default = self.writes[from].body.get("retentionDefault");
        let names_class = default
            .and_then(Json::as_str)
            .is_some_and(|value| value.starts_with("C+"));
        if let Some(to) = place(&self.writes, Part::RetentionClasses).filter(|_| names_class) {
            self.writes[from..=to].rotate_left(1);
        }
    }
}

/// What a template says of the namespace itself.
fn own(namespace: &NamespaceTemplate) -> Map<String, Json> {
    let is_part = |name: &str| {
        name == "protocols"
            || name == Part::RetentionClasses.path()
            || Part::SINGLE.iter().any(|part| part.path() == name)
    };
    let others = ["versioningSettings", "complianceSettings"];
    namespace
        .iter()
        .filter(|(name, _)| {
            let name = name.as_str();
            !is_part(name) && !OWN.contains(&name) && !others.contains(&name)
        })
        .map(|(name, json)| (name.clone(), json.clone()))
        .collect()
}

/// The properties of a part. A CORS document is one, however it was written.
fn properties(part: Part, json: &Json) -> Map<String, Json> {
    if part == Part::Cors {
        let text = match json.get("cors") {
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => match json {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            },
        };
        return Map::from_iter([("cors".to_owned(), text.into())]);
    }
    let mut properties = json.as_object().cloned().unwrap_or_default();
    match part {
        Part::Versioning => properties.retain(|name, _| !ALIASES.contains(&name.as_str())),
        Part::Cifs | Part::Nfs | Part::Smtp => {
            if let Some(Json::Object(addresses)) = properties.get_mut("ipSettings") {
                // HCP writes what it does not take for these.
                addresses.remove("allowIfInBothLists");
                if part == Part::Nfs {
                    addresses.remove("denyAddresses");
                }
            }
        }
        Part::ReplicationCollision
            if properties.get("deleteEnabled") != Some(&Json::Bool(true)) =>
        {
            properties.remove("deleteDays");
        }
        _ => {}
    }
    properties
}

fn classes(namespace: &NamespaceTemplate) -> Vec<(String, Map<String, Json>)> {
    let classes = namespace.get(Part::RetentionClasses.path());
    let classes = classes.and_then(Json::as_array).into_iter().flatten();
    classes
        .filter_map(|class| {
            let mut class = class.as_object()?.clone();
            let name = class.remove("name")?.as_str()?.to_owned();
            Some((name, class))
        })
        .collect()
}

/// Each property of a part, and the body that makes it as the template says.
fn compare(
    part: Part,
    wanted: &Map<String, Json>,
    present: Option<&Map<String, Json>>,
) -> (Vec<Setting>, Map<String, Json>) {
    let shape = part.shape();
    let wanted = wanted
        .iter()
        .filter(|(name, new)| !new.is_null() && !is_secret(name));
    let settings: Vec<Setting> = wanted
        .map(|(name, new)| compare_one(part, shape.as_ref(), name, new, present))
        .collect();
    let is_to_be = |s: &&Setting| matches!(s.change, Change::New | Change::Change);
    let some = settings.iter().any(|s| is_to_be(&s));
    let is_written = |s: &&Setting| {
        let together = WHOLE.contains(&part) || ["owner", "ownerType"].contains(&&*s.setting);
        is_to_be(s) || (some && together && s.change == Change::Same)
    };
    let body: Map<_, _> = settings
        .iter()
        .filter(is_written)
        .map(|s| (s.setting.clone(), s.new.clone()))
        .collect();
    (settings, body)
}

fn compare_one(
    part: Part,
    shape: Option<&Shape>,
    name: &str,
    new: &Json,
    present: Option<&Map<String, Json>>,
) -> Setting {
    let old = present.and_then(|there| there.get(name));
    let old = old.filter(|json| !json.is_null());
    let old = old.map(|json| in_hcps_form(shape, name, json).unwrap_or_else(|_| json.clone()));
    let read = in_hcps_form(shape, name, new);
    let new = read.as_ref().unwrap_or(new).clone();
    let is_same = match &old {
        Some(old) => comparable(old) == comparable(&new),
        // HCP leaves out what is empty.
        None => present.is_some() && is_empty(&new),
    };
    let refusal = match read {
        _ if is_same => None,
        Err(rule) => Some(rule),
        Ok(_) => old
            .as_ref()
            .and_then(|old| forbidden(part, name, old, &new))
            .map(str::to_owned),
    };
    let change = match (&refusal, &old) {
        (Some(_), _) => Change::Refused,
        (None, _) if is_same => Change::Same,
        (None, Some(_)) => Change::Change,
        (None, None) => Change::New,
    };
    Setting {
        part,
        item: None,
        setting: name.to_owned(),
        change,
        old,
        new,
        reason: refusal,
    }
}

/// A property as HCP writes it; the rule that it breaks where it cannot be.
fn in_hcps_form(shape: Option<&Shape>, name: &str, json: &Json) -> Result<Json, String> {
    let Some(shape) = shape else {
        return Ok(json.clone());
    };
    if !shape.properties.iter().any(|known| known.name == name) {
        // Versions of HCP differ in how they write the mask.
        if shape.root == PermissionMask::ROOT {
            return Ok(json.clone());
        }
        return Err("the setting is not known".to_owned());
    }
    if shape.root == HttpProtocol::ROOT && name == "webdavBasicAuthUsername" && !is_empty(json) {
        return Err("goes with a password, which no template holds".to_owned());
    }
    let one = Map::from_iter([(name.to_owned(), json.clone())]);
    match shape.read(one) {
        Ok(mut read) => Ok(read.remove(name).unwrap_or(Json::Null)),
        Err(faults) => {
            let first = faults.into_iter().next();
            Err(first.map_or_else(String::new, |fault| fault.message))
        }
    }
}

fn is_in_compliance_mode(namespace: &NamespaceTemplate) -> bool {
    namespace.get("enterpriseMode") == Some(&Json::Bool(false))
}

/// In compliance mode a retention class only grows.
fn refuse_shorter(settings: &mut [Setting], body: &mut Map<String, Json>) {
    let length = |value: &Json| Some(value.as_str()?.parse::<Retention>().ok()?.length());
    let is_value = |s: &&mut Setting| s.setting == "value" && s.change == Change::Change;
    if let Some(setting) = settings.iter_mut().find(is_value)
        && let (Some(old), Some(new)) =
            (setting.old.as_ref().and_then(length), length(&setting.new))
        && new < old
    {
        setting.change = Change::Refused;
        setting.reason = Some("a retention class only grows in compliance mode".to_owned());
        body.remove("value");
    }
}

/// What HCP never does to a namespace that is there.
fn forbidden(part: Part, name: &str, old: &Json, new: &Json) -> Option<&'static str> {
    match (part, name) {
        (Part::Namespace, "hashScheme" | "retentionType") => {
            Some("cannot be changed once the namespace is there")
        }
        (Part::Namespace, "enterpriseMode") if *new == Json::Bool(true) => {
            Some("a namespace in compliance mode stays in it")
        }
        (Part::Namespace, "aclsUsage") if new == "NOT_ENABLED" => {
            Some("access control lists cannot be switched off again")
        }
        (Part::Versioning, "useDeleteMarkers") if *old == Json::Bool(true) => {
            Some("delete markers cannot be switched off again")
        }
        _ => None,
    }
}

/// Lists of words are sets; what is null is absent.
fn comparable(json: &Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(comparable).collect();
            if items.iter().all(Json::is_string) {
                items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
            Json::Array(items)
        }
        Json::Object(properties) => properties
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), comparable(value)))
            .collect::<Map<_, _>>()
            .into(),
        Json::String(text) => Json::String(text.trim().to_owned()),
        other => other.clone(),
    }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Bool(flag) => !flag,
        Json::Number(number) => number.as_i64() == Some(0),
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(properties) => properties.values().all(is_empty),
    }
}
