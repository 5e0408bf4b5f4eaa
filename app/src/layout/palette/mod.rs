//! The palette: one field that finds pages, buckets, people and commands, and goes there.
//!
//! A combobox with a list, as the ARIA authoring practices describe it: the focus stays in the field, the arrow
//! keys move through the list.

mod entry;
mod find;
mod known;
mod path;

use std::{cmp::Reverse, time::Duration};

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{
    extras::{Extras, Wanted},
    jobs::use_jobs,
    use_session,
};
use crate::{
    browser, mine,
    text::visible_name,
    ui::Icon,
    words::{frame, palette},
};
use entry::{Does, Entry, Kind};
use path::Path;

/// How many entries are shown.
const SHOWN: usize = 50;
/// How many of those that were chosen are remembered.
const CHOSEN: usize = 8;
/// How long one has typed nothing before a listing is asked for.
const PAUSE: Duration = Duration::from_millis(120);

/// What is known and what was typed.
#[derive(Clone, Copy)]
struct State {
    extras: Extras,
    text: RwSignal<String>,
    /// Pages and commands, there from the start.
    own: RwSignal<Vec<Entry>>,
    /// What was asked for and has come.
    come: RwSignal<Vec<Entry>>,
    /// The folders below what was typed.
    folders: RwSignal<Vec<Entry>>,
    /// What was chosen before, the last first.
    chosen: StoredValue<Vec<Entry>>,
    /// The id of the line that `Enter` chooses; the first unless somebody has moved.
    active: RwSignal<Option<String>>,
    /// Whether somebody has.
    moved: StoredValue<bool>,
    field: NodeRef<html::Input>,
    list: NodeRef<html::Ul>,
    /// What is done once the dialog has closed and the focus is back.
    then: StoredValue<Option<Does>>,
}

/// The dialog.
#[component]
pub fn Palette(extras: Extras) -> impl IntoView {
    extras.show();
    let earlier = mine::lines(mine::CHOSEN);
    let state = State {
        extras,
        text: RwSignal::new(String::new()),
        own: RwSignal::new(Vec::new()),
        come: RwSignal::new(Vec::new()),
        folders: RwSignal::new(Vec::new()),
        chosen: StoredValue::new(
            earlier
                .iter()
                .filter_map(|line| Entry::of_line(line))
                .collect(),
        ),
        active: RwSignal::new(None),
        moved: StoredValue::new(false),
        field: NodeRef::new(),
        list: NodeRef::new(),
        then: StoredValue::new(None),
    };
    state.gather();
    state.complete();
    let found = state.found();
    state.keep_one_active(found);
    let none = Memo::new(move |_| found.with(Vec::is_empty));
    view! {
        <dialog
            class="modal palette"
            node_ref=extras.node
            aria-label=palette::palette()
            data-testid="palette"
            on:close=move |_| state.closed()
        >
            {field(state, found, none)}
            <ul
                id="palette-list"
                class="palette-list"
                role="listbox"
                aria-label=palette::found()
                hidden=move || none.get()
                node_ref=state.list
            >
                <For each=move || found.get() key=Entry::id let:entry>
                    {line(state, entry)}
                </For>
            </ul>
            <p class="palette-none" hidden=move || !none.get()>
                {move || state.text.with(|text| palette::nothing(&visible_name(text)))}
            </p>
            <p class="palette-hints">{palette::hints()}</p>
            <div class="sr-only" role="status">
                {move || palette::count(found.with(|found| found.len() as u64))}
            </div>
        </dialog>
    }
    .into_any()
}

