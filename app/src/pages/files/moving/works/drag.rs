//! Dragging rows onto a folder, or onto a level of the path.
//!
//! Files that are dragged in from the desktop are not its matter: they are known by their type.

use leptos::{ev, prelude::*};
use model::job::{ConflictPolicy, JobKind};
use serde::{Deserialize, Serialize};
use web_sys::{DataTransfer, DragEvent, Element};

use super::{
    super::load::{Load, Place, last},
    Mover, named, target, who,
};
use crate::{
    browser,
    text::visible_name,
    ui::Icon,
    urls::{self, Query},
    words::moving,
};

/// The type of what is dragged, which other tabs of Hako know too.
const ROWS: &str = "application/x-hako-rows";
/// How far the hint stands from the pointer, in pixels.
const ASIDE: i32 = 14;

/// What the drop would do, and where the pointer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    moves: bool,
    what: String,
    to: String,
    at: (i32, i32),
}

#[derive(Serialize, Deserialize)]
struct Dragged {
    who: String,
    load: Load,
}

/// Hears drags as long as the page is there.
pub(super) fn listen(mover: Mover) -> RwSignal<Option<Hint>> {
    let hint = RwSignal::new(None::<Hint>);
    // What this page drags; of another tab only the type is known before it is dropped.
    let dragged = StoredValue::new(None::<Load>);
    let came = window_event_listener(ev::pointerover, move |event: ev::PointerEvent| {
        let row = target(&event).and_then(|target| within(&target, ".files-body > .files-row"));
        if let Some(row) = row {
            // A finger that rests on a row selects it, and text is selected in the field for a name.
            let drags = event.pointer_type() == "mouse" && within_field(&event).is_none();
            let _ = if drags {
                row.set_attribute("draggable", "true")
            } else {
                row.remove_attribute("draggable")
            };
        }
    });
    let start = window_event_listener(ev::dragstart, move |event: DragEvent| {
        if !mover.window.state.is_gone() {
            let load = begin(mover, &event);
            dragged.set_value(load);
        }
    });
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if mover.window.state.is_gone() || !is_ours(&event) {
            return;
        }
        let aim = dragged.with_value(|load| aim(mover, &event, load.as_ref()));
        mark(aim.as_ref().map(|aim| &aim.element));
        let Some(aim) = aim else {
            hint.set(None);
            return;
        };
        event.prevent_default();
        if let Some(data) = event.data_transfer() {
            data.set_drop_effect(if aim.kind == JobKind::Move {
                "move"
            } else {
                "copy"
            });
        }
        let shown = dragged.with_value(|load| aim.hint(load.as_ref(), &event));
        if hint.with_untracked(|before| before.as_ref() != Some(&shown)) {
            hint.set(Some(shown));
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        if mover.window.state.is_gone() || !is_ours(&event) {
            return;
        }
        event.prevent_default();
        let load = dragged.get_value().or_else(|| told(mover, &event));
        let aim = aim(mover, &event, load.as_ref());
        mark(None);
        hint.set(None);
        if let (Some(aim), Some(load)) = (aim, load) {
            mover.carry(load, aim.kind, aim.place);
        }
    });
    let end = window_event_listener(ev::dragend, move |_| {
        if !mover.window.state.is_gone() {
            mark(None);
            hint.set(None);
            dragged.set_value(None);
        }
    });
    on_cleanup(move || {
        came.remove();
        start.remove();
        over.remove();
        drop.remove();
        end.remove();
    });
    hint
}

/// Says beside the pointer what the drop would do.
pub(super) fn hint(hint: RwSignal<Option<Hint>>) -> AnyView {
    let line = move || {
        hint.with(|hint| {
            hint.as_ref().map(|hint| {
                if hint.moves {
                    moving::drop_moves(&hint.what, &hint.to)
                } else {
                    moving::drop_copies(&hint.what, &hint.to)
                }
            })
        })
    };
    let at = move |of: fn((i32, i32)) -> i32| {
        hint.with(|hint| hint.as_ref().map(|hint| format!("{}px", of(hint.at))))
    };
    let icon = Memo::new(move |_| hint.with(|hint| hint.as_ref().map(|hint| hint.moves)));
    view! {
        <Show when=move || icon.get().is_some()>
            <p
                class="drag-hint"
                aria-hidden="true"
                data-testid="drop-target"
                style:left=move || at(|(x, _)| x)
                style:top=move || at(|(_, y)| y)
            >
                {move || {
                    let icon = if icon.get() == Some(true) { "folder-move" } else { "copy" };
                    view! { <Icon name=icon /> }
                }}
                <span>{line}</span>
            </p>
        </Show>
    }
    .into_any()
}

