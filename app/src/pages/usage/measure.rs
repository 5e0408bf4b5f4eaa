//! Measuring: a form that starts the job, with scripts and without, and how far it is.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::job::{GetJob, Job, JobKind, JobWait, NewJob, StartJob};

use super::listing::Place;
use crate::{
    api,
    layout::jobs::use_jobs,
    outcome::Outcome,
    pages::jobs::{
        ComeAgain,
        acts::{Acts, Refused},
        words::{Progress, State},
    },
    ui::{Button, Icon, Messages, Tone},
    urls,
    words::usage,
};

const FORM: &str = "measure_usage";

/// The button. `started` hears of the job, which may have ended already.
#[component]
pub(super) fn Measure(bucket: String, again: Callback<()>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let (messages, news) = (Messages::here(), use_jobs());
    let next = urls::bucket_usage(&bucket, &[]);
    let action = next.clone();
    let order = NewJob::new(JobKind::Usage, bucket.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let order = order.clone();
        spawn_local(async move {
            // Most buckets are measured within it.
            let wait = JobWait { wait: Some(2) };
            let answer = api::call(StartJob { order, wait }).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(job) => {
                    news.tell_there(&job.id, true);
                    news.follow(&job);
                    if job.measured.is_some() {
                        messages.announce(usage::measured());
                    }
                    let _left = again.try_run(());
                }
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    view! {
        <form
            method="post"
            action=action
            class="inline-form"
            data-testid="form-measure"
            on:submit=submit
        >
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="bucket" value=bucket />
            <input type="hidden" name="next" value=next />
            <Button kind="submit" tone=Tone::Primary>
                <Icon name="refresh" />
                {usage::measure()}
            </Button>
        </form>
    }
    .into_any()
}

/// What was refused to the form without scripts.
#[component]
pub(super) fn NotMeasured() -> impl IntoView {
    let problem = Outcome::problem(FORM).map(|problem| alert(problem.sentence()));
    view! {
        {problem}
        <Refused />
    }
}

pub(super) fn alert(text: String) -> AnyView {
    view! {
        <div class="alert alert-danger" role="alert">
            <Icon name="alert" />
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// How far a measurement is. `again` is called when it has ended.
#[component]
pub(super) fn Running(place: Place, job: Job, again: Callback<()>) -> impl IntoView {
    let (news, messages) = (use_jobs(), Messages::here());
    let id = StoredValue::new(job.id.clone());
    let now = RwSignal::new(job);
    let job = Memo::new(move |_| Some(now.get()));
    let changed = Callback::new(move |changed: Job| now.set(changed));
    Effect::new(move |_| {
        // Its end is told here.
        let told = id.get_value();
        news.tell_there(&told, true);
        on_cleanup(move || news.tell_there(&told, false));
    });
    Effect::new(move |before: Option<u32>| {
        let moved = news.moved();
        if before.is_none_or(|before| before != moved) {
            spawn_local(async move {
                let Some(id) = id.try_get_value() else {
                    return;
                };
                let wait = JobWait::default();
                let Ok(newest) = api::call(GetJob { id, wait }).await else {
                    return;
                };
                if newest.measured.is_some() {
                    messages.announce(usage::measured());
                }
                if newest.state.is_final() {
                    let _left = again.try_run(());
                } else {
                    let _left = now.try_set(newest);
                }
            });
        }
        moved
    });
    let state = move || now.with(|job| job.state.as_str());
    let here = place.at(place.from);
    view! {
        <ComeAgain />
        <section class="usage-running" data-testid="usage-job" data-state=state>
            <State job />
            <Progress job />
            <Acts job changed />
            <noscript>
                <a href=here class="button button-plain">
                    {usage::reload()}
                </a>
            </noscript>
        </section>
    }
    .into_any()
}
