//! The rules as an XML document, in step with the cards, and what differs between two of them.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use model::cors::{
    CorsDocument, CorsRule, DOCUMENT_MAX, DocumentFault, Line, ReadCorsDocument, difference,
};

use super::state::{CorsState, PlainFields};
use crate::{api, text::in_area, ui::Icon, unit, words};

/// How long nothing is typed before the document is read.
const PAUSE: Duration = Duration::from_millis(400);
/// Lines that get a number.
const NUMBERED: usize = 2_000;

#[component]
pub(super) fn Document(state: CorsState) -> impl IntoView {
    let fault = RwSignal::new(None::<DocumentFault>);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if fault.with_untracked(Option::is_none) && untrack(|| state.is_changed()) {
            state.save();
        }
    };
    let typed = move |event: ev::Event| {
        state.xml.set(event_target_value(&event));
        let handle = set_timeout_with_handle(move || read(state, fault), PAUSE);
        waiting.update_value(|waiting| {
            if let Some(before) = waiting.take() {
                before.clear();
            }
            *waiting = handle.ok();
        });
    };
    // The cards write a new document: what was wrong with the old one is gone.
    Effect::new(move |before: Option<String>| {
        let xml = state.xml.get();
        if before.is_some_and(|before| before != xml) {
            fault.set(None);
        }
        xml
    });
    let may = state.can_configure();
    let size = move || {
        let bytes = state.xml.with(String::len);
        words::cors::size_of(&unit::size(bytes as u64), &unit::size(DOCUMENT_MAX as u64))
    };
    view! {
        <section class="cors-document" aria-labelledby="cors-document">
            <h2 id="cors-document" class="section-title">
                {words::cors::as_xml()}
            </h2>
            <form method="post" action=state.here() data-testid="form-cors-xml" on:submit=submit>
                <PlainFields state change="document" />
                <div class="code" class:is-wrong=move || fault.with(Option::is_some)>
                    <Numbers xml=state.xml fault />
                    <textarea
                        id="field-xml"
                        name="xml"
                        class="mono"
                        wrap="off"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="none"
                        readonly=!may
                        rows=move || lines(&state.xml.read()).to_string()
                        aria-labelledby="cors-document"
                        aria-invalid=move || fault.with(|fault| fault.is_some().then_some("true"))
                        aria-describedby="cors-size error-xml"
                        data-testid="cors-xml"
                        prop:value=move || state.xml.get()
                        on:input=typed
                        inner_html=state.xml.with_untracked(|xml| in_area(xml))
                    ></textarea>
                </div>
                <p id="cors-size" class="help" data-testid="cors-size">
                    {size}
                </p>
                <div id="error-xml" role="status">
                    {move || fault.get().map(told)}
                </div>
                {may
                    .then(|| {
                        view! {
                            <noscript>
                                <button type="submit" class="button button-primary">
                                    {words::cors::save_xml()}
                                </button>
                            </noscript>
                        }
                    })}
            </form>
        </section>
    }
}

fn told(fault: DocumentFault) -> AnyView {
    let (line, column) = (fault.line.to_string(), fault.column.to_string());
    view! {
        <p class="error" data-testid="error-xml" data-line=line.clone()>
            <Icon name="alert" />
            <span>{words::cors::wrong_at(&line, &column, &fault.message)}</span>
        </p>
    }
    .into_any()
}

fn lines(text: &str) -> usize {
    text.matches('\n').count() + 1
}

/// The numbers of the lines, with a mark where something is wrong.
#[component]
fn Numbers(xml: RwSignal<String>, fault: RwSignal<Option<DocumentFault>>) -> impl IntoView {
    let count = Memo::new(move |_| lines(&xml.read()).min(NUMBERED));
    let wrong =
        Memo::new(move |_| fault.with(|fault| fault.as_ref().map(|fault| fault.line as usize)));
    view! {
        <ol class="code-lines mono" aria-hidden="true">
            {move || {
                let wrong = wrong.get();
                (1..=count.get())
                    .map(|line| {
                        view! { <li class:is-wrong=wrong == Some(line)>{line.to_string()}</li> }
                    })
                    .collect_view()
            }}
        </ol>
    }
}

/// Has the server read what was typed, and shows it as cards; what is wrong changes nothing.
fn read(state: CorsState, fault: RwSignal<Option<DocumentFault>>) {
    if state.is_gone() {
        return;
    }
    let xml = state.xml.get_untracked();
    let request = ReadCorsDocument {
        bucket: state.bucket.get_value(),
        body: CorsDocument { xml: xml.clone() },
    };
    spawn_local(async move {
        let answer = api::call(request).await;
        // What was typed meanwhile is read on its own.
        if state.is_gone() || state.xml.get_untracked() != xml {
            return;
        }
        match answer {
            Ok(reading) if reading.fault.is_none() => {
                fault.set(None);
                state.take_rules(reading.cors_rules);
            }
            Ok(reading) => fault.set(reading.fault),
            Err(problem) => state.problem.set(Some(problem)),
        }
    });
}

/// What differs between two documents, line by line.
#[component]
pub(super) fn Difference(before: Vec<CorsRule>, after: Vec<CorsRule>) -> impl IntoView {
    let lines = difference(&before, &after)
        .into_iter()
        .map(|line| {
            let (mark, class, text) = match line {
                Line::Same(text) => (" ", "diff-same", text),
                Line::Gone(text) => ("-", "diff-gone", text),
                Line::New(text) => ("+", "diff-new", text),
            };
            view! { <span class=class>{format!("{mark} {text}\n")}</span> }
        })
        .collect_view();
    view! {
        <pre class="cors-diff mono" data-testid="cors-diff" tabindex="0" aria-label=words::cors::difference()>
            {lines}
        </pre>
    }
}
