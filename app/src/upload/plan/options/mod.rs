//! What the objects of a batch are stored with, and where: the part of the plan that stays folded until
//! somebody wants it.

mod pairs;
mod typed;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use leptos::prelude::*;
use model::{
    acl::CannedAcl,
    attributes::{AttributeField, METADATA_MAX},
    session::ObjectFeatures,
    upload::{Day, Options, Pattern},
};

pub(super) use self::typed::Typed;
use self::{
    pairs::{PairRows, Rows},
    typed::Faults,
};
use super::{Found, words};
use crate::{
    admin::retention_in_words,
    browser,
    text::visible_name,
    ui::{Icon, TextField},
    unit,
    words::plan,
};

/// The fields from top to bottom, by how their ids begin.
const FIELDS: [&str; 7] = [
    "pattern",
    "content_type",
    "metadata",
    "tags",
    "retention",
    "legal_hold",
    "acl",
];

/// A click is over by then.
const AFTER_A_CLICK: Duration = Duration::from_millis(250);

/// What is being typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    offers: ObjectFeatures,
    pattern: RwSignal<String>,
    content_type: RwSignal<String>,
    metadata: Rows,
    tags: Rows,
    acl: RwSignal<Option<CannedAcl>>,
    retention: RwSignal<String>,
    hold: RwSignal<bool>,
    typed: Signal<Typed>,
    read: Memo<Result<Options, Faults>>,
    faulty: Faulty,
    /// Whether it is unfolded.
    open: RwSignal<bool>,
}

/// Which faults are shown: those of fields that were left, and all when somebody wanted to begin.
#[derive(Clone, Copy)]
pub(super) struct Faulty {
    read: Memo<Result<Options, Faults>>,
    left: RwSignal<BTreeSet<String>>,
    tried: RwSignal<bool>,
}

impl Faulty {
    /// What is wrong with a field.
    fn of(self, id: String) -> Signal<Option<String>> {
        Signal::derive(move || {
            let shown = self.tried.get() || self.left.with(|left| left.contains(&id));
            let faults = self.read.with(|read| read.as_ref().err().cloned());
            faults.filter(|_| shown)?.remove(&id)
        })
    }

    /// Somebody has left a field, perhaps by a click: what is clicked must not move away meanwhile.
    fn touch(self, id: &str) {
        let id = id.to_owned();
        let left = self.left;
        set_timeout(
            move || {
                // The dialog may be gone.
                left.try_update(|left| left.insert(id));
            },
            AFTER_A_CLICK,
        );
    }
}

impl Draft {
    /// With what was typed before.
    pub(super) fn new(offers: ObjectFeatures, open: bool, before: Typed) -> Self {
        let pattern = RwSignal::new(before.pattern);
        let content_type = RwSignal::new(before.content_type);
        let metadata = Rows::new(AttributeField::Metadata, before.metadata);
        let tags = Rows::new(AttributeField::Tags, before.tags);
        let acl = RwSignal::new(before.acl);
        let retention = RwSignal::new(before.retention);
        let hold = RwSignal::new(before.hold);
        let typed = Signal::derive(move || Typed {
            pattern: pattern.get(),
            content_type: content_type.get(),
            metadata: metadata.typed(),
            tags: tags.typed(),
            acl: acl.get(),
            retention: retention.get(),
            hold: hold.get(),
        });
        let read = Memo::new(move |_| {
            let now = browser::clock().map(|(now, _)| now);
            typed.with(|typed| typed.read(offers, now))
        });
        let faulty = Faulty {
            read,
            left: RwSignal::default(),
            tried: RwSignal::new(false),
        };
        Self {
            offers,
            pattern,
            content_type,
            metadata,
            tags,
            acl,
            retention,
            hold,
            typed,
            read,
            faulty,
            open: RwSignal::new(open),
        }
    }

    /// What stands in the fields.
    pub(super) fn typed(self) -> Typed {
        self.typed.get_untracked()
    }

    /// The options, as far as nothing is wrong; else what is wrong is shown, and focused.
    pub(super) fn options(self) -> Option<Arc<Options>> {
        match self.read.get_untracked() {
            Ok(options) => Some(Arc::new(options)),
            Err(faults) => {
                self.open.set(true);
                self.faulty.tried.set(true);
                let place = |id: &String| FIELDS.iter().position(|field| id.starts_with(field));
                if let Some(id) = faults.into_keys().min_by_key(place) {
                    let row = format!("#field-{id}");
                    let adder = format!("#add-{id}");
                    request_animation_frame(move || {
                        browser::focus(&adder);
                        browser::focus(&row);
                    });
                }
                None
            }
        }
    }

    /// The pattern and the day, where files get other paths than their own.
    pub(super) fn paths(self) -> Option<(Pattern, Day)> {
        let pattern = self.pattern.with(|text| Pattern::parse(text)).ok()?;
        Some((pattern, today()?)).filter(|(pattern, _)| !pattern.is_plain())
    }
}

