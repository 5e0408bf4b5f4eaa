//! Every difference between the two profiles, each asked of both: what S3's users expect beside
//! what HCP does.

use std::sync::Arc;

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        create_multipart_upload::CreateMultipartUploadOutput, list_objects_v2::ListObjectsV2Output,
    },
    primitives::ByteStream,
    types::{
        BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, CorsConfiguration,
        CorsRule, Delete, MetadataDirective, ObjectIdentifier, Tag, Tagging,
        VersioningConfiguration,
    },
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use local_hcp::Profile;
use md5::{Digest as _, Md5};
use serde_json::json;
use tempfile::TempDir;

use crate::fixture::{Fixture, PASSWORD, get, put, refusal, tenant};

const BUCKET: &str = "archive";
const PROFILES: [Profile; 2] = [Profile::Standard, Profile::Hcp];

/// A store of that profile, with a bucket.
async fn store(profile: Profile) -> (Fixture, Client) {
    let folder = Arc::new(TempDir::new().unwrap());
    let store = Fixture::open(folder, |config| config.profile = profile).await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    let client = store.bucket(BUCKET).await;
    (store, client)
}

/// What the two profiles answered, standard first.
async fn on_both<T>(ask: impl AsyncFn(Fixture, Client) -> T) -> [T; 2] {
    let (standard, client) = store(PROFILES[0]).await;
    let standard = ask(standard, client).await;
    let (hcp, client) = store(PROFILES[1]).await;
    [standard, ask(hcp, client).await]
}

/// `None`: it was done.
type Outcome = Option<(u16, String)>;

fn outcome<T, E: ProvideErrorMetadata>(answer: Result<T, SdkError<E, HttpResponse>>) -> Outcome {
    answer.err().map(refusal)
}

#[expect(clippy::unnecessary_wraps, reason = "outcomes are compared with it")]
fn refused(status: u16, code: &str) -> Outcome {
    Some((status, code.to_owned()))
}

async fn try_put(client: &Client, key: &str, body: &str) -> Outcome {
    let body = ByteStream::from(body.as_bytes().to_vec());
    outcome(
        client
            .put_object()
            .bucket(BUCKET)
            .key(key)
            .body(body)
            .send()
            .await,
    )
}

async fn try_get(client: &Client, key: &str) -> Outcome {
    outcome(client.get_object().bucket(BUCKET).key(key).send().await)
}

async fn try_delete(client: &Client, key: &str) -> Outcome {
    outcome(client.delete_object().bucket(BUCKET).key(key).send().await)
}

async fn keep_versions(client: &Client) {
    let enabled = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    let set = client.put_bucket_versioning().bucket(BUCKET);
    set.versioning_configuration(enabled).send().await.unwrap();
}

async fn list(client: &Client) -> ListObjectsV2Output {
    let list = client.list_objects_v2().bucket(BUCKET).fetch_owner(true);
    list.send().await.unwrap()
}

fn keys(page: &ListObjectsV2Output) -> Vec<String> {
    let keys = page.contents().iter().filter_map(|object| object.key());
    keys.map(str::to_owned).collect()
}

/// Adds the MD5 of the body, which SDKs no longer do.
fn add_md5(request: &mut HttpRequest) {
    let body = request.body().bytes().unwrap_or_default();
    let digest = STANDARD.encode(Md5::digest(body));
    request.headers_mut().insert("content-md5", digest);
}

#[tokio::test]
async fn an_object_without_versions_is_not_overwritten_on_hcp() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "one").await;
        let over = try_put(&client, "a", "two").await;
        let copy = client.copy_object().bucket(BUCKET).key("a");
        let copy = outcome(copy.copy_source(format!("{BUCKET}/a")).send().await);
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let upload = upload.send().await.unwrap();
        let done = outcome(complete(&client, "a", &upload, &["three"]).await);
        let text = get(&client, BUCKET, "a").await;
        (over, copy, done, String::from_utf8(text).unwrap())
    })
    .await;
    // A copy of a key onto itself must change something, in S3's eyes too.
    let itself = refused(400, "InvalidRequest");
    assert_eq!(standard, (None, itself, None, "three".to_owned()));
    let exists = || refused(409, "OperationAborted");
    assert_eq!(hcp, (exists(), exists(), exists(), "one".to_owned()));
}

