//! Markdown, drawn from pieces of known kinds: no text of it is ever read as HTML.

use leptos::prelude::*;
use model::{
    ObjectKey,
    preview::{Piece, Source, Tag, Target},
};

use super::{Panel, beside};
use crate::{text::visible_name, ui::Icon, words::preview};

#[component]
pub(super) fn MarkdownPart(panel: Panel, pieces: Vec<Piece>) -> impl IntoView {
    let name = panel
        .shown
        .with_untracked(|shown| visible_name(&shown.name));
    let is_empty = pieces.is_empty();
    view! {
        <div
            class="preview-markdown"
            role="group"
            aria-label=name
            data-testid="preview-markdown"
        >
            {is_empty.then(|| view! { <p class="muted">{preview::empty()}</p> })}
            {all(panel, pieces)}
        </div>
    }
    .into_any()
}

fn all(panel: Panel, pieces: Vec<Piece>) -> AnyView {
    let drawn = pieces.into_iter().map(|piece| draw(panel, piece));
    drawn.collect_view().into_any()
}

fn draw(panel: Panel, piece: Piece) -> AnyView {
    let Piece {
        tag,
        text,
        target,
        pieces,
    } = piece;
    match tag {
        Tag::Text => return text.into_any(),
        Tag::Code => return view! { <code>{text}</code> }.into_any(),
        Tag::Break => return view! { <br /> }.into_any(),
        Tag::Rule => return view! { <hr /> }.into_any(),
        Tag::Done => {
            return view! { <span role="img" aria-label=preview::done()>"☑ "</span> }.into_any();
        }
        Tag::Open => {
            return view! { <span role="img" aria-label=preview::not_done()>"☐ "</span> }
                .into_any();
        }
        Tag::Image => return image(panel, text, target),
        _ => {}
    }
    let inside = all(panel, pieces);
    match tag {
        Tag::Heading3 => view! { <h3>{inside}</h3> }.into_any(),
        Tag::Heading4 => view! { <h4>{inside}</h4> }.into_any(),
        Tag::Heading5 => view! { <h5>{inside}</h5> }.into_any(),
        Tag::Heading6 => view! { <h6>{inside}</h6> }.into_any(),
        Tag::Quote => view! { <blockquote>{inside}</blockquote> }.into_any(),
        Tag::CodeBlock => {
            let label = if text.is_empty() {
                preview::code().to_owned()
            } else {
                text
            };
            view! {
                <pre tabindex="0" role="group" aria-label=label>
                    <code>{inside}</code>
                </pre>
            }
            .into_any()
        }
        Tag::List => view! { <ul>{inside}</ul> }.into_any(),
        Tag::OrderedList => view! { <ol>{inside}</ol> }.into_any(),
        Tag::Item => view! { <li>{inside}</li> }.into_any(),
        Tag::Table => view! {
            <div class="preview-cells" tabindex="0" role="region" aria-label=preview::table()>
                <table>
                    <tbody>{inside}</tbody>
                </table>
            </div>
        }
        .into_any(),
        Tag::Head => view! { <tr class="is-head">{inside}</tr> }.into_any(),
        Tag::Row => view! { <tr>{inside}</tr> }.into_any(),
        Tag::Cell => view! { <td>{inside}</td> }.into_any(),
        Tag::Emphasis => view! { <em>{inside}</em> }.into_any(),
        Tag::Strong => view! { <strong>{inside}</strong> }.into_any(),
        Tag::Deleted => view! { <del>{inside}</del> }.into_any(),
        Tag::Link => link(panel, target, inside),
        _ => view! { <p>{inside}</p> }.into_any(),
    }
}

/// A link to another object leads to its preview; one to elsewhere tells nobody where it stands.
fn link(panel: Panel, target: Option<Target>, inside: AnyView) -> AnyView {
    match target {
        Some(Target::Key(key)) => {
            let href = beside(panel.desk, key);
            view! {
                <a href=href data-noscroll="">
                    {inside}
                </a>
            }
            .into_any()
        }
        Some(Target::Elsewhere(address)) => view! {
            <a href=address target="_blank" rel="external noopener noreferrer nofollow">
                {inside}
            </a>
        }
        .into_any(),
        None => inside,
    }
}

/// A picture of the bucket comes when somebody asks for it; one from elsewhere never does.
fn image(panel: Panel, described: String, target: Option<Target>) -> AnyView {
    let key = match target {
        Some(Target::Key(key)) => ObjectKey::parse(key).ok(),
        Some(Target::Elsewhere(_)) | None => None,
    };
    let Some(key) = key else {
        let words = preview::picture_elsewhere(&described);
        return view! {
            <span class="preview-absent" data-testid="preview-absent">
                {words}
            </span>
        }
        .into_any();
    };
    let words = preview::show_picture(&visible_name(key.as_str()));
    let source = Source {
        bucket: panel.source.with_value(|source| source.bucket.clone()),
        key,
        version_id: None,
        entry: None,
    };
    let address = source.bytes();
    let shown = RwSignal::new(false);
    let content = move || {
        if shown.get() {
            return view! { <img src=address.clone() alt=described.clone() /> }.into_any();
        }
        view! {
            <button
                type="button"
                class="button button-plain needs-script"
                data-testid="preview-picture"
                on:click=move |_| shown.set(true)
            >
                <Icon name="file" />
                {words.clone()}
            </button>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}
