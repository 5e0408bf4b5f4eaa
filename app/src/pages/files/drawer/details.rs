//! What an object is stored with.

use leptos::prelude::*;
use model::{Timestamp, object::ObjectDetails, upload::PROTECTION_HEADERS};

use super::{
    annotations::AnnotationsPart, live::Desk, properties::PropertiesPart, seen::Details,
    tags::TagsPart,
};
use crate::{
    pages::files::{kind::Kind, look::Open, say},
    text::visible_name,
    ui::{Icon, Moment},
    unit,
    words::drawer,
};

/// A line of a list of facts.
pub(super) fn fact(label: &'static str, name: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class="drawer-fact" data-testid=format!("fact-{name}")>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// A line that is there only where the store tells.
fn told(label: &'static str, name: &'static str, text: Option<&String>) -> Option<AnyView> {
    let text = visible_name(text?);
    Some(fact(label, name, view! { <bdi>{text}</bdi> }.into_any()))
}

/// What is read letter by letter.
fn exact(text: &str) -> AnyView {
    view! { <code>{visible_name(text)}</code> }.into_any()
}

#[component]
pub(super) fn DetailsPart(desk: Desk, details: Details) -> impl IntoView {
    let Details {
        object,
        owner,
        tags,
        annotations,
    } = details;
    let version = object.version_id.clone();
    let is_old = desk.open.with_untracked(|open| !open.version.is_empty());
    let newest = move || {
        let open = desk.open.get();
        desk.address(Open {
            version: String::new(),
            ..open
        })
    };
    view! {
        {is_old
            .then(|| {
                view! {
                    <p class="note" data-testid="drawer-version">
                        <Icon name="clock" />
                        <span>
                            {drawer::of_version(version.as_deref().unwrap_or_default())} " "
                            <a href=newest data-noscroll="">
                                {drawer::show_newest()}
                            </a>
                        </span>
                    </p>
                }
            })}
        {facts(&object, owner.as_ref())}
        <PropertiesPart desk object is_old />
        {tags.map(|tags| view! { <TagsPart desk tags /> })}
        {annotations.map(|found| view! { <AnnotationsPart desk found is_old /> })}
    }
    .into_any()
}

fn facts(object: &ObjectDetails, owner: Option<&String>) -> AnyView {
    let size = {
        let title = unit::exact_bytes(object.size);
        view! {
            {unit::size(object.size)}
            <small>{format!(" ({title})")}</small>
        }
    };
    let changed = object.last_modified.map(|time| {
        fact(
            drawer::changed(),
            "changed",
            view! { <Moment time /> }.into_any(),
        )
    });
    let etag = object.etag.as_ref().map(|etag| {
        let note = (!object.etag_is_md5()).then(|| {
            view! {
                <small class="drawer-note" data-testid="etag-note">
                    {drawer::no_md5()}
                </small>
            }
        });
        let etag = exact(etag.trim_matches('"'));
        fact(drawer::etag(), "etag", view! { {etag} {note} }.into_any())
    });
    let version = object
        .version_id
        .as_ref()
        .map(|version| fact(drawer::version(), "version", exact(version)));
    let sums = object.checksums.iter().map(|(algorithm, sum)| {
        view! {
            <div class="drawer-fact" data-testid="fact-checksum">
                <dt>{algorithm.to_uppercase()}</dt>
                <dd>{exact(sum)}</dd>
            </div>
        }
    });
    let class = object.storage_class.as_ref();
    view! {
        <dl class="drawer-facts" data-testid="drawer-facts">
            {fact(drawer::size(), "size", size.into_any())}
            {changed}
            {fact(drawer::kind(), "kind", say::kind(Kind::of_name(&object.key)).into_any())}
            {told(drawer::content_type(), "type", object.content_type.as_ref())}
            {told(drawer::encoding(), "encoding", object.content_encoding.as_ref())}
            {told(drawer::disposition(), "disposition", object.content_disposition.as_ref())}
            {told(drawer::language(), "language", object.content_language.as_ref())}
            {told(drawer::cache_control(), "cache-control", object.cache_control.as_ref())}
            {etag}
            {sums.collect_view()}
            {version}
            {told(drawer::storage_class(), "class", class)}
            {told(drawer::owner(), "owner", owner)}
            {object
                .encrypted
                .then(|| fact(drawer::encryption(), "encryption", drawer::encrypted().into_any()))}
            {told(drawer::replication(), "replication", object.replication.as_ref())}
            {told(drawer::expiry(), "expiry", object.expiration.as_ref())}
            {object
                .expires_at
                .map(|time| fact(drawer::ends(), "ends", view! { <Moment time /> }.into_any()))}
            {protection(object)}
        </dl>
    }
    .into_any()
}

/// What keeps it from being changed, in words.
fn protection(object: &ObjectDetails) -> Vec<AnyView> {
    let lines = PROTECTION_HEADERS.iter().filter_map(|header| {
        let value = object.protection.get(*header)?.as_str();
        let word = match *header {
            "x-hcp-retention" => drawer::retention(),
            "x-hcp-retentionhold" => drawer::hold(),
            "x-hcp-labelretentionhold" => drawer::labelled_hold(),
            "x-amz-object-lock-retain-until-date" => drawer::locked_until(),
            _ => drawer::legal_hold(),
        };
        let said = match value {
            "true" | "ON" => drawer::is_on().into_any(),
            "false" | "OFF" => return None,
            "0" => drawer::deletable().into_any(),
            "-1" => drawer::never_deletable().into_any(),
            "-2" => drawer::retention_later().into_any(),
            other => {
                let seconds = other.parse().ok().and_then(Timestamp::from_unix_seconds);
                match seconds.or_else(|| Timestamp::parse(other)) {
                    Some(time) => view! { <Moment time /> }.into_any(),
                    None => exact(other),
                }
            }
        };
        Some(fact(word, header, said))
    });
    lines.collect()
}

/// A value may be empty.
pub(super) fn value_of(value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        visible_name(value)
    }
}
