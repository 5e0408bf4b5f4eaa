//! The form of a search: the query, its namespaces, and what is shown.

use catalogue::count;
use leptos::{ev::SubmitEvent, prelude::*};
use model::query::{Fault, MAX_BYTES, parse};

use super::{builder::QueryBuilder, columns::Column, edit::QueryEditor, wanted::Wanted};
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    urls,
    words::search,
};

/// The form. It asks by the address, with scripts and without.
#[component]
pub fn SearchForm(
    wanted: Wanted,
    fault: Option<Fault>,
    /// The tenant whose settings may be seen.
    tenant: Option<String>,
    /// Whether a real HCP is behind.
    hcp: bool,
) -> impl IntoView {
    let typed =
        RwSignal::new(browser::typed("search-query").unwrap_or_else(|| wanted.query.clone()));
    // The fault of the query that was read last, and that query.
    let fault = RwSignal::new(fault.map(|fault| (wanted.query.clone(), fault)));
    // Nothing is sent that is known to be wrong.
    let submit = move |event: SubmitEvent| {
        let text = typed.get_untracked();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Err(found) = parse(text) {
            event.prevent_default();
            fault.set(Some((text.to_owned(), found)));
        }
    };
    let hidden = wanted.sort.map(|sort| {
        view! {
            <input type="hidden" name="sort" value=sort.word() />
            {wanted.descending.then(|| view! { <input type="hidden" name="dir" value="desc" /> })}
        }
    });
    view! {
        <form
            method="get"
            action=urls::SEARCH
            class="search-form"
            role="search"
            data-testid="form-search"
            on:submit=submit
        >
            {hidden}
            {query_field(typed, wanted.query.clone(), fault)}
            <QueryBuilder typed tenant hcp />
            <div class="field">
                <label for="search-ns">{search::namespaces()}</label>
                <input
                    id="search-ns"
                    name="ns"
                    class="input"
                    value=wanted.namespaces.join(" ")
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="search-ns-help"
                />
                <p id="search-ns-help" class="help">
                    {search::namespaces_help()}
                </p>
            </div>
            {shown(&wanted)}
            <div class="actions">
                <Button kind="submit" tone=Tone::Primary>
                    {search::find()}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

type Faulty = RwSignal<Option<(String, Fault)>>;

/// The query, how much more may be typed, and what is wrong with it.
fn query_field(typed: RwSignal<String>, first: String, fault: Faulty) -> AnyView {
    let left = move || {
        let left = typed.with(|text| MAX_BYTES.saturating_sub(text.len()));
        search::bytes_left(left as u64)
    };
    let described = move || {
        if fault.with(Option::is_some) {
            concat!("search-left", " ", "search-fault")
        } else {
            "search-left"
        }
    };
    view! {
            <div class="field">
                <label for="search-query">{search::query()}</label>
                <QueryEditor
                    typed
                    first
                    invalid=Signal::derive(move || fault.with(Option::is_some))
                    described=Signal::derive(described)
                />
                <p id="search-left" class="help" data-testid="search-left">
                    {left}
                </p>
                {move || fault.get().map(|(text, fault)| marked(&text, fault))}
            </div>
    }
    .into_any()
}

/// What is shown of the results.
fn shown(wanted: &Wanted) -> AnyView {
    let chosen = wanted.columns().to_vec();
    let columns = Column::ALL.map(|column| {
        view! {
            <label class="search-column">
                <input
                    type="checkbox"
                    name="cols"
                    value=column.word()
                    checked=chosen.contains(&column)
                />
                {column.name()}
            </label>
        }
    });
    let facets = wanted.facets;
    view! {
            <details class="search-shown">
                <summary>{search::shown()}</summary>
                <fieldset class="search-columns">
                    <legend class="sr-only">{search::columns()}</legend>
                    {columns.collect_view()}
                </fieldset>
                <label class="search-column">
                    <input type="checkbox" name="facet" value="1" checked=facets />
                    {search::count_values()}
                </label>
            </details>
    }
    .into_any()
}

/// The query with the place of its fault marked, and what could stand there.
fn marked(text: &str, fault: Fault) -> AnyView {
    let before: String = text.chars().take(fault.position).collect();
    let at: String = text.chars().skip(fault.position).take(1).collect();
    let after: String = text.chars().skip(fault.position + 1).collect();
    // At the end there is nothing to mark but the place.
    let at = if at.trim().is_empty() {
        "\u{2423}".to_owned()
    } else {
        at
    };
    let place = count((fault.position + 1) as u64);
    let expected = fault.expected.join(", ");
    view! {
        <div id="search-fault" class="search-fault" role="alert" data-testid="search-fault">
            <pre class="search-marked" data-position=fault.position.to_string()>
                {before}
                <mark>{at}</mark>
                {after}
            </pre>
            <p class="error">
                <Icon name="alert" />
                <span>{search::fault_at(&place)} " " {fault.message}</span>
            </p>
            {(!expected.is_empty())
                .then(|| {
                    view! {
                        <p class="help" data-testid="search-expected">
                            {search::expected()}
                            " "
                            {expected}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}
