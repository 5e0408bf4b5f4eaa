//! `/system/network`: how the system's names are answered.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{NetworkSettings, Resource as _, calls::ModifyNetwork},
};

use super::super::{
    Page, fields,
    form::{Form, ResourceForm},
    read_only,
};

/// The page.
pub fn view(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let form = Form::change(
        "modify_network",
        &[],
        ModifyNetwork::default().path(),
        NetworkSettings::PROPERTIES,
        fields::NETWORK,
        page.map(0),
    )
    .editable(page.may.admin);
    view! {
        {read_only(page.may.admin, "administrator")}
        <ResourceForm form />
    }
    .into_any()
}
