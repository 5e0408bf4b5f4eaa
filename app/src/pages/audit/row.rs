//! One record: its row, and what more it tells.

use leptos::prelude::*;
use model::{
    BucketName, Timestamp,
    audit::{Action, AuditRecord, AuditResult, AuditScope},
    session::Level,
};

use super::{Wanted, words};
use crate::{
    pages::jobs::words as job_words,
    text::{self, visible_name},
    ui::Moment,
    unit, urls,
    words::audit,
};

/// Half of what is shown around a record, in seconds.
const AROUND: i64 = 450;

#[component]
pub(super) fn Row(
    record: AuditRecord,
    wanted: StoredValue<Wanted>,
    scope: AuditScope,
) -> impl IntoView {
    let query = urls::query();
    let id = record.id.clone();
    let is_open = Memo::new(move |_| query.with(|query| query.get("open") == Some(id.as_str())));
    let key = record.id.clone();
    let to_open = key.clone();
    let href = move || {
        let open = if is_open.get() { "" } else { to_open.as_str() };
        wanted.with_value(|wanted| wanted.address(open))
    };
    let expanded = move || if is_open.get() { "true" } else { "false" };
    let (what, time) = (words::what(&record), record.time);
    let person = record.person.as_deref();
    let person = person.map_or_else(|| audit::nobody().to_owned(), visible_name);
    let tenant = (scope == AuditScope::System).then(|| {
        let tenant = record.tenant.clone();
        let tenant = tenant.unwrap_or_else(|| audit::of_system().to_owned());
        view! {
            <td data-label=audit::tenant()>
                <bdi>{tenant}</bdi>
            </td>
        }
    });
    let (result, word) = (record.result.as_str(), words::result(record.result));
    let target = target(&record, scope);
    let address = record.address.clone().unwrap_or_else(|| "–".to_owned());
    let request = record.request_id.clone();
    let duration = words::duration(record.duration_ms);
    let columns = if scope == AuditScope::System {
        "9"
    } else {
        "8"
    };
    let record = StoredValue::new(record);
    view! {
        <tr data-testid="audit-row" data-key=key data-result=result>
            <th scope="row">
                <a href=href class="name-link" aria-expanded=expanded data-noscroll="">
                    <Moment time />
                </a>
            </th>
            {tenant}
            <td data-label=audit::person()>
                <bdi>{person}</bdi>
            </td>
            <td class="audit-action">{what}</td>
            <td class="audit-target">{target}</td>
            <td>
                <span class="chip audit-result" data-result=result>
                    {word}
                </span>
            </td>
            <td class="wide-only audit-address">{address}</td>
            <td class="wide-only">
                <code class="audit-request" title=request.clone()>
                    {request.clone()}
                </code>
            </td>
            <td class="wide-only number">{duration}</td>
        </tr>
        <Show when=move || is_open.get()>
            <tr class="audit-details">
                <td colspan=columns>{record.with_value(|record| details(record, scope))}</td>
            </tr>
        </Show>
    }
}

/// What it was done to: a link where there is a page of it.
fn target(record: &AuditRecord, scope: AuditScope) -> AnyView {
    let of = &record.target;
    let name = of.text();
    if name.is_empty() {
        return view! { <span class="muted">"–"</span> }.into_any();
    }
    let name = visible_name(&name);
    let more = of
        .more
        .map(|more| view! { <span class="muted">{audit::and_more(more)}</span> });
    let name = match link(record, scope) {
        Some(href) => view! {
            <a href=href>
                <bdi>{name}</bdi>
            </a>
        }
        .into_any(),
        None => view! { <bdi>{name}</bdi> }.into_any(),
    };
    view! { {name} " " {more} }.into_any()
}

