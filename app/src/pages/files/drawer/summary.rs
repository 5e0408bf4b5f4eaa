//! What is selected, summed up.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::Timestamp;

use super::{
    details::fact,
    head::{Close, FullScreen},
    live::Desk,
};
use crate::{
    pages::files::{kind::Kind, listing::Entry, say, selection::Selection},
    ui::{Icon, Moment},
    unit,
    words::{drawer, files},
};

/// Sums over what is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sums {
    folders: usize,
    files: usize,
    bytes: u64,
    kinds: BTreeMap<Kind, usize>,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
}

impl Sums {
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut sums = Self::default();
        for entry in entries {
            match entry.size {
                Some(bytes) => {
                    sums.files += 1;
                    sums.bytes = sums.bytes.saturating_add(bytes);
                    *sums.kinds.entry(entry.kind()).or_default() += 1;
                }
                None => sums.folders += 1,
            }
            let times = [sums.oldest, entry.modified].into_iter().flatten();
            sums.oldest = times.min();
            let times = [sums.newest, entry.modified].into_iter().flatten();
            sums.newest = times.max();
        }
        sums
    }
}

#[component]
pub(super) fn Summary(desk: Desk) -> impl IntoView {
    let state = desk.state();
    let sums = Memo::new(move |_| {
        let (selection, rows) = (state.selection.read(), state.rows.read());
        Sums::of(selection.ids().filter_map(|id| rows.entry(id)))
    });
    let is_part =
        move || state.selection.with(Selection::is_everything) && state.token.with(Option::is_some);
    let heading = move || {
        let count = state.selection.with(Selection::count);
        files::selected_count(count as u64)
    };
    view! {
        <header class="drawer-head">
            <div class="drawer-title">
                <h2 id="drawer-title" tabindex="-1" data-testid="drawer-title">
                    {heading}
                </h2>
            </div>
            <div class="drawer-tools">
                <FullScreen desk />
                <Close desk />
            </div>
        </header>
        <div class="drawer-body" data-testid="drawer-summary">
            {move || {
                is_part()
                    .then(|| {
                        view! {
                            <p class="note">
                                <Icon name="info" />
                                <span>{drawer::only_loaded()}</span>
                            </p>
                        }
                    })
            }}
            {move || facts(&sums.get())}
        </div>
    }
}

fn facts(sums: &Sums) -> AnyView {
    if *sums == Sums::default() {
        return view! { <p>{drawer::nothing_selected()}</p> }.into_any();
    }
    let number = |number: usize| unit::count(number as u64);
    let exact = unit::exact_bytes(sums.bytes);
    let size = view! { <span title=exact>{unit::size(sums.bytes)}</span> };
    let kinds = sums.kinds.iter().map(|(kind, count)| {
        view! {
            <li>
                {say::kind(*kind)} ": " {number(*count)}
            </li>
        }
    });
    let kinds = view! { <ul>{kinds.collect_view()}</ul> };
    view! {
        <dl class="drawer-facts">
            {(sums.folders > 0)
                .then(|| fact(drawer::folders(), "folders", number(sums.folders).into_any()))}
            {fact(drawer::files(), "files", number(sums.files).into_any())}
            {fact(drawer::size(), "size", size.into_any())}
            {(sums.files > 0).then(|| fact(drawer::kinds(), "kinds", kinds.into_any()))}
            {sums
                .oldest
                .map(|time| {
                    fact(drawer::oldest(), "oldest", view! { <Moment time /> }.into_any())
                })}
            {sums
                .newest
                .map(|time| {
                    fact(drawer::newest(), "newest", view! { <Moment time /> }.into_any())
                })}
        </dl>
        {(sums.folders > 0).then(|| view! { <p class="help">{drawer::without_folders()}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_selected_is_summed_up() {
        let at = |seconds| Timestamp::from_unix_seconds(seconds);
        let file = |key: &str, size, seconds| Entry {
            modified: at(seconds),
            ..Entry::file(key, size)
        };
        let entries = [
            Entry::folder("d/"),
            file("a.png", 3, 20),
            file("b.png", 4, 10),
            file("c.txt", 5, 30),
        ];
        let sums = Sums::of(entries.iter());
        assert_eq!((sums.folders, sums.files, sums.bytes), (1, 3, 12));
        assert_eq!(sums.kinds[&Kind::Image], 2);
        assert_eq!(sums.kinds[&Kind::Text], 1);
        assert_eq!((sums.oldest, sums.newest), (at(10), at(30)));
        assert_eq!(Sums::of([].iter()), Sums::default());
    }
}
