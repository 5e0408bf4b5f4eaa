//! One row of the list.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    deleted::Deleted,
    filter::Pattern,
    grid::{NAME, cell_id, class_of, columns},
    listing::Entry,
    look::{Chosen, Extra, Look},
    say,
    state::FilesState,
    window::{Drawn, Window},
};
use crate::{
    layout::title::Settled,
    text::visible_name,
    ui::{Icon, Left, Moment},
    unit, urls,
    words::{drawer, files},
};

/// A folder or a file. What is done with it the list hears.
#[component]
pub fn Row(
    state: FilesState,
    window: Window,
    pattern: Memo<Option<Pattern>>,
    drawn: Drawn,
) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    let Drawn { entry, slot } = drawn;
    let slot = RwSignal::from(slot);
    let id = Memo::new(move |_| slot.with(|slot| slot.id));
    let name = state.prefix.with_value(|prefix| entry.name(prefix));
    let is_selected = is_selected(state, id);
    let key = StoredValue::new(entry.key.clone());
    let is_open = is_open(state, key);
    let is_going = Memo::new(move |_| key.with_value(|key| state.going.with(|g| g.contains(key))));
    let current = Memo::new(move |_| {
        let at = state.cursor.get().filter(|(row, _)| *row == id.get());
        at.map(|(_, column)| column)
    });
    let tabindex = move |column: usize| {
        if !settled.get() {
            return None;
        }
        Some(if current.get() == Some(column) {
            "0"
        } else {
            "-1"
        })
    };
    let field = move || key.with_value(|key| state.moving.field_of(key));
    let shown = StoredValue::new(name.clone());
    let label = files::select_row(&name);
    view! {
        <div
            role="row"
            class="files-row"
            class:is-selected=move || is_selected.get()
            class:is-deleted=entry.is_deleted()
            class:is-going=move || is_going.get()
            class:is-open=move || is_open.get()
            aria-current=move || is_open.get().then_some("true")
            aria-selected=move || if is_selected.get() { "true" } else { "false" }
            aria-rowindex=move || slot.with(|slot| (slot.place + 2).to_string())
            style:margin-top=move || window.space(slot.with(|slot| slot.gap))
            data-testid="file-row"
            data-name=name.clone()
            data-kind=if entry.is_folder() { "folder" } else { "file" }
            data-key=entry.key.clone()
        >
            <div role="gridcell" class="cell-check">
                <label class="check">
                    <span class="sr-only">{label}</span>
                    <input
                        type="checkbox"
                        form="selection"
                        name="sel"
                        value=state.prefix.with_value(|prefix| entry.relative(prefix).to_owned())
                        id=move || cell_id(id.get(), 0)
                        tabindex=move || tabindex(0)
                        data-testid="row-check"
                        prop:checked=move || is_selected.get()
                    />
                </label>
            </div>
            <div role="gridcell" class="cell-name">
                {field}
                <a
                    href=href(state, &entry)
                    class="name-link"
                    data-noscroll=(!entry.is_folder() && !entry.is_deleted()).then_some("")
                    id=move || cell_id(id.get(), NAME)
                    tabindex=move || tabindex(NAME)
                >
                    <Icon name=if entry.is_folder() { "folder" } else { "file" } />
                    <bdi>{move || shown.with_value(|name| marked(name, pattern))}</bdi>
                    <span class="sr-only">{about(&entry)}</span>
                </a>
                {entry.ends.map(|time| view! { <Left time /> })}
                {entry.is_deleted().then(|| view! { <Deleted state entry=Arc::clone(&entry) /> })}
            </div>
            <Cells state entry=Arc::clone(&entry) id tabindex=Callback::new(tabindex) />
            <div role="gridcell" class="cell-menu">
                <MenuButton state name=name.clone() id tabindex=Callback::new(tabindex) />
            </div>
        </div>
    }
}

fn is_selected(state: FilesState, id: Memo<u32>) -> Memo<bool> {
    Memo::new(move |_| {
        let id = id.get();
        state.selection.with(|selection| selection.contains(id))
    })
}

/// Whether the drawer shows it.
fn is_open(state: FilesState, key: StoredValue<String>) -> Memo<bool> {
    Memo::new(move |_| key.with_value(|key| state.look.with(|look| look.open.key == *key)))
}

/// The cells between the name and the menu.
#[component]
fn Cells(
    state: FilesState,
    entry: Arc<Entry>,
    id: Memo<u32>,
    tabindex: Callback<usize, Option<&'static str>>,
) -> impl IntoView {
    move || {
        let columns = state.columns.get();
        (NAME + 1..)
            .zip(columns)
            .map(|(number, column)| {
                let content = content(state, column, &entry);
                view! {
                    <div
                        role="gridcell"
                        class=class_of(column)
                        id=move || cell_id(id.get(), number)
                        tabindex=move || tabindex.run(number).or(Some("-1"))
                    >
                        {content}
                    </div>
                }
            })
            .collect_view()
    }
}

