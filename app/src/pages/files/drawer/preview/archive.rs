//! The inside of a ZIP archive: its folders, and one entry of it at a time.

use leptos::{prelude::*, task::spawn_local};
use model::{
    Problem,
    preview::{Archive, Entry, EntryState, GetArchive, GetPreview, Preview, Source, Wanted},
};

use super::{ContentPart, Looked, note, promise};
use crate::{
    api,
    pages::files::drawer::live::Desk,
    text::visible_name,
    ui::{Button, Icon},
    unit,
    words::{files, preview},
};

/// What an archive is shown by.
#[derive(Clone, Copy)]
struct Inside {
    desk: Desk,
    source: StoredValue<Source>,
    shown: RwSignal<Result<Archive, Problem>>,
    /// The entry that is opened.
    entry: RwSignal<Option<(Source, Preview)>>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
}

impl Inside {
    fn ask<F, T>(self, answer: F, done: impl FnOnce(T) + 'static)
    where
        F: Future<Output = Result<T, Problem>> + 'static,
        T: 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.wrong.set(None);
        spawn_local(async move {
            let answer = answer.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(told) => done(told),
                Err(problem) if api::needs_sign_in(&problem) => self.desk.state().failed(&problem),
                Err(problem) => self.wrong.set(Some(problem.sentence())),
            }
        });
    }

    fn go(self, folder: String) {
        let source = self.source.get_value();
        let answer = api::call(GetArchive { source, folder });
        self.ask(answer, move |archive| self.shown.set(Ok(archive)));
    }

    fn open(self, source: Source) {
        let answer = api::call(GetPreview {
            source: source.clone(),
            wanted: Wanted::default(),
        });
        self.ask(answer, move |preview| {
            self.entry.set(Some((source, preview)));
        });
    }
}

#[component]
pub(super) fn ArchivePart(desk: Desk, source: Source, looked: Looked) -> impl IntoView {
    let promised = promise(&looked.preview);
    let inside = Inside {
        desk,
        source: StoredValue::new(source),
        shown: RwSignal::new(looked.archive.unwrap_or_else(|| Ok(Archive::default()))),
        entry: RwSignal::new(None),
        busy: RwSignal::new(false),
        wrong: RwSignal::new(None),
    };
    let wrong = move || inside.wrong.get().map(|words| note("alert", words));
    let content = move || match inside.entry.get() {
        Some((source, preview)) => opened(inside, source, preview),
        None => match inside.shown.get() {
            Ok(archive) => folder(inside, archive),
            Err(problem) => note("alert", problem.sentence()),
        },
    };
    view! {
        <div class="preview-archive" data-testid="preview-archive">
            {promised}
            {content}
            <div role="status">{wrong}</div>
        </div>
    }
    .into_any()
}

fn opened(inside: Inside, source: Source, preview: Preview) -> AnyView {
    let name = visible_name(&preview.name);
    let href = source.download();
    view! {
        <div class="preview-bar">
            <Button attr:data-testid="archive-back" press=move |_| inside.entry.set(None)>
                {preview::back_to_archive()}
            </Button>
            <bdi class="mono">{name}</bdi>
            <a
                class="button button-quiet button-icon"
                href=href
                rel="external"
                download=""
                title=files::download()
                data-testid="archive-download"
            >
                <Icon name="download" />
                <span class="sr-only">{files::download()}</span>
            </a>
        </div>
        <ContentPart desk=inside.desk source preview />
    }
    .into_any()
}

/// The folder around one, and the parts of its name.
fn around(folder: &str) -> Option<String> {
    let plain = folder.strip_suffix('/')?;
    Some(plain.rfind('/').map_or("", |end| &plain[..=end]).to_owned())
}

fn folder(inside: Inside, archive: Archive) -> AnyView {
    let here = archive.folder.clone();
    let up = around(&here).map(|up| {
        view! {
            <li>
                <button
                    type="button"
                    class="archive-name needs-script"
                    data-testid="archive-up"
                    on:click=move |_| inside.go(up.clone())
                >
                    <Icon name="up" />
                    {preview::folder_above()}
                </button>
            </li>
        }
    });
    let folders = archive.folders.into_iter().map(|name| {
        let below = format!("{here}{name}/");
        let shown = visible_name(&name);
        view! {
            <li data-testid="archive-folder" data-name=name>
                <button
                    type="button"
                    class="archive-name"
                    on:click=move |_| inside.go(below.clone())
                >
                    <Icon name="folder" />
                    <bdi>{shown}</bdi>
                </button>
            </li>
        }
    });
    let folders = folders.collect_view();
    let files = archive.files.into_iter().map(|file| line(inside, file));
    let files = files.collect_view();
    let total = preview::archive_entries(archive.entries);
    let read = preview::archive_read(&unit::size(archive.read), &unit::size(archive.size));
    let more = (archive.more > 0).then(|| note("info", preview::archive_more(archive.more)));
    let overlaps = archive
        .overlaps
        .then(|| note("alert", preview::archive_overlaps().to_owned()));
    let empty = (archive.entries == 0).then(|| view! { <p class="muted">{preview::empty()}</p> });
    let title = archive.folder;
    let title = (!title.is_empty()).then(|| {
        let title = visible_name(&title);
        view! {
            <p>
                <bdi class="mono" data-testid="archive-here">
                    {title}
                </bdi>
            </p>
        }
    });
    view! {
        {overlaps}
        <p class="muted" data-testid="archive-read" data-read=archive.read.to_string()>
            {total}
            " "
            {read}
        </p>
        {title}
        {empty}
        <ul class="archive-list" aria-label=preview::archive_list() aria-busy=move || inside.busy.get().to_string()>
            {up}
            {folders}
            {files}
        </ul>
        {more}
    }
    .into_any()
}

fn line(inside: Inside, file: Entry) -> AnyView {
    let source = Source {
        entry: Some(file.entry),
        ..inside.source.get_value()
    };
    let shown = visible_name(&file.name);
    let size = unit::size(file.size);
    let state = match file.state {
        EntryState::Readable => None,
        EntryState::Encrypted => Some(preview::entry_encrypted()),
        EntryState::Unsupported => Some(preview::entry_unsupported()),
        EntryState::TooLarge => Some(preview::entry_too_large()),
    };
    let name = file.name;
    if let Some(why) = state {
        return view! {
            <li data-testid="archive-file" data-name=name>
                <span class="archive-name">
                    <Icon name="lock" />
                    <bdi>{shown}</bdi>
                </span>
                <small>{size} " · " {why}</small>
            </li>
        }
        .into_any();
    }
    let (bytes, download) = (source.bytes(), source.download());
    let label = preview::download_entry(&shown);
    let words = label.clone();
    let open = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        inside.open(source.clone());
    };
    view! {
        <li data-testid="archive-file" data-name=name>
            <a
                class="archive-name"
                href=bytes
                target="_blank"
                rel="external noopener"
                data-testid="archive-open"
                on:click=open
            >
                <Icon name="file" />
                <bdi>{shown}</bdi>
            </a>
            <small>{size}</small>
            <a
                class="button button-quiet button-icon"
                href=download
                rel="external"
                download=""
                title=label
                data-testid="archive-download"
            >
                <Icon name="download" />
                <span class="sr-only">{words}</span>
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_around_is_known() {
        assert_eq!(around(""), None);
        assert_eq!(around("a/").as_deref(), Some(""));
        assert_eq!(around("a/b/").as_deref(), Some("a/"));
    }
}
