//! Which media type is read and which is written (HCP's management API, "Content negotiation").
//!
//! XML and JSON both ways; XML where nothing is asked for. `application/javascript` (JSON with padding,
//! for pages without CORS) is not offered.

use axum::http::{HeaderMap, HeaderValue, header};

use super::error::Refusal;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Xml,
    Json,
    /// Reports alone.
    Csv,
    /// Certificates alone.
    Plain,
}

impl Media {
    pub(crate) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Xml => "application/xml",
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Plain => "text/plain",
        })
    }

    /// How well `range` of an `Accept` header describes it; `None`: not at all.
    fn fit(self, range: &str) -> Option<u8> {
        let (name, kind) = match self {
            Self::Xml => ("application/xml", "application/*"),
            Self::Json => ("application/json", "application/*"),
            Self::Csv => ("text/csv", "text/*"),
            Self::Plain => ("text/plain", "text/*"),
        };
        if range.eq_ignore_ascii_case(name) {
            Some(2)
        } else if range.eq_ignore_ascii_case(kind) {
            Some(1)
        } else {
            (range == "*/*").then_some(0)
        }
    }
}

/// The media type of a body; `None`: the header is not there.
pub(crate) fn of_body(headers: &HeaderMap) -> Result<Option<Media>, Refusal> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(None);
    };
    let essence = value.to_str().map_or("", essence);
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(Some(Media::Json))
    } else if essence.eq_ignore_ascii_case("application/xml") {
        Ok(Some(Media::Xml))
    } else {
        Err(not_offered(essence))
    }
}

/// The media type to answer with.
pub(crate) fn of_answer(headers: &HeaderMap, offered: &[Media]) -> Result<Media, Refusal> {
    let header: Vec<_> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let header = header.join(",");
    if header.trim().is_empty() {
        return Ok(offered.first().copied().unwrap_or(Media::Xml));
    }
    let ranges: Vec<(&str, f32)> = header.split(',').map(range).collect();
    let mut best: Option<(Media, f32)> = None;
    for media in offered {
        // The most specific range says how much a type is liked.
        let liked = ranges
            .iter()
            .filter_map(|(range, liked)| media.fit(range).map(|fit| (fit, *liked)))
            .max_by_key(|(fit, _liked)| *fit)
            .map_or(0.0, |(_fit, liked)| liked);
        if liked > best.map_or(0.0, |(_media, liked)| liked) {
            best = Some((*media, liked));
        }
    }
    let first = ranges.first().map_or("", |(range, _liked)| *range);
    best.map(|(media, _liked)| media)
        .ok_or_else(|| not_offered(first))
}

fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// A range of an `Accept` header, and how much it is liked.
fn range(text: &str) -> (&str, f32) {
    let liked = text
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.trim().strip_prefix("q="))
        .find_map(|q| q.trim().parse().ok());
    (essence(text), liked.unwrap_or(1.0))
}

/// HCP tells types that exist from those that do not.
fn not_offered(essence: &str) -> Refusal {
    const OF_APPLICATIONS: &[&str] = &[
        "*",
        "atom+xml",
        "javascript",
        "ld+json",
        "octet-stream",
        "pdf",
        "problem+json",
        "vnd.sun.wadl+xml",
        "x-www-form-urlencoded",
        "xhtml+xml",
        "yaml",
        "zip",
    ];
    let exists = essence.split_once('/').is_some_and(|(kind, name)| {
        let same = |known: &&str| known.eq_ignore_ascii_case(name);
        match kind.to_ascii_lowercase().as_str() {
            "application" => OF_APPLICATIONS.iter().any(same),
            "audio" | "font" | "image" | "message" | "model" | "multipart" | "text" | "video" => {
                !name.is_empty()
            }
            _ => false,
        }
    });
    if exists {
        Refusal::UnsupportedMedia("The media types are application/xml and application/json.")
    } else {
        Refusal::invalid("The media type does not exist.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &'static str) -> Result<Media, Refusal> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))]);
        of_answer(&headers, &[Media::Xml, Media::Json])
    }

    #[test]
    fn the_answer_is_what_is_liked_best_and_xml_otherwise() {
        let none = of_answer(&HeaderMap::new(), &[Media::Xml, Media::Json]);
        assert_eq!(none.unwrap(), Media::Xml);
        for (value, media) in [
            ("", Media::Xml),
            ("*/*", Media::Xml),
            ("application/*", Media::Xml),
            ("application/json", Media::Json),
            ("Application/JSON; charset=utf-8", Media::Json),
            ("application/xml;q=0.5, application/json", Media::Json),
            ("application/json;q=0.5, application/xml;q=0.9", Media::Xml),
            ("application/json, */*;q=0.1", Media::Json),
            ("text/html, application/xml;q=0, */*;q=0.5", Media::Json),
        ] {
            assert_eq!(accept(value).unwrap(), media, "{value}");
        }
    }

    #[test]
    fn types_that_exist_are_415_and_others_400() {
        for value in [
            "text/html",
            "image/png",
            "application/javascript",
            "text/*",
            "text/csv",
        ] {
            assert!(
                matches!(accept(value), Err(Refusal::UnsupportedMedia(_))),
                "{value}"
            );
        }
        for value in ["application/nothing", "rubbish", "/"] {
            assert!(matches!(accept(value), Err(Refusal::Invalid(_))), "{value}");
        }
        let headers =
            |value| HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
        assert_eq!(of_body(&HeaderMap::new()).unwrap(), None);
        let json = of_body(&headers("application/json;charset=UTF-8")).unwrap();
        assert_eq!(json, Some(Media::Json));
        assert!(matches!(
            of_body(&headers("text/xml")),
            Err(Refusal::UnsupportedMedia(_))
        ));
        assert!(matches!(of_body(&headers("x")), Err(Refusal::Invalid(_))));
    }
}
