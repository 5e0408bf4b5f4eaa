//! The navigation: a column on wide screens, icons on medium ones and where somebody prefers that, a sheet on a
//! phone.

use leptos::{ev, prelude::*};
use model::session::{Level, Navigation, PreferencesChange, Session};

use super::use_session;
use crate::{browser, drawn, ui::Icon, urls, words, words::frame};

/// A group of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// What a tenant's people work with.
    Data,
    /// The administration of a tenant.
    Tenant,
    /// That of the system.
    System,
}

/// An entry: its address, word, icon and test id.
pub(super) type Entry = (
    &'static str,
    fn() -> &'static str,
    &'static str,
    &'static str,
);

const BUCKETS: Entry = (urls::BUCKETS, frame::buckets, "bucket", "nav-buckets");
const TRANSFERS: Entry = (urls::TRANSFERS, frame::transfers, "upload", "nav-transfers");
const SEARCH: Entry = (urls::SEARCH, frame::search, "search", "nav-search");
const LINKS: Entry = (urls::LINKS, words::links::links, "link", "nav-links");
const CREDENTIALS: Entry = (
    urls::CREDENTIALS,
    words::credentials::credentials,
    "key",
    "nav-credentials",
);
const DATA: &[Entry] = &[BUCKETS, SEARCH, TRANSFERS, LINKS, CREDENTIALS];
const TENANT: &[Entry] = &[
    (urls::NAMESPACES, frame::namespaces, "box", "nav-namespaces"),
    (urls::USERS, frame::users, "user", "nav-users"),
    (urls::GROUPS, frame::groups, "users", "nav-groups"),
    (urls::USAGE, frame::usage, "chart", "nav-usage"),
    (urls::TENANT, frame::settings, "settings", "nav-tenant"),
    (urls::AUDIT, words::audit::audit, "audit", "nav-audit"),
];
const SYSTEM: &[Entry] = &[
    (urls::TENANTS, frame::tenants, "building", "nav-tenants"),
    (urls::NODES, frame::this_system, "monitor", "nav-system"),
    (
        urls::REPLICATION,
        words::replication::replication,
        "refresh",
        "nav-replication",
    ),
    (
        urls::CODING,
        words::coding::erasure_coding,
        "box",
        "nav-coding",
    ),
    (urls::AUDIT, words::audit::audit, "audit", "nav-audit"),
];

impl Group {
    fn word(self) -> &'static str {
        match self {
            Self::Data => frame::data(),
            Self::Tenant => frame::tenant(),
            Self::System => frame::system(),
        }
    }

    /// Its entries.
    pub(super) fn entries(self) -> &'static [Entry] {
        match self {
            Self::Data => DATA,
            Self::Tenant => TENANT,
            Self::System => SYSTEM,
        }
    }
}

/// The groups that a session has pages in.
pub(super) fn groups(session: &Session) -> &'static [Group] {
    if session.must_change_password {
        return &[];
    }
    let rights = &session.rights;
    let sees = [
        rights.monitor,
        rights.admin,
        rights.security,
        rights.compliance,
        rights.namespaces,
    ];
    let manages = session.features.management && sees.iter().any(|right| right.is_possible());
    match session.level {
        Level::System if manages => &[Group::System],
        Level::System => &[],
        Level::Tenant if manages => &[Group::Data, Group::Tenant],
        Level::Tenant | Level::S3 => &[Group::Data],
    }
}

/// The navigation.
#[component]
pub(super) fn MainNav() -> impl IntoView {
    let session = use_session();
    #[cfg(feature = "hydrate")]
    Effect::new(|_| sheet::keep_focus());
    view! {
        <nav
            id="main-nav"
            class="main-nav"
            aria-label=frame::main()
            data-testid="main-nav"
            popover="auto"
        >
            <div class="nav-groups">
                <Suspense>
                    {move || Suspend::new(async move {
                        let groups = session
                            .await
                            .map_or(&[Group::Data][..], |session| groups(&session));
                        let jobs = (!groups.is_empty())
                            .then(|| {
                                let word = words::jobs::jobs();
                                view! {
                                    <ul>
                                        {nav_entry(urls::JOBS, urls::JOBS, word, "clock", "nav-jobs")}
                                    </ul>
                                }
                            });
                        (groups.iter().copied().map(nav_group).collect_view(), jobs)
                    })}
                </Suspense>
                {fold()}
            </div>
        </nav>
    }
}