#[tokio::test]
async fn a_namespace_may_let_hcp_overwrite() {
    let [standard, hcp] = on_both(async |store, client| {
        let (demo, settings) = (tenant("demo"), json!({"s3UnversionedOverwrite": true}));
        let set = store.hcp.set_namespace_settings(&demo, BUCKET, settings);
        set.await.unwrap();
        put(&client, BUCKET, "a", "one").await;
        let over = try_put(&client, "a", "two").await;
        (over, get(&client, BUCKET, "a").await)
    })
    .await;
    assert_eq!(standard, (None, b"two".to_vec()));
    assert_eq!(hcp, standard);
}

#[tokio::test]
async fn metadata_of_an_object_changes_in_place_on_both() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "one").await;
        let change = client.copy_object().bucket(BUCKET).key("a");
        let change = change
            .copy_source(format!("{BUCKET}/a"))
            .metadata_directive(MetadataDirective::Replace)
            .metadata("colour", "red");
        change.send().await.unwrap();
        let head = client.head_object().bucket(BUCKET).key("a").send().await;
        head.unwrap().metadata.unwrap()["colour"].clone()
    })
    .await;
    assert_eq!(both, ["red", "red"]);
}

#[tokio::test]
async fn conditions_on_writing_are_not_read_by_hcp() {
    let both = on_both(async |_store, client| {
        keep_versions(&client).await;
        put(&client, BUCKET, "a", "one").await;
        let put = client
            .put_object()
            .bucket(BUCKET)
            .key("a")
            .if_none_match("*");
        outcome(put.send().await)
    })
    .await;
    assert_eq!(both, [refused(412, "PreconditionFailed"), None]);
}

#[tokio::test]
async fn who_comes_second_completes_nothing_where_conditions_hold() {
    let both = on_both(async |_store, client| {
        keep_versions(&client).await;
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let upload = upload.send().await.unwrap();
        let id = upload.upload_id().unwrap();
        let part = client.upload_part().bucket(BUCKET).key("a").upload_id(id);
        let part = part.part_number(1).body(ByteStream::from_static(b"late"));
        let tag = part.send().await.unwrap().e_tag.unwrap();
        put(&client, BUCKET, "a", "first").await;
        let part = CompletedPart::builder().part_number(1).e_tag(tag).build();
        let parts = CompletedMultipartUpload::builder().parts(part).build();
        let complete = client.complete_multipart_upload().bucket(BUCKET).key("a");
        let complete = complete.upload_id(id).multipart_upload(parts);
        let lost = outcome(complete.clone().if_none_match("*").send().await);
        let left = client.list_parts().bucket(BUCKET).key("a").upload_id(id);
        let left = outcome(left.send().await);
        (lost, left, outcome(complete.send().await))
    })
    .await;
    let gone = || refused(404, "NoSuchUpload");
    assert_eq!(
        both,
        [
            (refused(412, "PreconditionFailed"), None, None),
            (None, gone(), gone()),
        ]
    );
}

#[tokio::test]
async fn folders_are_items_on_hcp() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a/b/c.txt", "x").await;
        list(&client).await
    })
    .await;
    assert_eq!(keys(&standard), ["a/b/c.txt"]);
    assert_eq!(keys(&hcp), ["a/", "a/b/", "a/b/c.txt"]);
    let folder = &hcp.contents()[0];
    assert_eq!(folder.size(), Some(0));
    assert_eq!(folder.e_tag(), Some("\"d41d8cd98f00b204e9800998ecf8427e\""));
    assert_eq!(folder.owner().unwrap().id(), Some("nobody"));
    let owner = hcp.contents()[2].owner().unwrap();
    assert_eq!(owner.display_name(), Some("demo"));
}

#[tokio::test]
async fn folders_of_hcp_outlive_what_was_in_them() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a/b.txt", "x").await;
        let early = try_delete(&client, "a/").await;
        try_delete(&client, "a/b.txt").await;
        let left = keys(&list(&client).await);
        let bucket = outcome(client.delete_bucket().bucket(BUCKET).send().await);
        let folder = try_delete(&client, "a/").await;
        let again = outcome(client.delete_bucket().bucket(BUCKET).send().await);
        (early, left, bucket, folder, again)
    })
    .await;
    let gone = refused(404, "NoSuchBucket");
    assert_eq!(standard, (None, vec![], None, gone.clone(), gone));
    let full = |code| refused(409, code);
    assert_eq!(hcp.0.as_ref().map(|(status, _)| *status), Some(409));
    assert_eq!(hcp.1, ["a/"]);
    assert_eq!((hcp.2, hcp.3, hcp.4), (full("BucketNotEmpty"), None, None));
}

