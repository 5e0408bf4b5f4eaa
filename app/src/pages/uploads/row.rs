//! One unfinished upload.

use leptos::prelude::*;
use model::{Timestamp, multipart::OpenUpload, unit};

use super::{
    listing::folder_of,
    resume,
    state::{Row, Stored, UploadsPageState},
};
use crate::{
    browser,
    text::{counted, visible_name},
    ui::{Button, Icon, Moment, Tone},
    urls,
};

/// Why the button is off for everybody but the initiator.
const NOT_YOURS: &str = "On this store only the account that began an upload may add parts to it";

#[component]
pub fn UploadRow(state: UploadsPageState, row: Row) -> impl IntoView {
    let Row { upload, stored } = row;
    let stored = RwSignal::from(stored);
    let shown = visible_name(&upload.key);
    let folder = state
        .bucket
        .with_value(|bucket| urls::folder(bucket, folder_of(&upload.key)));
    let link = upload.upload_id.replace(['"', '\\'], "");
    let begun_by = upload.initiator.as_ref().and_then(|person| {
        let name = person.display_name.clone().filter(|name| !name.is_empty());
        name.or_else(|| person.id.clone())
    });
    view! {
        <tr
            data-testid="mpu-row"
            data-key=upload.key.clone()
            data-upload=upload.upload_id.clone()
        >
            <th scope="row">
                <a href=folder class="name-link upload-key" data-upload-link=link>
                    <Icon name="file" />
                    <bdi>{shown.clone()}</bdi>
                </a>
            </th>
            <td data-label="Started">{when(upload.initiated)}</td>
            <td data-label="Stored so far" class="mpu-stored">
                {move || stored.with(stored_so_far)}
            </td>
            <td data-label="Begun by">
                {match begun_by {
                    Some(name) => view! { <bdi>{name}</bdi> }.into_any(),
                    None => unknown("unknown"),
                }}
            </td>
            <td data-label="Aborts on">{move || aborts(state, upload.abort_date, stored)}</td>
            <td data-label="Where">
                <Where state id=upload.upload_id.clone() />
            </td>
            <td class="mpu-actions">
                <Actions state upload=upload.clone() stored shown />
            </td>
        </tr>
    }
}

/// A dash, and what it means.
fn unknown(why: &'static str) -> AnyView {
    view! {
        <span aria-hidden="true" title=why>
            "–"
        </span>
        <span class="sr-only">{why}</span>
    }
    .into_any()
}

fn when(time: Option<Timestamp>) -> AnyView {
    match time {
        Some(time) => view! { <Moment time /> }.into_any(),
        None => unknown("unknown"),
    }
}

fn stored_so_far(stored: &Stored) -> AnyView {
    match stored {
        Stored::Unasked => unknown("not counted yet"),
        Stored::Known { parts, bytes, .. } => view! {
            <span title=unit::exact_bytes(*bytes)>
                {format!("{} · {}", counted(*parts, "part"), unit::size(*bytes))}
            </span>
        }
        .into_any(),
        Stored::Refused => {
            unknown("only the account that began it, and the bucket's owner, may look")
        }
        Stored::Failed(why) => {
            let why = why.clone();
            view! {
                <span aria-hidden="true" title=why.clone()>
                    "–"
                </span>
                <span class="sr-only">{why}</span>
            }
            .into_any()
        }
    }
}

/// When the store gives it up. The list of its parts knows better than the list of uploads.
fn aborts(state: UploadsPageState, listed: Option<Timestamp>, stored: RwSignal<Stored>) -> AnyView {
    let told = stored.with(|stored| match stored {
        Stored::Known { abort_date, .. } => *abort_date,
        _ => None,
    });
    match told.or(listed) {
        None if state.expires.get() == Some(false) => "never".into_any(),
        date => when(date),
    }
}

/// Whether this browser has it among its transfers.
#[component]
fn Where(state: UploadsPageState, id: String) -> impl IntoView {
    let here = Memo::new(move |_| state.noted.has(&id));
    move || match here.get() {
        Some(true) => view! { <a href=urls::TRANSFERS>"this browser"</a> }.into_any(),
        Some(false) => "elsewhere".into_any(),
        None => unknown("not known"),
    }
}

