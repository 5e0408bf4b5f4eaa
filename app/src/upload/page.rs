//! `/transfers`: what is on its way, what waits for somebody, and what was stored from this browser.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    Timestamp,
    job::{Job, JobKind, JobPageQuery, ListJobs},
    session::TransferHistory,
    upload::Section,
};

use super::{
    Uploads, Wish,
    dock::Actions,
    list::{UploadList, section_number},
    notes::Notes,
    receipts, use_uploads,
    view::{BatchOf, Entry, Stored, Summing, Wanted},
};
use crate::{
    api, browser, drawn,
    layout::{PageTitle, jobs::use_jobs},
    pages::jobs::JobTable,
    text::{utc, visible_name},
    ui::{Button, LinkButton},
    unit,
    urls::{self, Query},
    words::{self, uploads},
};

/// Entries of the history that are shown at a time.
pub(super) const HISTORY_STEP: usize = 200;
/// Jobs of files that are shown.
const JOBS: usize = 10;
/// Typing is over when nothing was typed for so long.
const TYPED: std::time::Duration = std::time::Duration::from_millis(250);

/// Says a text of the catalogue.
type Say = fn() -> &'static str;

/// The sections, by their names in the address.
const SECTIONS: [(Section, Say, &str); 6] = [
    (Section::All, uploads::all, "all"),
    (Section::Running, uploads::running, "running"),
    (Section::Waiting, uploads::waiting, "waiting"),
    (Section::Attention, uploads::needs_attention, "attention"),
    (Section::Resumable, uploads::resumable, "resumable"),
    (Section::Done, uploads::finished, "finished"),
];

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Look {
    section: Section,
    wanted: Wanted,
}

impl Look {
    fn of(query: &Query) -> Self {
        let state = query.get("state");
        let mut sections = SECTIONS.into_iter();
        let section = sections.find(|(_, _, name)| Some(*name) == state);
        let batch = query.get("batch").filter(|batch| !batch.is_empty());
        Self {
            section: section.map_or(Section::All, |(section, _, _)| section),
            wanted: Wanted {
                text: query.get("q").unwrap_or_default().trim().to_owned(),
                batch: batch.map(str::to_owned),
            },
        }
    }

    fn address(&self) -> String {
        let mut sections = SECTIONS.into_iter();
        let state = sections.find(|(section, _, _)| *section == self.section);
        let state = state.map_or("", |(_, _, name)| name);
        let parameters = [
            ("state", if state == "all" { "" } else { state }),
            ("q", self.wanted.text.as_str()),
            ("batch", self.wanted.batch.as_deref().unwrap_or_default()),
        ];
        urls::with_query(urls::TRANSFERS, &parameters)
    }
}

/// The address of the receipts of a batch.
pub(super) fn receipts_of(batch: &str) -> String {
    urls::with_query(urls::TRANSFERS, &[("batch", batch)])
}

/// The page.
#[component]
pub fn TransfersPage() -> impl IntoView {
    let uploads = use_uploads();
    uploads.load_history();
    let query = urls::query();
    let look = Memo::new(move |_| query.with(Look::of));
    Effect::new(move |_| {
        let look = look.get();
        uploads.state.list.section.set(look.section);
        uploads.search(look.wanted);
    });
    let list = uploads.state.list;
    list.on_page.set(true);
    on_cleanup(move || {
        // The dock shows all again.
        list.on_page.try_set(false);
        list.section.try_set(Section::All);
        list.wanted.try_set(String::new());
    });
    view! {
        <div class="page">
            <PageTitle heading=uploads::transfers() title=uploads::transfers() />
            <noscript>
                <p class="help">
                    {uploads::carried_by_scripts()}
                </p>
            </noscript>
            <Search look />
            <Now uploads look />
            <FileJobs />
            <History uploads look />
        </div>
    }
}

