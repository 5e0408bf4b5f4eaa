//! Two versions of a key side by side: what they are stored with, and how their texts differ.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, ObjectKey, Problem,
    object::ObjectDetails,
    properties::PropertyField,
    version::{CompareVersions, Comparison, DiffLine, Difference, KeyHistory, LineEnd, Lines},
};
use serde::{Deserialize, Serialize};

use super::state::VersionsState;
use crate::{
    api, browser,
    text::visible_name,
    ui::{Button, Icon, Moment},
    unit,
    urls::Query,
    words::{drawer, versions},
};

/// The parameter of the address that names a version to compare; it comes twice.
pub(in crate::pages) const COMPARED: &str = "cmp";
/// The form that the ticks belong to, wherever they stand.
const FORM: &str = "compare-versions";

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::pages) struct Compared {
    left: String,
    right: String,
    found: Result<Comparison, Problem>,
}

/// Two versions of a key, the older one first.
pub(super) fn pair(history: &KeyHistory, ids: &[String]) -> Option<(String, String)> {
    let known = history
        .moments
        .iter()
        .filter(|moment| !moment.is_marker && ids.contains(&moment.version_id))
        .map(|moment| moment.version_id.clone());
    // The newest comes first.
    match <[String; 2]>::try_from(known.collect::<Vec<_>>()) {
        Ok([right, left]) => Some((left, right)),
        Err(_other_number) => None,
    }
}

/// Asks how they differ.
pub(super) async fn compare(
    bucket: BucketName,
    key: &str,
    left: String,
    right: String,
) -> Option<Compared> {
    let request = CompareVersions {
        bucket,
        key: ObjectKey::parse(key).ok()?,
        left: left.clone(),
        right: right.clone(),
    };
    let found = api::call(request).await;
    Some(Compared { left, right, found })
}

/// What chooses a version.
pub(super) fn tick(state: VersionsState, id: &str) -> AnyView {
    let own = id.to_owned();
    let is_chosen = {
        let id = own.clone();
        move || state.chosen.with(|chosen| chosen.contains(&id))
    };
    let toggle = {
        let id = own.clone();
        move |_| {
            state.chosen.update(|chosen| {
                if let Some(place) = chosen.iter().position(|one| *one == id) {
                    chosen.remove(place);
                } else {
                    // Of three the first one is left out.
                    if chosen.len() == 2 {
                        chosen.remove(0);
                    }
                    chosen.push(id.clone());
                }
            });
        }
    };
    view! {
        <label class="check-line compare-tick">
            <input
                type="checkbox"
                name=COMPARED
                value=own.clone()
                form=FORM
                aria-label=versions::compare_version(&own)
                prop:checked=is_chosen
                data-testid="version-check"
                on:change=toggle
            />
            <span aria-hidden="true">{versions::compare_this()}</span>
        </label>
    }
    .into_any()
}

/// The button, where there are two to compare.
pub(super) fn bar(state: VersionsState, row: &KeyHistory) -> Option<AnyView> {
    let versions = row.moments.iter().filter(|moment| !moment.is_marker);
    if !state.is_beside() || versions.count() < 2 {
        return None;
    }
    let address = state.shown_at();
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let path = path.to_owned();
    let query = Query::parse(query);
    let hidden = query.pairs().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
    });
    let hidden = hidden.collect_view();
    let reason = Signal::derive(move || {
        let two = state.chosen.with(|chosen| chosen.len() == 2);
        (!two).then(versions::compare_first)
    });
    let history = row.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let ids = state.chosen.get_untracked();
        let Some((left, right)) = pair(&history, &ids) else {
            // One of them is gone by now.
            state.chosen.set(Vec::new());
            return;
        };
        let (bucket, key) = (state.bucket.get_value(), history.key.clone());
        spawn_local(async move {
            let compared = compare(bucket, &key, left, right).await;
            if state.is_gone() {
                return;
            }
            if let Some(Compared {
                found: Err(problem),
                ..
            }) = &compared
                && api::needs_sign_in(problem)
            {
                state.failed(problem);
                return;
            }
            state.compared.set(compared);
            request_animation_frame(|| browser::focus("#comparison"));
        });
    };
    Some(
        view! {
            <form id=FORM class="compare-bar" method="get" action=path on:submit=submit>
                {hidden}
                <Button kind="submit" reason attr:data-testid="version-compare">
                    <Icon name="columns" />
                    {versions::compare()}
                </Button>
                <span class="help">{versions::compare_help()}</span>
            </form>
        }
        .into_any(),
    )
}

