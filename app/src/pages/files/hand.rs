//! What keys, pointer and touch do in the list.

use leptos::prelude::*;

use super::{action::Action, acts::Acts, menu::Menu, window::Window};

/// The one that acts on the list.
#[derive(Clone, Copy)]
pub struct Hand {
    pub(super) window: Window,
    pub(super) menu: Menu,
    pub(super) acts: Acts,
    /// Where a finger rests, and since when it was put down.
    #[cfg(feature = "hydrate")]
    finger: StoredValue<Option<browser::Finger>, LocalStorage>,
    /// Whether rows are selected by taps.
    pub(super) picking: RwSignal<bool>,
    /// What was typed to jump to a name, and how often.
    #[cfg(feature = "hydrate")]
    typed: StoredValue<(String, u32)>,
}

impl Hand {
    /// The state of the folder.
    pub fn state(self) -> super::state::FilesState {
        self.window.state
    }

    /// For a list.
    pub fn new(window: Window, menu: Menu, acts: Acts) -> Self {
        Self {
            window,
            menu,
            acts,
            #[cfg(feature = "hydrate")]
            finger: StoredValue::new_local(None),
            picking: RwSignal::new(false),
            #[cfg(feature = "hydrate")]
            typed: StoredValue::new((String::new(), 0)),
        }
    }

    /// Does something with what is selected, or with the folder.
    pub fn act(self, action: Action) {
        action.run(self);
    }
}

