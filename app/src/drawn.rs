//! With which session and which preferences the page was drawn.
//!
//! The server knows both before the first byte, and writes them on `<html>`; there the browser reads them.

use leptos::{prelude::*, task::spawn_local};
use model::session::{Mark, Preferences, PreferencesChange, SetPreferences};

use crate::{api, browser};

/// The mark of the session that a page is drawn with, in the context of its rendering.
#[derive(Clone, Debug, Default)]
pub struct DrawnWith(pub Option<String>);

/// Where `<html>` carries the mark.
pub(crate) const SESSION: &str = "data-session";
/// Where it carries the preferences, as the cookie has them.
const PREFERENCES: &str = "data-preferences";

/// The mark as it goes into headers and forms; nothing where nobody is signed in.
#[cfg(feature = "ssr")]
pub(crate) fn mark_text() -> Option<String> {
    use_context::<DrawnWith>()?.0
}

/// The mark as it goes into headers and forms; nothing where nobody is signed in.
#[cfg(not(feature = "ssr"))]
pub(crate) fn mark_text() -> Option<String> {
    browser::root(SESSION).filter(|mark| !mark.is_empty())
}

/// The session of this page, and the one that was current when it was drawn.
pub(crate) fn mark() -> Option<Mark> {
    Mark::parse(&mark_text()?)
}

/// From now on the page speaks as this.
pub(crate) fn set_mark(mark: &Mark) {
    browser::set_root(SESSION, &mark.to_string());
}

/// The hidden field by which a plain form says which session its page was drawn with.
#[component]
pub fn SessionField() -> impl IntoView {
    view! { <input type="hidden" name=model::form::SESSION value=mark_text().unwrap_or_default() /> }
}

/// The preferences of this page.
#[cfg(feature = "ssr")]
pub(crate) fn preferences() -> Preferences {
    use_context::<http::request::Parts>()
        .map(|parts| of_cookies(&parts.headers))
        .unwrap_or_default()
}

/// The preferences of this page.
#[cfg(not(feature = "ssr"))]
pub(crate) fn preferences() -> Preferences {
    browser::root(PREFERENCES)
        .map(|text| Preferences::from_cookie(&text))
        .unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
thread_local! {
    static CHANGED: ArcTrigger = ArcTrigger::new();
}

/// The preferences of this page, for what is drawn anew when they change.
pub(crate) fn followed() -> Preferences {
    #[cfg(not(feature = "ssr"))]
    CHANGED.with(ArcTrigger::track);
    preferences()
}

/// Changes preferences from here, without leaving the page.
pub(crate) fn prefer(change: PreferencesChange) {
    set_preferences(preferences().with(change));
    spawn_local(async move {
        // It holds already; a cookie that was not set costs the next visit only.
        let _ = api::call(SetPreferences(change)).await;
    });
}

/// Draws the page with other preferences from now on: what styles know of them changes at once.
pub(crate) fn set_preferences(preferences: Preferences) {
    browser::set_root(PREFERENCES, &preferences.to_cookie());
    browser::set_root("data-theme", preferences.theme.as_str());
    browser::set_root("data-density", preferences.density.as_str());
    browser::set_root("data-motion", preferences.motion.as_str());
    browser::set_root("data-navigation", preferences.navigation.as_str());
    #[cfg(not(feature = "ssr"))]
    CHANGED.with(ArcTrigger::notify);
}

/// The language in which a page is drawn for whom these headers are from: the chosen one, else the one that
/// the browser would rather read.
#[cfg(feature = "ssr")]
pub fn language_for(headers: &http::HeaderMap) -> catalogue::Language {
    use catalogue::Language;
    use model::session::Speech;

    let wish = headers.get(http::header::ACCEPT_LANGUAGE);
    match of_cookies(headers).language {
        Speech::English => Language::English,
        Speech::Swedish => Language::Swedish,
        Speech::Browser => wish
            .and_then(|wish| Language::accepted(wish.to_str().ok()?))
            .unwrap_or_default(),
    }
}

#[cfg(feature = "ssr")]
fn of_cookies(headers: &http::HeaderMap) -> Preferences {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == model::session::PREFERENCES_COOKIE)
        .map(|(_, value)| Preferences::from_cookie(value))
        .unwrap_or_default()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use model::session::Theme;

    use super::*;

    #[test]
    fn the_preferences_are_found_among_other_cookies() {
        let mut headers = http::HeaderMap::new();
        assert_eq!(of_cookies(&headers), Preferences::default());
        let cookies = "hako_session=abc; hako_preferences=theme=dark; other=1";
        headers.insert(
            http::header::COOKIE,
            http::HeaderValue::from_static(cookies),
        );
        assert_eq!(of_cookies(&headers).theme, Theme::Dark);
    }

    #[test]
    fn the_language_is_the_chosen_one_else_the_browser_s() {
        use catalogue::Language;
        use http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderValue};

        let mut headers = http::HeaderMap::new();
        assert_eq!(language_for(&headers), Language::English);
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de, sv;q=0.5"));
        assert_eq!(language_for(&headers), Language::Swedish);
        let chosen = HeaderValue::from_static("hako_preferences=language=en");
        headers.insert(COOKIE, chosen);
        assert_eq!(language_for(&headers), Language::English);
    }
}
