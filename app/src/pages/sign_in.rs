//! `/sign-in`: a plain form, with or without scripts.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use model::{
    Problem, TenantName,
    form::safe_path,
    session::{Backend, Capabilities, DemoLogin, GetCapabilities, GetSession, Session},
};

use crate::{
    api, browser,
    layout::{Mark, ThemeSelect, backend_name},
    outcome::Outcome,
    ui::{Button, ErrorSummary, TextField, Tone},
    urls::{self, Query},
    words,
};

const FORM: &str = "sign_in";

/// The page. Stands outside the frame, because there is no session yet.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = urls::query();
    let tenant = query.with_untracked(|query| query.get("tenant").map(str::to_owned));
    let capabilities = Resource::new_blocking(
        move || tenant.clone(),
        |tenant| api::call(GetCapabilities { tenant }),
    );
    let session = Resource::new_blocking(|| (), |()| api::call(GetSession));
    view! {
        <Title text=format!("{} · Hako", words::session::sign_in()) />
        <main id="content" class="sign-in">
            <div class="sign-in-head">
                <Mark />
                <h1 data-testid="page-title">{words::session::sign_in_to_hako()}</h1>
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
    let (demo, message) =
        capabilities.map_or((None, None), |known| (known.demo, known.login_message));
    let problem = Outcome::problem(FORM);
    let failed = problem.is_some();
    let typed = |field: &str| {
        let typed = Outcome::value(FORM, field);
        let known = || query.get(field).unwrap_or_default().to_owned();
        RwSignal::new(if failed { typed } else { known() })
    };
    let (tenant, username) = (typed("tenant"), typed("username"));
    let message = RwSignal::new(message);
    let next = query
        .get("next")
        .and_then(safe_path)
        .unwrap_or("/")
        .to_owned();
    view! {
        {session.map(|session| view! { <AlreadySignedIn session next=next.clone() /> })}
        <LoginMessage message />
        <form
            method="post"
            action=urls::current().get_untracked()
            class="form-panel"
            data-testid="signin-form"
            on:submit=move |_| remember_tenant(tenant, username)
        >
            <input type="hidden" name="op" value=FORM />
            <input type="hidden" name="next" value=next />
            <ErrorSummary
                problem=Signal::stored(problem.map(one_sentence))
                testid="signin-error"
                takes_focus=false
            />
            <Fields backend failed tenant username message />
            <Button kind="submit" tone=Tone::Primary attr:data-testid="signin-submit">
                {words::session::sign_in()}
            </Button>
        </form>
        {demo.map(|demo| view! { <DemoHint demo /> })}
        <p class="sign-in-store">{words::session::store(backend_name(backend))}</p>
    }
}

