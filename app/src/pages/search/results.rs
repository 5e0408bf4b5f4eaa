//! What a search found: a table, how often values occur, and the way to more.

use catalogue::count;
use leptos::prelude::*;
use model::{
    Timestamp,
    query::{Facet, MAX_OFFSET, ObjectQueryResponse, Property, QueryResult},
};

use super::{
    Seat,
    columns::Column,
    indexed::Indexed,
    picked::Picked,
    wanted::{PAGE, Slice, Wanted},
    whole::Whole,
};
use crate::{
    text::visible_name,
    ui::{Icon, LinkButton, Moment},
    urls,
    words::search,
};

/// The results.
#[component]
pub fn Results(
    wanted: Wanted,
    answer: ObjectQueryResponse,
    /// What of all this is.
    slice: Option<Slice>,
    /// Who asked.
    seat: Seat,
) -> impl IntoView {
    let ObjectQueryResponse {
        status,
        result_set,
        facets,
        ..
    } = answer;
    let until = wanted.offset + i64::try_from(result_set.len()).unwrap_or_default();
    let total = u64::try_from(status.total_results.max(until)).unwrap_or_default();
    let whole = status.is_complete() || status.total_results > until;
    let told = if whole {
        search::total(total)
    } else {
        search::at_least(total)
    };
    let more = !status.is_complete() && !result_set.is_empty();
    let next = following(&wanted, slice, more, &result_set);
    let next = next.map(|next| next.address());
    let previous = (wanted.offset > 0).then(|| wanted.at((wanted.offset - PAGE).max(0)).address());
    let sliced = slice_note(&wanted, slice, status.total_results);
    let columns = wanted.columns().to_vec();
    let picked = Picked::new();
    let pick_all = picked.head(&result_set);
    let heads = columns
        .iter()
        .map(|column| head(&wanted, *column))
        .collect_view();
    let rows = result_set
        .iter()
        .map(|result| row(&columns, result, picked))
        .collect_view();
    let facets = facets.map(|facets| {
        let each = facets.into_iter().map(|one| facet(&wanted, one));
        view! {
            <section class="search-facets" aria-label=search::values() data-testid="search-facets">
                {each.collect_view()}
            </section>
        }
    });
    let mut namespaces = Vec::new();
    for namespace in result_set.iter().filter_map(|one| one.namespace.clone()) {
        if !namespaces.contains(&namespace) {
            namespaces.push(namespace);
        }
    }
    let indexed = view! { <Indexed seat=seat.clone() namespaces /> };
    let whole = view! { <Whole wanted seat picked /> };
    view! {
        <div class="search-results">
            <div class="search-head">
                <p role="status" data-testid="search-total">
                    {told}
                </p>
                {whole}
            </div>
            {sliced}
            <div class="search-body">
                {facets}
                <div class="table-frame" role="region" aria-label=search::results() tabindex="0">
                    <table class="table" data-testid="table-search">
                        <thead>
                            <tr>
                                {pick_all}
                                <th scope="col">{search::name()}</th>
                                {heads}
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
            <nav class="actions" aria-label=search::pages() data-testid="pager">
                {previous
                    .map(|href| view! { <LinkButton href>{search::previous_page()}</LinkButton> })}
                {next.map(|href| view! { <LinkButton href>{search::next_page()}</LinkButton> })}
            </nav>
            {indexed}
        </div>
    }
    .into_any()
}

/// What comes behind these results: more of them, or, where the store goes no further, a slice.
fn following(
    wanted: &Wanted,
    slice: Option<Slice>,
    more: bool,
    results: &[QueryResult],
) -> Option<Wanted> {
    let until = wanted.offset + i64::try_from(results.len()).unwrap_or_default();
    if more && until <= MAX_OFFSET {
        return Some(wanted.at(until));
    }
    if let Some(slice) = slice {
        return Some(wanted.slice(slice.next()?));
    }
    // What is in the order of its changes goes on where it stopped.
    let by_time = wanted.sort == Some(Column::Changed) && !wanted.descending;
    let last = results.last().and_then(QueryResult::changed_at);
    more.then(|| wanted.slice(last.filter(|_| by_time).unwrap_or_default()))
}

/// Which slice this is, or that there are more than can be gone through at once.
fn slice_note(wanted: &Wanted, slice: Option<Slice>, total: i64) -> Option<AnyView> {
    let Some(slice) = slice else {
        let first = wanted.slice(0).address();
        return (total > MAX_OFFSET).then(|| {
            view! {
                <p class="help" data-testid="search-beyond">
                    {search::beyond()}
                    " "
                    <a href=first>{search::first_slice()}</a>
                </p>
            }
            .into_any()
        });
    };
    let moment = |millis: i64| {
        let time = Timestamp::from_unix_millis(millis)?;
        Some(view! { <Moment time /> })
    };
    let next = slice.next().map(|next| wanted.slice(next).address());
    let all = Wanted {
        since: None,
        ..wanted.at(0)
    };
    Some(
        view! {
            <p class="help" data-testid="search-slice">
                {if slice.since == 0 {
                    view! { {search::slice_from_the_first()} }.into_any()
                } else {
                    view! { {search::slice_from()} " " {moment(slice.since)} }.into_any()
                }}
                " "
                {slice
                    .until
                    .map(|until| view! { {search::slice_until()} " " {moment(until)} " " })}
                {next.map(|next| view! { <a href=next>{search::next_slice()}</a> " " })}
                <a href=all.address()>{search::all_at_once()}</a>
            </p>
        }
        .into_any(),
    )
}

