//! The table of every list: filtered, sorted and paged by the address, so it needs no scripts.

use super::{field::time_of, spec::Say};
use crate::{
    text,
    ui::{Icon, LinkButton},
    unit, urls,
    words::admin,
};
use leptos::prelude::*;

/// Sends the filter where no scripts run. Browsers that run them read what is inside as text.
fn filter_button() -> String {
    let word = admin::filter();
    format!(r#"<button type="submit" class="button button-plain">{word}</button>"#)
}

/// How many rows a page has.
const PAGE: usize = 50;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the address.
    pub key: &'static str,
    /// Its heading.
    pub label: Say,
    /// Whether it stays on a phone.
    pub narrow: bool,
}

/// A column that stays on a phone.
pub const fn column(key: &'static str, label: Say) -> Column {
    Column {
        key,
        label,
        narrow: true,
    }
}

/// A column for wider screens.
pub const fn wide(key: &'static str, label: Say) -> Column {
    Column {
        key,
        label,
        narrow: false,
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A name that leads to what it names.
    Link(String, String),
    /// A count; unknown where the store did not say.
    Count(Option<u64>),
    /// Bytes.
    Size(Option<u64>),
    /// Bytes used, of how many.
    Share(Option<u64>, Option<u64>),
    /// Several words.
    Words(Vec<String>),
    /// Yes or no.
    Flag(Option<bool>),
    /// A point in time, as HCP writes it.
    When(String),
    /// The same, always as date and time.
    At(String),
    /// What this account may not see.
    Private,
    /// Words for a number by which it is sorted, with what to think of it.
    Toned(String, u64, Tone),
}

/// What to think of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    Plain,
    /// It wants attention.
    Warn,
    /// It wants attention now.
    Bad,
}

impl Cell {
    /// As it is filtered by, and exported.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Link(text, _) => text.clone(),
            Self::Count(number) | Self::Size(number) | Self::Share(number, _) => {
                number.map(|n| n.to_string()).unwrap_or_default()
            }
            Self::Toned(_, number, _) => number.to_string(),
            Self::Words(words) => words.join(" "),
            Self::Flag(Some(true)) => "yes".to_owned(),
            Self::Flag(Some(false)) => "no".to_owned(),
            Self::Flag(None) | Self::Private => String::new(),
            Self::When(time) | Self::At(time) => {
                time_of(time).map_or_else(|| time.clone(), |time| time.to_string())
            }
        }
    }

    /// What it is sorted by: its number, then its text without regard to capitals.
    fn order(&self) -> (Option<u64>, String) {
        match self {
            Self::Count(number) | Self::Size(number) | Self::Share(number, _) => {
                (number.map(|n| n.saturating_add(1)), String::new())
            }
            Self::Toned(_, number, _) => (Some(number.saturating_add(1)), String::new()),
            other => (None, other.plain().to_lowercase()),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Size(_))
    }

    /// As it is drawn.
    pub fn view(&self) -> AnyView {
        match self {
            Self::Text(text) if text.is_empty() => unknown(),
            Self::Text(text) => view! { <bdi>{text.clone()}</bdi> }.into_any(),
            Self::Link(text, href) => view! {
                <a href=href.clone() class="name-link">
                    <bdi>{text::visible_name(text)}</bdi>
                </a>
            }
            .into_any(),
            Self::Count(Some(number)) => unit::count(*number).into_any(),
            Self::Size(Some(bytes)) => {
                view! { <span title=unit::exact_bytes(*bytes)>{unit::size(*bytes)}</span> }
                    .into_any()
            }
            Self::Share(used, of) => share(*used, *of),
            Self::Words(words) if words.is_empty() => "–".into_any(),
            Self::Words(words) => words
                .iter()
                .map(|word| view! { <span class="chip">{word.clone()}</span> })
                .collect_view()
                .into_any(),
            Self::Flag(Some(on)) => if *on { admin::yes() } else { admin::no() }.into_any(),
            Self::When(time) => match time_of(time) {
                Some(time) => view! { <crate::ui::Moment time /> }.into_any(),
                None => unknown(),
            },
            Self::At(time) => match time_of(time) {
                Some(time) => {
                    let text = text::utc(time);
                    view! { <time datetime=time.to_string()>{text}</time> }.into_any()
                }
                None => unknown(),
            },
            Self::Private => {
                view! { <span class="muted">{admin::not_visible_to_you()}</span> }.into_any()
            }
            Self::Toned(text, _, Tone::Plain) => text.clone().into_any(),
            Self::Toned(text, _, tone) => {
                let is_bad = *tone == Tone::Bad;
                view! {
                    <span class="level-word" class:is-full=is_bad class:is-high=!is_bad>
                        <Icon name="alert" />
                        {text.clone()}
                    </span>
                }
                .into_any()
            }
            Self::Count(None) | Self::Size(None) | Self::Flag(None) => unknown(),
        }
    }
}

