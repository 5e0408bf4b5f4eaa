//! Writes queries: in the full language, and in what HCP reads of it.

use std::fmt::{self, Write as _};

use super::{
    Clause, Criterion, End, Expression, Field, Kind, Pattern, Piece, Property, Range, Sign, Test,
    in_tenant,
    parse::{CONTENT_TYPE, CUSTOM_METADATA},
};

/// What HCP's query language cannot say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("HCP cannot be asked for `{what}`: {why}")]
pub struct Cannot {
    /// The condition, as it is written in the full language.
    pub what: String,
    /// Why not, and what to do instead.
    pub why: &'static str,
}

impl Expression {
    /// How deep groups stand in each other.
    pub fn depth(&self) -> usize {
        match self {
            Self::Everything | Self::Criterion(_) => 0,
            Self::Group(clauses) => {
                let inner = clauses.iter().map(|clause| clause.expression.depth());
                1 + inner.max().unwrap_or(0)
            }
        }
    }

    /// How many conditions it has.
    pub fn conditions(&self) -> usize {
        match self {
            Self::Everything | Self::Criterion(_) => 1,
            Self::Group(clauses) => clauses.iter().map(|c| c.expression.conditions()).sum(),
        }
    }

    /// Narrowed to what changed in these milliseconds since 1970, both included; `None`: open. Change times have
    /// digits behind the millisecond, which the end takes in.
    #[must_use]
    pub fn changed_within(self, from: Option<i64>, until: Option<i64>) -> Self {
        let end = |value: String| End {
            value,
            included: true,
        };
        let time = Self::Criterion(Criterion {
            field: Field::Property(Property::ChangeTimeMilliseconds),
            test: Test::Range(Range {
                from: from.map(|from| end(format!("{from}.00"))),
                to: until.map(|until| end(format!("{until}.99"))),
            }),
        });
        let must = |expression| Clause {
            sign: Sign::Must,
            expression,
        };
        Self::Group(vec![must(time), must(self)])
    }

    /// Namespaces are known to HCP with their tenant: `archive` of the tenant `acme` is `archive.acme`.
    /// Adds the tenant where a query names a namespace alone.
    #[must_use]
    pub fn in_tenant(self, tenant: &str) -> Self {
        let complete = |name: String| in_tenant(&name, tenant);
        match self {
            Self::Criterion(Criterion {
                field: field @ Field::Property(Property::Namespace),
                test,
            }) => {
                let test = match test {
                    Test::Phrase(name) => Test::Phrase(complete(name)),
                    Test::Term(Pattern(mut pieces)) => {
                        if let [Piece::Literal(name)] = pieces.as_mut_slice() {
                            *name = complete(std::mem::take(name));
                        }
                        Test::Term(Pattern(pieces))
                    }
                    range @ Test::Range(_) => range,
                };
                Self::Criterion(Criterion { field, test })
            }
            Self::Group(clauses) => Self::Group(
                clauses
                    .into_iter()
                    .map(|clause| Clause {
                        sign: clause.sign,
                        expression: clause.expression.in_tenant(tenant),
                    })
                    .collect(),
            ),
            other => other,
        }
    }

