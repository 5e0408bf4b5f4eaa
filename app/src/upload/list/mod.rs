//! The list of uploads: batches and their files, of which only those in view are in the page.
//!
//! Lines are of any height, a hundred thousand of them have places, and a few dozen are drawn, each put
//! where it belongs. What a section holds, and which lines are at a place, the queue knows
//! ([`model::upload::Queue::lines`]); how high lines are is measured as they are drawn (`heights`). A short
//! list is drawn whole. The line with the tab stop is always drawn, so that the focus is not lost when it
//! is scrolled away. To a screen reader this is a grid of rows on two levels; to a keyboard one tab stop,
//! with the arrow keys from line to line.

mod batch;
#[cfg(any(feature = "hydrate", test))]
mod heights;
mod view_port;

use std::collections::HashSet;

use leptos::{attr::custom::custom_attribute, html, prelude::*};
#[cfg(feature = "hydrate")]
use model::upload::Sight;
use model::upload::{BatchId, Line, Place, Section, TransferId};

use self::{batch::BatchLine, view_port::ViewPort};
use super::{
    Uploads,
    row::UploadRow,
    view::{BatchView, RowView, Summary},
};
use crate::{
    ui::{Button, Tone},
    unit::count,
    words::uploads,
};

/// Lines that are drawn at least, so that a short list is whole.
const AT_LEAST: usize = 60;

/// A line that stays while its content changes.
#[derive(Clone)]
pub(super) struct LineHandle {
    /// Which.
    pub line: Line,
    /// Where it is.
    pub place: ArcRwSignal<Place>,
    /// What is shown.
    pub view: LineView,
}

/// What is shown on a line; replaced as it goes on.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the engine makes lines")
)]
pub(super) enum LineView {
    File(ArcRwSignal<RowView>),
    Batch(ArcRwSignal<BatchView>),
}

/// The lines from a number on that are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub from: usize,
    pub most: usize,
}

/// What is looked at, and the lines that are drawn of it. The lines are written by the engine alone.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the engine draws lines")
)]
pub(super) struct List {
    pub section: RwSignal<Section>,
    /// What is searched for; empty is nothing.
    pub wanted: RwSignal<String>,
    /// Whether the list stands on its own page, with more that can be done.
    pub on_page: RwSignal<bool>,
    pub folded: RwSignal<HashSet<BatchId>>,
    /// Files whose details are open.
    pub opened: RwSignal<HashSet<TransferId>>,
    pub lines: RwSignal<Vec<LineHandle>>,
    /// How many lines there are, drawn or not.
    pub count: RwSignal<usize>,
    /// Grows when lines are at other places than before.
    pub moved: RwSignal<u64>,
    pub window: StoredValue<Window>,
    /// The line with the tab stop, and its number.
    pub current: RwSignal<Option<Line>>,
    pub current_at: StoredValue<usize>,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            section: RwSignal::default(),
            wanted: RwSignal::default(),
            on_page: RwSignal::default(),
            folded: RwSignal::default(),
            opened: RwSignal::default(),
            lines: RwSignal::default(),
            count: RwSignal::default(),
            moved: RwSignal::default(),
            window: StoredValue::new(Window {
                from: 0,
                most: AT_LEAST,
            }),
            current: RwSignal::default(),
            current_at: StoredValue::new(0),
        }
    }

    /// What is looked at.
    #[cfg(feature = "hydrate")]
    pub(super) fn sight(self) -> Option<Sight> {
        let wanted = self
            .wanted
            .try_with_untracked(|text| !text.trim().is_empty());
        Some(Sight {
            section: self.section.try_get_untracked()?,
            found: wanted?,
        })
    }

    /// Folds a batch, or shows its files again.
    fn fold(self, id: BatchId, folded: bool) {
        self.folded.update(|all| {
            if folded {
                all.insert(id);
            } else {
                all.remove(&id);
            }
        });
    }

    /// Opens the details of a file, or closes them.
    #[cfg(feature = "hydrate")]
    fn toggle_details(self, id: TransferId) {
        let open = self.opened.with_untracked(|opened| opened.contains(&id));
        self.open_details(id, !open);
    }

    /// Takes note of whether the details of a file are open.
    pub(super) fn open_details(self, id: TransferId, open: bool) {
        self.opened.update(|opened| {
            if open {
                opened.insert(id);
            } else {
                opened.remove(&id);
            }
        });
    }

    fn is_folded(self, id: BatchId) -> bool {
        self.folded.with_untracked(|folded| folded.contains(&id))
    }
}

/// The `id` of a line in the page.
fn line_id(line: Line) -> String {
    match line {
        Line::Batch(id) => format!("uploads-batch-{}", id.number()),
        Line::File(id) => format!("uploads-file-{}", id.number()),
    }
}

