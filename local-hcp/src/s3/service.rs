//! The table of operations: what is not in it, s3s answers with 501 `NotImplemented`.

use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateBucketInput,
        CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        DeleteBucketInput, DeleteBucketOutput, DeleteObjectInput, DeleteObjectOutput,
        DeleteObjectsInput, DeleteObjectsOutput, GetBucketLocationInput, GetBucketLocationOutput,
        GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput,
        HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListMultipartUploadsInput,
        ListMultipartUploadsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
        ListObjectsV2Output, ListPartsInput, ListPartsOutput, PutObjectInput, PutObjectOutput,
        UploadPartInput, UploadPartOutput,
    },
};

use super::Gateway;

/// Writes each operation of the trait as a call of the function that does it.
macro_rules! operations {
    ($($operation:ident($input:ty) -> $output:ty = $function:ident;)*) => {
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

            async fn head_object(
                &self,
                request: S3Request<HeadObjectInput>,
            ) -> S3Result<S3Response<HeadObjectOutput>> {
                self.look_at_object(request).await
            }
        }
    };
}

operations! {
    list_buckets(ListBucketsInput) -> ListBucketsOutput = list;
    create_bucket(CreateBucketInput) -> CreateBucketOutput = create;
    head_bucket(HeadBucketInput) -> HeadBucketOutput = head;
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput = delete;
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput = location;

    list_objects(ListObjectsInput) -> ListObjectsOutput = list_v1;
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output = list_v2;
    put_object(PutObjectInput) -> PutObjectOutput = store_object;
    get_object(GetObjectInput) -> GetObjectOutput = read_object;
    copy_object(CopyObjectInput) -> CopyObjectOutput = duplicate_object;
    delete_object(DeleteObjectInput) -> DeleteObjectOutput = remove_object;
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput = remove_objects;

    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput = begin_upload;
    upload_part(UploadPartInput) -> UploadPartOutput = store_part;
    list_parts(ListPartsInput) -> ListPartsOutput = show_parts;
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput = complete_upload;
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput = abort_upload;
    list_multipart_uploads(ListMultipartUploadsInput) -> ListMultipartUploadsOutput = list_uploads;
}
