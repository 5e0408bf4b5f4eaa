//! Reads queries: Lucene's words and HCP's signs in one grammar.
//!
//! ```text
//! group     := joined+                         side by side, as in HCP: one of them has to hold
//! joined    := conjunct ( (OR | ||) conjunct )*
//! conjunct  := signed ( (AND | &&) signed )*
//! signed    := [+ | - | NOT | !] condition
//! condition := ( group ) | *:* | word | "phrase" | field : value
//! value     := ( group of values ) | word | "phrase" | [a TO b] | {a TO b} | mixed
//! ```
//!
//! Every function descends at most once per parenthesis, and those are counted.

use winnow::{
    ModalResult, Parser,
    combinator::{alt, opt, peek, preceded, repeat, terminated},
    error::{ErrMode, ParserError},
    stream::{LocatingSlice, Location, Stateful, Stream},
    token::{any, literal, none_of, one_of, take_till, take_while},
};

use super::{
    Clause, Criterion, End, Expression, Fault, Field, Kind, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH,
    Mark, Marked, Pattern, Piece, Property, Range, Sign, Test, moment,
};

/// Reads a query.
pub fn parse(text: &str) -> Result<Expression, Fault> {
    let refused = |refusal: Refusal| Fault {
        position: text
            .char_indices()
            .take_while(|(at, _)| *at < refusal.at)
            .count(),
        expected: refusal
            .expected
            .iter()
            .map(|word| (*word).to_owned())
            .collect(),
        message: refusal.message,
    };
    if text.len() > MAX_BYTES {
        let message = format!("a query has at most {MAX_BYTES} bytes");
        return Err(refused(Refusal::new(MAX_BYTES, message, &[])));
    }
    whole(&mut input_of(text)).map_err(|error| {
        refused(
            error
                .into_inner()
                .unwrap_or(Refusal::new(0, "this is no query", &[])),
        )
    })
}

/// The pieces of a query, in their order, as far as it can be read: what stands behind a fault has none.
pub fn marked(text: &str) -> Vec<Marked> {
    // What is too long is not read at all.
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let mut input = input_of(text);
    // The pieces before a fault are read like any.
    let _ = whole(&mut input);
    input.state.marks
}

fn input_of(text: &str) -> Input<'_> {
    Input {
        input: LocatingSlice::new(text),
        state: State::default(),
    }
}

type Input<'a> = Stateful<LocatingSlice<&'a str>, State>;
type Read<T> = ModalResult<T, Refusal>;

/// What is counted while reading.
#[derive(Debug, Default)]
struct State {
    /// Conditions so far.
    criteria: usize,
    /// Parentheses that are open.
    open: usize,
    /// What was read, in its order.
    marks: Vec<Marked>,
}

/// Notes what was read from a place up to here. What is read again is noted again.
fn note(input: &mut Input<'_>, from: usize, mark: Mark) {
    let to = here(input);
    let marks = &mut input.state.marks;
    while marks.last().is_some_and(|last| last.to > from) {
        marks.pop();
    }
    if from < to {
        marks.push(Marked { from, to, mark });
    }
}

/// A fault whose place is in bytes.
#[derive(Debug)]
struct Refusal {
    at: usize,
    expected: &'static [&'static str],
    message: String,
}

impl Refusal {
    fn new(at: usize, message: impl Into<String>, expected: &'static [&'static str]) -> Self {
        Self {
            at,
            expected,
            message: message.into(),
        }
    }
}

impl ParserError<Input<'_>> for Refusal {
    type Inner = Self;

    fn from_input(input: &Input<'_>) -> Self {
        Self::new(
            input.current_token_start(),
            "this cannot stand here",
            CONDITION,
        )
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

/// Refuses for good: nothing else is tried.
fn refuse<T>(at: usize, message: impl Into<String>, expected: &'static [&'static str]) -> Read<T> {
    Err(ErrMode::Cut(Refusal::new(at, message, expected)))
}

