//! One key: a line, and its versions below it once it is unfolded.

use leptos::{ev, prelude::*};
use model::{
    ObjectKey,
    object::version_path,
    version::{KeyHistory, KeyState, Moment as Version},
};

use super::{
    compare,
    state::{Doomed, VersionsState},
};
use crate::{
    text::visible_name,
    ui::{Icon, Moment},
    unit, words,
};

#[component]
pub(super) fn KeyRow(state: VersionsState, row: KeyHistory) -> impl IntoView {
    let key = row.key.clone();
    let prefix = state.place.with_value(|place| place.prefix.clone());
    let name = key.strip_prefix(&prefix).filter(|name| !name.is_empty());
    let shown = visible_name(name.unwrap_or(&key));
    let word = match row.state() {
        KeyState::Current => "current",
        KeyState::Deleted => "deleted",
        KeyState::OnlyOld => "only-old",
    };
    let is_open = {
        let key = key.clone();
        Memo::new(move |_| state.open.with(|open| open.contains(&key)))
    };
    let selected = {
        let key = key.clone();
        move || state.selected.with(|selected| selected.contains(&key))
    };
    let toggled = key.clone();
    let unfolded = key.clone();
    let history = StoredValue::new(row.clone());
    view! {
        <li class="version-key" data-testid="version-key" data-key=key.clone() data-state=word>
            <label class="check needs-script">
                <input
                    type="checkbox"
                    data-testid="row-check"
                    prop:checked=selected
                    on:change=move |_| state.toggle(&toggled)
                />
                <span class="sr-only">{words::versions::select(&shown)}</span>
            </label>
            <details
                open=is_open.get_untracked()
                on:toggle=move |event| {
                    let open = event_target_open(&event);
                    state.open.update(|keys| {
                        if open { keys.insert(unfolded.clone()) } else { keys.remove(&unfolded) };
                    });
                }
            >
                <summary>{summary(&row, &shown)}</summary>
                {move || {
                    let row = history.get_value();
                    if is_open.get() { moments(state, &row) } else { unfold(state, &row.key) }
                }}
            </details>
            <div class="version-actions">{key_action(state, &row, &shown)}</div>
        </li>
    }
    .into_any()
}

/// Whether what was toggled is open now.
fn event_target_open(event: &ev::Event) -> bool {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        use wasm_bindgen::JsCast as _;
        event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok())
            .is_some_and(|details| details.open())
    }
    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    {
        let _ = event;
        false
    }
}

/// The line: what the key is now, and what it was.
fn summary(row: &KeyHistory, shown: &str) -> AnyView {
    let gone = row.state() != KeyState::Current;
    view! {
        <bdi class="version-name" class:is-gone=gone>
            {shown.to_owned()}
        </bdi>
        {numbers(row)}
    }
    .into_any()
}

/// What the key is now, how many versions there are, and what the old ones take.
pub(super) fn numbers(row: &KeyHistory) -> AnyView {
    let state = match row.state() {
        KeyState::Current => words::versions::state_current(),
        KeyState::Deleted => words::versions::state_deleted(),
        KeyState::OnlyOld => words::versions::state_only_old(),
    };
    let gone = row.state() != KeyState::Current;
    let bytes = row.old_bytes();
    let old = row.old().count() as u64;
    let when = row.moments.first().and_then(|moment| moment.last_modified);
    let versions = row.versions() as u64;
    let versions = if row.is_whole {
        words::versions::versions(versions)
    } else {
        words::versions::versions_at_least(versions)
    };
    view! {
        <span class="chip" class:chip-warn=gone>
            {state}
        </span>
        <span class="version-count">{versions}</span>
        <span class="version-old" title=unit::exact_bytes(bytes)>
            {(old > 0).then(|| words::versions::in_old(old, &unit::size(bytes)))}
        </span>
        <span class="version-when">{when.map(|time| view! { <Moment time /> })}</span>
    }
    .into_any()
}

