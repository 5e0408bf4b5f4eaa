//! Trying the store as other people's tools do: by the address that they use, one step after the other, so that it
//! can be told which one fails.

use std::{io, sync::Arc};

use aws_smithy_types::body::SdkBody;
use http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use http_body_util::{BodyExt as _, Limited};
use model::{
    BucketName,
    credentials::{ConnectionTest, StepFault, StepOutcome, TestStep, TestedStep},
};
use rustls::{CertificateError, pki_types::ServerName};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::{Error, ErrorKind, Resource, S3, Store, transport};

/// By how many seconds clocks may differ: stores of S3 refuse what is signed further from their time.
const MAX_SKEW: i64 = 900;
/// How much of an answer is looked at.
const LOOKED_AT: usize = 256 * 1024;
/// Says until when the temporary key works by which the request was signed; the local HCP sends it.
const KEY_ENDS: &str = "x-hako-key-ends";

/// What a signed listing was answered.
struct Listed {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Store {
    /// Tries to list, in the steps of a tool that begins with nothing: by the network, at `public` or else at the
    /// address that the server itself uses.
    ///
    /// # Errors
    /// Where nothing can be tried: the account has no keys, or the address is none.
    pub async fn attempt(
        &self,
        s3: &S3,
        public: Option<&Url>,
        bucket: Option<&BucketName>,
        now: OffsetDateTime,
    ) -> Result<ConnectionTest, Error> {
        let address = public.unwrap_or_else(|| s3.endpoint());
        let mut steps = Steps::default();
        let limit = self.config().connect_timeout;
        let reached = match timeout(limit, self.reach(address, &mut steps)).await {
            Ok(reached) => reached,
            Err(_elapsed) => Err(StepFault::TimedOut),
        };
        if let Err(fault) = reached {
            steps.fail(fault);
        } else {
            let listed = self.list_outside(s3, public, bucket, now).await;
            judge(&mut steps, listed, bucket.is_some(), now)?;
        }
        Ok(ConnectionTest {
            origin: address.origin().ascii_serialization(),
            steps: steps.all(),
        })
    }

    /// Until when the key works that this client signs by, where the store says that it is lent for a while.
    pub async fn key_ends(
        &self,
        s3: &S3,
        now: OffsetDateTime,
    ) -> Result<Option<model::Timestamp>, Error> {
        let listed = self.list_outside(s3, None, None, now).await?;
        let ends = listed.headers.get(KEY_ENDS);
        Ok(ends.and_then(|value| model::Timestamp::parse(value.to_str().ok()?)))
    }

    /// Name, port and certificate.
    async fn reach(&self, address: &Url, steps: &mut Steps) -> Result<(), StepFault> {
        let port = address.port_or_known_default().unwrap_or(80);
        let host = address.host().ok_or(StepFault::UnknownName)?;
        let name = match &host {
            Host::Domain(name) => (*name).to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        let addresses: Vec<_> = lookup_host((name.as_str(), port))
            .await
            .map_err(|_no_address| StepFault::UnknownName)?
            .collect();
        if addresses.is_empty() {
            return Err(StepFault::UnknownName);
        }
        steps.pass();
        let socket = TcpStream::connect(addresses.as_slice()).await;
        let socket = socket.map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => StepFault::PortClosed,
            io::ErrorKind::TimedOut => StepFault::TimedOut,
            _ => StepFault::NoAnswer,
        })?;
        steps.pass();
        if address.scheme() != "https" {
            steps.skip();
            return Ok(());
        }
        let config = self.config();
        let tls = transport::client_config(true, config.verify_tls, &config.roots)
            .map_err(|_no_roots| StepFault::CertificateUntrusted)?;
        let name = ServerName::try_from(name).map_err(|_no_name| StepFault::UnknownName)?;
        let connector = TlsConnector::from(Arc::new(tls));
        connector
            .connect(name, socket)
            .await
            .map_err(|error| of_handshake(&error))?;
        steps.pass();
        Ok(())
    }

