//! All that a query finds, page by page, while what it finds may change.
//!
//! HCP passes over no more than 100,000 results, and who deletes what he finds would skip others by passing
//! over any. So the results come in the order of their changes, and each page begins at the time at which the
//! one before ended. Nothing that changed after the first question is among them: whatever the work itself
//! changes does not come again.

use std::collections::HashSet;

use hcp::Credentials;
use model::{
    ErrorCode, TenantName,
    query::{
        Expression, MAX_COUNT, Names, ObjectQuery, ObjectQueryResponse, Property, QueryResult,
        parse,
    },
};

use super::{is_served, not_understood, read, written};
use crate::{Error, session::Session, state::AppState};

/// Results in a page.
const PAGE: i64 = 1_000;

/// The order of the results.
const ORDER: Property = Property::ChangeTimeMilliseconds;

/// A walk over the results of a query.
#[derive(Clone)]
pub struct Walk {
    tenant: Tenant,
    steps: Steps,
}

/// Who is asked, and with whose credentials.
#[derive(Clone)]
struct Tenant {
    state: AppState,
    credentials: Credentials,
    name: TenantName,
    /// What each result tells.
    properties: Vec<String>,
}

/// How far it is.
#[derive(Clone)]
struct Steps {
    query: Expression,
    /// From which millisecond on, and what was told of that one already.
    from: Option<i64>,
    told: HashSet<String>,
    /// Up to which millisecond; not known before the first page.
    until: Option<i64>,
    total: u64,
    ended: bool,
}

/// Answers queries, in the order of the changes.
trait Answers: Sync {
    /// So many results at most.
    fn ask(
        &self,
        query: &Expression,
        count: i64,
        newest_first: bool,
    ) -> impl Future<Output = Result<ObjectQueryResponse, Error>> + Send;
}

impl Walk {
    /// Over what a query finds in the tenant of a session. Each result tells these properties, beside its
    /// address and when it changed.
    ///
    /// # Errors
    /// Where the store has no such queries, the session no tenant, or the query cannot be read.
    pub fn new(
        state: &AppState,
        session: &Session,
        query: &str,
        properties: &[String],
    ) -> Result<Self, Error> {
        is_served(state)?;
        let credentials = session.claims.credentials.clone();
        let name = credentials.tenant.clone().ok_or(Error::InvalidTenant)?;
        let query = read(query, &name)?;
        // What the store behind cannot be asked for is told before anything begins.
        let narrowed = written(
            state,
            &query.clone().changed_within(Some(0), Some(i64::MAX)),
        )?;
        parse(&narrowed)
            .map_err(|fault| Error::bad_request(ErrorCode::InvalidQuery, fault.message))?;
        let mut properties = properties.to_vec();
        if !properties.iter().any(|name| name == ORDER.name()) {
            properties.push(ORDER.name().to_owned());
        }
        let tenant = Tenant {
            state: state.clone(),
            credentials,
            name,
            properties,
        };
        Ok(Self {
            tenant,
            steps: Steps::new(query),
        })
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantName {
        &self.tenant.name
    }

    /// How many results there were when it began; 0 before the first page.
    pub fn total(&self) -> u64 {
        self.steps.total
    }

    /// The next results, never none; `None` after the last.
    ///
    /// # Errors
    /// What the store says, an answer that makes no sense, and more results of one moment than a page holds.
    pub async fn next(&mut self) -> Result<Option<Vec<QueryResult>>, Error> {
        self.steps.next(&self.tenant).await
    }
}

impl Steps {
    fn new(query: Expression) -> Self {
        Self {
            query,
            from: None,
            told: HashSet::new(),
            until: None,
            total: 0,
            ended: false,
        }
    }

