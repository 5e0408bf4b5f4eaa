//! The simulated store: S3 or HCP, with what they differ in.

use std::collections::BTreeMap;

use super::{
    bytes::{Piece, hex},
    chance::Chance,
};
use crate::{
    ChecksumAlgorithm, ErrorCode, Problem,
    attributes::Attributes,
    multipart::Completion,
    upload::{Failure, transfer::tag_of},
};

/// What becomes of an object when another one takes its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// It is gone.
    Allowed,
    /// It stays, and the other one is refused: HCP without versions.
    Refused,
}

/// What entity tags are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// MD5s, and MD5s of MD5s.
    Md5,
    /// Look like MD5s and are none: stores that encrypt.
    Hex,
    /// Anything.
    Opaque,
}

/// What stores differ in.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "habits that go together in any way"
)]
pub(super) struct Habits {
    pub(super) overwrite: Overwrite,
    pub(super) conditional: bool,
    pub(super) tags: Tags,
    /// Keeps and lists CRC-32C.
    pub(super) keeps_crc: bool,
    /// Compares the checksums that come with bytes.
    pub(super) compares: bool,
    /// Parts in a page of a list.
    pub(super) page: usize,
    /// Completing again what was completed works again.
    pub(super) completes_again: bool,
    /// Looks at the key before the upload when it is to complete.
    pub(super) key_first: bool,
    /// Objects show up in lists so late, in milliseconds.
    pub(super) late: u64,
    /// The account may not list.
    pub(super) unseen: bool,
}

impl Habits {
    pub(super) fn by(chance: &mut Chance) -> Self {
        Self {
            overwrite: if chance.hits(400) {
                Overwrite::Refused
            } else {
                Overwrite::Allowed
            },
            conditional: chance.coin(),
            tags: match chance.below(8) {
                0 => Tags::Opaque,
                1 => Tags::Hex,
                _ => Tags::Md5,
            },
            keeps_crc: chance.coin(),
            compares: chance.hits(800),
            page: chance.one_of(&[1, 2, 5, 1_000]),
            completes_again: chance.hits(300),
            key_first: chance.coin(),
            late: if chance.hits(200) {
                chance.below(4_000)
            } else {
                0
            },
            unseen: chance.hits(40),
        }
    }
}

/// Why the store does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum No {
    UnknownUpload,
    Taken,
    Precondition,
    Held,
    InvalidPart,
    Full,
    BadDigest,
    Signature,
    UnknownKey,
}

impl No {
    /// As the browser reads it from the store.
    pub(super) fn direct(self) -> Failure {
        let (status, code) = match self {
            Self::UnknownUpload => (404, "NoSuchUpload"),
            Self::UnknownKey => (404, "NoSuchKey"),
            Self::Taken | Self::Held => (409, "Conflict"),
            Self::Precondition => (412, "PreconditionFailed"),
            Self::InvalidPart => (400, "InvalidPart"),
            Self::Full => (413, "QuotaExceeded"),
            Self::BadDigest => (400, "BadDigest"),
            Self::Signature => (403, "SignatureDoesNotMatch"),
        };
        Failure::store(status, &format!("<Error><Code>{code}</Code></Error>"))
    }

    /// As Hako passes it on.
    pub(super) fn through_hako(self) -> Failure {
        let code = match self {
            Self::UnknownUpload => ErrorCode::UploadNotFound,
            Self::UnknownKey => ErrorCode::ObjectNotFound,
            Self::Taken | Self::Held => ErrorCode::Conflict,
            Self::Precondition => ErrorCode::PreconditionFailed,
            Self::InvalidPart => ErrorCode::InvalidPart,
            Self::Full => ErrorCode::OutOfSpace,
            Self::BadDigest => ErrorCode::BadDigest,
            Self::Signature => ErrorCode::AccessDenied,
        };
        Failure::hako(&Problem::new(code, "the store said so"))
    }
}

/// What an object is stored with, as headers.
pub(super) type Dress = BTreeMap<String, String>;

/// The headers of attributes and type.
pub(super) fn dress(attributes: &Attributes, content_type: Option<String>) -> Dress {
    let mut dress = attributes.headers();
    dress.extend(content_type.map(|value| ("content-type".to_owned(), value)));
    dress
}

