//! What can be done with a link, and what that means: which end serves reads and writes before, during and after,
//! what becomes of what waits, and what has to follow.
//!
//! Pure functions of the link's type and state: the words of the most dangerous buttons are tested like code.

use model::mapi::{Choice, LinkType, calls::LinkAction};
use serde_json::{Map, Value as Json};

use super::super::{flag, number, text};
use crate::{unit, words::replication};

/// What can be done with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An action of the store.
    Does(LinkAction),
    /// It is deleted.
    Delete,
}

/// What a link is doing, as far as what can be done depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It works, or waits for its hours.
    Works,
    /// The other end does not answer.
    Broken,
    /// It was failed over.
    FailedOver,
    /// What the primary missed is sent back to it.
    Recovers,
    /// Sending back comes to its end.
    Completes,
}

/// A link, as far as what can be done depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Which way objects go; nothing where the store has a type that we do not know.
    pub kind: Option<LinkType>,
    /// What it is doing.
    pub phase: Phase,
    /// Whether somebody stopped it for a while.
    pub suspended: bool,
}

/// Who may be written to at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes.
    Serves,
    /// Reads alone.
    Reads,
    /// Programs should keep away from it, though it may answer.
    Avoided,
    /// As it was, and on its own from then on.
    Alone,
}

/// Which way objects go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Both ways.
    Both,
    /// From here to there.
    There,
    /// From there to here.
    Here,
    /// Nowhere.
    Stopped,
}

/// Who serves what at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// This system.
    pub here: Access,
    /// The other one.
    pub there: Access,
    /// Which way objects go.
    pub flow: Flow,
}

/// What becomes of what waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It waits on, and grows.
    Stays,
    /// It is sent.
    Goes,
    /// Whoever uses the end that takes over does not see it, and it may be lost for good.
    Unseen,
    /// Where both ends changed the same, one version wins.
    Collides,
    /// What the primary had not sent loses against what the replica has.
    Loses,
    /// Everything is sent once more.
    Again,
    /// It is never sent.
    Never,
}

/// What an action means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Now.
    pub before: Moment,
    /// While it is done.
    pub during: Moment,
    /// Once it is done.
    pub after: Moment,
    /// What becomes of what waits.
    pub waiting: Waiting,
    /// What has to follow.
    pub next: Option<Act>,
}

/// Reads a link.
pub fn facts(link: &Map<String, Json>) -> Facts {
    let phase = match text(link, "statusMessage").to_lowercase().as_str() {
        "failed over" => Phase::FailedOver,
        "recovering data" => Phase::Recovers,
        "completing recovery" => Phase::Completes,
        "broken link" | "stalled link" | "not connected" => Phase::Broken,
        _ => Phase::Works,
    };
    Facts {
        kind: Choice::of(&text(link, "type")).known(),
        phase,
        suspended: flag(link, "suspended") == Some(true),
    }
}

use LinkAction::{BeginRecover, CompleteRecovery, FailBack, FailOver, Restore, Resume, Suspend};

