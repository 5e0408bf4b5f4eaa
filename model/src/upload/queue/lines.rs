//! The queue as it is shown: files below their batches, by section, folded or not.
//!
//! A hundred thousand files are looked at a few dozen at a time. Which those are is found by sums over
//! marks, one per file and section, at a cost that grows with the logarithm of their number; nothing
//! here goes through all of them.

use super::{BatchId, Entry, Queue, Tally, TransferId, Work};
use crate::{BucketName, upload::State};

/// Files of a batch that are looked at to say whether anything could be tried again.
const LOOKED_AT: usize = 200;

/// What part of the queue is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Everything.
    #[default]
    All,
    /// What goes on, or could at any time.
    Active,
    /// What needs somebody.
    Attention,
    /// What is over.
    Done,
    /// What is under way: a part of [`Section::Active`].
    Running,
    /// What waits for its turn: a part of [`Section::Active`].
    Waiting,
    /// What somebody has to go on with: paused, or without its file.
    Resumable,
}

impl Section {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::All,
        Self::Active,
        Self::Attention,
        Self::Done,
        Self::Running,
        Self::Waiting,
        Self::Resumable,
    ];

    /// The finer section that a state belongs to as well.
    pub fn within(state: State) -> Option<Self> {
        match state {
            State::Waiting => Some(Self::Waiting),
            State::Paused | State::FileNeeded => Some(Self::Resumable),
            state if state.goes_on() => Some(Self::Running),
            _ => None,
        }
    }

    /// The section that a state belongs to, of those that share all states among them.
    pub fn of(state: State) -> Self {
        if state.is_final() {
            Self::Done
        } else if state.is_at_rest() {
            Self::Attention
        } else {
            Self::Active
        }
    }
}

/// What is looked at: a section, and of it all files or those that are [searched for](Queue::search).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The section.
    pub section: Section,
    /// Only what was found.
    pub found: bool,
}

impl From<Section> for Sight {
    fn from(section: Section) -> Self {
        Self {
            section,
            found: false,
        }
    }
}

impl Sight {
    fn all() -> impl Iterator<Item = Self> {
        let of = |section| [false, true].map(|found| Self { section, found });
        Section::ALL.into_iter().flat_map(of)
    }

    /// Where its marks are.
    fn index(self) -> usize {
        self.section as usize * 2 + usize::from(self.found)
    }
}

/// What is searched for, and how far.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Part of a name, in lower case.
    text: String,
    /// The first that was not looked at yet; none when all were.
    next: Option<TransferId>,
}

impl Wanted {
    /// Whether a transfer is one of those that were looked at, and fits.
    pub(super) fn has(&self, id: TransferId, entry: &Entry) -> bool {
        self.next.is_none_or(|next| id < next) && self.fits(entry)
    }

    fn fits(&self, entry: &Entry) -> bool {
        let place = format!("{}/{}", entry.bucket, entry.key).to_lowercase();
        place.contains(&self.text) || entry.file.name().to_lowercase().contains(&self.text)
    }
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// The head of a batch of several files.
    Batch(BatchId),
    /// A file.
    File(TransferId),
}

/// Files that were dropped together.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRow {
    /// Which.
    pub id: BatchId,
    /// Where they go: the bucket and the open folder. None where uploads of an earlier visit are together.
    pub place: Option<(BucketName, String)>,
    /// How far they are, all together.
    pub tally: Tally,
    /// Whether some of those that need somebody, as far as was looked, could be tried again.
    pub can_retry: bool,
}

/// One line among those that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number among all lines, from 0.
    pub at: usize,
    /// Its number among those of its level, from 0, and how many these are.
    pub of: (usize, usize),
    /// Whether it is below the head of a batch.
    pub below: bool,
}

/// What counts in the lists and numbers of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a number of its own in the sum"
)]
pub(super) struct Standing {
    /// In sight, and in which section.
    pub section: Option<Section>,
    /// The finer one, where there is one.
    pub within: Option<Section>,
    /// It is searched for.
    pub found: bool,
    pub retriable: bool,
    pub paused: bool,
    pub pausable: bool,
    pub signed_out: bool,
    pub file_needed: bool,
    pub wants_file: bool,
}

