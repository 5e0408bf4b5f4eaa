//! The buckets that somebody can reach, and what is known of each.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt as _, stream};
use hcp::{Call, ErrorKind};
use model::{
    BucketName, Timestamp,
    cors::CorsSource,
    mapi::{
        Choice, ComplianceSettings, HttpProtocol, Namespace, Quota, RetentionType, Statistics,
        VersioningSettings, calls::operations,
    },
    multipart::ListUploadsQuery,
    reachable::{BucketFacts, Fact, Others, ReachableBucket, ReachableBuckets},
};
use serde_json::Value;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    diagnosis::{Diagnosis, Rules},
    known::Known,
    management::{self, Management},
    upload_target::state_of,
};
use crate::{Error, session::Session, state::AppState};

/// So many questions are put to the store at once.
const AT_ONCE: usize = 6;
/// How long the list waits for the names of others' namespaces: a page waits for it.
const LIST_PATIENCE: Duration = Duration::from_secs(5);
/// What has not answered by then is not known.
const PATIENCE: Duration = Duration::from_secs(20);

/// The caller's own buckets and, where management names them, the other namespaces of the tenant.
///
/// # Errors
/// The store's, where it does not list the caller's own.
pub async fn reachable(state: &AppState, session: &Session) -> Result<ReachableBuckets, Error> {
    let s3 = session.s3(state)?;
    let (own, others) = tokio::join!(s3.list_buckets(), namespaces(state, session));
    let mut buckets: BTreeMap<String, ReachableBucket> = own?
        .buckets
        .into_iter()
        .map(|bucket| {
            let reachable = ReachableBucket {
                name: bucket.name.clone(),
                creation_date: bucket.creation_date,
                owned: true,
            };
            (bucket.name, reachable)
        })
        .collect();
    let (names, others) = others;
    for name in names {
        buckets
            .entry(name.clone())
            .or_insert_with(|| ReachableBucket {
                name,
                creation_date: None,
                owned: false,
            });
    }
    Ok(ReachableBuckets {
        buckets: buckets.into_values().collect(),
        others,
    })
}

/// The names of the tenant's namespaces, and how far they are known.
async fn namespaces(state: &AppState, session: &Session) -> (Vec<String>, Others) {
    let tenant = session.claims.credentials.tenant.as_ref();
    let Some(tenant) = tenant.filter(|_| management::is_served(state)) else {
        return (Vec::new(), Others::Absent);
    };
    let list = operations().find(|operation| operation.id == "list_namespaces");
    let call = list.and_then(|list| Call::new(list, &[tenant.as_str()]).ok());
    let (Some(call), Ok(management)) = (call, Management::new(state, session)) else {
        return (Vec::new(), Others::Absent);
    };
    match timeout(LIST_PATIENCE, management.perform(&call)).await {
        Ok(Ok(reply)) => (names(&reply.body), Others::Listed),
        Ok(Err(Error::Store(error))) if error.kind() == ErrorKind::Denied => {
            (Vec::new(), Others::Hidden)
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "the namespaces of the tenant are not known");
            (Vec::new(), Others::Unanswered)
        }
        Err(_late) => (Vec::new(), Others::Unanswered),
    }
}

/// The names of a list: `{"name": ["a"]}`.
fn names(body: &Value) -> Vec<String> {
    let names = body["name"].as_array().into_iter().flatten();
    names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// What is known of buckets, in their order. A bucket whose facts cannot be had has none, and fails nobody.
///
/// # Errors
/// Only where the session has no keys for the store.
pub async fn of(
    state: &AppState,
    session: &Session,
    buckets: &[BucketName],
    with: &[Fact],
) -> Result<Vec<BucketFacts>, Error> {
    let asker = Asker {
        state,
        session,
        s3: session.s3(state)?,
        with,
        turns: Semaphore::new(AT_ONCE),
    };
    let asks: Vec<_> = buckets
        .iter()
        .map(|bucket| Box::pin(asker.facts(bucket)))
        .collect();
    Ok(stream::iter(asks).buffered(AT_ONCE).collect().await)
}

/// Puts the questions.
struct Asker<'a> {
    state: &'a AppState,
    session: &'a Session,
    s3: hcp::S3,
    with: &'a [Fact],
    turns: Semaphore,
}

