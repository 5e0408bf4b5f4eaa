//! The controls of forms, and the same values as text.

use std::net::IpAddr;

use leptos::prelude::*;
use model::{
    mapi::{ConsoleSecurity, IpSettings, Kind, Resource as _, edit, password},
    retention::{Offset, Retention},
};

use super::{
    fields::{PERMISSIONS, PRESETS},
    form::{Item, State, companion},
    spec::{Widget, Word},
};
use crate::{browser, text, ui::Icon, unit, words::admin};

/// One field: its label, its control, what one should know, and what is wrong.
#[expect(
    clippy::too_many_lines,
    reason = "one control: its parts share their signals"
)]
pub fn control(state: State, item: Item) -> AnyView {
    let blocked = {
        let item = item.clone();
        Signal::derive(move || state.blocked(&item))
    };
    let error = {
        let item = item.clone();
        Signal::derive(move || state.error(&item))
    };
    let ids = Ids {
        help: format!("help-{}", item.id),
        error: format!("error-{}", item.id),
    };
    let described = {
        let (ids, help) = (ids.clone(), !item.field.help().is_empty());
        Signal::derive(move || {
            let mut all = Vec::new();
            if help || blocked.get().is_some() {
                all.push(ids.help.as_str());
            }
            if error.get().is_some() {
                all.push(ids.error.as_str());
            }
            (!all.is_empty()).then(|| all.join(" "))
        })
    };
    let parts = Parts {
        state,
        item: item.clone(),
        blocked,
        error,
        described,
    };
    if item.field.widget == Widget::Fixed {
        let value = item.now.get_untracked();
        return view! {
            {was(&parts)}
            <input type="hidden" name=item.path.clone() value=value />
        }
        .into_any();
    }
    let flag = matches!(item.kind, Kind::Flag);
    let inner = match (item.field.widget, item.kind) {
        (Widget::Addresses, _) => {
            let flag = checkbox(&parts);
            return view! {
                <div class="field" data-testid=format!("field-{}", item.path)>
                    {was(&parts)}
                    {flag}
                    <AddressTester state />
                </div>
            }
            .into_any();
        }
        (_, Kind::Flag) => checkbox(&parts),
        (Widget::Checks(words), _) => return checks(&parts, words, ids),
        (Widget::Words(words), _) => {
            let words = words.iter().map(|(w, l)| ((*w).to_owned(), l().to_owned()));
            select(&parts, words.collect())
        }
        (Widget::Options(name), _) => {
            let options = state.form.with_value(|form| {
                let found = form.options.iter().find(|(n, _)| *n == name);
                found.map(|(_, options)| options.clone())
            });
            match options {
                Some(options) if !options.is_empty() => select(
                    &parts,
                    options.into_iter().map(|o| (o.clone(), o)).collect(),
                ),
                _ => line(&parts, "text"),
            }
        }
        (_, Kind::Quota) => quota(&parts),
        (Widget::Area | Widget::Lines, _) => area(&parts),
        (Widget::Secret, _) => line(&parts, "password"),
        (Widget::Password, _) => new_password(&parts),
        (Widget::Percent, _) => percent(&parts),
        _ => line(&parts, "text"),
    };
    let label = (!flag).then(|| {
        view! { <label for=item.id.clone()>{item.field.label()}{mark(&item)}</label> }
    });
    let sentence = (item.field.widget == Widget::Retention).then(|| {
        let now = item.now;
        view! {
            <p class="outcome" data-testid="retention-sentence">
                {move || now.with(|now| retention_in_words(now))}
            </p>
        }
    });
    view! {
        <div class="field" data-testid=format!("field-{}", item.path)>
            {was(&parts)}
            {label}
            {inner}
            {sentence}
            {notes(&parts, ids)}
        </div>
    }
    .into_any()
}

/// The ids of what a control is described by.
#[derive(Clone)]
struct Ids {
    help: String,
    error: String,
}

/// What every control is made from.
#[derive(Clone)]
struct Parts {
    state: State,
    item: Item,
    blocked: Signal<Option<&'static str>>,
    error: Signal<Option<String>>,
    described: Signal<Option<String>>,
}

