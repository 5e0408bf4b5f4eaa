//! Whether this browser may have uploads to show, told without the code that knows which.
//!
//! The word in the browser's storage is heard by other tabs at once, but a browser that is killed may lose what
//! was written there last. So an empty database of the same name says it too: that is there as soon as the notes
//! are, and as lasting.

use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory};

use crate::browser;

/// The word, and the database.
pub(super) const MARK: &str = "hako.uploads";

fn databases() -> Option<IdbFactory> {
    window().indexed_db().ok().flatten()
}

/// Says to other tabs, and to the next page, that there may be uploads.
pub(super) fn leave() {
    browser::remember(MARK, "1");
    let Some(opening) = databases().and_then(|factory| factory.open(MARK).ok()) else {
        return;
    };
    let opened = opening.clone();
    // An open connection would keep it from being removed.
    let let_go = Closure::once_into_js(move || {
        if let Ok(database) = opened.result() {
            database.unchecked_into::<IdbDatabase>().close();
        }
    });
    opening.set_onsuccess(Some(let_go.unchecked_ref()));
}

/// There are none, as far as is known.
pub(super) fn remove() {
    browser::forget(MARK);
    if let Some(factory) = databases() {
        let _ = factory.delete_database(MARK);
    }
}

/// Whether there may be some.
pub(super) async fn are_there() -> bool {
    browser::remembered(MARK).is_some() || is_listed().await.unwrap_or(false)
}

/// Whether the database is there; nothing where the browser does not list its databases.
async fn is_listed() -> Option<bool> {
    let factory: JsValue = databases()?.into();
    let list = js_sys::Reflect::get(&factory, &"databases".into()).ok()?;
    let list: js_sys::Function = list.dyn_into().ok()?;
    let promise: js_sys::Promise = list.call0(&factory).ok()?.dyn_into().ok()?;
    let list: js_sys::Array = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    let name = JsValue::from("name");
    Some(list.iter().any(|one| {
        js_sys::Reflect::get(&one, &name)
            .is_ok_and(|name| name.as_string().as_deref() == Some(MARK))
    }))
}