/// Part of a bucket's name or a key: typed, it is in the address a moment later.
#[component]
fn Search(look: Memo<Look>) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let typed = RwSignal::new(0_u32);
    let seek = move |text: String| {
        let mut wanted = look.get_untracked();
        if wanted.wanted.text == text.trim() {
            return;
        }
        text.trim().clone_into(&mut wanted.wanted.text);
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate.try_with_value(|navigate| navigate(&wanted.address(), options));
    };
    let input = move |event: ev::Event| {
        let text = event_target_value(&event);
        typed.update(|typed| *typed += 1);
        let now = typed.get_untracked();
        set_timeout(
            move || {
                if typed.try_get_untracked() == Some(now) {
                    seek(text);
                }
            },
            TYPED,
        );
    };
    let hidden = move |name: &'static str, value: fn(&Look) -> String| {
        move || {
            let value = look.with(value);
            (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value /> })
        }
    };
    let state = |look: &Look| {
        let mut sections = SECTIONS.into_iter().skip(1);
        let found = sections.find(|(section, _, _)| *section == look.section);
        found.map_or(String::new(), |(_, _, name)| name.to_owned())
    };
    view! {
        <form method="get" action=urls::TRANSFERS class="transfers-search" role="search">
            {hidden("state", state)}
            {hidden("batch", |look| look.wanted.batch.clone().unwrap_or_default())}
            <label class="field-label" for="transfers-q">{uploads::search()}</label>
            <input
                id="transfers-q"
                type="search"
                name="q"
                class="input"
                value=look.with_untracked(|look| look.wanted.text.clone())
                placeholder=uploads::search_place()
                autocomplete="off"
                spellcheck="false"
                data-testid="filter-input"
                on:input=input
            />
        </form>
    }
}

/// What this tab carries.
#[component]
fn Now(uploads: Uploads, look: Memo<Look>) -> impl IntoView {
    let summary = uploads.state.summary;
    let found = Memo::new(move |_| summary.with(|summary| summary.found));
    let sought = move || look.with(|look| !look.wanted.text.is_empty());
    let link = move |(section, word, name): (Section, Say, &'static str)| {
        let number = Memo::new(move |_| summary.with(|summary| section_number(summary, section)));
        let href = move || {
            let look = Look {
                section,
                ..look.get()
            };
            look.address()
        };
        let current = move || look.with(|look| (look.section == section).then_some("page"));
        view! {
            <li>
                <a href=href aria-current=current data-testid=format!("transfers-{name}")>
                    {move || match number.get() {
                        0 => word().to_owned(),
                        number => format!("{} ({})", word(), unit::count(number as u64)),
                    }}
                </a>
            </li>
        }
    };
    view! {
        <section class="list" aria-labelledby="transfers-now">
            <h2 id="transfers-now" class="section-title">
                {uploads::uploads_of_this_tab()}
            </h2>
            <nav class="sections" aria-label=uploads::show()>
                <ul>{SECTIONS.map(link).collect_view()}</ul>
            </nav>
            <Notes uploads />
            <Show when=sought>
                <p class="help" role="status" data-testid="count-line">
                    {move || uploads::found(found.get().unwrap_or_default() as u64)}
                </p>
            </Show>
            <div class="transfers" data-testid="transfers">
                <Actions uploads />
                <UploadList
                    uploads
                    empty=uploads::nothing_here_drop()
                />
            </div>
        </section>
    }
}

/// The newest jobs by which the server packs, copies and moves files.
async fn file_jobs() -> Vec<Job> {
    let of = |kind| {
        let query = JobPageQuery {
            kind: Some(kind),
            limit: Some(10),
            ..JobPageQuery::default()
        };
        api::call(ListJobs(query))
    };
    let (archives, copies, moves) =
        futures::join!(of(JobKind::Archive), of(JobKind::Copy), of(JobKind::Move));
    let pages = [archives, copies, moves].into_iter().flatten();
    // What cannot be listed here is told by the page of jobs.
    let mut jobs: Vec<Job> = pages.flat_map(|page| page.jobs).collect();
    jobs.retain(|job| !job.plan);
    jobs.sort_by_key(|job| std::cmp::Reverse(job.started_at.map(Timestamp::unix_millis)));
    jobs.truncate(JOBS);
    jobs
}

/// What the server does with files meanwhile.
#[component]
fn FileJobs() -> impl IntoView {
    let listing = Resource::new_blocking(|| (), |()| file_jobs());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let jobs = listing.await;
                (!jobs.is_empty()).then(|| view! { <Jobs jobs /> })
            })}
        </Transition>
    }
}