#[cfg(not(feature = "hydrate"))]
use leptos::ev;

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_self, reason = "acts in the browser")]
impl Hand {
    /// A key in the list.
    pub fn press(self, _event: &ev::KeyboardEvent) {}
    /// A click in the list.
    pub fn click(self, _event: &ev::MouseEvent) {}
    /// The focus came to a cell.
    pub fn focus_came(self, _event: &ev::FocusEvent) {}
    /// Somebody asks what can be done.
    pub fn ask_menu(self, _event: &ev::MouseEvent) {}
    /// A finger was put down.
    pub fn down(self, _event: &ev::PointerEvent) {}
    /// A finger moved.
    pub fn moved(self, _event: &ev::PointerEvent) {}
    /// A finger was lifted.
    pub fn up(self) {}
    /// Opens what is selected.
    pub fn open_chosen(self) {}
    /// Hears keys anywhere in the page.
    pub fn listen(self) {
        let _ = (self.window, self.menu, self.picking);
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::{ev, prelude::*};
    use leptos_router::{NavigateOptions, hooks::use_navigate};
    use wasm_bindgen::JsCast as _;
    use web_sys::Element;

    use super::{
        super::{
            grid::{NAME, cell_of, columns},
            memory,
            order::fold,
            selection::Selection,
        },
        Action, Hand,
    };
    use crate::{
        browser,
        layout::keys::{self, is_field},
        urls,
        words::files,
    };

    /// How long a finger rests until that means something.
    const LONG: Duration = Duration::from_millis(500);
    /// How far it may slip meanwhile, in pixels.
    const SLIP: i32 = 10;
    /// How long letters belong to one name.
    const PAUSE: Duration = Duration::from_millis(1_200);

    /// A finger that rests on a row.
    #[derive(Clone, Copy)]
    pub struct Finger {
        id: u32,
        at: (i32, i32),
        /// It rested long enough: the tap that follows is none.
        long: bool,
        /// It rested on what is selected: what can be done with that is asked for.
        asks: bool,
    }

    fn target(event: &ev::Event) -> Option<Element> {
        event.target()?.dyn_into::<Element>().ok()
    }

    fn within(element: &Element, selector: &str) -> Option<Element> {
        element.closest(selector).ok().flatten()
    }

    /// Where the pointer is in the window.
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    fn point(event: &ev::MouseEvent) -> (i32, i32) {
        (event.client_x() as i32, event.client_y() as i32)
    }

    impl Hand {
        fn row_of(self, element: &Element) -> Option<u32> {
            let row = within(element, ".files-body > .files-row")?;
            self.window.id_of(&row.get_attribute("data-key")?)
        }

        /// A click selects the row; with `Ctrl` it joins or leaves, with `Shift` it ends a range. The
        /// checkbox joins or leaves; the name opens, as a link does.
        pub fn click(self, event: &ev::MouseEvent) {
            let Some(target) = target(event) else { return };
            let Some(id) = self.row_of(&target) else {
                return;
            };
            let rested = self.finger.try_update_value(Option::take).flatten();
            if let Some(finger) = rested.filter(|finger| finger.long) {
                // The finger has done what it was put down for.
                event.prevent_default();
                if finger.asks {
                    self.menu.open(finger.at);
                }
                return;
            }
            if within(&target, ".row-restore").is_some() {
                return;
            }
            if let Some(button) = within(&target, "[data-testid=\"row-menu\"]") {
                self.menu_at(id, &button);
                return;
            }
            let command = event.ctrl_key() || event.meta_key();
            let check = target.tag_name() == "INPUT";
            if !check && within(&target, "label").is_some() {
                // The browser repeats it on the checkbox.
                return;
            }
            let on_check = check || within(&target, ".cell-check").is_some();
            let link = within(&target, "a.name-link");
            if self.picking.get_untracked() && !on_check {
                event.prevent_default();
                self.toggle(id);
                return;
            }
            if let Some(link) = link {
                self.address_anew(id, &link);
                return;
            }
            if event.shift_key() {
                let from = self
                    .window
                    .state
                    .cursor
                    .get_untracked()
                    .map_or(id, |(row, _)| row);
                self.window
                    .state
                    .select(|selection, rows| selection.range(rows, id, from, command || on_check));
            } else if command || on_check {
                self.toggle(id);
            } else if was_touched(event) {
                self.window.focus(id, NAME);
                // Later, because this click is not over yet.
                request_animation_frame(move || {
                    browser::click(&format!("#{}", super::super::grid::cell_id(id, NAME)));
                });
                return;
            } else {
                self.window.state.select(|selection, _| selection.only(id));
            }
            let column = if on_check { 0 } else { NAME };
            self.window.state.set_cursor(id, column);
            if !on_check {
                self.window.focus(id, NAME);
            }
        }

        /// Opens what is selected, as a click on its name does.
        pub fn open_chosen(self) {
            let one = self
                .window
                .state
                .selection
                .with_untracked(|selection| selection.ids().next());
            if let Some(id) = one {
                self.window.focus(id, NAME);
                request_animation_frame(move || {
                    browser::click(&format!("#{}", super::super::grid::cell_id(id, NAME)));
                });
            }
        }

        fn toggle(self, id: u32) {
            self.window
                .state
                .select(|selection, _| selection.toggle(id));
            if self
                .window
                .state
                .selection
                .with_untracked(Selection::is_empty)
            {
                self.picking.set(false);
            }
        }

        /// Has the link of a file lead to the page as it is looked at now.
        fn address_anew(self, id: u32, link: &Element) {
            let state = self.window.state;
            let key = state.rows.with_untracked(|rows| {
                let entry = rows
                    .entry(id)
                    .filter(|entry| !entry.is_folder() && !entry.is_deleted())?;
                Some(entry.key.clone())
            });
            if let Some(key) = key {
                let open = state
                    .look
                    .with_untracked(|look| look.open.clone().key(&key));
                let _ = link.set_attribute("href", &untrack(|| state.beside(open)));
            }
        }

        /// The focus came to a cell.
        pub fn focus_came(self, event: &ev::FocusEvent) {
            self.window.state.moving.fetch();
            if let Some((id, column)) = target(event).and_then(|target| cell_of(&target.id())) {
                self.window.state.set_cursor(id, column);
            }
        }

        /// The right button: what can be done with the row, or with what is selected where it belongs to it.
        pub fn ask_menu(self, event: &ev::MouseEvent) {
            let Some(id) = target(event).and_then(|target| self.row_of(&target)) else {
                return;
            };
            event.prevent_default();
            if self
                .finger
                .try_with_value(Option::is_some)
                .unwrap_or_default()
            {
                // A finger that rests selects.
                return;
            }
            self.mean(id);
            self.menu.open(point(event));
        }

        fn menu_at(self, id: u32, button: &Element) {
            self.mean(id);
            let edges = button.get_bounding_client_rect();
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            let at = (edges.left() as i32, edges.bottom() as i32);
            self.menu.open(at);
        }

        /// Selects the row with the focus where nothing is selected.
        fn mean_focused(self) {
            let state = self.window.state;
            if state.selection.with_untracked(Selection::is_empty)
                && let Some(id) = super::super::grid::focused_row(state)
            {
                self.mean(id);
            }
        }

        /// Selects a row unless it is.
        fn mean(self, id: u32) {
            if !self
                .window
                .state
                .selection
                .with_untracked(|s| s.contains(id))
            {
                self.window.state.select(|selection, _| selection.only(id));
            }
            let column = self
                .window
                .state
                .cursor
                .get_untracked()
                .map_or(NAME, |(_, c)| c);
            self.window.state.set_cursor(id, column);
        }

        /// A finger was put down: if it rests, its row is selected, and taps select from then on. On a row that is
        /// selected it asks for the menu.
        pub fn down(self, event: &ev::PointerEvent) {
            self.finger.set_value(None);
            if event.pointer_type() == "mouse" {
                return;
            }
            let Some(id) = target(event).and_then(|target| self.row_of(&target)) else {
                return;
            };
            let finger = Finger {
                id,
                at: point(event),
                long: false,
                asks: false,
            };
            self.finger.set_value(Some(finger));
            set_timeout(
                move || {
                    let rests = self.finger.try_update_value(|now| {
                        let now = now.as_mut()?;
                        if now.at != finger.at || now.id != finger.id || now.long {
                            return None;
                        }
                        now.long = true;
                        let selection = self.window.state.selection;
                        now.asks = selection.with_untracked(|s| s.contains(now.id));
                        Some(*now)
                    });
                    if let Some(now) = rests.flatten()
                        && !now.asks
                    {
                        self.picking.set(true);
                        self.toggle(now.id);
                    }
                },
                LONG,
            );
        }

        /// A finger that slips scrolls.
        pub fn moved(self, event: &ev::PointerEvent) {
            self.window.state.moving.fetch();
            self.finger.try_update_value(|finger| {
                let (x, y) = point(event);
                let slips = finger.is_some_and(|finger| {
                    let far = |a: i32, b: i32| (a - b).abs() > SLIP;
                    !finger.long && (far(finger.at.0, x) || far(finger.at.1, y))
                });
                if slips {
                    *finger = None;
                }
            });
        }

        /// A finger was lifted before it rested. One that rested is forgotten with its click, or soon. The menu that it
        /// asked for opens then: one that is open before the finger is lifted is closed by that.
        pub fn up(self) {
            let long = self.finger.try_update_value(|finger| {
                if finger.is_some_and(|finger| finger.long) {
                    return true;
                }
                *finger = None;
                false
            });
            if long == Some(true) {
                set_timeout(
                    move || {
                        // Not the next finger.
                        let rested = self.finger.try_update_value(|now| {
                            let rested = now.filter(|now| now.long);
                            if rested.is_some() {
                                *now = None;
                            }
                            rested
                        });
                        if let Some(finger) = rested.flatten().filter(|finger| finger.asks) {
                            self.menu.open(finger.at);
                        }
                    },
                    Duration::from_millis(50),
                );
            }
        }

        /// A key in the list.
        pub fn press(self, event: &ev::KeyboardEvent) {
            let Some((id, column)) = self.window.state.cursor.get_untracked() else {
                return;
            };
            let command = event.ctrl_key() || event.meta_key();
            let key = event.key();
            let acted = match key.as_str() {
                "a" | "A" if command => {
                    self.window.state.select(Selection::all);
                    true
                }
                "f" | "F" if command => {
                    browser::focus("#files-filter");
                    self.window.state.messages.announce(files::find_in_page());
                    true
                }
                "Escape" => self.escape(),
                "F10" if event.shift_key() => self.menu_of_focus(id),
                "ContextMenu" => self.menu_of_focus(id),
                " " => self.space(id, column, event.shift_key(), command),
                "Enter" if column != NAME && column + 1 != columns(self.window.state) => {
                    browser::click(&format!("#{}", super::super::grid::cell_id(id, NAME)));
                    true
                }
                _ if event.alt_key() => false,
                key => self.go(key, (id, column), event.shift_key(), command),
            };
            if acted {
                event.prevent_default();
                event.stop_propagation();
            }
        }

        fn escape(self) -> bool {
            self.picking.set(false);
            let any = !self
                .window
                .state
                .selection
                .with_untracked(Selection::is_empty);
            if any {
                self.window.state.select(|selection, _| selection.clear());
            }
            any
        }

        fn menu_of_focus(self, id: u32) -> bool {
            let cell = document().active_element();
            let Some(row) = cell.and_then(|cell| within(&cell, ".files-row")) else {
                return false;
            };
            self.mean(id);
            let edges = row.get_bounding_client_rect();
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            let at = (edges.left() as i32 + 48, edges.bottom() as i32);
            self.menu.open(at);
            true
        }

        fn space(self, id: u32, column: usize, shift: bool, command: bool) -> bool {
            if shift {
                self.window
                    .state
                    .select(|selection, rows| selection.range(rows, id, id, command));
                return true;
            }
            if column == 0 || column + 1 == columns(self.window.state) {
                // The control's own key: its click follows.
                return false;
            }
            self.toggle(id);
            true
        }

        /// The moving keys.
        fn go(self, key: &str, (id, column): (u32, usize), shift: bool, command: bool) -> bool {
            let last_column = columns(self.window.state) - 1;
            let place = self.window.state.rows.with_untracked(|rows| {
                let last = rows.len().checked_sub(1)?;
                let now = rows.place_of(id).unwrap_or_default();
                let page = self.window.page();
                Some(match key {
                    "ArrowDown" => (now + 1).min(last),
                    "ArrowUp" => now.saturating_sub(1),
                    "PageDown" => (now + page).min(last),
                    "PageUp" => now.saturating_sub(page),
                    "Home" => 0,
                    "End" => last,
                    "ArrowLeft" | "ArrowRight" => now,
                    _ => return None,
                })
            });
            let Some(place) = place else { return false };
            let column = match key {
                "ArrowLeft" => column.saturating_sub(1),
                "ArrowRight" => (column + 1).min(last_column),
                _ => column,
            };
            let Some(to) = self.window.state.rows.with_untracked(|rows| rows.at(place)) else {
                return false;
            };
            if shift && !matches!(key, "ArrowLeft" | "ArrowRight") {
                self.window
                    .state
                    .select(|selection, rows| selection.range(rows, to, id, command));
            }
            self.window.focus(to, column);
            true
        }

        /// Hears keys anywhere in the page, as long as nothing is typed into and no dialog is open.
        pub fn listen(self) {
            // When nothing is selected any more, a tap opens again.
            let nothing = Memo::new(move |_| self.window.state.selection.with(Selection::is_empty));
            Effect::new(move |_| {
                if nothing.get() {
                    self.picking.set(false);
                }
            });
            let navigate = use_navigate();
            let keys = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
                if event.default_prevented() || self.window.state.is_gone() {
                    return;
                }
                let element = target(&event);
                let typing = element.as_ref().is_some_and(is_field);
                let covered = document()
                    .query_selector("dialog[open], [popover]:popover-open")
                    .ok()
                    .flatten()
                    .is_some();
                if typing || covered {
                    return;
                }
                let key = event.key();
                if key == "Backspace" || key == "ArrowUp" && event.alt_key() {
                    if let Some(address) = self.one_up() {
                        navigate(&address, NavigateOptions::default());
                        event.prevent_default();
                    }
                    return;
                }
                if event.ctrl_key() || event.meta_key() || event.alt_key() {
                    return;
                }
                if key.chars().count() == 1 && !keys::single() {
                    // Then letters are of names, in the list alone.
                    if element.is_some_and(|at| within(&at, ".files-body").is_some()) {
                        self.jump_by_letter(&key);
                        event.prevent_default();
                    }
                    return;
                }
                if self.letter(&key, event.shift_key()) {
                    event.prevent_default();
                }
            });
            on_cleanup(move || keys.remove());
        }

