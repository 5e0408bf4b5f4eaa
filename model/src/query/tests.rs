use proptest::prelude::*;

use super::*;

/// An entry of the corpus.
struct Entry {
    query: &'static str,
    expected: Vec<(char, &'static str)>,
}

fn corpus() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in include_str!("corpus.txt").lines() {
        let Some(mark) = line.chars().next().filter(|mark| *mark != '#') else {
            continue;
        };
        let text = line.get(2..).unwrap_or_default();
        if mark == '?' {
            let expected = Vec::new();
            entries.push(Entry {
                query: text,
                expected,
            });
        } else {
            entries.last_mut().unwrap().expected.push((mark, text));
        }
    }
    entries
}

#[test]
fn the_corpus_is_read_as_it_says() {
    let entries = corpus();
    assert!(entries.len() > 90);
    for Entry { query, expected } in entries {
        let read = parse(query);
        let of = |mark| {
            let mut all = expected.iter();
            all.find(|(m, _)| *m == mark).map(|(_, text)| *text)
        };
        if let Some(fault) = of('!') {
            let Err(read) = read else {
                panic!("{query} is read as {}", read.unwrap());
            };
            let said = format!(
                "{} {}; {}",
                read.position,
                read.message,
                read.expected.join(", ")
            );
            assert_eq!(said, fault, "{query}");
            continue;
        }
        let tree = read.unwrap_or_else(|fault| panic!("{query}: {fault}"));
        assert_eq!(tree.to_string(), of('=').unwrap(), "{query}");
        match (tree.to_hcp(), of('x')) {
            (Err(cannot), Some(why)) => assert!(cannot.to_string().contains(why), "{cannot}"),
            (Ok(hcp), None) => {
                assert_eq!(hcp, of('>').or(of('=')).unwrap(), "{query}");
            }
            (hcp, why) => panic!("{query}: {hcp:?}, not {why:?}"),
        }
    }
}

#[test]
fn a_query_costs_no_more_than_its_limits() {
    let many = |count: usize| vec!["a"; count].join(" ");
    assert!(parse(&many(MAX_CLAUSES)).is_ok());
    let fault = parse(&many(MAX_CLAUSES + 1)).unwrap_err();
    assert_eq!(fault.position, MAX_CLAUSES * 2);

    // Groups that no parenthesis shows count as well.
    let deep = (0..MAX_DEPTH / 2).fold("z".to_owned(), |inner, _| format!("a AND (b OR {inner})"));
    assert_eq!(parse(&deep).unwrap().depth(), MAX_DEPTH);
    let deeper = format!("x OR NOT ({deep})");
    assert!(parse(&deeper).unwrap_err().message.contains("deep"));

    let parentheses = "(".repeat(MAX_BYTES);
    assert_eq!(parse(&parentheses).unwrap_err().position, MAX_DEPTH);
    let long = "ö".repeat(MAX_BYTES / 2);
    assert!(parse(&long).is_ok());
    let fault = parse(&format!("{long} b")).unwrap_err();
    assert_eq!(fault.position, MAX_BYTES / 2);
}

#[test]
fn a_fault_is_told_in_words() {
    let fault = parse("hold:maybe").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "at character 6: `maybe` is neither true nor false; expected `true` or `false`"
    );
}

#[test]
fn a_namespace_gets_its_tenant_where_it_has_none() {
    let query = r#"namespace:(a "b" c.other) AND -namespace:d AND objectPath:/e"#;
    let tree = parse(query).unwrap().in_tenant("acme");
    assert_eq!(
        tree.to_string(),
        r#"+(namespace:a.acme namespace:"b.acme" namespace:c.other) -namespace:d.acme +objectPath:/e"#
    );
}

#[test]
fn moments_have_offsets_or_are_of_utc() {
    let at = |text| moment(text).map(Timestamp::unix_seconds);
    assert_eq!(at("2024-01-31T12:00:00"), Some(1_706_702_400));
    for text in [
        "2024-01-31T13:00:00+0100",
        "2024-01-31T13:00:00+01:00",
        "2024-01-31T12:00:00Z",
    ] {
        assert_eq!(at(text), Some(1_706_702_400), "{text}");
    }
    assert_eq!(at("2024-01-31"), None);
    assert_eq!(at(""), None);
}

