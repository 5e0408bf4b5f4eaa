//! What of the frame is fetched when it is first wanted: the palette, the list of keys, and what was said.

use leptos::{html, prelude::*, task::spawn_local};

use super::{notes, palette::Palette, shortcuts::Shortcuts};
use crate::browser;

/// A dialog of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The palette.
    Palette,
    /// The list of keys.
    Shortcuts,
}

/// What comes together.
#[derive(Clone, Copy)]
struct Parts {
    dialog: fn(Wanted, Extras) -> AnyView,
    notes: fn() -> AnyView,
}

#[leptos::lazy]
fn parts() -> Parts {
    Parts {
        dialog: |wanted, extras| match wanted {
            Wanted::Palette => view! { <Palette extras /> }.into_any(),
            Wanted::Shortcuts => view! { <Shortcuts extras /> }.into_any(),
        },
        notes: notes::notes,
    }
}

/// Opens them.
#[derive(Clone, Copy)]
pub struct Extras {
    parts: RwSignal<Option<Parts>>,
    asked: StoredValue<bool>,
    open: RwSignal<Option<Wanted>>,
    /// The dialog that is open.
    pub node: NodeRef<html::Dialog>,
}

/// Those of this page.
pub fn use_extras() -> Extras {
    expect_context()
}

impl Extras {
    /// Puts them into the context. Called once, by the frame.
    pub fn provide() -> Self {
        let extras = Self {
            parts: RwSignal::new(None),
            asked: StoredValue::new(false),
            open: RwSignal::new(None),
            node: NodeRef::new(),
        };
        provide_context(extras);
        extras
    }

    /// Opens a dialog as soon as its code is there.
    pub fn want(self, wanted: Wanted) {
        self.open.set(Some(wanted));
        self.load();
    }

    /// Fetches the code.
    pub fn load(self) {
        if self.asked.try_get_value() != Some(false) {
            return;
        }
        self.asked.set_value(true);
        spawn_local(async move {
            let parts = parts().await;
            self.parts.try_set(Some(parts));
        });
    }

    /// Closes the palette, if it is what is open; whether it was.
    #[cfg(feature = "hydrate")]
    pub(super) fn close_palette(self) -> bool {
        let is_open = self.open.get_untracked() == Some(Wanted::Palette);
        if is_open {
            browser::close(self.node);
        }
        is_open
    }

    /// What was said, once the code is there.
    pub fn notes(self) -> Option<AnyView> {
        self.parts.get().map(|parts| (parts.notes)())
    }

    /// A dialog has closed, which is told a little later: by then another may be open.
    pub fn closed(self) {
        if !browser::is_there(".palette[open], .shortcuts[open]") {
            self.open.set(None);
        }
    }

    /// Has the dialog that is drawn opened as a modal one.
    pub fn show(self) {
        Effect::new(move |_| browser::show_modal(self.node));
    }
}

/// The dialog that is open, above the page.
#[component]
pub fn Dialogs() -> impl IntoView {
    let extras = use_extras();
    move || {
        let parts = extras.parts.get()?;
        let wanted = extras.open.get()?;
        Some((parts.dialog)(wanted, extras))
    }
}
