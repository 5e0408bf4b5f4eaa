//! What a search found: a table, how often values occur, and the way to more.

use catalogue::count;
use leptos::prelude::*;
use model::query::{Facet, MAX_OFFSET, ObjectQueryResponse, Property, QueryResult};

use super::{
    columns::Column,
    wanted::{PAGE, Wanted},
    whole::Whole,
};
use crate::{
    text::visible_name,
    ui::{Icon, LinkButton},
    urls,
    words::search,
};

/// The results.
#[component]
pub fn Results(
    wanted: Wanted,
    answer: ObjectQueryResponse,
    /// Whether objects can be put on hold.
    holds: bool,
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
    let next = (more && until <= MAX_OFFSET).then(|| wanted.at(until).address());
    let previous = (wanted.offset > 0).then(|| wanted.at((wanted.offset - PAGE).max(0)).address());
    let beyond = more && until > MAX_OFFSET;
    let columns = wanted.columns().to_vec();
    let heads = columns
        .iter()
        .map(|column| head(&wanted, *column))
        .collect_view();
    let rows = result_set
        .iter()
        .map(|result| row(&columns, result))
        .collect_view();
    let facets = facets.map(|facets| {
        let each = facets.into_iter().map(|one| facet(&wanted, one));
        view! {
            <section class="search-facets" aria-label=search::values() data-testid="search-facets">
                {each.collect_view()}
            </section>
        }
    });
    let whole = view! { <Whole wanted holds /> };
    view! {
        <div class="search-results">
            <div class="search-head">
                <p role="status" data-testid="search-total">
                    {told}
                </p>
                {whole}
            </div>
            <div class="search-body">
                {facets}
                <div class="table-frame" role="region" aria-label=search::results() tabindex="0">
                    <table class="table" data-testid="table-search">
                        <thead>
                            <tr>
                                <th scope="col">{search::name()}</th>
                                {heads}
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
            {beyond.then(|| view! { <p class="help">{search::beyond()}</p> })}
            <nav class="actions" aria-label=search::pages() data-testid="pager">
                {previous
                    .map(|href| view! { <LinkButton href>{search::previous_page()}</LinkButton> })}
                {next.map(|href| view! { <LinkButton href>{search::next_page()}</LinkButton> })}
            </nav>
        </div>
    }
    .into_any()
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
fn row(columns: &[Column], result: &QueryResult) -> AnyView {
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
