//! `hako upload-all` and `hako sync`: a folder of this machine, and one of a store.

mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::UNIX_EPOCH,
};

use clap::Args;
use futures::StreamExt as _;
use model::{
    ObjectKey,
    object::Object,
    upload::{PartPlan, target_key},
};
use serde::Serialize;

use self::walk::{Found, walk};
use crate::{
    Error,
    client::{Client, Options},
    digest,
    place::Place,
    remove, report,
    send::{Sent, Source, send},
};

/// Which folder goes where.
#[derive(Args, Debug)]
struct Ways {
    /// The folder.
    folder: PathBuf,
    /// Where its files go, as `bucket/folder`.
    place: Place,
    /// Take links for what they lead to; without it they are left out.
    #[arg(long)]
    follow_links: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    options: Options,
}

/// Stores all files of a folder.
#[derive(Args, Debug)]
pub struct UploadAll {
    #[command(flatten)]
    ways: Ways,
}

/// Stores what differs.
#[derive(Args, Debug)]
pub struct Sync {
    #[command(flatten)]
    ways: Ways,
    /// Delete what is stored there and is not in the folder.
    #[arg(long)]
    delete: bool,
}

/// How a file is compared with what is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// Byte for byte, by checksums.
    Content,
    /// By size, and byte for byte where it was changed since it was stored.
    Time,
}

/// What became of a file.
enum Outcome {
    Uploaded(Sent),
    WouldUpload,
    Same,
}

/// A line of `--json`.
#[derive(Serialize)]
struct Told<'a> {
    status: &'a str,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    sent: Option<&'a Sent>,
}

/// The last line of `--json`.
#[derive(Default, Serialize)]
struct Sums {
    status: &'static str,
    uploaded: u64,
    same: u64,
    failed: u64,
}

/// `hako upload-all`.
pub(crate) async fn upload_all(upload: UploadAll) -> Result<(), Error> {
    run(upload.ways, Compare::Content, false).await
}

/// `hako sync`.
pub(crate) async fn sync(sync: Sync) -> Result<(), Error> {
    run(sync.ways, Compare::Time, sync.delete).await
}

async fn run(ways: Ways, compare: Compare, delete: bool) -> Result<(), Error> {
    let found = walk(&ways.folder, ways.follow_links)?;
    if delete && found.files.is_empty() {
        let what = "holds no file, so --delete would leave nothing: rm --recursive does that";
        return Err(Error::Usage(format!("{} {what}", ways.folder.display())));
    }
    let client = Client::open_to_move(&ways.options).await?;
    let prefix = ways.place.folder();
    let stored = stored(&client, &ways.place, &prefix).await?;
    let mut sums = Sums {
        status: "done",
        failed: found.problems.len() as u64,
        ..Sums::default()
    };
    for left_out in &found.left_out {
        client.output.note(&format!("{left_out} is left out"));
    }
    for (path, why) in &found.problems {
        failed(&client, path.display().to_string(), why);
    }
    let mut outcomes = futures::stream::iter(&found.files)
        .map(async |(name, source)| {
            let key = target_key(&prefix, name, client.settings.max_key_bytes);
            let outcome = match key {
                Ok(key) => one(&client, &ways, source, &key, &stored, compare).await,
                Err(fault) => Err(Error::Local(fault.to_string())),
            };
            (name, source, outcome)
        })
        .buffer_unordered(client.settings.parallelism);
    while let Some((name, source, outcome)) = outcomes.next().await {
        match outcome {
            Err(error) if error.concerns_all() => return Err(error),
            Err(error) => {
                sums.failed += 1;
                failed(
                    &client,
                    source.path.display().to_string(),
                    &error.to_string(),
                );
            }
            Ok(outcome) => tell(&client, name, source, &outcome, &mut sums),
        }
    }
    if delete {
        sums.failed += clean(&client, &ways, &prefix, &found, &stored).await?;
    }
    finish(&client, &sums)
}

/// What is stored below a prefix, by key.
async fn stored(
    client: &Client,
    place: &Place,
    prefix: &str,
) -> Result<BTreeMap<String, Object>, Error> {
    let mut stored = BTreeMap::new();
    let mut after = None;
    loop {
        let page = client.page(&place.bucket, prefix, None, after).await?;
        stored.extend(page.objects.into_iter().map(|one| (one.key.clone(), one)));
        after = page.next_continuation_token;
        if !page.is_truncated || after.is_none() {
            return Ok(stored);
        }
    }
}

