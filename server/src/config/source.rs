//! Where settings come from: the environment, then `.env`, then a TOML file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::{Path, PathBuf},
    str::FromStr,
};

/// The name of the setting that names the TOML file.
const CONFIG_FILE: &str = "HAKO_CONFIG";

/// The raw settings, by upper-case name, and what was wrong while reading them.
#[derive(Default)]
pub(super) struct Source {
    values: BTreeMap<String, String>,
    asked: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl Source {
    /// Reads the three layers. `environment` is the process's own.
    pub(super) fn read(
        environment: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Self {
        let mut source = Self::default();
        let environment: Vec<(String, String)> = environment.into_iter().collect();
        let dotenv = source.dotenv(&folder.join(".env"));
        let named = |layer: &[(String, String)]| {
            layer
                .iter()
                .find(|(name, value)| name.eq_ignore_ascii_case(CONFIG_FILE) && !value.is_empty())
                .map(|(_, value)| folder.join(value))
        };
        if let Some(file) = named(&environment).or_else(|| named(&dotenv)) {
            source.toml(&file);
        }
        for (name, value) in dotenv.into_iter().chain(environment) {
            source.values.insert(name.to_ascii_uppercase(), value);
        }
        source
    }

    fn dotenv(&mut self, file: &Path) -> Vec<(String, String)> {
        let entries = match dotenvy::from_path_iter(file) {
            Ok(entries) => entries,
            Err(dotenvy::Error::Io(e)) if e.kind() == std::io::ErrorKind::NotFound => {
                return Vec::new();
            }
            Err(_secret_text) => {
                self.problems
                    .push(format!("{}: cannot be read", file.display()));
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (n, entry) in entries.enumerate() {
            match entry {
                Ok(entry) => out.push(entry),
                // The parser's own message repeats the line, which may hold a secret.
                Err(_secret_text) => {
                    self.problems.push(format!(
                        "{}: entry {} is not NAME=value",
                        file.display(),
                        n + 1
                    ));
                }
            }
        }
        out
    }

    fn toml(&mut self, file: &PathBuf) {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(e) => {
                return self
                    .problems
                    .push(format!("{CONFIG_FILE}: {}: {e}", file.display()));
            }
        };
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(e) => {
                // Only the place: the parser's message quotes the line, which may hold a secret.
                let line = e
                    .span()
                    .map_or(0, |s| text[..s.start.min(text.len())].lines().count());
                return self
                    .problems
                    .push(format!("{}: not TOML near line {line}", file.display()));
            }
        };
        for (name, value) in table {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Float(number) => number.to_string(),
                toml::Value::Boolean(truth) => truth.to_string(),
                toml::Value::Array(list) if list.iter().all(toml::Value::is_str) => list
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .collect::<Vec<_>>()
                    .join(","),
                _ => {
                    self.problems.push(format!(
                        "{}: `{name}` is not a text, number, truth value or list of texts",
                        file.display()
                    ));
                    continue;
                }
            };
            self.values.insert(name.to_ascii_uppercase(), value);
        }
    }

    /// The text of a setting; absent and empty are the same.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.insert(name);
        self.values
            .get(name)
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
    }

    /// A setting of any type that reads itself from text.
    pub(super) fn parse<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(e) => {
                self.problem(name, e);
                None
            }
        }
    }

    /// A truth value: `true/false`, `1/0`, `yes/no`, `on/off`.
    pub(super) fn truth(&mut self, name: &'static str, default: bool) -> bool {
        match self.text(name).map(|t| t.to_ascii_lowercase()).as_deref() {
            None => default,
            Some("true" | "1" | "yes" | "on") => true,
            Some("false" | "0" | "no" | "off") => false,
            Some(_) => {
                self.problem(name, "is `true` or `false`");
                default
            }
        }
    }

    /// One of a closed set of words.
    pub(super) fn one_of<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?.to_ascii_lowercase();
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(name, format!("is one of {}", words.join(", ")));
        }
        found
    }

    /// A number within bounds.
    pub(super) fn number(
        &mut self,
        name: &'static str,
        default: u64,
        bounds: std::ops::RangeInclusive<u64>,
    ) -> u64 {
        match self.parse::<u64>(name) {
            None => default,
            Some(n) if bounds.contains(&n) => n,
            Some(_) => {
                self.problem(name, format!("is {} to {}", bounds.start(), bounds.end()));
                default
            }
        }
    }

    /// A list separated by commas.
    pub(super) fn list(&mut self, name: &'static str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Notes what is wrong with a setting. The value itself is never repeated.
    pub(super) fn problem(&mut self, name: &str, what: impl Display) {
        self.problems.push(format!("{name}: {what}"));
    }

    /// All that was wrong; names with our prefix that nobody asked for are mistakes too.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.asked.insert(CONFIG_FILE);
        // These belong to the build and its tests, which start the server from the same shell.
        self.asked
            .extend(["HAKO_BIN", "HAKO_CACHE", "HAKO_TEST_WITHOUT"]);
        self.asked.extend(cli::VARIABLES);
        for name in self.values.keys() {
            if name.starts_with("HAKO_") && !self.asked.contains(name.as_str()) {
                self.problems.push(format!("{name}: no such setting"));
            }
        }
        self.problems
    }
}