#[component]
fn Actions(
    state: UploadsPageState,
    upload: OpenUpload,
    stored: RwSignal<Stored>,
    shown: String,
) -> impl IntoView {
    let others = state.is_somebody_else_s(&upload);
    let reason = Signal::derive(move || {
        others.then_some(NOT_YOURS).or_else(|| {
            stored.with(|stored| match stored {
                Stored::Known { unfit, .. } => unfit.map(model::upload::Unfit::words),
                Stored::Refused => Some(NOT_YOURS),
                Stored::Unasked | Stored::Failed(_) => None,
            })
        })
    });
    let of = format!(" the upload of {shown}");
    let (of_resume, of_abort) = (of.clone(), of.clone());
    let chosen = StoredValue::new(upload.clone());
    view! {
        <div class="mpu-buttons">
            <span class="needs-script">
                <Button
                    reason
                    attr:data-testid="mpu-resume"
                    on:click=move |_| resume::ask(state, chosen.get_value())
                >
                    <Icon name="play" />
                    "Resume"
                    <span class="sr-only">{of_resume}</span>
                </Button>
            </span>
            <AbortButton state upload=upload.clone() of=of_abort />
            <More state upload others stored of />
        </div>
        {move || reason.get().map(|reason| view! { <p class="help mpu-reason">{reason} "."</p> })}
    }
}

/// Without scripts it leads to the question as a page.
#[component]
fn AbortButton(state: UploadsPageState, upload: OpenUpload, of: String) -> impl IntoView {
    let action = state
        .place
        .with_value(|place| urls::uploads(&place.bucket, None));
    let after = state.place.with_value(|place| place.after.clone());
    let (key, id) = (upload.key.clone(), upload.upload_id.clone());
    view! {
        <form
            method="get"
            action=action
            on:submit=move |event| {
                event.prevent_default();
                state.chosen.set(Some(upload.clone()));
                state.abort.open();
            }
        >
            {after
                .map(|(key, upload)| {
                    view! {
                        <input type="hidden" name="key_marker" value=key />
                        <input type="hidden" name="upload_id_marker" value=upload />
                    }
                })}
            <input type="hidden" name="ask" value="abort" />
            <input type="hidden" name="key" value=key />
            <input type="hidden" name="upload" value=id />
            <Button kind="submit" attr:data-testid="mpu-abort">
                "Abort"
                <span class="sr-only">{of}</span>
            </Button>
        </form>
    }
}

/// What only few want: it opens in place, also without scripts.
#[component]
fn More(
    state: UploadsPageState,
    upload: OpenUpload,
    others: bool,
    stored: RwSignal<Stored>,
    of: String,
) -> impl IntoView {
    let reason = Signal::derive(move || {
        others.then_some(NOT_YOURS).or_else(|| {
            stored.with(|stored| match stored {
                Stored::Known { is_whole: true, .. } => None,
                Stored::Known { .. } => {
                    Some("Parts are missing between the first and the last, or there are none")
                }
                Stored::Refused => Some(NOT_YOURS),
                Stored::Unasked | Stored::Failed(_) => Some("Its parts are not known yet"),
            })
        })
    });
    let id = upload.upload_id.clone();
    let copied = id.clone();
    view! {
        <details class="mpu-more">
            <summary class="button button-quiet button-icon" title="More" data-testid="row-menu">
                <Icon name="more" />
                <span class="sr-only">{format!("More actions for{of}")}</span>
            </summary>
            <div class="mpu-menu">
                <p class="help">
                    "Upload id " <code class="break-all">{id}</code>
                </p>
                <span class="needs-script mpu-buttons">
                    <Button
                        tone=Tone::Quiet
                        attr:data-testid="mpu-copy"
                        on:click=move |_| {
                            browser::copy(&copied);
                            state.messages.success("The upload id was copied.");
                        }
                    >
                        "Copy upload id"
                    </Button>
                    <Button
                        tone=Tone::Quiet
                        reason
                        attr:data-testid="mpu-complete"
                        on:click=move |_| {
                            state.chosen.set(Some(upload.clone()));
                            state.complete.open();
                        }
                    >
                        "Complete…"
                    </Button>
                </span>
            </div>
        </details>
    }
}
