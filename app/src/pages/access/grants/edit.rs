//! Granting something, and lists in a word.

use leptos::{ev, prelude::*};
use model::acl::{AclRight, CannedAcl, GRANTS_MAX};

use super::{
    state::State,
    words::{To, right_words},
};
use crate::{
    ui::{Button, Icon},
    words::access,
};

/// The line by which something is granted.
#[component]
pub(super) fn Adding(state: State) -> impl IntoView {
    let to = RwSignal::new(To::Person);
    let typed = RwSignal::new(String::new());
    let right = RwSignal::new(AclRight::Read);
    let full = Signal::derive(move || {
        let is_full = state.draft.with(|draft| draft.len() >= GRANTS_MAX);
        is_full.then(access::full)
    });
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if full.get_untracked().is_some() {
            return;
        }
        let text = typed.get_untracked();
        if state.add(to.get_untracked(), &text, right.get_untracked()) {
            typed.set(String::new());
        }
    };
    let tos = To::ALL.map(|one| view! { <option value=one.word()>{one.label()}</option> });
    let rights =
        AclRight::ALL.map(|one| view! { <option value=one.as_str()>{right_words(one)}</option> });
    let choose = move |event: ev::Event| {
        let word = event_target_value(&event);
        let chosen = To::ALL.into_iter().find(|one| one.word() == word);
        to.set(chosen.unwrap_or(To::Person));
    };
    let choose_right = move |event: ev::Event| {
        right.set(AclRight::parse(&event_target_value(&event)).unwrap_or(AclRight::Read));
    };
    view! {
        <form class="access-add" data-testid="form-acl" on:submit=add>
            <div class="field">
                <label for="acl-to">{access::to()}</label>
                <select id="acl-to" class="input" data-testid="acl-to" on:change=choose>
                    {tos.collect_view()}
                </select>
            </div>
            <Show when=move || to.get() == To::Person>
                <Picker state typed />
            </Show>
            <div class="field">
                <label for="acl-right">{access::right()}</label>
                <select id="acl-right" class="input" data-testid="acl-right" on:change=choose_right>
                    {rights.collect_view()}
                </select>
            </div>
            <Button kind="submit" reason=full attr:data-testid="acl-add">
                <Icon name="plus" />
                {access::add()}
            </Button>
        </form>
        {move || {
            state
                .wrong
                .get()
                .map(|words| {
                    view! {
                        <p class="error" role="alert" id="error-person" data-testid="error-person">
                            <Icon name="alert" />
                            <span>{words}</span>
                        </p>
                    }
                })
        }}
    }
}

/// Who is meant: one of the users that are known, or whoever is typed.
#[component]
fn Picker(state: State, typed: RwSignal<String>) -> impl IntoView {
    let (options, help) = state.granted.with_value(|granted| {
        let options = granted.users.clone().unwrap_or_default();
        let options = options.into_iter().map(|user| {
            view! { <option value=user.name>{user.full_name}</option> }
        });
        let help = match (&granted.users, granted.place.key.is_some()) {
            _ if !granted.is_hcp => access::help_s3(),
            (_, true) => access::help_object(),
            (Some(_), false) => access::help_bucket(),
            (None, false) => access::help_unlisted(),
        };
        (options.collect_view(), help)
    });
    view! {
        <div class="field">
            <label for="acl-person">{access::name()}</label>
            <input
                id="acl-person"
                class="input"
                list="acl-users"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="acl-person-help error-person"
                aria-invalid=move || state.wrong.with(Option::is_some).then_some("true")
                prop:value=move || typed.get()
                data-testid="person-picker"
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <datalist id="acl-users" data-testid="acl-users">
                {options}
            </datalist>
            <p class="help" id="acl-person-help">
                {help}
            </p>
        </div>
    }
}

/// Lists in a word.
#[component]
pub(super) fn Canned(state: State) -> impl IntoView {
    let bucket_owner = state.granted.with_value(|granted| {
        let owner = granted
            .acl
            .owner
            .as_ref()
            .and_then(|owner| owner.id.clone());
        let of_bucket = granted.bucket_owner.clone();
        of_bucket.filter(|of_bucket| of_bucket.id.is_some() && of_bucket.id != owner)
    });
    let offered = CannedAcl::ALL
        .into_iter()
        .filter_map(|acl| Some((acl, acl.grants(bucket_owner.as_ref())?)));
    let offered: Vec<_> = offered.collect();
    let options = offered
        .iter()
        .map(|(acl, _)| {
            view! { <option value=acl.as_str()>{canned_words(*acl)}</option> }
        })
        .collect_view();
    let offered = StoredValue::new(offered);
    let choose = move |event: ev::Event| {
        let word = event_target_value(&event);
        let grants = offered.with_value(|offered| {
            let mut all = offered.iter();
            let (_, grants) = all.find(|(acl, _)| acl.as_str() == word)?;
            Some(grants.clone())
        });
        if let Some(grants) = grants {
            state.wrong.set(None);
            state.draft.set(grants);
        }
    };
    view! {
        <div class="field access-canned">
            <label for="acl-canned">{access::canned()}</label>
            <select
                id="acl-canned"
                class="input"
                data-testid="acl-canned"
                // Choosing the same once more does it once more.
                prop:value=move || {
                    state.draft.track();
                    String::new()
                }
                on:change=choose
            >
                <option value="">{access::canned_choose()}</option>
                {options}
            </select>
        </div>
    }
}

fn canned_words(acl: CannedAcl) -> &'static str {
    match acl {
        CannedAcl::Private => access::canned_private(),
        CannedAcl::BucketOwnerRead => access::canned_bucket_owner_read(),
        CannedAcl::BucketOwnerFullControl => access::canned_bucket_owner_full(),
        CannedAcl::AuthenticatedRead => access::canned_authenticated_read(),
        CannedAcl::PublicRead => access::canned_public_read(),
        CannedAcl::PublicReadWrite => access::canned_public_read_write(),
    }
}
