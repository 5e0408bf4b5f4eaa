//! The table of buckets.

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use model::{ErrorCode, cors::CorsSource, reachable::BucketFacts, upload_target::VersioningState};

use super::{
    look::{Column, Look, PAGE, Row},
    menu::{BucketMenu, Menu},
    state::{BucketsState, Known, row_link},
};
use crate::{
    browser,
    text::visible_name,
    ui::{Button, Icon, LinkButton, Moment, Tone},
    unit, urls,
    words::buckets,
};

/// From how much of the quota on the bar is red, in percent; from the soft quota on it is amber.
const NEARLY_FULL: u64 = 95;

/// Sends the filter where no scripts run.
fn filter_button() -> String {
    format!(
        "<button type=\"submit\" class=\"button button-plain\">{}</button>",
        buckets::filter_go()
    )
}

/// The filter, the table and what stands below it.
#[component]
pub fn Table(state: BucketsState) -> impl IntoView {
    let menu = Menu::new();
    view! {
        <div class="list">
            <div class="bucket-bar">
                <Filter state />
                <ColumnMenu state />
            </div>
            <BulkBar state />
            <NoMatch state />
            <div
                class="table-frame"
                role="region"
                aria-label=buckets::title()
                tabindex="0"
                hidden=move || state.rows.with(Vec::is_empty)
            >
                <table class="table table-cards" data-testid="table-buckets">
                    <caption class="sr-only">{buckets::title()}</caption>
                    <thead>
                        <Head state />
                    </thead>
                    <tbody>
                        <For
                            each=move || state.page().0
                            key=|row| (row.bucket.name.clone(), row.pinned, row.listed)
                            let:row
                        >
                            <BucketRow state menu row />
                        </For>
                    </tbody>
                </table>
            </div>
            <Foot state />
            <BucketMenu state menu />
        </div>
    }
}

#[component]
fn Filter(state: BucketsState) -> impl IntoView {
    let text = RwSignal::new(state.look.with_untracked(|look| look.text.clone()));
    if let Some(typed) = browser::typed("bucket-filter") {
        text.set(typed);
    }
    let others = state.look.with_untracked(|look| {
        let look = Look {
            text: String::new(),
            page: 1,
            ..look.clone()
        };
        look.address()
            .split_once('?')
            .map(|(_, query)| urls::Query::parse(query))
            .unwrap_or_default()
    });
    let others = others
        .pairs()
        .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> })
        .collect_view();
    let typed = move |event: ev::Event| {
        let text_now = event_target_value(&event);
        text.set(text_now.clone());
        let look = Look {
            text: text_now,
            page: 1,
            ..state.look.get_untracked()
        };
        state.look_as(&look);
    };
    view! {
        <form method="get" action=urls::BUCKETS class="filter" role="search" on:submit=|event| event.prevent_default()>
            {others}
            <input
                type="search"
                id="bucket-filter"
                name="q"
                class="input"
                aria-label=buckets::filter()
                placeholder=buckets::filter()
                autocomplete="off"
                data-testid="filter-input"
                value=text.get_untracked()
                prop:value=move || text.get()
                on:input=typed
            />
            <noscript inner_html=filter_button()></noscript>
        </form>
    }
}

fn label(column: Column) -> &'static str {
    match column {
        Column::Used => buckets::column_used(),
        Column::Objects => buckets::column_objects(),
        Column::Versioning => buckets::column_versioning(),
        Column::Created => buckets::column_created(),
        Column::Owner => buckets::column_owner(),
        Column::Tags => buckets::column_tags(),
        Column::Retention => buckets::column_retention(),
        Column::Cors => buckets::column_cors(),
        Column::Uploads => buckets::column_uploads(),
    }
}