#[component]
fn Jobs(jobs: Vec<Job>) -> impl IntoView {
    let shown = RwSignal::new(jobs);
    let news = use_jobs();
    Effect::new(move |before: Option<u32>| {
        let moved = news.moved();
        if before.is_some_and(|before| before != moved) {
            spawn_local(async move {
                let _left = shown.try_set(file_jobs().await);
            });
        }
        moved
    });
    view! {
        <section class="list" aria-labelledby="transfers-jobs" data-testid="transfers-jobs">
            <h2 id="transfers-jobs" class="section-title">
                {uploads::jobs_of_files()}
            </h2>
            <JobTable jobs_of_page=shown />
            <p class="actions">
                <LinkButton href=urls::JOBS.to_owned()>{words::jobs::all_jobs()}</LinkButton>
            </p>
        </section>
    }
    .into_any()
}

/// Saves a list of what was stored.
fn save(uploads: Uploads, name: &'static str, kind: &'static str, write: fn(&[Stored]) -> String) {
    #[cfg(feature = "hydrate")]
    browser::save(name, kind, &write(&uploads.all_stored()));
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = uploads;
        browser::save(name, kind, &write(&[]));
    }
}

/// There is no history yet, or none at all.
#[component]
fn NoHistory() -> impl IntoView {
    let kept = drawn::preferences().transfer_history == TransferHistory::Kept;
    view! {
        <p class="help" data-testid="history-empty">
            {if kept {
                uploads::nothing_yet().into_any()
            } else {
                view! {
                    {uploads::history_not_kept()}
                    " "
                    <a href=urls::PREFERENCES>{words::preferences::heading()}</a>
                }
                    .into_any()
            }}
        </p>
    }
    .into_any()
}

/// What was stored from this browser, with receipts.
#[component]
fn History(uploads: Uploads, look: Memo<Look>) -> impl IntoView {
    let history = uploads.state.history;
    let any = Memo::new(move |_| history.with(|history| history.all > 0));
    let more = Memo::new(move |_| {
        history.with(|history| history.count.saturating_sub(history.newest.len()))
    });
    let line = move || {
        history.with(|history| {
            if look.with(|look| look.wanted == Wanted::default()) {
                uploads::receipt_lists(history.count as u64)
            } else {
                uploads::receipt_of_found(history.count as u64)
            }
        })
    };
    view! {
        <section class="list" aria-labelledby="transfers-stored">
            <h2 id="transfers-stored" class="section-title">
                {uploads::stored_in_30_days()}
            </h2>
            <Show
                when=move || any.get()
                fallback=|| view! { <NoHistory /> }
            >
                <Batches uploads look />
                <p class="help" data-testid="receipt-line">
                    {line}
                </p>
                <div class="flex flex-wrap gap-2">
                    <Button
                        attr:data-testid="receipt-csv"
                        press=move |_| save(uploads, "receipt.csv", "text/csv", receipts::csv)
                    >
                        {uploads::receipt_as_csv()}
                    </Button>
                    <Button
                        attr:data-testid="receipt-json"
                        press=move |_| save(uploads, "receipt.json", "application/json", receipts::json)
                    >
                        {uploads::receipt_as_json()}
                    </Button>
                    <Button
                        attr:data-testid="receipt-sums"
                        press=move |_| save(uploads, "SHA256SUMS", "text/plain", receipts::sums)
                    >
                        {uploads::sums_file()}
                    </Button>
                </div>
                <div class="table-frame" tabindex="0" role="region" aria-label=uploads::stored_objects()>
                    <table class="table table-cards" data-testid="table-history">
                        <thead>
                            <tr>
                                <th scope="col">{uploads::object()}</th>
                                <th scope="col" class="numeric">{uploads::size()}</th>
                                <th scope="col">{uploads::sha_256()}</th>
                                <th scope="col">{uploads::state_done()}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=move || history.with(|history| history.newest.clone())
                                key=|entry| (entry.id, entry.sum, entry.stored.key.clone())
                                let:entry
                            >
                                <StoredRow uploads entry />
                            </For>
                        </tbody>
                    </table>
                </div>
                <Show when=move || more.get().gt(&0)>
                    <Button
                        attr:data-testid="history-more"
                        press=move |_| uploads.show_more_history()
                    >
                        {move || uploads::show_more(&unit::count(more.get() as u64))}
                    </Button>
                </Show>
            </Show>
        </section>
    }
}

