//! What HCP will refuse of a template for reasons that lie outside of the namespace: the quota of the tenant
//! is given away, or it has no such service plan.
//!
//! What cannot be read is not judged: HCP does that itself.

use futures::future::try_join_all;
use hcp::{Call, ErrorKind};
use model::mapi::{
    Quota,
    template::{Change, Difference, NamespaceTemplate, Part, Setting},
};
use serde_json::Value;

use super::{Templates, kind};

/// What a tenant can still give, as far as it is known.
#[derive(Debug)]
pub(super) struct Limits {
    plans: Plans,
    room: Option<Room>,
}

/// The service plans of a tenant.
#[derive(Debug)]
enum Plans {
    Unknown,
    /// The tenant may not choose any, or the account may not look: nor may it set one then.
    Denied,
    Known(Vec<String>),
}

/// The plan that namespaces have where nobody chooses.
const DEFAULT_PLAN: &str = "Default";

/// The hard quota of a tenant, and how much of it namespaces have.
#[derive(Debug)]
struct Room {
    quota: u64,
    allocated: u64,
}

impl Templates<'_> {
    /// What of it these namespaces need to know.
    pub(super) async fn limits(&self, namespaces: &[NamespaceTemplate]) -> Limits {
        let names = |property: &str| {
            let said = |one: &NamespaceTemplate| one.get(property).is_some_and(|v| !v.is_null());
            namespaces.iter().any(said)
        };
        let plans = async {
            if names("servicePlan") {
                self.plans().await
            } else {
                Plans::Unknown
            }
        };
        let room = async {
            if names("hardQuota") {
                self.room().await
            } else {
                None
            }
        };
        let (plans, room) = futures::join!(plans, room);
        Limits { plans, room }
    }

    async fn plans(&self) -> Plans {
        match self.read("list_available_service_plans", &[]).await {
            Ok(told) => listed(&told).map_or(Plans::Unknown, Plans::Known),
            Err(error) if kind(&error) == Some(ErrorKind::Denied) => Plans::Denied,
            Err(_unreadable) => Plans::Unknown,
        }
    }

    async fn room(&self) -> Option<Room> {
        let verbose = |call: Call| call.with("verbose", "true");
        let tenant = self.perform("get_tenant", &[], verbose).await.ok()?.body;
        let quota = quota_of(&tenant)?;
        let names = listed(&self.read("list_namespaces", &[]).await.ok()?)?;
        let each = names.iter().map(|name| async move {
            let namespace = self.read("get_namespace", &[name]).await?;
            Ok::<_, crate::Error>(quota_of(&namespace).unwrap_or(0))
        });
        let each = try_join_all(each).await.ok()?;
        Some(Room {
            quota,
            allocated: each.into_iter().fold(0, u64::saturating_add),
        })
    }
}

impl Limits {
    /// Refuses what of a namespace cannot be, and counts what it takes as given.
    pub(super) fn refuse(&mut self, all: &mut Difference, is_new: bool) {
        self.refuse_one(all, "servicePlan", |limits, setting| {
            limits.plans.refusal(setting.new.as_str()?, is_new)
        });
        // One that is not made takes nothing.
        let is_refused = |s: &Setting| s.part == Part::Namespace && s.change == Change::Refused;
        if !(is_new && all.settings.iter().any(is_refused)) {
            self.refuse_one(all, "hardQuota", |limits, setting| {
                let (old, new) = (setting.old.as_ref(), bytes(&setting.new)?);
                limits
                    .room
                    .as_mut()?
                    .take(old.and_then(bytes).unwrap_or(0), new)
            });
        }
    }

    fn refuse_one(
        &mut self,
        all: &mut Difference,
        name: &str,
        refusal: impl FnOnce(&mut Self, &Setting) -> Option<String>,
    ) {
        let is_it = |s: &&mut Setting| {
            s.part == Part::Namespace
                && s.setting == name
                && matches!(s.change, Change::New | Change::Change)
        };
        let Some(setting) = all.settings.iter_mut().find(is_it) else {
            return;
        };
        if let Some(reason) = refusal(self, setting) {
            setting.change = Change::Refused;
            setting.reason = Some(reason);
            all.writes.retain_mut(|write| {
                if write.part == Part::Namespace {
                    write.body.remove(name);
                }
                !write.body.is_empty()
            });
        }
    }
}

