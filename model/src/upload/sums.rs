//! Lists of checksums that come with files: `SHA256SUMS` as coreutils and BSD write it, and the
//! manifests of `BagIt` (RFC 8493).

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The file, relative to the folder of the list.
    pub path: String,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}

/// Whether a file is a list of SHA-256 checksums, by its name.
pub fn is_checksum_list(file_name: &str) -> bool {
    [
        "SHA256SUMS",
        "SHA256SUMS.txt",
        "sha256sum.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(file_name))
}

/// Whether a list is a manifest of `BagIt`, by its name.
pub fn is_bagit_list(file_name: &str) -> bool {
    file_name
        .to_ascii_lowercase()
        .ends_with("manifest-sha256.txt")
}

/// Reads a list. Lines that are none of a list, such as comments and signatures, are passed over.
/// `bagit` says that names are written as manifests of `BagIt` write them.
pub fn parse_checksum_list(text: &str, bagit: bool) -> Vec<Sum> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().filter_map(|line| sum(line, bagit)).collect()
}

fn sum(line: &str, bagit: bool) -> Option<Sum> {
    let line = line.trim_end_matches('\r');
    let (line, escaped) = match line.strip_prefix('\\') {
        Some(line) if !bagit => (line, true),
        _ => (line, false),
    };
    let (hex, path) = coreutils(line, bagit).or_else(|| bsd(line))?;
    let path = match (bagit, escaped) {
        (true, _) => unescape_bagit(path),
        (false, true) => unescape(path),
        (false, false) => path.to_owned(),
    };
    let mut path = path.as_str();
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    (!path.is_empty()).then(|| Sum {
        path: path.to_owned(),
        sha256: hex.to_ascii_lowercase(),
    })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `<hex>  name`, or `<hex> *name` for a file that was read as binary. `BagIt` allows any blanks between.
fn coreutils(line: &str, bagit: bool) -> Option<(&str, &str)> {
    let (hex, rest) = line.split_at_checked(64)?;
    if !is_sha256(hex) {
        return None;
    }
    let name = if bagit {
        let name = rest.trim_start_matches([' ', '\t']);
        (name.len() < rest.len()).then_some(name)?
    } else {
        rest.strip_prefix("  ")
            .or_else(|| rest.strip_prefix(" *"))
            .or_else(|| rest.strip_prefix([' ', '\t']))?
    };
    Some((
        hex,
        name.strip_prefix('*').filter(|_| bagit).unwrap_or(name),
    ))
}

/// `SHA256 (name) = <hex>`.
fn bsd(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("SHA256 (")?;
    let (name, hex) = rest.rsplit_once(") = ")?;
    is_sha256(hex).then_some((hex, name))
}

/// coreutils writes a line feed as `\n`, a carriage return as `\r`, a backslash as two.
fn unescape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// RFC 8493 writes carriage returns, line feeds and per cent signs as per cent codes, and nothing else.
fn unescape_bagit(name: &str) -> String {
    let mut out = name.to_owned();
    for (code, character) in [
        ("%0A", "\n"),
        ("%0a", "\n"),
        ("%0D", "\r"),
        ("%0d", "\r"),
        ("%25", "%"),
    ] {
        out = out.replace(code, character);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn paths(text: &str, bagit: bool) -> Vec<String> {
        let sums = parse_checksum_list(text, bagit);
        assert!(sums.iter().all(|sum| sum.sha256 == A));
        sums.into_iter().map(|sum| sum.path).collect()
    }

    #[test]
    fn lists_are_known_by_their_names() {
        for name in [
            "SHA256SUMS",
            "sha256sums",
            "SHA256SUMS.txt",
            "manifest-sha256.txt",
        ] {
            assert!(is_checksum_list(name), "{name}");
        }
        assert!(is_bagit_list("tagmanifest-sha256.txt") && !is_bagit_list("SHA256SUMS.txt"));
        for name in ["manifest-md5.txt", "MD5SUMS", "SHA256SUMS.asc", ""] {
            assert!(!is_checksum_list(name), "{name}");
        }
    }

    #[test]
    fn each_dialect_is_read() {
        let upper = A.to_ascii_uppercase();
        let text = format!(
            "\u{feff}# made by hand\n{A}  a b.txt\r\n{A} *bin/x\n{upper}  ./deep/./y\nSHA256 (p(1).txt) = {A}\n\
             \\{A}  line\\nfeed \\\\\n{A}\n{A}nothing between\nnot a sum  z\n{A}  \n"
        );
        assert_eq!(
            paths(&text, false),
            ["a b.txt", "bin/x", "deep/./y", "p(1).txt", "line\nfeed \\"]
        );
        let manifest = format!("{A} data/100%25 a%0Ab\n{A}\t \tdata/c\n{A}\n");
        assert_eq!(paths(&manifest, true), ["data/100% a\nb", "data/c"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_passed_over(text in any::<String>(), bagit: bool) {
            for sum in parse_checksum_list(&text, bagit) {
                prop_assert!(is_sha256(&sum.sha256));
            }
        }
    }
}
