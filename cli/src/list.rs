//! `hako ls`.

use clap::Args;
use model::{Timestamp, bucket::ListBuckets};
use serde::Serialize;

use crate::{
    Error,
    client::{Client, Options},
    place::Place,
    report,
};

/// Lists.
#[derive(Args, Debug)]
pub struct Ls {
    /// Where, as `bucket/folder/`; the buckets when absent. Without a slash at its end, what begins so.
    place: Option<Place>,
    /// List what is in folders too.
    #[arg(long, short)]
    recursive: bool,
    #[command(flatten)]
    options: Options,
}

/// A bucket.
#[derive(Serialize)]
struct Bucket<'a> {
    bucket: &'a str,
    created: Option<Timestamp>,
}

/// A folder.
#[derive(Serialize)]
struct Folder<'a> {
    folder: &'a str,
}

/// A file.
#[derive(Serialize)]
struct File<'a> {
    key: &'a str,
    size: u64,
    last_modified: Option<Timestamp>,
    etag: Option<&'a str>,
}

/// A time, as wide as every other.
fn time(at: Option<Timestamp>) -> String {
    let seconds = at.and_then(|at| Timestamp::from_unix_seconds(at.unix_seconds()));
    seconds.map_or_else(|| "-".to_owned(), |at| at.to_string())
}

/// `hako ls`.
pub(crate) async fn run(ls: Ls) -> Result<(), Error> {
    let client = Client::open(&ls.options).await?;
    let Some(place) = ls.place else {
        for bucket in client.api.call(&ListBuckets).await?.buckets {
            let created = bucket.creation_date;
            let value = Bucket {
                bucket: &bucket.name,
                created,
            };
            client
                .output
                .line(&format!("{:20}  {}", time(created), bucket.name), &value);
        }
        return Ok(());
    };
    let delimiter = (!ls.recursive).then_some("/");
    // Names are told from the folder on, as they stand in it.
    let from = match place.rest.rfind('/') {
        Some(slash) if delimiter.is_some() => slash + 1,
        _ => 0,
    };
    let mut after = None;
    loop {
        let page = client
            .page(&place.bucket, &place.rest, delimiter, after)
            .await?;
        for folder in &page.common_prefixes {
            let name = folder.get(from..).unwrap_or(folder);
            client.output.line(
                &format!("{:20}  {:>10}  {name}", "", ""),
                &Folder { folder },
            );
        }
        for object in &page.objects {
            let value = File {
                key: &object.key,
                size: object.size,
                last_modified: object.last_modified,
                etag: object.etag.as_deref(),
            };
            let name = object.key.get(from..).unwrap_or(&object.key);
            let (at, size) = (time(object.last_modified), report::size(object.size));
            client
                .output
                .line(&format!("{at:20}  {size:>10}  {name}"), &value);
        }
        after = page.next_continuation_token;
        if !page.is_truncated || after.is_none() {
            return Ok(());
        }
    }
}
