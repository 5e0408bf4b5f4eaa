//! Whether the bucket keeps versions, what that means, and the switch.

use leptos::{ev, prelude::*, task::spawn_local};
use model::version::{NewVersioning, PutVersioning, VersioningStatus};

use super::{listing::Keeping, state::VersionsState};
use crate::{
    api,
    outcome::Outcome,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, Tone},
    urls, words,
};

const FORM: &str = "set_versioning";

/// What the bucket does, and the way to the switch.
#[component]
pub(super) fn Switch(state: VersionsState) -> impl IntoView {
    move || {
        let keeping = state.keeping.get();
        let word = match keeping {
            Keeping::On => "on",
            Keeping::Suspended => "suspended",
            Keeping::Off => "off",
            Keeping::Unknown => "unknown",
        };
        let (text, icon) = match keeping {
            Keeping::On => (words::versions::is_on(), "check"),
            Keeping::Suspended => (words::versions::is_suspended(), "pause"),
            Keeping::Off => (words::versions::is_off(), "info"),
            Keeping::Unknown => (words::versions::is_unknown(), "info"),
        };
        let label = match keeping {
            Keeping::On => Some(words::versions::suspend()),
            Keeping::Suspended => Some(words::versions::go_on()),
            Keeping::Off => Some(words::versions::switch_on()),
            Keeping::Unknown => None,
        };
        view! {
            <section class="versioning" data-testid="versioning" data-state=word>
                <p class="note">
                    <Icon name=icon />
                    <span>{text}</span>
                </p>
                {(keeping == Keeping::Off)
                    .then(|| {
                        view! {
                            <div class="versioning-off">
                                <p>{words::versions::would_do()}</p>
                                <p>{words::versions::would_cost()}</p>
                            </div>
                        }
                    })}
                <p class="actions">
                    {label
                        .map(|label| {
                            view! {
                                <a
                                    href=state.with(&[("ask", "versioning")])
                                    class="button button-plain"
                                    data-testid="versioning-switch"
                                    on:click=move |event: ev::MouseEvent| {
                                        event.prevent_default();
                                        state.switch.open();
                                    }
                                >
                                    {label}
                                </a>
                            }
                        })} {settings_link(state)}
                </p>
            </section>
        }
    }
}

/// On HCP, pruning and delete markers are set on the namespace.
fn settings_link(state: VersionsState) -> Option<AnyView> {
    let manages = state.session.with_value(|session| {
        let rights = &session.rights;
        let may = [rights.monitor, rights.admin, rights.namespaces];
        session.features.management && may.iter().any(|right| right.is_possible())
    });
    manages.then(|| {
        let bucket = state.bucket.with_value(ToString::to_string);
        let href = urls::below(urls::NAMESPACES, &bucket, "versioning");
        view! { <a href=href>{words::versions::namespace_settings()}</a> }.into_any()
    })
}

#[component]
pub(super) fn SwitchDialog(state: VersionsState) -> impl IntoView {
    let title = Signal::derive(move || {
        match state.keeping.get() {
            Keeping::On => words::versions::suspend(),
            Keeping::Suspended => words::versions::go_on(),
            Keeping::Off | Keeping::Unknown => words::versions::switch_on(),
        }
        .to_owned()
    });
    view! {
        <Modal handle=state.switch title back=state.here() busy=state.busy testid="versioning-dialog">
            <SwitchForm state title />
        </Modal>
    }
}

#[component]
fn SwitchForm(state: VersionsState, title: Signal<String>) -> impl IntoView {
    let keeping = state.keeping.get_untracked();
    let status = match keeping {
        Keeping::On => VersioningStatus::Suspended,
        _ => VersioningStatus::Enabled,
    };
    // Once on, it can only be suspended: the first time is a one-way door.
    let one_way = keeping == Keeping::Off || keeping == Keeping::Unknown;
    let sure = RwSignal::new(false);
    let problem = RwSignal::new(Outcome::problem(FORM));
    let reason = Signal::derive(move || (one_way && !sure.get()).then(words::versions::tick_first));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if state.busy.get_untracked() || reason.get_untracked().is_some() {
            return;
        }
        state.busy.set(true);
        problem.set(None);
        let request = PutVersioning {
            bucket: state.bucket.get_value(),
            versioning: NewVersioning { status },
        };
        spawn_local(async move {
            let answer = api::call(request).await;
            if state.is_gone() {
                return;
            }
            state.busy.set(false);
            match answer {
                Ok(_) => {
                    state.switch.close();
                    state.messages.success(match status {
                        VersioningStatus::Enabled => words::versions::now_on(),
                        VersioningStatus::Suspended => words::versions::now_suspended(),
                    });
                    state.refresh(None);
                }
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    let means = match keeping {
        Keeping::On => words::versions::suspend_means(),
        Keeping::Suspended => words::versions::go_on_means(),
        Keeping::Off | Keeping::Unknown => words::versions::would_do(),
    };
    view! {
        <form
            method="post"
            action=state.with(&[("ask", "versioning")])
            data-testid="form-versioning"
            on:submit=submit
        >
            <input type="hidden" name="op" value=FORM />
        <crate::SessionField />
            <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
            <input type="hidden" name="next" value=state.here() />
            <input type="hidden" name="status" value=status.as_str() />
            {(!one_way)
                .then(|| view! { <input type="hidden" name="confirmation" value="true" /> })}
            <div class="modal-body">
                <ErrorSummary problem />
                <p>{means}</p>
                {one_way
                    .then(|| {
                        view! {
                            <p class="note" data-testid="one-way">
                                <Icon name="lock" />
                                <span>{words::versions::one_way()}</span>
                            </p>
                            <p>{words::versions::would_cost()}</p>
                            <label class="check-line">
                                <input
                                    id="field-confirmation"
                                    type="checkbox"
                                    name="confirmation"
                                    value="true"
                                    required
                                    data-testid="one-way-confirm"
                                    on:change=move |event| sure.set(event_target_checked(&event))
                                />
                                {words::versions::one_way_known()}
                            </label>
                        }
                    })}
            </div>
            <SubmitBar
                handle=state.switch
                back=state.here()
                label=title
                tone=Tone::Primary
                busy=state.busy
                reason
            />
        </form>
    }
}
