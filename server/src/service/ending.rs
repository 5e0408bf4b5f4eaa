//! When Hako removes an object, as people tell, set and take it back: of the writing that stands there now.
//!
//! An end is carried out in the name of who set it. Others change it or take it back only if they are known to be
//! allowed to delete there: it is Hako that guards an end, so what is not known for certain is not so.

use std::collections::{BTreeMap, HashMap};

use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp,
    expiry::{NewExpiry, ObjectExpiry},
    session::Right,
    upload::{Protection, protection as kept_until},
};

use super::{describing, expiry, protection, reach, rights};
use crate::{
    Error,
    db::expiries::{Expiries as _, Expiry, Of, Written},
    session::Session,
    state::AppState,
};

/// One object, by who asks.
#[derive(Clone, Copy)]
pub struct Ending<'a> {
    /// The server.
    pub state: &'a AppState,
    /// Who asks.
    pub session: &'a Session,
    /// The bucket.
    pub bucket: &'a BucketName,
    /// The object.
    pub key: &'a ObjectKey,
}

/// What stands there, and its end.
struct Standing {
    written: Written,
    /// Until when the store keeps it in any case: without an end where there is none.
    kept: Option<Protection>,
    /// The end that is kept for the key.
    end: Option<Expiry>,
}

/// What the caller may do about an end.
#[derive(Clone, Copy)]
struct May {
    set: Right,
    clear: Right,
}

impl Standing {
    /// The end, where it is of what stands there.
    fn present(&self) -> Option<&Expiry> {
        let end = self.end.as_ref()?;
        end.facts.of.holds(&self.written).then_some(end)
    }

    /// The end, where it is of what stands there or of what is to come.
    fn guarded(&self) -> Option<&Expiry> {
        let end = self.end.as_ref()?;
        let comes = matches!(end.facts.of, Of::Next { .. });
        (comes || end.facts.of.holds(&self.written)).then_some(end)
    }
}

impl Ending<'_> {
    /// When it is removed.
    ///
    /// # Errors
    /// What the store says to the caller who looks at the object.
    pub async fn read(&self) -> Result<ObjectExpiry, Error> {
        let standing = self.stands().await?;
        let may = self.may(&standing).await;
        let end = standing.present().map(|end| &end.facts);
        Ok(ObjectExpiry {
            expires_at: end.and_then(|facts| Timestamp::from_unix_seconds(facts.expires_at)),
            set_by: end.map(|facts| facts.maker.person.clone()),
            may_set: may.set,
            may_clear: may.clear,
            etag: standing.written.etag,
        })
    }

    /// Sets its end in place of any other.
    ///
    /// # Errors
    /// 403 for who may not, and where the store keeps the object for longer; 409 where its time is over; 412 where
    /// it is not what the caller has looked at; 422 of a life that is none.
    pub async fn set(&self, new: &NewExpiry) -> Result<ObjectExpiry, Error> {
        self.features()?;
        let faults = new.faults();
        if !faults.is_empty() {
            return Err(Error::Validation(faults));
        }
        let standing = self.stands().await?;
        if new.etag.is_some() && new.etag != standing.written.etag {
            return Err(changed());
        }
        let may = self.may(&standing).await;
        if !may.set.is_possible() {
            return Err(self.refused(&standing));
        }
        let of = Of::This(standing.written.clone());
        let (at, life) = ((self.bucket, self.key), new.expires_in);
        let (end, ends) = expiry::from_now(self.state, self.session, at, life, of)?;
        if let Some(until) = standing.kept
            && until.is_none_or(|until| until > ends)
        {
            return Err(retained(until));
        }
        let store = self.state.temporary().store();
        match standing.guarded() {
            // Never over the head of a sweep that is about to remove it.
            Some(seen) if self.is_over(seen) => return Err(over()),
            Some(seen) if !store.change(&seen.mark, &end).await? => return Err(over()),
            Some(_) => {}
            None => store.put(&end).await?,
        }
        Ok(ObjectExpiry {
            expires_at: Some(ends),
            set_by: Some(end.facts.maker.person),
            may_set: may.set,
            may_clear: Right::Yes,
            etag: standing.written.etag,
        })
    }

    /// Takes its end back; of an object without one it changes nothing.
    ///
    /// # Errors
    /// As of [`Self::set`].
    pub async fn clear(&self) -> Result<ObjectExpiry, Error> {
        self.features()?;
        let standing = self.stands().await?;
        let may = self.may(&standing).await;
        if let Some(seen) = standing.present() {
            if !may.clear.is_possible() {
                return Err(self.refused(&standing));
            }
            let store = self.state.temporary().store();
            if self.is_over(seen) || !store.forget(&seen.id, Some(&seen.mark)).await? {
                return Err(over());
            }
        }
        Ok(ObjectExpiry {
            may_set: may.set,
            may_clear: may.clear,
            etag: standing.written.etag,
            ..ObjectExpiry::default()
        })
    }

    fn features(&self) -> Result<(), Error> {
        if reach::has_expiry(self.state, &self.session.claims) {
            return Ok(());
        }
        Err(Error::Refused {
            status: StatusCode::FORBIDDEN,
            code: ErrorCode::TenantRequired,
            detail: "An account of the system level has no data that could end.".to_owned(),
        })
    }

    fn is_over(&self, end: &Expiry) -> bool {
        end.facts.expires_at <= self.state.now().unix_seconds()
    }

    async fn stands(&self) -> Result<Standing, Error> {
        let s3 = self.session.s3(self.state)?;
        let head = s3.describe_object(self.bucket, self.key, None).await?;
        let found = describing::details(self.key, head);
        let id = expiry::id(self.session, self.bucket, self.key);
        let now = self.state.now().unix_seconds();
        Ok(Standing {
            written: Written::from(&found),
            kept: kept_until(|name| found.protection.get(name).cloned(), now),
            end: self.state.temporary().store().find(&id).await?,
        })
    }

    fn refused(&self, standing: &Standing) -> Error {
        let detail = match standing.guarded().filter(|end| !self.is_own(end)) {
            Some(end) => format!(
                "{} has set the end of this object. Only who set it, and who is known to be allowed to delete it, can change that.",
                end.facts.maker.person
            ),
            None => "Who sets the end of an object must be allowed to delete it.".to_owned(),
        };
        Error::Refused {
            status: StatusCode::FORBIDDEN,
            code: ErrorCode::AccessDenied,
            detail,
        }
    }

    fn is_own(&self, end: &Expiry) -> bool {
        end.facts.maker.is(&expiry::maker(self.state, self.session))
    }

    async fn may(&self, standing: &Standing) -> May {
        let claims = &self.session.claims;
        // All who work with the deployment's own keys may delete the same.
        if claims.of_file {
            return May {
                set: Right::Yes,
                clear: Right::Yes,
            };
        }
        let may_delete = protection::may_delete(self.state, self.session, self.bucket).await;
        if standing.guarded().is_none_or(|end| self.is_own(end)) {
            return May {
                set: may_delete,
                clear: Right::Yes,
            };
        }
        let knows = may_delete == Right::Yes
            || rights::known(self.state, claims).await.rights.admin == Right::Yes;
        May {
            set: if knows { may_delete } else { Right::No },
            clear: knows.into(),
        }
    }
}

