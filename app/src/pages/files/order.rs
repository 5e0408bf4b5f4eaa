//! What a list is sorted by.

use std::cmp::Ordering;

use model::session::NameOrder;

use super::{kind, listing::Entry};

/// What decides the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The store's own order, which is that of the keys' bytes.
    #[default]
    Name,
    /// Names as people count: 2 before 10.
    Natural,
    /// Bytes.
    Size,
    /// When it was stored.
    Modified,
    /// What the name ends like.
    Kind,
}

impl Column {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Natural,
        Self::Size,
        Self::Modified,
        Self::Kind,
    ];

    /// The order of names that somebody prefers.
    pub fn of_names(names: NameOrder) -> Self {
        match names {
            NameOrder::Store => Self::Name,
            NameOrder::Natural => Self::Natural,
        }
    }

    /// The other order of names.
    pub fn other_of_names(self) -> Self {
        match self {
            Self::Name => Self::Natural,
            _ => Self::Name,
        }
    }

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Natural => "natural",
            Self::Size => "size",
            Self::Modified => "changed",
            Self::Kind => "kind",
        }
    }

    /// Reads the word in the address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }
}

/// Column and direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// From high to low.
    pub descending: bool,
}

impl Order {
    /// Whether what arrives later also belongs later.
    pub fn is_stores(self) -> bool {
        self == Self::default()
    }

    /// Compares two entries by the places at which they arrived; `base` is where names begin in keys.
    pub fn compare(self, entries: &[Entry], a: u32, b: u32, base: usize) -> Ordering {
        let (Some(one), Some(other)) = (entries.get(a as usize), entries.get(b as usize)) else {
            return a.cmp(&b);
        };
        let name = |entry: &'_ Entry| -> usize { base.min(entry.key.len()) };
        let by_column = match self.column {
            Column::Name => Ordering::Equal,
            Column::Natural => natural(
                one.key.get(name(one)..).unwrap_or_default(),
                other.key.get(name(other)..).unwrap_or_default(),
            ),
            Column::Size => one.size.cmp(&other.size),
            Column::Modified => one.modified.cmp(&other.modified),
            Column::Kind => one
                .kind()
                .cmp(&other.kind())
                .then_with(|| kind::extension(&one.key).cmp(&kind::extension(&other.key))),
        };
        let both = by_column.then(a.cmp(&b));
        if self.descending {
            both.reverse()
        } else {
            both
        }
    }
}

/// Compares as people do: runs of digits by their value, letters without their case.
pub fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| one.cmp(other));
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (of_left, of_right);
            (of_left, left) = number(left);
            (of_right, right) = number(right);
            // Without leading zeros the longer number is the larger one.
            (of_left.len().cmp(&of_right.len())).then_with(|| of_left.cmp(of_right))
        } else {
            left = &left[x.len_utf8()..];
            right = &right[y.len_utf8()..];
            fold(x).cmp(&fold(y))
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The digits at the beginning without leading zeros, and what follows them.
fn number(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

/// A letter without its case.
pub fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let mut lower = character.to_lowercase();
    // What becomes several letters stays as it is: it is compared, not shown.
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_compared_by_their_value() {
        let mut names = ["f10", "F2", "f1", "f002", "g", "f", "f2b", "f2a10", "f2a9"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["f", "f1", "F2", "f002", "f2a9", "f2a10", "f2b", "f10", "g"]
        );
        let long = ["9".repeat(30), "1".to_owned() + &"0".repeat(30)];
        assert_eq!(natural(&long[0], &long[1]), Ordering::Less);
        assert_eq!(natural("Ä1", "ä2"), Ordering::Less);
        assert_eq!(natural("a", "a"), Ordering::Equal);
    }

    #[test]
    fn words_of_the_address_are_read_back() {
        for column in Column::ALL {
            assert_eq!(Column::parse(column.as_str()), Some(column));
        }
        assert_eq!(Column::parse("nonsense"), None);
    }
}
