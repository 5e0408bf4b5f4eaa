//! Pages of the system itself: its nodes, services, licences, network, accounts, and what support gets in by.

mod accounts;
mod licenses;
mod live;
mod network;
mod nodes;
mod packages;
mod services;
mod support;
mod trend;

use leptos::prelude::*;
use model::{
    Endpoint, Timestamp,
    mapi::calls::{
        GetNetwork, GetNodeStatistics, GetServiceStatistics, GetSupportAccess, GetSystemUser,
        ListLicenses, ListSystemGroups, ListSystemGroupsInFull, ListSystemUsers,
        ListSystemUsersInFull, Verbose,
    },
    session::Session,
};
use serde_json::{Map, Value as Json};

use self::packages::Packed;
use super::{Page, form::Reload, frame, spec::Say};
use crate::{
    ui::{Icon, LinkButton, Moment},
    urls,
    words::system,
};

/// A page of the system itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// What the nodes do.
    Nodes,
    /// What the services do.
    Services,
    /// What is licensed.
    Licenses,
    /// How its names are answered.
    Network,
    /// Its users and groups, or one user.
    Accounts,
    /// By which key support gets in.
    Support,
    /// Packages of logs.
    Logs,
    /// Health reports.
    Health,
}

/// The pages, as they stand in addresses and in their navigation.
const SHEETS: [(Sheet, &str, Say); 8] = [
    (Sheet::Nodes, "nodes", system::nodes),
    (Sheet::Services, "services", system::services),
    (Sheet::Licenses, "licenses", system::licenses),
    (Sheet::Network, "network", system::network),
    (Sheet::Accounts, "accounts", system::accounts),
    (Sheet::Support, "support", system::support),
    (Sheet::Logs, "logs", system::logs),
    (Sheet::Health, "health", system::health_reports),
];

impl Sheet {
    /// Reads the segment of an address.
    pub fn parse(segment: &str) -> Option<Self> {
        let found = SHEETS.iter().find(|(_, name, _)| *name == segment);
        found.map(|(sheet, ..)| *sheet)
    }

    /// What it is called.
    pub fn word(self) -> &'static str {
        let found = SHEETS.iter().find(|(sheet, ..)| *sheet == self);
        found.map_or("", |(_, _, word)| word())
    }

    fn address(self) -> String {
        let found = SHEETS.iter().find(|(sheet, ..)| *sheet == self);
        format!("{}/{}", urls::SYSTEM, found.map_or("", |(_, name, _)| name))
    }

    /// Whether the account of a session may see it, as far as is known.
    fn is_for(self, session: &Session) -> bool {
        let rights = &session.rights;
        let sees = rights.monitor.is_possible() || rights.admin.is_possible();
        match self {
            Self::Accounts => sees || rights.security.is_possible(),
            Self::Support => sees || rights.security.is_possible() || rights.service.is_possible(),
            Self::Logs => sees || rights.service.is_possible(),
            Self::Health => rights.admin.is_possible() || rights.service.is_possible(),
            _ => sees,
        }
    }
}

/// The navigation between them, for those that the session may see.
pub fn sections(here: Sheet, session: &Session) -> Vec<(&'static str, String, bool)> {
    SHEETS
        .iter()
        .filter(|(sheet, ..)| *sheet == here || sheet.is_for(session))
        .map(|(sheet, _, word)| (word(), sheet.address(), *sheet == here))
        .collect()
}

/// The calls that a page is made from; `name`: the account that it is about.
pub fn calls(sheet: Sheet, name: &str) -> Vec<String> {
    match sheet {
        Sheet::Nodes => vec![nodes_path()],
        Sheet::Services => vec![GetServiceStatistics::default().path()],
        Sheet::Licenses => vec![
            ListLicenses::default().path(),
            ListLicenses {
                query: Verbose(true),
            }
            .path(),
            nodes_path(),
        ],
        Sheet::Network => vec![GetNetwork::default().path()],
        Sheet::Accounts if name.is_empty() => vec![
            ListSystemUsersInFull(ListSystemUsers::default()).path(),
            ListSystemGroupsInFull(ListSystemGroups::default()).path(),
        ],
        Sheet::Accounts => vec![
            GetSystemUser {
                username: name.to_owned(),
                query: Verbose(true),
            }
            .path(),
        ],
        Sheet::Support => vec![GetSupportAccess::default().path()],
        Sheet::Logs => vec![Packed::Logs.status_path(), nodes_path()],
        Sheet::Health => vec![Packed::Health.status_path(), nodes_path()],
    }
}

/// The call that tells of the nodes, and of the time that they have.
pub fn nodes_path() -> String {
    GetNodeStatistics::default().path()
}

/// A page.
pub fn show(page: &Page, sheet: Sheet, name: &str) -> AnyView {
    if sheet == Sheet::Accounts && !name.is_empty() {
        return accounts::one(page, name);
    }
    let content = match sheet {
        Sheet::Nodes => nodes::view(page),
        Sheet::Services => services::view(page),
        Sheet::Licenses => licenses::view(page),
        Sheet::Network => network::view(page),
        Sheet::Accounts => accounts::list(page),
        Sheet::Support => support::view(page),
        Sheet::Logs => packages::view(page, Packed::Logs),
        Sheet::Health => packages::view(page, Packed::Health),
    };
    // Nodes measure themselves anew beside their time.
    let again = (sheet != Sheet::Nodes).then(|| {
        let reload = expect_context::<Reload>().0;
        refresh(Callback::new(move |()| reload.run(())))
    });
    frame(
        Vec::new(),
        sheet.word(),
        sheet.word().to_owned(),
        again.into_any(),
        sections(sheet, &page.session),
        content,
    )
}

/// Asks once more: without scripts by loading the page.
fn refresh(again: Callback<()>) -> AnyView {
    let press = Callback::new(move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        again.run(());
    });
    view! {
        <LinkButton href=urls::current() press=press attr:data-testid="refresh">
            <Icon name="refresh" />
            {system::refresh()}
        </LinkButton>
    }
    .into_any()
}

/// When something was measured.
fn as_of(time: Option<Timestamp>) -> AnyView {
    time.map(|time| {
        view! {
            <span class="muted" data-testid="as-of">
                {system::as_of()}
                " "
                <Moment time />
            </span>
        }
    })
    .into_any()
}

/// A time in milliseconds since 1970.
pub fn at_ms(map: &Map<String, Json>, name: &str) -> Option<i64> {
    map.get(name).and_then(Json::as_i64)
}

/// A time in seconds since 1970, as tables have it; nothing where there was none.
fn seconds(map: &Map<String, Json>, name: &str) -> Option<Timestamp> {
    let seconds = map.get(name).and_then(Json::as_i64);
    seconds
        .filter(|seconds| *seconds >= 0)
        .and_then(Timestamp::from_unix_seconds)
}

/// The resources of a list, with or without its wrapper.
fn items(map: &Map<String, Json>, name: &str) -> Vec<Map<String, Json>> {
    let list = match map.get(name) {
        Some(Json::Object(inner)) => inner.values().next(),
        other => other,
    };
    let items = list.and_then(Json::as_array).into_iter().flatten();
    items.filter_map(Json::as_object).cloned().collect()
}

/// A number with a digit behind the point, in the language in force: `5.1`, `12`.
fn decimal(value: f64) -> String {
    let text = format!("{value:.1}");
    catalogue::decimals(text.strip_suffix(".0").unwrap_or(&text))
}
