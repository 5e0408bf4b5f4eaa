//! Settings of a namespace that are documents of their own: its permission mask, what is indexed of custom
//! metadata, what becomes of collisions.

use model::mapi::{
    CollisionAction, CustomMetadataIndexingSettings, Names, ReplicationCollisionSettings,
};
use serde_json::json;

use super::{
    super::{
        access::{A, Access, M},
        call::{Answer, Call, Endpoint},
        error::Refusal,
        settings::sent_mask,
        shape::{Row, merged, plain},
    },
    read, write,
};
use crate::{
    Error,
    access::Permissions,
    store::{buckets, content_classes, namespaces as store},
};

const INDEXING: &[Row] = &[
    plain("contentClasses"),
    plain("fullIndexingEnabled"),
    plain("excludedAnnotations"),
];

const COLLISIONS: &[Row] = &[plain("action"), plain("deleteEnabled"), plain("deleteDays")];

pub(super) fn endpoints() -> [Endpoint; 3] {
    [
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/permissions")
            .get(Access::tenant(&[A, M]), show_permissions)
            .post(Access::tenant(&[A]), modify_permissions),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/customMetadataIndexingSettings")
            .get(Access::tenant(&[A, M]), show_indexing)
            .post(Access::tenant(&[A]), modify_indexing),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/replicationCollisionSettings")
            .get(Access::tenant(&[A, M]), show_collisions)
            .post(Access::tenant(&[A]), modify_collisions),
    ]
}

async fn show_permissions(call: Call) -> Result<Answer, Refusal> {
    let mask = read(&call, &[A, M], |_connection, bucket| {
        Ok(bucket.settings.permission_mask)
    });
    let words: Vec<_> = mask
        .await?
        .words()
        .iter()
        .map(ToString::to_string)
        .collect();
    Ok(Answer::Document(
        "permissions",
        json!({ "permission": words }),
    ))
}

async fn modify_permissions(call: Call) -> Result<Answer, Refusal> {
    let permissions = sent_mask(&call)?;
    write(&call, &[A], move |write, bucket| {
        let mut settings = bucket.settings.clone();
        settings.permission_mask = Permissions::of_words(&permissions).only(Permissions::MASK);
        buckets::set_settings(write.connection, bucket.id, &settings)
    })
    .await?;
    Ok(Answer::Empty)
}

fn nothing_indexed() -> CustomMetadataIndexingSettings {
    CustomMetadataIndexingSettings {
        full_indexing_enabled: Some(false),
        excluded_annotations: Some(String::new()),
        ..CustomMetadataIndexingSettings::default()
    }
}

/// Where nothing is searched, there is nothing to be set.
fn searched(
    connection: &rusqlite::Connection,
    bucket: &buckets::Bucket,
) -> Result<model::mapi::Namespace, Error> {
    let kept = store::kept_of(connection, bucket)?;
    if kept.search_enabled == Some(true) {
        Ok(kept)
    } else {
        Err(Error::Forbidden(
            "The namespace has no search: searchEnabled is off.".to_owned(),
        ))
    }
}

async fn show_indexing(call: Call) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M], |connection, bucket| {
        searched(connection, &bucket)?;
        let known: Option<CustomMetadataIndexingSettings> =
            store::document(connection, bucket.id, store::INDEXING)?;
        let classes = content_classes::of_namespace(connection, bucket.id)?;
        Ok(CustomMetadataIndexingSettings {
            content_classes: Some(classes.into()),
            ..known.unwrap_or_else(nothing_indexed)
        })
    });
    let shown = shown.await?;
    Ok(call.show(INDEXING, &shown))
}

async fn modify_indexing(call: Call) -> Result<Answer, Refusal> {
    let asked: CustomMetadataIndexingSettings = call.read(INDEXING)?;
    write(&call, &[A], move |write, bucket| {
        let kept = searched(write.connection, &bucket)?;
        if asked.full_indexing_enabled == Some(true)
            && kept.custom_metadata_indexing_enabled != Some(true)
        {
            return Err(Error::InvalidSetting(
                "fullIndexingEnabled: it needs customMetadataIndexingEnabled".to_owned(),
            ));
        }
        let known = store::document(write.connection, bucket.id, store::INDEXING)?;
        let mut after = merged(&known.unwrap_or_else(nothing_indexed), &asked);
        // Which classes it has is known to the classes.
        if let Some(Names(names)) = after.content_classes.take() {
            let (tenant, bucket) = (bucket.tenant_id, bucket.id);
            content_classes::set_of_namespace(write.connection, tenant, bucket, &names)?;
        }
        store::set_document(write.connection, bucket.id, store::INDEXING, &after)
    })
    .await?;
    Ok(Answer::Empty)
}

fn moved() -> ReplicationCollisionSettings {
    ReplicationCollisionSettings {
        action: Some(CollisionAction::Move.into()),
        delete_enabled: Some(false),
        ..ReplicationCollisionSettings::default()
    }
}

async fn show_collisions(call: Call) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M], |connection, bucket| {
        let known = store::document(connection, bucket.id, store::COLLISIONS)?;
        Ok(known.unwrap_or_else(moved))
    });
    let shown: ReplicationCollisionSettings = shown.await?;
    Ok(call.show(COLLISIONS, &shown))
}

async fn modify_collisions(call: Call) -> Result<Answer, Refusal> {
    let asked: ReplicationCollisionSettings = call.read(COLLISIONS)?;
    write(&call, &[A], move |write, bucket| {
        let known: Option<ReplicationCollisionSettings> =
            store::document(write.connection, bucket.id, store::COLLISIONS)?;
        let mut after = merged(&known.unwrap_or_else(moved), &asked);
        let deletes = after.delete_enabled == Some(true);
        if deletes && after.delete_days.is_none() {
            return Err(Error::InvalidSetting(
                "deleteDays: the property is required where deleteEnabled is on".to_owned(),
            ));
        }
        if !deletes && asked.delete_days.is_some() {
            return Err(Error::InvalidSetting(
                "deleteDays: it is set only where deleteEnabled is on".to_owned(),
            ));
        }
        after.delete_days = after.delete_days.filter(|_days| deletes);
        store::set_document(write.connection, bucket.id, store::COLLISIONS, &after)
    })
    .await?;
    Ok(Answer::Empty)
}
