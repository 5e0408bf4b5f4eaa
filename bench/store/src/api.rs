//! The REST API of a server, Hako's or another with the same contract, and a session there.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::{
    HeaderValue, Method, Request,
    header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE},
    request::Builder,
};
use model::{
    bucket::NewBucket,
    endpoint::encode,
    multipart::{Abort, UploadPlanRequest},
    presign::PresignRequest,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    body::Repeated,
    client::{Client, collect},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
/// What separates the parts of an upload's form.
const BOUNDARY: &str = "boundary-of-the-form";

/// Who signs in: neither is printed.
#[derive(Clone)]
pub(crate) struct Person {
    /// With the tenant before it, where there is one: `tenant/name`.
    pub(crate) username: String,
    pub(crate) password: String,
}

/// A session at a server, about one bucket.
pub(crate) struct Api {
    /// What the table calls the server.
    pub(crate) name: String,
    pub(crate) client: Client,
    base: String,
    person: Person,
    bucket: String,
    authorization: HeaderValue,
}

/// As much of a sign-in as is looked at.
#[derive(Deserialize)]
struct Token {
    access_token: String,
}

/// As much of a page of keys as is looked at: another server may say more of an object, or less.
#[derive(Deserialize)]
struct Page {
    objects: Vec<IgnoredAny>,
}

/// As much of a signed upload as is looked at.
#[derive(Deserialize)]
pub(crate) struct Signed {
    pub(crate) upload_id: String,
    urls: Vec<IgnoredAny>,
}

impl Signed {
    /// How many parts were signed.
    pub(crate) fn parts(&self) -> usize {
        self.urls.len()
    }
}

impl Api {
    /// Signs in at the server with this base URL.
    pub(crate) async fn sign_in(
        name: &str,
        client: Client,
        base: &str,
        person: Person,
        bucket: &str,
    ) -> Result<Self> {
        let base = base.trim_end_matches('/').trim_end_matches("/api/v1");
        let mut api = Self {
            name: name.to_owned(),
            client,
            base: base.to_owned(),
            person,
            bucket: bucket.to_owned(),
            authorization: HeaderValue::from_static("none"),
        };
        let answer = api.login().await?;
        // The parser's error would quote what it read.
        let token: Option<Token> = serde_json::from_slice(&answer).ok();
        let token = token.with_context(|| format!("{name} gives no token"))?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.access_token))?;
        bearer.set_sensitive(true);
        api.authorization = bearer;
        Ok(api)
    }

    /// Signs in anew: the answer.
    pub(crate) async fn login(&self) -> Result<Bytes> {
        let Person { username, password } = &self.person;
        let form = format!(
            "username={}&password={}",
            encode(username),
            encode(password)
        );
        let uri = format!("{}/api/v1/auth/token", self.base);
        let request = Request::post(uri).header(CONTENT_TYPE, FORM);
        let request = request.body(Repeated::once(form))?;
        let answer = self.client.exchange(request).await?;
        // No more than the status: some servers repeat what they do not take.
        let status = answer.status();
        ensure!(
            status.is_success(),
            "{} signs nobody in: {status}",
            self.name
        );
        collect(answer).await
    }

    /// Asks for the cheapest answer that the server has.
    pub(crate) async fn liveness(&self) -> Result<()> {
        let request = Request::get(format!("{}/liveness", self.base));
        self.document(request, Repeated::empty()).await.map(drop)
    }

    /// The first page of at most 1,000 keys: the document.
    pub(crate) async fn page(&self) -> Result<Bytes> {
        let request = self.request(Method::GET, "objects?max_keys=1000");
        self.document(request, Repeated::empty()).await
    }

    /// Refuses a page that has not as many keys as expected: an empty answer is quick.
    pub(crate) fn check_page(&self, page: &[u8], expected: usize) -> Result<()> {
        let found = serde_json::from_slice::<Page>(page)?.objects.len();
        ensure!(
            found == expected,
            "a page of {} has {found} keys, not {expected}",
            self.name
        );
        Ok(())
    }

    /// A management resource of this server: the document. `fresh`: not from a cache.
    pub(crate) async fn managed(&self, path: &str, fresh: bool) -> Result<Bytes> {
        let mut request = self.authorized(Request::get(format!("{}/api/v1/mapi{path}", self.base)));
        if fresh {
            request = request.header(CACHE_CONTROL, "no-cache");
        }
        self.document(request, Repeated::empty()).await
    }

    /// Makes a management resource.
    pub(crate) async fn make(&self, path: &str, body: &serde_json::Value) -> Result<()> {
        let request = Request::put(format!("{}/api/v1/mapi{path}", self.base));
        self.json(self.authorized(request), body).await.map(drop)
    }

    /// Changes something by the management API.
    pub(crate) async fn change(&self, path: &str, body: &serde_json::Value) -> Result<()> {
        let request = Request::post(format!("{}/api/v1/mapi{path}", self.base));
        self.json(self.authorized(request), body).await.map(drop)
    }

    /// Signs a URL for one object.
    pub(crate) async fn presign(&self, key: &str) -> Result<()> {
        let body = PresignRequest {
            bucket: self.bucket.clone(),
            key: key.to_owned(),
            ..PresignRequest::default()
        };
        let uri = format!("{}/api/v1/presign", self.base);
        let request = self.authorized(Request::post(uri));
        self.json(request, &body).await.map(drop)
    }

    /// Begins an upload and signs all its parts: the document.
    pub(crate) async fn presign_parts(&self, key: &str, plan: &UploadPlanRequest) -> Result<Bytes> {
        let request = self.request(Method::POST, &format!("multipart/{key}/presign"));
        self.json(request, plan).await
    }

    /// Gives an upload up.
    pub(crate) async fn abort(&self, key: &str, upload_id: String) -> Result<()> {
        let request = self.request(Method::POST, &format!("multipart/{key}/abort"));
        self.json(request, &Abort { upload_id }).await.map(drop)
    }

    /// The request that reads an object.
    pub(crate) fn get(&self, key: &str) -> Result<Request<Repeated>> {
        let request = self.request(Method::GET, &format!("object?key={}", encode(key)));
        Ok(request.body(Repeated::empty())?)
    }

    /// The request that stores an object from raw bytes.
    pub(crate) fn put(&self, key: &str, body: Repeated) -> Result<Request<Repeated>> {
        let request = self.request(Method::PUT, &format!("object?key={}", encode(key)));
        Ok(request.body(body)?)
    }

    /// The request for an archive of everything below a prefix.
    pub(crate) fn archive(&self, prefix: &str) -> Result<Request<Repeated>> {
        let body = serde_json::json!({ "prefix": prefix }).to_string();
        let request = self.request(Method::POST, "objects/download");
        let request = request.header(ACCEPT, "application/zip");
        Ok(request
            .header(CONTENT_TYPE, JSON)
            .body(Repeated::once(body))?)
    }

    /// Makes the bucket, and stores keys of one byte in it until its first page is full.
    pub(crate) async fn fill(&self, keys: &[String]) -> Result<()> {
        let uri = format!("{}/api/v1/buckets", self.base);
        let bucket = NewBucket {
            bucket: self.bucket.clone(),
        };
        let made = self
            .json(self.authorized(Request::post(uri)), &bucket)
            .await;
        // A bucket that can be listed needs no making.
        let page = self.page().await.map_err(|error| {
            made.err()
                .unwrap_or(error)
                .context(format!("the bucket of {} cannot be used", self.name))
        })?;
        if self.check_page(&page, keys.len()).is_ok() {
            return Ok(());
        }
        for key in keys {
            self.upload_form(key).await?;
        }
        Ok(())
    }

    /// Stores one byte by the contract's form.
    async fn upload_form(&self, key: &str) -> Result<()> {
        let form = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nx\r\n--{BOUNDARY}--\r\n"
        );
        let request = self.request(Method::POST, &format!("objects/{key}"));
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = request.header(CONTENT_TYPE, kind);
        self.document(request, Repeated::once(form)).await.map(drop)
    }

    /// A request about the bucket; `rest` is percent-encoded.
    fn request(&self, method: Method, rest: &str) -> Builder {
        let uri = format!("{}/api/v1/buckets/{}/{rest}", self.base, self.bucket);
        self.authorized(Request::builder().method(method).uri(uri))
    }

    fn authorized(&self, request: Builder) -> Builder {
        request.header(AUTHORIZATION, self.authorization.clone())
    }

    async fn json(&self, request: Builder, body: &impl Serialize) -> Result<Bytes> {
        let body = Repeated::once(serde_json::to_vec(body)?);
        self.document(request.header(CONTENT_TYPE, JSON), body)
            .await
    }

    async fn document(&self, request: Builder, body: Repeated) -> Result<Bytes> {
        collect(self.client.succeed(request.body(body)?).await?).await
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, routing::post};

    use super::*;

    /// Signs in at a server that answers the form by `answer`.
    async fn sign_in(answer: fn(String) -> (StatusCode, String)) -> Result<Api> {
        let route = post(move |form: String| async move { answer(form) });
        let router = Router::new().route("/api/v1/auth/token", route);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/api/v1/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let person = Person {
            username: "tenant/name".to_owned(),
            password: "sesame&open".to_owned(),
        };
        let api = Api::sign_in("peer", Client::new()?, &base, person, "bucket").await;
        server.abort();
        api
    }

    #[tokio::test]
    async fn the_token_is_sent_and_never_shown() {
        let api = sign_in(|form| {
            assert_eq!(form, "username=tenant%2Fname&password=sesame%26open");
            let token = r#"{"access_token": "secret-token", "token_type": "bearer"}"#;
            (StatusCode::OK, token.to_owned())
        });
        let request = api.await.unwrap().get("a b").unwrap();
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer secret-token");
        assert!(!format!("{:?}", request.headers()).contains("secret"));
        let path = "/api/v1/buckets/bucket/object?key=a%20b";
        assert_eq!(request.uri().path_and_query().unwrap(), path);
    }

    #[tokio::test]
    async fn what_a_server_repeats_of_the_form_is_not_printed() {
        let repeating = [
            (|form| (StatusCode::UNPROCESSABLE_ENTITY, form)) as fn(String) -> _,
            |form| (StatusCode::OK, form),
        ];
        for answer in repeating {
            let refusal = sign_in(answer).await.map(drop).unwrap_err();
            assert!(!format!("{refusal:?}").contains("sesame"), "{refusal:?}");
        }
    }
}
