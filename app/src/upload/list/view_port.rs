//! What is seen of the list: where it is scrolled to, how high its lines are, and the keys that move in it.

use leptos::{ev, html, prelude::*};
#[cfg(not(feature = "hydrate"))]
use model::upload::Line;

use super::{List, Uploads};
#[cfg(feature = "hydrate")]
use browser::Eyes;

/// The visible part of the list.
#[derive(Clone, Copy)]
pub(super) struct ViewPort {
    uploads: Uploads,
    list: List,
    node: NodeRef<html::Div>,
    /// Grows when lines are at other heights than before.
    laid: RwSignal<u64>,
    /// Whether the focus is in the list, as far as anybody knows.
    inside: StoredValue<bool>,
    #[cfg(feature = "hydrate")]
    eyes: StoredValue<Eyes, LocalStorage>,
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{collections::HashMap, time::Duration};

    use js_sys::Array;
    use leptos::prelude::*;
    use model::upload::Line;
    use wasm_bindgen::{JsCast as _, closure::Closure};
    use web_sys::{Element, HtmlElement, ResizeObserver, ResizeObserverEntry};

    use super::{
        super::{AT_LEAST, Window, heights::Heights, line_id},
        ViewPort, ev, html,
    };
    use crate::browser;

    /// What is drawn beyond the edges, in pixels.
    const BEYOND: f64 = 400.0;
    /// Windows begin at multiples of this, so that not every pixel is another one.
    const GRAIN: usize = 8;

    /// What was measured.
    pub(in super::super) struct Eyes {
        heights: Heights<Line>,
        observer: Option<ResizeObserver>,
        /// Kept as long as the browser may call it.
        hears: Option<Closure<dyn FnMut(Array)>>,
        scrolls: Option<Closure<dyn FnMut()>>,
        watched: HashMap<String, Line>,
        width: f64,
        height: f64,
        scrolled: f64,
        /// The line at the upper edge, and how far it is above.
        anchor: Option<(Line, f64)>,
    }

    /// The first element with a selector.
    fn find_in(element: &Element, selector: &str) -> Option<HtmlElement> {
        let found = element.query_selector(selector).ok().flatten()?;
        found.dyn_into().ok()
    }

    impl ViewPort {
        pub(in super::super) fn new(uploads: super::Uploads, node: NodeRef<html::Div>) -> Self {
            let port = Self {
                uploads,
                list: uploads.state.list,
                node,
                laid: RwSignal::new(0),
                inside: StoredValue::new(false),
                eyes: StoredValue::new_local(Eyes {
                    heights: Heights::default(),
                    observer: None,
                    hears: None,
                    scrolls: None,
                    watched: HashMap::new(),
                    width: 0.0,
                    height: 600.0,
                    scrolled: 0.0,
                    anchor: None,
                }),
            };
            port.observe();
            Effect::new(move |_| {
                port.list.moved.track();
                port.list.count.track();
                port.lay();
                port.mind_focus();
            });
            on_cleanup(move || {
                port.eyes.try_update_value(|eyes| {
                    if let Some(observer) = eyes.observer.take() {
                        observer.disconnect();
                    }
                });
            });
            port
        }

