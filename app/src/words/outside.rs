//! No text for people is outside of the catalogue.
//!
//! The sources are read token by token, which sees into the macros too. A string is taken for a text where it
//! stands as text or in an attribute that is read out, and elsewhere when it has a blank beside letters or begins
//! with a capital.

use std::{fmt::Write as _, fs, path::Path};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What people read of an element, beside its content.
const READ_OUT: [&str; 13] = [
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "empty",
    "heading",
    "help",
    "label",
    "legend",
    "missing",
    "placeholder",
    "title",
    "word",
];

/// Attributes whose words are the browser's.
const OF_THE_BROWSER: [&str; 8] = [
    "aria-controls",
    "aria-describedby",
    "autocomplete",
    "class",
    "content",
    "d",
    "rel",
    "style",
];

/// Calls whose strings nobody reads on a page.
const FOR_DEVELOPERS: [&str; 14] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "concat",
    "debug_assert",
    "debug_log",
    "debug_warn",
    "env",
    "error",
    "expect",
    "log",
    "panic",
    "unreachable",
    "warn",
];

/// What browsers call keys.
const KEYS: [&str; 16] = [
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "Backspace",
    "ContextMenu",
    "Delete",
    "End",
    "Enter",
    "Escape",
    "F10",
    "Home",
    "PageDown",
    "PageUp",
    "Shift U",
    "Tab",
];

/// Strings that are no texts: where, how they begin, and what they are.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "pages/files/moving/works/drag.rs",
        "[data-testid",
        "a selector",
    ),
    (
        "pages/files/moving/works/mod.rs",
        "input:not(",
        "a selector",
    ),
    (
        "pages/files/moving/works/mod.rs",
        "dialog[open]",
        "a selector",
    ),
    ("ui/messages.rs", ".toasts:hover", "a selector"),
    ("layout/extras.rs", ".palette[open]", "a selector"),
    ("layout/header.rs", "Hako", "the name"),
    (
        "layout/header.rs",
        "Control+K",
        "keys, for assistive software",
    ),
    ("layout/header.rs", "Ctrl K", "keys"),
    ("layout/keys.rs", "Ctrl ", "keys"),
    ("layout/keys.rs", "G ", "keys"),
    ("layout/keys.rs", "Shift", "keys"),
    ("layout/keys.rs", "Control", "a key"),
    ("layout/keys.rs", "Meta", "a key"),
    ("layout/keys.rs", "Alt", "a key"),
    ("layout/keys.rs", "#main-nav ", "a selector"),
    ("layout/keys.rs", "[data-testid", "a selector"),
    ("layout/keys.rs", "dialog[open]", "a selector"),
    ("layout/keys.rs", "main ", "a selector"),
    ("layout/mod.rs", "Hitachi Content Platform", "the name"),
    ("layout/mod.rs", "MinIO", "the name"),
    ("layout/navigation.rs", ".skip-link", "a selector"),
    ("layout/navigation.rs", "#main-nav ", "a selector"),
    ("layout/palette/known.rs", "[data-testid", "a selector"),
    ("layout/shortcuts.rs", "↑ ↓ PgUp", "keys"),
    ("layout/shortcuts.rs", "Shift ", "keys"),
    ("layout/shortcuts.rs", "Ctrl A", "keys"),
    ("layout/shortcuts.rs", "Alt ↑", "keys"),
    ("layout/shortcuts.rs", "Esc", "a key"),
    ("layout/shortcuts.rs", "#main-nav ", "a selector"),
    ("pages/buckets/delete.rs", "[data-testid", "a selector"),
    (
        "pages/buckets/table.rs",
        "<button ",
        "an element without its words",
    ),
    ("pages/files/action.rs", "Shift C", "keys"),
    ("pages/files/acts/delete.rs", "Enabled", "S3's word"),
    ("pages/files/drop.rs", "Files", "the browser's word"),
    (
        "pages/files/moving/works/clipboard.rs",
        ".files-body",
        "a selector",
    ),
    (
        "pages/files/moving/works/drag.rs",
        ".files-body",
        "a selector",
    ),
    ("admin/fields.rs", "Balanced", "HCP's word"),
    ("admin/fields.rs", "Unbalanced", "HCP's word"),
    ("admin/fields.rs", "Default", "HCP's word"),
    ("admin/field.rs", "None", "HCP's word"),
    ("admin/tenants.rs", "None", "HCP's word"),
    ("admin/table.rs", "\\r\\n", "ends a line of CSV"),
    (
        "admin/table.rs",
        "<button type=",
        "markup; its word is filled in",
    ),
    ("layout/title.rs", " · Hako", "the product's name"),
    ("pages/cors/doctor.rs", "ETag", "a header"),
    ("pages/cors/document.rs", " \\n", "no letter"),
    ("pages/cors/state.rs", "\\r\\n", "ends a line"),
    ("pages/files/bar.rs", ".files-body ", "a selector"),
    (
        "pages/files/filter_bar.rs",
        "10 MB",
        "an example, the same in every language",
    ),
    ("pages/files/filter.rs", "T00:00:00Z", "the form of a time"),
    ("pages/files/filter_bar.rs", ".files-body ", "a selector"),
    ("pages/files/hand.rs", ".files-body ", "a selector"),
    ("pages/files/hand.rs", "dialog[open], ", "a selector"),
    ("pages/files/pending.rs", ".files-body ", "a selector"),
    ("pages/files/window.rs", ".files-body ", "a selector"),
    ("pages/home.rs", "Hako", "the product's name"),
    ("pages/not_found.rs", "Hako", "the product's name"),
    ("pages/sign_in.rs", " · Hako", "the product's name"),
    ("pages/sign_in.rs", "HAKO_DEMO_PASSWORD", "a setting's name"),
    ("pages/versions/listing.rs", "Enabled", "S3's word"),
    ("pages/versions/listing.rs", "Suspended", "S3's word"),
    ("pages/versions/state.rs", "[data-key=", "a selector"),
    ("text.rs", " UTC", "the name of a clock"),
    ("ui/button.rs", "button ", "classes"),
    ("unit.rs", " B", "a unit"),
    ("unit.rs", "< 1 KB/s", "a unit"),
    ("unit.rs", "0 s", "a unit"),
    ("upload/engine.rs", "Hako", "the product's name"),
    (
        "upload/environment.rs",
        "Notification",
        "the browser's name for it",
    ),
    (
        "upload/journal.rs",
        "unknown error",
        "for the browser's console",
    ),
    (
        "upload/journal.rs",
        "no number",
        "for the browser's console",
    ),
    (
        "upload/list/view_port.rs",
        "button, summary, ",
        "a selector",
    ),
    (
        "upload/locks.rs",
        "BroadcastChannel",
        "the browser's name for it",
    ),
    ("upload/mark.rs", "data:image/svg+xml,", "a picture"),
    (
        "upload/perform.rs",
        "no worker for checksums",
        "a code for the details",
    ),
    (
        "upload/receipts.rs",
        "bucket,key,",
        "the head of a file, the same in every language",
    ),
    ("upload/receipts.rs", "\\r\\n", "ends a line of CSV"),
    ("upload/row.rs", "shrink-0 ", "classes"),
    ("upload/send.rs", "Content-Type", "a header"),
];

