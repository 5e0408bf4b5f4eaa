//! `/preferences`: how the console looks and behaves in this browser. One plain form; the cookie that it
//! sets is read by the server before the next page.

use catalogue::Language;
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem,
    session::{
        Announcements, DeletionDelay, Density, Existing, Folders, LargeUploads, Level, Motion,
        NameOrder, Navigation, ParallelUploads, Preferences, PreferencesChange, SetPreferences,
        SingleKeys, Speech, StartPage, Theme, TimeZone, TransferHistory, VerifyChecksums,
    },
};

use crate::{
    api, browser, drawn,
    layout::{PageTitle, use_session},
    outcome::Outcome,
    ui::{Button, ErrorSummary, Icon, Messages, Tone},
    upload::use_uploads,
    urls,
    words::{self, preferences},
};

/// The page.
#[component]
pub fn PreferencesPage() -> impl IntoView {
    let preferences = drawn::preferences();
    let query = urls::query();
    let saved = move || query.with(|query| query.get("saved").is_some());
    let refused = Outcome::problem("set_preferences");
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let messages = Messages::here();
    let uploads = use_uploads();
    // With scripts the page stays, and with it whatever is being uploaded. Another language needs another page.
    let submit = move |event: ev::SubmitEvent| {
        let mut change = PreferencesChange::default();
        for (name, word) in browser::form_words(&event, PreferencesChange::FIELDS) {
            change.take(name, &word);
        }
        let language = drawn::preferences().language;
        if change.language.is_none_or(|chosen| chosen != language) {
            return;
        }
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = api::call(SetPreferences(change)).await;
            busy.try_set(false);
            match answer {
                Ok(preferences) => {
                    drawn::set_preferences(preferences);
                    uploads.prefer();
                    messages.success(preferences::saved());
                }
                Err(refusal) => {
                    problem.try_set(Some(refusal));
                }
            }
        });
    };
    view! {
        <div class="page page-narrow">
            <PageTitle heading=preferences::heading() title=preferences::heading() />
            {move || saved().then(|| view! { <Saved /> })}
            <p class="help">{preferences::explained()}</p>
            <form
                method="post"
                action=urls::PREFERENCES
                class="form-sections"
                data-testid="form-preferences"
                on:submit=submit
            >
                <input type="hidden" name="op" value="set_preferences" />
                <input type="hidden" name="next" value="/preferences?saved=1" />
                <ErrorSummary problem=Signal::derive(move || problem.get().or_else(|| refused.clone())) />
                {of_appearance(preferences)}
                {of_pages(preferences)}
                {of_files(preferences)}
                {of_uploads(preferences)}
                <div class="actions">
                    <Button kind="submit" tone=Tone::Primary attr:data-testid="save">
                        {preferences::save()}
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
            <p>{preferences::saved()}</p>
        </div>
    }
    .into_any()
}

/// A group of choices.
fn group(heading: &'static str, choices: impl IntoView) -> AnyView {
    view! {
        <section class="form-panel">
            <h2>{heading}</h2>
            {choices}
        </section>
    }
    .into_any()
}

/// How pages look.
fn of_appearance(preferences: Preferences) -> AnyView {
    let themes = Theme::ALL.iter().map(|one| {
        let word = match one {
            Theme::System => preferences::theme_system(),
            Theme::Light => preferences::theme_light(),
            Theme::Dark => preferences::theme_dark(),
        };
        (one.as_str(), word)
    });
    let languages = Speech::ALL.iter().map(|one| {
        let word = match one {
            Speech::Browser => preferences::language_browser(),
            // Each in its own words, for whoever cannot read the others.
            Speech::English => Language::English.name(),
            Speech::Swedish => Language::Swedish.name(),
        };
        (one.as_str(), word)
    });
    let densities = Density::ALL.iter().map(|one| {
        let word = match one {
            Density::Comfortable => preferences::density_comfortable(),
            Density::Compact => preferences::density_compact(),
        };
        (one.as_str(), word)
    });
    let zones = TimeZone::ALL.iter().map(|one| {
        let word = match one {
            TimeZone::Local => preferences::time_zone_local(),
            TimeZone::Utc => preferences::time_zone_utc(),
        };
        (one.as_str(), word)
    });
    let motions = Motion::ALL.iter().map(|one| {
        let word = match one {
            Motion::System => preferences::motion_system(),
            Motion::Reduced => preferences::motion_reduced(),
        };
        (one.as_str(), word)
    });
    let theme = Choice::of("theme", preferences::theme(), preferences.theme.as_str());
    let language = Choice::of(
        "language",
        preferences::language(),
        preferences.language.as_str(),
    );
    let density = Choice::of(
        "density",
        preferences::density(),
        preferences.density.as_str(),
    );
    let zone = Choice::of(
        "time_zone",
        preferences::time_zone(),
        preferences.time_zone.as_str(),
    );
    let motion = Choice::of("motion", preferences::motion(), preferences.motion.as_str());
    group(
        preferences::of_appearance(),
        [
            theme.among(themes),
            language.help(preferences::language_help()).among(languages),
            density.help(preferences::density_help()).among(densities),
            zone.help(preferences::time_zone_help()).among(zones),
            motion.help(preferences::motion_help()).among(motions),
        ],
    )
}

