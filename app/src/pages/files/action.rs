//! What can be done with the selection or with the folder: the entries of the command bar and of the menu.

use leptos::prelude::*;

use super::{hand::Hand, look::Open, moving::Ask, selection::Selection, state::FilesState};
use crate::{
    text::visible_name,
    upload::use_uploads,
    words::{acts, drawer, files, moving},
};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opens the selected folder or file.
    Open,
    /// Shows what is known of the selected file or folder, or sums up what is selected.
    Properties,
    /// Fetches the selected file.
    Download,
    /// Gives others what is selected.
    Share,
    /// Puts the selected keys on the clipboard.
    CopyPath,
    /// Puts their S3 URIs there.
    CopyUri,
    /// Puts the address of the page there.
    CopyLink,
    /// Shows command lines of other clients.
    Commands,
    /// Counts what is in the selected folders, or in the open one.
    Count,
    /// Gives the selected entry another name.
    Rename,
    /// Copies what is selected.
    Copy,
    /// Moves it.
    Move,
    /// Deletes what is selected.
    Delete,
    /// Stores files.
    Upload,
    /// Stores a folder.
    UploadFolder,
    /// Makes a folder.
    NewFolder,
    /// Lists anew.
    Refresh,
}

impl Action {
    /// The entries of the menu.
    pub const ALL: [Self; 17] = [
        Self::Open,
        Self::Properties,
        Self::Download,
        Self::Share,
        Self::CopyPath,
        Self::CopyUri,
        Self::CopyLink,
        Self::Commands,
        Self::Count,
        Self::Rename,
        Self::Copy,
        Self::Move,
        Self::Delete,
        Self::Upload,
        Self::UploadFolder,
        Self::NewFolder,
        Self::Refresh,
    ];

    #[cfg(feature = "hydrate")]
    /// The action of a key that is pressed alone, or with the shift key. Opening is the key of a row.
    pub fn of_key(key: &str, shift: bool) -> Option<Self> {
        let pressed = crate::layout::keys::pressed(key, false, shift);
        let mut actions = Self::ALL.into_iter().filter(|one| *one != Self::Open);
        actions.find(|action| action.key() == pressed)
    }

    /// The key, for the menu and the list of keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "Enter",
            Self::Properties => "I",
            Self::Download => "D",
            Self::Share => "S",
            Self::CopyPath | Self::CopyUri | Self::CopyLink | Self::Copy => "",
            Self::Commands => "Y",
            Self::Rename => "F2",
            Self::Move => "M",
            Self::Count => "Shift C",
            Self::Delete => "Delete",
            Self::Upload => "U",
            Self::UploadFolder => "Shift U",
            Self::NewFolder => "N",
            Self::Refresh => "R",
        }
    }

    /// Its name in test ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Properties => "properties",
            Self::Download => "download",
            Self::Share => "share",
            Self::CopyPath => "copy-path",
            Self::CopyUri => "copy-uri",
            Self::CopyLink => "copy-link",
            Self::Commands => "commands",
            Self::Count => "count",
            Self::Rename => "rename",
            Self::Copy => "copy",
            Self::Move => "move",
            Self::Delete => "delete",
            Self::Upload => "upload",
            Self::UploadFolder => "upload-folder",
            Self::NewFolder => "new-folder",
            Self::Refresh => "refresh",
        }
    }

    /// What it is called.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => files::open(),
            Self::Properties => drawer::details(),
            Self::Download => files::download(),
            Self::Share => acts::share(),
            Self::CopyPath => files::copy_path(),
            Self::CopyUri => files::copy_uri(),
            Self::CopyLink => files::copy_link(),
            Self::Commands => acts::copy_commands(),
            Self::Count => acts::count_size(),
            Self::Rename => moving::rename(),
            Self::Copy => moving::copy_to(),
            Self::Move => moving::move_to(),
            Self::Delete => files::delete(),
            Self::Upload => files::upload(),
            Self::UploadFolder => files::upload_folder(),
            Self::NewFolder => files::new_folder(),
            Self::Refresh => files::refresh(),
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Open => "chevron",
            Self::Properties => "info",
            Self::Download => "download",
            Self::Share => "link",
            Self::CopyPath | Self::CopyUri | Self::CopyLink | Self::Commands | Self::Copy => "copy",
            Self::Rename => "edit",
            Self::Move => "folder-move",
            Self::Count => "chart",
            Self::Delete => "trash",
            Self::Upload => "upload",
            Self::UploadFolder => "folder-up",
            Self::NewFolder => "folder-plus",
            Self::Refresh => "refresh",
        }
    }

    /// Whether it can be done to nothing that is deleted already.
    fn needs_what_is_there(self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::Download
                | Self::Share
                | Self::Count
                | Self::Rename
                | Self::Copy
                | Self::Move
                | Self::Delete
        )
    }

    /// Why it cannot be done now.
    pub fn reason(self, state: FilesState) -> Option<&'static str> {
        if self.needs_what_is_there() && state.has_chosen_deleted() {
            return Some(files::is_deleted_already());
        }
        let nothing = || state.selection.with(Selection::is_empty);
        match self {
            Self::Open => state.only_chosen().is_none().then(files::needs_one),
            Self::Properties => nothing().then(drawer::needs_selection),
            Self::Download => nothing().then(acts::needs_selection_to_download),
            Self::Share => cannot_share(state),
            Self::Count => {
                let only_files = !nothing()
                    && !state.selection.with(Selection::is_everything)
                    && state.chosen().0.is_empty();
                only_files.then(acts::needs_folder_to_count)
            }
            Self::Rename => state.only_chosen().is_none().then(moving::needs_one),
            Self::CopyPath | Self::CopyUri | Self::Copy | Self::Move => {
                nothing().then(files::needs_selection)
            }
            Self::Delete => nothing().then(files::needs_selection_to_delete),
            Self::CopyLink
            | Self::Commands
            | Self::Upload
            | Self::UploadFolder
            | Self::NewFolder
            | Self::Refresh => None,
        }
    }

    /// Does it.
    pub fn run(self, hand: Hand) {
        let state = hand.state();
        let one = || untrack(|| state.only_chosen());
        match self {
            Self::Open => hand.open_chosen(),
            Self::Properties => properties(state),
            Self::Download => match one().filter(|entry| !entry.is_folder()) {
                Some(entry) => super::download::download(state, &entry),
                None => hand.acts.download(),
            },
            Self::Share => hand.acts.share(),
            Self::CopyPath => copy_path(state),
            Self::CopyUri => copy_uri(state),
            Self::CopyLink => state.copy_link(),
            Self::Commands => hand.acts.commands(),
            Self::Count => hand.acts.count(),
            Self::Delete => hand.acts.delete(),
            Self::Rename => state.moving.ask(Ask::Rename),
            Self::Copy => state.moving.ask(Ask::Copy),
            Self::Move => state.moving.ask(Ask::Move),
            Self::Upload => choose(state, false),
            Self::UploadFolder => choose(state, true),
            Self::NewFolder => state.new_folder.open(),
            Self::Refresh => {
                state.refresh(move || state.messages.announce(files::up_to_date()));
            }
        }
    }
}