#[tokio::test]
async fn a_folder_of_hcp_has_no_content() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a/", "x").await;
        let head = client.head_object().bucket(BUCKET).key("a/").send().await;
        let size = head.unwrap().content_length();
        let again = try_put(&client, "a/", "x").await;
        let object = try_put(&client, "a", "x").await;
        let by_type = client
            .put_object()
            .bucket(BUCKET)
            .key("b")
            .content_type("x-directory");
        by_type.send().await.unwrap();
        let named = keys(&list(&client).await).pop();
        (try_get(&client, "a/").await, size, again, object, named)
    })
    .await;
    assert_eq!(standard, (None, Some(1), None, None, Some("b".to_owned())));
    let exists = || refused(409, "OperationAborted");
    assert_eq!(
        hcp,
        (
            refused(404, "NoSuchKey"),
            Some(0),
            exists(),
            exists(),
            Some("b/".to_owned())
        )
    );
}

#[tokio::test]
async fn an_object_of_hcp_cannot_be_a_folder_too() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        // Nothing between slashes is not a folder.
        put(&client, BUCKET, "two//slashes", "x").await;
        try_put(&client, "a/b", "x").await
    })
    .await;
    assert_eq!(both, [None, refused(409, "OperationAborted")]);
}

#[tokio::test]
async fn all_versions_of_hcp_have_numbers_and_the_oldest_comes_first() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "one").await;
        keep_versions(&client).await;
        let two = client.put_object().bucket(BUCKET).key("a").send().await;
        let two = two.unwrap().version_id.unwrap();
        let page = client.list_object_versions().bucket(BUCKET).send().await;
        let page = page.unwrap();
        let listed = page.versions().iter().filter_map(|one| one.version_id());
        let listed: Vec<String> = listed.map(str::to_owned).collect();
        (two, listed)
    })
    .await;
    assert_eq!(standard.1, [standard.0, "null".to_owned()]);
    let numbers: Vec<u64> = hcp.1.iter().map(|id| id.parse().unwrap()).collect();
    assert!(numbers.len() == 2 && numbers.is_sorted(), "{numbers:?}");
    assert_eq!(hcp.1[1], hcp.0);
}

#[tokio::test]
async fn hcp_does_not_read_the_name_of_a_version_where_none_were_kept() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "one").await;
        let read = client.get_object().bucket(BUCKET).key("a").version_id("1");
        outcome(read.send().await)
    })
    .await;
    assert_eq!(both, [refused(404, "NoSuchVersion"), None]);
}

#[tokio::test]
async fn hcp_writes_no_delete_marker_for_what_is_not_there() {
    let both = on_both(async |_store, client| {
        keep_versions(&client).await;
        let gone = client.delete_object().bucket(BUCKET).key("never");
        let marker = gone.send().await.unwrap().delete_marker;
        put(&client, BUCKET, "a", "x").await;
        let gone = client.delete_object().bucket(BUCKET).key("a");
        let of_object = gone.send().await.unwrap().delete_marker;
        let gone = client
            .delete_object()
            .bucket(BUCKET)
            .key("a")
            .version_id("x");
        (marker, of_object, outcome(gone.send().await))
    })
    .await;
    let unreadable = refused(400, "InvalidArgument");
    assert_eq!(both[0], (Some(true), Some(true), unreadable));
    assert_eq!(both[1], (None, Some(true), None));
}

#[tokio::test]
async fn a_delete_marker_as_source_is_a_missing_version_on_hcp() {
    let both = on_both(async |_store, client| {
        keep_versions(&client).await;
        put(&client, BUCKET, "a", "x").await;
        let gone = client.delete_object().bucket(BUCKET).key("a").send().await;
        let marker = gone.unwrap().version_id.unwrap();
        let copy = client.copy_object().bucket(BUCKET).key("b");
        let copy = copy.copy_source(format!("{BUCKET}/a?versionId={marker}"));
        outcome(copy.send().await)
    })
    .await;
    let standard = refused(400, "InvalidRequest");
    assert_eq!(both, [standard, refused(404, "NoSuchVersion")]);
}

