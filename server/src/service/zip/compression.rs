//! Whether deflating an object pays: by what it says it is, and by its first bytes.

use super::source::Opened;

/// Fewer bytes say nothing.
const SAMPLE_MIN: usize = 4 * 1024;
/// More bytes say nothing new.
const SAMPLE_MAX: usize = 64 * 1024;
/// Bits per byte above which nothing is to be gained: text has 5, programs 6 to 7.
const DENSE: f64 = 7.8;

/// Whether an object gets smaller by enough to be worth the time.
pub(super) fn pays(key: &str, opened: &Opened, first: &[u8]) -> bool {
    is_compressible_by_type(key, opened) && !is_dense(first)
}

/// Whether bytes look compressed or encrypted already: their entropy, byte by byte.
fn is_dense(first: &[u8]) -> bool {
    if first.len() < SAMPLE_MIN {
        return false;
    }
    let sample = &first[..first.len().min(SAMPLE_MAX)];
    let mut counts = [0_u32; 256];
    for byte in sample {
        counts[usize::from(*byte)] += 1;
    }
    // No sample has more than 65,536 bytes.
    let total = f64::from(u32::try_from(sample.len()).unwrap_or(u32::MAX));
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum();
    entropy > DENSE
}

/// Whether deflating makes an object smaller: not what is compressed by its type.
fn is_compressible_by_type(key: &str, opened: &Opened) -> bool {
    let encoded = opened.content_encoding.as_deref().unwrap_or("identity");
    if !matches!(encoded, "" | "identity" | "aws-chunked") {
        return false;
    }
    let given = opened
        .content_type
        .as_deref()
        .filter(|t| !t.ends_with("/octet-stream"));
    let guessed = mime_guess::from_path(key).first();
    let media_type = given
        .or_else(|| guessed.as_ref().map(mime_guess::Mime::essence_str))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let pictures = [
        "image/svg+xml",
        "image/bmp",
        "image/tiff",
        "image/x-portable",
    ];
    if pictures.iter().any(|p| essence.starts_with(p)) || essence == "audio/wav" {
        return true;
    }
    let (kind, subtype) = essence.split_once('/').unwrap_or_default();
    !matches!(kind, "image" | "video" | "audio")
        && !matches!(
            essence,
            "application/pdf" | "application/epub+zip" | "font/woff" | "font/woff2"
        )
        && ![
            "zip",
            "gzip",
            "bzip",
            "7z",
            "xz",
            "rar",
            "zstd",
            "compressed",
            "java-archive",
            "openxmlformats",
            "opendocument",
            "vnd.apache.parquet",
        ]
        .iter()
        .any(|word| subtype.contains(word))
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, stream};
    use rand::{RngCore, SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn what_is_compressed_by_its_type_is_stored() {
        let of = |key: &str, content_type: &str, encoding: Option<&str>| {
            let opened = Opened {
                size: 1,
                content_type: Some(content_type.to_owned()),
                content_encoding: encoding.map(str::to_owned),
                etag: None,
                modified: None,
                body: stream::empty().boxed(),
            };
            pays(key, &opened, b"")
        };
        assert!(of("a", "text/plain; charset=utf-8", None));
        assert!(of("a", "application/json", None));
        assert!(of("a", "image/svg+xml", None));
        assert!(of("a", "binary/octet-stream", None));
        for (key, content_type, encoding) in [
            ("a", "image/jpeg", None),
            ("a", "video/mp4", None),
            ("a", "application/zip", None),
            ("a", "application/x-gzip", None),
            ("a.docx", "application/octet-stream", None),
            ("a.tgz", "binary/octet-stream", None),
            ("a", "text/plain", Some("gzip")),
        ] {
            assert!(!of(key, content_type, encoding), "{key} {content_type}");
        }
    }

    #[test]
    fn what_looks_compressed_is_stored() {
        let mut random = vec![0; 100_000];
        StdRng::seed_from_u64(7).fill_bytes(&mut random);
        assert!(is_dense(&random));
        assert!(is_dense(&random[..SAMPLE_MIN]));
        assert!(!is_dense(&random[..SAMPLE_MIN - 1]));
        assert!(!is_dense(
            &b"an ordinary sentence, again and again. ".repeat(500)
        ));
        assert!(!is_dense(include_bytes!("compression.rs")));
    }
}
