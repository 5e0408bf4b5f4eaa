//! From Fluent files to Rust.
//!
//! What of Fluent is understood: messages with text, values (`{ $name }`), literals (`{ "…" }`), choices by a
//! value (`{ $count -> [one] … *[other] … }`, also by texts), comments. A value that plurals go by is a count
//! (`u64`), any other a text (`&str`). Everything else (terms, references, attributes, functions) is refused.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{
        CallArguments, Entry, Expression, InlineExpression, Message, Pattern, PatternElement,
        VariantKey,
    },
    parser,
};

use crate::{
    Language,
    pattern::{CHOICE, CHOICE_END, KEY_END, PLACE, VARIANT_END},
};

/// A message in one language.
#[derive(Debug, Default)]
struct Text {
    pattern: String,
    /// The values in the order in which they first stand, and whether they are counts.
    values: Vec<(String, bool)>,
}

/// The messages of a file, by their ids.
type Area = BTreeMap<String, Text>;

/// The Rust source of one module per file of `folder/en`, with one function per message, and the folders and
/// files that it was made from.
///
/// # Errors
///
/// What is wrong with the catalogue, with file and message: a file or message that one language lacks, values
/// that differ between languages, plurals without the categories of the language, what is not understood.
pub fn rust(folder: &Path) -> Result<(String, Vec<PathBuf>), String> {
    let mut read_from = Vec::new();
    let mut languages = Vec::new();
    for language in Language::ALL {
        languages.push(areas(
            language,
            &folder.join(language.tag()),
            &mut read_from,
        )?);
    }
    let [first, others @ ..] = languages.as_slice() else {
        return Err("there is no language".to_owned());
    };
    for (other, language) in others.iter().zip(&Language::ALL[1..]) {
        compare(first, other, language.tag())?;
    }
    let mut out = String::new();
    for (area, messages) in first {
        let _ = writeln!(
            out,
            "/// Texts of `{area}`.\npub mod {} {{",
            identifier(area)
        );
        for (id, text) in messages {
            let texts: Vec<&Text> = languages
                .iter()
                .filter_map(|areas| areas.get(area)?.get(id))
                .collect();
            function(&mut out, id, text, &texts);
        }
        out.push_str("}\n");
    }
    Ok((out, read_from))
}

/// For build scripts: writes the Rust of a catalogue to `target`, and tells cargo what it depends on.
///
/// # Errors
///
/// Those of [`rust`], and those of writing.
pub fn write(folder: &Path, target: &Path) -> Result<(), String> {
    let (source, read_from) = rust(folder)?;
    for path in read_from {
        #[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
        {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    fs::write(target, source).map_err(|error| format!("{}: {error}", target.display()))
}

fn areas(
    language: Language,
    folder: &Path,
    read_from: &mut Vec<PathBuf>,
) -> Result<BTreeMap<String, Area>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    read_from.push(folder.to_owned());
    let mut areas = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_none_or(|extension| extension != "ftl") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let source = fs::read_to_string(&path).map_err(failed)?;
        let area =
            messages(language, &source).map_err(|error| format!("{}: {error}", path.display()))?;
        areas.insert(name.into_owned(), area);
        read_from.push(path);
    }
    Ok(areas)
}

fn messages(language: Language, source: &str) -> Result<Area, String> {
    let resource = parser::parse(source).map_err(|(_, errors)| {
        let errors: Vec<String> = errors
            .iter()
            .map(|error| {
                let line = source[..error.pos.start.min(source.len())].lines().count();
                format!("line {line}: {error}")
            })
            .collect();
        errors.join("; ")
    })?;
    let mut area = Area::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            Entry::Term(term) => {
                return Err(format!("-{}: terms are not understood", term.id.name));
            }
            Entry::Junk { content } => return Err(format!("not understood: {content}")),
        };
        let id = message.id.name.to_owned();
        let text = text(language, &message).map_err(|error| format!("{id}: {error}"))?;
        if area.insert(id.clone(), text).is_some() {
            return Err(format!("{id}: stands twice"));
        }
    }
    Ok(area)
}

