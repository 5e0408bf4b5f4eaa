//! The menu of what can be done, where it is asked for: at a row, at the pointer, in the command bar.

use leptos::{ev, html, prelude::*};

use super::{action::Action, hand::Hand, state::FilesState};
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    words::files,
};

/// Opens the menu.
#[derive(Clone, Copy)]
pub struct Menu {
    at: RwSignal<Option<(i32, i32)>>,
    node: NodeRef<html::Div>,
}

impl Menu {
    /// A closed menu.
    pub fn new() -> Self {
        Self {
            at: RwSignal::new(None),
            node: NodeRef::new(),
        }
    }

    /// Opens it at a place in the window.
    #[cfg(feature = "hydrate")]
    pub fn open(self, at: (i32, i32)) {
        self.at.set(Some(at));
        browser::show_menu(self.node);
    }

    fn close() {
        browser::hide_popover("#context-menu");
    }
}

/// The menu itself.
#[component]
pub fn ContextMenu(state: FilesState, hand: Hand, menu: Menu) -> impl IntoView {
    let entry = move |action: Action| {
        let reason = Signal::derive(move || {
            // Nothing is selected while the menu is closed in a test of every entry.
            menu.at.track();
            action.reason(state)
        });
        view! {
            <Button
                tone=Tone::Quiet
                reason
                attr:role="menuitem"
                attr:tabindex="-1"
                attr:data-testid=format!("menu-{}", action.as_str())
                press=move |_| {
                    Menu::close();
                    hand.act(action);
                }
            >
                <Icon name=action.icon() />
                <span class="menu-words">{action.words()}</span>
                {(!action.key().is_empty())
                    .then(|| view! { <kbd aria-hidden="true">{action.key()}</kbd> })}
                // Where nothing hovers, no tooltip says it.
                {move || {
                    reason
                        .get()
                        .map(|why| view! { <small class="menu-reason" aria-hidden="true">{why}</small> })
                }}
            </Button>
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Home" => 2,
            "End" => -2,
            "Tab" => {
                Menu::close();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        browser::step_in_menu(menu.node, by);
    };
    view! {
        <div
            id="context-menu"
            class="menu context-menu"
            popover="auto"
            role="menu"
            aria-label=files::commands()
            node_ref=menu.node
            style:--x=move || menu.at.get().map(|(x, _)| format!("{x}px"))
            style:--y=move || menu.at.get().map(|(_, y)| format!("{y}px"))
            data-testid="context-menu"
            on:keydown=keys
        >
            {Action::ALL.map(entry).collect_view()}
        </div>
    }
}
