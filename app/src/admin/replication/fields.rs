//! The fields of the replication service and of links; what a type of link lacks is absent.

use model::mapi::LinkType;

use super::super::spec::{Field, Section, Widget, Word, field, nothing, section};
use crate::words::replication;

const VERIFICATIONS: &[Word] = &[
    ("ON", replication::always),
    ("ONCE", replication::once),
    ("OFF", replication::never),
];

/// The service.
pub const SERVICE: &[Section] = &[section(
    replication::settings,
    nothing,
    &[
        field(
            "verification",
            replication::verification,
            replication::verification_help,
        )
        .by(Widget::Words(VERIFICATIONS)),
        field(
            "enableDNSFailover",
            replication::dns_failover,
            replication::dns_failover_help,
        ),
        field(
            "connectivityTimeoutSeconds",
            replication::connectivity_timeout,
            replication::connectivity_timeout_help,
        ),
        field("network", replication::network, replication::network_help),
        field(
            "allowTenantsToMonitorNamespaces",
            replication::tenants_may_monitor,
            nothing,
        ),
    ],
)];

const PRIORITIES: &[Word] = &[
    ("OLDEST_FIRST", replication::oldest_first),
    ("FAIR", replication::fair),
];

const ACTIVE_ACTIVE: Word = ("ACTIVE_ACTIVE", replication::active_active);
const TO_OUTBOUND: &[Word] = &[("OUTBOUND", replication::outbound), ACTIVE_ACTIVE];
const TO_INBOUND: &[Word] = &[("INBOUND", replication::inbound), ACTIVE_ACTIVE];

const NAME: Field = field("name", replication::name, replication::name_help).required();
const DESCRIPTION: Field = field("description", replication::description, nothing).by(Widget::Area);

const fn fixed(word: &'static str) -> Field {
    field("type", replication::link_type, nothing)
        .by(Widget::Fixed)
        .begins(word)
}

const fn changed(words: &'static [Word]) -> Field {
    field("type", replication::link_type, replication::type_help)
        .by(Widget::Words(words))
        .one_way(replication::type_one_way)
}

const CONNECTION: Section = section(
    replication::connection,
    replication::connection_about,
    &[
        field(
            "connection.remoteHost",
            replication::remote_host,
            replication::remote_host_help,
        )
        .required(),
        field("connection.remotePort", replication::remote_port, nothing).begins("5748"),
        field(
            "connection.localHost",
            replication::local_host,
            replication::local_host_help,
        ),
        field("connection.localPort", replication::local_port, nothing).begins("5748"),
    ],
);

const SENDING: Section = section(
    replication::sending,
    nothing,
    &[
        field("priority", replication::priority, nothing)
            .by(Widget::Words(PRIORITIES))
            .begins("OLDEST_FIRST"),
        field("compression", replication::compression, nothing),
        field("encryption", replication::encryption, nothing),
    ],
);

const LOCAL_FAILOVER: Field = field(
    "failoverSettings.local.autoFailover",
    replication::takes_over,
    nothing,
);
const LOCAL_MINUTES: Field = field(
    "failoverSettings.local.autoFailoverMinutes",
    replication::takes_over_after,
    replication::n_7_to_9999,
)
.needs(
    "failoverSettings.local.autoFailover",
    "true",
    replication::needs_takes_over,
)
.begins("120");
const REMOTE_FAILOVER: Field = field(
    "failoverSettings.remote.autoFailover",
    replication::takes_over,
    nothing,
);
const REMOTE_MINUTES: Field = field(
    "failoverSettings.remote.autoFailoverMinutes",
    replication::takes_over_after,
    replication::n_7_to_9999,
)
.needs(
    "failoverSettings.remote.autoFailover",
    "true",
    replication::needs_takes_over,
)
.begins("120");
const LOCAL_RECOVERY: Field = field(
    "failoverSettings.local.autoCompleteRecovery",
    replication::gives_back,
    nothing,
);
const LOCAL_RECOVERY_MINUTES: Field = field(
    "failoverSettings.local.autoCompleteRecoveryMinutes",
    replication::gives_back_after,
    replication::n_1_to_9999,
)
.needs(
    "failoverSettings.local.autoCompleteRecovery",
    "true",
    replication::needs_gives_back,
)
.begins("120");
const REMOTE_RECOVERY: Field = field(
    "failoverSettings.remote.autoCompleteRecovery",
    replication::gives_back,
    nothing,
);
const REMOTE_RECOVERY_MINUTES: Field = field(
    "failoverSettings.remote.autoCompleteRecoveryMinutes",
    replication::gives_back_after,
    replication::n_1_to_9999,
)
.needs(
    "failoverSettings.remote.autoCompleteRecovery",
    "true",
    replication::needs_gives_back,
)
.begins("120");

