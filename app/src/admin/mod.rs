//! Administration: tenants, namespaces, people, settings, usage; and the settings of a bucket, which are those
//! of its namespace.
//!
//! One page component serves them all: a place says which calls it is made from, and a view makes it
//! out of what they answered. Resources stay JSON here, since forms and tables are made from their
//! property tables; that keeps the code that goes to the browser small.

/// The path of a call about a namespace.
macro_rules! path {
    ($call:ident, $page:expr, $name:expr) => {
        $call {
            tenant_name: $page.tenant.clone(),
            ns_name: $name.to_owned(),
            ..Default::default()
        }
        .path()
    };
}

mod bucket;
mod coding;
mod deed;
mod field;
pub(crate) mod fields;
mod form;
mod left;
mod namespaces;
mod people;
mod place;
mod put;
mod replication;
mod rules;
mod spec;
mod system;
mod table;
mod tenant;
mod tenants;
mod usage;

use leptos::prelude::*;
use model::{
    ErrorCode, Problem,
    session::{Level, Session},
};
use serde_json::{Map, Value as Json};

use crate::{
    layout::{Busy, PageTitle, use_session},
    ui::{Failure, Retry},
    urls,
    words::admin,
    words::general,
    words::replication::of_the_system,
};
pub(crate) use field::retention_in_words;
use form::Reload;
use place::{Place, load};
use spec::Say;

/// What each call of a place answered.
pub type Answers = Vec<Result<Json, Problem>>;

/// What the session may change.
#[derive(Clone, Copy, Debug)]
pub struct May {
    /// Namespaces, settings, data rights.
    pub admin: bool,
    /// Accounts, roles, console security.
    pub security: bool,
    /// Retention.
    pub compliance: bool,
}

impl May {
    /// What is not known is tried: the store decides.
    fn of(session: &Session) -> Self {
        Self {
            admin: session.rights.admin.is_possible(),
            security: session.rights.security.is_possible(),
            compliance: session.rights.compliance.is_possible(),
        }
    }
}

/// What a view is made from.
pub struct Page {
    /// Who asks.
    pub session: Session,
    /// The tenant of the session; empty at the system level.
    pub tenant: String,
    /// What may be changed.
    pub may: May,
    /// The answers to the place's calls, in their order.
    answers: Answers,
    retry: Retry,
    /// What the addresses of the tenant's pages begin with: nothing for the tenant's own people.
    base: String,
}

impl Page {
    /// An address among the pages of the tenant.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The properties that a call answered; none where it failed.
    pub fn map(&self, at: usize) -> Map<String, Json> {
        match self.answers.get(at) {
            Some(Ok(Json::Object(map))) => map.clone(),
            _ => Map::new(),
        }
    }

