//! Previews: what of an object can be looked at without downloading it, and how much of it is read for that.
//!
//! What has to be parsed is parsed by the server, and comes as plain values: a browser without scripts shows the
//! same, and no parser weighs on the page.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey,
    bucket::below,
    endpoint::Endpoint,
    unit::{GB, KB, MB},
};

/// How much is fetched at most without being asked for, in one place for server and browser.
pub mod limit {
    use super::{GB, KB, MB};

    /// Bytes of a picture.
    pub const IMAGE: u64 = 25 * MB;
    /// Bytes of a document.
    pub const PDF: u64 = 100 * MB;
    /// Bytes of a text that are read at a time.
    pub const TEXT: u64 = 512 * KB;
    /// Lines of a text that come at a time: very short ones would make a page of too many parts.
    pub const TEXT_LINES: usize = 10_000;
    /// Bytes of Markdown that is rendered; what is larger is shown as text.
    pub const MARKDOWN: u64 = MB;
    /// Bytes of JSON that is shown as a tree; what is larger is shown as text.
    pub const JSON: u64 = 5 * MB;
    /// Lines of NDJSON.
    pub const JSON_LINES: usize = 1_000;
    /// Bytes of a table.
    pub const TABLE: u64 = MB;
    /// Rows of a table.
    pub const TABLE_ROWS: usize = 1_000;
    /// Columns of a table.
    pub const TABLE_COLUMNS: usize = 100;
    /// Bytes of the directory of an archive.
    pub const DIRECTORY: u64 = 32 * MB;
    /// Entries of one folder of an archive that are told at once.
    pub const ENTRIES: usize = 1_000;
    /// Bytes of an entry of an archive, unpacked.
    pub const ENTRY: u64 = 5 * GB;
    /// Bytes of an entry that are unpacked to reach a place within it.
    pub const ENTRY_SKIPPED: u64 = 64 * MB;
    /// Bytes of what nobody knows.
    pub const HEX: u64 = 256;
    /// Members of one object or list of JSON that are told at once.
    pub const MEMBERS: u64 = 100;
    /// Values of JSON that come at once.
    pub const VALUES: usize = 5_000;
    /// How deep values of JSON and pieces of Markdown lie within each other at most.
    pub const DEPTH: usize = 30;
}

/// What an object holds, told by its content; its name decides between kinds of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A picture that browsers show.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// A PDF.
    Pdf,
    /// Plain text, code, a log: also HTML, which is never run.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// JSON, a value on each line.
    JsonLines,
    /// A table as text.
    Table,
    /// A ZIP archive.
    Archive,
    /// Anything else.
    Other,
}

impl Kind {
    /// Whether the browser shows the bytes themselves, and how many it fetches for it without being asked.
    pub fn shown_by_browser(self) -> Option<u64> {
        match self {
            Self::Image => Some(limit::IMAGE),
            Self::Pdf => Some(limit::PDF),
            // The browser reads ranges.
            Self::Video | Self::Audio => Some(u64::MAX),
            _ => None,
        }
    }

    /// In which form the kind is told, where nobody asks for another.
    pub fn form(self) -> Option<Form> {
        match self {
            Self::Text => Some(Form::Text),
            Self::Markdown => Some(Form::Markdown),
            Self::Json | Self::JsonLines => Some(Form::Tree),
            Self::Table => Some(Form::Table),
            _ => None,
        }
    }
}

/// In which form a content is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewForm))]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Its text.
    Text,
    /// Rendered Markdown.
    Markdown,
    /// Values within values.
    Tree,
    /// Rows and columns.
    Table,
    /// Its first bytes.
    Hex,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Text,
        Self::Markdown,
        Self::Tree,
        Self::Table,
        Self::Hex,
    ];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Tree => "tree",
            Self::Table => "table",
            Self::Hex => "hex",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == word)
    }
}

/// What is looked at: an object, a version of it, or an entry of the archive that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it; the object as it is when absent.
    pub version_id: Option<String>,
    /// The place of an entry in the archive's directory.
    pub entry: Option<u64>,
}

impl Source {
    fn address(&self, rest: &str, more: &[(&str, Option<String>)]) -> String {
        let mut parameters = vec![
            ("key", Some(self.key.to_string())),
            ("version_id", self.version_id.clone()),
            ("entry", self.entry.map(|entry| entry.to_string())),
        ];
        parameters.extend_from_slice(more);
        below(&self.bucket, rest, &parameters)
    }

    /// Where a browser finds the bytes, in a response that can harm nobody.
    pub fn bytes(&self) -> String {
        let rest = if self.entry.is_some() {
            "object/archive/entry"
        } else {
            "object/preview"
        };
        self.address(rest, &[])
    }

    /// Where the entry of an archive is downloaded.
    pub fn download(&self) -> String {
        let download = ("download", Some("true".to_owned()));
        self.address("object/archive/entry", &[download])
    }
}

