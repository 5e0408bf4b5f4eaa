//! What a content is: its first bytes decide; among texts, its name does.

use std::borrow::Cow;

use model::preview::Kind;

use super::text::{is_text, name_of_encoding};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How it is shown.
    pub kind: Kind,
    /// What it is.
    pub media_type: Cow<'static, str>,
    /// What its name promises, where that is something else.
    pub promised: Option<String>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
}

/// A picture that is a document of its own, and may hold scripts.
pub const SVG: &str = "image/svg+xml";

impl Found {
    /// The media type by which the bytes may be shown in a browser; none where they may only be downloaded. No
    /// text is ever anything but plain text.
    pub fn inline(&self) -> Option<Cow<'static, str>> {
        match self.kind {
            Kind::Image if self.media_type == SVG => None,
            Kind::Image | Kind::Video | Kind::Audio | Kind::Pdf => Some(self.media_type.clone()),
            Kind::Text | Kind::Markdown | Kind::Json | Kind::JsonLines | Kind::Table => {
                let encoding = self.encoding.unwrap_or("UTF-8");
                Some(format!("text/plain; charset={encoding}").into())
            }
            Kind::Archive | Kind::Other => None,
        }
    }
}

/// Looks at the first bytes of a content, its name, and the media type that it was stored with.
pub fn look(first: &[u8], name: &str, stored: Option<&str>) -> Found {
    let guessed = mime_guess::from_path(name);
    let promised = guessed.first_raw();
    let (kind, media_type) = content(first, name, stored);
    let encoding = matches!(
        kind,
        Kind::Text | Kind::Markdown | Kind::Json | Kind::JsonLines | Kind::Table
    )
    .then(|| name_of_encoding(first));
    let broken = promised.filter(|promised| contradicts(first, promised, kind, media_type));
    Found {
        kind,
        media_type: media_type.into(),
        promised: broken.map(str::to_owned),
        encoding,
    }
}

fn content(first: &[u8], name: &str, stored: Option<&str>) -> (Kind, &'static str) {
    let magic = infer::get(first).map(|found| found.mime_type());
    if magic == Some("application/pdf") {
        return (Kind::Pdf, "application/pdf");
    }
    let says_text = mime_guess::from_path(name)
        .first_raw()
        .or(stored)
        .is_some_and(|media_type| family(media_type) == Some("text"));
    // Before what is known by few bytes: a letter that begins with "BM" is no picture.
    if is_text(first, says_text) {
        return text(first, name, stored);
    }
    let Some(magic) = magic else {
        return (Kind::Other, "application/octet-stream");
    };
    match magic {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif" => {
            (Kind::Image, magic)
        }
        "video/mp4" | "video/webm" | "video/quicktime" | "video/x-matroska" => (Kind::Video, magic),
        "video/x-m4v" => (Kind::Video, "video/mp4"),
        "audio/ogg" | "audio/opus" if extension(name).eq_ignore_ascii_case("ogv") => {
            (Kind::Video, "video/ogg")
        }
        "audio/mpeg" | "audio/ogg" | "audio/aac" => (Kind::Audio, magic),
        "audio/opus" => (Kind::Audio, "audio/ogg"),
        "audio/x-wav" => (Kind::Audio, "audio/wav"),
        "audio/x-flac" => (Kind::Audio, "audio/flac"),
        "audio/m4a" => (Kind::Audio, "audio/mp4"),
        // All of these are archives of the same make.
        "application/zip" | "application/epub+zip" | "image/openraster" => {
            (Kind::Archive, "application/zip")
        }
        other if other.contains("openxmlformats") || other.contains("oasis.opendocument") => {
            (Kind::Archive, other)
        }
        other => (Kind::Other, other),
    }
}