    /// The items that a call answered: resources, or names below their wrapper.
    pub fn list(&self, at: usize) -> Vec<Json> {
        match self.answers.get(at) {
            Some(Ok(Json::Array(items))) => items.clone(),
            Some(Ok(Json::Object(map))) => map
                .values()
                .find_map(Json::as_array)
                .cloned()
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The names that a call answered.
    pub fn names(&self, at: usize) -> Vec<String> {
        let items = self.list(at);
        items
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// What stands in place of the content where a call failed.
    pub fn failed(&self, at: usize) -> Option<AnyView> {
        match self.answers.get(at) {
            Some(Err(problem)) => {
                let (problem, retry) = (problem.clone(), self.retry);
                Some(view! { <Failure problem retry /> }.into_any())
            }
            _ => None,
        }
    }
}

/// The text of a property.
pub fn text(map: &Map<String, Json>, name: &str) -> String {
    match map.get(name) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The number of a property.
pub fn number(map: &Map<String, Json>, name: &str) -> Option<u64> {
    match map.get(name)? {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The flag of a property.
pub fn flag(map: &Map<String, Json>, name: &str) -> Option<bool> {
    map.get(name)?.as_bool()
}

/// The bytes of a quota.
pub fn quota(map: &Map<String, Json>, name: &str) -> Option<u64> {
    let quota: model::mapi::Quota = map.get(name)?.as_str()?.parse().ok()?;
    Some(quota.bytes())
}

/// The words of a list, with or without its wrapper.
pub fn words(map: &Map<String, Json>, name: &str) -> Vec<String> {
    let list = match map.get(name) {
        Some(Json::Object(inner)) => inner.values().next(),
        other => other,
    };
    let items = list.and_then(Json::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect()
}

/// The page of any place of administration.
#[component]
pub fn AdminPage() -> impl IntoView {
    let session = use_session();
    let (path, query) = (urls::path(), urls::query());
    let place = Memo::new(move |_| query.with(|query| Place::parse(&path.get(), query)));
    let answers = Resource::new_blocking(
        move || place.get(),
        move |place| async move {
            let session = session.await?;
            Ok::<_, Problem>(load(place, &session).await)
        },
    );
    let retry = Retry::new(move || answers.refetch());
    provide_context(Reload(Callback::new(move |()| answers.refetch())));
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = match session.await {
                    Ok(session) => answers.await.map(|answers| (session, answers)),
                    Err(problem) => Err(problem),
                };
                let place = place.get_untracked();
                match answer {
                    Ok((session, answers)) => show(&place, session, answers, retry),
                    Err(problem) => broken(&place, problem, retry),
                }
            })}
        </Transition>
    }
}

fn show(place: &Place, session: Session, mut answers: Answers, retry: Retry) -> AnyView {
    let tenant = match place {
        Place::Inside(name, _) => name.clone(),
        _ => session.tenant.clone().unwrap_or_default(),
    };
    let entered = match place {
        Place::Inside(..) => answers.pop(),
        _ => None,
    };
    if let (Place::Inside(name, _), Level::System) = (place, session.level) {
        let is_refused = answers.iter().any(is_denied);
        if is_refused && !tenants::lets_in(entered.as_ref()) {
            return tenants::closed(name, retry);
        }
    }
    if let Some(problem) = refusal(place, &session, &answers) {
        return match place {
            // Who may not see one page of the system may see another.
            Place::OfSystem(sheet, _) if problem.code != ErrorCode::NotFound => frame(
                Vec::new(),
                &place.title(),
                place.title(),
                ().into_any(),
                system::sections(*sheet, &session),
                view! { <Failure problem retry /> }.into_any(),
            ),
            _ => broken(place, problem, retry),
        };
    }
    retry.succeeded();
    let page = Page {
        tenant,
        may: May::of(&session),
        session,
        answers,
        retry,
        base: place.base(),
    };
    if let Place::Inside(_, inner) = place {
        return tenants::inside(&page, draw(inner, &page));
    }
    draw(place, &page)
}

fn is_denied(answer: &Result<Json, Problem>) -> bool {
    matches!(answer, Err(problem) if problem.code == ErrorCode::AccessDenied)
}

/// What is on a page.
fn draw(place: &Place, page: &Page) -> AnyView {
    match place {
        Place::Namespaces => namespaces::list(page),
        Place::Namespace(name, section, query) => namespaces::one(page, name, section, query),
        Place::NewNamespace => namespaces::new(page),
        Place::Users => people::users(page),
        Place::User(name, section) => people::user(page, name, section),
        Place::NewUser => people::new_user(page),
        Place::Groups => people::groups(page),
        Place::Group(name, section) => people::group(page, name, section),
        Place::NewGroup => people::new_group(page),
        Place::Tenant(section) => tenant::settings(page, section),
        Place::Usage(period) => usage::page(page, period),
        Place::Tenants => tenants::list(page),
        Place::SystemTenant(name, section, period) => tenants::one(page, name, section, period),
        Place::NewTenant(by_group) => tenants::new(page, *by_group),
        Place::OfSystem(sheet, name) => system::show(page, *sheet, name),
        Place::Replication(at) => replication::page(page, at),
        Place::Coding(at) => coding::page(page, at),
        Place::Bucket(name, ask) => bucket::settings(page, name, ask),
        Place::Inside(..) | Place::Nowhere => ().into_any(),
    }
}

/// Why there is nothing to show: no such place, not at this level, or what it is about is not there.
fn refusal(place: &Place, session: &Session, answers: &Answers) -> Option<Problem> {
    let nowhere = || Problem::new(ErrorCode::NotFound, admin::there_is_no_page_at_this());
    if let Place::Bucket(..) = place {
        return bucket::refusal(answers);
    }
    if session.level == Level::S3 && place.is_of_system() {
        return Some(Problem::new(ErrorCode::NotFound, admin::no_system_level()));
    }
    if matches!(place, Place::Nowhere) || session.level == Level::S3 {
        return Some(nowhere());
    }
    match (place.is_of_system(), session.level) {
        // What a backend lacks, or keeps from tenants, is not there.
        (true, _) if !session.features.management => {
            return Some(Problem::new(ErrorCode::NotFound, admin::no_system_level()));
        }
        (true, Level::Tenant) => {
            let why = match place {
                Place::Replication(_) | Place::Coding(_) => of_the_system(),
                _ => admin::tenants_are_managed_at_the_system(),
            };
            return Some(Problem::new(ErrorCode::NotFound, why));
        }
        (false, Level::System) => {
            return Some(Problem::new(
                ErrorCode::AccessDenied,
                admin::this_page_belongs_to_a_tenant(),
            ));
        }
        _ => {}
    }
    match answers.first() {
        Some(Err(problem)) if place.depends_on_its_first_call() => Some(problem.clone()),
        _ => answers
            .iter()
            .filter_map(|answer| answer.as_ref().err())
            .find(|problem| crate::api::needs_sign_in(problem))
            .cloned(),
    }
}

fn broken(place: &Place, problem: Problem, retry: Retry) -> AnyView {
    let title = place.title();
    view! {
        <div class="page">
            <PageTitle heading=title.clone() title=title />
            <Failure problem retry />
        </div>
    }
    .into_any()
}

/// Words and address of a link.
pub type Link = (String, String);

/// The frame of a page: where one is, what it is called, what can be done, its sections.
pub fn frame(
    crumbs: Vec<Link>,
    heading: &str,
    title: String,
    actions: AnyView,
    sections: Vec<(&'static str, String, bool)>,
    content: AnyView,
) -> AnyView {
    let crumbs = (!crumbs.is_empty()).then(|| {
        let items = crumbs
            .into_iter()
            .map(|(word, href)| view! { <li><a href=href>{word}</a></li> })
            .collect_view();
        view! {
            <nav class="breadcrumb" aria-label=general::breadcrumb() data-testid="breadcrumb">
                <ol>{items}</ol>
            </nav>
        }
    });
    let sections = (!sections.is_empty()).then(|| {
        let items = sections
            .into_iter()
            .map(|(word, href, here)| {
                view! {
                    <li>
                        <a href=href aria-current=here.then_some("page")>
                            {word}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="sections" aria-label=admin::sections()>
                <ul>{items}</ul>
            </nav>
        }
    });
    view! {
        <div class="page">
            {crumbs}
            <div class="page-head">
                <PageTitle heading=heading.to_owned() title=title />
                <div class="page-actions" data-testid="page-actions">
                    {actions}
                </div>
            </div>
            {sections}
            {content}
        </div>
    }
    .into_any()
}

/// The frame of a thing with sections: their keys and words, the one that is shown, and where each is.
pub fn frame_of_section(
    crumbs: Vec<Link>,
    name: &str,
    (sections, here): (&[(&'static str, Say)], &str),
    address: fn(&str, &str) -> String,
    content: AnyView,
) -> AnyView {
    let all = sections
        .iter()
        .map(|(key, word)| (word(), address(name, key), *key == here))
        .collect();
    let word = sections.iter().find(|(key, _)| *key == here);
    let word = word.map_or("", |(_, word)| word());
    let title = format!("{name} · {word}");
    frame(crumbs, name, title, ().into_any(), all, content)
}

/// Says that the page can be read alone.
pub fn read_only(may: bool, role: &str) -> AnyView {
    if may {
        return ().into_any();
    }
    view! {
        <p class="note" data-testid="read-only-note">
            <crate::ui::Icon name="lock" />
            {admin::role_needed(role)}
        </p>
    }
    .into_any()
}