/// Files are shared by a link each, a folder by itself.
fn cannot_share(state: FilesState) -> Option<&'static str> {
    let (presign, links) = state.session.with_value(|session| {
        let features = &session.features;
        (features.presign, features.links)
    });
    if state.selection.with(Selection::is_everything) {
        return Some(acts::needs_files_to_share());
    }
    let (folders, files) = state.chosen();
    let can = match (folders.len(), files.len()) {
        (1, 0) => links,
        (_, 0) => false,
        (_, 1) => links || presign,
        _ => presign,
    };
    (!can).then(acts::needs_files_to_share)
}

/// Opens the drawer: with the one that is selected, or with a summary.
fn properties(state: FilesState) {
    let address = untrack(|| {
        let open = match state.only_chosen() {
            Some(entry) => state.look.get().open.key(&entry.key),
            None => Open::summary(),
        };
        state.beside(open)
    });
    crate::browser::follow_in_place(&address);
}

fn choose(state: FilesState, folder: bool) {
    let (bucket, prefix) = (state.bucket.get_value(), state.prefix.get_value());
    use_uploads().choose(&bucket, &prefix, folder, false);
}

/// Puts what is selected, or the folder, on the clipboard.
pub(super) fn copy_path(state: FilesState) {
    copy(state, ToOwned::to_owned);
}

/// Puts the S3 URIs of what is selected, or of the folder, on the clipboard.
pub(super) fn copy_uri(state: FilesState) {
    let bucket = state.bucket.with_value(ToString::to_string);
    copy(state, |key| format!("s3://{bucket}/{key}"));
}

/// Puts one line per selected entry on the clipboard, or one for the folder.
fn copy(state: FilesState, line: impl Fn(&str) -> String) {
    let (folders, files) = untrack(|| state.chosen());
    let mut lines: Vec<String> = folders
        .iter()
        .chain(&files)
        .map(|entry| line(&entry.key))
        .collect();
    if lines.is_empty() {
        lines.push(state.prefix.with_value(|prefix| line(prefix)));
    }
    crate::browser::copy(&lines.join("\n"));
    let said = match lines.as_slice() {
        [one] => format!("{}: {}", files::copied(), visible_name(one)),
        _ => files::copied().to_owned(),
    };
    state.messages.success(said);
}
