//! What a rule may say, and the text fields in which a person writes one.

use http::HeaderName;

use super::CorsRule;
use crate::id::fits_xml;

/// HCP's limit on a document, in bytes (2.5 MB).
pub const DOCUMENT_MAX: usize = 2_621_440;
/// S3's limit on the number of rules.
pub const RULES_MAX: usize = 100;
/// S3's limit on the name of a rule, in bytes.
pub const ID_MAX: usize = 255;
/// The methods that a rule can allow.
pub const METHODS: [&str; 5] = ["GET", "PUT", "POST", "HEAD", "DELETE"];

/// What is wrong with a rule, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// It is for nobody.
    #[error("A rule names at least one origin.")]
    NoOrigin,
    /// It allows nothing.
    #[error("A rule allows at least one method.")]
    NoMethod,
    /// More than one `*` in an origin.
    #[error("An origin has at most one *: {0}")]
    OriginWildcards(String),
    /// Characters that no origin has.
    #[error("This is not an origin: {0}")]
    NotAnOrigin(String),
    /// A method that S3 does not have.
    #[error("A rule can allow GET, PUT, POST, HEAD and DELETE, not {0}.")]
    UnknownMethod(String),
    /// More than one `*` in the name of a header.
    #[error("The name of a header has at most one *: {0}")]
    HeaderWildcards(String),
    /// Not the name of a header.
    #[error("This is not the name of a header: {0}")]
    NotAHeader(String),
    /// A name that is exposed must be one.
    #[error("A header that pages may read is named in full, without *: {0}")]
    NotExposable(String),
    /// A name that is too long.
    #[error("The name of a rule has at most 255 characters.")]
    LongId,
    /// A name with characters that XML cannot carry.
    #[error("The name of a rule has no control characters.")]
    IdCharacters,
    /// Not a number of seconds.
    #[error("Seconds are a whole number, 0 or more. Example: 3600.")]
    Age,
}

impl RuleFault {
    /// The field of [`RuleText`] that has it.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoOrigin | Self::OriginWildcards(_) | Self::NotAnOrigin(_) => "origins",
            Self::NoMethod | Self::UnknownMethod(_) => "methods",
            Self::HeaderWildcards(_) | Self::NotAHeader(_) => "allowed",
            Self::NotExposable(_) => "exposed",
            Self::LongId | Self::IdCharacters => "id",
            Self::Age => "max_age",
        }
    }
}

/// Checks a rule. HCP takes at most one `*` in an origin and in a header that a preflight may ask for, and none
/// in a header that is exposed.
pub fn check(rule: &CorsRule) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    if rule.id.as_ref().is_some_and(|id| id.len() > ID_MAX) {
        faults.push(RuleFault::LongId);
    }
    if !rule.id.as_deref().is_none_or(fits_xml) {
        faults.push(RuleFault::IdCharacters);
    }
    if rule.allowed_origins.as_ref().is_none_or(Vec::is_empty) {
        faults.push(RuleFault::NoOrigin);
    }
    for origin in rule.allowed_origins.iter().flatten() {
        if origin.matches('*').count() > 1 {
            faults.push(RuleFault::OriginWildcards(origin.clone()));
        } else if origin.is_empty() || !origin.bytes().all(|byte| byte.is_ascii_graphic()) {
            faults.push(RuleFault::NotAnOrigin(origin.clone()));
        }
    }
    if rule.allowed_methods.as_ref().is_none_or(Vec::is_empty) {
        faults.push(RuleFault::NoMethod);
    }
    for method in rule.allowed_methods.iter().flatten() {
        if !METHODS.contains(&method.as_str()) {
            faults.push(RuleFault::UnknownMethod(method.clone()));
        }
    }
    for header in rule.allowed_headers.iter().flatten() {
        if header.matches('*').count() > 1 {
            faults.push(RuleFault::HeaderWildcards(header.clone()));
        } else if !is_header(&header.replacen('*', "x", 1)) {
            faults.push(RuleFault::NotAHeader(header.clone()));
        }
    }
    for header in rule.expose_headers.iter().flatten() {
        if header.contains('*') || !is_header(header) {
            faults.push(RuleFault::NotExposable(header.clone()));
        }
    }
    if rule.max_age_seconds.is_some_and(|seconds| seconds < 0) {
        faults.push(RuleFault::Age);
    }
    faults
}

fn is_header(name: &str) -> bool {
    HeaderName::try_from(name).is_ok()
}

/// The origins of a rule that no browser ever sends, though a store takes them: those with a path, a slash at
/// the end, or without a scheme.
pub fn never_sent(rule: &CorsRule) -> Vec<&str> {
    let origins = rule.allowed_origins.iter().flatten().map(String::as_str);
    origins.filter(|origin| !can_be_sent(origin)).collect()
}

fn can_be_sent(origin: &str) -> bool {
    let Some((_, host)) = origin.split_once("://") else {
        // The wildcard may stand for the scheme; `null` is sent by pages without an origin.
        return origin.contains('*') || origin == "null";
    };
    !host.is_empty() && !host.contains(['/', '?', '#', '@'])
}

