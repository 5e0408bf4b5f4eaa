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

/// What keys are called, by browsers and on the page.
const KEYS: [&str; 27] = [
    "1…9",
    "Alt",
    "AltGraph",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "Backspace",
    "ContextMenu",
    "Control",
    "Ctrl",
    "Delete",
    "End",
    "Enter",
    "Esc",
    "Escape",
    "F10",
    "F6",
    "Home",
    "Meta",
    "PageDown",
    "PageUp",
    "PgDn",
    "PgUp",
    "Shift",
    "Space",
    "Tab",
];

/// Strings that are no texts: where, how they begin, and what they are.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("admin/coding/new.rs", "alert alert-", "classes"),
    ("admin/replication/mod.rs", "alert alert-", "classes"),
    ("admin/replication/state.rs", "alert alert-", "classes"),
    (
        "admin/replication/act.rs",
        "broken link",
        "the store's message",
    ),
    (
        "admin/replication/act.rs",
        "completing recovery",
        "the store's message",
    ),
    (
        "admin/replication/act.rs",
        "failed over",
        "the store's message",
    ),
    (
        "admin/replication/act.rs",
        "not connected",
        "the store's message",
    ),
    (
        "admin/replication/act.rs",
        "recovering data",
        "the store's message",
    ),
    (
        "admin/replication/act.rs",
        "stalled link",
        "the store's message",
    ),
    ("admin/bucket/versioning.rs", "Enabled", "S3's word"),
    ("admin/bucket/versioning.rs", "Suspended", "S3's word"),
    ("admin/field.rs", "None", "HCP's word"),
    ("admin/fields.rs", "Balanced", "HCP's word"),
    ("admin/fields.rs", "Default", "HCP's word"),
    ("admin/fields.rs", "Unbalanced", "HCP's word"),
    (
        "admin/table.rs",
        "<button type=",
        "markup; its word is filled in",
    ),
    ("admin/tenants.rs", "None", "HCP's word"),
    ("layout/header.rs", "Hako", "the name"),
    ("layout/keys.rs", "main ", "a selector"),
    ("layout/mod.rs", "Hitachi Content Platform", "the name"),
    ("layout/mod.rs", "MinIO", "the name"),
    ("layout/title.rs", " · Hako", "the product's name"),
    (
        "pages/buckets/table.rs",
        "<button ",
        "an element without its words",
    ),
    ("pages/cors/doctor.rs", "ETag", "a header"),
    ("pages/cors/document.rs", " \\n", "no letter"),
    ("pages/files/acts/delete.rs", "Enabled", "S3's word"),
    ("pages/files/drop.rs", "Files", "the browser's word"),
    ("pages/files/filter.rs", "T00:00:00Z", "the form of a time"),
    (
        "pages/files/acts/share/mod.rs",
        "M h1v1h",
        "the outline of a drawing",
    ),
    (
        "pages/files/acts/share/upload.rs",
        "curl",
        "the program's name",
    ),
    (
        "pages/files/filter_bar.rs",
        "10 MB",
        "an example, the same in every language",
    ),
    (
        "pages/files/moving/works/mod.rs",
        "input:not(",
        "a selector",
    ),
    ("pages/home.rs", "Hako", "the product's name"),
    ("pages/not_found.rs", "Hako", "the product's name"),
    ("pages/search/builder/known.rs", "USER,,", "HCP's form"),
    (
        "pages/search/builder/mod.rs",
        "+size:[1073741824 TO *] +hold:false",
        "a query",
    ),
    (
        "pages/search/builder/mod.rs",
        "objectPath:/scans/* customMetadata:true",
        "a query",
    ),
    (
        "pages/search/builder/mod.rs",
        "+retention:-1 -(hold:true shred:true)",
        "a query",
    ),
    ("pages/search/columns.rs", "Deletion ", "HCP's words"),
    ("pages/versions/compare.rs", "\\\\r\\\\n", "no letter"),
    (
        "pages/search/columns.rs",
        "Initial Unspecified",
        "HCP's words",
    ),
    ("pages/search/results.rs", "not expired", "HCP's words"),
    ("pages/sign_in.rs", " · Hako", "the product's name"),
    ("pages/sign_in.rs", "HAKO_DEMO_PASSWORD", "a setting's name"),
    ("pages/versions/listing.rs", "Enabled", "S3's word"),
    ("pages/versions/listing.rs", "Suspended", "S3's word"),
    ("shared/mod.rs", " · Hako", "the product's name"),
    ("shared/mod.rs", "alert ", "classes"),
    ("shared/mod.rs", "sign-in shared", "classes"),
    ("text.rs", " UTC", "the name of a clock"),
    ("ui/button.rs", "button ", "classes"),
    ("unit.rs", " B", "a unit"),
    ("unit.rs", "0 s", "a unit"),
    ("unit.rs", "< 1 KB/s", "a unit"),
    ("upload/engine.rs", "Hako", "the product's name"),
    (
        "upload/environment.rs",
        "Notification",
        "the browser's name for it",
    ),
    (
        "upload/journal.rs",
        "no number",
        "for the browser's console",
    ),
    (
        "upload/journal.rs",
        "unknown error",
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

/// Whether it names elements of the page for a style or a search.
fn is_selector(text: &str) -> bool {
    let mut characters = text.chars();
    let begins = characters.next().is_some_and(|c| "#.[".contains(c))
        && characters.next().is_some_and(|c| c.is_ascii_lowercase());
    begins || text.contains("[data-") || text.contains("[open]")
}

/// Whether it names keys alone: together by a plus, one after the other by a blank.
fn is_keys(text: &str) -> bool {
    let mut names = text.split([' ', '+']).filter(|name| !name.is_empty());
    names.all(|name| KEYS.contains(&name) || name.chars().count() == 1)
}

fn look_into(folder: &Path, root: &Path, used: &mut [bool], out: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if path.is_dir() {
            look_into(&path, root, used, out);
        } else if !name.ends_with("tests.rs") && name != "words/outside.rs" {
            let source = fs::read_to_string(&path).unwrap();
            let mut found = Vec::new();
            strays(source.parse().unwrap(), false, &mut found);
            let kept = found.into_iter().filter(|(_, text)| {
                let excepted = EXCEPTIONS
                    .iter()
                    .position(|(file, begins, _)| name == *file && text.starts_with(begins));
                if let Some(at) = excepted {
                    used[at] = true;
                }
                excepted.is_none() && !is_selector(text) && !is_keys(text)
            });
            out.extend(kept.map(|(line, text)| format!("{name}:{line}: {text:?}")));
        }
    }
}

#[test]
fn no_text_is_outside_of_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut used = vec![false; EXCEPTIONS.len()];
    look_into(&root, &root, &mut used, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let idle: Vec<_> = EXCEPTIONS
        .iter()
        .zip(used)
        .filter_map(|(exception, used)| (!used).then_some(exception))
        .collect();
    assert!(idle.is_empty(), "nothing is excepted by {idle:#?}");
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
