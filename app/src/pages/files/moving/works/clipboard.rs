//! Copying, cutting and pasting rows. What was taken is kept in the browser's storage, so that another tab can
//! paste it; it is not the system's clipboard, which gets the paths as text.

use leptos::{ev, prelude::*};
use model::job::JobKind;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;

use super::{
    super::{CLIPBOARD, load::Load},
    Mover, browser, is_busy, target, who,
};
use crate::words::moving;

/// What was copied or cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    /// By whom: somebody else at the same browser pastes nothing.
    who: String,
    /// Whether it goes from where it is.
    cut: bool,
    load: Load,
}

fn taken(mover: Mover) -> Option<Taken> {
    let text = browser::remembered(CLIPBOARD)?;
    let taken: Taken = serde_json::from_str(&text).ok()?;
    (taken.who == who(mover.window.state)).then_some(taken)
}

/// Hears the keys, and draws what was cut.
pub(super) fn listen(mover: Mover) {
    let now = RwSignal::new(taken(mover));
    let keys = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
        let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        if !command
            || event.shift_key()
            || event.default_prevented()
            || mover.window.state.is_gone()
        {
            return;
        }
        let cut = match event.key().as_str() {
            "c" | "C" => false,
            "x" | "X" => true,
            _ => return,
        };
        if !is_busy(target(&event).as_ref()) && !is_text_selected() && take(mover, cut, now) {
            event.prevent_default();
        }
    });
    let paste = window_event_listener(ev::paste, move |event: web_sys::ClipboardEvent| {
        let has_files = event
            .clipboard_data()
            .and_then(|data| data.files())
            .is_some_and(|files| files.length() > 0);
        if mover.window.state.is_gone() || has_files || is_busy(target(&event).as_ref()) {
            return;
        }
        if let Some(found) = taken(mover) {
            event.prevent_default();
            put(mover, found, now);
        }
    });
    let other = window_event_listener(ev::storage, move |event| {
        if event.key().as_deref() == Some(CLIPBOARD) && !mover.window.state.is_gone() {
            now.set(taken(mover));
        }
    });
    on_cleanup(move || {
        keys.remove();
        paste.remove();
        other.remove();
    });
    Effect::new(move |_| {
        let taken = now.get();
        mover.window.drawn.track();
        let here = mover.window.state.bucket.with_value(ToString::to_string);
        let cut = taken.filter(|taken| taken.cut && taken.load.bucket == here);
        request_animation_frame(move || fade(cut.as_ref()));
    });
}

/// Marks the rows that were cut.
fn fade(cut: Option<&Taken>) {
    let Ok(rows) = document().query_selector_all(".files-body > .files-row") else {
        return;
    };
    for at in 0..rows.length() {
        let row = rows
            .item(at)
            .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
        if let Some(row) = row {
            let key = row.get_attribute("data-key").unwrap_or_default();
            let faded = cut.is_some_and(|cut| cut.load.has(&key));
            let _ = row.class_list().toggle_with_force("is-cut", faded);
        }
    }
}

/// Text that is selected is what the keys are about.
fn is_text_selected() -> bool {
    let selection = js_sys::Reflect::get(&window(), &"getSelection".into())
        .ok()
        .and_then(|get| get.dyn_into::<js_sys::Function>().ok())
        .and_then(|get| get.call0(&window()).ok());
    selection.is_some_and(|selection| {
        selection.is_object() && js_sys::Object::from(selection).to_string().length() > 0
    })
}

fn take(mover: Mover, cut: bool, now: RwSignal<Option<Taken>>) -> bool {
    let load = mover.chosen();
    if load.is_empty() {
        return false;
    }
    let lines: Vec<&str> = load
        .prefixes
        .iter()
        .chain(&load.keys)
        .map(|key| &**key)
        .collect();
    if !lines.is_empty() {
        browser::copy(&lines.join("\n"));
    }
    let count = load.count() as u64;
    let said = match (cut, load.everything.is_some()) {
        (false, true) => moving::taken_everything().to_owned(),
        (true, true) => moving::cut_everything().to_owned(),
        (false, false) => moving::taken_some(count),
        (true, false) => moving::cut_some(count),
    };
    let taken = Taken {
        who: who(mover.window.state),
        cut,
        load,
    };
    if let Ok(text) = serde_json::to_string(&taken) {
        browser::remember(CLIPBOARD, &text);
    }
    now.set(Some(taken));
    mover.window.state.messages.success(said);
    true
}

fn put(mover: Mover, taken: Taken, now: RwSignal<Option<Taken>>) {
    let kind = if taken.cut {
        // It can be put only once.
        browser::forget(CLIPBOARD);
        now.set(None);
        JobKind::Move
    } else {
        JobKind::Copy
    };
    mover.carry(taken.load, kind, mover.here());
}
