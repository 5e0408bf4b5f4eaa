//! `/system/erasure-coding`, `/new/topology` and the sections of a topology.

mod new;
mod shape;

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        EcTopology, Resource as _, TopologyType,
        calls::{
            AddTopologyTenant, DeleteTopology, Force, GetTopology, ListConflictingCandidates,
            ListLinkCandidates, ListLinkCandidatesInFull, ListTopologies, ListTopologiesInFull,
            ListTopologyCandidates, ListTopologyTenants, ModifyTopology, RemoveTopologyTenant,
            Verbose,
        },
    },
};
use serde_json::{Map, Value as Json};

use self::shape::{Part, Shape, spot};
use super::{
    Page,
    deed::{AtOnce, Choose, Deed, Grave},
    flag,
    form::{Form, ResourceForm},
    frame, frame_of_section, number, read_only,
    spec::{Field, Say, Section, Widget, Word, field, nothing, section},
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    urls,
    words::{admin, coding, replication},
};

/// A page of erasure coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The list.
    List,
    /// A new topology.
    New,
    /// A topology, a section of it, and what the address asks to do.
    Topology(String, &'static str, String),
}

const SECTIONS: &[(&str, Say)] = &[
    ("settings", coding::topology),
    ("tenants", admin::tenants),
    ("actions", replication::actions),
];

/// The sizes from which objects are coded.
const SIZES: &[Word] = &[
    ("4096", coding::n_4_kb),
    ("16384", coding::n_16_kb),
    ("32768", coding::n_32_kb),
    ("65536", coding::n_64_kb),
    ("131072", coding::n_128_kb),
    ("262144", coding::n_256_kb),
    ("524288", coding::n_512_kb),
    ("1048576", coding::n_1_mb),
];

const DESCRIPTION: Field = field("description", replication::description, nothing).by(Widget::Area);
const DELAY: Field = field("erasureCodingDelay", coding::delay, coding::delay_help).begins("0");
const FULL_COPY: Field = field("fullCopy", coding::full_copy, coding::full_copy_help);
const SIZE: Field = field("minimumObjectSize", coding::smallest, nothing)
    .by(Widget::Words(SIZES))
    .begins("4096");
const RESTORE: Field = field(
    "restorePeriod",
    coding::restore_period,
    coding::restore_help,
)
.begins("0");

const NEW: &[Section] = &[section(
    coding::topology,
    nothing,
    &[
        field("name", replication::name, coding::name_help).required(),
        DESCRIPTION,
        DELAY,
        FULL_COPY,
        SIZE,
        RESTORE,
    ],
)];

const SETTINGS: &[Section] = &[section(
    replication::settings,
    nothing,
    &[DESCRIPTION, DELAY, FULL_COPY, SIZE, RESTORE],
)];

impl At {
    /// Reads an address.
    pub fn parse(segments: &[&str], query: &urls::Query) -> Option<Self> {
        match segments {
            ["system", "erasure-coding"] => Some(Self::List),
            ["new", "topology"] => Some(Self::New),
            ["system", "erasure-coding", name, rest @ ..] if rest.len() < 2 => {
                let wanted = rest.first().unwrap_or(&"settings");
                let (section, _) = SECTIONS.iter().find(|(section, _)| section == wanted)?;
                let ask = query.get("ask").unwrap_or_default().to_owned();
                Some(Self::Topology((*name).to_owned(), section, ask))
            }
            _ => None,
        }
    }

    /// What the page is called before its content is known.
    pub fn title(&self) -> &str {
        match self {
            Self::List => coding::erasure_coding(),
            Self::New => coding::new_topology(),
            Self::Topology(name, ..) => name,
        }
    }

    /// The paths of the calls that it is made from.
    pub fn calls(&self) -> Vec<String> {
        match self {
            Self::List => vec![ListTopologiesInFull(ListTopologies::default()).path()],
            Self::New => vec![ListLinkCandidatesInFull(ListLinkCandidates::default()).path()],
            Self::Topology(name, section, _) => {
                let mut all = vec![
                    GetTopology {
                        topology_name: name.clone(),
                        query: Verbose(true),
                    }
                    .path(),
                ];
                if *section == "tenants" {
                    let topology_name = name.clone();
                    let query = Verbose(true);
                    all.push(
                        ListTopologyTenants {
                            topology_name: name.clone(),
                            ..Default::default()
                        }
                        .path(),
                    );
                    all.push(
                        ListTopologyCandidates {
                            topology_name: name.clone(),
                            query,
                        }
                        .path(),
                    );
                    all.push(
                        ListConflictingCandidates {
                            topology_name,
                            query,
                        }
                        .path(),
                    );
                }
                all
            }
        }
    }
}

