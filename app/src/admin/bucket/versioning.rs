//! Versioning as S3 has it: never on, on, suspended.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName,
    version::{NewVersioning, PutVersioning, VersioningStatus},
};

use super::super::form::Reload;
use crate::{
    api, browser,
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, Messages, Tone},
    urls,
    words::versions,
};

const FORM: &str = "set_versioning";

/// What the state is called, what is said of it, and what the form does.
struct Scene {
    word: &'static str,
    told: &'static str,
    means: &'static str,
    label: &'static str,
    next: VersioningStatus,
}

impl Scene {
    fn of(status: Option<&str>) -> Self {
        let off = |word, told| Self {
            word,
            told,
            means: versions::would_do(),
            label: versions::switch_on(),
            next: VersioningStatus::Enabled,
        };
        match status {
            Some("Enabled") => Self {
                word: "on",
                told: versions::is_on(),
                means: versions::suspend_means(),
                label: versions::suspend(),
                next: VersioningStatus::Suspended,
            },
            Some("Suspended") => Self {
                word: "suspended",
                told: versions::is_suspended(),
                means: versions::go_on_means(),
                label: versions::go_on(),
                next: VersioningStatus::Enabled,
            },
            Some(_) => off("off", versions::is_off()),
            None => off("unknown", versions::is_unknown()),
        }
    }

    /// Once on, it can only be suspended: the first time is a one-way door.
    fn is_one_way(&self) -> bool {
        matches!(self.word, "off" | "unknown")
    }
}

/// The state, and the form that changes it. `status` is S3's word, empty where versions were never kept, none
/// where the account may not know.
#[component]
pub(super) fn S3Versioning(bucket: BucketName, status: Option<String>) -> impl IntoView {
    let scene = Scene::of(status.as_deref());
    let (one_way, next) = (scene.is_one_way(), scene.next);
    let sure = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(Outcome::problem(FORM));
    let reason = Signal::derive(move || (one_way && !sure.get()).then(versions::tick_first));
    let reload = expect_context::<Reload>();
    let messages = Messages::here();
    let here = urls::settings(bucket.as_str());
    let name = bucket.to_string();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || reason.get_untracked().is_some() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let request = PutVersioning {
            bucket: bucket.clone(),
            versioning: NewVersioning { status: next },
        };
        spawn_local(async move {
            let back = urls::settings(request.bucket.as_str());
            let answer = api::call(request).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    messages.success(match next {
                        VersioningStatus::Enabled => versions::now_on(),
                        VersioningStatus::Suspended => versions::now_suspended(),
                    });
                    reload.0.run(());
                }
                Err(refusal) if api::needs_sign_in(&refusal) => {
                    browser::go(&urls::sign_in(&back));
                }
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    view! {
        <form
            method="post"
            action=here.clone()
            class="form-panel"
            data-testid="form-versioning"
            data-state=scene.word
            on:submit=submit
        >
            <h2>{versions::tab()}</h2>
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="bucket" value=name />
            <input type="hidden" name="next" value=here.clone() />
            <input type="hidden" name="status" value=next.as_str() />
            <ErrorSummary problem />
            <p>{scene.told}</p>
            <p class="help">{scene.means}</p>
            {if one_way {
                door(sure)
            } else {
                view! { <input type="hidden" name="confirmation" value="true" /> }.into_any()
            }}
            <div class="actions">
                <Button
                    kind="submit"
                    tone=Tone::Primary
                    reason
                    attr:data-testid="versioning-switch"
                >
                    {scene.label}
                </Button>
            </div>
        </form>
    }
}

/// What cannot be undone, and the box that says that it is known.
fn door(sure: RwSignal<bool>) -> AnyView {
    view! {
        <p class="note" data-testid="one-way">
            <Icon name="lock" />
            <span>{versions::one_way()}</span>
        </p>
        <p class="help">{versions::would_cost()}</p>
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
            {versions::one_way_known()}
        </label>
    }
    .into_any()
}
