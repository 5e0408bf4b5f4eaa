//! Plain HTML forms: each field set becomes the same request that a script would send.
//!
//! A page posts its form to its own URL with the hidden field `op`. [`decode`] turns the fields into a
//! request of the API; the server dispatches it and renders the page again, or redirects.

use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    BucketName, Endpoint, ErrorCode, ObjectKey, Problem, UploadId,
    auth::TokenRequest,
    bucket::{CreateBucket, DeleteBucket, NewBucket},
    endpoint::encode,
    id::folder_key,
    mapi::{
        calls::{self, Operation, Parameter, ParameterKind},
        edit,
    },
    multipart::{Abort, AbortUpload},
    object::{CreateFolder, DeleteObjects, Deletion, NewFolder},
    problem::FieldError,
    session::{Preferences, SetPreferences, SignIn, SignOut, Theme},
};

/// The fields of a submitted form; a name may come several times.
pub type Fields = [(String, String)];

/// A form turned into a request of the API.
#[derive(Clone, Debug)]
pub struct FormRequest {
    /// The HTTP method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The JSON body.
    pub body: Option<Value>,
    /// Where to go when it worked: a path of this site.
    pub next: String,
}

/// What a failed form shows again: which form it was, what was typed, what is wrong.
#[derive(Clone, Debug)]
pub struct FormOutcome {
    /// The form's `op`.
    pub operation: String,
    /// What was typed, secrets left out; a name may come several times.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub problem: Problem,
}

/// The field names whose values are never shown again.
const SECRET_FIELDS: &[&str] = &[
    "password",
    "newPassword",
    "oldPassword",
    "webdavBasicAuthPassword",
];

/// What stands before the name of a path's parameter.
pub const AT: &str = "at.";
/// What stands in `next` for the name of what is created.
pub const NAME: &str = "{name}";
/// The field that names what cannot be undone among the fields of its form, with commas between.
pub const ONE_WAY: &str = "one_way";
/// The field that says that it is known, or that repeats the name of what goes.
pub const CONFIRMATION: &str = "confirmation";
/// The field with what has to be typed to confirm.
pub const EXPECTED: &str = "expected";

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.as_str())
}

impl FormOutcome {
    /// Keeps what may be shown again of a form that failed.
    pub fn new(fields: &Fields, problem: Problem) -> Self {
        let values = fields
            .iter()
            .filter(|(name, _)| !SECRET_FIELDS.contains(&name.as_str()))
            .cloned()
            .collect();
        Self {
            operation: field(fields, "op").unwrap_or_default().to_owned(),
            values,
            problem,
        }
    }
}

/// Takes a path only if it stays on this site.
pub fn safe_path(path: &str) -> Option<&str> {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    inside.then_some(path)
}

/// Turns the fields of a form into a request.
///
/// # Errors
/// The [`Problem`] names an unknown `op` or the fields that break rules.
pub fn decode(fields: &Fields) -> Result<FormRequest, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let next = |default: &str| {
        safe_path(value("next"))
            .filter(|path| !path.is_empty())
            .unwrap_or(default)
            .to_owned()
    };
    let bucket = || {
        BucketName::parse(value("bucket"))
            .map_err(|e| Problem::fields(vec![FieldError::body("bucket", e.to_string())]))
    };
    match value("op") {
        "sign_in" => {
            let tenant = Some(value("tenant").to_owned()).filter(|t| !t.trim().is_empty());
            let request = TokenRequest {
                username: value("username").to_owned(),
                password: value("password").to_owned(),
                tenant,
                grant_type: None,
            };
            Ok(request_of(&SignIn(request), next("/")))
        }
        "sign_out" => Ok(request_of(&SignOut, next("/sign-in"))),
        "set_preferences" => {
            let theme = match value("theme") {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::System,
            };
            Ok(request_of(
                &SetPreferences(Preferences { theme }),
                next("/"),
            ))
        }
        "create_bucket" => {
            let request = CreateBucket(NewBucket {
                bucket: value("bucket").to_owned(),
            });
            Ok(request_of(&request, next("/buckets")))
        }
        "delete_bucket" => Ok(request_of(
            &DeleteBucket { bucket: bucket()? },
            next("/buckets"),
        )),
        "create_folder" => {
            let key = folder_key(value("prefix"), value("name"), ObjectKey::MAX_BYTES)
                .map_err(|e| Problem::fields(vec![FieldError::body("name", e.to_string())]))?;
            let folder = NewFolder {
                folder_name: key.into(),
            };
            let request = CreateFolder {
                bucket: bucket()?,
                folder,
            };
            Ok(request_of(&request, next("/buckets")))
        }
        "delete_objects" => {
            let request = DeleteObjects {
                bucket: bucket()?,
                body: deletion(fields),
            };
            Ok(request_of(&request, next("/buckets")))
        }
        "abort_upload" => Ok(request_of(&abortion(fields, bucket()?)?, next("/buckets"))),
        other => match calls::operations().find(|operation| operation.id == other) {
            Some(operation) => management(operation, fields, next("/")),
            None => Err(Problem::fields(vec![FieldError::body(
                "op",
                format!("unknown form `{other}`"),
            )])),
        },
    }
}