/// Whether an object holds that has these words and no others.
fn holds(expression: &Expression, words: &[&str]) -> bool {
    match expression {
        Expression::Everything => true,
        Expression::Criterion(criterion) => words.contains(&criterion.to_string().as_str()),
        Expression::Group(clauses) => {
            let of = |sign| clauses.iter().filter(move |clause| clause.sign == sign);
            let holds = |clause: &Clause| holds(&clause.expression, words);
            let should = of(Sign::Should).count() == 0 || of(Sign::Should).any(holds);
            of(Sign::Must).all(holds)
                && !of(Sign::MustNot).any(holds)
                && (of(Sign::Must).count() > 0 || should)
        }
    }
}

const WORDS: [&str; 4] = ["a", "b", "c", "d"];

fn subsets() -> impl Iterator<Item = Vec<&'static str>> {
    (0..1_usize << WORDS.len()).map(|bits| {
        let has = |index: &usize| bits & (1 << index) != 0;
        let words = WORDS.iter().enumerate();
        words.filter(|(i, _)| has(i)).map(|(_, w)| *w).collect()
    })
}

/// In Lucene's words where they can say it.
fn lucene(expression: &Expression) -> String {
    let Expression::Group(clauses) = expression else {
        return expression.to_string();
    };
    let inner = |clause: &Clause| match &clause.expression {
        group @ Expression::Group(_) => format!("({})", lucene(group)),
        single => single.to_string(),
    };
    let has = |sign| clauses.iter().any(|clause| clause.sign == sign);
    let written = |sign: fn(Sign) -> &'static str| {
        let clauses = clauses.iter();
        clauses.map(move |clause| format!("{}{}", sign(clause.sign), inner(clause)))
    };
    let not = |sign| if sign == Sign::MustNot { "NOT " } else { "" };
    match (has(Sign::Must), has(Sign::Should), has(Sign::MustNot)) {
        (true, true, _) => written(Sign::mark).collect::<Vec<_>>().join(" "),
        (false, true, false) => written(not).collect::<Vec<_>>().join(" OR "),
        (false, true, true) => written(not).collect::<Vec<_>>().join(" "),
        (_, false, _) => written(not).collect::<Vec<_>>().join(" AND "),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9/._]{1,8}",
        "[-+!&|a ()\\[\\]{}\"*?:\\\\~^\u{e5}\t]{1,6}",
        prop::sample::select(vec!["AND", "OR", "NOT", "TO", "&&", "||", "&&x", "-1", "*"])
            .prop_map(str::to_owned),
    ]
}

fn value(kind: Kind) -> BoxedStrategy<String> {
    match kind {
        Kind::Text => text().boxed(),
        Kind::Number => any::<i64>().prop_map(|n| n.to_string()).boxed(),
        Kind::Milliseconds => (any::<i32>(), 0..100_u8)
            .prop_map(|(whole, part)| format!("{whole}.{part:02}"))
            .boxed(),
        Kind::Time => (0..4_000_000_000_i64)
            .prop_map(|at| Timestamp::from_unix_seconds(at).unwrap().hcp())
            .boxed(),
        Kind::Flag => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
    }
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let piece = prop_oneof![
        Just(Piece::Many),
        Just(Piece::One),
        text().prop_map(Piece::Literal),
    ];
    (text(), prop::collection::vec(piece, 0..4)).prop_map(|(first, more)| {
        let mut pieces = vec![Piece::Literal(first)];
        for piece in more {
            let twice = match (pieces.last(), &piece) {
                (Some(Piece::Literal(_)), Piece::Literal(_)) => true,
                (before, piece) => *piece == Piece::Many && before == Some(piece),
            };
            if !twice {
                pieces.push(piece);
            }
        }
        Pattern(pieces)
    })
}

fn field() -> impl Strategy<Value = Field> {
    let asked: Vec<Property> = Property::ALL
        .iter()
        .copied()
        .filter(|property| property.facts().queried)
        .collect();
    prop_oneof![
        Just(Field::Text),
        prop::sample::select(asked).prop_map(Field::Property),
        text().prop_map(Field::CustomMetadata),
        Just(Field::ContentType),
        text().prop_map(Field::Content),
    ]
}

