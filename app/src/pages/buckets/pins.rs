//! Names that somebody keeps in this browser: pinned ones, and those opened lately by their name.

use crate::browser;

/// How many are remembered that were opened lately.
const RECENT: usize = 10;

/// The kept names of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Pinned, by name.
    pub pinned: Vec<String>,
    /// Opened by name lately, the last one first.
    pub recent: Vec<String>,
}

impl Kept {
    /// Reads what is kept for a person.
    pub fn of(person: &str) -> Self {
        browser::remembered(&place(person))
            .map(|text| Self::parse(&text))
            .unwrap_or_default()
    }

    /// Keeps it.
    pub fn keep(&self, person: &str) {
        browser::remember(&place(person), &self.text());
    }

    /// Pins a name, or lets it go.
    pub fn toggle(&mut self, name: &str) {
        if self.is_pinned(name) {
            self.pinned.retain(|other| other != name);
        } else {
            self.pinned.push(name.to_owned());
            self.pinned.sort();
        }
    }

    /// Notes that a name was opened.
    pub fn opened(&mut self, name: &str) {
        self.recent.retain(|other| other != name);
        self.recent.insert(0, name.to_owned());
        self.recent.truncate(RECENT);
    }

    /// Forgets a name altogether.
    pub fn forget(&mut self, name: &str) {
        self.pinned.retain(|other| other != name);
        self.recent.retain(|other| other != name);
    }

    /// Whether a name is pinned.
    pub fn is_pinned(&self, name: &str) -> bool {
        self.pinned.iter().any(|other| other == name)
    }

    /// One name in each line, with what it is before it: names have no line ends.
    fn text(&self) -> String {
        let pinned = self.pinned.iter().map(|name| format!("+{name}\n"));
        let recent = self.recent.iter().map(|name| format!("-{name}\n"));
        pinned.chain(recent).collect()
    }

    fn parse(text: &str) -> Self {
        let mut kept = Self::default();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('+') {
                kept.pinned.push(name.to_owned());
            } else if let Some(name) = line.strip_prefix('-') {
                kept.recent.push(name.to_owned());
            }
        }
        kept
    }
}

fn place(person: &str) -> String {
    format!("hako-buckets-{person}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        let mut kept = Kept::default();
        kept.toggle("b");
        kept.toggle("a");
        for number in 0..12 {
            kept.opened(&format!("r-{number}"));
        }
        kept.opened("r-5");
        assert_eq!(kept.pinned, ["a", "b"]);
        assert_eq!(kept.recent.len(), RECENT);
        assert_eq!(kept.recent[..2], ["r-5", "r-11"]);
        assert_eq!(Kept::parse(&kept.text()), kept);
        kept.toggle("a");
        kept.forget("r-5");
        assert!(!kept.is_pinned("a") && kept.recent[0] == "r-11");
        assert_eq!(
            Kept::parse("nonsense\n+x"),
            Kept {
                pinned: vec!["x".to_owned()],
                recent: vec![]
            }
        );
    }
}
