//! Giving others what is selected: presigned URLs of files, a Hako link of one file, or of a folder, to look into it
//! or to send files there.

mod upload;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem,
    commands::Fetcher,
    link::{CreateLink, CreatedLink, DOWNLOAD, Link, LinkKind, NewLink},
    presign::{
        KeyUrl, MAX_EXPIRES_IN, ObjectToTest, PresignMany, PresignManyRequest, PresignedUrls,
        TestUrl, UrlOutcome, UrlWarning,
    },
};
use qrcode::{Color, EcLevel, QrCode};

use self::upload::UploadLink;
use super::{super::state::FilesState, Acts};
use crate::{
    api, browser,
    text::{self, visible_name},
    ui::{Button, ErrorSummary, Icon, Modal, TextArea, TextField, Tone},
    urls,
    words::{files, links},
};

/// The lives that are offered, in seconds.
const DIRECT: [u64; 5] = [900, 3_600, 21_600, 86_400, MAX_EXPIRES_IN];
const HAKO: [u64; 4] = [86_400, 604_800, 2_592_000, 31_536_000];
/// The choice of a life of one's own.
const OWN: &str = "own";
/// The modules that stay white around a QR code.
const QUIET: usize = 4;

/// What is shared.
#[derive(Clone)]
pub(in crate::pages::files) struct Subject {
    state: FilesState,
    /// What stands before the ids of this form's fields: the dialog may be open over the drawer.
    within: &'static str,
    /// The keys of the files.
    keys: Vec<String>,
    /// The folder, where nothing but one is selected.
    folder: Option<String>,
    /// Whether folders are left out.
    left_out: bool,
}

impl Subject {
    /// What is selected.
    fn new(state: FilesState) -> Self {
        let (folders, files) = untrack(|| state.chosen());
        let keys: Vec<String> = files.into_iter().map(|entry| entry.key).collect();
        let mut folders = folders.into_iter().map(|entry| entry.key);
        let folder = folders.next().filter(|_| keys.is_empty());
        Self {
            state,
            within: "",
            left_out: folder.is_none() && untrack(|| !state.chosen().0.is_empty()),
            keys,
            folder,
        }
    }

    /// What the drawer shows: a file, or a folder.
    pub fn opened(state: FilesState, key: &str) -> Self {
        let key = key.to_owned();
        let (keys, folder) = if key.ends_with('/') {
            (Vec::new(), Some(key))
        } else {
            (vec![key], None)
        };
        Self {
            state,
            within: "drawer-",
            keys,
            folder,
            left_out: false,
        }
    }

    /// An id that is there once.
    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.within)
    }

    fn bucket(&self) -> String {
        self.state.bucket.with_value(ToString::to_string)
    }
}

/// The dialog.
#[component]
pub(super) fn ShareDialog(acts: Acts) -> impl IntoView {
    let state = acts.scene().state;
    let title = Signal::derive(|| links::share().to_owned());
    view! {
        <Modal handle=acts.scene().share title back=state.here() testid="share-dialog">
            <Share state />
        </Modal>
    }
}

#[component]
fn Share(state: FilesState) -> impl IntoView {
    let subject = Subject::new(state);
    let about = match (subject.keys.as_slice(), &subject.folder) {
        ([one], _) => visible_name(one),
        ([], Some(folder)) => visible_name(folder),
        (keys, _) => links::files_count(keys.len() as u64),
    };
    let left_out = subject.left_out;
    view! {
        <div class="modal-body share-dialog">
            <p class="share-about">
                <bdi>{about}</bdi>
            </p>
            {left_out.then(|| view! { <p class="note">{links::folders_left_out()}</p> })}
            <Ways subject />
        </div>
    }
}

