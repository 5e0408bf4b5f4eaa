//! Queries as a form has them: conditions of which all, any or none hold, and blocks of such in each other. A form
//! shows a part of the language; what is richer stays text.

use super::{
    Clause, Criterion, End, Expression, Fault, Field, Kind, Pattern, Piece, Property, Range, Sign,
    Test, parse,
};

/// How deep blocks may stand in each other, the outermost counted.
pub const MAX_BLOCKS: usize = 3;

/// How the lines of a block are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// Every line holds.
    #[default]
    All,
    /// At least one holds.
    Any,
    /// None holds.
    None,
}

/// Lines that are joined in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// How.
    pub join: Join,
    /// The lines; a block without any finds everything.
    pub lines: Vec<Line>,
}

/// A line of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A condition.
    Condition(Condition),
    /// A block of its own.
    Block(Block),
}

/// What is asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// The whole value.
    Is,
    /// A word, or words that stand side by side.
    Contains,
    /// How the value begins.
    Begins,
    /// The value with `?` for one character and `*` for any, neither of them first.
    Like,
    /// Not less.
    AtLeast,
    /// Not more.
    AtMost,
    /// Both ends included.
    Between,
    /// Any value.
    Exists,
}

/// A condition, as it is typed into a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Where is looked.
    pub field: Field,
    /// What is asked.
    pub operator: Operator,
    /// The value, as the language has it, without quotes; the lower end of [`Operator::Between`].
    pub value: String,
    /// The upper end of [`Operator::Between`].
    pub until: String,
}

impl Operator {
    /// What may be asked of a field, the usual first.
    pub fn of(field: &Field) -> &'static [Self] {
        use Operator::{AtLeast, AtMost, Begins, Between, Contains, Exists, Is, Like};
        let property = match field {
            Field::Text => return &[Contains, Begins, Like],
            Field::ContentType => return &[Is, Begins, Like, Exists],
            Field::CustomMetadata(_) | Field::Content(_) => {
                return &[Is, Begins, Like, AtLeast, AtMost, Between, Exists];
            }
            Field::Property(property) => *property,
        };
        let facts = property.facts();
        match property {
            Property::CustomMetadataContent => &[Contains, Begins, Like],
            Property::CustomMetadataAnnotation | Property::AclGrant => &[Is, Exists],
            Property::RetentionClass => &[Is, Begins, Like, Exists],
            _ if facts.kind == Kind::Text && facts.wildcards => &[Is, Begins, Like],
            _ if facts.kind == Kind::Text || facts.kind == Kind::Flag || !facts.ranged => &[Is],
            _ => &[AtLeast, AtMost, Between, Is],
        }
    }
}

impl Condition {
    /// A condition of which nothing is typed yet.
    pub fn new(field: Field) -> Self {
        let operator = Operator::of(&field).first().copied();
        let value = match field.kind() {
            Kind::Flag => "true".to_owned(),
            _ => String::new(),
        };
        Self {
            field,
            operator: operator.unwrap_or(Operator::Is),
            value,
            until: String::new(),
        }
    }

    /// Whether all that it needs is typed. An incomplete condition is no part of a query.
    pub fn is_complete(&self) -> bool {
        let named = match &self.field {
            Field::CustomMetadata(name) | Field::Content(name) => !name.is_empty(),
            _ => true,
        };
        named
            && match self.operator {
                Operator::Exists => true,
                Operator::Between => !self.value.is_empty() && !self.until.is_empty(),
                _ => !self.value.is_empty(),
            }
    }

