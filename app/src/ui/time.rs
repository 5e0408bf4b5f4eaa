//! Points in time on a page.

use std::time::Duration;

use leptos::prelude::*;
use model::{Timestamp, session::TimeZone};

use super::Icon;
use crate::{browser, drawn, text, words::files};

/// The clock by which times are written: the browser's, or UTC where somebody prefers that.
fn read() -> Option<(Timestamp, Option<i64>)> {
    let (now, offset) = browser::clock()?;
    let is_utc = drawn::preferences().time_zone == TimeZone::Utc;
    Some((now, (!is_utc).then_some(offset)))
}

/// The browser's clock, once the page is hydrated: `None` while rendering and hydrating, so that
/// both sides write the same text first.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<(Timestamp, Option<i64>)>>);

impl Clock {
    /// Puts the clock into the context and lets it run. Called once, at the root.
    pub fn provide() {
        let now = RwSignal::new(None);
        provide_context(Self(now));
        Effect::new(move |_| {
            now.set(read());
            let tick = set_interval_with_handle(move || now.set(read()), Duration::from_secs(30));
            if let Ok(tick) = tick {
                on_cleanup(move || tick.clear());
            }
        });
    }
}

impl Clock {
    /// The browser's clock, once it is known.
    pub fn now(self) -> Option<Timestamp> {
        self.0.get().map(|(now, _)| now)
    }
}

/// A point in time: absolute in UTC as the server renders it, relative once the browser knows better.
#[component]
pub fn Moment(
    /// When.
    time: Timestamp,
) -> impl IntoView {
    let clock = use_context::<Clock>();
    let now = move || clock.and_then(|clock| clock.0.get());
    let shown = move || match now() {
        Some((now, offset)) => text::relative(time, now, offset),
        None => text::utc(time),
    };
    let title = move || match now() {
        Some((_, Some(offset))) => text::local(time, offset),
        Some((_, None)) | None => text::utc(time),
    };
    view! {
        <time datetime=time.to_string() title=title>
            {shown}
        </time>
    }
}

/// When something is removed: absolute as the server renders it, as the time that is left once the browser knows
/// better.
#[component]
pub fn Left(
    /// When.
    time: Timestamp,
) -> impl IntoView {
    let clock = use_context::<Clock>();
    let now = move || clock.and_then(|clock| clock.0.get());
    let shown = move || match now() {
        Some((now, _)) => text::left(time, now),
        None => files::ends_at(&text::utc(time)),
    };
    let title = move || {
        let at = match now() {
            Some((_, Some(offset))) => text::local(time, offset),
            Some((_, None)) | None => text::utc(time),
        };
        files::ends_title(&at)
    };
    view! {
        <span class="chip chip-ends" title=title data-testid="expiry-badge">
            <Icon name="clock" />
            <time datetime=time.to_string()>{shown}</time>
        </span>
    }
}
