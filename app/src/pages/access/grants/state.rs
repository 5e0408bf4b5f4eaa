//! A list while it is changed, and saving it.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ErrorCode, Problem,
    acl::{ALL_USERS, AUTHENTICATED_USERS, Acl, AclPolicy, AclRight, Grant, Grantee, Public},
    form::SET_ACL,
};

use super::{
    known::Granted,
    words::{To, line_of},
};
use crate::{
    api, browser,
    outcome::Outcome,
    text::visible_name,
    ui::{Messages, ModalHandle},
    urls,
    words::access,
};

/// Whether two lists grant the same.
fn same(one: &[Grant], other: &[Grant]) -> bool {
    let within =
        |all: &[Grant], some: &[Grant]| some.iter().all(|a| all.iter().any(|b| b.is_as(a)));
    one.len() == other.len() && within(one, other) && within(other, one)
}

/// Whom a person means by what was typed; or why nobody is meant.
pub(super) fn person(granted: &Granted, typed: &str) -> Result<Grantee, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(access::name_first().to_owned());
    }
    let users = granted.users.iter().flatten();
    let mut known = users.filter(|user| user.name.eq_ignore_ascii_case(typed));
    if let Some(user) = known.next() {
        return Ok(if user.id.is_empty() {
            Grantee::typed(&user.name, granted.is_hcp)
        } else {
            Grantee::person(&user.id, &user.name)
        });
    }
    // Buckets take local users alone, and where all of them are known, others need not be tried.
    if granted.is_hcp && granted.users.is_some() && granted.place.key.is_none() {
        return Err(access::no_such_user(&visible_name(typed)));
    }
    Ok(Grantee::typed(typed, granted.is_hcp))
}

/// What the parts share.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) granted: StoredValue<Granted>,
    /// The list as it is saved.
    pub(super) base: RwSignal<Acl>,
    /// What is granted to others than the owner, as it is changed here.
    pub(super) draft: RwSignal<Vec<Grant>>,
    /// What somebody else has saved meanwhile.
    pub(super) theirs: RwSignal<Option<Acl>>,
    /// What is wrong with what is about to be added.
    pub(super) wrong: RwSignal<Option<String>>,
    pub(super) problem: RwSignal<Option<Problem>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) ask: ModalHandle,
    pub(super) messages: Messages,
}

impl State {
    pub(super) fn new(granted: Granted) -> Self {
        Self {
            draft: RwSignal::new(granted.acl.beside_owner()),
            base: RwSignal::new(granted.acl.clone()),
            granted: StoredValue::new(granted),
            theirs: RwSignal::new(None),
            wrong: RwSignal::new(None),
            problem: RwSignal::new(Outcome::problem(SET_ACL)),
            busy: RwSignal::new(false),
            ask: ModalHandle::new(false),
            messages: Messages::here(),
        }
    }

    pub(super) fn saved(self) -> Vec<Grant> {
        self.base.with(Acl::beside_owner)
    }

    pub(super) fn is_changed(self) -> bool {
        let saved = self.saved();
        self.draft.with(|draft| !same(draft, &saved))
    }

    pub(super) fn is_object(self) -> bool {
        self.granted
            .with_value(|granted| granted.place.key.is_some())
    }

    /// What strangers may do.
    pub(super) fn public(self, grants: &[Grant]) -> Public {
        self.granted.with_value(|granted| {
            let counts = granted.place.key.is_none() || granted.enforced != Some(false);
            let by_list = if counts {
                Public::of(grants)
            } else {
                Public::default()
            };
            granted.beside.with(by_list).public()
        })
    }

    /// Whether saving gives strangers what they have not yet.
    pub(super) fn opens(self) -> bool {
        let saved = Public::of(&untrack(|| self.saved()));
        self.draft
            .with_untracked(|draft| Public::of(draft).exceeds(saved))
    }

    pub(super) fn add(self, to: To, typed: &str, right: AclRight) -> bool {
        self.wrong.set(None);
        let grantee = match to {
            To::Everybody => Ok(Grantee::group(ALL_USERS)),
            To::SignedIn => Ok(Grantee::group(AUTHENTICATED_USERS)),
            To::Person => self.granted.with_value(|granted| person(granted, typed)),
        };
        let grant = match grantee {
            Ok(grantee) => Grant::new(grantee, right),
            Err(why) => {
                self.wrong.set(Some(why));
                return false;
            }
        };
        let twice = self
            .draft
            .with_untracked(|draft| draft.iter().any(|one| one.is_as(&grant)));
        let owner = self.base.with_untracked(|acl| {
            let (own, _) = acl.by_owner();
            own.iter().any(|one| {
                let as_owner = Grant {
                    permission: one.permission.clone(),
                    ..grant.clone()
                };
                one.is_as(&as_owner)
            })
        });
        if twice || owner {
            let words = if owner {
                access::owner_has_all().to_owned()
            } else {
                access::granted_already(&line_of(&grant))
            };
            self.wrong.set(Some(words));
            return false;
        }
        self.messages.announce(access::added(&line_of(&grant)));
        self.draft.update(|draft| draft.push(grant));
        true
    }

    pub(super) fn remove(self, at: usize) {
        let gone = self
            .draft
            .try_update(|draft| (at < draft.len()).then(|| draft.remove(at)));
        if let Some(grant) = gone.flatten() {
            self.messages.announce(access::removed(&line_of(&grant)));
        }
        request_animation_frame(|| browser::focus("#access-grants"));
    }

    pub(super) fn reset(self) {
        self.draft.set(untrack(|| self.saved()));
        self.theirs.set(None);
        self.problem.set(None);
        self.wrong.set(None);
    }

    /// Takes what is saved meanwhile as the base.
    pub(super) fn settle(self, theirs: Acl, draft: Vec<Grant>) {
        self.base.set(theirs);
        self.draft.set(draft);
        self.theirs.set(None);
        self.problem.set(None);
        request_animation_frame(|| browser::focus("#access-grants"));
    }

    pub(super) fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        let base = self.base.get_untracked();
        let (own, _) = base.by_owner();
        let granted = self.granted.get_value();
        // On HCP the owner's rights are told as a grant, and are none.
        let own = own.into_iter().filter(|_| !granted.is_hcp);
        let policy = AclPolicy {
            grants: Some(own.chain(self.draft.get_untracked()).collect()),
            fingerprint: Some(base.fingerprint),
            ..AclPolicy::default()
        };
        let place = granted.place;
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = place.set(policy).await;
            let now = match &answer {
                Ok(()) => Some(place.list().await),
                Err(problem) if problem.code == ErrorCode::Conflict => Some(place.list().await),
                Err(_) => None,
            };
            if self.busy.try_set(false).is_some() {
                // The form was left: what became of it is said all the same.
                match answer {
                    Ok(()) => self.messages.success(access::saved()),
                    Err(problem) => self.messages.error(problem.sentence()),
                }
                return;
            }
            self.ask.close();
            match (answer, now) {
                (Ok(()), now) => {
                    self.messages.success(access::saved());
                    match now {
                        Some(Ok(acl)) => {
                            let draft = acl.beside_owner();
                            self.settle(acl, draft);
                        }
                        Some(Err(problem)) => self.problem.set(Some(problem)),
                        None => {}
                    }
                }
                (Err(problem), _) if api::needs_sign_in(&problem) => {
                    browser::go(&urls::sign_in(&urls::current().get_untracked()));
                }
                (Err(problem), now) => {
                    self.problem.set(Some(problem));
                    if let Some(Ok(acl)) = now {
                        self.theirs.set(Some(acl));
                    }
                }
            }
        });
    }
}
