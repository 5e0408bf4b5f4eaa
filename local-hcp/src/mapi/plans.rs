//! Service plans. HCP's are made in its own console; here there is the one that every system has.

use model::mapi::AvailableServicePlan;

use super::{
    access::{A, Access, M},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, plain},
    tenants,
};

/// The plan that every system has.
pub(crate) const DEFAULT_PLAN: &str = "Default";

const ROWS: &[Row] = &[plain("name"), plain("description")];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/tenants/{tenant}/availableServicePlans").get(Access::tenant(&[A, M]), list),
        Endpoint::at("/tenants/{tenant}/availableServicePlans/{plan}")
            .get(Access::tenant(&[A, M]), show),
    ]
}

/// Refuses a plan that there is not.
pub(crate) fn check(plan: Option<&str>) -> Result<(), Refusal> {
    match plan {
        Some(plan) if !plan.eq_ignore_ascii_case(DEFAULT_PLAN) => Err(Refusal::invalid(format!(
            "servicePlan: the only service plan is {DEFAULT_PLAN}."
        ))),
        _ => Ok(()),
    }
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    selects(&call).await?;
    Ok(Answer::names(
        "availableServicePlans",
        "name",
        vec![DEFAULT_PLAN.to_owned()],
    ))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    selects(&call).await?;
    if !call.name("plan").eq_ignore_ascii_case(DEFAULT_PLAN) {
        return Err(Refusal::NotFound);
    }
    let plan = AvailableServicePlan {
        name: Some(DEFAULT_PLAN.to_owned()),
        description: Some("Everything is kept once, on this machine.".to_owned()),
        ..AvailableServicePlan::default()
    };
    Ok(call.show(ROWS, &plan))
}

/// Plans are there for tenants that may choose among them.
async fn selects(call: &Call) -> Result<(), Refusal> {
    let known = call.tenant()?.clone();
    let read = call
        .management
        .store
        .read(move |connection| tenants::whole(connection, &known));
    if read.await?.service_plan_selection_enabled == Some(true) {
        Ok(())
    } else {
        Err(Refusal::forbidden(
            "The tenant may not choose service plans.",
        ))
    }
}
