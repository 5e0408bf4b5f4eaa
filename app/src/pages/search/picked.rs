//! Results that were ticked, and their archive: it holds objects of one bucket.

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use model::{
    BucketName, Endpoint as _,
    query::QueryResult,
    task::{Selection, StartArchive},
};

use crate::{
    browser,
    text::visible_name,
    ui::{Button, Icon, Messages},
    urls,
    words::{acts, search},
};

/// An object: its bucket, and its key.
type Object = (String, String);

/// What is ticked.
#[derive(Clone, Copy)]
pub(super) struct Picked(RwSignal<BTreeSet<Object>>);

/// The object that a result is.
fn object(result: &QueryResult) -> Option<Object> {
    let location = result.location()?;
    Some((location.namespace, location.key))
}

impl Picked {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    /// The one bucket of what is ticked, or why there is none.
    fn bucket(self) -> Result<BucketName, &'static str> {
        self.0.with(|all| {
            let (bucket, _) = all.first().ok_or_else(search::pick_first)?;
            if all.iter().any(|(other, _)| other != bucket) {
                return Err(search::one_bucket());
            }
            BucketName::parse(bucket.as_str()).map_err(|_fault| search::pick_first())
        })
    }

    /// The head of the column: ticks all of the page, or none.
    pub(super) fn head(self, results: &[QueryResult]) -> AnyView {
        let all: BTreeSet<Object> = results.iter().filter_map(object).collect();
        let count = all.len();
        let tick = move |event: ev::Event| {
            let on = event_target_checked(&event);
            self.0.set(if on { all.clone() } else { BTreeSet::new() });
        };
        let is_all = move || self.0.with(|picked| count > 0 && picked.len() == count);
        view! {
            <td class="search-pick needs-script">
                <input
                    type="checkbox"
                    aria-label=search::pick_all()
                    prop:checked=is_all
                    data-testid="search-pick-all"
                    on:change=tick
                />
            </td>
        }
        .into_any()
    }

    /// The box of a result.
    pub(super) fn cell(self, result: &QueryResult) -> AnyView {
        let Some(own) = object(result) else {
            return view! { <td class="search-pick"></td> }.into_any();
        };
        let name = search::pick(&visible_name(&own.1));
        let own = StoredValue::new(own);
        let is_picked = move || own.with_value(|own| self.0.with(|picked| picked.contains(own)));
        let tick = move |event: ev::Event| {
            let on = event_target_checked(&event);
            self.0.update(|picked| {
                let own = own.get_value();
                if on {
                    picked.insert(own);
                } else {
                    picked.remove(&own);
                }
            });
        };
        view! {
            <td class="search-pick needs-script">
                <input type="checkbox" aria-label=name prop:checked=is_picked on:change=tick />
            </td>
        }
        .into_any()
    }

    /// The button that fetches what is ticked.
    pub(super) fn archive(self, tenant: Option<String>) -> AnyView {
        let messages = Messages::here();
        let fetch = move |_| {
            let Ok(bucket) = untrack(|| self.bucket()) else {
                return;
            };
            let keys = self.0.get_untracked().into_iter().map(|(_, key)| key);
            let keys: Vec<String> = keys.collect();
            let request = StartArchive {
                bucket,
                selection: Selection::default(),
            };
            let path = request.path();
            let action = tenant.as_deref().and_then(|of| urls::within(&path, of));
            let fields: Vec<_> = keys.into_iter().map(|key| ("keys", key)).collect();
            browser::post(&action.unwrap_or(path), &fields);
            messages.success(acts::archive_begins());
        };
        let count = move || self.0.with(BTreeSet::len) as u64;
        view! {
            <Button
                attr:data-testid="cmd-archive"
                reason=Signal::derive(move || self.bucket().err())
                press=fetch
            >
                <Icon name="download" />
                {move || match count() {
                    0 => search::archive_none().to_owned(),
                    count => search::archive(count),
                }}
            </Button>
        }
        .into_any()
    }
}
