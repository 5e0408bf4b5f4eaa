//! One unfinished upload.

use leptos::prelude::*;
use model::{Timestamp, multipart::OpenUpload, upload::Unfit};

use super::{
    listing::folder_of,
    resume,
    state::{Row, Stored, UploadsPageState},
};
use crate::{
    browser,
    text::visible_name,
    ui::{Button, Icon, Moment, Tone},
    unit, urls,
    words::unfinished,
};

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
            <td data-label=unfinished::started()>{when(upload.initiated)}</td>
            <td data-label=unfinished::stored_so_far() class="mpu-stored">
                {move || stored.with(stored_so_far)}
            </td>
            <td data-label=unfinished::begun_by()>
                {match begun_by {
                    Some(name) => view! { <bdi>{name}</bdi> }.into_any(),
                    None => unknown(unfinished::unknown()),
                }}
            </td>
            <td data-label=unfinished::aborts_on()>{move || aborts(state, upload.abort_date, stored)}</td>
            <td data-label=unfinished::r#where()>
                <Where state id=upload.upload_id.clone() />
            </td>
            <td class="mpu-actions">
                <Actions state upload=upload.clone() stored shown />
            </td>
        </tr>
    }
}

/// Why nothing can go on with an upload: a sentence without its full stop.
pub fn unfit_words(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Nameless => unfinished::unfit_nameless(),
        Unfit::Unsized => unfinished::unfit_unsized(),
        Unfit::Uneven => unfinished::unfit_uneven(),
        Unfit::PartSize => unfinished::unfit_part_size(),
        Unfit::Checksum => unfinished::unfit_checksum(),
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
        None => unknown(unfinished::unknown()),
    }
}

fn stored_so_far(stored: &Stored) -> AnyView {
    match stored {
        Stored::Unasked => unknown(unfinished::not_counted_yet()),
        Stored::Known { parts, bytes, .. } => view! {
            <span title=unit::exact_bytes(*bytes)>
                {unfinished::stored_parts(*parts as u64, &unit::size(*bytes))}
            </span>
        }
        .into_any(),
        Stored::Refused => unknown(unfinished::only_owners_may_look()),
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
        None if state.expires.get() == Some(false) => unfinished::never().into_any(),
        date => when(date),
    }
}

/// Whether this browser has it among its transfers.
#[component]
fn Where(state: UploadsPageState, id: String) -> impl IntoView {
    let here = Memo::new(move |_| state.noted.has(&id));
    move || match here.get() {
        Some(true) => view! { <a href=urls::TRANSFERS>{unfinished::this_browser()}</a> }.into_any(),
        Some(false) => unfinished::elsewhere().into_any(),
        None => unknown(unfinished::not_known()),
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
        others.then_some(unfinished::not_yours()).or_else(|| {
            stored.with(|stored| match stored {
                Stored::Known { unfit, .. } => unfit.map(unfit_words),
                Stored::Refused => Some(unfinished::not_yours()),
                Stored::Unasked | Stored::Failed(_) => None,
            })
        })
    });
    let of = unfinished::of_upload(&shown);
    let of_resume = of.clone();
    let chosen = StoredValue::new(upload.clone());
    view! {
        <div class="mpu-buttons">
            <span class="needs-script">
                <Button
                    reason
                    attr:data-testid="mpu-resume"
                    press=move |_| resume::ask(state, chosen.get_value())
                >
                    <Icon name="play" />
                    {unfinished::resume()}
                    <span class="sr-only">{of_resume}</span>
                </Button>
            </span>
            <AbortButton state upload=upload.clone() of />
            <More state upload others stored name=shown />
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
                {unfinished::abort()}
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
    name: String,
) -> impl IntoView {
    let reason = Signal::derive(move || {
        others.then_some(unfinished::not_yours()).or_else(|| {
            stored.with(|stored| match stored {
                Stored::Known { is_whole: true, .. } => None,
                Stored::Known { .. } => Some(unfinished::parts_missing()),
                Stored::Refused => Some(unfinished::not_yours()),
                Stored::Unasked | Stored::Failed(_) => Some(unfinished::parts_not_known()),
            })
        })
    });
    let id = upload.upload_id.clone();
    let copied = id.clone();
    view! {
        <details class="mpu-more">
            <summary class="button button-quiet button-icon" title=unfinished::more() data-testid="row-menu">
                <Icon name="more" />
                <span class="sr-only">{unfinished::more_actions(&name)}</span>
            </summary>
            <div class="mpu-menu">
                <p class="help">
                    {unfinished::upload_id()} <code class="break-all">{id}</code>
                </p>
                <span class="needs-script mpu-buttons">
                    <Button
                        tone=Tone::Quiet
                        attr:data-testid="mpu-copy"
                        press=move |_| {
                            browser::copy(&copied);
                            state.messages.success(unfinished::id_copied());
                        }
                    >
                        {unfinished::copy_upload_id()}
                    </Button>
                    <Button
                        tone=Tone::Quiet
                        reason
                        attr:data-testid="mpu-complete"
                        press=move |_| {
                            state.chosen.set(Some(upload.clone()));
                            state.complete.open();
                        }
                    >
                        {unfinished::complete()}
                    </Button>
                </span>
            </div>
        </details>
    }
}
