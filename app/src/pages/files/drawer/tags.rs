//! The tags of an object: shown, and changed as a whole.

use std::collections::BTreeMap;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ObjectKey, Problem,
    tags::{MOST, PutTags, TagFault, Tags, fault},
};

use super::{details::value_of, live::Desk};
use crate::{
    api,
    text::visible_name,
    ui::{Button, Icon, Tone},
    unit,
    words::{drawer, general},
};

/// A tag that is being typed.
#[derive(Clone, Copy)]
struct Typed {
    id: usize,
    name: RwSignal<String>,
    value: RwSignal<String>,
}

impl Typed {
    fn new(id: usize, name: &str, value: &str) -> Self {
        Self {
            id,
            name: RwSignal::new(name.to_owned()),
            value: RwSignal::new(value.to_owned()),
        }
    }
}

/// Why tags cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    Twice(String),
    Fault(TagFault),
}

impl Wrong {
    fn words(&self) -> String {
        let number = |number: usize| unit::count(number as u64);
        match self {
            Self::Twice(name) => drawer::tag_twice(name),
            Self::Fault(TagFault::Nameless) => drawer::tag_nameless().to_owned(),
            Self::Fault(TagFault::NameTooLong(length)) => {
                drawer::tag_name_long(&number(model::tags::NAME_MAX), &number(*length))
            }
            Self::Fault(TagFault::OfTheStore(name)) => drawer::tag_of_store(name),
            Self::Fault(TagFault::ValueTooLong(name, length)) => {
                drawer::tag_value_long(name, &number(model::tags::VALUE_MAX), &number(*length))
            }
            Self::Fault(TagFault::Control(name)) => drawer::tag_control(&visible_name(name)),
        }
    }
}

/// What was typed as tags. Lines without a name and a value are none.
fn together(lines: &[(String, String)]) -> Result<BTreeMap<String, String>, Wrong> {
    let mut tags = BTreeMap::new();
    for (name, value) in lines {
        if name.is_empty() && value.is_empty() {
            continue;
        }
        if let Some(fault) = fault(name, value) {
            return Err(Wrong::Fault(fault));
        }
        if tags.insert(name.clone(), value.clone()).is_some() {
            return Err(Wrong::Twice(name.clone()));
        }
    }
    Ok(tags)
}

#[component]
pub(super) fn TagsPart(desk: Desk, tags: Result<Tags, Problem>) -> impl IntoView {
    let editing = RwSignal::new(false);
    let (tags, refused) = match tags {
        Ok(tags) => (tags.tags, None),
        Err(problem) => (BTreeMap::new(), Some(problem.sentence())),
    };
    let known = refused.is_none();
    let tags = StoredValue::new(tags);
    view! {
        <section class="drawer-section" aria-labelledby="drawer-tags" data-testid="drawer-tags">
            <h3 id="drawer-tags">{drawer::tags()}</h3>
            {refused.map(|words| view! { <p class="note"><Icon name="alert" /><span>{words}</span></p> })}
            <Show
                when=move || editing.get()
                fallback=move || {
                    view! {
                        {known.then(|| shown(&tags.get_value()))}
                        {known
                            .then(|| {
                                view! {
                                    <span class="needs-script">
                                        <Button
                                            attr:data-testid="tags-edit"
                                            press=move |_| editing.set(true)
                                        >
                                            <Icon name="edit" />
                                            {drawer::edit_tags()}
                                        </Button>
                                    </span>
                                }
                            })}
                    }
                }
            >
                <TagsForm desk tags=tags.get_value() editing />
            </Show>
        </section>
    }
    .into_any()
}

