//! By which protocols a namespace is reached (HCP's management API, `httpProtocol` and its like).
//!
//! S3 heeds what is said of HTTP. Of the others there is nothing but the settings: nobody can connect.

use model::mapi::{
    AclsUsage, Addresses, CaseForcing, CifsProtocol, EmailFormat, HttpProtocol, IpSettings,
    NfsProtocol, Resource, SmtpProtocol,
};

use super::{
    super::{
        access::{A, Access, M},
        call::{Answer, Call, Endpoint},
        error::Refusal,
        shape::{Row, merged, plain},
    },
    read, rules, write,
};
use crate::{
    Error,
    store::{
        buckets::{self, Bucket},
        namespaces as store,
        settings::Switches,
    },
};

const HTTP: &[Row] = &[
    plain("httpsEnabled"),
    plain("httpEnabled"),
    plain("restEnabled"),
    plain("restRequiresAuthentication"),
    plain("hs3Enabled"),
    plain("hs3RequiresAuthentication"),
    plain("httpActiveDirectorySSOEnabled"),
    plain("webdavEnabled"),
    plain("webdavBasicAuthEnabled"),
    plain("webdavBasicAuthUsername"),
    // One that was set is not told again.
    plain("webdavBasicAuthPassword"),
    plain("webdavCustomMetadata"),
    plain("ipSettings"),
];

const CIFS: &[Row] = &[
    plain("enabled"),
    plain("caseForcing"),
    plain("caseSensitive"),
    plain("requiresAuthentication"),
    plain("ipSettings"),
];

const NFS: &[Row] = &[
    plain("enabled"),
    plain("uid"),
    plain("gid"),
    plain("ipSettings"),
];

const SMTP: &[Row] = &[
    plain("enabled"),
    plain("emailFormat"),
    plain("emailLocation"),
    plain("separateAttachments"),
    plain("ipSettings"),
];

pub(super) fn endpoints() -> [Endpoint; 5] {
    let below = Access::tenant(&[A, M]);
    let above = Access::tenant(&[A]);
    [
        // The default namespace alone has these, and there is none.
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/protocols")
            .get(below, of_default)
            .post(above, of_default),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/protocols/http")
            .get(below, show_http)
            .post(above, modify_http),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/protocols/cifs")
            .get(below, show_cifs)
            .post(above, modify_cifs),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/protocols/nfs")
            .get(below, show_nfs)
            .post(above, modify_nfs),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/protocols/smtp")
            .get(below, show_smtp)
            .post(above, modify_smtp),
    ]
}

async fn of_default(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::forbidden(
        "Only the default namespace has these settings; of others each protocol has its own.",
    ))
}

fn everybody() -> Addresses {
    Addresses(vec!["0.0.0.0/0".to_owned()])
}

/// The rule of HCP that admits everybody.
fn open() -> IpSettings {
    IpSettings {
        allow_addresses: Some(everybody()),
        deny_addresses: Some(Addresses::default()),
        allow_if_in_both_lists: Some(true),
        ..IpSettings::default()
    }
}

/// The same where the switch does not exist.
fn open_without_switch() -> IpSettings {
    IpSettings {
        allow_if_in_both_lists: None,
        ..open()
    }
}

/// Addresses after a change: of the lists and the switch, what was not sent stays.
fn addresses(before: Option<&IpSettings>, sent: Option<&IpSettings>) -> Option<IpSettings> {
    match (before, sent) {
        (Some(before), Some(sent)) => Some(merged(before, sent)),
        (before, sent) => sent.or(before).cloned(),
    }
}

/// Of HTTP, what S3 does not heed.
fn unheeded() -> HttpProtocol {
    HttpProtocol {
        rest_enabled: Some(true),
        rest_requires_authentication: Some(true),
        http_active_directory_sso_enabled: Some(true),
        webdav_enabled: Some(false),
        webdav_basic_auth_enabled: Some(false),
        webdav_basic_auth_username: Some(String::new()),
        webdav_basic_auth_password: Some(String::new()),
        webdav_custom_metadata: Some(false),
        ..HttpProtocol::default()
    }
}

