//! What is around the uploads: the network, the screen, the tab's title and icon, and the system's
//! notifications.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, EventTarget, Notification, NotificationOptions, NotificationPermission,
    WakeLockSentinel, WakeLockType,
};

use super::mark::{icon, mark_title};
pub(super) use crate::browser::{is_online, is_visible};

/// Calls `callback` with [`is_online`] each time that it changes, until the listener is dropped.
pub(super) fn on_network(callback: impl Fn(bool) + 'static) -> Listener {
    let names = &["online", "offline"];
    Listener::new(window().into(), names, move || callback(is_online()))
}

/// Calls `callback` with [`is_visible`] each time that it changes, until the listener is dropped.
pub(super) fn on_visibility(callback: impl Fn(bool) + 'static) -> Listener {
    let names = &["visibilitychange"];
    Listener::new(document().into(), names, move || callback(is_visible()))
}

/// A callback of the browser. Dropping it ends it.
pub(super) struct Listener {
    target: EventTarget,
    names: &'static [&'static str],
    callback: Closure<dyn FnMut()>,
}

impl Listener {
    fn new(
        target: EventTarget,
        names: &'static [&'static str],
        callback: impl FnMut() + 'static,
    ) -> Self {
        let callback = Closure::new(callback);
        for name in names {
            // Refused only for options, of which there are none.
            let _ =
                target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        }
        Self {
            target,
            names,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for name in self.names {
            let callback = self.callback.as_ref().unchecked_ref();
            let _ = self
                .target
                .remove_event_listener_with_callback(name, callback);
        }
    }
}

/// Keeps the screen on while it is wanted and the tab is seen: browsers let go of it by themselves when
/// the tab is not, and it is asked for again when it is.
pub(super) struct Wakefulness {
    state: Rc<Wake>,
    _seen: Listener,
}

#[derive(Default)]
struct Wake {
    wanted: Cell<bool>,
    asking: Cell<bool>,
    lock: RefCell<Option<WakeLockSentinel>>,
}

impl Wakefulness {
    /// Wants nothing yet.
    pub(super) fn new() -> Self {
        let state = Rc::<Wake>::default();
        let again = Rc::clone(&state);
        Self {
            state,
            _seen: on_visibility(move |_seen| Wake::settle(&again)),
        }
    }

    /// Wants the screen to stay on, or no more.
    pub(super) fn want(&self, wanted: bool) {
        self.state.wanted.set(wanted);
        Wake::settle(&self.state);
    }
}

impl Drop for Wakefulness {
    fn drop(&mut self) {
        self.want(false);
    }
}

impl Wake {
    /// Makes true what is wanted. A refusal (an address that is not secure, an empty battery) leaves the
    /// screen to the system.
    fn settle(this: &Rc<Self>) {
        let held = this.lock.borrow().as_ref().is_some_and(|l| !l.released());
        if !this.wanted.get() {
            if let Some(lock) = this.lock.take() {
                let released = lock.release();
                spawn_local(async move { drop(JsFuture::from(released).await) });
            }
            return;
        }
        let navigator = window().navigator();
        let known = Reflect::has(&navigator, &"wakeLock".into()).unwrap_or(false);
        if held || !known || !is_visible() || this.asking.replace(true) {
            return;
        }
        let asked = navigator.wake_lock().request(WakeLockType::Screen);
        let this = Rc::clone(this);
        spawn_local(async move {
            let lock = JsFuture::from(asked).await;
            this.asking.set(false);
            if let Ok(lock) = lock {
                this.lock.replace(Some(lock));
                if !this.wanted.get() {
                    Self::settle(&this);
                }
            }
        });
    }
}

/// The tab's title and icon, which show how far uploads are. Dropping it puts both back.
#[derive(Default)]
pub(super) struct TabMark {
    shown: Option<u8>,
    /// The icons' addresses as the page has them.
    icons: Vec<(Element, String)>,
}

impl TabMark {
    /// Shows a percentage, or nothing any more. To be called again after a navigation, which sets the title.
    pub(super) fn show(&mut self, percent: Option<u8>) {
        let percent = percent.map(|percent| percent.min(100));
        let title = document().title();
        let marked = mark_title(&title, self.shown, percent);
        if marked != title {
            document().set_title(&marked);
        }
        if percent != self.shown {
            self.show_icon(percent);
        }
        self.shown = percent;
    }

    fn show_icon(&mut self, percent: Option<u8>) {
        let Some(percent) = percent else {
            for (icon, address) in self.icons.drain(..) {
                let _ = icon.set_attribute("href", &address);
            }
            return;
        };
        if self.icons.is_empty() {
            self.icons = icons();
        }
        let address = icon(percent);
        for (icon, _) in &self.icons {
            let _ = icon.set_attribute("href", &address);
        }
    }
}

impl Drop for TabMark {
    fn drop(&mut self) {
        self.show(None);
    }
}

