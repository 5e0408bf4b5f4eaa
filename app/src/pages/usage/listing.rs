//! What the address asks for, and what there is: measurements of the bucket, and a page of folders of one.

use model::{
    BucketName, ErrorCode, Problem,
    job::{
        FolderPage, GetJob, Job, JobFoldersQuery, JobKind, JobPageQuery, JobState, JobWait,
        ListJobFolders, ListJobs,
    },
    reachable::{AskFacts, BucketFacts},
    session::Session,
};
use serde::{Deserialize, Serialize};

use super::history::{Day, history};
use crate::{
    api,
    urls::{self, Query},
    words::{general, usage},
};

/// Folders of a page.
pub(super) const PAGE: u32 = 100;
/// How many measurements can be chosen from.
const CHOICE: u32 = 200;

/// Where one is: a folder, in which measurement, beside which other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The bucket as the address names it.
    pub bucket: String,
    /// The folder.
    pub prefix: String,
    /// The measurement; the newest where the address says none.
    pub job: Option<String>,
    /// What it is compared with.
    pub with: Option<String>,
    /// The number of the first folder.
    pub from: u64,
}

impl Place {
    /// Reads the address.
    pub fn new(bucket: String, query: &Query) -> Self {
        let text = |name: &str| query.get(name).map(str::to_owned);
        Self {
            bucket,
            prefix: text("prefix").unwrap_or_default(),
            job: text("job"),
            with: text("with"),
            from: query.get("from").and_then(|n| n.parse().ok()).unwrap_or(0),
        }
    }

    /// The same of another folder, from its first folder on.
    pub fn folder(&self, prefix: &str) -> String {
        self.address(prefix, 0)
    }

    /// The same from another folder on.
    pub fn at(&self, from: u64) -> String {
        self.address(&self.prefix, from)
    }

    /// The same with the history of so many days.
    pub fn with_days(&self, days: usize) -> String {
        self.address_with(&self.prefix, self.from, &days.to_string())
    }

    fn address(&self, prefix: &str, from: u64) -> String {
        self.address_with(prefix, from, "")
    }

    fn address_with(&self, prefix: &str, from: u64, days: &str) -> String {
        let from = if from == 0 {
            String::new()
        } else {
            from.to_string()
        };
        let parameters = [
            ("prefix", prefix),
            ("job", self.job.as_deref().unwrap_or_default()),
            ("with", self.with.as_deref().unwrap_or_default()),
            ("from", &from),
            ("days", days),
        ];
        urls::bucket_usage(&self.bucket, &parameters)
    }
}

/// What the page needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Listing {
    /// The bucket.
    pub bucket: BucketName,
    /// What else is known of it.
    pub facts: BucketFacts,
    /// What is under way.
    pub runs: Option<Job>,
    /// The newest, where it did not come to its end.
    pub failed: Option<Job>,
    /// What it held day by day; `None` where that is not told, or not to this session.
    pub history: Option<Vec<Day>>,
    /// Those that came to their end, newest first.
    pub snapshots: Vec<Job>,
    /// The one that is shown.
    pub shown: Option<Shown>,
}

/// A measurement, and a page of its folders.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shown {
    /// The measurement.
    pub job: Job,
    /// What it is compared with.
    pub with: Option<Job>,
    /// The folders.
    pub page: FolderPage,
}

/// Asks for it.
pub(super) async fn ask(place: Place, session: &Session) -> Result<Listing, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket.clone()) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    let query = JobPageQuery {
        kind: Some(JobKind::Usage),
        bucket: Some(bucket.to_string()),
        limit: Some(CHOICE),
        ..JobPageQuery::default()
    };
    let facts = AskFacts {
        buckets: vec![bucket.to_string()],
        with: Vec::new(),
    };
    let (jobs, facts, history) = futures::join!(
        api::call(ListJobs(query)),
        api::call(facts),
        history(session, &bucket)
    );
    // What the store says beside is told where it can be had.
    let facts = facts.map(|list| list.facts).unwrap_or_default();
    let facts = facts.into_iter().next().unwrap_or_default();
    if let Some(code @ ErrorCode::BucketNotFound) = facts.unreachable {
        return Err(Problem::new(code, general::no_such_bucket()));
    }
    let jobs = jobs?.jobs;
    let runs = jobs.iter().find(|job| !job.state.is_final()).cloned();
    let failed = jobs.first().filter(|job| job.state == JobState::Failed);
    let failed = failed.cloned();
    let snapshots: Vec<Job> = jobs
        .into_iter()
        .filter(|job| job.measured.is_some())
        .collect();
    let newest = snapshots.first().map(|job| job.id.clone());
    let shown = match place.job.clone().or(newest) {
        Some(id) => Some(look(&snapshots, id, &place).await?),
        None => None,
    };
    Ok(Listing {
        bucket,
        facts,
        runs,
        failed,
        history,
        snapshots,
        shown,
    })
}

/// Asks for a page of folders.
async fn look(snapshots: &[Job], id: String, place: &Place) -> Result<Shown, Problem> {
    let job = of(snapshots, &id, &place.bucket).await?;
    let with = match &place.with {
        Some(with) if *with != id => Some(of(snapshots, with, &place.bucket).await?),
        _ => None,
    };
    let query = JobFoldersQuery {
        prefix: Some(place.prefix.clone()),
        with: with.as_ref().map(|job| job.id.clone()),
        from: Some(place.from),
        limit: Some(PAGE),
    };
    let page = api::call(ListJobFolders { id, query }).await?;
    Ok(Shown { job, with, page })
}

/// A measurement of the bucket by its id.
async fn of(snapshots: &[Job], id: &str, bucket: &str) -> Result<Job, Problem> {
    if let Some(known) = snapshots.iter().find(|job| job.id == id) {
        return Ok(known.clone());
    }
    let wait = JobWait::default();
    let id = id.to_owned();
    let job = api::call(GetJob { id, wait }).await?;
    let fits = job.measured.is_some() && job.bucket.as_deref() == Some(bucket);
    let none = || Problem::new(ErrorCode::TaskNotFound, usage::no_such());
    fits.then_some(job).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_folder_of_which_measurement_is_shown() {
        let query = Query::parse("prefix=a%2Fb%2F&job=1&with=2&from=100");
        let place = Place::new("raw-scans".to_owned(), &query);
        assert_eq!((place.prefix.as_str(), place.from), ("a/b/", 100));
        assert_eq!(
            place.folder("a/ö/"),
            "/buckets/raw-scans/usage?prefix=a%2F%C3%B6%2F&job=1&with=2"
        );
        assert_eq!(
            place.at(200),
            "/buckets/raw-scans/usage?prefix=a%2Fb%2F&job=1&with=2&from=200"
        );
        let plain = Place::new("raw-scans".to_owned(), &Query::parse("from=x"));
        assert_eq!(plain.at(0), "/buckets/raw-scans/usage");
    }
}
