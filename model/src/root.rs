//! The path that everything of Hako stands below, where a proxy shares a host between several services.
//!
//! Inside, addresses are always those of a Hako that has its host for itself: `/buckets`. Where one leaves for the
//! browser, [`below`] makes it `/hako/buckets`; where one comes in, [`inside`] takes that off again. Both leave alone
//! what is so already: the first segment of a root is none of Hako's own.

use std::borrow::Cow;

/// An address of this site as the browser needs it. Others (`https://…`, `//host`, `#part`) stay as they are. `root`
/// is empty, or begins with a slash and ends without one.
pub fn below<'a>(root: &str, address: &'a str) -> Cow<'a, str> {
    let of_site = address.starts_with('/') && !address.starts_with("//");
    if root.is_empty() || !of_site || is_below(root, address) {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("{root}{address}"))
    }
}

/// An address without the root, if it stands below it.
pub fn inside<'a>(root: &str, address: &'a str) -> Cow<'a, str> {
    let rest = address
        .strip_prefix(root)
        .filter(|_| !root.is_empty() && is_below(root, address));
    match rest {
        Some(rest) if rest.starts_with('/') => Cow::Borrowed(rest),
        Some(rest) => Cow::Owned(format!("/{rest}")),
        None => Cow::Borrowed(address),
    }
}

/// Whether an address is the root, or stands below it.
fn is_below(root: &str, address: &str) -> bool {
    let rest = address.strip_prefix(root);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_site_stands_below_the_root_once() {
        for (address, there) in [
            ("/", "/hako/"),
            ("/buckets?prefix=a%2F", "/hako/buckets?prefix=a%2F"),
            ("/hakone", "/hako/hakone"),
            ("/hako/buckets", "/hako/buckets"),
            ("/hako?x", "/hako?x"),
            ("https://other.example/x", "https://other.example/x"),
            ("//other.example/x", "//other.example/x"),
            ("#content", "#content"),
            ("blob:x", "blob:x"),
            ("", ""),
        ] {
            assert_eq!(below("/hako", address), there);
            assert_eq!(below("", address), address);
        }
    }

    #[test]
    fn inside_nobody_knows_of_the_root() {
        for (address, here) in [
            ("/hako/buckets?x=/hako/y", "/buckets?x=/hako/y"),
            ("/hako/", "/"),
            ("/hako", "/"),
            ("/hako?x=1", "/?x=1"),
            ("/hako/hako/a", "/hako/a"),
            ("/hakone", "/hakone"),
            ("/buckets", "/buckets"),
            ("https://h/hako/x", "https://h/hako/x"),
        ] {
            assert_eq!(inside("/hako", address), here);
        }
        assert_eq!(inside("", "/buckets"), "/buckets");
        assert_eq!(inside("", ""), "");
    }
}
