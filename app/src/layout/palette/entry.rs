//! What the palette finds.

use model::endpoint::encode;

/// What an entry is. In this order they stand where nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A page of the console.
    Page,
    /// A bucket.
    Bucket,
    /// A namespace.
    Namespace,
    /// A user.
    Person,
    /// A tenant.
    Tenant,
    /// Something to do.
    Command,
    /// A job.
    Job,
    /// A folder of a bucket.
    Folder,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Page,
        Self::Bucket,
        Self::Namespace,
        Self::Person,
        Self::Tenant,
        Self::Command,
        Self::Job,
        Self::Folder,
    ];

    /// Its name on the page, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Bucket => "bucket",
            Self::Namespace => "namespace",
            Self::Person => "person",
            Self::Tenant => "tenant",
            Self::Command => "command",
            Self::Job => "job",
            Self::Folder => "folder",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Page => "file",
            Self::Bucket => "bucket",
            Self::Namespace => "box",
            Self::Person => "user",
            Self::Tenant => "building",
            Self::Command => "play",
            Self::Job => "clock",
            Self::Folder => "folder",
        }
    }
}

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Goes to an address.
    Follow(String),
    /// Presses what stands on the page.
    Press(String),
    /// Shows the list of keys.
    Shortcuts,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// The key that does the same.
    pub keys: &'static str,
    /// What choosing it does.
    pub does: Does,
}

impl Entry {
    /// One without a key.
    pub fn new(kind: Kind, name: impl Into<String>, does: Does) -> Self {
        Self {
            kind,
            name: name.into(),
            keys: "",
            does,
        }
    }

    /// An entry that leads to an address.
    pub fn link(kind: Kind, name: impl Into<String>, address: impl Into<String>) -> Self {
        Self::new(kind, name, Does::Follow(address.into()))
    }

    /// The id of its line.
    pub fn id(&self) -> String {
        let what = match &self.does {
            Does::Follow(address) => address,
            Does::Press(selector) => selector,
            Does::Shortcuts => "shortcuts",
        };
        format!("palette-{}-{}", self.kind.as_str(), encode(what))
    }

    /// The line by which the tab keeps that it was chosen: only what leads somewhere.
    pub fn line(&self) -> Option<String> {
        match &self.does {
            Does::Follow(address) if !self.name.contains(char::is_control) => {
                Some(format!("{}\t{address}\t{}", self.kind.as_str(), self.name))
            }
            _ => None,
        }
    }

    /// Reads the line.
    pub fn of_line(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, '\t');
        let (kind, address, name) = (parts.next()?, parts.next()?, parts.next()?);
        let kind = Kind::ALL.into_iter().find(|one| one.as_str() == kind)?;
        model::form::safe_path(address)?;
        Some(Self::link(kind, name, address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_somewhere_is_kept() {
        let entry = Entry::link(Kind::Bucket, "raw scans", "/buckets/raw");
        let line = entry.line().unwrap();
        assert_eq!(Entry::of_line(&line), Some(entry));
        let act = Entry::new(Kind::Command, "New", Does::Press("#new".to_owned()));
        assert_eq!(act.line(), None);
        assert_eq!(Entry::link(Kind::Folder, "a\nb", "/x").line(), None);
        for strange in ["", "bucket\t/x", "bucket\thttps://x\ty", "nothing\t/x\ty"] {
            assert_eq!(Entry::of_line(strange), None, "{strange:?}");
        }
    }

    #[test]
    fn an_id_has_no_blanks() {
        let entry = Entry::link(Kind::Folder, "x", "/buckets/a?prefix=b c\t\"");
        assert!(!entry.id().contains(|c: char| c.is_whitespace() || c == '"'));
    }
}
