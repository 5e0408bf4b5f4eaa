//! What somebody else has changed while a form was open: before, theirs and one's own side by side.

use leptos::prelude::*;
use model::{
    object::ObjectDetails,
    properties::{Properties, PropertyField},
};

use super::{draft::Draft, label};
use crate::{text::visible_name, ui::Icon, words::drawer};

/// Something that they have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Header(PropertyField),
    Meta(String),
}

/// What it was, and what they have made of it; `None` where it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clash {
    place: Place,
    base: Option<String>,
    theirs: Option<String>,
}

/// All that they have changed.
fn clashes(base: &Properties, theirs: &Properties) -> Vec<Clash> {
    let headers = PropertyField::HEADERS.into_iter().map(|field| Clash {
        place: Place::Header(field),
        base: base.header(field).map(str::to_owned),
        theirs: theirs.header(field).map(str::to_owned),
    });
    let mut names: Vec<_> = base.metadata.keys().chain(theirs.metadata.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let pairs = names.into_iter().map(|name| Clash {
        place: Place::Meta(name.clone()),
        base: base.metadata.get(name).cloned(),
        theirs: theirs.metadata.get(name).cloned(),
    });
    headers
        .chain(pairs)
        .filter(|clash| clash.base != clash.theirs)
        .collect()
}

impl Place {
    /// What the form has there.
    fn typed(&self, draft: Draft) -> Option<String> {
        match self {
            Self::Header(field) => {
                Some(draft.header(*field).get().trim().to_owned()).filter(|text| !text.is_empty())
            }
            Self::Meta(name) => draft.meta(name),
        }
    }

    fn set(&self, draft: Draft, value: Option<&str>) {
        match self {
            Self::Header(field) => draft
                .header(*field)
                .set(value.unwrap_or_default().to_owned()),
            Self::Meta(name) => draft.set_meta(name, value),
        }
    }
}

fn told(value: Option<&String>) -> AnyView {
    match value {
        Some(value) => view! { <bdi>{visible_name(value)}</bdi> }.into_any(),
        None => view! { <span class="muted">{drawer::not_there()}</span> }.into_any(),
    }
}

#[component]
pub(super) fn ClashTable(
    draft: Draft,
    base: ObjectDetails,
    theirs: ObjectDetails,
) -> impl IntoView {
    let has_other_bytes = base.etag != theirs.etag;
    let all = clashes(&base.properties(), &theirs.properties());
    let nothing = all.is_empty();
    let rows = all.into_iter().map(|clash| row(draft, clash));
    let rows = rows.collect_view();
    view! {
        <div class="clash" data-testid="conflict-table">
            {has_other_bytes
                .then(|| {
                    view! {
                        <p class="note">
                            <Icon name="alert" />
                            <span>{drawer::other_bytes()}</span>
                        </p>
                    }
                })}
            {(!nothing)
                .then(|| {
                    view! {
                        <p>{drawer::clash_help()}</p>
                        <ul class="clash-rows">{rows}</ul>
                    }
                })}
        </div>
    }
}

fn row(draft: Draft, clash: Clash) -> AnyView {
    let name = match &clash.place {
        Place::Header(field) => label(*field).to_owned(),
        Place::Meta(name) => visible_name(name),
    };
    // Whoever takes theirs may want one's own back.
    let mine = untrack(|| clash.place.typed(draft));
    let clash = StoredValue::new(clash);
    let mine = StoredValue::new(mine);
    let takes_theirs =
        Memo::new(move |_| clash.with_value(|clash| clash.place.typed(draft) == clash.theirs));
    let take = move |_| {
        clash.with_value(|clash| clash.place.set(draft, clash.theirs.as_deref()));
    };
    let keep = move |_| {
        let mine = mine.get_value();
        clash.with_value(|clash| clash.place.set(draft, mine.as_deref()));
    };
    let before = clash.with_value(|clash| told(clash.base.as_ref()));
    let theirs = clash.with_value(|clash| told(clash.theirs.as_ref()));
    let yours = move || told(clash.with_value(|clash| clash.place.typed(draft)).as_ref());
    view! {
        <li data-testid="conflict-row" data-name=name.clone()>
            <strong>{name.clone()}</strong>
            <dl>
                <div>
                    <dt>{drawer::before()}</dt>
                    <dd>{before}</dd>
                </div>
                <div>
                    <dt>{drawer::theirs()}</dt>
                    <dd data-testid="conflict-theirs">{theirs}</dd>
                </div>
                <div>
                    <dt>{drawer::yours()}</dt>
                    <dd data-testid="conflict-yours">{yours}</dd>
                </div>
            </dl>
            <div class="segments" role="group" aria-label=name.clone()>
                <button
                    type="button"
                    class="segment"
                    aria-pressed=move || takes_theirs.get().to_string()
                    data-testid="take-theirs"
                    on:click=take
                >
                    {drawer::take_theirs()}
                </button>
                <button
                    type="button"
                    class="segment"
                    aria-pressed=move || (!takes_theirs.get()).to_string()
                    data-testid="keep-mine"
                    on:click=keep
                >
                    {drawer::keep_mine()}
                </button>
            </div>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_they_changed_is_asked_about() {
        let of = |author: Option<&str>, language: Option<&str>| {
            let author = author.map(|author| ("author".to_owned(), author.to_owned()));
            Properties {
                content_language: language.map(str::to_owned),
                metadata: author.into_iter().collect(),
                ..Properties::default()
            }
        };
        let base = of(Some("Ada"), None);
        assert_eq!(clashes(&base, &base), []);
        let found = clashes(&base, &of(None, Some("sv")));
        let places: Vec<_> = found.iter().map(|clash| clash.place.clone()).collect();
        assert_eq!(
            places,
            [
                Place::Header(PropertyField::ContentLanguage),
                Place::Meta("author".to_owned())
            ]
        );
        assert_eq!(found[0].theirs.as_deref(), Some("sv"));
        assert_eq!(
            (found[1].base.as_deref(), found[1].theirs.as_deref()),
            (Some("Ada"), None)
        );
    }
}
