//! `/system/logs` and `/system/health`: what is prepared as an archive, fetched, and given up.

use http::Method;
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Endpoint,
    form::QUERY,
    mapi::{
        HealthCheckPrepare, LogPrepare, Property, Resource as _,
        calls::{
            ActOnLogs, CancelHealthCheck, GetHealthCheckStatus, GetLogStatus, PrepareHealthCheck,
            PrepareLogs,
        },
        edit::BEFORE,
    },
    session::Backend,
};
use serde_json::{Map, Value as Json};

use super::super::{
    Page,
    deed::{AtOnce, Deed, Line, fetched},
    fields,
    form::{Form, ResourceForm},
    spec::{Say, Section},
    text,
};
use super::{at_ms, items, live::Live};
use crate::{
    api, browser,
    outcome::Outcome,
    ui::{Button, Clock, ErrorSummary, Messages},
    unit, urls,
    words::{settings, system},
};

/// While something is prepared its state is asked for as often, in milliseconds.
const EVERY: u64 = 5_000;

/// The kinds of logs, by HCP's words (HCP's management API, `logDownload`).
const CONTENT: [(&str, Say); 5] = [
    ("", system::content_all),
    ("ACCESS", system::content_access),
    ("SYSTEM", system::content_system),
    ("SERVICE", system::content_service),
    ("APPLICATION", system::content_application),
];

/// What is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// Logs.
    Logs,
    /// A health report.
    Health,
}

impl Packed {
    /// The call that tells how far it is.
    pub fn status_path(self) -> String {
        match self {
            Self::Logs => GetLogStatus::default().path(),
            Self::Health => GetHealthCheckStatus::default().path(),
        }
    }

    fn means(self) -> &'static str {
        match self {
            Self::Logs => system::logs_mean(),
            Self::Health => system::health_means(),
        }
    }

    fn fetched_by(self) -> &'static str {
        match self {
            Self::Logs => "download_logs",
            Self::Health => "download_health_check",
        }
    }

    fn given_up(self, label: &'static str) -> Deed {
        let deed = match self {
            Self::Logs => Deed::new(
                "cancel",
                "act_on_logs",
                &[],
                Method::POST,
                ActOnLogs::default().path(),
            )
            .by("cancel"),
            Self::Health => Deed::new(
                "cancel",
                "cancel_health_check",
                &[],
                Method::POST,
                CancelHealthCheck::default().path(),
            ),
        };
        deed.said(label, String::new(), system::given_up().to_owned())
    }

    fn form(self) -> Form {
        let (op, path, properties, sections): (_, _, &'static [Property], &'static [Section]) =
            match self {
                Self::Logs => (
                    "prepare_logs",
                    PrepareLogs::default().path(),
                    LogPrepare::PROPERTIES,
                    fields::LOGS,
                ),
                Self::Health => (
                    "prepare_health_check",
                    PrepareHealthCheck::default().path(),
                    HealthCheckPrepare::PROPERTIES,
                    fields::HEALTH,
                ),
            };
        let mut form = Form::change(op, &[], path, properties, sections, Map::new());
        form.creates = true;
        form.reloads = true;
        form.save = system::prepare();
        system::is_being_prepared().clone_into(&mut form.done);
        form
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    None,
    Preparing,
    Ready,
    /// It is being fetched, here or by somebody else.
    Streaming,
    Failed,
}

impl Stage {
    fn of(status: &Map<String, Json>) -> Self {
        let is = |name: &str| status.get(name).and_then(Json::as_bool) == Some(true);
        if is("error") {
            Self::Failed
        } else if is("streamingInProgress") {
            Self::Streaming
        } else if is("readyForStreaming") {
            Self::Ready
        } else if is("started") {
            Self::Preparing
        } else {
            Self::None
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => system::nothing_prepared(),
            Self::Preparing => system::being_prepared(),
            Self::Ready => system::package_ready(),
            Self::Streaming => system::being_fetched(),
            Self::Failed => system::preparing_failed(),
        }
    }
}

