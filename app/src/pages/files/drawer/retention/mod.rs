//! What keeps an object: until when, under which holds, and how it is deleted all the same.

mod ending;
mod form;
mod holds;
mod lock;
mod privileged;

use leptos::{prelude::*, task::spawn_local};
use model::{
    ObjectKey,
    protection::{Hindrance, ObjectProtection, Permit, ProtectionChange, SetProtection},
    retention::{DELETION_ALLOWED, DELETION_PROHIBITED, INITIAL_UNSPECIFIED},
};

pub(crate) use self::form::RetentionValue;
use self::{
    ending::EndingPart, form::RetentionForm, holds::Holds, lock::LockPart, privileged::Privileged,
};
use super::{
    details::fact,
    live::{Desk, is_alive},
    seen::{Kept, What},
};
use crate::{
    api,
    text::{utc, visible_name},
    ui::{Icon, Moment},
    words::kept,
};

/// The present value in a sentence.
fn said(object: &ObjectProtection) -> String {
    match (object.value, object.until) {
        (DELETION_ALLOWED, _) => kept::any_time().to_owned(),
        (DELETION_PROHIBITED, _) => kept::never().to_owned(),
        (INITIAL_UNSPECIFIED, _) => kept::not_yet().to_owned(),
        (_, Some(until)) if object.retained => kept::after(&utc(until)),
        (_, Some(until)) => kept::ended(&utc(until)),
        (_, None) => kept::beyond().to_owned(),
    }
}

/// Why something may not be changed; nothing where it may, as far as is known.
fn why_not(permit: Permit) -> Option<&'static str> {
    if permit.allowed.is_possible() {
        return None;
    }
    Some(match permit.because {
        Some(Hindrance::OldVersion) => kept::why_old_version(),
        Some(Hindrance::OnHold) => kept::why_on_hold(),
        Some(Hindrance::NeverEnds) => kept::why_never_ends(),
        Some(Hindrance::ComplianceMode) => kept::why_compliance(),
        Some(Hindrance::NotRetained) => kept::why_not_retained(),
        Some(Hindrance::NoPermission) | None => kept::why_no_permission(),
    })
}

