//! The searches that this browser keeps: those with a name, and the last ones that were run.

use std::sync::Arc;

use leptos::{ev, html, prelude::*};

use super::{
    memory::{Memory, NAME_MAX, Saved, as_name, wanted},
    wanted::Wanted,
};
use crate::{
    browser,
    text::visible_name,
    ui::{Button, Icon, Messages, Offer, Tone},
    words::search,
};

/// What the parts share.
#[derive(Clone, Copy)]
struct Shelf {
    person: StoredValue<String>,
    memory: RwSignal<Memory>,
    /// The saved search whose name is being changed.
    renamed: RwSignal<Option<String>>,
    messages: Messages,
}

impl Shelf {
    /// Changes what is kept, as it is now: another tab may have changed it.
    fn change<T>(self, change: impl FnOnce(&mut Memory) -> T) -> Option<T> {
        let person = self.person.try_get_value()?;
        let mut memory = Memory::of(&person);
        let changed = change(&mut memory);
        memory.keep(&person);
        self.memory.try_set(memory);
        Some(changed)
    }

    fn look(self) {
        self.memory.set(self.person.with_value(|of| Memory::of(of)));
    }

    fn forget(self, name: &str) {
        let Some(Some(gone)) = self.change(|memory| memory.forget(name)) else {
            return;
        };
        browser::focus("#searches-panel h2");
        let text = search::forgotten(&visible_name(name));
        let back = move || {
            let Saved { name, address } = &gone;
            self.change(|memory| memory.save(name, address));
        };
        let offer = Offer {
            word: search::undo(),
            until: None,
            run: Arc::new(back),
        };
        self.messages.offer(text, offer);
    }
}

/// The button and its panel.
#[component]
pub(super) fn KeptSearches(
    /// Whose they are.
    person: String,
    /// The search of the page.
    present: Wanted,
    /// Whether it was run.
    ran: bool,
) -> impl IntoView {
    let shelf = Shelf {
        person: StoredValue::new(person),
        memory: RwSignal::new(Memory::default()),
        renamed: RwSignal::new(None),
        messages: Messages::here(),
    };
    let last = present.clone();
    Effect::new(move |_| {
        if ran {
            shelf.change(|memory| memory.ran(&last));
        } else {
            shelf.look();
        }
    });
    view! {
        <button
            type="button"
            class="button button-plain needs-script searches-open"
            popovertarget="searches-panel"
            data-testid="searches-open"
            on:click=move |_| shelf.look()
        >
            <Icon name="clock" />
            {search::searches()}
        </button>
        <div
            id="searches-panel"
            class="panel searches-panel"
            popover="auto"
            role="group"
            aria-label=search::searches()
            data-testid="searches-panel"
        >
            {ran.then(|| view! { <Keep shelf address=present.at(0).address() /> })}
            <h2 class="section-title" tabindex="-1">
                {search::saved()}
            </h2>
            <ul class="searches-lines" data-testid="searches-saved">
                <For
                    each=move || shelf.memory.with(|memory| memory.saved.clone())
                    key=|one| (one.name.clone(), one.address.clone())
                    let:one
                >
                    {saved(shelf, one)}
                </For>
            </ul>
            <Show when=move || shelf.memory.with(|memory| memory.saved.is_empty())>
                <p class="help">{search::none_saved()}</p>
            </Show>
            {recent(shelf)}
        </div>
    }
    .into_any()
}

/// A link that leads to a search and shuts the panel.
fn link(address: &str, name: Option<&str>) -> AnyView {
    let of = wanted(address).unwrap_or_default();
    let query = visible_name(&of.query);
    let within = of.namespaces.join(" ");
    let within = (!within.is_empty()).then(|| search::only_in(&within));
    view! {
        <a
            href=address.to_owned()
            class="searches-link"
            on:click=|_| browser::hide_popover("#searches-panel:popover-open")
        >
            {name.map(|name| view! { <bdi class="searches-name">{visible_name(name)}</bdi> })}
            {(!query.is_empty()).then(|| view! { <bdi class="mono searches-query">{query}</bdi> })}
            {within.map(|text| view! { <span class="help">{text}</span> })}
        </a>
    }
    .into_any()
}

