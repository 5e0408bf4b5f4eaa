//! What folders were renamed to from this tab, so that an old address says where its folder went.

use serde::{Deserialize, Serialize};

/// Renamings that are remembered.
const KEPT: usize = 50;

/// A folder that was renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// By whom: somebody else at the same browser is told nothing.
    pub who: String,
    /// Where.
    pub bucket: String,
    /// The folder's old prefix.
    pub from: String,
    /// Its new one.
    pub to: String,
}

/// Adds a renaming; older ones that would lead astray go.
pub fn add(kept: &mut Vec<Renamed>, one: Renamed) {
    kept.retain(|old| {
        old.bucket != one.bucket || !(old.from == one.to || old.from.starts_with(&one.to))
    });
    kept.push(one);
    let surplus = kept.len().saturating_sub(KEPT);
    kept.drain(..surplus);
}

/// Where the folder `prefix` is now, if it was renamed or lay in one that was.
pub fn now(kept: &[Renamed], who: &str, bucket: &str, prefix: &str) -> Option<String> {
    let mut at = prefix.to_owned();
    for one in kept {
        if one.who == who
            && one.bucket == bucket
            && let Some(rest) = at.strip_prefix(one.from.as_str())
        {
            at = format!("{}{rest}", one.to);
        }
    }
    (at != prefix).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(pairs: &[(&str, &str)]) -> Vec<Renamed> {
        let mut kept = Vec::new();
        for (from, to) in pairs {
            let one = Renamed {
                who: "demo/demo".to_owned(),
                bucket: "b-1".to_owned(),
                from: (*from).to_owned(),
                to: (*to).to_owned(),
            };
            add(&mut kept, one);
        }
        kept
    }

    fn found(pairs: &[(&str, &str)], prefix: &str) -> Option<String> {
        now(&kept(pairs), "demo/demo", "b-1", prefix)
    }

    #[test]
    fn an_old_address_leads_on() {
        let once = [("a/", "b/")];
        assert_eq!(found(&once, "a/").as_deref(), Some("b/"));
        assert_eq!(found(&once, "a/x/").as_deref(), Some("b/x/"));
        assert_eq!(found(&once, "ab/"), None);
        assert_eq!(found(&once, "b/"), None);
        let twice = [("a/", "b/"), ("b/", "c/")];
        assert_eq!(found(&twice, "a/").as_deref(), Some("c/"));
    }

    #[test]
    fn a_folder_that_is_back_leads_nowhere() {
        let there_and_back = [("a/", "b/"), ("b/", "a/")];
        assert_eq!(found(&there_and_back, "a/"), None);
        assert_eq!(found(&there_and_back, "b/").as_deref(), Some("a/"));
    }

    #[test]
    fn others_are_told_nothing() {
        let kept = kept(&[("a/", "b/")]);
        assert_eq!(now(&kept, "demo/other", "b-1", "a/"), None);
        assert_eq!(now(&kept, "demo/demo", "b-2", "a/"), None);
    }

    #[test]
    fn only_so_many_are_kept() {
        let pairs: Vec<(String, String)> = (0..60)
            .map(|n| (format!("f{n}/"), format!("t{n}/")))
            .collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        let kept = kept(&pairs);
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.last().unwrap().from, "f59/");
    }
}
