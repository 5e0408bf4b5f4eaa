//! The sessions of one browser, and which of them a request is made by.

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderValue, Method, request::Parts};
use model::{
    TenantName,
    session::{AS, AS_SYSTEM, Mark, PERSON_HEADER, SESSION_HEADER, person},
};

use super::{Claims, Session, TokenFault, cookie, extract};
use crate::{
    Error, audit,
    state::AppState,
    web::guard::{RequestHost, check_same_origin},
};

/// How many sessions one browser holds: past that, the one that ends first is signed out. The cookies of
/// eight sessions stay well within what servers and proxies take as headers.
const MOST: usize = 8;

/// One session of a browser.
#[derive(Clone)]
pub struct Held {
    /// Who, and until when.
    pub claims: Claims,
    token: String,
    /// Whether it cannot be used any more because its time is over.
    pub ended: bool,
    /// Whether it came in the cookie of earlier versions.
    of_old: bool,
}

impl Held {
    /// The person, as pages name them.
    pub fn person(&self) -> String {
        person_of(&self.claims)
    }
}

fn person_of(claims: &Claims) -> String {
    let tenant = claims.credentials.tenant.as_ref().map(TenantName::as_str);
    person(tenant, claims.credentials.username.as_str())
}

/// The sessions that came with a request.
#[derive(Clone, Default)]
pub struct Jar {
    /// Without those that were signed out.
    pub held: Vec<Held>,
    current: Option<String>,
}

impl Jar {
    /// Opens the cookies of a request. What is not one of our tokens, or was signed out, is left out.
    pub async fn open(state: &AppState, headers: &HeaderMap) -> Result<Self, Error> {
        let mut held: Vec<Held> = Vec::new();
        for (name, token) in cookie::all(headers) {
            let Some(id) = name.strip_prefix(cookie::COOKIE) else {
                continue;
            };
            let id = id.strip_prefix('_');
            if held.len() > 2 * MOST || !(id.is_some() || name == cookie::COOKIE) {
                continue;
            }
            let Ok(claims) = state.tokens().read(token) else {
                continue;
            };
            let is_new = held.iter().all(|other| other.claims.id != claims.id);
            // A token is good under its own name alone.
            if id.is_some_and(|id| id != claims.id)
                || !is_new
                || state.revocations().is_revoked(&claims.id).await?
            {
                continue;
            }
            let ended = match extract::still_good(state, claims.clone()) {
                Ok(_good) => false,
                Err(Error::TokenExpired) => true,
                Err(_withdrawn) => continue,
            };
            held.push(Held {
                claims,
                token: token.to_owned(),
                ended,
                of_old: id.is_none(),
            });
        }
        held.sort_by_key(Held::person);
        Ok(Self {
            held,
            current: cookie::find(headers, cookie::CURRENT).map(str::to_owned),
        })
    }

    /// The current session: the one that the cookie names, else the first.
    pub fn current(&self) -> Option<&Held> {
        match &self.current {
            Some(id) => self
                .find(id)
                .or_else(|| self.held.iter().find(|one| one.of_old)),
            None => self
                .held
                .iter()
                .find(|one| one.of_old)
                .or(self.held.first()),
        }
    }

    /// A session by its id.
    pub fn find(&self, id: &str) -> Option<&Held> {
        self.held.iter().find(|one| one.claims.id == id)
    }

    /// A session in this tenant (`~` is the system level) that can be used: the current one if it is.
    pub fn within(&self, tenant: &str) -> Option<&Held> {
        let fits = |one: &&Held| {
            let own = one.claims.credentials.tenant.as_ref();
            !one.ended
                && match own {
                    Some(own) => own.as_str().eq_ignore_ascii_case(tenant),
                    None => tenant == AS_SYSTEM,
                }
        };
        self.current()
            .filter(fits)
            .or_else(|| self.held.iter().find(fits))
    }

    /// The session that a request is made by.
    ///
    /// A page says which session it was drawn with. What only reads is answered from that one. A change is
    /// made by it too, unless another session was made the current one since: then the person may think to be
    /// somebody else, and nothing is done.
    ///
    /// A link of a page, as a download is one, says by `as` in whose session it is meant.
    pub fn choose(
        &self,
        headers: &HeaderMap,
        method: &Method,
        query: Option<&str>,
    ) -> Result<Claims, Error> {
        let usable = |held: Option<&Held>| match held {
            Some(held) if held.ended => Err(Error::TokenExpired),
            Some(held) => Ok(held.claims.clone()),
            None => Err(Error::NotAuthenticated),
        };
        let current = usable(self.current());
        let mark = headers.get(SESSION_HEADER).and_then(|v| v.to_str().ok());
        let Some(mark) = mark.and_then(Mark::parse) else {
            return match query.and_then(meant_in).filter(|_| method.is_safe()) {
                Some(tenant) => usable(self.within(&tenant)),
                None => current,
            };
        };
        let of_page = headers.get(PERSON_HEADER).map(HeaderValue::as_bytes);
        match (usable(self.find(&mark.own)), current) {
            (Ok(own), _) if method.is_safe() => Ok(own),
            (Ok(own), Ok(current)) => {
                let is_known = [&mark.own, &mark.current].contains(&&current.id);
                if is_known || person_of(&own) == person_of(&current) {
                    Ok(own)
                } else {
                    Err(Error::SessionMismatch)
                }
            }
            (Ok(own), Err(_none)) => Ok(own),
            // Ended, and the same person has signed in again since.
            (Err(_ended), Ok(current)) if of_page == Some(person_of(&current).as_bytes()) => {
                Ok(current)
            }
            (Err(_ended), Ok(_somebody_else)) => Err(Error::SessionMismatch),
            (Err(ended), Err(_none)) => Err(ended),
        }
    }

