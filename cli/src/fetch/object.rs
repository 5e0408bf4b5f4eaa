//! One file: what was fetched of it before is kept beside it, and it gets its name when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use http::{HeaderMap, Request, Response, header};
use hyper::body::Incoming;
use md5::{Digest as _, Md5};
use model::upload::{ATTEMPTS, Failure, Origin};
use serde::Serialize;

use crate::{
    Error,
    api::patiently,
    digest,
    http::{Http, Left, bytes, piece, whole},
    report::Output,
};

/// Says that a store encrypts by a key of somebody's, so that the entity tag is no MD5.
const ENCRYPTED: [&str; 2] = [
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-customer-algorithm",
];

/// A file that was fetched.
#[derive(Debug, Serialize)]
pub(super) struct Fetched {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Bytes.
    pub(super) size: u64,
    /// Bytes that were there from an earlier run.
    pub(super) resumed: u64,
    /// By what the bytes were compared with the store's, where it tells.
    pub(super) checked: Option<&'static str>,
}

/// What an answer tells of an object.
struct Head {
    size: u64,
    etag: Option<String>,
    /// Its MD5 in hex, where the entity tag is one.
    md5: Option<String>,
}

impl Head {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let size = text(header::CONTENT_LENGTH)?.parse().ok()?;
        let etag = text(header::ETAG).map(str::to_owned);
        let plain = etag.as_deref().unwrap_or_default().trim_matches('"');
        let encrypted = ENCRYPTED.iter().any(|name| headers.contains_key(*name));
        let md5 = (digest::is_md5(plain) && !encrypted).then(|| plain.to_ascii_lowercase());
        Some(Self { size, etag, md5 })
    }
}

/// Fetches what `sign` gives the address of, which is asked anew for each try.
pub(super) async fn fetch(
    http: &Http,
    output: &Output,
    target: &Path,
    sign: impl AsyncFn() -> Result<String, Error>,
) -> Result<Fetched, Error> {
    let mut damaged = false;
    let mut resumed = None;
    patiently(ATTEMPTS, async || {
        let address = match sign().await {
            Ok(address) => address,
            Err(error) => return Ok(Err(error)),
        };
        let answer = asked(http, &address, None).await?;
        let head = Head::of(answer.headers());
        let head = head.ok_or_else(|| Failure::nonsense("the store tells no length"))?;
        let beside = beside(target, head.etag.as_deref());
        let kept = Part::open(&beside, &head);
        let mut part = match kept {
            Ok(part) => part,
            Err(error) => return Ok(Err(error)),
        };
        let before = *resumed.get_or_insert_with(|| {
            output.expect(head.size);
            output.moved(part.length);
            part.length
        });
        if let Some(error) = part.fill(http, output, &address, answer, &head).await? {
            return Ok(Err(error));
        }
        let checked = match &head.md5 {
            None => None,
            Some(md5) => match digest::etag(&beside, 0..head.size).await {
                Ok(own) if own == *md5 => Some("md5"),
                Ok(_other) => {
                    // What is beside is worth nothing.
                    let _ = fs::remove_file(&beside);
                    if damaged {
                        let what = "its bytes do not fit the checksum that the store tells";
                        return Ok(Err(Error::Local(format!("{}: {what}", target.display()))));
                    }
                    damaged = true;
                    return Err(broken("BadDigest"));
                }
                Err(error) => return Ok(Err(Error::local(&beside, &error))),
            },
        };
        let done = part
            .file
            .sync_all()
            .and_then(|()| fs::rename(&beside, target));
        Ok(match done {
            Ok(()) => Ok(Fetched {
                path: target.to_owned(),
                size: head.size,
                resumed: before,
                checked,
            }),
            Err(error) => Err(Error::local(target, &error)),
        })
    })
    .await?
}

