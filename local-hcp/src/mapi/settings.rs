//! Settings of a tenant: console security, search security, contact, e-mail, permission mask.

use model::mapi::{
    ConsoleSecurity, ContactInfo, EmailNotification, EmailTemplate, IpSettings, Kind, Permission,
    Property, Resource, Rule, SearchSecurity,
};
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::{
    access::{A, Access, C, M, S},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, merged, plain},
};
use crate::{
    Error, signin,
    store::{accounts, tenants},
};

const CONSOLE_SECURITY: &[Row] = &[
    plain("minimumPasswordLength"),
    plain("passwordCombination"),
    plain("upperCaseLetterCount"),
    plain("lowerCaseLetterCount"),
    plain("numericCharacterCount"),
    plain("specialCharacterCount"),
    plain("passwordContainsUsername"),
    plain("blockCommonPassword"),
    plain("blockPasswordReUse"),
    plain("passwordReuseDepth"),
    plain("forcePasswordChangeDays"),
    plain("disableAfterAttempts"),
    plain("disableAfterInactiveDays"),
    plain("automaticUserAccountUnlockSetting"),
    plain("automaticUserAccoutUnlockDuration"),
    plain("coolDownPeriodSettings"),
    plain("coolDownPeriodDuration"),
    plain("logoutOnInactive"),
    plain("loginMessage"),
    plain("ipSettings"),
];

const SEARCH_SECURITY: &[Row] = &[plain("ipSettings")];

const CONTACT_INFO: &[Row] = &[
    plain("firstName"),
    plain("lastName"),
    plain("emailAddress"),
    plain("primaryPhone"),
    plain("extension"),
    plain("address1"),
    plain("address2"),
    plain("city"),
    plain("state"),
    plain("zipOrPostalCode"),
    plain("countryOrRegion"),
];

const EMAIL_NOTIFICATION: &[Row] = &[
    plain("enabled"),
    plain("emailTemplate"),
    plain("recipients"),
];

const PERMISSIONS: &[Property] = &[Property {
    name: "permission",
    kind: Kind::List("", &Kind::Text),
    rule: Rule::Any,
}];

pub(super) fn endpoints() -> [Endpoint; 5] {
    [
        Endpoint::at("/tenants/{tenant}/consoleSecurity")
            .get(Access::tenant(&[S]), show_console_security)
            .post(Access::tenant(&[S]), modify_console_security),
        Endpoint::at("/tenants/{tenant}/searchSecurity")
            .get(Access::tenant(&[S]), show_search_security)
            .post(Access::tenant(&[S]), modify_search_security),
        Endpoint::at("/tenants/{tenant}/contactInfo")
            .get(Access::tenant(&[A, M]), show_contact_info)
            .post(Access::tenant(&[A]), modify_contact_info),
        Endpoint::at("/tenants/{tenant}/emailNotification")
            .get(Access::tenant(&[A, M]), show_email_notification)
            .post(Access::tenant(&[A]), modify_email_notification),
        Endpoint::at("/tenants/{tenant}/permissions")
            .get(Access::tenant(&[A, M, C]), show_permissions)
            .post(Access::tenant(&[A]), modify_permissions),
    ]
}

async fn show_console_security(call: Call) -> Result<Answer, Refusal> {
    let (id, habits) = (call.tenant()?.id, call.management.habits);
    let read = call.management.store.read(move |connection| {
        let stored = accounts::console_security(connection, id)?;
        signin::settings(&habits, stored.as_deref())
    });
    Ok(call.show(CONSOLE_SECURITY, &read.await?))
}