    /// The cookies with which a browser that has these sessions begins another, which becomes the current
    /// one. The one that ends first goes where there are too many.
    pub async fn begin(
        &self,
        state: &AppState,
        token: &str,
        claims: &Claims,
    ) -> Result<Vec<HeaderValue>, Error> {
        let (seconds, secure) = (state.tokens().lifetime_seconds(), state.hosts().is_https());
        let mut cookies = vec![
            cookie::issued(&claims.id, token, seconds, secure),
            cookie::current(&claims.id, seconds, secure),
        ];
        let mut others: Vec<_> = self.held.iter().collect();
        others.retain(|other| other.claims.id != claims.id);
        others.sort_by_key(|other| std::cmp::Reverse(other.claims.expires_at));
        for (place, other) in others.into_iter().enumerate() {
            let id = &other.claims.id;
            if place + 1 >= MOST {
                revoke(state, &other.claims).await?;
                cookies.push(cookie::cleared(&cookie::name_of(id), secure));
            } else if other.of_old {
                cookies.push(cookie::issued(id, &other.token, seconds, secure));
            }
        }
        if self.held.iter().any(|one| one.of_old) {
            cookies.push(cookie::cleared(cookie::COOKIE, secure));
        }
        all_of(cookies)
    }

    /// Makes a session the current one.
    pub fn switch(&self, state: &AppState, id: &str) -> Result<Vec<HeaderValue>, Error> {
        match self.find(id) {
            Some(held) if held.ended => Err(Error::TokenExpired),
            Some(_usable) => {
                let seconds = state.tokens().lifetime_seconds();
                all_of(vec![cookie::current(id, seconds, state.hosts().is_https())])
            }
            None => Err(Error::NotAuthenticated),
        }
    }

    /// Ends sessions: their tokens are refused from now on, and their cookies go. The first of those that
    /// stay becomes the current one where the current one ends.
    pub async fn end(
        &self,
        state: &AppState,
        ends: impl Fn(&Claims) -> bool,
    ) -> Result<Vec<HeaderValue>, Error> {
        let secure = state.hosts().is_https();
        let (gone, kept): (Vec<_>, Vec<_>) = self.held.iter().partition(|one| ends(&one.claims));
        let mut cookies = Vec::new();
        for held in &gone {
            revoke(state, &held.claims).await?;
            let name = cookie::name_of(&held.claims.id);
            let name = if held.of_old { cookie::COOKIE } else { &name };
            cookies.push(cookie::cleared(name, secure));
        }
        let current_ends = self.current().is_none_or(|current| ends(&current.claims));
        if current_ends {
            let seconds = state.tokens().lifetime_seconds();
            cookies.push(match kept.iter().find(|one| !one.ended).or(kept.first()) {
                Some(next) => cookie::current(&next.claims.id, seconds, secure),
                None => cookie::cleared(cookie::CURRENT, secure),
            });
        }
        all_of(cookies)
    }
}

/// The tenant that an address names, in whose session it is meant.
pub fn meant_in(query: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == AS && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// Refuses every copy of a session's token from now on.
pub(super) async fn revoke(state: &AppState, claims: &Claims) -> Result<(), Error> {
    let (id, end) = (&claims.id, claims.expires_at);
    state.revocations().revoke(id, end, state.now()).await?;
    tracing::info!(session = id, "signed out");
    Ok(())
}

fn all_of(cookies: Vec<Option<HeaderValue>>) -> Result<Vec<HeaderValue>, Error> {
    let cookies: Option<Vec<_>> = cookies.into_iter().collect();
    cookies.ok_or_else(|| Error::internal("a cookie is not a header value"))
}

/// The browser's sessions, for somebody who has at least one, if an ended one. Changes must come from the
/// console's own pages. A script has the one session that it sends.
#[derive(Clone)]
pub struct OwnSessions(pub Jar);

impl FromRequestParts<AppState> for OwnSessions {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        if extract::bearer(&parts.headers).is_some() {
            let Session { claims } = Session::from_request_parts(parts, state).await?;
            let held = Held {
                claims,
                token: String::new(),
                ended: false,
                of_old: false,
            };
            return Ok(Self(Jar {
                held: vec![held],
                current: None,
            }));
        }
        let jar = Jar::open(state, &parts.headers).await?;
        if jar.held.is_empty() {
            return Err(Error::NotAuthenticated);
        }
        let host = parts
            .extensions
            .get::<RequestHost>()
            .ok_or(Error::InvalidHost)?;
        if let Some(held) = jar.current().or(jar.held.first()) {
            audit::note_session(state, &held.claims);
        }
        check_same_origin(&parts.method, &parts.headers, host, state.hosts())?;
        Ok(Self(jar))
    }
}

/// What a token that is refused says to its bearer.
pub(super) fn fault(fault: TokenFault) -> Error {
    match fault {
        TokenFault::Invalid => Error::InvalidToken,
        TokenFault::Expired => Error::TokenExpired,
    }
}