/// A rule as a person writes it: one name a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleText {
    /// A name for people.
    pub id: String,
    /// The origins.
    pub origins: String,
    /// The methods.
    pub methods: Vec<String>,
    /// The headers that a preflight may ask for.
    pub headers: String,
    /// The headers that pages may read.
    pub exposed: String,
    /// The seconds.
    pub max_age: String,
}

impl RuleText {
    /// Writes a rule.
    pub fn of(rule: &CorsRule) -> Self {
        let lines = |names: &Option<Vec<String>>| names.as_deref().unwrap_or_default().join("\n");
        Self {
            id: rule.id.clone().unwrap_or_default(),
            origins: lines(&rule.allowed_origins),
            methods: rule.allowed_methods.clone().unwrap_or_default(),
            headers: lines(&rule.allowed_headers),
            exposed: lines(&rule.expose_headers),
            max_age: rule
                .max_age_seconds
                .map(|seconds| seconds.to_string())
                .unwrap_or_default(),
        }
    }

    /// Reads it. Between names stand line ends, spaces or commas: no name has one.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn rule(&self) -> Result<CorsRule, Vec<RuleFault>> {
        let names = |text: &str| -> Option<Vec<String>> {
            let names: Vec<_> = names(text).map(str::to_owned).collect();
            (!names.is_empty()).then_some(names)
        };
        let age = self.max_age.trim();
        let seconds = (!age.is_empty()).then(|| age.parse::<i32>());
        let id = self.id.trim();
        let rule = CorsRule {
            id: (!id.is_empty()).then(|| id.to_owned()),
            allowed_headers: names(&self.headers),
            allowed_methods: Some(self.methods.clone()).filter(|methods| !methods.is_empty()),
            allowed_origins: names(&self.origins),
            expose_headers: names(&self.exposed),
            max_age_seconds: seconds.clone().and_then(Result::ok),
        };
        let mut faults = check(&rule);
        if seconds.is_some_and(|seconds| seconds.is_err()) {
            faults.push(RuleFault::Age);
        }
        if faults.is_empty() {
            Ok(rule)
        } else {
            Err(faults)
        }
    }
}

/// Names with line ends, spaces or commas between them.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(origins: &str, methods: &[&str]) -> RuleText {
        RuleText {
            origins: origins.to_owned(),
            methods: methods.iter().map(|&method| method.to_owned()).collect(),
            ..RuleText::default()
        }
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let written = RuleText {
            id: " console ".to_owned(),
            headers: "content-type\n\nx-amz-*, if-none-match".to_owned(),
            exposed: "ETag".to_owned(),
            max_age: " 600 ".to_owned(),
            ..text("https://a.example https://*.b.example", &["PUT", "GET"])
        };
        let rule = written.rule().unwrap();
        assert_eq!(rule.id.as_deref(), Some("console"));
        assert_eq!(
            rule.allowed_headers.as_deref().unwrap(),
            ["content-type", "x-amz-*", "if-none-match"]
        );
        assert_eq!(rule.max_age_seconds, Some(600));
        assert_eq!(RuleText::of(&rule).rule(), Ok(rule));
        let bare = text("*", &["GET"]).rule().unwrap();
        assert_eq!((&bare.id, bare.max_age_seconds), (&None, None));
        assert_eq!((bare.allowed_headers, bare.expose_headers), (None, None));
    }

    #[test]
    fn what_breaks_a_rule_is_told_with_its_field() {
        let faults = |text: RuleText| -> Vec<&'static str> {
            let faults = text.rule().unwrap_err();
            faults.iter().map(RuleFault::field).collect()
        };
        let good = text("https://a.example", &["PUT"]);
        assert!(good.rule().is_ok());
        assert_eq!(faults(text("", &[])), ["origins", "methods"]);
        assert_eq!(faults(text("https://*.*", &["PUT"])), ["origins"]);
        assert_eq!(faults(text("https://å.example", &["PUT"])), ["origins"]);
        assert_eq!(faults(text("*", &["PATCH"])), ["methods"]);
        for (headers, exposed, id, age, field) in [
            ("x-*-*", "", "", "", "allowed"),
            ("a:b", "", "", "", "allowed"),
            ("", "x-*", "", "", "exposed"),
            ("", "", "a\u{1}", "", "id"),
            ("", "", &*"a".repeat(256), "", "id"),
            ("", "", "", "-1", "max_age"),
            ("", "", "", "an hour", "max_age"),
            ("", "", "", "2147483648", "max_age"),
        ] {
            let broken = RuleText {
                headers: headers.to_owned(),
                exposed: exposed.to_owned(),
                id: id.to_owned(),
                max_age: age.to_owned(),
                ..good.clone()
            };
            assert_eq!(faults(broken), [field], "{headers} {exposed} {id} {age}");
        }
    }

    #[test]
    fn origins_that_no_browser_sends_are_found() {
        let rule = text(
            "https://a.example https://a.example/ a.example https://a.example:8443 * *.example null http:// http://localhost/x",
            &["GET"],
        );
        let rule = rule.rule().unwrap();
        assert_eq!(
            never_sent(&rule),
            [
                "https://a.example/",
                "a.example",
                "http://",
                "http://localhost/x"
            ]
        );
    }
}
