//! What is kept, for how long, and what a change drops.

use std::{fmt::Write as _, time::Duration};

use percent_encoding::percent_decode_str;

/// How long answers are kept, by class. Zero: not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Statistics and chargeback reports.
    pub statistics: Duration,
    /// Settings that seldom change.
    pub settings: Duration,
    /// All else.
    pub other: Duration,
    /// Metadata queries for objects.
    pub objects: Duration,
    /// Metadata queries for operations.
    pub operations: Duration,
}

/// Resources whose first segment of this beginning is never kept: work under way, and what only
/// HCP's support may see.
const NEVER: [&str; 3] = ["logs", "healthcheck", "support"];
const STATISTICS: [&str; 2] = ["statistics", "chargeback"];
const SETTINGS: [&str; 7] = [
    "consolesecurity",
    "permissions",
    "cifsshares",
    "protocolsettings",
    "emailnotification",
    "namespacedefaults",
    "searchsecurity",
];
/// Collections whose change changes what somebody may read.
const RIGHTS: [&str; 2] = ["useraccounts", "groupaccounts"];

/// Services whose resources tell of each other.
const LINKED: [&str; 2] = ["replication", "erasurecoding"];

impl Lifetimes {
    /// How long the answer to a read of a path is kept; `None` where it is not.
    pub(super) fn of(&self, path: &str) -> Option<Duration> {
        let segments = segments(path);
        let words = resource_words(&segments);
        let any = |of: &[&str], fits: fn(&str, &str) -> bool| {
            let mut words = words.iter();
            words.any(|(_, word)| of.iter().any(|one| fits(word, one)))
        };
        let lifetime = if any(&NEVER, |word, one| word.starts_with(one)) {
            return None;
        } else if let [.., (_, "query"), (_, what)] = words.as_slice() {
            if *what == "objects" {
                self.objects
            } else {
                self.operations
            }
        } else if any(&STATISTICS, |word, one| word.contains(one)) {
            self.statistics
        } else if any(&SETTINGS, |word, one| word == one) {
            self.settings
        } else {
            self.other
        };
        (!lifetime.is_zero()).then_some(lifetime)
    }

    /// The longest of them.
    pub(super) fn longest(&self) -> Duration {
        let queries = self.objects.max(self.operations);
        let rest = self.statistics.max(self.settings).max(self.other);
        rest.max(queries)
    }
}

/// The segments of a path below `/mapi`, in one spelling: HCP tells names apart neither by case nor by
/// how they were encoded.
fn segments(path: &str) -> Vec<String> {
    let path = path.split_once('?').map_or(path, |(path, _query)| path);
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .enumerate()
        .filter(|(place, segment)| *place > 0 || *segment != "mapi")
        .map(|(_, segment)| {
            percent_decode_str(segment)
                .decode_utf8_lossy()
                .to_lowercase()
        })
        .collect()
}

/// The segments that HCP's resources are called by, with their places; names that people gave are left out, so that a
/// namespace `statistics` is one like any other.
fn resource_words(segments: &[String]) -> Vec<(usize, &str)> {
    const COLLECTIONS: [&str; 8] = [
        "tenants",
        "namespaces",
        "useraccounts",
        "groupaccounts",
        "contentclasses",
        "retentionclasses",
        "links",
        "ectopologies",
    ];
    let mut words = Vec::new();
    let mut is_name = false;
    for (place, segment) in segments.iter().enumerate() {
        if is_name {
            is_name = false;
        } else {
            is_name = COLLECTIONS.contains(&segment.as_str());
            words.push((place, segment.as_str()));
        }
    }
    words
}

/// The mark of all that lies at or below a path.
fn below(segments: &[String]) -> String {
    format!("below {}", joined(segments))
}

/// The mark that every answer depends on.
pub(super) fn everything() -> String {
    below(&[])
}

/// The mark of a path alone.
fn at(segments: &[String]) -> String {
    format!("at {}", joined(segments))
}

fn joined(segments: &[String]) -> String {
    // A decoded name may contain a slash: its length tells where it ends.
    segments.iter().fold(String::new(), |mut text, segment| {
        let _ = write!(text, "/{}:{segment}", segment.len());
        text
    })
}

/// The marks that the answer to a read depends on.
pub(super) fn marks_of(path: &str) -> Vec<String> {
    let segments = segments(path);
    (0..=segments.len())
        .map(|count| below(&segments[..count]))
        .chain([at(&segments)])
        .collect()
}

