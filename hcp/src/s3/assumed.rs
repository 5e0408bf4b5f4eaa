//! Keys for one bucket and a while, from stores that have a security token service (`AssumeRole`, at the address of
//! S3: `MinIO`, Ceph, `RustFS`).

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as AwsCredentials;
use aws_sdk_s3::config::{BehaviorVersion, Region, SharedCredentialsProvider, retry::RetryConfig};
use aws_sdk_sts::Client;
use model::{BucketName, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{S3, translate};
use crate::{Error, ErrorKind, Resource, s3::Keys};

/// These stores read no role, and AWS's protocol wants one.
const ROLE: &str = "arn:aws:iam::000000000000:role/hako";

/// Keys that somebody else made of one's own.
#[derive(Debug)]
pub struct AssumedKeys {
    /// Access key and secret.
    pub keys: Keys,
    /// What goes with each request that they sign.
    pub session_token: SecretString,
    /// When they end.
    pub expires_at: Timestamp,
}

impl S3 {
    /// Makes keys that open nothing but one prefix of one bucket (empty: all of it), for 15 minutes to 12 hours, and
    /// never more than the caller's own.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where the store has no such service.
    pub async fn assume(
        &self,
        bucket: &BucketName,
        prefix: &str,
        life: Duration,
    ) -> Result<AssumedKeys, Error> {
        let identity = &*self.identity;
        let resource = Resource::Bucket(bucket.clone());
        let secret = identity.secret.as_ref();
        let secret = secret.ok_or_else(|| Error::new(ErrorKind::NotSupported, resource.clone()))?;
        let own = AwsCredentials::new(
            identity.access_key.as_str(),
            secret.expose_secret(),
            None,
            None,
            "session",
        );
        let mut config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(identity.region.clone()))
            .endpoint_url(identity.endpoint.as_str().trim_end_matches('/'))
            .credentials_provider(SharedCredentialsProvider::new(own))
            .retry_config(RetryConfig::disabled());
        config.set_http_client(self.client.config().http_client());
        let call = Client::from_conf(config.build())
            .assume_role()
            .role_arn(ROLE)
            .role_session_name("hako")
            .policy(policy(bucket, prefix))
            .duration_seconds(i32::try_from(life.as_secs()).unwrap_or(i32::MAX));
        let answer = tokio::time::timeout(identity.timeout, Box::pin(call.send()))
            .await
            .map_err(|_elapsed| Error::timed_out(resource.clone(), identity.timeout))?
            .map_err(|error| without_service(translate::error(resource.clone(), error)))?;
        let made = answer.credentials.ok_or_else(|| {
            Error::new(ErrorKind::NotSupported, resource.clone()).caused_by("no keys came")
        })?;
        let expires_at = SystemTime::try_from(made.expiration)
            .ok()
            .and_then(|at| {
                Timestamp::from_unix_seconds(time::OffsetDateTime::from(at).unix_timestamp())
            })
            .ok_or_else(|| Error::new(ErrorKind::Unexpected, resource))?;
        Ok(AssumedKeys {
            keys: Keys {
                access_key: made.access_key_id,
                secret_key: SecretString::from(made.secret_access_key),
            },
            session_token: SecretString::from(made.session_token),
            expires_at,
        })
    }
}

/// A store without the service says so in many ways: it takes the call for one of S3, with nothing of it to be found
/// or done. What says that the store or the caller is at fault stays.
fn without_service(error: Error) -> Error {
    let stays = matches!(
        error.kind(),
        ErrorKind::Denied
            | ErrorKind::Unauthenticated
            | ErrorKind::Unreachable
            | ErrorKind::TimedOut
            | ErrorKind::Busy
            | ErrorKind::StoreFailed
    );
    if stays {
        error
    } else {
        error.with_kind(ErrorKind::NotSupported)
    }
}

/// What the keys open: a policy in the language of IAM.
fn policy(bucket: &BucketName, prefix: &str) -> String {
    let all = format!("arn:aws:s3:::{bucket}");
    let mut listing = json!({
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"],
        "Resource": [all],
    });
    // A pattern: what stands for itself in it has to be said so.
    let literal = prefix
        .replace('$', "${$}")
        .replace('*', "${*}")
        .replace('?', "${?}");
    if !prefix.is_empty() {
        listing["Condition"] = json!({"StringLike": {"s3:prefix": [format!("{literal}*")]}});
    }
    json!({
        "Version": "2012-10-17",
        "Statement": [
            listing,
            {"Effect": "Allow", "Action": ["s3:GetBucketLocation"], "Resource": [all]},
            {
                "Effect": "Allow",
                "Action": [
                    "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject",
                    "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:ListMultipartUploadParts", "s3:PutObject",
                    "s3:PutObjectTagging",
                ],
                "Resource": [format!("{all}/{literal}*")],
            },
        ],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_one_bucket_and_prefix() {
        let bucket = BucketName::parse("data").unwrap();
        let read = |prefix| -> serde_json::Value {
            serde_json::from_str(&policy(&bucket, prefix)).unwrap()
        };
        let whole = read("");
        assert_eq!(whole["Statement"][0].get("Condition"), None);
        assert_eq!(whole["Statement"][2]["Resource"][0], "arn:aws:s3:::data/*");
        let one = read("a*/");
        assert_eq!(
            one["Statement"][0]["Condition"]["StringLike"]["s3:prefix"][0],
            "a${*}/*"
        );
        assert_eq!(
            one["Statement"][2]["Resource"][0],
            "arn:aws:s3:::data/a${*}/*"
        );
        for statement in one["Statement"].as_array().unwrap() {
            let resource = statement["Resource"][0].as_str().unwrap();
            assert!(resource == "arn:aws:s3:::data" || resource.starts_with("arn:aws:s3:::data/a"));
        }
    }
}
