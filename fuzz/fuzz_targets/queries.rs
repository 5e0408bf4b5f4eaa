//! Metadata queries: as they come, and as rows of the grammar's tokens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::query::{MAX_CLAUSES, MAX_DEPTH, parse};

/// What is hardly ever written by chance.
const TOKENS: [&str; 40] = [
    "a",
    "b*",
    "?",
    "*",
    "*:*",
    " AND ",
    " OR ",
    " NOT ",
    "&&",
    "||",
    "!",
    "+",
    "-",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    " TO ",
    "\"",
    "\"x y\"",
    "\\",
    ":",
    "size:",
    "hold:",
    "1",
    "-1",
    "namespace:",
    "changeTimeString:",
    "2024-01-31T12:00:00",
    "customMetadata.x:",
    "foo:",
    " ",
    "~",
    "ö",
    "retention:",
    "contentType:",
    "objectPath:",
    "aclGrant:",
];

fuzz_target!(|given: (&str, Vec<u8>)| {
    let (text, tokens) = given;
    let tokens: String = tokens
        .iter()
        .filter_map(|index| TOKENS.get(usize::from(*index) % TOKENS.len()))
        .copied()
        .collect();
    for text in [text, &tokens] {
        match parse(text) {
            Ok(tree) => {
                assert!(tree.depth() <= MAX_DEPTH && tree.conditions() <= MAX_CLAUSES);
                let written = tree.to_string();
                // What is written may be longer: a name before a group is repeated in it.
                if written.len() <= model::query::MAX_BYTES {
                    assert_eq!(parse(&written).as_ref(), Ok(&tree), "{text}");
                }
                let _ = tree.to_hcp();
            }
            Err(fault) => assert!(fault.position <= text.chars().count(), "{text}: {fault}"),
        }
    }
});
