//! A tree map: rectangles whose areas are as the numbers, each as near to a square as can be (Bruls, Huizing and van
//! Wijk: "Squarified Treemaps").

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// What is drawn has about this shape where there is room; on a phone it is narrower.
const WIDE: (f64, f64) = (1_000.0, 320.0);
/// How wide and high it is on a phone, in pixels.
const NARROW: (f64, f64) = (286.0, 240.0);
/// About how wide a character is.
const CHARACTER: f64 = 7.5;
/// What a label needs beside its characters, and in height for each of its two lines.
const MARGIN: f64 = 14.0;
const LINE: f64 = 19.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[expect(clippy::cast_precision_loss, reason = "what is drawn has few digits")]
fn number(size: u64) -> f64 {
    size as f64
}

/// Divides a rectangle into parts as large as the numbers say, which best come with the largest first. Nothing gets
/// nothing.
pub(super) fn squarify(sizes: &[u64], width: f64, height: f64) -> Vec<Rect> {
    let sizes: Vec<f64> = sizes.iter().map(|size| number(*size)).collect();
    let sum: f64 = sizes.iter().sum();
    if sum <= 0.0 {
        return vec![Rect::default(); sizes.len()];
    }
    let areas: Vec<f64> = sizes
        .iter()
        .map(|size| size / sum * width * height)
        .collect();
    let mut free = Rect {
        x: 0.0,
        y: 0.0,
        width,
        height,
    };
    let (mut rest, mut parts) = (&areas[..], Vec::with_capacity(areas.len()));
    while !rest.is_empty() {
        let row = row_of(rest, free.width.min(free.height));
        let (row, behind) = rest.split_at(row);
        free = lay(row, free, &mut parts);
        rest = behind;
    }
    parts
}

/// How many of the first make the best row along a side.
fn row_of(areas: &[f64], side: f64) -> usize {
    let (mut sum, mut least, mut most) = (0.0, f64::INFINITY, 0.0);
    let mut before = f64::INFINITY;
    for (at, area) in areas.iter().enumerate() {
        sum += area;
        least = area.min(least);
        most = area.max(most);
        // How far the worst of them is from a square.
        let worst = (side * side * most / (sum * sum)).max(sum * sum / (side * side * least));
        if at > 0 && (worst > before || worst.is_nan()) {
            return at;
        }
        before = worst;
    }
    areas.len()
}

/// Puts a row along the shorter side, and says what stays free.
fn lay(row: &[f64], free: Rect, parts: &mut Vec<Rect>) -> Rect {
    let sum: f64 = row.iter().sum();
    let upright = free.height <= free.width;
    let side = free.width.min(free.height);
    // What rounding has left of the room is not left again.
    let most = free.width.max(free.height);
    let thick = if side > 0.0 {
        (sum / side).min(most)
    } else {
        0.0
    };
    let mut at = 0.0;
    for area in row {
        let long = if sum > 0.0 { area / sum * side } else { 0.0 };
        parts.push(if upright {
            Rect {
                x: free.x,
                y: free.y + at,
                width: thick,
                height: long,
            }
        } else {
            Rect {
                x: free.x + at,
                y: free.y,
                width: long,
                height: thick,
            }
        });
        at += long;
    }
    if upright {
        Rect {
            x: free.x + thick,
            width: (free.width - thick).max(0.0),
            ..free
        }
    } else {
        Rect {
            y: free.y + thick,
            height: (free.height - thick).max(0.0),
            ..free
        }
    }
}

/// What a rectangle stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its name.
    pub name: String,
    /// What is written below.
    pub note: String,
    /// How large it is.
    pub size: u64,
    /// Where a click leads.
    pub href: Option<String>,
    /// How it looks: `folder`, `grown`, `shrunk` or `rest`.
    pub look: &'static str,
}

/// A label as it fits: the name, maybe cut, and whether its note and a phone have room.
#[derive(Debug, PartialEq, Eq)]
struct Label {
    name: String,
    note: bool,
    narrow: bool,
}

fn label(cell: &Cell, part: Rect) -> Option<Label> {
    let fits = |(width, height): (f64, f64)| {
        let (width, height) = (part.width * width - MARGIN, part.height * height);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and no wider than a page"
        )]
        let characters = (width.max(0.0) / CHARACTER) as usize;
        (characters, height)
    };
    let length = cell.name.chars().count();
    let (characters, height) = fits(WIDE);
    let shown = length.min(characters);
    if height < LINE + 4.0 || (shown < length && shown < 4) || shown == 0 {
        return None;
    }
    let name = if shown < length {
        let cut: String = cell.name.chars().take(shown - 1).collect();
        cut + "…"
    } else {
        cell.name.clone()
    };
    let (on_phone, phone_height) = fits(NARROW);
    Some(Label {
        name,
        note: height >= 2.0 * LINE + 6.0 && cell.note.chars().count() <= characters,
        narrow: shown <= on_phone && phone_height >= LINE + 4.0,
    })
}

