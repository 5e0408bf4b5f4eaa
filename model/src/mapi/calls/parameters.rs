//! The parameters of queries.

use super::operation::{Parameter, ParameterKind};
use crate::mapi::{Granularity, value::Word as _};

/// What can stand in the query of a management call.
pub trait InQuery {
    /// What is documented.
    const PARAMETERS: &'static [Parameter];

    /// Names and values, in that order.
    fn pairs(&self) -> Vec<(&'static str, Option<String>)>;
}

const fn parameter(name: &'static str, kind: ParameterKind, about: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        about,
        in_body: false,
        sent_as: name,
    }
}

/// A parameter that stands in the body as well, and rather.
const fn in_body(name: &'static str, kind: ParameterKind, about: &'static str) -> Parameter {
    Parameter {
        in_body: true,
        ..parameter(name, kind, about)
    }
}

const VERBOSE: Parameter = parameter(
    "verbose",
    ParameterKind::Flag,
    "Whether all properties are shown, not only those that can be changed.",
);

const IN_FULL: Parameter = parameter(
    "verbose",
    ParameterKind::Flag,
    "Whether the answer is a list of all that is known of each, not of names.",
);

const PRETTYPRINT: Parameter = parameter(
    "prettyprint",
    ParameterKind::Ignored,
    "Taken for the sake of old scripts; it changes nothing.",
);

const OFFSET: Parameter = parameter(
    "offset",
    ParameterKind::Number,
    "How many are left out at the beginning.",
);

const COUNT: Parameter = parameter(
    "count",
    ParameterKind::Number,
    "How many are listed at most; all when absent.",
);

const SORT_TYPE: Parameter = parameter(
    "sortType",
    ParameterKind::Text,
    "What the list is sorted by: `name` (of users `username`) or `hardQuota`.",
);

const SORT_ORDER: Parameter = parameter(
    "sortOrder",
    ParameterKind::Text,
    "`ascending` or `descending`.",
);

const FILTER_TYPE: Parameter = parameter(
    "filterType",
    ParameterKind::Text,
    "What is held against `filterString`: `name` (of users `username`) or `tag`.",
);

const FILTER_STRING: Parameter = parameter(
    "filterString",
    ParameterKind::Text,
    "What the name begins with, or what the tag is.",
);

/// No parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nothing;

impl InQuery for Nothing {
    const PARAMETERS: &'static [Parameter] = &[];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }
}

/// Whether all properties are shown, not only those that can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verbose(pub bool);

impl InQuery for Verbose {
    const PARAMETERS: &'static [Parameter] = &[VERBOSE];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("verbose", self.0.then(|| "true".to_owned()))]
    }
}

/// No parameters but `verbose=true`, which a request of its own asks for: a list that HCP does not page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unpaged;

impl InQuery for Unpaged {
    const PARAMETERS: &'static [Parameter] = &[IN_FULL];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }
}

/// Which part of a list, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// How many are left out at the beginning.
    pub offset: Option<u64>,
    /// How many are listed at most; all when absent.
    pub count: Option<u64>,
    /// What the list is sorted by: `name` (of users `username`) or `hardQuota`.
    pub sort_type: Option<String>,
    /// `ascending` or `descending`.
    pub sort_order: Option<String>,
    /// What is held against [`Self::filter_string`]: `name` (of users `username`) or `tag`.
    pub filter_type: Option<String>,
    /// What the name begins with, or what the tag is.
    pub filter_string: Option<String>,
}

impl InQuery for Paging {
    const PARAMETERS: &'static [Parameter] = &[
        OFFSET,
        COUNT,
        SORT_TYPE,
        SORT_ORDER,
        FILTER_TYPE,
        FILTER_STRING,
        IN_FULL,
        PRETTYPRINT,
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("offset", self.offset.map(|n| n.to_string())),
            ("count", self.count.map(|n| n.to_string())),
            ("sortType", self.sort_type.clone()),
            ("sortOrder", self.sort_order.clone()),
            ("filterType", self.filter_type.clone()),
            ("filterString", self.filter_string.clone()),
        ]
    }
}

