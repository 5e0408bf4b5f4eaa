//! Lets the browser do everything else for a moment.

use futures::channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Comes back when the browser has drawn and answered what waits. Not by a timer, because timers nearly
/// stand still in a tab that is not seen.
pub(super) async fn turn() {
    if let Some(promise) = scheduler_yield() {
        // It is only resolved.
        let _ = JsFuture::from(promise).await;
        return;
    }
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let (done, wait) = oneshot::channel::<()>();
    let receiver = channel.port2();
    let mut done = Some(done);
    let hear = Closure::<dyn FnMut()>::new(move || drop(done.take()));
    receiver.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // Refused only for values that cannot be copied.
    let _ = channel.port1().post_message(&JsValue::NULL);
    // Its end is the message.
    let _ = wait.await;
    receiver.close();
}

/// `scheduler.yield()`, which goes on before other work that waits, where the browser has it.
fn scheduler_yield() -> Option<Promise> {
    let scheduler = Reflect::get(&window(), &"scheduler".into()).ok()?;
    let method = Reflect::get(&scheduler, &"yield".into()).ok()?;
    let promise = method.dyn_ref::<Function>()?.call0(&scheduler).ok()?;
    promise.dyn_into().ok()
}
