//! Lets the browser do everything else for a moment.

use futures::channel::oneshot;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::MessageChannel;

/// Comes back when the browser has done what waits. Not by a timer, because timers nearly stand still in a
/// tab that is not seen; and not by `scheduler.yield()`, which goes on before everything else that waits,
/// answers of the store among it.
pub(super) async fn turn() {
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
