//! What a result shows.

use leptos::prelude::*;
use model::{
    Timestamp,
    query::{Property, QueryResult},
};
use serde::{Deserialize, Serialize};

use crate::{text::visible_name, ui::Moment, unit, words::search};

/// A column beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Column {
    /// The path.
    Path,
    /// The namespace.
    Namespace,
    /// The size.
    Size,
    /// When it changed.
    Changed,
    /// When its retention ends.
    Retention,
    /// Its retention class.
    Class,
    /// Whether it is on hold.
    Hold,
    /// Who owns it.
    Owner,
    /// When it was stored.
    Stored,
    /// Its hash.
    Hash,
}

impl Column {
    /// All, in the order of the choice.
    pub const ALL: [Self; 10] = [
        Self::Path,
        Self::Namespace,
        Self::Size,
        Self::Changed,
        Self::Retention,
        Self::Class,
        Self::Hold,
        Self::Owner,
        Self::Stored,
        Self::Hash,
    ];

    /// Those that are shown where nobody chose.
    pub const USUAL: [Self; 5] = [
        Self::Path,
        Self::Namespace,
        Self::Size,
        Self::Changed,
        Self::Retention,
    ];

    /// Its word in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Namespace => "namespace",
            Self::Size => "size",
            Self::Changed => "changed",
            Self::Retention => "retention",
            Self::Class => "class",
            Self::Hold => "hold",
            Self::Owner => "owner",
            Self::Stored => "stored",
            Self::Hash => "hash",
        }
    }

    /// The column of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.word() == word)
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => search::path(),
            Self::Namespace => search::namespace(),
            Self::Size => search::size(),
            Self::Changed => search::changed(),
            Self::Retention => search::retention(),
            Self::Class => search::class(),
            Self::Hold => search::hold(),
            Self::Owner => search::owner(),
            Self::Stored => search::stored(),
            Self::Hash => search::hash(),
        }
    }

    /// The property behind it.
    pub const fn property(self) -> Property {
        match self {
            Self::Path => Property::ObjectPath,
            Self::Namespace => Property::Namespace,
            Self::Size => Property::Size,
            Self::Changed => Property::ChangeTimeMilliseconds,
            Self::Retention => Property::RetentionString,
            Self::Class => Property::RetentionClass,
            Self::Hold => Property::Hold,
            Self::Owner => Property::Owner,
            Self::Stored => Property::IngestTime,
            Self::Hash => Property::Hash,
        }
    }

    /// Whether results can be sorted by it.
    pub fn sorts(self) -> bool {
        self.property().facts().sorted
    }

    /// Whether it stands at the right.
    pub fn is_number(self) -> bool {
        self == Self::Size
    }

    /// Whether its values may be long, and are broken.
    pub fn is_long(self) -> bool {
        matches!(self, Self::Path | Self::Class | Self::Owner | Self::Hash)
    }

    /// Its value as text.
    pub fn plain(self, result: &QueryResult) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Path => text(&result.object_path),
            Self::Namespace => text(&result.namespace),
            Self::Size => result.size.map(|n| n.to_string()).unwrap_or_default(),
            Self::Changed => changed(result).map(|t| t.to_string()).unwrap_or_default(),
            Self::Retention => text(&result.retention_string),
            Self::Class => text(&result.retention_class),
            Self::Hold => result.hold.map(|hold| hold.to_string()).unwrap_or_default(),
            Self::Owner => text(&result.owner),
            Self::Stored => stored(result).map(|t| t.to_string()).unwrap_or_default(),
            Self::Hash => text(&result.hash),
        }
    }

    /// Its value as it is shown.
    pub fn cell(self, result: &QueryResult) -> AnyView {
        let moment =
            |time: Option<Timestamp>| time.map(|time| view! { <Moment time /> }.into_any());
        match self {
            Self::Size => result
                .size
                .and_then(|size| u64::try_from(size).ok())
                .map(unit::size)
                .into_any(),
            Self::Changed => moment(changed(result)).into_any(),
            Self::Stored => moment(stored(result)).into_any(),
            Self::Hold => result
                .hold
                .map(|hold| if hold { search::yes() } else { search::no() })
                .into_any(),
            Self::Retention => {
                let word = match result.retention_string.as_deref() {
                    Some("Deletion Allowed") => search::allowed().to_owned(),
                    Some("Deletion Prohibited") => search::prohibited().to_owned(),
                    Some("Initial Unspecified") => search::unspecified().to_owned(),
                    other => visible_name(other.unwrap_or_default()),
                };
                word.into_any()
            }
            Self::Hash => {
                view! { <code class="search-hash">{self.plain(result)}</code> }.into_any()
            }
            _ => view! { <bdi>{visible_name(&self.plain(result))}</bdi> }.into_any(),
        }
    }
}

/// When it changed: the milliseconds before the point.
fn changed(result: &QueryResult) -> Option<Timestamp> {
    Timestamp::from_unix_millis(result.changed_at()?)
}

fn stored(result: &QueryResult) -> Option<Timestamp> {
    result.ingest_time.and_then(Timestamp::from_unix_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_words_and_sort_by_what_can_be_sorted() {
        for column in Column::ALL {
            assert_eq!(Column::of(column.word()), Some(column));
            assert!(column.sorts(), "{column:?}");
        }
        assert_eq!(Column::of("colour"), None);
    }
}
