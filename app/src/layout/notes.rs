//! What was said in this session, behind the bell.

use leptos::prelude::*;

use crate::{
    ui::{Clock, Icon, Message, Messages, Moment},
    words::frame,
};

/// The list, the newest first.
pub(super) fn notes() -> AnyView {
    let messages = Messages::here();
    let kept = messages.kept();
    let none = Memo::new(move |_| kept.with(Vec::is_empty));
    view! {
        <Show when=move || none.get()>
            <p class="help">{frame::nothing_said()}</p>
        </Show>
        <ul class="notes-list">
            <For each=move || kept.get() key=|message| (message.id, message.offer.is_some()) let:message>
                {note(messages, message)}
            </For>
        </ul>
        <Show when=move || !none.get()>
            <button
                type="button"
                class="button button-plain w-full"
                data-testid="notes-clear"
                on:click=move |_| messages.clear()
            >
                {frame::clear_notifications()}
            </button>
        </Show>
    }
    .into_any()
}

fn note(messages: Messages, message: Message) -> AnyView {
    let clock = use_context::<Clock>();
    let id = message.id;
    let offer = message.offer.map(|offer| {
        let valid = Memo::new(move |_| {
            let now = clock.and_then(Clock::now);
            offer.until.zip(now).is_none_or(|(until, now)| now < until)
        });
        let word = offer.word;
        view! {
            <Show when=move || valid.get()>
                <button
                    type="button"
                    class="button button-plain"
                    data-testid="note-act"
                    on:click=move |_| messages.accept(id)
                >
                    {word}
                </button>
            </Show>
        }
    });
    view! {
        <li class="note-line" class:note-error=message.error data-testid="note">
            <Icon name=if message.error { "alert" } else { "check" } />
            <div class="note-words">
                <p>
                    {message.text}
                    {message.link.map(|(href, words)| view! { " " <a href=href>{words}</a> })}
                </p>
                {message.at.map(|time| view! { <span class="muted"><Moment time /></span> })}
                {offer}
            </div>
        </li>
    }
    .into_any()
}
