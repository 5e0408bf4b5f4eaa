//! The doctor: would a page be let in, which rule decides, and do store and browser see it the same way?

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem,
    cors::{
        CheckCors, CorsCause, CorsCheck, CorsQuestion, CorsSource, METHODS, PreflightOutcome,
        RuleSays, RuleVerdict, document, names,
    },
};

use super::{fix, probe, state::CorsState};
use crate::{
    api, browser,
    ui::{Button, ErrorSummary, Icon, TextField, Tone},
    urls, words,
};

/// The method of uploads.
pub(super) const METHOD: &str = "PUT";

/// What uploads of the console read of an answer.
pub(super) fn usual_reads() -> Vec<String> {
    vec!["ETag".to_owned()]
}

/// Where this page is from. While rendering that is what the request says of it.
pub(super) fn page_origin() -> String {
    #[cfg(feature = "ssr")]
    let origin = use_context::<http::request::Parts>()
        .and_then(|parts| {
            let text = |name| parts.headers.get(name)?.to_str().ok().map(str::to_owned);
            let came_from = text(http::header::REFERER).and_then(|from| {
                let (scheme, rest) = from.split_once("://")?;
                Some(format!("{scheme}://{}", rest.split('/').next()?))
            });
            came_from.or_else(|| Some(format!("http://{}", text(http::header::HOST)?)))
        })
        .unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let origin = browser::origin().unwrap_or_default();
    origin
}

/// What a browser found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tried {
    /// It is trying.
    Running,
    /// Its page was let in, or not.
    Done(bool),
    /// It is not this page that was asked about.
    OtherPage,
    /// It would do something, or has no address.
    Harmful,
}

