//! Content classes: properties that objects are searched by, taken out of their annotations (HCP's
//! management API, `contentClass`).

use model::mapi::{ContentClass, ContentProperties, ContentType, Resource as _};

use super::{
    access::{A, Access, M, anyone, nobody},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    query::{Entry, page},
    shape::{Row, plain, row},
    tenants::whole,
};
use crate::{Error, store::content_classes as classes};

const ROWS: &[Row] = &[
    row("name", anyone, nobody, anyone, anyone),
    plain("contentProperties"),
    plain("namespaces"),
];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/tenants/{tenant}/contentClasses")
            .get(Access::tenant(&[A, M]), list)
            .put(Access::tenant(&[A]), create),
        Endpoint::at("/tenants/{tenant}/contentClasses/{class}")
            .get(Access::tenant(&[A, M]), show)
            .post(Access::tenant(&[A]), modify)
            .delete(Access::tenant(&[A]), delete),
    ]
}

/// Content classes are there for tenants that may use search.
async fn searches(call: &Call) -> Result<(), Refusal> {
    let known = call.tenant()?.clone();
    let read = call
        .management
        .store
        .read(move |connection| whole(connection, &known));
    if read.await?.search_configuration_enabled == Some(true) {
        Ok(())
    } else {
        Err(Refusal::forbidden("The tenant may not use search."))
    }
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    searches(&call).await?;
    let id = call.tenant()?.id;
    let read = call
        .management
        .store
        .read(move |connection| classes::names(connection, id));
    let entries = read.await?.into_iter().map(Entry::named).collect();
    // Not one of the lists that HCP cuts into pages: parameters change nothing.
    let names = page(&super::query::Query::default(), "name", None, entries)?;
    Ok(Answer::names("contentClasses", "name", names))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    searches(&call).await?;
    let (id, name) = (call.tenant()?.id, call.name("class").to_owned());
    let read = call
        .management
        .store
        .read(move |connection| classes::find(connection, id, &name));
    let class = read.await?.ok_or(Refusal::NotFound)?;
    Ok(call.show(ROWS, &class.resource))
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    searches(&call).await?;
    let sent: ContentClass = call.read(ROWS)?;
    Refusal::of_faults(&sent.check_required(&["name"]))?;
    let properties = checked(sent.content_properties)?;
    let name = sent.name.unwrap_or_default();
    let namespaces = sent.namespaces.unwrap_or_default().0;
    let id = call.tenant()?.id;
    let write = call.change(move |write| {
        let connection = write.connection;
        let class = classes::insert(connection, id, &name)?
            .ok_or_else(|| Error::Conflict(format!("content class: {name} already exists")))?;
        classes::set_properties(connection, class, &properties.unwrap_or_default())?;
        classes::set_namespaces(connection, id, class, &namespaces)
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    searches(&call).await?;
    let sent: ContentClass = call.read(ROWS)?;
    let properties = checked(sent.content_properties)?;
    let (id, name) = (call.tenant()?.id, call.name("class").to_owned());
    let write = call.change(move |write| {
        let connection = write.connection;
        let class = classes::find(connection, id, &name)?.ok_or(Error::NoSuchResource)?;
        if let Some(properties) = properties {
            classes::set_properties(connection, class.id, &properties)?;
        }
        if let Some(namespaces) = sent.namespaces {
            classes::set_namespaces(connection, id, class.id, &namespaces.0)?;
        }
        Ok(())
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    searches(&call).await?;
    let (id, name) = (call.tenant()?.id, call.name("class").to_owned());
    let write = call.change(move |write| {
        let class = classes::find(write.connection, id, &name)?.ok_or(Error::NoSuchResource)?;
        let properties = class.resource.content_properties.unwrap_or_default();
        if !properties.0.is_empty() {
            return Err(Error::Forbidden(format!(
                "content class: {name} cannot be deleted: it has content properties."
            )));
        }
        classes::delete(write.connection, class.id)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// The properties as they are kept: each has name, expression and type, once, and a format only where
/// there is something to be written in it.
fn checked(sent: Option<ContentProperties>) -> Result<Option<ContentProperties>, Refusal> {
    let Some(mut properties) = sent else {
        return Ok(None);
    };
    let mut names = Vec::new();
    for property in &mut properties.0 {
        Refusal::of_faults(&property.check_required(&["name", "expression", "type"]))?;
        let name = property.name.clone().unwrap_or_default();
        let kind = property.kind.as_ref().and_then(model::mapi::Choice::known);
        let formatted = matches!(
            kind,
            Some(ContentType::Date | ContentType::Integer | ContentType::Float)
        );
        property.multivalued.get_or_insert(false);
        if !property.format.get_or_insert_default().is_empty() && !formatted {
            return Err(Refusal::invalid(format!(
                "contentProperties.{name}.format: only dates and numbers have a format."
            )));
        }
        if names.contains(&name) {
            return Err(Refusal::invalid(format!(
                "contentProperties: {name} is there twice."
            )));
        }
        names.push(name);
    }
    Ok(Some(properties))
}