#[tokio::test]
async fn deleting_many_needs_the_md5_of_the_list_on_hcp() {
    let [standard, hcp] = on_both(async |_store, client| {
        let ask = async |change: fn(&mut HttpRequest)| {
            let one = ObjectIdentifier::builder().key("a").build().unwrap();
            let list = Delete::builder().objects(one).build().unwrap();
            let delete = client.delete_objects().bucket(BUCKET).delete(list);
            let delete = delete.customize().mutate_request(change);
            outcome(delete.send().await)
        };
        let wrong = ask(|request| {
            let other = STANDARD.encode(Md5::digest("other"));
            request.headers_mut().insert("content-md5", other);
        });
        (ask(|_request| {}).await, ask(add_md5).await, wrong.await)
    })
    .await;
    let wrong = refused(400, "BadDigest");
    assert_eq!(standard, (None, None, wrong.clone()));
    assert_eq!(hcp, (refused(400, "InvalidRequest"), None, wrong));
}

#[tokio::test]
async fn cors_rules_need_their_md5_on_hcp() {
    let [standard, hcp] = on_both(async |_store, client| {
        let ask = async |change: fn(&mut HttpRequest)| {
            let rule = CorsRule::builder()
                .allowed_origins("*")
                .allowed_methods("GET");
            let rules = CorsConfiguration::builder().cors_rules(rule.build().unwrap());
            let set = client.put_bucket_cors().bucket(BUCKET);
            let set = set.cors_configuration(rules.build().unwrap());
            outcome(set.customize().mutate_request(change).send().await)
        };
        (ask(|_request| {}).await, ask(add_md5).await)
    })
    .await;
    assert_eq!(standard, (None, None));
    assert_eq!(hcp, (refused(400, "InvalidRequest"), None));
}

async fn complete(
    client: &Client,
    key: &str,
    upload: &CreateMultipartUploadOutput,
    parts: &[&str],
) -> Result<
    aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadOutput,
    SdkError<
        aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadError,
        HttpResponse,
    >,
> {
    let id = upload.upload_id.clone().unwrap();
    let mut list = CompletedMultipartUpload::builder();
    for (number, body) in (1..).zip(parts) {
        let part = client.upload_part().bucket(BUCKET).key(key);
        let part = part.upload_id(&id).part_number(number);
        let body = ByteStream::from(body.as_bytes().to_vec());
        let stored = part.body(body).send().await.unwrap();
        let tag = stored.e_tag.unwrap();
        list = list.parts(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(tag)
                .build(),
        );
    }
    let done = client.complete_multipart_upload().bucket(BUCKET).key(key);
    let done = done.upload_id(id).multipart_upload(list.build());
    done.send().await
}

#[tokio::test]
async fn hcp_tells_under_200_what_is_wrong_with_parts() {
    let [standard, hcp] = on_both(async |_store, client| {
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let upload = upload.send().await.unwrap();
        let error = complete(&client, "a", &upload, &["small", "last"]).await;
        let error = error.unwrap_err();
        let code = error.code().map(str::to_owned);
        let status = error.raw_response().unwrap().status().as_u16();
        (status, code, try_get(&client, "a").await)
    })
    .await;
    let missing = refused(404, "NoSuchKey");
    let small = Some("EntityTooSmall".to_owned());
    assert_eq!(standard, (400, small.clone(), missing.clone()));
    assert_eq!(hcp, (200, small, missing));
}

#[tokio::test]
async fn what_hcp_does_not_have_is_501() {
    let [standard, hcp] = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        let location = client.get_bucket_location().bucket(BUCKET).send().await;
        let tag = Tag::builder().key("k").value("v").build().unwrap();
        let tags = Tagging::builder().tag_set(tag).build().unwrap();
        let set = client.put_object_tagging().bucket(BUCKET).key("a");
        let set = set.tagging(tags).send().await;
        let read = client.get_object_tagging().bucket(BUCKET).key("a");
        let read = read.send().await;
        let clear = client.delete_object_tagging().bucket(BUCKET).key("a");
        let clear = clear.send().await;
        let part = client.get_object().bucket(BUCKET).key("a").part_number(1);
        let part = part.send().await;
        [
            outcome(location),
            outcome(set),
            outcome(read),
            outcome(clear),
            outcome(part),
        ]
    })
    .await;
    assert_eq!(standard, [const { None }; 5]);
    let missing = || refused(501, "NotImplemented");
    assert_eq!(hcp, std::array::from_fn(|_| missing()));
}

