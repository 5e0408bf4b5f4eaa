//! `/jobs`: all background work of the caller, and `/jobs/{id}`: one job with what failed of it.

pub(crate) mod acts;
mod detail;
pub(crate) mod run;
mod uploads;
pub(crate) mod words;

use leptos::prelude::*;
use model::{
    Problem, Timestamp,
    job::{Job, JobKind, JobPage, JobPageQuery, JobState, ListJobs},
};
use serde::{Deserialize, Serialize};

use self::{
    acts::{Acts, Refused},
    words::{Progress, State},
};
pub use self::{detail::JobDetailPage, uploads::JobUploadsPage};
use crate::{
    api,
    layout::{Busy, PageTitle, jobs::use_jobs},
    ui::{Button, Failure, Icon, LinkButton, Moment, Retry, filter::choice},
    urls::{self, Query},
    words::jobs,
};

/// Which jobs the address asks for. Of what it does not know nothing is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Wanted {
    state: Option<JobState>,
    kind: Option<JobKind>,
    /// How many days back.
    days: Option<u8>,
    cursor: Option<String>,
}

impl Wanted {
    fn of(query: &Query) -> Self {
        let state = query.get("state");
        let kind = query.get("kind");
        Self {
            state: JobState::ALL
                .into_iter()
                .find(|one| Some(one.as_str()) == state),
            kind: JobKind::ALL
                .into_iter()
                .find(|one| Some(one.as_str()) == kind),
            days: match query.get("since") {
                Some("day") => Some(1),
                Some("week") => Some(7),
                _ => None,
            },
            cursor: query.get("cursor").map(str::to_owned),
        }
    }

    fn is_filtered(&self) -> bool {
        self.state.is_some() || self.kind.is_some() || self.days.is_some()
    }

    fn since(&self) -> &'static str {
        match self.days {
            Some(1) => "day",
            Some(_) => "week",
            None => "",
        }
    }

    /// The same list from a place on.
    fn address(&self, cursor: &str) -> String {
        let parameters = [
            ("state", self.state.map_or("", JobState::as_str)),
            ("kind", self.kind.map_or("", JobKind::as_str)),
            ("since", self.since()),
            ("cursor", cursor),
        ];
        urls::with_query(urls::JOBS, &parameters)
    }
}

/// Asks for a page. Days are counted by the clock of whoever asks: of the server while it renders.
async fn list(wanted: Wanted) -> Result<JobPage, Problem> {
    let since = wanted.days.and_then(days_ago);
    let query = JobPageQuery {
        state: wanted.state,
        kind: wanted.kind,
        bucket: None,
        since,
        limit: None,
        cursor: wanted.cursor,
    };
    api::call(ListJobs(query)).await
}

fn days_ago(days: u8) -> Option<Timestamp> {
    #[cfg(feature = "ssr")]
    let now = Timestamp::from(time::OffsetDateTime::now_utc());
    #[cfg(not(feature = "ssr"))]
    let (now, _) = crate::browser::clock()?;
    Timestamp::from_unix_seconds(now.unix_seconds() - i64::from(days) * 86_400)
}