fn text(language: Language, message: &Message<&str>) -> Result<Text, String> {
    if !message.attributes.is_empty() {
        return Err("attributes are not understood".to_owned());
    }
    let pattern = message.value.as_ref().ok_or("has no text")?;
    let mut text = Text::default();
    elements(language, pattern, &mut text)?;
    Ok(text)
}

fn elements(language: Language, pattern: &Pattern<&str>, text: &mut Text) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => literal(value, text)?,
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => place(inline, text)?,
                Expression::Select { selector, variants } => {
                    let InlineExpression::VariableReference { id } = selector else {
                        return Err("a choice goes by a value".to_owned());
                    };
                    let keys: Vec<&str> = variants.iter().map(|v| key(&v.key)).collect();
                    let by_count = keys
                        .iter()
                        .any(|key| language.categories().contains(key) && *key != "other")
                        || variants
                            .iter()
                            .any(|v| matches!(v.key, VariantKey::NumberLiteral { .. }));
                    if by_count
                        && let Some(missing) =
                            language.categories().iter().find(|c| !keys.contains(c))
                    {
                        return Err(format!("${}: there is no [{missing}]", id.name));
                    }
                    if variants.last().is_none_or(|last| !last.default) {
                        return Err(format!("${}: the last variant is not the default", id.name));
                    }
                    let number = number(id.name, by_count, text)?;
                    text.pattern.push(CHOICE);
                    text.pattern.push(number);
                    for variant in variants {
                        text.pattern.push_str(key(&variant.key));
                        text.pattern.push(KEY_END);
                        elements(language, &variant.value, text)?;
                        text.pattern.push(VARIANT_END);
                    }
                    text.pattern.push(CHOICE_END);
                }
            },
        }
    }
    Ok(())
}

const fn key<'a>(key: &VariantKey<&'a str>) -> &'a str {
    match key {
        VariantKey::Identifier { name } => name,
        VariantKey::NumberLiteral { value } => value,
    }
}

fn literal(value: &str, text: &mut Text) -> Result<(), String> {
    if value.chars().any(|c| c.is_control() && c != '\n') {
        return Err("a control character".to_owned());
    }
    // Long texts stand on several lines.
    text.pattern.push_str(&value.replace('\n', " "));
    Ok(())
}

fn place(inline: &InlineExpression<&str>, text: &mut Text) -> Result<(), String> {
    match inline {
        InlineExpression::VariableReference { id } => {
            let number = number(id.name, false, text)?;
            text.pattern.push(PLACE);
            text.pattern.push(number);
            Ok(())
        }
        InlineExpression::StringLiteral { value } => {
            let value = fluent_syntax::unicode::unescape_unicode_to_string(value);
            literal(&value, text)
        }
        InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => {
            let CallArguments { positional, named } = arguments;
            let ([InlineExpression::VariableReference { id }], []) =
                (positional.as_slice(), named.as_slice())
            else {
                return Err("NUMBER takes a value and nothing else".to_owned());
            };
            let number = number(id.name, true, text)?;
            text.pattern.push(PLACE);
            text.pattern.push(number);
            Ok(())
        }
        InlineExpression::Placeable { expression } => match expression.as_ref() {
            Expression::Inline(inline) => place(inline, text),
            Expression::Select { .. } => Err("a choice within braces of its own".to_owned()),
        },
        _ => Err("references, numbers and functions are not understood".to_owned()),
    }
}

/// The number of a value, as the character that stands for it in patterns.
fn number(name: &str, is_count: bool, text: &mut Text) -> Result<char, String> {
    let at = text.values.iter().position(|(known, _)| known == name);
    let at = at.unwrap_or_else(|| {
        text.values.push((name.to_owned(), false));
        text.values.len() - 1
    });
    text.values[at].1 |= is_count;
    u32::try_from(at)
        .ok()
        .filter(|at| *at < 10)
        .and_then(|at| char::from_digit(at, 10))
        .ok_or_else(|| "more than ten values".to_owned())
}

