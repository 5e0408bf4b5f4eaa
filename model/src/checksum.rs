//! Checksums that an upload carries, so that the store refuses bytes that were damaged on the way.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// A checksum that stores compare with the bytes that arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ChecksumAlgorithm {
    /// CRC-32C (Castagnoli), in `x-amz-checksum-crc32c`: S3 as it is today.
    #[serde(rename = "CRC32C")]
    Crc32c,
    /// MD5, in `Content-MD5` (RFC 1864): what every store compares, HCP among them.
    #[serde(rename = "MD5")]
    Md5,
}

impl ChecksumAlgorithm {
    /// The word in documents and queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32c => "CRC32C",
            Self::Md5 => "MD5",
        }
    }

    /// The header that carries it.
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Md5 => "Content-MD5",
        }
    }

    /// How many bytes it has.
    pub fn length(self) -> usize {
        match self {
            Self::Crc32c => 4,
            Self::Md5 => 16,
        }
    }
}

impl fmt::Display for ChecksumAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Says why a text is not a [`PartChecksum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a checksum by {algorithm} is {} bytes in Base64", algorithm.length())]
pub struct InvalidChecksum {
    /// By which algorithm it was to be.
    pub algorithm: ChecksumAlgorithm,
}

/// The checksum of one request's bytes, as the store wants it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Unchecked")]
pub struct PartChecksum {
    algorithm: ChecksumAlgorithm,
    /// In Base64: 4 bytes of CRC-32C, most significant first, or 16 of MD5.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 8, max_length = 24, pattern = "^[A-Za-z0-9+/]+={0,2}$")
    )]
    value: String,
}

#[derive(Deserialize)]
struct Unchecked {
    algorithm: ChecksumAlgorithm,
    value: String,
}

impl TryFrom<Unchecked> for PartChecksum {
    type Error = InvalidChecksum;

    fn try_from(given: Unchecked) -> Result<Self, InvalidChecksum> {
        Self::new(given.algorithm, given.value)
    }
}

impl PartChecksum {
    /// Checks that `value` is Base64 of as many bytes as `algorithm` gives.
    pub fn new(
        algorithm: ChecksumAlgorithm,
        value: impl Into<String>,
    ) -> Result<Self, InvalidChecksum> {
        let value = value.into();
        let bytes = STANDARD.decode(&value).unwrap_or_default();
        if bytes.len() == algorithm.length() {
            Ok(Self { algorithm, value })
        } else {
            Err(InvalidChecksum { algorithm })
        }
    }

    /// The CRC-32C of some bytes.
    pub fn crc32c(sum: u32) -> Self {
        Self {
            algorithm: ChecksumAlgorithm::Crc32c,
            value: STANDARD.encode(sum.to_be_bytes()),
        }
    }

    /// The MD5 of some bytes.
    pub fn md5(digest: [u8; 16]) -> Self {
        Self {
            algorithm: ChecksumAlgorithm::Md5,
            value: STANDARD.encode(digest),
        }
    }

    /// By which algorithm it is.
    pub fn algorithm(&self) -> ChecksumAlgorithm {
        self.algorithm
    }

    /// The checksum in Base64.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The header that carries it, and its value.
    pub fn header(&self) -> (&'static str, &str) {
        (self.algorithm.header(), &self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_read_as_it_is_written() {
        // The check value of CRC-32C, over "123456789".
        let crc = PartChecksum::crc32c(0xe306_9283);
        let json = r#"{"algorithm":"CRC32C","value":"4waSgw=="}"#;
        assert_eq!(serde_json::to_string(&crc).unwrap(), json);
        assert_eq!(serde_json::from_str::<PartChecksum>(json).unwrap(), crc);
        assert_eq!(crc.header(), ("x-amz-checksum-crc32c", "4waSgw=="));

        let empty = PartChecksum::md5(0xd41d_8cd9_8f00_b204_e980_0998_ecf8_427e_u128.to_be_bytes());
        assert_eq!(empty.header(), ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="));
        let parsed = PartChecksum::new(ChecksumAlgorithm::Md5, "1B2M2Y8AsgTpgAmY7PhCfg==");
        assert_eq!(parsed, Ok(empty));
    }

    #[test]
    fn a_text_of_another_length_or_alphabet_is_none() {
        let md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
        let bad = [
            (ChecksumAlgorithm::Crc32c, md5),
            (ChecksumAlgorithm::Md5, "4waSgw=="),
            (ChecksumAlgorithm::Crc32c, ""),
            (ChecksumAlgorithm::Crc32c, "4waSgw"),
            (ChecksumAlgorithm::Crc32c, "4waSg\r\n=="),
            (ChecksumAlgorithm::Crc32c, "e3069283"),
            (ChecksumAlgorithm::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
        ];
        for (algorithm, value) in bad {
            let refused = PartChecksum::new(algorithm, value);
            assert_eq!(refused, Err(InvalidChecksum { algorithm }), "{value:?}");
        }
        let json = r#"{"algorithm":"MD5","value":"4waSgw=="}"#;
        let refused = serde_json::from_str::<PartChecksum>(json).unwrap_err();
        assert!(refused.to_string().contains("16 bytes"), "{refused}");
        let unknown = r#"{"algorithm":"SHA1","value":"4waSgw=="}"#;
        assert!(serde_json::from_str::<PartChecksum>(unknown).is_err());
    }
}