/// Which part of a content, and how it is read. What is absent is told by the content itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The form.
    pub form: Option<Form>,
    /// The first byte of a text.
    pub start: Option<u64>,
    /// The end of a text instead of its beginning.
    pub end: bool,
    /// The encoding of a text, by its name.
    pub encoding: Option<String>,
    /// What stands between the cells of a table.
    pub delimiter: Option<Delimiter>,
    /// Whether the first row of a table names its columns.
    pub header: Option<bool>,
    /// The JSON pointer (RFC 6901) of a value whose members are wanted.
    pub pointer: Option<String>,
    /// The first of its members.
    pub from: Option<u64>,
}

/// The bytes of a preview, for browsers: `GET` and `HEAD /buckets/{bucket}/object/preview?key=`.
pub const BYTES_ROUTE: &str = "/api/v1/buckets/{bucket}/object/preview";

/// The bytes of an entry of an archive: `GET /buckets/{bucket}/object/archive/entry?key=&entry=`.
pub const ENTRY_ROUTE: &str = "/api/v1/buckets/{bucket}/object/archive/entry";

/// `GET /buckets/{bucket}/object/preview/content?key=`: what an object holds, parsed as far as its limit.
#[derive(Clone, Debug)]
pub struct GetPreview {
    /// What is looked at.
    pub source: Source,
    /// Which part of it.
    pub wanted: Wanted,
}

impl Endpoint for GetPreview {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/preview/content";
    type Body = ();
    type Response = Preview;

    fn path(&self) -> String {
        let wanted = &self.wanted;
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        self.source.address(
            "object/preview/content",
            &[
                ("form", wanted.form.map(|form| form.as_str().to_owned())),
                ("start", number(wanted.start)),
                ("end", wanted.end.then(|| "true".to_owned())),
                ("encoding", wanted.encoding.clone()),
                (
                    "delimiter",
                    wanted.delimiter.map(|one| one.as_str().to_owned()),
                ),
                ("header", wanted.header.map(|header| header.to_string())),
                ("pointer", wanted.pointer.clone()),
                ("from", number(wanted.from)),
            ],
        )
    }
}

/// What [`GetPreview`] answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// What the content is.
    pub kind: Kind,
    /// Its media type, as its first bytes tell it.
    pub content_type: String,
    /// The media type that its name promises, where the content is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<String>,
    /// The name: of an entry, the one in the archive.
    pub name: String,
    /// Its bytes; of an entry, unpacked.
    pub size: u64,
    /// The entity tag of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Why it is told in a plainer form than its kind has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plainer: Option<Plainer>,
    /// What was read of it, where there is something to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// Why a content is shown as text although its kind has a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewPlainer))]
#[serde(rename_all = "snake_case")]
pub enum Plainer {
    /// It is larger than the limit of that form.
    TooLarge,
    /// It is not what it says.
    Malformed,
}

/// A content, in one of its forms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewContent))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A stretch of text.
    Text(Text),
    /// Rendered Markdown.
    Markdown(Vec<Piece>),
    /// A value of JSON; of NDJSON a list of its lines.
    Tree(Value),
    /// Rows.
    Table(Table),
    /// Bytes in hexadecimal digits, two each.
    Hex(String),
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewText))]
pub struct Text {
    /// It.
    pub text: String,
    /// The encoding that it was read by.
    pub encoding: String,
    /// The place of its first byte in the content.
    pub start: u64,
    /// Where the rest begins, if there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// What stands between the cells of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewDelimiter))]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// The tabulator.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// The character.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// The beginning of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewTable))]
pub struct Table {
    /// What stands between the cells.
    pub delimiter: Delimiter,
    /// Whether the first row names the columns.
    pub header: bool,
    /// The rows, the naming one included.
    pub rows: Vec<Vec<String>>,
    /// Whether there are more rows or columns.
    pub is_cut: bool,
    /// The encoding that it was read by.
    pub encoding: String,
}

/// A value of JSON, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewValue))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in its digits.
    Number(String),
    /// A text; of a very long one its beginning.
    Text(String),
    /// Members with names, in the order of the file.
    Object(Members),
    /// Members without names.
    List(Members),
    /// A line that is no JSON.
    Broken(String),
}

/// What is in a value of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewMembers))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
pub struct Members {
    /// How many there are.
    pub count: u64,
    /// The place of the first one that is told.
    #[serde(default)]
    pub from: u64,
    /// Those that are told.
    pub told: Vec<Member>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PreviewMember))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
pub struct Member {
    /// Its name, in an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its value.
    pub value: Value,
}

/// A piece of rendered Markdown. There is none for HTML: it is left out.
#[expect(clippy::use_self, reason = "a schema is found by its name")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MarkdownPiece))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
pub struct Piece {
    /// What it is.
    pub tag: Tag,
    /// Its text, where it holds no pieces; of a picture, what it is described by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Where a link leads, or where a picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
}

