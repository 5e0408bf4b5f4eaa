//! How long to wait before trying again.

use super::Moment;

/// How often one thing is tried before it counts as failed.
pub const ATTEMPTS: u32 = 8;

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 60_000;
/// A store that asks for more patience than this is not believed: the person decides then.
const LONGEST_ASKED_MS: u64 = 15 * 60_000;

/// Milliseconds to wait after the given number of failures in a row (at least 1): 1 s, doubled each
/// time up to 60 s, half of it more or less by chance, and never less than the store asked for.
pub fn delay_ms(failures: u32, moment: Moment, retry_after_ms: Option<u64>) -> u64 {
    let doubled = FIRST_MS << failures.saturating_sub(1).min(6);
    let base = doubled.min(LONGEST_MS);
    let jitter = if moment.jitter.is_finite() {
        moment.jitter.clamp(0.0, 1.0)
    } else {
        0.5
    };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 60,000, times 0.5 to 1.5"
    )]
    let spread = (base as f64 * (0.5 + jitter)) as u64;
    spread.max(retry_after_ms.unwrap_or(0).min(LONGEST_ASKED_MS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(jitter: f64) -> Moment {
        Moment { now: 0, jitter }
    }

    #[test]
    fn waiting_doubles_up_to_a_minute() {
        let waits: Vec<u64> = (1..=9).map(|n| delay_ms(n, at(0.5), None)).collect();
        assert_eq!(
            waits,
            [
                1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000
            ]
        );
    }

    #[test]
    fn the_store_s_wish_is_a_lower_bound() {
        assert_eq!(delay_ms(1, at(0.5), Some(7_000)), 7_000);
        assert_eq!(delay_ms(4, at(0.5), Some(7_000)), 8_000);
        assert_eq!(delay_ms(1, at(0.5), Some(u64::MAX)), LONGEST_ASKED_MS);
    }

    proptest! {
        #[test]
        fn chance_moves_it_by_half_at_most(failures: u32, jitter: f64) {
            let middle = delay_ms(failures, at(0.5), None);
            let wait = delay_ms(failures, at(jitter), None);
            prop_assert!(wait >= middle / 2 && wait <= middle + middle / 2, "{wait} of {middle}");
        }
    }
}