#[tokio::test]
async fn names_of_metadata_are_elements_of_xml_on_hcp() {
    let [standard, hcp] = on_both(async |_store, client| {
        let put = client.put_object().bucket(BUCKET).key("a");
        let put = put.metadata("a~b!c", "1").metadata("empty", "");
        put.send().await.unwrap();
        let head = client.head_object().bucket(BUCKET).key("a").send().await;
        let mut metadata: Vec<_> = head.unwrap().metadata.unwrap().into_iter().collect();
        metadata.sort_unstable();
        metadata
    })
    .await;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(standard, [pair("a~b!c", "1"), pair("empty", "")]);
    assert_eq!(hcp, [pair("a_b_c", "1")]);
}

#[tokio::test]
async fn hcp_tells_of_retention_where_there_is_none() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        protection(&client, "a").await
    })
    .await;
    assert_eq!(both[0], Vec::<(String, String)>::new());
    let expected = [
        ("x-hcp-labelretentionhold", "false"),
        ("x-hcp-retention", "0"),
        ("x-hcp-retentionhold", "false"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(both[1], expected);
}

/// The headers in which a HEAD tells of retention and holds.
async fn protection(client: &Client, key: &str) -> Vec<(String, String)> {
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let head = client.head_object().bucket(BUCKET).key(key).customize();
    head.interceptor(Watch(notes)).send().await.unwrap();
    let told = told.lock().unwrap();
    told.clone()
}

#[tokio::test]
async fn on_both_the_labels_of_holds_are_told_to_those_who_may_lift_them() {
    let [standard, hcp] = on_both(async |store, client| {
        let label = r#"[{"id":"case-7","hold":true}]"#;
        let put = client.put_object().bucket(BUCKET).key("a").customize();
        let put = put.mutate_request(move |request| {
            request
                .headers_mut()
                .insert("x-hcp-labelretentionhold", label);
        });
        put.send().await.unwrap();
        store.user("demo", "second", PASSWORD).await;
        let second = store.client_of("second", PASSWORD, &store.by_address());
        let grant = client.put_bucket_acl().bucket(BUCKET);
        let everybody = "uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
        grant.grant_read(everybody).send().await.unwrap();
        (
            protection(&client, "a").await,
            protection(&second, "a").await,
        )
    })
    .await;
    assert_eq!(standard, hcp);
    let names = ("x-hcp-labelretentionhold-labels", r#"["case-7"]"#);
    let names = (names.0.to_owned(), names.1.to_owned());
    assert!(hcp.0.contains(&names), "{:?}", hcp.0);
    assert_eq!((hcp.0.len(), hcp.1.len()), (4, 3));
}

/// Keeps the headers of HCP's own that an answer has.
#[derive(Debug)]
struct Watch(Arc<std::sync::Mutex<Vec<(String, String)>>>);

impl aws_sdk_s3::config::Intercept for Watch {
    fn name(&self) -> &'static str {
        "watch"
    }

    fn read_after_transmit(
        &self,
        context: &aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef<'_>,
        _components: &aws_sdk_s3::config::RuntimeComponents,
        _config: &mut aws_sdk_s3::config::ConfigBag,
    ) -> Result<(), aws_sdk_s3::error::BoxError> {
        let headers = context.response().headers().iter();
        let own = headers.filter(|(name, _)| name.starts_with("x-hcp-"));
        let mut told: Vec<_> = own
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        told.sort_unstable();
        *self.0.lock().unwrap() = told;
        Ok(())
    }
}

/// What the two profiles have in common, though it differs from other stores.
#[tokio::test]
async fn on_both_one_sees_own_buckets_alone_and_may_make_them_again() {
    let both = on_both(async |store, client| {
        store.user("demo", "second", PASSWORD).await;
        let second = store.client_of("second", PASSWORD, &store.by_address());
        let again = outcome(client.create_bucket().bucket(BUCKET).send().await);
        let taken = outcome(second.create_bucket().bucket(BUCKET).send().await);
        let seen = second.list_buckets().send().await.unwrap().buckets().len();
        (again, taken, seen)
    })
    .await;
    let taken = refused(409, "BucketAlreadyExists");
    assert_eq!(both, [(None, taken.clone(), 0), (None, taken, 0)]);
}

#[tokio::test]
async fn on_both_pages_of_parts_and_uploads_have_1000_at_most() {
    let both = on_both(async |_store, client| {
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let id = upload.send().await.unwrap().upload_id.unwrap();
        let parts = client.list_parts().bucket(BUCKET).key("a").upload_id(id);
        let parts = outcome(parts.max_parts(1_001).send().await);
        let uploads = client.list_multipart_uploads().bucket(BUCKET);
        let uploads = outcome(uploads.max_uploads(1_001).send().await);
        let objects = client.list_objects_v2().bucket(BUCKET).max_keys(5_000);
        let objects = objects.send().await.unwrap().max_keys();
        (parts, uploads, objects)
    })
    .await;
    let over = || refused(400, "InvalidArgument");
    let expected = || (over(), over(), Some(1_000));
    assert_eq!(both, [expected(), expected()]);
}

#[tokio::test]
async fn on_both_an_unknown_canned_acl_is_501_and_400_as_a_document() {
    let both = on_both(async |_store, client| {
        let acl = "public".into();
        let put = client.put_object().bucket(BUCKET).key("a").acl(acl);
        let put = outcome(put.send().await);
        let set = client.put_bucket_acl().bucket(BUCKET).acl("public".into());
        (put, outcome(set.send().await))
    })
    .await;
    let expected = || {
        (
            refused(501, "NotImplemented"),
            refused(400, "InvalidArgument"),
        )
    };
    assert_eq!(both, [expected(), expected()]);
}

#[tokio::test]
async fn metadata_of_a_part_is_refused_by_hcp() {
    let both = on_both(async |_store, client| {
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let id = upload.send().await.unwrap().upload_id.unwrap();
        let part = client.upload_part().bucket(BUCKET).key("a");
        let part = part.upload_id(id).part_number(1).customize();
        let part = part.mutate_request(|request| {
            request.headers_mut().insert("x-amz-meta-colour", "red");
        });
        outcome(part.send().await)
    })
    .await;
    assert_eq!(both, [None, refused(400, "InvalidArgument")]);
}

#[tokio::test]
async fn opposite_conditions_are_refused_by_hcp() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        let read = client.get_object().bucket(BUCKET).key("a");
        let read = read.if_match("*").if_none_match("\"other\"");
        outcome(read.send().await)
    })
    .await;
    assert_eq!(both, [None, refused(400, "InvalidArgument")]);
}

