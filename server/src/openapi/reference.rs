//! The document as a page to read: plain HTML, made once from the same document.

use std::{collections::BTreeMap, fmt::Write, sync::LazyLock};

use serde_json::Value;

use super::json;

/// The page.
pub(super) fn html() -> &'static str {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        serde_json::from_str(json())
            .map(|document| page(&document))
            .unwrap_or_default()
    });
    &PAGE
}

/// An operation and where it is.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

fn page(document: &Value) -> String {
    let operations = operations(document);
    let groups: Vec<Group<'_>> = items(&document["tags"])
        .map(|tag| Group::new(tag, &operations))
        .collect();
    let mut out = String::from(HEAD);
    out.push_str("<nav><a href=\"#top\">Hako API</a>");
    for group in &groups {
        group.contents(&mut out);
    }
    out.push_str("<h2><a href=\"#schemas\">Schemas</a></h2></nav><main id=\"top\">");
    introduction(&mut out, document);
    for group in &groups {
        group.describe(&mut out);
    }
    schemas(&mut out, document);
    out.push_str("</main></body></html>\n");
    out
}

const HEAD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>API reference · Hako</title>\
    <link rel=\"icon\" href=\"/favicon.ico\"><link rel=\"stylesheet\" href=\"/docs/reference.css\"></head><body>";

fn introduction(out: &mut String, document: &Value) {
    let info = &document["info"];
    let _ = write!(
        out,
        "<h1>{} <span class=\"soft\">{}</span></h1><p class=\"soft\"><a href=\"/docs\">Try it</a> · \
         <a href=\"/openapi.json\">openapi.json</a></p>",
        escaped(&info["title"]),
        escaped(&info["version"]),
    );
    prose(out, &info["description"]);
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    const METHODS: [&str; 5] = ["get", "head", "post", "put", "delete"];
    let mut all = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        for method in METHODS {
            if let Some(value) = item.get(method) {
                all.push(Operation {
                    method,
                    path,
                    value,
                });
            }
        }
    }
    all
}

/// The operations of one tag.
struct Group<'a> {
    tag: &'a Value,
    operations: Vec<&'a Operation<'a>>,
}

impl<'a> Group<'a> {
    fn new(tag: &'a Value, all: &'a [Operation<'a>]) -> Self {
        let operations = all
            .iter()
            .filter(|o| items(&o.value["tags"]).any(|name| name == &tag["name"]))
            .collect();
        Self { tag, operations }
    }

    fn contents(&self, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2><ul>", escaped(&self.tag["name"]));
        for operation in self.operations.iter().filter(|o| !o.is_twin()) {
            let _ = write!(
                out,
                "<li><a href=\"#{}\">{}</a></li>",
                escaped(&operation.value["operationId"]),
                escaped(&operation.value["summary"]),
            );
        }
        out.push_str("</ul>");
    }

    fn describe(&self, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2>", escaped(&self.tag["name"]));
        prose(out, &self.tag["description"]);
        for operation in &self.operations {
            operation.describe(out);
        }
    }
}

impl Operation<'_> {
    /// Whether it is the second form of another, which the contents leave out.
    fn is_twin(&self) -> bool {
        let id = self.value["operationId"].as_str().unwrap_or_default();
        id.ends_with(super::twins::MARK)
    }

    fn describe(&self, out: &mut String) {
        let (method, path) = (self.method, text(self.path));
        let _ = write!(
            out,
            "<article id=\"{}\"><h3>{}</h3><code class=\"route {method}\"><b>{}</b> {path}</code>",
            escaped(&self.value["operationId"]),
            escaped(&self.value["summary"]),
            method.to_uppercase(),
        );
        prose(out, &self.value["description"]);
        if items(&self.value["security"]).any(|one| one == &Value::Object(serde_json::Map::new())) {
            out.push_str("<p class=\"soft\">Public.</p>");
        }
        self.parameters(out);
        self.body(out);
        self.answers(out);
        out.push_str("</article>");
    }

    fn parameters(&self, out: &mut String) {
        if items(&self.value["parameters"]).next().is_none() {
            return;
        }
        out.push_str("<h4>Parameters</h4><table>");
        for parameter in items(&self.value["parameters"]) {
            let required = parameter["required"] == true;
            row(
                out,
                &named(&parameter["name"], required),
                &format!(
                    "{} <span class=\"soft\">in {}</span>",
                    kind(&parameter["schema"]),
                    escaped(&parameter["in"])
                ),
                &inline(&parameter["description"]),
            );
        }
        out.push_str("</table>");
    }

    fn body(&self, out: &mut String) {
        let content = &self.value["requestBody"]["content"];
        if content.is_null() {
            return;
        }
        out.push_str("<h4>Body</h4><table>");
        for (media_type, body) in entries(content) {
            let name = format!("<code>{}</code>", text(media_type));
            row(out, &name, &kind(&body["schema"]), "");
        }
        out.push_str("</table>");
    }

