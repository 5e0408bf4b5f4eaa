//! Messages that come and go: toasts for the eye, live regions for the ear.

use std::time::Duration;

use leptos::prelude::*;

use super::Icon;

/// How long a success stays.
const LIFETIME: Duration = Duration::from_secs(6);
/// How many are seen at once; the rest wait.
const VISIBLE: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u64,
    text: String,
    error: bool,
}

/// Takes messages from anywhere below the root.
#[derive(Clone, Copy)]
pub struct Messages(StoredValue<Board>);

/// What is to be seen and heard.
#[derive(Clone, Copy)]
struct Board {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    polite: RwSignal<String>,
    alert: RwSignal<String>,
    held: RwSignal<bool>,
}

impl Messages {
    /// Puts the messages into the context. Called once, at the root.
    pub fn provide() -> Self {
        let messages = Self(StoredValue::new(Board {
            toasts: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            polite: RwSignal::new(String::new()),
            alert: RwSignal::new(String::new()),
            held: RwSignal::new(false),
        }));
        provide_context(messages);
        messages
    }

    /// The messages of this page.
    pub fn here() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    fn board(self) -> Board {
        self.0.get_value()
    }

    /// Something worked: shown for a while and announced.
    pub fn success(self, text: impl Into<String>) {
        let text = text.into();
        self.announce(text.clone());
        let id = self.add(text, false);
        self.expire(id);
    }

    /// Something failed: stays until it is closed.
    pub fn error(self, text: impl Into<String>) {
        let text = text.into();
        self.board().alert.set(text.clone());
        self.add(text, true);
    }

    /// Says something to those who cannot see that it happened.
    pub fn announce(self, text: impl Into<String>) {
        self.board().polite.set(text.into());
    }

    fn add(self, text: String, error: bool) -> u64 {
        let board = self.board();
        let id = board.next.get_value();
        board.next.set_value(id + 1);
        board
            .toasts
            .update(|toasts| toasts.push(Toast { id, text, error }));
        id
    }

    fn remove(self, id: u64) {
        self.board()
            .toasts
            .update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    /// Removes a toast when its time is over; while the pointer or the focus is on one, time stops.
    fn expire(self, id: u64) {
        set_timeout(
            move || {
                if self.board().held.get_untracked() {
                    self.expire(id);
                } else {
                    self.remove(id);
                }
            },
            LIFETIME,
        );
    }
}

/// The two live regions, there from the first byte.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let board = Messages::here().board();
    view! {
        <div id="live-polite" class="sr-only" role="status">
            {move || board.polite.get()}
        </div>
        <div id="live-alert" class="sr-only" role="alert">
            {move || board.alert.get()}
        </div>
    }
}

/// The toasts, bottom left.
#[component]
pub fn Toasts() -> impl IntoView {
    let messages = Messages::here();
    let board = messages.board();
    let visible = move || {
        board
            .toasts
            .with(|toasts| toasts.iter().take(VISIBLE).cloned().collect::<Vec<_>>())
    };
    view! {
        <section
            class="toasts"
            aria-label="Notifications"
            on:mouseenter=move |_| board.held.set(true)
            on:mouseleave=move |_| board.held.set(false)
            on:focusin=move |_| board.held.set(true)
            on:focusout=move |_| board.held.set(false)
        >
            <For each=visible key=|toast| toast.id let:toast>
                <div class="toast" class:toast-error=toast.error data-testid="toast">
                    <Icon name=if toast.error { "alert" } else { "check" } />
                    <p>{toast.text.clone()}</p>
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        title="Dismiss"
                        on:click=move |_| {
                            board.held.set(false);
                            messages.remove(toast.id);
                        }
                    >
                        <Icon name="close" />
                        <span class="sr-only">"Dismiss"</span>
                    </button>
                </div>
            </For>
        </section>
    }
}
