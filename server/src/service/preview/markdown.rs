//! Markdown as pieces of a few known kinds. HTML in it is left out; links lead to keys of the bucket or to
//! addresses of a few schemes.

use model::preview::{Piece, Tag, Target, limit};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag as Begin};

/// Reads a document. `key`: the one of the document, below whose folder names are looked for.
pub(super) fn markdown(text: &str, key: &str) -> Vec<Piece> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder {
        key,
        open: vec![piece(Tag::Quote)],
        skipped: 0,
        html: 0,
        level: 2,
    };
    for event in Parser::new_ext(text, options) {
        builder.take(event);
    }
    while builder.open.len() > 1 {
        builder.close();
    }
    builder
        .open
        .pop()
        .map(|root| root.pieces)
        .unwrap_or_default()
}

fn piece(tag: Tag) -> Piece {
    Piece {
        tag,
        text: String::new(),
        target: None,
        pieces: Vec::new(),
    }
}

struct Builder<'a> {
    key: &'a str,
    /// The pieces that are not complete; the first holds the whole.
    open: Vec<Piece>,
    /// Pieces that lie too deep: what is in them goes into the one around them.
    skipped: usize,
    /// Blocks of HTML that are open.
    html: usize,
    /// The level of the heading before.
    level: u8,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => {
                if matches!(tag, pulldown_cmark::TagEnd::HtmlBlock) {
                    self.html = self.html.saturating_sub(1);
                }
                if self.skipped > 0 {
                    self.skipped -= 1;
                } else {
                    self.close();
                }
            }
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.add(Tag::Text, &text);
            }
            Event::Code(text) => self.add(Tag::Code, &text),
            Event::FootnoteReference(name) => self.add(Tag::Text, &name),
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::SoftBreak => self.add(Tag::Text, " "),
            Event::HardBreak => self.add(Tag::Break, ""),
            Event::Rule => self.add(Tag::Rule, ""),
            Event::TaskListMarker(done) => {
                self.add(if done { Tag::Done } else { Tag::Open }, "");
            }
        }
    }

    fn begin(&mut self, tag: Begin<'_>) {
        if self.open.len() > limit::DEPTH {
            self.skipped += 1;
            return;
        }
        let new = match tag {
            Begin::Heading { level, .. } => piece(self.heading(level)),
            Begin::BlockQuote(_) => piece(Tag::Quote),
            Begin::CodeBlock(kind) => {
                let mut new = piece(Tag::CodeBlock);
                if let CodeBlockKind::Fenced(language) = kind {
                    new.text = language.into_string();
                }
                new
            }
            Begin::HtmlBlock => {
                self.html += 1;
                piece(Tag::Paragraph)
            }
            Begin::List(None) => piece(Tag::List),
            Begin::List(Some(_)) => piece(Tag::OrderedList),
            Begin::Item => piece(Tag::Item),
            Begin::Table(_) => piece(Tag::Table),
            Begin::TableHead => piece(Tag::Head),
            Begin::TableRow => piece(Tag::Row),
            Begin::TableCell => piece(Tag::Cell),
            Begin::Emphasis => piece(Tag::Emphasis),
            Begin::Strong => piece(Tag::Strong),
            Begin::Strikethrough => piece(Tag::Deleted),
            Begin::Link { dest_url, .. } => Piece {
                target: target(&dest_url, self.key),
                ..piece(Tag::Link)
            },
            Begin::Image { dest_url, .. } => Piece {
                target: target(&dest_url, self.key),
                ..piece(Tag::Image)
            },
            _ => piece(Tag::Paragraph),
        };
        self.open.push(new);
    }

    /// Headings go below those of the page, and no level is left out.
    fn heading(&mut self, level: HeadingLevel) -> Tag {
        let wanted = (level as u8).saturating_add(2).min(6);
        self.level = wanted.min(self.level + 1);
        match self.level {
            0..=3 => Tag::Heading3,
            4 => Tag::Heading4,
            5 => Tag::Heading5,
            _ => Tag::Heading6,
        }
    }

    fn add(&mut self, tag: Tag, text: &str) {
        if self.html > 0 {
            return;
        }
        let Some(at) = self.open.last_mut() else {
            return;
        };
        // Text that comes in parts is one.
        if tag == Tag::Text
            && let Some(last) = at.pieces.last_mut().filter(|last| last.tag == Tag::Text)
        {
            last.text.push_str(text);
            return;
        }
        at.pieces.push(Piece {
            text: text.to_owned(),
            ..piece(tag)
        });
    }

    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(mut done) = self.open.pop() else {
            return;
        };
        if done.tag == Tag::Image {
            // A picture is described in plain text.
            done.text = words(&done.pieces);
            done.pieces = Vec::new();
        }
        let is_empty_html = done.tag == Tag::Paragraph && done.pieces.is_empty();
        if let Some(around) = self.open.last_mut()
            && !is_empty_html
        {
            around.pieces.push(done);
        }
    }
}