/// The time that a chargeback report is about, and its intervals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// From when, such as `2026-01-01T00:00:00Z`; the earliest that is known when absent.
    pub start: Option<String>,
    /// Until when; now when absent.
    pub end: Option<String>,
    /// The intervals; one of all the time when absent.
    pub granularity: Option<Granularity>,
}

impl InQuery for Period {
    const PARAMETERS: &'static [Parameter] = &[
        parameter(
            "start",
            ParameterKind::Time,
            "From when, such as `2026-01-01T00:00:00Z`; the earliest that is known when absent.",
        ),
        parameter("end", ParameterKind::Time, "Until when; now when absent."),
        parameter(
            "granularity",
            ParameterKind::Word(Granularity::WORDS),
            "The intervals; one of all the time when absent.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("start", self.start.clone()),
            ("end", self.end.clone()),
            ("granularity", self.granularity.map(|g| g.to_string())),
        ]
    }
}

/// From when on a namespace is indexed anew: `mm/dd/yyyy`, or `0` for all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint(pub Option<String>);

impl InQuery for Checkpoint {
    const PARAMETERS: &'static [Parameter] = &[parameter(
        "resetMQECheckpoint",
        ParameterKind::Text,
        "From when on the namespace is indexed anew: `mm/dd/yyyy`, or `0` for all of it.",
    )];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("resetMQECheckpoint", self.0.clone())]
    }
}

/// Which part of the permissions of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagingOfRights(pub Paging);

impl InQuery for PagingOfRights {
    const PARAMETERS: &'static [Parameter] = &[
        OFFSET,
        COUNT,
        SORT_TYPE,
        SORT_ORDER,
        FILTER_TYPE,
        FILTER_STRING,
        VERBOSE,
        PRETTYPRINT,
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        self.0.pairs()
    }
}

/// The first account of a new tenant, for scripts that send it in the query; requests of our own have
/// it in the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstAccount;

impl InQuery for FirstAccount {
    const PARAMETERS: &'static [Parameter] = &[
        in_body(
            "username",
            ParameterKind::Text,
            "The name of the tenant's first account; may stand in the body instead.",
        ),
        in_body(
            "password",
            ParameterKind::Secret,
            "Its password. Put it in the body: what stands in a URL is written down by many.",
        ),
        in_body(
            "forcePasswordChange",
            ParameterKind::Flag,
            "Whether the password has to be changed before anything else; may stand in the body.",
        ),
        in_body(
            "initialSecurityGroup",
            ParameterKind::Text,
            "A group of a directory in place of an account; may stand in the body.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }
}

/// A password, for scripts that send it in the query; requests of our own have it in the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordInQuery;

impl InQuery for PasswordInQuery {
    const PARAMETERS: &'static [Parameter] = &[in_body(
        "password",
        ParameterKind::Secret,
        "The password. Put it in the body: what stands in a URL is written down by many.",
    )];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }
}

/// The new password of all local users with the security role. In HCP's own query it is called
/// `resetPasswords`, which scripts took for a list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResetInQuery;

impl InQuery for ResetInQuery {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter {
            sent_as: "resetPasswords",
            ..in_body(
                "password",
                ParameterKind::Secret,
                "The new password. Put it in the body: what stands in a URL is written down by many.",
            )
        },
        Parameter {
            sent_as: "",
            ..parameter(
                "dry_run",
                ParameterKind::Flag,
                "Whether it is only told how many accounts would get the password.",
            )
        },
        parameter(
            "resetPasswords",
            ParameterKind::Refused,
            "Refused: HCP takes it for a password, and not for names of accounts.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }
}

/// What is done to the logs; scripts may send one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogAction {
    /// A text that is written into the logs.
    pub mark: Option<String>,
    /// Whether the logs that were asked for are given up.
    pub cancel: bool,
}

