//! Whether a namespace keeps versions, and for how long (HCP's management API, `versioningSettings`).

use model::mapi::VersioningSettings;

use super::{
    super::{
        access::{A, Access, M},
        call::{Answer, Call, Endpoint},
        error::Refusal,
        shape::{Row, plain, row},
    },
    read, rules, write,
};
use crate::{
    Error,
    mapi::access::{anyone, nobody},
    store::{
        buckets::{self, Bucket, Versioning},
        namespaces as store,
        settings::Versions,
        tenants::Limits,
    },
};

const ROWS: &[Row] = &[
    plain("enabled"),
    plain("prune"),
    plain("pruneDays"),
    plain("keepDeletionRecords"),
    plain("useDeleteMarkers"),
    // The old names are read and never told; of replicas there are none.
    row("pruneOnPrimary", anyone, anyone, nobody, nobody),
    row("daysOnPrimary", anyone, anyone, nobody, nobody),
    row("pruneOnReplica", anyone, anyone, nobody, nobody),
    row("daysOnReplica", anyone, anyone, nobody, nobody),
];

pub(super) fn endpoints() -> [Endpoint; 1] {
    [
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/versioningSettings")
            .get(Access::tenant(&[A, M]).or_managers(), show)
            .post(Access::tenant(&[A]).or_managers(), modify)
            .delete(Access::tenant(&[A, M]).or_managers(), reset),
    ]
}

fn resource(bucket: &Bucket) -> VersioningSettings {
    let settings = &bucket.settings.versions;
    VersioningSettings {
        enabled: Some(bucket.versioning == Versioning::Enabled),
        prune: Some(settings.prune),
        prune_days: Some(settings.prune_days),
        keep_deletion_records: Some(settings.keep_deletion_records),
        use_delete_markers: Some(settings.use_delete_markers),
        ..VersioningSettings::default()
    }
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M], |_connection, bucket| Ok(resource(&bucket))).await?;
    Ok(call.show(ROWS, &shown))
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let asked: VersioningSettings = call.read(ROWS)?;
    let tenant = call.tenant()?.id;
    write(&call, &[A], move |write, bucket| {
        let connection = write.connection;
        rules::check_versioning(&asked, false)?;
        let was_enabled = bucket.versioning == Versioning::Enabled;
        let enabled = asked.enabled.unwrap_or(was_enabled);
        if enabled && !was_enabled {
            store::check_versions(connection, &bucket, &Limits::of(connection, tenant)?)?;
        }
        let mut settings = bucket.settings.clone();
        store::version(&mut settings.versions, &asked);
        let used_markers = bucket.settings.versions.use_delete_markers;
        // Of a namespace that never kept versions no delete has left a marker yet.
        if used_markers
            && !settings.versions.use_delete_markers
            && bucket.versioning != Versioning::Never
        {
            return Err(Error::InvalidSetting(
                "useDeleteMarkers: delete markers cannot be turned off again".to_owned(),
            ));
        }
        buckets::set_settings(connection, bucket.id, &settings)?;
        if enabled == was_enabled {
            return Ok(());
        }
        buckets::set_versioning(connection, bucket.id, enabled)
    })
    .await?;
    Ok(Answer::Empty)
}

/// Back to the defaults: no versions are kept any more, those that there are stay.
async fn reset(call: Call) -> Result<Answer, Refusal> {
    write(&call, &[A, M], |write, bucket| {
        let mut settings = bucket.settings.clone();
        settings.versions = Versions {
            // They are never turned off.
            use_delete_markers: settings.versions.use_delete_markers,
            ..Versions::default()
        };
        buckets::set_settings(write.connection, bucket.id, &settings)?;
        if bucket.versioning == Versioning::Enabled {
            buckets::set_versioning(write.connection, bucket.id, false)?;
        }
        Ok(())
    })
    .await?;
    Ok(Answer::Empty)
}
