//! The page of a bucket's CORS rules: which hold, one change at a time, and whether a page would be let in.

use std::collections::BTreeMap;

use hcp::{ErrorKind, Preflight, S3};
use http::StatusCode;
use model::{
    ErrorCode, ObjectKey, UploadId,
    cors::{
        CorsCause, CorsChange, CorsCheck, CorsConfiguration, CorsEdit, CorsOverview, CorsProbe,
        CorsQuestion, CorsRule, CorsSource, Crossing, Examination, PreflightAnswer,
        PreflightOutcome, TenantRules, check_all, examine, fingerprint, with_rule,
    },
    problem::FieldError,
    upload_target::{sent_headers, upload_rule},
};

use super::{
    diagnosis::{Diagnosis, Rules},
    reach, rights,
};
use crate::{Error, web::guard::RequestHost};

/// How long the URL lives that a browser tries.
const PROBE_LIFE: std::time::Duration = std::time::Duration::from_mins(2);
/// A key that nobody has; it is not written either.
const PROBE_KEY: &str = "hako-cors-check";
/// An upload that was never begun. HCP's ids have fourteen digits.
const PROBE_UPLOAD: &str = "1";
/// For how many seconds browsers may remember what a rule of ours says.
const MAX_AGE: i32 = 3_600;

/// The rules of a bucket and of its tenant.
struct Documents {
    /// `None` where the bucket has no document.
    own: Option<Vec<CorsRule>>,
    tenant: TenantRules,
    tenant_rules: Vec<CorsRule>,
}

impl Documents {
    fn source(&self) -> CorsSource {
        match (&self.own, self.tenant) {
            (Some(_), _) => CorsSource::Bucket,
            (None, TenantRules::Known) => CorsSource::Tenant,
            (None, TenantRules::Hidden) => CorsSource::Unknown,
            (None, TenantRules::Unset | TenantRules::Absent) => CorsSource::None,
        }
    }

    /// The rules that decide.
    fn deciding(&self) -> &[CorsRule] {
        self.own.as_deref().unwrap_or(&self.tenant_rules)
    }
}

