//! What the dock announces: begin, every quarter, the end, and when somebody is needed; less, or more, for whom
//! that is too much or too little.

use super::Tally;
use crate::preferences::Announcements;

/// Who wants to hear more hears how far it is after so many milliseconds.
const OFTEN_MS: u64 = 10_000;

/// Something worth saying aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// Uploading began.
    Began {
        /// How many files.
        files: u64,
    },
    /// More of the bytes are there.
    Progress {
        /// 25, 50 or 75; any number for who hears it often.
        percent: u64,
    },
    /// More files than before need somebody, while others go on.
    Attention {
        /// How many.
        files: u64,
    },
    /// Nothing goes on any more.
    Ended {
        /// Files that are stored.
        done: u64,
        /// Files that need somebody.
        attention: u64,
    },
}

/// Watches the tally go by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Milestones {
    wanted: Announcements,
    running: bool,
    quarter: u64,
    attention: u64,
    /// When something was last said of what runs, in milliseconds.
    said_at: u64,
}

impl Milestones {
    /// Says as much as is wanted.
    pub fn new(wanted: Announcements) -> Self {
        Self {
            wanted,
            ..Self::default()
        }
    }

    /// Says as much as is wanted from now on.
    pub fn set_wanted(&mut self, wanted: Announcements) {
        self.wanted = wanted;
    }

    /// Takes the present tally, at a moment in milliseconds, and says what is new about it, the greater news
    /// first.
    pub fn update(&mut self, tally: &Tally, now: u64) -> Option<Milestone> {
        let news = self.news(tally, now)?;
        let few = self.wanted == Announcements::Few;
        if few && matches!(news, Milestone::Began { .. } | Milestone::Progress { .. }) {
            return None;
        }
        self.said_at = now;
        Some(news)
    }

    fn news(&mut self, tally: &Tally, now: u64) -> Option<Milestone> {
        let running = tally.active > 0;
        if !running {
            let ended = std::mem::replace(&mut self.running, false);
            self.quarter = 0;
            self.attention = tally.attention;
            return ended.then_some(Milestone::Ended {
                done: tally.done,
                attention: tally.attention,
            });
        }
        let percent = tally.percent();
        let quarter = percent / 25;
        if !self.running {
            self.running = true;
            self.quarter = quarter;
            self.attention = tally.attention;
            return Some(Milestone::Began { files: tally.files });
        }
        let before = std::mem::replace(&mut self.attention, tally.attention);
        if tally.attention > before {
            return Some(Milestone::Attention {
                files: tally.attention,
            });
        }
        if quarter > self.quarter && quarter < 4 {
            self.quarter = quarter;
            return Some(Milestone::Progress {
                percent: quarter * 25,
            });
        }
        // More files were dropped: the share of what is there has shrunk.
        self.quarter = self.quarter.min(quarter);
        let silent = now.saturating_sub(self.said_at);
        let due = self.wanted == Announcements::Often && silent >= OFTEN_MS;
        due.then_some(Milestone::Progress { percent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(bytes_sent: u64, active: u64) -> Tally {
        Tally {
            files: 2,
            done: 2 - active.min(2),
            active,
            bytes: 100,
            bytes_sent,
            ..Tally::default()
        }
    }

    #[test]
    fn begin_quarters_and_end_are_said_once() {
        let mut watch = Milestones::default();
        let mut said = Vec::new();
        assert_eq!(watch.update(&tally(0, 0), 0), None);
        for sent in (0..=100).step_by(5) {
            said.extend(watch.update(&tally(sent, 2), 0));
        }
        for _ in 0..3 {
            said.extend(watch.update(&tally(100, 0), 0));
        }
        assert_eq!(
            said,
            [
                Milestone::Began { files: 2 },
                Milestone::Progress { percent: 25 },
                Milestone::Progress { percent: 50 },
                Milestone::Progress { percent: 75 },
                Milestone::Ended {
                    done: 2,
                    attention: 0
                },
            ]
        );
    }

    #[test]
    fn who_is_needed_hears_of_it_once() {
        let mut watch = Milestones::default();
        watch.update(&tally(0, 2), 0);
        let needing = |files| Tally {
            attention: files,
            ..tally(10, 2)
        };
        let attention = |files| Some(Milestone::Attention { files });
        assert_eq!(watch.update(&needing(1), 0), attention(1));
        assert_eq!(watch.update(&needing(1), 0), None);
        assert_eq!(watch.update(&needing(3), 0), attention(3));
        assert_eq!(watch.update(&needing(0), 0), None);
        assert_eq!(watch.update(&needing(1), 0), attention(1));
    }

    #[test]
    fn a_second_batch_is_announced_anew() {
        let mut watch = Milestones::default();
        watch.update(&tally(0, 1), 0);
        watch.update(&tally(100, 0), 0);
        assert_eq!(
            watch.update(&tally(0, 1), 0),
            Some(Milestone::Began { files: 2 })
        );
        assert_eq!(
            watch.update(&tally(30, 1), 0),
            Some(Milestone::Progress { percent: 25 })
        );
    }

    #[test]
    fn who_wants_few_hears_the_end_and_when_somebody_is_needed() {
        let mut watch = Milestones::new(Announcements::Few);
        let mut said = Vec::new();
        for sent in (0..=100).step_by(5) {
            said.extend(watch.update(&tally(sent, 2), sent * 1_000));
        }
        let needing = Tally {
            attention: 1,
            ..tally(100, 1)
        };
        said.extend(watch.update(&needing, 100_000));
        said.extend(watch.update(&tally(100, 0), 100_000));
        let ended = Milestone::Ended {
            done: 2,
            attention: 0,
        };
        assert_eq!(said, [Milestone::Attention { files: 1 }, ended]);
    }

    #[test]
    fn who_wants_more_hears_every_ten_seconds_how_far_it_is() {
        let mut watch = Milestones::new(Announcements::Often);
        let mut said = Vec::new();
        for second in 0..=40 {
            said.extend(watch.update(&tally(second, 2), second * 1_000));
        }
        let progress = |percent| Milestone::Progress { percent };
        // A quarter is said when it is reached; the ten seconds are counted from what was said last.
        assert_eq!(
            said,
            [
                Milestone::Began { files: 2 },
                progress(10),
                progress(20),
                progress(25),
                progress(35),
            ]
        );
    }
}
