//! How the systems of a topology are linked: what is drawn, and which link is missing.

use model::mapi::TopologyType;
use serde_json::{Map, Value as Json};

use super::super::{text, words};
use crate::words::coding;

/// The fewest and the most systems of a topology.
const FEWEST: usize = 3;
const MOST: usize = 6;

/// A link with the systems at its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The link.
    pub name: String,
    /// The systems, as far as they are told.
    pub systems: Vec<String>,
}

impl Part {
    /// Reads a candidate or a part of a topology.
    pub fn of(link: &Map<String, Json>) -> Self {
        Self {
            name: text(link, "name"),
            systems: words(link, "hcpSystems"),
        }
    }
}

/// Systems and links, and whether they make a topology.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The systems.
    pub systems: Vec<String>,
    /// The links that are there, by the places of their systems.
    pub links: Vec<(usize, usize)>,
    /// The links that are missing.
    pub missing: Vec<(usize, usize)>,
    /// Systems with more links than a ring has.
    pub crowded: Vec<usize>,
    /// Links of which one end alone is told.
    pub open: Vec<String>,
}

/// What is to be said of a choice of links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They make a topology.
    Fits,
    /// Too few systems, or too many.
    Count(usize),
    /// Links are missing, or too many.
    Broken,
    /// The store does not tell where some links end.
    Untold,
}

impl Shape {
    /// Puts links together.
    pub fn of(parts: &[Part], kind: TopologyType) -> Self {
        let mut shape = Self::default();
        for part in parts {
            let [one, other] = part.systems.as_slice() else {
                shape.open.push(part.name.clone());
                if let Some(one) = part.systems.first() {
                    shape.place(one);
                }
                continue;
            };
            let (one, other) = (shape.place(one), shape.place(other));
            let link = (one.min(other), one.max(other));
            if one != other && !shape.links.contains(&link) {
                shape.links.push(link);
            }
        }
        match shape.forced().unwrap_or(kind) {
            TopologyType::FullyConnected => shape.mesh(),
            TopologyType::Ring => shape.ring(),
        }
        shape
    }

    /// The type that there has to be: of three systems each is linked with each other.
    pub fn forced(&self) -> Option<TopologyType> {
        (self.systems.len() <= FEWEST && self.open.is_empty())
            .then_some(TopologyType::FullyConnected)
    }

    fn place(&mut self, system: &str) -> usize {
        let known = self.systems.iter().position(|one| one == system);
        known.unwrap_or_else(|| {
            self.systems.push(system.to_owned());
            self.systems.len() - 1
        })
    }

    fn neighbours(&self, system: usize) -> impl Iterator<Item = usize> {
        self.links.iter().filter_map(move |(one, other)| {
            if *one == system {
                Some(*other)
            } else {
                (*other == system).then_some(*one)
            }
        })
    }

    /// Each with each other.
    fn mesh(&mut self) {
        for one in 0..self.systems.len() {
            for other in one + 1..self.systems.len() {
                if !self.links.contains(&(one, other)) {
                    self.missing.push((one, other));
                }
            }
        }
    }

    /// Each with two others, all in one round: the pieces that are there are joined at their ends.
    fn ring(&mut self) {
        let all = self.systems.len();
        self.crowded = (0..all)
            .filter(|system| self.neighbours(*system).count() > 2)
            .collect();
        if !self.crowded.is_empty() {
            return;
        }
        let mut seen = vec![false; all];
        let mut pieces = Vec::new();
        // From the ends of pieces first; what is left then are rounds that are closed already.
        let mut starts: Vec<usize> = (0..all).collect();
        starts.sort_by_key(|system| self.neighbours(*system).count());
        for start in starts {
            if seen[start] {
                continue;
            }
            let (mut here, mut end) = (Some(start), start);
            while let Some(system) = here {
                seen[system] = true;
                end = system;
                here = self.neighbours(system).find(|next| !seen[*next]);
            }
            pieces.push((start, end));
        }
        let closed = matches!(pieces.as_slice(), [(start, end)]
            if self.links.contains(&(*start.min(end), *start.max(end))));
        if closed || all < 2 {
            return;
        }
        let ends = pieces.iter().map(|(_, end)| *end);
        let starts = pieces.iter().map(|(start, _)| *start).cycle().skip(1);
        self.missing = ends
            .zip(starts)
            .map(|(one, other)| (one.min(other), one.max(other)))
            .filter(|link| link.0 != link.1 && !self.links.contains(link))
            .collect();
        self.missing.dedup();
    }

    /// Whether they make a topology.
    pub fn verdict(&self) -> Verdict {
        if !self.open.is_empty() {
            Verdict::Untold
        } else if !(FEWEST..=MOST).contains(&self.systems.len()) {
            Verdict::Count(self.systems.len())
        } else if self.missing.is_empty() && self.crowded.is_empty() {
            Verdict::Fits
        } else {
            Verdict::Broken
        }
    }

    /// What is to be said, as sentences.
    pub fn sentences(&self) -> Vec<String> {
        let name = |system: &usize| self.systems.get(*system).map_or("", String::as_str);
        let mut all = match self.verdict() {
            Verdict::Fits => vec![coding::fits().to_owned()],
            Verdict::Count(count) => vec![coding::count(count as u64)],
            Verdict::Broken => Vec::new(),
            Verdict::Untold => vec![coding::untold(&self.open.join(", "))],
        };
        let missing = self.missing.iter();
        all.extend(missing.map(|(one, other)| coding::missing(name(one), name(other))));
        let crowded = self.crowded.iter();
        all.extend(crowded.map(|system| coding::crowded(name(system))));
        all
    }
}