#[component]
fn StoredRow(uploads: Uploads, entry: Entry) -> impl IntoView {
    let Entry { id, stored, sum } = entry;
    let place = visible_name(&format!("{}/{}", stored.bucket, stored.key));
    let known = stored.sha256.clone().unwrap_or_default();
    let sum = match sum {
        Summing::Known => view! { <code class="break-all">{known}</code> }.into_any(),
        Summing::Reading => uploads::being_computed().into_any(),
        Summing::Askable => {
            let of = uploads::of_sum(&place);
            view! {
                <span class="block">{uploads::not_computed()}</span>
                <Button
                    attr:data-testid="history-sum"
                    press=move |_| uploads.wish(Wish::Sum(id))
                >
                    {uploads::compute()}
                    <span class="sr-only">{of}</span>
                </Button>
            }
            .into_any()
        }
        Summing::Lost => uploads::sum_lost().into_any(),
    };
    view! {
        <tr data-testid="row" data-key=stored.key.clone()>
            <td data-label=uploads::object()>
                <bdi class="break-all">{place.clone()}</bdi>
            </td>
            <td data-label=uploads::size() class="numeric" title=unit::exact_bytes(stored.size)>
                {unit::size(stored.size)}
            </td>
            <td data-label=uploads::sha_256() data-testid="history-sha256">
                {sum}
            </td>
            <td data-label=uploads::state_done()>{stored.time.clone().unwrap_or_default()}</td>
        </tr>
    }
}

/// The batches of several files: each has receipts of its own.
#[component]
fn Batches(uploads: Uploads, look: Memo<Look>) -> impl IntoView {
    let history = uploads.state.history;
    let batches = Memo::new(move |_| history.with(|history| history.batches.clone()));
    let chosen = Memo::new(move |_| look.with(|look| look.wanted.batch.clone()));
    let all = move || {
        let mut look = look.get();
        look.wanted.batch = None;
        look.address()
    };
    let line = move |one: BatchOf| {
        let mut there = look.get_untracked();
        there.wanted.batch = Some(one.batch.id.clone());
        let time = one.time.as_deref().and_then(Timestamp::parse);
        let text = uploads::batch_line(
            &visible_name(&one.batch.place),
            &time.map(utc).unwrap_or_default(),
            one.count as u64,
        );
        let id = one.batch.id.clone();
        let current = move || (chosen.get().as_ref() == Some(&id)).then_some("true");
        view! {
            <li>
                <a
                    href=there.address()
                    aria-current=current
                    data-testid="receipt-batch"
                    data-key=one.batch.place
                >
                    {text}
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || !batches.with(Vec::is_empty)>
            <details class="receipt-batches" open=move || chosen.with(Option::is_some)>
                <summary>{uploads::receipt_of_batch()}</summary>
                <ul>
                    <Show when=move || chosen.with(Option::is_some)>
                        <li>
                            <a href=all data-testid="receipt-all">
                                {uploads::all_batches()}
                            </a>
                        </li>
                    </Show>
                    {move || batches.get().into_iter().map(line).collect_view()}
                </ul>
            </details>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_looked_at() {
        let look = Look::of(&Query::parse("state=resumable&q=+a%26b+&batch=7-1"));
        assert_eq!(look.section, Section::Resumable);
        assert_eq!(look.wanted.text, "a&b");
        assert_eq!(
            look.address(),
            "/transfers?state=resumable&q=a%26b&batch=7-1"
        );
        let odd = Look::of(&Query::parse("state=lost&batch="));
        assert_eq!(odd, Look::default());
        assert_eq!(odd.address(), "/transfers");
    }

    #[test]
    fn what_is_wanted_of_the_history_is_found_in_any_case() {
        let stored = |key: &str, batch: Option<&str>| Stored {
            bucket: "raw-scans".to_owned(),
            key: key.to_owned(),
            size: 1,
            etag: None,
            version_id: None,
            sha256: None,
            modified: None,
            time: None,
            batch: batch.map(|id| super::super::view::StoredBatch {
                id: id.to_owned(),
                place: String::new(),
            }),
        };
        let wanted = |text: &str, batch: Option<&str>| Wanted {
            text: text.to_owned(),
            batch: batch.map(str::to_owned),
        };
        assert!(wanted("", None).fits(&stored("a", None)));
        assert!(wanted(" SCANS/In ", None).fits(&stored("in/a", None)));
        assert!(!wanted("b", None).fits(&stored("in/a", None)));
        assert!(wanted("a", Some("7")).fits(&stored("a", Some("7"))));
        assert!(!wanted("a", Some("7")).fits(&stored("a", Some("8"))));
        assert!(!wanted("", Some("7")).fits(&stored("a", None)));
    }
}
