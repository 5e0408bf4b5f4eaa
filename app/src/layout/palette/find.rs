//! How well a name answers what was typed.

/// The better the greater: the name itself, its beginning, the beginnings of its words one by one, the beginnings
/// of several of its words in one (`nb` and `newbu` for "New bucket"), some place within it.
pub fn score(name: &str, typed: &str) -> Option<u8> {
    let name = name.to_lowercase();
    let typed = typed.to_lowercase();
    let typed = typed.trim();
    if name == typed {
        return Some(5);
    }
    if name.starts_with(typed) {
        return Some(4);
    }
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    typed
        .split_whitespace()
        .map(|part| {
            if words.iter().any(|word| word.starts_with(part)) {
                Some(3)
            } else if across(&words, part) {
                Some(2)
            } else {
                name.contains(part).then_some(1)
            }
        })
        .try_fold(3, |least, one| Some(least.min(one?)))
}

/// Whether the letters are beginnings of words, in the order of the words; words may be left out.
fn across(words: &[&str], letters: &str) -> bool {
    let letters: Vec<char> = letters.chars().collect();
    // How many letters can have been found by now: any of these numbers.
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for word in words {
        for from in (0..letters.len()).rev() {
            if reached[from] {
                let same = word.chars().zip(&letters[from..]);
                let same = same.take_while(|(a, b)| a == *b).count();
                reached[from + 1..=from + same].fill(true);
            }
        }
    }
    reached[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_answer_comes_first() {
        for (name, typed, expected) in [
            ("raw-scans", "raw-scans", Some(5)),
            ("Raw-Scans", "raw", Some(4)),
            ("raw-scans", "scans", Some(3)),
            ("raw-scans", "scans raw", Some(3)),
            ("New bucket", "nb", Some(2)),
            ("New bucket", "newbu", Some(2)),
            ("New user group", "nug", Some(2)),
            ("New user group", "ng", Some(2)),
            ("raw-scans", "cans", Some(1)),
            ("raw-scans", "raw cans", Some(1)),
            ("raw-scans", "raw xyz", None),
            ("New bucket", "bn", None),
            ("New bucket", "nwb", None),
            ("Åsa", "å", Some(4)),
        ] {
            assert_eq!(score(name, typed), expected, "{typed} in {name}");
        }
    }

    #[test]
    fn a_name_of_many_words_is_no_burden() {
        let name = "a-".repeat(200);
        assert_eq!(score(&name, &"a".repeat(150)), Some(2));
        assert_eq!(score(&name, &format!("{}b", "a".repeat(150))), None);
    }
}
