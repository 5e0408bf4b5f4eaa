//! `/system/replication`, `/new/link` and the sections of a link.

mod act;
mod certificates;
mod content;
mod fields;
mod schedule;
mod state;

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        Choice, Link, LinkType, ReplicationService, Resource as _, Word as _,
        calls::{
            CreateLink, DeleteLink, GetLink, GetLinkContent, GetLinkTenant, GetLocalCandidates,
            GetRemoteCandidates, GetReplication, GetSchedule, LinkActions, ListLinks,
            ListLinksInFull, ModifyLink, ModifyReplication, Nothing, Unpaged, Verbose,
        },
        week::Week,
    },
};
use serde_json::{Map, Value as Json};

use self::act::{Act, Facts, Moment};
use super::{
    Answers, Page,
    deed::{Deed, Grave},
    flag,
    form::{Form, ResourceForm},
    frame, frame_of_section, number, read_only,
    spec::Say,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    unit, urls,
    words::replication,
};

/// The most links and tenants that are asked for one by one.
const ASKED: usize = 100;

/// A page of replication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The service and its links, and what the address asks to do.
    Service(String),
    /// The certificates of this system and of others, and what the address asks to do.
    Certificates(String),
    /// A new link, of a type.
    New(LinkType),
    /// A link, a section of it, and what the address asks to do.
    Link(String, &'static str, String),
}

/// The sections of a link.
const SECTIONS: &[(&str, Say)] = &[
    ("state", replication::state),
    ("content", replication::content),
    ("schedule", replication::schedule),
    ("settings", replication::settings),
    ("actions", replication::actions),
];

/// The types of links with their words.
const TYPES: [(LinkType, Say); 3] = [
    (LinkType::ActiveActive, replication::active_active),
    (LinkType::Outbound, replication::outbound),
    (LinkType::Inbound, replication::inbound),
];

/// The address of a link, or of a section of it.
fn address(name: &str, section: &str) -> String {
    urls::below(LINKS, name, section)
}

const LINKS: &str = "/system/replication/links";

impl At {
    /// Reads an address.
    pub fn parse(segments: &[&str], query: &urls::Query) -> Option<Self> {
        let ask = || query.get("ask").unwrap_or_default().to_owned();
        match segments {
            ["system", "replication"] => Some(Self::Service(ask())),
            ["system", "replication", "certificates"] => Some(Self::Certificates(ask())),
            ["new", "link"] => {
                let kind = query.get("type").unwrap_or_default();
                let kind = Choice::<LinkType>::of(kind).known();
                Some(Self::New(kind.unwrap_or(LinkType::ActiveActive)))
            }
            ["system", "replication", "links", name, rest @ ..] if rest.len() < 2 => {
                let wanted = rest.first().unwrap_or(&"state");
                let (section, _) = SECTIONS.iter().find(|(section, _)| section == wanted)?;
                Some(Self::Link((*name).to_owned(), section, ask()))
            }
            _ => None,
        }
    }

    /// What the page is called before its content is known.
    pub fn title(&self) -> &str {
        match self {
            Self::Service(_) => replication::replication(),
            Self::Certificates(_) => replication::certificates(),
            Self::New(_) => replication::new_link(),
            Self::Link(name, ..) => name,
        }
    }

    /// The paths of the calls that it is made from.
    pub fn calls(&self) -> Vec<String> {
        match self {
            Self::Service(_) => {
                let query = Verbose(true);
                let links = ListLinksInFull(ListLinks { query: Unpaged });
                vec![GetReplication { query }.path(), links.path()]
            }
            Self::Certificates(_) => certificates::calls(),
            Self::New(_) => Vec::new(),
            Self::Link(name, section, _) => {
                let link_name = name.clone();
                let query = Verbose(true);
                let mut all = vec![GetLink { link_name, query }.path()];
                macro_rules! of_link {
                    ($call:ident) => {
                        $call {
                            link_name: name.clone(),
                            query: Nothing,
                        }
                        .path()
                    };
                }
                match *section {
                    "content" => all.extend([
                        of_link!(GetLinkContent),
                        of_link!(GetLocalCandidates),
                        of_link!(GetRemoteCandidates),
                    ]),
                    "schedule" => all.push(of_link!(GetSchedule)),
                    _ => {}
                }
                all
            }
        }
    }

