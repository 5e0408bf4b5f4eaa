//! The presigner of the AWS SDK, used as its documentation says.

use std::time::Duration;

use anyhow::{Context as _, Result};
use aws_credential_types::Credentials;
use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Region},
    presigning::PresigningConfig,
};

use crate::endpoint::Account;

/// Signs for the parts of one upload.
pub(crate) struct Presigner {
    client: Client,
    settings: PresigningConfig,
    bucket: String,
    key: String,
}

impl Presigner {
    /// For an object of the store at `base`.
    pub(crate) fn new(base: &str, account: Account, bucket: &str, key: &str) -> Result<Self> {
        let keys = Credentials::from_keys(account.access_key, account.secret_key, None);
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(account.region))
            .endpoint_url(base)
            .force_path_style(true)
            .credentials_provider(keys)
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            settings: PresigningConfig::expires_in(Duration::from_hours(1))?,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }

    /// The URL for one part.
    pub(crate) async fn part(&self, part: i32) -> Result<String> {
        let request = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(&self.key)
            // As long as the ids of the local HCP.
            .upload_id("0123456789abcdef0123456789abcdef")
            .part_number(part);
        let signed = request.presigned(self.settings.clone()).await;
        let signed = signed.context("the SDK does not sign")?;
        Ok(signed.uri().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_sdk_signs_for_the_part() {
        let account = Account {
            access_key: "key".to_owned(),
            secret_key: "secret".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let presigner = Presigner::new("http://127.0.0.1:1", account, "bucket", "a/b").unwrap();
        let url = presigner.part(7).await.unwrap();
        assert!(url.starts_with("http://127.0.0.1:1/bucket/a/b?"), "{url}");
        assert!(url.contains("partNumber=7"), "{url}");
        assert!(url.contains("X-Amz-Signature="), "{url}");
    }
}
