//! Stretches of text, cut where lines or at least characters end.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::{
    ErrorCode,
    preview::{Text, limit},
    problem::FieldError,
};

use crate::Error;

/// Whether bytes are a text. `says_so`: its name does, so that letters of any script may be in it.
pub(super) fn is_text(bytes: &[u8], says_so: bool) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    if bytes.iter().any(is_control) {
        return false;
    }
    if is_utf8(bytes) {
        return true;
    }
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    says_so || high * 10 < bytes.len() * 3
}

/// Whether bytes are UTF-8; the last character may be cut.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(wrong) => wrong.error_len().is_none(),
    }
}

/// The encoding of a text, as far as its beginning tells.
fn guess(first: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(first) {
        return encoding;
    }
    if is_utf8(first) { UTF_8 } else { WINDOWS_1252 }
}

/// Its name, as a `charset`.
pub(super) fn name_of_encoding(first: &[u8]) -> &'static str {
    guess(first).name()
}

/// The encoding that somebody wants, or else the one that the beginning tells.
pub(super) fn encoding(wanted: Option<&str>, first: &[u8]) -> Result<&'static Encoding, Error> {
    let Some(wanted) = wanted else {
        return Ok(guess(first));
    };
    Encoding::for_label_no_replacement(wanted.as_bytes()).ok_or_else(|| {
        let known = "the name of an encoding that browsers know, such as `utf-8`";
        Error::Validation(vec![FieldError::query("encoding", known)])
    })
}

/// Reads bytes as a text; what is no letter becomes a mark.
pub(super) fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let bytes = match Encoding::for_bom(bytes) {
        Some((found, length)) if found == encoding => &bytes[length..],
        _ => bytes,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// A stretch that was read from a place on.
pub(super) struct Stretch<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where they begin in the content.
    pub start: u64,
    /// Whether they go up to the content's end.
    pub is_last: bool,
    /// Whether a line may have begun before them, which is left out.
    pub skips: bool,
}

/// The text of a stretch: whole lines, where it has any.
pub(super) fn text(stretch: &Stretch<'_>, encoding: &'static Encoding) -> Text {
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let unit = if wide { 2 } else { 1 };
    let is_end = |at: usize| {
        let bytes = stretch.bytes;
        if encoding == UTF_16LE {
            bytes[at] == b'\n' && bytes.get(at + 1) == Some(&0)
        } else if encoding == UTF_16BE {
            bytes[at] == 0 && bytes.get(at + 1) == Some(&b'\n')
        } else {
            bytes[at] == b'\n'
        }
    };
    let ends = (0..stretch.bytes.len())
        .step_by(unit)
        .filter(|at| is_end(*at))
        .map(|at| at + unit);
    let mut ends: Vec<usize> = ends.collect();
    let mut from = 0;
    if stretch.skips {
        // The last lines, of which the first is whole.
        let first = ends.len().saturating_sub(limit::TEXT_LINES).max(1) - 1;
        from = ends.get(first).copied().unwrap_or(0);
        if from == stretch.bytes.len() {
            from = 0;
        }
        ends.retain(|end| *end > from);
    }
    let mut lines = 0;
    let mut to = from;
    for end in ends {
        to = end;
        lines += 1;
        if lines == limit::TEXT_LINES && !stretch.skips {
            break;
        }
    }
    let full = lines >= limit::TEXT_LINES && !stretch.skips;
    if !full && stretch.is_last {
        to = stretch.bytes.len();
    } else if to == from {
        to = whole_letters(stretch.bytes, from, encoding);
    }
    let end = stretch.start + to as u64;
    let more = !stretch.is_last || to < stretch.bytes.len();
    Text {
        text: decode(encoding, &stretch.bytes[from..to]),
        encoding: encoding.name().to_owned(),
        start: stretch.start + from as u64,
        next: more.then_some(end),
    }
}

/// Where the last letter of a line without end is complete, where the encoding tells.
fn whole_letters(bytes: &[u8], from: usize, encoding: &'static Encoding) -> usize {
    let length = bytes.len();
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return length - (length - from) % 2;
    }
    if encoding == UTF_8
        && let Err(wrong) = std::str::from_utf8(&bytes[from..])
        && wrong.error_len().is_none()
        && wrong.valid_up_to() > 0
    {
        return from + wrong.valid_up_to();
    }
    length
}