fn http_of(connection: &rusqlite::Connection, bucket: &Bucket) -> Result<HttpProtocol, Error> {
    let kept: Option<HttpProtocol> = store::document(connection, bucket.id, store::HTTP)?;
    let http = &bucket.settings.http;
    Ok(HttpProtocol {
        https_enabled: Some(http.https_enabled),
        http_enabled: Some(http.http_enabled),
        hs3_enabled: Some(http.hs3_enabled),
        hs3_requires_authentication: Some(http.hs3_requires_authentication),
        ip_settings: Some(http.ip_settings.clone().unwrap_or_else(open)),
        ..merged(&unheeded(), &kept.unwrap_or_default())
    })
}

async fn show_http(call: Call) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M], |connection, bucket| {
        http_of(connection, &bucket)
    });
    let shown = shown.await?;
    Ok(call.show(HTTP, &shown))
}

async fn modify_http(call: Call) -> Result<Answer, Refusal> {
    let asked: HttpProtocol = call.read(HTTP)?;
    write(&call, &[A], move |write, bucket| {
        let connection = write.connection;
        let before = http_of(connection, &bucket)?;
        check_http(connection, &bucket, &before, &asked)?;
        let mut after = merged(&before, &asked);
        after.ip_settings = addresses(before.ip_settings.as_ref(), asked.ip_settings.as_ref());
        if after.http_enabled == Some(false) && after.https_enabled == Some(false) {
            after.http_active_directory_sso_enabled = Some(false);
        }
        let mut settings = bucket.settings.clone();
        let http = &mut settings.http;
        *http = Switches {
            hs3_enabled: after.hs3_enabled.unwrap_or(http.hs3_enabled),
            hs3_requires_authentication: after
                .hs3_requires_authentication
                .unwrap_or(http.hs3_requires_authentication),
            http_enabled: after.http_enabled.unwrap_or(http.http_enabled),
            https_enabled: after.https_enabled.unwrap_or(http.https_enabled),
            ip_settings: after.ip_settings.clone().filter(|rule| *rule != open()),
        };
        buckets::set_settings(connection, bucket.id, &settings)?;
        let kept = HttpProtocol {
            https_enabled: None,
            http_enabled: None,
            hs3_enabled: None,
            hs3_requires_authentication: None,
            ip_settings: None,
            // Nobody signs in with it: it is not kept.
            webdav_basic_auth_password: None,
            ..after
        };
        store::set_document(connection, bucket.id, store::HTTP, &kept)
    })
    .await?;
    Ok(Answer::Empty)
}

fn check_http(
    connection: &rusqlite::Connection,
    bucket: &Bucket,
    before: &HttpProtocol,
    asked: &HttpProtocol,
) -> Result<(), Error> {
    let settings = &bucket.settings;
    if asked.hs3_enabled == Some(true)
        && !settings.http.hs3_enabled
        && settings.acls_usage == AclsUsage::NotEnabled
    {
        return Err(Error::InvalidSetting(
            "hs3Enabled: it needs access control lists; set aclsUsage of the namespace first"
                .to_owned(),
        ));
    }
    if asked.webdav_enabled == Some(true) {
        rules::check_file_protocol(connection, bucket)?;
    }
    let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let name = &asked.webdav_basic_auth_username;
    let is_the_same = name.is_none() || *name == before.webdav_basic_auth_username;
    let password = given(&asked.webdav_basic_auth_password);
    if !is_the_same && given(name) != password || is_the_same && password {
        return Err(Error::InvalidSetting(
            "webdavBasicAuthUsername: it is set and removed together with webdavBasicAuthPassword"
                .to_owned(),
        ));
    }
    Ok(())
}