fn within(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// The form in a row whose name is being changed.
fn within_field(event: &web_sys::Event) -> Option<Element> {
    target(event).and_then(|target| within(&target, ".rename"))
}

fn has_type(data: &DataTransfer, kind: &str) -> bool {
    data.types()
        .iter()
        .any(|one| one.as_string().as_deref() == Some(kind))
}

fn is_ours(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| has_type(&data, ROWS))
}

/// What another tab dragged here.
fn told(mover: Mover, event: &DragEvent) -> Option<Load> {
    let text = event.data_transfer()?.get_data(ROWS).ok()?;
    let dragged: Dragged = serde_json::from_str(&text).ok()?;
    (dragged.who == who(mover.window.state)).then_some(dragged.load)
}

/// Begins to drag what is selected, or the row under the pointer where it is not.
fn begin(mover: Mover, event: &DragEvent) -> Option<Load> {
    let row = within(&target(event)?, ".files-body > .files-row")?;
    let id = mover.window.id_of(&row.get_attribute("data-key")?)?;
    let state = mover.window.state;
    let load = if state
        .selection
        .with_untracked(|selection| selection.contains(id))
    {
        mover.chosen()
    } else {
        // Not selected by it: the bar that tells of a selection would move the rows under the pointer.
        let entry = state.rows.with_untracked(|rows| rows.entry(id).cloned())?;
        let is_folder = entry.is_folder();
        let (prefixes, keys) = [entry.key].into_iter().partition(|_| is_folder);
        Load {
            bucket: mover.here().bucket,
            keys,
            prefixes,
            everything: None,
        }
    };
    let data = event.data_transfer()?;
    let dragged = Dragged {
        who: who(state),
        load,
    };
    let text = serde_json::to_string(&dragged).ok()?;
    // A link would be dragged as its address.
    let _ = data.clear_data();
    data.set_data(ROWS, &text).ok()?;
    data.set_effect_allowed("copyMove");
    data.set_drag_image(&row, 0, 0);
    Some(dragged.load)
}

/// Where a drop would lead.
struct Aim {
    element: Element,
    place: Place,
    kind: JobKind,
}

impl Aim {
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    fn hint(&self, load: Option<&Load>, event: &DragEvent) -> Hint {
        let what = match load {
            Some(load) if load.everything.is_some() => moving::everything().to_owned(),
            Some(load) if load.count() == 1 => {
                let one = load.keys.iter().chain(&load.prefixes).next();
                visible_name(one.map(|key| last(key)).unwrap_or_default())
            }
            Some(load) => moving::entries(load.count() as u64),
            None => moving::dragged_here().to_owned(),
        };
        let to = match last(&self.place.prefix) {
            "" => named(&self.place),
            name => visible_name(name),
        };
        Hint {
            moves: self.kind == JobKind::Move,
            what,
            to,
            at: (
                event.client_x() as i32 + ASIDE,
                event.client_y() as i32 + ASIDE,
            ),
        }
    }
}

/// The folder under the pointer, unless it makes no sense to drop this there.
fn aim(mover: Mover, event: &DragEvent, load: Option<&Load>) -> Option<Aim> {
    let target = target(event)?;
    let bucket = mover.here().bucket;
    let folder = within(&target, ".files-body > .files-row[data-kind=\"folder\"]");
    let (element, prefix) = if let Some(row) = folder {
        let prefix = row.get_attribute("data-key")?;
        (row, prefix)
    } else {
        let level = within(&target, "[data-testid=\"breadcrumb\"] a")?;
        let href = browser::inside(&level.get_attribute("href")?);
        let (path, query) = href.split_once('?').unwrap_or((&href, ""));
        if path != urls::bucket(&bucket) {
            return None;
        }
        let prefix = Query::parse(query)
            .get("prefix")
            .unwrap_or_default()
            .to_owned();
        (level, prefix)
    };
    let kind = if event.ctrl_key() || event.alt_key() {
        JobKind::Copy
    } else {
        JobKind::Move
    };
    let place = Place { bucket, prefix };
    let objection = load.and_then(|load| load.objection(kind, &place, ConflictPolicy::Fail));
    objection.is_none().then_some(Aim {
        element,
        place,
        kind,
    })
}

/// Lights up the folder under the pointer, and no other.
fn mark(element: Option<&Element>) {
    let before = document().query_selector(".is-target").ok().flatten();
    if before.as_ref() == element {
        return;
    }
    if let Some(before) = before {
        let _ = before.class_list().remove_1("is-target");
    }
    if let Some(element) = element {
        let _ = element.class_list().add_1("is-target");
    }
}
