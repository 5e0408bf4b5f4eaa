//! The path to where one is, and the field that it turns into.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::BucketName;

use super::{
    listing::{Entry, FIRST_PAGE, list},
    state::FilesState,
};
use crate::{
    browser,
    text::visible_name,
    ui::{Button, Icon, Tone},
    urls,
    words::files,
};

/// Levels that are all shown; of more, those in the middle are in a menu.
const LEVELS: usize = 6;

/// All buckets, the bucket, then each folder; or a field to type a path into.
#[component]
pub fn Breadcrumb(state: FilesState) -> impl IntoView {
    let editing = RwSignal::new(false);
    view! {
        <Show
            when=move || editing.get()
            fallback=move || view! { <Steps state editing /> }
        >
            <PathField state editing />
        </Show>
    }
}

#[component]
fn Steps(state: FilesState, editing: RwSignal<bool>) -> impl IntoView {
    let bucket = state.bucket.get_value();
    let levels = state.prefix.with_value(|prefix| urls::crumbs(prefix));
    let mut steps = vec![(bucket.to_string(), untrack(|| state.folder("")))];
    steps.extend(levels.into_iter().map(|level| {
        (
            visible_name(&level.name),
            untrack(|| state.folder(&level.prefix)),
        )
    }));
    let last = steps.len() - 1;
    let step = |(at, (name, href)): (usize, (String, String))| {
        view! {
            <li>
                <a href=href aria-current=(at == last).then_some("page")>
                    <bdi>{name}</bdi>
                </a>
            </li>
        }
        .into_any()
    };
    let mut items: Vec<AnyView> = Vec::new();
    let hidden = if steps.len() > LEVELS {
        1..steps.len() - 3
    } else {
        0..0
    };
    let mut between = Vec::new();
    for (at, one) in steps.into_iter().enumerate() {
        if hidden.contains(&at) {
            between.push(step((at, one)));
            if at + 1 == hidden.end {
                items.push(middle(std::mem::take(&mut between)));
            }
        } else {
            items.push(step((at, one)));
        }
    }
    view! {
        <nav class="breadcrumb" aria-label=files::breadcrumb() data-testid="breadcrumb">
            <ol>
                <li>
                    <a href=urls::BUCKETS>{files::buckets()}</a>
                </li>
                {items}
            </ol>
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=files::edit_path()
                data-testid="path-edit"
                on:click=move |_| editing.set(true)
            >
                <Icon name="edit" />
                <span class="sr-only">{files::edit_path()}</span>
            </button>
        </nav>
    }
}

/// The levels between the first and the last ones, in a menu.
fn middle(levels: Vec<AnyView>) -> AnyView {
    view! {
        <li>
            <button
                type="button"
                class="button button-quiet button-icon"
                popovertarget="path-between"
                title=files::levels_between()
                data-testid="path-between"
            >
                <Icon name="more" />
                <span class="sr-only">{files::levels_between()}</span>
            </button>
            <ul id="path-between" class="menu path-menu" popover="auto">
                {levels}
            </ul>
        </li>
    }
    .into_any()
}

/// The address that a typed path means: a folder of this bucket, an S3 URI, or an address of Hako.
fn address(state: FilesState, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if let Some(rest) = typed.strip_prefix("s3://") {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let bucket = BucketName::parse(bucket).ok()?;
        return Some(urls::folder(&bucket, &closed(prefix)));
    }
    if typed.starts_with("http://") || typed.starts_with("https://") {
        let (_, after) = typed.split_once("://")?;
        let at = after.find("/buckets")?;
        return Some(after.get(at..)?.to_owned());
    }
    Some(state.folder(&closed(typed)))
}

/// A folder ends in a slash, typed or not.
fn closed(prefix: &str) -> String {
    if prefix.is_empty() || prefix.ends_with('/') {
        prefix.to_owned()
    } else {
        format!("{prefix}/")
    }
}

#[component]
fn PathField(state: FilesState, editing: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(state.prefix.get_value());
    let wrong = RwSignal::new(false);
    let folders = RwSignal::new(Vec::<String>::new());
    let asked = StoredValue::new(None::<String>);
    let navigate = use_navigate();
    Effect::new(move |_| {
        request_animation_frame(|| browser::focus("#path-input"));
    });
    Effect::new(move |_| {
        let base = typed.with(|typed| {
            let end = typed.rfind('/').map_or(0, |at| at + 1);
            typed.get(..end).unwrap_or_default().to_owned()
        });
        if base.contains("://") || asked.with_value(|asked| asked.as_ref() == Some(&base)) {
            return;
        }
        asked.set_value(Some(base.clone()));
        let bucket = state.bucket.get_value();
        spawn_local(async move {
            let Ok(page) = list(bucket, base.clone(), false, None, FIRST_PAGE).await else {
                // A path can be typed without being told what there is.
                return;
            };
            let current = asked.try_with_value(|asked| asked.as_ref() == Some(&base));
            if current == Some(true) {
                let keys = page.entries.into_iter().filter(Entry::is_folder);
                folders.set(keys.map(|entry| entry.key).collect());
            }
        });
    });
    let close = move || {
        editing.set(false);
        request_animation_frame(|| browser::focus("[data-testid=\"path-edit\"]"));
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match untrack(|| typed.with(|typed| address(state, typed))) {
            Some(to) => {
                editing.set(false);
                navigate(&to, NavigateOptions::default());
            }
            None => wrong.set(true),
        }
    };
    view! {
        <form
            class="path-form"
            on:submit=submit
            on:keydown=move |event: ev::KeyboardEvent| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    close();
                }
            }
        >
            <label for="path-input" class="sr-only">
                {files::path_label()}
            </label>
            <input
                id="path-input"
                class="input"
                list="path-folders"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=files::path_label()
                prop:value=move || typed.get()
                aria-invalid=move || wrong.get().then_some("true")
                aria-describedby=move || wrong.get().then_some("path-error")
                data-testid="path-input"
                on:input=move |event| {
                    wrong.set(false);
                    typed.set(event_target_value(&event));
                }
            />
            <datalist id="path-folders">
                {move || {
                    let folders = folders.get();
                    folders.into_iter().map(|key| view! { <option value=key></option> }).collect_view()
                }}
            </datalist>
            <Button kind="submit" tone=Tone::Primary>
                {files::go()}
            </Button>
            <Button tone=Tone::Quiet press=move |_| close()>
                {files::cancel()}
            </Button>
            <Show when=move || wrong.get()>
                <p id="path-error" class="error" role="alert">
                    {files::path_unknown()}
                </p>
            </Show>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_ends_in_a_slash() {
        assert_eq!(closed(""), "");
        assert_eq!(closed("a/b"), "a/b/");
        assert_eq!(closed("a/b/"), "a/b/");
    }
}
