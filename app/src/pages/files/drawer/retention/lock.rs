//! Object lock of stores other than HCP: mode, end and legal hold of the version that is looked at.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ObjectKey, Timestamp,
    lock::{LockBar, LockChange, LockDefault, LockMode, LockRetention, ObjectLock, SetLock},
    protection::{PrivilegedReason, REASON_MAX},
};

use super::{
    super::{
        live::{Desk, is_alive},
        seen::What,
    },
    Going,
};
use crate::{
    api, browser,
    text::utc,
    ui::{Button, Icon, TextField, Tone},
    unit,
    words::{general, kept, locks},
};

/// Where the focus goes after a change.
const SECTION: &str = "[data-testid=\"drawer-lock\"]";

/// The present state in a sentence.
fn said(lock: &ObjectLock) -> String {
    match lock.retention {
        None => locks::free().to_owned(),
        Some(kept) if !lock.retained => locks::ended(&utc(kept.until)),
        Some(kept) => match kept.mode {
            LockMode::Governance => locks::governance_until(&utc(kept.until)),
            LockMode::Compliance => locks::compliance_until(&utc(kept.until)),
        },
    }
}

/// What new objects are given, in a sentence.
fn given(default: LockDefault) -> String {
    let mode = match default.mode {
        LockMode::Governance => locks::governance(),
        LockMode::Compliance => locks::compliance(),
    };
    match (default.days, default.years) {
        (Some(days), _) => locks::default_days(days.into(), mode),
        (None, years) => locks::default_years(years.unwrap_or_default().into(), mode),
    }
}

fn bar(bar: LockBar) -> String {
    match bar {
        LockBar::Over => locks::bar_over().to_owned(),
        LockBar::Compliance(until) => locks::bar_compliance(&utc(until)),
        LockBar::Governance(until) => locks::bar_governance(&utc(until)),
    }
}

#[component]
pub(super) fn LockPart(desk: Desk, lock: ObjectLock) -> impl IntoView {
    let is_strict = lock.retained;
    let sentence = said(&lock);
    let default = match lock.default {
        Some(default) => given(default),
        None => locks::no_default().to_owned(),
    };
    let form = is_alive().then(|| view! { <LockForm desk lock=lock.clone() /> });
    view! {
        <section
            class="drawer-section kept"
            tabindex="-1"
            aria-labelledby="drawer-lock"
            data-testid="drawer-lock"
        >
            <h3 id="drawer-lock">{locks::lock()}</h3>
            <p class="kept-now" class:is-kept=is_strict data-testid="lock-sentence">
                <Icon name=if is_strict { "lock" } else { "info" } />
                <span>{sentence}</span>
            </p>
            <p class="help" data-testid="lock-default">{default}</p>
            {form}
        </section>
        <Hold desk lock />
    }
    .into_any()
}

#[component]
fn Hold(desk: Desk, lock: ObjectLock) -> impl IntoView {
    let going = Going::new();
    let held = lock.legal_hold;
    let press = move |_| {
        let wanted = LockChange {
            legal_hold: Some(!held),
            ..LockChange::default()
        };
        let done = if held { kept::lifted() } else { kept::held() };
        change(desk, going, lock.version_id.clone(), wanted, done);
    };
    let reason = Signal::derive(move || going.busy.get().then(general::working));
    view! {
        <section class="drawer-section" aria-labelledby="drawer-legal-hold" data-testid="drawer-legal-hold">
            <h3 id="drawer-legal-hold">{locks::legal_hold()}</h3>
            <p class="help">{locks::legal_hold_help()}</p>
            <p data-testid="legal-hold-state">
                {if held { kept::is_held() } else { kept::no_holds() }}
            </p>
            {going.failure()}
            <div class="actions needs-script">
                <Button reason attr:data-testid="legal-hold-switch" press>
                    {if held { kept::lift() } else { kept::hold() }}
                </Button>
            </div>
        </section>
    }
    .into_any()
}

/// What is being typed.
#[derive(Clone, Copy)]
struct Form {
    lock: StoredValue<ObjectLock>,
    mode: RwSignal<LockMode>,
    until: RwSignal<Option<Timestamp>>,
    because: RwSignal<String>,
    /// Whether it was said that what cannot be taken back is meant.
    meant: RwSignal<bool>,
}