/// The ways to share it that there are here.
#[component]
pub(in crate::pages::files) fn Ways(
    subject: Subject,
    /// Hears of a Hako link that was made.
    #[prop(optional, into)]
    on_link: Option<Callback<Link>>,
) -> impl IntoView {
    let (state, within) = (subject.state, subject.within);
    let (presigns, has_links) = state.session.with_value(|session| {
        let features = &session.features;
        (features.presign, features.links)
    });
    let direct = (presigns && !subject.keys.is_empty()).then(|| {
        let subject = subject.clone();
        view! { <Direct subject /> }
    });
    let upload = subject.folder.clone().filter(|_| presigns);
    let upload = upload.map(|folder| view! { <UploadLink state folder within /> });
    let one = subject.keys.len() == 1 || subject.folder.is_some();
    let hako = (has_links && one).then(|| view! { <Hako subject on_link /> });
    view! {
        {direct}
        {hako}
        {upload}
    }
    .into_any()
}

/// A list of lives, and the field of one's own.
#[component]
fn Life(
    id: String,
    within: &'static str,
    /// The name of the field of one's own.
    name: &'static str,
    lives: &'static [u64],
    chosen: RwSignal<String>,
    own: RwSignal<String>,
) -> impl IntoView {
    let options = lives
        .iter()
        .map(|life| {
            let value = life.to_string();
            let selected = value == chosen.get_untracked();
            view! {
                <option value=value selected=selected>
                    {span(*life)}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{links::ends_after()}</label>
            <select
                id=id
                class="input"
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                {options}
                <option value=OWN>{links::own_time()}</option>
            </select>
        </div>
        <Show when=move || chosen.get() == OWN>
            <TextField name within label=links::own_seconds().to_owned() value=own />
        </Show>
    }
}

/// The life that is chosen, in seconds; nothing where what was typed is no number.
fn life(chosen: RwSignal<String>, own: RwSignal<String>) -> Option<u64> {
    let chosen = chosen.get_untracked();
    let text = if chosen == OWN {
        own.get_untracked()
    } else {
        chosen
    };
    text.trim().parse().ok()
}

/// A time that is offered, in words.
fn span(seconds: u64) -> String {
    match seconds {
        s if s % 86_400 == 0 => links::days(s / 86_400),
        s if s % 3_600 == 0 => links::hours(s / 3_600),
        s => links::minutes(s / 60),
    }
}

/// A field that is wrong.
fn fault(field: &str, why: &str) -> Problem {
    Problem::fields(vec![model::problem::FieldError::body(field, why)])
}

/// Presigned URLs.
#[component]
fn Direct(subject: Subject) -> impl IntoView {
    let (chosen, own) = (
        RwSignal::new("86400".to_owned()),
        RwSignal::new(String::new()),
    );
    let (name, kind) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let made = RwSignal::new(None::<PresignedUrls>);
    let single = subject.keys.len() == 1;
    let (within, life_id, heading) = (
        subject.within,
        subject.id("share-life"),
        subject.id("share-direct"),
    );
    let subject = StoredValue::new(subject);
    let create = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(expires_in) = life(chosen, own) else {
            problem.set(Some(fault("share-seconds", links::own_seconds())));
            return;
        };
        let typed = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let (state, keys) = subject.with_value(|s| (s.state, s.keys.clone()));
        let call = PresignMany {
            bucket: state.bucket.get_value(),
            request: PresignManyRequest {
                keys,
                expires_in: Some(expires_in),
                file_name: typed(name),
                response_content_type: typed(kind),
                ..PresignManyRequest::default()
            },
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::call(call).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(urls) => {
                    problem.try_set(None);
                    made.try_set(Some(urls));
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    let reason = Signal::derive(move || busy.get().then(links::making));
    view! {
        <section class="share-part" aria-labelledby=heading>
            <h3 id=heading.clone()>{links::direct()}</h3>
            <p class="muted">{links::direct_means()}</p>
            <form on:submit=create class="share-form" novalidate>
                <ErrorSummary problem within />
                <Life id=life_id name="share-seconds" within lives=&DIRECT chosen own />
                {single
                    .then(|| {
                        view! {
                            <details class="share-more">
                                <summary>{links::more()}</summary>
                                <TextField name="file_name" within label=links::file_name().to_owned() value=name />
                                <TextField
                                    name="response_content_type"
                                    within
                                    label=links::content_type().to_owned()
                                    value=kind
                                />
                            </details>
                        }
                    })}
                <Button kind="submit" tone=Tone::Primary reason attr:data-testid="share-create">
                    {links::make_direct()}
                </Button>
            </form>
            {move || {
                made.get()
                    .map(|urls| {
                        let subject = subject.get_value();
                        view! { <Made subject urls /> }
                    })
            }}
        </section>
    }
}

fn warning(warning: UrlWarning) -> AnyView {
    let (kind, words) = match warning {
        UrlWarning::NotRevocable => ("not_revocable", links::not_revocable().to_owned()),
        UrlWarning::EndsWithKey => ("ends_with_key", links::ends_with_key().to_owned()),
        UrlWarning::EndsWithTemporaryKey { at } => (
            "ends_with_temporary_key",
            links::ends_with_temporary_key(&text::utc(at)),
        ),
        UrlWarning::InternalAddress { host } => ("internal_address", links::internal(&host)),
    };
    view! {
        <li data-testid="share-warning" data-kind=kind>
            <Icon name="alert" />
            <span>{words}</span>
        </li>
    }
    .into_any()
}

/// What was signed.
#[component]
fn Made(subject: Subject, urls: PresignedUrls) -> impl IntoView {
    let PresignedUrls {
        urls,
        expires_at,
        warnings,
        ..
    } = urls;
    let lines: Vec<&str> = urls.iter().map(|one| one.url.as_str()).collect();
    let all = lines.join("\n");
    let table = csv(&urls, &expires_at.to_string());
    let pairs: Vec<_> = urls
        .iter()
        .map(|one| (one.key.clone(), one.url.clone()))
        .collect();
    let first = urls.first().map(|one| one.key.clone()).unwrap_or_default();
    let qr = match urls.as_slice() {
        [one] => code(&one.url),
        _ => None,
    };
    let save = move |_| browser::save("links.csv", "text/csv", &table);
    view! {
        <div class="share-made">
            <p data-testid="share-ends">
                {links::ends()} " " <time datetime=expires_at.to_string()>{text::utc(expires_at)}</time>
            </p>
            <ul class="share-warnings">{warnings.into_iter().map(warning).collect_view()}</ul>
            <Address value=all.clone() testid="share-url" />
            <div class="actions">
                <Copy text=all />
                <Button attr:data-testid="share-csv" press=save>
                    <Icon name="download" />
                    {links::csv()}
                </Button>
                <Test subject key=first />
            </div>
            {qr}
            <Snippets pairs />
        </div>
    }
}

/// One address per line, to be selected and copied.
#[component]
fn Address(value: String, testid: &'static str) -> impl IntoView {
    let rows = value.lines().count().clamp(2, 8);
    view! {
        <textarea
            class="input share-url"
            readonly
            rows=rows
            spellcheck="false"
            aria-label=links::address()
            data-testid=testid
            prop:value=value.clone()
            inner_html=text::in_area(&value)
        ></textarea>
    }
}

#[component]
fn Copy(text: String) -> impl IntoView {
    let messages = crate::ui::Messages::here();
    let copy = move |_| {
        browser::copy(&text);
        messages.success(files::copied());
    };
    view! {
        <Button attr:data-testid="copy" press=copy>
            <Icon name="copy" />
            {links::copy()}
        </Button>
    }
}

/// Has the server try the public address.
#[component]
fn Test(subject: Subject, key: String) -> impl IntoView {
    let said = RwSignal::new(None::<(&'static str, String)>);
    let busy = RwSignal::new(false);
    let bucket = subject.bucket();
    let test = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let call = TestUrl(ObjectToTest {
            bucket: bucket.clone(),
            key: key.clone(),
        });
        spawn_local(async move {
            let told = match api::call(call).await {
                Ok(test) => match test.outcome {
                    UrlOutcome::Ok => ("ok", links::test_ok(&test.origin)),
                    UrlOutcome::Refused => {
                        let status = test.status.unwrap_or_default();
                        (
                            "refused",
                            links::test_refused(&test.origin, &status.to_string()),
                        )
                    }
                    UrlOutcome::Unreachable => {
                        ("unreachable", links::test_unreachable(&test.origin))
                    }
                },
                Err(problem) => ("error", problem.sentence()),
            };
            busy.try_set(false);
            said.try_set(Some(told));
        });
    };
    let reason = Signal::derive(move || busy.get().then(links::testing));
    view! {
        <Button attr:data-testid="share-test" reason press=test>
            <Icon name="globe" />
            {links::test()}
        </Button>
        <p role="status" class="share-test" data-testid="share-test-result" data-outcome=move || said.get().map(|s| s.0)>
            {move || said.get().map(|s| s.1)}
        </p>
    }
}

/// Lines of programs that fetch it.
#[component]
fn Snippets(pairs: Vec<(String, String)>) -> impl IntoView {
    let sections = Fetcher::ALL.map(|fetcher| {
        let (name, text) = (fetcher.as_str(), fetcher.lines(&pairs));
        view! {
            <section>
                <div class="command-head">
                    <h4>{name}</h4>
                    <Copy text=text.clone() />
                </div>
                <pre tabindex="0" aria-label=name role="region" data-testid=format!("snippet-{name}")>
                    {text}
                </pre>
            </section>
        }
    });
    view! {
        <details class="share-more commands">
            <summary>{links::by_program()}</summary>
            {sections.collect_view()}
        </details>
    }
}

/// A Hako link, of a file or a folder.
#[component]
fn Hako(subject: Subject, on_link: Option<Callback<Link>>) -> impl IntoView {
    let (chosen, own) = (
        RwSignal::new("604800".to_owned()),
        RwSignal::new(String::new()),
    );
    let [uses, addresses, password] = [(); 3].map(|()| RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let made = RwSignal::new(None::<(String, Option<String>)>);
    let kind = RwSignal::new(match subject.folder {
        Some(_) => LinkKind::Folder,
        None => LinkKind::Download,
    });
    let is_folder = subject.folder.is_some();
    let (within, life_id, heading_id) = (
        subject.within,
        subject.id("link-life"),
        subject.id("share-hako"),
    );
    let subject = StoredValue::new(subject);
    let create = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(expires_in) = life(chosen, own) else {
            problem.set(Some(fault("link-seconds", links::own_seconds())));
            return;
        };
        let count = uses.get_untracked();
        let count = match count.trim() {
            "" => None,
            text => match text.parse() {
                Ok(count) => Some(count),
                Err(_no_number) => {
                    problem.set(Some(fault("uses", links::uses_number())));
                    return;
                }
            },
        };
        let from = addresses.get_untracked();
        let from = from.split([',', '\n', ' ']).map(str::trim);
        let new = subject.with_value(|subject| NewLink {
            kind: kind.get_untracked(),
            bucket: subject.bucket(),
            key: subject.keys.first().cloned(),
            prefix: subject.folder.clone(),
            expires_in: Some(expires_in),
            uses: count,
            addresses: from
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
            password: Some(password.get_untracked()).filter(|typed| !typed.is_empty()),
        });
        let name = subject.with_value(|s| s.keys.first().cloned());
        busy.set(true);
        spawn_local(async move {
            let answer = api::call(CreateLink(new)).await;
            let _left = busy.try_set(false);
            match answer {
                Ok(CreatedLink { url, link }) => {
                    problem.try_set(None);
                    if let Some(on_link) = on_link {
                        let _left = on_link.try_run(link);
                    }
                    made.try_set(Some((url, name)));
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    let reason = Signal::derive(move || busy.get().then(links::making));
    view! {
        <section class="share-part" aria-labelledby=heading_id>
            <h3 id=heading_id.clone()>{links::hako()}</h3>
            <p class="muted">{links::hako_means()}</p>
            <form on:submit=create class="share-form" novalidate autocomplete="off">
                <ErrorSummary problem within />
                {is_folder.then(|| view! { <Purpose kind within /> })}
                <Life id=life_id name="link-seconds" within lives=&HAKO chosen own />
                <details class="share-more">
                    <summary>{links::limits()}</summary>
                    <TextField
                        name="uses"
                        within
                        label=links::uses_most().to_owned()
                        value=uses
                        help=Some(links::uses_help().to_owned())
                    />
                    <TextArea
                        name="addresses"
                        within
                        label=links::addresses().to_owned()
                        value=addresses
                        help=Some(links::addresses_help().to_owned())
                    />
                    <TextField
                        name="password"
                        within
                        kind="password"
                        autocomplete="new-password"
                        label=links::password().to_owned()
                        value=password
                        help=Some(links::password_help().to_owned())
                    />
                </details>
                <Button kind="submit" tone=Tone::Plain reason attr:data-testid="link-create">
                    {links::make()}
                </Button>
            </form>
            {move || made.get().map(|(url, name)| view! { <MadeLink url name /> })}
        </section>
    }
}

/// What a link of a folder is for.
#[component]
fn Purpose(kind: RwSignal<LinkKind>, within: &'static str) -> impl IntoView {
    let choice = move |value: LinkKind, words: &'static str, means: &'static str| {
        let word = value.as_str();
        let means_id = format!("{within}link-kind-{word}");
        view! {
            <label class="check-line">
                <input
                    type="radio"
                    name="link-kind"
                    value=word
                    prop:checked=move || kind.get() == value
                    aria-describedby=means_id.clone()
                    data-testid=format!("link-kind-{word}")
                    on:change=move |_| kind.set(value)
                />
                <span>
                    <span class="font-semibold">{words}</span>
                    <span id=means_id class="block text-(color:--muted)">
                        {means}
                    </span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="share-kinds">
            <legend>{links::purpose()}</legend>
            {choice(LinkKind::Folder, links::open_folder(), links::open_folder_means())}
            {choice(LinkKind::Request, links::request(), links::request_means())}
        </fieldset>
    }
}

#[component]
fn MadeLink(url: String, name: Option<String>) -> impl IntoView {
    let pairs = name.map(|name| vec![(name, format!("{url}{DOWNLOAD}"))]);
    view! {
        <div class="share-made">
            <p class="note">
                <Icon name="info" />
                <span>{links::told_once()}</span>
            </p>
            <Address value=url.clone() testid="link-url" />
            <div class="actions">
                <Copy text=url.clone() />
                <a href=urls::LINKS class="button button-plain">
                    {links::links()}
                </a>
            </div>
            {code(&url)}
            {pairs.map(|pairs| view! { <Snippets pairs /> })}
        </div>
    }
}

/// A QR code of a text, drawn here: nobody else learns the text. Dark on white in both themes, as readers want it;
/// nothing for a text that is too long for one.
fn code(text: &str) -> Option<AnyView> {
    use std::fmt::Write as _;

    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (at, _dark) in colors
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == Color::Dark)
    {
        let _ = write!(
            path,
            "M{} {}h1v1h-1z",
            at % width + QUIET,
            at / width + QUIET
        );
    }
    let size = width + 2 * QUIET;
    let qr = view! {
        <svg
            class="share-qr"
            viewBox=format!("0 0 {size} {size}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=links::qr()
            data-testid="share-qr"
        >
            <rect width=size height=size fill="#fff" />
            <path d=path fill="#000" />
        </svg>
    };
    Some(qr.into_any())
}

/// The URLs as a table (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe.
fn csv(urls: &[KeyUrl], ends: &str) -> String {
    let mut text = "key,url,ends_at\r\n".to_owned();
    for one in urls {
        let key = if one.key.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{}", one.key)
        } else {
            one.key.clone()
        };
        let cells = [key.as_str(), &one.url, ends];
        let cells = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_quotes_and_starts_no_formula() {
        let one = |key: &str| KeyUrl {
            key: key.to_owned(),
            url: "https://s/x?a=1".to_owned(),
        };
        assert_eq!(
            csv(&[one("a \"b\",c"), one("=1+1")], "then"),
            "key,url,ends_at\r\n\"a \"\"b\"\",c\",\"https://s/x?a=1\",\"then\"\r\n\"'=1+1\",\"https://s/x?a=1\",\"then\"\r\n"
        );
    }
}
