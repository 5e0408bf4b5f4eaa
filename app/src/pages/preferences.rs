//! `/preferences`: how the console looks and behaves in this browser. One plain form; the cookie that it
//! sets is read by the server before the next page.

use catalogue::Language;
use leptos::prelude::*;
use model::session::{
    Density, Level, Motion, Navigation, Preferences, SingleKeys, Speech, StartPage, Theme, TimeZone,
};

use crate::{
    drawn,
    layout::{PageTitle, use_session},
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, Tone},
    urls, words,
};

/// The page.
#[component]
pub fn PreferencesPage() -> impl IntoView {
    let preferences = drawn::preferences();
    let query = urls::query();
    let saved = move || query.with(|query| query.get("saved").is_some());
    let problem = Outcome::problem("set_preferences");
    view! {
        <div class="page page-narrow">
            <PageTitle heading=words::preferences::heading() title=words::preferences::heading() />
            {move || saved().then(|| view! { <Saved /> })}
            <p class="help">{words::preferences::explained()}</p>
            <form
                method="post"
                action=urls::PREFERENCES
                class="form-panel"
                data-testid="form-preferences"
            >
                <input type="hidden" name="op" value="set_preferences" />
                <input type="hidden" name="next" value="/preferences?saved=1" />
                <ErrorSummary problem=Signal::stored(problem) />
                <Choices preferences />
                <div class="actions">
                    <Button kind="submit" tone=Tone::Primary attr:data-testid="save">
                        {words::preferences::save()}
                    </Button>
                </div>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn Saved() -> impl IntoView {
    view! {
        <div class="alert alert-info" role="status" data-testid="preferences-saved">
            <Icon name="check" />
            <p>{words::preferences::saved()}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Choices(preferences: Preferences) -> impl IntoView {
    let session = use_session();
    let themes = Theme::ALL.iter().map(|one| {
        let word = match one {
            Theme::System => words::preferences::theme_system(),
            Theme::Light => words::preferences::theme_light(),
            Theme::Dark => words::preferences::theme_dark(),
        };
        (one.as_str(), word)
    });
    let languages = Speech::ALL.iter().map(|one| {
        let word = match one {
            Speech::Browser => words::preferences::language_browser(),
            // Each in its own words, for whoever cannot read the others.
            Speech::English => Language::English.name(),
            Speech::Swedish => Language::Swedish.name(),
        };
        (one.as_str(), word)
    });
    let densities = Density::ALL.iter().map(|one| {
        let word = match one {
            Density::Comfortable => words::preferences::density_comfortable(),
            Density::Compact => words::preferences::density_compact(),
        };
        (one.as_str(), word)
    });
    let zones = TimeZone::ALL.iter().map(|one| {
        let word = match one {
            TimeZone::Local => words::preferences::time_zone_local(),
            TimeZone::Utc => words::preferences::time_zone_utc(),
        };
        (one.as_str(), word)
    });
    let motions = Motion::ALL.iter().map(|one| {
        let word = match one {
            Motion::System => words::preferences::motion_system(),
            Motion::Reduced => words::preferences::motion_reduced(),
        };
        (one.as_str(), word)
    });
    view! {
        {choice("theme", words::preferences::theme(), "", preferences.theme.as_str(), themes.collect())}
        {choice(
            "language",
            words::preferences::language(),
            words::preferences::language_help(),
            preferences.language.as_str(),
            languages.collect(),
        )}
        {choice(
            "density",
            words::preferences::density(),
            words::preferences::density_help(),
            preferences.density.as_str(),
            densities.collect(),
        )}
        {choice(
            "time_zone",
            words::preferences::time_zone(),
            words::preferences::time_zone_help(),
            preferences.time_zone.as_str(),
            zones.collect(),
        )}
        <Suspense>
            {move || Suspend::new(async move {
                let level = session.await.ok().map(|session| session.level);
                start_page(preferences.start_page, level)
            })}
        </Suspense>
        {choice(
            "motion",
            words::preferences::motion(),
            words::preferences::motion_help(),
            preferences.motion.as_str(),
            motions.collect(),
        )}
        {of_frame(preferences)}
    }
    .into_any()
}

/// What stands around every page: the navigation, and the keys.
fn of_frame(preferences: Preferences) -> AnyView {
    let navigations = Navigation::ALL.iter().map(|one| {
        let word = match one {
            Navigation::Words => words::preferences::navigation_words(),
            Navigation::Icons => words::preferences::navigation_icons(),
        };
        (one.as_str(), word)
    });
    let keys = SingleKeys::ALL.iter().map(|one| {
        let word = match one {
            SingleKeys::On => words::preferences::single_keys_on(),
            SingleKeys::Off => words::preferences::single_keys_off(),
        };
        (one.as_str(), word)
    });
    view! {
        {choice(
            "navigation",
            words::preferences::navigation(),
            words::preferences::navigation_help(),
            preferences.navigation.as_str(),
            navigations.collect(),
        )}
        {choice(
            "single_keys",
            words::preferences::single_keys(),
            words::preferences::single_keys_help(),
            preferences.single_keys.as_str(),
            keys.collect(),
        )}
    }
    .into_any()
}

/// Where one begins: pages that the level has.
fn start_page(chosen: StartPage, level: Option<Level>) -> AnyView {
    let pages = StartPage::ALL.iter().filter_map(|one| {
        let word = match (one, level) {
            (StartPage::Usual, _) => words::preferences::start_usual(),
            (_, Some(Level::System)) => return None,
            (StartPage::Buckets, _) => words::preferences::start_buckets(),
            (StartPage::Transfers, _) => words::preferences::start_transfers(),
            (StartPage::Namespaces, Some(Level::Tenant)) => words::preferences::start_namespaces(),
            (StartPage::Namespaces, _) => return None,
        };
        Some((one.as_str(), word))
    });
    choice(
        "start_page",
        words::preferences::start_page(),
        words::preferences::start_help(),
        chosen.as_str(),
        pages.collect(),
    )
}

/// One choice: a label, the ways to choose, and what they do.
fn choice(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    chosen: &'static str,
    ways: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let id = format!("field-{name}");
    let help_id = (!help.is_empty()).then(|| format!("help-{name}"));
    let ways = ways
        .into_iter()
        .map(|(value, word)| {
            let own = Language::of_tag(value).filter(|_| name == "language");
            view! {
                <option value=value selected=value == chosen lang=own.map(Language::tag)>
                    {word}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id.clone()
                name=name
                class="input input-select"
                aria-describedby=help_id.clone()
                data-testid=if name == "language" { "lang-select".to_owned() } else { id }
            >
                {ways}
            </select>
            {help_id.map(|id| view! { <p class="help" id=id>{help}</p> })}
        </div>
    }
    .into_any()
}
