//! One row of the list.

use leptos::{ev, prelude::*};
use model::unit;

use super::{
    download::{address, download, is_direct},
    grid::Cursor,
    listing::Entry,
    state::FilesState,
};
use crate::{
    layout::title::Settled,
    ui::{Icon, Moment},
    urls,
};

/// A folder or a file.
#[component]
pub fn Row(
    state: FilesState,
    cursor: Cursor,
    index: ReadSignal<usize>,
    entry: Entry,
) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    let prefix = state.prefix.get_value();
    let name = entry.name(&prefix);
    let kind = if entry.is_folder() { "folder" } else { "file" };
    let key = StoredValue::new(entry.key.clone());
    let is_selected =
        move || key.with_value(|key| state.selected.with(|selected| selected.contains(key)));
    let tabindex = move |column| key.with_value(|key| cursor.tabindex(settled.get(), key, column));
    let size = entry.size;
    let data_key = entry.key.clone();
    let value = entry.relative(&prefix).to_owned();
    let label = format!("Select {name}");
    let data_name = entry.name(&prefix);
    let modified = entry.modified;
    view! {
        <div
            role="row"
            class="files-row"
            class:is-selected=is_selected
            aria-selected=move || if is_selected() { "true" } else { "false" }
            aria-rowindex=move || (index.get() + 2).to_string()
            data-testid="file-row"
            data-name=data_name
            data-kind=kind
            data-key=data_key
            on:click=move |event| click(state, cursor, &key.get_value(), &event)
        >
            <div role="gridcell" class="cell-check">
                <label class="check">
                    <span class="sr-only">{label}</span>
                    <input
                        type="checkbox"
                        form="selection"
                        name="sel"
                        value=value
                        id=move || format!("cell-{}-0", index.get())
                        tabindex=move || tabindex(0)
                        data-testid="row-check"
                        prop:checked=is_selected
                        on:focus=move |_| key.with_value(|key| cursor.set(key, 0))
                    />
                </label>
            </div>
            <div role="gridcell" class="cell-name">
                <Name state cursor index entry name tabindex=Signal::derive(move || tabindex(1)) />
            </div>
            <div role="gridcell" class="cell-size">
                {match size {
                    Some(bytes) => {
                        view! { <span title=unit::exact_bytes(bytes)>{unit::size(bytes)}</span> }
                            .into_any()
                    }
                    None => view! { <Unknown /> }.into_any(),
                }}
            </div>
            <div role="gridcell" class="cell-time">
                {match modified {
                    Some(time) => view! { <Moment time /> }.into_any(),
                    None => view! { <Unknown /> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// A dash for the eye, a word for the ear.
#[component]
fn Unknown() -> impl IntoView {
    view! {
        <span aria-hidden="true">"–"</span>
        <span class="sr-only">"unknown"</span>
    }
}

/// The name: a folder leads into it, a file is downloaded.
#[component]
fn Name(
    state: FilesState,
    cursor: Cursor,
    index: ReadSignal<usize>,
    entry: Entry,
    name: String,
    tabindex: Signal<Option<&'static str>>,
) -> impl IntoView {
    let folder = entry.is_folder();
    let key = StoredValue::new(entry.key.clone());
    let href = if folder {
        Some(
            state
                .bucket
                .with_value(|bucket| urls::folder(bucket, &entry.key)),
        )
    } else {
        address(state, &entry)
    };
    let icon = if folder { "folder" } else { "file" };
    let open = move |event: ev::MouseEvent| {
        // The row selects what is clicked; the name opens it.
        event.stop_propagation();
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        if !folder && !elsewhere && is_direct(state) {
            event.prevent_default();
            download(state, &entry);
        }
    };
    view! {
        <a
            href=href
            rel=(!folder).then_some("external")
            class="name-link"
            id=move || format!("cell-{}-1", index.get())
            tabindex=move || tabindex.get()
            on:click=open
            on:focus=move |_| key.with_value(|key| cursor.set(key, 1))
        >
            <Icon name=icon />
            <bdi>{name}</bdi>
            <span class="sr-only">{if folder { ", folder" } else { ", download" }}</span>
        </a>
    }
}

/// What a click in a row met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    /// The checkbox, or the cell around it.
    Check,
    /// The checkbox's label, whose click the browser repeats on the checkbox itself.
    Label,
    /// Anything else.
    Row,
}

/// A click on the row selects it; with `Ctrl` it joins or leaves, with `Shift` it ends a range. The
/// checkbox joins or leaves.
fn click(state: FilesState, cursor: Cursor, key: &str, event: &ev::MouseEvent) {
    let command = event.ctrl_key() || event.meta_key();
    let met = met(event);
    if met == Met::Label {
        return;
    }
    let on_check = met == Met::Check;
    if event.shift_key() {
        state.select_range(key, command || on_check);
    } else if command || on_check {
        state.toggle(key);
    } else {
        state.select_only(key);
    }
    cursor.set(key, u8::from(!on_check));
}

#[cfg(feature = "hydrate")]
fn met(event: &ev::MouseEvent) -> Met {
    use wasm_bindgen::JsCast as _;

    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return Met::Row;
    };
    let within = |selector| target.closest(selector).ok().flatten().is_some();
    if target.has_type::<web_sys::HtmlInputElement>() {
        Met::Check
    } else if within("label") {
        Met::Label
    } else if within(".cell-check") {
        Met::Check
    } else {
        Met::Row
    }
}

#[cfg(not(feature = "hydrate"))]
fn met(_event: &ev::MouseEvent) -> Met {
    Met::Row
}
