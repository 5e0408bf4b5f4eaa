//! The search as lines for other programs, to be copied.

use leptos::prelude::*;
use model::{
    TenantName,
    commands::{Asked, Asker, HCP_TOKEN, TOKEN, asking},
};

use super::{Seat, wanted::Wanted};
use crate::{
    browser,
    ui::{Button, Icon, Messages, Modal, ModalHandle, Tone},
    words::{acts, files, search},
};

/// What stands for an address that the browser does not know.
const UNKNOWN: &str = "https://TENANT.HCP-ADDRESS";

/// The button, and its dialog.
#[component]
pub(super) fn AsCommand(wanted: Wanted, seat: Seat) -> impl IntoView {
    let handle = ModalHandle::new(false);
    let here = wanted.address();
    let of = StoredValue::new((wanted, seat));
    view! {
        <Button attr:data-testid="cmd-as-command" press=move |_| handle.open()>
            <Icon name="copy" />
            {search::as_command()}
        </Button>
        <Modal
            handle
            title=Signal::derive(|| search::as_command_title().to_owned())
            back=here
            testid="search-commands-dialog"
        >
            <div class="modal-body commands">{of.with_value(|(wanted, seat)| lines(wanted, seat))}</div>
        </Modal>
    }
    .into_any()
}

fn lines(wanted: &Wanted, seat: &Seat) -> AnyView {
    let tenant = seat
        .tenant
        .as_deref()
        .and_then(|name| TenantName::parse(name).ok());
    let (Some(tenant), Ok(request)) = (tenant, wanted.request(None)) else {
        return ().into_any();
    };
    let hako = browser::origin().unwrap_or_default() + &browser::site();
    let hcp = seat.hcp.then(|| seat.store.as_deref().unwrap_or(UNKNOWN));
    let asked = Asked {
        hako: &hako,
        hcp,
        tenant: &tenant,
        request: &request,
    };
    let sections = Asker::ALL.map(|by| {
        // Of a store that is no HCP there is nothing to say.
        if by == Asker::Hcp && hcp.is_none() {
            return ().into_any();
        }
        section(by, asking(by, &asked))
    });
    view! {
        <p class="note">
            <Icon name="info" />
            <span>{search::as_command_token(TOKEN)}</span>
        </p>
        {hcp.is_some().then(|| view! { <p class="note">{search::as_command_hcp(HCP_TOKEN)}</p> })}
        {sections.collect_view()}
    }
    .into_any()
}

fn section(by: Asker, text: Option<String>) -> AnyView {
    let name = match by {
        Asker::Curl => "curl",
        Asker::Httpx => search::asks_httpx(),
        Asker::Hcp => search::asks_hcp(),
    };
    let Some(text) = text else {
        return view! {
            <section>
                <h3>{name}</h3>
                <p class="muted">{search::no_words()}</p>
            </section>
        }
        .into_any();
    };
    let messages = Messages::here();
    let copied = text.clone();
    let copy = move |_| {
        browser::copy(&copied);
        messages.success(files::copied());
    };
    view! {
        <section>
            <div class="command-head">
                <h3>{name}</h3>
                <Button tone=Tone::Plain attr:aria-label=acts::copy_of(name) press=copy>
                    <Icon name="copy" />
                    {acts::copy()}
                </Button>
            </div>
            <pre
                tabindex="0"
                aria-label=name
                role="region"
                data-testid=format!("command-{}", by.as_str())
            >
                {text}
            </pre>
        </section>
    }
    .into_any()
}
