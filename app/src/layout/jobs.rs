//! The indicator of jobs in the header: a ring with a number, and what runs behind it.
//!
//! One asker serves the whole page: while something runs it asks every two seconds, else now and then,
//! and never in a hidden tab. Pages that show jobs, or what jobs change, hear from it when something moved.
//! The ring itself knows two numbers; what reads jobs and draws their lines is fetched when it is first wanted.

use std::{collections::HashSet, sync::Arc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use model::job::{CancelJob, CountJobs, Job, JobPage, JobPageQuery, JobState, ListJobs, UndoJob};

use crate::{
    api, browser,
    pages::jobs::words::{self, said},
    ui::{Icon, Messages, Offer},
    urls,
    words::jobs,
};

/// Between two questions while something runs.
const PAUSE: Duration = Duration::from_secs(2);
/// How many pauses pass between two questions while nothing does.
const IDLE: u32 = 15;
/// How many jobs are asked for.
const SHOWN: u32 = 20;
/// How many of those that have ended are shown.
const ENDED: usize = 5;

/// What is fetched when it is first wanted.
#[derive(Clone, Copy)]
struct Parts {
    ask: fn(Jobs),
    panel: fn(Jobs) -> AnyView,
}

#[leptos::lazy]
fn parts() -> Parts {
    Parts { ask, panel }
}

/// What is known of the caller's jobs.
#[derive(Clone, Copy)]
pub struct Jobs {
    parts: RwSignal<Option<Parts>>,
    /// How many have not ended.
    running: RwSignal<u32>,
    /// How much of these is over, in percent.
    share: RwSignal<u32>,
    page: RwSignal<JobPage>,
    moved: RwSignal<u32>,
    ended: RwSignal<Option<Job>>,
    /// Where it is told that one has ended.
    messages: Messages,
    /// Whether a question is under way.
    asking: StoredValue<bool>,
    /// Jobs whose end is told where they were begun.
    told_there: StoredValue<HashSet<String>>,
    /// Jobs that were started here and have not been seen to end.
    followed: StoredValue<Vec<String>>,
}

/// The jobs of the page's caller.
pub fn use_jobs() -> Jobs {
    expect_context()
}

impl Jobs {
    /// Puts them into the context. Called once, by the frame.
    pub fn provide() -> Self {
        let jobs = Self {
            parts: RwSignal::new(None),
            running: RwSignal::new(0),
            share: RwSignal::new(0),
            page: RwSignal::new(JobPage::default()),
            moved: RwSignal::new(0),
            ended: RwSignal::new(None),
            messages: Messages::here(),
            asking: StoredValue::new(false),
            told_there: StoredValue::new(HashSet::new()),
            followed: StoredValue::new(Vec::new()),
        };
        provide_context(jobs);
        jobs
    }

    /// Changes whenever some job did: a page that shows jobs asks again.
    pub fn moved(self) -> u32 {
        self.moved.get()
    }

    /// The job that ended last while this page was open: what it touched is to be listed again.
    pub fn ended(self) -> Option<Job> {
        self.ended.get()
    }

    /// Somebody tells the end of a job where it was begun, or does not any more.
    pub fn tell_there(self, id: &str, there: bool) {
        self.told_there.try_update_value(|told| {
            if there {
                told.insert(id.to_owned());
            } else {
                told.remove(id);
            }
        });
    }

    /// Asks about a job that was started here, so that its end is told even where it comes before the next
    /// question.
    pub fn follow(self, job: &Job) {
        self.followed
            .try_update_value(|followed| followed.push(job.id.clone()));
        // What is running is asked about soon, also where a question is under way that knows nothing of it.
        self.running
            .try_update(|running| *running = (*running).max(1));
        self.ask();
    }

    /// Whether this job was started here; it is followed no more.
    fn was_followed(self, job: &Job) -> bool {
        let was = self.followed.try_update_value(|followed| {
            let before = followed.len();
            followed.retain(|id| *id != job.id);
            followed.len() < before
        });
        was == Some(true)
    }

    /// Asks now: something was started or stopped here.
    pub fn ask(self) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            // Code that cannot be fetched ends the page's program, uploads and all: nobody asks for it in the
            // background before Hako has answered.
            let known = self.parts.try_with_untracked(Option::is_some);
            if known != Some(true) && api::call(CountJobs).await.is_err() {
                self.asking.try_set_value(false);
                return;
            }
            let parts = parts().await;
            self.parts.try_set(Some(parts));
            (parts.ask)(self);
        });
    }

    fn take(self, page: JobPage) {
        self.running.set(page.running);
        self.share.set(share(&page.jobs));
        let before = self.page.get_untracked();
        if before == page {
            return;
        }
        let ran = |job: &&Job| {
            let earlier = before.jobs.iter().find(|one| one.id == job.id);
            let ran = earlier.is_some_and(|one| !one.state.is_final());
            job.state.is_final() && (self.was_followed(job) || ran)
        };
        for job in page.jobs.iter().filter(ran).filter(|job| !job.plan) {
            let messages = self.messages;
            match (job.state, self.undo_of(job)) {
                _ if self.told_there.with_value(|told| told.contains(&job.id)) => {}
                (JobState::Failed, _) => messages.error(said(job)),
                (_, Some(offer)) => messages.offer(said(job), offer),
                (_, None) => messages.success(said(job)),
            }
            self.ended.set(Some(job.clone()));
        }
        self.page.set(page);
        self.moved.update(|moved| *moved = moved.wrapping_add(1));
    }

    /// What brings back what a job has deleted.
    fn undo_of(self, job: &Job) -> Option<Offer> {
        let until = Some(job.undo_until?);
        let id = job.id.clone();
        let messages = self.messages;
        let run = move || {
            let id = id.clone();
            spawn_local(async move {
                match api::call(UndoJob { id }).await {
                    Ok(_) => self.ask(),
                    Err(problem) => messages.error(problem.sentence()),
                }
            });
        };
        Some(Offer {
            word: jobs::undo_it(),
            until,
            run: Arc::new(run),
        })
    }

    /// The jobs that were asked for last.
    pub fn known(self) -> Vec<Job> {
        self.page.with(|page| page.jobs.clone())
    }

    /// Asks again and again, as often as makes sense.
    fn watch(self) {
        Effect::new(move |_| {
            let passed = StoredValue::new(0_u32);
            let tick = move || {
                if !browser::is_visible() {
                    return;
                }
                passed.update_value(|passed| *passed += 1);
                if self.running.get_untracked() > 0 || passed.get_value() >= IDLE {
                    passed.set_value(0);
                    self.ask();
                }
            };
            if let Ok(interval) = set_interval_with_handle(tick, PAUSE) {
                on_cleanup(move || interval.clear());
            }
        });
    }
}

