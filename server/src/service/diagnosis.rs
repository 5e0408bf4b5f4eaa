//! Why a page cannot send bytes to the store, and the CORS rule that would let it in.
//!
//! The server asks as the browser does, by a preflight at the address that browsers are given: a store
//! may let pages in by settings of its own. Where it does not, the rules of the bucket tell why; those
//! of its tenant where it has none, as HCP has it.

use hcp::{Call, Demands, ErrorKind, Missing, Preflight, S3, cors_rules};
use model::{
    BucketName, ObjectKey,
    cors::{CorsAddition, CorsConfiguration, CorsRule, Crossing, Judgement, judge, with_rule},
    mapi::calls::operations,
    session::{Backend, Right, UploadRoute},
    upload_target::{Diagnose, UploadDiagnosis, Verdict, sent_headers, upload_rule},
};
use url::Url;

use super::{
    management::{self, Management},
    reach, rights,
};
use crate::{Error, session::Session, state::AppState, web::guard::RequestHost};

/// The method of uploads.
const METHOD: &str = "PUT";
/// What the console reads of the answer.
const READS: &[&str] = &["etag"];
/// How long a URL lives that nobody but a preflight uses.
const LIFE: std::time::Duration = std::time::Duration::from_mins(1);

/// One person's question.
#[derive(Clone, Copy)]
pub struct Diagnosis<'a> {
    /// The server.
    pub state: &'a AppState,
    /// Who asks.
    pub session: &'a Session,
    /// The bucket.
    pub bucket: &'a BucketName,
}

/// The CORS rules that hold for a bucket.
pub(super) enum Rules {
    /// These.
    Known(Vec<CorsRule>),
    /// The caller may not read them, or the store does not tell.
    Hidden(hcp::Error),
}