/// A string that should be in the catalogue.
type Stray = (usize, String);

/// What stands before a token.
#[derive(Clone, Default)]
struct Before {
    /// The names, hyphens and colons that stand together.
    name: String,
    /// Whether an equals sign came after them.
    assigned: bool,
    /// Whether an exclamation mark came after them.
    called: bool,
}

fn strays(tokens: TokenStream, in_view: bool, found: &mut Vec<Stray>) {
    let mut before = Before::default();
    let mut tokens = tokens.into_iter().peekable();
    let mut skips_item = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                if let Some(TokenTree::Punct(_)) = tokens.peek() {
                    tokens.next();
                }
                if let Some(TokenTree::Group(attribute)) = tokens.peek()
                    && attribute.delimiter() == Delimiter::Bracket
                {
                    skips_item |= is_of_tests(&attribute.stream().to_string());
                    tokens.next();
                }
                before = Before::default();
            }
            TokenTree::Punct(mark) => match mark.as_char() {
                '-' | ':' if !before.name.is_empty() && !before.assigned => {
                    before.name.push(mark.as_char());
                }
                '=' => before.assigned = !before.name.is_empty(),
                '!' => before.called = true,
                ';' => {
                    skips_item = false;
                    before = Before::default();
                }
                _ => before = Before::default(),
            },
            TokenTree::Ident(ident) => {
                let goes_on = before.name.ends_with(['-', ':']) && !before.assigned;
                if !goes_on {
                    before = Before::default();
                }
                let _ = write!(before.name, "{ident}");
            }
            TokenTree::Group(group) => {
                let call = before.name.rsplit(':').next().unwrap_or_default();
                let is_code = group.delimiter() == Delimiter::Brace;
                if skips_item {
                    skips_item = !is_code;
                } else if !FOR_DEVELOPERS.contains(&call) || is_code {
                    // What is nested in a view is code.
                    let draws = before.called && call == "view";
                    strays(group.stream(), draws, found);
                }
                before = Before::default();
            }
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                if let Some(text) = text_of(&literal.to_string())
                    && !skips_item
                    && is_for_people(&text, in_view, &before)
                {
                    found.push((line, text));
                }
                before = Before::default();
            }
        }
    }
}

