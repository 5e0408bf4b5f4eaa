//! The requests about jobs.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    FolderPage, Job, JobFailures, JobKind, JobMarkers, JobPage, JobResults, JobState, JobUploads,
    NewJob,
};
use crate::{
    Timestamp,
    endpoint::{Endpoint, encode, query},
};

/// `POST /jobs`: starts one.
#[derive(Clone, Debug)]
pub struct StartJob {
    /// What is to be done.
    pub order: NewJob,
    /// How long the answer may wait for its end.
    pub wait: JobWait,
}

impl Endpoint for StartJob {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/jobs";
    type Body = NewJob;
    type Response = Job;

    fn path(&self) -> String {
        format!("{}{}", Self::ROUTE, self.wait.text())
    }

    fn body(&self) -> Option<&NewJob> {
        Some(&self.order)
    }
}

/// `GET /jobs`: the caller's own, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListJobs(pub JobPageQuery);

/// The parameters of [`ListJobs`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct JobPageQuery {
    /// Only jobs that stand so.
    #[cfg_attr(feature = "openapi", param(inline, nullable = false))]
    pub state: Option<JobState>,
    /// Only jobs of a kind.
    #[cfg_attr(feature = "openapi", param(inline, nullable = false))]
    pub kind: Option<JobKind>,
    /// Only jobs in this bucket.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub bucket: Option<String>,
    /// Only jobs that were started then or later.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub since: Option<Timestamp>,
    /// Jobs in a page, 0 to 200; 50 when absent. With 0 the answer is how many have not ended.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 0, maximum = 200, nullable = false)
    )]
    pub limit: Option<u32>,
    /// Where the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub cursor: Option<String>,
}

/// [`ListJobs`] for a page that wants no more than how many have not ended.
#[derive(Clone, Copy, Debug)]
pub struct CountJobs;

/// What [`CountJobs`] reads of a [`JobPage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCount {
    /// How many of the caller's jobs have not ended.
    pub running: u32,
}

impl Endpoint for CountJobs {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = ListJobs::ROUTE;
    type Body = ();
    type Response = JobCount;

    fn path(&self) -> String {
        format!("{}?limit=0", Self::ROUTE)
    }
}

impl Endpoint for ListJobs {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs";
    type Body = ();
    type Response = JobPage;

    fn path(&self) -> String {
        let q = &self.0;
        let parameters = [
            ("state", q.state.map(|state| state.as_str().to_owned())),
            ("kind", q.kind.map(|kind| kind.as_str().to_owned())),
            ("bucket", q.bucket.clone()),
            ("since", q.since.map(|since| since.to_string())),
            ("limit", q.limit.map(|limit| limit.to_string())),
            ("cursor", q.cursor.clone()),
        ];
        format!("{}{}", Self::ROUTE, query(&parameters))
    }
}

/// How long an answer may wait for the job's end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct JobWait {
    /// Seconds, 0 to 20, for which the answer waits for the job's end; 0 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 0, maximum = 20, nullable = false)
    )]
    pub wait: Option<u32>,
}

impl JobWait {
    fn text(self) -> String {
        query(&[("wait", self.wait.map(|seconds| seconds.to_string()))])
    }
}

fn one(id: &str, rest: &str) -> String {
    format!("/api/v1/jobs/{}{rest}", encode(id))
}

/// `GET /jobs/{job_id}`: one.
#[derive(Clone, Debug)]
pub struct GetJob {
    /// The job's id.
    pub id: String,
    /// How long the answer may wait for its end.
    pub wait: JobWait,
}

impl Endpoint for GetJob {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}";
    type Body = ();
    type Response = Job;

    fn path(&self) -> String {
        one(&self.id, &self.wait.text())
    }
}

/// The parameters of [`ListJobFailures`], [`ListJobMarkers`], [`ListJobResults`] and [`ListJobUploads`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct JobFailuresQuery {
    /// The number of the first, from 0.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub from: Option<u64>,
    /// How many, 1 to 1,000; 100 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 1000, nullable = false)
    )]
    pub limit: Option<u32>,
}

impl JobFailuresQuery {
    fn text(self) -> String {
        query(&[
            ("from", self.from.map(|from| from.to_string())),
            ("limit", self.limit.map(|limit| limit.to_string())),
        ])
    }
}

/// `GET /jobs/{job_id}/failures`: what failed, and why.
#[derive(Clone, Debug)]
pub struct ListJobFailures {
    /// The job's id.
    pub id: String,
    /// Which of them.
    pub page: JobFailuresQuery,
}

impl Endpoint for ListJobFailures {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/failures";
    type Body = ();
    type Response = JobFailures;

    fn path(&self) -> String {
        one(&self.id, &format!("/failures{}", self.page.text()))
    }
}

