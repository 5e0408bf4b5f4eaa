//! The rows that are in the document: those in sight, a few beyond them, and the one with the focus.
//!
//! All rows are of one height. The drawn ones stand one after another, as without scripts; where rows are
//! left out, a margin of their height stands for them. When rows arrive above what is looked at, the page
//! is scrolled by as much, so that what is seen stays where it is.

use std::{collections::HashMap, sync::Arc};

use leptos::{html, prelude::*};
use model::Timestamp;

use super::{listing::Entry, rows::Rows, state::FilesState};

/// Rows that are drawn beyond each edge.
const BEYOND: usize = 6;

/// What tells one row from another.
pub type RowKey = (String, Option<u64>, Option<Timestamp>, Option<Timestamp>);

/// Where a drawn row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The entry.
    pub id: u32,
    /// Its row in the list.
    pub place: usize,
    /// How many rows before it are not drawn.
    pub gap: usize,
}

/// A row that is drawn; stays while its place changes.
#[derive(Clone)]
pub struct Drawn {
    /// What it shows.
    pub entry: Arc<Entry>,
    /// Where.
    pub slot: ArcRwSignal<Slot>,
}

impl Drawn {
    /// What tells it from others.
    pub fn key(&self) -> RowKey {
        key(&self.entry)
    }
}

fn key(entry: &Entry) -> RowKey {
    (entry.key.clone(), entry.size, entry.modified, entry.ends)
}

/// The drawn part of the list.
#[derive(Clone, Copy)]
pub struct Window {
    /// The state of the folder.
    pub state: FilesState,
    /// The element around the rows.
    pub node: NodeRef<html::Div>,
    /// The drawn rows, in their order.
    pub drawn: RwSignal<Vec<Drawn>>,
    /// How many rows after them are not drawn.
    pub after: RwSignal<usize>,
    /// The height of a row, in pixels; 0 while it is not known.
    pub height: RwSignal<f64>,
    #[cfg(feature = "hydrate")]
    eyes: StoredValue<browser::Eyes, LocalStorage>,
}

/// How many rows to draw beyond each edge. Where nothing in sight is drawn yet, as after a leap, what is in sight
/// comes alone, and the rest with the next frame: so many rows at once would take longer than a frame may.
fn margin(drawn: &[Drawn], from: usize, to: usize) -> usize {
    let in_sight = |drawn: &Drawn| (from..to).contains(&drawn.slot.read_untracked().place);
    if drawn.is_empty() || drawn.iter().any(in_sight) {
        BEYOND
    } else {
        0
    }
}

/// The places of the rows to draw: `from` to `to` with `beyond` at each edge, and one that has to be there.
fn places(count: usize, from: usize, to: usize, beyond: usize, kept: Option<usize>) -> Vec<usize> {
    let to = (to + beyond).min(count);
    let from = from.saturating_sub(beyond).min(to);
    let kept = kept.filter(|place| *place < count);
    let before = kept.filter(|place| *place < from);
    let after = kept.filter(|place| *place >= to);
    before.into_iter().chain(from..to).chain(after).collect()
}

/// The rows at these places, with those that are drawn already.
fn draw(rows: &Rows, places: &[usize], old: Vec<Drawn>) -> Vec<Drawn> {
    let mut old: HashMap<RowKey, ArcRwSignal<Slot>> = old
        .into_iter()
        .map(|drawn| (drawn.key(), drawn.slot))
        .collect();
    let mut next = 0;
    let mut drawn = Vec::with_capacity(places.len());
    for place in places {
        let Some((id, entry)) = rows.at(*place).and_then(|id| Some((id, rows.entry(id)?))) else {
            continue;
        };
        let slot = Slot {
            id,
            place: *place,
            gap: *place - next,
        };
        next = *place + 1;
        let kept = old.remove(&key(entry));
        if let Some(kept) = &kept
            && *kept.read_untracked() != slot
        {
            kept.set(slot);
        }
        drawn.push(Drawn {
            entry: Arc::new(entry.clone()),
            slot: kept.unwrap_or_else(|| ArcRwSignal::new(slot)),
        });
    }
    drawn
}

impl Window {
    /// Begins with all rows, as the server renders them.
    pub fn new(state: FilesState) -> Self {
        let drawn = state.rows.with_untracked(|rows| {
            let places: Vec<usize> = (0..rows.len()).collect();
            draw(rows, &places, Vec::new())
        });
        Self {
            state,
            node: NodeRef::new(),
            drawn: RwSignal::new(drawn),
            after: RwSignal::new(0),
            height: RwSignal::new(0.0),
            #[cfg(feature = "hydrate")]
            eyes: StoredValue::new_local(browser::Eyes::default()),
        }
    }

