//! Lists of what was stored, to be kept: JSON, CSV, and lines that `sha256sum -c` reads.

use super::view::Stored;

/// A list as JSON.
pub(super) fn json(stored: &[Stored]) -> String {
    // Plain text and numbers always serialise.
    serde_json::to_string_pretty(stored).unwrap_or_default()
}

/// A list as CSV with a line of headings (RFC 4180).
pub(super) fn csv(stored: &[Stored]) -> String {
    let mut text = "bucket,key,size,etag,version_id,sha256,stored_at\r\n".to_owned();
    for one in stored {
        let size = one.size.to_string();
        let fields = [
            one.bucket.as_str(),
            &one.key,
            &size,
            one.etag.as_deref().unwrap_or_default(),
            one.version_id.as_deref().unwrap_or_default(),
            one.sha256.as_deref().unwrap_or_default(),
            one.time.as_deref().unwrap_or_default(),
        ];
        let fields = fields.map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

/// The lines of `sha256sum`, for those whose SHA-256 is known. A name with a backslash or a line break
/// is escaped as GNU's program does it.
pub(super) fn sums(stored: &[Stored]) -> String {
    let mut text = String::new();
    for one in stored {
        let Some(sum) = &one.sha256 else { continue };
        let name = one
            .key
            .replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r");
        if name != one.key {
            text.push('\\');
        }
        text.push_str(sum);
        text.push_str("  ");
        text.push_str(&name);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(key: &str, sha256: Option<&str>) -> Stored {
        Stored {
            bucket: "raw-scans".to_owned(),
            key: key.to_owned(),
            size: 3,
            etag: Some("\"abc\"".to_owned()),
            version_id: Some("7".to_owned()),
            sha256: sha256.map(str::to_owned),
            modified: None,
            time: None,
            batch: None,
        }
    }

    #[test]
    fn a_field_with_quotes_stays_one_field() {
        let text = csv(&[stored("a,\"b\"", None)]);
        assert_eq!(
            text.lines().nth(1).unwrap(),
            "\"raw-scans\",\"a,\"\"b\"\"\",\"3\",\"\"\"abc\"\"\",\"7\",\"\",\"\""
        );
    }

    #[test]
    fn only_known_sums_are_listed_and_odd_names_are_escaped() {
        let text = sums(&[
            stored("a b", Some("00")),
            stored("unknown", None),
            stored("x\\y\nz", Some("ff")),
        ]);
        assert_eq!(text, "00  a b\n\\ff  x\\\\y\\nz\n");
    }
}