fn help(text: &'static str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

/// The day by the browser's calendar.
fn today() -> Option<Day> {
    let (now, minutes) = browser::clock()?;
    Day::of(now, minutes)
}

/// The fields. What the store lacks is not among them.
#[component]
pub(super) fn More(draft: Draft, found: Arc<Found>) -> impl IntoView {
    let Draft { offers, open, .. } = draft;
    view! {
        <details
            class="plan-more"
            data-testid="plan-more"
            prop:open=move || open.get()
            on:toggle=move |event| open.set(is_open(&event))
        >
            <summary>{plan::target_path_metadata_and_more()}</summary>
            <div class="plan-options">
                <PatternField draft found />
                <TypeField draft />
                <MetadataField draft />
                {offers.tags.then(|| view! { <TagField draft /> })}
                {offers.retention.then(|| view! { <RetentionField draft /> })}
                {offers.acl.then(|| view! { <AclField draft /> })}
            </div>
        </details>
    }
}

#[cfg(feature = "hydrate")]
fn is_open(event: &leptos::ev::Event) -> bool {
    event_target::<web_sys::HtmlDetailsElement>(event).open()
}

#[cfg(not(feature = "hydrate"))]
fn is_open(_event: &leptos::ev::Event) -> bool {
    false
}

#[component]
fn PatternField(draft: Draft, found: Arc<Found>) -> impl IntoView {
    let first = found.files.first().map(|file| file.relative_path.clone());
    let to = found.to.words();
    let preview = move || {
        let path = first.as_deref()?;
        let pattern = draft.pattern.with(|text| Pattern::parse(text)).ok()?;
        let becomes = pattern.apply(path, today()?);
        let becomes = visible_name(&format!("{to}{}", becomes.trim_start_matches('/')));
        Some((visible_name(path), becomes))
    };
    view! {
        <TextField
            name="pattern"
            label=plan::target_path()
            value=draft.pattern
            error=draft.faulty.of("pattern".to_owned())
            help=help(plan::pattern_help())
            on_leave=Callback::new(move |()| draft.faulty.touch("pattern"))
        />
        <p class="outcome" data-testid="pattern-preview" aria-live="polite">
            {move || {
                preview().map(|(path, becomes)| plan::becomes(&path, &becomes))
            }}
        </p>
    }
}

#[component]
fn TypeField(draft: Draft) -> impl IntoView {
    view! {
        <TextField
            name="content_type"
            label=plan::content_type()
            value=draft.content_type
            error=draft.faulty.of("content_type".to_owned())
            help=help(plan::type_help())
            on_leave=Callback::new(move |()| draft.faulty.touch("content_type"))
        />
    }
}

#[component]
fn MetadataField(draft: Draft) -> impl IntoView {
    let help = move || {
        let bytes = draft.metadata.typed();
        let typed = Typed {
            metadata: bytes,
            ..Typed::default()
        };
        plan::metadata_help(
            &unit::count(typed.metadata_bytes() as u64),
            &unit::count(METADATA_MAX as u64),
        )
    };
    view! {
        <PairRows
            rows=draft.metadata
            legend=plan::metadata()
            help=Signal::derive(help)
            faulty=draft.faulty
        />
    }
}

#[component]
fn TagField(draft: Draft) -> impl IntoView {
    view! {
        <PairRows
            rows=draft.tags
            legend=plan::tags()
            help=plan::tags_help().to_owned()
            faulty=draft.faulty
        />
    }
}

#[component]
fn RetentionField(draft: Draft) -> impl IntoView {
    view! {
        <TextField
            name="retention"
            label=plan::retention()
            value=draft.retention
            error=draft.faulty.of("retention".to_owned())
            help=help(plan::retention_help())
            on_leave=Callback::new(move |()| draft.faulty.touch("retention"))
        />
        <p class="outcome" data-testid="retention-sentence" aria-live="polite">
            {move || draft.retention.with(|text| retention_in_words(text))}
        </p>
        <label class="check-line">
            <input
                id="field-legal_hold"
                type="checkbox"
                prop:checked=move || draft.hold.get()
                on:change=move |event| draft.hold.set(event_target_checked(&event))
            />
            <span>
                {plan::on_hold()}
                <span class="block text-(color:--muted)">
                    {plan::hold_help()}
                </span>
            </span>
        </label>
    }
}

#[component]
fn AclField(draft: Draft) -> impl IntoView {
    let choose = move |event| draft.acl.set(CannedAcl::parse(&event_target_value(&event)));
    let options = CannedAcl::ALL.map(|acl| {
        view! {
            <option value=acl.as_str() prop:selected=move || draft.acl.get() == Some(acl)>
                {words::canned(acl)}
            </option>
        }
    });
    let is_public = move || draft.acl.get().is_some_and(CannedAcl::is_public);
    view! {
        <div class="field">
            <label for="field-acl">{plan::who_may_use_them()}</label>
            <select id="field-acl" class="input input-select" on:change=choose>
                <option value="" prop:selected=move || draft.acl.get().is_none()>
                    {plan::as_the_bucket_has_it()}
                </option>
                {options.into_iter().collect_view()}
            </select>
            // In the page before it is needed, so that it is read aloud when it comes.
            <div role="status" data-testid="acl-warning">
                {move || {
                    is_public()
                        .then(|| {
                            view! {
                                <div class="alert alert-warn">
                                    <Icon name="alert" />
                                    <p>
                                        {plan::open_to_all()}
                                    </p>
                                </div>
                            }
                        })
                }}
            </div>
        </div>
    }
}
