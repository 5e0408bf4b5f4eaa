//! The keys that do something on every page, and the one table of them.
//!
//! A key that writes a character does nothing while somebody writes, nor while a dialog or a menu is open, and
//! nothing at all where the preferences say so.

use model::session::SingleKeys;

use crate::drawn;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opens the palette, or closes it.
    Palette,
    /// Shows the list of keys.
    Shortcuts,
    /// Goes to the field that filters the page.
    Filter,
    /// Goes to the page of this entry of the navigation.
    Go(&'static str),
    /// Goes to a section of the page by its number.
    Section,
    /// Sends the form.
    Submit,
    /// Goes to the next region of the page.
    Next,
    /// Goes to the region before.
    Previous,
    /// Makes the navigation narrow or wide.
    Fold,
}

/// The keys of every page.
pub const EVERYWHERE: &[(&str, Act)] = &[
    ("Ctrl K", Act::Palette),
    ("?", Act::Shortcuts),
    ("/", Act::Filter),
    ("G B", Act::Go("nav-buckets")),
    ("G T", Act::Go("nav-transfers")),
    ("G N", Act::Go("nav-namespaces")),
    ("G U", Act::Go("nav-users")),
    ("G A", Act::Go("nav-audit")),
    ("G J", Act::Go("nav-jobs")),
    (SECTIONS, Act::Section),
    ("[", Act::Fold),
    ("Ctrl Enter", Act::Submit),
    ("F6", Act::Next),
    ("Shift F6", Act::Previous),
];

/// The keys of the sections, in one line.
const SECTIONS: &str = "G 1…9";

/// Whether keys that write a character do anything.
pub fn single() -> bool {
    drawn::preferences().single_keys == SingleKeys::On
}

/// Whether a key writes a character where somebody writes.
#[cfg(any(feature = "hydrate", test))]
fn writes(key: &str) -> bool {
    key.chars().count() == 1
}

/// A pressed key as the tables have it: `Shift U`, `Ctrl K`, `?`.
#[cfg(any(feature = "hydrate", test))]
pub(crate) fn pressed(key: &str, command: bool, shift: bool) -> String {
    let mut out = String::new();
    if command {
        out.push_str("Ctrl ");
    }
    // What else is on a key with Shift is a character of its own.
    if shift && (!writes(key) || key.chars().all(char::is_alphabetic)) {
        out.push_str("Shift ");
    }
    if writes(key) {
        out.extend(key.chars().flat_map(char::to_uppercase));
    } else {
        out.push_str(key);
    }
    out
}