fn field(state: State, found: Memo<Vec<Entry>>, none: Memo<bool>) -> AnyView {
    let keys = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let acted = match event.key().as_str() {
            "ArrowDown" => state.step(found, 1),
            "ArrowUp" => state.step(found, -1),
            "PageDown" => state.step(found, 8),
            "PageUp" => state.step(found, -8),
            "Enter" => state.choose_active(found),
            "ArrowRight" => state.take_up(found),
            _ => false,
        };
        if acted {
            event.prevent_default();
        }
    };
    view! {
        <div class="palette-field">
            <Icon name="search" />
            <input
                type="text"
                class="palette-input"
                role="combobox"
                aria-label=palette::search_or_go()
                placeholder=palette::search_or_go()
                aria-expanded=move || if none.get() { "false" } else { "true" }
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant=move || state.active.get()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="go"
                autofocus=true
                node_ref=state.field
                prop:value=move || state.text.get()
                on:input=move |event| {
                    state.moved.set_value(false);
                    state.text.set(event_target_value(&event));
                }
                on:keydown=keys
                data-testid="palette-input"
            />
            <button
                type="button"
                class="button button-quiet button-icon"
                title=frame::close()
                on:click=move |_| browser::close(state.extras.node)
            >
                <Icon name="close" />
                <span class="sr-only">{frame::close()}</span>
            </button>
        </div>
    }
    .into_any()
}

fn line(state: State, entry: Entry) -> AnyView {
    let id = entry.id();
    let own = id.clone();
    let is_active = Memo::new(move |_| state.active.with(|active| active.as_ref() == Some(&own)));
    let kind = match entry.kind {
        Kind::Page => palette::kind_page(),
        Kind::Bucket => palette::kind_bucket(),
        Kind::Namespace => palette::kind_namespace(),
        Kind::Person => palette::kind_person(),
        Kind::Tenant => palette::kind_tenant(),
        Kind::Command => palette::kind_command(),
        Kind::Job => palette::kind_job(),
        Kind::Folder => palette::kind_folder(),
    };
    let icon = entry.kind.icon();
    let name = match entry.kind {
        Kind::Folder => visible_name(&entry.name),
        _ => entry.name.clone(),
    };
    let keys = (!entry.keys.is_empty()).then(|| view! { <kbd>{entry.keys}</kbd> });
    let data_kind = entry.kind.as_str();
    view! {
        <li
            id=id
            class="palette-line"
            role="option"
            aria-selected=move || if is_active.get() { "true" } else { "false" }
            data-testid="palette-option"
            data-kind=data_kind
            // The focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| state.choose(&entry)
        >
            <Icon name=icon />
            <bdi class="palette-name">{name}</bdi>
            {keys}
            <span class="palette-kind">{kind}</span>
        </li>
    }
    .into_any()
}

impl State {
    /// Finds what the session has.
    fn gather(self) {
        let session = use_session();
        let jobs = use_jobs();
        jobs.ask();
        Effect::new(move |before: Option<bool>| {
            if before == Some(true) {
                return true;
            }
            let Some(Ok(session)) = session.get() else {
                return false;
            };
            let mut own = known::pages(&session);
            own.extend(known::of_page());
            own.extend(known::commands(&session));
            self.own.set(own);
            known::ask(&session, self.come);
            true
        });
    }

    /// Asks for the folders below a path, once nothing more is typed.
    fn complete(self) {
        let asked = Memo::new(move |_| self.text.with(|text| Path::parse(text)));
        Effect::new(move |_| {
            let Some(Path::Folder { bucket, prefix }) = asked.get() else {
                return;
            };
            set_timeout(
                move || {
                    let wanted = Path::Folder { bucket, prefix };
                    let is_wanted = move |wanted: &Path| {
                        asked.try_get_untracked().flatten().as_ref() == Some(wanted)
                    };
                    if !is_wanted(&wanted) {
                        return;
                    }
                    spawn_local(async move {
                        let Path::Folder { bucket, prefix } = &wanted else {
                            return;
                        };
                        let folders = known::folders(bucket, prefix.clone()).await;
                        if is_wanted(&wanted) {
                            self.folders.try_set(folders);
                        }
                    });
                },
                PAUSE,
            );
        });
    }

