//! Signing in: `POST /api/v1/auth/token`, and by keys in place of a password.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{TenantName, Username, endpoint::Endpoint, id::InvalidTenantName, problem::FieldError};

/// The `OAuth2` password form, with a tenant.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenRequest {
    /// The user name, or `tenant/username`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub username: String,
    /// The password.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1, format = Password))]
    pub password: String,
    /// The tenant; absent or blank for the system level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = r"^\s*([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)?\s*$")
    )]
    pub tenant: Option<String>,
    /// Only `password` is allowed when given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(pattern = "^password$"))]
    pub grant_type: Option<String>,
    /// The bucket that is meant where a call of the service `s3-storage` names no workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest")
            .field("username", &self.username)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

/// A bearer token.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenResponse {
    /// The token; hides what it carries.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: String,
    /// Seconds until it ends.
    pub expires_in: u64,
}

/// `POST /auth/keys`: a token for whoever has an account's S3 keys.
#[derive(Clone, Debug)]
pub struct SignInByKeys(pub KeyProof);

/// The body of [`SignInByKeys`].
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyProof {
    /// The access key.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub access_key_id: String,
    /// The secret key.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, format = Password))]
    pub secret_access_key: String,
    /// The tenant, where the access key does not tell it; absent or blank for the system level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = r"^\s*([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)?\s*$")
    )]
    pub tenant: Option<String>,
}

impl std::fmt::Debug for KeyProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyProof")
            .field("access_key_id", &self.access_key_id)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

impl Endpoint for SignInByKeys {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/auth/keys";
    type Body = KeyProof;
    type Response = TokenResponse;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&KeyProof> {
        Some(&self.0)
    }
}

/// Who wants to sign in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The tenant; `None` is the system level.
    pub tenant: Option<TenantName>,
    /// The user within it.
    pub username: Username,
}

/// Why a sign-in form cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginFault {
    /// The tenant's name breaks its rule.
    Tenant(InvalidTenantName),
    /// Fields are missing or wrong.
    Fields(Vec<FieldError>),
}

impl TokenRequest {
    /// Finds tenant and user: the `tenant` field wins; else what stands before the first `/` of the
    /// user name; else the system level.
    pub fn login(&self) -> Result<Login, LoginFault> {
        let missing = |field: &str| FieldError {
            kind: "missing".to_owned(),
            loc: vec!["body".to_owned(), field.to_owned()],
            msg: "Field required".to_owned(),
        };
        let mut faults = Vec::new();
        if self.username.is_empty() {
            faults.push(missing("username"));
        }
        if self.password.is_empty() {
            faults.push(missing("password"));
        }
        if self.grant_type.as_deref().is_some_and(|g| g != "password") {
            faults.push(FieldError::body("grant_type", "only `password` is allowed"));
        }
        if !faults.is_empty() {
            return Err(LoginFault::Fields(faults));
        }
        let (tenant, username) = match self.tenant.as_deref().map(str::trim) {
            Some(tenant) if !tenant.is_empty() => (Some(tenant), self.username.as_str()),
            _ => match self.username.split_once('/') {
                Some((tenant, user)) if !tenant.trim().is_empty() => (Some(tenant.trim()), user),
                Some((_, user)) => (None, user),
                None => (None, self.username.as_str()),
            },
        };
        let tenant = match tenant {
            Some(tenant) => Some(TenantName::parse(tenant).map_err(LoginFault::Tenant)?),
            None => None,
        };
        let username = Username::parse(username)
            .map_err(|e| LoginFault::Fields(vec![FieldError::body("username", e.to_string())]))?;
        Ok(Login { tenant, username })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(username: &str, tenant: Option<&str>) -> Result<(Option<String>, String), LoginFault> {
        let request = TokenRequest {
            username: username.to_owned(),
            password: "x".to_owned(),
            tenant: tenant.map(str::to_owned),
            grant_type: None,
            workspace: None,
        };
        request
            .login()
            .map(|l| (l.tenant.map(String::from), l.username.into()))
    }

    #[test]
    fn the_tenant_is_found_in_the_documented_order() {
        let some = |t: &str, u: &str| Ok((Some(t.to_owned()), u.to_owned()));
        assert_eq!(login("x/u", Some("mock")), some("mock", "x/u"));
        assert_eq!(login("u", Some(" mock ")), some("mock", "u"));
        assert_eq!(login("a/b/c", None), some("a", "b/c"));
        assert_eq!(login("a/b", Some("  ")), some("a", "b"));
        assert_eq!(login("/u", None), Ok((None, "u".to_owned())));
        assert_eq!(login("u", None), Ok((None, "u".to_owned())));
    }

    #[test]
    fn an_empty_user_name_is_refused() {
        assert!(matches!(login("mock/", None), Err(LoginFault::Fields(_))));
        assert!(matches!(login("", None), Err(LoginFault::Fields(_))));
        assert!(matches!(
            login("u", Some("a.b")),
            Err(LoginFault::Tenant(_))
        ));
        assert!(matches!(
            login("u", Some("127.0.0.1:1234#")),
            Err(LoginFault::Tenant(_))
        ));
    }

    #[test]
    fn a_password_is_never_printed() {
        let request = TokenRequest {
            password: "hunter2".to_owned(),
            ..TokenRequest::default()
        };
        assert!(!format!("{request:?}").contains("hunter2"));
        let proof = KeyProof {
            secret_access_key: "hunter2".to_owned(),
            ..KeyProof::default()
        };
        assert!(!format!("{:?}", SignInByKeys(proof)).contains("hunter2"));
    }
}