fn words(pieces: &[Piece]) -> String {
    pieces.iter().fold(String::new(), |text, piece| {
        text + &piece.text + &words(&piece.pieces)
    })
}

/// Where a link leads. What is neither a key nor of a known scheme leads nowhere.
fn target(address: &str, key: &str) -> Option<Target> {
    let address = address.trim();
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .filter(|scheme| {
            !scheme.is_empty()
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        });
    if let Some(scheme) = scheme {
        let known = ["http", "https", "mailto"];
        let known = known.iter().any(|one| scheme.eq_ignore_ascii_case(one));
        return known.then(|| Target::Elsewhere(address.to_owned()));
    }
    // Browsers take a backslash for a slash: `/\host` is elsewhere.
    if address.starts_with("//") || address.contains('\\') {
        return None;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let folder = key.rfind('/').map_or("", |end| &key[..end]);
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    let found = parts.join("/");
    (!found.is_empty() && !path.is_empty()).then_some(Target::Key(found))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(pieces: &[Piece]) -> String {
        words(pieces)
    }

    fn find(pieces: &[Piece], tag: Tag) -> Option<&Piece> {
        pieces.iter().find_map(|piece| {
            if piece.tag == tag {
                Some(piece)
            } else {
                find(&piece.pieces, tag)
            }
        })
    }

    #[test]
    fn html_is_left_out() {
        let read = markdown(
            "# Title\n\n<script>alert(1)</script>\n\ntext <img src=x onerror=alert(1)> *more*\n\n<div>\n\ninside\n\n</div>\n",
            "a.md",
        );
        let all = texts(&read);
        assert!(!all.contains('<') && !all.contains("alert"), "{all}");
        assert_eq!(read[0].tag, Tag::Heading3);
        assert!(
            all.contains("text  more") && all.contains("inside"),
            "{all}"
        );
    }

    #[test]
    fn levels_of_headings_have_no_gaps() {
        let read = markdown("### a\n# b\n### c\n###### d\n", "a.md");
        let tags: Vec<_> = read.iter().map(|piece| piece.tag).collect();
        assert_eq!(
            tags,
            [Tag::Heading3, Tag::Heading3, Tag::Heading4, Tag::Heading5]
        );
    }

    #[test]
    fn links_lead_to_keys_or_to_known_schemes() {
        let key = |name: &str| Some(Target::Key(name.to_owned()));
        for (address, expected) in [
            ("b.md", key("docs/b.md")),
            ("./x/../b%20c.md#part", key("docs/b c.md")),
            ("../top.png", key("top.png")),
            ("/root.md?x", key("root.md")),
            ("../../out", None),
            ("javascript:alert(1)", None),
            (" JavaScript:alert(1)", None),
            ("data:text/html,x", None),
            ("//evil.example/x", None),
            ("/\\evil.example/x", None),
            ("#part", None),
            ("", None),
            (
                "https://example.com/a?b",
                Some(Target::Elsewhere("https://example.com/a?b".to_owned())),
            ),
            (
                "MAILTO:a@b",
                Some(Target::Elsewhere("MAILTO:a@b".to_owned())),
            ),
        ] {
            assert_eq!(target(address, "docs/a.md"), expected, "{address}");
        }
    }

    #[test]
    fn pictures_lists_tables_and_code_are_known() {
        let read = markdown(
            "![a *b*](p.png)\n\n- [x] done\n- [ ] open\n\n| h |\n|---|\n| c |\n\n```rust\nfn a() {}\n```\n",
            "a.md",
        );
        let image = find(&read, Tag::Image).unwrap();
        assert_eq!(
            (image.text.as_str(), &image.target),
            ("a b", &Some(Target::Key("p.png".to_owned())))
        );
        assert!(find(&read, Tag::Done).is_some() && find(&read, Tag::Open).is_some());
        assert!(find(&read, Tag::Head).is_some() && find(&read, Tag::Row).is_some());
        let code = find(&read, Tag::CodeBlock).unwrap();
        assert_eq!(
            (code.text.as_str(), texts(&code.pieces).as_str()),
            ("rust", "fn a() {}\n")
        );
    }

    fn depth(pieces: &[Piece]) -> usize {
        pieces
            .iter()
            .map(|piece| 1 + depth(&piece.pieces))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn depth_has_a_limit_and_what_lies_deeper_is_kept() {
        let read = markdown(&format!("{}deep", "> ".repeat(5_000)), "a.md");
        assert!(depth(&read) <= limit::DEPTH + 2);
        assert!(texts(&read).contains("deep"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a-z#>*_`\\[\\]()!<>/ \n|:-]{0,120}") {
            let read = markdown(&text, "a/b.md");
            prop_assert!(depth(&read) <= limit::DEPTH + 2);
        }
    }
}
