//! The CORS documents of tenants and namespaces: S3's XML in one string (HCP's management API,
//! data type `cors`).

use model::cors::{CorsRule, DOCUMENT_MAX, DocumentFault, RULES_MAX, check};
use quick_xml::{Reader, events::Event};

/// Reads the rules of a document; `None` where it is none. What is not known is passed over, as HCP
/// does.
pub fn cors_rules(document: &str) -> Option<Vec<CorsRule>> {
    let mut reader = Reader::from_str(document);
    let (mut rules, mut rule) = (Vec::new(), None::<CorsRule>);
    let (mut text, mut is_one, mut open) = (String::new(), false, 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                open += 1;
                text.clear();
                match tag.local_name().as_ref() {
                    b"CORSConfiguration" => is_one = true,
                    b"CORSRule" => rule = Some(CorsRule::default()),
                    _ => {}
                }
            }
            Event::Empty(tag) if tag.local_name().as_ref() == b"CORSConfiguration" => is_one = true,
            Event::Text(part) => text.push_str(&part.decode().ok()?),
            Event::CData(part) => text.push_str(&part.decode().ok()?),
            Event::GeneralRef(part) => match part.resolve_char_ref().ok()? {
                Some(char) => text.push(char),
                None => text.push_str(quick_xml::escape::resolve_predefined_entity(
                    &part.decode().ok()?,
                )?),
            },
            Event::End(tag) => {
                open = open.saturating_sub(1);
                if tag.local_name().as_ref() == b"CORSRule" {
                    rules.extend(rule.take());
                } else if let Some(rule) = &mut rule {
                    set(rule, tag.local_name().as_ref(), text.trim());
                }
            }
            Event::Eof => return (is_one && open == 0).then_some(rules),
            _ => {}
        }
    }
}

fn set(rule: &mut CorsRule, element: &[u8], text: &str) {
    let list = match element {
        b"ID" | b"Id" => {
            rule.id = Some(text.to_owned());
            return;
        }
        b"MaxAgeSeconds" => {
            rule.max_age_seconds = text.parse().ok();
            return;
        }
        b"AllowedOrigin" => &mut rule.allowed_origins,
        b"AllowedMethod" => &mut rule.allowed_methods,
        b"AllowedHeader" => &mut rule.allowed_headers,
        b"ExposeHeader" => &mut rule.expose_headers,
        _ => return,
    };
    list.get_or_insert_default().push(text.to_owned());
}

/// Reads a document as a person wrote it, and finds the place of what is wrong: what HCP would pass over, or a
/// rule that it would refuse.
///
/// # Errors
/// The first fault.
pub fn read_cors(document: &str) -> Result<Vec<CorsRule>, DocumentFault> {
    let mut reading = Reading::default();
    if document.len() > DOCUMENT_MAX {
        return Err(fault(document, 0, "The document is larger than 2.5 MB."));
    }
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_comments = true;
    loop {
        let from = position(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = position(reader.error_position());
            fault(document, at, &format!("This is not XML: {error}."))
        })?;
        // What a tag or a text begins with is told, not the blanks before it.
        let blank = &document[from..];
        let at = from + blank.len() - blank.trim_start().len();
        match reading.take(&event, at) {
            Ok(true) => return Ok(reading.rules),
            Ok(false) => {}
            Err((at, words)) => return Err(fault(document, at, &words)),
        }
    }
}

