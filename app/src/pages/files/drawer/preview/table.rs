//! A table that was stored as text.

use leptos::prelude::*;
use model::preview::{Delimiter, Table, limit};

use super::{Panel, note, text::encodings};
use crate::{text::visible_name, unit, words::preview};

fn word(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Comma => preview::comma(),
        Delimiter::Semicolon => preview::semicolon(),
        Delimiter::Tab => preview::tab(),
        Delimiter::Pipe => preview::pipe(),
    }
}

#[component]
pub(super) fn TablePart(panel: Panel, table: Table) -> impl IntoView {
    let name = panel
        .shown
        .with_untracked(|shown| visible_name(&shown.name));
    let Table {
        delimiter,
        header,
        mut rows,
        is_cut,
        encoding,
    } = table;
    let head = (header && !rows.is_empty()).then(|| rows.remove(0));
    let count = unit::count(rows.len() as u64);
    let encoding = encodings(panel, &encoding);
    let options = Delimiter::ALL.map(|one| {
        view! {
            <option value=one.as_str() selected=one == delimiter>
                {word(one)}
            </option>
        }
    });
    let cut = is_cut.then(|| {
        let words = preview::table_cut(
            &unit::count(limit::TABLE_ROWS as u64),
            &unit::size(limit::TABLE),
        );
        note("info", words)
    });
    let head = head.map(|cells| {
        let cells = cells
            .into_iter()
            .map(|cell| view! { <th scope="col">{cell}</th> });
        view! {
            <thead>
                <tr>{cells.collect_view()}</tr>
            </thead>
        }
    });
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="preview-bar needs-script" role="group" aria-label=preview::table_tools()>
            <label class="preview-choice">
                <span>{preview::delimiter()}</span>
                <select
                    class="input input-select"
                    data-testid="preview-delimiter"
                    on:change=move |event| {
                        let chosen = Delimiter::parse(&event_target_value(&event));
                        panel.change(|wanted| wanted.delimiter = chosen);
                    }
                >
                    {options.into_iter().collect_view()}
                </select>
            </label>
            <label class="preview-check">
                <input
                    type="checkbox"
                    checked=header
                    data-testid="preview-header"
                    on:change=move |event| {
                        let has = event_target_checked(&event);
                        panel.change(|wanted| wanted.header = Some(has));
                    }
                />
                {preview::header()}
            </label>
            {encoding}
        </div>
        {cut}
        <p class="muted">{preview::rows(&count)}</p>
        <div class="preview-cells" tabindex="0" role="region" aria-label=name>
            <table data-testid="preview-table">
                {head}
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
