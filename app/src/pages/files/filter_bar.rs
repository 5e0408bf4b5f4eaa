//! The row above the list: what narrows it, and how it is laid out.

use leptos::{ev, prelude::*};
use model::session::{Folders, PreferencesChange};

use super::{
    filter::{Since, SizeRange},
    kind::Kind,
    look::{Extra, Look},
    order::{Column, Order},
    rows::Rows,
    say,
    state::FilesState,
};
use crate::{
    browser, drawn,
    ui::{Button, Icon},
    urls,
    words::files,
};

/// Where this browser remembers its columns.
const COLUMNS: &str = "hako-files-columns";

/// The field, the facets and the view.
#[component]
pub fn FilterBar(state: FilesState) -> impl IntoView {
    Effect::new(move |_| {
        let columns = browser::remembered(COLUMNS).and_then(|words| Extra::list(&words));
        if columns.is_some() {
            state.kept_columns.set(columns);
        }
    });
    view! {
        <div class="filter-bar">
            <FilterField state />
            <Facets state />
            <ViewMenu state />
        </div>
        <Chips state />
        <Hint state />
    }
}

#[component]
fn FilterField(state: FilesState) -> impl IntoView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        browser::focus(".files-body [tabindex=\"0\"]");
    };
    // Without scripts the form carries along what else the address says.
    let others = untrack(|| {
        with(state, |look| look.text.clear())
            .split_once('?')
            .map(|(_, query)| urls::Query::parse(query))
            .unwrap_or_default()
    });
    let others = others
        .pairs()
        .map(|(name, value)| {
            view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
        })
        .collect_view();
    if let Some(typed) = browser::typed("files-filter")
        && typed != state.text.get_untracked()
    {
        state.text.set(typed);
    }
    view! {
        <form
            method="get"
            action=state.bucket.with_value(|bucket| urls::bucket(bucket.as_str()))
            class="filter-form"
            role="search"
            on:submit=submit
        >
            {others}
            <label for="files-filter" class="sr-only">
                {files::filter_label()}
            </label>
            <Icon name="search" />
            <input
                type="search"
                id="files-filter"
                name="q"
                class="input"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=files::filter_label()
                title=files::filter_help()
                value=state.text.get_untracked()
                prop:value=move || state.text.get()
                data-testid="filter-input"
                on:input=move |event| state.text.set(event_target_value(&event))
            />
            <noscript>
                <button type="submit" class="button button-plain">
                    {files::filter_apply()}
                </button>
            </noscript>
        </form>
    }
}

/// A link of a menu, marked where it is what is shown.
fn choice(
    href: impl Fn() -> String + Send + Sync + 'static,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    words: String,
) -> AnyView {
    choice_and(href, chosen, words, || {})
}

/// The same; something else is done when it is chosen.
fn choice_and(
    href: impl Fn() -> String + Send + Sync + 'static,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    words: String,
    also: impl Fn() + 'static,
) -> AnyView {
    let mark = StoredValue::new(chosen);
    let is_chosen = move || mark.with_value(|chosen| chosen());
    view! {
        <li>
            <a
                href=href
                class="choice"
                aria-current=move || is_chosen().then_some("true")
                prop:replace=true
                data-noscroll=""
                on:click=move |_| also()
            >
                <Icon name="check" />
                {words}
            </a>
        </li>
    }
    .into_any()
}

fn with(state: FilesState, change: impl Fn(&mut Look)) -> String {
    let mut look = state.look.get();
    change(&mut look);
    state.address(&look)
}

/// The kinds, sizes and times that the list can be narrowed to.
#[component]
fn Facets(state: FilesState) -> impl IntoView {
    let kinds = Kind::ALL.map(|kind| {
        choice(
            move || {
                with(state, |look| {
                    if look.kinds.contains(&kind) {
                        look.kinds.retain(|other| *other != kind);
                    } else {
                        look.kinds.push(kind);
                        look.kinds.sort_unstable();
                    }
                })
            },
            move || state.look.with(|look| look.kinds.contains(&kind)),
            say::kind(kind).to_owned(),
        )
    });
    let size = |size: Option<SizeRange>| {
        choice(
            move || with(state, |look| look.size = size),
            move || state.look.with(|look| look.size == size),
            size.map_or_else(|| files::facet_any().to_owned(), say::size_range),
        )
    };
    let sizes = std::iter::once(None)
        .chain(SizeRange::MENU.map(Some))
        .map(size)
        .collect_view();
    let since = |since: Option<Since>| {
        choice(
            move || with(state, |look| look.since = since),
            move || state.look.with(|look| look.since == since),
            since.map_or_else(|| files::facet_any().to_owned(), say::since),
        )
    };
    let times = std::iter::once(None)
        .chain(Since::MENU.map(Some))
        .map(since)
        .collect_view();
    let count = move || {
        state.look.with(|look| {
            let facets = look.kinds.len()
                + usize::from(look.size.is_some())
                + usize::from(look.since.is_some());
            (facets > 0).then(|| format!(" ({facets})"))
        })
    };
    view! {
        <Button attr:popovertarget="files-facets" attr:data-testid="facets-button">
            <Icon name="settings" />
            <span>{files::facets()} {count}</span>
        </Button>
        <div id="files-facets" class="menu facet-menu" popover="auto" data-testid="facets">
            <div role="group" aria-label=files::facet_kind()>
                <h2 aria-hidden="true">{files::facet_kind()}</h2>
                <ul>{kinds.into_iter().collect_view()}</ul>
            </div>
            <div role="group" aria-label=files::facet_size()>
                <h2 aria-hidden="true">{files::facet_size()}</h2>
                <ul>{sizes}</ul>
                <OwnSize state />
            </div>
            <div role="group" aria-label=files::facet_changed()>
                <h2 aria-hidden="true">{files::facet_changed()}</h2>
                <ul>{times}</ul>
                <OwnTime state />
            </div>
        </div>
    }
}

