//! Hako links, as their makers see them. Visitors come by `/l/{token}`, which is no route of the API.

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use http::{HeaderName, StatusCode, header::CACHE_CONTROL};
use model::{
    Endpoint, Problem,
    link::{
        ChangeLink, CreateLink, CreatedLink, Link, LinkChange, LinkPage, LinkPageQuery, ListLinks,
        NewLink, RestoreLink,
    },
    problem::FieldError,
};

use super::jobs::bounded;
use crate::{
    Error,
    db::links::{Behind, Wanted},
    openapi::params::OfLink,
    service::links::Makers,
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// Links in a page when nobody says.
const PAGE: u32 = 50;
/// The most links in a page.
const LARGEST_PAGE: u32 = 200;

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create_link, list_links, change_link, revoke_link, restore_link))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListLinks::ROUTE, get(list_links).post(create_link))
        .route(ChangeLink::ROUTE, post(change_link).delete(revoke_link))
        .route(RestoreLink::ROUTE, post(restore_link))
}

#[utoipa::path(
    post,
    path = CreateLink::ROUTE,
    operation_id = "create_link",
    tag = "Links",
    summary = "Make a Hako link",
    description = "A `download` link opens one object, a `folder` link what lies in one folder and below, a `request` link takes files into one folder. It works in the caller's name, with the caller's \
        credentials, which are kept sealed under a key that takes the link's address to derive; a new password ends it. The address is told \
        this once.",
    request_body = NewLink,
    responses(
        (
            status = 201,
            description = "The address, and the link.",
            body = CreatedLink,
            headers(("Cache-Control" = String, description = "`no-store`.")),
        ),
        (status = 404, description = "There is no such bucket or object, or nothing in the folder.", body = Problem),
    ),
)]
async fn create_link(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(new): extract::Json<NewLink>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, &'static str); 1],
        Json<CreatedLink>,
    ),
    Error,
> {
    let makers = Makers {
        state: &state,
        session: &session,
    };
    let (url, link) = makers.create(&host, new).await?;
    // A secret is nothing for caches.
    let headers = [(CACHE_CONTROL, "no-store")];
    Ok((
        StatusCode::CREATED,
        headers,
        Json(CreatedLink { url, link }),
    ))
}

#[utoipa::path(
    get,
    path = ListLinks::ROUTE,
    operation_id = "list_links",
    tag = "Links",
    summary = "List Hako links",
    description = "Newest first, until 30 days after their end: the caller's own, for administrators those of the tenant. Presigned URLs are not \
        among them: nobody keeps those.",
    params(LinkPageQuery),
    responses((status = 200, description = "One page.", body = LinkPage)),
)]
async fn list_links(
    session: Session,
    State(state): State<AppState>,
    extract::Query(query): extract::Query<LinkPageQuery>,
) -> Result<Json<LinkPage>, Error> {
    let limit = bounded("limit", query.limit, PAGE, 1..=LARGEST_PAGE)?;
    let behind = query.cursor.as_deref().map(behind).transpose()?;
    let makers = Makers {
        state: &state,
        session: &session,
    };
    let wanted = Wanted {
        bucket: query.bucket.filter(|bucket| !bucket.is_empty()),
        target: query.target,
    };
    let (links, next, all) = makers.page(&wanted, behind, limit).await?;
    Ok(Json(LinkPage {
        links,
        next: next.map(|(made, id)| format!("{made}.{id}")),
        all,
    }))
}

/// Reads where a page of the list stopped.
fn behind(cursor: &str) -> Result<Behind, Error> {
    let read = cursor
        .split_once('.')
        .and_then(|(made, id)| Some((made.parse().ok()?, id.to_owned())));
    let why = "this is not what an earlier page gave as `next`";
    read.ok_or_else(|| Error::Validation(vec![FieldError::query("cursor", why)]))
}

#[utoipa::path(
    post,
    path = ChangeLink::ROUTE,
    operation_id = "change_link",
    tag = "Links",
    summary = "Give a Hako link other limits",
    description = "The caller's own alone.",
    params(OfLink),
    request_body = LinkChange,
    responses(
        (status = 200, description = "The link as it is now.", body = Link),
        (status = 404, description = "There is no such link, or it is not the caller's.", body = Problem),
        (status = 409, description = "It was revoked.", body = Problem),
    ),
)]
async fn change_link(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Json(change): extract::Json<LinkChange>,
) -> Result<Json<Link>, Error> {
    let makers = Makers {
        state: &state,
        session: &session,
    };
    makers.change(&id, change).await.map(Json)
}

#[utoipa::path(
    delete,
    path = ChangeLink::ROUTE,
    operation_id = "revoke_link",
    tag = "Links",
    summary = "Revoke a Hako link",
    description = "At once. The caller's own, for administrators any of the tenant.",
    params(OfLink),
    responses(
        (status = 200, description = "The link, revoked now or before.", body = Link),
        (status = 404, description = "There is no such link, or it is not the caller's.", body = Problem),
    ),
)]
async fn revoke_link(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Link>, Error> {
    let makers = Makers {
        state: &state,
        session: &session,
    };
    makers.revoke(&id).await.map(Json)
}

#[utoipa::path(
    post,
    path = RestoreLink::ROUTE,
    operation_id = "restore_link",
    tag = "Links",
    summary = "Take the revocation of a Hako link back",
    description = "For a minute after it.",
    params(OfLink),
    responses(
        (status = 200, description = "The link as it was before.", body = Link),
        (status = 404, description = "There is no such link, or it is not the caller's.", body = Problem),
        (status = 409, description = "It was not revoked, or too long ago.", body = Problem),
    ),
)]
async fn restore_link(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Link>, Error> {
    let makers = Makers {
        state: &state,
        session: &session,
    };
    makers.restore(&id).await.map(Json)
}