fn shown(tags: &BTreeMap<String, String>) -> AnyView {
    if tags.is_empty() {
        return view! { <p class="muted">{drawer::no_tags()}</p> }.into_any();
    }
    let rows = tags.iter().map(|(name, value)| {
        view! {
            <tr data-testid="tag-row">
                <th scope="row">
                    <bdi>{visible_name(name)}</bdi>
                </th>
                <td>
                    <bdi>{value_of(value)}</bdi>
                </td>
            </tr>
        }
    });
    view! {
        <table class="drawer-pairs">
            <thead class="sr-only">
                <tr>
                    <th scope="col">{drawer::name()}</th>
                    <th scope="col">{drawer::value()}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn TagsForm(desk: Desk, tags: BTreeMap<String, String>, editing: RwSignal<bool>) -> impl IntoView {
    let first: Vec<Typed> = tags
        .iter()
        .enumerate()
        .map(|(id, (name, value))| Typed::new(id, name, value))
        .collect();
    let next = StoredValue::new(first.len());
    let lines = RwSignal::new(first);
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let add = move || {
        let id = next.get_value();
        next.set_value(id + 1);
        lines.update(|lines| lines.push(Typed::new(id, "", "")));
        request_animation_frame(move || crate::browser::focus(&format!("#tag-name-{id}")));
    };
    if lines.with_untracked(Vec::is_empty) {
        add();
    }
    let full = Signal::derive(move || {
        lines
            .with(|lines| lines.len() >= MOST)
            .then(drawer::tags_full)
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed: Vec<_> = lines.with_untracked(|lines| {
            let pair = |line: &Typed| (line.name.get_untracked(), line.value.get_untracked());
            lines.iter().map(pair).collect()
        });
        match together(&typed) {
            Ok(tags) => put(desk, tags, wrong, busy),
            Err(fault) => wrong.set(Some(fault.words())),
        }
    };
    view! {
        <form class="tags-form" on:submit=save data-testid="form-tags">
            {move || {
                wrong
                    .get()
                    .map(|words| {
                        view! {
                            <p class="error" role="alert" data-testid="error-tags">
                                <Icon name="alert" />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
            <For each=move || lines.get() key=|line| line.id let:line>
                <Line line lines />
            </For>
            <div class="actions">
                <Button reason=full attr:data-testid="tag-add" press=move |_| add()>
                    <Icon name="plus" />
                    {drawer::add_tag()}
                </Button>
            </div>
            <p class="help">{drawer::tags_help(&unit::count(MOST as u64))}</p>
            <div class="actions">
                <Button tone=Tone::Primary kind="submit" attr:data-testid="tags-save">
                    {move || if busy.get() { general::working() } else { drawer::save_tags() }}
                </Button>
                <Button press=move |_| editing.set(false)>{general::cancel()}</Button>
            </div>
        </form>
    }
}

/// Stores them; then the object is looked at anew.
fn put(
    desk: Desk,
    tags: BTreeMap<String, String>,
    wrong: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
) {
    let state = desk.state();
    let open = desk.open.get_untracked();
    let Ok(key) = ObjectKey::parse(open.key) else {
        return;
    };
    let request = PutTags {
        bucket: state.bucket.get_value(),
        key,
        version_id: Some(open.version).filter(|version| !version.is_empty()),
        tags: Tags { tags },
    };
    busy.set(true);
    spawn_local(async move {
        let answer = api::call(request).await;
        if busy.try_set(false).is_some() {
            // The form was left: what became of it is said all the same.
            if let (Err(problem), false) = (&answer, state.is_gone()) {
                state.failed(problem);
            }
            return;
        }
        match answer {
            Ok(_) => {
                state.messages.success(drawer::tags_saved());
                desk.refresh();
            }
            Err(problem) if api::needs_sign_in(&problem) => state.failed(&problem),
            Err(problem) => wrong.set(Some(problem.sentence())),
        }
    });
}

#[component]
fn Line(line: Typed, lines: RwSignal<Vec<Typed>>) -> impl IntoView {
    let field = |what: &'static str, label: &'static str, text: RwSignal<String>| {
        view! {
            <input
                id=format!("tag-{what}-{}", line.id)
                class="input"
                aria-label=label
                placeholder=label
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || text.get()
                data-testid=format!("tag-{what}")
                on:input=move |event| text.set(event_target_value(&event))
            />
        }
    };
    let remove = move |_| {
        lines.update(|lines| lines.retain(|other| other.id != line.id));
        crate::browser::focus("[data-testid=\"tag-add\"]");
    };
    view! {
        <div class="tags-line" data-testid="tag-row">
            {field("name", drawer::name(), line.name)}
            {field("value", drawer::value(), line.value)}
            <button
                type="button"
                class="button button-quiet button-icon"
                title=drawer::remove_tag()
                data-testid="tag-remove"
                on:click=remove
            >
                <Icon name="trash" />
                <span class="sr-only">{drawer::remove_tag()}</span>
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn typed_lines_become_tags() {
        let tags = together(&lines(&[("b", "2"), ("", ""), ("a", "")])).unwrap();
        let pairs: Vec<_> = tags.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("a", ""), ("b", "2")]);
        assert!(together(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_a_tag_is_told() {
        let wrong = |pairs: &[(&str, &str)]| together(&lines(pairs)).unwrap_err();
        assert_eq!(wrong(&[("", "x")]), Wrong::Fault(TagFault::Nameless));
        assert_eq!(
            wrong(&[("a", "1"), ("a", "2")]),
            Wrong::Twice("a".to_owned())
        );
        assert_eq!(
            wrong(&[("aws:x", "1")]),
            Wrong::Fault(TagFault::OfTheStore("aws:x".to_owned()))
        );
        let long = "x".repeat(129);
        assert_eq!(
            wrong(&[(&long, "1")]),
            Wrong::Fault(TagFault::NameTooLong(129))
        );
    }
}
