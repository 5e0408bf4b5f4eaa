//! Bytes without their length: told by where they come from.

use md5::{Digest as _, Md5};

use crate::{ChecksumAlgorithm, PartChecksum};

/// What a file holds: its origin, and the one place where it was edited since, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) origin: u64,
    pub(super) edit: Option<(u64, u64)>,
}

impl Content {
    pub(super) fn new(origin: u64) -> Self {
        Self { origin, edit: None }
    }

    /// The same bytes, but for one at this place.
    pub(super) fn edited(self, at: u64, edit: u64) -> Self {
        Self {
            edit: Some((at, edit)),
            ..self
        }
    }

    fn within(self, start: u64, end: u64) -> (u64, Option<(u64, u64)>) {
        if start == end {
            return (0, None);
        }
        let edit = self.edit.filter(|(at, _)| (start..end).contains(at));
        (self.origin, edit)
    }
}

/// A stretch of bytes as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) content: Content,
    pub(super) start: u64,
    pub(super) end: u64,
    /// A bit flipped on the way.
    pub(super) flipped: bool,
}

impl Piece {
    pub(super) fn len(&self) -> u64 {
        self.end - self.start
    }

    pub(super) fn md5(&self) -> [u8; 16] {
        let (origin, edit) = self.content.within(self.start, self.end);
        let mut md5 = Md5::new();
        md5.update(origin.to_le_bytes());
        if self.start != self.end {
            md5.update(self.start.to_le_bytes());
            md5.update(self.end.to_le_bytes());
        }
        if let Some((at, edit)) = edit {
            md5.update(at.to_le_bytes());
            md5.update(edit.to_le_bytes());
        }
        if self.flipped {
            md5.update(b"flipped");
        }
        md5.finalize().into()
    }

    pub(super) fn sum(&self, algorithm: ChecksumAlgorithm) -> PartChecksum {
        let md5 = self.md5();
        match algorithm {
            ChecksumAlgorithm::Md5 => PartChecksum::md5(md5),
            ChecksumAlgorithm::Crc32c => {
                PartChecksum::crc32c(u32::from_be_bytes([md5[0], md5[1], md5[2], md5[3]]))
            }
        }
    }

    /// Whether these are bytes of that content.
    pub(super) fn is_of(&self, content: Content) -> bool {
        !self.flipped
            && self.content.within(self.start, self.end) == content.within(self.start, self.end)
    }
}

/// Whether these pieces in a row are all the bytes of a file.
pub(super) fn are_all(pieces: &[Piece], content: Content, size: u64) -> bool {
    let mut end = 0;
    for piece in pieces {
        if piece.start != end || !piece.is_of(content) {
            return false;
        }
        end = piece.end;
    }
    end == size
}

/// The tag of an MD5.
pub(super) fn hex(md5: [u8; 16]) -> String {
    use std::fmt::Write as _;
    md5.iter().fold(String::with_capacity(40), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
