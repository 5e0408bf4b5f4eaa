//! The query while somebody types it: its pieces in colours, and what could stand at the caret.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    bucket::ListBuckets,
    query::{Kind, Mark, Property, Typing, marked, names, typing},
};

use crate::{api, browser, text::in_area, words::search};

/// Offers in the list at most.
const SHOWN: usize = 8;

/// What could stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    /// What is put in.
    text: String,
    /// What it is.
    kind: &'static str,
}

/// What is offered, and the bytes of the query whose place it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Offers {
    from: usize,
    to: usize,
    all: Vec<Offer>,
}

/// The field with the query.
#[derive(Clone, Copy)]
struct Editor {
    typed: RwSignal<String>,
    field: NodeRef<html::Textarea>,
    /// Whether the page is alive: before that the field shows its text itself.
    live: RwSignal<bool>,
    /// Empty where the list is shut.
    offers: RwSignal<Offers>,
    active: RwSignal<Option<usize>>,
    /// The namespaces, once they were asked for.
    namespaces: RwSignal<Option<Vec<String>>>,
}

/// The field, its colours and its list. Without scripts it is a plain field.
#[component]
pub(super) fn QueryEditor(
    /// What is typed.
    typed: RwSignal<String>,
    /// What the page came with.
    first: String,
    /// Whether there is a fault in it.
    #[prop(into)]
    invalid: Signal<bool>,
    /// The ids of what describes the field.
    #[prop(into)]
    described: Signal<&'static str>,
) -> impl IntoView {
    let editor = Editor {
        typed,
        field: NodeRef::new(),
        live: RwSignal::new(false),
        offers: RwSignal::new(Offers::default()),
        active: RwSignal::new(None),
        namespaces: RwSignal::new(None),
    };
    Effect::new(move |_| editor.live.set(true));
    let begin = typed.get_untracked();
    // What was typed before the page was alive is drawn afterwards: the first drawing is the server's.
    let mirror = move || {
        let live = editor.live.get();
        typed.with(|text| pieces(if live { text } else { &first }))
    };
    view! {
        <div class="query-edit" class:query-live=move || editor.live.get()>
            <div class="query-area">
                <pre class="query-mirror mono" aria-hidden="true" data-testid="query-mirror">
                    {mirror}
                </pre>
                <textarea
                    id="search-query"
                    name="query"
                    class="input input-area mono"
                    rows="3"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="search"
                    placeholder=search::example()
                    node_ref=editor.field
                    prop:value=move || typed.get()
                    aria-invalid=move || invalid.get().then_some("true")
                    aria-describedby=move || described.get()
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-controls="query-offers"
                    aria-activedescendant=move || editor.active.get().map(offer_id)
                    data-testid="search-query"
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        editor.look(false);
                    }
                    on:keydown=move |event| editor.key(&event)
                    on:click=move |_| editor.shut()
                    on:blur=move |_| editor.shut()
                    inner_html=in_area(&begin)
                ></textarea>
            </div>
            {list(editor)}
        </div>
    }
    .into_any()
}

/// What is offered.
fn list(editor: Editor) -> AnyView {
    let is_open = Memo::new(move |_| editor.offers.with(|offers| !offers.all.is_empty()));
    let count = move || {
        let count = editor.offers.with(|offers| offers.all.len() as u64);
        (count > 0).then(|| search::offers(count))
    };
    view! {
            <ul
                id="query-offers"
                class="query-offers"
                role="listbox"
                aria-label=search::offered()
                hidden=move || !is_open.get()
                data-testid="query-offers"
            >
                {move || {
                    let all = editor.offers.with(|offers| offers.all.clone());
                    all.into_iter()
                        .enumerate()
                        .map(|(at, offer)| line(editor, at, offer))
                        .collect_view()
                }}
            </ul>
            <div class="sr-only" role="status">
                {count}
            </div>
    }
    .into_any()
}

fn offer_id(at: usize) -> String {
    format!("query-offer-{at}")
}

fn line(editor: Editor, at: usize, offer: Offer) -> AnyView {
    let is_active = move || editor.active.get() == Some(at);
    view! {
        <li
            id=offer_id(at)
            class="query-offer"
            role="option"
            aria-selected=move || if is_active() { "true" } else { "false" }
            data-testid="query-offer"
            // The focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| editor.take(at)
        >
            <bdi class="mono">{offer.text}</bdi>
            <span class="query-kind">{offer.kind}</span>
        </li>
    }
    .into_any()
}

