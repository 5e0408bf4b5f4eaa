//! Asks the store and the person about a batch, as far as there is anything to ask.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use futures::{StreamExt as _, future::join, stream};
use gloo_net::http::RequestBuilder;
use js_sys::JsString;
use model::{
    BucketName, ObjectKey,
    object::{ListObjects, download_path},
    session::{LargeUploads, ObjectFeatures, PreferencesChange},
    upload::{
        Conflicts, Decided, FileFacts, Finding, Limits, Look, Options, Order, Policy, Protection,
        Remedies, Resolved, Survey, is_bagit_list, parse_checksum_list, protection,
    },
    upload_target::{GetUploadTarget, Overwrites, UploadTarget},
};
use wasm_bindgen_futures::JsFuture;

use super::{Before, Chosen, Found, Met, Place, Policies, words};
use crate::{
    api, browser, drawn,
    upload::{
        UploadsState,
        board::now,
        turn::{in_steps, turn},
        walk::{FoundFile, Told},
    },
};

/// Listings that are asked at once.
const ASKED_AT_ONCE: usize = 4;
/// Objects that are looked at one by one at once, and at most, for what protects them.
const LOOKED_AT_ONCE: usize = 6;
const MOST_LOOKED_AT: usize = 300;
/// Nobody waits longer than this for listings; what they would have told is unknown.
const LOOKING_MS: u64 = 10_000;
/// Files between two looks at the clock.
const STEP: usize = 100;
/// A longer list of checksums is not read.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;

/// Files that somebody wants uploaded.
pub(in crate::upload) struct Batch<'a> {
    /// The bucket.
    pub bucket: &'a BucketName,
    /// The open folder: empty, or ending in `/`.
    pub prefix: &'a str,
    /// The longest key in bytes.
    pub max_key_bytes: usize,
    /// What objects can be given here.
    pub offers: ObjectFeatures,
    /// Whether the person asked to be shown the plan.
    pub wanted: bool,
    /// The files.
    pub files: &'a [FoundFile],
    /// What the walk has met.
    pub told: &'a Told,
    /// What was chosen before what could not be read was tried again.
    pub before: Option<Before>,
}

/// What comes of a plan.
pub(in crate::upload) enum Answered {
    /// Files are to be sent.
    Planned(Planned),
    /// The person wants none of it.
    Nothing,
    /// What could not be read is to be tried again, and then planned anew with these choices.
    ReadAgain(Before),
}

/// What is to be sent.
#[derive(Debug, Default)]
pub(in crate::upload) struct Planned {
    /// By the number of the file.
    pub orders: Vec<(usize, Order)>,
    /// SHA-256 in lower-case hex, as a list of checksums has it, by the number of the file.
    pub sums: HashMap<usize, String>,
}

/// Plans a batch. Where nothing stands out, nothing is shown.
pub(in crate::upload) async fn plan(state: UploadsState, batch: Batch<'_>) -> Answered {
    let to = Place {
        bucket: batch.bucket.clone(),
        prefix: batch.prefix.to_owned(),
    };
    let mut survey = survey(&batch).await;
    // One round trip less for what most drops are: a few files about which there is nothing to say.
    let early = async {
        if batch.wanted || survey.needs_panel() || batch.before.is_some() {
            return None;
        }
        let resolved = survey.resolve(&Remedies::default());
        Some((look(&batch, &resolved).await, resolved))
    };
    let target = api::call(GetUploadTarget {
        bucket: batch.bucket.clone(),
    });
    let (target, early) = join(target, early).await;
    // What the store does not tell stays open: then it decides when the file comes.
    let target = target.ok();
    survey.set_free(target.as_ref().and_then(free));

    let large = survey.is_large() && drawn::preferences().large_uploads == LargeUploads::Shown;
    let shown = batch.wanted || survey.asks() || batch.before.is_some() || large;
    let mut options = Arc::default();
    let (conflicts, resolved) = match early {
        Some(early) if !shown => early,
        _ => {
            let chosen = if shown {
                let found = Found {
                    to: to.clone(),
                    survey,
                    files: batch.files.iter().map(|file| file.facts.clone()).collect(),
                    offers: batch.offers,
                    wanted: batch.wanted,
                    before: batch.before.clone(),
                    again: batch.told.unreadable_again,
                };
                let Some((answered, chosen)) = show(state, found).await else {
                    return Answered::Nothing;
                };
                if let Some(before) = chosen.again {
                    return Answered::ReadAgain(before);
                }
                survey = answered;
                options = Arc::clone(&chosen.options);
                chosen
            } else {
                Chosen::default()
            };
            let resolved = resolve(&survey, chosen.remedies).await;
            (look(&batch, &resolved).await, resolved)
        }
    };
    let overwrites = target.and_then(|target| target.overwrites);
    let Some(decided) = meet(state, to, &batch, conflicts, overwrites).await else {
        return Answered::Nothing;
    };
    tell(state, &resolved, &decided.0, shown || decided.1);
    Answered::Planned(planned(&batch, resolved, decided.0, &options).await)
}