const CONDITION: &[&str] = &["a condition", "`(`", "`*:*` for everything"];
const BEHIND: &[&str] = &["a space", "`)`", "the end"];
const VALUE: &[&str] = &["a value", "a phrase in quotes"];

/// What a value may not hold without a backslash.
const SPECIAL: [char; 10] = ['(', ')', '[', ']', '{', '}', '"', ':', '\\', '*'];

fn whole(input: &mut Input<'_>) -> Read<Expression> {
    let expression = group(input, None)?;
    if input.is_empty() {
        return Ok(expression);
    }
    // A group ends at the end, or before what closes one.
    refuse(
        here(input),
        "there is nothing to close",
        &["a condition", "the end"],
    )
}

fn here(input: &Input<'_>) -> usize {
    input.current_token_start()
}

fn next(input: &Input<'_>) -> Option<char> {
    input.input.chars().next()
}

fn blank(input: &mut Input<'_>) -> Read<()> {
    take_while(0.., char::is_whitespace)
        .void()
        .parse_next(input)
}

/// What joins two conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

/// A word that stands alone: not the beginning of another, and not the name of a field.
fn word<'a>(word: &'static str) -> impl Parser<Input<'a>, (), ErrMode<Refusal>> {
    move |input: &mut Input<'a>| {
        let start = input.checkpoint();
        literal(word).void().parse_next(input)?;
        if next(input).is_none_or(|c| c.is_whitespace() || "()\"+-!".contains(c)) {
            return Ok(());
        }
        input.reset(&start);
        Err(ErrMode::Backtrack(Refusal::from_input(input)))
    }
}

fn joint(input: &mut Input<'_>) -> Read<Joint> {
    let at = here(input);
    let joint = alt((
        word("AND").value(Joint::And),
        literal("&&").value(Joint::And),
        word("OR").value(Joint::Or),
        literal("||").value(Joint::Or),
    ))
    .parse_next(input)?;
    note(input, at, Mark::Operator);
    Ok(joint)
}

/// What stands before a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Plus,
    Minus,
    Not,
}

/// A condition with what stands before it, and where that is.
struct Signed {
    at: usize,
    before: Before,
    expression: Expression,
}

impl Signed {
    fn is_sign(&self) -> bool {
        matches!(self.before, Before::Plus | Before::Minus)
    }

    /// As a clause of a group in which `sign` is for what has none.
    fn clause(self, sign: Sign) -> Clause {
        Clause {
            sign: match self.before {
                Before::Nothing => sign,
                Before::Plus => Sign::Must,
                Before::Minus | Before::Not => Sign::MustNot,
            },
            expression: self.expression,
        }
    }
}

/// What stands side by side with others: what OR joins, each of what AND joins. Neither is ever empty.
struct Item(Vec<Vec<Signed>>);

impl Item {
    fn all(&self) -> impl Iterator<Item = &Signed> {
        self.0.iter().flatten()
    }

    fn start(&self) -> usize {
        self.all().next().map_or(0, |signed| signed.at)
    }

    fn is_compound(&self) -> bool {
        self.all().nth(1).is_some()
    }

    fn has_plus(&self) -> bool {
        self.all().any(|signed| signed.before == Before::Plus)
    }
}

