//! Whether tools get through: the server tries, step by step. A plain form without scripts.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, ErrorCode, Problem,
    credentials::{
        ConnectionTest, ConnectionToTest, StepFault, StepOutcome, TestConnection, TestStep,
        TestedStep,
    },
};

use crate::{
    api,
    ui::{Button, Icon, TextField, Tone},
    urls,
    words::credentials,
};

type Answer = Result<ConnectionTest, Problem>;

async fn ask(bucket: String) -> Answer {
    let bucket = Some(bucket).filter(|name| !name.is_empty());
    api::call(TestConnection(ConnectionToTest { bucket })).await
}

fn is_foreign(answer: &Answer) -> bool {
    answer
        .as_ref()
        .is_err_and(|problem| problem.code == ErrorCode::CrossOrigin)
}

/// Whether a bucket can be called that; nothing is no name, and no fault.
fn is_name(name: &str) -> bool {
    name.is_empty() || BucketName::parse(name).is_ok()
}

/// The choice of a bucket, and the test.
#[component]
pub(super) fn Check(bucket: RwSignal<String>, buckets: Vec<String>) -> impl IntoView {
    let query = urls::query();
    // Without scripts the address asks.
    let asked = Resource::new_blocking(
        move || {
            query.with(|query| {
                let bucket = query.get("bucket").unwrap_or_default().to_owned();
                query.get("test").map(|_| bucket)
            })
        },
        |asked| async move {
            match asked {
                // An address that somebody else wrote, or that was typed, has nothing tried.
                Some(bucket) => Some(ask(bucket).await).filter(|answer| !is_foreign(answer)),
                None => None,
            }
        },
    );
    let said = RwSignal::new(None::<Answer>);
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = bucket.with_untracked(|name| name.trim().to_owned());
        if busy.get_untracked() || !is_name(&name) {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = ask(name).await;
            busy.try_set(false);
            said.try_set(Some(answer));
        });
    };
    let fault = Signal::derive(move || {
        let wrong = bucket.with(|name| !is_name(name.trim()));
        wrong.then(|| credentials::bucket_wrong().to_owned())
    });
    let reason = Signal::derive(move || busy.get().then(credentials::testing));
    let options = buckets
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect_view();
    view! {
        <section class="form-panel" aria-labelledby="credentials-test">
            <h2 id="credentials-test">{credentials::test_heading()}</h2>
            <p class="help">{credentials::test_means()}</p>
            <form method="get" action=urls::CREDENTIALS class="credentials-test" on:submit=submit novalidate>
                <TextField
                    name="bucket"
                    label=credentials::bucket().to_owned()
                    value=bucket
                    error=fault
                    help=Some(credentials::bucket_help().to_owned())
                    list="credentials-buckets"
                />
                <datalist id="credentials-buckets">{options}</datalist>
                <input type="hidden" name="test" value="1" />
                <Button kind="submit" tone=Tone::Primary reason attr:data-testid="cred-test">
                    <Icon name="globe" />
                    {credentials::test()}
                </Button>
            </form>
            <div role="status" data-testid="cred-test-result">
                <Transition>
                    {move || Suspend::new(async move {
                        let asked = asked.await;
                        move || said.get().or_else(|| asked.clone()).map(result)
                    })}
                </Transition>
            </div>
        </section>
    }
    .into_any()
}

fn result(answer: Answer) -> AnyView {
    let test = match answer {
        Ok(test) => test,
        Err(problem) => return view! { <p class="error">{problem.sentence()}</p> }.into_any(),
    };
    let (good, origin) = (test.is_good(), test.origin);
    let verdict = if good {
        credentials::test_good(&origin)
    } else {
        credentials::test_bad(&origin)
    };
    let steps = test.steps.iter().map(step).collect_view();
    view! {
        <p data-outcome=if good { "ok" } else { "failed" }>{verdict}</p>
        <ol class="credentials-steps">{steps}</ol>
    }
    .into_any()
}

fn step(tested: &TestedStep) -> AnyView {
    let name = match tested.step {
        TestStep::Name => credentials::step_name(),
        TestStep::Port => credentials::step_port(),
        TestStep::Certificate => credentials::step_certificate(),
        TestStep::Clock => credentials::step_clock(),
        TestStep::Signature => credentials::step_signature(),
        TestStep::Answer => credentials::step_answer(),
    };
    let icon = match tested.outcome {
        StepOutcome::Ok => Some("check"),
        StepOutcome::Failed => Some("alert"),
        StepOutcome::Skipped => None,
    };
    let clock = tested.seconds_ahead.filter(|ahead| *ahead != 0);
    let clock = clock.map(|ahead| match ahead {
        ahead if ahead > 0 => credentials::clock_ahead(ahead.unsigned_abs()),
        ahead => credentials::clock_behind(ahead.unsigned_abs()),
    });
    let words = match tested.outcome {
        StepOutcome::Ok => credentials::is_ok().to_owned(),
        StepOutcome::Skipped => credentials::is_skipped().to_owned(),
        StepOutcome::Failed => tested.fault.map_or_else(String::new, |fault| {
            why(fault, tested.status.unwrap_or_default())
        }),
    };
    view! {
        <li
            data-testid="cred-test-step"
            data-step=tested.step.as_str()
            data-outcome=tested.outcome.as_str()
        >
            <span class="credentials-mark">{icon.map(|name| view! { <Icon name /> })}</span>
            <span class="credentials-step">{name}</span>
            <span>{words} {clock.map(|clock| view! { <span class="muted">" " {clock}</span> })}</span>
        </li>
    }
    .into_any()
}

fn why(fault: StepFault, status: u16) -> String {
    let words = match fault {
        StepFault::UnknownName => credentials::unknown_name(),
        StepFault::PortClosed => credentials::port_closed(),
        StepFault::TimedOut => credentials::timed_out(),
        StepFault::CertificateForOtherName => credentials::certificate_other_name(),
        StepFault::CertificateExpired => credentials::certificate_expired(),
        StepFault::CertificateUntrusted => credentials::certificate_untrusted(),
        StepFault::NoTls => credentials::no_tls(),
        StepFault::WrongClock => credentials::wrong_clock(),
        StepFault::UnknownKey => credentials::unknown_key(),
        StepFault::WrongSignature => credentials::wrong_signature(),
        StepFault::Denied => credentials::denied(),
        StepFault::NoSuchBucket => credentials::no_such_bucket(),
        StepFault::NoAnswer => credentials::no_answer(),
        StepFault::Refused => return credentials::refused(&status.to_string()),
    };
    words.to_owned()
}