/// Any of the pages.
pub fn page(page: &Page, at: &At) -> AnyView {
    match at {
        At::List => list(page),
        At::New => new::page(page),
        At::Topology(name, section, ask) => topology(page, name, section, ask),
    }
}

fn address(name: &str, section: &str) -> String {
    urls::below(urls::CODING, name, section)
}

fn type_word(word: &str) -> String {
    match word {
        "RING" => coding::ring(),
        "FULLY_CONNECTED" => coding::fully_connected(),
        other => other,
    }
    .to_owned()
}

fn state_word(word: &str) -> String {
    match word {
        "ACTIVE" => coding::active(),
        "RETIRING" => coding::retiring(),
        "RETIRED" => coding::retired(),
        "HEALTHY" => coding::healthy(),
        "VULNERABLE" => coding::vulnerable(),
        "BROKEN" => coding::broken(),
        "UNKNOWN" => admin::unknown(),
        other => other,
    }
    .to_owned()
}

const COLUMNS: &[Column] = &[
    column("name", replication::name),
    wide("type", replication::link_type),
    wide("systems", coding::systems),
    column("state", replication::state),
    column("protection", coding::protection),
    wide("read", coding::readable),
    wide("tenants", admin::tenants),
    wide("objects", coding::coded_objects),
];

fn list(page: &Page) -> AnyView {
    let all = page.list(0);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "name");
        Row {
            cells: vec![
                Cell::Link(name.clone(), address(&name, "")),
                Cell::Text(type_word(&text(map, "type"))),
                Cell::Words(words(map, "hcpSystems")),
                Cell::Text(state_word(&text(map, "state"))),
                Cell::Text(state_word(&text(map, "protectionStatus"))),
                Cell::Text(state_word(&text(map, "readStatus"))),
                Cell::Words(words(map, "tenants")),
                Cell::Count(number(map, "erasureCodedObjects")),
            ],
            actions: Vec::new(),
            key: name,
        }
    });
    let list = List {
        name: "topologies",
        caption: coding::topologies(),
        noun: coding::topologies_counted,
        columns: COLUMNS,
        rows: rows.collect(),
        empty: coding::no_topologies(),
        missing: 0,
    };
    let new = page.may.admin.then(|| {
        view! {
            <LinkButton href=urls::NEW_TOPOLOGY tone=Tone::Primary>
                <Icon name="plus" />
                {coding::new_topology()}
            </LinkButton>
        }
    });
    let content = view! {
        {read_only(page.may.admin, "administrator")}
        <DataTable list />
    };
    frame(
        Vec::new(),
        coding::erasure_coding(),
        coding::erasure_coding().to_owned(),
        new.into_any(),
        Vec::new(),
        content.into_any(),
    )
}

fn crumbs() -> Vec<super::Link> {
    vec![(coding::erasure_coding().to_owned(), urls::CODING.to_owned())]
}

fn topology(page: &Page, name: &str, section: &'static str, ask: &str) -> AnyView {
    let topology = page.map(0);
    let content = match section {
        "tenants" => tenants(page, name, &topology),
        "actions" => actions(page, name, &topology, ask),
        _ => settings(page, name, &topology),
    };
    frame_of_section(crumbs(), name, (SECTIONS, section), address, content)
}

