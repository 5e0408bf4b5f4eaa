//! CORS rules as the XML document that S3 and HCP's management API know, and what differs between two of them.
//!
//! Documents are written here, also in the browser; they are read by the server alone, which has a parser of XML.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::CorsRule;

const HEAD: &str = "<CORSConfiguration>\n";
const FOOT: &str = "</CORSConfiguration>\n";

/// Writes the document, indented for people.
pub fn document(rules: &[CorsRule]) -> String {
    let rules: String = rules.iter().map(element).collect();
    format!("{HEAD}{rules}{FOOT}")
}

/// One rule.
fn element(rule: &CorsRule) -> String {
    let mut out = "  <CORSRule>\n".to_owned();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "    <{name}>{}</{name}>", escaped(value));
    };
    if let Some(id) = &rule.id {
        line("ID", id);
    }
    for (name, values) in [
        ("AllowedOrigin", &rule.allowed_origins),
        ("AllowedMethod", &rule.allowed_methods),
        ("AllowedHeader", &rule.allowed_headers),
        ("ExposeHeader", &rule.expose_headers),
    ] {
        for value in values.iter().flatten() {
            line(name, value);
        }
    }
    if let Some(seconds) = rule.max_age_seconds {
        line("MaxAgeSeconds", &seconds.to_string());
    }
    out.push_str("  </CORSRule>\n");
    out
}

/// Readers drop blanks at the ends and change line ends, unless these are references.
fn escaped(text: &str) -> String {
    let first = text.len() - text.trim_start().len();
    let last = text.trim_end().len();
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            blank if blank.is_whitespace() && (blank != ' ' || at < first || at >= last) => {
                let _ = write!(out, "&#{};", u32::from(blank));
            }
            other => out.push(other),
        }
    }
    out
}

/// Where a document cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentFault {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
    /// What is wrong there.
    pub message: String,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// In the first alone.
    Gone(String),
    /// In the second alone.
    New(String),
}

/// What makes the second document of the first, rule by rule: those before and after the change stay.
pub fn difference(before: &[CorsRule], after: &[CorsRule]) -> Vec<Line> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let mut lines = Vec::new();
    let mut add = |text: &str, line: fn(String) -> Line| {
        lines.extend(text.lines().map(|text| line(text.to_owned())));
    };
    let mut rules = |rules: &[CorsRule], line: fn(String) -> Line| {
        for rule in rules {
            add(&element(rule), line);
        }
    };
    rules(&before[..head], Line::Same);
    rules(&old[..old.len() - tail], Line::Gone);
    rules(&new[..new.len() - tail], Line::New);
    rules(&old[old.len() - tail..], Line::Same);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str) -> CorsRule {
        CorsRule {
            id: Some(id.to_owned()),
            allowed_origins: Some(vec!["*".to_owned()]),
            ..CorsRule::default()
        }
    }

    #[test]
    fn a_document_has_every_part_of_a_rule() {
        let list = |name: &str| Some(vec![name.to_owned()]);
        let rule = CorsRule {
            id: Some(" a<b&c\n".to_owned()),
            allowed_headers: list("x-*"),
            allowed_methods: list("GET"),
            allowed_origins: list("https://a.example"),
            expose_headers: list("ETag"),
            max_age_seconds: Some(60),
        };
        assert_eq!(
            document(&[rule]),
            "<CORSConfiguration>\n  <CORSRule>\n    <ID>&#32;a&lt;b&amp;c&#10;</ID>\n    \
             <AllowedOrigin>https://a.example</AllowedOrigin>\n    <AllowedMethod>GET</AllowedMethod>\n    \
             <AllowedHeader>x-*</AllowedHeader>\n    <ExposeHeader>ETag</ExposeHeader>\n    \
             <MaxAgeSeconds>60</MaxAgeSeconds>\n  </CORSRule>\n</CORSConfiguration>\n"
        );
        assert_eq!(document(&[]), "<CORSConfiguration>\n</CORSConfiguration>\n");
    }

    #[test]
    fn a_difference_keeps_the_rules_around_a_change() {
        let changed = |before: &[&str], after: &[&str]| -> String {
            let rules = |ids: &[&str]| ids.iter().map(|id| rule(id)).collect::<Vec<_>>();
            let lines = difference(&rules(before), &rules(after));
            let ids = lines.into_iter().filter_map(|line| {
                let (mark, text) = match line {
                    Line::Same(text) => (' ', text),
                    Line::Gone(text) => ('-', text),
                    Line::New(text) => ('+', text),
                };
                let id = text.trim().strip_prefix("<ID>")?;
                Some(format!("{mark}{}", id.trim_end_matches("</ID>")))
            });
            ids.collect::<Vec<_>>().join(",")
        };
        assert_eq!(changed(&["a", "b"], &["a", "n", "b"]), " a,+n, b");
        assert_eq!(changed(&["a", "b", "c"], &["a", "c"]), " a,-b, c");
        assert_eq!(
            changed(&["a", "b", "c"], &["b", "a", "c"]),
            "-a,-b,+b,+a, c"
        );
        assert_eq!(changed(&["a"], &["a", "a"]), " a,+a");
        assert_eq!(changed(&[], &["a"]), "+a");
        assert_eq!(changed(&["a", "b"], &["a", "b"]), " a, b");
    }
}
