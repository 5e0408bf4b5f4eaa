//! The ends of temporary files while somebody looks: when one has come, the row goes.

use std::time::Duration;

use leptos::prelude::*;
use model::Timestamp;

use super::state::FilesState;
use crate::browser;

/// How long to wait between two looks at what has ended and is still there: the server sweeps from time to time.
const PAUSES: [u64; 5] = [1, 2, 5, 10, 20];
/// How often to look at most, after which what is still there is left alone.
const LOOKS: usize = 24;
/// The longest wait at once, in milliseconds: browsers know no very long ones.
const LONGEST: i64 = 3_600_000;

/// How long to wait before something that ends is looked at once more; nothing where that was done often enough.
pub(in crate::pages::files) fn pause(
    end: Timestamp,
    now: Timestamp,
    looks: usize,
) -> Option<Duration> {
    let left = end.unix_millis() - now.unix_millis();
    if left > 0 {
        // A moment more, so that the sweep can be first.
        let left = u64::try_from(left.min(LONGEST)).unwrap_or_default();
        return Some(Duration::from_millis(left + 500));
    }
    let last = PAUSES[PAUSES.len() - 1];
    let pause = PAUSES.get(looks).copied().unwrap_or(last);
    (looks < LOOKS).then(|| Duration::from_secs(pause))
}

/// Lists again when the next of what is listed has ended, until it is gone. Called once.
pub(super) fn watch(state: FilesState) {
    let run = StoredValue::new(0_u32);
    let next = Memo::new(move |_| state.rows.with(|rows| rows.next_end(None)));
    Effect::new(move |_| {
        let first = next.get();
        run.update_value(|run| *run += 1);
        wait(state, (run, run.get_value()), first, 0);
    });
}

fn wait(state: FilesState, run: (StoredValue<u32>, u32), end: Option<Timestamp>, looks: usize) {
    let (Some(end), Some((now, _))) = (end, browser::clock()) else {
        return;
    };
    let next = move |behind: Option<Timestamp>| {
        let next = state.rows.try_with_untracked(|rows| rows.next_end(behind));
        next.flatten()
    };
    let Some(pause) = pause(end, now, looks) else {
        // It stays for whatever reason: the others are not forgotten for it.
        return wait(state, run, next(Some(end)), 0);
    };
    let look = move || {
        if state.is_gone() || run.0.try_get_value() != Some(run.1) {
            return;
        }
        let is_over = browser::clock().is_some_and(|(now, _)| now >= end);
        if !is_over || state.loading.get_untracked() {
            wait(state, run, Some(end), looks);
        } else {
            state.refresh(move || {
                let stays = state.rows.try_with_untracked(|rows| rows.has_end(end));
                match stays {
                    Some(true) => wait(state, run, Some(end), looks + 1),
                    _ => wait(state, run, next(Some(end)), 0),
                }
            });
        }
    };
    set_timeout(look, pause);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_looked_at_again_and_again_but_not_for_ever() {
        let at = |seconds| Timestamp::from_unix_seconds(seconds).unwrap();
        let millis = |pause: Option<Duration>| pause.map(|pause| pause.as_millis());
        assert_eq!(millis(pause(at(1_010), at(1_000), 0)), Some(10_500));
        assert_eq!(millis(pause(at(9_000_000), at(0), 0)), Some(3_600_500));
        assert_eq!(millis(pause(at(1_000), at(1_000), 0)), Some(1_000));
        assert_eq!(millis(pause(at(1_000), at(1_009), 3)), Some(10_000));
        assert_eq!(millis(pause(at(1_000), at(2_000), 23)), Some(20_000));
        assert_eq!(pause(at(1_000), at(2_000), 24), None);
        let all: u64 = (0..LOOKS)
            .filter_map(|looks| pause(at(0), at(1), looks))
            .map(|pause| pause.as_secs())
            .sum();
        assert!(all > 300, "longer than the rarest sweep: {all}");
    }
}