    /// A list of buckets, or of a bucket's first key, signed as tools sign.
    async fn list_outside(
        &self,
        s3: &S3,
        public: Option<&Url>,
        bucket: Option<&BucketName>,
        now: OffsetDateTime,
    ) -> Result<Listed, Error> {
        let (url, headers) = s3.presigner(public, now)?.listing(bucket);
        let mut request = Request::builder()
            .uri(url.as_str())
            .body(SdkBody::empty())
            .map_err(|e| Error::new(ErrorKind::InvalidArgument, Resource::Store).caused_by(e))?;
        for (name, value) in headers {
            let mut value = HeaderValue::try_from(value)
                .map_err(|e| Error::new(ErrorKind::Unexpected, Resource::Store).caused_by(e))?;
            value.set_sensitive(name == "authorization");
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        let answer = self
            .send_outside(url.starts_with("https:"), request)
            .await?;
        let (parts, body) = answer.into_parts();
        // What is longer is no list of one key; its beginning is not needed then either.
        let body = Limited::new(body, LOOKED_AT).collect();
        let text = match timeout(self.config().connect_timeout, body).await {
            Ok(Ok(body)) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
            Ok(Err(_)) | Err(_) => String::new(),
        };
        Ok(Listed {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text,
        })
    }
}

/// The steps that were made, and what comes next.
#[derive(Default)]
struct Steps(Vec<TestedStep>);

impl Steps {
    fn add(&mut self, outcome: StepOutcome, fault: Option<StepFault>) -> Option<&mut TestedStep> {
        let step = *TestStep::ALL.get(self.0.len())?;
        self.0.push(TestedStep {
            step,
            outcome,
            fault,
            seconds_ahead: None,
            status: None,
        });
        self.0.last_mut()
    }

    fn pass(&mut self) {
        self.add(StepOutcome::Ok, None);
    }

    fn skip(&mut self) {
        self.add(StepOutcome::Skipped, None);
    }

    fn fail(&mut self, fault: StepFault) {
        self.add(StepOutcome::Failed, Some(fault));
    }

    /// All of them: what was not come to was skipped.
    fn all(mut self) -> Vec<TestedStep> {
        while self.0.len() < TestStep::ALL.len() {
            self.skip();
        }
        self.0
    }
}

/// Clock, signature and answer, by what came back.
fn judge(
    steps: &mut Steps,
    listed: Result<Listed, Error>,
    of_bucket: bool,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let Listed {
        status,
        headers,
        text,
    } = match listed {
        Ok(listed) => listed,
        Err(error) => {
            let fault = match error.kind() {
                ErrorKind::TimedOut => StepFault::TimedOut,
                ErrorKind::Unreachable => StepFault::NoAnswer,
                _ => return Err(error),
            };
            steps.skip();
            steps.skip();
            steps.fail(fault);
            return Ok(());
        }
    };
    let ahead = headers
        .get(header::DATE)
        .and_then(|date| seconds_ahead(date.to_str().ok()?, now));
    let code = code_of(&text);
    let skewed =
        code == Some("RequestTimeTooSkewed") || ahead.is_some_and(|ahead| ahead.abs() > MAX_SKEW);
    let clock = match (skewed, ahead) {
        (true, _) => steps.add(StepOutcome::Failed, Some(StepFault::WrongClock)),
        (false, Some(_)) => steps.add(StepOutcome::Ok, None),
        (false, None) => steps.add(StepOutcome::Skipped, None),
    };
    if let Some(clock) = clock {
        clock.seconds_ahead = ahead;
    }
    let is_good = (200..300).contains(&status);
    if skewed && !is_good {
        return Ok(());
    }
    let list = if of_bucket {
        "<ListBucketResult"
    } else {
        "<ListAllMyBucketsResult"
    };
    let (signature, fault) = match (is_good, code) {
        (true, _) if text.contains(list) => (Ok(true), None),
        (true, _) => (Ok(false), Some(StepFault::NoAnswer)),
        (false, Some("InvalidAccessKeyId")) => (Err(StepFault::UnknownKey), None),
        (false, Some("SignatureDoesNotMatch")) => (Err(StepFault::WrongSignature), None),
        (false, Some("AccessDenied")) => (Ok(true), Some(StepFault::Denied)),
        (false, Some("NoSuchBucket")) => (Ok(true), Some(StepFault::NoSuchBucket)),
        (false, _) => (Ok(false), Some(StepFault::Refused)),
    };
    match signature {
        Ok(true) => steps.pass(),
        Ok(false) => steps.skip(),
        Err(fault) => {
            steps.fail(fault);
            return Ok(());
        }
    }
    let answer = match fault {
        Some(fault) => steps.add(StepOutcome::Failed, Some(fault)),
        None => steps.add(StepOutcome::Ok, None),
    };
    if let Some(answer) = answer {
        answer.status = Some(status);
    }
    Ok(())
}

/// The store's word for a failure.
fn code_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}