/// The hidden companion, unless the plain form cannot have the field at all. A secret has none.
fn was(parts: &Parts) -> AnyView {
    let item = &parts.item;
    let secret = matches!(item.field.widget, Widget::Secret | Widget::Password);
    if secret || item.field.beside || parts.blocked.get_untracked().is_some() {
        return ().into_any();
    }
    companion(item).into_any()
}

fn mark(item: &Item) -> Option<AnyView> {
    if item.field.required {
        return Some(view! { <span class="mark-required">{admin::required()}</span> }.into_any());
    }
    (!item.field.one_way_means().is_empty() && !item.before.is_empty()).then(|| {
        view! {
            <span class="mark-one-way">
                <Icon name="lock" />
                {admin::cannot_be_undone()}
            </span>
        }
        .into_any()
    })
}

fn notes(parts: &Parts, ids: Ids) -> impl IntoView + use<> {
    let (blocked, error) = (parts.blocked, parts.error);
    let help = parts.item.field.help();
    let testid = format!("error-{}", parts.item.path);
    view! {
        {move || {
            let text = blocked.get().unwrap_or(help);
            (!text.is_empty())
                .then(|| view! { <p id=ids.help.clone() class="help">{text}</p> })
        }}
        {move || {
            error
                .get()
                .map(|text| {
                    view! {
                        <p id=ids.error.clone() class="error" data-testid=testid.clone()>
                            <Icon name="alert" />
                            <span>{text}</span>
                        </p>
                    }
                })
        }}
    }
}

fn line(parts: &Parts, kind: &'static str) -> AnyView {
    let Parts {
        item,
        blocked,
        error,
        described,
        ..
    } = parts.clone();
    let now = item.now;
    if let Some(typed) = browser::typed(&item.id) {
        now.set(typed);
    }
    let numeric = matches!(item.kind, Kind::Number);
    view! {
        <input
            id=item.id.clone()
            name=item.path.clone()
            type=kind
            class="input"
            class:input-short=numeric
            inputmode=numeric.then_some("numeric")
            autocomplete=if kind == "password" { "new-password" } else { "off" }
            autocapitalize="none"
            spellcheck="false"
            value=now.get_untracked()
            prop:value=move || now.get()
            disabled=move || blocked.get().is_some()
            required=item.field.required
            aria-invalid=move || error.get().map(|_| "true")
            aria-describedby=move || described.get()
            on:input=move |event| now.set(event_target_value(&event))
        />
    }
    .into_any()
}

fn area(parts: &Parts) -> AnyView {
    let Parts {
        item,
        blocked,
        error,
        described,
        ..
    } = parts.clone();
    let now = item.now;
    let list = item.field.widget == Widget::Lines;
    let rows = now.with_untracked(|now| now.lines().count()).clamp(2, 8) + usize::from(list);
    // Lists are compared line by line, whatever blanks are typed around them.
    let set = move |typed: String| {
        now.set(if list {
            edit::lines(&typed).collect::<Vec<_>>().join("\n")
        } else {
            typed
        });
    };
    let initial = now.with_untracked(|now| text::in_area(now));
    view! {
        <textarea
            id=item.id.clone()
            name=item.path.clone()
            class="input input-area"
            class:mono=list
            rows=rows.to_string()
            spellcheck=if list { "false" } else { "true" }
            disabled=move || blocked.get().is_some()
            aria-invalid=move || error.get().map(|_| "true")
            aria-describedby=move || described.get()
            on:input=move |event| set(event_target_value(&event))
            inner_html=initial
        ></textarea>
    }
    .into_any()
}

