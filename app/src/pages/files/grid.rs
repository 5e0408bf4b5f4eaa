//! The list of a folder: a grid with one tab stop, moved in by the arrow keys.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    listing::{Column, Order, status},
    row::Row,
    state::FilesState,
};
use crate::{
    browser,
    layout::title::Settled,
    text::visible_name,
    ui::{Button, Icon, Tone},
    urls,
};

/// Rows that one page key moves by.
const PAGE_STEP: usize = 12;

/// The cell that has the grid's tab stop.
#[derive(Clone, Copy)]
pub struct Cursor {
    /// Key of the row, and the column: 0 the checkbox, 1 the name.
    at: RwSignal<Option<(String, u8)>>,
    /// Compares per cell, so that a move touches two cells and not all.
    is_at: StoredValue<Selector<Option<(String, u8)>>>,
}

impl Cursor {
    fn new(state: FilesState) -> Self {
        let at = RwSignal::new(None::<(String, u8)>);
        // Before scripts run every cell is its own tab stop, so that the keyboard works without them.
        let settled = expect_context::<Settled>().0;
        Effect::new(move |_| {
            if !settled.get() {
                return;
            }
            let lost = state.shown.with(|rows| {
                let kept = at.with_untracked(|at| {
                    at.as_ref()
                        .is_some_and(|(key, _)| rows.iter().any(|row| row.key == *key))
                });
                (!kept).then(|| rows.first().map(|row| (row.key.clone(), 1)))
            });
            if let Some(first) = lost {
                at.set(first);
            }
        });
        Self {
            at,
            is_at: StoredValue::new(Selector::new(move || at.get())),
        }
    }

    /// The `tabindex` of a cell; none while there is no cursor yet.
    pub fn tabindex(self, settled: bool, key: &str, column: u8) -> Option<&'static str> {
        if !settled {
            return None;
        }
        let here = self
            .is_at
            .with_value(|is_at| is_at.selected(&Some((key.to_owned(), column))));
        Some(if here { "0" } else { "-1" })
    }

    /// Remembers where the focus went.
    pub fn set(self, key: &str, column: u8) {
        self.at.set(Some((key.to_owned(), column)));
    }
}

/// The grid with its head, its rows and its status line.
#[component]
pub fn Grid(state: FilesState, order: Signal<Order>) -> impl IntoView {
    let cursor = Cursor::new(state);
    let navigate = use_navigate();
    let keys = move |event: ev::KeyboardEvent| {
        if let Some(address) = press(state, cursor, &event) {
            navigate(&address, NavigateOptions::default());
        }
    };
    let label = state.prefix.with_value(|prefix| {
        if prefix.is_empty() {
            state
                .bucket
                .with_value(|bucket| format!("Files in {bucket}"))
        } else {
            format!("Files in {}", visible_name(prefix))
        }
    });
    let rows = move || {
        if state.token.with(Option::is_some) {
            "-1".to_owned()
        } else {
            (state.shown.with(Vec::len) + 1).to_string()
        }
    };
    view! {
        <form
            id="selection"
            method="get"
            action=state.bucket.with_value(|bucket| urls::bucket(bucket.as_str()))
        >
            <input type="hidden" name="prefix" value=state.prefix.get_value() />
        </form>
        <div
            role="grid"
            class="files"
            aria-label=label
            aria-multiselectable="true"
            aria-rowcount=rows
            aria-busy=move || state.loading.get().then_some("true")
            data-testid="file-grid"
            on:keydown=keys
        >
            <Head state order />
            <div role="rowgroup" class="files-body">
                <ForEnumerate
                    each=move || state.shown.get()
                    key=|entry| (entry.key.clone(), entry.size, entry.modified)
                    children=move |index, entry| view! { <Row state cursor index entry /> }
                />
            </div>
        </div>
        <StatusLine state />
    }
}

/// The heads of the columns; sorting is a link, so that it works without scripts and is kept.
#[component]
fn Head(state: FilesState, order: Signal<Order>) -> impl IntoView {
    let all = move || {
        let rows = state.shown.with(Vec::len);
        rows > 0 && state.selected.with(std::collections::BTreeSet::len) == rows
    };
    let some = move || !all() && !state.selected.with(std::collections::BTreeSet::is_empty);
    view! {
        <div role="rowgroup" class="files-head">
            <div role="row" aria-rowindex="1" class="files-row">
                <div role="columnheader" class="cell-check">
                    <label class="check needs-script">
                        <span class="sr-only">"Select all rows"</span>
                        <input
                            type="checkbox"
                            data-testid="select-all"
                            prop:checked=all
                            prop:indeterminate=some
                            on:change=move |event| state.select_all(event_target_checked(&event))
                        />
                    </label>
                </div>
                <SortHead state order column=Column::Name word="Name" class="cell-name" />
                <SortHead state order column=Column::Size word="Size" class="cell-size" />
                <SortHead state order column=Column::Modified word="Changed" class="cell-time" />
            </div>
        </div>
    }
}

