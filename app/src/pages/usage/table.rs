//! The folders as a table: sizes, counts, and what has changed.

use leptos::prelude::*;
use model::{
    BucketName,
    job::{FolderLine, FolderPage, Measured},
};

use super::listing::Place;
use crate::{text::visible_name, ui::Icon, unit, urls, words::usage};

/// A change with its sign.
pub(super) fn signed(change: i128, shown: impl Fn(u64) -> String) -> String {
    let size = u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX);
    match change {
        1.. => format!("+{}", shown(size)),
        ..0 => format!("−{}", shown(size)),
        0 => "±0".to_owned(),
    }
}

/// The name of a folder inside of another.
pub(super) fn name_of(prefix: &str, within: &str) -> String {
    let name = prefix.strip_prefix(within).unwrap_or(prefix);
    visible_name(name.strip_suffix('/').unwrap_or(name))
}

/// A part of a whole in percent, rounded. Nothing is no part of anything.
pub(super) fn share(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        return 0;
    }
    let (part, whole) = (u128::from(part.min(whole)), u128::from(whole));
    u64::try_from((part * 200 + whole) / (2 * whole)).unwrap_or(100)
}

/// The folders directly below one, and what lies in it beside them.
#[component]
pub(super) fn Table(
    place: Place,
    page: FolderPage,
    measured: Measured,
    compared: bool,
) -> impl IntoView {
    let whole = page.folder.usage.all_bytes();
    let columns = Columns {
        versions: measured.versions,
        compared,
    };
    let files = page.next.is_none().then(|| {
        let head = view! { <span>{usage::files_here()}</span> }.into_any();
        row(head, None, &page.files, whole, columns)
    });
    let rows = page.folders.iter().map(|line| {
        let Some(prefix) = &line.prefix else {
            let head = view! { <span>{usage::smaller(measured.others)}</span> }.into_any();
            return row(head, None, line, whole, columns);
        };
        let name = view! { <bdi>{name_of(prefix, &place.prefix)}</bdi> };
        let gone = line.usage.is_nothing();
        let head = if gone {
            name.into_any()
        } else {
            let href = place.folder(prefix);
            view! {
                <a href=href class="name-link">
                    {name}
                </a>
            }
            .into_any()
        };
        let there = (!gone).then(|| files_of(&place.bucket, prefix)).flatten();
        row(
            head,
            there.map(|href| (href, prefix.clone())),
            line,
            whole,
            columns,
        )
    });
    let rows: Vec<_> = rows.collect();
    let head = |word: &'static str| view! { <th scope="col">{word}</th> };
    let old = measured.versions.then(|| head(usage::old_versions()));
    let changes = compared.then(|| {
        [
            head(usage::change_of_size()),
            head(usage::change_of_objects()),
        ]
    });
    view! {
        <div class="table-frame" role="region" aria-label=usage::folders() tabindex="0">
            <table class="table table-cards usage-table" data-testid="table-usage">
                <thead>
                    <tr>
                        {head(usage::folder())} {head(usage::size())} {changes}
                        {head(usage::share())} {head(usage::objects())} {old}
                        {head(usage::uploads())}
                        <th scope="col">
                            <span class="sr-only">{usage::files()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows} {files}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Where the files of a folder are.
fn files_of(bucket: &str, prefix: &str) -> Option<String> {
    let bucket = BucketName::parse(bucket).ok()?;
    Some(urls::folder(&bucket, prefix))
}

/// Which columns there are beside the usual.
#[derive(Clone, Copy)]
struct Columns {
    versions: bool,
    compared: bool,
}

fn row(
    head: AnyView,
    files: Option<(String, String)>,
    line: &FolderLine,
    whole: u64,
    columns: Columns,
) -> AnyView {
    let sums = line.usage;
    let cell = |label: &'static str, text: String| {
        view! {
            <td class="numeric" data-label=label>
                {text}
            </td>
        }
    };
    let with_bytes = |number: u64, bytes: u64| match number {
        0 => "–".to_owned(),
        number => format!("{} · {}", unit::count(number), unit::size(bytes)),
    };
    let old = columns.versions.then(|| {
        let text = with_bytes(sums.old_versions, sums.old_bytes);
        cell(usage::old_versions(), text)
    });
    let changes = columns.compared.then(|| {
        [
            cell(usage::change_of_size(), size_change(line)),
            cell(usage::change_of_objects(), object_change(line)),
        ]
    });
    let percent = format!("{} %", share(sums.all_bytes(), whole));
    let files = files.map(|(href, prefix)| {
        let label = usage::open_in_files(&visible_name(&prefix));
        view! {
            <a href=href class="button button-quiet button-icon" aria-label=label.clone() title=label>
                <Icon name="folder" />
            </a>
        }
    });
    let prefix = line.prefix.clone().unwrap_or_default();
    view! {
        <tr data-testid="usage-row" data-key=prefix>
            <th scope="row">{head}</th>
            {cell(usage::size(), unit::size(sums.all_bytes()))} {changes}
            {cell(usage::share(), percent)} {cell(usage::objects(), unit::count(sums.objects))}
            {old} {cell(usage::uploads(), with_bytes(sums.uploads, sums.upload_bytes))}
            <td class="narrow">{files}</td>
        </tr>
    }
    .into_any()
}

fn size_change(line: &FolderLine) -> String {
    let (now, before) = (line.usage, line.before);
    match (line.growth(), before) {
        (Some(growth), Some(before)) if before.is_nothing() && !now.is_nothing() => {
            usage::new(&signed(growth, unit::size))
        }
        (Some(growth), Some(before)) if now.is_nothing() && !before.is_nothing() => {
            usage::gone(&signed(growth, unit::size))
        }
        (Some(growth), _) => signed(growth, unit::size),
        (None, _) => usage::unknown().to_owned(),
    }
}

fn object_change(line: &FolderLine) -> String {
    match line.more_objects() {
        Some(0) => "±0".to_owned(),
        Some(more) => {
            let count = u64::try_from(more.unsigned_abs()).unwrap_or(u64::MAX);
            let number = signed(more, unit::count);
            usage::more_objects(count, &number)
        }
        None => usage::unknown().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use model::job::Usage;

    use super::*;

    fn line(now: (u64, u64), before: Option<(u64, u64)>) -> FolderLine {
        let usage = |(objects, bytes)| Usage {
            objects,
            bytes,
            ..Usage::default()
        };
        FolderLine {
            prefix: Some("a/".to_owned()),
            usage: usage(now),
            before: before.map(usage),
        }
    }

    #[test]
    fn a_change_has_its_sign_and_says_what_is_new_or_gone() {
        for (line, size, objects) in [
            (line((2, 2_048), Some((1, 1_024))), "+1 KB", "+1 object"),
            (line((1, 10), Some((4, 1_034))), "−1 KB", "−3 objects"),
            (line((1, 10), Some((1, 10))), "±0", "±0"),
            (
                line((1_500, 10), Some((0, 0))),
                "new, +10 B",
                "+1,500 objects",
            ),
            (line((0, 0), Some((1, 10))), "gone, −10 B", "−1 object"),
            (line((1, 10), None), "unknown", "unknown"),
        ] {
            assert_eq!(
                (size_change(&line).as_str(), object_change(&line).as_str()),
                (size, objects)
            );
        }
    }

    #[test]
    fn a_share_is_rounded_and_never_more_than_all() {
        for (part, whole, percent) in [
            (0, 0, 0),
            (1, 3, 33),
            (2, 3, 67),
            (9, 3, 100),
            (1, 1_000, 0),
            (u64::MAX, u64::MAX, 100),
        ] {
            assert_eq!(share(part, whole), percent, "{part} of {whole}");
        }
        assert_eq!(name_of("a/b//", "a/b/"), visible_name(""));
        assert_eq!(name_of("a/b c/", "a/"), "b c");
    }
}
