//! `Content-Disposition` for any name, by RFC 6266.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `attr-char` of RFC 8187.
const ATTR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// `attachment` with the name: plain for old clients, exact by `filename*`.
pub fn attachment(name: &str) -> String {
    let name = if name.is_empty() { "download" } else { name };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '/' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let mut out = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        let _ = write!(
            out,
            "; filename*=UTF-8''{}",
            utf8_percent_encode(name, ATTR)
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_a_header_value() {
        assert_eq!(attachment("a b.txt"), "attachment; filename=\"a b.txt\"");
        assert_eq!(
            attachment("å\"\r\n;.txt"),
            "attachment; filename=\"____;.txt\"; filename*=UTF-8''%C3%A5%22%0D%0A%3B.txt"
        );
        for name in ["", "😀", "..", "a/b", "\0", "%41"] {
            assert!(
                http::HeaderValue::from_str(&attachment(name)).is_ok(),
                "{name:?}"
            );
        }
    }
}