/// A form of administration: `op` is the operation's id, `at.{name}` are the names of its path, and
/// the fields have HCP's names, each beside the text that it was loaded with.
fn management(
    operation: &Operation,
    fields: &Fields,
    next: String,
) -> Result<FormRequest, Problem> {
    confirmed(fields)?;
    let segments = operation.route.split('/').map(|segment| {
        let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            return Ok(segment.to_owned());
        };
        let given = fields
            .iter()
            .find(|(field, value)| field.strip_prefix(AT) == Some(name) && !value.is_empty());
        given
            .map(|(_, value)| encode(value))
            .ok_or_else(|| Problem::fields(vec![FieldError::body(name, "the name is missing")]))
    });
    let path = segments.collect::<Result<Vec<_>, _>>()?.join("/");
    let changing = operation.method == Method::POST || operation.method == Method::PUT;
    let body = changing.then(|| body(operation, fields));
    if operation.method == Method::POST && body.as_ref().is_some_and(Map::is_empty) {
        return Err(Problem::new(
            ErrorCode::Validation,
            "Nothing was changed, so nothing was saved.",
        ));
    }
    Ok(FormRequest {
        method: operation.method.clone(),
        path,
        body: body.map(Value::Object),
        next: next.replace(NAME, &encode(field(fields, "name").unwrap_or_default())),
    })
}

/// What changed, and what stands beside the resource: a first account, a password.
fn body(operation: &Operation, fields: &Fields) -> Map<String, Value> {
    let properties = operation.takes.map_or(&[][..], |shape| shape.properties);
    let mut body = edit::changes(properties, &edit::edits(fields, properties));
    let beside = operation.parameters.iter().filter(|one| one.in_body);
    for Parameter { name, kind, .. } in beside {
        let Some(value) = field(fields, name).filter(|value| !value.is_empty()) else {
            continue;
        };
        let value = match kind {
            ParameterKind::Flag => Value::Bool(value == "true"),
            _ => Value::from(value),
        };
        body.insert((*name).to_owned(), value);
    }
    // A password has no text that it was loaded with.
    for name in SECRET_FIELDS {
        let wanted = properties.iter().any(|property| property.name == *name);
        let value = field(fields, name).filter(|value| wanted && !value.is_empty());
        if let Some(value) = value {
            body.insert((*name).to_owned(), Value::from(value));
        }
    }
    body
}

