//! The few places that touch the browser directly. On the server each of these does nothing.

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod here {
    use leptos::{ev, html, prelude::*};
    use model::Timestamp;
    use wasm_bindgen::{JsCast as _, closure::Closure};
    use web_sys::{BeforeUnloadEvent, Element, HtmlElement, HtmlInputElement, MouseEvent};

    /// Leaves the page for another address; a download leaves the page where it is.
    pub fn go(address: &str) {
        // A refusal (a malformed address) leaves one where one is, which is all that can be done.
        let _ = window().location().assign(address);
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

    /// What stands in the field with this id while the page is being hydrated: what the server wrote
    /// there, or what somebody typed before the scripts came.
    pub fn typed(id: &str) -> Option<String> {
        if document().body()?.has_attribute("data-hydrated") {
            return None;
        }
        let field = document().get_element_by_id(id)?;
        Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
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

    /// Asks before the page is left, by link or otherwise, while something is unsaved.
    pub fn guard_leaving(unsaved: Signal<bool>) {
        Effect::new(move |_| {
            let unload =
                window_event_listener(ev::beforeunload, move |event: BeforeUnloadEvent| {
                    if unsaved.try_get_untracked() == Some(true) {
                        event.prevent_default();
                        event.set_return_value("The changes are not saved.");
                    }
                });
            let click = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
                let link = event
                    .target()
                    .and_then(|target| target.dyn_into::<Element>().ok())
                    .and_then(|element| element.closest("a[href]").ok().flatten())
                    .filter(|link| {
                        !link.has_attribute("download")
                            && !link
                                .get_attribute("href")
                                .is_some_and(|to| to.starts_with('#'))
                    });
                if link.is_none() || unsaved.try_get_untracked() != Some(true) {
                    return;
                }
                let question = "The changes are not saved. Leave without saving?";
                if window().confirm_with_message(question) != Ok(true) {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            });
            // While capturing, so before the router.
            let listener = click.as_ref().unchecked_ref::<js_sys::Function>().clone();
            let _ = window().add_event_listener_with_callback_and_bool("click", &listener, true);
            let kept = send_wrapper::SendWrapper::new((click, listener));
            on_cleanup(move || {
                unload.remove();
                let (_click, listener) = kept.take();
                let _ =
                    window().remove_event_listener_with_callback_and_bool("click", &listener, true);
            });
        });
    }

    /// Puts a text on the clipboard. A refusal leaves the text where it is, in sight.
    pub fn copy(text: &str) {
        let _ = window().navigator().clipboard().write_text(text);
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
    use leptos::{html, prelude::*};
    use model::Timestamp;

    /// Leaves the page for another address.
    pub fn go(_address: &str) {}

    /// Moves the focus to the first element that matches.
    pub fn focus(_selector: &str) {}

    /// Presses the first element that matches.
    pub fn click(_selector: &str) {}

    /// Sets an attribute of `<html>`.
    pub fn set_root(_name: &str, _value: &str) {}

    /// Reads an attribute of `<html>`.
    #[cfg(not(feature = "ssr"))]
    pub fn root(_name: &str) -> Option<String> {
        None
    }

    /// Says that the page reacts now.
    pub fn mark_hydrated() {}

    /// What stands in a field.
    pub fn typed(_id: &str) -> Option<String> {
        None
    }

    /// Opens a dialog as a modal one.
    pub fn show_modal(_dialog: NodeRef<html::Dialog>) {}

    /// Closes a dialog.
    pub fn close(_dialog: NodeRef<html::Dialog>) {}

    /// Closes a popover.
    pub fn hide_popover(_selector: &str) {}

    /// Asks before the page is left.
    pub fn guard_leaving(_unsaved: Signal<bool>) {}

    /// Puts a text on the clipboard.
    pub fn copy(_text: &str) {}

    /// Hands the person a text as a file.
    pub fn save(_name: &str, _kind: &str, _text: &str) {}

    /// Nothing is remembered in rendering.
    pub fn remembered(_name: &str) -> Option<String> {
        None
    }

    /// Nothing is remembered in rendering.
    pub fn remember(_name: &str, _value: &str) {}

    /// Nobody looks at rendering.
    pub fn view_height() -> Option<i32> {
        None
    }

    /// There is no chance in rendering.
    pub fn chance(_count: usize) -> Option<Vec<u8>> {
        None
    }

    /// There is no clock in rendering.
    pub fn clock() -> Option<(Timestamp, i64)> {
        None
    }
}

pub use here::*;