impl Asker<'_> {
    /// One question in its turn; none where the answer does not come in time.
    async fn ask<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        let _turn = self.turns.acquire().await.ok()?;
        timeout(PATIENCE, question).await.ok()
    }

    /// The same, where there may be no answer.
    async fn know<T>(&self, question: impl Future<Output = Option<T>>) -> Option<T> {
        self.ask(question).await.flatten()
    }

    async fn facts(&self, bucket: &BucketName) -> BucketFacts {
        let known = Known {
            state: self.state,
            session: self.session,
        };
        let (there, versioning, namespace, settings, statistics) = tokio::join!(
            self.ask(self.s3.head_bucket(bucket)),
            self.ask(self.s3.versioning(bucket)),
            self.know(known.read::<Namespace>("get_namespace", bucket)),
            self.know(known.read::<VersioningSettings>("get_versioning_settings", bucket)),
            self.know(known.read::<Statistics>("get_namespace_statistics", bucket)),
        );
        let mut facts = BucketFacts {
            bucket: bucket.to_string(),
            ..BucketFacts::default()
        };
        if let Some((namespace, _)) = namespace {
            describe(&mut facts, namespace);
        }
        if let Some((settings, _)) = settings {
            facts.delete_markers = settings.use_delete_markers;
        }
        if let Some((statistics, as_of)) = statistics {
            let count = |number: Option<i64>| number.and_then(|number| number.try_into().ok());
            facts.objects = count(statistics.object_count);
            facts.used_bytes = count(statistics.storage_capacity_used);
            facts.as_of = Some(as_of);
        }
        // Who may only read is not told whether versions are kept.
        if let Some(Ok(versioning)) = versioning {
            facts.versioning = Some(state_of(&versioning));
        }
        if let Some(Err(error)) = there {
            let kind = error.kind();
            facts.unreachable = Some(Error::from(error).status().1);
            // A namespace that does not speak S3 refuses everything by S3.
            if kind == ErrorKind::Denied {
                let http = known.read::<HttpProtocol>("get_http_protocol", bucket);
                facts.s3 = self.know(http).await.and_then(|(http, _)| http.hs3_enabled);
            }
            return facts;
        }
        Box::pin(self.more(bucket, known, &mut facts)).await;
        facts
    }

    /// What is told on demand.
    async fn more(&self, bucket: &BucketName, known: Known<'_>, facts: &mut BucketFacts) {
        if self.with.contains(&Fact::Cors) {
            facts.cors = self.know(Box::pin(self.cors(bucket))).await;
        }
        if self.with.contains(&Fact::Uploads) {
            let query = ListUploadsQuery::default();
            let page = self.ask(Box::pin(self.s3.list_uploads(bucket, &query)));
            let page = page.await;
            if let Some(Ok(page)) = page {
                facts.uploads = u32::try_from(page.uploads.len()).ok();
                facts.more_uploads = page.is_truncated;
            }
        }
        if self.with.contains(&Fact::Retention) {
            let settings = known.read::<ComplianceSettings>("get_compliance_settings", bucket);
            let settings = self.know(settings).await;
            facts.retention = settings.and_then(|(settings, _)| settings.retention_default);
        }
    }

    /// Whose CORS rules hold.
    async fn cors(&self, bucket: &BucketName) -> Option<CorsSource> {
        let diagnosis = Diagnosis {
            state: self.state,
            session: self.session,
            bucket,
        };
        if diagnosis.own_rules(&self.s3).await.ok()?.is_some() {
            return Some(CorsSource::Bucket);
        }
        Some(match diagnosis.rules_of_tenant().await.ok()? {
            Some(Rules::Known(rules)) if !rules.is_empty() => CorsSource::Tenant,
            Some(Rules::Hidden(_)) => CorsSource::Unknown,
            _ => CorsSource::None,
        })
    }
}

/// What the namespace itself tells.
fn describe(facts: &mut BucketFacts, namespace: Namespace) {
    facts.quota_bytes = namespace.hard_quota.map(Quota::bytes);
    facts.soft_quota = namespace
        .soft_quota
        .and_then(|percent| u8::try_from(percent.0).ok());
    facts.owner = namespace.owner.filter(|owner| !owner.is_empty());
    facts.tags = namespace.tags.map(|tags| tags.0);
    facts.compliance = namespace.enterprise_mode.map(|enterprise| !enterprise);
    facts.object_lock = namespace
        .retention_type
        .map(|kind| matches!(kind, Choice::Known(RetentionType::S3)));
    let created = namespace.creation_time.as_deref();
    facts.created = created.and_then(Timestamp::parse_hcp);
}