/// Its systems and links as a drawing, its state, and what can be set.
fn settings(page: &Page, name: &str, topology: &Map<String, Json>) -> AnyView {
    let links = topology.get("replicationLinks");
    let links = links.map(|links| model::mapi::edit::items("replicationLink", links));
    let links: Vec<Map<String, Json>> = links
        .into_iter()
        .flatten()
        .filter_map(Json::as_object)
        .cloned()
        .collect();
    let parts: Vec<Part> = links.iter().map(Part::of).collect();
    let kind = if text(topology, "type") == "RING" {
        TopologyType::Ring
    } else {
        TopologyType::FullyConnected
    };
    let shape = Shape::of(&parts, kind);
    let listed = links
        .iter()
        .map(|link| {
            let state = match text(link, "state").as_str() {
                "HEALTHY" => coding::healthy().to_owned(),
                "NOT_REPLICATING" => coding::not_replicating().to_owned(),
                "UNHEALTHY" => coding::unhealthy().to_owned(),
                _ => admin::unknown().to_owned(),
            };
            let paused = number(link, "pausedTenantsCount").filter(|count| *count > 0);
            let link = text(link, "name");
            let href = urls::below("/system/replication/links", &link, "");
            view! {
                <li>
                    <a href=href>{link}</a>
                    " "
                    <span class="chip">{state}</span>
                    {paused.map(coding::paused_tenants)}
                </li>
            }
        })
        .collect_view();
    let fact = |label: &'static str, value: String| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    let objects = Cell::Count(number(topology, "erasureCodedObjects"));
    let path = ModifyTopology {
        topology_name: name.to_owned(),
        ..Default::default()
    }
    .path();
    let form = Form::change(
        "modify_ec_topology",
        &[("topology_name", name)],
        path,
        EcTopology::PROPERTIES,
        SETTINGS,
        topology.clone(),
    )
    .editable(page.may.admin);
    view! {
        {read_only(page.may.admin, "administrator")}
        <section class="form-panel" data-testid="topology-state">
            <h2>{replication::state()}</h2>
            <dl class="facts facts-wide">
                {fact(replication::link_type(), type_word(&text(topology, "type")))}
                {fact(replication::state(), state_word(&text(topology, "state")))}
                {fact(coding::protection(), state_word(&text(topology, "protectionStatus")))}
                {fact(coding::readable(), state_word(&text(topology, "readStatus")))}
                {fact(coding::systems(), words(topology, "hcpSystems").join(", "))}
                <dt>{coding::coded_objects()}</dt>
                <dd>{objects.view()}</dd>
            </dl>
            {drawing(&shape)}
            <ul class="members">{listed}</ul>
        </section>
        <ResourceForm form />
    }
    .into_any()
}

/// The systems as points and the links between them as lines; what is missing is dashed.
fn drawing(shape: &Shape) -> AnyView {
    if shape.systems.is_empty() {
        return ().into_any();
    }
    let all = shape.systems.len();
    let line = |link: &(usize, usize), class: &'static str| {
        let ((x1, y1), (x2, y2)) = (spot(link.0, all), spot(link.1, all));
        let at = |number: f64| format!("{number:.0}");
        view! { <line class=class x1=at(x1) y1=at(y1) x2=at(x2) y2=at(y2)></line> }
    };
    let links = shape.links.iter().map(|link| line(link, "topology-link"));
    let missing = shape.missing.iter();
    let missing = missing.map(|link| line(link, "topology-missing"));
    let points = shape.systems.iter().enumerate().map(|(at, name)| {
        let (x, y) = spot(at, all);
        let below = if y > 110.0 { y + 18.0 } else { y - 10.0 };
        view! {
            <circle cx=format!("{x:.0}") cy=format!("{y:.0}") r="6"></circle>
            <text x=format!("{x:.0}") y=format!("{below:.0}") text-anchor="middle">
                {name.split('.').next().unwrap_or_default().to_owned()}
            </text>
        }
    });
    let said = coding::drawing(&shape.systems.join(", "), shape.links.len() as u64);
    view! {
        <svg
            class="topology"
            role="img"
            aria-label=said
            viewBox="0 0 320 220"
            data-testid="topology-drawing"
            data-missing=shape.missing.len().to_string()
        >
            {links.collect_view()}
            {missing.collect_view()}
            {points.collect_view()}
        </svg>
    }
    .into_any()
}

fn candidates(page: &Page, at: usize) -> Vec<Map<String, Json>> {
    let all = page.list(at);
    all.iter().filter_map(Json::as_object).cloned().collect()
}