#[tokio::test]
async fn a_completion_must_say_on_hcp_that_it_is_xml() {
    let both = on_both(async |_store, client| {
        let upload = client.create_multipart_upload().bucket(BUCKET).key("a");
        let id = upload.send().await.unwrap().upload_id.unwrap();
        let part = client.upload_part().bucket(BUCKET).key("a");
        let part = part.upload_id(&id).part_number(1).send().await.unwrap();
        let part = CompletedPart::builder()
            .part_number(1)
            .set_e_tag(part.e_tag);
        let list = CompletedMultipartUpload::builder().parts(part.build());
        let done = client.complete_multipart_upload().bucket(BUCKET).key("a");
        let done = done.upload_id(id).multipart_upload(list.build());
        let done = done.customize().mutate_request(|request| {
            request.headers_mut().remove("content-type");
        });
        outcome(done.send().await)
    })
    .await;
    assert_eq!(both, [None, refused(400, "InvalidRequest")]);
}

#[tokio::test]
async fn a_delete_has_a_condition_where_writes_have() {
    let both = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        let other = client.delete_object().bucket(BUCKET).key("a");
        let refusal = outcome(other.if_match("\"other\"").send().await);
        let there = client.head_object().bucket(BUCKET).key("a").send().await;
        (refusal, there.is_ok())
    })
    .await;
    assert_eq!(
        both,
        [(refused(412, "PreconditionFailed"), true), (None, false)]
    );
    let own = on_both(async |_store, client| {
        put(&client, BUCKET, "a", "x").await;
        let there = client.head_object().bucket(BUCKET).key("a").send().await;
        let etag = there.unwrap().e_tag.unwrap();
        let absent = client.delete_object().bucket(BUCKET).key("absent");
        let absent = outcome(absent.if_match(&etag).send().await);
        let own = client.delete_object().bucket(BUCKET).key("a");
        let own = outcome(own.if_match(etag).send().await);
        let gone = client.head_object().bucket(BUCKET).key("a").send().await;
        (absent, own, gone.is_err())
    })
    .await;
    assert_eq!(own, [(None, None, true), (None, None, true)]);
}
