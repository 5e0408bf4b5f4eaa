//! `hako rm`.

use clap::Args;
use model::{
    BucketName,
    object::{DeleteObject, DeleteObjects, Deletion},
};
use serde::Serialize;

use crate::{
    Error,
    client::{Client, Options},
    place::Place,
};

/// What one call deletes at most.
const AT_ONCE: usize = 1_000;

/// Deletes files.
#[derive(Args, Debug)]
pub struct Rm {
    /// What goes, as `bucket/key`; one that is not there is fine.
    #[arg(required = true)]
    places: Vec<Place>,
    /// Delete everything in these folders.
    #[arg(long, short)]
    recursive: bool,
    /// Take a bucket without a folder for all that is in it.
    #[arg(long, requires = "recursive")]
    all: bool,
    /// Say what would go, and delete nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    options: Options,
}

/// A file that went, would go, or could not.
#[derive(Serialize)]
struct Removed<'a> {
    status: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// `hako rm`.
pub(crate) async fn run(rm: Rm) -> Result<(), Error> {
    for place in &rm.places {
        if rm.recursive && place.rest.is_empty() && !rm.all {
            return Err(Error::Usage(format!(
                "that is the whole bucket {}: say --all as well",
                place.bucket
            )));
        }
        if !rm.recursive {
            place.key()?;
        }
    }
    let client = Client::open(&rm.options).await?;
    let mut failed = 0;
    for place in &rm.places {
        if rm.recursive {
            failed += folder(&client, place, rm.dry_run).await?;
        } else if rm.dry_run {
            told(&client, "would_delete", &place.rest, None);
        } else {
            let call = DeleteObject {
                bucket: place.bucket.clone(),
                key: place.key()?,
                version_id: None,
            };
            match client.api.call(&call).await {
                Ok(_deleted) => told(&client, "deleted", &place.rest, None),
                Err(error) if error.concerns_all() => return Err(error),
                Err(error) => {
                    failed += 1;
                    told(&client, "failed", &place.rest, Some(&error.to_string()));
                }
            }
        }
    }
    left(failed)
}

/// Deletes everything in a folder, page by page, and says how many stayed.
async fn folder(client: &Client, place: &Place, dry_run: bool) -> Result<u64, Error> {
    let prefix = place.folder();
    let (mut failed, mut after) = (0, None);
    loop {
        let page = client.page(&place.bucket, &prefix, None, after).await?;
        let keys: Vec<String> = page.objects.into_iter().map(|object| object.key).collect();
        failed += delete(client, &place.bucket, &keys, dry_run).await?;
        after = page.next_continuation_token;
        if !page.is_truncated || after.is_none() {
            return Ok(failed);
        }
    }
}

/// Deletes keys, and says how many stayed.
pub(crate) async fn delete(
    client: &Client,
    bucket: &BucketName,
    keys: &[String],
    dry_run: bool,
) -> Result<u64, Error> {
    let mut failed = 0;
    for keys in keys.chunks(AT_ONCE) {
        if dry_run {
            for key in keys {
                told(client, "would_delete", key, None);
            }
            continue;
        }
        let call = DeleteObjects {
            bucket: bucket.clone(),
            body: Deletion {
                keys: keys.to_vec(),
                ..Deletion::default()
            },
        };
        let report = client.api.call(&call).await?;
        for key in &report.deleted {
            told(client, "deleted", key, None);
        }
        for error in &report.errors {
            failed += 1;
            let why = error.message.as_deref().or(error.code.as_deref());
            told(client, "failed", &error.key, why.or(Some("it was refused")));
        }
    }
    Ok(failed)
}

fn told(client: &Client, status: &str, key: &str, error: Option<&str>) {
    let value = Removed { status, key, error };
    match error {
        Some(error) => {
            client.output.note(&format!("{key}: {error}"));
            client.output.value(&value);
        }
        None => client
            .output
            .line(&format!("{} {key}", status.replace('_', " ")), &value),
    }
}

fn left(failed: u64) -> Result<(), Error> {
    match failed {
        0 => Ok(()),
        failed => Err(Error::Some(format!("{failed} could not be deleted"))),
    }
}
