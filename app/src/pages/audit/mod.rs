//! `/audit`: who changed what through Hako.

mod follow;
mod recorded;
mod row;
mod words;

use leptos::prelude::*;
use model::{
    Problem, Timestamp,
    audit::{
        Action, AuditFormat, AuditPage as Page, AuditQuery, AuditRecord, AuditResult, AuditScope,
        ListAudit, export_path,
    },
    session::Level,
};
use serde::{Deserialize, Serialize};

pub use self::recorded::OperationsPage;
use self::{follow::Follow, row::Row};
use crate::{
    api,
    layout::{Busy, PageTitle, use_session},
    ui::{
        Button, Failure, Icon, LinkButton, Retry,
        filter::{choice, text, when},
    },
    urls::{self, Query},
    words::{audit, operations},
};

/// The stretches of time that are offered, with their hours.
const RANGES: [(&str, i64); 4] = [("hour", 1), ("day", 24), ("week", 168), ("month", 720)];

/// What the address asks for. Of what it does not know nothing is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Wanted {
    /// One of [`RANGES`]; counts where no time is given.
    since: String,
    /// As it is typed: a time of UTC.
    from: String,
    to: String,
    person: String,
    action: String,
    target: String,
    result: Option<AuditResult>,
    tenant: String,
    cursor: String,
}

impl Wanted {
    fn of(query: &Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
        let time = |name: &str| {
            Some(text(name))
                .filter(|t| time_of(t).is_some())
                .unwrap_or_default()
        };
        let (since, result, cursor) = (text("since"), text("result"), text("cursor"));
        let action = Action::parse(query.get("action").unwrap_or_default());
        let is_cursor =
            cursor.bytes().all(|b| b.is_ascii_digit() || b == b'-') && cursor.len() < 40;
        Self {
            since: if RANGES.iter().any(|(word, _)| *word == since) {
                since
            } else {
                String::new()
            },
            from: time("from"),
            to: time("to"),
            person: text("person"),
            action: action.map_or("", Action::as_str).to_owned(),
            target: text("target"),
            result: AuditResult::ALL
                .into_iter()
                .find(|one| one.as_str() == result),
            tenant: text("tenant"),
            cursor: if is_cursor { cursor } else { String::new() },
        }
    }

    fn is_filtered(&self) -> bool {
        Self {
            cursor: String::new(),
            ..self.clone()
        } != Self::default()
    }

    fn has_range(&self) -> bool {
        !(self.since.is_empty() && self.from.is_empty() && self.to.is_empty())
    }

