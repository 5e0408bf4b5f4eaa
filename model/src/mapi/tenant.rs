//! Tenants and their settings.

use super::{
    address::IpSettings,
    namespace::VersioningSettings,
    quota::{NamespaceQuota, Percent, Quota},
    resource::resource,
    rules::{ascii_digits, phone, tag},
    value::{Choice, Rule, list},
    words::{
        AuthenticationTypes, DefaultOptimizedFor, DirectoryUsage, HashScheme, Importance, Names,
        RetentionType, Severity, Tags,
    },
};

/// The longest description, in characters.
pub(super) const MAX_DESCRIPTION: usize = 1_024;

resource! {
    /// A tenant. Which properties are there depends on who asks: an account of the system or of the
    /// tenant.
    Tenant = "tenant" {
        /// The name, which is a label of the tenant's host.
        name: String = "name" [Rule::Fits(super::rules::tenant_name)],
        /// What administrators of the system see.
        system_visible_description: String = "systemVisibleDescription" [Rule::Length(0, MAX_DESCRIPTION)],
        /// What administrators of the tenant see.
        tenant_visible_description: String = "tenantVisibleDescription" [Rule::Length(0, MAX_DESCRIPTION)],
        /// The space that namespaces can be given.
        hard_quota: Quota = "hardQuota",
        /// At how much of the hard quota one is told.
        soft_quota: Percent = "softQuota" [Rule::Between(0, 100)],
        /// How many namespaces there can be.
        namespace_quota: NamespaceQuota = "namespaceQuota",
        /// How users sign in.
        authentication_types: AuthenticationTypes = "authenticationTypes",
        /// Whether the tenant may set the retention mode of namespaces.
        compliance_configuration_enabled: bool = "complianceConfigurationEnabled",
        /// Whether the tenant may use versioning.
        versioning_configuration_enabled: bool = "versioningConfigurationEnabled",
        /// Whether the tenant may use search.
        search_configuration_enabled: bool = "searchConfigurationEnabled",
        /// Whether the tenant may use replication.
        replication_configuration_enabled: bool = "replicationConfigurationEnabled",
        /// Whether the tenant may use erasure coding.
        erasure_coding_selection_enabled: bool = "erasureCodingSelectionEnabled",
        /// Whether the tenant chooses service plans.
        service_plan_selection_enabled: bool = "servicePlanSelectionEnabled",
        /// The service plan, where the tenant does not choose.
        service_plan: String = "servicePlan",
        /// Tags.
        tags: Tags = "tags" [Rule::Fits(tag)],
        /// The network of the data.
        data_network: String = "dataNetwork",
        /// The network of the management.
        management_network: String = "managementNetwork",
        /// Whether accounts of the system may act in the tenant.
        administration_allowed: bool = "administrationAllowed",
        /// How many namespaces one user may own.
        max_namespaces_per_user: i64 = "maxNamespacesPerUser" [Rule::Between(0, 10_000)],
        /// Whether events go to SNMP.
        snmp_logging_enabled: bool = "snmpLoggingEnabled",
        /// Whether events go to syslog.
        syslog_logging_enabled: bool = "syslogLoggingEnabled",
        /// When it was made.
        creation_time: String = "creationTime",
        /// The name of its host.
        fully_qualified_name: String = "fullyQualifiedName",
        /// Its UUID.
        id: String = "id",
    }
}

