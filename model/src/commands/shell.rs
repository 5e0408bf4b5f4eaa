//! Texts as words of a POSIX shell.

/// A text as one word that the shell hands on as it is: bare where nothing in it means anything, else in
/// single quotes.
pub fn quote(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_means_something_is_quoted() {
        for (text, word) in [
            ("s3://b-1/a/b_c.txt", "s3://b-1/a/b_c.txt"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("~", "'~'"),
            ("$(x)`y`\"\\", "'$(x)`y`\"\\'"),
            ("å", "'å'"),
            ("two\nlines", "'two\nlines'"),
        ] {
            assert_eq!(quote(text), word);
        }
    }

    #[cfg(all(unix, not(target_arch = "wasm32")))]
    mod in_a_shell {
        use std::process::Command;

        use proptest::prelude::*;

        use super::quote;

        fn printed(text: &str) -> String {
            let line = format!("printf '<%s>' {}", quote(text));
            let run = Command::new("sh").args(["-c", &line]).output().unwrap();
            String::from_utf8(run.stdout).unwrap()
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(200))]

            #[test]
            fn any_name_is_one_word_and_stays_as_it_is(text in "[^\0]{0,40}") {
                prop_assert_eq!(printed(&text), format!("<{text}>"));
            }

            #[test]
            fn what_shells_look_for_means_nothing(text in r#"[-'"\\$`!*?~#&;|<>(){}\[\] \t\n=%^a]{0,40}"#) {
                prop_assert_eq!(printed(&text), format!("<{text}>"));
            }
        }
    }
}
