//! What one tab keeps for the session that its page was drawn with, until that session is left.
//!
//! Kept by the browser as lines, the first of which is the session's id: whoever comes after reads nothing of it.

use crate::{browser, drawn};

/// The messages of the session.
pub(crate) const MESSAGES: &str = "hako.messages";
/// What was chosen in the palette.
pub(crate) const CHOSEN: &str = "hako.chosen";

/// The lines that were kept under a name. What another session has left is dropped, under any name.
pub(crate) fn lines(name: &str) -> Vec<String> {
    let own = drawn::mark().map(|mark| mark.own);
    let mut found = Vec::new();
    for one in [MESSAGES, CHOSEN] {
        let Some(text) = browser::kept(one) else {
            continue;
        };
        match of_session(&text, own.as_deref()) {
            Some(lines) if one == name => found = lines,
            Some(_) => {}
            None => browser::keep(one, None),
        }
    }
    found
}

/// Keeps lines; a break within one becomes a blank.
pub(crate) fn keep(name: &str, lines: impl Iterator<Item = String>) {
    let Some(mark) = drawn::mark() else { return };
    let mut text = mark.own;
    for line in lines {
        text.push('\n');
        text.push_str(&line.replace(['\n', '\r'], " "));
    }
    browser::keep(name, Some(&text));
}

/// The lines, if they are of the session `own`.
fn of_session(text: &str, own: Option<&str>) -> Option<Vec<String>> {
    let mut lines = text.split('\n');
    (lines.next() == own && own.is_some()).then(|| lines.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_session_has_left_is_not_read() {
        let text = "s1\none\ntwo";
        let lines = of_session(text, Some("s1"));
        assert_eq!(lines.unwrap(), ["one", "two"]);
        assert_eq!(of_session("s1", Some("s1")), Some(Vec::new()));
        for (text, own) in [
            (text, Some("s2")),
            (text, None),
            ("", None),
            ("", Some("s1")),
        ] {
            assert_eq!(of_session(text, own), None, "{text:?} {own:?}");
        }
    }
}
