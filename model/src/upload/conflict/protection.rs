//! What keeps an object from being overwritten, as the headers of a look at it say.

use super::Protection;
use crate::Timestamp;

/// The headers of an object that tell of retention and holds: HCP's own, and those of S3 Object Lock.
pub const PROTECTION_HEADERS: [&str; 5] = [
    "x-hcp-retention",
    "x-hcp-retentionhold",
    "x-hcp-labelretentionhold",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
];

/// Reads the headers of an object; `None` where nothing protects it at this time, in seconds since 1970.
///
/// HCP writes a time in seconds since 1970, 0 for what may be deleted, -1 for what never may, and -2 for
/// what may not as long as nobody has said until when. A hold has no end that is known.
pub fn protection(header: impl Fn(&str) -> Option<String>, now: i64) -> Option<Protection> {
    let says = |name: &str, word: &str| {
        header(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if says("x-hcp-retentionhold", "true")
        || says("x-hcp-labelretentionhold", "true")
        || says("x-amz-object-lock-legal-hold", "ON")
    {
        return Some(None);
    }
    let retention = header("x-hcp-retention").and_then(|value| value.trim().parse::<i64>().ok());
    if retention.is_some_and(|retention| retention < 0) {
        return Some(None);
    }
    let retained = retention.and_then(|seconds| {
        let milliseconds = seconds.checked_mul(1_000)?;
        Timestamp::from_unix_millis(milliseconds)
    });
    let locked = header("x-amz-object-lock-retain-until-date")
        .and_then(|value| Timestamp::parse(value.trim()));
    let until = retained
        .into_iter()
        .chain(locked)
        .max_by_key(|until| until.unix_seconds())?;
    (until.unix_seconds() > now).then_some(Some(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn read(headers: &[(&str, &str)]) -> Option<Protection> {
        let find = |name: &str| {
            let found = headers.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        protection(find, NOW)
    }

    #[test]
    fn retention_protects_until_its_end() {
        let until = |seconds: i64| Timestamp::from_unix_millis(seconds * 1_000);
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[("x-hcp-retention", "0")]), None);
        assert_eq!(read(&[("x-hcp-retention", "1600000000")]), None);
        assert_eq!(
            read(&[("x-hcp-retention", "1800000000")]),
            Some(until(1_800_000_000))
        );
        for never in ["-1", "-2"] {
            assert_eq!(read(&[("x-hcp-retention", never)]), Some(None), "{never}");
        }
        let lock = [(
            "x-amz-object-lock-retain-until-date",
            "2030-01-02T03:04:05Z",
        )];
        assert_eq!(read(&lock), Some(Timestamp::parse("2030-01-02T03:04:05Z")));
    }

    #[test]
    fn a_hold_protects_whatever_the_retention_says() {
        for (name, value) in [
            ("x-hcp-retentionhold", "true"),
            ("x-hcp-labelretentionhold", "true"),
            ("x-amz-object-lock-legal-hold", "ON"),
        ] {
            let held = read(&[("x-hcp-retention", "0"), (name, value)]);
            assert_eq!(held, Some(None), "{name}");
        }
        assert_eq!(read(&[("x-hcp-retentionhold", "false")]), None);
    }

    #[test]
    fn what_makes_no_sense_protects_nothing() {
        for value in ["", "soon", "9999999999999999999999"] {
            assert_eq!(read(&[("x-hcp-retention", value)]), None, "{value}");
        }
    }
}