/// Where one begins, and what stands around every page: the navigation, and the keys.
fn of_pages(preferences: Preferences) -> AnyView {
    let session = use_session();
    let navigations = Navigation::ALL.iter().map(|one| {
        let word = match one {
            Navigation::Words => preferences::navigation_words(),
            Navigation::Icons => preferences::navigation_icons(),
        };
        (one.as_str(), word)
    });
    let keys = SingleKeys::ALL.iter().map(|one| {
        let word = match one {
            SingleKeys::On => preferences::single_keys_on(),
            SingleKeys::Off => preferences::single_keys_off(),
        };
        (one.as_str(), word)
    });
    let navigation = preferences.navigation.as_str();
    let navigation = Choice::of("navigation", preferences::navigation(), navigation);
    let single_keys = preferences.single_keys.as_str();
    let single_keys = Choice::of("single_keys", preferences::single_keys(), single_keys);
    let choices = view! {
        <Suspense>
            {move || Suspend::new(async move {
                let level = session.await.ok().map(|session| session.level);
                start_page(preferences.start_page, level)
            })}
        </Suspense>
        {navigation.help(preferences::navigation_help()).among(navigations)}
        {single_keys.help(preferences::single_keys_help()).among(keys)}
    };
    group(preferences::of_pages(), choices)
}

/// How files are listed and deleted.
fn of_files(preferences: Preferences) -> AnyView {
    let orders = NameOrder::ALL.iter().map(|one| {
        let word = match one {
            NameOrder::Store => preferences::name_order_store(),
            NameOrder::Natural => preferences::name_order_natural(),
        };
        (one.as_str(), word)
    });
    let places = Folders::ALL.iter().map(|one| {
        let word = match one {
            Folders::First => preferences::folders_first(),
            Folders::Mixed => preferences::folders_mixed(),
        };
        (one.as_str(), word)
    });
    let delays = DeletionDelay::ALL.iter().map(|one| {
        let word = match one {
            DeletionDelay::Short => preferences::deletion_delay_short(),
            DeletionDelay::Longer => preferences::deletion_delay_longer(),
            DeletionDelay::Minute => preferences::deletion_delay_minute(),
            DeletionDelay::Asked => preferences::deletion_delay_asked(),
        };
        (one.as_str(), word)
    });
    let order = preferences.name_order.as_str();
    let order = Choice::of("name_order", preferences::name_order(), order);
    let folders = Choice::of(
        "folders",
        preferences::folders(),
        preferences.folders.as_str(),
    );
    let delay = preferences.deletion_delay.as_str();
    let delay = Choice::of("deletion_delay", preferences::deletion_delay(), delay);
    group(
        preferences::of_files(),
        [
            order.help(preferences::name_order_help()).among(orders),
            folders.among(places),
            delay.help(preferences::deletion_delay_help()).among(delays),
        ],
    )
}

/// How files are uploaded, and what is said and kept of it.
fn of_uploads(preferences: Preferences) -> AnyView {
    let policies = Existing::ALL.iter().map(|one| {
        let word = match one {
            Existing::Ask => preferences::existing_ask(),
            Existing::Skip => words::plan::skip(),
            Existing::Overwrite => words::plan::overwrite(),
            Existing::KeepBoth => words::plan::keep_both(),
            Existing::OnlyChanged => words::plan::only_what_changed(),
        };
        (one.as_str(), word)
    });
    let large = LargeUploads::ALL.iter().map(|one| {
        let word = match one {
            LargeUploads::Shown => preferences::large_uploads_shown(),
            LargeUploads::Begun => preferences::large_uploads_begun(),
        };
        (one.as_str(), word)
    });
    let numbers = ParallelUploads::ALL.iter().map(|one| {
        let word = match one {
            ParallelUploads::Automatic => preferences::parallel_uploads_automatic(),
            number => number.as_str(),
        };
        (one.as_str(), word)
    });
    let existing = Choice::of(
        "existing",
        preferences::existing(),
        preferences.existing.as_str(),
    );
    let large_uploads = preferences.large_uploads.as_str();
    let large_uploads = Choice::of("large_uploads", preferences::large_uploads(), large_uploads);
    let parallel = preferences.parallel_uploads.as_str();
    let parallel = Choice::of(
        "parallel_uploads",
        preferences::parallel_uploads(),
        parallel,
    );
    let choices = [
        existing.help(preferences::existing_help()).among(policies),
        large_uploads
            .help(preferences::large_uploads_help())
            .among(large),
        parallel
            .help(preferences::parallel_uploads_help())
            .among(numbers),
    ];
    group(
        preferences::of_uploads(),
        (choices, around_uploads(preferences)),
    )
}

