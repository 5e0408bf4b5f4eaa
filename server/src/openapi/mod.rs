//! The OpenAPI document: the annotations beside the handlers, and what all operations have in common.

pub(crate) mod management;
pub mod pages;
pub(crate) mod params;
mod reference;
mod refusals;
mod schemas;
mod twins;

use std::sync::LazyLock;

use utoipa::openapi::{
    Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
    SecurityRequirement, path::Operation, tag::TagBuilder,
};

use model::root::below;
use serde_json::{Value, json};

use crate::routes;

/// How a caller says who it is, by name in the document.
const SECURITY: [&str; 3] = ["OAuth2PasswordBearer", "Bearer", "Cookie"];

/// The groups of operations, in the order in which they are shown.
const TAGS: &[(&str, &str)] = &[
    ("Authentication", "Tokens for scripts."),
    ("Session", "The console's own session and preferences."),
    ("Buckets", "Buckets and what is set on them."),
    ("Objects", "Listing, reading and changing objects."),
    (
        "Background work",
        "Counts, archives, deletions and copies: started by one person, and seen and stopped by nobody else.",
    ),
    (
        "Jobs",
        "All background work of the caller in one list, and work on a whole selection: started, planned, stopped, repeated, undone.",
    ),
    (
        "Links",
        "Addresses for people without an account: revocable, limited in time, uses and addresses.",
    ),
    (
        "Audit",
        "Who changed what through Hako. Records are only added to, and have no values.",
    ),
    ("Versions", "What a bucket keeps of the past."),
    (
        "Multipart uploads",
        "Uploads in parts: straight to the store by presigned URLs, or through Hako.",
    ),
    (
        "Keys and URLs",
        "Presigned URLs, and the caller's own keys for the store.",
    ),
    ("Tenants", "Tenants and their settings."),
    (
        "Accounts",
        "User and group accounts, of tenants and of the system.",
    ),
    ("Namespaces", "Namespaces and their settings."),
    (
        "System",
        "The system itself: network, licences, nodes and services, support.",
    ),
    (
        "Replication",
        "Links to other systems, what goes by them and when.",
    ),
    (
        "Erasure coding",
        "Systems that keep parts of objects for each other.",
    ),
    ("Templates", "Settings of namespaces as one document."),
    (
        "Metadata queries",
        "Objects by what they are, in all namespaces of a tenant, and what was done to them.",
    ),
    (
        "Workspace files",
        "The second API, small and made for scripts: a workspace is a bucket. Failures have the body `{\"success\": false, \"detail\"}`.",
    ),
    (
        "Presigned requests",
        "Presigned URLs that lead through Hako. They need no token: the store judges the signature, and nothing passes that has none.",
    ),
    ("Health", "Probes, and what anyone may know."),
];

/// What stands at the top of the document.
const INTRODUCTION: &str = "\
Everything that Hako's console does goes through this API.

**Signing in.** `POST /api/v1/auth/token` takes the fields of an OAuth2 password form and answers with a bearer token. \
The user name is `tenant/name`, or the tenant has a field of its own; with neither, one signs in at the system level.

**Keys.** An object's key is the rest of the path, slashes included. Every such operation also exists with the key as a \
query parameter, which reaches keys that end in a word of the route, such as `x/copy`.

**Failures** have the body `{\"detail\", \"code\", \"request_id\"}`. `code` is a stable word for programs.";

/// The document, complete.
fn document() -> OpenApi {
    let mut document = base();
    document.merge(routes::documented());
    twins::add(&mut document);
    schemas::finish(&mut document);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.description = operation.description.take().filter(|text| !text.is_empty());
            secure(operation);
            refusals::add(method, path, operation);
        }
    }
    document
}