/// Missing fields are said in one sentence, like wrong ones: the form has three, all in sight.
fn one_sentence(problem: Problem) -> Problem {
    let missing = problem.field("username").is_some() || problem.field("password").is_some();
    if missing {
        Problem {
            request_id: None,
            ..Problem::new(problem.code, words::session::enter_both())
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
    tenant: RwSignal<String>,
    username: RwSignal<String>,
    message: RwSignal<Option<String>>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let hcp = backend.is_hcp();
    let (name_label, secret_label) = if hcp {
        (words::session::user_name(), words::session::password())
    } else {
        (words::session::level_key(), words::session::secret_key())
    };
    let known_name = !username.with_untracked(String::is_empty);
    let known_tenant = !hcp || !tenant.with_untracked(String::is_empty);
    view! {
        {hcp
            .then(|| {
                view! {
                    <TextField
                        name="tenant"
                        label=words::session::level_tenant().to_owned()
                        value=tenant
                        help=Some(words::session::tenant_help().to_owned())
                        autocomplete="organization"
                        testid="signin-tenant"
                        autofocus=!failed && !known_name && !known_tenant
                        list="signin-tenants"
                        on_leave=Callback::new(move |()| ask_for_message(tenant, message))
                    />
                    <RememberedTenants tenant message />
                }
            })}
        <TextField
            name="username"
            label=name_label.to_owned()
            value=username
            autocomplete="username"
            testid="signin-username"
            autofocus=!failed && !known_name && known_tenant
            required=true
        />
        <TextField
            name="password"
            label=secret_label.to_owned()
            value=password
            kind="password"
            autocomplete="current-password"
            testid="signin-password"
            autofocus=failed || known_name
            required=true
        />
    }
}

/// What the tenant says to people who sign in.
#[component]
fn LoginMessage(message: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        message.get().map(|message| {
            view! {
                <section
                    class="login-message"
                    role="status"
                    aria-label=words::session::login_message()
                    data-testid="login-message"
                >
                    {message}
                </section>
            }
        })
    }
}

/// Asks what the tenant that was typed says, once its field is left.
fn ask_for_message(tenant: RwSignal<String>, message: RwSignal<Option<String>>) {
    let typed = tenant.get_untracked();
    spawn_local(async move {
        let asked = GetCapabilities {
            tenant: Some(typed.clone()).filter(|typed| !typed.is_empty()),
        };
        let known = api::call(asked).await;
        // Meanwhile another may have been typed.
        if tenant.try_get_untracked() == Some(typed) {
            message.try_set(known.ok().and_then(|known| known.login_message));
        }
    });
}

/// Where this browser remembers the tenants that were typed, and how many.
const TENANTS: &str = "hako.tenants";
const REMEMBERED: usize = 8;

/// The tenants that this browser knows, the latest first.
fn remembered() -> Vec<String> {
    let text = browser::remembered(TENANTS).unwrap_or_default();
    let names = text.lines().filter(|name| !name.is_empty());
    names.take(REMEMBERED).map(str::to_owned).collect()
}

/// Remembers the tenant of a sign-in, also when it was typed before the user's name.
fn remember_tenant(tenant: RwSignal<String>, username: RwSignal<String>) {
    let (tenant, username) = (tenant.get_untracked(), username.get_untracked());
    let named = match tenant.trim() {
        "" => username
            .split_once('/')
            .map_or("", |(tenant, _)| tenant.trim()),
        named => named,
    };
    if let Ok(named) = TenantName::parse(named) {
        browser::remember(
            TENANTS,
            &with_first(named.as_str(), &remembered()).join("\n"),
        );
    }
}

/// The names with this one at the front, once.
fn with_first(name: &str, names: &[String]) -> Vec<String> {
    let others = names
        .iter()
        .filter(|known| !known.eq_ignore_ascii_case(name));
    let all = std::iter::once(name.to_owned()).chain(others.cloned());
    all.take(REMEMBERED).collect()
}

/// The suggestions of the tenant's field.
#[component]
fn RememberedTenants(tenant: RwSignal<String>, message: RwSignal<Option<String>>) -> impl IntoView {
    let names = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        // What was typed before the scripts came.
        if tenant.with_untracked(|typed| !typed.is_empty()) {
            ask_for_message(tenant, message);
        }
        names.set(remembered());
    });
    view! {
        <datalist id="signin-tenants">
            {move || {
                names.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()
            }}
        </datalist>
    }
}

#[component]
fn AlreadySignedIn(session: Session, next: String) -> impl IntoView {
    let who = match session.tenant {
        Some(tenant) => words::session::person(&session.username, &tenant),
        None => session.username,
    };
    view! {
        <div class="alert alert-info" data-testid="signin-already">
            <div>
                <p>{words::session::already(&who)}</p>
                <p class="alert-acts">
                    <a href=next rel="external">
                        {words::session::go_on()}
                    </a>
                    <a href=urls::SESSIONS rel="external">
                        {words::session::sessions()}
                    </a>
                </p>
            </div>
        </div>
    }
}

/// How to sign in to the demo: words to type, since its account is public by design.
#[component]
fn DemoHint(demo: DemoLogin) -> impl IntoView {
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <h2 id="demo-title">{words::session::demo()}</h2>
            <dl class="facts">
                <dt>{words::session::level_tenant()}</dt>
                <dd>
                    <code>{demo.tenant}</code>
                </dd>
                <dt>{words::session::user_name()}</dt>
                <dd>
                    <code>{demo.username}</code>
                </dd>
                <dt>{words::session::password()}</dt>
                <dd>
                    {match demo.password {
                        Some(password) => view! { <code>{password}</code> }.into_any(),
                        None => view! { {words::session::as_set_by()} <code>"HAKO_DEMO_PASSWORD"</code> }.into_any(),
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
    fn the_tenant_that_was_used_last_comes_first_and_once() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(with_first("b", &names("a B c")), names("b a c"));
        let many = names("1 2 3 4 5 6 7 8");
        assert_eq!(with_first("x", &many), names("x 1 2 3 4 5 6 7"));
    }

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