    /// In HCP's own form, with which a real HCP is asked.
    pub fn to_hcp(&self) -> Result<String, Cannot> {
        let mut text = String::new();
        hcp(self, &mut text)?;
        Ok(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("*:*"),
            Self::Criterion(criterion) => criterion.fmt(f),
            Self::Group(clauses) => {
                for (index, clause) in clauses.iter().enumerate() {
                    if index > 0 {
                        f.write_char(' ')?;
                    }
                    f.write_str(clause.sign.mark())?;
                    match &clause.expression {
                        group @ Self::Group(_) => write!(f, "({group})")?,
                        single => single.fmt(f)?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl Sign {
    /// How it is written.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Should => "",
            Self::Must => "+",
            Self::MustNot => "-",
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field != Field::Text {
            write!(f, "{}:", self.field)?;
        }
        match &self.test {
            Test::Term(pattern) => f.write_str(&term(pattern, self.field.kind(), LEADING)),
            Test::Phrase(phrase) => f.write_str(&quoted(phrase)),
            Test::Range(range) => f.write_str(&range_text(range, false)),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => Ok(()),
            Self::Property(property) => property.fmt(f),
            Self::CustomMetadata(name) => {
                write!(f, "{CUSTOM_METADATA}{}", escaped(name, Escape::Special))
            }
            Self::ContentType => f.write_str(CONTENT_TYPE),
            Self::Content(name) => f.write_str(&escaped(name, Escape::Leading)),
        }
    }
}

impl Field {
    /// How its values are written.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Property(property) => property.facts().kind,
            _ => Kind::Text,
        }
    }
}

/// Which characters get a backslash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// What ends a word, and wildcards.
    Special,
    /// Those, and what a word may not begin with.
    Leading,
    /// All that HCP names.
    All,
}

const LEADING: Escape = Escape::Leading;

fn escaped(text: &str, escape: Escape) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let special = c.is_whitespace()
            || "?*()[]{}\":\\".contains(c)
            || escape == Escape::All && "+-".contains(c)
            || escape == Escape::Leading && at == 0 && begins_otherwise(text);
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a word would be read as a sign or as what joins two others.
fn begins_otherwise(text: &str) -> bool {
    text.starts_with(['+', '-', '!'])
        || text.starts_with("&&")
        || text.starts_with("||")
        || matches!(text, "AND" | "OR" | "NOT")
}

fn term(pattern: &Pattern, kind: Kind, escape: Escape) -> String {
    let mut out = String::new();
    for (index, piece) in pattern.0.iter().enumerate() {
        match piece {
            // Their minus and their colons can mean nothing else.
            Piece::Literal(text) if kind != Kind::Text => out.push_str(text),
            Piece::Literal(text) if index > 0 && escape == Escape::Leading => {
                out.push_str(&escaped(text, Escape::Special));
            }
            Piece::Literal(text) => out.push_str(&escaped(text, escape)),
            Piece::One => out.push('?'),
            Piece::Many => out.push('*'),
        }
    }
    out
}

fn quoted(phrase: &str) -> String {
    let mut out = String::with_capacity(phrase.len() + 2);
    out.push('"');
    for c in phrase.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// `quote_negative`: HCP takes negative numbers only in quotes.
fn range_text(range: &Range, quote_negative: bool) -> String {
    let value = |end: &Option<End>| match end {
        None => "*".to_owned(),
        Some(End { value, .. }) => {
            let special = |c: char| c.is_whitespace() || "[]{}()\"\\*?".contains(c);
            if value.is_empty()
                || value.contains(special)
                || value.starts_with('+')
                || quote_negative && value.starts_with('-')
            {
                quoted(value)
            } else {
                value.clone()
            }
        }
    };
    let included = |end: &Option<End>| end.as_ref().is_none_or(|end| end.included);
    format!(
        "{}{} TO {}{}",
        if included(&range.from) { '[' } else { '{' },
        value(&range.from),
        value(&range.to),
        if included(&range.to) { ']' } else { '}' },
    )
}

fn hcp(expression: &Expression, out: &mut String) -> Result<(), Cannot> {
    match expression {
        Expression::Everything => out.push_str("*:*"),
        Expression::Criterion(criterion) => out.push_str(&hcp_criterion(criterion)?),
        Expression::Group(clauses) => {
            for (index, clause) in clauses.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(clause.sign.mark());
                if let group @ Expression::Group(inner) = &clause.expression {
                    out.push('(');
                    // What only excludes, excludes from something: Lucene finds nothing in such a group.
                    if inner.iter().all(|clause| clause.sign == Sign::MustNot) {
                        out.push_str("+*:* ");
                    }
                    hcp(group, out)?;
                    out.push(')');
                } else {
                    hcp(&clause.expression, out)?;
                }
            }
        }
    }
    Ok(())
}

fn hcp_criterion(criterion: &Criterion) -> Result<String, Cannot> {
    let cannot = |why| {
        Err(Cannot {
            what: criterion.to_string(),
            why,
        })
    };
    let value = match &criterion.test {
        Test::Term(Pattern(pieces)) => match pieces.as_slice() {
            [Piece::Literal(value)] => Some(value),
            _ => None,
        },
        Test::Phrase(value) => Some(value),
        Test::Range(_) => None,
    };
    match &criterion.field {
        Field::ContentType => {
            return cannot("S3's content type is none of the properties that HCP indexes");
        }
        Field::CustomMetadata(name) => {
            let Some(value) = value else {
                return cannot(
                    "HCP finds whole values of custom metadata; it has neither wildcards nor ranges for \
                     one pair",
                );
            };
            if !value.contains(char::is_alphanumeric) {
                return cannot("HCP finds letters and digits; the value has neither");
            }
            return Ok(custom_metadata(name, value));
        }
        Field::Property(property) if exists(&criterion.test) => return present(*property, cannot),
        Field::Content(_) if exists(&criterion.test) => {
            return Ok(format!("{}:[* TO *]", name(&criterion.field)));
        }
        _ => {}
    }
    let text = match &criterion.test {
        Test::Phrase(phrase) => quoted(phrase),
        Test::Range(range) => range_text(range, true),
        Test::Term(pattern) => match value {
            Some(value) if needs_quotes(&criterion.field, value) => quoted(value),
            _ if pattern.0.iter().any(has_space) => {
                return cannot("HCP's words have no spaces; use a phrase in quotes");
            }
            _ => term(pattern, Kind::Text, Escape::All),
        },
    };
    Ok(match &criterion.field {
        Field::Text => text,
        field => format!("{}:{text}", name(field)),
    })
}

/// A field's name for HCP.
fn name(field: &Field) -> String {
    match field {
        Field::Content(name) => escaped(name, Escape::All),
        field => field.to_string(),
    }
}

fn exists(test: &Test) -> bool {
    matches!(test, Test::Term(Pattern(pieces)) if pieces == &[Piece::Many])
}

fn has_space(piece: &Piece) -> bool {
    matches!(piece, Piece::Literal(text) if text.contains(char::is_whitespace))
}

/// Negative numbers, dates and grants stand in quotes, and so do values of properties with spaces. A word that we
/// would read as what joins two others means the same in quotes, and nobody mistakes it.
fn needs_quotes(field: &Field, value: &str) -> bool {
    match field {
        Field::Text => begins_otherwise(value) && !value.starts_with(['+', '-']),
        Field::Property(Property::AclGrant) => true,
        field => {
            value.is_empty()
                || value.starts_with('-')
                || field.kind() == Kind::Time
                || value.contains(char::is_whitespace)
        }
    }
}

/// `property:*`: HCP refuses a wildcard at the beginning, and says it otherwise or not at all.
fn present(
    property: Property,
    cannot: impl Fn(&'static str) -> Result<String, Cannot>,
) -> Result<String, Cannot> {
    match property {
        Property::CustomMetadataAnnotation => Ok("customMetadata:true".to_owned()),
        Property::AclGrant => Ok("acl:true".to_owned()),
        Property::CustomMetadataContent => {
            cannot("HCP has no wildcard at the beginning; `customMetadata:true` may be meant")
        }
        // Without a class it is an empty text, which a range holds as well.
        Property::RetentionClass => cannot("HCP cannot ask for any retention class"),
        // Every object has these.
        _ => Ok("*:*".to_owned()),
    }
}

/// HCP reads custom metadata as words, tags included: the value stands between two tags. A pair of S3 is
/// an element with `meta-` before its name, in which HCP writes `_` for what XML does not allow.
fn custom_metadata(name: &str, value: &str) -> String {
    let element: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._:-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let of = |element: &str| {
        let phrase = quoted(&format!("{element}.{value}.{element}"));
        format!("{}:{phrase}", Property::CustomMetadataContent)
    };
    format!("({} {})", of(&format!("meta-{element}")), of(name))
}