/// What cannot be undone is confirmed: by the name of what goes, or by a tick.
fn confirmed(fields: &Fields) -> Result<(), Problem> {
    let given = field(fields, CONFIRMATION).unwrap_or_default();
    let unconfirmed = |message: String| {
        Err(Problem::fields(vec![FieldError::body(
            CONFIRMATION,
            message,
        )]))
    };
    match field(fields, EXPECTED) {
        Some(expected) if expected != given => {
            return unconfirmed(format!("Type {expected} to confirm"));
        }
        _ => {}
    }
    let changed = |name: &&str| {
        let before = fields
            .iter()
            .find(|(field, _)| field.strip_prefix(edit::BEFORE) == Some(name))
            .map_or("", |(_, value)| value);
        let now = field(fields, name).unwrap_or(if before == "true" { "false" } else { before });
        before != now && !(before == "false" && now != "true")
    };
    let one_way = field(fields, ONE_WAY).unwrap_or_default();
    if one_way.split(',').any(|name| changed(&name)) && given != "true" {
        return unconfirmed("This change cannot be undone. Tick the box to confirm it.".to_owned());
    }
    Ok(())
}

/// The upload that a form gives up. Never without its key and its id: what HCP does not understand of
/// such a request it reads as the deletion of the object.
fn abortion(fields: &Fields, bucket: BucketName) -> Result<AbortUpload, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let refused = |name: &str, why: String| Problem::fields(vec![FieldError::body(name, why)]);
    let key = ObjectKey::parse(value("key")).map_err(|e| refused("key", e.to_string()))?;
    let upload_id =
        UploadId::parse(value("upload_id")).map_err(|e| refused("upload_id", e.to_string()))?;
    let body = Abort {
        upload_id: upload_id.to_string(),
    };
    Ok(AbortUpload { bucket, key, body })
}

/// The keys of a form, and the one prefix. An empty prefix would be the whole bucket, which no form of
/// ours asks for.
fn deletion(fields: &Fields) -> Deletion {
    let keys = fields.iter().filter(|(name, _)| name == "key");
    let prefix = field(fields, "prefix").filter(|p| !p.is_empty());
    Deletion {
        keys: keys.map(|(_, value)| value.clone()).collect(),
        prefix: prefix.map(str::to_owned),
        all: false,
    }
}

