//! `/audit/operations`: what was stored and what is gone, as the store recorded it, by whatever door.

use leptos::prelude::*;
use model::{
    ErrorCode, Problem, TenantName, Timestamp,
    query::{
        ChangeTimeRange, DirectoryList, LastResult, Names, NamespaceList, OperationQuery,
        OperationQueryResponse, OperationSystemMetadata, Property, QueryOperations, QueryResult,
        TransactionList,
    },
};
use serde::{Deserialize, Serialize};

use super::{RANGES, between, now, ranges, time_of};
use crate::{
    api, browser,
    layout::{Busy, PageTitle, use_session},
    text::{csv_line, visible_name},
    ui::{
        Button, Failure, Icon, LinkButton, Moment, Retry,
        filter::{choice, text, when},
    },
    unit,
    urls::{self, Query},
    words::{audit, operations},
};

/// How many records a page has.
const PAGE: i64 = 100;
/// The range where nobody says.
const USUAL: &str = "day";
/// HCP's words for what happened, and those that are asked for where nobody says.
const KINDS: [(&str, bool); 5] = [
    ("create", true),
    ("delete", true),
    ("purge", true),
    ("prune", false),
    ("dispose", false),
];

/// What the address asks for. Of what it does not know nothing is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Wanted {
    /// One of [`RANGES`], or `all`; counts where no time is given.
    since: String,
    from: String,
    to: String,
    /// None: the usual.
    kinds: Vec<String>,
    namespace: String,
    folder: String,
    collisions: bool,
    /// The last record of the page before: its time, its version, its address.
    after: Option<(String, String, String)>,
}

impl Wanted {
    fn of(query: &Query) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        let time = |name: &str| {
            Some(word(name))
                .filter(|typed| time_of(typed).is_some())
                .unwrap_or_default()
        };
        let since = word("since");
        let is_known = since == "all" || RANGES.iter().any(|(known, _)| *known == since);
        let asked = query.all("kind");
        let kinds = KINDS
            .iter()
            .filter(|(kind, _)| asked.iter().any(|one| one == kind))
            .map(|(kind, _)| (*kind).to_owned());
        let after = query
            .get("after")
            .zip(query.get("version"))
            .zip(query.get("url"))
            .filter(|((time, version), _)| {
                let is_number = |text: &str| {
                    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                };
                is_number(time) && is_number(version)
            })
            .map(|((time, version), url)| (time.to_owned(), version.to_owned(), url.to_owned()));
        Self {
            since: if is_known { since } else { String::new() },
            from: time("from"),
            to: time("to"),
            kinds: kinds.collect(),
            namespace: word("ns"),
            folder: word("folder"),
            collisions: query.get("collisions") == Some("1"),
            after,
        }
    }

    fn address(&self) -> String {
        let (time, version, url) = self.after.clone().unwrap_or_default();
        let mut parameters = vec![
            ("since", self.since.as_str()),
            ("from", &self.from),
            ("to", &self.to),
        ];
        parameters.extend(self.kinds.iter().map(|kind| ("kind", kind.as_str())));
        parameters.extend([
            ("ns", self.namespace.as_str()),
            ("folder", &self.folder),
            ("collisions", if self.collisions { "1" } else { "" }),
            ("after", &time),
            ("version", &version),
            ("url", &url),
        ]);
        urls::with_query(urls::OPERATIONS, &parameters)
    }

    fn has_kind(&self, kind: &str, usual: bool) -> bool {
        if self.kinds.is_empty() {
            usual
        } else {
            self.kinds.iter().any(|one| one == kind)
        }
    }

    /// What is asked of the API.
    fn query(&self) -> OperationQuery {
        let since = if self.since.is_empty() {
            USUAL
        } else {
            &self.since
        };
        let hours = RANGES.iter().find(|(word, _)| *word == since);
        let start = time_of(&self.from).or_else(|| {
            let (_, hours) = hours?;
            Timestamp::from_unix_seconds(now()?.unix_seconds() - hours * 3_600)
        });
        let ms = |time: Timestamp| time.unix_millis().to_string();
        let kinds = KINDS
            .iter()
            .filter(|(kind, usual)| self.has_kind(kind, *usual))
            .map(|(kind, _)| (*kind).to_owned());
        let list = |text: &String| Some(vec![text.clone()]).filter(|_| !text.is_empty());
        let folder = Some(format!("/{}", self.folder.trim_matches('/')));
        let properties = [
            Property::ObjectPath,
            Property::Namespace,
            Property::Size,
            Property::ChangeTimeString,
        ];
        OperationQuery {
            count: PAGE,
            object_properties: Some(Names(properties.map(|one| one.name().to_owned()).to_vec())),
            last_result: self.after.clone().map(|(time, version, url)| LastResult {
                url_name: url,
                change_time_milliseconds: time,
                version: Some(version),
            }),
            system_metadata: Some(OperationSystemMetadata {
                change_time: Some(ChangeTimeRange {
                    start: start.map(ms),
                    end: time_of(&self.to).map(ms),
                }),
                directories: folder.filter(|_| !self.folder.is_empty()).map(|folder| {
                    DirectoryList {
                        directory: Some(vec![folder]),
                    }
                }),
                namespaces: list(&self.namespace).map(|namespace| NamespaceList {
                    namespace: Some(namespace),
                }),
                replication_collision: self.collisions.then_some(true),
                transactions: Some(TransactionList {
                    transaction: Some(kinds.collect()),
                }),
                indexable: None,
            }),
            ..OperationQuery::default()
        }
    }
}

