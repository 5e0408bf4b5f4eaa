//! What an object holds, shown beside the list: as far as its limit, and nothing of it that could run.
//!
//! What is parsed comes from the server as plain values and is drawn as text. What the browser shows itself, it
//! fetches from an answer of its own, whose policy lets nothing run.

mod archive;
mod markdown;
mod media;
mod table;
mod text;
mod tree;

use leptos::{prelude::*, task::spawn_local};
use model::{
    ObjectKey, Problem,
    preview::{Archive, Content, Form, GetPreview, Kind, Plainer, Preview, Source, Wanted, limit},
};
use serde::{Deserialize, Serialize};

use self::{
    archive::ArchivePart, markdown::MarkdownPart, media::MediaPart, table::TablePart,
    text::TextPart, tree::TreePart,
};
use super::live::Desk;
use crate::{
    api,
    pages::files::look::Open,
    ui::{Button, Icon, Tone},
    unit,
    words::preview,
};

/// What was found of an object's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Looked {
    /// What it is, and its beginning.
    pub preview: Preview,
    /// What lies in it, where it is an archive.
    pub archive: Option<Result<Archive, Problem>>,
}

/// What one content is shown by.
#[derive(Clone, Copy)]
struct Panel {
    desk: Desk,
    source: StoredValue<Source>,
    shown: RwSignal<Preview>,
    /// How it is read, as far as somebody said.
    wanted: StoredValue<Wanted>,
    /// Counts the questions: what is asked last is shown.
    turn: StoredValue<u32>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
}

impl Panel {
    fn new(desk: Desk, source: Source, preview: Preview) -> Self {
        Self {
            desk,
            source: StoredValue::new(source),
            shown: RwSignal::new(preview),
            wanted: StoredValue::new(Wanted::default()),
            turn: StoredValue::new(0),
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
        }
    }

    /// Asks for another part of the content; a failure is told where the content is.
    fn ask(self, wanted: Wanted, done: impl FnOnce(Preview) + 'static) {
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        let source = self.source.get_value();
        self.busy.set(true);
        self.wrong.set(None);
        spawn_local(async move {
            let answer = api::call(GetPreview { source, wanted }).await;
            // Something else may be shown, or asked for, by now.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(preview) => done(preview),
                Err(problem) if api::needs_sign_in(&problem) => self.desk.state().failed(&problem),
                Err(problem) => self.wrong.set(Some(problem.sentence())),
            }
        });
    }

    /// Shows the content in another way.
    fn change(self, change: impl FnOnce(&mut Wanted)) {
        self.wanted.update_value(change);
        self.ask(self.wanted.get_value(), move |preview| {
            self.shown.set(preview);
        });
    }
}

/// The object that the address opens.
pub(super) fn source(desk: Desk) -> Option<Source> {
    let open = desk.open.get_untracked();
    Some(Source {
        bucket: desk.state().bucket.get_value(),
        key: ObjectKey::parse(open.key).ok()?,
        version_id: Some(open.version).filter(|version| !version.is_empty()),
        entry: None,
    })
}

#[component]
pub(super) fn PreviewPart(desk: Desk, looked: Looked) -> impl IntoView {
    let Some(source) = source(desk) else {
        return ().into_any();
    };
    if looked.preview.kind == Kind::Archive {
        return view! { <ArchivePart desk source looked /> }.into_any();
    }
    view! { <ContentPart desk source preview=looked.preview /> }.into_any()
}

/// One content: of an object, or of an entry of an archive.
#[component]
fn ContentPart(desk: Desk, source: Source, preview: Preview) -> impl IntoView {
    let kind = preview.kind;
    let promised = promise(&preview);
    let panel = Panel::new(desk, source, preview);
    let plainer = move || {
        let why = panel.shown.with(|shown| shown.plainer)?;
        let words = match why {
            Plainer::TooLarge => preview::too_large_for_form(&unit::size(match kind {
                Kind::Markdown => limit::MARKDOWN,
                _ => limit::JSON,
            })),
            Plainer::Malformed => preview::malformed().to_owned(),
        };
        Some(note("info", words))
    };
    let wrong = move || panel.wrong.get().map(|words| note("alert", words));
    view! {
        <div class="preview" data-testid="preview" data-kind=word(kind)>
            {promised}
            {plainer}
            <Forms panel kind />
            {move || body(panel)}
            <div role="status">{wrong}</div>
        </div>
    }
    .into_any()
}

