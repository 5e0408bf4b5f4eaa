//! Buttons, and links that look like them.

use leptos::{ev::MouseEvent, prelude::*};

use crate::layout::title::Settled;

/// How much weight a button has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// The one thing that a page or dialog is for.
    Primary,
    /// Any other action.
    #[default]
    Plain,
    /// An action without a frame, in bars and menus.
    Quiet,
    /// An action that takes something away.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button button-plain",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button. With a `reason` it stays reachable, says why it cannot be used, and does nothing. Where
/// no scripts run the reason is never shown: then the server decides.
#[component]
pub fn Button(
    /// How much weight it has.
    #[prop(optional)]
    tone: Tone,
    /// `button` or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    /// Why it cannot be used now.
    #[prop(optional, into)]
    reason: Signal<Option<&'static str>>,
    /// What it does.
    ///
    /// Not `on:click`: what is put on a component from outside stays when its view is drawn anew in the same place,
    /// and would do what the view before was for.
    #[prop(optional, into)]
    press: Option<Callback<MouseEvent>>,
    /// The words, with an icon where there is one.
    children: Children,
) -> impl IntoView {
    let settled = use_context::<Settled>();
    let reason = Signal::derive(move || {
        let settled = settled.is_some_and(|settled| settled.0.get());
        reason.get().filter(|_| settled)
    });
    let click = move |event: MouseEvent| {
        if reason.get_untracked().is_some() {
            event.prevent_default();
            event.stop_immediate_propagation();
        } else if let Some(press) = press {
            // The button may still be seen while the page that it belonged to is replaced.
            let _gone = press.try_run(event);
        }
    };
    view! {
        <button
            type=kind
            class=tone.class()
            aria-disabled=move || reason.get().map(|_| "true")
            title=move || reason.get()
            aria-description=move || reason.get()
            on:click=click
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button: it leads somewhere, also without scripts.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much weight it has.
    #[prop(optional)]
    tone: Tone,
    /// What it does instead, where scripts run; as of [`Button`].
    #[prop(optional, into)]
    press: Option<Callback<MouseEvent>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if let Some(press) = press {
            let _gone = press.try_run(event);
        }
    };
    view! {
        <a href=move || href.get() class=tone.class() on:click=click>
            {children()}
        </a>
    }
}