fn unknown() -> AnyView {
    view! {
        <span aria-hidden="true">"–"</span>
        <span class="sr-only">{admin::unknown()}</span>
    }
    .into_any()
}

/// Used of how much, with a bar where both are known.
fn share(used: Option<u64>, of: Option<u64>) -> AnyView {
    let said = |bytes: Option<u64>| bytes.map_or_else(|| "–".to_owned(), unit::size);
    let words = match of {
        Some(_) => admin::used_of(&said(used), &said(of)),
        None => said(used),
    };
    let bar = used.zip(of).map(|(used, of)| {
        let most = of.max(1);
        view! {
            <meter
                min="0"
                max=most.to_string()
                high=(most / 100 * 85).to_string()
                optimum="0"
                value=used.min(most).to_string()
                aria-label=admin::share_of_the_quota_in_use()
            ></meter>
        }
    });
    view! {
        <span class="share">
            <span>{words}</span>
            {bar}
        </span>
    }
    .into_any()
}

/// A row: its key, its cells, and what can be done with it (words and address).
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is known by.
    pub key: String,
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// Where one can do something with it.
    pub actions: Vec<(&'static str, String)>,
}

/// A list.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name in test ids and file names.
    pub name: &'static str,
    /// What it is called.
    pub caption: &'static str,
    /// So many rows, in words.
    pub noun: fn(u64) -> String,
    /// The columns.
    pub columns: &'static [Column],
    /// The rows.
    pub rows: Vec<Row>,
    /// What is said when there are none at all.
    pub empty: &'static str,
    /// How many did not answer.
    pub missing: usize,
}

/// Which rows are seen, in which order.
fn chosen(list: &List, filter: &str, sort: &str, descending: bool) -> Vec<Row> {
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let hit = |row: &&Row| {
        let text = row.cells.iter().map(Cell::plain).collect::<Vec<_>>();
        let text = text.join("\n").to_lowercase();
        words.iter().all(|word| {
            let column = word.split_once(':').and_then(|(key, value)| {
                let at = list.columns.iter().position(|column| column.key == key)?;
                Some((at, value))
            });
            match column {
                Some((at, value)) => row
                    .cells
                    .get(at)
                    .is_some_and(|cell| cell.plain().to_lowercase().contains(value)),
                None => text.contains(word),
            }
        })
    };
    let mut rows: Vec<Row> = list.rows.iter().filter(hit).cloned().collect();
    let at = list.columns.iter().position(|column| column.key == sort);
    if let Some(at) = at {
        rows.sort_by_cached_key(|row| row.cells.get(at).map(Cell::order));
        if descending {
            rows.reverse();
        }
    }
    rows
}

/// The rows as a file for spreadsheets, exact and unabridged.
fn csv(list: &List, rows: &[Row]) -> String {
    let heads = list
        .columns
        .iter()
        .map(|column| (column.label)().to_owned());
    let mut out = text::csv_line(heads);
    for row in rows {
        out += &text::csv_line(row.cells.iter().map(Cell::plain));
    }
    out
}

