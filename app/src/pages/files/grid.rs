//! The list of a folder: a grid with one tab stop, moved in by the arrow keys.

use leptos::{ev, prelude::*};

use super::{
    filter::Pattern,
    hand::Hand,
    look::Extra,
    order::{Column, Order},
    row::Row,
    rows::Rows,
    say,
    selection::Selection,
    state::FilesState,
    window::Window,
};
use crate::{layout::title::Settled, ui::Icon, words::files};

/// The `id` of a cell that can have the focus.
pub fn cell_id(entry: u32, column: usize) -> String {
    format!("cell-{entry}-{column}")
}

/// The cell with an `id`.
#[cfg(feature = "hydrate")]
pub fn cell_of(id: &str) -> Option<super::state::Cell> {
    let (entry, column) = id.strip_prefix("cell-")?.split_once('-')?;
    Some((entry.parse().ok()?, column.parse().ok()?))
}

/// The entry of the row that has the focus.
#[cfg(feature = "hydrate")]
pub fn focused_row(state: FilesState) -> Option<u32> {
    let active = document().active_element()?;
    let inside = active.closest(".files-body").ok().flatten().is_some();
    let (id, _) = state.cursor.try_get_untracked()??;
    inside.then_some(id)
}

/// The column of the name.
pub const NAME: usize = 1;

/// How many columns a row has for the arrow keys: the checkbox, the name, the others, the menu.
pub fn columns(state: FilesState) -> usize {
    state.columns.with_untracked(Vec::len) + 3
}

/// The grid with its head and its rows.
#[component]
pub fn Grid(state: FilesState, window: Window, hand: Hand) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    window.watch();
    Effect::new(move |_| {
        // Before scripts run every cell is its own tab stop, so that the keyboard works without them.
        if !settled.get() {
            return;
        }
        let lost = state.rows.with(|rows| {
            let kept = state.cursor.get_untracked();
            let kept = kept.is_some_and(|(id, _)| rows.place_of(id).is_some());
            (!kept).then(|| rows.at(0).map(|id| (id, NAME)))
        });
        if let Some(first) = lost {
            state.cursor.set(first);
        }
    });
    let pattern = Memo::new(move |_| state.look.with(|look| Pattern::parse(&look.text)));
    let label = state.prefix.with_value(|prefix| {
        state
            .bucket
            .with_value(|bucket| say::files_in(bucket.as_str(), prefix))
    });
    let count = move || {
        if state.token.with(Option::is_some) {
            "-1".to_owned()
        } else {
            (state.rows.with(Rows::len) + 1).to_string()
        }
    };
    view! {
        <form
            id="selection"
            method="get"
            action=state.bucket.with_value(|bucket| crate::urls::bucket(bucket.as_str()))
        >
            <input type="hidden" name="prefix" value=state.prefix.get_value() />
        </form>
        <div
            role="grid"
            class="files"
            aria-label=label
            aria-multiselectable="true"
            aria-rowcount=count
            aria-busy=move || state.loading.get().then_some("true")
            data-testid="file-grid"
            on:keydown=move |event| hand.press(&event)
            on:click=move |event| hand.click(&event)
            on:focusin=move |event| hand.focus_came(&event)
            on:contextmenu=move |event| hand.ask_menu(&event)
            on:pointerdown=move |event| hand.down(&event)
            on:pointermove=move |event: ev::PointerEvent| hand.moved(&event)
            on:pointerup=move |_| hand.up()
            on:pointercancel=move |_| hand.up()
        >
            <Head state />
            <div
                role="rowgroup"
                class="files-body"
                node_ref=window.node
                style:padding-bottom=move || window.space(window.after.get())
            >
                <For each=move || window.drawn.get() key=|drawn| drawn.key() let:drawn>
                    <Row state window pattern drawn />
                </For>
            </div>
        </div>
    }
}

/// The heads of the columns; sorting is a link, so that it works without scripts and is kept.
#[component]
fn Head(state: FilesState) -> impl IntoView {
    let all = Memo::new(move |_| {
        state
            .rows
            .with(|rows| state.selection.with(|selection| selection.has_all(rows)))
    });
    let some = move || !all.get() && !state.selection.with(Selection::is_empty);
    let names = state
        .look
        .with_untracked(|look| Column::of_names(look.names));
    let columns = move || {
        let columns = state.columns.get();
        columns
            .into_iter()
            .map(|column| head_of(state, column))
            .collect_view()
    };
    view! {
        <div role="rowgroup" class="files-head">
            <div role="row" aria-rowindex="1" class="files-row">
                <div role="columnheader" class="cell-check">
                    <label class="check needs-script">
                        <span class="sr-only">{files::select_all_rows()}</span>
                        <input
                            type="checkbox"
                            data-testid="select-all"
                            prop:checked=move || all.get()
                            prop:indeterminate=some
                            on:change=move |event| {
                                let all = event_target_checked(&event);
                                state.select(|selection, rows| {
                                    if all { selection.all(rows) } else { selection.clear() }
                                });
                            }
                        />
                    </label>
                </div>
                <SortHead
                    state
                    column=names
                    also=Some(names.other_of_names())
                    word=files::column_name()
                    class="cell-name"
                />
                {columns}
                <div role="columnheader" class="cell-menu">
                    <span class="sr-only">{files::actions()}</span>
                </div>
            </div>
        </div>
    }
}

fn head_of(state: FilesState, column: Extra) -> AnyView {
    let sorts = match column {
        Extra::Size => Column::Size,
        Extra::Modified => Column::Modified,
        Extra::Kind => Column::Kind,
        Extra::Etag | Extra::Owner | Extra::Class => {
            return view! {
                <div role="columnheader" class=class_of(column)>
                    {say::column(column)}
                </div>
            }
            .into_any();
        }
    };
    view! { <SortHead state column=sorts also=None word=say::column(column) class=class_of(column) /> }
        .into_any()
}

/// The class of a column's cells.
pub fn class_of(column: Extra) -> &'static str {
    match column {
        Extra::Size => "cell-size",
        Extra::Modified => "cell-time",
        Extra::Kind => "cell-kind",
        Extra::Etag => "cell-etag",
        Extra::Owner => "cell-owner",
        Extra::Class => "cell-class",
    }
}

#[component]
fn SortHead(
    state: FilesState,
    column: Column,
    /// Another order that this head stands for.
    also: Option<Column>,
    word: &'static str,
    class: &'static str,
) -> impl IntoView {
    let current = move || {
        let order = state.look.with(|look| look.order);
        (order.column == column || Some(order.column) == also).then_some(order)
    };
    let sorted = move || {
        current().map(|order| {
            if order.descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let href = move || {
        let order = current().map_or(
            Order {
                column,
                descending: false,
            },
            |order| Order {
                descending: !order.descending,
                ..order
            },
        );
        let look = super::look::Look {
            order,
            ..state.look.get()
        };
        state.address(&look)
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