/// A text is what its name says, or what it was stored as.
fn text(first: &[u8], name: &str, stored: Option<&str>) -> (Kind, &'static str) {
    if is_svg(first) {
        return (Kind::Image, SVG);
    }
    let stored = stored.unwrap_or_default();
    let stored = stored.split(';').next().unwrap_or_default().trim();
    let extension = extension(name).to_ascii_lowercase();
    let begins = first.trim_ascii_start().first();
    match extension.as_str() {
        "md" | "markdown" => return (Kind::Markdown, "text/markdown"),
        "json" | "geojson" | "webmanifest" | "ipynb" | "map" => {
            return (Kind::Json, "application/json");
        }
        "ndjson" | "jsonl" => return (Kind::JsonLines, "application/x-ndjson"),
        "csv" => return (Kind::Table, "text/csv"),
        "tsv" => return (Kind::Table, "text/tab-separated-values"),
        _ => {}
    }
    match stored {
        "text/markdown" => (Kind::Markdown, "text/markdown"),
        "application/json" => (Kind::Json, "application/json"),
        "application/x-ndjson" => (Kind::JsonLines, "application/x-ndjson"),
        "text/csv" => (Kind::Table, "text/csv"),
        "text/tab-separated-values" => (Kind::Table, "text/tab-separated-values"),
        _ if extension.is_empty() && matches!(begins, Some(b'{' | b'[')) => {
            (Kind::Json, "application/json")
        }
        _ => match infer::get(first).map(|found| found.mime_type()) {
            Some(kind @ ("text/html" | "text/xml")) => (Kind::Text, kind),
            _ => (Kind::Text, "text/plain"),
        },
    }
}

/// What stands behind the last dot of a name's last part.
fn extension(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether the root of a document is `svg`.
fn is_svg(first: &[u8]) -> bool {
    let text = String::from_utf8_lossy(first);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else if rest
            .get(..9)
            .is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"))
        {
            ">"
        } else {
            break;
        };
        match rest.split_once(end) {
            Some((_, behind)) => rest = behind.trim_start(),
            None => return false,
        }
    }
    let root = rest.strip_prefix('<').unwrap_or_default();
    let end = root.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    let root = &root[..end.unwrap_or(root.len())];
    root.rsplit(':').next() == Some("svg")
}

/// What a media type is among those that differ in how they are shown.
fn family(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = essence.split_once('/')?;
    Some(match (kind, subtype) {
        ("image", _) => "image",
        ("audio" | "video", _) => "media",
        ("application", "pdf") => "pdf",
        ("application", "zip" | "java-archive" | "epub+zip") => "archive",
        ("text", _)
        | (_, "json" | "xml" | "javascript" | "x-javascript" | "x-sh" | "toml" | "x-ndjson") => {
            "text"
        }
        (_, other) if other.ends_with("+json") || other.ends_with("+xml") => "text",
        (_, other) if other.contains("openxmlformats") || other.contains("opendocument") => {
            "archive"
        }
        _ => return None,
    })
}