/// Whether an object, or a folder, has a key.
pub(in crate::upload) async fn is_taken(bucket: &BucketName, key: &str, file: &FileFacts) -> bool {
    let mut conflicts = Conflicts::new("", key.len());
    conflicts.add(0, key, file);
    let looks = conflicts.looks();
    let conflicts = list(bucket, conflicts, looks).await;
    conflicts.standings().clashes() > 0
}

async fn resolve(survey: &Survey, remedies: Remedies) -> Resolved {
    let mut resolving = survey.resolving(remedies);
    in_steps(|| resolving.step(STEP)).await;
    resolving.resolved()
}

async fn decide(
    conflicts: &Conflicts,
    policy: Policy,
    own: &HashMap<usize, Policy>,
    overwrites: Option<Overwrites>,
) -> Decided {
    let mut deciding = conflicts.deciding(policy, own, overwrites);
    in_steps(|| deciding.step(STEP)).await;
    deciding.decided()
}

/// Looks at all files, in steps.
async fn survey(batch: &Batch<'_>) -> Survey {
    let limits = Limits::new(batch.max_key_bytes, None);
    let mut survey = Survey::new(batch.prefix, limits, fold);
    let mut files = batch.files.iter().enumerate();
    in_steps(|| {
        let Some((index, file)) = files.next() else {
            return true;
        };
        survey.add(index, &file.facts);
        false
    })
    .await;
    for path in &batch.told.unreadable_paths {
        survey.add_unreadable(path);
    }
    for _unnamed in batch.told.unreadable_paths.len()..batch.told.unreadable {
        survey.add_unreadable("");
    }
    let lists: Vec<usize> = survey.lists().collect();
    for index in lists {
        let Some(file) = batch.files.get(index) else {
            continue;
        };
        if let Some(text) = text(file).await {
            let path = &file.facts.relative_path;
            let sums = parse_checksum_list(&text, is_bagit_list(file.facts.name()));
            survey.add_list(path, sums);
        }
    }
    survey
}

/// The browser's own tables: without case, in one form.
fn fold(text: &str) -> String {
    let folded = JsString::from(text).normalize("NFC").to_lower_case();
    String::from(folded.normalize("NFC"))
}

/// The text of a list. One that cannot be read, or is too long for one, is an ordinary file.
async fn text(found: &FoundFile) -> Option<String> {
    if found.facts.size > LONGEST_LIST {
        return None;
    }
    let file = found.source.file().await.ok()?;
    JsFuture::from(file.text()).await.ok()?.as_string()
}

fn free(target: &UploadTarget) -> Option<u64> {
    Some(target.quota_bytes?.saturating_sub(target.used_bytes?))
}

/// Shows the plan, and gives the survey of what is to be sent back with what was chosen.
async fn show(state: UploadsState, found: Found) -> Option<(Survey, Chosen)> {
    let found = Arc::new(found);
    let chosen = state.questions.panel.ask(Arc::clone(&found)).await?;
    if chosen.quiet {
        drawn::prefer(PreferencesChange {
            large_uploads: Some(LargeUploads::Begun),
            ..PreferencesChange::default()
        });
    }
    let found = back(found).await;
    let renamed = chosen.paths.as_ref().map(|paths| found.renamed(paths));
    Some((renamed.unwrap_or(found.survey), chosen))
}

/// Gives back what a dialog was about. The dialog is gone, and what it was about with it, after the page's
/// next turn at the latest.
async fn back<T>(mut about: Arc<T>) -> T {
    loop {
        match Arc::try_unwrap(about) {
            Ok(about) => return about,
            Err(shared) => about = shared,
        }
        turn().await;
    }
}

/// Looks which keys are taken.
async fn look(batch: &Batch<'_>, resolved: &Resolved) -> Conflicts {
    let mut conflicts = Conflicts::new(batch.prefix, batch.max_key_bytes);
    let mut sent = resolved.sent.iter();
    in_steps(|| {
        let Some(leaving) = sent.next() else {
            return true;
        };
        if let Some(file) = batch.files.get(leaving.index) {
            conflicts.add(leaving.index, &leaving.key, &file.facts);
        }
        false
    })
    .await;
    let looks = conflicts.looks();
    let conflicts = list(batch.bucket, conflicts, looks).await;
    protect(batch.bucket, conflicts).await
}