/// What is too far behind the beginning of an entry.
pub(super) fn too_far() -> Error {
    Error::bad_request(
        ErrorCode::InvalidArgument,
        "This part of the entry lies too far behind its beginning to be shown. Download the entry.",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(bytes: &[u8], is_last: bool) -> (String, Option<u64>) {
        let stretch = Stretch {
            bytes,
            start: 10,
            is_last,
            skips: false,
        };
        let text = text(&stretch, guess(bytes));
        (text.text, text.next)
    }

    #[test]
    fn texts_are_told_from_other_bytes() {
        assert!(is_text(b"plain\r\n\ttext\x1b[0m", false));
        assert!(is_text("räksmörgås".as_bytes(), false));
        assert!(is_text(b"r\xe4ksm\xf6rg\xe5s and much more", false));
        assert!(is_text("ö".as_bytes().split_last().unwrap().1, false));
        assert!(is_text(b"\x93\xfa\x96\x7b\x8c\xea", true), "by its name");
        assert!(!is_text(b"\x93\xfa\x96\xfb\x8c\xea", false));
        assert!(!is_text(b"a\0b", true));
        assert!(is_text(b"", false));
    }

    #[test]
    fn encodings_are_guessed_and_chosen() {
        assert_eq!(guess(b"\xff\xfea\0").name(), "UTF-16LE");
        assert_eq!(guess("å".as_bytes()).name(), "UTF-8");
        assert_eq!(guess(b"\xe5 ").name(), "windows-1252");
        assert_eq!(
            encoding(Some("latin1"), b"").unwrap().name(),
            "windows-1252"
        );
        assert!(encoding(Some("klingon"), b"").is_err());
        assert_eq!(decode(UTF_8, b"\xef\xbb\xbfa"), "a");
        assert_eq!(decode(UTF_16LE, b"\xff\xfea\0"), "a");
    }

    #[test]
    fn a_stretch_ends_with_a_line() {
        assert_eq!(
            cut(b"one\ntwo\nthr", false),
            ("one\ntwo\n".to_owned(), Some(18))
        );
        assert_eq!(
            cut(b"one\ntwo\nthr", true),
            ("one\ntwo\nthr".to_owned(), None)
        );
        assert_eq!(cut(b"", true), (String::new(), None));
        let end = Stretch {
            bytes: b"half\nwhole\n",
            start: 90,
            is_last: true,
            skips: true,
        };
        let end = text(&end, UTF_8);
        assert_eq!(
            (end.text.as_str(), end.start, end.next),
            ("whole\n", 95, None)
        );
    }

    #[test]
    fn the_end_of_many_lines_is_their_end() {
        let all = "a\n".repeat(limit::TEXT_LINES * 2);
        let end = Stretch {
            bytes: all.as_bytes(),
            start: 0,
            is_last: true,
            skips: true,
        };
        let end = text(&end, UTF_8);
        assert_eq!(
            (end.text.lines().count(), end.next),
            (limit::TEXT_LINES, None)
        );
    }

    #[test]
    fn a_line_without_end_is_cut_between_letters() {
        let all = "åäö".as_bytes();
        assert_eq!(cut(&all[..5], false), ("åä".to_owned(), Some(14)));
        let wide = b"\xff\xfea\0b\0c";
        assert_eq!(cut(wide, false), ("ab".to_owned(), Some(16)));
    }

    #[test]
    fn many_short_lines_come_in_parts() {
        let all = vec![b'\n'; limit::TEXT_LINES + 5];
        let (text, next) = cut(&all, true);
        assert_eq!(text.len(), limit::TEXT_LINES);
        assert_eq!(next, Some(10 + limit::TEXT_LINES as u64));
    }

    proptest! {
        #[test]
        fn reading_on_loses_nothing(
            lines in proptest::collection::vec("[a-zåäö€😀 ]{0,9}", 0..30),
            size in 8_usize..40,
        ) {
            let whole = lines.join("\n");
            let bytes = whole.as_bytes();
            let mut read = String::new();
            let mut at = 0;
            loop {
                let to = (at + size).min(bytes.len());
                let stretch = Stretch {
                    bytes: &bytes[at..to],
                    start: at as u64,
                    is_last: to == bytes.len(),
                    skips: false,
                };
                let part = text(&stretch, UTF_8);
                read.push_str(&part.text);
                match part.next {
                    Some(next) => {
                        prop_assert!(next > at as u64, "it goes on");
                        at = usize::try_from(next).unwrap();
                    }
                    None => break,
                }
            }
            prop_assert_eq!(read, whole);
        }

        #[test]
        fn any_bytes_are_cut(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            is_last in any::<bool>(),
            skips in any::<bool>(),
            label in proptest::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "shift_jis"]),
        ) {
            let stretch = Stretch { bytes: &bytes, start: 0, is_last, skips };
            let part = text(&stretch, encoding(Some(label), b"").unwrap());
            prop_assert!(part.next.is_none_or(|next| next <= bytes.len() as u64));
        }
    }
}
