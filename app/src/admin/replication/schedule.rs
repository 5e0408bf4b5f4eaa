//! When a link sends: the week of each end as a grid, painted by mouse or keys, and what holds in its place.
//!
//! Without scripts hours are set by a day, a time and a level, which scripts use as well.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Endpoint, Problem,
    form::{AT, SET_SCHEDULE},
    mapi::{
        Choice, PerformanceLevel, ScheduleOverride, Word as _,
        calls::SetSchedule,
        week::{self, DAY, DAYS, Week, letter, level_of},
    },
};
use serde_json::{Map, Value as Json};

use super::{
    super::{Page, form::Reload, read_only, spec::Say, text},
    level_word,
};
use crate::{
    api, browser,
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, Messages, Tone},
    urls,
    words::{admin, replication},
};

/// The days in words, in the store's order.
const DAY_WORDS: [Say; 7] = [
    replication::sunday,
    replication::monday,
    replication::tuesday,
    replication::wednesday,
    replication::thursday,
    replication::friday,
    replication::saturday,
];

/// The levels in the order of the brush.
const LEVELS: [PerformanceLevel; 5] = [
    PerformanceLevel::Off,
    PerformanceLevel::Low,
    PerformanceLevel::Medium,
    PerformanceLevel::High,
    PerformanceLevel::Custom,
];

/// The section.
pub fn page(page: &Page, name: &str, link: &Map<String, Json>) -> AnyView {
    if let Some(failed) = page.failed(1) {
        return failed;
    }
    let schedule = page.map(1);
    let kind = text(link, "type");
    let sides = [
        ("local", replication::this_system as Say, "INBOUND"),
        ("remote", replication::other_system, "OUTBOUND"),
    ];
    let sides = sides
        .into_iter()
        .filter(|(_, _, without)| kind != *without)
        .map(|(side, word, _)| {
            let told = schedule.get(side).and_then(Json::as_object).cloned();
            let told = told.unwrap_or_default();
            view! { <Side link=name.to_owned() side title=word() told editable=page.may.admin /> }
        })
        .collect_view();
    view! {
        {read_only(page.may.admin, "administrator")}
        <p class="note">
            <Icon name="info" />
            {replication::schedule_about()}
        </p>
        {sides}
    }
    .into_any()
}

/// Where an arrow key leads; nothing where it is no such key.
fn step(hour: usize, key: &str) -> Option<usize> {
    let (day, of_day) = (hour / DAY, hour % DAY);
    Some(match key {
        "ArrowLeft" => day * DAY + of_day.saturating_sub(1),
        "ArrowRight" => day * DAY + (of_day + 1).min(DAY - 1),
        "ArrowUp" => hour.checked_sub(DAY).unwrap_or(hour),
        "ArrowDown" if day + 1 < DAYS.len() => hour + DAY,
        "ArrowDown" => hour,
        "Home" => day * DAY,
        "End" => day * DAY + DAY - 1,
        _ => return None,
    })
}

/// The hours of the rectangle between two: a mouse that is fast leaps over some.
fn between(one: usize, other: usize) -> Vec<usize> {
    let (days, hours) = ([one / DAY, other / DAY], [one % DAY, other % DAY]);
    let mut all = Vec::new();
    for day in days[0].min(days[1])..=days[0].max(days[1]) {
        for hour in hours[0].min(hours[1])..=hours[0].max(hours[1]) {
            all.push(day * DAY + hour);
        }
    }
    all
}

/// What the parts of one end share.
#[derive(Clone, Copy)]
struct State {
    side: &'static str,
    week: RwSignal<Week>,
    before: StoredValue<Option<Week>>,
    brush: RwSignal<PerformanceLevel>,
    /// Where the keyboard is.
    here: RwSignal<usize>,
    /// Where the mouse that is held down was last.
    drawn: StoredValue<usize>,
}

