//! When Hako removes an object: set, changed, taken back. Plain forms that scripts take over.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ErrorCode, ObjectKey, Problem,
    expiry::{ClearExpiry, NewExpiry, ObjectExpiry, SetExpiry, typed_life},
    form::{CLEAR_EXPIRY, EXPIRES_IN, NUMBER, OWN, SET_EXPIRY, UNIT},
};

use super::{
    super::{
        live::{Desk, is_alive},
        seen::What,
    },
    note,
};
use crate::{
    api,
    outcome::Outcome,
    text::{utc, visible_name},
    ui::{Button, ErrorSummary, Icon, Left, TextField, Tone},
    words::{general, kept, links},
};

/// The lives that are offered, in seconds.
const LIVES: [u64; 3] = [3_600, 86_400, 604_800];
/// The units of a time that is typed, in seconds.
const UNITS: [u64; 3] = [60, 3_600, 86_400];
/// What has the focus after a change.
const SECTION: &str = "[data-testid=\"drawer-ending\"]";

/// How the forms of this part go.
#[derive(Clone, Copy)]
struct Going {
    desk: Desk,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Going {
    /// Whose end is set, unless something runs.
    fn begin(self) -> Option<ObjectKey> {
        if self.busy.get_untracked() {
            return None;
        }
        let key = self.desk.open.with_untracked(|open| open.key.clone());
        let key = ObjectKey::parse(key).ok()?;
        self.busy.set(true);
        self.problem.set(None);
        Some(key)
    }

    /// Shows what is so after a change.
    fn end(self, key: &ObjectKey, answer: Result<ObjectExpiry, Problem>, done: &'static str) {
        let (desk, state) = (self.desk, self.desk.state());
        let left = self.busy.try_set(false).is_some();
        match answer {
            Ok(expiry) => {
                state.messages.success(done);
                let open = desk.open.try_get_untracked();
                if open.is_some_and(|open| open.key == key.as_str()) {
                    desk.seen.try_update(|seen| {
                        if let Some(What::Retention(kept)) = seen.as_mut().map(|s| &mut s.what) {
                            kept.expiry = Some(expiry);
                        }
                    });
                    request_animation_frame(|| crate::browser::focus(SECTION));
                }
                if !state.is_gone() {
                    state.refresh_when_idle();
                }
            }
            Err(problem) if left || api::needs_sign_in(&problem) => {
                if !state.is_gone() {
                    state.failed(&problem);
                }
            }
            // It is another object by now, or gone: what is so is looked at.
            Err(problem)
                if matches!(
                    problem.code,
                    ErrorCode::ObjectChanged | ErrorCode::ObjectNotFound
                ) =>
            {
                state.failed(&problem);
                desk.refresh();
                state.refresh_when_idle();
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }
}

#[component]
pub(super) fn EndingPart(desk: Desk, expiry: ObjectExpiry) -> impl IntoView {
    let going = Going {
        desk,
        busy: RwSignal::new(false),
        problem: RwSignal::new(failed()),
    };
    let sentence = match expiry.expires_at {
        Some(time) => view! {
            <p class="kept-now is-ending" data-testid="ending-sentence">
                <Icon name="clock" />
                <span>{kept::ends_on(&utc(time))} " " <Left time /></span>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="kept-now" data-testid="ending-sentence">
                <Icon name="info" />
                <span>{kept::ends_never()}</span>
            </p>
        }
        .into_any(),
    };
    let me = desk
        .state()
        .session
        .with_value(|session| session.username.clone());
    let by = expiry
        .set_by
        .as_deref()
        .filter(|by| !by.eq_ignore_ascii_case(&me))
        .map(|by| view! { <p>{kept::ends_by(&visible_name(by))}</p> });
    let has_end = expiry.expires_at.is_some();
    let may_clear = has_end && expiry.may_clear.is_possible();
    let set = if expiry.may_set.is_possible() {
        view! { <SetForm going etag=expiry.etag has_end /> }.into_any()
    } else if has_end && !may_clear {
        note(kept::ends_of_others())
    } else {
        note(kept::ends_no_right())
    };
    view! {
        <section
            class="drawer-section kept"
            tabindex="-1"
            aria-labelledby="drawer-ending"
            data-testid="drawer-ending"
        >
            <h3 id="drawer-ending">{kept::ending()}</h3>
            {sentence}
            {by}
            <ErrorSummary problem=going.problem testid="error-ending" />
            {set}
            {may_clear.then(|| view! { <ClearForm going /> })}
        </section>
    }
    .into_any()
}

/// What a form that was sent without scripts was refused for.
fn failed() -> Option<Problem> {
    if is_alive() {
        return None;
    }
    Outcome::problem(SET_EXPIRY).or_else(|| Outcome::problem(CLEAR_EXPIRY))
}

/// A time that is offered, in words.
fn span(seconds: u64) -> String {
    match seconds {
        s if s % 86_400 == 0 => links::days(s / 86_400),
        s => links::hours(s / 3_600),
    }
}

fn unit(seconds: u64) -> &'static str {
    match seconds {
        60 => kept::minutes(),
        3_600 => kept::hours(),
        _ => kept::days(),
    }
}

/// What both forms say of themselves.
fn hidden(desk: Desk, op: &'static str) -> AnyView {
    let here = untrack(|| desk.address(desk.open.get()));
    let fields = [
        ("op", op.to_owned()),
        (
            "bucket",
            desk.state().bucket.with_value(ToString::to_string),
        ),
        ("key", desk.open.with_untracked(|open| open.key.clone())),
        ("next", here),
    ];
    let fields =
        fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        {fields.into_iter().collect_view()}
        <crate::SessionField />
    }
    .into_any()
}

#[component]
fn SetForm(going: Going, etag: Option<String>, has_end: bool) -> impl IntoView {
    let desk = going.desk;
    let life = RwSignal::new(LIVES[0].to_string());
    let (number, per) = (
        RwSignal::new(String::new()),
        RwSignal::new(UNITS[1].to_string()),
    );
    let fault = RwSignal::new(None::<String>);
    let action = untrack(|| desk.address(desk.open.get()));
    let seen = etag.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let chosen = life.get_untracked();
        let (text, of) = if chosen == OWN {
            (number.get_untracked(), per.get_untracked())
        } else {
            (chosen, "1".to_owned())
        };
        let Some(expires_in) = typed_life(&text, &of) else {
            fault.set(Some(kept::ends_wrong().to_owned()));
            request_animation_frame(|| crate::browser::focus("#field-number"));
            return;
        };
        fault.set(None);
        let Some(key) = going.begin() else {
            return;
        };
        let expiry = NewExpiry {
            expires_in,
            etag: etag.clone(),
        };
        let request = SetExpiry {
            bucket: desk.state().bucket.get_value(),
            key: key.clone(),
            expiry,
        };
        spawn_local(async move {
            going.end(&key, api::call(request).await, kept::ends_is_set());
        });
    };
    let reason = Signal::derive(move || going.busy.get().then(general::working));
    let lives = LIVES.map(|life| view! { <option value=life.to_string()>{span(life)}</option> });
    let own = if is_alive() {
        kept::ends_own()
    } else {
        kept::ends_own_given()
    };
    // Without scripts nothing comes and goes.
    let typed = move || {
        (!is_alive() || life.with(|life| life == OWN)).then(|| view! { <Typed number per fault /> })
    };
    view! {
        <form
            method="post"
            action=action
            class="kept-form ending-form"
            aria-label=kept::ending()
            data-testid="form-ending"
            on:submit=submit
        >
            {hidden(desk, SET_EXPIRY)}
            <input type="hidden" name="etag" value=seen />
            <div class="field">
                <label for="field-expires_in">{kept::ends_after()}</label>
                <select
                    id="field-expires_in"
                    name=EXPIRES_IN
                    class="input"
                    on:change=move |event| life.set(event_target_value(&event))
                >
                    {lives.into_iter().collect_view()}
                    <option value=OWN>{own}</option>
                </select>
            </div>
            {typed}
            <p class="help">{kept::ends_help()}</p>
            <Button kind="submit" tone=Tone::Primary reason attr:data-testid="ending-set">
                {if has_end { kept::ends_change() } else { kept::ends_set() }}
            </Button>
        </form>
    }
    .into_any()
}