/// What became of a question.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Outcome {
    Found(Box<OperationQueryResponse>),
    /// The account belongs to no tenant.
    NoTenant,
    NoRight(String),
    Refused(String),
}

async fn ask(tenant: Option<TenantName>, wanted: Wanted) -> Result<Outcome, Problem> {
    let Some(tenant) = tenant else {
        return Ok(Outcome::NoTenant);
    };
    let request = wanted.query();
    match api::call(QueryOperations { tenant, request }).await {
        Ok(answer) => Ok(Outcome::Found(Box::new(answer))),
        Err(problem) => match problem.code {
            ErrorCode::AccessDenied => Ok(Outcome::NoRight(problem.sentence())),
            ErrorCode::InvalidQuery
            | ErrorCode::InvalidArgument
            | ErrorCode::Validation
            | ErrorCode::NotSupported => Ok(Outcome::Refused(problem.sentence())),
            _ => Err(problem),
        },
    }
}

/// The page.
#[component]
pub fn OperationsPage() -> impl IntoView {
    let session = use_session();
    let query = urls::query();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let found = Resource::new_blocking(
        move || wanted.get(),
        move |wanted| async move {
            let tenant = session.await.ok().and_then(|session| session.tenant);
            let tenant = tenant.and_then(|name| TenantName::parse(&name).ok());
            ask(tenant, wanted).await
        },
    );
    let retry = Retry::new(move || found.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page audit-page">
            <PageTitle heading=operations::operations() title=operations::operations() />
            {between(false)}
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(outcome) => {
                            retry.succeeded();
                            looked(&wanted.get_untracked(), outcome)
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

fn looked(wanted: &Wanted, outcome: Outcome) -> AnyView {
    let below = match outcome {
        Outcome::Found(answer) => return found(wanted, *answer),
        Outcome::NoTenant => notice(
            "state-no-tenant",
            "info",
            operations::no_tenant(),
            String::new(),
        ),
        Outcome::NoRight(reason) => {
            notice("state-forbidden", "lock", operations::no_right(), reason)
        }
        Outcome::Refused(reason) => notice("state-refused", "alert", operations::refused(), reason),
    };
    view! {
        <p class="help">{operations::means()}</p>
        {filters(wanted)}
        {below}
    }
    .into_any()
}

fn notice(testid: &'static str, icon: &'static str, heading: &'static str, why: String) -> AnyView {
    view! {
        <section class="notice" data-testid=testid>
            <Icon name=icon />
            <h2>{heading}</h2>
            <p>
                <bdi>{why}</bdi>
            </p>
        </section>
    }
    .into_any()
}

fn found(wanted: &Wanted, answer: OperationQueryResponse) -> AnyView {
    let OperationQueryResponse {
        status, result_set, ..
    } = answer;
    let next = result_set
        .last()
        .filter(|_| !status.is_complete())
        .and_then(|last| {
            let there = Wanted {
                after: Some((
                    last.change_time_milliseconds.clone()?,
                    version(last)?,
                    last.url_name.clone(),
                )),
                ..wanted.clone()
            };
            Some(there.address())
        });
    let first = wanted.after.is_some().then(|| {
        let there = Wanted {
            after: None,
            ..wanted.clone()
        };
        there.address()
    });
    let tells_user = result_set.iter().any(|one| user(one).is_some());
    let is_gone = |one: &QueryResult| one.operation != "CREATED";
    // The store that is built in tells who deleted; HCP tells nobody.
    let silent = !tells_user && result_set.iter().any(is_gone);
    let rows: Vec<_> = result_set.iter().map(|one| row(one, tells_user)).collect();
    let is_empty = rows.is_empty();
    let all = Wanted {
        since: "all".to_owned(),
        from: String::new(),
        to: String::new(),
        after: None,
        ..wanted.clone()
    };
    let files = (!is_empty).then(|| exports(result_set));
    let body = if is_empty {
        view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <h2>{audit::none()}</h2>
                <p class="actions">
                    <LinkButton href=all.address()>{audit::widen()}</LinkButton>
                </p>
            </section>
        }
        .into_any()
    } else {
        table(rows, tells_user)
    };
    view! {
        <p class="help">
            {operations::means()} {silent.then(|| view! { " " {operations::nobody_told()} })}
        </p>
        {filters(wanted)}
        <div class="audit-bar">{files}</div>
        {body}
        <nav class="actions" aria-label=audit::pages() data-testid="pager">
            {first.map(|href| view! { <LinkButton href>{operations::first_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{operations::later()}</LinkButton> })}
        </nav>
    }
    .into_any()
}

fn table(rows: Vec<AnyView>, tells_user: bool) -> AnyView {
    view! {
        <div class="table-frame" role="region" aria-label=operations::operations() tabindex="0">
            <table class="table table-cards table-audit" data-testid="table-operations">
                <thead>
                    <tr>
                        <th scope="col">{audit::time()}</th>
                        <th scope="col">{operations::kind()}</th>
                        <th scope="col">{operations::namespace()}</th>
                        <th scope="col">{operations::path()}</th>
                        <th scope="col" class="wide-only">
                            {operations::version()}
                        </th>
                        <th scope="col" class="number">
                            {operations::size()}
                        </th>
                        {tells_user.then(|| view! { <th scope="col">{audit::person()}</th> })}
                        <th scope="col">
                            <span class="sr-only">{operations::acts()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn version(result: &QueryResult) -> Option<String> {
    result.version.as_ref().map(ToString::to_string)
}

/// Who did it, where the store tells.
fn user(result: &QueryResult) -> Option<&str> {
    result.other.get("user").and_then(serde_json::Value::as_str)
}

fn time(result: &QueryResult) -> Option<Timestamp> {
    let ms = result.change_time_milliseconds.as_ref()?;
    Timestamp::from_unix_millis(ms.split('.').next()?.parse().ok()?)
}

fn row(result: &QueryResult, tells_user: bool) -> AnyView {
    let (operation, location) = (result.operation.clone(), result.location());
    let key = location
        .as_ref()
        .map(|one| one.key.clone())
        .unwrap_or_default();
    let path = result
        .object_path
        .clone()
        .unwrap_or_else(|| format!("/{key}"));
    let path = visible_name(&path);
    let is_there = operation == "CREATED";
    let path = match location.as_ref().filter(|_| is_there) {
        Some(one) => {
            let href = urls::object(&one.namespace, &one.key);
            view! {
                <a href=href>
                    <bdi>{path}</bdi>
                </a>
            }
            .into_any()
        }
        None => view! { <bdi>{path}</bdi> }.into_any(),
    };
    // Its versions lie behind the delete marker; what is purged, pruned or disposed of is gone for good.
    let restore = location
        .as_ref()
        .filter(|_| operation == "DELETED")
        .map(|one| {
            let href = urls::versions(&one.namespace, &[("prefix", &one.key)]);
            view! {
                <a href=href data-testid="operation-restore">
                    {operations::restore()}
                </a>
            }
        });
    let namespace = location.map(|one| one.namespace).unwrap_or_default();
    let size = result
        .size
        .and_then(|size| u64::try_from(size).ok())
        .map_or_else(|| "–".to_owned(), unit::size);
    let person = tells_user.then(|| {
        let name = user(result).map_or_else(|| "–".to_owned(), visible_name);
        view! {
            <td data-label=audit::person()>
                <bdi>{name}</bdi>
            </td>
        }
    });
    let when = time(result).map(|time| view! { <Moment time /> });
    view! {
        <tr data-testid="operation-row" data-key=key data-kind=operation.clone()>
            <th scope="row">{when}</th>
            <td>
                <span class="chip">{word(&operation)}</span>
            </td>
            <td data-label=operations::namespace()>
                <bdi>{namespace}</bdi>
            </td>
            <td class="audit-target">{path}</td>
            <td class="wide-only">
                <code>{version(result)}</code>
            </td>
            <td class="number" data-label=operations::size()>
                {size}
            </td>
            {person}
            <td>{restore}</td>
        </tr>
    }
    .into_any()
}

/// What happened, in words; what the store calls otherwise stands as it is.
fn word(operation: &str) -> String {
    match operation {
        "CREATED" => operations::created(),
        "DELETED" => operations::deleted(),
        "PURGED" => operations::purged(),
        "PRUNED" => operations::pruned(),
        "DISPOSED" => operations::disposed(),
        other => return other.to_owned(),
    }
    .to_owned()
}

/// Buttons that save the page.
fn exports(results: Vec<QueryResult>) -> AnyView {
    let results = StoredValue::new(results);
    let save = move |lines: bool| {
        results.with_value(|results| {
            let (name, kind, text) = if lines {
                let lines = results
                    .iter()
                    .filter_map(|one| serde_json::to_string(one).ok());
                let text = lines.fold(String::new(), |text, line| text + &line + "\n");
                ("operations.jsonl", "application/x-ndjson", text)
            } else {
                ("operations.csv", "text/csv;charset=utf-8", csv(results))
            };
            browser::save(name, kind, &text);
        });
    };
    view! {
        <div class="page-actions needs-script">
            <Button press=Callback::new(move |_| save(false))>{operations::page_as_csv()}</Button>
            <Button press=Callback::new(move |_| save(true))>{operations::page_as_lines()}</Button>
        </div>
    }
    .into_any()
}

fn csv(results: &[QueryResult]) -> String {
    let head = [
        "time",
        "operation",
        "namespace",
        "path",
        "version",
        "size",
        "user",
    ];
    let mut text = csv_line(head.map(str::to_owned));
    for one in results {
        let cells = [
            time(one).map(|time| time.to_string()).unwrap_or_default(),
            one.operation.clone(),
            one.namespace.clone().unwrap_or_default(),
            one.object_path.clone().unwrap_or_default(),
            version(one).unwrap_or_default(),
            one.size.map(|size| size.to_string()).unwrap_or_default(),
            user(one).unwrap_or_default().to_owned(),
        ];
        text += &csv_line(cells);
    }
    text
}

/// A form that asks for other records by the address.
fn filters(wanted: &Wanted) -> AnyView {
    let since = if wanted.since.is_empty() && wanted.from.is_empty() && wanted.to.is_empty() {
        USUAL
    } else {
        wanted.since.as_str()
    };
    let mut offered = ranges().to_vec();
    offered.push(("all", audit::since_any()));
    let kinds = KINDS.map(|(kind, usual)| {
        let word = match kind {
            "create" => operations::created(),
            "delete" => operations::deleted(),
            "purge" => operations::purged(),
            "prune" => operations::pruned(),
            _ => operations::disposed(),
        };
        view! {
            <label class="check-line">
                <input type="checkbox" name="kind" value=kind checked=wanted.has_kind(kind, usual) />
                {word}
            </label>
        }
    });
    view! {
        <form method="get" action=urls::OPERATIONS class="audit-filters" data-testid="form-operations">
            {choice("since", audit::since(), operations::since_given(), &offered, since)}
            {when("from", audit::from(), &wanted.from, "range-from")}
            {when("to", audit::to(), &wanted.to, "range-to")}
            {text("ns", operations::namespace(), &wanted.namespace)}
            {text("folder", operations::folder(), &wanted.folder)}
            <fieldset class="field audit-kinds">
                <legend>{operations::kind()}</legend>
                {kinds.collect_view()}
            </fieldset>
            <label class="check-line">
                <input type="checkbox" name="collisions" value="1" checked=wanted.collisions />
                {operations::collisions()}
            </label>
            <p class="audit-show">
                <Button kind="submit">{audit::show()}</Button>
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
        let text = "since=week&kind=prune&kind=create&ns=a&folder=b%2Fc&after=17.01&version=5&url=https%3A%2F%2Fx";
        let wanted = Wanted::of(&Query::parse(text));
        assert_eq!(wanted.kinds, ["create", "prune"]);
        let there = wanted.address();
        assert_eq!(
            Wanted::of(&Query::parse(there.split_once('?').unwrap().1)),
            wanted
        );
        let asked = wanted.query();
        let metadata = asked.system_metadata.unwrap();
        assert_eq!(metadata.directories.unwrap().directory.unwrap(), ["/b/c"]);
        assert_eq!(
            metadata.transactions.unwrap().transaction.unwrap(),
            ["create", "prune"]
        );
        assert_eq!(asked.last_result.unwrap().change_time_milliseconds, "17.01");
        // What is not known is not asked for.
        let odd = Wanted::of(&Query::parse(
            "since=ever&kind=x&after=a&version=1&url=u&from=then",
        ));
        assert_eq!(odd, Wanted::default());
        assert_eq!(odd.address(), "/audit/operations");
    }

    #[test]
    fn the_usual_is_a_day_of_what_everybody_looks_for() {
        let asked = Wanted::default().query();
        let metadata = asked.system_metadata.unwrap();
        assert_eq!(
            metadata.transactions.unwrap().transaction.unwrap(),
            ["create", "delete", "purge"]
        );
        let range = metadata.change_time.unwrap();
        assert!(range.start.is_some() && range.end.is_none());
        let all = Wanted::of(&Query::parse("since=all")).query();
        assert_eq!(
            all.system_metadata.unwrap().change_time.unwrap().start,
            None
        );
    }
}