    /// What it is in a query; `None` while it is incomplete.
    ///
    /// # Errors
    /// Where the language has no such value: a number with letters, a wildcard in front.
    pub fn criterion(&self) -> Result<Option<Criterion>, Fault> {
        if !self.is_complete() {
            return Ok(None);
        }
        let value = self.value.clone();
        let end = |value: &String| {
            Some(End {
                value: value.clone(),
                included: true,
            })
        };
        let range = |from, to| Test::Range(Range { from, to });
        // Without a wildcard a pattern is the value itself.
        let operator = match self.operator {
            Operator::Like if !self.value.contains(['?', '*']) => whole(&self.field),
            operator => operator,
        };
        let test = match operator {
            Operator::Contains if value.contains(char::is_whitespace) => Test::Phrase(value),
            Operator::Is | Operator::Contains => term(vec![Piece::Literal(value)]),
            Operator::Begins => term(vec![Piece::Literal(value), Piece::Many]),
            Operator::Like => term(pieces(&value)),
            Operator::AtLeast => range(end(&self.value), None),
            Operator::AtMost => range(None, end(&self.value)),
            Operator::Between => range(end(&self.value), end(&self.until)),
            Operator::Exists => term(vec![Piece::Many]),
        };
        let field = self.field.clone();
        // Who reads queries knows which values there are.
        match parse(&Criterion { field, test }.to_string())? {
            Expression::Criterion(criterion) => Ok(Some(criterion)),
            Expression::Everything | Expression::Group(_) => Ok(None),
        }
    }

    /// The condition that a form shows for a criterion; `None`: a form has none like it.
    fn of(criterion: &Criterion) -> Option<Self> {
        let Criterion { field, test } = criterion;
        let known = Operator::of(field);
        let whole = whole(field);
        let mut until = String::new();
        let (operator, value) = match test {
            Test::Phrase(text) => (whole, text.clone()),
            Test::Term(Pattern(pieces)) => match pieces.as_slice() {
                // No word has a space in it, other than words side by side.
                [Piece::Literal(text)]
                    if whole == Operator::Contains && text.contains(char::is_whitespace) =>
                {
                    return None;
                }
                [Piece::Literal(text)] => (whole, text.clone()),
                [Piece::Many] if known.contains(&Operator::Exists) => {
                    (Operator::Exists, String::new())
                }
                [Piece::Literal(text), Piece::Many] => (Operator::Begins, text.clone()),
                // The form has no way to write a `*` that is meant itself among others that are not.
                pieces => (Operator::Like, written(pieces)?),
            },
            Test::Range(Range { from, to }) => {
                let all = [from, to].into_iter().flatten();
                if all.clone().any(|end| !end.included) {
                    return None;
                }
                match (from, to) {
                    (Some(from), Some(to)) => {
                        until.clone_from(&to.value);
                        (Operator::Between, from.value.clone())
                    }
                    (Some(from), None) => (Operator::AtLeast, from.value.clone()),
                    (None, Some(to)) => (Operator::AtMost, to.value.clone()),
                    (None, None) => (Operator::Exists, String::new()),
                }
            }
        };
        let found = Self {
            field: field.clone(),
            operator,
            value,
            until,
        };
        (known.contains(&operator) && found.is_complete()).then_some(found)
    }
}

/// What asks for a value as it stands.
fn whole(field: &Field) -> Operator {
    if Operator::of(field).contains(&Operator::Contains) {
        Operator::Contains
    } else {
        Operator::Is
    }
}

fn term(pieces: Vec<Piece>) -> Test {
    Test::Term(Pattern(pieces))
}

/// A typed pattern, taken apart.
fn pieces(text: &str) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for c in text.chars() {
        match (c, all.last_mut()) {
            ('?', _) => all.push(Piece::One),
            ('*', Some(Piece::Many)) => {}
            ('*', _) => all.push(Piece::Many),
            (c, Some(Piece::Literal(so_far))) => so_far.push(c),
            (c, _) => all.push(Piece::Literal(c.to_string())),
        }
    }
    all
}

/// A pattern as it is typed; `None` where that would mean something else.
fn written(pieces: &[Piece]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) if literal.contains(['?', '*']) => return None,
            Piece::Literal(literal) => text.push_str(literal),
            Piece::One => text.push('?'),
            Piece::Many => text.push('*'),
        }
    }
    Some(text)
}

impl Block {
    /// The query that it writes; empty where no condition is complete.
    ///
    /// # Errors
    /// The fault of the first condition that has one; its position is that in the condition.
    pub fn query(&self) -> Result<String, Fault> {
        let tidy = self.tidy();
        let expression = tidy.expression()?;
        Ok(expression.map_or_else(String::new, |expression| expression.to_string()))
    }

