//! What a choice comes to, while somebody chooses: worked out in steps, so that the page answers while a
//! hundred thousand files are gone through, and begun anew when the choice is another one.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use model::upload::Remedies;
use model::upload::{Policy, Survey};

#[cfg(feature = "hydrate")]
use super::words;
use super::{Found, Met};
#[cfg(feature = "hydrate")]
use crate::upload::turn::Breath;

/// Files between two looks at the clock.
#[cfg(feature = "hydrate")]
const STEP: usize = 200;

/// What is decided so far, in numbers and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Files that go.
    pub sent: usize,
    /// Objects that are lost.
    pub lost: usize,
    /// All of it in a sentence.
    pub words: String,
}

/// Works something out each time that `choice` is another one: what comes of the steps is shown unless the
/// choice has changed meanwhile.
#[cfg(feature = "hydrate")]
fn in_the_background<C, T, W>(
    choice: impl Fn() -> C + 'static,
    work: impl Fn(C) -> W + 'static,
) -> RwSignal<Option<T>>
where
    C: 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
    W: AsyncFnOnce(&dyn Fn() -> bool) -> Option<T> + 'static,
{
    let shown = RwSignal::new(None::<T>);
    let round = StoredValue::new(0_u64);
    Effect::new(move |_| {
        let work = work(choice());
        let own = round.get_value() + 1;
        round.set_value(own);
        leptos::task::spawn_local(async move {
            // Gone with the dialog.
            let holds = move || round.try_get_value() == Some(own);
            if let Some(value) = work(&holds).await
                && holds()
                && shown.try_with_untracked(|old| old.as_ref() != Some(&value)) == Some(true)
            {
                shown.try_set(Some(value));
            }
        });
    });
    shown
}

/// How many files go, and how many bytes, by what is chosen about the findings.
#[cfg(feature = "hydrate")]
pub(super) fn totals(
    found: Arc<Found>,
    renamed: ArcSignal<Option<Arc<Survey>>>,
    remedies: RwSignal<Remedies>,
) -> RwSignal<Option<(usize, u64)>> {
    in_the_background(
        move || (remedies.get(), renamed.get()),
        move |(remedies, renamed)| {
            let found = Arc::clone(&found);
            async move |holds: &dyn Fn() -> bool| {
                let mut breath = Breath::new();
                let survey = renamed.as_deref().unwrap_or(&found.survey);
                let mut resolving = survey.resolving(remedies);
                while !resolving.step(STEP) {
                    breath.take().await;
                    if !holds() {
                        return None;
                    }
                }
                let resolved = resolving.resolved();
                Some((resolved.sent.len(), resolved.bytes()))
            }
        },
    )
}

/// What becomes of the files, by what is chosen for all and for some.
#[cfg(feature = "hydrate")]
pub(super) fn outcome(
    met: Arc<Met>,
    all: RwSignal<Policy>,
    own: RwSignal<HashMap<usize, Policy>>,
) -> RwSignal<Option<Outcome>> {
    in_the_background(
        move || (all.get(), own.get()),
        move |(all, own)| {
            let met = Arc::clone(&met);
            async move |holds: &dyn Fn() -> bool| {
                let mut breath = Breath::new();
                let mut deciding = met.conflicts.deciding(all, &own, met.overwrites);
                while !deciding.step(STEP) {
                    breath.take().await;
                    if !holds() {
                        return None;
                    }
                }
                let decided = deciding.decided();
                Some(Outcome {
                    sent: decided.sent.len(),
                    lost: decided.lost,
                    words: words::outcome(&decided),
                })
            }
        },
    )
}

/// Nothing is asked on the server.
#[cfg(not(feature = "hydrate"))]
pub(super) fn totals(
    _found: Arc<Found>,
    _renamed: ArcSignal<Option<Arc<Survey>>>,
    _remedies: RwSignal<model::upload::Remedies>,
) -> RwSignal<Option<(usize, u64)>> {
    RwSignal::new(None)
}

/// Nothing is asked on the server.
#[cfg(not(feature = "hydrate"))]
pub(super) fn outcome(
    _met: Arc<Met>,
    _all: RwSignal<Policy>,
    _own: RwSignal<HashMap<usize, Policy>>,
) -> RwSignal<Option<Outcome>> {
    RwSignal::new(None)
}
