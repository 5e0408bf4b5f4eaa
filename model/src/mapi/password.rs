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

/// What a password has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRequirement {
    /// So many characters at least, and at most [`MAX_LENGTH`].
    #[error("has {} to {} characters", .0, MAX_LENGTH)]
    Length(usize),
    /// Two of letters, digits and other characters.
    #[error("mixes two of letters, digits and other characters")]
    Mixed,
    /// So many upper-case letters.
    #[error("has at least {0} upper-case letters")]
    UpperCase(usize),
    /// So many lower-case letters.
    #[error("has at least {0} lower-case letters")]
    LowerCase(usize),
    /// So many digits.
    #[error("has at least {0} digits")]
    Digits(usize),
    /// So many other characters.
    #[error("has at least {0} other characters")]
    Others(usize),
    /// Without the user name.
    #[error("does not hold the user name")]
    NoUsername,
    /// None that is tried first.
    #[error("is not a common password")]
    Uncommon,
}

/// One rule for passwords, and whether the password keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// The rule.
    pub rule: PasswordRequirement,
    /// Whether it is kept.
    pub kept: bool,
}

/// How many characters of a kind there have to be, how that is called for, and which they are.
type Count = (
    Option<i64>,
    fn(usize) -> PasswordRequirement,
    fn(char) -> bool,
);

/// Holds a password against the rules of a tenant; what only the store knows (earlier passwords) is
/// not looked at.
pub fn rules(security: &ConsoleSecurity, username: &str, password: &str) -> Vec<PasswordRule> {
    use PasswordRequirement as Must;

    let rule = |rule: Must, kept: bool| PasswordRule { rule, kept };
    let count = |is: fn(char) -> bool| password.chars().filter(|c| is(*c)).count();
    let length = password.chars().count();
    let least = usize_of(security.minimum_password_length).unwrap_or(6);
    let alphabetic = count(char::is_alphabetic) > 0;
    let numeric = count(char::is_numeric) > 0;
    let other = count(|c| !c.is_alphabetic() && !c.is_numeric()) > 0;
    let kinds = usize::from(alphabetic) + usize::from(numeric) + usize::from(other);
    let mut rules = vec![
        rule(Must::Length(least), (least..=MAX_LENGTH).contains(&length)),
        rule(Must::Mixed, kinds >= 2),
    ];
    if security.password_combination == Some(true) {
        let kinds: [Count; 4] = [
            (
                security.upper_case_letter_count,
                Must::UpperCase,
                char::is_uppercase,
            ),
            (
                security.lower_case_letter_count,
                Must::LowerCase,
                char::is_lowercase,
            ),
            (
                security.numeric_character_count,
                Must::Digits,
                char::is_numeric,
            ),
            (security.special_character_count, Must::Others, |c| {
                !c.is_alphanumeric()
            }),
        ];
        for (wanted, must, is) in kinds {
            let wanted = usize_of(wanted).unwrap_or(0);
            if wanted > 0 {
                rules.push(rule(must(wanted), count(is) >= wanted));
            }
        }
    }
    if security.password_contains_username == Some(false) {
        let inside =
            !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase());
        rules.push(rule(Must::NoUsername, !inside));
    }
    if security.block_common_password == Some(true) {
        let common = COMMON.contains(&password.to_lowercase().as_str());
        rules.push(rule(Must::Uncommon, !common));
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
        .map(|rule| rule.rule.to_string())
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
