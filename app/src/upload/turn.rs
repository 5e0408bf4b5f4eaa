//! Lets the browser do everything else for a moment.

use futures::channel::oneshot;
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::MessageChannel;

/// Long work leaves the page to itself after this long: a frame is to last less than 50 ms, on slower
/// machines too.
const BREATH_MS: f64 = 8.0;

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

/// Work that takes its time without taking the page's.
pub(super) struct Breath {
    since: f64,
}

impl Breath {
    /// The work begins now.
    pub(super) fn new() -> Self {
        Self { since: now() }
    }

    /// Between two steps: lets the page go first if it had to wait.
    pub(super) async fn take(&mut self) {
        if now() - self.since > BREATH_MS {
            turn().await;
            self.since = now();
        }
    }
}

/// Takes steps until one says that all is done.
pub(crate) async fn in_steps(mut step: impl FnMut() -> bool) {
    let mut breath = Breath::new();
    while !step() {
        breath.take().await;
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use leptos::prelude::set_timeout;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn the_page_has_its_turn_during_long_work() {
        let turns = Rc::new(Cell::new(0));
        let counted = Rc::clone(&turns);
        set_timeout(
            move || counted.set(counted.get() + 1),
            std::time::Duration::ZERO,
        );
        let begun = now();
        let (mut longest, mut before) = (0.0_f64, begun);
        in_steps(|| {
            longest = longest.max(now() - before);
            // A millisecond of work.
            let until = now() + 1.0;
            while now() < until {}
            before = now();
            before - begun > 100.0
        })
        .await;
        assert_eq!(turns.get(), 1, "a timer came in between");
    }
}