fn around_uploads(preferences: Preferences) -> impl IntoView {
    let sums = VerifyChecksums::ALL.iter().map(|one| {
        let word = match one {
            VerifyChecksums::On => preferences::verify_checksums_on(),
            VerifyChecksums::Off => preferences::verify_checksums_off(),
        };
        (one.as_str(), word)
    });
    let said = Announcements::ALL.iter().map(|one| {
        let word = match one {
            Announcements::Normal => preferences::announcements_normal(),
            Announcements::Few => preferences::announcements_few(),
            Announcements::Often => preferences::announcements_often(),
        };
        (one.as_str(), word)
    });
    let kept = TransferHistory::ALL.iter().map(|one| {
        let word = match one {
            TransferHistory::Kept => preferences::transfer_history_kept(),
            TransferHistory::Forgotten => preferences::transfer_history_forgotten(),
        };
        (one.as_str(), word)
    });
    let verify = preferences.verify_checksums.as_str();
    let verify = Choice::of("verify_checksums", preferences::verify_checksums(), verify);
    let announcements = preferences.announcements.as_str();
    let announcements = Choice::of("announcements", preferences::announcements(), announcements);
    let history = preferences.transfer_history.as_str();
    let history = Choice::of("transfer_history", preferences::transfer_history(), history);
    [
        verify
            .help(preferences::verify_checksums_help())
            .among(sums),
        announcements
            .help(preferences::announcements_help())
            .among(said),
        history
            .help(preferences::transfer_history_help())
            .among(kept),
    ]
}

/// Where one begins: pages that the level has.
fn start_page(chosen: StartPage, level: Option<Level>) -> AnyView {
    let pages = StartPage::ALL.iter().filter_map(|one| {
        let word = match (one, level) {
            (StartPage::Usual, _) => preferences::start_usual(),
            (_, Some(Level::System)) => return None,
            (StartPage::Buckets, _) => preferences::start_buckets(),
            (StartPage::Transfers, _) => preferences::start_transfers(),
            (StartPage::Namespaces, Some(Level::Tenant)) => preferences::start_namespaces(),
            (StartPage::Namespaces, _) => return None,
        };
        Some((one.as_str(), word))
    });
    let choice = Choice::of("start_page", preferences::start_page(), chosen.as_str());
    choice.help(preferences::start_help()).among(pages)
}

/// One choice: a label, the ways to choose, and what they do.
struct Choice {
    name: &'static str,
    label: &'static str,
    chosen: &'static str,
    help: Option<&'static str>,
}

impl Choice {
    fn of(name: &'static str, label: &'static str, chosen: &'static str) -> Self {
        Self {
            name,
            label,
            chosen,
            help: None,
        }
    }

    fn help(self, help: &'static str) -> Self {
        Self {
            help: Some(help),
            ..self
        }
    }

    /// Draws it, with the values and their words.
    fn among(self, ways: impl Iterator<Item = (&'static str, &'static str)>) -> AnyView {
        let name = self.name;
        let id = format!("field-{name}");
        let help_id = self.help.is_some().then(|| format!("help-{name}"));
        let ways = ways
            .map(|(value, word)| {
                let own = Language::of_tag(value).filter(|_| name == "language");
                let selected = value == self.chosen;
                view! {
                    <option value=value selected=selected lang=own.map(Language::tag)>
                        {word}
                    </option>
                }
            })
            .collect_view();
        view! {
            <div class="field">
                <label for=id.clone()>{self.label}</label>
                <select
                    id=id.clone()
                    name=name
                    class="input input-select"
                    aria-describedby=help_id.clone()
                    data-testid=if name == "language" { "lang-select".to_owned() } else { id }
                >
                    {ways}
                </select>
                {help_id.map(|id| view! { <p class="help" id=id>{self.help}</p> })}
            </div>
        }
        .into_any()
    }
}
