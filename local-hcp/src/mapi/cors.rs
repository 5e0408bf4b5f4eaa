//! The CORS document that applies to the namespaces of a tenant without one of their own.

use model::mapi::{Cors, Resource as _};
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::{
    access::{A, Access, M},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, plain},
    xml,
};
use crate::{
    Error,
    s3::parse_cors,
    store::{
        cors::{self, Rule},
        tenants,
    },
};

/// The document of a tenant as it was sent.
pub(super) const KIND: &str = "cors";

pub(super) const ROWS: &[Row] = &[plain("cors")];

pub(super) fn endpoints() -> [Endpoint; 1] {
    [Endpoint::at("/tenants/{tenant}/cors")
        .get(Access::tenant(&[A, M]), show)
        .put(Access::tenant(&[A]), set)
        .delete(Access::tenant(&[A]), remove)]
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let id = call.tenant()?.id;
    let read = call.management.store.read(move |connection| {
        Ok((
            cors::of_tenant(connection, id)?,
            tenants::document::<Cors>(connection, id, KIND)?,
        ))
    });
    let document = match read.await? {
        (None, _) => return Err(Refusal::NotFound),
        (Some(_rules), Some(document)) => document,
        // Set before documents were kept as they came.
        (Some(rules), None) => Cors {
            cors: Some(written(&rules)?),
            ..Cors::default()
        },
    };
    Ok(call.show(ROWS, &document))
}

async fn set(call: Call) -> Result<Answer, Refusal> {
    let sent: Cors = call.read(ROWS)?;
    Refusal::of_faults(&sent.check_required(&["cors"]))?;
    let rules = parse_cors(sent.cors.as_deref().unwrap_or_default()).map_err(Error::from)?;
    let id = call.tenant()?.id;
    let write = call.change(move |write| keep(write.connection, id, Some((&sent, &rules))));
    write.await?;
    Ok(Answer::Empty)
}

async fn remove(call: Call) -> Result<Answer, Refusal> {
    let id = call.tenant()?.id;
    let write = call.change(move |write| {
        cors::of_tenant(write.connection, id)?.ok_or(Error::NoSuchResource)?;
        keep(write.connection, id, None)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Keeps the document of a tenant, or removes it: the rules by which requests are answered, and the words
/// in which they were written.
pub(crate) fn keep(
    connection: &Connection,
    tenant_id: i64,
    document: Option<(&Cors, &[Rule])>,
) -> Result<(), Error> {
    cors::set_of_tenant(connection, tenant_id, document.map(|(_words, rules)| rules))?;
    match document {
        Some((words, _rules)) => tenants::set_document(connection, tenant_id, KIND, words),
        None => tenants::remove_document(connection, tenant_id, KIND).map(|_was_there| ()),
    }
}

/// Rules as S3's document.
pub(super) fn written(rules: &[Rule]) -> Result<String, Refusal> {
    let rules: Vec<Json> = rules
        .iter()
        .map(|rule| {
            json!({
                "ID": rule.id,
                "AllowedOrigin": rule.allowed_origins,
                "AllowedMethod": rule.allowed_methods,
                "AllowedHeader": rule.allowed_headers,
                "ExposeHeader": rule.expose_headers,
                "MaxAgeSeconds": rule.max_age_seconds,
            })
        })
        .collect();
    let document = xml::write("CORSConfiguration", &json!({ "CORSRule": rules }), false)
        .map_err(|error| Refusal::Failed(error.into()))?;
    String::from_utf8(document)
        .map_err(|_impossible| Refusal::Failed(Error::Damaged("CORS rules are not UTF-8")))
}