    /// The block that a form shows for a query; `None`: it is richer than that.
    pub fn of(expression: &Expression) -> Option<Self> {
        let block = match expression {
            Expression::Everything => Self::default(),
            Expression::Criterion(criterion) => Self {
                join: Join::All,
                lines: vec![Line::Condition(Condition::of(criterion)?)],
            },
            Expression::Group(clauses) => group(clauses)?,
        };
        (block.depth() <= MAX_BLOCKS).then_some(block)
    }

    /// How deep blocks stand in each other, this one counted.
    pub fn depth(&self) -> usize {
        let inner = self.lines.iter().map(|line| match line {
            Line::Condition(_) => 0,
            Line::Block(block) => block.depth(),
        });
        1 + inner.max().unwrap_or_default()
    }

    /// The same in its shortest form: without what is incomplete or empty, and without blocks that say nothing of
    /// their own.
    #[must_use]
    pub fn tidy(&self) -> Self {
        let mut lines = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            match line {
                Line::Condition(condition) => {
                    if condition.is_complete() {
                        lines.push(line.clone());
                    }
                }
                Line::Block(block) => {
                    let block = block.tidy();
                    match block.lines.as_slice() {
                        [] => {}
                        [only] if block.join != Join::None => lines.push(only.clone()),
                        _ => lines.push(Line::Block(block)),
                    }
                }
            }
        }
        if self.join == Join::All {
            // What must not hold stands last, as it is read.
            lines.sort_by_key(is_none);
        }
        match (self.join, lines.as_slice()) {
            (Join::All | Join::Any, [Line::Block(only)]) => only.clone(),
            // Of one condition, all is as good as any.
            (Join::Any, [Line::Condition(_)]) => Self {
                join: Join::All,
                lines,
            },
            (Join::None, [Line::Block(only)]) if only.join != Join::All => {
                let join = match only.join {
                    Join::None => Join::Any,
                    _ => Join::None,
                };
                let lines = only.lines.clone();
                Self { join, lines }.tidy()
            }
            (Join::All, [Line::Block(_), ..]) if lines.iter().all(is_none) => Self {
                join: Join::None,
                lines: lines.into_iter().flat_map(inner).collect(),
            },
            _ => Self {
                join: self.join,
                lines,
            },
        }
    }

    /// What it is in a query; `None` where no condition is complete.
    fn expression(&self) -> Result<Option<Expression>, Fault> {
        let mut clauses = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let (sign, expression) = match line {
                Line::Condition(condition) => {
                    let criterion = condition.criterion()?;
                    (self.join.sign(), criterion.map(Expression::Criterion))
                }
                // What is none of several beside what must hold is not any of them.
                Line::Block(block) if self.join == Join::All && block.join == Join::None => {
                    let lines = block.lines.clone();
                    let any = Self {
                        join: Join::Any,
                        lines,
                    };
                    (Sign::MustNot, any.expression()?)
                }
                Line::Block(block) => (self.join.sign(), block.expression()?),
            };
            clauses.extend(expression.map(|expression| Clause { sign, expression }));
        }
        Ok(match clauses.as_slice() {
            [] => None,
            [only] if only.sign != Sign::MustNot => clauses.pop().map(|clause| clause.expression),
            _ => Some(Expression::Group(clauses)),
        })
    }
}

impl Join {
    const fn sign(self) -> Sign {
        match self {
            Self::All => Sign::Must,
            Self::Any => Sign::Should,
            Self::None => Sign::MustNot,
        }
    }
}

fn is_none(line: &Line) -> bool {
    matches!(line, Line::Block(block) if block.join == Join::None)
}

fn inner(line: Line) -> Vec<Line> {
    match line {
        Line::Block(block) => block.lines,
        line @ Line::Condition(_) => vec![line],
    }
}