/// The page.
pub fn view(page: &Page, of: Packed) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let may = page.may.admin || page.session.rights.service.is_possible();
    // What the nodes are is told to fewer people than what is packed; without it all are fetched.
    let report = page.map(1);
    let nodes = items(&report, "nodes");
    let nodes = nodes.iter().map(|node| text(node, "nodeNumber"));
    let nodes = nodes.filter(|node| !node.is_empty()).collect();
    let backend = page.session.backend;
    let reads = of == Packed::Logs && backend == Backend::Embedded;
    // Nobody tells which there are.
    let storage = of == Packed::Logs && backend == Backend::Hcp;
    view! {
        <Package of first=page.map(0) may nodes storage />
        {reads.then(|| view! { <Live /> })}
    }
    .into_any()
}

/// When a package that is ready is removed, in milliseconds since 1970, where the store says so.
fn expires_ms(status: &Map<String, Json>) -> Option<i64> {
    at_ms(status, "packageExpiresMillis")
}

/// How long a package is still there, by the browser's clock.
fn countdown(expires: Signal<Option<i64>>) -> AnyView {
    let clock = use_context::<Clock>();
    // Other parts of the page are alive before this one, and the clock with them: what the server has drawn is
    // hydrated as it is.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let left = move || {
        let clock = clock.filter(|_| is_alive.get())?;
        let now = clock.now()?.unix_millis();
        let seconds = u64::try_from((expires.get()? - now) / 1_000).unwrap_or(0);
        Some(system::kept_for(&unit::duration(seconds)))
    };
    view! { <p class="help" data-testid="package-left">{left}</p> }.into_any()
}

#[component]
fn Package(
    of: Packed,
    /// How far it was when the page was loaded.
    first: Map<String, Json>,
    /// Whether this session may do something about it.
    may: bool,
    /// The numbers of the nodes.
    nodes: Vec<String>,
    /// Whether there may be storage nodes.
    storage: bool,
) -> AnyView {
    let stage = RwSignal::new(Stage::of(&first));
    let expires = RwSignal::new(expires_ms(&first));
    Effect::new(move |_| {
        let tick = move || {
            let moves = matches!(
                stage.get_untracked(),
                Stage::Preparing | Stage::Ready | Stage::Streaming
            );
            if !moves || !browser::is_visible() {
                return;
            }
            spawn_local(async move {
                if let Ok(Json::Object(map)) = api::fresh(of.status_path()).await {
                    let _left = stage.try_set(Stage::of(&map));
                    let _left = expires.try_set(expires_ms(&map));
                }
            });
        };
        let every = std::time::Duration::from_millis(EVERY);
        if let Ok(timer) = set_interval_with_handle(tick, every) {
            on_cleanup(move || timer.clear());
        }
    });
    // What one types into is drawn anew only when it comes or goes.
    let stage = Memo::new(move |_| stage.get());
    let acts = move || {
        let now = stage.get();
        let give_up = |label| may.then(|| view! { <AtOnce deed=of.given_up(label) /> });
        match now {
            Stage::Preparing => view! {
                <progress aria-label=system::being_prepared()></progress>
                {give_up(system::give_up())}
            }
            .into_any(),
            Stage::Ready | Stage::Streaming => view! {
                {countdown(expires.into())}
                {may.then(|| download(of, &nodes, storage))}
                {give_up(system::discard())}
            }
            .into_any(),
            Stage::None | Stage::Failed => ().into_any(),
        }
    };
    let prepares = Memo::new(move |_| may && stage.get() != Stage::Preparing);
    view! {
        <section class="form-panel package-panel" data-testid="package">
            <h2>{system::package()}</h2>
            <p class="help">{of.means()}</p>
            <p role="status" data-testid="package-stage">{move || stage.get().word()}</p>
            // What cannot be fetched is said by the page that comes in its place.
            <ErrorSummary problem=RwSignal::new(Outcome::problem(of.fetched_by())) />
            {acts}
        </section>
        {move || prepares.get().then(|| view! { <ResourceForm form=of.form() /> })}
        {(may && of == Packed::Logs).then(|| view! { <MarkForm /> })}
    }
    .into_any()
}

