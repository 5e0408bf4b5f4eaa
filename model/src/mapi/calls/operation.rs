//! What an operation is: how it is called, what it takes and what it answers.

use http::Method;
use serde_json::{Map, Value as Json};

use super::super::{
    resource::Resource,
    value::{Fault, Property},
};

/// One management operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name, as in the document.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The HTTP method; HCP's is the same.
    pub method: Method,
    /// The route, `{name}` for parameters.
    pub route: &'static str,
    /// The parameters of the query.
    pub parameters: &'static [Parameter],
    /// The resource in the body.
    pub takes: Option<Shape>,
    /// What the request carries.
    pub carries: Carries,
    /// The properties that the body has to have. A dot goes into a list or a resource.
    pub required: &'static [&'static str],
    /// What it answers.
    pub answers: Answer,
}

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// A body in JSON, where the operation takes something.
    Body,
    /// A body in JSON, or none.
    PerhapsBody,
    /// A form with a file in the field `file`.
    File,
}

/// A parameter of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it has to be.
    pub kind: ParameterKind,
    /// What it is for.
    pub about: &'static str,
    /// Whether it stands in the body as well, and rather.
    pub in_body: bool,
    /// HCP's name; empty where it is not sent on.
    pub sent_as: &'static str,
}

/// What a parameter has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// True or false; sent to HCP only where it is true.
    Flag,
    /// True or false; where it is true, its name alone is sent to HCP, which does what it says.
    Action,
    /// A number that is not negative.
    Number,
    /// Text.
    Text,
    /// A time: ISO 8601.
    Time,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A flag that is taken and not sent on: HCP's layout of the answer, which is not passed on.
    Ignored,
    /// A password: neither logged nor repeated.
    Secret,
    /// Known, and refused.
    Refused,
}

/// A resource that an operation takes or answers with.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The name of its XML element.
    pub root: &'static str,
    /// Its properties.
    pub properties: &'static [Property],
    read: Read,
}

/// Reads strictly what a person wrote, and writes it in HCP's form.
type Read = fn(Map<String, Json>) -> Result<Map<String, Json>, Vec<Fault>>;

