//! The table of operations: what is not in it, s3s answers with 501 `NotImplemented`.

use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateBucketInput,
        CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        DeleteBucketCorsInput, DeleteBucketCorsOutput, DeleteBucketInput, DeleteBucketOutput,
        DeleteBucketTaggingInput, DeleteBucketTaggingOutput, DeleteObjectInput, DeleteObjectOutput,
        DeleteObjectTaggingInput, DeleteObjectTaggingOutput, DeleteObjectsInput,
        DeleteObjectsOutput, GetBucketAclInput, GetBucketAclOutput, GetBucketCorsInput,
        GetBucketCorsOutput, GetBucketLocationInput, GetBucketLocationOutput,
        GetBucketTaggingInput, GetBucketTaggingOutput, GetBucketVersioningInput,
        GetBucketVersioningOutput, GetObjectAclInput, GetObjectAclOutput, GetObjectAttributesInput,
        GetObjectAttributesOutput, GetObjectInput, GetObjectOutput, GetObjectTaggingInput,
        GetObjectTaggingOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput,
        HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListMultipartUploadsInput,
        ListMultipartUploadsOutput, ListObjectVersionsInput, ListObjectVersionsOutput,
        ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
        ListPartsInput, ListPartsOutput, PutBucketAclInput, PutBucketAclOutput, PutBucketCorsInput,
        PutBucketCorsOutput, PutBucketTaggingInput, PutBucketTaggingOutput,
        PutBucketVersioningInput, PutBucketVersioningOutput, PutObjectAclInput, PutObjectAclOutput,
        PutObjectInput, PutObjectOutput, PutObjectTaggingInput, PutObjectTaggingOutput,
        UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
    },
};

use super::Gateway;

/// Writes each operation of the trait as a call of the function that does it. Those behind the line
/// set status or headers of their own.
macro_rules! operations {
    (
        $($operation:ident($input:ty) -> $output:ty = $function:ident;)*
        ---
        $($whole:ident($whole_input:ty) -> $whole_output:ty = $whole_function:ident;)*
    ) => {
        #[async_trait::async_trait]
        impl S3 for Gateway {
            $(
                async fn $operation(
                    &self,
                    request: S3Request<$input>,
                ) -> S3Result<S3Response<$output>> {
                    self.$function(request).await.map(S3Response::new)
                }
            )*
            $(
                async fn $whole(
                    &self,
                    request: S3Request<$whole_input>,
                ) -> S3Result<S3Response<$whole_output>> {
                    self.$whole_function(request).await
                }
            )*
        }
    };
}

operations! {
    list_buckets(ListBucketsInput) -> ListBucketsOutput = list;
    create_bucket(CreateBucketInput) -> CreateBucketOutput = create;
    head_bucket(HeadBucketInput) -> HeadBucketOutput = head;
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput = delete;
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput = location;
    get_bucket_versioning(GetBucketVersioningInput) -> GetBucketVersioningOutput = show_versioning;
    put_bucket_versioning(PutBucketVersioningInput) -> PutBucketVersioningOutput = set_versioning;
    get_bucket_acl(GetBucketAclInput) -> GetBucketAclOutput = show_bucket_acl;
    put_bucket_acl(PutBucketAclInput) -> PutBucketAclOutput = set_bucket_acl;
    get_bucket_tagging(GetBucketTaggingInput) -> GetBucketTaggingOutput = show_bucket_tags;
    put_bucket_tagging(PutBucketTaggingInput) -> PutBucketTaggingOutput = set_bucket_tags;
    delete_bucket_tagging(DeleteBucketTaggingInput) -> DeleteBucketTaggingOutput = remove_bucket_tags;
    get_bucket_cors(GetBucketCorsInput) -> GetBucketCorsOutput = show_cors;
    put_bucket_cors(PutBucketCorsInput) -> PutBucketCorsOutput = set_cors;
    delete_bucket_cors(DeleteBucketCorsInput) -> DeleteBucketCorsOutput = remove_cors;

    list_objects(ListObjectsInput) -> ListObjectsOutput = list_v1;
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output = list_v2;
    list_object_versions(ListObjectVersionsInput) -> ListObjectVersionsOutput = list_versions;
    put_object(PutObjectInput) -> PutObjectOutput = store_object;
    copy_object(CopyObjectInput) -> CopyObjectOutput = duplicate_object;
    delete_object(DeleteObjectInput) -> DeleteObjectOutput = remove_object;
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput = remove_objects;
    get_object_acl(GetObjectAclInput) -> GetObjectAclOutput = show_object_acl;
    put_object_acl(PutObjectAclInput) -> PutObjectAclOutput = set_object_acl;
    get_object_tagging(GetObjectTaggingInput) -> GetObjectTaggingOutput = show_tags;
    put_object_tagging(PutObjectTaggingInput) -> PutObjectTaggingOutput = set_tags;
    delete_object_tagging(DeleteObjectTaggingInput) -> DeleteObjectTaggingOutput = remove_tags;
    get_object_attributes(GetObjectAttributesInput) -> GetObjectAttributesOutput = describe_object;

    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput = begin_upload;
    upload_part(UploadPartInput) -> UploadPartOutput = store_part;
    upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput = copy_part;
    list_parts(ListPartsInput) -> ListPartsOutput = show_parts;
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput = complete_upload;
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput = abort_upload;
    list_multipart_uploads(ListMultipartUploadsInput) -> ListMultipartUploadsOutput = list_uploads;
    ---
    get_object(GetObjectInput) -> GetObjectOutput = read_object;
    head_object(HeadObjectInput) -> HeadObjectOutput = look_at_object;
}