/// One object of a listing: its key, entity tag and time.
type Listed<'a> = (&'a str, Option<&'a str>, Option<Timestamp>);

/// When those of a page of a listing are removed that are temporary files. What is listed does not depend on it:
/// a failure is logged alone.
pub async fn listed(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    page: impl Iterator<Item = Listed<'_>>,
) -> BTreeMap<String, Timestamp> {
    let all: HashMap<String, Listed<'_>> = page
        .filter_map(|one| {
            let key = ObjectKey::parse(one.0).ok()?;
            Some((expiry::id(session, bucket, &key), one))
        })
        .collect();
    if all.is_empty() {
        return BTreeMap::new();
    }
    let ids: Vec<String> = all.keys().cloned().collect();
    let found = state.temporary().store().ends(&ids).await;
    let found = found.unwrap_or_else(|error| {
        tracing::warn!(%error, "the ends of temporary files are not known");
        Vec::new()
    });
    let ends = found.into_iter().filter_map(|(id, facts)| {
        let (key, etag, stored) = *all.get(&id)?;
        let end = Timestamp::from_unix_seconds(facts.expires_at)?;
        let stored = stored.map(Timestamp::unix_seconds);
        let holds = facts.of.holds_listed(etag, stored);
        holds.then(|| (key.to_owned(), end))
    });
    ends.collect()
}

fn changed() -> Error {
    Error::Refused {
        status: StatusCode::PRECONDITION_FAILED,
        code: ErrorCode::ObjectChanged,
        detail: "The object has changed since it was looked at. Nothing was set.".to_owned(),
    }
}

/// Somebody, or the sweep, was faster.
fn over() -> Error {
    Error::Refused {
        status: StatusCode::CONFLICT,
        code: ErrorCode::Conflict,
        detail: "The end of this object has come, or was changed a moment ago. Look at it again."
            .to_owned(),
    }
}

fn retained(until: Option<Timestamp>) -> Error {
    let detail = match until {
        Some(until) => format!(
            "The object is under retention until {}, and cannot be removed before.",
            model::protection::in_words(until)
        ),
        None => "The object is on hold, or kept without an end, and cannot be removed.".to_owned(),
    };
    Error::Refused {
        status: StatusCode::FORBIDDEN,
        code: ErrorCode::ObjectRetained,
        detail,
    }
}
