//! What scripts do with the files of a workspace: a bucket under another name, with the same storage services behind it.

mod listing;
pub mod reserved;

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use hcp::{CompleteOptions, Conditions, Demands, ErrorKind, PutOptions, S3};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, PartNumber, UploadId,
    endpoint::encode,
    multipart::{CompletedPart, PartToSign},
    object::{Deletion, ListObjectsQuery},
    presign::{MAX_EXPIRES_IN, MAX_PRESIGN_KEYS},
    workspace::{
        ClientMethod, Done, FilePath, FinishUpload, GenerateUrl, GetFile, Lives, MAX_PARTS,
        MIN_EXPIRES_IN, PathFault, Paths, PutFile, SentPart, SignedPart, StartUpload,
        StartedUpload, StoredUpload, Urls, quoted,
    },
};

use super::{
    deletion,
    expiry::{self, completing},
    multipart, protection,
    reach::{self, Address},
    signing::put_urls,
    stream::content_type_of,
};
use crate::{
    Error, audit,
    db::{expiries::BY_HEADER, uploads::UploadRecord},
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// The workspace of a call, and who makes it.
pub struct Workspace<'a> {
    /// The server.
    pub state: &'a AppState,
    /// Who.
    pub session: &'a Session,
    /// By which address.
    pub host: &'a RequestHost,
    /// The workspace.
    pub bucket: BucketName,
}

/// A bad argument.
pub fn argument(name: &str, why: impl std::fmt::Display) -> Error {
    Error::bad_request(ErrorCode::InvalidArgument, format!("{name}: {why}"))
}

/// A path, of which nothing is resolved.
///
/// # Errors
/// 400.
pub fn path<'p>(name: &str, text: &'p str) -> Result<FilePath<'p>, Error> {
    FilePath::parse(text).map_err(|fault| argument(name, fault))
}

/// For how many seconds a URL of this API is good, whatever it is for.
const LIFE: RangeInclusive<u64> = MIN_EXPIRES_IN..=MAX_EXPIRES_IN;

/// A number within its bounds.
fn within(name: &str, given: u64, bounds: RangeInclusive<u64>) -> Result<u64, Error> {
    if bounds.contains(&given) {
        return Ok(given);
    }
    let (least, most) = (bounds.start(), bounds.end());
    Err(argument(name, format!("between {least} and {most}")))
}

fn lives(ttl: Option<u64>) -> Result<Option<u64>, Error> {
    let bounds = 1..=model::expiry::LONGEST_LIFE;
    ttl.map(|ttl| within("ttl", ttl, bounds)).transpose()
}

/// That nothing has a path.
pub fn nothing(path: &str) -> Error {
    Error::Refused {
        status: StatusCode::NOT_FOUND,
        code: ErrorCode::ObjectNotFound,
        detail: format!("Nothing has the path '{path}'."),
    }
}

/// Who began uploads, as a digest.
fn uploader(state: &AppState, session: &Session) -> String {
    state.tokens().owner(&session.claims.credentials)
}

/// The bucket of an upload that the same person began; `None` where there is none.
///
/// # Errors
/// What is kept cannot be read.
pub async fn bucket_of_upload(
    state: &AppState,
    session: &Session,
    id: &str,
) -> Result<Option<String>, Error> {
    let owner = uploader(state, session);
    let record = state.uploads().find(&owner, id, state.now()).await?;
    Ok(record.map(|record| record.bucket))
}

