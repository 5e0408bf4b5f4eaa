//! Prints the effective configuration, secrets masked.

use std::fmt::Write as _;

use model::{ChecksumAlgorithm, session::UploadRoute};
use secrecy::SecretString;

use super::{Config, LogFormat};

/// One `NAME=value` line per setting. Secrets show only whether they are set.
pub fn show(config: &Config) -> String {
    let mut out = String::new();
    for (name, value) in server(config)
        .into_iter()
        .chain(stores(config))
        .chain(behaviour(config))
    {
        let _ = writeln!(out, "{name}={value}");
    }
    out
}

type Lines = Vec<(&'static str, String)>;

fn secret(value: Option<&SecretString>) -> String {
    if value.is_some() { "(set)" } else { "" }.to_owned()
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn url(value: Option<&url::Url>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn mb(bytes: u64) -> String {
    (bytes / model::unit::MB).to_string()
}

fn server(config: &Config) -> Lines {
    let site = config.site_config.as_ref().map(|f| f.display().to_string());
    vec![
        ("STORAGE_BACKEND", config.backend.as_str().to_owned()),
        ("HAKO_ADDR", config.addr.to_string()),
        ("HAKO_DATA_DIR", config.data_dir.display().to_string()),
        ("HAKO_SITE_CONFIG", text(site.as_ref())),
        ("HAKO_PUBLIC_URL", url(config.public_url.as_ref())),
        ("ROOT_PATH", config.root.clone()),
        ("HAKO_ALLOWED_HOSTS", config.allowed_hosts.join(",")),
        ("API_SECRET_KEY", secret(config.secret_key.as_ref())),
        (
            "API_TOKEN_EXPIRE_MINUTES",
            (config.token_lifetime.as_secs() / 60).to_string(),
        ),
        ("REDIS_URL", secret(config.redis_url.as_ref())),
    ]
}

fn style(config: &Config) -> &'static str {
    if config.virtual_host_style {
        "virtual"
    } else {
        "path"
    }
}

fn stores(config: &Config) -> Lines {
    let (hcp, embedded, users) = (&config.hcp, &config.embedded, config.users.as_ref());
    vec![
        ("HCP_DOMAIN", text(hcp.domain.as_ref())),
        ("HCP_HOST", text(hcp.host.as_ref())),
        ("HCP_PORT", hcp.port.to_string()),
        (
            "HCP_AUTH_TYPE",
            format!("{:?}", hcp.auth).to_ascii_lowercase(),
        ),
        ("HCP_VERIFY_SSL", hcp.verify_tls.to_string()),
        ("HCP_TIMEOUT", hcp.timeout.as_secs().to_string()),
        (
            "HAKO_CA_FILE",
            config
                .ca_file
                .as_ref()
                .map_or_else(String::new, |file| file.display().to_string()),
        ),
        ("MAPI_ENABLED", config.mapi_enabled.to_string()),
        ("S3_ENDPOINT_URL", url(config.s3_endpoint.as_ref())),
        ("S3_PUBLIC_ENDPOINT_URL", url(config.s3_public_url.as_ref())),
        ("S3_REGION", config.region.clone()),
        (
            "HAKO_USERS_FILE",
            users.map_or_else(String::new, |users| users.file.display().to_string()),
        ),
        (
            "S3_ACCESS_KEY",
            text(users.map(|users| &users.keys.access_key)),
        ),
        (
            "S3_SECRET_KEY",
            secret(users.map(|users| &users.keys.secret_key)),
        ),
        ("S3_ADDRESSING_STYLE", style(config).to_owned()),
        ("S3_VERIFY_SSL", config.s3_verify_tls.to_string()),
        (
            "ENABLE_S3_PROXY",
            (config.presigned == UploadRoute::Hako).to_string(),
        ),
        ("HAKO_S3_ADDR", embedded.s3_addr.to_string()),
        ("HAKO_MAPI_ADDR", embedded.mapi_addr.to_string()),
        ("HAKO_S3_DOMAIN", embedded.s3_domain.clone()),
        ("HAKO_ADMIN_USERNAME", embedded.admin_username.to_string()),
        (
            "HAKO_ADMIN_PASSWORD",
            secret(embedded.admin_password.as_ref()),
        ),
        (
            "HAKO_DEMO_PASSWORD",
            secret(embedded.demo_password.as_ref()),
        ),
        ("HAKO_DISK_RESERVE_MB", mb(embedded.disk_reserve)),
        (
            "HAKO_LOCAL_INLINE_KB",
            (embedded.inline_max / 1_024).to_string(),
        ),
        (
            "HAKO_LOCAL_CHARGEBACK_DAYS",
            embedded.chargeback_days.to_string(),
        ),
        ("HAKO_LOCAL_AUDIT_DAYS", embedded.audit_days.to_string()),
        (
            "HAKO_LOCAL_OPERATION_DAYS",
            embedded.operation_days.to_string(),
        ),
        (
            "HAKO_LOCAL_PROFILE",
            format!("{:?}", embedded.profile).to_ascii_lowercase(),
        ),
        (
            "HAKO_LOCAL_LAYOUT",
            format!("{:?}", embedded.layout).to_ascii_lowercase(),
        ),
        (
            "HAKO_UPLOAD_EXPIRY",
            humantime::format_duration(embedded.upload_expiry).to_string(),
        ),
    ]
}

fn behaviour(config: &Config) -> Lines {
    let (upload, kept) = (&config.upload, config.cache.lifetimes);
    let format = match config.log_format {
        LogFormat::Auto => "auto",
        LogFormat::Pretty => "pretty",
        LogFormat::Json => "json",
    };
    vec![
        ("HAKO_UPLOAD_THRESHOLD_MB", mb(upload.multipart_threshold)),
        ("HAKO_UPLOAD_PART_MB", mb(upload.part_size)),
        ("HAKO_UPLOAD_PARALLELISM", upload.parallelism.to_string()),
        (
            "HAKO_UPLOAD_URL_SECONDS",
            upload.url_lifetime.as_secs().to_string(),
        ),
        (
            "HAKO_UPLOAD_CHECKSUM",
            upload
                .checksum
                .map_or("none", ChecksumAlgorithm::as_str)
                .to_ascii_lowercase(),
        ),
        ("HAKO_TASKS_PER_USER", config.tasks.per_user.to_string()),
        (
            "HAKO_TASK_EXPIRY",
            humantime::format_duration(config.tasks.expiry).to_string(),
        ),
        ("CACHE_STATS_TTL", kept.statistics.as_secs().to_string()),
        ("CACHE_CONFIG_TTL", kept.settings.as_secs().to_string()),
        ("CACHE_DEFAULT_TTL", kept.other.as_secs().to_string()),
        ("CACHE_QUERY_OBJECT_TTL", kept.objects.as_secs().to_string()),
        (
            "CACHE_QUERY_OPERATION_TTL",
            kept.operations.as_secs().to_string(),
        ),
        (
            "HAKO_EXPIRY_SWEEP_SECONDS",
            config.expiry_sweep.as_secs().to_string(),
        ),
        ("HAKO_AUDIT_DAYS", config.audit_days.to_string()),
        (
            "HAKO_SHUTDOWN_SECONDS",
            config.shutdown_deadline.as_secs().to_string(),
        ),
        ("HAKO_LOG", config.log.clone()),
        ("HAKO_LOG_FORMAT", format.to_owned()),
    ]
}
