//! `/password`: a new password, because the store asks for one or because its owner wants one.

use http::Method;
use leptos::prelude::*;
use model::{
    form::safe_path,
    mapi::{ConsoleSecurity, Resource as _, password},
    session::{Right, Session},
};

use crate::{
    SessionField, api,
    layout::{PageTitle, use_session},
    outcome::Outcome,
    ui::{Button, ErrorSummary, Failure, Icon, LinkButton, Retry, TextField, Tone},
    urls, words,
};

const FORM: &str = "change_own_password";

/// The page.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let session = use_session();
    let retry = Retry::new(move || session.refetch());
    let rules = Resource::new_blocking(
        move || session.get().and_then(Result::ok),
        |session| async move {
            match session {
                Some(session) => rules_of(&session).await,
                None => ConsoleSecurity::default(),
            }
        },
    );
    view! {
        <div class="page page-narrow">
            <PageTitle heading=words::session::password_heading() title=words::session::password_heading() />
            <Suspense>
                {move || Suspend::new(async move {
                    match session.await {
                        Ok(session) => {
                            let rules = rules.await;
                            view! { <PasswordForm session rules /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
    .into_any()
}

/// The rules of the tenant, where the account may see them: security accounts alone may. To everybody else
/// the store says what is wrong when it refuses.
async fn rules_of(session: &Session) -> ConsoleSecurity {
    let unseen = session.must_change_password || session.rights.security == Right::No;
    let Some(tenant) = session.tenant.as_deref().filter(|_| !unseen) else {
        return ConsoleSecurity::default();
    };
    let tenant = model::endpoint::encode(tenant);
    let path = format!("/api/v1/mapi/tenants/{tenant}/consoleSecurity");
    match api::raw(Method::GET, path, None).await {
        Ok(serde_json::Value::Object(settings)) => ConsoleSecurity::read_leniently(settings),
        _ => ConsoleSecurity::default(),
    }
}

#[component]
fn PasswordForm(session: Session, rules: ConsoleSecurity) -> impl IntoView {
    let problem = Outcome::problem(FORM);
    let field = |name: &str| {
        let said = problem.as_ref().and_then(|problem| problem.field(name));
        Signal::stored(said.map(str::to_owned))
    };
    let (current_error, new_error, repeat_error) = (
        field("current_password"),
        field("new_password"),
        field("repeat_password"),
    );
    let forced = session.must_change_password;
    let query = urls::query();
    let next =
        query.with_untracked(|query| query.get("next").and_then(safe_path).map(str::to_owned));
    let next = next.unwrap_or_else(|| "/".to_owned());
    let (current, new, repeat) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let failed = Outcome::problem(FORM).is_some();
    view! {
        <form
            method="post"
            action=urls::current().get_untracked()
            class="form-panel"
            data-testid="form-password"
        >
            <input type="hidden" name="op" value=FORM />
            <input type="hidden" name="next" value=next.clone() />
            <SessionField />
            // So that password managers know whose it is.
            <input
                type="text"
                name="username"
                value=session.username.clone()
                autocomplete="username"
                hidden
                readonly
            />
            <ErrorSummary problem=Signal::stored(problem.clone()) />
            {forced.then(|| view! { <p data-testid="password-forced">{words::session::password_forced()}</p> })}
            {(!forced)
                .then(|| {
                    view! {
                        <TextField
                            name="current_password"
                            label=words::session::password_current().to_owned()
                            value=current
                            error=current_error
                            kind="password"
                            autocomplete="current-password"
                            autofocus=!failed
                            required=true
                        />
                    }
                })}
            <TextField
                name="new_password"
                label=words::session::password_new().to_owned()
                value=new
                error=new_error
                kind="password"
                autocomplete="new-password"
                autofocus=forced
                required=true
            />
            <Rules rules username=session.username new />
            <TextField
                name="repeat_password"
                label=words::session::password_repeat().to_owned()
                value=repeat
                error=repeat_error
                kind="password"
                autocomplete="new-password"
                required=true
            />
            <p class="help">{words::session::password_keys()}</p>
            <div class="actions">
                <Button kind="submit" tone=Tone::Primary attr:data-testid="password-submit">
                    {words::session::password_submit()}
                </Button>
                {if forced {
                    view! { <LinkButton href=urls::SIGN_OUT>{words::frame::sign_out()}</LinkButton> }.into_any()
                } else {
                    view! { <LinkButton href=next>{words::session::cancel()}</LinkButton> }.into_any()
                }}
            </div>
        </form>
    }
    .into_any()
}

/// The rules, each kept or not yet, while one types.
#[component]
fn Rules(rules: ConsoleSecurity, username: String, new: RwSignal<String>) -> impl IntoView {
    let rules = StoredValue::new((rules, username));
    let items = move || {
        let held = rules.with_value(|(rules, username)| {
            new.with(|typed| password::rules(rules, username, typed))
        });
        held.into_iter()
            .map(|rule| {
                let (icon, said) = if rule.kept {
                    ("check", words::session::rule_kept())
                } else {
                    ("close", words::session::rule_not_yet())
                };
                view! {
                    <li class:is-kept=rule.kept data-kept=rule.kept.to_string()>
                        <Icon name=icon />
                        {crate::text::password_rule(rule.rule)}
                        <span class="sr-only">" – " {said}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul class="rules" data-testid="password-rules" aria-label=words::session::password_rules()>
            {items}
        </ul>
    }
    .into_any()
}