/// Which columns are seen. Each is a link, so that it needs no scripts.
#[component]
fn ColumnMenu(state: BucketsState) -> impl IntoView {
    let choices = Column::ALL.map(|column| {
        let toggled = move || {
            let mut columns = state.columns.get();
            if columns.contains(&column) {
                columns.retain(|other| *other != column);
            } else {
                columns.push(column);
                columns.sort_unstable();
            }
            columns
        };
        let href = move || {
            let look = Look {
                columns: Some(toggled()),
                ..state.look.get()
            };
            look.address()
        };
        let current = move || {
            state
                .columns
                .with(|columns| columns.contains(&column))
                .then_some("true")
        };
        view! {
            <li>
                <a
                    href=href
                    class="choice"
                    aria-current=current
                    prop:replace=true
                    data-noscroll=""
                    on:click=move |_| BucketsState::remember(&untrack(toggled))
                >
                    <Icon name="check" />
                    {label(column)}
                </a>
            </li>
        }
    });
    view! {
        <Button attr:popovertarget="bucket-columns" attr:data-testid="columns-button">
            <Icon name="columns" />
            <span>{buckets::columns()}</span>
        </Button>
        <div id="bucket-columns" class="menu facet-menu" popover="auto">
            <div role="group" aria-label=buckets::columns()>
                <ul>{choices.into_iter().collect_view()}</ul>
            </div>
        </div>
    }
}

/// What is done with what is selected.
#[component]
fn BulkBar(state: BucketsState) -> impl IntoView {
    let count = move || state.selected.with(BTreeSet::len);
    view! {
        <Show when=move || { count() > 0 }>
            <div class="bulk-bar" data-testid="bulk-bar">
                <span role="status">{move || buckets::selected(count() as u64)}</span>
                <Button
                    attr:data-testid="bulk-delete"
                    press=move |_| {
                        let names = state.selected.get_untracked();
                        state.doomed.set(names.into_iter().collect());
                        state.delete.open();
                    }
                >
                    <Icon name="trash" />
                    {buckets::delete()}
                </Button>
                <Button tone=Tone::Quiet press=move |_| state.selected.update(BTreeSet::clear)>
                    {buckets::clear_selection()}
                </Button>
            </div>
        </Show>
    }
}

#[component]
fn NoMatch(state: BucketsState) -> impl IntoView {
    view! {
        <Show when=move || state.rows.with(Vec::is_empty)>
            <section class="notice" data-testid="state-no-match">
                <Icon name="search" />
                <h2>{move || buckets::no_match(&state.look.with(|look| look.text.clone()))}</h2>
                <p>{move || buckets::hidden(state.all.with(Vec::len) as u64)}</p>
                <p class="actions">
                    <LinkButton href=urls::BUCKETS>{buckets::clear_filter()}</LinkButton>
                </p>
            </section>
        </Show>
    }
}

#[component]
fn Head(state: BucketsState) -> impl IntoView {
    let all_selected = move || {
        state.rows.with(|rows| {
            state
                .selected
                .with(|selected| rows.iter().all(|row| selected.contains(&row.bucket.name)))
        })
    };
    let some = move || state.selected.with(|selected| !selected.is_empty());
    let toggle = move |_| {
        let all = !all_selected();
        state.rows.with_untracked(|rows| {
            state.selected.update(|selected| {
                selected.clear();
                if all {
                    selected.extend(rows.iter().map(|row| row.bucket.name.clone()));
                }
            });
        });
    };
    let head = move |column: Option<Column>| {
        let sorted = move || {
            state.look.with(|look| {
                (look.sort == column).then_some(if look.down { "descending" } else { "ascending" })
            })
        };
        let href = move || state.look.with(|look| look.sorted(column).address());
        view! {
            <th scope="col" aria-sort=sorted class:numeric=column.is_some_and(Column::is_number)>
                <a href=href class="sort" prop:replace=true data-noscroll="">
                    {column.map_or_else(buckets::name, label)}
                    {move || {
                        sorted()
                            .map(|sorted| {
                                let icon = if sorted == "ascending" { "up" } else { "down" };
                                view! { <Icon name=icon /> }
                            })
                    }}
                </a>
            </th>
        }
        .into_any()
    };
    view! {
        <tr>
            <td class="select-cell needs-script">
                <input
                    type="checkbox"
                    aria-label=buckets::select_all()
                    data-testid="select-all"
                    prop:checked=move || some() && all_selected()
                    prop:indeterminate=move || some() && !all_selected()
                    on:change=toggle
                />
            </td>
            {head(None)}
            {move || state.columns.get().into_iter().map(|column| head(Some(column))).collect_view()}
            <th scope="col" class="narrow">
                <span class="sr-only">{buckets::actions()}</span>
            </th>
        </tr>
    }
}

