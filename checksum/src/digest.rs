//! The algorithms, fed piece by piece.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use md5::Md5;
use sha2::{Digest as _, Sha256};

/// A checksum on its way.
pub(crate) enum Digester {
    Crc32c(u32),
    Md5(Md5),
    Sha256(Sha256),
}

impl Digester {
    /// Begins the algorithm of that name.
    pub(crate) fn new(algorithm: &str) -> Option<Self> {
        match algorithm {
            "CRC32C" => Some(Self::Crc32c(0)),
            "MD5" => Some(Self::Md5(Md5::new())),
            "SHA256" => Some(Self::Sha256(Sha256::new())),
            _ => None,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32c(crc) => *crc = crc32c::crc32c_append(*crc, bytes),
            Self::Md5(md5) => md5.update(bytes),
            Self::Sha256(sha256) => sha256.update(bytes),
        }
    }

    /// The checksum: of SHA-256 in lower-case hex, else in base64.
    pub(crate) fn finish(self) -> String {
        match self {
            // S3 has the four bytes of the number with the highest first.
            Self::Crc32c(crc) => BASE64_STANDARD.encode(crc.to_be_bytes()),
            Self::Md5(md5) => BASE64_STANDARD.encode(md5.finalize()),
            Self::Sha256(sha256) => hex(&sha256.finalize()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(algorithm: &str, pieces: &[&[u8]]) -> String {
        let mut digester = Digester::new(algorithm).unwrap();
        for piece in pieces {
            digester.update(piece);
        }
        digester.finish()
    }

    /// RFC 3720 B.4 for CRC32C, RFC 1321 A.5 for MD5, FIPS 180-2 B.1 for SHA-256.
    #[test]
    fn vectors_of_the_standards() {
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(of("CRC32C", &[&[0; 32]]), "ipE2qg==");
        assert_eq!(of("CRC32C", &[&[0xff; 32]]), "YqirQw==");
        assert_eq!(of("CRC32C", &[&ascending]), "Rt15Tg==");
        assert_eq!(of("CRC32C", &[]), "AAAAAA==");
        assert_eq!(of("MD5", &[b"abc"]), "kAFQmDzST7DWlj99KOF/cg==");
        assert_eq!(of("MD5", &[]), "1B2M2Y8AsgTpgAmY7PhCfg==");
        assert_eq!(
            of("SHA256", &[b"abc"]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn pieces_make_the_same_as_the_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_007).collect();
        let (a, rest) = bytes.split_at(1);
        let (b, c) = rest.split_at(4_096);
        for algorithm in ["CRC32C", "MD5", "SHA256"] {
            assert_eq!(
                of(algorithm, &[a, b, c]),
                of(algorithm, &[&bytes]),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "crc32c", "CRC32", "SHA-256"] {
            assert!(Digester::new(name).is_none(), "{name}");
        }
    }
}
