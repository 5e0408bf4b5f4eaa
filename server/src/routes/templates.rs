//! Templates: settings of namespaces, out of one tenant and into another.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};
use model::{
    Endpoint, ErrorCode, Problem,
    mapi::{
        rules::namespace_name,
        template::{
            self, Existing, ExportNamespace, ExportNamespaces, Import, ImportNamespaces,
            ImportReport, NamespaceTemplate, Refusal, Template,
        },
    },
    problem::FieldError,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Error,
    service::{
        management::Management,
        templates::{Options, Templates},
    },
    session::Session,
    state::AppState,
    web::{extract, negotiation},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(export_namespaces, export_namespace, import_namespaces))]
pub(super) struct Documented;

/// They may take as long as there are namespaces.
pub(super) fn patient() -> Router<AppState> {
    Router::new()
        .route(ExportNamespaces::ROUTE, get(export_namespaces))
        .route(ExportNamespace::ROUTE, get(export_namespace))
        .route(ImportNamespaces::ROUTE, post(import_namespaces))
}

/// A tenant in the path.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
struct OfTenant {
    /// The tenant's name.
    #[param(example = "acme")]
    tenant_name: String,
}

/// A namespace in the path.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
struct OfNamespace {
    /// The tenant's name.
    #[param(example = "acme")]
    tenant_name: String,
    /// The namespace's name.
    #[param(example = "archive")]
    ns_name: String,
}

/// Which namespaces.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Named {
    /// The names, with commas between them.
    #[param(min_length = 1, example = "archive,documents")]
    names: String,
}

/// What is to become of a template that came alone.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Wishes {
    /// Whether to tell only what would change.
    dry_run: Option<bool>,
    /// What becomes of namespaces that are there already: `skip`, `update` or `fail`.
    #[param(inline)]
    existing: Option<Existing>,
}

#[utoipa::path(
    get,
    path = ExportNamespaces::ROUTE,
    operation_id = "export_namespaces",
    tag = "Templates",
    summary = "Export the settings of namespaces",
    description = "One document of all: HCP's own values, without secrets, ids and statistics. A namespace that cannot be read is a failure; a part that cannot be is left out and is among `warnings`.",
    params(OfTenant, Named),
    responses(
        (status = 200, description = "The template.", body = Template),
        (status = 404, description = "One of the namespaces is not there.", body = Problem),
    ),
)]
async fn export_namespaces(
    session: Session,
    State(state): State<AppState>,
    Path(of): Path<OfTenant>,
    headers: HeaderMap,
    extract::Query(of_these): extract::Query<Named>,
) -> Result<Json<Template>, Error> {
    let anew = negotiation::wants_anew(&headers);
    let management = Management::new(&state, &session)?.anew(anew);
    let templates = Templates::new(management, of.tenant_name, state.now());
    let mut names: Vec<String> = Vec::new();
    for name in of_these.names.split(',').map(str::trim) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    if names.is_empty() || names.len() > template::MAX_NAMESPACES {
        let most = template::MAX_NAMESPACES;
        let rule = format!("has to name 1 to {most} namespaces");
        return Err(invalid(&["query", "names"], &rule));
    }
    for name in &names {
        namespace_name(name).map_err(|rule| invalid(&["query", "names"], &rule.to_string()))?;
    }
    templates.export(&names).await.map(Json)
}

#[utoipa::path(
    get,
    path = ExportNamespace::ROUTE,
    operation_id = "export_namespace",
    tag = "Templates",
    summary = "Export the settings of a namespace",
    description = "The document has the namespace in `namespaces`, and its properties at the top once more.",
    params(OfNamespace),
    responses(
        (status = 200, description = "The template.", body = Template),
        (status = 404, description = "The namespace is not there.", body = Problem),
    ),
)]
async fn export_namespace(
    session: Session,
    State(state): State<AppState>,
    Path(of): Path<OfNamespace>,
    headers: HeaderMap,
) -> Result<Json<Template>, Error> {
    let anew = negotiation::wants_anew(&headers);
    let management = Management::new(&state, &session)?.anew(anew);
    let templates = Templates::new(management, of.tenant_name, state.now());
    namespace_name(&of.ns_name).map_err(|rule| invalid(&["path", "ns_name"], &rule.to_string()))?;
    templates.export_one(&of.ns_name).await.map(Json)
}