resource! {
    /// What signing in to the tenant's management takes.
    ConsoleSecurity = "consoleSecurity" {
        /// The least number of characters of a password.
        minimum_password_length: i64 = "minimumPasswordLength" [Rule::Between(2, 64)],
        /// Whether the four counts hold.
        password_combination: bool = "passwordCombination",
        /// How many upper-case letters.
        upper_case_letter_count: i64 = "upperCaseLetterCount" [Rule::Between(0, 64)],
        /// How many lower-case letters.
        lower_case_letter_count: i64 = "lowerCaseLetterCount" [Rule::Between(0, 64)],
        /// How many digits.
        numeric_character_count: i64 = "numericCharacterCount" [Rule::Between(0, 64)],
        /// How many other characters.
        special_character_count: i64 = "specialCharacterCount" [Rule::Between(0, 64)],
        /// Whether a password may hold the user name.
        password_contains_username: bool = "passwordContainsUsername",
        /// Whether common passwords are refused.
        block_common_password: bool = "blockCommonPassword",
        /// Whether earlier passwords are refused.
        block_password_re_use: bool = "blockPasswordReUse",
        /// How many earlier passwords.
        password_reuse_depth: i64 = "passwordReuseDepth" [Rule::Between(0, 999)],
        /// After how many days a password has to be changed; 0: never.
        force_password_change_days: i64 = "forcePasswordChangeDays" [Rule::Between(0, 999_999)],
        /// After how many failed sign-ins an account is disabled; 0: never.
        disable_after_attempts: i64 = "disableAfterAttempts" [Rule::Between(0, 999)],
        /// After how many days without signing in an account is disabled; 0: never.
        disable_after_inactive_days: i64 = "disableAfterInactiveDays" [Rule::Between(0, 999)],
        /// Whether an account that failed sign-ins have disabled is enabled again by itself.
        automatic_user_account_unlock_setting: bool = "automaticUserAccountUnlockSetting",
        /// After how many minutes. The spelling is HCP's.
        automatic_user_account_unlock_duration: i64 = "automaticUserAccoutUnlockDuration" [Rule::Between(0, 999)],
        /// Whether a failed sign-in has to be waited out.
        cool_down_period_settings: bool = "coolDownPeriodSettings",
        /// For how many seconds.
        cool_down_period_duration: i64 = "coolDownPeriodDuration" [Rule::Between(0, 999)],
        /// After how many idle minutes HCP's own console signs out; 0: never.
        logout_on_inactive: i64 = "logoutOnInactive" [Rule::Between(0, 999)],
        /// What HCP's own console says to who signs in.
        login_message: String = "loginMessage" [Rule::Length(0, 1_024)],
        /// From where one may sign in.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// Whom to ask about the tenant.
    ContactInfo = "contactInfo" {
        /// First name.
        first_name: String = "firstName" [Rule::Length(0, 64)],
        /// Last name.
        last_name: String = "lastName" [Rule::Length(0, 64)],
        /// E-mail address.
        email_address: String = "emailAddress" [Rule::Length(0, 254)],
        /// Telephone.
        primary_phone: String = "primaryPhone" [Rule::Fits(phone)],
        /// Extension.
        extension: String = "extension" [Rule::Fits(ascii_digits)],
        /// First line of the address.
        address1: String = "address1" [Rule::Length(0, 100)],
        /// Second line of the address.
        address2: String = "address2" [Rule::Length(0, 100)],
        /// City.
        city: String = "city" [Rule::Length(0, 100)],
        /// State.
        state: String = "state" [Rule::Length(0, 100)],
        /// Postal code.
        zip_or_postal_code: String = "zipOrPostalCode" [Rule::Length(0, 100)],
        /// Country.
        country_or_region: String = "countryOrRegion" [Rule::Length(0, 100)],
    }
}

resource! {
    /// Who is told of events by e-mail, and in which words.
    EmailNotification = "emailNotification" {
        /// Whether anybody is.
        enabled: bool = "enabled",
        /// The words.
        email_template: EmailTemplate = "emailTemplate",
        /// Who.
        recipients: Recipients = "recipients" [Rule::AtMost(25)],
    }
}

resource! {
    /// The words of an e-mail, with variables such as `$severity`.
    EmailTemplate = "emailTemplate" {
        /// The sender.
        from: String = "from",
        /// The subject.
        subject: String = "subject",
        /// The text.
        body: String = "body" [Rule::Fits(super::rules::no_tabs)],
    }
}

list! {
    /// Recipients: `{"recipient": [{"address": "a@example.com"}]}`.
    Recipients of Recipient = "recipient"
}

resource! {
    /// Somebody who is told of events.
    Recipient = "recipient" {
        /// E-mail addresses, with commas between them.
        address: String = "address" [Rule::Length(1, 1_024)],
        /// Which events.
        importance: Choice<Importance> = "importance",
        /// From which severity on.
        severity: Choice<Severity> = "severity",
        /// Which kinds, with commas between them: `GENERAL`, `SECURITY`, `COMPLIANCE`.
        kinds: String = "type" [Rule::Fits(super::rules::event_kinds)],
    }
}

resource! {
    /// From where one may search.
    SearchSecurity = "searchSecurity" {
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// What new namespaces get that do not say otherwise, those made through S3 among them.
    NamespaceDefaults = "namespaceDefaults" {
        /// Description.
        description: String = "description" [Rule::Length(0, MAX_DESCRIPTION)],
        /// Hard quota.
        hard_quota: Quota = "hardQuota",
        /// At how much of the hard quota one is told.
        soft_quota: Percent = "softQuota" [Rule::Between(10, 95)],
        /// How content is hashed.
        hash_scheme: Choice<HashScheme> = "hashScheme",
        /// Whether retention gives way to privileged deletes.
        enterprise_mode: bool = "enterpriseMode",
        /// What namespaces are optimised for.
        optimized_for: Choice<DefaultOptimizedFor> = "optimizedFor",
        /// How objects lie in directories.
        directory_usage: Choice<DirectoryUsage> = "directoryUsage",
        /// Whether objects may be erasure coded.
        allow_erasure_coding: bool = "allowErasureCoding",
        /// Whether namespaces are replicated.
        replication_enabled: bool = "replicationEnabled",
        /// Whether namespaces are searched.
        search_enabled: bool = "searchEnabled",
        /// The service plan.
        service_plan: String = "servicePlan",
        /// After how many days uploads in parts are dropped; 0: never.
        multipart_upload_auto_abort_days: i64 = "multipartUploadAutoAbortDays" [Rule::Between(0, 180)],
        /// Who looks after retention.
        retention_type: Choice<RetentionType> = "retentionType",
        /// Whether S3 overwrites without versioning.
        s3_unversioned_overwrite: bool = "s3UnversionedOverwrite",
        /// Versioning.
        versioning_settings: VersioningSettings = "versioningSettings",
        /// Always `Dynamic`.
        dpl: String = "dpl",
        /// Always `Dynamic`.
        effective_dpl: String = "effectiveDpl",
    }
}

resource! {
    /// A service plan that the tenant may choose.
    AvailableServicePlan = "availableServicePlan" {
        /// Its name.
        name: String = "name",
        /// What it does.
        description: String = "description",
    }
}

resource! {
    /// A CORS document, which is XML in one string.
    Cors = "cors" {
        /// S3's `CORSConfiguration`.
        cors: String = "cors" [Rule::Fits(super::rules::cors_size)],
    }
}

resource! {
    /// Properties that objects are searched by, taken out of their annotations.
    ContentClass = "contentClass" {
        /// The name.
        name: String = "name" [Rule::Length(1, 64)],
        /// The properties.
        content_properties: ContentProperties = "contentProperties",
        /// The namespaces whose objects have them.
        namespaces: Names = "namespaces",
    }
}

list! {
    /// Content properties: `{"contentProperty": [{"name": "doctor"}]}`.
    ContentProperties of ContentProperty = "contentProperty"
}

resource! {
    /// A property that objects are searched by.
    ContentProperty = "contentProperty" {
        /// The name.
        name: String = "name" [Rule::Fits(super::rules::content_property_name)],
        /// Where it is in an annotation: `XPath`, with `@annotation:` before it if need be.
        expression: String = "expression" [Rule::Length(1, 1_024)],
        /// What it holds.
        kind: Choice<super::words::ContentType> = "type",
        /// Whether one object can have several.
        multivalued: bool = "multivalued",
        /// How dates and numbers are written.
        format: String = "format",
    }
}
