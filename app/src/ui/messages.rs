//! Messages that come and go: toasts for the eye, live regions for the ear. What was said stays to be found
//! again until the session is left.

use std::{sync::Arc, time::Duration};

use leptos::{ev, prelude::*};
use model::Timestamp;

use super::Icon;
use crate::{browser, mine, words::frame};

/// How many seconds a success stays.
const LIFETIME: u32 = 6;
/// How many seconds one stays that something can be done about.
const LIFETIME_OF_ACTION: u32 = 12;
/// How many are seen at once; the rest wait.
const VISIBLE: usize = 3;
/// How many can be found again.
const KEPT: usize = 100;
/// Between two announcements, so that each is heard to its end.
const BREATH: Duration = Duration::from_secs(2);

/// What can be done about a message.
#[derive(Clone)]
pub struct Offer {
    /// The word on the button.
    pub word: &'static str,
    /// Until when it can be done.
    pub until: Option<Timestamp>,
    /// Does it.
    pub run: Arc<dyn Fn() + Send + Sync>,
}

/// Something that was said.
#[derive(Clone)]
pub struct Message {
    /// Its number.
    pub id: u64,
    /// The words.
    pub text: String,
    /// Whether something failed.
    pub error: bool,
    /// When it was said.
    pub at: Option<Timestamp>,
    /// What can be done about it, once.
    pub offer: Option<Offer>,
    /// Where more is told: the address, and what the link to it is called.
    pub link: Option<(String, &'static str)>,
}

impl Message {
    /// The line by which the tab keeps it.
    fn line(&self) -> String {
        let kind = if self.error { '!' } else { '.' };
        let at = self.at.map_or(0, Timestamp::unix_seconds);
        format!("{kind}{at} {}", self.text)
    }

    /// Reads the line. What can be done about it is of the page that said it.
    fn of_line(id: u64, line: &str) -> Option<Self> {
        let error = line.starts_with('!');
        let (at, text) = line.get(1..)?.split_once(' ')?;
        Some(Self {
            id,
            text: text.to_owned(),
            error,
            at: at.parse().ok().and_then(Timestamp::from_unix_seconds),
            offer: None,
            link: None,
        })
    }
}

/// A message in sight, or waiting for a place.
#[derive(Clone)]
struct Toast {
    message: Message,
    /// How many seconds it is still seen; an error stays until it is closed.
    left: Option<u32>,
}

/// Takes messages from anywhere below the root.
#[derive(Clone, Copy)]
pub struct Messages(StoredValue<Board>);

/// What is to be seen and heard.
#[derive(Clone, Copy)]
struct Board {
    toasts: RwSignal<Vec<Toast>>,
    /// All of them, the newest first.
    kept: RwSignal<Vec<Message>>,
    /// How many of them nobody has looked for.
    unseen: RwSignal<usize>,
    next: StoredValue<u64>,
    ticks: StoredValue<bool>,
    polite: Voice,
    alert: Voice,
}

/// A live region.
#[derive(Clone, Copy)]
struct Voice {
    text: RwSignal<String>,
    /// Whether something is being said.
    speaks: StoredValue<bool>,
    /// What is said next.
    next: StoredValue<Option<String>>,
}

impl Voice {
    fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            speaks: StoredValue::new(false),
            next: StoredValue::new(None),
        }
    }

    /// Says it, or keeps it for when the one before was heard; of several that wait the newest is said.
    fn say(self, text: String) {
        if self.speaks.get_value() {
            self.next.set_value(Some(text));
            return;
        }
        self.text.set(text);
        self.speaks.set_value(true);
        set_timeout(
            move || {
                if self
                    .speaks
                    .try_update_value(|speaks| *speaks = false)
                    .is_none()
                {
                    return;
                }
                let waiting = self.next.try_update_value(Option::take);
                if let Some(text) = waiting.flatten() {
                    self.say(text);
                }
            },
            BREATH,
        );
    }
}

