//! How a browser reaches the store, seen from the address by which it reached Hako.

use hcp::AuthType;
use model::{
    ErrorCode, TenantName,
    session::{
        Backend, Features, Level, ObjectFeatures, Session as FactSheet, UploadRoute, UploadSettings,
    },
    unit::MB,
    upload::PartPlan,
};
use url::Url;

use super::rights::Known;
use crate::{
    Error,
    config::{Config, LocalProfile, is_loopback_host},
    session::{Claims, Session},
    state::AppState,
    web::guard::RequestHost,
};

/// The longest key that the local HCP (and most stores) hold, in bytes.
const S3_MAX_KEY_BYTES: usize = 1_024;

/// Where presigned requests come to that are passed on to the store.
pub const PASSED_ON: &str = "/s3/";

/// The store's address for the caller's browser; `None` is the endpoint that the server itself uses.
pub fn public_base(state: &AppState, host: &RequestHost) -> Option<Url> {
    if let Some(url) = &state.config().s3_public_url {
        return Some(url.clone());
    }
    let port = state.embedded_s3()?.port();
    Url::parse(&format!("http://{}:{port}", host.name())).ok()
}

/// The console's public address, or the one by which it was called; without a slash at its end.
pub fn own_base(state: &AppState, host: &RequestHost) -> String {
    let config = state.config();
    let origin = match &config.public_url {
        Some(public) => public.origin().ascii_serialization(),
        None => format!("{}://{}", state.hosts().scheme(), host.as_str()),
    };
    origin + &config.root
}

/// The store's address as clients outside reach it; without a slash at its end.
///
/// # Errors
/// As of [`Session::s3`].
pub fn endpoint(state: &AppState, session: &Session, host: &RequestHost) -> Result<String, Error> {
    let endpoint = match public_base(state, host) {
        Some(base) => base.to_string(),
        None => session.s3(state)?.endpoint().to_string(),
    };
    Ok(endpoint.trim_end_matches('/').to_owned())
}

/// At which address presigned URLs are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// The store's, as the caller reaches it.
    Store,
    /// The store's, as this server reaches it.
    Internal,
    /// Hako's own, which passes on to the store.
    Hako,
}

impl Address {
    /// What was asked for, or else what the deployment has.
    pub fn asked(config: &Config, use_proxy: Option<bool>, use_local_url: bool) -> Self {
        match (use_proxy, use_local_url) {
            (Some(true), _) => Self::Hako,
            (_, true) => Self::Internal,
            (None, false) if config.presigned == UploadRoute::Hako => Self::Hako,
            (Some(false) | None, false) => Self::Store,
        }
    }
}

/// Signs URLs for the caller.
///
/// # Errors
/// 501 where the account has nothing to sign with.
pub fn presigner(
    state: &AppState,
    session: &Session,
    host: &RequestHost,
    address: Address,
) -> Result<hcp::Presigner, Error> {
    signs(state)?;
    let base = match address {
        Address::Store => public_base(state, host),
        Address::Internal | Address::Hako => None,
    };
    let s3 = session.s3(state)?;
    let presigner = s3.presigner(base.as_ref(), state.now().inner())?;
    if address != Address::Hako {
        return Ok(presigner);
    }
    let own = format!("{}{PASSED_ON}", own_base(state, host));
    let own = Url::parse(&own).map_err(|_invalid| Error::InvalidHost)?;
    let tenant = session.claims.credentials.tenant.as_ref();
    Ok(presigner.passed_on_by(state.store().passed_on(&own, tenant)))
}

/// Refuses where the account has nothing to sign with.
///
/// # Errors
/// 501.
pub fn signs(state: &AppState) -> Result<(), Error> {
    if can_presign(state) {
        Ok(())
    } else {
        Err(no_keys())
    }
}

/// Why an account cannot sign.
pub fn no_keys() -> Error {
    Error::Refused {
        status: http::StatusCode::NOT_IMPLEMENTED,
        code: ErrorCode::NotSupported,
        detail: "Accounts of Active Directory have no keys to sign URLs with.".to_owned(),
    }
}