    /// What answers to what was typed, the best first.
    fn found(self) -> Memo<Vec<Entry>> {
        let jobs = use_jobs();
        Memo::new(move |_| {
            let text = self.text.get();
            let (prefix, rest) = match text.chars().next() {
                Some(prefix @ ('>' | '@' | '#' | '/')) => (prefix, text[1..].trim_start()),
                _ => (' ', text.trim()),
            };
            if let Some(path) = Path::parse(&text) {
                return self.of_path(&path);
            }
            let jobs = known::jobs(&jobs.known());
            let own = self.own.read();
            let come = self.come.read();
            let chosen = self.chosen.get_value();
            let earlier = chosen.iter().filter(|_| rest.is_empty() && prefix == ' ');
            let fits = |entry: &&Entry| match prefix {
                '>' => entry.kind == Kind::Command,
                '@' => entry.kind == Kind::Person,
                '#' => entry.kind == Kind::Job,
                _ => entry.kind != Kind::Job,
            };
            let all = own.iter().chain(come.iter()).chain(&jobs).filter(fits);
            let is_earlier = |entry: &Entry| {
                let place = chosen.iter().position(|one| one.does == entry.does);
                place.unwrap_or(CHOSEN)
            };
            let mut ranked: Vec<_> = all
                .filter_map(|entry| {
                    let score = if rest.is_empty() {
                        0
                    } else {
                        find::score(&entry.name, rest)?
                    };
                    Some((Reverse(score), is_earlier(entry), entry.kind, entry))
                })
                .collect();
            ranked.sort_by_key(|(score, earlier, kind, _)| (*score, *earlier, *kind));
            let mut found: Vec<Entry> = Vec::new();
            for entry in earlier.chain(ranked.into_iter().map(|(.., entry)| entry)) {
                if found.len() < SHOWN && !found.iter().any(|one| one.does == entry.does) {
                    found.push(entry.clone());
                }
            }
            found
        })
    }

    fn of_path(self, path: &Path) -> Vec<Entry> {
        let come = self.come.read();
        let mut found: Vec<_> = known::typed(path).into_iter().collect();
        match path {
            Path::Bucket(begin) => {
                let buckets = come.iter().filter(|entry| {
                    entry.kind == Kind::Bucket && entry.name.starts_with(begin.as_str())
                });
                found.extend(buckets.cloned());
            }
            Path::Folder { bucket, prefix } => {
                let typed = format!("/{bucket}/{prefix}");
                let folders = self.folders.read();
                let below = folders.iter().filter(|one| one.name.starts_with(&typed));
                for one in below {
                    if !found.contains(one) {
                        found.push(one.clone());
                    }
                }
            }
        }
        found.truncate(SHOWN);
        found
    }

    /// A line that somebody moved to stays while others come; else it is the first.
    fn keep_one_active(self, found: Memo<Vec<Entry>>) {
        Effect::new(move |_| {
            let ids: Vec<_> = found.with(|found| found.iter().map(Entry::id).collect());
            let active = self.active.get_untracked();
            let stays = self.moved.get_value()
                && active.as_ref().is_some_and(|active| ids.contains(active));
            let first = ids.into_iter().next();
            if !stays && active != first {
                self.active.set(first);
            }
        });
        // What is chosen by keys stays in sight.
        Effect::new(move |_| {
            if let Some(id) = self.active.get() {
                request_animation_frame(move || self.bring_into_sight(&id));
            }
        });
    }

