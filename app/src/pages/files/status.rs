//! How far the list has come, and how to get the rest.

use leptos::prelude::*;

use super::{
    rows::Rows,
    say,
    state::{FilesState, Standing},
};
use crate::{
    layout::title::Settled,
    ui::{Button, Icon, Tone},
    words::files,
};

/// Entries from which a folder is called large.
const LARGE: usize = 100_000;
/// Levels from which it is called deep.
const DEEP: usize = 20;

/// The line below the list.
#[component]
pub fn StatusLine(state: FilesState) -> impl IntoView {
    let settled = expect_context::<Settled>().0;
    let totals = Memo::new(move |_| state.rows.with(Rows::totals));
    let standing = Memo::new(move |_| state.standing());
    let line = move || standing.with(|standing| say::standing(standing, totals.get()));
    let sorted = move || {
        let own = state.look.with(|look| !look.order.is_stores());
        (own && standing.with(|standing| *standing != Standing::Complete)).then(|| {
            format!(
                " – {}",
                files::sorted_among(&say::number(totals.get().entries()))
            )
        })
    };
    let next = move || {
        let token = state.token.get().unwrap_or_default();
        let separator = if state.here().contains('?') { '&' } else { '?' };
        format!(
            "{}{separator}after={}",
            state.here(),
            model::endpoint::encode(&token)
        )
    };
    let broken = move || standing.with(|standing| matches!(standing, Standing::Broken(_)));
    let words = move || match standing.get() {
        Standing::Loading => files::stop(),
        Standing::Halted | Standing::Broken(_) => files::r#continue(),
        Standing::Waiting | Standing::Complete => files::load_all(),
    };
    let testid = move || {
        if standing.with(|standing| *standing == Standing::Loading) {
            "stop-loading"
        } else {
            "load-all"
        }
    };
    let act = move |_| match standing.get_untracked() {
        Standing::Loading => state.halt(),
        Standing::Halted | Standing::Broken(_) => state.go_on(),
        Standing::Waiting => state.load_all(),
        Standing::Complete => {}
    };
    view! {
        <div class="status-line">
            <span class:status-problem=broken>
                {move || broken().then(|| view! { <Icon name="alert" /> })}
                <span data-testid="status-line">{line} {sorted}</span>
            </span>
            <Show when=move || state.token.with(Option::is_some)>
                <Show
                    when=move || settled.get()
                    fallback=move || {
                        view! {
                            <a href=next class="button button-plain" data-testid="pager">
                                {files::next_hundred()}
                            </a>
                        }
                    }
                >
                    <Button tone=Tone::Plain attr:data-testid=testid press=act>
                        {words}
                    </Button>
                </Show>
            </Show>
        </div>
        <Limits state />
    }
}

/// A note where a folder is so large or so deep that tools have trouble with it.
#[component]
fn Limits(state: FilesState) -> impl IntoView {
    let large = Memo::new(move |_| state.rows.with(|rows| rows.held() > LARGE));
    let deep = state
        .prefix
        .with_value(|prefix| prefix.matches('/').count() > DEEP);
    let note = |text: &'static str| {
        view! {
            <p class="note" data-testid="limit-note">
                <Icon name="info" />
                {text}
            </p>
        }
    };
    view! {
        {move || large.get().then(|| note(files::large_folder()))}
        {deep.then(|| note(files::deep_folder()))}
    }
}
