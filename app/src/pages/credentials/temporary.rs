//! Keys lent for a while: the list of one's own, making one, taking one back.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem, Timestamp,
    credentials::{
        KeyAccess, LendKey, LentKey, ListTemporaryKeys, NewTemporaryKey, RevokeKey, TemporaryKey,
    },
};

use super::secret::CopyText;
use crate::{
    api,
    outcome::Outcome,
    text::visible_name,
    ui::{
        Button, Clock, ErrorSummary, Failure, Icon, Messages, Modal, ModalHandle, Moment, Retry,
        SubmitBar, TextField, Tone,
    },
    urls,
    words::credentials,
};

/// The form that takes a key back.
const REVOKE: &str = "revoke_key";
/// The lives that are offered, in seconds.
const LIVES: [u64; 4] = [900, 3_600, 14_400, 43_200];

/// The list, and the button that adds to it.
#[component]
pub(super) fn Temporary(bucket: RwSignal<String>) -> impl IntoView {
    let keys = Resource::new_blocking(|| (), |()| api::call(ListTemporaryKeys));
    let retry = Retry::new(move || keys.refetch());
    let changed = Callback::new(move |()| keys.refetch());
    let handle = ModalHandle::new(false);
    let refused = Outcome::problem(REVOKE).map(|problem| {
        view! {
            <div class="alert alert-danger" role="alert">
                <Icon name="alert" />
                <p>{problem.sentence()}</p>
            </div>
        }
    });
    view! {
        <section class="form-panel" aria-labelledby="credentials-temporary">
            <h2 id="credentials-temporary">{credentials::temporary()}</h2>
            <p class="help">{credentials::temporary_means()}</p>
            {refused}
            <Transition>
                {move || Suspend::new(async move {
                    match keys.await {
                        Ok(found) => {
                            retry.succeeded();
                            view! { <List keys=found.keys changed /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
            <div class="actions needs-script">
                <Button attr:data-testid="temp-key-create" press=move |_| handle.open()>
                    <Icon name="plus" />
                    {credentials::make_key()}
                </Button>
            </div>
            <Modal handle title=credentials::make_key() back=urls::CREDENTIALS testid="temp-key-dialog">
                <Make bucket handle changed />
            </Modal>
        </section>
    }
    .into_any()
}

#[component]
fn List(keys: Vec<TemporaryKey>, changed: Callback<()>) -> impl IntoView {
    if keys.is_empty() {
        return view! { <p class="muted">{credentials::none()}</p> }.into_any();
    }
    let rows = keys
        .into_iter()
        .map(|key| view! { <Row lent=key changed /> })
        .collect_view();
    view! {
        <div class="table-frame" role="region" aria-label=credentials::own_keys() tabindex="0">
            <table class="table table-cards table-keys" data-testid="table-temporary-keys">
                <thead>
                    <tr>
                        <th scope="col">{credentials::access_key()}</th>
                        <th scope="col">{credentials::scope()}</th>
                        <th scope="col">{credentials::access()}</th>
                        <th scope="col">{credentials::created()}</th>
                        <th scope="col">{credentials::ends()}</th>
                        <th scope="col">{credentials::last_use()}</th>
                        <th scope="col">
                            <span class="sr-only">{credentials::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn may(access: KeyAccess) -> &'static str {
    match access {
        KeyAccess::Read => credentials::access_read(),
        KeyAccess::ReadWrite => credentials::access_read_write(),
    }
}

#[component]
fn Row(lent: TemporaryKey, changed: Callback<()>) -> impl IntoView {
    let TemporaryKey {
        access_key_id,
        bucket,
        prefix,
        access,
        created_at,
        expires_at,
        last_used_at,
    } = lent;
    let scope = format!("{bucket}/{prefix}");
    let last = match last_used_at {
        Some(time) => view! { <Moment time /> }.into_any(),
        None => credentials::never().into_any(),
    };
    view! {
        <tr data-testid="temp-key-row" data-key=access_key_id.clone()>
            <th scope="row">
                <code>{access_key_id.clone()}</code>
            </th>
            <td data-label=credentials::scope()>
                <bdi>{visible_name(&scope)}</bdi>
            </td>
            <td data-label=credentials::access()>{may(access)}</td>
            <td data-label=credentials::created()>
                <Moment time=created_at />
            </td>
            <td data-label=credentials::ends()>
                <Moment time=expires_at />
                <Ended at=expires_at />
            </td>
            <td data-label=credentials::last_use()>{last}</td>
            <td class="job-acts">
                <Revoke access_key=access_key_id.clone() changed />
            </td>
        </tr>
    }
    .into_any()
}

/// Says so once a key has ended by the browser's clock.
#[component]
fn Ended(at: Timestamp) -> impl IntoView {
    let clock = use_context::<Clock>();
    let over = move || {
        let now = clock.and_then(Clock::now);
        now.is_some_and(|now| now >= at)
    };
    view! {
        <Show when=over>
            " " <span class="chip">{credentials::ended()}</span>
        </Show>
    }
}

/// The button that takes a key back, and its question; a page of its own without scripts.
#[component]
fn Revoke(access_key: String, changed: Callback<()>) -> impl IntoView {
    let asked = urls::query().with_untracked(|query| query.get("revoke") == Some(&access_key));
    let handle = ModalHandle::new(asked);
    let ask = urls::with_query(urls::CREDENTIALS, &[("revoke", &access_key)]);
    let label = format!("{} {access_key}", credentials::revoke());
    let title = credentials::revoke_title(&access_key);
    let busy = RwSignal::new(false);
    let messages = Messages::here();
    let id = StoredValue::new(access_key);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let access_key_id = id.get_value();
        spawn_local(async move {
            let answer = api::call(RevokeKey { access_key_id }).await;
            busy.try_set(false);
            match answer {
                Ok(_gone) => {
                    handle.close();
                    messages.success(credentials::revoked());
                    let _left = changed.try_run(());
                }
                Err(refusal) => {
                    problem.try_set(Some(refusal));
                }
            }
        });
    };
    view! {
        <a
            href=ask
            data-stays=""
            class="button button-plain"
            aria-label=label
            data-testid="temp-key-revoke"
            on:click=move |event: ev::MouseEvent| {
                event.prevent_default();
                handle.open();
            }
        >
            <Icon name="close" />
            {credentials::revoke()}
        </a>
        <Modal handle title back=urls::CREDENTIALS busy testid="temp-key-revoke-dialog">
            <form method="post" action=urls::CREDENTIALS on:submit=submit>
                <input type="hidden" name="op" value=REVOKE />
                <crate::SessionField />
                <input type="hidden" name="access_key_id" value=id.get_value() />
                <input type="hidden" name="next" value=urls::CREDENTIALS />
                <div class="modal-body">
                    <ErrorSummary problem />
                    <p>{credentials::revoke_means()}</p>
                </div>
                <SubmitBar
                    handle
                    back=urls::CREDENTIALS
                    label=credentials::revoke_key()
                    tone=Tone::Danger
                    busy
                />
            </form>
        </Modal>
    }
    .into_any()
}

/// What is chosen for a new key, and then the key.
#[component]
fn Make(bucket: RwSignal<String>, handle: ModalHandle, changed: Callback<()>) -> impl IntoView {
    let made = RwSignal::new(None::<LentKey>);
    move || match made.get() {
        None => view! { <Form bucket=bucket.get_untracked() handle made changed /> }.into_any(),
        Some(lent) => view! { <Made lent handle /> }.into_any(),
    }
}

#[component]
fn Form(
    bucket: String,
    handle: ModalHandle,
    made: RwSignal<Option<LentKey>>,
    changed: Callback<()>,
) -> impl IntoView {
    let (name, prefix) = (RwSignal::new(bucket), RwSignal::new(String::new()));
    let (access, life) = (RwSignal::new(KeyAccess::Read), RwSignal::new(LIVES[1]));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let error = move |field: &'static str| {
        Signal::derive(move || {
            problem.with(|problem| Some(problem.as_ref()?.field(field)?.to_owned()))
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let new = NewTemporaryKey {
            bucket: name.with_untracked(|name| name.trim().to_owned()),
            prefix: prefix.get_untracked(),
            access: access.get_untracked(),
            duration: life.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::call(LendKey(new)).await;
            busy.try_set(false);
            match answer {
                Ok(lent) => {
                    made.try_set(Some(lent));
                    let _left = changed.try_run(());
                }
                Err(refusal) => {
                    problem.try_set(Some(refusal));
                }
            }
        });
    };
    view! {
        <form on:submit=submit novalidate autocomplete="off">
            <div class="modal-body">
                <ErrorSummary problem />
                <TextField
                    name="key_bucket"
                    label=credentials::bucket().to_owned()
                    value=name
                    error=error("bucket")
                    list="credentials-buckets"
                    required=true
                />
                <TextField
                    name="key_prefix"
                    label=credentials::prefix().to_owned()
                    value=prefix
                    error=error("prefix")
                    help=Some(credentials::prefix_help().to_owned())
                />
                <Choices access life />
            </div>
            <SubmitBar
                handle
                back=urls::CREDENTIALS
                label=credentials::make_key()
                tone=Tone::Primary
                busy
            />
        </form>
    }
    .into_any()
}

/// What the key may do, and for how long.
#[component]
fn Choices(access: RwSignal<KeyAccess>, life: RwSignal<u64>) -> impl IntoView {
    let chosen = life.get_untracked();
    let lives = LIVES
        .map(|life| {
            view! {
                <option value=life selected=life == chosen>
                    {span(life)}
                </option>
            }
        })
        .collect_view();
    let writes = move |event| {
        access.set(if event_target_value(&event) == "read_write" {
            KeyAccess::ReadWrite
        } else {
            KeyAccess::Read
        });
    };
    view! {
        <div class="field">
            <label for="key-access">{credentials::access()}</label>
            <select id="key-access" class="input input-select" on:change=writes>
                <option value="read">{credentials::access_read()}</option>
                <option value="read_write">{credentials::access_read_write()}</option>
            </select>
        </div>
        <div class="field">
            <label for="key-life">{credentials::ends_after()}</label>
            <select
                id="key-life"
                class="input input-select"
                on:change=move |event| {
                    if let Ok(seconds) = event_target_value(&event).parse() {
                        life.set(seconds);
                    }
                }
            >
                {lives}
            </select>
        </div>
    }
    .into_any()
}

fn span(seconds: u64) -> String {
    if seconds.is_multiple_of(3_600) {
        credentials::hours(seconds / 3_600)
    } else {
        credentials::minutes(seconds / 60)
    }
}

/// The key with its secret, which nobody can see again.
#[component]
fn Made(lent: LentKey, handle: ModalHandle) -> impl IntoView {
    let LentKey {
        key,
        secret_access_key: secret,
    } = lent;
    let access_key = key.access_key_id;
    view! {
        <div class="modal-body" data-testid="temp-key-made">
            <p class="note">
                <Icon name="info" />
                <span>{credentials::made_once()}</span>
            </p>
            <dl class="facts credentials-facts">
                <dt>{credentials::access_key()}</dt>
                <dd>
                    <code data-testid="temp-key-access">{access_key.clone()}</code>
                    <CopyText text=access_key name=credentials::copy_access_key() />
                </dd>
                <dt>{credentials::secret()}</dt>
                <dd>
                    <code data-testid="temp-key-secret">{secret.clone()}</code>
                    <CopyText text=secret name=credentials::copy_secret() />
                </dd>
                <dt>{credentials::ends()}</dt>
                <dd>
                    <Moment time=key.expires_at />
                </dd>
            </dl>
        </div>
        <div class="modal-foot">
            <Button tone=Tone::Primary attr:data-testid="temp-key-done" press=move |_| handle.close()>
                {credentials::done()}
            </Button>
        </div>
    }
    .into_any()
}