/// Conditions side by side, until the end or what closes. `field`: whose values they are.
fn group(input: &mut Input<'_>, field: Option<&Field>) -> Read<Expression> {
    let mut items = Vec::new();
    loop {
        blank(input)?;
        if next(input).is_none_or(|c| c == ')') {
            break;
        }
        items.push(any_of(input, field)?);
    }
    if items.is_empty() {
        return refuse(here(input), "a condition is missing", CONDITION);
    }
    let alone = items.len() == 1;
    if !alone
        && items.iter().any(Item::has_plus)
        && let Some(compound) = items.iter().find(|item| item.is_compound())
    {
        return refuse(
            compound.start(),
            "with a `+` beside it, it is not clear what AND or OR joins",
            &["parentheses around it"],
        );
    }
    let start = items.first().map_or(0, Item::start);
    let mut clauses = Vec::new();
    for Item(mut any) in items {
        if any.len() == 1 {
            clauses.extend(any.pop().map(conjunction));
            continue;
        }
        for all in any {
            clauses.push(operand(all)?);
        }
    }
    let expression = collapsed(clauses);
    if expression.depth() > MAX_DEPTH {
        return refuse(
            start,
            format!("groups stand in each other at most {MAX_DEPTH} deep"),
            &[],
        );
    }
    Ok(expression)
}

fn should(expression: Expression) -> Clause {
    Clause {
        sign: Sign::Should,
        expression,
    }
}

/// A group of one that has to hold is that one.
fn collapsed(mut clauses: Vec<Clause>) -> Expression {
    if let [only] = clauses.as_slice()
        && only.sign != Sign::MustNot
        && let Some(only) = clauses.pop()
    {
        return only.expression;
    }
    Expression::Group(clauses)
}

/// What AND joins; alone it keeps its sign.
fn conjunction(mut all: Vec<Signed>) -> Clause {
    if all.len() == 1
        && let Some(only) = all.pop()
    {
        return only.clause(Sign::Should);
    }
    let joined = all.into_iter().map(|one| one.clause(Sign::Must)).collect();
    should(Expression::Group(joined))
}

/// What OR joins: a sign would say something about the whole group there, in HCP and in Lucene.
fn operand(all: Vec<Signed>) -> Read<Clause> {
    match all.as_slice() {
        [only] if only.is_sign() => refuse(
            only.at,
            "it is not clear what a sign means beside OR",
            &["NOT", "parentheses around the sign and its condition"],
        ),
        _ => Ok(should(collapsed(vec![conjunction(all)]))),
    }
}

fn any_of(input: &mut Input<'_>, field: Option<&Field>) -> Read<Item> {
    let mut any = vec![all_of(input, field)?];
    while joined_by(input, Joint::Or)? {
        any.push(all_of(input, field)?);
    }
    Ok(Item(any))
}

fn all_of(input: &mut Input<'_>, field: Option<&Field>) -> Read<Vec<Signed>> {
    let mut all = vec![signed(input, field)?];
    while joined_by(input, Joint::And)? {
        all.push(signed(input, field)?);
    }
    Ok(all)
}

/// Takes what joins, if it is that.
fn joined_by(input: &mut Input<'_>, wanted: Joint) -> Read<bool> {
    let start = input.checkpoint();
    blank(input)?;
    let is_it = opt(joint).parse_next(input)? == Some(wanted);
    if !is_it {
        input.reset(&start);
    }
    Ok(is_it)
}

fn signed(input: &mut Input<'_>, field: Option<&Field>) -> Read<Signed> {
    blank(input)?;
    let at = here(input);
    if opt(joint).parse_next(input)?.is_some() {
        return refuse(at, "AND and OR stand between two conditions", CONDITION);
    }
    let before = opt(alt((
        '+'.value(Before::Plus),
        '-'.value(Before::Minus),
        '!'.value(Before::Not),
        word("NOT").value(Before::Not),
    )))
    .parse_next(input)?
    .unwrap_or(Before::Nothing);
    note(input, at, Mark::Operator);
    match before {
        Before::Not => blank(input)?,
        Before::Plus | Before::Minus if next(input).is_none_or(char::is_whitespace) => {
            return refuse(
                here(input),
                "a sign stands directly before its condition",
                CONDITION,
            );
        }
        _ => {}
    }
    let again = here(input);
    if before != Before::Nothing
        && (next(input).is_some_and(|c| "+-!".contains(c))
            || opt(word("NOT")).parse_next(input)?.is_some())
    {
        return refuse(again, "a condition has one sign", &["a condition", "`(`"]);
    }
    let expression = condition(input, field)?;
    Ok(Signed {
        at,
        before,
        expression,
    })
}