/// Whether the browser can reach the store by itself.
pub fn upload_route(state: &AppState, host: &RequestHost) -> UploadRoute {
    let config = state.config();
    if config.hcp.auth == AuthType::Ad && config.backend.is_hcp() {
        return UploadRoute::Hako;
    }
    if config.presigned == UploadRoute::Hako {
        return UploadRoute::Hako;
    }
    if config.s3_public_url.is_some() {
        return UploadRoute::Direct;
    }
    let Some(listener) = state.embedded_s3() else {
        return UploadRoute::Direct;
    };
    let shut_out = listener.ip().is_loopback() && !is_loopback_host(host.name());
    if state.hosts().is_https() || shut_out {
        UploadRoute::Hako
    } else {
        UploadRoute::Direct
    }
}

/// The longest key that the backend holds, in bytes.
pub fn max_key_bytes(state: &AppState) -> usize {
    match state.config().backend {
        Backend::Hcp => model::ObjectKey::MAX_BYTES,
        Backend::Embedded | Backend::Minio | Backend::Generic => S3_MAX_KEY_BYTES,
    }
}

/// Whether the store keeps `If-None-Match: *` of a PUT and of a completion, and reads `If-Match` of a DELETE
/// or leaves it alone. HCP ignores them, and of a store that is not known nobody can tell.
pub fn writes_conditionally(config: &Config) -> bool {
    match config.backend {
        Backend::Embedded => config.embedded.profile == LocalProfile::Standard,
        Backend::Minio => true,
        Backend::Hcp | Backend::Generic => false,
    }
}

/// Whether a presigned PUT may bring metadata in its URL. A store that does not know it leaves it alone; what a real
/// HCP makes of it is not known.
pub fn takes_metadata_of_urls(config: &Config) -> bool {
    !matches!(config.backend, Backend::Hcp)
}

/// Whether the store is known to keep it.
pub fn keeps_metadata_of_urls(config: &Config) -> bool {
    matches!(config.backend, Backend::Embedded)
}

/// What an object can be given when it is stored. HCP keeps no tags; `MinIO` takes canned lists and
/// forgets them; retention of S3 is another than HCP's.
pub fn object_features(config: &Config) -> ObjectFeatures {
    let hcp = config.backend.is_hcp();
    ObjectFeatures {
        tags: match config.backend {
            Backend::Embedded => config.embedded.profile == LocalProfile::Standard,
            Backend::Minio | Backend::Generic => true,
            Backend::Hcp => false,
        },
        acl: hcp || config.backend == Backend::Generic,
        retention: hcp,
        lock: !hcp,
        annotations: match config.backend {
            Backend::Embedded => true,
            // Namespaces have hosts of their own below it.
            Backend::Hcp => config.hcp.domain.is_some(),
            Backend::Minio | Backend::Generic => false,
        },
        metadata_as_xml: match config.backend {
            Backend::Embedded => config.embedded.profile == LocalProfile::Hcp,
            Backend::Hcp => true,
            Backend::Minio | Backend::Generic => false,
        },
    }
}

/// The smallest part but the last, in bytes.
fn min_part_size(backend: Backend) -> u64 {
    match backend {
        Backend::Embedded | Backend::Hcp => MB,
        Backend::Minio | Backend::Generic => PartPlan::MIN_PART_SIZE,
    }
}

/// How far the account of a session reaches.
pub fn level(state: &AppState, claims: &Claims) -> Level {
    level_of(state, claims.credentials.tenant.as_ref())
}

/// How far an account of a tenant reaches, or of none.
pub fn level_of(state: &AppState, tenant: Option<&TenantName>) -> Level {
    match (state.config().backend.is_hcp(), tenant) {
        (false, _) => Level::S3,
        (true, Some(_)) => Level::Tenant,
        (true, None) => Level::System,
    }
}