/// A block for a group. Beside what must hold, what has no sign only raises the rank, which no form says.
fn group(clauses: &[Clause]) -> Option<Block> {
    let with = |sign: Sign| {
        let of = clauses.iter().filter(move |clause| clause.sign == sign);
        of.map(|clause| line(&clause.expression))
            .collect::<Option<Vec<_>>>()
    };
    let (must, should) = (with(Sign::Must)?, with(Sign::Should)?);
    let not = |clause: &&Clause| clause.sign == Sign::MustNot;
    let not = clauses.iter().filter(not).map(|clause| &clause.expression);
    if must.is_empty() && should.is_empty() {
        let lines = not.map(line).collect::<Option<_>>()?;
        let join = Join::None;
        return Some(Block { join, lines });
    }
    let (join, mut lines) = match (must.is_empty(), should.is_empty()) {
        (false, false) => return None,
        (false, true) => (Join::All, must),
        (true, _) => (Join::Any, should),
    };
    let mut none = Vec::new();
    for expression in not {
        let lines = match expression {
            Expression::Group(inner) if inner.iter().all(|one| one.sign == Sign::Should) => inner
                .iter()
                .map(|one| line(&one.expression))
                .collect::<Option<_>>()?,
            other => vec![line(other)?],
        };
        let join = Join::None;
        none.push(Line::Block(Block { join, lines }));
    }
    if none.is_empty() {
        return Some(Block { join, lines });
    }
    if join == Join::Any {
        // One of these, and none of those.
        lines = match lines.len() {
            1 => lines,
            _ => vec![Line::Block(Block { join, lines })],
        };
    }
    lines.extend(none);
    let join = Join::All;
    Some(Block { join, lines })
}

