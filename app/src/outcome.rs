//! What a plain form's failure leaves for the page that shows the form again.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::Problem;
use serde::{Deserialize, Serialize};

/// The server's `FormOutcome` in a shape that travels inside the page, so that the browser hydrates
/// the same values and errors.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Carried {
    operation: String,
    values: Vec<(String, String)>,
    problem: Problem,
}

/// The failed form of this page, if there is one.
#[derive(Clone, Copy)]
pub struct Outcome(RwSignal<Option<Carried>>);

/// Reads the server's outcome (or the one inside the page) into the context. Called once, at the root.
pub fn provide_outcome() {
    let carried = SharedValue::new(from_server).into_inner();
    provide_context(Outcome(RwSignal::new(carried)));
}

#[cfg(feature = "ssr")]
fn from_server() -> Option<Carried> {
    use_context::<model::form::FormOutcome>().map(|outcome| Carried {
        operation: outcome.operation,
        values: outcome.values,
        problem: outcome.problem,
    })
}

#[cfg(not(feature = "ssr"))]
fn from_server() -> Option<Carried> {
    None
}

impl Outcome {
    /// What went wrong with the form `operation`.
    pub fn problem(operation: &str) -> Option<Problem> {
        Self::of(operation).map(|carried| carried.problem)
    }

    /// What was typed into `field` of the form `operation`.
    pub fn value(operation: &str, field: &str) -> String {
        Self::of(operation)
            .and_then(|carried| carried.values.into_iter().rfind(|(name, _)| name == field))
            .map(|(_, value)| value)
            .unwrap_or_default()
    }

    /// All that was typed into the form `operation`, if it failed.
    pub fn fields(operation: &str) -> Option<Vec<(String, String)>> {
        Self::of(operation).map(|carried| carried.values)
    }

    fn of(operation: &str) -> Option<Carried> {
        let outcome = use_context::<Self>()?;
        outcome
            .0
            .get_untracked()
            .filter(|carried| carried.operation == operation)
    }

    /// Forgets the outcome as soon as another page is shown. Called once, below the router.
    pub fn forget_on_navigation() {
        let Some(Self(outcome)) = use_context::<Self>() else {
            return;
        };
        let location = use_location();
        Effect::new(move |before: Option<String>| {
            let here = format!("{}?{}", location.pathname.get(), location.search.get());
            if before.is_some_and(|before| before != here) {
                outcome.set(None);
            }
            here
        });
    }
}