/// The page of what a record is about, where whoever reads it can open one.
fn link(record: &AuditRecord, scope: AuditScope) -> Option<String> {
    let of = &record.target;
    let is = |what: &str| record.action.ends_with(what);
    let absent = match record.result {
        AuditResult::Ok => is(".delete"),
        AuditResult::Refused | AuditResult::Failed => is(".create"),
    };
    let code = record.code.as_deref().unwrap_or_default();
    if (absent && of.key.is_none())
        || code.ends_with("not_found")
        || (scope == AuditScope::Own && record.level == Some(Level::System))
    {
        return None;
    }
    if scope == AuditScope::System {
        // The pages of tenants are open to their own people.
        let only_tenant = of.tenant.as_deref() == Some(of.text().as_str());
        return of
            .tenant
            .as_deref()
            .filter(|_| only_tenant)
            .map(|tenant| urls::below(urls::TENANTS, tenant, ""));
    }
    if let Some(bucket) = &of.bucket {
        let Some(key) = &of.key else {
            return Some(urls::bucket(bucket));
        };
        let folder = key.rfind('/').map_or("", |at| &key[..=at]);
        return Some(urls::folder(&BucketName::parse(bucket).ok()?, folder));
    }
    let page = |list: &str, name: &Option<String>| Some(urls::below(list, name.as_deref()?, ""));
    page(urls::NAMESPACES, &of.namespace)
        .or_else(|| page(urls::USERS, &of.user))
        .or_else(|| page(urls::GROUPS, &of.group))
}

/// All that is known of a call.
fn details(record: &AuditRecord, scope: AuditScope) -> AnyView {
    let code = |text: &str| view! { <code>{text.to_owned()}</code> }.into_any();
    let plain = |text: String| view! { <bdi>{text}</bdi> }.into_any();
    let of = &record.target;
    let mut facts: Vec<(&'static str, AnyView)> = vec![
        (audit::when(), plain(text::utc(record.time))),
        (audit::action(), code(&record.action)),
        (
            audit::call(),
            code(&format!("{} {}", record.method, record.route)),
        ),
        (audit::status(), code(&status(record))),
        (
            audit::duration(),
            plain(words::duration(record.duration_ms)),
        ),
        (audit::request(), code(&record.request_id)),
    ];
    let mut add = |label: &'static str, value: Option<AnyView>| {
        facts.extend(value.map(|value| (label, value)));
    };
    add(audit::address(), record.address.as_deref().map(code));
    add(audit::tenant(), record.tenant.clone().map(plain));
    add(
        audit::level(),
        record
            .level
            .map(|level| plain(words::level(level).to_owned())),
    );
    add(audit::version(), of.version.as_deref().map(code));
    let fields = record.fields.join(", ");
    add(audit::fields(), (!fields.is_empty()).then(|| code(&fields)));
    add(audit::reason(), record.reason.clone().map(plain));
    add(
        audit::not_done(),
        record.failures.map(|failures| plain(unit::count(failures))),
    );
    let job = record.job.as_ref().map(|id| {
        // A job is shown to its owner alone.
        if scope == AuditScope::Own {
            let href = urls::job(id);
            view! {
                <a href=href>
                    <code>{id.clone()}</code>
                </a>
            }
            .into_any()
        } else {
            code(id)
        }
    });
    add(audit::job(), job);
    let facts = facts.into_iter().map(|(label, value)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let facts = facts.collect_view();
    view! {
        <dl class="audit-facts" data-testid="audit-details">
            {facts}
        </dl>
        <p>
            <a href=around(record) data-testid="audit-around">
                {audit::around()}
            </a>
        </p>
    }
    .into_any()
}

fn status(record: &AuditRecord) -> String {
    let code = record.code.as_deref();
    let code = code.map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}{code}", record.status)
}

/// What happened in the quarter of an hour around a record, whoever did it.
fn around(record: &AuditRecord) -> String {
    let at = |seconds: i64| {
        let time = Timestamp::from_unix_seconds(record.time.unix_seconds() + seconds);
        time.map(|time| time.to_string()).unwrap_or_default()
    };
    let there = Wanted {
        from: at(-AROUND),
        to: at(AROUND),
        ..Wanted::default()
    };
    there.address(&record.id)
}

/// What a record of a started job is called.
pub(super) fn job(record: &AuditRecord) -> Option<String> {
    let kind = record.job_kind.map(job_words::kind)?;
    (Action::parse(&record.action) == Some(Action::JobStart)).then(|| audit::started_job(kind))
}