/// A time of one's own: a number, and of what.
#[component]
fn Typed(
    number: RwSignal<String>,
    per: RwSignal<String>,
    fault: RwSignal<Option<String>>,
) -> impl IntoView {
    let units = UNITS.map(|seconds| {
        let value = seconds.to_string();
        let selected = per.with_untracked(|per| *per == value);
        view! {
            <option value=value selected=selected>
                {unit(seconds)}
            </option>
        }
    });
    view! {
        <div class="ending-own">
            <TextField
                name=NUMBER
                label=kept::ends_number().to_owned()
                value=number
                error=fault
            />
            <div class="field">
                <label for="field-unit">{kept::ends_unit()}</label>
                <select
                    id="field-unit"
                    name=UNIT
                    class="input"
                    on:change=move |event| per.set(event_target_value(&event))
                >
                    {units.into_iter().collect_view()}
                </select>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn ClearForm(going: Going) -> impl IntoView {
    let desk = going.desk;
    let action = untrack(|| desk.address(desk.open.get()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(key) = going.begin() else {
            return;
        };
        let request = ClearExpiry {
            bucket: desk.state().bucket.get_value(),
            key: key.clone(),
        };
        spawn_local(async move {
            going.end(&key, api::call(request).await, kept::ends_is_clear());
        });
    };
    let reason = Signal::derive(move || going.busy.get().then(general::working));
    view! {
        <form
            method="post"
            action=action
            class="inline-form"
            data-testid="form-stay"
            on:submit=submit
        >
            {hidden(desk, CLEAR_EXPIRY)}
            <Button kind="submit" reason attr:data-testid="ending-clear">
                {kept::ends_clear()}
            </Button>
        </form>
    }
    .into_any()
}
