//! The CORS rules that hold for a bucket, where they come from, and changes of them that nobody else's are lost by.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{CorsRule, DOCUMENT_MAX, DocumentFault, RULES_MAX, check};
use crate::{BucketName, bucket::below, endpoint::Endpoint};

/// `GET /buckets/{bucket}/cors/overview`: the rules of the bucket and of its tenant, and which hold.
#[derive(Clone, Debug)]
pub struct GetCorsOverview {
    /// The bucket.
    pub bucket: BucketName,
}

/// What [`GetCorsOverview`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsOverview {
    /// Which document decides.
    pub source: CorsSource,
    /// The bucket's own rules, in their order: the first that matches decides.
    pub cors_rules: Vec<CorsRule>,
    /// What is known of the tenant's rules, which hold for buckets without any.
    pub tenant: TenantRules,
    /// The tenant's rules, where they are known.
    pub tenant_rules: Vec<CorsRule>,
    /// What the bucket's own rules are told by: a change names the rules that it was made for.
    pub fingerprint: String,
    /// Whether the caller may set the bucket's rules, as far as is known.
    pub can_configure: bool,
}

/// The document that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CorsSource {
    /// The bucket's own.
    Bucket,
    /// The tenant's, because the bucket has none.
    Tenant,
    /// There is none.
    None,
    /// The bucket has none, and whether its tenant has one is not known.
    Unknown,
}

/// What is known of a tenant's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TenantRules {
    /// All of them.
    Known,
    /// There is no document.
    Unset,
    /// The caller may not read them.
    Hidden,
    /// The store has no tenants whose rules hold for buckets.
    Absent,
}

impl Endpoint for GetCorsOverview {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors/overview";
    type Body = ();
    type Response = CorsOverview;

    fn path(&self) -> String {
        below(&self.bucket, "cors/overview", &[])
    }
}

/// `POST /buckets/{bucket}/cors/changes`: one change of the bucket's rules.
#[derive(Clone, Debug)]
pub struct ChangeCors {
    /// The bucket.
    pub bucket: BucketName,
    /// The change.
    pub body: CorsEdit,
}

/// The body of [`ChangeCors`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsEdit {
    /// That of the rules that the change was made for. Where the bucket has others by now, nothing is changed.
    pub fingerprint: String,
    /// What is changed.
    pub change: CorsChange,
    /// Whether the tenant's rules are put before the bucket's first ones, which hide them otherwise.
    #[serde(default)]
    pub with_tenant: bool,
}

/// A change of rules. Places count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CorsChange {
    /// A new rule.
    Add {
        /// Its place; behind all others without one.
        #[serde(default)]
        at: Option<usize>,
        /// The rule.
        rule: CorsRule,
    },
    /// Another rule in place of one.
    Replace {
        /// The place.
        at: usize,
        /// The rule.
        rule: CorsRule,
    },
    /// A rule goes to another place.
    Move {
        /// Where it is.
        from: usize,
        /// Where it will be.
        to: usize,
    },
    /// A rule goes. With the last of them goes the document.
    Remove {
        /// The place.
        at: usize,
    },
    /// All rules at once.
    Rules {
        /// In their order.
        cors_rules: Vec<CorsRule>,
    },
    /// All rules at once, as XML.
    Document {
        /// The document.
        xml: String,
    },
    /// The tenant's rules become the bucket's own.
    CopyTenant,
}

impl CorsChange {
    /// Makes the change; `None` where there is no such place, and for what only the server can do: reading XML and
    /// the tenant's rules.
    pub fn apply(&self, rules: &[CorsRule]) -> Option<Vec<CorsRule>> {
        let mut rules = rules.to_vec();
        match self {
            Self::Add { at, rule } => {
                let at = at.unwrap_or(rules.len());
                (at <= rules.len()).then(|| rules.insert(at, rule.clone()))?;
            }
            Self::Replace { at, rule } => *rules.get_mut(*at)? = rule.clone(),
            Self::Move { from, to } => {
                let inside = *from < rules.len() && *to < rules.len();
                inside.then(|| {
                    let rule = rules.remove(*from);
                    rules.insert(*to, rule);
                })?;
            }
            Self::Remove { at } => {
                (*at < rules.len()).then(|| rules.remove(*at))?;
            }
            Self::Rules { cors_rules } => rules.clone_from(cors_rules),
            Self::Document { .. } | Self::CopyTenant => return None,
        }
        Some(rules)
    }
}

/// What rules are told by.
pub fn fingerprint(rules: &[CorsRule]) -> String {
    crate::fingerprint::fingerprint(rules)
}

/// What is wrong with rules that shall take the place of others, in words for a person. What was there before is
/// not looked at: its store took it.
pub fn check_all(before: &[CorsRule], rules: &[CorsRule]) -> Result<(), String> {
    if rules.len() > RULES_MAX {
        return Err(format!("There are at most {RULES_MAX} rules."));
    }
    for (number, rule) in (1..).zip(rules).filter(|(_, rule)| !before.contains(rule)) {
        if let Some(fault) = check(rule).first() {
            return Err(format!("Rule {number}: {fault}"));
        }
    }
    if super::document(rules).len() > DOCUMENT_MAX {
        return Err("The rules are larger than 2.5 MB as XML.".to_owned());
    }
    Ok(())
}

