//! What Hako itself logs, line by line, for who reads along.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::endpoint::{Endpoint, query};

/// How many lines a page holds at most; also how many a console keeps.
pub const MOST_LINES: u32 = 2_000;

/// `GET /log`: the newest lines, or those behind a place.
#[derive(Clone, Debug, Default)]
pub struct ReadLog(pub LogQuery);

/// The parameters of [`ReadLog`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LogQuery {
    /// Only lines of this level or a worse one.
    #[cfg_attr(feature = "openapi", param(inline, nullable = false))]
    pub level: Option<LogLevel>,
    /// Only lines of one request, by its id.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub request_id: Option<String>,
    /// Only lines with this text anywhere in them; capitals do not matter.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub text: Option<String>,
    /// Only lines behind a page (`last`): the oldest of them, so that nothing is missed by asking again.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub after: Option<u64>,
    /// Lines in a page, 1 to 2,000; 200 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 2000, nullable = false)
    )]
    pub limit: Option<u32>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LogLevel {
    /// What happens.
    Info,
    /// What somebody should look at.
    Warn,
    /// What went wrong.
    Error,
}

impl LogLevel {
    /// All of them, the mildest first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warn, Self::Error];

    /// The word used in addresses and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// Reads the word, in whatever capitals.
    pub fn parse(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|level| level.as_str().eq_ignore_ascii_case(word))
    }
}

/// Some lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogPage {
    /// The lines, the oldest first.
    pub lines: Vec<LogLine>,
    /// What `after` takes to go on from here.
    pub last: u64,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// Which line it is since the program was started.
    pub number: u64,
    /// When it was written, in UTC by RFC 3339.
    #[serde(default)]
    pub time: String,
    /// How bad it is.
    pub level: LogLevel,
    /// Who says it.
    #[serde(default)]
    pub target: String,
    /// What.
    #[serde(default)]
    pub message: String,
    /// Of which request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What else stands in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Json>,
}

impl LogLine {
    /// Reads a line as it was written: an object of JSON. Without a level that is known it is not one.
    pub fn read(number: u64, text: &str) -> Option<Self> {
        let mut fields: BTreeMap<String, Json> = serde_json::from_str(text).ok()?;
        let mut take = |name: &str| match fields.remove(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let level = LogLevel::parse(&take("level")?)?;
        Some(Self {
            number,
            time: take("timestamp").unwrap_or_default(),
            level,
            target: take("target").unwrap_or_default(),
            message: take("message").unwrap_or_default(),
            request_id: take("request_id"),
            fields,
        })
    }

    /// What else stands in it, as `name=value` with spaces between.
    pub fn details(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| match value {
            Json::String(text) if !text.contains(' ') => format!("{name}={text}"),
            value => format!("{name}={value}"),
        });
        fields.collect::<Vec<_>>().join(" ")
    }

    /// The line as text.
    pub fn text(&self) -> String {
        let level = self.level.as_str().to_uppercase();
        let request = self.request_id.as_ref();
        let request = request.map(|id| format!("request_id={id}"));
        let words = [
            self.time.clone(),
            level,
            self.target.clone(),
            self.message.clone(),
        ];
        let words = words.into_iter().chain(request).chain([self.details()]);
        let words = words.filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    }
}

impl Endpoint for ReadLog {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/log";
    type Body = ();
    type Response = LogPage;

    fn path(&self) -> String {
        let LogQuery {
            level,
            request_id,
            text,
            after,
            limit,
        } = &self.0;
        let query = query(&[
            ("level", level.map(|level| level.as_str().to_owned())),
            ("request_id", request_id.clone()),
            ("text", text.clone()),
            ("after", after.map(|after| after.to_string())),
            ("limit", limit.map(|limit| limit.to_string())),
        ]);
        format!("{}{query}", Self::ROUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let written = r#"{"timestamp":"2026-01-02T03:04:05Z","level":"INFO","message":"request","method":"GET",
            "path":"/a b","status":200,"request_id":"r-1","target":"access"}"#;
        let line = LogLine::read(7, written).unwrap();
        assert_eq!((line.number, line.level), (7, LogLevel::Info));
        assert_eq!(line.request_id.as_deref(), Some("r-1"));
        assert_eq!(line.details(), r#"method=GET path="/a b" status=200"#);
        assert_eq!(
            line.text(),
            r#"2026-01-02T03:04:05Z INFO access request request_id=r-1 method=GET path="/a b" status=200"#
        );
        for odd in [
            "",
            "not json",
            "[]",
            r#"{"message":"x"}"#,
            r#"{"level":"TRACE"}"#,
        ] {
            assert_eq!(LogLine::read(1, odd), None, "{odd}");
        }
    }

    #[test]
    fn levels_are_ordered_and_read_back() {
        assert!(LogLevel::Error > LogLevel::Warn && LogLevel::Warn > LogLevel::Info);
        for level in LogLevel::ALL {
            assert_eq!(LogLevel::parse(level.as_str()), Some(level));
        }
        assert_eq!(LogLevel::parse("debug"), None);
    }

    #[test]
    fn the_address_has_what_is_asked_for() {
        assert_eq!(ReadLog::default().path(), "/api/v1/log");
        let asked = LogQuery {
            level: Some(LogLevel::Warn),
            text: Some("a b".to_owned()),
            after: Some(9),
            ..LogQuery::default()
        };
        assert_eq!(
            ReadLog(asked).path(),
            "/api/v1/log?level=warn&text=a%20b&after=9"
        );
    }
}
