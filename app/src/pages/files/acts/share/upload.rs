//! A presigned URL by which others store one file in a folder.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ObjectKey, Problem,
    commands::send,
    presign::{Presign, PresignMethod, PresignRequest, PresignedUrl},
};

use super::{Address, Copy, DIRECT, Life, fault, life, warning};
use crate::{
    api,
    pages::files::state::FilesState,
    text,
    ui::{Button, ErrorSummary, TextField},
    words::links,
};

/// The form, and what it made.
#[component]
pub(super) fn UploadLink(state: FilesState, folder: String, within: &'static str) -> impl IntoView {
    let (chosen, own) = (
        RwSignal::new("86400".to_owned()),
        RwSignal::new(String::new()),
    );
    let name = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let made = RwSignal::new(None::<PresignedUrl>);
    let folder = StoredValue::new(folder);
    let create = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(expires_in) = life(chosen, own) else {
            problem.set(Some(fault("upload-seconds", links::own_seconds())));
            return;
        };
        let named = name.with_untracked(|name| name.trim().to_owned());
        let key = folder.with_value(|folder| format!("{folder}{named}"));
        if named.is_empty() || named.ends_with('/') || ObjectKey::parse(key.as_str()).is_err() {
            problem.set(Some(fault("upload_name", links::upload_name_missing())));
            return;
        }
        let once = state
            .session
            .with_value(|session| session.upload.conditional_writes);
        let call = Presign(PresignRequest {
            bucket: state.bucket.with_value(ToString::to_string),
            key,
            expires_in: Some(expires_in),
            method: Some(PresignMethod::PutObject),
            // Else whoever has the link could replace what it stored, again and again.
            if_none_match: once,
            ..PresignRequest::default()
        });
        busy.set(true);
        spawn_local(async move {
            let answer = api::call(call).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(url) => {
                    problem.try_set(None);
                    made.try_set(Some(url));
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    let reason = Signal::derive(move || busy.get().then(links::making));
    let (life_id, heading) = (
        format!("{within}upload-life"),
        format!("{within}share-upload"),
    );
    view! {
        <section class="share-part" aria-labelledby=heading>
            <h3 id=heading.clone()>{links::upload()}</h3>
            <p class="muted">{links::upload_means()}</p>
            <form on:submit=create class="share-form" novalidate autocomplete="off">
                <ErrorSummary problem within />
                <TextField name="upload_name" within label=links::upload_name().to_owned() value=name />
                <Life id=life_id name="upload-seconds" within lives=&DIRECT chosen own />
                <Button kind="submit" reason attr:data-testid="upload-link-create">
                    {links::make_upload()}
                </Button>
            </form>
            {move || made.get().map(|url| view! { <Made url /> })}
        </section>
    }
}

/// What was signed.
#[component]
fn Made(url: PresignedUrl) -> impl IntoView {
    let line = send(&url.key, &url.url, &url.headers);
    let once = !url.headers.is_empty();
    view! {
        <div class="share-made" data-testid="upload-link">
            <p data-testid="upload-ends">
                {links::ends()} " "
                <time datetime=url.expires_at.to_string()>{text::utc(url.expires_at)}</time>
            </p>
            <ul class="share-warnings">{url.warnings.into_iter().map(warning).collect_view()}</ul>
            <p>
                {if once { links::upload_once() } else { links::upload_again() }}
            </p>
            <Address value=url.url.clone() testid="upload-url" />
            <div class="actions">
                <Copy text=url.url.clone() />
            </div>
            <section class="commands">
                <div class="command-head">
                    <h4>"curl"</h4>
                    <Copy text=line.clone() />
                </div>
                <pre tabindex="0" aria-label="curl" role="region" data-testid="upload-curl">
                    {line}
                </pre>
            </section>
        </div>
    }
}