impl Diagnosis<'_> {
    /// Finds what keeps the pages of an origin out.
    pub async fn find(
        &self,
        host: &RequestHost,
        page: &Diagnose,
    ) -> Result<UploadDiagnosis, Error> {
        let origin = page.origin.as_str();
        let s3 = self.session.s3(self.state)?;
        let claims = &self.session.claims;
        let settings = reach::upload_settings(self.state, claims, host);
        let mut sends = sent_headers(&settings);
        sends.extend(page.headers.iter().map(String::as_str));
        let asked = Preflight {
            origin,
            method: METHOD,
            headers: &sends,
        };
        let (rules, answer, known) = tokio::join!(
            self.rules(&s3),
            self.preflight(&s3, host, &asked),
            rights::known(self.state, claims),
        );
        let rules = match rules {
            Ok(rules) => rules,
            // The store is up, or down, for browsers alike.
            Err(Error::Store(error)) if is_silence(&error) => {
                return Ok(UploadDiagnosis {
                    verdict: Verdict::StoreUnreachable,
                    rule: None,
                    existing: None,
                    can_configure: false,
                    store_origin: settings.store_origin,
                });
            }
            Err(error) => return Err(error),
        };
        let judged = match &rules {
            Rules::Known(rules) => Some(judge(
                rules,
                &Crossing {
                    origin,
                    method: METHOD,
                    sends: &sends,
                    reads: READS,
                },
            )),
            Rules::Hidden(_) => None,
        };
        let is_refused = matches!(&answer, Some(Ok(allowed)) if !allowed.permits(&asked));
        let verdict = match answer {
            Some(Ok(allowed)) if allowed.permits(&asked) => {
                let readable = READS.iter().all(|name| allowed.exposes(name));
                if judged == Some(Judgement::Expose) && !readable {
                    Verdict::Expose
                } else {
                    Verdict::Ok
                }
            }
            Some(Ok(_refused)) => judged.map_or(Verdict::Unknown, denied),
            Some(Err(_silence)) => match judged.map_or(Verdict::Unknown, denied) {
                Verdict::Unknown => Verdict::StoreUnreachable,
                missing => missing,
            },
            // Bytes go through Hako: no page is kept out.
            None if settings.route == UploadRoute::Hako => Verdict::Ok,
            None => judged.map_or(Verdict::Unknown, denied),
        };
        // Where the rules are hidden, the store's refusal is enough to say that one is missing.
        let lacks_rule = match verdict {
            Verdict::Ok | Verdict::StoreUnreachable => false,
            Verdict::Unknown => is_refused && judged.is_none(),
            _ => true,
        };
        Ok(UploadDiagnosis {
            verdict,
            rule: lacks_rule.then(|| upload_rule(origin, &page.headers)),
            existing: match &rules {
                Rules::Known(rules) => u32::try_from(rules.len()).ok(),
                Rules::Hidden(_) => None,
            },
            can_configure: matches!(rules, Rules::Known(_))
                && self.may_configure(known.rights.admin),
            store_origin: settings.store_origin,
        })
    }

    /// Asks the store as the browser would, with the URL that it would get; `None` where no URL can be
    /// signed.
    pub(super) async fn preflight(
        &self,
        s3: &S3,
        host: &RequestHost,
        asked: &Preflight<'_>,
    ) -> Option<Result<hcp::Allowed, hcp::Error>> {
        let base = reach::public_base(self.state, host);
        let presigner = s3.presigner(base.as_ref(), self.state.now().inner()).ok()?;
        // It is not written: a preflight does nothing.
        let key = ObjectKey::parse("upload").ok()?;
        let url = presigner.put_object(self.bucket, &key, LIFE, Demands::default());
        let url = Url::parse(&url).ok()?;
        Some(self.state.store().preflight(&url, asked).await)
    }

    /// The rules that hold for the bucket. HCP takes those of the tenant where the bucket has none.
    async fn rules(&self, s3: &S3) -> Result<Rules, Error> {
        match self.own_rules(s3).await {
            Ok(Some(own)) => Ok(Rules::Known(own)),
            Ok(None) => match self.rules_of_tenant().await? {
                Some(rules) => Ok(rules),
                None => Ok(Rules::Known(Vec::new())),
            },
            Err(error) => match error.kind() {
                ErrorKind::Denied | ErrorKind::NotSupported => Ok(Rules::Hidden(error)),
                _ => Err(error.into()),
            },
        }
    }

    /// The bucket's own rules; `None` where it has none.
    pub(super) async fn own_rules(&self, s3: &S3) -> Result<Option<Vec<CorsRule>>, hcp::Error> {
        match s3.cors(self.bucket).await {
            Ok(own) => Ok(Some(own.cors_rules)),
            Err(error) => match error.kind() {
                ErrorKind::NotFound {
                    what: Missing::Setting,
                } => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// The rules of the tenant; `None` where the store has no tenants with rules.
    pub(super) async fn rules_of_tenant(&self) -> Result<Option<Rules>, Error> {
        let tenant = self.session.claims.credentials.tenant.as_ref();
        let Some(tenant) = tenant.filter(|_| management::is_served(self.state)) else {
            return Ok(None);
        };
        let read = operations().find(|operation| operation.id == "get_tenant_cors");
        let read = read.ok_or_else(|| Error::internal("no such operation"))?;
        let call = Call::new(read, &[tenant.as_str()])?;
        let management = Management::new(self.state, self.session)?;
        match management.perform(&call).await {
            Ok(reply) => {
                let document = reply.body["cors"].as_str().and_then(cors_rules);
                document
                    .map(|rules| Some(Rules::Known(rules)))
                    .ok_or_else(|| Error::internal("the tenant's CORS document cannot be read"))
            }
            Err(Error::Store(error)) => match error.kind() {
                ErrorKind::NotFound { .. } => Ok(Some(Rules::Known(Vec::new()))),
                ErrorKind::Denied => Ok(Some(Rules::Hidden(error))),
                _ => Err(error.into()),
            },
            Err(error) => Err(error),
        }
    }

    /// Adds a rule, and keeps all others.
    ///
    /// A document of the bucket hides its tenant's: where the bucket has none, the tenant's rules go
    /// into it. Who may not read those is refused, since they would be lost.
    pub async fn add(&self, new: &CorsRule) -> Result<CorsAddition, Error> {
        let s3 = self.session.s3(self.state)?;
        let rules = match self.rules(&s3).await? {
            Rules::Known(rules) => rules,
            Rules::Hidden(error) => return Err(error.into()),
        };
        let Some(cors_rules) = with_rule(&rules, new) else {
            return Ok(CorsAddition {
                cors_rules: rules,
                added: false,
            });
        };
        let document = CorsConfiguration {
            cors_rules: cors_rules.clone(),
        };
        let set = s3.set_cors(self.bucket, &document);
        self.session
            .change_bucket(self.state, self.bucket, set)
            .await?;
        Ok(CorsAddition {
            cors_rules,
            added: true,
        })
    }

    /// Whether who may read the rules may set them. HCP lets administrators set them, and monitors read them;
    /// elsewhere who may read them is their owner.
    pub(super) fn may_configure(&self, admin: Right) -> bool {
        let is_hcp = self.state.config().backend == Backend::Hcp;
        !is_hcp || admin.is_possible()
    }
}

fn is_silence(error: &hcp::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::TimedOut)
}

/// What rules say of a page that the store does not let in.
fn denied(judged: Judgement) -> Verdict {
    match judged {
        Judgement::NoRule => Verdict::NoRule,
        Judgement::Origin => Verdict::Origin,
        Judgement::Method => Verdict::Method,
        Judgement::Header => Verdict::Header,
        Judgement::Expose => Verdict::Expose,
        Judgement::Allowed => Verdict::Unknown,
    }
}
