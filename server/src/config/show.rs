//! Prints the effective configuration, secrets masked.

use secrecy::SecretString;

use super::{Config, LogFormat};

/// One `NAME=value` line per setting. Secrets show only whether they are set.
pub fn show(config: &Config) -> String {
    let secret = |s: &Option<SecretString>| if s.is_some() { "(set)" } else { "" }.to_owned();
    let text = |s: &Option<String>| s.clone().unwrap_or_default();
    let url = |u: &Option<url::Url>| u.as_ref().map(ToString::to_string).unwrap_or_default();
    let mb = |bytes: u64| (bytes / model::unit::MB).to_string();
    let lines = [
        ("STORAGE_BACKEND", config.backend.as_str().to_owned()),
        ("HAKO_ADDR", config.addr.to_string()),
        ("HAKO_DATA_DIR", config.data_dir.display().to_string()),
        ("HAKO_SITE_CONFIG", config.site_config.as_ref().map(|f| f.display().to_string()).unwrap_or_default()),
        ("HAKO_PUBLIC_URL", url(&config.public_url)),
        ("HAKO_ALLOWED_HOSTS", config.allowed_hosts.join(",")),
        ("API_SECRET_KEY", secret(&config.secret_key)),
        ("API_TOKEN_EXPIRE_MINUTES", (config.token_lifetime.as_secs() / 60).to_string()),
        ("REDIS_URL", secret(&config.redis_url)),
        ("HCP_DOMAIN", text(&config.hcp.domain)),
        ("HCP_HOST", text(&config.hcp.host)),
        ("HCP_PORT", config.hcp.port.to_string()),
        ("HCP_AUTH_TYPE", format!("{:?}", config.hcp.auth).to_ascii_lowercase()),
        ("HCP_VERIFY_SSL", config.hcp.verify_tls.to_string()),
        ("HCP_TIMEOUT", config.hcp.timeout.as_secs().to_string()),
        ("S3_ENDPOINT_URL", url(&config.s3_endpoint)),
        ("S3_PUBLIC_ENDPOINT_URL", url(&config.s3_public_url)),
        ("S3_REGION", config.region.clone()),
        ("S3_ADDRESSING_STYLE", if config.virtual_host_style { "virtual" } else { "path" }.to_owned()),
        ("S3_VERIFY_SSL", config.s3_verify_tls.to_string()),
        ("HAKO_S3_ADDR", config.embedded.s3_addr.to_string()),
        ("HAKO_MAPI_ADDR", config.embedded.mapi_addr.to_string()),
        ("HAKO_S3_DOMAIN", config.embedded.s3_domain.clone()),
        ("HAKO_ADMIN_USERNAME", config.embedded.admin_username.to_string()),
        ("HAKO_ADMIN_PASSWORD", secret(&config.embedded.admin_password)),
        ("HAKO_DEMO_PASSWORD", secret(&config.embedded.demo_password)),
        ("HAKO_DISK_RESERVE_MB", mb(config.embedded.disk_reserve)),
        ("HAKO_UPLOAD_THRESHOLD_MB", mb(config.upload.multipart_threshold)),
        ("HAKO_UPLOAD_PART_MB", mb(config.upload.part_size)),
        ("HAKO_UPLOAD_PARALLELISM", config.upload.parallelism.to_string()),
        ("HAKO_UPLOAD_URL_SECONDS", config.upload.url_lifetime.as_secs().to_string()),
        ("HAKO_SHUTDOWN_SECONDS", config.shutdown_deadline.as_secs().to_string()),
        ("HAKO_LOG", config.log.clone()),
        (
            "HAKO_LOG_FORMAT",
            match config.log_format {
                LogFormat::Auto => "auto",
                LogFormat::Pretty => "pretty",
                LogFormat::Json => "json",
            }
            .to_owned(),
        ),
    ];
    lines.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