/// What a session knows.
pub fn fact_sheet(
    state: &AppState,
    claims: &Claims,
    host: &RequestHost,
    known: Known,
) -> FactSheet {
    let config = state.config();
    let credentials = &claims.credentials;
    let level = level(state, claims);
    FactSheet {
        id: claims.id.clone(),
        backend: config.backend,
        level,
        tenant: credentials.tenant.as_ref().map(ToString::to_string),
        username: credentials.username.to_string(),
        expires_at: claims.expires_at,
        must_change_password: known.must_change_password,
        rights: known.rights,
        features: Features {
            presign: can_presign(state),
            max_key_bytes: max_key_bytes(state),
            bucket_rule: config.backend.bucket_rule(),
            management: has_management(state),
            objects: object_features(config),
            parts_by_initiator: config.backend.is_hcp(),
            versioning: true,
            // MinIO has one setting for all buckets, and no rules of a bucket.
            cors: config.backend != Backend::Minio,
            links: has_links(state, claims),
            temporary_keys: lends_keys(state, claims),
            expiry: has_expiry(state, claims),
        },
        upload: upload_settings(state, claims, host),
    }
}

/// How the browser uploads.
pub fn upload_settings(state: &AppState, claims: &Claims, host: &RequestHost) -> UploadSettings {
    let config = state.config();
    UploadSettings {
        multipart_threshold: config.upload.multipart_threshold,
        part_size: config.upload.part_size,
        parallelism: config.upload.parallelism,
        url_lifetime: config.upload.url_lifetime.as_secs(),
        route: upload_route(state, host),
        proxy: can_presign(state),
        store_origin: store_origin(state, claims, host),
        checksum: config.upload.checksum,
        conditional_writes: writes_conditionally(config),
        min_part_size: min_part_size(config.backend),
    }
}

/// Whether an address looks like one that only a network of one's own knows.
pub fn is_internal(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(url::Host::Ipv4(ip)) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        Some(url::Host::Ipv6(ip)) => {
            ip.is_loopback()
                || ip.is_unicast_link_local()
                || ip.is_unique_local()
                || ip.is_unspecified()
        }
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let ends = [
                ".localhost",
                ".local",
                ".internal",
                ".lan",
                ".intranet",
                ".home.arpa",
            ];
            !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
        }
    }
}

/// Whether the accounts of this store have keys to sign with.
pub fn can_presign(state: &AppState) -> bool {
    let config = state.config();
    config.hcp.auth == AuthType::Hcp || !config.backend.is_hcp()
}

/// Whether a session can make links: it has data, and the server a place to keep them.
pub fn has_links(state: &AppState, claims: &Claims) -> bool {
    level(state, claims) != Level::System
}

/// Whether objects can be given an end: it is kept with credentials that open data, by which they are removed.
pub fn has_expiry(state: &AppState, claims: &Claims) -> bool {
    level(state, claims) != Level::System
}

/// Whether the store lends this session keys for a while: the local HCP alone does.
pub fn lends_keys(state: &AppState, claims: &Claims) -> bool {
    state.config().backend == Backend::Embedded && level(state, claims) == Level::Tenant
}

/// Whether the store has a management API, and its address is known.
pub fn has_management(state: &AppState) -> bool {
    let store = state.store().config();
    store.backend.is_hcp() && store.management.is_some()
}

/// The origin to which the browser sends bytes: what a page's policy must let through. `None` where
/// they go through Hako.
pub fn store_origin(state: &AppState, claims: &Claims, host: &RequestHost) -> Option<String> {
    if upload_route(state, host) == UploadRoute::Hako {
        return None;
    }
    let url = match public_base(state, host) {
        Some(url) => url,
        None => state
            .store()
            .s3(&claims.credentials)
            .ok()?
            .endpoint()
            .clone(),
    };
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_others_do_not_reach_are_told_apart() {
        let internal = |url: &str| is_internal(&Url::parse(url).unwrap());
        for url in [
            "http://localhost:9000",
            "http://127.0.0.1:9000/",
            "https://10.1.2.3",
            "https://192.168.0.9",
            "https://172.16.0.1",
            "https://169.254.1.1",
            "https://[::1]:9000",
            "https://[fd00::1]",
            "https://store",
            "https://store.local",
            "https://s3.corp.INTERNAL.",
        ] {
            assert!(internal(url), "{url}");
        }
        for url in [
            "https://s3.example.com",
            "https://8.8.8.8",
            "https://172.32.0.1",
            "https://[2001:db8::1]",
            "https://localhost.example.com",
        ] {
            assert!(!internal(url), "{url}");
        }
    }
}
