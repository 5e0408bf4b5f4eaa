//! What is in the drawer, brought up to date with the address.

use leptos::{prelude::*, task::spawn_local};
use model::Timestamp;

use super::{
    Scene,
    access::AccessPart,
    details::DetailsPart,
    ending,
    head::{Head, Tabs},
    history::VersionsPart,
    preview::PreviewPart,
    properties,
    retention::RetentionPart,
    seen::{Seen, What, look},
    share::SharePart,
    size::Grip,
    summary::Summary,
};
use crate::{
    outcome::Outcome,
    pages::files::{
        look::{Open, Part},
        state::FilesState,
    },
    text::visible_name,
    ui::{Button, Icon},
    urls,
    words::drawer,
};

/// What the parts of one drawer share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    scene: StoredValue<Scene>,
    /// What the address opens.
    pub open: Memo<Open>,
    /// What was found of it; what was found before is not shown.
    pub seen: RwSignal<Option<Seen>>,
    /// When the object that is opened is removed, as far as its part or its row tells.
    pub ends: Memo<Option<Timestamp>>,
    /// Counts how often it is to be asked for anew.
    again: RwSignal<u32>,
    /// Whether the address asks for the form of the properties, or one failed: only when the drawer is first drawn.
    edits: StoredValue<bool>,
}

impl Desk {
    /// The page around it, as long as the drawer is open.
    pub fn scene(self) -> Scene {
        self.scene.get_value()
    }

    /// The state of the folder.
    pub fn state(self) -> FilesState {
        self.scene().window.state
    }

    /// Whether the form of the properties is open from the start.
    pub fn edits(self) -> bool {
        self.edits.get_value()
    }

    /// Whether what a plain form left behind is shown: once.
    pub fn shows_outcome(self) -> bool {
        let shows = self.edits.get_value();
        self.edits.set_value(false);
        shows
    }

    /// Asks the store once more.
    pub fn refresh(self) {
        self.edits.set_value(false);
        self.again.update(|again| *again += 1);
    }

    /// The address of the page with something else opened.
    pub fn address(self, open: Open) -> String {
        self.state().beside(open)
    }

    /// Asks for what the address opens, unless it is there.
    fn follow(self) {
        let state = self.state();
        Effect::new(move |before: Option<u32>| {
            let (open, again) = (self.open.get(), self.again.get());
            let is_there = self
                .seen
                .with_untracked(|seen| seen.as_ref().is_some_and(|seen| seen.is_of(&open)));
            let repeats = before.is_some_and(|before| before != again);
            if open.key.is_empty() || is_there && !repeats {
                return again;
            }
            let bucket = state.bucket.get_value();
            let session = state.session.get_value();
            spawn_local(async move {
                let found = look(bucket, open.clone(), &session, Vec::new()).await;
                let wanted = self.open.try_get_untracked() == Some(open);
                if wanted && self.again.try_get_untracked() == Some(again) {
                    self.seen.try_set(Some(found));
                }
            });
            again
        });
    }
}

/// Whether forms are drawn that need scripts: what the server draws of the drawer is replaced by the living one, and a
/// form that was sent before would reload the page.
pub(super) const fn is_alive() -> bool {
    !cfg!(feature = "ssr")
}