/// Whether a language has what English has.
fn compare(
    first: &BTreeMap<String, Area>,
    other: &BTreeMap<String, Area>,
    tag: &str,
) -> Result<(), String> {
    same_keys(first, other)
        .map_err(|area| format!("{tag}: {area}.ftl stands in one language only"))?;
    for (area, messages) in first {
        let others = &other[area];
        same_keys(messages, others)
            .map_err(|id| format!("{tag}/{area}.ftl: {id} stands in one language only"))?;
        for (id, text) in messages {
            let names = |text: &Text| {
                let mut names: Vec<String> = text.values.iter().map(|v| v.0.clone()).collect();
                names.sort();
                names
            };
            if names(text) != names(&others[id]) {
                return Err(format!("{tag}/{area}.ftl: {id} has other values"));
            }
        }
    }
    Ok(())
}

/// The first key that only one of the two has.
fn same_keys<'a, T>(
    one: &'a BTreeMap<String, T>,
    two: &'a BTreeMap<String, T>,
) -> Result<(), &'a str> {
    let lonely = one.keys().find(|key| !two.contains_key(*key));
    let lonely = lonely.or_else(|| two.keys().find(|key| !one.contains_key(*key)));
    lonely.map_or(Ok(()), |key| Err(key))
}

fn function(out: &mut String, id: &str, first: &Text, texts: &[&Text]) {
    let patterns: Vec<String> = texts
        .iter()
        .map(|text| format!("{:?}", renumbered(text, first)))
        .collect();
    let patterns = patterns.join(", ");
    let name = identifier(id);
    let _ = writeln!(out, "    /// `{id}`");
    if first.values.is_empty() {
        let _ = writeln!(
            out,
            "    pub fn {name}() -> &'static str {{ [{patterns}][::catalogue::language() as usize] }}"
        );
        return;
    }
    let is_count = |name: &str| {
        let mut all = texts.iter().flat_map(|text| &text.values);
        all.any(|(known, is_count)| known == name && *is_count)
    };
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for (value, _) in &first.values {
        let variable = identifier(value);
        let (of_type, variant) = if is_count(value) {
            ("u64", "Count")
        } else {
            ("&str", "Text")
        };
        parameters.push(format!("{variable}: {of_type}"));
        values.push(format!("::catalogue::Value::{variant}({variable})"));
    }
    let _ = writeln!(
        out,
        "    pub fn {name}({}) -> ::std::string::String {{ ::catalogue::filled(&[{patterns}], &[{}]) }}",
        parameters.join(", "),
        values.join(", ")
    );
}

/// The pattern of `text` with the numbers that the values have in `first`.
fn renumbered(text: &Text, first: &Text) -> String {
    let mut out = String::with_capacity(text.pattern.len());
    let mut characters = text.pattern.chars();
    while let Some(c) = characters.next() {
        out.push(c);
        if c != PLACE && c != CHOICE {
            continue;
        }
        let number = characters
            .next()
            .and_then(|digit| digit.to_digit(10))
            .and_then(|at| text.values.get(usize::try_from(at).ok()?))
            .and_then(|(name, _)| first.values.iter().position(|(known, _)| known == name))
            .and_then(|at| char::from_digit(u32::try_from(at).ok()?, 10));
        out.extend(number);
    }
    out
}