/// The page.
#[component]
pub fn JobsPage() -> impl IntoView {
    let query = urls::query();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let listing = Resource::new_blocking(move || wanted.get(), list);
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page">
            <PageTitle heading=jobs::jobs() title=jobs::jobs() />
            <JobTabs uploads=false />
            <p class="help">{jobs::means()}</p>
            <Refused />
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match listing.await {
                        Ok(page) => {
                            retry.succeeded();
                            let wanted = wanted.get_untracked();
                            view! { <Listing wanted page /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The ways between the list of jobs and the uploads that are not completed.
#[component]
fn JobTabs(
    /// Whether these are shown.
    uploads: bool,
) -> impl IntoView {
    let current = |here: bool| here.then_some("page");
    view! {
        <nav class="sections" aria-label=jobs::jobs() data-testid="job-tabs">
            <ul>
                <li>
                    <a href=urls::JOBS aria-current=current(!uploads)>
                        {jobs::jobs()}
                    </a>
                </li>
                <li>
                    <a href=urls::JOB_UPLOADS aria-current=current(uploads) data-testid="tab-unfinished">
                        {jobs::unfinished()}
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}

/// Has a page without scripts come again by itself.
#[component]
pub(crate) fn ComeAgain() -> impl IntoView {
    view! {
        <noscript>
            <meta http-equiv="refresh" content="5" />
        </noscript>
    }
}

#[component]
fn Listing(wanted: Wanted, page: JobPage) -> impl IntoView {
    let runs = page.jobs.iter().any(|job| !job.state.is_final());
    let filtered = wanted.is_filtered();
    let first = wanted.cursor.is_some().then(|| wanted.address(""));
    let next = page.next.as_ref().map(|cursor| wanted.address(cursor));
    let jobs_of_page = RwSignal::new(page.jobs);
    let wanted = StoredValue::new(wanted);
    let news = use_jobs();
    // The indicator asks often; the page asks when it says that something moved.
    Effect::new(move |before: Option<u32>| {
        let now = news.moved();
        if before.is_some_and(|before| before != now) {
            leptos::task::spawn_local(async move {
                let Some(wanted) = wanted.try_get_value() else {
                    return;
                };
                if let Ok(page) = list(wanted).await {
                    let _left = jobs_of_page.try_set(page.jobs);
                }
            });
        }
        now
    });
    let empty = Memo::new(move |_| jobs_of_page.with(Vec::is_empty));
    view! {
        {runs.then(|| view! { <ComeAgain /> })}
        <Filters wanted=wanted.get_value() />
        <Show
            when=move || !empty.get()
            fallback=move || view! { <Empty filtered /> }
        >
            <JobTable jobs_of_page />
        </Show>
        <nav class="actions" aria-label=jobs::all_jobs() data-testid="pager">
            {first.map(|href| view! { <LinkButton href>{jobs::first_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{jobs::next_page()}</LinkButton> })}
        </nav>
    }
}

/// Jobs as a table.
#[component]
pub(crate) fn JobTable(jobs_of_page: RwSignal<Vec<Job>>) -> impl IntoView {
    let ids =
        move || jobs_of_page.with(|jobs| jobs.iter().map(|job| job.id.clone()).collect::<Vec<_>>());
    view! {
        <div class="table-frame" role="region" aria-label=jobs::here() tabindex="0">
            <table class="table table-cards table-jobs" data-testid="table-jobs">
                <thead>
                    <tr>
                        <th scope="col">{jobs::job()}</th>
                        <th scope="col">{jobs::state()}</th>
                        <th scope="col">{jobs::progress()}</th>
                        <th scope="col">{jobs::started()}</th>
                        <th scope="col">
                            <span class="sr-only">{jobs::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=ids key=Clone::clone let:id>
                        <Row id jobs_of_page />
                    </For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Empty(filtered: bool) -> impl IntoView {
    view! {
        <section class="notice" data-testid=if filtered { "state-no-match" } else { "state-empty" }>
            <Icon name="info" />
            <h2>{if filtered { jobs::none_such() } else { jobs::none() }}</h2>
            {(!filtered).then(|| view! { <p>{jobs::none_means()}</p> })}
        </section>
    }
}

/// A form that asks for other jobs by the address.
#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let state = wanted.state.map_or("", JobState::as_str);
    let kind = wanted.kind.map_or("", JobKind::as_str);
    let states = JobState::ALL.map(|one| (one.as_str(), words::state(one)));
    let kinds = JobKind::ALL.map(|one| (one.as_str(), words::kind(one)));
    let since = [("day", jobs::since_day()), ("week", jobs::since_week())];
    view! {
        <form method="get" action=urls::JOBS class="job-filters" data-testid="form-jobs">
            {choice("state", jobs::state(), jobs::state_any(), &states, state)}
            {choice("kind", jobs::kind(), jobs::kind_any(), &kinds, kind)}
            {choice("since", jobs::since(), jobs::since_any(), &since, wanted.since())}
            <Button kind="submit">{jobs::show()}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Row(id: String, jobs_of_page: RwSignal<Vec<Job>>) -> impl IntoView {
    let (href, key) = (urls::job(&id), id.clone());
    let job =
        Memo::new(move |_| jobs_of_page.with(|jobs| jobs.iter().find(|job| job.id == id).cloned()));
    let title = move || job.with(|job| job.as_ref().map(words::title));
    let is_plan = job.with_untracked(|job| job.as_ref().is_some_and(|job| job.plan));
    let started = job.with_untracked(|job| job.as_ref().and_then(|job| job.started_at));
    let state = move || job.with(|job| job.as_ref().map(|job| job.state.as_str()));
    let changed = Callback::new(move |changed: Job| {
        jobs_of_page.update(|jobs| {
            if let Some(job) = jobs.iter_mut().find(|job| job.id == changed.id) {
                *job = changed;
            }
        });
    });
    view! {
        <tr data-testid="job-row" data-key=key data-state=state>
            <th scope="row">
                <a href=href class="name-link">
                    <bdi>{title}</bdi>
                </a>
                {is_plan.then(|| view! { <span class="chip">{jobs::is_plan()}</span> })}
            </th>
            <td>
                <State job />
            </td>
            <td>
                <Progress job />
            </td>
            <td data-label=jobs::started()>{started.map(|time| view! { <Moment time /> })}</td>
            <td class="job-acts">
                <Acts job changed />
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown() {
        let query = Query::parse("state=done&kind=move&since=week&cursor=7.x");
        let wanted = Wanted::of(&query);
        assert_eq!(wanted.state, Some(JobState::Done));
        assert_eq!((wanted.kind, wanted.days), (Some(JobKind::Move), Some(7)));
        let next = wanted.address("9.y z");
        assert_eq!(next, "/jobs?state=done&kind=move&since=week&cursor=9.y%20z");
        // What is not known is not asked for.
        let odd = Wanted::of(&Query::parse("state=lost&kind=&since=year"));
        assert_eq!(odd, Wanted::default());
        assert_eq!(odd.address(""), "/jobs");
    }
}
