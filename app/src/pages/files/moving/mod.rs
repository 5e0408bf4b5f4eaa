//! Renaming, copying and moving.
//!
//! Its code is needed seldom, so it comes by itself: when somebody turns to the list, asks for any of it, or has
//! something on the clipboard. What is here only asks for it.

#[cfg(any(feature = "hydrate", test))]
mod load;
#[cfg(any(feature = "hydrate", test))]
mod renamed;
#[cfg(feature = "hydrate")]
mod works;

use leptos::{prelude::*, task::spawn_local};

use super::{state::FilesState, window::Window};

#[cfg(feature = "hydrate")]
/// The place in the browser's storage for what was copied or cut, which other tabs share.
const CLIPBOARD: &str = "hako.clipboard";
#[cfg(feature = "hydrate")]
/// The place in the tab's storage for what folders were renamed to.
const RENAMED: &str = "hako.renamed";

/// Something to do with what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Rename it, in its row.
    Rename,
    /// Ask where to copy it.
    Copy,
    /// Ask where to move it.
    Move,
    /// Take it to the clipboard.
    #[cfg(feature = "hydrate")]
    Take {
        /// Whether it goes from where it is.
        cut: bool,
    },
    /// Put here what is on the clipboard.
    #[cfg(feature = "hydrate")]
    Paste,
}

/// What stands in a row while its name is being changed.
#[derive(Clone)]
struct Field {
    key: String,
    draw: ViewFn,
}

/// What the page knows of renaming, copying and moving.
#[derive(Clone, Copy)]
pub struct Moving {
    /// Whether the code is wanted.
    wanted: RwSignal<bool>,
    asked: RwSignal<Option<Ask>>,
    field: RwSignal<Option<Field>>,
}

impl Moving {
    /// Nothing is asked for yet.
    pub fn new() -> Self {
        Self {
            wanted: RwSignal::new(false),
            asked: RwSignal::new(None),
            field: RwSignal::new(None),
        }
    }

    /// Fetches the code, so that it is there when it is needed.
    pub fn fetch(self) {
        if !self.wanted.get_untracked() {
            self.wanted.set(true);
        }
    }

    /// Does something with what is selected, now or as soon as the code is there.
    pub fn ask(self, ask: Ask) {
        self.asked.set(Some(ask));
        self.fetch();
    }

    /// What stands in the row of a key, where its name is being changed.
    pub fn field_of(self, key: &str) -> Option<AnyView> {
        self.field.with(|field| {
            let field = field.as_ref().filter(|field| field.key == key)?;
            Some(field.draw.run())
        })
    }
}

/// Draws what belongs to a folder's page.
type Draw = fn(FilesState, Window) -> AnyView;

/// The code below this function is fetched when it is first called.
#[leptos::lazy]
fn moving() -> Draw {
    #[cfg(feature = "hydrate")]
    let draw = works::draw;
    #[cfg(not(feature = "hydrate"))]
    let draw = |_, _| ().into_any();
    draw
}

/// Dialogs and notes, once there is a reason for them.
#[component]
pub fn MovingPart(state: FilesState, window: Window) -> impl IntoView {
    let draw = RwSignal::new(None::<Draw>);
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        if crate::browser::remembered(CLIPBOARD).is_some() || works::is_kept(RENAMED) {
            state.moving.fetch();
        }
    });
    Effect::new(move |_| {
        if state.moving.wanted.get() {
            spawn_local(async move {
                let arrived = moving().await;
                draw.try_set(Some(arrived));
            });
        }
    });
    #[cfg(feature = "hydrate")]
    early::listen(state, draw);
    move || draw.get().map(|draw| draw(state, window))
}

/// Keys of the clipboard that are pressed before the code is there.
#[cfg(feature = "hydrate")]
mod early {
    use leptos::{ev, prelude::*};
    use wasm_bindgen::JsCast as _;

    use super::{Ask, Draw, FilesState};

    /// Does later what they are for. Only what is pressed in the list: elsewhere the keys have other uses.
    pub fn listen(state: FilesState, draw: RwSignal<Option<Draw>>) {
        let keys = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
            let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
            if !command
                || event.shift_key()
                || state.is_gone()
                || draw.with_untracked(Option::is_some)
            {
                return;
            }
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let listed = target.and_then(|target| target.closest(".files-body").ok().flatten());
            let ask = match event.key().as_str() {
                "c" | "C" => Ask::Take { cut: false },
                "x" | "X" => Ask::Take { cut: true },
                "v" | "V" => Ask::Paste,
                _ => return,
            };
            if listed.is_some() {
                state.moving.ask(ask);
            }
        });
        on_cleanup(move || keys.remove());
    }
}
