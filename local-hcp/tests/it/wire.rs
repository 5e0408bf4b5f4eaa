//! Requests made and signed by hand, where an SDK would not let us: sent as they are written, no dot
//! segment resolved and no header added. The signatures are those of the SDK's own signer.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4::{self, calculate_signature, generate_signing_key},
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use time::{OffsetDateTime, macros::format_description};
use tokio::net::TcpStream;

use crate::fixture::{PASSWORD, access_key, secret};

/// A request that is not sent yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) host: String,
    /// Path and query, encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The `Code` of an error, empty for a success.
    pub(crate) fn code(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let code = text.split_once("<Code>").map_or("", |(_, rest)| rest);
        code.split_once("</Code>")
            .map_or("", |(code, _)| code)
            .to_owned()
    }

    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.code())
    }
}

impl Draft {
    pub(crate) fn new(method: Method, host: &str, target: &str) -> Self {
        Self {
            method,
            host: host.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Changes the value of a header that is there.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        let (_, old) = self
            .headers
            .iter_mut()
            .find(|(one, _)| one == name)
            .expect("a header of that name");
        value.clone_into(old);
        self
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(one, _)| one == name);
        &found.expect("a header of that name").1
    }

    pub(crate) async fn send(self, to: SocketAddr) -> Answer {
        let stream = TcpStream::connect(to).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut request = http::Request::builder()
            .method(self.method)
            .uri(self.target)
            .header("host", self.host);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(self.body))).unwrap();
        let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }
}

/// Somebody who signs with version 4.
pub(crate) struct Signer {
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) region: String,
    pub(crate) at: SystemTime,
}

impl Signer {
    /// The user `demo`, now.
    pub(crate) fn demo() -> Self {
        Self {
            key: access_key("demo"),
            secret: secret(PASSWORD),
            region: "us-east-1".to_owned(),
            at: SystemTime::now(),
        }
    }

    pub(crate) fn at(self, at: SystemTime) -> Self {
        Self { at, ..self }
    }

    pub(crate) fn in_region(self, region: &str) -> Self {
        Self {
            region: region.to_owned(),
            ..self
        }
    }

    /// Signs all headers of the draft, and its body.
    pub(crate) fn sign(&self, draft: Draft) -> Draft {
        let body = draft.body.clone();
        self.sign_with(draft, SignableBody::Bytes(&body), None)
    }

    /// Signs with this text in the place of the body's hash.
    pub(crate) fn sign_payload(&self, draft: Draft, payload: &str) -> Draft {
        self.sign_with(draft, SignableBody::Precomputed(payload.to_owned()), None)
    }

    /// Signs by the query, the body left open.
    pub(crate) fn presign(&self, draft: Draft, expires: Duration) -> Draft {
        self.sign_with(draft, SignableBody::UnsignedPayload, Some(expires))
    }

    fn sign_with(
        &self,
        mut draft: Draft,
        body: SignableBody<'_>,
        expires: Option<Duration>,
    ) -> Draft {
        let identity = Credentials::from_keys(&self.key, &self.secret, None).into();
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        if expires.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
            settings.expires_in = expires;
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(self.at)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let url = format!("http://{}{}", draft.host, draft.target);
        let headers: Vec<_> = draft
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request =
            SignableRequest::new(draft.method.as_str(), &url, headers.into_iter(), body).unwrap();
        let (instructions, _) = sign(request, &params).unwrap().into_parts();
        let (headers, query) = instructions.into_parts();
        for header in headers {
            let (name, value) = (header.name().to_owned(), header.value().to_owned());
            draft.headers.push((name, value));
        }
        for (name, value) in query {
            let between = if draft.target.contains('?') { '&' } else { '?' };
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            draft.target = format!("{}{between}{name}={value}", draft.target);
        }
        draft
    }

    pub(crate) fn stamp(&self) -> String {
        let basic = format_description!("[year][month][day]T[hour][minute][second]Z");
        OffsetDateTime::from(self.at).format(&basic).unwrap()
    }

    pub(crate) fn scope(&self) -> String {
        let date = &self.stamp()[..8];
        format!("{date}/{}/s3/aws4_request", self.region)
    }

    /// The signature of any text.
    pub(crate) fn signature(&self, text: &str) -> String {
        let key = generate_signing_key(&self.secret, self.at, &self.region, "s3");
        calculate_signature(key, text.as_bytes())
    }
}