async fn modify_console_security(call: Call) -> Result<Answer, Refusal> {
    let mut change: ConsoleSecurity = call.read(CONSOLE_SECURITY)?;
    let (id, habits) = (call.tenant()?.id, call.management.habits);
    let write = call.change(move |write| {
        let stored = accounts::console_security(write.connection, id)?;
        let before = signin::settings(&habits, stored.as_deref())?;
        change.ip_settings = change
            .ip_settings
            .map(|sent| addresses(before.ip_settings, &sent));
        // What nobody has set stays open: defaults are not written down as if somebody had.
        let stored = stored
            .as_deref()
            .map_or(Ok(ConsoleSecurity::default()), serde_json::from_str);
        let stored =
            stored.map_err(|_not_ours| Error::Damaged("console security cannot be read"))?;
        let document = Json::Object(merged(&stored, &change).to_map()).to_string();
        accounts::set_console_security(write.connection, id, &document)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Addresses after a change: of the two lists and the switch, what was not sent stays.
fn addresses(before: Option<IpSettings>, sent: &IpSettings) -> IpSettings {
    merged(&before.unwrap_or_default(), sent)
}

/// A document of the tenant: HCP's defaults, and what was set over them.
async fn document<T>(call: &Call, kind: &'static str, defaults: T) -> Result<T, Refusal>
where
    T: Resource + Send + 'static,
{
    let id = call.tenant()?.id;
    let read = call
        .management
        .store
        .read(move |connection| over(connection, id, kind, &defaults));
    Ok(read.await?)
}

fn over<T: Resource>(
    connection: &Connection,
    tenant_id: i64,
    kind: &str,
    defaults: &T,
) -> Result<T, Error> {
    let stored = tenants::document(connection, tenant_id, kind)?.unwrap_or_default();
    Ok(merged(defaults, &stored))
}

/// Changes a document of the tenant: `change` is given what there was.
async fn change<T>(
    call: &Call,
    kind: &'static str,
    defaults: T,
    change: impl FnOnce(T) -> T + Send + 'static,
) -> Result<Answer, Refusal>
where
    T: Resource + Send + 'static,
{
    let id = call.tenant()?.id;
    let write = call.change(move |write| {
        let before = over(write.connection, id, kind, &defaults)?;
        tenants::set_document(write.connection, id, kind, &change(before))
    });
    write.await?;
    Ok(Answer::Empty)
}

const SEARCH: &str = "searchSecurity";

fn open_search(call: &Call) -> SearchSecurity {
    SearchSecurity {
        ip_settings: signin::defaults(&call.management.habits).ip_settings,
        ..SearchSecurity::default()
    }
}

async fn show_search_security(call: Call) -> Result<Answer, Refusal> {
    let security = document(&call, SEARCH, open_search(&call)).await?;
    Ok(call.show(SEARCH_SECURITY, &security))
}

async fn modify_search_security(call: Call) -> Result<Answer, Refusal> {
    let sent: SearchSecurity = call.read(SEARCH_SECURITY)?;
    change(
        &call,
        SEARCH,
        open_search(&call),
        move |before| match sent.ip_settings {
            Some(sent) => SearchSecurity {
                ip_settings: Some(addresses(before.ip_settings, &sent)),
                ..SearchSecurity::default()
            },
            None => before,
        },
    )
    .await
}

const CONTACT: &str = "contactInfo";

fn nobody_to_ask() -> ContactInfo {
    let empty = || Some(String::new());
    ContactInfo {
        first_name: empty(),
        last_name: empty(),
        email_address: empty(),
        primary_phone: empty(),
        extension: empty(),
        address1: empty(),
        address2: empty(),
        city: empty(),
        state: empty(),
        zip_or_postal_code: empty(),
        country_or_region: empty(),
        ..ContactInfo::default()
    }
}

async fn show_contact_info(call: Call) -> Result<Answer, Refusal> {
    let contact = document(&call, CONTACT, nobody_to_ask()).await?;
    Ok(call.show(CONTACT_INFO, &contact))
}

async fn modify_contact_info(call: Call) -> Result<Answer, Refusal> {
    let sent: ContactInfo = call.read(CONTACT_INFO)?;
    change(&call, CONTACT, nobody_to_ask(), move |before| {
        merged(&before, &sent)
    })
    .await
}

const EMAIL: &str = "emailNotification";

fn no_email() -> EmailNotification {
    EmailNotification {
        enabled: Some(false),
        email_template: Some(template(EmailTemplate::default())),
        recipients: Some(Vec::new().into()),
        ..EmailNotification::default()
    }
}

/// A template with HCP's words where it has none of its own.
fn template(sent: EmailTemplate) -> EmailTemplate {
    let or = |text: Option<String>, default: &str| {
        Some(
            text.filter(|text| !text.is_empty())
                .unwrap_or_else(|| default.to_owned()),
        )
    };
    EmailTemplate {
        from: or(sent.from, "log@$location"),
        subject: or(sent.subject, "[$severity] $shortText"),
        body: or(sent.body, ""),
        ..EmailTemplate::default()
    }
}

async fn show_email_notification(call: Call) -> Result<Answer, Refusal> {
    let email = document(&call, EMAIL, no_email()).await?;
    Ok(call.show(EMAIL_NOTIFICATION, &email))
}

async fn modify_email_notification(call: Call) -> Result<Answer, Refusal> {
    let mut sent: EmailNotification = call.read(EMAIL_NOTIFICATION)?;
    if let Some(words) = sent.email_template.take() {
        if words.from.is_some() != words.subject.is_some() {
            return Err(Refusal::invalid(
                "emailTemplate: from and subject come together.",
            ));
        }
        sent.email_template = Some(template(words));
    }
    for recipient in sent.recipients.iter_mut().flat_map(|all| &mut all.0) {
        let address = recipient.address.as_deref().unwrap_or_default();
        if address.split(',').any(|one| one.trim().is_empty()) {
            return Err(Refusal::invalid(
                "recipients: each has an address, or several with commas.",
            ));
        }
        recipient
            .importance
            .get_or_insert(model::mapi::Importance::Major.into());
        recipient
            .severity
            .get_or_insert(model::mapi::Severity::Error.into());
        let kinds = recipient
            .kinds
            .take()
            .unwrap_or_else(|| "GENERAL".to_owned());
        recipient.kinds = Some(kinds.to_uppercase());
    }
    change(&call, EMAIL, no_email(), move |before| {
        merged(&before, &sent)
    })
    .await
}

async fn show_permissions(call: Call) -> Result<Answer, Refusal> {
    let id = call.tenant()?.id;
    let read = call
        .management
        .store
        .read(move |connection| tenants::mask(connection, id));
    let mask = read.await?;
    let words: Vec<_> = Permission::OF_MASKS
        .iter()
        .filter(|permission| mask.contains(permission))
        .map(ToString::to_string)
        .collect();
    Ok(Answer::Document(
        "permissions",
        json!({ "permission": words }),
    ))
}

async fn modify_permissions(call: Call) -> Result<Answer, Refusal> {
    let permissions = sent_mask(&call)?;
    let id = call.tenant()?.id;
    let write = call.change(move |write| tenants::set_mask(write.connection, id, &permissions));
    write.await?;
    Ok(Answer::Empty)
}

/// The permission mask in a body; HCP tells capitals apart here.
pub(crate) fn sent_mask(call: &Call) -> Result<Vec<Permission>, Refusal> {
    let wrong = || {
        let words: Vec<_> = Permission::OF_MASKS
            .iter()
            .map(ToString::to_string)
            .collect();
        Refusal::invalid(format!("permission: a list of {}.", words.join(", ")))
    };
    let mut sent = call.properties("permissions", PERMISSIONS)?;
    let words = match (sent.remove("permission"), sent.is_empty()) {
        (Some(Json::Array(words)), true) => words,
        (Some(one @ Json::String(_)), true) => vec![one],
        // The wrapper without anything in it takes all away; XML has no other way to say so.
        (None, true) if call.has_body() => Vec::new(),
        _ => return Err(wrong()),
    };
    let known = |word: &Json| {
        let text = word.as_str()?;
        Permission::OF_MASKS
            .into_iter()
            .find(|known| known.to_string() == text)
    };
    words
        .iter()
        .map(known)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(wrong)
}
