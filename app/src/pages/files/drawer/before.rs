//! What was chosen or typed in the drawer that the server drew, before the living one took its place: its page is alive
//! earlier than this code is there. It is chosen again as soon as the same field is there.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

use super::live::Desk;

/// What lost its place.
const PLAIN: &str = ".drawer-plain";
/// Where it is to be found again.
const LIVING: &str = ".drawer-inside";
/// What somebody can choose or type in; nothing can put a file back.
const FIELDS: [&str; 3] = [
    "select",
    "input:not([type=\"hidden\"]):not([type=\"file\"])",
    "textarea",
];

/// A field that is not as the server drew it.
struct Touched {
    /// By which it is found, and which of those that are found so.
    selector: String,
    place: u32,
    now: State,
}

enum State {
    Text(String),
    Checked(bool),
}

/// Takes note of what was done to the plain drawer, and does it to the living one.
pub(super) fn carry(desk: Desk) {
    let touched = StoredValue::new_local(fields(PLAIN).into_iter().filter_map(noted).collect());
    if touched.with_value(Vec::is_empty) {
        return;
    }
    let open = desk.open.get_untracked();
    Effect::new(move |_| {
        // Something else is opened: it was not meant.
        if desk.open.get() != open {
            touched.set_value(Vec::new());
        }
        desk.seen.track();
        request_animation_frame(move || {
            touched.try_update_value(|touched: &mut Vec<Touched>| {
                touched.retain(|one| !is_done(one));
            });
        });
    });
}

/// The fields of a part of the page.
fn fields(part: &str) -> Vec<Element> {
    let all = FIELDS.map(|field| format!("{part} {field}")).join(",");
    let found = document().query_selector_all(&all);
    let Ok(found) = found else {
        return Vec::new();
    };
    let each = (0..found.length()).filter_map(|at| found.item(at));
    each.filter_map(|one| one.dyn_into().ok()).collect()
}

/// By which a field is found.
fn selector(field: &Element) -> Option<String> {
    let by = |attribute: &str| {
        let value = field.get_attribute(attribute)?;
        let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        (!value.is_empty() && value.chars().all(plain))
            .then(|| format!("[{attribute}=\"{value}\"]"))
    };
    by("data-testid").or_else(|| by("id"))
}

fn noted(field: Element) -> Option<Touched> {
    let selector = selector(&field)?;
    let alike = document()
        .query_selector_all(&format!("{PLAIN} {selector}"))
        .ok()?;
    let place = (0..alike.length()).find(|at| {
        let one = alike.item(*at);
        one.as_ref() == Some(field.unchecked_ref::<web_sys::Node>())
    })?;
    Some(Touched {
        selector,
        place,
        now: state(field)?,
    })
}

/// What somebody made of a field, if anybody did.
fn state(field: Element) -> Option<State> {
    let field = match field.dyn_into::<HtmlInputElement>() {
        Ok(input) if matches!(input.type_().as_str(), "checkbox" | "radio") => {
            let now = input.checked();
            // A radio that was left is left by what is chosen.
            let counts = now || input.type_() == "checkbox";
            return (counts && now != input.default_checked()).then_some(State::Checked(now));
        }
        Ok(input) => {
            let now = input.value();
            return (now != input.default_value()).then_some(State::Text(now));
        }
        Err(field) => field,
    };
    match field.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => {
            let now = area.value();
            (Ok(&now) != area.default_value().as_ref()).then_some(State::Text(now))
        }
        Err(select) => {
            let drawn = select.query_selector("option[selected]").ok().flatten();
            let drawn = match drawn {
                Some(drawn) => drawn,
                None => select.query_selector("option").ok().flatten()?,
            };
            let (now, drawn) = (value(&select)?, value(&drawn)?);
            (now != drawn).then_some(State::Text(now))
        }
    }
}

fn value(field: &Element) -> Option<String> {
    let value = js_sys::Reflect::get(field.as_ref(), &"value".into()).ok()?;
    value.as_string()
}

/// Does it again, if the field is there now.
fn is_done(touched: &Touched) -> bool {
    let alike = document().query_selector_all(&format!("{LIVING} {}", touched.selector));
    let field = alike.ok().and_then(|alike| alike.item(touched.place));
    let Some(field) = field.filter(|_| document().query_selector(PLAIN) == Ok(None)) else {
        return false;
    };
    let (name, value) = match &touched.now {
        State::Text(text) => ("value", text.as_str().into()),
        State::Checked(checked) => ("checked", (*checked).into()),
    };
    if js_sys::Reflect::set(field.as_ref(), &name.into(), &value) == Ok(true) {
        for name in ["input", "change"] {
            let init = web_sys::EventInit::new();
            init.set_bubbles(true);
            if let Ok(event) = Event::new_with_event_init_dict(name, &init) {
                let _ = field.dispatch_event(&event);
            }
        }
    }
    true
}
