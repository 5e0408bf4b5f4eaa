//! The few places that touch the browser directly. On the server each of these does nothing.

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod here {
    use leptos::{ev, html, prelude::*, task::spawn_local};
    use model::Timestamp;
    use wasm_bindgen::{JsCast as _, closure::Closure};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        BeforeUnloadEvent, Element, FormData, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
        MouseEvent,
    };

    use crate::words::general;

    /// What the fields with these names have in the form of an event.
    pub fn form_words(
        event: &ev::SubmitEvent,
        names: &[&'static str],
    ) -> Vec<(&'static str, String)> {
        let form = event.target().and_then(|target| target.dyn_into().ok());
        let words = form.and_then(|form| FormData::new_with_form(&form).ok());
        let word = |name: &&'static str| Some((*name, words.as_ref()?.get(name).as_string()?));
        names.iter().filter_map(word).collect()
    }

    /// Where `<html>` carries the path that the whole site stands below.
    const SITE: &str = "data-root";

    /// The path that the whole site stands below, without a slash at its end; empty where it has its host for itself.
    pub fn site() -> String {
        root(SITE).unwrap_or_default()
    }

    /// An address of this console as the browser needs it.
    pub fn below(address: &str) -> String {
        model::root::below(&site(), address).into_owned()
    }

    /// An address of the browser as this console knows it.
    pub fn inside(address: &str) -> String {
        model::root::inside(&site(), address).into_owned()
    }

    /// Leaves the page for another address; a download leaves the page where it is. Not for sign-in while
    /// the page itself asks for the password, so that what was typed stays.
    pub fn go(address: &str) {
        let path = address.split('?').next().unwrap_or_default();
        if path == crate::urls::SIGN_IN && crate::api::is_helped() {
            return;
        }
        // A refusal (a malformed address) leaves one where one is, which is all that can be done.
        let _ = window().location().assign(&below(address));
    }

    /// Moves the focus to the first element that matches `selector`.
    pub fn focus(selector: &str) {
        if let Some(element) = find(selector) {
            let _ = element.focus();
        }
    }

    /// Presses the first element that matches `selector`.
    pub fn click(selector: &str) {
        if let Some(element) = find(selector) {
            element.click();
        }
    }

    /// Whether an element matches `selector`.
    pub fn is_there(selector: &str) -> bool {
        find(selector).is_some()
    }

    /// Goes to an address of this console as a click on a link does: by the router, after the question whether
    /// what is unsaved may be lost, and in the page's session.
    pub fn follow(address: &str) {
        follow_link(address, false);
    }

    /// The same for what is shown beside what is there, which stays where it is scrolled to.
    pub fn follow_in_place(address: &str) {
        follow_link(address, true);
    }

    fn follow_link(address: &str, in_place: bool) {
        let link = document().create_element("a").ok();
        let body = document().body();
        if let (Some(link), Some(body)) = (link, body) {
            let _ = link.set_attribute("href", address);
            if in_place {
                let _ = link.set_attribute("data-noscroll", "");
            }
            let _ = body.append_child(&link);
            link.unchecked_ref::<HtmlElement>().click();
            link.remove();
        }
    }

    fn find(selector: &str) -> Option<HtmlElement> {
        document()
            .query_selector(selector)
            .ok()
            .flatten()
            .and_then(|element| element.dyn_into().ok())
    }

    /// Sets an attribute of `<html>`.
    pub fn set_root(name: &str, value: &str) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute(name, value);
        }
    }

    /// Reads an attribute of `<html>`.
    pub fn root(name: &str) -> Option<String> {
        document().document_element()?.get_attribute(name)
    }

    /// Says to tests and styles that the page reacts now.
    pub fn mark_hydrated() {
        if let Some(body) = document().body() {
            let _ = body.set_attribute("data-hydrated", "true");
        }
    }

    /// Where the page is from: `https://hako.example.com`.
    pub fn origin() -> Option<String> {
        window().location().origin().ok()
    }

    /// What stands in the field with this id while the page is being hydrated: what the server wrote
    /// there, or what somebody typed before the scripts came.
    pub fn typed(id: &str) -> Option<String> {
        if document().body()?.has_attribute("data-hydrated") {
            return None;
        }
        let field = document().get_element_by_id(id)?;
        match field.dyn_into::<HtmlInputElement>() {
            Ok(line) => Some(line.value()),
            // An area of several lines.
            Err(field) => js_sys::Reflect::get(&field, &"value".into())
                .ok()?
                .as_string(),
        }
    }

    /// Writes another address in place of the present one, without going there.
    pub fn replace_address(address: &str) {
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or_default();
            // Refused for an address of another origin, which this is not, or when asked too often.
            let _ = history.replace_state_with_url(&state, "", Some(&below(address)));
        }
    }

    thread_local! {
        /// What was navigated to last, and has its entry.
        static KEPT: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    }

    /// Takes note of an address that was navigated to and has its entry in the history: all that come by Back
    /// and Forward have.
    pub fn note_address(here: &str) {
        if address().is_some_and(|shown| shown == here) {
            KEPT.replace(here.to_owned());
        }
    }

    /// Gives the page that was navigated to an entry of its own in the history, where it has none: the router
    /// leaves that out for an address that it takes for the present one, which after Back and Forward, or
    /// where an address was replaced, it need not be.
    pub fn keep_address(here: &str) {
        if KEPT.replace(here.to_owned()) == here {
            return;
        }
        if let (Ok(history), Some(shown)) = (window().history(), address())
            && shown != here
        {
            let none = wasm_bindgen::JsValue::NULL;
            let _ = history.push_state_with_url(&none, "", Some(&below(here)));
        }
    }

    /// Path and query of the page as the browser shows them.
    pub fn address() -> Option<String> {
        let location = window().location();
        Some(inside(&location.pathname().ok()?) + &location.search().ok()?)
    }

    /// An address of this console for use outside the page.
    pub fn absolute(address: &str) -> String {
        let origin = window().location().origin().unwrap_or_default();
        origin + &below(address)
    }

    /// Opens a dialog as a modal one, also when the server rendered it open.
    pub fn show_modal(dialog: NodeRef<html::Dialog>) {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.remove_attribute("open");
            let _ = dialog.show_modal();
        }
    }

    /// Closes a dialog; the focus goes back to where it came from.
    pub fn close(dialog: NodeRef<html::Dialog>) {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Closes the popover with this id, if it is open.
    pub fn hide_popover(selector: &str) {
        if let Some(element) = find(selector) {
            let _ = element.hide_popover();
        }
    }

    /// Where a menu belongs that was asked for by a click: at the pointer, or below what the keyboard pressed.
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    pub fn menu_point(event: &MouseEvent) -> (i32, i32) {
        let at = (event.client_x() as i32, event.client_y() as i32);
        let pressed = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        match pressed {
            Some(element) if event.detail() == 0 && at == (0, 0) => {
                let edges = element.get_bounding_client_rect();
                (edges.left() as i32, edges.bottom() as i32)
            }
            _ => at,
        }
    }

    /// Shows a menu, with the focus on its first entry. Its style keeps all of it in the window.
    pub fn show_menu(menu: NodeRef<html::Div>) {
        let Some(node) = menu.get_untracked() else {
            return;
        };
        // Refused where it is open already.
        let _ = node.hide_popover();
        let _ = node.show_popover();
        // What cannot be seen yet takes no focus.
        request_animation_frame(move || step_in_menu(menu, 0));
    }

    /// Moves the focus in a menu by so many entries, around the ends; by more than one to the first or the last.
    pub fn step_in_menu(menu: NodeRef<html::Div>, by: i32) {
        let items = menu
            .get_untracked()
            .and_then(|menu| menu.query_selector_all("[role=\"menuitem\"]").ok());
        let Some(items) = items else {
            return;
        };
        let count = i32::try_from(items.length()).unwrap_or_default();
        if count == 0 {
            return;
        }
        let active = document().active_element();
        let now = (0..count).find(|at| {
            let item = u32::try_from(*at).ok().and_then(|at| items.item(at));
            let same = |active: &Element| item.as_ref() == active.dyn_ref::<web_sys::Node>();
            active.as_ref().is_some_and(same)
        });
        let to = match (now, by) {
            (Some(now), by) if by.abs() == 1 => (now + by).rem_euclid(count),
            (_, by) if by < 0 => count - 1,
            _ => 0,
        };
        let item = u32::try_from(to).ok().and_then(|to| items.item(to));
        if let Some(item) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
            let _ = item.focus();
        }
    }

    /// Asks before the page is left, by link, by Back and Forward or otherwise, while something is unsaved.
    pub fn guard_leaving(unsaved: Signal<bool>) {
        Effect::new(move |_| {
            let unload =
                window_event_listener(ev::beforeunload, move |event: BeforeUnloadEvent| {
                    if unsaved.try_get_untracked() == Some(true) {
                        event.prevent_default();
                        event.set_return_value(general::changes_not_saved());
                    }
                });
            let click = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
                let link = event
                    .target()
                    .and_then(|target| target.dyn_into::<Element>().ok())
                    .and_then(|element| element.closest("a[href]").ok().flatten())
                    .filter(|link| {
                        !link.has_attribute("download")
                            // What opens a dialog in place leaves nothing.
                            && !link.has_attribute("data-stays")
                            && !link
                                .get_attribute("href")
                                .is_some_and(|to| to.starts_with('#'))
                    });
                if link.is_none() || unsaved.try_get_untracked() != Some(true) {
                    return;
                }
                let question = general::leave_without_saving();
                if window().confirm_with_message(question) != Ok(true) {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            });
            // While capturing, so before the router.
            let listener = click.as_ref().unchecked_ref::<js_sys::Function>().clone();
            let _ = window().add_event_listener_with_callback_and_bool("click", &listener, true);
            let kept = send_wrapper::SendWrapper::new((click, listener));
            UNSAVED.with_borrow_mut(|all| all.push(unsaved));
            on_cleanup(move || {
                unload.remove();
                UNSAVED.with_borrow_mut(|all| all.retain(|one| *one != unsaved));
                let (_click, listener) = kept.take();
                let _ =
                    window().remove_event_listener_with_callback_and_bool("click", &listener, true);
            });
        });
    }

    thread_local! {
        /// What is guarded by [`guard_leaving`] now.
        static UNSAVED: std::cell::RefCell<Vec<Signal<bool>>> = const { std::cell::RefCell::new(Vec::new()) };
    }

    /// Asks before Back and Forward leave what is unsaved. Called before the router begins: what is heard by the
    /// window itself is heard in the order of the listeners, capturing or not.
    pub fn guard_history() {
        // Never taken back: it is the page's own.
        std::mem::forget(window_event_listener(ev::popstate, |event| {
            let all = UNSAVED.with_borrow(Clone::clone);
            if !all
                .iter()
                .any(|unsaved| unsaved.try_get_untracked() == Some(true))
                || window().confirm_with_message(general::leave_without_saving()) == Ok(true)
            {
                return;
            }
            event.stop_immediate_propagation();
            // The browser shows the other address already.
            if let Ok(history) = window().history() {
                let none = wasm_bindgen::JsValue::NULL;
                let here = KEPT.with_borrow(Clone::clone);
                let _ = history.push_state_with_url(&none, "", Some(&here));
            }
        }));
    }

    /// Whether the browser has a viewer for PDF that works within a page.
    pub fn shows_pdf() -> bool {
        let navigator = window().navigator();
        let told = js_sys::Reflect::get(navigator.as_ref(), &"pdfViewerEnabled".into());
        told.is_ok_and(|told| told.is_truthy())
    }

    /// Puts a text on the clipboard. A refusal leaves the text where it is, in sight.
    pub fn copy(text: &str) {
        let navigator = window().navigator();
        let clipboard = js_sys::Reflect::get(navigator.as_ref(), &"clipboard".into());
        // Pages that came without TLS have none.
        if !clipboard.is_ok_and(|clipboard| clipboard.is_truthy()) {
            let _ = copy_selected(text);
            return;
        }
        let written = navigator.clipboard().write_text(text);
        spawn_local(async move {
            let _ = JsFuture::from(written).await;
        });
    }

    /// Copies as browsers did before: what is selected in a field that is there for a moment.
    fn copy_selected(text: &str) -> Result<(), wasm_bindgen::JsValue> {
        let field: HtmlTextAreaElement = document().create_element("textarea")?.unchecked_into();
        field.set_value(text);
        field.set_attribute("aria-hidden", "true")?;
        field.set_class_name("sr-only");
        // Within a dialog nothing outside of it can be selected.
        let focused = document().active_element();
        let dialog = focused.as_ref().and_then(|one| one.closest("dialog").ok()?);
        let place = dialog.or_else(|| document().body().map(Into::into));
        let place = place.ok_or(wasm_bindgen::JsValue::NULL)?;
        place.append_child(&field)?;
        field.select();
        let page: web_sys::HtmlDocument = document().unchecked_into();
        let copied = page.exec_command("copy");
        field.remove();
        if let Some(focused) = focused {
            focused.unchecked_into::<HtmlElement>().focus()?;
        }
        copied.map(|_whether| ())
    }

    /// Posts a form, of which the answer is a download: the page stays.
    pub fn post(action: &str, fields: &[(&str, String)]) {
        let _ = try_post(action, fields);
    }

    fn try_post(action: &str, fields: &[(&str, String)]) -> Result<(), wasm_bindgen::JsValue> {
        let form: web_sys::HtmlFormElement = document().create_element("form")?.unchecked_into();
        form.set_method("post");
        form.set_attribute("action", action)?;
        form.set_hidden(true);
        for (name, value) in fields {
            let field: HtmlInputElement = document().create_element("input")?.unchecked_into();
            field.set_type("hidden");
            field.set_name(name);
            field.set_value(value);
            form.append_child(&field)?;
        }
        if let Some(body) = document().body() {
            body.append_child(&form)?;
            form.submit()?;
            form.remove();
        }
        Ok(())
    }

    /// Hands the person a text as a file. A refusal leaves nothing behind.
    pub fn save(name: &str, kind: &str, text: &str) {
        let _ = try_save(name, kind, text);
    }

    fn try_save(name: &str, kind: &str, text: &str) -> Result<(), wasm_bindgen::JsValue> {
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(kind);
        let parts = js_sys::Array::of1(&text.into());
        let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
        let address = web_sys::Url::create_object_url_with_blob(&blob)?;
        let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The browser has taken the bytes when the present event is over.
        set_timeout(
            move || {
                let _ = web_sys::Url::revoke_object_url(&address);
            },
            std::time::Duration::from_secs(10),
        );
        Ok(())
    }

    /// What this browser remembers under a name.
    pub fn remembered(name: &str) -> Option<String> {
        let storage = window().local_storage().ok().flatten()?;
        storage.get_item(name).ok().flatten()
    }

    /// Remembers something in this browser. A full or closed storage remembers nothing.
    pub fn remember(name: &str, value: &str) {
        if let Some(storage) = window().local_storage().ok().flatten() {
            let _ = storage.set_item(name, value);
        }
    }

    /// Forgets what this browser remembers under a name.
    pub fn forget(name: &str) {
        if let Some(storage) = window().local_storage().ok().flatten() {
            let _ = storage.remove_item(name);
        }
    }

    /// What this tab keeps under a name, as long as it is open.
    pub fn kept(name: &str) -> Option<String> {
        let storage = window().session_storage().ok().flatten()?;
        storage.get_item(name).ok().flatten()
    }

    /// Keeps something in this tab. Without a text, or with a full storage, it keeps nothing.
    pub fn keep(name: &str, text: Option<&str>) {
        if let Some(storage) = window().session_storage().ok().flatten() {
            let _ = storage.remove_item(name);
            if let Some(text) = text {
                let _ = storage.set_item(name, text);
            }
        }
    }

    /// Gives links their full address: those of the page now, and any other as soon as somebody turns to it.
    pub fn name_in_links(name: impl Fn(&str) -> Option<String> + 'static) {
        const OURS: &str = "a[href^='/']";
        let rename = move |link: &Element| {
            let full = link
                .get_attribute("href")
                .and_then(|address| name(&inside(&address)));
            if let Some(full) = full {
                let _ = link.set_attribute("href", &full);
            }
        };
        if let Ok(links) = document().query_selector_all(OURS) {
            for at in 0..links.length() {
                if let Some(link) = links.item(at).and_then(|node| node.dyn_into().ok()) {
                    rename(&link);
                }
            }
        }
        let turned = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let target = event
                .target()
                .and_then(|one| one.dyn_into::<Element>().ok());
            if let Some(link) = target.and_then(|one| one.closest(OURS).ok().flatten()) {
                rename(&link);
            }
        });
        // While capturing, so before the router; for as long as the page lives.
        let listener = turned.as_ref().unchecked_ref::<js_sys::Function>();
        for kind in ["pointerover", "focusin", "click"] {
            let _ = document().add_event_listener_with_callback_and_bool(kind, listener, true);
        }
        turned.forget();
    }

    /// The height of the visible page, in pixels.
    pub fn view_height() -> Option<i32> {
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        window()
            .inner_height()
            .ok()?
            .as_f64()
            .map(|height| height as i32)
    }

    /// So many bytes of chance, fit for secrets.
    pub fn chance(count: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; count];
        let source = window().crypto().ok()?;
        source.get_random_values_with_u8_array(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Whether somebody can see the page: a hidden tab asks for nothing by itself.
    pub fn is_visible() -> bool {
        document().visibility_state() == web_sys::VisibilityState::Visible
    }

    /// Whether the browser believes that there is a network.
    pub fn is_online() -> bool {
        window().navigator().on_line()
    }

    /// The browser's clock, and the minutes that its zone lies east of UTC.
    pub fn clock() -> Option<(Timestamp, i64)> {
        let date = js_sys::Date::new_0();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds and minutes are whole and far below the limits"
        )]
        let (millis, west) = (date.get_time() as i64, date.get_timezone_offset() as i64);
        Some((Timestamp::from_unix_millis(millis)?, -west))
    }
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
mod here {
    use leptos::{ev, html, prelude::*};
    use model::Timestamp;

