//! The rule that lets a page in: shown as the difference that it makes, then saved by one click.

use leptos::{ev, prelude::*, task::spawn_local};
use model::cors::{CheckCors, CorsChange, CorsCheck, CorsQuestion, CorsRule, CorsSource, RuleText};

use super::{
    doctor,
    document::Difference,
    state::{CorsState, FORM, PlainFields},
};
use crate::{
    api, browser,
    outcome::Outcome,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, Tone},
    urls, words,
};

/// The address of the page with this question and the dialog.
pub(super) fn address(state: CorsState, asked: &CorsQuestion) -> String {
    let list = |names: &[String]| names.join(" ");
    let headers = list(asked.headers.as_deref().unwrap_or_default());
    let reads = list(&asked.reads);
    state.bucket.with_value(|bucket| {
        urls::cors(
            bucket.as_str(),
            &[
                ("ask", "fix"),
                ("origin", &asked.origin),
                ("method", &asked.method),
                ("headers", &headers),
                ("reads", &reads),
            ],
        )
    })
}

/// Opens the dialog for uploads of this page.
#[component]
pub(super) fn ConfigureButton(state: CorsState) -> impl IntoView {
    let origin = doctor::page_origin();
    let question = move |origin: String| CorsQuestion {
        origin,
        method: doctor::METHOD.to_owned(),
        headers: None,
        reads: doctor::usual_reads(),
    };
    let href = address(state, &question(origin));
    let open = move |event: ev::MouseEvent| {
        event.prevent_default();
        let request = CheckCors {
            bucket: state.bucket.get_value(),
            question: question(browser::origin().unwrap_or_default()),
        };
        spawn_local(async move {
            let answer = api::call(request).await;
            if state.is_gone() {
                return;
            }
            match answer {
                Ok(mut check) => {
                    // Whatever the store lets in by itself: here the rule is wanted.
                    let fixable = check.rule.is_some();
                    check.at = check.at.or(Some(0));
                    state.check.set(Some(Ok(check)));
                    if fixable {
                        state.fix.open();
                    }
                }
                Err(problem) => state.problem.set(Some(problem)),
            }
        });
    };
    view! {
        <a href=href class="button button-primary" data-testid="cors-configure" data-stays="" on:click=open>
            {words::cors::configure()}
        </a>
    }
}

/// The dialog.
#[component]
pub(super) fn FixDialog(state: CorsState) -> impl IntoView {
    view! {
        <Modal
            handle=state.fix
            title=words::cors::let_in()
            back=state.here()
            busy=state.busy
            testid="cors-fix-dialog"
        >
            {move || {
                let check = state.check.get_untracked().and_then(Result::ok);
                check
                    .and_then(|check| Some((check.rule.clone()?, check)))
                    .map(|(rule, check)| view! { <FixForm state check rule /> })
            }}
        </Modal>
    }
}

#[component]
fn FixForm(state: CorsState, check: CorsCheck, rule: CorsRule) -> impl IntoView {
    let problem = RwSignal::new(Outcome::problem(FORM));
    Effect::new(move |_| {
        if let Some(refused) = state.problem.get() {
            problem.set(Some(refused));
        }
    });
    let at = check.at.unwrap_or_default();
    let change = CorsChange::Add {
        at: Some(at),
        rule: rule.clone(),
    };
    let of_tenant = check.source == CorsSource::Tenant;
    let before = check.cors_rules.clone();
    let after = change.apply(&before).unwrap_or_default();
    let own = if of_tenant { Vec::new() } else { before };
    let text = RuleText::of(&rule);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let done = move || state.fix.close();
        state.send(change.clone(), of_tenant, done);
    };
    let reason = Signal::derive(move || state.is_changed().then(words::cors::save_first));
    view! {
        <form
            method="post"
            action=address(state, &check.asked)
            data-testid="form-cors-fix"
            on:submit=submit
        >
            <PlainFields state change="add" />
            <input type="hidden" name="at" value=at.to_string() />
            <input type="hidden" name="origins" value=text.origins />
            {text
                .methods
                .into_iter()
                .map(|method| view! { <input type="hidden" name="methods" value=method /> })
                .collect_view()}
            <input type="hidden" name="allowed" value=text.headers.replace('\n', " ") />
            <input type="hidden" name="exposed" value=text.exposed.replace('\n', " ") />
            <input type="hidden" name="max_age" value=text.max_age />
            {of_tenant.then(|| view! { <input type="hidden" name="with_tenant" value="true" /> })}
            <div class="modal-body">
                <ErrorSummary problem />
                <p>{words::cors::let_in_means(&check.asked.origin)}</p>
                {of_tenant
                    .then(|| {
                        view! {
                            <p class="note">
                                <Icon name="info" />
                                <span>{words::cors::tenant_goes_along()}</span>
                            </p>
                        }
                    })}
                <Difference before=own after />
            </div>
            <SubmitBar
                handle=state.fix
                back=state.here()
                label=words::cors::add_this_rule()
                tone=Tone::Primary
                busy=state.busy
                reason
            />
        </form>
    }
}
