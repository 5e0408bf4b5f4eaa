//! Fetching files straight from the store.

mod local;
mod object;

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::Args;
use futures::StreamExt as _;
use model::{
    BucketName, ObjectKey,
    object::Object,
    presign::{Presign, PresignRequest},
};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use url::Url;

use self::object::{Fetched, fetch};
use crate::{
    Error,
    client::{Client, Options},
    digest,
    http::Http,
    place::Place,
    report::{self, Output},
};

/// Fetches.
#[derive(Args, Debug)]
pub struct Get {
    /// A file as `bucket/key`, a folder as `bucket/folder/`, a bucket, or a presigned address.
    from: From,
    /// Where it goes; the name it has, in this folder, when absent.
    to: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// What is fetched.
#[derive(Clone, Debug)]
enum From {
    /// Something that a profile's account may read.
    Place(Place),
    /// An address that says it all.
    Address(Url, String),
    /// Neither.
    Nothing(String),
}

impl FromStr for From {
    type Err = Infallible;

    // What clap says of a fault repeats what was typed: an address with its signature among it.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let is_address = ["http://", "https://"]
            .iter()
            .any(|begin| text.starts_with(begin));
        if is_address {
            return Ok(Url::parse(text).map_or_else(
                |_no_url| Self::Nothing("the address cannot be read".to_owned()),
                |url| Self::Address(url, text.to_owned()),
            ));
        }
        Ok(text.parse().map_or_else(Self::Nothing, Self::Place))
    }
}

/// What became of one of several files.
#[derive(Serialize)]
struct Told<'a> {
    status: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    fetched: Option<&'a Fetched>,
}

/// `hako get`.
pub(crate) async fn run(get: Get) -> Result<(), Error> {
    match get.from {
        From::Nothing(why) => Err(Error::Usage(why)),
        From::Address(url, address) => {
            let profile = get.options.choice.find().ok();
            let http = Http::new(profile.and_then(|profile| profile.ca_file).as_deref())?;
            let last = url.path().rsplit('/').next().unwrap_or_default();
            let name = percent_decode_str(last).decode_utf8_lossy();
            let target = target(get.to, &name)?;
            let output = get.options.output();
            let fetched = fetch(&http, &output, &target, async || Ok(address.clone())).await?;
            say(&output, &fetched);
            Ok(())
        }
        From::Place(place) if place.is_folder() => {
            let client = Client::open_to_move(&get.options).await?;
            let name = match place.rest.trim_end_matches('/').rsplit('/').next() {
                None | Some("") => place.bucket.as_str(),
                Some(name) => name,
            };
            let folder = match get.to {
                Some(to) => to,
                None => local::named(Path::new("."), name)?,
            };
            everything(&client, &place, &folder).await
        }
        From::Place(place) => {
            let key = place.key()?;
            let target = target(get.to, key.file_name())?;
            let client = Client::open_to_move(&get.options).await?;
            let fetched = one(&client, &place.bucket, &key, &target).await?;
            say(&client.output, &fetched);
            Ok(())
        }
    }
}

fn say(output: &Output, fetched: &Fetched) {
    let size = report::size(fetched.size);
    output.line(
        &format!("fetched {} ({size})", fetched.path.display()),
        fetched,
    );
}

/// Where one file goes.
fn target(to: Option<PathBuf>, name: &str) -> Result<PathBuf, Error> {
    match to {
        None => local::named(Path::new("."), name),
        Some(folder) if folder.is_dir() => local::named(&folder, name),
        Some(file) => Ok(file),
    }
}

/// Fetches a file.
async fn one(
    client: &Client,
    bucket: &BucketName,
    key: &ObjectKey,
    target: &Path,
) -> Result<Fetched, Error> {
    let call = Presign(PresignRequest {
        bucket: bucket.to_string(),
        key: key.to_string(),
        expires_in: Some(client.settings.url_lifetime),
        ..PresignRequest::default()
    });
    fetch(&client.api.http, &client.output, target, async || {
        Ok(client.api.call(&call).await?.url)
    })
    .await
}

/// Fetches all files of a folder. What fails is told, and the rest goes on.
async fn everything(client: &Client, place: &Place, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::local(folder, &error))?;
    let (mut fetched, mut same, mut failed) = (0_u64, 0_u64, 0_u64);
    let mut after = None;
    loop {
        let page = client.page(&place.bucket, &place.rest, None, after).await?;
        // A key with a slash at its end only says that there is a folder.
        let files = page
            .objects
            .iter()
            .filter(|object| !object.key.ends_with('/'));
        let mut outcomes = futures::stream::iter(files)
            .map(async |object| (object, below(client, place, folder, object).await))
            .buffer_unordered(client.settings.parallelism);
        while let Some((object, outcome)) = outcomes.next().await {
            let key = object.key.as_str();
            let told = |status, error, fetched| Told {
                status,
                key,
                error,
                fetched,
            };
            match outcome {
                Ok(Some(got)) => {
                    fetched += 1;
                    let words = format!("fetched {key} ({})", report::size(got.size));
                    client
                        .output
                        .line(&words, &told("fetched", None, Some(&got)));
                }
                Ok(None) => {
                    same += 1;
                    client.output.value(&told("same", None, None));
                }
                Err(error) if error.concerns_all() => return Err(error),
                Err(error) => {
                    failed += 1;
                    client.output.note(&format!("{key}: {error}"));
                    client
                        .output
                        .value(&told("failed", Some(error.to_string()), None));
                }
            }
        }
        after = page.next_continuation_token;
        if !page.is_truncated || after.is_none() {
            break;
        }
    }
    let sum = format!("{fetched} fetched, {same} there already, {failed} failed");
    if failed > 0 {
        return Err(Error::Some(sum));
    }
    client.output.note(&sum);
    Ok(())
}

/// Fetches a file of a folder, unless it is there already.
async fn below(
    client: &Client,
    place: &Place,
    folder: &Path,
    object: &Object,
) -> Result<Option<Fetched>, Error> {
    let name = object.key.strip_prefix(&place.rest).unwrap_or(&object.key);
    let target = local::within(folder, name)?;
    let etag = object.etag.as_deref().unwrap_or_default().trim_matches('"');
    let there = std::fs::symlink_metadata(&target);
    if there.is_ok_and(|there| there.is_file() && there.len() == object.size)
        && digest::is_md5(etag)
    {
        let own = digest::etag(&target, 0..object.size).await;
        if own.is_ok_and(|own| own.eq_ignore_ascii_case(etag)) {
            return Ok(None);
        }
    }
    let key = ObjectKey::parse(object.key.as_str())
        .map_err(|fault| Error::Local(format!("this key cannot be asked for: {fault}")))?;
    one(client, &place.bucket, &key, &target).await.map(Some)
}
