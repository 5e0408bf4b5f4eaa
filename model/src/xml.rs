//! Whether a text is XML. Nothing is fetched and no entity is put in: what a document type declares is
//! left alone.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use crate::id::fits_xml;

/// How deep elements may lie inside of each other, and how many there may be (HCP's bounds of what is
/// checked).
const DEPTH: usize = 100;
const ELEMENTS: usize = 10_000;

/// Why a text is not well-formed XML, in words, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not well-formed XML, at byte {at}: {why}")]
pub struct Malformed {
    /// Bytes before the place.
    pub at: u64,
    /// What is wrong there.
    pub why: String,
}

/// Checks that a document is well-formed, within HCP's bounds.
pub fn check(document: &[u8]) -> Result<(), Malformed> {
    let text = std::str::from_utf8(document).map_err(|error| Malformed {
        at: error.valid_up_to() as u64,
        why: "it is not UTF-8".to_owned(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut seen = Seen::default();
    loop {
        let at = reader.buffer_position();
        let broken = |why: String| Malformed { at, why };
        let event = reader
            .read_event()
            .map_err(|error| broken(error.to_string()))?;
        if matches!(event, Event::Eof) {
            return seen.end().map_err(|why| broken(why.to_owned()));
        }
        seen.event(&event).map_err(broken)?;
    }
}

/// What has come so far.
#[derive(Default)]
struct Seen {
    open: usize,
    elements: usize,
    roots: usize,
    has_type: bool,
}

impl Seen {
    fn event(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(start) => {
                self.element(start)?;
                self.open += 1;
                if self.open > DEPTH {
                    return Err(format!("elements lie more than {DEPTH} deep"));
                }
            }
            Event::Empty(start) => self.element(start)?,
            // That the names are the same, the reader has seen to.
            Event::End(_) => self.open = self.open.saturating_sub(1),
            Event::Text(text) => self.text(&text.xml10_content().map_err(|e| e.to_string())?)?,
            Event::CData(text) => {
                if self.open == 0 {
                    return Err("text stands outside of the element".to_owned());
                }
                characters(&text.xml10_content().map_err(|e| e.to_string())?)?;
            }
            Event::GeneralRef(reference) => {
                if self.open == 0 {
                    return Err("text stands outside of the element".to_owned());
                }
                match reference.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(character) => characters(character.encode_utf8(&mut [0; 4]))?,
                    None => self.entity(&reference.decode().map_err(|e| e.to_string())?)?,
                }
            }
            Event::DocType(_) if self.roots > 0 || self.has_type => {
                return Err("a document type stands before the element, once".to_owned());
            }
            Event::DocType(_) => self.has_type = true,
            Event::Comment(text) => characters(&text.xml10_content().map_err(|e| e.to_string())?)?,
            Event::Decl(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open == 0 {
            self.roots += 1;
            if self.roots > 1 {
                return Err("there is more than one element at the top".to_owned());
            }
        }
        self.elements += 1;
        if self.elements > ELEMENTS {
            return Err(format!("there are more than {ELEMENTS} elements"));
        }
        name(start.name().into_inner())?;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            name(attribute.key.into_inner())?;
            let value = std::str::from_utf8(&attribute.value).map_err(|e| e.to_string())?;
            if value.contains('<') {
                return Err("the value of an attribute has a <".to_owned());
            }
            characters(value)?;
            for piece in value.split('&').skip(1) {
                let (entity, _) = piece
                    .split_once(';')
                    .ok_or_else(|| "an & begins no entity".to_owned())?;
                if let Some(number) = entity.strip_prefix('#') {
                    let code = number.strip_prefix('x').map_or_else(
                        || number.parse().ok(),
                        |hex| u32::from_str_radix(hex, 16).ok(),
                    );
                    let character = code
                        .and_then(char::from_u32)
                        .ok_or_else(|| format!("&{entity}; is no character"))?;
                    characters(character.encode_utf8(&mut [0; 4]))?;
                } else {
                    self.entity(entity)?;
                }
            }
        }
        Ok(())
    }

    fn text(&self, text: &str) -> Result<(), String> {
        if self.open == 0 && !text.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
            return Err("text stands outside of the element".to_owned());
        }
        if text.contains("]]>") {
            return Err("text has a ]]>".to_owned());
        }
        characters(text)
    }

    /// A document type may declare others, and is not read.
    fn entity(&self, name: &str) -> Result<(), String> {
        if self.has_type || resolve_predefined_entity(name).is_some() {
            Ok(())
        } else {
            Err(format!("the entity &{name}; is not one of XML's own"))
        }
    }

    fn end(&self) -> Result<(), &'static str> {
        if self.open > 0 {
            Err("an element has no end")
        } else if self.roots == 0 {
            Err("there is no element")
        } else {
            Ok(())
        }
    }
}

fn characters(text: &str) -> Result<(), String> {
    if fits_xml(text) {
        Ok(())
    } else {
        Err("a character cannot stand in XML".to_owned())
    }
}

/// A name begins with a letter, or with what stands for one.
fn name(name: &[u8]) -> Result<(), String> {
    let begins = |byte: u8| byte.is_ascii_alphabetic() || b"_:".contains(&byte) || !byte.is_ascii();
    let goes_on = |byte: u8| begins(byte) || byte.is_ascii_digit() || b"-.".contains(&byte);
    let is_name = name.first().copied().is_some_and(begins) && name.iter().copied().all(goes_on);
    if is_name {
        Ok(())
    } else {
        Err(format!("{:?} is no name", String::from_utf8_lossy(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_well_formed_is_taken() {
        for good in [
            "<a/>",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><a b='1' c=\"&lt;&#x41;\">x &amp; y</a>\n",
            "<p:a xmlns:p=\"urn:x\"><p:b/></p:a>",
            "<grün>å</grün>",
            "<a><![CDATA[<b> & ]] ]]></a>",
            "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
        ] {
            assert_eq!(check(good.as_bytes()), Ok(()), "{good}");
        }
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert_eq!(check(deep.as_bytes()), Ok(()));
    }

    #[test]
    fn what_is_not_is_refused_with_its_place() {
        for bad in [
            "",
            "  ",
            "text",
            "{}",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "<a>&nothing;</a>",
            "<a>&</a>",
            "<a b=1/>",
            "<a b='1' b='2'/>",
            "<a b='<'/>",
            "<a b='&'/>",
            "<a b='&no;'/>",
            "<1/>",
            "<a>\u{1}</a>",
            "<a>&#1;</a>",
            "<a>]]></a>",
            "<a><!-- ",
            "<a><![CDATA[ </a>",
            "<!DOCTYPE a><!DOCTYPE a><a/>",
        ] {
            assert!(check(bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(check(b"<a>\xff</a>").unwrap_err().at, 3);
        let deep = format!("{}{}", "<a>".repeat(101), "</a>".repeat(101));
        assert!(check(deep.as_bytes()).unwrap_err().why.contains("100"));
        let many = format!("<a>{}</a>", "<b/>".repeat(10_000));
        assert!(check(many.as_bytes()).unwrap_err().why.contains("10000"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_breaks_it(document in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            text in "[<>/a&;!\\[\\]?\"'= -]{0,80}") {
            let _ = check(&document);
            let _ = check(text.as_bytes());
        }
    }
}