        fn observe(self) {
            let hear = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
                self.measured(&entries);
            });
            // Every browser that runs this has it; without it all lines count as usual ones.
            let observer = ResizeObserver::new(hear.as_ref().unchecked_ref()).ok();
            // Scrolling does not bubble, so it is heard at the list itself.
            let scrolls = Closure::<dyn FnMut()>::new(move || self.scrolled());
            self.eyes.update_value(|eyes| {
                eyes.observer = observer;
                eyes.hears = Some(hear);
                eyes.scrolls = Some(scrolls);
            });
            Effect::new(move |_| {
                if let Some(node) = self.node.get() {
                    self.with(|eyes| {
                        if let Some(observer) = &eyes.observer {
                            observer.observe(&node);
                        }
                        if let Some(scrolls) = &eyes.scrolls {
                            node.set_onscroll(Some(scrolls.as_ref().unchecked_ref()));
                        }
                        eyes.scrolled = 0.0;
                        eyes.anchor = None;
                    });
                    self.look();
                }
            });
        }

        fn with<T>(self, act: impl FnOnce(&mut Eyes) -> T) -> Option<T> {
            self.eyes.try_update_value(act)
        }

        /// Measures a line as long as it is drawn.
        pub(in super::super) fn watch(self, node: NodeRef<html::Div>, line: Line) {
            let id = line_id(line);
            self.with(|eyes| eyes.watched.insert(id.clone(), line));
            let element = StoredValue::new_local(None::<Element>);
            Effect::new(move |_| {
                if let Some(node) = node.get() {
                    let node: Element = (*node).clone().into();
                    self.with(|eyes| {
                        if let Some(observer) = &eyes.observer {
                            observer.observe(&node);
                        }
                    });
                    element.set_value(Some(node));
                }
            });
            on_cleanup(move || {
                let node = element.try_update_value(Option::take).flatten();
                self.with(|eyes| {
                    eyes.watched.remove(&id);
                    if let (Some(observer), Some(node)) = (&eyes.observer, node) {
                        observer.unobserve(&node);
                    }
                });
            });
        }

        /// Lines, or the list itself, have other sizes than before.
        fn measured(self, entries: &Array) {
            let mut lines = Vec::new();
            let mut resized = false;
            for entry in entries.iter() {
                let element = entry.unchecked_into::<ResizeObserverEntry>().target();
                if !element.is_connected() {
                    continue;
                }
                let size = element.get_bounding_client_rect();
                self.with(|eyes| {
                    if let Some(line) = eyes.watched.get(&element.id()) {
                        lines.push((*line, size.height()));
                        return;
                    }
                    if (eyes.width - size.width()).abs() > 1.0 {
                        // Words wrap elsewhere.
                        eyes.heights.forget();
                    }
                    eyes.width = size.width();
                    eyes.height = size.height();
                    resized = true;
                });
            }
            // What is hidden is of no height.
            lines.retain(|(_, height)| *height > 0.0);
            let learnt = self.with(|eyes| eyes.heights.learn(&lines));
            if learnt == Some(true) || resized {
                self.lay();
            }
        }

        /// Puts every line where it belongs now, and keeps what is seen where it is seen.
        fn lay(self) {
            let uploads = self.uploads;
            let scroll = self.with(|eyes| {
                eyes.heights
                    .place(|line| uploads.place_of(line).map(|place| place.at));
                let (line, above) = eyes.anchor?;
                let at = uploads.place_of(line)?.at;
                let scrolled = eyes.heights.top(at) + above;
                (eyes.scrolled > 0.0 && (scrolled - eyes.scrolled).abs() > 1.0).then_some(scrolled)
            });
            self.laid.try_update(|laid| *laid += 1);
            if let (Some(scroll), Some(node)) = (scroll.flatten(), self.node.get_untracked()) {
                // After the space has its new height.
                set_timeout(move || node.set_scroll_top(scroll.round()), Duration::ZERO);
            }
            self.look();
        }

        /// Draws the lines that are in view.
        fn look(self) {
            let count = self.list.count.try_get_untracked().unwrap_or_default();
            let Some(window) = self.with(|eyes| eyes.window(count)) else {
                return;
            };
            if self.list.window.try_get_value() == Some(window) {
                return;
            }
            self.list.window.set_value(window);
            self.uploads.look();
        }

        /// The list was scrolled.
        fn scrolled(self) {
            let Some(node) = self.node.try_get_untracked().flatten() else {
                return;
            };
            let scrolled = node.scroll_top();
            let count = self.list.count.get_untracked();
            let first = self.with(|eyes| {
                eyes.scrolled = scrolled;
                eyes.heights.line_at(scrolled, count)
            });
            let first = first.unwrap_or_default();
            let line = self.uploads.line_at(first);
            self.with(|eyes| {
                let above = scrolled - eyes.heights.top(first);
                eyes.anchor = line.map(|line| (line, above));
            });
            self.look();
        }

        /// The height of all lines.
        pub(in super::super) fn space(self) -> String {
            self.laid.track();
            let count = self.list.count.get();
            let height = self.with(|eyes| eyes.heights.top(count));
            format!("{}px", height.unwrap_or_default())
        }

        /// Where a line begins.
        pub(in super::super) fn top(self, at: usize) -> String {
            self.laid.track();
            let top = self.with(|eyes| eyes.heights.top(at));
            format!("{}px", top.unwrap_or_default())
        }

        /// The focus came to a line.
        pub(in super::super) fn came_to(self, line: Line, at: usize) {
            self.list.current_at.set_value(at);
            if self.list.current.get_untracked() != Some(line) {
                self.list.current.set(Some(line));
            }
        }

        pub(in super::super) fn focus_came(self) {
            self.inside.set_value(true);
        }

        /// The focus left: for good, unless its line was only taken out of the page.
        pub(in super::super) fn focus_went(self, event: &ev::FocusEvent) {
            let to = event.related_target();
            let stays = match (self.node.get_untracked(), to) {
                (Some(node), Some(to)) => to
                    .dyn_ref::<web_sys::Node>()
                    .is_some_and(|to| node.contains(Some(to))),
                _ => false,
            };
            if stays {
                return;
            }
            let from = event.target();
            set_timeout(
                move || {
                    let from = from.as_ref().and_then(|from| from.dyn_ref::<Element>());
                    if from.is_some_and(|from| !from.is_connected()) {
                        // It was taken out of the page: its place in the list has the focus.
                        return;
                    }
                    let here = self.node.get_untracked().zip(document().active_element());
                    let here = here.is_some_and(|(node, active)| node.contains(Some(&active)));
                    self.inside.try_set_value(here);
                },
                Duration::ZERO,
            );
        }

        /// Gives the focus to the line that came in place of one that had it.
        fn mind_focus(self) {
            if self.inside.try_get_value() != Some(true) {
                return;
            }
            // When the lines of the page are as they should be.
            request_animation_frame(move || {
                let lost = document()
                    .active_element()
                    .is_none_or(|active| active.tag_name() == "BODY");
                let line = self.list.current.try_get_untracked().flatten();
                let node = self.node.try_get_untracked().flatten();
                if let (true, Some(line), Some(node)) = (lost, line, node) {
                    // Its line may be out of sight, and what is seen stays where it is.
                    let scrolled = node.scroll_top();
                    browser::focus(&format!("#{}", line_id(line)));
                    node.set_scroll_top(scrolled);
                }
            });
        }

        /// Goes to a line.
        fn go(self, at: usize) {
            let count = self.list.count.get_untracked();
            let at = at.min(count.saturating_sub(1));
            let (Some(line), Some(node)) = (self.uploads.line_at(at), self.node.get_untracked())
            else {
                return;
            };
            self.came_to(line, at);
            let scroll = self.with(|eyes| {
                let (top, end) = (eyes.heights.top(at), eyes.heights.top(at + 1));
                if top < eyes.scrolled {
                    Some(top)
                } else if end > eyes.scrolled + eyes.height {
                    Some(end - eyes.height)
                } else {
                    None
                }
            });
            if let Some(scroll) = scroll.flatten() {
                node.set_scroll_top(scroll.round());
                self.scrolled();
            }
            self.uploads.look();
            focus(line);
        }

        /// Acts on a key.
        pub(in super::super) fn press(self, event: &ev::KeyboardEvent) {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let Some(target) = target else { return };
            if matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") {
                return;
            }
            let Some(line) = self.list.current.get_untracked() else {
                return;
            };
            let at = self.list.current_at.get_value();
            let on_line = target.id() == line_id(line);
            let acted = match event.key().as_str() {
                "ArrowLeft" => self.outwards(line, at, on_line),
                "ArrowRight" => self.inwards(line, &target, on_line),
                "Escape" if !on_line => {
                    focus(line);
                    true
                }
                "Enter" | " " if on_line => self.open(line),
                key => self.move_by(key, at),
            };
            if acted {
                event.prevent_default();
                event.stop_propagation();
            }
        }

        fn move_by(self, key: &str, at: usize) -> bool {
            let page = self.with(|eyes| eyes.page()).unwrap_or(1);
            let last = self.list.count.get_untracked().saturating_sub(1);
            let to = match key {
                "ArrowDown" => at + 1,
                "ArrowUp" => at.saturating_sub(1),
                "PageDown" => at + page,
                "PageUp" => at.saturating_sub(page),
                "Home" => 0,
                "End" => last,
                _ => return false,
            };
            self.go(to);
            true
        }

        /// From a button to its line, from a file to its batch; an open batch is folded.
        fn outwards(self, line: Line, at: usize, on_line: bool) -> bool {
            if !on_line {
                focus(line);
                return true;
            }
            match line {
                Line::Batch(id) if !self.list.is_folded(id) => {
                    self.list.fold(id, true);
                    self.uploads.look();
                }
                Line::Batch(_) => {}
                Line::File(_) => {
                    let place = self.uploads.place_of(line).filter(|place| place.below);
                    if let Some(place) = place {
                        self.go(at - place.of.0 - 1);
                    }
                }
            }
            true
        }

        /// From a line to its first button; a folded batch is opened.
        fn inwards(self, line: Line, target: &Element, on_line: bool) -> bool {
            match line {
                Line::Batch(id) if on_line && self.list.is_folded(id) => {
                    self.list.fold(id, false);
                    self.uploads.look();
                }
                Line::File(_) if on_line => {
                    if let Some(button) = find_in(target, "button, summary, input") {
                        // Refused only by elements that cannot have it.
                        let _ = button.focus();
                    }
                }
                _ => return false,
            }
            true
        }

        fn open(self, line: Line) -> bool {
            match line {
                Line::Batch(id) => self.list.fold(id, !self.list.is_folded(id)),
                Line::File(id) => self.list.toggle_details(id),
            }
            self.uploads.look();
            true
        }
    }

    impl Eyes {
        fn window(&self, count: usize) -> Window {
            let first = self.heights.line_at(self.scrolled - BEYOND, count);
            let last = self
                .heights
                .line_at(self.scrolled + self.height + BEYOND, count);
            let most = (last + 1 - first + GRAIN).max(AT_LEAST);
            let from = first.min(count.saturating_sub(most)) / GRAIN * GRAIN;
            Window {
                from,
                most: most.next_multiple_of(GRAIN) + GRAIN,
            }
        }

        fn page(&self) -> usize {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number of lines"
            )]
            let page = (self.height / self.heights.usual()) as usize;
            page.max(1)
        }
    }

    /// Gives a line the focus when it is drawn.
    fn focus(line: Line) {
        request_animation_frame(move || browser::focus(&format!("#{}", line_id(line))));
    }
}

/// On the server there is nothing to see: the list is empty there.
#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_self, reason = "the same face as in the browser")]
impl ViewPort {
    pub(super) fn new(uploads: Uploads, node: NodeRef<html::Div>) -> Self {
        Self {
            uploads,
            list: uploads.state.list,
            node,
            laid: RwSignal::new(0),
            inside: StoredValue::new(false),
        }
    }

    pub(super) fn watch(self, _node: NodeRef<html::Div>, _line: Line) {}

    pub(super) fn space(self) -> String {
        self.laid.track();
        String::new()
    }

    pub(super) fn top(self, _at: usize) -> String {
        String::new()
    }

    pub(super) fn came_to(self, line: Line, at: usize) {
        let _ = (self.uploads, self.node, self.inside, at);
        self.list.current.set(Some(line));
    }

    pub(super) fn focus_came(self) {}

    pub(super) fn focus_went(self, _event: &ev::FocusEvent) {}

    pub(super) fn press(self, _event: &ev::KeyboardEvent) {}
}
