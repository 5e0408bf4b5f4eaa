//! Retention in a namespace (HCP's management API, `complianceSettings` and `retentionClass`).

use model::{
    mapi::{Choice, ComplianceSettings, Resource as _, RetentionClass},
    retention::Retention,
};

use super::{
    super::{
        access::{A, Access, C, M, anyone, nobody},
        call::{Answer, Call, Endpoint},
        error::Refusal,
        shape::{Row, plain, row},
    },
    read, write,
};
use crate::{
    Error,
    store::{
        aging,
        buckets::{self, Bucket, Settings},
        settings::Class,
    },
};

/// What HCP prints where there is no least retention.
const NO_MINIMUM: &str = "0y+0M+0d";

const SETTINGS: &[Row] = &[
    plain("retentionDefault"),
    plain("minimumRetentionAfterInitialUnspecified"),
    plain("shreddingDefault"),
    plain("customMetadataChanges"),
    plain("dispositionEnabled"),
];

const CLASS: &[Row] = &[
    row("name", anyone, nobody, nobody, anyone),
    plain("value"),
    plain("description"),
    plain("allowDisposition"),
];

pub(super) fn endpoints() -> [Endpoint; 3] {
    [
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/complianceSettings")
            .get(Access::tenant(&[A, M, C]), show)
            .post(Access::tenant(&[C]), modify),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/retentionClasses")
            .get(Access::tenant(&[A, M, C]), list_classes)
            .put(Access::tenant(&[C]), create_class),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/retentionClasses/{class}")
            .get(Access::tenant(&[A, M, C]), show_class)
            .post(Access::tenant(&[C]), modify_class)
            .delete(Access::tenant(&[C]), delete_class),
    ]
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M, C], |_connection, bucket| {
        let settings = bucket.settings;
        let minimum = settings.minimum_retention_after_initial_unspecified;
        Ok(ComplianceSettings {
            retention_default: Some(settings.retention_default.unwrap_or_else(|| "0".to_owned())),
            minimum_retention_after_initial_unspecified: Some(minimum.map_or_else(
                || NO_MINIMUM.to_owned(),
                // Printed without the letter that it always has, and the sign after it.
                |offset| offset.trim_start_matches(['A', '+']).to_owned(),
            )),
            shredding_default: Some(settings.shredding_default),
            custom_metadata_changes: Some(settings.custom_metadata_changes.into()),
            disposition_enabled: Some(settings.disposition_enabled),
            ..ComplianceSettings::default()
        })
    });
    let shown = shown.await?;
    Ok(call.show(SETTINGS, &shown))
}

/// An offset as it is kept, with the letter and the sign that HCP's print lacks.
fn offset(text: &str) -> String {
    let text = text.strip_prefix('A').unwrap_or(text);
    let sign = if text.starts_with(['+', '-']) {
        ""
    } else {
        "+"
    };
    format!("A{sign}{text}")
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let asked: ComplianceSettings = call.read(SETTINGS)?;
    write(&call, &[C], move |write, bucket| {
        let mut settings = bucket.settings.clone();
        if let Some(default) = asked.retention_default {
            if let Ok(Retention::Class(name)) = default.parse()
                && settings.class(&name).is_none()
            {
                return Err(Error::InvalidSetting(format!(
                    "retentionDefault: the namespace has no retention class {name}"
                )));
            }
            settings.retention_default = Some(default);
        }
        if let Some(minimum) = asked.minimum_retention_after_initial_unspecified {
            settings.minimum_retention_after_initial_unspecified = Some(offset(&minimum));
        }
        settings.shredding_default = asked
            .shredding_default
            .unwrap_or(settings.shredding_default);
        settings.custom_metadata_changes = asked
            .custom_metadata_changes
            .as_ref()
            .and_then(Choice::known)
            .unwrap_or(settings.custom_metadata_changes);
        settings.disposition_enabled = asked
            .disposition_enabled
            .unwrap_or(settings.disposition_enabled);
        settings.check()?;
        buckets::set_settings(write.connection, bucket.id, &settings)
    })
    .await?;
    Ok(Answer::Empty)
}

async fn list_classes(call: Call) -> Result<Answer, Refusal> {
    let names = read(&call, &[A, M, C], |_connection, bucket| {
        Ok(bucket.settings.retention_classes.into_keys().collect())
    });
    Ok(Answer::names("retentionClasses", "name", names.await?))
}

fn no_such_class() -> Error {
    // Told as 404, as whatever else is not there.
    Error::NoSuchBucket
}

fn find<'s>(settings: &'s Settings, name: &str) -> Result<(&'s str, &'s Class), Error> {
    settings.class(name).ok_or_else(no_such_class)
}