    fn answers(&self, out: &mut String) {
        out.push_str("<h4>Answers</h4><table>");
        for (status, answer) in entries(&self.value["responses"]) {
            let kinds: Vec<String> = entries(&answer["content"])
                .map(|(_, body)| kind(&body["schema"]))
                .collect();
            let status = format!("<code>{}</code>", text(status));
            row(
                out,
                &status,
                &kinds.join(", "),
                &inline(&answer["description"]),
            );
        }
        out.push_str("</table>");
    }
}

fn schemas(out: &mut String, document: &Value) {
    out.push_str("<h2 id=\"schemas\">Schemas</h2>");
    let sorted: BTreeMap<_, _> = entries(&document["components"]["schemas"]).collect();
    for (name, schema) in sorted {
        let _ = write!(out, "<section id=\"schema-{0}\"><h3>{0}</h3>", text(name));
        prose(out, &schema["description"]);
        if entries(&schema["properties"]).next().is_none() {
            let _ = write!(out, "<p>{}</p>", kind(schema));
        } else {
            fields(out, schema);
        }
        out.push_str("</section>");
    }
}

fn fields(out: &mut String, schema: &Value) {
    out.push_str("<table>");
    for (name, field) in entries(&schema["properties"]) {
        let required = items(&schema["required"]).any(|r| r == name);
        let name = Value::from(name);
        row(
            out,
            &named(&name, required),
            &kind(field),
            &inline(&field["description"]),
        );
    }
    out.push_str("</table>");
}

/// A type in words: links to schemas, bounds, the words of an enumeration.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = text(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for choice in ["oneOf", "anyOf"] {
        if schema[choice].is_array() {
            let kinds: Vec<String> = items(&schema[choice]).map(kind).collect();
            return kinds.join(" or ");
        }
    }
    if schema["enum"].is_array() {
        let words: Vec<String> = items(&schema["enum"])
            .map(|word| format!("<code>{}</code>", escaped(word)))
            .collect();
        return words.join(" ");
    }
    let mut out = match &schema["type"] {
        Value::Array(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(escaped).collect();
            kinds.join(" or ")
        }
        one => escaped(one),
    };
    if !schema["items"].is_null() {
        let _ = write!(out, " of {}", kind(&schema["items"]));
    }
    for (name, word) in [
        ("format", ""),
        ("minimum", "from "),
        ("exclusiveMinimum", "above "),
        ("maximum", "to "),
        ("minLength", "length from "),
        ("maxLength", "to "),
        ("minItems", "entries from "),
        ("maxItems", "to "),
    ] {
        if !schema[name].is_null() {
            let _ = write!(
                out,
                " <span class=\"soft\">{word}{}</span>",
                escaped(&schema[name])
            );
        }
    }
    out
}

fn named(name: &Value, required: bool) -> String {
    let mark = if required {
        " <span class=\"soft\">required</span>"
    } else {
        ""
    };
    format!("<code>{}</code>{mark}", escaped(name))
}

fn row(out: &mut String, first: &str, second: &str, third: &str) {
    let _ = write!(
        out,
        "<tr><td>{first}</td><td>{second}</td><td>{third}</td></tr>"
    );
}

fn prose(out: &mut String, value: &Value) {
    for paragraph in value.as_str().unwrap_or_default().split("\n\n") {
        if !paragraph.is_empty() {
            let _ = write!(out, "<p>{}</p>", marked(paragraph));
        }
    }
}

fn inline(value: &Value) -> String {
    marked(value.as_str().unwrap_or_default())
}

/// The two marks that our sentences use: code and bold.
fn marked(sentence: &str) -> String {
    let mut out = String::new();
    for (number, part) in sentence.split('`').enumerate() {
        if number % 2 == 1 {
            let _ = write!(out, "<code>{}</code>", text(part));
            continue;
        }
        for (number, part) in part.split("**").enumerate() {
            let (open, close) = if number % 2 == 1 {
                ("<b>", "</b>")
            } else {
                ("", "")
            };
            let _ = write!(out, "{open}{}{close}", text(part));
        }
    }
    out
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// A string without its quotes, anything else as JSON; safe within HTML.
fn escaped(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(word) => text(word),
        other => text(&other.to_string()),
    }
}

fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_marked() {
        assert_eq!(
            marked("a `<b>` & **\"c\"**"),
            "a <code>&lt;b&gt;</code> &amp; <b>&quot;c&quot;</b>"
        );
    }

    #[test]
    fn every_operation_and_every_schema_stands_in_the_page() {
        let document: Value = serde_json::from_str(json()).unwrap();
        let page = html();
        for operation in operations(&document) {
            let id = operation.value["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("<article id=\"{id}\">")), "{id}");
        }
        for (name, _) in entries(&document["components"]["schemas"]) {
            assert!(
                page.contains(&format!("<section id=\"schema-{name}\">")),
                "{name}"
            );
        }
    }
}