/// One end.
#[component]
fn Side(
    link: String,
    side: &'static str,
    title: &'static str,
    told: Map<String, Json>,
    editable: bool,
) -> impl IntoView {
    let again = Outcome::value(SET_SCHEDULE, "side") == side;
    let of_outcome = |field: &str| {
        let typed = Outcome::value(SET_SCHEDULE, field);
        Some(typed).filter(|typed| again && !typed.is_empty())
    };
    let before = told.get("transition").and_then(Week::of_transitions);
    let typed = of_outcome("week").and_then(|letters| Week::of_letters(&letters));
    let week = typed
        .or(before)
        .unwrap_or(Week::all(PerformanceLevel::High));
    let holds = text(&told, "scheduleOverride");
    let state = State {
        side,
        week: RwSignal::new(week),
        before: StoredValue::new(before),
        brush: RwSignal::new(PerformanceLevel::Off),
        here: RwSignal::new(0),
        drawn: StoredValue::new(0),
    };
    let chosen = RwSignal::new(of_outcome("override").unwrap_or_else(|| holds.clone()));
    let busy = RwSignal::new(false);
    let problem: RwSignal<Option<Problem>> =
        RwSignal::new(again.then(|| Outcome::problem(SET_SCHEDULE)).flatten());
    let messages = Messages::here();
    let reload = expect_context::<Reload>();
    let held = StoredValue::new(holds.clone());
    let change = move || {
        let known = |word: &str| Choice::<ScheduleOverride>::of(word).known();
        let (now, was) = (chosen.get(), held.get_value());
        let week = state.week.get();
        let before = state.before.get_value();
        week::change(
            side,
            Some((&week, before.as_ref())),
            known(&now).map(|now| (now, known(&was))),
        )
    };
    let reason = Signal::derive(move || {
        if busy.get() {
            Some(admin::working())
        } else if state.week.with(Week::is_off) {
            Some(replication::never_all_off())
        } else if change().is_empty() {
            Some(admin::nothing_has_changed())
        } else {
            None
        }
    });
    browser::guard_leaving(Signal::derive(move || {
        !busy.get() && state.before.with_value(Option::is_some) && !change().is_empty()
    }));
    let path = StoredValue::new(
        SetSchedule {
            link_name: link.clone(),
            ..Default::default()
        }
        .path(),
    );
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| reason.get()).is_some() {
            return;
        }
        let body = untrack(change);
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = api::raw(
                http::Method::POST,
                path.get_value(),
                Some(Json::Object(body)),
            )
            .await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    messages.success(replication::schedule_saved().to_owned());
                    reload.0.run(());
                }
                Err(refusal) if api::needs_sign_in(&refusal) => {
                    browser::go(&urls::sign_in(&urls::current().get_untracked()));
                }
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    let unread = before.is_none().then(|| {
        view! { <p class="alert alert-warn">{replication::schedule_unread()}</p> }
    });
    if !editable {
        let said = (holds != "NONE" && !holds.is_empty())
            .then(|| view! { <p>{replication::overridden(&level_word(&holds))}</p> });
        return view! {
            <section class="form-panel">
                <h2>{title}</h2>
                {said}
                {unread}
                <Grid state title editable />
            </section>
        }
        .into_any();
    }
    let letters = week.letters();
    let was = before.map(|week| week.letters()).unwrap_or_default();
    view! {
        <form
            method="post"
            action=urls::current().get_untracked()
            class="form-panel"
            data-testid=format!("form-schedule-{side}")
            on:submit=submit
        >
            <h2>{title}</h2>
            <input type="hidden" name="op" value=SET_SCHEDULE />
            <crate::SessionField />
            <input type="hidden" name="next" value=urls::current().get_untracked() />
            <input type="hidden" name=format!("{AT}link_name") value=link />
            <input type="hidden" name="side" value=side />
            <input type="hidden" name="was.week" value=was />
            <input
                type="hidden"
                name="week"
                value=letters
                prop:value=move || state.week.with(Week::letters)
            />
            <input type="hidden" name="was.override" value=holds.clone() />
            <ErrorSummary problem />
            {unread}
            <Override side chosen />
            <Brush state />
            <Grid state title editable />
            <Hours state />
            <p class="alert alert-warn" hidden=move || !state.week.with(Week::is_off)>
                {replication::never_all_off()}
            </p>
            <div class="save-bar">
                <div class="save-buttons">
                    <Button
                        kind="submit"
                        tone=Tone::Primary
                        reason
                        attr:data-testid=format!("save-{side}")
                    >
                        {admin::save()}
                    </Button>
                </div>
            </div>
        </form>
    }
    .into_any()
}