fn head(wanted: &Wanted, column: Column) -> AnyView {
    let sorted = (wanted.sort == Some(column)).then_some(if wanted.descending {
        "descending"
    } else {
        "ascending"
    });
    let href = wanted.sorted(column).address();
    let icon = sorted.map(|sorted| {
        let name = if sorted == "ascending" { "up" } else { "down" };
        view! { <Icon name /> }
    });
    view! {
        <th scope="col" aria-sort=sorted class:numeric=column.is_number()>
            <a href=href class="sort" data-noscroll="">
                {column.name()}
                {icon}
            </a>
        </th>
    }
    .into_any()
}

/// A result; its name leads to the object in its folder.
fn row(columns: &[Column], result: &QueryResult, picked: Picked) -> AnyView {
    let location = result.location();
    let key = location
        .as_ref()
        .map(|one| one.key.clone())
        .unwrap_or_default();
    let name = result.utf8_name.clone().unwrap_or_else(|| key.clone());
    let name = visible_name(&name);
    let name = match location {
        Some(one) => {
            let href = urls::object(&one.namespace, &one.key);
            view! {
                <a href=href class="name-link">
                    <bdi>{name}</bdi>
                </a>
            }
            .into_any()
        }
        None => view! { <bdi>{name}</bdi> }.into_any(),
    };
    let cells = columns.iter().map(|column| {
        let class = if column.is_long() { "search-long" } else { "" };
        view! {
            <td class=class class:numeric=column.is_number()>
                {column.cell(result)}
            </td>
        }
    });
    view! {
        <tr data-testid="search-row" data-key=key>
            {picked.cell(result)}
            <th scope="row">{name}</th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

/// Values of a facet that are shown at once.
const FIRST_VALUES: usize = 8;

fn facet(wanted: &Wanted, facet: Facet) -> AnyView {
    let property = Property::named(&facet.name);
    let title = match property {
        Some(Property::Namespace) => search::namespace().to_owned(),
        Some(Property::RetentionClass) => search::class().to_owned(),
        Some(Property::Hold) => search::hold().to_owned(),
        Some(Property::Retention) => search::retention().to_owned(),
        _ => facet.name.clone(),
    };
    let mut values: Vec<AnyView> = facet
        .frequency
        .iter()
        .map(|one| {
            let number = count(u64::try_from(one.count).unwrap_or_default());
            let value = value_of(property, &one.value);
            let word = match wanted.narrowed(&facet.name, &one.value) {
                Some(narrowed) => view! { <a href=narrowed.address()>{value}</a> }.into_any(),
                None => value.into_any(),
            };
            view! { <li>{word} " " <span class="search-count">{number}</span></li> }.into_any()
        })
        .collect();
    let others = values.split_off(values.len().min(FIRST_VALUES));
    let others = (!others.is_empty()).then(|| {
        view! {
            <details>
                <summary>{search::more_values(others.len() as u64)}</summary>
                <ul>{others}</ul>
            </details>
        }
    });
    view! {
        <section>
            <h2 class="section-title">{title}</h2>
            <ul>{values}</ul>
            {others}
        </section>
    }
    .into_any()
}

/// A value of a facet in words.
fn value_of(property: Option<Property>, value: &str) -> String {
    let word = match (property, value) {
        (_, "") => search::none(),
        (Some(Property::Hold), "true") => search::yes(),
        (Some(Property::Hold), "false") => search::no(),
        (Some(Property::Retention), "initialUnspecified") => search::unspecified(),
        (Some(Property::Retention), "neverDeletable") => search::prohibited(),
        (Some(Property::Retention), "expired") => search::ended(),
        (Some(Property::Retention), "not expired") => search::kept(),
        _ => return visible_name(value),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::urls::Query;

    fn changed(millis: i64) -> QueryResult {
        QueryResult {
            change_time_milliseconds: Some(format!("{millis}.00")),
            ..QueryResult::default()
        }
    }

    #[test]
    fn every_result_is_reached() {
        let of = |text: &str| Wanted::of(&Query::parse(text));
        let page = [changed(5), changed(9)];
        let near = following(&of("query=a&offset=10"), None, true, &page).unwrap();
        assert_eq!((near.offset, near.since), (12, None));
        assert_eq!(following(&of("query=a"), None, false, &page), None);
        // The store goes no further: slices begin with the oldest, or where the order has come to.
        let last = following(&of("query=a&offset=100000"), None, true, &page).unwrap();
        assert_eq!((last.offset, last.since), (0, Some(0)));
        let text = "query=a&sort=changed&offset=100000";
        let last = following(&of(text), None, true, &page).unwrap();
        assert_eq!(last.since, Some(9));
        // Behind the last page of a slice is the next one.
        let slice = Slice {
            since: 0,
            until: Some(70),
        };
        let wanted = of("query=a&since=0&offset=200");
        assert_eq!(
            following(&wanted, Some(slice), true, &page).unwrap().offset,
            202
        );
        let next = following(&wanted, Some(slice), false, &page).unwrap();
        assert_eq!((next.offset, next.since), (0, Some(71)));
        let end = Slice {
            until: None,
            ..slice
        };
        assert_eq!(following(&wanted, Some(end), false, &page), None);
    }
}
