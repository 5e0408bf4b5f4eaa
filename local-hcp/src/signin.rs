//! What a tenant's console security makes of an account that signs in (HCP's management API,
//! `consoleSecurity`). It holds for the management API and for S3 alike.
//!
//! The system level has no such settings in HCP's API: its accounts have the defaults.

use std::net::{IpAddr, Ipv4Addr};

use model::mapi::{ConsoleSecurity, IpSettings, Resource as _, Role};
use rusqlite::Connection;
use serde_json::Map;

use crate::{Error, account::Account, profile::Habits, store::accounts};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A day, in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// After how many failed sign-ins an account is disabled, where its tenant does not say.
const ATTEMPTS: i64 = 5;

/// What keeps an account from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Barrier {
    /// Failed sign-ins have disabled it.
    Locked,
    /// The last sign-in failed a moment ago.
    CoolingDown,
    /// Somebody has disabled it.
    Disabled,
    /// Nobody has used it for long.
    Inactive,
    /// Its password has to be changed first.
    MustChange,
}

impl Barrier {
    /// The reason, for who has proved to be that account.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Locked => "Failed sign-ins have disabled the account.",
            Self::CoolingDown => "A sign-in failed a moment ago: wait before the next.",
            Self::Disabled => "The account is disabled.",
            Self::Inactive => "The account is disabled: it was not used for too long.",
            Self::MustChange => {
                "The password of the account has to be changed before anything else."
            }
        }
    }

    /// Whether the account is not enabled, as others see it.
    pub(crate) const fn disables(self) -> bool {
        matches!(self, Self::Locked | Self::Disabled | Self::Inactive)
    }
}

/// What has become of an account's sign-ins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// Failed sign-ins since the last good one.
    pub(crate) failures: i64,
    pub(crate) failed_ms: Option<i64>,
    /// When failed sign-ins disabled it.
    pub(crate) locked_ms: Option<i64>,
    /// When it was last used.
    pub(crate) active_ms: i64,
    /// When its password was set.
    pub(crate) password_ms: i64,
    pub(crate) must_change: bool,
}

/// The settings of a tenant that has set none.
pub(crate) fn defaults(habits: &Habits) -> ConsoleSecurity {
    let everybody = habits.everybody.iter().map(|entry| (*entry).to_owned());
    ConsoleSecurity {
        minimum_password_length: Some(6),
        password_combination: Some(false),
        upper_case_letter_count: Some(1),
        lower_case_letter_count: Some(1),
        numeric_character_count: Some(1),
        special_character_count: Some(1),
        password_contains_username: Some(true),
        block_common_password: Some(false),
        block_password_re_use: Some(false),
        password_reuse_depth: Some(5),
        force_password_change_days: Some(habits.days_to_expiry),
        disable_after_attempts: Some(ATTEMPTS),
        disable_after_inactive_days: Some(habits.days_to_expiry),
        automatic_user_account_unlock_setting: Some(false),
        automatic_user_account_unlock_duration: Some(5),
        cool_down_period_settings: Some(false),
        cool_down_period_duration: Some(5),
        logout_on_inactive: Some(10),
        login_message: Some(String::new()),
        ip_settings: Some(IpSettings {
            allow_addresses: Some(everybody.collect()),
            deny_addresses: Some(Vec::new().into()),
            allow_if_in_both_lists: Some(false),
            ..IpSettings::default()
        }),
        other: Map::new(),
    }
}

/// The settings that hold for the accounts of a tenant: the defaults, and what was set over them.
pub(crate) fn settings(habits: &Habits, stored: Option<&str>) -> Result<ConsoleSecurity, Error> {
    let mut map = defaults(habits).to_map();
    if let Some(stored) = stored {
        let stored: Map<String, serde_json::Value> = serde_json::from_str(stored)
            .map_err(|_not_ours| Error::Damaged("console security cannot be read"))?;
        map.extend(stored);
    }
    Ok(ConsoleSecurity::read_leniently(map))
}