/// The map. It is a picture: what it says stands in the table as well, with links that a keyboard reaches.
#[component]
pub(super) fn TreeMap(
    /// What the picture shows, in a sentence.
    says: String,
    /// Largest first.
    cells: Vec<Cell>,
) -> impl IntoView {
    let sizes: Vec<u64> = cells.iter().map(|cell| cell.size).collect();
    // In parts of the whole; the shape is that of a wide page.
    let parts = squarify(&sizes, WIDE.0, WIDE.1)
        .into_iter()
        .map(|part| Rect {
            x: part.x / WIDE.0,
            y: part.y / WIDE.1,
            width: part.width / WIDE.0,
            height: part.height / WIDE.1,
        });
    let cells = cells
        .into_iter()
        .zip(parts)
        .filter(|(cell, _)| cell.size > 0);
    let cells: Vec<_> = cells.map(|(cell, part)| drawn(cell, part)).collect();
    view! {
        <svg class="usage-map" role="img" aria-label=says data-testid="usage-map">
            {cells}
        </svg>
    }
    .into_any()
}

fn percent(part: f64) -> String {
    format!("{:.4}%", part * 100.0)
}

fn drawn(cell: Cell, part: Rect) -> AnyView {
    let navigate = use_navigate();
    let label = label(&cell, part).map(|label| {
        let class = if label.narrow { "" } else { "usage-map-wide" };
        let note = label.note.then(|| {
            let note = cell.note.clone();
            view! {
                <text class="usage-map-note" x="8" y="36">
                    {note}
                </text>
            }
        });
        view! {
            <g class=class>
                <text x="8" y="18">
                    {label.name}
                </text>
                {note}
            </g>
        }
    });
    let tip = format!("{}: {}", cell.name, cell.note);
    let (href, leads) = (cell.href.clone(), cell.href.is_some().then_some(""));
    let go = move |_: leptos::ev::MouseEvent| {
        if let Some(href) = &href {
            navigate(href, NavigateOptions::default());
        }
    };
    view! {
        <svg
            x=percent(part.x)
            y=percent(part.y)
            width=percent(part.width)
            height=percent(part.height)
            data-testid="usage-cell"
            data-name=cell.name
            data-leads=leads
            on:click=go
        >
            <title>{tip}</title>
            <rect class="usage-map-cell" data-look=cell.look width="100%" height="100%"></rect>
            {label}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_near_to_squares() {
        // The example of the paper.
        let parts = squarify(&[6, 6, 4, 3, 2, 2, 1], 6.0, 4.0);
        let first = Rect {
            x: 0.0,
            y: 0.0,
            width: 3.0,
            height: 2.0,
        };
        assert_eq!(parts[0], first);
        assert_eq!(parts[1], Rect { y: 2.0, ..first });
        for part in parts {
            let shape = part.width / part.height;
            assert!((0.3..3.5).contains(&shape), "{part:?}");
        }
        assert_eq!(squarify(&[0, 0], 6.0, 4.0), [Rect::default(); 2]);
        assert!(squarify(&[], 6.0, 4.0).is_empty());
    }

    #[test]
    fn a_label_is_there_only_where_it_fits() {
        let cell = |name: &str| Cell {
            name: name.to_owned(),
            note: "1.2 GB".to_owned(),
            size: 1,
            href: None,
            look: "folder",
        };
        let part = |width, height| Rect {
            width,
            height,
            ..Rect::default()
        };
        let whole = label(&cell("scans"), part(1.0, 1.0)).unwrap();
        assert_eq!(
            (whole.name.as_str(), whole.note, whole.narrow),
            ("scans", true, true)
        );
        let small = label(&cell("scans"), part(0.1, 0.1)).unwrap();
        assert_eq!(
            (small.name.as_str(), small.note, small.narrow),
            ("scans", false, false)
        );
        let long = label(&cell("a-very-long-name"), part(0.08, 0.5)).unwrap();
        assert_eq!(long.name, "a-very-…");
        assert_eq!(label(&cell("scans"), part(0.03, 1.0)), None);
        assert_eq!(label(&cell("scans"), part(1.0, 0.05)), None);
    }

    proptest! {
        #[test]
        fn parts_fill_the_whole_and_never_overlap(
            mut sizes in proptest::collection::vec(prop_oneof![Just(0_u64), 0..100_u64, 0..u64::MAX / 200], 1..60),
            sorted: bool,
            width in 1.0..2_000.0_f64,
            height in 1.0..2_000.0_f64,
        ) {
            if sorted {
                sizes.sort_unstable_by(|a, b| b.cmp(a));
            }
            let sum: f64 = sizes.iter().map(|size| number(*size)).sum();
            prop_assume!(sum > 0.0);
            let parts = squarify(&sizes, width, height);
            prop_assert_eq!(parts.len(), sizes.len());
            let room = width * height;
            let near = room * 1e-6;
            let mut all = 0.0;
            for (part, size) in parts.iter().zip(&sizes) {
                let area = part.width * part.height;
                prop_assert!((area - number(*size) / sum * room).abs() < near, "{part:?}");
                prop_assert!(part.x >= 0.0 && part.x + part.width <= width * (1.0 + 1e-6), "{part:?}");
                prop_assert!(part.y >= 0.0 && part.y + part.height <= height * (1.0 + 1e-6), "{part:?}");
                all += area;
            }
            prop_assert!((all - room).abs() < near * 60.0);
            for (at, one) in parts.iter().enumerate() {
                for other in &parts[at + 1..] {
                    let wide = (one.x + one.width).min(other.x + other.width) - one.x.max(other.x);
                    let high = (one.y + one.height).min(other.y + other.height) - one.y.max(other.y);
                    prop_assert!(wide.max(0.0) * high.max(0.0) < near, "{one:?} {other:?}");
                }
            }
        }
    }
}
