//! How high the dock is: as its content asks for, or as somebody wants it, by a handle that is dragged or
//! moved by the arrow keys. It is remembered.

use leptos::{ev, html, prelude::*};

use crate::{browser, words::uploads};

const NAME: &str = "hako.dock.height";
/// In pixels.
const LEAST: i32 = 180;
const STEP: i32 = 40;

/// The height of the dock, in pixels; none where nobody has chosen one.
#[derive(Clone, Copy)]
pub(super) struct Height {
    chosen: RwSignal<Option<i32>>,
    /// Where the handle was taken: the pointer's place and the height.
    taken: StoredValue<Option<(i32, i32)>>,
}

impl Height {
    pub(super) fn new() -> Self {
        let chosen = RwSignal::new(None);
        // After hydration, so that both sides draw the same at first.
        Effect::new(move |_| {
            let height = browser::remembered(NAME).and_then(|text| text.parse().ok());
            if let Some(height) = height {
                chosen.set(Some(within(height)));
            }
        });
        Self {
            chosen,
            taken: StoredValue::new(None),
        }
    }

    /// Whether somebody has chosen it.
    pub(super) fn is_chosen(self) -> bool {
        self.chosen.get().is_some()
    }

    /// The value of the property; empty where the content decides.
    pub(super) fn style(self, open: bool) -> String {
        let chosen = self.chosen.get().filter(|_| open);
        chosen.map_or_else(String::new, |height| format!("{height}px"))
    }

    fn set(self, height: i32) {
        self.chosen.set(Some(within(height)));
    }

    fn keep(self) {
        if let Some(height) = self.chosen.get_untracked() {
            browser::remember(NAME, &height.to_string());
        }
    }
}

/// Between what shows a file and what leaves a strip of the page.
fn within(height: i32) -> i32 {
    height.clamp(LEAST, most())
}

fn most() -> i32 {
    (browser::view_height().unwrap_or(2_000) - 80).max(LEAST)
}

/// The upper edge of the dock.
#[component]
pub(super) fn HeightHandle(height: Height) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let now = move || {
        let chosen = height.chosen.get_untracked();
        chosen.or_else(|| dock_height(node)).unwrap_or(LEAST)
    };
    let take = move |event: ev::PointerEvent| {
        event.prevent_default();
        height.taken.set_value(Some((pointer_at(&event), now())));
        hold_pointer(node, &event);
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((from, was)) = height.taken.get_value() {
            height.set(was + from - pointer_at(&event));
        }
    };
    let drop = move |_| {
        if height
            .taken
            .try_update_value(Option::take)
            .flatten()
            .is_some()
        {
            height.keep();
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowUp" => now() + STEP,
            "ArrowDown" => now() - STEP,
            "PageUp" => now() + 4 * STEP,
            "PageDown" => now() - 4 * STEP,
            "Home" => LEAST,
            "End" => most(),
            _ => return,
        };
        event.prevent_default();
        height.set(to);
        height.keep();
    };
    view! {
        <div
            node_ref=node
            role="separator"
            class="dock-handle"
            aria-label=uploads::height()
            aria-orientation="horizontal"
            aria-valuemin=LEAST.to_string()
            aria-valuemax=move || most().to_string()
            aria-valuenow=move || {
                height.chosen.track();
                now().to_string()
            }
            tabindex="0"
            data-testid="dock-handle"
            on:pointerdown=take
            on:pointermove=drag
            on:pointerup=drop
            on:pointercancel=drop
            on:keydown=press
        ></div>
    }
}

#[expect(clippy::cast_possible_truncation, reason = "pixels")]
fn pointer_at(event: &ev::PointerEvent) -> i32 {
    event.client_y() as i32
}

#[cfg(feature = "hydrate")]
fn dock_height(node: NodeRef<html::Div>) -> Option<i32> {
    use wasm_bindgen::JsCast as _;

    let dock = node.get_untracked()?.parent_element()?;
    let dock: web_sys::HtmlElement = dock.dyn_into().ok()?;
    Some(dock.offset_height())
}

#[cfg(not(feature = "hydrate"))]
fn dock_height(_node: NodeRef<html::Div>) -> Option<i32> {
    None
}

/// The pointer is followed wherever it goes.
#[cfg(feature = "hydrate")]
fn hold_pointer(node: NodeRef<html::Div>, event: &ev::PointerEvent) {
    if let Some(node) = node.get_untracked() {
        // Refused for a pointer that is gone by now.
        let _ = node.set_pointer_capture(event.pointer_id());
    }
}

#[cfg(not(feature = "hydrate"))]
fn hold_pointer(_node: NodeRef<html::Div>, _event: &ev::PointerEvent) {}