/// Says a text of the catalogue.
type Say = fn() -> &'static str;

const SECTIONS: [(Section, Say, &str); 4] = [
    (Section::All, uploads::all, "all"),
    (Section::Active, uploads::active, "active"),
    (Section::Attention, uploads::attention, "attention"),
    (Section::Done, uploads::done, "done"),
];

/// Which part of the list is shown, with the number of its files.
#[component]
pub(super) fn Sections(uploads: Uploads) -> impl IntoView {
    let (list, summary) = (uploads.state.list, uploads.state.summary);
    let number = move |section: Section| {
        Memo::new(move |_| summary.with(|summary| section_number(summary, section)))
    };
    let choose = move |section| {
        list.section.set(section);
        uploads.look();
    };
    let button = move |(section, word, name): (Section, Say, &'static str)| {
        let number = number(section);
        view! {
            <Button
                tone=Tone::Quiet
                attr:aria-pressed=move || {
                    if list.section.get() == section { "true" } else { "false" }
                }
                attr:data-testid=format!("transfers-{name}")
                press=move |_| choose(section)
            >
                {move || match number.get() {
                    0 => word().to_owned(),
                    number => format!("{} ({})", word(), count(number as u64)),
                }}
            </Button>
        }
    };
    view! {
        <div class="tabs" role="group" aria-label=uploads::show()>
            {SECTIONS.map(button).collect_view()}
        </div>
    }
}

/// The number that a section's button shows.
pub(super) fn section_number(summary: &Summary, section: Section) -> usize {
    match section {
        Section::All => 0,
        Section::Active => summary.active,
        Section::Attention => summary.attention,
        Section::Done => summary.finished,
        Section::Running => summary.running,
        Section::Waiting => summary.waiting,
        Section::Resumable => summary.resumable,
    }
}

/// The list itself, with a scroll bar of its own.
#[component]
pub(super) fn UploadList(
    uploads: Uploads,
    /// What is said where there is no line.
    #[prop(optional, into)]
    empty: Option<&'static str>,
) -> impl IntoView {
    let list = uploads.state.list;
    let node = NodeRef::<html::Div>::new();
    let any = Memo::new(move |_| list.count.get() > 0);
    let port = ViewPort::new(uploads, node);
    view! {
        <Show
            when=move || any.get()
            fallback=move || {
                empty.map(|empty| view! { <p class="help p-3" data-testid="state-empty">{empty}</p> })
            }
        >
            <div
                node_ref=node
                role="treegrid"
                class="uploads-list"
                aria-label=uploads::files()
                aria-rowcount=move || list.count.get().to_string()
                data-testid="upload-list"
                on:keydown=move |event| port.press(&event)
                on:focusin=move |_| port.focus_came()
                on:focusout=move |event| port.focus_went(&event)
            >
                <div role="rowgroup" class="uploads-space" style:height=move || port.space()>
                    <For each=move || list.lines.get() key=|handle| handle.line let:handle>
                        <Slot uploads port handle />
                    </For>
                </div>
            </div>
        </Show>
    }
}

/// One line in its place.
#[component]
fn Slot(uploads: Uploads, port: ViewPort, handle: LineHandle) -> impl IntoView {
    let LineHandle { line, place, view } = handle;
    let list = uploads.state.list;
    let id = line_id(line);
    let node = NodeRef::<html::Div>::new();
    let place = RwSignal::from(place);
    port.watch(node, line);
    let current = Memo::new(move |_| list.current.get() == Some(line));
    let level = move || place.with(|place| if place.below { "2" } else { "1" });
    let folded = move || match line {
        Line::Batch(id) => Some(if list.folded.with(|folded| folded.contains(&id)) {
            "false"
        } else {
            "true"
        }),
        Line::File(_) => None,
    };
    let content = match view {
        LineView::File(view) => view! { <UploadRow uploads view current /> }.into_any(),
        LineView::Batch(view) => view! { <BatchLine uploads view current /> }.into_any(),
    };
    view! {
        <div
            node_ref=node
            role="row"
            id=id
            class="uploads-line"
            class:is-below=move || place.with(|place| place.below)
            style:top=move || port.top(place.with(|place| place.at))
            tabindex=move || if current.get() { "0" } else { "-1" }
            {..custom_attribute("aria-level", level)}
            aria-rowindex=move || place.with(|place| place.at + 1).to_string()
            aria-posinset=move || place.with(|place| place.of.0 + 1).to_string()
            aria-setsize=move || place.with(|place| place.of.1).to_string()
            aria-expanded=folded
            on:focusin=move |_| port.came_to(line, place.with_untracked(|place| place.at))
        >
            {content}
        </div>
    }
}