/// Finds out which of the objects that are in the way may not be overwritten. Of very many nobody asks: the
/// store refuses then.
async fn protect(bucket: &BucketName, mut conflicts: Conflicts) -> Conflicts {
    let Some(keys) = conflicts.taken_keys(MOST_LOOKED_AT) else {
        return conflicts;
    };
    let until = now() + LOOKING_MS;
    let protections = stream::iter(keys)
        .map(async |key| {
            if now() > until {
                return None;
            }
            let protected = protection_of(bucket, &key).await?;
            Some((key, protected))
        })
        .buffer_unordered(LOOKED_AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    for (key, until) in protections.into_iter().flatten() {
        conflicts.protect(&key, until);
    }
    conflicts
}

/// Looks at one object. Who may not look does not know: the store decides.
async fn protection_of(bucket: &BucketName, key: &str) -> Option<Protection> {
    let key = ObjectKey::parse(key).ok()?;
    let request = RequestBuilder::new(&browser::below(&download_path(bucket, &key)))
        .method(http::Method::HEAD);
    let answer = request.send().await.ok()?;
    let headers = answer.headers();
    let seconds = i64::try_from(now() / 1_000).unwrap_or(i64::MAX);
    protection(|name| headers.get(name), seconds)
}

/// Asks for listings, some at once, as long as somebody may be expected to wait.
async fn list(bucket: &BucketName, conflicts: Conflicts, looks: Vec<Look>) -> Conflicts {
    let until = now() + LOOKING_MS;
    let conflicts = RefCell::new(conflicts);
    stream::iter(looks)
        .for_each_concurrent(ASKED_AT_ONCE, async |mut look| {
            let mut next: Option<ListObjects> = Some(look.first(bucket));
            while let Some(asked) = next.filter(|_| now() < until) {
                // Who may not list, or cannot at present, does not know: the store decides.
                let Ok(page) = api::call(asked.clone()).await else {
                    return;
                };
                let mut conflicts = conflicts.borrow_mut();
                conflicts.take(&page);
                if look.is_told(&page) {
                    conflicts.looked(&look);
                }
                next = look.next(&asked, &page);
            }
        })
        .await;
    conflicts.into_inner()
}

/// What is done about objects that are in the way, and whether a person was asked.
async fn meet(
    state: UploadsState,
    to: Place,
    batch: &Batch<'_>,
    mut conflicts: Conflicts,
    overwrites: Option<Overwrites>,
) -> Option<(Decided, bool)> {
    let nothing = HashMap::new();
    if conflicts.standings().clashes() == 0 {
        let decided = decide(&conflicts, Policy::Skip, &nothing, overwrites).await;
        return Some((decided, false));
    }
    let before = drawn::preferences().existing.policy();
    if let Some(policy) = before {
        let looks = conflicts.name_looks(policy, &nothing);
        conflicts = list(batch.bucket, conflicts, looks).await;
        let decided = decide(&conflicts, policy, &nothing, overwrites).await;
        // What cannot be taken back is asked every time.
        if decided.lost == 0 {
            return Some((decided, false));
        }
    }
    let met = Arc::new(Met {
        to,
        conflicts,
        overwrites,
        before,
    });
    let Policies { all, own, always } = state.questions.meeting.ask(Arc::clone(&met)).await?;
    if always {
        drawn::prefer(PreferencesChange {
            existing: Some(all.into()),
            ..PreferencesChange::default()
        });
    }
    let conflicts = back(met).await.conflicts;
    let looks = conflicts.name_looks(all, &own);
    let conflicts = list(batch.bucket, conflicts, looks).await;
    let decided = decide(&conflicts, all, &own, overwrites).await;
    Some((decided, true))
}

/// Tells what stays here. Who has chosen so just now need not be told.
fn tell(state: UploadsState, resolved: &Resolved, decided: &Decided, asked: bool) {
    if asked {
        return;
    }
    let junk = resolved
        .left_out
        .iter()
        .filter(|(_, finding)| *finding == Finding::Junk);
    if let Some(text) = words::stays(junk.count(), decided.skipped.len()) {
        state.messages.success(text);
    }
}

async fn planned(
    batch: &Batch<'_>,
    resolved: Resolved,
    decided: Decided,
    options: &Arc<Options>,
) -> Planned {
    let mut planned = Planned::default();
    let mut leaving = resolved.sent.into_iter();
    let mut sending = decided.sent.into_iter();
    in_steps(|| {
        let (one, other) = (leaving.next(), sending.next());
        let over = one.is_none() && other.is_none();
        if let Some(leaving) = one
            && let Some(sum) = leaving.sha256
        {
            planned.sums.insert(leaving.index, sum);
        }
        let order = other.and_then(|sending| {
            let path = sending.key.strip_prefix(batch.prefix)?;
            let file = batch.files.get(sending.index)?.facts.clone();
            let own = file.relative_path.trim_start_matches('/') == path;
            let order = Order {
                bucket: batch.bucket.clone(),
                prefix: batch.prefix.to_owned(),
                file,
                path: (!own).then(|| path.to_owned()),
                write: sending.write,
                options: Arc::clone(options),
            };
            Some((sending.index, order))
        });
        planned.orders.extend(order);
        over
    })
    .await;
    planned
}
