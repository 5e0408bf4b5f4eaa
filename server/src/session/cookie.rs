//! The console's cookies: each session has one of its own, with the same token that a script sends as a
//! bearer, and one more names the current session.

use http::{HeaderMap, HeaderValue, header};

/// The name of a session's cookie, before `_` and its id. Alone it is the cookie of earlier versions,
/// which knew one session per browser.
pub const COOKIE: &str = "hako_session";

/// The cookie that names the current session.
pub(super) const CURRENT: &str = "hako_current";

/// How long a cookie is kept after its session has ended, in seconds: by it the browser's list of sessions
/// knows who was signed in, and sign-in asks for the password alone.
const LINGER: u64 = 12 * 60 * 60;

/// The cookie of a session. `seconds` is the session's life.
pub(super) fn issued(id: &str, token: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    let name = format!("{COOKIE}_{id}");
    header_value(&name, token, seconds.saturating_add(LINGER), secure)
}

/// The cookie that makes a session the current one.
pub(super) fn current(id: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    header_value(CURRENT, id, seconds.saturating_add(LINGER), secure)
}

/// What takes a cookie away.
pub(super) fn cleared(name: &str, secure: bool) -> Option<HeaderValue> {
    header_value(name, "", 0, secure)
}

/// The name of a session's cookie.
pub(super) fn name_of(id: &str) -> String {
    format!("{COOKIE}_{id}")
}

fn header_value(name: &str, value: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// All cookies of the request that have a value, in their order.
pub fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(_, value)| !value.is_empty())
}

/// The value of a cookie in the request.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    all(headers)
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookies_are_hidden_from_scripts_and_other_sites() {
        let value = issued("a1", "t", 60, true).unwrap();
        assert!(value.is_sensitive());
        assert_eq!(
            value.to_str().unwrap(),
            "hako_session_a1=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=43260; Secure"
        );
        assert_eq!(
            current("a1", 0, false).unwrap().to_str().unwrap(),
            "hako_current=a1; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"
        );
        assert!(
            cleared(&name_of("a1"), false)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("hako_session_a1=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
        );
    }

    #[test]
    fn the_right_cookie_is_found() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; xhako_session=no; hako_session=yes"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("b=2; c="));
        assert_eq!(find(&headers, COOKIE), Some("yes"));
        assert_eq!(find(&headers, "b"), Some("2"));
        assert_eq!(find(&headers, "c"), None);
    }
}
