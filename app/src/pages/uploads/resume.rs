//! Going on with an upload that was begun elsewhere: somebody chooses the file, and it is compared with
//! what is stored before anything of it is sent.

use leptos::{ev, prelude::*};
use model::multipart::OpenUpload;

use super::state::UploadsPageState;
use crate::{browser, words::unfinished};

/// The picker behind the buttons of all rows.
#[component]
pub fn ResumeInput(state: UploadsPageState) -> impl IntoView {
    let chosen = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        {
            let input = event_target::<web_sys::HtmlInputElement>(&event);
            let file = input.files().and_then(|files| files.get(0));
            if let (Some(file), Some(upload)) = (file, state.chosen.get_untracked()) {
                take_up(state, upload, file);
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, state);
    };
    view! {
        <input
            type="file"
            hidden
            id="resume-file"
            aria-label=unfinished::the_file_of_this_upload()
            data-testid="mpu-file"
            on:click=forget
            on:change=chosen
        />
    }
}

/// Otherwise choosing the same file again would be no change.
fn forget(event: ev::MouseEvent) {
    #[cfg(feature = "hydrate")]
    event_target::<web_sys::HtmlInputElement>(&event).set_value("");
    #[cfg(not(feature = "hydrate"))]
    let _ = event;
}

/// Asks for the file of an upload. To be called within a click.
pub fn ask(state: UploadsPageState, upload: OpenUpload) {
    state.chosen.set(Some(upload));
    browser::click("#resume-file");
}

/// Has the upload manager go on with the file, by what the store holds now.
#[cfg(feature = "hydrate")]
fn take_up(state: UploadsPageState, upload: OpenUpload, file: web_sys::File) {
    use super::listing::parts_of;

    leptos::task::spawn_local(async move {
        let bucket = state.bucket.get_value();
        let parts = parts_of(&bucket, &upload).await;
        if state.is_gone() {
            return;
        }
        match parts.map(|parts| parts.remains(&bucket, &upload)) {
            Ok(Ok(remains)) => state.go_on(remains, file),
            Ok(Err(unfit)) => state
                .messages
                .error(unfinished::unfit(super::row::unfit_words(unfit))),
            Err(problem) => state.failed(&problem),
        }
        state.look_again(&upload.upload_id);
    });
}
