//! What two contents have in common, line by line.

use std::time::Duration;

use bytes::Bytes;
use model::version::{
    COMPARED_MAX, DiffLine, Difference, Hunk, LineEnd, Lines, SHOWN_CHARACTERS, SHOWN_LINES,
};
use similar::{ChangeTag, TextDiff};

use super::{
    origin::Origin,
    text::{decode, encoding, is_text},
};
use crate::Error;

/// After so long a comparison is content with a coarser answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Lines around those that differ.
const AROUND: usize = 3;

/// A content, if it is short enough.
struct Side {
    bytes: Bytes,
    size: u64,
    etag: Option<String>,
}

impl Side {
    async fn read(origin: &Origin) -> Result<Self, Error> {
        let first = origin.first(COMPARED_MAX).await?;
        Ok(Self {
            bytes: first.bytes,
            size: first.size,
            etag: first.head.etag,
        })
    }
}

/// How two contents differ.
pub async fn difference(left: &Origin, right: &Origin) -> Result<Difference, Error> {
    let (left, right) = futures::try_join!(Side::read(left), Side::read(right))?;
    let is_text = |side: &Side| is_text(&side.bytes, true);
    if left.size > COMPARED_MAX || right.size > COMPARED_MAX {
        // A store gives one entity tag to the same bytes, however long.
        if left.size == right.size && left.etag.is_some() && left.etag == right.etag {
            return Ok(Difference::Same);
        }
        return Ok(Difference::TooLong {
            limit: COMPARED_MAX,
        });
    }
    if left.bytes == right.bytes {
        return Ok(Difference::Same);
    }
    if !is_text(&left) || !is_text(&right) {
        return Ok(Difference::NotText);
    }
    let text = |side: &Side| Ok::<_, Error>(decode(encoding(None, &side.bytes)?, &side.bytes));
    let (left, right) = (text(&left)?, text(&right)?);
    let found = tokio::task::spawn_blocking(move || lines(&left, &right));
    Ok(Difference::Lines(found.await.map_err(Error::internal)?))
}

/// The lines that differ, and some around them.
fn lines(left: &str, right: &str) -> Lines {
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(left, right);
    let mut found = Lines::default();
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => {}
            ChangeTag::Delete => found.removed += 1,
            ChangeTag::Insert => found.added += 1,
        }
    }
    let mut shown = 0;
    for group in diff.grouped_ops(AROUND) {
        let mut hunk = Hunk::default();
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if shown == SHOWN_LINES {
                found.is_cut = true;
                break;
            }
            shown += 1;
            let number = |index: Option<usize>| index.map(|index| index as u64 + 1);
            let (text, end) = ended(change.value());
            let cut = text.char_indices().nth(SHOWN_CHARACTERS);
            found.is_cut |= cut.is_some();
            let text = cut.map_or(text, |(at, _)| &text[..at]);
            hunk.lines.push(DiffLine {
                left: number(change.old_index()),
                right: number(change.new_index()),
                text: text.to_owned(),
                end,
            });
        }
        if !hunk.lines.is_empty() {
            found.hunks.push(hunk);
        }
    }
    found
}

/// A line, and how it ends.
fn ended(line: &str) -> (&str, LineEnd) {
    if let Some(text) = line.strip_suffix("\r\n") {
        (text, LineEnd::Crlf)
    } else if let Some(text) = line.strip_suffix('\n') {
        (text, LineEnd::Lf)
    } else {
        (line, LineEnd::None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(left: &str, right: &str) -> Vec<(Option<u64>, Option<u64>, String)> {
        let hunks = lines(left, right).hunks.into_iter();
        let lines = hunks.flat_map(|hunk| hunk.lines);
        lines
            .map(|line| (line.left, line.right, line.text))
            .collect()
    }

    #[test]
    fn lines_are_told_with_their_numbers_on_both_sides() {
        let found = lines("a\nb\nc\n", "a\nB\nc\nd\n");
        assert_eq!((found.added, found.removed), (2, 1));
        let line = |left, right, text: &str| (left, right, text.to_owned());
        assert_eq!(
            told("a\nb\nc\n", "a\nB\nc\nd\n"),
            [
                line(Some(1), Some(1), "a"),
                line(Some(2), None, "b"),
                line(None, Some(2), "B"),
                line(Some(3), Some(3), "c"),
                line(None, Some(4), "d"),
            ]
        );
    }

    #[test]
    fn lines_that_differ_in_their_end_alone_differ() {
        let found = lines("a\r\nb", "a\nb\n");
        assert_eq!((found.added, found.removed), (2, 2));
        let ends: Vec<_> = found.hunks[0].lines.iter().map(|line| line.end).collect();
        assert_eq!(
            ends,
            [LineEnd::Crlf, LineEnd::None, LineEnd::Lf, LineEnd::Lf]
        );
    }

    #[test]
    fn an_answer_has_a_limit_whatever_differs() {
        let many = |word: &str| format!("{word}\n").repeat(5_000);
        let found = lines(&many("a"), &many("b"));
        assert!(found.is_cut);
        assert_eq!((found.added, found.removed), (5_000, 5_000));
        let shown: usize = found.hunks.iter().map(|hunk| hunk.lines.len()).sum();
        assert_eq!(shown, SHOWN_LINES);
        let long = lines("", &"\u{e9}".repeat(5_000));
        assert!(long.is_cut);
        assert_eq!(
            long.hunks[0].lines[0].text.chars().count(),
            SHOWN_CHARACTERS
        );
    }

    proptest! {
        #[test]
        fn what_is_told_leads_from_one_to_the_other(left in "([ab]|\n){0,40}", right in "([ab]|\r\n|\n){0,40}") {
            let found = lines(&left, &right);
            let count = |text: &str| text.split_inclusive('\n').count() as u64;
            prop_assert_eq!(count(&left) - found.removed, count(&right) - found.added);
            prop_assert_eq!(found.hunks.is_empty(), left == right);
        }
    }
}
