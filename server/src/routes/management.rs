//! Management: tenants, accounts and namespaces, one handler for all of `model::mapi::calls`.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Bytes,
    extract::{
        RawPathParams, RawQuery, Request, State,
        rejection::{BytesRejection, RawPathParamsRejection},
    },
    routing::{MethodFilter, MethodRouter},
};
use http::{HeaderMap, Method};
use model::mapi::calls::{Carries, Operation, operations};
use utoipa::openapi::OpenApi;

use crate::{
    Error, openapi,
    service::management::{Incoming, Management, Names},
    session::Session,
    state::AppState,
    web::{extract, negotiation},
};

/// What the document says of these routes.
pub(super) fn documented() -> OpenApi {
    openapi::management::document()
}

pub(super) fn router() -> Router<AppState> {
    let mut routes: BTreeMap<&str, MethodRouter<AppState>> = BTreeMap::new();
    for operation in operations() {
        let methods = routes.remove(operation.route).unwrap_or_default();
        routes.insert(operation.route, served(methods, operation));
    }
    routes
        .into_iter()
        .fold(Router::new(), |router, (route, methods)| {
            router.route(route, methods)
        })
}

fn served(
    methods: MethodRouter<AppState>,
    operation: &'static Operation,
) -> MethodRouter<AppState> {
    let filter = match operation.method {
        Method::HEAD => MethodFilter::HEAD,
        Method::PUT => MethodFilter::PUT,
        Method::POST => MethodFilter::POST,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    };
    if operation.carries == Carries::File {
        return methods.on(
            filter,
            move |session: Session,
                  State(state): State<AppState>,
                  names: Result<RawPathParams, RawPathParamsRejection>,
                  request: Request| async move {
                let management = Management::new(&state, &session)?;
                management.put_file(operation, read(names)?, request).await
            },
        );
    }
    methods.on(
        filter,
        move |session: Session,
              State(state): State<AppState>,
              names: Result<RawPathParams, RawPathParamsRejection>,
              RawQuery(query): RawQuery,
              headers: HeaderMap,
              body: Result<Bytes, BytesRejection>| async move {
            let anew = negotiation::wants_anew(&headers);
            let management = Management::new(&state, &session)?.anew(anew);
            let query = query.unwrap_or_default();
            let body = body.map_err(extract::body_error)?;
            let incoming = Incoming::read(operation, read(names)?, &query, &headers, &body)?;
            management.answer(operation, incoming, &headers).await
        },
    )
}

/// The names of the path, decoded once.
fn read(names: Result<RawPathParams, RawPathParamsRejection>) -> Result<Names, Error> {
    // What is no text is the name of nothing.
    let names = names.map_err(|_no_text| Error::NotFound)?;
    let each = names.iter();
    Ok(each.map(|(p, n)| (p.to_owned(), n.to_owned())).collect())
}