fn condition(input: &mut Input<'_>, field: Option<&Field>) -> Read<Expression> {
    let at = here(input);
    match next(input) {
        None | Some(')') => return refuse(at, "a condition is missing", CONDITION),
        Some('(') => return parenthesised(input, field),
        _ => {}
    }
    if let Some(field) = field {
        return value(input, field);
    }
    if opt(literal("*:*")).parse_next(input)?.is_some() {
        note(input, at, Mark::Word);
        ended(input)?;
        counted(input, at)?;
        return Ok(Expression::Everything);
    }
    if matches!(next(input), Some('"' | '[' | '{')) {
        return value(input, &Field::Text);
    }
    if opt(joint).parse_next(input)?.is_some() {
        return refuse(at, "AND and OR stand between two conditions", CONDITION);
    }
    let start = input.checkpoint();
    let pieces = pieces(input, "+-!")?;
    if next(input) != Some(':') {
        if pieces == [Piece::Many] {
            // Alone, it can mean nothing else.
            note(input, at, Mark::Word);
            ended(input)?;
            counted(input, at)?;
            return Ok(Expression::Everything);
        }
        input.reset(&start);
        return value(input, &Field::Text);
    }
    note(input, at, Mark::Field);
    let field = named(&pieces, at)?;
    let colon = here(input);
    any.void().parse_next(input)?;
    note(input, colon, Mark::Colon(of(&field)));
    blank(input)?;
    if next(input) == Some('(') {
        return parenthesised(input, Some(&field));
    }
    value(input, &field)
}

fn parenthesised(input: &mut Input<'_>, field: Option<&Field>) -> Read<Expression> {
    let at = here(input);
    if input.state.open == MAX_DEPTH {
        return refuse(
            at,
            format!("groups stand in each other at most {MAX_DEPTH} deep"),
            &[],
        );
    }
    any.void().parse_next(input)?;
    note(input, at, Mark::Bracket(field.and_then(of)));
    input.state.open += 1;
    let inner = group(input, field)?;
    let end = here(input);
    if opt(')').parse_next(input)?.is_none() {
        return refuse(end, "a parenthesis is not closed", &["`)`"]);
    }
    note(input, end, Mark::Bracket(None));
    input.state.open -= 1;
    ended(input)?;
    Ok(inner)
}

/// What ended is not run together with what comes.
fn ended(input: &mut Input<'_>) -> Read<()> {
    if next(input).is_none_or(|c| c.is_whitespace() || c == ')' || c == '(') {
        Ok(())
    } else {
        refuse(here(input), "this does not belong here", BEHIND)
    }
}

fn counted(input: &mut Input<'_>, at: usize) -> Read<()> {
    input.state.criteria += 1;
    if input.state.criteria > MAX_CLAUSES {
        return refuse(
            at,
            format!("a query has at most {MAX_CLAUSES} conditions"),
            &[],
        );
    }
    Ok(())
}

/// The property of HCP that a field is.
fn of(field: &Field) -> Option<Property> {
    match field {
        Field::Property(property) => Some(*property),
        _ => None,
    }
}

