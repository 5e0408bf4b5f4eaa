//! Between HCP's XML and its JSON: an element per property, a list inside its wrapper as one element
//! per item, no namespaces and no attributes (HCP's management API, "List wrappers").
//!
//! What an element holds cannot be told from XML alone: `<roles><role>A</role></roles>` is a list of
//! one, `<description>1</description>` a text. The properties of the resource decide.

use model::mapi::{Kind, Property};
use quick_xml::{
    Reader, Writer,
    escape::{escape, resolve_predefined_entity},
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::{Map, Value as Json};

/// How deep elements may lie inside of each other. HCP's own are five deep.
const DEPTH: usize = 32;

/// An element, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    children: Vec<Self>,
    text: String,
}

/// Reads a document.
///
/// A document type is refused, so there are no entities but XML's own five: nothing is fetched and
/// nothing grows.
pub(crate) fn parse(document: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(document);
    // The innermost open element is last. The first is no element of the document's: it holds the root.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let Some(inside) = open.last_mut() else {
            return Err("an end tag has no beginning".to_owned());
        };
        match event {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return Err("elements lie too deep inside of each other".to_owned());
                }
                open.push(named(&start)?);
            }
            Event::Empty(start) => inside.children.push(named(&start)?),
            Event::End(_end) => {
                // That the names are the same, the reader has seen to.
                if let Some(element) = open.pop()
                    && let Some(parent) = open.last_mut()
                {
                    parent.children.push(element);
                }
            }
            Event::Text(text) => {
                let text = text.xml10_content().map_err(|error| error.to_string())?;
                inside.text.push_str(&text);
            }
            Event::CData(text) => {
                let text = text.xml10_content().map_err(|error| error.to_string())?;
                inside.text.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|e| e.to_string())?;
                if let Some(character) = character {
                    inside.text.push(character);
                } else {
                    let name = reference.decode().map_err(|error| error.to_string())?;
                    let text = resolve_predefined_entity(&name)
                        .ok_or_else(|| "an entity is not one of XML's own".to_owned())?;
                    inside.text.push_str(text);
                }
            }
            Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    root(open)
}

/// What a document says where nobody knows its properties: an element without others is a text, one with
/// others an object, and elements of one name are an array.
pub(crate) fn plain(element: &Element) -> Json {
    if element.children.is_empty() {
        return Json::String(element.text.clone());
    }
    let mut map = Map::new();
    for child in &element.children {
        let value = plain(child);
        match map.get_mut(&child.name) {
            None => {
                map.insert(child.name.clone(), value);
            }
            Some(Json::Array(items)) => items.push(value),
            Some(one) => *one = Json::Array(vec![one.take(), value]),
        }
    }
    Json::Object(map)
}

fn named(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = std::str::from_utf8(start.local_name().into_inner())
        .map_err(|_not_utf8| "the document is not UTF-8".to_owned())?
        .to_owned();
    Ok(Element {
        name,
        ..Element::default()
    })
}

fn root(mut open: Vec<Element>) -> Result<Element, String> {
    match (open.pop(), open.is_empty()) {
        (Some(mut document), true) => match (document.children.pop(), document.children.len()) {
            (Some(root), 0) if document.text.trim().is_empty() => Ok(root),
            _ => Err("a document has one element, and nothing beside it".to_owned()),
        },
        _ => Err("an element has no end".to_owned()),
    }
}

/// What a document says, as JSON would have it. Where a resource is no more than one text (`cors`), the
/// element of the document is that text.
pub(super) fn properties(element: &Element, known: &[Property]) -> Map<String, Json> {
    let is_text = element.children.is_empty() && !element.text.trim().is_empty();
    if is_text && known.iter().any(|one| one.name == element.name) {
        return Map::from_iter([(element.name.clone(), Json::String(element.text.clone()))]);
    }
    to_map(element, known)
}

/// The properties of a resource, as JSON would have them.
fn to_map(element: &Element, properties: &[Property]) -> Map<String, Json> {
    let mut map = Map::new();
    for child in &element.children {
        let kind = properties.iter().find(|one| one.name == child.name);
        let value = to_json(child, kind.map(|property| &property.kind));
        // A list without a wrapper is its item again and again.
        match (map.get_mut(&child.name), value) {
            (Some(Json::Array(items)), Json::Array(more)) => items.extend(more),
            (_, value) => {
                map.insert(child.name.clone(), value);
            }
        }
    }
    map
}

fn to_json(element: &Element, kind: Option<&Kind>) -> Json {
    match kind {
        Some(Kind::List("", of)) => Json::Array(vec![to_json(element, Some(of))]),
        Some(Kind::List(wrapper, of)) => {
            let items: Vec<_> = element
                .children
                .iter()
                .filter(|child| child.name == *wrapper)
                .map(|child| to_json(child, Some(of)))
                .collect();
            let mut map = to_map(element, &[]);
            map.insert((*wrapper).to_owned(), Json::Array(items));
            Json::Object(map)
        }
        Some(Kind::Nested(properties)) => Json::Object(to_map(element, properties)),
        _ if element.children.is_empty() => Json::String(element.text.clone()),
        _ => Json::Object(to_map(element, &[])),
    }
}

