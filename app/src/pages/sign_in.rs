//! `/sign-in`: a plain form, with or without scripts.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{
    Problem,
    form::safe_path,
    session::{Backend, Capabilities, DemoLogin, GetCapabilities, GetSession, Session},
};

use crate::{
    api,
    layout::{Mark, ThemeSelect, backend_name},
    outcome::Outcome,
    ui::{Button, ErrorSummary, TextField, Tone},
    urls::{self, Query},
};

const FORM: &str = "sign_in";

/// The page. Stands outside the frame, because there is no session yet.
#[component]
pub fn SignInPage() -> impl IntoView {
    let capabilities = Resource::new_blocking(|| (), |()| api::call(GetCapabilities));
    let session = Resource::new_blocking(|| (), |()| api::call(GetSession));
    let query = urls::query();
    view! {
        <Title text="Sign in · Hako" />
        <main id="content" class="sign-in">
            <div class="sign-in-head">
                <Mark />
                <h1 data-testid="page-title">"Sign in to Hako"</h1>
            </div>
            <Suspense>
                {move || Suspend::new(async move {
                    let capabilities = capabilities.await.ok();
                    let session = session.await.ok();
                    let query = query.get_untracked();
                    view! { <SignInForm capabilities session query /> }
                })}
            </Suspense>
        </main>
        <footer class="sign-in-foot">
            <ThemeSelect />
        </footer>
    }
}

#[component]
fn SignInForm(
    capabilities: Option<Capabilities>,
    session: Option<Session>,
    query: Query,
) -> impl IntoView {
    let backend = capabilities
        .as_ref()
        .map_or(Backend::Generic, |known| known.storage_backend);
    let demo = capabilities.and_then(|known| known.demo);
    let problem = Outcome::problem(FORM);
    let failed = problem.is_some();
    let next = query
        .get("next")
        .and_then(safe_path)
        .unwrap_or("/")
        .to_owned();
    view! {
        {session.map(|session| view! { <AlreadySignedIn session next=next.clone() /> })}
        <form
            method="post"
            action=urls::current().get_untracked()
            class="form-panel"
            data-testid="signin-form"
        >
            <input type="hidden" name="op" value=FORM />
            <input type="hidden" name="next" value=next />
            <ErrorSummary
                problem=Signal::stored(problem.map(one_sentence))
                testid="signin-error"
                takes_focus=false
            />
            <Fields backend failed tenant=query.get("tenant").unwrap_or_default().to_owned() />
            <Button kind="submit" tone=Tone::Primary attr:data-testid="signin-submit">
                "Sign in"
            </Button>
        </form>
        {demo.map(|demo| view! { <DemoHint demo /> })}
        <p class="sign-in-store">{format!("Store: {}", backend_name(backend))}</p>
    }
}

/// Missing fields are said in one sentence, like wrong ones: the form has three, all in sight.
fn one_sentence(problem: Problem) -> Problem {
    let missing = problem.field("username").is_some() || problem.field("password").is_some();
    if missing {
        Problem {
            request_id: None,
            ..Problem::new(problem.code, "Enter a user name and a password.")
        }
    } else {
        problem
    }
}

#[component]
fn Fields(
    backend: Backend,
    /// Whether the form comes back after a refusal: then the password is what has the focus.
    failed: bool,
    tenant: String,
) -> impl IntoView {
    let typed = |field: &str| Outcome::value(FORM, field);
    let tenant = Some(typed("tenant"))
        .filter(|t| !t.is_empty())
        .unwrap_or(tenant);
    let tenant = RwSignal::new(tenant);
    let username = RwSignal::new(typed("username"));
    let password = RwSignal::new(String::new());
    let hcp = backend.is_hcp();
    let (name_label, secret_label) = if hcp {
        ("User name", "Password")
    } else {
        ("Access key", "Secret key")
    };
    view! {
        {hcp
            .then(|| {
                view! {
                    <TextField
                        name="tenant"
                        label="Tenant"
                        value=tenant
                        help=Some("Leave empty for the system level.".to_owned())
                        autocomplete="organization"
                        testid="signin-tenant"
                        autofocus=!failed
                    />
                }
            })}
        <TextField
            name="username"
            label=name_label
            value=username
            autocomplete="username"
            testid="signin-username"
            autofocus=!failed && !hcp
            required=true
        />
        <TextField
            name="password"
            label=secret_label
            value=password
            kind="password"
            autocomplete="current-password"
            testid="signin-password"
            autofocus=failed
            required=true
        />
    }
}

#[component]
fn AlreadySignedIn(session: Session, next: String) -> impl IntoView {
    let who = match session.tenant {
        Some(tenant) => format!("{} at {tenant}", session.username),
        None => session.username,
    };
    view! {
        <div class="alert alert-info">
            <p>
                "You are signed in as " <strong>{who}</strong> ". " <a href=next rel="external">
                    "Continue"
                </a> ", or sign in as someone else:"
            </p>
        </div>
    }
}

/// How to sign in to the demo: words to type, since its account is public by design.
#[component]
fn DemoHint(demo: DemoLogin) -> impl IntoView {
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <h2 id="demo-title">"Demo"</h2>
            <dl class="facts">
                <dt>"Tenant"</dt>
                <dd>
                    <code>{demo.tenant}</code>
                </dd>
                <dt>"User name"</dt>
                <dd>
                    <code>{demo.username}</code>
                </dd>
                <dt>"Password"</dt>
                <dd>
                    {match demo.password {
                        Some(password) => view! { <code>{password}</code> }.into_any(),
                        None => view! { "as set by " <code>"HAKO_DEMO_PASSWORD"</code> }.into_any(),
                    }}
                </dd>
            </dl>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use model::{ErrorCode, problem::FieldError};

    use super::*;

    #[test]
    fn a_refusal_never_names_the_field_that_was_wrong() {
        let refused = Problem::new(ErrorCode::InvalidCredentials, "Sign-in was refused.");
        assert_eq!(one_sentence(refused.clone()), refused);
        for field in ["username", "password"] {
            let missing = Problem::fields(vec![FieldError::body(field, "Field required")]);
            assert_eq!(
                one_sentence(missing).sentence(),
                "Enter a user name and a password."
            );
        }
    }
}