/// A part as it is stored.
#[derive(Clone, Debug)]
pub(super) struct StoredPart {
    pub(super) piece: Piece,
    pub(super) tag: String,
    pub(super) crc: Option<String>,
}

/// A multipart upload.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) parts: BTreeMap<u32, StoredPart>,
    pub(super) checksum: Option<ChecksumAlgorithm>,
    pub(super) dress: Dress,
    pub(super) task: usize,
    /// The machine was told of it.
    pub(super) known: bool,
}

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) pieces: Vec<Piece>,
    pub(super) size: u64,
    pub(super) tag: String,
    pub(super) at: u64,
    /// Names the bytes, also of a copy.
    pub(super) origin: u64,
    /// Whose upload made it; none for others.
    pub(super) task: Option<usize>,
    pub(super) dress: Dress,
}

/// What is to be stored as one object.
pub(super) struct Whole {
    pub(super) key: String,
    pub(super) piece: Piece,
    pub(super) only_new: bool,
    pub(super) task: Option<usize>,
    pub(super) dress: Dress,
}

/// The store.
pub(super) struct Store {
    pub(super) habits: Habits,
    pub(super) uploads: BTreeMap<u64, Upload>,
    /// The keys and tags of completed uploads.
    pub(super) completed: BTreeMap<u64, (String, String)>,
    /// Every version that a key ever had; the last one counts.
    pub(super) versions: BTreeMap<String, Vec<Object>>,
    pub(super) current: BTreeMap<String, Object>,
    pub(super) begun: u64,
    pub(super) serial: u64,
    pub(super) full: bool,
    pub(super) held: bool,
    /// The next object loses its end.
    pub(super) cuts: bool,
}

impl Store {
    pub(super) fn new(habits: Habits) -> Self {
        Self {
            habits,
            uploads: BTreeMap::new(),
            completed: BTreeMap::new(),
            versions: BTreeMap::new(),
            current: BTreeMap::new(),
            begun: 0,
            serial: 0,
            full: false,
            held: false,
            cuts: false,
        }
    }

    fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    pub(super) fn begin(
        &mut self,
        key: &str,
        checksum: Option<ChecksumAlgorithm>,
        mut dress: Dress,
        task: usize,
    ) -> u64 {
        // As on HCP: both are read when it is completed.
        dress.retain(|name, _| !name.starts_with("x-hcp-"));
        self.begun += 1;
        let upload = Upload {
            key: key.to_owned(),
            parts: BTreeMap::new(),
            checksum,
            dress,
            task,
            known: false,
        };
        self.uploads.insert(self.begun, upload);
        self.begun
    }

    fn tag(&mut self, piece: &Piece) -> String {
        let serial = self.serial();
        match self.habits.tags {
            Tags::Md5 => format!("\"{}\"", hex(piece.md5())),
            Tags::Hex => format!("\"{:032x}\"", u128::from(serial) + (1 << 90)),
            Tags::Opaque => format!("\"v{serial}\""),
        }
    }

    pub(super) fn put_part(&mut self, upload: u64, number: u32, piece: Piece) -> Result<(), No> {
        if self.full {
            return Err(No::Full);
        }
        let tag = self.tag(&piece);
        let keeps_crc = self.habits.keeps_crc;
        let upload = self.uploads.get_mut(&upload).ok_or(No::UnknownUpload)?;
        let with_crc = keeps_crc && upload.checksum == Some(ChecksumAlgorithm::Crc32c);
        let crc = with_crc.then(|| piece.sum(ChecksumAlgorithm::Crc32c).value().to_owned());
        upload.parts.insert(number, StoredPart { piece, tag, crc });
        Ok(())
    }

    /// Whether the key takes another object.
    fn admits(&self, key: &str, only_new: bool) -> Result<(), No> {
        if !self.current.contains_key(key) {
            return Ok(());
        }
        if only_new && self.habits.conditional {
            return Err(No::Precondition);
        }
        match self.habits.overwrite {
            Overwrite::Refused => Err(No::Taken),
            Overwrite::Allowed => Ok(()),
        }
    }