impl Standing {
    pub(super) fn of(work: &Work, cleared: bool) -> Self {
        let wants_file = work.transfer().is_some_and(super::Transfer::wants_file);
        if cleared {
            return Self {
                wants_file,
                ..Self::default()
            };
        }
        let state = work.state();
        Self {
            section: Some(Section::of(state)),
            within: Section::within(state),
            found: false,
            retriable: state.is_at_rest() && work.can_retry(),
            paused: state == State::Paused,
            pausable: work.can_pause(),
            signed_out: state == State::SignedOut,
            file_needed: state == State::FileNeeded,
            wants_file,
        }
    }

    fn is_in(self, look: Sight) -> bool {
        let section = look.section;
        let here = self
            .section
            .is_some_and(|own| section == Section::All || section == own);
        (here || self.within == Some(section)) && (self.found || !look.found)
    }
}

/// Marks on a row of places, and how many of them there are up to any (a Fenwick tree).
#[derive(Debug, Default)]
struct Marks {
    sums: Vec<u32>,
    count: usize,
}

/// The lowest bit of a number.
fn low_bit(at: usize) -> usize {
    at & at.wrapping_neg()
}

impl Marks {
    /// One more place, without a mark.
    fn push(&mut self) {
        let at = self.sums.len() + 1;
        let mut sum = 0;
        let mut below = at - 1;
        while below > at - low_bit(at) {
            sum += self.sums.get(below - 1).copied().unwrap_or_default();
            below -= low_bit(below);
        }
        self.sums.push(sum);
    }

    /// Puts a mark on a place that has none, or takes it away from one that has.
    fn set(&mut self, place: usize, marked: bool) {
        let mut at = place + 1;
        while let Some(sum) = self.sums.get_mut(at - 1) {
            *sum = if marked { *sum + 1 } else { *sum - 1 };
            at += low_bit(at);
        }
        self.count = if marked {
            self.count + 1
        } else {
            self.count - 1
        };
    }

    /// Takes all marks away.
    fn clear(&mut self) {
        self.sums.fill(0);
        self.count = 0;
    }

    /// How many marks there are before a place.
    fn before(&self, place: usize) -> usize {
        let (mut at, mut sum) = (place, 0);
        while at > 0 {
            sum += self.sums.get(at - 1).copied().unwrap_or_default() as usize;
            at -= low_bit(at);
        }
        sum
    }

    /// The place of the mark with this number.
    fn find(&self, number: usize) -> Option<usize> {
        if number >= self.count {
            return None;
        }
        let (mut at, mut left) = (0, number);
        let mut step = self.sums.len().checked_ilog2().map_or(0, |bits| 1 << bits);
        while step > 0 {
            if let Some(sum) = self.sums.get(at + step - 1).map(|sum| *sum as usize)
                && sum <= left
            {
                at += step;
                left -= sum;
            }
            step /= 2;
        }
        Some(at)
    }
}

/// Files that were dropped together, in their order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub place: Option<(BucketName, String)>,
    members: Vec<TransferId>,
    /// By [`Sight::index`].
    marks: [Marks; 2 * Section::ALL.len()],
    pub tally: Tally,
}

impl Batch {
    /// Takes one more file, which is not in sight yet.
    pub(super) fn push(&mut self, id: TransferId) {
        self.members.push(id);
        self.marks.iter_mut().for_each(Marks::push);
    }

    /// Brings the lists up to date.
    pub(super) fn mark(&mut self, id: TransferId, old: Standing, new: Standing) {
        let Ok(place) = self.members.binary_search(&id) else {
            return;
        };
        for look in Sight::all() {
            let marked = new.is_in(look);
            if marked != old.is_in(look)
                && let Some(marks) = self.marks.get_mut(look.index())
            {
                marks.set(place, marked);
            }
        }
    }

    /// Whether nothing of it is in sight.
    pub(super) fn is_empty(&self) -> bool {
        self.count(Section::All.into()) == 0
    }

    fn marks(&self, look: Sight) -> Option<&Marks> {
        self.marks.get(look.index())
    }