/// The way to unfold without scripts; with them it is never seen.
fn unfold(state: VersionsState, key: &str) -> AnyView {
    let href = state.with(&[("open", key)]);
    view! {
        <p>
            <a href=href>{words::versions::unfold()}</a>
        </p>
    }
    .into_any()
}

/// What brings a deleted key back.
pub(super) fn key_action(state: VersionsState, row: &KeyHistory, shown: &str) -> Option<AnyView> {
    let newest = row.restorable()?;
    let hiding = row.hiding();
    let name = shown.to_owned();
    Some(match hiding.first() {
        Some(marker) => {
            let ids: Vec<_> = hiding.iter().map(|one| one.version_id.clone()).collect();
            let (key, done) = (row.key.clone(), words::versions::undeleted(&name));
            let submit = move |event: ev::SubmitEvent| {
                event.prevent_default();
                state.remove(key.clone(), ids.clone(), done.clone());
            };
            let label = words::versions::undelete_key(&name);
            plain(
                state,
                "delete_version",
                &row.key,
                &marker.version_id,
                submit,
                Act {
                    word: words::versions::undelete(),
                    label,
                    icon: "undo",
                    testid: "undelete",
                },
            )
        }
        None => restore(state, &row.key, &newest.version_id, &name),
    })
}

/// A button of a plain form.
struct Act {
    word: &'static str,
    label: String,
    icon: &'static str,
    testid: &'static str,
}

/// A form about one version, which acts in place where there are scripts.
fn plain(
    state: VersionsState,
    op: &'static str,
    key: &str,
    version_id: &str,
    submit: impl Fn(ev::SubmitEvent) + 'static,
    act: Act,
) -> AnyView {
    view! {
        <form method="post" action=state.here() on:submit=submit>
            <PlainFields state op key=key.to_owned() version_id=version_id.to_owned() />
            <button
                type="submit"
                class="button button-quiet"
                aria-label=act.label
                data-testid=act.testid
            >
                <Icon name=act.icon />
                {act.word}
            </button>
        </form>
    }
    .into_any()
}

/// The fields of a form about one version.
#[component]
pub(super) fn PlainFields(
    state: VersionsState,
    op: &'static str,
    key: String,
    version_id: String,
) -> impl IntoView {
    view! {
        <input type="hidden" name="op" value=op />
        <crate::SessionField />
        <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
        <input type="hidden" name="key" value=key />
        <input type="hidden" name="version_id" value=version_id />
        <input type="hidden" name="next" value=state.shown_at() />
    }
}

fn restore(state: VersionsState, key: &str, version_id: &str, shown: &str) -> AnyView {
    let (of, id) = (key.to_owned(), version_id.to_owned());
    let done = words::versions::restored(shown);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        state.restore(of.clone(), id.clone(), done.clone());
    };
    let label = words::versions::restore_version(version_id, shown);
    plain(
        state,
        "restore_version",
        key,
        version_id,
        submit,
        Act {
            word: words::versions::restore(),
            label,
            icon: "undo",
            testid: "version-restore",
        },
    )
}

