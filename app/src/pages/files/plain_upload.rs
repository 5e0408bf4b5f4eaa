//! The form that stores files where no scripts run: it stands in the page, and scripts never see it.

use super::state::FilesState;

/// Nothing: hydration leaves what a `noscript` holds as it is.
#[cfg(not(feature = "ssr"))]
pub(super) fn form(_state: FilesState) -> String {
    String::new()
}

#[cfg(feature = "ssr")]
pub(super) use plain::form;

#[cfg(feature = "ssr")]
mod plain {
    use leptos::prelude::*;

    use super::FilesState;
    use crate::{
        outcome::Outcome,
        ui::{ErrorSummary, Icon},
        words::files,
    };

    const FORM: &str = "store_files";

    /// The form as it stands in the page. What the server needs to know stands before the files, which are
    /// stored as they arrive.
    pub(in super::super) fn form(state: FilesState) -> String {
        let hidden = [
            ("op", FORM.to_owned()),
            ("bucket", state.bucket.with_value(ToString::to_string)),
            ("prefix", state.prefix.get_value()),
            ("next", state.here()),
        ];
        let hidden =
            hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
        view! {
            <form
                method="post"
                enctype="multipart/form-data"
                action=state.here()
                class="plain-upload"
                data-testid="form-upload"
            >
                {hidden.into_iter().collect_view()}
                <crate::SessionField />
                <ErrorSummary problem=RwSignal::new(Outcome::problem(FORM)) />
                <label class="check-line">
                    <input type="checkbox" name="replace" value="true" />
                    {files::replace_files()}
                </label>
                <div class="plain-upload-files">
                    <label for="field-file">{files::files_to_upload()}</label>
                    <input type="file" name="file" id="field-file" class="input" multiple required />
                    <button type="submit" class="button button-primary" data-testid="plain-upload">
                        <Icon name="upload" />
                        {files::upload()}
                    </button>
                </div>
                <p class="help">{files::upload_without_scripts()}</p>
            </form>
        }
        .to_html()
    }
}
