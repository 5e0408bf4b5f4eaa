//! Slows failed sign-ins, per account and per address.
//!
//! Both counters say nothing about whether an account exists: they count names, not accounts.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use model::{Timestamp, auth::Login};

/// Failures of one account that cost nothing.
const FREE_PER_ACCOUNT: u32 = 5;
/// Failures from one address that cost nothing: a proxy may stand in front of many people.
const FREE_PER_ADDRESS: u32 = 30;
/// The longest wait, in seconds.
const LONGEST: i64 = 300;
/// After so many seconds without a failure all is forgotten.
const MEMORY: i64 = 900;
/// Entries kept; past that the oldest go.
const CAPACITY: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Account(Option<String>, String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: i64,
}

/// Counts failures in memory.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Subject, Failures>>,
}

fn subjects(login: &Login, address: Option<IpAddr>) -> impl Iterator<Item = (Subject, u32)> {
    let tenant = login
        .tenant
        .as_ref()
        .map(|t| t.as_str().to_ascii_lowercase());
    let account = Subject::Account(tenant, login.username.as_str().to_owned());
    [(account, FREE_PER_ACCOUNT)]
        .into_iter()
        .chain(address.map(|ip| (Subject::Address(ip.to_canonical()), FREE_PER_ADDRESS)))
}

/// Seconds to wait after so many failures: 1, 2, 4, … up to the longest.
fn penalty(count: u32, free: u32) -> i64 {
    match count.checked_sub(free) {
        None => 0,
        Some(over) => 1_i64
            .checked_shl(over.min(32))
            .unwrap_or(LONGEST)
            .min(LONGEST),
    }
}

impl Throttle {
    /// Seconds to wait before this account may be tried from this address; 0 is now.
    pub fn wait(&self, login: &Login, address: Option<IpAddr>, now: Timestamp) -> u64 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.unix_seconds();
        subjects(login, address)
            .filter_map(|(subject, free)| {
                let seen = failures.get(&subject)?;
                Some(seen.last + penalty(seen.count, free) - now)
            })
            .max()
            .map_or(0, |wait| u64::try_from(wait).unwrap_or(0))
    }

    /// Notes a failure.
    pub fn failed(&self, login: &Login, address: Option<IpAddr>, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.unix_seconds();
        if failures.len() >= CAPACITY {
            failures.retain(|_, f| now - f.last < MEMORY);
            if failures.len() >= CAPACITY {
                failures.clear();
            }
        }
        for (subject, _) in subjects(login, address) {
            let entry = failures.entry(subject).or_insert(Failures {
                count: 0,
                last: now,
            });
            if now - entry.last >= MEMORY {
                entry.count = 0;
            }
            entry.count = entry.count.saturating_add(1);
            entry.last = now;
        }
    }

    /// Forgets the account's failures after it signed in; the address keeps its own.
    pub fn succeeded(&self, login: &Login) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, _) in subjects(login, None) {
            failures.remove(&subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{TenantName, Username};

    use super::*;

    fn login(tenant: &str, user: &str) -> Login {
        Login {
            tenant: Some(TenantName::parse(tenant).unwrap()),
            username: Username::parse(user).unwrap(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    #[test]
    fn an_account_is_slowed_more_with_each_failure() {
        let throttle = Throttle::default();
        let alice = login("demo", "alice");
        for _ in 0..FREE_PER_ACCOUNT - 1 {
            throttle.failed(&alice, None, at(1_000));
            assert_eq!(throttle.wait(&alice, None, at(1_000)), 0);
        }
        for expected in [1, 2, 4, 8] {
            throttle.failed(&alice, None, at(1_000));
            assert_eq!(throttle.wait(&alice, None, at(1_000)), expected);
        }
        assert_eq!(throttle.wait(&alice, None, at(1_008)), 0);
        assert_eq!(throttle.wait(&login("DEMO", "alice"), None, at(1_000)), 8);
        assert_eq!(throttle.wait(&login("demo", "bob"), None, at(1_000)), 0);
        for _ in 0..100 {
            throttle.failed(&alice, None, at(1_000));
        }
        assert_eq!(throttle.wait(&alice, None, at(1_000)), 300);
        throttle.succeeded(&alice);
        assert_eq!(throttle.wait(&alice, None, at(1_000)), 0);
    }

    #[test]
    fn an_address_that_tries_many_names_is_slowed_too() {
        let throttle = Throttle::default();
        let address = Some("192.0.2.1".parse().unwrap());
        for n in 0..=FREE_PER_ADDRESS {
            throttle.failed(&login("demo", &format!("user{n}")), address, at(1_000));
        }
        assert!(throttle.wait(&login("demo", "fresh"), address, at(1_000)) > 0);
        assert_eq!(throttle.wait(&login("demo", "fresh"), None, at(1_000)), 0);
        assert_eq!(
            throttle.wait(&login("demo", "fresh"), address, at(1_000 + MEMORY)),
            0
        );
    }
}