/// The query in its pieces. The end is never an empty line, which would have no height.
fn pieces(text: &str) -> AnyView {
    let mut all = Vec::new();
    let mut end = 0;
    let mut push = |class: &'static str, from: usize, to: usize| {
        let piece = text.get(from..to).unwrap_or_default().to_owned();
        if !piece.is_empty() {
            all.push(view! { <span class=class>{piece}</span> });
        }
    };
    for piece in marked(text) {
        push("", end, piece.from);
        push(class_of(piece.mark), piece.from, piece.to);
        end = piece.to;
    }
    push("", end, text.len());
    all.push(view! { <span class="">{"\u{200b}".to_owned()}</span> });
    all.into_any()
}

fn class_of(mark: Mark) -> &'static str {
    match mark {
        Mark::Field | Mark::Colon(_) => "q-field",
        Mark::Operator => "q-operator",
        Mark::Bracket(_) => "q-bracket",
        Mark::Range => "q-range",
        Mark::Word => "",
        Mark::Value(_) => "q-value",
        Mark::Quoted(_) => "q-quoted",
    }
}

impl Editor {
    /// Where the caret is, in bytes; `None` while something is selected.
    fn caret(self) -> Option<usize> {
        #[cfg(feature = "hydrate")]
        {
            let field = self.field.get_untracked()?;
            let (from, to) = (field.selection_start().ok()??, field.selection_end().ok()??);
            let text = field.value();
            (from == to).then(|| bytes_of(&text, from as usize))
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (self.field, bytes_of("", 0));
            None
        }
    }

    /// Offers what could stand at the caret; `asked`: also where nothing is typed yet.
    fn look(self, asked: bool) {
        let offers = self.offered(asked).unwrap_or_default();
        self.active.set(None);
        if self.offers.with_untracked(|shown| *shown != offers) {
            self.offers.set(offers);
        }
    }

    fn offered(self, asked: bool) -> Option<Offers> {
        let caret = self.caret()?;
        let text = self.typed.get_untracked();
        let (before, behind) = text.split_at_checked(caret)?;
        // In the middle of a word nothing is put in.
        if behind.starts_with(|c: char| !c.is_whitespace() && !"):]}".contains(c)) {
            return None;
        }
        let (from, typing) = typing(before)?;
        if let Typing::Value(Property::Namespace, _) = typing {
            self.ask();
        }
        let namespaces = self.namespaces.get_untracked().unwrap_or_default();
        let all = fitting(typing, &namespaces, asked, behind.starts_with(':'));
        let to = caret;
        Some(Offers { from, to, all })
    }

    /// Asks for the namespaces, once.
    fn ask(self) {
        if self.namespaces.with_untracked(Option::is_some) {
            return;
        }
        self.namespaces.set(Some(Vec::new()));
        spawn_local(async move {
            // Where they are not told, they are typed.
            if let Ok(list) = api::call(ListBuckets).await {
                let names = list.buckets.into_iter().map(|bucket| bucket.name);
                let names = names.collect();
                if self.namespaces.try_set(Some(names)).is_none() {
                    self.look(false);
                }
            }
        });
    }

    fn shut(self) {
        self.active.set(None);
        self.offers.set(Offers::default());
    }

    fn is_open(self) -> bool {
        self.offers.with_untracked(|offers| !offers.all.is_empty())
    }

