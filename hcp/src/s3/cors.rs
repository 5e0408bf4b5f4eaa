//! The CORS rules of a bucket.

use aws_sdk_s3::types::{CorsConfiguration as SdkRules, CorsRule as SdkRule};
use model::{
    BucketName,
    cors::{CorsConfiguration, CorsRule, CorsRules},
    id::fits_xml,
};

use super::{S3, content_md5::ContentMd5, translate};
use crate::{Error, Resource};

impl S3 {
    /// A bucket's rules.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where it has none.
    pub async fn cors(&self, bucket: &BucketName) -> Result<CorsRules, Error> {
        let call = self.client.get_bucket_cors().bucket(bucket.as_str()).send();
        let resource = Resource::Bucket(bucket.clone());
        let answer = self.limited(resource.clone(), call).await?;
        let rules = answer
            .cors_rules
            .ok_or_else(|| translate::incomplete(resource, "not a CORS document"))?;
        Ok(CorsRules {
            cors_rules: rules.into_iter().map(shown).collect(),
        })
    }

    /// Replaces a bucket's rules.
    pub async fn set_cors(
        &self,
        bucket: &BucketName,
        rules: &CorsConfiguration,
    ) -> Result<(), Error> {
        let resource = Resource::Bucket(bucket.clone());
        let mut ids = rules
            .cors_rules
            .iter()
            .filter_map(|rule| rule.id.as_deref());
        // A store that takes them could never tell them again.
        if !ids.all(fits_xml) {
            return Err(translate::invalid(
                resource,
                "an ID with control characters",
            ));
        }
        let invalid = |error| translate::invalid(resource.clone(), error);
        let written = rules
            .cors_rules
            .iter()
            .map(written)
            .collect::<Result<Vec<_>, _>>()
            .map_err(invalid)?;
        let document = SdkRules::builder()
            .set_cors_rules(Some(written))
            .build()
            .map_err(invalid)?;
        let call = self
            .client
            .put_bucket_cors()
            .bucket(bucket.as_str())
            .cors_configuration(document)
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(resource, call).await?;
        Ok(())
    }

    /// Removes a bucket's rules.
    pub async fn delete_cors(&self, bucket: &BucketName) -> Result<(), Error> {
        let call = self
            .client
            .delete_bucket_cors()
            .bucket(bucket.as_str())
            .send();
        self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(())
    }
}

fn shown(rule: SdkRule) -> CorsRule {
    CorsRule {
        id: rule.id,
        allowed_headers: rule.allowed_headers,
        allowed_methods: Some(rule.allowed_methods),
        allowed_origins: Some(rule.allowed_origins),
        expose_headers: rule.expose_headers,
        max_age_seconds: rule.max_age_seconds,
    }
}

fn written(rule: &CorsRule) -> Result<SdkRule, aws_smithy_types::error::operation::BuildError> {
    SdkRule::builder()
        .set_id(rule.id.clone())
        .set_allowed_headers(rule.allowed_headers.clone())
        .set_allowed_methods(Some(rule.allowed_methods.clone().unwrap_or_default()))
        .set_allowed_origins(Some(rule.allowed_origins.clone().unwrap_or_default()))
        .set_expose_headers(rule.expose_headers.clone())
        .set_max_age_seconds(rule.max_age_seconds)
        .build()
}
