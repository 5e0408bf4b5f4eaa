//! What is done with files and folders by more than one click. Its code is large and not needed at first
//! sight, so it comes by itself when something of it is first asked for.

mod archive;
mod commands;
mod count;
mod delete;
mod fetch;
#[cfg(feature = "ssr")]
mod plain;
mod plan;
mod restore;
pub(super) mod share;

use leptos::{prelude::*, task::spawn_local};
use model::{job::CountJobs, presign::PresignRequest};

pub(super) use self::restore::Gone;
use super::{pending::Pending, state::FilesState, window::Window};
use crate::{
    api, browser,
    layout::jobs::{Jobs, use_jobs},
    ui::ModalHandle,
};

/// The way to the dialogs of a folder and to their code.
#[derive(Clone, Copy)]
pub struct Acts(StoredValue<Scene>);

/// What they share.
#[derive(Clone, Copy)]
struct Scene {
    state: FilesState,
    window: Window,
    pending: Pending,
    jobs: Jobs,
    commands: ModalHandle,
    share: ModalHandle,
    count: ModalHandle,
    large: ModalHandle,
    /// The archive that waits for a word because it is large.
    wanted: StoredValue<Option<archive::Wanted>>,
    surfaces: RwSignal<Option<Draw>>,
}

type Draw = fn(Acts) -> AnyView;

/// What comes by itself.
struct Part {
    draw: Draw,
    delete: fn(Acts),
    download: fn(Acts),
    fetch: fn(FilesState, PresignRequest),
    restore: fn(FilesState, Gone),
}

/// The code below this function is fetched when it is first called.
#[leptos::lazy]
fn files_acts() -> Part {
    Part {
        draw: |acts| {
            view! {
                <delete::DeleteDialog acts />
                <commands::CommandsDialog acts />
                <share::ShareDialog acts />
                <count::CountDialog acts />
                <archive::LargeDialog acts />
            }
            .into_any()
        },
        delete: delete::ask,
        download: archive::download,
        fetch: fetch::fetch,
        restore: restore::restore,
    }
}

/// The code. It is not asked for where nobody answers: code that cannot be fetched ends the page's program. A browser
/// that sees no network still reaches a Hako on the same machine.
async fn part(state: FilesState) -> Option<Part> {
    if !browser::is_online() && api::call(CountJobs).await.is_err() {
        state.failed(&api::no_answer());
        return None;
    }
    Some(files_acts().await)
}

/// Fetches one object by an address that is signed for it.
pub(super) fn fetch(state: FilesState, request: PresignRequest) {
    spawn_local(async move {
        if let Some(part) = part(state).await {
            (part.fetch)(state, request);
        }
    });
}

/// Brings a deleted file back.
pub(super) fn restore(state: FilesState, gone: Gone) {
    spawn_local(async move {
        match part(state).await {
            Some(part) => (part.restore)(state, gone),
            None => gone.busy.set(false),
        }
    });
}

impl Acts {
    /// Of a folder.
    pub fn new(state: FilesState, window: Window, pending: Pending) -> Self {
        Self(StoredValue::new(Scene {
            state,
            window,
            pending,
            jobs: use_jobs(),
            commands: ModalHandle::new(false),
            share: ModalHandle::new(false),
            count: ModalHandle::new(false),
            large: ModalHandle::new(false),
            wanted: StoredValue::new(None),
            surfaces: RwSignal::new(None),
        }))
    }

    /// As long as the folder is shown.
    fn scene(self) -> Scene {
        self.0.get_value()
    }

    /// Does something with the code, as soon as it is there.
    fn with(self, act: impl FnOnce(Part) + 'static) {
        spawn_local(async move {
            let Some(state) = self.0.try_with_value(|scene| scene.state) else {
                return;
            };
            let Some(part) = part(state).await else {
                return;
            };
            let Some(surfaces) = self.0.try_with_value(|scene| scene.surfaces) else {
                return;
            };
            if surfaces.with_untracked(Option::is_none) {
                surfaces.set(Some(part.draw));
            }
            act(part);
        });
    }

    /// Deletes what is selected, after a question or a moment.
    pub fn delete(self) {
        self.with(move |part| (part.delete)(self));
    }

    /// Fetches what is selected as one archive.
    pub fn download(self) {
        self.with(move |part| (part.download)(self));
    }

    /// Shows command lines for what is selected, or for the folder.
    pub fn commands(self) {
        self.with(move |_| self.scene().commands.open());
    }

    /// Gives others what is selected.
    pub fn share(self) {
        self.with(move |_| self.scene().share.open());
    }

    /// Counts what is in the selected folders, or in the open one.
    pub fn count(self) {
        self.with(move |_| self.scene().count.open());
    }
}

/// The dialogs, once one of them was asked for.
#[component]
pub fn Surfaces(acts: Acts) -> impl IntoView {
    let surfaces = acts.scene().surfaces;
    move || surfaces.get().map(|draw| draw(acts))
}

/// What the address asks: to delete what it selects. Without scripts the question is part of the page.
#[component]
pub fn Asked(acts: Acts, asked: bool) -> impl IntoView {
    let state = acts.scene().state;
    let asked = asked
        && !state
            .selection
            .with_untracked(super::selection::Selection::is_empty);
    Effect::new(move |_| {
        if asked {
            acts.delete();
        }
    });
    #[cfg(feature = "ssr")]
    let question = asked.then(|| plain::question(state));
    // Hydration leaves what a `noscript` holds as it is.
    #[cfg(not(feature = "ssr"))]
    let question = asked.then(String::new);
    question.map(|question| view! { <noscript inner_html=question></noscript> })
}