/// Fetches it, with the choice of what of it: on several nodes, also of which.
fn download(of: Packed, nodes: &[String], storage: bool) -> AnyView {
    let content = (of == Packed::Logs).then(|| {
        let options = CONTENT
            .iter()
            .map(|(value, word)| view! { <option value=*value>{word()}</option> })
            .collect_view();
        view! {
            <input type="hidden" name=format!("{BEFORE}content") value="" />
            <label class="field">
                <span>{system::content()}</span>
                <select name="content" class="input input-select" data-testid="content">
                    {options}
                </select>
            </label>
        }
    });
    let choice = (nodes.len() > 1).then(|| {
        let boxes = nodes
            .iter()
            .map(|node| {
                view! {
                    <label class="check-line">
                        <input type="checkbox" name="nodes" value=node.clone() />
                        <span>{system::node(node)}</span>
                    </label>
                }
            })
            .collect_view();
        view! {
            <input type="hidden" name=format!("{BEFORE}nodes") value="" />
            <fieldset class="node-choice" data-testid="node-choice">
                <legend>{system::of_these_nodes()}</legend>
                {boxes}
            </fieldset>
        }
    });
    let storage = storage.then(|| {
        view! {
            <input type="hidden" name=format!("{BEFORE}snodes") value="" />
            <label class="field">
                <span>{settings::storage_nodes()}</span>
                <input name="snodes" class="input" autocomplete="off" />
                <span class="help">{settings::storage_nodes_help()}</span>
            </label>
        }
    });
    let choices = view! {
        {content}
        {choice}
        {storage}
    };
    fetched(of.fetched_by(), system::download(), choices.into_any())
}

const MARK: &str = "act_on_logs";

/// Writes a text into the logs.
#[component]
fn MarkForm() -> impl IntoView {
    let field = format!("{QUERY}mark");
    let text = RwSignal::new(Outcome::value(MARK, &field));
    // Giving up is the same operation: what was wrong with that has no text.
    let refused = Outcome::problem(MARK).filter(|_| text.with_untracked(|text| !text.is_empty()));
    let problem = RwSignal::new(refused);
    let busy = RwSignal::new(false);
    let messages = Messages::here();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mark = text.with_untracked(|text| text.trim().to_owned());
        if mark.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let path = urls::with_query(&ActOnLogs::default().path(), &[("mark", &mark)]);
        spawn_local(async move {
            let answer = api::raw(Method::POST, path, None).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    messages.success(system::was_marked(&mark));
                    text.set(String::new());
                }
                Err(said) => problem.set(Some(said)),
            }
        });
    };
    let here = urls::current().get_untracked();
    let action = here.clone();
    view! {
        <section class="form-panel package-panel">
            <h2>{system::mark()}</h2>
            <p class="help">{system::mark_means()}</p>
            <form
                method="post"
                action=action
                class="deed"
                data-testid="form-mark"
                on:submit=submit
            >
                <input type="hidden" name="op" value=MARK />
                <crate::SessionField />
                <input type="hidden" name="next" value=here />
                <Line name=field label=system::mark_text() value=text testid="mark-input" />
                <Button kind="submit" reason=Signal::derive(move || busy.get().then(crate::words::admin::working))>
                    {system::write_mark()}
                </Button>
                <ErrorSummary problem />
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn how_far_a_package_is() {
        for (status, stage) in [
            (json!({}), Stage::None),
            (json!({"started": true}), Stage::Preparing),
            (
                json!({"started": true, "readyForStreaming": true}),
                Stage::Ready,
            ),
            (
                json!({"started": true, "readyForStreaming": true, "streamingInProgress": true}),
                Stage::Streaming,
            ),
            (json!({"started": true, "error": true}), Stage::Failed),
        ] {
            let Json::Object(map) = status else {
                unreachable!()
            };
            assert_eq!(Stage::of(&map), stage, "{map:?}");
        }
    }
}
