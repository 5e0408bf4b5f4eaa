//! `/buckets/{b}/usage`: what a bucket holds, folder by folder, as jobs have measured it, and how that has changed.

mod fit;
mod history;
mod listing;
mod measure;
mod table;
mod treemap;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Problem,
    job::{FolderLine, FolderPage, Job, Measured, ReportFormat, report_path},
    reachable::BucketFacts,
};

use self::{
    fit::WillItFit,
    history::History,
    listing::{Listing, PAGE, Place, Shown, ask},
    measure::{Measure, NotMeasured, Running, alert},
    table::{Table, signed},
    treemap::{Cell, TreeMap},
};
use crate::{
    layout::{Busy, PageTitle, use_session},
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    text::{utc, visible_name},
    ui::{Button, Failure, Icon, LinkButton, Moment, Retry},
    unit, urls,
    words::usage,
};

/// The page.
#[component]
pub fn UsagePage() -> impl IntoView {
    let (params, query) = (use_params_map(), urls::query());
    let place = Memo::new(move |_| {
        let bucket = params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned());
        query.with(|query| Place::new(bucket, query))
    });
    let session = use_session();
    let listing = Resource::new_blocking(
        move || place.get(),
        move |place| async move { ask(place, &session.await?).await },
    );
    let again = Callback::new(move |()| listing.refetch());
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = listing.await;
                let place = place.get_untracked();
                match answer {
                    Ok(listing) => {
                        retry.succeeded();
                        view! { <BucketUsage place listing again /> }.into_any()
                    }
                    Err(problem) => view! { <UsageFailure problem place retry /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn UsageFailure(problem: Problem, place: Place, retry: Retry) -> impl IntoView {
    let bucket = place.bucket;
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <BucketCrumbs bucket />
            <PageTitle heading=usage::tab() title=usage::title(&shown) />
            <Failure problem retry />
        </div>
    }
}

#[component]
fn BucketUsage(place: Place, listing: Listing, again: Callback<()>) -> impl IntoView {
    let bucket = listing.bucket.to_string();
    let title = if place.prefix.is_empty() {
        usage::title(&bucket)
    } else {
        usage::title_of_folder(&visible_name(&place.prefix), &bucket)
    };
    let failed = listing.failed.and_then(|job| job.error);
    let runs = listing.runs.is_some();
    let measure = (!runs).then(|| view! { <Measure bucket=bucket.clone() again /> });
    let running = listing.runs.map(|job| {
        let place = place.clone();
        view! { <Running place job again /> }
    });
    let fits = view! { <WillItFit place=place.clone() facts=listing.facts.clone() /> };
    let history = listing.history.map(|days| {
        let place = place.clone();
        view! { <History place days /> }
    });
    let content = if let Some(shown) = listing.shown {
        snapshot(&place, &listing.facts, &listing.snapshots, &shown)
    } else {
        never(&listing.facts, runs)
    };
    view! {
        <div class="page">
            <BucketCrumbs bucket=bucket.clone() />
            <div class="page-head">
                <PageTitle heading=usage::tab() title />
                <div class="page-actions" data-testid="page-actions">
                    {measure}
                </div>
            </div>
            <BucketTabs bucket here=Tab::Usage />
            <NotMeasured />
            {running}
            {failed.map(|error| alert(usage::failed(&error)))}
            {content}
            {history}
            {fits}
        </div>
    }
}

/// Nothing has been measured yet.
fn never(facts: &BucketFacts, runs: bool) -> AnyView {
    let told = told_by_store(facts).map(|text| view! { <p>{text}</p> });
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="chart" />
            <h2>{if runs { usage::being_measured() } else { usage::never() }}</h2>
            <p>{usage::means()}</p>
            {told}
        </section>
    }
    .into_any()
}

/// What the store itself says of the room that the bucket takes.
fn told_by_store(facts: &BucketFacts) -> Option<String> {
    let used = unit::size(facts.used_bytes?);
    Some(match facts.quota_bytes {
        Some(quota) => usage::store_says_of(&used, &unit::size(quota)),
        None => usage::store_says(&used),
    })
}

