//! The language of metadata queries: one tree, whatever it was written in.
//!
//! Scripts write Lucene's words (`namespace:datasets AND size:[1048576 TO *]`), HCP's own language knows
//! signs (`+namespace:datasets.acme +size:[1048576 TO *]`; HCP's metadata query API, "Query expressions").
//! Both are read into an [`Expression`].

use super::property::Property;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `*:*`: every object.
    Everything,
    /// One condition.
    Criterion(Criterion),
    /// Several conditions. Where one is [`Sign::Must`], all of those hold and the unsigned ones only
    /// raise the rank; else at least one of the unsigned ones holds, if there are any. None of those
    /// with [`Sign::MustNot`] ever holds.
    Group(Vec<Clause>),
}

/// A condition in a group, and what it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its sign.
    pub sign: Sign,
    /// The condition; it may be a group itself.
    pub expression: Expression,
}

/// What a condition is in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Without a sign.
    Should,
    /// `+`
    Must,
    /// `-`
    MustNot,
}

/// One condition: a field and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Where is looked.
    pub field: Field,
    /// What for.
    pub test: Test,
}

/// Where is looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Words of the path and of custom metadata.
    Text,
    /// A property of objects.
    Property(Property),
    /// `customMetadata.name`: a pair of S3's user metadata, or an element of an annotation, by its name.
    /// Not in HCP's language.
    CustomMetadata(String),
    /// `contentType`. Not in HCP's language.
    ContentType,
    /// A content property of the tenant, by its name.
    Content(String),
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A value without quotes, in which `?` and `*` stand for others.
    Term(Pattern),
    /// A value in quotes.
    Phrase(String),
    /// `[a TO b]`, `{a TO b}`, and mixed.
    Range(Range),
}

/// A value with wildcards, taken apart; escapes are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub Vec<Piece>);

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters.
    Literal(String),
    /// `?`: any one character.
    One,
    /// `*`: any characters, or none.
    Many,
}

/// From where to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lower end; `None`: open.
    pub from: Option<End>,
    /// The upper end; `None`: open.
    pub to: Option<End>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The value, as written, without quotes and escapes.
    pub value: String,
    /// Whether the value itself is in the range.
    pub included: bool,
}
