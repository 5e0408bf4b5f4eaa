//! Sending files straight to the store.

mod parts;
mod whole;

use std::{
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use clap::Args;
use model::{BucketName, ObjectKey, object::ObjectDetails, upload::target_key};
use serde::Serialize;

use crate::{
    Error,
    client::{Client, Options},
    place::Place,
    report,
};

/// Stores a file.
#[derive(Args, Debug)]
pub struct PutFile {
    /// The file.
    file: PathBuf,
    /// Where it goes, as `bucket/key`; with a slash at its end, under the file's own name.
    place: Place,
    #[command(flatten)]
    options: Options,
}

/// A file of this machine, as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Bytes.
    pub(crate) size: u64,
    /// When it was last changed.
    pub(crate) modified: SystemTime,
}

impl Source {
    /// Looks at a file.
    pub(crate) fn at(path: &Path) -> Result<Self, Error> {
        let wrong = |error: io::Error| Error::local(path, &error);
        let metadata = std::fs::metadata(path).map_err(wrong)?;
        if !metadata.is_file() {
            let is = if metadata.is_dir() {
                "it is a folder: upload-all and sync take folders"
            } else {
                "it is no file"
            };
            return Err(wrong(io::Error::other(is)));
        }
        Ok(Self {
            path: path.to_owned(),
            size: metadata.len(),
            modified: metadata.modified().map_err(wrong)?,
        })
    }

    /// Says so where it is another one by now.
    fn unchanged(&self) -> Result<(), Error> {
        if Self::at(&self.path)? == *self {
            return Ok(());
        }
        let changed = io::Error::other("it was changed while it was sent");
        Err(Error::local(&self.path, &changed))
    }
}

/// A file that is stored.
#[derive(Debug, Serialize)]
pub(crate) struct Sent {
    /// What it is stored as.
    pub(crate) key: String,
    /// Bytes, as the store tells.
    pub(crate) size: u64,
    /// Its entity tag, as the store tells.
    pub(crate) etag: Option<String>,
    /// Bytes that were there from an earlier run.
    pub(crate) resumed: u64,
}

/// Sends a file; done once the store tells its size.
pub(crate) async fn send(
    client: &Client,
    source: &Source,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<Sent, Error> {
    client.output.expect(source.size);
    let resumed = if source.size >= client.settings.threshold && source.size > 0 {
        parts::send(client, source, bucket, key).await?
    } else {
        whole::send(client, source, bucket, key).await?;
        0
    };
    let ObjectDetails { size, etag, .. } = client.details(bucket, key).await?;
    source.unchanged()?;
    if size != source.size {
        return Err(Error::Local(format!(
            "{}: the store has {size} bytes of it, not {}",
            source.path.display(),
            source.size
        )));
    }
    Ok(Sent {
        key: key.to_string(),
        size,
        etag,
        resumed,
    })
}

/// The type of an object, by its name.
fn content_type(key: &ObjectKey) -> Option<String> {
    let found = mime_guess::from_path(key.file_name());
    found.first_raw().map(str::to_owned)
}

/// `hako put`.
pub(crate) async fn run(put: PutFile) -> Result<(), Error> {
    let source = Source::at(&put.file)?;
    let client = Client::open_to_move(&put.options).await?;
    let key = if put.place.is_folder() {
        let name = put.file.file_name().and_then(|name| name.to_str());
        let name = name
            .ok_or_else(|| Error::Usage(format!("{}: its name is no text", put.file.display())))?;
        let key = target_key(&put.place.rest, name, client.settings.max_key_bytes);
        key.map_err(|fault| Error::Usage(fault.to_string()))?
    } else {
        put.place.key()?
    };
    let sent = send(&client, &source, &put.place.bucket, &key).await?;
    let size = report::size(sent.size);
    client
        .output
        .line(&format!("uploaded {} ({size})", sent.key), &sent);
    Ok(())
}