    fn count(&self, look: Sight) -> usize {
        self.marks(look).map_or(0, |marks| marks.count)
    }

    /// A file that was dropped alone needs no line above it.
    fn has_head(&self) -> bool {
        self.members.len() > 1
    }

    fn member(&self, look: Sight, number: usize) -> Option<TransferId> {
        let place = self.marks(look)?.find(number)?;
        self.members.get(place).copied()
    }

    /// The number of a file in a section.
    fn number(&self, look: Sight, id: TransferId) -> Option<usize> {
        let place = self.members.binary_search(&id).ok()?;
        let number = self.marks(look)?.before(place);
        (self.member(look, number)? == id).then_some(number)
    }

    /// Its lines: the head, and the files unless they are folded.
    fn lines(&self, look: Sight, folded: bool) -> (usize, usize) {
        match self.count(look) {
            0 => (0, 0),
            files if !self.has_head() => (0, files),
            _ if folded => (1, 0),
            files => (1, files),
        }
    }
}

impl Queue {
    /// A batch for orders to come: [`Queue::add_to`].
    pub fn new_batch(&mut self) -> BatchId {
        self.last_batch += 1;
        BatchId(self.last_batch)
    }

    /// How many files a section has.
    pub fn count(&self, section: Section) -> usize {
        let counts = &self.counts;
        match section {
            Section::All => counts.rows,
            Section::Active => counts.active,
            Section::Attention => counts.attention,
            Section::Done => counts.finished,
            Section::Running => counts.running,
            Section::Waiting => counts.waiting,
            Section::Resumable => counts.resumable,
        }
    }

    /// How many lines are shown of a section.
    pub fn line_count(&self, look: impl Into<Sight>, folded: impl Fn(BatchId) -> bool) -> usize {
        let look = look.into();
        let batches = self.batches.iter();
        let lines = batches.map(|(id, batch)| batch.lines(look, folded(*id)));
        lines.map(|(head, files)| head + files).sum()
    }

    /// The lines from a number on, so many at most.
    pub fn lines(
        &self,
        look: impl Into<Sight>,
        folded: impl Fn(BatchId) -> bool,
        from: usize,
        most: usize,
    ) -> Vec<Line> {
        let look = look.into();
        let mut lines = Vec::with_capacity(most.min(1_000));
        let mut before = from;
        for (id, batch) in &self.batches {
            let (head, files) = batch.lines(look, folded(*id));
            if before >= head + files {
                before -= head + files;
                continue;
            }
            for within in std::mem::take(&mut before)..head + files {
                if lines.len() == most {
                    return lines;
                }
                lines.extend(if within < head {
                    Some(Line::Batch(*id))
                } else {
                    batch.member(look, within - head).map(Line::File)
                });
            }
        }
        lines
    }

    /// Where a line is shown, if it is.
    pub fn place(
        &self,
        look: impl Into<Sight>,
        folded: impl Fn(BatchId) -> bool,
        line: Line,
    ) -> Option<Place> {
        let look = look.into();
        let own = match line {
            Line::Batch(id) => id,
            Line::File(id) => self.entries.get(&id)?.batch,
        };
        let (mut lines, mut heads) = (0, 0);
        let mut found = None;
        for (id, batch) in &self.batches {
            let (head, files) = batch.lines(look, folded(*id));
            if *id == own {
                let within = match line {
                    Line::Batch(_) if head > 0 => 0,
                    Line::File(file) if files > 0 => head + batch.number(look, file)?,
                    _ => return None,
                };
                let below = head > 0 && within > 0;
                if below {
                    return Some(Place {
                        at: lines + within,
                        of: (within - head, files),
                        below,
                    });
                }
                found = Some((lines + within, heads));
            }
            lines += head + files;
            heads += usize::from(head + files > 0);
        }
        let (at, number) = found?;
        Some(Place {
            at,
            of: (number, heads),
            below: false,
        })
    }

    /// A batch.
    pub fn batch(&self, id: BatchId) -> Option<BatchRow> {
        let batch = self.batches.get(&id)?;
        Some(BatchRow {
            id,
            place: batch.place.clone(),
            tally: batch.tally,
            can_retry: self
                .first_of_batch(id, Section::Attention, LOOKED_AT)
                .into_iter()
                .any(|id| self.is_retriable(id)),
        })
    }