/// Two fields and a button, for a range of one's own.
fn own_range(
    fields: [(&'static str, &'static str); 2],
    kind: &'static str,
    placeholder: &'static str,
    take: impl Fn(&str, &str) -> bool + Copy + 'static,
) -> AnyView {
    let values = fields.map(|_| RwSignal::new(String::new()));
    let wrong = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let [from, to] = values.map(|value| value.get_untracked());
        wrong.set(!take(from.trim(), to.trim()));
    };
    let inputs = fields
        .into_iter()
        .zip(values)
        .map(|((id, label), value)| {
            view! {
                <label for=id>{label}</label>
                <input
                    id=id
                    type=kind
                    class="input"
                    placeholder=placeholder
                    autocomplete="off"
                    aria-invalid=move || wrong.get().then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| {
                        wrong.set(false);
                        value.set(event_target_value(&event));
                    }
                />
            }
        })
        .collect_view();
    view! {
        <form class="own-range needs-script" on:submit=submit>
            {inputs}
            <Button kind="submit">{files::apply()}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn OwnSize(state: FilesState) -> impl IntoView {
    let navigate = StoredValue::new(leptos_router::hooks::use_navigate());
    let fields = [
        ("size-from", files::size_from_label()),
        ("size-to", files::size_to_label()),
    ];
    own_range(fields, "text", "10 MB", move |from, to| {
        let range = SizeRange::parse(&format!("{from}-{to}").replace(' ', ""));
        let address = untrack(|| with(state, |look| look.size = range));
        if range.is_some() {
            navigate.with_value(|navigate| navigate(&address, replacing()));
        }
        range.is_some()
    })
}

#[component]
fn OwnTime(state: FilesState) -> impl IntoView {
    let navigate = StoredValue::new(leptos_router::hooks::use_navigate());
    let fields = [
        ("since-from", files::since_from_label()),
        ("since-to", files::since_to_label()),
    ];
    own_range(fields, "date", "", move |from, to| {
        let since = Since::parse(&format!("{from}..{to}"));
        let address = untrack(|| with(state, |look| look.since = since));
        if since.is_some() {
            navigate.with_value(|navigate| navigate(&address, replacing()));
        }
        since.is_some()
    })
}

fn replacing() -> leptos_router::NavigateOptions {
    leptos_router::NavigateOptions {
        replace: true,
        scroll: false,
        ..leptos_router::NavigateOptions::default()
    }
}

/// The order, the columns, and whether folders are opened one by one.
#[component]
fn ViewMenu(state: FilesState) -> impl IntoView {
    let orders = Column::ALL.map(|column| {
        choice(
            move || {
                with(state, |look| {
                    let again = look.order.column == column;
                    look.order = Order {
                        column,
                        descending: again && !look.order.descending,
                    };
                })
            },
            move || state.look.with(|look| look.order.column == column),
            say::order(column).to_owned(),
        )
    });
    let columns = Extra::ALL.map(|column| {
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
        choice_and(
            move || with(state, |look| look.columns = Some(toggled())),
            move || state.columns.with(|columns| columns.contains(&column)),
            say::column(column).to_owned(),
            // The address shows them; they are kept for the next one.
            move || browser::remember(COLUMNS, &Extra::words(&untrack(toggled))),
        )
    });
    let layout = [false, true].map(|flat| {
        let words = if flat {
            files::flat_view()
        } else {
            files::folder_view()
        };
        view! {
            <li>
                <a
                    href=move || with(state, |look| look.flat = flat)
                    class="choice"
                    aria-current=move || {
                        state.look.with(|look| look.flat == flat).then_some("true")
                    }
                    data-testid=if flat { "view-flat" } else { "view-folder" }
                >
                    <Icon name="check" />
                    {words}
                </a>
            </li>
        }
    });
    let mixed = move |_| {
        let mixed = !state.mixed.get_untracked();
        state.mixed.set(mixed);
        let folders = if mixed {
            Folders::Mixed
        } else {
            Folders::First
        };
        drawn::prefer(PreferencesChange {
            folders: Some(folders),
            ..PreferencesChange::default()
        });
    };
    view! {
        <Button attr:popovertarget="files-view" attr:data-testid="columns-button">
            <Icon name="columns" />
            <span>{files::view()}</span>
        </Button>
        <div id="files-view" class="menu facet-menu" popover="auto" data-testid="view-menu">
            <div role="group" aria-label=files::sort_by()>
                <h2 aria-hidden="true">{files::sort_by()}</h2>
                <ul>{orders.into_iter().collect_view()}</ul>
                <button
                    type="button"
                    class="choice needs-script"
                    aria-pressed=move || if state.mixed.get() { "false" } else { "true" }
                    data-testid="folders-first"
                    on:click=mixed
                >
                    <Icon name="check" />
                    {files::folders_first()}
                </button>
            </div>
            <div role="group" aria-label=files::columns()>
                <h2 aria-hidden="true">{files::columns()}</h2>
                <ul>{columns.into_iter().collect_view()}</ul>
            </div>
            <div role="group" aria-label=files::layout()>
                <h2 aria-hidden="true">{files::layout()}</h2>
                <ul>{layout.into_iter().collect_view()}</ul>
                <super::deleted::ShowDeleted state />
            </div>
        </div>
    }
}

/// The facets that hold, each with the way to be rid of it.
#[component]
fn Chips(state: FilesState) -> impl IntoView {
    let chip = move |words: String, look: Look| {
        let title = files::remove_filter(&words);
        view! {
            <li>
                <a
                    href=state.address(&look)
                    class="facet-chip"
                    title=title.clone()
                    prop:replace=true
                    data-noscroll=""
                    data-testid="chip-filter"
                >
                    {words}
                    <Icon name="close" />
                    <span class="sr-only">", " {title.clone()}</span>
                </a>
            </li>
        }
    };
    let chips = move || {
        let look = state.look.get();
        let mut chips = Vec::new();
        for kind in &look.kinds {
            let mut without = look.clone();
            without.kinds.retain(|other| other != kind);
            chips.push(chip(say::kind(*kind).to_owned(), without));
        }
        if let Some(size) = look.size {
            let without = Look {
                size: None,
                ..look.clone()
            };
            chips.push(chip(say::size_range(size), without));
        }
        if let Some(since) = look.since {
            let without = Look {
                since: None,
                ..look.clone()
            };
            chips.push(chip(say::since(since), without));
        }
        (!chips.is_empty())
            .then(|| view! { <ul class="facet-chips" aria-label=files::facets()>{chips}</ul> })
    };
    view! { {chips} }
}

/// What the filter covers, and how to look further.
#[component]
fn Hint(state: FilesState) -> impl IntoView {
    let filtered = Memo::new(move |_| {
        state
            .look
            .with(|look| look.has_facets() || !look.text.is_empty())
    });
    let counts = Memo::new(move |_| state.rows.with(|rows| (rows.len(), rows.held())));
    let further = move || {
        let text = state.look.with(|look| look.text.clone());
        let plain = !text.is_empty() && !text.contains(['*', '?', '"']);
        (plain && state.token.with(Option::is_some)).then(move || {
            let prefix = state.prefix.with_value(|prefix| format!("{prefix}{text}"));
            view! {
                <a href=state.folder(&prefix) data-testid="search-rest">
                    {files::search_rest()}
                </a>
            }
        })
    };
    view! {
        <Show when=move || filtered.get()>
            <p class="filter-hint" data-testid="filter-hint">
                <span>
                    {move || {
                        let (shown, held) = counts.get();
                        say::matching(shown, held)
                    }}
                </span>
                {further}
            </p>
        </Show>
    }
}

/// What stands in place of the list where the filter hides all of it.
#[component]
pub fn NoMatch(state: FilesState) -> impl IntoView {
    let text = move || {
        let text = state.look.with(|look| look.text.clone());
        if text.is_empty() {
            files::nothing_matches_facets().to_owned()
        } else {
            files::nothing_matches(&text)
        }
    };
    let hidden = move || files::hidden_rows(state.rows.with(Rows::held) as u64);
    view! {
        <section class="notice" data-testid="state-no-match">
            <Icon name="search" />
            <h2>{text}</h2>
            <p>{hidden}</p>
            <div class="actions">
                <a
                    href=move || state.clear_filter()
                    class="button button-plain"
                    prop:replace=true
                    data-noscroll=""
                    on:click=move |_| state.text.set(String::new())
                >
                    {files::clear_filter()}
                </a>
            </div>
        </section>
    }
}