        fn one_up(self) -> Option<String> {
            self.window.state.prefix.with_value(|prefix| {
                if prefix.is_empty() {
                    return None;
                }
                let above = urls::crumbs(prefix).into_iter().rev().nth(1);
                let above = above.map_or_else(String::new, |level| level.prefix);
                let address = untrack(|| self.window.state.folder(&above));
                memory::aim(&address, prefix);
                Some(address)
            })
        }

        /// A key without others: a command, or after `'` a letter of a name.
        fn letter(self, key: &str, shift: bool) -> bool {
            let jumping = self
                .typed
                .try_with_value(|(text, _)| !text.is_empty())
                .unwrap_or_default();
            if key == "'" || jumping && key.chars().count() == 1 {
                self.jump(key);
                return true;
            }
            match key {
                "/" => browser::focus("#files-filter"),
                "l" | "L" if !shift => browser::click("[data-testid=\"path-edit\"]"),
                _ => {
                    let Some(action) = Action::of_key(key, shift) else {
                        return false;
                    };
                    if matches!(action, Action::Rename | Action::Move | Action::Properties) {
                        self.mean_focused();
                    }
                    if untrack(|| action.reason(self.window.state)).is_some() {
                        return false;
                    }
                    self.act(action);
                }
            }
            true
        }