    /// The first files of a section.
    pub fn first_of(&self, look: impl Into<Sight>, most: usize) -> Vec<TransferId> {
        let look = look.into();
        let batches = self.batches.values();
        let ids = batches.flat_map(|batch| {
            (0..batch.count(look)).filter_map(move |number| batch.member(look, number))
        });
        ids.take(most).collect()
    }

    /// The first files of a batch in a section.
    pub fn first_of_batch(
        &self,
        id: BatchId,
        look: impl Into<Sight>,
        most: usize,
    ) -> Vec<TransferId> {
        let look = look.into();
        let Some(batch) = self.batches.get(&id) else {
            return Vec::new();
        };
        let ids = (0..batch.count(look).min(most)).filter_map(|number| batch.member(look, number));
        ids.collect()
    }

    /// Searches for part of a bucket's name, a key, or a file's name, in any case. Nothing is found before
    /// [`Queue::search_some`] has looked; with an empty text there is no search.
    pub fn search(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        for entry in self.entries.values_mut() {
            entry.standing.found = false;
        }
        for batch in self.batches.values_mut() {
            for look in Sight::all().filter(|look| look.found) {
                if let Some(marks) = batch.marks.get_mut(look.index()) {
                    marks.clear();
                }
            }
        }
        let first = self.entries.keys().next().copied();
        self.wanted = (!text.is_empty()).then_some(Wanted { text, next: first });
    }

    /// Looks at so many more transfers; says whether there are others behind them.
    pub fn search_some(&mut self, most: usize) -> bool {
        let Some(wanted) = &mut self.wanted else {
            return false;
        };
        let Some(from) = wanted.next else {
            return false;
        };
        let mut ahead = self.entries.range(from..).map(|(id, _)| *id);
        let ids: Vec<TransferId> = ahead.by_ref().take(most).collect();
        let next = ahead.next();
        wanted.next = next;
        for id in ids {
            let fits = self.entries.get(&id).zip(self.wanted.as_ref());
            if fits.is_some_and(|(entry, wanted)| wanted.has(id, entry)) {
                self.refresh(id);
            }
        }
        next.is_some()
    }