/// The button of the row's menu.
#[component]
fn MenuButton(
    state: FilesState,
    name: String,
    id: Memo<u32>,
    tabindex: Callback<usize, Option<&'static str>>,
) -> impl IntoView {
    let last = move || {
        state.columns.track();
        columns(state) - 1
    };
    let words = files::actions_for(&name);
    view! {
        <button
            type="button"
            class="button button-quiet button-icon needs-script"
            id=move || cell_id(id.get(), last())
            tabindex=move || tabindex.run(last())
            title=words.clone()
            aria-haspopup="menu"
            data-testid="row-menu"
        >
            <Icon name="more" />
            <span class="sr-only">{words.clone()}</span>
        </button>
    }
}

/// What the name leads to, for the ear.
fn about(entry: &Entry) -> &'static str {
    if entry.is_deleted() {
        files::is_deleted()
    } else if entry.is_folder() {
        files::is_folder()
    } else {
        drawer::is_details()
    }
}

/// Where the name leads: into a folder, to the versions of what is deleted, to what is known of a file. When a
/// file's is followed, the address is written anew, with what is looked at and selected then.
fn href(state: FilesState, entry: &Entry) -> String {
    if entry.is_folder() {
        return untrack(|| state.folder(&entry.key));
    }
    if entry.is_deleted() {
        let bucket = state.bucket.with_value(ToString::to_string);
        return urls::versions(&bucket, &[("prefix", &entry.key)]);
    }
    let look = state.look.get_untracked();
    let look = Look {
        open: look.open.clone().key(&entry.key),
        ..look
    };
    state.bucket.with_value(|bucket| {
        state
            .prefix
            .with_value(|prefix| look.address(bucket, prefix, &Chosen::Nothing))
    })
}

/// The name with what the filter found in it.
fn marked(name: &str, pattern: Memo<Option<Pattern>>) -> AnyView {
    let marks = pattern.with(|pattern| pattern.as_ref().map(|p| p.marks(name)));
    let Some(marks) = marks.filter(|marks| !marks.is_empty()) else {
        return name.to_owned().into_any();
    };
    let mut parts = Vec::with_capacity(2 * marks.len() + 1);
    let mut from = 0;
    for mark in marks {
        let (before, found) = (name.get(from..mark.start), name.get(mark.clone()));
        parts.push(before.unwrap_or_default().to_owned().into_any());
        parts.push(view! { <mark>{found.unwrap_or_default().to_owned()}</mark> }.into_any());
        from = mark.end;
    }
    parts.push(name.get(from..).unwrap_or_default().to_owned().into_any());
    parts.into_any()
}

fn content(state: FilesState, column: Extra, entry: &Entry) -> AnyView {
    let text = |text: Option<&str>| match text {
        Some(text) => {
            let text = visible_name(text);
            view! { <span title=text.clone()>{text.clone()}</span> }.into_any()
        }
        None => view! { <Unknown /> }.into_any(),
    };
    match column {
        Extra::Size if entry.is_deleted() => view! { <Unknown /> }.into_any(),
        Extra::Size => {
            if let Some(bytes) = entry.size {
                view! { <span title=unit::exact_bytes(bytes)>{unit::size(bytes)}</span> }.into_any()
            } else {
                let key = entry.key.clone();
                (move || folder_size(state, &key)).into_any()
            }
        }
        Extra::Modified => match entry.modified {
            Some(time) => view! { <Moment time /> }.into_any(),
            None => view! { <Unknown /> }.into_any(),
        },
        Extra::Kind => say::kind(entry.kind()).into_any(),
        Extra::Etag => text(entry.etag.as_deref()),
        Extra::Owner => text(entry.owner.as_deref()),
        Extra::Class => text(entry.class.as_deref()),
    }
}

/// What was counted in a folder, and when.
fn folder_size(state: FilesState, key: &str) -> AnyView {
    let counted = state.counts.with(|counts| counts.get(key).cloned());
    let Some(counted) = counted else {
        return view! { <Unknown /> }.into_any();
    };
    let size = counted.size.unwrap_or_else(|| "…".to_owned());
    view! {
        <span title=counted.about data-testid="row-size">
            {size}
            {counted
                .at
                .map(|time| view! { <small class="counted-at"><Moment time /></small> })}
        </span>
    }
    .into_any()
}

/// A dash for the eye, a word for the ear.
#[component]
fn Unknown() -> impl IntoView {
    view! {
        <span aria-hidden="true">"–"</span>
        <span class="sr-only">{files::unknown()}</span>
    }
}
