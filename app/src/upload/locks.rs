//! Several tabs of one browser: an upload belongs to one of them, and the others hear how far it is.

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, LockOptions, MessageEvent};

/// The channel on which tabs tell each other of uploads.
const CHANNEL: &str = "hako-uploads";

/// A lock that is held until this is dropped, or the tab is gone.
pub(super) struct Held {
    /// Nothing where the browser has no locks.
    lock: Option<Lock>,
}

struct Lock {
    release: oneshot::Receiver<Function>,
    /// Kept as long as the browser may call it.
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(mut lock) = self.lock.take()
            && let Ok(Some(release)) = lock.release.try_recv()
        {
            // It resolves a promise, which does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Takes the lock of that name, unless another tab has it. Where the browser has no locks (Web Locks want
/// a secure address) every lock is free.
pub(super) async fn try_hold(name: &str) -> Option<Held> {
    let free = Some(Held { lock: None });
    let navigator = window().navigator();
    if !Reflect::has(&navigator, &"locks".into()).unwrap_or(false) {
        return free;
    }
    let options = LockOptions::new();
    options.set_if_available(true);
    let (answer, answered) = oneshot::channel();
    let (keep, release) = oneshot::channel();
    let mut once = Some((answer, keep));
    let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |lock: JsValue| {
        let Some((answer, keep)) = once.take() else {
            return Promise::resolve(&JsValue::UNDEFINED);
        };
        if lock.is_null() || answer.send(true).is_err() {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        let mut keep = Some(keep);
        // The lock is held until this promise is resolved.
        Promise::new(&mut |resolve, _reject| {
            if let Some(keep) = keep.take() {
                let _ = keep.send(resolve);
            }
        })
    });
    let asked =
        navigator
            .locks()
            .request_with_options(name, &options, granted.as_ref().unchecked_ref());
    let asked = JsFuture::from(asked);
    match select(answered, asked).await {
        Either::Left((Ok(_), _)) => Some(Held {
            lock: Some(Lock {
                release,
                _granted: granted,
            }),
        }),
        // The browser has come to the end without giving it: another tab holds it.
        Either::Left((Err(_), _)) | Either::Right((Ok(_), _)) => None,
        // The browser refuses locks as such, on this address or in this mode.
        Either::Right((Err(_refused), _)) => free,
    }
}

/// The other tabs. Without the browser's help there are none.
pub(super) struct Tabs {
    channel: Option<BroadcastChannel>,
    /// Kept as long as the browser may call it.
    hear: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Tabs {
    /// Joins the others.
    pub(super) fn open() -> Self {
        let known = Reflect::has(&window(), &"BroadcastChannel".into()).unwrap_or(false);
        let channel = known.then(|| BroadcastChannel::new(CHANNEL).ok()).flatten();
        Self {
            channel,
            hear: None,
        }
    }

    /// Tells all other tabs.
    pub(super) fn publish<T: Serialize>(&self, news: &T) {
        if let (Some(channel), Ok(text)) = (&self.channel, serde_json::to_string(news)) {
            // Refused only when it is closed, which it is not before the drop.
            let _ = channel.post_message(&text.into());
        }
    }

    /// Calls `callback` with what other tabs publish, instead of the callback before. What another version
    /// of the console says, and cannot be read, is passed over.
    pub(super) fn listen<T: DeserializeOwned>(&mut self, callback: impl Fn(T) + 'static) {
        let Some(channel) = &self.channel else { return };
        let hear = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string();
            if let Some(news) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                callback(news);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        self.hear = Some(hear);
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::upload::turn::turn;

    #[wasm_bindgen_test]
    async fn a_lock_is_held_by_one_until_it_is_dropped() {
        let held = try_hold("upload-1").await;
        assert!(held.is_some());
        assert!(try_hold("upload-1").await.is_none(), "taken twice");
        assert!(try_hold("upload-2").await.is_some(), "another one is free");
        drop(held);
        // The browser hears of it a moment later.
        for _ in 0..1_000 {
            if try_hold("upload-1").await.is_some() {
                return;
            }
            turn().await;
        }
        panic!("the lock was not given back");
    }

    #[wasm_bindgen_test]
    async fn tabs_hear_of_each_other_and_pass_over_what_they_cannot_read() {
        let (here, mut there) = (Tabs::open(), Tabs::open());
        let heard = Rc::new(RefCell::new(Vec::<u32>::new()));
        let hears = Rc::clone(&heard);
        there.listen(move |news| hears.borrow_mut().push(news));
        here.publish(&"another version's word");
        here.publish(&7_u32);
        while heard.borrow().is_empty() {
            turn().await;
        }
        assert_eq!(*heard.borrow(), [7]);
    }
}
