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
use crate::{pages::files::state::FilesState, words::moving};

/// What was copied or cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Taken {
    /// By whom: somebody else at the same browser pastes nothing.
    who: String,
    /// Whether it goes from where it is.
    cut: bool,
    load: Load,
}

/// What whoever is signed in has taken, in whichever tab.
pub(super) fn kept(state: FilesState) -> Option<Taken> {
    let text = browser::remembered(CLIPBOARD)?;
    let taken: Taken = serde_json::from_str(&text).ok()?;
    (taken.who == who(state)).then_some(taken)
}

/// Hears the keys, and draws what was cut.
pub(super) fn listen(mover: Mover) {
    let state = mover.window.state;
    let keys = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
        let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        if !command || event.shift_key() || event.default_prevented() || state.is_gone() {
            return;
        }
        let cut = match event.key().as_str() {
            "c" | "C" => false,
            "x" | "X" => true,
            _ => return,
        };
        if !is_busy(target(&event).as_ref()) && take(mover, cut) {
            event.prevent_default();
        }
    });
    let paste = window_event_listener(ev::paste, move |event: web_sys::ClipboardEvent| {
        let has_files = event
            .clipboard_data()
            .and_then(|data| data.files())
            .is_some_and(|files| files.length() > 0);
        if state.is_gone() || has_files || is_busy(target(&event).as_ref()) {
            return;
        }
        if put(mover) {
            event.prevent_default();
        }
    });
    let other = window_event_listener(ev::storage, move |event| {
        if event.key().as_deref() == Some(CLIPBOARD) && !state.is_gone() {
            mover.taken.set(kept(state));
        }
    });
    on_cleanup(move || {
        keys.remove();
        paste.remove();
        other.remove();
    });
    Effect::new(move |_| {
        let taken = mover.taken.get();
        mover.window.drawn.track();
        let here = state.bucket.with_value(ToString::to_string);
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

/// Takes what is selected; false where there is nothing to take.
pub(super) fn take(mover: Mover, cut: bool) -> bool {
    let load = mover.chosen();
    if load.is_empty() || is_text_selected() {
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
    mover.taken.set(Some(taken));
    mover.window.state.messages.success(said);
    true
}

/// Puts here what was taken; false where there is nothing.
pub(super) fn put(mover: Mover) -> bool {
    let Some(taken) = kept(mover.window.state) else {
        return false;
    };
    let kind = if taken.cut {
        // It can be put only once.
        browser::forget(CLIPBOARD);
        mover.taken.set(None);
        JobKind::Move
    } else {
        JobKind::Copy
    };
    mover.carry(taken.load, kind, mover.here());
    true
}