/// Sends a file, unless it is there already.
async fn one(
    client: &Client,
    ways: &Ways,
    source: &Source,
    key: &ObjectKey,
    stored: &BTreeMap<String, Object>,
    compare: Compare,
) -> Result<Outcome, Error> {
    if let Some(there) = stored.get(key.as_str())
        && is_same(client, source, there, compare).await?
    {
        return Ok(Outcome::Same);
    }
    if ways.dry_run {
        return Ok(Outcome::WouldUpload);
    }
    let sent = send(client, source, &ways.place.bucket, key).await?;
    Ok(Outcome::Uploaded(sent))
}

/// Whether a file is what is stored.
async fn is_same(
    client: &Client,
    source: &Source,
    there: &Object,
    compare: Compare,
) -> Result<bool, Error> {
    if there.size != source.size {
        return Ok(false);
    }
    let modified = source
        .modified
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // Within one second nobody knows what came first.
    let older = there
        .last_modified
        .is_some_and(|at| u64::try_from(at.unix_seconds()).is_ok_and(|at| modified.as_secs() < at));
    if compare == Compare::Time && older {
        return Ok(true);
    }
    let etag = there.etag.as_deref().unwrap_or_default().trim_matches('"');
    let own = if digest::is_md5(etag) {
        digest::etag(&source.path, 0..source.size).await
    } else {
        let part_size = PartPlan::part_size_for(source.size, client.settings.part_size);
        let plan = PartPlan::new(source.size, part_size);
        // Who sent it in other parts gave it another entity tag: that tells nothing of its bytes.
        let Some(plan) = plan
            .ok()
            .filter(|plan| etag.ends_with(&format!("-{}", plan.count())))
        else {
            return Ok(false);
        };
        digest::etag_of_parts(&source.path, plan).await
    };
    let own = own.map_err(|error| Error::local(&source.path, &error))?;
    Ok(own.eq_ignore_ascii_case(etag))
}

/// Deletes what is stored and not in the folder, and says how many stayed.
async fn clean(
    client: &Client,
    ways: &Ways,
    prefix: &str,
    found: &Found,
    stored: &BTreeMap<String, Object>,
) -> Result<u64, Error> {
    if !found.problems.is_empty() {
        client
            .output
            .note("nothing is deleted: not all of the folder could be looked at");
        return Ok(0);
    }
    let here = found.files.iter().map(|(name, _source)| name);
    let here: BTreeSet<String> = here
        .chain(&found.left_out)
        .map(|name| format!("{prefix}{name}"))
        .collect();
    // What is left out may be a folder.
    let is_here = |key: &str| {
        here.contains(key)
            || key
                .match_indices('/')
                .any(|(at, _slash)| here.contains(&key[..at]))
    };
    let gone = stored
        .keys()
        .filter(|key| !key.ends_with('/') && !is_here(key));
    let gone: Vec<String> = gone.cloned().collect();
    remove::delete(client, &ways.place.bucket, &gone, ways.dry_run).await
}

fn tell(client: &Client, name: &str, source: &Source, outcome: &Outcome, sums: &mut Sums) {
    let told = |status, sent| Told {
        status,
        file: source.path.display().to_string(),
        error: None,
        sent,
    };
    match outcome {
        Outcome::Uploaded(sent) => {
            sums.uploaded += 1;
            let words = format!("uploaded {} ({})", sent.key, report::size(sent.size));
            client.output.line(&words, &told("uploaded", Some(sent)));
        }
        Outcome::WouldUpload => {
            let words = format!("would upload {name}");
            client.output.line(&words, &told("would_upload", None));
        }
        Outcome::Same => {
            sums.same += 1;
            client.output.value(&told("same", None));
        }
    }
}

fn failed(client: &Client, file: String, why: &str) {
    client.output.note(why);
    let told = Told {
        status: "failed",
        file,
        error: Some(why.to_owned()),
        sent: None,
    };
    client.output.value(&told);
}

fn finish(client: &Client, sums: &Sums) -> Result<(), Error> {
    let Sums {
        uploaded,
        same,
        failed,
        ..
    } = sums;
    client.output.value(sums);
    let words = format!("{uploaded} uploaded, {same} there already, {failed} failed");
    if *failed > 0 {
        return Err(Error::Some(words));
    }
    client.output.note(&words);
    Ok(())
}
