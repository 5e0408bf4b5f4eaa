//! Checksums of files, read where they lie.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::Path,
};

use md5::{Digest as _, Md5};
use model::{ChecksumAlgorithm, PartChecksum, upload::PartPlan};

/// What is read at once, in bytes.
const PIECE: usize = 1024 * 1024;

/// The checksum of some bytes of a file.
///
/// # Errors
/// Where they cannot be read, or the file has become shorter.
pub(crate) async fn checksum(
    path: &Path,
    range: Range<u64>,
    algorithm: ChecksumAlgorithm,
) -> io::Result<PartChecksum> {
    reading(path, move |file| match algorithm {
        ChecksumAlgorithm::Crc32c => {
            let mut sum = 0;
            pieces(file, range, |piece| sum = crc32c::crc32c_append(sum, piece))?;
            Ok(PartChecksum::crc32c(sum))
        }
        ChecksumAlgorithm::Md5 => Ok(PartChecksum::md5(md5(file, range)?)),
    })
    .await
}

/// The MD5 of some bytes of a file, as entity tags have it: in hex, without quotes.
pub(crate) async fn etag(path: &Path, range: Range<u64>) -> io::Result<String> {
    reading(path, move |file| Ok(hex(&md5(file, range)?))).await
}

/// The entity tag that a store gives a file that came in parts.
pub(crate) async fn etag_of_parts(path: &Path, plan: PartPlan) -> io::Result<String> {
    reading(path, move |file| {
        let mut whole = Md5::new();
        for (_number, range) in plan.parts() {
            whole.update(md5(file, range)?);
        }
        Ok(format!("{}-{}", hex(&whole.finalize()), plan.count()))
    })
    .await
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether an entity tag has the form of an MD5, and is thus one unless the store encrypts.
pub(crate) fn is_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

async fn reading<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&mut File) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let path = path.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&mut File::open(path)?)).await;
    done.map_err(io::Error::other)?
}

fn md5(file: &mut File, range: Range<u64>) -> io::Result<[u8; 16]> {
    let mut sum = Md5::new();
    pieces(file, range, |piece| sum.update(piece))?;
    Ok(sum.finalize().into())
}

fn pieces(file: &mut File, range: Range<u64>, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    file.seek(SeekFrom::Start(range.start))?;
    let mut left = range.end - range.start;
    let mut buffer = vec![0; PIECE];
    while left > 0 {
        let most = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let read = file.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "it has become shorter",
            ));
        }
        each(&buffer[..read]);
        left -= read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sums_are_those_that_stores_compute() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "..123456789").unwrap();
        let of = |algorithm| checksum(file.path(), 2..11, algorithm);
        let crc = of(ChecksumAlgorithm::Crc32c).await.unwrap();
        assert_eq!(crc.value(), "4waSgw==");
        let md5 = of(ChecksumAlgorithm::Md5).await.unwrap();
        assert_eq!(md5.value(), "JfnnlDI7RTiF9RgfG2JNCw==");
        let etag = etag(file.path(), 2..11).await.unwrap();
        assert_eq!(etag, "25f9e794323b453885f5181f1b624d0b");
        assert!(is_md5(&etag) && !is_md5(&format!("{etag}-1")));
        let short = checksum(file.path(), 2..12, ChecksumAlgorithm::Md5).await;
        assert_eq!(short.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