/// A note in place of a control.
fn note(words: &'static str) -> AnyView {
    view! {
        <p class="note">
            <Icon name="info" />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

#[component]
pub(super) fn RetentionPart(desk: Desk, kept: Kept) -> impl IntoView {
    let Kept {
        protection,
        lock,
        expiry,
    } = kept;
    // A bucket that was not made for it has none.
    let lock = lock.filter(|lock| lock.enabled.is_possible());
    view! {
        {protection.map(|object| view! { <ProtectionPart desk object /> })}
        {lock.map(|lock| view! { <LockPart desk lock /> })}
        {expiry.map(|expiry| view! { <EndingPart desk expiry /> })}
    }
    .into_any()
}

#[component]
fn ProtectionPart(desk: Desk, object: ObjectProtection) -> impl IntoView {
    let is_strict = object.retained || object.is_held();
    let class = object.retention_class.as_ref().map(|name| {
        let words = kept::of_class(&visible_name(name));
        view! { <p>{words}</p> }
    });
    let value = view! { <code>{object.value.to_string()}</code> }.into_any();
    let name = object.retention_class.as_ref().map(|name| {
        let name = view! { <bdi>{visible_name(name)}</bdi> };
        fact(kept::class(), "retention-class", name.into_any())
    });
    let change = match why_not(object.may.retention) {
        Some(words) => note(words),
        None if is_alive() => view! { <RetentionForm desk object=object.clone() /> }.into_any(),
        None => ().into_any(),
    };
    let privileged = object
        .retained
        .then(|| view! { <Privileged desk permit=object.may.privileged_delete /> });
    view! {
        <section
            class="drawer-section kept"
            tabindex="-1"
            aria-labelledby="drawer-retention"
            data-testid="drawer-retention"
        >
            <h3 id="drawer-retention">{kept::retention()}</h3>
            <p class="kept-now" class:is-kept=is_strict data-testid="retention-sentence">
                <Icon name=if is_strict { "lock" } else { "info" } />
                <span>{said(&object)}</span>
            </p>
            {class}
            {line(&object)}
            <dl class="drawer-facts">{fact(kept::value(), "retention-value", value)} {name}</dl>
            {change}
        </section>
        <Holds desk object />
        {privileged}
    }
    .into_any()
}

/// The dates of the object, one after the other.
fn line(object: &ObjectProtection) -> Option<AnyView> {
    let until = object.until?;
    let end = if object.retained {
        kept::ends()
    } else {
        kept::over()
    };
    let stored = object.stored.map(|time| {
        view! {
            <li>
                <span>{kept::stored()}</span>
                <Moment time />
                <small>{utc(time)}</small>
            </li>
        }
    });
    let line = view! {
        <ol class="kept-line" class:is-over=!object.retained aria-label=kept::line()>
            {stored}
            <li>
                <span>{end}</span>
                <Moment time=until />
                <small>{utc(until)}</small>
            </li>
        </ol>
    };
    Some(line.into_any())
}

/// How a change goes: what is wrong with it, and whether it runs.
#[derive(Clone, Copy)]
struct Going {
    wrong: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Going {
    fn new() -> Self {
        Self {
            wrong: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// What went wrong, as a view.
    fn failure(self) -> impl Fn() -> Option<AnyView> + Send + Sync + Clone + 'static {
        move || {
            let words = self.wrong.get()?;
            let shown = view! {
                <p class="error" role="alert" data-testid="error-retention">
                    <Icon name="alert" />
                    <span>{words}</span>
                </p>
            };
            Some(shown.into_any())
        }
    }
}

/// Makes a change, and shows what is so then.
fn change(desk: Desk, going: Going, change: ProtectionChange, done: String, next: &'static str) {
    let state = desk.state();
    let open = desk.open.get_untracked();
    let Ok(key) = ObjectKey::parse(open.key.clone()) else {
        return;
    };
    if going.busy.get_untracked() {
        return;
    }
    let request = SetProtection {
        bucket: state.bucket.get_value(),
        key,
        change,
    };
    going.busy.set(true);
    going.wrong.set(None);
    spawn_local(async move {
        let answer = api::call(request).await;
        let left = going.busy.try_set(false).is_some();
        match answer {
            Ok(kept) => {
                state.messages.success(done);
                if desk.open.try_get_untracked().as_ref() == Some(&open) {
                    desk.seen.try_update(|seen| {
                        if let Some(What::Retention(before)) = seen.as_mut().map(|s| &mut s.what) {
                            before.protection = Some(kept);
                        }
                    });
                    request_animation_frame(move || crate::browser::focus(next));
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
    use model::{Timestamp, session::Right};

    use super::*;

    #[test]
    fn what_keeps_an_object_is_said_with_the_date_that_it_means() {
        let of = |value: i64, retained: bool| {
            said(&ObjectProtection {
                value,
                retained,
                until: Some(value)
                    .filter(|value| *value > 0)
                    .and_then(Timestamp::from_unix_seconds),
                ..ObjectProtection::default()
            })
        };
        assert_eq!(of(0, false), "This object can be deleted at any time.");
        assert_eq!(of(-1, true), "This object can never be deleted.");
        assert_eq!(
            of(-2, true),
            "This object cannot be deleted until its retention is set."
        );
        assert_eq!(
            of(1_984_641_120, true),
            "This object can be deleted after 21 Nov 2032, 09:12 UTC."
        );
        assert_eq!(
            of(1_984_641_120, false),
            "This object can be deleted: its retention ended 21 Nov 2032, 09:12 UTC."
        );
        assert!(of(i64::MAX, true).contains("beyond the calendar"));
    }

    #[test]
    fn what_may_not_be_done_says_why() {
        assert_eq!(why_not(Permit::default()), None);
        assert_eq!(why_not(Permit::from(Ok(Right::Yes))), None);
        let mode = Permit::from(Err(Hindrance::ComplianceMode));
        assert!(why_not(mode).unwrap().contains("compliance mode"));
    }
}
