//! The policy of an upload by form: who signed it, until when, and what it lets the form say.

use std::{collections::BTreeMap, ops::RangeInclusive};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac};
use s3s::{
    S3Error, S3Result,
    auth::S3Auth as _,
    post_policy::{PostPolicy, PostPolicyCondition},
    s3_error,
};
use sha1::Sha1;
use time::OffsetDateTime;

use super::{
    auth::{CALL, Keys},
    signature::key_of_credential,
    signature_v4::{Scope, same},
};

/// The fields of a form before its file, by their names in lower case.
pub(super) type Fields = BTreeMap<String, String>;

/// A signature and what was needed to make it.
enum Signature<'a> {
    V2 {
        key: &'a str,
        signature: &'a str,
    },
    V4 {
        credential: &'a str,
        signature: &'a str,
    },
}

impl<'a> Signature<'a> {
    /// The one that the fields carry; of two, that of version 2, as on HCP.
    fn of(fields: &'a Fields) -> S3Result<Option<Self>> {
        let field = |name: &str| fields.get(name).map(String::as_str);
        if let (Some(key), Some(signature)) = (field("awsaccesskeyid"), field("signature")) {
            return Ok(Some(Self::V2 { key, signature }));
        }
        let Some(signature) = field("x-amz-signature") else {
            return match field("signature") {
                Some(_) => Err(missing("AWSAccessKeyId")),
                None => Ok(None),
            };
        };
        if field("x-amz-algorithm") != Some("AWS4-HMAC-SHA256") {
            return Err(s3_error!(
                InvalidArgument,
                "The field x-amz-algorithm must be AWS4-HMAC-SHA256."
            ));
        }
        field("x-amz-date").ok_or_else(|| missing("x-amz-date"))?;
        let credential = field("x-amz-credential").ok_or_else(|| missing("x-amz-credential"))?;
        Ok(Some(Self::V4 {
            credential,
            signature,
        }))
    }

    fn key(&self) -> S3Result<&'a str> {
        match self {
            Self::V2 { key, .. } => Ok(key),
            Self::V4 { credential, .. } => key_of_credential(credential).ok_or_else(bad_credential),
        }
    }

    /// Whether it was made of the policy, as it stands in the form, by `secret`.
    fn verify(&self, secret: &str, policy: &str) -> S3Result<()> {
        let good = match self {
            Self::V2 { signature, .. } => {
                let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).map_err(internal)?;
                mac.update(policy.as_bytes());
                STANDARD
                    .decode(signature)
                    .is_ok_and(|given| mac.verify_slice(&given).is_ok())
            }
            Self::V4 {
                credential,
                signature,
            } => {
                let scope = Scope::of(credential).ok_or_else(bad_credential)?;
                same(&scope.sign(secret, policy)?, signature)
            }
        };
        if good {
            Ok(())
        } else {
            Err(s3_error!(
                SignatureDoesNotMatch,
                "The signature of the policy does not match the signature you provided."
            ))
        }
    }
}

fn internal<E>(_a_key_of_any_length_will_do: E) -> S3Error {
    s3_error!(InternalError)
}

fn missing(field: &str) -> S3Error {
    s3_error!(
        InvalidArgument,
        "A signed form needs the field {field}, before its file."
    )
}

fn bad_credential() -> S3Error {
    s3_error!(
        InvalidArgument,
        "The field x-amz-credential is not of the form key/date/region/s3/aws4_request."
    )
}

/// Which sizes a file may have, in bytes.
pub(super) type Sizes = RangeInclusive<u64>;

/// Proves who signed the form, and that its policy allows what it says. A form without signature and
/// policy proves nothing and is allowed to say anything: then the bucket's grants decide.
pub(super) async fn authorize(
    keys: &Keys,
    fields: &Fields,
    bucket: &str,
    now: OffsetDateTime,
) -> S3Result<Option<Sizes>> {
    let policy = fields.get("policy");
    let (signature, encoded) = match (Signature::of(fields)?, policy) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(missing("policy")),
        (None, Some(_)) => return Err(missing("signature")),
        (Some(signature), Some(policy)) => (signature, policy),
    };
    let secret = keys.get_secret_key(signature.key()?).await?;
    signature.verify(secret.expose(), encoded)?;
    let policy = PostPolicy::from_base64(encoded).map_err(|_unreadable| {
        s3_error!(
            InvalidPolicyDocument,
            "The policy of the form cannot be read."
        )
    })?;
    if now >= OffsetDateTime::from(policy.expiration.clone()) {
        return Err(refused("Policy expired."));
    }
    check_conditions(&policy.conditions, fields, bucket)?;
    CALL.try_with(super::auth::Call::prove).map_err(internal)?;
    Ok(sizes(&policy.conditions))
}

fn check_conditions(
    conditions: &[PostPolicyCondition],
    fields: &Fields,
    bucket: &str,
) -> S3Result<()> {
    let value = |field: &str| match field {
        "bucket" => bucket,
        field => fields.get(field).map_or("", String::as_str),
    };
    for condition in conditions {
        let (field, met) = match condition {
            PostPolicyCondition::Eq {
                field,
                value: wanted,
            } => (field, value(field) == wanted),
            PostPolicyCondition::StartsWith { field, prefix } => {
                (field, value(field).starts_with(prefix.as_str()))
            }
            PostPolicyCondition::ContentLengthRange { .. } => continue,
        };
        if !met {
            return Err(refused(&format!(
                "Policy Condition failed for the field {field}."
            )));
        }
    }
    let covered = |name: &str| {
        conditions.iter().any(|condition| match condition {
            PostPolicyCondition::Eq { field, .. }
            | PostPolicyCondition::StartsWith { field, .. } => field == name,
            PostPolicyCondition::ContentLengthRange { .. } => false,
        })
    };
    let exempt = |name: &str| {
        matches!(
            name,
            "policy" | "signature" | "awsaccesskeyid" | "x-amz-signature"
        ) || name.starts_with("x-ignore-")
    };
    match fields.keys().find(|name| !exempt(name) && !covered(name)) {
        Some(name) => Err(refused(&format!("Extra input field: {name}."))),
        None => Ok(()),
    }
}

/// The sizes that all conditions allow.
fn sizes(conditions: &[PostPolicyCondition]) -> Option<Sizes> {
    conditions
        .iter()
        .filter_map(|condition| match condition {
            PostPolicyCondition::ContentLengthRange { min, max } => Some(*min..=*max),
            _ => None,
        })
        .reduce(|all, one| *all.start().max(one.start())..=*all.end().min(one.end()))
}

fn refused(reason: &str) -> S3Error {
    s3_error!(AccessDenied, "Invalid according to Policy: {reason}")
}