/// What a key does on every page; with the number of the section where it goes to one.
#[cfg(any(feature = "hydrate", test))]
fn act_of(pressed: &str) -> Option<(Act, usize)> {
    let number = pressed
        .strip_prefix("G ")
        .and_then(|digit| digit.parse().ok())
        .filter(|number| (1..=9).contains(number));
    let keys = if number.is_some() { SECTIONS } else { pressed };
    EVERYWHERE
        .iter()
        .find(|(of, _)| *of == keys)
        .map(|(_, act)| (*act, number.unwrap_or_default()))
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::is_field;
#[cfg(feature = "hydrate")]
pub(super) use browser::listen;

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::Cell;

    use leptos::prelude::*;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::{JsCast as _, closure::Closure};
    use web_sys::{Element, HtmlElement, KeyboardEvent};

    use super::{Act, act_of, pressed, single, writes};
    use crate::{
        browser::{click, focus, is_there},
        layout::extras::{Extras, Wanted},
    };

    /// How long `G` waits for its second key, in milliseconds.
    const WAIT: f64 = 3_000.0;
    /// The regions that one goes through, and what of each takes the focus.
    const REGIONS: [(&str, &str); 4] = [
        ("#main-nav", "#main-nav a[aria-current], #main-nav a"),
        ("#content", "#content"),
        ("[data-testid=\"drawer\"]", "[data-testid=\"drawer\"]"),
        ("[data-testid=\"dock\"]", "[data-testid=\"dock\"] button"),
    ];

    /// Hears keys before the page does, as long as the frame stands.
    pub fn listen(extras: Extras) {
        let begun = Cell::new(None);
        let heard = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if hear(extras, &begun, &event) {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        let listener = heard.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let _ = window().add_event_listener_with_callback_and_bool("keydown", &listener, true);
        let kept = SendWrapper::new((heard, listener));
        on_cleanup(move || {
            let (_heard, listener) = kept.take();
            let _ =
                window().remove_event_listener_with_callback_and_bool("keydown", &listener, true);
        });
    }

    /// Does what a key is for; whether it was for anything.
    fn hear(extras: Extras, begun: &Cell<Option<f64>>, event: &KeyboardEvent) -> bool {
        let key = event.key();
        if matches!(
            key.as_str(),
            "Shift" | "Control" | "Meta" | "Alt" | "AltGraph"
        ) {
            return false;
        }
        let second = begun
            .take()
            .is_some_and(|since| event.time_stamp() - since < WAIT);
        if event.is_composing() || event.alt_key() {
            return false;
        }
        let command = event.ctrl_key() || event.meta_key();
        let mut name = pressed(&key, command, event.shift_key());
        let single_key = writes(&key) && !command;
        if single_key {
            let typing = element(event).as_ref().is_some_and(is_field);
            let covered = is_there("dialog[open], [popover]:popover-open");
            if typing || covered || !single() {
                return false;
            }
            if second {
                name = format!("G {name}");
            } else if name == "G" {
                begun.set(Some(event.time_stamp()));
                return true;
            }
        }
        match act_of(&name) {
            Some((act, number)) => act.run(extras, number, event),
            None => single_key && second,
        }
    }

    impl Act {
        fn run(self, extras: Extras, number: usize, event: &KeyboardEvent) -> bool {
            match self {
                Self::Palette if is_there("dialog[open]") => return extras.close_palette(),
                Self::Palette => extras.want(Wanted::Palette),
                Self::Shortcuts => extras.want(Wanted::Shortcuts),
                Self::Filter => {
                    const FIELD: &str =
                        "main [data-testid=\"filter-input\"], main input[type=\"search\"]";
                    focus(FIELD);
                    return is_there(FIELD);
                }
                Self::Go(entry) => click(&format!("#main-nav [data-testid=\"{entry}\"]")),
                Self::Section => click(&format!("main nav.sections li:nth-child({number}) a")),
                Self::Fold => click("[data-testid=\"nav-fold\"]"),
                Self::Submit => return submit(event),
                Self::Next | Self::Previous if is_there("dialog[open]") => return false,
                Self::Next => step(true),
                Self::Previous => step(false),
            }
            true
        }
    }

    /// Presses the button of the form that somebody writes in: it knows whether it may be pressed.
    fn submit(event: &KeyboardEvent) -> bool {
        let form = element(event)
            .filter(is_field)
            .and_then(|field| field.closest("form").ok().flatten());
        let button = form.and_then(|form| form.query_selector("[type=\"submit\"]").ok().flatten());
        let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        if let Some(button) = &button {
            button.click();
        }
        button.is_some()
    }

    /// Goes to the next region in sight, or the one before; after the last comes the first.
    fn step(forward: bool) {
        let seen = |selector: &str| {
            let region = document().query_selector(selector).ok().flatten();
            region.is_some_and(|region| region.get_bounding_client_rect().width() > 0.0)
        };
        let regions: Vec<_> = REGIONS.iter().filter(|(region, _)| seen(region)).collect();
        // The drawer lies in the content: the inner one counts.
        let here = document().active_element().and_then(|at| {
            let within = |region: &str| at.closest(region).ok().flatten().is_some();
            regions.iter().rposition(|(region, _)| within(region))
        });
        let count = regions.len();
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => count.saturating_sub(1),
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        if let Some((_, target)) = regions.get(next) {
            focus(target);
        }
    }

    fn element(event: &KeyboardEvent) -> Option<Element> {
        event.target().and_then(|target| target.dyn_into().ok())
    }

    /// Whether somebody writes in an element.
    pub(crate) fn is_field(element: &Element) -> bool {
        match element.tag_name().as_str() {
            "TEXTAREA" | "SELECT" => true,
            "INPUT" => !matches!(
                element.get_attribute("type").as_deref(),
                Some("checkbox" | "radio" | "button" | "submit" | "file")
            ),
            _ => element
                .closest("[contenteditable]")
                .ok()
                .flatten()
                .is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pressed_key_is_named_as_in_the_table() {
        for (key, command, shift, name) in [
            ("k", true, false, "Ctrl K"),
            ("K", true, false, "Ctrl K"),
            ("K", true, true, "Ctrl Shift K"),
            ("?", false, true, "?"),
            ("/", false, true, "/"),
            ("n", false, false, "N"),
            ("U", false, true, "Shift U"),
            ("F6", false, true, "Shift F6"),
            ("Enter", true, false, "Ctrl Enter"),
            ("å", false, false, "Å"),
        ] {
            assert_eq!(pressed(key, command, shift), name, "{key}");
        }
    }

    #[test]
    fn every_key_of_the_table_does_what_stands_beside_it() {
        for (keys, act) in EVERYWHERE {
            let keys = if *act == Act::Section { "G 3" } else { keys };
            let number = usize::from(*act == Act::Section) * 3;
            assert_eq!(act_of(keys), Some((*act, number)), "{keys}");
        }
        for none in ["G", "G 0", "G 10", "G G", "B", "Ctrl Shift K", "G 1…9x", ""] {
            assert_eq!(act_of(none), None, "{none}");
        }
    }
}
