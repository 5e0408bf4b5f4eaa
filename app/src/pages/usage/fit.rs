//! "Will it fit?": files of a size against the bucket's quota. A plain form, which scripts answer while one types.

use leptos::{ev, prelude::*};
use model::{
    fit::{Fit, Load, Room, typed_bytes},
    reachable::BucketFacts,
    unit::{GB, KB, MB, TB},
    upload_target::VersioningState,
};

use super::listing::Place;
use crate::{
    browser,
    ui::{Button, Icon, TextField},
    unit, urls,
    words::fit,
};

/// The units that can be chosen.
const UNITS: [(&str, u64); 4] = [("KB", KB), ("MB", MB), ("GB", GB), ("TB", TB)];

/// What is being asked.
#[derive(Clone, Copy)]
struct Asked {
    room: Room,
    files: RwSignal<String>,
    size: RwSignal<String>,
    replaced: RwSignal<String>,
    unit: RwSignal<u64>,
}

impl Asked {
    /// Begins with what the address says.
    fn new(facts: &BucketFacts) -> Self {
        let query = urls::query();
        let text = |name: &str| {
            let of_address =
                query.with_untracked(|query| query.get(name).unwrap_or_default().to_owned());
            RwSignal::new(of_address)
        };
        let unit = query.with_untracked(|query| {
            let word = query.get("unit").unwrap_or("GB");
            UNITS.into_iter().find(|(known, _)| *known == word)
        });
        Self {
            room: Room {
                used: facts.used_bytes,
                quota: facts.quota_bytes,
                soft: facts.soft_quota,
                // Suspended, a bucket keeps what it has and may keep what is replaced.
                versions: facts.versioning.map(|state| state != VersioningState::Off),
            },
            files: text("files"),
            size: text("size"),
            replaced: text("replaced"),
            unit: RwSignal::new(unit.map_or(GB, |(_, bytes)| bytes)),
        }
    }

    /// What is to be stored; `None` where that is no number.
    fn load(self) -> Option<Load> {
        let unit = self.unit.get();
        let (files, replaced) = (self.files.get(), self.replaced.get());
        Some(Load {
            files: match files.trim() {
                "" => 1,
                typed => typed.parse().ok().filter(|files| *files > 0)?,
            },
            bytes: typed_bytes(&self.size.get(), unit)?,
            replaced: match replaced.trim() {
                "" => 0,
                typed => typed_bytes(typed, unit)?,
            },
        })
    }
}

/// The answer in a sentence, with how good it is.
fn answer(found: Fit, load: Load) -> (&'static str, String) {
    let size = unit::size;
    let average = size(load.bytes / load.files.max(1));
    match found {
        Fit::TooLarge => ("danger", fit::too_large(&average)),
        Fit::NoQuota => ("info", fit::no_quota().to_owned()),
        Fit::NotTold => ("info", fit::not_told().to_owned()),
        Fit::Fits { left } => ("good", fit::fits(load.files, &average, &size(left))),
        Fit::Soft { left, percent } => ("warn", fit::soft(&percent.to_string(), &size(left))),
        Fit::Tight { left } => ("warn", fit::tight(&size(left))),
        Fit::Short { missing } => ("danger", fit::short(&size(missing))),
    }
}

/// What the numbers do not tell.
fn unknown(room: Room) -> Vec<&'static str> {
    let versions = match room.versions {
        Some(true) => fit::keeps_versions(),
        Some(false) => fit::keeps_none(),
        None => fit::versions_unknown(),
    };
    vec![
        fit::counted_late(),
        fit::blocks(),
        versions,
        fit::beside(),
        fit::of_tenant(),
    ]
}

