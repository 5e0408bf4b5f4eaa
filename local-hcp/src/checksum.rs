//! The checksums of S3 (`x-amz-checksum-*`): of bytes, and of objects made of parts.
//!
//! An object of parts has either a checksum of all its bytes, which can be had from those of its
//! parts where the algorithm is a CRC, or a checksum of the parts' checksums (AWS: "full object" and
//! "composite").

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crc_fast::{CrcAlgorithm, checksum_combine};
use s3s::{
    checksum::ChecksumHasher,
    crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256},
    dto::Checksum,
};
use serde::{Deserialize, Serialize};

use crate::store::{objects::Checksums, uploads::Announced};

/// How a checksum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64nvme,
        Self::Sha1,
        Self::Sha256,
    ];

    /// S3's name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    const fn crc(self) -> Option<(CrcAlgorithm, usize)> {
        match self {
            Self::Crc32 => Some((CrcAlgorithm::Crc32IsoHdlc, 4)),
            Self::Crc32c => Some((CrcAlgorithm::Crc32Iscsi, 4)),
            Self::Crc64nvme => Some((CrcAlgorithm::Crc64Nvme, 8)),
            Self::Sha1 | Self::Sha256 => None,
        }
    }

    /// Whether it can be made of the parts' checksums (`composite`), or of all bytes.
    pub(crate) const fn allows(self, composite: bool) -> bool {
        match self {
            Self::Crc64nvme => !composite,
            Self::Sha1 | Self::Sha256 => composite,
            Self::Crc32 | Self::Crc32c => true,
        }
    }

    /// What AWS takes when nothing is said.
    pub(crate) const fn is_composite_by_default(self) -> bool {
        !matches!(self, Self::Crc64nvme)
    }

    pub(crate) fn of(self, checksums: &Checksums) -> Option<&String> {
        match self {
            Self::Crc32 => checksums.crc32.as_ref(),
            Self::Crc32c => checksums.crc32c.as_ref(),
            Self::Crc64nvme => checksums.crc64nvme.as_ref(),
            Self::Sha1 => checksums.sha1.as_ref(),
            Self::Sha256 => checksums.sha256.as_ref(),
        }
    }

    fn slot(self, checksums: &mut Checksums) -> &mut Option<String> {
        match self {
            Self::Crc32 => &mut checksums.crc32,
            Self::Crc32c => &mut checksums.crc32c,
            Self::Crc64nvme => &mut checksums.crc64nvme,
            Self::Sha1 => &mut checksums.sha1,
            Self::Sha256 => &mut checksums.sha256,
        }
    }

    /// Has `hasher` compute it.
    pub(crate) fn enable(self, hasher: &mut ChecksumHasher) {
        match self {
            Self::Crc32 => hasher.crc32 = Some(Crc32::new()),
            Self::Crc32c => hasher.crc32c = Some(Crc32c::new()),
            Self::Crc64nvme => hasher.crc64nvme = Some(Crc64Nvme::new()),
            Self::Sha1 => hasher.sha1 = Some(Sha1::new()),
            Self::Sha256 => hasher.sha256 = Some(Sha256::new()),
        }
    }
}

/// What was computed, or given, as it is stored.
pub(crate) fn stored(checksum: Checksum) -> Checksums {
    Checksums {
        crc32: checksum.checksum_crc32,
        crc32c: checksum.checksum_crc32c,
        crc64nvme: checksum.checksum_crc64nvme,
        sha1: checksum.checksum_sha1,
        sha256: checksum.checksum_sha256,
        composite: false,
    }
}

/// Whether every checksum that is given equals the one that there is. The number of parts that AWS
/// appends to a composite checksum may be left away.
pub(crate) fn agree(given: &Checksums, present: &Checksums) -> bool {
    let plain = |text: &String| {
        text.split_once('-')
            .map_or_else(|| text.clone(), |(sum, _parts)| sum.to_owned())
    };
    Algorithm::ALL.into_iter().all(|one| match one.of(given) {
        Some(given) => one
            .of(present)
            .is_some_and(|present| plain(present) == plain(given)),
        None => true,
    })
}

/// The checksum of an object from those of its parts and their sizes. `None`: a part has none.
pub(crate) fn of_parts<'p>(
    announced: Announced,
    parts: impl Iterator<Item = (&'p Checksums, u64)>,
) -> Option<Checksums> {
    let Announced {
        algorithm,
        composite,
    } = announced;
    let mut raw = Vec::new();
    for (checksums, size) in parts {
        raw.push((STANDARD.decode(algorithm.of(checksums)?).ok()?, size));
    }
    let value = if composite {
        let mut hasher = ChecksumHasher::default();
        algorithm.enable(&mut hasher);
        for (sum, _) in &raw {
            hasher.update(sum);
        }
        let sum = stored(hasher.finalize());
        format!("{}-{}", algorithm.of(&sum)?, raw.len())
    } else {
        let (crc, width) = algorithm.crc()?;
        let mut whole = None;
        for (sum, size) in raw {
            let sum = number(&sum, width)?;
            whole = Some(whole.map_or(sum, |before| checksum_combine(crc, before, sum, size)));
        }
        STANDARD.encode(whole?.to_be_bytes().get(8 - width..)?)
    };
    let mut checksums = Checksums {
        composite,
        ..Checksums::default()
    };
    *algorithm.slot(&mut checksums) = Some(value);
    Some(checksums)
}

fn number(bytes: &[u8], width: usize) -> Option<u64> {
    (bytes.len() == width).then(|| {
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_bytes(algorithm: Algorithm, bytes: &[u8]) -> Checksums {
        let mut hasher = ChecksumHasher::default();
        algorithm.enable(&mut hasher);
        hasher.update(bytes);
        stored(hasher.finalize())
    }

    proptest! {
        #[test]
        fn a_crc_of_all_bytes_comes_from_those_of_the_parts(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..5),
        ) {
            for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64nvme] {
                let sums: Vec<_> = parts.iter().map(|part| of_bytes(algorithm, part)).collect();
                let announced = Announced { algorithm, composite: false };
                let sizes = parts.iter().map(|part| part.len() as u64);
                let whole = of_parts(announced, sums.iter().zip(sizes));
                prop_assert_eq!(whole, Some(of_bytes(algorithm, &parts.concat())));
            }
        }
    }

    #[test]
    fn a_composite_checksum_names_the_number_of_parts() {
        let parts = [
            of_bytes(Algorithm::Sha256, b"one"),
            of_bytes(Algorithm::Sha256, b"two"),
        ];
        let announced = Announced {
            algorithm: Algorithm::Sha256,
            composite: true,
        };
        let whole = of_parts(announced, parts.iter().map(|part| (part, 3))).unwrap();
        // Python: base64(sha256(sha256(b"one") + sha256(b"two")))
        assert_eq!(
            whole.sha256.as_deref(),
            Some("EZFMGaKKmMV9EvPM5sMreUR4T0tHgacGwk6x3ChOKFY=-2")
        );
        assert!(whole.composite);
    }

    #[test]
    fn a_part_without_its_checksum_makes_no_whole() {
        let parts = [of_bytes(Algorithm::Crc32, b"one"), Checksums::default()];
        let announced = Announced {
            algorithm: Algorithm::Crc32,
            composite: false,
        };
        assert_eq!(
            of_parts(announced, parts.iter().map(|part| (part, 3))),
            None
        );
    }
}