/// What a piece of Markdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MarkdownTag))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Tag {
    Text,
    Code,
    Break,
    Rule,
    Paragraph,
    /// By its level below the page's own headings; no level is left out.
    Heading3,
    Heading4,
    Heading5,
    Heading6,
    Quote,
    CodeBlock,
    List,
    OrderedList,
    Item,
    /// A box that is ticked, or not.
    Done,
    Open,
    Table,
    Head,
    Row,
    Cell,
    Emphasis,
    Strong,
    Deleted,
    Link,
    Image,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MarkdownTarget))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Another key of the bucket.
    Key(String),
    /// An address elsewhere: `http`, `https` or `mailto`.
    Elsewhere(String),
}

/// `GET /buckets/{bucket}/object/archive?key=`: a folder of a ZIP archive, from its directory.
#[derive(Clone, Debug)]
pub struct GetArchive {
    /// The archive.
    pub source: Source,
    /// The folder within it, ending in `/`; empty for the outermost.
    pub folder: String,
}

impl Endpoint for GetArchive {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/archive";
    type Body = ();
    type Response = Archive;

    fn path(&self) -> String {
        let folder = Some(self.folder.clone()).filter(|folder| !folder.is_empty());
        self.source.address("object/archive", &[("folder", folder)])
    }
}

/// What [`GetArchive`] answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Archive {
    /// The folder.
    pub folder: String,
    /// The bytes of the archive.
    pub size: u64,
    /// How many of them were read for this.
    pub read: u64,
    /// The entries of the whole archive.
    pub entries: u64,
    /// Whether some of them lie on top of each other, which no honest program makes.
    pub overlaps: bool,
    /// The folders in this one.
    pub folders: Vec<String>,
    /// The files in it, in the order of the directory.
    pub files: Vec<Entry>,
    /// How many more of both there are.
    pub more: u64,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ArchiveEntry))]
pub struct Entry {
    /// Its place in the archive's directory.
    pub entry: u64,
    /// Its name within its folder.
    pub name: String,
    /// Its bytes, as the directory tells them.
    pub size: u64,
    /// The bytes that they are packed into.
    pub packed: u64,
    /// Whether it can be unpacked.
    pub state: EntryState,
}

/// Whether an entry can be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ArchiveEntryState))]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// It can.
    Readable,
    /// It is encrypted.
    Encrypted,
    /// It is packed by a method that is not known here.
    Unsupported,
    /// It is too large.
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(entry: Option<u64>) -> Source {
        Source {
            bucket: BucketName::parse("scans").unwrap(),
            key: ObjectKey::parse("a b/ö&c.zip").unwrap(),
            version_id: Some("7".to_owned()),
            entry,
        }
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(
            source(None).bytes(),
            "/api/v1/buckets/scans/object/preview?key=a%20b%2F%C3%B6%26c.zip&version_id=7"
        );
        assert_eq!(
            source(Some(3)).download(),
            "/api/v1/buckets/scans/object/archive/entry?key=a%20b%2F%C3%B6%26c.zip&version_id=7&entry=3&download=true"
        );
        let archive = GetArchive {
            source: source(None),
            folder: "x/".to_owned(),
        };
        assert!(archive.path().ends_with("&version_id=7&folder=x%2F"));
        let preview = GetPreview {
            source: source(Some(0)),
            wanted: Wanted {
                form: Some(Form::Table),
                delimiter: Some(Delimiter::Tab),
                header: Some(false),
                ..Wanted::default()
            },
        };
        assert!(
            preview
                .path()
                .ends_with("&entry=0&form=table&delimiter=tab&header=false")
        );
    }

    #[test]
    fn words_are_read_back() {
        for form in Form::ALL {
            assert_eq!(Form::parse(form.as_str()), Some(form));
            assert_eq!(
                serde_json::to_value(form).unwrap(),
                form.as_str(),
                "the words of answers and addresses are the same"
            );
        }
        for one in Delimiter::ALL {
            assert_eq!(Delimiter::parse(one.as_str()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
        }
    }

    #[test]
    fn answers_come_back_as_they_went() {
        let preview = Preview {
            kind: Kind::Json,
            content_type: "application/json".to_owned(),
            promised: None,
            name: "a.json".to_owned(),
            size: 9,
            etag: None,
            plainer: None,
            content: Some(Content::Tree(Value::Object(Members {
                count: 1,
                from: 0,
                told: vec![Member {
                    name: Some("a".to_owned()),
                    value: Value::Number("1".to_owned()),
                }],
            }))),
        };
        let text = serde_json::to_string(&preview).unwrap();
        assert_eq!(serde_json::from_str::<Preview>(&text).unwrap(), preview);
        assert_eq!(
            text,
            r#"{"kind":"json","content_type":"application/json","name":"a.json","size":9,"content":{"tree":{"object":{"count":1,"from":0,"told":[{"name":"a","value":{"number":"1"}}]}}}}"#
        );
    }
}
