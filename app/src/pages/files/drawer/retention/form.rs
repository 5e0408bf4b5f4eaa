//! The form for another retention: what is chosen and what is typed follow each other.

use leptos::{ev, prelude::*};
use model::{
    Timestamp,
    protection::{Bar, ClassChoice, ObjectProtection, ProtectionChange},
    retention::{
        Base, DELETION_ALLOWED, DELETION_PROHIBITED, INITIAL_UNSPECIFIED, Offset, Retention,
    },
};

use super::{super::live::Desk, Going, change};
use crate::{
    text::{utc, visible_name},
    ui::{Button, Clock, Icon, TextField, Tone},
    words::{general, kept},
};

/// How an object is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Period,
    Date,
    Class,
    Never,
    Free,
    Later,
}

impl How {
    const ALL: [Self; 6] = [
        Self::Period,
        Self::Date,
        Self::Class,
        Self::Never,
        Self::Free,
        Self::Later,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Date => "date",
            Self::Class => "class",
            Self::Never => "never",
            Self::Free => "free",
            Self::Later => "later",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Period => kept::how_period(),
            Self::Date => kept::how_date(),
            Self::Class => kept::how_class(),
            Self::Never => kept::how_never(),
            Self::Free => kept::how_free(),
            Self::Later => kept::how_later(),
        }
    }

    fn of(value: &Retention) -> Self {
        match value {
            Retention::Offset(_) => Self::Period,
            Retention::Class(_) => Self::Class,
            Retention::Fixed(DELETION_PROHIBITED) => Self::Never,
            Retention::Fixed(DELETION_ALLOWED) => Self::Free,
            Retention::Fixed(INITIAL_UNSPECIFIED) => Self::Later,
            Retention::Fixed(_) => Self::Date,
        }
    }

    /// What it begins with.
    fn first(self, object: &ObjectProtection) -> String {
        match self {
            Self::Period => {
                let base = if object.retained {
                    Base::Retention
                } else {
                    Base::Stored
                };
                let year = Offset {
                    years: 1,
                    ..no_time(base)
                };
                year.to_string()
            }
            Self::Date => {
                let end = object.until.or(object.stored);
                end.map(Timestamp::hcp).unwrap_or_default()
            }
            Self::Class => {
                let first = object.classes.iter().flatten().next();
                first.map(named).unwrap_or_default()
            }
            Self::Never => DELETION_PROHIBITED.to_string(),
            Self::Free => DELETION_ALLOWED.to_string(),
            Self::Later => INITIAL_UNSPECIFIED.to_string(),
        }
    }

    /// Whether it can be chosen for an object at all: what could only shorten is not.
    fn is_open(self, object: &ObjectProtection, now: i64) -> bool {
        let value = match self {
            Self::Class => return object.classes.as_ref().is_none_or(|all| !all.is_empty()),
            Self::Period | Self::Date => Retention::Fixed(i64::from(u32::MAX)),
            Self::Never => Retention::Fixed(DELETION_PROHIBITED),
            Self::Free => Retention::Fixed(DELETION_ALLOWED),
            Self::Later => Retention::Fixed(INITIAL_UNSPECIFIED),
        };
        match object.changed_to(&value, now) {
            // What is longest here is not longest there.
            Err(Bar::Shorter(_)) => matches!(self, Self::Period | Self::Date),
            other => other.is_ok(),
        }
    }
}

/// A period in which nothing is said yet.
fn no_time(base: Base) -> Offset {
    Offset {
        base,
        years: 0,
        months: 0,
        weeks: 0,
        days: 0,
        hours: 0,
        minutes: 0,
        seconds: 0,
    }
}

fn named(class: &ClassChoice) -> String {
    format!("C+{}", class.name)
}

/// What a typed value would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Judged {
    /// In a sentence.
    words: String,
    /// Why it cannot be saved.
    bar: Option<&'static str>,
}

impl Judged {
    fn shown(self) -> AnyView {
        let wrong = self.bar.is_some() && !self.words.is_empty();
        view! {
            <p class=if wrong { "error" } else { "outcome" } data-testid="retention-outcome">
                {wrong.then(|| view! { <Icon name="alert" /> })}
                <span>{self.words}</span>
            </p>
        }
        .into_any()
    }
}