/// Whether a content is something else than its name promises.
fn contradicts(first: &[u8], promised: &str, kind: Kind, media_type: &str) -> bool {
    if first.is_empty() {
        return false;
    }
    let promised_family = family(promised);
    let found = match kind {
        Kind::Text | Kind::Markdown | Kind::Json | Kind::JsonLines | Kind::Table => Some("text"),
        Kind::Archive => Some("archive"),
        _ => family(media_type),
    };
    // `.ts` is a film to some, and a program to most.
    let either = promised == "video/vnd.dlna.mpeg-tts" && found == Some("text");
    match (promised_family, found) {
        (Some(promised), Some(found)) => promised != found && !either,
        // It is known to be something else, of a kind that is not shown.
        (Some(_), None) => media_type != "application/octet-stream",
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

    #[test]
    fn the_content_decides_what_it_is() {
        for (first, name, kind, media_type) in [
            (PNG, "a.png", Kind::Image, "image/png"),
            (PNG, "a.html", Kind::Image, "image/png"),
            (b"GIF89a\x01\0\x01\0\0\0\0", "a", Kind::Image, "image/gif"),
            (
                b"\xff\xd8\xff\xe0\0\x10JFIF\0",
                "a",
                Kind::Image,
                "image/jpeg",
            ),
            (b"%PDF-1.4\n%", "a.txt", Kind::Pdf, "application/pdf"),
            (
                b"PK\x03\x04\x14\0\0\0",
                "a.docx",
                Kind::Archive,
                "application/zip",
            ),
            (b"RIFF\x24\0\0\0WAVEfmt ", "a", Kind::Audio, "audio/wav"),
            (b"<!DOCTYPE html><script>", "a.png", Kind::Text, "text/html"),
            (b"<html>", "a.json", Kind::Json, "application/json"),
            (b"BMW is a make of cars", "a.txt", Kind::Text, "text/plain"),
            (b"# title", "README.md", Kind::Markdown, "text/markdown"),
            (b"{\"a\": 1}", "noname", Kind::Json, "application/json"),
            (
                b"{}\n{}",
                "a.jsonl",
                Kind::JsonLines,
                "application/x-ndjson",
            ),
            (b"a,b\n1,2", "a.CSV", Kind::Table, "text/csv"),
            (
                b"\0\x01\x02\x03",
                "a.txt",
                Kind::Other,
                "application/octet-stream",
            ),
            (b"", "a.png", Kind::Text, "text/plain"),
        ] {
            let found = look(first, name, None);
            assert_eq!(
                (found.kind, &*found.media_type),
                (kind, media_type),
                "{name}"
            );
        }
    }

    #[test]
    fn film_is_known_by_its_head() {
        let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec();
        webm.resize(300, 0);
        let found = look(&webm, "a", None);
        assert_eq!(
            (found.kind, &*found.media_type),
            (Kind::Video, "video/webm")
        );
    }

    #[test]
    fn what_it_was_stored_as_decides_among_texts_alone() {
        let of = |first: &[u8], stored| look(first, "x", Some(stored)).kind;
        assert_eq!(of(b"a;b", "text/csv; charset=utf-8"), Kind::Table);
        assert_eq!(of(b"# a", "text/markdown"), Kind::Markdown);
        assert_eq!(of(b"<p>", "image/png"), Kind::Text);
        assert_eq!(of(PNG, "text/html"), Kind::Image);
    }

    #[test]
    fn svg_is_known_by_its_root() {
        for svg in [
            "<svg/>",
            "\u{feff} <?xml version='1.0'?>\n<!-- a -- b --><!DOCTYPE svg PUBLIC ''>\n<svg\nx='1'>",
            "<svg:svg xmlns:svg=''>",
        ] {
            assert!(is_svg(svg.as_bytes()), "{svg}");
        }
        for other in ["", "<", "<!--", "<html><svg>", "svg", "<svgs>", "<!DOCTYPE"] {
            assert!(!is_svg(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn nothing_that_could_run_is_shown_as_a_document() {
        let of = |first: &[u8], name| look(first, name, Some("text/html")).inline();
        assert_eq!(of(b"<svg/>", "a.svg"), None);
        assert_eq!(
            of(b"<html><script>", "a.html").unwrap(),
            "text/plain; charset=UTF-8"
        );
        assert_eq!(
            of(b"<?xml?><a/>", "a.xhtml").unwrap(),
            "text/plain; charset=UTF-8"
        );
        assert_eq!(of(b"PK\x03\x04\x14\0\0\0", "a.jar"), None);
        assert_eq!(of(b"\0\0\0\0", "a.html"), None);
        assert_eq!(of(PNG, "a.html").unwrap(), "image/png");
    }

    #[test]
    fn a_broken_promise_is_told() {
        let of = |first: &[u8], name| look(first, name, None).promised;
        assert_eq!(of(b"<html>", "a.png").as_deref(), Some("image/png"));
        assert_eq!(of(PNG, "a.txt").as_deref(), Some("text/plain"));
        assert_eq!(
            of(b"PK\x03\x04\x14\0\0\0", "a.pdf").as_deref(),
            Some("application/pdf")
        );
        for (first, name) in [
            (PNG, "a.png"),
            (PNG, "a.jpg"),
            (PNG, "a"),
            (b"const a = 1".as_slice(), "a.ts"),
            (b"<svg/>", "a.svg"),
            (b"PK\x03\x04\x14\0\0\0", "a.docx"),
            (b"", "a.png"),
            (b"\0\0\0\0", "a.png"),
        ] {
            assert_eq!(of(first, name), None, "{name}");
        }
    }
}