/// Whether what has this attribute is compiled for tests alone.
fn is_of_tests(attribute: &str) -> bool {
    let attribute: String = attribute.split_whitespace().collect();
    attribute == "cfg(test)"
        || attribute == "test"
        || attribute.starts_with("cfg(all(test,")
        || attribute == "wasm_bindgen_test"
}

/// The text of a string literal, without what is filled in.
fn text_of(literal: &str) -> Option<String> {
    let literal = literal.trim_start_matches('r').trim_matches('#');
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::new();
    let mut depth = 0_usize;
    for (at, line) in text.split("\\\n").enumerate() {
        let line = if at == 0 { line } else { line.trim_start() };
        for character in line.chars() {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                character if depth == 0 => out.push(character),
                _ => {}
            }
        }
    }
    Some(out)
}

fn is_for_people(text: &str, in_view: bool, before: &Before) -> bool {
    if !text.contains(char::is_alphabetic) {
        return false;
    }
    if in_view && before.assigned {
        let name = before.name.trim_start_matches("attr:");
        let is_of_browser = OF_THE_BROWSER.contains(&name) || name.starts_with("data-");
        return READ_OUT.contains(&name) || (!is_of_browser && looks_like_a_text(text));
    }
    // Text between tags.
    (in_view && before.name.is_empty()) || looks_like_a_text(text)
}

/// A blank beside letters, or a capital at the start. What is all capitals is a code of a store or a protocol.
fn looks_like_a_text(text: &str) -> bool {
    let is_code = text
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-\\".contains(c) || c == 'n')
        && !text.contains(char::is_whitespace);
    let begins = text.starts_with(char::is_uppercase);
    (begins && !is_code) || text.contains(char::is_whitespace)
}

fn look_into(folder: &Path, root: &Path, out: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if path.is_dir() {
            look_into(&path, root, out);
        } else if !name.ends_with("tests.rs") && name != "words/outside.rs" {
            let source = fs::read_to_string(&path).unwrap();
            let mut found = Vec::new();
            strays(source.parse().unwrap(), false, &mut found);
            let kept = found.into_iter().filter(|(_, text)| {
                let is_excepted = |(file, begins, _): &(&str, &str, &str)| {
                    name == *file && text.starts_with(begins)
                };
                !KEYS.contains(&text.as_str()) && !EXCEPTIONS.iter().any(is_excepted)
            });
            out.extend(kept.map(|(line, text)| format!("{name}:{line}: {text:?}")));
        }
    }
}

#[test]
fn no_text_is_outside_of_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    look_into(&root, &root, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_text_is_found_wherever_it_stands() {
    let found = |source: &str| {
        let mut found = Vec::new();
        strays(source.parse().unwrap(), false, &mut found);
        found.len()
    };
    for source in [
        r#"fn a() { say("Save changes"); }"#,
        r#"const A: &str = "Save changes";"#,
        r#"fn a() { view! { <p>"Save changes"</p> } }"#,
        r#"fn a() { view! { <p>"saved"</p> } }"#,
        r#"fn a() { view! { <p title="saved">{x}</p> } }"#,
        r#"fn a() { view! { <p aria-label="saved">{x}</p> } }"#,
        r#"fn a() { view! { <Field label="saved" /> } }"#,
        r#"fn a() { view! { <p>{move || if x { "Save changes" } else { y }}</p> } }"#,
        r#"fn a() { view! { <Thing words="Save changes" /> } }"#,
        r#"fn a() { format!("{name} was saved") }"#,
        r#"fn a() { match x { A => "Saved", } }"#,
        r#"#[cfg(test)] mod tests { } fn a() { say("Saved") }"#,
    ] {
        assert_eq!(found(source), 1, "{source}");
    }
    for source in [
        r#"fn a() { view! { <p class="a b" data-testid="x">{words::x()}</p> } }"#,
        r#"fn a() { view! { <p>" · " {x} "%"</p> } }"#,
        r#"#[expect(dead_code, reason = "Only here")] fn a() {}"#,
        "/// Says what is so.\nfn a() {}",
        r#"#[cfg(test)] mod tests { fn a() { say("Save changes"); } }"#,
        r#"fn a() { x.expect("Not so"); leptos::logging::warn!("This went {wrong}"); }"#,
        r#"fn a() { one_of("READ_ACL", "name"); format!("{a} {b}"); }"#,
    ] {
        assert_eq!(found(source), 0, "{source}");
    }
}

/// Where a page says the name of a function in place of its words: a call without braces at the beginning of a view.
#[test]
fn no_view_begins_with_a_call_that_would_be_read_as_text() {
    let mut found = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    bare_calls(&source, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn bare_calls(folder: &Path, out: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bare_calls(&path, out);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for view in source.split("view! {").skip(1) {
            let first = view.split_whitespace().next().unwrap_or_default();
            if first.starts_with(|first: char| first.is_ascii_lowercase()) && first.contains("::") {
                out.push(format!("{}: {first}", path.display()));
            }
        }
    }
}