/// How they differ, once that is known.
pub(super) fn differences(state: VersionsState) -> Option<AnyView> {
    let Compared { left, right, found } = state.compared.get()?;
    let body = match found {
        Ok(found) => {
            let content = content(&found.content);
            view! { {facts(&found.left, &found.right)} {content} }.into_any()
        }
        Err(problem) => view! {
            <p class="error" role="alert">
                <Icon name="alert" />
                <span>{problem.sentence()}</span>
            </p>
        }
        .into_any(),
    };
    let close = move |_| {
        state.compared.set(None);
        browser::focus("[data-testid=\"version-compare\"]");
    };
    Some(
        view! {
            <section
                class="comparison"
                aria-labelledby="comparison"
                data-testid="comparison"
            >
                <div class="comparison-head">
                    <h3 id="comparison" tabindex="-1">
                        {versions::compared(&left, &right)}
                    </h3>
                    <button
                        type="button"
                        class="button button-quiet button-icon needs-script"
                        title=versions::close_comparison()
                        data-testid="comparison-close"
                        on:click=close
                    >
                        <Icon name="close" />
                        <span class="sr-only">{versions::close_comparison()}</span>
                    </button>
                </div>
                {body}
            </section>
        }
        .into_any(),
    )
}

/// A fact of both.
struct Fact {
    name: AnyView,
    left: AnyView,
    right: AnyView,
    differs: bool,
}

fn cell(text: Option<&str>) -> AnyView {
    match text {
        Some("") => ().into_any(),
        Some(text) => view! { <bdi>{visible_name(text)}</bdi> }.into_any(),
        None => view! { <span class="muted">{versions::has_none()}</span> }.into_any(),
    }
}

fn fact(name: impl IntoView + 'static, left: Option<&str>, right: Option<&str>) -> Option<Fact> {
    (left.is_some() || right.is_some()).then(|| Fact {
        name: name.into_any(),
        left: cell(left),
        right: cell(right),
        differs: left != right,
    })
}

/// What both are stored with, line by line.
fn all_facts(left: &ObjectDetails, right: &ObjectDetails) -> Vec<Fact> {
    let time = |of: &ObjectDetails| {
        of.last_modified
            .map(|time| view! { <Moment time /> })
            .into_any()
    };
    let size = |of: &ObjectDetails| unit::size(of.size);
    let (sizes, properties) = (
        (size(left), size(right)),
        (left.properties(), right.properties()),
    );
    let mut all = vec![
        Some(Fact {
            name: drawer::changed().into_any(),
            left: time(left),
            right: time(right),
            differs: left.last_modified != right.last_modified,
        }),
        Some(Fact {
            name: drawer::size().into_any(),
            left: sizes.0.into_any(),
            right: sizes.1.into_any(),
            differs: left.size != right.size,
        }),
    ];
    let headers = [
        (drawer::content_type(), PropertyField::ContentType),
        (drawer::encoding(), PropertyField::ContentEncoding),
        (drawer::disposition(), PropertyField::ContentDisposition),
        (drawer::language(), PropertyField::ContentLanguage),
        (drawer::cache_control(), PropertyField::CacheControl),
    ];
    all.extend(
        headers.map(|(name, field)| {
            fact(name, properties.0.header(field), properties.1.header(field))
        }),
    );
    let bare = |of: &ObjectDetails| of.etag.as_ref().map(|tag| tag.trim_matches('"').to_owned());
    all.push(fact(
        drawer::etag(),
        bare(left).as_deref(),
        bare(right).as_deref(),
    ));
    let mut names: Vec<_> = left.metadata.keys().chain(right.metadata.keys()).collect();
    names.sort_unstable();
    names.dedup();
    all.extend(names.into_iter().map(|name| {
        let value = |of: &ObjectDetails| of.metadata.get(name).cloned();
        let shown = visible_name(name);
        fact(
            view! { <code>{shown}</code> },
            value(left).as_deref(),
            value(right).as_deref(),
        )
    }));
    all.into_iter().flatten().collect()
}