impl Diagnosis<'_> {
    /// The rules of the bucket and of its tenant.
    ///
    /// # Errors
    /// The store's, also where the caller may not read the bucket's rules.
    pub async fn overview(&self) -> Result<CorsOverview, Error> {
        let s3 = self.session.s3(self.state)?;
        let (documents, known) = tokio::join!(
            self.documents(&s3),
            rights::known(self.state, &self.session.claims)
        );
        let documents = documents?;
        let own = documents.own.clone().unwrap_or_default();
        Ok(CorsOverview {
            source: documents.source(),
            fingerprint: fingerprint(&own),
            cors_rules: own,
            tenant: documents.tenant,
            tenant_rules: documents.tenant_rules,
            can_configure: self.may_configure(known.rights.admin),
        })
    }

    async fn documents(&self, s3: &S3) -> Result<Documents, Error> {
        let (own, tenant) = tokio::join!(self.own_rules(s3), self.rules_of_tenant());
        let own = own?;
        let (tenant, tenant_rules) = match tenant {
            Ok(None) => (TenantRules::Absent, Vec::new()),
            Ok(Some(Rules::Known(rules))) if rules.is_empty() => (TenantRules::Unset, rules),
            Ok(Some(Rules::Known(rules))) => (TenantRules::Known, rules),
            Ok(Some(Rules::Hidden(_))) => (TenantRules::Hidden, Vec::new()),
            // They matter only where the bucket has none of its own.
            Err(error) if own.is_some() => {
                tracing::debug!(%error, bucket = %self.bucket, "the tenant's CORS rules are not known");
                (TenantRules::Hidden, Vec::new())
            }
            Err(error) => return Err(error),
        };
        Ok(Documents {
            own,
            tenant,
            tenant_rules,
        })
    }

    /// Makes one change, if the rules are still those that it was made for.
    ///
    /// # Errors
    /// A conflict where somebody else changed the rules; what is wrong with the new ones; the store's.
    pub async fn change(&self, edit: &CorsEdit) -> Result<CorsOverview, Error> {
        let s3 = self.session.s3(self.state)?;
        let documents = self.documents(&s3).await?;
        let own = documents.own.clone().unwrap_or_default();
        if fingerprint(&own) != edit.fingerprint {
            return Err(conflict(
                "Somebody else has changed the rules since. Nothing was saved.",
            ));
        }
        let known = documents.tenant == TenantRules::Known;
        let takes_over = documents.own.is_none() && (edit.with_tenant || is_copy(&edit.change));
        if takes_over && !known && is_copy(&edit.change) {
            return Err(conflict("There are no rules of the tenant to copy."));
        }
        let base = if takes_over {
            &documents.tenant_rules
        } else {
            &own
        };
        let rules = changed(base, &edit.change)?;
        check_all(base, &rules).map_err(|why| invalid("rules", why))?;
        self.write(&s3, rules, documents.own.is_some()).await?;
        Box::pin(self.overview()).await
    }

    /// A document without rules is none: S3 takes no empty one.
    async fn write(&self, s3: &S3, cors_rules: Vec<CorsRule>, is_set: bool) -> Result<(), Error> {
        if cors_rules.is_empty() {
            if is_set {
                let deleted = s3.delete_cors(self.bucket);
                self.session
                    .change_bucket(self.state, self.bucket, deleted)
                    .await?;
            }
            return Ok(());
        }
        let document = CorsConfiguration { cors_rules };
        let set = s3.set_cors(self.bucket, &document);
        self.session
            .change_bucket(self.state, self.bucket, set)
            .await?;
        Ok(())
    }

    /// Examines a request of a page: by the rules, and by a preflight.
    ///
    /// # Errors
    /// The store's. Rules that the caller may not read are an answer.
    pub async fn check(
        &self,
        host: &RequestHost,
        mut asked: CorsQuestion,
    ) -> Result<CorsCheck, Error> {
        let s3 = self.session.s3(self.state)?;
        let claims = &self.session.claims;
        let settings = reach::upload_settings(self.state, claims, host);
        let usual = || sent_headers(&settings).into_iter().map(str::to_owned);
        let headers = asked.headers.take().unwrap_or_else(|| usual().collect());
        let sends: Vec<_> = headers.iter().map(String::as_str).collect();
        let reads: Vec<_> = asked.reads.iter().map(String::as_str).collect();
        let preflight = Preflight {
            origin: &asked.origin,
            method: &asked.method,
            headers: &sends,
        };
        let (documents, answer, known) = tokio::join!(
            self.documents(&s3),
            self.preflight(&s3, host, &preflight),
            rights::known(self.state, claims),
        );
        let documents = match documents {
            Ok(documents) => Some(documents),
            Err(Error::Store(error)) if is_hidden(&error) => None,
            Err(error) => return Err(error),
        };
        let crossing = Crossing {
            origin: &asked.origin,
            method: &asked.method,
            sends: &sends,
            reads: &reads,
        };
        let (source, rules, found) = examined(documents.as_ref(), &crossing);
        let new = (!found.cause.is_good()).then(|| proposed(&crossing));
        let at = new
            .as_ref()
            .filter(|_| found.cause != CorsCause::Unknown)
            .map(|new| place(&rules, new, &crossing));
        let preflight = told(answer, &preflight);
        let probe = self.probe(&s3, host, &crossing);
        asked.headers = Some(headers);
        Ok(CorsCheck {
            asked,
            source,
            cause: found.cause,
            cors_rules: rules,
            rules: found.rules,
            decides: found.decides,
            shadowed_by: found.shadow.map(|(first, _)| first),
            better: found.shadow.map(|(_, better)| better),
            preflight,
            probe,
            rule: new,
            at,
            can_configure: documents.is_some() && self.may_configure(known.rights.admin),
        })
    }

    /// What a browser can try: a part of an upload that was never begun is refused after the preflight, and so
    /// is an object that is not there. Other methods would do something.
    fn probe(&self, s3: &S3, host: &RequestHost, asked: &Crossing<'_>) -> Option<CorsProbe> {
        let base = reach::public_base(self.state, host);
        let presigner = s3.presigner(base.as_ref(), self.state.now().inner()).ok()?;
        let key = ObjectKey::parse(PROBE_KEY).ok()?;
        let upload = UploadId::parse(PROBE_UPLOAD).ok()?;
        let mut headers = BTreeMap::new();
        for name in asked.sends {
            let value = match *name {
                "content-type" => "application/octet-stream",
                "if-none-match" | "if-match" => "*",
                // Those of no bytes.
                "x-amz-checksum-crc32c" => "AAAAAA==",
                "content-md5" => "1B2M2Y8AsgTpgAmY7PhCfg==",
                _ => "hako",
            };
            headers.insert((*name).to_owned(), value.to_owned());
        }
        // Stores refuse those of S3 that are not signed.
        let mut signed = headers.clone();
        signed.retain(|name, _| name.starts_with("x-amz-"));
        let object = (self.bucket, &key);
        let url = presigner.probe(asked.method, object, &upload, PROBE_LIFE, &signed)?;
        Some(CorsProbe {
            method: asked.method.to_owned(),
            url,
            headers,
        })
    }
}

