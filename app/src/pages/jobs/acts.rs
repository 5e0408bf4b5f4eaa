//! What one can do with a job: stop it, try again, undo it. Plain forms that scripts take over.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{
    Problem,
    job::{CancelJob, Job, RetryJob, UndoJob},
};

use super::words;
use crate::{
    api,
    layout::jobs::use_jobs,
    outcome::Outcome,
    ui::{Button, Icon, Messages, Tone},
    urls,
    words::jobs,
};

/// An act: the form's `op`, its word, its icon and its test id.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Cancel,
    Retry,
    Undo,
}

impl Act {
    fn op(self) -> &'static str {
        match self {
            Self::Cancel => "cancel_job",
            Self::Retry => "retry_job",
            Self::Undo => "undo_job",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Cancel => jobs::cancel(),
            Self::Retry => jobs::retry(),
            Self::Undo => jobs::undo_it(),
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Cancel => "close",
            Self::Retry | Self::Undo => "refresh",
        }
    }

    fn testid(self) -> &'static str {
        match self {
            Self::Cancel => "job-cancel",
            Self::Retry => "job-retry",
            Self::Undo => "job-undo",
        }
    }

    /// Whether a job allows it.
    fn fits(self, job: &Job) -> bool {
        match self {
            Self::Cancel => words::can_stop(job),
            Self::Retry => job.can_retry,
            Self::Undo => job.undo_until.is_some(),
        }
    }

    async fn call(self, id: String) -> Result<Job, Problem> {
        match self {
            Self::Cancel => api::call(CancelJob { id }).await,
            Self::Retry => api::call(RetryJob { id }).await,
            Self::Undo => api::call(UndoJob { id }).await,
        }
    }
}

/// What was refused to a form without scripts.
#[component]
pub fn Refused() -> impl IntoView {
    let acts = [Act::Cancel, Act::Retry, Act::Undo];
    let problem = acts.into_iter().find_map(|act| Outcome::problem(act.op()));
    problem.map(|problem| {
        view! {
            <div class="alert alert-danger" role="alert">
                <Icon name="alert" />
                <p>{problem.sentence()}</p>
            </div>
        }
    })
}

/// The buttons that a job has now. `changed` hears of a job that was changed or begun.
#[component]
pub fn Acts(job: Memo<Option<Job>>, changed: Callback<Job>) -> impl IntoView {
    let fits = move |act: Act| {
        Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| act.fits(job))))
    };
    let acts = [Act::Cancel, Act::Retry, Act::Undo].map(|act| (act, fits(act)));
    acts.map(|(act, fits)| {
        move || {
            fits.get()
                .then(|| view! { <ActForm act job changed /> }.into_any())
        }
    })
    .collect_view()
    .into_any()
}

#[component]
fn ActForm(act: Act, job: Memo<Option<Job>>, changed: Callback<Job>) -> impl IntoView {
    let id = job.with_untracked(|job| job.as_ref().map(|job| job.id.clone()));
    let id = StoredValue::new(id.unwrap_or_default());
    let busy = RwSignal::new(false);
    let (messages, news, navigate) = (Messages::here(), use_jobs(), use_navigate());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = act.call(id.get_value()).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(job) => {
                    news.ask();
                    if act == Act::Cancel {
                        messages.announce(jobs::cancelled_soon());
                        let _left = changed.try_run(job);
                    } else {
                        navigate(
                            &urls::job(&job.id),
                            leptos_router::NavigateOptions::default(),
                        );
                    }
                }
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    view! {
        <form method="post" action=urls::current().get_untracked() class="inline-form" on:submit=submit>
            <input type="hidden" name="op" value=act.op() />
        <crate::SessionField />
            <input type="hidden" name="job" value=id.get_value() />
            <input type="hidden" name="next" value=urls::current().get_untracked() />
            <Button kind="submit" tone=Tone::Plain attr:data-testid=act.testid()>
                <Icon name=act.icon() />
                {act.word()}
            </Button>
        </form>
    }
}