impl Endpoint for ChangeCors {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors/changes";
    type Body = CorsEdit;
    type Response = CorsOverview;

    fn path(&self) -> String {
        below(&self.bucket, "cors/changes", &[])
    }

    fn body(&self) -> Option<&CorsEdit> {
        Some(&self.body)
    }
}

/// `POST /buckets/{bucket}/cors/reading`: what a document in XML says. Nothing is changed.
#[derive(Clone, Debug)]
pub struct ReadCorsDocument {
    /// The bucket.
    pub bucket: BucketName,
    /// The document.
    pub body: CorsDocument,
}

/// The body of [`ReadCorsDocument`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsDocument {
    /// The document.
    #[cfg_attr(feature = "openapi", schema(max_length = 2_621_440))]
    pub xml: String,
}

/// What [`ReadCorsDocument`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsReading {
    /// The rules; none where something is wrong.
    pub cors_rules: Vec<CorsRule>,
    /// The first thing that is wrong.
    pub fault: Option<DocumentFault>,
}

impl Endpoint for ReadCorsDocument {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors/reading";
    type Body = CorsDocument;
    type Response = CorsReading;

    fn path(&self) -> String {
        below(&self.bucket, "cors/reading", &[])
    }

    fn body(&self) -> Option<&CorsDocument> {
        Some(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str) -> CorsRule {
        CorsRule {
            id: Some(id.to_owned()),
            allowed_origins: Some(vec!["*".to_owned()]),
            allowed_methods: Some(vec!["GET".to_owned()]),
            ..CorsRule::default()
        }
    }

    #[test]
    fn changes_keep_the_other_rules_in_their_order() {
        let rules = ["a", "b", "c"].map(rule);
        let ids = |change: CorsChange| {
            let rules = change.apply(&rules)?;
            let ids: Vec<_> = rules.into_iter().filter_map(|rule| rule.id).collect();
            Some(ids.concat())
        };
        let of = |ids: &str| Some(ids.to_owned());
        let n = || rule("n");
        let add = |at| CorsChange::Add { at, rule: n() };
        assert_eq!(ids(add(None)), of("abcn"));
        assert_eq!(ids(add(Some(0))), of("nabc"));
        assert_eq!(ids(add(Some(4))), None);
        let replace = |at| CorsChange::Replace { at, rule: n() };
        assert_eq!(ids(replace(1)), of("anc"));
        assert_eq!(ids(replace(3)), None);
        let shift = |from, to| CorsChange::Move { from, to };
        assert_eq!(ids(shift(0, 2)), of("bca"));
        assert_eq!(ids(shift(2, 1)), of("acb"));
        assert_eq!((ids(shift(3, 0)), ids(shift(0, 3))), (None, None));
        assert_eq!(ids(CorsChange::Remove { at: 1 }), of("ac"));
        assert_eq!(ids(CorsChange::Remove { at: 3 }), None);
        let all = CorsChange::Rules {
            cors_rules: vec![n()],
        };
        assert_eq!(ids(all), of("n"));
        assert_eq!(ids(CorsChange::CopyTenant), None);
    }

    #[test]
    fn rules_are_told_apart_by_order_and_content() {
        let prints = [
            fingerprint(&[]),
            fingerprint(&[rule("a")]),
            fingerprint(&[rule("a"), rule("b")]),
            fingerprint(&[rule("b"), rule("a")]),
        ];
        let different: std::collections::BTreeSet<_> = prints.iter().collect();
        assert_eq!(different.len(), prints.len());
        assert_eq!(fingerprint(&[rule("a")]), prints[1]);
    }

    #[test]
    fn a_document_is_checked_as_a_whole() {
        let of = |rules: &[CorsRule]| check_all(&[], rules);
        assert_eq!(of(&[]), Ok(()));
        assert_eq!(of(&vec![rule("a"); 100]), Ok(()));
        assert!(of(&vec![rule("a"); 101]).is_err());
        let odd = [rule("a"), CorsRule::default()];
        let told = of(&odd).unwrap_err();
        assert!(told.starts_with("Rule 2:"), "{told}");
        assert_eq!(check_all(&odd[1..], &odd), Ok(()));
        let origin = format!("https://{}.example", "a".repeat(30_000));
        let huge = CorsRule {
            allowed_origins: Some(vec![origin]),
            ..rule("a")
        };
        assert!(of(&vec![huge; 90]).unwrap_err().contains("2.5 MB"));
    }

    #[test]
    fn a_change_is_written_with_its_kind() {
        let edit = CorsEdit {
            fingerprint: "0".to_owned(),
            change: CorsChange::Move { from: 1, to: 0 },
            with_tenant: false,
        };
        let json = serde_json::to_value(&edit).unwrap();
        assert_eq!(
            json["change"],
            serde_json::json!({"kind": "move", "from": 1, "to": 0})
        );
        assert_eq!(serde_json::from_value::<CorsEdit>(json).unwrap(), edit);
    }
}