fn icons() -> Vec<(Element, String)> {
    let Ok(found) = document().query_selector_all("link[rel~='icon']") else {
        return Vec::new();
    };
    let elements = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok());
    elements
        .filter_map(|element| {
            let address = element.get_attribute("href")?;
            Some((element, address))
        })
        .collect()
}

/// The system's notifications, for somebody who looks elsewhere.
pub(super) mod notice {
    use wasm_bindgen::JsCast as _;

    use super::{
        Closure, JsFuture, Notification, NotificationOptions, NotificationPermission, Reflect,
        is_visible, window,
    };

    /// Whether notifications are allowed, forbidden, or to be asked for; `None` where there are none.
    pub(in crate::upload) fn permission() -> Option<NotificationPermission> {
        let known = Reflect::has(&window(), &"Notification".into()).unwrap_or(false);
        known.then(Notification::permission)
    }

    /// Asks for them; to be called by a click alone, since browsers hold it against a page that asks
    /// unasked. Says whether they are allowed now.
    #[cfg_attr(test, expect(dead_code, reason = "only a click may ask"))]
    pub(in crate::upload) async fn ask() -> bool {
        if permission() == Some(NotificationPermission::Default)
            && let Ok(answer) = Notification::request_permission()
        {
            // The answer is read below.
            let _ = JsFuture::from(answer).await;
        }
        permission() == Some(NotificationPermission::Granted)
    }

    /// Tells something if the tab is not seen and notifications are allowed; a click on it comes back to
    /// the tab. A later one takes the place of an earlier one.
    pub(in crate::upload) fn tell(title: &str, body: &str) -> bool {
        if is_visible() || permission() != Some(NotificationPermission::Granted) {
            return false;
        }
        let options = NotificationOptions::new();
        options.set_body(body);
        options.set_tag("hako-uploads");
        // Phones refuse those that no service worker shows.
        let Ok(notification) = Notification::new_with_options(title, &options) else {
            return false;
        };
        let shown = notification.clone();
        let click = Closure::once_into_js(move || {
            let _ = window().focus();
            shown.close();
        });
        notification.set_onclick(Some(click.unchecked_ref()));
        true
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::Event;

    use super::*;
    use crate::upload::turn::turn;

    #[wasm_bindgen_test]
    fn the_network_is_told_until_the_listener_is_dropped() {
        let told = Rc::new(RefCell::new(Vec::new()));
        let tells = Rc::clone(&told);
        let listener = on_network(move |online| tells.borrow_mut().push(online));
        let happens = |name: &str| window().dispatch_event(&Event::new(name).unwrap()).unwrap();
        happens("offline");
        happens("online");
        assert_eq!(
            *told.borrow(),
            [true, true],
            "what the browser says, whatever the event"
        );
        drop(listener);
        happens("offline");
        assert_eq!(told.borrow().len(), 2);
    }

    #[wasm_bindgen_test]
    fn the_mark_is_in_title_and_icon_and_goes_away() {
        let link = document().create_element("link").unwrap();
        link.set_attribute("rel", "icon").unwrap();
        link.set_attribute("href", "/favicon.ico").unwrap();
        document().head().unwrap().append_child(&link).unwrap();
        document().set_title("Files · Hako");

        let mut mark = TabMark::default();
        mark.show(Some(34));
        assert_eq!(document().title(), "34 % · Files · Hako");
        let icon = link.get_attribute("href").unwrap();
        assert!(
            icon.starts_with("data:image/svg+xml,") && icon.contains("'34 100'"),
            "{icon}"
        );
        document().set_title("Buckets · Hako");
        mark.show(Some(34));
        assert_eq!(document().title(), "34 % · Buckets · Hako");
        mark.show(Some(250));
        assert_eq!(document().title(), "100 % · Buckets · Hako");
        drop(mark);
        assert_eq!(document().title(), "Buckets · Hako");
        assert_eq!(link.get_attribute("href").as_deref(), Some("/favicon.ico"));
        link.remove();
    }

    /// Whether the screen's lock is as wanted, after some time.
    async fn settles(wake: &Wakefulness, held: bool) -> bool {
        for _ in 0..1_000 {
            let holds = wake
                .state
                .lock
                .borrow()
                .as_ref()
                .is_some_and(|l| !l.released());
            if holds == held && !wake.state.asking.get() {
                return true;
            }
            turn().await;
        }
        false
    }

    #[wasm_bindgen_test]
    async fn the_screen_stays_on_while_it_is_wanted() {
        let wake = Wakefulness::new();
        wake.want(true);
        wake.want(true);
        assert!(settles(&wake, true).await, "not held");
        wake.want(false);
        assert!(settles(&wake, false).await, "not let go");
        // Let go before it came.
        wake.want(true);
        wake.want(false);
        assert!(settles(&wake, false).await, "held against the wish");
    }

    #[wasm_bindgen_test]
    fn nothing_is_told_to_somebody_who_looks() {
        assert!(is_visible() && is_online());
        assert!(notice::permission().is_some());
        assert!(!notice::tell("Uploads", "All files are stored."));
    }
}