/// The table with its filter, its pages and its export.
#[expect(
    clippy::too_many_lines,
    reason = "one view: filter, head, pages and export share the rows and the address"
)]
#[component]
pub fn DataTable(
    /// The list.
    list: List,
) -> AnyView {
    if list.rows.is_empty() && list.missing == 0 {
        return view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <p>{list.empty}</p>
            </section>
        }
        .into_any();
    }
    let query = urls::query();
    let path = urls::path().get_untracked();
    let get = move |name: &'static str| {
        query.with(|query| query.get(name).unwrap_or_default().to_owned())
    };
    // Typed text counts at once; the address keeps what was submitted.
    let filter = RwSignal::new(untrack(|| get("q")));
    let name = list.name;
    let missing = list.missing;
    let total = list.rows.len();
    let (caption, noun) = (list.caption, list.noun);
    let few = total <= 5 && untrack(|| get("q")).is_empty();
    let list = StoredValue::new(list);
    let rows = Memo::new(move |_| {
        let (sort, dir) = (get("sort"), get("dir"));
        filter.with(|filter| {
            let rows = list.with_value(|list| chosen(list, filter, &sort, dir == "desc"));
            Rows(rows)
        })
    });
    let address = {
        let path = path.clone();
        move |sort: &str, dir: &str, page: &str| {
            let q = filter.get();
            // What else the address says stays.
            let own = ["q", "sort", "dir", "page"];
            let others: Vec<(String, String)> = query.with(|query| {
                query
                    .pairs()
                    .filter(|(name, _)| !own.contains(name))
                    .map(|(n, v)| (n.to_owned(), v.to_owned()))
                    .collect()
            });
            let mut all: Vec<(&str, &str)> = others
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            all.extend([
                ("q", q.as_str()),
                ("sort", sort),
                ("dir", dir),
                ("page", page),
            ]);
            urls::with_query(&path, &all)
        }
    };
    let hidden = untrack(|| {
        query.with(|query| {
            query
                .pairs()
                .filter(|(name, _)| !["q", "page"].contains(name))
                .map(|(name, value)| {
                    view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
                })
                .collect_view()
        })
    });
    let file = move || {
        let text = rows.with(|rows| list.with_value(|list| csv(list, &rows.0)));
        format!(
            "data:text/csv;charset=utf-8,{}",
            model::endpoint::encode(&text)
        )
    };
    let head = {
        let address = address.clone();
        move || heads(list, &get("sort"), &get("dir"), &address)
    };
    let page_number = move || {
        let pages = rows.with(|rows| rows.0.len()).div_ceil(PAGE).max(1);
        get("page").parse::<usize>().unwrap_or(1).clamp(1, pages)
    };
    let body = move || {
        let from = (page_number() - 1) * PAGE;
        rows.with(|rows| {
            rows.0
                .iter()
                .skip(from)
                .take(PAGE)
                .map(|row| list.with_value(|list| row_view(list, row)))
                .collect_view()
        })
    };
    let count = move || {
        let shown = rows.with(|rows| rows.0.len());
        let from = (page_number() - 1) * PAGE;
        let to = (from + PAGE).min(shown);
        let all = noun(total as u64);
        if shown == 0 {
            admin::none_of(&all)
        } else if shown == total && total <= PAGE {
            all
        } else if shown == total {
            admin::from_to_of(&(from + 1).to_string(), &to.to_string(), &all)
        } else {
            admin::from_to_filtered(
                &(from + 1).to_string(),
                &to.to_string(),
                &unit::count(shown as u64),
                &all,
            )
        }
    };
    let pager = move || {
        pages(
            rows.with(|rows| rows.0.len()),
            page_number(),
            &get("sort"),
            &get("dir"),
            &address,
        )
    };
    view! {
        <div class="list">
            {(!few)
                .then(|| {
                    view! {
                        <form method="get" action=path.clone() class="filter" role="search">
                            {hidden}
                            <input
                                type="search"
                                name="q"
                                class="input"
                                aria-label=admin::filter_what(&caption.to_lowercase())
                                placeholder=admin::filter()
                                autocomplete="off"
                                data-testid="filter-input"
                                value=filter.get_untracked()
                                prop:value=move || filter.get()
                                on:input=move |event| filter.set(event_target_value(&event))
                            />
                            <noscript inner_html=filter_button()></noscript>
                        </form>
                    }
                })}
            {(missing > 0)
                .then(|| {
                    view! {
                        <p class="alert alert-warn" data-testid="state-partial">
                            {admin::did_not_answer(&unit::count(missing as u64), &noun((total + missing) as u64))}
                        </p>
                    }
                })}
            {move || {
                rows.with(|rows| rows.0.is_empty())
                    .then(|| {
                        view! {
                            <section class="notice" data-testid="state-no-match">
                                <Icon name="search" />
                                <h2>{admin::nothing_matches(&filter.get())}</h2>
                                <p>{admin::number_hidden(&noun(total as u64))}</p>
                                <p class="actions">
                                    <a
                                        href=path.clone()
                                        class="button button-plain"
                                        on:click=move |_| filter.set(String::new())
                                    >
                                        {admin::clear_filter()}
                                    </a>
                                </p>
                            </section>
                        }
                    })
            }}
            <div
                class="table-frame"
                role="region"
                aria-label=caption
                tabindex="0"
                hidden=move || rows.with(|rows| rows.0.is_empty())
            >
                <table class="table table-cards" data-testid=format!("table-{name}")>
                    <caption class="sr-only">{caption}</caption>
                    <thead>{head}</thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <div class="list-foot">
                <p class="status-line" data-testid="count-line">
                    {count}
                </p>
                {pager}
                <a
                    href=file
                    download=format!("{name}.csv")
                    rel="external"
                    class="button button-quiet"
                    data-testid="export-csv"
                >
                    <Icon name="download" />
                    {admin::csv()}
                </a>
            </div>
        </div>
    }
    .into_any()
}

