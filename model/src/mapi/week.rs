//! The week of a link: how much of the system it may take in each hour. HCP writes down where the level changes;
//! people set hours.

use serde_json::{Map, Value as Json, json};

use super::{
    ScheduleOverride,
    system::PerformanceLevel,
    value::{Choice, Word as _},
};

/// The days as HCP calls them, in its order.
pub const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/// The hours of a day.
pub const DAY: usize = 24;
/// The hours of a week.
pub const HOURS: usize = DAYS.len() * DAY;

/// How much each hour of a week is worth, from Sunday's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week([PerformanceLevel; HOURS]);

/// The letter of a level, by which a week travels in a form.
pub const fn letter(level: PerformanceLevel) -> char {
    match level {
        PerformanceLevel::Off => 'o',
        PerformanceLevel::Low => 'l',
        PerformanceLevel::Medium => 'm',
        PerformanceLevel::High => 'h',
        PerformanceLevel::Custom => 'c',
    }
}

/// The level of a letter.
pub fn level_of(letter: char) -> Option<PerformanceLevel> {
    let mut all = PerformanceLevel::ALL.iter();
    all.find(|level| self::letter(**level) == letter).copied()
}

/// The hour of the week of `Mon:08`.
fn hour_of(time: &str) -> Option<usize> {
    let (day, hour) = time.split_once(':')?;
    let day = DAYS.iter().position(|known| *known == day)?;
    let hour: usize = hour.parse().ok().filter(|hour| *hour < DAY)?;
    Some(day * DAY + hour)
}

impl Week {
    /// The same all week.
    pub const fn all(level: PerformanceLevel) -> Self {
        Self([level; HOURS])
    }

    /// Reads the transitions of one end of a link; none where there are none, or where one cannot be read.
    pub fn of_transitions(transitions: &Json) -> Option<Self> {
        let mut steps = Vec::new();
        for one in transitions.as_array()? {
            let hour = hour_of(one.get("time")?.as_str()?)?;
            let level = Choice::<PerformanceLevel>::of(one.get("performanceLevel")?.as_str()?);
            steps.push((hour, level.known()?));
        }
        steps.sort_by_key(|(hour, _)| *hour);
        // Before the first change of a week holds what the last one of the week before said.
        let mut level = steps.last()?.1;
        let mut week = Self::all(level);
        let mut steps = steps.into_iter().peekable();
        for (hour, slot) in week.0.iter_mut().enumerate() {
            while let Some((_, next)) = steps.next_if(|(at, _)| *at == hour) {
                level = next;
            }
            *slot = level;
        }
        Some(week)
    }

    /// The transitions, as few as say it.
    pub fn transitions(&self) -> Json {
        let before = |hour: usize| self.0[(hour + HOURS - 1) % HOURS];
        let mut hours: Vec<usize> = (0..HOURS)
            .filter(|hour| self.0[*hour] != before(*hour))
            .collect();
        if hours.is_empty() {
            hours.push(0);
        }
        let each = hours.into_iter().map(|hour| {
            let time = format!("{}:{:02}", DAYS[hour / DAY], hour % DAY);
            json!({"time": time, "performanceLevel": self.0[hour].as_str()})
        });
        Json::Array(each.collect())
    }

    /// Reads the letters of a week.
    pub fn of_letters(letters: &str) -> Option<Self> {
        let levels: Option<Vec<PerformanceLevel>> = letters.chars().map(level_of).collect();
        levels?.try_into().ok().map(Self)
    }

    /// The letters of the week, one for each hour.
    pub fn letters(&self) -> String {
        self.0.iter().map(|level| letter(*level)).collect()
    }

    /// The level of an hour of the week.
    pub fn at(&self, hour: usize) -> PerformanceLevel {
        self.0[hour % HOURS]
    }

    /// Sets an hour of the week.
    pub fn set(&mut self, hour: usize, level: PerformanceLevel) {
        self.0[hour % HOURS] = level;
    }

    /// Sets the hours of a day from `from` until `until`, which may be 24; where it is not later, they go on into
    /// the day after.
    pub fn paint(&mut self, day: usize, from: usize, until: usize, level: PerformanceLevel) {
        let until = if until > from { until } else { until + DAY };
        for hour in from..until {
            self.set(day * DAY + hour, level);
        }
    }

    /// Whether nothing is ever sent, which a store refuses.
    pub fn is_off(&self) -> bool {
        self.0.iter().all(|level| *level == PerformanceLevel::Off)
    }

    /// The level of the whole week, where it is the same.
    pub fn only(&self) -> Option<PerformanceLevel> {
        let first = self.0[0];
        self.0.iter().all(|level| *level == first).then_some(first)
    }
}