/// Whether somebody at an address may connect. Where nobody knows the address, only settings that admit
/// everybody do.
pub(crate) fn admits(settings: Option<&IpSettings>, peer: Option<IpAddr>) -> bool {
    let Some(settings) = settings else {
        return true;
    };
    match peer {
        Some(peer) => settings.admits(peer),
        None => {
            [Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into()]
                .iter()
                .all(|address| settings.admits(*address))
                && settings
                    .deny_addresses
                    .as_ref()
                    .is_none_or(|deny| deny.0.is_empty())
        }
    }
}

/// The rules that are looked at in every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// So many failed sign-ins disable an account; 0: never.
    pub(crate) attempts: i64,
    /// After how many minutes it is enabled again by itself.
    unlock_minutes: Option<i64>,
    /// For how many seconds a failed sign-in is waited out.
    cool_down_seconds: Option<i64>,
    /// 0: never.
    inactive_days: i64,
    /// 0: never.
    expiry_days: i64,
}

impl Rules {
    /// The rules of a tenant; where it has set none, nothing is read for them.
    pub(crate) fn of(habits: &Habits, stored: Option<&str>) -> Result<Self, Error> {
        if stored.is_none() {
            return Ok(Self {
                attempts: ATTEMPTS,
                unlock_minutes: None,
                cool_down_seconds: None,
                inactive_days: habits.days_to_expiry,
                expiry_days: habits.days_to_expiry,
            });
        }
        settings(habits, stored).map(|settings| Self::among(&settings))
    }

    fn among(settings: &ConsoleSecurity) -> Self {
        let where_on = |switch: Option<bool>, number: Option<i64>| {
            number.filter(|_number| switch == Some(true))
        };
        Self {
            attempts: settings.disable_after_attempts.unwrap_or(ATTEMPTS),
            unlock_minutes: where_on(
                settings.automatic_user_account_unlock_setting,
                settings.automatic_user_account_unlock_duration,
            ),
            cool_down_seconds: where_on(
                settings.cool_down_period_settings,
                settings.cool_down_period_duration,
            ),
            inactive_days: settings.disable_after_inactive_days.unwrap_or(0),
            expiry_days: settings.force_password_change_days.unwrap_or(0),
        }
    }
}

/// What keeps an account from being used now.
pub(crate) fn barrier(
    connection: &Connection,
    habits: &Habits,
    account: &Account,
    now_ms: i64,
) -> Result<Option<Barrier>, Error> {
    let history = &account.history;
    let rules = Rules::of(habits, account.console_security.as_deref())?;
    // Whom nobody else could let in again. Asked only where it matters.
    let is_last = || {
        Ok::<_, Error>(
            account.has(Role::Security) && !accounts::other_security_account(connection, account)?,
        )
    };
    if let Some(locked_ms) = history.locked_ms {
        let passed = now_ms - locked_ms;
        let is_over = rules
            .unlock_minutes
            .is_some_and(|minutes| passed >= minutes * MINUTE_MS)
            || (passed >= HOUR_MS && is_last()?);
        if !is_over {
            return Ok(Some(Barrier::Locked));
        }
    } else if let Some(seconds) = rules.cool_down_seconds
        && let Some(failed_ms) = history.failed_ms.filter(|_ms| history.failures > 0)
        && now_ms - failed_ms < seconds * SECOND_MS
    {
        return Ok(Some(Barrier::CoolingDown));
    }
    if !account.enabled {
        return Ok(Some(Barrier::Disabled));
    }
    let is_over = |days: i64, since_ms: i64| days > 0 && now_ms - since_ms >= days * DAY_MS;
    if is_over(rules.inactive_days, history.active_ms) && !is_last()? {
        return Ok(Some(Barrier::Inactive));
    }
    let expired = is_over(rules.expiry_days, history.password_ms);
    if account.local && (history.must_change || expired) {
        return Ok(Some(Barrier::MustChange));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn the_short_way_to_the_rules_leads_to_the_same() {
        for profile in [Profile::Standard, Profile::Hcp] {
            let habits = profile.habits();
            let short = Rules::of(&habits, None).unwrap();
            assert_eq!(short, Rules::among(&settings(&habits, None).unwrap()));
            assert_eq!(short, Rules::of(&habits, Some("{}")).unwrap());
        }
    }
}