    /// The address of this, with a row opened.
    fn address(&self, open: &str) -> String {
        let parameters = [
            ("since", self.since.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("person", &self.person),
            ("action", &self.action),
            ("target", &self.target),
            ("result", self.result.map_or("", AuditResult::as_str)),
            ("tenant", &self.tenant),
            ("cursor", &self.cursor),
            ("open", open),
        ];
        urls::with_query(urls::AUDIT, &parameters)
    }

    /// The same from a place on.
    fn behind(&self, cursor: &str) -> String {
        let there = Self {
            cursor: cursor.to_owned(),
            ..self.clone()
        };
        there.address("")
    }

    /// The same filters for all time.
    fn of_all_time(&self) -> String {
        let all = Self {
            since: String::new(),
            from: String::new(),
            to: String::new(),
            cursor: String::new(),
            ..self.clone()
        };
        all.address("")
    }

    /// What is asked of the API. Hours are counted by the clock of whoever asks: of the server while it renders.
    fn query(&self) -> AuditQuery {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let hours = RANGES.iter().find(|(word, _)| *word == self.since);
        let since = hours.and_then(|(_, hours)| {
            Timestamp::from_unix_seconds(now()?.unix_seconds() - hours * 3_600)
        });
        AuditQuery {
            from: time_of(&self.from).or(since),
            to: time_of(&self.to),
            person: text(&self.person),
            action: text(&self.action),
            target: text(&self.target),
            result: self.result,
            tenant: text(&self.tenant),
            cursor: text(&self.cursor),
            ..AuditQuery::default()
        }
    }
}

fn time_of(text: &str) -> Option<Timestamp> {
    Timestamp::parse_typed(text)
}

fn now() -> Option<Timestamp> {
    #[cfg(feature = "ssr")]
    let now = Some(Timestamp::from(time::OffsetDateTime::now_utc()));
    #[cfg(not(feature = "ssr"))]
    let now = crate::browser::clock().map(|(now, _)| now);
    now
}

/// What was asked, and what came.
type Answer = (AuditQuery, Page);

async fn list(wanted: Wanted) -> Result<Answer, Problem> {
    let query = wanted.query();
    let page = api::call(ListAudit(query.clone())).await?;
    Ok((query, page))
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = urls::query();
    // Opening a row asks for nothing.
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let listing = Resource::new_blocking(move || wanted.get(), list);
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page audit-page">
            <PageTitle heading=audit::audit() title=audit::audit() />
            {between(true)}
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match listing.await {
                        Ok(answer) => {
                            retry.succeeded();
                            let wanted = wanted.get_untracked();
                            view! { <Listing wanted answer /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Listing(wanted: Wanted, answer: Answer) -> impl IntoView {
    let (query, page) = answer;
    let scope = page.scope;
    let means = match scope {
        AuditScope::Own => audit::means_own(page.days.into()),
        AuditScope::Tenant => audit::means_tenant(page.days.into()),
        AuditScope::System => audit::means_system(page.days.into()),
    };
    let files = [
        (AuditFormat::Csv, audit::csv(), "export-csv"),
        (AuditFormat::Jsonl, audit::jsonl(), "export-jsonl"),
    ];
    let files = files.map(|(format, word, testid)| {
        let href = export_path(&query, format);
        view! {
            <a href=href class="button button-plain" data-testid=testid download="">
                <Icon name="download" />
                {word}
            </a>
        }
    });
    // What is over does not grow.
    let can_follow = wanted.cursor.is_empty() && wanted.to.is_empty();
    let next = page.next.as_ref().map(|cursor| wanted.behind(cursor));
    let first = (!wanted.cursor.is_empty()).then(|| wanted.behind(""));
    let records = RwSignal::new(page.records);
    let empty = Memo::new(move |_| records.with(Vec::is_empty));
    let ids = move || records.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    let (ranged, widened) = (wanted.has_range(), wanted.of_all_time());
    let wanted = StoredValue::new(wanted);
    view! {
        <p class="help">{means}</p>
        <Filters wanted=wanted.get_value() scope />
        <div class="audit-bar">
            {can_follow.then(|| view! { <Follow query newest=page.newest records /> })}
            <div class="page-actions" data-testid="page-actions">
                {files.collect_view()}
            </div>
        </div>
        <Show
            when=move || !empty.get()
            fallback=move || {
                let widened = widened.clone();
                view! { <Empty filtered=wanted.with_value(Wanted::is_filtered) ranged widened /> }
            }
        >
            <div class="table-frame" role="region" aria-label=audit::audit() tabindex="0">
                <table class="table table-cards table-audit" data-testid="table-audit">
                    <thead>
                        <tr>
                            <th scope="col">{audit::time()}</th>
                            {(scope == AuditScope::System)
                                .then(|| view! { <th scope="col">{audit::tenant()}</th> })}
                            <th scope="col">{audit::person()}</th>
                            <th scope="col">{audit::action()}</th>
                            <th scope="col">{audit::target()}</th>
                            <th scope="col">{audit::result()}</th>
                            <th scope="col" class="wide-only">
                                {audit::address()}
                            </th>
                            <th scope="col" class="wide-only">
                                {audit::request()}
                            </th>
                            <th scope="col" class="wide-only number">
                                {audit::duration()}
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=ids key=Clone::clone let:id>
                            <OneRow id records wanted scope />
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
        <nav class="actions" aria-label=audit::pages() data-testid="pager">
            {first.map(|href| view! { <LinkButton href>{audit::newest_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{audit::older()}</LinkButton> })}
        </nav>
    }
}

/// A row that is there as long as its record is.
#[component]
fn OneRow(
    id: String,
    records: RwSignal<Vec<AuditRecord>>,
    wanted: StoredValue<Wanted>,
    scope: AuditScope,
) -> impl IntoView {
    let found = records.with_untracked(|all| all.iter().find(|one| one.id == id).cloned());
    found.map(|record| view! { <Row record wanted scope /> })
}

#[component]
fn Empty(filtered: bool, ranged: bool, widened: String) -> impl IntoView {
    view! {
        <section class="notice" data-testid=if filtered { "state-no-match" } else { "state-empty" }>
            <Icon name="info" />
            <h2>{audit::none()}</h2>
            {ranged
                .then(|| {
                    view! {
                        <p class="actions">
                            <LinkButton href=widened>{audit::widen()}</LinkButton>
                        </p>
                    }
                })}
            {(filtered && !ranged)
                .then(|| {
                    view! {
                        <p class="actions">
                            <LinkButton href=urls::AUDIT>{audit::clear()}</LinkButton>
                        </p>
                    }
                })}
        </section>
    }
}

/// The way between what was done through Hako and what the store recorded, where it can be asked.
fn between(is_console: bool) -> AnyView {
    let session = use_session();
    let current = |is_here: bool| is_here.then_some("page");
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let asks = session
                    .await
                    .is_ok_and(|session| {
                        session.features.management && session.level == Level::Tenant
                    });
                asks.then(|| {
                    view! {
                        <nav class="sections" aria-label=operations::both() data-testid="audit-tabs">
                            <ul>
                                <li>
                                    <a href=urls::AUDIT aria-current=current(is_console)>
                                        {operations::console()}
                                    </a>
                                </li>
                                <li>
                                    <a href=urls::OPERATIONS aria-current=current(!is_console)>
                                        {operations::operations()}
                                    </a>
                                </li>
                            </ul>
                        </nav>
                    }
                })
            })}
        </Suspense>
    }
    .into_any()
}

/// The words for [`RANGES`].
fn ranges() -> [(&'static str, &'static str); 4] {
    [
        ("hour", audit::since_hour()),
        ("day", audit::since_day()),
        ("week", audit::since_week()),
        ("month", audit::since_month()),
    ]
}

/// A form that asks for other records by the address.
#[component]
fn Filters(wanted: Wanted, scope: AuditScope) -> impl IntoView {
    let filtered = wanted.is_filtered();
    let ranges = ranges();
    let actions: Vec<_> = Action::ALL
        .iter()
        .map(|one| (one.as_str(), words::action(*one)))
        .collect();
    let results = AuditResult::ALL.map(|one| (one.as_str(), words::result(one)));
    let result = wanted.result.map_or("", AuditResult::as_str);
    view! {
        <form method="get" action=urls::AUDIT class="audit-filters" data-testid="form-audit">
            {choice("since", audit::since(), audit::since_any(), &ranges, &wanted.since)}
            {when("from", audit::from(), &wanted.from, "range-from")}
            {when("to", audit::to(), &wanted.to, "range-to")}
            {text("person", audit::person(), &wanted.person)}
            {choice("action", audit::action(), audit::action_any(), &actions, &wanted.action)}
            {text("target", audit::target(), &wanted.target)}
            {choice("result", audit::result(), audit::result_any(), &results, result)}
            {(scope == AuditScope::System)
                .then(|| text("tenant", audit::tenant(), &wanted.tenant))}
            <p class="audit-show">
                <Button kind="submit">{audit::show()}</Button>
                {filtered
                    .then(|| view! { <LinkButton href=urls::AUDIT>{audit::clear()}</LinkButton> })}
            </p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown() {
        let query = Query::parse("since=day&person=ann&result=refused&target=a+b&cursor=17&open=3");
        let wanted = Wanted::of(&query);
        assert_eq!(wanted.result, Some(AuditResult::Refused));
        assert_eq!(
            wanted.address("9"),
            "/audit?since=day&person=ann&target=a%20b&result=refused&cursor=17&open=9"
        );
        let asked = wanted.query();
        // A stretch needs a clock, which neither server nor browser lends to this test.
        assert_eq!(asked.from.is_some(), now().is_some());
        assert!(asked.to.is_none());
        assert_eq!(
            (asked.person.as_deref(), asked.cursor.as_deref()),
            (Some("ann"), Some("17"))
        );
        // Opening a row changes nothing of what is asked.
        assert_eq!(Wanted::of(&Query::parse("open=3")), Wanted::default());
        // What is not known is not asked for.
        let odd = Wanted::of(&Query::parse("since=ever&from=then&result=odd&cursor=x%22"));
        assert_eq!(odd, Wanted::default());
        assert_eq!(odd.address(""), "/audit");
    }

    #[test]
    fn times_are_typed_in_utc() {
        let time = |text: &str| time_of(text).map(Timestamp::unix_seconds);
        assert_eq!(time("1970-01-01T00:01"), Some(60));
        assert_eq!(time("1970-01-01T00:01:05"), Some(65));
        assert_eq!(time("1970-01-01T00:01:05Z"), Some(65));
        assert_eq!(time("1970-01-01"), None);
        // A time counts more than a stretch.
        let wanted = Wanted::of(&Query::parse("since=hour&from=1970-01-01T00:01"));
        assert_eq!(wanted.query().from.map(Timestamp::unix_seconds), Some(60));
    }
}
