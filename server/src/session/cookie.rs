//! The console's cookie: the same token that a script sends as a bearer.

use http::{HeaderMap, HeaderValue, header};

/// Its name.
pub const COOKIE: &str = "hako_session";

/// The cookie that begins a session. `seconds` is its life.
pub fn issued(token: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    header_value(token, seconds, secure)
}

/// The cookie that ends it.
pub fn cleared(secure: bool) -> Option<HeaderValue> {
    header_value("", 0, secure)
}

fn header_value(token: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The value of a cookie in the request.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_hidden_from_scripts_and_other_sites() {
        let value = issued("t", 60, true).unwrap();
        assert!(value.is_sensitive());
        let text = value.to_str().unwrap();
        assert_eq!(
            text,
            "hako_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        assert!(
            cleared(false)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
    }

    #[test]
    fn the_right_cookie_is_found() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; xhako_session=no; hako_session=yes"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(find(&headers, COOKIE), Some("yes"));
        assert_eq!(find(&headers, "b"), Some("2"));
        assert_eq!(find(&headers, "c"), None);
    }
}
