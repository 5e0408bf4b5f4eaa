//! What a client wants to have back, where a route can answer in two ways.

use http::{HeaderMap, header};
use model::audit::AuditFormat;

/// Whether a task is wanted where the thing itself could come at once: `Prefer: respond-async`, or
/// JSON accepted at least as gladly as an archive. A bare `*/*` wants the thing itself.
pub fn wants_task(headers: &HeaderMap) -> bool {
    if prefers_async(headers) {
        return true;
    }
    let (mut json, mut archive) = (None::<f32>, None::<f32>);
    for (name, quality) in items(headers, header::ACCEPT) {
        match name.to_ascii_lowercase().as_str() {
            "application/json" => json = Some(quality),
            "application/zip" => archive = Some(quality),
            _ => {}
        }
    }
    json.is_some_and(|json| json > 0.0 && archive.is_none_or(|archive| json > archive))
}

/// Whether a table is wanted as CSV: where it is named, and JSON not more gladly. A bare `*/*` wants JSON.
pub fn wants_csv(headers: &HeaderMap) -> bool {
    let (mut json, mut csv) = (0.0, 0.0);
    for (name, quality) in items(headers, header::ACCEPT) {
        match name.to_ascii_lowercase().as_str() {
            "application/json" => json = quality,
            "text/csv" => csv = quality,
            _ => {}
        }
    }
    csv > json
}

/// As which file the audit is wanted: what is named most gladly, where that is not JSON. A bare `*/*` wants JSON.
pub fn wants_audit(headers: &HeaderMap) -> Option<AuditFormat> {
    let (mut json, mut best) = (0.0, (None, 0.0));
    for (name, quality) in items(headers, header::ACCEPT) {
        let format = match name.to_ascii_lowercase().as_str() {
            "application/json" => {
                json = quality;
                continue;
            }
            "text/csv" => AuditFormat::Csv,
            "application/x-ndjson" => AuditFormat::Jsonl,
            _ => continue,
        };
        if quality > best.1 {
            best = (Some(format), quality);
        }
    }
    best.0.filter(|_| best.1 > json)
}

/// Whether a page is wanted, as browsers say it of what they show. A bare `*/*` does not.
pub fn wants_page(headers: &HeaderMap) -> bool {
    items(headers, header::ACCEPT).any(|(name, _)| name.eq_ignore_ascii_case("text/html"))
}

/// Whether the client says `Prefer: respond-async`.
pub fn prefers_async(headers: &HeaderMap) -> bool {
    items(headers, header::HeaderName::from_static("prefer"))
        .any(|(name, _)| name.eq_ignore_ascii_case("respond-async"))
}

/// The items of a list header, without their parameters but `q`.
fn items(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = (String, f32)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_owned();
            let quality = parts
                .filter_map(|parameter| parameter.strip_prefix("q="))
                .find_map(|q| q.parse().ok());
            (name, quality.unwrap_or(1.0))
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether what was kept does not do for the client (`Cache-Control: no-cache`).
pub fn wants_anew(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CACHE_CONTROL).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|word| word.trim().eq_ignore_ascii_case("no-cache"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(name: &'static str, value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        wants_task(&headers)
    }

    #[test]
    fn the_audit_is_a_file_for_those_who_name_one() {
        let wants = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, value.parse().unwrap());
            wants_audit(&headers)
        };
        assert_eq!(wants("text/csv"), Some(AuditFormat::Csv));
        assert_eq!(
            wants("application/x-ndjson, text/csv;q=0.5"),
            Some(AuditFormat::Jsonl)
        );
        assert_eq!(wants("application/json, text/csv;q=0.5"), None);
        assert_eq!(wants("*/*"), None);
        assert_eq!(wants("text/csv;q=0"), None);
    }

    #[test]
    fn csv_is_for_those_who_name_it() {
        let wants = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, value.parse().unwrap());
            wants_csv(&headers)
        };
        assert!(!wants_csv(&HeaderMap::new()));
        for json in [
            "*/*",
            "application/json",
            "text/csv;q=0.5, application/json",
        ] {
            assert!(!wants(json), "{json}");
        }
        for csv in [
            "text/csv",
            "TEXT/CSV, */*",
            "application/json;q=0.5, text/csv",
        ] {
            assert!(wants(csv), "{csv}");
        }
    }

    #[test]
    fn a_task_is_for_those_who_ask_for_one() {
        assert!(!wants_task(&HeaderMap::new()));
        for bytes in [
            "*/*",
            "application/zip",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/zip, application/json",
            "application/json;q=0.5, application/zip",
            "application/json;q=0, */*",
        ] {
            assert!(!wants("accept", bytes), "{bytes}");
        }
        for task in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/json, text/plain, */*",
            "application/zip;q=0.5, application/json",
        ] {
            assert!(wants("accept", task), "{task}");
        }
        assert!(wants("prefer", "respond-async, wait=10"));
        assert!(!wants("prefer", "return=minimal"));
    }
}