    /// Nothing is submitted where pages are drawn.
    pub fn form_words(_: &ev::SubmitEvent, _: &[&'static str]) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The server draws pages as if the site had its host for itself.
    pub fn site() -> String {
        String::new()
    }

    /// An address of this console.
    pub fn inside(address: &str) -> String {
        address.to_owned()
    }

    /// Leaves the page for another address.
    pub fn go(_address: &str) {}

    /// Moves the focus to the first element that matches.
    pub fn focus(_selector: &str) {}

    /// Presses the first element that matches.
    pub fn click(_selector: &str) {}

    /// There is no document in rendering.
    pub fn is_there(_selector: &str) -> bool {
        false
    }

    /// Goes to an address of this console as a link does.
    pub fn follow(_address: &str) {}

    /// Goes to an address that changes a part of the page.
    pub fn follow_in_place(_address: &str) {}

    /// Sets an attribute of `<html>`.
    pub fn set_root(_name: &str, _value: &str) {}

    /// Reads an attribute of `<html>`.
    #[cfg(not(feature = "ssr"))]
    pub fn root(_name: &str) -> Option<String> {
        None
    }

    /// Says that the page reacts now.
    pub fn mark_hydrated() {}

    /// Rendering is nowhere.
    pub fn origin() -> Option<String> {
        None
    }

    /// What stands in a field.
    pub fn typed(_id: &str) -> Option<String> {
        None
    }

    /// Writes another address in place of the present one.
    pub fn replace_address(_address: &str) {}

    /// The address is what the server was asked for.
    pub fn address() -> Option<String> {
        None
    }

    /// An address of this console.
    pub fn absolute(address: &str) -> String {
        address.to_owned()
    }

    /// Opens a dialog as a modal one.
    pub fn show_modal(_dialog: NodeRef<html::Dialog>) {}

    /// Closes a dialog.
    pub fn close(_dialog: NodeRef<html::Dialog>) {}

    /// Closes a popover.
    pub fn hide_popover(_selector: &str) {}

    /// Nobody clicks in rendering.
    pub fn menu_point(_event: &ev::MouseEvent) -> (i32, i32) {
        (0, 0)
    }

    /// Nothing is shown over what is being rendered.
    pub fn show_menu(_menu: NodeRef<html::Div>) {}

    /// Rendering has no focus.
    pub fn step_in_menu(_menu: NodeRef<html::Div>, _by: i32) {}

    /// Asks before the page is left.
    pub fn guard_leaving(_unsaved: Signal<bool>) {}

    pub fn guard_history() {}

    /// Puts a text on the clipboard.
    pub fn copy(_text: &str) {}

    /// There is no history in rendering.
    pub fn keep_address(_here: &str) {}

    /// There is no history in rendering.
    pub fn note_address(_here: &str) {}

    /// Posts a form.
    pub fn post(_action: &str, _fields: &[(&str, String)]) {}

    /// Hands the person a text as a file.
    pub fn save(_name: &str, _kind: &str, _text: &str) {}

    /// Nothing is remembered in rendering.
    pub fn remembered(_name: &str) -> Option<String> {
        None
    }

    /// Nothing is remembered in rendering.
    pub fn remember(_name: &str, _value: &str) {}

    /// Nothing is kept in rendering.
    pub fn kept(_name: &str) -> Option<String> {
        None
    }

    /// Nothing is kept in rendering.
    pub fn keep(_name: &str, _text: Option<&str>) {}

    /// Links are rendered as they are.
    pub fn name_in_links(_name: impl Fn(&str) -> Option<String> + 'static) {}

    /// Nobody looks at rendering.
    pub fn view_height() -> Option<i32> {
        None
    }

    /// There is no chance in rendering.
    pub fn chance(_count: usize) -> Option<Vec<u8>> {
        None
    }

    /// Nobody sees what is being rendered.
    pub fn is_visible() -> bool {
        false
    }

    /// The server is where it is.
    pub fn is_online() -> bool {
        true
    }

    /// There is no clock in rendering.
    pub fn clock() -> Option<(Timestamp, i64)> {
        None
    }
}

pub use here::*;