#[component]
fn BucketRow(state: BucketsState, menu: Menu, row: Row) -> impl IntoView {
    let name = StoredValue::new(row.bucket.name.clone());
    let shown = visible_name(&row.bucket.name);
    let known = Memo::new(move |_| name.with_value(|name| state.known(name)));
    let is_selected = move || {
        state
            .selected
            .with(|selected| name.with_value(|name| selected.contains(name)))
    };
    let link_name = row.bucket.name.replace(['"', '\\'], "");
    let (listed, pinned) = (row.listed, row.pinned);
    let badges = move || {
        let mut badges: Vec<(&'static str, &'static str)> = Vec::new();
        if pinned {
            badges.push(("pinned", buckets::pinned()));
        } else if !listed {
            badges.push(("recent", buckets::opened_lately()));
        }
        if let Known::Told(facts) = known.get() {
            if facts.s3 == Some(false) {
                badges.push(("s3-off", buckets::s3_off()));
            } else if is_refused(&facts) {
                badges.push(("no-access", buckets::no_access()));
            }
            if facts.compliance == Some(true) {
                badges.push(("compliance", buckets::compliance()));
            }
            if facts.object_lock == Some(true) {
                badges.push(("object-lock", buckets::object_lock()));
            }
        }
        badges
            .into_iter()
            .map(|(kind, word)| view! { <span class="chip" data-badge=kind>{word}</span> })
            .collect_view()
    };
    let cell = move |column: Column| {
        let text = move || cell(column, &known.get(), row.bucket.creation_date);
        view! {
            <td
                data-label=label(column)
                class:numeric=column.is_number()
                data-testid=(column == Column::Used).then_some("bucket-usage")
                aria-busy=move || known.with(|known| *known == Known::NotYet).then_some("true")
            >
                {text}
            </td>
        }
        .into_any()
    };
    let open_menu = move |event: ev::MouseEvent| {
        event.prevent_default();
        menu.open(name.get_value(), browser::menu_point(&event));
    };
    view! {
        <tr
            data-testid="row"
            data-key=row.bucket.name.clone()
            aria-selected=move || if is_selected() { "true" } else { "false" }
            on:contextmenu=open_menu
        >
            <td class="select-cell needs-script">
                <input
                    type="checkbox"
                    aria-label=buckets::select(&shown)
                    data-testid="row-check"
                    prop:checked=is_selected
                    on:change=move |_| {
                        state
                            .selected
                            .update(|selected| {
                                let name = name.get_value();
                                if !selected.remove(&name) {
                                    selected.insert(name);
                                }
                            });
                    }
                />
            </td>
            <th scope="row">
                <span class="bucket-name">
                    <a href=urls::bucket(&row.bucket.name) class="name-link" data-bucket-link=link_name>
                        <Icon name="bucket" />
                        <bdi>{shown.clone()}</bdi>
                    </a>
                    {badges}
                </span>
            </th>
            {move || state.columns.get().into_iter().map(cell).collect_view()}
            <td class="narrow">
                <span class="row-actions">
                    <button
                        type="button"
                        class="button button-quiet button-icon needs-script"
                        aria-pressed=if pinned { "true" } else { "false" }
                        aria-label=if pinned { buckets::unpin(&shown) } else { buckets::pin(&shown) }
                        title=if pinned { buckets::menu_unpin() } else { buckets::menu_pin() }
                        data-testid="bucket-pin"
                        on:click=move |_| {
                            let name = name.get_value();
                            let focus = row_link(&name);
                            state.keep(|kept| kept.toggle(&name));
                            request_animation_frame(move || browser::focus(&focus));
                        }
                    >
                        <Icon name="pin" />
                    </button>
                    <a
                        href=urls::with_query(
                            urls::BUCKETS,
                            &[("ask", "delete"), ("bucket", &row.bucket.name)],
                        )
                        class="button button-quiet button-icon"
                        title=buckets::delete()
                        data-stays=""
                        data-testid="bucket-delete"
                        on:click=move |event: ev::MouseEvent| {
                            event.prevent_default();
                            state.doomed.set(vec![name.get_value()]);
                            state.delete.open();
                        }
                    >
                        <Icon name="trash" />
                        <span class="sr-only">{format!("{} {shown}", buckets::delete())}</span>
                    </a>
                    <button
                        type="button"
                        class="button button-quiet button-icon needs-script"
                        aria-haspopup="menu"
                        aria-label=buckets::actions_for(&shown)
                        title=buckets::actions()
                        data-testid="row-menu"
                        on:click=move |event: ev::MouseEvent| {
                            menu.open(name.get_value(), browser::menu_point(&event));
                        }
                    >
                        <Icon name="more" />
                    </button>
                </span>
            </td>
        </tr>
    }
}