fn is_copy(change: &CorsChange) -> bool {
    matches!(change, CorsChange::CopyTenant)
}

/// The rules after a change.
fn changed(base: &[CorsRule], change: &CorsChange) -> Result<Vec<CorsRule>, Error> {
    match change {
        CorsChange::CopyTenant => Ok(base.to_vec()),
        CorsChange::Document { xml } => hcp::read_cors(xml).map_err(|fault| {
            let (line, column) = (fault.line, fault.column);
            invalid(
                "xml",
                format!("Line {line}, character {column}: {}", fault.message),
            )
        }),
        other => other
            .apply(base)
            .ok_or_else(|| invalid("at", "There is no rule at this place.".to_owned())),
    }
}

fn invalid(field: &str, why: String) -> Error {
    Error::Validation(vec![FieldError::body(field, why)])
}

fn conflict(detail: &str) -> Error {
    Error::Refused {
        status: StatusCode::CONFLICT,
        code: ErrorCode::Conflict,
        detail: detail.to_owned(),
    }
}

fn is_hidden(error: &hcp::Error) -> bool {
    matches!(error.kind(), ErrorKind::Denied | ErrorKind::NotSupported)
}

/// What the rules come to, as far as they are known.
fn examined(
    documents: Option<&Documents>,
    asked: &Crossing<'_>,
) -> (CorsSource, Vec<CorsRule>, Examination) {
    let source = documents.map_or(CorsSource::Unknown, Documents::source);
    let rules = documents.map(Documents::deciding).unwrap_or_default();
    let mut found = examine(rules, asked);
    if source == CorsSource::Unknown {
        found.cause = CorsCause::Unknown;
    } else if source == CorsSource::Tenant && found.cause == CorsCause::Allowed {
        found.cause = CorsCause::TenantOnly;
    }
    (source, rules.to_vec(), found)
}

/// The rule that lets a request in, and nothing else: for uploads that of the upload manager.
fn proposed(asked: &Crossing<'_>) -> CorsRule {
    let list = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        (!names.is_empty()).then_some(names)
    };
    if asked.method != "PUT" {
        return CorsRule {
            id: None,
            allowed_headers: list(asked.sends),
            allowed_methods: list(&[asked.method]),
            allowed_origins: list(&[asked.origin]),
            expose_headers: list(asked.reads),
            max_age_seconds: Some(MAX_AGE),
        };
    }
    let sends: Vec<_> = asked.sends.iter().map(|&name| name.to_owned()).collect();
    let mut rule = upload_rule(asked.origin, &sends);
    let exposed = rule.expose_headers.get_or_insert_default();
    for name in asked.reads {
        if !exposed.iter().any(|one| one.eq_ignore_ascii_case(name)) {
            exposed.push((*name).to_owned());
        }
    }
    rule
}

/// Where a rule takes effect: before the first that would decide in its place; before all where that is not
/// enough.
fn place(rules: &[CorsRule], new: &CorsRule, asked: &Crossing<'_>) -> usize {
    let placed = with_rule(rules, new);
    let placed = placed.filter(|placed| examine(placed, asked).cause == CorsCause::Allowed);
    let at = placed.map(|placed| {
        let mut both = placed.iter().zip(rules);
        both.position(|(a, b)| a != b).unwrap_or(rules.len())
    });
    at.unwrap_or_default()
}

fn told(
    answer: Option<Result<hcp::Allowed, hcp::Error>>,
    asked: &Preflight<'_>,
) -> PreflightAnswer {
    let nothing = |outcome| PreflightAnswer {
        outcome,
        origin: None,
        methods: Vec::new(),
        headers: Vec::new(),
        exposed: Vec::new(),
    };
    match answer {
        None => nothing(PreflightOutcome::Untried),
        Some(Err(_silence)) => nothing(PreflightOutcome::Silent),
        Some(Ok(allowed)) => PreflightAnswer {
            outcome: if allowed.permits(asked) {
                PreflightOutcome::Allowed
            } else {
                PreflightOutcome::Refused
            },
            origin: allowed.origin().map(str::to_owned),
            methods: allowed.methods().to_vec(),
            headers: allowed.headers().to_vec(),
            exposed: allowed.exposed().to_vec(),
        },
    }
}