impl Act {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Does(Suspend),
        Self::Does(Resume),
        Self::Does(FailOver),
        Self::Does(FailBack),
        Self::Does(BeginRecover),
        Self::Does(CompleteRecovery),
        Self::Does(Restore),
        Self::Delete,
    ];

    /// Its name in the address and in test ids: the store's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Does(action) => action.as_str(),
            Self::Delete => "delete",
        }
    }

    /// What its button says.
    pub fn word(self) -> &'static str {
        match self {
            Self::Does(Suspend) => replication::suspend(),
            Self::Does(Resume) => replication::resume(),
            Self::Does(FailOver) => replication::fail_over(),
            Self::Does(FailBack) => replication::fail_back(),
            Self::Does(BeginRecover) => replication::begin_recovery(),
            Self::Does(CompleteRecovery) => replication::complete_recovery(),
            Self::Does(Restore) => replication::restore(),
            Self::Delete => replication::delete_link(),
        }
    }

    /// What it is for, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Does(Suspend) => replication::about_suspend(),
            Self::Does(Resume) => replication::about_resume(),
            Self::Does(FailOver) => replication::about_fail_over(),
            Self::Does(FailBack) => replication::about_fail_back(),
            Self::Does(BeginRecover) => replication::about_begin_recovery(),
            Self::Does(CompleteRecovery) => replication::about_complete_recovery(),
            Self::Does(Restore) => replication::about_restore(),
            Self::Delete => replication::about_delete(),
        }
    }

    /// Whether it is possible for such a link in such a state.
    pub fn is_offered(self, facts: Facts) -> bool {
        let both = facts.kind == Some(LinkType::ActiveActive);
        let one_way = matches!(facts.kind, Some(LinkType::Outbound | LinkType::Inbound));
        let failed_over = facts.phase == Phase::FailedOver;
        match self {
            Self::Does(Suspend) => !facts.suspended,
            Self::Does(Resume) => facts.suspended,
            Self::Does(FailOver) => {
                facts.kind.is_some() && matches!(facts.phase, Phase::Works | Phase::Broken)
            }
            Self::Does(FailBack) => both && failed_over,
            Self::Does(BeginRecover) => one_way && failed_over,
            Self::Does(CompleteRecovery) => one_way && facts.phase == Phase::Recovers,
            // The other system was built anew and does not know the link.
            Self::Does(Restore) => {
                facts.kind.is_some()
                    && (facts.phase == Phase::Broken || failed_over || facts.suspended)
            }
            Self::Delete => facts.phase != Phase::Completes,
        }
    }

    /// What it means; nothing where the type of the link is not known.
    #[expect(
        clippy::too_many_lines,
        reason = "a table: each act with what it means"
    )]
    pub fn picture(self, facts: Facts) -> Option<Picture> {
        let kind = facts.kind?;
        let before = now(kind, facts);
        let normal = normal(kind);
        let failed = failed_over(kind);
        let stopped = |moment: Moment| Moment {
            flow: Flow::Stopped,
            ..moment
        };
        let recovery = if kind == LinkType::ActiveActive {
            Self::Does(FailBack)
        } else {
            Self::Does(BeginRecover)
        };
        let picture = |during, after, waiting, next| Picture {
            before,
            during,
            after,
            waiting,
            next,
        };
        Some(match self {
            Self::Does(Suspend) => picture(
                stopped(before),
                stopped(before),
                Waiting::Stays,
                Some(Self::Does(Resume)),
            ),
            Self::Does(Resume) => {
                let goes = now(
                    kind,
                    Facts {
                        suspended: false,
                        ..facts
                    },
                );
                picture(goes, goes, Waiting::Goes, None)
            }
            Self::Does(FailOver) => picture(
                // The end that gives up serving does so first.
                Moment {
                    here: weaker(before.here, failed.here),
                    there: weaker(before.there, failed.there),
                    flow: Flow::Stopped,
                },
                failed,
                Waiting::Unseen,
                Some(recovery),
            ),
            Self::Does(FailBack) => picture(normal, normal, Waiting::Collides, None),
            Self::Does(BeginRecover) => picture(
                recovering(kind),
                recovering(kind),
                Waiting::Loses,
                Some(Self::Does(CompleteRecovery)),
            ),
            Self::Does(CompleteRecovery) => picture(
                Moment {
                    here: Access::Reads,
                    there: Access::Reads,
                    ..recovering(kind)
                },
                normal,
                Waiting::Goes,
                None,
            ),
            Self::Does(Restore) => {
                let next = if facts.phase == Phase::FailedOver {
                    Some(recovery)
                } else {
                    facts.suspended.then_some(Self::Does(Resume))
                };
                let after = if next.is_some() { before } else { normal };
                picture(stopped(before), after, Waiting::Again, next)
            }
            Self::Delete => picture(
                stopped(before),
                Moment {
                    here: Access::Alone,
                    there: Access::Alone,
                    flow: Flow::Stopped,
                },
                Waiting::Never,
                None,
            ),
        })
    }

    /// What one has to have understood before it is done: a tick for each.
    pub fn consequences(self, facts: Facts) -> Vec<String> {
        let Some(picture) = self.picture(facts) else {
            return vec![replication::type_unknown().to_owned()];
        };
        let mut all = Vec::new();
        let (before, after) = (picture.before, picture.after);
        for (was, is, said) in [
            (
                before.here,
                after.here,
                replication::from_then_here as fn(&str) -> String,
            ),
            (before.there, after.there, replication::from_then_there),
        ] {
            if was != is {
                all.push(said(is.word()));
            }
        }
        let during = picture.during;
        if during.here == Access::Reads && during.there == Access::Reads {
            all.push(replication::nobody_writes_meanwhile().to_owned());
        }
        if before.flow != after.flow {
            all.push(replication::from_then_flow(after.flow.word()));
        }
        all.push(picture.waiting.sentence().to_owned());
        if let Some(next) = picture.next {
            all.push(replication::must_follow(next.word()));
        }
        all
    }
}

