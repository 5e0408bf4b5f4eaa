//! What a page shows instead of its content when the API refused, with the status to match.

use std::time::Duration;

use leptos::prelude::*;
use model::{ErrorCode, Problem};

use super::{Icon, Tone, button::LinkButton};
use crate::{api, browser, layout::SessionFacts, urls, words::general};

/// The pauses between attempts of its own, in seconds; the last one repeats.
const PAUSES: [u32; 5] = [5, 10, 20, 40, 60];

/// Repeats what a page asked for, and remembers how often that was in vain.
#[derive(Clone, Copy)]
pub struct Retry {
    attempts: StoredValue<usize>,
    again: Callback<()>,
    /// Whose page it is, where that is what could not be told.
    session: StoredValue<Option<SessionFacts>>,
}

impl Retry {
    /// `again` asks once more.
    pub fn new(again: impl Fn() + Send + Sync + 'static) -> Self {
        let facts = use_context::<SessionFacts>();
        let session = StoredValue::new(None);
        Effect::new(move |_| {
            let failed = facts
                .filter(|SessionFacts(session)| session.with(|one| matches!(one, Some(Err(_)))));
            session.set_value(failed);
        });
        Self {
            attempts: StoredValue::new(0),
            again: Callback::new(move |()| again()),
            session,
        }
    }

    /// Asks once more, and counts.
    fn run(self) {
        self.attempts.update_value(|n| *n += 1);
        if let Some(SessionFacts(session)) = self.session.get_value() {
            session.refetch();
        }
        self.again.run(());
    }

    /// Forgets the attempts once one succeeded.
    pub fn succeeded(self) {
        self.attempts.set_value(0);
    }

    fn pause(self) -> u32 {
        let attempt = self.attempts.get_value();
        PAUSES[attempt.min(PAUSES.len() - 1)]
    }
}

/// The kinds of failure that a page tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    SignIn,
    Missing,
    Forbidden,
    Unreachable,
    Broken,
}

fn kind(problem: &Problem) -> Kind {
    use ErrorCode as Code;
    match problem.code {
        _ if api::needs_sign_in(problem) => Kind::SignIn,
        Code::BucketNotFound
        | Code::InvalidBucketName
        | Code::NotFound
        | Code::ObjectNotFound
        | Code::TenantNotFound
        | Code::NamespaceNotFound
        | Code::UserNotFound
        | Code::GroupNotFound
        | Code::RetentionClassNotFound
        | Code::ServicePlanNotFound
        | Code::ReplicationLinkNotFound
        | Code::TopologyNotFound
        | Code::LicenseNotFound
        | Code::CertificateNotFound
        | Code::LinkNotFound
        | Code::TemporaryKeyNotFound
        | Code::TaskNotFound
        // An address can say what nothing is called.
        | Code::Validation => Kind::Missing,
        Code::AccessDenied | Code::TenantRequired => Kind::Forbidden,
        Code::StoreUnreachable
        | Code::StoreTimeout
        | Code::StoreError
        | Code::StoreBusy
        | Code::RequestTimeout => Kind::Unreachable,
        _ => Kind::Broken,
    }
}

/// A page state: not there, no right, the store does not answer, Hako failed. Without a session the
/// page leads to sign-in and back.
#[component]
pub fn Failure(
    /// What the API said.
    problem: Problem,
    /// What a missing thing is called, for a person.
    #[prop(optional, into)]
    missing: String,
    /// Asks once more.
    retry: Retry,
) -> impl IntoView {
    let kind = kind(&problem);
    set_status(kind);
    match kind {
        Kind::SignIn => view! { <LeadToSignIn /> }.into_any(),
        Kind::Missing => {
            let text = if missing.is_empty() {
                problem.sentence()
            } else {
                missing
            };
            view! {
                <Notice testid="state-not-found" icon="search" heading=general::not_there()>
                    <p>{text}</p>
                    <p class="actions">
                        <LinkButton href=urls::BUCKETS tone=Tone::Primary>
                            {general::all_buckets()}
                        </LinkButton>
                    </p>
                </Notice>
            }
            .into_any()
        }
        Kind::Forbidden => view! {
            <Notice testid="state-forbidden" icon="lock" heading=general::not_allowed()>
                <p>{forbidden(&problem)}</p>
                <RequestId problem />
            </Notice>
        }
        .into_any(),
        Kind::Unreachable => view! {
            <Notice testid="state-error" icon="alert" heading=general::the_store_does_not_answer()>
                <p>{problem.sentence()}</p>
                <TryAgain retry by_itself=true />
                <RequestId problem />
            </Notice>
        }
        .into_any(),
        Kind::Broken => view! {
            <Notice testid="state-error" icon="alert" heading=general::something_went_wrong()>
                <p>{problem.sentence()}</p>
                <TryAgain retry by_itself=false />
                <RequestId problem />
            </Notice>
        }
        .into_any(),
    }
}

