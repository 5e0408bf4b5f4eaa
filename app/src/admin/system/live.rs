//! What Hako itself logs, read as it is written.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{
    Problem,
    log::{LogLevel, LogLine, LogPage, LogQuery, MOST_LINES, ReadLog},
};

use crate::{
    api, browser,
    ui::{
        Button, ErrorSummary, Icon, LinkButton, Messages,
        filter::{choice, text},
    },
    urls::{self, Query},
    words::{audit, system},
};

/// How often it is asked for more.
const EVERY: Duration = Duration::from_secs(2);
/// How many lines there are at first.
const FIRST: u32 = 200;
/// The file that the lines are saved as.
const FILE: &str = "hako.log";

/// Which lines the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    level: Option<LogLevel>,
    request_id: String,
    text: String,
}

impl Wanted {
    fn of(query: &Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        Self {
            level: LogLevel::parse(&text("level")),
            request_id: text("request_id"),
            text: text("text"),
        }
    }

    /// The lines of one request.
    fn of_request(id: &str) -> Self {
        Self {
            request_id: id.to_owned(),
            ..Self::default()
        }
    }

    fn address(&self, page: &str) -> String {
        let parameters = [
            ("level", self.level.map_or("", LogLevel::as_str)),
            ("request_id", &self.request_id),
            ("text", &self.text),
        ];
        urls::with_query(page, &parameters)
    }

    fn query(&self) -> LogQuery {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        LogQuery {
            level: self.level,
            request_id: text(&self.request_id),
            text: text(&self.text),
            after: None,
            limit: Some(FIRST),
        }
    }
}

/// The lines that are kept, and up to where they go.
#[derive(Clone, Copy)]
struct Kept {
    wanted: Memo<Wanted>,
    lines: RwSignal<Vec<LogLine>>,
    last: RwSignal<Option<u64>>,
    problem: RwSignal<Option<Problem>>,
    asking: StoredValue<bool>,
}

impl Kept {
    fn new(wanted: Memo<Wanted>) -> Self {
        Self {
            wanted,
            lines: RwSignal::default(),
            last: RwSignal::default(),
            problem: RwSignal::default(),
            asking: StoredValue::new(false),
        }
    }

    /// Begins anew.
    fn begin(self) {
        self.last.set(None);
        self.lines.update(Vec::clear);
        self.ask();
    }