fn criterion() -> impl Strategy<Value = Expression> {
    field().prop_flat_map(|field| {
        let kind = field.kind();
        let (ranged, wildcards) = match &field {
            Field::Property(property) => (property.facts().ranged, property.facts().wildcards),
            Field::Text | Field::ContentType => (false, true),
            _ => (true, true),
        };
        let exactly = |text| Test::Term(Pattern(vec![Piece::Literal(text)]));
        let mut tests = vec![value(kind).prop_map(exactly).boxed()];
        if kind == Kind::Text {
            tests.push(text().prop_map(Test::Phrase).boxed());
        }
        if wildcards {
            tests.push(pattern().prop_map(Test::Term).boxed());
        }
        if field != Field::Text {
            tests.push(Just(Test::Term(Pattern(vec![Piece::Many]))).boxed());
        }
        if ranged {
            let end = || {
                let end = (value(kind), any::<bool>());
                prop::option::of(end.prop_map(|(value, included)| End { value, included }))
            };
            let range = (end(), end()).prop_map(|(from, to)| Test::Range(Range { from, to }));
            tests.push(range.boxed());
        }
        prop::strategy::Union::new(tests).prop_map(move |test| {
            Expression::Criterion(Criterion {
                field: field.clone(),
                test,
            })
        })
    })
}

fn tree(leaf: impl Strategy<Value = Expression> + 'static) -> impl Strategy<Value = Expression> {
    leaf.prop_recursive(6, 40, 5, |inner| {
        let sign = prop::sample::select(vec![Sign::Should, Sign::Must, Sign::MustNot]);
        let clause =
            (sign, inner.clone()).prop_map(|(sign, expression)| Clause { sign, expression });
        prop_oneof![
            4 => prop::collection::vec(clause, 2..5).prop_map(Expression::Group),
            1 => inner.prop_map(|expression| Expression::Group(vec![Clause {
                sign: Sign::MustNot,
                expression,
            }])),
        ]
    })
}

fn any_tree() -> impl Strategy<Value = Expression> {
    tree(prop_oneof![1 => Just(Expression::Everything), 9 => criterion()])
}

fn tree_of_words() -> impl Strategy<Value = Expression> {
    let word = |word: &str| Pattern(vec![Piece::Literal(word.to_owned())]);
    let leaf = prop::sample::select(WORDS.to_vec()).prop_map(move |text| {
        Expression::Criterion(Criterion {
            field: Field::Text,
            test: Test::Term(word(text)),
        })
    });
    tree(leaf)
}

#[test]
fn a_word_that_joins_others_is_quoted_for_hcp() {
    let word = parse(r"\AND").unwrap();
    assert_eq!(word.to_hcp().as_deref(), Ok("\"AND\""));
    assert_eq!(parse(r"a \OR").unwrap().to_hcp().as_deref(), Ok("a \"OR\""));
}

/// What was read is within its limits, and is written as it is read.
fn is_sound(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(tree) => {
            prop_assert!(tree.depth() <= MAX_DEPTH && tree.conditions() <= MAX_CLAUSES);
            prop_assert_eq!(parse(&tree.to_string()), Ok(tree.clone()), "{}", text);
            if let Ok(hcp) = tree.to_hcp() {
                prop_assert!(parse(&hcp).is_ok(), "{} of {}", hcp, text);
            }
        }
        Err(fault) => {
            prop_assert!(
                fault.position <= text.chars().count(),
                "{}: {}",
                text,
                fault
            );
            prop_assert!(!fault.message.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_is_written_and_read_as_the_same(tree in any_tree()) {
        let text = tree.to_string();
        prop_assume!(text.len() <= MAX_BYTES);
        prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn words_and_signs_make_the_same_tree(tree in any_tree()) {
        let text = lucene(&tree);
        prop_assume!(text.len() <= MAX_BYTES);
        prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn what_hcp_is_asked_finds_the_same(tree in tree_of_words()) {
        let asked = parse(&tree.to_hcp().unwrap()).unwrap();
        for words in subsets() {
            prop_assert_eq!(holds(&asked, &words), holds(&tree, &words), "{:?}", words);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place(text in "\\PC{0,60}") {
        is_sound(&text)?;
    }

    #[test]
    fn any_row_of_tokens_is_read_or_refused_at_a_place(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "a", "b*", "?", "*", "*:*", "AND", "OR", "NOT", "&&", "||", "!", "+", "-", "(", ")", "[", "]",
            "{", "}", "TO", "\"", "\"x y\"", "\\", ":", "size:", "hold:", "1", "-1", "namespace:",
            "changeTimeString:", "2024-01-31T12:00:00", "customMetadata.x:", "foo:", " ", "~", "ö",
        ]), 0..40),
        spaced in any::<bool>(),
    ) {
        is_sound(&tokens.join(if spaced { " " } else { "" }))?;
    }
}