    fn key(self, event: &ev::KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let open = self.is_open();
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        match event.key().as_str() {
            "ArrowDown" if open => self.step(true),
            "ArrowUp" if open => self.step(false),
            "ArrowDown" if event.alt_key() => self.look(true),
            " " if event.ctrl_key() => self.look(true),
            "Escape" if open => self.shut(),
            "Tab" if open && plain && !event.shift_key() => {
                self.take(self.active.get_untracked().unwrap_or_default());
            }
            "Enter" if plain && !event.shift_key() => match self.active.get_untracked() {
                Some(at) if open => self.take(at),
                // Nothing was chosen: what is typed is meant.
                _ => {
                    self.shut();
                    browser::click("[data-testid=\"form-search\"] button[type=\"submit\"]");
                }
            },
            "ArrowLeft" | "ArrowRight" | "Home" | "End" if open => return self.shut(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The next offer, or the one before; at the ends it goes round.
    fn step(self, down: bool) {
        let count = self.offers.with_untracked(|offers| offers.all.len());
        let Some(last) = count.checked_sub(1) else {
            return;
        };
        let next = match (self.active.get_untracked(), down) {
            (None, true) => 0,
            (None | Some(0), false) => last,
            (Some(at), true) if at >= last => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) => at - 1,
        };
        self.active.set(Some(next));
    }

    /// Puts an offer in.
    fn take(self, at: usize) {
        let Offers { from, to, all } = self.offers.get_untracked();
        let Some(offer) = all.get(at) else { return };
        let text = self.typed.get_untracked();
        let (Some(before), Some(behind)) = (text.get(..from), text.get(to..)) else {
            return self.shut();
        };
        // The colon is there already where a name before it is typed anew.
        let put = match offer.text.strip_suffix(':') {
            Some(name) if behind.starts_with(':') => name,
            _ => &offer.text,
        };
        let head = format!("{before}{put}");
        let whole = format!("{head}{behind}");
        self.shut();
        self.put(&whole, &head);
        self.typed.set(whole);
        self.look(false);
    }

    /// Writes into the field, and sets the caret behind what stands before it.
    fn put(self, text: &str, before: &str) {
        #[cfg(feature = "hydrate")]
        if let Some(field) = self.field.get_untracked() {
            field.set_value(text);
            let at = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = field.set_selection_range(at, at);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (self.field, text, before);
    }
}

/// How many bytes stand before a place that is counted in UTF-16, as browsers do.
fn bytes_of(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// What fits to what is typed: what begins with it first, then what holds it.
fn fitting(typing: Typing<'_>, namespaces: &[String], asked: bool, colon: bool) -> Vec<Offer> {
    let (begun, all): (&str, Vec<Offer>) = match typing {
        Typing::Name("") if !asked => return Vec::new(),
        Typing::Name(begun) => {
            let offer = |(name, kind): (&'static str, Kind)| {
                // What ends in a point goes on.
                let end = if name.ends_with('.') || colon {
                    ""
                } else {
                    ":"
                };
                Offer {
                    text: format!("{name}{end}"),
                    kind: kind_of(kind),
                }
            };
            (begun, names().map(offer).collect())
        }
        Typing::Value(Property::Namespace, begun) => {
            let offer = |name: &String| Offer {
                text: name.clone(),
                kind: search::namespace(),
            };
            (begun, namespaces.iter().map(offer).collect())
        }
        Typing::Value(property, begun) if property.facts().kind == Kind::Flag => {
            let offer = |word: &str| Offer {
                text: word.to_owned(),
                kind: search::kind_flag(),
            };
            (begun, ["true", "false"].map(offer).to_vec())
        }
        Typing::Value(..) => return Vec::new(),
    };
    let plain = begun.to_lowercase();
    let place = |offer: &Offer| offer.text.to_lowercase().find(&plain);
    let mut found: Vec<_> = all
        .into_iter()
        .filter_map(|offer| place(&offer).map(|at| (at > 0, offer)))
        .collect();
    found.sort_by_key(|(later, _)| *later);
    // What is typed to its end is not offered.
    if let [(_, only)] = found.as_slice()
        && only.text == begun
    {
        return Vec::new();
    }
    found.truncate(SHOWN);
    found.into_iter().map(|(_, offer)| offer).collect()
}

fn kind_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => search::kind_text(),
        Kind::Number => search::kind_number(),
        Kind::Milliseconds | Kind::Time => search::kind_time(),
        Kind::Flag => search::kind_flag(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(before: &str, asked: bool) -> Vec<String> {
        let namespaces = ["archive", "my-archive", "sets"].map(str::to_owned);
        let Some((_, typing)) = typing(before) else {
            return Vec::new();
        };
        let found = fitting(typing, &namespaces, asked, false);
        found.into_iter().map(|offer| offer.text).collect()
    }

    #[test]
    fn what_begins_with_what_is_typed_comes_first() {
        assert_eq!(offered("siz", false), ["size:"]);
        assert_eq!(offered("a AND HOL", false), ["hold:"]);
        assert_eq!(offered("custommetadata.", false), ["customMetadata."]);
        assert_eq!(offered("namespace:arch", false), ["archive", "my-archive"]);
        assert_eq!(
            offered("namespace:(sets ar", false),
            ["archive", "my-archive"]
        );
        assert_eq!(offered("hold:", false), ["true", "false"]);
        assert!(offered("hold:true", false).is_empty());
        assert!(offered("", false).is_empty() && offered("size:", true).is_empty());
        assert_eq!(offered("", true).len(), SHOWN);
        assert!(offered("nothing-like-it", false).is_empty());
    }

    #[test]
    fn places_of_browsers_are_read() {
        for (units, bytes) in [(0, 0), (1, 1), (2, 3), (4, 7), (9, 8)] {
            assert_eq!(bytes_of("aö😀b", units), bytes, "{units}");
        }
    }
}