/// What holds in place of the week.
#[component]
fn Override(side: &'static str, chosen: RwSignal<String>) -> impl IntoView {
    let id = format!("override-{side}");
    let options = ScheduleOverride::ALL
        .iter()
        .rev()
        .map(|one| {
            let word = one.as_str();
            let said = if *one == ScheduleOverride::None {
                replication::no_override().to_owned()
            } else {
                level_word(word)
            };
            view! {
                <option
                    value=word
                    selected=chosen.with_untracked(|chosen| chosen == word)
                    prop:selected=move || chosen.with(|chosen| chosen == word)
                >
                    {said}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{replication::override_label()}</label>
            <select
                id=id
                name="override"
                class="input input-select"
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                {options}
            </select>
            <p class="help">{replication::override_help()}</p>
        </div>
    }
}

/// Which level is painted; without scripts it is the level of the hours that are set.
#[component]
fn Brush(state: State) -> impl IntoView {
    let side = state.side;
    let levels = LEVELS
        .into_iter()
        .map(|level| {
            view! {
                <label class="brush" data-level=level.as_str()>
                    <input
                        type="radio"
                        name="level"
                        value=letter(level).to_string()
                        checked=state.brush.get_untracked() == level
                        prop:checked=move || state.brush.get() == level
                        on:change=move |_| state.brush.set(level)
                    />
                    <span class="brush-swatch" aria-hidden="true">
                        {mark(level)}
                    </span>
                    <span>{level_word(level.as_str())}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="brushes" data-testid=format!("brush-{side}")>
            <legend>{replication::level_to_paint()}</legend>
            {levels}
        </fieldset>
        <p class="help">{replication::how_to_paint()}</p>
    }
}

/// The sign of a level in a cell, so that colour alone says nothing.
fn mark(level: PerformanceLevel) -> &'static str {
    match level {
        PerformanceLevel::Off => "–",
        PerformanceLevel::Low => "1",
        PerformanceLevel::Medium => "2",
        PerformanceLevel::High => "3",
        PerformanceLevel::Custom => "★",
    }
}

/// Seven days by twenty-four hours.
#[component]
fn Grid(state: State, title: &'static str, editable: bool) -> impl IntoView {
    let heads = (0..DAY)
        .map(|hour| view! { <th scope="col" role="columnheader">{format!("{hour:02}")}</th> })
        .collect_view();
    let rows = (0..DAYS.len())
        .map(|day| {
            let cells = (0..DAY)
                .map(|hour| cell(state, day * DAY + hour, editable))
                .collect_view();
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader">{DAY_WORDS[day]()}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    // The grid scrolls by itself where it has no room; without keys of its own it has to be reached by the keyboard.
    view! {
        <div class="week-scroll" tabindex=(!editable).then_some("0") role="region" aria-label=replication::week_of(title)>
            <table
                class="week"
                role="grid"
                aria-label=replication::week_of(title)
                aria-readonly=(!editable).then_some("true")
                data-testid=format!("week-{}", state.side)
            >
                <thead>
                    <tr role="row">
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn cell(state: State, hour: usize, editable: bool) -> AnyView {
    let side = state.side;
    let level = move || state.week.with(|week| week.at(hour));
    let paint = move |level: PerformanceLevel| {
        if editable {
            state.week.update(|week| week.set(hour, level));
        }
    };
    let name = move || {
        let until = format!("{:02}", hour % DAY + 1);
        replication::hour_is(
            DAY_WORDS[hour / DAY](),
            &format!("{:02}", hour % DAY),
            &until,
            &level_word(level().as_str()),
        )
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        if let Some(next) = step(hour, &key) {
            event.prevent_default();
            state.here.set(next);
            // With the shift key the way is painted.
            if event.shift_key() && editable {
                let brush = state.brush.get_untracked();
                state.week.update(|week| {
                    week.set(hour, brush);
                    week.set(next, brush);
                });
            }
            browser::focus(&format!("#hour-{side}-{next}"));
            return;
        }
        let mut letters = key.chars();
        let typed = match (letters.next(), letters.next()) {
            (Some(' '), None) => Some(state.brush.get_untracked()),
            (Some(one), None) => level_of(one.to_ascii_lowercase()),
            _ if key == "Enter" => Some(state.brush.get_untracked()),
            _ => None,
        };
        if let Some(level) = typed.filter(|_| editable) {
            event.prevent_default();
            paint(level);
        }
    };
    view! {
        <td
            id=format!("hour-{side}-{hour}")
            role="gridcell"
            class="week-hour"
            tabindex=move || {
                editable.then(|| if state.here.get() == hour { "0" } else { "-1" })
            }
            data-testid="schedule-cell"
            data-hour=hour.to_string()
            data-level=move || level().as_str()
            aria-label=name
            on:keydown=keys
            on:focus=move |_| state.here.set(hour)
            on:click=move |_| paint(state.brush.get_untracked())
            on:pointerdown=move |event: ev::PointerEvent| {
                // A finger may only want to move the grid.
                if event.button() == 0 && event.pointer_type() == "mouse" {
                    state.drawn.set_value(hour);
                    paint(state.brush.get_untracked());
                }
            }
            on:pointerenter=move |event: ev::PointerEvent| {
                if editable && event.buttons() == 1 && event.pointer_type() == "mouse" {
                    let brush = state.brush.get_untracked();
                    let way = between(state.drawn.get_value(), hour);
                    state.week.update(|week| way.iter().for_each(|at| week.set(*at, brush)));
                    state.drawn.set_value(hour);
                }
            }
        >
            {move || mark(level())}
        </td>
    }
    .into_any()
}

/// Hours that are set by day and time.
#[component]
fn Hours(state: State) -> impl IntoView {
    let side = state.side;
    let days = RwSignal::new([false; 7]);
    let from = RwSignal::new(0_usize);
    let until = RwSignal::new(DAY);
    let boxes = (0..DAYS.len())
        .map(|day| {
            view! {
                <label class="check-line">
                    <input
                        type="checkbox"
                        name="day"
                        value=day.to_string()
                        prop:checked=move || days.with(|days| days[day])
                        on:change=move |event| {
                            days.update(|days| days[day] = event_target_checked(&event));
                        }
                    />
                    <span>{DAY_WORDS[day]()}</span>
                </label>
            }
        })
        .collect_view();
    let hours = |name: &'static str, label: &'static str, first: usize, value: RwSignal<usize>| {
        let id = format!("{name}-{side}");
        let options = (first..first + DAY)
            .map(|hour| {
                view! {
                    <option
                        value=hour.to_string()
                        selected=value.get_untracked() == hour
                        prop:selected=move || value.get() == hour
                    >
                        {format!("{hour:02}:00")}
                    </option>
                }
            })
            .collect_view();
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <select
                    id=id
                    name=name
                    class="input input-select"
                    on:change=move |event| {
                        if let Ok(hour) = event_target_value(&event).parse() {
                            value.set(hour);
                        }
                    }
                >
                    {options}
                </select>
            </div>
        }
    };
    let set = move |event: ev::MouseEvent| {
        event.prevent_default();
        let (from, until) = (from.get_untracked(), until.get_untracked());
        let level = state.brush.get_untracked();
        let chosen = days.get_untracked();
        state.week.update(|week| {
            for day in (0..DAYS.len()).filter(|day| chosen[*day]) {
                week.paint(day, from, until, level);
            }
        });
        // What was set is in the grid; the button that saves sets nothing more.
        days.set([false; 7]);
    };
    view! {
        <fieldset class="week-hours">
            <legend>{replication::set_hours()}</legend>
            <div class="week-days">{boxes}</div>
            <div class="week-span">
                {hours("from", replication::from_hour(), 0, from)}
                {hours("until", replication::until_hour(), 1, until)}
                <Button
                    kind="submit"
                    reason=Signal::derive(move || {
                        (!days.with(|days| days.contains(&true))).then(replication::tick_a_day)
                    })
                    press=set
                    attr:data-testid=format!("set-hours-{side}")
                >
                    {replication::set_hours()}
                </Button>
            </div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_mouse_leapt_over_is_drawn_too() {
        assert_eq!(between(3, 3), [3]);
        assert_eq!(between(6, 3), [3, 4, 5, 6]);
        assert_eq!(between(23, 46), [22, 23, 46, 47]);
    }

    #[test]
    fn arrow_keys_stay_in_the_week() {
        assert_eq!(step(0, "ArrowLeft"), Some(0));
        assert_eq!(step(23, "ArrowRight"), Some(23));
        assert_eq!(step(24, "ArrowUp"), Some(0));
        assert_eq!(step(5, "ArrowUp"), Some(5));
        assert_eq!(step(150, "ArrowDown"), Some(150));
        assert_eq!(step(30, "ArrowDown"), Some(54));
        assert_eq!((step(30, "Home"), step(30, "End")), (Some(24), Some(47)));
        assert_eq!(step(30, "x"), None);
    }
}