#[utoipa::path(
    post,
    path = ImportNamespaces::ROUTE,
    operation_id = "import_namespaces",
    tag = "Templates",
    summary = "Make namespaces after a template",
    description = "Tells for each setting whether it is new, changes, is the same or cannot be, and each step that was done. What is there already is not written again, so that the same import twice changes nothing. A step that fails is told, and the rest goes on. A template may also come alone as the body, with what is wanted in the query.",
    params(OfTenant, Wishes),
    request_body = Import,
    responses(
        (status = 200, description = "What was done, or would be; failures of single namespaces too.", body = ImportReport),
        (status = 400, description = "The template is of a version that is not known.", body = Problem),
        (status = 413, description = "The template is too large.", body = Problem),
    ),
)]
async fn import_namespaces(
    session: Session,
    State(state): State<AppState>,
    Path(of): Path<OfTenant>,
    extract::Query(wishes): extract::Query<Wishes>,
    extract::Json(body): extract::Json<Value>,
) -> Result<Json<ImportReport>, Error> {
    let management = Management::new(&state, &session)?.anew(true);
    let templates = Templates::new(management, of.tenant_name, state.now());
    let (namespaces, options) = read(body, &wishes)?;
    templates.import(&namespaces, &options).await.map(Json)
}

/// The template and what is to become of it, in either form of the body.
fn read(body: Value, wishes: &Wishes) -> Result<(Vec<NamespaceTemplate>, Options), Error> {
    let import = if body.get("template").is_some() {
        serde_json::from_value(body).map_err(|fault| {
            // It names what is known, and what was sent by its name alone.
            let rule = fault.to_string();
            invalid(
                &["body"],
                rule.split(", expected").next().unwrap_or_default(),
            )
        })?
    } else {
        Import {
            template: body,
            dry_run: false,
            rename: std::collections::BTreeMap::new(),
            existing: Existing::default(),
        }
    };
    let namespaces = template::read(import.template).map_err(refused)?;
    for (old, new) in &import.rename {
        let names = |one: &NamespaceTemplate| one.get("name").and_then(Value::as_str) == Some(old);
        if !namespaces.iter().any(names) {
            return Err(invalid(
                &["body", "rename"],
                "names a namespace that the template has not",
            ));
        }
        namespace_name(new).map_err(|rule| invalid(&["body", "rename"], &rule.to_string()))?;
    }
    let options = Options {
        // Whoever says in one place that nothing is to change is believed.
        dry_run: import.dry_run || wishes.dry_run == Some(true),
        rename: import.rename,
        existing: wishes.existing.unwrap_or(import.existing),
    };
    Ok((namespaces, options))
}

fn refused(refusal: Refusal) -> Error {
    match &refusal {
        Refusal::Version(_) => Error::bad_request(ErrorCode::InvalidArgument, refusal.to_string()),
        Refusal::TooMany(_) => Error::Refused {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: ErrorCode::PayloadTooLarge,
            detail: refusal.to_string(),
        },
        Refusal::Form { place, rule } => {
            let loc: Vec<&str> = ["body"].into_iter().chain(place.split('.')).collect();
            invalid(&loc, rule)
        }
    }
}

fn invalid(loc: &[&str], rule: &str) -> Error {
    Error::Validation(vec![FieldError {
        kind: "value_error".to_owned(),
        loc: loc.iter().map(|part| (*part).to_owned()).collect(),
        msg: rule.to_owned(),
    }])
}
