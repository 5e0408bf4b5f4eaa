//! How far a search over a listing is, and what it has found: rows come as they are found.

use std::time::Duration;

use catalogue::count;
use leptos::{prelude::*, task::spawn_local};
use model::job::{Job, JobResult, JobState, ReportFormat, report_path};

use super::{Found, PAGE, Place, look};
use crate::{
    browser,
    layout::jobs::use_jobs,
    pages::{
        jobs::{
            ComeAgain,
            acts::{Acts, Refused},
            words::{Progress, State},
        },
        search::columns::Column,
    },
    text::visible_name,
    ui::{Icon, LinkButton, Moment},
    unit, urls,
    words::search,
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// The columns beside the name.
const COLUMNS: [Column; 3] = [Column::Path, Column::Size, Column::Changed];

/// The search and its results.
#[component]
pub(super) fn Results(place: Place, found: Found) -> impl IntoView {
    let (id, runs) = (found.0.id.clone(), !found.0.state.is_final());
    let bucket = StoredValue::new(found.0.bucket.clone().unwrap_or_default());
    let now = RwSignal::new(found);
    follow(&place, &id, now);
    let job = Memo::new(move |_| now.with(|(job, _)| Some(job.clone())));
    let changed = Callback::new(move |changed: Job| now.update(|(job, _)| *job = changed));
    let keys = move || {
        now.with(|(_, page)| {
            page.results
                .iter()
                .map(|one| one.key.clone())
                .collect::<Vec<_>>()
        })
    };
    let empty = Memo::new(move |_| now.with(|(_, page)| page.results.is_empty()));
    let heads = || {
        COLUMNS.map(|column| {
            view! {
                <th scope="col" class:numeric=column.is_number()>
                    {column.name()}
                </th>
            }
        })
    };
    let state = move || now.with(|(job, _)| job.state.as_str());
    view! {
        {runs.then(|| view! { <ComeAgain /> })}
        <Refused />
        <section class="search-results" data-testid="search-job" data-state=state>
            <div class="search-head">
                <State job />
                <Progress job />
                <div class="actions">
                    <Acts job changed />
                    {runs
                        .then(|| {
                            let href = place.at(place.from);
                            view! {
                                <noscript>
                                    <a href=href class="button button-plain">
                                        {search::reload()}
                                    </a>
                                </noscript>
                            }
                        })}
                    {files(&id)}
                </div>
            </div>
            {move || now.with(|(job, _)| job.error.clone()).map(failed)}
            <p class="search-verdict" role="status" data-testid="search-total">
                {move || now.with(|(job, _)| verdict(job))}
            </p>
            <Show when=move || !empty.get()>
                <div class="table-frame" role="region" aria-label=search::results() tabindex="0">
                    <table class="table table-cards" data-testid="table-search">
                        <thead>
                            <tr>
                                <th scope="col">{search::name()}</th>
                                {heads()}
                            </tr>
                        </thead>
                        <tbody>
                            <For each=keys key=Clone::clone let:key>
                                {row(bucket, &key, now)}
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            {move || now.with(|found| pager(&place, found))}
        </section>
    }
    .into_any()
}

/// What was found as files.
fn files(id: &str) -> AnyView {
    let files = [
        (ReportFormat::Csv, search::results_csv()),
        (ReportFormat::Jsonl, search::results_lines()),
    ];
    let files = files.map(|(format, word)| {
        view! {
            <a href=report_path(id, format) class="button button-plain" download="">
                <Icon name="download" />
                {word}
            </a>
        }
    });
    files.collect_view().into_any()
}

/// Looks again and again while the search runs, never in a hidden tab.
fn follow(place: &Place, id: &str, now: RwSignal<Found>) {
    let news = use_jobs();
    let at = StoredValue::new((id.to_owned(), place.from));
    let asking = StoredValue::new(false);
    let look_again = move || {
        let runs = now.with_untracked(|(job, _)| !job.state.is_final());
        if !runs || !browser::is_visible() || asking.get_value() {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            let Some((id, from)) = at.try_get_value() else {
                return;
            };
            if let Ok(newest) = look(id, from).await {
                let _left = now.try_set(newest);
            }
            asking.try_update_value(|asking| *asking = false);
        });
    };
    Effect::new(move |_| {
        // Its end is told here.
        let told = at.with_value(|(id, _)| id.clone());
        news.tell_there(&told, true);
        on_cleanup(move || news.tell_there(&told, false));
        if let Ok(interval) = set_interval_with_handle(look_again, PAUSE) {
            on_cleanup(move || interval.clear());
        }
    });
}

