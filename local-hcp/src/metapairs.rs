//! The metadata of S3 as HCP's native protocols know it: the annotation `.metapairs`, an XML document with
//! an element for each pair (HCP's S3 manual, "Custom metadata").

use std::{borrow::Cow, collections::BTreeMap};

use model::{
    attributes::{AttributeFault, Attributes},
    session::ObjectFeatures,
};
use quick_xml::{Reader, events::Event};

use crate::Error;

/// The element of the document, and what the names of those in it begin with.
const ROOT: &str = "metapairs";
const PREFIX: &str = "meta-";

/// The document of some pairs; `None` where there are none.
pub(crate) fn write(metadata: &BTreeMap<String, String>) -> Option<String> {
    use std::fmt::Write as _;
    if metadata.is_empty() {
        return None;
    }
    let mut document = format!("<{ROOT} version=\"600\">");
    for (name, value) in metadata {
        let name = model::attributes::as_xml_name(name);
        // What would end the section is told in two of them.
        let value = value.replace("]]>", "]]]]><![CDATA[>");
        // Writing to a `String` cannot fail.
        let _ = write!(
            document,
            "<{PREFIX}{name}><![CDATA[{value}]]></{PREFIX}{name}>"
        );
    }
    let _ = write!(document, "</{ROOT}>");
    Some(document)
}

/// The pairs of a document. HCP takes whatever is written there, and S3 then says that metadata is
/// missing; here what S3 could not tell is refused.
pub(crate) fn read(document: &[u8], drops_empty: bool) -> Result<BTreeMap<String, String>, Error> {
    let bad = |why: &str| Error::InvalidDocument(format!("the annotation .metapairs: {why}"));
    model::xml::check(document).map_err(|malformed| bad(&malformed.to_string()))?;
    // That it is text, the check has seen.
    let text = String::from_utf8_lossy(document);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<(String, String)> = Vec::new();
    let mut metadata = BTreeMap::new();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| bad(&error.to_string()))?;
        let text: Cow<'_, str> = match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8_lossy(start.name().into_inner()).into_owned();
                match open.len() {
                    0 if name == ROOT => {}
                    1 if name.starts_with(PREFIX) => {}
                    _ => {
                        return Err(bad(
                            "it has an element <metapairs>, and in it one <meta-name> for each pair",
                        ));
                    }
                }
                open.push((name, String::new()));
                "".into()
            }
            Event::Text(text) => text.xml10_content().map_err(|e| bad(&e.to_string()))?,
            Event::CData(text) => text.xml10_content().map_err(|e| bad(&e.to_string()))?,
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref();
                if let Some(character) = character.map_err(|e| bad(&e.to_string()))? {
                    character.to_string().into()
                } else {
                    let name = reference.decode().map_err(|e| bad(&e.to_string()))?;
                    quick_xml::escape::resolve_predefined_entity(&name)
                        .ok_or_else(|| bad("an entity is not one of XML's own"))?
                        .into()
                }
            }
            Event::Eof => break,
            _ => "".into(),
        };
        if let Some((_name, content)) = open.last_mut() {
            content.push_str(&text);
        }
        if matches!(event, Event::End(_) | Event::Empty(_))
            && let Some((name, value)) = open.pop()
        {
            match name.strip_prefix(PREFIX) {
                None if !value.trim().is_empty() => {
                    return Err(bad("text stands beside the pairs"));
                }
                Some(name) if !(drops_empty && value.is_empty()) => {
                    let twice = metadata.insert(name.to_ascii_lowercase(), value);
                    if twice.is_some() {
                        return Err(bad("a name is there twice; capitals do not count"));
                    }
                }
                _ => {}
            }
        }
    }
    let attributes = Attributes {
        metadata,
        ..Attributes::default()
    };
    let faults = attributes.faults(ObjectFeatures::default(), None);
    match faults.first() {
        None => Ok(attributes.metadata),
        Some(fault) => Err(bad(&AttributeFault::to_string(fault))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn pairs_are_elements_as_in_the_manual() {
        let pairs = map(&[("department", "Sales&Mktg"), ("city/town", "a]]>b")]);
        let document = write(&pairs).unwrap();
        assert_eq!(
            document,
            "<metapairs version=\"600\">\
             <meta-city_town><![CDATA[a]]]]><![CDATA[>b]]></meta-city_town>\
             <meta-department><![CDATA[Sales&Mktg]]></meta-department>\
             </metapairs>"
        );
        let read = read(document.as_bytes(), true).unwrap();
        assert_eq!(
            read,
            map(&[("city_town", "a]]>b"), ("department", "Sales&Mktg")])
        );
        assert_eq!(write(&BTreeMap::new()), None);
    }

    #[test]
    fn other_ways_of_writing_it_are_read() {
        let document = "<?xml version=\"1.0\"?>\n<metapairs version=\"600\">\n  <meta-A>x &amp; &#121;</meta-A>\n  <meta-e/>\n</metapairs>\n";
        assert_eq!(
            read(document.as_bytes(), true).unwrap(),
            map(&[("a", "x & y")])
        );
        assert_eq!(
            read(document.as_bytes(), false).unwrap(),
            map(&[("a", "x & y"), ("e", "")])
        );
    }

    #[test]
    fn what_s3_could_not_tell_is_refused() {
        let long = format!(
            "<metapairs><meta-a>{}</meta-a></metapairs>",
            "x".repeat(2_048)
        );
        for bad in [
            "",
            "{}",
            "<pairs/>",
            "<metapairs><a>1</a></metapairs>",
            "<metapairs><meta-a><b/></meta-a></metapairs>",
            "<metapairs><meta-a>1</meta-a><meta-A>2</meta-A></metapairs>",
            "<metapairs><meta->1</meta-></metapairs>",
            "<metapairs>text<meta-a>1</meta-a></metapairs>",
            "<metapairs><meta-a>gr\u{fc}n</meta-a></metapairs>",
            "<metapairs><meta-a>\n</meta-a></metapairs>",
            "<metapairs><meta-a:b>1</meta-a:b></metapairs>",
            "<!DOCTYPE m [<!ENTITY e \"x\">]><metapairs><meta-a>&e;</meta-a></metapairs>",
            &long,
        ] {
            let refused = read(bad.as_bytes(), true);
            assert!(matches!(refused, Err(Error::InvalidDocument(_))), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(pairs in prop::collection::btree_map(
            "[a-z0-9._-]{1,8}", "([!-~]{1,3}( [!-~&<>\\]]{1,3})?)?", 1..5,
        )) {
            let document = write(&pairs).unwrap();
            prop_assert!(model::xml::check(document.as_bytes()).is_ok());
            prop_assert_eq!(read(document.as_bytes(), false).unwrap(), pairs);
        }
    }
}
