//! The drawer's head: what is shown, the way to its neighbours in the list, and out.

use leptos::{ev, prelude::*};
use model::{
    ObjectKey,
    object::{download_path, version_path},
};

use super::live::{Desk, with_part};
use crate::{
    browser,
    pages::files::{
        download,
        listing::{Entry, base},
        look::{Open, Part},
    },
    text::visible_name,
    ui::{Icon, Left},
    unit,
    words::{access, drawer, files, kept, links, preview},
};

/// Where an object stands in the list's present order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    place: usize,
    count: usize,
    is_all: bool,
    before: Option<String>,
    after: Option<String>,
}

impl Spot {
    /// `4 of 120`.
    pub fn words(&self) -> String {
        let (place, count) = (
            unit::count(self.place as u64 + 1),
            unit::count(self.count as u64),
        );
        if self.is_all {
            drawer::place_of(&place, &count)
        } else {
            drawer::place_of_more(&place, &count)
        }
    }
}

/// Where the shown object stands, if the list shows it.
pub(super) fn spot(desk: Desk) -> Option<Spot> {
    let state = desk.state();
    let key = desk.open.with(|open| open.key.clone());
    let is_all = state.token.with(Option::is_none);
    state.rows.with(|rows| {
        let place = rows.place_of(rows.find(&key)?)?;
        let key_at = |place: usize| Some(rows.entry(rows.at(place)?)?.key.clone());
        Some(Spot {
            place,
            count: rows.len(),
            is_all,
            before: place.checked_sub(1).and_then(key_at),
            after: key_at(place + 1),
        })
    })
}

/// The address of another object in the same part of the drawer.
fn neighbour(desk: Desk, key: Option<String>) -> Option<String> {
    let tab = desk.open.with(|open| open.tab.clone());
    key.map(|key| {
        desk.address(Open {
            key,
            version: String::new(),
            tab,
        })
    })
}

#[component]
pub(super) fn Head(desk: Desk) -> impl IntoView {
    let state = desk.state();
    let spot = Memo::new(move |_| spot(desk));
    let key = Memo::new(move |_| desk.open.with(|open| open.key.clone()));
    let name = move || {
        key.with(|key| {
            let plain = key.strip_suffix('/').unwrap_or(key);
            visible_name(plain.get(base(plain)..).unwrap_or(plain))
        })
    };
    let icon = move || {
        let name = if key.with(|key| key.ends_with('/')) {
            "folder"
        } else {
            "file"
        };
        view! { <Icon name /> }
    };
    let previous = Memo::new(move |_| neighbour(desk, spot.get()?.before));
    let next = Memo::new(move |_| neighbour(desk, spot.get()?.after));
    let copy = move |_| {
        browser::copy(&key.get_untracked());
        state.messages.announce(files::copied());
    };
    view! {
        <header class="drawer-head">
            <div class="drawer-title">
                {icon}
                <h2 id="drawer-title" tabindex="-1" data-testid="drawer-title">
                    <bdi>{name}</bdi>
                </h2>
            </div>
            <div class="drawer-tools">
                <span class="drawer-place" data-testid="drawer-place">
                    {move || spot.get().map(|spot| spot.words())}
                </span>
                <Step href=previous word=drawer::previous() icon="up" testid="drawer-previous" key="K" />
                <Step href=next word=drawer::next() icon="down" testid="drawer-next" key="J" />
                <Download desk />
                <FullScreen desk />
                <Close desk />
            </div>
        </header>
        <p class="drawer-key">
            <bdi class="mono" data-testid="drawer-key">
                {move || key.with(|key| visible_name(key))}
            </bdi>
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=drawer::copy_key()
                data-testid="copy"
                on:click=copy
            >
                <Icon name="copy" />
                <span class="sr-only">{drawer::copy_key()}</span>
            </button>
        </p>
        {move || {
            desk.ends.get().map(|time| view! { <p class="drawer-ends"><Left time /></p> })
        }}
    }
}