/// The field of that name.
fn named(pieces: &[Piece], at: usize) -> Read<Field> {
    const NAME: &[&str] = &["the name of a property"];
    let name = match pieces {
        [Piece::Literal(name)] => name.as_str(),
        [] => return refuse(at, "a name is missing before the colon", NAME),
        _ => return refuse(at, "the name of a property has no wildcards", NAME),
    };
    if let Some(property) = Property::named(name) {
        if !property.facts().queried {
            return refuse(
                at,
                format!("`{name}` is answered, but cannot be asked for"),
                &["a property that can be asked for"],
            );
        }
        return Ok(Field::Property(property));
    }
    if name == CONTENT_TYPE {
        return Ok(Field::ContentType);
    }
    if let Some(name) = name.strip_prefix(CUSTOM_METADATA) {
        if name.is_empty() {
            return refuse(at, "a name is missing behind `customMetadata.`", NAME);
        }
        return Ok(Field::CustomMetadata(name.to_owned()));
    }
    let meant = Property::named_in_any_case(name)
        .map(Property::name)
        .or_else(|| {
            CONTENT_TYPE
                .eq_ignore_ascii_case(name)
                .then_some(CONTENT_TYPE)
        });
    if let Some(meant) = meant {
        return refuse(
            at,
            format!("there is no property `{name}`; `{meant}` is meant"),
            NAME,
        );
    }
    Ok(Field::Content(name.to_owned()))
}

pub(super) const CONTENT_TYPE: &str = "contentType";
pub(super) const CUSTOM_METADATA: &str = "customMetadata.";

/// What may be asked of a field.
struct Asked {
    kind: Kind,
    ranged: bool,
    wildcards: bool,
}

fn asked(field: &Field) -> Asked {
    match field {
        Field::Property(property) => {
            let facts = property.facts();
            Asked {
                kind: facts.kind,
                ranged: facts.ranged,
                wildcards: facts.wildcards,
            }
        }
        Field::Text | Field::ContentType => Asked {
            kind: Kind::Text,
            ranged: false,
            wildcards: true,
        },
        Field::CustomMetadata(_) | Field::Content(_) => Asked {
            kind: Kind::Text,
            ranged: true,
            wildcards: true,
        },
    }
}

/// A value of a field, with its test.
fn value(input: &mut Input<'_>, field: &Field) -> Read<Expression> {
    let at = here(input);
    let own = of(field);
    let asked = asked(field);
    counted(input, at)?;
    let test = match next(input) {
        None | Some(')') => return refuse(at, "a value is missing", VALUE),
        Some('"') => {
            let phrase = phrase(input, own)?;
            if asked.kind == Kind::Text {
                if phrase.is_empty() && *field == Field::Text {
                    return refuse(at, "nothing is between the quotes", &["words"]);
                }
                Test::Phrase(phrase)
            } else {
                Test::Term(exactly(fitting(phrase, asked.kind, at)?))
            }
        }
        Some('[' | '{') => {
            if !asked.ranged {
                let message = match field {
                    Field::Text => "a range stands behind the name of a property".to_owned(),
                    _ => format!("`{field}` has no ranges"),
                };
                return refuse(at, message, VALUE);
            }
            Test::Range(range(input, own, asked.kind)?)
        }
        Some(_) => {
            if opt(alt((joint.void(), word("NOT"))))
                .parse_next(input)?
                .is_some()
            {
                return refuse(at, "a value is missing", VALUE);
            }
            Test::Term(term(input, field, &asked)?)
        }
    };
    ended(input)?;
    Ok(Expression::Criterion(Criterion {
        field: field.clone(),
        test,
    }))
}

fn exactly(value: String) -> Pattern {
    Pattern(vec![Piece::Literal(value)])
}