/// How a link of a type is used when all is well.
fn normal(kind: LinkType) -> Moment {
    let (here, there, flow) = match kind {
        LinkType::ActiveActive => (Access::Serves, Access::Serves, Flow::Both),
        LinkType::Outbound => (Access::Serves, Access::Reads, Flow::There),
        LinkType::Inbound => (Access::Reads, Access::Serves, Flow::Here),
    };
    Moment { here, there, flow }
}

/// How it is used once it was failed over: by the replica; of a link both ways, by the other system.
fn failed_over(kind: LinkType) -> Moment {
    let (here, there) = match kind {
        LinkType::ActiveActive => (Access::Avoided, Access::Serves),
        LinkType::Outbound => (Access::Reads, Access::Serves),
        LinkType::Inbound => (Access::Serves, Access::Reads),
    };
    Moment {
        here,
        there,
        flow: Flow::Stopped,
    }
}

/// How it is used while the primary is sent what it missed.
fn recovering(kind: LinkType) -> Moment {
    let flow = match kind {
        LinkType::ActiveActive => Flow::Both,
        LinkType::Outbound => Flow::Here,
        LinkType::Inbound => Flow::There,
    };
    Moment {
        flow,
        ..failed_over(kind)
    }
}

/// How it is used now.
fn now(kind: LinkType, facts: Facts) -> Moment {
    let moment = match facts.phase {
        Phase::Works => normal(kind),
        Phase::Broken => Moment {
            flow: Flow::Stopped,
            ..normal(kind)
        },
        Phase::FailedOver => failed_over(kind),
        Phase::Recovers => recovering(kind),
        Phase::Completes => Moment {
            here: Access::Reads,
            there: Access::Reads,
            ..recovering(kind)
        },
    };
    if facts.suspended {
        Moment {
            flow: Flow::Stopped,
            ..moment
        }
    } else {
        moment
    }
}

/// Of two, what serves less.
fn weaker(one: Access, other: Access) -> Access {
    if one == Access::Serves { other } else { one }
}

impl Access {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Serves => replication::reads_and_writes(),
            Self::Reads => replication::reads_alone(),
            Self::Avoided => replication::avoided(),
            Self::Alone => replication::alone(),
        }
    }
}

impl Flow {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => replication::both_ways(),
            Self::There => replication::to_the_other(),
            Self::Here => replication::to_this(),
            Self::Stopped => replication::nothing_goes(),
        }
    }
}

impl Waiting {
    /// What becomes of what waits, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Stays => replication::waiting_stays(),
            Self::Goes => replication::waiting_goes(),
            Self::Unseen => replication::waiting_unseen(),
            Self::Collides => replication::waiting_collides(),
            Self::Loses => replication::waiting_loses(),
            Self::Again => replication::waiting_again(),
            Self::Never => replication::waiting_never(),
        }
    }
}