    fn keep(&mut self, key: &str, mut object: Object) {
        if std::mem::take(&mut self.cuts) && object.size > 0 {
            object.size -= 1;
            if let Some(last) = object.pieces.last_mut() {
                last.end -= 1;
            }
        }
        let versions = self.versions.entry(key.to_owned()).or_default();
        versions.push(object.clone());
        self.current.insert(key.to_owned(), object);
    }

    pub(super) fn put_whole(&mut self, whole: Whole, now: u64) -> Result<(), No> {
        if self.full {
            return Err(No::Full);
        }
        self.admits(&whole.key, whole.only_new)?;
        let tag = self.tag(&whole.piece);
        let object = Object {
            size: whole.piece.len(),
            pieces: vec![whole.piece],
            tag,
            at: now,
            origin: self.serial(),
            task: whole.task,
            dress: whole.dress,
        };
        self.keep(&whole.key, object);
        Ok(())
    }

    pub(super) fn complete(&mut self, id: u64, body: &Completion, now: u64) -> Result<String, No> {
        let (parts, only_new) = (&body.parts, body.if_none_match);
        if let Some((key, tag)) = self.completed.get(&id) {
            if self.habits.key_first {
                self.admits(key, only_new)?;
            }
            return if self.habits.completes_again {
                Ok(tag.clone())
            } else {
                Err(No::UnknownUpload)
            };
        }
        let Some(upload) = self.uploads.get(&id).cloned() else {
            return Err(No::UnknownUpload);
        };
        if self.full {
            return Err(No::Full);
        }
        self.admits(&upload.key, only_new)?;
        let mut pieces = Vec::new();
        let mut last = 0;
        for named in parts {
            let number = named.part_number.get();
            let stored = upload.parts.get(&number).filter(|stored| {
                let crc = named.checksum_crc32c.is_none() || named.checksum_crc32c == stored.crc;
                stored.tag == named.etag && crc && number > last
            });
            let Some(stored) = stored else {
                return Err(No::InvalidPart);
            };
            last = number;
            pieces.push(stored.piece.clone());
        }
        let serial = self.serial();
        let tag = match self.habits.tags {
            Tags::Md5 => {
                let tag = tag_of(parts.iter().map(|part| part.etag.as_str()));
                format!("\"{}\"", tag.unwrap())
            }
            Tags::Hex => format!(
                "\"{:032x}-{}\"",
                u128::from(serial) + (1 << 91),
                parts.len()
            ),
            Tags::Opaque => format!("\"o{serial}\""),
        };
        let kept = Attributes {
            retention: body.retention.clone(),
            legal_hold: body.legal_hold,
            ..Attributes::default()
        };
        let object = Object {
            size: pieces.iter().map(Piece::len).sum(),
            pieces,
            tag: tag.clone(),
            at: now,
            origin: serial,
            task: Some(upload.task),
            dress: upload.dress.into_iter().chain(dress(&kept, None)).collect(),
        };
        self.keep(&upload.key, object);
        self.uploads.remove(&id);
        self.completed.insert(id, (upload.key, tag.clone()));
        Ok(tag)
    }

    pub(super) fn abort(&mut self, id: u64) -> Result<(), No> {
        self.uploads
            .remove(&id)
            .map(|_| ())
            .ok_or(No::UnknownUpload)
    }

    pub(super) fn copy(&mut self, from: &str, to: &str, now: u64) -> Result<(), No> {
        let Some(object) = self.current.get(from).cloned() else {
            return Err(No::UnknownKey);
        };
        self.admits(to, false)?;
        let copy = Object { at: now, ..object };
        self.versions
            .entry(to.to_owned())
            .or_default()
            .push(copy.clone());
        self.current.insert(to.to_owned(), copy);
        Ok(())
    }

    pub(super) fn clear(&mut self, key: &str) -> Result<Option<Object>, No> {
        if self.held && self.current.contains_key(key) {
            return Err(No::Held);
        }
        Ok(self.current.remove(key))
    }

    /// What a list shows below a prefix.
    pub(super) fn list(&self, prefix: &str, most: usize, now: u64) -> Vec<(&String, &Object)> {
        self.current
            .range(prefix.to_owned()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .filter(|(_, object)| object.at + self.habits.late <= now)
            .take(most)
            .collect()
    }
}
