//! Calls of the REST API, signed in as the profile says.

use std::time::Duration;

use http::{
    HeaderValue, Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use model::{
    Endpoint, Problem,
    auth::{KeyProof, SignInByKeys, TokenRequest, TokenResponse},
    upload::{ATTEMPTS, Failure, Kind, Moment, delay_ms},
};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use crate::{
    Error,
    http::{Answer, Body, Http, Left, bytes},
    profile::{Account, Secret},
};

/// How often the first word is said: an address may be mistyped.
const FIRST: u32 = 3;

/// Hako, and who speaks to it.
pub(crate) struct Api {
    /// What carries the calls.
    pub(crate) http: Http,
    server: String,
    account: Account,
    token: Mutex<Option<Secret>>,
}

impl Api {
    /// For an account at an address without a slash at its end.
    pub(crate) fn new(http: Http, server: &str, account: Account) -> Self {
        Self {
            http,
            server: server.to_owned(),
            account,
            token: Mutex::default(),
        }
    }

    /// Makes a call; again where that may help, and signed in anew once where the session has ended.
    pub(crate) async fn call<E: Endpoint>(&self, call: &E) -> Result<E::Response, Error> {
        let mut renewed = false;
        loop {
            let token = self.token().await?;
            let answer = patiently(ATTEMPTS, async || self.once(call, Some(&token)).await).await;
            match answer {
                Err(failure)
                    if failure.kind() == Kind::SignedOut
                        && !renewed
                        && self.account.can_renew() =>
                {
                    renewed = true;
                    *self.token.lock().await = None;
                }
                answer => return Ok(answer?),
            }
        }
    }

    async fn token(&self) -> Result<Secret, Error> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref() {
            return Ok(token.clone());
        }
        let token = match &self.account {
            Account::Token(token) => token.clone(),
            Account::Keys {
                tenant,
                access_key,
                secret_key,
            } => {
                let proof = SignInByKeys(KeyProof {
                    access_key_id: access_key.clone(),
                    secret_access_key: secret_key.expose().to_owned(),
                    tenant: tenant.clone(),
                });
                refused(patiently(FIRST, async || self.once(&proof, None).await).await)?
            }
            Account::Password {
                tenant,
                user,
                password,
            } => {
                let form = TokenRequest {
                    username: user.clone(),
                    password: password.expose().to_owned(),
                    tenant: tenant.clone(),
                    ..TokenRequest::default()
                };
                let form = serde_urlencoded::to_string(&form)
                    .map_err(|error| Error::Usage(error.to_string()))?;
                refused(patiently(FIRST, async || self.form(form.clone()).await).await)?
            }
        };
        *kept = Some(token.clone());
        Ok(token)
    }

    async fn form(&self, form: String) -> Result<TokenResponse, Failure> {
        let request = Request::post(format!("{}/api/v1/auth/token", self.server))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(bytes(form));
        self.exchange(request).await
    }

    async fn once<E: Endpoint>(
        &self,
        call: &E,
        token: Option<&Secret>,
    ) -> Result<E::Response, Failure> {
        let mut request =
            Request::builder()
                .method(E::METHOD)
                .uri(format!("{}{}", self.server, call.path()));
        if let Some(token) = token {
            let value = format!("Bearer {}", token.expose());
            let mut value = HeaderValue::from_str(&value)
                .map_err(|_no_header| Failure::nonsense("the token is none"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let body = match call.body() {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                serde_json::to_vec(body).map_err(|error| Failure::nonsense(error.to_string()))?
            }
            None => Vec::new(),
        };
        self.exchange(request.body(bytes(body))).await
    }

    async fn exchange<T: DeserializeOwned>(
        &self,
        request: http::Result<Request<Body>>,
    ) -> Result<T, Failure> {
        let request = request.map_err(|error| Failure::nonsense(error.to_string()))?;
        let answer = self.http.exchange(request, &Left::of_call()).await?;
        read(&answer)
    }
}

/// Reads what Hako answered.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if (200..300).contains(&answer.status) {
        return serde_json::from_slice(&answer.body)
            .map_err(|_other| Failure::nonsense("is the address of the profile that of Hako?"));
    }
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) => Err(Failure::hako(&problem).after(answer.retry_after_ms())),
        // A proxy in between says it in its own words.
        Err(_other) => Err(Failure::store(answer.status, "").after(answer.retry_after_ms())),
    }
}

/// Of signing in, any refusal is one of the keys, and none is worth another try with others.
fn refused(answer: Result<TokenResponse, Failure>) -> Result<Secret, Error> {
    match answer {
        Ok(told) => Ok(Secret::new(told.access_token)),
        Err(failure) if failure.is_mute() => Err(failure.into()),
        Err(failure) => Err(Error::SignIn(format!(
            "signing in failed: {} ({})",
            failure.detail,
            failure.code()
        ))),
    }
}

/// Tries something again, with growing pauses, as long as that may help.
pub(crate) async fn patiently<T>(
    attempts: u32,
    mut attempt: impl AsyncFnMut() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut failures = 0;
    loop {
        let failure = match attempt().await {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        failures += 1;
        let again = matches!(
            failure.kind(),
            Kind::Transient | Kind::Damaged | Kind::Expired
        );
        if !again || failures >= attempts {
            return Err(failure);
        }
        let moment = Moment {
            now: 0,
            jitter: rand::random(),
        };
        let wait = delay_ms(failures, moment, failure.retry_after_ms);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}
