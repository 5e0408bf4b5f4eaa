//! The menu of one bucket: what the row's button and a right click offer.

use leptos::{ev, html, prelude::*};

use super::state::BucketsState;
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    urls,
    words::buckets,
};

/// Opens the menu.
#[derive(Clone, Copy)]
pub struct Menu {
    name: RwSignal<String>,
    at: RwSignal<Option<(i32, i32)>>,
    node: NodeRef<html::Div>,
}

/// Something to do with a bucket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Open,
    Versions,
    Uploads,
    Cors,
    Usage,
    Settings,
    CopyName,
    CopyUri,
    Pin,
    Delete,
}

impl Entry {
    const ALL: [Self; 10] = [
        Self::Open,
        Self::Versions,
        Self::Uploads,
        Self::Cors,
        Self::Usage,
        Self::Settings,
        Self::CopyName,
        Self::CopyUri,
        Self::Pin,
        Self::Delete,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Versions => "versions",
            Self::Uploads => "uploads",
            Self::Cors => "cors",
            Self::Usage => "usage",
            Self::Settings => "settings",
            Self::CopyName => "copy-name",
            Self::CopyUri => "copy-uri",
            Self::Pin => "pin",
            Self::Delete => "delete",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Open => "bucket",
            Self::Versions => "clock",
            Self::Uploads => "upload",
            Self::Cors => "globe",
            Self::Usage => "chart",
            Self::Settings => "settings",
            Self::CopyName | Self::CopyUri => "copy",
            Self::Pin => "pin",
            Self::Delete => "trash",
        }
    }
}

impl Menu {
    /// A closed menu.
    pub fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            at: RwSignal::new(None),
            node: NodeRef::new(),
        }
    }

    /// Opens it for a bucket, at a place in the window.
    pub fn open(self, name: String, at: (i32, i32)) {
        self.name.set(name);
        self.at.set(Some(at));
        browser::show_menu(self.node);
    }

    fn act(self, state: BucketsState, entry: Entry) {
        browser::hide_popover("#bucket-menu");
        let name = self.name.get_untracked();
        match entry {
            Entry::Open => state.go(&urls::bucket(&name)),
            Entry::Versions => state.go(&urls::versions(&name, &[])),
            Entry::Uploads => state.go(&urls::uploads(&name, None)),
            Entry::Cors => state.go(&urls::cors(&name, &[])),
            Entry::Usage => state.go(&urls::bucket_usage(&name, &[])),
            Entry::Settings => state.go(&urls::settings(&name)),
            Entry::CopyName => copied(state, &name),
            Entry::CopyUri => copied(state, &format!("s3://{name}/")),
            Entry::Pin => state.keep(|kept| kept.toggle(&name)),
            Entry::Delete => {
                state.doomed.set(vec![name]);
                state.delete.open();
            }
        }
    }
}

fn copied(state: BucketsState, text: &str) {
    browser::copy(text);
    state.messages.success(buckets::copied(text));
}

/// The menu itself.
#[component]
pub fn BucketMenu(state: BucketsState, menu: Menu) -> impl IntoView {
    let features = state.session.with_value(|session| session.features.clone());
    let is_there = move |entry: &Entry| match entry {
        Entry::Versions => features.versioning,
        Entry::Cors => features.cors,
        _ => true,
    };
    let word = move |entry: Entry| match entry {
        Entry::Open => buckets::menu_open(),
        Entry::Versions => buckets::menu_versions(),
        Entry::Uploads => buckets::menu_uploads(),
        Entry::Cors => buckets::menu_cors(),
        Entry::Usage => crate::words::usage::tab(),
        Entry::Settings => crate::words::bucket::settings(),
        Entry::CopyName => buckets::menu_copy_name(),
        Entry::CopyUri => buckets::menu_copy_uri(),
        Entry::Pin => {
            let name = menu.name.get();
            if state.kept.with(|kept| kept.is_pinned(&name)) {
                buckets::menu_unpin()
            } else {
                buckets::menu_pin()
            }
        }
        Entry::Delete => buckets::menu_delete(),
    };
    let entries = Entry::ALL
        .into_iter()
        .filter(is_there)
        .map(|entry| {
            view! {
                <Button
                    tone=Tone::Quiet
                    attr:role="menuitem"
                    attr:tabindex="-1"
                    attr:data-testid=format!("menu-{}", entry.as_str())
                    press=move |_| menu.act(state, entry)
                >
                    <Icon name=entry.icon() />
                    <span class="menu-words">{move || word(entry)}</span>
                </Button>
            }
        })
        .collect_view();
    let keys = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Home" => 2,
            "End" => -2,
            "Tab" => return browser::hide_popover("#bucket-menu"),
            _ => return,
        };
        event.prevent_default();
        browser::step_in_menu(menu.node, by);
    };
    view! {
        <div
            id="bucket-menu"
            class="menu context-menu"
            popover="auto"
            role="menu"
            aria-label=move || buckets::actions_for(&menu.name.get())
            node_ref=menu.node
            style:--x=move || menu.at.get().map(|(x, _)| format!("{x}px"))
            style:--y=move || menu.at.get().map(|(_, y)| format!("{y}px"))
            data-testid="context-menu"
            on:keydown=keys
        >
            {entries}
        </div>
    }
}