fn forbidden(problem: &Problem) -> String {
    match problem.code {
        ErrorCode::TenantRequired => general::no_buckets_of_their_own().to_owned(),
        _ => problem.sentence(),
    }
}

#[cfg(feature = "ssr")]
fn set_status(kind: Kind) {
    use http::StatusCode;

    let status = match kind {
        // The redirect sets its own.
        Kind::SignIn => return,
        Kind::Missing => StatusCode::NOT_FOUND,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}

#[cfg(not(feature = "ssr"))]
fn set_status(_kind: Kind) {}

/// Leads to another page: by status and header while rendering, by a full change of address in the
/// browser.
pub(crate) fn redirect(address: &str) {
    #[cfg(feature = "ssr")]
    {
        use http::{HeaderValue, StatusCode, header::LOCATION};
        let response = use_context::<leptos_axum::ResponseOptions>();
        if let (Some(response), Ok(value)) = (response, HeaderValue::from_str(address)) {
            response.insert_header(LOCATION, value);
            response.set_status(StatusCode::SEE_OTHER);
        }
    }
    let address = address.to_owned();
    Effect::new(move |_| browser::go(&address));
}

#[component]
fn LeadToSignIn() -> impl IntoView {
    let address = urls::sign_in(&urls::current().get_untracked());
    redirect(&address);
    view! {
        <Notice testid="state-forbidden" icon="lock" heading=general::signed_out()>
            <p>{general::your_session_has_ended()}</p>
            <p class="actions">
                <a href=address class="button button-primary" rel="external">
                    {general::sign_in()}
                </a>
            </p>
        </Notice>
    }
}

/// The frame of a page state.
#[component]
fn Notice(
    testid: &'static str,
    icon: &'static str,
    heading: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="notice" data-testid=testid>
            <Icon name=icon />
            <h2>{heading}</h2>
            {children()}
        </section>
    }
}

#[component]
fn RequestId(problem: Problem) -> impl IntoView {
    let code = problem.code.as_str();
    view! {
        <p class="request-id">
            {general::code()} <code>{code}</code>
            {problem
                .request_id
                .map(|id| {
                    view! {
                        {general::request()}
                        <code data-testid="request-id">{id}</code>
                    }
                })}
        </p>
    }
}

/// "Try again" as a link to this page; with scripts it asks once more in place, after a countdown by
/// itself.
#[component]
fn TryAgain(retry: Retry, by_itself: bool) -> impl IntoView {
    let here = urls::current();
    let left = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        if !by_itself {
            return;
        }
        left.set(Some(retry.pause()));
        let tick = set_interval_with_handle(
            move || match left.get_untracked() {
                Some(n) if n > 1 => left.set(Some(n - 1)),
                Some(_) => {
                    left.set(None);
                    retry.run();
                }
                None => {}
            },
            Duration::from_secs(1),
        );
        if let Ok(tick) = tick {
            on_cleanup(move || tick.clear());
        }
    });
    view! {
        <p class="actions">
            <a
                href=move || here.get()
                rel="external"
                class="button button-primary"
                on:click=move |event| {
                    event.prevent_default();
                    left.set(None);
                    retry.run();
                }
            >
                <Icon name="refresh" />
                {general::try_again()}
            </a>
            <span class="countdown" aria-live="off">
                {move || {
                    left.get().map(|seconds| general::trying_again_in(&seconds.to_string()))
                }}
            </span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_page_state() {
        for (code, expected) in [
            (ErrorCode::TokenExpired, Kind::SignIn),
            (ErrorCode::BucketNotFound, Kind::Missing),
            (ErrorCode::NamespaceNotFound, Kind::Missing),
            (ErrorCode::UserNotFound, Kind::Missing),
            (ErrorCode::AccessDenied, Kind::Forbidden),
            (ErrorCode::TenantRequired, Kind::Forbidden),
            (ErrorCode::StoreUnreachable, Kind::Unreachable),
            (ErrorCode::StoreTimeout, Kind::Unreachable),
            (ErrorCode::Internal, Kind::Broken),
            (ErrorCode::Unknown, Kind::Broken),
        ] {
            assert_eq!(kind(&Problem::new(code, "")), expected, "{code:?}");
        }
    }
}
