//! The texts of the console, one function per message of the catalogue (`i18n/`), in the language in force.

use catalogue::Language;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// Makes the language of the page the one in force. Server and browser call it once, before the first page.
pub fn speak() {
    catalogue::set_source(page_language);
}

/// On the server a page's language comes with its request, as a context.
#[cfg(feature = "ssr")]
fn page_language() -> Language {
    leptos::prelude::use_context().unwrap_or_default()
}

/// A page keeps its language as long as it lives, so the browser is asked once.
#[cfg(not(feature = "ssr"))]
fn page_language() -> Language {
    static PAGE: std::sync::OnceLock<Language> = std::sync::OnceLock::new();
    *PAGE.get_or_init(|| {
        crate::browser::root("lang")
            .and_then(|tag| Language::of_tag(&tag))
            .unwrap_or_default()
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod outside;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::{fs, path::Path};

    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_message_is_said_somewhere() {
        let mut source = String::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut source,
        );
        let mut area = "";
        let mut unsaid = Vec::new();
        for line in include_str!(concat!(env!("OUT_DIR"), "/words.rs")).lines() {
            if let Some(name) = line.strip_prefix("pub mod ") {
                area = name.trim_end_matches(" {");
            } else if let Some(rest) = line.trim_start().strip_prefix("pub fn ") {
                let name = rest.split('(').next().unwrap();
                if !source.contains(&format!("{area}::{name}")) {
                    unsaid.push(format!("{area}::{name}"));
                }
            }
        }
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }
}