/// Whether the store refuses the bucket, and is not merely away.
fn is_refused(facts: &BucketFacts) -> bool {
    matches!(
        facts.unreachable,
        Some(ErrorCode::AccessDenied | ErrorCode::BucketNotFound)
    )
}

fn unknown() -> AnyView {
    view! {
        <span aria-hidden="true">"–"</span>
        <span class="sr-only">{buckets::unknown()}</span>
    }
    .into_any()
}

fn or_unknown<T: IntoView + 'static>(value: Option<T>) -> AnyView {
    value.map_or_else(unknown, IntoAny::into_any)
}

/// What stands in a cell.
fn cell(column: Column, known: &Known, listed: Option<model::Timestamp>) -> AnyView {
    if column == Column::Created
        && let Some(time) = listed
    {
        return view! { <Moment time /> }.into_any();
    }
    let Known::Told(facts) = known else {
        return view! {
            <span class="muted" aria-hidden="true">
                "…"
            </span>
            <span class="sr-only">{buckets::asking()}</span>
        }
        .into_any();
    };
    match column {
        Column::Used => used(facts),
        Column::Objects => or_unknown(facts.objects.map(unit::count)),
        Column::Versioning => versioning(facts),
        Column::Created => or_unknown(facts.created.map(|time| view! { <Moment time /> })),
        Column::Owner => or_unknown(
            facts
                .owner
                .clone()
                .map(|owner| view! { <bdi>{owner}</bdi> }),
        ),
        Column::Tags => {
            let tags = facts.tags.clone().unwrap_or_default();
            if tags.is_empty() {
                return unknown();
            }
            let tags = tags.into_iter();
            tags.map(|tag| view! { <span class="chip">{tag}</span> })
                .collect_view()
                .into_any()
        }
        Column::Retention => or_unknown(facts.retention.clone().filter(|text| !text.is_empty())),
        Column::Cors => or_unknown(facts.cors.map(|source| match source {
            CorsSource::Bucket => buckets::cors_bucket(),
            CorsSource::Tenant => buckets::cors_tenant(),
            CorsSource::None => buckets::cors_none(),
            CorsSource::Unknown => buckets::cors_unknown(),
        })),
        Column::Uploads => or_unknown(facts.uploads.map(|number| {
            let number = unit::count(u64::from(number));
            if facts.more_uploads {
                buckets::at_least(&number)
            } else {
                number
            }
        })),
    }
}

fn versioning(facts: &BucketFacts) -> AnyView {
    let word = facts.versioning.map(|state| match state {
        VersioningState::Off => buckets::versioning_off(),
        VersioningState::Enabled => buckets::versioning_on(),
        VersioningState::Suspended => buckets::versioning_suspended(),
    });
    let markers =
        facts.delete_markers == Some(true) && facts.versioning == Some(VersioningState::Enabled);
    or_unknown(word.map(|word| {
        view! {
            {word}
            {markers.then(|| view! { " " <span class="chip">{buckets::keeps_deleted()}</span> })}
        }
    }))
}

/// Used of how much, with a bar where both are known.
fn used(facts: &BucketFacts) -> AnyView {
    let Some(used) = facts.used_bytes else {
        return unknown();
    };
    let Some(quota) = facts.quota_bytes.filter(|quota| *quota > 0) else {
        let title = buckets::used_exact_alone(&used.to_string());
        return view! { <span title=title>{unit::size(used)}</span> }.into_any();
    };
    let percent = u64::try_from(u128::from(used) * 100 / u128::from(quota)).unwrap_or(u64::MAX);
    let part = |percent: u64| (quota / 100).saturating_mul(percent).to_string();
    let soft = facts.soft_quota.map_or(NEARLY_FULL, u64::from);
    let text = buckets::used_of(&unit::size(used), &unit::size(quota), &percent.to_string());
    let title = buckets::used_exact(&used.to_string(), &quota.to_string());
    view! {
        <span class="share" title=title>
            <span>{text.clone()}</span>
            <meter
                min="0"
                max=quota.to_string()
                low=part(soft.min(NEARLY_FULL))
                high=part(NEARLY_FULL)
                optimum="0"
                value=used.min(quota).to_string()
                aria-label=text
            ></meter>
        </span>
    }
    .into_any()
}

