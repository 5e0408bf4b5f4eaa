//! Which keys are shown: a form whose answer is an address.

use leptos::prelude::*;

use super::{listing::Show, state::VersionsState};
use crate::{
    ui::{Button, Icon, LinkButton, TextField},
    words,
};

#[component]
pub(super) fn Filter(state: VersionsState) -> impl IntoView {
    let place = state.place.get_value();
    let text = RwSignal::new(place.text.clone());
    let days = RwSignal::new(place.days.map(|days| days.to_string()).unwrap_or_default());
    let path = state
        .bucket
        .with_value(|bucket| crate::urls::versions(bucket.as_str(), &[]));
    let option = |show: Show, word: &'static str| {
        view! {
            <option value=show.as_str() selected=place.show == show>
                {word}
            </option>
        }
    };
    let clear = super::Place {
        bucket: place.bucket.clone(),
        prefix: place.prefix.clone(),
        ..super::Place::default()
    };
    view! {
        <form method="get" action=path class="versions-filter" data-testid="versions-filter" role="search">
            {(!place.prefix.is_empty())
                .then(|| view! { <input type="hidden" name="prefix" value=place.prefix.clone() /> })}
            <TextField
                name="q"
                label=words::versions::filter_text()
                value=text
                kind="search"
                testid="filter-input"
            />
            <div class="field">
                <label for="field-show">{words::versions::filter_show()}</label>
                <select id="field-show" name="show" class="input input-select" data-testid="filter-show">
                    {option(Show::All, words::versions::show_all())}
                    {option(Show::Deleted, words::versions::show_deleted())}
                    {option(Show::Old, words::versions::show_old())}
                </select>
            </div>
            <TextField
                name="days"
                label=words::versions::filter_days()
                value=days
                kind="number"
                testid="filter-days"
            />
            <div class="actions">
                <Button kind="submit" attr:data-testid="filter-apply">
                    <Icon name="search" />
                    {words::versions::apply()}
                </Button>
                {place
                    .is_filtered()
                    .then(|| {
                        let href = clear.address(&[]);
                        view! { <LinkButton href>{words::versions::clear_filter()}</LinkButton> }
                    })}
            </div>
        </form>
    }
}