impl InQuery for LogAction {
    const PARAMETERS: &'static [Parameter] = &[
        parameter(
            "mark",
            ParameterKind::Text,
            "A text that is written into the logs.",
        ),
        parameter(
            "cancel",
            ParameterKind::Action,
            "Whether the logs that were asked for are given up.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("mark", self.mark.clone()), ("cancel", yes(self.cancel))]
    }
}

/// What is done to all links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllLinks {
    /// Why all links are shut down.
    pub shut_down: Option<String>,
    /// Whether all links are established again.
    pub reestablish: bool,
}

impl InQuery for AllLinks {
    const PARAMETERS: &'static [Parameter] = &[
        parameter(
            "shutDownAllLinks",
            ParameterKind::Text,
            "Shuts all links down: the reason, up to 1,024 characters.",
        ),
        parameter(
            "reestablishAllLinks",
            ParameterKind::Action,
            "Whether all links are established again.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("shutDownAllLinks", self.shut_down.clone()),
            ("reestablishAllLinks", yes(self.reestablish)),
        ]
    }
}

/// What can be done to a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAction {
    /// Stop it for a while.
    Suspend,
    /// Let it go on.
    Resume,
    /// Let the replica take over; of a link both ways, the other system.
    FailOver,
    /// Let both systems serve again; links both ways.
    FailBack,
    /// Send back what the other system missed; links in one direction.
    BeginRecover,
    /// Be done with that.
    CompleteRecovery,
    /// Make the link anew from what the other system knows of it.
    Restore,
}

impl LinkAction {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Suspend,
        Self::Resume,
        Self::FailOver,
        Self::FailBack,
        Self::BeginRecover,
        Self::CompleteRecovery,
        Self::Restore,
    ];

    /// HCP's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::FailOver => "failOver",
            Self::FailBack => "failBack",
            Self::BeginRecover => "beginRecover",
            Self::CompleteRecovery => "completeRecovery",
            Self::Restore => "restore",
        }
    }
}

/// What is done to a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkActions(pub Option<LinkAction>);

impl InQuery for LinkActions {
    const PARAMETERS: &'static [Parameter] = &[
        action("suspend", "Whether the link is stopped for a while."),
        action("resume", "Whether the link goes on."),
        action(
            "failOver",
            "Whether the replica takes over; of a link both ways, the other system.",
        ),
        action(
            "failBack",
            "Whether both systems serve again; links both ways.",
        ),
        action(
            "beginRecover",
            "Whether what the other system missed is sent back.",
        ),
        action("completeRecovery", "Whether sending back comes to its end."),
        action(
            "restore",
            "Whether the link is made anew from what the other system knows of it.",
        ),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let chosen = self.0.map(|action| (action.as_str(), yes(true)));
        chosen.into_iter().collect()
    }
}

/// What is done to a tenant on a link: stopped, or let go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantActions {
    /// Whether the tenant is stopped.
    pub pause: bool,
    /// Whether the tenant goes on.
    pub resume: bool,
}

impl InQuery for TenantActions {
    const PARAMETERS: &'static [Parameter] = &[
        action("pause", "Whether the tenant is stopped."),
        action("resume", "Whether the tenant goes on."),
    ];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("pause", yes(self.pause)), ("resume", yes(self.resume))]
    }
}

/// Whether a topology is retired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retire(pub bool);

impl InQuery for Retire {
    const PARAMETERS: &'static [Parameter] = &[action(
        "retire",
        "Whether objects are made whole again and no more are coded.",
    )];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("retire", yes(self.0))]
    }
}

/// Whether a topology goes that is not retired yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Force(pub bool);

impl InQuery for Force {
    const PARAMETERS: &'static [Parameter] = &[parameter(
        "force",
        ParameterKind::Flag,
        "Whether a topology goes whose objects are not all whole again, at most one system being away.",
    )];

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("force", yes(self.0))]
    }
}

/// Something that is done where it is named.
const fn action(name: &'static str, about: &'static str) -> Parameter {
    parameter(name, ParameterKind::Action, about)
}

fn yes(flag: bool) -> Option<String> {
    flag.then(|| "true".to_owned())
}
