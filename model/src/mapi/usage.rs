//! What is in a namespace or a tenant now, and what happened there.

use super::{resource::resource, value::list};

resource! {
    /// What is there now. Sizes are in bytes.
    Statistics = "statistics" {
        /// Objects; every version counts.
        object_count: i64 = "objectCount",
        /// Data and custom metadata as they came.
        ingested_volume: i64 = "ingestedVolume",
        /// The space that they take.
        storage_capacity_used: i64 = "storageCapacityUsed",
        /// Annotations.
        custom_metadata_count: i64 = "customMetadataCount",
        /// The size of annotations.
        custom_metadata_size: i64 = "customMetadataSize",
        /// Deleted objects that wait to be overwritten.
        shred_count: i64 = "shredCount",
        /// Their size.
        shred_size: i64 = "shredSize",
    }
}

resource! {
    /// One interval of a namespace or, without a name, of a tenant. Sizes are in bytes.
    ChargebackData = "chargebackData" {
        /// The domain of the system.
        system_name: String = "systemName",
        /// The tenant.
        tenant_name: String = "tenantName",
        /// The namespace; absent in the sum of a tenant.
        namespace_name: String = "namespaceName",
        /// When the interval begins, such as `2024-06-01T00:00:00+0000`.
        start_time: String = "startTime",
        /// When it ends.
        end_time: String = "endTime",
        /// Objects at the end; every version counts.
        object_count: i64 = "objectCount",
        /// Data and custom metadata as they came, at the end.
        ingested_volume: i64 = "ingestedVolume",
        /// The space that they took, at the end.
        storage_capacity_used: i64 = "storageCapacityUsed",
        /// What was sent in.
        bytes_in: i64 = "bytesIn",
        /// What was sent out.
        bytes_out: i64 = "bytesOut",
        /// Reads.
        reads: i64 = "reads",
        /// Writes; each part is one.
        writes: i64 = "writes",
        /// Deletes that somebody asked for.
        deletes: i64 = "deletes",
        /// Objects made of parts, at the end.
        multipart_objects: i64 = "multipartObjects",
        /// Their parts.
        multipart_object_parts: i64 = "multipartObjectParts",
        /// Their size.
        multipart_object_bytes: i64 = "multipartObjectBytes",
        /// Open uploads, at the end.
        multipart_uploads: i64 = "multipartUploads",
        /// Their parts.
        multipart_upload_parts: i64 = "multipartUploadParts",
        /// Their size.
        multipart_upload_bytes: i64 = "multipartUploadBytes",
        /// `included` where namespaces are counted that are gone.
        deleted: String = "deleted",
        /// Whether all of the interval was counted.
        valid: bool = "valid",
    }
}

list! {
    /// Rows of a [`ChargebackReport`].
    ChargebackRows of ChargebackData
}

resource! {
    /// A chargeback report.
    ChargebackReport = "chargebackReport" {
        /// One row for each interval and namespace.
        chargeback_data: ChargebackRows = "chargebackData",
    }
}