#[component]
pub(super) fn WillItFit(place: Place, facts: BucketFacts) -> impl IntoView {
    let asked = Asked::new(&facts);
    let action = urls::bucket_usage(&place.bucket, &[]);
    let kept = [
        ("prefix", place.prefix),
        ("job", place.job.unwrap_or_default()),
        ("with", place.with.unwrap_or_default()),
    ];
    let hidden = kept.clone().into_iter().filter_map(|(name, value)| {
        let shown = view! { <input type="hidden" name=name value=value.clone() /> };
        (!value.is_empty()).then_some(shown)
    });
    // It is answered already: the address gets what was asked, to be passed on.
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let unit = UNITS
            .into_iter()
            .find(|(_, bytes)| *bytes == asked.unit.get_untracked());
        let typed = [
            ("size", asked.size.get_untracked()),
            (
                "unit",
                unit.map(|(word, _)| word.to_owned()).unwrap_or_default(),
            ),
            ("files", asked.files.get_untracked()),
            ("replaced", asked.replaced.get_untracked()),
        ];
        let all: Vec<_> = kept
            .iter()
            .chain(&typed)
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser::replace_address(&urls::bucket_usage(&place.bucket, &all));
    };
    let choose = move |event: ev::Event| {
        let word = event_target_value(&event);
        if let Some((_, bytes)) = UNITS.into_iter().find(|(known, _)| *known == word) {
            asked.unit.set(bytes);
        }
    };
    let option = move |(word, bytes): (&'static str, u64)| {
        let chosen = asked.unit.get_untracked() == bytes;
        view! {
            <option value=word selected=chosen>
                {word}
            </option>
        }
    };
    let notes = unknown(asked.room).into_iter();
    view! {
        <section class="usage-fit" aria-labelledby="usage-fit" data-testid="will-it-fit">
            <h2 id="usage-fit" class="section-title">{fit::title()}</h2>
            <form
                method="get"
                action=action
                class="usage-choices"
                data-testid="form-fit"
                on:submit=ask
            >
                {hidden.collect_view()}
                <TextField name="size" label=fit::size().to_owned() value=asked.size />
                <div class="field">
                    <label for="fit-unit">{fit::unit()}</label>
                    <select id="fit-unit" name="unit" class="input" data-testid="fit-unit" on:change=choose>
                        {UNITS.map(option).collect_view()}
                    </select>
                </div>
                <TextField name="files" label=fit::files().to_owned() value=asked.files />
                <TextField name="replaced" label=fit::replaced().to_owned() value=asked.replaced />
                <Button kind="submit">{fit::ask()}</Button>
            </form>
            <div role="status">{move || verdict(asked)}</div>
            <details>
                <summary>{fit::not_known()}</summary>
                <ul class="help">{notes.map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
            </details>
        </section>
    }
    .into_any()
}

/// The answer, once something is asked.
fn verdict(asked: Asked) -> Option<AnyView> {
    if asked.size.with(|size| size.trim().is_empty()) {
        return None;
    }
    let (tone, words) = match asked.load() {
        Some(load) => answer(asked.room.fit(load), load),
        None => ("info", fit::no_number().to_owned()),
    };
    let icon = match tone {
        "good" => "check",
        "info" => "info",
        _ => "alert",
    };
    let shown = view! {
        <p class="note" data-testid="fit-answer" data-tone=tone>
            <Icon name=icon />
            <span>{words}</span>
        </p>
    };
    Some(shown.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_what_stays_free_or_is_missing() {
        let load = Load {
            files: 4,
            bytes: 4 * GB,
            replaced: 0,
        };
        let (tone, words) = answer(Fit::Fits { left: 2 * GB }, load);
        assert_eq!(tone, "good");
        assert_eq!(
            words,
            "It fits: 4 files of 1 GB on average. 2 GB stay free."
        );
        let (tone, words) = answer(Fit::Short { missing: GB }, load);
        assert_eq!((tone, words.contains("1 GB")), ("danger", true));
        let (_, words) = answer(
            Fit::Soft {
                left: GB,
                percent: 91,
            },
            load,
        );
        assert!(words.contains("91 %"), "{words}");
    }

    #[test]
    fn what_is_not_known_of_versions_is_said() {
        let of = |versions| {
            unknown(Room {
                versions,
                ..Room::default()
            })
        };
        assert!(of(None).contains(&fit::versions_unknown()));
        assert!(of(Some(true)).contains(&fit::keeps_versions()));
    }
}
