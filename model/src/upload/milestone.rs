//! What the dock announces: begin, every quarter, the end, and when somebody is needed; nothing in between.

use super::Tally;

/// Something worth saying aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// Uploading began.
    Began {
        /// How many files.
        files: u64,
    },
    /// A quarter of the bytes more are there.
    Quarter {
        /// 25, 50 or 75.
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
    running: bool,
    quarter: u64,
    attention: u64,
}

impl Milestones {
    /// Takes the present tally and says what is new about it, the greater news first.
    pub fn update(&mut self, tally: &Tally) -> Option<Milestone> {
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
        if !self.running {
            self.running = true;
            self.quarter = tally.percent() / 25;
            self.attention = tally.attention;
            return Some(Milestone::Began { files: tally.files });
        }
        let quarter = tally.percent() / 25;
        if quarter > self.quarter && quarter < 4 {
            self.quarter = quarter;
            return Some(Milestone::Quarter {
                percent: quarter * 25,
            });
        }
        // More files were dropped: the share of what is there has shrunk.
        self.quarter = self.quarter.min(quarter);
        let before = std::mem::replace(&mut self.attention, tally.attention);
        (tally.attention > before).then_some(Milestone::Attention {
            files: tally.attention,
        })
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
        assert_eq!(watch.update(&tally(0, 0)), None);
        for sent in (0..=100).step_by(5) {
            said.extend(watch.update(&tally(sent, 2)));
        }
        for _ in 0..3 {
            said.extend(watch.update(&tally(100, 0)));
        }
        assert_eq!(
            said,
            [
                Milestone::Began { files: 2 },
                Milestone::Quarter { percent: 25 },
                Milestone::Quarter { percent: 50 },
                Milestone::Quarter { percent: 75 },
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
        watch.update(&tally(0, 2));
        let needing = |files| Tally {
            attention: files,
            ..tally(10, 2)
        };
        let attention = |files| Some(Milestone::Attention { files });
        assert_eq!(watch.update(&needing(1)), attention(1));
        assert_eq!(watch.update(&needing(1)), None);
        assert_eq!(watch.update(&needing(3)), attention(3));
        assert_eq!(watch.update(&needing(0)), None);
        assert_eq!(watch.update(&needing(1)), attention(1));
    }

    #[test]
    fn a_second_batch_is_announced_anew() {
        let mut watch = Milestones::default();
        watch.update(&tally(0, 1));
        watch.update(&tally(100, 0));
        assert_eq!(
            watch.update(&tally(0, 1)),
            Some(Milestone::Began { files: 2 })
        );
        assert_eq!(
            watch.update(&tally(30, 1)),
            Some(Milestone::Quarter { percent: 25 })
        );
    }
}