impl Plans {
    /// Why a namespace cannot have a plan.
    fn refusal(&self, plan: &str, is_new: bool) -> Option<String> {
        let is_it = |known: &str| known.eq_ignore_ascii_case(plan);
        let reason = match self {
            Self::Known(plans) if !plans.iter().any(|known| is_it(known)) => {
                "the tenant has no service plan of this name"
            }
            // What a new one has without being told is not set.
            Self::Denied if !(is_new && is_it(DEFAULT_PLAN)) => {
                "this account may not choose service plans in the tenant"
            }
            _ => return None,
        };
        Some(reason.to_owned())
    }
}

impl Room {
    /// Gives a namespace another quota; the reason why not where there is not so much.
    fn take(&mut self, old: u64, new: u64) -> Option<String> {
        let after = self.allocated.saturating_sub(old).saturating_add(new);
        if new > old && after > self.quota {
            return Some(format!(
                "the namespaces would have {} together, and the tenant has {}",
                Quota::of_bytes(after),
                Quota::of_bytes(self.quota)
            ));
        }
        self.allocated = after;
        None
    }
}

/// The names in a list, wrapped or bare, or one in its place; none where it is no list.
fn listed(told: &Value) -> Option<Vec<String>> {
    match told.get("name").unwrap_or(told) {
        Value::Array(names) => names
            .iter()
            .map(|n| n.as_str().map(str::to_owned))
            .collect(),
        Value::String(name) if name.trim().is_empty() => Some(Vec::new()),
        Value::String(name) => Some(vec![name.clone()]),
        Value::Object(nothing) if nothing.is_empty() => Some(Vec::new()),
        _ => None,
    }
}

fn quota_of(resource: &Value) -> Option<u64> {
    bytes(resource.get("hardQuota")?)
}

fn bytes(quota: &Value) -> Option<u64> {
    Some(quota.as_str()?.parse::<Quota>().ok()?.bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GB: u64 = 1 << 30;

    #[test]
    fn what_is_given_is_given_once() {
        let mut room = Room {
            quota: 10 * GB,
            allocated: 6 * GB,
        };
        assert_eq!(room.take(0, 3 * GB), None);
        let reason = room.take(0, 2 * GB).unwrap();
        assert!(
            reason.contains("11.00 GB") && reason.contains("10.00 GB"),
            "{reason}"
        );
        assert_eq!(room.take(3 * GB, 2 * GB), None);
        assert_eq!(room.take(0, 2 * GB), None);
        // Over it already: to take less is always possible.
        room.quota = GB;
        assert_eq!(room.take(6 * GB, 5 * GB), None);
        assert!(room.take(2 * GB, u64::MAX).is_some());
    }

    #[test]
    fn plans_that_cannot_be_are_refused() {
        let known = Plans::Known(vec!["Default".to_owned(), "Cold".to_owned()]);
        assert_eq!(known.refusal("cold", true), None);
        assert!(
            known
                .refusal("Gold", true)
                .unwrap()
                .contains("no service plan")
        );
        assert_eq!(Plans::Denied.refusal("Default", true), None);
        for (plan, is_new) in [("Default", false), ("Gold", true), ("Gold", false)] {
            let reason = Plans::Denied.refusal(plan, is_new);
            assert!(reason.unwrap().contains("may not choose"));
        }
        assert_eq!(Plans::Unknown.refusal("Gold", true), None);
    }

    #[test]
    fn names_are_listed_in_any_form() {
        let of = |told: Value| listed(&told);
        let a = Some(vec!["a".to_owned()]);
        for told in [
            json!({"name": ["a"]}),
            json!({"name": "a"}),
            json!(["a"]),
            json!("a"),
        ] {
            assert_eq!(of(told), a);
        }
        for told in [json!({}), json!({"name": []}), json!({"name": ""})] {
            assert_eq!(of(told), Some(Vec::new()));
        }
        assert_eq!(of(json!({"name": [1]})), None);
        assert_eq!(of(json!(1)), None);
    }
}
