//! The header, and the theme's switch.

use leptos::{ev, prelude::*};
use model::session::{PreferencesChange, Theme};

use super::{
    extras::{Wanted, use_extras},
    jobs::JobsIndicator,
    session::SessionMenu,
};
use crate::{
    drawn,
    ui::{Icon, Messages},
    urls, words,
    words::frame,
};

/// Hako's mark: a box seen from its corner.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <use_ href=urls::MARK></use_>
        </svg>
    }
}

/// The bar at the top.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="header" data-testid="app-header">
            <button
                type="button"
                class="button button-quiet button-icon nav-open"
                popovertarget="main-nav"
                title=frame::menu()
            >
                <Icon name="menu" />
                <span class="sr-only">{frame::menu()}</span>
            </button>
            <a href=urls::BUCKETS class="brand" aria-label="Hako">
                <Mark />
                <span class="brand-word">"Hako"</span>
            </a>
            {palette_field()}
            <JobsIndicator />
            {bell()}
            <SessionMenu />
        </header>
    }
}

/// What opens the palette: it looks like the field that it opens.
fn palette_field() -> AnyView {
    let extras = use_extras();
    view! {
        <button
            type="button"
            class="palette-open needs-script"
            aria-keyshortcuts="Control+K Meta+K"
            aria-haspopup="dialog"
            title=words::palette::search_or_go()
            data-testid="palette-open"
            on:click=move |_| extras.want(Wanted::Palette)
        >
            <Icon name="search" />
            <span class="palette-open-word">{words::palette::search_or_go()}</span>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
    .into_any()
}

/// The bell, with the number of messages that nobody has looked for, and behind it what was said.
fn bell() -> AnyView {
    let extras = use_extras();
    let unseen = Messages::here().unseen();
    let name = move || match unseen.get() {
        0 => frame::notifications().to_owned(),
        number => frame::new_notifications(number as u64),
    };
    view! {
        <div class="notes" data-testid="notifications">
            <button
                type="button"
                class="button button-quiet button-icon notes-open needs-script"
                popovertarget="notes-panel"
                title=frame::notifications()
                on:click=move |_| {
                    unseen.set(0);
                    extras.load();
                }
            >
                <Icon name="bell" />
                <span class="notes-number" aria-hidden="true">
                    {move || (unseen.get() > 0).then(|| unseen.get())}
                </span>
                <span class="sr-only">{name}</span>
            </button>
            <div id="notes-panel" class="panel notes-panel" popover="auto">
                <h2 class="section-title">{frame::notifications()}</h2>
                {move || extras.notes()}
            </div>
        </div>
    }
    .into_any()
}

/// Three buttons of one form: system, light, dark. With scripts the page stays, and with it whatever
/// is being uploaded.
#[component]
pub fn ThemeSelect() -> impl IntoView {
    let theme = move || drawn::followed().theme;
    let here = urls::current();
    let choose = move |chosen: Theme| {
        move |event: ev::MouseEvent| {
            event.prevent_default();
            drawn::prefer(PreferencesChange {
                theme: Some(chosen),
                ..PreferencesChange::default()
            });
        }
    };
    let button = move |value: Theme, word: &'static str, icon: &'static str| {
        view! {
            <button
                type="submit"
                name="theme"
                value=value.as_str()
                class="segment"
                aria-pressed=move || if theme() == value { "true" } else { "false" }
                on:click=choose(value)
            >
                <Icon name=icon />
                <span>{word}</span>
            </button>
        }
    };
    view! {
        <form method="post" action=move || here.get() class="theme" data-testid="theme-select">
            <input type="hidden" name="op" value="set_preferences" />
            <input type="hidden" name="next" value=move || here.get() />
            <span class="theme-label" id="theme-label">
                {words::preferences::theme()}
            </span>
            <div class="segments" role="group" aria-labelledby="theme-label">
                {button(Theme::System, words::preferences::theme_system(), "monitor")}
                {button(Theme::Light, words::preferences::theme_light(), "sun")}
                {button(Theme::Dark, words::preferences::theme_dark(), "moon")}
            </div>
        </form>
    }
}