/// Writes a document whose element is called `root`.
pub(super) fn write(root: &str, value: &Json, pretty: bool) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = if pretty {
        Writer::new_with_indent(Vec::new(), b' ', 4)
    } else {
        Writer::new(Vec::new())
    };
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), Some("yes"));
    writer.write_event(Event::Decl(declaration))?;
    let value = match value {
        // As in `properties`.
        Json::Object(map) if map.len() == 1 => match map.get(root) {
            Some(text @ Json::String(_)) => text,
            _ => value,
        },
        value => value,
    };
    write_element(&mut writer, root, value)?;
    Ok(writer.into_inner())
}

fn write_element(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    value: &Json,
) -> Result<(), std::io::Error> {
    let text = match value {
        Json::Null => return Ok(()),
        Json::Array(items) => {
            return items
                .iter()
                .try_for_each(|item| write_element(writer, name, item));
        }
        Json::Object(map) => {
            writer.write_event(Event::Start(BytesStart::new(name)))?;
            for (name, value) in map {
                write_element(writer, name, value)?;
            }
            return writer.write_event(Event::End(BytesEnd::new(name)));
        }
        Json::String(text) => characters(text),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => number.to_string(),
    };
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    writer.write_event(Event::Text(BytesText::from_escaped(text)))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// Text as XML has it. What XML cannot hold at all becomes the replacement character, and a carriage
/// return is written as a reference, or readers would make a line end of it.
fn characters(text: &str) -> String {
    let fits = |c: char| {
        matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    let held: String = text
        .chars()
        .map(|c| {
            if fits(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect();
    escape(held.as_str()).replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use model::mapi::{
        ConsoleSecurity, ContentClass, DataAccessPermissions, EmailNotification, Resource, Tenant,
        UserAccount,
    };
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read<T: Resource>(document: &str) -> T {
        T::read_strictly(to_map(&parse(document).unwrap(), T::PROPERTIES)).unwrap()
    }

    fn survives<T: Resource + PartialEq + std::fmt::Debug>(document: &str) {
        let json: Json = serde_json::from_str(document).unwrap();
        let before = T::read_strictly(json.as_object().unwrap().clone()).unwrap();
        for pretty in [false, true] {
            let xml = write(T::ROOT, &Json::Object(before.to_map()), pretty).unwrap();
            let xml = String::from_utf8(xml).unwrap();
            assert!(
                xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"),
                "{xml}"
            );
            assert_eq!(read::<T>(&xml), before, "{xml}");
        }
    }

    macro_rules! fixture {
        ($name:literal) => {
            include_str!(concat!("../../../model/fixtures/mapi/", $name, ".json"))
        };
    }

    #[test]
    fn documents_of_hcp_survive_xml() {
        survives::<Tenant>(fixture!("tenant-create"));
        survives::<Tenant>(fixture!("tenant-of-tenant"));
        survives::<UserAccount>(fixture!("user-account"));
        survives::<ConsoleSecurity>(fixture!("console-security"));
        survives::<EmailNotification>(fixture!("email-notification"));
        survives::<ContentClass>(fixture!("content-class"));
        survives::<DataAccessPermissions>(fixture!("data-access-permissions"));
    }

    #[test]
    fn lists_are_elements_inside_their_wrapper() {
        let value = json!({"name": ["a", "b & <c>"]});
        assert_eq!(
            String::from_utf8(write("tenants", &value, false).unwrap()).unwrap(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
             <tenants><name>a</name><name>b &amp; &lt;c&gt;</name></tenants>"
        );
        let user: UserAccount = read(
            "<userAccount><username>1</username><roles><role>MONITOR</role></roles></userAccount>",
        );
        assert_eq!(
            Json::Object(user.to_map()),
            json!({"username": "1", "roles": {"role": ["MONITOR"]}})
        );
        let user: UserAccount = read("<userAccount><roles/><enabled>t</enabled></userAccount>");
        assert_eq!(
            Json::Object(user.to_map()),
            json!({"roles": {"role": []}, "enabled": true})
        );
    }

    #[test]
    fn a_document_that_does_not_know_the_list_names_what_it_sent() {
        let map = to_map(
            &parse("<t><tags><tag>a</tag><x>b</x></tags><y>1</y></t>").unwrap(),
            Tenant::PROPERTIES,
        );
        assert_eq!(
            Json::Object(map),
            json!({"tags": {"tag": ["a"], "x": "b"}, "y": "1"})
        );
    }

    #[test]
    fn documents_that_would_do_harm_or_make_no_sense_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for document in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>",
            "<a>&x;</a>",
            "<a>&#0;</a>",
            &deep,
        ] {
            assert!(parse(document).is_err(), "{document}");
        }
        let plain = "<?xml version='1.0'?><!-- x --><a b='c'>&amp;&#65;<![CDATA[<b>]]></a>";
        assert_eq!(parse(plain).unwrap().text, "&A<b>");
    }

    proptest! {
        #[test]
        fn text_survives(text in any::<String>()) {
            let value = json!({"description": text});
            let xml = String::from_utf8(write("tenant", &value, false).unwrap()).unwrap();
            let read = to_map(&parse(&xml).unwrap(), &[]);
            let holds = |c: char| c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}');
            if text.chars().all(holds) {
                prop_assert_eq!(Json::Object(read), value);
            }
        }

        #[test]
        fn no_document_makes_reading_fail_badly(document in "[<>/a-c&;#x0-9!\\[\\]\"' =?-]{0,60}") {
            if let Ok(element) = parse(&document) {
                to_map(&element, Tenant::PROPERTIES);
            }
        }
    }
}
