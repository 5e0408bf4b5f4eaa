//! `/jobs/uploads`: the uploads that nobody has completed, added up over all buckets by a job, and giving up the
//! old ones: counted by another, then typed.

use std::collections::BTreeSet;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::{
    Problem,
    job::{
        BucketUploads, Job, JobFailuresQuery, JobKind, JobPageQuery, JobState, JobUploads, JobWait,
        ListJobUploads, ListJobs, MAX_DAYS, NewJob, StartJob, UnfinishedSums,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    ComeAgain, JobTabs,
    acts::{Acts, Refused},
    words::{Progress, State},
};
use crate::{
    api,
    layout::{Busy, PageTitle, jobs::use_jobs},
    outcome::Outcome,
    pages::buckets::exactly,
    ui::{Button, Failure, Icon, LinkButton, Messages, Moment, Retry, TextField, Tone},
    unit, urls,
    words::{jobs, unfinished},
};

/// What the field of days says first.
const DAYS: &str = "7";
/// The forms, by what the server calls them.
const MEASURE: &str = "measure_uploads";
const PLAN: &str = "plan_abort_uploads";
const ABORT: &str = "abort_uploads";

/// What is known: by the newest jobs of the two kinds.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Known {
    /// The newest measurement that came to its end, and a page of its lines.
    measured: Option<(Job, JobUploads)>,
    /// One that goes on.
    runs: Option<Job>,
    /// The last one, where it failed.
    failed: Option<Job>,
    /// What was counted or given up last.
    abort: Option<Job>,
    from: u64,
}

async fn newest(kind: JobKind, state: Option<JobState>) -> Result<Option<Job>, Problem> {
    let query = JobPageQuery {
        kind: Some(kind),
        state,
        limit: Some(1),
        ..JobPageQuery::default()
    };
    Ok(api::call(ListJobs(query)).await?.jobs.pop())
}

async fn look(from: u64) -> Result<Known, Problem> {
    let last = newest(JobKind::Uploads, None).await?;
    let is_done = |job: &Job| job.state == JobState::Done;
    let done = match last.clone().filter(is_done) {
        Some(done) => Some(done),
        None => newest(JobKind::Uploads, Some(JobState::Done)).await?,
    };
    let measured = match done {
        Some(job) => {
            let page = JobFailuresQuery {
                from: Some(from),
                limit: None,
            };
            let id = job.id.clone();
            Some((job, api::call(ListJobUploads { id, page }).await?))
        }
        None => None,
    };
    Ok(Known {
        measured,
        runs: last.clone().filter(|job| !job.state.is_final()),
        failed: last.filter(|job| job.state == JobState::Failed),
        abort: newest(JobKind::AbortUploads, None).await?,
        from,
    })
}

