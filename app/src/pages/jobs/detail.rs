//! `/jobs/{id}`: how far one job is, and what failed of it.

use catalogue::count;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use model::{
    Problem,
    job::{
        GetJob, Job, JobFailure, JobFailures, JobFailuresQuery, JobKind, JobPlan, JobSource,
        JobState, JobWait, ListJobFailures, ReportFormat, report_path,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    ComeAgain,
    acts::{Acts, Refused},
    words::{self, Progress, State},
};
use crate::{
    api,
    layout::{Busy, PageTitle, jobs::use_jobs},
    text::visible_name,
    ui::{Failure, Icon, LinkButton, Moment, Retry},
    unit, urls,
    words::general,
    words::jobs,
};

/// Which job, and from which failure on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    id: String,
    from: u64,
}

async fn look(place: Place) -> Result<(Job, JobFailures), Problem> {
    let job = GetJob {
        id: place.id.clone(),
        wait: JobWait::default(),
    };
    let page = JobFailuresQuery {
        from: Some(place.from),
        limit: None,
    };
    let failures = ListJobFailures { id: place.id, page };
    Ok((api::call(job).await?, api::call(failures).await?))
}

/// The page.
#[component]
pub fn JobDetailPage() -> impl IntoView {
    let (params, query) = (use_params_map(), urls::query());
    let place = Memo::new(move |_| Place {
        id: params.with(|params| params.get_str("id").unwrap_or_default().to_owned()),
        from: query.with(|query| {
            query
                .get("from")
                .and_then(|from| from.parse().ok())
                .unwrap_or(0)
        }),
    });
    let looking = Resource::new_blocking(move || place.get(), look);
    let retry = Retry::new(move || looking.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page">
            <nav class="breadcrumb" aria-label=general::breadcrumb() data-testid="breadcrumb">
                <ol>
                    <li>
                        <a href=urls::JOBS>{jobs::jobs()}</a>
                    </li>
                </ol>
            </nav>
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match looking.await {
                        Ok((job, failures)) => {
                            retry.succeeded();
                            let place = place.get_untracked();
                            view! { <Detail place job failures /> }.into_any()
                        }
                        Err(problem) => {
                            view! {
                                <PageTitle heading=jobs::job() title=jobs::job() />
                                <Failure problem missing=jobs::not_yours() retry />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Detail(place: Place, job: Job, failures: JobFailures) -> impl IntoView {
    let title = words::title(&job);
    let (plan, runs) = (job.plan, !job.state.is_final());
    let is_search = job.kind == JobKind::Search;
    let results = shown_elsewhere(&job);
    let (csv, json) = (
        report_path(&job.id, ReportFormat::Csv),
        report_path(&job.id, ReportFormat::Json),
    );
    let facts = facts(&job);
    let now = RwSignal::new((job, failures));
    let job = Memo::new(move |_| now.with(|(job, _)| Some(job.clone())));
    let at = StoredValue::new(place.clone());
    let news = use_jobs();
    Effect::new(move |before: Option<u32>| {
        let moved = news.moved();
        if before.is_some_and(|before| before != moved) {
            spawn_local(async move {
                let Some(place) = at.try_get_value() else {
                    return;
                };
                if let Ok(newest) = look(place).await {
                    let _left = now.try_set(newest);
                }
            });
        }
        moved
    });
    let changed = Callback::new(move |changed: Job| now.update(|(job, _)| *job = changed));
    // Of an export there is nothing to download before its end.
    let reported =
        move || now.with(|(job, _)| job.kind != JobKind::Export || job.state == JobState::Done);
    let row_state = move || now.with(|(job, _)| job.state.as_str());
    view! {
        {runs.then(|| view! { <ComeAgain /> })}
        <div class="page-head">
            <PageTitle heading=title.clone() title=title />
            <div class="page-actions" data-testid="page-actions">
                <Acts job changed />
                <a
                    href=csv
                    class="button button-plain"
                    data-testid="job-report"
                    download=""
                    hidden=move || !reported()
                >
                    <Icon name="download" />
                    {jobs::report_csv()}
                </a>
                <a href=json class="button button-plain" download="" hidden=move || !reported()>
                    {jobs::report_json()}
                </a>
            </div>
        </div>
        <Refused />
        <section class="job-now" data-testid="job" data-state=row_state>
            <p class="job-head">
                <State job />
                {plan.then(|| view! { <span class="chip">{jobs::is_plan()}</span> })}
            </p>
            <Progress job />
            {move || now.with(|(job, _)| job.error.clone()).map(alert)}
            {move || now.with(|(job, _)| job.found.as_ref().map(found))}
            {facts}
            {move || now.with(|(job, _)| times(job))}
        </section>
        {results.map(|(href, word)| {
            view! {
                <p class="actions">
                    <LinkButton href>{word}</LinkButton>
                </p>
            }
        })}
        {(!is_search).then(|| {
            view! {
                <div class="list">
                    <h2 class="section-title">
                        {if plan { jobs::refusals() } else { jobs::failures() }}
                    </h2>
                    {move || now.with(|(_, failures)| listed(&place, failures))}
                </div>
            }
        })}
    }
    .into_any()
}

/// Where what it has found is shown, and the word for that.
fn shown_elsewhere(job: &Job) -> Option<(String, &'static str)> {
    let (id, bucket) = (job.id.as_str(), job.bucket.as_deref().unwrap_or_default());
    match job.kind {
        JobKind::Search => {
            let href = urls::with_query(urls::SEARCH, &[("job", id)]);
            Some((href, jobs::show_results()))
        }
        JobKind::Usage => {
            let id = job.measured.map_or("", |_| id);
            let href = urls::bucket_usage(bucket, &[("job", id)]);
            Some((href, jobs::show_usage()))
        }
        kind if kind.is_of_uploads() => Some((urls::JOB_UPLOADS.to_owned(), jobs::show_uploads())),
        _ => None,
    }
}

fn alert(error: String) -> AnyView {
    view! {
        <div class="alert alert-danger" role="alert">
            <Icon name="alert" />
            <p>{error}</p>
        </div>
    }
    .into_any()
}

fn fact(name: &'static str, value: impl IntoView + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value.into_any()}</dd>
        </div>
    }
    .into_any()
}

/// What a plan has counted.
fn found(found: &JobPlan) -> AnyView {
    let numbers = [
        (jobs::found_objects(), found.objects),
        (jobs::found_versions(), found.versions),
        (jobs::found_markers(), found.markers),
        (jobs::found_uploads(), found.uploads),
        (jobs::found_refused(), found.refused),
        (jobs::found_taken(), found.taken),
        (jobs::found_checked(), found.checked),
    ];
    let numbers = numbers.into_iter().filter(|(_, number)| *number > 0);
    let numbers: Vec<_> = numbers
        .map(|(name, number)| fact(name, count(number)))
        .collect();
    view! {
        <dl class="job-facts">
            {numbers} {fact(jobs::found_bytes(), unit::size(found.bytes))}
        </dl>
    }
    .into_any()
}

/// What was ordered.
fn facts(job: &Job) -> AnyView {
    let source = job
        .source
        .as_ref()
        .map(works_on)
        .filter(|text| !text.is_empty());
    let source = source.map(|text| fact(jobs::works_on(), view! { <bdi>{text}</bdi> }));
    let target = job.target.as_ref().map(|target| {
        let bucket = target.bucket.as_deref().or(job.bucket.as_deref());
        let place = format!("{}/{}", bucket.unwrap_or_default(), target.prefix);
        fact(jobs::goes_to(), view! { <bdi>{visible_name(&place)}</bdi> })
    });
    let earlier = job.of.as_ref().map(|id| {
        let link = view! { <a href=urls::job(id)>{jobs::earlier_job()}</a> };
        fact(jobs::repeats(), link)
    });
    let buckets = (!job.buckets.is_empty()).then(|| {
        let names: Vec<String> = job.buckets.iter().map(|name| visible_name(name)).collect();
        fact(jobs::buckets(), names.join(", "))
    });
    view! { <dl class="job-facts">{source} {target} {buckets} {earlier}</dl> }.into_any()
}

fn works_on(source: &JobSource) -> String {
    if let Some(rule) = &source.rule {
        let folder = match rule.prefix.as_str() {
            "" => jobs::whole_bucket().to_owned(),
            prefix => visible_name(prefix),
        };
        return match rule.filter.as_str() {
            "" => jobs::rule_all(&folder),
            filter => jobs::rule_filter(&folder, filter),
        };
    }
    if let Some(query) = &source.query {
        let query = query.query.clone();
        let retention = source.retention.as_deref();
        return retention.map_or(query.clone(), |value| format!("{query} → {value}"));
    }
    if let Some(search) = &source.search {
        return match search.prefix.as_str() {
            "" => jobs::whole_bucket().to_owned(),
            prefix => visible_name(prefix),
        };
    }
    let number = source.keys + source.prefixes;
    let first = source.first.as_deref();
    first.map_or_else(String::new, |first| {
        jobs::first_of(number, &visible_name(first))
    })
}

fn times(job: &Job) -> AnyView {
    let time = |name, time: Option<_>| time.map(|time| fact(name, view! { <Moment time /> }));
    view! {
        <dl class="job-facts">
            {time(jobs::started(), job.started_at)} {time(jobs::ended(), job.ended_at)}
            {time(jobs::undo_until(), job.undo_until)}
        </dl>
    }
    .into_any()
}

/// A page of failures.
fn listed(place: &Place, page: &JobFailures) -> AnyView {
    if page.failures.is_empty() && place.from == 0 {
        return view! { <p class="help">{jobs::no_failures()}</p> }.into_any();
    }
    let versions = page
        .failures
        .iter()
        .any(|failure| failure.version_id.is_some());
    let rows: Vec<_> = page.failures.iter().map(|one| row(one, versions)).collect();
    let from = |from: u64| urls::with_query(&urls::job(&place.id), &[("from", &from.to_string())]);
    let first = (place.from > 0).then(|| urls::job(&place.id));
    let next = page.next.map(from);
    let more = page.total.saturating_sub(page.kept);
    let more = (more > 0 && page.next.is_none()).then(|| {
        view! { <p class="help">{jobs::failures_more(more)}</p> }
    });
    view! {
        <div class="table-frame" role="region" aria-label=jobs::failures() tabindex="0">
            <table class="table table-cards table-jobs" data-testid="table-failures">
                <thead>
                    <tr>
                        <th scope="col">{jobs::key()}</th>
                        {versions.then(|| view! { <th scope="col">{jobs::version()}</th> })}
                        <th scope="col">{jobs::why()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
        <nav class="actions" aria-label=jobs::failures()>
            {first.map(|href| view! { <LinkButton href>{jobs::first_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{jobs::next_page()}</LinkButton> })}
        </nav>
    }
    .into_any()
}

fn row(failure: &JobFailure, versions: bool) -> AnyView {
    let version = failure.version_id.clone().unwrap_or_default();
    let name = visible_name(&failure.key);
    let name = match &failure.bucket {
        Some(bucket) => format!("{bucket}/{name}"),
        None => name,
    };
    view! {
        <tr data-testid="row" data-key=failure.key.clone()>
            <th scope="row">
                <bdi class="break-all">{name}</bdi>
            </th>
            {versions.then(|| view! { <td class="mono" data-label=jobs::version()>{version}</td> })}
            <td>{failure.reason.clone()}</td>
        </tr>
    }
    .into_any()
}
