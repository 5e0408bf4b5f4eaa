//! The form for those without scripts.

use leptos::prelude::*;
use model::{
    acl::{AclRight, Grant},
    form::{GRANT, SET_ACL},
};

use super::{
    state::State,
    words::{To, line_of, right_words},
};
use crate::{
    layout::title::Settled,
    ui::{Button, Tone},
    words::access,
};

/// The same for those without scripts: what stays is ticked, and one grant is added. It goes once scripts run.
#[component]
pub(super) fn Plain(state: State, back: Signal<String>) -> impl IntoView {
    let is_settled = use_context::<Settled>().is_some_and(|settled| settled.0.get_untracked());
    if is_settled {
        return ().into_any();
    }
    let granted = state.granted.get_value();
    let (own, others) = granted.acl.by_owner();
    let json = |grant: &Grant| serde_json::to_string(grant).unwrap_or_default();
    let hidden = |name: &'static str, value: String| {
        view! { <input type="hidden" name=name value=value /> }
    };
    let own = own
        .iter()
        .filter(|_| !granted.is_hcp)
        .map(|grant| hidden(GRANT, json(grant)))
        .collect_view();
    let kept = others
        .iter()
        .map(|grant| {
            view! {
                <label class="check-line">
                    <input type="checkbox" name=GRANT value=json(grant) checked=true />
                    {line_of(grant)}
                </label>
            }
        })
        .collect_view();
    let tos = To::ALL.map(|one| view! { <option value=one.word()>{one.label()}</option> });
    let rights =
        AclRight::ALL.map(|one| view! { <option value=one.as_str()>{right_words(one)}</option> });
    let key = granted.place.key.as_ref().map(ToString::to_string);
    let version = granted.place.version_id.clone();
    view! {
        <form
            method="post"
            action=back
            class="access-plain no-script-only"
            data-testid="form-acl-plain"
        >
            {hidden("op", SET_ACL.to_owned())}
            <crate::SessionField />
            {hidden("bucket", granted.place.bucket.to_string())}
            {key.map(|key| hidden("key", key))}
            {version.map(|version| hidden("version_id", version))}
            {hidden("fingerprint", granted.acl.fingerprint.clone())}
            {hidden("is_hcp", granted.is_hcp.to_string())}
            {hidden("next", back.get_untracked())}
            {own}
            <fieldset>
                <legend>{access::what_stays()}</legend>
                {kept}
            </fieldset>
            <div class="field">
                <label for="field-to">{access::to()}</label>
                <select id="field-to" name="to" class="input">
                    {tos.collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="field-person">{access::name()}</label>
                <input id="field-person" name="person" class="input" autocomplete="off" />
            </div>
            <div class="field">
                <label for="field-right">{access::right()}</label>
                <select id="field-right" name="right" class="input">
                    {rights.collect_view()}
                </select>
            </div>
            <label class="check-line">
                <input type="checkbox" id="field-public" name="public" value="true" />
                {access::may_be_public()}
            </label>
            <Button kind="submit" tone=Tone::Primary>
                {access::save()}
            </Button>
        </form>
    }
    .into_any()
}