fn judged(object: &ObjectProtection, typed: &str, now: i64) -> Judged {
    let barred = |words: String, bar| Judged {
        words,
        bar: Some(bar),
    };
    if typed.trim().is_empty() {
        return barred(String::new(), kept::bar_nothing());
    }
    let Ok(value) = typed.parse::<Retention>() else {
        return barred(kept::no_value().to_owned(), kept::no_value());
    };
    match object.changed_to(&value, now) {
        Ok(end) => Judged {
            words: meant(&value, end, now),
            bar: None,
        },
        Err(Bar::OnHold) => barred(kept::bar_held().to_owned(), kept::bar_held()),
        Err(Bar::NeverEnds) => barred(kept::bar_never().to_owned(), kept::bar_never()),
        Err(Bar::InClass(_)) => barred(kept::bar_class().to_owned(), kept::bar_class()),
        Err(Bar::Shorter(until)) => {
            barred(kept::bar_shorter_than(&utc(until)), kept::bar_shorter())
        }
        Err(Bar::NoSuchClass(name)) => {
            barred(kept::bar_no_class(&visible_name(&name)), kept::no_value())
        }
        Err(Bar::BeyondCalendar) => barred(kept::bar_calendar().to_owned(), kept::bar_calendar()),
    }
}

/// What a value that can be saved means.
fn meant(value: &Retention, end: Option<i64>, now: i64) -> String {
    match (end, value) {
        (Some(DELETION_ALLOWED), _) => kept::means_free().to_owned(),
        (Some(DELETION_PROHIBITED), _) => kept::means_never().to_owned(),
        (Some(INITIAL_UNSPECIFIED), _) => kept::means_later().to_owned(),
        (Some(end), _) => match Timestamp::from_unix_seconds(end) {
            Some(time) if end > now => kept::means_after(&utc(time)),
            Some(time) => kept::means_past(&utc(time)),
            None => String::new(),
        },
        (None, Retention::Class(name)) => kept::means_class(&visible_name(name)),
        (None, _) => String::new(),
    }
}

/// What the parts of the form share.
#[derive(Clone, Copy)]
struct Form {
    object: StoredValue<ObjectProtection>,
    /// The value as HCP writes it: what is saved.
    typed: RwSignal<String>,
    how: RwSignal<How>,
    now: Memo<i64>,
}

impl Form {
    fn new(object: ObjectProtection) -> Self {
        let stored = object.stored.map_or(0, Timestamp::unix_seconds);
        let clock = use_context::<Clock>();
        let now = Memo::new(move |_| {
            let now = clock.and_then(Clock::now);
            now.map_or(stored, Timestamp::unix_seconds)
        });
        let in_class = object.retained && object.retention_class.is_some();
        let how = if in_class { How::Class } else { How::Period };
        Self {
            typed: RwSignal::new(how.first(&object)),
            how: RwSignal::new(how),
            object: StoredValue::new(object),
            now,
        }
    }

    fn value(self) -> Option<Retention> {
        self.typed.with(|typed| typed.parse().ok())
    }

    /// What is typed says how.
    fn follow(self) {
        if let Some(value) = self.value() {
            let how = How::of(&value);
            if self.how.get_untracked() != how {
                self.how.set(how);
            }
        }
    }

    fn offset(self) -> Option<Offset> {
        match self.value() {
            Some(Retention::Offset(offset)) => Some(offset),
            _ => None,
        }
    }

    /// Puts a part of the period in.
    fn set_part(self, change: impl FnOnce(&mut Offset)) {
        let present = untrack(|| self.offset());
        let mut offset = present.unwrap_or_else(|| no_time(Base::Stored));
        change(&mut offset);
        self.typed.set(offset.to_string());
    }
}

/// A retention that many objects are given: the same choice, without one object to judge it by.
#[component]
pub(crate) fn RetentionValue(
    /// The value as HCP writes it.
    typed: RwSignal<String>,
) -> impl IntoView {
    let form = Form {
        typed,
        ..Form::new(ObjectProtection::default())
    };
    let how = form.how.get_untracked();
    form.object
        .with_value(|object| typed.set(how.first(object)));
    Effect::new(move |_| form.follow());
    view! {
        <Choice form />
        {move || fields(form, form.how.get())}
        <TextField
            name="retention"
            label=kept::raw().to_owned()
            value=typed
            help=Some(kept::raw_help().to_owned())
            testid="retention-input"
        />
        {one_way(kept::one_way_help())}
    }
}