fn line(expression: &Expression) -> Option<Line> {
    match expression {
        // There is no condition that always holds in a form.
        Expression::Everything => None,
        Expression::Criterion(criterion) => Condition::of(criterion).map(Line::Condition),
        Expression::Group(clauses) => group(clauses).map(Line::Block),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn condition(field: Field, operator: Operator, value: &str, until: &str) -> Line {
        Line::Condition(Condition {
            field,
            operator,
            value: value.to_owned(),
            until: until.to_owned(),
        })
    }

    fn of(property: Property, operator: Operator, value: &str) -> Line {
        condition(Field::Property(property), operator, value, "")
    }

    fn block(join: Join, lines: Vec<Line>) -> Block {
        Block { join, lines }
    }

    fn read(query: &str) -> Option<Block> {
        Block::of(&parse(query).unwrap())
    }

    /// Acceptance SRC-1: the documented query for each operator, which is read back into the same condition.
    #[test]
    fn each_operator_writes_the_query_that_is_documented() {
        use Operator::{AtLeast, AtMost, Begins, Between, Contains, Exists, Is, Like};
        let property = Field::Property;
        let cases = [
            (
                property(Property::Namespace),
                Is,
                "archive.acme",
                "",
                "namespace:archive.acme",
            ),
            (
                property(Property::RetentionClass),
                Is,
                "Health care",
                "",
                r"retentionClass:Health\ care",
            ),
            (
                property(Property::Utf8Name),
                Begins,
                "Q1_",
                "",
                "utf8Name:Q1_*",
            ),
            (
                property(Property::ObjectPath),
                Like,
                "/in/*.t?t",
                "",
                "objectPath:/in/*.t?t",
            ),
            (
                property(Property::Size),
                AtLeast,
                "1048576",
                "",
                "size:[1048576 TO *]",
            ),
            (property(Property::Size), AtMost, "10", "", "size:[* TO 10]"),
            (
                property(Property::Size),
                Between,
                "1",
                "10",
                "size:[1 TO 10]",
            ),
            (property(Property::Retention), Is, "-1", "", "retention:-1"),
            (
                property(Property::IngestTimeString),
                Between,
                "2024-06-01T10:00:00+0000",
                "2024-07-01T10:00:00+0000",
                "ingestTimeString:[2024-06-01T10:00:00+0000 TO 2024-07-01T10:00:00+0000]",
            ),
            (property(Property::Hold), Is, "true", "", "hold:true"),
            (
                property(Property::AclGrant),
                Is,
                "rw,USER,acme,ops1",
                "",
                "aclGrant:rw,USER,acme,ops1",
            ),
            (
                property(Property::CustomMetadataAnnotation),
                Exists,
                "",
                "",
                "customMetadataAnnotation:*",
            ),
            (
                property(Property::CustomMetadataContent),
                Contains,
                "a.b.a",
                "",
                "customMetadataContent:a.b.a",
            ),
            (
                Field::Text,
                Contains,
                "wetland permit",
                "",
                r#""wetland permit""#,
            ),
            (Field::Text, Contains, "wetland", "", "wetland"),
            (
                Field::CustomMetadata("project".to_owned()),
                Is,
                "alpha",
                "",
                "customMetadata.project:alpha",
            ),
            (
                Field::CustomMetadata("a b".to_owned()),
                Exists,
                "",
                "",
                r"customMetadata.a\ b:*",
            ),
            (
                Field::ContentType,
                Begins,
                "image/",
                "",
                "contentType:image/*",
            ),
            (
                Field::Content("doctor".to_owned()),
                AtLeast,
                "7",
                "",
                "doctor:[7 TO *]",
            ),
        ];
        let mut tried = Vec::new();
        for (field, operator, value, until, query) in cases {
            let form = block(Join::All, vec![condition(field, operator, value, until)]);
            assert_eq!(form.query().as_deref(), Ok(query));
            assert_eq!(read(query), Some(form), "{query}");
            tried.push(operator);
        }
        for property in Property::ALL {
            for operator in Operator::of(&Field::Property(*property)) {
                assert!(tried.contains(operator), "{operator:?}");
            }
        }
    }

    #[test]
    fn blocks_are_written_and_read_back() {
        let size = || of(Property::Size, Operator::AtLeast, "10");
        let hold = || of(Property::Hold, Operator::Is, "true");
        let name = || of(Property::Utf8Name, Operator::Begins, "a");
        let inner = |join| Line::Block(block(join, vec![hold(), name()]));
        let cases = [
            (
                block(Join::All, vec![size(), hold()]),
                "+size:[10 TO *] +hold:true",
            ),
            (
                block(Join::Any, vec![size(), hold()]),
                "size:[10 TO *] hold:true",
            ),
            (
                block(Join::None, vec![size(), hold()]),
                "-size:[10 TO *] -hold:true",
            ),
            (
                block(Join::All, vec![size(), inner(Join::Any)]),
                "+size:[10 TO *] +(hold:true utf8Name:a*)",
            ),
            (
                block(Join::All, vec![size(), inner(Join::None)]),
                "+size:[10 TO *] -(hold:true utf8Name:a*)",
            ),
            (
                block(Join::Any, vec![size(), inner(Join::All)]),
                "size:[10 TO *] (+hold:true +utf8Name:a*)",
            ),
            (
                block(Join::Any, vec![size(), inner(Join::None)]),
                "size:[10 TO *] (-hold:true -utf8Name:a*)",
            ),
            (
                block(Join::None, vec![size(), inner(Join::All)]),
                "-size:[10 TO *] -(+hold:true +utf8Name:a*)",
            ),
            (Block::default(), ""),
        ];
        for (form, query) in cases {
            assert_eq!(form.query().as_deref(), Ok(query));
            let text = if query.is_empty() { "*:*" } else { query };
            assert_eq!(read(text), Some(form), "{query}");
        }
        // What people write, in the same blocks.
        assert_eq!(
            read("size:[10 TO *] AND NOT hold:true"),
            Some(block(
                Join::All,
                vec![size(), Line::Block(block(Join::None, vec![hold()]))]
            )),
        );
        assert_eq!(
            read("size:[10 TO *] utf8Name:a* -hold:true"),
            Some(block(
                Join::All,
                vec![
                    Line::Block(block(Join::Any, vec![size(), name()])),
                    Line::Block(block(Join::None, vec![hold()])),
                ],
            )),
        );
    }

    #[test]
    fn a_richer_query_stays_text() {
        for query in [
            "+size:1 hold:true",
            "size:{1 TO 2]",
            "hash:[A TO B]",
            r"utf8Name:a\*b*c",
            "*:* AND NOT hold:true",
            "hold:*",
            "a OR (b AND (c OR (d AND e)))",
        ] {
            assert_eq!(read(query), None, "{query}");
        }
        assert!(read("a OR (b AND (c OR d))").is_some());
    }

    #[test]
    fn what_is_incomplete_is_left_out_and_what_is_wrong_is_told() {
        let form = |line| {
            block(
                Join::Any,
                vec![of(Property::Hold, Operator::Is, "true"), line],
            )
        };
        let empty = form(of(Property::Size, Operator::AtLeast, ""));
        assert_eq!(empty.query().as_deref(), Ok("hold:true"));
        let half = form(condition(
            Field::Property(Property::Size),
            Operator::Between,
            "1",
            "",
        ));
        assert_eq!(half.query().as_deref(), Ok("hold:true"));
        let wrong = form(of(Property::Size, Operator::AtLeast, "many"));
        assert!(
            wrong
                .query()
                .unwrap_err()
                .message
                .contains("no whole number")
        );
        let wild = form(of(Property::Utf8Name, Operator::Like, "*.txt"));
        assert!(
            wild.query()
                .unwrap_err()
                .message
                .contains("begin with a wildcard")
        );
    }

    fn lines() -> impl Strategy<Value = Block> {
        let value = "[ -~äß*?]{1,8}";
        let text = prop_oneof![
            Just(Field::Text),
            Just(Field::ContentType),
            Just(Field::Property(Property::ObjectPath)),
            Just(Field::Property(Property::RetentionClass)),
            "[a-z +-]{1,5}".prop_map(Field::CustomMetadata),
        ];
        let text = (text, value, value, any::<prop::sample::Index>()).prop_map(
            |(field, value, until, operator)| {
                let operator = *operator.get(Operator::of(&field));
                let until = if operator == Operator::Between {
                    until
                } else {
                    String::new()
                };
                let value = if operator == Operator::Exists {
                    String::new()
                } else {
                    value
                };
                (field, operator, value, until)
            },
        );
        let number = (any::<i64>(), any::<i64>(), any::<prop::sample::Index>()).prop_map(
            |(value, until, operator)| {
                let field = Field::Property(Property::Size);
                let operator = *operator.get(Operator::of(&field));
                let until = if operator == Operator::Between {
                    until.to_string()
                } else {
                    String::new()
                };
                (field, operator, value.to_string(), until)
            },
        );
        let one = prop_oneof![text, number]
            .prop_map(|(field, operator, value, until)| condition(field, operator, &value, &until));
        let join = prop_oneof![Just(Join::All), Just(Join::Any), Just(Join::None)];
        let leaf = (join.clone(), prop::collection::vec(one.clone(), 0..4))
            .prop_map(|(join, lines)| Block { join, lines });
        leaf.prop_recursive(2, 12, 4, move |inner| {
            let line = prop_oneof![one.clone(), inner.prop_map(Line::Block)];
            (join.clone(), prop::collection::vec(line, 0..4))
                .prop_map(|(join, lines)| Block { join, lines })
        })
    }

    /// Patterns that are the same as a simpler condition become that one when they are read.
    fn simple(block: &Block) -> bool {
        block.lines.iter().all(|line| match line {
            Line::Block(block) => simple(block),
            Line::Condition(one) => match one.operator {
                Operator::Like => {
                    let wild = one.value.find(['?', '*']);
                    wild.is_some_and(|at| one.value.get(at..) != Some("*"))
                        && !one.value.contains("**")
                }
                _ => true,
            },
        })
    }

    proptest! {
        /// Acceptance SRC-1: whatever a form holds, its query is read back into the same form.
        #[test]
        fn what_a_form_writes_it_reads(form in lines()) {
            if let Ok(query) = form.query() {
                let expression = parse(if query.is_empty() { "*:*" } else { &query });
                prop_assert!(expression.is_ok(), "{query}");
                let back = Block::of(&expression.unwrap());
                let tidy = form.tidy();
                if simple(&form) {
                    let same = if query.is_empty() { Block::default() } else { tidy };
                    prop_assert_eq!(back, Some(same), "{}", query);
                } else {
                    let again = back.map(|back| back.query());
                    prop_assert_eq!(again, Some(Ok(query)));
                }
            }
        }
    }
}