fn nav_group(group: Group) -> AnyView {
    let entries = group
        .entries()
        .iter()
        .map(|(href, word, icon, testid)| {
            // The sections of the settings share the first segment, and so do the pages of the system.
            let own = match *href {
                urls::TENANT => "/tenant/",
                urls::NODES => urls::SYSTEM,
                href => href,
            };
            nav_entry(href, own, word(), icon, testid)
        })
        .collect_view();
    view! {
        <h2 class="nav-group">{group.word()}</h2>
        <ul>{entries}</ul>
    }
    .into_any()
}

/// An entry, which is where one is below `own`.
fn nav_entry(
    href: &'static str,
    own: &'static str,
    word: &'static str,
    icon: &'static str,
    testid: &'static str,
) -> AnyView {
    let path = urls::path();
    let here = move || {
        let is_here = path.with(|path| {
            // Some pages of the system have entries of their own.
            let is_others = || SYSTEM.iter().any(|(other, ..)| path.starts_with(other));
            path.starts_with(own)
                && (own != urls::SYSTEM || path.starts_with(urls::NODES) || !is_others())
        });
        is_here.then_some("page")
    };
    view! {
        <li>
            <a
                href=href
                class="nav-link"
                title=word
                aria-current=here
                data-testid=testid
                on:click=move |_| browser::hide_popover("#main-nav:popover-open")
            >
                <Icon name=icon />
                <span class="nav-word">{word}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The button that leaves the icons alone, or brings their words back.
fn fold() -> AnyView {
    let chosen = move || drawn::followed().navigation;
    let here = urls::current();
    let other = move || match chosen() {
        Navigation::Words => Navigation::Icons,
        Navigation::Icons => Navigation::Words,
    };
    let word = move || match chosen() {
        Navigation::Words => frame::fold(),
        Navigation::Icons => frame::unfold(),
    };
    let choose = move |event: ev::MouseEvent| {
        event.prevent_default();
        let other = untrack(other);
        drawn::prefer(PreferencesChange {
            navigation: Some(other),
            ..PreferencesChange::default()
        });
    };
    view! {
        <form method="post" action=move || here.get() class="nav-fold">
            <input type="hidden" name="op" value="set_preferences" />
            <input type="hidden" name="next" value=move || here.get() />
            <button
                type="submit"
                name="navigation"
                value=move || other().as_str()
                class="nav-link"
                title=word
                data-testid="nav-fold"
                on:click=choose
            >
                <Icon name="fold" />
                <span class="nav-word">{word}</span>
            </button>
        </form>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod sheet {
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast as _, closure::Closure};

    use crate::browser;

    /// What stands around the sheet.
    const REST: &str =
        ".skip-link, .header, .session-banner, .content, .footer, .toasts, [data-testid=\"dock\"]";

    /// While the sheet is open the focus stays in it: nothing else can be reached.
    pub(super) fn keep_focus() {
        let toggles = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
            let state = js_sys::Reflect::get(&event, &"newState".into()).ok();
            let opens = state.and_then(|state| state.as_string()).as_deref() == Some("open");
            if let Ok(rest) = document().query_selector_all(REST) {
                let rest = (0..rest.length()).filter_map(|at| rest.item(at));
                for one in rest.filter_map(|node| node.dyn_into::<web_sys::Element>().ok()) {
                    let _ = one.toggle_attribute_with_force("inert", opens);
                }
            }
            request_animation_frame(move || {
                if opens {
                    browser::focus("#main-nav a[aria-current], #main-nav a");
                } else if !browser::is_there(":focus") {
                    browser::focus(".nav-open");
                }
            });
        });
        if let Some(sheet) = document().get_element_by_id("main-nav") {
            // Before it closes, so that the focus can go back to the button.
            let listener = toggles.as_ref().unchecked_ref();
            let _ = sheet.add_event_listener_with_callback("beforetoggle", listener);
        }
        // As long as the navigation stands, which is as long as the page lives.
        toggles.forget();
    }
}
