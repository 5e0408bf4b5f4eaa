//! What a bucket has beside its files, as tabs below its heading.

use leptos::prelude::*;

use crate::urls;

/// A page of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its files.
    Files,
    /// Its uploads that are not completed.
    Uploads,
}

/// Links between the pages of a bucket.
#[component]
pub fn BucketTabs(
    /// The bucket as the address names it.
    bucket: String,
    /// Which one is open.
    here: Tab,
    /// How many uploads there are, where that is known.
    #[prop(optional, into)]
    uploads: Signal<Option<String>>,
) -> impl IntoView {
    let current = move |tab| (here == tab).then_some("page");
    view! {
        <nav class="sections" aria-label="Bucket" data-testid="bucket-tabs">
            <ul>
                <li>
                    <a href=urls::bucket(&bucket) aria-current=current(Tab::Files)>
                        "Files"
                    </a>
                </li>
                <li>
                    <a
                        href=urls::uploads(&bucket, None)
                        aria-current=current(Tab::Uploads)
                        data-testid="tab-uploads"
                    >
                        "Uploads in progress"
                        {move || uploads.get().map(|number| format!(" ({number})"))}
                    </a>
                </li>
            </ul>
        </nav>
    }
}