    fn bring_into_sight(self, id: &str) {
        #[cfg(feature = "hydrate")]
        {
            use wasm_bindgen::JsCast as _;

            let list = self.list.try_get_untracked().flatten();
            let line = document().get_element_by_id(id);
            let line = line.and_then(|line| line.dyn_into::<web_sys::HtmlElement>().ok());
            if let (Some(list), Some(line)) = (list, line) {
                let top = f64::from(line.offset_top());
                let below = top + f64::from(line.offset_height());
                let (from, room) = (list.scroll_top(), f64::from(list.client_height()));
                if top < from {
                    list.set_scroll_top(top);
                } else if below > from + room {
                    list.set_scroll_top(below - room);
                }
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (self.list, id);
    }

    /// Moves by so many lines; a single step goes round at the ends.
    fn step(self, found: Memo<Vec<Entry>>, by: isize) -> bool {
        let ids: Vec<_> = found.with_untracked(|found| found.iter().map(Entry::id).collect());
        let active = self.active.get_untracked();
        let at = ids.iter().position(|id| Some(id) == active.as_ref());
        if let Some(to) = place_after(at, by, ids.len()) {
            self.moved.set_value(true);
            self.active.set(ids.get(to).cloned());
        }
        true
    }

    fn choose_active(self, found: Memo<Vec<Entry>>) -> bool {
        let active = self.active.get_untracked();
        let entry = found.with_untracked(|found| {
            let of_active = found.iter().find(|entry| Some(entry.id()) == active);
            of_active.or(found.first()).cloned()
        });
        if let Some(entry) = &entry {
            self.choose(entry);
        }
        true
    }

    /// Takes the active folder or bucket into the field, to go on typing, where the caret is at the end.
    fn take_up(self, found: Memo<Vec<Entry>>) -> bool {
        let text = self.text.get_untracked();
        if Path::parse(&text).is_none() || !self.is_caret_at_end(&text) {
            return false;
        }
        let active = self.active.get_untracked();
        let entry = found.with_untracked(|found| {
            let mut entries = found.iter();
            entries.find(|entry| Some(entry.id()) == active).cloned()
        });
        let whole = match entry {
            Some(Entry {
                kind: Kind::Bucket,
                name,
                ..
            }) => format!("/{name}/"),
            Some(Entry {
                kind: Kind::Folder,
                name,
                ..
            }) => name,
            _ => return false,
        };
        if whole == text {
            return false;
        }
        self.moved.set_value(false);
        self.text.set(whole);
        true
    }

    fn is_caret_at_end(self, text: &str) -> bool {
        #[cfg(feature = "hydrate")]
        {
            let length = text.encode_utf16().count();
            let caret = self.field.get_untracked();
            let caret = caret.and_then(|field| field.selection_start().ok().flatten());
            caret.is_some_and(|caret| caret as usize == length)
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (self.field, text);
            false
        }
    }

    /// Closes the dialog; then, with the focus back where it was, does it.
    fn choose(self, entry: &Entry) {
        self.then.set_value(Some(entry.does.clone()));
        let mut chosen = self.chosen.get_value();
        chosen.retain(|one| one.does != entry.does);
        chosen.insert(0, entry.clone());
        let lines = chosen.iter().filter_map(Entry::line);
        mine::keep(mine::CHOSEN, lines.take(CHOSEN));
        browser::close(self.extras.node);
    }

    fn closed(self) {
        let then = self.then.try_update_value(Option::take).flatten();
        let extras = self.extras;
        extras.closed();
        match then {
            Some(Does::Follow(address)) => browser::follow(&address),
            Some(Does::Press(selector)) => browser::click(&selector),
            Some(Does::Shortcuts) => extras.want(Wanted::Shortcuts),
            None => {}
        }
    }
}

/// The place in a list of `count` lines after a move by `by` from `at`.
fn place_after(at: Option<usize>, by: isize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let Some(at) = at else {
        return Some(if by > 0 { 0 } else { last });
    };
    Some(match by {
        1 if at == last => 0,
        -1 if at == 0 => last,
        _ => at.saturating_add_signed(by).min(last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_goes_round_and_a_leap_stops() {
        assert_eq!(place_after(None, 1, 0), None);
        assert_eq!(place_after(None, 1, 3), Some(0));
        assert_eq!(place_after(None, -1, 3), Some(2));
        assert_eq!(place_after(Some(2), 1, 3), Some(0));
        assert_eq!(place_after(Some(0), -1, 3), Some(2));
        assert_eq!(place_after(Some(1), 8, 3), Some(2));
        assert_eq!(place_after(Some(1), -8, 3), Some(0));
    }
}
