//! What a password has to be (HCP's management API, "Password rules" and `consoleSecurity`).

use super::tenant::ConsoleSecurity;

/// The longest password, in characters.
pub const MAX_LENGTH: usize = 64;

/// The passwords that are tried first by whoever guesses.
const COMMON: &[&str] = &[
    "000000",
    "111111",
    "121212",
    "123123",
    "123321",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "1q2w3e4r",
    "1qaz2wsx",
    "654321",
    "666666",
    "abc123",
    "admin",
    "admin123",
    "administrator",
    "changeme",
    "default",
    "dragon",
    "football",
    "hello123",
    "iloveyou",
    "letmein",
    "letmein1",
    "login",
    "master",
    "monkey",
    "p@ssw0rd",
    "p@ssword",
    "passw0rd",
    "password",
    "password1",
    "password1!",
    "password12",
    "password123",
    "princess",
    "qwerty",
    "qwerty123",
    "qwertyuiop",
    "root",
    "root123",
    "secret",
    "secret123",
    "start123",
    "start123!",
    "sunshine",
    "test123",
    "test1234",
    "trustno1",
    "welcome",
    "welcome1",
    "welcome123",
    "winter2024",
    "zaq12wsx",
];

/// How many characters of a kind there have to be, what it is called, and which they are.
type Count = (Option<i64>, &'static str, fn(char) -> bool);

/// One rule for passwords, and whether the password keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// The rule, in words for a person.
    pub rule: String,
    /// Whether it is kept.
    pub kept: bool,
}

/// Holds a password against the rules of a tenant; what only the store knows (earlier passwords) is
/// not looked at.
pub fn rules(security: &ConsoleSecurity, username: &str, password: &str) -> Vec<PasswordRule> {
    let rule = |rule: String, kept: bool| PasswordRule { rule, kept };
    let count = |is: fn(char) -> bool| password.chars().filter(|c| is(*c)).count();
    let length = password.chars().count();
    let least = usize_of(security.minimum_password_length).unwrap_or(6);
    let alphabetic = count(char::is_alphabetic) > 0;
    let numeric = count(char::is_numeric) > 0;
    let other = count(|c| !c.is_alphabetic() && !c.is_numeric()) > 0;
    let mut rules = vec![
        rule(
            format!("has {least} to {MAX_LENGTH} characters"),
            (least..=MAX_LENGTH).contains(&length),
        ),
        rule(
            "mixes two of letters, digits and other characters".to_owned(),
            [alphabetic, numeric, other]
                .into_iter()
                .filter(|b| *b)
                .count()
                >= 2,
        ),
    ];
    if security.password_combination == Some(true) {
        let kinds: [Count; 4] = [
            (
                security.upper_case_letter_count,
                "upper-case letters",
                char::is_uppercase,
            ),
            (
                security.lower_case_letter_count,
                "lower-case letters",
                char::is_lowercase,
            ),
            (security.numeric_character_count, "digits", char::is_numeric),
            (security.special_character_count, "other characters", |c| {
                !c.is_alphanumeric()
            }),
        ];
        for (wanted, what, is) in kinds {
            let wanted = usize_of(wanted).unwrap_or(0);
            if wanted > 0 {
                rules.push(rule(
                    format!("has at least {wanted} {what}"),
                    count(is) >= wanted,
                ));
            }
        }
    }
    if security.password_contains_username == Some(false) {
        let inside =
            !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase());
        rules.push(rule("does not hold the user name".to_owned(), !inside));
    }
    if security.block_common_password == Some(true) {
        let common = COMMON.contains(&password.to_lowercase().as_str());
        rules.push(rule("is not a common password".to_owned(), !common));
    }
    rules
}

/// The rules that a password breaks, in one sentence.
///
/// # Errors
/// At least one is broken.
pub fn check(security: &ConsoleSecurity, username: &str, password: &str) -> Result<(), String> {
    let broken: Vec<_> = rules(security, username, password)
        .into_iter()
        .filter(|rule| !rule.kept)
        .map(|rule| rule.rule)
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("A password {}.", broken.join(", and ")))
    }
}

fn usize_of(number: Option<i64>) -> Option<usize> {
    usize::try_from(number?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_keeps_the_rules_that_are_on() {
        let plain = ConsoleSecurity::default();
        assert_eq!(check(&plain, "ops1", "abcde1"), Ok(()));
        assert!(check(&plain, "ops1", "abcdef").is_err());
        assert!(check(&plain, "ops1", "abc1").is_err());
        assert!(check(&plain, "ops1", &"a1".repeat(33)).is_err());
        assert_eq!(check(&plain, "ops1", "Password1"), Ok(()));
        let strict = ConsoleSecurity {
            minimum_password_length: Some(8),
            password_combination: Some(true),
            upper_case_letter_count: Some(1),
            numeric_character_count: Some(2),
            special_character_count: Some(0),
            password_contains_username: Some(false),
            block_common_password: Some(true),
            ..ConsoleSecurity::default()
        };
        assert_eq!(check(&strict, "ops1", "Archive12"), Ok(()));
        for (password, why) in [
            ("archive12", "upper-case"),
            ("Archive1", "2 digits"),
            ("Arch12", "8 to 64"),
            ("XOps1-12", "user name"),
            ("Password123", "common"),
        ] {
            let refusal = check(&strict, "ops1", password).unwrap_err();
            assert!(refusal.contains(why), "{password}: {refusal}");
        }
    }
}