/// A protocol that is merely kept.
async fn show<T: Resource + Send + 'static>(
    call: Call,
    kind: &'static str,
    rows: &'static [Row],
    defaults: T,
) -> Result<Answer, Refusal> {
    let shown = read(&call, &[A, M], move |connection, bucket| {
        let kept: Option<T> = store::document(connection, bucket.id, kind)?;
        Ok(merged(&defaults, &kept.unwrap_or_default()))
    });
    let shown = shown.await?;
    Ok(call.show(rows, &shown))
}

/// The switch and the addresses, as each protocol has them.
trait Protocol: Resource {
    fn enabled(&self) -> Option<bool>;
    fn ip_settings(&mut self) -> &mut Option<IpSettings>;
}

macro_rules! protocol {
    ($($name:ident)*) => {
        $(impl Protocol for $name {
            fn enabled(&self) -> Option<bool> {
                self.enabled
            }

            fn ip_settings(&mut self) -> &mut Option<IpSettings> {
                &mut self.ip_settings
            }
        })*
    };
}
protocol! { CifsProtocol NfsProtocol SmtpProtocol }

async fn modify<T: Protocol + Send + 'static>(
    call: Call,
    kind: &'static str,
    rows: &'static [Row],
    defaults: T,
) -> Result<Answer, Refusal> {
    let mut asked: T = call.read(rows)?;
    if let Some(rule) = asked.ip_settings() {
        let denies = rule.deny_addresses.is_some();
        if rule.allow_if_in_both_lists.is_some() {
            return Err(Refusal::invalid(
                "ipSettings.allowIfInBothLists: the protocol does not have it.",
            ));
        }
        if denies && kind == store::NFS {
            return Err(Refusal::invalid(
                "ipSettings.denyAddresses: the protocol does not have it.",
            ));
        }
    }
    write(&call, &[A], move |write, bucket| {
        if asked.enabled() == Some(true) {
            rules::check_file_protocol(write.connection, &bucket)?;
        }
        let kept: Option<T> = store::document(write.connection, bucket.id, kind)?;
        let mut before = merged(&defaults, &kept.unwrap_or_default());
        let mut after = merged(&before, &asked);
        *after.ip_settings() =
            addresses(before.ip_settings().as_ref(), asked.ip_settings().as_ref());
        store::set_document(write.connection, bucket.id, kind, &after)
    })
    .await?;
    Ok(Answer::Empty)
}

fn cifs() -> CifsProtocol {
    CifsProtocol {
        enabled: Some(false),
        case_forcing: Some(CaseForcing::Disabled.into()),
        case_sensitive: Some(true),
        requires_authentication: Some(true),
        ip_settings: Some(open_without_switch()),
        ..CifsProtocol::default()
    }
}

fn nfs() -> NfsProtocol {
    NfsProtocol {
        enabled: Some(false),
        uid: Some(0),
        gid: Some(0),
        ip_settings: Some(IpSettings {
            allow_addresses: Some(everybody()),
            ..IpSettings::default()
        }),
        ..NfsProtocol::default()
    }
}

fn smtp() -> SmtpProtocol {
    SmtpProtocol {
        enabled: Some(false),
        email_format: Some(EmailFormat::Eml.into()),
        email_location: Some("/email/".to_owned()),
        separate_attachments: Some(false),
        ip_settings: Some(open_without_switch()),
        ..SmtpProtocol::default()
    }
}

async fn show_cifs(call: Call) -> Result<Answer, Refusal> {
    show(call, store::CIFS, CIFS, cifs()).await
}

async fn modify_cifs(call: Call) -> Result<Answer, Refusal> {
    modify(call, store::CIFS, CIFS, cifs()).await
}

async fn show_nfs(call: Call) -> Result<Answer, Refusal> {
    show(call, store::NFS, NFS, nfs()).await
}

async fn modify_nfs(call: Call) -> Result<Answer, Refusal> {
    modify(call, store::NFS, NFS, nfs()).await
}

async fn show_smtp(call: Call) -> Result<Answer, Refusal> {
    show(call, store::SMTP, SMTP, smtp()).await
}

async fn modify_smtp(call: Call) -> Result<Answer, Refusal> {
    modify(call, store::SMTP, SMTP, smtp()).await
}
