//! The lists of addresses from which something may be reached, and who gets in by them.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::{
    resource::resource,
    rules::RuleFault,
    value::{Rule, list},
};

list! {
    /// Addresses: `{"ipAddress": ["10.0.0.0/8"]}`.
    Addresses of String = "ipAddress"
}

resource! {
    /// Who may connect (`ipSettings` of console security, search security and protocols).
    IpSettings = "ipSettings" {
        /// Who may.
        allow_addresses: Addresses = "allowAddresses" [Rule::Fits(check_addresses)],
        /// Who may not.
        deny_addresses: Addresses = "denyAddresses" [Rule::Fits(check_addresses)],
        /// Whether somebody on both lists, or on neither, gets in.
        allow_if_in_both_lists: bool = "allowIfInBothLists",
    }
}

/// The networks of one entry: an address, several with commas, `address/mask` or CIDR.
///
/// # Errors
/// The entry is none of these.
pub fn networks(entry: &str) -> Result<Vec<IpNet>, RuleFault> {
    entry.split(',').map(|one| network(one.trim())).collect()
}

fn network(text: &str) -> Result<IpNet, RuleFault> {
    let invalid = || RuleFault::Address(text.to_owned());
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.into());
    }
    if let Ok(network) = text.parse::<IpNet>() {
        return Ok(network);
    }
    // HCP writes all addresses of version 6 as `::0/0`, and takes masks with dots.
    let (address, mask) = text.split_once('/').ok_or_else(invalid)?;
    let address: IpAddr = address.parse().map_err(|_no_address| invalid())?;
    match (address, mask.parse::<IpAddr>()) {
        (IpAddr::V4(address), Ok(IpAddr::V4(mask))) => Ipv4Net::with_netmask(address, mask)
            .map(IpNet::V4)
            .map_err(|_no_mask| invalid()),
        _ => Err(invalid()),
    }
}

fn check_addresses(entry: &str) -> Result<(), RuleFault> {
    networks(entry).map(|_networks| ())
}

impl Addresses {
    /// Whether an address is among them. An entry that cannot be read holds nobody.
    pub fn hold(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0
            .iter()
            .filter_map(|entry| networks(entry).ok())
            .flatten()
            .any(|network| network.contains(&address))
    }
}

impl IpSettings {
    /// Whether somebody at an address gets in (HCP's table of `allowIfInBothLists`).
    pub fn admits(&self, address: IpAddr) -> bool {
        let none = Addresses::default();
        let allow = self.allow_addresses.as_ref().unwrap_or(&none);
        let deny = self.deny_addresses.as_ref().unwrap_or(&none);
        let flag = self.allow_if_in_both_lists.unwrap_or(false);
        match (allow.0.is_empty(), deny.0.is_empty()) {
            (true, true) => flag,
            (false, true) => flag || allow.hold(address),
            (true, false) => flag && !deny.hold(address),
            (false, false) => match (allow.hold(address), deny.hold(address)) {
                (true, false) => true,
                (false, true) => false,
                _ => flag,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(allow: &[&str], deny: &[&str], flag: bool) -> IpSettings {
        let list = |entries: &[&str]| Addresses(entries.iter().map(|e| (*e).to_owned()).collect());
        IpSettings {
            allow_addresses: Some(list(allow)),
            deny_addresses: Some(list(deny)),
            allow_if_in_both_lists: Some(flag),
            ..IpSettings::default()
        }
    }

    /// The table of HCP's manual, row by row: on no list, on the first, on the second, on both.
    #[test]
    fn the_lists_admit_as_the_table_says() {
        let who = ["9.9.9.9", "10.0.0.1", "10.1.0.1", "10.2.0.1"].map(|a| a.parse().unwrap());
        let admitted = |allow: &[&str], deny: &[&str], flag| {
            let settings = settings(allow, deny, flag);
            who.map(|address| settings.admits(address))
        };
        let (allow, deny) = (["10.0.0.1", "10.2.0.0/16"], ["10.1.0.1,10.2.0.1"]);
        assert_eq!(admitted(&[], &[], true), [true; 4]);
        assert_eq!(admitted(&[], &[], false), [false; 4]);
        assert_eq!(admitted(&allow, &[], true), [true; 4]);
        assert_eq!(admitted(&allow, &[], false), [false, true, false, true]);
        assert_eq!(admitted(&[], &deny, true), [true, true, false, false]);
        assert_eq!(admitted(&[], &deny, false), [false; 4]);
        assert_eq!(admitted(&allow, &deny, true), [true, true, false, true]);
        assert_eq!(admitted(&allow, &deny, false), [false, true, false, false]);
    }

    #[test]
    fn entries_come_in_four_forms() {
        let holds = |entry: &str, address: &str| {
            Addresses(vec![entry.to_owned()]).hold(address.parse().unwrap())
        };
        assert!(holds("192.168.1.0/255.255.255.0", "192.168.1.77"));
        assert!(!holds("192.168.1.0/255.255.255.0", "192.168.2.77"));
        assert!(holds("0.0.0.0/0", "1.2.3.4"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("::0/0", "2001:db8::1"));
        // An address of version 4 that came over version 6.
        assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
        for entry in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/255.0.255.0",
            "a,b",
            "10.0.0.1,",
        ] {
            assert!(check_addresses(entry).is_err(), "{entry}");
        }
    }
}
