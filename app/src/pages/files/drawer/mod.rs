//! What is opened beside the list: one object, or a summary of what is selected.
//!
//! Its code comes by itself when something is first opened. Where the address names something, the server draws
//! it as a part of the page, which works without scripts; the browser puts the living one in its place.

mod access;
mod annotations;
#[cfg(feature = "hydrate")]
mod before;
mod details;
mod ending;
mod head;
mod history;
mod live;
mod preview;
mod properties;
mod retention;
mod seen;
mod share;
mod size;
mod summary;
mod tags;

pub(crate) use self::retention::RetentionValue;
use leptos::{prelude::*, task::spawn_local};
use model::{Problem, session::Session};

use super::{
    look::{Look, Open},
    state::FilesState,
    window::Window,
};
use crate::{layout::title::Settled, pages::versions::COMPARED, urls, words::drawer};

/// What the address opens, as the server has looked at it: as text, so that the page reads it only with the code
/// that shows it.
#[derive(Clone, Copy)]
pub struct Opened(Resource<Option<String>>);

impl Opened {
    /// What the address of the page opens, when it is first loaded.
    pub fn new(bucket: String, session: Resource<Result<Session, Problem>>) -> Self {
        let (open, compared) =
            urls::query().with_untracked(|query| (Look::parse(query).0.open, query.all(COMPARED)));
        let asked = Resource::new_blocking(
            || (),
            move |()| first(bucket.clone(), open.clone(), compared.clone(), session),
        );
        Self(asked)
    }

    /// It, once it is there.
    #[cfg(feature = "ssr")]
    pub async fn get(self) -> Option<String> {
        self.0.await
    }

    /// What came with the page. Nothing is waited for: a page that waits after its folder is there may be given
    /// up before it is shown.
    #[cfg(not(feature = "ssr"))]
    #[expect(clippy::unused_async, reason = "waits on the server")]
    pub async fn get(self) -> Option<String> {
        self.0.get_untracked().flatten()
    }
}

#[cfg(feature = "ssr")]
async fn first(
    bucket: String,
    open: Open,
    compared: Vec<String>,
    session: Resource<Result<Session, Problem>>,
) -> Option<String> {
    if open.key.is_empty() {
        return None;
    }
    let session = session.await.ok()?;
    let bucket = model::BucketName::parse(bucket).ok()?;
    let seen = seen::look(bucket, open, &session, compared).await;
    serde_json::to_string(&seen).ok()
}

/// Whoever comes by a link has the code ask.
#[cfg(not(feature = "ssr"))]
async fn first(
    _bucket: String,
    _open: Open,
    _compared: Vec<String>,
    _session: Resource<Result<Session, Problem>>,
) -> Option<String> {
    std::future::ready(None).await
}

/// What the parts share.
#[derive(Clone, Copy)]
struct Scene {
    window: Window,
    /// What the server has looked at, until it is shown.
    first: StoredValue<Option<String>>,
    /// Whether it covers the whole page.
    is_full: RwSignal<bool>,
    /// The width that somebody gave it, in pixels.
    width: RwSignal<Option<i32>>,
    /// The key that was shown last.
    last: StoredValue<String>,
}

type Draw = fn(Scene) -> AnyView;

/// The code below this function is fetched when it is first called.
#[leptos::lazy]
fn files_drawer() -> Draw {
    live::draw
}

/// The drawer, as long as the address opens something.
#[component]
pub fn Drawer(state: FilesState, window: Window, seen: Option<String>) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    let scene = Scene {
        window,
        first: StoredValue::new(seen.filter(|_| !settled.get_untracked())),
        is_full: RwSignal::new(false),
        width: RwSignal::new(None),
        last: StoredValue::new(String::new()),
    };
    let draw = RwSignal::new(None::<Draw>);
    let is_open = Memo::new(move |_| state.look.with(|look| look.open.is_open()));
    Effect::new(move |_| {
        if is_open.get() && draw.with_untracked(Option::is_none) {
            spawn_local(async move {
                let arrived = files_drawer().await;
                draw.try_set(Some(arrived));
            });
        }
    });
    #[cfg(feature = "ssr")]
    let plain = if is_open.get_untracked() {
        live::draw(scene).to_html()
    } else {
        String::new()
    };
    // Hydration leaves what the server wrote there as it is.
    #[cfg(not(feature = "ssr"))]
    let plain = String::new();
    let plain = StoredValue::new(plain);
    let content = move || match draw.get() {
        Some(draw) => draw(scene),
        None => view! { <div class="drawer-plain" inner_html=plain.get_value()></div> }.into_any(),
    };
    view! {
        <Show when=move || is_open.get()>
            <aside
                class="drawer"
                class:is-full=move || scene.is_full.get()
                style:width=move || scene.width.get().map(|width| format!("{width}px"))
                tabindex="-1"
                aria-label=drawer::details()
                data-testid="drawer"
            >
                {content}
            </aside>
        </Show>
    }
}