/// `GET /jobs/{job_id}/markers`: the delete markers that it made.
#[derive(Clone, Debug)]
pub struct ListJobMarkers {
    /// The job's id.
    pub id: String,
    /// Which of them.
    pub page: JobFailuresQuery,
}

impl Endpoint for ListJobMarkers {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/markers";
    type Body = ();
    type Response = JobMarkers;

    fn path(&self) -> String {
        one(&self.id, &format!("/markers{}", self.page.text()))
    }
}

/// `GET /jobs/{job_id}/results`: what a search has found, also while it runs.
#[derive(Clone, Debug)]
pub struct ListJobResults {
    /// The job's id.
    pub id: String,
    /// Which of them.
    pub page: JobFailuresQuery,
}

impl Endpoint for ListJobResults {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/results";
    type Body = ();
    type Response = JobResults;

    fn path(&self) -> String {
        one(&self.id, &format!("/results{}", self.page.text()))
    }
}

/// `GET /jobs/{job_id}/uploads`: the uploads that are not completed, bucket by bucket.
#[derive(Clone, Debug)]
pub struct ListJobUploads {
    /// The job's id.
    pub id: String,
    /// Which of them.
    pub page: JobFailuresQuery,
}

impl Endpoint for ListJobUploads {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/uploads";
    type Body = ();
    type Response = JobUploads;

    fn path(&self) -> String {
        one(&self.id, &format!("/uploads{}", self.page.text()))
    }
}

/// The parameters of [`ListJobFolders`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct JobFoldersQuery {
    /// The folder whose folders are told, with its last slash; the whole bucket when absent.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub prefix: Option<String>,
    /// An earlier job of the kind `usage` in the same bucket: each folder also tells what it was then.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub with: Option<String>,
    /// The number of the first, from 0.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub from: Option<u64>,
    /// How many, 1 to 1,000; 100 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 1000, nullable = false)
    )]
    pub limit: Option<u32>,
}

/// `GET /jobs/{job_id}/folders`: what the folders of a measured bucket hold.
#[derive(Clone, Debug)]
pub struct ListJobFolders {
    /// The job's id.
    pub id: String,
    /// Which of them.
    pub query: JobFoldersQuery,
}

impl Endpoint for ListJobFolders {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/folders";
    type Body = ();
    type Response = FolderPage;

    fn path(&self) -> String {
        let q = &self.query;
        let parameters = query(&[
            ("prefix", q.prefix.clone()),
            ("with", q.with.clone()),
            ("from", q.from.map(|from| from.to_string())),
            ("limit", q.limit.map(|limit| limit.to_string())),
        ]);
        one(&self.id, &format!("/folders{parameters}"))
    }
}

/// Declares a request that has a job do something.
macro_rules! act {
    ($(#[$doc:meta])* $name:ident, $word:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// The job's id.
            pub id: String,
        }

        impl Endpoint for $name {
            const METHOD: Method = Method::POST;
            const ROUTE: &'static str = concat!("/api/v1/jobs/{job_id}/", $word);
            type Body = ();
            type Response = Job;

            fn path(&self) -> String {
                one(&self.id, concat!("/", $word))
            }
        }
    };
}

act!(
    /// `POST /jobs/{job_id}/cancel`: stops it after what it is at.
    CancelJob, "cancel"
);
act!(
    /// `POST /jobs/{job_id}/retry`: a new job that touches only what failed.
    RetryJob, "retry"
);
act!(
    /// `POST /jobs/{job_id}/undo`: a new job that removes exactly the delete markers that it made.
    UndoJob, "undo"
);

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReportFormat {
    /// A table.
    #[default]
    Csv,
    /// The job with its failures, or its results.
    Json,
    /// Failures, or results, each as a line of JSON.
    Jsonl,
}

impl ReportFormat {
    /// Its word, which is also the ending of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }
}

/// The parameters of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReportQuery {
    /// `csv`, `json` or `jsonl`; `csv` when absent.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub format: ReportFormat,
}

/// The address of a job's report: a plain link.
pub fn report_path(id: &str, format: ReportFormat) -> String {
    one(id, &format!("/report?format={}", format.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_left_out_where_they_say_nothing() {
        assert_eq!(ListJobs::default().path(), "/api/v1/jobs");
        let nothing_but = JobPageQuery {
            limit: Some(0),
            ..JobPageQuery::default()
        };
        assert_eq!(CountJobs.path(), ListJobs(nothing_but).path());
        let query = JobPageQuery {
            state: Some(JobState::Running),
            since: Timestamp::from_unix_seconds(0),
            ..JobPageQuery::default()
        };
        assert_eq!(
            ListJobs(query).path(),
            "/api/v1/jobs?state=running&since=1970-01-01T00%3A00%3A00Z"
        );
        let job = GetJob {
            id: "a/b".to_owned(),
            wait: JobWait { wait: Some(5) },
        };
        assert_eq!(job.path(), "/api/v1/jobs/a%2Fb?wait=5");
    }
}
