//! What the browser shows itself: pictures, sound, film, PDF.

use leptos::prelude::*;
use model::preview::{Kind, limit};

use super::Panel;
use crate::{
    pages::files::listing::base,
    text::visible_name,
    ui::{LinkButton, Tone},
    unit,
    words::preview,
};

/// How a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pose {
    /// In percent of its size; none where it fits.
    zoom: Option<u32>,
    /// In quarter turns.
    turn: u32,
    ground: usize,
}

/// The steps of the zoom, in percent.
const ZOOMS: [u32; 9] = [10, 25, 50, 75, 100, 150, 200, 400, 800];
/// What stands behind a picture.
const GROUNDS: [&str; 3] = ["checks", "light", "dark"];

impl Pose {
    fn zoomed(self, larger: bool) -> Self {
        let now = self.zoom.unwrap_or(100);
        let next = if larger {
            ZOOMS.iter().find(|zoom| **zoom > now)
        } else {
            ZOOMS.iter().rev().find(|zoom| **zoom < now)
        };
        Self {
            zoom: Some(*next.unwrap_or(&now)),
            ..self
        }
    }
}

#[component]
pub(super) fn MediaPart(panel: Panel, kind: Kind, size: u64, name: String) -> impl IntoView {
    let source = panel.source.get_value();
    let most = kind.shown_by_browser().unwrap_or_default();
    // Of an entry of an archive no ranges can be read: all of it comes.
    let most = if source.entry.is_some() {
        most.min(limit::IMAGE)
    } else {
        most
    };
    let address = source.bytes();
    let loaded = RwSignal::new(size <= most);
    let name = visible_name(name.get(base(&name)..).unwrap_or(&name));
    let words = preview::load(&unit::size(size));
    let link = address.clone();
    let content = move || {
        if !loaded.get() {
            let words = words.clone();
            let load = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                loaded.set(true);
            };
            return view! {
                <p>
                    {preview::large(&unit::size(most))}
                </p>
                <LinkButton
                    href=link.clone()
                    attr:target="_blank"
                    attr:rel="external noopener"
                    attr:data-testid="preview-load"
                    press=load
                >
                    {words}
                </LinkButton>
            }
            .into_any();
        }
        let (address, name) = (address.clone(), name.clone());
        match kind {
            Kind::Image => picture(panel, address, name),
            Kind::Video => view! {
                <video
                    controls
                    preload="metadata"
                    src=address
                    aria-label=name
                    data-testid="preview-video"
                ></video>
            }
            .into_any(),
            Kind::Audio => view! {
                <audio
                    controls
                    preload="metadata"
                    src=address
                    aria-label=name
                    data-testid="preview-audio"
                ></audio>
            }
            .into_any(),
            _ => document(address, name),
        }
    };
    view! { <div class="preview-media">{content}</div> }.into_any()
}

#[expect(clippy::too_many_lines, reason = "it is a view")]
fn picture(panel: Panel, address: String, name: String) -> AnyView {
    let pose = RwSignal::new(Pose {
        zoom: None,
        turn: 0,
        ground: 0,
    });
    let width = RwSignal::new(None::<f64>);
    let image = NodeRef::<leptos::html::Img>::new();
    // Zooming is in relation to the picture's own size, which is known when it is there.
    let arrived = move || {
        #[cfg(feature = "hydrate")]
        if let Some(image) = image.get_untracked() {
            width.set(Some(f64::from(image.natural_width())).filter(|width| *width > 0.0));
        }
    };
    let broken = move |_| panel.wrong.set(Some(preview::broken_picture().to_owned()));
    // By properties, and not as a text: the page allows no styles in its elements.
    let zoomed = move || {
        let (zoom, width) = (pose.get().zoom?, width.get()?);
        Some(format!("{}px", width * f64::from(zoom) / 100.0))
    };
    let free = move || pose.get().zoom.map(|_| "none");
    let turned = move || Some(pose.get().turn * 90).filter(|turn| *turn > 0);
    let turned = move || turned().map(|turn| format!("{turn}deg"));
    let said = move || match pose.get().zoom {
        Some(zoom) => preview::percent(&unit::count(u64::from(zoom))),
        None => preview::fits().to_owned(),
    };
    let tool = move |words: &'static str, sign: &'static str, act: fn(Pose) -> Pose| {
        view! {
            <button
                type="button"
                class="button button-quiet button-icon"
                title=words
                on:click=move |_| {
                    arrived();
                    pose.update(|pose| *pose = act(*pose));
                }
            >
                <span aria-hidden="true">{sign}</span>
                <span class="sr-only">{words}</span>
            </button>
        }
    };
    let label = preview::picture_view(&name);
    view! {
        <div class="preview-bar needs-script" role="group" aria-label=preview::picture_tools()>
            {tool(preview::zoom_out(), "−", |pose| pose.zoomed(false))}
            <span class="preview-zoom" role="status" data-testid="preview-zoom">
                {said}
            </span>
            {tool(preview::zoom_in(), "+", |pose| pose.zoomed(true))}
            {tool(preview::fit(), "⤢", |pose| Pose { zoom: None, ..pose })}
            {tool(
                preview::rotate(),
                "⟳",
                |pose| Pose {
                    turn: (pose.turn + 1) % 4,
                    ..pose
                },
            )}
            {tool(
                preview::background(),
                "◩",
                |pose| Pose {
                    ground: (pose.ground + 1) % GROUNDS.len(),
                    ..pose
                },
            )}
        </div>
        <div
            class="preview-picture"
            data-ground=move || GROUNDS[pose.get().ground]
            data-turned=move || (pose.get().turn % 2 == 1).then_some("")
            tabindex="0"
            role="group"
            aria-label=label
        >
            <img
                node_ref=image
                src=address
                alt=name
                style:width=zoomed
                style:max-width=free
                style:rotate=turned
                decoding="async"
                data-testid="preview-image"
                on:load=move |_| arrived()
                on:error=broken
            />
        </div>
    }
    .into_any()
}

/// A PDF in a frame, where the browser has a viewer; else, and without scripts, a link.
fn document(address: String, name: String) -> AnyView {
    let framed = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| framed.set(crate::browser::shows_pdf()));
    let title = preview::pdf_view(&name);
    let content = move || {
        let address = address.clone();
        if framed.get() {
            return view! {
                <iframe
                    class="preview-frame"
                    src=address
                    title=title.clone()
                    data-testid="preview-pdf"
                ></iframe>
            }
            .into_any();
        }
        view! {
            <p>{preview::no_viewer()}</p>
            <LinkButton
                href=address
                tone=Tone::Plain
                attr:target="_blank"
                attr:rel="external noopener"
                attr:data-testid="preview-open"
            >
                {preview::open_pdf()}
            </LinkButton>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_goes_in_steps_and_stops() {
        let mut pose = Pose {
            zoom: None,
            turn: 0,
            ground: 0,
        };
        pose = pose.zoomed(true);
        assert_eq!(pose.zoom, Some(150));
        for _ in 0..20 {
            pose = pose.zoomed(true);
        }
        assert_eq!(pose.zoom, Some(800));
        for _ in 0..20 {
            pose = pose.zoomed(false);
        }
        assert_eq!(pose.zoom, Some(10));
    }
}