    /// How many files a section has of those that are searched for.
    pub fn found(&self, section: Section) -> usize {
        let look = Sight {
            section,
            found: true,
        };
        let batches = self.batches.values();
        batches.map(|batch| batch.count(look)).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::upload::{
        Added, Event, FileFacts, Hold, Moment, Order, Write, queue::tests::settings,
    };

    fn order(number: usize) -> Order {
        Order {
            bucket: BucketName::parse("raw-scans").unwrap(),
            prefix: "in/".to_owned(),
            file: FileFacts {
                relative_path: format!("f{number}"),
                size: 7,
                modified: 7,
                content_type: None,
            },
            write: Write::Plain,
            path: None,
            options: std::sync::Arc::default(),
        }
    }

    fn at() -> Moment {
        Moment {
            now: 1_000_000,
            jitter: 0.5,
        }
    }

    /// All lines, found by going through everything.
    fn all_lines(queue: &Queue, look: Sight, folded: &[BatchId]) -> Vec<Line> {
        let section = look.section;
        let mut lines = Vec::new();
        for (id, batch) in &queue.batches {
            let files = batch.members.iter().filter(|member| {
                let entry = queue.entries.get(member);
                entry.is_some_and(|entry| {
                    let state = entry.work.state();
                    let own = Section::of(state);
                    let here = section == Section::All || section == own;
                    let within = Section::within(state) == Some(section);
                    let found = !look.found || entry.key.contains('1');
                    !entry.cleared && (here || within) && found
                })
            });
            let files: Vec<_> = files.copied().map(Line::File).collect();
            if files.is_empty() {
                continue;
            }
            let head = batch.members.len() > 1;
            lines.extend(head.then_some(Line::Batch(*id)));
            if !(head && folded.contains(id)) {
                lines.extend(files);
            }
        }
        lines
    }

    /// All numbers of the queue, counted one by one.
    fn all_counts(queue: &Queue) -> super::super::Counts {
        let mut counts = super::super::Counts::default();
        for entry in queue.entries.values().filter(|entry| !entry.cleared) {
            let state = entry.work.state();
            counts.rows += 1;
            match Section::of(state) {
                Section::Done => counts.finished += 1,
                Section::Attention => counts.attention += 1,
                _ => counts.active += 1,
            }
            match Section::within(state) {
                Some(Section::Running) => counts.running += 1,
                Some(Section::Waiting) => counts.waiting += 1,
                Some(_) => counts.resumable += 1,
                None => {}
            }
            counts.retriable += usize::from(state.is_at_rest() && entry.work.can_retry());
            counts.paused += usize::from(state == State::Paused);
            counts.pausable += usize::from(entry.work.can_pause());
            counts.signed_out += usize::from(state == State::SignedOut);
            counts.file_needed += usize::from(state == State::FileNeeded);
        }
        counts
    }

    /// Something that happens to a queue.
    #[derive(Clone, Debug)]
    enum Happens {
        Batch(usize),
        Again,
        Cancel(usize),
        Pause(usize),
        Resume(usize),
        Clear(usize),
        Fold(usize),
    }

    fn happenings() -> impl Strategy<Value = Vec<Happens>> {
        let one = prop_oneof![
            3 => (1_usize..6).prop_map(Happens::Batch),
            1 => Just(Happens::Again),
            3 => any::<usize>().prop_map(Happens::Cancel),
            2 => any::<usize>().prop_map(Happens::Pause),
            1 => any::<usize>().prop_map(Happens::Resume),
            1 => (0_usize..4).prop_map(Happens::Clear),
            2 => any::<usize>().prop_map(Happens::Fold),
        ];
        proptest::collection::vec(one, 0..40)
    }

    fn happen(queue: &mut Queue, happens: Happens, batches: &mut Vec<BatchId>) -> Option<BatchId> {
        let nth = |number: usize| {
            let ids: Vec<_> = queue.ids().collect();
            (!ids.is_empty()).then(|| ids[number % ids.len()])
        };
        let event = match happens {
            Happens::Batch(files) => {
                let batch = queue.new_batch();
                batches.push(batch);
                for _ in 0..files {
                    let number = usize::try_from(queue.next).unwrap();
                    queue.add_to(batch, order(number));
                }
                None
            }
            Happens::Again => {
                // Refused: another one has the key.
                let mut twice = order(0);
                twice.file.size += 1;
                queue.add(twice);
                None
            }
            Happens::Cancel(number) => nth(number).map(|id| (id, Event::Cancel)),
            Happens::Pause(number) => nth(number).map(|id| (id, Event::Hold(Hold::Paused))),
            Happens::Resume(number) => nth(number).map(|id| (id, Event::Lift(Hold::Paused))),
            Happens::Clear(most) => {
                queue.clear_some(most);
                None
            }
            Happens::Fold(number) => {
                return (!batches.is_empty()).then(|| batches[number % batches.len()]);
            }
        };
        if let Some((id, event)) = event {
            queue.handle(id, event, at());
        }
        None
    }

    proptest! {
        #[test]
        fn any_stretch_of_lines_is_that_of_all(
            happenings in happenings(), from in 0_usize..30, most in 0_usize..12
        ) {
            let mut queue = Queue::new(settings());
            queue.search("1");
            let (mut batches, mut folded) = (Vec::new(), Vec::new());
            for happens in happenings {
                if let Some(batch) = happen(&mut queue, happens, &mut batches) {
                    folded.push(batch);
                }
                prop_assert_eq!(queue.counts(), all_counts(&queue));
                let is_folded = |id: BatchId| folded.contains(&id);
                for look in Sight::all() {
                    let all = all_lines(&queue, look, &folded);
                    prop_assert_eq!(queue.line_count(look, is_folded), all.len());
                    let stretch: Vec<_> = all.iter().skip(from).take(most).copied().collect();
                    prop_assert_eq!(queue.lines(look, is_folded, from, most), stretch);
                    for (at, line) in all.iter().enumerate() {
                        let place = queue.place(look, is_folded, *line);
                        prop_assert_eq!(place.map(|place| place.at), Some(at), "{:?}", line);
                    }
                    let files = queue.first_of(look, usize::MAX);
                    let count = if look.found {
                        queue.found(look.section)
                    } else {
                        queue.count(look.section)
                    };
                    prop_assert_eq!(files.len(), count);
                }
            }
        }

        #[test]
        fn marks_are_counted_and_found(marks in proptest::collection::vec(any::<bool>(), 0..200)) {
            let mut tree = Marks::default();
            for (place, marked) in marks.iter().enumerate() {
                tree.push();
                if *marked {
                    tree.set(place, true);
                }
            }
            let marked: Vec<_> = (0..marks.len()).filter(|place| marks[*place]).collect();
            for (number, place) in marked.iter().enumerate() {
                prop_assert_eq!(tree.find(number), Some(*place));
                prop_assert_eq!(tree.before(*place), number);
            }
            prop_assert_eq!(tree.find(marked.len()), None);
        }
    }

    #[test]
    fn a_search_goes_in_steps_and_knows_what_comes_later() {
        let mut queue = Queue::new(settings());
        let batch = queue.new_batch();
        for number in 0..30 {
            queue.add_to(batch, order(number));
        }
        let found = |queue: &Queue| {
            let look = Sight {
                section: Section::All,
                found: true,
            };
            let ids = queue.first_of(look, usize::MAX);
            ids.into_iter().map(TransferId::number).collect::<Vec<_>>()
        };
        queue.search(" IN/F2 ");
        assert_eq!(found(&queue), [0; 0]);
        assert!(queue.search_some(21));
        assert_eq!(found(&queue), [2, 20]);
        // What changes ahead of the search is found by it, once.
        let ahead = TransferId(25);
        queue.handle(ahead, Event::Hold(Hold::Paused), at());
        assert_eq!(found(&queue), [2, 20]);
        assert!(!queue.search_some(100));
        let rest = [2, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
        assert_eq!(found(&queue), rest);
        assert_eq!(queue.found(Section::Resumable), 1);
        queue.add_to(batch, order(200));
        assert_eq!(queue.found(Section::All), 12);
        queue.search("raw-scans/in/f29");
        assert!(!queue.search_some(100));
        assert_eq!(found(&queue), [29]);
        queue.search("");
        assert_eq!((found(&queue), queue.count(Section::All)), (vec![], 31));
    }

    #[test]
    fn a_line_tells_its_place_among_its_like() {
        let mut queue = Queue::new(settings());
        let batch = queue.new_batch();
        let files: Vec<_> = (0..3)
            .map(|number| match queue.add_to(batch, order(number)) {
                Added::Queued(id) => id,
                other => panic!("{other:?}"),
            })
            .collect();
        let alone = queue.new_batch();
        let Added::Queued(single) = queue.add_to(alone, order(9)) else {
            panic!("not taken")
        };
        let place = |line| queue.place(Section::All, |_| false, line).unwrap();
        let placed = |at, of, below| Place { at, of, below };
        assert_eq!(place(Line::Batch(batch)), placed(0, (0, 2), false));
        assert_eq!(place(Line::File(files[1])), placed(2, (1, 3), true));
        assert_eq!(place(Line::File(single)), placed(4, (1, 2), false));
        let row = queue.batch(batch).unwrap();
        assert_eq!((row.tally.files, row.tally.bytes), (3, 21));
        assert_eq!(row.place.unwrap().1, "in/");
    }

    #[test]
    fn a_window_of_a_hundred_thousand_files_is_found_by_few_sums() {
        const FILES: usize = 100_000;
        let mut marks = Marks::default();
        for place in 0..FILES {
            marks.push();
            marks.set(place, true);
        }
        // A sum is looked at once for each halving of their number.
        assert_eq!(marks.sums.len().ilog2(), 16);
        for number in [0, 1, 49_999, FILES - 1] {
            assert_eq!(marks.find(number), Some(number));
            assert_eq!(marks.before(number), number);
        }
    }
}
