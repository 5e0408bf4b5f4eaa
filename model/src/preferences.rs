//! How the console looks and behaves in one browser.
//!
//! Kept in a cookie that the server reads before it draws a page, so that the first byte is right. It holds
//! nothing about anybody.

use serde::{Deserialize, Serialize};

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
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)+
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

/// How the console looks to this browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Preferences {
    /// The colours.
    pub theme: Theme,
    /// The language.
    pub language: Speech,
    /// The rows of tables and lists.
    pub density: Density,
    /// The clock.
    pub time_zone: TimeZone,
    /// Where one begins.
    pub start_page: StartPage,
    /// Whether things move.
    pub motion: Motion,
    /// Whether single keys do something.
    pub single_keys: SingleKeys,
    /// How wide the navigation is.
    pub navigation: Navigation,
}

/// What changes of the preferences; the rest stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PreferencesChange {
    /// The colours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Speech>,
    /// The rows of tables and lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Density>,
    /// The clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
    /// Where one begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_page: Option<StartPage>,
    /// Whether things move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motion: Option<Motion>,
    /// Whether single keys do something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_keys: Option<SingleKeys>,
    /// How wide the navigation is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigation: Option<Navigation>,
}

impl PreferencesChange {
    /// Takes one field of a form, or one pair of the cookie; what is unknown changes nothing.
    pub fn take(&mut self, name: &str, word: &str) {
        match name {
            "theme" => self.theme = Theme::of_word(word).or(self.theme),
            "language" => self.language = Speech::of_word(word).or(self.language),
            "density" => self.density = Density::of_word(word).or(self.density),
            "time_zone" => self.time_zone = TimeZone::of_word(word).or(self.time_zone),
            "start_page" => self.start_page = StartPage::of_word(word).or(self.start_page),
            "motion" => self.motion = Motion::of_word(word).or(self.motion),
            "single_keys" => self.single_keys = SingleKeys::of_word(word).or(self.single_keys),
            "navigation" => self.navigation = Navigation::of_word(word).or(self.navigation),
            _ => {}
        }
    }
}

impl Preferences {
    /// The names and words, in the order of the fields.
    fn pairs(self) -> [(&'static str, &'static str); 8] {
        [
            ("theme", self.theme.as_str()),
            ("language", self.language.as_str()),
            ("density", self.density.as_str()),
            ("time_zone", self.time_zone.as_str()),
            ("start_page", self.start_page.as_str()),
            ("motion", self.motion.as_str()),
            ("single_keys", self.single_keys.as_str()),
            ("navigation", self.navigation.as_str()),
        ]
    }

    /// Writes the cookie's value, without what is at its default: `theme=dark&density=compact`.
    pub fn to_cookie(self) -> String {
        let usual = Self::default().pairs();
        let pairs = self.pairs();
        let chosen = pairs.iter().zip(usual).filter(|(one, usual)| *one != usual);
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

    /// These, after a change.
    #[must_use]
    pub fn with(self, change: PreferencesChange) -> Self {
        Self {
            theme: change.theme.unwrap_or(self.theme),
            language: change.language.unwrap_or(self.language),
            density: change.density.unwrap_or(self.density),
            time_zone: change.time_zone.unwrap_or(self.time_zone),
            start_page: change.start_page.unwrap_or(self.start_page),
            motion: change.motion.unwrap_or(self.motion),
            single_keys: change.single_keys.unwrap_or(self.single_keys),
            navigation: change.navigation.unwrap_or(self.navigation),
        }
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
        };
        let cookie = chosen.to_cookie();
        assert_eq!(
            cookie,
            "theme=dark&language=sv&density=compact&time_zone=utc&start_page=transfers&motion=reduced\
             &single_keys=off&navigation=icons"
        );
        assert_eq!(Preferences::from_cookie(&cookie), chosen);
        let strange = Preferences::from_cookie("theme=purple&x&density=compact&theme=");
        assert_eq!(strange.theme, Theme::System);
        assert_eq!(strange.density, Density::Compact);
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
}
