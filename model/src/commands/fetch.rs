//! Lines that fetch what a URL opens, for whoever is given the URL: nothing but the URL is needed.

use std::collections::BTreeMap;

use super::quote;

/// What fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetcher {
    /// curl.
    Curl,
    /// Wget.
    Wget,
    /// Python's own library.
    Python,
    /// `PowerShell`.
    PowerShell,
    /// Hako's own command line.
    Hako,
}

impl Fetcher {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Curl,
        Self::Wget,
        Self::Python,
        Self::PowerShell,
        Self::Hako,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Wget => "wget",
            Self::Python => "Python",
            Self::PowerShell => "PowerShell",
            Self::Hako => "hako",
        }
    }

    /// The lines that save what each URL opens under a name.
    pub fn lines(self, files: &[(String, String)]) -> String {
        let lines = files.iter().map(|(name, url)| self.line(&saved(name), url));
        let mut text: Vec<String> = lines.collect();
        if self == Self::Python {
            text.insert(0, "from urllib.request import urlretrieve".to_owned());
        }
        text.join("\n")
    }

    fn line(self, name: &str, url: &str) -> String {
        match self {
            Self::Curl => format!(
                "curl --fail --location --output {} {}",
                quote(name),
                quote(url)
            ),
            Self::Wget => format!("wget --output-document={} {}", quote(name), quote(url)),
            Self::Python => format!("urlretrieve({}, {})", string(url), string(name)),
            Self::PowerShell => format!(
                "Invoke-WebRequest -Uri {} -OutFile {}",
                single(url),
                single(name)
            ),
            Self::Hako => format!("hako get {} {}", quote(url), quote(name)),
        }
    }
}

/// The line of curl that sends a file of this name to a URL, with the headers that its signature fixes.
pub fn send(name: &str, url: &str, headers: &BTreeMap<String, String>) -> String {
    let mut words = vec!["curl --fail".to_owned()];
    for (name, value) in headers {
        words.push(format!("--header {}", quote(&format!("{name}: {value}"))));
    }
    let (file, url) = (quote(&saved(name)), quote(url));
    words.push(format!("--upload-file {file} {url}"));
    words.join(" ")
}

/// A name under which something can be saved here: of a key its last segment, and never an option.
fn saved(name: &str) -> String {
    let name = name.trim_end_matches('/');
    let name = name.rsplit('/').next().unwrap_or_default();
    match name {
        "" | "." | ".." => "download".to_owned(),
        _ if name.starts_with('-') => format!("./{name}"),
        _ => name.to_owned(),
    }
}

/// A string of Python: JSON's are.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A string of `PowerShell` in which nothing means anything; it takes the curly quotes for straight ones.
fn single(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_name_the_file_and_the_url() {
        let files = [("a/it's b.txt".to_owned(), "https://s/x?a=1&b=2".to_owned())];
        let lines = Fetcher::ALL.map(|fetcher| fetcher.lines(&files));
        assert_eq!(
            lines,
            [
                r"curl --fail --location --output 'it'\''s b.txt' 'https://s/x?a=1&b=2'",
                r"wget --output-document='it'\''s b.txt' 'https://s/x?a=1&b=2'",
                "from urllib.request import urlretrieve\nurlretrieve(\"https://s/x?a=1&b=2\", \"it's b.txt\")",
                "Invoke-WebRequest -Uri 'https://s/x?a=1&b=2' -OutFile 'it''s b.txt'",
                r"hako get 'https://s/x?a=1&b=2' 'it'\''s b.txt'",
            ]
        );
        for (key, name) in [("-rf", "./-rf"), ("a/..", "download"), ("a/", "a")] {
            assert_eq!(saved(key), name);
        }
    }

    #[test]
    fn a_file_is_sent_with_what_is_signed() {
        let headers = BTreeMap::from([("if-none-match".to_owned(), "*".to_owned())]);
        assert_eq!(
            send("in/it's.txt", "https://s/x?a=1&b=2", &headers),
            r"curl --fail --header 'if-none-match: *' --upload-file 'it'\''s.txt' 'https://s/x?a=1&b=2'"
        );
        assert_eq!(
            send("-rf", "https://s/x", &BTreeMap::new()),
            "curl --fail --upload-file ./-rf https://s/x"
        );
    }

    #[cfg(all(unix, not(target_arch = "wasm32")))]
    #[test]
    fn a_shell_hands_the_words_on() {
        let files = [(
            "a/$(x) 'y'.txt".to_owned(),
            "https://s/x?a=`1`&b=2".to_owned(),
        )];
        let line = Fetcher::Curl
            .lines(&files)
            .replacen("curl", "printf '<%s>'", 1);
        let run = std::process::Command::new("sh")
            .args(["-c", &line])
            .output();
        let printed = String::from_utf8(run.unwrap().stdout).unwrap();
        assert_eq!(
            printed,
            "<--fail><--location><--output><$(x) 'y'.txt><https://s/x?a=`1`&b=2>"
        );
    }
}