/// How much waits now, in a sentence.
pub fn pending(link: &Map<String, Json>) -> String {
    let none = Map::new();
    let statistics = link.get("statistics").and_then(Json::as_object);
    let statistics = statistics.unwrap_or(&none);
    let amount = |bytes: &str, objects: &str| {
        let bytes = number(statistics, bytes).map(unit::size);
        let objects = number(statistics, objects).map(replication::objects_counted);
        match (objects, bytes) {
            (Some(objects), Some(bytes)) => replication::objects_of_size(&objects, &bytes),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => replication::an_unknown_amount().to_owned(),
        }
    };
    replication::waits_now(
        &amount("bytesPending", "objectsPending"),
        &amount("bytesPendingRemote", "objectsPendingRemote"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts_of(kind: &str, message: &str, suspended: bool) -> Facts {
        let link = json!({"type": kind, "statusMessage": message, "suspended": suspended});
        facts(link.as_object().unwrap())
    }

    fn offered(kind: &str, message: &str, suspended: bool) -> Vec<&'static str> {
        let facts = facts_of(kind, message, suspended);
        let all = Act::ALL.into_iter().filter(|act| act.is_offered(facts));
        all.map(Act::name).collect()
    }

    // REP-1
    #[test]
    fn only_what_type_and_state_allow_is_offered() {
        for kind in ["ACTIVE_ACTIVE", "OUTBOUND", "INBOUND"] {
            let works = offered(kind, "Synchronizing data", false);
            assert_eq!(works, ["suspend", "failOver", "delete"], "{kind}");
            let broken = offered(kind, "Not connected", false);
            assert_eq!(
                broken,
                ["suspend", "failOver", "restore", "delete"],
                "{kind}"
            );
            let suspended = offered(kind, "Suspended by user", true);
            assert_eq!(
                suspended,
                ["resume", "failOver", "restore", "delete"],
                "{kind}"
            );
        }
        let both = offered("ACTIVE_ACTIVE", "Failed over", false);
        assert_eq!(both, ["suspend", "failBack", "restore", "delete"]);
        for kind in ["OUTBOUND", "INBOUND"] {
            let failed = offered(kind, "FAILED OVER", false);
            assert_eq!(failed, ["suspend", "beginRecover", "restore", "delete"]);
            let recovers = offered(kind, "Recovering data", false);
            assert_eq!(recovers, ["suspend", "completeRecovery", "delete"]);
            assert_eq!(offered(kind, "Completing recovery", false), ["suspend"]);
        }
        assert_eq!(
            offered("TRIANGULAR", "Pending", false),
            ["suspend", "delete"]
        );
    }

    #[test]
    fn an_unknown_type_has_no_picture_and_says_so() {
        let facts = facts_of("TRIANGULAR", "Pending", false);
        assert_eq!(Act::Delete.picture(facts), None);
        assert_eq!(
            Act::Delete.consequences(facts),
            [replication::type_unknown()]
        );
    }

    #[test]
    fn the_replica_takes_over_and_of_both_ways_the_other_system() {
        for (kind, here, there) in [
            ("ACTIVE_ACTIVE", Access::Avoided, Access::Serves),
            ("OUTBOUND", Access::Reads, Access::Serves),
            ("INBOUND", Access::Serves, Access::Reads),
        ] {
            let facts = facts_of(kind, "Synchronizing data", false);
            let picture = Act::Does(FailOver).picture(facts).unwrap();
            assert_eq!(
                (picture.after.here, picture.after.there),
                (here, there),
                "{kind}"
            );
            assert_eq!(picture.after.flow, Flow::Stopped);
            assert_eq!(picture.waiting, Waiting::Unseen);
            assert_eq!(picture.before.flow, normal(facts.kind.unwrap()).flow);
            // Nobody serves more while it is done than once it is done.
            let during = picture.during;
            assert!(during.here == here || during.here != Access::Serves);
            assert!(during.there == there || during.there != Access::Serves);
        }
    }

    #[test]
    fn what_has_to_follow_is_offered_in_the_state_that_comes() {
        let after = |act: Act, facts: Facts| match act {
            Act::Does(Suspend) => Facts {
                suspended: true,
                ..facts
            },
            Act::Does(Resume) => Facts {
                suspended: false,
                ..facts
            },
            Act::Does(FailOver) => Facts {
                phase: Phase::FailedOver,
                ..facts
            },
            Act::Does(BeginRecover) => Facts {
                phase: Phase::Recovers,
                ..facts
            },
            Act::Does(FailBack | CompleteRecovery) => Facts {
                phase: Phase::Works,
                ..facts
            },
            Act::Does(Restore) | Act::Delete => facts,
        };
        let phases = [
            Phase::Works,
            Phase::Broken,
            Phase::FailedOver,
            Phase::Recovers,
            Phase::Completes,
        ];
        let mut followed = 0;
        for kind in [
            LinkType::ActiveActive,
            LinkType::Outbound,
            LinkType::Inbound,
        ] {
            for phase in phases {
                for suspended in [false, true] {
                    let facts = Facts {
                        kind: Some(kind),
                        phase,
                        suspended,
                    };
                    for act in Act::ALL.into_iter().filter(|act| act.is_offered(facts)) {
                        let picture = act.picture(facts).unwrap();
                        assert_eq!(picture.before, now(kind, facts), "{act:?} {facts:?}");
                        let said = act.consequences(facts);
                        assert!(!said.is_empty() && said.iter().all(|one| !one.is_empty()));
                        let Some(next) = picture.next else { continue };
                        followed += 1;
                        assert!(
                            next.is_offered(after(act, facts)),
                            "{act:?} {facts:?} {next:?}"
                        );
                        assert!(said.last().unwrap().contains(next.word()));
                    }
                }
            }
        }
        assert!(followed > 20);
    }

    #[test]
    fn recovery_goes_from_the_replica_to_the_primary_and_ends_with_nobody_writing() {
        let facts = facts_of("OUTBOUND", "Failed over", false);
        let begins = Act::Does(BeginRecover).picture(facts).unwrap();
        assert_eq!(begins.after.flow, Flow::Here);
        assert_eq!(
            (begins.after.here, begins.after.there),
            (Access::Reads, Access::Serves)
        );
        assert_eq!(begins.waiting, Waiting::Loses);
        let facts = facts_of("OUTBOUND", "Recovering data", false);
        let ends = Act::Does(CompleteRecovery).picture(facts).unwrap();
        assert_eq!(
            (ends.during.here, ends.during.there),
            (Access::Reads, Access::Reads)
        );
        assert_eq!(ends.after, normal(LinkType::Outbound));
        let said = Act::Does(CompleteRecovery).consequences(facts);
        assert!(said.contains(&replication::nobody_writes_meanwhile().to_owned()));
    }

    #[test]
    fn a_suspended_link_sends_nothing_and_leaves_both_ends_as_they_are() {
        let facts = facts_of("INBOUND", "Receiving data", false);
        let picture = Act::Does(Suspend).picture(facts).unwrap();
        assert_eq!(picture.after.flow, Flow::Stopped);
        assert_eq!(
            (picture.after.here, picture.after.there),
            (picture.before.here, picture.before.there)
        );
        let resumed = Act::Does(Resume).picture(facts_of("INBOUND", "Suspended by user", true));
        assert_eq!(resumed.unwrap().after, normal(LinkType::Inbound));
    }

    #[test]
    fn what_waits_is_told_or_said_to_be_unknown() {
        let link = json!({"statistics": {"objectsPending": 2, "bytesPending": 2048, "bytesPendingRemote": 0}});
        let said = pending(link.as_object().unwrap());
        assert!(
            said.contains("2 objects") && said.contains("2 KB") && said.contains("0 B"),
            "{said}"
        );
        assert!(pending(&Map::new()).contains(replication::an_unknown_amount()));
    }
}
