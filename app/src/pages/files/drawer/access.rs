//! Who may do what with an object.

use leptos::prelude::*;

use super::live::Desk;
use crate::{
    pages::access::{Effective, Granted, Grants},
    words::access,
};

#[component]
pub(super) fn AccessPart(desk: Desk, granted: Granted) -> impl IntoView {
    let back = Signal::derive(move || desk.address(desk.open.get()));
    let whole = Some(granted.clone()).filter(Granted::can_explain);
    view! {
        <section
            class="drawer-section"
            aria-labelledby="drawer-access"
            data-testid="drawer-access"
        >
            <h3 id="drawer-access">{access::grants_by_list()}</h3>
            <Grants granted back />
        </section>
        {whole
            .map(|granted| {
                view! {
                    <section
                        class="drawer-section needs-script"
                        aria-labelledby="drawer-effective"
                        data-testid="access-effective"
                    >
                        <h3 id="drawer-effective">{access::effective()}</h3>
                        <Effective granted />
                    </section>
                }
            })}
    }
    .into_any()
}