    /// Asks for what has come, the first time for the newest.
    fn ask(self) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            while let Some(wanted) = self.wanted.try_get_untracked() {
                let after = self.last.try_get_untracked().flatten();
                let query = LogQuery {
                    after,
                    limit: after.map_or(Some(FIRST), |_| Some(MOST_LINES)),
                    ..wanted.query()
                };
                let answer = api::call(ReadLog(query)).await;
                let same = self.wanted.try_get_untracked() == Some(wanted)
                    && self.last.try_get_untracked().flatten() == after;
                // What was asked for before the filters changed is not what is wanted any more.
                if same {
                    self.take(answer);
                    break;
                }
            }
            let _left = self.asking.try_set_value(false);
        });
    }

    fn take(self, answer: Result<LogPage, Problem>) {
        match answer {
            Ok(page) => {
                self.problem.set(None);
                // A lower number is one of a server that was started anew.
                self.last.set(Some(page.last));
                if !page.lines.is_empty() {
                    let at_end = place::is_at_end();
                    self.lines.update(|lines| add(lines, page.lines));
                    if at_end {
                        place::to_end();
                    }
                }
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }
}

/// Adds lines behind those that are there; the oldest of too many go. Numbers that begin anew are of a server
/// that was started anew: then nothing of before stays.
fn add(lines: &mut Vec<LogLine>, new: Vec<LogLine>) {
    let newest = lines.last().map(|line| line.number);
    if newest
        .zip(new.first())
        .is_some_and(|(newest, first)| first.number <= newest)
    {
        lines.clear();
    }
    lines.extend(new);
    let most = usize::try_from(MOST_LINES).unwrap_or(usize::MAX);
    lines.drain(..lines.len().saturating_sub(most));
}

/// The section.
#[component]
pub(super) fn Live() -> impl IntoView {
    let query = urls::query();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let kept = Kept::new(wanted);
    let following = RwSignal::new(false);
    Effect::new(move |_| {
        wanted.track();
        untrack(|| kept.begin());
    });
    Effect::new(move |_| {
        if !following.get() {
            return;
        }
        kept.ask();
        let look = move || {
            if browser::is_visible() {
                kept.ask();
            }
        };
        if let Ok(timer) = set_interval_with_handle(look, EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    let messages = Messages::here();
    let save = Callback::new(move |_| {
        let lines = kept.lines.get_untracked();
        let text: String = lines.iter().map(|line| line.text() + "\n").collect();
        browser::save(FILE, "text/plain", &text);
        messages.announce(system::lines_saved(lines.len() as u64));
    });
    let pressed = move || if following.get() { "true" } else { "false" };
    let none = Memo::new(move |_| kept.lines.with(Vec::is_empty));
    let no_lines = Signal::derive(move || none.get().then(system::no_lines));
    view! {
        <section class="form-panel live-log" data-testid="live">
            <h2>{system::live()}</h2>
            <p class="help">{system::live_means()}</p>
            <noscript>
                <p class="help">{system::live_needs_scripts()}</p>
            </noscript>
            {move || filters(&wanted.get())}
            <div class="actions">
                <button
                    type="button"
                    class="button button-plain"
                    aria-pressed=pressed
                    data-testid="live-follow"
                    on:click=move |_| following.update(|on| *on = !*on)
                >
                    <Icon name="play" />
                    {audit::follow()}
                </button>
                <Button press=save reason=no_lines attr:data-testid="live-save">
                    <Icon name="download" />
                    {system::save_lines()}
                </Button>
            </div>
            <ErrorSummary problem=kept.problem />
            <Show
                when=move || !none.get()
                fallback=move || {
                    (kept.last.get().is_some())
                        .then(|| view! { <p data-testid="live-none">{system::no_lines()}</p> })
                }
            >
                <Lines lines=kept.lines />
            </Show>
        </section>
    }
}

/// By what lines are chosen.
fn filters(wanted: &Wanted) -> AnyView {
    let page = super::Sheet::Logs.address();
    let action = page.clone();
    let levels = [
        (LogLevel::Warn.as_str(), system::level_warn()),
        (LogLevel::Error.as_str(), system::level_error()),
    ];
    let level = wanted.level.map_or("", LogLevel::as_str);
    let filtered = *wanted != Wanted::default();
    view! {
        <form method="get" action=action class="audit-filters" data-testid="form-live">
            {choice("level", system::level(), system::level_info(), &levels, level)}
            {text("request_id", audit::request(), &wanted.request_id)}
            {text("text", system::mark_text(), &wanted.text)}
            <p class="audit-show">
                <Button kind="submit">{audit::show()}</Button>
                {filtered.then(|| view! { <LinkButton href=page>{audit::clear()}</LinkButton> })}
            </p>
        </form>
    }
    .into_any()
}

#[component]
fn Lines(lines: RwSignal<Vec<LogLine>>) -> impl IntoView {
    // A number is given once while a server runs; the time tells two runs apart.
    let keys = move || {
        let key = |line: &LogLine| (line.number, line.time.clone());
        lines.with(|lines| lines.iter().map(key).collect::<Vec<_>>())
    };
    view! {
        <div class="log-lines" id=LINES tabindex="0" role="region" aria-label=system::live()>
            <ol data-testid="live-lines">
            <For each=keys key=Clone::clone let:key>
                {lines
                    .with_untracked(|lines| {
                        let at = lines.binary_search_by_key(&key.0, |line| line.number);
                        at.ok().map(|at| line(&lines[at]))
                    })}
            </For>
            </ol>
        </div>
    }
}

fn line(line: &LogLine) -> AnyView {
    let is = |level| line.level == level;
    let level = match line.level {
        LogLevel::Info => system::level_info(),
        LogLevel::Warn => system::level_warn(),
        LogLevel::Error => system::level_error(),
    };
    let request = line.request_id.as_ref().map(|id| {
        let href = Wanted::of_request(id).address(&super::Sheet::Logs.address());
        view! {
            <a href=href data-noscroll="" class="log-request" title=audit::request()>
                {id.clone()}
            </a>
        }
    });
    view! {
        <li
            class="log-line"
            class:is-warn=is(LogLevel::Warn)
            class:is-error=is(LogLevel::Error)
            data-testid="live-line"
        >
            <time datetime=line.time.clone()>{short(&line.time)}</time>
            " "
            <b>{level}</b>
            " "
            <span class="muted">{line.target.clone()}</span>
            " "
            {line.message.clone()}
            " "
            <span class="muted">{line.details()}</span>
            " "
            {request}
        </li>
    }
    .into_any()
}

/// A time of UTC without what stands in every line alike: to the millisecond.
fn short(time: &str) -> String {
    match (time.get(..10), time.get(11..23)) {
        (Some(day), Some(hour)) => format!("{day} {hour}Z"),
        _ => time.to_owned(),
    }
}

/// The id of the list.
const LINES: &str = "log-lines";

/// Where one reads: whoever is at the end stays there.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod place {
    use leptos::prelude::*;

    /// Whoever is as near, in CSS pixels, is at the end.
    const NEAR: f64 = 24.0;

    pub(super) fn is_at_end() -> bool {
        let list = document().get_element_by_id(super::LINES);
        list.is_none_or(|list| {
            let most = f64::from(list.scroll_height() - list.client_height());
            most - list.scroll_top() < NEAR
        })
    }

    /// Once the lines are painted.
    pub(super) fn to_end() {
        request_animation_frame(|| {
            if let Some(list) = document().get_element_by_id(super::LINES) {
                list.set_scroll_top(f64::from(list.scroll_height()));
            }
        });
    }
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
mod place {
    pub(super) fn is_at_end() -> bool {
        true
    }

    pub(super) fn to_end() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: u64) -> LogLine {
        LogLine::read(number, r#"{"level":"INFO","message":"m"}"#).unwrap()
    }

    fn numbers(lines: &[LogLine]) -> Vec<u64> {
        lines.iter().map(|line| line.number).collect()
    }

    #[test]
    fn the_oldest_of_too_many_lines_go() {
        let mut lines = Vec::new();
        add(&mut lines, (1..=1_500).map(numbered).collect());
        add(&mut lines, (1_501..=2_100).map(numbered).collect());
        assert_eq!((lines.len(), lines[0].number), (2_000, 101));
    }

    #[test]
    fn a_server_that_was_started_anew_begins_anew() {
        let mut lines: Vec<_> = (40..=42).map(numbered).collect();
        add(&mut lines, vec![numbered(1), numbered(2)]);
        assert_eq!(numbers(&lines), [1, 2]);
        add(&mut lines, vec![numbered(4)]);
        assert_eq!(numbers(&lines), [1, 2, 4]);
    }

    #[test]
    fn the_address_says_which_lines_are_shown() {
        let wanted = Wanted::of(&Query::parse("level=warn&text=a+b&request_id=+"));
        assert_eq!(wanted.address("/x"), "/x?level=warn&text=a%20b");
        assert_eq!(wanted.query().level, Some(LogLevel::Warn));
        assert_eq!(wanted.query().request_id, None);
        assert_eq!(Wanted::of(&Query::parse("level=loud")), Wanted::default());
    }

    #[test]
    fn times_are_short() {
        assert_eq!(
            short("2026-01-02T03:04:05.123456Z"),
            "2026-01-02 03:04:05.123Z"
        );
        assert_eq!(short("then"), "then");
    }
}