/// Who is in it, who could be, and who cannot.
#[expect(
    clippy::too_many_lines,
    reason = "one section: who is in it, who could be, who cannot"
)]
fn tenants(page: &Page, name: &str, topology: &Map<String, Json>) -> AnyView {
    if let Some(failed) = page.failed(1) {
        return failed;
    }
    let may = page.may.admin;
    let there = candidates(page, 1);
    let rows = there
        .iter()
        .map(|tenant| {
            let tenant = text(tenant, "name");
            let remove = may.then(|| {
                let (topology_name, tenant_name) = (name.to_owned(), tenant.clone());
                let path = RemoveTopologyTenant {
                    topology_name,
                    tenant_name,
                    ..Default::default()
                }
                .path();
                let at = [("topology_name", name), ("tenant_name", tenant.as_str())];
                let op = "remove_tenant_from_ec_topology";
                let deed = Deed::new("remove", op, &at, http::Method::DELETE, path).said(
                    replication::remove(),
                    String::new(),
                    replication::was_removed(&tenant),
                );
                let whom = tenant.clone();
                view! { <AtOnce deed whom /> }
            });
            view! {
                <li data-testid="topology-tenant" data-key=tenant.clone()>
                    <bdi>{tenant.clone()}</bdi>
                    <div class="actions">{remove}</div>
                </li>
            }
        })
        .collect_view();
    let active = text(topology, "state") == "ACTIVE";
    let names = candidates(page, 2);
    let names: Vec<String> = names.iter().map(|tenant| text(tenant, "name")).collect();
    let add = (may && active && !names.is_empty()).then(|| {
        let topology_name = name.to_owned();
        let path = AddTopologyTenant {
            topology_name,
            ..Default::default()
        }
        .path();
        let path = path.trim_end_matches('/').to_owned();
        let at = [("topology_name", name)];
        let op = "add_tenant_to_ec_topology";
        let deed = Deed::new("add-tenant", op, &at, http::Method::PUT, path).said(
            replication::add(),
            String::new(),
            replication::was_added().to_owned(),
        );
        let (field, label) = ("tenant_name", replication::what_to_add());
        view! { <AtOnce deed choose=Choose { field, label, names: names.clone() } /> }
    });
    let none = (active && names.is_empty())
        .then(|| view! { <p class="help">{coding::no_candidates()}</p> });
    let conflicting = candidates(page, 3);
    let conflicts = (!conflicting.is_empty()).then(|| {
        let rows = conflicting
            .iter()
            .map(|tenant| {
                let systems = words(tenant, "hcpSystems").join(", ");
                view! {
                    <li data-testid="topology-conflict" data-key=text(tenant, "name")>
                        <bdi>{text(tenant, "name")}</bdi>
                        <span class="help">{systems}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="form-panel">
                <h2>{coding::conflicting()}</h2>
                <p class="help">{coding::conflicting_because()}</p>
                <ul class="members">{rows}</ul>
            </section>
        }
    });
    view! {
        {read_only(may, "administrator")}
        <section class="form-panel">
            <h2>{admin::tenants()}</h2>
            {there.is_empty().then(|| view! { <p class="help">{coding::no_tenants()}</p> })}
            <ul class="members">{rows}</ul>
            {(!active).then(|| view! { <p class="note">{coding::takes_none()}</p> })}
            {add}
            {none}
        </section>
        {conflicts}
    }
    .into_any()
}

/// How a topology can be ended, by its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is in use: it is retired first.
    Retire,
    /// It is retired and empty.
    Delete,
    /// Its objects are not all whole again: it goes by force alone.
    Force,
    /// It is retired, and yet has coded objects.
    Wait,
    /// The store does not say in which state it is.
    Unknown,
}

fn end_of(topology: &Map<String, Json>) -> End {
    let coded = number(topology, "erasureCodedObjects");
    match (text(topology, "state").as_str(), coded) {
        ("ACTIVE", _) => End::Retire,
        ("RETIRING", _) => End::Force,
        ("RETIRED", Some(0)) => End::Delete,
        ("RETIRED", _) => End::Wait,
        _ => End::Unknown,
    }
}

#[expect(clippy::too_many_lines, reason = "a table: each state with its end")]
fn actions(page: &Page, name: &str, topology: &Map<String, Json>, ask: &str) -> AnyView {
    if !page.may.admin {
        return read_only(false, "administrator");
    }
    let end = end_of(topology);
    let at = [("topology_name", name)];
    let topology_name = name.to_owned();
    let deed = match end {
        End::Retire => {
            let path = ModifyTopology {
                topology_name,
                ..Default::default()
            }
            .path();
            let op = "modify_ec_topology";
            let mut deed = Deed::new("retire", op, &at, http::Method::POST, path)
                .by("retire")
                .said(
                    coding::retire(),
                    replication::act_on(coding::retire(), name),
                    coding::was_retired(name),
                );
            let tenants = words(topology, "tenants");
            let full_copy = flag(topology, "fullCopy") == Some(true);
            deed.consequences = vec![
                coding::retire_tenants(tenants.len() as u64),
                if full_copy {
                    coding::retire_whole_with_copy()
                } else {
                    coding::retire_whole()
                }
                .to_owned(),
                coding::retire_for_good().to_owned(),
                coding::retire_then_delete().to_owned(),
            ];
            Some(deed)
        }
        End::Delete | End::Force => {
            let query = Force(false);
            let path = DeleteTopology {
                topology_name,
                query,
            }
            .path();
            let op = "delete_ec_topology";
            let mut deed = Deed::new("delete", op, &at, http::Method::DELETE, path).said(
                coding::delete_topology(),
                replication::act_on(coding::delete_topology(), name),
                admin::was_deleted(name),
            );
            if end == End::Force {
                deed.query.push(("force", "true".to_owned()));
                deed.label = coding::force_delete();
                deed.consequences = vec![
                    coding::force_parts().to_owned(),
                    coding::force_one_system().to_owned(),
                    coding::delete_for_good().to_owned(),
                ];
            } else {
                deed.consequences = vec![coding::delete_for_good().to_owned()];
            }
            urls::CODING.clone_into(&mut deed.next);
            Some(deed)
        }
        End::Wait | End::Unknown => None,
    };
    let about = match end {
        End::Retire => coding::about_retire(),
        End::Delete => coding::about_delete(),
        End::Force => coding::about_force(),
        End::Wait => coding::about_wait(),
        End::Unknown => coding::about_unknown(),
    };
    let deed = deed.map(|mut deed| {
        name.clone_into(&mut deed.expected);
        let asked = ask == deed.ask;
        let objects = number(topology, "erasureCodedObjects");
        let objects = objects.map_or_else(
            || coding::objects_unknown().to_owned(),
            coding::objects_coded,
        );
        view! {
            <Grave deed asked>
                <p data-testid="pending">
                    <strong>{objects.clone()}</strong>
                </p>
            </Grave>
        }
    });
    view! {
        <section class="form-panel danger-zone">
            <h2>{replication::actions()}</h2>
            <div class="danger-row">
                <p>{about}</p>
                {deed}
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    // ECT-1
    #[test]
    fn a_topology_ends_as_its_state_allows() {
        for (topology, expected) in [
            (
                json!({"state": "ACTIVE", "erasureCodedObjects": 0}),
                End::Retire,
            ),
            (
                json!({"state": "RETIRING", "erasureCodedObjects": 5}),
                End::Force,
            ),
            (
                json!({"state": "RETIRED", "erasureCodedObjects": 0}),
                End::Delete,
            ),
            (
                json!({"state": "RETIRED", "erasureCodedObjects": 5}),
                End::Wait,
            ),
            (json!({"state": "RETIRED"}), End::Wait),
            (json!({}), End::Unknown),
        ] {
            assert_eq!(
                end_of(topology.as_object().unwrap()),
                expected,
                "{topology}"
            );
        }
    }

    #[test]
    fn the_sizes_are_those_that_the_store_takes() {
        let sizes: Vec<i64> = SIZES
            .iter()
            .map(|(size, _)| size.parse().unwrap())
            .collect();
        assert_eq!(sizes, model::mapi::OBJECT_SIZES);
        for (size, word) in SIZES {
            assert_eq!(word(), crate::unit::size(size.parse().unwrap()));
        }
    }

    #[test]
    fn addresses_mean_pages() {
        let at = |path: &str| {
            let segments = urls::segments(path);
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            At::parse(&segments, &urls::Query::parse("ask=retire"))
        };
        assert_eq!(at("/system/erasure-coding"), Some(At::List));
        assert_eq!(at("/new/topology"), Some(At::New));
        let one = At::Topology("a/b".to_owned(), "actions", "retire".to_owned());
        assert_eq!(at("/system/erasure-coding/a%2Fb/actions"), Some(one));
        assert_eq!(at("/system/erasure-coding/a/no-such"), None);
    }
}