#[component]
pub(super) fn RetentionForm(desk: Desk, object: ObjectProtection) -> impl IntoView {
    let form = Form::new(object);
    let going = Going::new();
    Effect::new(move |_| form.follow());
    let judged = Memo::new(move |_| {
        let now = form.now.get();
        form.object
            .with_value(|object| form.typed.with(|typed| judged(object, typed, now)))
    });
    let reason = Signal::derive(move || {
        let running = going.busy.get().then(general::working);
        running.or(judged.with(|judged| judged.bar))
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if reason.get_untracked().is_some() {
            return;
        }
        let wanted = ProtectionChange {
            retention: Some(form.typed.get_untracked().trim().to_owned()),
            ..ProtectionChange::default()
        };
        let done = kept::saved().to_owned();
        change(
            desk,
            going,
            wanted,
            done,
            "[data-testid=\"drawer-retention\"]",
        );
    };
    view! {
        <form
            class="kept-form needs-script"
            aria-label=kept::new_value()
            data-testid="retention-form"
            on:submit=save
        >
            <h4>{kept::new_value()}</h4>
            <Choice form />
            {move || fields(form, form.how.get())}
            <TextField
                name="retention"
                label=kept::raw().to_owned()
                value=form.typed
                help=Some(kept::raw_help().to_owned())
                testid="retention-input"
            />
            <div role="status">{move || judged.get().shown()}</div>
            {going.failure()}
            {one_way(kept::one_way_help())}
            <div class="actions">
                <Button
                    tone=Tone::Primary
                    kind="submit"
                    reason
                    attr:data-testid="retention-save"
                >
                    {kept::save()}
                </Button>
            </div>
        </form>
    }
}

/// What belongs to a choice.
fn fields(form: Form, how: How) -> AnyView {
    match how {
        How::Period => view! { <Period form /> }.into_any(),
        How::Date => date(form),
        How::Class => class(form),
        How::Never => view! { <p class="help">{kept::never_help()}</p> }.into_any(),
        How::Free | How::Later => ().into_any(),
    }
}

fn one_way(help: &'static str) -> AnyView {
    view! {
        <p class="help" data-testid="one-way">
            <span class="mark-one-way">{kept::one_way()}</span>
            " "
            {help}
        </p>
    }
    .into_any()
}

#[component]
fn Choice(form: Form) -> impl IntoView {
    let choose = move |event: ev::Event| {
        let word = event_target_value(&event);
        let how = How::ALL.into_iter().find(|how| how.word() == word);
        if let Some(how) = how {
            let first = form.object.with_value(|object| how.first(object));
            form.how.set(how);
            form.typed.set(first);
        }
    };
    let option = move |how: How| {
        let shut = move || {
            let now = form.now.get();
            !form.object.with_value(|object| how.is_open(object, now))
        };
        view! {
            <option value=how.word() disabled=shut prop:selected=move || form.how.get() == how>
                {how.label()}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="field-retention-how">{kept::how()}</label>
            <select
                id="field-retention-how"
                class="input"
                data-testid="retention-how"
                on:change=choose
            >
                {How::ALL.map(option).collect_view()}
            </select>
        </div>
    }
}

/// The number of one unit.
type Part = (
    &'static str,
    fn() -> &'static str,
    fn(&Offset) -> i32,
    fn(&mut Offset, i32),
);

const PARTS: [Part; 7] = [
    ("years", kept::years, |o| o.years, |o, n| o.years = n),
    ("months", kept::months, |o| o.months, |o, n| o.months = n),
    ("weeks", kept::weeks, |o| o.weeks, |o, n| o.weeks = n),
    ("days", kept::days, |o| o.days, |o, n| o.days = n),
    ("hours", kept::hours, |o| o.hours, |o, n| o.hours = n),
    (
        "minutes",
        kept::minutes,
        |o| o.minutes,
        |o, n| o.minutes = n,
    ),
    (
        "seconds",
        kept::seconds,
        |o| o.seconds,
        |o, n| o.seconds = n,
    ),
];

#[component]
fn Period(form: Form) -> impl IntoView {
    let bases = [
        (Base::Stored, "A", kept::from_stored()),
        (Base::Retention, "R", kept::from_end()),
        (Base::Now, "N", kept::from_now()),
    ];
    let base = move || form.offset().map(|offset| offset.base);
    let choose = move |event: ev::Event| {
        let word = event_target_value(&event);
        if let Some((base, ..)) = bases.into_iter().find(|(_, letter, _)| *letter == word) {
            form.set_part(|offset| offset.base = base);
        }
    };
    let part = move |(name, label, get, set): Part| {
        let id = format!("field-retention-{name}");
        let shown = move || {
            let number = form.offset().map_or(0, |offset| get(&offset));
            if number == 0 {
                String::new()
            } else {
                number.to_string()
            }
        };
        let typed = move |event: ev::Event| {
            let number = event_target_value(&event).trim().parse().unwrap_or(0);
            form.set_part(|offset| set(offset, i32::clamp(number, 0, 9_999)));
        };
        view! {
            <div class="field">
                <label for=id.clone()>{label()}</label>
                <input
                    id=id
                    class="input"
                    type="number"
                    min="0"
                    max="9999"
                    placeholder="0"
                    inputmode="numeric"
                    prop:value=shown
                    data-testid=format!("retention-{name}")
                    on:change=typed
                />
            </div>
        }
    };
    view! {
        <div class="kept-period">{PARTS.map(part).collect_view()}</div>
        <div class="field">
            <label for="field-retention-from">{kept::from()}</label>
            <select id="field-retention-from" class="input" on:change=choose>
                {bases
                    .map(|(own, letter, label)| {
                        view! {
                            <option value=letter prop:selected=move || base() == Some(own)>
                                {label}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

fn date(form: Form) -> AnyView {
    let shown = move || match form.value() {
        Some(Retention::Fixed(end)) if end > 0 => Timestamp::from_unix_seconds(end)
            .map(|time| time.to_string().trim_end_matches('Z').to_owned())
            .unwrap_or_default(),
        _ => String::new(),
    };
    let typed = move |event: ev::Event| {
        let time = Timestamp::parse_typed(&event_target_value(&event));
        form.typed.set(time.map(Timestamp::hcp).unwrap_or_default());
    };
    view! {
        <div class="field">
            <label for="field-retention-until">{kept::until()}</label>
            <input
                id="field-retention-until"
                class="input"
                type="datetime-local"
                step="1"
                prop:value=shown
                data-testid="retention-until"
                on:change=typed
            />
        </div>
    }
    .into_any()
}

/// The classes, where they are told. Else their names are typed below.
fn class(form: Form) -> AnyView {
    let Some(classes) = form.object.with_value(|object| object.classes.clone()) else {
        return ().into_any();
    };
    let chosen = move || match form.value() {
        Some(Retention::Class(name)) => name,
        _ => String::new(),
    };
    let options = classes.into_iter().map(|class| {
        let value = named(&class);
        let (name, of) = (visible_name(&class.name), class.value.clone());
        let own = class.name;
        let is_chosen = move || chosen().eq_ignore_ascii_case(&own);
        view! {
            <option value=value prop:selected=is_chosen>
                {kept::class_item(&name, &of)}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for="field-retention-class">{kept::class_choice()}</label>
            <select
                id="field-retention-class"
                class="input"
                data-testid="retention-class"
                on:change=move |event| form.typed.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-21 09:12:00 UTC.
    const NOW: i64 = 1_763_716_320;

    fn kept_until(value: i64) -> ObjectProtection {
        ObjectProtection {
            value,
            retained: !(0..=NOW).contains(&value),
            until: Timestamp::from_unix_seconds(value),
            stored: Timestamp::from_unix_seconds(NOW),
            classes: Some(vec![ClassChoice {
                name: "Legal".to_owned(),
                value: "A+10y".to_owned(),
            }]),
            ..ObjectProtection::default()
        }
    }

    #[test]
    fn a_typed_value_says_what_it_means() {
        let object = kept_until(0);
        for (typed, said) in [
            (
                "A+7y",
                "With this it can be deleted after 21 Nov 2032, 09:12 UTC.",
            ),
            ("-1", "With this it can never be deleted."),
            (
                "-2",
                "With this it cannot be deleted until its retention is set.",
            ),
            ("0", "With this it can be deleted at once."),
            (
                "C+legal",
                "With this it can be deleted after 21 Nov 2035, 09:12 UTC.",
            ),
            (
                "2032-11-21T09:12:00+0000",
                "With this it can be deleted after 21 Nov 2032, 09:12 UTC.",
            ),
            (
                "N-1d",
                "With this it can be deleted at once: 20 Nov 2025, 09:12 UTC is over.",
            ),
        ] {
            let expected = Judged {
                words: said.to_owned(),
                bar: None,
            };
            assert_eq!(judged(&object, typed, NOW), expected, "{typed}");
        }
        for bad in ["", "soon", "C+None", "A+9999y"] {
            assert!(judged(&object, bad, NOW).bar.is_some(), "{bad}");
        }
    }

    #[test]
    fn what_would_shorten_cannot_be_chosen_and_says_until_when() {
        let object = kept_until(NOW + 86_400);
        let shorter = judged(&object, "N+1h", NOW);
        assert_eq!(
            shorter.words,
            "Retention is never shortened: the present one ends 22 Nov 2025, 09:12 UTC."
        );
        assert_eq!(shorter.bar, Some("Retention is never shortened."));
        assert_eq!(judged(&object, "R+1d", NOW).bar, None);
        let open = |object: &ObjectProtection| {
            How::ALL
                .into_iter()
                .filter(|how| how.is_open(object, NOW))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            open(&object),
            [How::Period, How::Date, How::Class, How::Never]
        );
        assert_eq!(open(&kept_until(0)), How::ALL);
        // Beyond what fits the widest number in between.
        assert!(How::Period.is_open(&kept_until(i64::from(u32::MAX) + 1), NOW));
        let in_class = ObjectProtection {
            retention_class: Some("Legal".to_owned()),
            ..object
        };
        assert_eq!(open(&in_class), [How::Class]);
    }
}