/// A value without quotes.
fn term(input: &mut Input<'_>, field: &Field, asked: &Asked) -> Read<Pattern> {
    let at = here(input);
    let mut pieces = match asked.kind {
        // Their minus and their colons can mean nothing else.
        Kind::Number | Kind::Milliseconds => pieces(input, "+!")?,
        Kind::Time => {
            let text = take_till(1.., |c: char| c.is_whitespace() || c == ')' || c == '"')
                .parse_next(input)?;
            if text == "*" {
                vec![Piece::Many]
            } else {
                vec![Piece::Literal(text.replace('\\', ""))]
            }
        }
        Kind::Text | Kind::Flag => pieces(input, negative_or_signs(field, input))?,
    };
    let mark = match field {
        Field::Text => Mark::Word,
        _ => Mark::Value(of(field)),
    };
    note(input, at, mark);
    if next(input) == Some(':') {
        return refuse(
            here(input),
            "a colon stands in a value only behind a backslash or in quotes",
            BEHIND,
        );
    }
    if pieces == [Piece::Many] && *field != Field::Text {
        return Ok(Pattern(pieces));
    }
    if matches!(pieces.first(), Some(Piece::One | Piece::Many)) {
        return refuse(
            at,
            "a value cannot begin with a wildcard",
            &[
                "a letter",
                "a digit",
                "`\\` before a character that is meant itself",
            ],
        );
    }
    if let [Piece::Literal(value)] = pieces.as_mut_slice() {
        return fitting(std::mem::take(value), asked.kind, at).map(exactly);
    }
    if !asked.wildcards {
        return refuse(
            at,
            format!("`{field}` takes no wildcards"),
            &["a whole value", "a phrase in quotes"],
        );
    }
    Ok(Pattern(pieces))
}

