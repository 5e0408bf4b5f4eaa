//! Uploads: what is on its way to the store, and the dock that shows it.
//!
//! The decisions are made in [`model::upload`], which knows neither browser nor clock; here bytes are
//! moved (`engine`, `perform`, `send`), files are found in what was dropped (`walk`), and rows are drawn (`dock`).
//! Around it: checksums by workers (`checksum`), notes that outlive the page (`journal`), other tabs
//! (`locks`), and what the browser says and shows (`environment`).

#[cfg(feature = "hydrate")]
mod board;
#[cfg(feature = "hydrate")]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the engine does not use it yet")
)]
mod checksum;
mod dock;
#[cfg(feature = "hydrate")]
mod engine;
#[cfg(feature = "hydrate")]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the engine does not use it yet")
)]
mod environment;
#[cfg(feature = "hydrate")]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the engine does not use it yet")
)]
mod journal;
#[cfg(feature = "hydrate")]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the engine does not use it yet")
)]
mod locks;
#[cfg(any(feature = "hydrate", test))]
mod mark;
#[cfg(feature = "hydrate")]
mod perform;
mod row;
#[cfg(feature = "hydrate")]
mod send;
#[cfg(feature = "hydrate")]
mod turn;
mod view;
#[cfg(feature = "hydrate")]
#[expect(
    dead_code,
    reason = "the engine asks for files alone, and not yet for what is told of them"
)]
mod walk;
mod words;

use leptos::prelude::*;
use model::{BucketName, upload::TransferId};

pub use dock::Dock;
use view::{RowHandle, Summary};

use crate::ui::Messages;

/// The uploads of this tab.
#[derive(Clone, Copy)]
pub struct Uploads {
    state: UploadsState,
    #[cfg(feature = "hydrate")]
    engine: StoredValue<engine::Engine, LocalStorage>,
}

/// What is shown of the uploads. Written by the engine alone.
#[derive(Clone, Copy)]
struct UploadsState {
    finished: RwSignal<Option<(BucketName, String)>>,
    summary: RwSignal<Summary>,
    rows: RwSignal<Vec<RowHandle>>,
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "only the browser announces")
    )]
    messages: Messages,
}

/// What somebody wants done with transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Cancel(TransferId),
    Retry(TransferId),
    CancelAll,
    RetryFailed,
    ClearFinished,
}

/// Puts the uploads into the context.
pub fn provide_uploads() {
    let state = UploadsState {
        finished: RwSignal::new(None),
        summary: RwSignal::new(Summary::default()),
        rows: RwSignal::new(Vec::new()),
        messages: Messages::here(),
    };
    provide_context(Uploads {
        state,
        #[cfg(feature = "hydrate")]
        engine: StoredValue::new_local(engine::Engine::new(state, crate::layout::use_session())),
    });
}

/// The uploads of this tab.
pub fn use_uploads() -> Uploads {
    expect_context::<Uploads>()
}

impl Uploads {
    /// The object that was stored last. Of many that are stored within a moment, one per folder is
    /// told.
    pub fn finished(&self) -> Signal<Option<(BucketName, String)>> {
        self.state.finished.into()
    }

    /// Whether anything goes on by itself.
    pub fn active(&self) -> Signal<bool> {
        let summary = self.state.summary;
        Signal::derive(move || summary.with(|summary| summary.tally.active > 0))
    }

    /// Takes files from a picker.
    #[cfg(feature = "hydrate")]
    pub fn add_files(&self, bucket: BucketName, prefix: String, files: web_sys::FileList) {
        self.engine
            .try_with_value(|engine| engine.add(bucket, prefix, walk::Found::picked(&files)));
    }

    /// Takes what was dropped.
    #[cfg(feature = "hydrate")]
    pub fn add_drop(&self, bucket: BucketName, prefix: String, data: web_sys::DataTransfer) {
        self.engine
            .try_with_value(|engine| engine.add(bucket, prefix, walk::Found::dropped(&data)));
    }

    fn wish(&self, wish: Wish) {
        #[cfg(feature = "hydrate")]
        self.engine.try_with_value(|engine| engine.wish(wish));
        #[cfg(not(feature = "hydrate"))]
        let _ = (self, wish);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
