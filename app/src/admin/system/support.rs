//! `/system/support`: by which key the maker's support gets in.

use leptos::prelude::*;

use model::{
    Endpoint,
    mapi::calls::{Nothing, UploadSupportAccess},
};

use super::{
    super::{
        Page,
        put::{Put, PutDialog},
        text,
    },
    seconds,
};
use crate::{text::utc, urls, words::system};

/// A key that is put in.
fn put() -> Put {
    Put {
        op: "upload_support_credentials",
        path: UploadSupportAccess { query: Nothing }.path(),
        title: system::upload_support_key(),
        help: system::upload_support_key_means(),
        file: system::support_key_file(),
        text: None,
        accept: ".plk",
        label: system::upload_support_key(),
        done: system::support_key_was_uploaded(),
        phrase: Some(system::replace_the_support_key()),
    }
}

/// The page.
pub fn view(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let may = page.may.admin || page.session.rights.service.is_possible();
    let asked = urls::query().with_untracked(|query| query.get("ask").is_some());
    let key = page.map(0);
    let kind = text(&key, "type");
    let (word, means) = match kind.to_ascii_lowercase().as_str() {
        "default" => (
            system::key_default().to_owned(),
            system::key_default_means(),
        ),
        "exclusive" => (
            system::key_exclusive().to_owned(),
            system::key_exclusive_means(),
        ),
        _ => (kind, ""),
    };
    let time = |name: &str| seconds(&key, name).map(utc).unwrap_or_default();
    let facts = [
        (system::key_kind(), "type", word),
        (
            system::key_type(),
            "defaultKeyType",
            text(&key, "defaultKeyType"),
        ),
        (
            system::key_applied(),
            "applyTimeStamp",
            time("applyTimeStamp"),
        ),
        (
            system::key_created(),
            "createTimeStamp",
            time("createTimeStamp"),
        ),
        (
            system::key_serial(),
            "serialNumberFromPackage",
            text(&key, "serialNumberFromPackage"),
        ),
    ];
    let facts = facts
        .into_iter()
        .map(|(word, name, told)| {
            let told = if told.is_empty() {
                "–".to_owned()
            } else {
                told
            };
            view! {
                <dt>{word}</dt>
                <dd data-testid=format!("field-{name}")>{told}</dd>
            }
        })
        .collect_view();
    view! {
        <section class="form-panel" data-testid="support-key">
            <h2>{system::support_key()}</h2>
            <p class="help">{system::support_key_means()}</p>
            <dl class="facts facts-wide">{facts}</dl>
            {(!means.is_empty()).then(|| view! { <p>{means}</p> })}
            {may.then(|| view! { <div class="actions"><PutDialog put=put() asked /></div> })}
        </section>
    }
    .into_any()
}
