//! What is to be known of one file beside its line, and its key as long as that can be another one.

use leptos::{ev, prelude::*};

use super::{Uploads, Wish, row::Stop, view::RowView, words};
use crate::{
    text::visible_name,
    ui::{Button, Tone},
    unit,
    words::uploads,
};

/// The details of one file, folded until somebody asks.
#[component]
pub(super) fn Details(
    uploads: Uploads,
    view: RwSignal<RowView>,
    stop: Stop,
    name: String,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.id);
    let list = uploads.state.list;
    let open = Memo::new(move |_| list.opened.with(|opened| opened.contains(&id)));
    let shown_name = name.clone();
    let panel = format!("uploads-details-{}", id.number());
    let controls = panel.clone();
    view! {
        <Button
            tone=Tone::Quiet
            attr:aria-expanded=move || if open.get() { "true" } else { "false" }
            attr:aria-controls=controls
            attr:tabindex=move || stop.tabindex()
            attr:data-testid="upload-details"
            press=move |_| list.open_details(id, !open.get_untracked())
        >
            {uploads::details()}
            <span class="sr-only">{uploads::of_upload(&shown_name)}</span>
        </Button>
        <div id=panel class="w-full" hidden=move || !open.get()>
            <Show when=move || open.get()>
                <Facts view />
                <KeyForm uploads view stop name=name.clone() />
            </Show>
        </div>
    }
}

/// A term and its value.
fn fact(
    term: &'static str,
    value: impl IntoView + 'static,
    test_id: &'static str,
) -> impl IntoView {
    view! {
        <div class="flex flex-wrap gap-x-3">
            <dt class="min-w-20 text-(color:--muted)">{term}</dt>
            <dd class="min-w-0 flex-1 break-words" data-testid=test_id>
                {value}
            </dd>
        </div>
    }
}

#[component]
fn Facts(view: RwSignal<RowView>) -> impl IntoView {
    let text = move |of: fn(&RowView) -> Option<String>| Memo::new(move |_| view.with(of));
    let line = move |term, of: fn(&RowView) -> Option<String>, test_id| {
        let text = text(of);
        move || text.get().map(|text| fact(term, text, test_id))
    };
    view! {
        <dl class="flex flex-col gap-1 py-1 text-xs">
            {line(uploads::target(), |view| {
                Some(visible_name(&format!("{}/{}", view.row.bucket, view.row.key)))
            }, "details-target")}
            {line(uploads::size(), |view| Some(unit::exact_bytes(view.row.size)), "details-size")}
            {line(uploads::state_done(), |view| Some(unit::exact_bytes(view.row.progress.stored)), "details-stored")}
            {line(uploads::on_its_way(), |view| {
                let bytes = view.row.progress.in_flight;
                (bytes > 0).then(|| unit::exact_bytes(bytes))
            }, "details-sent")}
            {line(uploads::rate(), |view| view.rate.map(unit::rate), "details-rate")}
            {line(uploads::remaining(), |view| view.seconds_left.map(unit::time_left), "details-left")}
            {line(uploads::parts(), words::parts, "details-parts")}
            {line(uploads::way(), |view| Some(words::route(view.row.route).1.to_owned()), "details-route")}
        </dl>
    }
}

/// Another key, as long as nothing was sent.
#[component]
fn KeyForm(uploads: Uploads, view: RwSignal<RowView>, stop: Stop, name: String) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.id);
    let can_rename = Memo::new(move |_| view.with(|view| view.row.can_rename));
    let refusal = Memo::new(move |_| {
        let refused = uploads.state.refused.with(Clone::clone);
        refused.filter(|(of, _)| *of == id).map(|(_, why)| why)
    });
    let node = NodeRef::<leptos::html::Input>::new();
    let field = format!("uploads-key-{}", id.number());
    let hint = format!("{field}-hint");
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = node.get_untracked() {
            uploads.wish(Wish::Rename(id, input.value()));
        }
    };
    let (name, field, hint) = (
        StoredValue::new(name),
        StoredValue::new(field),
        StoredValue::new(hint),
    );
    view! {
        <Show when=move || can_rename.get()>
            <form class="flex flex-col gap-1 py-1" on:submit=submit>
                <label class="text-xs font-semibold" for=field.get_value()>
                    {uploads::key()} <span class="sr-only">{uploads::of_name(&name.get_value())}</span>
                </label>
                <div class="flex flex-wrap gap-1">
                    <input
                        node_ref=node
                        id=field.get_value()
                        class="input min-w-0 flex-1"
                        prop:value=view.with_untracked(|view| view.row.key.clone())
                        tabindex=move || stop.tabindex()
                        spellcheck="false"
                        autocomplete="off"
                        aria-describedby=hint.get_value()
                        aria-invalid=move || refusal.get().is_some().then_some("true")
                        data-testid="upload-key"
                    />
                    <Button
                        kind="submit"
                        attr:tabindex=move || stop.tabindex()
                        attr:data-testid="upload-rename"
                    >
                        {uploads::use_this_key()}
                    </Button>
                </div>
                <p id=hint.get_value() class="text-xs text-(color:--muted)">
                    {move || match refusal.get() {
                        Some(why) => {
                            view! {
                                <span class="text-(color:--danger)" data-testid="upload-key-error">
                                    {why}
                                </span>
                            }
                                .into_any()
                        }
                        None => {
                            uploads::whole_key()
                                .into_any()
                        }
                    }}
                </p>
            </form>
        </Show>
    }
}