async fn show_class(call: Call) -> Result<Answer, Refusal> {
    let name = call.name("class").to_owned();
    let shown = read(&call, &[A, M, C], move |_connection, bucket| {
        let (name, class) = find(&bucket.settings, &name)?;
        Ok(RetentionClass {
            name: Some(name.to_owned()),
            value: Some(class.value.clone()),
            description: Some(class.description.clone()),
            allow_disposition: Some(class.allow_disposition),
            ..RetentionClass::default()
        })
    });
    let shown = shown.await?;
    Ok(call.show(CLASS, &shown))
}

/// A class after a change; one whose value is an offset has to say whether its objects are disposed of.
fn changed(before: Option<&Class>, asked: RetentionClass) -> Result<Class, Error> {
    let before = before.cloned();
    let value = asked
        .value
        .or_else(|| before.as_ref().map(|class| class.value.clone()))
        .unwrap_or_default();
    let known = before.as_ref().map(|class| class.allow_disposition);
    let is_offset = matches!(value.parse(), Ok(Retention::Offset(_)));
    let disposes = match asked.allow_disposition.or(known) {
        Some(disposes) => disposes,
        None if is_offset => {
            return Err(Error::InvalidSetting(
                "allowDisposition: the property is required where the value is an offset"
                    .to_owned(),
            ));
        }
        None => false,
    };
    Ok(Class {
        value,
        description: asked
            .description
            .unwrap_or_else(|| before.map(|class| class.description).unwrap_or_default()),
        allow_disposition: disposes && is_offset,
    })
}

async fn create_class(call: Call) -> Result<Answer, Refusal> {
    let asked: RetentionClass = call.read(CLASS)?;
    Refusal::of_faults(&asked.check_required(&["name", "value"]))?;
    let now_ms = call.now_ms();
    write(&call, &[C], move |write, bucket| {
        let name = asked.name.clone().unwrap_or_default();
        if bucket.settings.class(&name).is_some() {
            return Err(Error::Conflict(
                "name: the namespace has a retention class of this name already".to_owned(),
            ));
        }
        let class = changed(None, asked)?;
        // Objects of a class of that name that was deleted are bound to it again.
        aging::rebind(
            write.connection,
            bucket.id,
            &name,
            Some(&class.value),
            now_ms,
        )?;
        keep(write.connection, &bucket, |settings| {
            settings.retention_classes.insert(name, class);
        })
    })
    .await?;
    Ok(Answer::Empty)
}

fn keep(
    connection: &rusqlite::Connection,
    bucket: &Bucket,
    change: impl FnOnce(&mut Settings),
) -> Result<(), Error> {
    let mut settings = bucket.settings.clone();
    change(&mut settings);
    settings.check()?;
    buckets::set_settings(connection, bucket.id, &settings)
}

fn length(value: &str) -> i64 {
    let value = value.parse::<Retention>();
    value.map_or(i64::MAX, |retention| retention.length())
}

async fn modify_class(call: Call) -> Result<Answer, Refusal> {
    let asked: RetentionClass = call.read(CLASS)?;
    let (name, now_ms) = (call.name("class").to_owned(), call.now_ms());
    write(&call, &[C], move |write, bucket| {
        let (name, before) = find(&bucket.settings, &name)?;
        let name = name.to_owned();
        let after = changed(Some(before), asked)?;
        if !bucket.settings.enterprise_mode && length(&after.value) < length(&before.value) {
            return Err(Error::Forbidden(
                "value: in compliance mode a retention class only grows".to_owned(),
            ));
        }
        if after.value != before.value {
            aging::rebind(
                write.connection,
                bucket.id,
                &name,
                Some(&after.value),
                now_ms,
            )?;
        }
        keep(write.connection, &bucket, |settings| {
            settings.retention_classes.insert(name, after);
        })
    })
    .await?;
    Ok(Answer::Empty)
}

async fn delete_class(call: Call) -> Result<Answer, Refusal> {
    let (name, now_ms) = (call.name("class").to_owned(), call.now_ms());
    write(&call, &[C], move |write, bucket| {
        let (name, _class) = find(&bucket.settings, &name)?;
        if !bucket.settings.enterprise_mode {
            return Err(Error::Forbidden(
                "In compliance mode no retention class is deleted.".to_owned(),
            ));
        }
        let default = bucket.settings.retention_default.as_deref();
        if let Some(Ok(Retention::Class(used))) = default.map(str::parse)
            && used.eq_ignore_ascii_case(name)
        {
            return Err(Error::Forbidden(
                "The retention class is the namespace's retentionDefault.".to_owned(),
            ));
        }
        let name = name.to_owned();
        aging::rebind(write.connection, bucket.id, &name, None, now_ms)?;
        keep(write.connection, &bucket, |settings| {
            settings.retention_classes.remove(&name);
        })
    })
    .await?;
    Ok(Answer::Empty)
}