fn request_of<E: Endpoint>(request: &E, next: String) -> FormRequest
where
    E::Body: Serialize,
{
    let body = request
        .body()
        .and_then(|body| serde_json::to_value(body).ok());
    FormRequest {
        method: E::METHOD,
        path: request.path(),
        body,
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in [
            "https://elsewhere",
            "//elsewhere",
            "/\\elsewhere",
            "elsewhere",
            "",
            "/a\nb",
        ] {
            assert_eq!(safe_path(path), None, "{path}");
        }
        assert_eq!(
            safe_path("/buckets/x?prefix=a%2F"),
            Some("/buckets/x?prefix=a%2F")
        );
        let request = decode(&fields(&[("op", "sign_out"), ("next", "//elsewhere")])).unwrap();
        assert_eq!(request.next, "/sign-in");
    }

    #[test]
    fn a_form_becomes_the_request_of_a_script() {
        let form = [
            ("op", "create_folder"),
            ("bucket", "b-1"),
            ("prefix", "a/"),
            ("name", "n"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/api/v1/buckets/b-1/objects/folder");
        assert_eq!(request.body.unwrap()["folder_name"], "a/n/");
    }

    #[test]
    fn a_folder_is_deleted_by_its_prefix_and_a_bucket_never() {
        let body = |pairs: &[(&str, &str)]| decode(&fields(pairs)).unwrap().body.unwrap();
        let form = [("op", "delete_objects"), ("bucket", "b-1"), ("key", "k")];
        let folder = body(&[form.as_slice(), &[("prefix", "a/")]].concat());
        assert_eq!(folder["prefix"], "a/");
        assert_eq!(folder["keys"][0], "k");
        let files = body(&[form.as_slice(), &[("prefix", "")]].concat());
        assert!(files["prefix"].is_null());
        assert_eq!(files["all"], false);
    }

    #[test]
    fn an_upload_is_given_up_by_its_key_and_id() {
        let form = [
            ("op", "abort_upload"),
            ("bucket", "b-1"),
            ("key", "a/ö&x"),
            ("upload_id", "94837746087105"),
            ("next", "/buckets/b-1/uploads"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(
            request.path,
            "/api/v1/buckets/b-1/object/multipart/abort?key=a%2F%C3%B6%26x"
        );
        assert_eq!(request.body.unwrap()["upload_id"], "94837746087105");
        assert_eq!(request.next, "/buckets/b-1/uploads");
        for missing in ["key", "upload_id"] {
            let some: Vec<_> = form.into_iter().filter(|(n, _)| *n != missing).collect();
            assert!(decode(&fields(&some)).is_err(), "{missing}");
        }
    }

    #[test]
    fn a_password_is_not_shown_again() {
        let form = fields(&[
            ("op", "sign_in"),
            ("username", "u"),
            ("password", "hunter2"),
        ]);
        let outcome = FormOutcome::new(&form, Problem::fields(Vec::new()));
        assert!(
            outcome
                .values
                .contains(&("username".to_owned(), "u".to_owned()))
        );
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }

    #[test]
    fn a_form_of_administration_becomes_the_call_of_a_script() {
        let form = [
            ("op", "modify_namespace"),
            ("next", "/namespaces/a%20b/general"),
            ("at.tenant_name", "acme"),
            ("at.ns_name", "a b"),
            ("was.description", ""),
            ("description", "scans"),
            ("was.softQuota", "85"),
            ("softQuota", "85"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/api/v1/mapi/tenants/acme/namespaces/a%20b");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({"description": "scans"})
        );
        assert_eq!(request.next, "/namespaces/a%20b/general");
        let nothing: Vec<_> = form
            .into_iter()
            .filter(|(n, _)| *n != "description")
            .collect();
        assert!(decode(&fields(&nothing)).is_err());
        let nowhere: Vec<_> = form
            .into_iter()
            .filter(|(n, _)| *n != "at.ns_name")
            .collect();
        assert!(decode(&fields(&nowhere)).is_err());
    }

    #[test]
    fn the_first_account_of_a_tenant_goes_along() {
        let form = [
            ("op", "create_tenant"),
            ("next", "/system/tenants/{name}/created"),
            ("was.name", ""),
            ("name", "acme"),
            ("username", "root"),
            ("password", "hunter2!"),
            ("forcePasswordChange", "true"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::PUT);
        assert!(!request.path.contains("hunter2"));
        assert_eq!(request.next, "/system/tenants/acme/created");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({
                "name": "acme", "username": "root",
                "password": "hunter2!", "forcePasswordChange": true,
            })
        );
    }

    #[test]
    fn what_cannot_be_undone_is_asked_for_twice() {
        let deletion = [
            ("op", "delete_user"),
            ("at.tenant_name", "acme"),
            ("at.username", "bob"),
            ("expected", "bob"),
        ];
        assert!(
            decode(&fields(&deletion))
                .unwrap_err()
                .field("confirmation")
                .is_some()
        );
        let confirmed = [deletion.as_slice(), &[("confirmation", "bob")]].concat();
        let request = decode(&fields(&confirmed)).unwrap();
        assert_eq!(request.method, Method::DELETE);
        assert_eq!(request.body, None);

        let door = |before: &'static str, now: &'static [(&'static str, &'static str)]| {
            let form = [
                ("op", "modify_versioning_settings"),
                ("at.tenant_name", "acme"),
                ("at.ns_name", "a"),
                ("one_way", "useDeleteMarkers"),
                ("was.useDeleteMarkers", before),
                ("was.pruneDays", "0"),
                ("pruneDays", "5"),
            ];
            decode(&fields(&[form.as_slice(), now].concat()))
        };
        assert!(door("false", &[]).is_ok());
        assert!(door("false", &[("useDeleteMarkers", "true")]).is_err());
        assert!(door("true", &[]).is_err());
        assert!(
            door(
                "false",
                &[("useDeleteMarkers", "true"), ("confirmation", "true")]
            )
            .is_ok()
        );
    }

    #[test]
    fn an_unknown_form_is_a_problem() {
        assert!(decode(&fields(&[("op", "format_disk")])).is_err());
        assert!(decode(&[]).is_err());
    }
}
