//! Something that is done to a thing as a whole: at once, or by a dialog that says what it means, has each
//! consequence ticked, the name typed and a reason given before the button works.
//!
//! Without scripts the address opens the dialog, and its form is an ordinary one.

use http::Method;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    Problem,
    endpoint::encode,
    form::{AT, CONFIRMATION, CONSEQUENCE, CONSEQUENCES, EXPECTED, QUERY},
};

use super::form::Reload;
use crate::{
    api, browser,
    outcome::Outcome,
    pages::buckets::exactly,
    ui::{Button, ErrorSummary, Icon, Messages, Modal, ModalHandle, SubmitBar, Tone},
    urls,
    words::{admin, replication},
};

/// What is done.
#[derive(Clone)]
pub struct Deed {
    /// Its name in test ids.
    pub name: &'static str,
    /// What the address asks for to open the dialog.
    pub ask: String,
    /// The operation's id, which is the plain form's `op`.
    pub op: &'static str,
    /// The names in the operation's path.
    pub at: Vec<(&'static str, String)>,
    /// The call's method.
    pub method: Method,
    /// The call's path.
    pub path: String,
    /// The parameters of its query.
    pub query: Vec<(&'static str, String)>,
    /// Verb and object: what the buttons say.
    pub label: &'static str,
    /// The question above the dialog.
    pub title: String,
    /// What is said when it was done.
    pub done: String,
    /// What has to be ticked first.
    pub consequences: Vec<String>,
    /// What has to be typed first; empty where nothing has to be.
    pub expected: String,
    /// The parameter that takes the reason, where the store wants one.
    pub reason: Option<&'static str>,
    /// The page without the dialog.
    pub back: String,
    /// Where to go when it was done; the same page where it is `back`.
    pub next: String,
}

impl Deed {
    /// One that asks nothing.
    pub fn new(
        name: &'static str,
        op: &'static str,
        at: &[(&'static str, &str)],
        method: Method,
        path: String,
    ) -> Self {
        let here = urls::current().get_untracked();
        let back = here.split('?').next().unwrap_or_default().to_owned();
        Self {
            name,
            ask: name.to_owned(),
            op,
            at: at.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
            method,
            path,
            query: Vec::new(),
            label: "",
            title: String::new(),
            done: String::new(),
            consequences: Vec::new(),
            expected: String::new(),
            reason: None,
            next: back.clone(),
            back,
        }
    }

    /// The same by an action of the query.
    #[must_use]
    pub fn by(mut self, action: &'static str) -> Self {
        self.query.push((action, "true".to_owned()));
        self
    }

    /// The same in words: its button, and what is said when it was done.
    #[must_use]
    pub fn said(mut self, label: &'static str, title: String, done: String) -> Self {
        self.label = label;
        self.title = title;
        self.done = done;
        self
    }

    fn address(&self, reason: &str) -> String {
        let mut pairs = self.query.clone();
        if let Some(name) = self.reason {
            pairs.push((name, reason.trim().to_owned()));
        }
        let pairs: Vec<_> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        urls::with_query(&self.path, &pairs)
    }

    /// The fields that a plain form sends.
    fn hidden(&self) -> AnyView {
        let at = self.at.iter().map(|(name, value)| {
            view! { <input type="hidden" name=format!("{AT}{name}") value=value.clone() /> }
        });
        let query = self.query.iter().map(|(name, value)| {
            view! { <input type="hidden" name=format!("{QUERY}{name}") value=value.clone() /> }
        });
        view! {
            <input type="hidden" name="op" value=self.op />
            <crate::SessionField />
            <input type="hidden" name="next" value=self.next.clone() />
            {at.collect_view()}
            {query.collect_view()}
        }
        .into_any()
    }
}

/// Where something is done from, and what follows.
#[derive(Clone, Copy)]
pub struct Course {
    /// Whether it is being done.
    pub busy: RwSignal<bool>,
    /// Why it was refused.
    pub problem: RwSignal<Option<Problem>>,
    messages: Messages,
    reload: Reload,
    handle: Option<ModalHandle>,
}

impl Course {
    /// From a dialog, or from the page itself; what was refused before the page came.
    pub fn new(problem: Option<Problem>, handle: Option<ModalHandle>) -> Self {
        Self {
            busy: RwSignal::new(false),
            problem: RwSignal::new(problem),
            messages: Messages::here(),
            reload: expect_context::<Reload>(),
            handle,
        }
    }

    /// Has it done, once at a time. Then it is said, and the next page is shown, or this one as it then is.
    pub fn run(
        self,
        call: impl Future<Output = Result<(), Problem>> + 'static,
        (done, next): (String, String),
        go: impl Fn(&str) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        let here = urls::current().get_untracked();
        spawn_local(async move {
            let answer = call.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.messages.success(done);
                    if let Some(handle) = self.handle {
                        handle.close();
                    }
                    let (path, query) = here.split_once('?').unwrap_or((&here, ""));
                    let asks = urls::Query::parse(query).get("ask").is_some();
                    if path == next && !asks {
                        self.reload.0.run(());
                    } else {
                        go(&next);
                    }
                }
                Err(problem) if api::needs_sign_in(&problem) => {
                    browser::go(&urls::sign_in(&here));
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// A deed, and where it is done from.
#[derive(Clone, Copy)]
struct Scene {
    deed: StoredValue<Deed>,
    course: Course,
}

impl Scene {
    fn new(deed: Deed, problem: Option<Problem>, handle: Option<ModalHandle>) -> Self {
        Self {
            deed: StoredValue::new(deed),
            course: Course::new(problem, handle),
        }
    }

    fn go(self, address: String, go: impl Fn(&str) + 'static) {
        let deed = self.deed.get_value();
        let call = api::raw(deed.method, address, None);
        let call = async move { call.await.map(drop) };
        self.course.run(call, (deed.done, deed.next), go);
    }
}

/// A line that is typed: its label, and what it is called in the form.
#[component]
pub fn Line(
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// Its test id.
    testid: &'static str,
    /// What the whole text must match, checked by the browser where there are no scripts.
    #[prop(optional)]
    pattern: Option<String>,
) -> impl IntoView {
    let id = format!("field-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                class="input"
                name=name
                maxlength="1024"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required
                pattern=pattern
                data-testid=testid
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
}

/// Fetches a file: an ordinary form, so that the browser stores what comes and no page holds it.
pub fn fetched(op: &'static str, label: &'static str, choices: AnyView) -> AnyView {
    let here = urls::current().get_untracked();
    let action = here.clone();
    view! {
        <form method="post" action=action class="deed" data-testid="form-download">
            <input type="hidden" name="op" value=op />
            <crate::SessionField />
            <input type="hidden" name="next" value=here />
            {choices}
            <Button kind="submit" reason=Signal::stored(None)>
                <Icon name="download" />
                {label}
            </Button>
        </form>
    }
    .into_any()
}

/// A button that does it at once: what can be taken back by another.
#[component]
pub fn AtOnce(
    /// What.
    deed: Deed,
    /// What it is done to, where the button's word is not enough for who does not see its place.
    #[prop(optional, into)]
    whom: String,
    /// Choices beside the button: a name in the path, whose fields the plain form sends.
    #[prop(optional)]
    choose: Option<Choose>,
) -> impl IntoView {
    let label = deed.label;
    let testid = format!("act-{}", deed.name);
    let hidden = deed.hidden();
    let scene = Scene::new(deed, None, None);
    let navigate = use_navigate();
    let chosen = RwSignal::new(choose.as_ref().and_then(|one| one.names.first().cloned()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut address = scene.deed.with_value(|deed| deed.address(""));
        if let Some(name) = chosen.get_untracked() {
            address = format!("{address}/{}", encode(&name));
        }
        let navigate = navigate.clone();
        scene.go(address, move |next| {
            navigate(next, NavigateOptions::default());
        });
    };
    let select = choose.map(
        |Choose {
             field,
             label,
             names,
         }| {
            let options = names
                .into_iter()
                .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
                .collect_view();
            view! {
                <select
                    name=format!("{AT}{field}")
                    class="input input-select"
                    aria-label=label
                    on:change=move |event| chosen.set(Some(event_target_value(&event)))
                >
                    {options}
                </select>
            }
        },
    );
    view! {
        <form
            method="post"
            action=urls::current().get_untracked()
            class="deed"
            data-testid=testid
            on:submit=submit
        >
            {hidden}
            {select}
            <Button kind="submit" reason=Signal::derive(move || scene.course.busy.get().then(admin::working))>
                {label}
                <span class="sr-only">{format!(" {whom}")}</span>
            </Button>
            <ErrorSummary problem=scene.course.problem />
        </form>
    }
}

/// What has to be typed before something goes, and where.
pub fn typed_line(expected: &str, typed: RwSignal<String>) -> AnyView {
    let label = admin::type_to_confirm(expected);
    view! {
        <input type="hidden" name=EXPECTED value=expected.to_owned() />
        <Line
            name=CONFIRMATION
            label
            value=typed
            testid="confirm-input"
            pattern=exactly(expected)
        />
    }
    .into_any()
}

/// A name that is chosen beside a button, and stands at the end of the path.
#[derive(Clone)]
pub struct Choose {
    /// The path's parameter.
    pub field: &'static str,
    /// What is chosen.
    pub label: &'static str,
    /// From what.
    pub names: Vec<String>,
}

/// The button of a deed and its dialog.
#[component]
pub fn Grave(
    /// What.
    deed: Deed,
    /// Whether the address opens the dialog.
    asked: bool,
    /// What it means, above the consequences.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let handle = ModalHandle::new(asked);
    let problem = asked.then(|| Outcome::problem(deed.op)).flatten();
    let ask = urls::with_query(&deed.back, &[("ask", &deed.ask)]);
    let (title, back, label) = (deed.title.clone(), deed.back.clone(), deed.label);
    let testid = format!("link-action-{}", deed.name);
    let scene = Scene::new(deed, problem, Some(handle));
    let children = StoredValue::new(children);
    view! {
        <a
            href=ask
            data-stays=""
            class="button button-danger"
            data-testid=testid
            on:click=move |event: ev::MouseEvent| {
                event.prevent_default();
                scene.course.problem.set(None);
                handle.open();
            }
        >
            {label}
        </a>
        <Modal handle title back busy=scene.course.busy testid="deed-dialog">
            <div class="modal-body">
                {children.with_value(|children| children.as_ref().map(|children| children()))}
            </div>
            <Confirm scene handle asked />
        </Modal>
    }
}

/// The form of the dialog.
#[component]
fn Confirm(scene: Scene, handle: ModalHandle, asked: bool) -> impl IntoView {
    let deed = scene.deed.get_value();
    let again = |field: &str| {
        if asked {
            Outcome::value(deed.op, field)
        } else {
            String::new()
        }
    };
    let ticked = asked.then(|| Outcome::fields(deed.op)).flatten();
    let ticked = ticked.map_or(0, |fields| {
        fields
            .iter()
            .filter(|(name, _)| name == CONSEQUENCE)
            .count()
    });
    let count = deed.consequences.len();
    let ticks: Vec<RwSignal<bool>> = (0..count).map(|_| RwSignal::new(ticked == count)).collect();
    let typed = RwSignal::new(again(CONFIRMATION));
    let reason = RwSignal::new(
        deed.reason
            .map(|name| again(&format!("{QUERY}{name}")))
            .unwrap_or_default(),
    );
    let expected = deed.expected.clone();
    let missing = {
        let (ticks, expected, wants) = (ticks.clone(), expected.clone(), deed.reason.is_some());
        Signal::derive(move || {
            if ticks.iter().any(|tick| !tick.get()) {
                Some(replication::tick_each_first())
            } else if wants && reason.with(|reason| reason.trim().is_empty()) {
                Some(replication::give_a_reason_first())
            } else if typed.with(|typed| *typed != expected) {
                Some(admin::type_the_name_first())
            } else {
                None
            }
        })
    };
    let navigate = use_navigate();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if missing.get_untracked().is_some() {
            return;
        }
        let address = scene
            .deed
            .with_value(|deed| deed.address(&reason.get_untracked()));
        let navigate = navigate.clone();
        scene.go(address, move |next| {
            navigate(next, NavigateOptions::default());
        });
    };
    let boxes = deed
        .consequences
        .iter()
        .zip(ticks)
        .map(|(sentence, tick)| {
            view! {
                <label class="check-line">
                    <input
                        type="checkbox"
                        name=CONSEQUENCE
                        value="true"
                        required
                        data-testid="consequence"
                        checked=tick.get_untracked()
                        prop:checked=move || tick.get()
                        on:change=move |event| tick.set(event_target_checked(&event))
                    />
                    <span>{sentence.clone()}</span>
                </label>
            }
        })
        .collect_view();
    let reason_field = deed.reason.map(|name| {
        let (name, label) = (format!("{QUERY}{name}"), replication::reason());
        view! { <Line name label value=reason testid="reason-input" /> }
    });
    let typed_field = (!expected.is_empty()).then(|| typed_line(&expected, typed));
    let (back, label) = (deed.back.clone(), deed.label.to_owned());
    let action = urls::with_query(&deed.back, &[("ask", &deed.ask)]);
    view! {
        <form method="post" action=action on:submit=submit>
            {deed.hidden()}
            <div class="modal-body">
                <ErrorSummary problem=scene.course.problem />
                {(count > 0)
                    .then(|| {
                        view! {
                            <fieldset class="consequences">
                                <legend>{replication::i_know_that()}</legend>
                                <input type="hidden" name=CONSEQUENCES value=count.to_string() />
                                {boxes}
                            </fieldset>
                        }
                    })}
                {reason_field}
                {typed_field}
            </div>
            <SubmitBar handle back label tone=Tone::Danger busy=scene.course.busy reason=missing />
        </form>
    }
}