/// By how many seconds `now` is ahead of a date of HTTP.
fn seconds_ahead(date: &str, now: OffsetDateTime) -> Option<i64> {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let theirs = PrimitiveDateTime::parse(date, &format).ok()?.assume_utc();
    Some((now - theirs).whole_seconds())
}

/// Why a handshake failed.
fn of_handshake(error: &io::Error) -> StepFault {
    let of_tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(fault)) = of_tls else {
        return StepFault::NoTls;
    };
    match fault {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            StepFault::CertificateForOtherName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => StepFault::CertificateExpired,
        _ => StepFault::CertificateUntrusted,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// What comes of clock, signature and answer.
    fn judged(status: u16, text: &str, date: &str) -> Vec<StepOutcome> {
        let mut steps = Steps::default();
        for _reached in 0..3 {
            steps.pass();
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::try_from(date).unwrap());
        let listed = Listed {
            status,
            headers,
            text: text.to_owned(),
        };
        let now = datetime!(2026-11-22 15:00:00 UTC);
        judge(&mut steps, Ok(listed), false, now).unwrap();
        let steps = steps.all().into_iter().skip(3);
        steps.map(|step| step.outcome).collect()
    }

    #[test]
    fn an_answer_is_told_apart_by_what_failed() {
        use StepOutcome::{Failed, Ok, Skipped};
        let date = "Sun, 22 Nov 2026 15:00:07 GMT";
        let code = |code: &str| format!("<Error><Code>{code}</Code></Error>");
        for (status, text, outcomes) in [
            (200, "<ListAllMyBucketsResult/>".to_owned(), [Ok, Ok, Ok]),
            (200, "<html>hello</html>".to_owned(), [Ok, Skipped, Failed]),
            (403, code("InvalidAccessKeyId"), [Ok, Failed, Skipped]),
            (403, code("SignatureDoesNotMatch"), [Ok, Failed, Skipped]),
            (403, code("AccessDenied"), [Ok, Ok, Failed]),
            (404, code("NoSuchBucket"), [Ok, Ok, Failed]),
            (
                403,
                code("RequestTimeTooSkewed"),
                [Failed, Skipped, Skipped],
            ),
            (503, code("SlowDown"), [Ok, Skipped, Failed]),
        ] {
            let steps = judged(status, &text, date);
            assert_eq!(steps, outcomes, "{status} {text}");
        }
        // A clock that is an hour behind, whatever the store says to it.
        let late = "Sun, 22 Nov 2026 16:00:00 GMT";
        let steps = judged(403, &code("AccessDenied"), late);
        assert_eq!(steps, [Failed, Skipped, Skipped]);
        let steps = judged(200, "<ListAllMyBucketsResult/>", late);
        assert_eq!(steps, [Failed, Ok, Ok]);
    }

    #[test]
    fn clocks_are_compared_by_the_second() {
        let now = datetime!(2026-11-22 15:00:00 UTC);
        assert_eq!(
            seconds_ahead("Sun, 22 Nov 2026 14:59:30 GMT", now),
            Some(30)
        );
        assert_eq!(
            seconds_ahead("Sun, 22 Nov 2026 15:00:30 GMT", now),
            Some(-30)
        );
        assert_eq!(seconds_ahead("yesterday", now), None);
    }
}