/// Draws it.
pub(super) fn draw(scene: Scene) -> AnyView {
    let state = scene.window.state;
    let first = scene.first.try_update_value(Option::take).flatten();
    let from_server = first.is_some();
    let seen = first.and_then(|text| serde_json::from_str::<Seen>(&text).ok());
    let open = Memo::new(move |_| state.look.with(|look| look.open.clone()));
    let seen = RwSignal::new(seen);
    let desk = Desk {
        scene: StoredValue::new(scene),
        open,
        seen,
        ends: Memo::new(move |_| ends(state, &open.get(), seen)),
        again: RwSignal::new(0),
        edits: StoredValue::new(from_server && asks_to_edit()),
    };
    desk.follow();
    ending::watch(desk);
    #[cfg(feature = "hydrate")]
    browser::live(desk, from_server);
    #[cfg(not(feature = "hydrate"))]
    let _ = (from_server, scene.window, scene.last);
    let is_summary = Memo::new(move |_| desk.open.with(|open| open.key.is_empty()));
    view! {
        <Grip scene />
        <div class="drawer-inside">
            {move || {
                if is_summary.get() {
                    view! { <Summary desk /> }.into_any()
                } else {
                    view! { <Object desk /> }.into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// When an object is removed: as its part tells, else as its row does. Earlier versions stay.
fn ends(state: FilesState, open: &Open, seen: RwSignal<Option<Seen>>) -> Option<Timestamp> {
    if open.key.is_empty() || !open.version.is_empty() {
        return None;
    }
    let of_row = || {
        state.rows.with(|rows| {
            let id = rows.find(&open.key)?;
            rows.entry(id)?.ends
        })
    };
    seen.with(|seen| match seen.as_ref().filter(|seen| seen.is_of(open)) {
        Some(seen) => seen.ends(of_row),
        None => of_row(),
    })
}

/// Whether the page is that of the form of an object's properties.
fn asks_to_edit() -> bool {
    let asked = urls::query().with_untracked(|query| query.get("edit") == Some("properties"));
    asked || Outcome::problem(properties::FORM).is_some()
}

#[component]
fn Object(desk: Desk) -> impl IntoView {
    let part = Memo::new(move |_| desk.open.with(Open::part));
    let body = move || {
        let open = desk.open.get();
        let seen = desk.seen.get().filter(|seen| seen.is_of(&open));
        let Some(seen) = seen else {
            return view! {
                <p class="drawer-wait" aria-busy="true" data-testid="state-loading">
                    {drawer::loading()}
                </p>
            }
            .into_any();
        };
        match seen.what {
            What::Details(details) => view! { <DetailsPart desk details=*details /> }.into_any(),
            What::Preview(looked) => view! { <PreviewPart desk looked=*looked /> }.into_any(),
            What::Versions(history) => {
                view! { <VersionsPart desk key=seen.key history=*history /> }.into_any()
            }
            What::Access(granted) => view! { <AccessPart desk granted=*granted /> }.into_any(),
            What::Retention(kept) => view! { <RetentionPart desk kept=*kept /> }.into_any(),
            What::Share(given) => view! { <SharePart desk given=*given /> }.into_any(),
            What::Failed(_, problem) => missing(desk, &seen.key, &problem),
        }
    };
    view! {
        <Head desk />
        <Tabs desk part />
        <div class="drawer-body">{body}</div>
    }
}

/// What is said where the store tells nothing: a folder that only keys imply, an object that is gone, a refusal.
fn missing(desk: Desk, key: &str, problem: &model::Problem) -> AnyView {
    let shown = visible_name(key);
    let gone = problem.code == model::ErrorCode::ObjectNotFound;
    let (testid, words) = match (gone, key.ends_with('/')) {
        (true, true) => ("state-empty", drawer::folder_of_names().to_owned()),
        (true, false) => ("state-not-found", drawer::gone(&shown)),
        (false, _) => ("state-error", problem.sentence()),
    };
    let request = problem.request_id.clone().filter(|_| !gone);
    view! {
        <div class="drawer-missing" data-testid=testid>
            <p class="note">
                <Icon name=if gone { "info" } else { "alert" } />
                <span>{words}</span>
            </p>
            {request
                .map(|id| {
                    view! {
                        <p class="request-id">
                            <code data-testid="request-id">{id}</code>
                        </p>
                    }
                })}
            <span class="needs-script">
                <Button press=move |_| desk.refresh()>{drawer::try_again()}</Button>
            </span>
        </div>
    }
    .into_any()
}

/// The same object with another part of it.
pub(super) fn with_part(open: &Open, part: Part) -> Open {
    Open {
        tab: part.as_str().to_owned(),
        ..open.clone()
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, prelude::*};
    use wasm_bindgen::JsCast as _;

    use super::{
        super::{before, head::spot, size},
        Desk,
    };
    use crate::{
        browser::{click, focus, is_there},
        layout::keys::{self, is_field},
        pages::files::{grid::NAME, selection::Selection},
    };

    /// Hears keys, follows the list, and gives the focus back in the end.
    pub fn live(desk: Desk, from_server: bool) {
        let scene = desk.scene();
        size::remembered(scene);
        before::carry(desk);
        if !from_server {
            Effect::new(move |_| {
                request_animation_frame(|| focus("#drawer-title"));
            });
        }
        listen(desk);
        Effect::new(move |before: Option<String>| {
            let key = desk.open.with(|open| open.key.clone());
            scene.last.try_set_value(key.clone());
            if before.is_some_and(|before| before != key) {
                tell(desk, &key);
            }
            key
        });
        on_cleanup(move || {
            request_animation_frame(move || {
                let lost = document()
                    .active_element()
                    .is_none_or(|at| at.tag_name() == "BODY");
                if scene.window.state.is_gone() || !lost || is_there("[data-testid=\"drawer\"]") {
                    return;
                }
                let row = scene.last.try_with_value(|key| {
                    let rows = scene.window.state.rows.read_untracked();
                    let id = rows.find(key)?;
                    rows.place_of(id).map(|_| id)
                });
                match row.flatten() {
                    Some(id) => scene.window.focus(id, NAME),
                    None => focus("[data-testid=\"file-grid\"] [tabindex=\"0\"], h1"),
                }
            });
        });
    }

    /// Says which of the list's rows is shown, and brings it into sight.
    fn tell(desk: Desk, key: &str) {
        let state = desk.state();
        if let Some(said) = untrack(|| spot(desk)).map(|spot| spot.words()) {
            state.messages.announce(said);
        }
        let id = state.rows.with_untracked(|rows| rows.find(key));
        if let Some(id) = id {
            state.set_cursor(id, NAME);
            desk.scene().window.reveal(id);
        }
    }

    fn listen(desk: Desk) {
        let heard = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
            let state = desk.state();
            if event.default_prevented()
                || state.is_gone()
                || event.ctrl_key()
                || event.meta_key()
                || event.alt_key()
            {
                return;
            }
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let typing = target.as_ref().is_some_and(is_field);
            if typing || is_there("dialog[open], [popover]:popover-open") {
                return;
            }
            let inside = target.is_some_and(|at| {
                at.closest("[data-testid=\"drawer\"]")
                    .ok()
                    .flatten()
                    .is_some()
            });
            let single = keys::single();
            match event.key().as_str() {
                "Escape" if inside || state.selection.with_untracked(Selection::is_empty) => {
                    click("[data-testid=\"drawer-close\"]");
                }
                "Escape" => state.select(|selection, _| selection.clear()),
                "j" | "J" if single => click("[data-testid=\"drawer-next\"][href]"),
                "k" | "K" if single => click("[data-testid=\"drawer-previous\"][href]"),
                "]" if single => click("[data-testid=\"drawer-close\"]"),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || heard.remove());
    }
}