/// The same side by side.
fn facts(left: &ObjectDetails, right: &ObjectDetails) -> AnyView {
    let rows = all_facts(left, right).into_iter().map(|fact| {
        view! {
            <tr class:differs=fact.differs data-testid="comparison-fact" data-differs=fact.differs.to_string()>
                <th scope="row">
                    {fact.name}
                    {fact
                        .differs
                        .then(|| view! { <span class="sr-only">{format!(" ({})", versions::differs())}</span> })}
                </th>
                <td>{fact.left}</td>
                <td>{fact.right}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let id = |of: &ObjectDetails| of.version_id.clone().unwrap_or_default();
    view! {
        <table class="compared-facts">
            <thead>
                <tr>
                    <th scope="col">
                        <span class="sr-only">{versions::compared_what()}</span>
                    </th>
                    <th scope="col" class="mono">
                        {id(left)}
                    </th>
                    <th scope="col" class="mono">
                        {id(right)}
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// What became of their contents.
fn content(difference: &Difference) -> AnyView {
    let said = match difference {
        Difference::Same => versions::contents_same().to_owned(),
        Difference::TooLong { limit } => versions::contents_long(&unit::size(*limit)),
        Difference::NotText => versions::contents_no_text().to_owned(),
        Difference::Lines(lines) => {
            versions::lines_differ(&unit::count(lines.added), &unit::count(lines.removed))
        }
    };
    let lines = match difference {
        Difference::Lines(lines) => Some(texts(lines)),
        _ => None,
    };
    view! {
        <h4>{versions::content()}</h4>
        <p data-testid="comparison-content">{said}</p>
        {lines}
    }
    .into_any()
}

fn texts(lines: &Lines) -> AnyView {
    let hunks = lines.hunks.iter().map(|hunk| {
        let lines = hunk.lines.iter().map(text_line).collect_view();
        view! { <tbody>{lines}</tbody> }
    });
    let hunks = hunks.collect_view();
    view! {
        <div class="table-frame" role="region" aria-label=versions::difference() tabindex="0">
            <table class="diff" data-testid="diff">
                <thead class="sr-only">
                    <tr>
                        <th scope="col">{versions::line_left()}</th>
                        <th scope="col">{versions::line_right()}</th>
                        <th scope="col">{versions::line_text()}</th>
                    </tr>
                </thead>
                {hunks}
            </table>
        </div>
        {lines
            .is_cut
            .then(|| view! { <p class="note"><Icon name="info" /><span>{versions::lines_cut()}</span></p> })}
    }
    .into_any()
}

/// A line. What an end of line is made of is seen only where it differs from the usual.
fn text_line(line: &DiffLine) -> AnyView {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let end = match line.end {
        LineEnd::Lf => None,
        LineEnd::Crlf => Some(view! { <small class="line-end">"\\r\\n"</small> }.into_any()),
        LineEnd::None => {
            Some(view! { <small class="line-end">{versions::no_line_end()}</small> }.into_any())
        }
    };
    let text = line.text.clone();
    let (class, mark, word, text) = match (line.left, line.right) {
        (Some(_), None) => (
            "is-removed",
            "−",
            Some(versions::line_removed()),
            view! { <del>{text}</del> }.into_any(),
        ),
        (None, _) => (
            "is-added",
            "+",
            Some(versions::line_added()),
            view! { <ins>{text}</ins> }.into_any(),
        ),
        _ => ("", " ", None, text.into_any()),
    };
    view! {
        <tr class=class data-testid="diff-line">
            <td class="line-number">{number(line.left)}</td>
            <td class="line-number">{number(line.right)}</td>
            <td class="line-text">
                <span aria-hidden="true" class="line-mark">
                    {mark}
                </span>
                {word.map(|word| view! { <span class="sr-only">{format!("{word}: ")}</span> })}
                {text}
                {end}
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::version::Moment;

    use super::*;

    #[test]
    fn the_older_of_two_stands_on_the_left() {
        let moment = |id: &str, is_marker| Moment {
            version_id: id.to_owned(),
            is_latest: false,
            is_marker,
            last_modified: None,
            size: 1,
        };
        let history = KeyHistory {
            key: "k".to_owned(),
            moments: vec![
                moment("4", true),
                moment("3", false),
                moment("2", false),
                moment("1", false),
            ],
            is_whole: true,
        };
        let of = |ids: &[&str]| {
            let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
            pair(&history, &ids)
        };
        let two = Some(("1".to_owned(), "3".to_owned()));
        assert_eq!(of(&["1", "3"]), two);
        assert_eq!(of(&["3", "1"]), two);
        assert_eq!(of(&["1", "unknown", "3"]), two);
        assert_eq!(of(&["4", "3"]), None);
        assert_eq!(of(&["1"]), None);
        assert_eq!(of(&["1", "2", "3"]), None);
    }
}
