//! The search where metadata cannot be asked for: a job looks through the listing of one bucket. The address has
//! its id, so it shows the same again.

mod form;
mod results;

use leptos::prelude::*;
use model::{
    ErrorCode, Problem,
    bucket::ListBuckets,
    job::{GetJob, Job, JobFailuresQuery, JobKind, JobResults, JobWait, KeySearch, ListJobResults},
};
use serde::{Deserialize, Serialize};

pub(super) use self::form::{size_parts, time_text};
use self::{form::Form, results::Results};
use super::wanted::PAGE;
use crate::{
    api,
    urls::{self, Query},
    words::search,
};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The search that is shown.
    pub(super) job: Option<String>,
    /// From which result on.
    from: u64,
    /// Where a new one would look.
    bucket: String,
    prefix: String,
}

impl Place {
    pub(super) fn of(query: &Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
        Self {
            job: query.get("job").map(str::to_owned),
            from: query.get("from").and_then(|n| n.parse().ok()).unwrap_or(0),
            bucket: text("bucket"),
            prefix: text("prefix"),
        }
    }

    /// The same search from another result on.
    fn at(&self, from: u64) -> String {
        let from = if from == 0 {
            String::new()
        } else {
            from.to_string()
        };
        let job = self.job.as_deref().unwrap_or_default();
        urls::with_query(urls::SEARCH, &[("job", job), ("from", &from)])
    }
}

/// The address of a search.
fn address(id: &str) -> String {
    urls::with_query(urls::SEARCH, &[("job", id)])
}

/// A search, and a page of what it has found.
type Found = (Job, JobResults);

/// Asks how far a search is. First the job: of one that has ended, all results are there.
async fn look(id: String, from: u64) -> Result<Found, Problem> {
    let wait = JobWait::default();
    let job = api::call(GetJob {
        id: id.clone(),
        wait,
    })
    .await?;
    if job.kind != JobKind::Search {
        let why = search::no_such_search();
        return Err(Problem::new(ErrorCode::TaskNotFound, why));
    }
    let page = JobFailuresQuery {
        from: Some(from),
        limit: u32::try_from(PAGE).ok(),
    };
    let results = api::call(ListJobResults { id, page }).await?;
    Ok((job, results))
}

/// The names of the buckets, to be suggested. Who may not list them types one.
async fn buckets() -> Vec<String> {
    let list = api::call(ListBuckets).await;
    let buckets = list.map(|list| list.buckets).unwrap_or_default();
    buckets.into_iter().map(|bucket| bucket.name).collect()
}

/// What the page needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Listing {
    /// The names of the buckets, to be suggested.
    names: Vec<String>,
    /// The search that is shown.
    found: Option<Found>,
}

/// Asks for it.
pub(super) async fn ask(place: Place) -> Result<Listing, Problem> {
    let names = buckets().await;
    let found = match place.job {
        Some(id) => Some(look(id, place.from).await?),
        None => None,
    };
    Ok(Listing { names, found })
}

/// The form, filled with what was looked for, and what was found.
#[component]
pub(super) fn ListingSearch(place: Place, listing: Listing) -> impl IntoView {
    let Listing { names, found } = listing;
    let (bucket, sought) = if let Some((job, _)) = &found {
        let source = job.source.clone().unwrap_or_default();
        let bucket = job.bucket.clone().unwrap_or_default();
        (bucket, source.search.unwrap_or_default())
    } else {
        let sought = KeySearch {
            prefix: place.prefix.clone(),
            ..KeySearch::default()
        };
        (place.bucket.clone(), sought)
    };
    view! {
        <p class="help">{search::listing_means()}</p>
        <Form bucket sought names />
        {found.map(|found| view! { <Results place found /> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_search_is_shown_and_from_where_on() {
        let place = Place::of(&Query::parse("job=a%2Fb&from=200&bucket=x&prefix=p%2F"));
        assert_eq!(place.job.as_deref(), Some("a/b"));
        assert_eq!(
            (place.from, place.bucket.as_str(), place.prefix.as_str()),
            (200, "x", "p/")
        );
        assert_eq!(place.at(300), "/search?job=a%2Fb&from=300");
        assert_eq!(place.at(0), address("a/b"));
        assert_eq!(Place::of(&Query::parse("from=x")), Place::default());
    }
}