    /// The paths of what is asked once that is known: each link's schedule, each tenant's progress.
    pub fn more(&self, answers: &Answers) -> Vec<String> {
        let answered = answers.get(1).and_then(|answer| answer.as_ref().ok());
        match (self, answered) {
            (Self::Service(_), Some(Json::Array(links))) => {
                let names = links.iter().filter_map(|link| link.get("name")?.as_str());
                let schedule = |name: &str| {
                    let link_name = name.to_owned();
                    let query = Nothing;
                    GetSchedule { link_name, query }.path()
                };
                names.take(ASKED).map(schedule).collect()
            }
            (Self::Link(name, "content", _), Some(Json::Object(content))) => {
                let tenants = words(content, "tenants").into_iter().take(ASKED);
                let progress = |tenant_name| {
                    let link_name = name.clone();
                    let query = Nothing;
                    GetLinkTenant {
                        link_name,
                        tenant_name,
                        query,
                    }
                    .path()
                };
                tenants.map(progress).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Any of the pages.
pub fn page(page: &Page, at: &At) -> AnyView {
    match at {
        At::Service(ask) => service(page, ask),
        At::Certificates(ask) => {
            let word = replication::certificates();
            let content = certificates::view(page, ask);
            let title = word.to_owned();
            frame(
                Vec::new(),
                word,
                title,
                ().into_any(),
                sheets(word),
                content,
            )
        }
        At::New(kind) => new(page, *kind),
        At::Link(name, section, ask) => link(page, name, section, ask),
    }
}

/// A type in words, with its arrows.
fn type_word(link: &Map<String, Json>) -> String {
    let word = text(link, "type");
    let kind = Choice::<LinkType>::of(&word).known();
    let known = kind.and_then(|kind| TYPES.iter().find(|(one, _)| *one == kind));
    known.map_or(word, |(_, say)| say().to_owned())
}

/// How a link does, in words.
fn status_words(link: &Map<String, Json>) -> Vec<String> {
    let mut all = vec![text(link, "status"), text(link, "statusMessage")];
    if flag(link, "suspended") == Some(true) {
        all.push(replication::suspended().to_owned());
    }
    all.retain(|word| !word.is_empty());
    all
}

/// A level, or what holds in place of the schedule, in words.
fn level_word(word: &str) -> String {
    match word {
        "OFF" => replication::off(),
        "LOW" => replication::low(),
        "MEDIUM" => replication::medium(),
        "HIGH" => replication::high(),
        "CUSTOM" => replication::custom(),
        other => other,
    }
    .to_owned()
}

/// What a schedule says, in a few words.
fn schedule_words(schedule: &Json) -> String {
    let side = |name: &str, said: fn(&str) -> String| {
        let side = schedule.get(name)?;
        let holds = side.get("scheduleOverride").and_then(Json::as_str);
        let week = side.get("transition").and_then(Week::of_transitions);
        let words = match (holds, week) {
            (Some(holds), _) if holds != "NONE" => replication::overridden(&level_word(holds)),
            (_, Some(week)) => match week.only() {
                Some(level) => replication::all_week(&level_word(level.as_str())),
                None => replication::by_the_hour().to_owned(),
            },
            _ => return None,
        };
        Some(said(&words))
    };
    let sides = [
        side("local", replication::here_is),
        side("remote", replication::there_is),
    ];
    sides.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

const COLUMNS: &[Column] = &[
    column("name", replication::name),
    column("type", replication::link_type),
    column("status", replication::status),
    wide("date", replication::up_to_date),
    wide("pending", replication::waits_here),
    wide("remote", replication::waits_there),
    wide("rate", replication::rate),
    wide("errors", replication::errors),
    wide("schedule", replication::schedule),
];

fn link_row(link: &Map<String, Json>, schedules: &[Json], at: usize) -> Row {
    let name = text(link, "name");
    let none = Map::new();
    let statistics = link.get("statistics").and_then(Json::as_object);
    let statistics = statistics.unwrap_or(&none);
    let rate = statistics.get("bytesPerSecond").and_then(Json::as_f64);
    Row {
        cells: vec![
            Cell::Link(name.clone(), address(&name, "")),
            Cell::Text(type_word(link)),
            Cell::Words(status_words(link)),
            Cell::When(text(statistics, "upToDateAsOfString")),
            Cell::Size(number(statistics, "bytesPending")),
            Cell::Size(number(statistics, "bytesPendingRemote")),
            Cell::Text(rate.map(unit::rate).unwrap_or_default()),
            Cell::Count(number(statistics, "errors")),
            Cell::Text(schedules.get(at).map(schedule_words).unwrap_or_default()),
        ],
        actions: Vec::new(),
        key: name,
    }
}

/// The service, and the links below it.
fn service(page: &Page, ask: &str) -> AnyView {
    let may = page.may.admin;
    let service = page.map(0);
    let links = page.list(1);
    let schedules = page.list(2);
    let list = List {
        name: "links",
        caption: replication::links(),
        noun: replication::links_counted,
        columns: COLUMNS,
        rows: links
            .iter()
            .enumerate()
            .filter_map(|(at, link)| Some(link_row(link.as_object()?, &schedules, at)))
            .collect(),
        empty: replication::no_links(),
        missing: 0,
    };
    let new = may.then(|| {
        view! {
            <LinkButton href=urls::NEW_LINK tone=Tone::Primary>
                <Icon name="plus" />
                {replication::new_link()}
            </LinkButton>
        }
    });
    let query = model::mapi::calls::AllLinks::default();
    let path = ModifyReplication {
        query,
        body: ReplicationService::default(),
    }
    .path();
    let form = Form::change(
        "modify_replication_service",
        &[],
        path.clone(),
        ReplicationService::PROPERTIES,
        fields::SERVICE,
        service.clone(),
    )
    .editable(may);
    let table = page
        .failed(1)
        .unwrap_or_else(|| view! { <DataTable list /> }.into_any());
    let content = view! {
        {read_only(may, "administrator")}
        <div class="list">
            <h2 class="section-title">{replication::links()}</h2>
            {table}
        </div>
        {all_links(&service, path, links.len(), may, ask)}
        <ResourceForm form />
    };
    frame(
        Vec::new(),
        replication::replication(),
        replication::replication().to_owned(),
        new.into_any(),
        sheets(replication::links()),
        content.into_any(),
    )
}

/// The navigation between the links and the certificates.
fn sheets(here: &str) -> Vec<(&'static str, String, bool)> {
    [
        (replication::links(), urls::REPLICATION.to_owned()),
        (
            replication::certificates(),
            format!("{}/certificates", urls::REPLICATION),
        ),
    ]
    .map(|(word, address)| (word, address, word == here))
    .to_vec()
}

/// Whether the links run at all, and the two buttons.
fn all_links(
    service: &Map<String, Json>,
    path: String,
    count: usize,
    may: bool,
    ask: &str,
) -> AnyView {
    const OP: &str = "modify_replication_service";
    let status = text(service, "status");
    let is_down = status == "SHUTDOWN";
    let deed = |name| Deed::new(name, OP, &[], http::Method::POST, path.clone());
    let act = may.then(|| {
        if is_down {
            let mut deed = deed("reestablish").by("reestablishAllLinks").said(
                replication::reestablish(),
                replication::reestablish_title().to_owned(),
                replication::reestablished().to_owned(),
            );
            deed.consequences = vec![replication::reestablish_means().to_owned()];
            let asked = ask == deed.name;
            view! { <Grave deed asked /> }.into_any()
        } else {
            let mut deed = deed("shutdown").said(
                replication::shut_down(),
                replication::shut_down_title().to_owned(),
                replication::was_shut_down().to_owned(),
            );
            deed.consequences = [
                replication::shut_down_stops,
                replication::shut_down_reads,
                replication::shut_down_content,
                replication::shut_down_until,
            ]
            .map(|said| said().to_owned())
            .to_vec();
            replication::shut_down_phrase().clone_into(&mut deed.expected);
            deed.reason = Some("shutDownAllLinks");
            let asked = ask == deed.name;
            let about = replication::links_concerned(count as u64);
            view! {
                <Grave deed asked>
                    <p>{about.clone()}</p>
                </Grave>
            }
            .into_any()
        }
    });
    let said = match status.as_str() {
        "ENABLED" => replication::service_runs().to_owned(),
        "SHUTDOWN" => replication::service_is_down().to_owned(),
        "" => replication::service_unknown().to_owned(),
        other => other.to_owned(),
    };
    view! {
        <section class="form-panel" data-testid="replication-service" data-status=status>
            <h2>{replication::service()}</h2>
            <p class=if is_down { "alert alert-warn" } else { "" }>{said}</p>
            <div class="actions">{act}</div>
        </section>
    }
    .into_any()
}

fn crumbs() -> Vec<super::Link> {
    vec![(
        replication::replication().to_owned(),
        urls::REPLICATION.to_owned(),
    )]
}

/// A new link of a type; the others are one click away.
fn new(page: &Page, kind: LinkType) -> AnyView {
    let query = Nothing;
    let path = CreateLink {
        query,
        body: Link::default(),
    }
    .path();
    let form = Form::change(
        "create_replication_link",
        &[],
        path,
        Link::PROPERTIES,
        fields::new(kind),
        Map::new(),
    )
    .creating(
        replication::create_link(),
        address(model::form::NAME, "").replace(
            &model::endpoint::encode(model::form::NAME),
            model::form::NAME,
        ),
        replication::the_link_was_created(),
    )
    .editable(page.may.admin);
    let kinds = TYPES
        .iter()
        .map(|(one, say)| {
            let href = urls::with_query(urls::NEW_LINK, &[("type", one.as_str())]);
            (say(), href, *one == kind)
        })
        .collect();
    let about = match kind {
        LinkType::ActiveActive => replication::active_active_means(),
        LinkType::Outbound => replication::outbound_means(),
        LinkType::Inbound => replication::inbound_means(),
    };
    let content = view! {
        {read_only(page.may.admin, "administrator")}
        <p class="note">
            <Icon name="info" />
            {about}
        </p>
        <ResourceForm form />
    };
    frame(
        crumbs(),
        replication::new_link(),
        replication::new_link().to_owned(),
        ().into_any(),
        kinds,
        content.into_any(),
    )
}

/// A section of a link.
fn link(page: &Page, name: &str, section: &'static str, ask: &str) -> AnyView {
    let link = page.map(0);
    let content = match section {
        "content" => content::page(page, name, &link, ask),
        "schedule" => schedule::page(page, name, &link),
        "settings" => settings(page, name, link.clone()),
        "actions" => actions(page, name, &link, ask),
        _ => state::page(name, &link),
    };
    frame_of_section(crumbs(), name, (SECTIONS, section), address, content)
}

fn settings(page: &Page, name: &str, link: Map<String, Json>) -> AnyView {
    let kind = Choice::<LinkType>::of(&text(&link, "type")).known();
    let Some(kind) = kind else {
        return view! { <p class="alert alert-warn">{replication::type_unknown()}</p> }.into_any();
    };
    let form = Form::change(
        "modify_replication_link",
        &[("link_name", name)],
        of_link(name),
        Link::PROPERTIES,
        fields::settings(kind),
        link,
    )
    .editable(page.may.admin);
    view! {
        {read_only(page.may.admin, "administrator")}
        <p class="note">
            <Icon name="info" />
            {replication::settings_suspend()}
        </p>
        <ResourceForm form />
    }
    .into_any()
}

/// The path of a change of a link.
fn of_link(name: &str) -> String {
    let link_name = name.to_owned();
    let query = LinkActions::default();
    let body = Link::default();
    ModifyLink {
        link_name,
        query,
        body,
    }
    .path()
}

/// What can be done with it.
fn actions(page: &Page, name: &str, link: &Map<String, Json>, ask: &str) -> AnyView {
    let facts = act::facts(link);
    let pending = act::pending(link);
    let status = status_words(link).join(" – ");
    if !page.may.admin {
        return view! {
            {read_only(false, "administrator")}
            <p>{status}</p>
            <p>{pending}</p>
        }
        .into_any();
    }
    let offered = Act::ALL.into_iter().filter(|act| act.is_offered(facts));
    let rows = offered
        .map(|act| {
            view! {
                <div class="danger-row">
                    <p>{act.about()}</p>
                    {grave(name, act, facts, &pending, ask)}
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="form-panel">
            <h2>{replication::now()}</h2>
            <p data-testid="link-status">{status}</p>
            <p data-testid="link-pending">{pending.clone()}</p>
        </section>
        <section class="form-panel danger-zone">
            <h2>{replication::actions()}</h2>
            {rows}
        </section>
    }
    .into_any()
}

fn grave(name: &str, act: Act, facts: Facts, pending: &str, ask: &str) -> AnyView {
    let at = [("link_name", name)];
    let mut deed = match act {
        Act::Does(action) => Deed::new(
            act.name(),
            "modify_replication_link",
            &at,
            http::Method::POST,
            of_link(name),
        )
        .by(action.as_str()),
        Act::Delete => {
            let link_name = name.to_owned();
            let query = Nothing;
            let path = DeleteLink { link_name, query }.path();
            let mut deed = Deed::new(
                act.name(),
                "delete_replication_link",
                &at,
                http::Method::DELETE,
                path,
            );
            urls::REPLICATION.clone_into(&mut deed.next);
            deed
        }
    }
    .said(
        act.word(),
        replication::act_on(act.word(), name),
        replication::was_asked_for(act.word(), name),
    );
    deed.consequences = act.consequences(facts);
    name.clone_into(&mut deed.expected);
    let asked = ask == deed.name;
    let pending = pending.to_owned();
    view! {
        <Grave deed asked>
            {picture(act, facts)}
            <p data-testid="pending">
                <strong>{pending.clone()}</strong>
            </p>
        </Grave>
    }
    .into_any()
}

/// Which end serves what, before, during and after.
fn picture(act: Act, facts: Facts) -> AnyView {
    let Some(picture) = act.picture(facts) else {
        return ().into_any();
    };
    let row = |when: &'static str, moment: Moment| {
        view! {
            <tr>
                <th scope="row">{when}</th>
                <td data-label=replication::this_system()>{moment.here.word()}</td>
                <td data-label=replication::other_system()>{moment.there.word()}</td>
                <td data-label=replication::objects_go()>{moment.flow.word()}</td>
            </tr>
        }
    };
    // What has to follow is among the consequences.
    let next = picture
        .next
        .is_none()
        .then(replication::nothing_must_follow);
    view! {
        <table class="picture" data-testid="picture">
            <caption class="sr-only">{replication::who_serves()}</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{replication::this_system()}</th>
                    <th scope="col">{replication::other_system()}</th>
                    <th scope="col">{replication::objects_go()}</th>
                </tr>
            </thead>
            <tbody>
                {row(replication::before(), picture.before)}
                {row(replication::during(), picture.during)}
                {row(replication::after(), picture.after)}
            </tbody>
        </table>
        {next.map(|next| view! { <p>{next}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(path: &str, query: &str) -> Option<At> {
        let segments = urls::segments(path);
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        At::parse(&segments, &urls::Query::parse(query))
    }

    #[test]
    fn addresses_mean_pages() {
        assert_eq!(
            at("/system/replication", "ask=shutdown"),
            Some(At::Service("shutdown".to_owned()))
        );
        assert_eq!(
            at("/system/replication/certificates", "ask=delete-1"),
            Some(At::Certificates("delete-1".to_owned()))
        );
        assert_eq!(
            at("/new/link", "type=INBOUND"),
            Some(At::New(LinkType::Inbound))
        );
        assert_eq!(
            at("/new/link", "type=round"),
            Some(At::New(LinkType::ActiveActive))
        );
        assert_eq!(
            at("/system/replication/links/a%2Fb/actions", "ask=failOver"),
            Some(At::Link("a/b".to_owned(), "actions", "failOver".to_owned()))
        );
        for nowhere in [
            "/system/replication/links",
            "/system/replication/links/a/no-such",
            "/system/replication/links/a/state/more",
        ] {
            assert_eq!(at(nowhere, ""), None, "{nowhere}");
        }
    }

    #[test]
    fn schedules_and_progress_are_asked_once_the_names_are_known() {
        let service = At::Service(String::new());
        let links = json!([{"name": "east"}, {"name": "a/b"}]);
        let more = service.more(&vec![Ok(json!({})), Ok(links)]);
        let schedule = |name| format!("/api/v1/mapi/services/replication/links/{name}/schedule");
        assert_eq!(more, [schedule("east"), schedule("a%2Fb")]);
        let content = At::Link("east".to_owned(), "content", String::new());
        let tenants = json!({"tenants": ["acme"], "chainedLinks": ["x"]});
        let more = content.more(&vec![Ok(json!({})), Ok(tenants)]);
        let of_tenant = "/api/v1/mapi/services/replication/links/east/content/tenants/acme";
        assert_eq!(more, [of_tenant]);
    }

    #[test]
    fn a_schedule_is_told_in_a_few_words_and_an_override_first() {
        let step = |time: &str, level: &str| json!({"time": time, "performanceLevel": level});
        let schedule = json!({
            "local": {"scheduleOverride": "NONE", "transition": [step("Sun:00", "HIGH")]},
            "remote": {"scheduleOverride": "LOW", "transition": [step("Sun:00", "HIGH")]},
        });
        let said = schedule_words(&schedule);
        let high = replication::all_week(replication::high());
        let low = replication::overridden(replication::low());
        assert_eq!(
            said,
            [replication::here_is(&high), replication::there_is(&low)].join("; ")
        );
        let hours = json!({"remote": null, "local": {
            "transition": [step("Sun:00", "HIGH"), step("Mon:08", "OFF")],
        }});
        assert_eq!(
            schedule_words(&hours),
            replication::here_is(replication::by_the_hour())
        );
        assert_eq!(schedule_words(&Json::Null), "");
    }
}