#[component]
pub(super) fn Doctor(state: CorsState) -> impl IntoView {
    let asked = urls::query().with_untracked(super::asked);
    let known = asked.is_some();
    let asked = asked.unwrap_or_else(|| CorsQuestion {
        origin: page_origin(),
        method: METHOD.to_owned(),
        headers: None,
        reads: usual_reads(),
    });
    let origin = RwSignal::new(asked.origin);
    let method = RwSignal::new(asked.method);
    let headers = RwSignal::new(asked.headers.unwrap_or_default().join(" "));
    let reads = RwSignal::new(asked.reads.join(" "));
    let running = RwSignal::new(false);
    let tried = RwSignal::new(Tried::Running);
    Effect::new(move |_| {
        if let (false, Some(here)) = (known, browser::origin()) {
            origin.set(here);
        }
        if let Some(Ok(check)) = state.check.get_untracked() {
            try_it(state, check, tried);
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if running.get_untracked() {
            return;
        }
        running.set(true);
        let list = |text: RwSignal<String>| -> Vec<String> {
            text.with_untracked(|text| names(text).map(str::to_owned).collect())
        };
        let sends = list(headers);
        let request = CheckCors {
            bucket: state.bucket.get_value(),
            question: CorsQuestion {
                origin: origin.get_untracked().trim().to_owned(),
                method: method.get_untracked(),
                headers: (!sends.is_empty()).then_some(sends),
                reads: list(reads),
            },
        };
        spawn_local(async move {
            let answer = api::call(request).await;
            if state.is_gone() {
                return;
            }
            running.set(false);
            if let Ok(check) = &answer {
                try_it(state, check.clone(), tried);
            }
            state.check.set(Some(answer));
        });
    };
    let reason = Signal::derive(move || running.get().then(words::cors::checking));
    view! {
        <section class="cors-doctor" data-testid="cors-doctor" aria-labelledby="cors-doctor">
            <h2 id="cors-doctor" class="section-title">
                {words::cors::doctor()}
            </h2>
            <p class="help">{words::cors::doctor_means()}</p>
            <form method="get" action=state.here() data-testid="form-cors-doctor" on:submit=submit>
                <div class="cors-question">
                    <TextField name="origin" label=words::cors::origin() value=origin required=true />
                    <MethodField method />
                    <TextField
                        name="headers"
                        label=words::cors::sends()
                        help=Some(words::cors::sends_help().to_owned())
                        value=headers
                    />
                    <TextField name="reads" label=words::cors::reads() value=reads />
                </div>
                <Button kind="submit" tone=Tone::Primary reason attr:data-testid="cors-check">
                    {words::cors::check()}
                </Button>
            </form>
            {move || state.check.get().map(|answer| verdict(state, answer, tried))}
        </section>
    }
}

#[component]
fn MethodField(method: RwSignal<String>) -> impl IntoView {
    let options = METHODS
        .into_iter()
        .map(|one| {
            let chosen = method.with_untracked(|method| method == one);
            view! {
                <option value=one selected=chosen>
                    {one}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="field-method">{words::cors::method()}</label>
            <select
                id="field-method"
                name="method"
                class="input input-select"
                on:change=move |event| method.set(event_target_value(&event))
            >
                {options}
            </select>
        </div>
    }
}

/// Has the browser try by itself, where that is this page and does no harm.
fn try_it(state: CorsState, check: CorsCheck, tried: RwSignal<Tried>) {
    if browser::origin().as_ref() != Some(&check.asked.origin) {
        tried.set(Tried::OtherPage);
        return;
    }
    let Some(asked) = check.probe else {
        tried.set(Tried::Harmful);
        return;
    };
    tried.set(Tried::Running);
    spawn_local(async move {
        let answer = probe::is_let_in(&asked).await;
        if !state.is_gone() {
            tried.set(answer.map_or(Tried::Harmful, Tried::Done));
        }
    });
}

fn verdict(
    state: CorsState,
    answer: Result<CorsCheck, Problem>,
    tried: RwSignal<Tried>,
) -> AnyView {
    match answer {
        Err(problem) => {
            view! { <ErrorSummary problem=Signal::stored(Some(problem)) takes_focus=false /> }
                .into_any()
        }
        Ok(check) => view! { <Verdict state check tried /> }.into_any(),
    }
}

/// Whether the page may go on, by all that is known.
fn is_let_in(check: &CorsCheck) -> bool {
    match check.preflight.outcome {
        PreflightOutcome::Allowed => {
            !matches!(check.cause, CorsCause::Expose | CorsCause::Shadowed)
        }
        PreflightOutcome::Refused | PreflightOutcome::Silent => false,
        PreflightOutcome::Untried => check.cause.is_good(),
    }
}

#[component]
fn Verdict(state: CorsState, check: CorsCheck, tried: RwSignal<Tried>) -> impl IntoView {
    let good = is_let_in(&check);
    let origin = check.asked.origin.clone();
    let headline = if good && check.asked.method == METHOD {
        words::cors::uploads_work(&origin)
    } else if good {
        words::cors::may_call(&origin, &check.asked.method)
    } else {
        words::cors::may_not_call(&origin, &check.asked.method)
    };
    let rule_says = check.cause.is_good();
    let store_says = check.preflight.outcome == PreflightOutcome::Allowed;
    let known = !matches!(
        check.preflight.outcome,
        PreflightOutcome::Untried | PreflightOutcome::Silent
    ) && check.cause != CorsCause::Unknown;
    let lets_in_by_rule =
        rule_says || matches!(check.cause, CorsCause::Expose | CorsCause::Shadowed);
    let differ = known && lets_in_by_rule != store_says;
    let (code, is_empty) = (check.cause.as_str(), check.rules.is_empty());
    let (reason, answer) = (cause(&check), answered(&check));
    let rules = check
        .rules
        .iter()
        .enumerate()
        .map(|(at, verdict)| rule_line(&check, at, verdict))
        .collect_view();
    view! {
        <div
            class="cors-verdict"
            class:is-good=good
            role="status"
            data-testid="cors-verdict"
            data-cause=code
            data-good=good.to_string()
        >
            <p class="font-semibold">
                <Icon name=if good { "check" } else { "alert" } />
                {headline}
            </p>
            <p data-testid="cors-cause">{reason}</p>
            <dl class="facts">
                <dt>{words::cors::preflight()}</dt>
                <dd data-testid="cors-preflight">{answer}</dd>
                <dt>{words::cors::this_browser()}</dt>
                <dd data-testid="cors-browser">{move || told(tried.get())}</dd>
            </dl>
            {differ.then(|| view! { <p class="note"><Icon name="info" /><span>{words::cors::they_differ()}</span></p> })}
            {(!is_empty)
                .then(|| {
                    view! {
                        <ol class="cors-lines" data-testid="cors-lines">
                            {rules}
                        </ol>
                    }
                })}
            <WaysOn state check />
        </div>
    }
}

/// The cause, in a sentence.
fn cause(check: &CorsCheck) -> String {
    let of = |at: Option<usize>| (at.unwrap_or_default() + 1).to_string();
    let (origin, method) = (&check.asked.origin, &check.asked.method);
    match check.cause {
        CorsCause::Allowed => words::cors::cause_allowed(&of(check.decides)),
        CorsCause::TenantOnly => words::cors::cause_tenant_only().to_owned(),
        CorsCause::NoRule => words::cors::cause_no_rule().to_owned(),
        CorsCause::Origin => words::cors::cause_origin(origin),
        CorsCause::Method => words::cors::cause_method(origin, method),
        CorsCause::Header => {
            let closest = check
                .rules
                .iter()
                .find(|rule| rule.says == RuleSays::Header);
            let missing = closest.map(|rule| rule.missing.join(", "));
            words::cors::cause_header(&missing.unwrap_or_default())
        }
        CorsCause::Expose => {
            let missing = check.decides.and_then(|at| check.rules.get(at));
            let missing = missing.map(|rule| rule.missing.join(", "));
            words::cors::cause_expose(&missing.unwrap_or_default())
        }
        CorsCause::Shadowed => {
            words::cors::cause_shadowed(&of(check.shadowed_by), &of(check.better))
        }
        CorsCause::Unknown => words::cors::cause_unknown().to_owned(),
    }
}

/// What the store answered to this server.
fn answered(check: &CorsCheck) -> String {
    match check.preflight.outcome {
        PreflightOutcome::Allowed => words::cors::preflight_allowed().to_owned(),
        PreflightOutcome::Refused => words::cors::preflight_refused().to_owned(),
        PreflightOutcome::Silent => words::cors::preflight_silent().to_owned(),
        PreflightOutcome::Untried => words::cors::preflight_untried().to_owned(),
    }
}

/// What this browser found out.
fn told(tried: Tried) -> &'static str {
    match tried {
        Tried::Running => words::cors::browser_running(),
        Tried::Done(true) => words::cors::browser_let_in(),
        Tried::Done(false) => words::cors::browser_kept_out(),
        Tried::OtherPage => words::cors::browser_other_page(),
        Tried::Harmful => words::cors::browser_harmful(),
    }
}

/// What one rule says to the request.
fn rule_line(check: &CorsCheck, at: usize, verdict: &RuleVerdict) -> AnyView {
    let missing = verdict.missing.join(", ");
    let words = match verdict.says {
        RuleSays::Allows if check.decides.is_some_and(|first| first < at) => {
            words::cors::says_too_late().to_owned()
        }
        RuleSays::Allows => words::cors::says_allows().to_owned(),
        RuleSays::OtherOrigin => words::cors::says_other_origin().to_owned(),
        RuleSays::OtherMethod => words::cors::says_other_method().to_owned(),
        RuleSays::Header => words::cors::says_header(&missing),
        RuleSays::Expose => words::cors::says_expose(&missing),
    };
    let number = words::cors::rule_number(&(at + 1).to_string());
    let decides = check.decides == Some(at);
    view! {
        <li class:is-deciding=decides>
            <span class="font-semibold">{number}</span>
            " "
            {words}
        </li>
    }
    .into_any()
}

/// The rule that helps, for who may set it; a text for who may, for others.
#[component]
fn WaysOn(state: CorsState, check: CorsCheck) -> impl IntoView {
    let rule = check.rule.clone()?;
    if check.can_configure && check.source != CorsSource::Unknown {
        let href = fix::address(state, &check.asked);
        return Some(
            view! {
                <p class="actions">
                    <a
                        data-stays=""
                        href=href
                        class="button button-primary"
                        data-testid="cors-fix"
                        on:click=move |event| {
                            event.prevent_default();
                            state.fix.open();
                        }
                    >
                        {words::cors::fix()}
                    </a>
                </p>
            }
            .into_any(),
        );
    }
    let bucket = state.bucket.with_value(ToString::to_string);
    let request = words::cors::for_administrator(&bucket, &check.asked.origin);
    let text = format!("{request}\n{}", document(&[rule]));
    let copied = text.clone();
    Some(
        view! {
            <pre class="cors-diff mono" tabindex="0" aria-label=words::cors::administrator_text()>
                {text}
            </pre>
            <p class="actions needs-script">
                <Button attr:data-testid="cors-copy" press=move |_| browser::copy(&copied)>
                    {words::cors::copy_text()}
                </Button>
            </p>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use model::cors::PreflightAnswer;

    use super::*;

    fn check(cause: CorsCause, outcome: PreflightOutcome) -> CorsCheck {
        CorsCheck {
            asked: CorsQuestion {
                origin: "https://a.example".to_owned(),
                method: METHOD.to_owned(),
                headers: None,
                reads: usual_reads(),
            },
            source: CorsSource::Bucket,
            cause,
            cors_rules: Vec::new(),
            rules: Vec::new(),
            decides: None,
            shadowed_by: None,
            better: None,
            preflight: PreflightAnswer {
                outcome,
                origin: None,
                methods: Vec::new(),
                headers: Vec::new(),
                exposed: Vec::new(),
            },
            probe: None,
            rule: None,
            at: None,
            can_configure: true,
        }
    }

    #[test]
    fn what_the_store_answers_counts_and_rules_where_it_was_not_asked() {
        use {CorsCause as C, PreflightOutcome as P};
        let good = |cause, outcome| is_let_in(&check(cause, outcome));
        assert!(good(C::Allowed, P::Allowed));
        // A setting of the store's own lets the page in.
        assert!(good(C::NoRule, P::Allowed));
        assert!(!good(C::Shadowed, P::Allowed));
        assert!(!good(C::Expose, P::Allowed));
        assert!(!good(C::Allowed, P::Refused));
        assert!(!good(C::Allowed, P::Silent));
        assert!(good(C::TenantOnly, P::Untried));
        assert!(!good(C::Origin, P::Untried));
    }
}
