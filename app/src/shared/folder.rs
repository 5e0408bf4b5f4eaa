//! The sheet of a shared folder: what lies in it, page by page, and all of it as an archive.

use leptos::prelude::*;
use model::{
    Timestamp,
    link::{ARCHIVE, DOWNLOAD},
};

use super::{AFTER, AT, file::address_of, time};
use crate::{text::visible_name, ui::Icon, unit, urls, words::links};

/// A file in a list.
#[derive(Clone, Debug)]
pub struct FileInFolder {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    pub modified: Option<Timestamp>,
}

/// A page of a folder.
#[derive(Clone, Debug)]
pub struct SharedFolder {
    /// The name of the shared folder; empty where it is all of a bucket.
    pub root: String,
    /// The path of this one within it: empty, or with a slash at its end.
    pub path: String,
    /// Its folders.
    pub folders: Vec<String>,
    /// Its files.
    pub files: Vec<FileInFolder>,
    /// Whether there are pages before this one.
    pub is_later: bool,
    /// Behind which name the next page begins.
    pub next: Option<String>,
    /// When the link ends.
    pub ends_at: Timestamp,
}

/// A folder's name, as it is read.
fn named(name: &str) -> String {
    if name.is_empty() {
        links::shared_folder().to_owned()
    } else {
        visible_name(name)
    }
}

/// What the page is called.
pub(super) fn heading(shown: &SharedFolder) -> String {
    let inner = shown.path.trim_end_matches('/').rsplit('/').next();
    let inner = inner.filter(|name| !name.is_empty());
    named(inner.unwrap_or(&shown.root))
}

fn address(link: &str, path: &str, after: &str) -> String {
    urls::with_query(link, &[(AT, path), (AFTER, after)])
}

/// The way from the shared folder to one within it. `leads`: also the last step is a link.
pub(super) fn trail(link: &str, root: &str, path: &str, leads: bool) -> AnyView {
    let mut steps = vec![(named(root), address(link, "", ""))];
    let ends = path.match_indices('/').map(|(at, _)| at);
    let mut from = 0;
    for end in ends {
        steps.push((
            visible_name(&path[from..end]),
            address(link, &path[..=end], ""),
        ));
        from = end + 1;
    }
    let last = steps.len() - 1;
    let steps = steps.into_iter().enumerate().map(|(at, (name, href))| {
        let here = (at == last && !leads).then_some("page");
        view! {
            <li>
                <a href=href aria-current=here>
                    <bdi>{name}</bdi>
                </a>
            </li>
        }
    });
    view! {
        <nav class="breadcrumb" aria-label=links::trail() data-testid="shared-trail">
            <ol>{steps.collect_view()}</ol>
        </nav>
    }
    .into_any()
}

/// The sheet.
pub(super) fn folder(link: &str, shown: SharedFolder) -> AnyView {
    let trail = (!shown.path.is_empty()).then(|| trail(link, &shown.root, &shown.path, false));
    let is_empty = shown.folders.is_empty() && shown.files.is_empty();
    let all = urls::with_query(&format!("{link}{ARCHIVE}"), &[(AT, &shown.path)]);
    let all = (!is_empty || shown.is_later).then(|| {
        view! {
            <div class="actions">
                <a
                    href=all
                    class="button button-primary"
                    rel="nofollow noreferrer"
                    data-testid="shared-archive"
                >
                    <Icon name="download" />
                    {links::download_all()}
                </a>
            </div>
        }
    });
    let ends_at = shown.ends_at;
    view! {
        <section class="form-panel" data-testid="shared-folder">
            {trail}
            <p class="muted">{links::folder_shared_with_you()}</p>
            {all}
            {if is_empty {
                view! { <p data-testid="state-empty">{links::folder_empty()}</p> }.into_any()
            } else {
                list(link, &shown)
            }}
            {pager(link, &shown)}
            <p class="help">{links::ends()} " " {time(ends_at)}</p>
        </section>
    }
    .into_any()
}

fn list(link: &str, shown: &SharedFolder) -> AnyView {
    let folders = shown.folders.iter().map(|name| {
        let href = address(link, &format!("{}{name}/", shown.path), "");
        view! {
            <tr data-testid="shared-row" data-kind="folder">
                <th scope="row">
                    <a href=href class="shared-name">
                        <Icon name="folder" />
                        <bdi>{visible_name(name)}</bdi>
                        <span class="sr-only">{links::is_folder()}</span>
                    </a>
                </th>
                <td></td>
                <td></td>
                <td></td>
            </tr>
        }
    });
    let files = shown.files.iter().map(|file| {
        let path = format!("{}{}", shown.path, file.name);
        let name = visible_name(&file.name);
        let label = links::download_of(&name);
        view! {
            <tr data-testid="shared-row" data-kind="file">
                <th scope="row">
                    <a href=address_of(link, "", Some(&path), false) class="shared-name">
                        <Icon name="file" />
                        <bdi>{name}</bdi>
                    </a>
                </th>
                <td data-label=links::size()>
                    <span title=unit::exact_bytes(file.size)>{unit::size(file.size)}</span>
                </td>
                <td data-label=links::changed()>{file.modified.map(time)}</td>
                <td class="shared-act">
                    <a
                        href=address_of(link, DOWNLOAD, Some(&path), false)
                        class="button button-plain"
                        rel="nofollow noreferrer"
                        aria-label=label
                        data-testid="shared-download"
                    >
                        <Icon name="download" />
                        <span class="word">{links::download()}</span>
                    </a>
                </td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" role="region" aria-label=links::files() tabindex="0">
            <table class="table table-cards table-shared">
                <thead>
                    <tr>
                        <th scope="col">{links::name()}</th>
                        <th scope="col">{links::size()}</th>
                        <th scope="col">{links::changed()}</th>
                        <th scope="col">
                            <span class="sr-only">{links::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{folders.collect_view()} {files.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn pager(link: &str, shown: &SharedFolder) -> Option<AnyView> {
    let first = shown.is_later.then(|| address(link, &shown.path, ""));
    let next = shown.next.as_ref();
    let next = next.map(|next| address(link, &shown.path, next));
    if first.is_none() && next.is_none() {
        return None;
    }
    let step = |href: Option<String>, words: &'static str, testid: &'static str| {
        href.map(|href| {
            view! {
                <a href=href class="button button-plain" data-testid=testid>
                    {words}
                </a>
            }
        })
    };
    let pager = view! {
        <nav class="actions" aria-label=links::pages() data-testid="pager">
            {step(first, links::first_page(), "shared-first")}
            {step(next, links::next_page(), "shared-next")}
        </nav>
    };
    Some(pager.into_any())
}