    async fn next(&mut self, store: &impl Answers) -> Result<Option<Vec<QueryResult>>, Error> {
        let mut count = PAGE;
        while !self.ended {
            let Some(until) = self.until else {
                self.find_end(store).await?;
                continue;
            };
            let query = self.query.clone().changed_within(self.from, Some(until));
            let mut page = store.ask(&query, count, false).await?.result_set;
            let all = i64::try_from(page.len()).unwrap_or(i64::MAX) < count;
            self.ended = all;
            let Some(newest) = page.last() else {
                return Ok(None);
            };
            let last = newest.changed_at().ok_or_else(not_understood)?;
            page.retain(|result| !self.told.contains(&result.url_name));
            if self.from.is_none_or(|from| last > from) {
                self.from = Some(last);
                self.told.clear();
            } else if all || count < MAX_COUNT {
                // All of one moment: they are asked for at once.
                count = MAX_COUNT;
            } else {
                let why = format!(
                    "More than {MAX_COUNT} of the objects changed at the same moment: narrow the query."
                );
                return Err(Error::bad_request(ErrorCode::InvalidQuery, why));
            }
            let at_the_end = page.iter().filter(|one| one.changed_at() == Some(last));
            self.told.extend(at_the_end.map(|one| one.url_name.clone()));
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// Asks when the newest of all changed, by the store's clock.
    async fn find_end(&mut self, store: &impl Answers) -> Result<(), Error> {
        let answer = store.ask(&self.query, 1, true).await?;
        self.total = u64::try_from(answer.status.total_results).unwrap_or_default();
        match answer.result_set.first() {
            None => self.ended = true,
            Some(newest) => {
                self.until = Some(newest.changed_at().ok_or_else(not_understood)?);
            }
        }
        Ok(())
    }
}

impl Answers for Tenant {
    async fn ask(
        &self,
        query: &Expression,
        count: i64,
        newest_first: bool,
    ) -> Result<ObjectQueryResponse, Error> {
        let direction = if newest_first { "desc" } else { "asc" };
        let request = ObjectQuery {
            count,
            sort: Some(format!("{ORDER}+{direction}")),
            object_properties: Some(Names(self.properties.clone())),
            ..ObjectQuery::of(String::new())
        };
        let request = request.to_hcp(&written(&self.state, query)?);
        let store = self.state.store();
        let answer = store.query(&self.credentials, &self.name, &request).await?;
        ObjectQueryResponse::from_hcp(answer).ok_or_else(not_understood)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use model::query::QueryStatus;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_narrowed_and_the_query_stays_one_condition() {
        let query = parse("a OR b").unwrap();
        assert_eq!(
            query.changed_within(Some(5), Some(9)).to_string(),
            "+changeTimeMilliseconds:[5.00 TO 9.99] +(a b)"
        );
        assert_eq!(
            Expression::Everything
                .changed_within(None, Some(9))
                .to_string(),
            "+changeTimeMilliseconds:[* TO 9.99] +*:*"
        );
    }

    /// Objects by name, with the millisecond of their last change.
    struct Objects(Mutex<Vec<(usize, i64)>>);

    impl Objects {
        fn with<T>(&self, see: impl FnOnce(&mut Vec<(usize, i64)>) -> T) -> T {
            see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }

    impl Answers for Objects {
        async fn ask(
            &self,
            query: &Expression,
            count: i64,
            newest_first: bool,
        ) -> Result<ObjectQueryResponse, Error> {
            let text = query.to_string();
            let ends = text.split_once('[').and_then(|(_, rest)| {
                let (from, to) = rest.split_once(']')?.0.split_once(" TO ")?;
                let whole = |end: &str| end.split('.').next()?.parse().ok();
                Some((whole(from).unwrap_or(i64::MIN), whole(to)?))
            });
            let (from, to) = ends.unwrap_or((i64::MIN, i64::MAX));
            let mut found = self.with(|all| all.clone());
            found.retain(|(_, at)| (from..=to).contains(at));
            found.sort_by_key(|(_, at)| if newest_first { -at } else { *at });
            let total = found.len();
            found.truncate(usize::try_from(count).unwrap());
            let one = |(name, at): (usize, i64)| QueryResult {
                url_name: name.to_string(),
                change_time_milliseconds: Some(format!("{at}.00")),
                ..QueryResult::default()
            };
            Ok(ObjectQueryResponse {
                status: QueryStatus {
                    total_results: i64::try_from(total).unwrap(),
                    ..QueryStatus::default()
                },
                result_set: found.into_iter().map(one).collect(),
                ..ObjectQueryResponse::default()
            })
        }
    }

    fn walk(objects: &Objects, mut meanwhile: impl FnMut(&[usize])) -> Result<Vec<usize>, Error> {
        let mut steps = Steps::new(Expression::Everything);
        let mut told = Vec::new();
        loop {
            let next = futures::executor::block_on(steps.next(objects))?;
            let Some(page) = next else {
                return Ok(told);
            };
            assert!(!page.is_empty());
            let names = page.iter().map(|one| one.url_name.parse().unwrap());
            let names: Vec<usize> = names.collect();
            meanwhile(&names);
            told.extend(names);
        }
    }

    #[test]
    fn more_than_a_page_of_one_moment_is_told_whole_or_refused() {
        let objects = Objects(Mutex::new((0..9_999).map(|name| (name, 5)).collect()));
        let mut told = walk(&objects, |_| {}).unwrap();
        told.sort_unstable();
        assert!(told.into_iter().eq(0..9_999));
        objects.with(|all| all.extend((9_999..10_001).map(|name| (name, 5))));
        assert!(walk(&objects, |_| {}).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Whatever goes or changes meanwhile, the rest is told once.
        #[test]
        fn each_is_told_once(
            times in proptest::collection::vec(0..40_i64, 0..5_000),
            deletes: bool,
            touches: bool,
        ) {
            let all: Vec<_> = times.into_iter().enumerate().collect();
            let many = all.len();
            let objects = Objects(Mutex::new(all));
            let mut touched = HashSet::new();
            let told = walk(&objects, |page| objects.with(|all| {
                if deletes {
                    all.retain(|(name, _)| !page.contains(name));
                }
                if touches && let Some(last) = all.last_mut() {
                    touched.insert(last.0);
                    last.1 = 1_000;
                }
            })).unwrap();
            let once: HashSet<_> = told.iter().copied().collect();
            prop_assert_eq!(once.len(), told.len());
            let missing: HashSet<_> = (0..many).filter(|name| !once.contains(name)).collect();
            prop_assert!(missing.is_subset(&touched));
        }
    }
}
