//! What the list says about itself.

use model::BucketName;

use super::{
    filter::{Since, SizeRange, day_word},
    kind::Kind,
    look::Extra,
    order::Column,
    rows::Totals,
    state::Standing,
};
use crate::{text::visible_name, unit, words::files};

/// The name of the list.
pub fn files_in(bucket: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        files::files_in_bucket(bucket)
    } else {
        files::files_in_bucket(&visible_name(prefix))
    }
}

/// The head of a column.
pub fn column(column: Extra) -> &'static str {
    match column {
        Extra::Size => files::column_size(),
        Extra::Modified => files::column_changed(),
        Extra::Kind => files::column_kind(),
        Extra::Etag => files::column_etag(),
        Extra::Owner => files::column_owner(),
        Extra::Class => files::column_class(),
    }
}

/// What the list can be sorted by.
pub fn order(column: Column) -> &'static str {
    match column {
        Column::Name => files::store_order(),
        Column::Natural => files::natural_name(),
        Column::Size => files::column_size(),
        Column::Modified => files::column_changed(),
        Column::Kind => files::column_kind(),
    }
}

/// A kind.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Folder => files::kind_folder(),
        Kind::Image => files::kind_image(),
        Kind::Video => files::kind_video(),
        Kind::Audio => files::kind_audio(),
        Kind::Document => files::kind_document(),
        Kind::Data => files::kind_data(),
        Kind::Archive => files::kind_archive(),
        Kind::Text => files::kind_text(),
        Kind::Other => files::kind_other(),
    }
}

/// What sorting led to.
pub fn sorted_by(column: Column, descending: bool) -> String {
    let text = match (column, descending) {
        (Column::Name, false) => files::sorted_name(),
        (Column::Name, true) => files::sorted_name_down(),
        (Column::Natural, false) => files::sorted_natural(),
        (Column::Natural, true) => files::sorted_natural_down(),
        (Column::Size, false) => files::sorted_size(),
        (Column::Size, true) => files::sorted_size_down(),
        (Column::Modified, false) => files::sorted_changed(),
        (Column::Modified, true) => files::sorted_changed_down(),
        (Column::Kind, false) => files::sorted_kind(),
        (Column::Kind, true) => files::sorted_kind_down(),
    };
    text.to_owned()
}

/// What a filter leaves.
pub fn matching(shown: usize, held: usize) -> String {
    files::matching(&number(shown), &number(held))
}

/// A number in the page's language.
pub fn number(number: usize) -> String {
    catalogue::count(number as u64)
}

/// A range of sizes.
pub fn size_range(range: SizeRange) -> String {
    let from = unit::size(range.from);
    match (range.from, range.to) {
        (0, Some(to)) => files::size_below(&unit::size(to)),
        (_, Some(to)) => files::size_between(&from, &unit::size(to)),
        (_, None) => files::size_above(&from),
    }
}

/// A time.
pub fn since(since: Since) -> String {
    match since {
        Since::Hours(24) => files::since_day().to_owned(),
        Since::Hours(hours) if hours == 365 * 24 => files::since_year().to_owned(),
        Since::Hours(hours) if hours.is_multiple_of(24) => {
            files::since_days(&(hours / 24).to_string())
        }
        Since::Hours(hours) => files::since_hours(&hours.to_string()),
        Since::Days(Some(from), Some(to)) => files::since_between(&day_word(from), &day_word(to)),
        Since::Days(Some(from), None) => files::since_from(&day_word(from)),
        Since::Days(None, to) => files::since_to(&to.map(day_word).unwrap_or_default()),
    }
}

/// How far the list has come.
pub fn standing(standing: &Standing, totals: Totals) -> String {
    let count = number(totals.entries());
    match standing {
        Standing::Loading => files::loaded_more_coming(&count),
        Standing::Halted => files::stopped_at(&count),
        Standing::Broken(reason) => files::stopped_by_problem(&count, reason),
        Standing::Waiting => files::first_of_more(&count),
        Standing::Complete => files::complete(
            totals.entries() as u64,
            totals.folders as u64,
            totals.files as u64,
            &unit::size(totals.bytes),
        ),
    }
}

/// What is selected.
pub fn selected(totals: Totals) -> String {
    let (folders, number) = (totals.folders as u64, totals.files as u64);
    let size = unit::size(totals.bytes);
    match (folders, number) {
        (0, number) => files::selected_files(number, &size),
        (folders, 0) => files::selected_folders(folders),
        (folders, number) => files::selected_both(folders, number, &size),
    }
}

/// The name of a folder in a sentence.
pub fn folder(bucket: &BucketName, prefix: &str) -> String {
    if prefix.is_empty() {
        bucket.to_string()
    } else {
        visible_name(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_line_is_true() {
        let totals = Totals {
            folders: 12,
            files: 34_100,
            bytes: 3 << 29,
        };
        for (at, said) in [
            (Standing::Loading, "34,112 loaded, more coming…"),
            (Standing::Waiting, "First 34,112 of more"),
            (
                Standing::Halted,
                "Stopped at 34,112 entries; there are more",
            ),
            (
                Standing::Broken("The store is busy.".to_owned()),
                "Listing stopped after 34,112 entries. The store is busy.",
            ),
            (
                Standing::Complete,
                "34,112 entries (12 folders, 34,100 files, 1.5 GB)",
            ),
        ] {
            assert_eq!(standing(&at, totals), said);
        }
        let one = Totals {
            folders: 0,
            files: 1,
            bytes: 1,
        };
        assert_eq!(
            standing(&Standing::Complete, one),
            "1 entry (0 folders, 1 file, 1 B)"
        );
    }

    #[test]
    fn facets_have_names() {
        for (word, said) in [
            ("-1MB", "Below 1 MB"),
            ("1MB-100MB", "1 MB to 100 MB"),
            ("10GB-", "10 GB and more"),
        ] {
            assert_eq!(size_range(SizeRange::parse(word).unwrap()), said);
        }
        for (word, said) in [
            ("24h", "Last 24 hours"),
            ("7d", "Last 7 days"),
            ("1y", "Last year"),
            ("5h", "Last 5 hours"),
            ("2026-01-01..", "From 2026-01-01"),
            ("..2026-01-01", "Until 2026-01-01"),
            ("2026-01-01..2026-02-01", "2026-01-01 to 2026-02-01"),
        ] {
            assert_eq!(since(Since::parse(word).unwrap()), said);
        }
    }
}