impl Workspace<'_> {
    /// The store's client of the caller.
    ///
    /// # Errors
    /// As of [`Session::s3`].
    pub fn s3(&self) -> Result<S3, Error> {
        self.session.s3(self.state)
    }

    /// The key of a file.
    ///
    /// # Errors
    /// 400.
    pub fn key(&self, name: &str, text: &str) -> Result<ObjectKey, Error> {
        let file = path(name, text)?.file().map_err(|fault| match fault {
            PathFault::Segment => argument(name, "a file's path does not end with a slash"),
            other => argument(name, other),
        })?;
        extract::key(file, reach::max_key_bytes(self.state))
    }

    fn signer(
        &self,
        use_proxy: Option<bool>,
        use_local_url: bool,
    ) -> Result<hcp::Presigner, Error> {
        let address = Address::asked(self.state.config(), use_proxy, use_local_url);
        reach::presigner(self.state, self.session, self.host, address)
    }

    /// URLs for storing.
    ///
    /// # Errors
    /// 400 for what cannot be; 501 for who cannot sign.
    pub async fn put_urls(&self, asked: &PutFile) -> Result<Urls, Error> {
        let life = within("expires_in", asked.expires_in, LIFE)?;
        let paths = self.keys(&asked.file_path)?;
        let ttls = ttls(asked.ttl.as_ref(), &asked.file_path)?;
        // First, since an account that cannot sign must leave no ends behind.
        let signer = self.signer(asked.use_proxy, asked.use_local_url)?;
        let of_path = paths.iter().zip(&ttls);
        let without: Vec<_> = of_path
            .filter(|(_, ttl)| ttl.is_none())
            .map(|((_, key), _)| key.clone())
            .collect();
        let (state, session) = (self.state, self.session);
        let demands = Demands::default();
        let of = (state, session);
        let made = put_urls(of, &signer, &self.bucket, &without, life, demands).await?;
        let mut made = made.into_iter();
        let mut urls = Vec::with_capacity(paths.len());
        for ((path, key), ttl) in paths.into_iter().zip(ttls) {
            let url = match ttl {
                Some(ttl) => self.put_url_until(asked, &key, life, ttl).await?,
                None => made.next().unwrap_or_default(),
            };
            urls.push((path.to_owned(), url));
        }
        Ok(as_asked(&asked.file_path, urls))
    }

    /// A URL for storing a file that ends.
    async fn put_url_until(
        &self,
        asked: &PutFile,
        key: &ObjectKey,
        life: u64,
        ttl: u64,
    ) -> Result<String, Error> {
        let (state, bucket) = (self.state, &self.bucket);
        let coming = expiry::to_come(state, self.session, (bucket, key), ttl).await?;
        // Signed at once, since each URL's life is from its own signing, and no longer than the file's.
        let left = coming.ends.unix_seconds() - state.now().unix_seconds();
        let left = u64::try_from(left).unwrap_or_default().clamp(1, life);
        let left = Duration::from_secs(left);
        let signer = self.signer(asked.use_proxy, asked.use_local_url)?;
        Ok(match coming.by {
            Some(by) => signer.put_object_with(bucket, key, left, (BY_HEADER, &by)),
            None => signer.put_object(bucket, key, left, Demands::default()),
        })
    }

    /// URLs for reading. Whether the files are there is not looked at.
    ///
    /// # Errors
    /// As of [`Self::put_urls`].
    pub fn get_urls(&self, asked: &GetFile) -> Result<Urls, Error> {
        let life = within("expires_in", asked.expires_in, LIFE)?;
        let signer = self.signer(asked.use_proxy, asked.use_local_url)?;
        let paths = self.keys(&asked.file_path)?;
        let life = Duration::from_secs(life);
        let sign = |(path, key): (&str, ObjectKey)| {
            let url = signer.get_object(&self.bucket, &key, life, None, None);
            (path.to_owned(), url)
        };
        let urls = paths.into_iter().map(sign).collect();
        Ok(as_asked(&asked.file_path, urls))
    }

    /// A URL for one of three things.
    ///
    /// # Errors
    /// As of [`Self::put_urls`].
    pub async fn any_url(&self, asked: &GenerateUrl) -> Result<String, Error> {
        let life = within("expiration", asked.expiration, LIFE)?;
        let signer = self.signer(None, false)?;
        let key = self.key("path", &asked.path)?;
        let bucket = &self.bucket;
        let seconds = life;
        let life = Duration::from_secs(life);
        Ok(match asked.client_method {
            ClientMethod::GetObject => signer.get_object(bucket, &key, life, None, None),
            ClientMethod::PutObject => {
                let (of, keys) = ((self.state, self.session), std::slice::from_ref(&key));
                let demands = Demands::default();
                let made = put_urls(of, &signer, bucket, keys, seconds, demands).await?;
                made.into_iter().collect()
            }
            ClientMethod::DeleteObject => signer.delete_object(bucket, &key, life),
        })
    }

    fn keys<'p>(&self, paths: &'p Paths) -> Result<Vec<(&'p str, ObjectKey)>, Error> {
        let all = match paths {
            Paths::One(one) => std::slice::from_ref(one),
            Paths::Many(many) => many.as_slice(),
        };
        if all.is_empty() || all.len() > MAX_PRESIGN_KEYS {
            let why = format!("between 1 and {MAX_PRESIGN_KEYS} paths");
            return Err(argument("file_path", why));
        }
        let each = all
            .iter()
            .map(|path| Ok((path.as_str(), self.key("file_path", path)?)));
        each.collect()
    }

    /// Begins an upload, and signs each of its parts.
    ///
    /// # Errors
    /// 400 for what cannot be; 501 for who cannot sign; the store's.
    pub async fn start_upload(&self, asked: &StartUpload) -> Result<StartedUpload, Error> {
        let key = self.key("file_path", &asked.file_path)?;
        extract::key_in_parts(&key)?;
        within(
            "part_count",
            u64::from(asked.part_count),
            1..=u64::from(MAX_PARTS),
        )?;
        let life = within("expires_in", asked.expires_in, LIFE)?;
        let ttl = lives(asked.ttl)?;
        // The signer first: an account that cannot sign must not leave an upload behind.
        let signer = self.signer(None, false)?;
        let options = PutOptions {
            content_type: content_type_of(&key),
            ..PutOptions::default()
        };
        let s3 = self.s3()?;
        let id = multipart::begin(&s3, &self.bucket, &key, options).await?;
        let record = UploadRecord {
            bucket: self.bucket.to_string(),
            key: key.to_string(),
            ttl,
        };
        let (state, owner) = (self.state, uploader(self.state, self.session));
        let kept = state
            .uploads()
            .insert(&owner, id.as_str(), &record, state.now());
        if let Err(unknown) = kept.await {
            // Nobody could complete it.
            if let Err(error) = s3.abort_upload(&self.bucket, &key, &id).await {
                tracing::warn!(bucket = %self.bucket, %error, "an upload that is not remembered could not be aborted");
            }
            return Err(unknown);
        }
        let numbers = (1..=asked.part_count).filter_map(|number| PartNumber::new(number).ok());
        let wanted = numbers.map(|part_number| PartToSign {
            part_number,
            checksum: None,
        });
        let parts = multipart::part_urls(&signer, (&self.bucket, &key), &id, wanted, life);
        let named = parts.into_iter().map(|part| SignedPart {
            part_number: part.part_number,
            url: part.url,
        });
        Ok(StartedUpload {
            parts: named.collect(),
            upload_id: id.to_string(),
        })
    }

    /// Completes an upload that the same person began in this workspace.
    ///
    /// # Errors
    /// 404 for an upload that is not known; 400 for parts that the store has not; the store's. The upload stays.
    pub async fn finish_upload(&self, asked: &FinishUpload) -> Result<StoredUpload, Error> {
        let unknown = || Error::Refused {
            status: StatusCode::NOT_FOUND,
            code: ErrorCode::UploadNotFound,
            detail: "No upload of yours in this workspace has this upload_id.".to_owned(),
        };
        let id = UploadId::parse(asked.upload_id.as_str())
            .map_err(|fault| argument("upload_id", fault))?;
        let (state, owner) = (self.state, uploader(self.state, self.session));
        let record = state
            .uploads()
            .find(&owner, id.as_str(), state.now())
            .await?
            .filter(|record| record.bucket == self.bucket.as_str())
            .ok_or_else(unknown)?;
        audit::note_key(&record.key);
        let key = ObjectKey::parse(record.key).map_err(Error::internal)?;
        let s3 = self.s3()?;
        let parts = in_order(&asked.parts)?;
        let of = (&self.bucket, &key);
        let note = match record.ttl {
            Some(ttl) => completing::about_to(state, self.session, of, ttl, &parts).await?,
            None => None,
        };
        let options = CompleteOptions::default();
        let done = Box::pin(multipart::complete(
            &s3,
            &self.bucket,
            &key,
            &id,
            &parts,
            options,
        ));
        let stored = match done.await {
            Ok(stored) => stored,
            Err(error) => {
                completing::refused(state, note, &error).await;
                return Err(error);
            }
        };
        let etag = stored.etag.unwrap_or_default();
        match record.ttl {
            Some(ttl) => completing::done(state, self.session, of, ttl, &etag, note).await?,
            None => expiry::cleared(state, self.session, &self.bucket, &key).await,
        }
        // It is stored: what is left of its notes goes by itself.
        if let Err(error) = state.uploads().remove(&owner, id.as_str()).await {
            tracing::warn!(%error, "a completed upload is still remembered");
        }
        let path: Vec<_> = key.as_str().split('/').map(encode).collect();
        Ok(StoredUpload {
            success: true,
            message: format!("Stored '{key}'."),
            etag,
            location: format!("/{}/files/{}", self.bucket, path.join("/")),
        })
    }

    /// Removes one file.
    ///
    /// # Errors
    /// 404 where nothing was there; the store's.
    pub async fn remove_one(&self, key: &ObjectKey) -> Result<Done, Error> {
        let s3 = self.s3()?;
        if !self.is_there(&s3, key).await? {
            return Err(nothing(key.as_str()));
        }
        protection::delete(self.state, &s3, &self.bucket, key, None).await?;
        Ok(Done {
            success: true,
            message: format!("Removed '{key}'."),
        })
    }

    /// Removes everything below a prefix, and the file of the same name where `with` has one.
    ///
    /// # Errors
    /// 404 where nothing was there; 409 where some of it is kept; the store's.
    pub async fn remove_below(
        &self,
        prefix: &str,
        with: Option<&ObjectKey>,
    ) -> Result<Done, Error> {
        if prefix.is_empty() {
            let why = "a whole workspace is not removed by one call";
            return Err(argument("path", why));
        }
        let s3 = self.s3()?;
        if !self.has_below(&s3, prefix, false).await? {
            return Err(nothing(prefix));
        }
        let deletion = Deletion {
            keys: with.map(ToString::to_string).into_iter().collect(),
            prefix: Some(prefix.to_owned()),
            ..Deletion::default()
        };
        let report = deletion::delete(&s3, &self.bucket, deletion, self.state.now()).await?;
        audit::note_failures(report.errors.len());
        let removed = report.deleted_count;
        if let Some(first) = report.errors.first() {
            return Err(Error::Refused {
                status: StatusCode::CONFLICT,
                code: ErrorCode::Conflict,
                detail: format!(
                    "{removed} files are removed; the store kept {}, such as '{}'.",
                    report.errors.len(),
                    first.key
                ),
            });
        }
        Ok(Done {
            success: true,
            message: format!("Removed '{prefix}' ({removed} files)."),
        })
    }

    /// Removes a file, or a folder with or without a slash behind it; that nothing was there is an answer.
    ///
    /// # Errors
    /// As of [`Self::remove_below`], but 404.
    pub async fn remove(&self, text: &str) -> Result<Done, Error> {
        let path = path("path", text)?;
        let done = match path {
            FilePath::Folder(prefix) => self.remove_below(prefix, None).await,
            FilePath::File(_) => {
                let (s3, key, prefix) = (self.s3()?, self.key("path", text)?, path.prefix());
                if self.has_below(&s3, &prefix, false).await? {
                    // What is not there would get a delete marker.
                    let with = self.is_there(&s3, &key).await?.then_some(&key);
                    self.remove_below(&prefix, with).await
                } else {
                    self.remove_one(&key).await
                }
            }
        };
        match done {
            Err(Error::Refused {
                code: ErrorCode::ObjectNotFound,
                detail,
                ..
            }) => Ok(Done {
                success: false,
                message: detail,
            }),
            other => other,
        }
    }

    async fn is_there(&self, s3: &S3, key: &ObjectKey) -> Result<bool, Error> {
        let conditions = Conditions::default();
        match s3.head_object(&self.bucket, key, None, &conditions).await {
            Ok(_there) => Ok(true),
            Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => {
                // An answer without a body does not tell which of them is missing.
                s3.head_bucket(&self.bucket).await?;
                Ok(false)
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Whether there is anything below a prefix; with `beside_marker`, anything but the mark of the folder itself.
    pub async fn has_below(
        &self,
        s3: &S3,
        prefix: &str,
        beside_marker: bool,
    ) -> Result<bool, Error> {
        let query = ListObjectsQuery {
            prefix: Some(prefix.to_owned()),
            max_keys: Some(2),
            ..ListObjectsQuery::default()
        };
        let page = s3.list_objects(&self.bucket, &query).await?;
        let mut keys = page.objects.iter().map(|object| object.key.as_str());
        Ok(keys.any(|key| !beside_marker || key != prefix))
    }
}

/// The parts as the store wants them.
fn in_order(sent: &[SentPart]) -> Result<Vec<CompletedPart>, Error> {
    let parts: BTreeMap<_, _> = sent
        .iter()
        .map(|part| (part.part_number, quoted(&part.etag)))
        .collect();
    if parts.len() != sent.len() {
        return Err(argument("parts", "a part is named twice"));
    }
    let parts = parts.into_iter().map(|(part_number, etag)| CompletedPart {
        part_number,
        etag,
        checksum_crc32c: None,
    });
    Ok(parts.collect())
}

/// The life of each of the paths.
fn ttls(ttl: Option<&Lives>, paths: &Paths) -> Result<Vec<Option<u64>>, Error> {
    let count = match paths {
        Paths::One(_) => 1,
        Paths::Many(many) => many.len(),
    };
    let all = match (ttl, paths) {
        (None, _) => vec![None; count],
        (Some(Lives::One(ttl)), _) => vec![Some(*ttl); count],
        (Some(Lives::Many(many)), Paths::Many(_)) if many.len() == count => many.clone(),
        (Some(Lives::Many(_)), _) => {
            let why = "a list has as many as the list of paths";
            return Err(argument("ttl", why));
        }
    };
    all.into_iter().map(lives).collect()
}

/// One URL for one path, a map for a list.
fn as_asked(asked: &Paths, mut signed: Vec<(String, String)>) -> Urls {
    if let (Paths::One(_), 1) = (asked, signed.len())
        && let Some((_, url)) = signed.pop()
    {
        return Urls::One(url);
    }
    Urls::Many(signed.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_go_with_paths() {
        let many = |count: usize| Paths::Many(vec!["a".to_owned(); count]);
        let one = Paths::One("a".to_owned());
        assert_eq!(ttls(None, &many(2)).unwrap(), [None, None]);
        assert_eq!(
            ttls(Some(&Lives::One(5)), &many(2)).unwrap(),
            [Some(5), Some(5)]
        );
        let list = Lives::Many(vec![Some(5), None]);
        assert_eq!(ttls(Some(&list), &many(2)).unwrap(), [Some(5), None]);
        assert!(ttls(Some(&list), &many(3)).is_err());
        assert!(ttls(Some(&list), &one).is_err());
        assert!(ttls(Some(&Lives::One(0)), &one).is_err());
    }

    #[test]
    fn parts_are_put_in_order_and_tags_in_quotes() {
        let part = |number: u32, etag: &str| SentPart {
            part_number: PartNumber::new(number).unwrap(),
            etag: etag.to_owned(),
        };
        let parts = in_order(&[part(2, "\"b\""), part(1, "a")]).unwrap();
        let each: Vec<_> = parts
            .iter()
            .map(|part| (part.part_number.get(), part.etag.as_str()))
            .collect();
        assert_eq!(each, [(1, "\"a\""), (2, "\"b\"")]);
        assert!(in_order(&[part(1, "a"), part(1, "b")]).is_err());
    }
}