/// Asks for the last jobs.
fn ask(news: Jobs) {
    spawn_local(async move {
        let query = JobPageQuery {
            limit: Some(SHOWN),
            ..JobPageQuery::default()
        };
        let answer = api::call(ListJobs(query)).await;
        let gone = news
            .asking
            .try_update_value(|asking| *asking = false)
            .is_none();
        if let (false, Ok(page)) = (gone, answer) {
            news.take(page);
        }
    });
}

/// The indicator. Without scripts it is a link with the number in it.
#[component]
pub fn JobsIndicator() -> impl IntoView {
    let news = use_jobs();
    // As cheap as can be: only the number, for the first page.
    let first = Resource::new_blocking(|| (), |()| api::call(CountJobs));
    view! {
        <div class="jobs" data-testid="jobs-indicator">
            <Suspense>
                {move || Suspend::new(async move {
                    first.await.ok().map(|count| view! { <Ring news running=count.running /> })
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Ring(news: Jobs, running: u32) -> impl IntoView {
    news.running.set(running);
    news.watch();
    let (running, share) = (news.running, news.share);
    view! {
        <button
            type="button"
            class="button button-quiet jobs-open"
            popovertarget="jobs-panel"
            on:click=move |_| news.ask()
        >
            <svg class="jobs-ring" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                <circle class="jobs-ring-track" cx="10" cy="10" r="8" pathLength="100"></circle>
                <circle
                    class="jobs-ring-share"
                    cx="10"
                    cy="10"
                    r="8"
                    pathLength="100"
                    stroke-dasharray=move || format!("{} 100", share.get())
                ></circle>
            </svg>
            <span class="jobs-number" aria-hidden="true">
                {move || (running.get() > 0).then(|| running.get())}
            </span>
            <span class="sr-only">{move || indicator(running.get())}</span>
        </button>
        <div id="jobs-panel" class="panel jobs-panel" popover="auto">
            {move || news.parts.get().map(|parts| (parts.panel)(news))}
            <a
                href=urls::JOBS
                class="button button-plain w-full"
                on:click=move |_| browser::hide_popover("#jobs-panel:popover-open")
            >
                {jobs::all_jobs()}
            </a>
        </div>
    }
    .into_any()
}

/// What runs, and what has ended lately.
fn panel(news: Jobs) -> AnyView {
    view! {
        <h2 class="section-title">{jobs::running_now()}</h2>
        {lines(news, false)}
        <Show when=move || news.running.get() == 0>
            <p class="help">{jobs::nothing_runs()}</p>
        </Show>
        {move || {
            let ended = news.page.with(|page| page.jobs.iter().any(|job| job.state.is_final()));
            ended.then(|| view! { <h2 class="section-title">{jobs::finished_lately()}</h2> })
        }}
        {lines(news, true)}
    }
    .into_any()
}

/// What the button is called.
fn indicator(running: u32) -> String {
    match running {
        0 => jobs::jobs().to_owned(),
        running => jobs::indicator(u64::from(running)),
    }
}

/// How much of what runs is over, in percent.
fn share(jobs: &[Job]) -> u32 {
    let running = jobs.iter().filter(|job| !job.state.is_final());
    let shares: Vec<u32> = running
        .map(|job| job.progress.percent().map_or(0, u32::from))
        .collect();
    let number = u32::try_from(shares.len()).unwrap_or(u32::MAX).max(1);
    shares.iter().sum::<u32>() / number
}

/// The jobs that run, or the last that have ended. A line stays as long as its job does, so that whoever is
/// on its button stays there.
fn lines(news: Jobs, ended: bool) -> AnyView {
    let most = if ended { ENDED } else { usize::MAX };
    let ids = move || {
        news.page.with(|page| {
            let of = page.jobs.iter().filter(|job| job.state.is_final() == ended);
            of.take(most).map(|job| job.id.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <ul class="jobs-lines">
            <For each=ids key=Clone::clone let:id>
                {line(news, id)}
            </For>
        </ul>
    }
    .into_any()
}

fn line(news: Jobs, id: String) -> AnyView {
    let (href, key) = (urls::job(&id), StoredValue::new(id.clone()));
    let job = Memo::new(move |_| {
        news.page
            .with(|page| page.jobs.iter().find(|job| job.id == id).cloned())
    });
    let messages = Messages::here();
    let cancel = move |_| {
        let id = key.get_value();
        spawn_local(async move {
            match api::call(CancelJob { id }).await {
                Ok(_) => news.ask(),
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    let told = move |of: fn(&Job) -> String| job.with(|job| job.as_ref().map(of));
    let is = move |of: fn(&Job) -> bool| job.with(|job| job.as_ref().is_some_and(of));
    let percent = move || job.with(|job| job.as_ref()?.progress.percent().map(|p| p.to_string()));
    let foot = |job: &Job| {
        if job.state.is_final() {
            words::state(job.state).to_owned()
        } else {
            words::numbers(job)
        }
    };
    view! {
        <li>
            <a
                href=href
                on:click=move |_| browser::hide_popover("#jobs-panel:popover-open")
            >
                <bdi>{move || told(words::title)}</bdi>
            </a>
            <Show when=move || is(|job| !job.state.is_final())>
                <progress max="100" value=percent aria-hidden="true"></progress>
            </Show>
            <span class="jobs-line-foot">
                <span class="muted">{move || told(foot)}</span>
                <Show when=move || is(words::can_stop)>
                    <button type="button" class="button button-quiet" on:click=cancel>
                        <Icon name="close" />
                        {jobs::cancel()}
                    </button>
                </Show>
            </span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_shows_how_much_of_what_runs_is_over() {
        let job = |state: &str, done: u64| {
            let job = serde_json::json!({"id": "1", "kind": "delete", "plan": false, "state": state, "bucket": "b",
                "progress": {"done": done, "failed": 0, "skipped": 0, "total": 10, "bytes": 0},
                "started_at": null, "failures_kept": 0, "can_retry": false, "markers": 0});
            serde_json::from_value::<Job>(job).unwrap()
        };
        assert_eq!(share(&[]), 0);
        let jobs = [
            job("running", 2),
            job("waiting", 0),
            job("running", 10),
            job("done", 10),
        ];
        assert_eq!(share(&jobs), 40);
    }
}
