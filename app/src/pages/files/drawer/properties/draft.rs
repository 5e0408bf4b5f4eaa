//! What is typed into the form of an object's properties.

use leptos::prelude::*;
use model::{
    attributes::AttributeWhy,
    form::meta_pairs,
    properties::{Properties, PropertyField, pairs},
};

/// Empty lines for who has no script to add one.
const SPARE: usize = 3;

/// A pair that is being typed.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub id: usize,
    pub name: RwSignal<String>,
    pub value: RwSignal<String>,
}

/// All that is being typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    headers: [RwSignal<String>; 5],
    lines: RwSignal<Vec<Line>>,
    next: StoredValue<usize>,
}

impl Draft {
    /// Begins with what an object has.
    pub fn new(properties: &Properties) -> Self {
        let pairs = properties.metadata.iter();
        let pairs = pairs.map(|(name, value)| (name.clone(), value.clone()));
        let header = |field| properties.header(field).unwrap_or_default().to_owned();
        Self::begin(header, pairs.collect())
    }

    /// Begins with what was typed into a form that failed.
    pub fn of_fields(fields: &[(String, String)]) -> Self {
        let header = |field: PropertyField| {
            let found = fields.iter().find(|(name, _)| name == field.as_str());
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut typed = meta_pairs(fields);
        typed.retain(|(name, value)| !name.is_empty() || !value.is_empty());
        Self::begin(header, typed)
    }

    fn begin(header: impl Fn(PropertyField) -> String, pairs: Vec<(String, String)>) -> Self {
        let draft = Self {
            headers: PropertyField::HEADERS.map(|field| RwSignal::new(header(field))),
            lines: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        for (name, value) in pairs {
            draft.add(&name, &value);
        }
        if cfg!(feature = "ssr") {
            for _ in 0..SPARE {
                draft.add("", "");
            }
        }
        draft
    }

    /// One of the headers.
    pub fn header(self, field: PropertyField) -> RwSignal<String> {
        let place = PropertyField::HEADERS.iter().position(|one| *one == field);
        self.headers[place.unwrap_or(0)]
    }

    /// The lines of metadata.
    pub fn lines(self) -> Vec<Line> {
        self.lines.get()
    }

    /// One more line; its id.
    pub fn add(self, name: &str, value: &str) -> usize {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let line = Line {
            id,
            name: RwSignal::new(name.to_owned()),
            value: RwSignal::new(value.to_owned()),
        };
        self.lines.update(|lines| lines.push(line));
        id
    }

    /// A line less.
    pub fn remove(self, id: usize) {
        self.lines
            .update(|lines| lines.retain(|line| line.id != id));
    }

    /// Names and values as they are typed.
    pub fn typed(self) -> Vec<(String, String)> {
        let pair = |line: &Line| (line.name.get(), line.value.get());
        self.lines.with(|lines| lines.iter().map(pair).collect())
    }

    /// Bytes of all names and values, whether they can be saved or not.
    pub fn bytes(self) -> usize {
        let typed = self.typed();
        let bytes = |(name, value): &(String, String)| name.trim().len() + value.trim().len();
        typed.iter().map(bytes).sum()
    }

    /// All of it, as far as it makes sense.
    pub fn properties(self) -> Result<Properties, AttributeWhy> {
        let mut properties = Properties {
            metadata: pairs(&self.typed())?,
            ..Properties::default()
        };
        for field in PropertyField::HEADERS {
            properties.set_header(field, self.header(field).get().trim());
        }
        Ok(properties)
    }

    /// Whether nothing else is typed than what an object has, be it as wrong as it may.
    pub fn is_of(self, properties: &Properties) -> bool {
        let same = |field: PropertyField| {
            let has = properties.header(field).unwrap_or_default();
            self.header(field).with(|text| text.trim() == has.trim())
        };
        let trimmed = |(name, value): (&str, &str)| {
            (name.trim().to_ascii_lowercase(), value.trim().to_owned())
        };
        let typed = self.typed();
        let typed = typed.iter().map(|(name, value)| trimmed((name, value)));
        let mut typed: Vec<_> = typed
            .filter(|(name, value)| !name.is_empty() || !value.is_empty())
            .collect();
        let has = properties.metadata.iter();
        let mut has: Vec<_> = has.map(|(name, value)| trimmed((name, value))).collect();
        typed.sort();
        has.sort();
        typed == has && PropertyField::HEADERS.into_iter().all(same)
    }

    /// What is typed under a name of metadata; `None` where no line has it.
    pub fn meta(self, name: &str) -> Option<String> {
        let typed = self.typed().into_iter();
        let mut of_name = typed.filter(|(typed, _)| typed.trim().eq_ignore_ascii_case(name));
        of_name.next().map(|(_, value)| value)
    }

    /// Gives a name of metadata a value, or takes it away.
    pub fn set_meta(self, name: &str, value: Option<&str>) {
        let line = self.lines.with_untracked(|lines| {
            let of_name = |line: &&Line| {
                line.name
                    .with_untracked(|typed| typed.trim().eq_ignore_ascii_case(name))
            };
            lines.iter().find(of_name).copied()
        });
        match (line, value) {
            (Some(line), Some(value)) => line.value.set(value.to_owned()),
            (Some(line), None) => self.remove(line.id),
            (None, Some(value)) => {
                self.add(name, value);
            }
            (None, None) => {}
        }
    }

    /// Takes over what others have changed where nothing was changed here.
    pub fn follow(self, base: &Properties, theirs: &Properties) {
        for field in PropertyField::HEADERS {
            let text = self.header(field);
            let before = base.header(field).unwrap_or_default();
            if text.with_untracked(|text| text.trim() == before) {
                text.set(theirs.header(field).unwrap_or_default().to_owned());
            }
        }
        let names = base.metadata.keys().chain(theirs.metadata.keys());
        for name in names {
            let mine = untrack(|| self.meta(name));
            if mine.as_ref() == base.metadata.get(name) {
                self.set_meta(name, theirs.metadata.get(name).map(String::as_str));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn of(content_type: &str, pairs: &[(&str, &str)]) -> Properties {
        let pairs = pairs.iter();
        let metadata: BTreeMap<_, _> = pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Properties {
            content_type: Some(content_type.to_owned()).filter(|text| !text.is_empty()),
            metadata,
            ..Properties::default()
        }
    }

    #[test]
    fn what_was_not_touched_follows_the_others() {
        let owner = Owner::new();
        owner.with(|| {
            let base = of("a/b", &[("kept", "1"), ("mine", "1"), ("gone", "1")]);
            let draft = Draft::new(&base);
            draft.set_meta("mine", Some("2"));
            draft.set_meta("new", Some("mine"));
            let theirs = of("c/d", &[("kept", "9"), ("mine", "9"), ("new", "theirs")]);
            draft.follow(&base, &theirs);
            let merged = of("c/d", &[("kept", "9"), ("mine", "2"), ("new", "mine")]);
            assert_eq!(draft.properties().unwrap(), merged);
        });
    }

    #[test]
    fn what_is_typed_is_told_from_what_is_there() {
        let owner = Owner::new();
        owner.with(|| {
            let base = of("a/b", &[("kept", "1"), ("other", "2")]);
            let draft = Draft::new(&base);
            assert!(draft.is_of(&base));
            let line = draft.add(" ", "");
            assert!(draft.is_of(&base), "an empty line is nothing");
            draft.remove(line);
            draft.set_meta("kept", Some("3"));
            assert!(!draft.is_of(&base));
            draft.set_meta("kept", Some("1"));
            draft.set_meta("other", None);
            assert!(!draft.is_of(&base));
            draft.add("Other", "2 ");
            assert!(draft.is_of(&base), "as it will be stored");
            draft.add("no name", "");
            assert!(
                !draft.is_of(&base),
                "what cannot be saved is typed all the same"
            );
            let draft = Draft::new(&base);
            draft
                .header(PropertyField::CacheControl)
                .set("no-store".to_owned());
            assert!(!draft.is_of(&base));
        });
    }

    #[test]
    fn a_form_that_failed_shows_what_was_typed() {
        let owner = Owner::new();
        owner.with(|| {
            let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let draft = Draft::of_fields(&[
                field("content_type", "nonsense"),
                field("meta_name", "A"),
                field("meta_value", "1"),
                field("meta_name", ""),
                field("meta_value", ""),
            ]);
            assert_eq!(draft.properties().unwrap(), of("nonsense", &[("A", "1")]));
        });
    }
}
