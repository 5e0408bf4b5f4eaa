//! A bucket that may not be listed: a key that one knows can still be opened, and files stored.

use leptos::prelude::*;
use model::{BucketName, Problem, session::Session};

use super::{
    FilesState, ModalHandle,
    bar::{UploadButtons, UploadInputs},
    breadcrumb::Breadcrumb,
    drop::DropZone,
    listing::Listing,
    own_query,
    pending::Pending,
};
use crate::{
    layout::PageTitle,
    pages::bucket_tabs::{BucketTabs, Tab},
    text::visible_name,
    ui::{Button, Failure, Icon, Retry, Tone},
    urls,
    words::files,
};

/// The page.
#[component]
pub fn Forbidden(
    problem: Problem,
    session: Session,
    bucket: String,
    prefix: String,
    pending: Pending,
    retry: Retry,
) -> impl IntoView {
    let Ok(name) = BucketName::parse(bucket) else {
        return view! { <Failure problem retry /> }.into_any();
    };
    let listing = Listing::unknown(name.clone(), prefix);
    let query = own_query(&listing);
    let dialogs = (ModalHandle::new(false), ModalHandle::new(false));
    let state = FilesState::new(listing, session, query, pending, dialogs);
    let shown = visible_name(name.as_str());
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::FORBIDDEN);
    }
    view! {
        <div class="page">
            <Breadcrumb state />
            <div class="page-head">
                <PageTitle heading=shown.clone() title=files::title(&shown) />
            </div>
            <BucketTabs bucket=name.to_string() here=Tab::Files />
            <UploadInputs state />
            <DropZone state>
                <section class="notice" data-testid="state-forbidden">
                    <Icon name="lock" />
                    <h2>{files::not_allowed_to_list(&shown)}</h2>
                    <form
                        method="get"
                        action=format!("/api/v1{}/object", urls::bucket(name.as_str()))
                        class="key-form"
                        target="_blank"
                    >
                        <label for="key-input">{files::key_label()}</label>
                        <input
                            id="key-input"
                            name="key"
                            class="input"
                            required
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            data-testid="key-input"
                        />
                        <Button kind="submit" tone=Tone::Primary>
                            {files::open_key()}
                        </Button>
                    </form>
                    <p>{files::upload_still_possible()}</p>
                    <div class="actions">
                        <UploadButtons state />
                    </div>
                </section>
            </DropZone>
        </div>
    }
    .into_any()
}