fn position(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// The place of a byte as people count: lines and characters from 1.
fn fault(document: &str, at: usize, message: &str) -> DocumentFault {
    let at = (0..=at.min(document.len()))
        .rev()
        .find(|at| document.is_char_boundary(*at))
        .unwrap_or_default();
    let before = &document[..at];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    DocumentFault {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        message: message.to_owned(),
    }
}

/// A byte, and what is wrong there.
type Wrong = (usize, String);

/// How far a document was read.
#[derive(Default)]
struct Reading {
    rules: Vec<CorsRule>,
    rule: CorsRule,
    /// The elements that are open, with the place of each.
    open: Vec<(String, usize)>,
    text: String,
    /// Whether the outermost element has ended.
    done: bool,
}

impl Reading {
    /// Takes a piece; `true` at the end of a good document.
    fn take(&mut self, event: &Event<'_>, at: usize) -> Result<bool, Wrong> {
        let unreadable = |error: &dyn std::fmt::Display| (at, format!("This is not XML: {error}."));
        match event {
            Event::Start(tag) => self.begin(name(tag.local_name().as_ref()), at)?,
            Event::Empty(tag) => {
                self.begin(name(tag.local_name().as_ref()), at)?;
                self.end()?;
            }
            Event::End(_) => self.end()?,
            Event::Text(text) => {
                let text = text.decode().map_err(|error| unreadable(&error))?;
                self.add(&text, at)?;
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|error| unreadable(&error))?;
                self.add(&text, at)?;
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref();
                if let Some(character) = character.map_err(|error| unreadable(&error))? {
                    return self
                        .add(character.encode_utf8(&mut [0; 4]), at)
                        .map(|()| false);
                }
                let entity = reference.decode().map_err(|error| unreadable(&error))?;
                let text = quick_xml::escape::resolve_predefined_entity(&entity);
                let text = text.ok_or_else(|| (at, format!("Nobody knows &{entity};.")))?;
                self.add(text, at)?;
            }
            Event::DocType(_) => return Err((at, "A document type is not taken.".to_owned())),
            Event::Eof if self.done => return Ok(true),
            Event::Eof => {
                let missing = match self.open.last() {
                    Some((open, _)) => format!("<{open}> is not closed."),
                    None => "There is no <CORSConfiguration>.".to_owned(),
                };
                return Err((at, missing));
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
        Ok(false)
    }

    fn begin(&mut self, name: String, at: usize) -> Result<(), Wrong> {
        let outside = self.open.last().map(|(open, _)| open.as_str());
        let fits = match outside {
            None => name == "CORSConfiguration" && !self.done,
            Some("CORSConfiguration") => name == "CORSRule",
            Some("CORSRule") => ELEMENTS.contains(&name.as_str()),
            Some(_) => false,
        };
        if !fits {
            return Err((at, format!("<{name}> has no place here.")));
        }
        let twice = match name.as_str() {
            "ID" | "Id" => self.rule.id.is_some(),
            "MaxAgeSeconds" => self.rule.max_age_seconds.is_some(),
            _ => false,
        };
        if twice {
            return Err((at, format!("A rule has one <{name}>.")));
        }
        if name == "CORSRule" && self.rules.len() == RULES_MAX {
            return Err((at, format!("There are at most {RULES_MAX} rules.")));
        }
        self.text.clear();
        self.open.push((name, at));
        Ok(())
    }

    fn add(&mut self, text: &str, at: usize) -> Result<(), Wrong> {
        let inside = self.open.last().map(|(open, _)| open.as_str());
        if inside.is_some_and(|name| ELEMENTS.contains(&name)) {
            self.text.push_str(text);
        } else if !text.trim().is_empty() {
            return Err((at, "A text has no place here.".to_owned()));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Wrong> {
        let Some((name, at)) = self.open.pop() else {
            return Ok(());
        };
        match name.as_str() {
            "CORSConfiguration" => self.done = true,
            "CORSRule" => {
                let rule = std::mem::take(&mut self.rule);
                if let Some(wrong) = check(&rule).first() {
                    return Err((at, wrong.to_string()));
                }
                self.rules.push(rule);
            }
            "MaxAgeSeconds" => {
                let seconds = self.text.trim().parse::<i32>().ok();
                let seconds = seconds.filter(|seconds| *seconds >= 0);
                let wrong = || (at, model::cors::RuleFault::Age.to_string());
                self.rule.max_age_seconds = Some(seconds.ok_or_else(wrong)?);
            }
            // The name keeps its blanks where they were written as references.
            "ID" | "Id" => self.rule.id = Some(std::mem::take(&mut self.text)),
            element => set(&mut self.rule, element.as_bytes(), self.text.trim()),
        }
        Ok(())
    }
}

/// What a rule can have.
const ELEMENTS: [&str; 7] = [
    "ID",
    "Id",
    "AllowedOrigin",
    "AllowedMethod",
    "AllowedHeader",
    "ExposeHeader",
    "MaxAgeSeconds",
];

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> impl Strategy<Value = Vec<CorsRule>> {
        let origin = proptest::sample::select(vec![
            "*",
            "https://a.example",
            "https://*.b.example:8443",
            "http://[::1]",
            "https://a&b<c>.example",
            "null",
        ]);
        let header =
            proptest::sample::select(vec!["*", "x-amz-*", "content-type", "If-None-Match"]);
        let exposed = proptest::sample::select(vec!["ETag", "x-amz-version-id"]);
        let method = proptest::sample::select(model::cors::METHODS.to_vec());
        let list = |names: Vec<&str>| {
            let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
            (!names.is_empty()).then_some(names)
        };
        let rule = (
            proptest::option::of("[ -~åäö\n\t]{0,40}"),
            proptest::collection::vec(origin, 1..4),
            proptest::collection::vec(method, 1..4),
            proptest::collection::vec(header, 0..4),
            proptest::collection::vec(exposed, 0..3),
            proptest::option::of(0..=i32::MAX),
        );
        let rule =
            rule.prop_map(
                move |(id, origins, methods, headers, exposed, seconds)| CorsRule {
                    id,
                    allowed_origins: list(origins),
                    allowed_methods: list(methods),
                    allowed_headers: list(headers),
                    expose_headers: list(exposed),
                    max_age_seconds: seconds,
                },
            );
        proptest::collection::vec(rule, 0..6)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rules in rules()) {
            let written = model::cors::document(&rules);
            prop_assert_eq!(read_cors(&written), Ok(rules));
        }

        #[test]
        fn nothing_that_is_typed_does_harm(text in "(<|>|/|&|;|CORSConfiguration|CORSRule|ID|å|\n| |!|\\[|-|a){0,40}") {
            if let Err(fault) = read_cors(&text) {
                prop_assert!(fault.line >= 1 && fault.column >= 1);
                prop_assert!(fault.line as usize <= text.matches('\n').count() + 1);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_found_with_its_place() {
        let rule = |inner: &str| {
            format!(
                "<CORSConfiguration>\n  <CORSRule>\n    {inner}\n  </CORSRule>\n</CORSConfiguration>"
            )
        };
        let good = "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>";
        assert_eq!(read_cors(&rule(good)).map(|rules| rules.len()), Ok(1));
        for (document, line, column, word) in [
            (String::new(), 1, 1, "<CORSConfiguration>"),
            ("{}".to_owned(), 1, 1, "text"),
            ("<a/>".to_owned(), 1, 1, "<a>"),
            (rule(""), 2, 3, "origin"),
            (rule("<AllowedOrigin>*</AllowedOrigin>"), 2, 3, "method"),
            (rule(&format!("{good}<Allow>x</Allow>")), 3, 71, "<Allow>"),
            (
                rule(&format!("{good}<AllowedHeader>x-*-*</AllowedHeader>")),
                2,
                3,
                "*",
            ),
            (
                rule(&format!("{good}\n<MaxAgeSeconds>1h</MaxAgeSeconds>")),
                4,
                1,
                "3600",
            ),
            (rule(&format!("{good}<ID>a</ID><ID>b</ID>")), 3, 81, "one"),
            (rule(&format!("{good}&nbsp;")), 3, 71, "nbsp"),
            (rule(&format!("{good}text")), 3, 71, "text"),
            (rule("<AllowedOrigin>*</AllowedMethod>"), 3, 21, "XML"),
            (
                "<CORSConfiguration>\n<CORSRule>".to_owned(),
                2,
                11,
                "not closed",
            ),
            ("<!DOCTYPE a><CORSConfiguration/>".to_owned(), 1, 1, "type"),
            (
                "<CORSConfiguration/><CORSConfiguration/>".to_owned(),
                1,
                21,
                "no place",
            ),
        ] {
            let fault = read_cors(&document).unwrap_err();
            assert!(fault.message.contains(word), "{document}: {fault:?}");
            assert_eq!(
                (fault.line, fault.column),
                (line, column),
                "{document}: {fault:?}"
            );
        }
        let huge = " ".repeat(DOCUMENT_MAX + 1);
        assert!(read_cors(&huge).unwrap_err().message.contains("2.5 MB"));
    }

    #[test]
    fn a_document_becomes_rules() {
        let list = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        let rules = cors_rules(
            "<?xml version=\"1.0\"?><CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
             <CORSRule><ID>a &amp; &#98;</ID><AllowedOrigin>https://app.example.com</AllowedOrigin>
             <AllowedOrigin><![CDATA[https://*.example.org]]></AllowedOrigin>
             <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
             <AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
             <MaxAgeSeconds>600</MaxAgeSeconds><Unknown>1</Unknown></CORSRule>
             <CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
        );
        let first = CorsRule {
            id: Some("a & b".to_owned()),
            allowed_headers: list(&["*"]),
            allowed_methods: list(&["GET", "PUT"]),
            allowed_origins: list(&["https://app.example.com", "https://*.example.org"]),
            expose_headers: list(&["ETag"]),
            max_age_seconds: Some(600),
        };
        let second = CorsRule {
            allowed_origins: list(&["*"]),
            ..CorsRule::default()
        };
        assert_eq!(rules, Some(vec![first, second]));
        assert_eq!(cors_rules("<CORSConfiguration/>"), Some(Vec::new()));
        for bad in [
            "",
            "text",
            "<a/>",
            "<CORSConfiguration><CORSRule>",
            "<a>&nope;</a>",
        ] {
            assert_eq!(cors_rules(bad), None, "{bad}");
        }
    }
}