fn failed(error: String) -> AnyView {
    view! {
        <div class="alert alert-danger" role="alert">
            <Icon name="alert" />
            <p>{error}</p>
        </div>
    }
    .into_any()
}

/// What came of it, in words: how much was found, and whether that is all.
fn verdict(job: &Job) -> String {
    let searched = job.searched.unwrap_or_default();
    let found = searched.found;
    if searched.more {
        return search::more_than(found);
    }
    match (job.state, found) {
        (JobState::Waiting | JobState::Running | JobState::Cancelling, _) => {
            search::looking().to_owned()
        }
        (JobState::Done, 0) => search::none_in_listing().to_owned(),
        (JobState::Done, found) => search::total(found),
        (JobState::Cancelled | JobState::Failed, found) => {
            let found = search::total(found);
            search::up_to_there(&found, &count(job.progress.done))
        }
    }
}

/// A result; its name leads to the object in its folder.
fn row(bucket: StoredValue<String>, key: &str, now: RwSignal<Found>) -> AnyView {
    let found = now.with_untracked(|(_, page)| {
        let mut results = page.results.iter();
        results.find(|one| one.key == key).cloned()
    });
    let Some(JobResult {
        key,
        size,
        last_modified,
    }) = found
    else {
        return ().into_any();
    };
    let href = bucket.with_value(|bucket| urls::object(bucket, &key));
    // A marker of a folder is called as the folder.
    let name = key.strip_suffix('/').unwrap_or(&key);
    let name = key.get(name.rfind('/').map_or(0, |at| at + 1)..);
    let name = visible_name(name.unwrap_or(&key));
    let path = visible_name(&key);
    view! {
        <tr data-testid="search-row" data-key=key>
            <th scope="row">
                <a href=href class="name-link">
                    <bdi>{name}</bdi>
                </a>
            </th>
            <td>
                <bdi>{path}</bdi>
            </td>
            <td class="numeric" data-label=Column::Size.name()>
                {unit::size(size)}
            </td>
            <td data-label=Column::Changed.name()>
                {last_modified.map(|time| view! { <Moment time /> })}
            </td>
        </tr>
    }
    .into_any()
}

/// The way to other pages, as far as there is something.
fn pager(place: &Place, (job, page): &Found) -> AnyView {
    let until = place.from + page.results.len() as u64;
    let found = job.searched.unwrap_or_default().found.max(page.total);
    let size = PAGE.unsigned_abs();
    let previous = (place.from > 0).then(|| place.at(place.from.saturating_sub(size)));
    let next = (found > until && page.results.len() as u64 == size).then(|| place.at(until));
    view! {
        <nav class="actions" aria-label=search::pages() data-testid="pager">
            {previous.map(|href| view! { <LinkButton href>{search::previous_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{search::next_page()}</LinkButton> })}
            <LinkButton href=urls::SEARCH>{search::another()}</LinkButton>
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(state: &str, read: u64, found: u64, more: bool) -> Job {
        let job = serde_json::json!({"id": "1", "kind": "search", "plan": false, "state": state, "bucket": "b",
            "progress": {"done": read, "failed": 0, "skipped": 0, "total": null, "bytes": 0},
            "searched": {"found": found, "more": more},
            "started_at": null, "failures_kept": 0, "can_retry": false, "markers": 0});
        serde_json::from_value(job).unwrap()
    }

    #[test]
    fn what_came_of_it_never_says_more_than_was_looked_at() {
        for (job, said) in [
            (job("running", 5, 3, false), "Searching…"),
            (job("done", 5, 0, false), "No key is like that."),
            (job("done", 5, 3, false), "3 objects"),
            (
                job("cancelled", 1_000, 3, false),
                "3 objects among the 1,000 keys that were read; there may be more.",
            ),
            (
                job("failed", 0, 0, false),
                "0 objects among the 0 keys that were read; there may be more.",
            ),
        ] {
            assert_eq!(verdict(&job), said);
        }
        let full = verdict(&job("done", 20_000, 10_000, true));
        assert!(full.starts_with("More than 10,000 objects"), "{full}");
    }
}