/// A measurement: the whole bucket, then a folder of it as picture and table.
fn snapshot(place: &Place, facts: &BucketFacts, all: &[Job], shown: &Shown) -> AnyView {
    let Shown { job, with, page } = shown;
    let measured = job.measured.unwrap_or_default();
    let csv = report_path(&job.id, ReportFormat::Csv);
    let cells = cells(place, page);
    let map = (!cells.is_empty()).then(|| {
        let says = map_says(place, page, &cells);
        view! { <TreeMap says cells /> }
    });
    let summary = summary(page, with.as_ref());
    let table = (place.clone(), page.clone(), measured);
    let compared = with.is_some();
    let notes = notes(job, &measured, page);
    view! {
        {choices(place, all, shown)}
        <p class="help" data-testid="usage-as-of">
            {usage::as_of()} " " {job.started_at.map(|time| view! { <Moment time /> })} ". "
            {told_by_store(facts)}
        </p>
        {totals(&measured)}
        <div class="list usage-folder">
            <div class="usage-head">
                {path(place)}
                <a href=csv class="button button-plain" data-testid="usage-report" download="">
                    <Icon name="download" />
                    {usage::report()}
                </a>
            </div>
            <p data-testid="usage-summary">{summary}</p>
            {compared.then(legend)}
            {map}
            {
                let (place, page, measured) = table;
                view! { <Table place page measured compared /> }
            }
            {pager(place, page)}
        </div>
        {notes}
    }
    .into_any()
}

/// Which measurement is shown, and beside which other: a plain form.
fn choices(place: &Place, all: &[Job], shown: &Shown) -> AnyView {
    if all.len() < 2 && shown.with.is_none() {
        return ().into_any();
    }
    let mut known: Vec<&Job> = all.iter().collect();
    for job in std::iter::once(&shown.job).chain(&shown.with) {
        if !known.iter().any(|one| one.id == job.id) {
            known.push(job);
        }
    }
    let options = |chosen: &str| {
        let option = |job: &&Job| {
            let selected = job.id == chosen;
            view! {
                <option value=job.id.clone() selected=selected>
                    {named(job)}
                </option>
            }
        };
        known.iter().map(option).collect_view()
    };
    let with = shown.with.as_ref().map_or("", |job| job.id.as_str());
    let action = urls::bucket_usage(&place.bucket, &[]);
    let prefix = (!place.prefix.is_empty()).then(|| {
        view! { <input type="hidden" name="prefix" value=place.prefix.clone() /> }
    });
    view! {
        <form method="get" action=action class="usage-choices" data-testid="form-usage">
            {prefix}
            <div class="field">
                <label for="usage-job">{usage::shown()}</label>
                <select id="usage-job" name="job" class="input">
                    {options(&shown.job.id)}
                </select>
            </div>
            <div class="field">
                <label for="usage-with">{usage::compared_with()}</label>
                <select id="usage-with" name="with" class="input">
                    <option value="">{usage::with_nothing()}</option>
                    {options(with)}
                </select>
            </div>
            <Button kind="submit">{usage::show()}</Button>
        </form>
    }
    .into_any()
}

/// A measurement in a list: when, and how much there was.
fn named(job: &Job) -> String {
    let size = job.measured.unwrap_or_default().usage.all_bytes();
    let time = job.started_at.map(utc).unwrap_or_default();
    format!("{time} · {}", unit::size(size))
}

/// The whole bucket in numbers.
fn totals(measured: &Measured) -> AnyView {
    let tile = |label: &'static str, value: String, note: String| {
        view! {
            <div class="tile">
                <dt>{label}</dt>
                <dd>
                    <span class="tile-value">{value}</span>
                    <span class="help">{note}</span>
                </dd>
            </div>
        }
    };
    let sums = measured.usage;
    let markers = usage::markers(sums.markers);
    let old = measured.versions.then(|| {
        let note = format!("{} · {markers}", unit::size(sums.old_bytes));
        tile(usage::old_versions(), unit::count(sums.old_versions), note)
    });
    view! {
        <dl class="tiles" data-testid="usage-totals">
            {tile(
                usage::all_bytes(),
                unit::size(sums.all_bytes()),
                unit::exact_bytes(sums.all_bytes()),
            )} {tile(usage::objects(), unit::count(sums.objects), unit::size(sums.bytes))} {old}
            {tile(
                usage::uploads(),
                unit::count(sums.uploads),
                unit::size(sums.upload_bytes),
            )}
        </dl>
    }
    .into_any()
}

/// The way down to the folder.
fn path(place: &Place) -> AnyView {
    let steps = urls::crumbs(&place.prefix);
    let last = steps.len();
    let steps = steps.into_iter().enumerate().map(|(at, crumb)| {
        let href = place.folder(&crumb.prefix);
        let current = (at + 1 == last).then_some("page");
        view! {
            <li>
                <a href=href aria-current=current>
                    <bdi>{visible_name(&crumb.name)}</bdi>
                </a>
            </li>
        }
    });
    let whole = place.folder("");
    let current = (last == 0).then_some("page");
    view! {
        <nav class="breadcrumb" aria-label=usage::folder() data-testid="usage-path">
            <ol>
                <li>
                    <a href=whole aria-current=current>
                        {usage::whole_bucket()}
                    </a>
                </li>
                {steps.collect_view()}
            </ol>
        </nav>
    }
    .into_any()
}