/// Descriptions come from the sources, where names are links.
fn plain(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`")
}

/// The document as it is served: put together once.
pub fn json() -> &'static str {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| plain(&serde_json::to_string(&document()).unwrap_or_default()));
    &TEXT
}

/// The same for clients of a server that stands below a path (empty: below none).
pub fn json_below(root: &str) -> String {
    if root.is_empty() {
        return json().to_owned();
    }
    let mut document = serde_json::from_str(json()).unwrap_or(Value::Null);
    document["servers"] = json!([{ "url": root }]);
    let token = &mut document["components"]["securitySchemes"][SECURITY[0]]["flows"]["password"]["tokenUrl"];
    let there = below(root, token.as_str().unwrap_or_default()).into_owned();
    *token = there.into();
    document.to_string()
}

fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Hako")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(INTRODUCTION))
        .license(Some(
            LicenseBuilder::new()
                .name(env!("CARGO_PKG_LICENSE"))
                .identifier(Some(env!("CARGO_PKG_LICENSE")))
                .build(),
        ))
        .build();
    let tags = TAGS.iter().map(|(name, about)| {
        TagBuilder::new()
            .name(*name)
            .description(Some(*about))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .tags(Some(tags.collect::<Vec<_>>()))
        .components(Some(schemes()))
        .build()
}

fn schemes() -> Components {
    use utoipa::openapi::security::{
        ApiKey, ApiKeyValue, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes,
        SecurityScheme,
    };
    let [oauth2, bearer, cookie] = SECURITY;
    let mut components = Components::new();
    components.add_security_scheme(
        oauth2,
        SecurityScheme::OAuth2(OAuth2::with_description(
            [Flow::Password(Password::new(
                "/api/v1/auth/token",
                Scopes::new(),
            ))],
            "The user name is `tenant/name`. Client id and secret stay empty.",
        )),
    );
    components.add_security_scheme(
        bearer,
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A token from `POST /api/v1/auth/token`."))
                .build(),
        ),
    );
    components.add_security_scheme(
        cookie,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            crate::session::COOKIE,
            "The console's own session. What changes something must come from the console's origin.",
        ))),
    );
    components
}

/// Any of the schemes, where an operation does not say that it is public.
fn secure(operation: &mut Operation) {
    if operation.security.is_none() {
        let any = SECURITY.map(|name| SecurityRequirement::new(name, [""; 0]));
        operation.security = Some(any.to_vec());
    }
}

/// Whether an operation wants to know who calls.
fn is_secured(operation: &Operation) -> bool {
    operation.security.iter().flatten().count() == SECURITY.len()
}

/// The operations of a path, with their methods.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (http::Method, &mut Operation)> {
    use http::Method;
    [
        (Method::GET, &mut item.get),
        (Method::HEAD, &mut item.head),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use model::route::{MultipartRoute, ObjectRoute, TaskRoute, split_multipart, split_objects};

    use super::*;

    /// The path and the methods of each route, as axum's router prints itself.
    fn served() -> Vec<(String, BTreeSet<String>)> {
        let all = routes::routes()
            .merge(routes::probes())
            .merge(routes::workspace::routes())
            .merge(routes::passing::routes());
        let all = format!("{all:?}");
        // What follows is the router of fallbacks, which counts from the beginning again.
        let (text, _) = all.split_once("fallback_router").unwrap();
        let mut methods = BTreeMap::new();
        let mut paths = BTreeMap::new();
        for piece in text.split("RouteId(").skip(1) {
            let (id, rest) = piece.split_once("): ").unwrap();
            if let Some(path) = rest.strip_prefix('"') {
                paths.insert(id.to_owned(), path.split('"').next().unwrap().to_owned());
            } else if let Some((_, allow)) = rest.split_once("allow_header: Bytes(b\"") {
                let words = allow.split('"').next().unwrap().split(',');
                methods.insert(id.to_owned(), words.map(str::to_owned).collect());
            }
        }
        paths
            .into_iter()
            .map(|(id, path)| (path, methods.get(&id).cloned().unwrap_or_default()))
            .collect()
    }

    fn documented() -> BTreeMap<String, BTreeSet<String>> {
        let mut document = document();
        let paths = document.paths.paths.iter_mut();
        paths
            .map(|(path, item)| {
                let methods = operations(item).map(|(method, _)| method.to_string());
                (path.clone(), methods.collect())
            })
            .collect()
    }

    #[test]
    fn every_route_is_in_the_document() {
        let documented = documented();
        let served = served();
        assert!(served.len() > 25, "{served:?}");
        for (path, methods) in served {
            if UNDESCRIBED.contains(&path.as_str()) {
                continue;
            }
            if let Some((family, _)) = path.split_once("{*") {
                // What lies below is split by `model::route`, and looked at in the next test.
                assert!(FAMILIES.contains(&family), "{path}");
                continue;
            }
            let known = documented.get(&path).unwrap_or_else(|| panic!("{path}"));
            for method in methods {
                // axum answers HEAD wherever it answers GET.
                assert!(
                    method == "HEAD" || known.contains(&method),
                    "{method} {path}"
                );
            }
        }
    }

    /// The id of a task.
    const TASK: &str = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d";

    /// What axum knows by a wildcard only.
    const FAMILIES: [&str; 4] = [
        "/api/v1/buckets/{bucket}/objects/",
        "/api/v1/buckets/{bucket}/multipart/",
        "/{workspace}/files/",
        crate::service::reach::PASSED_ON,
    ];

    /// Other addresses of what is described: the folder above all, older ones, functions by name.
    const UNDESCRIBED: [&str; 6] = [
        "/{workspace}/files",
        "/{workspace}/files/",
        "/{workspace}/create-multipart-upload",
        "/{workspace}/complete-multipart-upload",
        routes::workspace::service::CALL,
        "/{workspace}/services/{*other}",
    ];

    #[test]
    fn what_is_passed_on_is_described_with_its_refusals_and_no_token() {
        let mut document = document();
        let passed = format!("{}{{bucket}}/{{key}}", crate::service::reach::PASSED_ON);
        let item = document.paths.paths.get_mut(&passed).unwrap();
        let mut methods = BTreeSet::new();
        for (method, operation) in operations(item) {
            assert_eq!(
                operation.tags.as_deref(),
                Some(&["Presigned requests".to_owned()][..])
            );
            assert!(!is_secured(operation), "{method}");
            for status in ["403", "404", "503"] {
                let known = operation.responses.responses.contains_key(status);
                assert!(known, "{method} {status}");
            }
            let names = operation.parameters.iter().flatten();
            let names: BTreeSet<_> = names.map(|parameter| parameter.name.as_str()).collect();
            assert!(names.contains("X-Amz-Signature"), "{names:?}");
            methods.insert(method.to_string());
        }
        assert_eq!(methods.len(), 4, "{methods:?}");
    }

    /// Where an operation of the first family is described. A new one does not compile without.
    fn object_path(route: ObjectRoute<'_>) -> &'static str {
        match route {
            ObjectRoute::Object(_) => "{key}",
            ObjectRoute::Copy(_) => "{key}/copy",
            ObjectRoute::Acl(_) => "{key}/acl",
            ObjectRoute::Folder => "folder",
            ObjectRoute::Delete => "delete",
            ObjectRoute::Presign => "presign",
            ObjectRoute::Task(route) => task_path(route),
        }
    }

    fn task_path(route: TaskRoute<'_>) -> &'static str {
        match route {
            TaskRoute::StartStats => "s3_stats",
            TaskRoute::Stats(_) => "s3_stats/{task_id}",
            TaskRoute::StartArchive => "download",
            TaskRoute::Archive(_) => "download/{task_id}",
            TaskRoute::StartDeletion => "delete-task",
            TaskRoute::Deletion(_) => "delete-task/{task_id}",
            TaskRoute::CancelDeletion(_) => "delete-task/{task_id}/cancel",
            TaskRoute::StartCopy => "copy-task",
            TaskRoute::Copy(_) => "copy-task/{task_id}",
            TaskRoute::CancelCopy(_) => "copy-task/{task_id}/cancel",
        }
    }

    /// The same of the second.
    fn multipart_path(route: MultipartRoute<'_>) -> &'static str {
        match route {
            MultipartRoute::Upload(_) => "{key}",
            MultipartRoute::Presign(_) => "{key}/presign",
            MultipartRoute::Complete(_) => "{key}/complete",
            MultipartRoute::Abort(_) => "{key}/abort",
            MultipartRoute::Parts(_) => "{key}/parts",
        }
    }

    #[test]
    fn what_is_described_below_a_wildcard_is_what_the_path_is_split_into() {
        let [objects, multipart, ..] = FAMILIES;
        let mut seen = 0;
        for (path, methods) in documented() {
            for method in methods {
                let method: http::Method = method.parse().unwrap();
                let split = if let Some(rest) = path.strip_prefix(objects) {
                    let filled = rest.replace("{key}", "k").replace("{task_id}", TASK);
                    Some((rest, object_path(split_objects(&method, &filled))))
                } else if let Some(rest) = path.strip_prefix(multipart) {
                    let filled = rest.replace("{key}", "k");
                    Some((rest, multipart_path(split_multipart(&method, &filled))))
                } else {
                    None
                };
                if let Some((rest, meant)) = split {
                    assert_eq!(rest, meant, "{method} {path}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 17, "{seen}");
    }

    #[test]
    fn operations_have_ids_of_their_own_and_a_tag_that_is_explained() {
        let mut document = document();
        let mut ids = BTreeSet::new();
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                let id = operation.operation_id.clone().unwrap();
                assert!(ids.insert(id.clone()), "{id}");
                let tags = operation.tags.clone().unwrap();
                assert!(
                    TAGS.iter().any(|(name, _)| tags == [*name]),
                    "{id}: {tags:?}"
                );
                assert!(operation.summary.is_some(), "{id}");
            }
        }
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let text = json();
        let document: Value = serde_json::from_str(text).unwrap();
        for piece in text.split("#/components/schemas/").skip(1) {
            let name = piece.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"].get(name).is_some(),
                "{name}"
            );
        }
    }
}