        /// A letter of a name without the `'` before it.
        fn jump_by_letter(self, key: &str) {
            let begun = self.typed.try_with_value(|(text, _)| !text.is_empty());
            if begun == Some(false) && key != "'" {
                self.jump("'");
            }
            self.jump(key);
        }

        /// Goes to the next name that begins with what was typed after `'`.
        fn jump(self, key: &str) {
            let now = self.typed.try_update_value(|(text, times)| {
                // The quote itself only says that letters follow.
                text.push_str(key);
                *times += 1;
                (text.clone(), *times)
            });
            let Some((text, times)) = now else { return };
            set_timeout(
                move || {
                    self.typed.try_update_value(|(text, now)| {
                        if *now == times {
                            text.clear();
                        }
                    });
                },
                PAUSE,
            );
            let wanted: Vec<char> = text.chars().skip(1).map(fold).collect();
            if wanted.is_empty() {
                return;
            }
            let found = self.window.state.rows.with_untracked(|rows| {
                let now = self.window.state.cursor.get_untracked();
                let now = now
                    .and_then(|(id, _)| rows.place_of(id))
                    .unwrap_or_default();
                let from = if wanted.len() == 1 { now + 1 } else { now };
                let place = rows.seek(from, |name| {
                    let mut letters = name.chars().map(fold);
                    wanted.iter().all(|want| letters.next() == Some(*want))
                });
                place.and_then(|place| rows.at(place))
            });
            if let Some(id) = found {
                self.window.focus(id, NAME);
            }
        }
    }

    /// Whether a click came from a finger.
    fn was_touched(event: &ev::MouseEvent) -> bool {
        event
            .dyn_ref::<ev::PointerEvent>()
            .is_some_and(|event| event.pointer_type() == "touch")
    }
}