/// Where a system of so many is drawn, of a picture of 320 by 220.
pub fn spot(at: usize, all: usize) -> (f64, f64) {
    let share = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
    let turn = std::f64::consts::TAU * share(at) / share(all.max(1));
    (160.0 + 110.0 * turn.sin(), 110.0 - 80.0 * turn.cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(links: &[(&str, &str)]) -> Vec<Part> {
        let part = |(one, other): &(&str, &str)| Part {
            name: format!("{one}-{other}"),
            systems: vec![(*one).to_owned(), (*other).to_owned()],
        };
        links.iter().map(part).collect()
    }

    fn missing(links: &[(&str, &str)], kind: TopologyType) -> Vec<(String, String)> {
        let shape = Shape::of(&parts(links), kind);
        let name = |at: usize| shape.systems[at].clone();
        let all = shape.missing.iter();
        all.map(|(one, other)| (name(*one), name(*other))).collect()
    }

    fn pair(one: &str, other: &str) -> (String, String) {
        (one.to_owned(), other.to_owned())
    }

    #[test]
    fn three_systems_are_fully_connected_whatever_is_asked_for() {
        let two = [("a", "b"), ("b", "c")];
        for kind in [TopologyType::Ring, TopologyType::FullyConnected] {
            assert_eq!(missing(&two, kind), [pair("a", "c")]);
            let whole = Shape::of(&parts(&[("a", "b"), ("b", "c"), ("c", "a")]), kind);
            assert_eq!(whole.forced(), Some(TopologyType::FullyConnected));
            assert_eq!(whole.verdict(), Verdict::Fits);
        }
    }

    // ECT-1
    #[test]
    fn in_a_ring_the_last_link_is_named_and_a_third_is_too_many() {
        let open = [("a", "b"), ("b", "c"), ("c", "d")];
        assert_eq!(missing(&open, TopologyType::Ring), [pair("a", "d")]);
        let closed = [open.as_slice(), &[("d", "a")]].concat();
        let ring = Shape::of(&parts(&closed), TopologyType::Ring);
        assert_eq!((ring.verdict(), ring.forced()), (Verdict::Fits, None));
        let full = missing(&closed, TopologyType::FullyConnected);
        assert_eq!(full, [pair("a", "c"), pair("b", "d")]);
        let crossed = [closed.as_slice(), &[("a", "c")]].concat();
        let crossed = Shape::of(&parts(&crossed), TopologyType::Ring);
        assert_eq!(crossed.verdict(), Verdict::Broken);
        assert_eq!(crossed.crowded.len(), 2);
        let said = crossed.sentences();
        assert!(said.contains(&coding::crowded("a")), "{said:?}");
    }

    #[test]
    fn two_rounds_are_no_ring_and_pieces_are_joined() {
        let rounds = [
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("d", "e"),
            ("e", "f"),
            ("f", "d"),
        ];
        let shape = Shape::of(&parts(&rounds), TopologyType::Ring);
        assert_eq!(shape.verdict(), Verdict::Broken);
        assert!(!shape.missing.is_empty());
        let pieces = [("a", "b"), ("c", "d")];
        let joined = missing(&pieces, TopologyType::Ring);
        assert_eq!(joined.len(), 2);
        let whole = [
            pieces.to_vec(),
            joined
                .iter()
                .map(|(a, b)| (a.as_str(), b.as_str()))
                .collect(),
        ]
        .concat();
        let ring = Shape::of(&parts(&whole), TopologyType::Ring);
        assert_eq!(ring.verdict(), Verdict::Fits);
    }

    #[test]
    fn too_few_too_many_and_ends_that_are_not_told_are_said() {
        assert_eq!(
            Shape::of(&[], TopologyType::Ring).verdict(),
            Verdict::Count(0)
        );
        let seven: Vec<(&str, &str)> = ["b", "c", "d", "e", "f", "g"]
            .map(|one| ("a", one))
            .to_vec();
        let shape = Shape::of(&parts(&seven), TopologyType::FullyConnected);
        assert_eq!(shape.verdict(), Verdict::Count(7));
        let untold = Part {
            name: "east".to_owned(),
            systems: vec!["a".to_owned()],
        };
        let shape = Shape::of(&[untold], TopologyType::FullyConnected);
        assert_eq!(shape.verdict(), Verdict::Untold);
        assert_eq!(shape.forced(), None);
        assert!(shape.sentences()[0].contains("east"));
    }

    #[test]
    fn every_system_has_a_spot_of_its_own_inside_of_the_picture() {
        for all in 1..=6 {
            let spots: Vec<(f64, f64)> = (0..all).map(|at| spot(at, all)).collect();
            for (at, (x, y)) in spots.iter().enumerate() {
                assert!((40.0..=280.0).contains(x) && (20.0..=200.0).contains(y));
                let others = &spots[..at];
                assert!(others.iter().all(|(a, b)| (a - x).hypot(b - y) > 50.0));
            }
        }
    }
}
