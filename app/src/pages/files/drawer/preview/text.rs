//! Text with the numbers of its lines, a stretch at a time.

use leptos::prelude::*;
use model::preview::{Content, Form, Text, Wanted, limit};

use super::{LoadMore, Panel};
use crate::{text::visible_name, unit, words::preview};

/// The encodings that can be chosen, by the names that browsers know.
const ENCODINGS: [&str; 14] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1251",
    "koi8-r",
    "ibm866",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "gbk",
    "big5",
];

/// The lines of a stretch, without their ends.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Which encoding a text is read by.
pub(super) fn encodings(panel: Panel, now: &str) -> AnyView {
    let now = now.to_ascii_lowercase();
    let known = ENCODINGS.contains(&now.as_str());
    let other = (!known).then(|| now.clone());
    let options = ENCODINGS.map(|one| {
        view! {
            <option value=one selected=one == now>
                {one}
            </option>
        }
    });
    let other = other.map(|one| {
        view! {
            <option value=one.clone() selected=true>
                {one.clone()}
            </option>
        }
    });
    view! {
        <label class="preview-choice">
            <span>{preview::encoding()}</span>
            <select
                class="input input-select"
                data-testid="preview-encoding"
                on:change=move |event| {
                    let chosen = event_target_value(&event);
                    panel.change(|wanted| wanted.encoding = Some(chosen));
                }
            >
                {other}
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
    .into_any()
}

#[expect(clippy::too_many_lines, reason = "it is a view")]
#[component]
pub(super) fn TextPart(panel: Panel, text: Text) -> impl IntoView {
    let size = panel.shown.with_untracked(|shown| shown.size);
    let name = panel
        .shown
        .with_untracked(|shown| visible_name(&shown.name));
    let wraps = RwSignal::new(true);
    let from_start = text.start == 0;
    let encoding = encodings(panel, &text.encoding);
    let start = text.start;
    let is_empty = size == 0;
    let next = RwSignal::new(text.next);
    let parts = RwSignal::new(vec![text]);
    let load_next = Callback::new(move |()| {
        let Some(start) = next.get_untracked().filter(|_| !panel.busy.get_untracked()) else {
            return;
        };
        let wanted = Wanted {
            form: Some(Form::Text),
            start: Some(start),
            end: false,
            ..panel.wanted.get_value()
        };
        panel.ask(wanted, move |preview| {
            if let Some(Content::Text(text)) = preview.content {
                next.set(text.next);
                parts.update(|parts| parts.push(text));
            }
        });
    });
    let load_end = Callback::new(move |()| {
        panel.change(|wanted| {
            wanted.form = Some(Form::Text);
            wanted.start = None;
            wanted.end = true;
        });
    });
    let load_start = Callback::new(move |()| {
        panel.change(|wanted| {
            wanted.form = Some(Form::Text);
            wanted.end = false;
        });
    });
    let more = move || {
        let rest = size.checked_sub(next.get()?)?;
        let words = preview::load_next(&unit::size(rest.min(limit::TEXT)));
        Some(view! { <LoadMore panel words press=load_next /> })
    };
    let is_long = size > limit::TEXT;
    let end = move || {
        let jumps = is_long && from_start && next.get().is_some();
        jumps.then(|| {
            let words = preview::load_end().to_owned();
            view! {
                <span class="needs-script">
                    <button
                        type="button"
                        class="button button-quiet"
                        data-testid="preview-end"
                        on:click=move |_| load_end.run(())
                    >
                        {words}
                    </button>
                </span>
            }
        })
    };
    let told = move || {
        let end = next.get().unwrap_or(size);
        (start > 0 || end < size).then(|| {
            let words = preview::part_of(
                &unit::size(end - start),
                &unit::size(size),
                &unit::count(start),
            );
            view! {
                <p class="muted" data-testid="preview-part">
                    {words}
                </p>
            }
        })
    };
    let beginning = (!from_start).then(|| {
        view! {
            <span class="needs-script">
                <button
                    type="button"
                    class="button button-quiet"
                    data-testid="preview-start"
                    on:click=move |_| load_start.run(())
                >
                    {preview::load_start()}
                </button>
            </span>
        }
    });
    let empty = is_empty.then(|| view! { <p class="muted">{preview::empty()}</p> });
    view! {
        <div class="preview-bar needs-script" role="group" aria-label=preview::text_tools()>
            <label class="preview-check">
                <input
                    type="checkbox"
                    checked=true
                    data-testid="preview-wrap"
                    on:change=move |event| wraps.set(event_target_checked(&event))
                />
                {preview::wrap()}
            </label>
            {encoding}
        </div>
        {empty}
        {told}
        <div class="preview-jumps">{beginning} {end}</div>
        <div
            class="preview-text"
            class:is-wrapped=move || wraps.get()
            class:has-numbers=from_start
            class:is-empty=is_empty
            tabindex="0"
            role="group"
            aria-label=name
            data-testid="preview-text"
        >
            <For each=move || parts.get() key=|part| part.start let:part>
                <pre>
                    {lines(&part.text)
                        .into_iter()
                        .map(|line| view! { <span class="line">{line}{"\n"}</span> })
                        .collect_view()}
                </pre>
            </For>
        </div>
        {more}
    }
    .into_any()
}

/// Bytes as digits and as letters, sixteen on a line.
pub(super) fn hex(digits: &str) -> AnyView {
    let bytes: Vec<u8> = digits
        .as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let lines = bytes.chunks(16).enumerate().map(|(at, line)| {
        let digits: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String = line
            .iter()
            .map(|byte| match byte {
                b' '..=b'~' => char::from(*byte),
                _ => '·',
            })
            .collect();
        let place = format!("{:04x}", at * 16);
        let digits = format!("{:<47}", digits.join(" "));
        let mut text = [place, digits, letters].join("  ");
        text.push('\n');
        view! { <span class="line">{text}</span> }
    });
    view! {
        <div
            class="preview-text"
            tabindex="0"
            role="group"
            aria-label=preview::bytes_view()
            data-testid="preview-hex"
        >
            <pre>{lines.collect_view()}</pre>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_their_ends() {
        assert_eq!(lines("a\r\n\nb"), ["a", "", "b"]);
        assert!(lines("").is_empty());
    }
}
