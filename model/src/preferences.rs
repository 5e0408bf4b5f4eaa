//! How the console looks and behaves in one browser.
//!
//! Kept in a cookie that the server reads before it draws a page, so that the first byte is right. It holds
//! nothing about anybody.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::upload::Policy;

/// The name of the preference cookie; its value is [`Preferences::to_cookie`].
pub const PREFERENCES_COOKIE: &str = "hako_preferences";

/// One thing to choose among, each by its word (a `tt`, because the derives do not read a `literal` that a macro
/// hands on).
macro_rules! choice {
    (
        $(#[$about:meta])*
        $name:ident { $($(#[$of:meta])* $variant:ident = $word:tt,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$of])* #[cfg_attr(feature = "openapi", schema(rename = $word))] $variant,)+
        }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word used in forms, in the cookie and on the page.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Reads the word.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        // Every page loads these: derived, they would be several times as large.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                Self::of_word(&word).ok_or_else(|| de::Error::unknown_variant(&word, &[$($word,)+]))
            }
        }
    };
}

choice! {
    /// The colours of the console.
    Theme {
        /// As the browser wishes.
        #[default]
        System = "system",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

choice! {
    /// In which language the console speaks.
    Speech {
        /// In the first that the browser asks for and the console knows.
        #[default]
        Browser = "browser",
        /// In English.
        English = "en",
        /// In Swedish.
        Swedish = "sv",
    }
}

choice! {
    /// How much room the rows of tables and lists take.
    Density {
        /// 44 pixels.
        #[default]
        Comfortable = "comfortable",
        /// 32 pixels, where there is a pointer that hits them.
        Compact = "compact",
    }
}

choice! {
    /// By which clock times are written.
    TimeZone {
        /// The browser's.
        #[default]
        Local = "local",
        /// UTC.
        Utc = "utc",
    }
}

choice! {
    /// Where one begins.
    StartPage {
        /// Where the session's work is: buckets, or tenants at the system level.
        #[default]
        Usual = "usual",
        /// The buckets.
        Buckets = "buckets",
        /// What is and was uploaded.
        Transfers = "transfers",
        /// The namespaces.
        Namespaces = "namespaces",
    }
}

choice! {
    /// Whether things move.
    Motion {
        /// As the browser wishes.
        #[default]
        System = "system",
        /// As little as possible.
        Reduced = "reduced",
    }
}

choice! {
    /// Whether single keys do something.
    SingleKeys {
        /// They do.
        #[default]
        On = "on",
        /// Only keys that write nothing do, and those that are pressed with Ctrl.
        Off = "off",
    }
}

choice! {
    /// How wide the navigation is, where there is room.
    Navigation {
        /// Icons with words.
        #[default]
        Words = "words",
        /// Icons alone.
        Icons = "icons",
    }
}

choice! {
    /// In which order names are, where an address says nothing of it.
    NameOrder {
        /// The store's: that of the keys' bytes.
        #[default]
        Store = "store",
        /// As people count: 2 before 10.
        Natural = "natural",
    }
}

choice! {
    /// Where folders are in a list.
    Folders {
        /// Before the files.
        #[default]
        First = "first",
        /// Among them.
        Mixed = "mixed",
    }
}

choice! {
    /// For how long small deletions wait that nothing brings back.
    DeletionDelay {
        /// Eight seconds.
        #[default]
        Short = "8",
        /// Twenty seconds.
        Longer = "20",
        /// A minute.
        Minute = "60",
        /// Until they are confirmed.
        Asked = "asked",
    }
}

impl DeletionDelay {
    /// Seconds; nothing where time alone deletes nothing.
    pub fn seconds(self) -> Option<u64> {
        self.as_str().parse().ok()
    }
}

choice! {
    /// What is done with uploaded files whose keys are taken.
    Existing {
        /// It is asked each time.
        #[default]
        Ask = "ask",
        /// They are not sent.
        Skip = "skip",
        /// They take the place of what is there; where that is lost, it is asked each time.
        Overwrite = "overwrite",
        /// They get the next free name.
        KeepBoth = "rename",
        /// Those that are, by size and time, what is there are not sent; the others take its place.
        OnlyChanged = "changed",
    }
}

impl Existing {
    /// What is done without asking.
    pub fn policy(self) -> Option<Policy> {
        match self {
            Self::Ask => None,
            Self::Skip => Some(Policy::Skip),
            Self::Overwrite => Some(Policy::Overwrite),
            Self::KeepBoth => Some(Policy::KeepBoth),
            Self::OnlyChanged => Some(Policy::OnlyChanged),
        }
    }
}

impl From<Policy> for Existing {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Skip => Self::Skip,
            Policy::Overwrite => Self::Overwrite,
            Policy::KeepBoth => Self::KeepBoth,
            Policy::OnlyChanged => Self::OnlyChanged,
        }
    }
}

choice! {
    /// Whether many or large files are shown before they are sent.
    LargeUploads {
        /// They are.
        #[default]
        Shown = "shown",
        /// Only where there is something to decide.
        Begun = "begun",
    }
}

choice! {
    /// How many requests with bytes run at once.
    ParallelUploads {
        /// As many as help.
        #[default]
        Automatic = "automatic",
        /// One.
        One = "1",
        /// At most two.
        Two = "2",
        /// At most three.
        Three = "3",
        /// At most four.
        Four = "4",
        /// At most five.
        Five = "5",
        /// At most six.
        Six = "6",
    }
}

impl ParallelUploads {
    /// The most; nothing where Hako finds it out.
    pub fn most(self) -> Option<usize> {
        self.as_str().parse().ok()
    }
}

choice! {
    /// Whether a checksum goes with every part, for the store to compare.
    VerifyChecksums {
        /// Where the store compares them.
        #[default]
        On = "on",
        /// Never.
        Off = "off",
    }
}

choice! {
    /// What is said aloud while files are uploaded.
    Announcements {
        /// The begin, every quarter, the end, and when somebody is needed.
        #[default]
        Normal = "normal",
        /// The end, and when somebody is needed.
        Few = "few",
        /// As normally, and every ten seconds how far it is.
        Often = "often",
    }
}

choice! {
    /// Whether this browser keeps what was stored from it.
    TransferHistory {
        /// For thirty days.
        #[default]
        Kept = "kept",
        /// As long as the page is open.
        Forgotten = "forgotten",
    }
}

/// All choices, by their fields: what holds, and what changes of it.
macro_rules! preferences {
    ($($(#[$about:meta])* $field:ident: $choice:ident,)+) => {
        /// How the console looks and behaves in this browser.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(from = "BTreeMap<String, String>")]
        pub struct Preferences {
            $($(#[$about])* pub $field: $choice,)+
        }

        /// What changes of the preferences; the rest stays.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(default)]
        pub struct PreferencesChange {
            $(
                $(#[$about])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$choice>,
            )+
        }

        impl PreferencesChange {
            /// The names of all fields.
            pub const FIELDS: &[&str] = &[$(stringify!($field),)+];

            /// Takes one field of a form, or one pair of the cookie; what is unknown changes nothing.
            pub fn take(&mut self, name: &str, word: &str) {
                match name {
                    $(stringify!($field) => self.$field = $choice::of_word(word).or(self.$field),)+
                    _ => {}
                }
            }
        }

        impl Preferences {
            /// The names and words, in the order of the fields.
            fn pairs(self) -> impl Iterator<Item = (&'static str, &'static str)> {
                [$((stringify!($field), self.$field.as_str()),)+].into_iter()
            }

            /// These, after a change.
            #[must_use]
            pub fn with(self, change: PreferencesChange) -> Self {
                Self {
                    $($field: change.$field.unwrap_or(self.$field),)+
                }
            }
        }
    };
}

preferences! {
    /// The colours.
    theme: Theme,
    /// The language.
    language: Speech,
    /// The rows of tables and lists.
    density: Density,
    /// The clock.
    time_zone: TimeZone,
    /// Where one begins.
    start_page: StartPage,
    /// Whether things move.
    motion: Motion,
    /// Whether single keys do something.
    single_keys: SingleKeys,
    /// How wide the navigation is.
    navigation: Navigation,
    /// In which order names are.
    name_order: NameOrder,
    /// Where folders are in a list.
    folders: Folders,
    /// For how long small deletions wait.
    deletion_delay: DeletionDelay,
    /// What is done with uploaded files whose keys are taken.
    existing: Existing,
    /// Whether many or large files are shown before they are sent.
    large_uploads: LargeUploads,
    /// How many requests with bytes run at once.
    parallel_uploads: ParallelUploads,
    /// Whether a checksum goes with every part.
    verify_checksums: VerifyChecksums,
    /// What is said aloud while files are uploaded.
    announcements: Announcements,
    /// Whether this browser keeps what was stored from it.
    transfer_history: TransferHistory,
}

/// What is unknown is left at its default, as in the cookie.
impl From<BTreeMap<String, String>> for Preferences {
    fn from(words: BTreeMap<String, String>) -> Self {
        let mut change = PreferencesChange::default();
        for (name, word) in &words {
            change.take(name, word);
        }
        Self::default().with(change)
    }
}

impl Preferences {
    /// Writes the cookie's value, without what is at its default: `theme=dark&density=compact`.
    pub fn to_cookie(self) -> String {
        let pairs = self.pairs().zip(Self::default().pairs());
        let chosen = pairs.filter(|(one, usual)| one != usual);
        let words: Vec<_> = chosen.map(|((n, w), _)| format!("{n}={w}")).collect();
        words.join("&")
    }

    /// Reads the cookie's value; what is unknown is left at its default.
    pub fn from_cookie(value: &str) -> Self {
        let mut change = PreferencesChange::default();
        for (name, word) in value.split('&').filter_map(|pair| pair.split_once('=')) {
            change.take(name, word);
        }
        Self::default().with(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_says_what_is_not_usual_and_is_read_again() {
        assert_eq!(Preferences::default().to_cookie(), "");
        let chosen = Preferences {
            theme: Theme::Dark,
            language: Speech::Swedish,
            density: Density::Compact,
            time_zone: TimeZone::Utc,
            start_page: StartPage::Transfers,
            motion: Motion::Reduced,
            single_keys: SingleKeys::Off,
            navigation: Navigation::Icons,
            name_order: NameOrder::Natural,
            folders: Folders::Mixed,
            deletion_delay: DeletionDelay::Asked,
            existing: Existing::KeepBoth,
            large_uploads: LargeUploads::Begun,
            parallel_uploads: ParallelUploads::Two,
            verify_checksums: VerifyChecksums::Off,
            announcements: Announcements::Few,
            transfer_history: TransferHistory::Forgotten,
        };
        let cookie = chosen.to_cookie();
        assert_eq!(
            cookie,
            "theme=dark&language=sv&density=compact&time_zone=utc&start_page=transfers&motion=reduced\
             &single_keys=off&navigation=icons&name_order=natural&folders=mixed&deletion_delay=asked\
             &existing=rename&large_uploads=begun&parallel_uploads=2&verify_checksums=off\
             &announcements=few&transfer_history=forgotten"
        );
        assert_eq!(Preferences::from_cookie(&cookie), chosen);
        let strange = Preferences::from_cookie("theme=purple&x&density=compact&theme=");
        assert_eq!(strange.theme, Theme::System);
        assert_eq!(strange.density, Density::Compact);
    }

    #[test]
    fn an_answer_is_read_and_a_wrong_word_of_a_change_is_named() {
        let chosen = Preferences::from_cookie("theme=dark&parallel_uploads=3&single_keys=off");
        let json = serde_json::to_string(&chosen).unwrap();
        assert!(json.contains(r#""parallel_uploads":"3""#), "{json}");
        assert_eq!(serde_json::from_str::<Preferences>(&json).unwrap(), chosen);
        let wrong = serde_json::from_str::<PreferencesChange>(r#"{"theme": "purple"}"#);
        let wrong = wrong.unwrap_err().to_string();
        assert!(
            wrong.contains("`purple`, expected one of `system`, `light`, `dark`"),
            "{wrong}"
        );
    }

    #[test]
    fn a_change_leaves_the_rest() {
        let before = Preferences::from_cookie("theme=dark&density=compact");
        let change: PreferencesChange = serde_json::from_str(r#"{"theme": "light"}"#).unwrap();
        assert_eq!(
            before.with(change).to_cookie(),
            "theme=light&density=compact"
        );
    }

    #[test]
    fn words_that_are_numbers_are_read_as_such() {
        let seconds = DeletionDelay::ALL.iter().map(|delay| delay.seconds());
        assert!(seconds.eq([Some(8), Some(20), Some(60), None]));
        let most = ParallelUploads::ALL.iter().map(|parallel| parallel.most());
        assert!(most.eq([None, Some(1), Some(2), Some(3), Some(4), Some(5), Some(6)]));
    }

    #[test]
    fn a_policy_is_remembered_as_what_it_is() {
        for policy in Policy::ALL {
            assert_eq!(Existing::from(policy).policy(), Some(policy));
        }
        assert_eq!(Existing::Ask.policy(), None);
    }
}