/// What a value of a field may not begin with. A property of the tenant's own may be a number.
fn negative_or_signs(field: &Field, input: &Input<'_>) -> &'static str {
    let mut two = input.input.chars();
    let negative = two.next() == Some('-') && two.next().is_some_and(|c| c.is_ascii_digit());
    if negative && matches!(field, Field::Content(_)) {
        "+!"
    } else {
        "+-!"
    }
}

/// Characters and wildcards up to the end of a word. `signs`: what it may not begin with.
fn pieces(input: &mut Input<'_>, signs: &str) -> Read<Vec<Piece>> {
    let at = here(input);
    if let Some(sign) = next(input).filter(|c| signs.contains(*c)) {
        return refuse(
            at,
            format!("a value begins with `{sign}` only behind a backslash or in quotes"),
            VALUE,
        );
    }
    let read: Vec<Piece> = repeat(0.., piece).parse_next(input)?;
    match next(input) {
        Some(c) if !c.is_whitespace() && !"():".contains(c) || c == '(' && !read.is_empty() => {
            refuse(
                here(input),
                format!("`{c}` stands in a word only behind a backslash or in quotes"),
                BEHIND,
            )
        }
        _ if read.is_empty() && next(input) != Some(':') => refuse(at, "a value is missing", VALUE),
        _ => Ok(joined(read)),
    }
}

fn piece(input: &mut Input<'_>) -> Read<Piece> {
    alt((
        '*'.value(Piece::Many),
        '?'.value(Piece::One),
        escaped.map(|c| Piece::Literal(c.to_string())),
        take_while(1.., |c: char| {
            !c.is_whitespace() && c != '?' && !SPECIAL.contains(&c)
        })
        .map(|text: &str| Piece::Literal(text.to_owned())),
    ))
    .parse_next(input)
}

fn escaped(input: &mut Input<'_>) -> Read<char> {
    '\\'.parse_next(input)?;
    if input.is_empty() {
        return refuse(
            here(input),
            "nothing is behind the backslash",
            &["a character"],
        );
    }
    any.parse_next(input)
}

/// Literals side by side are one, and so are two `*`.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(more)) => before.push_str(&more),
            (Some(Piece::Many), Piece::Many) => {}
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

fn phrase(input: &mut Input<'_>, own: Option<Property>) -> Read<String> {
    let at = here(input);
    let body =
        repeat(0.., alt((escaped, none_of(['"', '\\'])))).fold(String::new, |mut text, c| {
            text.push(c);
            text
        });
    let text: String = preceded('"', body).parse_next(input)?;
    let is_closed = opt('"').parse_next(input)?.is_some();
    note(input, at, Mark::Quoted(own));
    if !is_closed {
        return refuse(here(input), "the quotes are not closed", &["`\"`"]);
    }
    Ok(text)
}

fn range(input: &mut Input<'_>, own: Option<Property>, kind: Kind) -> Read<Range> {
    let start = here(input);
    let from_included = one_of(['[', '{']).parse_next(input)? == '[';
    note(input, start, Mark::Range);
    let from = end(input, own, kind)?;
    blank(input)?;
    let word = here(input);
    if opt(terminated(literal("TO"), peek(one_of(char::is_whitespace))))
        .parse_next(input)?
        .is_none()
    {
        return refuse(
            word,
            "a range is two values with TO between them",
            &["`TO`"],
        );
    }
    note(input, word, Mark::Range);
    let to = end(input, own, kind)?;
    blank(input)?;
    let closing = here(input);
    let Some(close) = opt(one_of([']', '}'])).parse_next(input)? else {
        return refuse(closing, "a range is not closed", &["`]`", "`}`"]);
    };
    note(input, closing, Mark::Range);
    let to_included = close == ']';
    let end = |value: Option<String>, included| value.map(|value| End { value, included });
    Ok(Range {
        from: end(from, from_included),
        to: end(to, to_included),
    })
}

/// An end of a range; `None`: open.
fn end(input: &mut Input<'_>, own: Option<Property>, kind: Kind) -> Read<Option<String>> {
    blank(input)?;
    let at = here(input);
    if next(input) == Some('"') {
        return phrase(input, own).and_then(|value| fitting(value, kind, at).map(Some));
    }
    if next(input) == Some('+') {
        return refuse(at, "values of a range have no sign", RANGE_END);
    }
    let plain = take_while(1.., |c: char| {
        !c.is_whitespace() && !"[]{}()\"\\*?".contains(c)
    })
    .map(str::to_owned);
    let value: Vec<String> =
        repeat(0.., alt((plain, escaped.map(String::from)))).parse_next(input)?;
    if value.is_empty() && opt('*').parse_next(input)?.is_some() {
        note(input, at, Mark::Value(own));
        return Ok(None);
    }
    note(input, at, Mark::Value(own));
    match next(input) {
        Some('*' | '?') => {
            return refuse(
                here(input),
                "values of a range have no wildcards",
                RANGE_END,
            );
        }
        Some(c) if "[{()\"".contains(c) => {
            return refuse(
                here(input),
                format!("`{c}` stands in a range only behind a backslash or in quotes"),
                RANGE_END,
            );
        }
        _ if value.is_empty() => return refuse(at, "a value is missing", RANGE_END),
        _ => {}
    }
    fitting(value.concat(), kind, at).map(Some)
}

const RANGE_END: &[&str] = &["a value", "`*` for an open end"];

/// The value, if it is one of that kind.
fn fitting(value: String, kind: Kind, at: usize) -> Read<String> {
    match kind {
        Kind::Text => Ok(value),
        Kind::Number if value.parse::<i64>().is_ok() && !value.starts_with('+') => Ok(value),
        Kind::Number => refuse(
            at,
            format!("`{value}` is no whole number"),
            &["a whole number"],
        ),
        Kind::Milliseconds if is_decimal(&value) => Ok(value),
        Kind::Milliseconds => refuse(
            at,
            format!("`{value}` is no number of milliseconds"),
            &["milliseconds since 1970, such as 1334244924615.00"],
        ),
        Kind::Time if moment(&value).is_some() => Ok(value),
        Kind::Time => refuse(
            at,
            format!("`{value}` is no time"),
            &["a time such as 2026-01-31T12:00:00+0000"],
        ),
        Kind::Flag if value.eq_ignore_ascii_case("true") || value == "1" => Ok("true".to_owned()),
        Kind::Flag if value.eq_ignore_ascii_case("false") || value == "0" => Ok("false".to_owned()),
        Kind::Flag => refuse(
            at,
            format!("`{value}` is neither true nor false"),
            &["`true`", "`false`"],
        ),
    }
}

/// Digits, with or without a fraction and a minus.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    digits(whole) && digits(fraction) && whole.parse::<i64>().is_ok()
}
