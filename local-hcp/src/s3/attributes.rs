//! `GetObjectAttributes`: what is known of an object, without its bytes.

use s3s::{
    S3Request, S3Result,
    dto::{
        Checksum, ETag, GetObjectAttributesInput, GetObjectAttributesOutput,
        GetObjectAttributesParts, ObjectAttributes, ObjectPart,
    },
    s3_error,
};

use super::{
    Gateway, auth::caller, error::fail, multipart::standard, objects::show_checksums, versions,
};
use crate::{
    access::Permissions,
    clock::from_ms,
    store::{
        blobs::to_i64,
        buckets,
        objects::{self, Checksums},
    },
};

const PARTS_MAX: i32 = 1_000;

impl Gateway {
    pub(super) async fn describe_object(
        &self,
        request: S3Request<GetObjectAttributesInput>,
    ) -> S3Result<GetObjectAttributesOutput> {
        if !self.habits.extensions {
            return Err(s3_error!(NotImplemented));
        }
        let caller = caller(&request)?;
        let input = request.input;
        let version = versions::parse(input.version_id.as_deref())?;
        let asks = |name: &'static str| {
            // One header may hold them all.
            input
                .object_attributes
                .iter()
                .flat_map(|asked| asked.as_str().split(','))
                .any(|asked| asked.trim() == name)
        };
        let (etag, size) = (
            asks(ObjectAttributes::ETAG),
            asks(ObjectAttributes::OBJECT_SIZE),
        );
        let (checksum, parts, class) = (
            asks(ObjectAttributes::CHECKSUM),
            asks(ObjectAttributes::OBJECT_PARTS),
            asks(ObjectAttributes::STORAGE_CLASS),
        );
        let after = input.part_number_marker.unwrap_or(0).max(0);
        let most = input.max_parts.unwrap_or(PARTS_MAX).clamp(0, PARTS_MAX);
        let (bucket, key, habits) = (input.bucket, input.key, self.habits);
        let (object, sizes, version_id) = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &bucket)?;
                caller.reach(&key)?;
                let object = objects::find(connection, &bucket, &key, version)?;
                object.granted(&bucket, &caller).need(Permissions::READ)?;
                let sizes = objects::part_sizes(connection, object.id)?;
                let name = versions::name_in(&habits, &bucket, (&object).into());
                Ok((object, sizes, name))
            })
            .await
            .map_err(fail)?;
        // Only an object of parts has an ETag with their number.
        let of_parts = object.etag.contains('-');
        let checksums = (checksum && object.checksums != Checksums::default()).then(|| {
            let mut shown = Checksum::default();
            show_checksums!(shown, object.checksums.clone());
            shown
        });
        Ok(GetObjectAttributesOutput {
            e_tag: etag.then_some(ETag::Strong(object.etag)),
            object_size: size.then(|| to_i64(object.size)),
            object_parts: (parts && of_parts).then(|| page(&sizes, after, most)),
            storage_class: class.then(standard),
            checksum: checksums,
            last_modified: Some(from_ms(object.modified_ms).into()),
            version_id,
            ..GetObjectAttributesOutput::default()
        })
    }
}

fn page(sizes: &[u64], after: i32, most: i32) -> GetObjectAttributesParts {
    let all = (1_i32..).zip(sizes).filter(|(number, _)| *number > after);
    let parts: Vec<ObjectPart> = all
        .take(usize::try_from(most).unwrap_or(0))
        .map(|(number, size)| ObjectPart {
            part_number: Some(number),
            size: Some(to_i64(*size)),
            ..ObjectPart::default()
        })
        .collect();
    let last = parts.last().and_then(|part| part.part_number);
    let total = i32::try_from(sizes.len()).unwrap_or(i32::MAX);
    let truncated = last.unwrap_or(after) < total;
    GetObjectAttributesParts {
        total_parts_count: Some(total),
        part_number_marker: Some(after),
        next_part_number_marker: last.filter(|_| truncated),
        max_parts: Some(most),
        is_truncated: Some(truncated),
        parts: Some(parts),
    }
}