/// The versions and markers, newest first.
pub(super) fn moments(state: VersionsState, row: &KeyHistory) -> AnyView {
    let lines = row
        .moments
        .iter()
        .map(|moment| line(state, row, moment))
        .collect_view();
    let label = words::versions::versions_of(&visible_name(&row.key));
    view! {
        <div class="table-frame" role="region" aria-label=label tabindex="0">
            <table class="table table-cards">
                <thead>
                    <tr>
                        <th scope="col">{words::versions::version_id()}</th>
                        <th scope="col">{words::versions::kind()}</th>
                        <th scope="col">{words::versions::made()}</th>
                        <th scope="col">{words::versions::size()}</th>
                        <th scope="col">
                            <span class="sr-only">{words::versions::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {(!row.is_whole)
            .then(|| view! { <p class="note"><Icon name="info" /><span>{words::versions::cut_off()}</span></p> })}
    }
    .into_any()
}

fn line(state: VersionsState, row: &KeyHistory, moment: &Version) -> AnyView {
    let kind = match (moment.is_marker, moment.is_latest) {
        (true, true) => words::versions::kind_hides(),
        (true, false) => words::versions::kind_marker(),
        (false, true) => words::versions::kind_current(),
        (false, false) => words::versions::kind_old(),
    };
    let size = (!moment.is_marker).then(|| {
        let exact = unit::exact_bytes(moment.size);
        view! { <span title=exact>{unit::size(moment.size)}</span> }
    });
    view! {
        <tr
            data-testid="version-row"
            data-version=moment.version_id.clone()
            data-marker=moment.is_marker.to_string()
        >
            <th scope="row" class="mono">
                {moment.version_id.clone()}
            </th>
            <td data-label=words::versions::kind()>{kind}</td>
            <td data-label=words::versions::made()>
                {moment.last_modified.map(|time| view! { <Moment time /> })}
            </td>
            <td data-label=words::versions::size()>{size}</td>
            <td>
                <div class="version-actions">{actions(state, row, moment)}</div>
            </td>
        </tr>
    }
    .into_any()
}

fn actions(state: VersionsState, row: &KeyHistory, moment: &Version) -> AnyView {
    let (key, id) = (row.key.as_str(), moment.version_id.as_str());
    let shown = visible_name(key);
    let download = ObjectKey::parse(key)
        .ok()
        .filter(|_| !moment.is_marker)
        .map(|key| {
            let href = state
                .bucket
                .with_value(|bucket| version_path(bucket, &key, id));
            let label = words::versions::download_version(id, &shown);
            view! {
                <a
                    href=href
                    class="button button-quiet"
                    rel="external"
                    download
                    aria-label=label
                    data-testid="version-download"
                >
                    <Icon name="download" />
                    {words::versions::download()}
                </a>
            }
        });
    let restores = !moment.is_marker && !moment.is_latest;
    let compares = state.is_beside() && !moment.is_marker;
    let goes = removal(state, row, moment, &shown);
    view! {
        {compares.then(|| compare::tick(state, id))}
        {download}
        {restores.then(|| restore(state, key, id, &shown))}
        {goes}
    }
    .into_any()
}

/// What removes a version or a marker: a question about the one, a button for the other.
fn removal(state: VersionsState, row: &KeyHistory, moment: &Version, shown: &str) -> AnyView {
    let (key, id) = (row.key.as_str(), moment.version_id.as_str());
    let question = state.with(&[("ask", "delete"), ("key", key), ("version", id)]);
    let doomed = Doomed {
        key: key.to_owned(),
        version_id: id.to_owned(),
    };
    let ask = move |event: ev::MouseEvent| {
        event.prevent_default();
        state.doomed.set(Some(doomed.clone()));
        state.delete.open();
    };
    let (word, label) = if moment.is_marker {
        (
            words::versions::remove_marker(),
            words::versions::remove_marker_of(id, shown),
        )
    } else {
        (
            words::versions::delete(),
            words::versions::delete_version(id, shown),
        )
    };
    if moment.is_marker {
        let (of, ids) = (row.key.clone(), vec![moment.version_id.clone()]);
        let done = words::versions::marker_removed(shown);
        let submit = move |event: ev::SubmitEvent| {
            event.prevent_default();
            state.remove(of.clone(), ids.clone(), done.clone());
        };
        plain(
            state,
            "delete_version",
            key,
            id,
            submit,
            Act {
                word,
                label,
                icon: "undo",
                testid: "marker-remove",
            },
        )
    } else {
        view! {
            <a
                href=question
                class="button button-quiet"
                aria-label=label
                data-testid="version-delete"
                on:click=ask
            >
                <Icon name="trash" />
                {word}
            </a>
        }
        .into_any()
    }
}
