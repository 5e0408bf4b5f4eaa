//! The list of keys.

use leptos::prelude::*;

use super::{
    extras::Extras,
    keys::{self, Act, EVERYWHERE},
};
use crate::{
    browser,
    pages::files::Action,
    ui::Icon,
    urls,
    words::{self, drawer, frame, palette},
};

/// The keys of the list of files that are no commands.
fn of_lists() -> [(&'static str, &'static str); 13] {
    [
        ("↑ ↓ PgUp PgDn Home End", palette::key_move()),
        ("← →", palette::key_cells()),
        (palette::key_space(), palette::key_select()),
        ("Shift ↑ ↓", palette::key_select_range()),
        ("Ctrl A", palette::key_select_all()),
        ("Enter", palette::key_open()),
        ("'", palette::key_jump()),
        ("Backspace", palette::key_up()),
        ("Alt ↑", palette::key_up()),
        ("L", palette::key_path()),
        ("Shift F10", palette::key_menu()),
        ("K J", drawer::key_step()),
        ("]", drawer::close()),
    ]
}

/// What a key of every page does; nothing where this session has no such page.
fn said(act: Act) -> Option<String> {
    Some(match act {
        Act::Palette => palette::search_or_go().to_owned(),
        Act::Shortcuts => palette::shortcuts().to_owned(),
        Act::Filter => palette::key_filter().to_owned(),
        Act::Section => palette::key_section().to_owned(),
        Act::Submit => palette::key_submit().to_owned(),
        Act::Next => palette::key_next().to_owned(),
        Act::Previous => palette::key_previous().to_owned(),
        Act::Fold => palette::key_fold().to_owned(),
        Act::Go(entry) => {
            if !browser::is_there(&format!("#main-nav [data-testid=\"{entry}\"]")) {
                return None;
            }
            let page = match entry {
                "nav-buckets" => frame::buckets(),
                "nav-transfers" => frame::transfers(),
                "nav-namespaces" => frame::namespaces(),
                "nav-users" => frame::users(),
                "nav-audit" => words::audit::audit(),
                _ => words::jobs::jobs(),
            };
            palette::go_to(page)
        }
    })
}

/// The dialog.
#[component]
pub fn Shortcuts(extras: Extras) -> impl IntoView {
    extras.show();
    let everywhere = EVERYWHERE
        .iter()
        .filter_map(|(keys, act)| said(*act).map(|said| line(keys, said)));
    let files = Action::ALL
        .into_iter()
        .filter(|action| !matches!(action.key(), "" | "Enter"))
        .map(|action| line(action.key(), action.words().to_owned()));
    let lists = of_lists()
        .into_iter()
        .map(|(keys, said)| line(keys, said.to_owned()));
    view! {
        <dialog
            class="modal shortcuts"
            node_ref=extras.node
            aria-labelledby="shortcuts-title"
            data-testid="shortcuts"
            on:close=move |_| extras.closed()
        >
            <header class="modal-head">
                <h2 id="shortcuts-title">{palette::shortcuts()}</h2>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    title=frame::close()
                    on:click=move |_| browser::close(extras.node)
                >
                    <Icon name="close" />
                    <span class="sr-only">{frame::close()}</span>
                </button>
            </header>
            <div class="modal-body">
                {(!keys::single())
                    .then(|| {
                        view! {
                            <p class="note" data-testid="single-keys-off">
                                <Icon name="info" />
                                <span>
                                    {palette::single_keys_are_off()} " "
                                    <a href=urls::PREFERENCES on:click=move |_| browser::close(extras.node)>
                                        {words::preferences::heading()}
                                    </a>
                                </span>
                            </p>
                        }
                    })}
                <div class="shortcuts-groups">
                    <section>
                        <h3>{palette::everywhere()}</h3>
                        <dl>
                            {everywhere.collect_view()} {line("Esc", palette::key_escape().to_owned())}
                        </dl>
                    </section>
                    <section>
                        <h3>{palette::in_files()}</h3>
                        <dl>{files.collect_view()} {lists.collect_view()}</dl>
                    </section>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}

/// Keys that are pressed one after another or together, each in its own frame, and what they do.
fn line(keys: &'static str, said: String) -> AnyView {
    let keys = keys
        .split(' ')
        .map(|key| view! { <kbd>{key}</kbd> })
        .collect_view();
    view! {
        <div class="shortcut">
            <dt>{said}</dt>
            <dd>{keys}</dd>
        </div>
    }
    .into_any()
}
