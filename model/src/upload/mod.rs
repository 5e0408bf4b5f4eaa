//! Uploads: the plan of parts, shared by server and browser.

mod plan;

pub use plan::{PartPlan, PlanError};