fn select(parts: &Parts, mut words: Vec<(String, String)>) -> AnyView {
    let Parts {
        item,
        blocked,
        error,
        described,
        ..
    } = parts.clone();
    let now = item.now;
    let present = now.get_untracked();
    if !words.iter().any(|(word, _)| *word == present) {
        let label = match present.as_str() {
            "" => admin::as_the_store_has_it().to_owned(),
            word if word.eq_ignore_ascii_case("default") => {
                admin::as_the_system_has_it().to_owned()
            }
            word => word.to_owned(),
        };
        words.insert(0, (present, label));
    }
    let options = words
        .into_iter()
        .map(|(word, label)| {
            let selected = word == now.get_untracked();
            let mine = word.clone();
            view! {
                <option
                    value=word
                    selected=selected
                    prop:selected=move || now.with(|now| *now == mine)
                >
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            id=item.id.clone()
            name=item.path.clone()
            class="input input-select"
            disabled=move || blocked.get().is_some()
            aria-invalid=move || error.get().map(|_| "true")
            aria-describedby=move || described.get()
            on:change=move |event| now.set(event_target_value(&event))
        >
            {options}
        </select>
    }
    .into_any()
}

fn checkbox(parts: &Parts) -> AnyView {
    let Parts {
        item,
        blocked,
        error,
        described,
        ..
    } = parts.clone();
    let now = item.now;
    let on = move || now.with(|now| now == "true");
    view! {
        <label class="check-line">
            <input
                type="checkbox"
                id=item.id.clone()
                name=item.path.clone()
                value="true"
                checked=untrack(on)
                prop:checked=on
                disabled=move || blocked.get().is_some()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described.get()
                on:change=move |event| now.set(event_target_checked(&event).to_string())
            />
            <span>{item.field.label()}{mark(&item)}</span>
        </label>
    }
    .into_any()
}

#[expect(
    clippy::too_many_lines,
    reason = "one control: its parts share their signals"
)]
fn quota(parts: &Parts) -> AnyView {
    let Parts {
        item,
        blocked,
        error,
        described,
        ..
    } = parts.clone();
    let now = item.now;
    let (number, unit) = now.with_untracked(|now| {
        let (number, unit) = now.split_once(' ').unwrap_or((now.as_str(), "GB"));
        let number = match number.split_once('.') {
            Some((_, decimals)) if decimals.chars().all(|c| c == '0') => {
                number.split('.').next().unwrap_or_default()
            }
            _ => number,
        };
        (number.to_owned(), unit.to_owned())
    });
    let before = number_of(&item.before).to_owned();
    let (number, unit) = (RwSignal::new(number), RwSignal::new(unit));
    if let Some(typed) = browser::typed(&item.id) {
        number.set(typed);
    }
    let compose = move || {
        let typed = number.get_untracked();
        let text = if typed.trim().is_empty() {
            String::new()
        } else {
            let text = format!("{} {}", typed.trim(), unit.get_untracked());
            text.parse::<model::mapi::Quota>()
                .map_or(text, |quota| quota.to_string())
        };
        now.set(text);
    };
    // Reset sets the whole; the parts follow.
    let loaded = item.before.clone();
    Effect::new(move |_| {
        if now.with(|now| *now == loaded) {
            number.set(before.clone());
            unit.set(
                loaded
                    .split_once(' ')
                    .map_or("GB", |(_, unit)| unit)
                    .to_owned(),
            );
        }
    });
    let options = ["GB", "TB"]
        .map(|one| {
            view! {
                <option
                    value=one
                    selected=unit.with_untracked(|unit| unit == one)
                    prop:selected=move || unit.with(|unit| unit == one)
                >
                    {one}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="quota" data-testid="quota-input">
            <input
                id=item.id.clone()
                name=item.path.clone()
                class="input input-short"
                inputmode="decimal"
                autocomplete="off"
                value=number.get_untracked()
                prop:value=move || number.get()
                disabled=move || blocked.get().is_some()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described.get()
                on:input=move |event| {
                    number.set(event_target_value(&event));
                    compose();
                }
            />
            <select
                name=format!("{}{}", edit::UNIT, item.path)
                class="input input-select"
                aria-label=admin::unit_of(item.field.label())
                disabled=move || blocked.get().is_some()
                on:change=move |event| {
                    unit.set(event_target_value(&event));
                    compose();
                }
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The number of a quota without decimals that say nothing.
fn number_of(quota: &str) -> &str {
    let number = quota.split(' ').next().unwrap_or_default();
    number.strip_suffix(".00").unwrap_or(number)
}

fn percent(parts: &Parts) -> AnyView {
    let control = line(parts, "text");
    let (state, now) = (parts.state, parts.item.now);
    let size = move || {
        let hard = state.item("hardQuota")?.now.get();
        let hard: model::mapi::Quota = hard.parse().ok()?;
        let percent: model::mapi::Percent = now.get().parse().ok()?;
        (0..=100)
            .contains(&percent.0)
            .then(|| admin::warns_from(&unit::size(percent.of(hard.bytes()))))
    };
    view! {
        <div class="quota">
            {control}
            <span aria-hidden="true">"%"</span>
            <span class="help">{size}</span>
        </div>
    }
    .into_any()
}

/// Ticks a word with all that comes with it; unticking takes away what it comes with.
pub fn toggled(words: &[Word], chosen: &str, word: &str, on: bool) -> String {
    let order: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let chosen: Vec<String> = edit::lines(chosen).map(str::to_owned).collect();
    edit::toggled(&order, &chosen, word, on).join("\n")
}

fn checks(parts: &Parts, words: &'static [Word], ids: Ids) -> AnyView {
    let Parts { item, blocked, .. } = parts.clone();
    let boxes = words
        .iter()
        .enumerate()
        .map(|(index, (word, label))| {
            let id = (index == 0).then(|| item.id.clone());
            view! {
                <label class="check-line">
                    {tick(&item, words, word, id, blocked)}
                    <span>{label()}</span>
                </label>
            }
        })
        .collect_view();
    let described = parts.described;
    view! {
        <fieldset
            class="field"
            data-testid=format!("field-{}", item.path)
            aria-describedby=move || described.get()
        >
            <legend>{item.field.label()}{mark(&item)}</legend>
            {was(parts)}
            {boxes}
            {notes(parts, ids)}
        </fieldset>
    }
    .into_any()
}

fn tick(
    item: &Item,
    words: &'static [Word],
    word: &'static str,
    id: Option<String>,
    blocked: Signal<Option<&'static str>>,
) -> impl IntoView + use<> {
    let now = item.now;
    let on = move || now.with(|now| now.lines().any(|one| one == word));
    view! {
        <input
            type="checkbox"
            id=id
            name=item.path.clone()
            value=word
            checked=untrack(on)
            prop:checked=on
            disabled=move || blocked.get().is_some()
            on:change=move |event| {
                let on = event_target_checked(&event);
                now.update(|now| *now = toggled(words, now, word, on));
            }
        />
    }
}

/// What an account may do in each namespace.
#[component]
pub fn Matrix(items: Vec<Item>, editable: bool) -> impl IntoView {
    let heads = PERMISSIONS
        .iter()
        .map(|(_, label)| view! { <th scope="col">{label()}</th> })
        .collect_view();
    let rows = items
        .iter()
        .map(|item| {
            let namespace = item.path.trim_start_matches(edit::RIGHT).to_owned();
            let cells = PERMISSIONS
                .iter()
                .map(|(word, label)| matrix_cell(item, &namespace, word, label(), editable))
                .collect_view();
            let presets = editable.then(|| presets(item));
            view! {
                <tr data-testid="row" data-key=namespace.clone()>
                    <th scope="row">
                        {editable.then(|| companion(item))}
                        <bdi>{namespace.clone()}</bdi>
                    </th>
                    {cells}
                    {presets}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" role="region" aria-label=admin::data_rights() tabindex="0">
            <table class="table matrix" data-testid="perm-matrix">
                <caption class="sr-only">{admin::what_the_account_may_do()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{admin::namespace()}</th>
                        {heads}
                        {editable
                            .then(|| {
                                view! {
                                    <th scope="col" class="needs-script">
                                        {admin::all_at_once()}
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn matrix_cell(
    item: &Item,
    namespace: &str,
    word: &'static str,
    label: &'static str,
    editable: bool,
) -> AnyView {
    let before = item.before.lines().any(|one| one == word);
    if !editable {
        let said = if before {
            admin::has_right()
        } else {
            admin::has_no_right()
        };
        return view! {
            <td class="matrix-cell">
                {before.then(|| view! { <Icon name="check" /> })}
                <span class="sr-only">{said}</span>
            </td>
        }
        .into_any();
    }
    let now = item.now;
    let on = move || now.with(|now| now.lines().any(|one| one == word));
    view! {
        <td class="matrix-cell" class:is-changed=move || on() != before>
            <label class="check" data-testid="perm-cell">
                <span class="sr-only">
                    {label}
                    <span class="only-heard">{admin::in_namespace(namespace)}</span>
                </span>
                {tick(item, PERMISSIONS, word, None, Signal::stored(None))}
            </label>
        </td>
    }
    .into_any()
}

fn presets(item: &Item) -> AnyView {
    let now = item.now;
    let namespace = item.path.trim_start_matches(edit::RIGHT).to_owned();
    let buttons = PRESETS
        .map(|(word, rights)| {
            view! {
                <button
                    type="button"
                    class="button button-quiet"
                    on:click=move |_| now.set(rights.to_owned())
                >
                    {word()}
                    <span class="sr-only">{admin::in_namespace(&namespace)}</span>
                </button>
            }
        })
        .collect_view();
    view! { <td class="presets needs-script">{buttons}</td> }.into_any()
}

/// Tells whether an address would get in by the lists as they stand. Needs scripts.
#[component]
fn AddressTester(state: State) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let id = state.form.with_value(|form| format!("ip-test-{}", form.op));
    let list = move |path: &str| {
        let text = state
            .item(path)
            .map(|item| item.now.get())
            .unwrap_or_default();
        edit::lines(&text).map(str::to_owned).collect::<Vec<_>>()
    };
    let verdict = move || {
        let text = typed.get();
        let text = text.trim();
        if text.is_empty() {
            return String::new();
        }
        let Ok(address) = text.parse::<IpAddr>() else {
            return admin::is_not_an_address(text);
        };
        let settings = IpSettings {
            allow_addresses: Some(list("ipSettings.allowAddresses").into()),
            deny_addresses: Some(list("ipSettings.denyAddresses").into()),
            allow_if_in_both_lists: Some(
                state
                    .item("ipSettings.allowIfInBothLists")
                    .is_some_and(|item| item.now.get() == "true"),
            ),
            ..IpSettings::default()
        };
        if settings.admits(address) {
            admin::would_get_in(text)
        } else {
            admin::would_be_kept_out(text)
        }
    };
    view! {
        <div class="tester needs-script">
            <label for=id.clone()>{admin::would_this_address_get()}</label>
            <div class="quota">
                <input
                    id=id
                    class="input"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="ip-test"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <output class="help" aria-live="polite">
                    {verdict}
                </output>
            </div>
        </div>
    }
}

/// A new password: revealed, generated, held against the tenant's rules while it is typed.
#[expect(
    clippy::too_many_lines,
    reason = "one control: its parts share their signals"
)]
fn new_password(parts: &Parts) -> AnyView {
    let Parts {
        state,
        item,
        blocked,
        error,
        described,
    } = parts.clone();
    let now = item.now;
    if let Some(typed) = browser::typed(&item.id) {
        now.set(typed);
    }
    let open = RwSignal::new(false);
    let security = StoredValue::new(
        state
            .form
            .with_value(|form| ConsoleSecurity::read_leniently(form.security.clone())),
    );
    let username = move || match state.item("username") {
        Some(item) => item.now.get(),
        None => state.form.with_value(|form| {
            let at = form.at.iter().find(|(name, _)| *name == "username");
            at.map(|(_, name)| name.clone()).unwrap_or_default()
        }),
    };
    let rules = move || {
        let username = username();
        let rules = security
            .with_value(|security| now.with(|now| password::rules(security, &username, now)));
        rules
            .into_iter()
            .map(|rule| {
                let (icon, said) = if rule.kept {
                    ("check", admin::rule_kept())
                } else {
                    ("close", admin::rule_not_yet())
                };
                view! {
                    <li class:is-kept=rule.kept>
                        <Icon name=icon />
                        {text::password_rule(rule.rule)}
                        <span class="sr-only">{said}</span>
                    </li>
                }
            })
            .collect_view()
    };
    let generate = move |_| {
        let made = security.with_value(|security| generated(security, &untrack(username)));
        if let Some(made) = made {
            now.set(made);
            open.set(true);
        }
    };
    let copied = crate::ui::Messages::here();
    view! {
        <div class="quota">
            <input
                id=item.id.clone()
                name=item.path.clone()
                type=move || if open.get() { "text" } else { "password" }
                class="input mono"
                autocomplete="new-password"
                autocapitalize="none"
                spellcheck="false"
                required=item.field.required
                value=now.get_untracked()
                prop:value=move || now.get()
                disabled=move || blocked.get().is_some()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described.get()
                on:input=move |event| now.set(event_target_value(&event))
            />
            <button
                type="button"
                class="button button-plain needs-script"
                data-testid="secret-reveal"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { admin::hide() } else { admin::reveal() }}
            </button>
            <button
                type="button"
                class="button button-plain needs-script"
                data-testid="secret-generate"
                on:click=generate
            >
                {admin::generate()}
            </button>
            <button
                type="button"
                class="button button-plain needs-script"
                data-testid="copy"
                on:click=move |_| {
                    browser::copy(&now.get_untracked());
                    copied.success(admin::password_copied());
                }
            >
                {admin::copy()}
            </button>
        </div>
        <ul class="rules" aria-label=admin::a_password()>{rules}</ul>
    }
    .into_any()
}

/// A password that keeps the rules; `None` where there is no source of chance, or the rules cannot be
/// kept.
fn generated(security: &ConsoleSecurity, username: &str) -> Option<String> {
    // Without characters that are taken for one another.
    const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-+=:.%";
    let least = security.minimum_password_length.unwrap_or(0).clamp(0, 64);
    let length = usize::try_from(least).unwrap_or(0).max(20);
    (0..200).find_map(|_| {
        let bytes = browser::chance(length * 4)?;
        let made: String = bytes
            .iter()
            // What is left over would make some characters likelier than others.
            .filter(|byte| usize::from(**byte) < 256 / ALPHABET.len() * ALPHABET.len())
            .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
            .take(length)
            .collect();
        (made.len() == length && password::check(security, username, &made).is_ok()).then_some(made)
    })
}

/// A value as a person reads it.
pub fn in_words(item: &Item, text: &str) -> String {
    let word = |text: &str| match item.field.widget {
        Widget::Words(words) | Widget::Checks(words) => words
            .iter()
            .find(|(word, _)| *word == text)
            .map_or(text, |(_, label)| {
                label().split(':').next().unwrap_or_default()
            })
            .to_owned(),
        _ => text.to_owned(),
    };
    match (item.kind, item.field.widget) {
        _ if text.is_empty() => "–".to_owned(),
        (Kind::Flag, _) => if text == "true" {
            admin::yes()
        } else {
            admin::no()
        }
        .to_owned(),
        (Kind::Quota, _) => format!(
            "{} {}",
            number_of(text),
            text.split_once(' ').map_or("", |(_, unit)| unit)
        ),
        (_, Widget::Percent) => format!("{text} %"),
        (_, Widget::Secret | Widget::Password) => admin::value_hidden().to_owned(),
        // HCP's word for as many as there is room for.
        _ if item.path == "namespaceQuota" && text == "None" => admin::no_limit().to_owned(),
        (_, Widget::When) => time_of(text).map_or_else(|| text.to_owned(), text::utc),
        (Kind::List(..), _) => edit::lines(text).map(word).collect::<Vec<_>>().join(", "),
        _ => word(text),
    }
}

/// Reads a time in HCP's form or in the standard one.
pub fn time_of(text: &str) -> Option<model::Timestamp> {
    model::Timestamp::parse_hcp(text).or_else(|| model::Timestamp::parse(text))
}

/// `Hard quota 50 GB → 80 GB`.
pub fn change_in_words(item: &Item) -> String {
    let label = match item.path.strip_prefix(edit::RIGHT) {
        Some(namespace) => admin::rights_in(&text::visible_name(namespace)),
        None => item.field.label().to_owned(),
    };
    let now = item.now.get();
    if item.kind == Kind::Text && (item.before.len() > 60 || now.len() > 60) {
        return admin::field_changed(&label);
    }
    format!(
        "{label}: {} → {}",
        in_words(item, &item.before),
        in_words(item, &now)
    )
}

/// A field as text.
pub fn shown(_state: State, item: &Item) -> AnyView {
    view! {
        <dt>{item.field.label()}</dt>
        <dd data-testid=format!("field-{}", item.path)>{in_words(item, &item.before)}</dd>
    }
    .into_any()
}

/// What a retention setting means, in a sentence.
pub fn retention_in_words(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    match text.parse::<Retention>() {
        Ok(Retention::Fixed(0)) => admin::retention_at_once().to_owned(),
        Ok(Retention::Fixed(-1)) => admin::retention_never().to_owned(),
        Ok(Retention::Fixed(-2)) => admin::retention_later().to_owned(),
        Ok(Retention::Fixed(seconds)) => model::Timestamp::from_unix_seconds(seconds).map_or_else(
            || admin::retention_no_time().to_owned(),
            |time| admin::retention_until(&text::utc(time)),
        ),
        Ok(Retention::Class(name)) => admin::retention_of_class(&name),
        Ok(Retention::Offset(offset)) => admin::retention_period(&period_in_words(offset)),
        Err(_) => String::new(),
    }
}

/// Says a number with what it counts.
type Counted = fn(u64) -> String;

fn period_in_words(offset: Offset) -> String {
    let parts: [(i32, Counted); 7] = [
        (offset.years, admin::years),
        (offset.months, admin::months),
        (offset.weeks, admin::weeks),
        (offset.days, admin::days),
        (offset.hours, admin::hours),
        (offset.minutes, admin::minutes),
        (offset.seconds, admin::seconds),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number != 0)
        .map(|(number, counted)| counted(u64::try_from(number).unwrap_or_default()))
        .collect();
    if words.is_empty() {
        admin::at_once().to_owned()
    } else {
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::spec::{Say, nothing},
        *,
    };

    #[test]
    fn rights_bring_others_with_them() {
        let on = |chosen: &str, word: &str| toggled(PERMISSIONS, chosen, word, true);
        let off = |chosen: &str, word: &str| toggled(PERMISSIONS, chosen, word, false);
        assert_eq!(on("", "READ"), "BROWSE\nREAD");
        assert_eq!(on("", "SEARCH"), "BROWSE\nREAD\nSEARCH");
        assert_eq!(on("WRITE", "PURGE"), "WRITE\nDELETE\nPURGE");
        assert_eq!(off("BROWSE\nREAD\nSEARCH", "BROWSE"), "");
        assert_eq!(off("BROWSE\nREAD", "READ"), "BROWSE");
        assert_eq!(off("DELETE\nPURGE", "PURGE"), "DELETE");
        // A mask has no BROWSE to bring.
        let mask = &[("READ", nothing as Say), ("SEARCH", nothing)];
        assert_eq!(toggled(mask, "", "SEARCH", true), "READ\nSEARCH");
    }

    #[test]
    fn retention_is_said_in_a_sentence() {
        for (value, said) in [
            ("0", "Objects can be deleted at once."),
            ("Deletion Prohibited", "Objects can never be deleted."),
            (
                "A+7y",
                "Objects can be deleted 7 years after they were stored.",
            ),
            (
                "A+1y+6M",
                "Objects can be deleted 1 year, 6 months after they were stored.",
            ),
            ("C+Legal", "As the retention class Legal says."),
            ("soon", ""),
            ("", ""),
        ] {
            assert_eq!(retention_in_words(value), said, "{value}");
        }
        assert!(retention_in_words("2030-01-31T00:00:00+0000").contains("31 Jan 2030"));
    }

    #[test]
    fn quotas_lose_decimals_that_say_nothing() {
        assert_eq!(number_of("50.00 GB"), "50");
        assert_eq!(number_of("1.25 TB"), "1.25");
        assert_eq!(number_of(""), "");
    }
}