fn note(icon: &'static str, words: String) -> AnyView {
    view! {
        <p class="note" data-testid="preview-note">
            <Icon name=icon />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

/// What is said where a name promises something else.
fn promise(preview: &Preview) -> Option<AnyView> {
    let promised = preview.promised.as_deref()?;
    Some(note(
        "alert",
        preview::promised(promised, &preview.content_type),
    ))
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Image => "image",
        Kind::Video => "video",
        Kind::Audio => "audio",
        Kind::Pdf => "pdf",
        Kind::Text => "text",
        Kind::Markdown => "markdown",
        Kind::Json => "json",
        Kind::JsonLines => "json-lines",
        Kind::Table => "table",
        Kind::Archive => "archive",
        Kind::Other => "other",
    }
}

/// The content in the form that was told.
fn body(panel: Panel) -> AnyView {
    let shown = panel.shown.get();
    match shown.content {
        Some(Content::Text(text)) => view! { <TextPart panel text /> }.into_any(),
        Some(Content::Markdown(pieces)) => view! { <MarkdownPart panel pieces /> }.into_any(),
        Some(Content::Tree(value)) => view! { <TreePart panel value kind=shown.kind /> }.into_any(),
        Some(Content::Table(table)) => view! { <TablePart panel table /> }.into_any(),
        Some(Content::Hex(digits)) => text::hex(&digits),
        None if shown.kind.shown_by_browser().is_some() => {
            view! { <MediaPart panel kind=shown.kind size=shown.size name=shown.name /> }.into_any()
        }
        None => other(panel, shown.size),
    }
}

/// What nothing here can show.
fn other(panel: Panel, size: u64) -> AnyView {
    let first = limit::HEX.min(size);
    let show = move |_| {
        panel.change(|wanted| wanted.form = Some(Form::Hex));
    };
    view! {
        <div class="preview-other">
            <Icon name="file" />
            <p>{preview::none()}</p>
            <span class="needs-script">
                <Button attr:data-testid="preview-load" press=show>
                    {preview::first_bytes(first)}
                </Button>
            </span>
        </div>
    }
    .into_any()
}

/// The way between what is rendered and its source.
#[component]
fn Forms(panel: Panel, kind: Kind) -> impl IntoView {
    let is_svg = panel
        .shown
        .with_untracked(|shown| shown.content_type.ends_with("+xml"));
    let rendered = match kind {
        Kind::Markdown => preview::rendered(),
        Kind::Json | Kind::JsonLines => preview::tree(),
        Kind::Table => preview::table(),
        Kind::Image if is_svg => preview::picture(),
        _ => return ().into_any(),
    };
    let is_source = move || {
        panel
            .shown
            .with(|shown| matches!(shown.content, Some(Content::Text(_))))
    };
    let choose = move |form: Option<Form>| {
        panel.change(|wanted| {
            wanted.form = form;
            wanted.start = None;
            wanted.end = false;
        });
    };
    view! {
        <div
            class="preview-forms needs-script"
            role="group"
            aria-label=preview::forms()
            data-testid="preview-forms"
        >
            <button
                type="button"
                class="button button-quiet"
                aria-pressed=move || (!is_source()).to_string()
                on:click=move |_| choose(None)
            >
                {rendered}
            </button>
            <button
                type="button"
                class="button button-quiet"
                aria-pressed=move || is_source().to_string()
                on:click=move |_| choose(Some(Form::Text))
            >
                {preview::source()}
            </button>
        </div>
    }
    .into_any()
}

/// What the page says while something is fetched, in the place of the button's own words.
fn working(panel: Panel, words: String) -> impl Fn() -> String {
    move || {
        if panel.busy.get() {
            crate::words::general::working().to_owned()
        } else {
            words.clone()
        }
    }
}

/// The address of another object's preview.
fn beside(desk: Desk, key: String) -> String {
    untrack(|| {
        desk.address(Open {
            key,
            version: String::new(),
            tab: desk.open.get().tab,
        })
    })
}

/// A button that fetches more than is fetched by itself.
#[component]
fn LoadMore(panel: Panel, words: String, press: Callback<()>) -> impl IntoView {
    view! {
        <span class="needs-script">
            <Button
                tone=Tone::Plain
                attr:data-testid="preview-load"
                press=move |_| press.run(())
            >
                {working(panel, words)}
            </Button>
        </span>
    }
}
