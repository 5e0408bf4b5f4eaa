//! Several files, or folders, as one ZIP archive, which the browser fetches like any download. What is in
//! folders is counted first: very large archives are better fetched by other clients.

use leptos::{prelude::*, task::spawn_local};
use model::{
    Endpoint as _,
    task::{MAX_ARCHIVED, Selection, StartArchive, StatsTask},
};

use super::{
    super::{listing::base, state::FilesState},
    Acts,
    commands::Lines,
    count::{Sum, count},
    plan::everything,
};
use crate::{
    browser,
    ui::{Button, Icon, Modal, Tone},
    unit, urls,
    words::acts,
};

/// From so many objects or bytes on, an archive is called large.
const MANY: u64 = 10_000;
const MUCH: u64 = 4 << 30;

/// An archive that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    selection: Selection,
    objects: u64,
    bytes: u64,
}

impl Wanted {
    fn is_large(&self) -> bool {
        self.objects > MANY || self.bytes > MUCH
    }

    fn is_too_large(&self) -> bool {
        self.objects > MAX_ARCHIVED as u64
    }
}

/// Fetches what is selected, after a question where it is much.
pub(super) fn download(acts: Acts) {
    let state = acts.scene().state;
    let (folders, files) = untrack(|| state.chosen());
    let is_all = everything(state).is_some_and(|rule| rule.filter.is_empty());
    let (prefixes, files) = if is_all {
        (vec![state.prefix.get_value()], Vec::new())
    } else {
        (
            folders.into_iter().map(|folder| folder.key).collect(),
            files,
        )
    };
    let base = state
        .prefix
        .with_value(|prefix| prefix.get(..base(prefix)).unwrap_or_default().to_owned());
    if !prefixes.is_empty() {
        state.messages.announce(acts::archive_counting());
    }
    spawn_local(async move {
        let mut sum = Sum::of(&files);
        for prefix in &prefixes {
            let go_on = |_: &StatsTask| !state.is_gone();
            // What cannot be counted can be fetched still.
            if let Ok(Some(task)) = count(state, prefix.clone(), go_on).await {
                sum = sum.with(&task);
            }
        }
        if state.is_gone() {
            return;
        }
        let selection = Selection {
            keys: files.into_iter().map(|file| file.key).collect(),
            prefixes,
            prefix: None,
            base: Some(base).filter(|base| !base.is_empty()),
        };
        let wanted = Wanted {
            selection: whole(selection),
            objects: sum.objects,
            bytes: sum.bytes,
        };
        if wanted.is_large() {
            acts.scene().wanted.set_value(Some(wanted));
            acts.scene().large.open();
        } else {
            fetch(state, wanted.selection);
        }
    });
}

/// A whole bucket is said by the field that may be empty.
fn whole(selection: Selection) -> Selection {
    if selection.prefixes == [""] {
        return Selection {
            prefixes: Vec::new(),
            prefix: Some(String::new()),
            ..selection
        };
    }
    selection
}

/// Has the browser take the archive.
fn fetch(state: FilesState, selection: Selection) {
    let request = StartArchive {
        bucket: state.bucket.get_value(),
        selection: selection.clone(),
    };
    let path = request.path();
    let tenant = state.session.with_value(|session| session.tenant.clone());
    let action = tenant.and_then(|tenant| urls::within(&path, &tenant));
    let keys = selection.keys.into_iter().map(|key| ("keys", key));
    let prefixes = selection.prefixes.into_iter().map(|key| ("prefixes", key));
    let prefix = selection.prefix.into_iter().map(|key| ("prefix", key));
    let base = selection.base.into_iter().map(|key| ("base", key));
    let fields: Vec<_> = keys.chain(prefixes).chain(prefix).chain(base).collect();
    browser::post(&action.unwrap_or(path), &fields);
    state.messages.success(acts::archive_begins());
}

/// The question before a large archive.
#[component]
pub(super) fn LargeDialog(acts: Acts) -> impl IntoView {
    let title = Signal::derive(|| acts::archive_title().to_owned());
    view! {
        <Modal handle=acts.scene().large title back=acts.scene().state.here() testid="archive-dialog">
            <Large acts />
        </Modal>
    }
}

#[component]
fn Large(acts: Acts) -> impl IntoView {
    acts.scene()
        .wanted
        .get_value()
        .map(|wanted| view! { <Hint acts wanted /> })
}

#[component]
fn Hint(acts: Acts, wanted: Wanted) -> impl IntoView {
    let objects = unit::count(wanted.objects);
    let too_large = wanted.is_too_large();
    let text = if too_large {
        acts::archive_too_large(&objects, &unit::count(MAX_ARCHIVED as u64))
    } else {
        acts::archive_large(&objects, &unit::size(wanted.bytes))
    };
    let go = move |_| {
        acts.scene().large.close();
        fetch(acts.scene().state, wanted.selection.clone());
    };
    let go_on = (!too_large).then(|| {
        view! {
            <Button tone=Tone::Primary attr:data-testid="archive-go" press=go>
                <Icon name="download" />
                {acts::archive_go()}
            </Button>
        }
    });
    view! {
        <div class="modal-body commands">
            <p data-testid="archive-hint">{text}</p>
            <Lines state=acts.scene().state />
        </div>
        <div class="modal-foot">
            <Button attr:autofocus=true press=move |_| acts.scene().large.close()>
                {acts::close()}
            </Button>
            {go_on}
        </div>
    }
}