/// What has begun to come of a file.
struct Part {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Part {
    /// Opens what is there of it; nothing is, where the store does not tell one content from another.
    fn open(path: &Path, head: &Head) -> Result<Self, Error> {
        let wrong = |error| Error::local(path, &error);
        if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            return Err(Error::Local(format!("{}: it is no file", path.display())));
        }
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        let file = file.map_err(wrong)?;
        if file.try_lock().is_err() {
            let what = "another hako is fetching it";
            return Err(Error::Local(format!("{}: {what}", path.display())));
        }
        let mut length = file.metadata().map_err(wrong)?.len();
        if length > head.size || head.etag.is_none() {
            file.set_len(0).map_err(wrong)?;
            length = 0;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
        })
    }

    /// Adds what is missing: from `answer`, or where something is there, from one for the rest.
    async fn fill(
        &mut self,
        http: &Http,
        output: &Output,
        address: &str,
        answer: Response<Incoming>,
        head: &Head,
    ) -> Result<Option<Error>, Failure> {
        if self.length == head.size {
            return Ok(None);
        }
        let mut body = if self.length == 0 {
            answer.into_body()
        } else {
            drop(answer);
            let rest = asked(http, address, Some((self.length, head))).await?;
            let range = format!("bytes {}-{}/{}", self.length, head.size - 1, head.size);
            let told = rest.headers().get(header::CONTENT_RANGE);
            if told.is_none_or(|told| told.as_bytes() != range.as_bytes()) {
                // It gives the whole, or another part: from the beginning then.
                if let Err(error) = self.file.set_len(0) {
                    return Ok(Some(Error::local(&self.path, &error)));
                }
                return Err(broken("IncompleteBody"));
            }
            rest.into_body()
        };
        if let Err(error) = self.file.seek(SeekFrom::Start(self.length)) {
            return Ok(Some(Error::local(&self.path, &error)));
        }
        while let Some(piece) = piece(&mut body).await? {
            if let Err(error) = self.file.write_all(&piece) {
                return Ok(Some(Error::local(&self.path, &error)));
            }
            self.length += piece.len() as u64;
            output.moved(piece.len() as u64);
        }
        if self.length == head.size {
            Ok(None)
        } else {
            Err(Failure::network())
        }
    }
}

/// The bytes did not come as they are at the store.
fn broken(code: &str) -> Failure {
    Failure {
        origin: Origin::Store {
            status: 200,
            code: code.to_owned(),
        },
        detail: String::new(),
        retry_after_ms: None,
    }
}

/// The file beside a target that holds what came of this content.
fn beside(target: &Path, etag: Option<&str>) -> PathBuf {
    let mut sum = Md5::new();
    sum.update(target.file_name().unwrap_or_default().as_encoded_bytes());
    sum.update([0]);
    sum.update(etag.unwrap_or_default());
    target.with_file_name(format!(".hako-{}.part", digest::hex(&sum.finalize())))
}

/// Asks for an object, or for its rest where it is the same still.
async fn asked(
    http: &Http,
    address: &str,
    rest: Option<(u64, &Head)>,
) -> Result<Response<Incoming>, Failure> {
    let mut request = Request::get(address);
    if let Some((from, head)) = rest {
        request = request.header(header::RANGE, format!("bytes={from}-"));
        if let Some(etag) = &head.etag {
            request = request.header(header::IF_MATCH, etag);
        }
    }
    let request = request.body(bytes(""));
    let request = request.map_err(|_no_address| Failure::nonsense("the address cannot be read"))?;
    let answer = http.send(request, &Left::default()).await?;
    match answer.status().as_u16() {
        200 | 206 => Ok(answer),
        // It has changed since it was looked at: once more.
        412 if rest.is_some() => Err(broken("IncompleteBody")),
        _ => Err(whole(answer).await?.refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beside_belongs_to_one_content_of_one_file() {
        let of = |name: &str, etag| beside(&Path::new("a").join(name), etag);
        assert_eq!(of("x", Some("1")), of("x", Some("1")));
        assert_ne!(of("x", Some("1")), of("x", Some("2")));
        assert_ne!(of("x", Some("1")), of("y", Some("1")));
        let long = of(&"x".repeat(255), None);
        assert!(long.starts_with("a") && long.file_name().unwrap().len() < 64);
    }

    #[test]
    fn an_entity_tag_is_compared_where_it_is_an_md5() {
        let head = |etag: &str, encrypted: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, "3".parse().unwrap());
            headers.insert(header::ETAG, etag.parse().unwrap());
            if encrypted {
                headers.insert(ENCRYPTED[0], "aws:kms".parse().unwrap());
            }
            Head::of(&headers).unwrap().md5
        };
        let md5 = "\"900150983cd24fb0d6963f7d28e17f72\"";
        assert_eq!(head(md5, false).unwrap(), md5.trim_matches('"'));
        assert_eq!(head(md5, true), None);
        assert_eq!(head("\"900150983cd24fb0d6963f7d28e17f72-2\"", false), None);
    }
}