impl Form {
    /// What is wanted, once a time is given.
    fn wanted(self) -> Option<LockRetention> {
        let until = self.until.get()?;
        let mode = self.mode.get();
        Some(LockRetention { mode, until })
    }

    /// Whether a retention, or none, needs a reason; or why nobody may set it.
    fn judged(self, wanted: Option<LockRetention>) -> Result<bool, LockBar> {
        let now = browser::clock().map_or(0, |(now, _)| now.unix_seconds());
        self.lock.with_value(|lock| lock.changed_to(wanted, now))
    }

    /// What stands in the way of a change.
    fn missing(self, wanted: Option<LockRetention>) -> Option<String> {
        match self.judged(wanted) {
            Err(barred) => Some(bar(barred)),
            Ok(true) if !self.because.with(|text| PrivilegedReason::is_good(text)) => {
                Some(locks::reason_first().to_owned())
            }
            Ok(_) => None,
        }
    }

    /// What is asked for.
    fn change(self, wanted: Option<LockRetention>) -> LockChange {
        let bypasses = untrack(|| self.judged(wanted)) == Ok(true);
        LockChange {
            retention: wanted,
            lift: wanted.is_none(),
            legal_hold: None,
            reason: bypasses.then(|| self.because.get_untracked().trim().to_owned()),
        }
    }
}

#[component]
fn LockForm(desk: Desk, lock: ObjectLock) -> impl IntoView {
    let going = Going::new();
    let present = lock.retention.filter(|_| lock.retained);
    let version = StoredValue::new(lock.version_id.clone());
    let form = Form {
        mode: RwSignal::new(present.map_or(LockMode::Governance, |kept| kept.mode)),
        until: RwSignal::new(present.map(|kept| kept.until)),
        because: RwSignal::new(String::new()),
        meant: RwSignal::new(false),
        lock: StoredValue::new(lock),
    };
    let is_mild = present.is_some_and(|kept| kept.mode == LockMode::Governance);
    let why = Memo::new(move |_| match form.wanted() {
        None => Some(locks::time_first().to_owned()),
        Some(wanted) if present == Some(wanted) => Some(locks::nothing_changed().to_owned()),
        Some(wanted) => form.missing(Some(wanted)).or_else(|| {
            let strict = wanted.mode == LockMode::Compliance;
            (strict && !form.meant.get()).then(|| locks::meant_first().to_owned())
        }),
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = untrack(|| form.wanted());
        if let Some(words) = why.get_untracked() {
            going.wrong.set(Some(words));
        } else if wanted.is_some() {
            let wanted = form.change(wanted);
            change(desk, going, version.get_value(), wanted, kept::saved());
        }
    };
    let lift = move |_| {
        if let Some(words) = untrack(|| form.missing(None)) {
            going.wrong.set(Some(words));
        } else {
            let wanted = form.change(None);
            change(desk, going, version.get_value(), wanted, locks::lifted());
        }
    };
    let busy = Signal::derive(move || going.busy.get().then(general::working));
    let lifting = is_mild.then(|| {
        view! {
            <Button tone=Tone::Danger reason=busy attr:data-testid="lock-lift" press=lift>
                {locks::lift()}
            </Button>
        }
    });
    view! {
        <form
            class="kept-form needs-script"
            aria-label=kept::new_value()
            data-testid="lock-form"
            on:submit=save
        >
            <h4>{kept::new_value()}</h4>
            <Fields form />
            {move || (form.mode.get() == LockMode::Compliance).then(|| view! { <OneWay form /> })}
            {is_mild.then(|| view! { <Because form /> })}
            {going.failure()}
            <div class="actions">
                <Button tone=Tone::Primary kind="submit" reason=busy attr:data-testid="lock-save">
                    {kept::save()}
                </Button>
                {lifting}
            </div>
        </form>
    }
}

#[component]
fn Fields(form: Form) -> impl IntoView {
    let choose = move |event: ev::Event| {
        if let Some(mode) = LockMode::of_s3(&event_target_value(&event)) {
            form.mode.set(mode);
            form.meant.set(false);
        }
    };
    let option = move |mode: LockMode, word: &'static str| {
        view! {
            <option value=mode.as_s3() prop:selected=move || form.mode.get() == mode>
                {word}
            </option>
        }
    };
    let shown = move || {
        let until = form.until.get().map(|time| time.to_string());
        until.map_or_else(String::new, |text| text.trim_end_matches('Z').to_owned())
    };
    let typed = move |event: ev::Event| {
        form.until
            .set(Timestamp::parse_typed(&event_target_value(&event)));
    };
    view! {
        <div class="field">
            <label for="field-lock-mode">{locks::mode()}</label>
            <select id="field-lock-mode" class="input" data-testid="lock-mode" on:change=choose>
                {option(LockMode::Governance, locks::governance())}
                {option(LockMode::Compliance, locks::compliance())}
            </select>
            <p class="help">
                {move || match form.mode.get() {
                    LockMode::Governance => locks::governance_help(),
                    LockMode::Compliance => locks::compliance_help(),
                }}
            </p>
        </div>
        <div class="field">
            <label for="field-lock-until">{kept::until()}</label>
            <input
                id="field-lock-until"
                class="input"
                type="datetime-local"
                step="1"
                prop:value=shown
                data-testid="lock-until"
                on:change=typed
            />
        </div>
    }
}

