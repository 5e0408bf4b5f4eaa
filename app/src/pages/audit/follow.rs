//! Following: new records come by themselves, above those that one reads.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::audit::{AuditQuery, AuditRecord, ListAudit};

use crate::{
    api, browser,
    ui::{Button, Icon, Messages, Tone},
    words::audit,
};

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);
/// How many records are asked for at once.
const AT_ONCE: u32 = 200;
/// How many rows a page holds; the oldest of more go.
const MOST: usize = 2_000;

/// The button, and how many have come.
#[component]
pub(super) fn Follow(
    query: AuditQuery,
    newest: String,
    records: RwSignal<Vec<AuditRecord>>,
) -> impl IntoView {
    let following = RwSignal::new(false);
    let came = RwSignal::new(0_usize);
    let asking = StoredValue::new(false);
    let known = StoredValue::new(newest);
    let query = StoredValue::new(query);
    let messages = Messages::here();
    let look = move || {
        let free = asking.try_get_value() == Some(false);
        if !free || !browser::is_visible() {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            while following.try_get_untracked() == Some(true) {
                let Some(new) = fetch(query, known).await else {
                    break;
                };
                let (count, is_all) = (new.len(), new.len() < AT_ONCE as usize);
                if count > 0 {
                    let place = place::note();
                    let _left = records.try_update(|all| {
                        all.splice(0..0, new);
                        all.truncate(MOST);
                    });
                    place::keep(place);
                    let sum = came.try_update(|came| {
                        *came += count;
                        *came
                    });
                    if let Some(sum) = sum {
                        messages.announce(audit::came(sum as u64));
                    }
                }
                if is_all {
                    break;
                }
            }
            let _left = asking.try_set_value(false);
        });
    };
    Effect::new(move |_| {
        if !following.get() {
            return;
        }
        look();
        if let Ok(timer) = set_interval_with_handle(look, EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    let up = Callback::new(move |_| {
        came.set(0);
        place::top();
    });
    let pressed = move || if following.get() { "true" } else { "false" };
    view! {
        <div class="audit-follow">
            <button
                type="button"
                class="button button-plain"
                aria-pressed=pressed
                data-testid="audit-follow"
                on:click=move |_| following.update(|on| *on = !*on)
            >
                <Icon name="play" />
                {audit::follow()}
            </button>
            <noscript>
                <span class="help">{audit::follow_needs_scripts()}</span>
            </noscript>
        </div>
        <Show when=move || { came.get() > 0 }>
            <p class="audit-came" data-testid="audit-came">
                <Button tone=Tone::Primary press=up>
                    <Icon name="up" />
                    {move || audit::came(came.get() as u64)}
                </Button>
            </p>
        </Show>
    }
}

/// What came since the last time; none where nobody answers, or the page was left.
async fn fetch(
    query: StoredValue<AuditQuery>,
    known: StoredValue<String>,
) -> Option<Vec<AuditRecord>> {
    let query = AuditQuery {
        after: known.try_get_value(),
        limit: Some(AT_ONCE),
        cursor: None,
        ..query.try_get_value()?
    };
    let page = api::call(ListAudit(query)).await.ok()?;
    let _left = known.try_set_value(page.newest);
    Some(page.records)
}

/// The place of what one reads: rows that come above must not move it.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod place {
    use leptos::prelude::*;

    /// The first row that was there, and how far it is below the upper edge.
    pub(super) type Place = Option<(web_sys::Element, f64)>;

    pub(super) fn note() -> Place {
        let row = document()
            .query_selector("[data-testid=\"audit-row\"]")
            .ok()??;
        let at = row.get_bounding_client_rect().top();
        Some((row, at))
    }

    /// Before the page is painted anew.
    pub(super) fn keep(place: Place) {
        request_animation_frame(move || {
            if let Some((row, before)) = place
                && row.is_connected()
            {
                let moved = row.get_bounding_client_rect().top() - before;
                window().scroll_by_with_x_and_y(0.0, moved);
            }
        });
    }

    pub(super) fn top() {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
mod place {
    pub(super) type Place = Option<()>;

    pub(super) fn note() -> Place {
        None
    }

    pub(super) fn keep(_place: Place) {}

    pub(super) fn top() {}
}
