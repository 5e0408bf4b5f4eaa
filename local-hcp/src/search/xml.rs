//! An answer in XML: records and the status are attributes, the rest elements.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::{Map, Value as Json};

/// Writes `queryResult`.
pub(super) fn write(answer: &Map<String, Json>) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("queryResult")))?;
    for (name, value) in answer {
        match (name.as_str(), value) {
            ("resultSet", Json::Array(records)) => {
                writer.write_event(Event::Start(BytesStart::new("resultSet")))?;
                for record in records {
                    attributes(&mut writer, "object", record)?;
                }
                writer.write_event(Event::End(BytesEnd::new("resultSet")))?;
            }
            ("status", status) => attributes(&mut writer, "status", status)?,
            (name, value) => element(&mut writer, name, value)?,
        }
    }
    writer.write_event(Event::End(BytesEnd::new("queryResult")))?;
    Ok(writer.into_inner())
}

fn attributes(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    value: &Json,
) -> Result<(), std::io::Error> {
    let mut start = BytesStart::new(name);
    for (name, value) in value.as_object().into_iter().flatten() {
        start.push_attribute((name.as_str(), text(value).as_str()));
    }
    writer.write_event(Event::Empty(start))
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, value: &Json) -> Result<(), std::io::Error> {
    if let Json::Array(items) = value {
        for item in items {
            element(writer, name, item)?;
        }
        return Ok(());
    }
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                element(writer, name, value)?;
            }
        }
        other => writer.write_event(Event::Text(BytesText::new(&text(other))))?,
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
