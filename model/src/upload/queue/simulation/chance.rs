//! Chance that can be repeated, and what may go wrong in a world.

/// Numbers that follow from a seed.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give neighbouring worlds.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something happens that happens so often in a thousand times.
    pub(super) fn hits(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    pub(super) fn coin(&mut self) -> bool {
        self.hits(500)
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let at = self.below(u64::try_from(choices.len()).unwrap());
        choices[usize::try_from(at).unwrap()]
    }

    pub(super) fn jitter(&mut self) -> f64 {
        f64::from(u32::try_from(self.below(1_001)).unwrap()) / 1_000.0
    }
}

/// What may go wrong, or happen otherwise, in a world. Each can be left out, to see what a failure
/// needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Requests and answers are lost, before and after the other side acted.
    Lost,
    /// Answers come twice.
    Twice,
    /// The other side fails, refuses or asks to wait.
    Refused,
    /// Answers that do not fit the question.
    Nonsense,
    /// The session ends.
    SessionEnds,
    /// No network for a while.
    Offline,
    /// The store is away for a while.
    Killed,
    /// The store forgets an upload, or somebody gives it up there.
    Forgotten,
    /// Bits flip on the way.
    Flipped,
    /// The store keeps less than it took.
    Short,
    /// Files change on disk.
    Changed,
    /// Others write to the same key, or complete the same upload.
    Others,
    /// No room for a while, or what is there is under retention.
    Full,
    /// The bucket does not let the page in, or the browser does not reach the store.
    Barred,
    /// Clocks differ.
    Skew,
    /// A person presses buttons.
    Person,
    /// Pages are loaded again.
    Reload,
    /// There are two tabs.
    Tabs,
    /// Other files are chosen than the upload was begun with.
    WrongFile,
    /// Objects are there before.
    Before,
}

impl Trouble {
    pub(super) const ALL: [Self; 20] = [
        Self::Lost,
        Self::Twice,
        Self::Refused,
        Self::Nonsense,
        Self::SessionEnds,
        Self::Offline,
        Self::Killed,
        Self::Forgotten,
        Self::Flipped,
        Self::Short,
        Self::Changed,
        Self::Others,
        Self::Full,
        Self::Barred,
        Self::Skew,
        Self::Person,
        Self::Reload,
        Self::Tabs,
        Self::WrongFile,
        Self::Before,
    ];

    fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// What a world is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    pub(super) seed: u64,
    /// Uploads that are begun, where fewer are wanted than chance gives.
    pub(super) most: u64,
    /// What is left out.
    pub(super) without: u32,
}

impl Scenario {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            most: u64::MAX,
            without: 0,
        }
    }

    pub(super) fn without(self, trouble: Trouble) -> Self {
        Self {
            without: self.without | trouble.bit(),
            ..self
        }
    }

    pub(super) fn knows(self, trouble: Trouble) -> bool {
        self.without & trouble.bit() == 0
    }
}