const HERE: Section = section(
    replication::failover_here,
    replication::failover_both_about,
    &[LOCAL_FAILOVER, LOCAL_MINUTES],
);
const THERE: Section = section(
    replication::failover_there,
    nothing,
    &[REMOTE_FAILOVER, REMOTE_MINUTES],
);
const THERE_AS_REPLICA: Section = section(
    replication::failover_there,
    replication::failover_replica_about,
    &[
        REMOTE_FAILOVER,
        REMOTE_MINUTES,
        REMOTE_RECOVERY,
        REMOTE_RECOVERY_MINUTES,
    ],
);
const HERE_AS_REPLICA: Section = section(
    replication::failover_here,
    replication::failover_replica_about,
    &[
        LOCAL_FAILOVER,
        LOCAL_MINUTES,
        LOCAL_RECOVERY,
        LOCAL_RECOVERY_MINUTES,
    ],
);

/// A new link of a type.
pub const fn new(kind: LinkType) -> &'static [Section] {
    match kind {
        LinkType::ActiveActive => NEW_BOTH,
        LinkType::Outbound => NEW_OUTBOUND,
        LinkType::Inbound => NEW_INBOUND,
    }
}

/// The settings of a link of a type.
pub const fn settings(kind: LinkType) -> &'static [Section] {
    match kind {
        LinkType::ActiveActive => BOTH,
        LinkType::Outbound => OUTBOUND,
        LinkType::Inbound => INBOUND,
    }
}

const fn link(fields: &'static [Field]) -> Section {
    section(replication::link, nothing, fields)
}

const NEW_BOTH: &[Section] = &[
    link(const { &[NAME, fixed("ACTIVE_ACTIVE"), DESCRIPTION] }),
    CONNECTION,
    SENDING,
    HERE,
    THERE,
];
const NEW_OUTBOUND: &[Section] = &[
    link(const { &[NAME, fixed("OUTBOUND"), DESCRIPTION] }),
    CONNECTION,
    SENDING,
    THERE_AS_REPLICA,
];
const NEW_INBOUND: &[Section] = &[
    link(const { &[NAME, fixed("INBOUND"), DESCRIPTION] }),
    CONNECTION,
    SENDING,
    HERE_AS_REPLICA,
];
const BOTH: &[Section] = &[
    link(const { &[DESCRIPTION] }),
    CONNECTION,
    SENDING,
    HERE,
    THERE,
];
const OUTBOUND: &[Section] = &[
    link(const { &[changed(TO_OUTBOUND), DESCRIPTION] }),
    CONNECTION,
    SENDING,
    THERE_AS_REPLICA,
];
const INBOUND: &[Section] = &[
    link(const { &[changed(TO_INBOUND), DESCRIPTION] }),
    CONNECTION,
    SENDING,
    HERE_AS_REPLICA,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_the_failover_of_the_end_that_can_take_over() {
        let paths = |kind| -> Vec<&'static str> {
            let sections = new(kind).iter().flat_map(|section| section.fields);
            let all = sections.map(|field| field.path);
            all.filter(|path| path.starts_with("failover")).collect()
        };
        let both = paths(LinkType::ActiveActive);
        assert_eq!(both.len(), 4);
        assert!(both.iter().all(|path| !path.contains("Recovery")));
        let out = paths(LinkType::Outbound);
        assert_eq!(out.len(), 4);
        assert!(out.iter().all(|path| path.contains(".remote.")));
        let into = paths(LinkType::Inbound);
        assert!(into.len() == 4 && into.iter().all(|path| path.contains(".local.")));
        for kind in [LinkType::Outbound, LinkType::Inbound] {
            let doors = settings(kind).iter().flat_map(|section| section.fields);
            let doors = doors.filter(|field| !field.one_way_means().is_empty());
            assert_eq!(doors.map(|field| field.path).collect::<Vec<_>>(), ["type"]);
        }
    }
}
