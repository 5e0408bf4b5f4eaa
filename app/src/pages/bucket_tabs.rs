//! What a bucket has beside its files, as tabs below its heading.

use leptos::prelude::*;

use crate::{layout::use_session, text::visible_name, urls, words, words::buckets, words::general};

/// A page of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its files.
    Files,
    /// What it keeps of the past.
    Versions,
    /// Its uploads that are not completed.
    Uploads,
    /// Who may do what in it.
    Access,
    /// Which pages may call it.
    Cors,
    /// What it holds, folder by folder.
    Usage,
    /// What holds in it.
    Settings,
}

/// Links between the pages of a bucket. What the store lacks has no page.
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
    let session = use_session();
    let features = session
        .get_untracked()
        .and_then(Result::ok)
        .map(|session| session.features);
    let (versions, access, cors) = features.map_or((false, false, false), |features| {
        (features.versioning, features.objects.acl, features.cors)
    });
    let tab = |tab: Tab, href: String, word: AnyView, testid: &'static str| -> AnyView {
        let current = (here == tab).then_some("page");
        view! {
            <li>
                <a href=href aria-current=current data-testid=testid>
                    {word}
                </a>
            </li>
        }
        .into_any()
    };
    let word = |word: &'static str| word.into_any();
    let in_progress = view! {
        {buckets::uploads_in_progress()}
        {move || uploads.get().map(|number| format!(" ({number})"))}
    }
    .into_any();
    view! {
        <nav class="sections" aria-label=buckets::bucket() data-testid="bucket-tabs">
            <ul>
                {tab(Tab::Files, urls::bucket(&bucket), word(buckets::files()), "tab-files")}
                {versions
                    .then(|| {
                        let href = urls::versions(&bucket, &[]);
                        tab(Tab::Versions, href, word(words::versions::tab()), "tab-versions")
                    })}
                {tab(Tab::Uploads, urls::uploads(&bucket, None), in_progress, "tab-uploads")}
                {access
                    .then(|| tab(Tab::Access, urls::access(&bucket), word(words::access::tab()), "tab-access"))}
                {cors
                    .then(|| tab(Tab::Cors, urls::cors(&bucket, &[]), word(buckets::cors()), "tab-cors"))}
                {tab(Tab::Usage, urls::bucket_usage(&bucket, &[]), word(words::usage::tab()), "tab-usage")}
                {tab(Tab::Settings, urls::settings(&bucket), word(words::bucket::settings()), "tab-settings")}
            </ul>
        </nav>
    }
}

/// All buckets, then the bucket.
#[component]
pub fn BucketCrumbs(
    /// The bucket as the address names it.
    bucket: String,
) -> impl IntoView {
    view! {
        <nav class="breadcrumb" aria-label=general::breadcrumb() data-testid="breadcrumb">
            <ol>
                <li>
                    <a href=urls::BUCKETS>{buckets::title()}</a>
                </li>
                <li>
                    <a href=urls::bucket(&bucket)>
                        <bdi>{visible_name(&bucket)}</bdi>
                    </a>
                </li>
            </ol>
        </nav>
    }
}
