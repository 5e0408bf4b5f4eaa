//! The words of custom metadata, in the order in which HCP's `customMetadataContent` names them: the
//! element, its attributes and their values, its text, and the element again.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};
use rusqlite::Connection;
use serde_json::Value as Json;

use super::{GAP, split};
use crate::Error;

/// Annotations of more bytes are not searched (HCP's metadata query API, "Object queries").
const MAX_BYTES: i64 = 1024 * 1024;
/// Elements and members that lie deeper are not searched.
const MAX_DEPTH: usize = 64;

/// The words of a version's annotations; `metadata` holds the pairs of S3's user metadata, which are the
/// annotation `.metapairs`.
pub(super) fn of(connection: &Connection, id: i64, metadata: &str) -> Result<String, Error> {
    let mut words = Words::default();
    if metadata != "{}" {
        for (name, value) in super::pairs(metadata)? {
            let element = format!("meta-{name}");
            words.add(&element);
            words.add(&value);
            words.add(&element);
            words.gap();
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT content FROM annotations WHERE object_id = ?1 AND length(content) < ?2 ORDER BY name",
    )?;
    let mut rows = statement.query([id, MAX_BYTES])?;
    while let Some(row) = rows.next()? {
        let content: Vec<u8> = row.get(0)?;
        if let Some(of_one) = of_annotation(&content) {
            words.0.extend(of_one.0);
            words.gap();
        }
    }
    Ok(words.0.join(" "))
}

#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn add(&mut self, text: &str) {
        self.0.extend(split(text));
    }

    fn gap(&mut self) {
        self.0.push(GAP.to_owned());
    }
}

/// The words of an annotation; `None` where it is neither well-formed XML nor JSON, and is not searched.
fn of_annotation(content: &[u8]) -> Option<Words> {
    let text = std::str::from_utf8(content).ok()?;
    if text.trim_start().starts_with('<') {
        of_xml(text)
    } else {
        let mut words = Words::default();
        of_json(&serde_json::from_str(text).ok()?, None, &mut words, 0);
        Some(words)
    }
}

fn of_xml(text: &str) -> Option<Words> {
    let mut reader = Reader::from_str(text);
    let (mut words, mut open, mut text) = (Words::default(), Vec::new(), String::new());
    let mut has_root = false;
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Text(part) => text.push_str(&part.decode().ok()?),
            Event::CData(part) => text.push_str(&part.decode().ok()?),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => text.push(character),
                None => text.push_str(resolve_predefined_entity(&reference.decode().ok()?)?),
            },
            Event::Start(_) | Event::Empty(_) | Event::End(_) => {
                words.add(&std::mem::take(&mut text));
            }
            _ => {}
        }
        match event {
            Event::Start(start) => {
                has_root = true;
                open.push(begin(&start, &mut words)?);
                if open.len() > MAX_DEPTH {
                    return None;
                }
            }
            Event::Empty(start) => {
                has_root = true;
                let name = begin(&start, &mut words)?;
                words.add(&name);
            }
            Event::End(_end) => words.add(&open.pop()?),
            Event::DocType(_) => return None,
            Event::Eof => return (has_root && open.is_empty()).then_some(words),
            _ => {}
        }
    }
}

/// Notes an element and its attributes, and returns its name.
fn begin(start: &BytesStart<'_>, words: &mut Words) -> Option<String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    words.add(&name);
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        words.add(&String::from_utf8_lossy(
            attribute.key.local_name().as_ref(),
        ));
        words.add(&attribute.normalized_value(XmlVersion::default()).ok()?);
    }
    Some(name)
}

/// A member as if it were an element of its name.
fn of_json(value: &Json, name: Option<&str>, words: &mut Words, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let around = |words: &mut Words| name.into_iter().for_each(|name| words.add(name));
    match value {
        Json::Object(members) => {
            around(words);
            for (name, value) in members {
                of_json(value, Some(name), words, depth + 1);
            }
            around(words);
        }
        Json::Array(values) => {
            for value in values {
                of_json(value, name, words, depth + 1);
            }
        }
        Json::String(text) => {
            around(words);
            words.add(text);
            around(words);
        }
        Json::Null => {}
        other => {
            around(words);
            words.add(&other.to_string());
            around(words);
        }
    }
}

