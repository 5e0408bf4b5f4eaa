//! The WASM entry point: hydrates the page that the server rendered.

use app::{Alive, App};
use leptos::{mount::hydrate_from_async, prelude::*, tachys::dom::body};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::words::speak();
    // As `leptos::mount::hydrate_lazy`, which does not tell when it is done.
    wasm_bindgen_futures::spawn_local(async {
        let alive = ArcRwSignal::new(false);
        let told = Alive(alive.clone());
        let page = move || {
            provide_context(told);
            App()
        };
        hydrate_from_async(body(), page).await.forget();
        alive.set(true);
    });
}