/// The folder in a sentence, and what has changed.
fn summary(page: &FolderPage, with: Option<&Job>) -> String {
    let sums = page.folder.usage;
    let (size, objects) = (unit::size(sums.all_bytes()), sums.objects);
    let growth = page.folder.growth().zip(page.folder.more_objects());
    let then = with.and_then(|job| job.started_at);
    match (growth, then) {
        (Some((bytes, objects_more)), Some(then)) => {
            let (bytes, more) = (signed(bytes, unit::size), signed(objects_more, unit::count));
            usage::summary_since(&size, objects, &utc(then), &bytes, &more)
        }
        _ => usage::summary(&size, objects),
    }
}

fn legend() -> AnyView {
    let key = |look: &'static str, word: &'static str| {
        view! {
            <span>
                <span class="usage-key" data-look=look></span>
                {word}
            </span>
        }
    };
    view! {
        <p class="usage-legend">
            {key("grown", usage::grown())} {key("shrunk", usage::shrunk())}
            {key("folder", usage::same())}
        </p>
    }
    .into_any()
}

/// What the picture shows: the folders of the page, the files beside them, and all else as one.
fn cells(place: &Place, page: &FolderPage) -> Vec<Cell> {
    let cell = |name: String, line: &FolderLine, href: Option<String>, plain: &'static str| {
        let look = match line.growth().map(i128::signum) {
            Some(1) => "grown",
            Some(-1) => "shrunk",
            _ => plain,
        };
        let size = unit::size(line.usage.all_bytes());
        let growth = line.growth().filter(|growth| *growth != 0);
        let note = growth.map_or_else(|| size.clone(), |growth| signed(growth, unit::size));
        Cell {
            name,
            note,
            size: line.usage.all_bytes(),
            href,
            look,
        }
    };
    let mut cells: Vec<Cell> = page
        .folders
        .iter()
        .map(|line| match &line.prefix {
            Some(prefix) => {
                let name = table::name_of(prefix, &place.prefix);
                cell(name, line, Some(place.folder(prefix)), "folder")
            }
            None => cell(usage::others().to_owned(), line, None, "rest"),
        })
        .collect();
    cells.push(cell(
        usage::files_here().to_owned(),
        &page.files,
        None,
        "rest",
    ));
    let told: u64 = cells.iter().map(|cell| cell.size).sum();
    let rest = page.folder.usage.all_bytes().saturating_sub(told);
    cells.push(Cell {
        name: usage::other_pages().to_owned(),
        note: unit::size(rest),
        size: rest,
        href: None,
        look: "rest",
    });
    cells.retain(|cell| cell.size > 0);
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.size));
    cells
}

fn map_says(place: &Place, page: &FolderPage, cells: &[Cell]) -> String {
    let folder = match place.prefix.as_str() {
        "" => place.bucket.clone(),
        prefix => visible_name(prefix),
    };
    let largest = cells.first();
    let name = largest.map(|cell| cell.name.clone()).unwrap_or_default();
    let share = largest.map_or(0, |cell| {
        table::share(cell.size, page.folder.usage.all_bytes())
    });
    usage::map_says(&folder, &name, &share.to_string())
}

/// What was left out, and why.
fn notes(job: &Job, measured: &Measured, page: &FolderPage) -> AnyView {
    let note = |text: String| view! { <p class="help">{text}</p> };
    let versions = (!measured.versions).then(|| note(usage::no_versions().to_owned()));
    let depth = measured.depth.filter(|_| !page.told);
    let depth = depth.map(|depth| note(usage::no_deeper(u64::from(depth))));
    let failed = (job.progress.failed > 0).then(|| {
        let text = usage::not_looked_into(job.progress.failed);
        view! {
            <p class="alert alert-warn" data-testid="usage-failures">
                <span>{text} " " <a href=urls::job(&job.id)>{usage::why()}</a></span>
            </p>
        }
    });
    view! {
        {versions}
        {depth}
        {failed}
    }
    .into_any()
}

fn pager(place: &Place, page: &FolderPage) -> AnyView {
    let previous = (place.from > 0).then(|| place.at(place.from.saturating_sub(u64::from(PAGE))));
    let next = page.next.map(|from| place.at(from));
    if previous.is_none() && next.is_none() {
        return ().into_any();
    }
    view! {
        <nav class="actions" aria-label=usage::pages() data-testid="pager">
            {previous.map(|href| view! { <LinkButton href>{usage::previous_page()}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href>{usage::next_page()}</LinkButton> })}
        </nav>
    }
    .into_any()
}