/// The values that an annotation has under a name: the texts of its elements and attributes, or of its
/// members, of that name in any case. None where it is not well-formed.
pub(crate) fn members(annotation: &str, name: &str) -> Vec<String> {
    if annotation.trim_start().starts_with('<') {
        values_of_xml(annotation, name).unwrap_or_default()
    } else {
        let mut found = Vec::new();
        if let Ok(value) = serde_json::from_str(annotation) {
            values_of_json(&value, None, name, &mut found, 0);
        }
        found
    }
}

fn values_of_xml(text: &str, name: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(text);
    // The text of each open element, and whether it is one that is looked for.
    let (mut found, mut open) = (Vec::new(), Vec::<(bool, String)>::new());
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Start(start) | Event::Empty(start) = &event {
            for attribute in start.attributes() {
                let attribute = attribute.ok()?;
                if is_named(attribute.key.local_name().as_ref(), name) {
                    let value = attribute.normalized_value(XmlVersion::default()).ok()?;
                    found.push(value.into_owned());
                }
            }
        }
        let text = match &event {
            Event::Text(part) => Some(part.decode().ok()?.into_owned()),
            Event::CData(part) => Some(part.decode().ok()?.into_owned()),
            Event::GeneralRef(reference) => Some(match reference.resolve_char_ref().ok()? {
                Some(character) => character.to_string(),
                None => resolve_predefined_entity(&reference.decode().ok()?)?.to_owned(),
            }),
            _ => None,
        };
        if let (Some(text), Some((_, so_far))) = (text, open.last_mut()) {
            so_far.push_str(&text);
        }
        match event {
            Event::Start(start) => {
                open.push((is_named(start.local_name().as_ref(), name), String::new()));
                if open.len() > MAX_DEPTH {
                    return None;
                }
            }
            Event::End(_end) => {
                let (is_asked_for, text) = open.pop()?;
                if is_asked_for {
                    found.push(text.trim().to_owned());
                }
            }
            Event::DocType(_) => return None,
            Event::Eof => return open.is_empty().then_some(found),
            _ => {}
        }
    }
}

fn is_named(own: &[u8], name: &str) -> bool {
    own.eq_ignore_ascii_case(name.as_bytes())
}

fn values_of_json(
    value: &Json,
    own: Option<&str>,
    name: &str,
    found: &mut Vec<String>,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    let is_asked_for = own.is_some_and(|own| own.eq_ignore_ascii_case(name));
    match value {
        Json::Object(members) => {
            for (own, value) in members {
                values_of_json(value, Some(own), name, found, depth + 1);
            }
        }
        Json::Array(values) => {
            for value in values {
                values_of_json(value, own, name, found, depth + 1);
            }
        }
        Json::Null => {}
        Json::String(text) if is_asked_for => found.push(text.clone()),
        other if is_asked_for => found.push(other.to_string()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(content: &str) -> Option<String> {
        of_annotation(content.as_bytes()).map(|words| words.0.join(" "))
    }

    #[test]
    fn an_element_stands_around_its_attributes_and_its_text() {
        let xml = r#"<?xml version="1.0"?><record kind="x-ray"><doctor>Lee &amp; Gr&#246;n</doctor><none/></record>"#;
        let expected = "record kind x ray doctor lee grön doctor none none record";
        assert_eq!(words(xml).as_deref(), Some(expected));
    }

    #[test]
    fn a_member_stands_around_its_value() {
        let json = r#"{"dept": "Physics", "year": 2024, "tags": ["a", "b"], "n": null}"#;
        let expected = "dept physics dept tags a tags tags b tags year 2024 year";
        assert_eq!(words(json).as_deref(), Some(expected));
    }

    #[test]
    fn values_are_found_by_their_name() {
        let xml = r#"<r><Dept id="7"> A &amp; B </Dept><x><dept>C</dept></x></r>"#;
        assert_eq!(members(xml, "dept"), ["A & B", "C"]);
        assert_eq!(members(xml, "ID"), ["7"]);
        let json = r#"{"dept": ["A", {"dept": 4}], "other": {"Dept": true}}"#;
        assert_eq!(members(json, "dept"), ["A", "4", "true"]);
        assert_eq!(members("<r>", "r"), [""; 0]);
    }

    #[test]
    fn what_is_not_well_formed_is_not_searched() {
        for broken in [
            "<a><b></a>",
            "<a>",
            "<a></b>",
            "plain",
            "",
            "\u{0}",
            "<a b=c/>",
            "{",
        ] {
            assert_eq!(words(broken), None, "{broken}");
        }
        assert_eq!(words(&"<a>".repeat(70)), None);
    }
}