/// The page.
#[component]
pub fn JobUploadsPage() -> impl IntoView {
    let query = urls::query();
    let from = Memo::new(move |_| {
        query.with(|query| query.get("from").and_then(|from| from.parse().ok()))
    });
    let looking = Resource::new_blocking(move || from.get().unwrap_or_default(), look);
    let again = Callback::new(move |()| looking.refetch());
    let retry = Retry::new(move || looking.refetch());
    let busy = expect_context::<Busy>().0;
    // Outlives what is drawn anew: a box that stays ticked means what it says.
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    view! {
        <div class="page">
            <PageTitle heading=jobs::unfinished() title=jobs::unfinished() />
            <JobTabs uploads=true />
            <p class="help">{jobs::unfinished_means()}</p>
            {[MEASURE, PLAN, ABORT].map(|form| Outcome::problem(form).map(|problem| alert(problem.sentence())))}
            <Refused />
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match looking.await {
                        Ok(known) => {
                            retry.succeeded();
                            view! { <Everything known chosen again /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Everything(
    known: Known,
    chosen: RwSignal<BTreeSet<String>>,
    again: Callback<()>,
) -> impl IntoView {
    let any = known
        .measured
        .as_ref()
        .is_some_and(|(job, _)| sums(job).unfinished.uploads > 0);
    let runs = known.runs.is_some();
    let word = if known.measured.is_some() {
        jobs::measure_again()
    } else {
        jobs::measure()
    };
    let stale = known.is_stale();
    let abort = known.abort.clone();
    view! {
        {(!runs)
            .then(|| {
                view! {
                    <Start
                        op=MEASURE
                        testid="form-measure"
                        order=Callback::new(|()| Some(NewJob::on_uploads(Vec::new())))
                        again
                    >
                        <Button kind="submit" tone=Tone::Primary>
                            <Icon name="refresh" />
                            {word}
                        </Button>
                    </Start>
                }
            })}
        {known.runs.map(|job| view! { <Running job again /> })}
        {known.failed.and_then(|job| job.error).map(alert)}
        {stale.then(|| note(jobs::measured_before().to_owned()))}
        {match known.measured {
            Some((job, page)) => view! { <Measured job page chosen from=known.from /> }.into_any(),
            None => nothing(),
        }}
        {abort.map(|job| view! { <Abort job again /> })}
        {any.then(|| view! { <Older chosen again /> })}
    }
    .into_any()
}

impl Known {
    /// Whether uploads were given up after they were counted.
    fn is_stale(&self) -> bool {
        let measured = self.measured.as_ref().and_then(|(job, _)| job.started_at);
        let abort = self.abort.as_ref().filter(|job| !job.plan);
        let abort = abort.filter(|job| job.progress.done > 0);
        let given_up = abort.and_then(|job| job.ended_at);
        measured < given_up && measured.is_some()
    }
}

fn sums(job: &Job) -> UnfinishedSums {
    job.unfinished.unwrap_or_default()
}

fn alert(text: String) -> AnyView {
    view! {
        <div class="alert alert-danger" role="alert">
            <Icon name="alert" />
            <p>{text}</p>
        </div>
    }
    .into_any()
}

fn note(text: String) -> AnyView {
    view! {
        <p class="note">
            <Icon name="info" />
            <span>{text}</span>
        </p>
    }
    .into_any()
}

/// Nothing was measured yet.
fn nothing() -> AnyView {
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="info" />
            <h2>{jobs::never_measured()}</h2>
        </section>
    }
    .into_any()
}

/// A form that starts a job, with scripts and without.
#[component]
fn Start(
    op: &'static str,
    testid: &'static str,
    /// What is started; none where something is missing still.
    order: Callback<(), Option<NewJob>>,
    /// Called when it is.
    again: Callback<()>,
    children: Children,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let (messages, news) = (Messages::here(), use_jobs());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(order) = order.run(()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            // Most come to their end within it.
            let wait = JobWait { wait: Some(2) };
            let answer = api::call(StartJob { order, wait }).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(job) => {
                    news.tell_there(&job.id, true);
                    news.follow(&job);
                    let _left = again.try_run(());
                }
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    view! {
        <form
            method="post"
            action=urls::JOB_UPLOADS
            id=testid
            class="job-uploads-form"
            data-testid=testid
            aria-busy=move || busy.get().then_some("true")
            on:submit=submit
        >
            <input type="hidden" name="op" value=op />
            <crate::SessionField />
            <input type="hidden" name="next" value=urls::JOB_UPLOADS />
            {children()}
        </form>
    }
    .into_any()
}

/// How far a job is. Whenever a job has moved, the page looks again.
#[component]
fn Running(job: Job, again: Callback<()>) -> impl IntoView {
    let news = use_jobs();
    let state = job.state.as_str();
    let job = Memo::new(move |_| Some(job.clone()));
    Effect::new(move |before: Option<u32>| {
        let moved = news.moved();
        if before.is_some_and(|before| before != moved) {
            again.run(());
        }
        moved
    });
    view! {
        <ComeAgain />
        <section class="job-uploads-running" data-testid="uploads-job" data-state=state>
            <State job />
            <Progress job />
            <Acts job changed=Callback::new(move |_| again.run(())) />
        </section>
    }
    .into_any()
}

/// A measurement: the sums, and the buckets with most bytes first.
#[component]
fn Measured(
    job: Job,
    page: JobUploads,
    chosen: RwSignal<BTreeSet<String>>,
    from: u64,
) -> impl IntoView {
    let sums = sums(&job);
    let refused = (sums.refused > 0).then(|| {
        view! {
            <p class="help" data-testid="uploads-refused">
                {jobs::buckets_refused(sums.refused)} " "
                <a href=urls::job(&job.id)>{jobs::which_and_why()}</a>
            </p>
        }
    });
    let unseen = (sums.unfinished.unseen > 0)
        .then(|| view! { <p class="help">{jobs::uploads_unseen(sums.unfinished.unseen)}</p> });
    let content = if page.buckets.is_empty() && from == 0 {
        view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <h2>{jobs::all_clear()}</h2>
            </section>
        }
        .into_any()
    } else {
        table(&page, &sums, chosen, from)
    };
    view! {
        <p class="help" data-testid="as-of">
            {jobs::uploads_as_of()} " " {job.started_at.map(|time| view! { <Moment time /> })} " · "
            {jobs::buckets_looked(sums.buckets)}
        </p>
        {refused}
        {unseen}
        {content}
    }
    .into_any()
}

fn table(
    page: &JobUploads,
    sums: &UnfinishedSums,
    chosen: RwSignal<BTreeSet<String>>,
    from: u64,
) -> AnyView {
    let rows: Vec<_> = page.buckets.iter().map(|line| row(line, chosen)).collect();
    let at = |from: u64| urls::with_query(urls::JOB_UPLOADS, &[("from", &from.to_string())]);
    let first = (from > 0).then(|| urls::JOB_UPLOADS.to_owned());
    let next = page.next.map(at);
    let whole = &sums.unfinished;
    view! {
        <div class="table-frame" role="region" aria-label=jobs::unfinished() tabindex="0">
            <table class="table table-cards table-jobs" data-testid="table-unfinished">
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="sr-only">{jobs::choose()}</span>
                        </th>
                        <th scope="col">{jobs::bucket()}</th>
                        <th scope="col" class="numeric">{jobs::number_of_uploads()}</th>
                        <th scope="col" class="numeric">{jobs::stored_so_far()}</th>
                        <th scope="col">{jobs::oldest()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr data-testid="unfinished-sum">
                        <td></td>
                        <th scope="row">{jobs::sum()}</th>
                        <td class="numeric" data-label=jobs::number_of_uploads()>
                            {unit::count(whole.uploads)}
                        </td>
                        <td
                            class="numeric"
                            data-label=jobs::stored_so_far()
                            title=unit::exact_bytes(whole.bytes)
                        >
                            {bytes(whole.bytes, whole.unseen)}
                        </td>
                        <td data-label=jobs::oldest()>
                            {whole.oldest.map(|time| view! { <Moment time /> })}
                        </td>
                    </tr>
                </tfoot>
            </table>
        </div>
        <nav class="actions" aria-label=jobs::unfinished() data-testid="pager">
            {first.map(|href| view! { <LinkButton href>{jobs::first_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{jobs::next_page()}</LinkButton> })}
        </nav>
    }
    .into_any()
}

/// Bytes, which are more where not all uploads could be looked into.
fn bytes(bytes: u64, unseen: u64) -> String {
    let size = unit::size(bytes);
    if unseen > 0 {
        jobs::at_least(&size)
    } else {
        size
    }
}

fn row(line: &BucketUploads, chosen: RwSignal<BTreeSet<String>>) -> AnyView {
    let (own, bucket) = (line.unfinished, line.bucket.clone());
    let (name, ticked) = (bucket.clone(), bucket.clone());
    let choose = move |event: leptos::ev::Event| {
        let name = name.clone();
        chosen.update(|chosen| {
            if event_target_checked(&event) {
                chosen.insert(name);
            } else {
                chosen.remove(&name);
            }
        });
    };
    view! {
        <tr data-testid="row" data-key=bucket.clone()>
            <td>
                // Of the form below.
                <input
                    type="checkbox"
                    name="buckets"
                    value=bucket.clone()
                    {..leptos::attr::custom::custom_attribute("form", "form-plan")}
                    aria-label=jobs::choose_bucket(&bucket)
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&ticked))
                    on:change=choose
                />
            </td>
            <th scope="row">
                <a href=urls::uploads(&bucket, None) class="name-link">
                    <bdi>{bucket.clone()}</bdi>
                </a>
            </th>
            <td class="numeric" data-label=jobs::number_of_uploads() data-testid="uploads">
                {unit::count(own.uploads)}
            </td>
            <td
                class="numeric"
                data-label=jobs::stored_so_far()
                data-testid="bytes"
                title=unit::exact_bytes(own.bytes)
            >
                {bytes(own.bytes, own.unseen)}
            </td>
            <td data-label=jobs::oldest()>{own.oldest.map(|time| view! { <Moment time /> })}</td>
        </tr>
    }
    .into_any()
}

/// How old is old, and counting it.
#[component]
fn Older(chosen: RwSignal<BTreeSet<String>>, again: Callback<()>) -> impl IntoView {
    let days = RwSignal::new(DAYS.to_owned());
    let left = RwSignal::new(false);
    let number = Memo::new(move |_| {
        let typed = days.with(|days| days.trim().parse::<u32>().ok());
        typed.filter(|days| *days <= MAX_DAYS)
    });
    let error = Signal::derive(move || {
        let wrong = left.get() && number.get().is_none();
        wrong.then(|| jobs::days_whole().to_owned())
    });
    let order = Callback::new(move |()| {
        left.set(true);
        let buckets = chosen.with_untracked(|chosen| chosen.iter().cloned().collect());
        Some(NewJob::aborting(buckets, number.get_untracked()?, true))
    });
    view! {
        <section class="list" aria-labelledby="abort-older">
            <h2 id="abort-older" class="section-title">
                {jobs::abort_older()}
            </h2>
            <Start op=PLAN testid="form-plan" order again>
                <TextField
                    name="days"
                    label=jobs::days_ago().to_owned()
                    help=Signal::stored(Some(jobs::days_help().to_owned()))
                    value=days
                    error
                    on_leave=Callback::new(move |()| left.set(true))
                />
                <Button kind="submit">{jobs::count_them()}</Button>
            </Start>
        </section>
    }
    .into_any()
}

/// What was counted or given up last.
#[component]
fn Abort(job: Job, again: Callback<()>) -> impl IntoView {
    if !job.state.is_final() {
        return view! { <Running job again /> }.into_any();
    }
    if job.plan && job.state == JobState::Done {
        return view! { <Planned job again /> }.into_any();
    }
    let said = job
        .error
        .clone()
        .unwrap_or_else(|| jobs::aborted(job.progress.done));
    let failed = (job.progress.failed > 0).then(|| jobs::failed_number(job.progress.failed));
    view! {
        <p class="note" data-testid="uploads-aborted">
            <Icon name="info" />
            <span>
                {said} " " {failed} " " <a href=urls::job(&job.id)>{jobs::see_job()}</a>
            </span>
        </p>
    }
    .into_any()
}

/// What would go, and typing that it shall.
#[component]
fn Planned(job: Job, again: Callback<()>) -> impl IntoView {
    let sums = sums(&job).unfinished;
    let source = job.source.clone().unwrap_or_default();
    let days = source.older_than_days.unwrap_or_default();
    let place = if job.buckets.is_empty() {
        jobs::plan_of_all().to_owned()
    } else {
        job.buckets.join(", ")
    };
    if sums.uploads == 0 {
        let line = jobs::plan_none(days.into(), &place);
        return view! { <div data-testid="uploads-plan">{note(line)}</div> }.into_any();
    }
    let uploads = jobs::uploads_counted(sums.uploads);
    let size = bytes(sums.bytes, sums.unseen);
    let line = jobs::plan_is(days.into(), &place, &uploads, &size);
    let phrase = unfinished::phrase(sums.uploads);
    let typed = RwSignal::new(String::new());
    let wanted = phrase.clone();
    let matches = Memo::new(move |_| typed.with(|typed| *typed == wanted));
    let buckets = job.buckets.clone();
    let fields = buckets.clone().into_iter();
    let fields: Vec<_> = fields
        .map(|bucket| view! { <input type="hidden" name="buckets" value=bucket /> })
        .collect();
    let order = Callback::new(move |()| {
        let matches = matches.get_untracked();
        matches.then(|| NewJob::aborting(buckets.clone(), days, false))
    });
    view! {
        <section class="job-uploads-plan" data-testid="uploads-plan">
            <p>
                {line} " " <a href=urls::job(&job.id)>{jobs::see_job()}</a>
            </p>
            <p class="note">
                <Icon name="alert" />
                <span>{jobs::parts_go()}</span>
            </p>
            <Start op=ABORT testid="form-abort" order again>
                <input type="hidden" name="days" value=days.to_string() />
                <input type="hidden" name="phrase" value=phrase.clone() />
                {fields}
                <TextField
                    name="confirmation"
                    label=unfinished::type_to_confirm(&phrase)
                    value=typed
                    testid="confirm-input"
                    required=true
                    pattern=exactly(&phrase)
                />
                <Button kind="submit" tone=Tone::Danger attr:data-testid="confirm-submit">
                    {unfinished::abort_number(sums.uploads)}
                </Button>
            </Start>
        </section>
    }
    .into_any()
}