#[component]
fn Foot(state: BucketsState) -> impl IntoView {
    let line = move || {
        let (all, shown) = (state.all.with(Vec::len), state.rows.with(Vec::len));
        let filtered = state.look.with(|look| !look.text.is_empty());
        if filtered {
            return buckets::counted_filtered(
                &unit::count(shown as u64),
                &buckets::counted(all as u64),
            );
        }
        let counted = buckets::counted(shown as u64);
        if shown <= PAGE {
            return counted;
        }
        let from = (state.page().1 - 1) * PAGE;
        buckets::counted_of(
            &unit::count(from as u64 + 1),
            &unit::count((from + PAGE).min(shown) as u64),
            &counted,
        )
    };
    let pager = move || {
        let pages = state.rows.with(Vec::len).div_ceil(PAGE);
        let page = state.page().1;
        let to = move |page: usize| {
            state.look.with(|look| {
                Look {
                    page,
                    ..look.clone()
                }
                .address()
            })
        };
        (pages > 1).then(|| {
            view! {
                <nav class="actions" aria-label=buckets::pages() data-testid="pager">
                    {(page > 1)
                        .then(|| view! { <LinkButton href=to(page - 1)>{buckets::previous()}</LinkButton> })}
                    <span class="status-line">
                        {buckets::page_of(&page.to_string(), &pages.to_string())}
                    </span>
                    {(page < pages)
                        .then(|| view! { <LinkButton href=to(page + 1)>{buckets::next()}</LinkButton> })}
                </nav>
            }
        })
    };
    view! {
        <div class="list-foot">
            <p class="status-line" data-testid="count-line">
                {line}
            </p>
            {pager}
            <span class="needs-script">
                <Button
                    tone=Tone::Quiet
                    attr:data-testid="export-csv"
                    press=move |_| leptos::task::spawn_local(export(state))
                >
                    <Icon name="download" />
                    {buckets::csv()}
                </Button>
            </span>
        </div>
    }
}

/// Hands the person all rows that the filter lets pass, exact and unabridged.
async fn export(state: BucketsState) {
    state.ask_all().await;
    let text = state.rows.with_untracked(|rows| {
        let columns = state.columns.get_untracked();
        let head = std::iter::once(buckets::name().to_owned());
        let head = head.chain(columns.iter().map(|column| label(*column).to_owned()));
        let mut text = crate::text::csv_line(head);
        for row in rows {
            let facts = state
                .facts
                .with_untracked(|facts| facts.get(&row.bucket.name).cloned())
                .unwrap_or_default()
                .facts;
            let cells = columns.iter().map(|column| plain(*column, row, &facts));
            let cells = std::iter::once(row.bucket.name.clone()).chain(cells);
            text += &crate::text::csv_line(cells);
        }
        text
    });
    browser::save("buckets.csv", "text/csv;charset=utf-8", &text);
}

/// A cell as it is exported.
fn plain(column: Column, row: &Row, facts: &BucketFacts) -> String {
    let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    match column {
        Column::Used => number(facts.used_bytes),
        Column::Objects => number(facts.objects),
        Column::Versioning => match facts.versioning {
            Some(VersioningState::Off) => buckets::versioning_off().to_owned(),
            Some(VersioningState::Enabled) => buckets::versioning_on().to_owned(),
            Some(VersioningState::Suspended) => buckets::versioning_suspended().to_owned(),
            None => String::new(),
        },
        Column::Created => {
            let created = row.bucket.creation_date.or(facts.created);
            created.map(|time| time.to_string()).unwrap_or_default()
        }
        Column::Owner => facts.owner.clone().unwrap_or_default(),
        Column::Tags => facts.tags.clone().unwrap_or_default().join(" "),
        Column::Retention => facts.retention.clone().unwrap_or_default(),
        Column::Cors => facts
            .cors
            .map(|source| match source {
                CorsSource::Bucket => buckets::cors_bucket(),
                CorsSource::Tenant => buckets::cors_tenant(),
                CorsSource::None => buckets::cors_none(),
                CorsSource::Unknown => buckets::cors_unknown(),
            })
            .unwrap_or_default()
            .to_owned(),
        Column::Uploads => number(facts.uploads.map(u64::from)),
    }
}
