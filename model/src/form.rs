//! Plain HTML forms: each field set becomes the same request that a script would send.
//!
//! A page posts its form to its own URL with the hidden field `op`. [`decode`] turns the fields into a
//! request of the API; the server dispatches it and renders the page again, or redirects.

use std::collections::BTreeMap;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::{
    BucketName, Endpoint, Problem,
    auth::TokenRequest,
    bucket::{CreateBucket, DeleteBucket, NewBucket},
    id::folder_key,
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
    /// What was typed, secrets left out.
    pub values: BTreeMap<String, String>,
    /// What is wrong.
    pub problem: Problem,
}

/// The field names whose values are never shown again.
const SECRET_FIELDS: &[&str] = &["password"];

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
            let key = folder_key(value("prefix"), value("name"), crate::ObjectKey::MAX_BYTES)
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
        other => Err(Problem::fields(vec![FieldError::body(
            "op",
            format!("unknown form `{other}`"),
        )])),
    }
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
    fn a_password_is_not_shown_again() {
        let form = fields(&[
            ("op", "sign_in"),
            ("username", "u"),
            ("password", "hunter2"),
        ]);
        let outcome = FormOutcome::new(&form, Problem::fields(Vec::new()));
        assert_eq!(outcome.values["username"], "u");
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }

    #[test]
    fn an_unknown_form_is_a_problem() {
        assert!(decode(&fields(&[("op", "format_disk")])).is_err());
        assert!(decode(&[]).is_err());
    }
}
