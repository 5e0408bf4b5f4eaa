//! What is typed to narrow a list of names.

/// A filter of names: part of a name in any case, a pattern with `*` and `?`, or the name itself in
/// quotation marks. Page and server read it alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFilter(Test);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Any,
    Exact(String),
    /// In lower case.
    Part(String),
    /// In lower case; of the whole name.
    Pattern(Wildcards),
}

impl NameFilter {
    /// Reads what was typed; there is nothing that it cannot mean.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self(Test::Any);
        }
        let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        if let Some(exact) = quoted {
            return Self(Test::Exact(exact.to_owned()));
        }
        let lower = text.to_lowercase();
        if lower.contains(['*', '?']) {
            return Self(Test::Pattern(Wildcards::new(&lower)));
        }
        Self(Test::Part(lower))
    }

    /// Whether every name passes.
    pub fn is_any(&self) -> bool {
        self.0 == Test::Any
    }

    /// Whether a name passes.
    pub fn matches(&self, name: &str) -> bool {
        match &self.0 {
            Test::Any => true,
            Test::Exact(exact) => exact == name,
            Test::Part(part) => name.to_lowercase().contains(part.as_str()),
            Test::Pattern(pattern) => pattern.fit(&name.to_lowercase()),
        }
    }
}

/// A pattern of a whole text: `*` is any characters, also none, and `?` is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcards(Vec<char>);

impl Wildcards {
    /// Reads a pattern; there is none that means nothing.
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Whether a text fits. It goes back to the last `*` alone, so that no pattern takes longer than the
    /// product of both lengths.
    pub fn fit(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut read) = (0, 0);
        let mut star = None;
        while let Some(c) = text.get(read) {
            match self.0.get(at) {
                Some('*') => {
                    star = Some((at, read));
                    at += 1;
                }
                Some(p) if *p == '?' || p == c => {
                    at += 1;
                    read += 1;
                }
                _ => {
                    let Some((of, from)) = star else {
                        return false;
                    };
                    star = Some((of, from + 1));
                    at = of + 1;
                    read = from + 1;
                }
            }
        }
        self.0.iter().skip(at).all(|p| *p == '*')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(filter: &str, name: &str) -> bool {
        NameFilter::parse(filter).matches(name)
    }

    #[test]
    fn part_pattern_and_whole_name() {
        assert!(matches("", "anything") && matches("  ", ""));
        assert!(matches("SCAN", "my-scan.tif") && !matches("scan", "image.tif"));
        assert!(matches("*.tif", "a.TIF") && !matches("*.tif", "a.tiff"));
        assert!(matches("a?c*", "abcd") && !matches("a?c", "ac"));
        assert!(matches("*a*b*", "xxaxxbxx") && !matches("*a*b", "ba"));
        assert!(matches("\"a.tif\"", "a.tif"));
        assert!(!matches("\"a.tif\"", "a.tiff") && !matches("\"a.tif\"", "A.tif"));
        assert!(matches("\"*\"", "*") && !matches("\"*\"", "a"));
        assert!(matches("\"", "6\" pipe"));
    }

    /// What a pattern means, tried in every way.
    fn fits(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
            Some((p, rest)) => text
                .split_first()
                .is_some_and(|(c, more)| (*p == '?' || p == c) && fits(rest, more)),
        }
    }

    proptest! {
        #[test]
        fn wildcards_fit_as_if_every_way_was_tried(pattern in "[ab/ö*?]{0,7}", text in "[ab/ö]{0,9}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let all = fits(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Wildcards::new(&pattern).fit(&text), all);
        }

        #[test]
        fn a_name_is_found_by_its_parts(before in ".{0,8}", part in "[^*?\"\\s]{1,8}", after in ".{0,8}") {
            let name = format!("{before}{part}{after}");
            // Some letters change with their neighbours when they are made small.
            prop_assume!(name.to_lowercase().contains(&part.to_lowercase()));
            prop_assert!(matches(&part, &name));
            let part = format!("*{part}*");
            prop_assert!(matches(&part, &name));
        }
    }
}