/// The marks of everything that a change of a path may change: what lies below it and below its
/// parent, and what lists or counts it further up.
pub(super) fn changed_by(path: &str) -> Vec<String> {
    let segments = segments(path);
    // Who may read what: all of the tenant, or of the system.
    let words = resource_words(&segments);
    let whole = words.iter().find(|(_, word)| RIGHTS.contains(word));
    // What goes by a link is a candidate no longer, and what a topology is made of tells how the links are.
    let whole = whole.or_else(|| words.iter().find(|(_, word)| LINKED.contains(word)));
    let depth = whole.map_or(segments.len().saturating_sub(1), |(place, _)| *place);
    let mut marks = vec![below(&segments[..depth])];
    marks.extend((0..depth).map(|count| at(&segments[..count])));
    if let [tenants] | [tenants, _] = segments.as_slice()
        && tenants == "tenants"
    {
        // A tenant is a candidate of each link and topology.
        marks.push(below(&["services".to_owned()]));
    }
    if let [tenants, tenant, namespaces, ..] = segments.as_slice()
        && tenants == "tenants"
        && namespaces == "namespaces"
    {
        let of_tenant = [tenants, tenant].map(String::clone);
        for counts in ["statistics", "chargebackreport"] {
            let mut path = of_tenant.to_vec();
            path.push(counts.to_owned());
            marks.push(below(&path));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIMES: Lifetimes = Lifetimes {
        statistics: Duration::from_mins(1),
        settings: Duration::from_mins(10),
        other: Duration::from_mins(5),
        objects: Duration::from_secs(61),
        operations: Duration::from_mins(2),
    };

    #[test]
    fn lifetimes_follow_the_resource_and_not_the_names_of_people() {
        let of = |path: &str| LIFETIMES.of(&format!("/mapi{path}")).map(|d| d.as_secs());
        assert_eq!(of("/tenants/acme/statistics"), Some(60));
        assert_eq!(of("/tenants/acme/namespaces/a/chargebackReport"), Some(60));
        assert_eq!(of("/nodes/statistics"), Some(60));
        assert_eq!(of("/tenants/acme/consoleSecurity"), Some(600));
        assert_eq!(of("/tenants/acme/namespaces/a/permissions"), Some(600));
        assert_eq!(of("/tenants/acme/namespaces"), Some(300));
        let named = "/tenants/acme/namespaces/statistics";
        assert_eq!(of(named), Some(300));
        assert_eq!(of(&format!("{named}/statistics")), Some(60));
        assert_eq!(of("/tenants/logs/namespaces/support"), Some(300));
        assert_eq!(of("/tenants/acme/query/objects"), Some(61));
        assert_eq!(of("/tenants/acme/query/operations"), Some(120));
        assert_eq!(of("/tenants/query/namespaces/objects"), Some(300));
        assert_eq!(of("/logs"), None);
        assert_eq!(of("/logs/download"), None);
        assert_eq!(of("/healthCheckReport"), None);
        assert_eq!(of("/supportaccesscredentials"), None);
        let off = Lifetimes {
            other: Duration::ZERO,
            ..LIFETIMES
        };
        assert_eq!(off.of("/mapi/tenants"), None);
    }

    /// Whether a change of one path drops what was read at another.
    fn drops(change: &str, read: &str) -> bool {
        let changed = changed_by(&format!("/mapi/tenants/acme{change}"));
        marks_of(&format!("/mapi{read}"))
            .iter()
            .any(|mark| changed.contains(mark))
    }

    #[test]
    fn a_change_drops_what_lies_below_its_parent_and_what_lists_it() {
        let cors = "/namespaces/docs/cors";
        assert!(drops(
            "",
            "/services/replication/links/east/localCandidates"
        ));
        assert!(!drops(
            cors,
            "/services/replication/links/east/localCandidates"
        ));
        assert!(drops(cors, "/tenants/acme/namespaces/docs/cors"));
        assert!(drops(cors, "/tenants/acme/namespaces/docs/permissions"));
        assert!(drops(cors, "/tenants/acme/namespaces/docs"));
        assert!(drops(cors, "/tenants/acme/namespaces"));
        assert!(drops(cors, "/tenants/acme"));
        assert!(drops(cors, "/tenants/acme/statistics"));
        assert!(!drops(cors, "/tenants/acme/namespaces/docs2"));
        assert!(!drops(cors, "/tenants/acme/namespaces/other/cors"));
        assert!(!drops(cors, "/tenants/acme/consoleSecurity"));
        assert!(!drops(cors, "/tenants/acme2/namespaces"));
        assert!(drops("/namespaces/docs", "/tenants/acme/namespaces/other"));
        assert!(drops("/namespaces", "/tenants/acme/consoleSecurity"));
        assert!(drops("", "/tenants/acme/namespaces/docs"));
    }

    #[test]
    fn a_change_of_somebodys_rights_drops_all_of_the_tenant() {
        let user = "/userAccounts/useraccounts";
        assert!(drops(user, "/tenants/acme/namespaces/docs/cors"));
        assert!(drops(
            "/groupAccounts/ops/dataAccessPermissions",
            "/tenants/acme/statistics"
        ));
        assert!(!drops(user, "/tenants/other/namespaces"));
    }

    #[test]
    fn case_and_encoding_hide_nothing_from_a_change() {
        assert!(drops(
            "/namespaces/docs/cors",
            "/tenants/ACME/namespaces/Docs/cors"
        ));
        assert!(drops(
            "/contentClasses/a%2fb",
            "/tenants/acme/contentClasses/a%2Fb"
        ));
        // A slash in a name is none of the path's.
        assert_ne!(
            joined(&segments("/mapi/a%2Fb")),
            joined(&segments("/mapi/a/b"))
        );
    }
}