/// What an operation answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// A resource.
    One(Shape),
    /// One of several resources, told apart by the path.
    OneOf(&'static [Shape]),
    /// Names, below the given property; full resources where there is a shape and the caller asks.
    Names(&'static str, Option<Shape>),
    /// Resources below the given property, which HCP has so too; or has names alone.
    Listed(&'static str, Shape),
    /// Names below `name`, or full resources where the caller asks; HCP has resources, below the given
    /// property.
    Candidates(&'static str, Shape),
    /// Names, as the given property of a resource; HCP has them by themselves.
    Members(&'static str, Shape),
    /// A text of this media type, as a file of this name.
    Text(&'static str, &'static str),
    /// A ZIP archive of this name.
    Archive(&'static str),
    /// Nothing (HEAD).
    Nothing,
    /// A status, and what it is about: a property of the body, or a name of the path.
    Status(&'static str, About),
}

/// What a status reply names beside its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nothing.
    Nothing,
    /// The property of the body.
    Body(&'static str),
    /// The name in the path, under another key: path parameter, key.
    Path(&'static str, &'static str),
}

impl Shape {
    /// The shape of a resource.
    pub const fn of<T: Resource>() -> Self {
        Self {
            root: T::ROOT,
            properties: T::PROPERTIES,
            read: read::<T>,
        }
    }

    /// Reads what a person wrote, holds it against the rules of its properties, and writes it in HCP's
    /// form. What is not known stays as it is.
    ///
    /// # Errors
    /// One fault for each property that is wrong.
    pub fn read(&self, properties: Map<String, Json>) -> Result<Map<String, Json>, Vec<Fault>> {
        (self.read)(properties)
    }

    /// The name of its schema: that of its element, as a type is written.
    pub fn name(&self) -> String {
        if self.root == "link" {
            // There are other links.
            return "SystemLink".to_owned();
        }
        let (first, rest) = self.root.split_at(1);
        first.to_ascii_uppercase() + rest
    }
}

fn read<T: Resource>(properties: Map<String, Json>) -> Result<Map<String, Json>, Vec<Fault>> {
    let read = T::read_strictly(properties)?;
    let faults = read.check();
    if faults.is_empty() {
        Ok(read.to_map())
    } else {
        Err(faults)
    }
}

impl Operation {
    /// The path below [`BASE`](super::BASE), which is HCP's below `/mapi`.
    pub fn below(&self) -> &'static str {
        self.route.strip_prefix(super::BASE).unwrap_or(self.route)
    }

    /// The names of the path's parameters, in order.
    pub fn segments(&self) -> impl Iterator<Item = &'static str> {
        let each = self.route.split('/');
        each.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The last parameter of the path: the kind of thing that the operation is about.
    pub fn last_segment(&self) -> Option<&'static str> {
        self.segments().last()
    }

    /// Reads a body strictly, and says what is required and absent.
    ///
    /// # Errors
    /// One fault for each property that is wrong or absent.
    pub fn read(&self, body: Map<String, Json>) -> Result<Map<String, Json>, Vec<Fault>> {
        let Some(shape) = &self.takes else {
            return Ok(body);
        };
        let read = shape.read(body)?;
        let mut missing = Vec::new();
        for path in self.required {
            let path: Vec<_> = path.split('.').collect();
            find_missing(&Json::Object(read.clone()), &path, &mut missing, &[]);
        }
        if missing.is_empty() {
            Ok(read)
        } else {
            Err(missing)
        }
    }
}

/// Whether one of several properties is there, of which one has to be (`a|b`).
fn is_there(json: &Json, path: &[&str]) -> bool {
    match path {
        [names] => names.split('|').any(|name| json.get(name).is_some()),
        _ => false,
    }
}

/// Looks for a required property in a resource in HCP's form, and in each item where it lies in a list.
fn find_missing(json: &Json, path: &[&str], missing: &mut Vec<Fault>, inside: &[String]) {
    let Some((name, rest)) = path.split_first().filter(|_| !is_there(json, path)) else {
        return;
    };
    match json {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let inside = [inside, &[index.to_string()]].concat();
                find_missing(item, path, missing, &inside);
            }
        }
        Json::Object(properties) => match properties.get(*name) {
            None if rest.is_empty() => {
                let fault = Fault::missing(name.split('|').next().unwrap_or(name));
                let outer = inside.iter().rev();
                missing.push(outer.fold(fault, |fault, name| fault.within(name)));
            }
            None => {}
            Some(next) => {
                // HCP's wrapper around a list has no name of its own in what a person wrote.
                let next = match next {
                    Json::Object(wrapper) if wrapper.len() == 1 => wrapper
                        .values()
                        .next()
                        .filter(|items| items.is_array())
                        .unwrap_or(next),
                    next => next,
                };
                let inside = [inside, &[(*name).to_owned()]].concat();
                find_missing(next, rest, missing, &inside);
            }
        },
        _ => {}
    }
}

/// The longest name of a path, in characters.
const MAX_SEGMENT: usize = 256;

/// Whether a text can be the value of a path's parameter: what is called so elsewhere, and no text that
/// would lead to another path.
///
/// # Errors
/// The rule, in words.
pub fn check_segment(parameter: &str, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("is not empty".to_owned());
    }
    if text == "." || text == ".." {
        return Err("is a name, not a way to another path".to_owned());
    }
    if text.contains('/') || text.chars().any(char::is_control) {
        return Err("has neither slashes nor control characters".to_owned());
    }
    if text.chars().count() > MAX_SEGMENT {
        return Err(format!("has at most {MAX_SEGMENT} characters"));
    }
    match parameter {
        "tenant_name" => crate::TenantName::parse(text)
            .map(|_name| ())
            .map_err(|e| e.to_string()),
        "ns_name" | "namespace_name" => {
            super::super::rules::namespace_name(text).map_err(|e| e.to_string())
        }
        "retention_class_name" => {
            super::super::rules::retention_class_name(text).map_err(|e| e.to_string())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::operations, *};

    fn operation(id: &str) -> &'static Operation {
        operations().find(|one| one.id == id).unwrap()
    }

    fn faults(id: &str, body: Json) -> Vec<(String, bool)> {
        let Json::Object(body) = body else { panic!() };
        let faults = operation(id).read(body).unwrap_err();
        faults
            .iter()
            .map(|fault| (fault.path.join("."), fault.missing))
            .collect()
    }

    #[test]
    fn required_properties_are_looked_for_in_lists_too() {
        let missing = |path: &str| (path.to_owned(), true);
        assert_eq!(
            faults("create_namespace", json!({"description": "x"})),
            [missing("name")]
        );
        assert_eq!(
            faults("create_group", json!({"roles": ["MONITOR"]})),
            [missing("groupname")]
        );
        let by_sid = json!({"externalGroupID": "S-1-5-21-1"});
        assert!(
            operation("create_group")
                .read(by_sid.as_object().unwrap().clone())
                .is_ok()
        );
        let body =
            json!({"namespacePermission": [{"namespaceName": "a"}, {"permissions": ["READ"]}]});
        let expected = [missing("namespacePermission.1.namespaceName")];
        assert_eq!(faults("set_data_access_of_user", body), expected);
        let body = json!({"recipients": [{"severity": "ERROR"}]});
        let expected = [missing("recipients.0.address")];
        assert_eq!(faults("modify_email_notification", body), expected);
        let body = json!({"name": "c", "contentProperties": {"contentProperty": [{"name": "n"}]}});
        let expected = [
            missing("contentProperties.0.expression"),
            missing("contentProperties.0.type"),
        ];
        assert_eq!(faults("create_content_class", body), expected);
    }

    #[test]
    fn bodies_come_out_in_hcp_s_form() {
        let body = json!({
            "ipSettings": {"allowAddresses": ["10.0.0.1"]}, "loginMessage": null, "new": [1],
        });
        let Json::Object(body) = body else { panic!() };
        let read = operation("modify_console_security").read(body).unwrap();
        let expected = json!({
            "ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0.1"]}}, "new": [1],
        });
        assert_eq!(Json::Object(read), expected);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for text in ["", ".", "..", "a/b", "a\nb", "a\0", &"x".repeat(257)] {
            assert!(check_segment("group_name", text).is_err(), "{text:?}");
        }
        for text in ["a b", "a?b", "a#b", "a%2fb", "...", "ä@ad.example.com"] {
            assert!(check_segment("group_name", text).is_ok(), "{text:?}");
        }
        assert!(check_segment("tenant_name", "a.b").is_err());
        assert!(check_segment("tenant_name", "Default").is_ok());
        assert!(check_segment("ns_name", "x#y").is_err());
    }
}