/// The rows that are seen; another filter always makes others.
#[derive(Clone)]
struct Rows(Vec<Row>);

impl PartialEq for Rows {
    fn eq(&self, _other: &Self) -> bool {
        false
    }
}

fn heads(
    list: StoredValue<List>,
    sort: &str,
    dir: &str,
    address: &dyn Fn(&str, &str, &str) -> String,
) -> AnyView {
    let columns = list.with_value(|list| list.columns);
    let actions = list.with_value(|list| list.rows.iter().any(|row| !row.actions.is_empty()));
    let cells = columns
        .iter()
        .map(|column| {
            let current = column.key == sort;
            let down = current && dir == "desc";
            let href = address(column.key, if current && !down { "desc" } else { "" }, "");
            let sorted = current.then_some(if down { "descending" } else { "ascending" });
            view! {
                <th scope="col" aria-sort=sorted class:wide-only=!column.narrow>
                    <a href=href class="sort" data-noscroll="">
                        {(column.label)()}
                        {sorted
                            .map(|sorted| {
                                let icon = if sorted == "ascending" { "up" } else { "down" };
                                view! { <Icon name=icon /> }
                            })}
                    </a>
                </th>
            }
        })
        .collect_view();
    view! {
        <tr>
            {cells}
            {actions
                .then(|| {
                    view! {
                        <th scope="col" class="narrow">
                            <span class="sr-only">{admin::actions()}</span>
                        </th>
                    }
                })}
        </tr>
    }
    .into_any()
}