    /// The height of so many rows, for a style; none for no rows.
    pub fn space(self, rows: usize) -> Option<String> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "far below what a float counts exactly"
        )]
        let space = rows as f64 * self.height.get();
        (space > 0.0).then(|| format!("{space}px"))
    }
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_self, reason = "acts in the browser")]
impl Window {
    /// Nobody looks at rendering.
    pub fn watch(self) {
        let _ = (self.state, margin, places, draw);
    }

    /// Brings a row into sight and gives a cell of it the focus.
    pub fn focus(self, _id: u32, _column: usize) {}

    /// The key of the first row in sight, and how far below the edge it begins.
    pub fn first(self) -> Option<(String, f64)> {
        None
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev;
    use wasm_bindgen::JsCast as _;
    use web_sys::HtmlElement;

    use leptos::prelude::*;

    use super::{super::grid, BEYOND, Drawn, RowKey, Rows, Window, draw, margin, places};

    /// What was last seen.
    #[derive(Default)]
    pub struct Eyes {
        /// Whether a frame is asked for.
        waiting: bool,
        /// The row that stays where it is: the entry and its key, and its place when it was seen.
        held: Option<(u32, String, usize)>,
        /// Which listing that was of.
        of: u32,
        /// The first row in sight, and how far below the edge it begins.
        first: Option<(u32, f64)>,
        /// Rows by which the page is to be scrolled before it is looked at again.
        shift: f64,
    }

    /// What is covered at the upper edge: the page's head, and that of the list.
    fn covered() -> f64 {
        let head = document().query_selector(".files-head").ok().flatten();
        let bottom = head.map_or(0.0, |head| head.get_bounding_client_rect().bottom());
        let page = document().query_selector(".header").ok().flatten();
        let page = page.map_or(0.0, |page| page.get_bounding_client_rect().bottom());
        bottom.max(page).max(0.0)
    }

    fn visible_height() -> f64 {
        let height = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        height.unwrap_or(600.0)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows on a page, cut off at 0"
    )]
    fn rows_in(pixels: f64, height: f64) -> usize {
        (pixels / height).max(0.0) as usize
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "far below what a float counts exactly"
    )]
    fn pixels(rows: usize, height: f64) -> f64 {
        rows as f64 * height
    }

    impl Window {
        /// Draws as the page is scrolled and as rows come.
        pub fn watch(self) {
            let scroll = window_event_listener(ev::scroll, move |_| self.soon());
            let resize = window_event_listener(ev::resize, move |_| {
                if self.height.try_set(0.0).is_none() {
                    self.soon();
                }
            });
            on_cleanup(move || {
                scroll.remove();
                resize.remove();
            });
            let settled = expect_context::<crate::layout::title::Settled>().0;
            Effect::new(move |_| {
                self.state.rows.track();
                self.state.cursor.track();
                if settled.get() {
                    self.draw();
                }
            });
        }

        fn soon(self) {
            let waits = self
                .eyes
                .try_update_value(|eyes| std::mem::replace(&mut eyes.waiting, true));
            if waits == Some(false) {
                request_animation_frame(move || {
                    self.eyes.try_update_value(|eyes| eyes.waiting = false);
                    self.draw();
                });
            }
        }

        fn measure(self, body: &HtmlElement) -> Option<f64> {
            let known = self.height.get_untracked();
            if known > 0.0 {
                return Some(known);
            }
            let row = body.first_element_child()?;
            let height = row.get_bounding_client_rect().height();
            if height > 0.0 {
                self.height.set(height);
            }
            (height > 0.0).then_some(height)
        }

        fn draw(self) {
            let Some(body) = self.node.try_get_untracked().flatten() else {
                return;
            };
            if self.state.rows.with_untracked(Rows::is_empty) {
                self.drawn.set(Vec::new());
                self.after.set(0);
                return;
            }
            let Some(height) = self.measure(&body) else {
                self.draw_first();
                return;
            };
            self.hold(&body, height);
            let shift = self
                .eyes
                .try_update_value(|eyes| eyes.shift)
                .unwrap_or_default();
            let top = body.get_bounding_client_rect().top() - shift;
            let covered = covered();
            let from = rows_in(covered - top, height);
            let to = rows_in(visible_height() - top, height) + 1;
            self.put(from, to);
            let below = pixels(from, height) + top - covered;
            self.look(from, to, below);
        }

        /// Some rows, to have one to measure.
        fn draw_first(self) {
            self.put(0, BEYOND);
            if self.drawn.with_untracked(|drawn| !drawn.is_empty()) {
                self.soon();
            }
        }

        fn put(self, from: usize, to: usize) {
            let kept = grid::focused_row(self.state);
            self.state.rows.with_untracked(|rows| {
                let kept = kept.and_then(|id| rows.place_of(id));
                let old = self.drawn.get_untracked();
                let beyond = margin(&old, from, to);
                if beyond == 0 {
                    self.soon();
                }
                let places = places(rows.len(), from, to, beyond, kept);
                let before: Vec<RowKey> = old.iter().map(Drawn::key).collect();
                let drawn = draw(rows, &places, old);
                let after = rows.len() - places.last().map_or(0, |last| last + 1);
                if !drawn.iter().map(Drawn::key).eq(before) {
                    self.drawn.set(drawn);
                }
                if self.after.get_untracked() != after {
                    self.after.set(after);
                }
            });
            self.state.near_end(to);
        }

        /// Keeps the held row where it is, if it got another place.
        fn hold(self, body: &HtmlElement, height: f64) {
            let of = self.state.listed_again();
            let moved = self.eyes.try_update_value(|eyes| {
                let (id, key, place) = eyes.held.as_ref()?;
                let now = self.state.rows.with_untracked(|rows| {
                    let id = if eyes.of == of {
                        Some(*id)
                    } else {
                        rows.find(key)
                    };
                    id.and_then(|id| rows.place_of(id))
                });
                eyes.of = of;
                let (now, place) = (now?, *place);
                eyes.held = None;
                (now != place).then(|| pixels(now, height) - pixels(place, height))
            });
            let Some(moved) = moved.flatten() else { return };
            let _ = body;
            self.eyes.update_value(|eyes| eyes.shift += moved);
            // After the rows have their new places, and before they are painted.
            request_animation_frame(move || {
                let shift = self
                    .eyes
                    .try_update_value(|eyes| std::mem::take(&mut eyes.shift));
                if let Some(shift) = shift.filter(|shift| *shift != 0.0) {
                    window().scroll_by_with_x_and_y(0.0, shift);
                }
            });
        }

        /// Takes note of what is seen, and of the row that is to stay there: the one with the focus, the
        /// one under the pointer, else the first.
        fn look(self, from: usize, to: usize, below: f64) {
            let of = self.state.listed_again();
            let pointed = document()
                .query_selector(".files-body > .files-row:hover")
                .ok()
                .flatten()
                .and_then(|row| row.get_attribute("data-key"));
            let at_top = window().scroll_y().is_ok_and(|y| y <= 0.0);
            let pointed = pointed.and_then(|key| self.id_of(&key));
            let first = self.state.rows.with_untracked(|rows| {
                let focused = grid::focused_row(self.state).filter(|id| {
                    rows.place_of(*id)
                        .is_some_and(|at| (from..to).contains(&at))
                });
                let first = rows.at(from);
                let held = focused.or(pointed).or(first.filter(|_| !at_top));
                let held =
                    held.and_then(|id| Some((id, rows.entry(id)?.key.clone(), rows.place_of(id)?)));
                self.eyes.try_update_value(|eyes| {
                    eyes.held = held;
                    eyes.of = of;
                });
                first
            });
            self.eyes
                .try_update_value(|eyes| eyes.first = first.map(|id| (id, below)));
        }

        /// The entry of a drawn row.
        pub fn id_of(self, key: &str) -> Option<u32> {
            self.drawn.with_untracked(|drawn| {
                let found = drawn.iter().find(|drawn| drawn.entry.key == key)?;
                Some(found.slot.read_untracked().id)
            })
        }

        /// The key of the first row in sight, and how far below the edge it begins.
        pub fn first(self) -> Option<(String, f64)> {
            let (id, below) = self.eyes.try_update_value(|eyes| eyes.first)??;
            let key = self
                .state
                .rows
                .try_with_untracked(|rows| rows.entry(id).map(|entry| entry.key.clone()));
            Some((key??, below))
        }

        /// Rows that one page key moves by.
        pub fn page(self) -> usize {
            let height = self.height.get_untracked();
            if height <= 0.0 {
                return 1;
            }
            rows_in(visible_height() - covered(), height)
                .saturating_sub(1)
                .max(1)
        }

        /// Brings a row into sight, so far below the upper edge.
        pub fn show(self, id: u32, offset: f64) {
            self.scroll_to(id, |top, _| Some(top - offset));
            // Once more, because what covers the upper edge stands there only after the first time.
            self.scroll_to(id, |top, _| Some(top - offset).filter(|by| by.abs() >= 1.0));
        }

        /// Scrolls by what `by` makes of how far the row's upper and lower edges are from those of what is
        /// seen.
        fn scroll_to(self, id: u32, by: impl Fn(f64, f64) -> Option<f64>) {
            let Some(body) = self.node.get_untracked() else {
                return;
            };
            let Some(height) = self.measure(&body) else {
                return;
            };
            let Some(place) = self.state.rows.with_untracked(|rows| rows.place_of(id)) else {
                return;
            };
            let top = body.get_bounding_client_rect().top() + pixels(place, height);
            let over = top - covered();
            let under = top + height - (visible_height() - 48.0);
            if let Some(by) = by(over, under) {
                window().scroll_by_with_x_and_y(0.0, by);
                self.eyes.update_value(|eyes| eyes.held = None);
            }
            self.draw();
        }

        /// Brings a row into sight.
        pub fn reveal(self, id: u32) {
            self.scroll_to(id, |over, under| {
                if over < 0.0 {
                    Some(over)
                } else {
                    (under > 0.0).then_some(under)
                }
            });
        }

        /// Brings a row into sight and gives a cell of it the focus.
        pub fn focus(self, id: u32, column: usize) {
            self.state.set_cursor(id, column);
            self.reveal(id);
            if !focus_cell(id, column) {
                // A row that was not drawn is there in the next frame.
                request_animation_frame(move || {
                    focus_cell(id, column);
                });
            }
        }
    }

    impl Window {
        /// Gives a cell the focus where it is in the document; what is seen stays.
        pub fn focus_in_place(self, id: u32, column: usize) {
            self.state.set_cursor(id, column);
            focus_cell(id, column);
        }
    }

    /// Gives a cell the focus without scrolling; whether it is there.
    fn focus_cell(id: u32, column: usize) -> bool {
        let cell = document().get_element_by_id(&grid::cell_id(id, column));
        let Some(cell) = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) else {
            return false;
        };
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        cell.focus_with_options(&options).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::rows::Arrangement, *};

    #[test]
    fn what_is_in_sight_is_drawn_and_a_little_more() {
        let places = |count, from, to| places(count, from, to, BEYOND, None);
        assert_eq!(places(5, 0, 3), [0, 1, 2, 3, 4]);
        assert_eq!(places(100, 50, 60), (44..66).collect::<Vec<_>>());
        assert_eq!(places(100, 95, 120), (89..100).collect::<Vec<_>>());
        assert_eq!(places(10, 500, 520), Vec::<usize>::new());
    }

    #[test]
    fn the_row_with_the_focus_is_always_drawn() {
        let with = |kept| places(100, 50, 52, BEYOND, Some(kept));
        assert_eq!(with(3).first(), Some(&3));
        assert_eq!(with(90).last(), Some(&90));
        assert_eq!(with(51), (44..58).collect::<Vec<_>>());
        assert_eq!(
            with(100),
            (44..58).collect::<Vec<_>>(),
            "there is no such row"
        );
    }

    #[test]
    fn after_a_leap_what_is_in_sight_comes_alone() {
        let owner = Owner::new();
        owner.set();
        let entries = (0..900).map(|n| Entry::file(&format!("f{n:03}"), n));
        let rows = Rows::of(0, Arrangement::default(), entries.collect());
        let at = |places: &[usize]| draw(&rows, places, Vec::new());
        assert_eq!(margin(&[], 0, 20), BEYOND, "the first rows");
        assert_eq!(margin(&at(&[18, 19]), 19, 39), BEYOND, "a step");
        // The row with the focus stays drawn, wherever it is.
        assert_eq!(margin(&at(&[3, 18, 19]), 20, 40), 0, "a leap");
    }

    #[test]
    fn rows_keep_their_handles_and_learn_their_places() {
        let owner = Owner::new();
        owner.set();
        let entries = (0..50)
            .map(|n| Entry::file(&format!("f{n:02}"), n))
            .collect();
        let mut rows = Rows::of(0, Arrangement::default(), entries);
        let drawn = draw(&rows, &[2, 10, 11], Vec::new());
        let gaps: Vec<usize> = drawn.iter().map(|d| d.slot.get_untracked().gap).collect();
        assert_eq!(gaps, [2, 7, 0]);
        let kept = drawn[1].slot.clone();
        rows.add(vec![Entry::folder("later/")]);
        rows.work(100);
        draw(&rows, &[11, 12], drawn);
        let slot = kept.get_untracked();
        assert_eq!((slot.place, slot.gap), (11, 11));
    }
}
