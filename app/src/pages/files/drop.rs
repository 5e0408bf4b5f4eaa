//! The area on which files and folders can be dropped.

use leptos::{ev, prelude::*};

use super::state::FilesState;
use crate::{ui::Icon, upload::use_uploads, words::files};

/// The whole list; lights up while something is dragged over it.
#[component]
pub fn DropZone(state: FilesState, children: Children) -> impl IntoView {
    // Entering a child leaves its parent: only the balance tells whether the pointer is inside.
    let depth = RwSignal::new(0_u32);
    let uploads = use_uploads();
    let dropped = move |event: ev::DragEvent| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        depth.set(0);
        #[cfg(feature = "hydrate")]
        if let Some(data) = event.data_transfer() {
            uploads.add_drop(state.bucket.get_value(), state.prefix.get_value(), data);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (uploads, state);
    };
    let pasted = move |event: ev::ClipboardEvent| {
        #[cfg(feature = "hydrate")]
        if let Some(data) = event.clipboard_data() {
            uploads.add_paste(state.bucket.get_value(), state.prefix.get_value(), data);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, uploads, state);
    };
    view! {
        <div
            class="drop-zone"
            class:is-over=move || depth.get().gt(&0)
            data-testid="drop-zone"
            on:dragenter=move |event: ev::DragEvent| {
                if has_files(&event) {
                    event.prevent_default();
                    depth.update(|depth| *depth += 1);
                }
            }
            on:dragover=move |event: ev::DragEvent| {
                if has_files(&event) {
                    event.prevent_default();
                }
            }
            on:dragleave=move |event: ev::DragEvent| {
                if has_files(&event) {
                    depth.update(|depth| *depth = depth.saturating_sub(1));
                }
            }
            on:drop=dropped
            on:paste=pasted
        >
            {children()}
            <div class="drop-hint" aria-hidden="true">
                <Icon name="drop" />
                {files::drop_here()}
            </div>
        </div>
    }
}

/// Whether files come from outside the page: rows of the list are dragged too.
fn has_files(event: &ev::DragEvent) -> bool {
    #[cfg(feature = "hydrate")]
    return event.data_transfer().is_some_and(|data| {
        let files = wasm_bindgen::JsValue::from_str("Files");
        data.types().includes(&files, 0)
    });
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        false
    }
}