fn row_view(list: &List, row: &Row) -> AnyView {
    let cells = row
        .cells
        .iter()
        .zip(list.columns)
        .enumerate()
        .map(|(at, (cell, column))| {
            if at == 0 {
                view! { <th scope="row">{cell.view()}</th> }.into_any()
            } else {
                view! {
                    <td
                        data-label=(column.label)()
                        class:numeric=cell.is_number()
                        class:wide-only=!column.narrow
                    >
                        {cell.view()}
                    </td>
                }
                .into_any()
            }
        })
        .collect_view();
    let key = row.key.clone();
    let actions = (!row.actions.is_empty()).then(|| {
        let links = row
            .actions
            .iter()
            .map(|(word, href)| {
                view! {
                    <a href=href.clone() class="button button-quiet">
                        {*word}
                        <span class="sr-only">{format!(" {}", row.key)}</span>
                    </a>
                }
            })
            .collect_view();
        view! { <td class="narrow">{links}</td> }
    });
    view! {
        <tr data-testid="row" data-key=key>
            {cells}
            {actions}
        </tr>
    }
    .into_any()
}

fn pages(
    shown: usize,
    current: usize,
    sort: &str,
    dir: &str,
    address: &dyn Fn(&str, &str, &str) -> String,
) -> AnyView {
    let pages = shown.div_ceil(PAGE);
    if pages < 2 {
        return ().into_any();
    }
    let to = |page: usize| address(sort, dir, &page.to_string());
    view! {
        <nav class="actions" aria-label=admin::pages() data-testid="pager">
            {(current > 1).then(|| view! { <LinkButton href=to(current - 1)>{admin::previous()}</LinkButton> })}
            <span class="status-line">{admin::page_of(&current.to_string(), &pages.to_string())}</span>
            {(current < pages).then(|| view! { <LinkButton href=to(current + 1)>{admin::next()}</LinkButton> })}
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        let row = |name: &str, size: Option<u64>, tags: &[&str]| Row {
            key: name.to_owned(),
            cells: vec![
                Cell::Link(name.to_owned(), String::new()),
                Cell::Size(size),
                Cell::Words(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            ],
            actions: Vec::new(),
        };
        List {
            name: "x",
            caption: "X",
            noun: |count| count.to_string(),
            columns: const {
                &[
                    column("name", admin::name),
                    column("size", admin::data),
                    wide("tag", admin::tags),
                ]
            },
            rows: vec![
                row("Beta", Some(900), &["gold"]),
                row("alpha", None, &["archive", "gold"]),
                row("=cmd()", Some(1_000), &["a\"b"]),
            ],
            empty: "",
            missing: 0,
        }
    }

    fn names(filter: &str, sort: &str, descending: bool) -> Vec<String> {
        let rows = chosen(&list(), filter, sort, descending);
        rows.into_iter().map(|row| row.key).collect()
    }

    #[test]
    fn rows_are_filtered_by_words_and_by_columns() {
        assert_eq!(names("GOLD", "name", false), ["alpha", "Beta"]);
        assert_eq!(names("tag:archive", "", false), ["alpha"]);
        assert_eq!(names("gold beta", "", false), ["Beta"]);
        assert!(names("name:gold", "", false).is_empty());
        assert_eq!(names("", "", false).len(), 3);
    }

    #[test]
    fn numbers_are_sorted_as_numbers_and_what_is_unknown_is_least() {
        assert_eq!(names("", "size", false), ["alpha", "Beta", "=cmd()"]);
        assert_eq!(names("", "size", true), ["=cmd()", "Beta", "alpha"]);
        assert_eq!(names("", "nothing", true), ["Beta", "alpha", "=cmd()"]);
    }

    #[test]
    fn an_export_is_exact_and_holds_no_formulas() {
        let list = list();
        assert_eq!(
            csv(&list, &list.rows),
            "Name,Data,Tags\r\nBeta,900,gold\r\nalpha,,archive gold\r\n'=cmd(),1000,\"a\"\"b\"\r\n"
        );
    }
}