/// That it cannot be taken back, and is meant.
#[component]
fn OneWay(form: Form) -> impl IntoView {
    view! {
        <p class="help" data-testid="one-way">
            <span class="mark-one-way">{kept::one_way()}</span>
            " "
            {locks::one_way_help()}
        </p>
        <label class="check-line">
            <input
                type="checkbox"
                prop:checked=move || form.meant.get()
                data-testid="lock-meant"
                on:change=move |event| form.meant.set(event_target_checked(&event))
            />
            <span>{locks::meant()}</span>
        </label>
    }
}

/// Why governance mode is bypassed.
#[component]
fn Because(form: Form) -> impl IntoView {
    let long = Signal::derive(move || {
        let length = form.because.with(|text| text.chars().count());
        (length > REASON_MAX).then(|| kept::reason_long(&unit::count(length as u64)))
    });
    view! {
        <TextField
            name="lock-reason"
            label=kept::reason().to_owned()
            value=form.because
            error=long
            help=Some(locks::reason_help().to_owned())
        />
    }
}

/// Makes a change, and shows what is so then.
fn change(
    desk: Desk,
    going: Going,
    version_id: Option<String>,
    change: LockChange,
    done: &'static str,
) {
    let state = desk.state();
    let open = desk.open.get_untracked();
    let Ok(key) = ObjectKey::parse(open.key.clone()) else {
        return;
    };
    if going.busy.get_untracked() {
        return;
    }
    let request = SetLock {
        bucket: state.bucket.get_value(),
        key,
        version_id,
        change,
    };
    going.busy.set(true);
    going.wrong.set(None);
    spawn_local(async move {
        let answer = api::call(request).await;
        let left = going.busy.try_set(false).is_some();
        match answer {
            Ok(lock) => {
                state.messages.success(done);
                if desk.open.try_get_untracked().as_ref() == Some(&open) {
                    desk.seen.try_update(|seen| {
                        if let Some(What::Retention(before)) = seen.as_mut().map(|s| &mut s.what) {
                            before.lock = Some(lock);
                        }
                    });
                    request_animation_frame(|| browser::focus(SECTION));
                }
            }
            Err(problem) if left || api::needs_sign_in(&problem) => {
                if !state.is_gone() {
                    state.failed(&problem);
                }
            }
            Err(problem) => going.wrong.set(Some(problem.sentence())),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_a_version_is_said_with_its_mode_and_its_end() {
        let until = Timestamp::from_unix_seconds(1_984_641_120).unwrap();
        let of = |mode, retained| {
            said(&ObjectLock {
                retention: Some(LockRetention { mode, until }),
                retained,
                ..ObjectLock::default()
            })
        };
        let end = "21 Nov 2032, 09:12 UTC";
        assert!(of(LockMode::Governance, true).contains(end));
        assert!(of(LockMode::Compliance, true).contains("Nobody"));
        assert!(of(LockMode::Compliance, false).contains("ended"));
        assert_eq!(
            said(&ObjectLock::default()),
            "No retention keeps this version."
        );
        let default = LockDefault {
            mode: LockMode::Compliance,
            days: Some(1),
            years: None,
        };
        assert_eq!(
            given(default),
            "New objects in this bucket are kept for 1 day, in compliance mode."
        );
    }
}