/// What of a link's schedule is sent: of one end, what differs. Empty where nothing does.
pub fn change(
    side: &str,
    week: Option<(&Week, Option<&Week>)>,
    holds: Option<(ScheduleOverride, Option<ScheduleOverride>)>,
) -> Map<String, Json> {
    let mut inner = Map::new();
    if let Some((now, before)) = week
        && before != Some(now)
    {
        inner.insert("transition".to_owned(), now.transitions());
    }
    if let Some((now, before)) = holds
        && before != Some(now)
    {
        inner.insert("scheduleOverride".to_owned(), now.as_str().into());
    }
    if inner.is_empty() {
        return Map::new();
    }
    Map::from_iter([(side.to_owned(), Json::Object(inner))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(steps: &[(&str, &str)]) -> Option<Week> {
        let steps: Vec<Json> = steps
            .iter()
            .map(|(time, level)| json!({"time": time, "performanceLevel": level}))
            .collect();
        Week::of_transitions(&Json::Array(steps))
    }

    #[test]
    fn a_change_holds_until_the_next_one_also_over_the_end_of_the_week() {
        let week = week(&[("Mon:08", "LOW"), ("Mon:18", "OFF"), ("Fri:20", "HIGH")]).unwrap();
        assert_eq!(week.at(0), PerformanceLevel::High);
        assert_eq!(week.at(DAY + 7), PerformanceLevel::High);
        assert_eq!(week.at(DAY + 8), PerformanceLevel::Low);
        assert_eq!(week.at(DAY + 18), PerformanceLevel::Off);
        assert_eq!(week.at(HOURS - 1), PerformanceLevel::High);
        assert_eq!(
            week.transitions(),
            json!([
                {"time": "Mon:08", "performanceLevel": "LOW"},
                {"time": "Mon:18", "performanceLevel": "OFF"},
                {"time": "Fri:20", "performanceLevel": "HIGH"},
            ])
        );
    }

    #[test]
    fn a_week_without_changes_is_one_transition_and_what_cannot_be_read_is_no_week() {
        let all = week(&[("Wed:05", "MEDIUM")]).unwrap();
        assert_eq!(all.only(), Some(PerformanceLevel::Medium));
        let expected = json!([{"time": "Sun:00", "performanceLevel": "MEDIUM"}]);
        assert_eq!(all.transitions(), expected);
        for wrong in [
            &[][..],
            &[("Sunday:00:00", "LOW")],
            &[("Sun:24", "LOW")],
            &[("Sun:00", "LOW"), ("Mon:00", "TURBO")],
        ] {
            assert_eq!(week(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn every_week_survives_its_letters_and_its_transitions() {
        // Numbers that look like chance, and are the same each time.
        let mut seed = 7_usize;
        for round in 0..200 {
            let mut week = Week::all(PerformanceLevel::Off);
            for hour in 0..HOURS {
                seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
                let level = PerformanceLevel::ALL[(seed >> 8) % (1 + round % 5)];
                week.set(hour, level);
            }
            assert_eq!(Week::of_letters(&week.letters()), Some(week));
            assert_eq!(Week::of_transitions(&week.transitions()), Some(week));
        }
        assert_eq!(Week::of_letters("olm"), None);
        assert_eq!(Week::of_letters(&"x".repeat(HOURS)), None);
    }

    #[test]
    fn hours_are_painted_over_midnight_and_over_the_end_of_the_week() {
        let mut week = Week::all(PerformanceLevel::High);
        week.paint(6, 22, 6, PerformanceLevel::Off);
        let off: Vec<usize> = (0..HOURS)
            .filter(|hour| week.at(*hour) == PerformanceLevel::Off)
            .collect();
        assert_eq!(off, [0, 1, 2, 3, 4, 5, 166, 167]);
        week.paint(6, 0, 24, PerformanceLevel::Off);
        assert!(!week.is_off());
        for day in 0..7 {
            week.paint(day, 0, 24, PerformanceLevel::Off);
        }
        assert!(week.is_off());
    }

    #[test]
    fn of_a_schedule_only_what_differs_is_sent() {
        let (high, low) = (
            Week::all(PerformanceLevel::High),
            Week::all(PerformanceLevel::Low),
        );
        let none = ScheduleOverride::None;
        assert!(
            change(
                "local",
                Some((&high, Some(&high))),
                Some((none, Some(none)))
            )
            .is_empty()
        );
        let sent = change(
            "remote",
            Some((&low, Some(&high))),
            Some((ScheduleOverride::Low, Some(none))),
        );
        assert_eq!(
            Json::Object(sent),
            json!({"remote": {
                "scheduleOverride": "LOW",
                "transition": [{"time": "Sun:00", "performanceLevel": "LOW"}],
            }})
        );
    }
}