/// The form that saves the search of the page.
#[component]
fn Keep(shelf: Shelf, address: String) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let reason = Signal::derive(move || {
        name.with(|name| as_name(name).is_none())
            .then(search::name_first)
    });
    let is_taken = move || {
        let name = name.with(|name| as_name(name));
        name.is_some_and(|name| {
            shelf
                .memory
                .with(|memory| memory.saved.iter().any(|one| one.name == name))
        })
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(named) = as_name(&name.get_untracked()) {
            shelf.change(|memory| memory.save(&named, &address));
            shelf
                .messages
                .announce(search::kept_as(&visible_name(&named)));
            name.set(String::new());
        }
    };
    view! {
        <form class="searches-keep" data-testid="searches-keep" on:submit=save>
            <label for="searches-name">{search::save_as()}</label>
            <div class="searches-row">
                <input
                    id="searches-name"
                    class="input"
                    maxlength=NAME_MAX.to_string()
                    autocomplete="off"
                    prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event))
                />
                <Button kind="submit" tone=Tone::Primary reason>
                    {search::save()}
                </Button>
            </div>
            <p class="help" hidden=move || !is_taken()>
                {search::name_taken()}
            </p>
        </form>
    }
    .into_any()
}

fn saved(shelf: Shelf, one: Saved) -> AnyView {
    let own = one.name.clone();
    let is_renamed = Memo::new(move |_| {
        shelf
            .renamed
            .with(|renamed| renamed.as_deref() == Some(own.as_str()))
    });
    let shown = visible_name(&one.name);
    let name = StoredValue::new(one.name.clone());
    let (rename_word, forget_word) = (search::rename(&shown), search::forget(&shown));
    view! {
        <li data-testid="search-saved">
            <Show
                when=move || is_renamed.get()
                fallback={
                    let one = one.clone();
                    move || link(&one.address, Some(&one.name))
                }
            >
                <Rename shelf from=name.get_value() />
            </Show>
            <button
                type="button"
                class="button button-quiet button-icon"
                title=rename_word.clone()
                aria-label=rename_word
                on:click=move |_| shelf.renamed.set(Some(name.get_value()))
            >
                <Icon name="edit" />
            </button>
            <button
                type="button"
                class="button button-quiet button-icon"
                title=forget_word.clone()
                aria-label=forget_word
                on:click=move |_| shelf.forget(&name.get_value())
            >
                <Icon name="trash" />
            </button>
        </li>
    }
    .into_any()
}

#[component]
fn Rename(shelf: Shelf, from: String) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let first = from.clone();
    Effect::new(move |_| {
        if let Some(field) = node.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let done = move || {
        shelf.renamed.set(None);
        browser::focus("#searches-panel h2");
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let to = node.get_untracked().map(|field| field.value());
        shelf.change(|memory| memory.rename(&from, &to.unwrap_or_default()));
        done();
    };
    // The panel stays.
    let leave = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            done();
        }
    };
    view! {
        <form class="searches-row" on:submit=save on:keydown=leave>
            <input
                class="input"
                aria-label=search::new_name()
                maxlength=NAME_MAX.to_string()
                autocomplete="off"
                value=first
                node_ref=node
                data-testid="search-new-name"
            />
            <Button kind="submit">{search::save()}</Button>
        </form>
    }
    .into_any()
}

fn recent(shelf: Shelf) -> AnyView {
    let clear = move |_| {
        shelf.change(|memory| memory.recent.clear());
        browser::focus("#searches-panel h2");
    };
    view! {
        <div class="command-head">
            <h2 class="section-title">{search::recent()}</h2>
            <Show when=move || shelf.memory.with(|memory| !memory.recent.is_empty())>
                <Button tone=Tone::Quiet attr:data-testid="searches-clear" press=clear>
                    {search::clear()}
                </Button>
            </Show>
        </div>
        <ul class="searches-lines" data-testid="searches-recent">
            <For
                each=move || shelf.memory.with(|memory| memory.recent.clone())
                key=Clone::clone
                let:address
            >
                <li>{link(&address, None)}</li>
            </For>
        </ul>
        <p class="help">{search::kept_here()}</p>
    }
    .into_any()
}
