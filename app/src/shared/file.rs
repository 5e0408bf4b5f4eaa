//! The sheet of a file: what it is, the file itself, and what of it can be shown here.

use leptos::prelude::*;
use model::{
    Timestamp,
    link::{DOWNLOAD, PREVIEW},
};

use super::{FILE, SHOW, folder, time};
use crate::{text::visible_name, ui::Icon, unit, urls, words::links};

/// What of a file can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// Something, once it is asked for.
    Offered,
    /// A PDF, which the browser shows by itself.
    Pdf,
    /// A picture, which comes from the address of the preview.
    Picture,
    /// A text.
    Text {
        /// As much of it as is shown.
        text: String,
        /// Whether there is more.
        is_cut: bool,
    },
}

/// A file.
#[derive(Clone, Debug)]
pub struct SharedFile {
    /// Its name.
    pub name: String,
    /// Of a file in a shared folder: the folder's name, and the file's path in it.
    pub within: Option<(String, String)>,
    /// Bytes.
    pub size: u64,
    /// Its type.
    pub content_type: Option<String>,
    /// What of it can be shown.
    pub preview: Option<Preview>,
    /// When the link ends.
    pub ends_at: Timestamp,
}

/// Its address, as a page or by what stands behind the link.
pub(super) fn address_of(link: &str, behind: &str, path: Option<&str>, show: bool) -> String {
    let show = if show { "1" } else { "" };
    let query = [(FILE, path.unwrap_or_default()), (SHOW, show)];
    urls::with_query(&format!("{link}{behind}"), &query)
}

/// The sheet.
pub(super) fn file(link: &str, shown: SharedFile) -> AnyView {
    let path = shown.within.as_ref().map(|(_, path)| path.as_str());
    let trail = shown.within.as_ref().map(|(root, path)| {
        let folder = path.rfind('/').map_or("", |at| &path[..=at]);
        folder::trail(link, root, folder, true)
    });
    let download = address_of(link, DOWNLOAD, path, false);
    let bytes = address_of(link, PREVIEW, path, false);
    let button = match &shown.preview {
        Some(Preview::Offered) => Some(address_of(link, "", path, true)),
        Some(Preview::Pdf) => Some(bytes.clone()),
        _ => None,
    };
    let said = if trail.is_some() {
        links::folder_shared_with_you()
    } else {
        links::shared_with_you()
    };
    let name = visible_name(&shown.name);
    let part = shown
        .preview
        .and_then(|preview| part(preview, bytes, &name));
    view! {
        <section class="form-panel" data-testid="shared-file">
            {trail}
            <p class="muted">{said}</p>
            <dl class="facts">
                <dt>{links::size()}</dt>
                <dd>
                    <span title=unit::exact_bytes(shown.size)>{unit::size(shown.size)}</span>
                </dd>
                {shown
                    .content_type
                    .map(|kind| {
                        view! {
                            <dt>{links::content_type()}</dt>
                            <dd>{kind}</dd>
                        }
                    })}
                <dt>{links::ends()}</dt>
                <dd>{time(shown.ends_at)}</dd>
            </dl>
            <div class="actions">
                <a
                    href=download
                    class="button button-primary"
                    rel="nofollow noreferrer"
                    data-testid="shared-download"
                >
                    <Icon name="download" />
                    {links::download()}
                </a>
                {button
                    .map(|href| {
                        view! {
                            <a
                                href=href
                                class="button button-plain"
                                rel="nofollow noreferrer"
                                data-testid="shared-show"
                            >
                                <Icon name="monitor" />
                                {links::show()}
                            </a>
                        }
                    })}
            </div>
            {part}
        </section>
    }
    .into_any()
}

/// What stands in the page of the file itself.
fn part(preview: Preview, bytes: String, name: &str) -> Option<AnyView> {
    let part = match preview {
        Preview::Offered | Preview::Pdf => return None,
        Preview::Picture => view! {
            <img src=bytes alt=name.to_owned() class="shared-picture" data-testid="shared-picture" />
        }
        .into_any(),
        Preview::Text { text, is_cut } => view! {
            {is_cut.then(|| view! { <p class="help">{links::shown_cut()}</p> })}
            <pre
                class="shared-text"
                tabindex="0"
                role="region"
                aria-label=name.to_owned()
                data-testid="shared-text"
            >
                // A line that is empty would be lost at the beginning.
                {format!("\n{text}")}
            </pre>
        }
        .into_any(),
    };
    Some(part)
}
