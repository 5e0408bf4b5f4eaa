//! The header, and the theme's switch.

use leptos::{ev, prelude::*, task::spawn_local};
use model::session::{Preferences, SetPreferences, Theme};

use super::session::SessionMenu;
use crate::{api, browser, ui::Icon, urls};

/// Hako's mark: a box seen from its corner.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <use_ href="/icons.svg#mark"></use_>
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
                title="Menu"
            >
                <Icon name="menu" />
                <span class="sr-only">"Menu"</span>
            </button>
            <a href="/buckets" class="brand">
                <Mark />
                <span>"Hako"</span>
            </a>
            <SessionMenu />
        </header>
    }
}

/// The theme that the page is drawn with: from the cookie on the server, from the document that the
/// server made in the browser.
pub fn current_theme() -> Theme {
    #[cfg(feature = "ssr")]
    let theme = use_context::<http::request::Parts>()
        .map(|parts| theme_of_cookies(&parts.headers))
        .unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let theme = browser::root("data-theme")
        .map(|word| Preferences::from_cookie(&format!("theme={word}")).theme)
        .unwrap_or_default();
    theme
}

#[cfg(feature = "ssr")]
fn theme_of_cookies(headers: &http::HeaderMap) -> Theme {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == model::session::PREFERENCES_COOKIE)
        .map(|(_, value)| Preferences::from_cookie(value).theme)
        .unwrap_or_default()
}

/// Three buttons of one form: system, light, dark. With scripts the page stays, and with it whatever
/// is being uploaded.
#[component]
pub fn ThemeSelect() -> impl IntoView {
    let theme = RwSignal::new(current_theme());
    let here = urls::current();
    let choose = move |chosen: Theme| {
        move |event: ev::MouseEvent| {
            event.prevent_default();
            theme.set(chosen);
            browser::set_root("data-theme", chosen.as_str());
            spawn_local(async move {
                // The colours are right already; a cookie that was not set costs the next visit only.
                let _ = api::call(SetPreferences(Preferences { theme: chosen })).await;
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
                aria-pressed=move || if theme.get() == value { "true" } else { "false" }
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
                "Theme"
            </span>
            <div class="segments" role="group" aria-labelledby="theme-label">
                {button(Theme::System, "System", "monitor")}
                {button(Theme::Light, "Light", "sun")}
                {button(Theme::Dark, "Dark", "moon")}
            </div>
        </form>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_found_among_other_cookies() {
        let mut headers = http::HeaderMap::new();
        assert_eq!(theme_of_cookies(&headers), Theme::System);
        let cookies = "hako_session=abc; hako_preferences=theme=dark; other=1";
        headers.insert(
            http::header::COOKIE,
            http::HeaderValue::from_static(cookies),
        );
        assert_eq!(theme_of_cookies(&headers), Theme::Dark);
    }
}