/// A neighbour in the list. It replaces what is shown, and is no step of its own in the history.
#[component]
fn Step(
    href: Memo<Option<String>>,
    word: &'static str,
    icon: &'static str,
    testid: &'static str,
    key: &'static str,
) -> impl IntoView {
    view! {
        <a
            href=move || href.get()
            class="button button-quiet button-icon"
            title=format!("{word} ({key})")
            aria-disabled=move || href.with(Option::is_none).then_some("true")
            role=move || href.with(Option::is_none).then_some("link")
            tabindex=move || href.with(Option::is_none).then_some("0")
            prop:replace=true
            data-noscroll=""
            data-testid=testid
        >
            <Icon name=icon />
            <span class="sr-only">{word}</span>
        </a>
    }
}

/// The bytes: of the version, where one is opened.
#[component]
fn Download(desk: Desk) -> impl IntoView {
    let state = desk.state();
    let href = move || {
        let open = desk.open.get();
        let key = ObjectKey::parse(open.key).ok()?;
        Some(state.bucket.with_value(|bucket| {
            if open.version.is_empty() {
                download_path(bucket, &key)
            } else {
                version_path(bucket, &key, &open.version)
            }
        }))
    };
    let fetch = move |event: ev::MouseEvent| {
        let open = desk.open.get_untracked();
        if open.version.is_empty() && download::is_direct(state) {
            event.prevent_default();
            let entry = Entry {
                key: open.key,
                ..Entry::default()
            };
            download::download(state, &entry);
        }
    };
    let is_file = move || desk.open.with(|open| !open.key.ends_with('/'));
    view! {
        <Show when=is_file>
            <a
                href=href
                rel="external"
                download=""
                class="button button-quiet button-icon"
                title=files::download()
                data-testid="drawer-download"
                on:click=fetch
            >
                <Icon name="download" />
                <span class="sr-only">{files::download()}</span>
            </a>
        </Show>
    }
}

#[component]
pub(super) fn FullScreen(desk: Desk) -> impl IntoView {
    let is_full = desk.scene().is_full;
    view! {
        <button
            type="button"
            class="button button-quiet button-icon drawer-full needs-script"
            title=drawer::full_screen()
            aria-pressed=move || is_full.get().to_string()
            data-testid="drawer-full"
            on:click=move |_| is_full.update(|full| *full = !*full)
        >
            <Icon name="full" />
            <span class="sr-only">{drawer::full_screen()}</span>
        </button>
    }
}

#[component]
pub(super) fn Close(desk: Desk) -> impl IntoView {
    view! {
        <a
            href=move || desk.address(Open::default())
            class="button button-quiet button-icon"
            title=drawer::close()
            data-noscroll=""
            data-testid="drawer-close"
        >
            <Icon name="close" />
            <span class="sr-only">{drawer::close()}</span>
        </a>
    }
}

/// The parts of an object, as links.
#[component]
pub(super) fn Tabs(desk: Desk, part: Memo<Part>) -> impl IntoView {
    let offers = desk
        .state()
        .session
        .with_value(|session| session.features.clone());
    let is_kept = offers.objects.is_kept() || offers.objects.lock;
    let tab = move |one: Part| {
        let word = match one {
            Part::Preview => preview::preview(),
            Part::Details => drawer::details(),
            Part::Versions => drawer::versions(),
            Part::Access => access::tab(),
            Part::Retention if is_kept => kept::retention(),
            Part::Retention => kept::ending(),
            Part::Share => links::share(),
        };
        view! {
            <li>
                <a
                    href=move || desk.address(with_part(&desk.open.get(), one))
                    aria-current=move || (part.get() == one).then_some("page")
                    data-noscroll=""
                    data-testid=format!("drawer-tab-{}", one.as_str())
                >
                    {word}
                </a>
            </li>
        }
    };
    let parts = Part::ALL.into_iter().filter(|one| match one {
        Part::Versions => offers.versioning,
        Part::Access => offers.objects.acl,
        Part::Retention => is_kept || offers.expiry,
        Part::Share => offers.presign || offers.links,
        Part::Preview | Part::Details => true,
    });
    view! {
        <nav class="drawer-tabs" aria-label=drawer::parts()>
            <ul>{parts.map(tab).collect_view()}</ul>
        </nav>
    }
}