#[component]
fn SortHead(
    state: FilesState,
    order: Signal<Order>,
    column: Column,
    word: &'static str,
    class: &'static str,
) -> impl IntoView {
    let current = move || order.get().column == column;
    let sorted = move || {
        current().then(|| {
            if order.get().descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let href = move || {
        let descending = current() && !order.get().descending;
        let sort = if column == Column::Name && !descending {
            ""
        } else {
            column.as_str()
        };
        let direction = if descending { "desc" } else { "" };
        let path = state
            .bucket
            .with_value(|bucket| urls::bucket(bucket.as_str()));
        state.prefix.with_value(|prefix| {
            let parameters = [
                ("prefix", prefix.as_str()),
                ("sort", sort),
                ("dir", direction),
            ];
            urls::with_query(&path, &parameters)
        })
    };
    view! {
        <div role="columnheader" class=class aria-sort=sorted>
            <a href=href class="sort" prop:replace=true data-noscroll="">
                {word}
                {move || {
                    sorted()
                        .map(|direction| {
                            let icon = if direction == "ascending" { "up" } else { "down" };
                            view! { <Icon name=icon /> }
                        })
                }}
            </a>
        </div>
    }
}

/// Acts on a key; answers with an address where the key leads to another folder.
fn press(state: FilesState, cursor: Cursor, event: &ev::KeyboardEvent) -> Option<String> {
    let command = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "a" if command => state.select_all(true),
        "Escape"
            if !state
                .selected
                .with_untracked(std::collections::BTreeSet::is_empty) =>
        {
            state.select_all(false);
        }
        "Delete"
            if !state
                .selected
                .with_untracked(std::collections::BTreeSet::is_empty) =>
        {
            state.delete.open();
        }
        "Backspace" => {
            event.prevent_default();
            return one_up(state);
        }
        " " => {
            let (key, column) = cursor.at.get_untracked()?;
            if column == 0 && !event.shift_key() {
                // The checkbox's own key: its click follows.
                return None;
            }
            if event.shift_key() {
                state.select_range(&key, command);
            } else {
                state.toggle(&key);
            }
        }
        key => {
            let (at, column) = step(state, cursor, key)?;
            let row = state.shown.with_untracked(|rows| rows.get(at).cloned())?;
            if event.shift_key() && key != "ArrowLeft" && key != "ArrowRight" {
                state.select_range(&row.key, command);
            }
            cursor.set(&row.key, column);
            browser::focus(&format!("#cell-{at}-{column}"));
        }
    }
    event.prevent_default();
    None
}

/// Where a moving key leads: row and column. `None` for any other key.
fn step(state: FilesState, cursor: Cursor, key: &str) -> Option<(usize, u8)> {
    let (at, column) = cursor.at.get_untracked()?;
    let (now, last) = state.shown.with_untracked(|rows| {
        let now = rows.iter().position(|row| row.key == at);
        (now.unwrap_or_default(), rows.len().saturating_sub(1))
    });
    Some(match key {
        "ArrowDown" => ((now + 1).min(last), column),
        "ArrowUp" => (now.saturating_sub(1), column),
        "PageDown" => ((now + PAGE_STEP).min(last), column),
        "PageUp" => (now.saturating_sub(PAGE_STEP), column),
        "Home" => (0, column),
        "End" => (last, column),
        "ArrowLeft" => (now, 0),
        "ArrowRight" => (now, 1),
        _ => return None,
    })
}

fn one_up(state: FilesState) -> Option<String> {
    state.prefix.with_value(|prefix| {
        if prefix.is_empty() {
            return None;
        }
        let above = urls::crumbs(prefix).into_iter().rev().nth(1);
        let above = above.map_or_else(String::new, |level| level.prefix);
        Some(
            state
                .bucket
                .with_value(|bucket| urls::folder(bucket, &above)),
        )
    })
}

/// How much there is, and how to get the rest.
#[component]
fn StatusLine(state: FilesState) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    let more = move || state.token.with(Option::is_some);
    let line = move || {
        state
            .shown
            .with(|rows| status(rows, more(), state.loading.get()))
    };
    let next = move || {
        let path = state
            .bucket
            .with_value(|bucket| urls::bucket(bucket.as_str()));
        let token = state.token.get().unwrap_or_default();
        state
            .prefix
            .with_value(|prefix| urls::with_query(&path, &[("prefix", prefix), ("after", &token)]))
    };
    view! {
        <div class="status-line">
            <span data-testid="status-line">{line}</span>
            {move || {
                state
                    .stopped
                    .get()
                    .map(|problem| {
                        view! {
                            <span class="status-problem">
                                <Icon name="alert" />
                                {format!("Listing stopped. {}", problem.sentence())}
                            </span>
                        }
                    })
            }}
            <Show when=more>
                <Show
                    when=move || settled.get()
                    fallback=move || {
                        view! {
                            <a href=next class="button button-plain" data-testid="pager">
                                "Next 100"
                            </a>
                        }
                    }
                >
                    <Show when=move || !state.loading.get()>
                        <Button
                            tone=Tone::Plain
                            attr:data-testid="load-all"
                            on:click=move |_| state.load_all()
                        >
                            {move || {
                                if state.stopped.with(Option::is_some) {
                                    "Continue"
                                } else {
                                    "Load all"
                                }
                            }}
                        </Button>
                    </Show>
                </Show>
            </Show>
        </div>
    }
}
