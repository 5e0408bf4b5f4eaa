//! What sets other people's tools up, with values filled in.

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName,
    commands::{Client, SetupFile, setup},
    credentials::Connection,
};

use super::{
    SOME_BUCKET,
    secret::{self, CopyText},
};
use crate::{
    browser,
    ui::{Icon, Messages},
    words::credentials,
};

/// The tools.
#[component]
pub(super) fn Snippets(
    connection: StoredValue<Connection>,
    bucket: RwSignal<String>,
) -> impl IntoView {
    let secret = RwSignal::new(None::<String>);
    let wanted = RwSignal::new(false);
    let messages = Messages::here();
    let toggle = move |event| {
        let on = event_target_checked(&event);
        wanted.set(on);
        if !on {
            secret.set(None);
            return;
        }
        spawn_local(async move {
            match secret::ask().await {
                // The switch may be off again.
                Ok(told) if wanted.try_get_untracked() == Some(true) => {
                    secret.try_set(Some(told));
                }
                Ok(_late) => {}
                Err(problem) => {
                    wanted.try_set(false);
                    messages.error(problem.sentence());
                }
            }
        });
    };
    let name = Memo::new(move |_| {
        bucket.with(|typed| match BucketName::parse(typed.trim()) {
            Ok(name) => name.to_string(),
            Err(_no_name) => SOME_BUCKET.to_owned(),
        })
    });
    let tools = Client::ALL
        .map(|client| view! { <Tool client connection name secret /> })
        .collect_view();
    let authority = connection.with_value(|connection| {
        connection.private_authority && connection.endpoint_url.starts_with("https:")
    });
    view! {
        <section class="form-panel commands" aria-labelledby="credentials-snippets">
            <h2 id="credentials-snippets">{credentials::snippets()}</h2>
            <p class="help">{credentials::snippets_means()}</p>
            {authority.then(|| view! { <p class="note">{credentials::needs_authority()}</p> })}
            <div class="field needs-script">
                <label class="check-line">
                    <input
                        type="checkbox"
                        prop:checked=move || wanted.get()
                        aria-describedby="credentials-include"
                        data-testid="snippet-secret-toggle"
                        on:change=toggle
                    />
                    <span>{credentials::include_secret()}</span>
                </label>
                <p class="help" id="credentials-include">
                    {credentials::include_help()}
                </p>
            </div>
            <div class="credentials-tools">{tools}</div>
        </section>
    }
    .into_any()
}

fn about(client: Client) -> &'static str {
    match client {
        Client::Aws => credentials::about_aws(),
        Client::Boto3 => credentials::about_boto3(),
        Client::Rclone => credentials::about_rclone(),
        Client::S3cmd => credentials::about_s3cmd(),
        Client::Mc => credentials::about_mc(),
        Client::Cyberduck => credentials::about_cyberduck(),
        Client::DuckDb => credentials::about_duckdb(),
        Client::Terraform => credentials::about_terraform(),
        Client::Curl => credentials::about_curl(),
        Client::Hako => credentials::about_hako(),
    }
}

#[component]
fn Tool(
    client: Client,
    connection: StoredValue<Connection>,
    name: Memo<String>,
    secret: RwSignal<Option<String>>,
) -> impl IntoView {
    let files = Memo::new(move |_| {
        let (name, secret) = (name.get(), secret.get());
        connection.with_value(|to| setup(client, &to.setup(&name, secret.as_deref())))
    });
    // How many there are, and what they are called, follows from the tool and the endpoint alone.
    let names: Vec<_> = files.with_untracked(|files| files.iter().map(|file| file.name).collect());
    let shown = if names.is_empty() {
        view! { <p class="help">{credentials::no_words()}</p> }.into_any()
    } else {
        let files = names
            .into_iter()
            .enumerate()
            .map(|(at, name)| view! { <File files at name /> })
            .collect_view();
        view! {
            <p class="help">{about(client)}</p>
            {files}
        }
        .into_any()
    };
    view! {
        <details data-testid=format!("snippet-{}", client.id())>
            <summary>{client.as_str()}</summary>
            {shown}
        </details>
    }
    .into_any()
}

#[component]
fn File(files: Memo<Vec<SetupFile>>, at: usize, name: &'static str) -> impl IntoView {
    let text = Signal::derive(move || {
        files
            .with(|files| files.get(at).map(|file| file.text.clone()))
            .unwrap_or_default()
    });
    let save = move |_| browser::save(name, "text/plain", &text.get_untracked());
    let copy = format!("{} {name}", credentials::copy());
    let download = format!("{} {name}", credentials::download());
    view! {
        <section>
            <div class="command-head">
                <code>{name}</code>
                <span>
                    <CopyText text name=copy />
                    <button
                        type="button"
                        class="button button-quiet button-icon needs-script"
                        aria-label=download.clone()
                        title=download
                        data-testid="snippet-download"
                        on:click=save
                    >
                        <Icon name="download" />
                    </button>
                </span>
            </div>
            <pre tabindex="0" role="region" aria-label=name data-testid="snippet-text">
                {move || text.get()}
            </pre>
        </section>
    }
    .into_any()
}