/// A name of Rust for a name of Fluent.
fn identifier(name: &str) -> String {
    const KEYWORDS: [&str; 18] = [
        "as", "break", "const", "continue", "else", "enum", "for", "if", "in", "loop", "match",
        "mod", "move", "ref", "return", "type", "use", "where",
    ];
    let name = name.replace('-', "_").to_lowercase();
    if KEYWORDS.contains(&name.as_str()) {
        return format!("r#{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Value, pattern::fill};

    fn pattern(language: Language, source: &str) -> String {
        let area = messages(language, source).unwrap();
        area.values().next().unwrap().pattern.clone()
    }

    fn refused(english: &str, swedish: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (tag, source) in [("en", english), ("sv", swedish)] {
            fs::create_dir(folder.path().join(tag)).unwrap();
            fs::write(folder.path().join(tag).join("files.ftl"), source).unwrap();
        }
        rust(folder.path()).unwrap_err()
    }

    #[test]
    fn plurals_follow_the_count() {
        let source = "found = Found { $count ->\n [0] nothing\n [one] one file in { $where }\n *[other] { $count } files in { $where }\n }.";
        let pattern = pattern(Language::English, source);
        let found = |count| {
            let values = [Value::Count(count), Value::Text("a/b")];
            fill(Language::English, &pattern, &values)
        };
        assert_eq!(found(0), "Found nothing.");
        assert_eq!(found(1), "Found one file in a/b.");
        assert_eq!(found(12_000), "Found 12,000 files in a/b.");
    }

    #[test]
    fn choices_stand_within_choices() {
        let counted =
            |noun| format!("{{ $count ->\n [one] a {noun}\n *[other] {{ $count }} {noun}s\n }}");
        let (folder, file) = (counted("folder"), counted("file"));
        let source = format!("what = {{ $kind ->\n [folder] {folder}\n *[file] {file}\n }} there");
        let pattern = pattern(Language::English, &source);
        let what = |kind, count| {
            fill(
                Language::English,
                &pattern,
                &[Value::Text(kind), Value::Count(count)],
            )
        };
        assert_eq!(what("folder", 1), "a folder there");
        assert_eq!(what("folder", 2), "2 folders there");
        assert_eq!(what("other", 1), "a file there");
        assert_eq!(what("file", 3), "3 files there");
    }

    #[test]
    fn values_keep_their_names_in_another_order() {
        let folder = tempfile::tempdir().unwrap();
        for (tag, source) in [
            (
                "en",
                "moved = { $name } went to { $place }\nplain =\n    Two\n    lines\n",
            ),
            (
                "sv",
                "moved = Till { $place } kom { $name }\nplain = Två rader\n",
            ),
        ] {
            fs::create_dir(folder.path().join(tag)).unwrap();
            fs::write(folder.path().join(tag).join("files.ftl"), source).unwrap();
        }
        let (source, read_from) = rust(folder.path()).unwrap();
        assert_eq!(read_from.len(), 4);
        assert!(
            source.contains("pub fn moved(name: &str, place: &str)"),
            "{source}"
        );
        assert!(source.contains(r#""Till \u{1}1 kom \u{1}0""#), "{source}");
        assert!(source.contains(r#"["Two lines", "Två rader"]"#), "{source}");
    }

    #[test]
    fn a_catalogue_with_gaps_is_refused() {
        for (english, swedish, because) in [
            ("a = A\nb = B", "a = A", "b stands in one language only"),
            ("a = A", "a = A\nb = B", "b stands in one language only"),
            ("a = A { $x }", "a = A", "a has other values"),
            (
                "a = A",
                "a = { $n ->\n [one] x\n *[many] y\n }",
                "there is no [other]",
            ),
            ("a = A\na = B", "a = A", "a: stands twice"),
            ("a = { b }\nb = B", "a = A\nb = B", "not understood"),
            ("-a = A", "a = A", "terms are not understood"),
            (
                "a = A\n    .b = C",
                "a = A",
                "attributes are not understood",
            ),
            ("a = { $x", "a = A", "line "),
            (
                "a = { $x ->\n *[one] 1\n [other] 2\n }",
                "a = A",
                "the last variant",
            ),
        ] {
            let error = refused(english, swedish);
            assert!(error.contains(because), "{english:?}: {error}");
        }
    }
}