impl Messages {
    /// Puts the messages into the context. Called once, at the root.
    pub fn provide() -> Self {
        let messages = Self(StoredValue::new(Board {
            toasts: RwSignal::new(Vec::new()),
            kept: RwSignal::new(Vec::new()),
            unseen: RwSignal::new(0),
            next: StoredValue::new(0),
            ticks: StoredValue::new(false),
            polite: Voice::new(),
            alert: Voice::new(),
        }));
        provide_context(messages);
        Effect::new(move |_| messages.recall());
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
        self.tell(text.into(), false, None, None);
    }

    /// Something worked, and more is told elsewhere: shown for longer.
    pub fn success_with(self, text: impl Into<String>, link: (String, &'static str)) {
        self.tell(text.into(), false, None, Some(link));
    }

    /// Something worked, and something can be done about it: shown for longer.
    pub fn offer(self, text: impl Into<String>, offer: Offer) {
        self.tell(text.into(), false, Some(offer), None);
    }

    /// Something failed: stays until it is closed.
    pub fn error(self, text: impl Into<String>) {
        self.tell(text.into(), true, None, None);
    }

    /// Says something to those who cannot see that it happened.
    pub fn announce(self, text: impl Into<String>) {
        self.board().polite.say(text.into());
    }

    /// All that was said in this session, the newest first.
    pub fn kept(self) -> RwSignal<Vec<Message>> {
        self.board().kept
    }

    /// How many messages nobody has looked for.
    pub fn unseen(self) -> RwSignal<usize> {
        self.board().unseen
    }

    /// Forgets what was said.
    pub fn clear(self) {
        self.board().kept.set(Vec::new());
        self.remember();
    }

    /// Does what a message offers. It can be done once.
    pub fn accept(self, id: u64) {
        let board = self.board();
        let offer = board.kept.try_update(|kept| {
            let message = kept.iter_mut().find(|message| message.id == id);
            message.and_then(|message| message.offer.take())
        });
        self.remove(id);
        if let Some(offer) = offer.flatten() {
            (offer.run)();
        }
    }

    fn tell(
        self,
        text: String,
        error: bool,
        offer: Option<Offer>,
        link: Option<(String, &'static str)>,
    ) {
        let board = self.board();
        let voice = if error { board.alert } else { board.polite };
        voice.say(text.clone());
        let id = board.next.get_value();
        board.next.set_value(id + 1);
        let lifetime = if offer.is_some() || link.is_some() {
            LIFETIME_OF_ACTION
        } else {
            LIFETIME
        };
        let message = Message {
            id,
            text,
            error,
            at: browser::clock().map(|(now, _)| now),
            offer,
            link,
        };
        board.kept.update(|kept| {
            kept.insert(0, message.clone());
            kept.truncate(KEPT);
        });
        board.unseen.update(|unseen| *unseen += 1);
        let left = (!error).then_some(lifetime);
        board
            .toasts
            .update(|toasts| toasts.push(Toast { message, left }));
        self.remember();
        if !board.ticks.get_value() {
            board.ticks.set_value(true);
            self.tick();
        }
    }

    fn remove(self, id: u64) {
        self.board()
            .toasts
            .update(|toasts| toasts.retain(|toast| toast.message.id != id));
    }

    /// Lets the time of the toasts in sight pass, but not while the pointer or the focus is on one.
    fn tick(self) {
        set_timeout(
            move || {
                let Some(board) = self.0.try_get_value() else {
                    return;
                };
                if !browser::is_there(".toasts:hover, .toasts:focus-within") {
                    board.toasts.maybe_update(grow_older);
                }
                if board.toasts.with_untracked(Vec::is_empty) {
                    board.ticks.set_value(false);
                } else {
                    self.tick();
                }
            },
            Duration::from_secs(1),
        );
    }

    fn remember(self) {
        let kept = self.board().kept;
        kept.with_untracked(|kept| mine::keep(mine::MESSAGES, kept.iter().map(Message::line)));
    }

    /// Finds what earlier pages of this session said in this tab.
    fn recall(self) {
        let board = self.board();
        let lines = mine::lines(mine::MESSAGES);
        let mut earlier: Vec<_> = (board.next.get_value()..)
            .zip(&lines)
            .filter_map(|(id, line)| Message::of_line(id, line))
            .collect();
        if !earlier.is_empty() {
            board.next.update_value(|next| *next += lines.len() as u64);
            board.kept.update(|kept| kept.append(&mut earlier));
        }
    }
}

/// A second passes; whether a toast has had its time.
fn grow_older(toasts: &mut Vec<Toast>) -> bool {
    for toast in toasts.iter_mut().take(VISIBLE) {
        toast.left = toast.left.map(|left| left.saturating_sub(1));
    }
    let before = toasts.len();
    toasts.retain(|toast| toast.left != Some(0));
    toasts.len() < before
}

/// The two live regions, there from the first byte.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let board = Messages::here().board();
    view! {
        <div id="live-polite" class="sr-only" role="status">
            {move || board.polite.text.get()}
        </div>
        <div id="live-alert" class="sr-only" role="alert">
            {move || board.alert.text.get()}
        </div>
    }
}

/// The toasts, bottom left.
#[component]
pub fn Toasts() -> impl IntoView {
    let messages = Messages::here();
    let board = messages.board();
    let visible = move || {
        let toasts = board.toasts.read();
        let visible = toasts.iter().take(VISIBLE);
        visible
            .map(|toast| toast.message.clone())
            .collect::<Vec<_>>()
    };
    view! {
        <section class="toasts" aria-label=frame::notifications()>
            <For each=visible key=|message| message.id let:message>
                {toast(messages, message)}
            </For>
        </section>
    }
}

fn toast(messages: Messages, message: Message) -> AnyView {
    let id = message.id;
    let dismiss = move |event: ev::MouseEvent| {
        messages.remove(id);
        // By a key: the focus goes to where the message is found again.
        if event.detail() == 0 {
            browser::focus(".notes-open");
        }
    };
    let offer = message.offer.map(|offer| {
        view! {
            <button
                type="button"
                class="button button-plain"
                data-testid="toast-undo"
                on:click=move |_| messages.accept(id)
            >
                {offer.word}
            </button>
        }
    });
    view! {
        <div class="toast" class:toast-error=message.error data-testid="toast">
            <Icon name=if message.error { "alert" } else { "check" } />
            <p>
                {message.text}
                {message.link.map(|(href, words)| view! { " " <a href=href>{words}</a> })}
            </p>
            {offer}
            <button
                type="button"
                class="button button-quiet button-icon"
                title=frame::dismiss()
                on:click=dismiss
            >
                <Icon name="close" />
                <span class="sr-only">{frame::dismiss()}</span>
            </button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: u64, error: bool) -> Message {
        let line = format!("{}1700000000 message {id}", if error { '!' } else { '.' });
        Message::of_line(id, &line).unwrap()
    }

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let one = message(7, true);
        assert_eq!(one.text, "message 7");
        assert!(one.error);
        assert_eq!(one.at.map(Timestamp::unix_seconds), Some(1_700_000_000));
        assert_eq!(one.line(), "!1700000000 message 7");
        assert!(Message::of_line(1, ".0 ").is_some_and(|message| !message.error));
        for strange in ["", ".", "é", "!1700000000"] {
            assert!(Message::of_line(1, strange).is_none(), "{strange:?}");
        }
    }

    #[test]
    fn time_passes_for_what_is_seen_and_errors_stay() {
        let toast = |id, left: Option<u32>| Toast {
            message: message(id, left.is_none()),
            left,
        };
        let mut toasts = vec![
            toast(1, None),
            toast(2, Some(2)),
            toast(3, Some(1)),
            toast(4, Some(1)),
        ];
        let ids = |toasts: &[Toast]| toasts.iter().map(|t| t.message.id).collect::<Vec<_>>();
        assert!(grow_older(&mut toasts));
        assert_eq!(ids(&toasts), [1, 2, 4], "the fourth has waited");
        assert!(grow_older(&mut toasts));
        assert_eq!(ids(&toasts), [1]);
        assert!(!grow_older(&mut toasts));
        assert_eq!(ids(&toasts), [1]);
    }
}
