//! The heading of a page.

use leptos::{html, prelude::*};
use leptos_meta::Title;

use crate::{browser, urls};

/// Set once the first page has been hydrated; what is shown after that was navigated to.
#[derive(Clone, Copy)]
pub struct Settled(pub RwSignal<bool>);

/// The page's `h1` and title. After a navigation the focus goes here, so that a screen reader and
/// the keyboard begin where the new content begins.
#[component]
pub fn PageTitle(
    /// The heading.
    #[prop(into)]
    heading: String,
    /// The document's title, without the product's name.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    let settled = use_context::<Settled>();
    let here = urls::current();
    Effect::new(move |_| {
        let navigated = settled.is_some_and(|settled| settled.0.get_untracked());
        // The heading is made before it is put into the document.
        request_animation_frame(move || {
            if let Some(Some(node)) = node.try_get_untracked()
                && navigated
            {
                let _ = node.focus();
            }
            // When the router has done what it does with the address.
            request_animation_frame(move || {
                if let Some(here) = here.try_get_untracked() {
                    browser::keep_address(&here);
                }
            });
        });
    });
    view! {
        <Title text=format!("{title} · Hako") />
        <h1 node_ref=node tabindex="-1" class="page-title" data-testid="page-title">
            <bdi>{heading}</bdi>
        </h1>
    }
}
